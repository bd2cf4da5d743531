//! What every figure rests on.

use takar_model::{Credit, Lang, Text};

/// The version of the data, and the rule that credits sales to managers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis {
    /// The version of the data.
    pub data_version: u64,
    /// The rule of credit.
    pub credit: Credit,
}

impl Basis {
    /// `versi data: 12`, and the rule of credit where it is not the usual one.
    pub fn text(self, lang: Lang) -> String {
        let version = format!("{}: {}", Text::new("versi data", "data version").get(lang), self.data_version);
        match self.credit {
            Credit::Recorded => version,
            credit => format!("{version}   {}: {}", Text::new("kredit", "credit").get(lang), credit.label().get(lang)),
        }
    }
}
