//! What a reader gives: pages with lines, tables, pictures, codes and seals.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{BBox, Confidence, Grade, Mark, Perspective, Place, Seal, Shown, TickBox, Trace};

/// Which reader read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReadBy {
    /// PDF text layer.
    Pdf,
    /// OFD.
    Ofd,
    /// XML data.
    Xml,
    /// Word.
    Docx,
    /// Workbook.
    Xlsx,
    /// Word 97–2003, or WPS.
    Doc,
    /// Workbook 97–2003, or WPS.
    Xls,
    /// OpenDocument workbook.
    Ods,
    /// Comma-separated values.
    Csv,
    /// Rich text.
    Rtf,
    /// OpenDocument text.
    Odt,
    /// A web page.
    Html,
    /// Plain text, the text of a mail.
    Text,
    /// Recognised from pixels.
    Ocr,
}

/// All that was read of one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The reader.
    pub read_by: ReadBy,
    /// Pages in order. A flowing document without known breaks is one page; a workbook one page a sheet.
    pub pages: Vec<Page>,
    /// What was degraded while reading, in Chinese, for the report.
    pub notes: Vec<String>,
    /// What digests and signatures in the file say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub integrity: Vec<Integrity>,
    /// What changes left behind in the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traces: Vec<Trace>,
}

impl Reading {
    /// A reading of these pages with nothing to remark.
    pub fn new(read_by: ReadBy, pages: Vec<Page>) -> Self {
        Self { read_by, pages, notes: Vec::new(), integrity: Vec::new(), traces: Vec::new() }
    }
}

/// One page. All boxes in points from the top left, after rotation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Points.
    pub width: f32,
    /// Points.
    pub height: f32,
    /// Which reader read this page (a PDF may hold text pages and scans).
    pub read_by: ReadBy,
    /// Every run of text on the page in reading order, the text inside tables included.
    pub lines: Vec<Line>,
    /// Tables in reading order.
    pub tables: Vec<Table>,
    /// Pictures.
    pub images: Vec<ImageBox>,
    /// What those pictures look like that were looked at anyway: scans, photographs, screenshots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<Shown>,
    /// QR codes.
    pub codes: Vec<Code>,
    /// Seals seen on a scan, and electronic seals that are shown.
    pub seals: Vec<Seal>,
    /// Places of a scan that ask for a signature, a seal or a date, with whether something is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Whether a scan has colours at all.
    #[serde(default)]
    pub coloured: bool,
    /// Tick boxes that are no characters (drawn boxes, boxes on scans, Word check boxes come as characters ☐ ☑).
    pub ticks: Vec<TickBox>,
    /// Text in the file that nobody sees: covered by a later fill or picture, or white on white. No part of `lines`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<Line>,
    /// Structured data that belongs to this page: elements of XML, of OFD's invoice data, tags and custom data. Data
    /// stands beside the print, never in its place: both are read and compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<Datum>,
    /// Degrees clockwise by which a scan was turned to be read (0, 90, 180, 270). Width, height and all boxes are
    /// those of the upright page; `as_filed` takes them to the page as it lies in the file.
    pub turned: u16,
    /// Degrees of skew removed from a scan (its lines fell by so much to the right). Boxes are those of the level page.
    pub skew: f32,
    /// What a page that was read from pixels looks like as a whole, where it looks like anything but paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
    /// Where the flat page lies on the photograph it was read from, before it was turned and levelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flattened: Option<Perspective>,
}

impl Page {
    /// An empty page.
    pub fn empty(number: u32, width: f32, height: f32, read_by: ReadBy) -> Self {
        Self {
            number,
            width,
            height,
            read_by,
            lines: Vec::new(),
            tables: Vec::new(),
            images: Vec::new(),
            shown: Vec::new(),
            codes: Vec::new(),
            seals: Vec::new(),
            marks: Vec::new(),
            coloured: false,
            ticks: Vec::new(),
            hidden: Vec::new(),
            data: Vec::new(),
            turned: 0,
            skew: 0.0,
            look: None,
            flattened: None,
        }
    }

