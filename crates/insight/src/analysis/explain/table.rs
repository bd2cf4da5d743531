//! The bridge for a terminal.

use takar_model::{Lang, Money, Text};

use super::{Bar, Explanation};
use crate::{
    format::{Currency, signed_money},
    text::{Align, TextTable},
};

/// Members shown behind each bar.
const MEMBERS: usize = 3;

impl Explanation {
    /// The bridge as text: the summary, the bars from base to current, what stands behind them, the notes.
    pub fn table(&self, lang: Lang) -> String {
        let currency = Currency(self.currency.clone());
        let money = |amount: Money| currency.money(amount, lang);
        let mut table = TextTable::new();
        table.column(Text::new("Jembatan penjualan", "Sales bridge").get(lang), Align::Left);
        table.column(Text::new("Nilai", "Amount").get(lang), Align::Right);
        table.column(Text::new("Terutama", "Mostly").get(lang), Align::Left);
        let is_target = self.bars.iter().any(|bar| bar.bar == Bar::Asked);
        let start = match is_target {
            true => format!("Target {}", self.current),
            false => self.base.to_string(),
        };
        table.row(vec![start, money(self.from), String::new()]);
        for bar in &self.bars {
            let behind: Vec<String> = bar
                .items
                .iter()
                .take(MEMBERS)
                .map(|part| {
                    let name = part.name.as_deref().or(part.id.as_deref()).unwrap_or("–");
                    format!("{name} {}", signed_money(part.amount, &currency, lang))
                })
                .collect();
            table.row(vec![
                bar.bar.name().get(lang).to_owned(),
                signed_money(bar.amount, &currency, lang),
                behind.join("; "),
            ]);
        }
        table.row(vec![self.current.to_string(), money(self.to), String::new()]);
        let mut text = self.summary(lang).join(" ");
        text.push_str("\n\n");
        text.push_str(&table.render());
        if let Some(value) = &self.contribution {
            let line = match lang {
                Lang::Id => "Dalam margin: kuantitas {q}, bauran {m} (biaya diketahui untuk {c} dari {t}).",
                Lang::En => "In contribution: quantity {q}, mix {m} (costs known for {c} of {t}).",
            };
            text.push('\n');
            text.push_str(
                &line
                    .replace("{q}", &signed_money(value.quantity, &currency, lang))
                    .replace("{m}", &signed_money(value.mix, &currency, lang))
                    .replace("{c}", &money(value.covered))
                    .replace("{t}", &money(value.compared)),
            );
            text.push('\n');
        }
        for note in self.notes_told(lang) {
            text.push_str(&format!("– {note}\n"));
        }
        text.push_str(&format!("{}\n", self.basis.text(lang)));
        text
    }
}
