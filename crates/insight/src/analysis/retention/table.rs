//! Retention for a terminal.

use takar_model::{Lang, Text};

use super::{Kept, words};
use crate::{
    format::{Currency, signed_money},
    metrics::Value,
    text::{Align, TextTable},
};

/// Months after the first that fit a terminal.
const MONTHS: usize = 12;

impl Kept {
    /// The summary, the account bridge and the rates; the cohort table where it is asked for.
    pub fn table(&self, lang: Lang, with_cohorts: bool) -> String {
        let mut text = self.summary(lang).join(" ");
        text.push_str("\n\n");
        text.push_str(&self.bridge_table(lang));
        text.push('\n');
        text.push_str(&self.rates_table(lang));
        if with_cohorts {
            text.push('\n');
            text.push_str(&self.cohorts_table(lang));
        }
        text.push_str(&format!("– {}\n", self.whale_note(lang)));
        text.push_str(&format!("{}\n", self.basis.text(lang)));
        text
    }

    fn bridge_table(&self, lang: Lang) -> String {
        let currency = Currency(self.currency.clone());
        let mut table = TextTable::new();
        table.column(Text::new("Jembatan akun", "Account bridge").get(lang), Align::Left);
        table.column(Text::new("Akun", "Accounts").get(lang), Align::Right);
        table.column(Text::new("Nilai", "Amount").get(lang), Align::Right);
        table.row(vec![self.windows.base.to_string(), String::new(), currency.money(self.base, lang)]);
        for bar in self.bars.iter().filter(|bar| bar.accounts > 0) {
            table.row(vec![
                words::name(bar.status).get(lang).to_owned(),
                lang.group(bar.accounts as i128),
                signed_money(bar.change(), &currency, lang),
            ]);
        }
        table.row(vec![self.windows.current.to_string(), String::new(), currency.money(self.current, lang)]);
        table.render()
    }

    fn rates_table(&self, lang: Lang) -> String {
        let mut table = TextTable::new();
        table.column(Text::new("Ukuran", "Measure").get(lang), Align::Left);
        table.column(Text::new("Nilai", "Value").get(lang), Align::Right);
        table.column(Text::new("Kisaran 95%", "95% interval").get(lang), Align::Right);
        table.column("n", Align::Right);
        let rate = |value: f64| Value::Rate(value).format(lang);
        for (kpi, ratio) in self.ratios() {
            let interval = ratio.and_then(|ratio| ratio.interval);
            table.row(vec![
                words::kpi(kpi).map_or(kpi, |(name, _)| name.get(lang)).to_owned(),
                ratio.map_or_else(|| "–".to_owned(), |ratio| rate(ratio.value)),
                interval.map_or_else(|| "–".to_owned(), |range| format!("{} … {}", rate(range.low), rate(range.high))),
                ratio.map_or(0, |ratio| ratio.n).to_string(),
            ]);
        }
        table.render()
    }

    /// Of the accounts that began in a month, the share that bought again k months later.
    fn cohorts_table(&self, lang: Lang) -> String {
        let mut table = TextTable::new();
        table.column(Text::new("Mulai", "Began").get(lang), Align::Left);
        table.column(Text::new("Akun", "Accounts").get(lang), Align::Right);
        let longest = self.cohorts.cohorts.iter().map(|cohort| cohort.cells.len()).max().unwrap_or(0).min(MONTHS + 1);
        (1..longest).for_each(|month| table.column(&format!("+{month}"), Align::Right));
        for cohort in &self.cohorts.cohorts {
            let mut row = vec![Self::month(cohort.month).to_string(), cohort.accounts.to_string()];
            row.extend((1..longest).map(|month| match cohort.cells.get(month) {
                Some(cell) => format!("{:.0}%", 100.0 * cell.active as f64 / cohort.accounts.max(1) as f64),
                None => String::new(),
            }));
            table.row(row);
        }
        table.render()
    }
}
