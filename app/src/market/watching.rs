//! Watching a card: to hear when it becomes cheaper or is sold.

use domain::CardId;
#[cfg(feature = "ssr")]
use domain::Notice;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    error::{Done, Problem},
    form::{Action, Form, Submit},
    texts::texts,
};

#[server(endpoint = "watch")]
pub async fn watch(card: CardId) -> Result<Done, Problem> {
    let account = server::account().await?;
    backend::watching::watch(&server::store(), account, card).await?;
    Ok(Done::to(format!("/cards/{card}")).saying(Notice::Watching))
}

#[server(endpoint = "unwatch")]
pub async fn unwatch(card: CardId) -> Result<Done, Problem> {
    let account = server::account().await?;
    backend::watching::unwatch(&server::store(), account, card).await?;
    Ok(Done::to(format!("/cards/{card}")).saying(Notice::NotWatching))
}

/// One button that begins or ends it.
#[component]
pub(super) fn WatchButton(card: CardId, watched: bool, begin: Action, end: Action) -> impl IntoView {
    let hidden = view! { <input type="hidden" name="card" value=card.to_string() /> };
    match watched {
        true => view! {
            <Form action=end class="inline" summary=false>
                {hidden} <Submit class="secondary">{texts().card.stop_watching}</Submit>
            </Form>
        }
        .into_any(),
        false => view! {
            <Form action=begin class="inline" summary=false>
                {hidden} <Submit class="secondary">{texts().card.watch}</Submit>
            </Form>
        }
        .into_any(),
    }
}
