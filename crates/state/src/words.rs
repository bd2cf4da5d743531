//! Ids as words of a text: whether one stands in it, and the text without some.

/// The word stands in the text, with no letter or digit beside it: `S1` is not in `S10`.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| is_word_at(text, at, word))
}

/// The text with `…` in place of each of these words. A number that is written like an id goes with it.
pub fn without_words(text: &str, words: &[&str]) -> String {
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        match words.iter().filter(|word| is_word_at(text, at, word)).map(|word| word.len()).max() {
            Some(length) => {
                left.push('…');
                at += length;
            }
            None => {
                left.push(letter);
                at += letter.len_utf8();
            }
        }
    }
    left
}

fn is_word_at(text: &str, at: usize, word: &str) -> bool {
    let is_free = |beside: Option<char>| beside.is_none_or(|letter| !letter.is_alphanumeric());
    let after = text[at..].strip_prefix(word).filter(|_| !word.is_empty());
    after.is_some_and(|after| is_free(after.chars().next()) && is_free(text[..at].chars().next_back()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_alone() {
        assert!(has_word("/api/scorecard?manager=S1&period=2025", "S1") && has_word("S1", "S1"));
        assert!(!has_word("/api/scorecard?manager=S10", "S1") && !has_word("XS1", "S1") && !has_word("S1", ""));
        assert!(has_word("S10 S1", "S1"), "a later one counts");
    }

    #[test]
    fn words_are_left_out_whole() {
        let said = "invoice F1: S1 S2 to S1 60% S2 40%, S20 and S2é stay";
        assert_eq!(without_words(said, &["S2", ""]), "invoice F1: S1 … to S1 60% … 40%, S20 and S2é stay");
        assert_eq!(without_words("S-1 S-1-2", &["S-1", "S-1-2"]), "… …", "the longest is the one");
        assert_eq!((without_words("", &["S2"]), without_words("é", &[])), (String::new(), "é".to_owned()));
    }
}
