use super::*;

fn read(bytes: &[u8]) -> Result<Reading, ReadError> {
    XmlReader.read(bytes, &ReadContext::new(None))
}

fn paths(page: &Page) -> Vec<(&str, &str)> {
    page.data.iter().map(|d| (d.path.as_str(), d.value.as_str())).collect()
}

#[test]
fn elements_and_attributes_by_path() {
    let xml = r#"<?xml version="1.0"?><x:A xmlns:x="urn:x" v="1"><x:B> 甲&amp;乙 </x:B><C>1</C><C><D><![CDATA[<2>]]></D></C><E/></x:A>"#;
    let reading = read(xml.as_bytes()).unwrap();
    assert_eq!(
        paths(&reading.pages[0]),
        [("A/@v", "1"), ("A/B", "甲&乙"), ("A/C[0]", "1"), ("A/C[1]/D", "<2>"), ("A/E", "")]
    );
    assert!(reading.pages[0].lines.iter().any(|l| l.text == "B：甲&乙"));
}

#[test]
fn a_list_of_records_is_a_page_each() {
    let record = |n: u32| format!("<FP><A>{n}</A><B/><C/><D/></FP>");
    let xml = format!("<R><L>{}{}</L></R>", record(1), record(2));
    let reading = read(xml.as_bytes()).unwrap();
    assert_eq!(reading.pages.len(), 2);
    assert_eq!(paths(&reading.pages[1])[0], ("R/L/FP[1]/A", "2"));
}

#[test]
fn a_list_beside_a_head_is_a_page_each_but_lines_of_goods_are_not() {
    let record = |n: u32| {
        format!("<INV><NO>{n}</NO><FPHM>1234567{n}</FPHM><KPRQ>2022030{n}</KPRQ><JE>1.00</JE></INV>")
    };
    let xml = format!("<DATA><HEAD><T>1</T></HEAD><BODY>{}{}</BODY></DATA>", record(1), record(2));
    let reading = read(xml.as_bytes()).unwrap();
    assert_eq!(reading.pages.len(), 2);
    assert_eq!(paths(&reading.pages[1])[1], ("DATA/BODY/INV[1]/FPHM", "12345672"));
    let same = xml.replace("12345672", "12345671");
    assert_eq!(read(same.as_bytes()).unwrap().pages.len(), 1);
    let line = |n: u32| format!("<XM><MC>{n}</MC><SPBM>1234567{n}</SPBM><DJ>3.5</DJ><JE>1.00</JE></XM>");
    let xml = format!("<FP><FPHM>12345678</FPHM><KPRQ>20220301</KPRQ><XMS>{}{}</XMS></FP>", line(1), line(2));
    assert_eq!(read(xml.as_bytes()).unwrap().pages.len(), 1);
}

#[test]
fn national_encoding() {
    let xml = "<?xml version=\"1.0\" encoding=\"GBK\"?><A><B>湖南</B></A>";
    let bytes = encoding_rs::GBK.encode(xml).0;
    assert_eq!(paths(&read(&bytes).unwrap().pages[0])[0], ("A/B", "湖南"));
}

#[test]
fn entities_are_never_expanded_and_depth_is_bounded() {
    let bomb = r#"<!DOCTYPE a [<!ENTITY b "xxxxxxxx"><!ENTITY c "&b;&b;&b;">]><a>&c;1</a>"#;
    assert_eq!(paths(&read(bomb.as_bytes()).unwrap().pages[0]), [("a", "1")]);
    let deep = "<a>".repeat(100_000);
    assert!(matches!(read(deep.as_bytes()), Err(ReadError::Limit(_))));
    assert!(matches!(read(b"  "), Err(ReadError::Damaged(_))));
    let cut = read(b"<a><b>1</b><c>2").unwrap();
    assert_eq!(cut.notes.len(), 1);
    assert_eq!(paths(&cut.pages[0]), [("a/b", "1"), ("a/c", "2")]);
}
