//! `takar kpis`: what every figure means, and KPIs of the company's own.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use takar_app::{AnyKpi, KpiTrial, Takar, definition_from_json, word_of};
use takar_insight::{
    kpis::{Definition, FACT_TABLES, Measure, MissingRule, OwnKpi, PeriodRule, Words},
    metrics::{Direction, KPIS},
};
use takar_model::{Credit, Lang, Period};

use crate::{
    args::{ReportFormat, period},
    output,
};

/// `takar kpis`.
#[derive(Debug, Args)]
pub struct Kpis {
    /// What to do; lists every KPI unless given
    #[command(subcommand)]
    pub action: Option<Action>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    pub format: ReportFormat,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Every KPI: the built-in ones, then your own
    List,
    /// One KPI with all that its definition says
    Show {
        /// Its id
        id: String,
    },
    /// The kinds of facts and their columns that an expression may read
    Facts,
    /// Try an expression on the data; nothing is saved
    Try(Try),
    /// Try a definition and save it as the next version of its KPI
    Save(Save),
    /// Every version of an own KPI
    History {
        /// Its id
        id: String,
    },
    /// Use an own KPI no longer; its versions stay readable
    Remove {
        /// Its id
        id: String,
    },
}

/// What follows from the expression unless it is said.
#[derive(Debug, Args)]
pub struct Rules {
    /// What it is shown in: money, quantity, count, share, number, days, hours
    #[arg(long, value_parser = word::<Measure>)]
    pub unit: Option<Measure>,
    /// Which way is better: higher, lower, neutral
    #[arg(long, value_parser = word::<Direction>)]
    pub direction: Option<Direction>,
    /// How months make a longer period: sum, ratio, last, average
    #[arg(long, value_parser = word::<PeriodRule>)]
    pub period_rule: Option<PeriodRule>,
    /// What a period without facts comes to: zero, leave_out, null
    #[arg(long, value_parser = word::<MissingRule>)]
    pub missing: Option<MissingRule>,
    /// Another expression that must come to the same
    #[arg(long, value_name = "EXPRESSION")]
    pub check: Option<String>,
}

/// `takar kpis try`.
#[derive(Debug, Args)]
pub struct Try {
    /// The expression: "sum(sales.net_amount where category = 'Minuman') / active_accounts"
    pub expression: String,
    /// The window; the last complete month unless given
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,
    /// What follows from the expression unless it is said
    #[command(flatten)]
    pub rules: Rules,
}

/// `takar kpis save`.
#[derive(Debug, Args)]
pub struct Save {
    /// Its id: small letters, digits and _
    #[arg(required_unless_present = "file")]
    pub id: Option<String>,
    /// How it is computed
    #[arg(required_unless_present = "file")]
    pub expression: Option<String>,
    /// Its name in Indonesian
    #[arg(long)]
    pub name_id: Option<String>,
    /// Its name in English
    #[arg(long)]
    pub name_en: Option<String>,
    /// What it means, in Indonesian
    #[arg(long)]
    pub description_id: Option<String>,
    /// What it means, in English
    #[arg(long)]
    pub description_en: Option<String>,
    /// What follows from the expression unless it is said
    #[command(flatten)]
    pub rules: Rules,
    /// A file with the definition as JSON instead
    #[arg(long, conflicts_with_all = ["id", "expression"])]
    pub file: Option<PathBuf>,
}

impl Kpis {
    /// It only asks what there is.
    pub const fn is_list(&self) -> bool {
        matches!(self.action, None | Some(Action::List))
    }
}

/// A word of a definition.
fn word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    word_of(text).ok_or_else(|| {
        let told = serde_json::from_value::<T>(text.into()).err().map(|error| error.to_string()).unwrap_or_default();
        // The words stand between backticks, the one that is unknown first.
        let known: Vec<&str> = told.split('`').skip(3).step_by(2).collect();
        format!("choose one of: {}", known.join(", "))
    })
}

impl Rules {
    fn into_definition(self, id: &str, expression: &str) -> Definition {
        Definition {
            unit: self.unit,
            direction: self.direction,
            period: self.period_rule,
            missing: self.missing,
            check: self.check,
            ..Definition::of(id, expression)
        }
    }
}

/// Prints the built-in KPIs, where there is no home yet.
pub fn print_built_in(asked: &Kpis, lang: Lang) -> Result<()> {
    print(&KPIS.iter().map(AnyKpi::BuiltIn).collect::<Vec<_>>(), asked.format, lang)
}

