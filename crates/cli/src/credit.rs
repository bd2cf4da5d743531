//! `takar credit`: an invoice is credited to other managers than it was recorded with.

use anyhow::Result;
use clap::Args;
use takar_app::{CreditAsked, Takar};
use takar_model::{Lang, ManagerId};

use crate::{args::ReportFormat, output};

/// `takar credit`.
#[derive(Debug, Args)]
pub struct Credited {
    /// The number of the invoice
    pub invoice: String,
    /// Who has the credit: a manager, or several with their per cent such as S1=60 S2=40
    #[arg(long, required = true, num_args = 1.., value_name = "MANAGER[=PERCENT]", value_parser = part)]
    pub to: Vec<(ManagerId, f64)>,
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

fn part(text: &str) -> Result<(ManagerId, f64), String> {
    let Some((manager, percent)) = text.rsplit_once('=') else { return Ok((ManagerId::from(text), 100.0)) };
    let percent = percent.trim_end_matches('%').replace(',', ".");
    let percent = percent.parse().map_err(|_| format!("\"{text}\": write the per cent as a number, such as S1=60"))?;
    Ok((ManagerId::from(manager), percent))
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
