//! Another notice, a bureau's own rules and suppressions, as a user gets them: no Rust is touched for any of them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::common::{Ran, Scratch, check, docx, hecha, report, run};

const COMPANY: &str = "武汉样例数据科技有限公司";

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rules")
}

/// A submission to the notice of the example: its own years, fields and categories.
fn submission() -> Scratch {
    let cover = [
        "2025年度工业数据应用项目申报书",
        &format!("企业名称：{COMPANY}"),
        "平台名称：样例数据平台",
        "联系人：某某",
        "联系电话：13800000000",
        "推荐单位：武汉市经济和信息化局",
        "申报日期：2025年4月2日",
        "本项目的建设方式、平台运营和IaaS设施情况见实施方案。",
    ];
    let basic: &[&[&str]] = &[
        &["平台名称", "样例数据平台", "项目起止时间", "2024年1月至2026年2月"],
        &["计划投资（万元）", "200.00", "已完成投资（万元）", "100.00"],
        &["单位名称", COMPANY, "单位性质", "民营企业"],
        &["数据安全等级", "3", "已获财政补助（万元）", "40.00"],
        &["单位运营状况", "2023年", "2024年", ""],
        &["总资产（万元）", "5000.00", "5200.00", ""],
        &["主营业务收入（万元）", "3000.00", "3100.00", ""],
    ];
    let platform: &[&[&str]] = &[
        &["平台名称", "样例数据平台", "", ""],
        &["平台类别", "☑行业级平台 ☐区域级平台 ☐企业级平台", "", ""],
        &["平台投资情况", "投资总额（万元）", "2023年投资额", "2024年投资额"],
        &["", "100.00", "30.00", "70.00"],
    ];
    let ability: &[&[&str]] = &[
        &["1", "2024年数据产品数（个）", "7"],
        &["2", "注册用户数（个）", "/"],
        &["3", "工业APP数（个）", "5"],
    ];
    let list: &[&[&str]] = &[
        &["序号", "设备名称", "合同名称", "生产厂商", "数量", "单价（万元）", "总价（万元）"],
        &["1", "数据网关", "网关采购合同", "某某设备厂", "2", "50.00", "100.00"],
        &["合计", "", "", "", "", "", "100.00"],
    ];
    let scratch = Scratch::new();
    // Headings stand before their tables: the helper writes paragraphs first, so each section is a heading cell.
    let headed = |heading: &'static str, rows: &[&[&'static str]]| -> Vec<Vec<&'static str>> {
        std::iter::once(vec![heading]).chain(rows.iter().map(|r| r.to_vec())).collect()
    };
    let sections = [
        headed("（一）申报单位基本信息", basic),
        headed("（二）平台基本信息", platform),
        headed("（三）平台能力信息", ability),
        headed("（四）平台已完成的投资清单", list),
    ];
    let rows: Vec<Vec<&[&str]>> = sections.iter().map(|s| s.iter().map(Vec::as_slice).collect()).collect();
    let tables: Vec<&[&[&str]]> = rows.iter().map(Vec::as_slice).collect();
    scratch.put("in/武汉市/样例/申报书.docx", &docx(&cover, &tables));
    scratch
}

fn by_example(scratch: &Scratch, more: &[&str]) -> Ran {
    let rules = example();
    let mut args = vec!["--quiet", "--rules", rules.to_str().unwrap(), "--notice", "sample-2025"];
    args.extend(more);
    check(&scratch.input(), &scratch.out(), &args)
}

fn findings(report: &Value) -> Vec<&Value> {
    report["submissions"][0]["findings"].as_array().unwrap().iter().collect()
}

fn found<'a>(report: &'a Value, rule: &str) -> Option<&'a Value> {
    findings(report).into_iter().find(|f| f["rule"] == rule)
}

