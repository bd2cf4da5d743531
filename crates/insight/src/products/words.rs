//! Products in sentences.

use takar_model::{Lang, Text};

use super::Products;
use crate::{
    format::{Currency, period_name},
    metrics::Value,
};

impl Products {
    /// What the rows say, the most important first.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let currency = Currency(self.currency.clone());
        let name = |row: &super::ProductRow| row.name.clone().unwrap_or_else(|| row.id.clone());
        let mut said = Vec::new();
        let moving = |rises: bool| {
            let moves = |row: &&super::ProductRow| {
                row.trend
                    .as_ref()
                    .is_some_and(|(trend, _, stands_out)| *stands_out && (trend.slope.value > 0.0) == rises)
            };
            self.rows.iter().filter(moves).count()
        };
        let (rising, falling) = (moving(true), moving(false));
        said.push(match lang {
            Lang::Id => format!("{rising} naik dan {falling} turun lebih daripada yang dijelaskan kebetulan."),
            Lang::En => format!("{rising} rise and {falling} fall by more than chance explains."),
        });
        let left =
            self.rows.iter().filter_map(|row| Some((row, row.moved?.stopped))).max_by_key(|(_, stopped)| *stopped);
        if let Some((row, stopped)) = left.filter(|(_, stopped)| *stopped > 0) {
            let name = name(row);
            said.push(match lang {
                Lang::Id => format!("Paling banyak ditinggalkan: {name}, oleh {stopped} akun."),
                Lang::En => format!("Left by most: {name}, by {stopped} accounts."),
            });
        }
        let complained = self.rows.iter().max_by_key(|row| row.complaints.worth);
        if let Some(row) = complained.filter(|row| row.complaints.accounts > 0) {
            let (name, accounts) = (name(row), row.complaints.accounts);
            let worth = currency.money(row.complaints.worth, lang);
            said.push(match lang {
                Lang::Id => format!("Keluhan yang paling berbobot: {name}, dari {accounts} akun yang membeli {worth}."),
                Lang::En => format!("The weightiest complaints: {name}, of {accounts} accounts that buy {worth}."),
            });
        }
        said
    }

    /// What to know before the figures are used.
    pub fn notes(&self, lang: Lang) -> Vec<String> {
        let mut notes = Vec::new();
        notes.push(match self.base {
            Some(base) => match (lang, period_name(base, lang)) {
                (Lang::Id, base) => format!("Mulai: akun membeli dalam periode dan tidak pernah sebelumnya, sejauh data ada. Berhenti: akun membeli pada {base} dan tidak lagi dalam periode."),
                (Lang::En, base) => format!("Began: the account buys it in the window and never before, as far as the data go. Stopped: it bought it in {base} and not in the window."),
            },
            None => Text::new(
                "Periode sebelumnya mulai sebelum data ada, jadi siapa yang mulai dan berhenti belum dapat dikatakan.",
                "The window before begins before the data do, so who began and who stopped cannot be told yet.",
            )
            .get(lang)
            .to_owned(),
        });
        if self.base.is_some() {
            let pairs = self.pairs;
            notes.push(match lang {
                Lang::Id => format!("{pairs} pasangan diperiksa dengan uji Fisher dan koreksi Benjamini-Hochberg 5%. Bergerak bersama bukan berarti menyebabkan."),
                Lang::En => format!("{pairs} pairs were looked at by Fisher's test, corrected by Benjamini-Hochberg at 5%. To move together is not to cause."),
            });
        }
        notes.push(
            Text::new(
                "Bobot keluhan dan permintaan: pembelian akun yang menyampaikannya, tiap akun sekali.",
                "The weight of complaints and requests: what the accounts that made them buy, each account once.",
            )
            .get(lang)
            .to_owned(),
        );
        notes
    }

    /// A pair in words.
    pub(super) fn pair_said(&self, pair: &super::Together, lang: Lang) -> String {
        let name = |(id, name): &(String, Option<String>)| name.clone().unwrap_or_else(|| id.clone());
        let (from, to) = (name(&pair.stopped), name(&pair.began));
        let lift = crate::format::money_of(pair.lift).format(lang, 1);
        let p = match pair.p < 0.001 {
            true => format!("< {}", Value::Rate(0.001).format(lang)),
            false => Value::Rate(pair.p).format(lang),
        };
        let (both, n) = (pair.both, pair.n);
        match lang {
            Lang::Id => format!(
                "{both} akun berhenti membeli {from} dan mulai membeli {to}: {lift} kali sesering kebetulan (p {p}, n {n})"
            ),
            Lang::En => format!(
                "{both} accounts stopped {from} and began {to}: {lift} times as often as by chance (p {p}, n {n})"
            ),
        }
    }
}
