//! `takar imports`: the list of imports, and what can be done with one.

use anyhow::Result;
use takar_app::{ImportDetail, Takar};
use takar_lake::UndoReport;
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
        Some(ImportsVerb::Show { id }) => show(&takar.import_of(ImportId(*id))?, asked.format, lang),
        Some(ImportsVerb::Undo { id, dry_run }) => {
            let id = ImportId(*id);
            let report = if *dry_run { takar.would_undo(id)? } else { takar.undo(id)? };
            if asked.format == ReportFormat::Json {
                return output::line(&serde_json::to_string(&report)?);
            }
            output::line(&undone(&report, *dry_run, lang))
        }
        Some(ImportsVerb::Redo { id }) => {
            let report = takar.redo(ImportId(*id))?;
            if asked.format == ReportFormat::Json {
                return output::line(&serde_json::to_string(&report)?);
            }
            let [added, replaced] = [report.added, report.replaced].map(|number| lang.group(i128::from(number)));
            output::line(&match lang {
                Lang::Id => format!(
                    "Impor {id} dikembalikan sebagai impor {}: {added} baris dihitung lagi, {replaced} baris digantikan.",
                    report.id
                ),
                Lang::En => format!(
                    "Import {id} is back as import {}: {added} lines count again, {replaced} lines were replaced.",
                    report.id
                ),
            })
        }
        Some(ImportsVerb::SetAside { id, output: path }) => {
            output::write(path.as_deref(), &takar.repair_file(ImportId(*id), lang)?)
        }
    }
}

fn undone(report: &UndoReport, is_trial: bool, lang: Lang) -> String {
    let (id, count) = (report.id, |number: u64| lang.group(i128::from(number)));
    let (removed, restored) = (count(report.lines_removed), count(report.lines_restored));
    if !is_trial {
        return match lang {
            Lang::Id => format!(
                "Impor {id} dibatalkan: {removed} baris tidak lagi dihitung, {restored} baris lama dihitung lagi."
            ),
            Lang::En => {
                format!("Import {id} is undone: {removed} lines count no more, {restored} earlier lines count again.")
            }
        };
    }
    let mut parts = vec![match lang {
        Lang::Id => format!(
            "Bila impor {id} dibatalkan: {removed} baris tidak lagi dihitung, {restored} baris lama dihitung lagi. Tidak ada yang diubah sekarang."
        ),
        Lang::En => format!(
            "If import {id} is undone: {removed} lines count no more, {restored} earlier lines count again. Nothing is changed now."
        ),
    }];
    for (title, rows, all) in [
        (if lang == Lang::Id { "Tidak lagi dihitung" } else { "Count no more" }, &report.removed, report.lines_removed),
        (if lang == Lang::Id { "Dihitung lagi" } else { "Count again" }, &report.restored, report.lines_restored),
    ] {
        if !rows.is_empty() {
            let more = all - rows.len() as u64;
            let more = if more > 0 { format!("\n… {}", count(more)) } else { String::new() };
            parts.push(format!("{title}:\n{}{more}", crate::facts::rows_told(rows, lang)));
        }
    }
    parts.join("\n\n")
}

fn show(detail: &ImportDetail, format: ReportFormat, lang: Lang) -> Result<()> {
    let ImportDetail { row, fate } = detail;
    if format == ReportFormat::Json {
        let mut value = serde_json::to_value(detail)?;
        value["message"] = row.message.as_ref().map(|message| message.get(lang)).into();
        return output::line(&value.to_string());
    }
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    let count = |number: u64| lang.group(i128::from(number));
    let net = row.net.as_deref().and_then(|net| net.parse::<Money>().ok()).map(|net| net.format(lang, 2));
    let mut told = vec![
        (say("berkas", "file"), row.label.clone()),
        (say("jenis", "kind"), row.kind.clone()),
        (say("sumber", "source"), row.source.clone()),
        (say("waktu (UTC)", "time (UTC)"), row.started.clone()),
        (say("keadaan", "state"), state(row.state, lang).to_owned()),
        (say("baris dibaca", "rows read"), count(row.rows)),
        (say("baris masuk", "lines added"), count(row.added)),
        (say("menggantikan", "lines replaced"), count(row.replaced)),
        (say("hilang di sumber", "gone in the source"), count(row.gone)),
        (say("sudah ada, sama", "there already, the same"), count(row.unchanged)),
        (say("disisihkan", "set aside"), count(row.set_aside)),
        (say("kini dihitung", "count now"), count(fate.live)),
    ];
    told.extend(net.map(|net| (say("jumlah netto", "net in all"), net)));
    told.extend(
        row.first_day
            .clone()
            .zip(row.last_day.clone())
            .map(|(first, last)| (say("tanggal", "dates"), format!("{first} – {last}"))),
    );
    for (by, rows) in &fate.corrected_by {
        told.push((say("dikoreksi impor", "corrected by import"), format!("{by} ({})", count(*rows))));
    }
    if let Some(message) = &row.message {
        told.push((say("sebab", "reason"), message.get(lang).to_owned()));
    }
    let lines: Vec<String> = told.into_iter().map(|(name, value)| format!("  {name:<24} {value}")).collect();
    output::line(&format!("{} {}\n{}", say("Impor", "Import"), row.id, lines.join("\n")))
}

const fn state(state: ImportState, lang: Lang) -> &'static str {
    match (state, lang) {
        (ImportState::Running, Lang::Id) => "berjalan",
        (ImportState::Running, Lang::En) => "running",
        (ImportState::Done, Lang::Id) => "berlaku",
        (ImportState::Done, Lang::En) => "counts",
        (ImportState::Failed, Lang::Id) => "gagal",
        (ImportState::Failed, Lang::En) => "failed",
        (ImportState::Undone, Lang::Id) => "dibatalkan",
        (ImportState::Undone, Lang::En) => "undone",
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
                    Some(message) => format!("{}: {}", state(row.state, lang), message.get(lang)),
                    None => state(row.state, lang).to_owned(),
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
