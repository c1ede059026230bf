//! A purchase: the same rows are written in one transaction as in the store, and nothing is asked that was not seen.

use std::sync::{Arc, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::{Form, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use rusqlite::{Connection, Result, TransactionBehavior, params};
use serde::Deserialize;
use uuid::Uuid;

use super::Limit;
use super::pages::fault;

#[derive(Deserialize)]
pub(super) struct Terms {
    card: String,
    version: i64,
    price: i64,
    key: String,
}

pub(super) async fn buy(
    State(limit): State<Arc<Limit>>,
    headers: HeaderMap,
    Form(terms): Form<Terms>,
) -> Result<(StatusCode, [(HeaderName, String); 1]), StatusCode> {
    let account = limit.sessions.account(&headers).await.map_err(fault)?.ok_or(StatusCode::UNAUTHORIZED)?;
    let bought = {
        let mut writer = limit.writer.lock().unwrap_or_else(PoisonError::into_inner);
        write(&mut writer, &account, &terms).map_err(fault)?
    };
    match bought {
        true => Ok((StatusCode::SEE_OTHER, [(header::LOCATION, format!("/cards/{}", terms.card))])),
        false => Err(StatusCode::CONFLICT),
    }
}

fn write(writer: &mut Connection, buyer: &str, terms: &Terms) -> Result<bool> {
    let Terms { card, version, price, key } = terms;
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let seen = transaction
        .prepare_cached(
            "select owner_id, name from cards where id = ?1 and version = ?2 and price_cents = ?3",
        )?
        .query_row(params![card, version, price], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        });
    let Ok((seller, name)) = seen else { return Ok(false) };
    let execute = |text: &str, parameters: &[&dyn rusqlite::ToSql]| {
        transaction.prepare_cached(text)?.execute(parameters)
    };
    let (purchase, act, at_ms) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string(), now_ms());
    execute(
        "update cards set owner_id = ?1, price_cents = null, listed_at_ms = null, version = version + 1 \
         where id = ?2",
        &[&buyer, card],
    )?;
    execute(
        "insert into purchases (id, purchase_key, card_id, card_name, card_version, buyer_id, seller_id, \
             price_cents, bought_at_ms) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[&purchase, key, card, &name, version, &buyer, &seller, price, &at_ms],
    )?;
    for (kind, account, cents) in [("bought", buyer, -price), ("sold", &*seller, *price)] {
        let (balance, number) = transaction
            .prepare_cached(
                "update accounts set balance_cents = balance_cents + ?2, entries = entries + 1 where id = ?1 \
                 returning balance_cents, entries",
            )?
            .query_row(params![account, cents], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
        execute(
            "insert into ledger (movement_id, kind, account_id, number, amount_cents, balance_after_cents, at_ms) \
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[&purchase, &kind, &account, &number, &cents, &balance, &at_ms],
        )?;
    }
    execute(
        "insert into inboxes (account_id, newest, act_id) values (?1, 1, ?2) \
         on conflict (account_id) do update set newest = newest + 1, act_id = excluded.act_id",
        &[&seller, &act],
    )?;
    execute(
        "insert into notifications (account_id, number, kind, card_id, card_name, amount_cents, at_ms) \
         select account_id, newest, 'sold', ?2, ?3, ?4, ?5 from inboxes where account_id = ?1",
        &[&seller, card, &name, price, &at_ms],
    )?;
    transaction.commit()?;
    Ok(true)
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |past| past.as_millis() as i64)
}
