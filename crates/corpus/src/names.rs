//! Companies, people, places and goods that do not exist, drawn by the seed.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::codes;
use crate::rng::Rng;

/// A company.
#[derive(Clone, Debug)]
pub struct Company {
    /// Full name.
    pub name: String,
    /// Unified social credit code.
    pub uscc: String,
    /// Registered address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Bank branch.
    pub bank: String,
    /// Account number.
    pub account: String,
    /// Legal representative.
    pub legal: String,
    /// Founded on.
    pub founded: NaiveDate,
    /// Registered capital in 万元.
    pub capital: i64,
    /// The three characters that tell it from others.
    pub brand: String,
}

/// A place: name as it begins company names, its region code, its streets.
pub struct Place {
    /// Prefix of the company name.
    pub prefix: &'static str,
    /// Six digits.
    pub region: &'static str,
    /// Beginning of an address.
    pub address: &'static str,
    /// Area code.
    pub dial: &'static str,
    /// City of a bank branch.
    pub branch: &'static str,
}

/// Where applicants sit.
pub const CHANGSHA: Place =
    Place {
        prefix: "湖南", region: "430100", address: "湖南省长沙市岳麓区", dial: "0731", branch: "长沙"
    };
/// Where applicants sit.
pub const ZHUZHOU: Place =
    Place {
        prefix: "株洲", region: "430200", address: "湖南省株洲市天元区", dial: "0731", branch: "株洲"
    };
/// Where applicants sit.
pub const XIANGTAN: Place =
    Place {
        prefix: "湘潭", region: "430300", address: "湖南省湘潭市岳塘区", dial: "0731", branch: "湘潭"
    };
/// Where applicants sit.
pub const YUEYANG: Place =
    Place {
        prefix: "岳阳", region: "430600", address: "湖南省岳阳市岳阳楼区", dial: "0730", branch: "岳阳"
    };
/// Where suppliers sit.
pub const HUNAN: [Place; 4] = [
    Place {
        prefix: "长沙", region: "430100", address: "长沙市雨花区", dial: "0731", branch: "长沙"
    },
    Place {
        prefix: "湘潭", region: "430300", address: "湘潭市岳塘区", dial: "0731", branch: "湘潭"
    },
    Place {
        prefix: "湖南", region: "430000", address: "长沙市开福区", dial: "0731", branch: "长沙"
    },
    Place {
        prefix: "衡阳", region: "430400", address: "衡阳市蒸湘区", dial: "0734", branch: "衡阳"
    },
];
/// Where suppliers with fully digital invoices sit (they were not issued in Hunan in those years).
pub const PILOT: [Place; 3] = [
    Place {
        prefix: "广州", region: "440100", address: "广州市天河区", dial: "020", branch: "广州"
    },
    Place {
        prefix: "上海", region: "310115", address: "上海市浦东新区", dial: "021", branch: "上海"
    },
    Place {
        prefix: "东莞", region: "441900", address: "东莞市松山湖园区", dial: "0769", branch: "东莞"
    },
];

/// Where a supplier sits whose invoices stand on a block chain.
pub const SHENZHEN: Place =
    Place {
        prefix: "深圳", region: "440300", address: "深圳市南山区", dial: "0755", branch: "深圳"
    };

// Characters that companies use, in combinations that none does.
const FIRST: [&str; 16] =
    ["砚", "楚", "檀", "骐", "岚", "泓", "璟", "屹", "菁", "逸", "瀛", "钧", "皓", "湘", "霁", "澄"];
const SECOND: [&str; 16] =
    ["衡", "砺", "渡", "枢", "泽", "朔", "澜", "拓", "岑", "铎", "铭", "晏", "临", "稷", "鉴", "弘"];
const THIRD: [&str; 12] = ["云", "智", "联", "信", "达", "科", "创", "源", "通", "成", "峰", "图"];
const ROADS: [&str; 8] =
    ["麓枫路", "桐梓坡西路", "尖山路", "栗雨南路", "黄河北路", "振华路", "韶光路", "金鑫大道"];
const SURNAMES: [&str; 14] =
    ["黎", "欧阳", "谭", "易", "彭", "殷", "贺", "龚", "邹", "颜", "柳", "喻", "宋", "文"];
const GIVEN: [&str; 14] = [
    "知远", "思哲", "明蔚", "若川", "景行", "念慈", "书航", "亦凡", "清扬", "守拙", "静姝", "伯钧", "雨桐",
    "立言",
];

/// A person's name.
pub fn person(rng: &mut Rng) -> String {
    format!("{}{}", rng.pick(&SURNAMES), rng.pick(&GIVEN))
}

/// A day so many days after another.
pub fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).expect("a date")
}

