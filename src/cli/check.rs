//! `hecha check`.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Local, SecondsFormat};

use crate::model::{Batch, Finding, Judgement, Outcome, Severity};
use crate::pack::{CATALOGUE, Pack};
use crate::pipeline::RunError;
use crate::report::{Lang, RunInfo, Stage, StageTime, html, json};
use crate::store::atomic;

use super::args::CheckArgs;
use super::run::{self, Clock, With, folder_name};
use super::session::Session;
use super::{Exit, Failure, out};

pub(super) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let started = now();
    let lang = Lang::from(args.run.lang);
    let with = With { ledger: args.ledger.as_deref(), suppress: args.suppress.as_deref() };
    run::judged(&args.dir, &args.out, &args.out, &args.pack, &args.run, with, |done| {
        done.progress.say(lang.t("写出报告…", "writing the report…"));
        let mut clock = Clock::new();
        let names = rule_names(&done.session.pack);
        let body = html::body(done.batch, done.judgement, &names, done.places, lang);
        if done.session.pool.stopped() {
            return Err(Failure::failed(RunError::Stopped.to_string()));
        }
        clock.end(Stage::Write);
        let stages = done.stages.iter().copied().chain(clock.stages).collect();
        let info = run_info(done.session, &args.dir, started, done.notes.clone(), stages);
        write(&args.out, "report.json", &json::report(done.batch, done.judgement, &info))?;
        write(&args.out, "report.html", &html::report(&body, &info, lang))?;
        if args.run.verbose {
            for note in &info.notes {
                done.progress.say(&format!("提示：{note}"));
            }
        }
        out(&summary(done.batch, done.judgement, &args.out, lang));
        Ok(exit(done.batch, done.judgement, args.fail_on.map(Severity::from)))
    })
}

fn write(dir: &Path, name: &str, text: &str) -> Result<(), Failure> {
    atomic::write(&dir.join(name), text.as_bytes()).map_err(|e| {
        let at = dir.join(name);
        Failure::failed(format!(
            "无法写入 {}（{e}）；已读取的内容都已保存，清理磁盘或检查权限后重新运行即可继续",
            at.display()
        ))
    })
}

fn now() -> String {
    Local::now().to_rfc3339_opts(SecondsFormat::Secs, false)
}

fn run_info(
    session: &Session,
    dir: &Path,
    started: String,
    notes: Vec<String>,
    stages: Vec<StageTime>,
) -> RunInfo {
    RunInfo {
        version: env!("CARGO_PKG_VERSION").to_string(),
        started,
        finished: now(),
        pack: session.pack.notice.id.clone(),
        pack_sha256: session.pack.sha256.clone(),
        notice: session.pack.notice.title.clone(),
        folder: folder_name(dir),
        notes,
        stages,
    }
}

fn rule_names(pack: &Pack) -> BTreeMap<String, String> {
    let built = CATALOGUE.iter().map(|e| (e.code.to_string(), e.name.to_string()));
    let own = pack.notice.own.iter().map(|own| (own.code.clone(), own.title.clone()));
    built.chain(own).collect()
}

fn all_findings(judgement: &Judgement) -> impl Iterator<Item = &Finding> {
    judgement.cases.iter().flat_map(|c| &c.findings).chain(&judgement.findings)
}

fn summary(batch: &Batch, judgement: &Judgement, dir: &Path, lang: Lang) -> String {
    let mut text = String::new();
    for (case, judged) in batch.cases.iter().zip(&judgement.cases) {
        let count = |s: Severity| {
            judged.findings.iter().filter(|f| f.outcome == Outcome::Anomaly && f.severity == s).count()
        };
        let counts: Vec<String> = [Severity::Critical, Severity::Major, Severity::Minor, Severity::Notice]
            .into_iter()
            .filter(|s| count(*s) > 0)
            .map(|s| format!("{} {}", lang.severity(s), count(s)))
            .collect();
        let open = judged.tally.unverifiable;
        let none = lang.t("无异常", "no anomaly").to_string();
        text.push_str(&format!(
            "{}　{}　{}　{} {open}\n",
            case.id,
            lang.verdict(judged.verdict),
            if counts.is_empty() { none } else { counts.join("，") },
            lang.outcome(Outcome::Unverifiable),
        ));
    }
    if batch.cases.is_empty() {
        text.push_str(lang.t(
            "没有找到任何申报书（附件1），无法形成申报项目。请确认文件夹中有申报书，且文件可以打开；未归入的文件见 report.json 的 unread\n",
            "no application form was found; see unread in report.json\n",
        ));
    }
    if !judgement.findings.is_empty() {
        text.push_str(&match lang {
            Lang::Zh => format!("跨项目发现 {} 条\n", judgement.findings.len()),
            Lang::En => format!("{} findings across submissions\n", judgement.findings.len()),
        });
    }
    if !batch.unread.is_empty() {
        text.push_str(&match lang {
            Lang::Zh => format!("{} 个文件未能读取或未归入项目，原因见报告\n", batch.unread.len()),
            Lang::En => format!("{} files unread or without submission\n", batch.unread.len()),
        });
    }
    text.push_str(&format!("{}{}\n", lang.t("报告：", "report: "), dir.join("report.html").display()));
    text
}

fn exit(batch: &Batch, judgement: &Judgement, fail_on: Option<Severity>) -> Exit {
    let reached = fail_on.is_some_and(|limit| {
        all_findings(judgement).any(|f| f.outcome == Outcome::Anomaly && f.severity >= limit)
    });
    match (reached, batch.unread.is_empty()) {
        (true, _) => Exit::Findings,
        (false, false) => Exit::Unread,
        (false, true) => Exit::Done,
    }
}
