use crate::check::testing::build;
use crate::model::{CaseJudgement, Finding, Grade, Outcome, Severity};
use crate::pack::Pack;

/// Judges a changed clean submission by one own rule beside the built-in ones.
fn judged(rule: &str, case: &str) -> CaseJudgement {
    let text = format!(
        "extends = 'hunan-2023'\n[[own]]\ncode = 'LOCAL-001'\ntitle = '自定'\nseverity = 'critical'\n{rule}"
    );
    let pack = Pack::with_notice("own", &text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    build(case).judge_by(&pack).cases.remove(0)
}

fn findings(rule: &str, case: &str) -> Vec<Finding> {
    judged(rule, case).findings.into_iter().filter(|f| f.rule == "LOCAL-001").collect()
}

/// What a condition on the submission comes to: `fires`, `passes`, `doubts`, or why it was not executed.
fn comes_to(when: &str, case: &str) -> String {
    let judged = judged(&format!("when = '''{when}'''\nmessage = '说明'\n"), case);
    if let Some(f) = judged.findings.iter().find(|f| f.rule == "LOCAL-001") {
        return if f.outcome == Outcome::Anomaly { "fires" } else { "doubts" }.to_owned();
    }
    if judged.passed.iter().any(|code| code == "LOCAL-001") {
        return "passes".to_owned();
    }
    judged.not_executed.into_iter().find(|n| n.0 == "LOCAL-001").map_or("nothing".to_owned(), |n| n.1)
}

#[test]
fn money_is_exact() {
    for (when, expected) in [
        ("form['基本信息.已完成投资'] == 431000", "fires"),
        ("form['基本信息.已完成投资'] * 0.1 == 43100.0", "fires"),
        ("0.1 + 0.2 == 0.3", "fires"),
        ("sum(rows.map(r, r.total)) == form['基本信息.已完成投资']", "fires"),
        ("form['基本信息.已完成投资'] / form['基本信息.计划投资'] > 0.72", "passes"),
        ("investment.claimed - investment.supported > 0", "passes"),
    ] {
        assert_eq!(comes_to(when, ""), expected, "{when}");
    }
}

#[test]
fn the_functions_do_what_they_say() {
    for when in [
        "size(documents.filter(d, d.kind == 'invoice')) == 3",
        "rows.all(r, r.paid >= r.total * 0.9) && rows.exists_one(r, r.category == 'cloud')",
        "rows[0].row == 1 && rows[0].invoices[0].kind == 'invoice'",
        "'研发设计' in form['平台基本信息.覆盖场景'] && !('其他' in form['平台基本信息.覆盖场景'])",
        "form['封面.企业名称'].startsWith('湖南') && form['封面.企业名称'].matches('公司$')",
        "form['封面.企业名称'].contains('湘云') && form['封面.企业名称'].endsWith('公司')",
        "applicant.name == ' 湖南湘云智造 科技有限公司' && size(applicant.uscc) == 18",
        "days(notice.deadline, form['封面.申报日期']) == 8 && year(form['封面.申报日期']) == 2023",
        "form['基本信息.项目结束'] <= notice.completion && form['封面.申报日期'] < date('2023-02-28')",
        "2021 in notice.years && abs(-3) == 3 && (true ? 1 : 2) == 1 && 7 - 2 * 3 == 1",
        "documents.exists(d, d.kind == 'contract' && d.items.exists(i, i.name == '边缘网关'))",
    ] {
        assert_eq!(comes_to(when, ""), "fires", "{when}");
    }
}

#[test]
fn what_was_not_read_never_fires() {
    let gone = "[set.form]\n\"封面.联系电话\" = \"\"\n";
    assert!(comes_to("form['封面.联系电话'] != '1'", gone).contains("没有读到封面.联系电话"));
    assert!(comes_to("!(form['封面.联系电话'] == '1')", gone).contains("没有读到"));
    // Known all the same, whatever stands there.
    assert_eq!(comes_to("form['封面.联系电话'] == '1' || form['封面.联系人'] == '李明'", gone), "fires");
    assert_eq!(comes_to("form['封面.联系电话'] == '1' && form['封面.联系人'] == '王'", gone), "passes");
    // One of several decides, or the unread one leaves it open.
    let gone = "[set.invoice1]\ntotal = \"\"\n";
    let some =
        |op: &str, than: &str| format!("documents.{op}(d, d.kind == 'invoice' && d.fields.total > {than})");
    assert_eq!(comes_to(&some("exists", "200000"), gone), "fires");
    assert!(comes_to(&some("exists", "900000"), gone).contains("没有读到"));
    assert!(comes_to(&format!("!{}", some("exists", "900000")), gone).contains("没有读到"));
    assert!(
        comes_to("sum(documents.filter(d, d.kind == 'invoice').map(d, d.fields.total)) < 900000", gone)
            .contains("没有读到")
    );
    let blurred = "[set.form]\n\"封面.联系电话\" = { unreadable = \"138??\" }\n";
    assert_eq!(comes_to("form['封面.联系电话'] != '1'", blurred), "doubts");
    let faint = "[set.form]\n\"封面.联系电话\" = { v = \"138\", grade = \"ocr\", confidence = 400 }\n";
    assert_eq!(comes_to("form['封面.联系电话'] != '1'", faint), "doubts");
}

#[test]
fn a_type_mistaken_is_no_accusation() {
    assert!(comes_to("form['封面.联系人'] != 5", "").contains("文字"));
    assert!(comes_to("form['封面.联系人'] > 5", "").contains("文字"));
    assert!(comes_to("1 / 0 > 5", "").contains("除数为零"));
    assert!(comes_to("documents[0].betrag == 1", "").contains("betrag"));
    assert!(comes_to("99999999999999.0 * 99999999999999.0 * 99999999999999.0 > 1", "").contains("过大"));
}

#[test]
fn absence_proves_nothing_while_papers_are_unread() {
    let none = "!documents.exists(d, d.kind == 'special_audit')";
    assert_eq!(comes_to(none, ""), "fires");
    assert_eq!(comes_to(none, "unread = [\"附件.pdf\"]"), "doubts");
    let unpaid = "rows.exists(r, size(r.payments) == 0)";
    assert_eq!(comes_to(unpaid, "drop = [\"payment1\"]\nunread = [\"附件.pdf\"]"), "doubts");
    // What some targets lack is told, and does not hide behind those that passed.
    let rule = "each = 'invoice'\nwhen = 'document.fields.total > 999999'\nmessage = '大额'\n";
    let partly = findings(rule, "[set.invoice1]\ntotal = \"\"\n");
    assert_eq!((partly.len(), partly[0].outcome), (1, Outcome::Unverifiable));
    assert!(partly[0].message.contains("没有读到发票 价税合计"), "{}", partly[0].message);
    assert!(findings(rule, "").is_empty());
    // A rule on papers that are there needs no others.
    let rule = "each = 'invoice'\nwhen = 'document.fields.total > 200000'\nmessage = '大额'\n";
    assert_eq!(findings(rule, "unread = [\"附件.pdf\"]")[0].outcome, Outcome::Anomaly);
}

#[test]
fn a_finding_shows_what_it_rests_on() {
    let rule = "each = 'invoice'\nwhen = 'document.fields.total > form[\"基本信息.已完成投资\"] * 0.4'\n\
        message = '票面{document.fields.total}，超过{form[\"基本信息.已完成投资\"]}的四成'\n\
        evidence = ['document.fields.number']\n";
    let found = findings(rule, "");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].severity, Severity::Critical);
    assert_eq!(found[0].message, "票面212,000.00元，超过431,000.00元的四成");
    let labels: Vec<&str> = found[0].evidence.iter().map(|e| e.label.as_str()).collect();
    assert_eq!(labels, ["发票 号码", "发票 价税合计", "基本信息.已完成投资"]);
    // `exists` rests on the one that decided.
    let rule =
        "when = 'documents.exists(d, d.kind == \"invoice\" && d.fields.total > 200000)'\nmessage = '有'\n";
    let found = findings(rule, "");
    assert_eq!(found[0].evidence.len(), 1, "{:?}", found[0].evidence);
    // A proof that is not there is none.
    let rule = "when = 'true'\nmessage = '有'\nevidence = ['form[\"封面.没有\"]']\n";
    assert!(findings(rule, "").is_empty());
}

