//! What past actions teach: each with what was expected beside what was measured, and how often its like worked.
//!
//! Failures are kept. Small groups are drawn towards what all have in common (`takar_stats::learning`).

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;
use takar_model::Lang;
use takar_stats::{
    Estimate, Level,
    effect::Verdict,
    learning::{Past, Record, records},
};

use crate::{
    actions::{ActionKind, Origin},
    effect::{percent, verdict_label, whole_percent},
};

/// A normal's 95 % point: half of a 90 % interval in standard errors.
const Z90: f64 = 1.644_853_626_951_472_2;

/// An action that is over.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Its number.
    pub action: i64,
    /// What it was called.
    pub title: String,
    /// Its kind.
    pub kind: ActionKind,
    /// The segment that most of its accounts are in.
    pub segment: Option<String>,
    /// The account manager who had it.
    pub manager: String,
    /// The manager's name.
    pub manager_name: Option<String>,
    /// What it came from.
    pub origin: Origin,
    /// Its key there.
    pub origin_key: String,
    /// The KPI.
    pub kpi: String,
    /// What was expected, as a share.
    pub expected: f64,
    /// What was measured, as a share; none where it could not be.
    pub measured: Option<Estimate>,
    /// What was said of it.
    pub verdict: Option<Verdict>,
    /// `measured` or `stopped`.
    pub state: String,
    /// The day it ended.
    pub ended: String,
}

impl Entry {
    /// As one of the past; none where it was not measured.
    pub fn past(&self) -> Option<Past> {
        let (measured, verdict) = (self.measured?, self.verdict?);
        let error = measured.interval.width() / (2.0 * Z90);
        (measured.value.is_finite() && error.is_finite() && error > 0.0).then_some(Past {
            effect: measured.value,
            error,
            verdict,
        })
    }
}

/// How often actions like one worked, and by how much: by kind of action, and by the kind of opportunity they came from.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Records {
    /// By kind of action.
    pub by_action_kind: BTreeMap<ActionKind, Record>,
    /// By kind of opportunity.
    pub by_opportunity_kind: BTreeMap<String, Record>,
}

impl Records {
    /// From the actions that are over. Empty where none was measured.
    pub fn of(entries: &[Entry]) -> Self {
        let from_opportunities = entries.iter().filter(|entry| entry.origin == Origin::Opportunity);
        let kind = |entry: &Entry| entry.origin_key.split(':').next().unwrap_or_default().to_owned();
        Self {
            by_action_kind: grouped(entries.iter().map(|entry| (entry.kind, entry))),
            by_opportunity_kind: grouped(from_opportunities.map(|entry| (kind(entry), entry))),
        }
    }

    /// Of actions of a kind.
    pub fn action(&self, kind: ActionKind) -> Option<&Record> {
        self.by_action_kind.get(&kind)
    }

    /// Of actions that came from opportunities of a kind.
    pub fn opportunity(&self, kind: &str) -> Option<&Record> {
        self.by_opportunity_kind.get(kind)
    }
}

/// The record of each group that has a measured action; groups borrow from each other.
fn grouped<'a, K: Ord + Clone>(of: impl Iterator<Item = (K, &'a Entry)>) -> BTreeMap<K, Record> {
    let mut groups: BTreeMap<K, Vec<Past>> = BTreeMap::new();
    for (key, entry) in of {
        if let Some(past) = entry.past() {
            groups.entry(key).or_default().push(past);
        }
    }
    let pasts: Vec<Vec<Past>> = groups.values().cloned().collect();
    // Every past is finite with an error above 0, so this fails only where there is none.
    let told = records(&pasts, Level::P80).unwrap_or_default();
    groups.into_keys().zip(told.into_iter().map(within_all)).collect()
}

/// Sales cannot fall by more than all of them, whatever a normal's tail says.
fn within_all(mut record: Record) -> Record {
    for interval in [&mut record.effect.interval, &mut record.next] {
        interval.low = interval.low.max(-1.0);
    }
    record
}

/// Actions of a group that it takes to tell what to expect of the next.
const LEAST_TO_EXPECT: usize = 3;

