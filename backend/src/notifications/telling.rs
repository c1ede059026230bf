//! Telling: one act writes a notification for everybody it concerns, however many they are, in two statements.

use domain::{AccountId, CardId, Event, Money, NotificationKind};
use uuid::Uuid;

use crate::database::{Transaction, sql};
use crate::error::Fault;

/// What an act has to tell about a card.
pub(crate) struct News<'a> {
    pub(crate) card: CardId,
    pub(crate) card_name: &'a str,
    pub(crate) amount: Money,
    pub(crate) at_ms: i64,
    /// Who is told whether they watch the card or not, and what.
    pub(crate) to: Option<(AccountId, NotificationKind)>,
    /// What those are told who watch the card.
    pub(crate) to_watchers: NotificationKind,
    /// Whoever acts: they know.
    pub(crate) by: AccountId,
}

/// Writes the notifications; answers the events to tell after the commit.
pub(crate) async fn tell(transaction: &mut Transaction, news: &News<'_>) -> Result<Vec<Event>, Fault> {
    let act = Uuid::now_v7().to_string();
    let told = news.to.map(|(account, _)| account);
    let count = sql("insert into inboxes (account_id, newest, act_id) \
         select account_id, 1, $4 from ( \
             select id as account_id from accounts where id = $2 \
             union select account_id from watches where card_id = $1 and account_id <> $3 \
         ) as told where true order by account_id \
         on conflict (account_id) do update set newest = inboxes.newest + 1, act_id = excluded.act_id \
         returning account_id")
    .bind(news.card)
    .bind(told)
    .bind(news.by)
    .bind(act.as_str());
    let counted = transaction.all(count).await?;
    if counted.is_empty() {
        return Ok(Vec::new());
    }
    let (_, kind) = news.to.unwrap_or((news.by, news.to_watchers));
    // Those who were counted, and nobody who began to watch since: their rows carry this act's id.
    let write = sql("insert into notifications \
             (account_id, number, kind, card_id, card_name, amount_cents, at_ms) \
         select account_id, newest, case when account_id = $2 then $5 else $6 end, $1, $7, $8, $9 \
         from inboxes where act_id = $4 and account_id in ( \
             select id from accounts where id = $2 \
             union select account_id from watches where card_id = $1 and account_id <> $3)")
    .bind(news.card)
    .bind(told)
    .bind(news.by)
    .bind(act.as_str())
    .bind(kind.code())
    .bind(news.to_watchers.code())
    .bind(news.card_name)
    .bind(news.amount)
    .bind(news.at_ms);
    transaction.execute(write).await?;
    counted.iter().map(|row| Ok(Event::Inbox { account: row.get("account_id")? })).collect()
}
