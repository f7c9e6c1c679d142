//! What a run needs: rules, store, workers, and a way to be stopped.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::ingest::Passwords;
use crate::pack::Pack;
use crate::pack::suppress::{self, Suppression};
use crate::pipeline::Pipeline;
use crate::store::{Key, Store};
use crate::worker::protocol::Hello;
use crate::worker::{Launcher, Places, Pool};

use super::args::{PackArgs, RunArgs};
use super::progress::Shown;
use super::{Failure, places};

/// The parts of a run.
pub(super) struct Session {
    pub(super) pack: Pack,
    pub(super) store: Store,
    pub(super) pool: Pool,
    /// Fingerprint of the engines.
    pub(super) engine: String,
    /// What is missing, in Chinese.
    pub(super) notes: Vec<String>,
    pub(super) jobs: usize,
    /// Tried on locked files.
    pub(super) passwords: Passwords,
    /// Keeps a store that lives only as long as the run.
    _passing: Option<tempfile::TempDir>,
}

/// Loads the rules; a mistake in them names file and line.
pub(super) fn load_pack(args: &PackArgs) -> Result<Pack, Failure> {
    let loaded = match &args.rules {
        Some(dir) if !dir.is_dir() => {
            return Err(Failure::usage(format!("规则文件夹 {} 不存在", dir.display())));
        }
        Some(dir) => Pack::load(dir, &args.notice),
        None => Pack::embedded_for(&args.notice),
    };
    loaded.map_err(|e| {
        let at = args.rules.as_ref().map(|d| format!("{}/", d.display())).unwrap_or_default();
        Failure::usage(format!("规则包有误：{at}{e}。请改正后重新运行"))
    })
}

/// Reads the list of passwords; a mistake in it is one of usage, and never shows a password.
fn load_passwords(file: Option<&Path>) -> Result<Passwords, Failure> {
    let Some(path) = file else { return Ok(Passwords::default()) };
    let wrong = |why: String| Failure::usage(format!("密码清单 {} 不可用：{why}", path.display()));
    Passwords::parse(&small_file(path).map_err(wrong)?).map_err(wrong)
}

/// A list that a person wrote: a few lines, and more than a mebibyte is another file.
fn small_file(path: &Path) -> Result<Vec<u8>, String> {
    const MOST: u64 = 1 << 20;
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes))
        .map_err(|e| format!("无法读取（{e}）"))?;
    if bytes.len() as u64 > MOST { Err("文件过大".to_string()) } else { Ok(bytes) }
}

/// Reads the decisions of reviewers; a mistake names file and line.
pub(super) fn load_suppressions(file: Option<&Path>, pack: &Pack) -> Result<Vec<Suppression>, Failure> {
    let Some(path) = file else { return Ok(Vec::new()) };
    let name = path.display().to_string();
    let wrong = |why: String| Failure::usage(format!("搁置清单有误：{why}。请改正后重新运行"));
    let bytes = small_file(path).map_err(|why| wrong(format!("{name} {why}")))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong(format!("{name} 不是 UTF-8 文本")))?;
    suppress::suppressions(&name, &text, &pack.notice).map_err(|e| wrong(e.to_string()))
}

impl Session {
    /// The way from files to a judgement, with this session's parts.
    pub(super) fn pipeline<'a>(&'a self, progress: &'a Shown) -> Pipeline<'a> {
        Pipeline {
            pack: &self.pack,
            store: &self.store,
            pool: &self.pool,
            progress,
            threads: self.jobs,
            engine: self.engine.clone(),
        }
    }

    /// Makes ready; `store` is the folder for results, a passing one without.
    pub(super) fn open(pack: &PackArgs, run: &RunArgs, store: Option<&Path>) -> Result<Self, Failure> {
        let pack = load_pack(pack)?;
        let passwords = load_passwords(run.passwords.as_deref())?;
        let (root, passing) = match store {
            Some(root) => (root.to_path_buf(), None),
            None => {
                let dir = tempfile::tempdir().map_err(|e| {
                    Failure::failed(format!("无法建立临时目录（{e}），请检查磁盘空间或设置 TMPDIR"))
                })?;
                (dir.path().to_path_buf(), Some(dir))
            }
        };
        let store = Store::open(&root).map_err(|e| Failure::failed(e.to_string()))?;
        let stop = stop_on_signal();
        let jobs = run.jobs.map_or_else(cores, usize::from);
        let program = std::env::current_exe()
            .map_err(|e| Failure::failed(format!("找不到程序自身的路径（{e}），无法启动读取进程")))?;
        let found = places::find(run.models.as_deref());
        let launcher = Launcher { program, places: found.clone(), passwords: passwords.clone() };
        let pool = Pool::new(launcher, jobs, stop);
        let hello = greeting(&store, &pool, &found)?;
        let engine = hello.engine.unwrap_or_else(|| "none".to_string());
        Ok(Self { pack, store, pool, engine, notes: hello.notes, jobs, passwords, _passing: passing })
    }
}

/// What engines the workers have. Asking one means loading them: when nothing of them has changed since an earlier run
/// its answer stands, and a run that reads nothing starts no worker.
fn greeting(store: &Store, pool: &Pool, found: &Places) -> Result<Hello, Failure> {
    let key = Key::new(&["hello", env!("HECHA_READING_VERSION"), &places::state(found)]);
    if let Some(known) = store.get(&key).and_then(|json| serde_json::from_slice(&json).ok()) {
        return Ok(known);
    }
    let hello = pool.hello().map_err(|e| Failure::failed(format!("无法启动读取进程：{e}")))?;
    if let Ok(json) = serde_json::to_vec(&hello) {
        store.put(&key, &json).map_err(|e| Failure::failed(e.to_string()))?;
    }
    Ok(hello)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The first Ctrl-C stops the run in order, the second at once.
fn stop_on_signal() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // Only one handler can be set in a process; without it Ctrl-C simply ends the program.
    let _ = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            #[allow(clippy::exit, reason = "the user asked twice")]
            std::process::exit(i32::from(super::Exit::Failed as u8));
        }
    });
    stop
}

/// Where results are kept when nothing else is said: beside the report, so that removing the report removes them.
pub(super) fn default_store(out: &Path) -> PathBuf {
    out.join(".hecha-store")
}
