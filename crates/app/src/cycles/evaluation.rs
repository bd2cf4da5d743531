//! One evaluation as it is told to who has a part in it, and the earlier ones.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use takar_model::{Lang, Right};
use takar_state::{AssessmentRow, CommentRow, CycleRow, Side, SignatureRow, TalkRow};

use super::{
    Answers, Awaited, DisputeTold, Loaded, Part, Progress, Stage, asked, figures::BothLanguages, open::progress,
};
use crate::{AppError, Result, Takar};

/// Evaluations of a list, at most.
const MOST: usize = 200;

/// An evaluation.
#[derive(Debug, Serialize)]
pub struct EvaluationTold {
    /// Its number.
    pub id: i64,
    /// The cycle.
    pub cycle: CycleRow,
    /// The manager's id.
    pub manager: String,
    /// The manager's name.
    pub name: Option<String>,
    /// Who leads the manager.
    pub lead: Option<String>,
    /// Their name.
    pub lead_name: Option<String>,
    /// How far it is.
    pub stage: Stage,
    /// What is awaited of whom.
    pub awaited: Vec<Awaited>,
    /// What the one who asks may do now: `assess`, `talk`, `sign`, `comment`, `dispute`, `decide`, `freeze`.
    pub may: Vec<&'static str>,
    /// For which side the one who asks speaks.
    pub side: Option<Side>,
    /// Every version of the frozen figures.
    pub frozen: Vec<FrozenTold>,
    /// The version that is shown.
    pub version: u32,
    /// It: `evaluation`, `scorecard` and `fair`.
    pub figures: Box<RawValue>,
    /// The words are not shown to who looks after the data.
    pub are_words_hidden: bool,
    /// What each side wrote, as far as it is to be seen.
    pub assessments: Vec<AssessmentTold>,
    /// The conversations.
    pub talks: Vec<TalkRow>,
    /// The comments.
    pub comments: Vec<CommentRow>,
    /// The disputes.
    pub disputes: Vec<DisputeTold>,
    /// The signatures, also under earlier versions.
    pub signatures: Vec<SignatureRow>,
    /// The earlier evaluations of the manager.
    pub history: Vec<HistoryTold>,
    /// What the figures cannot say.
    pub limits: Vec<&'static str>,
}

/// What one side wrote.
#[derive(Debug, Clone, Serialize)]
pub struct AssessmentTold {
    /// Which side.
    pub side: Side,
    /// The answers.
    pub answers: Answers,
    /// Who wrote it.
    pub by: String,
    /// When last, UTC.
    pub at: String,
    /// When it was handed in, UTC.
    pub handed_in: Option<String>,
}

/// A version of the frozen figures.
#[derive(Debug, Clone, Serialize)]
pub struct FrozenTold {
    /// From 1.
    pub version: u32,
    /// When, UTC.
    pub at: String,
    /// Who froze them.
    pub by: String,
    /// Why; nothing for the first.
    pub why: String,
    /// The version of the data.
    pub data: String,
    /// A mark of the definitions.
    pub definitions: String,
    /// They can be computed again from the data and definitions of then.
    pub is_pinned: bool,
}

/// Which evaluations.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct HistoryAsked {
    /// Of this manager; of all in reach unless given.
    pub manager: Option<String>,
}

/// An evaluation among those of a manager.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryTold {
    /// How far it is.
    #[serde(flatten)]
    pub progress: Progress,
    /// The number of the cycle.
    pub cycle: i64,
    /// What the cycle is called.
    pub cycle_name: String,
    /// Its window.
    pub period: String,
    /// When it was closed, UTC.
    pub closed_at: Option<String>,
    /// The points of the scorecard, 0 to 100, in the version that counts.
    pub whole: Option<f64>,
    /// The same.
    pub quantity: Option<f64>,
    /// The same.
    pub process: Option<f64>,
    /// The same.
    pub communication: Option<f64>,
    /// The result over what the portfolio lets expect.
    pub index: Option<f64>,
}

