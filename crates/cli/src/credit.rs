//! `takar credit`: an invoice is credited to other managers than it was recorded with.

use anyhow::Result;
use clap::Args;
use takar_app::{CreditAsked, CreditPart, Takar};
use takar_model::Lang;

use crate::{args::ReportFormat, output};

/// `takar credit`.
#[derive(Debug, Args)]
pub struct Credited {
    /// The number of the invoice
    pub invoice: String,
    /// Who has the credit: a manager, or several with their per cent such as S1=60 S2=40
    #[arg(long, required = true, num_args = 1.., value_name = "MANAGER[=PERCENT]", value_parser = part)]
    pub to: Vec<CreditPart>,
    /// Why
    #[arg(long)]
    pub reason: String,
    /// The stream that the invoice belongs to, where several have that number
    #[arg(long)]
    pub source: Option<String>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// A part of the credit as it is written: `S1=60`, or `S1` for all of it.
pub fn part(text: &str) -> Result<CreditPart, String> {
    let (manager, percent) = text.split_once('=').unwrap_or((text, "100"));
    let manager = manager.trim().to_owned();
    let percent = percent.trim().trim_end_matches('%').replace(',', ".").parse();
    match percent {
        Ok(percent) if !manager.is_empty() => Ok(CreditPart { manager, percent }),
        _ => Err(format!("\"{text}\": write a manager and the per cent as a number, such as S1=60")),
    }
}

/// Decides, and says how to take it back.
pub fn run(takar: &Takar, asked: Credited, lang: Lang) -> Result<()> {
    let Credited { invoice, to, reason, source, format } = asked;
    let decided = takar.credit_invoice(&CreditAsked { invoice, source, parts: to, reason })?;
    if format == ReportFormat::Json {
        return output::line(&serde_json::to_string(&decided)?);
    }
    let (invoice, import) = (&decided.invoice, decided.import);
    let (before, after) = (decided.before.join(", "), decided.after.join(", "));
    output::line(&match lang {
        Lang::Id => format!(
            "Faktur {invoice} kini dikreditkan ke {after}, sebelumnya {before}. Batalkan dengan: takar imports undo {import}"
        ),
        Lang::En => format!(
            "Invoice {invoice} is credited to {after} now, to {before} before. Take it back with: takar imports undo {import}"
        ),
    })
}
