//! The structure of a mail: heads, parameters, parts, encodings. Written for what Chinese mail programs really send:
//! names in raw GBK, encoded words inside quotes and cut within a character, long names in numbered pieces.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::{Encoding, GB18030};

use super::decode_name;

/// Most fields of a head.
const FIELDS: usize = 2_000;
/// Multiparts within multiparts: how deep.
const DEPTH: usize = 24;
/// Most parts of a mail.
const PARTS: usize = 20_000;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The fields of a head, unfolded, names in lower case.
#[derive(Default)]
pub(super) struct Head {
    fields: Vec<(String, Vec<u8>)>,
}

impl Head {
    /// The head that the bytes begin with, and where the body begins.
    pub(super) fn parse(bytes: &[u8]) -> (Self, usize) {
        let mut head = Self::default();
        let mut at = 0;
        while at < bytes.len() && head.fields.len() < FIELDS {
            let rest = &bytes[at..];
            let end = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |n| n + 1);
            let line = trim_end(&rest[..end]);
            if line.is_empty() {
                return (head, at + end);
            }
            if line[0] == b' ' || line[0] == b'\t' {
                if let Some((_, value)) = head.fields.last_mut() {
                    value.extend_from_slice(line);
                }
            } else if let Some((name, value)) = field(line) {
                head.fields.push((name, value.to_vec()));
            } else if at > 0 || !line.starts_with(b"From ") {
                // No head any more, though the empty line is missing.
                return (head, at);
            }
            at += end;
        }
        (head, at)
    }

    /// A field's bytes.
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_slice())
    }

    /// A field's words.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = words(self.get(name)?);
        (!text.trim().is_empty()).then(|| text.trim().to_string())
    }

    /// The media type in lower case; `text/plain` where none is said.
    pub(super) fn media(&self) -> String {
        let value = self.get("content-type").unwrap_or_default();
        let main = value.split(|b| *b == b';').next().unwrap_or_default();
        let main = String::from_utf8_lossy(main).trim().to_ascii_lowercase();
        if main.contains('/') { main } else { "text/plain".to_string() }
    }

    /// Whether the part says that it is an attachment.
    pub(super) fn is_attachment(&self) -> bool {
        let value = self.get("content-disposition").unwrap_or_default();
        value.trim_ascii().get(..10).is_some_and(|v| v.eq_ignore_ascii_case(b"attachment"))
    }

    /// The name of the file that the part holds.
    pub(super) fn file_name(&self) -> Option<String> {
        let of = |field: &str, key: &str| parameter(self.get(field)?, key);
        of("content-disposition", "filename").or_else(|| of("content-type", "name"))
    }

    fn boundary(&self) -> Option<Vec<u8>> {
        let parameters = parameters(self.get("content-type")?);
        parameters.into_iter().find(|(n, v)| n == "boundary" && !v.is_empty()).map(|(_, v)| v)
    }

    /// The body without its transfer encoding.
    pub(super) fn decode(&self, body: &[u8]) -> Vec<u8> {
        let encoding = self.get("content-transfer-encoding").unwrap_or_default().trim_ascii();
        if encoding.eq_ignore_ascii_case(b"base64") {
            return base64(body);
        }
        if encoding.eq_ignore_ascii_case(b"quoted-printable") {
            return quoted_printable(body, false);
        }
        body.to_vec()
    }
}

/// A part that holds no others.
pub(super) struct Leaf<'a> {
    pub(super) head: Head,
    pub(super) body: &'a [u8],
}

/// The parts of a mail.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) leaves: Vec<Leaf<'a>>,
    /// The last boundary is missing: the mail was cut off.
    pub(super) cut: bool,
    /// A multipart without parts, or too deep to follow.
    pub(super) broken: bool,
}

impl<'a> Parts<'a> {
    /// Of a mail with its head.
    pub(super) fn of(head: Head, body: &'a [u8]) -> Self {
        let mut parts = Self::default();
        parts.collect(head, body, 0);
        parts
    }

    fn collect(&mut self, head: Head, body: &'a [u8], depth: usize) {
        if !head.media().starts_with("multipart/") {
            if self.leaves.len() < PARTS {
                self.leaves.push(Leaf { head, body });
            } else {
                self.broken = true;
            }
            return;
        }
        let pieces = head.boundary().map(|b| split(body, &b)).unwrap_or_default();
        if pieces.list.is_empty() || depth >= DEPTH {
            self.broken = true;
            return;
        }
        self.cut |= !pieces.closed;
        for piece in pieces.list {
            let (head, at) = Head::parse(piece);
            self.collect(head, &piece[at..], depth + 1);
        }
    }
}

