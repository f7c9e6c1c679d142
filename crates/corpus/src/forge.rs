//! What forgers do to finished papers, and what looks like it and is lawful: on the drawn page, on the PDF, on the scan.

use image::{DynamicImage, Rgb, RgbImage, imageops};
use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, Stream, dictionary};

use crate::canvas::{Area, BLACK, Canvas, Op, to_pdf};
use crate::font::Face;
use crate::paper::Paper;
use crate::scan::{Scan, jpeg, render, scan};

/// A face that no paper is set in.
const STRANGE: Face = Face::SerifBold;

/// What is done to a paper.
#[derive(Clone, Debug)]
pub enum How {
    /// A white box over a field, and another figure on it.
    Boxed(&'static str),
    /// Another figure, by a revision appended to the file.
    Revised(&'static str),
    /// The first figure of a field in another font.
    OtherFont(&'static str),
    /// Saved by an editing program.
    Edited,
    /// Created and saved long before the paper was issued.
    Early,
    /// A note laid over a field, with another figure.
    Annotated(&'static str),
    /// A small picture over a field, with another figure.
    Patched(&'static str),
    /// A font whose map says another figure than it draws.
    Mapped(&'static str),
    /// Scanned.
    Scanned,
    /// Scanned so coarsely, at so many dots per inch, that it can hardly be read.
    Faint(f32),
    /// Scanned, and the first figure of a field pasted from elsewhere: clean and black.
    Pasted(&'static str),
    /// The last picture is another one.
    Picture(Vec<u8>),
    /// Signed electronically by a revision that changes nothing. Lawful.
    Signed,
    /// A field blackened, nothing written. Lawful.
    Redacted(&'static str),
    /// A field highlighted. Lawful.
    Highlighted(&'static str),
    /// Scanned in black and white, one picture for all equal characters. Lawful.
    Symbols,
}

/// A paper, by the end of its name, and what is done to it.
#[derive(Clone, Debug)]
pub struct Touch {
    /// End of the paper's name.
    pub paper: &'static str,
    /// What.
    pub how: How,
}

/// A colour scan as offices make them.
const OFFICE: Scan = Scan { dpi: 150.0, skew: 0.6, turn: 0, colour: true, noise: 4.0, quality: 62 };

/// The paper as it is then drawn and whether it is a scan now; what is left to do to the file is done by [`on_file`].
pub fn on_paper(mut paper: Paper, how: &How, seed: u64) -> (Paper, bool) {
    match how {
        How::Boxed(field) => {
            let (at, text) = found(&paper.pages[0], field);
            let (x, y, size, face) = place(&paper.pages[0], at);
            let new = raised(&text);
            let width = face.width(&text, size) + 8.0;
            paper.pages[0].rect(Area(x - 3.0, y - size, width, size * 1.3), Some((255, 255, 255)), None);
            paper.pages[0].text(x, y, size, face, BLACK, &new);
            relabel(&mut paper, field, &text, &new);
        }
        How::Revised(field) | How::Annotated(field) => {
            let (_, text) = found(&paper.pages[0], field);
            relabel(&mut paper, field, &text, &raised(&text));
        }
        How::OtherFont(field) => {
            let (at, text) = found(&paper.pages[0], field);
            let (x, y, size, face) = place(&paper.pages[0], at);
            let cut = first_figure(&text);
            let parts = [(&text[..cut], face), (&text[cut..=cut], STRANGE), (&text[cut + 1..], face)];
            paper.pages[0].ops.remove(at);
            let mut left = x;
            for (part, face) in parts.into_iter().filter(|p| !p.0.is_empty()) {
                paper.pages[0].text(left, y, size, face, BLACK, part);
                left += face.width(part, size);
            }
        }
        How::Patched(field) => {
            let (at, text) = found(&paper.pages[0], field);
            let (x, y, size, face) = place(&paper.pages[0], at);
            let new = raised(&text);
            let (w, h) = (face.width(&text, size) + 10.0, size * 1.7);
            let mut patch = Canvas::new(w, h);
            patch.text(4.0, size * 1.2, size, face, BLACK, &new);
            let bytes = jpeg(&DynamicImage::ImageRgb8(render(&patch, 220.0)), 88);
            paper.pages[0].image(Area(x - 4.0, y - size * 1.2, w, h), bytes, true);
            unlabel(&mut paper, field);
        }
        How::Mapped(field) => {
            let (at, text) = found(&paper.pages[0], field);
            let shown = drawn_instead(&text);
            if let Op::Text { face, text, .. } = &mut paper.pages[0].ops[at] {
                (*face, *text) = (STRANGE, shown);
            }
            unlabel(&mut paper, field);
        }
        How::Scanned => return (paper.scanned(OFFICE, seed), true),
        How::Faint(dpi) => {
            let coarse = Scan { dpi: *dpi, colour: false, noise: 22.0, quality: 18, ..OFFICE };
            let mut faint = paper.scanned(coarse, seed);
            // What nobody can read is no field.
            faint.pages.iter_mut().for_each(|p| p.marks.clear());
            return (faint, true);
        }
        How::Pasted(field) => return (spoilt(paper, field, seed), true),
        How::Picture(bytes) => {
            let mut pictures = paper.pages.iter_mut().flat_map(|p| &mut p.ops).rev();
            let last = pictures.find_map(|op| match op {
                Op::Image { bytes, .. } => Some(bytes),
                _ => None,
            });
            *last.expect("a picture") = std::sync::Arc::new(bytes.clone());
        }
        How::Redacted(field) => {
            let (at, text) = found(&paper.pages[0], field);
            let (x, y, size, face) = place(&paper.pages[0], at);
            let width = face.width(&text, size) + 4.0;
            paper.pages[0].rect(Area(x - 2.0, y - size, width, size * 1.3), Some((20, 20, 20)), None);
            unlabel(&mut paper, field);
        }
        How::Symbols => return (black_and_white(paper), true),
        How::Edited | How::Early | How::Signed | How::Highlighted(_) => {}
    }
    (paper, false)
}

/// The file after what is done to it. `before` is the paper as it was drawn at first.
pub fn on_file(bytes: Vec<u8>, how: &How, before: &Paper) -> Vec<u8> {
    match how {
        How::Revised(field) => {
            let (at, text) = found(&before.pages[0], field);
            let mut later = before.clone();
            if let Op::Text { text: shown, .. } = &mut later.pages[0].ops[at] {
                *shown = raised(&text);
            }
            let pages = |p: &Paper| to_pdf(&p.pages.iter().collect::<Vec<_>>());
            revised(pages(before), &pages(&later))
        }
        How::Edited => changed(&bytes, |doc| {
            let info = info(doc);
            info.set("Producer", Object::string_literal("pdf-lib (https://github.com/Hopding/pdf-lib)"));
            info.set("ModDate", Object::string_literal("D:20230215201500+08'00'"));
        }),
        How::Early => changed(&bytes, |doc| {
            let info = info(doc);
            info.set("CreationDate", Object::string_literal("D:20200301100000+08'00'"));
            info.set("ModDate", Object::string_literal("D:20200302100000+08'00'"));
        }),
        How::Annotated(field) => {
            let (at, text) = found(&before.pages[0], field);
            annotated(&bytes, &before.pages[0], at, &text)
        }
        How::Highlighted(field) => {
            let (at, text) = found(&before.pages[0], field);
            highlighted(&bytes, &before.pages[0], at, &text)
        }
        How::Mapped(field) => {
            let (_, text) = found(&before.pages[0], field);
            mapped(&bytes, &text)
        }
        How::Signed => signed(bytes),
        _ => bytes,
    }
}

/// The step that draws a field, and its text.
fn found(page: &Canvas, field: &str) -> (usize, String) {
    let mark = page.marks.iter().find(|m| m.field == field).expect("the field");
    let [x0, y0, x1, y1] = mark.bbox.expect("a place");
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
    let wanted = digits(&mark.value);
    let at = page.ops.iter().position(|op| match op {
        Op::Text { x, y, text, turn: None, .. } => {
            *x >= x0 - 1.0 && *x <= x1 && *y >= y0 && *y <= y1 + 2.0 && digits(text).starts_with(&wanted)
        }
        _ => false,
    });
    let at = at.expect("the text of the field");
    match &page.ops[at] {
        Op::Text { text, .. } => (at, text.clone()),
        _ => unreachable!("a text"),
    }
}

fn place(page: &Canvas, at: usize) -> (f32, f32, f32, Face) {
    match &page.ops[at] {
        Op::Text { x, y, size, face, .. } => (*x, *y, *size, *face),
        _ => unreachable!("a text"),
    }
}

fn first_figure(text: &str) -> usize {
    text.find(|c: char| c.is_ascii_digit()).expect("a figure")
}

/// The first figure made a larger one.
fn raised(text: &str) -> String {
    let at = first_figure(text);
    let new = if &text[at..=at] == "9" { "4" } else { "9" };
    format!("{}{new}{}", &text[..at], &text[at + 1..])
}

/// A figure that the text lacks, in place of its first.
fn drawn_instead(text: &str) -> String {
    let at = first_figure(text);
    format!("{}{}{}", &text[..at], stand_in(text), &text[at + 1..])
}

fn stand_in(text: &str) -> char {
    ['6', '9', '4', '8'].into_iter().find(|c| !text.contains(*c)).expect("a figure that is not there")
}

fn relabel(paper: &mut Paper, field: &str, old: &str, new: &str) {
    let at = first_figure(old);
    let figure = new[at..].chars().next().expect("a figure");
    for mark in paper.pages.iter_mut().flat_map(|p| &mut p.marks).filter(|m| m.field == field) {
        let at = first_figure(&mark.value);
        mark.value.replace_range(at..=at, &figure.to_string());
    }
}

/// What a reader takes for the field's value is a matter of taste then.
fn unlabel(paper: &mut Paper, field: &str) {
    for page in &mut paper.pages {
        page.marks.retain(|m| m.field != field);
    }
}

/// A scan whose first figure of a field was put there afterwards, saved a second time.
fn spoilt(mut paper: Paper, field: &str, seed: u64) -> Paper {
    let page = &paper.pages[0];
    let (at, text) = found(page, field);
    let (x, y, size, face) = place(page, at);
    let cut = first_figure(&text);
    let k = OFFICE.dpi / 72.0;
    let left = x + face.width(&text[..cut], size);
    let width = face.width(&text[cut..=cut], size);
    // Whoever pastes works on a level page.
    let (bytes, w, h) = scan(page, Scan { skew: 0.0, ..OFFICE }, seed);
    let mut picture = image::load_from_memory(&bytes).expect("our own JPEG").into_rgb8();
    let new = raised(&text);
    let figure = &new[cut..=cut];
    let (px, py) = (((left - 0.4) * k) as i64, ((y - size) * k) as i64);
    let mut patch = Canvas::new(width + 0.8, size * 1.3);
    patch.text(0.4, size, size, face, BLACK, figure);
    let mut part = render(&patch, OFFICE.dpi);
    // Darker than thin print is drawn.
    part.pixels_mut().for_each(|p| *p = Rgb(p.0.map(|v| 255 - (255 - v).saturating_mul(2))));
    imageops::replace(&mut picture, &part, px, py);
    let bytes = jpeg(&DynamicImage::ImageRgb8(picture), 78);
    relabel(&mut paper, field, &text, &new);
    let marks = std::mem::take(&mut paper.pages[0].marks);
    let mut out = Canvas::new(w, h);
    out.image(Area(0.0, 0.0, w, h), bytes, true);
    out.marks = marks;
    paper.pages[0] = out;
    paper
}

/// Black and white without noise: equal characters are equal to the pixel.
fn black_and_white(mut paper: Paper) -> Paper {
    for page in &mut paper.pages {
        let ink = render(page, 150.0);
        let bits = image::GrayImage::from_fn(ink.width(), ink.height(), |x, y| {
            let [r, g, b] = ink.get_pixel(x, y).0.map(u32::from);
            image::Luma([if r + g + b > 3 * 140 { 255 } else { 0 }])
        });
        let mut png = std::io::Cursor::new(Vec::new());
        bits.write_to(&mut png, image::ImageFormat::Png).expect("in memory");
        let mut out = Canvas::new(page.w, page.h);
        out.image(Area(0.0, 0.0, page.w, page.h), png.into_inner(), false);
        out.marks = std::mem::take(&mut page.marks);
        *page = out;
    }
    paper
}

/// Another picture of the same scene: smaller, and compressed more.
pub fn copied_picture(bytes: &[u8]) -> Vec<u8> {
    let picture: RgbImage = image::load_from_memory(bytes).expect("our own JPEG").into_rgb8();
    let (w, h) = (picture.width() * 7 / 10, picture.height() * 7 / 10);
    let small = imageops::resize(&picture, w, h, imageops::FilterType::Triangle);
    jpeg(&DynamicImage::ImageRgb8(small), 48)
}

fn loaded(bytes: &[u8]) -> Document {
    Document::load_mem(bytes).expect("our own PDF")
}

fn changed(bytes: &[u8], change: impl FnOnce(&mut Document)) -> Vec<u8> {
    let mut doc = loaded(bytes);
    change(&mut doc);
    let mut out = Vec::new();
    doc.save_to(&mut out).expect("in memory");
    out
}

fn info(doc: &mut Document) -> &mut Dictionary {
    let id = doc.trailer.get(b"Info").and_then(Object::as_reference);
    let id = id.unwrap_or_else(|_| {
        let id = doc.add_object(Dictionary::new());
        doc.trailer.set("Info", id);
        id
    });
    doc.get_dictionary_mut(id).expect("a dictionary")
}

/// The second file's objects as a revision of the first one's.
fn revised(first: Vec<u8>, second: &[u8]) -> Vec<u8> {
    let (old, new) = (loaded(&first), loaded(second));
    let mut out = IncrementalDocument::create_from(first, old.clone());
    for (id, object) in &new.objects {
        if old.objects.get(id) != Some(object) {
            out.new_document.set_object(*id, object.clone());
        }
    }
    saved(out)
}

fn saved(mut doc: IncrementalDocument) -> Vec<u8> {
    let mut out = Vec::new();
    doc.save_to(&mut out).expect("in memory");
    out
}

/// Appends objects to a file's first page as annotations.
fn with_annotation(bytes: &[u8], make: impl FnOnce(&mut Document) -> ObjectId) -> Vec<u8> {
    let old = loaded(bytes);
    let page = *old.get_pages().values().next().expect("a page");
    let mut out = IncrementalDocument::create_from(bytes.to_vec(), old);
    out.opt_clone_object_to_new_document(page).expect("the page");
    let id = make(&mut out.new_document);
    let page = out.new_document.get_dictionary_mut(page).expect("the page");
    page.set("Annots", vec![Object::Reference(id)]);
    saved(out)
}

/// The box of a text in PDF's coordinates, from the bottom left.
fn rect(page: &Canvas, at: usize, text: &str) -> [f32; 4] {
    let (x, y, size, face) = place(page, at);
    [x - 3.0, page.h - y - 0.3 * size, x + face.width(text, size) + 3.0, page.h - y + size]
}

fn numbers(list: [f32; 4]) -> Object {
    Object::Array(list.into_iter().map(Object::Real).collect())
}

/// A text box on a white ground.
fn annotated(bytes: &[u8], page: &Canvas, at: usize, text: &str) -> Vec<u8> {
    let r = rect(page, at, text);
    let (w, h) = (r[2] - r[0], r[3] - r[1]);
    let figures: String = raised(text).chars().filter(char::is_ascii).collect();
    let (_, _, size, _) = place(page, at);
    let content =
        format!("1 1 1 rg 0 0 {w} {h} re f 0 g BT /F1 {size} Tf 3 {} Td ({figures}) Tj ET", 0.3 * size);
    with_annotation(bytes, |doc| {
        let font = dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" };
        let look = dictionary! {
            "Type" => "XObject",
            "Subtype" => "Form",
            "BBox" => numbers([0.0, 0.0, w, h]),
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        };
        let look = doc.add_object(Stream::new(look, content.into_bytes()));
        doc.add_object(dictionary! {
            "Type" => "Annot",
            "Subtype" => "FreeText",
            "Rect" => numbers(r),
            "Contents" => Object::string_literal(figures),
            "DA" => Object::string_literal("/Helv 9 Tf 0 g"),
            "F" => 4,
            "AP" => dictionary! { "N" => look },
        })
    })
}

fn highlighted(bytes: &[u8], page: &Canvas, at: usize, text: &str) -> Vec<u8> {
    let r = rect(page, at, text);
    with_annotation(bytes, |doc| {
        let corners = [r[0], r[3], r[2], r[3], r[0], r[1], r[2], r[1]];
        doc.add_object(dictionary! {
            "Type" => "Annot",
            "Subtype" => "Highlight",
            "Rect" => numbers(r),
            "QuadPoints" => corners.into_iter().map(Object::Real).collect::<Vec<_>>(),
            "C" => vec![1.into(), 1.into(), 0.into()],
            "F" => 4,
        })
    })
}

/// The map of the strange font says the text's first figure where it draws another.
fn mapped(bytes: &[u8], text: &str) -> Vec<u8> {
    let (drawn, said) = (stand_in(text), text[first_figure(text)..].chars().next().expect("a figure"));
    changed(bytes, |doc| {
        let strange = |d: &Dictionary| {
            let name = d.get(b"BaseFont").and_then(Object::as_name).unwrap_or_default();
            String::from_utf8_lossy(name).contains("NotoSerifCJK")
                && String::from_utf8_lossy(name).contains("Bold")
        };
        let map = doc.objects.values().find_map(|o| {
            let d = o.as_dict().ok().filter(|d| strange(d))?;
            d.get(b"ToUnicode").and_then(Object::as_reference).ok()
        });
        let map = doc.get_object_mut(map.expect("a map")).and_then(Object::as_stream_mut).expect("a stream");
        let _ = map.decompress();
        let hex = |c: char| format!("<{:04X}>", c as u32);
        let old = String::from_utf8_lossy(&map.content).to_uppercase();
        assert!(old.contains(&hex(drawn)), "the map of the strange font: {old}");
        let new = String::from_utf8_lossy(&map.content)
            .replace(&hex(drawn), &hex(said))
            .replace(&hex(drawn).to_lowercase(), &hex(said));
        map.set_plain_content(new.into_bytes());
    })
}

/// A signature field with its widget, appended as a revision; the signature itself is an invented block of bytes.
fn signed(bytes: Vec<u8>) -> Vec<u8> {
    const ROOM: usize = 256;
    let old = loaded(&bytes);
    let page = *old.get_pages().values().next().expect("a page");
    let root = old.trailer.get(b"Root").and_then(Object::as_reference).expect("a catalogue");
    let mut out = IncrementalDocument::create_from(bytes, old);
    for id in [page, root] {
        out.opt_clone_object_to_new_document(id).expect("an object");
    }
    let value = out.new_document.add_object(dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "adbe.pkcs7.detached",
        "M" => Object::string_literal("D:20230203101500+08'00'"),
        "ByteRange" => vec![0.into(), 1_111_111_111.into(), 1_111_111_112.into(), 1_111_111_113.into()],
        "Contents" => Object::String(vec![0xAB; ROOM], lopdf::StringFormat::Hexadecimal),
    });
    let widget = out.new_document.add_object(dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => Object::string_literal("Signature1"),
        "Rect" => numbers([0.0; 4]),
        "F" => 132,
        "P" => page,
        "V" => value,
    });
    let page = out.new_document.get_dictionary_mut(page).expect("the page");
    page.set("Annots", vec![Object::Reference(widget)]);
    let catalogue = out.new_document.get_dictionary_mut(root).expect("the catalogue");
    let form = dictionary! { "Fields" => vec![Object::Reference(widget)], "SigFlags" => 3 };
    catalogue.set("AcroForm", form);
    let mut out = saved(out);
    // The ranges around the signature are known only now.
    let start = find_block(&out, ROOM) - 1;
    let end = start + 2 * ROOM + 2;
    for (mark, value) in [("1111111111", start), ("1111111112", end), ("1111111113", out.len() - end)] {
        let at = memchr::memmem::find(&out, mark.as_bytes()).expect("a place for the range");
        out[at..at + 10].copy_from_slice(format!("{value:<10}").as_bytes());
    }
    out
}

fn find_block(bytes: &[u8], room: usize) -> usize {
    let upper = memchr::memmem::find(bytes, "AB".repeat(room).as_bytes());
    upper.or_else(|| memchr::memmem::find(bytes, "ab".repeat(room).as_bytes())).expect("the signature")
}
