//! JPEG files: marker segments with entropy-coded data between them (ITU T.81, annex B).

use super::{Anatomy, big16, exif};

const APP1: u8 = 0xe1;
const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;

/// `None` when the file breaks off before its end marker, or holds no frame.
pub(super) fn anatomy(bytes: &[u8]) -> Option<Anatomy> {
    let mut anatomy = Anatomy::default();
    let (mut has_frame, mut has_scan) = (false, false);
    for Segment { marker, body, end } in segments(bytes) {
        match marker {
            APP1 => {
                let located = match body.strip_prefix(b"Exif\0\0") {
                    Some(tiff) => exif::is_located(tiff),
                    None => exif::is_located_xmp(body),
                };
                anatomy.is_located |= located;
            }
            START_OF_SCAN => has_scan = true,
            END_OF_IMAGE => {
                anatomy.end = end;
                return (has_frame && has_scan).then_some(anatomy);
            }
            _ if is_frame(marker) => {
                anatomy.grow(frame_dimensions(body)?);
                has_frame = true;
            }
            _ => {}
        }
    }
    None
}

/// Those of the first frame.
pub(super) fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    frame_dimensions(segments(bytes).find(|segment| is_frame(segment.marker))?.body)
}

/// B.2.2: precision, then height before width.
fn frame_dimensions(body: &[u8]) -> Option<(u32, u32)> {
    Some((big16(body, 3)?, big16(body, 1)?))
}

/// Table B.1: all starts of frame; 0xc4, 0xc8 and 0xcc are tables and an extension.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf)
}

struct Segment<'a> {
    marker: u8,
    body: &'a [u8],
    end: usize,
}

/// The segments behind the start of the image, as far as they are whole.
fn segments(bytes: &[u8]) -> impl Iterator<Item = Segment<'_>> {
    let mut at = 2;
    std::iter::from_fn(move || {
        let segment = segment(bytes, at)?;
        at = match segment.marker {
            START_OF_SCAN => end_of_scan(bytes, segment.end),
            END_OF_IMAGE => bytes.len(),
            _ => segment.end,
        };
        Some(segment)
    })
}

fn segment(bytes: &[u8], mut at: usize) -> Option<Segment<'_>> {
    if *bytes.get(at)? != 0xff {
        return None;
    }
    // B.1.1.2: any number of fill bytes may come before a marker.
    while *bytes.get(at)? == 0xff {
        at += 1;
    }
    let marker = bytes[at];
    let start = at + 1;
    match marker {
        0x00 => None,
        0x01 | 0xd0..=END_OF_IMAGE => Some(Segment { marker, body: &[], end: start }),
        _ => {
            let end = start + usize::try_from(big16(bytes, start)?).ok()?;
            Some(Segment { marker, body: bytes.get(start + 2..end)?, end })
        }
    }
}

/// B.1.1.5: within the data a 0xff is followed by a stuffed zero or a restart marker.
fn end_of_scan(bytes: &[u8], from: usize) -> usize {
    let data = bytes.get(from..).unwrap_or_default();
    let next =
        data.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff));
    next.map_or(bytes.len(), |length| from + length)
}
