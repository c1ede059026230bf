//! What cameras write into a picture: whether it says where it was taken.

use super::{big16, big32, little16, little32};

/// Exif 3.0, 4.6.3: where the first directory points to the GPS directory.
const GPS_POINTER: u32 = 0x8825;
/// Exif 3.0, 4.6.6: says only which version of the table is not there.
const GPS_VERSION: u32 = 0;
/// TIFF 6.0, section 2: a directory is a count, then entries of this length.
const ENTRY: usize = 12;

/// Reads EXIF, which is a small TIFF file. What cannot be read to its end may be located.
pub(super) fn is_located(tiff: &[u8]) -> bool {
    let reader = match tiff.get(..4) {
        Some(b"II*\0") => Reader { tiff, number16: little16, number32: little32 },
        Some(b"MM\0*") => Reader { tiff, number16: big16, number32: big32 },
        _ => return false,
    };
    let Some(first) = reader.offset(4) else { return false };
    match reader.entries(first).find(|entry| reader.tag(*entry) == Some(GPS_POINTER)) {
        None => false,
        Some(pointer) => reader.offset(pointer + 8).is_none_or(|gps| reader.tells_a_place(gps)),
    }
}

/// XMP is XML: <https://developer.adobe.com/xmp/docs/XMPNamespaces/exif/> names the two.
pub(super) fn is_located_xmp(text: &[u8]) -> bool {
    let names: [&[u8]; 2] = [b"GPSLatitude", b"GPSLongitude"];
    names.iter().any(|name| text.windows(name.len()).any(|window| window == *name))
}

/// Reads numbers in the byte order of the file.
struct Reader<'a> {
    tiff: &'a [u8],
    number16: fn(&[u8], usize) -> Option<u32>,
    number32: fn(&[u8], usize) -> Option<u32>,
}

impl Reader<'_> {
    fn offset(&self, at: usize) -> Option<usize> {
        usize::try_from((self.number32)(self.tiff, at)?).ok()
    }

    fn tag(&self, entry: usize) -> Option<u32> {
        (self.number16)(self.tiff, entry)
    }

    /// Where the entries of a directory are; none when it lies outside. At most 65,535.
    fn entries(&self, directory: usize) -> impl Iterator<Item = usize> + use<> {
        let count = (self.number16)(self.tiff, directory).unwrap_or(0) as usize;
        let end = self.tiff.len();
        (0..count)
            .map(move |number| directory + 2 + number * ENTRY)
            .take_while(move |entry| entry + ENTRY <= end)
    }

    fn tells_a_place(&self, directory: usize) -> bool {
        if (self.number16)(self.tiff, directory).is_none() {
            return true;
        }
        self.entries(directory).any(|entry| self.tag(entry) != Some(GPS_VERSION))
    }
}
