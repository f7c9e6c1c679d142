//! File formats, told by content.

use serde::{Deserialize, Serialize};

/// The format of a file, told by its bytes and never by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Format {
    Pdf,
    Ofd,
    Xml,
    Docx,
    Xlsx,
    Png,
    Jpeg,
    Tiff,
    Bmp,
    Webp,
    Zip,
    /// Word 97–2003, WPS.
    Doc,
    /// Excel 5 to 2003, ET.
    Xls,
    /// OpenDocument workbook.
    Ods,
    /// OpenDocument text.
    Odt,
    /// Rich text.
    Rtf,
    /// Values parted by a delimiter.
    Csv,
    /// A web page; as a workbook or a Word file when it is named so.
    Html,
    /// Workbook as Excel 2003 wrote it in XML.
    SheetXml,
    /// Text as Word 2003 wrote it in XML.
    WordXml,
    /// Slides: PPT, PPTX, DPS, ODP.
    Slides,
    /// DOCX, XLSX or slides behind a password.
    LockedOffice,
    /// Workbook in Excel's binary form (XLSB).
    Xlsb,
    /// OLE compound file of another kind.
    Ole,
    /// Another archive, which is not unpacked (CAB, LZH, …).
    Archive,
    SevenZ,
    Rar,
    Tar,
    Gzip,
    Bzip2,
    Xz,
    /// A mail with its attachments.
    Eml,
    /// A mail as Outlook keeps it.
    Msg,
    /// What Outlook makes of attachments (winmail.dat).
    Tnef,
    Gif,
    /// Pictures of phones (HEIC, HEIF, AVIF).
    Heif,
    Text,
    Unknown,
}
