//! `takar profit`: margin after what it costs to serve.

use anyhow::Result;
use clap::{Args, Subcommand};
use takar_app::{AppError, Takar};
use takar_insight::{
    metrics::{Dimension, Filter},
    profit::{Change, Question, Rates},
};
use takar_model::{Compare, Credit, Lang, Period, Text};

use crate::{
    args::{ReportFormat, compare, dimension, filter, period},
    output,
};

/// `takar profit`.
#[derive(Debug, Args)]
pub struct ProfitAsked {
    /// What to do; without it, the profit of each member
    #[command(subcommand)]
    pub verb: Option<ProfitVerb>,
    /// A row for each account, manager, segment or region
    #[arg(long, value_parser = dimension, default_value = "account")]
    pub by: Dimension,
    /// Beside it: prior (the window before) or year (a year earlier)
    #[arg(long, value_parser = compare)]
    pub compare: Option<Compare>,
    /// Rows shown, at most
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
    /// Which window and whose
    #[command(flatten)]
    pub of: Of,
}

/// Which window and whose.
#[derive(Debug, Args)]
pub struct Of {
    /// The window; the last twelve complete months of the data unless given
    #[arg(long, value_parser = period, global = true)]
    pub period: Option<Period>,
    /// Only what is one manager's
    #[arg(long, global = true)]
    pub manager: Option<String>,
    /// Only some: region = 'West' and not segment in ('A', 'B')
    #[arg(long = "where", value_parser = filter, value_name = "CONDITION", global = true)]
    pub filter: Option<Filter>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    pub format: ReportFormat,
}

/// What to do with profit.
#[derive(Debug, Subcommand)]
pub enum ProfitVerb {
    /// What an hour of selling costs; with --hourly, set it
    Rate {
        /// The cost of an hour
        #[arg(long, value_name = "AMOUNT")]
        hourly: Option<f64>,
        /// The hours that a day is counted as
        #[arg(long, value_name = "HOURS")]
        hours_a_day: Option<f64>,
    },
    /// What profit would be with fewer visits
    WhatIf {
        /// How many fewer: -20%
        #[arg(long, value_parser = percent, value_name = "PERCENT", allow_hyphen_values = true)]
        visits: f64,
        /// The share of margin that you assume is lost with them; none unless given
        #[arg(long, value_parser = percent, value_name = "PERCENT", default_value = "0%")]
        lose: f64,
    },
}

/// `20%`, `-20%`, `12,5%`: a share, its sign as it is.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().strip_suffix('%').unwrap_or_else(|| text.trim()).trim().replace(',', ".");
    match number.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number / 100.0),
        _ => Err(format!("\"{text}\": tulis persen / write per cent, 20%")),
    }
}

/// Prints profit, the rates, or what would be.
pub fn run(takar: &Takar, asked: ProfitAsked, (credit, lang): (Credit, Lang)) -> Result<()> {
    let ProfitAsked { verb, by, compare, limit, of } = asked;
    let Of { period, manager, filter, format } = of;
    let question = Question { by, period, compare, manager, filter };
    let is_json = format == ReportFormat::Json;
    match verb {
        Some(ProfitVerb::Rate { hourly, hours_a_day }) => rate(takar, (hourly, hours_a_day), is_json, lang),
        Some(ProfitVerb::WhatIf { visits, lose }) => {
            if visits > 0.0 {
                let text = Text::new(
                    "--visits: tulis berapa berkurang, misalnya -20%",
                    "--visits: write how many fewer, -20%",
                );
                return Err(AppError::Asked(text).into());
            }
            let change = Change { fewer_visits: -visits, margin_lost: lose }.checked().map_err(AppError::Asked)?;
            let found = takar.profit(credit, &question)?;
            let answer = found.what_if(change);
            if is_json {
                return output::line(&found.what_if_json(&answer, lang).map_err(AppError::from)?);
            }
            output::line(&found.what_if_words(&answer, lang).join("\n"))
        }
        None => {
            let found = takar.profit(credit, &question)?;
            if is_json {
                return output::line(&found.to_json(lang, 0, usize::MAX).map_err(AppError::from)?);
            }
            output::line(found.table(lang, limit).trim_end())
        }
    }
}

fn rate(takar: &Takar, (hourly, hours_a_day): (Option<f64>, Option<f64>), is_json: bool, lang: Lang) -> Result<()> {
    let kept = takar.cost_rates()?;
    let wanted = Rates { hourly: hourly.or(kept.hourly), hours_a_day: hours_a_day.unwrap_or(kept.hours_a_day) };
    let kept = if wanted == kept { kept } else { takar.set_cost_rates(wanted)? };
    if is_json {
        return output::line(&serde_json::to_string(&kept)?);
    }
    let number = |value: f64| value.to_string().replace('.', &lang.decimal_mark().to_string());
    let day = number(kept.hours_a_day);
    output::line(&match (lang, kept.hourly.map(number)) {
        (Lang::Id, Some(rate)) => format!("satu jam: {rate}\nsatu hari: {day} jam"),
        (Lang::Id, None) => format!("satu jam: belum ditetapkan (--hourly)\nsatu hari: {day} jam"),
        (Lang::En, Some(rate)) => format!("an hour: {rate}\na day: {day} hours"),
        (Lang::En, None) => format!("an hour: not set (--hourly)\na day: {day} hours"),
    })
}
