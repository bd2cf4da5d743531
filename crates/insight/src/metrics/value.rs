//! One figure, or why there is none.

use serde::{Serialize, Serializer};
use takar_model::{Lang, Money, Quantity, Text};

/// A KPI's figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// Money, exact (an order value is rounded once, to 4 decimals).
    Money(Money),
    /// A quantity, exact.
    Quantity(Quantity),
    /// A count.
    Count(i64),
    /// A ratio: 0.12 is 12 %.
    Rate(f64),
    /// No figure, and why.
    Null(Why),
}

/// Why a figure is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// More than one unit of measure.
    MixedUnits,
    /// More than one currency.
    MixedCurrencies,
    /// The base window starts before the data does.
    BaseBeforeData,
    /// The base is zero or negative.
    BaseNotPositive,
    /// What it is divided by is zero or negative.
    NothingToDivideBy,
    /// No line has an amount.
    NoAmounts,
    /// No line has a quantity.
    NoQuantities,
    /// No line has a cost.
    NoCosts,
    /// No target covers it.
    NoTarget,
    /// The figure or its base is itself missing.
    NotComparable,
    /// The size of the market is not known for it.
    NoMarket,
    /// There are no facts.
    NoFacts,
    /// The number is larger than any that can be shown.
    TooLarge,
    /// It is made of several cells with a target, whose figures do not add up.
    DoesNotAddUp,
}

impl Why {
    /// The reason for people.
    pub const fn text(self) -> Text {
        match self {
            Self::MixedUnits => Text::new(
                "satuan barang bercampur, tidak dapat dijumlahkan",
                "several units of measure: they do not add up",
            ),
            Self::MixedCurrencies => Text::new(
                "mata uang bercampur, tidak dapat dijumlahkan tanpa kurs (takar import rates)",
                "several currencies: they do not add up without rates (takar import rates)",
            ),
            Self::BaseBeforeData => {
                Text::new("periode pembanding mulai sebelum data ada", "the base window starts before the data does")
            }
            Self::BaseNotPositive => Text::new("nilai pembanding nol atau negatif", "the base is zero or negative"),
            Self::NothingToDivideBy => {
                Text::new("pembaginya nol atau negatif", "what it would be divided by is zero or negative")
            }
            Self::NoAmounts => Text::new("tidak ada baris yang bernilai uang", "no line has an amount"),
            Self::NoQuantities => Text::new("tidak ada baris yang berjumlah barang", "no line has a quantity"),
            Self::NoCosts => Text::new("tidak ada baris yang memuat HPP", "no line has a cost"),
            Self::NoTarget => Text::new("tidak ada target untuk ini", "no target covers this"),
            Self::NotComparable => Text::new("angka atau pembandingnya tidak ada", "the figure or its base is missing"),
            Self::NoMarket => Text::new(
                "ukuran pasarnya tidak diketahui untuk seluruh periode (takar import market)",
                "the size of its market is not known for the whole window (takar import market)",
            ),
            Self::NoFacts => Text::new("tidak ada fakta untuk ini", "there are no facts for this"),
            Self::TooLarge => Text::new("angkanya terlalu besar", "the number is too large"),
            Self::DoesNotAddUp => Text::new(
                "KPI ini tidak dapat dijumlahkan dari beberapa sel yang bertarget; rinci menurut manajer dan periode targetnya",
                "this KPI does not add up over several cells with a target; break it down by whom and when the target is for",
            ),
        }
    }
}

impl Value {
    /// The nearest floating-point number, for ratios, ranks and pictures.
    pub fn to_f64(self) -> Option<f64> {
        match self {
            Self::Money(money) => Some(money.to_f64()),
            Self::Quantity(quantity) => Some(quantity.to_f64()),
            Self::Count(count) => Some(count as f64),
            Self::Rate(rate) => Some(rate),
            Self::Null(_) => None,
        }
    }

    /// Why there is no figure.
    pub const fn why(self) -> Option<Why> {
        match self {
            Self::Null(why) => Some(why),
            _ => None,
        }
    }

    /// `top / bottom`, exact until the division; missing where the bottom is not positive.
    pub(crate) fn ratio(top: i128, bottom: i128) -> Self {
        if bottom > 0 { Self::Rate(top as f64 / bottom as f64) } else { Self::Null(Why::NothingToDivideBy) }
    }

    /// How much it grew over `base`: 0.1 is 10 %. Missing where the base is missing, zero or negative.
    pub fn growth_over(self, base: Self) -> Self {
        match (self, base) {
            (_, Self::Null(why @ Why::BaseBeforeData)) => Self::Null(why),
            (Self::Null(why), _) | (_, Self::Null(why)) => Self::Null(why),
            (now, before) => match (now.to_f64(), before.to_f64()) {
                (Some(now), Some(before)) if before > 0.0 => Self::Rate(now / before - 1.0),
                _ => Self::Null(Why::BaseNotPositive),
            },
        }
    }

    /// Plain and exact, as files have it; empty where missing.
    pub fn plain(self) -> String {
        match self {
            Self::Money(money) => money.to_string(),
            Self::Quantity(quantity) => quantity.to_string(),
            Self::Count(count) => count.to_string(),
            Self::Rate(rate) => format!("{rate}"),
            Self::Null(_) => String::new(),
        }
    }

    /// For a reader of `lang`: whole money, rates in per cent to one decimal, a dash where missing.
    pub fn format(self, lang: Lang) -> String {
        match self {
            Self::Money(money) => money.format(lang, 0),
            Self::Quantity(quantity) => {
                let whole = quantity.units() % Quantity::ONE == 0;
                quantity.format(lang, if whole { 0 } else { 2 })
            }
            Self::Count(count) => lang.group(i128::from(count)),
            Self::Rate(rate) => format_percent(rate, lang),
            Self::Null(_) => "–".to_owned(),
        }
    }
}

/// A ratio in per cent to one decimal: `12,3%` or `12.3%`.
pub(crate) fn format_percent(rate: f64, lang: Lang) -> String {
    let tenths = (rate * 1000.0).round();
    let tenths = if tenths.abs() < 1e30 { tenths as i128 } else { return "–".to_owned() };
    let sign = if tenths < 0 { "-" } else { "" };
    let whole = lang.group((tenths / 10).abs());
    let (mark, tenth) = (lang.decimal_mark(), tenths.unsigned_abs() % 10);
    format!("{sign}{whole}{mark}{tenth}%")
}

impl Serialize for Value {
    /// An exact JSON number; `null` where missing.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Money(money) => money.serialize(serializer),
            Self::Quantity(quantity) => quantity.serialize(serializer),
            Self::Count(count) => serializer.serialize_i64(*count),
            Self::Rate(rate) => serializer.serialize_f64(*rate),
            Self::Null(_) => serializer.serialize_none(),
        }
    }
}
