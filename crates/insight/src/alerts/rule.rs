//! What is watched, and how.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use takar_model::Text;
use takar_stats::alarm::{Reference, Side};

use crate::{InsightError, metrics::Dimension};

/// Of whom or what the figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The whole company.
    Company,
    /// Each region.
    Region,
    /// Each branch.
    Branch,
    /// Each segment.
    Segment,
    /// Each category of products.
    Category,
    /// Each account manager.
    Manager,
    /// Each account.
    Account,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Company, Self::Region, Self::Branch, Self::Segment, Self::Category, Self::Manager, Self::Account];

    /// Its name in commands, addresses and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Company => "company",
            _ => match self.dimension() {
                Some(dimension) => dimension.id(),
                None => "",
            },
        }
    }

    /// What it is called.
    pub const fn label(self) -> Text {
        match self {
            Self::Company => Text::new("Perusahaan", "Company"),
            Self::Region => Dimension::Region.name(),
            Self::Branch => Dimension::Branch.name(),
            Self::Segment => Dimension::Segment.name(),
            Self::Category => Dimension::Category.name(),
            Self::Manager => Dimension::Manager.name(),
            Self::Account => Dimension::Account.name(),
        }
    }

    /// What figures are broken down by; nothing for the company.
    pub const fn dimension(self) -> Option<Dimension> {
        match self {
            Self::Company => None,
            Self::Region => Some(Dimension::Region),
            Self::Branch => Some(Dimension::Branch),
            Self::Segment => Some(Dimension::Segment),
            Self::Category => Some(Dimension::Category),
            Self::Manager => Some(Dimension::Manager),
            Self::Account => Some(Dimension::Account),
        }
    }
}

impl FromStr for Scope {
    type Err = InsightError;

    fn from_str(text: &str) -> Result<Self, InsightError> {
        let wanted = text.trim().to_ascii_lowercase();
        let found = Self::ALL.into_iter().find(|scope| scope.name() == wanted);
        found.ok_or_else(|| InsightError::UnknownDimension(text.trim().to_owned()))
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The KPI's id, built in or the company's own.
    pub kpi: String,
    /// Of whom or what.
    pub by: Scope,
    /// Only of this member, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Only of these lines, as a filter is written.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// What months are held against.
    #[serde(default = "history")]
    pub against: Reference,
    /// Which side is told.
    #[serde(default = "low")]
    pub side: Side,
    /// False alarms allowed a year, over all that is watched: 0.01 to 366.
    #[serde(default = "one")]
    pub a_year: f64,
    /// So many months in a row have to be off: 1 to 6.
    #[serde(default = "once")]
    pub confirm: usize,
    /// Nothing nearer to what was expected than this share is told: 0 to 10, 0.1 is 10 %.
    #[serde(default)]
    pub at_least: f64,
}

const fn history() -> Reference {
    Reference::History
}

const fn low() -> Side {
    Side::Low
}

const fn one() -> f64 {
    1.0
}

const fn once() -> usize {
    1
}

impl Rule {
    /// Numbers lie in their ranges, and texts are not without end.
    ///
    /// # Errors
    /// [`InsightError::OwnKpi`], which says what to write instead.
    pub fn check(&self) -> Result<(), InsightError> {
        let wrong = |id: &str, en: &str| Err(InsightError::OwnKpi { id: id.to_owned(), en: en.to_owned() });
        if !(0.01..=366.0).contains(&self.a_year) {
            return wrong(
                "alarm keliru setahun harus 0,01 sampai 366: tulis misalnya 1",
                "false alarms a year must be 0.01 to 366: write 1, say",
            );
        }
        if !(1..=6).contains(&self.confirm) {
            return wrong(
                "bulan berturut-turut harus 1 sampai 6: tulis misalnya 2",
                "months in a row must be 1 to 6: write 2, say",
            );
        }
        if !(0.0..=10.0).contains(&self.at_least) {
            return wrong(
                "jarak terkecil harus 0 sampai 10: tulis 0.1 untuk 10 %",
                "the least distance must be 0 to 10: write 0.1 for 10 %",
            );
        }
        if self.by == Scope::Company && self.member.is_some() {
            return wrong(
                "perusahaan tidak punya anggota: hapus anggota, atau pilih rincian lain",
                "the company has no members: leave the member out, or choose another breakdown",
            );
        }
        if (self.by == Scope::Company || self.member.is_some()) && self.against == Reference::Peers {
            return wrong(
                "dengan sesama hanya bisa bila beberapa dipantau sekaligus: pilih rincian tanpa anggota",
                "peers need several that are watched together: choose a breakdown without a member",
            );
        }
        let is_long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.chars().count() > 1_000);
        if is_long(&self.member) || is_long(&self.filter) {
            return wrong("anggota atau saringan terlalu panjang", "the member or the filter is too long");
        }
        Ok(())
    }
}
