//! Answers a query: loads the cells, works out each window on its own, puts the table together.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use takar_model::{Compare, Month, Period};

use super::{
    CellSource, Cells, Dimension, Grain, Key, Kpi, MetricsTable, Names, Query, Row, Value, accounts,
    attainment::{Attained, TargetPlan},
    formula::{Context, Facts},
    frames::{Frame, Frames},
    keys::{Groups, Keyer, OUT, Span},
    market::{MarketPlan, Marketed},
    reach::within,
    sums::{Measures, Sums, sum_by_group},
    table::columns,
};
use crate::InsightError;

/// Answers a query.
///
/// Sums are exact; the order of cells does not matter; the same data and definitions give the same table.
///
/// # Errors
/// [`InsightError::NoData`] without lines, [`InsightError::Source`] when cells cannot be read,
/// [`InsightError::TooFine`] when the dimensions have more than 2⁶⁴ combinations.
pub fn run(source: &dyn CellSource, query: &Query) -> Result<MetricsTable, InsightError> {
    let query = &Query { filter: within(source, query.filter.clone()), ..query.clone() };
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let names = source.names();
    let keyer = Keyer::new(query, names)?;
    let needs = Needs::of(query);
    let mut frames = Frames::of(query, extent);
    if !needs.base {
        // A base window needs a base of its own only where it counts new, lost, … accounts.
        frames.bases.iter_mut().flatten().for_each(|frame| frame.base = None);
    }

    let all_frames: Vec<Frame> = frames.frames.iter().chain(frames.bases.iter().flatten()).copied().collect();
    let plan = |frame: &Frame| {
        let targets = if needs.targets { source.targets() } else { &[] };
        let market = if needs.market { source.market() } else { &[] };
        Plans {
            targets: TargetPlan::choose(targets, Kpi::NetSales.definition().id, (&keyer, names), frame.window),
            market: MarketPlan::choose(market, source.targets(), &keyer, frame.window),
        }
    };
    let plans: Vec<Plans> = all_frames.iter().map(plan).collect();
    let loaded = load(source, query, &needs, &all_frames, &plans)?;
    let world = World { keyer: &keyer, names, needs, loaded: &loaded, first_orders: source.first_orders() };

    let base_plan = |place: usize| {
        let before = frames.bases[..place].iter().flatten().count();
        &plans[frames.frames.len() + before]
    };
    let rows: Result<Vec<Vec<SortedRow>>, InsightError> = (0..frames.frames.len())
        .into_par_iter()
        .map(|place| {
            let now = Answer::of(&world, &frames.frames[place], &plans[place])?;
            let base = match &frames.bases[place] {
                Some(frame) => Some(Answer::of(&world, frame, base_plan(place))?),
                None => None,
            };
            Ok(rows_of(&world, query, frames.frames[place].window, &now, base.as_ref()))
        })
        .collect();
    let mut rows: Vec<SortedRow> = rows?.into_iter().flatten().collect();
    rows.sort_by(|(left, _), (right, _)| left.cmp(right));
    Ok(MetricsTable {
        period: frames.period,
        base: frames.base(query),
        basis: source.basis(),
        by: query.by.clone(),
        columns: columns(query),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        has_cost_coverage: query.kpis.iter().any(|kpi| kpi.kpi.needs_costs()),
        has_target_coverage: needs.targets,
    })
}

/// A row with the ranks of its keys, by which it is sorted.
type SortedRow = (Vec<u32>, Row);

/// What the KPIs of a query ask for.
#[derive(Clone, Copy)]
struct Needs {
    accounts: bool,
    base: bool,
    targets: bool,
    market: bool,
    prior: bool,
    year: bool,
    compare: bool,
    measures: Measures,
}

