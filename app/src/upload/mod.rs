//! A picture's way from the browser straight to S3: the node signs, the browser sends, the node checks later.
//!
//! Without script the same file input is sent with its form, and the node puts the object instead.

#[cfg(feature = "hydrate")]
mod browser;
mod field;

use domain::{UploadId, image::ImageType};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "hydrate")]
pub(crate) use browser::{dropped_files, files_of_input, forget_chosen, pasted_files};
pub use field::{PictureField, Preview, Progress};

use crate::error::Problem;
#[cfg(feature = "ssr")]
use crate::server;

/// One object that the browser is about to send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// In bytes.
    pub length: u64,
    pub content_type: ImageType,
    /// In hexadecimal: the bucket refuses any other bytes.
    pub sha256: String,
}

/// Permission to send what was announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedUpload {
    pub upload: UploadId,
    pub picture: SignedPut,
    pub thumbnail: Option<SignedPut>,
}

/// Permission to put one object: where, and with exactly which headers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedPut {
    pub url: String,
    pub headers: Vec<(String, String)>,
}

#[server(endpoint = "sign_upload")]
pub async fn sign_upload(
    picture: Announced,
    #[server(default)] thumbnail: Option<Announced>,
) -> Result<SignedUpload, Problem> {
    let owner = server::account().await?;
    server::limit_uploads(owner).await?;
    server::sign_upload(owner, &picture, thumbnail.as_ref()).await
}

/// Where a picture is on its way.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stage {
    #[default]
    Empty,
    /// Until those before it have arrived.
    Waiting,
    /// Being made smaller and freed of its metadata.
    Preparing,
    /// Per cent sent.
    Sending(u8),
    Arrived,
    /// The sentence says why; trying the same again may help, or not.
    Failed {
        why: String,
        may_retry: bool,
    },
}

/// A picture on its way, as a page shows it.
#[derive(Clone, Copy)]
pub struct Upload {
    /// There once the picture is in the bucket.
    pub id: RwSignal<Option<UploadId>>,
    pub stage: RwSignal<Stage>,
    /// Where the browser finds the file that was chosen.
    pub preview: RwSignal<Option<String>>,
    #[cfg(feature = "hydrate")]
    in_flight: StoredValue<browser::InFlight, LocalStorage>,
}

impl Upload {
    /// Nothing yet, or what arrived before the page was drawn again.
    #[must_use]
    pub fn new(arrived: Option<UploadId>) -> Self {
        let stage = if arrived.is_some() { Stage::Arrived } else { Stage::Empty };
        Self {
            id: RwSignal::new(arrived),
            stage: RwSignal::new(stage),
            preview: RwSignal::new(None),
            #[cfg(feature = "hydrate")]
            in_flight: StoredValue::new_local(browser::InFlight::default()),
        }
    }

    /// True while the form has to wait for it.
    #[must_use]
    pub fn is_under_way(self) -> bool {
        self.stage.with(|stage| matches!(stage, Stage::Waiting | Stage::Preparing | Stage::Sending(_)))
    }
}
