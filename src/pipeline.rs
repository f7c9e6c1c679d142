//! The whole way: the only module that knows all stages. It asks the store first, has the workers read, guards
//! against panics and keeps the order, so that results do not depend on the number of workers.

pub mod readings;
pub mod understand;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::ingest::{InputFile, Intake};
use crate::pack::Pack;
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
    /// Reads, classifies and extracts all files, in their order.
    ///
    /// # Errors
    /// When stopped, or when the store refuses.
    pub fn understand(&self, intake: &Intake) -> Result<Vec<Understood>, RunError> {
        let mut readings = Readings::new(self.store, self.engine.clone());
        readings.read_all(&intake.files, self.pool, self.progress)?;
        if self.pool.stopped() {
            return Err(RunError::Stopped);
        }
        self.progress.tell(Event::Stage("识别材料种类并提取字段"));
        Ok(self.in_order(&intake.files, |file| understand(file, readings.get(file), self.pack)))
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
