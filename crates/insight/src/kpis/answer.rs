//! One table of own and built-in KPIs.

use std::{cmp::Ordering, collections::HashMap};

use rustc_hash::FxHashMap;
use takar_model::{Compare, Money, Period, Quantity, id_order};

use super::{
    Aggregate, Exact, FactSource, Measure, MissingRule, OwnKpi, PeriodRule, TargetFigure, Targeted,
    expression::Number,
    measured::{Ids, Lists, Window},
};
use crate::{
    InsightError,
    metrics::{
        Against, CellSource, Column, Dimension, Frame, Frames, Key, KpiDefinition, MetricsTable, Query, Role, Row,
        Value, Why, own_column, run, time_id, within,
    },
};

/// A KPI that is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Asked<'a> {
    /// One that is built in.
    BuiltIn(&'static KpiDefinition),
    /// One of the company's own.
    Own(&'a OwnKpi),
    /// How one stands to its targets.
    OfTarget(Targeted<'a>, TargetFigure),
}

/// Months or windows at most that one question may look at.
const MOST_WINDOWS: usize = 1_200;

/// Answers a query about these KPIs; those that the query itself names are not looked at.
///
/// # Errors
/// As [`run`]; and [`InsightError::OwnKpi`] where an own KPI cannot be told apart as asked.
pub fn answer(
    source: &dyn CellSource,
    facts: &dyn FactSource,
    query: &Query,
    asked: &[Asked<'_>],
) -> Result<MetricsTable, InsightError> {
    let built_in: Vec<&'static KpiDefinition> =
        asked.iter().filter_map(|kpi| if let Asked::BuiltIn(kpi) = kpi { Some(*kpi) } else { None }).collect();
    let own: Vec<&OwnKpi> =
        asked.iter().filter_map(|kpi| if let Asked::Own(kpi) = kpi { Some(*kpi) } else { None }).collect();
    let query = Query { kpis: built_in, filter: within(source, query.filter.clone()), ..query.clone() };
    if built_in_count(asked) == asked.len() {
        return run(source, &query);
    }
    refuse_what_cannot_be(&query, &own)?;
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let frames = Frames::of(&query, extent);
    let base = run_if_any(source, &query)?;
    let world = World::load(source, facts, &query, &frames, &own)?;
    let aims = Aims::load(source, facts, &query, &frames, asked)?;
    let columns = columns(&query, asked);

    let mut rows: Vec<Row> = Vec::new();
    let mut built_rows: HashMap<Ids, Row> = HashMap::new();
    for row in base.iter().flat_map(|table| &table.rows) {
        built_rows.insert(row.keys.iter().map(|key| key.id.clone()).collect(), row.clone());
    }
    for (place, frame) in frames.frames.iter().enumerate() {
        let base_window = frames.bases[place].map(|base| base.window);
        let own_keys = world.keys(&own, frame.window, base_window, &query);
        let mut keys: Vec<Ids> = own_keys.into_iter().map(|ids| with_time(&query, frame, &ids)).collect();
        for window in std::iter::once(frame.window).chain(base_window) {
            keys.extend(aims.keys(window).map(|ids| with_time(&query, frame, ids)));
        }
        let of_frame = |ids: &&Ids| time_of(&query, ids) == time_of(&query, &with_time(&query, frame, &[]));
        keys.extend(built_rows.keys().filter(of_frame).cloned());
        keys.sort();
        keys.dedup();
        for ids in keys {
            let plain = without_time(&query, &ids);
            let built = built_rows.get(&ids);
            let mut built_values = built.map(|row| row.values.clone()).unwrap_or_default().into_iter();
            let mut values = Vec::with_capacity(columns.len());
            let mut is_there = built.is_some();
            for kpi in asked {
                match kpi {
                    Asked::BuiltIn(_) => {
                        let many = if query.compare.is_some() { 3 } else { 1 };
                        let absent = Value::Null(Why::NotComparable);
                        values.extend((0..many).map(|_| built_values.next().unwrap_or(absent)));
                    }
                    Asked::Own(kpi) => {
                        let now = world.value(kpi, frame.window, &plain);
                        is_there |= now.is_some();
                        let now = now.unwrap_or(Value::Null(Why::NoFacts));
                        values.push(now);
                        if query.compare.is_some() {
                            let before = match base_window {
                                Some(window) => world.value(kpi, window, &plain).unwrap_or(Value::Null(Why::NoFacts)),
                                None => Value::Null(Why::BaseBeforeData),
                            };
                            values.extend([before, now.growth_over(before)]);
                        }
                    }
                    Asked::OfTarget(kpi, figure) => {
                        let of = |window: Period| aims.get(kpi.id(), window, &plain);
                        let now = of(frame.window);
                        is_there |= now.is_some();
                        let now = now.unwrap_or(&Against::NONE).figure(*figure);
                        values.push(now);
                        if query.compare.is_some() {
                            let before = match base_window {
                                Some(window) => of(window).unwrap_or(&Against::NONE).figure(*figure),
                                None => Value::Null(Why::BaseBeforeData),
                            };
                            values.extend([before, now.growth_over(before)]);
                        }
                    }
                }
            }
            if !is_there {
                continue;
            }
            rows.push(Row {
                keys: named(source, &query, ids),
                values,
                cost_coverage: built.and_then(|row| row.cost_coverage),
                target_coverage: built.and_then(|row| row.target_coverage),
                unit: built.and_then(|row| row.unit),
                currency: built.and_then(|row| row.currency),
            });
        }
    }
    rows.sort_by(|one, other| in_order(&one.keys, &other.keys));
    Ok(MetricsTable {
        period: frames.period,
        base: frames.base(&query),
        basis: source.basis(),
        by: query.by.clone(),
        columns,
        rows,
        has_cost_coverage: base.as_ref().is_some_and(|table| table.has_cost_coverage),
        has_target_coverage: base.as_ref().is_some_and(|table| table.has_target_coverage),
    })
}

/// The built-in KPIs of a query, where it asks for any.
fn run_if_any(source: &dyn CellSource, query: &Query) -> Result<Option<MetricsTable>, InsightError> {
    if query.kpis.is_empty() { Ok(None) } else { run(source, query).map(Some) }
}

/// A fact that does not know a dimension cannot be told apart by it; that is said, not guessed.
fn refuse_what_cannot_be(query: &Query, own: &[&OwnKpi]) -> Result<(), InsightError> {
    let filtered = query.filter.as_ref().map(crate::metrics::Filter::dimensions).unwrap_or_default();
    if query.compare.is_some() && filtered.iter().any(|dimension| dimension.is_time()) {
        return Err(InsightError::TimeCondition);
    }
    for kpi in own {
        for aggregate in kpi.expression.aggregates() {
            let dimensions = query.by.iter().chain(&filtered);
            if let Some(dimension) = dimensions.into_iter().find(|dimension| !aggregate.table.knows(**dimension)) {
                let (table, words) = (aggregate.table.name, dimension.name());
                return Err(InsightError::OwnKpi {
                    id: format!(
                        "KPI {} membaca {table}, yang tidak mengenal {}; pilih rincian atau saringan lain",
                        kpi.id,
                        words.id.to_lowercase()
                    ),
                    en: format!(
                        "the KPI {} reads {table}, which does not know the {}; choose another breakdown or filter",
                        kpi.id,
                        words.en.to_lowercase()
                    ),
                });
            }
        }
    }
    Ok(())
}

fn columns(query: &Query, asked: &[Asked<'_>]) -> Vec<Column> {
    let roles: &[Role] = if query.compare.is_some() { &[Role::Now, Role::Base, Role::Growth] } else { &[Role::Now] };
    let mut columns = Vec::new();
    for kpi in asked {
        for role in roles {
            columns.push(match kpi {
                Asked::OfTarget(kpi, figure) => kpi.column(*figure, *role),
                Asked::BuiltIn(kpi) => Column::of(kpi, *role),
                Asked::Own(kpi) => {
                    let suffix = |text: &str, behind: Option<&str>| match behind {
                        Some(behind) if *role != Role::Growth => format!("{text} ({behind})"),
                        _ => text.to_owned(),
                    };
                    let behind = kpi.unit.suffix();
                    own_column(
                        &kpi.id,
                        (
                            suffix(kpi.name.get(takar_model::Lang::Id), behind.map(|text| text.id)),
                            suffix(kpi.name.get(takar_model::Lang::En), behind.map(|text| text.en)),
                        ),
                        kpi.unit.unit(),
                        *role,
                    )
                }
            });
        }
    }
    columns
}

fn built_in_count(asked: &[Asked<'_>]) -> usize {
    asked.iter().filter(|kpi| matches!(kpi, Asked::BuiltIn(_))).count()
}

/// By KPI and window: how rows stand to targets.
struct Aims(HashMap<String, HashMap<Period, HashMap<Ids, Against>>>);

impl Aims {
    fn load(
        source: &dyn CellSource,
        facts: &dyn FactSource,
        query: &Query,
        frames: &Frames,
        asked: &[Asked<'_>],
    ) -> Result<Self, InsightError> {
        let mut windows: Vec<Period> = frames.frames.iter().map(|frame| frame.window).collect();
        windows.extend(frames.bases.iter().flatten().map(|frame| frame.window));
        windows.sort_by_key(|window| (window.from(), window.to()));
        windows.dedup();
        let mut found = HashMap::new();
        for kpi in asked {
            if let Asked::OfTarget(kpi, _) = kpi
                && !found.contains_key(kpi.id())
            {
                found.insert(kpi.id().to_owned(), kpi.against(source, facts, query, &windows)?);
            }
        }
        Ok(Self(found))
    }

    /// The rows of a window that have any target.
    fn keys(&self, window: Period) -> impl Iterator<Item = &Ids> {
        self.0.values().filter_map(move |windows| windows.get(&window)).flat_map(HashMap::keys)
    }

    fn get(&self, kpi: &str, window: Period, key: &Ids) -> Option<&Against> {
        self.0.get(kpi)?.get(&window)?.get(key)
    }
}

/// What every window that is looked at came to.
struct World {
    lists: Lists,
    windows: FxHashMap<Period, Window>,
}

impl World {
    fn load(
        source: &dyn CellSource,
        facts: &dyn FactSource,
        query: &Query,
        frames: &Frames,
        own: &[&OwnKpi],
    ) -> Result<Self, InsightError> {
        let mut aggregates: Vec<Aggregate> = Vec::new();
        let mut built_ins: Vec<&'static KpiDefinition> = Vec::new();
        for kpi in own {
            for aggregate in kpi.expression.aggregates() {
                if !aggregates.contains(&aggregate) {
                    aggregates.push(aggregate);
                }
            }
            for definition in kpi.expression.built_ins() {
                if !built_ins.iter().any(|known| known.id == definition.id) {
                    built_ins.push(definition);
                }
            }
        }
        let whole = frames.frames.iter().map(|frame| frame.window);
        let bases = frames.bases.iter().flatten().map(|frame| frame.window);
        let mut wanted: Vec<Period> = Vec::new();
        for window in whole.chain(bases) {
            for kpi in own {
                wanted.extend(parts(kpi.period, window));
            }
        }
        wanted.sort_by_key(|window| (window.from(), window.to()));
        wanted.dedup();
        if wanted.len() > MOST_WINDOWS {
            return Err(InsightError::OwnKpi {
                id: format!("terlalu banyak bulan sekaligus ({}); persempit periodenya", wanted.len()),
                en: format!("too many months at once ({}); choose a shorter period", wanted.len()),
            });
        }
        let by: Vec<Dimension> = query.by.iter().copied().filter(|dimension| !dimension.is_time()).collect();
        let mut windows: FxHashMap<Period, Window> = FxHashMap::default();
        for disjoint in apart(&wanted) {
            if !aggregates.is_empty() {
                for row in facts.measure(&aggregates, &disjoint, &by, query.filter.as_ref())? {
                    if let Some(window) = disjoint.get(row.window) {
                        windows.entry(*window).or_default().amounts.insert(row.keys, row.amounts);
                    }
                }
            }
        }
        if !built_ins.is_empty() {
            let compare = query.compare.unwrap_or(Compare::Prior);
            for window in &wanted {
                let table = built_in_table(source, query, (&by, &built_ins), *window, compare)?;
                let known = windows.entry(*window).or_default();
                for row in table.rows {
                    let ids = row.keys.into_iter().map(|key| key.id).collect();
                    known.built_ins.insert(ids, row.values.into_iter().step_by(3).collect());
                }
            }
        }
        let aggregates = aggregates.into_iter().zip(0..).collect();
        Ok(Self { lists: Lists { aggregates, built_ins }, windows })
    }

    /// The keys that an own KPI has anything to say of in a window or the one it is compared with.
    fn keys(&self, own: &[&OwnKpi], window: Period, base: Option<Period>, query: &Query) -> Vec<Ids> {
        let mut keys: Vec<Ids> = Vec::new();
        for kpi in own {
            for part in
                parts(kpi.period, window).into_iter().chain(base.into_iter().flat_map(|base| parts(kpi.period, base)))
            {
                let Some(known) = self.windows.get(&part) else { continue };
                keys.extend(known.amounts.keys().cloned());
                keys.extend(known.built_ins.keys().cloned());
            }
        }
        // A window of no breakdown is always a row, as it is of built-in KPIs.
        if query.by.iter().all(|dimension| dimension.is_time()) {
            keys.push(Vec::new());
        }
        keys.sort();
        keys.dedup();
        keys
    }

    /// The figure of an own KPI; `None` where it leaves the row out.
    fn value(&self, kpi: &OwnKpi, window: Period, key: &Ids) -> Option<Value> {
        let empty = Window::default();
        let mut numbers = parts(kpi.period, window)
            .into_iter()
            .map(|part| self.windows.get(&part).unwrap_or(&empty).number(kpi, &self.lists, key));
        let found = match kpi.period {
            PeriodRule::Sum | PeriodRule::Ratio => numbers.next_back().flatten()?,
            PeriodRule::Last => match kpi.missing {
                // The last month that has any.
                MissingRule::LeaveOut => numbers.flatten().last()?,
                _ => numbers.next_back().flatten()?,
            },
            PeriodRule::Average => {
                let numbers: Result<Vec<Number>, Why> = numbers.flatten().collect();
                numbers.and_then(|numbers| {
                    let count = i128::try_from(numbers.len()).unwrap_or_default();
                    let sum = numbers.into_iter().fold(Number::Exact(Exact::ZERO), Number::plus);
                    sum.over(Number::Exact(Exact::whole(count))).ok_or(Why::NoFacts)
                })
            }
        };
        Some(found.and_then(|number| shown(number, kpi.unit)).unwrap_or_else(Value::Null))
    }
}

/// The built-in KPIs of one window, with their base and growth.
fn built_in_table(
    source: &dyn CellSource,
    query: &Query,
    (by, kpis): (&[Dimension], &[&'static KpiDefinition]),
    window: Period,
    compare: Compare,
) -> Result<MetricsTable, InsightError> {
    let of_window = Query {
        by: by.to_vec(),
        period: Some(window),
        kpis: kpis.to_vec(),
        compare: Some(compare),
        filter: query.filter.clone(),
    };
    run(source, &of_window)
}

/// The windows whose figures make the figure of a window.
fn parts(rule: PeriodRule, window: Period) -> Vec<Period> {
    match rule {
        PeriodRule::Sum | PeriodRule::Ratio => vec![window],
        PeriodRule::Last | PeriodRule::Average => {
            let (first, last) = (window.from().month().index(), window.to().month().index());
            let month = |index: i32| {
                let month = takar_model::Month::from_index(index);
                Period::new(month.first_day().max(window.from()), month.last_day().min(window.to()))
            };
            (first..=last).filter_map(month).collect()
        }
    }
}

/// Windows in lists of such as do not overlap, each in order.
fn apart(windows: &[Period]) -> Vec<Vec<Period>> {
    let mut lists: Vec<Vec<Period>> = Vec::new();
    for window in windows {
        let fits = |list: &&mut Vec<Period>| list.last().is_none_or(|last| last.to() < window.from());
        match lists.iter_mut().find(fits) {
            Some(list) => list.push(*window),
            None => lists.push(vec![*window]),
        }
    }
    lists
}

/// A number as it is shown, rounded once.
fn shown(number: Number, unit: Measure) -> Result<Value, Why> {
    let units = |places: u32| match number {
        Number::Exact(exact) => exact.rounded(places).ok_or(Why::TooLarge),
        Number::Near(near) => {
            let scaled = near * 10_f64.powi(i32::try_from(places).unwrap_or_default());
            // Larger ones have no meaning that anyone could read.
            if scaled.abs() < 1e30 { Ok(scaled.round() as i128) } else { Err(Why::TooLarge) }
        }
    };
    Ok(match unit {
        Measure::Money => Value::Money(Money::from_units(units(Money::PLACES)?)),
        // The mean of counts of several months is no count.
        Measure::Count => match units(Quantity::PLACES)? {
            fine if fine % 10_i128.pow(Quantity::PLACES) == 0 => {
                Value::Count(i64::try_from(units(0)?).map_err(|_| Why::TooLarge)?)
            }
            fine => Value::Quantity(Quantity::from_units(fine)),
        },
        Measure::Share => Value::Rate(number.to_f64()),
        Measure::Quantity | Measure::Number | Measure::Days | Measure::Hours => {
            Value::Quantity(Quantity::from_units(units(Quantity::PLACES)?))
        }
    })
}

fn with_time(query: &Query, frame: &Frame, ids: &[Option<String>]) -> Ids {
    let mut plain = ids.iter();
    let month = frame.window.from().month();
    let id = |dimension: &Dimension| match dimension.is_time() {
        true => Some(time_id(*dimension, month)),
        false => plain.next().cloned().flatten(),
    };
    query.by.iter().map(id).collect()
}

fn without_time(query: &Query, ids: &Ids) -> Ids {
    let plain = query.by.iter().zip(ids).filter(|(dimension, _)| !dimension.is_time());
    plain.map(|(_, id)| id.clone()).collect()
}

fn time_of(query: &Query, ids: &Ids) -> Ids {
    query.by.iter().zip(ids).filter(|(dimension, _)| dimension.is_time()).map(|(_, id)| id.clone()).collect()
}

fn named(source: &dyn CellSource, query: &Query, ids: Ids) -> Vec<Key> {
    let name = |(dimension, id): (&Dimension, Option<String>)| {
        let labels = source.names().labels(*dimension);
        let name = labels.zip(id.as_deref()).and_then(|(labels, id)| labels.name(labels.code(id)?));
        Key { name: name.map(str::to_owned), id }
    };
    query.by.iter().zip(ids).map(name).collect()
}

/// Ids in their order, nobody last.
fn in_order(one: &[Key], other: &[Key]) -> Ordering {
    let pairs = one.iter().zip(other).map(|(one, other)| match (&one.id, &other.id) {
        (Some(one), Some(other)) => id_order(one, other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
    pairs.fold(Ordering::Equal, Ordering::then)
}
