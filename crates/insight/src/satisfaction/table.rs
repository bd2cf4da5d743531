//! Satisfaction for a terminal.

use takar_model::{Lang, Money, Text};

use super::{FirstMoves, OneAccount, Satisfaction, SatisfactionRow};
use crate::{
    format::{Currency, period_name, signed},
    metrics::{Dimension, Value},
    process::{MeasureUnit, ProcessKpi},
    text::{Align, TextTable},
};

/// The measures of the table, each with its interval.
const SHOWN: [ProcessKpi; 5] = [
    ProcessKpi::Nps,
    ProcessKpi::Csat,
    ProcessKpi::Communication,
    ProcessKpi::ResponseInTime,
    ProcessKpi::ResponseHours,
];

fn dash<T>(value: Option<T>, told: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "–".to_owned(), told)
}

impl Satisfaction {
    /// Summary, rows, sales by how accounts answered, and what moved first.
    pub fn table(&self, first: &FirstMoves, lang: Lang, limit: usize) -> String {
        let currency = Currency(self.currency.clone());
        let money = |amount: Money| currency.money(amount, lang);
        let rate = |share: f64| Value::Rate(share).format(lang);
        let mut text = format!("{}\n{}\n\n", period_name(self.period, lang), self.summary(lang).join(" "));
        let mut table = TextTable::new();
        table.column(self.by.name().get(lang), Align::Left);
        // A measure that nobody has is told in the notes.
        let rows = || self.rows.iter().chain(&self.nobody).chain([&self.total]);
        let has = |kpi: &ProcessKpi| rows().any(|row| row.measure(*kpi).is_some_and(|measure| measure.value.is_some()));
        let shown: Vec<ProcessKpi> = SHOWN.into_iter().filter(has).collect();
        for kpi in &shown {
            table.column(kpi.definition().name.get(lang), Align::Right);
        }
        if self.by == Dimension::Account {
            table.column(Text::new("Jawaban terakhir", "Last answer").get(lang), Align::Left);
        }
        let titles = [
            Text::new("Keluhan (terbuka)", "Complaints (open)"),
            Text::new("Penjualan bersih", "Net sales"),
            Text::new("Pertumbuhan", "Growth"),
            Text::new("Bagian", "Share"),
        ];
        titles.iter().for_each(|title| table.column(title.get(lang), Align::Right));
        let row = |row: &SatisfactionRow, name: String| {
            let mut cells = vec![name];
            for kpi in &shown {
                cells.push(dash(row.measure(*kpi).and_then(|measure| super::words::told(measure, lang)), |told| told));
            }
            if self.by == Dimension::Account {
                let last = row.last.as_ref();
                let score =
                    |score: f64| crate::format::money_of(score).format(lang, if score.fract() == 0.0 { 0 } else { 1 });
                cells.push(dash(last, |last| {
                    format!("{} {} {}", last.date, super::words::kind_of(&last.kind, lang), score(last.score))
                }));
            }
            cells.push(match row.complaints {
                0 => "–".to_owned(),
                all => format!("{} ({})", lang.group(i128::from(all)), lang.group(i128::from(row.open))),
            });
            cells.push(money(row.net_sales));
            cells.push(dash(row.growth(), |growth| signed(Value::Rate(growth), lang)));
            cells.push(dash(row.share(self.total.net_sales), rate));
            cells
        };
        for shown in self.rows.iter().take(limit) {
            table.row(row(shown, shown.name.clone().or_else(|| shown.id.clone()).unwrap_or_default()));
        }
        if let Some(of) = &self.nobody {
            table.row(row(of, nobody(self.by).get(lang).to_owned()));
        }
        table.row(row(&self.total, Text::new("Semua", "All").get(lang).to_owned()));
        text.push_str(&table.render());
        let hidden = self.rows.len().saturating_sub(limit);
        if hidden > 0 {
            let more = Text::new("… dan {} baris lagi (--limit)\n", "… and {} more rows (--limit)\n").get(lang);
            text.push_str(&more.replace("{}", &hidden.to_string()));
        }

        text.push('\n');
        let mut table = TextTable::new();
        let titles = [
            (Text::new("Penjualan menurut jawaban", "Sales by answer"), Align::Left),
            (Text::new("Akun", "Accounts"), Align::Right),
            (Text::new("Penjualan bersih", "Net sales"), Align::Right),
            (Text::new("Bagian", "Share"), Align::Right),
            (Text::new("Pertumbuhan", "Growth"), Align::Right),
        ];
        titles.iter().for_each(|(title, align)| table.column(title.get(lang), *align));
        let all = self.total.net_sales;
        for of in &self.by_mood {
            let share = (all > Money::ZERO).then(|| of.net_sales.to_f64() / all.to_f64());
            table.row(vec![
                of.mood.name().get(lang).to_owned(),
                lang.group(of.accounts as i128),
                money(of.net_sales),
                dash(share, rate),
                dash(of.growth(), |growth| signed(Value::Rate(growth), lang)),
            ]);
        }
        text.push_str(&table.render());
        let mut list = |title: Text, lines: Vec<String>| {
            if !lines.is_empty() {
                text.push_str(&format!("\n{}\n", title.get(lang)));
                lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
            }
        };
        list(Text::new("Yang bergerak lebih dulu", "What moved first"), first.summary(lang));
        let stories = first.stories.iter().take(limit).map(|story| {
            let name = story.name.as_ref().unwrap_or(&story.id);
            format!("{name}: {}", story.words(self.currency.as_deref(), lang))
        });
        let told = stories.chain((!first.stories.is_empty()).then(|| first.chance(lang)));
        list(Text::new("Akun satu per satu", "Account by account"), told.collect());
        list(Text::new("Catatan", "Notes"), self.notes(lang).into_iter().chain(first.notes(lang)).collect());
        text.push_str(&format!("\n{}\n", self.basis.text(lang)));
        text
    }
}

