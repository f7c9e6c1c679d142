//! Contracts in three styles.

use crate::deal::Contract;
use crate::flow::{Block, Grid, c, cf, f, same, t};
use crate::money::{capital, grouped, plain};
use crate::rng::Rng;

/// The contract's blocks in style 0 (heading table), 1 (需方/供方 with numbered clauses) or 2 (委托方/受托方, prose).
pub fn contract(k: &Contract, style: u8, rng: &mut Rng) -> Vec<Block> {
    let (a, b) = match style {
        0 => ("甲方（买方）", "乙方（卖方）"),
        1 => ("需方", "供方"),
        _ => ("甲方（委托方）", "乙方（受托方）"),
    };
    let mut out = vec![Block::Title(vec![same("title", &k.title)], 1.5), Block::Gap(0.5)];
    let number = same("number", &k.number);
    let signed = |label: &str| match k.dated {
        true => vec![t(label), f("signed_on", k.signed.format("%Y-%m-%d"), date(k, style))],
        false => vec![t(label), t("　　　　年　　月　　日")],
    };
    match style {
        0 => {
            out.push(Block::Para(vec![t("合同编号："), number], false));
            out.push(Block::Para(vec![t(format!("{a}：")), same("party_a", &k.buyer.name)], false));
            out.push(Block::Para(vec![t(format!("{b}：")), same("party_b", &k.seller.name)], false));
        }
        1 => {
            let head = vec![
                vec![
                    c("需方：").left(),
                    cf("party_a", &k.buyer.name, &k.buyer.name).left(),
                    c("合同编号：").left(),
                    cf("number", &k.number, &k.number).left(),
                ],
                vec![
                    c("供方：").left(),
                    cf("party_b", &k.seller.name, &k.seller.name).left(),
                    c("签订日期：").left(),
                    if k.dated {
                        cf("signed_on", k.signed.format("%Y-%m-%d"), date(k, 1)).left()
                    } else {
                        c("　　年　月　日").left()
                    },
                ],
            ];
            out.push(Block::Table(Grid {
                widths: vec![0.6, 2.6, 1.0, 1.6],
                rows: head,
                ruled: false,
                scale: 0.9,
            }));
        }
        _ => {
            out.push(Block::Para(vec![t("协议编号："), number], false));
            out.push(Block::Para(vec![t(format!("{a}：")), same("party_a", &k.buyer.name)], false));
            out.push(Block::Para(
                vec![t(format!("住所地：{}　法定代表人：{}", k.buyer.address, k.buyer.legal))],
                false,
            ));
            out.push(Block::Para(vec![t(format!("{b}：")), same("party_b", &k.seller.name)], false));
            out.push(Block::Para(
                vec![t(format!("住所地：{}　法定代表人：{}", k.seller.address, k.seller.legal))],
                false,
            ));
            out.extend([Block::Para(signed("签订时间："), false)]);
        }
    }
    out.push(Block::Para(
        vec![t("根据《中华人民共和国民法典》及有关法律法规，甲乙双方在平等、自愿、公平的基础上，经协商一致，就下列事项订立本合同，共同遵守。".replace("甲乙双方", if style == 1 { "供需双方" } else { "甲乙双方" }))],
        true,
    ));
    out.push(Block::Para(
        vec![t(["一、标的、数量及价款（含税）", "第一条　产品名称、规格、数量、金额", "一、服务内容与费用"]
            [style as usize])],
        false,
    ));
    out.push(Block::Table(prices(k, style)));
    let total = match style {
        0 => vec![
            t("合同总价：人民币（大写）"),
            f("amount_capital", plain(k.capital), capital(k.capital, "元")),
            t("（小写：￥"),
            f("amount", plain(k.amount), grouped(k.amount)),
            t("元）。以上价款含增值税。"),
        ],
        1 => vec![
            t("合计人民币金额（大写）："),
            f("amount_capital", plain(k.capital), capital(k.capital, "圆")),
            t("　　¥"),
            f("amount", plain(k.amount), plain(k.amount)),
        ],
        _ => vec![
            t("本合同服务费总额为人民币"),
            f("amount", plain(k.amount), grouped(k.amount)),
            t("元（大写："),
            f("amount_capital", plain(k.capital), capital(k.capital, "元")),
            t("），含税。"),
        ],
    };
    out.push(Block::Para(total, true));
    let clauses = [
        ("二、付款方式", format!("{}。", k.terms)),
        (
            "三、交付与验收",
            format!(
                "乙方应于合同生效后{}日内在甲方指定地点完成交付，甲方应在收到后10日内组织验收。",
                rng.int(20, 60)
            ),
        ),
        ("四、质量保证", "质保期为验收合格之日起12个月，质保期内乙方负责免费维修或更换。".to_string()),
        (
            "五、违约责任",
            "任何一方违约，应按合同总价的千分之一向对方支付违约金，累计不超过合同总价的百分之十。"
                .to_string(),
        ),
        (
            "六、争议解决",
            "因履行本合同发生的争议，双方协商解决；协商不成的，向甲方所在地人民法院提起诉讼。".to_string(),
        ),
        ("七、其他", "本合同一式四份，双方各执两份，自双方签字盖章之日起生效。".to_string()),
    ];
    for (n, (head, body)) in clauses.into_iter().enumerate() {
        let text = if style == 1 {
            format!(
                "第{}条　{}：{}",
                ["二", "三", "四", "五", "六", "七"][n],
                &head[head.find('、').map_or(0, |i| i + '、'.len_utf8())..],
                body.replace('甲', "需").replace('乙', "供")
            )
        } else {
            format!("{head}：{body}")
        };
        out.push(Block::Para(vec![t(text)], true));
    }
    out.push(Block::Gap(0.8));
    out.extend(signatures(k, style, (a, b)));
    if style == 0 {
        out.push(Block::Para(signed("签订日期："), false));
    }
    out
}

