//! An evaluation as text for a terminal.

use takar_model::{Lang, Money, Text};

use crate::{
    evaluation::{Evaluation, ManagerEvaluation, Movers, RollUp, Scorecard, limits},
    format::{month_name, period_name, signed, signed_money},
    metrics::{Kpi, Value},
    text::{Align, TextTable},
};

impl Evaluation {
    /// Aligned text: the company, all managers, roll-ups, and each manager's accounts that made the difference.
    pub fn table(&self, lang: Lang) -> String {
        let say = |id, en| Text::new(id, en).get(lang);
        let heading = say("Evaluasi penjualan", "Sales evaluation");
        let mut text = format!("{heading} · {}\n", period_name(self.period, lang));
        let base = |base: Option<takar_model::Period>| base.map_or("–".to_owned(), |base| period_name(base, lang));
        text.push_str(&format!(
            "{}: {} · {}: {} · {}\n\n",
            say("periode lalu", "prior"),
            base(self.base),
            say("tahun lalu", "a year ago"),
            base(self.year_base),
            self.basis.text(lang),
        ));
        text.push_str(&self.company(lang));
        if let Some(running) = self.running(lang) {
            text.push_str(&running);
        }
        text.push_str(&format!("\n{}\n", say("Manajer akun", "Account managers")));
        text.push_str(&self.managers_table(lang));
        for (title, units) in
            [(say("Per atasan", "By supervisor"), &self.supervisors), (say("Per cabang", "By branch"), &self.branches)]
        {
            if !units.is_empty() {
                text.push_str(&format!("\n{title}\n{}", self.roll_up_table(units, lang)));
            }
        }
        for manager in self.managers.iter().filter(|manager| manager.key.id.is_some()) {
            text.push_str(&self.manager_text(manager, lang));
        }
        text.push_str(&format!("\n{}\n", limits::TITLE.get(lang)));
        limits::limits(lang).iter().for_each(|limit| text.push_str(&format!("  · {limit}\n")));
        text
    }

    fn company(&self, lang: Lang) -> String {
        let money = self.money();
        let mut table = TextTable::new();
        table.column(Text::new("Perusahaan", "Company").get(lang), Align::Left);
        for title in [
            Text::new("Nilai", "Value"),
            Text::new("Periode lalu", "Prior"),
            Text::new("±", "±"),
            Text::new("Tahun lalu", "A year ago"),
            Text::new("±", "±"),
        ] {
            table.column(title.get(lang), Align::Right);
        }
        for figure in &self.total.figures {
            table.row(vec![
                figure.kpi.name.get(lang).to_owned(),
                money.value(figure.value, lang),
                money.value(figure.prior, lang),
                figure.change(figure.prior, lang),
                money.value(figure.year, lang),
                figure.change(figure.year, lang),
            ]);
        }
        let mut text = table.render();
        for figure in self.total.figures.iter().filter(|figure| figure.target.why().is_none()) {
            let name = figure.kpi.name.get(lang);
            let (target, attained) = (money.value(figure.target, lang), figure.attainment.format(lang));
            let coverage = figure.coverage.map_or("–".to_owned(), |part| Value::Rate(part).format(lang));
            text.push_str(&match lang {
                Lang::Id => {
                    format!("Target {name} {target}: tercapai {attained} (cakupan {coverage} dari penjualan)\n")
                }
                Lang::En => format!("Target of {name} {target}: {attained} attained (covers {coverage} of sales)\n"),
            });
        }
        text
    }

    fn running(&self, lang: Lang) -> Option<String> {
        let month = self.month_to_date.as_ref()?;
        let money = self.money();
        let amount = |amount: Option<Money>| amount.map_or("–".to_owned(), |amount| money.money(amount, lang));
        let (name, net) = (month_name(month.month, lang), money.value(month.net_sales, lang));
        let (gone, projected) = (Value::Rate(month.time_gone).format(lang), amount(month.run_rate_projection));
        let mut text = match lang {
            Lang::Id => format!(
                "\nBulan berjalan {name} (data sampai {}): {net}, waktu berjalan {gone}, perkiraan akhir bulan {projected}",
                month.last_day
            ),
            Lang::En => format!(
                "\nRunning month {name} (data up to {}): {net}, time gone {gone}, run rate for the month {projected}",
                month.last_day
            ),
        };
        if month.target.why().is_none() {
            let (target, attained) = (money.value(month.target, lang), month.attainment.format(lang));
            let needed = amount(month.needed_per_day);
            text.push_str(&match lang {
                Lang::Id => format!("; target {target}, tercapai {attained}, perlu {needed} per hari kerja"),
                Lang::En => format!("; target {target}, {attained} attained, {needed} needed per working day"),
            });
        }
        text.push('\n');
        Some(text)
    }

