use std::sync::Arc;

use super::*;
use crate::extract::fixture::told;
use crate::extract::{Extractor, invoice::Invoice};
use crate::model::{Confidence, Kind, Page, Segment};
use crate::read::{ReadContext, Reader, xml::XmlReader};

fn segment() -> Segment {
    Segment { pages: (1, 1), area: None, kind: Kind::Invoice, confidence: Confidence::FULL, why: Vec::new() }
}

fn pages(xml: &str) -> Vec<Page> {
    XmlReader.read(xml.as_bytes(), &ReadContext::new(None)).unwrap().pages
}

fn read(xml: &str) -> String {
    let pages = pages(xml);
    let segment = segment();
    let view = View { file: Arc::from("a.xml"), segment: &segment, pages: pages.iter().collect() };
    told(&Invoice.extract(&view, &Pack::embedded().unwrap()))
}

fn recognised(xml: &str) -> bool {
    {
        let reading = crate::model::Reading::new(crate::model::ReadBy::Xml, pages(xml));
        let segments = crate::classify::segments(&reading, &Pack::embedded().unwrap());
        segments.iter().any(|s| s.kind == Kind::Invoice)
    }
}

const DIGITAL: &str = r"<EInvoice><Header><EIid>24432000000012345678</EIid><InherentLabel>
<InIssuType><LabelCode>Y</LabelCode></InIssuType><GeneralOrSpecialVAT><LabelCode>01</LabelCode><LabelName>增值税专用发票</LabelName></GeneralOrSpecialVAT></InherentLabel></Header>
<EInvoiceData><SellerInformation><SellerIdNum>91430200MA4L00011Q</SellerIdNum><SellerName>株洲甲软件有限公司</SellerName><SellerBankName>甲银行</SellerBankName><SellerBankAccNum>1234</SellerBankAccNum></SellerInformation>
<BuyerInformation><BuyerIdNum>91433101MA4Q9X9Y2W</BuyerIdNum><BuyerName>湘西乙（集团）有限公司</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>1900.00</TotalAmWithoutTax><TotalTaxAm>247.00</TotalTaxAm><TotalTax-includedAmount>2147.00</TotalTax-includedAmount><TotalTax-includedAmountInChinese>贰仟壹佰肆拾柒圆整</TotalTax-includedAmountInChinese><Drawer>丙</Drawer><RequestTime>2024-03-05 12:06:33</RequestTime></BasicInformation>
<IssuItemInformation><ItemName>*软件*平台</ItemName><MeaUnits>套</MeaUnits><Quantity>1</Quantity><UnPrice>2000</UnPrice><Amount>2000.00</Amount><TaxRate>0.130000</TaxRate><ComTaxAm>260.00</ComTaxAm></IssuItemInformation>
<IssuItemInformation><ItemName>*软件*平台</ItemName><Amount>-100.00</Amount><TaxRate>0.130000</TaxRate><ComTaxAm>-13.00</ComTaxAm></IssuItemInformation>
<SpecificInformation><Toll><TollInformation><PlateNumber>湘A12345</PlateNumber></TollInformation></Toll></SpecificInformation><AdditionalInformation><Remark>差额征税：100.00。</Remark></AdditionalInformation></EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>24432000000012345678</InvoiceNumber><IssueTime>2024-03-05</IssueTime></TaxSupervisionInfo></EInvoice>";

#[test]
fn fully_digitalised() {
    insta::assert_snapshot!(read(DIGITAL));
}

#[test]
fn accounting_xbrl() {
    let xml = r#"<xbrli:xbrl xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:einv="urn:einv"><xbrli:context id="c"/>
<einv:InvoiceNumber contextRef="c">24432000000012345678</einv:InvoiceNumber><einv:SellerName contextRef="c">甲有限公司</einv:SellerName><einv:RequestTime>2024-03-05T00:00:00</einv:RequestTime>
<einv:TotalAmWithoutTax decimals="2">-100.00</einv:TotalAmWithoutTax><einv:TotalTaxAm>-6.00</einv:TotalTaxAm><einv:TotalTax-includedAmount>-106.00</einv:TotalTax-includedAmount>
<einv:WhetherEinvoiceIsRedEinvoice>true</einv:WhetherEinvoiceIsRedEinvoice></xbrli:xbrl>"#;
    insta::assert_snapshot!(read(xml));
}

#[test]
fn pinyin_names() {
    let xml = r"<business><FPDM>043001900111</FPDM><FPHM>12345678</FPHM><KPRQ>20220305120102</KPRQ><JYM>12345 67890 12345 67890</JYM>
<GMF_MC>甲公司</GMF_MC><GMF_NSRSBH>91430200MA4L00011Q</GMF_NSRSBH><XSF_MC>乙公司</XSF_MC><XSF_NSRSBH>91433101MA4Q9X9Y2W</XSF_NSRSBH><XSF_DZDH>某路1号 0731</XSF_DZDH>
<HJJE>100.00</HJJE><HJSE>***</HJSE><JSHJ>100.00</JSHJ><YFP_HM/><BZ/>
<FYXM><XMMC>*软件*甲</XMMC><SL>2</SL><DJ>25</DJ><JE>50.00</JE><SLV>免税</SLV><SE>***</SE></FYXM><FYXM><XMMC>*软件*乙</XMMC><SPSL>1</SPSL><JE>50.00</JE><SL>0.03</SL></FYXM></business>";
    insta::assert_snapshot!(read(xml));
}