impl OneAccount {
    /// Summary, months or quarters, and what it said.
    pub fn table(&self, lang: Lang, limit: usize) -> String {
        let currency = Currency(self.currency.clone());
        let name = self.name.as_ref().unwrap_or(&self.id);
        let mut text = format!("{name}\n");
        self.summary(lang).iter().for_each(|line| text.push_str(&format!("{line}\n")));
        text.push('\n');
        let mut table = TextTable::new();
        let titles = [
            (if self.by_quarter { Dimension::Quarter.name() } else { Dimension::Month.name() }, Align::Left),
            (Text::new("Penjualan bersih", "Net sales"), Align::Right),
            (Text::new("Kepuasan (bagian skala)", "Satisfaction (part of scale)"), Align::Right),
            (Text::new("Jawaban", "Answers"), Align::Right),
            (Text::new("Waktu jawab", "Response time"), Align::Right),
            (Text::new("Keluhan", "Complaints"), Align::Right),
        ];
        titles.iter().for_each(|(title, align)| table.column(title.get(lang), *align));
        for point in &self.points {
            table.row(vec![
                period_name(point.period, lang),
                currency.money(point.net_sales, lang),
                dash(point.satisfaction, |part| Value::Rate(part).format(lang)),
                point.answers.to_string(),
                dash(point.response_hours, |hours| MeasureUnit::Hours.format(hours, lang)),
                point.complaints.to_string(),
            ]);
        }
        text.push_str(&table.render());
        if !self.said.is_empty() {
            text.push('\n');
            let mut table = TextTable::new();
            let titles = [
                Text::new("Tanggal", "Date"),
                Text::new("Jenis", "Kind"),
                Text::new("Nilai", "Score"),
                Text::new("Keadaan", "State"),
                Text::new("Katanya", "In its words"),
            ];
            titles.iter().for_each(|title| table.column(title.get(lang), Align::Left));
            for (said, _) in self.said.iter().take(limit) {
                let state = match (said.kind == "complaint", said.is_resolved) {
                    (false, _) => String::new(),
                    (true, true) => Text::new("selesai", "resolved").get(lang).to_owned(),
                    (true, false) => Text::new("terbuka", "open").get(lang).to_owned(),
                };
                table.row(vec![
                    said.date.to_string(),
                    super::words::kind_of(&said.kind, lang).to_owned(),
                    dash(said.score, |score| {
                        crate::format::money_of(score).format(lang, if score.fract() == 0.0 { 0 } else { 1 })
                    }),
                    state,
                    said.note.clone().unwrap_or_default(),
                ]);
            }
            text.push_str(&table.render());
        }
        text.push_str(&format!("\n{}   {}\n", period_name(self.window, lang), self.basis.text(lang)));
        text
    }
}

/// What the row of nobody is called.
pub(super) fn nobody(by: Dimension) -> Text {
    match by {
        Dimension::Manager => Text::new("Tanpa manajer", "No account manager"),
        Dimension::Segment => Text::new("Tanpa segmen", "No segment"),
        Dimension::Region => Text::new("Tanpa wilayah", "No region"),
        Dimension::Branch => Text::new("Tanpa cabang", "No branch"),
        _ => Text::new("Tanpa akun", "No account"),
    }
}
