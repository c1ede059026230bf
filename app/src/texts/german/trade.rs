//! Selling, buying, and what is written down about it, in German.

use crate::texts::{
    placed::With,
    trade::{Activity, Notifications, Purchase, Selling},
};

pub(super) const SELLING: Selling = Selling {
    sell: With::new("„{0}“ verkaufen"),
    change_price_of: With::new("Preis von „{0}“ ändern"),
    whole_price: "Du erhältst den ganzen Preis.",
    whole_price_last: With::new("Du erhältst den ganzen Preis. Zuletzt wurde sie für {0} verkauft."),
    price: "Preis",
    new_price: "Neuer Preis",
    put_on_sale: "Zum Verkauf stellen",
    back: "Zurück zu meinen Karten",
};

pub(super) const PURCHASE: Purchase = Purchase {
    confirm: "Bestätige deinen Kauf",
    buy: With::new("„{0}“ kaufen?"),
    from: With::new("Von {0}"),
    your_balance: "Dein Guthaben",
    afterwards: "Danach",
    buy_for: With::new("Für {0} kaufen"),
    not_now: "Jetzt nicht",
    see_market: "Zum Markt",
    receipt: "Quittung",
    yours: "Sie gehört dir",
    in_collection: With::new("{0} ist in deiner Sammlung."),
    when: "Wann",
    reference: "Kaufnummer",
    balance_afterwards: "Guthaben danach",
    to_my_cards: "Zu meinen Karten",
    back_to_market: "Zurück zum Markt",
};

pub(super) const ACTIVITY: Activity = Activity {
    download: "Als CSV herunterladen",
    shown: "Angezeigte Buchungen",
    all: "Alle",
    bought: "Gekauft",
    sold: "Verkauft",
    nothing_yet: "Noch nichts",
    written_here: "Was du kaufst und verkaufst, wird hier aufgeschrieben.",
    somebody: "Unbekannt",
    granted: "Willkommen bei CardStore",
    you_bought: With::new("Du hast {0} von {1} gekauft"),
    you_sold: With::new("Du hast {0} an {1} verkauft"),
    adjusted: "Vom Haus angepasst",
    returned: "Ans Haus zurückgegangen",
};

pub(super) const NOTIFICATIONS: Notifications = Notifications {
    quiet: "Alles ruhig",
    read_here: "Wenn jemand deine Karte kauft oder eine Karte, die du beobachtest, ihren Preis ändert, liest du es hier.",
    unread: "Ungelesen:",
    mark_all: "Alle als gelesen markieren",
    sold: With::new("Verkauft: „{0}“ für {1}"),
    price_dropped: With::new("„{0}“ ist jetzt günstiger: {1}"),
    watched_sold: With::new("„{0}“ wurde für {1} an jemand anderen verkauft"),
};
