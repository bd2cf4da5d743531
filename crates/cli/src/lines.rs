//! `takar lines`: the source rows behind a figure, as JSON lines.

use anyhow::Result;
use takar_app::Takar;
use takar_lake::LineFilter;
use takar_model::{Credit, Lang, Text};

use crate::{args::Lines, output};

/// Prints the rows that the filters let through, newest first.
pub fn run(takar: &Takar, asked: Lines, (credit, lang): (Credit, Lang)) -> Result<()> {
    let filter = LineFilter {
        credit,
        invoice: asked.invoice,
        account: asked.account,
        manager: asked.manager,
        reach: None,
        product: asked.product,
        region: asked.region,
        without: None,
        period: asked.period,
        import: asked.import,
        limit: asked.limit,
        offset: 0,
    };
    let page = takar.lines(&filter)?;
    for row in &page.rows {
        output::line(&serde_json::to_string(row)?)?;
    }
    if page.total == 0 {
        eprintln!("{}", Text::new("tidak ada baris seperti itu", "there are no such lines").get(lang));
    }
    if page.total > page.rows.len() {
        let (shown, all) = (page.rows.len(), lang.group(i128::try_from(page.total)?));
        eprintln!(
            "{}",
            match lang {
                Lang::Id => format!("{shown} dari {all} baris; pakai --limit untuk lebih banyak"),
                Lang::En => format!("{shown} of {all} rows; use --limit for more"),
            }
        );
    }
    Ok(())
}
