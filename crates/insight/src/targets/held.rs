//! The targets that count now.

use std::collections::BTreeMap;

use takar_model::{Money, Month, Period};

use super::{Whom, phased};
use crate::{analysis::forecast::months_of, metrics::CellSource};

/// The targets of one KPI that count, by whom they are for and their days.
#[derive(Debug, Clone, Default)]
pub struct Held {
    targets: BTreeMap<Whom, Vec<(Period, Money)>>,
}

impl Held {
    /// Those in the data, within the reach of who reads.
    pub fn of(source: &dyn CellSource, kpi: &str) -> Self {
        let mut held = Self::default();
        for target in source.targets().iter().filter(|target| target.kpi == kpi) {
            let whom = Whom::of_target(target, source);
            if whom.is_within(source.reach()) {
                held.put(whom, target.period, target.value);
            }
        }
        held
    }

    /// Sets one, in place of the one that is there.
    pub fn put(&mut self, whom: Whom, period: Period, value: Money) {
        let own = self.targets.entry(whom).or_default();
        match own.iter_mut().find(|(known, _)| *known == period) {
            Some((_, known)) => *known = value,
            None => own.push((period, value)),
        }
    }

    /// The target for exactly these days.
    pub fn exact(&self, whom: &Whom, period: Period) -> Option<Money> {
        self.targets.get(whom)?.iter().find(|(known, _)| *known == period).map(|(_, value)| *value)
    }

    /// The target for these days: the one for exactly them, else the sum of those for each of their months.
    pub fn whole(&self, whom: &Whom, period: Period) -> Option<Money> {
        if let Some(value) = self.exact(whom, period) {
            return Some(value);
        }
        let span = period.whole_months()?;
        months_of(span).map(|month| self.exact(whom, Period::month(month))).sum()
    }

    /// The target of each month of a span. Where no month has its own, the target for all of them falls into months by
    /// `weights`.
    pub fn by_month(&self, whom: &Whom, span: (Month, Month), weights: &[f64]) -> Vec<Option<Money>> {
        let own: Vec<Option<Money>> = months_of(span).map(|month| self.exact(whom, Period::month(month))).collect();
        let whole = Period::months(span.0, span.1).and_then(|period| self.exact(whom, period));
        match whole.filter(|_| own.iter().all(Option::is_none)) {
            Some(whole) => phased(whole, weights).map_or(own, |parts| parts.into_iter().map(Some).collect()),
            None => own,
        }
    }

    /// The days of other targets for the same that these days overlap.
    pub fn overlapping(&self, whom: &Whom, period: Period) -> Option<Period> {
        let overlaps = |other: &Period| *other != period && other.from() <= period.to() && period.from() <= other.to();
        self.targets.get(whom)?.iter().map(|(other, _)| *other).find(overlaps)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&Whom, Period, Money)> {
        self.targets.iter().flat_map(|(whom, own)| own.iter().map(move |(period, value)| (whom, *period, *value)))
    }
}