/// "Worked 7 of 11 times, median +6 %", and what is to be expected of the next.
pub fn record_words(record: &Record, lang: Lang) -> String {
    let level = whole_percent(record.chance.interval.level.share());
    let median = record.median.map_or_else(|| "–".to_owned(), |median| percent(median.value, lang));
    let (effect, low, high) =
        (percent(record.effect.value, lang), percent(record.next.low, lang), percent(record.next.high, lang));
    let (worked, tried) = (record.worked, record.tried);
    // One or two say what they came to, and nothing yet of the next.
    if tried < LEAST_TO_EXPECT {
        return match lang {
            Lang::Id => format!(
                "berhasil {worked} dari {tried} kali, median {median}; masih terlalu sedikit untuk mengatakan apa yang diharapkan berikutnya"
            ),
            Lang::En => format!(
                "worked {worked} of {tried} times, median {median}; too few yet to tell what to expect of the next one"
            ),
        };
    }
    match lang {
        Lang::Id => format!(
            "berhasil {worked} dari {tried} kali, median {median}; berikutnya diharapkan {effect} ({low} sampai {high}, kisaran {level}), kemungkinan terbukti berhasil {}",
            whole_percent(record.chance.value)
        ),
        Lang::En => format!(
            "worked {worked} of {tried} times, median {median}; of the next one expect {effect} ({low} to {high}, {level} interval), shown to work with a chance of {}",
            whole_percent(record.chance.value)
        ),
    }
}

/// A group with its record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// The kind.
    pub kind: ActionKind,
    /// What that is called.
    pub kind_label: &'static str,
    /// The segment; none = all together.
    pub segment: Option<String>,
    /// The record.
    pub record: Record,
    /// In words.
    pub words: String,
}

/// An action that is over, with its words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntryTold {
    /// The action.
    #[serde(flatten)]
    pub entry: Entry,
    /// The kind for people.
    pub kind_label: &'static str,
    /// The verdict for people.
    pub verdict_label: &'static str,
}

/// The ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ledger {
    /// By kind, then by kind and segment.
    pub groups: Vec<Group>,
    /// The actions that are over, the last first.
    pub entries: Vec<EntryTold>,
}

/// Which actions of the ledger.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Which {
    /// Of this kind.
    pub kind: Option<ActionKind>,
    /// In this segment.
    pub segment: Option<String>,
    /// Of this manager.
    pub manager: Option<String>,
    /// With this text in title, key or account manager, whatever the case.
    pub search: Option<String>,
}

impl Ledger {
    /// The ledger of some actions. Records are those of all entries given, whatever is shown of them.
    pub fn of(entries: &[Entry], which: &Which, lang: Lang) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let mut add = |found: BTreeMap<(ActionKind, Option<String>), Record>| {
            groups.extend(found.into_iter().map(|((kind, segment), record)| Group {
                kind,
                kind_label: kind.label().get(lang),
                segment,
                words: record_words(&record, lang),
                record,
            }));
        };
        add(grouped(entries.iter().map(|entry| ((entry.kind, None), entry))));
        let with_segment = entries.iter().filter(|entry| entry.segment.is_some());
        add(grouped(with_segment.map(|entry| ((entry.kind, entry.segment.clone()), entry))));
        groups.retain(|group| {
            which.kind.is_none_or(|kind| kind == group.kind)
                && (which.segment.is_none() || which.segment == group.segment)
        });
        let search = which.search.as_ref().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
        let is_shown = |entry: &&Entry| {
            let has = |text: &str| search.as_ref().is_none_or(|search| text.to_lowercase().contains(search));
            which.kind.is_none_or(|kind| kind == entry.kind)
                && (which.segment.is_none() || which.segment == entry.segment)
                && which.manager.as_ref().is_none_or(|manager| *manager == entry.manager)
                && (has(&entry.title)
                    || has(&entry.origin_key)
                    || has(&entry.manager)
                    || entry.manager_name.as_deref().is_some_and(has))
        };
        let told = |entry: &Entry| EntryTold {
            kind_label: entry.kind.label().get(lang),
            verdict_label: entry.verdict.map_or_else(
                || takar_model::Text::new("tidak diukur", "not measured").get(lang),
                |verdict| verdict_label(verdict).get(lang),
            ),
            entry: entry.clone(),
        };
        Self { groups, entries: entries.iter().filter(is_shown).map(told).collect() }
    }
}
