//! The ledger: every action that is over, expected beside measured, and what its kind came to.

use std::collections::BTreeMap;

use serde::Deserialize;
use takar_insight::{
    actions::{ActionKind, Origin},
    effect::{AccountMonths, EffectKpi, Outcome},
    learning::{Entry, Ledger, Records, Which},
    metrics::{CellSource, NONE},
};
use takar_model::{Credit, Lang};

use crate::{Result, Takar};

/// With fewer measured actions a record of everybody's would tell of a single colleague's.
const LEAST_QUOTED: usize = 3;

/// Which part of the ledger.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct LedgerAsked {
    /// Of this kind.
    pub kind: Option<String>,
    /// In this segment.
    pub segment: Option<String>,
    /// Of this manager.
    pub manager: Option<String>,
    /// With this text.
    pub search: Option<String>,
}

impl Takar {
    /// The ledger, as far as the one who acts sees managers.
    ///
    /// # Errors
    /// Where the kind is not known.
    pub fn ledger(&self, asked: &LedgerAsked, lang: Lang) -> Result<Ledger> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let which = Which {
            kind: given(&asked.kind).map(|kind| kind.parse::<ActionKind>()).transpose()?,
            segment: given(&asked.segment),
            manager: given(&asked.manager),
            search: given(&asked.search),
        };
        let mut entries = self.past_actions(true)?;
        entries.retain(|entry| self.reach().is_none_or(|reach| reach.holds(&entry.manager)));
        Ok(Ledger::of(&entries, &which, lang))
    }

    /// What actions came to so far, of everybody: for what is suggested to anybody. Names nobody.
    ///
    /// # Errors
    /// Where the state cannot be read.
    pub fn learned(&self) -> Result<Records> {
        Ok(Records::of(&self.past_actions(false)?))
    }

    /// The same, as far as it may be quoted to the one who acts.
    pub(super) fn quoted_records(&self) -> Result<Records> {
        if self.reach().is_some() { self.quotable_records() } else { self.learned() }
    }

    /// The same, as far as it may be quoted to anybody.
    pub(crate) fn quotable_records(&self) -> Result<Records> {
        let mut records = self.learned()?;
        records.by_action_kind.retain(|_, record| record.tried >= LEAST_QUOTED);
        records.by_opportunity_kind.retain(|_, record| record.tried >= LEAST_QUOTED);
        Ok(records)
    }

    /// Every action that is over, the last first; segments are looked up where they are wanted.
    fn past_actions(&self, with_segments: bool) -> Result<Vec<Entry>> {
        let mut rows = self.state.improvements()?;
        rows.retain(|row| row.ended_at.is_some());
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        rows.sort_by(|one, other| other.ended_at.cmp(&one.ended_at).then(other.id.cmp(&one.id)));
        let source = self.lake_source(Credit::Recorded)?;
        let names = source.names();
        let months = with_segments.then(|| AccountMonths::of(source.as_ref(), EffectKpi::NetSales).ok()).flatten();
        let mut accounts: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for (action, account) in self.state.treated_accounts()? {
            accounts.entry(action).or_default().push(account);
        }
        // The segment of most accounts; of equals the one that comes first.
        let segment = |action: i64| {
            let months = months.as_ref()?;
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for account in accounts.get(&action)? {
                let code = names.account.code(account).map_or(NONE, |code| months.segment(code));
                if let Some(id) = names.segment.id(code) {
                    *counts.entry(id).or_default() += 1;
                }
            }
            let most = counts.values().max().copied()?;
            counts.into_iter().find(|(_, count)| *count == most).map(|(id, _)| id.to_owned())
        };
        rows.into_iter()
            .map(|row| {
                let found = match self.frozen_outcome(row.id)? {
                    Some((Outcome::Measured(found), _)) => Some(found),
                    _ => None,
                };
                let manager = names.manager.code(&row.plan.owner).and_then(|code| names.manager.name(code));
                Ok(Entry {
                    action: row.id,
                    segment: segment(row.id),
                    kind: row.plan.kind.parse()?,
                    origin: row.plan.origin.parse().unwrap_or(Origin::None),
                    origin_key: row.plan.origin_key,
                    manager_name: manager.map(str::to_owned),
                    manager: row.plan.owner,
                    kpi: row.plan.kpi,
                    expected: row.plan.expected,
                    measured: found.as_ref().map(|found| found.effect),
                    verdict: found.map(|found| found.verdict),
                    title: row.plan.title,
                    ended: row.ended_at.unwrap_or_default().chars().take(10).collect(),
                    state: row.state,
                })
            })
            .collect()
    }
}
