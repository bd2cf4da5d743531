//! Profit as JSON.

use serde::Serialize;
use takar_model::{Credit, Lang, Money};

use super::{Figures, Profit, ProfitRow, Rates, table::nobody};
use crate::InsightError;

#[derive(Serialize)]
struct ProfitJson<'a> {
    period: String,
    base: Option<String>,
    by: &'static str,
    rows: Vec<RowJson<'a>>,
    total_rows: usize,
    untied: Option<RowJson<'a>>,
    total: RowJson<'a>,
    losing: Vec<RowJson<'a>>,
    total_losing: usize,
    unknown: usize,
    whale: Option<WhaleJson>,
    costly: Vec<CostlyJson<'a>>,
    compared: usize,
    rates: Rates,
    summary: Vec<String>,
    notes: Vec<String>,
    definitions: Vec<DefinitionJson>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct RowJson<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    net_sales: Money,
    margin: Option<Money>,
    cost_coverage: Option<f64>,
    hours: f64,
    activity_hours: f64,
    told_cost: Money,
    hours_cost: Money,
    cost: Money,
    profit: Option<Money>,
    profit_base: Option<Money>,
    change: Option<Money>,
}

#[derive(Serialize)]
struct WhaleJson {
    accounts: usize,
    accounts_to_peak: usize,
    peak: Money,
    total: Money,
    peak_share: Option<f64>,
    points: Vec<PointJson>,
}

#[derive(Serialize)]
struct PointJson {
    accounts: usize,
    profit: Money,
    share: Option<f64>,
}

#[derive(Serialize)]
struct CostlyJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
    net_sales: Money,
    cost: Money,
    usual: Money,
    distance: f64,
    n: usize,
}

#[derive(Serialize)]
struct DefinitionJson {
    figure: &'static str,
    name: &'static str,
    text: &'static str,
}

impl<'a> RowJson<'a> {
    fn of(row: &'a ProfitRow) -> Self {
        let figures = &row.figures;
        let base = row.base.as_ref().and_then(Figures::profit);
        Self {
            id: row.id.as_deref(),
            name: row.name.as_deref(),
            net_sales: figures.net_sales,
            margin: figures.is_known().then_some(figures.margin),
            cost_coverage: figures.coverage(),
            hours: figures.hours(),
            activity_hours: figures.activity_hours as f64 / 1e6,
            told_cost: figures.told_cost,
            hours_cost: figures.hours_cost,
            cost: figures.cost(),
            profit: figures.profit(),
            profit_base: base,
            change: figures.profit().zip(base).map(|(now, before)| now - before),
        }
    }
}

impl Profit {
    /// As JSON for a reader of `lang`: `limit` rows from `offset` on.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang, offset: usize, limit: usize) -> Result<String, InsightError> {
        let row = |row| RowJson::of(row);
        let whale = self.whale.as_ref().map(|whale| WhaleJson {
            accounts: whale.accounts,
            accounts_to_peak: whale.accounts_to_peak,
            peak: whale.peak,
            total: whale.total,
            peak_share: whale.peak_share,
            points: whale
                .points
                .iter()
                .map(|(accounts, profit)| PointJson {
                    accounts: *accounts,
                    profit: *profit,
                    share: (whale.total > Money::ZERO).then(|| profit.to_f64() / whale.total.to_f64()),
                })
                .collect(),
        });
        let costly = self.costly.iter().take(limit).map(|account| CostlyJson {
            id: &account.id,
            name: account.name.as_deref(),
            net_sales: account.net_sales,
            cost: account.cost,
            usual: account.usual,
            distance: account.distance,
            n: account.n,
        });
        let untied =
            self.untied.as_ref().map(|untied| RowJson { name: Some(nobody(self.by).get(lang)), ..row(untied) });
        let answer = ProfitJson {
            period: self.period.to_string(),
            base: self.base.map(|base| base.to_string()),
            by: self.by.id(),
            rows: self.rows.iter().skip(offset).take(limit).map(row).collect(),
            total_rows: self.rows.len(),
            untied,
            total: RowJson::of(&self.total),
            losing: self.losing.iter().take(limit).map(row).collect(),
            total_losing: self.losing.len(),
            unknown: self.unknown,
            whale,
            costly: costly.collect(),
            compared: self.compared,
            rates: self.rates,
            summary: self.summary(lang),
            notes: self.notes(lang),
            definitions: Self::definitions(lang)
                .into_iter()
                .map(|(figure, name, text)| DefinitionJson { figure, name, text })
                .collect(),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        };
        written(&answer)
    }
}

pub(super) fn written(answer: &impl Serialize) -> Result<String, InsightError> {
    serde_json::to_string(answer).map_err(|error| InsightError::Unwritable(error.to_string()))
}
