//! The catalogue of codes: default severity, Chinese name and parameters of every rule, whether it is built yet or not.
//! A code never changes its meaning.

use crate::model::Severity;
use crate::model::Severity::{Critical, Major, Minor, Notice};

/// One rule of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// Stable code.
    pub code: &'static str,
    /// Severity of an anomaly unless the notice or the case says otherwise.
    pub severity: Severity,
    /// Short Chinese name.
    pub name: &'static str,
    /// Parameters a notice may set.
    pub params: &'static [Param],
}

/// A parameter of a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Param {
    /// Its name in the notice.
    pub name: &'static str,
    /// Its default, as a decimal.
    pub default: &'static str,
    /// What it means, in Chinese.
    pub meaning: &'static str,
}

const fn entry(
    code: &'static str,
    severity: Severity,
    name: &'static str,
    params: &'static [Param],
) -> Entry {
    Entry { code, severity, name, params }
}

const fn param(name: &'static str, default: &'static str, meaning: &'static str) -> Param {
    Param { name, default, meaning }
}

/// The entry of a code.
pub fn entry_of(code: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|e| e.code == code)
}

/// A severity by its word in notices.
pub(super) fn severity_of(word: &str) -> Option<Severity> {
    match word {
        "critical" => Some(Critical),
        "major" => Some(Major),
        "minor" => Some(Minor),
        "notice" => Some(Notice),
        _ => None,
    }
}

