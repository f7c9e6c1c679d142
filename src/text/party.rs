//! Who a paper means: identity of a party by its id first, then by its name (`domain.md`, discipline 6).

use super::code::{CodeCheck, check_uscc, clean_code};
use super::confusion::one_apart;
use super::name::{NameMatch, normal_name, same_company};
use super::normal::likeness;
use crate::model::{Case, Document, Grade, Kind, Source, Sourced, Value};

/// A party known by names and ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Who {
    /// Names, as read.
    pub names: Vec<String>,
    /// 18-character credit codes, cleaned.
    pub ids: Vec<String>,
}

/// How a name and an id on a paper relate to a known party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The same.
    Same,
    /// The same but for 有限公司/有限责任公司, brackets and the like.
    Variant,
    /// A branch of it, or it is a branch of theirs.
    Branch,
    /// Another, or the same misread: cannot be told.
    Doubtful,
    /// Another.
    Other,
    /// Nothing legible to compare.
    Unknown,
}

impl Party {
    /// Whether the papers agree well enough to go on.
    pub fn is_same(self) -> bool {
        matches!(self, Party::Same | Party::Variant)
    }

    /// Whether it may be the same.
    pub fn may_be_same(self) -> bool {
        !matches!(self, Party::Other)
    }
}

impl Who {
    /// Whether anything is known.
    pub fn is_known(&self) -> bool {
        !self.names.is_empty() || !self.ids.is_empty()
    }

    /// Compares a paper's name and id with this party. `doubtful` is true where either was recognised from pixels.
    pub fn meets(&self, name: Option<&str>, id: Option<&str>, doubtful: bool) -> Party {
        let id = id.map(clean_code).filter(|i| !is_placeholder(i));
        if let Some(id) = &id {
            if self.ids.iter().any(|known| same_id(known, id)) {
                return Party::Same;
            }
            if self.ids.iter().any(|known| known.len() == id.len() && one_apart(known, id)) && !valid(id) {
                return self.by_name(name, doubtful).unwrap_or(Party::Doubtful).at_worst_doubtful();
            }
            if valid(id) && self.ids.iter().any(|i| valid(i)) {
                return match self.by_name(name, doubtful) {
                    Some(Party::Branch) => Party::Branch,
                    Some(Party::Same | Party::Variant) if doubtful => Party::Doubtful,
                    _ => Party::Other,
                };
            }
        }
        self.by_name(name, doubtful).unwrap_or(Party::Unknown)
    }

    fn by_name(&self, name: Option<&str>, doubtful: bool) -> Option<Party> {
        let name = name.map(str::trim).filter(|n| !n.is_empty())?;
        let mut best: Option<Party> = None;
        for known in &self.names {
            let party = names(known, name, doubtful);
            best = Some(best.map_or(party, |b| if rank(party) < rank(b) { party } else { b }));
        }
        best
    }
}

impl Party {
    fn at_worst_doubtful(self) -> Self {
        if self == Party::Other { Party::Doubtful } else { self }
    }
}

fn rank(p: Party) -> u8 {
    match p {
        Party::Same => 0,
        Party::Variant => 1,
        Party::Branch => 2,
        Party::Doubtful => 3,
        Party::Other => 4,
        Party::Unknown => 5,
    }
}

/// Compares two names alone.
pub fn names(a: &str, b: &str, doubtful: bool) -> Party {
    match same_company(a, b) {
        NameMatch::Equal => return Party::Same,
        NameMatch::Variant => return Party::Variant,
        NameMatch::Different => {}
    }
    let (x, y) = (normal_name(a), normal_name(b));
    if x.is_empty() || y.is_empty() {
        return Party::Unknown;
    }
    if (x.starts_with(&y) && is_branch(&x[y.len()..])) || (y.starts_with(&x) && is_branch(&y[x.len()..])) {
        return Party::Branch;
    }
    let like = likeness(&x, &y);
    let cut = x.chars().count() >= 4 && y.chars().count() >= 4 && (x.contains(&y) || y.contains(&x));
    if doubtful && (like >= 0.72 || cut) { Party::Doubtful } else { Party::Other }
}

fn is_branch(rest: &str) -> bool {
    ["分公司", "分厂", "分部", "办事处", "营业部", "分店"].iter().any(|w| rest.contains(w))
}

fn valid(id: &str) -> bool {
    matches!(check_uscc(id), CodeCheck::Valid)
}

/// 0000, -, 无, N/A and what is too short to be an id.
pub fn is_placeholder(id: &str) -> bool {
    id.chars().filter(char::is_ascii_alphanumeric).count() < 15 || id.chars().all(|c| c == '0' || c == '-')
}

