//! `takar targets`: what is realistic, what is wanted, what is approved, and whether both directions agree.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use takar_app::{
    AppError, Decided, DraftAsked, NewTarget, ReconcileAsked, SetAsked, SetTargets, SuggestAsked, Takar, TargetScope,
};
use takar_model::{Credit, Lang, Period};
use takar_state::{DraftState, Message};

use crate::{
    args::{ReportFormat, period},
    output,
    target_text::{odds, reconciled, say, set_told, stories, suggested},
};

/// `takar targets`.
#[derive(Debug, Args)]
pub struct Targets {
    /// What to do
    #[command(subcommand)]
    pub verb: TargetsVerb,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    pub format: ReportFormat,
}

/// Which targets.
#[derive(Debug, Args)]
pub struct Which {
    /// For whom: company, manager, account, product, category, region, segment, branch
    #[arg(long, default_value = "manager")]
    pub by: String,
    /// Only accounts, categories or regions of this manager
    #[arg(long)]
    pub manager: Option<String>,
    /// Which figure
    #[arg(long, default_value = "net_sales")]
    pub kpi: String,
}

/// Who says something, and why.
#[derive(Debug, Args)]
pub struct Saying {
    /// Why
    #[arg(long)]
    pub reason: String,
    /// Who says so
    #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
    pub who: Option<String>,
}

/// What can be done with targets.
#[derive(Debug, Subcommand)]
pub enum TargetsVerb {
    /// A realistic target for each: from history, forecast, season and potential
    Suggest {
        /// Which
        #[command(flatten)]
        which: Which,
        /// For when: 2027, 2027-Q1, 2027-03
        #[arg(long, value_parser = period)]
        period: Period,
        /// The chance in percent that the suggested target is to have
        #[arg(long, default_value_t = 70.0)]
        ambition: f64,
        /// Also by month
        #[arg(long)]
        months: bool,
    },
    /// How likely a target is, before it is set
    Odds {
        /// Which
        #[command(flatten)]
        which: Which,
        /// For when: 2027, 2027-Q1, 2027-03
        #[arg(long, value_parser = period)]
        period: Period,
        /// Whose: an id; nobody's with --by company
        #[arg(long)]
        of: Option<String>,
        /// The target
        value: String,
    },
    /// Set targets as drafts that wait for approval: AM-01=1.250.000
    Set {
        /// Which
        #[command(flatten)]
        which: Which,
        /// For when: 2027, 2027-Q1, 2027-03
        #[arg(long, value_parser = period)]
        period: Period,
        /// Whose and how much: id=value; only the value with --by company
        #[arg(required = true)]
        targets: Vec<String>,
        /// Share it out over the months by season
        #[arg(long)]
        phase: bool,
        /// Why an odd target is wanted all the same
        #[arg(long, value_name = "REASON")]
        confirm: Option<String>,
        /// Who, and why
        #[command(flatten)]
        saying: Saying,
    },
    /// Drafts that wait for approval
    List {
        /// Only of this manager
        #[arg(long)]
        manager: Option<String>,
        /// For days of this window
        #[arg(long, value_parser = period)]
        period: Option<Period>,
    },
    /// Approve drafts: they count from then on
    Approve {
        /// Their numbers
        #[arg(required = true)]
        ids: Vec<i64>,
        /// Who, and why
        #[command(flatten)]
        saying: Saying,
    },
    /// Reject drafts: they stay in the history
    Reject {
        /// Their numbers
        #[arg(required = true)]
        ids: Vec<i64>,
        /// Who, and why
        #[command(flatten)]
        saying: Saying,
    },
    /// All targets that were ever wanted here, and what became of them
    History {
        /// Only of this manager
        #[arg(long)]
        manager: Option<String>,
        /// Only of this account
        #[arg(long)]
        account: Option<String>,
        /// For days of this window
        #[arg(long, value_parser = period)]
        period: Option<Period>,
    },
    /// What is handed down beside what is handed up, with the gap
    Reconcile {
        /// Which
        #[command(flatten)]
        which: Which,
        /// For when: 2027, 2027-Q1, 2027-03
        #[arg(long, value_parser = period)]
        period: Period,
        /// The figure that is handed down; the target of the company (or manager) unless given
        #[arg(long)]
        top: Option<String>,
        /// Close the gap by drafts: scale (all by the same factor) or lines (those of --line alone)
        #[arg(long, value_name = "HOW")]
        accept: Option<String>,
        /// Who takes the gap, as often as needed
        #[arg(long = "line", value_name = "ID")]
        lines: Vec<String>,
        /// Why the gap is closed so
        #[arg(long)]
        reason: Option<String>,
        /// Why an odd target is wanted all the same
        #[arg(long, value_name = "REASON")]
        confirm: Option<String>,
        /// Who says so
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        who: Option<String>,
        /// Also by month
        #[arg(long)]
        months: bool,
    },
}

