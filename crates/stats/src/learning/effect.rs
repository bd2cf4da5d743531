//! Effects that differ between actions of a group and between groups, but not by any amount.

use statrs::function::erf::erfc;

use super::{Past, inverse, weights};
use crate::{Estimate, Interval, Level};

/// Steps of each standard deviation.
const SPREADS: usize = 20;

/// Mean and standard deviation of a normal.
type Normal = (f64, f64);

/// By group: its effect, and where the true effect of its next action lies.
pub(super) fn shrunken(groups: &[Vec<Past>], level: Level) -> Vec<(Estimate, Interval)> {
    let unit = unit(groups);
    // From hardly any spread to five times what is seen, with the priors' densities times the widths of the steps.
    let spread = |step: usize| unit * 0.01 * 500.0_f64.powf(step as f64 / (SPREADS - 1) as f64);
    let prior = |spread: f64| spread.ln() - (1.0 + (spread / unit).powi(2)).ln();
    let seen: Vec<Vec<Seen>> =
        (0..SPREADS).map(|step| groups.iter().map(|group| Seen::of(group, spread(step))).collect()).collect();
    let mut points = Vec::with_capacity(SPREADS * SPREADS);
    for (within, seen) in seen.iter().enumerate() {
        let own: f64 = seen.iter().map(|seen| seen.log_likelihood).sum();
        for between in (0..SPREADS).map(spread) {
            let middle = Middle::of(seen, between);
            let log = own + middle.log_likelihood + prior(spread(within)) + prior(between);
            points.push(((within, between, middle), log));
        }
    }
    let points = weights(&points);
    let told = |(place, group): (usize, &Vec<Past>)| {
        let (mut effects, mut nexts, mut value) = (Vec::new(), Vec::new(), 0.0);
        for ((within, between, middle), weight) in &points {
            let (mean, variance) = middle.draw(&seen[*within][place], *between);
            value += weight * mean;
            effects.push(((mean, variance.sqrt()), *weight));
            nexts.push(((mean, (variance + spread(*within).powi(2)).sqrt()), *weight));
        }
        let estimate = Estimate { value, interval: central(&effects, level), n: group.len() };
        (estimate, central(&nexts, level))
    };
    groups.iter().enumerate().map(told).collect()
}

/// How far effects lie apart, roughly: the scale of the priors.
fn unit(groups: &[Vec<Past>]) -> f64 {
    let all: Vec<&Past> = groups.iter().flatten().collect();
    let n = all.len() as f64;
    let mean = all.iter().map(|past| past.effect).sum::<f64>() / n;
    let seen = (all.iter().map(|past| (past.effect - mean).powi(2)).sum::<f64>() / n).sqrt();
    let chance = (all.iter().map(|past| past.error * past.error).sum::<f64>() / n).sqrt();
    seen.max(chance)
}

/// What a group's actions say of its effect.
struct Seen {
    mean: f64,
    /// 1 over the variance of the mean; 0 for a group without actions.
    precision: f64,
    /// Of the actions around the mean.
    log_likelihood: f64,
}

impl Seen {
    fn of(group: &[Past], within: f64) -> Self {
        let sure = |past: &Past| 1.0 / (past.error * past.error + within * within);
        let precision: f64 = group.iter().map(sure).sum();
        if group.is_empty() {
            return Self { mean: 0.0, precision, log_likelihood: 0.0 };
        }
        let mean = group.iter().map(|past| sure(past) * past.effect).sum::<f64>() / precision;
        let one = |past: &Past| (sure(past).ln() - sure(past) * (past.effect - mean).powi(2)) / 2.0;
        Self { mean, precision, log_likelihood: group.iter().map(one).sum::<f64>() - precision.ln() / 2.0 }
    }
}

/// What all groups have in common, about which nothing is assumed.
#[derive(Clone, Copy)]
struct Middle {
    mean: f64,
    precision: f64,
    log_likelihood: f64,
}

impl Middle {
    fn of(seen: &[Seen], between: f64) -> Self {
        let sure = |seen: &Seen| 1.0 / (1.0 / seen.precision + between * between);
        let known = || seen.iter().filter(|seen| seen.precision > 0.0);
        let precision: f64 = known().map(sure).sum();
        let mean = known().map(|seen| sure(seen) * seen.mean).sum::<f64>() / precision;
        let one = |seen: &Seen| (sure(seen).ln() - sure(seen) * (seen.mean - mean).powi(2)) / 2.0;
        Self { mean, precision, log_likelihood: known().map(one).sum::<f64>() - precision.ln() / 2.0 }
    }

    /// Mean and variance of a group's effect, drawn to the middle.
    fn draw(&self, seen: &Seen, between: f64) -> (f64, f64) {
        let kept = seen.precision / (seen.precision + 1.0 / (between * between));
        let mean = kept * seen.mean + (1.0 - kept) * self.mean;
        let own = 1.0 / (seen.precision + 1.0 / (between * between));
        (mean, own + (1.0 - kept).powi(2) / self.precision)
    }
}

/// The central part of a mixture.
fn central(mixture: &[(Normal, f64)], level: Level) -> Interval {
    let below = |value: f64| {
        let part =
            |((mean, sd), weight): &(Normal, f64)| weight * erfc((mean - value) / sd / std::f64::consts::SQRT_2) / 2.0;
        mixture.iter().map(part).sum::<f64>()
    };
    let ends = mixture.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), ((mean, sd), _)| {
        (low.min(mean - 12.0 * sd), high.max(mean + 12.0 * sd))
    });
    let end = |share| inverse(below, share, ends.0, ends.1);
    Interval { low: end(level.tail()), high: end(1.0 - level.tail()), level }
}
