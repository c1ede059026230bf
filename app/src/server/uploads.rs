//! Pictures on the node: what a browser announces is signed, what came with a form is put.

use backend::images;
use domain::{AccountId, Refusal, UploadId};
use tower_sessions::Session;

use super::{Node, limits, store, visits};
use crate::{
    error::Problem,
    upload::{Announced, SignedPut, SignedUpload},
};

/// The most bytes that a picture sent with a form may have.
pub const LARGEST_PICTURE: usize = domain::image::LARGEST_BYTES as usize;

/// The answer to a picture with more.
#[must_use]
pub fn picture_too_large() -> Problem {
    Refusal::PictureTooLarge.into()
}

pub(crate) async fn sign_upload(
    owner: AccountId,
    picture: &Announced,
    thumbnail: Option<&Announced>,
) -> Result<SignedUpload, Problem> {
    let request = images::UploadRequest {
        picture: announced(picture)?,
        thumbnail: thumbnail.map(announced).transpose()?,
    };
    let signed = images::sign_upload(&store(), owner, request).await?;
    Ok(SignedUpload {
        upload: signed.upload,
        picture: signed_put(signed.picture),
        thumbnail: signed.thumbnail.map(signed_put),
    })
}

/// Puts a picture that came with a form into the bucket, as the visitor's browser would have with script.
///
/// # Errors
/// As [`sign_upload`](crate::upload::sign_upload) and the checks of a card's picture.
pub async fn put_picture(
    node: &Node,
    session: Option<Session>,
    picture: Vec<u8>,
) -> Result<UploadId, Problem> {
    let owner = visits::account_of(&session.ok_or(Problem::Unavailable)?).await?;
    limits::limit_uploads_on(node, owner).await?;
    Ok(images::put(&node.store, owner, picture).await?)
}

fn announced(object: &Announced) -> Result<images::Announced, Problem> {
    let sha256 = sha256_from_hex(&object.sha256).ok_or(Problem::OutOfDate)?;
    Ok(images::Announced { length: object.length, content_type: object.content_type, sha256 })
}

fn signed_put(signed: images::SignedPut) -> SignedPut {
    SignedPut { url: signed.url, headers: signed.headers }
}

fn sha256_from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sha256_has_64_hexadecimal_digits() {
        assert_eq!(sha256_from_hex(&"ab".repeat(32)), Some([0xab; 32]));
        for text in ["", "zz", &"é".repeat(32), &"g".repeat(64), &"+f".repeat(32)] {
            assert_eq!(sha256_from_hex(text), None);
        }
    }
}
