//! Observed against expected, adjusted for the portfolio.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    Error, Estimate, Interval, Level, Result,
    error::{at_least, finite},
    normal::reach,
};

/// How often the accounts are drawn anew, and from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resampling {
    /// How often; at least 2 / (1 − level). 1,000 are usual.
    pub draws: usize,
    /// The same seed gives the same intervals, on any number of cores.
    pub seed: u64,
}

/// An account in a manager's portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PortfolioPart {
    /// The manager's number.
    pub manager: usize,
    /// What it brought, in any unit; 0 or less is possible.
    pub observed: f64,
    /// What such accounts let expect, above 0, in the same unit but for a factor.
    pub expected: f64,
    /// The number of the kind of account: those of one kind scatter alike around what is expected of them.
    pub kind: usize,
    /// The number of the place: managers are compared with those who serve the same place.
    pub place: usize,
}

/// A manager's result against what the portfolio let expect.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AdjustedIndex {
    /// Σ observed.
    pub observed: f64,
    /// Σ expected, scaled so that it adds up to what was observed in each place and of each kind.
    pub expected: f64,
    /// ln(observed / expected) with its interval; n counts accounts. None where nothing was sold on balance.
    pub log_ratio: Option<Estimate>,
    /// The standard error of the log ratio.
    pub error: f64,
    /// As many accounts of equal size would leave as much to chance: (ΣE)² / ΣE².
    pub worth_accounts: f64,
    /// Accounts.
    pub n: usize,
}

/// The indices of managers, and what they rest on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AdjustedIndices {
    /// By manager; none for one without accounts.
    pub managers: Vec<Option<AdjustedIndex>>,
    /// By account, in the order given: what it lets expect, in the unit of what was observed.
    pub expected: Vec<f64>,
}

/// Rounds of fitting the expectation to both margins.
const ROUNDS: usize = 30;
/// An index of a draw is not below this ratio, which would mean nearly nothing was sold.
const LEAST: f64 = 0.01;

/// The indices of managers 0 to `effects.len()` − 1.
///
/// The expectation is scaled so that observed and expected agree in every place and for every kind. The interval comes from
/// drawing the accounts anew: in each draw every account gets the ratio observed / expected of some account of its kind
/// (managers' own `effects`, on the log scale, taken out first), the managers' sums are scaled to their places again, and what
/// the log ratios then scatter around 0 is what chance does to them (basic bootstrap). Ratios of all managers' accounts serve
/// for each, so that a portfolio of few accounts does not judge its own chance by these few. `fitted` says for each kind with
/// how many coefficients its expectation was fitted.
/// Sources: Davison & Hinkley (1997), *Bootstrap Methods and their Application*, sections 5.2 and 7.2; indirect
/// standardisation: Breslow & Day (1987), *Statistical Methods in Cancer Research* II, ch. 2.
/// The time is draws × accounts.
///
/// # Errors
/// [`Error::NotEnough`] for fewer than 2 accounts or too few draws, [`Error::NotFinite`], [`Error::OutOfRange`] for an expectation of 0
/// or less or a manager without an effect, [`Error::Constant`] where nothing was observed on balance.
///
/// ```
/// use takar_stats::{Level, fair::{PortfolioPart, Resampling, adjusted_indices}};
/// let part = |manager, observed, expected| PortfolioPart { manager, observed, expected, kind: 0, place: 0 };
/// let parts = [part(0, 12.0, 10.0), part(0, 6.5, 5.0), part(1, 9.0, 10.0), part(1, 4.0, 5.0), part(1, 8.5, 10.0)];
/// let found = adjusted_indices(&parts, &[0.0, 0.0], &[1], Level::P95, Resampling { draws: 1_000, seed: 7 })?;
/// let first = found.managers[0].unwrap();
/// assert!((first.observed, first.expected) == (18.5, 15.0));
/// assert!(first.log_ratio.unwrap().interval.holds(0.1));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn adjusted_indices(
    parts: &[PortfolioPart],
    effects: &[f64],
    fitted: &[usize],
    level: Level,
    resampling: Resampling,
) -> Result<AdjustedIndices> {
    check(parts, effects, level, resampling)?;
    let expected = calibrated(parts);
    let order = order(parts, &expected, effects.len());
    let drawing = Drawing::of(parts, &expected, (effects, fitted), &order);
    let scattered = drawing.scattered(effects.len(), resampling);
    let mut sums = vec![(0.0, 0.0, 0.0, 0_usize); effects.len()];
    for (part, expected) in parts.iter().zip(&expected) {
        let sum = &mut sums[part.manager];
        *sum = (sum.0 + part.observed, sum.1 + expected, sum.2 + expected * expected, sum.3 + 1);
    }
    let indices = sums.into_iter().zip(scattered).map(|((observed, expected, squares, n), mut draws)| {
        if n == 0 {
            return None;
        }
        draws.sort_unstable_by(f64::total_cmp);
        let (low, high) = (quantile(&draws, level.tail()), quantile(&draws, 1.0 - level.tail()));
        let log_ratio = (observed > 0.0).then(|| {
            let value = (observed / expected).ln();
            // The error of the index is turned round: where draws fall far below, the truth may lie far above.
            let interval = Interval { low: (value - high).min(value), high: (value - low).max(value), level };
            Estimate { value, interval, n }
        });
        let error = (high - low) / (2.0 * reach(level));
        Some(AdjustedIndex { observed, expected, log_ratio, error, worth_accounts: expected * expected / squares, n })
    });
    let managers = indices.collect();
    Ok(AdjustedIndices { managers, expected })
}

