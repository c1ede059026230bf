//! The letters in English.

use super::{Kind, Words};

pub(super) fn words(kind: Kind) -> Words {
    let (subject, before, after) = match kind {
        Kind::Activation => (
            "Activate your CardStore account",
            "Welcome to CardStore. Open this page and press Activate; {grant} is waiting for you:",
            "The link works for 24 hours. If you did not register, ignore this mail.",
        ),
        Kind::Reminder => (
            "You already have a CardStore account",
            "Somebody, perhaps you, asked CardStore for an account with this address. You have one \
                 already, under the name above. Sign in here:",
            "If it was not you, there is nothing to do: your account is unchanged.",
        ),
        Kind::Reset => (
            "Choose a new password for CardStore",
            "Somebody, perhaps you, asked for a new password. Open this page and choose one:",
            "The link works once, for an hour. If it was not you, ignore this mail: your password is \
                 unchanged.",
        ),
        Kind::ConfirmEmail => (
            "Confirm your new address for CardStore",
            "You asked that your account uses this address from now on. Open this page and confirm:",
            "The link works for 24 hours. If it was not you, ignore this mail: nothing changes.",
        ),
        Kind::EmailChanged => (
            "Your CardStore account has a new address",
            "Your account has another e-mail address now; this one will not hear from us again. Your \
                 account is here:",
            "If it was not you, somebody knows your password: answer this mail.",
        ),
    };
    Words { subject, hello: "Hello", before, after }
}
