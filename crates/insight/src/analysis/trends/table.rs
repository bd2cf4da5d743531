//! Trend and pattern for a terminal.

use takar_model::{Lang, Text};

use super::{
    Trends,
    words::{chance, plain},
};
use crate::{
    analysis::{feasts, told},
    format::signed,
    metrics::Value,
    text::{Align, TextTable},
};

/// Pairs of figures that are shown.
const PAIRS: usize = 10;

impl Trends {
    /// The summary, what the calendar does, which figures move together, and the members.
    pub fn table(&self, lang: Lang) -> String {
        let mut text = self.summary(lang).join("\n");
        text.push_str("\n\n");
        match &self.calendar {
            Ok(_) => text.push_str(&self.calendar_table(lang)),
            Err(error) => {
                let calendar = Text::new("Pengaruh kalender", "Calendar effects").get(lang);
                text.push_str(&format!("{calendar}: {}\n", told(error, lang)));
            }
        }
        if !self.relations.is_empty() {
            text.push('\n');
            text.push_str(&self.relations_table(lang));
        }
        if self.by.is_some() {
            text.push('\n');
            text.push_str(&self.members_table(lang));
        }
        text.push_str(&format!("{}\n", self.basis.text(lang)));
        text
    }

    fn calendar_table(&self, lang: Lang) -> String {
        let mut table = TextTable::new();
        table.column(Text::new("Pengaruh kalender", "Calendar effect").get(lang), Align::Left);
        table.column(Text::new("Nilai", "Value").get(lang), Align::Right);
        table.column(Text::new("Kisaran 95%", "95% interval").get(lang), Align::Right);
        table.column("p", Align::Right);
        let rate = |value: f64| signed(Value::Rate(value), lang);
        for effect in self.calendar.iter().flat_map(|found| &found.effects) {
            let interval = effect.effect.interval;
            table.row(vec![
                feasts::name(effect.name).get(lang).to_owned(),
                rate(effect.effect.value),
                format!("{} … {}", rate(interval.low), rate(interval.high)),
                chance(effect.p, lang),
            ]);
        }
        table.render()
    }

    fn relations_table(&self, lang: Lang) -> String {
        let mut table = TextTable::new();
        table.column(Text::new("Angka", "Figure").get(lang), Align::Left);
        table.column(Text::new("dengan", "with").get(lang), Align::Left);
        table.column("ρ", Align::Right);
        table.column(Text::new("Kisaran 95%", "95% interval").get(lang), Align::Right);
        table.column(Text::new("p disesuaikan", "adjusted p").get(lang), Align::Right);
        table.column(Text::new("Bergerak bersama", "Move together").get(lang), Align::Left);
        let name = |place: usize| self.related.get(place).map_or("", |kpi| kpi.name.get(lang)).to_owned();
        for relation in self.relations.iter().take(PAIRS) {
            let rho = relation.spearman.rho;
            let yes = Text::new("ya", "yes").get(lang);
            table.row(vec![
                name(relation.one),
                name(relation.other),
                plain(rho.value, lang),
                format!("{} … {}", plain(rho.interval.low, lang), plain(rho.interval.high, lang)),
                chance(relation.adjusted, lang),
                if relation.moves_together { yes } else { "" }.to_owned(),
            ]);
        }
        table.render()
    }

    fn members_table(&self, lang: Lang) -> String {
        let mut table = TextTable::new();
        table.column(self.by.map_or("", |by| by.name().get(lang)), Align::Left);
        table.column(Text::new("Sebulan", "A month").get(lang), Align::Right);
        table.column(Text::new("Perubahan setahun", "Change a year").get(lang), Align::Right);
        table.column(Text::new("p disesuaikan", "adjusted p").get(lang), Align::Right);
        table.column(Text::new("Melampaui kebetulan", "Beyond chance").get(lang), Align::Left);
        table.column(Text::new("Perubahan tingkat", "Changes of level").get(lang), Align::Left);
        for member in &self.members {
            let nobody = Text::new("(tanpa)", "(none)").get(lang);
            let (change, why) = match &member.trend {
                Ok(trend) => (trend.yearly_rate().map(|rate| signed(Value::Rate(rate), lang)), None),
                Err(error) => (None, Some(told(error, lang))),
            };
            let stands = match (&member.trend, member.stands_out) {
                (Ok(trend), true) if trend.slope.value > 0.0 => Text::new("naik", "rises").get(lang),
                (Ok(_), true) => Text::new("turun", "falls").get(lang),
                _ => "",
            };
            table.row(vec![
                member.name.as_deref().or(member.id.as_deref()).unwrap_or(nobody).to_owned(),
                self.figure(member.level, lang),
                change.unwrap_or_else(|| "–".to_owned()),
                member.adjusted.map_or_else(|| "–".to_owned(), |p| chance(p, lang)),
                why.unwrap_or_else(|| stands.to_owned()),
                member.breaks.iter().map(|step| self.break_short(step, lang)).collect::<Vec<_>>().join("; "),
            ]);
        }
        table.render()
    }
}
