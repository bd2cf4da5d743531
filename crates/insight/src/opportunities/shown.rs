//! The part of the opportunities that is asked for and may be seen, and where the next hours go.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use takar_model::{ManagerId, Money, id_order};
use takar_stats::worth::{Choice, Spent, spend};

use super::{Kind, Member, Opportunities, Opportunity};
use crate::{format::money_of, metrics::Reach};

/// Which are asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// Of this manager.
    pub manager: Option<String>,
    /// Of this account.
    pub account: Option<String>,
    /// Of these kinds; all where there are none.
    pub kinds: Vec<Kind>,
    /// Those that were dismissed, else those that were not.
    pub dismissed: bool,
    /// How many hours there are.
    pub hours: f64,
    /// How many are passed over.
    pub offset: usize,
    /// How many are shown.
    pub limit: usize,
}

/// Where a manager's next hours go.
#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    /// Whose.
    pub manager: Option<Member>,
    /// What to do, by places in the list, and what it brings.
    pub spent: Spent,
}

/// What is shown.
#[derive(Debug, Clone)]
pub struct Shown<'a> {
    /// All there is.
    pub all: &'a Opportunities,
    /// What was asked.
    pub asked: Asked,
    /// Places in the list: all that are asked for, in their order.
    pub places: Vec<usize>,
    /// What they are worth together, each account counted once.
    pub worth: Money,
    /// How many of the reader's were dismissed.
    pub dismissed: usize,
    /// How many of those asked for are not worth their hours.
    pub not_worth: usize,
    /// By kind: how many of those the reader may see and asked for, whatever the kind.
    pub of_kind: BTreeMap<Kind, usize>,
    /// By manager, in the order of what their hours bring.
    pub hours: Vec<Hours>,
}

impl Opportunities {
    /// What is asked for, within a reach.
    pub fn shown(&self, reach: Option<&Reach>, asked: Asked) -> Shown<'_> {
        let is_seen = |one: &Opportunity| {
            let Some(reach) = reach else { return true };
            one.finding.manager.as_ref().is_some_and(|manager| reach.holds(&manager.id))
        };
        let is = |of: &Option<Member>, id: &Option<String>| {
            id.as_ref().is_none_or(|id| of.as_ref().is_some_and(|of| of.id == *id))
        };
        let is_asked = |one: &Opportunity| {
            is_seen(one) && is(&one.finding.manager, &asked.manager) && is(&one.finding.account, &asked.account)
        };
        let is_kind = |kind: Kind| asked.kinds.is_empty() || asked.kinds.contains(&kind);
        let not_worth = self.not_worth.iter().filter(|one| is_asked(one) && is_kind(one.finding.kind)).count();
        let mut places = Vec::new();
        let (mut dismissed, mut of_kind) = (0, BTreeMap::new());
        let mut open: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
        for (place, one) in self.list.iter().enumerate() {
            let finding = &one.finding;
            if !is_asked(one) {
                continue;
            }
            dismissed += usize::from(one.dismissed.is_some());
            if one.dismissed.is_some() == asked.dismissed {
                *of_kind.entry(finding.kind).or_default() += 1;
                if is_kind(finding.kind) {
                    places.push(place);
                }
            }
            if one.dismissed.is_none() && finding.kind.is_managers() {
                open.entry(finding.manager.as_ref().map(|manager| manager.id.as_str())).or_default().push(place);
            }
        }
        let mut best: FxHashMap<&str, f64> = FxHashMap::default();
        let mut alone = 0.0;
        for one in places.iter().map(|place| &self.list[*place]) {
            match &one.finding.account {
                Some(account) => {
                    let known = best.entry(account.id.as_str()).or_default();
                    *known = known.max(one.worth.value);
                }
                None => alone += one.worth.value,
            }
        }
        // Summed as money, so that the order of accounts does not matter.
        let worth = best.values().map(|worth| money_of(*worth)).chain([money_of(alone)]).sum();
        let mut hours: Vec<Hours> = open.into_values().map(|places| self.hours_of(places, asked.hours)).collect();
        hours.retain(|hours| hours.manager.is_some() && !hours.spent.chosen.is_empty());
        hours.sort_by(|one, other| {
            let id = |hours: &Hours| hours.manager.as_ref().map_or(String::new(), |manager| manager.id.clone());
            other.spent.worth.total_cmp(&one.spent.worth).then_with(|| id_order(&id(one), &id(other)))
        });
        Shown { all: self, asked, places, worth, dismissed, not_worth, of_kind, hours }
    }

    fn hours_of(&self, places: Vec<usize>, hours: f64) -> Hours {
        let mut abouts: FxHashMap<&str, usize> = FxHashMap::default();
        let choices: Vec<Choice> = places
            .iter()
            .enumerate()
            .map(|(number, place)| {
                let one = &self.list[*place];
                let next = places.len() + number;
                let about = match &one.finding.account {
                    Some(account) => *abouts.entry(account.id.as_str()).or_insert(next),
                    None => next,
                };
                Choice { about, worth: one.worth.value, hours: one.hours }
            })
            .collect();
        let mut spent = spend(&choices, hours);
        spent.chosen.iter_mut().for_each(|chosen| *chosen = places[*chosen]);
        Hours { manager: self.list[places[0]].finding.manager.clone(), spent }
    }

    /// The opportunity of a key, with whose it is, where the reach holds it.
    pub fn of_key(&self, reach: Option<&Reach>, key: &str) -> Option<&Opportunity> {
        let found = self.list.iter().find(|one| one.key == key)?;
        let manager = found.finding.manager.as_ref().map(|manager| ManagerId::from(manager.id.as_str()));
        reach.is_none_or(|reach| manager.is_some_and(|manager| reach.holds(&manager.0))).then_some(found)
    }
}

impl<'a> Shown<'a> {
    /// The page that is asked for.
    pub fn page(&self) -> impl Iterator<Item = &'a Opportunity> + '_ {
        self.places.iter().skip(self.asked.offset).take(self.asked.limit).map(|place| &self.all.list[*place])
    }
}
