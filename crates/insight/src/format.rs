//! Money, months and windows as people write them.

use takar_model::{Day, Lang, Money, Month, Period};

use crate::metrics::{Unit, Value};

const MONTHS_ID: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `Oktober 2025`.
pub fn month_name(month: Month, lang: Lang) -> String {
    let names = match lang {
        Lang::Id => MONTHS_ID,
        Lang::En => MONTHS_EN,
    };
    let name = names.get(month.number() as usize - 1).copied().unwrap_or_default();
    format!("{name} {}", month.year())
}

/// `3 Oktober 2025`.
pub fn day_name(day: Day, lang: Lang) -> String {
    format!("{} {}", day.epoch_days() - day.month().first_day().epoch_days() + 1, month_name(day.month(), lang))
}

/// A month, a quarter, months or days from … to … by their names; years as they are written.
pub(crate) fn period_name(period: Period, lang: Lang) -> String {
    let Some((first, last)) = period.whole_months() else {
        let (from, to) = (day_name(period.from(), lang), day_name(period.to(), lang));
        return if from == to { from } else { format!("{from} – {to}") };
    };
    let (count, number) = (last.index() - first.index() + 1, first.number());
    match count {
        1 => month_name(first, lang),
        3 if number % 3 == 1 => match lang {
            Lang::Id => format!("triwulan {} {}", first.quarter(), first.year()),
            Lang::En => format!("Q{} {}", first.quarter(), first.year()),
        },
        12 if number == 1 => first.year().to_string(),
        _ if count % 12 == 0 && number == 1 => format!("{} – {}", first.year(), last.year()),
        _ => format!("{} – {}", month_name(first, lang), month_name(last, lang)),
    }
}

/// How money is written: with `Rp` where it is rupiah, with its code where it is another one currency, plain where
/// it has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Currency(pub Option<String>);

impl Currency {
    /// `Rp 1.234.567`; rupiah without decimals, other money with two.
    pub fn money(&self, money: Money, lang: Lang) -> String {
        let (prefix, places) = match self.0.as_deref() {
            Some("IDR") => ("Rp ", 0),
            Some(code) => return format!("{code} {}", money.format(lang, 2)),
            None => ("", if money.units() % Money::ONE == 0 { 0 } else { 2 }),
        };
        let text = money.format(lang, places);
        match text.strip_prefix('-') {
            Some(positive) => format!("-{prefix}{positive}"),
            None => format!("{prefix}{text}"),
        }
    }

    /// A figure; money with its currency.
    pub fn value(&self, value: Value, lang: Lang) -> String {
        match value {
            Value::Money(money) => self.money(money, lang),
            other => other.format(lang),
        }
    }

    /// A computed figure (a median, a projection), rounded as its unit asks.
    pub fn number(&self, number: f64, unit: Unit, lang: Lang) -> String {
        match unit {
            Unit::Money => self.money(money_of(number), lang),
            Unit::Rate => Value::Rate(number).format(lang),
            Unit::Count | Unit::Quantity => money_of(number).format(lang, if number.fract() == 0.0 { 0 } else { 1 }),
        }
    }
}

/// Rounded to 4 decimals.
pub(crate) fn money_of(number: f64) -> Money {
    Money::from_units((number * Money::ONE as f64).round() as i128)
}

/// A change in per cent with its sign: `+12,3%`.
pub(crate) fn signed(value: Value, lang: Lang) -> String {
    match value {
        Value::Rate(rate) if rate > 0.0 => format!("+{}", value.format(lang)),
        other => other.format(lang),
    }
}

/// A change of money with its sign.
pub(crate) fn signed_money(money: Money, currency: &Currency, lang: Lang) -> String {
    let text = currency.money(money, lang);
    if money > Money::ZERO { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_told_by_names() {
        for (period, id, en) in [
            ("2025-10", "Oktober 2025", "October 2025"),
            ("2025-Q3", "triwulan 3 2025", "Q3 2025"),
            ("2025", "2025", "2025"),
            ("2024..2025", "2024 – 2025", "2024 – 2025"),
            ("2024-11..2025-10", "November 2024 – Oktober 2025", "November 2024 – October 2025"),
            ("2025-10-03", "3 Oktober 2025", "3 October 2025"),
            ("2025-10-03..2025-11-09", "3 Oktober 2025 – 9 November 2025", "3 October 2025 – 9 November 2025"),
        ] {
            let period: Period = period.parse().expect("a period");
            assert_eq!((period_name(period, Lang::Id), period_name(period, Lang::En)), (id.to_owned(), en.to_owned()));
        }
    }
}
