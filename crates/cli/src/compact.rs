//! `takar compact`: small files of the lake written together.

use anyhow::Result;
use clap::Args;
use takar_app::Takar;
use takar_lake::CompactReport;
use takar_model::{Lang, Text};

use crate::{args::ReportFormat, output};

/// `takar compact`.
#[derive(Debug, Args)]
pub struct Compact {
    /// Only tell what would be written together
    #[arg(long)]
    dry_run: bool,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
}

/// Writes small files together and tells which.
pub fn run(takar: &Takar, asked: &Compact, lang: Lang) -> Result<()> {
    let reports = takar.compact(asked.dry_run)?;
    if asked.format == ReportFormat::Json {
        return output::line(&serde_json::to_string(&reports)?);
    }
    output::line(&told(&reports, asked.dry_run, lang))
}

fn told(reports: &[CompactReport], is_trial: bool, lang: Lang) -> String {
    if reports.is_empty() {
        return Text::new("Tidak ada berkas kecil yang perlu digabung.", "There are no small files to write together.")
            .get(lang)
            .to_owned();
    }
    let header = match lang {
        Lang::Id => ["Tabel", "Berkas kecil", "Menjadi", "Baris"],
        Lang::En => ["Table", "Small files", "Become", "Rows"],
    };
    let count = |number: u64| lang.group(i128::from(number));
    let row = |report: &CompactReport| {
        let files = [report.files_before, report.files_after].map(|files| count(files as u64));
        let [before, after] = files;
        vec![report.kind.name().to_owned(), before, after, count(report.rows)]
    };
    let rows: Vec<Vec<String>> = reports.iter().map(row).collect();
    let table = output::table(&header, &[false, true, true, true], &rows);
    let end = match is_trial {
        true => Text::new("Tidak ada yang diubah sekarang.", "Nothing is changed now.").get(lang),
        false => Text::new("Semua angka tetap sama.", "Every figure stays as it was.").get(lang),
    };
    format!("{table}\n{end}")
}
