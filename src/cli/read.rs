//! `hecha read`: files alone, without judging them.

use std::path::Path;

use crate::ingest::{self, Limits};
use crate::model::Document;
use crate::pipeline::Pipeline;
use crate::report::{Lang, json};

use super::args::ReadArgs;
use super::progress::Shown;
use super::session::Session;
use super::{Exit, Failure, out, show};

pub(super) fn run(args: &ReadArgs) -> Result<Exit, Failure> {
    let lang = Lang::from(args.run.lang);
    let session = Session::open(&args.pack, &args.run, args.run.store.as_deref().map(Path::new))?;
    let progress = Shown::new(lang, args.run.quiet || args.json, args.run.verbose);
    let spool = session.store.spool().map_err(|e| Failure::failed(e.to_string()))?;
    let intake = ingest::take_files(&args.files, spool.path(), &Limits::default(), &session.passwords);
    let pipeline = Pipeline {
        pack: &session.pack,
        store: &session.store,
        pool: &session.pool,
        progress: &progress,
        threads: session.jobs,
        engine: session.engine.clone(),
    };
    let readings = pipeline.read(&intake.files).map_err(|e| Failure::failed(e.to_string()))?;
    let understood = pipeline.understand(&intake.files, &readings);
    let mut unread: Vec<(String, String)> =
        intake.unread.iter().map(|(file, why)| (file.to_string(), why.clone())).collect();
    unread.extend(
        intake.junk.iter().map(|file| (file.to_string(), "空文件或系统临时文件，未读取".to_string())),
    );
    unread.extend(
        intake
            .plain
            .iter()
            .map(|file| (file.to_string(), "纯文本或网页，不作为证明材料，未读取".to_string())),
    );
    let mut documents: Vec<Document> = Vec::new();
    for (file, understood) in intake.files.iter().zip(understood) {
        unread.extend(understood.unread.map(|why| (file.path.to_string(), why)));
        documents.extend(understood.documents);
        for note in understood.notes {
            progress.say(&format!("{}：{note}", file.path));
        }
    }
    for (id, document) in (0..).zip(&mut documents) {
        document.id = id;
    }
    if args.json {
        out(&json::reading(&documents, &unread));
    } else {
        for document in &documents {
            out(&show::document(document, lang));
        }
        for (file, why) in &unread {
            out(&format!("{file}　【未读取】 {why}\n"));
        }
        for note in &session.notes {
            progress.say(&format!("提示：{note}"));
        }
    }
    Ok(if unread.is_empty() { Exit::Done } else { Exit::Unread })
}
