//! The summary table of the notice (附件2), written from the submissions: one sheet for each recommending unit.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use rust_xlsxwriter::XlsxError;

use super::workbook::{self, Sheet};
use crate::model::{Batch, Case};
use crate::pack::Notice;
use crate::text::normal::fold;

/// A park as it stands in an address after its district.
static PARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(\p{Han}{2,16}?(?:高新区|经开区|开发区|产业园区?|工业园区?|科技园区?|软件园|示范区|园区|新区))",
    )
    .ok()
});
/// City, then district or county, as an address begins after its province.
static CITY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(\p{Han}{2,8}?(?:市|自治州|地区))?(\p{Han}{1,8}?(?:区|县|市))?").ok());

/// A written table and what it lacks.
pub struct Written {
    /// The XLSX file.
    pub bytes: Vec<u8>,
    /// Rows written.
    pub rows: usize,
    /// What could not be filled in, in Chinese, for the person who asked for the table.
    pub missing: Vec<String>,
}

/// Writes the table.
///
/// # Errors
/// What the library refuses.
pub fn write(batch: &Batch, notice: &Notice) -> Result<Written, XlsxError> {
    let mut units: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    let (mut missing, mut rows) = (Vec::new(), 0);
    for case in batch.cases.iter().filter(|c| c.form.is_some()) {
        let unit = first(case, &["封面.推荐单位"]).unwrap_or_default();
        let row = row(case);
        let lacking: Vec<&str> = HEADS
            .iter()
            .zip(&row)
            .filter(|(head, v)| v.is_empty() && head.0 != "所在园区")
            .map(|(h, _)| h.0)
            .collect();
        if unit.is_empty() {
            missing.push(format!("{}：没有读到推荐单位", case.id));
        }
        if !lacking.is_empty() {
            missing.push(format!("{}：没有读到{}", case.id, lacking.join("、")));
        }
        units.entry(unit).or_default().push(row);
        rows += 1;
    }
    let sheets: Vec<Sheet> = units.into_iter().map(|(unit, rows)| sheet(&unit, rows, notice)).collect();
    let sheets = if sheets.is_empty() { vec![sheet("", Vec::new(), notice)] } else { sheets };
    Ok(Written { bytes: workbook::bytes(&sheets)?, rows, missing })
}

const HEADS: [(&str, f64); 5] = [
    ("平台名称", 34.0),
    ("建设单位", 30.0),
    ("所在市州/县市区", 20.0),
    ("所在园区", 22.0),
    ("联系人及电话", 22.0),
];

fn sheet(unit: &str, rows: Vec<Vec<String>>, notice: &Notice) -> Sheet {
    let numbered = rows
        .into_iter()
        .enumerate()
        .map(|(i, row)| std::iter::once((i + 1).to_string()).chain(row).collect());
    Sheet {
        name: if unit.is_empty() { "推荐汇总表".into() } else { unit.to_string() },
        title: notice.summary_title.clone().unwrap_or_else(|| format!("{}推荐汇总表", notice.title)),
        notes: vec!["附件2".into(), format!("推荐单位（盖章）：{unit}"), "联系人及电话：".into()],
        heads: std::iter::once(("序号", 6.0)).chain(HEADS).collect(),
        rows: numbered.collect(),
    }
}

fn row(case: &Case) -> Vec<String> {
    let address = first(case, &["基本信息.单位地址"]).unwrap_or_default();
    let (region, rest) = region(&address);
    let person = [first(case, &["封面.联系人"]), first(case, &["封面.联系电话"])];
    vec![
        first(case, &["封面.平台名称", "基本信息.平台名称", "平台基本信息.平台名称"]).unwrap_or_default(),
        first(case, &["封面.企业名称", "基本信息.单位名称"]).unwrap_or_default(),
        region.unwrap_or_default(),
        park(rest).unwrap_or_default(),
        person.into_iter().flatten().collect::<Vec<_>>().join(" "),
    ]
}

/// The first of these fields of the form that was read.
fn first(case: &Case, names: &[&str]) -> Option<String> {
    let form = case.form()?;
    let text = |name: &&str| form.value(name).map(|s| fold(&s.value.to_plain()));
    names.iter().filter_map(text).find(|t| !t.is_empty())
}

/// City and district of an address, and the rest of it: 长沙市/岳麓区.
fn region(address: &str) -> (Option<String>, &str) {
    let within = address.split_once('省').map_or(address, |x| x.1);
    let Some(found) = CITY.as_ref().and_then(|city| city.captures(within)) else { return (None, within) };
    let parts: Vec<&str> = [found.get(1), found.get(2)].into_iter().flatten().map(|m| m.as_str()).collect();
    let rest = found.get(0).map_or(within, |m| &within[m.end()..]);
    ((!parts.is_empty()).then(|| parts.join("/")), rest)
}

/// The park in what follows the district.
fn park(rest: &str) -> Option<String> {
    Some(PARK.as_ref()?.captures(rest)?.get(1)?.as_str().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_from_the_address() {
        for (address, expected, in_park) in [
            ("湖南省长沙市岳麓区麓谷高新区麓云路1号", Some("长沙市/岳麓区"), Some("麓谷高新区")),
            ("湘潭市雨湖区示例路3号", Some("湘潭市/雨湖区"), None),
            ("湖南省湘西自治州吉首市人民路", Some("湘西自治州/吉首市"), None),
            ("湖南省株洲市天元区中国动力谷自主创新园", Some("株洲市/天元区"), None),
            ("示例大道1号", None, None),
        ] {
            let (found, rest) = region(address);
            assert_eq!(found.as_deref(), expected, "{address}");
            assert_eq!(park(rest).as_deref(), in_park, "{address}");
        }
    }
}
