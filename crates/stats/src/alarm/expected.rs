//! What the months before a month let expect of it.

use super::{LEAST_HISTORY, Panel, Reference, Settings};
use crate::{Level, forecast::Method, season, trend::calendar_effects};

/// Months of the median that says the level.
const YEAR: usize = 12;
/// Months before the first error that tells of the spread.
const HALF: usize = 6;
/// The smallest spread, as a share of the level: smaller ones are rounding, and would make an alarm of every trifle.
const LEAST_SPREAD: f64 = 0.02;
/// Others below which there are no peers.
const LEAST_PEERS: usize = 4;
/// A calendar effect is taken off where chance would bring one as strong this seldom.
const SURE: f64 = 0.01;

/// On which scale figures scatter alike whether they are large or small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// All above 0: by factors.
    Log,
    /// With zeros or below: by roots, as counts do.
    Root,
    /// As they are: ratios.
    Plain,
}

impl Scale {
    fn of(values: &[Option<f64>], targets: Option<&Vec<Option<f64>>>, is_rate: bool) -> Self {
        let mut all = values.iter().chain(targets.into_iter().flatten()).flatten();
        match (is_rate, all.all(|value| *value > 0.0)) {
            (true, _) => Self::Plain,
            (false, true) => Self::Log,
            (false, false) => Self::Root,
        }
    }

    fn to(self, value: f64) -> f64 {
        match self {
            Self::Log => value.ln(),
            Self::Root => value.signum() * value.abs().sqrt(),
            Self::Plain => value,
        }
    }

    fn back(self, value: f64) -> f64 {
        match self {
            Self::Log => value.exp(),
            Self::Root => value * value.abs(),
            Self::Plain => value,
        }
    }

    fn least_spread(self, level: f64) -> f64 {
        match self {
            Self::Log => LEAST_SPREAD,
            // A root changes by half the share that the figure changes by.
            Self::Root => (LEAST_SPREAD / 2.0 * level.abs()).max(f64::MIN_POSITIVE),
            Self::Plain => (LEAST_SPREAD * level.abs()).max(1e-6),
        }
    }
}

/// A month and what was expected of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Month {
    pub value: f64,
    pub expected: f64,
    /// (value − expected) / spread on the scale of the series.
    pub score: f64,
    /// The same against the series' own history.
    pub usual: f64,
    scale: Scale,
    centre: f64,
    spread: f64,
    factor: f64,
    shift: f64,
}

impl Month {
    /// The figure that is so many spreads away from what was expected.
    pub(super) fn at(&self, spreads: f64) -> f64 {
        let figure = self.scale.back(self.centre + spreads * self.spread) * self.factor + self.shift;
        // What was expected of zeros and ones may reach below zero on paper only.
        if self.scale == Scale::Root && self.expected >= 0.0 { figure.max(0.0) } else { figure }
    }
}

/// What season and feasts multiply each month with, as the months before an origin tell.
pub(super) struct Season {
    /// By origin; none where nothing is known.
    factors: Vec<Option<Vec<f64>>>,
}

impl Season {
    pub(super) fn of(panel: &Panel<'_>, months: usize) -> Self {
        let known = |origin: usize| -> Option<Vec<f64>> {
            let whole = panel.whole.get(..origin)?;
            if whole.len() < 3 * YEAR || whole.iter().any(|value| *value <= 0.0) {
                return None;
            }
            let mut factors = vec![1.0; months];
            let before: Vec<_> = panel
                .calendar
                .iter()
                .map(|one| crate::trend::Exposure { name: one.name, values: one.values[..origin].to_vec() })
                .collect();
            if !before.is_empty()
                && let Ok(found) = calendar_effects(whole, YEAR, &before, Level::P95)
            {
                for (month, factor) in factors.iter_mut().enumerate() {
                    let sure = found.effects.iter().zip(panel.calendar);
                    let shares: Vec<f64> =
                        sure.map(|(effect, one)| if effect.p < SURE { one.values[month] } else { 0.0 }).collect();
                    *factor = found.factor(&shares);
                }
            }
            let plain: Vec<f64> = whole.iter().zip(&factors).map(|(value, factor)| value / factor).collect();
            if let Ok(season) = season::Season::of(&plain, YEAR)
                && season.kind() == season::Kind::Multiplicative
            {
                factors.iter_mut().enumerate().for_each(|(month, factor)| *factor *= season.spread(month));
            }
            Some(factors)
        };
        Self { factors: (0..months).map(known).collect() }
    }

