//! Who owned an account on a day: the timeline of each account, from the table of ownership.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, Date32Array},
    record_batch::RecordBatch,
};
use rustc_hash::FxHashMap;
use takar_model::id_order;

use crate::{
    error::Result,
    facts::columns::{dates, decimal, text, text_at},
};

/// The whole credit, in the smallest part that is told apart.
pub(crate) const WHOLE: i128 = 1_000_000;
/// Shares that add up to this much are meant to be the whole: three thirds are written 33.33 %.
const NEARLY_WHOLE: i128 = 990_000;

/// One manager's part of the credit. Parts lie side by side between 0 and [`WHOLE`], so that what they cut an amount
/// into adds up to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// `None` = the part that ownership gives to nobody.
    pub manager: Option<String>,
    pub from: i128,
    pub to: i128,
}

impl Part {
    /// This part of an amount: the parts of all are rounded so that nothing is lost.
    pub(crate) fn of(&self, amount: i128) -> i128 {
        round(amount * self.to, WHOLE) - round(amount * self.from, WHOLE)
    }
}

/// Days with the same owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub first: i32,
    pub last: i32,
    pub parts: Vec<Part>,
}

/// The timelines of accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Timelines {
    by_account: FxHashMap<String, Vec<Span>>,
}

/// One row of the table.
struct Row<'a> {
    manager: &'a str,
    from: i32,
    to: Option<i32>,
    share: i128,
}

impl Timelines {
    /// From the live rows of the table of ownership. Names that are no ids are looked up in the small tables.
    pub(crate) fn of(table: &RecordBatch, accounts: &IdOfName, managers: &IdOfName) -> Result<Self> {
        let (account, manager) = (text(table, "account_id")?, text(table, "manager_id")?);
        let (from, to, share) = (dates(table, "from")?, dates(table, "to")?, decimal(table, "share")?);
        let day = |days: &Date32Array, row: usize| (!days.is_null(row)).then(|| days.value(row));
        let mut rows: BTreeMap<&str, Vec<Row<'_>>> = BTreeMap::new();
        for row in 0..table.num_rows() {
            let (Some(account), Some(manager)) = (text_at(account, row), text_at(manager, row)) else { continue };
            let owned = Row {
                manager: managers.id(manager),
                from: day(from, row).unwrap_or(i32::MIN),
                to: day(to, row),
                share: share.value(row),
            };
            rows.entry(accounts.id(account)).or_default().push(owned);
        }
        let by_account = rows.into_iter().map(|(account, rows)| (account.to_owned(), spans(&rows))).collect();
        Ok(Self { by_account })
    }

    /// Each account keeps its owners of one day, for all days.
    pub(crate) fn on_day(&self, day: i32) -> Self {
        let always = |span: &Span| Span { first: i32::MIN, last: i32::MAX, parts: span.parts.clone() };
        let by_account = self
            .by_account
            .iter()
            .filter_map(|(account, spans)| Some((account.clone(), vec![always(covering(spans, day)?)])))
            .collect();
        Self { by_account }
    }

    /// Gives an account that has no owner to one manager, for all days.
    pub(crate) fn give(&mut self, account: &str, manager: &str) {
        self.by_account.entry(account.to_owned()).or_insert_with(|| {
            let all = Part { manager: Some(manager.to_owned()), from: 0, to: WHOLE };
            vec![Span { first: i32::MIN, last: i32::MAX, parts: vec![all] }]
        });
    }

    /// The owners of an account on a day; `None` where the table does not say.
    pub(crate) fn owners(&self, account: &str, day: i32) -> Option<&[Part]> {
        covering(self.by_account.get(account)?, day).map(|span| span.parts.as_slice())
    }

