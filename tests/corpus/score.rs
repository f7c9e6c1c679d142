//! Holds a report against the labels.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rust_decimal::Decimal;
use serde_json::Value;

use super::truth::{Doc, Truth};

/// Right and all.
#[derive(Clone, Copy, Debug, Default)]
struct Share(u32, u32);

impl Share {
    fn add(&mut self, right: bool) {
        self.0 += u32::from(right);
        self.1 += 1;
    }

    fn percent(self) -> f64 {
        if self.1 == 0 { 100.0 } else { f64::from(self.0) * 100.0 / f64::from(self.1) }
    }
}

/// What came out right, and what did not.
#[derive(Debug, Default)]
pub struct Score {
    shares: BTreeMap<String, Share>,
    /// Of recognised values that were found: right and all, by how sure they were said to be.
    sure: [Share; BINS.len()],
    /// All that is wrong, a line each.
    pub failures: Vec<String>,
    /// Injected anomalies that were not found.
    pub missed: Vec<String>,
    /// Critical and major anomalies on honest submissions.
    pub wronged: Vec<String>,
}

/// Lower ends of the bins of confidence, in thousandths.
const BINS: [u64; 8] = [990, 970, 950, 900, 800, 700, 500, 0];

/// The confidence of a field, in thousandths.
fn confidence(doc: &Value, field: &str) -> Option<u64> {
    let found = match field.strip_prefix("items[") {
        None => &doc["fields"][field],
        Some(rest) => {
            let (index, name) = rest.split_once("].")?;
            &doc["items"][index.parse::<usize>().ok()?][name]
        }
    };
    found["confidence"].as_f64().map(|c| (c * 1000.0).round() as u64)
}

fn list(v: &Value) -> &[Value] {
    v.as_array().map_or(&[], Vec::as_slice)
}

