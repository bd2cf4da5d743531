//! Any KPI beside its targets: what was set out, and how far it was reached, over the cells that have a target.
//!
//! Net sales have a quick way of their own in the kernel; this is the way of all others. The KPI is measured at the grain and
//! for the days of its targets, cell by cell, and then cells add up; a target that is coarser than the answer says nothing there.

use rustc_hash::{FxHashMap, FxHashSet};
use takar_model::{Money, Period, Quantity};

use super::{
    CellSource, Dimension, Key, MetricsTable, Nature, Query, Target, Unit, Value, Why,
    attainment::{TargetPlan, code_of},
    keys::Keyer,
};
use crate::InsightError;

/// The ids of a row's keys, without those of time.
type Ids = Vec<Option<String>>;

/// Where figures of cells add up to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Adds {
    /// Over members and over time. Things that are counted once each (orders, accounts) are counted in every cell that has a
    /// target for them, as their targets are.
    Everywhere,
    /// Over members, in the same days.
    InTheSameDays,
    /// Nowhere: there is a figure for a single cell only.
    Nowhere,
}

impl Adds {
    /// How figures of a nature add up.
    pub const fn of(nature: Nature) -> Self {
        match nature {
            Nature::Additive | Nature::Distinct => Self::Everywhere,
            Nature::Ratio => Self::Nowhere,
        }
    }
}

/// A KPI that has targets.
pub(crate) struct OfTarget<'a> {
    /// Its id, as targets name it.
    pub kpi: &'a str,
    /// What it is measured in.
    pub unit: Unit,
    /// Where it adds up.
    pub adds: Adds,
    /// Measures it: in the first column the KPI, in the second net sales.
    pub measure: &'a dyn Fn(&Query) -> Result<MetricsTable, InsightError>,
}

/// How a row stands to its targets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Against {
    /// What was set out.
    pub target: Value,
    /// What was reached of it: actual / target.
    pub attainment: Value,
    /// Which part of the row's net sales lies in cells that have a target.
    pub coverage: Value,
}

impl Against {
    /// No target says anything of it.
    pub const NONE: Self =
        Self { target: Value::Null(Why::NoTarget), attainment: Value::Null(Why::NoTarget), coverage: Value::Rate(0.0) };
}

/// A cell of a measured table: the figure, net sales, and the one unit and currency.
#[derive(Clone, Copy)]
struct Cell {
    value: Value,
    net: i128,
    unit: Option<u32>,
    currency: Option<u32>,
}

/// The rows of each window that have a target, by their keys without time.
///
/// # Errors
/// As [`super::run`].
pub(crate) fn against(
    source: &dyn CellSource,
    query: &Query,
    windows: &[Period],
    of: &OfTarget<'_>,
) -> Result<Vec<FxHashMap<Ids, Against>>, InsightError> {
    let names = source.names();
    if !source.targets().iter().any(|target| target.kpi == of.kpi) {
        return Ok(vec![FxHashMap::default(); windows.len()]);
    }
    let keyer = Keyer::new(query, names)?;
    let plans: Vec<Option<TargetPlan>> =
        windows.iter().map(|window| TargetPlan::choose(source.targets(), of.kpi, (&keyer, names), *window)).collect();
    let cells = Cells::measure(query, &plans, of)?;
    let by: Vec<Dimension> = query.by.iter().copied().filter(|dimension| !dimension.is_time()).collect();
    let mut answers = Vec::with_capacity(windows.len());
    for (window, plan) in windows.iter().zip(&plans) {
        let mut sums: FxHashMap<Ids, Sum> = FxHashMap::default();
        let Some(plan) = plan else {
            answers.push(FxHashMap::default());
            continue;
        };
        for (period, targets) in &plan.periods {
            // Of two targets for the same, both count; what was sold there counts once.
            let mut counted: FxHashSet<Ids> = FxHashSet::default();
            for target in targets {
                let row = by.iter().map(|&dimension| id_of(source, dimension, code_of(target, dimension, names)));
                let cell: Ids = plan
                    .dimensions
                    .iter()
                    .map(|&dimension| id_of(source, dimension, target.code(dimension).unwrap_or(super::NONE)))
                    .collect();
                let sum = sums.entry(row.collect()).or_default();
                sum.wants(target, *period, of);
                if !counted.contains(&cell) {
                    sum.came(cells.get(&plan.dimensions, *period, &cell), of);
                    counted.insert(cell);
                }
            }
        }
        let whole = net_of(query, (&by, *window), of)?;
        let told = |(ids, sum): (Ids, Sum)| {
            let net = whole.get(&ids).map_or(0, |cell| cell.net);
            (ids, sum.told(of, net))
        };
        answers.push(sums.into_iter().map(told).collect());
    }
    Ok(answers)
}