/// Equal, or an old 15-character id that carries the same organisation code.
pub fn same_id(a: &str, b: &str) -> bool {
    let old = |short: &str, long: &str| {
        short.len() == 15
            && long.len() == 18
            && long.is_ascii()
            && short.is_ascii()
            && short[6..] == long[8..17]
    };
    a == b || old(a, b) || old(b, a)
}

/// Form fields that name the applicant.
pub const NAME_FIELDS: [&str; 2] = ["基本信息.单位名称", "封面.企业名称"];

/// The applicant by form and licence: a paper that names either one is the applicant's (whether the two agree is
/// ENTITY-001's question).
pub fn applicant_of(case: &Case) -> Who {
    let mut who = Who::default();
    if let Some(form) = case.form() {
        for field in NAME_FIELDS {
            add_name(&mut who, form.value(field));
        }
        add_id(&mut who, form.value("基本信息.组织机构代码"));
    }
    let licences: Vec<&Document> =
        case.documents.iter().filter(|d| d.kind == Kind::BusinessLicence).collect();
    // Of several licences some may be a supplier's or a partner's.
    let own: Vec<&Document> =
        licences.iter().copied().filter(|d| party(&who, d, "name", "uscc").may_be_same()).collect();
    let known = who.is_known() && licences.len() > 1;
    let chosen = if known && !own.is_empty() { own } else { licences };
    for licence in chosen {
        add_name(&mut who, licence.value("name"));
        add_id(&mut who, licence.value("uscc"));
    }
    for doc in case.documents.iter().filter(|d| matches!(d.kind, Kind::Other | Kind::BusinessLicence)) {
        if let Some(former) = former_name(doc, &who)
            && !who.names.contains(&former)
        {
            who.names.push(former);
        }
    }
    who
}

/// The name that the applicant had before, if the paper is the notice of a change of name.
fn former_name(doc: &Document, who: &Who) -> Option<String> {
    let text = super::normal::squash(&doc.text);
    let ours = |n: &String| text.contains(&super::normal::squash(n));
    let former = who.names.iter().any(ours).then(|| change_of_name(&text)).flatten()?.0;
    (!who.names.iter().any(|own| names(own, &former, false).is_same())).then_some(former)
}

/// Companies that go by another name since: the former name and the one that took its place, by notices among the papers.
#[derive(Clone, Debug, Default)]
pub struct Renamings(Vec<(String, String)>);

impl Renamings {
    /// What the papers of a submission tell.
    pub fn of(case: &Case) -> Self {
        let notices = case.documents.iter().filter(|d| matches!(d.kind, Kind::Other | Kind::BusinessLicence));
        let told = notices.filter_map(|d| {
            let (former, now) = change_of_name(&super::normal::squash(&d.text))?;
            Some((former, now?))
        });
        Self(told.collect())
    }

    /// Whether one name is the former one of the other.
    pub fn tie(&self, a: &str, b: &str) -> bool {
        let is = |x: &str, y: &str| names(x, y, false).is_same();
        self.0.iter().any(|(former, now)| (is(former, a) && is(now, b)) || (is(former, b) && is(now, a)))
    }

    /// The name by which a company of this name goes now.
    pub fn current<'a>(&'a self, name: &'a str) -> &'a str {
        let renamed = self.0.iter().find(|(former, _)| names(former, name, false).is_same());
        renamed.map_or(name, |(_, now)| now)
    }
}

