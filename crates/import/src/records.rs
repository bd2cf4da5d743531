//! Separated text into records and cells, by the rules of RFC 4180 read kindly.
//!
//! A quote opens a quoted cell only at the cell's beginning (after spaces); elsewhere it is a character like
//! any other (`5" pipe`). Inside a quoted cell `""` is one quote, and separators and line ends are text.

use memchr::{memchr, memchr_iter, memchr2, memrchr};

use crate::{
    ImportError,
    grid::{Grid, Kind, Row, Span},
};

const QUOTE: u8 = b'"';

/// Where the whole records at the beginning of some text end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Border {
    /// One past the line end of the last whole record; 0 where there is none.
    pub end: usize,
    /// How many whole records there are.
    pub records: u64,
    /// The text ends inside a quoted cell.
    pub open_quote: bool,
}

/// Finds the last border between records in text that starts at one.
pub(crate) fn border(bytes: &[u8], separator: u8) -> Border {
    let mut found = Border::default();
    let mut from = 0;
    loop {
        let opening = opening_quote(bytes, from, separator);
        let stretch = &bytes[from..opening.unwrap_or(bytes.len())];
        if let Some(last) = memrchr(b'\n', stretch) {
            found.end = from + last + 1;
            found.records += memchr_iter(b'\n', stretch).count() as u64;
        }
        let Some(opening) = opening else { return found };
        let Some(closing) = closing_quote(bytes, opening + 1) else {
            found.open_quote = true;
            return found;
        };
        from = closing + 1;
    }
}

/// The next quote at the beginning of a cell, at or after `from`.
fn opening_quote(bytes: &[u8], from: usize, separator: u8) -> Option<usize> {
    memchr_iter(QUOTE, &bytes[from..]).map(|at| from + at).find(|&at| {
        let before = bytes[..at].iter().rposition(|&byte| byte != b' ');
        before.is_none_or(|at| bytes[at] == separator || bytes[at] == b'\n')
    })
}

/// The quote that closes a cell whose text begins at `from`.
fn closing_quote(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let at = from + memchr(QUOTE, bytes.get(from..)?)?;
        if bytes.get(at + 1) != Some(&QUOTE) {
            return Some(at);
        }
        from = at + 2;
    }
}

/// Splits whole records into cells. Blank records are counted and left out.
pub(crate) fn split(mut bytes: Vec<u8>, separator: u8, first_row: u64, file: &str) -> Result<Grid, ImportError> {
    let mut spans = Vec::with_capacity(bytes.len() / 6);
    let mut rows = Vec::with_capacity(bytes.len() / 60);
    let mut number = first_row;
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let first = spans.len();
        loop {
            at = cell(&mut bytes, at, separator, &mut spans);
            match bytes.get(at) {
                Some(&byte) if byte == separator => at += 1,
                _ => break,
            }
        }
        if spans[first..].iter().any(|span: &Span| !span.is_empty()) {
            rows.push(Row {
                number,
                first: first as u32,
                width: (spans.len() - first) as u32,
                start: start as u32,
                end: trimmed_end(&bytes, start, at) as u32,
            });
        } else {
            spans.truncate(first);
        }
        number += 1;
        at += 1;
    }
    let text = String::from_utf8(bytes).map_err(|_| ImportError::Replan {
        file: file.to_owned(),
        column: String::new(),
        row: first_row,
        value: "UTF-8".to_owned(),
    })?;
    Ok(Grid { text, spans, rows })
}

/// Reads the cell that begins at `at` and returns where its separator, line end or the end of the text is.
#[inline]
fn cell(bytes: &mut [u8], at: usize, separator: u8, spans: &mut Vec<Span>) -> usize {
    let rest = &bytes[at..];
    let length = length_of_cell(rest, separator);
    let plain = &rest[..length];
    // Nearly every cell begins and ends with a character that is neither space nor quote.
    if let (Some(&first), Some(&last)) = (plain.first(), plain.last())
        && first > b' '
        && last > b' '
        && !matches!(first, QUOTE | 0xC2)
        && last != 0xA0
    {
        spans.push(Span::new(at, at + length, Kind::Text));
        return at + length;
    }
    let spaces = plain.iter().take_while(|&&byte| byte == b' ').count();
    if plain.get(spaces) == Some(&QUOTE) {
        return quoted_cell(bytes, at + spaces + 1, separator, spans);
    }
    let end = at + length;
    spans.push(trimmed(bytes, at, end));
    end
}

