//! The proof that the books are whole: every sum that must agree, computed anew from every row.

use domain::{Money, money::Notation};

use crate::database::{Transaction, sql};
use crate::error::{Error, Fault};
use crate::store::Store;

/// The books as of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    pub accounts: i64,
    pub entries: i64,
    /// All money that the house gave and did not take back.
    pub granted: Money,
    /// The sum of all balances; equals `granted`.
    pub held: Money,
    /// What does not agree, in words with ids; empty when the books are whole.
    pub differences: Vec<String>,
}

impl Books {
    #[must_use]
    pub fn are_whole(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Adds everything up. Reads every account and entry: for tests and operators, not for pages.
///
/// # Errors
/// Only faults.
pub async fn verify(store: &Store) -> Result<Books, Error> {
    Ok(add_up(&mut store.database().snapshot().await?).await?)
}

/// Each names the rows that break its rule, as `what`, up to ten of them.
const RULES: [(&str, &str); 4] = [
    (
        "the balance is not the sum of the entries",
        "select a.id as what from accounts a left join ledger l on l.account_id = a.id \
         group by a.id, a.balance_cents, a.entries \
         having a.balance_cents <> coalesce(sum(l.amount_cents), 0) or a.entries <> count(l.number) \
         order by a.id limit 10",
    ),
    (
        "the entries of a movement do not sum to zero",
        "select movement_id as what from ledger group by movement_id \
         having sum(amount_cents) <> 0 or count(*) <> 2 order by movement_id limit 10",
    ),
    (
        "the balance after an entry is not the sum up to it",
        "select account_id as what from (select account_id, balance_after_cents, \
             sum(amount_cents) over (partition by account_id order by number) as running \
             from ledger where account_id is not null) as entries \
         where balance_after_cents <> running order by account_id limit 10",
    ),
    (
        "the entries of a purchase are not its price, its buyer and its seller",
        "select p.id as what from purchases p \
         left join ledger b on b.movement_id = p.id and b.kind = 'bought' and b.account_id = p.buyer_id \
         left join ledger s on s.movement_id = p.id and s.kind = 'sold' and s.account_id = p.seller_id \
         where coalesce(b.amount_cents, 0) <> -p.price_cents or coalesce(s.amount_cents, 0) <> p.price_cents \
         order by p.id limit 10",
    ),
];

async fn add_up(transaction: &mut Transaction) -> Result<Books, Fault> {
    let mut differences = Vec::new();
    for (rule, statement) in RULES {
        for row in transaction.all(sql(statement)).await? {
            differences.push(format!("{rule}: {}", row.get::<String>("what")?));
        }
    }
    let totals = sql("select \
             (select count(*) from accounts) as accounts, \
             (select count(*) from ledger) as entries, \
             (select cast(coalesce(-sum(amount_cents), 0) as bigint) from ledger where account_id is null) as granted, \
             (select cast(coalesce(sum(balance_cents), 0) as bigint) from accounts) as held");
    let row = transaction.maybe(totals).await?.ok_or_else(|| Fault::new("nothing to add up", "no row"))?;
    let (granted, held): (Money, Money) = (row.get("granted")?, row.get("held")?);
    if granted != held {
        let [granted, held] = [granted, held].map(|amount| amount.format(Notation::English));
        differences.push(format!("granted {granted}, but held {held}"));
    }
    Ok(Books { accounts: row.get("accounts")?, entries: row.get("entries")?, granted, held, differences })
}
