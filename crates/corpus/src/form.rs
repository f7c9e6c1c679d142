//! The application form 申报书 in several table layouts, and the city's summary table.

use rust_decimal::Decimal;

use crate::flow::{Block, Cell, Grid, c, cf, f, same, t};
use crate::money::{plain, wan, wan2};
use crate::rng::Rng;
use crate::world::Submission;

/// How a form is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// 0 as the notice prints it, 1 with other cells, 2 as label-value pairs.
    pub kind: u8,
    /// Ticked and empty box.
    pub ticks: (&'static str, &'static str),
    /// Whether 万元 cells always have two decimals.
    pub two: bool,
}

/// What the form says where it should not say what is true; empty on honest forms.
pub type Slips = Vec<(&'static str, String)>;

struct Writer<'a> {
    s: &'a Submission,
    layout: Layout,
    slips: &'a Slips,
}

/// A table with rulings.
pub fn grid(widths: &[f32], rows: Vec<Vec<Cell>>, scale: f32) -> Block {
    Block::Table(Grid { widths: widths.to_vec(), rows, ruled: true, scale })
}

/// The form's blocks. `attach` is set after the plan, before the evidence list.
pub fn form(s: &Submission, layout: Layout, slips: &Slips) -> Vec<Block> {
    let w = Writer { s, layout, slips };
    let mut out = w.cover();
    out.extend(w.commitment());
    out.push(Block::Head("一、基本信息".into()));
    out.push(Block::Sub("（一）申报单位基本信息".into()));
    out.extend(w.basics());
    out.push(Block::Sub("（二）平台基本信息".into()));
    out.push(w.platform());
    out.push(Block::Sub("（三）平台能力信息".into()));
    out.push(w.abilities());
    out.push(Block::Sub("（四）平台已完成的投资清单".into()));
    out.push(Block::Para(vec![t("（合同、发票与支付凭证按此顺序排列附后）")], false));
    out.extend(w.list());
    out.extend(w.plan());
    out
}

