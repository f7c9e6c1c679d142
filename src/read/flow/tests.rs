//! Tables put together from flat marks and from spans.

use super::*;

fn cell(text: &str) -> Flat {
    Flat { content: vec![text_run(text, "")], depth: 1, end: End::Cell, ..Flat::default() }
}

fn row(edges: &[i32], cells: &[Merge]) -> Flat {
    let shape = RowShape { edges: edges.to_vec(), cells: cells.to_vec(), deleted: false };
    Flat { depth: 1, end: End::Row(shape), ..Flat::default() }
}

fn spans(tr: &Node) -> Vec<(&str, bool)> {
    tr.nodes()
        .filter_map(|tc| tc.child("tcPr"))
        .map(|p| (p.value_of("gridSpan").unwrap_or(""), p.child("vMerge").is_some()))
        .collect()
}

#[test]
fn edges_of_all_rows_make_the_columns() {
    let mut builder = Builder::default();
    let down = Merge { down: true, ..Merge::default() };
    let starts = Merge { starts: true, ..Merge::default() };
    builder.push(cell("类别"));
    builder.push(cell("金额"));
    builder.push(row(&[0, 1000, 3000], &[starts, Merge::default()]));
    builder.push(cell(""));
    builder.push(cell("1"));
    builder.push(cell("2"));
    builder.push(row(&[3, 1002, 2000, 2995], &[down, Merge::default(), Merge::default()]));
    builder.push(Flat { content: vec![text_run("后", "")], ..Flat::default() });
    let body = builder.finish();
    let table = body.child("tbl").unwrap();
    let rows: Vec<&Node> = table.nodes().collect();
    assert_eq!(spans(rows[0]), [("1", true), ("2", false)]);
    assert_eq!(spans(rows[1]), [("1", true), ("1", false), ("1", false)]);
    assert_eq!(body.nodes().count(), 2);
}

#[test]
fn cells_merged_along_are_one() {
    let mut builder = Builder::default();
    let along = Merge { along: true, ..Merge::default() };
    builder.push(cell("甲"));
    builder.push(Flat { depth: 1, end: End::Cell, ..Flat::default() });
    builder.push(cell("乙"));
    builder.push(row(&[0, 500, 900, 1500], &[Merge::default(), along, Merge::default()]));
    let body = builder.finish();
    let rows: Vec<&Node> = body.child("tbl").unwrap().nodes().collect();
    assert_eq!(spans(rows[0]), [("2", false), ("1", false)]);
}

#[test]
fn cells_that_reach_into_rows_below() {
    let cell = |rows, cols| Spanned { content: Vec::new(), rows, cols };
    let table = spanned_table(vec![
        vec![cell(2, 1), cell(1, 2), cell(3, 1)],
        vec![cell(1, 1), cell(1, 1)],
        vec![cell(1, 3)],
        vec![cell(1, 1)],
    ]);
    let rows: Vec<&Node> = table.nodes().collect();
    assert_eq!(spans(rows[0]), [("1", true), ("2", false), ("1", true)]);
    assert_eq!(spans(rows[1]), [("1", true), ("1", false), ("1", false), ("1", true)]);
    assert_eq!(spans(rows[2]), [("3", false), ("1", true)]);
    assert_eq!(spans(rows[3]), [("1", false)]);
}

#[test]
fn tables_in_tables_and_rows_that_never_end() {
    let mut builder = Builder::default();
    builder.push(Flat { content: vec![text_run("内", "")], depth: 2, end: End::Cell, ..Flat::default() });
    builder.push(Flat { depth: 2, end: End::Row(RowShape::default()), ..Flat::default() });
    builder.push(cell("外"));
    builder.push(cell("外二"));
    let body = builder.finish();
    let outer = body.child("tbl").unwrap().child("tr").unwrap().child("tc").unwrap();
    assert!(outer.child("tbl").is_some() && outer.child("p").is_some());
    assert_eq!(body.find("tr").unwrap().nodes().filter(|n| n.name == "tc").count(), 2);
}