/// Net sales of each row of a window, whether it has a target or not.
fn net_of(
    query: &Query,
    (by, window): (&[Dimension], Period),
    of: &OfTarget<'_>,
) -> Result<FxHashMap<Ids, Cell>, InsightError> {
    let asked = Query { by: by.to_vec(), period: Some(window), filter: query.filter.clone(), ..Query::default() };
    Ok((of.measure)(&asked)?.rows.into_iter().map(|row| (ids(&row.keys), cell_of(&row))).collect())
}

/// What the KPI came to at the grains and for the days of targets.
struct Cells(FxHashMap<(Vec<Dimension>, Period), FxHashMap<Ids, Cell>>);

impl Cells {
    /// Each window once; all single months of a grain in one question.
    fn measure(query: &Query, plans: &[Option<TargetPlan>], of: &OfTarget<'_>) -> Result<Self, InsightError> {
        let mut wanted: FxHashMap<Vec<Dimension>, FxHashSet<Period>> = FxHashMap::default();
        for plan in plans.iter().flatten() {
            let periods = plan.periods.iter().map(|(period, _)| *period);
            wanted.entry(plan.dimensions.clone()).or_default().extend(periods);
        }
        let mut found = FxHashMap::default();
        for (dimensions, periods) in wanted {
            let is_month = |period: &&Period| **period == Period::month(period.from().month());
            let (months, others): (Vec<&Period>, Vec<&Period>) = periods.iter().partition(is_month);
            let asked = |by: Vec<Dimension>, period: Option<Period>| {
                (of.measure)(&Query { by, period, filter: query.filter.clone(), ..Query::default() })
            };
            let first = months.iter().map(|period| period.from()).min();
            let last = months.iter().map(|period| period.to()).max();
            if let Some(span) = first.zip(last).and_then(|(first, last)| Period::new(first, last)) {
                let by = dimensions.iter().copied().chain([Dimension::Month]).collect();
                for row in asked(by, Some(span))?.rows {
                    let month = row.keys.last().and_then(|key| key.id.as_deref()).and_then(|id| id.parse().ok());
                    let Some(month) = month else { continue };
                    let of_month: &mut FxHashMap<Ids, Cell> = found.entry((dimensions.clone(), month)).or_default();
                    of_month.insert(ids(&row.keys[..dimensions.len()]), cell_of(&row));
                }
            }
            for period in others {
                let rows = asked(dimensions.clone(), Some(*period))?.rows;
                let rows = rows.into_iter().map(|row| (ids(&row.keys), cell_of(&row))).collect();
                found.insert((dimensions.clone(), *period), rows);
            }
        }
        Ok(Self(found))
    }

    fn get(&self, dimensions: &[Dimension], period: Period, cell: &Ids) -> Option<Cell> {
        self.0.get(&(dimensions.to_vec(), period))?.get(cell).copied()
    }
}

fn ids(keys: &[Key]) -> Ids {
    keys.iter().map(|key| key.id.clone()).collect()
}

