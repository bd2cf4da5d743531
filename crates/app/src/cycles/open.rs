//! Cycles are opened, looked at and closed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use takar_insight::metrics::CellSource;
use takar_model::{Credit, Day, ManagerId, Period, Right, Text};
use takar_state::{CycleRow, Message, NewCycle, NewEvaluation};

use super::{Awaited, LONGEST_NAME, Loaded, Part, Stage, asked, day, needed, no_such_cycle};
use crate::{AppError, Result, Takar};

/// A cycle that is to be opened.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CycleAsked {
    /// What it is called.
    pub name: String,
    /// The window; the last complete month of the data unless given.
    #[serde(default)]
    pub period: Option<String>,
    /// The day by which managers assess themselves.
    pub self_due: String,
    /// The day by which leads do.
    pub lead_due: String,
    /// The day by which they have talked.
    pub talk_due: String,
    /// The day by which both have signed.
    pub sign_due: String,
    /// Only these managers; all that have figures unless given.
    #[serde(default)]
    pub managers: Vec<String>,
    /// Who opens it.
    #[serde(default)]
    pub by: Option<String>,
}

/// A cycle that is to be closed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseAsked {
    /// Why, where not everything is signed.
    #[serde(default)]
    pub reason: Option<String>,
    /// Who closes it.
    #[serde(default)]
    pub by: Option<String>,
}

/// A cycle, and how far it is for those in reach.
#[derive(Debug, Clone, Serialize)]
pub struct CycleTold {
    /// As it is kept.
    #[serde(flatten)]
    pub row: CycleRow,
    /// How many evaluations there are.
    pub evaluations: usize,
    /// By stage, in their order: how many are there.
    pub stages: Vec<(Stage, usize)>,
    /// How many wait for something whose day is over.
    pub late: usize,
    /// Disputes that wait for a decision.
    pub open_disputes: usize,
    /// The evaluations; only where one cycle is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Vec<Progress>>,
    /// One may close it and freeze figures in it for everybody.
    pub may_close: bool,
}

/// How far an evaluation is.
#[derive(Debug, Clone, Serialize)]
pub struct Progress {
    /// Its number.
    pub id: i64,
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
    /// Something is awaited of the one who asks.
    pub awaits_me: bool,
    /// Disputes that wait for a decision.
    pub open_disputes: usize,
    /// Both have signed and agree; none before.
    pub agree: Option<bool>,
}

impl Takar {
    /// Opens a cycle and freezes the figures of its managers.
    ///
    /// # Errors
    /// Without a name, with days out of order, without data or with managers that have no figures.
    pub fn open_cycle(&self, wanted: &CycleAsked, credit: Credit) -> Result<CycleTold> {
        self.may(Right::Decide)?;
        self.may_see_everybody()?;
        let name = needed(&wanted.name, Text::new("beri nama siklusnya", "give the cycle a name"))?;
        if name.chars().count() > LONGEST_NAME {
            return Err(asked(
                "nama siklus paling panjang 200 huruf",
                "the name of a cycle has at most 200 characters",
            ));
        }
        let dues = [&wanted.self_due, &wanted.lead_due, &wanted.talk_due, &wanted.sign_due];
        let dues: Vec<Day> = dues.into_iter().map(|due| day(due)).collect::<Result<_>>()?;
        if dues.windows(2).any(|two| two[0] > two[1]) {
            return Err(asked(
                "hari tahap harus berurutan: penilaian diri, penilaian atasan, percakapan, tanda tangan",
                "the days of the stages have to be in order: self-assessment, lead's assessment, conversation, signatures",
            ));
        }
        if dues.first().is_some_and(|first| *first < self.today()) {
            return Err(asked("hari penilaian diri sudah lewat", "the day of the self-assessment is over already"));
        }
        let period = wanted.period.as_deref().filter(|text| !text.trim().is_empty());
        let period = period.map(|text| text.trim().parse::<Period>()).transpose()?;
        let period = match period {
            Some(period) => period,
            None => {
                let usual = self.lake_source(credit)?.last_complete_month().map(Period::month);
                usual.ok_or(takar_insight::InsightError::NoData)?
            }
        };
        let _lock = self.lock_evaluations()?;
        let (then, from) = self.at_this_moment()?;
        let only = (!wanted.managers.is_empty()).then_some(wanted.managers.as_slice());
        let figures = then.figures_of(period, credit, only)?;
        if let Some(unknown) = wanted.managers.iter().find(|id| figures.iter().all(|one| one.manager != **id)) {
            return Err(AppError::Told(Message {
                id: format!(
                    "manajer \"{unknown}\" tidak punya angka pada {period}: lihat takar scorecard --period {period}"
                ),
                en: format!(
                    "the manager \"{unknown}\" has no figures in {period}: see takar scorecard --period {period}"
                ),
            }));
        }
        if figures.is_empty() {
            return Err(asked(
                "tidak ada manajer dengan angka pada periode itu",
                "no manager has figures in that period",
            ));
        }
        let leads = self.leads()?;
        let source = self.lake_source(credit)?;
        let names = &source.names().manager;
        let managers: Vec<NewEvaluation> = figures
            .into_iter()
            .map(|one| {
                let lead = leads.get(&ManagerId(one.manager.clone())).map(|lead| lead.0.clone());
                let lead_name = lead.as_deref().and_then(|id| names.name(names.code(id)?)).map(str::to_owned);
                NewEvaluation { manager: one.manager, manager_name: one.name, lead, lead_name, figures: one.figures }
            })
            .collect();
        let [self_due, lead_due, talk_due, sign_due] = [0, 1, 2, 3].map(|place| dues[place].to_string());
        let opened_by = self.by(wanted.by.as_deref());
        let cycle = NewCycle {
            name,
            period: period.to_string(),
            credit: credit.name().to_owned(),
            self_due,
            lead_due,
            talk_due,
            sign_due,
            opened_at: from.at.clone(),
            opened_by,
        };
        let id = self.state.open_cycle(&cycle, &from, "", &managers)?;
        let about: Vec<&str> = managers.iter().map(|one| one.manager.as_str()).collect();
        self.note_decision(
            "open cycle",
            &Message::new(
                format!("siklus {id} ({}): {} evaluasi", cycle.name, managers.len()),
                format!("cycle {id} ({}): {} evaluations", cycle.name, managers.len()),
            ),
            &about,
        )?;
        self.cycle(id)
    }

