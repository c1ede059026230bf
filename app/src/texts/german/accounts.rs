//! Accounts, from becoming somebody to being nobody again, in German.

use crate::texts::{
    accounts::{Account, Devices, Joining, SigningIn},
    placed::With,
};

pub(super) const JOINING: Joining = Joining {
    create: "Lege dein Konto an",
    start_with: With::new(
        "Du beginnst mit {0}, um deine ersten Karten zu kaufen. Wir schicken dir eine E-Mail, um sicher zu sein, dass die Adresse dir gehört.",
    ),
    username: "Benutzername",
    username_hint: "Andere sehen ihn neben deinen Karten.",
    email: "E-Mail-Adresse",
    password: "Passwort",
    new_password: "Neues Passwort",
    password_hint: "Mindestens 8 Zeichen. Alles ist erlaubt.",
    here_before: "Schon einmal hier gewesen?",
    activate_account: "Aktiviere dein Konto",
    one_click: With::new("Ein Klick, und {0} gehören dir."),
    activate: "Mein Konto aktivieren",
    look_into_mail: "Sieh in deine E-Mails",
    mail_on_its_way: "Wenn diese Adresse ein Konto haben kann, ist eine E-Mail mit einem Link unterwegs. Der Link gilt 24 Stunden.",
    nothing_arrived: "Nichts angekommen?",
    send_again: "E-Mail noch einmal senden",
};

pub(super) const SIGNING_IN: SigningIn = SigningIn {
    username_or_email: "Benutzername oder E-Mail-Adresse",
    remember: "30 Tage lang angemeldet bleiben",
    activation_again: "Aktivierungs-E-Mail noch einmal senden",
    forgotten: "Passwort vergessen?",
    new_here: "Neu hier?",
    create: "Lege ein Konto an",
    ended_idle: "Du wurdest abgemeldet, weil hier eine Weile nichts passiert ist. Nichts ist verloren.",
    ended_absolute: "Du warst lange angemeldet, deshalb fragen wir noch einmal nach deinem Passwort.",
    ended_elsewhere: "Du wurdest von einem anderen Gerät aus abgemeldet, oder dein Passwort wurde geändert.",
    ended_limit: "Du wurdest hier abgemeldet, weil dein Konto auf mehr Geräten angemeldet wurde, als es darf.",
    forgotten_password: "Vergessenes Passwort",
    set_new: "Neues Passwort festlegen",
    tell_address: "Nenne uns deine Adresse, und wir schicken dir einen Link, mit dem du ein neues Passwort festlegst.",
    reset_on_its_way: "Wenn zu dieser Adresse ein Konto gehört, ist eine E-Mail mit einem Link unterwegs. Der Link gilt eine Stunde.",
    send_link: "Schick mir den Link",
    send_again: "Noch einmal senden",
    remembered: "Wieder eingefallen?",
    choose_new: "Wähle ein neues Passwort",
    devices_out: "Jedes Gerät, das bei deinem Konto angemeldet ist, muss sich neu anmelden.",
    set_the_new: "Neues Passwort speichern",
    new_link: "Neuen Link anfordern",
};

pub(super) const ACCOUNT: Account = Account {
    my_account: "Mein Konto",
    here_since: "Dabei seit",
    your_data: "Deine Daten",
    your_data_explained: "Alles, was CardStore über dich speichert, als eine Datei. Oder das Ende davon.",
    export: "Meine Daten exportieren",
    delete_mine: "Mein Konto löschen",
    change_password: "Passwort ändern",
    change_your_password: "Ändere dein Passwort",
    others_out: "Deine anderen Geräte werden abgemeldet. Dieses bleibt.",
    current_password: "Aktuelles Passwort",
    change_email: "E-Mail-Adresse ändern",
    // A hyphen that no line ends with.
    change_your_email: "Ändere deine E\u{2011}Mail-Adresse",
    until_opened: "Wir schicken einen Link an die neue Adresse. Bis du ihn öffnest, ändert sich nichts.",
    new_email: "Neue E-Mail-Adresse",
    send_link: "Link senden",
    one_click: "Ein Klick, und unsere E-Mails gehen an deine neue Adresse.",
    use_address: "Diese Adresse verwenden",
    delete_account: "Konto löschen",
    delete_yours: "Dein Konto löschen?",
    no_undo: "Das lässt sich nicht rückgängig machen.",
    listings_end: "Deine Angebote enden, und deine Karten sind weg.",
    balance_returns: "Dein Guthaben geht ans Haus zurück.",
    name_removed: "Dein Name und deine Adresse werden entfernt; frühere Verkäufe bleiben ohne sie in den Büchern der anderen.",
    delete_for_good: "Mein Konto endgültig löschen",
    back: "Zurück zu meinem Konto",
};

pub(super) const DEVICES: Devices = Devices {
    devices: "Geräte",
    explained: "Die Browser, die bei deinem Konto angemeldet sind.",
    browser_on: With::new("{0} unter {1}"),
    unknown_browser: "Unbekannter Browser",
    unknown_system: "unbekanntem System",
    this: "Dieses Gerät",
    since: With::new("Angemeldet {0}, zuletzt gesehen {1}"),
    stays: ". Bleibt angemeldet.",
    sign_out_named: With::new("{0} abmelden"),
    sign_out_others: "Die anderen Geräte abmelden",
    sign_out_everywhere: "Überall abmelden",
};
