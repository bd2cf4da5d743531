//! An evaluation as text for the terminal.

use anyhow::Result;
use serde_json::Value;
use takar_app::{Answers, Change, Differs, EvaluationTold, HistoryTold, Reproduced};
use takar_model::{Lang, Text};
use takar_state::Side;

use crate::{evaluations::QUESTIONS, output};

/// Prints an evaluation: who and how far, strengths and help first, then figures, words, disputes, signatures and limits.
pub fn print(told: &EvaluationTold, lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    let figures: Value = serde_json::from_str(told.figures.get())?;
    let name = told.name.as_deref().unwrap_or(&told.manager);
    let mut out = vec![
        format!(
            "{} {}: {name} ({}), {} ({})",
            say("Evaluasi", "Evaluation"),
            told.id,
            told.manager,
            told.cycle.opened.name,
            told.cycle.opened.period
        ),
        format!("{}: {}", say("Tahap", "Stage"), told.stage.label().get(lang)),
    ];
    for awaited in &told.awaited {
        let late = if awaited.is_late { say(" (terlambat)", " (late)") } else { "" };
        out.push(format!(
            "  {} {}, {} {}{late}",
            say("ditunggu:", "awaited:"),
            awaited.stage.label().get(lang),
            if awaited.side == Side::Manager { say("manajer", "manager") } else { say("atasan", "lead") },
            awaited.due
        ));
    }
    let fair = &figures["fair"]["rows"][0];
    let list = |title: &str, lines: &Value, out: &mut Vec<String>| {
        let lines: Vec<&str> = lines.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !lines.is_empty() {
            out.extend([String::new(), title.to_owned()]);
            out.extend(lines.iter().map(|line| format!("  • {line}")));
        }
    };
    list(say("Kekuatan", "Strengths"), &figures["evaluation"]["manager"]["strengths"], &mut out);
    list(say("Kekuatan menurut portofolio", "Strengths for the portfolio"), &fair["strengths"], &mut out);
    list(say("Yang paling membantu", "What would help most"), &fair["would_help"], &mut out);
    let card = &figures["scorecard"];
    if let Some(frozen) = told.frozen.iter().find(|frozen| frozen.version == told.version) {
        let why = if frozen.why.is_empty() { String::new() } else { format!(": {}", frozen.why) };
        out.extend([
            String::new(),
            format!(
                "{} {}, {} {} ({} {}, {} {}, {} {}){why}",
                say("Angka", "Figures of"),
                told.cycle.opened.period,
                say("dibekukan", "frozen"),
                frozen.at,
                say("versi", "version"),
                told.version,
                say("data", "data"),
                frozen.data,
                say("definisi", "definitions"),
                frozen.definitions
            ),
        ]);
    }
    for line in out {
        output::line(&line)?;
    }
    print_figures(card, lang)?;
    for side in &told.assessments {
        let who = if side.side.name() == "manager" {
            say("Penilaian diri", "Self-assessment")
        } else {
            say("Penilaian atasan", "Lead's assessment")
        };
        let when = side.handed_in.as_deref().map_or_else(|| say("draf", "draft").to_owned(), str::to_owned);
        output::line(&format!("\n{who} ({}, {when})", side.by))?;
        for (id, question) in QUESTIONS {
            let (answer, score) = answer(&side.answers, id);
            let score = score.map_or_else(String::new, |score| format!(" [{score}/5]"));
            if !answer.is_empty() || !score.is_empty() {
                output::line(&format!("  {}{score}: {answer}", question.get(lang)))?;
            }
        }
    }
    for talk in &told.talks {
        output::line(&format!(
            "\n{} {} ({}): {}",
            say("Percakapan", "Conversation"),
            talk.day,
            talk.present,
            talk.agreed
        ))?;
    }
    for comment in &told.comments {
        let about = comment.kpi.as_deref().map_or_else(String::new, |kpi| format!(" [{kpi}]"));
        output::line(&format!("\n{}{about}, {}: {}", say("Komentar", "Comment"), comment.said.by, comment.text))?;
    }
    for dispute in &told.disputes {
        let about: Vec<&str> = [&dispute.dispute.account, &dispute.dispute.invoice, &dispute.dispute.period]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
        output::line(&format!(
            "\n{} {}: {} {}{about}: {}",
            say("Sanggahan", "Dispute"),
            dispute.id,
            dispute.dispute.kpi,
            dispute.dispute.figure.as_deref().map(|figure| number_shown(figure, lang)).unwrap_or_default(),
            dispute.dispute.claim
        ))?;
        output::line(&format!("  {}: {}", say("bukti", "evidence"), dispute.dispute.evidence))?;
        match &dispute.decision {
            None => output::line(&format!("  {}", say("belum diputuskan", "not decided yet")))?,
            Some(decision) => {
                output::line(&format!("  {}, {}: {}", decision.verdict, decision.by, decision.why))?;
                if let Some(import) = decision.import {
                    output::line(&format!("  {} {}", say("impor", "import"), import.0))?;
                    for one in &decision.changed {
                        let who = one.manager.as_deref().unwrap_or("–");
                        output::line(&format!("  {who}: {} → {}", one.before, one.now))?;
                    }
                }
            }
        }
    }
    for signature in &told.signatures {
        let how = if signature.agrees {
            say("setuju", "agrees")
        } else {
            say("melihat, tidak setuju", "seen, does not agree")
        };
        let remark = signature.remark.as_deref().map_or_else(String::new, |remark| format!(": {remark}"));
        output::line(&format!(
            "\n{} ({}, {} {}), {}: {how}{remark}",
            say("Tanda tangan", "Signature"),
            signature.side.name(),
            say("angka versi", "figures version"),
            signature.version,
            signature.said.by
        ))?;
    }
    output::line(&format!("\n{}", say("Batasan angka ini", "What these figures cannot say")))?;
    for limit in &told.limits {
        output::line(&format!("  • {limit}"))?;
    }
    Ok(())
}

