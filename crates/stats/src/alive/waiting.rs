//! How unusual is it to wait so long? P(gap > u), with what is known of the account and of all accounts.

use serde::Serialize;

use super::{
    gaps::{Gaps, share_not_shorter},
    newton::{Slope, maximise},
    regularity::Regularity,
    special::{incomplete_beta, ln_gamma_slopes},
};

/// What P(gap > u) was judged by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GapMethod {
    /// 19 or more own gaps, one of them at least as long as the silence: (1 + #{gap ≥ u})/(n + 1).
    Empirical,
    /// 19 or more own gaps, none as long as the silence: 1/(n + 1) at the longest gap seen, and from there on falling as
    /// the account's Gamma does.
    BeyondEmpirical {
        /// Shape of the gaps.
        shape: f64,
    },
    /// Regular (shape above 1) or bursty (below 1) gaps: Gamma, the shape drawn towards that of all accounts.
    Gamma {
        /// Shape of the gaps: their coefficient of variation is 1/√shape.
        shape: f64,
    },
    /// Gaps that are neither: exponential, ((α + t_x)/(α + t_x + u))^(r + x).
    Exponential,
    /// A single order: there is no own rhythm, only how long gaps are among all accounts.
    Population {
        /// Usual shape of the gaps.
        shape: f64,
    },
    /// A single order and too few other accounts to learn from.
    NotEnough,
}

/// P(gap > u) of one account.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GapChance {
    /// The probability that a gap of this account, were it alive, is longer than its silence; none for
    /// [`GapMethod::NotEnough`].
    pub probability: Option<f64>,
    /// What it rests on.
    pub method: GapMethod,
}

/// What all accounts say of how long gaps are and how regular.
///
/// An account's gaps are Gamma with its own shape k and mean gap; one over the mean gap varies between accounts as
/// Gamma(r, α). The account's own mean is not taken for certain but averaged over, which makes
/// P(gap > u) = I_w(r + kx, k), w = (α + k·t_x)/(α + k·t_x + k·u), the regularised incomplete beta function. For k = 1 this
/// is ((α + t_x)/(α + t_x + u))^(r + x), the heterogeneous exponential form.
///
/// ```
/// use takar_stats::alive::{GapMethod, GapModel, Gaps};
///
/// let weekly: Vec<i32> = (0..10).map(|week| week * 7).collect();
/// let gaps: Vec<Gaps> = (64..94).filter_map(|today| Gaps::of(&weekly, today).ok().flatten()).collect();
/// let model = GapModel::of(&gaps);
///
/// let on_time = model.chance(&gaps[0]);
/// let late = model.chance(&gaps[29]);
/// assert!(matches!(late.method, GapMethod::Gamma { shape } if shape > 10.0));
/// assert!(on_time.probability > Some(0.9) && late.probability < Some(0.001));
/// ```
#[derive(Debug, Clone)]
pub struct GapModel {
    regularity: Regularity,
    /// None where there are too few accounts to learn from.
    rates: Option<Rates>,
}

/// 1/(mean gap) varies between accounts as Gamma(r, α), α in days.
#[derive(Debug, Clone, Copy)]
struct Rates {
    r: f64,
    alpha: f64,
}

impl GapModel {
    /// Gaps from where on an account speaks for itself: the smallest n for which 1/(n+1) reaches 5 %.
    pub const EMPIRICAL_FROM: u32 = 19;
    /// Accounts with a gap from where on others are learned from.
    pub const FEWEST_ACCOUNTS: usize = 5;

    /// Learns from all accounts; with fewer than [`Self::FEWEST_ACCOUNTS`] that have a gap, each speaks for itself alone.
    pub fn of(accounts: &[Gaps]) -> Self {
        let regularity = Regularity::of(accounts);
        let rates = Rates::of(accounts, &regularity);
        Self { regularity, rates }
    }