impl Needs {
    fn of(query: &Query) -> Self {
        let any = |needs: fn(Kpi) -> bool| query.kpis.iter().any(|kpi| needs(kpi.kpi));
        Self {
            accounts: any(Kpi::needs_accounts),
            base: any(Kpi::needs_base),
            targets: any(Kpi::needs_targets),
            market: any(Kpi::needs_market),
            prior: any(|kpi| kpi == Kpi::GrowthPrior),
            year: any(|kpi| kpi == Kpi::GrowthYear),
            compare: query.compare.is_some(),
            measures: Measures {
                goods: any(|kpi| kpi == Kpi::Units || kpi == Kpi::MarketShare),
                costs: any(Kpi::needs_costs),
                discounts: any(|kpi| kpi == Kpi::DiscountRate),
                returns: any(|kpi| kpi == Kpi::ReturnRate),
                orders: any(Kpi::needs_orders),
            },
        }
    }

    /// The windows that a frame needs beside its own.
    fn others(&self, frame: &Frame) -> [Option<Period>; 3] {
        [
            frame.base.filter(|_| self.base || self.compare),
            frame.prior.filter(|_| self.prior),
            frame.year.filter(|_| self.year),
        ]
    }
}

/// The cells of a question: one array for all whole months, one for each other period.
struct Loaded {
    months: Option<Arc<Cells>>,
    days: FxHashMap<Period, Arc<Cells>>,
}

fn load(
    source: &dyn CellSource,
    query: &Query,
    needs: &Needs,
    frames: &[Frame],
    plans: &[Plans<'_>],
) -> Result<Loaded, InsightError> {
    let mut grain = Grain::MONTHS;
    let filtered = query.filter.as_ref().map(super::Filter::dimensions).unwrap_or_default();
    let targeted = plans.iter().flat_map(|plans| &plans.targets).flat_map(|plan| plan.dimensions.iter().copied());
    let marketed = plans.iter().flat_map(|plans| &plans.market).flat_map(|plan| plan.dimensions.iter().copied());
    for dimension in query.by.iter().copied().chain(filtered).chain(targeted).chain(marketed) {
        grain = grain.with(dimension);
    }
    if needs.accounts {
        grain = grain.with(Dimension::Account);
    }
    if needs.measures.orders {
        grain = grain.with_orders();
    }
    let mut loaded = Loaded { months: None, days: FxHashMap::default() };
    let mut cover: Option<(Month, Month)> = None;
    let own =
        frames.iter().flat_map(|frame| std::iter::once(frame.window).chain(needs.others(frame).into_iter().flatten()));
    let of_targets =
        plans.iter().flat_map(|plans| &plans.targets).flat_map(|plan| plan.periods.iter().map(|(period, _)| *period));
    for period in own.chain(of_targets) {
        match (period.whole_months(), cover) {
            (Some(months), None) => cover = Some(months),
            (Some((first, last)), Some((from, to))) => cover = Some((first.min(from), last.max(to))),
            (None, _) if loaded.days.contains_key(&period) => {}
            (None, _) => {
                let cells = source.cells(period, grain)?;
                cells.check(grain)?;
                loaded.days.insert(period, cells);
            }
        }
    }
    if let Some(range) = cover.and_then(|(first, last)| Period::months(first, last)) {
        let cells = source.cells(range, grain)?;
        cells.check(grain)?;
        loaded.months = Some(cells);
    }
    Ok(loaded)
}

impl Loaded {
    fn span(&self, period: Period, shift: i32) -> Option<Span<'_>> {
        let cells = self.days.get(&period).or(self.months.as_ref())?;
        Some(Span { cells, rows: cells.rows(period), period, shift })
    }
}

struct World<'run> {
    keyer: &'run Keyer<'run>,
    names: &'run Names,
    needs: Needs,
    loaded: &'run Loaded,
    first_orders: &'run [i32],
}

/// The targets and market sizes that one window is measured by.
struct Plans<'data> {
    targets: Option<TargetPlan<'data>>,
    market: Option<MarketPlan<'data>>,
}

/// One window worked out: facts by group.
struct Answer {
    shown: Vec<u64>,
    facts: Vec<Facts>,
    context: Context,
}