#[test]
fn other_xml_is_no_invoice() {
    assert!(recognised(DIGITAL));
    for xml in [
        "<a><b>发票号码 24432000000012345678 价税合计 100.00 销售方名称 甲</b></a>",
        "<Order><InvoiceNo>12345678</InvoiceNo><Amount>5.00</Amount></Order>",
        "<xbrl><NumberOfBankElectronicReceipt>1</NumberOfBankElectronicReceipt><Amount>3</Amount></xbrl>",
        "<config><number>12345678</number><total>3</total><seller>x</seller></config>",
        "<EInvoice/>",
    ] {
        assert!(!recognised(xml), "{xml}");
    }
}

#[test]
fn the_two_numbers_of_a_digital_invoice_must_agree() {
    let out = read(&DIGITAL.replacen("24432000000012345678", "24432000000012345679", 1));
    assert!(out.contains("number: 24432000000012345678 (Data 600)"), "{out}");
}

#[test]
fn print_stands_beside_the_data() {
    let typed = Typed::new(&Arc::from("a.ofd"));
    let at = |text: &str| crate::extract::label::Fragment {
        text: text.into(),
        place: crate::model::Place::File,
        grade: Grade::Text,
        confidence: Confidence::FULL,
        edges: Vec::new(),
    };
    let money = |t: &str| typed.money(&at(t), crate::model::Unit::Yuan);
    let data = Data {
        fields: BTreeMap::from([("total".into(), money("100.00")), ("amount".into(), money("90.00"))]),
        named: BTreeSet::from(["buyer_tax_id".into(), "total".into()]),
        shown: BTreeMap::from([("amount".into(), money("90.00")), ("total".into(), money("100.00"))]),
        covered: BTreeSet::from(["total".into()]),
        items: Vec::new(),
        tagged: false,
    };
    let print = Extracted {
        fields: BTreeMap::from([
            ("total".into(), money("900.00")),
            ("amount".into(), money("9.00")),
            ("buyer_tax_id".into(), typed.text(&at("1"))),
            ("drawer".into(), typed.text(&at("甲"))),
            ("total_capital".into(), typed.capital(&at("玖佰元整"))),
        ]),
        items: Vec::new(),
    };
    // A tag that points at what is covered says nothing of the print; one of two readings that agrees is enough.
    insta::assert_snapshot!(told(&data.beside(print)));
}

#[test]
fn pieces_side_by_side_are_one_amount_and_pieces_apart_are_not() {
    let names = Elements::new(Pack::embedded().unwrap().lexicon("invoice_data"));
    let piece = |path: &str, value: &str, x0: f32| Datum {
        part: "t".into(),
        path: path.into(),
        value: value.into(),
        place: crate::model::Place::Page {
            page: 1,
            bbox: crate::model::BBox::new(x0, 10.0, x0 + 5.0 * value.len() as f32, 19.0),
        },
    };
    let total = |pieces: &[(&str, f32)]| {
        let path = |i: usize| format!("eInvoice/TaxInclusiveTotalAmount/ObjectRef[{i}]");
        let data: Vec<Datum> = pieces.iter().enumerate().map(|(i, p)| piece(&path(i), p.0, p.1)).collect();
        let data: Vec<&Datum> = data.iter().collect();
        Part::new(&data, &names).fields(&Typed::new(&Arc::from("a.ofd"))).remove("total")
    };
    let value = |f: Option<Field>| f.and_then(|f| f.found().map(|s| s.value.to_plain()));
    assert_eq!(value(total(&[("284", 50.0), ("39.32", 65.0)])).as_deref(), Some("28439.32"));
    assert_eq!(value(total(&[("¥", 20.0), ("284.00", 65.0)])).as_deref(), Some("284.00"));
    // Two lines of a column: which one is the total is not said.
    assert!(matches!(total(&[("284.00", 50.0), ("39.32", 165.0)]), Some(Field::Unreadable(_))));
    // The currency sign alone says nothing.
    assert_eq!(total(&[("¥", 20.0)]), None);
}

/// Damaged data cost a value, never a panic. `HECHA_MUTATIONS` for longer runs.
#[test]
#[allow(clippy::disallowed_methods, reason = "how long to run is said from outside")]
fn damaged_data_do_no_harm() {
    let rounds: u64 = std::env::var("HECHA_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let pack = Pack::embedded().unwrap();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let words =
        ["<SL>1", "</", "&amp;", "负壹仟", "9e99", "-0.0", "2024-13-45", "<!DOCTYPE a [", "ObjectRef", "***"];
    for _ in 0..rounds {
        let mut bytes = DIGITAL.as_bytes().to_vec();
        for _ in 0..1 + next(6) {
            let (from, length) = (next(bytes.len()), next(30));
            let to = (from + length).min(bytes.len());
            let piece = if next(2) == 0 {
                words[next(words.len())].as_bytes().to_vec()
            } else {
                vec![next(256) as u8]
            };
            bytes.splice(from..to, piece);
        }
        let Ok(reading) = XmlReader.read(&bytes, &ReadContext::new(None)) else { continue };
        for page in &reading.pages {
            let segment = Segment { pages: (page.number, page.number), ..segment() };
            let view = View { file: Arc::from("a.xml"), segment: &segment, pages: vec![page] };
            Invoice.extract(&view, &pack);
        }
    }
}
