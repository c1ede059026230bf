//! Pages that are nobody's first: their code comes in two pieces of its own, when somebody goes there.
//!
//! cargo-leptos cuts the wasm where `#[wasm_split]` says so. The market and the pages of cards need neither piece.

use std::future::Future;

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

/// Fetches what the page at `path` needs, so that it can be hydrated at once.
///
/// # Errors
/// When it cannot be had.
pub async fn fetch(path: &str) -> Result<(), SplitLoaderError> {
    let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    match segments[..] {
        [] | ["cards", _] => Ok(()),
        ["dashboard", "add"] | ["cards", _, "edit"] => fetch_pictures().await,
        _ => fetch_members().await,
    }
}

macro_rules! pieces {
    ($($piece:ident, $fetch:ident: $($name:ident = $page:path),+;)+) => {
        $(
            #[wasm_split($piece, fallible)]
            fn $fetch() -> Result<(), SplitLoaderError> {
                Ok(())
            }

            $(
                #[wasm_split($piece, fallible)]
                pub(crate) fn $name() -> Fetched {
                    Ok($page().into_any())
                }
            )+
        )+
    };
}

pieces! {
    members, fetch_members:
        dashboard = DashboardPage,
        buy = BuyPage,
        sell = SellPage,
        activity = ActivityPage,
        notifications = NotificationsPage,
        register = RegisterPage,
        login = LoginPage,
        activate = ActivatePage,
        forgot = ForgotPage,
        reset = ResetPage,
        account = AccountPage,
        password = ChangePasswordPage,
        email = ChangeEmailPage,
        delete = DeleteAccountPage;
    pictures, fetch_pictures:
        add = AddCardPage,
        edit = EditCardPage;
}
