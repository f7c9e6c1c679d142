//! The command line.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::model::Severity;
use crate::report::Lang;

/// The frame of a command's help, with and without arguments: the library's own headings are English.
const WITH: &str = "{about}\n\n用法：{usage}\n\n参数：\n{positionals}\n\n选项：\n{options}";
const WITHOUT: &str = "{about}\n\n用法：{usage}\n\n选项：\n{options}";

/// The command.
#[derive(Debug, Parser)]
#[command(
    name = "hecha",
    version,
    about = "核查：读取申报材料文件夹，核对投资清单与证明材料，报告异常并附证据",
    help_template = "{about}\n\n用法：{usage}\n\n命令：\n{subcommands}\n\n选项：\n{options}{after-help}",
    after_help = "\n退出码：0 完成；1 有达到 --fail-on 的发现；2 用法或配置有误；3 完成但有文件无法读取；4 未能完成",
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true,
    subcommand_value_name = "命令",
    override_usage = "hecha <命令> [选项]"
)]
pub struct Cli {
    /// 显示帮助
    #[arg(short, long, action = ArgAction::Help, global = true)]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 核查一个文件夹，写出 report.json 和 report.html
    #[command(help_template = WITH, override_usage = "hecha check <DIR> -o <OUT> [选项]")]
    Check(CheckArgs),
    /// 只读取文件，显示识别出的材料和字段，不作核查
    #[command(help_template = WITH, override_usage = "hecha read <FILE>... [--json] [选项]")]
    Read(ReadArgs),
    /// 写出发票查验清单（XLSX）：每张发票在税务查验平台需要填写的内容，有疑点、金额大的在前
    #[command(help_template = WITH, override_usage = "hecha worksheet <DIR> -o <FILE.xlsx> [选项]")]
    Worksheet(TableArgs),
    /// 按申报材料写出推荐汇总表（通知附件2，XLSX）
    #[command(help_template = WITH, override_usage = "hecha summary <DIR> -o <FILE.xlsx> [选项]")]
    Summary(TableArgs),
    /// 台账：以前各次、各年使用过的发票、回单和证书（核查时用 --ledger 记入和比对）
    #[command(help_template = WITHOUT, override_usage = "hecha ledger <list|import|export|forget> …")]
    Ledger {
        /// What to do with it.
        #[command(subcommand)]
        command: LedgerCommand,
    },
    /// 列出所有规则
    #[command(help_template = WITHOUT, override_usage = "hecha rules [选项]")]
    Rules(PackArgs),
    /// 解释一条规则：含义、依据、参数、示例
    #[command(help_template = WITH, override_usage = "hecha explain <CODE> [选项]")]
    Explain(ExplainArgs),
    /// 检查运行环境：识别引擎、模型、字体、沙箱，缺什么、怎么补
    #[command(help_template = WITHOUT, override_usage = "hecha doctor [选项]")]
    Doctor(DoctorArgs),
    /// The child of a run; not for people.
    #[command(hide = true)]
    Worker(WorkerArgs),
}

/// Which rules.
#[derive(Debug, Clone, Args)]
pub struct PackArgs {
    /// 规则包所在文件夹：只需放新增和改动的文件，其余用内置的
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// 采用的申报通知（默认 hunan-2023）
    #[arg(long, value_name = "ID", default_value = crate::pack::DEFAULT_NOTICE, hide_default_value = true)]
    pub notice: String,
}

/// How a run works.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// 同时读取的进程数（默认等于处理器核数）
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// 保存读取结果的目录；再次运行时不重复读取（check 默认为 OUT/.hecha-store，read 默认不保存）
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// 文字识别模型所在文件夹（也可用环境变量 HECHA_MODELS）
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
    /// 密码清单（UTF-8 文本，每行一个），用于打开加密的压缩包、PDF、DOCX 和 XLSX；密码不会出现在任何输出中
    #[arg(long, value_name = "FILE")]
    pub passwords: Option<PathBuf>,
    /// 报告和提示的语言：zh 或 en（默认 zh）
    #[arg(long, value_enum, default_value = "zh", hide_default_value = true, hide_possible_values = true)]
    pub lang: Tongue,
    /// 只显示结果和错误
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// 显示每个文件的处理情况
    #[arg(long, short)]
    pub verbose: bool,
}

