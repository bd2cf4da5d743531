//! What is handed down beside what is handed up, and closing the gap.

use serde::{Deserialize, Serialize};
use takar_insight::{
    metrics::Unit,
    targets::{self, Level, Reconciliation, Unjudged, Whom},
};
use takar_model::{Credit, Lang, Money, Period};
use takar_state::Message;

use super::{SetTargets, TargetScope, Understood, months, no_target, read_figures, set::Said};
use crate::{AppError, Result, Takar};

/// What is to be compared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReconcileAsked {
    /// The figure; `net_sales` unless told.
    pub kpi: String,
    /// Who hands up: `manager` (unless told), `account`, `product`, `category`, `region`, `segment` or `branch`.
    pub level: String,
    /// The manager whose members they are; of the company without.
    pub manager: Option<String>,
    /// For when.
    pub period: String,
    /// The figure that is handed down, as it is typed; the target of the company (of the manager) unless told.
    pub top: Option<String>,
    /// How the gap is closed: `scale`, or `lines`; it is only shown without.
    pub accept: Option<String>,
    /// The members that take the gap, with `lines`.
    pub lines: Vec<String>,
    /// Why, where the gap is closed.
    pub reason: Option<String>,
    /// Why odd targets are wanted all the same.
    pub confirm: Option<String>,
    /// Who closes it.
    pub by: Option<String>,
}

/// Both directions, and how the gap would be closed.
#[derive(Debug, Clone, Serialize)]
pub struct Reconciled {
    /// Who hands up.
    pub level: Level,
    /// For when.
    pub period: String,
    /// The months.
    pub months: Vec<String>,
    /// What is handed down, by month.
    pub top: Vec<Money>,
    /// What is handed up, by month.
    pub up: Vec<Money>,
    /// How much more is handed down than up, by month.
    pub gap: Vec<Money>,
    /// The sums.
    pub top_total: Money,
    /// The sums.
    pub up_total: Money,
    /// The sums.
    pub gap_total: Money,
    /// The members.
    pub lines: Vec<ReconciledLine>,
    /// What came of closing the gap, where that was asked.
    pub closed: Option<Closed>,
    /// The one currency of the data.
    pub currency: Option<String>,
}

/// One member.
#[derive(Debug, Clone, Serialize)]
pub struct ReconciledLine {
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Whom the targets are for.
    pub whom: Whom,
    /// What it is handed down, by month.
    pub down: Vec<Money>,
    /// What it hands up, by month.
    pub up: Vec<Option<Money>>,
    /// The sum of what it is handed down.
    pub down_total: Money,
    /// The sum of what it hands up.
    pub up_total: Option<Money>,
    /// How much more it is handed down than it hands up.
    pub gap: Option<Money>,
}

/// What came of closing the gap.
#[derive(Debug, Clone, Serialize)]
pub struct Closed {
    /// `scale` or `lines`.
    pub how: String,
    /// The drafts, or the questions.
    #[serde(flatten)]
    pub set: SetTargets,
}

impl Takar {
    /// Puts what is handed down beside what is handed up; closes the gap by drafts where that is asked.
    pub fn reconcile_targets(&self, asked: &ReconcileAsked, (credit, lang): (Credit, Lang)) -> Result<Reconciled> {
        let scope = TargetScope { kpi: asked.kpi.clone(), level: asked.level.clone(), manager: asked.manager.clone() };
        let understood = self.understood(&scope)?;
        if understood.level == Level::Company {
            return Err(AppError::Asked(takar_model::Text::new(
                "target perusahaan tidak dibandingkan dengan dirinya: pilih manager, account, product, category, region, segment atau branch",
                "the company's target is not compared with itself: choose manager, account, product, category, region, segment or branch",
            )));
        }
        if understood.level == Level::Manager {
            self.may_see_everybody()?;
        }
        self.may_plan(&understood)?;
        let period: Period = asked.period.parse()?;
        let found = self.both_directions(&understood, period, asked.top.as_deref(), (credit, lang))?;
        let closed = match asked.accept.as_deref().filter(|how| !how.is_empty()) {
            None => None,
            Some(how) => Some(self.close(asked, (&understood, &found), how, (credit, lang))?),
        };
        let source = self.lake_source(credit)?;
        let currencies = &takar_insight::metrics::CellSource::names(source.as_ref()).currencies;
        let currency = currencies.first().filter(|_| currencies.len() == 1).cloned();
        Ok(told(&found, closed, currency))
    }

