//! Selling, buying, and what is written down about it, in English.

use crate::texts::{
    placed::With,
    trade::{Activity, Notifications, Purchase, Selling},
};

pub(super) const SELLING: Selling = Selling {
    sell: With::new("Sell {0}"),
    change_price_of: With::new("Change the price of {0}"),
    whole_price: "You receive the whole price.",
    whole_price_last: With::new("You receive the whole price. It was sold for {0} last."),
    price: "Price",
    new_price: "New price",
    put_on_sale: "Put it on sale",
    back: "Back to my cards",
};

pub(super) const PURCHASE: Purchase = Purchase {
    confirm: "Confirm your purchase",
    buy: With::new("Buy {0}?"),
    from: With::new("From {0}"),
    your_balance: "Your balance",
    afterwards: "Afterwards",
    buy_for: With::new("Buy for {0}"),
    not_now: "Not now",
    see_market: "See the market",
    receipt: "Receipt",
    yours: "It is yours",
    in_collection: With::new("{0} is in your collection."),
    when: "When",
    reference: "Reference",
    balance_afterwards: "Balance afterwards",
    to_my_cards: "Go to my cards",
    back_to_market: "Back to the market",
};

pub(super) const ACTIVITY: Activity = Activity {
    download: "Download as CSV",
    shown: "Entries shown",
    all: "All",
    bought: "Bought",
    sold: "Sold",
    nothing_yet: "Nothing yet",
    written_here: "What you buy and sell is written down here.",
    somebody: "somebody who left",
    granted: "Welcome to CardStore",
    you_bought: With::new("You bought {0} from {1}"),
    you_sold: With::new("You sold {0} to {1}"),
    adjusted: "Adjusted by the house",
    returned: "Returned to the house",
};

pub(super) const NOTIFICATIONS: Notifications = Notifications {
    quiet: "All quiet",
    read_here: "When somebody buys your card, or a card that you watch changes its price, you read it here.",
    unread: "Unread:",
    mark_all: "Mark all as read",
    sold: With::new("Sold: {0} for {1}"),
    price_dropped: With::new("{0} is cheaper now: {1}"),
    watched_sold: With::new("{0} was sold to somebody else for {1}"),
};
