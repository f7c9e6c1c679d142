//! `hecha rules` and `hecha explain`.

use unicode_width::UnicodeWidthStr;

use crate::pack::{CATALOGUE, OwnRule, Pack, entry_of};
use crate::report::Lang;

use super::args::{ExplainArgs, PackArgs};
use super::session::load_pack;
use super::{Exit, Failure, out};

pub(super) fn rules(args: &PackArgs) -> Result<Exit, Failure> {
    let pack = load_pack(args)?;
    let pad = |text: &str, width: usize| format!("{text}{}", " ".repeat(width.saturating_sub(text.width())));
    for entry in CATALOGUE {
        let state = match (pack.pages.contains_key(entry.code), pack.notice.enabled(entry.code)) {
            (true, true) => "启用",
            (true, false) => "停用",
            (false, _) => "未实现",
        };
        let severity = Lang::Zh.severity(pack.notice.severity(entry.code));
        out(&format!("{}{}{}{}\n", pad(entry.code, 14), pad(severity, 12), pad(state, 8), entry.name));
    }
    for own in &pack.notice.own {
        let severity = Lang::Zh.severity(pack.notice.severity(&own.code));
        let state = state(&pack, &own.code);
        out(&format!("{}{}{}{}\n", pad(&own.code, 14), pad(severity, 12), pad(state, 8), own.title));
    }
    out("\nhecha explain 代码 查看一条规则的含义、依据、参数和示例\n");
    Ok(Exit::Done)
}

pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let code = args.code.to_uppercase();
    let pack = load_pack(&args.pack)?;
    if let Some(own) = pack.notice.own.iter().find(|own| own.code == code) {
        explain_own(&pack, own);
        return Ok(Exit::Done);
    }
    let Some(entry) = entry_of(&code) else {
        return Err(Failure::usage(format!("没有规则 {code}；运行 hecha rules 查看全部规则")));
    };
    let severity = Lang::Zh.severity(pack.notice.severity(entry.code));
    match pack.pages.get(entry.code) {
        Some(page) => out(&format!("{}\n", page.explanation())),
        None => out(&format!("{code} {}\n\n本版本尚未实现此规则。\n", entry.name)),
    }
    let state = state(&pack, entry.code);
    out(&format!("\n当前通知（{}）：{state}，级别 {severity}\n", args.pack.notice));
    for param in entry.params {
        let value = pack.notice.param(entry.code, param.name);
        out(&format!("  {} = {value}　{}\n", param.name, param.meaning));
    }
    Ok(Exit::Done)
}

/// A bureau's own rule: its page if there is one, and the condition as it was written.
fn explain_own(pack: &Pack, own: &OwnRule) {
    match pack.pages.get(&own.code) {
        Some(page) => out(&format!("{}\n", page.explanation())),
        None => out(&format!("{} {}\n", own.code, own.title)),
    }
    let severity = Lang::Zh.severity(pack.notice.severity(&own.code));
    let state = state(pack, &own.code);
    out(&format!(
        "\n当前通知（{}）的自定规则：{state}，级别 {severity}\n条件：{}\n",
        pack.notice.id, own.written
    ));
}

fn state(pack: &Pack, code: &str) -> &'static str {
    if pack.notice.enabled(code) { "启用" } else { "停用" }
}
