//! Notifications: what each account should hear, written with the act that causes it and kept in its inbox.

mod telling;

use domain::notification::COUNTED_UP_TO;
use domain::{AccountId, Event, Inbox, Notification, NotificationKind};

pub(crate) use telling::{News, tell};

use crate::clock::now_ms;
use crate::database::{Row, Statement, sql};
use crate::error::{Error, Fault};
use crate::store::Store;

/// How many notifications one page of the inbox shows.
pub const PAGE_SIZE: usize = 50;
/// How many notifications [`after`] answers at once.
pub const MOST_CAUGHT_UP: i64 = 100;

/// The inbox, newest first, [`PAGE_SIZE`] at a time; `before` is the [`Inbox::next`] of the page above.
///
/// # Errors
/// Only faults.
pub async fn inbox(store: &Store, account: AccountId, before: Option<i64>) -> Result<Inbox, Error> {
    let statement = page(account, before.unwrap_or(i64::MAX), PAGE_SIZE as i64 + 1);
    let mut rows = store.database().all(statement).await?;
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let next = rows.last().filter(|_| more).map(|row| row.get("number")).transpose()?;
    let notifications = rows.iter().map(notification).collect::<Result<_, _>>()?;
    Ok(Inbox { notifications, next, unread: unread(store, account).await? })
}

/// How many notifications wait to be read, counted up to [`COUNTED_UP_TO`].
///
/// # Errors
/// Only faults.
pub async fn unread(store: &Store, account: AccountId) -> Result<i64, Error> {
    let statement = sql("select count(*) as unread from \
         (select 1 from notifications where account_id = $1 and read_at_ms is null limit $2) as counted")
    .bind(account)
    .bind(COUNTED_UP_TO);
    Ok(store.database().maybe(statement).await?.map_or(Ok(0), |row| row.get("unread"))?)
}

/// What came after the notification with this number, oldest first, at most [`MOST_CAUGHT_UP`]: for a page that was
/// away.
///
/// # Errors
/// Only faults.
pub async fn after(store: &Store, account: AccountId, number: i64) -> Result<Vec<Notification>, Error> {
    let statement = sql("select number, kind, card_id, card_name, amount_cents, at_ms, read_at_ms \
         from notifications where account_id = $1 and number > $2 order by number limit $3")
    .bind(account)
    .bind(number)
    .bind(MOST_CAUGHT_UP);
    let rows = store.database().all(statement).await?;
    Ok(rows.iter().map(notification).collect::<Result<_, _>>()?)
}

/// Marks everything up to this number as read; what came later was not seen.
///
/// # Errors
/// Only faults.
pub async fn mark_all_read(store: &Store, account: AccountId, up_to: i64) -> Result<(), Error> {
    let read = sql("update notifications set read_at_ms = $3 \
         where account_id = $1 and number <= $2 and read_at_ms is null")
    .bind(account)
    .bind(up_to)
    .bind(now_ms());
    if store.database().execute(read).await? > 0 {
        store.tell([Event::Inbox { account }]);
    }
    Ok(())
}

pub(crate) fn newest(account: AccountId, limit: i64) -> Statement {
    page(account, i64::MAX, limit)
}

fn page(account: AccountId, before: i64, limit: i64) -> Statement {
    sql("select number, kind, card_id, card_name, amount_cents, at_ms, read_at_ms \
         from notifications where account_id = $1 and number < $2 order by number desc limit $3")
    .bind(account)
    .bind(before)
    .bind(limit)
}

pub(crate) fn notification(row: &Row) -> Result<Notification, Fault> {
    let kind: String = row.get("kind")?;
    let kind = NotificationKind::from_code(&kind)
        .ok_or_else(|| Fault::new("an inbox holds an unknown kind of notification", kind))?;
    Ok(Notification {
        number: row.get("number")?,
        kind,
        card: row.get("card_id")?,
        card_name: row.get("card_name")?,
        amount: row.get("amount_cents")?,
        at_ms: row.get("at_ms")?,
        read: row.get::<Option<i64>>("read_at_ms")?.is_some(),
    })
}
