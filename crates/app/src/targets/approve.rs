//! Drafts are approved into facts, or rejected; what became of each stays.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::File,
};

use arrow::array::RecordBatch;
use serde::{Deserialize, Serialize};
use takar_import::{FactKind, rows_of_json};
use takar_insight::metrics::NONE;
use takar_model::{ImportId, Lang, Period, Right, Role, SourceName, Text};
use takar_state::{DraftRow, DraftState, ImportState, Message, WantedTarget};
use xxhash_rust::xxh3::xxh3_64;

use super::{set::whom_of, words};
use crate::{
    Actor, AppError, Push, Result, Takar, Written,
    quality::{day_at, text_at},
};

/// A decision.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// The drafts' numbers.
    pub ids: Vec<i64>,
    /// Why.
    pub reason: String,
    /// Who decides.
    #[serde(default)]
    pub by: Option<String>,
}

/// Which drafts.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct DraftAsked {
    /// `draft`, `approved`, `rejected`, `replaced`; all unless told.
    pub state: Option<String>,
    /// Of this figure.
    pub kpi: Option<String>,
    /// Of this manager.
    pub manager: Option<String>,
    /// Of this account.
    pub account: Option<String>,
    /// For days of this window.
    pub period: Option<String>,
}

/// A draft and what became of it, for a reader.
#[derive(Debug, Clone, Serialize)]
pub struct DraftStory {
    /// As it is kept.
    #[serde(flatten)]
    pub row: DraftRow,
    /// The name of whom it is for.
    pub name: Option<String>,
    /// Its import was taken back: it is no fact any more.
    pub is_undone: bool,
}

impl Takar {
    /// Makes drafts facts, all or none. Those that are facts already stay what they are: the same approval again changes
    /// nothing.
    ///
    /// # Errors
    /// Where one was rejected or replaced, or does not exist.
    pub fn approve_targets(&self, decided: &Decided, lang: Lang) -> Result<Vec<DraftStory>> {
        self.may(Right::Decide)?;
        let why = words(&decided.reason, Text::new("sebutkan alasan persetujuan", "say why it is approved"))?;
        let _lock = self.lock_targets()?;
        self.settle_targets()?;
        let rows = self.known_drafts(&decided.ids)?;
        self.may_decide_for(&rows, false)?;
        if let Some(row) = rows.iter().find(|row| !matches!(row.state, DraftState::Draft | DraftState::Approved)) {
            return Err(AppError::Told(Message {
                id: format!("draf {} sudah {}: buat draf baru", row.id, state_said(row.state, Lang::Id)),
                en: format!("draft {} is {} already: set the target again", row.id, state_said(row.state, Lang::En)),
            }));
        }
        let by = self.by(decided.by.as_deref());
        let now = self.now();
        let moved = self.state.decide_drafts(&decided.ids, DraftState::Approving, (&by, &now, &why))?;
        if !moved.is_empty() {
            let about = managers_of(rows.iter().map(|row| &row.wanted));
            self.note_decision("approve targets", &drafts_said(&moved, &by, &why), &about)?;
        }
        self.settle_targets()?;
        self.stories(self.known_drafts(&decided.ids)?, lang)
    }

    /// Turns drafts down; they stay in the history.
    ///
    /// # Errors
    /// Where one was approved or replaced, or does not exist.
    pub fn reject_targets(&self, decided: &Decided, lang: Lang) -> Result<Vec<DraftStory>> {
        self.may(Right::Decide)?;
        let why = words(&decided.reason, Text::new("sebutkan alasan penolakan", "say why it is rejected"))?;
        let _lock = self.lock_targets()?;
        self.settle_targets()?;
        let rows = self.known_drafts(&decided.ids)?;
        self.may_decide_for(&rows, true)?;
        if let Some(row) = rows.iter().find(|row| !matches!(row.state, DraftState::Draft | DraftState::Rejected)) {
            return Err(AppError::Told(Message {
                id: format!("draf {} sudah {}: tidak dapat ditolak lagi", row.id, state_said(row.state, Lang::Id)),
                en: format!("draft {} is {} already: it cannot be rejected", row.id, state_said(row.state, Lang::En)),
            }));
        }
        let by = self.by(decided.by.as_deref());
        let now = self.now();
        let moved = self.state.decide_drafts(&decided.ids, DraftState::Rejected, (&by, &now, &why))?;
        if !moved.is_empty() {
            let about = managers_of(rows.iter().map(|row| &row.wanted));
            self.note_decision("reject targets", &drafts_said(&moved, &by, &why), &about)?;
        }
        self.stories(self.known_drafts(&decided.ids)?, lang)
    }