    fn managers_table(&self, lang: Lang) -> String {
        let mut table = self.figures_table(
            lang,
            Text::new("Nama", "Name"),
            &[Kpi::ActiveAccounts, Kpi::NewAccounts, Kpi::LostAccounts, Kpi::NetRetention],
        );
        for manager in &self.managers {
            let mut cells = self.main_cells(manager.key.label(lang), &manager.card, lang);
            let more = [Kpi::ActiveAccounts, Kpi::NewAccounts, Kpi::LostAccounts, Kpi::NetRetention];
            cells.extend(more.map(|kpi| manager.card.figure(kpi).value.format(lang)));
            table.row(cells);
        }
        table.render()
    }

    fn roll_up_table(&self, units: &[RollUp], lang: Lang) -> String {
        let mut table = self.figures_table(lang, Text::new("Nama", "Name"), &[]);
        for unit in units {
            table.row(self.main_cells(unit.key.label(lang), &unit.card, lang));
        }
        table.render()
    }

    fn figures_table(&self, lang: Lang, first: Text, more: &[Kpi]) -> TextTable {
        let mut table = TextTable::new();
        table.column(first.get(lang), Align::Left);
        for title in [
            Text::new("Penjualan bersih", "Net sales"),
            Text::new("± lalu", "± prior"),
            Text::new("± tahun", "± year"),
            Text::new("Target", "Target"),
            Text::new("Tercapai", "Attained"),
        ] {
            table.column(title.get(lang), Align::Right);
        }
        for kpi in more {
            table.column(kpi.definition().name.get(lang), Align::Right);
        }
        table
    }

    fn main_cells(&self, label: &str, card: &Scorecard, lang: Lang) -> Vec<String> {
        let (net, money) = (card.net_sales(), self.money());
        vec![
            label.to_owned(),
            money.value(net.value, lang),
            signed(net.growth_prior(), lang),
            signed(net.growth_year(), lang),
            money.value(net.target, lang),
            net.attainment.format(lang),
        ]
    }

    fn manager_text(&self, manager: &ManagerEvaluation, lang: Lang) -> String {
        let mut text = format!("\n{}\n", manager.key.label(lang));
        if let Some(presence) = manager.presence_text(&self.money(), lang) {
            text.push_str(&format!("  {presence}\n"));
        }
        let (strengths, gaps) = self.remarks(manager, lang);
        strengths.iter().for_each(|item| text.push_str(&format!("  + {item}\n")));
        gaps.iter().for_each(|item| text.push_str(&format!("  ! {item}\n")));
        let prior = Text::new("dari periode lalu", "on the prior period").get(lang);
        let year = Text::new("dari tahun lalu", "on a year ago").get(lang);
        for (title, movers) in [(prior, &manager.movers_prior), (year, &manager.movers_year)] {
            if let Some(movers) = movers {
                text.push_str(&self.movers_text(title, movers, lang));
            }
        }
        text
    }

    fn movers_text(&self, title: &str, movers: &Movers, lang: Lang) -> String {
        if movers.up.is_empty() && movers.down.is_empty() {
            return String::new();
        }
        let money = self.money();
        let change = |amount: Money| signed_money(amount, &money, lang);
        let what = Text::new("Selisih", "Change").get(lang);
        let mut table = TextTable::new();
        table.column(&format!("  {what} {title}"), Align::Left);
        table.column(&change(movers.difference), Align::Right);
        for mover in movers.up.iter().chain(movers.down.iter().rev()) {
            table.row(vec![format!("  {}", mover.label()), change(mover.change)]);
        }
        let others = Text::new("akun lainnya", "all others").get(lang);
        table.row(vec![format!("  ({others})"), change(movers.others)]);
        table.render()
    }
}
