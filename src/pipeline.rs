//! The whole way: the only module that knows all stages. It asks the store first, has the workers read, guards
//! against panics and keeps the order, so that results do not depend on the number of workers.

mod alike;
pub mod assemble;
mod continued;
pub mod exhibits;
mod filed;
pub mod readings;
pub mod understand;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::check;
use crate::ingest::{InputFile, Intake};
use crate::model::{Batch, Investment, Judgement};
use crate::pack::Pack;
use crate::reconcile;
use crate::store::{Store, StoreError};
use crate::worker::Pool;

use readings::Readings;
use understand::{Understood, understand};

/// What happens, for whoever shows it.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// Files to be read, and how many of the others the store knows.
    Reading {
        /// To be read.
        files: usize,
        /// Known.
        known: usize,
    },
    /// Pages were read; with the first ones of a file how many it has.
    Pages {
        /// How many now.
        pages: usize,
        /// Pages of the file.
        of: Option<u32>,
    },
    /// A file is done.
    Read {
        /// Its path.
        file: &'a str,
    },
    /// A stage begins.
    Stage(&'a str),
}

/// Shows progress.
pub trait Progress: Sync {
    /// Tells an event.
    fn tell(&self, event: Event<'_>);
}

/// Shows nothing.
pub struct Silent;

impl Progress for Silent {
    fn tell(&self, _: Event<'_>) {}
}

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Ctrl-C.
    #[error("已中断。已读取的内容保存在存储目录中，重新运行同一命令会从中断处继续")]
    Stopped,
    /// A bug.
    #[error("执行规则时发生内部错误，未能完成。请用 --verbose 重新运行，并把输出和材料种类告诉开发者")]
    Broken,
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a run works with.
pub struct Pipeline<'a> {
    /// Rules.
    pub pack: &'a Pack,
    /// Results.
    pub store: &'a Store,
    /// Workers.
    pub pool: &'a Pool,
    /// Who watches.
    pub progress: &'a dyn Progress,
    /// Threads for the pure stages.
    pub threads: usize,
    /// Fingerprint of the engines.
    pub engine: String,
}

impl Pipeline<'_> {
    /// Reads all files that the store does not know.
    ///
    /// # Errors
    /// When stopped, or when the store refuses.
    pub fn read<'f>(&'f self, files: &'f [InputFile]) -> Result<Readings<'f>, RunError> {
        let mut readings = Readings::new(self.store, self.engine.clone());
        readings.read_all(files, self.pool, self.progress)?;
        if self.pool.stopped() { Err(RunError::Stopped) } else { Ok(readings) }
    }

    /// Classifies and extracts all files, in their order.
    pub fn understand(&self, files: &[InputFile], readings: &Readings<'_>) -> Vec<Understood> {
        self.progress.tell(Event::Stage("识别材料种类并提取字段"));
        let mut understood = self.in_order(files, |file| self.understood(file, readings));
        let pages = |at: usize| match files.get(at).map(|file| readings.get(file)) {
            Some(readings::Outcome::Read(reading, _)) => Some(reading),
            _ => None,
        };
        // A panic costs the joining: every file then stands for itself.
        let joined = catch_unwind(AssertUnwindSafe(|| {
            let mut joined = understood.clone();
            continued::join(files, &mut joined, &pages, self.pack);
            joined
        }));
        if let Ok(joined) = joined {
            understood = joined;
        }
        understood
    }

    /// What is in a file: from the store if the same reading was understood before by the same code and rules.
    fn understood(&self, file: &InputFile, readings: &Readings<'_>) -> Understood {
        const VERSION: &str = env!("HECHA_DOCUMENTS_VERSION");
        if !readings.is_final(file) {
            return understand(file, readings.get(file), self.pack);
        }
        let key = readings.derived(file, &[VERSION, &self.pack.sha256, &file.path]);
        if let Some(known) = self.store.get(&key).and_then(|json| serde_json::from_slice(&json).ok()) {
            return known;
        }
        let new = understand(file, readings.get(file), self.pack);
        if let Ok(json) = serde_json::to_vec(&new) {
            // If the disk is full the next run computes it again; the report's writing will tell.
            let _ = self.store.put(&key, &json);
        }
        new
    }

    /// Forms submissions and reconciles each. A panic costs the reconciliation of that submission.
    pub fn reconcile(
        &self,
        root: &str,
        intake: &Intake,
        understood: Vec<Understood>,
    ) -> (Batch, Vec<String>) {
        self.progress.tell(Event::Stage("归并申报项目，核对投资清单与证明材料"));
        let (mut batch, mut notes) = assemble::batch(root, intake, understood);
        for case in &mut batch.cases {
            let done = catch_unwind(AssertUnwindSafe(|| reconcile::investment(case, self.pack)));
            if done.is_err() {
                case.investment = Investment::default();
                notes.push(format!("{}：核对投资清单时发生内部错误，清单未能核对", case.id));
            }
        }
        (batch, notes)
    }

    /// Compares pictures of different submissions that may be the same.
    ///
    /// # Errors
    /// When stopped.
    pub fn compare(&self, batch: &mut Batch, places: &exhibits::Places<'_>) -> Result<(), RunError> {
        let param = |name: &str| {
            use rust_decimal::prelude::ToPrimitive;
            self.pack.notice.param("DUP-004", name).to_u16().unwrap_or_default()
        };
        let limits = alike::Limits {
            bits: u32::from(param("bits")),
            likeness: param("percent").saturating_mul(10),
            common: usize::from(param("common")),
        };
        batch.alike = alike::find(batch, limits, &|a, b, mirrored| places.likeness(a, b, mirrored));
        if self.pool.stopped() { Err(RunError::Stopped) } else { Ok(()) }
    }

    /// Runs the rules; decisive values from scans are read a second time.
    ///
    /// # Errors
    /// When stopped, or when a rule broke.
    pub fn judge(&self, batch: &Batch, places: &exhibits::Places<'_>) -> Result<Judgement, RunError> {
        self.progress.tell(Event::Stage("执行规则，复读关键数值"));
        let reread = |evidence: &_, expect| places.reread(evidence, expect);
        let judged = catch_unwind(AssertUnwindSafe(|| check::judge(batch, self.pack, &reread)));
        if self.pool.stopped() {
            return Err(RunError::Stopped);
        }
        judged.map_err(|_| RunError::Broken)
    }

    /// Maps over files on several threads; the results come in the order of the files.
    fn in_order<T: Send>(&self, files: &[InputFile], f: impl Fn(&InputFile) -> T + Sync) -> Vec<T> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(BTreeMap::new());
        std::thread::scope(|scope| {
            for _ in 0..self.threads.clamp(1, files.len().max(1)) {
                scope.spawn(|| {
                    while let Some((index, file)) =
                        Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| files.get(i).map(|f| (i, f)))
                    {
                        let result = f(file);
                        done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(index, result);
                    }
                });
            }
        });
        done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_values().collect()
    }
}