/// A company at a place, of a trade.
pub fn company(rng: &mut Rng, place: &Place, trade: &str) -> Company {
    let brand = format!("{}{}{}", rng.pick(&FIRST), rng.pick(&SECOND), rng.pick(&THIRD));
    let banks = [
        "中国工商银行股份有限公司",
        "中国建设银行股份有限公司",
        "中国农业银行股份有限公司",
        "招商银行股份有限公司",
        "长沙银行股份有限公司",
    ];
    let area = ["高新", "星沙", "麓谷", "河西", "东塘", "天元"];
    let founded = day(2011 + rng.int(0, 7) as i32, rng.int(1, 12) as u32, rng.int(1, 28) as u32);
    Company {
        name: format!("{}{brand}{trade}有限公司", place.prefix),
        uscc: codes::uscc(rng, place.region),
        address: format!(
            "{}{}{}号{}栋{}室",
            place.address,
            rng.pick(&ROADS),
            rng.int(18, 699),
            rng.int(1, 12),
            rng.int(2, 18) * 100 + rng.int(1, 9)
        ),
        phone: format!("{}-8{}", place.dial, rng.digits(7)),
        bank: format!("{}{}{}支行", rng.pick(&banks), place.branch, rng.pick(&area)),
        account: format!("{}{}", rng.pick(&["1901", "4305", "8001", "7319", "6228"]), rng.digits(13)),
        legal: person(rng),
        founded,
        capital: rng.int(5, 80) * 100,
        brand,
    }
}

/// Something to buy.
#[derive(Clone, Debug)]
pub struct Good {
    /// hardware, software, cloud or labour.
    pub category: &'static str,
    /// 税收分类简称.
    pub class: &'static str,
    /// Name.
    pub name: &'static str,
    /// Models.
    pub model: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Price with tax in 元: from, to, in steps of 100.
    pub price: (i64, i64),
    /// Quantity.
    pub quantity: (i64, i64),
    /// VAT rate in per cent.
    pub rate: i64,
}

/// Something to buy.
pub const fn good(
    category: &'static str,
    class: &'static str,
    name: &'static str,
    model: &'static str,
    unit: &'static str,
    price: (i64, i64),
    quantity: (i64, i64),
    rate: i64,
) -> Good {
    Good { category, class, name, model, unit, price, quantity, rate }
}

/// What platforms buy.
pub const GOODS: &[Good] = &[
    good("hardware", "电子计算机", "机架式服务器", "R7630 G2", "台", (38_000, 96_000), (2, 8), 13),
    good("hardware", "计算机网络设备", "工业以太网交换机", "IES-3028GS", "台", (3_200, 9_800), (6, 30), 13),
    good("hardware", "计算机外部设备", "边缘计算网关", "EG-820W", "台", (4_500, 12_600), (8, 40), 13),
    good("hardware", "电子元件", "振动温度一体传感器", "VT-201A", "只", (680, 2_400), (40, 160), 13),
    good("hardware", "仪器仪表", "智能电力监测仪表", "PM-5350", "块", (900, 3_600), (20, 80), 13),
    good("hardware", "计算机外部设备", "固定式工业读码器", "SR-X300", "台", (6_800, 15_000), (4, 16), 13),
    good("hardware", "电子计算机", "存储磁盘阵列", "OS-5310", "套", (120_000, 260_000), (1, 2), 13),
    good("hardware", "视听设备", "数据看板显示终端", "LCD-55P", "台", (5_600, 14_500), (3, 12), 13),
    good("software", "软件", "工业物联网连接管理软件", "V3.2", "套", (160_000, 420_000), (1, 1), 13),
    good("software", "软件", "时序数据库软件", "V6.0", "套", (98_000, 240_000), (1, 2), 13),
    good("software", "研发和技术服务", "设备健康管理应用定制开发", "", "项", (180_000, 560_000), (1, 1), 6),
    good("software", "信息技术服务", "平台数据中台软件开发服务", "", "项", (220_000, 680_000), (1, 1), 6),
    good("software", "软件", "低代码应用开发平台软件", "V2.5", "套", (128_000, 300_000), (1, 1), 13),
    good("software", "信息技术服务", "能耗优化算法模型集成服务", "", "项", (86_000, 210_000), (1, 1), 6),
    good("cloud", "信息技术服务", "云服务器租用服务", "", "年", (86_000, 260_000), (1, 1), 6),
    good("cloud", "信息技术服务", "对象存储云服务", "", "年", (32_000, 98_000), (1, 2), 6),
    good("cloud", "电信服务", "云数据库服务", "", "年", (42_000, 120_000), (1, 1), 6),
];

/// 元 from a whole number.
pub fn yuan(n: i64) -> Decimal {
    Decimal::from(n)
}
