//! PNG files: a signature, then chunks up to IEND (PNG specification, third edition, section 5).

use super::{Anatomy, big32, exif};

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Length, type and checksum around what a chunk holds.
const AROUND: usize = 12;

struct Chunk<'a> {
    kind: &'a [u8],
    body: &'a [u8],
    end: usize,
}

/// `None` when the file breaks off or a chunk is missing.
pub(super) fn anatomy(bytes: &[u8]) -> Option<Anatomy> {
    let mut anatomy = Anatomy::default();
    anatomy.grow(dimensions(bytes)?);
    let mut has_pixels = false;
    let mut at = SIGNATURE.len();
    loop {
        let Chunk { kind, body, end } = chunk(bytes, at)?;
        match kind {
            b"IDAT" => has_pixels = true,
            b"eXIf" => anatomy.is_located |= exif::is_located(body),
            b"iTXt" | b"tEXt" | b"zTXt" => anatomy.is_located |= is_located(kind, body),
            b"IEND" => {
                anatomy.end = end;
                return has_pixels.then_some(anatomy);
            }
            _ => {}
        }
        at = end;
    }
}

/// IHDR is the first chunk.
pub(super) fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"IHDR" => Some((big32(bytes, 16)?, big32(bytes, 20)?)),
        _ => None,
    }
}

fn chunk(bytes: &[u8], at: usize) -> Option<Chunk<'_>> {
    let length = usize::try_from(big32(bytes, at)?).ok()?;
    let end = at.checked_add(AROUND)?.checked_add(length)?;
    let whole = bytes.get(at..end)?;
    Some(Chunk { kind: &whole[4..8], body: &whole[8..length + 8], end })
}

/// Some editors keep what cameras write as text. Where that is packed it is not unpacked but thought to be located.
fn is_located(kind: &[u8], body: &[u8]) -> bool {
    let Some(nul) = body.iter().position(|byte| *byte == 0) else { return false };
    let (keyword, text) = body.split_at(nul);
    match keyword {
        b"Raw profile type exif" | b"Raw profile type APP1" | b"Raw profile type xmp" => true,
        // After the nul: whether the text is packed.
        b"XML:com.adobe.xmp" => kind != b"iTXt" || text.get(1) != Some(&0) || exif::is_located_xmp(text),
        _ => false,
    }
}
