//! Whether two forms are of one applicant, and whether a name means an applicant.

use crate::text::name::{NameMatch, normal_name, same_company};
use crate::text::normal::likeness;

/// What identifies a form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormMark {
    /// The applicant's name.
    pub name: Option<String>,
    /// Its credit code.
    pub code: Option<String>,
    /// The platform's name.
    pub platform: Option<String>,
    /// Whether it was recognised from pixels.
    pub scanned: bool,
}

impl FormMark {
    /// Whether two forms are of one applicant. A scan may be misread by a few characters; what names nobody is taken
    /// as belonging to the form beside it.
    pub(super) fn same(&self, other: &FormMark) -> bool {
        let doubtful = self.scanned || other.scanned;
        if let (Some(a), Some(b)) = (&self.code, &other.code)
            && a == b
        {
            return true;
        }
        let (Some(a), Some(b)) = (&self.name, &other.name) else {
            return true;
        };
        if same_company(a, b) != NameMatch::Different {
            return true;
        }
        let platforms = match (&self.platform, &other.platform) {
            (Some(a), Some(b)) => likeness(&normal_name(a), &normal_name(b)) >= 0.6,
            _ => true,
        };
        doubtful && platforms && likeness(&normal_name(a), &normal_name(b)) >= 0.7
    }
}

/// One form of each applicant, the electronic and named ones first; nameless forms join any.
pub(super) fn cluster(forms: &[FormMark]) -> Vec<FormMark> {
    let mut ordered: Vec<&FormMark> = forms.iter().collect();
    ordered.sort_by_key(|f| (f.name.is_none(), f.scanned));
    let mut out: Vec<FormMark> = Vec::new();
    for form in ordered {
        if !out.iter().any(|known| known.same(form)) {
            out.push(form.clone());
        }
    }
    out
}

/// Whether the name of a file, a folder or a company means this applicant: it holds the name, or its core.
pub(super) fn name_like(name: &str, applicant: &str) -> bool {
    let (name, applicant) = (normal_name(name), normal_name(applicant));
    if name.is_empty() || applicant.is_empty() {
        return false;
    }
    if name.contains(&applicant) {
        return true;
    }
    let core = core(&applicant);
    let bare = core_of_label(&name);
    // A city often stands before the name ("株洲乙未"): the name alone counts as well, the city alone does not.
    let without_city: String =
        if core.chars().count() >= 4 { core.chars().skip(2).collect() } else { core.clone() };
    let telling = bare.chars().count() >= 3 || (bare.chars().count() == 2 && !applicant.starts_with(&bare));
    [core, without_city].iter().any(|c| c.chars().count() >= 2 && name.contains(c.as_str()))
        || (telling && applicant.contains(&bare))
}

/// Whether a folder is named like a company.
pub(super) fn company_like(name: &str) -> bool {
    let name = normal_name(name.trim_end_matches('!'));
    let bare = name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "()-_.".contains(c));
    ["公司", "厂", "集团", "研究院", "研究所", "合作社", "中心"].iter().any(|end| bare.ends_with(end))
}

/// A company's name without place and legal form: what people call it.
fn core(name: &str) -> String {
    const ENDS: &[&str] = &["股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "公司", "集团"];
    const TRADES: &[&str] = &[
        "科技",
        "技术",
        "智能",
        "信息",
        "网络",
        "软件",
        "工业",
        "制造",
        "实业",
        "数字",
        "互联网",
        "装备",
        "机械",
    ];
    let mut core = ENDS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_string();
    for place in ["省", "市"] {
        if let Some(at) = core.find(place)
            && core[..at].chars().count() <= 4
        {
            core = core[at + place.len()..].to_string();
        }
    }
    if let Some(rest) = core.strip_prefix("湖南") {
        core = rest.to_string();
    }
    while let Some(rest) = TRADES.iter().find_map(|t| core.strip_suffix(t))
        && rest.chars().count() >= 2
    {
        core = rest.to_string();
    }
    core
}

/// A folder's or file's name without number and ending ("01-星河智能.zip" → "星河智能").
fn core_of_label(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.trim_matches(|c: char| c.is_ascii_digit() || "-_.、()（）!# ".contains(c)).to_string()
}
