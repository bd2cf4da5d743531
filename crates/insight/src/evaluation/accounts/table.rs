//! Accounts on the plane as text.

use takar_model::{Lang, Text};

use super::{AccountsPlane, Measure, NO_QUALITY, Points, suggestion};
use crate::{
    evaluation::scorecard::Corner,
    format::{Currency, period_name},
    metrics::Value,
    text::{Align, TextTable},
};

impl AccountsPlane {
    /// Aligned text: the largest accounts, and what each corner suggests.
    pub fn table(&self, lang: Lang, limit: usize) -> String {
        let say = |id, en| Text::new(id, en).get(lang);
        let currency = Currency(self.currency.clone());
        let mut text = format!(
            "{} · {}\n\n",
            say("Hasil dan mutu per akun", "Quantity and quality by account"),
            period_name(self.period, lang)
        );
        let mut table = TextTable::new();
        table.column(say("Akun", "Account"), Align::Left);
        table.column(say("Kelas", "Class"), Align::Left);
        table.column(say("Manajer", "Manager"), Align::Left);
        for title in [say("Penjualan bersih", "Net sales"), say("Hasil", "Quantity"), say("Mutu", "Quality")] {
            table.column(title, Align::Right);
        }
        table.column(say("Sudut", "Corner"), Align::Left);
        for one in self.accounts.iter().take(limit) {
            let facts = &one.facts;
            let manager = facts.manager.as_ref().map(|(id, name)| name.clone().unwrap_or_else(|| id.clone()));
            table.row(vec![
                facts.name.clone().unwrap_or_else(|| facts.id.clone()),
                facts.class.name().to_owned(),
                manager.unwrap_or_else(|| "–".to_owned()),
                facts.net_sales.map_or_else(|| "–".to_owned(), |net| currency.value(Value::Money(net), lang)),
                points(&one.quantity, lang),
                points(&one.quality, lang),
                one.corner.map_or("–", |corner| corner.name().get(lang)).to_owned(),
            ]);
        }
        text.push_str(&table.render());
        text.push_str(&format!("{} / {}\n\n", self.accounts.len().min(limit), self.accounts.len()));
        for corner in [Corner::Both, Corner::QuantityOnly, Corner::QualityOnly, Corner::Neither] {
            let count = self.accounts.iter().filter(|one| one.corner == Some(corner)).count();
            text.push_str(&format!("{} ({count}): {}\n", corner.name().get(lang), suggestion(corner).get(lang)));
        }
        let without = self.accounts.iter().filter(|one| one.quality.score.is_none()).count();
        if without > 0 {
            text.push_str(&format!("{without} {}: {}\n", say("akun", "accounts"), NO_QUALITY.get(lang)));
        }
        text.push('\n');
        for measure in Measure::ALL {
            let side = if measure.is_quantity() { say("hasil", "quantity") } else { say("mutu", "quality") };
            let (name, definition) = (measure.name().get(lang), measure.definition().get(lang));
            text.push_str(&format!("{name} ({side}, {} %): {definition}\n", measure.weight()));
        }
        text
    }
}

fn points(points: &Points, lang: Lang) -> String {
    let told = points.score.map_or_else(|| "–".to_owned(), |score| format!("{score:.1}"));
    if lang == Lang::Id { told.replace('.', ",") } else { told }
}
