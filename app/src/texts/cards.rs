//! My cards and their pictures: which texts there are.

use super::placed::With;

/// My cards: the dashboard, adding, editing.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Cards {
    pub add: &'static str,
    pub all: &'static str,
    pub on_sale: &'static str,
    pub not_for_sale: &'static str,
    pub shown: &'static str,
    pub cards: &'static str,
    pub none_here: &'static str,
    pub starts_here: &'static str,
    pub add_or_find: &'static str,
    pub answered_by: &'static str,
    /// The price.
    pub on_sale_for: With<1>,
    pub change_price: &'static str,
    /// The card; holds the words of the button.
    pub change_price_of: With<1>,
    pub cancel_sale: &'static str,
    /// The card; holds the words of the button.
    pub cancel_sale_of: With<1>,
    pub sell: &'static str,
    /// The card; holds the words of the button.
    pub sell_named: With<1>,
    /// The card.
    pub edit: With<1>,
    pub name: &'static str,
    pub in_words: &'static str,
    pub in_words_hint: &'static str,
    pub add_this: &'static str,
    pub save: &'static str,
    pub delete_it: &'static str,
    pub delete: &'static str,
    pub delete_on_sale: &'static str,
    pub delete_for_good: &'static str,
    pub back_to_card: &'static str,
}

/// A picture on its way, and several at once.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Pictures {
    pub picture: &'static str,
    pub formats: &'static str,
    pub ways: &'static str,
    pub chosen: &'static str,
    pub waits: &'static str,
    pub preparing: &'static str,
    pub sending: &'static str,
    pub arrived: &'static str,
    pub unsent: &'static str,
    pub cancel: &'static str,
    pub retry: &'static str,
    pub name_each: &'static str,
    /// How many may wait.
    pub one_left_out: With<1>,
    /// How many were left out, how many may wait.
    pub left_out: With<2>,
    pub more: &'static str,
    pub remove: &'static str,
}
