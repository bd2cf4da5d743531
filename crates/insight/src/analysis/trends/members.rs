//! The trend of every manager, region, product, …: judged together, so that chance is not called a finding.

use rayon::prelude::*;
use takar_stats::multiple::{ErrorRate, benjamini_hochberg};

use super::{
    LevelBreak, MemberTrend,
    adjusted::Adjusted,
    answer::{flat_segments, judge, segments, steps},
    same_accounts::SameAccounts,
};
use crate::{
    InsightError,
    analysis::series::{Months, Series, series_of_kpi},
    kpis::{AnalysedKpi, FactSource},
    metrics::{CellSource, Dimension, Filter, Unit},
};

pub(super) fn members(
    (source, facts): (&dyn CellSource, &dyn FactSource),
    months: Months,
    kpi: &AnalysedKpi,
    by: Dimension,
    filter: Option<&Filter>,
) -> Result<Vec<MemberTrend>, InsightError> {
    if by.is_time() {
        return Err(InsightError::TimeCondition);
    }
    let all = series_of_kpi((source, facts), months, kpi, Some(by), filter)?;
    let common = if kpi.unit() == Unit::Rate { Common::None } else { Common::of(&all, months.count()) };
    let same = match kpi.built_in() {
        Some(kpi) => SameAccounts::of(source, months, kpi, by, filter)?,
        None => None,
    };
    let member = |series: &Series| member(series, months, &common, same.as_ref(), all.len());
    let mut found: Vec<MemberTrend> = all.par_iter().map(member).collect();
    let tested: Vec<(usize, f64)> = found
        .iter()
        .enumerate()
        .filter_map(|(place, member)| Some((place, member.trend.as_ref().ok()?.test.p)))
        .collect();
    let p_values: Vec<f64> = tested.iter().map(|(_, p)| *p).collect();
    let judged = benjamini_hochberg(&p_values, ErrorRate::P05)?;
    for ((place, _), (adjusted, rejected)) in tested.iter().zip(judged.adjusted.iter().zip(&judged.rejected)) {
        found[*place].adjusted = Some(*adjusted);
        found[*place].stands_out = *rejected;
    }
    Ok(found)
}

fn member(series: &Series, months: Months, common: &Common, same: Option<&SameAccounts>, of: usize) -> MemberTrend {
    let figures = &series.figures[0];
    // A member begins with its first month: zeros before say that it was not there.
    let begins = figures.iter().position(|figure| figure.is_some_and(|value| value != 0.0)).unwrap_or_default();
    let own = Months { first: months.at(begins), last: months.last };
    let values: Option<Vec<f64>> = figures[begins..].iter().copied().collect();
    let missing = takar_stats::Error::NotEnough {
        method: "a trend",
        what: "months",
        needed: figures.len() - begins,
        got: figures[begins..].iter().flatten().count(),
    };
    let (trend, breaks) = match &values {
        None => (Err(missing), Vec::new()),
        Some(values) => {
            let adjusted = Adjusted::of(values, own);
            let left = common.left(values, begins);
            let breaks = match same.and_then(|same| same.left(series.id.as_deref(), begins)) {
                Some(among) => breaks_of_both(&adjusted.values, &among, left.as_deref(), own, of),
                None => own_breaks(&adjusted.values, left.as_deref(), LEAST, own, of),
            };
            (judge(&adjusted.values), breaks)
        }
    };
    let level = trend
        .as_ref()
        .map_or_else(|_| figures.iter().flatten().sum::<f64>() / figures.len().max(1) as f64, |trend| trend.level);
    let (id, name) = (series.id.clone(), series.name.clone());
    MemberTrend { id, name, level, trend, adjusted: None, stands_out: false, breaks }
}

/// Members that sell every month, from which on their median tells what moves all of them.
pub(super) const MANY: usize = 5;

/// What moves all members alike: season, feasts, the market. As the logarithm of a factor for each month.
enum Common {
    /// Of many: the median over members of how far the month is from the member's own mean.
    Median(Vec<f64>),
    /// Of few: what the others sell together; so a step of one is a small one of the others too.
    Others(Vec<f64>),
    /// Not known.
    None,
}