    /// Who has most of each account on a day, of equal parts the lower id; accounts that have no owner then are left out. In any order.
    pub(crate) fn main_owners(&self, day: i32) -> impl Iterator<Item = (&str, &str)> {
        self.by_account.iter().filter_map(move |(account, spans)| {
            let owned = covering(spans, day)?.parts.iter().filter_map(|part| Some((part.manager.as_deref()?, part)));
            let most = |(one, part): &(&str, &Part), (other, than): &(&str, &Part)| {
                (part.to - part.from).cmp(&(than.to - than.from)).then_with(|| id_order(other, one))
            };
            Some((account.as_str(), owned.max_by(most)?.0))
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_account.is_empty()
    }

    /// Every account with its spans, in any order.
    pub(crate) fn unordered(&self) -> impl Iterator<Item = (&str, &[Span])> {
        self.by_account.iter().map(|(account, spans)| (account.as_str(), spans.as_slice()))
    }

    /// Every account with its spans, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[Span])> {
        let ordered: BTreeMap<&str, &[Span]> =
            self.by_account.iter().map(|(account, spans)| (account.as_str(), spans.as_slice())).collect();
        ordered.into_iter()
    }
}

fn covering(spans: &[Span], day: i32) -> Option<&Span> {
    let next = spans.partition_point(|span| span.first <= day);
    spans[..next].last().filter(|span| day <= span.last)
}

/// The timeline of one account. A row without an end lasts until the next one begins.
fn spans(rows: &[Row<'_>]) -> Vec<Span> {
    let mut starts: Vec<i32> = rows.iter().map(|row| row.from).collect();
    starts.sort_unstable();
    starts.dedup();
    let end = |row: &Row<'_>| {
        let next = starts.iter().find(|start| **start > row.from);
        row.to.unwrap_or_else(|| next.map_or(i32::MAX, |next| next - 1))
    };
    let mut edges: Vec<i32> = starts.clone();
    edges.extend(rows.iter().map(end).filter(|end| *end < i32::MAX).map(|end| end + 1));
    edges.sort_unstable();
    edges.dedup();
    let mut spans: Vec<Span> = Vec::new();
    for (place, first) in edges.iter().enumerate() {
        let last = edges.get(place + 1).map_or(i32::MAX, |next| next - 1);
        let mut shares: BTreeMap<&str, i128> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.from <= *first && *first <= end(row)) {
            *shares.entry(row.manager).or_default() += row.share;
        }
        if !shares.is_empty() {
            spans.push(Span { first: *first, last, parts: parts(&shares) });
        }
    }
    spans
}

/// Shares side by side. More than the whole is scaled down to it; what is missing goes to nobody.
pub(super) fn parts(shares: &BTreeMap<&str, i128>) -> Vec<Part> {
    let total: i128 = shares.values().sum();
    let whole = if total >= NEARLY_WHOLE { total } else { WHOLE };
    let mut sum = 0;
    let mut from = 0;
    let mut parts = Vec::new();
    for (manager, share) in shares {
        sum += share;
        let to = round(sum * WHOLE, whole);
        parts.push(Part { manager: Some((*manager).to_owned()), from, to });
        from = to;
    }
    if from < WHOLE {
        parts.push(Part { manager: None, from, to: WHOLE });
    }
    parts.retain(|part| part.from < part.to);
    parts
}

/// `amount` / `by`, half away from zero.
pub(crate) const fn round(amount: i128, by: i128) -> i128 {
    let half = if amount < 0 { -(by / 2) } else { by / 2 };
    (amount + half) / by
}

/// From a name to the one id that it belongs to.
#[derive(Debug, Default)]
pub(crate) struct IdOfName<'a> {
    ids: rustc_hash::FxHashSet<&'a str>,
    /// `None` where several ids have the name.
    names: FxHashMap<&'a str, Option<&'a str>>,
}

impl<'a> IdOfName<'a> {
    /// From a small table.
    pub(crate) fn of(table: &'a RecordBatch, id: &str, name: &str) -> Result<Self> {
        let (ids, names) = (text(table, id)?, text(table, name)?);
        let mut found = Self::default();
        for row in 0..table.num_rows() {
            let Some(id) = text_at(ids, row) else { continue };
            found.ids.insert(id);
            if let Some(name) = text_at(names, row) {
                found
                    .names
                    .entry(name)
                    .and_modify(|known| *known = known.filter(|known| *known == id))
                    .or_insert(Some(id));
            }
        }
        Ok(found)
    }

    /// The id that a text means.
    pub(crate) fn id<'t>(&'t self, text: &'t str) -> &'t str {
        if self.ids.contains(text) {
            return text;
        }
        self.names.get(text).copied().flatten().unwrap_or(text)
    }
}
