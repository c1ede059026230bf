//! What people do, drawn at random, with things that are theirs and things that are not.

use super::dice::Dice;
use super::model::Model;

/// People, cards and looks by their number in the model.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Add {
        who: usize,
    },
    List {
        who: usize,
        card: usize,
        price: i64,
    },
    Reprice {
        who: usize,
        card: usize,
        version: i64,
        price: i64,
    },
    Cancel {
        who: usize,
        card: usize,
        version: i64,
    },
    Edit {
        who: usize,
        card: usize,
    },
    Delete {
        who: usize,
        card: usize,
    },
    Watch {
        who: usize,
        card: usize,
    },
    Unwatch {
        who: usize,
        card: usize,
    },
    /// At a card before buying it: the terms are kept.
    Look {
        who: usize,
        card: usize,
    },
    /// Under the terms of a look, which may be an old one, or somebody else's, or used already.
    Buy {
        who: usize,
        look: usize,
    },
    Suspend {
        who: usize,
    },
    Reinstate {
        who: usize,
    },
}

impl Act {
    pub(super) fn random(dice: &mut Dice, model: &Model) -> Self {
        let who = dice.roll(model.people.len());
        if model.cards.len() < 4 {
            return Self::Add { who };
        }
        let card = model.cards.len() - 1 - dice.roll(model.cards.len().min(12));
        let known = &model.cards[card];
        // Usually the owner acts, and on what they see.
        let owner = if dice.roll(8) == 0 { who } else { known.owner };
        let version = if dice.roll(8) == 0 { dice.roll(9) as i64 } else { known.version };
        match dice.roll(40) {
            0..4 => Self::Add { who },
            4..10 => Self::List { who: owner, card, price: dice.price() },
            10..14 => Self::Reprice { who: owner, card, version, price: dice.price() },
            14..16 => Self::Cancel { who: owner, card, version },
            16 => Self::Edit { who: owner, card },
            17 => Self::Delete { who: owner, card },
            18..22 => Self::Watch { who, card },
            22 => Self::Unwatch { who, card },
            23..30 => Self::Look { who, card },
            30..38 if !model.looks.is_empty() => {
                let look = model.looks.len() - 1 - dice.roll(model.looks.len().min(6));
                let buyer = if dice.roll(8) == 0 { who } else { model.looks[look].who };
                Self::Buy { who: buyer, look }
            }
            38 => Self::Suspend { who },
            _ => Self::Reinstate { who: model.suspended().unwrap_or(who) },
        }
    }
}