fn check(parts: &[PortfolioPart], effects: &[f64], level: Level, resampling: Resampling) -> Result<()> {
    const METHOD: &str = "an adjusted index";
    at_least(METHOD, "accounts", 2, parts.len())?;
    at_least(METHOD, "draws", (2.0 / (1.0 - level.share())).ceil() as usize, resampling.draws)?;
    finite("effect", effects)?;
    for (index, part) in parts.iter().enumerate() {
        if !(part.observed.is_finite() && part.expected.is_finite()) {
            return Err(Error::NotFinite { what: "account", index });
        }
        if part.expected <= 0.0 {
            return Err(Error::OutOfRange { what: "expectation", index, value: part.expected, range: "above 0" });
        }
        if part.manager >= effects.len() {
            let (value, range) = (part.manager as f64, "the managers");
            return Err(Error::OutOfRange { what: "manager", index, value, range });
        }
    }
    if parts.iter().map(|part| part.observed).sum::<f64>() <= 0.0 {
        return Err(Error::Constant { method: METHOD, what: "sales of nothing on balance" });
    }
    Ok(())
}

/// The expectations scaled in turn to the sums of each kind and of each place (iterative proportional fitting).
fn calibrated(parts: &[PortfolioPart]) -> Vec<f64> {
    let mut expected: Vec<f64> = parts.iter().map(|part| part.expected).collect();
    let scale = |expected: &mut [f64], margin: &dyn Fn(&PortfolioPart) -> usize| {
        let members = parts.iter().map(margin).max().map_or(0, |most| most + 1);
        let mut sums = vec![(0.0, 0.0); members];
        for (part, expected) in parts.iter().zip(expected.iter()) {
            let sum = &mut sums[margin(part)];
            *sum = (sum.0 + part.observed, sum.1 + expected);
        }
        let mut furthest = 0.0_f64;
        for (part, expected) in parts.iter().zip(expected) {
            let (observed, of_all) = sums[margin(part)];
            // A margin that sold nothing on balance keeps its expectation.
            if observed > 0.0 {
                *expected *= observed / of_all;
                furthest = furthest.max((observed / of_all - 1.0).abs());
            }
        }
        furthest
    };
    for _ in 0..ROUNDS {
        let moved = scale(&mut expected, &|part| part.kind);
        if scale(&mut expected, &|part| part.place).max(moved) < 1e-9 {
            break;
        }
    }
    expected
}

/// Accounts in an order that follows from what was observed alone, those of one manager and place together: how managers and
/// accounts are numbered changes no draw.
fn order(parts: &[PortfolioPart], expected: &[f64], managers: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|&one, &other| {
        let (left, right) = (&parts[one], &parts[other]);
        left.observed.total_cmp(&right.observed).then(expected[one].total_cmp(&expected[other]))
    });
    let mut sums = vec![0.0; managers];
    order.iter().for_each(|place| sums[parts[*place].manager] += parts[*place].observed);
    let mut by_sum: Vec<usize> = (0..managers).collect();
    by_sum.sort_by(|one, other| sums[*one].total_cmp(&sums[*other]));
    let mut turn = vec![0; managers];
    by_sum.iter().enumerate().for_each(|(at, manager)| turn[*manager] = at);
    order.sort_by_key(|place| (turn[parts[*place].manager], parts[*place].place));
    order
}

