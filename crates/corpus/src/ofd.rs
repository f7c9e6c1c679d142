//! Electronic invoices as files of data: OFD (page, data, tags, digests) and the XML of the tax bureau.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sm3::{Digest, Sm3};

use crate::canvas::{BROWN, Canvas, Op, Rgb};
use crate::deal::{Form, Invoice};
use crate::money::{capital, plain};
use crate::office;
use crate::rng::Rng;

/// How an invoice is handed in as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// As OFD.
    Ofd,
    /// As an OFD whose page was changed after it was signed.
    Tampered,
    /// As an OFD whose page shows more than its data say, all of it signed.
    Apart,
    /// As XML.
    Xml,
}

impl Carrier {
    /// The extension and the bytes. `page` is the invoice as drawn, `stated` what its data say.
    pub fn file(self, page: &Canvas, stated: &Invoice, seed: u64) -> (&'static str, Vec<u8>) {
        match self {
            Self::Xml => ("xml", einvoice(stated).into_bytes()),
            _ => ("ofd", package(page, stated, seed, self == Self::Tampered)),
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", escape(text))
}

/// The XML of a fully digitalised invoice.
fn einvoice(inv: &Invoice) -> String {
    let (code, name) = if inv.form == Form::DigitalSpecial {
        ("01", "增值税专用发票")
    } else {
        ("02", "普通发票")
    };
    let mut o = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<EInvoice><Header>");
    o += &element("EIid", &inv.number);
    o += "<EInvoiceTag>SWEI4300</EInvoiceTag><Version>0.37</Version><InherentLabel><InIssuType><LabelCode>Y</LabelCode><LabelName>是否蓝字发票标志</LabelName></InIssuType><EInvoiceType><LabelCode>01</LabelCode><LabelName>电子发票</LabelName></EInvoiceType>";
    let _ = write!(
        o,
        "<GeneralOrSpecialVAT><LabelCode>{code}</LabelCode><LabelName>{name}</LabelName></GeneralOrSpecialVAT></InherentLabel></Header><EInvoiceData>"
    );
    for (block, prefix, who) in
        [("SellerInformation", "Seller", &inv.seller), ("BuyerInformation", "Buyer", &inv.buyer)]
    {
        let (id, called) =
            (element(&format!("{prefix}IdNum"), &who.uscc), element(&format!("{prefix}Name"), &who.name));
        let _ = write!(o, "<{block}>{id}{called}</{block}>");
    }
    o += "<BasicInformation>";
    o += &element("TotalAmWithoutTax", &plain(inv.amount));
    o += &element("TotalTaxAm", &plain(inv.tax));
    o += &element("TotalTax-includedAmount", &plain(inv.total));
    o += &element("TotalTax-includedAmountInChinese", &capital(inv.capital, "圆"));
    o += &element("Drawer", &inv.staff[2]);
    o += &element("RequestTime", &inv.date.format("%Y-%m-%d 10:20:30").to_string());
    o += "</BasicInformation>";
    for it in &inv.items {
        let number = |v: Option<String>| v.unwrap_or_default();
        o += "<IssuItemInformation>";
        o += &element("ItemName", &format!("*{}*{}", it.class, it.name));
        o += &element("SpecMod", &it.model);
        o += &element("MeaUnits", if it.quantity.is_some() { &it.unit } else { "" });
        o += &element("Quantity", &number(it.quantity.map(|q| q.normalize().to_string())));
        o += &element("UnPrice", &number(it.net_price().map(|p| p.to_string())));
        o += &element("Amount", &plain(it.amount));
        o += &element("TaxRate", &format!("0.{:02}0000", it.rate));
        o += &element("ComTaxAm", &plain(it.tax));
        o += "</IssuItemInformation>";
    }
    let _ = write!(
        o,
        "<SpecificInformation/><AdditionalInformation>{}</AdditionalInformation></EInvoiceData><TaxSupervisionInfo>",
        element("Remark", &inv.remark)
    );
    o += &element("InvoiceNumber", &inv.number);
    o += &element("IssueTime", &inv.date.format("%Y-%m-%d").to_string());
    o += "<TaxBureauCode>14300000000</TaxBureauCode></TaxSupervisionInfo></EInvoice>";
    o
}

/// The data file of a tax-control invoice.
fn original(inv: &Invoice) -> String {
    let fp = |name: &str, text: &str| element(&format!("fp:{name}"), text);
    let mut o = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<eInvoice xmlns:fp=\"http://www.edrm.org.cn/schema/e-invoice/2019\" Version=\"1.0\">",
    );
    o += &(fp("InvoiceCode", &inv.code) + &fp("InvoiceNo", &inv.number) + &fp("TypeCode", "0"));
    o += &fp("IssueDate", &inv.date.format("%Y年%m月%d日").to_string());
    o += &(fp("InvoiceCheckCode", &inv.check) + &fp("MachineNo", &inv.machine));
    for (block, who) in [("Buyer", &inv.buyer), ("Seller", &inv.seller)] {
        let _ = write!(
            o,
            "<fp:{block}>{}{}<fp:{block}AddrTel></fp:{block}AddrTel></fp:{block}>",
            fp(&format!("{block}Name"), &who.name),
            fp(&format!("{block}TaxID"), &who.uscc)
        );
    }
    o += &(fp("TaxInclusiveTotalAmount", &plain(inv.total)) + &fp("Note", &inv.remark));
    o += &(fp("InvoiceClerk", &inv.staff[2]) + &fp("Payee", &inv.staff[0]) + &fp("Checker", &inv.staff[1]));
    o += &(fp("TaxTotalAmount", &plain(inv.tax)) + &fp("TaxExclusiveTotalAmount", &plain(inv.amount)));
    o += "<fp:GoodsInfos>";
    for it in &inv.items {
        let number = |v: Option<String>| v.unwrap_or_default();
        o += "<fp:GoodsInfo>";
        o += &(fp("Item", &format!("*{}*{}", it.class, it.name)) + &fp("Specification", &it.model));
        o += &fp("MeasurementDimension", if it.quantity.is_some() { &it.unit } else { "" });
        o += &fp("Price", &number(it.net_price().map(|p| p.to_string())));
        o += &fp("Quantity", &number(it.quantity.map(|q| q.normalize().to_string())));
        o += &(fp("Amount", &plain(it.amount))
            + &fp("TaxScheme", &format!("{}%", it.rate))
            + &fp("TaxAmount", &plain(it.tax)));
        o += "</fp:GoodsInfo>";
    }
    o + "</fp:GoodsInfos></eInvoice>"
}

/// Names of tags by field.
const TAGS: &[(&str, &str)] = &[
    ("code", "InvoiceCode"),
    ("number", "InvoiceNo"),
    ("date", "IssueDate"),
    ("check_code", "InvoiceCheckCode"),
    ("buyer_name", "Buyer/BuyerName"),
    ("buyer_tax_id", "Buyer/BuyerTaxID"),
    ("seller_name", "Seller/SellerName"),
    ("seller_tax_id", "Seller/SellerTaxID"),
    ("amount", "TaxExclusiveTotalAmount"),
    ("tax", "TaxTotalAmount"),
    ("total", "TaxInclusiveTotalAmount"),
];

const MM: f32 = 25.4 / 72.0;

/// A page's objects, and which text shows which field.
struct Page {
    form: String,
    values: String,
    /// Id, left, baseline in points.
    texts: Vec<(usize, f32, f32)>,
    pictures: Vec<Vec<u8>>,
}

fn colour((r, g, b): Rgb) -> String {
    format!("{r} {g} {b}")
}

/// Steps between characters, run by run as most producers write them, or one by one.
fn steps(widths: &[f32], runs: bool) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut i = 0;
    while i < widths.len() {
        let same = widths[i..].iter().take_while(|w| (**w - widths[i]).abs() < 0.0005).count();
        let step = format!("{:.4}", widths[i]);
        if runs && same > 1 {
            out.push(format!("g {same} {step}"));
        } else {
            out.extend(std::iter::repeat_n(step, same));
        }
        i += same;
    }
    out.join(" ")
}

