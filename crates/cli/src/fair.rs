//! `takar fair`: managers compared fairly.

use anyhow::Result;
use clap::Args;
use takar_app::{AppError, Takar};
use takar_insight::{evaluation::fair::Question, metrics::Filter};
use takar_model::{Credit, Lang, Period};

use crate::{
    args::{ReportFormat, filter, period},
    output,
};

/// `takar fair`.
#[derive(Debug, Args)]
pub struct FairAsked {
    /// The window, of which whole months count; the last twelve complete months of the data unless given
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,
    /// Show one manager; all are compared
    #[arg(long)]
    pub manager: Option<String>,
    /// Only some lines: region = 'West' and not segment in ('A', 'B')
    #[arg(long = "where", value_parser = filter, value_name = "CONDITION")]
    pub filter: Option<Filter>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// Prints the comparison.
pub fn run(takar: &Takar, asked: FairAsked, (credit, lang): (Credit, Lang)) -> Result<()> {
    let FairAsked { period, manager, filter, format } = asked;
    let found = takar.fair(credit, &Question { window: period, manager, filter, ..Question::default() })?;
    match format {
        ReportFormat::Text => output::write(None, found.table(lang).as_bytes()),
        ReportFormat::Json => output::line(&found.to_json(lang).map_err(AppError::from)?),
    }
}