    /// Whether boxes of this page differ from those of the page as it lies in the file.
    pub fn moved(&self) -> bool {
        self.turned != 0 || self.skew != 0.0 || self.flattened.is_some()
    }

    /// A box of the upright, level page as the box that holds it on the page as it lies in the file.
    pub fn as_filed(&self, b: BBox) -> BBox {
        let (w, h) = (self.width, self.height);
        let mut b = b;
        if self.skew != 0.0 {
            let (sin, cos) = self.skew.to_radians().sin_cos();
            let (mx, my) = (b.mid_x() - w / 2.0, b.mid_y() - h / 2.0);
            let (x, y) = (w / 2.0 + mx * cos - my * sin, h / 2.0 + mx * sin + my * cos);
            let half_w = (b.width() * cos + b.height() * sin.abs()) / 2.0;
            let half_h = (b.height() * cos + b.width() * sin.abs()) / 2.0;
            b = BBox::new(x - half_w, y - half_h, x + half_w, y + half_h);
        }
        let b = match self.turned {
            90 => BBox::new(b.y0, w - b.x1, b.y1, w - b.x0),
            180 => BBox::new(w - b.x1, h - b.y1, w - b.x0, h - b.y0),
            270 => BBox::new(h - b.y1, b.x0, h - b.y0, b.x1),
            _ => b,
        };
        self.flattened.map_or(b, |p| p.bbox(b))
    }

    /// The page's text in reading order, a run a line.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            out.push_str(&line.text);
            out.push('\n');
        }
        out
    }
}

/// A run of text without a wide gap: a visual row with two columns gives two runs with the same `row`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The text as read, not normalised.
    pub text: String,
    /// Where.
    pub place: Place,
    /// How it was read.
    pub grade: Grade,
    /// How surely.
    pub confidence: Confidence,
    /// Number of the visual row on the page, from 0: runs side by side share it.
    pub row: u32,
    /// Index into the page's tables if the run lies in one.
    pub table: Option<u32>,
    /// Left edge of each character and the right edge of the last (`chars + 1` entries), in points;
    /// empty where positions are not known.
    pub edges: Vec<f32>,
    /// Font size in points (height of the run for scans), 0 where not known.
    pub size: f32,
}

impl Line {
    /// The box of the run, if the place has one.
    pub fn bbox(&self) -> Option<BBox> {
        self.place.bbox()
    }

    /// The place of characters `from..to` (counted in characters) of the run.
    pub fn place_of(&self, from: usize, to: usize) -> Place {
        match (&self.place, self.edges.get(from), self.edges.get(to)) {
            (Place::Page { page, bbox }, Some(&x0), Some(&x1)) if x1 > x0 => {
                Place::Page { page: *page, bbox: BBox { x0, x1, ..*bbox } }
            }
            (place, ..) => place.clone(),
        }
    }
}

/// A table, ruled or not, from any kind of page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Where.
    pub place: Place,
    /// Number of rows.
    pub rows: u32,
    /// Number of columns.
    pub cols: u32,
    /// Cells by row, then column; a merged cell stands once, at its top left.
    pub cells: Vec<Cell>,
    /// Whether ruling lines made it (false: found by alignment).
    pub ruled: bool,
}

impl Table {
    /// The cell that covers this row and column.
    pub fn at(&self, row: u32, col: u32) -> Option<&Cell> {
        self.cells.iter().find(|c| {
            (c.row..c.row + c.row_span).contains(&row) && (c.col..c.col + c.col_span).contains(&col)
        })
    }

    /// The cells that start in this row, by column.
    pub fn row(&self, row: u32) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(move |c| c.row == row)
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// First row, from 0.
    pub row: u32,
    /// First column, from 0.
    pub col: u32,
    /// Rows covered, at least 1.
    pub row_span: u32,
    /// Columns covered, at least 1.
    pub col_span: u32,
    /// The text, its lines joined by `\n`; empty if the cell is empty.
    pub text: String,
    /// Where.
    pub place: Place,
    /// How it was read.
    pub grade: Grade,
    /// How surely (full for an empty cell).
    pub confidence: Confidence,
    /// Indices into the page's lines.
    pub lines: Vec<u32>,
}

