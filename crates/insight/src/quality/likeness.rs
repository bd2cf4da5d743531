//! How likely two names are writings of the same one.

use std::borrow::Cow;

use super::{
    jaro::{jaro, jaro_winkler},
    names::{joined, tokens},
};

/// Words of a name that are compared; names have fewer.
pub(super) const MOST_WORDS: usize = 16;

/// A word that this many names have is no typing error, unless another that is like it is so many times more frequent.
const WORD_SEEN: u32 = 3;
const WORD_TIMES: u32 = 100;

/// One word of a name.
#[derive(Debug, Clone)]
pub(super) struct Token<'a> {
    pub(super) text: Cow<'a, str>,
    /// How many names of the list at hand have it; 0 where that is not known.
    pub(super) seen: u32,
}

impl<'a> Token<'a> {
    pub(super) fn new(text: &'a str, seen: u32) -> Self {
        Self { text: Cow::Borrowed(text), seen }
    }

    fn length(&self) -> usize {
        self.text.chars().count()
    }
}

/// How likely two names are writings of the same one: 1 where their [`key`](super::key)s are equal, 0 where nothing is
/// alike, and from 0.85 on likely. The same in both directions.
///
/// A mistyped word costs little, another word much. Numbers, Roman numerals and single letters tell things apart that
/// are otherwise named alike (`Maju Jaya 1`, `Maju Jaya 2`) and have to be equal. The order of the words counts.
/// Names without a letter or digit are like nothing. Only the first 16 words and 128 characters are compared.
pub fn similarity(one: &str, other: &str) -> f64 {
    similarity_of(&tokens(one), &tokens(other))
}

/// [`similarity`] of names that are taken apart already.
pub(super) fn similarity_of(one: &[String], other: &[String]) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    if joined(one.iter().map(String::as_str)) == joined(other.iter().map(String::as_str)) {
        return 1.0;
    }
    likeness(&unseen(one), &unseen(other))
}

fn unseen(words: &[String]) -> Vec<Token<'_>> {
    words.iter().take(MOST_WORDS).map(|word| Token::new(word, 0)).collect()
}

/// The similarity of two names that are not equal, from their words: below 1.
///
/// Four fifths are the share of letters that stand in words which both have, one fifth the whole names by
/// Jaro-Winkler. By itself the latter finds "Kimia Farma Bandung" and "Kimia Farma Bekasi" nearly equal.
pub(super) fn likeness(one: &[Token<'_>], other: &[Token<'_>]) -> f64 {
    const OF_WORDS: f64 = 0.8;
    /// What is certain only where nothing differs.
    const SURE: f64 = 0.99;
    let is_first = one.iter().map(|token| &token.text).le(other.iter().map(|token| &token.text));
    // Where two pairings of words are equally good the first is taken, so the order of the two names is fixed.
    let (one, other) = if is_first { (one, other) } else { (other, one) };
    let (one, other) = (compounded(one, other), compounded(other, one));
    let whole = jaro_winkler(&whole(&one), &whole(&other));
    (OF_WORDS * words(&one, &other) + (1.0 - OF_WORDS) * whole).min(SURE)
}