fn text(v: &Value) -> String {
    match v {
        Value::String(s) => s.clone(),
        Value::Array(a) => a.iter().map(text).collect::<Vec<_>>().join("、"),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The same value: as numbers if both are, else without blanks, width and brackets of one kind.
fn same(field: &str, want: &str, got: &str) -> bool {
    if let (Ok(a), Ok(b)) = (want.parse::<Decimal>(), got.parse::<Decimal>()) {
        return a == b;
    }
    let plain = |s: &str| -> String {
        let s = hecha::text::normal::squash(s).replace('（', "(").replace('）', ")");
        // The tax class before the name is no part of the name.
        let bare = if field.ends_with(".name") && s.starts_with('*') {
            s.splitn(3, '*').nth(2).unwrap_or(&s).to_string()
        } else {
            s
        };
        bare.to_uppercase()
    };
    let (a, b) = (plain(want), plain(got));
    // The opening of a paragraph is enough for what is printed in words.
    a == b
        || (field == "period" && b.starts_with(&a))
        || (field.starts_with("平台基本信息.平台类别") && b.starts_with(&a))
}

impl Score {
    fn count(&mut self, key: &str, right: bool) {
        self.shares.entry(key.to_string()).or_default().add(right);
    }

    /// Scores a submission.
    pub fn case(&mut self, case: &Truth, report: &Value) {
        if case.applicant.is_empty() {
            self.batch(case, report);
            return;
        }
        // One applicant may have filed twice: the folder tells which.
        let all = list(&report["submissions"]);
        let found = all
            .iter()
            .find(|s| s["id"] == case.id.as_str() || s["id"] == case.id.trim_end_matches(".zip"))
            .or_else(|| all.iter().find(|s| s["applicant"]["name"] == case.applicant.as_str()));
        self.count("submissions,found,", found.is_some());
        let Some(submission) = found else {
            self.failures.push(format!("{}: submission not found", case.id));
            return;
        };
        let mut ids: BTreeMap<&str, u64> = BTreeMap::new();
        for doc in &case.documents {
            if let Some(id) = self.document(doc, submission) {
                ids.insert(&doc.key, id);
            }
        }
        self.cuts(case, submission);
        self.links(case, submission, &ids);
        let name = text(&submission["id"]);
        let mut findings: Vec<&Value> = list(&submission["findings"]).iter().collect();
        findings.extend(
            list(&report["findings"])
                .iter()
                .filter(|f| list(&f["submissions"]).iter().any(|s| *s == name.as_str())),
        );
        self.findings(case, &findings);
    }

    /// The files of a city: only what is found across submissions.
    fn batch(&mut self, case: &Truth, report: &Value) {
        let findings: Vec<&Value> = list(&report["findings"]).iter().collect();
        for e in &case.expected {
            let hit = findings.iter().any(|f| f["rule"] == e.rule.as_str());
            self.count("findings,recall,", hit);
            if !hit {
                self.missed.push(format!("{}: {} {}", case.id, e.rule, e.what));
                self.failures.push(format!("{}: MISSED {} {}", case.id, e.rule, e.what));
            }
        }
    }

    fn document(&mut self, doc: &Doc, submission: &Value) -> Option<u64> {
        let kind_key = format!("kinds,{},{}", doc.kind, doc.grade);
        let near: Vec<&Value> = list(&submission["documents"])
            .iter()
            .filter(|d| d["file"] == doc.file.as_str())
            .filter(|d| {
                let (a, b) = (d["pages"][0].as_u64().unwrap_or(0), d["pages"][1].as_u64().unwrap_or(0));
                a <= doc.pages.1 && doc.pages.0 <= b
            })
            .collect();
        let right = |d: &&Value| {
            doc.fields.iter().filter(|(k, l)| same(k, &l.value, &value(d, k, submission))).count()
        };
        let best = near.iter().filter(|d| d["kind"] == doc.kind.as_str()).max_by_key(|d| right(d));
        self.count(&kind_key, best.is_some());
        let Some(best) = best else {
            let kinds: Vec<String> = near.iter().map(|d| text(&d["kind"])).collect();
            self.failures.push(format!("{} p{}: kind {} read as {kinds:?}", doc.file, doc.pages.0, doc.kind));
            let key = format!("fields,{},{}", doc.kind, doc.grade);
            doc.fields.keys().for_each(|_| self.count(&key, false));
            return None;
        };
        for (field, label) in &doc.fields {
            // The report shows the lines of invoices only.
            if field.starts_with("items[") && doc.kind == "contract" && best["items"].is_null() {
                continue;
            }
            let got = value(best, field, submission);
            let ok = same(field, &label.value, &got);
            self.count(&format!("fields,{},{}", doc.kind, doc.grade), ok);
            if doc.grade == "ocr"
                && !got.is_empty()
                && let Some(sure) = confidence(best, field)
                && let Some(bin) = BINS.iter().position(|low| sure >= *low)
            {
                self.sure[bin].add(ok);
                if !ok && sure >= 950 {
                    self.failures.push(format!("{} p{}: {field} sure at {sure}", doc.file, doc.pages.0));
                }
            }
            if !ok {
                self.failures.push(format!(
                    "{} p{}: {} {field}: want {:?}, got {got:?}",
                    doc.file, doc.pages.0, doc.kind, label.value
                ));
            }
        }
        best["id"].as_u64()
    }

    /// Where the documents of files with several of them begin: found, and nowhere else. A page that holds several
    /// counts once.
    fn cuts(&mut self, case: &Truth, submission: &Value) {
        let mut files: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
        for doc in &case.documents {
            files.entry(&doc.file).or_default().insert(doc.pages.0);
        }
        for (file, want) in files.iter().filter(|(_, want)| want.len() > 1) {
            let documents = list(&submission["documents"]).iter().filter(|d| d["file"] == **file);
            let got: BTreeSet<u64> = documents.filter_map(|d| d["pages"][0].as_u64()).collect();
            for page in want.union(&got) {
                let (wanted, found) = (want.contains(page), got.contains(page));
                if wanted {
                    self.count("cuts,recall,", found);
                }
                if found {
                    self.count("cuts,precision,", wanted);
                }
                if wanted != found {
                    let what = if wanted { "no document begins here" } else { "cut where none begins" };
                    self.failures.push(format!("{file} p{page}: {what}"));
                }
            }
        }
    }

    fn links(&mut self, case: &Truth, submission: &Value, ids: &BTreeMap<&str, u64>) {
        let items = list(&submission["investment"]["items"]);
        for row in &case.rows {
            let Some(item) = items.iter().find(|i| i["row"].as_u64() == Some(row.row)) else {
                self.count("links,rows,", false);
                self.failures.push(format!("{}: row {} {} not found", case.id, row.row, row.name));
                continue;
            };
            let mut ok = true;
            for (keys, column) in
                [(&row.contracts, "contracts"), (&row.invoices, "invoices"), (&row.payments, "payments")]
            {
                let want: BTreeSet<u64> =
                    keys.iter().map(|k| ids.get(k.as_str()).copied().unwrap_or(u64::MAX)).collect();
                let got: BTreeSet<u64> = list(&item[column]).iter().filter_map(Value::as_u64).collect();
                if want != got {
                    ok = false;
                    self.failures.push(format!(
                        "{}: row {} {} {column}: want {want:?}, got {got:?}",
                        case.id, row.row, row.name
                    ));
                }
            }
            self.count("links,rows,", ok);
        }
    }

    fn findings(&mut self, case: &Truth, findings: &[&Value]) {
        for e in &case.expected {
            let hit = findings
                .iter()
                .any(|f| f["rule"] == e.rule.as_str() && (e.outcome == "any" || f["outcome"] == "anomaly"));
            self.count("findings,recall,", hit);
            if !hit {
                let near = if findings.iter().any(|f| f["rule"] == e.rule.as_str()) {
                    "（判为无法核验）"
                } else {
                    ""
                };
                self.missed.push(format!("{}: {} {}{near}", case.id, e.rule, e.what));
                self.failures.push(format!("{}: MISSED {} {}{near}", case.id, e.rule, e.what));
            }
        }
        for f in findings.iter().filter(|f| {
            f["outcome"] == "anomaly" && (f["severity"] == "critical" || f["severity"] == "major")
        }) {
            let rule = text(&f["rule"]);
            let known = case.expected.iter().any(|e| e.rule == rule) || case.may.contains(&rule);
            self.count("findings,precision,", known);
            if !known {
                let line = format!(
                    "{}: FALSE {rule} [{}] {} {}",
                    case.id,
                    text(&f["severity"]),
                    text(&f["title"]),
                    text(&f["message"])
                );
                if case.clean {
                    self.wronged.push(line.clone());
                }
                self.failures.push(line);
            }
        }
    }

    /// For people.
    pub fn summary(&self) -> String {
        let mut out = String::new();
        for (key, share) in &self.shares {
            let _ = writeln!(
                out,
                "{:<44} {:>6.1} %  {}/{}",
                key.replace(',', " "),
                share.percent(),
                share.0,
                share.1
            );
        }
        for (what, grade) in [("fields", "text"), ("fields", "ocr"), ("kinds", "text"), ("kinds", "ocr")] {
            let mut all = Share::default();
            let of = |k: &str| k.starts_with(&format!("{what},")) && k.ends_with(grade);
            for (_, s) in self.shares.iter().filter(|(k, _)| of(k)) {
                (all.0, all.1) = (all.0 + s.0, all.1 + s.1);
            }
            let key = format!("{what} {grade}");
            let _ = writeln!(out, "{key:<44} {:>6.1} %  {}/{}", all.percent(), all.0, all.1);
        }
        let _ =
            write!(out, "missed {}, honest submissions accused {}", self.missed.len(), self.wronged.len());
        out
    }

    /// How often recognised values are right that are said to be so sure.
    pub fn reliability(&self) -> String {
        let mut out = String::from("recognised values by confidence: right/all\n");
        let mut high = 1.0;
        for (low, share) in BINS.iter().zip(self.sure) {
            let low = *low as f64 / 1000.0;
            let _ = writeln!(out, "  {low:.2}–{high:.2} {:>6.2} %  {}/{}", share.percent(), share.0, share.1);
            high = low;
        }
        let sure = self.sure_at_all();
        let _ = write!(out, "  ≥ 0.95    {:>6.2} %  {}/{}", sure.percent(), sure.0, sure.1);
        out
    }

    fn sure_at_all(&self) -> Share {
        let bins = BINS.iter().zip(self.sure).filter(|b| *b.0 >= 950);
        bins.fold(Share::default(), |a, (_, b)| Share(a.0 + b.0, a.1 + b.1))
    }

    /// Share of values at 0.95 and above that are right, in percent; none without recognised values.
    pub fn sure_and_right(&self) -> Option<f64> {
        let sure = self.sure_at_all();
        (sure.1 > 0).then(|| sure.percent())
    }

    /// The scoreboard.
    pub fn csv(&self) -> String {
        let mut out = String::from("what,of,grade,right,all,percent\n");
        for (key, s) in &self.shares {
            let _ = writeln!(out, "{key},{},{},{:.1}", s.0, s.1, s.percent());
        }
        out
    }

    /// Lines of the scoreboard above what was scored now.
    pub fn below(&self, board: &str) -> Vec<String> {
        let mut out = Vec::new();
        for line in board.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [what, of, grade, .., percent] = cells[..] else { continue };
            // What was skipped today (no models) is not held against the floor.
            let Some(now) = self.shares.get(&format!("{what},{of},{grade}")) else { continue };
            let floor: f64 = percent.parse().unwrap_or(0.0);
            // The recogniser's sums differ in the last bits between processors: a character may turn on a scan.
            let slack = if grade == "ocr" { 3.0 } else { 0.06 };
            if now.percent() + slack < floor {
                out.push(format!("{what} {of} {grade}: {:.1} < {floor}", now.percent()));
            }
        }
        out
    }
}

/// A field of a document; the list of a form also stands under `investment`.
fn value(doc: &Value, field: &str, submission: &Value) -> String {
    let Some(rest) = field.strip_prefix("items[") else { return text(&doc["fields"][field]["value"]) };
    let Some((index, name)) = rest.split_once("].") else { return String::new() };
    let index: usize = index.parse().unwrap_or(usize::MAX);
    if doc["kind"] == "application_form" {
        return text(&submission["investment"]["items"][index][name]);
    }
    text(&doc["items"][index][name]["value"])
}
