//! `takar scorecard`: every manager's points, and the weights they are counted by.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use takar_app::Takar;
use takar_insight::evaluation::weights::Weights;
use takar_model::{Credit, Lang, Period};

use crate::{args::ReportFormat, output};

/// `takar scorecard`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ScorecardAsked {
    #[command(subcommand)]
    what: Option<What>,
    /// The window; the last complete month of the data unless given
    period: Option<Period>,
    /// One manager's id: the card with each KPI
    #[arg(long)]
    manager: Option<String>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The weights that hold, as JSON; with a file, set others
    Weights {
        /// A file with other weights, as this command prints them
        #[arg(long, value_name = "FILE")]
        set: Option<PathBuf>,
        /// Who sets them, where the home has no users
        #[arg(long = "as", value_name = "NAME")]
        by: Option<String>,
        /// Every version that was set
        #[arg(long, conflicts_with = "set")]
        history: bool,
    },
}

/// Tells scorecards, or their weights.
pub fn run(takar: &Takar, asked: ScorecardAsked, (credit, lang): (Credit, Lang)) -> Result<()> {
    if let Some(What::Weights { set, by, history }) = asked.what {
        if history {
            return output::line(&serde_json::to_string_pretty(&takar.weights_history()?)?);
        }
        let told = match set {
            None => takar.weights()?,
            Some(file) => {
                let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
                let weights: Weights = serde_json::from_str(&text).with_context(|| file.display().to_string())?;
                takar.set_weights(&weights, by.as_deref())?
            }
        };
        return output::line(&serde_json::to_string_pretty(&told.weights)?);
    }
    let cards = takar.scorecards(credit, asked.period, asked.manager.as_deref())?;
    match asked.format {
        ReportFormat::Text => output::line(&cards.table(lang)),
        ReportFormat::Json => output::line(&cards.to_json(lang)),
    }
}
