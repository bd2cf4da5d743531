//! `takar imports`: the list of imports, and what can be done with one.

use anyhow::Result;
use takar_app::Takar;
use takar_model::{ImportId, Lang, Money};
use takar_state::{ImportRow, ImportState};

use crate::{
    args::{Imports, ImportsVerb, ReportFormat},
    output,
};

/// Lists imports, undoes one, or writes the rows it set aside.
pub fn run(takar: &Takar, asked: &Imports, lang: Lang) -> Result<()> {
    match &asked.verb {
        None => list(&takar.imports()?, asked.format, lang),
        Some(ImportsVerb::Undo { id }) => {
            let report = takar.undo(ImportId(*id))?;
            if asked.format == ReportFormat::Json {
                return output::line(&serde_json::to_string(&report)?);
            }
            let (removed, restored) =
                (lang.group(i128::from(report.lines_removed)), lang.group(i128::from(report.lines_restored)));
            output::line(&match lang {
                Lang::Id => format!(
                    "Impor {id} dibatalkan: {removed} baris tidak lagi dihitung, {restored} baris lama dihitung lagi."
                ),
                Lang::En => format!(
                    "Import {id} is undone: {removed} lines count no more, {restored} earlier lines count again."
                ),
            })
        }
        Some(ImportsVerb::SetAside { id, output: path }) => {
            output::write(path.as_deref(), &takar.repair_file(ImportId(*id), lang)?)
        }
    }
}

fn list(rows: &[ImportRow], format: ReportFormat, lang: Lang) -> Result<()> {
    if format == ReportFormat::Json {
        let mut value = serde_json::to_value(rows)?;
        for (written, row) in value.as_array_mut().into_iter().flatten().zip(rows) {
            written["message"] = row.message.as_ref().map(|message| message.get(lang)).into();
        }
        return output::line(&value.to_string());
    }
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    if rows.is_empty() {
        return output::line(say(
            "Belum ada impor. Mulai dengan: takar import sales penjualan.xlsx",
            "No imports yet. Begin with: takar import sales sales.xlsx",
        ));
    }
    let state = |row: &ImportRow| match row.state {
        ImportState::Running => say("berjalan", "running"),
        ImportState::Done => say("berlaku", "counts"),
        ImportState::Failed => say("gagal", "failed"),
        ImportState::Undone => say("dibatalkan", "undone"),
    };
    let count = |number: u64| lang.group(i128::from(number));
    let net = |row: &ImportRow| {
        row.net.as_deref().and_then(|net| net.parse::<Money>().ok()).map(|net| net.format(lang, 2)).unwrap_or_default()
    };
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                row.id.to_string(),
                row.started.clone(),
                row.kind.clone(),
                row.label.clone(),
                count(row.added),
                count(row.replaced),
                count(row.set_aside),
                net(row),
                match &row.message {
                    Some(message) => format!("{}: {}", state(row), message.get(lang)),
                    None => state(row).to_owned(),
                },
            ]
        })
        .collect();
    let header = [
        say("no", "no"),
        say("waktu (UTC)", "time (UTC)"),
        say("jenis", "kind"),
        say("berkas", "file"),
        say("masuk", "added"),
        say("mengganti", "replaced"),
        say("disisihkan", "set aside"),
        say("netto", "net"),
        say("keadaan", "state"),
    ];
    let is_number = [true, false, false, false, true, true, true, true, false];
    output::line(&output::table(&header, &is_number, &cells))
}
