//! `hecha worksheet` and `hecha summary`: the tables a clerk works with.

use std::path::{Path, PathBuf};

use crate::report::{summary_table, worksheet};
use crate::store::atomic;

use super::args::TableArgs;
use super::run::With;
use super::{Exit, Failure, out, run};

/// The list of what to look up at the tax authority.
pub(super) fn worksheet(args: &TableArgs) -> Result<Exit, Failure> {
    let file = workbook(&args.out)?;
    run::judged(&args.dir, &folder(file), file, &args.pack, &args.run, With::default(), |done| {
        let bytes = worksheet::write(done.batch, done.judgement).map_err(refused)?;
        write(file, &bytes)?;
        let count = worksheet::count(done.batch, done.judgement);
        out(&format!("查验清单：{count} 张发票，写入 {}\n", file.display()));
        Ok(Exit::Done)
    })
}

/// The summary table (附件2) of the submissions.
pub(super) fn summary(args: &TableArgs) -> Result<Exit, Failure> {
    let file = workbook(&args.out)?;
    run::judged(&args.dir, &folder(file), file, &args.pack, &args.run, With::default(), |done| {
        let written = summary_table::write(done.batch, &done.session.pack.notice).map_err(refused)?;
        write(file, &written.bytes)?;
        out(&format!("推荐汇总表：{} 个项目，写入 {}\n", written.rows, file.display()));
        for line in &written.missing {
            out(&format!("需补填：{line}\n"));
        }
        Ok(Exit::Done)
    })
}

/// Only a workbook can be written.
fn workbook(file: &Path) -> Result<&Path, Failure> {
    let xlsx = file.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
    if xlsx && !file.is_dir() {
        return Ok(file);
    }
    Err(Failure::usage(format!("输出文件 {} 应是一个 .xlsx 文件，例如 -o 清单.xlsx", file.display())))
}

fn folder(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

fn refused(e: impl std::fmt::Display) -> Failure {
    Failure::failed(format!("无法生成表格（{e}）"))
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    atomic::write(file, bytes)
        .map_err(|e| Failure::failed(format!("无法写入 {}（{e}）；请检查权限和磁盘空间", file.display())))
}