    /// Both directions, with drafts that wait.
    pub(crate) fn both_directions(
        &self,
        understood: &Understood,
        period: Period,
        top: Option<&str>,
        (credit, lang): (Credit, Lang),
    ) -> Result<Reconciliation> {
        let source = self.lake_source(credit)?;
        let held = self.held_with_drafts(&source, &understood.kpi)?;
        let (above, whom) = understood.above();
        let months = months(period)?;
        let given = match top.filter(|text| !text.trim().is_empty()) {
            Some(text) => Some(figure(text, self.analysed_kpi(&understood.kpi)?.unit(), lang)?),
            None => None,
        };
        let top: Vec<Option<Money>> = match given.or_else(|| held.exact(&whom, period)) {
            Some(one) => vec![Some(one)],
            None => months.iter().map(|month| held.exact(&whom, Period::month(*month))).collect(),
        };
        if top.iter().any(Option::is_none) {
            return Err(no_target(period));
        }
        let judge = self.judge(&source, understood, period)?;
        let whole = self.judge(&source, &above, period)?;
        targets::reconcile(&judge, &whole, understood.manager.as_deref(), period, &top, &held).map_err(asked_wrongly)
    }

    fn close(
        &self,
        asked: &ReconcileAsked,
        (understood, found): (&Understood, &Reconciliation),
        how: &str,
        reader: (Credit, Lang),
    ) -> Result<Closed> {
        let values = match how {
            "scale" => found.scaled(),
            "lines" => found.on_lines(&asked.lines),
            _ => {
                return Err(AppError::Asked(takar_model::Text::new(
                    "accept: scale atau lines",
                    "accept: scale or lines",
                )));
            }
        };
        let values = values.map_err(asked_wrongly)?;
        let source = self.lake_source(reader.0)?;
        let held = self.held_with_drafts(&source, &understood.kpi)?;
        let mut wanted = Vec::new();
        for (line, values) in found.lines.iter().zip(&values) {
            // Who has one target for all of it gets another one in its place: months would stand beside it.
            if let Some(whole) = held.exact(&line.whom, found.period).filter(|_| found.months.len() > 1) {
                let value: Money = values.iter().copied().sum();
                if value != whole {
                    wanted.push(targets::Proposed { whom: line.whom.clone(), period: found.period, value });
                }
                continue;
            }
            for (place, value) in values.iter().enumerate() {
                let is_new = line.up[place] != Some(*value);
                // Who has no target and is given none needs no draft.
                let is_nothing = line.up[place].is_none() && *value == Money::ZERO;
                if is_new && !is_nothing {
                    let (whom, period) = (line.whom.clone(), Period::month(found.months[place]));
                    wanted.push(targets::Proposed { whom, period, value: *value });
                }
            }
        }
        if wanted.is_empty() {
            return Ok(Closed { how: how.to_owned(), set: SetTargets { drafts: Vec::new(), questioned: Vec::new() } });
        }
        let said = Said {
            reason: asked.reason.as_deref().unwrap_or_default(),
            confirm: asked.confirm.as_deref(),
            by: asked.by.as_deref(),
            phase: false,
        };
        let set = self.keep_targets(understood, wanted, said, reader)?;
        Ok(Closed { how: how.to_owned(), set })
    }
}

pub(super) fn figure(text: &str, unit: Unit, lang: Lang) -> Result<Money> {
    match read_figures(&[text], unit, lang).into_iter().next() {
        Some(Ok(Some(value))) => Ok(value),
        Some(Err(fault)) => {
            Err(AppError::Told(Message { id: fault.message(text, Lang::Id), en: fault.message(text, Lang::En) }))
        }
        _ => Err(AppError::Asked(takar_model::Text::new("sebutkan angkanya", "say the figure"))),
    }
}

fn asked_wrongly(why: Unjudged) -> AppError {
    AppError::Told(Message { id: why.message(Lang::Id), en: why.message(Lang::En) })
}

fn told(found: &Reconciliation, closed: Option<Closed>, currency: Option<String>) -> Reconciled {
    let (up, gap) = (found.up(), found.gap());
    let lines = found
        .lines
        .iter()
        .map(|line| {
            let down_total: Money = line.down.iter().copied().sum();
            let up_total = super::sum_of(line.up.iter().copied());
            ReconciledLine {
                id: line.whom.level().1.map(str::to_owned),
                name: line.name.clone(),
                whom: line.whom.clone(),
                down: line.down.clone(),
                up: line.up.clone(),
                down_total,
                up_total,
                gap: up_total.map(|up| down_total - up),
            }
        })
        .collect();
    Reconciled {
        level: found.level,
        period: found.period.to_string(),
        months: found.months.iter().map(ToString::to_string).collect(),
        top_total: found.top.iter().copied().sum(),
        up_total: up.iter().copied().sum(),
        gap_total: gap.iter().copied().sum(),
        top: found.top.clone(),
        up,
        gap,
        lines,
        closed,
        currency,
    }
}
