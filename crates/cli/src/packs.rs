//! `takar packs`: industry packs of KPIs, weights and trade words.

use anyhow::Result;
use clap::{Args, Subcommand};
use takar_app::{AppError, Takar};
use takar_insight::{evaluation::weights::Kind, packs::Pack};
use takar_model::Lang;

use crate::{args::ReportFormat, output};

/// `takar packs`.
#[derive(Debug, Args)]
pub struct Packs {
    /// What to do; lists the packs unless given
    #[command(subcommand)]
    pub action: Option<Action>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    pub format: ReportFormat,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// The packs there are
    List,
    /// One pack: its KPIs, weights and trade words
    Show {
        /// Its id: distribution, b2b_services, pharma, manufacturing, retail_chain
        pack: String,
    },
    /// Save the KPIs of a pack as your own, and use its weights
    Use {
        /// Its id
        pack: String,
        /// Also those that say something else under the same id here
        #[arg(long)]
        replace: bool,
    },
}

/// Does what is asked.
pub fn run(takar: &Takar, asked: Packs, lang: Lang) -> Result<()> {
    let is_json = asked.format == ReportFormat::Json;
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    match asked.action.unwrap_or(Action::List) {
        Action::List => {
            let packs = Pack::all().map_err(AppError::from)?;
            if is_json {
                let all: Vec<serde_json::Value> = packs.iter().map(|pack| pack.to_json(lang)).collect();
                return output::line(&serde_json::to_string(&all)?);
            }
            let in_use = takar.pack_in_use()?;
            let line = |pack: &Pack| {
                let mark = match &in_use {
                    Some(used) if used.id == pack.id => say(" (dipakai)", " (in use)"),
                    _ => "",
                };
                let (name, about) = (pack.name.get(lang), pack.description.get(lang));
                format!("{:<14} {name}{mark}\n{:<14} {about}", pack.id, "")
            };
            output::line(&packs.iter().map(line).collect::<Vec<_>>().join("\n"))
        }
        Action::Show { pack } => {
            let pack = Pack::find(&pack).map_err(AppError::from)?;
            if is_json {
                return output::line(&pack.to_json(lang).to_string());
            }
            output::line(&told(&pack, lang)?)
        }
        Action::Use { pack, replace } => {
            let used = takar.use_pack(&pack, replace)?;
            if is_json {
                return output::line(&serde_json::to_string(&used)?);
            }
            let mut text = format!("{} {} (v{})", say("Dipakai:", "In use:"), used.pack, used.version);
            for (id, version) in &used.saved {
                text.push_str(&format!("\n  {id:<20} v{version}"));
            }
            for id in &used.kept {
                let why = say(
                    "tetap seperti milik Anda; ganti dengan --replace",
                    "stays as yours; replace it with --replace",
                );
                text.push_str(&format!("\n  {id:<20} {why}"));
            }
            output::line(&text)
        }
    }
}

fn told(pack: &Pack, lang: Lang) -> Result<String> {
    let mut lines = vec![
        format!("{}  {}  (v{})", pack.id, pack.name.get(lang), pack.version),
        pack.description.get(lang).to_owned(),
    ];
    for kind in Kind::ALL {
        let group = pack.weights.group(kind);
        lines.push(format!("\n{}  {}", kind.name().get(lang), group.weight.text(lang)));
        lines.extend(group.kpis.iter().map(|one| format!("  {:<20} {:>7}", one.kpi, one.weight.text(lang))));
    }
    lines.push(String::new());
    for kpi in pack.own_kpis().map_err(AppError::from)? {
        lines.push(format!("{:<20} {}\n{:<20} {}", kpi.id, kpi.name.get(lang), "", kpi.expression.text()));
    }
    lines.push(String::new());
    lines.extend(
        pack.words
            .iter()
            .map(|word| format!("{:<14} {}", word.word, if lang == Lang::Id { &word.id } else { &word.en })),
    );
    Ok(lines.join("\n"))
}
