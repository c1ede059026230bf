//! What an act answers: every “no” and every “done”: which texts there are.

use super::placed::With;

/// Every “no”, named as in [`domain::Refusal`].
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Refusals {
    pub username_unusable: &'static str,
    pub username_taken: &'static str,
    pub email_unusable: &'static str,
    /// How many.
    pub password_too_short: With<1>,
    /// How many.
    pub password_too_long: With<1>,
    pub wrong_credentials: &'static str,
    pub password_wrong: &'static str,
    pub not_activated: &'static str,
    pub already_activated: &'static str,
    pub suspended: &'static str,
    pub link_unknown: &'static str,
    pub link_expired: &'static str,
    pub signed_out: &'static str,
    /// How long.
    pub too_many_tries: With<1>,
    pub a_second: &'static str,
    /// How many.
    pub seconds: With<1>,
    /// How many.
    pub minutes: With<1>,
    pub card_name_missing: &'static str,
    pub card_name_unusable: &'static str,
    pub alt_text_unusable: &'static str,
    pub picture_missing: &'static str,
    pub picture_too_large: &'static str,
    pub original_too_large: &'static str,
    pub picture_format: &'static str,
    pub picture_heic: &'static str,
    pub picture_svg: &'static str,
    pub picture_is_page: &'static str,
    pub picture_broken: &'static str,
    pub picture_dimensions: &'static str,
    pub picture_with_cargo: &'static str,
    pub picture_located: &'static str,
    pub picture_changed: &'static str,
    pub upload_unfinished: &'static str,
    pub price_unreadable: &'static str,
    /// The lowest, the highest.
    pub price_out_of_range: With<2>,
    pub not_found: &'static str,
    pub already_on_sale: &'static str,
    pub not_on_sale: &'static str,
    pub cancel_sale_first: &'static str,
    pub taken_down: &'static str,
    pub listing_changed: &'static str,
    pub somebody_was_faster: &'static str,
    /// What was seen, what it is now.
    pub price_changed: With<2>,
    /// The amount.
    pub short: With<1>,
    pub own_card: &'static str,
}

/// Every “done”, named as in [`domain::Notice`].
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Notices {
    pub mail_sent: &'static str,
    /// The welcome grant.
    pub activated: With<1>,
    pub signed_in: &'static str,
    pub signed_out: &'static str,
    pub card_added: &'static str,
    pub card_deleted: &'static str,
    pub on_sale: &'static str,
    pub repriced: &'static str,
    pub sale_cancelled: &'static str,
    pub password_changed: &'static str,
    pub password_reset: &'static str,
    pub email_changed: &'static str,
    pub confirm_email_sent: &'static str,
    pub account_deleted: &'static str,
    pub device_signed_out: &'static str,
    pub others_signed_out: &'static str,
    pub signed_out_everywhere: &'static str,
    pub card_edited: &'static str,
    pub watching: &'static str,
    pub not_watching: &'static str,
    pub all_read: &'static str,
}
