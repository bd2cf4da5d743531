//! Characters that only look different: full-width digits, and marks that nobody sees.

use std::borrow::Cow;

/// The text with full-width characters made plain and invisible ones left out. No-break spaces stay: who reads
/// numbers or dates knows them.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    /// From a full-width character to the plain one.
    const WIDTH: u32 = 0xFEE0;
    let plain = |character: char| match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - WIDTH),
        '\u{3000}' => Some(' '),
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => None,
        character => Some(character),
    };
    Cow::Owned(text.chars().filter_map(plain).collect())
}
