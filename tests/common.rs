//! A small submission made on the spot, and the program to run on it.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The program under test, with the environment's settings taken away.
pub fn hecha() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hecha"));
    command.env_remove("HECHA_MODELS").env_remove("TESSDATA_PREFIX").current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// What became of a run.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

pub fn run(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: status.code(), out: text(stdout), err: text(stderr) }
}

/// `hecha check` on a folder.
pub fn check(input: &Path, out: &Path, more: &[&str]) -> Ran {
    run(hecha().arg("check").arg(input).arg("-o").arg(out).args(more))
}

/// The report without what may differ from run to run.
pub fn report(out: &Path) -> Value {
    let mut report: Value = serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap();
    report["run"] = Value::Null;
    report
}

/// The report's bytes without `run`.
pub fn report_bytes(out: &Path) -> String {
    let text = fs::read_to_string(out.join("report.json")).unwrap();
    let (before, run) = text.split_once("\n  \"run\": {").unwrap();
    let (_, after) = run.split_once("\n  },").unwrap();
    format!("{before}{after}")
}

/// Why a file was not read, by the end of its path.
pub fn reason<'a>(report: &'a Value, file: &str) -> &'a str {
    let unread = report["unread"].as_array().unwrap();
    let entry = unread.iter().find(|u| u["file"].as_str().unwrap().ends_with(file));
    entry.unwrap_or_else(|| panic!("{file} is not among {unread:?}"))["reason"].as_str().unwrap()
}

/// A folder that goes away with the test.
pub struct Scratch {
    dir: tempfile::TempDir,
}

impl Scratch {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// One with a submission in `in/`.
    pub fn with_submission() -> Self {
        let scratch = Self::new();
        scratch.put("in/长沙市/甲辰智能/申报书.docx", &form("湖南甲辰智能科技有限公司"));
        scratch
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn input(&self) -> PathBuf {
        self.path("in")
    }

    pub fn out(&self) -> PathBuf {
        self.path("out")
    }
}

/// A ZIP archive.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A Word file: paragraphs, and tables of rows.
pub fn docx(paragraphs: &[&str], tables: &[&[&[&str]]]) -> Vec<u8> {
    let mut body = String::new();
    let paragraph = |text: &str| format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>");
    for text in paragraphs {
        body.push_str(&paragraph(text));
    }
    for table in tables {
        body.push_str("<w:tbl>");
        for row in *table {
            body.push_str("<w:tr>");
            for cell in *row {
                body.push_str(&format!("<w:tc>{}</w:tc>", paragraph(cell)));
            }
            body.push_str("</w:tr>");
        }
        body.push_str("</w:tbl><w:p/>");
    }
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    let types = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let rels = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", rels.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ])
}

/// An application form, much of it blank.
pub fn form(company: &str) -> Vec<u8> {
    let cover = [
        "省级工业互联网平台建设项目计划申报书",
        &format!("企业名称：{company}"),
        "平台名称：甲辰工业互联网平台",
        "联系人：某某",
        "推荐单位：长沙市工业和信息化局",
        "申报日期：2023年2月10日",
    ];
    let basic: &[&[&str]] = &[
        &["平台名称", "甲辰工业互联网平台", "项目起止时间", "2021年3月至2023年6月"],
        &["计划投资（万元）", "600.00", "已完成投资（万元）", "10.00"],
        &["单位名称", company, "组织机构代码", ""],
        &["单位性质", "民营企业", "成立时间", "2015年6月"],
    ];
    let list: &[&[&str]] = &[
        &["序号", "设备名称", "合同名称", "生产厂商", "数量", "单价（万元）", "总价（万元）"],
        &["1", "边缘计算网关", "网关采购合同", "某某设备厂", "2", "5.00", "10.00"],
        &["合计", "", "", "", "", "", "10.00"],
    ];
    let mut paragraphs: Vec<&str> = cover.to_vec();
    paragraphs.extend(["申报单位基本信息", "平台已完成的投资清单"]);
    docx(&paragraphs, &[basic, list])
}
