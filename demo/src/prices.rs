//! What people ask for a card: common kinds cost little, rare ones much, and nobody asks for 13.37.

use crate::art::Family;
use crate::dice::Dice;

/// How often a card is a rarity, at many times the usual price.
const RARE: f32 = 0.07;

/// A price in cents for a card of this family.
pub(crate) fn price(dice: &Dice, family: Family) -> i64 {
    let usual = f32::from(usual_cents(family));
    let rarity = if dice.chance(RARE) { dice.between(5.0, 14.0) } else { 1.0 };
    typed(dice, usual * dice.between(-1.6, 0.95).exp() * rarity)
}

/// What somebody asks who paid this much.
pub(crate) fn resale(dice: &Dice, paid_cents: i64) -> i64 {
    typed(dice, paid_cents as f32 * dice.between(0.85, 1.7))
}

/// The nearest price that a person would type.
fn typed(dice: &Dice, cents: f32) -> i64 {
    let whole = (cents / 100.0).floor() as i64 * 100;
    match whole {
        0 => *dice.pick(&[50, 75, 90]),
        100..2_000 => whole + dice.pick(&[0, 0, 25, 50, 50, 90]),
        2_000..8_000 => whole + dice.pick(&[0, 0, 50]),
        _ => whole / 500 * 500,
    }
}

fn usual_cents(family: Family) -> u16 {
    match family {
        Family::Charts => 42_00,
        Family::Planets => 26_00,
        Family::Moths => 21_00,
        Family::Aurora => 18_00,
        Family::Koi => 16_00,
        Family::Towns => 13_00,
        Family::Balloons => 11_00,
        Family::Ridges => 9_00,
        Family::Bauhaus => 8_00,
        Family::Seas => 7_00,
        Family::Dunes => 6_00,
        Family::Flora => 5_00,
        Family::Currents => 4_00,
    }
}
