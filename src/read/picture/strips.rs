//! TIFFs as scanners and fax servers write them, which the library does not decode: Group 3 fax, palettes, few greys,
//! JPEG in luminance and colour differences, planes apart.

use std::io::Read;
use std::panic::catch_unwind;

use image::metadata::Orientation;
use image::{Rgb, RgbImage};

use super::tiff::Directory;
use crate::model::ReadError;

/// A decoded picture, whether data is missing, and how it is to be turned.
type Picture = (RgbImage, bool, Orientation);

/// What is done here and not by the library: decided by compression, kind of colour, bits and planes.
pub(super) fn is_wanted(directory: &Directory<'_>) -> bool {
    let layout = Layout::of(directory);
    let bits = layout.bits;
    match (layout.compression, layout.photometric) {
        (2 | 3, _) => true,
        (_, 3) => bits <= 8,
        (7, 6) => bits == 8,
        (_, 0 | 1) if matches!(bits, 2 | 4) => true,
        (7, _) => false,
        (_, photometric) => layout.planes > 1 && bits == 8 && matches!(photometric, 0..=2 | 5),
    }
}

/// Width and height.
pub(super) fn size(directory: &Option<Directory<'_>>) -> (u32, u32) {
    directory.as_ref().map_or((0, 0), |d| {
        let layout = Layout::of(d);
        (layout.width, layout.height)
    })
}

struct Layout {
    width: u32,
    height: u32,
    bits: u32,
    /// Samples of a pixel.
    samples: u32,
    compression: u32,
    photometric: u32,
    /// Planes that hold one sample each; 1 where the samples of a pixel stand together.
    planes: u32,
    /// Size of a strip or tile.
    chunk: (u32, u32),
}

impl Layout {
    fn of(d: &Directory<'_>) -> Self {
        let (width, height) = (d.number(256).unwrap_or(0), d.number(257).unwrap_or(0));
        let samples = d.number(277).unwrap_or(1).clamp(1, 8);
        let chunk = match (d.number(322), d.number(323)) {
            (Some(w), Some(h)) => (w, h),
            _ => (width, d.number(278).unwrap_or(height).min(height)),
        };
        Self {
            width,
            height,
            bits: d.number(258).unwrap_or(1),
            samples,
            compression: d.number(259).unwrap_or(1),
            photometric: d.number(262).unwrap_or(0),
            planes: if d.number(284) == Some(2) { samples } else { 1 },
            chunk,
        }
    }

    /// Samples that stand together.
    fn together(&self) -> u32 {
        if self.planes > 1 { 1 } else { self.samples }
    }

    /// Bytes of a row of a chunk.
    fn stride(&self) -> usize {
        (self.chunk.0 as usize * self.together() as usize * self.bits as usize).div_ceil(8)
    }
}

/// Decodes the page whose directory this is; its size was checked before.
pub(super) fn decode(d: &Directory<'_>) -> Result<Picture, ReadError> {
    let layout = Layout::of(d);
    let (cw, ch) = layout.chunk;
    // Tiles may stand over the edge, but not by more than one of them.
    if cw == 0
        || ch == 0
        || u64::from(cw) * u64::from(ch) > 120_000_000
        || !matches!(layout.bits, 1 | 2 | 4 | 8)
    {
        return Err(ReadError::Damaged("TIFF 的条块大小不合理".into()));
    }
    let tiled = d.number(322).is_some();
    let (offsets, counts) =
        if tiled { (d.numbers(324), d.numbers(325)) } else { (d.numbers(273), d.numbers(279)) };
    let (across, down) = (layout.width.div_ceil(cw), layout.height.div_ceil(ch));
    let each = across as usize * down as usize;
    let mut picture = RgbImage::from_pixel(layout.width, layout.height, Rgb([255, 255, 255]));
    let palette = d.numbers(320);
    let (mut missing, mut came) = (false, false);
    for index in 0..each {
        let (x, y) = ((index as u32 % across) * cw, (index as u32 / across) * ch);
        let rows = ch.min(layout.height - y);
        let mut planes = Vec::new();
        for plane in 0..layout.planes as usize {
            let at = plane * each + index;
            let data = chunk(d, offsets.get(at).copied(), counts.get(at).copied());
            let samples = data.map(|data| samples(d, &layout, data, rows)).transpose()?.unwrap_or_default();
            missing |= samples.len() < layout.stride() * rows as usize;
            came |= !samples.is_empty();
            planes.push(samples);
        }
        for row in 0..rows {
            for column in 0..cw.min(layout.width - x) {
                if let Some(pixel) = pixel(&layout, &planes, &palette, row, column) {
                    picture.put_pixel(x + column, y + row, pixel);
                }
            }
        }
    }
    if !came {
        return Err(ReadError::Damaged("TIFF 中没有可读的图像数据".into()));
    }
    let orientation = d.number(274).and_then(|o| u8::try_from(o).ok()).and_then(Orientation::from_exif);
    Ok((picture, missing, orientation.unwrap_or(Orientation::NoTransforms)))
}

