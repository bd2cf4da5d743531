//! Evaluation cycles: a window, its figures frozen, and what manager and lead say about them until both have signed
//! (docs/adr/0021).
//!
//! Who may see and say what is decided here, once: by the part that somebody has in an evaluation.

mod differ;
mod disputes;
mod evaluation;
mod figures;
mod numbers;
mod open;
mod redress;
mod remind;
mod steps;

use std::fs::File;

use serde::{Deserialize, Serialize};
use takar_model::{Day, Period, Right, Text};
use takar_state::{
    AssessmentRow, CommentRow, CycleRow, DisputeRow, EvaluationRow, FrozenRow, Message, Said, Side, SignatureRow,
    TalkRow,
};

pub use self::{
    differ::{Change, Differs, FreezeAsked, ImportSince, Reproduced},
    disputes::{DecisionAsked, DecisionTold, DisputeAsked, DisputeTold},
    evaluation::{AssessmentTold, EvaluationTold, FrozenTold, HistoryAsked, HistoryTold},
    open::{CloseAsked, CycleAsked, CycleTold, Progress},
    redress::{CreditMoved, CreditedTo, Remedy},
    remind::Late,
    steps::{AssessAsked, CommentAsked, SignAsked, TalkAsked},
};
use crate::{Actor, AppError, Result, Takar};

/// The most letters of a text.
const LONGEST: usize = 4_000;
/// The most letters of a name.
const LONGEST_NAME: usize = 200;

/// How far an evaluation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The manager's word is awaited.
    SelfAssessment,
    /// The lead's word is awaited.
    LeadAssessment,
    /// They are to talk.
    Talk,
    /// Both are to sign.
    Sign,
    /// Both have signed.
    Signed,
}

impl Stage {
    /// All, in their order.
    pub const ALL: [Self; 5] = [Self::SelfAssessment, Self::LeadAssessment, Self::Talk, Self::Sign, Self::Signed];

    /// Its name in commands and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SelfAssessment => "self_assessment",
            Self::LeadAssessment => "lead_assessment",
            Self::Talk => "talk",
            Self::Sign => "sign",
            Self::Signed => "signed",
        }
    }

    /// What it is called.
    pub const fn label(self) -> Text {
        match self {
            Self::SelfAssessment => Text::new("penilaian diri", "self-assessment"),
            Self::LeadAssessment => Text::new("penilaian atasan", "lead's assessment"),
            Self::Talk => Text::new("percakapan", "conversation"),
            Self::Sign => Text::new("tanda tangan", "signatures"),
            Self::Signed => Text::new("ditandatangani", "signed"),
        }
    }

    /// Whether it is awaited from the day the cycle is opened.
    pub(crate) const fn begins_with_the_cycle(self) -> bool {
        matches!(self, Self::SelfAssessment | Self::LeadAssessment)
    }
}

/// Something that is awaited of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Awaited {
    /// What.
    pub stage: Stage,
    /// Of whom.
    pub side: Side,
    /// By when.
    pub due: String,
    /// That day is over.
    pub is_late: bool,
}

/// The answers of one side. The questions are the same for both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answers {
    /// How the results are seen.
    pub quantity: String,
    /// How the way of working is seen.
    pub process: String,
    /// How the communication with accounts is seen.
    pub communication: String,
    /// What went well.
    pub strengths: String,
    /// What would help most.
    pub help: String,
    /// What is to be done next.
    pub steps: String,
    /// From 1 to 5, where one wants to say so.
    pub quantity_score: Option<u8>,
    /// The same.
    pub process_score: Option<u8>,
    /// The same.
    pub communication_score: Option<u8>,
}

/// What somebody is in an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Who has the folder: speaks for whoever is named.
    Keeper,
    /// The manager who is evaluated.
    Manager,
    /// Who leads the manager, or everybody.
    Lead,
    /// Who may look, also at what was handed in.
    Onlooker,
    /// Who looks after the data: sees figures, stages and disputes, and no word that people exchange.
    Operations,
}

/// An evaluation with all that was said.
pub(crate) struct Loaded {
    pub cycle: CycleRow,
    pub row: EvaluationRow,
    pub frozen: Vec<FrozenRow>,
    pub assessments: Vec<AssessmentRow>,
    pub talks: Vec<TalkRow>,
    pub signatures: Vec<SignatureRow>,
    pub comments: Vec<CommentRow>,
    pub disputes: Vec<DisputeRow>,
}

impl Loaded {
    /// The version of the figures that counts.
    pub fn version(&self) -> u32 {
        self.frozen.last().map_or(0, |last| last.version)
    }

    pub fn assessment(&self, side: Side) -> Option<&AssessmentRow> {
        self.assessments.iter().find(|row| row.side == side)
    }

