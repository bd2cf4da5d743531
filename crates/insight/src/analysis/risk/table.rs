//! Risk for a terminal.

use takar_model::{Lang, Text};

use super::Risk;
use crate::{
    format::Currency,
    metrics::Value,
    text::{Align, TextTable},
};

impl Risk {
    /// The summary and the first `limit` accounts.
    pub fn table(&self, lang: Lang, limit: usize) -> String {
        let currency = Currency(self.currency.clone());
        let mut table = TextTable::new();
        let titles = [
            (Text::new("Akun", "Account"), Align::Left),
            (Text::new("Manajer akun", "Account manager"), Align::Left),
            (Text::new("Terlambat", "Overdue"), Align::Left),
            (Text::new("Kemungkinan masih aktif", "P(alive)"), Align::Right),
            (Text::new("Penjualan setahun", "Sales in a year"), Align::Right),
            (Text::new("Irama", "Rhythm"), Align::Left),
        ];
        titles.iter().for_each(|(title, align)| table.column(title.get(lang), *align));
        for account in self.accounts.iter().take(limit) {
            let overdue = match account.outlook.rhythm.and_then(|rhythm| rhythm.overdue) {
                Some(true) => Text::new("ya", "yes").get(lang),
                Some(false) => "",
                None => "–",
            };
            let alive = account.outlook.p_alive.map_or_else(|| "–".to_owned(), |p| Value::Rate(p).format(lang));
            table.row(vec![
                account.name.clone().unwrap_or_else(|| account.id.clone()),
                account.manager_name.clone().or_else(|| account.manager.clone()).unwrap_or_else(|| "–".to_owned()),
                overdue.to_owned(),
                alive,
                currency.money(account.year_sales, lang),
                account.words(lang),
            ]);
        }
        let mut text = self.summary(lang).join(" ");
        text.push_str("\n\n");
        text.push_str(&table.render());
        let hidden = self.accounts.len().saturating_sub(limit);
        if hidden > 0 {
            let more = Text::new("… dan {} akun lagi (--limit)", "… and {} more accounts (--limit)").get(lang);
            text.push_str(&more.replace("{}", &hidden.to_string()));
            text.push('\n');
        }
        let day = Text::new("per", "as of").get(lang);
        text.push_str(&format!("{day} {}   {}\n", self.today, self.basis.text(lang)));
        text
    }
}