impl Answer {
    fn of(world: &World, frame: &Frame, plans: &Plans<'_>) -> Result<Self, InsightError> {
        let plan = plans.targets.as_ref();
        let shift = |period: Period| frame.window.from().month().index() - period.from().month().index();
        let others = world.needs.others(frame);
        let mut spans: Vec<Span> = world.loaded.span(frame.window, 0).into_iter().collect();
        // Where base, prior and year are the same days, they are one span.
        let mut places = [None; 3];
        for (place, period) in others.into_iter().enumerate() {
            let Some(period) = period else { continue };
            let known = spans.iter().skip(1).position(|span| span.period == period).map(|known| known + 1);
            places[place] = known.or_else(|| {
                spans.extend(world.loaded.span(period, shift(period)));
                Some(spans.len() - 1)
            });
        }
        let first_target = spans.len();
        for (period, _) in plan.iter().flat_map(|plan| &plan.periods) {
            spans.extend(world.loaded.span(*period, 0));
        }
        let targets = plan.map(|plan| plan.shown_keys(world.keyer, world.names)).unwrap_or_default();
        let markets = plans.market.as_ref().map(|plan| plan.shown_keys(world.keyer)).unwrap_or_default();
        let groups = world.keyer.group(&spans, &[targets, markets].concat())?;

        let mut sums = sum(&spans[0], &groups.rows[0], &groups, world.needs.measures);
        // Of other windows only net sales are wanted here.
        let net_of = |place: usize| sum(&spans[place], &groups.rows[place], &groups, Measures::default());
        let sums_of = |place: Option<usize>| place.map(net_of);
        if world.needs.measures.orders {
            take_off_shared_orders(&spans[0], &groups, &mut sums);
        }
        let bases = sums_of(places[0]);
        let priors = if places[1] == places[0] { bases.clone() } else { sums_of(places[1]) };
        let years = if places[2] == places[0] { bases.clone() } else { sums_of(places[2]) };
        let statuses = if world.needs.accounts {
            let base =
                places[0].filter(|_| world.needs.base).map(|place| (&spans[place], groups.rows[place].as_slice()));
            let accounts = world.names.account.len();
            accounts::count(&spans[0], base, &groups, world.first_orders, accounts)
        } else {
            Vec::new()
        };
        let attained: Vec<Attained> = plan
            .map(|plan| {
                let (spans, rows) = (&spans[first_target..], &groups.rows[first_target..]);
                plan.count(world.keyer, world.names, spans, rows, &groups)
            })
            .unwrap_or_default();

        let marketed: Vec<Marketed> = plans
            .market
            .as_ref()
            .map(|plan| plan.count(world.keyer, &spans[0], &groups.rows[0], &groups))
            .unwrap_or_default();

        let get = |sums: &Option<Vec<Sums>>, group: usize| sums.as_ref().map(|sums| sums[group]).unwrap_or_default();
        let facts: Vec<Facts> = (0..groups.shown.len())
            .map(|group| Facts {
                sums: sums[group],
                statuses: statuses.get(group).copied().unwrap_or_default(),
                in_base: get(&bases, group).lines > 0,
                prior: get(&priors, group),
                year: get(&years, group),
                attained: attained.get(group).copied().unwrap_or_default(),
                marketed: marketed.get(group).copied().unwrap_or_default(),
            })
            .collect();
        let total = facts.iter().fold(Sums::default(), |mut total, facts| {
            total.net += facts.sums.net;
            total.currency = total.currency.merge_currency(facts.sums.currency);
            total
        });
        let context = Context {
            has_base: frame.base.is_some(),
            has_prior: frame.prior.is_some(),
            has_year: frame.year.is_some(),
            total,
        };
        Ok(Self { shown: groups.shown, facts, context })
    }

    /// The facts of a shown key; nothing where it does not occur.
    fn facts_of(&self, shown: u64) -> Facts {
        self.shown.binary_search(&shown).ok().map(|group| self.facts[group]).unwrap_or_default()
    }
}

