//! One compressed stream: a tar in it is unpacked, any other content is one file.

use std::io::{BufReader, Cursor, Read};

use crate::model::Format;

use super::copy::Meter;
use super::name::last;
use super::{Offer, Opened, broken, tarball};
use crate::ingest::sniff;

/// Most memory of a decoder's dictionary, in KiB.
const MEMORY: u32 = 640 << 10;

pub(super) fn gzip(opened: &mut Opened<'_, '_>) -> Result<(), String> {
    let stream = flate2::read::MultiGzDecoder::new(BufReader::new(opened.file()?));
    unpack(opened, stream)
}

pub(super) fn bzip2(opened: &mut Opened<'_, '_>) -> Result<(), String> {
    let stream = bzip2::read::MultiBzDecoder::new(BufReader::new(opened.file()?));
    unpack(opened, stream)
}

pub(super) fn xz(opened: &mut Opened<'_, '_>) -> Result<(), String> {
    let stream = lzma_rust2::XzReader::new_mem_limit(BufReader::new(opened.file()?), true, MEMORY);
    unpack(opened, stream)
}

fn unpack(opened: &mut Opened<'_, '_>, stream: impl Read) -> Result<(), String> {
    let room = opened.room();
    // A little more than may be kept: the copy's own limit then says which it was.
    let mut stream = Meter::new(stream, room.most.saturating_add(1 << 20));
    let mut head = Vec::new();
    (&mut stream).take(sniff::HEAD as u64).read_to_end(&mut head).map_err(|e| broken(&e))?;
    let is_tar = sniff::sniff(&head) == Format::Tar;
    let mut whole = Cursor::new(head).chain(stream);
    if is_tar {
        return tarball::read(opened, whole);
    }
    let name = inner_name(last(&opened.archive.path));
    if let Offer::Take(slot) = opened.offer(&name) {
        opened.take(&slot, None, &mut whole);
    }
    Ok(())
}

/// The name without the ending that the packing gave it.
fn inner_name(name: &str) -> String {
    const ENDINGS: &[&str] = &[".gz", ".bz2", ".xz"];
    let lower = name.to_ascii_lowercase();
    let cut = ENDINGS.iter().find(|e| lower.ends_with(**e) && lower.len() > e.len());
    cut.map_or_else(|| format!("{name}的内容"), |e| name[..name.len() - e.len()].to_string())
}
