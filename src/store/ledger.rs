//! The ledger: papers that were evidence in earlier runs and years, in one SQLite file that can be carried about.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, params};
use rust_decimal::Decimal;

use crate::model::near::Near;
use crate::model::{Imprint, Use, UsedKind};

/// Version of the tables below.
const VERSION: i64 = 1;
/// How long to wait for another run that writes.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of the longest line of an exported ledger.
const LONGEST: u64 = 1 << 16;

const TABLES: &str = "
CREATE TABLE uses (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    notice TEXT NOT NULL,
    submission TEXT NOT NULL,
    applicant TEXT NOT NULL,
    applicant_id TEXT,
    amount TEXT,
    file TEXT NOT NULL,
    page INTEGER NOT NULL,
    noted TEXT NOT NULL,
    PRIMARY KEY (kind, key, notice, submission, applicant)
) WITHOUT ROWID;
CREATE INDEX uses_of ON uses (notice, submission);
";

/// Why a ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// It was written by another version of the program.
    #[error(
        "台账 {0} 的版本为 {1}，本程序使用版本 {VERSION}；请用写入它的程序导出（hecha ledger export）后再导入"
    )]
    Version(PathBuf, i64),
    /// Another run writes to it.
    #[error("台账 {0} 正被另一个 hecha 写入；请等它结束后重试")]
    Busy(PathBuf),
    /// The file is none.
    #[error("{0} 不是台账文件；请检查路径")]
    NoLedger(PathBuf),
    /// A line of an exported ledger that cannot be read.
    #[error("{0} 第 {1} 行不是台账记录（{2}）；没有导入任何内容")]
    Line(PathBuf, usize, String),
    /// The disk or the database refuses.
    #[error("台账 {0} 无法读写（{1}）；请检查路径、权限和磁盘空间")]
    Disk(PathBuf, String),
}

/// Papers of one submission, as `hecha ledger list` shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Id of the notice.
    pub notice: String,
    /// The submission.
    pub submission: String,
    /// The applicant's name.
    pub applicant: String,
    /// Papers kept of it.
    pub papers: u32,
    /// The last day something was put down.
    pub noted: String,
}

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    db: Connection,
}

