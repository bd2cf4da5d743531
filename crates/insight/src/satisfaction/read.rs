//! Whose sales and whose words are looked at, and under which member each counts.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use takar_model::{Money, Period};

use crate::{
    InsightError,
    analysis::Scope,
    metrics::{CellSource, Dimension, Filter, Grain, MIXED, Mask, NONE},
    process::{Feedback, Response, Work},
};

/// Net sales by code of the member, then by code of the account; [`NONE`] is nobody.
pub(super) type Sold = BTreeMap<u32, BTreeMap<u32, Money>>;

/// Whose something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Whose {
    pub account: u32,
    pub manager: u32,
    supervisor: u32,
    segment: u32,
    region: u32,
    branch: u32,
}

impl Whose {
    /// The member of a dimension.
    pub fn code(&self, dimension: Dimension) -> u32 {
        match dimension {
            Dimension::Account => self.account,
            Dimension::Manager => self.manager,
            Dimension::Supervisor => self.supervisor,
            Dimension::Segment => self.segment,
            Dimension::Region => self.region,
            Dimension::Branch => self.branch,
            _ => NONE,
        }
    }
}

/// Something that was said, and whose it is.
pub(super) struct Voice<'a> {
    pub said: &'a Feedback,
    pub whose: Whose,
}

/// The data within a scope and the reach of who reads.
pub(super) struct Scoped<'a> {
    pub source: &'a dyn CellSource,
    pub work: &'a Work,
    condition: Option<Filter>,
    /// By dimension, by code of the account: where it bought most.
    places: FxHashMap<Dimension, Vec<u32>>,
    accounts: FxHashMap<&'a str, u32>,
    managers: FxHashMap<&'a str, u32>,
}

impl<'a> Scoped<'a> {
    /// Of a scope; `by` is what rows will be.
    pub fn of(
        source: &'a dyn CellSource,
        work: &'a Work,
        scope: &Scope,
        by: Option<Dimension>,
    ) -> Result<Self, InsightError> {
        let condition = scope.condition(source)?;
        let asked: BTreeSet<Dimension> = condition.iter().flat_map(Filter::dimensions).chain(by).collect();
        if let Some(unknown) = asked.iter().find(|one| matches!(one, Dimension::Product | Dimension::Category)) {
            return Err(InsightError::NotOfSatisfaction(unknown.id()));
        }
        let mut places = FxHashMap::default();
        for dimension in [Dimension::Segment, Dimension::Region, Dimension::Branch] {
            if asked.contains(&dimension) {
                places.insert(dimension, places_of(source, dimension)?);
            }
        }
        let names = source.names();
        Ok(Self { source, work, condition, places, accounts: names.account.codes(), managers: names.manager.codes() })
    }

    /// Net sales of each account under each member in a window.
    pub fn sold(&self, by: Dimension, window: Period) -> Result<Sold, InsightError> {
        let mut found = Sold::new();
        self.each_cell(by, window, |_, member, account, net| {
            *found.entry(member).or_default().entry(account).or_default() += net;
        })?;
        Ok(found)
    }

    /// Net sales of each account by month, as [`takar_model::Month::index`].
    pub fn sold_by_month(&self, window: Period) -> Result<BTreeMap<u32, BTreeMap<i32, Money>>, InsightError> {
        let mut found: BTreeMap<u32, BTreeMap<i32, Money>> = BTreeMap::new();
        self.each_cell(Dimension::Account, window, |month, _, account, net| {
            *found.entry(account).or_default().entry(month).or_default() += net;
        })?;
        Ok(found)
    }

