//! Alerts: a KPI of somebody or something held, month by month, against what could be expected, with few false alarms.
//!
//! A [`Rule`] says what is watched; [`watched`] works out every month of every member; [`Watched::now`] and [`Watched::past`] tell
//! what the rule raises now and would have raised; [`words`] says it in both languages. The promise about false alarms is that of
//! [`takar_stats::alarm`].

mod rule;
#[cfg(test)]
mod tests;
pub mod words;

use serde::Serialize;
use takar_model::{Lang, Month, Period};
use takar_stats::alarm::{LEAST_HISTORY, Panel, Settings, begun, watch};
pub use takar_stats::alarm::{Point, Reference, Side};

pub use self::rule::{Rule, Scope};
use crate::{
    InsightError,
    analysis::{Months, Series, currency_of, exposures, is, series_of_kpi},
    kpis::{AnalysedKpi, Asked, FactSource, TargetFigure, Targeted, answer},
    metrics::{CellSource, Filter, Nature, Query, Unit, within},
};

/// Members that one rule may watch.
const MOST: usize = 20_000;
/// A target counts where it covers nearly all of the sales that are held against it.
const COVERED: f64 = 0.98;

/// What a rule came to.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The rule.
    pub rule: Rule,
    /// The KPI's name in Indonesian and English.
    pub kpi: (String, String),
    /// What it is measured in.
    pub unit: Unit,
    /// The one currency of the data, where it is one.
    pub currency: Option<String>,
    /// The last month, complete in the data.
    pub last: Month,
    /// The members, those with the largest figures first.
    pub members: Vec<Member>,
    /// Months with limits so far, and how many the promise needs.
    pub months: f64,
    /// See `months`.
    pub needed: f64,
}

/// A member and its months.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its id; none for the company.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it came to, by month from the first of the data on.
    pub values: Vec<Option<f64>>,
    /// What was expected; the last is that of the last month.
    pub points: Vec<Option<Point>>,
}

/// One month in which a rule says something, or said it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// The member's id; none for the company.
    pub member: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The month in which the situation began.
    #[serde(serialize_with = "as_period")]
    pub since: Month,
    /// The month that is told.
    #[serde(serialize_with = "as_period")]
    pub month: Month,
    /// The figure.
    pub value: f64,
    /// What was expected.
    pub expected: f64,
    /// Below it is told.
    pub low: Option<f64>,
    /// Above it is told.
    pub high: Option<f64>,
    /// How far off, in the member's own spreads.
    pub score: f64,
}

fn as_period<S: serde::Serializer>(month: &Month, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Period::month(*month))
}

/// How a member stands now.
#[derive(Debug, Clone, PartialEq)]
pub enum Stands {
    /// Beyond the limit.
    Beyond(Finding),
    /// Neither beyond the limit nor well within; or there is no figure or target, which says nothing of what is usual.
    Between,
    /// Well within what is usual.
    Back,
}

/// A rule about nobody would be quiet for ever. Before there are data nobody is known.
fn refuse_unknown_member(source: &dyn CellSource, rule: &Rule) -> Result<(), InsightError> {
    let Some((dimension, id)) = rule.by.dimension().zip(rule.member.as_deref()) else { return Ok(()) };
    let labels = source.names().labels(dimension);
    if source.extent().is_none() || labels.is_none_or(|labels| labels.code(id).is_some()) {
        return Ok(());
    }
    let name = dimension.name();
    let id = id.chars().take(60).collect::<String>();
    Err(InsightError::OwnKpi {
        id: format!("tidak ada {} dengan kode \"{id}\": periksa penulisannya", name.id.to_lowercase()),
        en: format!("there is no {} with the id \"{id}\": check how it is written", name.en.to_lowercase()),
    })
}