#[derive(Default)]
struct Pieces<'a> {
    list: Vec<&'a [u8]>,
    closed: bool,
}

/// What stands between lines that are the boundary.
fn split<'a>(body: &'a [u8], boundary: &[u8]) -> Pieces<'a> {
    let mut pieces = Pieces::default();
    let mut begun: Option<usize> = None;
    let mut at = 0;
    while at < body.len() {
        let rest = &body[at..];
        let end = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |n| n + 1);
        let line = trim_end(&rest[..end]);
        if let Some(tail) = line.strip_prefix(b"--").and_then(|l| l.strip_prefix(boundary))
            && (tail.is_empty() || tail == b"--")
        {
            if let Some(from) = begun {
                pieces.list.push(without_break(&body[from..at]));
            }
            begun = Some(at + end);
            if tail == b"--" {
                pieces.closed = true;
                return pieces;
            }
        }
        at += end;
    }
    if let Some(from) = begun.filter(|from| *from < body.len()) {
        pieces.list.push(&body[from..]);
    }
    pieces
}

/// The line break before a boundary belongs to the boundary.
fn without_break(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

fn trim_end(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|b| !matches!(b, b'\r' | b'\n' | b' ' | b'\t')).map_or(0, |n| n + 1);
    &line[..end]
}

/// A line as a field: a name of printable characters, a colon, a value.
pub(crate) fn field(line: &[u8]) -> Option<(String, &[u8])> {
    let colon = line.iter().position(|b| *b == b':')?;
    let name = trim_end(&line[..colon]);
    if name.is_empty() || name.len() > 80 || !name.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    Some((String::from_utf8_lossy(name).to_ascii_lowercase(), &line[colon + 1..]))
}

/// The parameters after a field's main value, names in lower case.
fn parameters(value: &[u8]) -> Vec<(String, Vec<u8>)> {
    const MOST: usize = 200;
    let mut out = Vec::new();
    let mut at = value.iter().position(|b| *b == b';').unwrap_or(value.len());
    while at < value.len() && out.len() < MOST {
        at += 1;
        let rest = &value[at..];
        let Some(equals) = rest.iter().position(|b| matches!(b, b'=' | b';')) else { break };
        if rest[equals] == b';' {
            at += equals;
            continue;
        }
        let name = String::from_utf8_lossy(&rest[..equals]).trim().to_ascii_lowercase();
        at += equals + 1;
        at += value[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let (text, used) = match value.get(at) {
            Some(b'"') => quoted(&value[at + 1..]),
            _ => {
                let end = value[at..].iter().position(|b| *b == b';').unwrap_or(value.len() - at);
                (value[at..at + end].trim_ascii().to_vec(), end)
            }
        };
        out.push((name, text));
        at += used;
        at += value[at.min(value.len())..].iter().take_while(|b| **b != b';').count();
    }
    out
}

/// A quoted value from after its opening quote, and how many bytes it takes, both quotes included. A backslash counts
/// before a quote or another only: it is also half of many GBK characters.
fn quoted(rest: &[u8]) -> (Vec<u8>, usize) {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'"' => return (out, at + 2),
            b'\\' if matches!(rest.get(at + 1), Some(b'"' | b'\\')) => {
                out.push(rest[at + 1]);
                at += 1;
            }
            _ => out.push(byte),
        }
        at += 1;
    }
    (out, at + 1)
}

/// A parameter that is a text: plain, in encoded words, or in (numbered, encoded) pieces.
fn parameter(value: &[u8], key: &str) -> Option<String> {
    let all = parameters(value);
    let mut pieces: Vec<(u32, bool, &[u8])> = Vec::new();
    for (name, value) in &all {
        let Some(tail) = name.strip_prefix(key).and_then(|t| t.strip_prefix('*')) else { continue };
        let (number, encoded) = match tail.strip_suffix('*') {
            _ if tail.is_empty() => ("0", true),
            Some(number) => (number, true),
            None => (tail, false),
        };
        if let Ok(number) = number.parse() {
            pieces.push((number, encoded, value));
        }
    }
    pieces.sort_by_key(|p| p.0);
    let text =
        if pieces.is_empty() { words(&all.iter().find(|(n, _)| n == key)?.1) } else { joined(&pieces) };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_string())
}

