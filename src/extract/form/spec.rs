//! What type each field of the form has.

use crate::pack::form::{Form, Holds};

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    /// 万元 unless the form says otherwise.
    Money,
    /// A count or a share; the unit falls away.
    Number,
    /// A day, or a month where no day is named.
    Date,
    /// A period in months.
    Period,
    /// Ticked choices.
    Ticks,
    /// A long text in the cells below its label.
    Story,
}

/// The type of a field, by its full name: the notice's own fields say theirs.
pub(super) fn type_of(field: &str, form: &Form) -> Type {
    if let Some(own) = form.fields.get(field) {
        return match own.holds {
            Holds::Text => Type::Text,
            Holds::Money => Type::Money,
            Holds::Number => Type::Number,
            Holds::Date => Type::Date,
        };
    }
    let ticked = &form.choices;
    let (section, name) = field.split_once('.').unwrap_or(("", field));
    match (section, name) {
        ("封面", "申报日期") | ("基本信息", "成立时间") => Type::Date,
        ("基本信息", "项目起止时间") => Type::Period,
        (
            "基本信息",
            "计划投资" | "已完成投资" | "总资产" | "主营业务收入" | "税金" | "利润" | "研发投入",
        ) => Type::Money,
        ("基本信息", "负债率") => Type::Number,
        ("基本信息", "企业荣誉" | "企业及项目简介") => Type::Story,
        ("基本信息", name) if name.starts_with("项目参与工作人员") => Type::Number,
        ("平台基本信息", name) if ticked.contains_key(name) => Type::Ticks,
        ("平台基本信息", "覆盖场景数" | "覆盖行业数") => Type::Number,
        ("平台基本信息", name) if name.contains("投资") || name.contains("收入") => Type::Money,
        ("平台能力信息", name) if name.ends_with("年服务合同额") => Type::Money,
        ("平台能力信息", "服务区域数") => Type::Text,
        ("平台能力信息", _) => Type::Number,
        _ => Type::Text,
    }
}

/// The metrics that stand once a year.
pub(super) const YEARLY: &[&str] = &[
    "基本信息.总资产",
    "基本信息.负债率",
    "基本信息.主营业务收入",
    "基本信息.税金",
    "基本信息.利润",
    "基本信息.研发投入",
];
