//! XML: every element with text and every attribute as structured data, and the same as readable lines.

use quick_xml::Reader as Pull;
use quick_xml::events::Event;

use super::dom::{self, Node};
use super::{ReadContext, Reader};
use crate::model::{Confidence, Datum, Format, Grade, Line, Page, Place, ReadBy, ReadError, Reading};

/// Most values of one page; a file of data has some hundreds.
const MOST: usize = 50_000;
/// Longer values (signatures, pictures in Base64) are data, but nothing to read.
const READABLE: usize = 600;
/// A4 in points, for whoever asks for a size.
const PAPER: (f32, f32) = (595.3, 841.9);

/// Reads XML files.
pub struct XmlReader;

impl Reader for XmlReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::Xml]
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        if bytes.len() as u64 > cx.max_inflated {
            return Err(ReadError::Limit(format!("XML 超过 {} 字节", cx.max_inflated)));
        }
        let (tree, broken) = dom::parse(&decode(bytes))?;
        let root = tree.nodes().next().ok_or_else(|| ReadError::Damaged("XML 中没有元素".into()))?;
        let mut reading = Reading::new(ReadBy::Xml, Vec::new());
        if broken {
            reading.notes.push("XML 不完整，只读出了中断之前的内容".into());
        }
        for (record, path) in records(root) {
            let number = reading.pages.len() as u32 + 1;
            if number > cx.max_pages {
                reading.notes.push(format!("记录超过 {} 条，之后的未读", cx.max_pages));
                break;
            }
            let (page, over) = page(record, &path, number);
            if over {
                reading.notes.push(format!("第 {number} 条记录的内容超过 {MOST} 项，只读取了一部分"));
            }
            reading.pages.push(page);
        }
        Ok(reading)
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

/// One record as a page.
fn page(record: &Node, path: &str, number: u32) -> (Page, bool) {
    let mut page = Page::empty(number, PAPER.0, PAPER.1, ReadBy::Xml);
    let over = !flatten(record, path, "", &mut page.data);
    let shown = page.data.iter().filter(|d| !d.value.is_empty() && d.value.len() <= READABLE);
    page.lines = shown.enumerate().map(|(row, datum)| line(datum, row as u32)).collect();
    (page, over)
}

/// `Name：value`.
fn line(datum: &Datum, row: u32) -> Line {
    let name = datum.path.rsplit('/').next().unwrap_or_default();
    Line {
        text: format!("{name}：{}", datum.value.split_whitespace().collect::<Vec<_>>().join(" ")),
        place: Place::File,
        grade: Grade::Data,
        confidence: Confidence::FULL,
        row,
        table: None,
        edges: Vec::new(),
        size: 0.0,
    }
}

/// The records of a file, with the path that leads to each: where an element holds nothing but several elements of
/// one name, each of them with an inner structure, the file is a list of them; so it is where such elements stand beside
/// a head, if each of them is numbered and dated. Else the file is one record.
fn records(root: &Node) -> Vec<(&Node, String)> {
    let (mut node, mut path) = (root, root.name.clone());
    for _ in 0..64 {
        let children: Vec<&Node> = node.nodes().collect();
        match children.as_slice() {
            [only] if only.nodes().next().is_some() => {
                path = format!("{path}/{}", only.name);
                node = only;
                continue;
            }
            [first, _, ..]
                if children.iter().all(|c| c.name == first.name && c.nodes().take(4).count() == 4) =>
            {
                return numbered(&children, &path);
            }
            _ => {}
        }
        // A body beside a head: the list is in one of the children, or among them.
        let lists = children.iter().filter_map(|c| {
            let own: Vec<&Node> = c.nodes().collect();
            let (first, _) = own.split_first()?;
            (own.len() > 1 && own.iter().all(|n| n.name == first.name) && of_their_own(&own))
                .then(|| numbered(&own, &format!("{path}/{}", c.name)))
        });
        if let Some(list) = lists.max_by_key(Vec::len) {
            return list;
        }
        let among: Vec<&Node> = children.iter().filter(|c| c.nodes().take(4).count() == 4).copied().collect();
        let several =
            among.first().is_some_and(|f| among.len() > 1 && among.iter().all(|n| n.name == f.name));
        return if several && of_their_own(&among) {
            numbered(&among, &path)
        } else {
            vec![(root, root.name.clone())]
        };
    }
    vec![(root, root.name.clone())]
}

