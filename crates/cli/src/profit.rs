//! `takar profit`: margin after what it costs to serve.

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use takar_app::{AppError, Takar};
use takar_insight::{
    metrics::{Dimension, Filter},
    profit::{Change, Question, Rates, SmallOrders},
};
use takar_model::{Compare, Credit, Lang, Money, Period, Text};

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
    /// A row for each account, manager, segment, region or branch
    #[arg(long, value_parser = dimension, default_value = "account", global = true)]
    pub by: Dimension,
    /// Beside it: prior (the window before) or year (a year earlier)
    #[arg(long, value_parser = compare)]
    pub compare: Option<Compare>,
    /// Rows shown, at most
    #[arg(long, default_value_t = 20, global = true)]
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
    /// What an hour of selling and an order cost; with --hourly or --per-order, set it
    Rate {
        /// The cost of an hour
        #[arg(long, value_name = "AMOUNT")]
        hourly: Option<f64>,
        /// The hours that a day is counted as
        #[arg(long, value_name = "HOURS")]
        hours_a_day: Option<f64>,
        /// What falls away with an order that is not made; 0 = nothing
        #[arg(long, value_name = "AMOUNT")]
        per_order: Option<f64>,
    },
    /// What profit would be with a floor of prices, a minimum order or fewer visits
    WhatIf(WhatIfAsked),
    /// Hours of serving beside what they went with, and where the next hours are expected to pay most
    Hours,
}

/// What would be different.
#[derive(Debug, Args)]
pub struct WhatIfAsked {
    /// No line below so much of the median that peers pay for the product: 95%
    #[arg(long, value_parser = percent, value_name = "PERCENT")]
    price_floor: Option<f64>,
    /// No line below its cost and so much on top: 10%
    #[arg(long, value_parser = percent, value_name = "PERCENT")]
    above_cost: Option<f64>,
    /// No order below this amount
    #[arg(long, value_name = "AMOUNT")]
    min_order: Option<Money>,
    /// What becomes of smaller orders: refused, or merged into the account's next ones
    #[arg(long, value_enum, default_value_t = Small::Refuse, conflicts_with = "small_order_fee")]
    small_orders: Small,
    /// Smaller orders are made, for so much each
    #[arg(long, value_name = "AMOUNT")]
    small_order_fee: Option<Money>,
    /// How many fewer: -20%
    #[arg(long, value_parser = percent, value_name = "PERCENT", allow_hyphen_values = true, default_value = "0%")]
    visits: f64,
    /// The share that you assume is lost of the margin of what the change touches; none unless given
    #[arg(long, value_parser = percent, value_name = "PERCENT", default_value = "0%")]
    lose: f64,
}

/// What becomes of orders below the minimum.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Small {
    /// They are not made
    Refuse,
    /// They wait for the next ones
    Merge,
}

impl WhatIfAsked {
    fn change(&self) -> Result<Change, Text> {
        if self.visits > 0.0 {
            let text =
                Text::new("--visits: tulis berapa berkurang, misalnya -20%", "--visits: write how many fewer, -20%");
            return Err(text);
        }
        Ok(Change {
            price_floor: self.price_floor,
            above_cost: self.above_cost,
            least_order: self.min_order,
            small_orders: match (self.small_order_fee, self.small_orders) {
                (Some(fee), _) => SmallOrders::Fee(fee),
                (None, Small::Merge) => SmallOrders::Merge,
                (None, Small::Refuse) => SmallOrders::Refuse,
            },
            // Not minus nothing.
            fewer_visits: self.visits.abs(),
            margin_lost: self.lose,
        })
    }
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
        Some(ProfitVerb::Rate { hourly, hours_a_day, per_order }) => {
            rate(takar, (hourly, hours_a_day, per_order), is_json, lang)
        }
        Some(ProfitVerb::WhatIf(asked)) => {
            let found = takar.profit_what_if(credit, &question, asked.change().map_err(AppError::Asked)?)?;
            if is_json {
                return output::line(&found.to_json(lang, 0, usize::MAX).map_err(AppError::from)?);
            }
            output::line(found.table(lang, limit).trim_end())
        }
        Some(ProfitVerb::Hours) => {
            let found = takar.profit_hours(credit, &question)?;
            if is_json {
                return output::line(&found.to_json(lang, 0, usize::MAX).map_err(AppError::from)?);
            }
            output::line(found.table(lang, limit).trim_end())
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

type Wanted = (Option<f64>, Option<f64>, Option<f64>);

fn rate(takar: &Takar, (hourly, hours_a_day, per_order): Wanted, is_json: bool, lang: Lang) -> Result<()> {
    let kept = takar.cost_rates()?;
    let wanted = Rates {
        hourly: hourly.or(kept.hourly),
        hours_a_day: hours_a_day.unwrap_or(kept.hours_a_day),
        per_order: per_order.or(kept.per_order),
    };
    let kept = if wanted == kept { kept } else { takar.set_cost_rates(wanted)? };
    if is_json {
        return output::line(&serde_json::to_string(&kept)?);
    }
    let number = |value: f64| value.to_string().replace('.', &lang.decimal_mark().to_string());
    let day = number(kept.hours_a_day);
    let set = |rate: Option<f64>, option: &str| match (rate, lang) {
        (Some(rate), _) => number(rate),
        (None, Lang::Id) => format!("belum ditetapkan ({option})"),
        (None, Lang::En) => format!("not set ({option})"),
    };
    let (hour, order) = (set(kept.hourly, "--hourly"), set(kept.per_order, "--per-order"));
    output::line(&match lang {
        Lang::Id => format!("satu jam: {hour}\nsatu hari: {day} jam\nsatu pesanan: {order}"),
        Lang::En => format!("an hour: {hour}\na day: {day} hours\nan order: {order}"),
    })
}
