use super::*;

fn file(path: &str) -> Item {
    Item { path: path.into(), ..Item::default() }
}

fn evidence(path: &str) -> Item {
    Item { evidence: true, ..file(path) }
}

fn form(path: &str, name: &str) -> Item {
    Item { form: Some(FormMark { name: Some(name.into()), ..FormMark::default() }), ..file(path) }
}

fn scan(path: &str, name: &str) -> Item {
    let mut item = form(path, name);
    item.form.as_mut().unwrap().scanned = true;
    item
}

fn summary(path: &str) -> Item {
    Item { summary: true, ..file(path) }
}

fn told(items: &[Item]) -> (Vec<String>, Vec<&str>) {
    let grouping = group("材料", items);
    let groups = grouping
        .groups
        .iter()
        .map(|g| {
            format!("{}: {}", g.id, g.files.iter().map(|&i| &*items[i].path).collect::<Vec<_>>().join(" "))
        })
        .collect();
    (groups, grouping.loose.iter().map(|&i| items[i].path.as_str()).collect())
}

const A: &str = "湖南甲辰智能科技有限公司";
const B: &str = "株洲乙未装备有限公司";

#[test]
fn city_and_applicant() {
    let items = [
        summary("长沙市/汇总表.xlsx"),
        form("长沙市/甲辰/申报书.docx", A),
        evidence("长沙市/甲辰/附件/1.pdf"),
        form("株洲市/乙未/材料/申报书.docx", B),
        scan("株洲市/乙未/材料/扫描件.pdf", "株洲乙末装备有限公司"),
    ];
    let (groups, loose) = told(&items);
    assert_eq!(
        groups,
        [
            "株洲市/乙未: 株洲市/乙未/材料/申报书.docx 株洲市/乙未/材料/扫描件.pdf",
            "长沙市/甲辰: 长沙市/甲辰/申报书.docx 长沙市/甲辰/附件/1.pdf",
        ]
    );
    assert_eq!(loose, ["长沙市/汇总表.xlsx"]);
}

#[test]
fn one_submission_in_any_depth() {
    assert_eq!(told(&[form("申报书.docx", A), file("1.pdf")]).0, ["材料: 申报书.docx 1.pdf"]);
    let deep = [form("长沙市/甲辰/申报书.docx", A), file("长沙市/甲辰/1.pdf")];
    assert_eq!(told(&deep).0, ["长沙市/甲辰: 长沙市/甲辰/申报书.docx 长沙市/甲辰/1.pdf"]);
    let beside = [form("申报书/a.docx", A), file("附件/1.pdf")];
    assert_eq!(told(&beside).0, ["材料: 申报书/a.docx 附件/1.pdf"]);
}

#[test]
fn archives_are_folders() {
    let items = [
        form("甲.zip!/申报/申报书.docx", A),
        file("甲.zip!/申报/1.pdf"),
        form("株洲市/乙.zip!/申报书.docx", B),
        file("株洲市/乙.zip!/1.pdf"),
    ];
    let (groups, _) = told(&items);
    assert_eq!(groups[0], "株洲市/乙.zip: 株洲市/乙.zip!/申报书.docx 株洲市/乙.zip!/1.pdf");
    assert_eq!(groups[1], "甲.zip: 甲.zip!/申报/申报书.docx 甲.zip!/申报/1.pdf");
}

#[test]
fn two_forms_in_one_folder_are_told_apart() {
    let items = [
        form("甲辰申报书.docx", A),
        form("乙未申报书.docx", B),
        evidence("甲辰智能/1.pdf"),
        evidence("乙未-发票.pdf"),
        evidence("其他.pdf"),
        summary("汇总表.xlsx"),
    ];
    let grouping = group("材料", &items);
    assert_eq!(grouping.groups.len(), 2);
    assert_eq!(grouping.groups[0], Group { id: B.into(), files: vec![1, 3] });
    assert_eq!(grouping.groups[1], Group { id: A.into(), files: vec![0, 2] });
    assert_eq!(grouping.loose, [4, 5]);
    assert!(grouping.notes[0].contains("2 家单位"));
}

#[test]
fn a_folder_without_form_beside_one_with_form() {
    let items = [
        form("长沙市/甲辰智能有限公司/申报书.docx", A),
        evidence("长沙市/甲辰智能有限公司/1.pdf"),
        evidence("长沙市/丙午机械有限公司/1.pdf"),
    ];
    let (groups, loose) = told(&items);
    assert_eq!(
        groups,
        ["长沙市/甲辰智能有限公司: 长沙市/甲辰智能有限公司/申报书.docx 长沙市/甲辰智能有限公司/1.pdf"]
    );
    assert_eq!(loose, ["长沙市/丙午机械有限公司/1.pdf"]);
    let mut items = [
        form("a/申报书.docx", A),
        evidence("a/1.pdf"),
        evidence("b/1.pdf"),
        evidence("b/2.pdf"),
        evidence("b/3.pdf"),
    ];
    assert_eq!(told(&items).0.len(), 1);
    items[2].owners = vec![(0, B.into())];
    items[3].owners = vec![(1, B.into())];
    assert_eq!(
        told(&items),
        (vec!["a: a/申报书.docx a/1.pdf".to_string()], vec!["b/1.pdf", "b/2.pdf", "b/3.pdf"])
    );
}

#[test]
fn one_applicant_in_two_cities_is_two_submissions() {
    let items = [
        form("长沙市/甲辰/申报书.docx", A),
        evidence("长沙市/甲辰/1.pdf"),
        form("株洲市/甲辰/申报书.docx", A),
        evidence("株洲市/甲辰/1.pdf"),
    ];
    assert_eq!(told(&items).0.len(), 2);
}

#[test]
fn blank_templates_and_no_form_at_all() {
    let mut template = form("附件1申报书模板.docx", "");
    template.form = Some(FormMark::default());
    let items = [
        template,
        form("甲/申报书.docx", A),
        evidence("甲/1.pdf"),
        form("乙/申报书.docx", B),
        evidence("乙/1.pdf"),
    ];
    let (groups, loose) = told(&items);
    assert_eq!(groups.len(), 2);
    assert_eq!(loose, ["附件1申报书模板.docx"]);
    assert_eq!(told(&[evidence("1.pdf")]), (vec![], vec!["1.pdf"]));
}
