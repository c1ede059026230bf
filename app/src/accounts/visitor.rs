//! Who is looking, as the header of every page shows it.

use domain::Profile;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use crate::server;
use crate::{error::Problem, live::Viewer};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visitor {
    Stranger,
    SignedIn(Profile),
    /// The session store is out of reach; nobody is shown as signed out because of that.
    Unknown,
}

impl Visitor {
    pub(crate) fn viewer(&self) -> Viewer {
        match self {
            Self::SignedIn(Profile { id, newest, .. }) => Viewer { account: Some(*id), newest: *newest },
            Self::Stranger | Self::Unknown => Viewer::default(),
        }
    }
}

#[server(endpoint = "visitor", input = GetUrl)]
pub async fn load_visitor() -> Result<Visitor, Problem> {
    server::visitor().await
}
