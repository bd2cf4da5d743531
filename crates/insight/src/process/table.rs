//! The work for a terminal.

use takar_model::{Lang, Text};

use super::{Measure, Process, ProcessKpi, measure::Missing};
use crate::{
    format::Currency,
    text::{Align, TextTable},
};

/// The measures of the table of a team.
const TEAM: [ProcessKpi; 8] = [
    ProcessKpi::Coverage,
    ProcessKpi::CoveragePlan,
    ProcessKpi::ResponseInTime,
    ProcessKpi::OffersSent,
    ProcessKpi::FollowUp,
    ProcessKpi::OfferToOrder,
    ProcessKpi::Nps,
    ProcessKpi::ComplaintsResolved,
];

/// "62,5 % [51,0–72,6] n 80".
fn told(measure: &Measure, lang: Lang) -> String {
    let Some(value) = measure.value else { return "–".to_owned() };
    let unit = measure.kpi.unit;
    let bare = |value: f64| {
        let text = unit.format(value, lang);
        text.split(' ').next().unwrap_or_default().to_owned()
    };
    let interval = measure.interval.map_or_else(String::new, |interval| {
        let high = if interval.high.is_finite() { bare(interval.high) } else { "…".to_owned() };
        format!(" [{}–{high}]", bare(interval.low))
    });
    format!("{}{interval}", unit.format(value, lang))
}

impl Process {
    /// The team, or the one manager that was asked for.
    pub fn table(&self, lang: Lang, limit: usize) -> String {
        let mut text = if self.opened.is_some() { self.one(lang, limit) } else { self.team(lang) };
        let day = Text::new("per", "as of").get(lang);
        text.push_str(&format!("{}   {day} {}   {}\n", self.period, self.as_of, self.basis.text(lang)));
        text
    }

    fn team(&self, lang: Lang) -> String {
        let mut table = TextTable::new();
        table.column(Text::new("Manajer akun", "Account manager").get(lang), Align::Left);
        for kpi in TEAM {
            table.column(kpi.definition().name.get(lang), Align::Right);
        }
        let all = Text::new("Semua", "All").get(lang).to_owned();
        for of in self.managers.iter().chain([&self.total]) {
            let name = of.name.clone().or_else(|| of.id.clone()).unwrap_or_else(|| all.clone());
            let cells = TEAM.map(|kpi| told(of.measure(kpi), lang));
            table.row(std::iter::once(name).chain(cells).collect());
        }
        let mut text = table.render();
        // Why a column is empty, once.
        for measure in TEAM.map(|kpi| self.total.measure(kpi)) {
            if let Some(why) = measure.suppressed {
                text.push_str(&format!("{}: {}\n", measure.kpi.name.get(lang), why.text(lang)));
            }
        }
        text
    }

    fn one(&self, lang: Lang, limit: usize) -> String {
        let of = self.opened();
        let currency = Currency(self.currency.clone());
        let mut text = String::new();
        if let Some(name) = of.name.as_ref().or(of.id.as_ref()) {
            text.push_str(&format!("{name}\n\n"));
        }
        let mut table = TextTable::new();
        let titles = [
            (Text::new("Ukuran", "Measure"), Align::Left),
            (Text::new("Nilai [kisaran 95 %]", "Value [95 % interval]"), Align::Right),
            (Text::new("n", "n"), Align::Right),
            (Text::new("Janji atau target", "Promise or target"), Align::Right),
            (Text::new("Semua", "All"), Align::Right),
            (Text::new("Mengapa kosong", "Why empty"), Align::Left),
        ];
        titles.iter().for_each(|(title, align)| table.column(title.get(lang), *align));
        for (own, all) in of.measures.iter().zip(&self.total.measures) {
            let promise = own.promise.map(|promise| {
                let hours = matches!(own.kpi.kpi, ProcessKpi::ResponseInTime | ProcessKpi::ResponseHours);
                let unit = if hours { super::MeasureUnit::Hours } else { super::MeasureUnit::Days };
                unit.format(promise, lang)
            });
            let target = own.target.map(|target| format!("target {}", own.kpi.unit.format(target, lang)));
            let promise = target.or(promise).unwrap_or_default();
            table.row(vec![
                own.kpi.name.get(lang).to_owned(),
                told(own, lang),
                lang.group(i128::from(own.n)),
                promise,
                all.format(lang),
                own.suppressed.map_or_else(String::new, |why: Missing| why.text(lang)),
            ]);
        }
        text.push_str(&table.render());
        let untouched: Vec<_> = self.accounts_of(of).into_iter().filter(|account| account.contacts == 0).collect();
        if !untouched.is_empty() {
            text.push('\n');
            let mut table = TextTable::new();
            let titles = [
                (Text::new("Akun tak tersentuh", "Untouched account"), Align::Left),
                (Text::new("Kelas", "Class"), Align::Left),
                (Text::new("Penjualan setahun sebelumnya", "Sales in the year before"), Align::Right),
                (Text::new("Kontak terakhir", "Last contact"), Align::Left),
            ];
            titles.iter().for_each(|(title, align)| table.column(title.get(lang), *align));
            for account in untouched.iter().take(limit) {
                table.row(vec![
                    account.holding.name.clone().unwrap_or_else(|| account.holding.id.clone()),
                    account.holding.class.name().to_owned(),
                    account.holding.worth.map_or_else(|| "–".to_owned(), |worth| currency.money(worth, lang)),
                    account.last.map_or_else(|| "–".to_owned(), |day| day.to_string()),
                ]);
            }
            text.push_str(&table.render());
            let hidden = untouched.len().saturating_sub(limit);
            if hidden > 0 {
                let more = Text::new("… dan {} akun lagi (--limit)", "… and {} more accounts (--limit)").get(lang);
                text.push_str(&more.replace("{}", &hidden.to_string()));
                text.push('\n');
            }
        }
        if !of.reasons.is_empty() {
            text.push('\n');
            let mut table = TextTable::new();
            let titles = [
                (Text::new("Putusan", "Decision"), Align::Left),
                (Text::new("Alasan", "Reason"), Align::Left),
                (Text::new("Penawaran", "Offers"), Align::Right),
                (Text::new("Nilai", "Amount"), Align::Right),
            ];
            titles.iter().for_each(|(title, align)| table.column(title.get(lang), *align));
            for row in &of.reasons {
                let state = match row.state {
                    super::OfferState::Won => Text::new("menang", "won"),
                    super::OfferState::Lost => Text::new("kalah", "lost"),
                    super::OfferState::Open => Text::new("terbuka", "open"),
                };
                table.row(vec![
                    state.get(lang).to_owned(),
                    row.reason
                        .clone()
                        .unwrap_or_else(|| Text::new("tidak ditulis", "not written").get(lang).to_owned()),
                    row.count.to_string(),
                    row.amount.map_or_else(|| "–".to_owned(), |amount| currency.money(amount, lang)),
                ]);
            }
            text.push_str(&table.render());
        }
        text.push('\n');
        text
    }
}
