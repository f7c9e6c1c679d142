//! Reading every file once: from the store if it is there, else by the workers, long files some pages a job.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ingest::{InputFile, sniff};
use crate::model::{Format, ReadError, Reading};
use crate::read::reader_of;
use crate::store::{Key, Store, StoreError};
use crate::worker::{Job, Pool, Reply, Task};

use super::{Event, Progress};

/// Pages a job reads of a file whose reader counts pages.
const PAGES: u32 = 8;
/// Changes with every change of the sources that decide what a reading looks like.
pub(super) const VERSION: &str = env!("HECHA_READING_VERSION");

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// Read; pages that failed are listed with the reason.
    Read(Reading, Vec<(u32, u32, ReadError)>),
    /// Not read.
    Failed(ReadError),
}

/// Readings by the file's hash: in the store, but for those that may come out better next time.
pub struct Readings<'a> {
    store: &'a Store,
    engine: String,
    passing: BTreeMap<String, Outcome>,
}

/// What is known of a file while it is read in parts.
struct Partly<'a> {
    file: &'a InputFile,
    parts: BTreeMap<u32, Reading>,
    failed: Vec<(u32, u32, ReadError)>,
    open: usize,
}

#[derive(Clone)]
struct Tag {
    sha256: String,
    pages: Option<(u32, u32)>,
}

/// A part of a long file as the store keeps it.
#[derive(Serialize, Deserialize)]
struct Part {
    reading: Reading,
    total: Option<u32>,
}

impl<'a> Readings<'a> {
    /// Readings in this store by this engine (its fingerprint, or a word for none).
    pub fn new(store: &'a Store, engine: String) -> Self {
        Self { store, engine, passing: BTreeMap::new() }
    }

    /// The engine's fingerprint.
    pub(super) fn engine(&self) -> &str {
        &self.engine
    }

    /// Whether the outcome for a file is kept and would be the same next time.
    pub(super) fn is_final(&self, file: &InputFile) -> bool {
        !self.passing.contains_key(&file.sha256)
    }

    /// The store's key for what is derived from a file's reading.
    pub(super) fn derived(&self, file: &InputFile, what: &[&str]) -> Key {
        let format = format!("{:?}", file.format);
        let lock = file.lock.as_deref().unwrap_or_default();
        Key::new(&[&["derived", VERSION, &file.sha256, &format, lock, &self.engine], what].concat())
    }

    /// The reading of a file, after [`Readings::read_all`].
    pub fn get(&self, file: &InputFile) -> Outcome {
        if let Some(outcome) = self.passing.get(&file.sha256) {
            return outcome.clone();
        }
        self.stored(file).unwrap_or_else(|| Outcome::Failed(ReadError::Crashed("尚未读取".to_string())))
    }

    fn stored(&self, file: &InputFile) -> Option<Outcome> {
        serde_json::from_slice(&self.store.get(&self.key(file, "whole"))?).ok()
    }

    fn key(&self, file: &InputFile, part: &str) -> Key {
        let (format, lock) = (format!("{:?}", file.format), file.lock.as_deref().unwrap_or_default());
        Key::new(&["read", VERSION, &file.sha256, &format, lock, &self.engine, part])
    }

    /// Reads what is not in the store yet. When the pool is stopped the rest stays unread.
    ///
    /// # Errors
    /// When the store refuses results.
    pub fn read_all(
        &mut self,
        files: &'a [InputFile],
        pool: &Pool,
        progress: &dyn Progress,
    ) -> Result<(), StoreError> {
        let mut partly: BTreeMap<String, Partly<'a>> = BTreeMap::new();
        let mut jobs = Vec::new();
        let mut known = 0;
        for file in files {
            if partly.contains_key(&file.sha256) || self.passing.contains_key(&file.sha256) {
                continue;
            }
            if let Some(why) = refusal(file) {
                self.passing.insert(file.sha256.clone(), Outcome::Failed(why));
            } else if self.store.get(&self.key(file, "whole")).is_some() {
                known += 1;
            } else {
                let open = Partly { file, parts: BTreeMap::new(), failed: Vec::new(), open: 1 };
                partly.insert(file.sha256.clone(), open);
                jobs.push(job(file, Some((1, PAGES))));
            }
        }
        progress.tell(Event::Reading { files: jobs.len(), known });
        let mut refused = None;
        pool.run(jobs, |tag: Tag, reply| {
            let sha256 = tag.sha256.clone();
            let Some(state) = partly.get_mut(&sha256) else { return Vec::new() };
            state.open -= 1;
            let more = self.take_in(state, &tag, reply, progress, &mut refused);
            state.open += more.len();
            if state.open == 0
                && let Some(done) = partly.remove(&sha256)
            {
                progress.tell(Event::Read { file: &done.file.path });
                if let Err(e) = self.finish(done, pool.stopped()) {
                    refused.get_or_insert(e);
                }
            }
            if refused.is_some() { Vec::new() } else { more }
        });
        refused.map_or(Ok(()), Err)
    }