/// Joins the pieces before decoding: they may part a character.
fn joined(pieces: &[(u32, bool, &[u8])]) -> String {
    let mut charset = String::new();
    let mut bytes = Vec::new();
    for (index, (_, encoded, value)) in pieces.iter().enumerate() {
        let mut value = *value;
        if index == 0 && *encoded {
            let mut parts = value.splitn(3, |b| *b == b'\'');
            if let (Some(name), Some(_), Some(rest)) = (parts.next(), parts.next(), parts.next()) {
                charset = String::from_utf8_lossy(name).into_owned();
                value = rest;
            }
        }
        if *encoded {
            bytes.extend(unescape(value, b'%'));
        } else {
            bytes.extend_from_slice(value);
        }
    }
    in_charset(&charset, &bytes)
}

/// Text of which parts may be encoded words (`=?gbk?B?…?=`).
pub(super) fn words(value: &[u8]) -> String {
    let mut runs: Vec<(Option<String>, Vec<u8>)> = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        let start = rest.windows(2).position(|w| w == b"=?").unwrap_or(rest.len());
        let (plain, tail) = rest.split_at(start);
        let word = encoded_word(tail);
        let after_word = runs.last().is_some_and(|r| r.0.is_some());
        // Blanks between two encoded words are none of the text.
        if !(plain.is_empty() || word.is_some() && after_word && plain.trim_ascii().is_empty()) {
            push(&mut runs, None, plain);
        }
        match word {
            Some((charset, bytes, used)) => {
                push(&mut runs, Some(charset), &bytes);
                rest = &tail[used..];
            }
            None => {
                let skip = 2.min(tail.len());
                push(&mut runs, None, &tail[..skip]);
                rest = &tail[skip..];
            }
        }
    }
    runs.iter()
        .map(|(charset, bytes)| match charset {
            Some(charset) => in_charset(charset, bytes),
            None => decode_name(bytes),
        })
        .collect()
}

/// Adds bytes to the last run if it is of the same kind: a character may be cut between two words.
fn push(runs: &mut Vec<(Option<String>, Vec<u8>)>, charset: Option<String>, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    match runs.last_mut() {
        Some((last, text)) if *last == charset => text.extend_from_slice(bytes),
        _ => runs.push((charset, bytes.to_vec())),
    }
}

/// Charset, bytes and length of the encoded word that the text begins with.
fn encoded_word(text: &[u8]) -> Option<(String, Vec<u8>, usize)> {
    const LONGEST: usize = 4096;
    let inner = text.strip_prefix(b"=?")?;
    let mut marks = inner.iter().take(LONGEST).enumerate().filter(|(_, b)| **b == b'?').map(|(n, _)| n);
    let (first, second) = (marks.next()?, marks.next()?);
    let body = inner.get(second + 1..)?;
    let end = body.iter().take(LONGEST).position(|b| *b == b'?')?;
    if body.get(end + 1) != Some(&b'=') {
        return None;
    }
    let charset = String::from_utf8_lossy(&inner[..first]).to_ascii_lowercase();
    // A language may follow the charset.
    let charset = charset.split('*').next().unwrap_or_default().to_string();
    let bytes = match inner[first + 1..second].to_ascii_lowercase().as_slice() {
        b"b" => base64(&body[..end]),
        b"q" => quoted_printable(&body[..end], true),
        _ => return None,
    };
    Some((charset, bytes, 2 + second + 1 + end + 2))
}

/// Bytes of a named charset; GB2312 and GBK as the larger set that people really use.
fn in_charset(charset: &str, bytes: &[u8]) -> String {
    let Some(encoding) = Encoding::for_label(charset.trim().as_bytes()) else { return decode_name(bytes) };
    let encoding = if encoding == encoding_rs::GBK { GB18030 } else { encoding };
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    // Some programs name one charset and write another.
    if broken { decode_name(bytes) } else { text.into_owned() }
}

fn base64(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() / 4 * 3 + 3);
    // Padding ends a piece; some programs pad each of many pieces.
    for piece in body.split(|b| *b == b'=') {
        let is_digit = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
        let mut clean: Vec<u8> = piece.iter().copied().filter(is_digit).collect();
        // A single character left over holds no byte.
        if clean.len() % 4 == 1 {
            clean.pop();
        }
        out.extend(BASE64.decode(&clean).unwrap_or_default());
    }
    out
}