impl Writer<'_> {
    fn slip(&self, field: &str) -> Option<String> {
        self.slips.iter().find(|(k, _)| *k == field).map(|(_, v)| v.clone())
    }

    /// A text cell.
    fn text(&self, field: &'static str, value: &str) -> Cell {
        let v = self.slip(field).unwrap_or_else(|| value.to_string());
        if v.is_empty() { c("") } else { cf(field, &v, &v) }
    }

    /// An amount in 万元.
    fn wan(&self, field: &str, yuan: Decimal) -> Cell {
        let shown =
            self.slip(field).unwrap_or_else(|| if self.layout.two { wan2(yuan) } else { wan(yuan, 2) });
        let Ok(n) = shown.parse::<Decimal>() else { return c(shown) };
        cf(field, plain(n * Decimal::from(10_000)), shown)
    }

    fn number(&self, field: &str, n: impl ToString, unit: &str) -> Cell {
        let shown = self.slip(field).unwrap_or_else(|| n.to_string());
        if shown.is_empty() {
            return c(unit);
        }
        let value = shown.parse::<Decimal>().map_or_else(|_| shown.clone(), |d| d.normalize().to_string());
        cf(field, value, format!("{shown}{unit}"))
    }

    fn cover(&self) -> Vec<Block> {
        let s = self.s;
        let filed =
            f("封面.申报日期", s.filed.format("%Y-%m-%d"), s.filed.format("%Y年%-m月%-d日").to_string());
        let line = |label: &str, value: crate::flow::Span, tail: &str| {
            Block::Para(vec![t(format!("{label}：")), value.lined(), t(tail)], true)
        };
        let name = self.slip("封面.企业名称").unwrap_or_else(|| s.us.name.clone());
        vec![
            Block::Para(vec![t("附件1")], false),
            Block::Gap(3.0),
            Block::Title(vec![t("2023年度省级工业互联网平台")], 1.7),
            Block::Title(vec![t("建设项目计划申报书")], 1.7),
            Block::Gap(4.0),
            line("企业名称", same("封面.企业名称", &name), "（盖章）"),
            Block::Seal(0.55, 0.4, s.us.name.clone(), ""),
            line("平台名称", same("封面.平台名称", &s.platform), ""),
            line("联系人", same("封面.联系人", &s.contact.0), ""),
            line("联系电话", same("封面.联系电话", &s.contact.1), ""),
            line("推荐单位", same("封面.推荐单位", &s.office), "（盖章）"),
            Block::Seal(0.5, 0.3, s.office.clone(), ""),
            line("申报日期", filed, ""),
            Block::Break,
        ]
    }

    fn commitment(&self) -> Vec<Block> {
        let s = self.s;
        let (a, b) = (
            "我单位承诺：此次申请所提交的材料及附件资料均真实、合法，如有不实之处，我单位愿承担相应的法律责任及由此产生的一切后果。我单位经营良好，无重大金融风险,如有不实，愿承担相应的责任。",
            "特此承诺！",
        );
        vec![
            Block::Title(vec![t("真实性承诺")], 1.4),
            Block::Gap(1.0),
            Block::Para(vec![t(a)], true),
            Block::Para(vec![t(b)], true),
            Block::Gap(2.0),
            Block::Para(
                vec![t("　　　　　　　　单位负责人（签字）："), same("真实性承诺.单位负责人", &s.us.legal)],
                false,
            ),
            Block::Para(vec![t("　　　　　　　　申报单位（盖章）：")], false),
            Block::Seal(0.72, 0.3, s.us.name.clone(), ""),
            Block::Para(
                vec![
                    t("　　　　　　　　　　　　"),
                    f(
                        "真实性承诺.日期",
                        s.filed.format("%Y-%m-%d"),
                        s.filed.format("%Y年%-m月%-d日").to_string(),
                    ),
                ],
                false,
            ),
            Block::Break,
        ]
    }

    fn period(&self) -> Cell {
        let ((y0, m0), (y1, m1)) = self.s.period;
        let text =
            self.slip("基本信息.项目起止时间").unwrap_or_else(|| format!("{y0}年{m0}月至{y1}年{m1}月"));
        let mut shows = Vec::new();
        for (part, field) in text.split('至').zip(["基本信息.项目开始", "基本信息.项目结束"])
        {
            let nums: Vec<u32> =
                part.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
            if let [y, m] = nums[..] {
                shows.extend(crate::canvas::shows(field, format!("{y:04}-{m:02}")));
            }
        }
        c(text).also(shows)
    }

    fn basics(&self) -> Vec<Block> {
        let s = self.s;
        let done = self.wan("基本信息.已完成投资", s.claimed());
        let plan = self.wan("基本信息.计划投资", s.plan);
        let founded = cf(
            "基本信息.成立时间",
            s.us.founded.format("%Y-%m-%d"),
            s.us.founded.format("%Y年%-m月%-d日").to_string(),
        );
        let l = |name: &'static str, v: &str| self.text(name, v);
        let person = |name: &'static str, v: &str| self.text(name, v);
        let rows = if self.layout.kind == 1 {
            vec![
                vec![c("单位名称"), l("基本信息.单位名称", &s.us.name).wide(3)],
                vec![
                    c("组织机构代码"),
                    l("基本信息.组织机构代码", &s.us.uscc),
                    c("单位性质"),
                    l("基本信息.单位性质", "民营企业"),
                ],
                vec![c("单位地址"), l("基本信息.单位地址", &s.us.address), c("成立时间"), founded],
                vec![c("平台名称"), l("基本信息.平台名称", &s.platform), c("项目起止时间"), self.period()],
                vec![c("计划投资\n（万元）"), plan, c("已完成投资\n（万元）"), done],
                vec![
                    c("平台负责人"),
                    person("基本信息.平台负责人.姓名", &s.leader.0),
                    c("所属部门"),
                    person("基本信息.平台负责人.所属部门", "数字化事业部"),
                ],
                vec![
                    c("职务"),
                    person("基本信息.平台负责人.职务", "部门经理"),
                    c("职称"),
                    person("基本信息.平台负责人.职称", "高级工程师"),
                ],
                vec![
                    c("固定电话"),
                    person("基本信息.平台负责人.固定电话", &s.us.phone),
                    c("移动电话"),
                    person("基本信息.平台负责人.移动电话", &s.leader.1),
                ],
                vec![
                    c("传真号码"),
                    person("基本信息.平台负责人.传真号码", &s.us.phone),
                    c("电子邮箱"),
                    person("基本信息.平台负责人.电子邮箱", &self.mail()),
                ],
            ]
        } else {
            vec![
                vec![c("平台名称"), l("基本信息.平台名称", &s.platform).wide(4)],
                vec![c("项目起止时间"), self.period().wide(4)],
                vec![c("计划投资"), money_unit(plan).wide(2), c("已完成投资"), money_unit(done)],
                vec![c("单位名称"), l("基本信息.单位名称", &s.us.name).wide(4)],
                vec![
                    c("组织机构代码"),
                    l("基本信息.组织机构代码", &s.us.uscc).wide(2),
                    c("单位性质"),
                    l("基本信息.单位性质", "有限责任公司"),
                ],
                vec![c("单位地址"), l("基本信息.单位地址", &s.us.address).wide(2), c("成立时间"), founded],
                vec![
                    c("平台负责人信息").high(4),
                    c("姓名"),
                    person("基本信息.平台负责人.姓名", &s.leader.0),
                    c("所属部门"),
                    person("基本信息.平台负责人.所属部门", "研发中心"),
                ],
                vec![
                    c("职务"),
                    person("基本信息.平台负责人.职务", "技术总监"),
                    c("职称"),
                    person("基本信息.平台负责人.职称", "高级工程师"),
                ],
                vec![
                    c("固定电话"),
                    person("基本信息.平台负责人.固定电话", &s.us.phone),
                    c("移动电话"),
                    person("基本信息.平台负责人.移动电话", &s.leader.1),
                ],
                vec![
                    c("传真号码"),
                    person("基本信息.平台负责人.传真号码", &s.us.phone),
                    c("电子邮箱"),
                    person("基本信息.平台负责人.电子邮箱", &self.mail()),
                ],
                vec![
                    c("技术支撑单位信息（选填）").high(2),
                    c("单位名称"),
                    c("单位性质"),
                    c("组织机构代码（统一社会信用代码）").wide(2),
                ],
                vec![c("/"), c("/"), c("/").wide(2)],
            ]
        };
        let widths: &[f32] =
            if self.layout.kind == 1 { &[1.0, 2.1, 1.0, 2.1] } else { &[1.25, 1.0, 1.7, 1.1, 1.9] };
        let mut out = vec![grid(widths, rows, 0.82)];
        out.push(self.operations());
        out.push(self.intro());
        out
    }

    fn mail(&self) -> String {
        format!("pt{}@{}.example.cn", &self.s.leader.1[7..], self.s.us.uscc[10..15].to_lowercase())
    }

    fn operations(&self) -> Block {
        let s = self.s;
        let [a, b, d, e] = s.staff;
        let total: i64 = s.staff.iter().sum();
        let n = |name: &str, v: i64, unit: &str| {
            self.number(&format!("基本信息.项目参与工作人员.{name}"), v, unit)
        };
        let months = total * 16;
        let mut rows = vec![
            vec![c("项目参与工作人员").high(4), c("总数"), n("总数", total, "人").wide(3)],
            vec![c("高级职称"), n("高级职称", a, "人"), c("初级职称"), n("初级职称", d, "人")],
            vec![c("中级职称"), n("中级职称", b, "人"), c("其他人员"), n("其他人员", e, "人")],
            vec![c("已经投入项目的工作总量"), n("工作总量", months, "人月").wide(3)],
            vec![c("单位运营状况").high(7), c(""), c("2021年"), c("2022年").wide(2)],
        ];
        for (name, unit) in [
            ("总资产", "万元"),
            ("负债率", "%"),
            ("主营业务收入", "万元"),
            ("税金", "万元"),
            ("利润", "万元"),
            ("研发投入", "万元"),
        ] {
            let cell = |y: usize| {
                let field = format!("基本信息.{name}.{}", 2021 + y);
                let books = &s.books[y];
                match name {
                    "总资产" => self.wan(&field, books.closing("资产总计")),
                    "负债率" => {
                        let r = (books.closing("负债合计") * Decimal::from(100) / books.closing("资产总计"))
                            .round_dp(2);
                        self.number(&field, r, if self.layout.kind == 1 { "%" } else { "" })
                    }
                    "主营业务收入" => self.wan(&field, books.current("营业收入")),
                    "税金" => self.wan(&field, s.tax_of(y)),
                    "利润" => self.wan(&field, books.current("利润总额")),
                    _ => self.wan(&field, books.current("研发费用")),
                }
            };
            rows.push(vec![c(format!("{name}（{unit}）")), cell(0), cell(1).wide(2)]);
        }
        grid(&[1.2, 1.5, 1.5, 1.1, 1.2], rows, 0.82)
    }

    fn intro(&self) -> Block {
        let s = self.s;
        let mut rng = Rng::new(7, &s.us.uscc);
        let a = [
            "专注于制造企业数字化软件与边缘智能终端的研发、生产和服务",
            "面向离散制造行业提供设备联网、生产协同和质量追溯产品",
            "主营工业数据采集装置和工业应用软件，覆盖设计、制造和运维环节",
        ];
        let b = [
            "平台围绕设备上云、工艺优化和能耗管理三类需求建设",
            "平台以设备画像和工艺知识库为核心，服务区域内配套企业",
            "平台采用云边协同架构，向上下游企业开放数据服务",
        ];
        let d = [
            "项目完成平台底座、连接管理和应用市场建设，投入覆盖硬件、软件和云资源",
            "项目建设内容包括边缘层改造、数据中台和工业应用开发",
            "项目分两期实施，首期完成设备接入，二期完善模型与应用",
        ];
        let text = format!(
            "1、申报单位情况简介\n{}成立于{}年，{}，现有产线联网改造经验丰富，经营面临的主要问题是产线数据口径不一。\n2、平台基本情况简介\n{}，目前运行稳定。\n3、项目简介\n{}。",
            s.us.name,
            s.us.founded.format("%Y"),
            rng.pick(&a),
            rng.pick(&b),
            rng.pick(&d)
        );
        let text = self.slip("基本信息.企业及项目简介").unwrap_or(text);
        let honours = vec![
            vec![c("企业荣誉").high(2), c("序号"), c("项目名称"), c("荣誉名称")],
            vec![c("/"), c("/"), c("/")],
            vec![c("企业及项目简介\n（800字以内）"), c(text).left().wide(3)],
        ];
        grid(&[1.2, 0.8, 2.4, 2.2], honours, 0.8)
    }

    fn ticked(&self, field: &str, options: &[&str], on: &[usize], joiner: &str) -> Cell {
        let (yes, no) = self.layout.ticks;
        let text: Vec<String> = options
            .iter()
            .enumerate()
            .map(|(i, o)| format!("{}{o}", if on.contains(&i) { yes } else { no }))
            .collect();
        let value: Vec<String> = on
            .iter()
            .map(|&i| options[i].split(['　', '（', '(']).next().unwrap_or_default().to_string())
            .collect();
        cf(field, value.join("、"), text.join(joiner)).left()
    }

    fn platform(&self) -> Block {
        let s = self.s;
        let mut rng = Rng::new(11, &s.us.uscc);
        let scenes = [
            "研发设计",
            "采购供应",
            "计划调度",
            "生产作业",
            "质量管控",
            "运营管理",
            "企业管理",
            "仓储物流",
            "产品服务",
            "营销管理",
        ];
        let fields = [
            "工程机械",
            "轨道交通装备",
            "中小航空发动机及航空航天装备",
            "电子信息",
            "新能源汽车",
            "现代石化",
        ];
        let mut on: Vec<usize> = rng.some(&(0..10).collect::<Vec<_>>(), 4);
        on.sort_unstable();
        let mut trades: Vec<usize> = rng.some(&(0..6).collect::<Vec<_>>(), 2);
        trades.sort_unstable();
        let class = ["综合型", "特色型", "专业型"].iter().position(|k| *k == s.class).unwrap_or(0);
        let (y1, y2) = (s.claimed_in(2021), s.claimed_in(2022));
        let (r1, r2) = (
            s.books[0].current("营业收入") / Decimal::from(12),
            s.books[1].current("营业收入") / Decimal::from(10),
        );
        let (r1, r2) = (
            (r1 / Decimal::from(10_000)).trunc() * Decimal::from(10_000),
            (r2 / Decimal::from(10_000)).trunc() * Decimal::from(10_000),
        );
        let p = |name: &str, d: Decimal| self.wan(&format!("平台基本信息.{name}"), d);
        let n = |name: &str, v: usize| self.number(&format!("平台基本信息.{name}"), v, "");
        let cloud = s
            .deals
            .iter()
            .find(|d| d.invoices.iter().any(|i| i.items[0].category == "cloud"))
            .map(|d| d.invoices[0].seller.name.clone());
        let iaas = if cloud.is_some() { 1 } else { 0 };
        let provider = cloud.map(|n| format!("服务商{n}")).unwrap_or_else(|| "服务商　/".into());
        let rows = vec![
            vec![c("平台名称"), self.text("平台基本信息.平台名称", &s.platform).wide(3)],
            vec![
                c("建设方式"),
                self.ticked("平台基本信息.建设方式", &["自建", "合作共建　合作伙伴　/"], &[0], "　").wide(3),
            ],
            vec![
                c("IaaS设施"),
                self.ticked("平台基本信息.IaaS设施", &["自建", &format!("租用　{provider}")], &[iaas], "　")
                    .wide(3),
            ],
            vec![
                c("平台运营"),
                self.ticked(
                    "平台基本信息.平台运营",
                    &["独立运营", "本企业信息化部门", "其他（请注明）"],
                    &[0],
                    "　",
                )
                .wide(3),
            ],
            vec![
                c("平台类别"),
                self.ticked(
                    "平台基本信息.平台类别",
                    &[
                        "综合型工业互联网平台",
                        "特色型工业互联网平台（区域\\行业）",
                        "专业型工业互联网平台（特定场景）",
                    ],
                    &[class],
                    "\n",
                )
                .wide(3),
            ],
            vec![c("覆盖场景").high(2), c("覆盖场景数（个）"), n("覆盖场景数", on.len()).wide(2)],
            vec![self.ticked("平台基本信息.覆盖场景", &scenes, &on, "　").wide(3)],
            vec![c("面向行业").high(2), c("覆盖行业数（个）"), n("覆盖行业数", trades.len()).wide(2)],
            vec![self.ticked("平台基本信息.面向行业", &fields, &trades, "　").wide(3)],
            vec![c("平台投资情况").high(2), c("投资总额（万元）"), c("2021年投资额"), c("2022年投资额")],
            vec![p("投资总额", s.claimed()), p("2021年投资额", y1), p("2022年投资额", y2)],
            vec![
                c("平台收入情况\n（如有）").high(2),
                c("收入总额（万元）"),
                c("2021年平台收入"),
                c("2022年平台收入"),
            ],
            vec![p("收入总额", r1 + r2), p("2021年平台收入", r1), p("2022年平台收入", r2)],
        ];
        grid(&[1.1, 1.4, 1.4, 1.4], rows, 0.82)
    }

    fn abilities(&self) -> Block {
        let s = self.s;
        let mut rng = Rng::new(13, &s.us.uscc);
        let sales: Decimal = s.sales.iter().filter_map(|d| d.contract.as_ref()).map(|c| c.amount).sum();
        let users = rng.int(300, 2_400);
        let all = [
            ("注册用户数", "注册用户数（个）", users.to_string()),
            ("活跃用户数", "活跃用户数（个）", (users * 6 / 10).to_string()),
            ("2022年订单数量", "2022年订单数量（笔）", s.sales.len().to_string()),
            ("2022年服务合同额", "2022年服务合同额（万元）", String::new()),
            ("服务区域数", "服务区域数（个地级市）", "3".to_string()),
            ("接入企业数", "接入企业数（个）", s.customers.len().to_string()),
            ("接入第三方服务商数量", "接入第三方服务商数量（个）", rng.int(2, 6).to_string()),
            ("接入设备数", "接入设备数（个）", rng.int(260, 1_900).to_string()),
            ("接入数据采集点数", "接入数据采集点数（个）", rng.int(4_000, 26_000).to_string()),
            ("可解析的工业网络协议种类", "可解析的工业网络协议种类（种）", rng.int(5, 9).to_string()),
            ("平台积累的工业数据存量", "平台积累的工业数据存量（TB）", rng.int(12, 80).to_string()),
            ("平台积累的模型数", "平台积累的模型数（个）", rng.int(11, 60).to_string()),
            ("工业APP数", "工业APP数（个）", rng.int(7, 40).to_string()),
        ];
        let cells: Vec<[Cell; 3]> = all
            .into_iter()
            .enumerate()
            .map(|(i, (field, label, v))| {
                let field = format!("平台能力信息.{field}");
                let value = if v.is_empty() { self.wan(&field, sales) } else { self.number(&field, v, "") };
                [c((i + 1).to_string()), c(label), value]
            })
            .collect();
        if self.layout.kind == 1 {
            let mut rows = Vec::new();
            for pair in cells.chunks(2) {
                let mut row: Vec<Cell> = pair.iter().flat_map(|r| r.clone()).collect();
                row.resize(6, c(""));
                rows.push(row);
            }
            return grid(&[0.35, 1.8, 0.9, 0.35, 1.8, 0.9], rows, 0.78);
        }
        grid(&[0.5, 3.2, 2.0], cells.into_iter().map(|r| r.to_vec()).collect(), 0.82)
    }

    fn list(&self) -> Vec<Block> {
        let s = self.s;
        let unit = if s.in_yuan { "元" } else { "万元" };
        let show = |d: Decimal| if s.in_yuan { crate::money::grouped(d) } else { wan(d, 6) };
        let value = |d: Decimal| {
            plain(if s.in_yuan { d } else { show(d).parse::<Decimal>().unwrap_or(d) * Decimal::from(10_000) })
        };
        let mut rows = vec![vec![
            c("类别"),
            c("设备名称"),
            c("合同名称"),
            c("生产厂商"),
            c("数量"),
            c(format!("单价\n（{unit}）")),
            c(format!("总价\n（{unit}）")),
        ]];
        let mut n = 0;
        for (category, label) in [
            ("hardware", "硬件设备费"),
            ("software", "软件设备费"),
            ("cloud", "云服务费用"),
            ("labour", "人工费用"),
        ] {
            let of: Vec<_> = s.rows.iter().filter(|r| r.category == category).collect();
            for (i, r) in of.iter().enumerate() {
                let k = |name: &str| format!("items[{n}].{name}");
                let mut row = Vec::new();
                if i == 0 {
                    row.push(c(label).high(of.len()));
                }
                let mut name = cf(&k("name"), &r.name, &r.name);
                name.shows.extend(crate::canvas::shows(&k("category"), category));
                row.extend([
                    name,
                    if r.contract.is_empty() { c("/") } else { cf(&k("contract"), &r.contract, &r.contract) },
                    if r.maker.is_empty() { c("/") } else { cf(&k("manufacturer"), &r.maker, &r.maker) },
                    cf(&k("quantity"), r.quantity.normalize(), r.quantity.normalize().to_string()),
                    cf(&k("unit_price"), value(r.price), show(r.price)),
                    cf(&k("total"), value(r.total), show(r.total)),
                ]);
                rows.push(row);
                n += 1;
            }
        }
        let sum = s.claimed();
        let printed = self.slip("投资清单.合计").unwrap_or_else(|| show(sum));
        let number = printed.replace(',', "").parse::<Decimal>().unwrap_or(sum);
        let number = if s.in_yuan { number } else { number * Decimal::from(10_000) };
        rows.push(vec![c("合计").wide(6), cf("投资清单.合计", plain(number), printed)]);
        vec![grid(&[0.8, 1.5, 1.7, 1.8, 0.6, 0.95, 1.0], rows, 0.72)]
    }

    fn plan(&self) -> Vec<Block> {
        let p = |text: &str| Block::Para(vec![t(text)], true);
        let mut out = vec![Block::Head("二、平台建设方案和预期成效".into())];
        for (head, body) in [
            (
                "（一）平台建设必要性",
                "平台面向装备配套企业提供设备连接、数据汇聚和应用开发能力，解决设备协议多样、数据孤立和质量追溯困难等问题。",
            ),
            (
                "（二）平台基础能力",
                "平台由边缘层、基础设施层、平台层和应用层组成，支持Modbus、OPC UA、MQTT、Profinet、S7等协议，具备访问控制、数据加密和审计能力。",
            ),
            (
                "（三）平台服务能力",
                "平台已在机加、铸造和总装环节落地应用，沉淀刀具寿命、能耗预测等机理模型。",
            ),
            ("（四）平台建设计划", "后续将完善应用市场，扩大接入企业范围，推进区域协同。"),
        ] {
            out.push(Block::Sub(head.into()));
            out.push(p(&self.slip(head).unwrap_or_else(|| body.into())));
        }
        out
    }
}

