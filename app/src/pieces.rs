//! What a first page can do without comes in pieces of its own: the pages that are nobody's first when somebody goes
//! there, and the texts of a language for those who read it.
//!
//! cargo-leptos cuts the wasm where `#[wasm_split]` says so. The market and the pages of cards in English need no piece.

use std::future::Future;

use domain::Language;
use futures::future::try_join_all;
use leptos::prelude::*;
use leptos_router::ChooseView;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::{
    accounts::{
        AccountPage, ActivatePage, ChangeEmailPage, ChangePasswordPage, DeleteAccountPage, ForgotPage,
        LoginPage, RegisterPage, ResetPage,
    },
    activity::ActivityPage,
    cards::{AddCardPage, DashboardPage, EditCardPage},
    notifications::NotificationsPage,
    purchase::BuyPage,
    selling::SellPage,
    texts::{self, Texts},
};

type Fetched = Result<AnyView, SplitLoaderError>;

/// A page whose code may have to be fetched first.
#[derive(Clone, Copy)]
pub(crate) struct Piece<F>(pub(crate) F);

impl<F, Page> ChooseView for Piece<F>
where
    F: Fn() -> Page + Clone + Send + 'static,
    Page: Future<Output = Fetched>,
{
    async fn choose(self) -> AnyView {
        match (self.0)().await {
            Ok(page) => page,
            Err(_) => ask_the_node().await,
        }
    }

    async fn preload(&self) {}
}

/// Goes on without the piece, as a browser without script does.
async fn ask_the_node() -> AnyView {
    #[cfg(not(feature = "ssr"))]
    {
        let url = leptos_router::hooks::use_url().get_untracked();
        let address = if url.search().is_empty() {
            url.path().to_owned()
        } else {
            format!("{}?{}", url.path(), url.search())
        };
        if window().location().assign(&address).is_ok() {
            // What is shown stays until the answer is there.
            std::future::pending::<()>().await;
        }
    }
    ().into_any()
}

/// The pieces, by the names that their files have.
const MEMBERS: &str = "members";
const PICTURES: &str = "pictures";
const GERMAN: &str = "german";

/// What the page at `path` needs in this language.
pub(crate) fn needed(path: &str, language: Language) -> impl Iterator<Item = &'static str> {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let page = match [(); 3].map(|()| segments.next()) {
        [None, ..] | [Some("cards"), Some(_), None] => None,
        [Some("dashboard"), Some("add"), None] | [Some("cards"), Some(_), Some("edit")] => Some(PICTURES),
        _ => Some(MEMBERS),
    };
    let texts = match language {
        Language::English => None,
        Language::German => Some(GERMAN),
    };
    [page, texts].into_iter().flatten()
}

/// Fetches what the page at `path` needs, so that it can be hydrated at once.
///
/// # Errors
/// When it cannot be had.
pub async fn fetch(path: &str) -> Result<(), SplitLoaderError> {
    let fetching = needed(path, texts::language()).map(async |piece| match piece {
        MEMBERS => members().await.map(drop),
        PICTURES => pictures().await.map(drop),
        _ => german().await.map(texts::use_fetched),
    });
    try_join_all(fetching).await?;
    Ok(())
}

#[wasm_split(german, fallible)]
fn german() -> Result<&'static Texts, SplitLoaderError> {
    Ok(texts::german())
}

/// A piece is one function that is cut off, and with it the pages that only its answer leads to: what was fetched once
/// is at hand for each of them.
macro_rules! pieces {
    ($($piece:ident $Pages:ident { $($name:ident: $page:path),+ $(,)? })+) => {
        $(
            struct $Pages {
                $($name: fn() -> AnyView),+
            }

            #[wasm_split($piece, fallible)]
            fn $piece() -> Result<&'static $Pages, SplitLoaderError> {
                static PAGES: $Pages = $Pages { $($name: || $page().into_any()),+ };
                Ok(&PAGES)
            }

            $(
                pub(crate) async fn $name() -> Fetched {
                    Ok(($piece().await?.$name)())
                }
            )+
        )+
    };
}

pieces! {
    members Members {
        dashboard: DashboardPage,
        buy: BuyPage,
        sell: SellPage,
        activity: ActivityPage,
        notifications: NotificationsPage,
        register: RegisterPage,
        login: LoginPage,
        activate: ActivatePage,
        forgot: ForgotPage,
        reset: ResetPage,
        account: AccountPage,
        password: ChangePasswordPage,
        email: ChangeEmailPage,
        delete: DeleteAccountPage,
    }
    pictures Pictures {
        add: AddCardPage,
        edit: EditCardPage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_of_a_stranger_needs_no_piece() {
        let needs = |path, language| needed(path, language).collect::<Vec<_>>();
        for path in ["/", "/cards/1", "/cards/1/"] {
            assert_eq!(needs(path, Language::English), [""; 0], "{path}");
            assert_eq!(needs(path, Language::German), [GERMAN], "{path}");
        }
        for path in ["/dashboard", "/cards/1/buy", "/account/password", "/nowhere"] {
            assert_eq!(needs(path, Language::English), [MEMBERS], "{path}");
        }
        for path in ["/dashboard/add", "/cards/1/edit"] {
            assert_eq!(needs(path, Language::German), [PICTURES, GERMAN], "{path}");
        }
    }
}
