//! The command line: words, shapes and exit codes.

use super::common::{Scratch, check, docx, hecha, report, run};

#[test]
fn help_is_chinese() {
    let ran = run(hecha().arg("--help"));
    assert_eq!(ran.code, Some(0));
    for word in ["用法", "命令", "选项", "退出码", "check", "read", "rules", "explain", "doctor"] {
        assert!(ran.out.contains(word), "{word}: {}", ran.out);
    }
    assert!(!ran.out.contains("worker"), "the child's command is not for people");
    let ran = run(hecha().args(["check", "--help"]));
    for option in [
        "--rules",
        "--notice",
        "--jobs",
        "--store",
        "--lang",
        "--fail-on",
        "--passwords",
        "--suppress",
        "--quiet",
        "--verbose",
    ] {
        assert!(ran.out.contains(option), "{option}: {}", ran.out);
    }
    assert!(
        !ran.out.contains("Usage") && !ran.out.contains("Options") && !ran.out.contains("OPTIONS"),
        "{}",
        ran.out
    );
}

#[test]
fn wrong_usage_exits_2_in_chinese() {
    for args in [
        &["check"][..],
        &["check", "x"],
        &["check", "x", "-o", "y", "--jobs", "none"],
        &["check", "x", "-o", "y", "--fail-on", "huge"],
        &["nonsense"],
        &["read"],
        &["read", "--nonsense", "x"],
        &["check", "x", "-o", "y", "--quiet", "--verbose"],
    ] {
        let ran = run(hecha().args(args));
        assert_eq!(ran.code, Some(2), "{args:?}: {}", ran.err);
        assert!(ran.err.starts_with("错误：") && ran.err.contains("--help"), "{args:?}: {}", ran.err);
    }
}

#[test]
fn rules_and_explain() {
    let ran = run(hecha().arg("rules"));
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("INVEST-008"));
    let ran = run(hecha().args(["explain", "invest-008"]));
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("INVEST-008"), "{}", ran.out);
    let ran = run(hecha().args(["explain", "NONE-001"]));
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("hecha rules"));
    let ran = run(hecha().args(["rules", "--notice", "nowhere-1999"]));
    assert_eq!(ran.code, Some(2), "{}", ran.err);
}

#[test]
fn doctor_names_everything() {
    let ran = run(hecha().arg("doctor"));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for word in ["模型", "Tesseract", "字体", "沙箱", "存储", "读取进程"] {
        assert!(ran.out.contains(word), "{word}: {}", ran.out);
    }
    let ran = run(hecha().arg("doctor").env("HECHA_MODELS", "/nonexistent"));
    assert!(ran.out.contains("处理："), "{}", ran.out);
}

#[test]
fn read_prints_json_and_tables() {
    let scratch = Scratch::new();
    scratch.put("a.docx", &docx(&["说明", "本页没有内容"], &[]));
    scratch.put("b.pdf", b"%PDF-1.7\nnothing");
    let ran = run(hecha().arg("read").arg(scratch.path("a.docx")).arg("--json"));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["documents"][0]["kind"], "other");
    assert_eq!(json["documents"][0]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(json["unread"].as_array().unwrap().len(), 0);
    let ran = run(hecha()
        .arg("read")
        .arg(scratch.path("a.docx"))
        .arg(scratch.path("b.pdf"))
        .arg(scratch.path("c")));
    assert_eq!(ran.code, Some(3));
    assert!(ran.out.contains("未读取") && ran.out.contains("文件不存在"), "{}", ran.out);
}

#[test]
fn check_writes_both_reports_and_obeys_fail_on() {
    let scratch = Scratch::with_submission();
    let ran = check(&scratch.input(), &scratch.out(), &["--quiet"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(ran.err, "");
    let report = report(&scratch.out());
    assert_eq!(report["schema"], "hecha.report/1");
    assert_eq!(report["submissions"][0]["id"], "长沙市/甲辰智能");
    let html = std::fs::read_to_string(scratch.out().join("report.html")).unwrap();
    assert!(html.contains("长沙市/甲辰智能"));
    let severities = ["critical", "major", "minor", "notice"];
    for (rank, level) in severities.iter().enumerate() {
        let reached = report["submissions"][0]["findings"].as_array().unwrap().iter().any(|f| {
            f["outcome"] == "anomaly" && severities[..=rank].contains(&f["severity"].as_str().unwrap())
        });
        let ran = check(&scratch.input(), &scratch.out(), &["--fail-on", level]);
        assert_eq!(ran.code, Some(i32::from(reached)), "{level}");
    }
    let ran = check(&scratch.input(), &scratch.out(), &["--lang", "en"]);
    assert!(ran.out.contains("report: "), "{}", ran.out);
}
