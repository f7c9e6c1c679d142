//! The command line: arguments, progress, exit codes. Here, and only here, the program speaks to a terminal.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the cli prints")]

pub mod args;
mod check;
mod doctor;
mod explain;
mod ledger;
mod leftover;
pub mod places;
mod progress;
mod read;
mod run;
mod session;
mod show;
mod tables;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use args::{Cli, Command};

/// How a command ended: the exit codes of `contract.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, and nothing reaches `--fail-on`.
    Done = 0,
    /// Findings reach `--fail-on`.
    Findings = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// Done, but some files could not be read.
    Unread = 3,
    /// Could not be done.
    Failed = 4,
}

/// A failure with its exit code; the message is for people and says what to do.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    message: String,
}

impl Failure {
    fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into() }
    }

    fn failed(message: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, message: message.into() }
    }
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => return refused(&e),
    };
    let done = match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Read(args) => read::run(&args),
        Command::Worksheet(args) => tables::worksheet(&args),
        Command::Summary(args) => tables::summary(&args),
        Command::Ledger { command } => ledger::run(&command),
        Command::Rules(args) => explain::rules(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Worker(args) => {
            let places =
                crate::worker::Places { models: args.models, tessdata: args.tessdata, font: args.font };
            crate::worker::child::serve(&places)
                .map(|()| Exit::Done)
                .map_err(|e| Failure::failed(format!("读取进程结束：{e}")))
        }
    };
    let exit = done.unwrap_or_else(|failure| {
        eprintln!("错误：{}", failure.message);
        failure.exit
    });
    ExitCode::from(exit as u8)
}

/// Prints to standard output; a reader that went away is no error.
fn out(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Help and version as they are, mistakes in Chinese.
fn refused(e: &clap::Error) -> ExitCode {
    match e.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            out(&e.render().to_string());
            return ExitCode::SUCCESS;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            eprint!("{}", e.render());
            return ExitCode::from(Exit::Usage as u8);
        }
        _ => {}
    }
    let context = |kind| match e.get(kind) {
        Some(ContextValue::String(s)) => s.clone(),
        Some(ContextValue::Strings(s)) => s.join(" "),
        _ => String::new(),
    };
    let (arg, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
    let what = match e.kind() {
        ErrorKind::MissingRequiredArgument => format!("缺少参数 {arg}"),
        ErrorKind::UnknownArgument => format!("不认识的参数 {arg}"),
        ErrorKind::InvalidSubcommand => format!("没有命令 {}", context(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "缺少命令".to_string(),
        ErrorKind::InvalidValue if value.is_empty() => format!("参数 {arg} 缺少取值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let valid = context(ContextKind::ValidValue).replace(' ', "、");
            let hint = if valid.is_empty() { String::new() } else { format!("，可用的值：{valid}") };
            format!("参数 {arg} 的值「{value}」不可用{hint}")
        }
        ErrorKind::ArgumentConflict => {
            format!("参数 {arg} 与 {} 不能同时使用", context(ContextKind::PriorArg))
        }
        _ => format!("参数 {arg} 用法有误"),
    };
    eprintln!("错误：{what}。运行 hecha --help 查看用法");
    ExitCode::from(Exit::Usage as u8)
}
