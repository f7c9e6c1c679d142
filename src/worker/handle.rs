//! The parent's side: starts a worker, gives it jobs, ends it.

use std::io::{self, BufReader, BufWriter, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::ingest::Passwords;
use crate::model::ReadError;

use super::engines::Places;
use super::protocol::{Hello, Order, Reply, Start, Task, receive, send};

/// Longest wait for a worker to load its engines.
const START: Duration = Duration::from_secs(120);
/// Longest wait for a job, and more for each page it may read: the kernel's CPU limit comes first unless it hangs idle.
const WAIT: Duration = Duration::from_secs(180);
const WAIT_PAGE: Duration = Duration::from_secs(60);
/// How often a waiting parent looks whether the run was stopped.
const LOOK: Duration = Duration::from_millis(100);
/// How much of a worker's complaints is kept.
const TAIL: usize = 4096;

/// How workers are started.
#[derive(Clone, Debug)]
pub struct Launcher {
    /// The binary, which is this one.
    pub program: PathBuf,
    /// Engines and fonts.
    pub places: Places,
    /// Tried on locked files.
    pub passwords: Passwords,
}

impl Launcher {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("worker");
        for (flag, path) in [
            ("--models", &self.places.models),
            ("--tessdata", &self.places.tessdata),
            ("--font", &self.places.font),
        ] {
            if let Some(path) = path {
                command.arg(flag).arg(path);
            }
        }
        // Tesseract's threads fight over the cores that other workers use; it looks before main runs.
        command.env("OMP_THREAD_LIMIT", "1").env("RAYON_NUM_THREADS", "1").env("RTEN_NUM_THREADS", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C at the terminal is for the parent, which ends its workers itself.
        command.process_group(0);
        command
    }

    /// Starts a worker and waits until its engines are loaded.
    ///
    /// # Errors
    /// When it cannot be started or does not come up.
    pub(super) fn start(&self, stop: &AtomicBool) -> io::Result<Handle> {
        let mut child = self.command().spawn()?;
        let missing = || io::Error::other("no pipe");
        let mut stdin = BufWriter::new(child.stdin.take().ok_or_else(missing)?);
        let mut stdout = BufReader::new(child.stdout.take().ok_or_else(missing)?);
        let complaints = tail(child.stderr.take().ok_or_else(missing)?);
        // A program that does not listen is met when it does not greet.
        let _ = send(&mut stdin, &Start { passwords: self.passwords.clone() }, &[]);
        let (hello_in, hello_out) = channel();
        let (sender, replies) = channel();
        std::thread::spawn(move || {
            let Ok((hello, _)) = receive::<Hello>(&mut stdout) else { return };
            if hello_in.send(hello).is_err() {
                return;
            }
            while let Ok(reply) = receive::<Reply>(&mut stdout) {
                if sender.send(reply).is_err() {
                    return;
                }
            }
        });
        let mut handle = Handle { child, stdin, replies, complaints, hello: None, holds: None, jobs: 0 };
        match wait(&hello_out, START, stop) {
            Ok(hello) => handle.hello = Some(hello),
            Err(end) => return Err(io::Error::other(handle.autopsy(end).to_string())),
        }
        Ok(handle)
    }
}

/// A running worker; ended when dropped.
pub(super) struct Handle {
    child: Child,
    stdin: BufWriter<ChildStdin>,
    replies: Receiver<(Reply, Vec<u8>)>,
    complaints: Arc<Mutex<Vec<u8>>>,
    hello: Option<Hello>,
    /// The file whose bytes it has.
    holds: Option<PathBuf>,
    /// Jobs done.
    pub(super) jobs: u32,
}

/// Why a wait ended without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The worker is gone.
    Gone,
    /// Too long.
    Late,
    /// The run was stopped.
    Stopped,
}

impl Handle {
    /// What the worker said when it was ready.
    pub(super) fn hello(&self) -> Option<&Hello> {
        self.hello.as_ref()
    }

    /// Gives it a job on the file that lies at `disk` and waits. A file that several jobs follow for travels once. On
    /// an error the worker is of no more use.
    pub(super) fn run(&mut self, disk: &Path, task: &Task, stop: &AtomicBool) -> Result<Reply, ReadError> {
        self.jobs += 1;
        let same = self.holds.as_deref() == Some(disk);
        let bytes = if same { Vec::new() } else { whole(disk)? };
        self.holds = Some(disk.to_path_buf());
        let pages = match task {
            Task::Read { pages: Some((first, last)), .. } => (last + 1).saturating_sub(*first),
            _ => 4,
        };
        let order = Order { task: task.clone(), same };
        let sent = send(&mut self.stdin, &order, &bytes);
        drop(bytes);
        let answer = match sent {
            Ok(()) => wait(&self.replies, WAIT + WAIT_PAGE * pages, stop),
            Err(_) => Err(End::Gone),
        };
        match answer {
            Ok((Reply::Picture(_), png)) => Ok(Reply::Picture(png)),
            Ok((reply, _)) => Ok(reply),
            Err(end) => Err(self.autopsy(end)),
        }
    }