/// A picture on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImageBox {
    /// Where on the page.
    pub bbox: BBox,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// What a picture looks like as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// The screen of a computer: drawn, even areas.
    Screen,
    /// A photograph of something that is no paper.
    Photo,
    /// Nearly black all over: a lid that stood open, a picture that failed.
    Dark,
}

/// A decoded QR code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Code {
    /// Its text.
    pub text: String,
    /// Where.
    pub bbox: BBox,
}

/// One value of structured data, as it stands in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Datum {
    /// The part of the file that holds it (`Doc_0/Attachs/original_invoice.xml`); empty where the file is the data.
    pub part: String,
    /// Local names from the root to the element, joined by `/`, attributes as `@Name`; repeated elements carry their
    /// number from 0 (`EInvoice/EInvoiceData/IssuItemInformation[2]/ItemName`).
    pub path: String,
    /// The text, trimmed; may be empty.
    pub value: String,
    /// Where it is shown, if the data says so; else the file.
    pub place: Place,
}

/// What one digest or signature of a file says. A fact, no judgement: rules judge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Integrity {
    /// What was checked, for people: `OFD 摘要 Doc_0/Document.xml`, `PDF 签名 Signature1`.
    pub what: String,
    /// What came of it.
    pub state: IntegrityState,
}

/// What came of checking a digest or signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IntegrityState {
    /// Recomputed and equal.
    Verified,
    /// Recomputed and different: what changed, in Chinese.
    Broken(String),
    /// Nothing is there to check; only said where the kind of file usually carries something.
    Absent,
    /// There is something, by an algorithm or in a form that is not known here. Never a reproach.
    Unknown(String),
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ReadError {
    /// Not a document of that format, or broken beyond repair; with the parser's words.
    Damaged(String),
    /// Needs a password.
    Encrypted,
    /// Needs a password, which a list may hold: so many were tried.
    Locked(usize),
    /// Over a limit: which.
    Limit(String),
    /// A format that is not supported: its name.
    Unsupported(String),
    /// The parser crashed or was stopped; how.
    Crashed(String),
    /// Pixels, and no engine to recognise them.
    NoEngine,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Damaged(why) => write!(f, "文件损坏或内容与格式不符（{why}）"),
            ReadError::Encrypted => write!(f, "文件已加密，需要密码，请申报单位提供未加密的文件"),
            ReadError::Locked(0) => write!(
                f,
                "文件已加密，需要密码；请申报单位提供未加密的文件，或把密码逐行写入文本文件，用 --passwords 指定后重新运行"
            ),
            ReadError::Locked(tried) => write!(
                f,
                "文件已加密，已试过密码清单中的 {tried} 个密码，均不能打开；请补充密码，或请申报单位提供未加密的文件"
            ),
            ReadError::Limit(what) => write!(f, "超出处理上限（{what}）"),
            ReadError::Unsupported(name) => write!(f, "暂不支持的格式：{name}"),
            ReadError::Crashed(how) => write!(f, "读取时异常中止（{how}）"),
            ReadError::NoEngine => {
                write!(f, "扫描件，但没有可用的文字识别引擎（运行 hecha doctor 查看如何安装）")
            }
        }
    }
}

impl std::error::Error for ReadError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_go_back_to_the_file() {
        let mut page = Page::empty(1, 200.0, 100.0, ReadBy::Ocr);
        let b = BBox::new(10.0, 20.0, 30.0, 25.0);
        assert_eq!(page.as_filed(b), b);
        page.turned = 90;
        assert_eq!(page.as_filed(b), BBox::new(20.0, 170.0, 25.0, 190.0));
        page.turned = 180;
        assert_eq!(page.as_filed(b), BBox::new(170.0, 75.0, 190.0, 80.0));
        page.turned = 270;
        assert_eq!(page.as_filed(b), BBox::new(75.0, 10.0, 80.0, 30.0));
        // Lines that fell to the right: what stands left of the middle stood higher.
        page.turned = 0;
        page.skew = 2.0;
        let skewed = page.as_filed(b);
        assert!(skewed.mid_y() < b.mid_y() - 2.0 && skewed.height() > b.height(), "{skewed:?}");
    }
}
