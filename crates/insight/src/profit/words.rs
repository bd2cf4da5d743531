//! Profit in sentences.

use takar_model::{Lang, Money, Text};

use super::Profit;
use crate::{
    format::Currency,
    metrics::{Dimension, Value},
};

impl Profit {
    /// What the figures say, the most important first.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let currency = Currency(self.currency.clone());
        let money = |amount: Money| currency.money(amount, lang);
        let figures = self.total.figures;
        let profit = figures.margin - figures.cost();
        let (margin, cost) = (money(figures.margin), money(figures.cost()));
        if !figures.is_known() {
            return vec![match lang {
                Lang::Id => {
                    format!("Laba bersih tidak diketahui: tidak satu baris pun memuat HPP. Biaya melayani {cost}.")
                }
                Lang::En => format!("Net profit is not known: no line has a cost of goods. Cost to serve {cost}."),
            }];
        }
        let mut said = vec![match lang {
            Lang::Id => format!("Laba bersih {}: margin {margin} dikurangi biaya melayani {cost}.", money(profit)),
            Lang::En => format!("Net profit {}: margin {margin} less cost to serve {cost}.", money(profit)),
        }];
        if let Some(whale) = &self.whale
            && let Some(share) = whale.peak_share.filter(|share| *share > 1.0)
        {
            let (earn, all) = (whale.accounts_to_peak, whale.accounts);
            let share = Value::Rate(share).format(lang);
            let (peak, drained) = (money(whale.peak), money(whale.peak - whale.total));
            said.push(match lang {
                Lang::Id => format!(
                    "{earn} dari {all} akun menghasilkan {peak} ({share} dari laba semua akun); akun lain menguras {drained} darinya."
                ),
                Lang::En => format!(
                    "{earn} of {all} accounts earn {peak} ({share} of the profit of all accounts); others drain {drained} of it."
                ),
            });
        }
        said.push(match (lang, self.losing.len()) {
            (Lang::Id, 0) => "Tidak ada akun yang biayanya melebihi marginnya.".to_owned(),
            (Lang::En, 0) => "No account costs more than it earns.".to_owned(),
            (Lang::Id, count) => format!("{count} akun lebih besar biayanya daripada marginnya."),
            (Lang::En, 1) => "1 account costs more than it earns.".to_owned(),
            (Lang::En, count) => format!("{count} accounts cost more than they earn."),
        });
        said
    }

    /// What to know before the figures are used.
    pub fn notes(&self, lang: Lang) -> Vec<String> {
        let currency = Currency(self.currency.clone());
        let figures = self.total.figures;
        let mut notes = Vec::new();
        let mut note = |id: String, en: String| {
            notes.push(match lang {
                Lang::Id => id,
                Lang::En => en,
            });
        };
        if let Some(coverage) = figures.coverage() {
            let share = Value::Rate(coverage).format(lang);
            note(
                format!("Margin hanya dari baris yang memuat HPP: {share} dari penjualan bersih."),
                format!("The margin is of lines that have a cost: {share} of net sales."),
            );
        }
        if self.unknown > 0 {
            let count = self.unknown;
            note(
                format!("{count} akun tanpa satu baris pun yang memuat HPP: labanya tidak diketahui."),
                format!("{count} accounts have no line with a cost: their profit is not known."),
            );
        }
        let hours = crate::format::money_of(figures.hours()).format(lang, 1);
        match self.rates.hourly {
            Some(rate) => {
                let rate = currency.money(crate::format::money_of(rate), lang);
                note(
                    format!("{hours} jam dihitung dengan tarif {rate} per jam."),
                    format!("{hours} hours are counted at {rate} an hour."),
                );
            }
            None if figures.micro_hours > 0 => note(
                format!("{hours} jam belum berbiaya: tetapkan tarif per jam (takar profit rate --hourly)."),
                format!("{hours} hours have no cost yet: set an hourly rate (takar profit rate --hourly)."),
            ),
            None => {}
        }
        if figures.cost() == Money::ZERO && figures.micro_hours == 0 {
            note(
                "Belum ada biaya melayani: impor dengan takar import costs, atau aktivitas berikut jamnya.".to_owned(),
                "There are no costs to serve yet: bring them in with takar import costs, or activities with their hours."
                    .to_owned(),
            );
        }
        note(
            "Biaya yang menyebut uang dihitung sebesar uangnya; jam atau hari hanya bila uangnya tidak disebut. Jam aktivitas dihitung hanya untuk akun dan bulan yang biayanya tidak menyebut jam atau hari, agar tidak terhitung dua kali.".to_owned(),
            "A cost that tells money counts as that money; its hours or days count only where it tells none. Hours of activities count only for an account in months in which no cost tells hours or days of it, so that none counts twice.".to_owned(),
        );
        if self.by == Dimension::Branch {
            note(
                "Baris biaya tidak menyebut cabang: ia dihitung di cabang akunnya, atau cabang manajernya bila akunnya tidak bercabang; penjualan di cabang yang disebut barisnya. Semua cabang berjumlah tepat sama dengan totalnya.".to_owned(),
                "Costs name no branch: they count in the branch of their account, else of their manager; sales in the branch that their line names. All branches add up to the total exactly.".to_owned(),
            );
        }
        if !self.has_peers() && self.compared > 0 {
            let count = self.compared;
            note(
                format!(
                    "Baru {count} akun yang berbiaya dan berpenjualan: terlalu sedikit untuk dibandingkan dengan sesamanya."
                ),
                format!("Only {count} accounts have both a cost and sales: too few to hold against peers."),
            );
        }
        notes
    }

    /// What each figure means.
    pub fn definitions(lang: Lang) -> Vec<(&'static str, &'static str, &'static str)> {
        let all = [
            (
                "margin",
                Text::new("Margin", "Margin"),
                Text::new(
                    "Penjualan bersih dikurangi HPP, hanya baris yang memuat HPP.",
                    "Net sales less cost of goods, of the lines that have a cost.",
                ),
            ),
            (
                "cost",
                Text::new("Biaya melayani", "Cost to serve"),
                Text::new(
                    "Biaya yang dicatat dalam uang, ditambah jam melayani kali tarif per jam.",
                    "Costs told in money, and hours of serving at the hourly rate.",
                ),
            ),
            (
                "profit",
                Text::new("Laba bersih", "Net profit"),
                Text::new("Margin dikurangi biaya melayani.", "Margin less cost to serve."),
            ),
        ];
        all.into_iter().map(|(id, name, text)| (id, name.get(lang), text.get(lang))).collect()
    }
}