#[test]
fn scans_are_capped_and_read_again() {
    let scanned = |case: &str| {
        let rule = "each = 'invoice'\nwhen = 'document.fields.total > 1000'\nmessage = '大额'\n";
        let all = findings(rule, case);
        all.into_iter().find(|f| f.evidence[0].grade == Grade::Ocr).expect("the scanned invoice")
    };
    let same = scanned("[grade]\ninvoice2 = 950\n");
    assert_eq!((same.severity, same.outcome), (Severity::Major, Outcome::Anomaly));
    let other = "reread = { \"212000.00\" = \"212.00\" }\n[grade]\ninvoice2 = 950\n";
    assert_eq!(scanned(other).outcome, Outcome::Unverifiable);
    // Sums rest on what was added up: a total misread by one character would give another.
    let sums = "when = 'investment.supported < 500000 && investment.claimed < 500000'\nmessage = '合计'\n";
    let found = findings(sums, "");
    let labels: Vec<&str> = found[0].evidence.iter().map(|e| e.label.as_str()).collect();
    assert!(labels.contains(&"发票 价税合计") && labels.contains(&"基本信息.已完成投资"), "{labels:?}");
    assert_eq!(findings(sums, "[grade]\ninvoice2 = 950\n")[0].outcome, Outcome::Unverifiable);
    // 8 and 6 look alike: with the other reading the condition would not hold.
    let close = "each = 'invoice'\nwhen = 'document.fields.number == \"88\"'\nmessage = '号码'\n";
    let case = "[set.invoice2]\nnumber = { v = \"88\", grade = \"ocr\", confidence = 950 }\n";
    assert_eq!(findings(close, case)[0].outcome, Outcome::Unverifiable);
}

