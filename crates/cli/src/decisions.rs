//! `takar decisions`: what was decided, by whom, about whom, on which data.

use anyhow::Result;
use clap::Args;
use takar_app::{DecidedAsked, Takar};
use takar_model::Lang;

use crate::{args::ReportFormat, output};

/// `takar decisions`.
#[derive(Debug, Args)]
pub struct Decisions {
    /// About one manager, or everybody
    #[arg(long)]
    pub manager: Option<String>,
    /// By one login
    #[arg(long)]
    pub by: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// Prints the decisions, newest first.
pub fn run(takar: &Takar, asked: Decisions, lang: Lang) -> Result<()> {
    let Decisions { manager, by, limit, format } = asked;
    let found = takar.decisions(&DecidedAsked { manager, by, before: None, limit: Some(limit) }, lang)?;
    if format == ReportFormat::Json {
        return output::line(&serde_json::to_string(&found)?);
    }
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    if found.is_empty() {
        return output::line(say("Belum ada keputusan.", "Nothing was decided yet."));
    }
    for one in found {
        let mut about: Vec<String> =
            one.about.iter().map(|person| person.name.clone().unwrap_or_else(|| person.id.clone())).collect();
        if one.others > 0 {
            about.push(format!("+{}", one.others));
        }
        let about = if about.is_empty() { say("semua", "everybody").to_owned() } else { about.join(", ") };
        let data = match (one.data, one.since, lang) {
            (None, _, Lang::Id) => "sebelum ada data".to_owned(),
            (None, _, Lang::En) => "before there were data".to_owned(),
            (Some(import), 0, Lang::Id) => format!("data sampai impor {import}, tidak berubah sejak itu"),
            (Some(import), 0, Lang::En) => format!("data up to import {import}, the same since"),
            (Some(import), since, Lang::Id) => format!("data sampai impor {import}, {since} impor sesudahnya"),
            (Some(import), since, Lang::En) => {
                format!("data up to import {import}, {since} {} since", if since == 1 { "import" } else { "imports" })
            }
        };
        let who = one.who.as_deref().unwrap_or("–");
        let day = one.at.get(..16).unwrap_or(&one.at);
        output::line(&format!("{:>5}  {day}  {who}: {} · {about}", one.id, one.what))?;
        output::line(&format!("       {} ({data})", one.detail))?;
    }
    Ok(())
}
