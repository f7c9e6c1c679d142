//! Several workers with one queue. Answers arrive in any order; who asks puts them in order.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::model::ReadError;

use super::handle::{Handle, Launcher};
use super::protocol::{Hello, Reply, Task};

/// A worker is replaced after this many jobs, so that memory goes back.
const JOBS: u32 = 300;

/// A job: a task on a file, with a tag by which the asker knows it again.
#[derive(Clone, Debug)]
pub struct Job<T> {
    /// The asker's.
    pub tag: T,
    /// Where the file's bytes lie.
    pub disk: PathBuf,
    /// What to do.
    pub task: Task,
}

/// Workers, started when first needed and kept between rounds.
pub struct Pool {
    launcher: Launcher,
    idle: Mutex<Vec<Handle>>,
    jobs: usize,
    stop: Arc<AtomicBool>,
}

struct Queue<T> {
    waiting: VecDeque<Job<T>>,
    running: usize,
}

impl Pool {
    /// A pool of at most `jobs` workers. Setting `stop` ends whatever runs.
    pub fn new(launcher: Launcher, jobs: usize, stop: Arc<AtomicBool>) -> Self {
        Self { launcher, idle: Mutex::new(Vec::new()), jobs: jobs.max(1), stop }
    }

    /// Whether the run was stopped.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Starts a worker if none runs, and tells which engines it has.
    ///
    /// # Errors
    /// When no worker can be started.
    pub fn hello(&self) -> io::Result<Hello> {
        let handle = self.take()?;
        let hello = handle.hello().cloned();
        self.give_back(handle);
        hello.ok_or_else(|| io::Error::other("worker did not greet"))
    }

    /// Runs the jobs and those that `done` adds. `done` is called on this thread, an answer at a time.
    pub fn run<T: Send>(&self, jobs: Vec<Job<T>>, mut done: impl FnMut(T, Reply) -> Vec<Job<T>>) {
        let workers = self.jobs.min(jobs.len().max(1) * 16);
        let queue = (Mutex::new(Queue { waiting: jobs.into(), running: 0 }), Condvar::new());
        let (sender, answers) = channel();
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let sender = sender.clone();
                let queue = &queue;
                scope.spawn(move || self.work(queue, &sender));
            }
            drop(sender);
            // A job counts as running until its answer was heard: it may add jobs.
            while let Ok((tag, reply)) = answers.recv() {
                let more = done(tag, reply);
                let mut state = queue.0.lock().unwrap_or_else(PoisonError::into_inner);
                for job in more.into_iter().rev() {
                    state.waiting.push_front(job);
                }
                state.running -= 1;
                queue.1.notify_all();
            }
        });
    }

    /// Runs one job on whatever worker is free.
    pub fn one(&self, disk: &Path, task: Task) -> Reply {
        let mut handle = None;
        let reply = self.perform(&mut handle, &Job { tag: (), disk: disk.to_path_buf(), task });
        if let Some(handle) = handle {
            self.give_back(handle);
        }
        reply
    }

    fn work<T>(&self, queue: &(Mutex<Queue<T>>, Condvar), answers: &Sender<(T, Reply)>) {
        let mut handle: Option<Handle> = None;
        while let Some(job) = self.next(queue) {
            let reply = self.perform(&mut handle, &job);
            if answers.send((job.tag, reply)).is_err() {
                break;
            }
        }
        if let Some(handle) = handle {
            self.give_back(handle);
        }
    }

    fn next<T>(&self, queue: &(Mutex<Queue<T>>, Condvar)) -> Option<Job<T>> {
        let mut state = queue.0.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if self.stopped() {
                state.waiting.clear();
            }
            if let Some(job) = state.waiting.pop_front() {
                state.running += 1;
                return Some(job);
            }
            if state.running == 0 {
                return None;
            }
            state = queue.1.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn perform<T>(&self, slot: &mut Option<Handle>, job: &Job<T>) -> Reply {
        if slot.as_ref().is_some_and(|h| h.jobs >= JOBS) {
            *slot = None;
        }
        let handle = match slot {
            Some(handle) => handle,
            None => match self.take() {
                Ok(handle) => slot.insert(handle),
                Err(e) => return Reply::Failed(ReadError::Crashed(format!("无法启动读取进程：{e}"))),
            },
        };
        match handle.run(&job.disk, &job.task, &self.stop) {
            Ok(reply) => {
                // After a panic its state may be anything.
                if matches!(reply, Reply::Failed(ReadError::Crashed(_))) {
                    *slot = None;
                }
                reply
            }
            Err(e) => {
                *slot = None;
                Reply::Failed(e)
            }
        }
    }

    fn take(&self) -> io::Result<Handle> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.launcher.start(&self.stop), Ok)
    }

    fn give_back(&self, handle: Handle) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
    }
}
