//! The fixed words of the report in both languages.

use std::time::Duration;

use chrono::DateTime;

use super::Stage;
use crate::model::{Category, Grade, Kind, Outcome, ReadBy, RowStatus, Severity, Verdict};

/// Language of the report's own words. Text from documents and the rules' sentences stay Chinese.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The word in this language.
    pub fn t(self, zh: &'static str, en: &'static str) -> &'static str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A severity as the reviewer sees it (`rules.md`).
    pub fn severity(self, severity: Severity) -> &'static str {
        match severity {
            Severity::Critical => self.t("重大疑点", "critical"),
            Severity::Major => self.t("重要不一致", "major"),
            Severity::Minor => self.t("一般问题", "minor"),
            Severity::Notice => self.t("提示", "notice"),
        }
    }

    /// An outcome.
    pub fn outcome(self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Pass => self.t("通过", "pass"),
            Outcome::Anomaly => self.t("异常", "anomaly"),
            Outcome::Unverifiable => self.t("无法核验", "unverifiable"),
            Outcome::NotApplicable => self.t("不适用", "not applicable"),
        }
    }

    /// A verdict.
    pub fn verdict(self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Clear => self.t("未见异常", "clear"),
            Verdict::Incomplete => self.t("材料待补正", "incomplete"),
            Verdict::Review => self.t("需重点复核", "review"),
            Verdict::Suspect => self.t("有重大疑点", "suspect"),
        }
    }

    /// How far a row is backed.
    pub fn status(self, status: RowStatus) -> &'static str {
        match status {
            RowStatus::Supported => self.t("有据", "supported"),
            RowStatus::Short => self.t("不足", "short"),
            RowStatus::Missing => self.t("缺失", "missing"),
            RowStatus::Unverifiable => self.t("待核", "unverifiable"),
        }
    }

    /// How a value was read.
    pub fn grade(self, grade: Grade) -> &'static str {
        match grade {
            Grade::Data => self.t("结构化数据", "data"),
            Grade::Text => self.t("电子文本", "text"),
            Grade::Qr => self.t("二维码", "QR code"),
            Grade::Ocr => self.t("扫描识别", "OCR"),
        }
    }

    /// The reader of a document.
    pub fn read_by(self, by: ReadBy) -> &'static str {
        match by {
            ReadBy::Pdf => "PDF",
            ReadBy::Ofd => "OFD",
            ReadBy::Xml => "XML",
            ReadBy::Docx => "DOCX",
            ReadBy::Xlsx => "XLSX",
            ReadBy::Doc => "DOC",
            ReadBy::Xls => "XLS",
            ReadBy::Ods => "ODS",
            ReadBy::Csv => "CSV",
            ReadBy::Rtf => "RTF",
            ReadBy::Odt => "ODT",
            ReadBy::Html => "HTML",
            ReadBy::Text => "TXT",
            ReadBy::Ocr => self.t("扫描识别", "OCR"),
        }
    }

    /// A stage of the run.
    pub fn stage(self, stage: Stage) -> &'static str {
        match stage {
            Stage::Ingest => self.t("收集文件", "ingest"),
            Stage::Read => self.t("读取", "read"),
            Stage::Understand => self.t("识别提取", "understand"),
            Stage::Reconcile => self.t("核对清单", "reconcile"),
            Stage::Judge => self.t("执行规则", "judge"),
            Stage::Write => self.t("生成报告", "write"),
        }
    }

    /// A moment (RFC 3339) for people: `2026年11月28日 17:30`. What is no such moment stays as it is.
    pub fn moment(self, at: &str) -> String {
        DateTime::parse_from_rfc3339(at).map_or_else(
            |_| at.to_string(),
            |t| t.format(self.t("%Y年%-m月%-d日 %H:%M", "%Y-%m-%d %H:%M")).to_string(),
        )
    }

    /// A time span in seconds.
    pub fn span(self, took: Duration) -> String {
        format!("{:.1}{}", took.as_secs_f64(), self.t("秒", " s"))
    }

    /// A category of the list.
    pub fn category(self, category: Category) -> &'static str {
        match category {
            Category::Hardware => self.t("硬件设备", "hardware"),
            Category::Software => self.t("软件", "software"),
            Category::Cloud => self.t("云服务", "cloud"),
            Category::Labour => self.t("人工", "labour"),
        }
    }

    /// A kind of document.
    pub fn kind(self, kind: Kind) -> &'static str {
        match kind {
            Kind::ApplicationForm => self.t("申报书", "application form"),
            Kind::SummaryTable => self.t("推荐汇总表", "summary table"),
            Kind::Contract => self.t("合同", "contract"),
            Kind::Invoice => self.t("发票", "invoice"),
            Kind::Payment => self.t("付款凭证", "payment voucher"),
            Kind::BalanceSheet => self.t("资产负债表", "balance sheet"),
            Kind::IncomeStatement => self.t("利润表", "income statement"),
            Kind::CashFlow => self.t("现金流量表", "cash flow statement"),
            Kind::AuditReport => self.t("审计报告", "audit report"),
            Kind::SpecialAudit => self.t("专项审计报告", "special audit report"),
            Kind::TaxCertificate => self.t("完税证明", "tax certificate"),
            Kind::BusinessLicence => self.t("营业执照", "business licence"),
            Kind::IpCertificate => self.t("知识产权证书", "IP certificate"),
            Kind::ServiceList => self.t("服务清单", "service list"),
            Kind::Screenshot => self.t("截图或照片", "screenshot or photograph"),
            Kind::EvidenceList => self.t("证明材料清单", "evidence list"),
            Kind::Commitment => self.t("真实性承诺", "commitment"),
            Kind::Other => self.t("未识别", "not recognised"),
        }
    }
}