#[test]
fn a_second_notice_needs_no_rust() {
    let scratch = submission();
    let ran = by_example(&scratch, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let report = report(&scratch.out());
    assert_eq!(report["rules"]["pack"], "sample-2025");
    let case = &report["submissions"][0];
    assert_eq!(case["platform"]["category"], "行业级平台");
    let form =
        case["documents"].as_array().unwrap().iter().find(|d| d["kind"] == "application_form").unwrap();
    for (field, value) in [
        ("基本信息.数据安全等级", "3"),
        ("基本信息.财政补助", "400000.00"),
        ("基本信息.主营业务收入.2024", "31000000.00"),
        ("平台基本信息.2023年投资额", "300000.00"),
        ("平台能力信息.2024年数据产品数", "7"),
    ] {
        assert_eq!(form["fields"][field]["value"], value, "{field}: {:#}", form["fields"]);
    }
    // Its own rules, dates, indicators and numbers of papers.
    assert_eq!(found(&report, "LOCAL-001").unwrap()["severity"], "major");
    let message = found(&report, "LOCAL-001").unwrap()["message"].as_str().unwrap();
    assert!(message.contains("400,000.00元") && message.contains("1,000,000.00元"), "{message}");
    assert!(found(&report, "LOCAL-002").is_some());
    assert!(found(&report, "FORM-010").unwrap()["message"].as_str().unwrap().contains("2025-03-31"));
    assert!(found(&report, "FORM-007").is_some(), "not finished by 2025-12");
    let indicators = found(&report, "FORM-002").unwrap()["message"].as_str().unwrap();
    assert!(indicators.contains("2.注册用户数") && !indicators.contains("工业APP数"), "{indicators}");
    assert!(found(&report, "EVIDENCE-002").unwrap()["title"].as_str().unwrap().contains("证明材料1"));
    assert!(found(&report, "EVIDENCE-007").unwrap()["message"].as_str().unwrap().contains("2023、2024"));
    // Papers and boxes that only the other notice asks for.
    for not_asked in ["EVIDENCE-001", "EVIDENCE-006", "FORM-012"] {
        assert!(found(&report, not_asked).is_none(), "{not_asked}");
    }
    for finding in findings(&report) {
        let said = format!("{}{}", finding["title"], finding["message"]);
        assert!(!["2021", "2022", "湖南"].iter().any(|w| said.contains(w)), "{said}");
    }
}

#[test]
fn own_rules_are_listed_and_explained() {
    let rules = example();
    let with =
        |args: &[&str]| run(hecha().args(args).arg("--rules").arg(&rules).args(["--notice", "sample-2025"]));
    let ran = with(&["rules"]);
    assert!(ran.out.contains("LOCAL-001") && ran.out.contains("INVEST-008"), "{}", ran.out);
    let ran = with(&["explain", "local-001"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("财政补助") && ran.out.contains("条件："), "{}", ran.out);
}

/// A pack that adds a notice to the built-in ones.
fn pack(scratch: &Scratch, notice: &str) -> PathBuf {
    scratch.put("rules/notices/x.toml", format!("extends = \"hunan-2023\"\n{notice}").as_bytes());
    scratch.path("rules")
}

fn by_pack(scratch: &Scratch, notice: &str) -> Ran {
    let rules = pack(scratch, notice);
    check(&scratch.input(), &scratch.out(), &["--quiet", "--rules", rules.to_str().unwrap(), "--notice", "x"])
}

#[test]
fn a_mistake_in_a_pack_names_file_and_line_and_nothing_is_written() {
    let own = |code: &str, severity: &str, when: &str| {
        format!(
            "[[own]]\ncode = '{code}'\ntitle = 'a'\nseverity = '{severity}'\nwhen = '''\n{when}\n'''\nmessage = 'a'\n"
        )
    };
    for (notice, line, word) in [
        ("[rules.INVEST-999]\nenabled = false\n".to_owned(), 2, "INVEST-999"),
        ("[rules.INVEST-008]\nprozent = 1\n".to_owned(), 3, "prozent"),
        ("[rules.INVEST-008]\nseverity = 'huge'\n".to_owned(), 3, "severity"),
        ("[matching]\nwaren = 60\n".to_owned(), 3, "waren"),
        ("[form.fields]\n'基本信息.甲' = { labels = ['甲'], type = 'rational' }\n".to_owned(), 3, "rational"),
        ("[form.choices]\n'平台类别' = [['']]\n".to_owned(), 3, "平台类别"),
        (own("LOCAL-001", "minor", "1 +* 2"), 7, "CEL"),
        (own("LOCAL-001", "minor", "form['a'] == 'b' &&\nfrom['a'] == 'b'"), 8, "from"),
        (own("LOCAL-001", "huge", "true"), 5, "severity"),
        (own("INVEST-008", "minor", "true"), 3, "LOCAL-001"),
        (own("LOCAL-001", "minor", "true") + &own("LOCAL-001", "minor", "true"), 11, "重复"),
        (own("LOCAL-001", "minor", &"(".repeat(3_000)), 7, "字符"),
        (own("LOCAL-001", "minor", &"(".repeat(1_500)), 7, "CEL"),
    ] {
        let scratch = Scratch::with_submission();
        let ran = by_pack(&scratch, &notice);
        assert_eq!(ran.code, Some(2), "{notice}: {}", ran.err);
        assert!(
            ran.err.contains(&format!("notices/x.toml:{line}:")) && ran.err.contains(word),
            "{}",
            ran.err
        );
        assert!(!scratch.out().join("report.json").exists());
    }
}

#[test]
fn a_rule_that_runs_away_costs_itself_alone() {
    let scratch = Scratch::with_submission();
    check(&scratch.input(), &scratch.out(), &["--quiet"]);
    let before = report(&scratch.out());
    let many = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    let deep = (0..8).fold("false".to_owned(), |inner, i| format!("{many}.exists(x{i}, {inner})"));
    let own = format!(
        "[[own]]\ncode = 'LOCAL-001'\ntitle = 'a'\nseverity = 'minor'\nwhen = '{deep}'\nmessage = 'a'\n"
    );
    let ran = by_pack(&scratch, &own);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let after = report(&scratch.out());
    assert_eq!(before["submissions"][0]["findings"], after["submissions"][0]["findings"]);
    let skipped = after["submissions"][0]["not_executed"].as_array().unwrap();
    let own = skipped.iter().find(|n| n["rule"] == "LOCAL-001").unwrap();
    assert!(own["why"].as_str().unwrap().contains("计算量"), "{own}");
}

#[test]
fn what_a_reviewer_set_aside_no_longer_fails_the_run() {
    let scratch = submission();
    let ran = by_example(&scratch, &["--fail-on", "major"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let before = report(&scratch.out());
    let mut list = String::new();
    for finding in findings(&before).iter().filter(|f| f["severity"] == "major" && f["outcome"] == "anomaly")
    {
        list.push_str(&format!(
            "[[suppress]]\nrule = {}\nsubmission = '武汉市/样例'\nfingerprint = {}\nreason = '已核对原件'\n\
             reviewer = '审核员甲'\nuntil = '2999-12-31'\n",
            finding["rule"], finding["fingerprint"]
        ));
    }
    let good = list.clone();
    list.push_str(
        "[[suppress]]\nrule = 'INVEST-001'\nsubmission = '武汉市/样例'\nreason = 'a'\nreviewer = 'b'\nuntil = '2999-12-31'\n",
    );
    list.push_str(
        "[[suppress]]\nrule = 'LOCAL-002'\nsubmission = '武汉市/样例'\nreason = 'a'\nreviewer = 'b'\nuntil = '2020-12-31'\n",
    );
    scratch.put("aside.toml", list.as_bytes());
    let file = scratch.path("aside.toml");
    let ran = by_example(&scratch, &["--fail-on", "major", "--suppress", file.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("INVEST-001") && ran.err.contains("没有相应的发现"), "{}", ran.err);
    assert!(ran.err.contains("LOCAL-002") && ran.err.contains("到期"), "{}", ran.err);
    let after = report(&scratch.out());
    let case = &after["submissions"][0];
    assert!(found(&after, "LOCAL-001").is_none() && found(&after, "LOCAL-002").is_some());
    let aside = case["suppressed"].as_array().unwrap();
    assert!(aside.iter().any(|f| f["rule"] == "LOCAL-001" && f["suppression"]["reviewer"] == "审核员甲"));
    assert_eq!(after["suppressions_unused"].as_array().unwrap().len(), 2);
    assert_eq!(findings(&before).len(), findings(&after).len() + aside.len());
    let page = fs::read_to_string(scratch.out().join("report.html")).unwrap();
    assert!(page.contains("经复核搁置") && page.contains("审核员甲") && page.contains("未起作用"));
    // Mistakes in the list.
    for (wrong, line, word) in [
        (good.replacen("reason = '已核对原件'", "reason = ''", 1), 5, "reason"),
        (good.replacen("2999-12-31", "bald", 1), 7, "until"),
        (good.replacen("rule = ", "regel = ", 1), 2, "regel"),
    ] {
        scratch.put("aside.toml", wrong.as_bytes());
        let ran = by_example(&scratch, &["--suppress", file.to_str().unwrap()]);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains(&format!("aside.toml:{line}:")) && ran.err.contains(word), "{}", ran.err);
    }
    let ran = by_example(&scratch, &["--suppress", scratch.path("none.toml").to_str().unwrap()]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
}

#[test]
fn the_run_tells_the_seconds_of_each_stage() {
    let scratch = Scratch::with_submission();
    check(&scratch.input(), &scratch.out(), &["--quiet"]);
    let text = fs::read_to_string(scratch.out().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    let stages = report["run"]["stages"].as_object().unwrap();
    for stage in ["ingest", "read", "understand", "reconcile", "judge", "write"] {
        assert!(stages[stage].as_f64().is_some_and(|s| s >= 0.0), "{stage}: {stages:?}");
    }
    let page = fs::read_to_string(scratch.out().join("report.html")).unwrap();
    assert!(page.contains("各步用时：") && page.contains("核查时间："));
}
