//! Targets beside what was sold where there is a target.

use rustc_hash::FxHashMap;
use takar_model::{Month, Period};

use super::{
    Dimension, NONE, Names, Target,
    keys::{Groups, Keyer, OUT, Span},
};

/// The targets that one window is measured by: all at one grain, none overlapping another.
pub(super) struct TargetPlan<'targets> {
    /// The dimensions that they name.
    pub dimensions: Vec<Dimension>,
    /// Their days, each once, with the targets for them.
    pub periods: Vec<(Period, Vec<&'targets Target>)>,
}

/// Target and sales of one group, in smallest units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Attained {
    /// How many targets.
    pub targets: u32,
    /// Σ target.
    pub target: i128,
    /// Σ net sales in the cells that have a target.
    pub actual: i128,
}

impl<'targets> TargetPlan<'targets> {
    /// Chooses the targets for a window: those that lie inside it and tell apart all that the answer and its
    /// filter tell apart. Targets of several grains would count twice: the coarsest grain that can answer is
    /// taken, before one as coarse that answers through managers' supervisors and branches one that names what is asked for,
    /// and for the same cell the longest periods first.
    pub fn choose(
        targets: &'targets [Target],
        kpi: &str,
        (keyer, names): (&Keyer, &Names),
        window: Period,
    ) -> Option<Self> {
        let inside = |period: Period| window.from() <= period.from() && period.to() <= window.to();
        let usable = |target: &&Target| {
            target.kpi == kpi
                && inside(target.period)
                && keyer.dimensions().iter().all(|&dimension| names_dimension(target, dimension))
                && passes(target, keyer, names)
        };
        let mut by_grain: FxHashMap<Vec<Dimension>, Vec<&Target>> = FxHashMap::default();
        for target in targets.iter().filter(usable) {
            by_grain.entry(dimensions_of(target)).or_default().push(target);
        }
        let (dimensions, mut chosen) = by_grain.into_iter().min_by_key(|(grain, _)| {
            let through = keyer.dimensions().iter().filter(|asked| !grain.contains(asked)).count();
            (grain.len(), through, grain.clone())
        })?;
        chosen.sort_by_key(|target| (-target.period.days(), target.period.from()));
        let mut taken: FxHashMap<Vec<Option<u32>>, Vec<Period>> = FxHashMap::default();
        let mut periods: Vec<(Period, Vec<&Target>)> = Vec::new();
        for target in chosen {
            let cell = dimensions.iter().map(|&dimension| target.code(dimension)).collect();
            let others = taken.entry(cell).or_default();
            let period = target.period;
            let overlaps = |other: &Period| other.from() <= period.to() && period.from() <= other.to();
            if others.iter().any(|other| *other != period && overlaps(other)) {
                continue;
            }
            others.push(period);
            match periods.iter_mut().find(|(other, _)| *other == period) {
                Some((_, same)) => same.push(target),
                None => periods.push((period, vec![target])),
            }
        }
        Some(Self { dimensions, periods })
    }

    /// Adds up targets and the sales of their cells by group. `spans` and `rows` are those of `periods`.
    pub fn count(
        &self,
        keyer: &Keyer,
        names: &Names,
        spans: &[Span],
        rows: &[Vec<u32>],
        groups: &Groups,
    ) -> Vec<Attained> {
        let mut attained = vec![Attained::default(); groups.shown.len()];
        for (((_, targets), span), keys) in self.periods.iter().zip(spans).zip(rows) {
            // By the codes of a target: the group that it counts in.
            let mut cells: FxHashMap<[u32; Target::DIMENSIONS.len()], u32> = FxHashMap::default();
            for target in targets {
                let shown = keyer.shown_key(|dimension| code_of(target, dimension, names));
                let Ok(group) = groups.shown.binary_search(&shown) else { continue };
                attained[group].targets += 1;
                attained[group].target += target.value.units();
                cells.insert(Target::DIMENSIONS.map(|dimension| target.code(dimension).unwrap_or(NONE)), group as u32);
            }
            for (row, &key) in span.rows.clone().zip(keys) {
                let group = groups.group_of[key as usize];
                let codes = Target::DIMENSIONS.map(|dimension| {
                    if self.dimensions.contains(&dimension) { span.cells.codes(dimension)[row] } else { NONE }
                });
                if group != OUT && cells.get(&codes) == Some(&group) {
                    attained[group as usize].actual += i128::from(span.cells.net[row]);
                }
            }
        }
        attained
    }

    /// The shown keys of the targets, so that a manager with a target and no sales has a row.
    pub fn shown_keys(&self, keyer: &Keyer, names: &Names) -> Vec<u64> {
        let targets = self.periods.iter().flat_map(|(_, targets)| targets);
        targets.map(|target| keyer.shown_key(|dimension| code_of(target, dimension, names))).collect()
    }
}

fn dimensions_of(target: &Target) -> Vec<Dimension> {
    target.named().collect()
}

/// The target tells the members of this dimension apart. A manager has one supervisor and one branch.
fn names_dimension(target: &Target, dimension: Dimension) -> bool {
    match dimension {
        Dimension::Supervisor => target.manager.is_some(),
        Dimension::Branch => target.branch.is_some() || target.manager.is_some(),
        other => target.code(other).is_some(),
    }
}

pub(super) fn code_of(target: &Target, dimension: Dimension, names: &Names) -> u32 {
    match (dimension, target.manager) {
        (Dimension::Supervisor, Some(manager)) => names.supervisor_of(manager),
        (Dimension::Branch, Some(manager)) if target.branch.is_none() => names.branch_of(manager),
        _ => target.code(dimension).unwrap_or(NONE),
    }
}

/// The filter holds for the target in each of its months.
fn passes(target: &Target, keyer: &Keyer, names: &Names) -> bool {
    let months: (Month, Month) = (target.period.from().month(), target.period.to().month());
    let code = |dimension| code_of(target, dimension, names);
    (months.0.index()..=months.1.index()).all(|month| keyer.passes(&code, month))
}