fn page(cv: &Canvas, runs: bool) -> Page {
    let mut o = Page { form: String::new(), values: String::new(), texts: Vec::new(), pictures: Vec::new() };
    let mut id = 100;
    for op in &cv.ops {
        id += 1;
        match op {
            Op::Text { x, y, size, face, text, rgb, turn: None } => {
                let widths: Vec<f32> = text.chars().map(|c| face.width(&c.to_string(), *size) * MM).collect();
                let delta = steps(&widths[..widths.len().saturating_sub(1)], runs);
                let delta = if delta.is_empty() { delta } else { format!(" DeltaX=\"{delta}\"") };
                let to = if *rgb == BROWN { &mut o.form } else { &mut o.values };
                let _ = write!(
                    to,
                    "<ofd:TextObject ID=\"{id}\" Boundary=\"{:.3} {:.3} {:.3} {:.3}\" Font=\"3\" Size=\"{:.4}\"><ofd:FillColor Value=\"{}\"/><ofd:TextCode X=\"0\" Y=\"{:.4}\"{delta}>{}</ofd:TextCode></ofd:TextObject>",
                    x * MM,
                    (y - size) * MM,
                    widths.iter().sum::<f32>() + 0.5,
                    size * 1.3 * MM,
                    size * MM,
                    colour(*rgb),
                    size * MM,
                    escape(text)
                );
                o.texts.push((id, *x, *y));
            }
            Op::Line { a, b, width, rgb } => {
                let _ = write!(
                    o.form,
                    "<ofd:PathObject ID=\"{id}\" Boundary=\"{:.3} {:.3} {:.3} {:.3}\" LineWidth=\"{:.3}\"><ofd:StrokeColor Value=\"{}\"/><ofd:AbbreviatedData>M 0 0 L {:.3} {:.3}</ofd:AbbreviatedData></ofd:PathObject>",
                    a.0 * MM,
                    a.1 * MM,
                    ((b.0 - a.0) * MM).max(0.25),
                    ((b.1 - a.1) * MM).max(0.25),
                    width * MM,
                    colour(*rgb),
                    (b.0 - a.0) * MM,
                    (b.1 - a.1) * MM
                );
            }
            Op::Rect { area, stroke: Some((rgb, width)), .. } => {
                let (w, h) = (area.2 * MM, area.3 * MM);
                let _ = write!(
                    o.form,
                    "<ofd:PathObject ID=\"{id}\" Boundary=\"{:.3} {:.3} {w:.3} {h:.3}\" LineWidth=\"{:.3}\"><ofd:StrokeColor Value=\"{}\"/><ofd:AbbreviatedData>M 0 0 L {w:.3} 0 L {w:.3} {h:.3} L 0 {h:.3} C</ofd:AbbreviatedData></ofd:PathObject>",
                    area.0 * MM,
                    area.1 * MM,
                    width * MM,
                    colour(*rgb)
                );
            }
            Op::Image { area, bytes, .. } => {
                let (w, h) = (area.2 * MM, area.3 * MM);
                let _ = write!(
                    o.values,
                    "<ofd:ImageObject ID=\"{id}\" Boundary=\"{:.3} {:.3} {w:.3} {h:.3}\" CTM=\"{w:.3} 0 0 {h:.3} 0 0\" ResourceID=\"{}\"/>",
                    area.0 * MM,
                    area.1 * MM,
                    10 + o.pictures.len()
                );
                o.pictures.push(bytes.as_ref().clone());
            }
            _ => {}
        }
    }
    o
}

