//! The outbox: letters wait in the database, are claimed by one node at a time and retried until accepted.

use std::time::Duration;

use domain::Language;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::letter::{Kind, Letter};
use crate::clock::{millis, now_ms};
use crate::database::{Row, Transaction, sql};
use crate::error::{Error, Fault};
use crate::store::Store;

/// How long a node waits between two looks when nothing nudges it.
const INTERVAL: Duration = Duration::from_secs(2);
/// The first wait after a failure; it doubles with each.
const FIRST_RETRY: Duration = Duration::from_secs(5);
/// The longest wait between two tries.
const LAST_RETRY: Duration = Duration::from_secs(60 * 60);
/// How many letters a node looks at to find one that it can claim.
const CANDIDATES: i64 = 8;
/// How many waiting letters are counted.
const MOST_COUNTED: i64 = 10_000;

/// Puts a letter into the outbox; it leaves when the transaction is committed, and never otherwise.
pub(crate) async fn enqueue(transaction: &mut Transaction, letter: &Letter) -> Result<(), Fault> {
    let insert =
        sql("insert into outbox (id, kind, language, recipient, username, link, created_at_ms, due_at_ms) \
         values ($1, $2, $3, $4, $5, $6, $7, $7)")
        .bind(Uuid::now_v7().to_string())
        .bind(letter.kind.stored())
        .bind(letter.language.tag())
        .bind(letter.recipient.as_str())
        .bind(letter.username.as_str())
        .bind(letter.link.as_str())
        .bind(now_ms());
    transaction.execute(insert).await?;
    Ok(())
}

/// What became of the letters that were due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    pub accepted: u64,
    /// They stay in the outbox and are due again later.
    pub postponed: u64,
}

/// Sends every letter that is due and that no other node is sending.
///
/// # Errors
/// Only faults of the database; a mail server that does not accept a letter postpones it.
pub async fn deliver_due(store: &Store) -> Result<Delivered, Error> {
    let mut delivered = Delivered::default();
    while let Some(accepted) = deliver_next(store).await? {
        if accepted {
            delivered.accepted += 1;
        } else {
            delivered.postponed += 1;
        }
    }
    Ok(delivered)
}

/// The letters that no mail server has accepted yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// At most [`MOST_COUNTED`]: beyond it the number tells nothing new.
    pub letters: u64,
    /// How long the first of them has been waiting.
    pub oldest: Duration,
}

/// What waits in the outbox of the whole fleet.
///
/// # Errors
/// Only faults of the database.
pub async fn waiting(store: &Store) -> Result<Waiting, Error> {
    // Ids begin with the time, so the first one is the oldest letter's.
    let statement = sql("select \
             (select count(*) from (select 1 from outbox limit $1) as counted) as letters, \
             (select created_at_ms from outbox order by id limit 1) as oldest_at_ms")
    .bind(MOST_COUNTED);
    let Some(row) = store.database().maybe(statement).await? else { return Ok(Waiting::default()) };
    let waited_ms = row.get::<Option<i64>>("oldest_at_ms")?.map_or(0, |at_ms| now_ms() - at_ms);
    Ok(Waiting {
        letters: u64::try_from(row.get::<i64>("letters")?).unwrap_or_default(),
        oldest: Duration::from_millis(u64::try_from(waited_ms).unwrap_or_default()),
    })
}

/// Delivers until stopped, at once when this node enqueued something.
pub(crate) async fn deliver_until(store: &Store, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        match deliver_next(store).await {
            Ok(Some(_)) => continue,
            Ok(None) => {}
            Err(Error::Fault(fault)) => tracing::warn!(error = fault.chain(), "the outbox does not answer"),
            Err(Error::Refused(_)) => {}
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = store.post().nudged() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// Sends one letter: `Some(true)` when it was accepted, `Some(false)` when it was postponed, `None` when none is due.
async fn deliver_next(store: &Store) -> Result<Option<bool>, Error> {
    let Some(claimed) = claim(store).await? else { return Ok(None) };
    let accepted = match store.post().send(&claimed.id, &claimed.letter).await {
        Ok(()) => {
            forget(store, &claimed.id).await?;
            true
        }
        Err(fault) => {
            tracing::warn!(id = claimed.id, tries = claimed.tries, error = fault.chain(), "a letter waits");
            postpone(store, &claimed).await?;
            false
        }
    };
    Ok(Some(accepted))
}

struct Claimed {
    id: String,
    tries: i64,
    letter: Letter,
}

/// Takes one due letter for as long as sending it can take. Of several nodes that want it, the one whose update changes the row has it.
async fn claim(store: &Store) -> Result<Option<Claimed>, Error> {
    let due = sql("select id, kind, language, recipient, username, link, due_at_ms, tries from outbox \
         where due_at_ms <= $1 order by due_at_ms, id limit $2")
    .bind(now_ms())
    .bind(CANDIDATES);
    for row in store.database().all(due).await? {
        let id: String = row.get("id")?;
        let lease =
            sql("update outbox set due_at_ms = $3, tries = tries + 1 where id = $1 and due_at_ms = $2")
                .bind(id.as_str())
                .bind(row.get::<i64>("due_at_ms")?)
                .bind(now_ms() + millis(store.post().lease()));
        if store.database().execute(lease).await? == 1 {
            return Ok(Some(Claimed { letter: letter(&row)?, tries: row.get::<i64>("tries")? + 1, id }));
        }
    }
    Ok(None)
}

fn letter(row: &Row) -> Result<Letter, Fault> {
    Ok(Letter {
        kind: Kind::from_stored(&row.get::<String>("kind")?)?,
        language: Language::of_tag(&row.get::<String>("language")?).unwrap_or_default(),
        recipient: row.get("recipient")?,
        username: row.get("username")?,
        link: row.get("link")?,
    })
}

async fn forget(store: &Store, id: &str) -> Result<(), Fault> {
    store.database().execute(sql("delete from outbox where id = $1").bind(id)).await?;
    Ok(())
}

async fn postpone(store: &Store, claimed: &Claimed) -> Result<(), Fault> {
    let doublings = u32::try_from(claimed.tries - 1).unwrap_or(0).min(16);
    let wait = FIRST_RETRY.saturating_mul(1 << doublings).min(LAST_RETRY);
    let later = sql("update outbox set due_at_ms = $2 where id = $1")
        .bind(claimed.id.as_str())
        .bind(now_ms() + millis(wait));
    store.database().execute(later).await?;
    Ok(())
}
