//! `takar cycles`: evaluation cycles opened, looked at and closed.

use anyhow::Result;
use clap::{Args, Subcommand};
use takar_app::{CloseAsked, CycleAsked, CycleTold, Late, Progress, Takar};
use takar_model::{Credit, Lang, Period, Text};

use crate::{
    args::{ReportFormat, period},
    output,
};

/// `takar cycles`.
#[derive(Debug, Args)]
pub struct Cycles {
    /// What to do; without it, list all
    #[command(subcommand)]
    pub verb: Option<CyclesVerb>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    pub format: ReportFormat,
}

/// What can be done with cycles.
#[derive(Debug, Subcommand)]
pub enum CyclesVerb {
    /// All cycles, and how far they are
    List,
    /// Open a cycle: freeze the figures of its managers and begin
    Open {
        /// What it is called
        name: String,
        /// The window; the last complete month of the data unless given
        #[arg(long, value_parser = period)]
        period: Option<Period>,
        /// The day by which managers assess themselves
        #[arg(long, value_name = "DAY")]
        self_due: String,
        /// The day by which leads assess
        #[arg(long, value_name = "DAY")]
        lead_due: String,
        /// The day by which they have talked
        #[arg(long, value_name = "DAY")]
        talk_due: String,
        /// The day by which both have signed
        #[arg(long, value_name = "DAY")]
        sign_due: String,
        /// Only this manager, as often as needed; all that have figures unless given
        #[arg(long = "manager", value_name = "ID")]
        managers: Vec<String>,
        /// Who opens it
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        who: Option<String>,
    },
    /// One cycle: the stage of each evaluation, and what is awaited of whom
    Show {
        /// Its number
        id: i64,
    },
    /// Tell who is late, by the ways out; the server does so once a day by itself
    Remind {
        /// Only in this cycle; in all that are open unless given
        id: Option<i64>,
    },
    /// Close a cycle: nothing in it changes any more
    Close {
        /// Its number
        id: i64,
        /// Why, where not everything is signed
        #[arg(long)]
        reason: Option<String>,
        /// Who closes it
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        who: Option<String>,
    },
}

/// Does it, and prints what came of it.
pub fn run(takar: &Takar, asked: Cycles, (credit, lang): (Credit, Lang)) -> Result<()> {
    let is_json = asked.format == ReportFormat::Json;
    let told = match asked.verb.unwrap_or(CyclesVerb::List) {
        CyclesVerb::List => {
            let all = takar.cycles()?;
            if is_json {
                return output::line(&serde_json::to_string(&all)?);
            }
            return print_list(&all, lang);
        }
        CyclesVerb::Open { name, period, self_due, lead_due, talk_due, sign_due, managers, who } => {
            let period = period.map(|period| period.to_string());
            let wanted = CycleAsked { name, period, self_due, lead_due, talk_due, sign_due, managers, by: who };
            takar.open_cycle(&wanted, credit)?
        }
        CyclesVerb::Remind { id } => {
            let late = takar.remind(id)?;
            if is_json {
                return output::line(&serde_json::to_string(&late)?);
            }
            return print_late(&late, lang);
        }
        CyclesVerb::Show { id } => takar.cycle(id)?,
        CyclesVerb::Close { id, reason, who } => takar.close_cycle(id, &CloseAsked { reason, by: who })?,
    };
    if is_json {
        return output::line(&serde_json::to_string(&told)?);
    }
    print_one(&told, lang)
}

fn print_list(all: &[CycleTold], lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    if all.is_empty() {
        return output::line(say(
            "Belum ada siklus. Membuka: takar cycles open NAMA --period 2026-Q1 --self-due … --lead-due … --talk-due … --sign-due …",
            "No cycles yet. To open one: takar cycles open NAME --period 2026-Q1 --self-due … --lead-due … --talk-due … --sign-due …",
        ));
    }
    let mut header = vec![say("no", "no"), say("siklus", "cycle"), say("periode", "period")];
    header.extend(takar_app::Stage::ALL.map(|stage| stage.label().get(lang)));
    header.extend([say("terlambat", "late"), say("sanggahan", "disputes"), say("ditutup", "closed")]);
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|one| {
            let mut row = vec![one.row.id.to_string(), one.row.opened.name.clone(), one.row.opened.period.clone()];
            row.extend(one.stages.iter().map(|(_, count)| count.to_string()));
            row.extend([one.late.to_string(), one.open_disputes.to_string()]);
            row.push(one.row.closed_at.clone().unwrap_or_default());
            row
        })
        .collect();
    let right: Vec<bool> =
        (0..header.len()).map(|place| place == 0 || (3..header.len() - 1).contains(&place)).collect();
    output::line(&output::table(&header, &right, &rows))
}

