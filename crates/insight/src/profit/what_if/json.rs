//! What would be, as JSON.

use serde::Serialize;
use takar_model::{Credit, Lang, Money};

use super::{Effect, SmallOrders, WhatIf};
use crate::{InsightError, metrics::Dimension, profit::table::nobody};

#[derive(Serialize)]
struct WhatIfJson<'a> {
    period: String,
    price_floor: Option<f64>,
    above_cost: Option<f64>,
    min_order: Option<Money>,
    small_orders: Option<&'static str>,
    small_order_fee: Option<Money>,
    fewer_visits: f64,
    margin_lost: f64,
    total: EffectJson,
    break_even: Option<f64>,
    uncosted_lines: u64,
    uncosted_gain: Money,
    cost_coverage: Option<f64>,
    rows: Vec<RowJson<'a>>,
    total_rows: usize,
    summary: Vec<String>,
    notes: Vec<String>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct RowJson<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    #[serde(flatten)]
    effect: EffectJson,
}

#[derive(Serialize)]
struct EffectJson {
    profit: Money,
    raised_lines: u64,
    price_gain: Money,
    orders: u64,
    small_orders: u64,
    small_net: Money,
    small_margin: Money,
    orders_away: u64,
    refused_margin: Money,
    fees: Money,
    order_saving: Money,
    from_orders: Money,
    hours: f64,
    visit_saving: Money,
    touched_margin: Money,
    lost: Money,
    change: Money,
    profit_then: Money,
}

impl From<&Effect> for EffectJson {
    fn from(effect: &Effect) -> Self {
        Self {
            profit: effect.now,
            raised_lines: effect.raised_lines,
            price_gain: effect.price_gain,
            orders: effect.orders,
            small_orders: effect.small_orders,
            small_net: effect.small_net,
            small_margin: effect.small_margin,
            orders_away: effect.orders_away,
            refused_margin: effect.refused_margin,
            fees: effect.fees,
            order_saving: effect.order_saving,
            from_orders: effect.from_orders(),
            hours: effect.hours(),
            visit_saving: effect.visit_saving,
            touched_margin: effect.touched_margin,
            lost: effect.lost,
            change: effect.then() - effect.now,
            profit_then: effect.then(),
        }
    }
}

impl WhatIf {
    /// As JSON for a reader of `lang`: `limit` accounts from `offset` on.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang, offset: usize, limit: usize) -> Result<String, InsightError> {
        let change = self.change;
        let untied = nobody(Dimension::Account).get(lang);
        let rows = self.rows.iter().skip(offset).take(limit).map(|row| RowJson {
            id: row.id.as_deref(),
            name: row.name.as_deref().or_else(|| row.id.is_none().then_some(untied)),
            effect: (&row.effect).into(),
        });
        let answer = WhatIfJson {
            period: self.period.to_string(),
            price_floor: change.price_floor,
            above_cost: change.above_cost,
            min_order: change.least_order,
            small_orders: change.least_order.map(|_| match change.small_orders {
                SmallOrders::Refuse => "refuse",
                SmallOrders::Merge => "merge",
                SmallOrders::Fee(_) => "fee",
            }),
            small_order_fee: match change.small_orders {
                SmallOrders::Fee(fee) => Some(fee),
                SmallOrders::Refuse | SmallOrders::Merge => None,
            },
            fewer_visits: change.fewer_visits,
            margin_lost: change.margin_lost,
            total: (&self.total).into(),
            break_even: self.total.break_even(),
            uncosted_lines: self.uncosted_lines,
            uncosted_gain: self.uncosted_gain,
            cost_coverage: self.coverage,
            rows: rows.collect(),
            total_rows: self.rows.len(),
            summary: self.summary(lang),
            notes: self.notes(lang),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        };
        super::super::json::written(&answer)
    }
}