/// Does what is asked.
pub fn run(takar: &Takar, asked: Kpis, (credit, lang): (Credit, Lang)) -> Result<()> {
    let format = asked.format;
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    match asked.action.unwrap_or(Action::List) {
        Action::List => print(&takar.kpis()?, format, lang),
        Action::Facts => {
            let table = |table: &takar_insight::kpis::FactTable| {
                let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
                format!("{:<12} {}\n{:<12} {}", table.name, table.label.get(lang), "", columns.join(", "))
            };
            output::line(&FACT_TABLES.iter().map(table).collect::<Vec<_>>().join("\n"))
        }
        Action::Show { id } => {
            let kpi = takar.kpi(&id)?;
            if format == ReportFormat::Json {
                return output::line(&kpi.to_json(lang).to_string());
            }
            output::line(&told(&kpi, lang))
        }
        Action::Try(Try { expression, period, rules }) => {
            let name = Words::new("Percobaan", "Trial");
            let definition = Definition { name, ..rules.into_definition("percobaan", &expression) };
            let tried = takar.try_kpi(credit, &definition, period)?;
            output::line(&trial(&tried, lang))
        }
        Action::Save(save) => {
            let definition = definition_of(save)?;
            let saved = takar.save_kpi(credit, &definition)?;
            if format == ReportFormat::Json {
                return output::line(&saved.to_json(lang).to_string());
            }
            let kept = say("KPI disimpan", "KPI saved");
            output::line(&format!("{kept}.\n{}", told(&AnyKpi::Own(Box::new(saved)), lang)))
        }
        Action::History { id } => {
            let versions = takar.kpi_history(&id)?;
            if format == ReportFormat::Json {
                return output::line(&serde_json::to_string(&versions)?);
            }
            let lines = versions.iter().map(|version| {
                let text = match &version.definition {
                    Some(definition) => definition.expression.as_str(),
                    None => say("(dihapus)", "(removed)"),
                };
                format!("{:>4}  {}  {text}", version.version, version.at)
            });
            output::line(&lines.collect::<Vec<_>>().join("\n"))
        }
        Action::Remove { id } => {
            takar.remove_kpi(&id)?;
            output::line(say("KPI dihapus; riwayatnya tetap ada.", "KPI removed; its history stays."))
        }
    }
}

fn definition_of(save: Save) -> Result<Definition> {
    if let Some(file) = save.file {
        return Ok(definition_from_json(&std::fs::read_to_string(file)?)?);
    }
    let (id, expression) = (save.id.unwrap_or_default(), save.expression.unwrap_or_default());
    let words = |id: Option<String>, en: Option<String>| Words::new(id.unwrap_or_default(), en.unwrap_or_default());
    Ok(Definition {
        name: words(save.name_id, save.name_en),
        description: words(save.description_id, save.description_en),
        ..save.rules.into_definition(&id, &expression)
    })
}

fn print(kpis: &[AnyKpi], format: ReportFormat, lang: Lang) -> Result<()> {
    if format == ReportFormat::Json {
        let all: Vec<serde_json::Value> = kpis.iter().map(|kpi| kpi.to_json(lang)).collect();
        return output::line(&serde_json::to_string(&all)?);
    }
    let line = |kpi: &AnyKpi| match kpi {
        AnyKpi::BuiltIn(kpi) => {
            format!("{:<22} {}\n{:<22} {}", kpi.id, kpi.name.get(lang), "", kpi.definition.get(lang))
        }
        AnyKpi::Own(kpi) => {
            let meaning = kpi.description.get(lang);
            let meaning = if meaning.is_empty() { kpi.expression.text() } else { meaning };
            format!("{:<22} {} (v{})\n{:<22} {meaning}", kpi.id, kpi.name.get(lang), kpi.version, "")
        }
        AnyKpi::OfTarget(of) => {
            format!("{:<22} {}\n{:<22} {}", of.id(), of.name(lang), "", of.figure.definition().get(lang))
        }
    };
    output::line(&kpis.iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn told(kpi: &AnyKpi, lang: Lang) -> String {
    let own = match kpi {
        AnyKpi::BuiltIn(kpi) => {
            return format!("{}  {}\n{}", kpi.id, kpi.name.get(lang), kpi.definition.get(lang));
        }
        AnyKpi::OfTarget(of) => {
            return format!("{}  {}\n{}", of.id(), of.name(lang), of.figure.definition().get(lang));
        }
        AnyKpi::Own(own) => own,
    };
    let OwnKpi { id, version, name, description, expression, unit, direction, period, missing, check } = own.as_ref();
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    let direction = serde_json::to_value(direction).ok().and_then(|word| word.as_str().map(str::to_owned));
    let mut lines = vec![format!("{id}  {}  (v{version})", name.get(lang))];
    if !description.get(lang).is_empty() {
        lines.push(description.get(lang).to_owned());
    }
    let rows = [
        (say("rumus", "expression"), expression.text().to_owned()),
        (say("satuan", "unit"), unit.id().to_owned()),
        (say("arah", "direction"), direction.unwrap_or_default()),
        (say("aturan periode", "period rule"), period.id().to_owned()),
        (say("bulan kosong", "missing months"), missing.id().to_owned()),
    ];
    lines.extend(rows.into_iter().map(|(name, value)| format!("  {name:<16} {value}")));
    if let Some(check) = check {
        lines.push(format!("  {:<16} {}", say("pemeriksa", "check"), check.text()));
    }
    lines.join("\n")
}

fn trial(tried: &KpiTrial, lang: Lang) -> String {
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    let whole = match tried.trial.whole.why() {
        Some(why) => format!("– ({})", why.text().get(lang)),
        None => tried.trial.whole.format(lang),
    };
    let mut lines = vec![
        tried.trial.table.table(lang),
        format!("{}: {whole}   ({} ms)", say("Seluruhnya", "In all"), tried.took_ms),
    ];
    for behind in &tried.rows {
        lines.push(format!("{}: {} {}", behind.table, behind.total, say("baris", "rows")));
    }
    if let Some(check) = &tried.trial.check {
        let words = match tried.trial.disagreements {
            0 => say("Rumus pemeriksa sama.", "The check agrees.").to_owned(),
            many => format!(
                "{} {many} {}\n\n{}",
                say("Rumus pemeriksa berbeda pada", "The check differs in"),
                say("baris:", "rows:"),
                check.table(lang)
            ),
        };
        lines.push(words);
    }
    lines.push(say("Tidak ada yang disimpan.", "Nothing was saved.").to_owned());
    lines.join("\n")
}