    fn is_handed_in(&self, side: Side) -> bool {
        self.assessment(side).is_some_and(|row| row.handed_in.is_some())
    }

    /// The signature of a side under the figures that count.
    pub fn signature(&self, side: Side) -> Option<&SignatureRow> {
        self.signatures.iter().find(|row| row.version == self.version() && row.side == side)
    }

    pub fn is_signed(&self) -> bool {
        Side::ALL.iter().all(|side| self.signature(*side).is_some())
    }

    pub fn has_open_dispute(&self) -> bool {
        self.disputes.iter().any(|row| row.decision.as_ref().is_none_or(is_on_its_way))
    }

    pub fn stage(&self, today: Day) -> Stage {
        if self.is_signed() {
            Stage::Signed
        } else if !self.talks.is_empty() {
            Stage::Sign
        } else if !(self.is_handed_in(Side::Manager)
            || self.is_handed_in(Side::Lead) && self.is_over(&self.cycle.opened.self_due, today))
        {
            Stage::SelfAssessment
        } else if !self.is_handed_in(Side::Lead) {
            Stage::LeadAssessment
        } else {
            Stage::Talk
        }
    }

    fn is_over(&self, due: &str, today: Day) -> bool {
        due.parse::<Period>().is_ok_and(|due| due.to() < today)
    }

    /// What can be done now, by whom, and by when it should be.
    pub fn awaited(&self, today: Day) -> Vec<Awaited> {
        let dues = &self.cycle.opened;
        if self.cycle.closed_at.is_some() || self.is_signed() {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut add = |stage, side, due: &String| {
            found.push(Awaited { stage, side, due: due.clone(), is_late: self.is_over(due, today) });
        };
        let has_talked = !self.talks.is_empty();
        if !has_talked && !self.is_handed_in(Side::Manager) {
            add(Stage::SelfAssessment, Side::Manager, &dues.self_due);
        }
        if !self.is_handed_in(Side::Lead) {
            add(Stage::LeadAssessment, Side::Lead, &dues.lead_due);
        }
        if self.may_talk(today) && !has_talked {
            add(Stage::Talk, Side::Lead, &dues.talk_due);
        }
        if has_talked && !self.has_open_dispute() {
            for side in Side::ALL {
                if self.signature(side).is_none() {
                    add(Stage::Sign, side, &dues.sign_due);
                }
            }
        }
        found
    }

    /// Both have said their word, or the manager let the day pass: nobody stops an evaluation by silence.
    fn may_talk(&self, today: Day) -> bool {
        self.is_handed_in(Side::Lead)
            && (self.is_handed_in(Side::Manager) || self.is_over(&self.cycle.opened.self_due, today))
    }
}

/// Both were said by one person: by one user, or where one of them is no user, under one name.
fn is_same_person(one: &Said, other: &Said) -> bool {
    one.user.zip(other.user).map_or(one.by == other.by, |(one, other)| one == other)
}

/// It is decided, and its credit has not yet arrived.
fn is_on_its_way(decision: &takar_state::DecisionRow) -> bool {
    decision.remedy.is_some() && decision.import.is_none()
}

impl Takar {
    /// What the one who acts is in the evaluation of a manager; nothing out of reach.
    pub(crate) fn part_in(&self, manager: &str) -> Option<Part> {
        let Actor::Person(person) = self.actor() else { return Some(Part::Keeper) };
        if person.manager.as_ref().is_some_and(|own| own.0 == manager) && person.role.may(Right::Answer) {
            return Some(Part::Manager);
        }
        if self.reach().is_some_and(|reach| !reach.holds(manager)) {
            return None;
        }
        Some(match person.role {
            takar_model::Role::Operations => Part::Operations,
            role if role.may(Right::Decide) => Part::Lead,
            _ => Part::Onlooker,
        })
    }

    /// An evaluation in reach, and what the one who acts is in it.
    pub(crate) fn load(&self, id: i64) -> Result<(Loaded, Part)> {
        let row = self.state.evaluation(id)?.ok_or_else(no_such_evaluation)?;
        let part = self.part_in(&row.manager).ok_or_else(no_such_evaluation)?;
        let cycle = self.state.cycle(row.cycle)?.ok_or_else(no_such_evaluation)?;
        Ok((self.loaded(cycle, row)?, part))
    }

    pub(crate) fn loaded(&self, cycle: CycleRow, row: EvaluationRow) -> Result<Loaded> {
        let id = row.id;
        Ok(Loaded {
            cycle,
            row,
            frozen: self.state.frozen(id)?,
            assessments: self.state.assessments(id)?,
            talks: self.state.talks(id)?,
            signatures: self.state.signatures(id)?,
            comments: self.state.comments(id)?,
            disputes: self.state.disputes(id)?,
        })
    }