fn print_one(told: &CycleTold, lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    let opened = &told.row.opened;
    output::line(&format!("{} {}: {} ({})", say("Siklus", "Cycle"), told.row.id, opened.name, opened.period))?;
    output::line(&format!(
        "{}: {} {} · {} {} · {} {} · {} {}",
        say("Batas", "Due"),
        say("penilaian diri", "self-assessment"),
        opened.self_due,
        say("penilaian atasan", "lead's assessment"),
        opened.lead_due,
        say("percakapan", "conversation"),
        opened.talk_due,
        say("tanda tangan", "signatures"),
        opened.sign_due
    ))?;
    if let (Some(at), Some(by)) = (&told.row.closed_at, &told.row.closed_by) {
        let why = told.row.closed_why.as_deref().map_or_else(String::new, |why| format!(": {why}"));
        output::line(&format!("{} {at}, {by}{why}", say("Ditutup", "Closed")))?;
    }
    let rows: Vec<Vec<String>> = told.of.iter().flatten().map(|one| row_of(one, lang)).collect();
    let header = [
        say("no", "no"),
        say("manajer", "manager"),
        say("atasan", "lead"),
        say("tahap", "stage"),
        say("ditunggu", "awaited"),
        say("sanggahan", "disputes"),
    ];
    output::line(&output::table(&header, &[true, false, false, false, false, true], &rows))
}

fn row_of(one: &Progress, lang: Lang) -> Vec<String> {
    let named =
        |name: &Option<String>, id: &str| name.as_ref().map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"));
    let awaited: Vec<String> = one
        .awaited
        .iter()
        .map(|awaited| {
            let late = if awaited.is_late { Text::new(", terlambat", ", late").get(lang) } else { "" };
            format!("{} {}{late}", awaited.stage.label().get(lang), awaited.due)
        })
        .collect();
    vec![
        one.id.to_string(),
        named(&one.name, &one.manager),
        one.lead.as_deref().map_or_else(|| "–".to_owned(), |lead| named(&one.lead_name, lead)),
        one.stage.label().get(lang).to_owned(),
        awaited.join("; "),
        one.open_disputes.to_string(),
    ]
}

fn print_late(late: &[Late], lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    if late.is_empty() {
        return output::line(say("Tidak ada yang terlambat.", "Nobody is late."));
    }
    let rows: Vec<Vec<String>> = late
        .iter()
        .map(|one| {
            let told = if one.is_told {
                say("diberitahukan", "told")
            } else {
                say("sudah, atau tanpa saluran", "told already, or no way out")
            };
            vec![
                one.evaluation.to_string(),
                one.name.clone().unwrap_or_else(|| one.manager.clone()),
                one.stage.label().get(lang).to_owned(),
                one.due.clone(),
                one.of_name
                    .clone()
                    .or_else(|| one.of.clone())
                    .unwrap_or_else(|| say("kepala penjualan", "sales head").to_owned()),
                told.to_owned(),
            ]
        })
        .collect();
    let header = [
        say("no", "no"),
        say("manajer", "manager"),
        say("tahap", "stage"),
        say("batas", "due"),
        say("ditunggu dari", "awaited of"),
        say("pengingat", "reminder"),
    ];
    output::line(&output::table(&header, &[true, false, false, false, false, false], &rows))?;
    if late.iter().any(|one| !one.is_told) {
        output::line(say(
            "Saluran: takar outbox channels. Sekali sehari untuk tiap tahap.",
            "Ways out: takar outbox channels. Once a day for each stage.",
        ))?;
    }
    Ok(())
}