impl Which {
    fn scope(self) -> TargetScope {
        TargetScope { kpi: self.kpi, level: self.by, manager: self.manager }
    }
}

/// Does what was asked with targets.
pub fn run(takar: &Takar, asked: Targets, reader: (Credit, Lang)) -> Result<()> {
    let (format, lang) = (asked.format, reader.1);
    match asked.verb {
        TargetsVerb::Suggest { which, period, ambition, months } => {
            let asked =
                SuggestAsked { scope: which.scope(), period: period.to_string(), ambition: Some(ambition / 100.0) };
            let found = takar.suggest_targets(&asked, reader)?;
            print(format, &found, || suggested(&found, months, lang))
        }
        TargetsVerb::Odds { which, period, of, value } => {
            let scope = which.scope();
            let value = takar.target_figure(&scope, &value, lang)?;
            let found = takar.odds_of_target(&scope, of.as_deref(), (period, value), reader)?;
            print(format, &found, || odds(&found, lang))
        }
        TargetsVerb::Set { which, period, targets, phase, confirm, saying } => {
            let scope = which.scope();
            let of_text = |text: &String| match text.rsplit_once('=') {
                Some((id, value)) => {
                    NewTarget { id: Some(id.to_owned()), period: period.to_string(), value: value.to_owned() }
                }
                None => NewTarget { id: None, period: period.to_string(), value: text.clone() },
            };
            let asked = SetAsked {
                kpi: scope.kpi,
                level: scope.level,
                manager: scope.manager,
                targets: targets.iter().map(of_text).collect(),
                reason: saying.reason,
                confirm,
                by: saying.who,
                phase,
            };
            let set = takar.set_targets(&asked, reader)?;
            refuse_questioned(&set)?;
            print(format, &set, || set_told(&set, lang))
        }
        TargetsVerb::List { manager, period } => {
            let state = Some(DraftState::Draft.name().to_owned());
            let period = period.map(|period| period.to_string());
            let rows = takar.target_drafts(&DraftAsked { state, manager, period, ..DraftAsked::default() }, lang)?;
            print(format, &rows, || stories(&rows, lang))
        }
        TargetsVerb::History { manager, account, period } => {
            let period = period.map(|period| period.to_string());
            let rows = takar.target_drafts(&DraftAsked { manager, account, period, ..DraftAsked::default() }, lang)?;
            print(format, &rows, || stories(&rows, lang))
        }
        TargetsVerb::Approve { ids, saying } => {
            let rows = takar.approve_targets(&Decided { ids, reason: saying.reason, by: saying.who }, lang)?;
            print(format, &rows, || stories(&rows, lang))
        }
        TargetsVerb::Reject { ids, saying } => {
            let rows = takar.reject_targets(&Decided { ids, reason: saying.reason, by: saying.who }, lang)?;
            print(format, &rows, || stories(&rows, lang))
        }
        TargetsVerb::Reconcile { which, period, top, accept, lines, reason, confirm, who, months } => {
            let scope = which.scope();
            let asked = ReconcileAsked {
                kpi: scope.kpi,
                level: scope.level,
                manager: scope.manager,
                period: period.to_string(),
                top,
                accept,
                lines,
                reason,
                confirm,
                by: who,
            };
            let found = takar.reconcile_targets(&asked, reader)?;
            if let Some(closed) = &found.closed {
                refuse_questioned(&closed.set)?;
            }
            print(format, &found, || reconciled(&found, months, lang))
        }
    }
}

fn print<T: Serialize>(format: ReportFormat, found: &T, text: impl FnOnce() -> String) -> Result<()> {
    match format {
        ReportFormat::Json => output::line(&serde_json::to_string(found)?),
        ReportFormat::Text => output::line(&text()),
    }
}

/// Nothing was kept: that is an error, with the questions.
fn refuse_questioned(set: &SetTargets) -> Result<()> {
    let next = |lang: Lang| {
        say(
            lang,
            "Bila memang dimaksud, ulangi dengan --confirm \"alasannya\".",
            "If it is meant so, repeat with --confirm \"the reason\".",
        )
    };
    let Some((id, en)) = set.questions(Lang::Id).zip(set.questions(Lang::En)) else { return Ok(()) };
    let (id, en) = (format!("{id}\n{}", next(Lang::Id)), format!("{en}\n{}", next(Lang::En)));
    Err(AppError::Told(Message { id, en }).into())
}