fn id_of(source: &dyn CellSource, dimension: Dimension, code: u32) -> Option<String> {
    source.names().labels(dimension).and_then(|labels| labels.id(code)).map(str::to_owned)
}

fn cell_of(row: &super::Row) -> Cell {
    let net = match row.values.get(1) {
        Some(Value::Money(money)) => money.units(),
        _ => 0,
    };
    let value = row.values.first().copied().unwrap_or(Value::Null(Why::NotComparable));
    Cell { value, net, unit: row.unit, currency: row.currency }
}

/// Targets and what was reached of them, over the cells of one row. Amounts are in millionths, which all units are multiples of.
#[derive(Default)]
struct Sum {
    targets: u32,
    target: i128,
    actual: i128,
    /// The figure of a share, which is no multiple of anything.
    rate: f64,
    net: i128,
    /// Why there is no actual.
    missing: Option<Why>,
    period: Option<Period>,
    unit: Option<u32>,
    currency: Option<u32>,
}

impl Sum {
    fn wants(&mut self, target: &Target, period: Period, of: &OfTarget<'_>) {
        let adds = match of.adds {
            Adds::Everywhere => true,
            Adds::InTheSameDays => self.period.is_none_or(|known| known == period),
            Adds::Nowhere => self.targets == 0,
        };
        if !adds {
            self.missing = Some(Why::DoesNotAddUp);
        }
        self.period = Some(period);
        self.targets += 1;
        self.target += target.value.units() * (Quantity::ONE / Money::ONE);
    }

    fn came(&mut self, cell: Option<Cell>, of: &OfTarget<'_>) {
        let Some(cell) = cell else {
            // Nothing was sold there: of what adds up that is zero.
            if of.adds == Adds::Nowhere {
                self.missing.get_or_insert(Why::NothingToDivideBy);
            }
            return;
        };
        self.net += cell.net;
        match cell.value {
            Value::Money(money) => {
                self.actual += money.units() * (Quantity::ONE / Money::ONE);
                self.alike(|sum| &mut sum.currency, cell.currency, Why::MixedCurrencies);
            }
            Value::Quantity(quantity) => {
                self.actual += quantity.units();
                self.alike(|sum| &mut sum.unit, cell.unit, Why::MixedUnits);
            }
            Value::Count(count) => self.actual += i128::from(count) * Quantity::ONE,
            Value::Rate(rate) => self.rate += rate,
            Value::Null(why) => {
                self.missing.get_or_insert(why);
            }
        }
    }

    /// Cells of different units or currencies do not add up.
    fn alike(&mut self, known: impl Fn(&mut Self) -> &mut Option<u32>, code: Option<u32>, why: Why) {
        let place = known(self);
        match (*place, code) {
            (Some(one), Some(other)) if one != other => {
                self.missing.get_or_insert(why);
            }
            (None, Some(_)) => *place = code,
            _ => {}
        }
    }

    /// `net` are the net sales of the whole row.
    fn told(&self, of: &OfTarget<'_>, net: i128) -> Against {
        let target = match (self.missing, of.unit) {
            (Some(Why::DoesNotAddUp), _) => Value::Null(Why::DoesNotAddUp),
            (_, Unit::Money) => Value::Money(Money::from_units(self.target / (Quantity::ONE / Money::ONE))),
            (_, Unit::Rate) => Value::Rate(self.target as f64 / Quantity::ONE as f64),
            // A target for a count need not be whole.
            (_, Unit::Quantity | Unit::Count) => Value::Quantity(Quantity::from_units(self.target)),
        };
        let attainment = match (self.missing, of.unit) {
            (Some(why), _) => Value::Null(why),
            (None, Unit::Rate) if self.target > 0 => Value::Rate(self.rate * Quantity::ONE as f64 / self.target as f64),
            (None, _) => Value::ratio(self.actual, self.target),
        };
        Against { target, attainment, coverage: Value::ratio(self.net, net) }
    }
}
