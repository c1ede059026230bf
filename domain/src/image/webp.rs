//! WebP files: RIFF chunks (RFC 9649, section 2).

use super::{Anatomy, exif, little16, little24, little32};

/// `RIFF`, the length of what follows, `WEBP`.
const HEADER: usize = 12;

/// `None` when the file breaks off or holds no picture.
pub(super) fn anatomy(bytes: &[u8]) -> Option<Anatomy> {
    let end = usize::try_from(little32(bytes, 4)?).ok()?.checked_add(8)?;
    let whole = bytes.get(..end)?;
    let mut anatomy = Anatomy { end, ..Anatomy::default() };
    let mut has_pixels = false;
    let mut at = HEADER;
    while at < end {
        let length = usize::try_from(little32(whole, at + 4)?).ok()?;
        let body = whole.get(at + 8..(at + 8).checked_add(length)?)?;
        let kind = &whole[at..at + 4];
        if let Some(announced) = announced(kind, body) {
            anatomy.grow(announced?);
            has_pixels |= kind != b"VP8X";
        }
        match kind {
            b"EXIF" => {
                anatomy.is_located |= exif::is_located(body.strip_prefix(b"Exif\0\0").unwrap_or(body));
            }
            b"XMP " => anatomy.is_located |= exif::is_located_xmp(body),
            _ => {}
        }
        // Chunks begin at even places.
        at += 8 + length + length % 2;
    }
    has_pixels.then_some(anatomy)
}

/// Those of the first chunk.
pub(super) fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    announced(bytes.get(12..16)?, bytes.get(20..)?)?
}

/// What a chunk says of the picture's size, if it is of a kind that does; within, nothing when it breaks off.
fn announced(kind: &[u8], body: &[u8]) -> Option<Option<(u32, u32)>> {
    match kind {
        b"VP8X" => Some(beside(body, 4)),
        b"ANMF" => Some(beside(body, 6)),
        b"VP8L" => Some(little32(body, 1).map(|bits| ((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))),
        b"VP8 " => {
            let side = |at| little16(body, at).map(|side| side & 0x3fff);
            Some(side(6).zip(side(8)))
        }
        _ => None,
    }
}

/// Width and height, each less by one, in three bytes each.
fn beside(body: &[u8], at: usize) -> Option<(u32, u32)> {
    Some((little24(body, at)? + 1, little24(body, at + 3)? + 1))
}
