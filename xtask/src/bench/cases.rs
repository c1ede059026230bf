//! What is asked of each side.

use super::requests::Request;
use super::sides::{CONSTANT, EXPRESS, EXPRESS_ALONE, LIMIT, NODE, Side};
use super::stage::{Cast, Offered, PASSWORD};
use crate::visits::client::form;

/// Seeded accounts below this number have a password of the usual cost, those from it on one that costs nothing.
const FIRST_QUICK: usize = 1_000;
const ACCOUNTS: usize = 10_000;

pub(super) const PURCHASE: &str = "purchase";

pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) kind: Kind,
    /// The first is measured, the others are what it is measured beside.
    pub(super) sides: &'static [&'static str],
    pub(super) ask: fn(&Side, &Cast, &[Offered]) -> Vec<Request>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Page,
    /// Nobody is signed in before.
    SignIn,
    /// Each request is sent once.
    Purchase,
}

const THREE: &[&str] = &[NODE, LIMIT, EXPRESS];

pub(super) const VISITS: [Case; 6] = [
    Case {
        name: "dashboard",
        about: "`/dashboard`, signed in, 24 cards",
        kind: Kind::Page,
        sides: &[NODE, LIMIT, EXPRESS, EXPRESS_ALONE],
        ask: |side, _, _| vec![Request::get("/dashboard", Some(&side.collector))],
    },
    Case {
        name: "market",
        about: "`/`, the market, as a stranger",
        kind: Kind::Page,
        sides: &[NODE, CONSTANT, LIMIT, EXPRESS],
        ask: |side, _, _| vec![Request::get(if side.name == CONSTANT { "/constant" } else { "/" }, None)],
    },
    Case {
        name: "market signed in",
        about: "`/`, signed in",
        kind: Kind::Page,
        sides: THREE,
        ask: |side, _, _| vec![Request::get("/", Some(&side.collector))],
    },
    Case {
        name: "card",
        about: "`/cards/{id}`, 1,000 in turn, as a stranger",
        kind: Kind::Page,
        sides: THREE,
        ask: |_, cast, _| cards(cast, None),
    },
    Case {
        name: "card signed in",
        about: "`/cards/{id}`, 1,000 in turn, signed in",
        kind: Kind::Page,
        sides: THREE,
        ask: |side, cast, _| cards(cast, Some(&side.collector)),
    },
    Case {
        name: PURCHASE,
        about: "a purchase, 50 buyers",
        kind: Kind::Purchase,
        sides: THREE,
        ask: |side, _, offered| purchases(side, offered),
    },
];

pub(super) const SIGN_INS: [Case; 2] = [
    Case {
        name: "sign-in",
        about: "signing in, Argon2id included",
        kind: Kind::SignIn,
        sides: THREE,
        ask: |_, _, _| sign_ins(0..FIRST_QUICK),
    },
    Case {
        name: "sign-in without Argon2",
        about: "signing in, Argon2id excluded",
        kind: Kind::SignIn,
        sides: THREE,
        ask: |_, _, _| sign_ins(FIRST_QUICK..ACCOUNTS),
    },
];

fn cards(cast: &Cast, cookie: Option<&str>) -> Vec<Request> {
    cast.cards.iter().map(|card| Request::get(&format!("/cards/{card}"), cookie)).collect()
}

/// Each from an address of its own: an office full of people may sign in only so often.
fn sign_ins(accounts: std::ops::Range<usize>) -> Vec<Request> {
    let request = |account: usize| {
        let body = form(&[("username", &format!("seeded{account}")), ("password", PASSWORD)]);
        let address = format!("10.1.{}.{}", account / 250, account % 250);
        Request::post("/login?/sign_in", None, body).from(address)
    };
    accounts.map(request).collect()
}

/// As the confirmation page fills them in.
fn purchases(side: &Side, offered: &[Offered]) -> Vec<Request> {
    let request = |(place, Offered { card, version, price_cents, key }): (usize, &Offered)| {
        let (version, price) = (version.to_string(), price_cents.to_string());
        let body = form(&[("card", card), ("version", &version), ("price", &price), ("key", key)]);
        let buyer = &side.buyers[place % side.buyers.len()];
        Request::post(&format!("/cards/{card}/buy?/buy"), Some(buyer), body)
    };
    offered.iter().enumerate().map(request).collect()
}
