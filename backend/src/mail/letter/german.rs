//! The letters in German.

use super::{Kind, Words};

pub(super) fn words(kind: Kind) -> Words {
    let (subject, before, after) = match kind {
        Kind::Activation => (
            "Aktiviere dein Konto bei CardStore",
            "Willkommen bei CardStore. Öffne diese Seite und drücke auf „Mein Konto aktivieren“; \
                 {grant} warten auf dich:",
            "Der Link gilt 24 Stunden. Wenn du dich nicht registriert hast, ignoriere diese E-Mail.",
        ),
        Kind::Reminder => (
            "Du hast schon ein Konto bei CardStore",
            "Jemand, vielleicht du, wollte bei CardStore ein Konto mit dieser Adresse anlegen. Du hast \
                 schon eines, unter dem Namen oben. Melde dich hier an:",
            "Wenn du das nicht warst, brauchst du nichts zu tun: Dein Konto ist unverändert.",
        ),
        Kind::Reset => (
            "Wähle ein neues Passwort für CardStore",
            "Jemand, vielleicht du, hat ein neues Passwort angefordert. Öffne diese Seite und wähle \
                 eines:",
            "Der Link gilt einmal, eine Stunde lang. Wenn du das nicht warst, ignoriere diese E-Mail: \
                 Dein Passwort ist unverändert.",
        ),
        Kind::ConfirmEmail => (
            "Bestätige deine neue Adresse für CardStore",
            "Du möchtest, dass dein Konto von nun an diese Adresse verwendet. Öffne diese Seite und \
                 bestätige das:",
            "Der Link gilt 24 Stunden. Wenn du das nicht warst, ignoriere diese E-Mail: Es ändert sich \
                 nichts.",
        ),
        Kind::EmailChanged => (
            "Dein Konto bei CardStore hat eine neue Adresse",
            "Dein Konto hat jetzt eine andere E-Mail-Adresse; an diese hier schreiben wir nicht mehr. \
                 Dein Konto ist hier:",
            "Wenn du das nicht warst, kennt jemand dein Passwort: Antworte auf diese E-Mail.",
        ),
    };
    Words { subject, hello: "Hallo", before, after }
}
