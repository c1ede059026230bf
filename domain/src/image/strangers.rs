//! Files that are no picture a card can have: what they are, so that the refusal can say what to do.

use crate::Refusal;

/// The brands of HEIF files that hold HEVC pictures (ISO/IEC 23008-12, annex B), or do not say what.
const HEIC_BRANDS: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
/// How much of a file is searched for the beginning of a drawing.
const PROLOGUE: usize = 1024;

/// The refusal for a file that [`super::ImageType::sniff`] does not know.
pub(super) fn name(bytes: &[u8]) -> Refusal {
    if bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|brand| HEIC_BRANDS.contains(&brand))
    {
        return Refusal::PictureHeic;
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if !text.starts_with(b"<") {
        return Refusal::PictureFormat;
    }
    let prologue = &text[..text.len().min(PROLOGUE)];
    let first = |word: &[u8]| prologue.windows(word.len()).position(|it| it.eq_ignore_ascii_case(word));
    match (first(b"<svg"), first(b"<html")) {
        (Some(svg), html) if html.is_none_or(|html| svg < html) => Refusal::PictureSvg,
        _ => Refusal::PictureIsPage,
    }
}
