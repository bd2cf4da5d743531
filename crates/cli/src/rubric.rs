//! `takar rubric`: what leads say of how managers work, with evidence.

use anyhow::Result;
use clap::{Args, Subcommand};
use takar_app::{RatingAsked, RubricAsked, Takar};
use takar_model::{Lang, Period, Text};

use crate::{
    args::{ReportFormat, period},
    output,
};

/// `takar rubric`.
#[derive(Debug, Args)]
pub struct Rubric {
    /// What to do; without it, the criteria
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    pub format: ReportFormat,
}

/// What to do with the rubric.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Rate a manager by one criterion
    Add(Add),
    /// The ratings, newest first
    List {
        /// Of days in 2025, 2025-Q3, 2025-10, 2025-10-03 or A..B
        #[arg(value_parser = period)]
        period: Option<Period>,
        /// Of one manager
        #[arg(long)]
        manager: Option<String>,
    },
}

/// `takar rubric add`.
#[derive(Debug, Args)]
pub struct Add {
    /// The manager's id
    #[arg(long)]
    pub manager: String,
    /// needs, preparation, clarity, promises or complaints
    #[arg(long)]
    pub criterion: String,
    /// 1 to 5
    #[arg(long)]
    pub score: u8,
    /// What was seen or heard, when, with which account
    #[arg(long)]
    pub evidence: String,
    /// Who rates
    #[arg(long)]
    pub rater: String,
    /// The day that was observed; today unless given
    #[arg(long, value_parser = period)]
    pub day: Option<Period>,
    /// The row that shows it: activities:ID, offers:ID or feedback:ID
    #[arg(long, value_name = "KIND:ID")]
    pub fact: Option<String>,
    /// The number of the rating that this one takes the place of
    #[arg(long, value_name = "NUMBER")]
    pub corrects: Option<i64>,
}

/// Rates, or prints the rubric and its ratings.
pub fn run(takar: &Takar, asked: Rubric, lang: Lang) -> Result<()> {
    let is_json = asked.format == ReportFormat::Json;
    match asked.verb {
        Some(Verb::Add(add)) => {
            let kept = takar.rate(&RatingAsked {
                rater: add.rater,
                manager: add.manager,
                criterion: add.criterion,
                score: add.score,
                evidence: add.evidence,
                day: add.day.map(Period::from),
                fact: add.fact,
                corrects: add.corrects,
            })?;
            if is_json {
                return output::line(&serde_json::to_string(&kept)?);
            }
            let said = Text::new("Penilaian {} tersimpan.", "Rating {} is kept.").get(lang);
            output::line(&said.replace("{}", &kept.id.to_string()))
        }
        Some(Verb::List { period, manager }) => {
            let found = takar.rubric(&RubricAsked { period, manager, managers: None }, lang)?;
            if is_json {
                return output::line(&serde_json::to_string(&found)?);
            }
            print_ratings(&found, lang)
        }
        None => {
            let found = takar.rubric(&RubricAsked::default(), lang)?;
            if is_json {
                return output::line(&serde_json::to_string(&found)?);
            }
            for criterion in &found.criteria {
                let [one, three, five] = criterion.marks;
                output::line(&format!("{} ({})\n  1 {one}\n  3 {three}\n  5 {five}", criterion.name, criterion.id))?;
            }
            Ok(())
        }
    }
}

fn print_ratings(found: &takar_app::Rubric, lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    if found.ratings.is_empty() {
        return output::line(say(
            "Belum ada penilaian. Menilai: takar rubric add --manager KODE --criterion needs --score 4 --evidence … --rater NAMA",
            "No ratings yet. To rate: takar rubric add --manager ID --criterion needs --score 4 --evidence … --rater NAME",
        ));
    }
    let number = |value: f64| format!("{value:.2}").replace('.', &lang.decimal_mark().to_string());
    for manager in &found.managers {
        let name = manager.name.as_deref().unwrap_or(&manager.id);
        if let (Some(mean), Some(low), Some(high)) = (manager.mean, manager.low, manager.high) {
            output::line(&format!("{name}: {} [{}–{}] n {}", number(mean), number(low), number(high), manager.n))?;
        }
    }
    let criterion = |id: &str| found.criteria.iter().find(|known| known.id == id).map_or("–", |known| known.name);
    let rows: Vec<Vec<String>> = found
        .ratings
        .iter()
        .map(|rating| {
            let state = match (rating.corrects, rating.corrected_by) {
                (_, Some(later)) => format!("{} {later}", say("dikoreksi oleh", "corrected by")),
                (Some(earlier), None) => format!("{} {earlier}", say("mengoreksi", "corrects")),
                (None, None) => String::new(),
            };
            let shown = rating.kind.as_deref().zip(rating.fact.as_deref());
            vec![
                rating.id.to_string(),
                rating.day.clone(),
                rating.manager_name.clone().unwrap_or_else(|| rating.manager.clone()),
                criterion(&rating.criterion).to_owned(),
                rating.score.to_string(),
                rating.evidence.clone(),
                shown.map_or_else(String::new, |(kind, fact)| format!("{kind}:{fact}")),
                rating.rater.clone(),
                state,
            ]
        })
        .collect();
    let header = [
        say("no", "no"),
        say("hari", "day"),
        say("manajer", "manager"),
        say("kriteria", "criterion"),
        say("nilai", "score"),
        say("bukti", "evidence"),
        say("baris", "row"),
        say("penilai", "rater"),
        say("koreksi", "correction"),
    ];
    let right = [true, false, false, false, true, false, false, false, false];
    output::line(&output::table(&header, &right, &rows))
}
