//! `hecha rules` and `hecha explain`.

use unicode_width::UnicodeWidthStr;

use crate::pack::{CATALOGUE, entry_of};
use crate::report::Lang;

use super::args::{ExplainArgs, PackArgs};
use super::session::load_pack;
use super::{Exit, Failure, out};

pub(super) fn rules(args: &PackArgs) -> Result<Exit, Failure> {
    let pack = load_pack(args)?;
    for entry in CATALOGUE {
        let state = match (pack.pages.contains_key(entry.code), pack.notice.enabled(entry.code)) {
            (true, true) => "启用",
            (true, false) => "停用",
            (false, _) => "未实现",
        };
        let severity = Lang::Zh.severity(pack.notice.severity(entry.code));
        let pad =
            |text: &str, width: usize| format!("{text}{}", " ".repeat(width.saturating_sub(text.width())));
        out(&format!("{}{}{}{}\n", pad(entry.code, 14), pad(severity, 12), pad(state, 8), entry.name));
    }
    out("\nhecha explain 代码 查看一条规则的含义、依据、参数和示例\n");
    Ok(Exit::Done)
}

pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let code = args.code.to_uppercase();
    let Some(entry) = entry_of(&code) else {
        return Err(Failure::usage(format!("没有规则 {code}；运行 hecha rules 查看全部规则")));
    };
    let pack = load_pack(&args.pack)?;
    let severity = Lang::Zh.severity(pack.notice.severity(entry.code));
    match pack.pages.get(entry.code) {
        Some(page) => out(&format!("{}\n", page.explanation())),
        None => out(&format!("{code} {}\n\n本版本尚未实现此规则。\n", entry.name)),
    }
    let state = if pack.notice.enabled(entry.code) { "启用" } else { "停用" };
    out(&format!("\n当前通知（{}）：{state}，级别 {severity}\n", args.pack.notice));
    for param in entry.params {
        let value = pack.notice.param(entry.code, param.name);
        out(&format!("  {} = {value}　{}\n", param.name, param.meaning));
    }
    Ok(Exit::Done)
}