/// The tags: names that point at the texts of the page.
fn tags(cv: &Canvas, page: &Page) -> String {
    let mut o = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<eInvoice xmlns:ofd=\"http://www.ofdspec.org/2016\">",
    );
    for (field, path) in TAGS {
        let Some(mark) = cv.marks.iter().find(|m| m.field == *field) else { continue };
        let Some([x0, y0, x1, y1]) = mark.bbox else { continue };
        let shown =
            page.texts.iter().filter(|(_, x, y)| (x0 - 1.0..x1).contains(x) && (y0..y1 + 1.0).contains(y));
        let refs: String =
            shown.map(|(id, ..)| format!("<ofd:ObjectRef PageRef=\"1\">{id}</ofd:ObjectRef>")).collect();
        let (open, close) = match path.split_once('/') {
            Some((block, name)) => (format!("<{block}><{name}>"), format!("</{name}></{block}>")),
            None => (format!("<{path}>"), format!("</{path}>")),
        };
        let _ = write!(o, "{open}{refs}{close}");
    }
    o + "</eInvoice>"
}

/// The whole package. What varies by seed: steps as runs or one by one, prefix of the list of parts, digest.
fn package(cv: &Canvas, inv: &Invoice, seed: u64, tampered: bool) -> Vec<u8> {
    let mut rng = Rng::new(seed, &inv.number);
    let drawn = page(cv, rng.int(0, 1) == 1);
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    let ns = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
    let content = |objects: &str, more: &str, id: u32| {
        format!(
            "{head}<ofd:Page {ns}>{more}<ofd:Content><ofd:Layer ID=\"{id}\">{objects}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    };
    let custom = [
        ("发票代码", inv.code.clone()),
        ("发票号码", inv.number.clone()),
        ("合计税额", plain(inv.tax)),
        ("合计金额", plain(inv.amount)),
        ("开票日期", inv.date.format("%Y年%m月%d日").to_string()),
        ("购买方纳税人识别号", inv.buyer.uscc.clone()),
        ("销售方纳税人识别号", inv.seller.uscc.clone()),
    ];
    let custom: String = custom
        .iter()
        .filter(|c| !c.1.is_empty())
        .map(|(k, v)| format!("<ofd:CustomData Name=\"{k}\">{v}</ofd:CustomData>"))
        .collect();
    let digital = matches!(inv.form, Form::DigitalPlain | Form::DigitalSpecial);
    let attached = if digital { "" } else { "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>" };
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        ("OFD.xml".into(), format!("{head}<ofd:OFD {ns} DocType=\"OFD\" Version=\"1.1\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{:032x}</ofd:DocID><ofd:CustomDatas>{custom}</ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>", rng.bits()).into()),
        ("Doc_0/Document.xml".into(), format!("{head}<ofd:Document {ns}><ofd:CommonData><ofd:MaxUnitID>999</ofd:MaxUnitID><ofd:TemplatePage ID=\"2\" BaseLoc=\"Tpls/Tpl_0/Content.xml\"/><ofd:PageArea><ofd:PhysicalBox>0 0 {:.2} {:.2}</ofd:PhysicalBox></ofd:PageArea><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/></ofd:Pages>{attached}<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>", cv.w * MM, cv.h * MM).into()),
        ("Doc_0/Tpls/Tpl_0/Content.xml".into(), content(&drawn.form, "", 50).into()),
        ("Doc_0/Pages/Page_0/Content.xml".into(), content(&drawn.values, "<ofd:Template TemplateID=\"2\" ZOrder=\"Background\"/>", 60).into()),
        ("Doc_0/Tags/CustomTags.xml".into(), format!("{head}<ofd:CustomTags {ns}><ofd:CustomTag NameSpace=\"\"><ofd:FileLoc>CustomTag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>").into()),
        ("Doc_0/Tags/CustomTag.xml".into(), tags(cv, &drawn).into()),
    ];
    let media = |i: usize| {
        format!(
            "<ofd:MultiMedia ID=\"{}\" Type=\"Image\"><ofd:MediaFile>image_{i}.png</ofd:MediaFile></ofd:MultiMedia>",
            10 + i
        )
    };
    let list: String = (0..drawn.pictures.len()).map(media).collect();
    parts.push(("Doc_0/DocumentRes.xml".into(), format!("{head}<ofd:Res {ns} BaseLoc=\"Res\"><ofd:Fonts><ofd:Font ID=\"3\" FontName=\"宋体\"/></ofd:Fonts><ofd:MultiMedias>{list}</ofd:MultiMedias></ofd:Res>").into()));
    for (i, bytes) in drawn.pictures.iter().enumerate() {
        parts.push((format!("Doc_0/Res/image_{i}.png"), bytes.clone()));
    }
    if !digital {
        parts.push(("Doc_0/Attachs/Attachments.xml".into(), format!("{head}<ofd:Attachments {ns}><ofd:Attachment ID=\"1\" Name=\"original_invoice\" Format=\"xml\"><ofd:FileLoc>original_invoice.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>").into()));
        parts.push(("Doc_0/Attachs/original_invoice.xml".into(), original(inv).into()));
    }
    sign(&mut parts, &mut rng);
    if tampered {
        // Another clerk than the one who signed: nothing that is compared, only the digest tells.
        let page = &mut parts[3].1;
        *page = String::from_utf8_lossy(page).replace(&escape(&inv.staff[2]), "管理员").into_bytes();
    }
    let parts: Vec<(Vec<u8>, Vec<u8>)> = parts.into_iter().map(|(n, b)| (n.into_bytes(), b)).collect();
    office::zip(&parts)
}

/// Adds the list of digests.
fn sign(parts: &mut Vec<(String, Vec<u8>)>, rng: &mut Rng) {
    let slash = *rng.pick(&["/", ""]);
    let method = *rng.pick(&["1.2.156.10197.1.401", "1.3.14.3.2.26"]);
    let references: String = parts
        .iter()
        .map(|(name, bytes)| {
            let digest = if method.starts_with("1.2") {
                STANDARD.encode(Sm3::digest(bytes))
            } else {
                STANDARD.encode(sha1::Sha1::digest(bytes))
            };
            format!("<ofd:Reference FileRef=\"{slash}{name}\"><ofd:CheckValue>{digest}</ofd:CheckValue></ofd:Reference>")
        })
        .collect();
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    let ns = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
    parts.push(("Doc_0/Signs/Signatures.xml".into(), format!("{head}<ofd:Signatures {ns}><ofd:Signature ID=\"1\" Type=\"Seal\" BaseLoc=\"/Doc_0/Signs/Sign_0/Signature.xml\"/></ofd:Signatures>").into()));
    parts.push(("Doc_0/Signs/Sign_0/Signature.xml".into(), format!("{head}<ofd:Signature {ns}><ofd:SignedInfo><ofd:Provider ProviderName=\"hecha-corpus\" Version=\"1\"/><ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod><ofd:References CheckMethod=\"{method}\">{references}</ofd:References><ofd:StampAnnot ID=\"1\" PageRef=\"1\" Boundary=\"90 8 30 20\"/></ofd:SignedInfo></ofd:Signature>").into()));
}
