//! Actions of improvement: planned with a comparison, followed, measured, learned from (docs/adr/0028).
//!
//! An action belongs to the account manager who has it: whoever sees that manager's figures sees it, and whoever may say something there
//! and is not a reader changes it.

mod change;
mod effect;
mod ledger;
mod new;

use serde::{Deserialize, Serialize};
use takar_insight::{
    actions::{ActionKind, ActionState, Seen},
    effect::{Outcome, verdict_label},
    metrics::CellSource,
};
use takar_model::{Credit, Lang, Right, Text};
use takar_state::{ActionAccount, ActionEvent, ActionRow, ActionStep};

pub use self::{
    change::{ActionChange, ActionSaid},
    effect::{EffectAsked, EffectShown, FrozenEffect},
    ledger::LedgerAsked,
    new::{ActionForm, NewAction, PlannedAction},
};
use crate::{AppError, Result, Takar, cycles::asked, names::KnownName};

/// Which actions.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ActionsAsked {
    /// In this state.
    pub state: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Of this manager.
    pub manager: Option<String>,
    /// With this account.
    pub account: Option<String>,
    /// With this text in title or hypothesis.
    pub search: Option<String>,
}

/// An action in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionTold {
    /// The action.
    #[serde(flatten)]
    pub row: ActionRow,
    /// The kind for people.
    pub kind_label: &'static str,
    /// The state for people.
    pub state_label: &'static str,
    /// The owner's name.
    pub owner_name: Option<String>,
    /// How many accounts have it now.
    pub accounts: usize,
    /// Steps done, and all.
    pub steps_done: (usize, usize),
    /// What was measured, in a word that does not change.
    pub verdict: Option<takar_stats::effect::Verdict>,
    /// What was measured, for people.
    pub verdict_label: Option<&'static str>,
    /// The measured effect as a share.
    pub measured: Option<takar_stats::Estimate>,
}

/// An action with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionShown {
    /// The action.
    #[serde(flatten)]
    pub told: ActionTold,
    /// Accounts that have it now.
    pub now: Vec<KnownName>,
    /// Accounts that wait.
    pub later: Vec<KnownName>,
    /// The day they began, where they did.
    pub later_began: Option<String>,
    /// How many accounts it is compared with.
    pub controls: usize,
    /// The steps.
    pub steps: Vec<ActionStep>,
    /// What happened, the first first.
    pub history: Vec<ActionEvent>,
    /// What could be seen, as it was told when it was planned.
    pub power: Vec<String>,
    /// Who asks may change it.
    pub may_change: bool,
}

impl Takar {
    /// The actions in reach, newest first.
    ///
    /// # Errors
    /// Where a state or kind is not known.
    pub fn improvements(&self, asked: &ActionsAsked, lang: Lang) -> Result<Vec<ActionTold>> {
        let state = asked.state.as_deref().map(str::parse::<ActionState>).transpose()?;
        let kind = asked.kind.as_deref().map(str::parse::<ActionKind>).transpose()?;
        let search = asked.search.as_deref().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
        let with_account = match &asked.account {
            Some(account) => {
                let all = self.state.treated_accounts()?.into_iter();
                Some(all.filter(|(_, of)| of == account).map(|(action, _)| action).collect::<Vec<_>>())
            }
            None => None,
        };
        let rows = self.state.improvements()?.into_iter().filter(|row| {
            self.is_seen(&row.plan.owner)
                && state.is_none_or(|state| state.name() == row.state)
                && kind.is_none_or(|kind| kind.name() == row.plan.kind)
                && asked.manager.as_ref().is_none_or(|manager| *manager == row.plan.owner)
                && with_account.as_ref().is_none_or(|actions| actions.contains(&row.id))
                && search.as_ref().is_none_or(|search| {
                    row.plan.title.to_lowercase().contains(search)
                        || row.plan.hypothesis.to_lowercase().contains(search)
                })
        });
        rows.map(|row| self.action_told(row, lang)).collect()
    }