impl Ledger {
    /// Opens a ledger, making it if there is none.
    ///
    /// # Errors
    /// When the file is no ledger, of another version, or cannot be opened.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        Self::with(path, flags)
    }

    /// Opens a ledger that is there, and changes nothing of it.
    ///
    /// # Errors
    /// As [`Ledger::open`], and when there is none.
    pub fn read(path: &Path) -> Result<Self, LedgerError> {
        Self::with(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
    }

    fn with(path: &Path, flags: OpenFlags) -> Result<Self, LedgerError> {
        let wrong = |e: rusqlite::Error| refused(path, &e);
        let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(wrong)?;
        db.busy_timeout(PATIENCE).map_err(wrong)?;
        let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(wrong)?;
        let tables: i64 =
            db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(wrong)?;
        match (version, tables) {
            (VERSION, _) => {}
            (0, 0) => {
                let make = format!("BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;");
                db.execute_batch(&make).map_err(wrong)?;
            }
            (0, _) => return Err(LedgerError::NoLedger(path.to_path_buf())),
            (other, _) => return Err(LedgerError::Version(path.to_path_buf(), other)),
        }
        Ok(Self { path: path.to_path_buf(), db })
    }

    /// What is known of these papers, and of pictures that are nearly the same.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn known(&self, papers: &[Use]) -> Result<Vec<Use>, LedgerError> {
        self.tried(|db| {
            let mut find = db.prepare(&format!("{SELECT} WHERE kind = ?1 AND key = ?2 {ORDER}"))?;
            let mut out = Vec::new();
            for paper in papers.iter().filter(|p| p.kind != UsedKind::Picture) {
                let rows = find.query_map(params![word(paper.kind), paper.key], record)?;
                for row in rows {
                    out.push(row?);
                }
            }
            out.extend(near(db, papers)?);
            out.sort();
            out.dedup();
            Ok(out)
        })
    }

    /// Puts down the papers of a run. What an earlier run of the same notice put down for the same submissions of the
    /// same applicants is replaced: the folder may have been corrected.
    ///
    /// # Errors
    /// When the database refuses; then nothing of it is put down.
    pub fn put(&mut self, papers: &[Use]) -> Result<(), LedgerError> {
        self.changed(|change| {
            let mut remove = change
                .prepare("DELETE FROM uses WHERE notice = ?1 AND submission = ?2 AND applicant = ?3")?;
            for p in papers {
                remove.execute(params![p.notice, p.submission, p.applicant])?;
            }
            insert(change, papers)
        })
    }

    /// Takes in what another ledger holds, which may be the file of one or an exported one; how many papers are new.
    ///
    /// # Errors
    /// When the other is no ledger, or a line of it cannot be read; then nothing is taken in.
    pub fn import(&mut self, other: &Path) -> Result<i64, LedgerError> {
        let papers = match Self::read(other) {
            Ok(ledger) => ledger.all()?,
            Err(LedgerError::NoLedger(_)) => exported(other)?,
            Err(e) => return Err(e),
        };
        let before = self.count()?;
        self.changed(|change| insert(change, &papers))?;
        Ok(self.count()? - before)
    }

    /// Writes all papers, one JSON object a line; how many.
    ///
    /// # Errors
    /// When the database or the writer refuses.
    pub fn export(&self, out: &mut impl Write) -> Result<usize, LedgerError> {
        let papers = self.all()?;
        for paper in &papers {
            let line = serde_json::to_string(paper).map_err(|e| self.disk(&e))?;
            writeln!(out, "{line}").map_err(|e| self.disk(&e))?;
        }
        Ok(papers.len())
    }

    /// Removes the papers of a notice, of one submission of it if named; how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget(&mut self, notice: &str, submission: Option<&str>) -> Result<usize, LedgerError> {
        self.changed(|change| match submission {
            Some(submission) => change.execute(
                "DELETE FROM uses WHERE notice = ?1 AND submission = ?2",
                params![notice, submission],
            ),
            None => change.execute("DELETE FROM uses WHERE notice = ?1", params![notice]),
        })
    }

    /// What is kept, by submission.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(&self) -> Result<Vec<Entry>, LedgerError> {
        self.tried(|db| {
            let mut find = db.prepare(
                "SELECT notice, submission, applicant, sum(kind <> 'picture'), max(noted) FROM uses
                 GROUP BY notice, submission, applicant ORDER BY notice, submission, applicant",
            )?;
            let rows = find.query_map([], |row| {
                Ok(Entry {
                    notice: row.get(0)?,
                    submission: row.get(1)?,
                    applicant: row.get(2)?,
                    papers: row.get(3)?,
                    noted: row.get(4)?,
                })
            })?;
            rows.collect()
        })
    }

    fn all(&self) -> Result<Vec<Use>, LedgerError> {
        self.tried(|db| db.prepare(&format!("{SELECT} {ORDER}"))?.query_map([], record)?.collect())
    }

    fn count(&self) -> Result<i64, LedgerError> {
        self.tried(|db| db.query_row("SELECT count(*) FROM uses", [], |row| row.get(0)))
    }

    fn tried<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, LedgerError> {
        ask(&self.db).map_err(|e| refused(&self.path, &e))
    }

    /// Changes all or nothing.
    fn changed<T>(
        &mut self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        let path = self.path.clone();
        let done = (|| {
            let transaction = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let done = change(&transaction)?;
            transaction.commit()?;
            Ok(done)
        })();
        done.map_err(|e| refused(&path, &e))
    }

    fn disk(&self, e: &dyn std::fmt::Display) -> LedgerError {
        LedgerError::Disk(self.path.clone(), e.to_string())
    }
}

const SELECT: &str =
    "SELECT kind, key, notice, submission, applicant, applicant_id, amount, file, page, noted FROM uses";
const ORDER: &str = "ORDER BY kind, key, notice, submission, applicant";

/// The pictures that are nearly the same as some of these papers.
fn near(db: &Connection, papers: &[Use]) -> rusqlite::Result<Vec<Use>> {
    let imprint = |p: &Use| Imprint::named(&p.key).filter(|_| p.kind == UsedKind::Picture);
    let mine = Near::of(papers.iter().filter_map(imprint));
    let mut find = db.prepare(&format!("{SELECT} WHERE kind = 'picture' {ORDER}"))?;
    let mut out = Vec::new();
    for row in find.query_map([], record)? {
        let known = row?;
        if imprint(&known).is_some_and(|i| !mine.to(i, Near::MOST).is_empty()) {
            out.push(known);
        }
    }
    Ok(out)
}

fn insert(db: &Connection, papers: &[Use]) -> rusqlite::Result<()> {
    let mut add =
        db.prepare("INSERT OR REPLACE INTO uses VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?;
    for p in papers {
        let amount = p.amount.map(|a| a.to_string());
        add.execute(params![
            word(p.kind),
            p.key,
            p.notice,
            p.submission,
            p.applicant,
            p.applicant_id,
            amount,
            p.file,
            p.page,
            p.noted
        ])?;
    }
    Ok(())
}

fn record(row: &rusqlite::Row<'_>) -> rusqlite::Result<Use> {
    let kind: String = row.get(0)?;
    let amount: Option<String> = row.get(6)?;
    Ok(Use {
        kind: match kind.as_str() {
            "payment" => UsedKind::Payment,
            "certificate" => UsedKind::Certificate,
            "picture" => UsedKind::Picture,
            _ => UsedKind::Invoice,
        },
        key: row.get(1)?,
        notice: row.get(2)?,
        submission: row.get(3)?,
        applicant: row.get(4)?,
        applicant_id: row.get(5)?,
        amount: amount.and_then(|a| a.parse::<Decimal>().ok()),
        file: row.get(7)?,
        page: row.get(8)?,
        noted: row.get(9)?,
    })
}

fn word(kind: UsedKind) -> &'static str {
    match kind {
        UsedKind::Invoice => "invoice",
        UsedKind::Payment => "payment",
        UsedKind::Certificate => "certificate",
        UsedKind::Picture => "picture",
    }
}