/// Every code of the catalogue.
#[rustfmt::skip]
pub const CATALOGUE: &[Entry] = &[
    entry("FORM-001", Minor, "申报书必填项空白", &[]),
    entry("FORM-002", Minor, "必填能力指标缺项", &[]),
    entry("FORM-003", Major, "参与人员分项与总数不符", &[]),
    entry("FORM-004", Notice, "企业及项目简介超过字数", &[
        param("characters", "800", "字数上限"),
    ]),
    entry("FORM-005", Major, "申报书内同一事实前后不一", &[
        param("scan_percent", "72", "扫描件上两个名称的相似度达到此数（%）视为可能误读，不作异常"),
    ]),
    entry("FORM-006", Major, "统一社会信用代码或组织机构代码有误", &[]),
    entry("FORM-007", Major, "项目起止时间不合理或不能按期完成", &[]),
    entry("FORM-008", Major, "真实性承诺缺失、被改动或未签章", &[
        param("scan_percent", "80", "扫描件上承诺文字与通知原文的相似度达到此数（%）视为一致"),
    ]),
    entry("FORM-009", Minor, "封面缺少公章", &[
        param("seal_percent", "70", "印章文字与单位名称的相似度达到此数（%）视为该单位的印章"),
        param("far_percent", "50", "印章文字与单位名称的相似度低于此数（%）视为可能是别的单位"),
    ]),
    entry("FORM-010", Minor, "逾期申报或未填申报日期", &[]),
    entry("FORM-011", Notice, "版式不符合填报说明", &[
        param("width", "595.3", "纸张短边（磅）"),
        param("height", "841.9", "纸张长边（磅）"),
        param("paper_percent", "2", "纸张允许的相对差（%）"),
        param("size", "14", "正文字号（磅）"),
        param("spacing", "26", "正文行距（磅）"),
        param("size_slack", "0.5", "字号、行距允许的差（磅）"),
        param("share", "80", "应符合的正文行数比例（%）"),
        param("lines", "20", "至少多少行正文才作核对"),
    ]),
    entry("FORM-012", Minor, "单选项未选或多选", &[]),
    entry("FORM-013", Minor, "覆盖场景数或行业数与勾选不符", &[]),
    entry("FORM-014", Major, "工作总量超出人员与月份", &[
        param("percent", "10", "允许超出的比例（%）"),
    ]),
    entry("FORM-015", Major, "投资或收入分年数不平", &[]),
    entry("INVEST-001", Major, "数量乘单价不等于总价", &[]),
    entry("INVEST-002", Major, "清单合计与明细或已完成投资不符", &[
        param("percent", "0.1", "清单合计与已完成投资允许的相对差（%）"),
    ]),
    entry("INVEST-003", Major, "清单与平台投资情况不符", &[
        param("percent", "0.5", "分年投资允许的相对差（%）"),
        param("total_percent", "0.1", "投资总额允许的相对差（%）"),
    ]),
    entry("INVEST-004", Minor, "已完成投资超过计划投资", &[]),
    entry("INVEST-005", Major, "清单行没有合同", &[
        param("small", "10000", "低于此金额（元）的零星采购不要求合同"),
    ]),
    entry("INVEST-006", Major, "清单行没有发票", &[]),
    entry("INVEST-007", Major, "清单行没有支付凭证", &[]),
    entry("INVEST-008", Major, "清单金额超过发票金额", &[
        param("percent", "0.5", "允许的相对差（%）"),
        param("yuan", "50", "允许的绝对差（元）"),
    ]),
    entry("INVEST-009", Minor, "清单金额超过已支付金额", &[
        param("paid_percent", "90", "视为已付清的最低比例（%），其余按质保金处理"),
    ]),
    entry("INVEST-010", Major, "清单金额超过合同金额", &[
        param("percent", "0.5", "允许超过合同金额的比例（%）"),
    ]),
    entry("INVEST-011", Minor, "供应商与发票、合同不符", &[]),
    entry("INVEST-012", Minor, "品名不在发票或合同之中", &[]),
    entry("INVEST-013", Critical, "同一凭证超额分摊", &[]),
    entry("INVEST-014", Major, "同一项目重复列入", &[]),
    entry("INVEST-015", Minor, "不属于投资范围", &[]),
    entry("INVEST-016", Major, "单位或小数点错位", &[
        param("percent", "0.1", "放缩之后允许的相对差（%）"),
    ]),
    entry("INVEST-017", Notice, "附件顺序不符", &[]),
    entry("INVEST-018", Notice, "投资规模与报表不相称", &[
        param("factor", "1", "投资与报表所能容纳的金额之比，超过即提示"),
    ]),
    entry("INVEST-019", Major, "合计凑数", &[]),
    entry("INVEST-020", Minor, "人工费用缺少人员、月份与工资依据", &[
        param("low", "3000", "每人月费用的下限（元）"),
        param("high", "40000", "每人月费用的上限（元）"),
    ]),
    entry("INVOICE-001", Critical, "发票金额不平", &[
        param("yuan", "0.01", "合计允许的差额（元）"),
        param("line_tax", "0.06", "单行税额允许的差额（元）"),
    ]),
    entry("INVOICE-002", Critical, "发票大小写不一致", &[]),
    entry("INVOICE-003", Major, "税率或税额有误", &[
        param("line_tax", "0.06", "单行税额允许的差额（元）"),
        param("grave", "1", "单行税额差额超过此数（元）按重大疑点"),
        param("sum_tax", "1.27", "整张发票税额允许的差额（元）"),
        param("months", "12", "税率停用后此月数内按补开发票只作提示"),
    ]),
    entry("INVOICE-004", Major, "购买方不是申报单位", &[]),
    entry("INVOICE-005", Major, "税号有误", &[]),
    entry("INVOICE-006", Major, "开票日期在申报之后或不在计入年度", &[]),
    entry("INVOICE-007", Major, "发票代码或号码有误", &[
        param("stock_years", "3", "发票代码早于开票年份达到此年数作提示"),
    ]),
    entry("INVOICE-008", Critical, "二维码与票面不一致", &[]),
    entry("INVOICE-009", Critical, "同一发票的不同版本不一致", &[]),
    entry("INVOICE-010", Major, "红字或作废发票被计入", &[]),
    entry("INVOICE-011", Critical, "同一发票重复作为两份凭证", &[]),
    entry("INVOICE-012", Critical, "电子发票完整性破坏", &[]),
    entry("INVOICE-013", Notice, "连号发票", &[
        param("run", "3", "连号张数"),
        param("days", "60", "首末张开票日期相隔天数"),
    ]),
    entry("INVOICE-014", Minor, "销售方与申报单位关联", &[
        param("partner_percent", "30", "合作单位作为销售方占清单总额的比例（%）"),
    ]),
    entry("INVOICE-015", Critical, "不同发票的校验码或密码区相同", &[]),
    entry("INVOICE-016", Minor, "号码顺序与日期顺序相反", &[
        param("near", "200", "号码相差不超过此数才比较日期先后"),
    ]),
    entry("CONTRACT-001", Major, "合同当事人不符", &[]),
    entry("CONTRACT-002", Major, "合同大小写不一致或价目不平", &[
        param("yuan", "0.01", "允许的差额（元）"),
    ]),
    entry("CONTRACT-003", Minor, "合同晚于发票或付款签订", &[
        param("days", "90", "补签合同可容忍的天数，超过升为重要不一致"),
    ]),
    entry("CONTRACT-004", Minor, "合同未签署或未盖章", &[]),
    entry("CONTRACT-005", Critical, "签订早于当事人成立", &[]),
    entry("PAY-001", Major, "付款人不是申报单位", &[]),
    entry("PAY-002", Major, "收款人不是发票销售方", &[]),
    entry("PAY-003", Major, "付款与发票金额不符", &[
        param("over_percent", "101", "超过发票金额的比例（%）视为多付"),
        param("low_percent", "50", "低于发票金额的比例（%）且合同没有分期、质保约定视为付款过少"),
    ]),
    entry("PAY-004", Notice, "付款时间异常", &[]),
    entry("PAY-005", Critical, "回单重复使用", &[
        param("percent", "0.5", "同一回单分摊合计允许超过其金额的比例（%）"),
    ]),
    entry("PAY-006", Major, "回单大小写不一致", &[]),
    entry("PAY-007", Major, "不是成功的付款凭证", &[
        param("days", "30", "退款重付视为同一笔付款的天数"),
    ]),
    entry("PAY-008", Minor, "票据要素不符", &[
        param("months", "6", "票据期限上限（月）"),
        param("old_months", "12", "旧规定下电子票据期限上限（月）"),
        param("since", "20230101", "新期限规定施行日（年月日八位数）"),
    ]),
    entry("FIN-001", Major, "总资产与资产负债表不符", &[
        param("percent", "0.1", "允许的相对差（%）"),
    ]),
    entry("FIN-002", Major, "负债率与报表不符", &[
        param("fine", "0.05", "负债率至少一位小数时允许的差（百分点）"),
        param("coarse", "0.5", "负债率为整数时允许的差（百分点）"),
    ]),
    entry("FIN-003", Major, "主营业务收入与利润表不符", &[
        param("percent", "0.1", "允许的相对差（%）"),
    ]),
    entry("FIN-004", Major, "利润与利润表不符", &[
        param("percent", "0.1", "允许的相对差（%）"),
        param("yuan", "100", "允许的绝对差（元）"),
    ]),
    entry("FIN-005", Major, "研发投入与报表不符", &[
        param("percent", "1", "低于报表研发费用的允许相对差（%）"),
        param("over_percent", "10", "高于任何来源的允许相对差（%）"),
    ]),
    entry("FIN-006", Major, "资产负债表不平", &[]),
    entry("FIN-007", Major, "利润表或现金流量表不平", &[]),
    entry("FIN-008", Major, "上年期末与本年期初不衔接", &[]),
    entry("FIN-009", Major, "同一报表的两个版本不一致", &[]),
    entry("FIN-010", Minor, "报表未经审计或意见非无保留", &[]),
    entry("FIN-011", Major, "平台收入超过企业收入", &[
        param("percent", "0.1", "允许的相对差（%）"),
    ]),
    entry("FIN-012", Notice, "财务比率异常", &[
        param("debt_percent", "100", "负债率（%）达到此数作提示"),
        param("tax_percent", "25", "税金占营业收入的比例（%）上限"),
    ]),
    entry("TAX-001", Major, "税金与纳税证明不符", &[
        param("percent", "0.5", "允许的相对差（%）"),
        param("yuan", "1000", "允许的绝对差（元）"),
    ]),
    entry("TAX-002", Major, "纳税人不是申报单位", &[]),
    entry("ENTITY-001", Major, "营业执照名称与申报书不符", &[]),
    entry("ENTITY-002", Major, "营业执照代码与申报书不符", &[]),
    entry("ENTITY-003", Minor, "成立时间与营业执照不符", &[]),
    entry("ENTITY-004", Major, "不在本省登记", &[]),
    entry("ENTITY-005", Minor, "营业执照过期或状态异常", &[]),
    entry("ENTITY-006", Major, "不具备独立法人资格", &[]),
    entry("ENTITY-007", Major, "成立晚于项目开始", &[]),
    entry("METRIC-001", Major, "服务合同额或订单与附件不符", &[
        param("revenue_times", "3", "服务合同额为营业收入的倍数上限"),
    ]),
    entry("METRIC-002", Major, "接入数量超过附件清单", &[
        param("cities", "333", "全国地级行政区个数"),
        param("codes_percent", "5", "清单中无效信用代码的比例（%）上限"),
    ]),
    entry("METRIC-003", Major, "指标相互矛盾", &[]),
    entry("METRIC-004", Minor, "指标缺少证明", &[]),
    entry("METRIC-005", Minor, "证明晚于统计时间", &[]),
    entry("METRIC-006", Notice, "指标不是确数", &[
        param("round", "100", "逐项都是此数的倍数即视为整数过于整齐"),
        param("fields", "8", "至少填写的指标数"),
    ]),
    entry("EVIDENCE-001", Minor, "缺少平台截图和现场照片", &[
        param("number", "1", "此项材料在通知中的编号，0 表示通知不要求"),
    ]),
    entry("EVIDENCE-002", Minor, "缺少营业执照", &[
        param("number", "2", "此项材料在通知中的编号，0 表示通知不要求"),
    ]),
    entry("EVIDENCE-003", Minor, "缺少合同、发票或专项审计报告", &[
        param("number", "3", "此项材料在通知中的编号，0 表示通知不要求"),
    ]),
    entry("EVIDENCE-004", Minor, "缺少服务区域证明", &[
        param("number", "4", "此项材料在通知中的编号，0 表示通知不要求"),
    ]),
    entry("EVIDENCE-005", Minor, "缺少服务企业证明", &[
        param("number", "5", "此项材料在通知中的编号，0 表示通知不要求"),
    ]),
    entry("EVIDENCE-006", Minor, "缺少资质、专利或知识产权证书", &[
        param("number", "6", "此项材料在通知中的编号，0 表示通知不要求"),
    ]),
    entry("EVIDENCE-007", Minor, "缺少年度财务报表", &[
        param("number", "7", "此项材料在通知中的编号，0 表示通知不要求"),
    ]),
    entry("EVIDENCE-008", Minor, "缺少纳税证明", &[
        param("number", "8", "此项材料在通知中的编号，0 表示通知不要求"),
    ]),
    entry("EVIDENCE-009", Notice, "缺少证明材料清单或与附件不符", &[]),
    entry("EVIDENCE-010", Major, "文件无法读取", &[]),
    entry("EVIDENCE-011", Minor, "页面过于模糊", &[]),
    entry("EVIDENCE-012", Minor, "证书或报告编号有误", &[]),
    entry("EVIDENCE-013", Minor, "荣誉缺少证书", &[]),
    entry("PROC-001", Minor, "汇总表与申报书不一致", &[
        param("unit_percent", "80", "推荐单位名称的相似度达到此数（%）视为一致"),
        param("scan_percent", "72", "扫描件上名称的相似度达到此数（%）视为可能误读"),
    ]),
    entry("PROC-002", Major, "汇总表与申报项目不对应", &[
        param("percent", "90", "平台名称、推荐单位名称的相似度达到此数（%）视为相同"),
    ]),
    entry("PROC-003", Notice, "推荐数超过计划总数", &[
        param("total", "30", "计划总数"),
    ]),
    entry("SAME-001", Major, "纸质扫描件与电子版数值不一致", &[]),
    entry("SAME-002", Minor, "纸质扫描件与电子版内容不一致", &[
        param("text_percent", "99.5", "两份都是电子文本时，相同文字的比例达到此数（%）视为一致"),
        param("text_other_percent", "98", "两份都是电子文本时，低于此数（%）报异常，其间列为未能核对"),
        param("scan_percent", "90", "有扫描件时，相同文字的比例达到此数（%）视为一致"),
        param("scan_other_percent", "50", "有扫描件时，低于此数（%）报异常，其间列为未能核对"),
    ]),
    entry("TAMPER-001", Critical, "签发后内容被修改", &[]),
    entry("TAMPER-002", Notice, "签发文件经编辑软件保存", &[]),
    entry("TAMPER-003", Critical, "文字被遮盖后另写", &[]),
    entry("TAMPER-004", Major, "个别数字字体异常", &[]),
    entry("TAMPER-005", Minor, "扫描件有拼贴", &[]),
    entry("TAMPER-006", Minor, "文件时间与文书日期矛盾", &[]),
    entry("TAMPER-007", Major, "不同单位使用同一印章图像", &[]),
    entry("TAMPER-008", Major, "文字层与页面图像不一致", &[]),
    entry("TAMPER-009", Major, "批注遮盖要素", &[]),
    entry("DUP-001", Critical, "同一发票用于两个项目", &[]),
    entry("DUP-002", Critical, "同一合同、回单、证书或报告编号用于不同单位", &[]),
    entry("DUP-003", Major, "两个项目提交同一文件", &[]),
    entry("DUP-004", Major, "图片高度近似", &[
        param("bits", "6", "感知哈希（64位）相差不超过此数的图片才逐点比对"),
        param("percent", "90", "逐点比对的结构相似度达到此数（%）视为同一图片"),
        param("common", "3", "超过此数的申报单位共有的图片视为通用图片"),
    ]),
    entry("DUP-005", Minor, "申报书大段雷同", &[
        param("chars", "80", "计入雷同的最短连续字数"),
        param("percent", "30", "雷同占比达到此数（%）升为重要不一致"),
        param("common", "3", "超过此数的申报单位共有的文字视为通用文字"),
    ]),
    entry("DUP-006", Minor, "联系方式或账号相同", &[
        param("common", "3", "超过此数的申报单位共用的联系方式视为服务机构或园区"),
    ]),
    entry("DUP-007", Major, "同一平台重复申报", &[
        param("percent", "90", "平台名称相似度达到此数（%）视为同一平台"),
    ]),
    entry("DUP-008", Critical, "以往年度已使用的发票", &[]),
    entry("DUP-009", Minor, "跨单位连号发票", &[
        param("days", "60", "连号发票开票时间相隔达到此天数，或连号达到三张，报一般问题，否则只作提示"),
    ]),
    entry("DUP-010", Notice, "跨单位相同价目或合同模板", &[
        param("applicants", "3", "至少几个申报单位"),
        param("percent", "1", "单价允许的相对差（%）"),
    ]),
];
