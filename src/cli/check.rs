//! `hecha check`.

use std::path::Path;

use chrono::{Local, SecondsFormat};

use crate::ingest::{self, Intake, Limits};
use crate::model::{Batch, Finding, Judgement, Outcome, Severity};
use crate::pack::CATALOGUE;
use crate::pipeline::exhibits::Places;
use crate::pipeline::{Pipeline, assemble};
use crate::report::{Lang, RunInfo, html, json};
use crate::store::atomic;

use super::args::CheckArgs;
use super::progress::Shown;
use super::session::{Session, default_store};
use super::{Exit, Failure, out};

pub(super) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let started = now();
    let lang = Lang::from(args.run.lang);
    let progress = Shown::new(lang, args.run.quiet, args.run.verbose);
    input_there(&args.dir)?;
    output_writable(&args.out)?;
    let store = args.run.store.clone().unwrap_or_else(|| default_store(&args.out));
    let session = Session::open(&args.pack, &args.run, Some(&store))?;
    let spool = session.store.spool().map_err(|e| Failure::failed(e.to_string()))?;
    let (skip, limits) = ([args.out.clone(), store], Limits::default());
    let taken = ingest::take_in(&args.dir, &skip, spool.path(), &limits, &session.passwords);
    let intake = taken.map_err(|e| {
        Failure::usage(format!("无法读取文件夹 {}（{e}）；请检查路径和权限", args.dir.display()))
    })?;
    if intake.files.is_empty() && intake.unread.is_empty() {
        let dir = args.dir.display();
        return Err(Failure::usage(format!(
            "文件夹 {dir} 是空的（或只有空文件、系统临时文件和纯文本）；请指定申报材料所在的文件夹"
        )));
    }
    progress.say(&taken_in(&intake, lang));
    for note in &session.notes {
        progress.say(&format!("提示：{note}"));
    }
    let pipeline = Pipeline {
        pack: &session.pack,
        store: &session.store,
        pool: &session.pool,
        progress: &progress,
        threads: session.jobs,
        engine: session.engine.clone(),
    };
    let failed = |e: crate::pipeline::RunError| Failure::failed(e.to_string());
    let readings = pipeline.read(&intake.files).map_err(failed)?;
    let understood = pipeline.understand(&intake.files, &readings);
    let (batch, mut notes) = pipeline.reconcile(&folder_name(&args.dir), &intake, understood);
    let places = Places::new(assemble::by_path(&intake.files), &readings, &session.store, &session.pool);
    let judgement = pipeline.judge(&batch, &places).map_err(failed)?;
    notes.splice(0..0, session.notes.iter().cloned());
    if !intake.junk.is_empty() {
        notes.push(format!("跳过 {} 个空文件或系统临时文件", intake.junk.len()));
    }
    notes.extend(intake.plain_note());
    progress.say(lang.t("写出报告…", "writing the report…"));
    let info = run_info(&session, &args.dir, started, notes);
    write(&args.out, "report.json", &json::report(&batch, &judgement, &info))?;
    let page = html::report(&batch, &judgement, &info, &places, lang);
    if session.pool.stopped() {
        return Err(failed(crate::pipeline::RunError::Stopped));
    }
    write(&args.out, "report.html", &page)?;
    if args.run.verbose {
        for note in &info.notes {
            progress.say(&format!("提示：{note}"));
        }
    }
    out(&summary(&batch, &judgement, &args.out, lang));
    Ok(exit(&batch, &judgement, args.fail_on.map(Severity::from)))
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

fn write(dir: &Path, name: &str, text: &str) -> Result<(), Failure> {
    atomic::write(&dir.join(name), text.as_bytes()).map_err(|e| {
        let at = dir.join(name);
        Failure::failed(format!(
            "无法写入 {}（{e}）；已读取的内容都已保存，清理磁盘或检查权限后重新运行即可继续",
            at.display()
        ))
    })
}