/// The bytes of a strip or tile, as many as there are.
fn chunk<'a>(d: &Directory<'a>, offset: Option<u32>, count: Option<u32>) -> Option<&'a [u8]> {
    let from = offset? as usize;
    let end = from.checked_add(count? as usize)?.min(d.bytes.len());
    d.bytes.get(from..end).filter(|b| !b.is_empty())
}

/// Unpacked samples of a chunk, rows in whole bytes.
fn samples(d: &Directory<'_>, layout: &Layout, data: &[u8], rows: u32) -> Result<Vec<u8>, ReadError> {
    let most = layout.stride() * rows as usize;
    let turned: Vec<u8>;
    // The other bit order is meant for the packed data of fax and bilevel pictures.
    let data = if d.number(266) == Some(2) {
        turned = data.iter().map(|b| b.reverse_bits()).collect();
        &turned
    } else {
        data
    };
    let mut out = match layout.compression {
        1 => data.get(..most.min(data.len())).unwrap_or_default().to_vec(),
        2..=4 => fax(d, layout, data, rows),
        5 => {
            let mut out = Vec::new();
            let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
            // What came before an error is kept: the rest is missing.
            let _ = decoder.into_vec(&mut out).decode(data);
            out
        }
        8 | 32946 => {
            let mut out = Vec::new();
            let _ = flate2::read::ZlibDecoder::new(data).take(most as u64).read_to_end(&mut out);
            out
        }
        7 => jpeg(d, layout, data, rows),
        32773 => pack_bits(data, most),
        other => {
            return Err(ReadError::Unsupported(format!("TIFF 图片的压缩方式 {other}，请另存为 PDF 或 JPG")));
        }
    };
    out.truncate(most);
    if d.number(317) == Some(2) && layout.bits == 8 && matches!(layout.compression, 5 | 8 | 32946) {
        let step = layout.together() as usize;
        for row in out.chunks_mut(layout.stride()) {
            for i in step..row.len() {
                row[i] = row[i].wrapping_add(row[i - step]);
            }
        }
    }
    Ok(out)
}

fn pack_bits(data: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&head) = data.get(at).filter(|_| out.len() < most) {
        at += 1;
        match head {
            0..=127 => {
                let end = (at + usize::from(head) + 1).min(data.len());
                out.extend_from_slice(&data[at..end]);
                at = end;
            }
            128 => {}
            _ => {
                out.extend(std::iter::repeat_n(data.get(at).copied().unwrap_or(0), 257 - usize::from(head)));
                at += 1;
            }
        }
    }
    out
}

/// Rows of bits, 1 for black, as the fax codes have them.
struct Rows {
    out: Vec<u8>,
    stride: usize,
    columns: u32,
}

