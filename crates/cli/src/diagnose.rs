//! `takar diagnose`: what is behind a result below expectation.

use anyhow::Result;
use clap::Args;
use takar_app::{AppError, Takar};
use takar_model::{Credit, Lang, Period};

use crate::{args::ReportFormat, output};

/// `takar diagnose`.
#[derive(Debug, Args)]
pub struct DiagnoseAsked {
    /// The window; the last complete month of the data unless given
    period: Option<Period>,
    /// The manager's id
    #[arg(long)]
    manager: String,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
}

/// Tells what is behind a manager's result.
pub fn run(takar: &Takar, asked: &DiagnoseAsked, (credit, lang): (Credit, Lang)) -> Result<()> {
    let found = takar.diagnose(credit, asked.period, &asked.manager)?;
    match asked.format {
        ReportFormat::Text => output::line(&found.table(lang)),
        ReportFormat::Json => output::line(&found.to_json(lang).map_err(AppError::from)?),
    }
}
