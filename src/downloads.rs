//! Files that people take home: their activity as CSV, and everything that is kept about them as JSON.

use std::fmt::Write;

use app::{
    error::Problem,
    server::{Node, account_of, language_of, status_of},
    texts::Texts,
    ui::utc_date,
};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use domain::ledger::{Entry, Kind};
use sessions::Session;

pub fn routes(node: Node) -> Router {
    Router::new().route("/activity.csv", get(activity)).route("/account/export", get(export)).with_state(node)
}

async fn activity(State(node): State<Node>, session: Session, headers: HeaderMap) -> Response {
    answer(activity_as_csv(&node, &session).await, "text/csv; charset=utf-8", "/activity", &headers)
}

async fn export(State(node): State<Node>, session: Session, headers: HeaderMap) -> Response {
    answer(everything_as_json(&node, &session).await, "application/json", "/account", &headers)
}

fn answer(
    file: Result<String, Problem>,
    content_type: &'static str,
    page: &str,
    asked: &HeaderMap,
) -> Response {
    match file {
        Ok(text) => {
            let mut response = text.into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(problem) if problem.is_signed_out() => {
            Redirect::to(&format!("/login?next={page}")).into_response()
        }
        Err(problem) => {
            let texts = Texts::of(language_of(asked));
            (status_of(&problem), format!("{}\n", texts.problem(&problem))).into_response()
        }
    }
}

async fn activity_as_csv(node: &Node, session: &Session) -> Result<String, Problem> {
    let account = account_of(session).await?;
    let entries = backend::ledger::all(&node.store, account).await?;
    let mut csv = String::from("time,what,card,with,amount,balance\r\n");
    for entry in &entries {
        write_row(&mut csv, entry);
    }
    Ok(csv)
}

/// RFC 4180: fields in quotes, quotes doubled, lines end with CRLF.
fn write_row(csv: &mut String, entry: &Entry) {
    let what = match entry.kind {
        Kind::Granted => "granted",
        Kind::Bought => "bought",
        Kind::Sold => "sold",
        Kind::Adjusted => "adjusted",
        Kind::Returned => "returned",
    };
    let fields = [
        utc_date(entry.at_ms),
        what.to_owned(),
        text(entry.card_name.as_deref()),
        text(entry.counterparty.as_deref()),
        decimal(entry.amount.cents()),
        decimal(entry.balance_after.cents()),
    ];
    let quoted = fields.map(|field| format!("\"{}\"", field.replace('"', "\"\"")));
    // Writing to a string cannot fail.
    _ = write!(csv, "{}\r\n", quoted.join(","));
}

/// Spreadsheets take text that begins like a formula for one; an apostrophe keeps it text.
fn text(field: Option<&str>) -> String {
    let field = field.unwrap_or_default();
    if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{field}") } else { field.to_owned() }
}

fn decimal(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
}

async fn everything_as_json(node: &Node, session: &Session) -> Result<String, Problem> {
    let account = account_of(session).await?;
    let export = backend::accounts::export(&node.store, account).await?;
    serde_json::to_string_pretty(&export).map_err(|_| Problem::Unavailable)
}

#[cfg(test)]
mod tests {
    use domain::Money;

    use super::*;

    #[test]
    fn a_card_name_cannot_break_out_of_its_field() {
        let entry = Entry {
            at_ms: 0,
            kind: Kind::Bought,
            card: None,
            card_name: Some("=1+1,\"x\"".into()),
            counterparty: None,
            purchase: None,
            amount: Money::from_cents(-12_05),
            balance_after: Money::from_cents(87_95),
        };
        let mut csv = String::new();
        write_row(&mut csv, &entry);
        assert_eq!(csv, "\"1970-01-01T00:00Z\",\"bought\",\"'=1+1,\"\"x\"\"\",\"\",\"-12.05\",\"87.95\"\r\n");
    }
}