/// The former name in a notice of a change of name, and the new one. `text` without blanks.
fn change_of_name(text: &str) -> Option<(String, Option<String>)> {
    const SIGNS: [&str; 6] = ["名称变更", "变更登记", "变更通知", "更名", "变更核准", "变更证明"];
    const LABELS: [&str; 9] = [
        "变更前企业名称",
        "变更前单位名称",
        "变更前名称",
        "原企业名称",
        "原公司名称",
        "原单位名称",
        "原名称",
        "曾用名",
        "变更前",
    ];
    const NEW: [&str; 8] = [
        "变更后企业名称",
        "变更后单位名称",
        "变更后名称",
        "现企业名称",
        "现公司名称",
        "现单位名称",
        "现名称",
        "变更后",
    ];
    if !SIGNS.iter().any(|s| text.contains(s)) {
        return None;
    }
    // A table has its heads first: 变更前, 变更后, and below them 名称 with both names.
    const HEADS: [&str; 8] = ["变更后", "内容", "事项", "企业名称", "公司名称", "单位名称", "名称", "登记"];
    let firm = |from: &str| -> Option<String> {
        let mut from = from;
        while let Some(rest) = HEADS.iter().find_map(|h| from.strip_prefix(h)) {
            from = rest;
        }
        let from = from.trim_start_matches([':', '为', '"', '“', '「', '(', '是', '系']);
        let end = from.find("公司")? + "公司".len();
        let name = &from[..end];
        let clean = !name.contains(['。', ',', ';', ':', '由', '为']);
        ((6..=40).contains(&name.chars().count()) && clean).then(|| name.to_owned())
    };
    let labelled = LABELS.iter().find_map(|l| firm(&text[text.find(l)? + l.len()..]));
    // 由甲公司变更为乙公司
    let told = || {
        let to = text.find("变更为").or_else(|| text.find("更名为"))?;
        let from = text[..to].rfind('由')? + '由'.len_utf8();
        firm(&text[from..to])
    };
    let former = labelled.or_else(told)?;
    let other = |name: &String| *name != former;
    let labelled = NEW.iter().find_map(|l| firm(&text[text.find(l)? + l.len()..]).filter(other));
    let became = || {
        let (at, word) = ["变更为", "更名为"].iter().find_map(|w| Some((text.find(w)?, w)))?;
        firm(&text[at + word.len()..]).filter(other)
    };
    // In a table the new name stands beside the old one.
    let beside = || firm(&text[text.find(&former)? + former.len()..]).filter(other);
    let now = labelled.or_else(became).or_else(beside);
    Some((former, now))
}

fn add_name(who: &mut Who, value: Option<&Sourced<Value>>) {
    if let Some(Value::Text(t)) = value.map(|s| &s.value)
        && t.chars().count() >= 4
        && !who.names.contains(t)
    {
        who.names.push(t.clone());
    }
}

fn add_id(who: &mut Who, value: Option<&Sourced<Value>>) {
    let Some(s) = value else { return };
    let id = clean_code(&s.value.to_plain());
    if matches!(check_uscc(&id), CodeCheck::Valid) && !who.ids.contains(&id) {
        who.ids.push(id);
    }
}

/// How the party in two fields of a document relates to `who`.
pub fn party(who: &Who, doc: &Document, name: &str, id: &str) -> Party {
    let n = doc.value(name);
    let i = doc.value(id);
    let ocr = [n, i].into_iter().flatten().any(|s| s.grade == Grade::Ocr);
    let text = |s: Option<&Sourced<Value>>| s.map(|s| s.value.to_plain());
    who.meets(text(n).as_deref(), text(i).as_deref(), ocr)
}

/// Whether the document is one of the applicant's sales (证明材料 5): there the applicant is seller or payee, so it
/// never backs the investment list.
pub fn is_sale(who: &Who, doc: &Document) -> bool {
    let (ours, theirs) = match doc.kind {
        Kind::Invoice => {
            (party(who, doc, "seller_name", "seller_tax_id"), party(who, doc, "buyer_name", "buyer_tax_id"))
        }
        // Where the paper says who sells, that counts: 甲方 may be the seller.
        Kind::Contract => {
            let by_role = doc.value("seller").is_some() && doc.value("buyer").is_some();
            let (sells, buys) = if by_role { ("seller", "buyer") } else { ("party_b", "party_a") };
            (party(who, doc, sells, ""), party(who, doc, buys, ""))
        }
        Kind::Payment => return super::voucher::is_received(who, doc),
        _ => return false,
    };
    ours.is_same() && !theirs.is_same()
}

/// Whether the document is a scrap of another one: on the same page as a document of its kind, without parties and
/// total of its own. It is no paper by itself and proves nothing.
pub fn is_scrap(case: &Case, doc: &Document) -> bool {
    let own = ["seller_name", "buyer_name", "payee_name", "payer_name", "party_a", "party_b", "total"];
    matches!(doc.kind, Kind::Invoice | Kind::Payment | Kind::Contract)
        && own.iter().all(|f| !doc.fields.contains_key(*f))
        && case.documents.iter().any(|o| {
            o.id != doc.id
                && o.kind == doc.kind
                && o.file == doc.file
                && o.pages.0 == doc.pages.0
                && own.iter().any(|f| o.fields.contains_key(*f))
        })
}