fn folder_name(dir: &Path) -> String {
    let full = dir.canonicalize().unwrap_or_else(|_| dir.to_path_buf());
    full.file_name().map_or_else(|| "材料".to_string(), |n| n.to_string_lossy().into_owned())
}

fn now() -> String {
    Local::now().to_rfc3339_opts(SecondsFormat::Secs, false)
}

fn run_info(session: &Session, dir: &Path, started: String, notes: Vec<String>) -> RunInfo {
    RunInfo {
        version: env!("CARGO_PKG_VERSION").to_string(),
        started,
        finished: now(),
        pack: session.pack.notice.id.clone(),
        pack_sha256: session.pack.sha256.clone(),
        notice: session.pack.notice.title.clone(),
        folder: folder_name(dir),
        rule_names: CATALOGUE.iter().map(|e| (e.code.to_string(), e.name.to_string())).collect(),
        notes,
    }
}

fn taken_in(intake: &Intake, lang: Lang) -> String {
    let (files, junk, unread) = (intake.files.len(), intake.junk.len(), intake.unread.len());
    match lang {
        Lang::Zh => format!("找到 {files} 个文件，跳过 {junk} 个空文件或系统临时文件，{unread} 个无法读取"),
        Lang::En => format!("{files} files found, {junk} leftovers skipped, {unread} not readable"),
    }
}

fn all_findings(judgement: &Judgement) -> impl Iterator<Item = &Finding> {
    judgement.cases.iter().flat_map(|c| &c.findings).chain(&judgement.findings)
}

fn summary(batch: &Batch, judgement: &Judgement, dir: &Path, lang: Lang) -> String {
    let mut text = String::new();
    for (case, judged) in batch.cases.iter().zip(&judgement.cases) {
        let count = |s: Severity| {
            judged.findings.iter().filter(|f| f.outcome == Outcome::Anomaly && f.severity == s).count()
        };
        let counts: Vec<String> = [Severity::Critical, Severity::Major, Severity::Minor, Severity::Notice]
            .into_iter()
            .filter(|s| count(*s) > 0)
            .map(|s| format!("{} {}", lang.severity(s), count(s)))
            .collect();
        let open = judged.tally.unverifiable;
        let none = lang.t("无异常", "no anomaly").to_string();
        text.push_str(&format!(
            "{}　{}　{}　{} {open}\n",
            case.id,
            lang.verdict(judged.verdict),
            if counts.is_empty() { none } else { counts.join("，") },
            lang.outcome(Outcome::Unverifiable),
        ));
    }
    if batch.cases.is_empty() {
        text.push_str(lang.t(
            "没有找到任何申报书（附件1），无法形成申报项目。请确认文件夹中有申报书，且文件可以打开；未归入的文件见 report.json 的 unread\n",
            "no application form was found; see unread in report.json\n",
        ));
    }
    if !judgement.findings.is_empty() {
        text.push_str(&match lang {
            Lang::Zh => format!("跨项目发现 {} 条\n", judgement.findings.len()),
            Lang::En => format!("{} findings across submissions\n", judgement.findings.len()),
        });
    }
    if !batch.unread.is_empty() {
        text.push_str(&match lang {
            Lang::Zh => format!("{} 个文件未能读取或未归入项目，原因见报告\n", batch.unread.len()),
            Lang::En => format!("{} files unread or without submission\n", batch.unread.len()),
        });
    }
    text.push_str(&format!("{}{}\n", lang.t("报告：", "report: "), dir.join("report.html").display()));
    text
}

fn exit(batch: &Batch, judgement: &Judgement, fail_on: Option<Severity>) -> Exit {
    let reached = fail_on.is_some_and(|limit| {
        all_findings(judgement).any(|f| f.outcome == Outcome::Anomaly && f.severity >= limit)
    });
    match (reached, batch.unread.is_empty()) {
        (true, _) => Exit::Findings,
        (false, false) => Exit::Unread,
        (false, true) => Exit::Done,
    }
}