fn money_unit(mut cell: Cell) -> Cell {
    cell.text.push_str("（万元）");
    cell
}

/// A row of the summary table.
pub struct Entry {
    /// 平台名称, 建设单位, 所在市州, 所在园区, 联系人及电话.
    pub cells: [String; 5],
}

/// The city's summary table 附件2.
pub fn summary(office: &str, contact: &str, entries: &[Entry]) -> (Vec<Block>, Grid) {
    let head = ["序号", "平台名称", "建设单位", "所在市州/县市区", "所在园区", "联系人及电话"];
    let names = ["platform", "company", "region", "park", "contact"];
    let mut rows = vec![head.iter().map(|h| c(*h)).collect::<Vec<_>>()];
    for (i, e) in entries.iter().enumerate() {
        let mut row = vec![cf(&format!("items[{i}].index"), i + 1, (i + 1).to_string())];
        row.extend(e.cells.iter().zip(names).map(|(v, k)| cf(&format!("items[{i}].{k}"), v, v)));
        rows.push(row);
    }
    let table = Grid { widths: vec![0.5, 1.9, 1.9, 1.2, 1.2, 1.4], rows, ruled: true, scale: 0.78 };
    let blocks = vec![
        Block::Para(vec![t("附件2")], false),
        Block::Title(vec![t("2023年度省级工业互联网平台建设项目计划推荐汇总表")], 1.2),
        Block::Gap(0.6),
        Block::Para(vec![t("推荐单位（盖章）："), same("recommending_unit", office)], false),
        Block::Seal(0.4, 0.3, office.to_string(), ""),
        Block::Para(vec![t("联系人及电话："), same("contact", contact)], false),
        Block::Table(table.clone()),
    ];
    let mut sheet = vec![
        vec![c("2023年度省级工业互联网平台建设项目计划推荐汇总表").wide(6)],
        vec![c("推荐单位（盖章）：").wide(2), cf("recommending_unit", office, office).wide(4)],
        vec![c("联系人及电话：").wide(2), cf("contact", contact, contact).wide(4)],
    ];
    sheet.extend(table.rows.clone());
    (blocks, Grid { rows: sheet, ..table })
}