    /// How likely a gap of this account is longer than its silence, if it is alive.
    pub fn chance(&self, gaps: &Gaps) -> GapChance {
        let judged = |probability: f64, method| GapChance { probability: Some(probability.clamp(0.0, 1.0)), method };
        let silence = gaps.since_last();
        if gaps.count() == 0 {
            let Some(rates) = self.rates else {
                return GapChance { probability: None, method: GapMethod::NotEnough };
            };
            let shape = plain(self.regularity.usual());
            return judged(longer_than(silence, shape, 0.0, 0.0, rates), GapMethod::Population { shape });
        }
        let own = f64::from(gaps.count());
        if gaps.count() >= Self::EMPIRICAL_FROM && gaps.not_shorter() > 0 {
            return judged(share_not_shorter(f64::from(gaps.not_shorter()), own), GapMethod::Empirical);
        }
        let shape = plain(self.regularity.shape(gaps));
        let rates = self.rates.unwrap_or(Rates { r: 0.0, alpha: 0.0 });
        let longer = longer_than(silence, shape, own, gaps.span(), rates);
        if gaps.count() >= Self::EMPIRICAL_FROM {
            let than_longest = longer_than(gaps.longest(), shape, own, gaps.span(), rates);
            let falling = if than_longest > 0.0 { (longer / than_longest).min(1.0) } else { 1.0 };
            return judged(share_not_shorter(0.0, own) * falling, GapMethod::BeyondEmpirical { shape });
        }
        judged(longer, if shape == 1.0 { GapMethod::Exponential } else { GapMethod::Gamma { shape } })
    }
}

/// Shapes within a quarter of 1 cannot be told from 1, which the exponential form serves.
fn plain(shape: f64) -> f64 {
    if (0.8..=1.25).contains(&shape) { 1.0 } else { shape }
}

/// P(gap > silence) after `gaps` gaps that span `span` days.
fn longer_than(silence: f64, shape: f64, gaps: f64, span: f64, Rates { r, alpha }: Rates) -> f64 {
    let known = alpha + shape * span;
    if silence <= 0.0 {
        return 1.0;
    }
    if shape == 1.0 {
        return (-(r + gaps) * (silence / known).ln_1p()).exp();
    }
    let waited = shape * silence;
    incomplete_beta(r + shape * gaps, shape, known / (known + waited), waited / (known + waited))
}

impl Rates {
    fn of(accounts: &[Gaps], regularity: &Regularity) -> Option<Self> {
        /// More accounts do not change the two parameters visibly.
        const ENOUGH: usize = 20_000;
        /// Accounts are never taken for more alike than r = 20 (mean gaps within 22 %), so that each keeps a say of its own.
        const BOUNDS: [(f64, f64); 2] = [(-3.0, 3.0), (-12.0, 12.0)];
        let repeating: Vec<&Gaps> = accounts.iter().filter(|gaps| gaps.count() > 0).collect();
        if repeating.len() < GapModel::FEWEST_ACCOUNTS {
            return None;
        }
        let chosen: Vec<&Gaps> = repeating.iter().copied().step_by(repeating.len().div_ceil(ENOUGH)).collect();
        let unit = chosen.iter().map(|gaps| gaps.span() / f64::from(gaps.count())).sum::<f64>() / chosen.len() as f64;
        let known: Vec<(f64, f64)> = chosen
            .iter()
            .map(|gaps| {
                let shape = regularity.shape(gaps);
                (shape * f64::from(gaps.count()), shape * gaps.span() / unit)
            })
            .collect();
        let peak = maximise("gaps", [0.0, 0.0], &BOUNDS, |at| log_likelihood(&known, at)).ok()?;
        Some(Self { r: peak.point[0].exp(), alpha: peak.point[1].exp() * unit })
    }
}

/// Of accounts with `k·x` stages in `k·t_x` at ln (r, α), without what does not depend on these.
fn log_likelihood(known: &[(f64, f64)], log_parameters: &[f64; 2]) -> Slope<2> {
    let parameters @ [r, alpha] = log_parameters.map(f64::exp);
    let own = ln_gamma_slopes(r);
    let mut total: Slope<2> = Slope::ZERO;
    for &(stages, time) in known {
        let both = ln_gamma_slopes(r + stages);
        let ln = (alpha + time).ln();
        let inverse = 1.0 / (alpha + time);
        total.value += both[0] - own[0] + r * alpha.ln() - (r + stages) * ln;
        total.gradient[0] += both[1] - own[1] + alpha.ln() - ln;
        total.gradient[1] += r / alpha - (r + stages) * inverse;
        total.curvature[0][0] += both[2] - own[2];
        total.curvature[0][1] += 1.0 / alpha - inverse;
        total.curvature[1][1] += (r + stages) * inverse * inverse - r / (alpha * alpha);
    }
    total.curvature[1][0] = total.curvature[0][1];
    total.on_log_scale(&parameters)
}
