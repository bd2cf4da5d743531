//! One account: its satisfaction, response and sales side by side, its own words, and its trends.

use takar_model::{Day, Money, Month, Period};
use takar_stats::{
    Estimate, Level,
    trend::{Autocorrelation, MannKendall, mann_kendall, theil_sen},
};

use super::{
    LastAnswer,
    first::{Histories, Story},
    read::Scoped,
};
use crate::{
    InsightError,
    analysis::Scope,
    metrics::{Basis, CellSource, Dimension},
    process::{Feedback, Measure, Promised, Promises, Work},
};

/// A chart shows so many months.
const SHOWN: i32 = 24;
/// Where fewer than a third of the months have something said or answered, quarters are shown.
const SPARSE: usize = 3;
/// Months of sales that a trend needs.
const LEAST_MONTHS: usize = 12;
/// Answers that a trend needs.
pub const LEAST_ANSWERS: usize = 8;

/// A month or a quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Which.
    pub period: Period,
    /// Net sales.
    pub net_sales: Money,
    /// The mean score as a part of its scale, of answers to any question; none without an answer.
    pub satisfaction: Option<f64>,
    /// Answers with a score.
    pub answers: u64,
    /// The median hours until an answer.
    pub response_hours: Option<f64>,
    /// Answers with their time.
    pub responses: u64,
    /// Complaints.
    pub complaints: u64,
}

