//! The stage: what a seeded store has to hold before it is measured, written past the node straight into SQLite.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use argon2::password_hash::SaltString;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use clap::Args;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use serde::Serialize;
use uuid::Uuid;

use crate::Outcome;

/// What the measured dashboard shows.
const COLLECTION: usize = 24;
/// As many cards are looked at in turn.
const SHOWN: usize = 1_000;
/// From this one on, seeded accounts get a password that costs next to nothing to check.
const FIRST_QUICK: usize = 1_000;
/// Whoever holds as much can buy for a whole run.
const ENOUGH_CENTS: i64 = 50_00;
const BUYERS: usize = 50;
const SELLERS: usize = 100;
const PRICE_CENTS: i64 = 1;
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Args)]
pub struct Stage {
    #[arg(long)]
    database: PathBuf,
    /// The password of every seeded account.
    #[arg(long)]
    password: String,
    /// How many cards take part in purchases.
    #[arg(long)]
    traded: usize,
}

#[derive(Serialize)]
struct Set {
    collector: String,
    buyers: Vec<String>,
    cards: Vec<String>,
}

#[derive(Args)]
pub struct Offer {
    #[arg(long)]
    database: PathBuf,
}

#[derive(Serialize)]
struct Offered {
    card: String,
    version: i64,
    price_cents: i64,
    /// For the purchase.
    key: String,
}

#[derive(Args)]
pub struct Sold {
    #[arg(long)]
    database: PathBuf,
}

impl Stage {
    pub fn run(self) -> Outcome<()> {
        let mut connection = open(&self.database)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        quicken(&transaction, &self.password)?;
        let collector =
            texts(&transaction, "select id from accounts where username_key = 'seeded0'", 1)?.remove(0);
        fill_collection(&transaction, &collector)?;
        choose_traded(&transaction, self.traded)?;
        let set = Set {
            collector: "seeded0".to_owned(),
            buyers: texts(
                &transaction,
                &format!(
                    "select username_key from accounts where username_key like 'seeded1___' \
                     and balance_cents >= {ENOUGH_CENTS} and id not in (select id from bench_sellers) order by id \
                     limit ?1"
                ),
                BUYERS,
            )?,
            cards: texts(
                &transaction,
                "select id from cards where price_cents is not null and id not in (select id from bench_cards) \
                 and owner_id <> (select id from accounts where username_key = 'seeded0') order by id limit ?1",
                SHOWN,
            )?,
        };
        transaction.commit()?;
        say(&set)
    }
}

impl Offer {
    pub fn run(self) -> Outcome<()> {
        let mut connection = open(&self.database)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "update cards set price_cents = ?1, listed_at_ms = ?2, version = version + 1, owner_id = \
                 (select id from bench_sellers s where s.place = (select place from bench_cards b \
                     where b.id = cards.id) % (select count(*) from bench_sellers)) \
             where id in (select id from bench_cards)",
            params![PRICE_CENTS, now_ms()],
        )?;
        let mut statement = transaction.prepare(
            "select c.id, c.version from bench_cards b join cards c on c.id = b.id order by b.place",
        )?;
        let offered = statement.query_map([], |row| {
            let (card, version, key) = (row.get(0)?, row.get(1)?, Uuid::now_v7().to_string());
            Ok(Offered { card, version, price_cents: PRICE_CENTS, key })
        })?;
        let offered = offered.collect::<Result<Vec<_>, _>>()?;
        drop(statement);
        transaction.commit()?;
        say(&offered)
    }
}

impl Sold {
    pub fn run(self) -> Outcome<()> {
        let count =
            "select count(*) from cards where id in (select id from bench_cards) and price_cents is null";
        let sold: i64 = open(&self.database)?.query_row(count, [], |row| row.get(0))?;
        say(&sold)
    }
}

fn open(path: &Path) -> Outcome<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}

/// The hash names its own cost: 8 KiB in one pass, instead of what keeps guessers away.
fn quicken(transaction: &Transaction<'_>, password: &str) -> Outcome<()> {
    let fault = |error: &dyn std::fmt::Display| error.to_string();
    let cost = Params::new(Params::MIN_M_COST, 1, 1, None).map_err(|error| fault(&error))?;
    let salt = SaltString::encode_b64(&[7; 16]).map_err(|error| fault(&error))?;
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost)
        .hash_password(password.as_bytes(), &salt)
        .map_err(|error| fault(&error))?;
    transaction.execute(
        "update accounts set password_hash = ?1 where username_key like 'seeded%' \
         and cast(substr(username_key, 7) as integer) >= ?2",
        params![hash.to_string(), FIRST_QUICK as i64],
    )?;
    Ok(())
}

/// Of others' cards as many as are missing, or to another what is too many.
fn fill_collection(transaction: &Transaction<'_>, collector: &str) -> Outcome<()> {
    transaction.execute(
        "update cards set owner_id = (select id from accounts where username_key = 'seeded1') \
         where owner_id = ?1",
        params![collector],
    )?;
    transaction.execute(
        "update cards set owner_id = ?1 where id in (select id from cards order by id limit ?2)",
        params![collector, COLLECTION as i64],
    )?;
    Ok(())
}

fn choose_traded(transaction: &Transaction<'_>, traded: usize) -> Outcome<()> {
    transaction.execute_batch(
        "create table bench_cards (place integer primary key, id text not null unique);
         create table bench_sellers (place integer primary key, id text not null unique)",
    )?;
    transaction.execute(
        "insert into bench_cards (place, id) select row_number() over (order by id) - 1, id from cards \
         where owner_id <> (select id from accounts where username_key = 'seeded0') order by id desc limit ?1",
        params![traded as i64],
    )?;
    transaction.execute(
        "insert into bench_sellers (place, id) select row_number() over (order by id) - 1, id from accounts \
         where username_key like 'seeded2__' limit ?1",
        params![SELLERS as i64],
    )?;
    Ok(())
}

fn texts(transaction: &Transaction<'_>, text: &str, most: usize) -> Outcome<Vec<String>> {
    let mut statement = transaction.prepare(text)?;
    let parameters: &[&dyn rusqlite::ToSql] =
        if statement.parameter_count() == 1 { &[&(most as i64)] } else { &[] };
    let found = statement.query_map(parameters, |row| row.get(0))?;
    let found: Vec<String> = found.collect::<Result<_, _>>()?;
    if found.is_empty() { Err("the store was not seeded".into()) } else { Ok(found) }
}

#[expect(clippy::print_stdout, reason = "whoever measures reads it")]
fn say(answer: &impl Serialize) -> Outcome<()> {
    println!("{}", serde_json::to_string(answer)?);
    Ok(())
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |past| past.as_millis() as i64)
}