/// All that a draw needs, in order of manager and place.
struct Drawing {
    /// By account: its expectation and its kind.
    accounts: Vec<(f64, usize)>,
    /// Runs of accounts of one manager in one place: their end, manager and place.
    runs: Vec<(usize, usize, usize)>,
    /// By kind: the ratios observed / expected, with mean 1.
    ratios: Vec<Vec<f64>>,
    /// By place: Σ expected.
    places: Vec<f64>,
}

impl Drawing {
    fn of(parts: &[PortfolioPart], expected: &[f64], (effects, fitted): (&[f64], &[usize]), order: &[usize]) -> Self {
        let kinds = parts.iter().map(|part| part.kind).max().map_or(0, |most| most + 1);
        let mut places = vec![0.0; parts.iter().map(|part| part.place).max().map_or(0, |most| most + 1)];
        let mut ratios: Vec<Vec<f64>> = vec![Vec::new(); kinds];
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for (at, &place) in order.iter().enumerate() {
            let part = &parts[place];
            places[part.place] += expected[place];
            ratios[part.kind].push(part.observed / expected[place] / effects[part.manager].exp());
            match runs.last_mut() {
                Some((end, manager, of)) if (*manager, *of) == (part.manager, part.place) => *end = at + 1,
                _ => runs.push((at + 1, part.manager, part.place)),
            }
        }
        for (kind, ratios) in ratios.iter_mut().enumerate().filter(|(_, ratios)| !ratios.is_empty()) {
            let n = ratios.len() as f64;
            let mean = ratios.iter().sum::<f64>() / n;
            // A fit with many coefficients follows its accounts, which then scatter too little around it.
            let freedom = n - fitted.get(kind).map_or(0.0, |count| *count as f64);
            let wider = if freedom >= 1.0 { (n / freedom).sqrt() } else { 1.0 };
            if mean > 0.0 {
                ratios.iter_mut().for_each(|ratio| *ratio = (1.0 + wider * (*ratio / mean - 1.0)).max(ratio.min(0.0)));
            }
        }
        let accounts = order.iter().map(|&place| (expected[place], parts[place].kind)).collect();
        Self { accounts, runs, ratios, places }
    }

    /// By manager: the log ratio of every draw.
    fn scattered(&self, managers: usize, resampling: Resampling) -> Vec<Vec<f64>> {
        let mut expected = vec![0.0; managers];
        let mut start = 0;
        for &(end, manager, _) in &self.runs {
            expected[manager] += self.accounts[start..end].iter().map(|(expected, _)| expected).sum::<f64>();
            start = end;
        }
        let draws: Vec<Vec<f64>> = (0..resampling.draws)
            .into_par_iter()
            .map_init(
                || (vec![0.0; self.runs.len()], vec![0.0; self.places.len()]),
                |(runs, places), draw| {
                    let seed = resampling.seed.wrapping_add((draw as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
                    self.draw(&mut Pcg64Mcg::seed_from_u64(seed), runs, places);
                    let mut observed = vec![0.0; managers];
                    for (&(_, manager, place), sum) in self.runs.iter().zip(runs.iter()) {
                        let of_place = places[place];
                        let scale = if of_place > 0.0 { self.places[place] / of_place } else { 1.0 };
                        observed[manager] += sum * scale;
                    }
                    observed.iter().zip(&expected).map(|(sum, of)| (sum / of).max(LEAST).ln()).collect()
                },
            )
            .collect();
        (0..managers).map(|manager| draws.iter().map(|draw| draw[manager]).collect()).collect()
    }

    fn draw(&self, random: &mut Pcg64Mcg, runs: &mut [f64], places: &mut [f64]) {
        places.fill(0.0);
        let mut start = 0;
        for (sum, &(end, _, place)) in runs.iter_mut().zip(&self.runs) {
            *sum = 0.0;
            for &(expected, kind) in &self.accounts[start..end] {
                let ratios = &self.ratios[kind];
                // A number below the count, from the high half of a product (Lemire 2019): biased by less than 1e-4 of itself.
                let chosen = (u64::from(random.next_u32()) * ratios.len() as u64) >> 32;
                *sum += expected * ratios[chosen as usize];
            }
            places[place] += *sum;
            start = end;
        }
    }
}

/// The quantile of sorted numbers, between the two nearest.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let at = share * last as f64;
    let below = (at as usize).min(last);
    sorted[below] + (at - below as f64) * (sorted[(below + 1).min(last)] - sorted[below])
}