/// `hecha check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// 申报材料所在文件夹
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// 输出目录
    #[arg(short, long, value_name = "OUT")]
    pub out: PathBuf,
    /// 有此级别及以上的发现时退出码为 1：critical、major、minor、notice（默认不以发现为失败）
    #[arg(long, value_enum, value_name = "SEVERITY", hide_possible_values = true)]
    pub fail_on: Option<Level>,
    /// 台账文件：与以前各次、各年使用过的凭证比对，并记入本次的凭证（没有时新建）
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// 搁置清单（TOML）：经人工复核、不再计入结论的发现，含理由、复核人和有效期；报告中仍列出
    #[arg(long, value_name = "FILE")]
    pub suppress: Option<PathBuf>,
    /// Rules.
    #[command(flatten)]
    pub pack: PackArgs,
    /// The run.
    #[command(flatten)]
    pub run: RunArgs,
}

/// `hecha ledger`
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// 列出台账中的申报项目
    #[command(help_template = WITH, override_usage = "hecha ledger list <LEDGER>")]
    List {
        /// 台账文件
        #[arg(value_name = "LEDGER")]
        ledger: PathBuf,
    },
    /// 导入另一个台账（台账文件或导出的文件）
    #[command(help_template = WITH, override_usage = "hecha ledger import <LEDGER> <FROM>")]
    Import {
        /// 台账文件，没有时新建
        #[arg(value_name = "LEDGER")]
        ledger: PathBuf,
        /// 要导入的台账
        #[arg(value_name = "FROM")]
        from: PathBuf,
    },
    /// 导出台账，每行一条 JSON 记录
    #[command(help_template = WITH, override_usage = "hecha ledger export <LEDGER> -o <FILE>")]
    Export {
        /// 台账文件
        #[arg(value_name = "LEDGER")]
        ledger: PathBuf,
        /// 输出文件
        #[arg(short, long, value_name = "FILE")]
        out: PathBuf,
    },
    /// 删除一个通知的记录，或其中一个申报项目的记录
    #[command(help_template = WITH, override_usage = "hecha ledger forget <LEDGER> --notice <ID> [--submission <NAME>]")]
    Forget {
        /// 台账文件
        #[arg(value_name = "LEDGER")]
        ledger: PathBuf,
        /// 通知编号
        #[arg(long, value_name = "ID")]
        notice: String,
        /// 申报项目（list 所列的名称）
        #[arg(long, value_name = "NAME")]
        submission: Option<String>,
    },
}

/// `hecha worksheet` and `hecha summary`
#[derive(Debug, Args)]
pub struct TableArgs {
    /// 申报材料所在文件夹
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// 输出的 XLSX 文件；同一目录下已有的读取结果会直接使用
    #[arg(short, long, value_name = "FILE.xlsx")]
    pub out: PathBuf,
    /// Rules.
    #[command(flatten)]
    pub pack: PackArgs,
    /// The run.
    #[command(flatten)]
    pub run: RunArgs,
}

/// `hecha read`
#[derive(Debug, Args)]
pub struct ReadArgs {
    /// 要读取的文件
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// 以 JSON 输出
    #[arg(long)]
    pub json: bool,
    /// Rules.
    #[command(flatten)]
    pub pack: PackArgs,
    /// The run.
    #[command(flatten)]
    pub run: RunArgs,
}

/// `hecha explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// 规则代码，如 INVEST-008
    #[arg(value_name = "CODE")]
    pub code: String,
    /// Rules.
    #[command(flatten)]
    pub pack: PackArgs,
}

/// `hecha doctor`
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// 文字识别模型所在文件夹（也可用环境变量 HECHA_MODELS）
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
    /// 检查这个存储目录能否写入
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
}

/// `hecha worker`
#[derive(Debug, Args)]
pub struct WorkerArgs {
    #[arg(long)]
    pub(super) models: Option<PathBuf>,
    #[arg(long)]
    pub(super) tessdata: Option<PathBuf>,
    #[arg(long)]
    pub(super) font: Option<PathBuf>,
}

/// Language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Tongue {
    Zh,
    En,
}

impl From<Tongue> for Lang {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::Zh => Lang::Zh,
            Tongue::En => Lang::En,
        }
    }
}

/// Severity on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Level {
    Critical,
    Major,
    Minor,
    Notice,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Critical => Severity::Critical,
            Level::Major => Severity::Major,
            Level::Minor => Severity::Minor,
            Level::Notice => Severity::Notice,
        }
    }
}