fn print_figures(card: &Value, lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    let figure = |value: &Value, unit: &Value| match value.as_f64().filter(|_| unit == "rate") {
        Some(share) => format!("{}%", output::grouped(&format!("{:.1}", share * 100.0), lang)),
        None => number_shown(&value.to_string(), lang),
    };
    let points = |value: &Value| value.as_f64().map_or_else(|| "–".to_owned(), |points| format!("{points:.0}"));
    let one = &card["managers"][0];
    let parts = one["parts"].as_array().into_iter().flatten();
    let kpis = card["kpis"].as_array().into_iter().flatten();
    let rows: Vec<Vec<String>> = kpis
        .zip(parts)
        .map(|(kpi, part)| {
            let value = part["reason"].as_str().map_or_else(|| figure(&part["value"], &kpi["unit"]), str::to_owned);
            vec![
                kpi["name"].as_str().unwrap_or_default().to_owned(),
                value,
                // What attainment is held against is money.
                figure(&part["target"], if kpi["id"] == "attainment" { &Value::Null } else { &kpi["unit"] }),
                figure(&kpi["median"], &kpi["unit"]),
                points(&part["points"]),
            ]
        })
        .collect();
    let header = [
        say("KPI", "KPI"),
        say("nilai", "value"),
        say("target", "target"),
        say("median rekan", "peer median"),
        say("poin", "points"),
    ];
    output::line(&output::table(&header, &[false, true, true, true, true], &rows))?;
    let scores: Vec<String> = [
        ("quantity", say("kuantitas", "quantity")),
        ("process", say("proses", "process")),
        ("communication", say("komunikasi", "communication")),
        ("whole", say("keseluruhan", "whole")),
    ]
    .into_iter()
    .map(|(id, name)| format!("{name} {}", points(&one[id]["score"])))
    .collect();
    output::line(&scores.join(" · "))
}

fn answer<'a>(answers: &'a Answers, id: &str) -> (&'a str, Option<u8>) {
    match id {
        "quantity" => (&answers.quantity, answers.quantity_score),
        "process" => (&answers.process, answers.process_score),
        "communication" => (&answers.communication, answers.communication_score),
        "strengths" => (&answers.strengths, None),
        "help" => (&answers.help, None),
        _ => (&answers.steps, None),
    }
}