fn whole(tokens: &[Token<'_>]) -> String {
    joined(tokens.iter().map(|token| &*token.text))
}

/// The share of letters in words that are paired with a like one; less where the order or a number differs.
fn words(one: &[Token<'_>], other: &[Token<'_>]) -> f64 {
    const OTHER_ORDER: f64 = 0.75;
    /// `Maju 1` and `Maju 2`.
    const OTHER_NUMBER: f64 = 0.5;
    /// `Maju` and `Maju 2`.
    const NUMBER_MORE: f64 = 0.8;
    let pairs = paired(one, other);
    let letters = |tokens: &[Token<'_>]| tokens.iter().map(Token::length).sum::<usize>();
    let of_pair =
        |&(left, right, like): &(usize, usize, f64)| like * (one[left].length() + other[right].length()) as f64;
    let share = pairs.iter().map(of_pair).sum::<f64>() / (letters(one) + letters(other)).max(1) as f64;
    let is_in_order = pairs.windows(2).all(|pair| pair[0].1 < pair[1].1);
    let is_left = |tokens: &[Token<'_>], is_paired: &dyn Fn(usize) -> bool| {
        tokens.iter().enumerate().any(|(place, token)| is_exact(&token.text) && !is_paired(place))
    };
    let of_one = is_left(one, &|place| pairs.iter().any(|pair| pair.0 == place));
    let of_other = is_left(other, &|place| pairs.iter().any(|pair| pair.1 == place));
    let numbers = match (of_one, of_other) {
        (true, true) => OTHER_NUMBER,
        (false, false) => 1.0,
        _ => NUMBER_MORE,
    };
    share * numbers * if is_in_order { 1.0 } else { OTHER_ORDER }
}

/// Pairs of like words, each word in one at most and the most alike taken first, in the order of `one`.
fn paired(one: &[Token<'_>], other: &[Token<'_>]) -> Vec<(usize, usize, f64)> {
    let mut all: Vec<(usize, usize, f64)> = Vec::new();
    for (left, token) in one.iter().enumerate() {
        let likes = other.iter().enumerate().map(|(right, other)| (left, right, word_likeness(token, other)));
        all.extend(likes.filter(|(_, _, like)| *like > 0.0));
    }
    // Of equally like ones those that stand at the same place, or "Berkah Berkah" would be in another order.
    let apart = |pair: &(usize, usize, f64)| pair.0.abs_diff(pair.1);
    all.sort_by(|left, right| right.2.total_cmp(&left.2).then_with(|| apart(left).cmp(&apart(right))));
    let mut pairs: Vec<(usize, usize, f64)> = Vec::new();
    for pair in all {
        if pairs.iter().all(|taken| taken.0 != pair.0 && taken.1 != pair.1) {
            pairs.push(pair);
        }
    }
    pairs.sort_by_key(|pair| pair.0);
    pairs
}

/// How likely two words are one that was mistyped, by Jaro-Winkler; 0 where they are more likely two words.
pub(super) fn word_likeness(one: &Token<'_>, other: &Token<'_>) -> f64 {
    /// A first letter is seldom mistyped, so more has to speak for it.
    const LIKE: f64 = 0.85;
    const LIKE_BEHIND_FIRST: f64 = 0.88;
    const SHORT: usize = 6;
    /// Jaro takes the wrong one of two equal letters, so that it finds "Wahana" and "Wahqna" less alike than they are.
    const SLIP: f64 = 0.9;
    if one.text == other.text {
        return 1.0;
    }
    let (short, long) = (one.length().min(other.length()), one.length().max(other.length()));
    if short < 3 || long < 4 || is_exact(&one.text) || is_exact(&other.text) || are_two_words(one.seen, other.seen) {
        return 0.0;
    }
    let is_first_same = one.text.chars().next() == other.text.chars().next();
    // Nobody types two letters too many into a short word, or before a word: "wipi" and "wipimo", "hari" and "kehari".
    if long - short > 1 && (short < SHORT || !is_first_same) {
        return 0.0;
    }
    let least = if is_first_same { LIKE } else { LIKE_BEHIND_FIRST };
    if long >= SHORT && long - short <= 1 && is_one_slip(&one.text, &other.text) {
        jaro_winkler(&one.text, &other.text).max(SLIP)
    } else if jaro(&one.text, &other.text) >= least {
        jaro_winkler(&one.text, &other.text)
    } else {
        0.0
    }
}

/// One letter is wrong, missing or too many, or two stand in the wrong order.
fn is_one_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let begin = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let (one, other) = (&one[begin..], &other[begin..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count();
    match (&one[..one.len() - end], &other[..other.len() - end]) {
        ([_], [_] | []) | ([], [_]) => true,
        ([first, second], [third, fourth]) => (first, second) == (fourth, third),
        _ => false,
    }
}

/// Both are so frequent that neither is the other mistyped: "Bandung" and "Badung".
fn are_two_words(one: u32, other: u32) -> bool {
    let (few, many) = (one.min(other), one.max(other));
    few >= WORD_SEEN && many < few.saturating_mul(WORD_TIMES)
}

/// What has to be equal: words with digits, single letters and Roman numerals up to four letters long.
pub(super) fn is_exact(word: &str) -> bool {
    let is_roman = word.len() <= 4 && word.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'));
    is_roman || word.chars().nth(1).is_none() || word.chars().any(char::is_numeric)
}

/// The words of `one`, with two put together where `other` writes them as one: "Mini Market" for "Minimarket".
fn compounded<'a>(one: &[Token<'a>], other: &[Token<'_>]) -> Vec<Token<'a>> {
    let mut tokens: Vec<Token<'a>> = Vec::with_capacity(one.len());
    for token in one {
        if let Some(last) = tokens.last_mut() {
            // With a space between digits, so that "1.5L" is not "15L".
            let both = joined([&*last.text, &*token.text].into_iter());
            if let Some(long) = other.iter().find(|long| *long.text == *both) {
                *last = Token { text: Cow::Owned(both), seen: long.seen };
                continue;
            }
        }
        tokens.push(token.clone());
    }
    tokens
}

#[cfg(test)]
mod tests;
