//! How texts are compared, and how the cells of a field are spelt.

use super::{Cell, TextTest};
use crate::types::Number;

impl TextTest {
    /// Whether one text passes the test with another, case and all.
    #[must_use]
    pub fn holds(self, text: &str, needle: &str) -> bool {
        match self {
            TextTest::Whole => text == needle,
            TextTest::Contains => text.contains(needle),
            TextTest::StartsWith => text.starts_with(needle),
            TextTest::EndsWith => text.ends_with(needle),
            TextTest::ContainsWord => contains_word(text, needle),
        }
    }
}

/// Whether `word` stands in `text` with no letter or digit directly before or behind it.
fn contains_word(text: &str, word: &str) -> bool {
    text.char_indices().any(|(start, _)| {
        let (before, from) = text.split_at(start);
        from.strip_prefix(word).is_some_and(|behind| {
            !before.ends_with(char::is_alphanumeric) && !behind.starts_with(char::is_alphanumeric)
        })
    })
}

impl Cell {
    /// Whether a text means missing.
    #[must_use]
    pub fn is_blank(&self, text: &str) -> bool {
        self.blanks.iter().any(|blank| self.same(blank.trim(), text))
    }

    /// Whether a number means missing.
    #[must_use]
    pub fn is_blank_number(&self, number: &Number) -> bool {
        self.blank_numbers.contains(number)
    }

    /// The position of the value that a text spells: one of `values`, else the first further spelling that fits.
    #[must_use]
    pub fn position(&self, values: &[String], text: &str) -> Option<usize> {
        let spelling = || self.aliases.iter().find(|a| a.test.holds(&self.folded(text), &self.folded(&a.text)));
        values.iter().position(|value| self.same(value, text)).or_else(|| spelling().map(|alias| alias.value))
    }

    fn same(&self, one: &str, other: &str) -> bool {
        self.folded(one) == self.folded(other)
    }

    fn folded(&self, text: &str) -> String {
        if self.ignoring_case { text.to_lowercase() } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::contains_word;

    #[test]
    fn words_stand_alone() {
        assert!(contains_word("VP of Sales", "VP"));
        assert!(contains_word("SVP, then VP", "VP"));
        assert!(contains_word("(VP)", "VP"));
        assert!(contains_word("xa-a-a", "a-a"), "matches may overlap");
        assert!(!contains_word("EVP", "VP"));
        assert!(!contains_word("VP2", "VP"));
        assert!(!contains_word("éVP", "VP"));
        assert!(!contains_word("", "VP"));
    }
}
