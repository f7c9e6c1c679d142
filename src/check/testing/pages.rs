//! The rule pages are tests: each case of a page runs against its rule.

use super::{FIRST, build};
use crate::check::rules;
use crate::model::{Finding, Judgement, Outcome, Severity};
use crate::pack::{Pack, entry_of};

fn findings(judgement: &Judgement) -> Vec<&Finding> {
    judgement.cases.iter().flat_map(|c| &c.findings).chain(&judgement.findings).collect()
}

fn show(judgement: &Judgement) -> String {
    findings(judgement)
        .iter()
        .map(|f| format!("  {} {:?} {:?} {}: {}\n", f.rule, f.outcome, f.severity, f.title, f.message))
        .collect()
}

#[test]
fn the_clean_submission_has_no_findings() {
    let judgement = build("").judge();
    assert!(findings(&judgement).is_empty(), "{}", show(&judgement));
    assert_eq!(judgement.cases[0].case, FIRST);
    assert_eq!(judgement.cases[0].verdict, crate::model::Verdict::Clear);
    // What compares submissions has nothing to compare here.
    let alone = |code: &str| !code.starts_with("DUP");
    let rules = rules().filter(|r| alone(r.code)).count();
    let passed = judgement.cases[0].passed.iter().filter(|code| alone(code)).count();
    assert!(passed * 10 >= rules * 8, "{:?}", judgement.cases[0].not_executed);
}

#[test]
fn every_rule_is_in_the_catalogue_once_and_has_its_page() {
    let pack = Pack::embedded().expect("pack");
    let mut codes: Vec<&str> = rules().map(|r| r.code).collect();
    codes.sort_unstable();
    let count = codes.len();
    codes.dedup();
    assert_eq!(codes.len(), count, "a code twice");
    let mut missing = Vec::new();
    for code in codes {
        let entry = entry_of(code).unwrap_or_else(|| panic!("{code} is not in the catalogue"));
        let Some(page) = pack.pages.get(code) else {
            missing.push(code);
            continue;
        };
        assert!(page.text.starts_with(&format!("# {code} {}", entry.name)), "{code}: title");
        for section in ["含义", "依据", "参数", "常见的正当解释", "下一步", "用例"] {
            assert!(page.section(section).is_some_and(|s| !s.is_empty()), "{code}: no section {section}");
        }
        let word = match entry.severity {
            Severity::Critical => "critical 重大疑点",
            Severity::Major => "major 重要不一致",
            Severity::Minor => "minor 一般问题",
            Severity::Notice => "notice 提示",
        };
        assert!(page.text.contains(word), "{code}: severity {word}");
        let params = page.section("参数").unwrap_or_default();
        for p in entry.params {
            assert!(params.contains(&format!("`{}`", p.name)), "{code}: parameter {}", p.name);
        }
        let cases = page.cases();
        for kind in ["fires", "silent", "unverifiable"] {
            let exempt = kind == "unverifiable" && page.text.contains("没有“无法核验”的情形");
            assert!(exempt || cases.iter().any(|c| c.expect == kind), "{code}: no case {kind}");
        }
    }
    assert!(missing.is_empty(), "no page: {missing:?}");
    for code in pack.pages.keys() {
        assert!(rules().any(|r| r.code == code), "{code} has a page but is not built");
    }
}

/// Runs the cases of the pages with the codes that are wanted.
fn run_cases(pack: &Pack, wanted: &dyn Fn(&str) -> bool) {
    let mut wrong = String::new();
    for (code, page) in pack.pages.iter().filter(|(code, _)| wanted(code)) {
        for case in page.cases() {
            let judgement = build(&case.text).judge_by(pack);
            let of = |outcome| findings(&judgement).iter().any(|f| f.rule == *code && f.outcome == outcome);
            let right = match case.expect.as_str() {
                "fires" => of(Outcome::Anomaly),
                "silent" => !of(Outcome::Anomaly) && !of(Outcome::Unverifiable),
                "unverifiable" => of(Outcome::Unverifiable) && !of(Outcome::Anomaly),
                other => panic!("{code}: unknown expectation {other}"),
            };
            if !right {
                wrong +=
                    &format!("{code}.md:{} should be {}, but:\n{}", case.line, case.expect, show(&judgement));
            }
            for f in findings(&judgement) {
                assert!(!f.message.contains("造假") && !f.title.contains("造假"), "{code}: {}", f.message);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_cases_of_the_pages_come_out_as_they_say() {
    run_cases(&Pack::embedded().expect("pack"), &|_| true);
}

#[test]
fn own_rules_of_the_example_have_their_pages_and_cases() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rules");
    let pack = Pack::load(&dir, "sample-2025").expect("the example loads");
    assert!(pack.notice.own.len() >= 3);
    for own in &pack.notice.own {
        let page = pack.pages.get(&own.code).unwrap_or_else(|| panic!("{} has no page", own.code));
        assert!(page.text.starts_with(&format!("# {} {}", own.code, own.title)), "{}", own.code);
        for kind in ["fires", "silent", "unverifiable"] {
            assert!(page.cases().iter().any(|c| c.expect == kind), "{}: no case {kind}", own.code);
        }
    }
    run_cases(&pack, &|code| pack.notice.own.iter().any(|own| own.code == code));
}

#[test]
fn rows_of_nothing_or_less_are_not_more_than_their_papers() {
    for total in ["¥0.00万", "¥-11.30万"] {
        let text = format!("[item.form.1]\nunit_price = '{total}'\nquantity = '#1'\ntotal = '{total}'");
        let judgement = build(&text).judge();
        let of_row = |f: &&Finding| ["INVEST-001", "INVEST-008", "INVEST-009"].contains(&f.rule.as_ref());
        let wrong: Vec<&Finding> = findings(&judgement).into_iter().filter(of_row).collect();
        assert!(wrong.is_empty(), "{total}: {}", show(&judgement));
        // What the list no longer adds up to is told.
        assert!(findings(&judgement).iter().any(|f| f.rule == "INVEST-002"), "{}", show(&judgement));
    }
}
