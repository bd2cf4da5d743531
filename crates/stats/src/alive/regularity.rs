//! How regularly accounts order: the shape k of their gaps, each account's own drawn towards what is usual.
//!
//! The shares that an account's gaps have in their sum are Dirichlet(k, …, k) whatever its rate, so that their likelihood
//! speaks of k alone. How k varies between accounts is found from the data on a grid (Laird 1978: the nonparametric mixture,
//! by EM), and each account's k is the mean it then has. Few gaps leave an account near the others; none leave it there.

use statrs::function::gamma::ln_gamma;

use super::gaps::Gaps;

/// Shapes considered: from bursts to gaps alike within 10 %. Days are whole, so that more cannot be told apart.
const LEAST: f64 = 0.25;
const MOST: f64 = 100.0;
const POINTS: usize = 24;
/// Tabulated numbers of gaps.
const TABLED: usize = 64;

type Grid = [f64; POINTS];

/// How the shape of gaps varies between accounts.
#[derive(Debug, Clone)]
pub(super) struct Regularity {
    ln_shapes: Grid,
    weights: Grid,
    /// lnΓ(nk) − n·lnΓ(k), n = 0, 1, …
    table: Vec<Grid>,
}

impl Regularity {
    /// From all accounts; without any, shapes are spread about 1 (exponential gaps).
    pub fn of(accounts: &[Gaps]) -> Self {
        /// More accounts do not change the mixture visibly.
        const ENOUGH: usize = 5_000;
        const ROUNDS: usize = 100;
        let step = (MOST / LEAST).ln() / (POINTS - 1) as f64;
        let ln_shapes: Grid = std::array::from_fn(|i| LEAST.ln() + step * i as f64);
        let mut before: Grid = ln_shapes.map(|ln_shape| (-0.5 * ln_shape * ln_shape).exp());
        normalise(&mut before);
        let table =
            (0..TABLED).map(|gaps| std::array::from_fn(|i| ln_constant(gaps as f64, ln_shapes[i].exp()))).collect();
        let mut mixture = Self { ln_shapes, weights: before, table };

        let informative: Vec<&Gaps> = accounts.iter().filter(|gaps| gaps.count() >= 2).collect();
        let chosen = informative.iter().step_by(informative.len().div_ceil(ENOUGH).max(1));
        let likelihoods: Vec<Grid> = chosen.map(|gaps| mixture.likelihood(gaps)).collect();
        for _ in 0..ROUNDS {
            // One account's worth of the spread about 1 keeps few accounts from being taken for all.
            let mut next = before;
            for likelihood in &likelihoods {
                let posterior = mixture.posterior(likelihood);
                for i in 0..POINTS {
                    next[i] += posterior[i];
                }
            }
            normalise(&mut next);
            mixture.weights = next;
        }
        mixture
    }

    /// The account's shape: its geometric mean given its gaps.
    pub fn shape(&self, gaps: &Gaps) -> f64 {
        if gaps.count() < 2 {
            return self.usual();
        }
        self.mean(&self.posterior(&self.likelihood(gaps)))
    }

    /// The shape of an account nothing is known of.
    pub fn usual(&self) -> f64 {
        self.mean(&self.weights)
    }

    fn mean(&self, weights: &Grid) -> f64 {
        (0..POINTS).map(|i| weights[i] * self.ln_shapes[i]).sum::<f64>().exp()
    }

    fn posterior(&self, likelihood: &Grid) -> Grid {
        let mut posterior: Grid = std::array::from_fn(|i| likelihood[i] * self.weights[i]);
        normalise(&mut posterior);
        posterior
    }

    /// Relative to its largest value.
    fn likelihood(&self, gaps: &Gaps) -> Grid {
        let tabled = self.table.get(gaps.count() as usize);
        let ln: Grid = std::array::from_fn(|i| {
            let shape = self.ln_shapes[i].exp();
            let constant = tabled.map_or_else(|| ln_constant(f64::from(gaps.count()), shape), |grid| grid[i]);
            constant + (shape - 1.0) * gaps.ln_shares()
        });
        let largest = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        ln.map(|ln| (ln - largest).exp())
    }
}

fn ln_constant(gaps: f64, shape: f64) -> f64 {
    if gaps == 0.0 { 0.0 } else { ln_gamma(gaps * shape) - gaps * ln_gamma(shape) }
}

fn normalise(grid: &mut Grid) {
    let sum: f64 = grid.iter().sum();
    if sum > 0.0 {
        *grid = grid.map(|x| x / sum);
    }
}
