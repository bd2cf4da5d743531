//! Opportunities for a terminal.

use takar_model::{Lang, Text};

use super::{Shown, words};
use crate::{
    format::{Currency, money_of},
    text::{Align, TextTable},
};

impl Shown<'_> {
    /// The summary, where the next hours go, the page that was asked for with its reasons, and how each kind is weighed.
    pub fn table(&self, lang: Lang) -> String {
        let found = &self.all.found;
        let currency = Currency(found.currency.clone());
        let money = |number: f64| currency.money(money_of(number), lang);
        let mut text = self.summary(lang).join(" ");
        text.push('\n');
        if !self.asked.dismissed && !self.hours.is_empty() {
            let hours = format!("{}", self.asked.hours).replace('.', &lang.decimal_mark().to_string());
            let title = Text::new("Ke mana {} jam berikutnya", "Where the next {} hours go").get(lang);
            text.push_str(&format!("\n{}\n", title.replace("{}", &hours)));
            for hours in self.hours.iter().take(10) {
                text.push_str(&format!("  {}\n", self.hours_said(hours, lang)));
                if self.hours.len() == 1 {
                    for (number, place) in hours.spent.chosen.iter().enumerate() {
                        text.push_str(&format!("    {}. {}\n", number + 1, self.all.list[*place].finding.title(lang)));
                    }
                }
            }
        }
        let mut table = TextTable::new();
        let titles = [
            (Text::new("Kunci", "Key"), Align::Left),
            (Text::new("Peluang", "Opportunity"), Align::Left),
            (Text::new("Tentang", "About"), Align::Left),
            (Text::new("Manajer akun", "Account manager"), Align::Left),
            (Text::new("Nilai setahun", "Worth a year"), Align::Right),
            (Text::new("80 %", "80 %"), Align::Right),
            (Text::new("Jam", "Hours"), Align::Right),
            (Text::new("Per jam", "An hour"), Align::Right),
            (Text::new("Mengapa", "Why"), Align::Left),
        ];
        titles.iter().for_each(|(title, align)| table.column(title.get(lang), *align));
        for one in self.page() {
            let worth = money(one.worth.value);
            let worth = if one.counted || one.dismissed.is_some() { worth } else { format!("({worth})") };
            let manager = one.finding.manager.as_ref().map_or("–", super::Member::label);
            let mut why = one.reasons(found.currency.as_deref(), lang).join(" ");
            if let Some(dismissed) = &one.dismissed {
                why = format!("{}: {why}", dismissed.reason.name().get(lang));
            }
            table.row(vec![
                one.key.clone(),
                words::name(one.finding.kind, lang).to_owned(),
                one.finding.about(lang),
                manager.to_owned(),
                worth,
                format!("{} – {}", money(one.worth.interval.low), money(one.worth.interval.high)),
                format!("{:.1}", one.hours).replace('.', &lang.decimal_mark().to_string()),
                money(one.per_hour()),
                why,
            ]);
        }
        text.push('\n');
        text.push_str(&table.render());
        let hidden = self.places.len().saturating_sub(self.asked.offset + self.asked.limit);
        if hidden > 0 {
            let more = Text::new("… dan {} peluang lagi (--limit)", "… and {} more opportunities (--limit)").get(lang);
            text.push_str(&more.replace("{}", &lang.group(hidden as i128)));
            text.push('\n');
        }
        if self.page().any(|one| !one.counted && one.dismissed.is_none()) {
            let said = Text::new(
                "( ) = tidak ditambahkan: peluang lain pada akun yang sama lebih besar.",
                "( ) = not added: another opportunity on the same account is larger.",
            );
            text.push_str(&format!("{}\n", said.get(lang)));
        }
        text.push('\n');
        for weight in &self.all.weights {
            let count = self.of_kind.get(&weight.kind).copied().unwrap_or(0);
            let count = lang.group(count as i128);
            let name = words::name(weight.kind, lang);
            text.push_str(&format!("{name} ({}): {count}; {}\n", weight.kind.word(), words::weighed(weight, lang)));
        }
        let day = Text::new("per", "as of").get(lang);
        text.push_str(&format!("\n{day} {}   {}\n", found.today, found.basis.text(lang)));
        text
    }
}