/// Watches what a rule says, of what the reader of `source` sees.
///
/// # Errors
/// As a query of the KPI; where the member is not known; where there are fewer than 13 complete months; where too many members would be watched.
pub fn watched(
    (source, facts): (&dyn CellSource, &dyn FactSource),
    rule: &Rule,
    kpi: &AnalysedKpi,
) -> Result<Watched, InsightError> {
    rule.check()?;
    refuse_unknown_member(source, rule)?;
    let months = Months::of(source, None)?;
    let by = rule.by.dimension();
    let filter = condition(source, rule)?;
    let mut series = series_of_kpi((source, facts), months, kpi, by, filter.as_ref())?;
    // What belongs to nobody in particular is nobody's alert.
    series.retain(|one| by.is_none() || one.id.is_some());
    if series.len() > MOST {
        return Err(InsightError::OwnKpi {
            id: format!(
                "aturan ini memantau {} sekaligus, paling banyak {MOST}: persempit dengan saringan",
                series.len()
            ),
            en: format!("this rule would watch {} at once, {MOST} at most: narrow it by a filter", series.len()),
        });
    }
    let members: Vec<Vec<Option<f64>>> =
        series.iter_mut().map(|one| std::mem::take(&mut one.figures).swap_remove(0)).collect();
    let targets = if rule.against == Reference::Target {
        targets_of((source, facts), months, (rule, kpi), filter.as_ref(), &series)?
    } else {
        Vec::new()
    };
    let is_rate = kpi.unit() == Unit::Rate || kpi.nature() == Nature::Ratio && kpi.unit() != Unit::Money;
    let whole = if kpi.nature() == Nature::Additive { sums(&members, months.count()) } else { Vec::new() };
    let calendar = exposures(months.first, months.count());
    let panel = Panel { members: &members, targets: &targets, whole: &whole, calendar: &calendar };
    let settings = Settings {
        reference: rule.against,
        side: rule.side,
        a_year: rule.a_year,
        confirm: rule.confirm,
        at_least: rule.at_least,
        is_rate,
    };
    let found = if members.is_empty() {
        takar_stats::alarm::Watch { members: Vec::new(), limits: Vec::new(), months: 0.0, needed: 12.0 / rule.a_year }
    } else {
        watch(&panel, &settings)?
    };
    let members = series.into_iter().zip(members).zip(found.members);
    Ok(Watched {
        rule: rule.clone(),
        kpi: (kpi.name(Lang::Id).to_owned(), kpi.name(Lang::En).to_owned()),
        unit: kpi.unit(),
        currency: currency_of(source),
        last: months.last,
        members: members.map(|((one, values), points)| Member { id: one.id, name: one.name, values, points }).collect(),
        months: found.months,
        needed: found.needed,
    })
}

impl Watched {
    /// How each member stands in the last month.
    pub fn now(&self) -> Vec<(&Member, Stands)> {
        self.members
            .iter()
            .map(|member| {
                let last = member.points.last().copied().flatten();
                let stands = match last {
                    Some(point) if point.is_beyond => Stands::Beyond(self.finding(member, member.points.len() - 1)),
                    Some(point) if point.is_back => Stands::Back,
                    _ => Stands::Between,
                };
                (member, stands)
            })
            .collect()
    }

    /// What the rule would have raised in the last so many months, oldest first; each situation once, in the month it began.
    pub fn past(&self, months: usize) -> Vec<Finding> {
        let mut found: Vec<Finding> = Vec::new();
        for member in &self.members {
            let first = member.points.len().saturating_sub(months);
            let places = begun(&member.points).into_iter().filter(|place| *place >= first);
            found.extend(places.map(|place| self.finding(member, place)));
        }
        found.sort_by(|one, other| one.month.cmp(&other.month).then_with(|| one.member.cmp(&other.member)));
        found
    }

    /// The promise does not hold yet: so many months with figures are missing.
    pub fn months_missing(&self) -> Option<u32> {
        let missing = self.needed - self.months;
        (missing > 1e-6).then_some(missing.ceil().clamp(1.0, 1_200.0) as u32)
    }

