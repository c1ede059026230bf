//! What frames every page, what stands in place of what cannot be had, and times: which texts there are.

use super::placed::{Counted, With};

/// What frames every page: header, footer, and the words that many pages share.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Frame {
    pub skip: &'static str,
    pub home: &'static str,
    pub navigation: &'static str,
    pub market: &'static str,
    pub my_cards: &'static str,
    pub activity: &'static str,
    pub notifications: &'static str,
    pub unread: Counted,
    pub balance: &'static str,
    pub sign_in: &'static str,
    pub sign_out: &'static str,
    pub create_account: &'static str,
    pub accounts_unavailable: &'static str,
    pub about: &'static str,
    pub play_money: &'static str,
    pub language: &'static str,
    pub undo: &'static str,
    pub loading: &'static str,
    pub go_to_market: &'static str,
    pub pages: &'static str,
    pub older: &'static str,
    pub optional: &'static str,
    pub look_again: &'static str,
    pub see_full_size: &'static str,
    pub full_size: &'static str,
    pub close: &'static str,
}

/// What stands in place of what cannot be had.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Problems {
    /// The link to the sign-in page.
    pub sign_in_first: With<1>,
    pub sign_in_link: &'static str,
    pub unavailable: &'static str,
    pub offline: &'static str,
    pub out_of_date: &'static str,
    pub back_soon: &'static str,
    pub accounts_away: &'static str,
    pub try_again: &'static str,
    pub did_not_work: &'static str,
    pub not_found: &'static str,
    pub could_not_find: &'static str,
    pub may_be_gone: &'static str,
    pub busy: &'static str,
    pub busy_explained: &'static str,
    pub busy_in_short: &'static str,
    pub not_kept: &'static str,
    pub not_kept_explained: &'static str,
    pub late_explained: &'static str,
    pub broken: &'static str,
    pub broken_explained: &'static str,
    /// Before the id of the request that failed.
    pub to_name: &'static str,
}

/// Days, and how long ago something was.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Times {
    pub months: [&'static str; 12],
    /// Day of the month, month, year.
    pub day: With<3>,
    pub just_now: &'static str,
    pub minutes_ago: Counted,
    pub hours_ago: Counted,
    pub days_ago: Counted,
}