    fn each_cell(
        &self,
        by: Dimension,
        window: Period,
        mut then: impl FnMut(i32, u32, u32, Money),
    ) -> Result<(), InsightError> {
        let names = self.source.names();
        let filtered = self.condition.iter().flat_map(Filter::dimensions);
        let grain = Grain::MONTHS.with(Dimension::Account).with(by);
        let grain = filtered.fold(grain, Grain::with);
        let cells = self.source.cells(window, grain)?;
        cells.check(grain)?;
        let mask = self.condition.as_ref().map(|filter| Mask::new(filter, names));
        let mut currencies = BTreeSet::new();
        for row in cells.rows(window) {
            let code = |dimension| match dimension {
                Dimension::Supervisor => names.supervisor_of(cells.manager[row]),
                other => cells.codes(other)[row],
            };
            if mask.as_ref().is_some_and(|mask| mask.holds(&code, cells.month[row]) != Some(true)) {
                continue;
            }
            // Lines that name none are in the company's own.
            if cells.net_lines[row] > 0 && cells.currency[row] != NONE {
                currencies.insert(cells.currency[row]);
            }
            then(cells.month[row], code(by), cells.account[row], Money::from_units(i128::from(cells.net[row])));
        }
        if currencies.len() > 1 || currencies.contains(&MIXED) {
            return Err(InsightError::SeveralCurrencies);
        }
        Ok(())
    }

    /// What was said within the scope, of any day.
    pub fn said(&self) -> impl Iterator<Item = Voice<'a>> {
        let mask = self.mask();
        self.work.said().into_iter().filter_map(move |(said, manager)| {
            let whose = self.whose(said.account.as_deref(), manager);
            holds(mask.as_ref(), &whose).then_some(Voice { said, whose })
        })
    }

    /// How soon accounts within the scope were answered, on any day.
    pub fn answered(&self) -> impl Iterator<Item = (Whose, &'a Response)> {
        let mask = self.mask();
        self.work.answered().iter().filter_map(move |response| {
            let whose = self.whose(response.account.as_deref(), response.manager.as_deref());
            holds(mask.as_ref(), &whose).then_some((whose, response))
        })
    }

    fn mask(&self) -> Option<Mask> {
        self.condition.as_ref().map(|filter| Mask::new(filter, self.source.names()))
    }

    fn whose(&self, account: Option<&str>, manager: Option<&str>) -> Whose {
        let code = |codes: &FxHashMap<&str, u32>, id: Option<&str>| id.and_then(|id| codes.get(id)).copied();
        let account = code(&self.accounts, account).unwrap_or(NONE);
        let manager = code(&self.managers, manager).unwrap_or(NONE);
        let place = |dimension| {
            let places = self.places.get(&dimension);
            places.and_then(|places| places.get(account as usize)).copied().unwrap_or(NONE)
        };
        Whose {
            account,
            manager,
            supervisor: self.source.names().supervisor_of(manager),
            segment: place(Dimension::Segment),
            region: place(Dimension::Region),
            branch: place(Dimension::Branch),
        }
    }
}

fn holds(mask: Option<&Mask>, whose: &Whose) -> bool {
    // Conditions on time were refused, so the month does not matter.
    mask.is_none_or(|mask| mask.holds(&|dimension| whose.code(dimension), 0) == Some(true))
}

/// By code of the account, the member of a dimension under which it bought most in all the data; of equals the lower id.
fn places_of(source: &dyn CellSource, dimension: Dimension) -> Result<Vec<u32>, InsightError> {
    let names = source.names();
    let mut places = vec![NONE; names.account.len()];
    let (Some(extent), Some(labels)) = (source.extent(), names.labels(dimension)) else { return Ok(places) };
    let grain = Grain::MONTHS.with(Dimension::Account).with(dimension);
    let cells = source.cells(extent, grain)?;
    cells.check(grain)?;
    let mut sums: BTreeMap<(u32, u32), i128> = BTreeMap::new();
    for row in cells.rows(extent) {
        *sums.entry((cells.account[row], cells.codes(dimension)[row])).or_default() += i128::from(cells.net[row]);
    }
    let mut most: Vec<Option<(i128, u32)>> = vec![None; places.len()];
    for ((account, member), net) in sums {
        let Some(known) = most.get_mut(account as usize).filter(|_| member != NONE) else { continue };
        let rank = labels.rank(member);
        if known.is_none_or(|(sold, before)| (net, std::cmp::Reverse(rank)) > (sold, std::cmp::Reverse(before))) {
            *known = Some((net, rank));
        }
    }
    for (place, most) in places.iter_mut().zip(most) {
        *place = most.map_or(NONE, |(_, rank)| labels.at_rank(rank));
    }
    Ok(places)
}