    /// Ends the worker and tells why it did not answer.
    fn autopsy(&mut self, end: End) -> ReadError {
        if end != End::Gone {
            let _ = self.child.kill();
        }
        let status = self.child.wait();
        match end {
            End::Stopped => ReadError::Crashed("运行被中断".to_string()),
            End::Late => ReadError::Limit("处理时间过长".to_string()),
            End::Gone => {
                let words = self.complaints.lock().map(|t| String::from_utf8_lossy(&t).into_owned());
                cause(status.ok(), &words.unwrap_or_default())
            }
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What ended a worker, from how it died and what it said.
fn cause(status: Option<ExitStatus>, words: &str) -> ReadError {
    const XCPU: i32 = rustix::process::Signal::XCPU.as_raw();
    const KILL: i32 = rustix::process::Signal::KILL.as_raw();
    const SEGV: i32 = rustix::process::Signal::SEGV.as_raw();
    if words.contains("memory allocation of") || words.contains("bad_alloc") {
        return ReadError::Limit("内存超过上限".to_string());
    }
    if words.contains("has overflowed its stack") {
        return ReadError::Limit("结构嵌套过深".to_string());
    }
    match status.and_then(|s| s.signal()) {
        Some(XCPU) => ReadError::Limit("处理时间过长".to_string()),
        Some(KILL) => ReadError::Crashed("读取进程被系统终止，可能内存不足".to_string()),
        Some(SEGV) => ReadError::Crashed("内存访问错误".to_string()),
        Some(signal) => ReadError::Crashed(format!("读取进程收到信号 {signal}")),
        None => ReadError::Crashed("读取进程意外退出".to_string()),
    }
}

#[allow(clippy::disallowed_methods, reason = "workers get bytes, not paths: they cannot open the input")]
fn whole(disk: &Path) -> Result<Vec<u8>, ReadError> {
    std::fs::read(disk).map_err(|e| ReadError::Crashed(crate::ingest::io_reason(&e)))
}

fn wait<T>(from: &Receiver<T>, most: Duration, stop: &AtomicBool) -> Result<T, End> {
    let start = Instant::now();
    loop {
        match from.recv_timeout(LOOK) {
            Ok(answer) => return Ok(answer),
            Err(RecvTimeoutError::Disconnected) => return Err(End::Gone),
            Err(RecvTimeoutError::Timeout) if stop.load(Ordering::Relaxed) => return Err(End::Stopped),
            Err(RecvTimeoutError::Timeout) if start.elapsed() > most => return Err(End::Late),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Keeps the last of what a worker writes to standard error.
fn tail(mut from: impl Read + Send + 'static) -> Arc<Mutex<Vec<u8>>> {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&kept);
    std::thread::spawn(move || {
        let mut buffer = [0u8; 1024];
        while let Ok(n @ 1..) = from.read(&mut buffer) {
            let Ok(mut tail) = shared.lock() else { return };
            tail.extend_from_slice(&buffer[..n]);
            let spare = tail.len().saturating_sub(TAIL);
            tail.drain(..spare);
        }
    });
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_apart() {
        let by = |signal| Some(ExitStatus::from_raw(signal));
        assert_eq!(cause(by(24), ""), ReadError::Limit("处理时间过长".into()));
        assert_eq!(
            cause(by(6), "memory allocation of 99 bytes failed"),
            ReadError::Limit("内存超过上限".into())
        );
        assert!(matches!(cause(by(11), ""), ReadError::Crashed(_)));
        assert!(matches!(cause(Some(ExitStatus::from_raw(256)), ""), ReadError::Crashed(_)));
    }

    #[test]
    fn a_program_that_is_no_worker_is_told() {
        for program in ["/bin/true", "/no/such/program"] {
            let (places, passwords) = (Places::default(), Passwords::default());
            let launcher = Launcher { program: program.into(), places, passwords };
            assert!(launcher.start(&AtomicBool::new(false)).is_err());
        }
    }
}
