//! What a catalogue says about amounts, refusals, notices and problems.

use domain::{Money, Notice, Password, Refusal};

use super::Texts;
use crate::error::Problem;

impl Texts {
    /// An amount as this language writes it.
    #[must_use]
    pub fn money(&self, amount: Money) -> String {
        amount.format(self.notation)
    }

    /// One plain sentence, or two: what happened and what to do next.
    #[must_use]
    pub fn refusal(&self, refusal: Refusal) -> String {
        let said = &self.refusals;
        let text = match refusal {
            Refusal::PasswordTooShort => {
                return said.password_too_short.with([&Password::SHORTEST.to_string()]);
            }
            Refusal::PasswordTooLong => return said.password_too_long.with([&Password::LONGEST.to_string()]),
            Refusal::TooManyTries { seconds } => return said.too_many_tries.with([&self.duration(seconds)]),
            Refusal::PriceOutOfRange => {
                let (lowest, highest) = (self.money(Money::LOWEST_PRICE), self.money(Money::HIGHEST_PRICE));
                return said.price_out_of_range.with([&lowest, &highest]);
            }
            Refusal::PriceChanged { seen, now } => {
                return said.price_changed.with([&self.money(seen), &self.money(now)]);
            }
            Refusal::Short { by } => return said.short.with([&self.money(by)]),
            Refusal::UsernameUnusable => said.username_unusable,
            Refusal::UsernameTaken => said.username_taken,
            Refusal::EmailUnusable => said.email_unusable,
            Refusal::WrongCredentials => said.wrong_credentials,
            Refusal::PasswordWrong => said.password_wrong,
            Refusal::NotActivated => said.not_activated,
            Refusal::AlreadyActivated => said.already_activated,
            Refusal::Suspended => said.suspended,
            Refusal::LinkUnknown => said.link_unknown,
            Refusal::LinkExpired => said.link_expired,
            Refusal::SignedOut => said.signed_out,
            Refusal::CardNameMissing => said.card_name_missing,
            Refusal::CardNameUnusable => said.card_name_unusable,
            Refusal::AltTextUnusable => said.alt_text_unusable,
            Refusal::PictureMissing => said.picture_missing,
            Refusal::PictureTooLarge => said.picture_too_large,
            Refusal::OriginalTooLarge => said.original_too_large,
            Refusal::PictureFormat => said.picture_format,
            Refusal::PictureHeic => said.picture_heic,
            Refusal::PictureSvg => said.picture_svg,
            Refusal::PictureIsPage => said.picture_is_page,
            Refusal::PictureBroken => said.picture_broken,
            Refusal::PictureDimensions => said.picture_dimensions,
            Refusal::PictureWithCargo => said.picture_with_cargo,
            Refusal::PictureLocated => said.picture_located,
            Refusal::PictureChanged => said.picture_changed,
            Refusal::UploadUnfinished => said.upload_unfinished,
            Refusal::PriceUnreadable => said.price_unreadable,
            Refusal::NotFound => said.not_found,
            Refusal::AlreadyOnSale => said.already_on_sale,
            Refusal::NotOnSale => said.not_on_sale,
            Refusal::CancelSaleFirst => said.cancel_sale_first,
            Refusal::TakenDown => said.taken_down,
            Refusal::ListingChanged => said.listing_changed,
            Refusal::SomebodyWasFaster => said.somebody_was_faster,
            Refusal::OwnCard => said.own_card,
        };
        text.to_owned()
    }

    /// What was achieved.
    #[must_use]
    pub fn notice(&self, notice: Notice) -> String {
        let said = &self.notices;
        let text = match notice {
            Notice::Activated => return said.activated.with([&self.money(Money::WELCOME_GRANT)]),
            Notice::MailSent => said.mail_sent,
            Notice::SignedIn => said.signed_in,
            Notice::SignedOut => said.signed_out,
            Notice::CardAdded => said.card_added,
            Notice::CardDeleted => said.card_deleted,
            Notice::OnSale => said.on_sale,
            Notice::Repriced => said.repriced,
            Notice::SaleCancelled => said.sale_cancelled,
            Notice::PasswordChanged => said.password_changed,
            Notice::PasswordReset => said.password_reset,
            Notice::EmailChanged => said.email_changed,
            Notice::ConfirmEmailSent => said.confirm_email_sent,
            Notice::AccountDeleted => said.account_deleted,
            Notice::DeviceSignedOut => said.device_signed_out,
            Notice::OthersSignedOut => said.others_signed_out,
            Notice::SignedOutEverywhere => said.signed_out_everywhere,
            Notice::CardEdited => said.card_edited,
            Notice::Watching => said.watching,
            Notice::NotWatching => said.not_watching,
            Notice::AllRead => said.all_read,
        };
        text.to_owned()
    }

    /// What to say about a whole form or page: everything that is not said beside a field.
    #[must_use]
    pub fn problem(&self, problem: &Problem) -> String {
        let text = match problem {
            Problem::Refused { refusals } => {
                let sentences: Vec<_> = refusals.iter().map(|refusal| self.refusal(*refusal)).collect();
                return sentences.join(" ");
            }
            Problem::Unavailable => self.problems.unavailable,
            Problem::Offline => self.problems.offline,
            Problem::OutOfDate => self.problems.out_of_date,
        };
        text.to_owned()
    }

    /// A waiting time as people say it.
    fn duration(&self, seconds: u64) -> String {
        match seconds {
            0..=1 => self.refusals.a_second.to_owned(),
            2..=90 => self.refusals.seconds.with([&seconds.to_string()]),
            _ => self.refusals.minutes.with([&seconds.div_ceil(60).to_string()]),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    fn english(refusal: Refusal) -> String {
        Texts::of(Language::English).refusal(refusal)
    }

    fn german(refusal: Refusal) -> String {
        Texts::of(Language::German).refusal(refusal)
    }

    #[test]
    fn a_changed_price_names_both() {
        let refusal =
            Refusal::PriceChanged { seen: Money::from_cents(10_00), now: Money::from_cents(1_200_50) };
        assert!(english(refusal).contains("from 10.00 to 1,200.50"));
        assert!(german(refusal).contains("von 10,00 auf 1.200,50"));
        let short = Refusal::Short { by: Money::from_cents(3_00) };
        assert!(english(short).contains("3.00 short"));
        assert!(german(short).contains("fehlen 3,00"));
    }

    #[test]
    fn waiting_times_are_said_in_words() {
        let wait = |seconds| Refusal::TooManyTries { seconds };
        assert!(english(wait(1)).contains("a second"));
        assert!(english(wait(45)).contains("45 seconds"));
        assert!(english(wait(200)).contains("4 minutes"));
        assert!(german(wait(200)).contains("4 Minuten"));
    }
}
