//! What a home holds, at a glance.

use serde::Serialize;
use takar_import::Ppn;
use takar_insight::metrics::{CellSource, Dimension, Kpi, Query};
use takar_lake::{LineFilter, LinePage};
use takar_model::{Credit, Period};

use crate::{Result, Takar};

/// What a home holds.
#[derive(Debug, Serialize)]
pub struct Status {
    /// The version of the program.
    pub version: &'static str,
    /// The version of the data.
    pub data_version: u64,
    /// Nothing was imported yet.
    pub empty: bool,
    /// The first and the last date.
    pub extent: Option<Extent>,
    /// The one currency of the data, where it names just one.
    pub currency: Option<String>,
    /// Whether amounts contain PPN, where that was said.
    pub ppn: Option<Ppn>,
    /// Accounts with sales that no manager has.
    pub unassigned_accounts: usize,
    /// It is known whose accounts are, so that sales can be credited to owners.
    pub has_owners: bool,
    /// How many lines count.
    pub lines: u64,
}

/// A first and a last date.
#[derive(Debug, Serialize)]
pub struct Extent {
    /// The first.
    pub from: String,
    /// The last.
    pub to: String,
}

impl Takar {
    /// What this home holds.
    pub fn status(&self) -> Result<Status> {
        let source = self.lake_source(Credit::Recorded)?;
        let extent: Option<Period> = source.extent();
        let currencies = &source.names().currencies;
        Ok(Status {
            version: env!("CARGO_PKG_VERSION"),
            data_version: source.data_version(),
            empty: source.lines() == 0,
            extent: extent.map(|all| Extent { from: all.from().to_string(), to: all.to().to_string() }),
            currency: if currencies.len() == 1 { currencies.first().cloned() } else { None },
            ppn: self.ppn_of("default")?,
            unassigned_accounts: self.accounts_without_manager()?,
            has_owners: source.has_owners()?,
            lines: source.lines(),
        })
    }

    /// The rows behind a figure.
    pub fn lines(&self, filter: &LineFilter) -> Result<LinePage> {
        Ok(self.lake.lines(&LineFilter { reach: self.reach_ids(), ..filter.clone() })?)
    }

    fn accounts_without_manager(&self) -> Result<usize> {
        let source = self.lake_source(Credit::Recorded)?;
        let query = Query {
            by: vec![Dimension::Manager],
            period: None,
            kpis: vec![Kpi::parse("active_accounts")?],
            compare: None,
            filter: None,
        };
        if source.names().account.is_empty() {
            return Ok(0);
        }
        let table = takar_insight::metrics::run(source.as_ref(), &query)?;
        let nobody = table.rows.iter().find(|row| row.keys.first().is_some_and(|manager| manager.id.is_none()));
        Ok(match nobody.and_then(|row| row.values.first()) {
            Some(takar_insight::metrics::Value::Count(count)) => usize::try_from(*count).unwrap_or_default(),
            _ => 0,
        })
    }
}
