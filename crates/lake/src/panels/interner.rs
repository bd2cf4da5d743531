//! Texts as small numbers: each distinct text gets the next code.

use rustc_hash::FxHashMap;
use takar_insight::metrics::NONE;

/// Codes for the distinct texts of one dimension, in order of first appearance.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interner {
    codes: FxHashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
    last: u32,
}

impl Interner {
    /// The code of a text; [`NONE`] for no text. Texts come in runs, so the last one is tried first.
    pub(crate) fn code(&mut self, text: Option<&str>) -> u32 {
        let Some(text) = text else {
            return NONE;
        };
        if self.texts.get(self.last as usize).is_some_and(|last| **last == *text) {
            return self.last;
        }
        self.last = match self.codes.get(text) {
            Some(code) => *code,
            None => {
                let code = u32::try_from(self.texts.len()).unwrap_or(NONE);
                self.codes.insert(text.into(), code);
                self.texts.push(text.into());
                code
            }
        };
        self.last
    }

    /// The code of a text that most often is the one of code `guess`: then no hash is needed.
    pub(crate) fn code_near(&mut self, text: Option<&str>, guess: u32) -> u32 {
        match (text, self.texts.get(guess as usize)) {
            (Some(text), Some(known)) if **known == *text => guess,
            _ => self.code(text),
        }
    }

    /// The code of a text that may be unknown here.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        self.codes.get(text).copied()
    }

    /// The text of a code; none for [`NONE`].
    pub(crate) fn text(&self, code: u32) -> Option<&str> {
        self.texts.get(code as usize).map(|text| &**text)
    }

    /// All texts in the order of their codes.
    pub(crate) fn texts(&self) -> &[Box<str>] {
        &self.texts
    }
}
