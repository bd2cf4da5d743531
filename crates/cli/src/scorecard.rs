//! `takar scorecard`: every manager's points, and the weights they are counted by.

use std::path::{Path, PathBuf};

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
        /// The scorecards that the weights of a file would make; nothing is kept
        #[arg(long = "try", value_name = "FILE", conflicts_with = "set")]
        tried: Option<PathBuf>,
        /// With --try, the window; the last complete month of the data unless given
        #[arg(long, requires = "tried")]
        period: Option<Period>,
        /// Who sets them, where the home has no users
        #[arg(long = "as", value_name = "NAME")]
        by: Option<String>,
        /// Every version that was set
        #[arg(long, conflicts_with_all = ["set", "tried"])]
        history: bool,
    },
}

/// Tells scorecards, or their weights.
pub fn run(takar: &Takar, asked: ScorecardAsked, (credit, lang): (Credit, Lang)) -> Result<()> {
    if let Some(What::Weights { set, tried, period, by, history }) = asked.what {
        if history {
            return output::line(&serde_json::to_string_pretty(&takar.weights_history()?)?);
        }
        if let Some(file) = tried {
            let cards = takar.try_weights(credit, period, &weights_of(&file)?)?;
            return output::line(&cards.table(lang));
        }
        let told = match set {
            None => takar.weights()?,
            Some(file) => takar.set_weights(&weights_of(&file)?, by.as_deref())?,
        };
        return output::line(&serde_json::to_string_pretty(&told.weights)?);
    }
    let cards = takar.scorecards(credit, asked.period, asked.manager.as_deref())?;
    match asked.format {
        ReportFormat::Text => output::line(&cards.table(lang)),
        ReportFormat::Json => output::line(&cards.to_json(lang)),
    }
}

fn weights_of(file: &Path) -> Result<Weights> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    serde_json::from_str(&text).with_context(|| file.display().to_string())
}