/// Prints the evaluations of a manager.
pub fn print_history(all: &[HistoryTold], lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    if all.is_empty() {
        return output::line(say("Belum ada evaluasi: lihat takar cycles", "No evaluations yet: see takar cycles"));
    }
    let points = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.0}"));
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|one| {
            vec![
                one.progress.id.to_string(),
                one.progress.name.clone().unwrap_or_else(|| one.progress.manager.clone()),
                one.cycle_name.clone(),
                one.period.clone(),
                one.progress.stage.label().get(lang).to_owned(),
                points(one.quantity),
                points(one.process),
                points(one.communication),
                points(one.whole),
            ]
        })
        .collect();
    let header = [
        say("no", "no"),
        say("manajer", "manager"),
        say("siklus", "cycle"),
        say("periode", "period"),
        say("tahap", "stage"),
        say("kuantitas", "quantity"),
        say("proses", "process"),
        say("komunikasi", "communication"),
        say("keseluruhan", "whole"),
    ];
    output::line(&output::table(&header, &[true, false, false, false, false, true, true, true, true], &rows))
}

/// Prints whether frozen figures come to the same again.
pub fn print_reproduced(found: &Reproduced, lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    if found.is_same {
        return output::line(&format!(
            "{} {}: {}",
            say("Angka versi", "Figures version"),
            found.version,
            say("dihitung lagi dan sama, byte demi byte", "counted again and the same, byte by byte")
        ));
    }
    output::line(&format!(
        "{} {}: {} ({} {} → {})",
        say("Angka versi", "Figures version"),
        found.version,
        say("dihitung lagi dan berbeda", "counted again and not the same"),
        say("program", "program"),
        found.program_then,
        found.program_now
    ))?;
    print_changes(&found.changes, lang)
}

/// Prints what would differ today.
pub fn print_differs(found: &Differs, lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    if found.changes.is_empty() {
        output::line(say(
            "Dengan data dan definisi hari ini tidak ada angka yang berbeda.",
            "With today's data and definitions no number differs.",
        ))?;
    } else {
        print_changes(&found.changes, lang)?;
    }
    for import in &found.imports {
        let dispute = import.dispute.map_or_else(String::new, |id| format!(" ({} {id})", say("sanggahan", "dispute")));
        output::line(&format!(
            "{} {}: {} {} {}{dispute}",
            say("impor sejak itu", "import since"),
            import.id.0,
            import.kind,
            import.label,
            import.started
        ))?;
    }
    if !found.definitions.is_empty() {
        output::line(&format!("{}: {}", say("definisi berubah", "definitions changed"), found.definitions.join(", ")))?;
    }
    Ok(())
}

fn print_changes(changes: &[Change], lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    let because = |because: &str| match because {
        "day" => say("waktu berjalan", "time has passed").to_owned(),
        "definitions" => say("definisi", "definitions").to_owned(),
        "data" => say("data", "data").to_owned(),
        other => other.to_owned(),
    };
    let rows: Vec<Vec<String>> = changes
        .iter()
        .map(|change| {
            let why: Vec<String> = change.because.iter().map(|one| because(one)).collect();
            let what = match change.what {
                "value" => say("nilai", "value"),
                "target" => say("target", "target"),
                _ => say("poin", "points"),
            };
            vec![
                change.name.clone(),
                what.to_owned(),
                number_shown(change.before.get(), lang),
                number_shown(change.now.get(), lang),
                why.join(", "),
            ]
        })
        .collect();
    let header = [
        say("angka", "number"),
        say("apa", "what"),
        say("dibekukan", "frozen"),
        say("hari ini", "today"),
        say("karena", "because of"),
    ];
    output::line(&output::table(&header, &[false, false, true, true, false], &rows))
}

/// A number of JSON for people, to four decimals; two that differ beyond those are told apart in the JSON. `–` where there is none.
fn number_shown(json: &str, lang: Lang) -> String {
    match json.parse::<f64>() {
        Ok(number) if json.contains(['.', 'e', 'E']) => output::grouped(&format!("{number:.4}"), lang),
        Ok(_) => output::grouped(json, lang),
        Err(_) => "–".to_owned(),
    }
}
