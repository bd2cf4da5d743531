//! From cells to the parts of the gap.

use rustc_hash::FxHashMap;
use takar_model::{Money, Period};
use takar_stats::{
    Amount,
    miss::{Options, Table, explain},
};

use super::{
    Expectation, Miss, Part, Question, Value,
    expected::{spread, spread_by},
};
use crate::{
    InsightError,
    analysis::{latest::code_at, scope::currency_of, target_of},
    metrics::{CellSource, Dimension, Filter, Grain, Kpi, Mask, NONE, Query, Value as Figure, run},
};

/// What cells are told apart by; one manager's cells are not told apart by manager.
const DIMENSIONS: [Dimension; 5] =
    [Dimension::Account, Dimension::Product, Dimension::Category, Dimension::Region, Dimension::Manager];

/// The parts of the gap.
///
/// # Errors
/// [`InsightError::NoData`], [`InsightError::UnknownManager`], [`InsightError::TimeCondition`], [`InsightError::NoTarget`],
/// [`InsightError::NoBase`] where nothing was sold in the base window, so that a target cannot be spread.
pub fn miss(source: &dyn CellSource, question: &Question) -> Result<Miss, InsightError> {
    source.extent().ok_or(InsightError::NoData)?;
    let filter = question.scope.condition(source)?;
    let dimensions: Vec<Dimension> = DIMENSIONS
        .into_iter()
        .filter(|dimension| *dimension != Dimension::Manager || question.scope.manager.is_none())
        .collect();
    let mut cells = Cells::of(source, question, filter.as_ref(), &dimensions)?;
    let mut coverage = None;
    let expectation = if question.against_target {
        let scope = &question.scope;
        let target = target_of(source, question.windows.current, scope.manager.as_deref(), scope.filter.as_ref())?;
        coverage = Some(target.coverage);
        cells.expect(source, question, filter.as_ref(), &dimensions, target.value)?
    } else {
        cells.expected.clone_from(&cells.base);
        Expectation::Base
    };
    cells.told_apart(source, question, &dimensions, coverage, expectation)
}

/// Who has each account now: what was sold to it in the base window is held against him where its manager of then has left
/// it, so that a hand-over looks neither like a loss nor like a gain.
#[derive(Default)]
struct Takers {
    now: FxHashMap<u32, FxHashMap<u32, i128>>,
}

impl Takers {
    fn saw(&mut self, account: u32, manager: u32, net: i128) {
        *self.now.entry(account).or_default().entry(manager).or_default() += net;
    }

    fn of(&self, account: u32, manager: u32) -> u32 {
        let Some(now) = self.now.get(&account).filter(|now| account != NONE && !now.contains_key(&manager)) else {
            return manager;
        };
        let most = now.iter().max_by_key(|(manager, net)| (**net, std::cmp::Reverse(**manager)));
        most.map_or(manager, |(taker, _)| *taker)
    }
}

/// Cells in columns.
struct Cells {
    /// By dimension.
    codes: Vec<Vec<u32>>,
    base: Vec<i128>,
    actual: Vec<i128>,
    expected: Vec<i128>,
}

impl Cells {
    fn of(
        source: &dyn CellSource,
        question: &Question,
        filter: Option<&Filter>,
        dimensions: &[Dimension],
    ) -> Result<Self, InsightError> {
        let names = source.names();
        let filtered = filter.map(Filter::dimensions).unwrap_or_default();
        let grain = Grain::MONTHS.months_together();
        let grain = dimensions.iter().chain(&filtered).fold(grain, |grain, one| grain.with(*one));
        let mask = filter.map(|filter| Mask::new(filter, names));
        let mut places: FxHashMap<Vec<u32>, usize> = FxHashMap::default();
        let mut made = Self {
            codes: vec![Vec::new(); dimensions.len()],
            base: Vec::new(),
            actual: Vec::new(),
            expected: Vec::new(),
        };
        let manager = dimensions.iter().position(|dimension| *dimension == Dimension::Manager);
        let mut takers = Takers::default();
        for (is_base, window) in [(false, question.windows.current), (true, question.windows.base)] {
            let cells = source.cells(window, grain)?;
            cells.check(grain)?;
            for row in cells.rows(window) {
                let code = code_at(&cells, names, row);
                let passes = mask.as_ref().is_none_or(|mask| mask.holds(&code, cells.month[row]) == Some(true));
                if !passes {
                    continue;
                }
                let mut key: Vec<u32> = dimensions.iter().map(|dimension| code(*dimension)).collect();
                let net = i128::from(cells.net[row]);
                if let Some(at) = manager {
                    let account = cells.account[row];
                    if is_base { key[at] = takers.of(account, key[at]) } else { takers.saw(account, key[at], net) }
                }
                let place = match places.get(&key) {
                    Some(place) => *place,
                    None => made.add(&mut places, key),
                };
                if is_base { made.base[place] += net } else { made.actual[place] += net }
            }
        }
        Ok(made)
    }