    fn at(&self, origin: usize, month: usize) -> f64 {
        self.factors[origin].as_ref().map_or(1.0, |factors| factors[month])
    }
}

/// A month on the scale of its series, with what its own history lets expect.
#[derive(Debug, Clone, Copy)]
struct Own {
    x: f64,
    level: f64,
    spread: f64,
    factor: f64,
    shift: f64,
}

/// Every member's months with what was expected of them; without a season as they are, with one from the month on before which it can
/// be known, so that all scores of one list were made alike.
pub(super) fn scored(panel: &Panel<'_>, settings: &Settings, season: Option<&Season>) -> Vec<Vec<Option<Month>>> {
    let scales: Vec<Scale> = panel
        .members
        .iter()
        .enumerate()
        .map(|(place, values)| Scale::of(values, panel.targets.get(place), settings.is_rate))
        .collect();
    let own: Vec<Vec<Option<Own>>> = panel
        .members
        .iter()
        .zip(&scales)
        .map(|(values, scale)| (0..values.len()).map(|month| own(values, *scale, month, settings, season)).collect())
        .collect();
    match settings.reference {
        Reference::History | Reference::Forecast => told(panel, &own, &scales),
        Reference::Peers => against_peers(panel, &own, &scales),
        Reference::Target => against_targets(panel, &own, &scales),
    }
}

fn told(panel: &Panel<'_>, own: &[Vec<Option<Own>>], scales: &[Scale]) -> Vec<Vec<Option<Month>>> {
    each(panel, own, |member, month, own| {
        Some(month_of(panel.members[member][month]?, own, scales[member], own.level, own.spread))
    })
}

fn month_of(value: f64, own: &Own, scale: Scale, centre: f64, spread: f64) -> Month {
    let score = (own.x - centre) / spread;
    let mut month = Month {
        value,
        expected: 0.0,
        score,
        usual: score,
        scale,
        centre,
        spread,
        factor: own.factor,
        shift: own.shift,
    };
    month.expected = scale.back(centre) * own.factor + own.shift;
    month
}

fn each(
    panel: &Panel<'_>,
    own: &[Vec<Option<Own>>],
    of: impl Fn(usize, usize, &Own) -> Option<Month>,
) -> Vec<Vec<Option<Month>>> {
    let of = &of;
    own.iter()
        .enumerate()
        .map(|(member, months)| {
            let months = months.iter().take(panel.members[member].len()).enumerate();
            months.map(|(month, own)| of(member, month, own.as_ref()?)).collect()
        })
        .collect()
}

/// The level of the months before `month`, and how far months were off theirs.
fn own(
    values: &[Option<f64>],
    scale: Scale,
    month: usize,
    settings: &Settings,
    season: Option<&Season>,
) -> Option<Own> {
    values[month]?;
    if season.is_some() && month < 3 * YEAR {
        return None;
    }
    let first = values.iter().position(|value| value.is_some_and(|value| value != 0.0))?;
    let history: Vec<usize> = (first..month).filter(|place| values[*place].is_some()).collect();
    if history.len() < LEAST_HISTORY {
        return None;
    }
    let shared = |place: usize| season.filter(|_| scale != Scale::Plain).map_or(1.0, |season| season.at(month, place));
    let plain = |place: usize| values[place].map(|value| value / shared(place));
    // What is left of a season is the member's own; it needs every month.
    let whole: Option<Vec<f64>> = (first..month).map(plain).collect();
    let own_season = match whole {
        Some(whole) if season.is_some() && whole.len() >= 3 * YEAR => {
            season::Season::of(&whole, YEAR).unwrap_or_else(|_| season::Season::none())
        }
        _ => season::Season::none(),
    };
    let (factor, shift) = match own_season.kind() {
        season::Kind::Multiplicative => (own_season.spread(month - first) * shared(month), 0.0),
        season::Kind::Additive => (shared(month), own_season.restored(0.0, month - first) * shared(month)),
        season::Kind::None => (shared(month), 0.0),
    };
    let adjusted = |place: usize| {
        let value = plain(place)?;
        let index = place - first;
        let value = match own_season.kind() {
            season::Kind::Multiplicative => value / own_season.spread(index),
            season::Kind::Additive => value - own_season.restored(0.0, index),
            season::Kind::None => value,
        };
        Some(scale.to(value))
    };
    let before: Vec<f64> = history.iter().filter_map(|place| adjusted(*place)).collect();
    let (level, errors) = if settings.reference == Reference::Forecast {
        forecast(&before)?
    } else {
        let level = |end: usize| median(&before[end.saturating_sub(YEAR)..end]);
        let errors = (HALF..before.len()).map(|end| before[end] - level(end)).collect();
        (level(before.len()), errors)
    };
    let spread = spread_of(&errors).max(scale.least_spread(level));
    Some(Own { x: adjusted(month)?, level, spread, factor, shift })
}