    /// Drafts and what became of them, newest first.
    pub fn target_drafts(&self, asked: &DraftAsked, lang: Lang) -> Result<Vec<DraftStory>> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let period = given(&asked.period).map(|text| text.parse::<Period>()).transpose()?;
        let state = match given(&asked.state) {
            None => None,
            Some(name) => Some(DraftState::ALL.into_iter().find(|state| state.name() == name).ok_or_else(|| {
                AppError::Asked(Text::new(
                    "status: draft, approved, rejected atau replaced",
                    "state: draft, approved, rejected or replaced",
                ))
            })?),
        };
        let (kpi, manager, account) = (given(&asked.kpi), given(&asked.manager), given(&asked.account));
        let is_asked = |row: &DraftRow| {
            let own = row.wanted.period.parse::<Period>().ok();
            self.is_in_reach(&whom_of(&row.wanted))
                && state.is_none_or(|state| row.state == state)
                && kpi.as_ref().is_none_or(|kpi| row.wanted.kpi == *kpi)
                && manager.as_ref().is_none_or(|id| row.wanted.manager.as_ref() == Some(id))
                && account.as_ref().is_none_or(|id| row.wanted.account.as_ref() == Some(id))
                && period
                    .is_none_or(|asked| own.is_some_and(|own| own.from() <= asked.to() && asked.from() <= own.to()))
        };
        let rows = self.state.drafts()?.into_iter().filter(is_asked).collect();
        self.stories(rows, lang)
    }

    /// Four eyes: nobody decides on a target that is for oneself or for an account of one's own; one may only withdraw what one
    /// wanted oneself.
    fn may_decide_for(&self, rows: &[DraftRow], withdraws: bool) -> Result<()> {
        let by = self.by(None);
        match self.for_oneself(rows)?.into_iter().find(|row| !(withdraws && row.set_by == by)) {
            None => Ok(()),
            Some(row) => Err(AppError::Own(Message {
                id: format!("draf {} adalah target untuk Anda sendiri: mintalah atasan Anda memutuskannya", row.id),
                en: format!("draft {} is a target for yourself: ask who is above you to decide on it", row.id),
            })),
        }
    }

    /// Nor does anybody put an own wish in the place of what somebody else wants of oneself: that would be turning it down.
    pub(super) fn may_replace(&self, wanted: &[WantedTarget], by: &str) -> Result<()> {
        let waiting = self.state.drafts_in(DraftState::Draft)?;
        let is_replaced = |row: &DraftRow| {
            let of = |one: &WantedTarget| (whom_of(one), one.kpi.clone(), one.period.clone());
            row.set_by != by && wanted.iter().any(|one| of(one) == of(&row.wanted) && one.value != row.wanted.value)
        };
        match self.for_oneself(&waiting)?.into_iter().find(|row| is_replaced(row)) {
            None => Ok(()),
            Some(DraftRow { id, set_by, .. }) => Err(AppError::Own(Message {
                id: format!(
                    "draf {id} adalah target untuk Anda sendiri yang diinginkan {set_by} dan masih menunggu: mintalah {set_by} \
                     mengubahnya, atau sampaikan keinginan Anda kepada atasan"
                ),
                en: format!(
                    "draft {id} is a target for yourself that {set_by} wants and that still waits: ask {set_by} to change it, or tell \
                     who is above you what you want"
                ),
            })),
        }
    }

    /// The drafts that are for the one who acts, or for an account of one's own. An owner has nobody above.
    fn for_oneself<'a>(&self, rows: &'a [DraftRow]) -> Result<Vec<&'a DraftRow>> {
        let Actor::Person(person) = self.actor() else { return Ok(Vec::new()) };
        let Some(own) = person.manager.as_ref().filter(|_| person.role != Role::Owner) else { return Ok(Vec::new()) };
        let source = self.lake_source(takar_model::Credit::Recorded)?;
        let names = takar_insight::metrics::CellSource::names(source.as_ref());
        let own_code = names.manager.code(&own.0);
        let is_own = |row: &&DraftRow| {
            let account = row.wanted.account.as_deref().and_then(|id| names.account.code(id));
            let owner = account.map(|account| names.manager_of(account)).filter(|owner| *owner != NONE);
            row.wanted.manager.as_deref() == Some(own.0.as_str()) || (owner.is_some() && owner == own_code)
        };
        Ok(rows.iter().filter(is_own).collect())
    }

    fn known_drafts(&self, ids: &[i64]) -> Result<Vec<DraftRow>> {
        if ids.is_empty() {
            return Err(AppError::Asked(Text::new("sebutkan nomor drafnya", "say which drafts, by their numbers")));
        }
        ids.iter()
            .map(|id| {
                let seen = self.state.draft(*id)?.filter(|row| self.is_in_reach(&whom_of(&row.wanted)));
                seen.ok_or(AppError::NotFound(Text::new(
                    "tidak ada draf target bernomor itu: lihat `takar targets list`",
                    "there is no target draft of that number: see `takar targets list`",
                )))
            })
            .collect()
    }

    fn stories(&self, rows: Vec<DraftRow>, _lang: Lang) -> Result<Vec<DraftStory>> {
        let source = self.lake_source(takar_model::Credit::Recorded)?;
        let names = takar_insight::metrics::CellSource::names(source.as_ref());
        let undone: Vec<ImportId> = self
            .state
            .imports()?
            .into_iter()
            .filter(|row| row.kind == FactKind::Targets.name() && row.state == ImportState::Undone)
            .map(|row| row.id)
            .collect();
        let story = |row: DraftRow| {
            let whom = whom_of(&row.wanted);
            let (level, member) = whom.level();
            let labels = level.dimension().and_then(|dimension| names.labels(dimension));
            let code = labels.zip(member).and_then(|(labels, member)| labels.code(member));
            let name = labels.zip(code).and_then(|(labels, code)| labels.name(code)).map(str::to_owned);
            DraftStory { is_undone: row.import.is_some_and(|import| undone.contains(&import)), name, row }
        };
        Ok(rows.into_iter().map(story).collect())
    }

    /// Held while drafts are decided or replaced: one process at a time.
    pub(super) fn lock_targets(&self) -> Result<File> {
        let file = File::create(self.folder.join("targets.lock")).map_err(|source| self.wrong(source))?;
        file.lock().map_err(|source| self.wrong(source))?;
        Ok(file)
    }

    /// Finishes approvals that were cut off. Nothing is done while another process decides.
    pub(crate) fn settle_approvals(&self) -> Result<()> {
        if self.state.drafts_in(DraftState::Approving)?.is_empty() {
            return Ok(());
        }
        let file = File::create(self.folder.join("targets.lock")).map_err(|source| self.wrong(source))?;
        if file.try_lock().is_err() {
            return Ok(());
        }
        self.settle_targets()
    }

    /// Brings drafts that are approved into the lake. Where that was done already, before it could be noted, the same rows
    /// again change nothing there.
    fn settle_targets(&self) -> Result<()> {
        let rows = self.state.drafts_in(DraftState::Approving)?;
        for (stream, rows) in self.by_stream(&rows)? {
            let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
            match self.push_targets(&stream, &rows) {
                Ok(import) => self.state.drafts_arrived(&ids, import)?,
                Err(error) => {
                    self.state.drafts_wait_again(&ids)?;
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn push_targets(&self, stream: &str, rows: &[&DraftRow]) -> Result<ImportId> {
        let told: Vec<serde_json::Value> = rows
            .iter()
            .map(|row| {
                let wanted = &row.wanted;
                serde_json::json!({
                    "period": wanted.period,
                    "kpi": wanted.kpi,
                    "value": wanted.value,
                    "manager_id": wanted.manager,
                    "account_id": wanted.account,
                    "product_id": wanted.product,
                    "category": wanted.category,
                    "region": wanted.region,
                    "segment": wanted.segment,
                    "branch": wanted.branch,
                })
            })
            .collect();
        let ids: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
        let key = format!("targets-{:016x}", xxh3_64(format!("{stream} {}", ids.join(" ")).as_bytes()));
        let key = crate::push::own_key(&key);
        let text = serde_json::to_vec(&told).unwrap_or_default();
        // Whoever decided it: bringing it in is what the decision does.
        let pushed = self.as_keeper().push_as_keeper(Push {
            kind: FactKind::Targets,
            source: SourceName(stream.to_owned()),
            rows: rows_of_json(&text, "targets")?,
            key: Some(key),
            all_or_none: true,
            written: Written::default(),
        })?;
        match pushed.set_aside.first() {
            None => Ok(pushed.import),
            Some(bad) => Err(AppError::Told(Message {
                id: format!("target tidak dapat disimpan: {}", bad.message(Lang::Id)),
                en: format!("the target cannot be kept: {}", bad.message(Lang::En)),
            })),
        }
    }

    /// Drafts by the stream of the fact that each replaces, so that it replaces it and does not stand beside it.
    fn by_stream<'a>(&self, rows: &'a [DraftRow]) -> Result<BTreeMap<String, Vec<&'a DraftRow>>> {
        const USUAL: &str = "default";
        let mut by_stream: BTreeMap<String, Vec<&DraftRow>> = BTreeMap::new();
        if rows.is_empty() {
            return Ok(by_stream);
        }
        let facts = self.lake.small_rows(FactKind::Targets)?;
        let streams = streams_of(&facts);
        for row in rows {
            let stream = identity(&row.wanted).and_then(|identity| streams.get(&identity).copied());
            by_stream.entry(stream.unwrap_or(USUAL).to_owned()).or_default().push(row);
        }
        Ok(by_stream)
    }
}

/// What tells the targets of a stream apart: figure, whom it is for, days.
type Identity<'a> = ([Option<&'a str>; 8], Period);