    /// Takes in the answer to a job; gives the jobs that follow from it.
    fn take_in(
        &self,
        state: &mut Partly<'a>,
        tag: &Tag,
        reply: Reply,
        progress: &dyn Progress,
        refused: &mut Option<StoreError>,
    ) -> Vec<Job<Tag>> {
        let (first, last) = tag.pages.unwrap_or((1, u32::MAX));
        match reply {
            Reply::Read { reading, total } => {
                let pages = reading.pages.len();
                let many = total.is_some_and(|t| t > PAGES);
                let part = Part { reading, total };
                if many
                    && let Ok(json) = serde_json::to_vec(&part)
                    && let Err(e) = self.store.put(&self.key(state.file, &format!("{first}-{last}")), &json)
                {
                    refused.get_or_insert(e);
                }
                progress.tell(Event::Pages { pages, of: if first == 1 { total } else { None } });
                state.parts.insert(first, part.reading);
                if first > 1 {
                    return Vec::new();
                }
                let mut more: Vec<_> = if last == 1 {
                    (2..=total.unwrap_or(1).min(PAGES)).map(|p| job(state.file, Some((p, p)))).collect()
                } else {
                    Vec::new()
                };
                more.extend(self.rest(state, total, progress));
                more
            }
            // One bad page must not cost its neighbours: they are read alone.
            Reply::Failed(ReadError::Crashed(_) | ReadError::Limit(_))
                if last > first && counts(state.file) =>
            {
                let end = if first == 1 { 1 } else { last };
                (first..=end).map(|page| job(state.file, Some((page, page)))).collect()
            }
            Reply::Failed(why) => {
                state.failed.push((first, last, why));
                Vec::new()
            }
            _ => {
                state.failed.push((first, last, ReadError::Crashed("读取进程答非所问".to_string())));
                Vec::new()
            }
        }
    }

    /// The jobs for the pages after the first ones; what an earlier run has read is taken from the store.
    fn rest(&self, state: &mut Partly<'a>, total: Option<u32>, progress: &dyn Progress) -> Vec<Job<Tag>> {
        let total = total.unwrap_or(0).min(crate::read::ReadContext::MAX_PAGES);
        let mut jobs = Vec::new();
        let mut first = PAGES + 1;
        while first <= total {
            let last = (first + PAGES - 1).min(total);
            let kept = self.store.get(&self.key(state.file, &format!("{first}-{last}")));
            match kept.and_then(|json| serde_json::from_slice::<Part>(&json).ok()) {
                Some(part) => {
                    progress.tell(Event::Pages { pages: part.reading.pages.len(), of: None });
                    state.parts.insert(first, part.reading);
                }
                None => jobs.push(job(state.file, Some((first, last)))),
            }
            first = last + 1;
        }
        jobs
    }

    /// Joins the parts; keeps the result in the store if it is final.
    fn finish(&mut self, done: Partly<'a>, stopped: bool) -> Result<(), StoreError> {
        let Partly { file, parts, failed, .. } = done;
        let lasting = failed.iter().all(|(_, _, e)| {
            matches!(e, ReadError::Damaged(_) | ReadError::Encrypted | ReadError::Locked(_))
        });
        let outcome = join(parts, failed);
        if stopped || !lasting {
            self.passing.insert(file.sha256.clone(), outcome);
            return Ok(());
        }
        match serde_json::to_vec(&outcome) {
            Ok(json) => self.store.put(&self.key(file, "whole"), &json),
            Err(_) => {
                self.passing.insert(file.sha256.clone(), outcome);
                Ok(())
            }
        }
    }
}

fn job(file: &InputFile, pages: Option<(u32, u32)>) -> Job<Tag> {
    Job {
        tag: Tag { sha256: file.sha256.clone(), pages },
        disk: file.disk.clone(),
        task: Task::Read { format: file.format, pages },
    }
}

/// Whether the pages of a file can be read one by one.
fn counts(file: &InputFile) -> bool {
    matches!(file.format, Format::Pdf | Format::Ofd | Format::Tiff)
}

/// Why a file needs no worker to be refused.
fn refusal(file: &InputFile) -> Option<ReadError> {
    if reader_of(file.format).is_some() {
        return None;
    }
    Some(ReadError::Unsupported(sniff::name_of(file.format).to_string()))
}

fn join(parts: BTreeMap<u32, Reading>, mut failed: Vec<(u32, u32, ReadError)>) -> Outcome {
    failed.sort_by_key(|f| (f.0, f.1));
    let mut parts = parts.into_values();
    let Some(mut whole) = parts.next() else {
        let why = failed.into_iter().next().map(|f| f.2);
        return Outcome::Failed(why.unwrap_or_else(|| ReadError::Crashed("没有读到内容".to_string())));
    };
    for part in parts {
        whole.pages.extend(part.pages);
        for note in part.notes {
            if !whole.notes.contains(&note) {
                whole.notes.push(note);
            }
        }
        whole.traces.extend(part.traces);
        for fact in part.integrity {
            if !whole.integrity.contains(&fact) {
                whole.integrity.push(fact);
            }
        }
    }
    whole.pages.sort_by_key(|p| p.number);
    Outcome::Read(whole, failed)
}

/// Failed pages in words.
pub(super) fn failure_words(failed: &[(u32, u32, ReadError)]) -> Vec<String> {
    failed
        .iter()
        .map(|(first, last, why)| {
            if first == last {
                format!("第{first}页：{why}")
            } else {
                format!("第{first}–{last}页：{why}")
            }
        })
        .collect()
}
