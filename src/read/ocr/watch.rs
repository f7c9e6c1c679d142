//! The steps of reading a page, told to whoever watches: a bench takes the time of each without a clock in here.

/// A step of reading a page of pixels, told when it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Looking for a sheet on a photograph, and drawing it flat.
    Flatten,
    /// Taking seals off and evening the paper.
    Colour,
    /// Finding the skew, turning and levelling.
    Level,
    /// Finding ruling lines and tick boxes, and erasing them.
    Rulings,
    /// The detector model.
    Detect,
    /// Whether the page is upside down.
    Orient,
    /// Seals and the names on their rings.
    Seals,
    /// QR codes.
    Codes,
    /// Cutting detected text into pieces, and finding what the detector passed over.
    Cut,
    /// The recognition model.
    Recognise,
    /// Lines, tables and reading order.
    Arrange,
}

/// Who is told.
pub(super) type Watch<'a> = &'a mut dyn FnMut(Step);