    /// One action in reach.
    ///
    /// # Errors
    /// Where there is none of that number, or it is out of reach.
    pub fn action(&self, id: i64, lang: Lang) -> Result<ActionShown> {
        let mut row = self.action_row(id)?;
        row.plan.selection = effect::selection_that_counts(&row.plan).map(|period| period.to_string());
        let may_change = self.may(Right::Answer).is_ok() && matches!(row.state.as_str(), "planned" | "running");
        let power = row.plan.power.as_deref().and_then(|text| serde_json::from_str::<Seen>(text).ok());
        let accounts = self.accounts_of(id)?;
        let source = self.lake_source(Credit::Recorded)?;
        let names = &source.names().account;
        let named = |part: &str| -> Vec<KnownName> {
            let of_part = accounts.iter().filter(|one| one.part == part);
            let name = |id: &str| names.code(id).and_then(|code| names.name(code)).map(str::to_owned);
            of_part.map(|one| KnownName { id: one.account.clone(), name: name(&one.account) }).collect()
        };
        Ok(ActionShown {
            now: named("now"),
            later: named("later"),
            later_began: later_began(&accounts),
            controls: accounts.iter().filter(|one| one.part == "control").count(),
            steps: self.state.action_steps(id)?,
            history: self.state.action_history(id)?.into_iter().map(|event| in_words(event, lang)).collect(),
            power: power.map(|seen| seen.words(lang)).unwrap_or_default(),
            may_change,
            told: self.action_told(row, lang)?,
        })
    }

    /// The row of an action in reach.
    pub(crate) fn action_row(&self, id: i64) -> Result<ActionRow> {
        let row = self.state.improvement(id)?.filter(|row| self.is_seen(&row.plan.owner));
        row.ok_or_else(|| {
            AppError::NotFound(Text::new(
                "tidak ada tindakan bernomor itu: lihat `takar actions`",
                "there is no action of that number: see `takar actions`",
            ))
        })
    }

    /// The same, to change it: it is not over, and the role is not that of a reader.
    fn open_action(&self, id: i64) -> Result<ActionRow> {
        self.may(Right::Answer)?;
        let row = self.action_row(id)?;
        if matches!(row.state.as_str(), "planned" | "running") {
            return Ok(row);
        }
        Err(asked(
            "tindakan ini sudah selesai: tidak berubah lagi; catat pelajarannya pada tindakan berikutnya",
            "this action is over: it does not change any more; note what was learned in the next one",
        ))
    }

    /// The accounts of an action, in order, by the ids that count today: two may have become one since. Who has the action is no comparison for it.
    fn accounts_of(&self, id: i64) -> Result<Vec<ActionAccount>> {
        let mut accounts = self.state.action_accounts(id)?;
        self.lake.count_accounts(accounts.iter_mut().map(|one| &mut one.account))?;
        let part = |one: &ActionAccount| ["now", "later", "control"].iter().position(|part| *part == one.part);
        accounts.sort_by(|one, other| one.account.cmp(&other.account).then(part(one).cmp(&part(other))));
        accounts.dedup_by(|later, first| later.account == first.account);
        Ok(accounts)
    }

    fn is_seen(&self, manager: &str) -> bool {
        self.reach().is_none_or(|reach| reach.holds(manager))
    }

    fn action_told(&self, row: ActionRow, lang: Lang) -> Result<ActionTold> {
        let steps = self.state.action_steps(row.id)?;
        let accounts = self.accounts_of(row.id)?;
        let found = match self.frozen_outcome(row.id)? {
            Some((Outcome::Measured(found), _)) => Some(found),
            _ => None,
        };
        let source = self.lake_source(Credit::Recorded)?;
        let managers = &source.names().manager;
        let name = managers.code(&row.plan.owner).and_then(|code| managers.name(code)).map(str::to_owned);
        Ok(ActionTold {
            kind_label: row.plan.kind.parse::<ActionKind>().map_or("", |kind| kind.label().get(lang)),
            state_label: row.state.parse::<ActionState>().map_or("", |state| state.label().get(lang)),
            owner_name: name,
            accounts: accounts.iter().filter(|one| one.part == "now").count(),
            steps_done: (steps.iter().filter(|step| step.done_at.is_some()).count(), steps.len()),
            verdict: found.as_ref().map(|found| found.verdict),
            verdict_label: found.as_ref().map(|found| verdict_label(found.verdict).get(lang)),
            measured: found.map(|found| found.effect),
            row,
        })
    }
}

/// The day those who waited began.
fn later_began(accounts: &[ActionAccount]) -> Option<String> {
    accounts.iter().filter(|one| one.part == "later").filter_map(|one| one.starts.clone()).min()
}

/// With the words of one language, where they are nobody's own.
fn in_words(event: ActionEvent, lang: Lang) -> ActionEvent {
    match (lang, event.text_id) {
        (Lang::Id, Some(text)) => ActionEvent { text, text_id: None, ..event },
        (_, text_id) => ActionEvent { text_id, ..event },
    }
}