    fn add(&mut self, places: &mut FxHashMap<Vec<u32>, usize>, key: Vec<u32>) -> usize {
        let place = self.base.len();
        self.codes.iter_mut().zip(&key).for_each(|(column, code)| column.push(*code));
        self.base.push(0);
        self.actual.push(0);
        self.expected.push(0);
        places.insert(key, place);
        place
    }

    /// Spreads the target over the cells: each manager's over his own where targets tell managers apart.
    fn expect(
        &mut self,
        source: &dyn CellSource,
        question: &Question,
        filter: Option<&Filter>,
        dimensions: &[Dimension],
        target: Money,
    ) -> Result<Expectation, InsightError> {
        let no_base = || InsightError::NoBase { window: question.windows.current };
        let managers = dimensions.iter().position(|dimension| *dimension == Dimension::Manager);
        if let Some(column) = managers {
            let targets = manager_targets(source, question.windows.current, filter)?;
            if targets.values().copied().sum::<Money>() == target && !targets.is_empty() {
                let (parts, apart) = spread_by(&targets, &self.codes[column], &self.base);
                self.expected = parts;
                for (manager, target) in apart {
                    let key: Vec<u32> =
                        (0..dimensions.len()).map(|at| if at == column { manager } else { NONE }).collect();
                    let place = self.add(&mut FxHashMap::default(), key);
                    self.expected[place] = target;
                }
                return Ok(Expectation::ManagerTargets);
            }
        }
        self.expected = spread(target.units(), &self.base).ok_or_else(no_base)?;
        Ok(Expectation::OneTarget)
    }

    fn told_apart(
        self,
        source: &dyn CellSource,
        question: &Question,
        dimensions: &[Dimension],
        coverage: Option<f64>,
        expectation: Expectation,
    ) -> Result<Miss, InsightError> {
        // A dimension that no line names tells nothing apart.
        let used: Vec<usize> =
            (0..dimensions.len()).filter(|at| self.codes[*at].iter().any(|code| *code != NONE)).collect();
        let used = if used.is_empty() { vec![0] } else { used };
        let columns: Vec<&[u32]> = used.iter().map(|at| self.codes[*at].as_slice()).collect();
        let amounts = |units: &[i128]| units.iter().map(|units| Amount(*units)).collect::<Vec<_>>();
        let (actual, expected) = (amounts(&self.actual), amounts(&self.expected));
        let table = Table { dimensions: &columns, actual: &actual, forecast: &expected };
        let found = explain(&table, &Options::default())?;
        let names = source.names();
        let value = |dimension: Dimension, code: u32| {
            let labels = names.labels(dimension);
            Value {
                dimension,
                id: labels.and_then(|labels| labels.id(code)).map(str::to_owned),
                name: labels.and_then(|labels| labels.name(code)).map(str::to_owned),
            }
        };
        let money = |amount: Amount| Money::from_units(amount.0);
        let parts = found.elements.iter().map(|element| Part {
            values: element
                .attributes
                .iter()
                .map(|attribute| value(dimensions[used[attribute.dimension]], attribute.value))
                .collect(),
            actual: money(element.actual),
            expected: money(element.forecast),
            cells: element.cells,
            share: element.share,
            stands_out: element.stands_out,
        });
        Ok(Miss {
            windows: question.windows,
            manager: question.scope.manager_label(source),
            expectation,
            coverage,
            actual: money(found.actual),
            expected: money(found.forecast),
            parts: parts.collect(),
            rest: Part {
                values: Vec::new(),
                actual: money(found.rest.actual),
                expected: money(found.rest.forecast),
                cells: found.rest.cells,
                share: found.rest.share.unwrap_or_default(),
                stands_out: false,
            },
            rest_is_general: found.rest.is_general,
            explained: found.explained,
            stop: found.stop,
            n: found.n,
            currency: currency_of(source),
            basis: source.basis(),
        })
    }
}

/// The target of each manager that has one.
fn manager_targets(
    source: &dyn CellSource,
    window: Period,
    filter: Option<&Filter>,
) -> Result<FxHashMap<u32, Money>, InsightError> {
    let query = Query {
        by: vec![Dimension::Manager],
        period: Some(window),
        kpis: vec![Kpi::Target.definition()],
        compare: None,
        filter: filter.cloned(),
    };
    let names = source.names();
    let rows = run(source, &query)?.rows;
    let of = |row: &crate::metrics::Row| {
        let code = row.keys.first()?.id.as_deref().map_or(Some(NONE), |id| names.manager.code(id))?;
        match row.values.first()? {
            Figure::Money(money) => Some((code, *money)),
            _ => None,
        }
    };
    Ok(rows.iter().filter_map(of).collect())
}
