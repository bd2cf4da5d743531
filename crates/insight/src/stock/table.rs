//! Stock for a terminal.

use takar_model::{Lang, Text};

use super::{OnHand, Shown, words};
use crate::{
    format::Currency,
    text::{Align, TextTable},
};

impl Shown<'_> {
    /// The summary, the page that was asked for with its reasons, and what it rests on.
    pub fn table(&self, lang: Lang) -> String {
        let all = self.all;
        let currency = Currency(all.currency.clone());
        let mut text = format!("{}\n\n", self.summary(lang).join(" "));
        let mut table = TextTable::new();
        let titles = [
            (Text::new("Kode", "Id"), Align::Left),
            (Text::new("Produk", "Product"), Align::Left),
            (Text::new("Cabang", "Branch"), Align::Left),
            (Text::new("Keadaan", "State"), Align::Left),
            (Text::new("Satuan", "Unit"), Align::Left),
            (Text::new("Sebulan", "A month"), Align::Right),
            (Text::new("Stok", "On hand"), Align::Right),
            (Text::new("Diperkirakan", "Expected"), Align::Right),
            (Text::new("80 %", "80 %"), Align::Right),
            (Text::new("Perlu ada", "To have"), Align::Right),
            (Text::new("Pesan", "Order"), Align::Right),
            (Text::new("Hari cukup", "Days left"), Align::Right),
            (Text::new("Dapat hilang", "May be lost"), Align::Right),
            (Text::new("Mengapa", "Why"), Align::Left),
        ];
        titles.iter().for_each(|(title, align)| table.column(title.get(lang), *align));
        let none = || "–".to_owned();
        let number = |number: Option<f64>| number.map_or_else(none, |number| words::quantity(number, None, lang));
        for row in self.page() {
            let expected = row.expected.as_ref().ok();
            let interval = expected.and_then(|expected| expected.interval.as_ref().ok());
            let on_hand = match row.on_hand {
                OnHand::Counted(there, _) => words::quantity(there.to_f64(), None, lang),
                _ => none(),
            };
            table.row(vec![
                row.product.id.clone(),
                row.product.name.clone().unwrap_or_else(none),
                row.branch.as_ref().map_or_else(none, |branch| branch.label().to_owned()),
                row.state.name().get(lang).to_owned(),
                row.unit.clone().unwrap_or_else(none),
                number(expected.map(|_| row.monthly)),
                on_hand,
                number(expected.map(|expected| expected.forecast)),
                interval.map_or_else(none, |interval| {
                    let end = |end: f64| words::quantity(end, None, lang);
                    format!("{} – {}", end(interval.low.floor()), end(interval.high.ceil()))
                }),
                number(expected.and_then(|expected| expected.level.as_ref().ok().copied())),
                number(row.order),
                number(row.lasts.map(f64::floor)),
                row.loss.map_or_else(none, |loss| currency.money(loss, lang)),
                all.reasons(row, lang).join(" "),
            ]);
        }
        text.push_str(&table.render());
        let hidden = self.rows.len().saturating_sub(self.asked.offset + self.asked.limit);
        if hidden > 0 {
            let more = Text::new("… dan {} baris lagi (--limit)", "… and {} more rows (--limit)").get(lang);
            text.push_str(&more.replace("{}", &lang.group(hidden as i128)));
            text.push('\n');
        }
        text.push('\n');
        for note in self.notes(lang) {
            text.push_str(&format!("{note}\n"));
        }
        let day = Text::new("per", "as of").get(lang);
        text.push_str(&format!("\n{day} {}   {}\n", all.blocks.last(), all.basis.text(lang)));
        text
    }
}