fn numbered<'n>(nodes: &[&'n Node], path: &str) -> Vec<(&'n Node, String)> {
    nodes.iter().enumerate().map(|(i, n)| (*n, format!("{path}/{}[{i}]", n.name))).collect()
}

/// Whether each of the elements has a day and a number of 8 or 20 digits that no other one has: lines of goods have not.
fn of_their_own(nodes: &[&Node]) -> bool {
    let mut numbers = std::collections::HashSet::new();
    nodes.iter().all(|node| {
        let values: Vec<String> = node.nodes().take(200).map(|n| n.text().trim().to_string()).collect();
        let digits = |v: &&String| v.bytes().all(|b| b.is_ascii_digit());
        let head = |v: &String| if v.len() == 14 { v.get(..8).map(str::to_string) } else { Some(v.clone()) };
        let day = |v: &String| head(v).is_some_and(|v| crate::text::date::parse_date(&v).is_some());
        let dated = values.iter().any(day);
        let number = values.iter().filter(digits).find(|v| v.len() == 20 || (v.len() == 8 && !day(v)));
        dated && node.nodes().take(4).count() == 4 && number.is_some_and(|n| numbers.insert(n.clone()))
    })
}

/// Adds what an element and all below it hold, at `path`, as values of `part`. False: there was too much of it.
pub(in crate::read) fn flatten(node: &Node, path: &str, part: &str, out: &mut Vec<Datum>) -> bool {
    let full = |out: &Vec<Datum>| out.len() >= MOST;
    let datum =
        |path: String, value: String| Datum { part: part.to_string(), path, value, place: Place::File };
    for (name, value) in &node.attributes {
        if full(out) {
            return false;
        }
        out.push(datum(format!("{path}/@{name}"), value.trim().to_string()));
    }
    let mut children = node.nodes().peekable();
    let text = node.text();
    if children.peek().is_none() || !text.trim().is_empty() {
        if full(out) {
            return false;
        }
        out.push(datum(path.to_string(), text.trim().to_string()));
    }
    let names: Vec<&str> = node.nodes().map(|n| n.name.as_str()).collect();
    let mut times: std::collections::HashMap<&str, (usize, usize)> = std::collections::HashMap::new();
    for name in names {
        times.entry(name).or_default().0 += 1;
    }
    for child in children {
        let Some((count, seen)) = times.get_mut(child.name.as_str()) else { continue };
        let path = match *count {
            1 => format!("{path}/{}", child.name),
            _ => format!("{path}/{}[{seen}]", child.name),
        };
        *seen += 1;
        if !flatten(child, &path, part, out) {
            return false;
        }
    }
    true
}

/// The root element of bytes that may be an XML file; none if they are something else.
pub(in crate::read) fn parse(bytes: &[u8]) -> Option<Node> {
    let start = bytes.iter().position(|b| !b.is_ascii_whitespace() && !matches!(b, 0xef | 0xbb | 0xbf));
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if !wide && start.and_then(|i| bytes.get(i)) != Some(&b'<') {
        return None;
    }
    let (tree, _) = dom::parse(&decode(bytes)).ok()?;
    tree.children.into_iter().find_map(|c| match c {
        dom::Child::Node(node) => Some(node),
        dom::Child::Text(_) => None,
    })
}

/// The file as text: by its mark, by what its declaration says, else UTF-8, else the national encoding.
pub(in crate::read) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, skip)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[skip..]).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_string();
    }
    let declared = declared(bytes).filter(|e| *e != encoding_rs::UTF_8);
    declared.unwrap_or(encoding_rs::GB18030).decode_without_bom_handling(bytes).0.into_owned()
}

fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head: String =
        bytes.iter().take(200).map(|b| if b.is_ascii() { char::from(*b) } else { '?' }).collect();
    let mut reader = Pull::from_str(&head);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Decl(declaration) => {
                let name = declaration.encoding()?.ok()?;
                return encoding_rs::Encoding::for_label(name.as_ref().as_bytes());
            }
            Event::Text(_) => {}
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
#[path = "xml/tests.rs"]
mod tests;
