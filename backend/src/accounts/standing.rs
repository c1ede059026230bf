//! Standing: whether an account may act at all.

use domain::{AccountId, Refusal};

use crate::database::{Transaction, sql};
use crate::error::Error;

/// Asked after the act's own writes: by then nobody can suspend or delete the account unseen, and a refusal undoes
/// them.
///
/// # Errors
/// [`Refusal::Suspended`], or [`Refusal::SignedOut`] when there is no such active account (any more).
pub(crate) async fn must_be_active(transaction: &mut Transaction, account: AccountId) -> Result<(), Error> {
    let standing = sql("select suspended_at_ms from accounts \
         where id = $1 and activated_at_ms is not null and deleted_at_ms is null")
    .bind(account);
    let row = transaction.maybe(standing).await?.ok_or(Refusal::SignedOut)?;
    match row.get::<Option<i64>>("suspended_at_ms")? {
        None => Ok(()),
        Some(_) => Err(Refusal::Suspended.into()),
    }
}
