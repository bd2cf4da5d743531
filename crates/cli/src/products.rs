//! `takar products`: what becomes of products.

use anyhow::Result;
use clap::Args;
use takar_app::{AppError, Takar};
use takar_insight::{
    analysis::Scope,
    metrics::{Dimension, Filter},
    products::Question,
};
use takar_model::{Credit, Lang, Period};

use crate::{
    args::{ReportFormat, dimension, filter, period},
    output,
};

/// `takar products`.
#[derive(Debug, Args)]
pub struct ProductsAsked {
    /// A row for each product or category
    #[arg(long, value_parser = dimension, default_value = "product")]
    pub by: Dimension,
    /// The window; the last twelve complete months of the data unless given
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,
    /// Only sales of one manager
    #[arg(long)]
    pub manager: Option<String>,
    /// Only some lines: region = 'West' and not segment in ('A', 'B')
    #[arg(long = "where", value_parser = filter, value_name = "CONDITION")]
    pub filter: Option<Filter>,
    /// Rows shown, at most
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// Prints the products.
pub fn run(takar: &Takar, asked: ProductsAsked, (credit, lang): (Credit, Lang)) -> Result<()> {
    let ProductsAsked { by, period, manager, filter, limit, format } = asked;
    let found = takar.products(credit, &Question { by, period, scope: Scope { manager, filter } })?;
    match format {
        ReportFormat::Json => output::line(&found.to_json(lang, 0, usize::MAX).map_err(AppError::from)?),
        ReportFormat::Text => output::line(found.table(lang, limit).trim_end()),
    }
}