impl Takar {
    /// An evaluation in reach, with the figures of one version; of the last unless given.
    ///
    /// # Errors
    /// Where it is not there or not in reach.
    pub fn evaluation_told(&self, id: i64, version: Option<u32>, lang: Lang) -> Result<EvaluationTold> {
        let (loaded, part) = self.load(id)?;
        let version = version.unwrap_or_else(|| loaded.version());
        let figures = self
            .state
            .frozen_figures(id, version)?
            .ok_or_else(|| asked("versi angka itu tidak ada", "there is no such version of the figures"))?;
        let figures: BothLanguages = serde_json::from_str(&figures).map_err(|_| unreadable())?;
        let today = self.today();
        let are_words_hidden = part == Part::Operations;
        let assessments = loaded.assessments.iter().filter(|row| is_seen(row, part)).map(assessment_told).collect();
        let disputes = self.disputes_told(&loaded)?;
        let mut history = self.history_of(&loaded.row.manager)?;
        history.retain(|one| one.progress.id != id);
        let may = self.may_now(&loaded, part);
        let shows = !are_words_hidden;
        Ok(EvaluationTold {
            id,
            manager: loaded.row.manager.clone(),
            name: loaded.row.manager_name.clone(),
            lead: loaded.row.lead.clone(),
            lead_name: loaded.row.lead_name.clone(),
            stage: loaded.stage(today),
            awaited: loaded.awaited(today),
            may,
            side: match part {
                Part::Manager => Some(Side::Manager),
                Part::Lead => Some(Side::Lead),
                Part::Keeper | Part::Onlooker | Part::Operations => None,
            },
            frozen: frozen_told(&loaded),
            version,
            figures: figures.get(lang),
            are_words_hidden,
            assessments,
            talks: if shows { loaded.talks.clone() } else { Vec::new() },
            comments: if shows { loaded.comments.clone() } else { Vec::new() },
            disputes,
            signatures: loaded
                .signatures
                .iter()
                .map(|row| SignatureRow { remark: row.remark.clone().filter(|_| shows), ..row.clone() })
                .collect(),
            history,
            limits: takar_insight::evaluation::limits::limits(lang),
            cycle: loaded.cycle,
        })
    }

    /// The evaluations in reach of one manager, newest first; of all the newest 200.
    pub fn evaluation_history(&self, wanted: &HistoryAsked) -> Result<Vec<HistoryTold>> {
        let only = wanted.manager.as_deref().filter(|id| !id.is_empty());
        self.histories(|manager| only.is_none_or(|only| manager == only))
    }

    fn history_of(&self, manager: &str) -> Result<Vec<HistoryTold>> {
        self.histories(|one| one == manager)
    }

