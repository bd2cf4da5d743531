//! `takar explain`, `takar trends`, `takar forecast`, `takar retention` and `takar accounts`.

use anyhow::Result;
use takar_app::{AppError, Takar};
use takar_insight::{
    InsightError,
    analysis::{Scope, Windows, explain, forecast, miss, miss_windows, retention, risk, trends, windows},
};
use takar_model::{Compare, Credit, Lang};

use crate::{
    args::{Accounts, Against, Explain, Forecast, ReportFormat, Retention, RiskOrder, Trends},
    output,
};

/// Explains why sales moved, or what is behind a gap.
pub fn explain(takar: &Takar, asked: Explain, (credit, lang): (Credit, Lang)) -> Result<()> {
    let source = takar.source(credit)?;
    if asked.miss {
        let found = of(miss_windows(source.as_ref(), asked.from, asked.to, asked.compare).and_then(|windows| {
            let scope = Scope { manager: asked.manager, filter: asked.filter };
            let against_target = asked.against != Some(Against::Base);
            miss::miss(source.as_ref(), &miss::Question { windows, scope, against_target })
        }))?;
        return print(asked.format, || found.table(lang), || found.to_json(lang));
    }
    let compare = asked.compare.unwrap_or(Compare::Prior);
    let Windows { base, current } = of(windows(source.as_ref(), asked.from, asked.to, compare))?;
    let question = explain::Question {
        base,
        current,
        manager: asked.manager,
        filter: asked.filter,
        against_target: asked.against == Some(Against::Target),
        items: asked.items,
    };
    let answer = of(explain::explain(source.as_ref(), &question))?;
    print(asked.format, || answer.table(lang), || answer.to_json(lang))
}

/// Tells trend and pattern.
pub fn trends(takar: &Takar, asked: Trends, (credit, lang): (Credit, Lang)) -> Result<()> {
    let scope = Scope { manager: asked.manager, filter: asked.filter };
    let question = trends::Question { kpi: takar.analysed_kpi(&asked.kpi)?, window: asked.period, scope, by: asked.by };
    let found = takar.trends(credit, &question)?;
    print(asked.format, || found.table(lang), || found.to_json(lang))
}

/// Tells what comes next.
pub fn forecast(takar: &Takar, asked: Forecast, (credit, lang): (Credit, Lang)) -> Result<()> {
    let source = takar.source(credit)?;
    let scope = Scope { manager: asked.manager, filter: asked.filter };
    let question = forecast::Question { scope, by: asked.by, horizon: asked.horizon };
    let found = of(forecast::forecast(source.as_ref(), &question))?;
    print(asked.format, || found.table(lang, asked.backtest), || found.to_json(lang))
}

/// Tells what became of the accounts.
pub fn retention(takar: &Takar, asked: Retention, (credit, lang): (Credit, Lang)) -> Result<()> {
    let source = takar.source(credit)?;
    let windows = of(windows(source.as_ref(), asked.base, asked.period, asked.compare))?;
    let question = retention::Question { windows, manager: asked.manager, filter: asked.filter };
    let kept = of(retention::retention(source.as_ref(), &question))?;
    print(asked.format, || kept.table(lang, asked.cohorts), || kept.to_json(lang))
}

/// Lists accounts by risk.
pub fn accounts(takar: &Takar, asked: Accounts, (credit, lang): (Credit, Lang)) -> Result<()> {
    if asked.plane {
        let plane = takar.accounts_plane(credit, asked.period, asked.manager.as_deref())?;
        return print(asked.format, || plane.table(lang, asked.limit), || Ok(plane.to_json(lang, 0, asked.limit)));
    }
    let source = takar.source(credit)?;
    let question = risk::Question {
        order: match asked.sort {
            RiskOrder::Risk => risk::Order::Risk,
            RiskOrder::Worth => risk::Order::Worth,
        },
        manager: asked.manager,
        filter: asked.filter,
        false_alarms: asked.fdr,
        horizon_days: asked.horizon,
    };
    let risk = of(risk::risk(source.as_ref(), &question))?;
    print(asked.format, || risk.table(lang, asked.limit), || risk.to_json(lang, 0, asked.limit))
}

fn of<T>(result: Result<T, InsightError>) -> Result<T> {
    Ok(result.map_err(AppError::from)?)
}

fn print(
    format: ReportFormat,
    text: impl FnOnce() -> String,
    json: impl FnOnce() -> Result<String, InsightError>,
) -> Result<()> {
    match format {
        ReportFormat::Text => output::write(None, text().as_bytes()),
        ReportFormat::Json => output::line(&of(json())?),
    }
}
