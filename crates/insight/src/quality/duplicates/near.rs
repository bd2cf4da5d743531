//! Names that are nearly equal, among a million of them.
//!
//! Comparing all with all is out of reach, so only names in one block are compared. A name with one mistyped word
//! shares all its other words and most often the beginning or the end of that word, so each name stands in a block for
//! each of its words: the hash of the other words, and two letters of the one left out. Names with two mistyped words,
//! words left out or put together mostly still share a rare word, so a third kind of block has the names with one rare
//! word. Not found is what fits none: a single word that is wrong in its first two and last two letters, or a name that
//! is wrong in two words and has no rare one.
//!
//! The three kinds are looked through one after the other, so that one kind is held at a time: 16 bytes for each word
//! of each name.

use rustc_hash::FxHashMap;

use super::super::likeness::{MOST_WORDS, Token, is_exact, likeness, word_likeness};

/// Names in a block that are all compared with each other; in a larger one each is compared with the next ones in the
/// order of the word left out.
const BLOCK: usize = 24;
const NEXT: usize = 8;

/// At most so many names have a rare word.
const RARE: u32 = 16;

/// Different names, each by its words.
#[derive(Default)]
pub(super) struct NearNames {
    vocabulary: FxHashMap<String, u32>,
    /// By word, how many names have it.
    seen: Vec<u32>,
    /// The words of all names, one name after the other.
    words: Vec<u32>,
    /// By name, where its words end.
    ends: Vec<usize>,
    /// By name, which letters and digits it has, and how many of them.
    shapes: Vec<(u64, u16)>,
}

/// One word of one name in a block.
type Entry = (u64, u32, u32);

impl NearNames {
    /// Puts a name behind the others; its number is the count of names before it.
    pub(super) fn push(&mut self, tokens: &[String]) {
        let (mut letters, mut count) = (0_u64, 0_u16);
        for token in tokens.iter().take(MOST_WORDS) {
            let next = u32::try_from(self.vocabulary.len()).unwrap_or(u32::MAX);
            let word = match self.vocabulary.get(token) {
                Some(word) => *word,
                None => *self.vocabulary.entry(token.clone()).or_insert(next),
            };
            if word as usize == self.seen.len() {
                self.seen.push(0);
            }
            self.seen[word as usize] += 1;
            self.words.push(word);
            for character in token.chars() {
                letters |= bit(character);
                count = count.saturating_add(1);
            }
        }
        self.ends.push(self.words.len());
        self.shapes.push((letters, count));
    }

    /// Calls `found` with two names and their similarity, for all pairs that reach `least`; for one pair perhaps more
    /// than once.
    pub(super) fn pairs(&self, least: f64, mut found: impl FnMut(usize, usize, f64)) {
        let mut texts = vec![""; self.vocabulary.len()];
        self.vocabulary.iter().for_each(|(text, word)| texts[*word as usize] = text);
        let token = |word: u32| Token::new(texts[word as usize], self.seen[word as usize]);
        let mut compare = |one: u32, other: u32| {
            let (one, other) = (one as usize, other as usize);
            let tokens = |name: usize| self.words_of(name).iter().map(|word| token(*word)).collect::<Vec<_>>();
            let score = likeness(&tokens(one), &tokens(other));
            if score >= least {
                found(one.min(other), one.max(other), score);
            }
        };
        for end in [End::First, End::Last] {
            let entries = self.without_one_word(&texts, end);
            for block in entries.chunk_by(|one, other| one.0 == other.0) {
                each_pair(block, &texts, |one, other| {
                    if one.2 != other.2
                        && self.may_be_near(one.1, other.1)
                        && word_likeness(&token(one.2), &token(other.2)) > 0.0
                    {
                        compare(one.1, other.1);
                    }
                });
            }
        }
        let entries = self.with_rare_word();
        for block in entries.chunk_by(|one, other| one.0 == other.0) {
            each_pair(block, &texts, |one, other| {
                if self.may_be_near(one.1, other.1) {
                    compare(one.1, other.1);
                }
            });
        }
    }

    fn words_of(&self, name: usize) -> &[u32] {
        let begin = name.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        &self.words[begin..self.ends[name]]
    }

    /// Two names have the same digits, nearly the same letters and nearly the same length. Cheap, and spares most
    /// comparisons.
    fn may_be_near(&self, one: u32, other: u32) -> bool {
        /// A wrong letter adds one letter and takes one away.
        const LETTERS: u32 = 4;
        const LENGTH: u16 = 4;
        let ((letters, count), (other_letters, other_count)) = (self.shapes[one as usize], self.shapes[other as usize]);
        let differ = letters ^ other_letters;
        let longest = LENGTH.max(count.max(other_count) / 4);
        one != other && differ & DIGITS == 0 && differ.count_ones() <= LETTERS && count.abs_diff(other_count) <= longest
    }

    /// Each word of each name that may be mistyped, under the other words and two letters of it.
    fn without_one_word(&self, texts: &[&str], end: End) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(self.words.len());
        for (name, number) in (0..self.ends.len()).zip(0_u32..) {
            let words = self.words_of(name);
            // A sum, so that the order of the words does not matter and one is easily left out.
            let all = words.iter().fold(0_u64, |sum, word| sum.wrapping_add(mixed(u64::from(*word))));
            for word in words.iter().filter(|word| !is_exact(texts[**word as usize])) {
                let others = all.wrapping_sub(mixed(u64::from(*word)));
                entries.push((mixed(others ^ end.letters(texts[*word as usize])), number, *word));
            }
        }
        entries.sort_unstable();
        entries
    }

    /// Each rare word that several names have.
    fn with_rare_word(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (name, number) in (0..self.ends.len()).zip(0_u32..) {
            let rare = self.words_of(name).iter().filter(|word| (2..=RARE).contains(&self.seen[**word as usize]));
            entries.extend(rare.map(|word| (u64::from(*word), number, *word)));
        }
        entries.sort_unstable();
        entries
    }
}

/// The two letters of a word that its block goes by.
#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

impl End {
    fn letters(self, text: &str) -> u64 {
        let two = |mut letters: &mut dyn Iterator<Item = char>| {
            let letters = &mut letters;
            letters.take(2).fold(1_u64, |sum, letter| (sum << 21) | u64::from(u32::from(letter)))
        };
        match self {
            Self::First => two(&mut text.chars()),
            Self::Last => two(&mut text.chars().rev()),
        }
    }
}

/// Calls `pair` for all pairs of a small block, and for neighbours by the text of the word in a large one.
fn each_pair(block: &[Entry], texts: &[&str], mut pair: impl FnMut(&Entry, &Entry)) {
    if block.len() <= BLOCK {
        for (place, one) in block.iter().enumerate() {
            block[place + 1..].iter().for_each(|other| pair(one, other));
        }
        return;
    }
    let mut block = block.to_vec();
    block.sort_unstable_by_key(|(_, name, word)| (texts[*word as usize], *name));
    for (place, one) in block.iter().enumerate() {
        block[place + 1..].iter().take(NEXT).for_each(|other| pair(one, other));
    }
}

/// The bits of the ten digits.
const DIGITS: u64 = 0x3ff;

/// One bit for each digit, and for each Latin letter; other letters share the rest.
fn bit(character: char) -> u64 {
    let place = match character {
        '0'..='9' => u32::from(character) - u32::from('0'),
        'a'..='z' => 10 + u32::from(character) - u32::from('a'),
        _ => 36 + u32::from(character) % 28,
    };
    1 << place
}

/// Spreads a number over 64 bits (the last step of SplitMix64).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
