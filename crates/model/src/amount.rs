//! Exact amounts: whole numbers of the smallest stored unit, never floating point.

use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub},
    str::FromStr,
};

use serde::{Serialize, Serializer, ser::Error as _};

use crate::Lang;

/// A decimal number with a fixed count of decimal places, held as a whole number of its smallest unit.
///
/// Range: ±1.7e38 smallest units. Sums in that range are exact; the operators panic on overflow in every
/// build, so feed them amounts that the import has checked (at most 10¹⁴ a line).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount<const PLACES: u32>(i128);

/// Money in the currency of its data, to 4 decimals: the precision of the lake.
pub type Money = Amount<4>;

/// A count or measure of goods in its own unit, to 6 decimals (kilograms and metres have fractions).
pub type Quantity = Amount<6>;

/// The text is not a plain decimal number that fits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a plain decimal number of at most {1} decimals")]
pub struct AmountError(pub String, pub u32);

impl<const PLACES: u32> Amount<PLACES> {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The count of decimal places.
    pub const PLACES: u32 = PLACES;
    /// How many of the smallest unit make one.
    pub const ONE: i128 = 10_i128.pow(PLACES);

    /// From a count of the smallest unit.
    pub const fn from_units(units: i128) -> Self {
        Self(units)
    }

    /// The count of the smallest unit.
    pub const fn units(self) -> i128 {
        self.0
    }

    /// The nearest floating-point number, for ratios and pictures only.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / Self::ONE as f64
    }

    /// Below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Rounded half away from zero to `places` decimals and written for a reader of `lang`:
    /// `1.265.793,04` or `1,265,793.04`.
    pub fn format(self, lang: Lang, places: u32) -> String {
        let places = places.min(PLACES);
        let step = 10_i128.pow(PLACES - places);
        let half = step / 2;
        let rounded = (self.0.abs() + half) / step;
        let unit = 10_i128.pow(places);
        let (whole, fraction) = (rounded / unit, rounded % unit);
        let sign = if self.0 < 0 && rounded != 0 { "-" } else { "" };
        let mut written = format!("{sign}{}", lang.group(whole));
        if places > 0 {
            written.push(lang.decimal_mark());
            written.push_str(&format!("{fraction:0width$}", width = places as usize));
        }
        written
    }
}

impl<const PLACES: u32> fmt::Display for Amount<PLACES> {
    /// Plain and exact: an optional minus, digits, a point and no trailing zeros.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let one = Self::ONE.unsigned_abs();
        let (whole, fraction) = (magnitude / one, magnitude % one);
        let sign = if self.0 < 0 { "-" } else { "" };
        if fraction == 0 {
            return write!(out, "{sign}{whole}");
        }
        let digits = format!("{fraction:0width$}", width = PLACES as usize);
        write!(out, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl<const PLACES: u32> fmt::Debug for Amount<PLACES> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

impl<const PLACES: u32> FromStr for Amount<PLACES> {
    type Err = AmountError;

    /// Reads the plain form that [`Display`](fmt::Display) writes; further decimals are an error, not rounded.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        let wrong = || AmountError(text.to_owned(), PLACES);
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let too_long = fraction.len() > PLACES as usize;
        if whole.is_empty() || too_long || !all_digits(whole) || !all_digits(fraction) {
            return Err(wrong());
        }
        let padded = format!("{whole}{fraction:0<width$}", width = PLACES as usize);
        let units: i128 = padded.parse().map_err(|_| wrong())?;
        Ok(Self(if negative { -units } else { units }))
    }
}

impl<const PLACES: u32> Serialize for Amount<PLACES> {
    /// A JSON number with every digit, never a rounded float. Only `serde_json` can write it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::value::RawValue::from_string(self.to_string()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<const PLACES: u32> Add for Amount<PLACES> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("amounts that the import checked cannot overflow 128 bits"))
    }
}

impl<const PLACES: u32> Sub for Amount<PLACES> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl<const PLACES: u32> Neg for Amount<PLACES> {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl<const PLACES: u32> AddAssign for Amount<PLACES> {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<const PLACES: u32> Sum for Amount<PLACES> {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn writes_as_the_reader_does() {
        let net: Money = "1265793.0395".parse().expect("plain");
        assert_eq!(net.format(Lang::Id, 2), "1.265.793,04");
        assert_eq!(net.format(Lang::En, 0), "1,265,793");
        assert_eq!(Money::from_units(-4_000).format(Lang::En, 0), "0");
        assert_eq!(Money::from_units(-5_000).format(Lang::En, 0), "-1");
        assert_eq!(serde_json::to_string(&net).expect("json"), "1265793.0395");
    }

    #[test]
    fn refuses_what_is_not_plain() {
        for text in ["", "-", ".5", "1e3", "1,5", "1.23456", "+1", "1.2.3"] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_back_what_it_writes(units in -10_i128.pow(30)..10_i128.pow(30)) {
            let amount = Money::from_units(units);
            prop_assert_eq!(amount.to_string().parse::<Money>(), Ok(amount));
        }
    }
}