fn quoted_printable(body: &[u8], word: bool) -> Vec<u8> {
    let mut joined = Vec::with_capacity(body.len());
    let mut at = 0;
    while let Some(&byte) = body.get(at) {
        match byte {
            b'=' if body.get(at + 1) == Some(&b'\n') => at += 1,
            b'=' if body.get(at + 1..at + 3) == Some(b"\r\n") => at += 2,
            b'_' if word => joined.push(b' '),
            _ => joined.push(byte),
        }
        at += 1;
    }
    unescape(&joined, b'=')
}

/// Two hexadecimal digits after the mark are a byte; anything else stays.
fn unescape(text: &[u8], mark: u8) -> Vec<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let pair = (text.get(at + 1).copied().and_then(digit), text.get(at + 2).copied().and_then(digit));
        if byte == mark
            && let (Some(high), Some(low)) = pair
        {
            out.push(high << 4 | low);
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(field: &[u8]) -> Option<String> {
        let bytes = [b"Content-Disposition: ".as_slice(), field, b"\n\n"].concat();
        Head::parse(&bytes).0.file_name()
    }

    #[test]
    fn names_as_mail_programs_write_them() {
        let gbk = |s: &str| GB18030.encode(s).0.into_owned();
        let raw = [b"attachment; filename=\"".as_slice(), &gbk("采购合同（终稿）.pdf"), b"\""].concat();
        let b64 = |bytes: &[u8]| BASE64.encode(bytes);
        let name = gbk("发票与合同明细.xlsx");
        // Cut in the middle of a character, folded, inside quotes.
        let words = format!(
            "attachment;\r\n filename=\"=?gb2312?B?{}?=\r\n =?gb2312?B?{}?=\"",
            b64(&name[..5]),
            b64(&name[5..])
        );
        for (field, expect) in [
            (b"attachment; filename=plain.pdf".to_vec(), "plain.pdf"),
            (b"attachment; filename=no quotes 1.pdf; size=3".to_vec(), "no quotes 1.pdf"),
            (raw, "采购合同（终稿）.pdf"),
            (words.into_bytes(), "发票与合同明细.xlsx"),
            (b"inline; filename=\"=?utf-8?Q?=E5=90=88_=E5=90=8C.pdf?=\"".to_vec(), "合 同.pdf"),
            (b"attachment; filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf".to_vec(), "发票.pdf"),
            (
                b"attachment; filename*0*=gbk''%B7%A2%C6; filename*1*=%B1; filename*2=\"01.pdf\"".to_vec(),
                "发票01.pdf",
            ),
            ("attachment; filename=\"发票 a\\\"b.pdf\"".as_bytes().to_vec(), "发票 a\"b.pdf"),
        ] {
            assert_eq!(name_of(&field).as_deref(), Some(expect), "{}", String::from_utf8_lossy(&field));
        }
        assert_eq!(name_of(b"attachment; size=3"), None);
        assert_eq!(name_of(b"attachment; filename"), None);
        assert_eq!(name_of(b"attachment; filename=\"unclosed"), Some("unclosed".into()));
    }

    #[test]
    fn bodies_are_decoded() {
        assert_eq!(base64(b"aGVs\r\nbG8"), b"hello");
        assert_eq!(base64(b"aGVsbG8=x"), b"hello");
        assert_eq!(base64(b"aGVsbG8=\naGVsbG8=\n"), b"hellohello");
        assert_eq!(quoted_printable(b"a=\r\nb=3D=zz", false), b"ab==zz");
        assert_eq!(words(b"Re: =?utf-8?B?5Y+R56Wo?= =?x?= end"), "Re: 发票 =?x?= end");
    }

    #[test]
    fn parts_in_parts() {
        let mail = b"Content-Type: multipart/mixed; boundary=\"a b\"\n\npreface\n--a b\nContent-Type: \
            multipart/alternative; boundary=in\n\n--in\n\nhello\n--in--\n--a b\nContent-Type: application/pdf\n\
            \n%PDF\r\n--a b--\nepilogue";
        let (head, at) = Head::parse(mail);
        let parts = Parts::of(head, &mail[at..]);
        let bodies: Vec<&[u8]> = parts.leaves.iter().map(|l| l.body).collect();
        assert_eq!(bodies, [&b"hello"[..], b"%PDF"]);
        assert!(!parts.cut && !parts.broken);
        let cut = &mail[..mail.len() - 20];
        let (head, at) = Head::parse(cut);
        assert!(Parts::of(head, &cut[at..]).cut);
        let (head, at) = Head::parse(b"Content-Type: multipart/mixed\n\nnothing");
        assert!(Parts::of(head, b"nothing").broken, "{at}");
    }
}
