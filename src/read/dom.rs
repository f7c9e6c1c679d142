//! A small tree of an XML part, built under limits so that no part can grow without bound.

use quick_xml::Reader as XmlReader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use crate::model::ReadError;

/// Deepest nesting followed.
const DEPTH: usize = 200;
/// Most elements of a part.
const ELEMENTS: usize = 3_000_000;

/// An element: local name, attributes by local name, children.
#[derive(Clone, Debug, Default)]
pub(in crate::read) struct Node {
    /// Name without prefix.
    pub(in crate::read) name: String,
    /// Attributes by local name.
    pub(in crate::read) attributes: Vec<(String, String)>,
    /// Children in order.
    pub(in crate::read) children: Vec<Child>,
}

/// A child of an element.
#[derive(Clone, Debug)]
pub(in crate::read) enum Child {
    /// An element.
    Node(Node),
    /// Character data.
    Text(String),
}

impl Node {
    /// The attribute of this local name.
    pub(in crate::read) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The child elements.
    pub(in crate::read) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.children.iter().filter_map(|c| match c {
            Child::Node(n) => Some(n),
            Child::Text(_) => None,
        })
    }

    /// The first child element of this name.
    pub(in crate::read) fn child(&self, name: &str) -> Option<&Node> {
        self.nodes().find(|n| n.name == name)
    }

    /// The first element of this name anywhere below.
    pub(in crate::read) fn find(&self, name: &str) -> Option<&Node> {
        self.nodes().find_map(|n| if n.name == name { Some(n) } else { n.find(name) })
    }

    /// Whether the on/off child of this name is on (`<w:x/>`, `w:val` neither 0 nor false).
    pub(in crate::read) fn on(&self, name: &str) -> bool {
        self.child(name).is_some_and(Node::is_on)
    }

    /// Whether this on/off element is on.
    pub(in crate::read) fn is_on(&self) -> bool {
        !matches!(self.attribute("val"), Some("0" | "false" | "off" | "none"))
    }

    /// The `val` attribute of the child of this name.
    pub(in crate::read) fn value_of(&self, name: &str) -> Option<&str> {
        self.child(name).and_then(|n| n.attribute("val"))
    }

    /// The character data directly below.
    pub(in crate::read) fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|c| match c {
            Child::Text(t) => Some(t.as_str()),
            Child::Node(_) => None,
        });
        texts.collect()
    }
}

/// Parses a part into a tree. A part that breaks off gives what stood before the break, and `true`.
pub(in crate::read) fn parse(xml: &str) -> Result<(Node, bool), ReadError> {
    let mut reader = XmlReader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut stack = vec![Node::default()];
    let mut count = 0usize;
    let broken = loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(_) => break true,
        };
        match event {
            Event::Start(start) => {
                count += 1;
                if stack.len() > DEPTH {
                    return Err(ReadError::Limit(format!("XML 嵌套超过 {DEPTH} 层")));
                }
                stack.push(element(&start));
            }
            Event::Empty(start) => {
                count += 1;
                add(&mut stack, Child::Node(element(&start)));
            }
            Event::End(_) => close(&mut stack),
            Event::Text(text) => {
                add(&mut stack, Child::Text(text.xml_content(XmlVersion::Implicit1_0).into_owned()))
            }
            Event::CData(text) => {
                add(&mut stack, Child::Text(text.xml_content(XmlVersion::Implicit1_0).into_owned()))
            }
            Event::GeneralRef(entity) => {
                let resolved = match entity.resolve_char_ref() {
                    Ok(Some(c)) => Some(c),
                    _ => named(entity.into_inner().as_ref()),
                };
                if let Some(c) = resolved {
                    add(&mut stack, Child::Text(c.to_string()));
                }
            }
            Event::Eof => break stack.len() > 1,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
        if count > ELEMENTS {
            return Err(ReadError::Limit(format!("XML 元素超过 {ELEMENTS} 个")));
        }
    };
    while stack.len() > 1 {
        close(&mut stack);
    }
    Ok((stack.pop().unwrap_or_default(), broken))
}

fn element(start: &BytesStart<'_>) -> Node {
    let mut node = Node { name: start.local_name().as_ref().to_string(), ..Node::default() };
    for attribute in start.attributes().with_checks(false).filter_map(Result::ok) {
        if attribute.key.as_ref().starts_with("xmlns") {
            continue;
        }
        let value =
            attribute.normalized_value(XmlVersion::Implicit1_0).map(|v| v.into_owned()).unwrap_or_default();
        node.attributes.push((attribute.key.local_name().as_ref().to_string(), value));
    }
    node
}

fn add(stack: &mut [Node], child: Child) {
    if let Some(top) = stack.last_mut() {
        top.children.push(child);
    }
}

fn close(stack: &mut Vec<Node>) {
    if stack.len() > 1
        && let Some(node) = stack.pop()
    {
        add(stack, Child::Node(node));
    }
}

/// The five entities XML knows; declared ones are never expanded.
fn named(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}
