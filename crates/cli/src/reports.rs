//! `takar reports`: evaluations made by themselves, by mail or into a folder.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use takar_app::{ReportAsked, ReportTold, Takar};
use takar_model::{Lang, Text};

use crate::{args::ReportFormat, output};

/// `takar reports`.
#[derive(Debug, Args)]
pub struct Reports {
    /// What to do; without it, list all
    #[command(subcommand)]
    pub verb: Option<ReportsVerb>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl Reports {
    /// It does by hand what the server does by itself, and tells no figure.
    pub const fn is_making(&self) -> bool {
        matches!(self.verb, Some(ReportsVerb::Due))
    }
}

/// What can be done with reports.
#[derive(Debug, Subcommand)]
pub enum ReportsVerb {
    /// The reports there are
    List {
        /// Text or JSON
        #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
        format: ReportFormat,
    },
    /// Schedule a report
    Add {
        /// For this user
        #[arg(long, value_name = "LOGIN")]
        to: String,
        /// What it tells: evaluation
        #[arg(long, default_value = "evaluation")]
        what: String,
        /// last-month, last-quarter, this-quarter, this-year, or 2025-Q3
        #[arg(long, default_value = "last-month")]
        period: String,
        /// html or xlsx
        #[arg(long = "format", id = "file", default_value = "xlsx")]
        file: String,
        /// mail or folder
        #[arg(long, default_value = "mail")]
        by: String,
        /// A folder within reports, or one that an owner allowed
        #[arg(long)]
        folder: Option<String>,
        /// When: monthly@08:00, weekly@08:00, 08:00, 1d
        #[arg(long, default_value = "monthly@08:00")]
        every: String,
    },
    /// Make a report no more
    Remove {
        /// Its number
        id: i64,
    },
    /// Make a report now
    Run {
        /// Its number
        id: i64,
    },
    /// Make all whose time has come; a running server does so by itself
    Due,
    /// Let reports be written to another folder; owners only
    AllowFolder {
        /// The folder, in full
        folder: PathBuf,
    },
}

/// Does it, and prints what came of it.
pub fn run(takar: &Takar, asked: Reports, lang: Lang) -> Result<()> {
    let one = |told: &ReportTold| {
        if asked.json { output::line(&serde_json::to_string(told)?) } else { print(std::slice::from_ref(told), lang) }
    };
    match asked.verb.unwrap_or(ReportsVerb::List { format: ReportFormat::Text }) {
        ReportsVerb::List { format } => {
            let all = takar.scheduled_reports(lang)?;
            if asked.json || format == ReportFormat::Json {
                output::line(&serde_json::to_string(&all)?)
            } else {
                print(&all, lang)
            }
        }
        ReportsVerb::Add { to, what, period, file, by, folder, every } => {
            one(&takar.add_report(&ReportAsked { to, what, period, format: file, by, folder, every }, lang)?)
        }
        ReportsVerb::Remove { id } => {
            takar.remove_report(id)?;
            output::line(Text::new("Laporan dihapus.", "The report is gone.").get(lang))
        }
        ReportsVerb::Run { id } => one(&takar.run_report(id, lang)?),
        ReportsVerb::Due => {
            let made = takar.make_due_reports()?;
            output::line(&match lang {
                Lang::Id => format!("{made} laporan dibuat"),
                Lang::En => format!("{made} reports made"),
            })
        }
        ReportsVerb::AllowFolder { folder } => output::line(&takar.allow_report_folder(&folder)?.join("\n")),
    }
}

fn print(all: &[ReportTold], lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    if all.is_empty() {
        return output::line(say(
            "Belum ada laporan. Menjadwalkan: takar reports add --to NAMA --every monthly@08:00",
            "No reports yet. To schedule one: takar reports add --to LOGIN --every monthly@08:00",
        ));
    }
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|one| {
            let row = &one.row;
            vec![
                row.id.to_string(),
                row.login.clone(),
                format!("{} {} {}", row.what, row.period, row.format),
                row.folder.clone().unwrap_or_else(|| row.way.clone()),
                row.every.clone(),
                row.next.clone(),
                one.error.clone().or_else(|| row.made.clone()).unwrap_or_else(|| "–".to_owned()),
            ]
        })
        .collect();
    let header = [
        say("no", "no"),
        say("untuk", "for"),
        say("laporan", "report"),
        say("lewat", "by"),
        say("jadwal", "schedule"),
        say("berikutnya (UTC)", "next (UTC)"),
        say("terakhir", "last"),
    ];
    output::line(&output::table(&header, &[true, false, false, false, false, false, false], &rows))
}
