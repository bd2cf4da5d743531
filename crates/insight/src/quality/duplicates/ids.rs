//! How ids compare: without case, spaces, punctuation and leading zeros.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

/// An id in its plain form.
pub(super) struct PlainId {
    /// Lower-case letters and digits, with a space where the id parts two numbers; each number without its leading
    /// zeros: `01-0012` is `1 12`.
    parted: String,
    /// The same without spaces, and zeros gone before the first of such numbers only: `10012`.
    bare: String,
}

impl PlainId {
    pub(super) fn of(id: &str) -> Self {
        // What a spreadsheet makes of a number.
        let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let id = id.trim();
        let id = id.strip_suffix(".0").filter(is_number).unwrap_or(id);
        let (mut parted, mut bare) = (String::new(), String::new());
        let mut is_apart = false;
        for character in id.chars().flat_map(char::to_lowercase) {
            if !character.is_alphanumeric() {
                is_apart = true;
                continue;
            }
            for (text, parts) in [(&mut parted, is_apart), (&mut bare, false)] {
                let is_digit = character.is_ascii_digit();
                if parts && is_digit && text.ends_with(|last: char| last.is_ascii_digit()) {
                    text.push(' ');
                } else if is_digit && ends_with_zeros(text) {
                    text.pop();
                }
                text.push(character);
            }
            is_apart = false;
        }
        Self { parted, bare }
    }

    /// Under these it is looked up: two ids that are the same share one. Empty for an id without letters and digits.
    pub(super) fn hashes(&self) -> impl Iterator<Item = u64> {
        let bare = (self.bare != self.parted).then_some(&self.bare);
        let forms = [Some(&self.parted), bare].into_iter().flatten().filter(|form| !form.is_empty());
        forms.map(|form| {
            let mut hasher = FxHasher::default();
            form.hash(&mut hasher);
            hasher.finish()
        })
    }

    /// Equal number by number, or one of them does not part its numbers: `1-12` is `01-012` and `112`, but not `11-2`.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let is_one_whole = self.parted == self.bare || other.parted == other.bare;
        self.parted == other.parted || (is_one_whole && self.bare == other.bare)
    }
}

/// The number at the end of `text` is a single zero so far.
fn ends_with_zeros(text: &str) -> bool {
    text.strip_suffix('0').is_some_and(|rest| !rest.ends_with(|last: char| last.is_ascii_digit()))
}
