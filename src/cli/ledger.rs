//! `hecha ledger`: what earlier runs used, shown, carried over, forgotten.

use std::path::Path;

use crate::store::atomic;
use crate::store::ledger::{Ledger, LedgerError};

use super::args::LedgerCommand;
use super::{Exit, Failure, out};

pub(super) fn run(command: &LedgerCommand) -> Result<Exit, Failure> {
    match command {
        LedgerCommand::List { ledger } => list(ledger),
        LedgerCommand::Import { ledger, from } => {
            let added = Ledger::open(ledger).and_then(|mut l| l.import(from)).map_err(failure)?;
            out(&format!("已导入，新增 {added} 条记录\n"));
            Ok(Exit::Done)
        }
        LedgerCommand::Export { ledger, out: file } => {
            let mut lines = Vec::new();
            let count = Ledger::read(ledger).and_then(|l| l.export(&mut lines)).map_err(failure)?;
            atomic::write(file, &lines).map_err(|e| {
                Failure::failed(format!("无法写入 {}（{e}）；请检查权限和磁盘空间", file.display()))
            })?;
            out(&format!("已导出 {count} 条记录到 {}\n", file.display()));
            Ok(Exit::Done)
        }
        LedgerCommand::Forget { ledger, notice, submission } => {
            // A ledger that is not there would be made by opening it.
            Ledger::read(ledger).map_err(failure)?;
            let mut open = Ledger::open(ledger).map_err(failure)?;
            let gone = open.forget(notice, submission.as_deref()).map_err(failure)?;
            out(&format!("已删除 {gone} 条记录\n"));
            Ok(Exit::Done)
        }
    }
}

fn list(path: &Path) -> Result<Exit, Failure> {
    let entries = Ledger::read(path).and_then(|l| l.list()).map_err(failure)?;
    let mut text = String::new();
    for e in &entries {
        text.push_str(&format!(
            "{}　{}　{}　{} 条　{}\n",
            e.notice, e.submission, e.applicant, e.papers, e.noted
        ));
    }
    text.push_str(&format!("共 {} 个申报项目\n", entries.len()));
    out(&text);
    Ok(Exit::Done)
}

/// Mistakes in what was named are the user's; the rest could not be done.
pub(super) fn failure(e: LedgerError) -> Failure {
    match e {
        LedgerError::Busy(_) | LedgerError::Disk(..) => Failure::failed(e.to_string()),
        _ => Failure::usage(e.to_string()),
    }
}
