mod exact;
mod hostile;
mod published;
mod simulated;

use rand::{RngExt, SeedableRng};
use rand_distr::{Beta, Distribution, Exp1, Gamma};
use rand_pcg::Pcg64Mcg;

use super::*;

/// Asserts that two numbers agree within `tolerance`.
macro_rules! assert_close {
    ($got:expr, $expected:expr, $tolerance:expr) => {{
        let (got, expected): (f64, f64) = ($got, $expected);
        assert!((got - expected).abs() <= $tolerance, "{} is {got}, not {expected} ± {}", stringify!($got), $tolerance);
    }};
}
use assert_close;

fn seeded(seed: u64) -> Pcg64Mcg {
    Pcg64Mcg::seed_from_u64(seed)
}

/// Accounts that order and die as the model says.
fn simulate(process: &PurchaseProcess, accounts: usize, age: f64, seed: u64) -> Vec<Simulated> {
    let mut random = seeded(seed);
    let rates = Gamma::new(process.r(), 1.0 / process.alpha()).expect("positive");
    let deaths = Beta::new(process.a(), process.b()).expect("positive");
    let stages = process.variant().shape();
    (0..accounts)
        .map(|_| {
            let rate = rates.sample(&mut random).max(1e-12);
            let dies = deaths.sample(&mut random);
            let age = age * random.random_range(0.5..1.0);
            let mut times = vec![0.0_f64];
            let mut alive = !(process.variant().dies_at_first_order() && random.random_bool(dies));
            while alive {
                let gap: f64 = (0..stages).map(|_| -> f64 { Exp1.sample(&mut random) }).sum::<f64>() / rate;
                let next = times[times.len() - 1] + gap;
                // Far enough to have a holdout.
                if next > 3.0 * age || times.len() > 5_000 {
                    break;
                }
                times.push(next);
                alive = !random.random_bool(dies);
            }
            Simulated { times, age, alive }
        })
        .collect()
}

struct Simulated {
    times: Vec<f64>,
    age: f64,
    /// Whether it lives on after its last order.
    alive: bool,
}

impl Simulated {
    fn purchases(&self) -> Purchases {
        let seen = self.orders_until(self.age);
        Purchases::new(seen as u32 - 1, self.times[seen - 1], self.age).expect("ascending")
    }

    fn orders_until(&self, time: f64) -> usize {
        self.times.partition_point(|&order| order <= time)
    }

    fn alive_at_age(&self) -> bool {
        self.alive || self.times.len() > self.orders_until(self.age)
    }
}
