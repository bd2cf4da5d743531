//! `takar stock`: how much of each product each branch should have, and what to order.

use anyhow::Result;
use clap::Args;
use takar_app::{StockAsked, Takar};
use takar_model::Lang;

use crate::{args::ReportFormat, output};

/// `takar stock`.
#[derive(Debug, Args)]
pub struct Stock {
    /// In one branch
    #[arg(long)]
    branch: Option<String>,
    /// Of one product
    #[arg(long)]
    product: Option<String>,
    /// In one state, again and again for more: out, short, unknown, enough, slow, dead, untold
    #[arg(long = "state", value_name = "STATE")]
    states: Vec<String>,
    /// Days from an order to its arrival
    #[arg(long, value_name = "DAYS", default_value_t = 14)]
    lead: u16,
    /// Days from one order to the next
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    review: u16,
    /// How often stock is to last until the next order arrives
    #[arg(long, value_name = "SHARE", default_value = "95%")]
    service: String,
    /// Months of what is expected after which stock is slow
    #[arg(long, value_name = "MONTHS", default_value_t = 6)]
    slow: u16,
    /// How many at most
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
}

/// Tells the stock, the most urgent first.
pub fn run(takar: &Takar, asked: Stock, lang: Lang) -> Result<()> {
    let Stock { branch, product, states, lead, review, service, slow, limit, format } = asked;
    let asked = StockAsked {
        branch,
        product,
        states,
        lead: Some(lead),
        review: Some(review),
        service: Some(service),
        slow: Some(slow),
        offset: 0,
        limit: Some(limit),
    };
    match format {
        ReportFormat::Text => output::line(takar.stock_text(&asked, lang)?.trim_end()),
        ReportFormat::Json => output::line(&takar.stock(&asked, lang)?.to_string()),
    }
}