/// Whether a scan of no known kind may be a paper that a finding of absence would miss: its text speaks of money or
/// contracts. Photographs and blank backs do not.
pub fn may_be_paper(doc: &Document) -> bool {
    const CUES: [&str; 14] = [
        "发票",
        "税率",
        "价税",
        "合同",
        "协议",
        "甲方",
        "乙方",
        "回单",
        "付款",
        "收款",
        "转账",
        "凭证",
        "纳税",
        "购买方",
    ];
    // What machines speak is no contract.
    const PROTOCOLS: [&str; 6] = ["解析协议", "网络协议", "通信协议", "通讯协议", "协议种类", "协议类型"];
    if doc.kind != Kind::Other || doc.read_by != crate::model::ReadBy::Ocr {
        return false;
    }
    let text = PROTOCOLS.iter().fold(doc.text.clone(), |text, p| text.replace(p, ""));
    CUES.iter().any(|c| text.contains(c))
}

/// Pages too poor to read that may be papers. A photograph of a workshop has nothing to read, alone or behind the screens
/// in one file.
pub fn poor_papers(case: &Case) -> impl Iterator<Item = &Source> {
    let picture = |s: &Source| {
        let on = |p: u32| {
            let here = move |d: &&Document| d.file == s.file && (d.pages.0..=d.pages.1).contains(&p);
            case.documents.iter().filter(here)
        };
        let Some(page) = s.place.page() else {
            return case.documents.iter().any(|d| d.kind == Kind::Screenshot && d.file == s.file);
        };
        let shows = |p: u32| on(p).any(|d| d.kind == Kind::Screenshot);
        let mute = on(page).all(|d| d.kind == Kind::Other && !may_be_paper(d));
        let before = || (1..page).rev().find(|p| !on(*p).all(|d| d.kind == Kind::Other));
        shows(page) || (mute && before().is_some_and(shows))
    };
    case.poor_pages.iter().filter(move |s| !picture(s))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who() -> Who {
        Who {
            names: vec!["湘江智造（长沙）科技有限公司".into()], ids: vec!["91430200MA4L00011Q".into()]
        }
    }

    #[test]
    fn id_decides_before_name() {
        let w = who();
        assert_eq!(w.meets(Some("别的公司"), Some("91430200MA4L00011Q"), false), Party::Same);
        assert_eq!(w.meets(Some("湘江智造(长沙)科技有限公司"), None, false), Party::Same);
        assert_eq!(w.meets(Some("别的有限公司"), Some("91433101MA4Q9X9Y2W"), false), Party::Other);
        assert_eq!(
            w.meets(Some("湘江智造(长沙)科技有限公司"), Some("91433101MA4Q9X9Y2W"), false),
            Party::Other
        );
        assert_eq!(w.meets(None, None, false), Party::Unknown);
    }

    #[test]
    fn a_notice_of_the_change_tells_the_former_name() {
        let names = |text: &str| {
            let doc = format!("[[doc]]\nkind = 'other'\nfile = '变更.pdf'\ntext = '{text}'\n");
            applicant_of(&crate::check::testing::build(&doc).batch.cases[0]).names
        };
        let own = "湖南湘云智造科技有限公司";
        let told = format!("准予变更登记通知书。原名称：长沙湘云软件有限公司；变更后名称：{own}。");
        assert_eq!(names(&told), [own, "长沙湘云软件有限公司"]);
        let told =
            format!("经核准，企业名称由“长沙湘云软件有限公司”变更为“{own}”，特此证明，更名手续已办结。");
        assert_eq!(names(&told), [own, "长沙湘云软件有限公司"]);
        // As the register prints it: a table.
        let table = format!("准予变更登记通知书变更事项变更前变更后名称长沙湘云软件有限公司{own}");
        assert_eq!(names(&table), [own, "长沙湘云软件有限公司"]);
        for text in [&told, &table] {
            let change = change_of_name(&crate::text::normal::squash(text));
            assert_eq!(change, Some(("长沙湘云软件有限公司".to_owned(), Some(own.to_owned()))));
        }
        // Another firm's change, or no change at all.
        assert_eq!(names("名称变更通知。原名称：长沙甲乙软件有限公司；变更后名称：长沙丙丁有限公司"), [own]);
        assert_eq!(names(&format!("合作单位：长沙湘云软件有限公司、{own}")), [own]);
    }

    #[test]
    fn branch_and_misreading_are_told_apart() {
        let w = who();
        assert_eq!(w.meets(Some("湘江智造（长沙）科技有限公司株洲分公司"), None, false), Party::Branch);
        assert_eq!(w.meets(Some("湘江智造（长沙）科投有限公司"), None, true), Party::Doubtful);
        assert_eq!(w.meets(Some("湘江智造（长沙）科投有限公司"), None, false), Party::Other);
        assert_eq!(w.meets(None, Some("91430200MA4L0001IQ"), true), Party::Doubtful);
    }
}