impl hayro_ccitt::Decoder for Rows {
    fn push_row(&mut self, changes: &[u32]) {
        let from = self.out.len();
        self.out.resize(from + self.stride, 0);
        for span in changes.chunks(2) {
            let (start, end) = (span[0], span.get(1).copied().unwrap_or(self.columns).min(self.columns));
            for x in start..end {
                self.out[from + x as usize / 8] |= 0x80 >> (x % 8);
            }
        }
    }
}

fn fax(d: &Directory<'_>, layout: &Layout, data: &[u8], rows: u32) -> Vec<u8> {
    use hayro_ccitt::{DecodeSettings, DecoderContext, EncodingMode};
    let options = d.number(292).unwrap_or(0);
    let settings = DecodeSettings {
        columns: layout.chunk.0,
        rows,
        end_of_block: layout.compression != 2,
        end_of_line: layout.compression == 3,
        rows_are_byte_aligned: layout.compression == 2,
        encoding: match layout.compression {
            4 => EncodingMode::Group4,
            3 if options & 1 == 1 => EncodingMode::Group3_2D,
            _ => EncodingMode::Group3_1D,
        },
        strict: false,
    };
    let mut sink = Rows { out: Vec::new(), stride: layout.stride(), columns: layout.chunk.0 };
    let mut context = DecoderContext::new(settings);
    // Rows that came before an error are kept: the rest is missing.
    let _ = hayro_ccitt::decode(data, &mut sink, &mut context);
    sink.out
}

/// A chunk that is a JPEG, the tables of which stand in the directory; as red, green and blue.
fn jpeg(d: &Directory<'_>, layout: &Layout, data: &[u8], rows: u32) -> Vec<u8> {
    let tables: Vec<u8> = d.numbers(347).iter().map(|v| *v as u8).collect();
    let whole = match (tables.strip_suffix(&[0xFF, 0xD9]), data.strip_prefix(&[0xFF, 0xD8])) {
        (Some(tables), Some(data)) => [tables, data].concat(),
        _ => data.to_vec(),
    };
    // What the decoder cannot stand costs this chunk only.
    let decoded = catch_unwind(|| image::load_from_memory_with_format(&whole, image::ImageFormat::Jpeg));
    let Ok(Ok(image)) = decoded.map(|d| d.map(image::DynamicImage::into_rgb8)) else { return Vec::new() };
    // The last strip may be shorter, a tile may not.
    if image.width() != layout.chunk.0 || image.height() < rows || layout.samples != 3 {
        return Vec::new();
    }
    image.into_raw()
}

fn pixel(layout: &Layout, planes: &[Vec<u8>], palette: &[u32], row: u32, column: u32) -> Option<Rgb<u8>> {
    let sample = |number: u32| -> Option<u32> {
        let (plane, number) = if layout.planes > 1 { (number as usize, 0) } else { (0, number) };
        let data = planes.get(plane)?;
        let bit = (column * layout.together() + number) as usize * layout.bits as usize;
        let byte = *data.get(row as usize * layout.stride() + bit / 8)?;
        let shift = 8 - layout.bits - (bit % 8) as u32;
        Some((u32::from(byte) >> shift) & ((1 << layout.bits) - 1))
    };
    let full = (1u32 << layout.bits) - 1;
    let grey = |v: u32| (v * 255 / full) as u8;
    Some(match layout.photometric {
        0 => Rgb([255 - grey(sample(0)?); 3]),
        1 => Rgb([grey(sample(0)?); 3]),
        3 => {
            let (index, colours) = (sample(0)? as usize, 1usize << layout.bits);
            let part = |n: usize| palette.get(n * colours + index).map(|v| (v >> 8) as u8);
            Rgb([part(0)?, part(1)?, part(2)?])
        }
        2 | 6 => Rgb([grey(sample(0)?), grey(sample(1)?), grey(sample(2)?)]),
        5 => {
            let (c, m, y, k) = (sample(0)?, sample(1)?, sample(2)?, sample(3)?);
            let part = |ink: u32| ((full - ink) * (full - k) * 255 / (full * full)) as u8;
            Rgb([part(c), part(m), part(y)])
        }
        _ => return None,
    })
}
