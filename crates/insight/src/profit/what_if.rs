//! What profit would be with fewer visits. Only arithmetic: how accounts would answer is said by who asks, nothing unless said.

use takar_model::{Lang, Money, Text};

use super::Profit;
use crate::{format::Currency, metrics::Value};

/// What would be different.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Hours of visits that fall away, of each hour: 0.2 is a fifth less.
    pub fewer_visits: f64,
    /// Margin that is lost as accounts answer to it, of each rupiah of margin; 0 unless said: it is not known from the data.
    pub margin_lost: f64,
}

impl Change {
    /// Refuses shares outside 0 to 1.
    ///
    /// # Errors
    /// What is wrong, in both languages.
    pub fn checked(self) -> Result<Self, Text> {
        let is_share = |share: f64| (0.0..=1.0).contains(&share);
        if is_share(self.fewer_visits) && is_share(self.margin_lost) {
            return Ok(self);
        }
        Err(Text::new("tulis bagian dari 0% sampai 100%", "write shares from 0% to 100%"))
    }
}

/// Profit as it is and as it would be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WhatIf {
    /// What was asked.
    pub change: Change,
    /// Profit of all now, margin less cost to serve.
    pub now: Money,
    /// Cost to serve that falls away: hours of visits at the hourly rate. Travel told in money is left as it is.
    pub saved: Money,
    /// Margin that falls away, by the assumption.
    pub lost: Money,
    /// Hours that fall away.
    pub hours: f64,
    /// The share of margin whose loss would use up the saving; none without margin.
    pub break_even: Option<f64>,
}

impl WhatIf {
    /// Profit as it would be.
    pub fn then(&self) -> Money {
        self.now + self.saved - self.lost
    }
}

/// A share of a whole number, to a millionth of the share.
fn part_of(whole: i128, share: f64) -> i128 {
    whole.saturating_mul((share * 1e6).round() as i128) / 1_000_000
}

impl Profit {
    /// What all would earn under a change.
    pub fn what_if(&self, change: Change) -> WhatIf {
        let figures = self.total.figures;
        let hours = part_of(figures.visit_hours, change.fewer_visits);
        let saved = self.rates.cost_of(hours);
        WhatIf {
            change,
            now: figures.margin - figures.cost(),
            saved,
            lost: Money::from_units(part_of(figures.margin.units(), change.margin_lost)),
            hours: hours as f64 / 1e6,
            break_even: (figures.margin > Money::ZERO).then(|| saved.to_f64() / figures.margin.to_f64()),
        }
    }

    /// It in words.
    pub fn what_if_words(&self, answer: &WhatIf, lang: Lang) -> Vec<String> {
        let currency = Currency(self.currency.clone());
        let money = |amount: Money| currency.money(amount, lang);
        let rate = |share: f64| Value::Rate(share).format(lang);
        let hours = crate::format::money_of(answer.hours).format(lang, 1);
        let Change { fewer_visits, margin_lost } = answer.change;
        let mut said = vec![match lang {
            Lang::Id => format!(
                "Dengan kunjungan {} lebih sedikit, {hours} jam dan {} dihemat; laba bersih menjadi {} dari {}.",
                rate(fewer_visits),
                money(answer.saved),
                money(answer.then()),
                money(answer.now)
            ),
            Lang::En => format!(
                "With {} fewer visits, {hours} hours and {} are saved; net profit becomes {} instead of {}.",
                rate(fewer_visits),
                money(answer.saved),
                money(answer.then()),
                money(answer.now)
            ),
        }];
        if self.rates.hourly.is_none() {
            let text = Text::new(
                "Tarif per jam belum ditetapkan, jadi jam belum berbiaya dan penghematannya nol.",
                "No hourly rate is set, so hours have no cost yet and the saving is zero.",
            );
            said.push(text.get(lang).to_owned());
        }
        said.push(match (lang, margin_lost > 0.0) {
            (Lang::Id, false) => {
                "Diandaikan akun tetap membeli seperti sekarang: itu andaian, bukan hasil data.".to_owned()
            }
            (Lang::En, false) => {
                "It is assumed that accounts go on buying as now: an assumption, not a finding.".to_owned()
            }
            (Lang::Id, true) => format!(
                "Diandaikan {} margin hilang ({}): andaian penanya, bukan hasil data.",
                rate(margin_lost),
                money(answer.lost)
            ),
            (Lang::En, true) => format!(
                "It is assumed that {} of the margin is lost ({}): the asker's assumption, not a finding.",
                rate(margin_lost),
                money(answer.lost)
            ),
        });
        if let Some(share) = answer.break_even {
            said.push(match lang {
                Lang::Id => format!("Penghematan habis bila {} margin ikut hilang.", rate(share)),
                Lang::En => format!("The saving is used up once {} of the margin is lost with it.", rate(share)),
            });
        }
        said
    }
}
