//! Pictures: which files may become a card, told from their first bytes, never from their name.

use serde::{Deserialize, Serialize};

use crate::Refusal;

/// The largest picture that is signed for, in bytes.
pub const LARGEST_BYTES: u64 = 1024 * 1024;
/// The longest side that is accepted, in pixels.
pub const LONGEST_SIDE: u32 = 10_000;
/// The largest area that is accepted, in pixels: what a decoder may be asked to unpack.
pub const LARGEST_AREA: u64 = 40_000_000;

/// The picture formats that every browser shows and that carry no script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageType {
    Png,
    Jpeg,
    Webp,
}

impl ImageType {
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    #[must_use]
    pub fn from_content_type(text: &str) -> Option<Self> {
        [Self::Png, Self::Jpeg, Self::Webp].into_iter().find(|kind| kind.content_type() == text)
    }

    /// Tells the format from a file's first bytes (12 are enough).
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::Webp)
        } else {
            None
        }
    }
}

/// Checks a whole file as the node does before a card shows it, and as the browser does before sending it.
///
/// # Errors
/// The refusal that names what is wrong: size, format, or dimensions.
pub fn inspect(bytes: &[u8]) -> Result<ImageType, Refusal> {
    match bytes.len() as u64 {
        0 => return Err(Refusal::PictureMissing),
        1..=LARGEST_BYTES => {}
        _ => return Err(Refusal::PictureTooLarge),
    }
    let kind = ImageType::sniff(bytes).ok_or(Refusal::PictureFormat)?;
    let (width, height) = dimensions(kind, bytes).ok_or(Refusal::PictureBroken)?;
    let area = u64::from(width) * u64::from(height);
    if width == 0 || height == 0 {
        Err(Refusal::PictureBroken)
    } else if width > LONGEST_SIDE || height > LONGEST_SIDE || area > LARGEST_AREA {
        Err(Refusal::PictureDimensions)
    } else {
        Ok(kind)
    }
}

/// Width and height from the file's header, without decoding a pixel.
fn dimensions(kind: ImageType, bytes: &[u8]) -> Option<(u32, u32)> {
    match kind {
        // PNG specification, 11.2.2: IHDR is the first chunk.
        ImageType::Png if bytes.get(12..16)? == b"IHDR" => Some((big32(bytes, 16)?, big32(bytes, 20)?)),
        ImageType::Png => None,
        ImageType::Jpeg => jpeg_dimensions(bytes),
        ImageType::Webp => webp_dimensions(bytes),
    }
}

/// ITU T.81, B.2.2: walks the marker segments up to the first start of frame.
fn jpeg_dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        match *bytes.get(at + 1)? {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Some((big16(bytes, at + 7)?, big16(bytes, at + 5)?));
            }
            0xd9 | 0xda => return None,
            _ => at += 2 + usize::try_from(big16(bytes, at + 2)?.max(2)).ok()?,
        }
    }
}

/// RFC 9649, section 2: extended, lossless and lossy bitstreams each keep the size elsewhere.
fn webp_dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8X" => Some((little24(bytes, 24)? + 1, little24(bytes, 27)? + 1)),
        b"VP8L" => {
            let bits = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8 " => Some((little16(bytes, 26)? & 0x3fff, little16(bytes, 28)? & 0x3fff)),
        _ => None,
    }
}

fn big32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn big16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?).into())
}

fn little16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?).into())
}

fn little24(bytes: &[u8], at: usize) -> Option<u32> {
    let three = bytes.get(at..at + 3)?;
    Some(u32::from_le_bytes([three[0], three[1], three[2], 0]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn the_three_formats_are_told_by_their_first_bytes() {
        assert_eq!(inspect(&png(3, 4)), Ok(ImageType::Png));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\0\x04\0\x03";
        assert_eq!(inspect(jpeg), Ok(ImageType::Jpeg));
        let webp = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x02\0\0\x03\0\0";
        assert_eq!(inspect(webp), Ok(ImageType::Webp));
    }

    #[test]
    fn what_is_no_picture_is_refused_by_name() {
        assert_eq!(inspect(b""), Err(Refusal::PictureMissing));
        for disguised in
            [&b"<svg xmlns='http://www.w3.org/2000/svg'>"[..], b"<html>", b"GIF89a", b"\0\0\0 ftypheic"]
        {
            assert_eq!(inspect(disguised), Err(Refusal::PictureFormat));
        }
        assert_eq!(inspect(&vec![0; LARGEST_BYTES as usize + 1]), Err(Refusal::PictureTooLarge));
        assert_eq!(inspect(b"\x89PNG\r\n\x1a\nrest is missing"), Err(Refusal::PictureBroken));
    }

    #[test]
    fn a_decompression_bomb_is_refused_by_its_header() {
        assert_eq!(inspect(&png(10_001, 1)), Err(Refusal::PictureDimensions));
        assert_eq!(inspect(&png(9_000, 9_000)), Err(Refusal::PictureDimensions));
        assert_eq!(inspect(&png(0, 9)), Err(Refusal::PictureBroken));
    }

    proptest! {
        #[test]
        fn no_file_panics(start in 0_usize..4, rest in proptest::collection::vec(any::<u8>(), 0..64)) {
            let magic: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8 ", b""];
            let _ = inspect(&[magic[start], &rest].concat());
        }
    }
}
