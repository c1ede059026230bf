//! Who is looking, as the header of every page shows it.

use domain::{AccountId, Profile};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use crate::error::Problem;
#[cfg(feature = "ssr")]
use crate::server;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visitor {
    Stranger,
    SignedIn(Profile),
    /// The session store is out of reach; nobody is shown as signed out because of that.
    Unknown,
}

impl Visitor {
    /// `None` for everybody who is not signed in as far as can be told.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::SignedIn(profile) => Some(profile.id),
            Self::Stranger | Self::Unknown => None,
        }
    }
}

#[server(endpoint = "visitor", input = GetUrl)]
pub async fn load_visitor() -> Result<Visitor, Problem> {
    server::visitor().await
}
