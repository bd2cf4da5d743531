//! Scorecards: a KPI beside its past, its target and its peers.

use rustc_hash::FxHashMap;
use serde::Serialize;
use takar_model::{Compare, Lang, Period};

use super::scorecard::LEAST_PEERS;
use crate::{
    InsightError,
    format::signed,
    metrics::{
        Adds, Against, CellSource, Dimension, Direction, Key, Kpi, KpiDefinition, MetricsTable, OfTarget, Query, Row,
        Value, Why, against, base_window, run, within,
    },
};

/// The KPIs of a scorecard, in reading order.
pub(crate) const SCORECARD: [Kpi; 18] = [
    Kpi::NetSales,
    Kpi::Units,
    Kpi::Orders,
    Kpi::OrderValue,
    Kpi::GrossMargin,
    Kpi::MarginRate,
    Kpi::DiscountRate,
    Kpi::ReturnRate,
    Kpi::ActiveAccounts,
    Kpi::NewAccounts,
    Kpi::RetainedAccounts,
    Kpi::ReactivatedAccounts,
    Kpi::LostAccounts,
    Kpi::LogoRetention,
    Kpi::GrossRetention,
    Kpi::NetRetention,
    Kpi::RepeatRate,
    Kpi::Share,
];

/// One KPI of one manager, supervisor, branch or of the company.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Which KPI.
    pub kpi: &'static KpiDefinition,
    /// In the window.
    pub value: Value,
    /// In the window before.
    pub prior: Value,
    /// In the same window a year earlier.
    pub year: Value,
    /// The target of this KPI.
    pub target: Value,
    /// Its attainment.
    pub attainment: Value,
    /// Which part of net sales the figure speaks for (margins: lines with a cost; others: cells with a target).
    pub coverage: Option<f64>,
    /// Place among the managers.
    pub place: Option<Place>,
}

/// A manager's place among all managers in one KPI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// 1 is best; equals share a place.
    pub rank: usize,
    /// Managers that have the figure.
    pub of: usize,
    /// The median of these managers.
    pub peer_median: f64,
}

impl Place {
    /// Managers enough that their median tells nobody's figure.
    fn is_among_enough(&self) -> bool {
        self.of >= LEAST_PEERS
    }
}

/// The figures of one key.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorecard {
    /// Whose; `None` for the company.
    pub key: Option<Key>,
    /// One per KPI, in reading order.
    pub figures: Vec<Figure>,
}

impl Scorecard {
    /// The figure of a KPI that scorecards have.
    pub fn figure(&self, kpi: Kpi) -> &Figure {
        let place = SCORECARD.iter().position(|&other| other == kpi).unwrap_or_default();
        &self.figures[place]
    }

    /// Net sales: the figure with target and attainment.
    pub fn net_sales(&self) -> &Figure {
        &self.figures[0]
    }
}

impl Scorecard {
    /// For who may not see everybody: without places among so few that the median would tell a colleague's figure.
    pub(super) fn without_few_peers(mut self) -> Self {
        for figure in &mut self.figures {
            figure.place = figure.place.filter(Place::is_among_enough);
        }
        self
    }
}

impl Figure {
    /// Growth on the window before.
    pub fn growth_prior(&self) -> Value {
        self.value.growth_over(self.prior)
    }

    /// Growth on a year ago.
    pub fn growth_year(&self) -> Value {
        self.value.growth_over(self.year)
    }

    /// How it differs from an earlier figure, for people: a rate in percentage points, anything else in per cent.
    pub fn change(&self, earlier: Value, lang: Lang) -> String {
        match (self.value, earlier) {
            (Value::Rate(now), Value::Rate(before)) => {
                let points = signed(Value::Rate(now - before), lang);
                format!("{} {}", points.trim_end_matches('%'), if lang == Lang::Id { "poin" } else { "pts" })
            }
            (now, before) => signed(now.growth_over(before), lang),
        }
    }

    /// As JSON for a reader of `lang`.
    pub(crate) fn json(&self, lang: Lang) -> FigureJson {
        FigureJson {
            kpi: self.kpi.id,
            value: self.value,
            reason: self.value.why().map(|why| why.text().get(lang)),
            prior: self.prior,
            year: self.year,
            growth_prior: self.growth_prior(),
            growth_year: self.growth_year(),
            target: self.target,
            attainment: self.attainment,
            coverage: self.coverage,
            rank: self.place.map(|place| place.rank),
            of: self.place.map(|place| place.of),
            peer_median: self.place.map(|place| place.peer_median),
        }
    }
}

/// The `Figure` of the HTTP interface.
#[derive(Debug, Serialize)]
pub(crate) struct FigureJson {
    kpi: &'static str,
    value: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    prior: Value,
    year: Value,
    growth_prior: Value,
    growth_year: Value,
    target: Value,
    attainment: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<f64>,
    rank: Option<usize>,
    of: Option<usize>,
    peer_median: Option<f64>,
}

