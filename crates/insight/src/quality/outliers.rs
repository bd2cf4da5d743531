//! Targets and costs that are off by a factor: a figure in thousands among figures in units, a sign too many.

use rustc_hash::FxHashMap;
use takar_model::{Money, Month};

/// One target as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetRow<'a> {
    /// What or whom it is for, in one text.
    pub scope: &'a str,
    /// The id of the KPI.
    pub kpi: &'a str,
    /// The first month it is for.
    pub first_month: Month,
    /// Its value in smallest units, the same for all targets of a KPI.
    pub value: i128,
}

/// What a target is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Neighbours {
    /// Other targets for the same scope and KPI: ten times is odd.
    SameScope,
    /// Targets for other scopes in the same month, for lack of others in the same scope: a hundred times is odd.
    SameMonth,
}

/// A target that is far from its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OddTarget {
    /// Its place in the rows that were given.
    pub row: usize,
    /// What it is compared with.
    pub neighbours: Neighbours,
    /// The median of the neighbours without the target itself, in smallest units: above 0.
    pub median: i128,
}

/// The targets that are far from what is usual, in the order of `targets`.
///
/// A target is odd from ten times and down to a tenth of the median of at least three other targets for the same scope
/// and KPI. Where there are fewer, it is compared with at least five other targets for the KPI in the same month, and
/// is odd from a hundred times and down to a hundredth. Zero and less is odd wherever that median is above zero; where
/// the median is not, nothing is said.
pub fn odd_targets(targets: &[TargetRow<'_>]) -> Vec<OddTarget> {
    const LEAST_IN_SCOPE: usize = 3;
    const LEAST_IN_MONTH: usize = 5;
    let by_scope = Groups::of(targets.iter().map(|target| ((target.scope, target.kpi), target.value)));
    let by_month = Groups::of(targets.iter().map(|target| ((target.kpi, target.first_month), target.value)));
    let odd = |(row, target): (usize, &TargetRow<'_>)| {
        let in_scope = by_scope.median_of_others((target.scope, target.kpi), target.value, LEAST_IN_SCOPE);
        let in_month = || by_month.median_of_others((target.kpi, target.first_month), target.value, LEAST_IN_MONTH);
        let (neighbours, median, times) = match in_scope {
            Some(median) => (Neighbours::SameScope, median, 10),
            None => (Neighbours::SameMonth, in_month()?, 100),
        };
        let is_odd = median > 0 && (reaches(target.value, times, median) || reaches(median, times, target.value));
        is_odd.then_some(OddTarget { row, neighbours, median })
    };
    targets.iter().enumerate().filter_map(odd).collect()
}

/// The cost cannot be right beside the net sales of its line: below zero though the line sells, or ten times them and
/// more.
pub fn is_odd_cost(cost: Money, net: Money) -> bool {
    net > Money::ZERO && (cost.is_negative() || reaches(cost.units(), 10, net.units()))
}

/// `value` is `times` the `base` or more.
fn reaches(value: i128, times: i128, base: i128) -> bool {
    // What does not fit 128 bits is out of reach; far below zero everything reaches it.
    base.checked_mul(times).map_or(base < 0, |limit| value >= limit)
}

/// Sorted values by group.
struct Groups<K>(FxHashMap<K, Vec<i128>>);

impl<K: std::hash::Hash + Eq> Groups<K> {
    fn of(values: impl Iterator<Item = (K, i128)>) -> Self {
        let mut groups: FxHashMap<K, Vec<i128>> = FxHashMap::default();
        for (key, value) in values {
            groups.entry(key).or_default().push(value);
        }
        groups.values_mut().for_each(|values| values.sort_unstable());
        Self(groups)
    }

    /// The median of a group without one `value` of it; `None` for fewer than `least` others.
    fn median_of_others(&self, key: K, value: i128, least: usize) -> Option<i128> {
        let values = self.0.get(&key)?;
        let others = values.len().checked_sub(1).filter(|others| *others >= least)?;
        let own = values.binary_search(&value).ok()?;
        let other = |place: usize| values.get(if place < own { place } else { place + 1 }).copied();
        let (low, high) = (other((others - 1) / 2)?, other(others / 2)?);
        // Half of each, so that the sum fits.
        Some(low / 2 + high / 2 + (low % 2 + high % 2) / 2)
    }
}

#[cfg(test)]
mod tests;
