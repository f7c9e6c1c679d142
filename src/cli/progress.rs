//! Progress: a bar with pages and time left on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::pipeline::{Event, Progress};
use crate::report::Lang;

/// How often a plain line is printed at most.
const EVERY: Duration = Duration::from_secs(5);

/// Shows a run's progress on standard error.
pub(super) struct Shown {
    lang: Lang,
    quiet: bool,
    verbose: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bar: Option<ProgressBar>,
    files: usize,
    done: usize,
    pages: u64,
    last: Option<Instant>,
}

impl Shown {
    pub(super) fn new(lang: Lang, quiet: bool, verbose: bool) -> Self {
        Self { lang, quiet, verbose, state: Mutex::new(State::default()) }
    }

    /// A line for people, unless they asked for quiet.
    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            self.warn(line);
        }
    }

    /// A line that matters even to those who asked for quiet.
    pub(super) fn warn(&self, line: &str) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &state.bar {
            Some(bar) => bar.suspend(|| eprintln!("{line}")),
            None => eprintln!("{line}"),
        }
    }

    fn start(&self, state: &mut State, files: usize, known: usize) {
        state.files = files;
        if known > 0 {
            eprintln!(
                "{}",
                match self.lang {
                    Lang::Zh => format!("{known} 个文件已读过，直接使用保存的结果"),
                    Lang::En => format!("{known} files are known from an earlier run"),
                }
            );
        }
        if files == 0 {
            return;
        }
        if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new(0);
            let template = self.lang.t(
                "读取 [{bar:30}] {pos}/{len} 页 {msg} 剩余 {eta}",
                "reading [{bar:30}] {pos}/{len} pages {msg}, {eta} left",
            );
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("█▌ "));
            }
            // Until a file is open its pages are not known: count it as one.
            bar.set_length(files as u64);
            bar.enable_steady_tick(Duration::from_millis(200));
            state.bar = Some(bar);
        } else {
            eprintln!(
                "{}",
                match self.lang {
                    Lang::Zh => format!("读取 {files} 个文件…"),
                    Lang::En => format!("reading {files} files…"),
                }
            );
        }
    }

    fn file(&self, state: &mut State, file: &str) {
        state.done += 1;
        if self.verbose {
            match &state.bar {
                Some(bar) => bar.suspend(|| eprintln!("  {file}")),
                None => eprintln!("  {file}"),
            }
        }
        let (done, files, pages) = (state.done, state.files, state.pages);
        if let Some(bar) = &state.bar {
            bar.set_message(format!("({done}/{files})"));
            if done == files {
                bar.finish_and_clear();
                state.bar = None;
            }
        } else if state.last.is_none_or(|l| l.elapsed() > EVERY) || done == files {
            state.last = Some(Instant::now());
            eprintln!(
                "{}",
                match self.lang {
                    Lang::Zh => format!("已读取 {done}/{files} 个文件，{pages} 页"),
                    Lang::En => format!("{done}/{files} files read, {pages} pages"),
                }
            );
        }
    }
}

impl Progress for Shown {
    fn tell(&self, event: Event<'_>) {
        if self.quiet {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Reading { files, known } => self.start(&mut state, files, known),
            Event::Pages { pages, of } => {
                state.pages += pages as u64;
                if let Some(bar) = &state.bar {
                    bar.inc_length(u64::from(of.unwrap_or(1).max(1)) - u64::from(of.is_some() || pages > 0));
                    bar.inc(pages as u64);
                }
            }
            Event::Read { file } => self.file(&mut state, file),
            Event::Stage(name) => match &state.bar {
                Some(bar) => bar.suspend(|| eprintln!("{name}…")),
                None => eprintln!("{name}…"),
            },
        }
    }
}
