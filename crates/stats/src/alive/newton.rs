//! Climbs to the top of a likelihood: Newton's method with damping inside a box.
//!
//! With exact first and second derivatives a few steps suffice and the curvature at the top gives the standard errors.
//! Where a step does not climb, or the surface is not yet concave, the step is shortened towards the gradient
//! (Levenberg and Marquardt). A parameter that runs away is held at the edge of the box and said to be held.

use crate::{Error, error::Result};

/// A function's value, gradient and second derivatives at a point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slope<const N: usize> {
    pub value: f64,
    pub gradient: [f64; N],
    pub curvature: [[f64; N]; N],
}

impl<const N: usize> Slope<N> {
    pub const ZERO: Self = Self { value: 0.0, gradient: [0.0; N], curvature: [[0.0; N]; N] };

    /// The same function seen from the logarithms of its (positive) arguments.
    pub fn on_log_scale(&self, point: &[f64; N]) -> Self {
        let mut log = *self;
        for i in 0..N {
            log.gradient[i] = self.gradient[i] * point[i];
            for j in 0..N {
                log.curvature[i][j] = self.curvature[i][j] * point[i] * point[j];
            }
            log.curvature[i][i] += log.gradient[i];
        }
        log
    }

    fn is_finite(&self) -> bool {
        self.value.is_finite()
            && self.gradient.iter().all(|x| x.is_finite())
            && self.curvature.iter().flatten().all(|x| x.is_finite())
    }
}

/// The top that was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peak<const N: usize> {
    pub point: [f64; N],
    pub slope: Slope<N>,
    /// Parameters that would go on past their bound.
    pub held: [bool; N],
}

impl<const N: usize> Peak<N> {
    /// The covariance of the free parameters (held ones: zero), or none where the top is flat.
    pub fn covariance(&self) -> Option<[[f64; N]; N]> {
        let root = cholesky(&self.slope, &self.held, 0.0)?;
        let mut covariance = [[0.0; N]; N];
        for j in (0..N).filter(|&j| !self.held[j]) {
            let mut unit = [0.0; N];
            unit[j] = 1.0;
            let column = solve(&root, &unit);
            for i in (0..N).filter(|&i| !self.held[i]) {
                covariance[i][j] = column[i];
            }
        }
        covariance.iter().flatten().all(|x| x.is_finite()).then_some(covariance)
    }
}

/// Climbs from `start` within `bounds` (each low, high).
///
/// # Errors
/// [`Error::NoConvergence`] where the function is not finite at the start or the climb does not settle.
pub(super) fn maximise<const N: usize>(
    method: &'static str,
    start: [f64; N],
    bounds: &[(f64, f64); N],
    function: impl Fn(&[f64; N]) -> Slope<N>,
) -> Result<Peak<N>> {
    const MOST_STEPS: usize = 300;

    let mut point: [f64; N] = std::array::from_fn(|i| start[i].clamp(bounds[i].0, bounds[i].1));
    let mut here = function(&point);
    let mut steps = 1;
    let mut damping = 0.0;
    if !here.is_finite() {
        return Err(Error::NoConvergence { method, steps });
    }
    loop {
        let outwards = |along: &[f64; N]| -> [bool; N] {
            std::array::from_fn(|i| {
                (point[i] <= bounds[i].0 && along[i] <= 0.0) || (point[i] >= bounds[i].1 && along[i] >= 0.0)
            })
        };
        let held = outwards(&here.gradient);
        let peak = Peak { point, slope: here, held };
        // What is left to gain is below what the sum over all accounts can resolve.
        let noise = 1e-13 * here.value.abs();
        let steepest = (0..N).filter(|&i| !held[i]).fold(0.0_f64, |most, i| most.max(here.gradient[i].abs()));
        if steepest <= 1e-7 + noise {
            return Ok(peak);
        }
        // A parameter at its bound stays there too where the others would take it along.
        let mut fixed = held;
        let step = loop {
            let Some(step) = Step::from(&here, &fixed, damping) else { break None };
            let taken_along = outwards(&step.direction);
            if (0..N).all(|i| fixed[i] || !taken_along[i]) {
                break Some(step);
            }
            for i in 0..N {
                fixed[i] |= taken_along[i];
            }
        };
        let Some(step) = step else {
            damping = f64::max(damping * 4.0, 1e-4);
            continue;
        };
        if damping == 0.0 && fixed == held && step.gain <= 1e-9 + noise {
            return Ok(peak);
        }
        if steps >= MOST_STEPS {
            return Err(Error::NoConvergence { method, steps });
        }
        let candidate = step.end(&point, bounds);
        let there = function(&candidate);
        steps += 1;
        if there.is_finite() && there.value > here.value {
            (point, here) = (candidate, there);
            damping = if damping < 1e-3 { 0.0 } else { damping / 8.0 };
        } else if damping > 1e12 || (step.gain <= 1e-6 && step.gain <= 1e-10 * here.value.abs()) {
            // No step climbs any more: rounding has the last word.
            return Ok(peak);
        } else {
            damping = f64::max(damping * 4.0, 1e-4);
        }
    }
}

