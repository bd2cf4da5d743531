//! Numbers that are typed, or pasted from a spreadsheet, a block at a time.

use takar_model::{Lang, Money};

use crate::{
    NumberStyle,
    money::MONEY_PLACES,
    numbers::{self, Marks, NumberError},
};

/// Why a cell gives no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellFault {
    /// It is no number.
    NotANumber,
    /// It is a number, but written in another style than the cells beside it.
    OtherStyle,
    /// It has more digits than are kept.
    TooBig,
}

impl CellFault {
    /// What is wrong and what to do, for a reader of `lang`.
    pub fn message(self, text: &str, lang: Lang) -> String {
        let text: String = text.chars().take(40).collect();
        match (self, lang) {
            (Self::NotANumber, Lang::Id) => {
                format!("\"{text}\" bukan angka: tulis seperti 1.250.000 atau 1.250.000,50")
            }
            (Self::NotANumber, Lang::En) => format!("\"{text}\" is no number: write it as 1,250,000 or 1,250,000.50"),
            (Self::OtherStyle, Lang::Id) => {
                format!("\"{text}\" ditulis dengan tanda lain dari sel di sekitarnya: samakan titik dan komanya")
            }
            (Self::OtherStyle, Lang::En) => {
                format!("\"{text}\" is written with other marks than the cells around it: use points and commas alike")
            }
            (Self::TooBig, Lang::Id) => format!("\"{text}\" terlalu besar: paling banyak 14 angka sebelum koma"),
            (Self::TooBig, Lang::En) => format!("\"{text}\" is too large: 14 digits before the point at most"),
        }
    }
}

/// Reads a block of cells to four decimals; blank cells and dashes are none. What the marks of one cell tell of how numbers are
/// written holds for all of them; where none tells, `usual` does.
///
/// ```
/// use takar_import::{NumberStyle, read_cells};
/// let read = read_cells(&["Rp 1.250", "1.250.000", ""], NumberStyle::En);
/// assert_eq!(read[0].map(|value| value.map(|money| money.to_string())), Ok(Some("1250".to_owned())));
/// assert_eq!(read[2], Ok(None));
/// ```
pub fn read_cells(texts: &[&str], usual: NumberStyle) -> Vec<Result<Option<Money>, CellFault>> {
    read_block(texts, usual, false)
}

/// The same of shares: `85,5%` is 0.855.
///
/// ```
/// use takar_import::{NumberStyle, read_shares};
/// let read = read_shares(&["85,5%", "0,9"], NumberStyle::Id);
/// assert_eq!(read[0].map(|share| share.map(|share| share.to_string())), Ok(Some("0.855".to_owned())));
/// assert_eq!(read[1].map(|share| share.map(|share| share.to_string())), Ok(Some("0.9".to_owned())));
/// ```
pub fn read_shares(texts: &[&str], usual: NumberStyle) -> Vec<Result<Option<Money>, CellFault>> {
    read_block(texts, usual, true)
}

fn read_block(texts: &[&str], usual: NumberStyle, is_share: bool) -> Vec<Result<Option<Money>, CellFault>> {
    let told = texts.iter().find_map(|text| match numbers::marks(text.trim()) {
        Some((Marks::Only(style), _)) => Some(style),
        _ => None,
    });
    let style = told.unwrap_or(usual);
    texts.iter().map(|text| read_cell(text.trim(), style, is_share)).collect()
}

fn read_cell(text: &str, style: NumberStyle, is_share: bool) -> Result<Option<Money>, CellFault> {
    if text.is_empty() || numbers::is_dash(text) {
        return Ok(None);
    }
    let number = numbers::read(text, Some(style), MONEY_PLACES).map_err(|error| match error {
        NumberError::NotANumber => CellFault::NotANumber,
        NumberError::OtherStyle => CellFault::OtherStyle,
        NumberError::TooBig => CellFault::TooBig,
    })?;
    if number.percent {
        // A share is no amount.
        return if is_share { Ok(Some(Money::from_units(number.units / 100))) } else { Err(CellFault::NotANumber) };
    }
    let is_too_big = number.units.abs() >= 10_i128.pow(14 + MONEY_PLACES);
    if is_too_big { Err(CellFault::TooBig) } else { Ok(Some(Money::from_units(number.units))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read_as_it_was_written() {
        let told = |texts: &[&str], usual| -> Vec<String> {
            read_cells(texts, usual)
                .into_iter()
                .map(|read| match read {
                    Ok(value) => value.map_or_else(String::new, |money| money.to_string()),
                    Err(fault) => format!("{fault:?}"),
                })
                .collect()
        };
        // One cell tells that points group digits: then they do so in all.
        assert_eq!(told(&["1.250", "1.250.000,5", "-", " "], NumberStyle::En), ["1250", "1250000.5", "", ""]);
        assert_eq!(told(&["1.250", "2"], NumberStyle::En), ["1.25", "2"]);
        assert_eq!(told(&["1.250", "2"], NumberStyle::Id), ["1250", "2"]);
        let odd = told(&["1.250.000", "1,250,000", "besok", "10%", "(300)", "999999999999999"], NumberStyle::Id);
        assert_eq!(odd, ["1250000", "OtherStyle", "NotANumber", "NotANumber", "-300", "TooBig"]);
        for lang in [Lang::Id, Lang::En] {
            for fault in [CellFault::NotANumber, CellFault::OtherStyle, CellFault::TooBig] {
                assert!(fault.message("besok", lang).contains("besok"));
            }
        }
    }
}
