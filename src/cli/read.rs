//! `hecha read`: files alone, without judging them.

use std::path::Path;

use crate::ingest::{self, Limits};
use crate::model::{Document, Page};
use crate::pipeline::readings::Outcome;
use crate::report::{Lang, json};

use super::args::ReadArgs;
use super::progress::Shown;
use super::session::Session;
use super::{Exit, Failure, leftover, out, show};

pub(super) fn run(args: &ReadArgs) -> Result<Exit, Failure> {
    let lang = Lang::from(args.run.lang);
    let session = Session::open(&args.pack, &args.run, args.run.store.as_deref().map(Path::new))?;
    let progress = Shown::new(lang, args.run.quiet || args.json, args.run.verbose);
    let spool = session.store.spool().map_err(|e| Failure::failed(e.to_string()))?;
    let intake = ingest::take_files(&args.files, spool.path(), &Limits::default(), &session.passwords);
    let pipeline = session.pipeline(&progress);
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
    // For people, the pages of each file too: which documents are its, and what else stands there.
    let mut files: Vec<(std::ops::Range<usize>, Vec<Page>)> = Vec::new();
    for (file, understood) in intake.files.iter().zip(understood) {
        unread.extend(understood.unread.map(|why| (file.path.to_string(), why)));
        let first = documents.len();
        documents.extend(understood.documents);
        if !args.json {
            let pages = match readings.get(file) {
                Outcome::Read(reading, _) => reading.pages,
                Outcome::Failed(_) => Vec::new(),
            };
            files.push((first..documents.len(), pages));
        }
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
        for (range, pages) in &files {
            let own: Vec<&Document> = documents.get(range.clone()).into_iter().flatten().collect();
            own.iter().for_each(|d| out(&show::document(d, lang)));
            let leftover = leftover::of(pages, &own, &session.pack);
            out(&show::beside(own.first().copied(), pages, &leftover, lang));
        }
        let not_read = lang.t("未读取", "not read");
        for (file, why) in &unread {
            out(&format!("{file}　【{not_read}】 {why}\n"));
        }
        for note in &session.notes {
            progress.say(&format!("提示：{note}"));
        }
    }
    Ok(if unread.is_empty() { Exit::Done } else { Exit::Unread })
}