/// A step uphill and what it would gain on a parabola.
struct Step<const N: usize> {
    direction: [f64; N],
    gain: f64,
}

impl<const N: usize> Step<N> {
    /// None where the surface, so damped, is not concave.
    fn from(slope: &Slope<N>, fixed: &[bool; N], damping: f64) -> Option<Self> {
        let root = cholesky(slope, fixed, damping)?;
        let gradient: [f64; N] = std::array::from_fn(|i| if fixed[i] { 0.0 } else { slope.gradient[i] });
        let direction = solve(&root, &gradient);
        let gain = 0.5 * (0..N).map(|i| gradient[i] * direction[i]).sum::<f64>();
        Some(Self { direction, gain })
    }

    /// Where the step ends: at its end, after the longest move allowed or at the first bound, whichever comes first. All
    /// parameters are shortened alike, so that the step stays on its ridge.
    fn end(&self, from: &[f64; N], bounds: &[(f64, f64); N]) -> [f64; N] {
        /// One step multiplies or divides a parameter on log scale by at most e².
        const LONGEST_MOVE: f64 = 2.0;
        let mut share = 1.0_f64;
        for i in 0..N {
            let way = self.direction[i];
            let room = if way > 0.0 { bounds[i].1 - from[i] } else { from[i] - bounds[i].0 };
            share = share.min(LONGEST_MOVE / way.abs()).min(if way == 0.0 { 1.0 } else { room / way.abs() });
        }
        std::array::from_fn(|i| {
            let to = from[i] + share * self.direction[i];
            // Rounding must neither miss the bound by a hair nor go past it.
            if bounds[i].1 - to < 1e-12 {
                bounds[i].1
            } else if to - bounds[i].0 < 1e-12 {
                bounds[i].0
            } else {
                to
            }
        })
    }
}

/// The lower triangular root of −curvature + damping·scales over the free parameters (held ones: 1).
///
/// Each parameter is damped in proportion to its own curvature and slope, so that a flat one may still move while a steep
/// one is held back.
fn cholesky<const N: usize>(slope: &Slope<N>, held: &[bool; N], damping: f64) -> Option<[[f64; N]; N]> {
    let mut root = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let element = if held[i] || held[j] {
                f64::from(u8::from(i == j))
            } else if i == j {
                let scale = slope.curvature[i][i].abs() + slope.gradient[i].abs() + 1e-12;
                -slope.curvature[i][i] + damping * scale
            } else {
                -slope.curvature[i][j]
            };
            let rest = element - (0..j).map(|k| root[i][k] * root[j][k]).sum::<f64>();
            if i == j {
                // Also refuses a matrix that is singular but for rounding.
                if rest <= 1e-14 * element.abs() {
                    return None;
                }
                root[i][i] = rest.sqrt();
            } else {
                root[i][j] = rest / root[j][j];
            }
        }
    }
    Some(root)
}

/// Solves root·rootᵀ·x = right.
fn solve<const N: usize>(root: &[[f64; N]; N], right: &[f64; N]) -> [f64; N] {
    let mut x = *right;
    for i in 0..N {
        x[i] = (x[i] - (0..i).map(|k| root[i][k] * x[k]).sum::<f64>()) / root[i][i];
    }
    for i in (0..N).rev() {
        x[i] = (x[i] - (i + 1..N).map(|k| root[k][i] * x[k]).sum::<f64>()) / root[i][i];
    }
    x
}