fn identity(wanted: &WantedTarget) -> Option<Identity<'_>> {
    let WantedTarget { manager, account, product, category, region, segment, branch, .. } = wanted;
    let whom = [manager, account, product, category, region, segment, branch];
    let mut told = [Some(wanted.kpi.as_str()); 8];
    told.iter_mut().skip(1).zip(whom).for_each(|(told, id)| *told = id.as_deref());
    Some((told, wanted.period.parse().ok()?))
}

/// The stream of each target that counts; of several streams the one of the last import.
fn streams_of(facts: &RecordBatch) -> HashMap<Identity<'_>, &str> {
    const COLUMNS: [&str; 8] =
        ["kpi", "manager_id", "account_id", "product_id", "category", "region", "segment", "branch"];
    let stream = |row: usize| {
        let days = day_at(facts, "from", row).zip(day_at(facts, "to", row));
        let period = days.and_then(|(from, to)| Period::new(from, to))?;
        Some(((COLUMNS.map(|name| text_at(facts, name, row)), period), text_at(facts, "source", row)?))
    };
    // They are in the order of imports.
    (0..facts.num_rows()).filter_map(stream).collect()
}

/// What became of a draft, in a word.
pub(crate) const fn state_said(state: DraftState, lang: Lang) -> &'static str {
    let text = match state {
        DraftState::Draft => Text::new("menunggu", "waiting"),
        DraftState::Approving => Text::new("sedang disetujui", "being approved"),
        DraftState::Approved => Text::new("disetujui", "approved"),
        DraftState::Rejected => Text::new("ditolak", "rejected"),
        DraftState::Replaced => Text::new("digantikan", "replaced"),
    };
    match lang {
        Lang::Id => text.id,
        Lang::En => text.en,
    }
}

/// The managers that targets are wanted for, each once.
pub(super) fn managers_of<'a>(wanted: impl Iterator<Item = &'a WantedTarget>) -> Vec<&'a str> {
    let managers: BTreeSet<&str> = wanted.filter_map(|wanted| wanted.manager.as_deref()).collect();
    managers.into_iter().collect()
}

/// What was done to drafts, for the log of decisions.
pub(super) fn drafts_said(ids: &[i64], by: &str, why: &str) -> Message {
    const MOST: usize = 20;
    let shown = ids.iter().take(MOST).map(i64::to_string).collect::<Vec<_>>().join(" ");
    let (more_id, more_en) = match ids.len().saturating_sub(MOST) {
        0 => (String::new(), String::new()),
        more => (format!(" dan {more} lagi"), format!(" and {more} more")),
    };
    Message::new(format!("draf {shown}{more_id} oleh {by}: {why}"), format!("drafts {shown}{more_en} by {by}: {why}"))
}
