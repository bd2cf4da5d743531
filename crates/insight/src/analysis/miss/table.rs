//! The parts of the gap for a terminal.

use takar_model::{Lang, Text};

use super::Miss;
use crate::{
    metrics::Value as Figure,
    text::{Align, TextTable},
};

impl Miss {
    /// The summary, the parts with the rest, the notes.
    pub fn table(&self, lang: Lang) -> String {
        let mut table = TextTable::new();
        let titles = [
            (Text::new("Bagian", "Part"), Align::Left),
            (Text::new("Seharusnya", "Expected"), Align::Right),
            (Text::new("Terjual", "Sold"), Align::Right),
            (Text::new("Selisih", "Gap"), Align::Right),
            (Text::new("Dari selisih", "Of the gap"), Align::Right),
            (Text::new("Menonjol", "Stands out"), Align::Left),
        ];
        titles.iter().for_each(|(title, align)| table.column(title.get(lang), *align));
        for part in self.parts.iter().chain([&self.rest]) {
            let yes = Text::new("ya", "yes").get(lang);
            table.row(vec![
                part.label(lang),
                self.money(part.expected, lang),
                self.money(part.actual, lang),
                self.signed(part.gap(), lang),
                Figure::Rate(part.share).format(lang),
                if part.stands_out { yes } else { "" }.to_owned(),
            ]);
        }
        let mut text = self.summary(lang).join(" ");
        text.push_str("\n\n");
        text.push_str(&table.render());
        for note in self.notes(lang) {
            text.push_str(&format!("– {note}\n"));
        }
        text.push_str(&format!("{}\n", self.basis.text(lang)));
        text
    }
}