/// How many bytes stand before the next separator or line end.
///
/// Eight bytes are compared at once: subtracting one from each byte of a word sets the high bit of those that
/// were zero; a carry can only spoil bytes above the first hit, and only the first counts.
#[inline]
fn length_of_cell(rest: &[u8], separator: u8) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let separators = u64::from_ne_bytes([separator; 8]);
    let line_ends = u64::from_ne_bytes([b'\n'; 8]);
    let (words, tail) = rest.as_chunks::<8>();
    for (index, bytes) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*bytes);
        let hits = zeros(word ^ separators) | zeros(word ^ line_ends);
        if hits != 0 {
            return index * 8 + hits.trailing_zeros() as usize / 8;
        }
    }
    let in_tail = tail.iter().position(|&byte| byte == separator || byte == b'\n');
    words.len() * 8 + in_tail.unwrap_or(tail.len())
}

/// Reads a quoted cell whose text begins at `start`; doubled quotes are made single in place.
fn quoted_cell(bytes: &mut [u8], start: usize, separator: u8, spans: &mut Vec<Span>) -> usize {
    let Some(closing) = closing_quote(bytes, start) else {
        spans.push(trimmed(bytes, start, bytes.len()));
        return bytes.len();
    };
    let after = memchr2(separator, b'\n', &bytes[closing..]).map_or(bytes.len(), |at| closing + at);
    let mut written = start;
    let mut read = start;
    while read < after {
        if read == closing {
            read += 1;
            continue;
        }
        bytes[written] = bytes[read];
        read += if read < closing && bytes[read] == QUOTE { 2 } else { 1 };
        written += 1;
    }
    // What is left behind may be half a character, and the text has to stay UTF-8.
    bytes[written..after].fill(b' ');
    spans.push(trimmed(bytes, start, written));
    after
}

/// The span without white space and no-break spaces at its ends.
#[inline]
fn trimmed(bytes: &[u8], mut start: usize, mut end: usize) -> Span {
    loop {
        match &bytes[start..end] {
            [first, ..] if *first <= b' ' && first.is_ascii_whitespace() => start += 1,
            [0xC2, 0xA0, ..] => start += 2,
            _ => break,
        }
    }
    end = trimmed_end(bytes, start, end);
    Span::new(start, end, Kind::Text)
}

#[inline]
fn trimmed_end(bytes: &[u8], start: usize, mut end: usize) -> usize {
    loop {
        match &bytes[start..end] {
            [.., last] if *last <= b' ' && last.is_ascii_whitespace() => end -= 1,
            [.., 0xC2, 0xA0] => end -= 2,
            _ => return end,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let grid = split(text.as_bytes().to_vec(), b',', 1, "").expect("UTF-8");
        (0..grid.rows.len()).map(|row| grid.cells(row, 0)).collect()
    }

    #[test]
    fn reads_quotes_kindly() {
        assert_eq!(cells("a, b ,c\r\n\n1,,\u{a0}3\n"), [["a", "b", "c"], ["1", "", "3"]]);
        assert_eq!(cells("\"a,\n\"\"b\"\"\",5\" pipe\nx, \"y\"z"), [["a,\n\"b\"", "5\" pipe"], ["x", "yz"]]);
        assert_eq!(cells("\"\",\"\"\n\"open"), [["open"]]);
        // Made single, the quotes leave bytes behind them.
        assert_eq!(cells("\"5\"\" é\",\"\"\"é\"\n"), [["5\" é", "\"é"]]);
    }

    #[test]
    fn borders_respect_quotes() {
        assert_eq!(border(b"a,b\n\"x\ny\",2\nz", b','), Border { end: 12, records: 2, open_quote: false });
        assert_eq!(border(b"a\n\"x\ny", b','), Border { end: 2, records: 1, open_quote: true });
        assert_eq!(border(b"5\" pipe\n6\" pipe\n", b','), Border { end: 16, records: 2, open_quote: false });
    }

    proptest! {
        #[test]
        fn cells_end_where_they_do(bytes in proptest::collection::vec(prop_oneof![Just(b','), Just(b'\n'), any::<u8>()], 0..40)) {
            let expected = bytes.iter().position(|&byte| byte == b',' || byte == b'\n').unwrap_or(bytes.len());
            prop_assert_eq!(length_of_cell(&bytes, b','), expected);
        }

        #[test]
        fn cutting_at_a_border_changes_nothing(text in "[ab\",\n ]{0,60}", cut in 0_usize..60) {
            let whole = cells(&text);
            let head = &text[..cut.min(text.len())];
            // A quote at the very end may be the first of a doubled one, so that reader waits for more.
            prop_assume!(!head.ends_with('"'));
            let end = border(head.as_bytes(), b',').end;
            let mut parts = cells(&text[..end]);
            parts.extend(cells(&text[end..]));
            prop_assert_eq!(parts, whole);
        }
    }
}
