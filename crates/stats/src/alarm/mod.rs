//! When a figure is so far from what was expected that somebody should be told, with few false alarms.
//!
//! Many series (members of a panel: account managers, accounts, regions) are watched together, month by month. What each month lets
//! expect is worked out from the months before it alone ([`Reference`]): season and feasts taken out where three years, and then the
//! months that the promise needs, went before; the level from the last year, the spread robustly from the series' own errors. How far a month is off, in spreads,
//! is its score.
//!
//! **The promise.** The limit of a month is the score that the whole panel passed at most so often in all months so far that it comes
//! to the set number a year (`limits`). Where months are exchangeable, as they are on quiet data, no month is likelier than another
//! to hold the highest scores, so the expected number of alarms is at most the set one, however many series there are,
//! however they are distributed (skewed, with many zeros) and however they depend on each other. Scores of several months in a row are
//! one alarm. Source of the argument: Vovk, Gammerman & Shafer (2005), *Algorithmic Learning in a Random World*, ch. 2.

mod expected;
mod limit;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use self::expected::{Season, scored};
use crate::{Error, Result, error::at_least, trend::Exposure};

/// What a month is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The median of the last twelve months, season and feasts taken out.
    History,
    /// The forecast of one month ahead (Theta), season and feasts taken out: a series that rises is expected to go on.
    Forecast,
    /// How the others moved against their own history in the same month.
    Peers,
    /// A figure that was set for the month.
    Target,
}

/// Which side is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Below what was expected.
    Low,
    /// Above it.
    High,
    /// Either.
    Both,
}

/// How a panel is watched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// What months are held against.
    pub reference: Reference,
    /// Which side is told.
    pub side: Side,
    /// False alarms allowed a year over the whole panel, above 0.
    pub a_year: f64,
    /// So many months in a row have to be off, 1 to 6.
    pub confirm: usize,
    /// The least distance from what was expected, as a share of it: 0.1 = nothing nearer than 10 % is told. 0 or more.
    pub at_least: f64,
    /// The figures are ratios: they are compared by difference, never by factor.
    pub is_rate: bool,
}

/// Series that are watched together, all of the same months, oldest first. None where a month has no figure.
#[derive(Debug, Clone, Copy)]
pub struct Panel<'a> {
    /// The figures by member, then by month.
    pub members: &'a [Vec<Option<f64>>],
    /// What was set, by member and month; empty unless the reference is the target.
    pub targets: &'a [Vec<Option<f64>>],
    /// The whole whose season and feasts the members share, by month: their sum. Empty where there is none.
    pub whole: &'a [f64],
    /// What the calendar may do to each month; empty where nothing is known.
    pub calendar: &'a [Exposure],
}

/// A month of a member.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// The figure.
    pub value: f64,
    /// What was expected, in the unit of the figure.
    pub expected: f64,
    /// Below it is told, where that side is watched; none where there is no limit yet.
    pub low: Option<f64>,
    /// Above it is told, where that side is watched.
    pub high: Option<f64>,
    /// How far it is off towards the side that is watched, in the series' own spreads; the least of the months to be confirmed.
    pub score: f64,
    /// It is told.
    pub is_beyond: bool,
    /// It is well within what is usual again: less than half of the way to the limit, the lowest possible one where there is none.
    pub is_back: bool,
}

/// What came of watching a panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    /// By member, then by month; none where nothing could be expected.
    pub members: Vec<Vec<Option<Point>>>,
    /// By month: the score above which it is told; none where there are too few months before it.
    pub limits: Vec<Option<f64>>,
    /// Months with scores up to the last one, as a mean over the members that have one now.
    pub months: f64,
    /// Months with scores that the promise needs: 12 / the allowed number a year.
    pub needed: f64,
}

/// Spreads within which nothing is told: as far off is one month in three.
const LEAST_SCORE: f64 = 1.0;

/// A season's length.
const YEAR: usize = 12;

/// Months of history before anything is expected.
pub const LEAST_HISTORY: usize = 12;

/// Watches a panel: each month held against what the months before it let expect. The same panel in another order gives the same points.
///
/// # Errors
/// [`Error::NotEnough`] for fewer than 13 months, [`Error::Unequal`] where series differ in length, [`Error::NotFinite`],
/// [`Error::OutOfRange`] for settings outside their ranges.
///
/// ```
/// use takar_stats::alarm::{Panel, Reference, Settings, Side, watch};
/// // Four years around 100, and 60 in the last month.
/// let mut values: Vec<Option<f64>> = (0..48).map(|t| Some(100.0 + [3.0, -2.0, 4.0, -5.0, 1.0][t % 5])).collect();
/// values[47] = Some(60.0);
/// let panel = Panel { members: &[values], targets: &[], whole: &[], calendar: &[] };
/// let settings = Settings { reference: Reference::History, side: Side::Low, a_year: 1.0, confirm: 1, at_least: 0.0, is_rate: false };
/// let watched = watch(&panel, &settings)?;
/// let last = watched.members[0][47].expect("a point");
/// assert!(last.is_beyond && last.low.is_some_and(|low| 60.0 < low && low < 100.0));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn watch(panel: &Panel<'_>, settings: &Settings) -> Result<Watch> {
    check(panel, settings)?;
    let months = panel.members.first().map_or(0, Vec::len);
    let plain = Made::of(panel, settings, None);
    // Season and feasts are taken out as soon as there are enough months made so: scores with and without them do not compare.
    let adjusted = (months > 3 * YEAR).then(|| Made::of(panel, settings, Some(&Season::of(panel, months))));
    let best = |month: usize| adjusted.as_ref().filter(|made| made.limits[month].is_some()).unwrap_or(&plain);
    let point = |member: usize, place: usize| {
        let made = best(place);
        let (found, score) = (made.months[member][place].as_ref()?, made.scores[member][place]?);
        let limit = made.limits[place];
        let at = |sign: f64| limit.map(|limit| found.at(sign * limit.passed.max(LEAST_SCORE)));
        let far =
            score > LEAST_SCORE && (found.value - found.expected).abs() >= settings.at_least * found.expected.abs();
        Some(Point {
            value: found.value,
            expected: found.expected,
            low: at(-1.0),
            high: at(1.0),
            score,
            is_beyond: far && limit.is_some_and(|limit| score >= limit.told),
            // Where there is no limit now, what would be well within the lowest that there can be.
            is_back: score < limit.map_or(LEAST_SCORE, |limit| limit.passed.max(LEAST_SCORE)) / 2.0,
        })
    };
    let members =
        (0..panel.members.len()).map(|member| (0..months).map(|place| point(member, place)).collect()).collect();
    let limits = (0..months).map(|place| best(place).limits[place].map(|limit| limit.passed)).collect();
    let needed = 12.0 / settings.a_year;
    Ok(Watch { members, limits, months: limit::months_scored(&plain.usual), needed })
}

