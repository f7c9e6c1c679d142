//! The other evidence: licence, tax certificates, audit reports, copyrights, screens, lists.

use rust_decimal::Decimal;

use crate::canvas::{Align, Area, BLACK, BLUE, Canvas, GREY, RED, shows};
use crate::flow::{Block, c, cf, f, same, t};
use crate::font::Face;
use crate::form::grid;
use crate::money::{capital, grouped, plain};
use crate::names::Company;
use crate::rng::Rng;
use crate::world::{Submission, Tax};

/// What a paper says otherwise: a word for the place, and what stands there.
pub type Says = [(&'static str, String)];

fn says(of: &Says, place: &str, usual: &str) -> String {
    of.iter().find(|s| s.0 == place).map_or_else(|| usual.to_owned(), |s| s.1.clone())
}

/// A business licence.
pub fn licence(us: &Company, face: Face, region: &str, other: &Says) -> Canvas {
    let mut cv = Canvas::new(842.0, 595.0);
    cv.rect(Area(24.0, 24.0, 794.0, 547.0), None, Some(((170, 130, 50), 3.0)));
    cv.rect(Area(32.0, 32.0, 778.0, 531.0), None, Some(((170, 130, 50), 1.0)));
    cv.text(330.0, 118.0, 40.0, Face::SerifBold, BLACK, "营业执照");
    cv.text(386.0, 146.0, 13.0, face, BLACK, "（副　本）");
    cv.text(64.0, 84.0, 11.0, face, BLACK, "统一社会信用代码");
    cv.field((64.0, 104.0), 14.0, Face::SansBold, BLACK, &us.uscc, &shows("uscc", &us.uscc));
    cv.qr(Area(690.0, 60.0, 76.0, 76.0), &format!("http://www.gsxt.gov.cn/index.html?uniscid={}", us.uscc));
    let cap = format!("{}万元整", capital(Decimal::from(us.capital), "").replace('整', ""));
    let founded = us.founded.format("%Y年%m月%d日").to_string();
    let head = says(other, "head", "法定代表人");
    let left = [
        ("名　　　称", us.name.clone(), shows("name", &us.name)),
        ("类　　　型", says(other, "type", "有限责任公司(自然人投资或控股)"), Vec::new()),
        (head.as_str(), us.legal.clone(), shows("legal_representative", &us.legal)),
        ("经 营 范 围", "软件开发；信息技术咨询服务；工业互联网数据服务；信息系统集成服务；智能控制系统集成；互联网数据服务；电子产品销售。（依法须经批准的项目，经相关部门批准后方可开展经营活动）".into(), Vec::new()),
    ];
    let right = [
        ("注 册 资 本", cap, shows("registered_capital", plain(Decimal::from(us.capital * 10_000)))),
        ("成 立 日 期", founded, shows("established", us.founded.format("%Y-%m-%d"))),
        ("营 业 期 限", says(other, "term", "长期"), Vec::new()),
        ("住　　　所", us.address.clone(), shows("address", &us.address)),
    ];
    for (x, w, rows) in [(64.0, 300.0, &left), (470.0, 270.0, &right)] {
        for (i, (label, text, shown)) in rows.iter().enumerate() {
            let y = 176.0 + 46.0 * i as f32;
            cv.text(x, y + 24.0, 12.0, face, BLACK, label);
            let tall = if text.chars().count() > 40 { 120.0 } else { 38.0 };
            cv.boxed(Area(x + 78.0, y, w, tall), Align::Left, 12.0, face, BLACK, text, shown);
        }
    }
    cv.text(520.0, 440.0, 13.0, face, BLACK, "登 记 机 关");
    cv.text(
        520.0,
        500.0,
        13.0,
        face,
        BLACK,
        &us.founded.succ_opt().unwrap_or(us.founded).format("%Y 年 %m 月 %d 日").to_string(),
    );
    cv.seal((640.0, 470.0), 48.0, &format!("{region}市场监督管理局"), "");
    cv.text(
        64.0,
        548.0,
        9.0,
        face,
        GREY,
        "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn　　　国家市场监督管理总局监制",
    );
    cv
}

/// A tax clearance certificate of a year.
pub fn tax(us: &Company, list: &[Tax], number: &str, office: &str, face: Face) -> Canvas {
    let mut cv = Canvas::new(684.0, 420.0);
    cv.text(258.0, 34.0, 12.0, face, BLACK, "中 华 人 民 共 和 国");
    cv.text(262.0, 58.0, 19.0, Face::SerifBold, BLACK, "税 收 完 税 证 明");
    cv.text(480.0, 46.0, 10.0, face, BLACK, "No.");
    cv.field((498.0, 46.0), 10.0, face, RED, number, &shows("number", number));
    let issued = format!("填发日期：2023年1月{}日", 9 + list.len());
    cv.text(60.0, 82.0, 9.5, face, BLACK, &issued);
    cv.text(400.0, 82.0, 9.5, face, BLACK, &format!("税务机关：{office}"));
    let x1 = 640.0;
    cv.grid(&[44.0, 130.0, 320.0, 400.0, x1], &[92.0, 116.0], 0.8, BLACK);
    let e = Vec::new();
    cv.boxed(Area(44.0, 92.0, 86.0, 24.0), Align::Centre, 9.5, face, BLACK, "纳税人识别号", &e);
    cv.boxed(
        Area(130.0, 92.0, 190.0, 24.0),
        Align::Centre,
        9.5,
        face,
        BLACK,
        &us.uscc,
        &shows("taxpayer_id", &us.uscc),
    );
    cv.boxed(Area(320.0, 92.0, 80.0, 24.0), Align::Centre, 9.5, face, BLACK, "纳税人名称", &e);
    cv.boxed(
        Area(400.0, 92.0, x1 - 400.0, 24.0),
        Align::Centre,
        9.5,
        face,
        BLACK,
        &us.name,
        &shows("taxpayer", &us.name),
    );
    let xs = [44.0, 160.0, 256.0, 332.0, 470.0, 552.0, x1];
    let ys: Vec<f32> = (0..=list.len() + 1).map(|i| 116.0 + 23.0 * i as f32).collect();
    cv.grid(&xs, &ys, 0.8, BLACK);
    for (i, h) in ["原 凭 证 号", "税　种", "品目名称", "税款所属时期", "入(退)库日期", "实缴(退)金额"]
        .iter()
        .enumerate()
    {
        cv.boxed(Area(xs[i], ys[0], xs[i + 1] - xs[i], 23.0), Align::Centre, 9.5, face, BLACK, h, &e);
    }
    let mut rng = Rng::new(5, number);
    for (n, tax) in list.iter().enumerate() {
        let cells = [
            format!("343016{}", rng.digits(12)),
            tax.kind.to_string(),
            if tax.kind == "增值税" { "软件服务".into() } else { "".to_string() },
            format!("{} 至 {}", tax.period.0.format("%Y-%m-%d"), tax.period.1.format("%Y-%m-%d")),
            tax.paid.format("%Y-%m-%d").to_string(),
            grouped(tax.amount),
        ];
        for (i, text) in cells.iter().enumerate() {
            let align = if i == 5 { Align::Right } else { Align::Centre };
            cv.boxed(Area(xs[i], ys[n + 1], xs[i + 1] - xs[i], 23.0), align, 8.5, face, BLACK, text, &e);
        }
    }
    let y = ys[ys.len() - 1];
    let total: Decimal = list.iter().map(|t| t.amount).sum();
    cv.grid(&[44.0, 130.0, x1], &[y, y + 26.0], 0.8, BLACK);
    cv.boxed(Area(44.0, y, 86.0, 26.0), Align::Centre, 9.5, face, BLACK, "金额合计", &e);
    cv.text(136.0, y + 17.0, 9.5, face, BLACK, &format!("（大写）人民币{}", capital(total, "元")));
    cv.field(
        (530.0, y + 17.0),
        9.5,
        face,
        BLACK,
        &format!("¥{}", grouped(total)),
        &shows("amount", plain(total)),
    );
    cv.rect(Area(44.0, y + 26.0, x1 - 44.0, 70.0), None, Some((BLACK, 0.8)));
    cv.text(70.0, y + 54.0, 9.5, face, BLACK, "税务机关（盖章）　　　　　　　填票人：电子税务局");
    cv.text(400.0, y + 54.0, 9.0, face, BLACK, "备注：一般申报，正税");
    cv.text(250.0, y + 112.0, 10.0, face, BLACK, "妥 善 保 管、 手 写 无 效");
    cv.seal((150.0, y + 62.0), 40.0, office, "征税专用章");
    cv
}

/// The opinion page of an audit report.
pub fn audit(s: &Submission, year: i32, number: &str, firm: &str, other: &Says) -> Vec<Block> {
    let number = &says(other, "number", number);
    let day = format!("{}-{:02}-{:02}", year + 1, if year == 2021 { 4 } else { 2 }, 3);
    let shown = if year == 2021 { "二〇二二年四月三日" } else { "二〇二三年二月三日" };
    vec![
        Block::Gap(1.0),
        Block::Title(vec![t("审　计　报　告")], 1.7),
        Block::Para(vec![t("　　　　　　　　　　　　　　　　"), same("number", number)], false),
        Block::Gap(0.5),
        Block::Para(vec![same("company", &s.us.name), t("全体股东：")], false),
        Block::Para(vec![t(says(other, "opinion_head", "一、审计意见"))], true),
        Block::Para(
            vec![
                t(format!("我们审计了{}（以下简称贵公司）财务报表，包括", s.us.name)),
                f(
                    "period",
                    year,
                    format!(
                        "{year}年12月31日的资产负债表，{year}年度的利润表、现金流量表以及相关财务报表附注。"
                    ),
                ),
            ],
            true,
        ),
        Block::Para(
            vec![t(says(
                other,
                "opinion",
                "我们认为，后附的财务报表在所有重大方面按照企业会计准则的规定编制，公允反映了贵公司的财务状况以及经营成果和现金流量。",
            ))],
            true,
        ),
        Block::Para(vec![t(says(other, "basis_head", "二、形成审计意见的基础"))], true),
        Block::Para(
            vec![t(says(
                other,
                "basis",
                "我们按照中国注册会计师审计准则的规定执行了审计工作。我们相信，我们获取的审计证据是充分、适当的，为发表审计意见提供了基础。",
            ))],
            true,
        ),
        Block::Para(vec![t("三、管理层和治理层对财务报表的责任")], true),
        Block::Para(
            vec![t(
                "管理层负责按照企业会计准则的规定编制财务报表，使其实现公允反映，并设计、执行和维护必要的内部控制。",
            )],
            true,
        ),
        Block::Gap(1.5),
        Block::Para(vec![same("firm", firm), t("　　　　中国注册会计师：喻守拙")], false),
        Block::Para(vec![t("中国·长沙　　　　　　　　　　　　中国注册会计师：柳清扬")], false),
        Block::Seal(0.2, 0.2, firm.to_string(), ""),
        Block::Para(vec![t("　　　　　　　　　　　　　　　　　　"), f("date", day, shown)], false),
    ]
}

/// A software copyright certificate.
pub fn copyright(s: &Submission, face: Face) -> Canvas {
    let mut cv = Canvas::a4();
    cv.rect(Area(30.0, 30.0, 535.0, 782.0), None, Some(((60, 120, 90), 2.5)));
    cv.text(160.0, 130.0, 20.0, face, BLACK, "中华人民共和国国家版权局");
    cv.text(150.0, 178.0, 26.0, Face::SerifBold, BLACK, "计算机软件著作权登记证书");
    let title = format!("{}V1.0", s.platform.replace("工业互联网", "数据管理"));
    let date = crate::names::day(2022, 6, 17);
    let rows = [
        ("证书号：", s.copyright.1.clone(), Vec::new()),
        ("软 件 名 称：", title.clone(), shows("title", &title)),
        ("著 作 权 人：", s.us.name.clone(), shows("owner", &s.us.name)),
        ("开发完成日期：", "2022年03月10日".into(), Vec::new()),
        ("首次发表日期：", "未发表".into(), Vec::new()),
        ("权利取得方式：", "原始取得".into(), Vec::new()),
        ("权 利 范 围：", "全部权利".into(), Vec::new()),
        ("登　记　号：", s.copyright.0.clone(), shows("number", &s.copyright.0)),
    ];
    for (i, (label, text, shown)) in rows.iter().enumerate() {
        let y = 250.0 + 44.0 * i as f32;
        cv.text(96.0, y, 14.0, face, BLACK, label);
        let size = 14.0 * (300.0 / face.width(text, 14.0)).min(1.0);
        cv.field((210.0, y), size, face, BLACK, text, shown);
    }
    cv.text(
        96.0,
        620.0,
        12.0,
        face,
        BLACK,
        "根据《计算机软件保护条例》和《计算机软件著作权登记办法》的规定，",
    );
    cv.text(72.0, 642.0, 12.0, face, BLACK, "经中国版权保护中心审核，对以上事项予以登记。");
    cv.field(
        (360.0, 730.0),
        13.0,
        face,
        BLACK,
        &date.format("%Y年%m月%d日").to_string(),
        &shows("date", date),
    );
    cv.seal((420.0, 712.0), 50.0, "国家版权局计算机软件登记", "登记专用章");
    cv
}

/// Two screens of the platform.
pub fn screen(s: &Submission, page: u32, face: Face, clock: &str) -> Canvas {
    let mut cv = Canvas::new(842.0, 500.0);
    let mut rng = Rng::new(u64::from(page), &s.us.uscc);
    cv.rect(Area(0.0, 0.0, 842.0, 500.0), Some((242, 245, 250)), None);
    cv.rect(Area(0.0, 0.0, 842.0, 44.0), Some((22, 48, 92)), None);
    cv.text(20.0, 28.0, 15.0, face, (255, 255, 255), &s.platform);
    cv.text(660.0, 28.0, 10.0, face, (220, 230, 250), &format!("管理员　{clock}"));
    cv.rect(Area(0.0, 44.0, 120.0, 456.0), Some((34, 60, 106)), None);
    let menu =
        ["系统首页", "设备接入", "数据中台", "模型中心", "应用市场", "用户管理", "告警中心", "系统设置"];
    for (i, m) in menu.iter().enumerate() {
        cv.text(26.0, 80.0 + 38.0 * i as f32, 11.0, face, (225, 232, 245), m);
    }
    let cards = [("接入设备", "台"), ("采集点位", "个"), ("工业模型", "个"), ("工业APP", "个")];
    for (i, (label, unit)) in cards.iter().enumerate() {
        let x = 140.0 + 172.0 * i as f32;
        cv.rect(Area(x, 62.0, 158.0, 70.0), Some((255, 255, 255)), Some(((210, 218, 230), 0.8)));
        cv.text(x + 14.0, 86.0, 11.0, face, GREY, label);
        cv.text(x + 14.0, 116.0, 20.0, Face::SansBold, BLUE, &rng.int(20, 9_000).to_string());
        cv.text(x + 110.0, 116.0, 10.0, face, GREY, unit);
    }
    cv.rect(Area(140.0, 150.0, 674.0, 320.0), Some((255, 255, 255)), Some(((210, 218, 230), 0.8)));
    cv.text(156.0, 176.0, 12.0, face, BLACK, if page == 1 { "设备运行趋势（近30日）" } else { "能耗分布" });
    let mut last = (170.0, 400.0);
    for i in 0..30 {
        let (x, y) = (170.0 + 21.0 * i as f32, 240.0 + rng.unit() * 180.0);
        if page == 1 {
            cv.line(last, (x, y), 1.6, BLUE);
        } else {
            cv.rect(Area(x, y, 12.0, 440.0 - y), Some((70, 130, 200)), None);
        }
        last = (x, y);
    }
    cv
}

/// A photograph-like picture of a workshop, as JPEG bytes.
pub fn photo(seed: u64, w: u32, h: u32) -> Vec<u8> {
    let mut rng = Rng::new(seed, "photo");
    let boxes: Vec<(f32, f32, f32, f32, [f32; 3])> = (0..26)
        .map(|_| {
            let (x, y) = (rng.unit(), 0.35 + rng.unit() * 0.5);
            (
                x,
                y,
                0.04 + rng.unit() * 0.14,
                0.06 + rng.unit() * 0.22,
                [60.0 + rng.unit() * 120.0, 70.0 + rng.unit() * 100.0, 80.0 + rng.unit() * 110.0],
            )
        })
        .collect();
    let picture = image::RgbImage::from_fn(w, h, |px, py| {
        let (x, y) = (px as f32 / w as f32, py as f32 / h as f32);
        let mut v = if y < 0.4 {
            [190.0 - 60.0 * y, 200.0 - 50.0 * y, 205.0 - 40.0 * y]
        } else {
            [120.0 - 40.0 * (y - 0.4), 124.0 - 40.0 * (y - 0.4), 118.0]
        };
        for (bx, by, bw, bh, tint) in &boxes {
            if (x - bx).abs() < bw / 2.0 && (y - by).abs() < bh / 2.0 {
                let shade = 0.75 + 0.5 * (x - bx) / bw;
                v = tint.map(|t| t * shade);
            }
        }
        let grain = (rng.unit() - 0.5) * 14.0;
        image::Rgb(v.map(|c| (c + grain).clamp(0.0, 255.0) as u8))
    });
    crate::scan::jpeg(&image::DynamicImage::ImageRgb8(picture), 60)
}

/// List of served companies or regions.
pub fn service(s: &Submission) -> Vec<Block> {
    let mut rows = vec![vec![c("序号"), c("企业名称"), c("统一社会信用代码"), c("服务内容"), c("接入时间")]];
    for (i, k) in s.customers.iter().enumerate() {
        rows.push(vec![
            c((i + 1).to_string()),
            c(&k.name),
            c(&k.uscc),
            c(["设备联网", "能耗管理", "质量追溯"][i % 3]),
            c(format!("2022年{}月", i % 9 + 2)),
        ]);
    }
    rows.push(vec![c("合计"), cf("count", s.customers.len(), format!("{}家", s.customers.len())).wide(4)]);
    vec![Block::Title(vec![t("平台服务企业列表")], 1.3), grid(&[0.5, 2.3, 2.0, 1.0, 1.1], rows, 0.78)]
}

/// List of served regions.
pub fn regions(s: &Submission) -> Vec<Block> {
    let mut rows = vec![vec![c("序号"), c("服务区域"), c("服务企业数"), c("服务内容")]];
    for (i, r) in ["长沙市", "株洲市", "湘潭市"].iter().enumerate() {
        rows.push(vec![
            c((i + 1).to_string()),
            c(*r),
            c(((s.customers.len() + i) / 3).to_string()),
            c("平台推广与设备接入服务"),
        ]);
    }
    vec![Block::Title(vec![t("平台服务区域列表")], 1.3), grid(&[0.5, 1.5, 1.2, 2.2], rows, 0.85)]
}

/// The list of attachments.
pub fn contents(s: &Submission, names: &[String]) -> Vec<Block> {
    let mut rows = vec![vec![c("序号"), c("材料名称"), c("备注")]];
    rows.extend(names.iter().enumerate().map(|(i, n)| vec![c((i + 1).to_string()), c(n).left(), c("附后")]));
    let whose = format!("申报单位：{}　　平台名称：{}", s.us.name, s.platform);
    vec![
        Block::Title(vec![t("证明材料清单")], 1.3),
        Block::Para(vec![t(whose)], false),
        grid(&[0.6, 4.0, 0.8], rows, 0.85),
    ]
}
