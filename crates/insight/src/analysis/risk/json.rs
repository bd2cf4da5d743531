//! Risk as JSON.

use serde::Serialize;
use takar_model::{Credit, Lang, Money};
use takar_stats::{
    Interval,
    alive::{PurchaseFit, ValueFit},
};

use super::{AccountRisk, Risk, method_id};
use crate::{InsightError, analysis::told::Told};

#[derive(Serialize)]
struct RiskJson<'a> {
    today: String,
    fdr: f64,
    horizon_days: u16,
    accounts: usize,
    overdue: usize,
    model: Told<&'a PurchaseFit>,
    model_bg: Told<&'a PurchaseFit>,
    model_value: Told<&'a ValueFit>,
    rows: Vec<RowJson<'a>>,
    total_rows: usize,
    summary: Vec<String>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct RowJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
    manager: Option<&'a str>,
    manager_name: Option<&'a str>,
    orders: u32,
    gap_mean: Option<f64>,
    gap_sd: Option<f64>,
    last_order: String,
    since: Option<f64>,
    p_gap: Option<f64>,
    p_adjusted: Option<f64>,
    method: &'static str,
    overdue: Option<bool>,
    risk: Option<f64>,
    p_alive: Option<f64>,
    p_alive_interval: Option<Interval>,
    p_alive_bg: Option<f64>,
    expected_orders: Option<f64>,
    expected_orders_interval: Option<Interval>,
    expected_value: Option<f64>,
    year_sales: Money,
    value_at_risk: Option<Money>,
    words: String,
}

impl<'a> RowJson<'a> {
    fn of(account: &'a AccountRisk, lang: Lang) -> Self {
        let outlook = &account.outlook;
        let rhythm = outlook.rhythm;
        Self {
            id: &account.id,
            name: account.name.as_deref(),
            manager: account.manager.as_deref(),
            manager_name: account.manager_name.as_deref(),
            orders: rhythm.map_or(0, |rhythm| rhythm.orders),
            gap_mean: rhythm.and_then(|rhythm| rhythm.mean_gap),
            gap_sd: rhythm.and_then(|rhythm| rhythm.spread),
            last_order: account.last_order.to_string(),
            since: rhythm.map(|rhythm| rhythm.since_last),
            p_gap: rhythm.and_then(|rhythm| rhythm.gap_chance),
            p_adjusted: rhythm.and_then(|rhythm| rhythm.adjusted),
            method: rhythm.map_or("not_enough", |rhythm| method_id(rhythm.method)),
            overdue: rhythm.and_then(|rhythm| rhythm.overdue),
            risk: outlook.risk,
            p_alive: outlook.p_alive,
            p_alive_interval: outlook.p_alive_interval,
            p_alive_bg: outlook.p_alive_bg,
            expected_orders: outlook.expected_orders.map(|orders| orders.value),
            expected_orders_interval: outlook.expected_orders.map(|orders| orders.interval),
            expected_value: outlook.expected_value,
            year_sales: account.year_sales,
            value_at_risk: account.value_at_risk(),
            words: account.words(lang),
        }
    }
}

impl Risk {
    /// As JSON for a reader of `lang`: `limit` accounts from `offset` on.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang, offset: usize, limit: usize) -> Result<String, InsightError> {
        let answer = RiskJson {
            today: self.today.to_string(),
            fdr: self.false_alarms,
            horizon_days: self.horizon_days,
            accounts: self.accounts.len(),
            overdue: self.overdue(),
            model: Told::of(self.models.purchases.as_ref(), lang),
            model_bg: Told::of(self.models.bg.as_ref(), lang),
            model_value: Told::of(self.models.value.as_ref(), lang),
            rows: self.accounts.iter().skip(offset).take(limit).map(|account| RowJson::of(account, lang)).collect(),
            total_rows: self.accounts.len(),
            summary: self.summary(lang),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        };
        serde_json::to_string(&answer).map_err(|error| InsightError::Unwritable(error.to_string()))
    }
}
