//! `takar process` and `takar promises`: how managers work, and what it is held against.

use anyhow::Result;
use clap::Args;
use takar_app::{ProcessAsked as Asked, Takar};
use takar_insight::process::Promises;
use takar_model::{Lang, Period};

use crate::{
    args::{ReportFormat, period},
    output,
};

/// `takar process`.
#[derive(Debug, Args)]
pub struct ProcessAsked {
    /// 2025, 2025-Q3, 2025-10, 2025-10-03 or A..B; the last complete month unless given
    #[arg(value_parser = period)]
    pub period: Option<Period>,
    /// All about one manager: every measure, untouched accounts, reasons
    #[arg(long)]
    pub manager: Option<String>,
    /// Untouched accounts shown, at most
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
    /// Held against other promises than those kept
    #[command(flatten)]
    pub promises: Changes,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// `takar promises`.
#[derive(Debug, Args)]
pub struct PromisesAsked {
    /// What is promised from now on; without any, what is kept is shown
    #[command(flatten)]
    pub changes: Changes,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// Promises that differ from those kept.
#[derive(Debug, Args)]
pub struct Changes {
    /// An account has its answer within so many hours
    #[arg(long, value_name = "HOURS")]
    pub response_hours: Option<f64>,
    /// An offer is followed up within so many days
    #[arg(long, value_name = "DAYS")]
    pub follow_up_days: Option<u32>,
    /// Contacts a month for accounts of class A, B and C: 2,1,0.5
    #[arg(long, value_name = "A,B,C", value_delimiter = ',', num_args = 1)]
    pub contacts: Option<Vec<f64>>,
}

impl Changes {
    fn are_none(&self) -> bool {
        self.response_hours.is_none() && self.follow_up_days.is_none() && self.contacts.is_none()
    }

    fn apply(&self, kept: Promises) -> Promises {
        let contacts = self.contacts.as_ref().map(|often| {
            // Whatever is written short or long cannot be a plan for three classes.
            <[f64; 3]>::try_from(often.clone()).unwrap_or([f64::NAN; 3])
        });
        Promises {
            response_hours: self.response_hours.unwrap_or(kept.response_hours),
            follow_up_days: self.follow_up_days.unwrap_or(kept.follow_up_days),
            contacts_a_month: contacts.unwrap_or(kept.contacts_a_month),
        }
    }
}

/// Prints the work of the team, or of one manager.
pub fn run(takar: &Takar, asked: ProcessAsked, lang: Lang) -> Result<()> {
    let promises = if asked.promises.are_none() { None } else { Some(asked.promises.apply(takar.promises()?)) };
    let found = takar.process(Asked { period: asked.period, managers: None, opened: asked.manager, promises })?;
    match asked.format {
        ReportFormat::Json => output::line(&found.to_json(lang).map_err(takar_app::AppError::from)?),
        ReportFormat::Text => output::line(found.table(lang, asked.limit).trim_end()),
    }
}

/// Prints the promises, or keeps new ones.
pub fn promises(takar: &Takar, asked: &PromisesAsked, lang: Lang) -> Result<()> {
    let kept = takar.promises()?;
    let kept = if asked.changes.are_none() { kept } else { takar.set_promises(asked.changes.apply(kept))? };
    if asked.format == ReportFormat::Json {
        return output::line(&serde_json::to_string(&kept)?);
    }
    let number = |value: f64| value.to_string().replace('.', &lang.decimal_mark().to_string());
    let (hours, days) = (number(kept.response_hours), kept.follow_up_days);
    let [a, b, c] = kept.contacts_a_month.map(number);
    output::line(&match lang {
        Lang::Id => format!(
            "jawaban dalam {hours} jam\ntindak lanjut penawaran dalam {days} hari\nkontak sebulan: A {a}, B {b}, C {c}"
        ),
        Lang::En => format!(
            "an answer within {hours} hours\nan offer followed up within {days} days\ncontacts a month: A {a}, B {b}, C {c}"
        ),
    })
}