#[test]
fn what_runs_away_costs_its_own_rule() {
    for when in [
        "documents.all(a, documents.all(b, documents.all(c, documents.all(d, documents.all(e, documents.all(f, \
         documents.all(g, a.file != '' || b.file != '')))))))",
        "size(['aaaaaaaaaaaaaaaa'].map(x,x+x+x+x).map(x,x+x+x+x).map(x,x+x+x+x).map(x,x+x+x+x).map(x,x+x+x+x)\
         .map(x,x+x+x+x).map(x,x+x+x+x).map(x,x+x+x+x)[0]) > 1",
    ] {
        assert!(comes_to(when, "").contains("计算量"), "{when}");
    }
    // Lists of lists share their parts: small to build, endless to walk.
    let nested = format!("[1]{}", ".map(x, [x, x])".repeat(40));
    for when in
        [format!("{nested} == {nested}"), format!("{nested} in [{nested}]"), format!("sum({nested}) > 1")]
    {
        assert!(comes_to(&when, "").contains("列表"), "{when}");
    }
    let rule = "when = 'documents.all(a, documents.all(b, documents.all(c, documents.all(d, documents.all(e, \
        documents.all(f, documents.all(g, a.file != \"\")))))))'\nmessage = '说明'\n";
    let judged = judged(rule, "");
    assert!(judged.passed.iter().any(|code| code == "INVEST-008"), "the other rules ran");
}

#[test]
fn a_notice_switches_own_rules_like_others() {
    let rule = "when = 'true'\nmessage = '说明'\n[rules.LOCAL-001]\nseverity = 'notice'\n";
    assert_eq!(findings(rule, "")[0].severity, Severity::Notice);
    let rule = "when = 'true'\nmessage = '说明'\n[rules.LOCAL-001]\nenabled = false\n";
    assert!(findings(rule, "").is_empty());
}