/// The forecast of the next month, and the errors of those before.
fn forecast(before: &[f64]) -> Option<(f64, Vec<f64>)> {
    let ahead = |end: usize| Method::Theta.fit(&before[..end], 1).ok().map(|fitted| fitted.ahead(1));
    let errors = (HALF..before.len()).filter_map(|end| Some(before[end] - ahead(end)?)).collect();
    Some((ahead(before.len())?, errors))
}

/// A robust standard deviation of errors: 1.4826 · their median size; where most are alike, half of what their mean size tells.
fn spread_of(errors: &[f64]) -> f64 {
    let sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
    let mean = sizes.iter().sum::<f64>() / sizes.len().max(1) as f64;
    (1.4826 * median(&sizes)).max(0.5 * 1.2533 * mean)
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        n => f64::midpoint(sorted[(n - 1) / 2], sorted[n / 2]),
    }
}

/// How a member moved against its own history, less how the others did in the middle.
fn against_peers(panel: &Panel<'_>, own: &[Vec<Option<Own>>], scales: &[Scale]) -> Vec<Vec<Option<Month>>> {
    let months = panel.members.first().map_or(0, Vec::len);
    // Members on another scale move in other units: a move is told as a share where it can be.
    let moved = |member: usize, month: usize| -> Option<f64> {
        let own = own[member][month].as_ref()?;
        match scales[member] {
            Scale::Root if own.level.abs() > 0.0 => Some((own.x - own.level) / own.level.abs()),
            Scale::Root => None,
            _ => Some(own.x - own.level),
        }
    };
    // By month and member: how the others moved in the middle.
    let of_month = |month: usize| -> Vec<Option<f64>> {
        let mut common = vec![None; panel.members.len()];
        let mut here: Vec<(f64, usize)> =
            (0..panel.members.len()).filter_map(|member| Some((moved(member, month)?, member))).collect();
        here.sort_by(|one, other| one.0.total_cmp(&other.0));
        if here.len() <= LEAST_PEERS {
            return common;
        }
        for place in 0..here.len() {
            // The middle of the sorted list without one place.
            let at = |index: usize| here[if index < place { index } else { index + 1 }].0;
            let others = here.len() - 1;
            common[here[place].1] = Some(f64::midpoint(at((others - 1) / 2), at(others / 2)));
        }
        common
    };
    let common: Vec<Vec<Option<f64>>> = (0..months).map(of_month).collect();
    let left = |member: usize, month: usize| Some(moved(member, month)? - common[month][member]?);
    each(panel, own, |member, month, own| {
        let before: Vec<f64> = (0..month).filter_map(|month| left(member, month)).collect();
        if before.len() < HALF {
            return None;
        }
        let unit = if scales[member] == Scale::Root { own.level.abs() } else { 1.0 };
        let centre = own.level + common[month][member]? * unit;
        let spread = (spread_of(&before) * unit).max(scales[member].least_spread(own.level));
        Some(month_of(panel.members[member][month]?, own, scales[member], centre, spread))
    })
}

/// How far a member is from what was set, in the spreads of its own history.
fn against_targets(panel: &Panel<'_>, own: &[Vec<Option<Own>>], scales: &[Scale]) -> Vec<Vec<Option<Month>>> {
    each(panel, own, |member, month, own| {
        let (value, target) = (panel.members[member][month]?, (*panel.targets.get(member)?.get(month)?)?);
        let scale = scales[member];
        let (x, centre) = (scale.to(value), scale.to(target));
        let score = (x - centre) / own.spread;
        let usual = (own.x - own.level) / own.spread;
        let spread = own.spread;
        Some(Month { value, expected: target, score, usual, scale, centre, spread, factor: 1.0, shift: 0.0 })
    })
}
