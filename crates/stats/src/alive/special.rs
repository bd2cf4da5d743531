//! Special functions that no dependency offers at the accuracy and range needed here.

use statrs::function::{
    erf::erfc_inv,
    gamma::{digamma, ln_gamma},
};

/// The quantile of the standard normal distribution above which the share `tail` lies.
pub(super) fn normal_upper(tail: f64) -> f64 {
    std::f64::consts::SQRT_2 * erfc_inv(2.0 * tail)
}

/// The second derivative of lnΓ at `x` > 0.
pub(super) fn trigamma(x: f64) -> f64 {
    // ψ₁(x) = ψ₁(x+1) + 1/x² leads to where the asymptotic series (Bernoulli numbers) is exact to the last digits.
    let mut below = 0.0;
    let mut x = x;
    while x < 12.0 {
        below += 1.0 / (x * x);
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = 1.0 / 6.0
        - square
            * (1.0 / 30.0
                - square * (1.0 / 42.0 - square * (1.0 / 30.0 - square * (5.0 / 66.0 - square * 691.0 / 2730.0))));
    below + 1.0 / x + square / 2.0 + square / x * series
}

/// lnΓ and its first two derivatives at `x` > 0.
pub(super) fn ln_gamma_slopes(x: f64) -> [f64; 3] {
    [ln_gamma(x), digamma(x), trigamma(x)]
}

/// The regularised incomplete beta function I_w(p, q) for p, q > 0 and w in 0..1, given both `w` and `rest` = 1 − w.
///
/// Small values are exact to a relative error, which a difference from 1 is not: that is why `rest` is asked for.
/// Source: DLMF 8.17.22, the continued fraction, evaluated after Lentz.
pub(super) fn incomplete_beta(p: f64, q: f64, w: f64, rest: f64) -> f64 {
    if w <= 0.0 {
        return 0.0;
    }
    if rest <= 0.0 {
        return 1.0;
    }
    let ln_front = ln_gamma(p + q) - ln_gamma(p) - ln_gamma(q) + p * ln_of(w, rest) + q * ln_of(rest, w);
    // The fraction converges fast on this side of the mean only.
    let value = if w < (p + 1.0) / (p + q + 2.0) {
        (ln_front - p.ln()).exp() * fraction(p, q, w)
    } else {
        1.0 - (ln_front - q.ln()).exp() * fraction(q, p, rest)
    };
    value.clamp(0.0, 1.0)
}

/// ln of `share`, exact also where the share is almost 1.
fn ln_of(share: f64, rest: f64) -> f64 {
    if rest < 0.5 { (-rest).ln_1p() } else { share.ln() }
}

fn fraction(p: f64, q: f64, w: f64) -> f64 {
    /// Steps grow with the root of the larger parameter: this is enough for parameters up to about 10⁸.
    const STEPS: usize = 20_000;
    const TINY: f64 = 1e-300;
    let away_from_zero = |x: f64| if x.abs() < TINY { TINY } else { x };

    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (p + q) * w / (p + 1.0));
    let mut value = d;
    for step in 1..=STEPS {
        let m = step as f64;
        let even = m * (q - m) * w / ((p + 2.0 * m - 1.0) * (p + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        value *= c * d;

        let odd = -(p + m) * (p + q + m) * w / ((p + 2.0 * m) * (p + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        value *= c * d;
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}