/// The months of a panel as they were made one way, with their scores and limits.
struct Made {
    months: Vec<Vec<Option<expected::Month>>>,
    scores: Vec<Vec<Option<f64>>>,
    /// What limits are counted from.
    usual: Vec<Vec<Option<f64>>>,
    limits: Vec<Option<limit::Limit>>,
}

impl Made {
    fn of(panel: &Panel<'_>, settings: &Settings, season: Option<&Season>) -> Self {
        let months = scored(panel, settings, season);
        let scores: Vec<Vec<Option<f64>>> = months.iter().map(|member| confirmed(member, settings)).collect();
        // A target says what is wanted, not what is usual: how far chance goes is seen in the series' own history.
        let usual: Vec<Vec<Option<f64>>> = if settings.reference == Reference::Target {
            months.iter().map(|member| confirmed_by(member, settings, |month| month.usual)).collect()
        } else {
            scores.clone()
        };
        let limits = limit::limits(&usual, settings.a_year);
        Self { months, scores, usual, limits }
    }
}

/// The months in which a situation begins, given its points: those beyond the limit that follow no other before the member was back.
pub fn begun(points: &[Option<Point>]) -> Vec<usize> {
    let mut is_open = false;
    let mut found = Vec::new();
    for (place, point) in points.iter().enumerate() {
        let Some(point) = point else { continue };
        if point.is_beyond && !is_open {
            found.push(place);
        }
        is_open = point.is_beyond || (is_open && !point.is_back);
    }
    found
}

/// A score of each month: the least distance among the months that have to agree.
fn confirmed(member: &[Option<expected::Month>], settings: &Settings) -> Vec<Option<f64>> {
    confirmed_by(member, settings, |month| month.score)
}

fn confirmed_by(
    member: &[Option<expected::Month>],
    settings: &Settings,
    score: impl Fn(&expected::Month) -> f64,
) -> Vec<Option<f64>> {
    let least = |end: usize, sign: f64| -> Option<f64> {
        let begin = (end + 1).checked_sub(settings.confirm)?;
        member[begin..=end]
            .iter()
            .try_fold(f64::INFINITY, |least, month| Some(least.min(sign * score(month.as_ref()?))))
    };
    let of = |end: usize| match settings.side {
        Side::Low => least(end, -1.0),
        Side::High => least(end, 1.0),
        Side::Both => Some(least(end, -1.0)?.max(least(end, 1.0)?)),
    };
    (0..member.len()).map(of).collect()
}

fn check(panel: &Panel<'_>, settings: &Settings) -> Result<()> {
    let range = |what, value: f64, is_right: bool, range| {
        if is_right { Ok(()) } else { Err(Error::OutOfRange { what, index: 0, value, range }) }
    };
    range("false alarms a year", settings.a_year, (0.01..=366.0).contains(&settings.a_year), "0.01 to 366")?;
    range("months to be confirmed", settings.confirm as f64, (1..=6).contains(&settings.confirm), "1 to 6")?;
    range("least distance", settings.at_least, (0.0..=10.0).contains(&settings.at_least), "0 to 10")?;
    let months = panel.members.first().map_or(0, Vec::len);
    at_least("an alarm", "months", LEAST_HISTORY + settings.confirm, months)?;
    let lengths = panel.members.iter().chain(panel.targets).map(Vec::len);
    let lengths = lengths.chain(panel.calendar.iter().map(|exposure| exposure.values.len()));
    let whole = (!panel.whole.is_empty()).then_some(panel.whole.len());
    if let Some(other) = lengths.chain(whole).find(|length| *length != months) {
        return Err(Error::Unequal { what: "series watched together", left: months, right: other });
    }
    if !panel.targets.is_empty() && panel.targets.len() != panel.members.len() {
        let (left, right) = (panel.members.len(), panel.targets.len());
        return Err(Error::Unequal { what: "members and targets", left, right });
    }
    for series in panel.members.iter().chain(panel.targets) {
        if let Some(index) = series.iter().position(|value| value.is_some_and(|value| !value.is_finite())) {
            return Err(Error::NotFinite { what: "figure", index });
        }
    }
    crate::error::finite("figure of the whole", panel.whole)
}
