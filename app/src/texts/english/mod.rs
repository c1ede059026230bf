//! The catalogue in English.

mod accounts;
mod answers;
mod cards;
mod frame;
mod market;
mod trade;

use domain::money::Notation;

use super::Texts;

pub(super) static TEXTS: Texts = Texts {
    notation: Notation::English,
    frame: frame::FRAME,
    problems: frame::PROBLEMS,
    times: frame::TIMES,
    market: market::MARKET,
    card: market::CARD,
    cards: cards::CARDS,
    pictures: cards::PICTURES,
    selling: trade::SELLING,
    purchase: trade::PURCHASE,
    activity: trade::ACTIVITY,
    notifications: trade::NOTIFICATIONS,
    joining: accounts::JOINING,
    signing_in: accounts::SIGNING_IN,
    account: accounts::ACCOUNT,
    devices: accounts::DEVICES,
    refusals: answers::REFUSALS,
    notices: answers::NOTICES,
};
