//! The KPIs whose effect can be measured: those that add up by account and month.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use takar_model::Text;

use crate::InsightError;

/// What an action is to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectKpi {
    /// Net sales.
    NetSales,
    /// Goods in their own unit.
    Units,
    /// Net sales less cost, of lines that have a cost.
    GrossMargin,
    /// Distinct orders.
    Orders,
}

impl EffectKpi {
    /// All, the usual one first.
    pub const ALL: [Self; 4] = [Self::NetSales, Self::Units, Self::GrossMargin, Self::Orders];

    /// Its id among the KPIs.
    pub const fn id(self) -> &'static str {
        match self {
            Self::NetSales => "net_sales",
            Self::Units => "units",
            Self::GrossMargin => "gross_margin",
            Self::Orders => "orders",
        }
    }

    /// What it is called in a sentence.
    pub const fn label(self) -> Text {
        match self {
            Self::NetSales => Text::new("penjualan bersih", "net sales"),
            Self::Units => Text::new("jumlah barang", "units"),
            Self::GrossMargin => Text::new("laba kotor", "gross margin"),
            Self::Orders => Text::new("jumlah pesanan", "orders"),
        }
    }
}

impl FromStr for EffectKpi {
    type Err = InsightError;

    fn from_str(text: &str) -> Result<Self, InsightError> {
        Self::ALL.into_iter().find(|kpi| kpi.id() == text).ok_or_else(|| InsightError::OwnKpi {
            id: format!("efek pada \"{text}\" tidak dapat diukur: pilih net_sales, units, gross_margin atau orders, yang dapat dijumlahkan per akun dan bulan"),
            en: format!("an effect on \"{text}\" cannot be measured: choose net_sales, units, gross_margin or orders, which add up by account and month"),
        })
    }
}
