//! `takar satisfaction`: satisfaction and response beside sales, and what moved first.

use anyhow::Result;
use clap::Args;
use takar_app::{AppError, Takar};
use takar_insight::{
    analysis::Scope,
    metrics::{Dimension, Filter},
    satisfaction::Question,
};
use takar_model::{Credit, Lang, Period};

use crate::{
    args::{ReportFormat, dimension, filter, period},
    output,
};

/// `takar satisfaction`.
#[derive(Debug, Args)]
pub struct SatisfactionAsked {
    /// A row for each account, manager, segment, region or branch
    #[arg(long, value_parser = dimension, default_value = "account")]
    pub by: Dimension,
    /// The window; the last twelve complete months of the data unless given
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,
    /// Only what is one manager's
    #[arg(long)]
    pub manager: Option<String>,
    /// Only some: region = 'West' and not segment in ('A', 'B')
    #[arg(long = "where", value_parser = filter, value_name = "CONDITION")]
    pub filter: Option<Filter>,
    /// All about one account: its months, its own words, its trends
    #[arg(long, value_name = "ID", conflicts_with_all = ["by", "manager", "filter"])]
    pub account: Option<String>,
    /// Rows shown, at most
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// Prints satisfaction beside sales, of all or of one account.
pub fn run(takar: &Takar, asked: SatisfactionAsked, (credit, lang): (Credit, Lang)) -> Result<()> {
    let SatisfactionAsked { by, period, manager, filter, account, limit, format } = asked;
    let is_json = format == ReportFormat::Json;
    if let Some(account) = account {
        let found = takar.satisfaction_of(credit, &account, period)?;
        return match is_json {
            true => output::line(&found.to_json(lang, usize::MAX).map_err(AppError::from)?),
            false => output::line(found.table(lang, limit).trim_end()),
        };
    }
    let question = Question { by, period, scope: Scope { manager, filter } };
    let found = takar.satisfaction(credit, &question)?;
    let first = takar.first_moves(credit, &question.scope)?;
    match is_json {
        true => output::line(&found.to_json(&first, lang, (0, usize::MAX)).map_err(AppError::from)?),
        false => output::line(found.table(&first, lang, limit).trim_end()),
    }
}
