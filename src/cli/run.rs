//! A run from a folder to a judgement: what every command that judges has in common.

use std::path::Path;
use std::time::Instant;

use crate::check;
use crate::ingest::{self, Intake, Limits};
use crate::model::{Batch, Judgement};
use crate::pipeline::exhibits::Places;
use crate::pipeline::{RunError, assemble};
use crate::report::{Lang, Stage, StageTime};
use crate::store::ledger::Ledger;

use super::args::{PackArgs, RunArgs};
use super::progress::Shown;
use super::session::{Session, default_store, load_suppressions};
use super::{Failure, ledger};

/// A judged folder and what it was judged with.
pub(super) struct Judged<'a> {
    pub(super) session: &'a Session,
    pub(super) batch: &'a Batch,
    pub(super) judgement: &'a Judgement,
    /// What was degraded in the run as a whole.
    pub(super) notes: Vec<String>,
    /// How long the stages took.
    pub(super) stages: Vec<StageTime>,
    pub(super) places: &'a Places<'a>,
    pub(super) progress: &'a Shown,
}

/// What a run takes besides material and rules.
#[derive(Clone, Copy, Default)]
pub(super) struct With<'a> {
    /// Asked before judging and told after.
    pub(super) ledger: Option<&'a Path>,
    /// Decisions of reviewers.
    pub(super) suppress: Option<&'a Path>,
}

/// Reads and judges a folder, then does something with it. The store lies in the folder `out` unless another was
/// named; `skip`, what the command itself writes, is no material.
pub(super) fn judged<T>(
    dir: &Path,
    out: &Path,
    skip: &Path,
    pack: &PackArgs,
    run: &RunArgs,
    with: With<'_>,
    then: impl FnOnce(&Judged<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let lang = Lang::from(run.lang);
    let progress = Shown::new(lang, run.quiet, run.verbose);
    input_there(dir)?;
    output_writable(out)?;
    let store = run.store.clone().unwrap_or_else(|| default_store(out));
    let session = Session::open(pack, run, Some(&store))?;
    let suppressions = load_suppressions(with.suppress, &session.pack)?;
    let mut clock = Clock::new();
    let intake = take_in(dir, [skip.to_path_buf(), store], &session)?;
    clock.end(Stage::Ingest);
    progress.say(&taken_in(&intake.0, lang));
    let intake = &intake.0;
    for note in &session.notes {
        progress.say(&format!("提示：{note}"));
    }
    let pipeline = session.pipeline(&progress);
    let failed = |e: RunError| Failure::failed(e.to_string());
    let readings = pipeline.read(&intake.files).map_err(failed)?;
    clock.end(Stage::Read);
    let understood = pipeline.understand(&intake.files, &readings);
    clock.end(Stage::Understand);
    let (mut batch, mut notes) = pipeline.reconcile(&folder_name(dir), intake, understood);
    clock.end(Stage::Reconcile);
    let mut ledger = with.ledger.map(Ledger::open).transpose().map_err(ledger::failure)?;
    let papers = check::papers(&batch, &session.pack.notice, &today().to_string());
    if let Some(ledger) = &ledger {
        batch.earlier = Some(ledger.known(&papers).map_err(ledger::failure)?);
    }
    let places = Places::new(assemble::by_path(&intake.files), &readings, &session.store, &session.pool);
    pipeline.compare(&mut batch, &places).map_err(failed)?;
    let mut judgement = pipeline.judge(&batch, &places).map_err(failed)?;
    check::set_aside(&mut judgement, &suppressions, today());
    for (by, why) in &judgement.unused {
        progress.warn(&format!("搁置清单第{}行（{} {}）：{why}", by.line, by.rule, by.submission));
    }
    clock.end(Stage::Judge);
    notes.splice(0..0, session.notes.iter().cloned());
    if !intake.junk.is_empty() {
        notes.push(format!("跳过 {} 个空文件或系统临时文件", intake.junk.len()));
    }
    notes.extend(intake.plain_note());
    let built: Vec<&str> = check::rules().map(|r| r.code).collect();
    notes.extend(session.pack.notice.unused(&built));
    let done = then(&Judged {
        session: &session,
        batch: &batch,
        judgement: &judgement,
        notes,
        stages: clock.stages,
        places: &places,
        progress: &progress,
    })?;
    if let Some(ledger) = &mut ledger {
        ledger.put(&papers).map_err(ledger::failure)?;
    }
    Ok(done)
}

fn today() -> chrono::NaiveDate {
    chrono::Local::now().date_naive()
}

/// Times the stages.
pub(super) struct Clock {
    since: Instant,
    pub(super) stages: Vec<StageTime>,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), stages: Vec::new() }
    }

    /// A stage is over, the next one begins.
    pub(super) fn end(&mut self, stage: Stage) {
        let now = Instant::now();
        self.stages.push(StageTime { stage, took: now - self.since });
        self.since = now;
    }
}

/// The files of a folder, and the spool that holds what was unpacked for as long as they are needed.
fn take_in(
    dir: &Path,
    skip: [std::path::PathBuf; 2],
    session: &Session,
) -> Result<(Intake, tempfile::TempDir), Failure> {
    let spool = session.store.spool().map_err(|e| Failure::failed(e.to_string()))?;
    let taken = ingest::take_in(dir, &skip, spool.path(), &Limits::default(), &session.passwords);
    let intake = taken
        .map_err(|e| Failure::usage(format!("无法读取文件夹 {}（{e}）；请检查路径和权限", dir.display())))?;
    if intake.files.is_empty() && intake.unread.is_empty() {
        let dir = dir.display();
        return Err(Failure::usage(format!(
            "文件夹 {dir} 是空的（或只有空文件、系统临时文件和纯文本）；请指定申报材料所在的文件夹"
        )));
    }
    Ok((intake, spool))
}

fn input_there(dir: &Path) -> Result<(), Failure> {
    let shown = dir.display();
    if dir.is_dir() {
        return Ok(());
    }
    Err(Failure::usage(if dir.exists() {
        format!("{shown} 不是文件夹；核查单个文件请用 hecha read {shown}")
    } else {
        format!("文件夹 {shown} 不存在；请检查路径")
    }))
}

/// Better to learn that nothing can be written before hours of reading than after.
fn output_writable(dir: &Path) -> Result<(), Failure> {
    let tried =
        std::fs::create_dir_all(dir).and_then(|()| tempfile::tempfile_in(dir)).and_then(|mut file| {
            use std::io::Write;
            file.write_all(&[0; 4096])
        });
    tried.map_err(|e| {
        Failure::failed(format!(
            "输出目录 {} 无法写入（{e}）；请检查权限和磁盘空间，或用 -o 指定另一个目录",
            dir.display()
        ))
    })
}

pub(super) fn folder_name(dir: &Path) -> String {
    let full = dir.canonicalize().unwrap_or_else(|_| dir.to_path_buf());
    full.file_name().map_or_else(|| "材料".to_string(), |n| n.to_string_lossy().into_owned())
}

fn taken_in(intake: &Intake, lang: Lang) -> String {
    let (files, junk, unread) = (intake.files.len(), intake.junk.len(), intake.unread.len());
    match lang {
        Lang::Zh => format!("找到 {files} 个文件，跳过 {junk} 个空文件或系统临时文件，{unread} 个无法读取"),
        Lang::En => format!("{files} files found, {junk} leftovers skipped, {unread} not readable"),
    }
}