fn date(k: &Contract, style: u8) -> String {
    k.signed.format(["%Y年%-m月%-d日", "%Y-%m-%d", "%Y年%m月%d日"][style as usize]).to_string()
}

fn prices(k: &Contract, style: u8) -> Grid {
    let heads = [
        ["序号", "产品名称", "规格型号", "单位", "数量", "单价（元）", "金额（元）"],
        ["序号", "货物名称", "型号", "计量单位", "数量", "含税单价(元)", "总金额(元)"],
        ["序号", "服务项目", "内容", "单位", "数量", "单价（元）", "小计（元）"],
    ];
    let mut rows = vec![heads[style as usize].iter().map(|h| c(*h)).collect::<Vec<_>>()];
    for (i, it) in k.items.iter().enumerate() {
        let n = |name: &str| format!("items[{i}].{name}");
        let q = it.quantity.unwrap_or(rust_decimal::Decimal::ONE).normalize();
        rows.push(vec![
            c((i + 1).to_string()),
            cf(&n("name"), &it.name, &it.name),
            if it.model.is_empty() { c("/") } else { cf(&n("model"), &it.model, &it.model) },
            cf(&n("unit"), &it.unit, &it.unit),
            cf(&n("quantity"), q, q.to_string()),
            cf(&n("unit_price"), plain(it.price), grouped(it.price)).right(),
            cf(&n("amount"), plain(it.gross()), grouped(it.gross())).right(),
        ]);
    }
    rows.push(vec![
        c("合计").wide(6),
        c(grouped(k.items.iter().map(crate::deal::Item::gross).sum())).right(),
    ]);
    Grid { widths: vec![0.5, 2.0, 1.2, 0.8, 0.7, 1.2, 1.3], rows, ruled: true, scale: 0.85 }
}

fn signatures(k: &Contract, style: u8, (a, b): (&str, &str)) -> Vec<Block> {
    let side = |label: &str, who: &crate::names::Company| {
        format!(
            "{label}（盖章）：{}\n法定代表人或授权代表：{}\n开户行：{}\n账号：{}\n税号：{}\n电话：{}",
            who.name, who.legal, who.bank, who.account, who.uscc, who.phone
        )
    };
    let rows = vec![vec![
        c(side(a.split('（').next().unwrap_or(a), &k.buyer)).left(),
        c(side(b.split('（').next().unwrap_or(b), &k.seller)).left(),
    ]];
    let mut out = vec![Block::Table(Grid { widths: vec![1.0, 1.0], rows, ruled: style == 1, scale: 0.85 })];
    if k.sealed {
        out.push(Block::Seal(0.38, 1.7, k.buyer.name.clone(), "合同专用章"));
        out.push(Block::Seal(0.9, 1.8, k.seller.name.clone(), "合同专用章"));
    }
    out
}
