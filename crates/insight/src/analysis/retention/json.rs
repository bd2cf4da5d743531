//! Retention as JSON.

use serde::Serialize;
use takar_model::{Credit, Lang, Money};
use takar_stats::{Amount, Interval};

use super::{Kept, words};
use crate::{InsightError, metrics::Value};

/// Points of a curve, at most: more than a screen can show.
const POINTS: usize = 200;

#[derive(Serialize)]
struct KeptJson<'a> {
    window: WindowJson,
    base: WindowJson,
    manager: Option<MemberJson<'a>>,
    base_total: Money,
    current_total: Money,
    difference: Money,
    bridge: Vec<BarJson>,
    rates: Vec<RateJson>,
    cohorts: CohortsJson,
    pareto: Option<ParetoJson>,
    whale: Option<WhaleJson>,
    whale_note: String,
    summary: Vec<String>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct WindowJson {
    from: String,
    to: String,
    label: String,
}

#[derive(Serialize)]
struct MemberJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct BarJson {
    bar: &'static str,
    label: &'static str,
    accounts: usize,
    base: Money,
    current: Money,
    amount: Money,
    /// Where the bar begins and ends in the waterfall.
    start: Money,
    end: Money,
}

#[derive(Serialize)]
struct RateJson {
    kpi: &'static str,
    name: Option<&'static str>,
    definition: Option<&'static str>,
    value: Option<Value>,
    interval: Option<Interval>,
    n: usize,
}

#[derive(Serialize)]
struct CohortsJson {
    last: String,
    rows: Vec<CohortJson>,
}

#[derive(Serialize)]
struct CohortJson {
    cohort: String,
    accounts: usize,
    active: Vec<usize>,
    /// Active of all accounts of the cohort.
    shares: Vec<f64>,
    net: Vec<Money>,
}

#[derive(Serialize)]
struct ParetoJson {
    accounts: usize,
    top20_share: f64,
    accounts_for_80: usize,
    gini: f64,
    points: Vec<PointJson>,
}

#[derive(Serialize)]
struct WhaleJson {
    accounts: usize,
    peak: Money,
    peak_accounts: usize,
    falling_from: usize,
    final_total: Money,
    points: Vec<PointJson>,
}

/// After this many accounts, so much of the whole (a share), or so much money.
#[derive(Serialize)]
struct PointJson {
    accounts: usize,
    share: f64,
    amount: Money,
}

fn points(cumulative: &[Amount], whole: Amount) -> Vec<PointJson> {
    let every = cumulative.len().div_ceil(POINTS).max(1);
    let is_shown = |place: usize| (place + 1).is_multiple_of(every) || place + 1 == cumulative.len();
    let point = |(place, amount): (usize, &Amount)| PointJson {
        accounts: place + 1,
        share: if whole.0 == 0 { 0.0 } else { amount.0 as f64 / whole.0 as f64 },
        amount: Money::from_units(amount.0),
    };
    cumulative.iter().enumerate().filter(|(place, _)| is_shown(*place)).map(point).collect()
}

fn window(period: takar_model::Period) -> WindowJson {
    WindowJson { from: period.from().to_string(), to: period.to().to_string(), label: period.to_string() }
}

impl Kept {
    /// As JSON for a reader of `lang`.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang) -> Result<String, InsightError> {
        let mut rates: Vec<RateJson> = self
            .ratios()
            .into_iter()
            .map(|(kpi, ratio)| {
                let (value, interval) = (ratio.map(|ratio| ratio.value), ratio.and_then(|ratio| ratio.interval));
                rate(kpi, value, interval, ratio.map_or(0, |ratio| ratio.n), lang)
            })
            .collect();
        let repeat = self.repeat;
        rates.push(rate(
            "repeat_rate",
            repeat.map(|share| share.value),
            repeat.map(|share| share.interval),
            repeat.map_or(0, |share| share.n),
            lang,
        ));
        let answer = KeptJson {
            window: window(self.windows.current),
            base: window(self.windows.base),
            manager: self.manager.as_ref().map(|(id, name)| MemberJson { id, name: name.as_deref() }),
            base_total: self.base,
            current_total: self.current,
            difference: self.current - self.base,
            bridge: self.bridge_json(lang),
            rates,
            cohorts: CohortsJson {
                last: Self::month(self.cohorts.last).to_string(),
                rows: self
                    .cohorts
                    .cohorts
                    .iter()
                    .map(|cohort| CohortJson {
                        cohort: Self::month(cohort.month).to_string(),
                        accounts: cohort.accounts,
                        active: cohort.cells.iter().map(|cell| cell.active).collect(),
                        shares: cohort
                            .cells
                            .iter()
                            .map(|cell| cell.active as f64 / cohort.accounts.max(1) as f64)
                            .collect(),
                        net: cohort.cells.iter().map(|cell| Money::from_units(cell.net.0)).collect(),
                    })
                    .collect(),
            },
            pareto: self.pareto.as_ref().map(|pareto| ParetoJson {
                accounts: pareto.n,
                top20_share: pareto.share_of_top(0.2),
                accounts_for_80: pareto.accounts_reaching(0.8),
                gini: pareto.gini,
                points: points(&pareto.cumulative, pareto.total),
            }),
            whale: self.whale.as_ref().map(|whale| WhaleJson {
                accounts: whale.curve.n,
                peak: Money::from_units(whale.curve.peak.0),
                peak_accounts: whale.curve.accounts_to_peak,
                falling_from: whale.curve.accounts_to_fall,
                final_total: Money::from_units(whale.curve.total.0),
                points: points(&whale.curve.cumulative, whale.curve.total),
            }),
            whale_note: self.whale_note(lang),
            summary: self.summary(lang),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        };
        serde_json::to_string(&answer).map_err(|error| InsightError::Unwritable(error.to_string()))
    }
}

impl Kept {
    fn bridge_json(&self, lang: Lang) -> Vec<BarJson> {
        let mut reached = self.base;
        let bars = self.bars.iter().map(|bar| {
            let start = reached;
            reached += bar.change();
            BarJson {
                bar: words::id(bar.status),
                label: words::name(bar.status).get(lang),
                accounts: bar.accounts,
                base: bar.base,
                current: bar.current,
                amount: bar.change(),
                start,
                end: reached,
            }
        });
        bars.collect()
    }
}

fn rate(kpi: &'static str, value: Option<f64>, interval: Option<Interval>, n: usize, lang: Lang) -> RateJson {
    let told = words::kpi(kpi);
    RateJson {
        kpi,
        name: told.map(|(name, _)| name.get(lang)),
        definition: told.map(|(_, definition)| definition.get(lang)),
        value: value.map(Value::Rate),
        interval,
        n,
    }
}
