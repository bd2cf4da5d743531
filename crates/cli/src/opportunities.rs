//! `takar opportunities`: what could be done, what it is worth, and where the next hours go.

use anyhow::Result;
use clap::{Args, Subcommand};
use takar_app::{DismissAsked, OpportunitiesAsked, Takar};
use takar_model::{Credit, Lang, Text};

use crate::{args::ReportFormat, output};

/// `takar opportunities`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Opportunities {
    #[command(subcommand)]
    what: Option<What>,
    /// Of one manager's accounts
    #[arg(long)]
    manager: Option<String>,
    /// Of one account
    #[arg(long)]
    account: Option<String>,
    /// Of one kind, again and again for more: overdue, fading, win_back, cross_sell, price, wallet, stock_out, lead, offer, cost, concentration
    #[arg(long = "kind", value_name = "KIND")]
    kinds: Vec<String>,
    /// Plan so many hours of each manager
    #[arg(long)]
    hours: Option<f64>,
    /// How many at most
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// Those that were dismissed instead
    #[arg(long)]
    dismissed: bool,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Dismiss one with a reason; it is hidden until its situation changes
    Dismiss {
        /// Its key as the list tells it: overdue:A1
        key: String,
        /// wrong (not true), small (not worth it), account (does not want it), done, later, other (with --note)
        #[arg(long)]
        reason: String,
        /// The reason in words
        #[arg(long)]
        note: Option<String>,
        /// Who, where the home has no users
        #[arg(long = "as", value_name = "NAME")]
        by: Option<String>,
    },
    /// Tell one again that was dismissed
    Restore {
        /// Its key
        key: String,
        /// Who, where the home has no users
        #[arg(long = "as", value_name = "NAME")]
        by: Option<String>,
    },
}

/// Tells opportunities, or dismisses one.
pub fn run(takar: &Takar, asked: Opportunities, (credit, lang): (Credit, Lang)) -> Result<()> {
    match asked.what {
        Some(What::Dismiss { key, reason, note, by }) => {
            takar.dismiss_opportunity(credit, &DismissAsked { key, reason, note, by })?;
            let said = Text::new(
                "Dikesampingkan sampai keadaannya berubah. Menampilkannya lagi: takar opportunities restore KUNCI",
                "Dismissed until its situation changes. To tell it again: takar opportunities restore KEY",
            );
            return output::line(said.get(lang));
        }
        Some(What::Restore { key, by }) => {
            takar.restore_opportunity(credit, &key, by.as_deref())?;
            return output::line(Text::new("Ditampilkan lagi.", "It is told again.").get(lang));
        }
        None => {}
    }
    let Opportunities { manager, account, kinds, hours, limit, dismissed, format, .. } = asked;
    let question = OpportunitiesAsked { manager, account, kinds, dismissed, hours, offset: 0, limit: Some(limit) };
    match format {
        ReportFormat::Text => output::line(takar.opportunities_text(credit, &question, lang)?.trim_end()),
        ReportFormat::Json => output::line(&takar.opportunities(credit, &question, lang)?.to_string()),
    }
}
