//! Forecasts as JSON.

use serde::Serialize;
use takar_model::{Credit, Lang, Money};
use takar_stats::{
    Estimate, Interval,
    forecast::{Chance, Reliability},
};

use super::{Forecasts, MemberForecast, Outlook, Past};
use crate::{InsightError, analysis::told::Told, format::period_name};

#[derive(Serialize)]
struct ForecastsJson<'a> {
    kpi: &'static str,
    manager: Option<IdJson<'a>>,
    by: Option<&'static str>,
    horizon: usize,
    first: String,
    last: String,
    rows: Vec<RowJson<'a>>,
    backtest: Told<PastJson<'a>>,
    knows_feasts: bool,
    summary: Vec<String>,
    notes: Vec<String>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct IdJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct RowJson<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    history: Vec<MonthJson>,
    forecast: Told<ForecastJson>,
    outlooks: Vec<OutlookJson<'a>>,
}

#[derive(Serialize)]
struct MonthJson {
    month: String,
    value: f64,
}

#[derive(Serialize)]
struct ForecastJson {
    model: &'static str,
    parameters: serde_json::Map<String, serde_json::Value>,
    n: usize,
    steps: Vec<StepJson>,
}

#[derive(Serialize)]
struct StepJson {
    month: String,
    value: f64,
    interval: Interval,
    n: usize,
}

#[derive(Serialize)]
struct OutlookJson<'a> {
    window: String,
    label: String,
    from: String,
    to: String,
    done: Money,
    months_ahead: usize,
    expected: f64,
    interval: Told<Interval>,
    target: Option<Money>,
    chance: Option<Told<&'a Chance>>,
}

#[derive(Serialize)]
struct PastJson<'a> {
    coverage: Told<&'a Estimate>,
    reliability: Told<&'a Reliability>,
    against_year_ago: Option<f64>,
    n: usize,
}

impl Forecasts {
    /// As JSON for a reader of `lang`.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang) -> Result<String, InsightError> {
        let answer = ForecastsJson {
            kpi: "net_sales",
            manager: self.manager.as_ref().map(|(id, name)| IdJson { id, name: name.as_deref() }),
            by: self.by.map(crate::metrics::Dimension::id),
            horizon: self.horizon,
            first: self.months.first.to_string(),
            last: self.months.last.to_string(),
            rows: self.members.iter().map(|member| self.row(member, lang)).collect(),
            backtest: Told::of(self.past.as_ref().map(|past| past_json(past, lang)), lang),
            knows_feasts: self.knows_feasts,
            summary: self.summary(lang),
            notes: self.notes(lang),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        };
        serde_json::to_string(&answer).map_err(|error| InsightError::Unwritable(error.to_string()))
    }

    fn row<'a>(&self, member: &'a MemberForecast, lang: Lang) -> RowJson<'a> {
        let forecast = member.forecast.as_ref().map(|forecast| ForecastJson {
            model: forecast.model,
            parameters: forecast.parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect(),
            n: forecast.n,
            steps: forecast
                .steps
                .iter()
                .zip(1..)
                .map(|(step, place)| StepJson {
                    month: self.months.last.plus(place).to_string(),
                    value: step.value,
                    interval: step.interval,
                    n: step.n,
                })
                .collect(),
        });
        RowJson {
            id: member.id.as_deref(),
            name: member.name.as_deref(),
            history: member
                .history
                .iter()
                .zip(0..)
                .map(|(value, place)| MonthJson { month: member.first.plus(place).to_string(), value: *value })
                .collect(),
            forecast: Told::of(forecast, lang),
            outlooks: member.outlooks.iter().map(|outlook| outlook_json(outlook, lang)).collect(),
        }
    }
}

fn past_json(past: &Past, lang: Lang) -> PastJson<'_> {
    PastJson {
        coverage: Told::of(past.coverage.as_ref(), lang),
        reliability: Told::of(past.reliability.as_ref(), lang),
        against_year_ago: past.against_year_ago,
        n: past.n,
    }
}

fn outlook_json(outlook: &Outlook, lang: Lang) -> OutlookJson<'_> {
    OutlookJson {
        window: outlook.window.to_string(),
        label: period_name(outlook.window, lang),
        from: outlook.window.from().to_string(),
        to: outlook.window.to().to_string(),
        done: outlook.done,
        months_ahead: outlook.ahead,
        expected: outlook.expected,
        interval: Told::of(outlook.interval.as_ref().copied(), lang),
        target: outlook.target,
        chance: outlook.chance.as_ref().map(|chance| Told::of(chance.as_ref(), lang)),
    }
}