impl Common {
    fn of(all: &[Series], months: usize) -> Self {
        let own = |series: &Series| -> Option<Vec<f64>> {
            let log = |figure: &Option<f64>| figure.filter(|value| *value > 0.0).map(f64::ln);
            let logs: Vec<f64> = series.figures[0].iter().map(log).collect::<Option<_>>()?;
            let mean = logs.iter().sum::<f64>() / logs.len().max(1) as f64;
            Some(logs.into_iter().map(|log| log - mean).collect())
        };
        let members: Vec<Vec<f64>> = all.iter().filter_map(own).collect();
        let sum = |month: usize| all.iter().filter_map(|series| series.figures[0][month]).sum();
        match (members.len(), all.len()) {
            (MANY.., _) => Self::Median(medians(&members, months)),
            (_, 2..) => Self::Others((0..months).map(sum).collect()),
            _ => Self::None,
        }
    }

    /// What is left of a member's logarithm; none where it is not known every month. `begins` is the member's first month.
    fn left(&self, values: &[f64], begins: usize) -> Option<Vec<f64>> {
        let log = |value: f64| (value > 0.0).then(|| value.ln());
        let of = |(place, value): (usize, &f64)| match self {
            Self::Median(common) => Some(log(*value)? - common[begins + place]),
            Self::Others(total) => Some(log(*value)? - log(total[begins + place] - value)?),
            Self::None => None,
        };
        values.iter().enumerate().map(of).collect()
    }
}

/// By month, the median of some members.
pub(super) fn medians(members: &[Vec<f64>], months: usize) -> Vec<f64> {
    let median = |month: usize| {
        let mut here: Vec<f64> = members.iter().map(|values| values[month]).collect();
        here.sort_by(f64::total_cmp);
        f64::midpoint(here[(here.len() - 1) / 2], here[here.len() / 2])
    };
    (0..months).map(median).collect()
}

/// The least step of a logarithm that is told where accounts that come and go are in it, so that small steps are everywhere.
const LEAST: f64 = 0.1;
/// The least step among the same accounts.
const LEAST_AMONG_SAME: f64 = 0.09;
/// The least step that is told as one of the whole level where the same accounts are known: a quarter, which single accounts
/// that come or go do not make.
const LEAST_OF_WHOLE: f64 = 0.25;

/// Steps of a member's level. What moves all members alike is no step of one: where that is known, steps are sought in what
/// is left of the member's logarithm.
fn own_breaks(adjusted: &[f64], left: Option<&[f64]>, least: f64, months: Months, of: usize) -> Vec<LevelBreak> {
    let found = |values: &[f64]| segments(values, of).map(|found| steps(&found, months)).unwrap_or_default();
    match left {
        None => found(adjusted),
        Some(left) => told(found(left), adjusted, least, months),
    }
}

/// Steps among the same accounts, and those of the whole level that are large and elsewhere: a book handed over, say.
fn breaks_of_both(adjusted: &[f64], among: &[f64], left: Option<&[f64]>, months: Months, of: usize) -> Vec<LevelBreak> {
    let found = flat_segments(among, of).map(|found| steps(&found, months)).unwrap_or_default();
    let mut all = told(found, adjusted, LEAST_AMONG_SAME, months);
    all.iter_mut().for_each(|step| step.same_accounts = true);
    let of_whole = own_breaks(adjusted, left, LEAST_OF_WHOLE, months, of);
    let is_elsewhere =
        |step: &LevelBreak| all.iter().all(|same| (same.month.index() - step.month.index()).abs() > NEAR);
    let elsewhere: Vec<LevelBreak> = of_whole.into_iter().filter(is_elsewhere).collect();
    all.extend(elsewhere);
    all.sort_by_key(|step| step.month);
    all
}

/// Months within which two steps are one.
const NEAR: i32 = 2;

/// Steps of a logarithm that are worth telling, in the figure itself: the year before, and what the step makes of it.
fn told(found: Vec<LevelBreak>, adjusted: &[f64], least: f64, months: Months) -> Vec<LevelBreak> {
    let in_figures = |step: LevelBreak| {
        let at = usize::try_from(step.month.index() - months.first.index()).unwrap_or_default().min(adjusted.len());
        let year_before = &adjusted[at.saturating_sub(12)..at];
        let before = year_before.iter().sum::<f64>() / year_before.len().max(1) as f64;
        LevelBreak { before, after: before * (step.after - step.before).exp(), ..step }
    };
    found.into_iter().filter(|step| (step.after - step.before).abs() >= least).map(in_figures).collect()
}