    fn histories(&self, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<HistoryTold>> {
        let today = self.today();
        let cycles = self.state.cycles()?;
        let mut found = Vec::new();
        for row in self.state.evaluations(None)?.into_iter().rev().filter(|row| is_wanted(&row.manager)) {
            let Some(part) = self.part_in(&row.manager) else { continue };
            let Some(cycle) = cycles.iter().find(|cycle| cycle.id == row.cycle) else { continue };
            if found.len() >= MOST {
                break;
            }
            let loaded = self.loaded(cycle.clone(), row)?;
            let figures = self.state.frozen_figures(loaded.row.id, loaded.version())?;
            let points = figures.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
            found.push(history_told(&loaded, progress(&loaded, part, today), points));
        }
        Ok(found)
    }

    /// What the one who acts may do now.
    fn may_now(&self, loaded: &Loaded, part: Part) -> Vec<&'static str> {
        let mut may = Vec::new();
        if loaded.cycle.closed_at.is_some() || loaded.is_signed() {
            return may;
        }
        let speaks = matches!(part, Part::Keeper | Part::Manager | Part::Lead);
        let leads = matches!(part, Part::Keeper | Part::Lead);
        let today = self.today();
        let side = if part == Part::Manager { Side::Manager } else { Side::Lead };
        let is_in = |side| loaded.assessment(side).is_some_and(|row: &AssessmentRow| row.handed_in.is_some());
        let has_talked = !loaded.talks.is_empty();
        let may_assess = match part {
            Part::Manager => !is_in(Side::Manager) && !has_talked,
            Part::Lead => !is_in(Side::Lead),
            Part::Keeper => !is_in(Side::Lead) || (!is_in(Side::Manager) && !has_talked),
            Part::Onlooker | Part::Operations => false,
        };
        let has_signed = Side::ALL.iter().any(|side| loaded.signature(*side).is_some());
        let misses_own = if part == Part::Keeper { true } else { loaded.signature(side).is_none() };
        for (is, what) in [
            (may_assess, "assess"),
            (leads && loaded.may_talk(today) && !has_signed, "talk"),
            (speaks && has_talked && !loaded.has_open_dispute() && misses_own, "sign"),
            (speaks, "comment"),
            (matches!(part, Part::Keeper | Part::Manager), "dispute"),
            (leads && self.may(Right::Decide).is_ok(), "decide"),
            (leads, "freeze"),
        ] {
            if is {
                may.push(what);
            }
        }
        may
    }
}

/// A draft is for its own side; what was handed in for both, and for who may look.
fn is_seen(row: &AssessmentRow, part: Part) -> bool {
    match part {
        Part::Keeper => true,
        Part::Manager => row.side == Side::Manager || row.handed_in.is_some(),
        Part::Lead => row.side == Side::Lead || row.handed_in.is_some(),
        Part::Onlooker => row.handed_in.is_some(),
        Part::Operations => false,
    }
}

fn assessment_told(row: &AssessmentRow) -> AssessmentTold {
    AssessmentTold {
        side: row.side,
        answers: serde_json::from_str(&row.answers).unwrap_or_default(),
        by: row.said.by.clone(),
        at: row.said.at.clone(),
        handed_in: row.handed_in.clone(),
    }
}

fn frozen_told(loaded: &Loaded) -> Vec<FrozenTold> {
    let told = |row: &takar_state::FrozenRow| FrozenTold {
        version: row.version,
        at: row.at.clone(),
        by: row.by.clone(),
        why: row.why.clone(),
        data: row.data.clone(),
        definitions: row.definitions.clone(),
        is_pinned: row.is_pinned,
    };
    loaded.frozen.iter().map(told).collect()
}

fn unreadable() -> AppError {
    asked("angka yang dibekukan tidak terbaca", "the frozen figures cannot be read")
}

/// The few figures that a history shows.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Kept {
    en: KeptFigures,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KeptFigures {
    scorecard: KeptCards,
    fair: Option<KeptFair>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KeptCards {
    managers: Vec<KeptCard>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KeptCard {
    whole: KeptPoints,
    quantity: KeptPoints,
    process: KeptPoints,
    communication: KeptPoints,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KeptPoints {
    score: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KeptFair {
    rows: Vec<KeptRow>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KeptRow {
    index: Option<KeptIndex>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KeptIndex {
    value: Option<f64>,
}

fn history_told(loaded: &Loaded, progress: Progress, kept: Kept) -> HistoryTold {
    let card = kept.en.scorecard.managers.into_iter().next().unwrap_or_default();
    let row = kept.en.fair.and_then(|fair| fair.rows.into_iter().next());
    HistoryTold {
        progress,
        cycle: loaded.cycle.id,
        cycle_name: loaded.cycle.opened.name.clone(),
        period: loaded.cycle.opened.period.clone(),
        closed_at: loaded.cycle.closed_at.clone(),
        whole: card.whole.score,
        quantity: card.quantity.score,
        process: card.process.score,
        communication: card.communication.score,
        index: row.and_then(|row| row.index).and_then(|index| index.value),
    }
}
