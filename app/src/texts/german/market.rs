//! The market, and one card for everybody to see, in German.

use crate::texts::{
    market::{Card, Market},
    placed::{Counted, With},
};

pub(super) const MARKET: Market = Market {
    search_market: "Den Markt durchsuchen",
    search_cards: "Karten suchen",
    search: "Suchen",
    order: "Reihenfolge",
    newest_first: "Neueste zuerst",
    cheapest_first: "Günstigste zuerst",
    dearest_first: "Teuerste zuerst",
    filters: "Filter",
    price_from: "Preis von",
    price_to: "bis",
    seller: "Verkauft von",
    cards_from: With::new("Karten von {0}"),
    on_sale: Counted { one: "1 Karte auf dem Markt", more: With::new("{0} Karten auf dem Markt") },
    on_sale_or_more: With::new("{0} oder mehr Karten auf dem Markt"),
    show_everything: "Alles zeigen",
    first_page: "Erste Seite",
    next_page: "Nächste Seite",
    nothing_here: "Hier ist nichts",
    nothing_matches: "Keine Karte auf dem Markt passt dazu. Versuche es mit weniger Wörtern oder einer größeren Preisspanne.",
    nothing_on_sale: "Gerade steht keine Karte zum Verkauf. Mach du den Anfang!",
    sell_a_card: "Eine Karte verkaufen",
    sold: "Verkauft",
    gone: "Nicht mehr zu kaufen",
    from: With::new("von {0}"),
};

pub(super) const CARD: Card = Card {
    mine: "Das ist deine Karte.",
    mine_on_sale: "Sie steht zum Verkauf.",
    mine_not_for_sale: "Sie steht nicht zum Verkauf.",
    sell: "Verkaufen",
    edit: "Bearbeiten",
    buy: "Diese Karte kaufen",
    watch: "Diese Karte beobachten",
    stop_watching: "Nicht mehr beobachten",
    owned_by: With::new("Gehört {0}"),
    listed: With::new(", angeboten {0}"),
    not_for_sale: "Zurzeit nicht zu kaufen.",
    past: "Ihre Geschichte",
    sold_to: With::new("{0} hat sie an {1} verkauft"),
    about: With::new("{0}, eine Karte von {1} bei CardStore."),
    about_on_sale: With::new("{0}, für {1} zu kaufen von {2} bei CardStore."),
};
