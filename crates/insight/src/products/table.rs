//! Products for a terminal.

use takar_model::{Lang, Text};

use super::Products;
use crate::{
    format::{Currency, period_name, signed},
    metrics::{Dimension, Value},
    text::{Align, TextTable},
};

impl Products {
    /// Summary, the first rows and the pairs that move together.
    pub fn table(&self, lang: Lang, limit: usize) -> String {
        let currency = Currency(self.currency.clone());
        let mut text = format!("{}\n{}\n\n", period_name(self.period, lang), self.summary(lang).join(" "));
        let mut table = TextTable::new();
        let first = match self.by {
            Dimension::Category => Text::new("Kategori", "Category"),
            _ => Text::new("Produk", "Product"),
        };
        table.column(first.get(lang), Align::Left);
        let titles = [
            Text::new("Penjualan bersih", "Net sales"),
            Text::new("Tren setahun", "Trend a year"),
            Text::new("Pembeli", "Buyers"),
            Text::new("Mulai", "Began"),
            Text::new("Berhenti", "Stopped"),
            Text::new("Keluhan", "Complaints"),
            Text::new("Permintaan", "Requests"),
        ];
        titles.iter().for_each(|title| table.column(title.get(lang), Align::Right));
        let none = || "–".to_owned();
        for row in self.rows.iter().take(limit) {
            let trend = row.trend.as_ref().filter(|(_, _, stands_out)| *stands_out);
            let yearly = trend.and_then(|(trend, _, _)| trend.yearly_rate());
            table.row(vec![
                row.name.clone().unwrap_or_else(|| row.id.clone()),
                currency.money(row.net_sales, lang),
                yearly.map_or_else(none, |rate| signed(Value::Rate(rate), lang)),
                row.buyers.to_string(),
                row.moved.map_or_else(none, |moved| moved.began.to_string()),
                row.moved.map_or_else(none, |moved| moved.stopped.to_string()),
                row.complaints.times.to_string(),
                row.requests.times.to_string(),
            ]);
        }
        text.push_str(&table.render());
        if !self.together.is_empty() {
            let title = Text::new("Bergerak bersama", "Move together").get(lang);
            text.push_str(&format!("\n{title}\n"));
            for pair in self.together.iter().take(limit) {
                text.push_str(&format!("  {}\n", self.pair_said(pair, lang)));
            }
        }
        text.push('\n');
        for note in self.notes(lang) {
            text.push_str(&format!("{note}\n"));
        }
        text.push_str(&format!("\n{}\n", self.basis.text(lang)));
        text
    }
}
