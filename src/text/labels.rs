//! What fields are called for people: `contract.md`'s names in Chinese and English.

/// Name, Chinese, English; in the order in which people read them.
const LABELS: &[(&str, &str, &str)] = &[
    ("kind_name", "票种", "kind of invoice"),
    ("title", "标题", "title"),
    ("code", "发票代码", "invoice code"),
    ("number", "号码", "number"),
    ("receipt_number", "回单编号", "receipt number"),
    ("serial_number", "流水号", "serial number"),
    ("voucher", "凭证号", "voucher"),
    ("date", "日期", "date"),
    ("signed_on", "签订日期", "signed on"),
    ("paid_on", "付款日期", "paid on"),
    ("issued", "签发日期", "issued"),
    ("printed_on", "打印日期", "printed on"),
    ("period", "期间", "period"),
    ("check_code", "校验码", "check code"),
    ("cipher", "密码区", "cipher block"),
    ("machine_number", "机器编号", "machine number"),
    ("name", "名称", "name"),
    ("company", "单位名称", "company"),
    ("taxpayer", "纳税人", "taxpayer"),
    ("taxpayer_id", "纳税人识别号", "taxpayer id"),
    ("uscc", "统一社会信用代码", "social credit code"),
    ("buyer_name", "购买方名称", "buyer"),
    ("buyer_tax_id", "购买方税号", "buyer's tax id"),
    ("buyer_address", "购买方地址电话", "buyer's address"),
    ("buyer_bank", "购买方开户行账号", "buyer's bank"),
    ("seller_name", "销售方名称", "seller"),
    ("seller_tax_id", "销售方税号", "seller's tax id"),
    ("seller_address", "销售方地址电话", "seller's address"),
    ("seller_bank", "销售方开户行账号", "seller's bank"),
    ("party_a", "甲方", "party A"),
    ("party_b", "乙方", "party B"),
    ("payer_name", "付款人", "payer"),
    ("payer_account", "付款账号", "payer's account"),
    ("payer_bank", "付款行", "payer's bank"),
    ("payee_name", "收款人户名", "payee"),
    ("payee_account", "收款账号", "payee's account"),
    ("payee_bank", "收款行", "payee's bank"),
    ("amount", "金额", "amount"),
    ("tax", "税额", "tax"),
    ("total", "价税合计", "total"),
    ("total_capital", "价税合计大写", "total in words"),
    ("amount_capital", "金额大写", "amount in words"),
    ("fee", "手续费", "fee"),
    ("direction", "收付方向", "direction"),
    ("status", "状态", "status"),
    ("purpose", "用途摘要", "purpose"),
    ("payment_terms", "付款条款", "payment terms"),
    ("retention", "质保金", "retention"),
    ("delivery", "交付", "delivery"),
    ("amendment_of", "所补充的合同", "amends"),
    ("items_total", "清单合计", "sum of the list"),
    ("firm", "事务所", "audit firm"),
    ("opinion", "审计意见", "opinion"),
    ("authority", "机关", "authority"),
    ("owner", "权利人", "owner"),
    ("established", "成立日期", "established"),
    ("expires", "营业期限至", "expires"),
    ("legal_representative", "法定代表人", "legal representative"),
    ("registered_capital", "注册资本", "registered capital"),
    ("address", "住所", "address"),
    ("scope", "经营范围", "scope"),
    ("type", "类型", "type"),
    ("unit", "单位", "unit"),
    ("count", "数量", "count"),
    ("marks", "标记", "marks"),
    ("remark", "备注", "remark"),
    ("payee", "收款人", "cashier"),
    ("reviewer", "复核人", "reviewer"),
    ("checker", "复核人", "reviewer"),
    ("drawer", "开票人", "drawer"),
    ("kind", "种类", "kind"),
];

/// Columns of lists.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("index", "序号", "no."),
    ("category", "类别", "category"),
    ("name", "名称", "name"),
    ("model", "规格型号", "model"),
    ("manufacturer", "厂家", "manufacturer"),
    ("unit", "单位", "unit"),
    ("quantity", "数量", "quantity"),
    ("unit_price", "单价", "price"),
    ("amount", "金额", "amount"),
    ("rate", "税率%", "rate %"),
    ("tax", "税额", "tax"),
    ("total", "合计", "total"),
    ("closing", "期末", "closing"),
    ("opening", "期初", "opening"),
    ("current", "本期", "current"),
    ("prior", "上期", "prior"),
];

/// Where a field stands among others: the order above, then codes, then the print beside data.
pub fn order(name: &str) -> (usize, usize) {
    let (group, bare) = match (name.strip_prefix("qr."), name.strip_prefix("print.")) {
        (Some(bare), _) => (1, bare),
        (_, Some(bare)) => (2, bare),
        _ => (0, name),
    };
    (group, at(LABELS, bare))
}

/// Where a column stands among others.
pub fn column_order(name: &str) -> usize {
    at(COLUMNS, name)
}

/// A field for people; a name that is none of these is the form's own label.
pub fn field(name: &str, english: bool) -> String {
    let of = |zh: &str, en: &str, bare| {
        format!("{}{}", if english { en } else { zh }, word(LABELS, bare, english))
    };
    if let Some(bare) = name.strip_prefix("qr.") {
        return of("二维码·", "QR: ", bare);
    }
    if let Some(bare) = name.strip_prefix("print.") {
        return of("版面·", "print: ", bare);
    }
    word(LABELS, name, english).to_owned()
}

/// A column for people.
pub fn column(name: &str, english: bool) -> &str {
    word(COLUMNS, name, english)
}

fn at(list: &[(&str, &str, &str)], name: &str) -> usize {
    list.iter().position(|l| l.0 == name).unwrap_or(list.len())
}

fn word<'a>(list: &[(&str, &'static str, &'static str)], name: &'a str, english: bool) -> &'a str {
    list.iter().find(|l| l.0 == name).map_or(name, |l| if english { l.2 } else { l.1 })
}