/// Sums of a span by group.
fn sum(span: &Span, keys: &[u32], groups: &Groups, measures: Measures) -> Vec<Sums> {
    let group_of_row: Vec<u32> = keys.iter().map(|&key| groups.group_of[key as usize]).collect();
    sum_by_group(span.cells, span.rows.clone(), &group_of_row, groups.shown.len(), measures)
}

/// An order in several cells of a group is one order.
fn take_off_shared_orders(span: &Span, groups: &Groups, sums: &mut [Sums]) {
    let mut found = Vec::new();
    for order in span.cells.shared_orders.iter() {
        found.clear();
        let rows = order.iter().map(|&row| row as usize).filter(|row| span.rows.contains(row));
        found.extend(rows.map(|row| groups.group_of[groups.rows[0][row - span.rows.start] as usize]));
        found.sort_unstable();
        for pair in found.windows(2).filter(|pair| pair[0] == pair[1] && pair[0] != OUT) {
            sums[pair[0] as usize].orders -= 1;
        }
    }
}

/// The rows of one window, each with what it is sorted by.
fn rows_of(world: &World, query: &Query, window: Period, now: &Answer, base: Option<&Answer>) -> Vec<SortedRow> {
    let only_time = query.by.iter().all(|dimension| dimension.is_time());
    let asks_base = world.needs.base || world.needs.compare;
    let is_there = |facts: &Facts| {
        only_time
            || facts.sums.lines > 0
            || facts.attained.targets > 0
            || facts.marketed.cells > 0
            || (asks_base && facts.in_base)
    };
    let present = now.shown.iter().zip(&now.facts).filter(|(_, facts)| is_there(facts));
    present
        .map(|(&shown, facts)| {
            let mut codes = world.keyer.codes(shown).into_iter();
            let (mut keys, mut order) = (Vec::new(), Vec::new());
            for &dimension in &query.by {
                if dimension.is_time() {
                    keys.push(Key { id: Some(time_id(dimension, window.from().month())), name: None });
                    order.push(window.from().month().index() as u32);
                } else if let (Some(code), Some(labels)) = (codes.next(), world.names.labels(dimension)) {
                    let owned = |text: Option<&str>| text.map(str::to_owned);
                    keys.push(Key { id: owned(labels.id(code)), name: owned(labels.name(code)) });
                    order.push(labels.rank(code));
                }
            }
            let before = base.map(|base| (base.facts_of(shown), base.context));
            let values = query.kpis.iter().flat_map(|definition| {
                let value = facts.value(definition.kpi, &now.context);
                let earlier = match &before {
                    Some((facts, context)) => facts.value(definition.kpi, context),
                    None => Value::Null(super::Why::BaseBeforeData),
                };
                let compared = world.needs.compare.then(|| [earlier, value.growth_over(earlier)]);
                std::iter::once(value).chain(compared.into_iter().flatten())
            });
            let row = Row {
                keys,
                values: values.collect(),
                cost_coverage: facts.cost_coverage().to_f64(),
                target_coverage: facts.target_coverage().to_f64(),
                unit: facts.sums.unit.code(),
                currency: facts.sums.currency.code(),
            };
            (order, row)
        })
        .collect()
}

/// A month, quarter or year as it is written.
pub(crate) fn time_id(dimension: Dimension, month: Month) -> String {
    match dimension {
        Dimension::Year => format!("{:04}", month.year()),
        Dimension::Quarter => format!("{:04}-Q{}", month.year(), month.quarter()),
        _ => month.to_string(),
    }
}

/// The base window of a window, for people who check by hand: equal days for a running month, `None` where it
/// starts before the data.
pub fn base_window(window: Period, compare: Compare, extent: Period) -> Option<Period> {
    Some(window.base_to_date(compare, extent.to())).filter(|base| base.from() >= extent.from())
}