    /// The same, to say something in it: the cycle is open and not both have signed.
    pub(crate) fn load_open(&self, id: i64) -> Result<(Loaded, Part)> {
        let (loaded, part) = self.load(id)?;
        if loaded.cycle.closed_at.is_some() {
            return Err(asked(
                "siklus ini sudah ditutup: tidak ada lagi yang berubah",
                "this cycle is closed: nothing in it changes any more",
            ));
        }
        if loaded.is_signed() {
            return Err(asked(
                "evaluasi ini sudah ditandatangani kedua pihak: tidak berubah lagi; sampaikan pada siklus berikutnya",
                "both have signed this evaluation: it does not change any more; bring it up in the next cycle",
            ));
        }
        Ok((loaded, part))
    }

    /// For whom the one who acts speaks. Nobody speaks for the other side.
    pub(crate) fn side(&self, part: Part, wanted: Option<Side>) -> Result<Side> {
        let own = match part {
            Part::Keeper => {
                return wanted.ok_or_else(|| {
                    asked("sebutkan pihak siapa: manager atau lead", "say whose word it is: manager or lead")
                });
            }
            Part::Manager => Side::Manager,
            Part::Lead => Side::Lead,
            Part::Onlooker | Part::Operations => {
                // One of these is refused for what the role may not.
                self.may(Right::Answer)?;
                self.may(Right::Decide)?;
                Side::Lead
            }
        };
        if wanted.is_some_and(|wanted| wanted != own) {
            return Err(not_yours(own));
        }
        Ok(own)
    }

    /// Who says something now.
    pub(crate) fn said(&self, named: Option<&str>) -> Said {
        Said { by: self.by(named), user: self.who().map(|(user, _)| user), at: self.now() }
    }

    /// Held while something is said in an evaluation: one process at a time.
    pub(crate) fn lock_evaluations(&self) -> Result<File> {
        let file = File::create(self.folder.join("evaluations.lock")).map_err(|source| self.wrong(source))?;
        file.lock().map_err(|source| self.wrong(source))?;
        Ok(file)
    }
}

/// A side as it is written.
///
/// # Errors
/// Where it is neither.
pub fn side_of(text: &str) -> Result<Side> {
    Side::ALL.into_iter().find(|side| side.name() == text).ok_or_else(|| {
        AppError::Told(Message {
            id: format!("pihak \"{text}\" tidak dikenal: manager atau lead"),
            en: format!("there is no side \"{text}\": manager or lead"),
        })
    })
}

fn not_yours(own: Side) -> AppError {
    match own {
        Side::Manager => asked(
            "ini bagian atasan: tidak ada yang menilai atau menandatangani untuk dirinya sendiri sebagai atasan",
            "this is the lead's part: nobody assesses or signs for oneself as the lead",
        ),
        Side::Lead => asked(
            "ini bagian manajer yang dievaluasi: atasan tidak menulis atau menandatangani untuknya",
            "this is the part of the manager who is evaluated: the lead does not write or sign for them",
        ),
    }
}

fn no_such_evaluation() -> AppError {
    AppError::NotFound(Text::new(
        "tidak ada evaluasi bernomor itu: lihat `takar cycles`",
        "there is no evaluation of that number: see `takar cycles`",
    ))
}

fn no_such_cycle() -> AppError {
    AppError::NotFound(Text::new(
        "tidak ada siklus bernomor itu: lihat `takar cycles`",
        "there is no cycle of that number: see `takar cycles`",
    ))
}

pub(crate) const fn asked(id: &'static str, en: &'static str) -> AppError {
    AppError::Asked(Text::new(id, en))
}

/// A text that may be empty, without the space around it.
pub(crate) fn text(given: &str) -> Result<String> {
    let given = given.trim();
    if given.chars().count() > LONGEST {
        return Err(asked("satu jawaban paling panjang 4.000 huruf", "one answer has at most 4,000 characters"));
    }
    Ok(given.to_owned())
}

/// A text that has to be there.
pub(crate) fn needed(given: &str, missing: Text) -> Result<String> {
    let given = text(given)?;
    if given.is_empty() { Err(AppError::Asked(missing)) } else { Ok(given) }
}

/// A day as it is written.
pub(crate) fn day(given: &str) -> Result<Day> {
    let period: Period = given.trim().parse()?;
    if period.from() == period.to() {
        return Ok(period.from());
    }
    Err(AppError::Told(Message {
        id: format!("\"{given}\" bukan satu hari: tulis seperti 2026-01-31"),
        en: format!("\"{given}\" is not one day: write it as 2026-01-31"),
    }))
}
