//! Watching: who wants to hear of a card's price drops and its sale.

use domain::{AccountId, CardId, Refusal};

use crate::accounts;
use crate::database::{sql, transact};
use crate::error::Error;
use crate::store::Store;

/// Begins to watch a card; watching it already is the same success.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::OwnCard`], [`Refusal::Suspended`] or [`Refusal::SignedOut`].
pub async fn watch(store: &Store, account: AccountId, card: CardId) -> Result<(), Error> {
    transact!(store, |transaction| {
        let shown = sql("select owner_id from cards where id = $1 and hidden is null").bind(card);
        let row = transaction.maybe(shown).await?.ok_or(Refusal::NotFound)?;
        if row.get::<AccountId>("owner_id")? == account {
            return Err(Refusal::OwnCard.into());
        }
        accounts::must_be_active(transaction, account).await?;
        let watched = sql("insert into watches (account_id, card_id) values ($1, $2) on conflict do nothing");
        transaction.execute(watched.bind(account).bind(card)).await?;
        Ok(())
    })
}

/// Watches a card no longer; not watching it is the same success.
///
/// # Errors
/// Only faults.
pub async fn unwatch(store: &Store, account: AccountId, card: CardId) -> Result<(), Error> {
    let gone = sql("delete from watches where account_id = $1 and card_id = $2");
    store.database().execute(gone.bind(account).bind(card)).await?;
    Ok(())
}
