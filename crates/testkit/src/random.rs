//! Chance that does not depend on the count of threads: every subject draws from a stream of its own.

use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Mcg;

/// The generator behind every draw.
pub(crate) type Stream = Pcg64Mcg;

/// What a stream is drawn for; streams of different purposes are independent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Calendar = 1,
    Staff,
    Products,
    Accounts,
    Noise,
    Plan,
    Orders,
    Targets,
    Work,
    Costs,
    Stock,
}

/// The stream of one subject (`index`) for one purpose.
pub(crate) fn stream(seed: u64, purpose: Purpose, index: usize) -> Stream {
    let mut state = mix(seed ^ mix(purpose as u64));
    state = mix(state ^ mix(index as u64));
    let mut bytes = [0_u8; 16];
    bytes[..8].copy_from_slice(&state.to_le_bytes());
    bytes[8..].copy_from_slice(&mix(state).to_le_bytes());
    Stream::from_seed(bytes)
}

/// Spreads the bits of a number (the finaliser of Steele et al. 2014, "Fast splittable pseudorandom number generators").
fn mix(value: u64) -> u64 {
    let mut bits = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Uniform in [0, 1).
pub(crate) fn unit(stream: &mut Stream) -> f64 {
    stream.random()
}

/// True with the given probability.
pub(crate) fn chance(stream: &mut Stream, probability: f64) -> bool {
    unit(stream) < probability
}

/// Uniform in [low, high).
pub(crate) fn between(stream: &mut Stream, low: f64, high: f64) -> f64 {
    low + (high - low) * unit(stream)
}

/// A place in a list of `count` entries; `count` must not be 0.
pub(crate) fn place(stream: &mut Stream, count: usize) -> usize {
    stream.random_range(0..count)
}

/// One entry of a list that is not empty.
pub(crate) fn pick<'a, T>(stream: &mut Stream, list: &'a [T]) -> &'a T {
    &list[place(stream, list.len())]
}

/// A draw from the standard normal distribution.
pub(crate) fn normal(stream: &mut Stream) -> f64 {
    StandardNormal.sample(stream)
}

/// A draw from the lognormal distribution of mean 1 and the given spread of its logarithm.
pub(crate) fn lognormal(stream: &mut Stream, sigma: f64) -> f64 {
    (sigma * normal(stream) - sigma * sigma / 2.0).exp()
}

/// A count from the Poisson distribution (Knuth's product of uniforms); `exp_of_minus_mean` is e^−mean, the mean small.
pub(crate) fn poisson(stream: &mut Stream, exp_of_minus_mean: f64) -> usize {
    let mut product = unit(stream);
    let mut count = 0;
    while product > exp_of_minus_mean {
        product *= unit(stream);
        count += 1;
    }
    count
}

/// A whole number whose mean is the given value, which must not be negative.
pub(crate) fn round_by_chance(stream: &mut Stream, value: f64) -> i64 {
    (value + unit(stream)).floor() as i64
}

/// A place drawn by weight; the weights must not all be 0.
pub(crate) fn weighted(stream: &mut Stream, weights: &[f64]) -> usize {
    let total: f64 = weights.iter().sum();
    let mut left = unit(stream) * total;
    for (place, weight) in weights.iter().enumerate() {
        if left < *weight {
            return place;
        }
        left -= weight;
    }
    weights.len() - 1
}

/// To 4 decimals, so that a number in the truth is exactly the one that was used, whoever reads it.
pub(crate) fn plain(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
