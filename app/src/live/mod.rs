//! What happens while a page is open: sold elsewhere, a new price, a notification, signed out on another device.
//!
//! A page opens one stream to `/events`, and names the cards that it shows and, when somebody is signed in, the newest
//! notification that it knows of: what happened between its drawing and its stream is told first. When it shows other cards,
//! another stream takes over before the first is closed. Losing it loses nothing: the first event on a connection that was
//! lost makes the page fetch what it shows anew.

#[cfg(feature = "hydrate")]
mod browser;

use std::collections::HashMap;

use domain::{AccountId, CardId, Money, Notification};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::state::ClientState;

/// What a stream tells a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LiveEvent {
    /// The first on every connection.
    Hello,
    /// What the cards of the page cost now, in the order in which it named them; `None` is not on sale. Tells what became
    /// of them since the page was drawn, and comes next to [`LiveEvent::Hello`].
    Prices { prices: Vec<Option<Money>> },
    /// A card on the market is not what it was.
    Card { card: CardId, now: CardNow },
    /// Something arrived in the visitor's inbox.
    Inbox { notification: Notification },
    /// The visitor's balance or the number of unread notifications changed.
    Account,
    /// The session ended, here or on another device.
    SignedOut,
}

/// What became of a card since the page was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardNow {
    OnSale,
    Costs { price: Money },
    OffSale,
    Sold,
}

impl CardNow {
    /// True when it cannot be bought any more.
    #[must_use]
    pub fn is_gone(self) -> bool {
        matches!(self, Self::Sold | Self::OffSale)
    }
}

/// What open pages know of the world since they were drawn.
#[derive(Clone, Copy)]
pub struct Live {
    cards: ClientState<HashMap<CardId, CardNow>>,
    changes: ClientState<u32>,
    reconnects: ClientState<u32>,
    viewer: ClientState<Option<Viewer>>,
    shown: ClientState<Vec<CardId>>,
}

impl Live {
    pub(crate) fn provide() {
        let live = Self {
            cards: ClientState::begin(),
            changes: ClientState::begin(),
            reconnects: ClientState::begin(),
            viewer: ClientState::begin(),
            shown: ClientState::begin(),
        };
        provide_context(live);
        #[cfg(feature = "hydrate")]
        browser::follow(live);
    }

    #[must_use]
    pub fn expect() -> Self {
        expect_context()
    }

    /// What became of this card since the page was drawn; `None` when nothing did.
    #[must_use]
    pub fn card(self, card: CardId) -> Memo<Option<CardNow>> {
        Memo::new(move |_| self.cards.with(|cards| cards.get(&card).copied()))
    }

    /// From here on the stream tells what becomes of these.
    pub fn follow(self, cards: Vec<CardId>) {
        self.shown.set(cards);
    }

    /// Looks at what became of cards since the page was drawn.
    pub fn with_cards(self, look: impl FnOnce(&HashMap<CardId, CardNow>)) {
        self.cards.with(look);
    }

    /// Raised when the stream was lost and came back: what is shown may have missed something.
    #[must_use]
    pub fn reconnects(self) -> u32 {
        self.reconnects.get()
    }

    /// Raised when the visitor's own affairs changed: part of the source of resources that show them.
    #[must_use]
    pub fn changes(self) -> u32 {
        self.changes.get()
    }

    /// Tells the stream who is looking, as soon as the header knows.
    pub(crate) fn set_viewer(self, viewer: Viewer) {
        if self.viewer.get_untracked().is_none_or(|known| known.account != viewer.account) {
            self.viewer.set(Some(viewer));
        }
    }
}

/// Who is looking at the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    /// `None` also for somebody of whom nobody can tell.
    pub account: Option<AccountId>,
    /// The number of the newest notification when the page was drawn.
    pub newest: i64,
}