/// Whether a figure rises or falls.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Is there a trend at all?
    pub test: MannKendall,
    /// The change from one observation to the next.
    pub slope: Estimate,
    /// The median observation.
    pub level: f64,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct OneAccount {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The id and name of the manager who has it.
    pub manager: Option<(String, Option<String>)>,
    /// What the chart shows.
    pub period: Period,
    /// The window of the measures.
    pub window: Period,
    /// Points are quarters, for little was said.
    pub by_quarter: bool,
    /// The points, in order.
    pub points: Vec<Point>,
    /// Net sales of the window.
    pub net_sales: Money,
    /// Measures of the window.
    pub measures: Vec<Measure>,
    /// Complaints of the window, and how many are open.
    pub complaints: (u64, u64),
    /// The last answer in the window.
    pub last: Option<LastAnswer>,
    /// All that it said up to the end of the window, the newest first, with the part of its scale.
    pub said: Vec<(Feedback, Option<f64>)>,
    /// The trend of its sales a month, season taken out.
    pub sales_trend: Result<Course, takar_stats::Error>,
    /// The trend of its answers, from one to the next.
    pub satisfaction_trend: Result<Course, takar_stats::Error>,
    /// What happened near steps of its sales.
    pub stories: Vec<Story>,
    /// The currency, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// Satisfaction, response and sales of one account; the measures are of `period`, the last twelve complete months unless given.
///
/// # Errors
/// As [`super::satisfaction`]; [`InsightError::UnknownAccount`] also of one of which nothing is within the reader's reach.
pub fn one_account(
    source: &dyn CellSource,
    work: &Work,
    promises: &Promises,
    (id, period): (&str, Option<Period>),
) -> Result<OneAccount, InsightError> {
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let names = source.names();
    let code = names.account.code(id).ok_or(InsightError::UnknownAccount)?;
    // The season is of all that the reader sees; the account's own months are too few for one.
    let everything = Scoped::of(source, work, &Scope::default(), None)?;
    let own = Scope { filter: Some(crate::analysis::is(Dimension::Account, id)), ..Scope::default() };
    let scoped = Scoped::of(source, work, &own, None)?;
    let sold = scoped.sold_by_month(extent)?.remove(&code).unwrap_or_default();
    let mut said: Vec<&Feedback> = scoped.said().map(|voice| voice.said).collect();
    if sold.is_empty() && said.is_empty() {
        return Err(InsightError::UnknownAccount);
    }
    let window = period.unwrap_or_else(|| crate::analysis::year_window(source, extent));
    let histories = Histories::of(&everything)?;
    let (first, last) = shown(window, (histories.months.first, histories.months.last));
    let shown = Period::months(first, last).ok_or(InsightError::NoData)?;
    let answered: Vec<(Day, f64, u64)> =
        scoped.answered().map(|(_, response)| (response.date, response.hours, response.count)).collect();

    let month_of = |day: Day| day.month().index();
    let busy = (first.index()..=last.index())
        .filter(|month| {
            said.iter().any(|said| month_of(said.date) == *month)
                || answered.iter().any(|(day, ..)| month_of(*day) == *month)
        })
        .count();
    let count = usize::try_from(last.index() - first.index() + 1).unwrap_or(0);
    let by_quarter = busy * SPARSE < count;
    let point = |period: Period| {
        let scores: Vec<f64> =
            said.iter().filter(|said| period.contains(said.date)).filter_map(|said| work.part_of_scale(said)).collect();
        let hours: Vec<f64> = answered
            .iter()
            .filter(|(day, ..)| period.contains(*day))
            .flat_map(|(_, hours, count)| std::iter::repeat_n(*hours, usize::try_from(*count).unwrap_or(0)))
            .collect();
        let months = period.from().month().index()..=period.to().month().index();
        Point {
            period,
            net_sales: months.filter_map(|month| sold.get(&month)).copied().sum(),
            satisfaction: (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64),
            answers: scores.len() as u64,
            response_hours: takar_stats::middle::median(&hours, Level::P95).ok().map(|found| found.value),
            responses: hours.len() as u64,
            complaints: said.iter().filter(|said| said.kind == "complaint" && period.contains(said.date)).count()
                as u64,
        }
    };
    let points = periods(first, last, by_quarter).into_iter().map(point).collect();

    let history = histories.accounts.iter().find(|history| history.account == code);
    let months: Vec<f64> = history.map(|history| history.sales.iter().flatten().copied().collect()).unwrap_or_default();
    let mut answers: Vec<&Feedback> = said
        .iter()
        .copied()
        .filter(|said| histories.asked.as_deref() == Some(said.kind.as_str()) && said.date <= window.to())
        .collect();
    answers.sort_by(|one, other| {
        one.date.cmp(&other.date).then(one.score.unwrap_or(0.0).total_cmp(&other.score.unwrap_or(0.0)))
    });
    let answers: Vec<f64> = answers.into_iter().filter_map(|said| work.part_of_scale(said)).collect();

    said.retain(|said| said.date <= window.to());
    said.sort_by(|one, other| {
        other.date.cmp(&one.date).then_with(|| one.kind.cmp(&other.kind)).then_with(|| one.note.cmp(&other.note))
    });
    let now: Vec<&Feedback> = said.iter().copied().filter(|said| window.contains(said.date)).collect();
    let hours: Vec<(f64, u64)> =
        answered.iter().filter(|(day, ..)| window.contains(*day)).map(|(_, hours, count)| (*hours, *count)).collect();
    let complaints = || now.iter().filter(|said| said.kind == "complaint");
    let holder = names.manager_of(code);
    let manager = names.manager.id(holder).map(|id| (id.to_owned(), names.manager.name(holder).map(str::to_owned)));
    let promised = Promised::of(source, promises);
    Ok(OneAccount {
        id: id.to_owned(),
        name: names.account.name(code).map(str::to_owned),
        period: shown,
        window,
        by_quarter,
        points,
        net_sales: scoped.sold(Dimension::Account, window)?.values().flat_map(|sold| sold.values()).copied().sum(),
        measures: work.voices(&now, &hours, promised.hours(None, window)),
        complaints: (complaints().count() as u64, complaints().filter(|said| !said.is_resolved).count() as u64),
        last: super::last_answer(work, &now),
        said: said.into_iter().map(|said| (said.clone(), work.part_of_scale(said))).collect(),
        sales_trend: course(&months, LEAST_MONTHS, "months"),
        satisfaction_trend: course(&answers, LEAST_ANSWERS, "answers"),
        stories: history.map(|history| history.stories(source, histories.months).told).unwrap_or_default(),
        // Who has an account is told to those who see that manager.
        manager: manager.filter(|(id, _)| source.reach().is_none_or(|reach| reach.holds(id))),
        currency: crate::analysis::currency_of(source),
        basis: source.basis(),
    })
}

/// The months of the chart: up to two years to the end of the window, as far as complete months go.
fn shown(window: Period, (first, last): (Month, Month)) -> (Month, Month) {
    let last = last.min(window.to().month()).max(first);
    (first.max(last.plus(1 - SHOWN)), last)
}

/// The months, or the quarters that they are in. The first is a whole one, the last may go on.
fn periods(first: Month, last: Month, by_quarter: bool) -> Vec<Period> {
    let step = if by_quarter { 3 } else { 1 };
    let to = last.index().div_euclid(step);
    let from = (first.index() + step - 1).div_euclid(step).min(to);
    (from..=to)
        .filter_map(|place| {
            let start = Month::from_index(place * step);
            Period::months(start.max(first), start.plus(step - 1).min(last))
        })
        .collect()
}

fn course(values: &[f64], needed: usize, what: &'static str) -> Result<Course, takar_stats::Error> {
    if values.len() < needed {
        return Err(takar_stats::Error::NotEnough { method: "a trend", what, needed, got: values.len() });
    }
    let level = takar_stats::middle::median(values, Level::P95)?.value;
    Ok(Course { test: mann_kendall(values, Autocorrelation::HamedRao)?, slope: theil_sen(values, Level::P95)?, level })
}
