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
    /// OLE compound file: DOC, XLS, WPS.
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
