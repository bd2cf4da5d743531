//! Text that a spreadsheet would run as a formula, written so that it does not.
//!
//! A cell of a CSV file that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is a formula to a spreadsheet, and a
//! formula can reach out of it (OWASP, "CSV Injection"). The usual guard is an apostrophe before it. Numbers are left alone.

use std::borrow::Cow;

const GUARD: char = '\'';

fn begins_a_formula(text: &str) -> bool {
    // Dashes alone stand for nothing.
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !text.bytes().all(|byte| byte == b'-')
}

/// A sign, digits and their marks only.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ',' | ' ' | '%' | '\u{a0}'))
}

/// Apostrophes, one or more, before what would be a formula.
fn is_guarded(text: &str) -> bool {
    text.starts_with(GUARD) && begins_a_formula(text.trim_start_matches(GUARD))
}

/// The text with an apostrophe before it where a spreadsheet would take it for a formula. What has one already gets another, so
/// that taking one off gives back what was there.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_guarded(text) || (begins_a_formula(text) && !is_number(text)) {
        Cow::Owned(format!("{GUARD}{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text as it was before [`guarded`].
pub fn unguarded(text: &str) -> &str {
    text.strip_prefix(GUARD).filter(|_| is_guarded(text)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        for (text, written) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("@SUM(1)", "'@SUM(1)"),
            ("+A1", "'+A1"),
            ("-2+3", "'-2+3"),
            ("\t=1", "'\t=1"),
            ("-5", "-5"),
            ("+62", "+62"),
            ("-1.234,50", "-1.234,50"),
            ("-", "-"),
            ("--", "--"),
            ("'=1", "''=1"),
            ("''=1", "'''=1"),
            ("it's", "it's"),
            ("'quoted'", "'quoted'"),
            ("", ""),
        ] {
            assert_eq!(guarded(text), written);
            assert_eq!(unguarded(written), text, "{written}");
        }
    }

    proptest! {
        #[test]
        fn a_guard_comes_off_again(text in "['=+@\\-\t\r0-9a-z]{0,6}") {
            let written = guarded(&text);
            prop_assert_eq!(unguarded(&written), text.as_str());
            prop_assert!(!begins_a_formula(&written) || is_number(&written));
        }
    }
}
