//! Pictures: which files may become a card, told from their bytes, never from their name.

mod exif;
mod jpeg;
mod png;
mod strangers;
mod url;
mod webp;

use serde::{Deserialize, Serialize};

use crate::Refusal;
pub use url::PictureUrl;

/// The largest picture that is signed for, in bytes.
pub const LARGEST_BYTES: u64 = 1024 * 1024;
/// The largest thumbnail that is signed for, in bytes.
pub const LARGEST_THUMBNAIL_BYTES: u64 = 128 * 1024;
/// The largest file that a browser is asked to draw anew, in bytes.
pub const LARGEST_ORIGINAL_BYTES: u64 = 32 * 1024 * 1024;
/// The longest side that is accepted, in pixels.
pub const LONGEST_SIDE: u32 = 10_000;
/// The largest area that is accepted, in pixels: what a decoder may be asked to unpack.
pub const LARGEST_AREA: u64 = 40_000_000;
/// A thumbnail fills a frame of this width and height, in pixels: sharp in the tiles of most screens and light enough
/// for every phone, so that a page names one picture for each tile and no choice of several.
pub const THUMBNAIL: (u32, u32) = (360, 480);

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

    /// As it is called on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Webp => "webp",
        }
    }

    #[must_use]
    pub fn from_content_type(text: &str) -> Option<Self> {
        [Self::Png, Self::Jpeg, Self::Webp].into_iter().find(|kind| kind.content_type() == text)
    }

    /// Tells the format from a file's first bytes (12 are enough).
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(png::SIGNATURE) {
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

/// What the structure of a picture file tells, without decoding a pixel.
#[derive(Default)]
struct Anatomy {
    /// The largest that any part of the file announces.
    width: u32,
    height: u32,
    /// Whether it may say where it was taken.
    is_located: bool,
    /// Where the picture ends.
    end: usize,
}

impl Anatomy {
    fn grow(&mut self, (width, height): (u32, u32)) {
        self.width = self.width.max(width);
        self.height = self.height.max(height);
    }
}

/// Checks a whole file as the node does before a card shows it, and as the browser does before sending it.
///
/// # Errors
/// The refusal that names what is wrong: size, format, damage, dimensions, what else is in the file, or that it
/// may say where it was taken.
pub fn inspect(bytes: &[u8]) -> Result<ImageType, Refusal> {
    match bytes.len() as u64 {
        0 => return Err(Refusal::PictureMissing),
        1..=LARGEST_BYTES => {}
        _ => return Err(Refusal::PictureTooLarge),
    }
    let kind = ImageType::sniff(bytes).ok_or_else(|| strangers::name(bytes))?;
    let anatomy = match kind {
        ImageType::Png => png::anatomy(bytes),
        ImageType::Jpeg => jpeg::anatomy(bytes),
        ImageType::Webp => webp::anatomy(bytes),
    };
    let anatomy = anatomy.ok_or(Refusal::PictureBroken)?;
    check_dimensions(anatomy.width, anatomy.height)?;
    // Cameras may fill up with zeros; anything else is another file behind the picture.
    if bytes.get(anatomy.end..).is_none_or(|rest| rest.iter().any(|byte| *byte != 0)) {
        return Err(Refusal::PictureWithCargo);
    }
    if anatomy.is_located { Err(Refusal::PictureLocated) } else { Ok(kind) }
}

/// Looks at the beginning of a file that the browser is about to draw anew: its size, its format, and its
/// dimensions if they stand in `head`. Whatever else is in it does not survive the drawing.
///
/// # Errors
/// The refusal that names what is wrong.
pub fn glance(head: &[u8], length: u64) -> Result<ImageType, Refusal> {
    match length {
        0 => return Err(Refusal::PictureMissing),
        1..=LARGEST_ORIGINAL_BYTES => {}
        _ => return Err(Refusal::OriginalTooLarge),
    }
    let kind = ImageType::sniff(head).ok_or_else(|| strangers::name(head))?;
    let dimensions = match kind {
        ImageType::Png => png::dimensions(head),
        ImageType::Jpeg => jpeg::dimensions(head),
        ImageType::Webp => webp::dimensions(head),
    };
    match dimensions {
        Some((width, height)) => check_dimensions(width, height).map(|()| kind),
        None => Ok(kind),
    }
}

/// True for a file of the kind that iPhones take; some browsers can draw it anew.
#[must_use]
pub fn is_heic(head: &[u8]) -> bool {
    strangers::name(head) == Refusal::PictureHeic
}

fn check_dimensions(width: u32, height: u32) -> Result<(), Refusal> {
    if width == 0 || height == 0 {
        Err(Refusal::PictureBroken)
    } else if width > LONGEST_SIDE
        || height > LONGEST_SIDE
        || u64::from(width) * u64::from(height) > LARGEST_AREA
    {
        Err(Refusal::PictureDimensions)
    } else {
        Ok(())
    }
}

fn big32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn big16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?).into())
}

fn little32(bytes: &[u8], at: usize) -> Option<u32> {
    big32(bytes, at).map(u32::swap_bytes)
}

fn little24(bytes: &[u8], at: usize) -> Option<u32> {
    let three = bytes.get(at..at.checked_add(3)?)?;
    Some(u32::from_le_bytes([three[0], three[1], three[2], 0]))
}

fn little16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?).into())
}

#[cfg(test)]
mod tests;
