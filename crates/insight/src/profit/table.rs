//! Profit for a terminal.

use takar_model::{Lang, Money, Text};

use super::{Profit, ProfitRow};
use crate::{
    format::{Currency, period_name, signed_money},
    metrics::{Dimension, Value},
    text::{Align, TextTable},
};

impl Profit {
    /// Summary, the first and last rows, the whale curve and who costs far more than peers.
    pub fn table(&self, lang: Lang, limit: usize) -> String {
        let currency = Currency(self.currency.clone());
        let money = |amount: Money| currency.money(amount, lang);
        let mut text = format!("{}\n{}\n\n", period_name(self.period, lang), self.summary(lang).join(" "));
        let mut table = TextTable::new();
        table.column(title(self.by).get(lang), Align::Left);
        let titles = [
            Text::new("Penjualan bersih", "Net sales"),
            Text::new("Margin", "Margin"),
            Text::new("HPP ada", "Coverage"),
            Text::new("Jam bertarif", "Hours at rate"),
            Text::new("Biaya melayani", "Cost to serve"),
            Text::new("Laba bersih", "Net profit"),
        ];
        titles.iter().for_each(|title| table.column(title.get(lang), Align::Right));
        if self.base.is_some() {
            table.column(Text::new("Perubahan", "Change").get(lang), Align::Right);
        }
        let row = |row: &ProfitRow, name: String| {
            let figures = row.figures;
            let known = |amount: Option<Money>| amount.map_or_else(|| "–".to_owned(), money);
            let mut cells = vec![
                name,
                money(figures.net_sales),
                known(figures.is_known().then_some(figures.margin)),
                figures.coverage().map_or_else(|| "–".to_owned(), |share| Value::Rate(share).format(lang)),
                crate::format::money_of(figures.hours()).format(lang, 1),
                money(figures.cost()),
                known(figures.profit()),
            ];
            if let Some(base) = row.base {
                let change = figures.profit().zip(base.profit()).map(|(now, before)| now - before);
                cells.push(change.map_or_else(|| "–".to_owned(), |change| signed_money(change, &currency, lang)));
            }
            cells
        };
        for shown in self.rows.iter().take(limit) {
            table.row(row(shown, name_of(shown)));
        }
        if let Some(untied) = &self.untied {
            table.row(row(untied, nobody(self.by).get(lang).to_owned()));
        }
        table.row(row(&self.total, Text::new("Jumlah", "Total").get(lang).to_owned()));
        text.push_str(&table.render());
        let hidden = self.rows.len().saturating_sub(limit);
        if hidden > 0 {
            let more = Text::new("… dan {} baris lagi (--limit)\n", "… and {} more rows (--limit)\n").get(lang);
            text.push_str(&more.replace("{}", &hidden.to_string()));
        }
        let mut list = |title: Text, lines: Vec<String>| {
            if !lines.is_empty() {
                text.push_str(&format!("\n{}\n", title.get(lang)));
                lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
            }
        };
        let losing = self.losing.iter().take(limit);
        list(
            Text::new("Biaya melebihi margin", "Cost more than they earn"),
            losing
                .map(|row| format!("{}: {}", name_of(row), row.figures.profit().map(money).unwrap_or_default()))
                .collect(),
        );
        let costly = self.costly.iter().take(limit).map(|account| {
            let name = account.name.as_ref().unwrap_or(&account.id);
            let (cost, usual, n) = (money(account.cost), money(account.usual), account.n);
            match lang {
                Lang::Id => format!("{name}: {cost}; {n} akun seukuran biasanya {usual}"),
                Lang::En => format!("{name}: {cost}; {n} accounts of its size usually {usual}"),
            }
        });
        list(
            Text::new("Jauh lebih mahal daripada akun seukuran", "Far costlier than accounts of their size"),
            costly.collect(),
        );
        list(Text::new("Catatan", "Notes"), self.notes(lang));
        text.push_str(&format!("\n{}\n", self.basis.text(lang)));
        text
    }
}

fn name_of(row: &ProfitRow) -> String {
    row.name.clone().or_else(|| row.id.clone()).unwrap_or_default()
}

/// What a column of members is called.
pub(super) fn title(by: Dimension) -> Text {
    match by {
        Dimension::Manager => Text::new("Manajer akun", "Account manager"),
        Dimension::Segment => Text::new("Segmen", "Segment"),
        Dimension::Region => Text::new("Wilayah", "Region"),
        Dimension::Branch => Text::new("Cabang", "Branch"),
        _ => Text::new("Akun", "Account"),
    }
}

/// What the row of nobody is called.
pub(super) fn nobody(by: Dimension) -> Text {
    match by {
        Dimension::Manager => Text::new("Tanpa manajer", "No account manager"),
        Dimension::Segment => Text::new("Tanpa segmen", "No segment"),
        Dimension::Region => Text::new("Tanpa wilayah", "No region"),
        Dimension::Branch => Text::new("Tanpa cabang", "No branch"),
        _ => Text::new("Tidak terkait akun", "Tied to no account"),
    }
}
