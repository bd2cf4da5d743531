//! What a KPI is.

use serde::{Deserialize, Serialize};
use takar_model::{Lang, Text};

use super::KPIS;
use crate::InsightError;

/// The KPIs that the kernel computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is documented by its definition in KPIS, which people read")]
pub enum Kpi {
    NetSales,
    Units,
    Orders,
    OrderValue,
    GrossMargin,
    MarginRate,
    DiscountRate,
    ReturnRate,
    ActiveAccounts,
    NewAccounts,
    RetainedAccounts,
    ReactivatedAccounts,
    LostAccounts,
    LogoRetention,
    GrossRetention,
    NetRetention,
    RepeatRate,
    GrowthPrior,
    GrowthYear,
    Target,
    Attainment,
    Share,
    MarketShare,
    MarketPlan,
}

/// What a figure is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Money in the currency of the data.
    Money,
    /// Goods in their own unit.
    Quantity,
    /// Whole numbers of things.
    Count,
    /// A ratio; 1 is 100 %.
    Rate,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// More is better.
    #[serde(rename = "higher")]
    HigherIsBetter,
    /// Less is better.
    #[serde(rename = "lower")]
    LowerIsBetter,
    /// Neither.
    #[serde(rename = "neutral")]
    Neutral,
}

/// How figures of parts make the figure of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Nature {
    /// Parts add up.
    Additive,
    /// Tops and bottoms add up, the ratio does not.
    Ratio,
    /// Things are counted once, in however many parts they are.
    Distinct,
}

/// A KPI as data: what it is called, what it means, how to check it.
#[derive(Debug, PartialEq)]
pub struct KpiDefinition {
    /// Which one.
    pub kpi: Kpi,
    /// Its name in commands, addresses and JSON.
    pub id: &'static str,
    /// Its name for people.
    pub name: Text,
    /// What it means, printed beside the figure.
    pub definition: Text,
    /// What it is measured in.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// Whether it adds up.
    pub nature: Nature,
    /// An independent query over the table `lines` (and `targets`) that yields this KPI of the whole company
    /// in one column `value`. `{from}`, `{to}`, `{base_from}`, `{base_to}` stand for days as `2025-10-01`;
    /// the base is the year-ago window for `growth_year` and the window before for all others.
    pub check_sql: &'static str,
}

impl KpiDefinition {
    /// The check query for these windows.
    pub fn check_sql_for(&self, window: takar_model::Period, base: takar_model::Period) -> String {
        self.check_sql
            .replace("{from}", &window.from().to_string())
            .replace("{to}", &window.to().to_string())
            .replace("{base_from}", &base.from().to_string())
            .replace("{base_to}", &base.to().to_string())
    }

    /// As JSON for a reader of `lang`: id, name, definition, unit, direction, nature.
    pub fn to_json(&self, lang: Lang) -> serde_json::Value {
        serde_json::json!({
            "id": self.id,
            "name": self.name.get(lang),
            "definition": self.definition.get(lang),
            "unit": self.unit,
            "direction": self.direction,
            "nature": self.nature,
        })
    }
}

impl Kpi {
    /// Its definition.
    pub fn definition(self) -> &'static KpiDefinition {
        let place = KPIS.iter().position(|definition| definition.kpi == self);
        &KPIS[place.expect("a test sees to it that every KPI is in the table")]
    }

    /// The definition of a KPI by its id.
    ///
    /// # Errors
    /// [`InsightError::UnknownKpi`], listing the ones there are.
    pub fn parse(id: &str) -> Result<&'static KpiDefinition, InsightError> {
        let wanted = id.trim().to_ascii_lowercase();
        KPIS.iter().find(|kpi| kpi.id == wanted).ok_or_else(|| InsightError::UnknownKpi(id.trim().to_owned()))
    }

    /// Compares accounts with the base window.
    pub(crate) const fn needs_base(self) -> bool {
        matches!(
            self,
            Self::NewAccounts
                | Self::RetainedAccounts
                | Self::ReactivatedAccounts
                | Self::LostAccounts
                | Self::LogoRetention
                | Self::GrossRetention
                | Self::NetRetention
        )
    }

    /// Counts accounts.
    pub(crate) const fn needs_accounts(self) -> bool {
        self.needs_base() || matches!(self, Self::ActiveAccounts | Self::RepeatRate)
    }

    /// Counts orders.
    pub(crate) const fn needs_orders(self) -> bool {
        matches!(self, Self::Orders | Self::OrderValue | Self::RepeatRate)
    }

    /// Looks at targets.
    pub(crate) const fn needs_targets(self) -> bool {
        matches!(self, Self::Target | Self::Attainment)
    }

    /// Looks at market sizes.
    pub(crate) const fn needs_market(self) -> bool {
        matches!(self, Self::MarketShare | Self::MarketPlan)
    }

    /// Looks at costs.
    pub(crate) const fn needs_costs(self) -> bool {
        matches!(self, Self::GrossMargin | Self::MarginRate)
    }
}
