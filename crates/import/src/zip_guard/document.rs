//! Refuses an OpenDocument table that its reader could not come to the end of.
//!
//! The reader looks for the end of a table without looking for the end of the file, and repeats cells and spaces as often
//! as it is told to. So every element must be closed where it was opened, and what is repeated must fit in memory.

use std::io::{self, BufRead, Read};

/// Elements inside each other.
const DEPTH: usize = 1_000;
/// The longest tag.
const TAG: usize = 1 << 20;
/// Cells of all tables together: as many as a million rows of twenty.
const CELLS: usize = 20_000_000;
/// Spaces written as a count have at most so many digits.
const SPACES: usize = 3;

/// What is wrong with some XML; `None` where it can be read.
pub(super) fn fault(mut xml: impl BufRead) -> io::Result<Option<&'static str>> {
    const CUT: Option<&str> = Some("content.xml is cut short");
    let mut open: Vec<Vec<u8>> = Vec::new();
    let mut cells = Cells::default();
    let mut tag = Vec::new();
    loop {
        xml.skip_until(b'<')?;
        if xml.fill_buf()?.is_empty() {
            return Ok(if open.is_empty() { None } else { CUT });
        }
        tag.clear();
        // A `>` between quotes does not end a tag.
        while !ends(&tag) {
            let room = (TAG - tag.len()) as u64;
            if xml.by_ref().take(room).read_until(b'>', &mut tag)? == 0 {
                return Ok(CUT);
            }
        }
        tag.pop();
        let is_empty = tag.last() == Some(&b'/');
        match tag.first() {
            Some(b'?') => {}
            // No program writes comments or bare text here, and where they end is a matter of taste.
            Some(b'!') => return Ok(Some("content.xml has a part that is not read")),
            Some(b'/') => {
                if open.pop().as_deref() != Some(tag[1..].trim_ascii_end()) {
                    return Ok(Some("content.xml closes what it did not open"));
                }
            }
            _ => {
                let tag = tag.strip_suffix(b"/").unwrap_or(&tag);
                let name = tag.split(u8::is_ascii_whitespace).next().unwrap_or_default();
                if !cells.meet(name, tag, is_empty) {
                    return Ok(Some("content.xml repeats too much"));
                }
                if !is_empty {
                    open.push(name.to_vec());
                }
                if open.len() > DEPTH {
                    return Ok(Some("content.xml is nested too deeply"));
                }
            }
        }
    }
}

/// Whether a tag is whole; it ends with its `>`.
fn ends(tag: &[u8]) -> bool {
    let Some((b'>', inner)) = tag.split_last() else { return false };
    match inner.first() {
        Some(b'?') => inner.ends_with(b"?") && inner.len() > 1,
        Some(b'/' | b'!') => true,
        _ => {
            let mut quote = None;
            for &byte in inner {
                match quote {
                    None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
                    Some(open) if open == byte => quote = None,
                    _ => {}
                }
            }
            quote.is_none()
        }
    }
}

/// Counts the cells that the reader will hold: blank ones only where another follows in the row.
#[derive(Default)]
struct Cells {
    all: usize,
    of_row: usize,
    blank: usize,
    row_repeats: usize,
}

impl Cells {
    /// Looks at the beginning of an element; `false` where it is too much.
    fn meet(&mut self, name: &[u8], tag: &[u8], is_empty: bool) -> bool {
        match name {
            b"table:table-row" => {
                (self.of_row, self.blank) = (0, 0);
                self.row_repeats = number(tag, b"number-rows-repeated");
            }
            b"table:table-cell" | b"table:covered-table-cell" => {
                let repeats = number(tag, b"number-columns-repeated");
                if is_empty && !holds(tag, b"office:") && !holds(tag, b"formula") {
                    self.blank = self.blank.saturating_add(repeats);
                } else {
                    let before = self.of_row.saturating_mul(self.row_repeats);
                    self.of_row = self.of_row.saturating_add(std::mem::take(&mut self.blank)).saturating_add(repeats);
                    let after = self.of_row.saturating_mul(self.row_repeats);
                    self.all = self.all.saturating_add(after - before);
                }
            }
            b"text:s" => return tag.iter().filter(|byte| byte.is_ascii_digit()).count() <= SPACES,
            _ => {}
        }
        self.all <= CELLS
    }
}

/// How often something is repeated: once where the tag does not say so.
fn number(tag: &[u8], attribute: &[u8]) -> usize {
    let Some(at) = tag.windows(attribute.len()).position(|window| window == attribute) else { return 1 };
    let digits = tag[at + attribute.len()..].iter().skip_while(|byte| !byte.is_ascii_digit());
    let digits = digits.take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number: usize, digit| number.saturating_mul(10).saturating_add(usize::from(digit - b'0')))
}

fn holds(tag: &[u8], word: &[u8]) -> bool {
    tag.windows(word.len()).any(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_and_small_passes() {
        for xml in [
            "<?xml version=\"1.0\"?>\n<a b='>' c=\"'\"><d e=\"/\"/>text</a >\n",
            "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
            "<table:table-row><table:table-cell office:value=\"1\" table:number-columns-repeated=\"3\"/><text:s text:c=\"999\"/></table:table-row>",
        ] {
            assert_eq!(fault(xml.as_bytes()).expect("read"), None, "{xml}");
        }
    }

    #[test]
    fn what_has_no_end_is_refused() {
        let row =
            |cell: &str| format!("<table:table-row table:number-rows-repeated=\"99999\">{cell}</table:table-row>");
        let wide = row("<table:table-cell table:number-columns-repeated=\"9999\" office:value=\"1\"/>");
        let far = row(
            "<table:table-cell table:number-columns-repeated=\"9999\"/><table:table-cell><p>1</p></table:table-cell>",
        );
        let deep = "<a>".repeat(DEPTH + 1);
        let spaces = "<text:s text:c=\"1000\"/>".to_owned();
        for xml in ["<a>", "<a></b>", "</a>", "<a", "<a b='></a>", "<a><!-- > --></a>", &wide, &far, &deep, &spaces] {
            assert!(fault(xml.as_bytes()).expect("read").is_some(), "{xml}");
        }
    }
}
