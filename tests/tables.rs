//! The tables a clerk works with, and the ledger, as a user gets them.

use std::fs;
use std::path::Path;

use calamine::{Reader, Xlsx, open_workbook};

use super::common::{Scratch, check, hecha, report, run};

const COMPANY: &str = "corpus/files/株洲市/株洲屹澜源智能科技有限公司";
const PAPERS: [&str; 3] =
    ["申报书.docx", "附件/3-合同发票支付凭证/01-2发票1.ofd", "附件/3-合同发票支付凭证/03-2发票1.xml"];

/// A submission with two invoices, from the corpus.
fn submission() -> Scratch {
    let scratch = Scratch::new();
    for paper in PAPERS {
        let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(COMPANY).join(paper)).unwrap();
        scratch.put(&format!("in/株洲市/甲/{paper}"), &bytes);
    }
    scratch
}

fn rows(file: &Path) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(file).unwrap();
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// The row of heads and those below.
fn table(file: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut rows = rows(file);
    let heads = rows.iter().position(|row| row[0] == "序号").unwrap();
    let below = rows.split_off(heads + 1);
    (rows.pop().unwrap(), below)
}

fn table_command(name: &str, scratch: &Scratch, file: &Path) -> super::common::Ran {
    run(hecha().arg(name).arg(scratch.input()).arg("-o").arg(file).arg("-q"))
}

#[test]
fn the_worksheet_says_what_to_type_for_each_invoice() {
    let scratch = submission();
    let file = scratch.out().join("查验清单.xlsx");
    let ran = table_command("worksheet", &scratch, &file);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("2 张发票"), "{}", ran.out);
    let (heads, lines) = table(&file);
    let at = |head: &str| heads.iter().position(|h| h == head).unwrap();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        assert!(line[at("发票号码")].chars().all(|c| c.is_ascii_digit()) && line[at("发票号码")].len() >= 8);
        assert_eq!(line[at("开票日期")].len(), 8, "{line:?}");
        assert!(
            ["不含税金额", "价税合计", "校验码后6位"].contains(&line[at("查验填写项")].as_str()),
            "{line:?}"
        );
        assert!(!line[at("填写内容")].is_empty(), "{line:?}");
    }
    // The same folder gives the same bytes, and the file itself is no material.
    let bytes = fs::read(&file).unwrap();
    let inside = scratch.input().join("查验清单.xlsx");
    assert_eq!(table_command("worksheet", &scratch, &inside).code, Some(0));
    assert_eq!(fs::read(&inside).unwrap(), bytes);
    assert_eq!(table_command("worksheet", &scratch, &inside).code, Some(0));
    assert_eq!(fs::read(&inside).unwrap(), bytes);
}

#[test]
fn the_summary_table_is_laid_out_as_the_notice_has_it() {
    let scratch = submission();
    let file = scratch.out().join("汇总表.xlsx");
    let ran = table_command("summary", &scratch, &file);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let (heads, lines) = table(&file);
    let title = "2023年度省级工业互联网平台建设项目计划推荐汇总表";
    assert!(rows(&file)[..3].iter().any(|row| row[0] == title), "{:?}", rows(&file));
    assert_eq!(heads, ["序号", "平台名称", "建设单位", "所在市州/县市区", "所在园区", "联系人及电话"]);
    assert_eq!(lines.len(), 1);
    assert!(lines[0][2].contains("株洲屹澜源智能科技有限公司"), "{lines:?}");
    let refused = table_command("summary", &scratch, &scratch.out().join("汇总表.docx"));
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains(".xlsx"), "{}", refused.err);
}

#[test]
fn a_ledger_remembers_from_year_to_year() {
    let scratch = submission();
    let ledger = scratch.path("台账.sqlite");
    let file = ledger.to_str().unwrap();
    let known = |out: &Path| {
        let report = report(out);
        let findings = report["submissions"][0]["findings"].as_array().unwrap().clone();
        findings.iter().filter(|f| f["rule"] == "DUP-008").count()
    };
    // The same folder again is the same filing.
    for _ in 0..2 {
        check(&scratch.input(), &scratch.out(), &["-q", "--ledger", file]);
        assert_eq!(known(&scratch.out()), 0);
    }
    let exported = scratch.path("去年.jsonl");
    let ran = run(hecha().args(["ledger", "export", file, "-o"]).arg(&exported));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let lines = fs::read_to_string(&exported).unwrap();
    assert!(lines.contains("\"hunan-2023\""), "{lines}");
    fs::write(&exported, lines.replace("hunan-2023", "hunan-2022")).unwrap();
    let ran = run(hecha().args(["ledger", "import", file]).arg(&exported));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let listed = run(hecha().args(["ledger", "list", file]));
    assert!(listed.out.contains("hunan-2022") && listed.out.contains("共 2 个申报项目"), "{}", listed.out);
    check(&scratch.input(), &scratch.out(), &["-q", "--ledger", file]);
    assert_eq!(known(&scratch.out()), 2);
    let ran = run(hecha().args(["ledger", "forget", file, "--notice", "hunan-2022"]));
    assert!(ran.out.contains("已删除 2 条"), "{}", ran.out);
    fs::write(&ledger, "no ledger at all, but long enough to be taken for one".repeat(30)).unwrap();
    let ran = check(&scratch.input(), &scratch.out(), &["-q", "--ledger", file]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("不是台账文件"), "{}", ran.err);
}