/// The scorecards by a dimension, or the one of the company.
pub(crate) fn scorecards(
    source: &dyn CellSource,
    by: Option<Dimension>,
    period: Period,
) -> Result<Vec<Scorecard>, InsightError> {
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let mut kpis: Vec<&'static KpiDefinition> = SCORECARD.into_iter().map(Kpi::definition).collect();
    let query = |period, compare, kpis: &[&'static KpiDefinition]| Query {
        by: by.into_iter().collect(),
        period: Some(period),
        kpis: kpis.to_vec(),
        compare,
        filter: None,
    };
    let year = match base_window(period, Compare::Year, extent) {
        Some(year) => Some(run(source, &query(year, None, &kpis))?),
        None => None,
    };
    kpis.extend([Kpi::Target.definition(), Kpi::Attainment.definition()]);
    let now = run(source, &query(period, Some(Compare::Prior), &kpis))?;
    let aims = aims(source, &query(period, None, &[]), period)?;
    Ok(now.rows.iter().map(|row| scorecard(&now, row, year.as_ref(), &aims)).collect())
}

/// How rows stand to the targets of a KPI, by their key.
type Aims = Vec<(Kpi, FxHashMap<Vec<Option<String>>, Against>)>;

/// The targets of the KPIs that have any, beside those of net sales.
fn aims(source: &dyn CellSource, query: &Query, period: Period) -> Result<Aims, InsightError> {
    let query = Query { filter: within(source, None), ..query.clone() };
    let mut aims = Vec::new();
    for kpi in SCORECARD.into_iter().filter(|kpi| *kpi != Kpi::NetSales) {
        let definition = kpi.definition();
        if !source.targets().iter().any(|target| target.kpi == definition.id) {
            continue;
        }
        let net_sales = Kpi::NetSales.definition();
        let measure = |query: &Query| run(source, &Query { kpis: vec![definition, net_sales], ..query.clone() });
        let adds = Adds::of(definition.nature);
        let of = OfTarget { kpi: definition.id, unit: definition.unit, adds, measure: &measure };
        aims.extend(against(source, &query, &[period], &of)?.into_iter().map(|rows| (kpi, rows)));
    }
    Ok(aims)
}

fn scorecard(now: &MetricsTable, row: &Row, year: Option<&MetricsTable>, aims: &Aims) -> Scorecard {
    let missing = Value::Null(Why::BaseBeforeData);
    let earlier = year.and_then(|year| year.rows.iter().find(|other| other.keys == row.keys));
    let value = |id: &str| now.value(row, id).unwrap_or(missing);
    let year_ago = |kpi: &KpiDefinition| match (year, earlier) {
        (Some(year), Some(row)) => year.value(row, kpi.id).unwrap_or(missing),
        // Known to have sold nothing then.
        (Some(_), None) => nothing(kpi),
        (None, _) => missing,
    };
    let key: Vec<Option<String>> = row.keys.iter().map(|key| key.id.clone()).collect();
    let figures = SCORECARD.into_iter().map(|kpi| {
        let definition = kpi.definition();
        let is_net_sales = kpi == Kpi::NetSales;
        let aim = aims.iter().find(|(known, _)| *known == kpi).and_then(|(_, rows)| rows.get(&key));
        let aim = aim.copied().unwrap_or(Against::NONE);
        let of_target = |id, other| if is_net_sales { value(id) } else { other };
        let coverage = match kpi {
            Kpi::NetSales => row.target_coverage.filter(|_| value("target").why().is_none()),
            Kpi::GrossMargin | Kpi::MarginRate => row.cost_coverage,
            _ => aim.coverage.to_f64().filter(|_| aim.target.why().is_none()),
        };
        Figure {
            kpi: definition,
            value: value(definition.id),
            prior: value(&format!("{}_base", definition.id)),
            year: year_ago(definition),
            target: of_target("target", aim.target),
            attainment: of_target("attainment", aim.attainment),
            coverage,
            place: None,
        }
    });
    Scorecard { key: row.keys.first().cloned(), figures: figures.collect() }
}

/// The figure of someone without lines.
fn nothing(kpi: &KpiDefinition) -> Value {
    use crate::metrics::{Nature, Unit};
    match (kpi.nature, kpi.unit) {
        (Nature::Ratio, _) => Value::Null(Why::NothingToDivideBy),
        (_, Unit::Money) => Value::Money(takar_model::Money::ZERO),
        (_, Unit::Quantity) => Value::Quantity(takar_model::Quantity::ZERO),
        _ => Value::Count(0),
    }
}

/// Gives each manager the place in each KPI among the managers that have it. Nobody's row has no place.
pub(crate) fn rank(cards: &mut [Scorecard]) {
    let is_somebody = |card: &Scorecard| card.key.as_ref().is_some_and(|key| key.id.is_some());
    for (place, kpi) in SCORECARD.into_iter().enumerate() {
        let direction = kpi.definition().direction;
        let mut values: Vec<f64> = cards
            .iter()
            .filter(|card| is_somebody(card))
            .filter_map(|card| card.figures[place].value.to_f64())
            .collect();
        values.sort_by(f64::total_cmp);
        let Some(peer_median) = median(&values) else { continue };
        for card in cards.iter_mut().filter(|card| is_somebody(card)) {
            let Some(own) = card.figures[place].value.to_f64() else { continue };
            let better = |other: &&f64| match direction {
                Direction::LowerIsBetter => **other < own,
                _ => **other > own,
            };
            let rank = values.iter().filter(better).count() + 1;
            card.figures[place].place = Some(Place { rank, of: values.len(), peer_median });
        }
    }
}

/// The middle of sorted numbers.
fn median(sorted: &[f64]) -> Option<f64> {
    let high = *sorted.get(sorted.len() / 2)?;
    let low = *sorted.get((sorted.len() - 1) / 2)?;
    Some((low + high) / 2.0)
}
