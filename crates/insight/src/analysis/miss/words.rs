//! The parts of the gap in words.

use takar_model::{Lang, Money, Text};
use takar_stats::miss::Stop;

use super::{Expectation, Miss, Part, Value};
use crate::{
    format::{Currency, period_name, signed_money},
    metrics::{Dimension, Value as Figure},
};

/// Parts that are named in the summary.
const FEW: usize = 3;

impl Value {
    /// `Produk Kopi Prima`.
    pub fn label(&self, lang: Lang) -> String {
        let nobody = match self.dimension {
            Dimension::Account => Text::new("tanpa akun", "without account"),
            Dimension::Manager => Text::new("tanpa manajer", "without manager"),
            _ => Text::new("tanpa nama", "unnamed"),
        };
        let member = self.name.as_deref().or(self.id.as_deref()).unwrap_or(nobody.get(lang));
        format!("{} {member}", self.dimension.name().get(lang).to_lowercase())
    }
}

impl Part {
    /// What its cells share; `all else` where nothing.
    pub fn label(&self, lang: Lang) -> String {
        if self.values.is_empty() {
            return Text::new("selebihnya", "all else").get(lang).to_owned();
        }
        self.values.iter().map(|value| value.label(lang)).collect::<Vec<_>>().join(" × ")
    }
}

impl Miss {
    pub(super) fn money(&self, money: Money, lang: Lang) -> String {
        Currency(self.currency.clone()).money(money, lang)
    }

    pub(super) fn signed(&self, money: Money, lang: Lang) -> String {
        signed_money(money, &Currency(self.currency.clone()), lang)
    }

    /// What happened, in a few sentences.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let window = period_name(self.windows.current, lang);
        let of = self.manager.as_ref().map(|(id, name)| name.as_deref().unwrap_or(id));
        let of = of.map_or_else(String::new, |name| format!(" {name}"));
        let gap = self.gap();
        let size = self.money(if gap.is_negative() { -gap } else { gap }, lang);
        let (actual, expected) = (self.money(self.actual, lang), self.money(self.expected, lang));
        let aim = match self.expectation {
            Expectation::Base => period_name(self.windows.base, lang),
            _ => "target".to_owned(),
        };
        let first = match (lang, gap.units().signum()) {
            (Lang::Id, 0) => format!("Penjualan bersih{of} {window} tepat sama dengan {aim}: {actual}."),
            (Lang::En, 0) => format!("Net sales{of} in {window} equal the {aim}: {actual}."),
            (Lang::Id, way) => format!(
                "Penjualan bersih{of} {window} {size} di {} {aim} {expected}.",
                if way < 0 { "bawah" } else { "atas" }
            ),
            (Lang::En, way) => format!(
                "Net sales{of} in {window} are {size} {} the {aim} of {expected}.",
                if way < 0 { "below" } else { "above" }
            ),
        };
        let mut said = vec![first];
        let told = |is_with_the_gap: bool| -> Vec<String> {
            let parts =
                self.parts.iter().filter(|part| (part.gap().is_negative() == gap.is_negative()) == is_with_the_gap);
            let part = |part: &Part| {
                let share = Figure::Rate(part.share).format(lang);
                let of_gap = Text::new("dari selisih", "of the gap").get(lang);
                format!("{} {} ({share} {of_gap})", part.label(lang), self.signed(part.gap(), lang))
            };
            parts.take(FEW).map(part).collect()
        };
        let (because, against) = (told(true), told(false));
        if !because.is_empty() {
            let begin = Text::new("Terutama karena: ", "Mostly because of: ").get(lang);
            said.push(format!("{begin}{}.", because.join("; ")));
        }
        if !against.is_empty() {
            let begin = match gap.is_negative() {
                true => Text::new("Yang menutup sebagian: ", "What makes up for part of it: "),
                false => Text::new("Yang menahannya: ", "What holds it back: "),
            };
            said.push(format!("{}{}.", begin.get(lang), against.join("; ")));
        }
        if self.rest_is_general && self.rest.gap() != Money::ZERO {
            let rest = self.signed(self.rest.gap(), lang);
            said.push(match lang {
                Lang::Id => format!("Selebihnya ({rest}) merata di semua akun dan produk, bukan pada beberapa saja."),
                Lang::En => format!("The rest ({rest}) is spread over all accounts and products, not on a few."),
            });
        } else if self.stop == Stop::Alike && self.parts.is_empty() && gap != Money::ZERO {
            said.push(
                Text::new(
                    "Tidak ada akun, produk, wilayah, atau manajer yang menonjol: selisihnya tersebar.",
                    "No account, product, region or manager stands out: the gap is scattered.",
                )
                .get(lang)
                .to_owned(),
            );
        }
        said
    }

    /// What the reader should know.
    pub fn notes(&self, lang: Lang) -> Vec<String> {
        let base = period_name(self.windows.base, lang);
        let mut notes = match (self.expectation, lang) {
            (Expectation::Base, _) => Vec::new(),
            (Expectation::ManagerTargets, Lang::Id) => {
                vec![format!("Target tiap manajer dibagi ke akun dan produknya menurut penjualan {base}.")]
            }
            (Expectation::ManagerTargets, Lang::En) => {
                vec![format!("Each manager's target is spread over his accounts and products as they sold in {base}.")]
            }
            (Expectation::OneTarget, Lang::Id) => {
                vec![format!("Target dibagi ke akun dan produk menurut penjualan {base}.")]
            }
            (Expectation::OneTarget, Lang::En) => {
                vec![format!("The target is spread over accounts and products as they sold in {base}.")]
            }
        };
        if let Some(coverage) = self.coverage.filter(|coverage| *coverage < 1.0) {
            let share = Figure::Rate(coverage).format(lang);
            notes.push(match lang {
                Lang::Id => {
                    format!("Target hanya mencakup {share} dari penjualan; penjualan di luarnya ikut dihitung.")
                }
                Lang::En => format!("Targets cover only {share} of the sales; sales outside them are counted too."),
            });
        }
        notes
    }
}
