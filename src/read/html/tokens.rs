//! A web page as tags and text, however badly written.

use crate::read::xml;

/// A tag.
#[derive(Debug, Default)]
pub(super) struct Tag {
    /// Its name in lower case.
    pub(super) name: String,
    /// `</x>`
    pub(super) closes: bool,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// An attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Elements whose text nobody sees.
const SILENT: [&str; 5] = ["script", "style", "title", "xml", "template"];

/// A token.
#[derive(Debug)]
pub(super) enum Token {
    Text(String),
    Tag(Tag),
}

/// Walks the tokens of a page; comments and declarations fall away.
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// Passes over what stands before the end of an element.
    fn pass(&mut self, name: &str) {
        while let Some(at) = self.rest.find("</") {
            self.rest = &self.rest[at + 2..];
            if self.rest.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
                self.inside();
                return;
            }
        }
        self.rest = "";
    }

    /// What stands between `<` and `>`; quotes may hold a `>`, unless they never close.
    fn inside(&mut self) -> &'a str {
        const LONGEST: usize = 8_192;
        let bytes = self.rest.as_bytes();
        let mut quote = None;
        let mut end = None;
        for (i, b) in bytes.iter().enumerate().take(LONGEST) {
            match (quote, b) {
                (None, b'>') => {
                    end = Some(i);
                    break;
                }
                (None, b'"' | b'\'') => quote = Some(*b),
                (Some(q), b) if q == *b => quote = None,
                _ => {}
            }
        }
        let end = end.or_else(|| self.rest.find('>')).unwrap_or(self.rest.len());
        let inside = &self.rest[..end];
        self.rest = self.rest.get(end + 1..).unwrap_or("");
        inside
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let rest = self.rest;
            if rest.is_empty() {
                return None;
            }
            let Some(after) = rest.strip_prefix('<') else {
                let end = rest.find('<').unwrap_or(rest.len());
                self.rest = &rest[end..];
                return Some(Token::Text(resolved(&rest[..end])));
            };
            if let Some(comment) = after.strip_prefix("!--") {
                self.rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
                continue;
            }
            if !after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
                self.rest = after;
                return Some(Token::Text("<".to_string()));
            }
            self.rest = after;
            let inside = self.inside();
            if inside.starts_with(['!', '?']) {
                continue;
            }
            let tag = tag(inside);
            if !tag.closes && SILENT.contains(&tag.name.as_str()) && !inside.ends_with('/') {
                self.pass(&tag.name);
                continue;
            }
            return Some(Token::Tag(tag));
        }
    }
}

fn tag(inside: &str) -> Tag {
    let (closes, inside) = inside.strip_prefix('/').map_or((false, inside), |i| (true, i));
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    let end = inside.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inside.len());
    let mut tag = Tag { name: inside[..end].to_ascii_lowercase(), closes, attributes: Vec::new() };
    let mut rest = inside[end..].trim_start();
    while !rest.is_empty() && tag.attributes.len() < 64 {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let body = if quote.is_some() { &after[1..] } else { after };
            let end = match quote {
                Some(q) => body.find(q),
                None => body.find(char::is_whitespace),
            };
            value = &body[..end.unwrap_or(body.len())];
            rest = body.get(end.map_or(body.len(), |e| e + usize::from(quote.is_some()))..).unwrap_or("");
        }
        tag.attributes.push((name, resolved(value)));
        rest = rest.trim_start();
    }
    tag
}

/// Text with its character references resolved; unknown ones stay as they are.
fn resolved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        match end.and_then(|end| Some((reference(&rest[1..end])?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "yen" => '¥',
        "middot" => '·',
        "times" => '×',
        "ldquo" => '“',
        "rdquo" => '”',
        "lsquo" => '‘',
        "rsquo" => '’',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        "radic" => '√',
        "ensp" | "emsp" | "thinsp" => ' ',
        _ => return None,
    })
}

/// A page as text: by its mark, by valid UTF-8, by what it declares, else in the national encoding.
pub(super) fn decode(bytes: &[u8]) -> String {
    const HEAD: usize = 2_048;
    let plain = encoding_rs::Encoding::for_bom(bytes).is_none() && std::str::from_utf8(bytes).is_err();
    if plain {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
        let label = head.split_once("charset=").map(|(_, rest)| {
            let rest = rest.trim_start_matches(['"', '\'', ' ']);
            &rest[..rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c)))
                .unwrap_or(rest.len())]
        });
        let encoding = label.and_then(|l| encoding_rs::Encoding::for_label(l.as_bytes()));
        if let Some(encoding) = encoding.filter(|e| *e != encoding_rs::UTF_8) {
            return encoding.decode_without_bom_handling(bytes).0.into_owned();
        }
    }
    xml::decode(bytes)
}
