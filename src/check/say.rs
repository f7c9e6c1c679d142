//! Chinese wording shared by rules.

use rust_decimal::Decimal;

use crate::model::money::grouped;
use crate::model::{Document, Kind, Money, RowStatus, Unit};

/// `1,200,000.00元`.
pub fn yuan(value: Decimal) -> String {
    format!("{}元", grouped(value.round_dp(2)))
}

/// An amount as printed, and in 元 where it was printed in another unit: `120.00万元（1,200,000.00元）`.
pub fn printed(m: Money) -> String {
    if m.unit == Unit::Yuan {
        return yuan(m.yuan);
    }
    let mut figure = m.yuan / m.unit.yuan();
    figure.rescale(m.decimals);
    format!("{figure}{}（{}）", m.unit.name(), yuan(m.yuan))
}

/// A percentage with at most two decimals.
pub fn percent(part: Decimal, whole: Decimal) -> String {
    if whole.is_zero() {
        return "—".into();
    }
    format!("{}%", (part * Decimal::ONE_HUNDRED / whole).round_dp(2).normalize())
}

/// A number without needless zeros.
pub fn number(value: Decimal) -> String {
    value.normalize().to_string()
}

/// Joins at most `limit` parts.
pub fn list(parts: &[String], limit: usize) -> String {
    let shown = parts.iter().take(limit).cloned().collect::<Vec<_>>().join("、");
    if parts.len() > limit { format!("{shown}等{}项", parts.len()) } else { shown }
}

/// `发票.pdf 第2页`.
pub fn doc(d: &Document) -> String {
    let name = d.file.rsplit('/').next().unwrap_or(&d.file);
    if d.pages.0 > 1 || d.pages.1 > 1 { format!("{name} 第{}页", d.pages.0) } else { name.to_owned() }
}

/// Name of a kind of document.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::ApplicationForm => "申报书",
        Kind::SummaryTable => "汇总表",
        Kind::Contract => "合同",
        Kind::Invoice => "发票",
        Kind::Payment => "支付凭证",
        Kind::BalanceSheet => "资产负债表",
        Kind::IncomeStatement => "利润表",
        Kind::CashFlow => "现金流量表",
        Kind::AuditReport => "审计报告",
        Kind::SpecialAudit => "专项审计报告",
        Kind::TaxCertificate => "纳税证明",
        Kind::BusinessLicence => "营业执照",
        Kind::IpCertificate => "知识产权证书",
        Kind::ServiceList => "服务清单",
        Kind::Screenshot => "截图照片",
        Kind::EvidenceList => "证明材料清单",
        Kind::Commitment => "承诺书",
        Kind::Other => "其他文件",
    }
}

/// Name of a row's status.
pub fn status(status: RowStatus) -> &'static str {
    match status {
        RowStatus::Supported => "凭证齐全",
        RowStatus::Short => "凭证不足",
        RowStatus::Missing => "没有凭证",
        RowStatus::Unverifiable => "无法核验",
    }
}