/// The papers of an exported ledger.
fn exported(path: &Path) -> Result<Vec<Use>, LedgerError> {
    let disk = |e: &dyn std::fmt::Display| LedgerError::Disk(path.to_path_buf(), e.to_string());
    let file = std::fs::File::open(path).map_err(|e| disk(&e))?;
    let mut reader = std::io::BufReader::new(file);
    let (mut out, mut line, mut number) = (Vec::new(), Vec::new(), 0);
    loop {
        line.clear();
        let read =
            std::io::Read::take(&mut reader, LONGEST).read_until(b'\n', &mut line).map_err(|e| disk(&e))?;
        number += 1;
        if read == 0 {
            return Ok(out);
        }
        let text = line.trim_ascii();
        if text.is_empty() {
            continue;
        }
        let wrong = |why: String| LedgerError::Line(path.to_path_buf(), number, why);
        out.push(serde_json::from_slice(text).map_err(|e| wrong(e.to_string()))?);
    }
}

fn refused(path: &Path, e: &rusqlite::Error) -> LedgerError {
    let path = path.to_path_buf();
    match e.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => LedgerError::Busy(path),
        Some(ErrorCode::NotADatabase) => LedgerError::NoLedger(path),
        _ => LedgerError::Disk(path, e.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(key: &str, notice: &str, submission: &str) -> Use {
        Use {
            kind: UsedKind::Invoice,
            key: key.into(),
            notice: notice.into(),
            submission: submission.into(),
            applicant: format!("{submission}公司"),
            applicant_id: None,
            amount: Some(Decimal::new(12_345, 2)),
            file: "发票.pdf".into(),
            page: 1,
            noted: "2023-02-20".into(),
        }
    }

    #[test]
    fn what_was_put_down_is_known_later() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("台账.sqlite");
        let (a, b) = (paper("1/2", "2022", "甲"), paper("3/4", "2022", "甲"));
        Ledger::open(&path).unwrap().put(&[a.clone(), b]).unwrap();
        let mut ledger = Ledger::open(&path).unwrap();
        assert_eq!(
            ledger.known(&[paper("1/2", "2023", "乙"), paper("9/9", "2023", "乙")]).unwrap(),
            std::slice::from_ref(&a)
        );
        // The folder was corrected: one invoice left.
        ledger.put(std::slice::from_ref(&a)).unwrap();
        assert_eq!(ledger.list().unwrap()[0].papers, 1);
        assert_eq!(ledger.forget("2022", Some("乙")).unwrap(), 0);
        assert_eq!(ledger.forget("2022", None).unwrap(), 1);
        assert!(ledger.list().unwrap().is_empty());
    }

    #[test]
    fn ledgers_travel_as_files_and_as_lines() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (dir.path().join("1.sqlite"), dir.path().join("2.sqlite"));
        let mut first = Ledger::open(&one).unwrap();
        first.put(&[paper("1/2", "2022", "甲"), paper("3/4", "2022", "乙")]).unwrap();
        let mut lines = Vec::new();
        assert_eq!(first.export(&mut lines).unwrap(), 2);
        let exported = dir.path().join("1.jsonl");
        std::fs::write(&exported, &lines).unwrap();
        let mut second = Ledger::open(&two).unwrap();
        assert_eq!(second.import(&exported).unwrap(), 2);
        assert_eq!(second.import(&one).unwrap(), 0);
        assert_eq!(second.all().unwrap(), first.all().unwrap());
        std::fs::write(&exported, b"{\"kind\":\"invoice\"}\n").unwrap();
        assert!(matches!(second.import(&exported), Err(LedgerError::Line(_, 1, _))));
        assert_eq!(second.all().unwrap().len(), 2);
    }

    #[test]
    fn other_files_and_other_versions_are_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.sqlite");
        assert!(matches!(Ledger::read(&path), Err(LedgerError::Disk(..))));
        std::fs::write(&path, "no database, but long enough to look like one ".repeat(40)).unwrap();
        assert!(matches!(Ledger::open(&path), Err(LedgerError::NoLedger(_))));
        let newer = dir.path().join("b.sqlite");
        Ledger::open(&newer).unwrap().db.execute_batch("PRAGMA user_version = 7").unwrap();
        assert!(matches!(Ledger::open(&newer), Err(LedgerError::Version(_, 7))));
    }

    #[test]
    fn a_ledger_being_written_is_busy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.sqlite");
        let mut ledger = Ledger::open(&path).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        ledger.db.busy_timeout(Duration::ZERO).unwrap();
        assert!(matches!(ledger.put(&[paper("1/2", "2022", "甲")]), Err(LedgerError::Busy(_))));
    }
}
