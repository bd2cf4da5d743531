//! `takar evaluate`.

use anyhow::Result;
use takar_app::{AppError, Takar};
use takar_model::{Credit, Lang};

use crate::{
    args::{Evaluate, EvaluationFormat},
    output,
};

/// Evaluates a window and writes it as asked; without `--format`, as the name of the output file says.
pub fn run(takar: &Takar, asked: &Evaluate, (credit, lang): (Credit, Lang)) -> Result<()> {
    let by_name = asked.output.as_deref().and_then(|path| path.extension()?.to_str()).map(str::to_ascii_lowercase);
    let format = asked.format.unwrap_or(match by_name.as_deref() {
        Some("html" | "htm") => EvaluationFormat::Html,
        Some("xlsx") => EvaluationFormat::Xlsx,
        Some("json") => EvaluationFormat::Json,
        _ => EvaluationFormat::Table,
    });
    let evaluation = takar.evaluation(credit, asked.period, asked.manager.as_deref())?;
    let bytes = match format {
        EvaluationFormat::Table => format!("{}\n", evaluation.table(lang)).into_bytes(),
        EvaluationFormat::Json => format!("{}\n", evaluation.to_json(lang).map_err(AppError::from)?).into_bytes(),
        EvaluationFormat::Html => evaluation.html(lang).into_bytes(),
        EvaluationFormat::Xlsx => evaluation.xlsx(lang).map_err(AppError::from)?,
    };
    output::write(asked.output.as_deref(), &bytes)
}
