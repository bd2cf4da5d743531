//! Forecasts for a terminal.

use takar_model::{Lang, Text};

use super::{Forecasts, MemberForecast};
use crate::{
    analysis::told,
    format::period_name,
    metrics::Value,
    text::{Align, TextTable},
};

impl Forecasts {
    /// The summary, the months ahead (for one) or the windows (for many), the reliability where it is asked for, the notes.
    pub fn table(&self, lang: Lang, with_backtest: bool) -> String {
        let mut text = self.summary(lang).join("\n");
        text.push_str("\n\n");
        text.push_str(&match (self.by, self.members.first()) {
            (None, Some(member)) => self.months_table(member, lang),
            _ => self.members_table(lang),
        });
        if with_backtest {
            text.push('\n');
            text.push_str(&self.reliability_table(lang));
        }
        for note in self.notes(lang) {
            text.push_str(&format!("– {note}\n"));
        }
        text.push_str(&format!("{}\n", self.basis.text(lang)));
        text
    }

    fn months_table(&self, member: &MemberForecast, lang: Lang) -> String {
        let mut table = TextTable::new();
        table.column(Text::new("Bulan", "Month").get(lang), Align::Left);
        table.column(Text::new("Prakiraan", "Forecast").get(lang), Align::Right);
        table.column(Text::new("Kisaran 80%", "80% interval").get(lang), Align::Right);
        table.column("n", Align::Right);
        for (step, place) in member.forecast.iter().flat_map(|forecast| &forecast.steps).zip(1..) {
            table.row(vec![
                self.months.last.plus(place).to_string(),
                self.money(step.value, lang),
                format!("{} … {}", self.money(step.interval.low, lang), self.money(step.interval.high, lang)),
                lang.group(step.n as i128),
            ]);
        }
        table.render()
    }

    fn members_table(&self, lang: Lang) -> String {
        let mut table = TextTable::new();
        table.column(self.by.map_or("", |by| by.name().get(lang)), Align::Left);
        table.column(Text::new("Periode", "Window").get(lang), Align::Left);
        table.column(Text::new("Sudah", "Done").get(lang), Align::Right);
        table.column(Text::new("Berakhir di", "Ends at").get(lang), Align::Right);
        table.column(Text::new("Kisaran 80%", "80% interval").get(lang), Align::Right);
        table.column("Target", Align::Right);
        table.column(Text::new("Kemungkinan", "Chance").get(lang), Align::Right);
        for member in &self.members {
            let nobody = Text::new("(tanpa)", "(none)").get(lang);
            let name = member.name.as_deref().or(member.id.as_deref()).unwrap_or(nobody);
            if member.outlooks.is_empty() {
                let why = member.forecast.as_ref().err().map(|error| told(error, lang)).unwrap_or_default();
                let mut row = vec![String::new(); 7];
                (row[0], row[4]) = (name.to_owned(), why);
                table.row(row);
            }
            for (place, outlook) in member.outlooks.iter().enumerate() {
                let interval = match &outlook.interval {
                    Ok(interval) => format!("{} … {}", self.money(interval.low, lang), self.money(interval.high, lang)),
                    Err(error) => told(error, lang),
                };
                let chance = match &outlook.chance {
                    Some(Ok(chance)) => Value::Rate(chance.value).format(lang),
                    _ => "–".to_owned(),
                };
                table.row(vec![
                    if place == 0 { name.to_owned() } else { String::new() },
                    period_name(outlook.window, lang),
                    self.exact(outlook.done, lang),
                    self.money(outlook.expected, lang),
                    interval,
                    outlook.target.map_or_else(|| "–".to_owned(), |target| self.exact(target, lang)),
                    chance,
                ]);
            }
        }
        table.render()
    }

    fn reliability_table(&self, lang: Lang) -> String {
        let reliability = match self.past.as_ref().map(|past| &past.reliability) {
            Ok(Ok(reliability)) => reliability,
            Ok(Err(error)) | Err(error) => return format!("{}\n", told(error, lang)),
        };
        let rate = |value: f64| Value::Rate(value).format(lang);
        let mut table = TextTable::new();
        table.column(Text::new("Kemungkinan yang disebut", "Chance told").get(lang), Align::Right);
        table.column(Text::new("Yang tercapai", "Came true").get(lang), Align::Right);
        table.column(Text::new("Kisaran 95%", "95% interval").get(lang), Align::Right);
        table.column("n", Align::Right);
        for bin in &reliability.bins {
            table.row(vec![
                rate(bin.told),
                rate(bin.came),
                format!("{} … {}", rate(bin.interval.low), rate(bin.interval.high)),
                lang.group(bin.n as i128),
            ]);
        }
        table.render()
    }
}
