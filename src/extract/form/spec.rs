//! What type each field of the form has, and the choices of its tick boxes.

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

/// The type of a field, by its full name.
pub(super) fn type_of(field: &str) -> Type {
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
        ("平台基本信息", name) if CHOICES.iter().any(|(field, _)| *field == name) => Type::Ticks,
        ("平台基本信息", "覆盖场景数" | "覆盖行业数") => Type::Number,
        ("平台基本信息", name) if name.contains("投资") || name.contains("收入") => Type::Money,
        ("平台能力信息", "2022年服务合同额") => Type::Money,
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

/// A choice: how the report names it, and how it may be written.
pub(super) type Choice = (&'static str, &'static [&'static str]);

/// Groups of tick boxes in the form's order.
pub(super) const CHOICES: &[(&str, &[Choice])] = &[
    ("建设方式", &[("自建", &["自建", "自主建设"]), ("合作共建", &["合作共建", "合作建设", "共建"])]),
    ("IaaS设施", &[("自建", &["自建"]), ("租用", &["租用", "租赁"])]),
    (
        "平台运营",
        &[
            ("独立运营", &["独立运营"]),
            ("本企业信息化部门", &["本企业信息化部门", "企业信息化部门"]),
            ("其他", &["其他", "其它"]),
        ],
    ),
    (
        "平台类别",
        &[
            ("综合型工业互联网平台", &["综合型工业互联网平台", "综合型"]),
            ("特色型工业互联网平台", &["特色型工业互联网平台", "特色型"]),
            ("专业型工业互联网平台", &["专业型工业互联网平台", "专业型"]),
        ],
    ),
    (
        "覆盖场景",
        &[
            ("研发设计", &["研发设计"]),
            ("采购供应", &["采购供应"]),
            ("计划调度", &["计划调度"]),
            ("生产作业", &["生产作业"]),
            ("质量管控", &["质量管控"]),
            ("运营管理", &["运营管理"]),
            ("企业管理", &["企业管理"]),
            ("仓储物流", &["仓储物流"]),
            ("产品服务", &["产品服务"]),
            ("营销管理", &["营销管理"]),
            ("其他", &["其他", "其它"]),
            (
                "5G、区块链、VR/AR、数字孪生等新技术应用场景",
                &["5G、区块链、VR/AR、数字孪生等新技术应用场景", "5G、区块链", "5G区块链", "新技术应用场景"],
            ),
        ],
    ),
    (
        "面向行业",
        &[
            ("工程机械", &["工程机械"]),
            ("轨道交通装备", &["轨道交通装备", "轨道交通"]),
            ("中小航空发动机及航空航天装备", &["中小航空发动机及航空航天装备", "中小航空发动机"]),
            ("电子信息", &["电子信息"]),
            ("新能源汽车", &["新能源汽车"]),
            ("现代石化", &["现代石化"]),
            ("其他", &["其他", "其它"]),
        ],
    ),
];
