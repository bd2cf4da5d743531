//! The comparison for a terminal.

use takar_model::{Lang, Text};

use super::{
    Fair,
    words::{place_text, with_interval},
};
use crate::{
    format::Currency,
    metrics::Value,
    text::{Align, TextTable},
};

impl Fair {
    /// Managers with their figures, then what each means.
    pub fn table(&self, lang: Lang) -> String {
        let currency = Currency(self.currency.clone());
        let mut table = TextTable::new();
        let titles = [
            (Text::new("Manajer akun", "Account manager"), Align::Left),
            (Text::new("Akun", "Accounts"), Align::Right),
            (Text::new("Hasil", "Observed"), Align::Right),
            (Text::new("Harapan", "Expected"), Align::Right),
            (Text::new("Indeks (95%)", "Index (95%)"), Align::Right),
            (Text::new("Terbaik (95%)", "Best (95%)"), Align::Right),
            (Text::new("Peringkat", "Rank"), Align::Right),
            (Text::new("Mungkin ¼ teratas", "Chance of top ¼"), Align::Right),
            (Text::new("Corong", "Funnel"), Align::Left),
            (Text::new("Keterampilan (95%)", "Skill (95%)"), Align::Right),
        ];
        titles.iter().for_each(|(title, align)| table.column(title.get(lang), *align));
        let dash = || "–".to_owned();
        for manager in &self.managers {
            let adjusted = manager.adjusted.as_ref().ok();
            let standing = adjusted.and_then(|adjusted| adjusted.standing);
            table.row(vec![
                manager.name.clone().unwrap_or_else(|| manager.id.clone()),
                manager.accounts.to_string(),
                currency.money(manager.observed, lang),
                manager.expected.map_or_else(dash, |money| currency.money(money, lang)),
                adjusted.map_or_else(dash, |adjusted| with_interval(adjusted.index, lang)),
                adjusted.and_then(|one| one.best).map_or_else(dash, |one| with_interval(one, lang)),
                standing.map_or_else(dash, |standing| format!("{}–{}", standing.best, standing.worst)),
                standing.map_or_else(dash, |standing| Value::Rate(standing.top_quarter).format(lang)),
                match &manager.adjusted {
                    Ok(adjusted) => place_text(adjusted.place).get(lang).to_owned(),
                    Err(why) => why.text(lang),
                },
                manager.skill.map_or_else(dash, |skill| with_interval(skill.effect, lang)),
            ]);
        }
        let mut text = self.summary(lang).join(" ");
        text.push_str("\n\n");
        text.push_str(&table.render());
        text.push('\n');
        for definition in Self::definitions(lang) {
            text.push_str(&format!("{}: {}\n", definition.name, definition.text));
        }
        text.push_str(&format!("{}\n", self.basis.text(lang)));
        text
    }
}