    /// All cycles with an evaluation in reach, newest first.
    pub fn cycles(&self) -> Result<Vec<CycleTold>> {
        let mut found = Vec::new();
        for row in self.state.cycles()? {
            let told = self.cycle_told(row)?;
            if told.evaluations > 0 {
                found.push(CycleTold { of: None, ..told });
            }
        }
        Ok(found)
    }

    /// One cycle with the evaluations in reach.
    ///
    /// # Errors
    /// Where there is none of that number, or nobody of it is in reach.
    pub fn cycle(&self, id: i64) -> Result<CycleTold> {
        let told = self.cycle_told(self.state.cycle(id)?.ok_or_else(no_such_cycle)?)?;
        if told.evaluations == 0 { Err(no_such_cycle()) } else { Ok(told) }
    }

    /// Closes a cycle: nothing in it changes any more.
    ///
    /// # Errors
    /// Where not everything is signed and no reason is given; where it is closed.
    pub fn close_cycle(&self, id: i64, wanted: &CloseAsked) -> Result<CycleTold> {
        self.may(Right::Decide)?;
        self.may_see_everybody()?;
        let _lock = self.lock_evaluations()?;
        let told = self.cycle(id)?;
        let signed = told.stages.iter().find(|(stage, _)| *stage == Stage::Signed).map_or(0, |(_, count)| *count);
        let why = wanted.reason.as_deref().map(str::trim).filter(|why| !why.is_empty());
        if signed < told.evaluations && why.is_none() {
            let open = told.evaluations - signed;
            return Err(AppError::Told(Message {
                id: format!("{open} evaluasi belum ditandatangani: sebutkan mengapa siklus ditutup juga"),
                en: format!("{open} evaluations are not signed yet: say why the cycle is closed all the same"),
            }));
        }
        if !self.state.close_cycle(id, &self.now(), &self.by(wanted.by.as_deref()), why)? {
            return Err(asked("siklus itu sudah ditutup", "that cycle is closed already"));
        }
        let about: Vec<&str> = told.of.iter().flatten().map(|one| one.manager.as_str()).collect();
        let detail = Message::new(
            format!("siklus {id}, {signed} dari {} ditandatangani", told.evaluations),
            format!("cycle {id}, {signed} of {} signed", told.evaluations),
        );
        self.note_decision("close cycle", &detail, &about)?;
        self.cycle(id)
    }

    fn cycle_told(&self, row: CycleRow) -> Result<CycleTold> {
        let today = self.today();
        let mut of = Vec::new();
        for one in self.state.evaluations(Some(row.id))? {
            let Some(part) = self.part_in(&one.manager) else { continue };
            of.push(progress(&self.loaded(row.clone(), one)?, part, today));
        }
        let count = |stage: Stage| of.iter().filter(|one| one.stage == stage).count();
        let stages = Stage::ALL.into_iter().map(|stage| (stage, count(stage))).collect();
        let is_late = |one: &&Progress| one.awaited.iter().any(|awaited| awaited.is_late);
        Ok(CycleTold {
            evaluations: of.len(),
            stages,
            late: of.iter().filter(is_late).count(),
            open_disputes: of.iter().map(|one| one.open_disputes).sum(),
            may_close: row.closed_at.is_none() && self.may(Right::Decide).is_ok() && self.may_see_everybody().is_ok(),
            of: Some(of),
            row,
        })
    }

    /// Who leads each manager directly; of several the first by id.
    fn leads(&self) -> Result<BTreeMap<ManagerId, ManagerId>> {
        let mut leads = BTreeMap::new();
        for (lead, members) in self.reports()?.iter() {
            let members: &BTreeSet<ManagerId> = members;
            for member in members {
                leads.entry(member.clone()).or_insert_with(|| lead.clone());
            }
        }
        Ok(leads)
    }
}

pub(super) fn progress(loaded: &Loaded, part: Part, today: Day) -> Progress {
    let awaited = loaded.awaited(today);
    let open_disputes = loaded.disputes.iter().filter(|row| row.decision.is_none()).count();
    let is_mine = |one: &Awaited| match part {
        Part::Manager => one.side == takar_state::Side::Manager,
        Part::Lead => one.side == takar_state::Side::Lead,
        Part::Keeper | Part::Onlooker | Part::Operations => false,
    };
    let awaits_me = awaited.iter().any(is_mine) || (part == Part::Lead && open_disputes > 0);
    let agrees = |side| loaded.signature(side).is_some_and(|signature| signature.agrees);
    Progress {
        id: loaded.row.id,
        manager: loaded.row.manager.clone(),
        name: loaded.row.manager_name.clone(),
        lead: loaded.row.lead.clone(),
        lead_name: loaded.row.lead_name.clone(),
        stage: loaded.stage(today),
        awaits_me,
        awaited,
        open_disputes,
        agree: loaded.is_signed().then(|| takar_state::Side::ALL.iter().all(|side| agrees(*side))),
    }
}
