//! Text of values parted by a delimiter: whether it is such text, and its records.

/// What parts values, likelier ones first.
const DELIMITERS: [char; 4] = ['\t', ',', ';', '|'];
/// Longest record, in fields.
const FIELDS: usize = 16_384;

/// The delimiter that makes a table of a text: the same number of fields in most of its lines. `None` for prose,
/// code and lists.
pub fn delimiter_of(text: &str) -> Option<char> {
    if text.trim_start().starts_with(['{', '[', '<']) {
        return None;
    }
    let best = DELIMITERS.iter().filter_map(|d| Some((tabular(text, *d)?, *d)));
    // Of delimiters that fit, the one that makes more columns; the first of equals.
    best.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|b| b.1)
}

/// How many columns a delimiter makes of a text, if it makes a table of it.
fn tabular(text: &str, delimiter: char) -> Option<usize> {
    const LINES: usize = 200;
    let mut counts: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    let (mut lines, mut numeric) = (0usize, 0usize);
    for record in records(text, delimiter).take(LINES) {
        if record.iter().all(|f| f.trim().is_empty()) {
            continue;
        }
        lines += 1;
        *counts.entry(record.len()).or_default() += 1;
        numeric += usize::from(record.iter().skip(1).any(|f| is_number(f)));
    }
    let (columns, like) = counts.into_iter().max_by_key(|(columns, like)| (*like, *columns))?;
    let most = like * 10 >= lines * 7;
    // Two columns are two words with a comma between them, unless lines end in figures.
    let enough = match columns {
        0 | 1 => false,
        2 => lines >= 3 && like == lines && numeric * 2 >= lines,
        _ => like >= 3 || (lines == 2 && like == 2 && numeric > 0),
    };
    (most && enough).then_some(columns)
}

fn is_number(field: &str) -> bool {
    let field = field.trim().trim_start_matches(['¥', '￥', '-']);
    field.starts_with(|c: char| c.is_ascii_digit())
        && field.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | '-' | '/' | ':' | ' '))
}

/// The records of a text. Quoted fields may hold delimiters, line ends and doubled quotes; a quote that never closes
/// closes at the end of its line.
pub fn records(text: &str, delimiter: char) -> Records<'_> {
    Records { rest: text, delimiter }
}

/// Iterator over [`records`].
pub struct Records<'a> {
    rest: &'a str,
    delimiter: char,
}

impl Iterator for Records<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut fields = Vec::new();
        loop {
            let (field, rest) = self.field();
            if fields.len() < FIELDS {
                fields.push(field);
            }
            self.rest = rest;
            if let Some(rest) = rest.strip_prefix(self.delimiter) {
                self.rest = rest;
                continue;
            }
            self.rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\r', '\n'])).unwrap_or(rest);
            return Some(fields);
        }
    }
}

impl<'a> Records<'a> {
    /// The next field, and what stands from its end on.
    fn field(&self) -> (String, &'a str) {
        let rest = self.rest;
        if let Some(quoted) = rest.strip_prefix('"')
            && let Some((field, rest)) = self.quoted(quoted)
        {
            return (field, rest);
        }
        let end = rest.find([self.delimiter, '\r', '\n']).unwrap_or(rest.len());
        (rest[..end].to_string(), &rest[end..])
    }

    /// A field behind its opening quote; `None` if that is no opening quote.
    fn quoted(&self, text: &'a str) -> Option<(String, &'a str)> {
        const LONGEST: usize = 32_768;
        let mut field = String::new();
        let mut rest = text;
        loop {
            let end = rest.find('"')?;
            if field.len() + end > LONGEST {
                return None;
            }
            field.push_str(&rest[..end]);
            rest = &rest[end + 1..];
            if let Some(after) = rest.strip_prefix('"') {
                field.push('"');
                rest = after;
                continue;
            }
            let ends = rest.is_empty() || rest.starts_with([self.delimiter, '\r', '\n']);
            return ends.then_some((field, rest));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_from_prose() {
        for (text, delimiter) in [
            ("序号,名称,金额\n1,服务器,3\n2,软件,4\n", Some(',')),
            ("a\tb\tc\n1\t2,5\t3\n4\t5,5\t6\n", Some('\t')),
            ("甲;1\n乙;2\n丙;3\n", Some(';')),
            ("说明：本文件夹共三份\n一、发票\n二、合同\n", None),
            ("Dear Sir, please find\nthe files, as agreed\nyours, Wang\n", None),
            ("{\"a\": 1, \"b\": 2, \"c\": 3}\n", None),
            ("一行\n", None),
            ("", None),
            ("Hello, world\nGood, day\nBye, now\n", None),
            ("编号,名称,金额\n1,服务器,30000\n", Some(',')),
        ] {
            assert_eq!(delimiter_of(text), delimiter, "{text}");
        }
    }

    #[test]
    fn quotes_that_never_close_and_lines_that_break() {
        let all: Vec<Vec<String>> = records("\"a,b\n1,2\r\n\r\n\"x\"y,z", ',').collect();
        assert_eq!(all, [vec!["\"a", "b"], vec!["1", "2"], vec![""], vec!["\"x\"y", "z"]]);
    }
}
