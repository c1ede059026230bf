//! Pictures: from the browser straight to S3, checked before a card shows them, and shown from a private bucket.

mod bucket;
mod checking;
mod confirming;
mod showing;
mod sweeping;
mod uploading;

use domain::UploadId;
use domain::image::ImageType;

pub(crate) use bucket::Bucket;
pub use checking::check;
pub use confirming::confirm;
pub(crate) use showing::urls_of;
pub use showing::{origins, url};
pub use sweeping::sweep;
pub(crate) use sweeping::sweep_until;
pub use uploading::{put, put_with_thumbnail, sign_upload};

/// How long a signed upload may be sent, in seconds.
pub const UPLOAD_EXPIRES_IN_S: u64 = 180;

/// Which bucket, and how browsers reach it. It may hold a secret, so it has no `Debug`.
#[derive(Clone)]
pub struct Settings {
    pub bucket: String,
    pub region: String,
    /// An S3 other than AWS's, for example `http://127.0.0.1:9000`; browsers use the same address.
    pub endpoint: Option<String>,
    /// Where a CDN serves the bucket; pictures are shown from there, unsigned.
    pub base_url: Option<String>,
    /// Access key and secret; `None` looks where the SDK does (environment, instance role).
    pub keys: Option<(String, String)>,
}

/// What a browser is about to send for one card.
#[derive(Clone, Copy, Debug)]
pub struct UploadRequest {
    /// At most [`domain::image::LARGEST_BYTES`].
    pub picture: Announced,
    /// At most [`domain::image::LARGEST_THUMBNAIL_BYTES`].
    pub thumbnail: Option<Announced>,
}

/// One object that a browser is about to send.
#[derive(Clone, Copy, Debug)]
pub struct Announced {
    /// In bytes.
    pub length: u64,
    pub content_type: ImageType,
    pub sha256: [u8; 32],
}

/// Permission to put what was announced, each object once.
#[derive(Clone)]
pub struct SignedUpload {
    pub upload: UploadId,
    pub picture: SignedPut,
    /// There is one exactly when a thumbnail was announced.
    pub thumbnail: Option<SignedPut>,
    pub expires_in_s: u64,
}

/// Permission to put one object.
#[derive(Clone)]
pub struct SignedPut {
    /// Where to PUT. A secret until it expires: never logged.
    pub url: String,
    /// All of them are signed and must be sent; browsers set `content-length` themselves.
    pub headers: Vec<(String, String)>,
}