    /// The month at a place of a member's points.
    pub fn month_at(&self, member: &Member, place: usize) -> Month {
        let count = i32::try_from(member.points.len()).unwrap_or(i32::MAX);
        self.last.plus(i32::try_from(place).unwrap_or(i32::MAX) + 1 - count)
    }

    fn finding(&self, member: &Member, place: usize) -> Finding {
        let since = begun(&member.points[..=place]).last().copied().unwrap_or(place);
        let of = |point: Point| Finding {
            member: member.id.clone(),
            name: member.name.clone(),
            since: self.month_at(member, since),
            month: self.month_at(member, place),
            value: point.value,
            expected: point.expected,
            low: point.low.filter(|_| self.rule.side != Side::High),
            high: point.high.filter(|_| self.rule.side != Side::Low),
            score: point.score,
        };
        of(member.points[place].unwrap_or(Point {
            value: 0.0,
            expected: 0.0,
            low: None,
            high: None,
            score: 0.0,
            is_beyond: false,
            is_back: false,
        }))
    }
}

/// The lines that a rule looks at, as far as the reader sees them.
fn condition(source: &dyn CellSource, rule: &Rule) -> Result<Option<Filter>, InsightError> {
    let asked = rule.filter.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let asked: Option<Filter> = asked.map(str::parse).transpose()?;
    if asked.iter().flat_map(Filter::dimensions).any(crate::metrics::Dimension::is_time) {
        return Err(InsightError::TimeCondition);
    }
    let member = rule.by.dimension().zip(rule.member.as_deref()).map(|(dimension, id)| is(dimension, id));
    let both = match (member, asked) {
        (Some(member), Some(asked)) => Some(Filter::And(vec![member, asked])),
        (member, asked) => member.or(asked),
    };
    Ok(within(source, both))
}

fn sums(members: &[Vec<Option<f64>>], months: usize) -> Vec<f64> {
    (0..months).map(|month| members.iter().filter_map(|values| values[month]).sum()).collect()
}

/// What was set for each member and month.
fn targets_of(
    (source, facts): (&dyn CellSource, &dyn FactSource),
    months: Months,
    (rule, kpi): (&Rule, &AnalysedKpi),
    filter: Option<&Filter>,
    series: &[Series],
) -> Result<Vec<Vec<Option<f64>>>, InsightError> {
    let targeted = match kpi {
        AnalysedKpi::BuiltIn(kpi) => Targeted::BuiltIn(kpi),
        AnalysedKpi::Own(kpi) => Targeted::Own(kpi),
    };
    let by = rule.by.dimension();
    let query = Query {
        by: by.into_iter().chain([crate::metrics::Dimension::Month]).collect(),
        period: Period::months(months.first, months.last),
        filter: filter.cloned(),
        ..Query::default()
    };
    let asked = [Asked::OfTarget(targeted, TargetFigure::Target), Asked::OfTarget(targeted, TargetFigure::Coverage)];
    let table = answer(source, facts, &query, &asked)?;
    let mut found = vec![vec![None; months.count()]; series.len()];
    let places: std::collections::HashMap<Option<&str>, usize> =
        series.iter().enumerate().map(|(place, one)| (one.id.as_deref(), place)).collect();
    for row in &table.rows {
        let id = by.and_then(|_| row.keys.first()?.id.as_deref());
        let month: Option<Period> = row.keys.last().and_then(|key| key.id.as_deref()?.parse().ok());
        let (Some(place), Some(month)) = (places.get(&id), month) else { continue };
        let at = usize::try_from(month.from().month().index() - months.first.index()).unwrap_or(usize::MAX);
        let is_covered = row.values.get(1).and_then(|value| value.to_f64()).is_some_and(|share| share >= COVERED);
        if let Some(cell) = found[*place].get_mut(at).filter(|_| is_covered) {
            *cell = row.values[0].to_f64().filter(|target| *target > 0.0);
        }
    }
    Ok(found)
}

/// Months of history before a rule says anything, for who explains it.
pub const HISTORY: usize = LEAST_HISTORY;
