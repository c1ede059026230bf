//! The words of a card's name: what the market is searched by.

use domain::CardId;

use crate::bytes::hex;
use crate::database::{Transaction, sql};
use crate::error::Fault;

/// What stands between letters and digits separates words. Each once, in lower case, in the order of the text.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.to_lowercase().split(|letter: char| !letter.is_alphanumeric()) {
        if !word.is_empty() && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// The name as it is searched: a space before each word, so that a word's beginning can be told from its middle.
pub(crate) fn key(name: &str) -> String {
    words(name).iter().flat_map(|word| [" ", word]).collect()
}

/// A word as `card_words` keeps it.
pub(crate) fn coded(word: &str) -> String {
    hex(word.as_bytes())
}

/// Makes the card findable by the words of this name and no others.
pub(super) async fn index(transaction: &mut Transaction, card: CardId, name: &str) -> Result<(), Fault> {
    transaction.execute(sql("delete from card_words where card_id = $1").bind(card)).await?;
    for word in words(name) {
        let insert = sql("insert into card_words (card_id, word) values ($1, $2)");
        transaction.execute(insert.bind(card).bind(coded(&word))).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_words_in_lower_case_each_once() {
        assert_eq!(words("Moon, over the MOON-lit Tromsø!"), ["moon", "over", "the", "lit", "tromsø"]);
        assert_eq!(key("100% wool"), " 100 wool");
        assert_eq!(key("Ночь  во_дворе"), " ночь во дворе");
        assert_eq!(words("… — !"), [""; 0]);
    }
}
