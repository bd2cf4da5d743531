//! Accounts whose sales, and what an action added to them, are known because they were made up.

use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Gamma, Normal, Poisson, StudentT};
use rand_pcg::Pcg64Mcg;

use super::*;

/// What chance does to a month's sales.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Chance {
    /// Some tens of per cent up and down.
    Mild,
    /// Now and then a month of several times the usual.
    HeavyTails,
    /// Few orders, each of any size; months without.
    FewOrders,
}

/// Who gets the action.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Choice {
    Random,
    /// The lowest against what is usual for them, in the months right before.
    Lowest,
    /// Those that fell most, in the months right before, below what they had before that: what was high by chance before is then no base.
    FallenMost,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct World {
    pub(super) controls: usize,
    pub(super) treated: usize,
    pub(super) before: usize,
    pub(super) after: usize,
    /// What the action adds, as a share.
    pub(super) effect: f64,
    /// The season's swing, as a share.
    pub(super) season: f64,
    /// How much an account's own trend of a year differs from others'.
    pub(super) trends: f64,
    /// Ups and downs that last: of their standard deviation, and how much of one is left a month later.
    pub(super) swing: f64,
    pub(super) memory: f64,
    pub(super) chance: Chance,
    /// The standard deviation of the logarithm of size.
    pub(super) sizes: f64,
    /// The share of accounts that stop buying, at any time.
    pub(super) dying: f64,
    pub(super) choice: Choice,
    /// Months that decided about the choice.
    pub(super) selection: usize,
    /// What chance does to the treated accounts, where it is another.
    pub(super) treated_chance: Option<Chance>,
    /// By how many months later the second half begins.
    pub(super) stagger: usize,
}

impl World {
    pub(super) const PLAIN: Self = Self {
        controls: 40,
        treated: 8,
        before: 24,
        after: 6,
        effect: 0.0,
        season: 0.0,
        trends: 0.1,
        swing: 0.15,
        memory: 0.5,
        chance: Chance::Mild,
        sizes: 1.0,
        dying: 0.0,
        choice: Choice::Random,
        selection: 0,
        treated_chance: None,
        stagger: 0,
    };

    /// The panel of one such company.
    pub(super) fn make(&self, seed: u64) -> Panel {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let normal = Normal::new(0.0, 1.0).expect("valid");
        let (n, times) = (self.controls + self.treated, self.before + self.selection + self.after);
        let start = self.before + self.selection;
        let phase = random.random_range(0.0..12.0);
        let season: Vec<f64> = (0..times)
            .map(|time| {
                let swing = self.season * (std::f64::consts::TAU * (time as f64 + phase) / 12.0).sin();
                1.0 + swing + 0.03 * normal.sample(&mut random)
            })
            .collect();
        let (sizes, sales): (Vec<f64>, Vec<Vec<f64>>) = (0..n)
            .map(|unit| {
                let treated = self.treated_chance.filter(|_| unit < self.treated);
                self.account(treated.unwrap_or(self.chance), &season, &mut random)
            })
            .unzip();
        let mut order: Vec<usize> = (0..n).collect();
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let low = |account: &usize| {
            let decided = mean(&sales[*account][self.before..start]);
            match self.choice {
                Choice::Random => 0.0,
                Choice::Lowest => decided / sizes[*account],
                Choice::FallenMost => decided / mean(&sales[*account][..self.before]).max(1e-9),
            }
        };
        if self.choice != Choice::Random {
            order.sort_by(|one, other| low(one).total_cmp(&low(other)));
        }
        let mut starts = vec![None; n];
        for (place, account) in order.iter().take(self.treated).enumerate() {
            starts[*account] = Some(if 2 * place < self.treated { start } else { start + self.stagger });
        }
        let units: Vec<Unit> = sales
            .iter()
            .zip(&starts)
            .map(|(sales, from)| {
                let outcomes = sales.iter().enumerate().map(|(time, sold)| {
                    let acts = from.is_some_and(|from| time >= from);
                    Some(if acts { sold * (1.0 + self.effect) } else { *sold })
                });
                Unit { outcomes: outcomes.collect(), from: *from }
            })
            .collect();
        Panel::new(&units).expect("a panel")
    }

    fn account(&self, chance: Chance, season: &[f64], random: &mut Pcg64Mcg) -> (f64, Vec<f64>) {
        let normal = Normal::new(0.0, 1.0).expect("valid");
        let size = 1_000.0 * (self.sizes * normal.sample(random)).exp();
        let trend = self.trends * normal.sample(random) / 12.0;
        let death = if random.random_bool(self.dying) { random.random_range(6..season.len()) } else { usize::MAX };
        let mut swing = self.swing * normal.sample(random);
        let mut month = |(time, season): (usize, &f64)| {
            swing = self.memory * swing + self.swing * (1.0 - self.memory * self.memory).sqrt() * normal.sample(random);
            let level = season * (trend * time as f64 + swing).exp();
            let chance = match chance {
                Chance::Mild => Gamma::new(16.0, 1.0 / 16.0).expect("valid").sample(random),
                Chance::HeavyTails => {
                    let wild: f64 = StudentT::new(3.0).expect("valid").sample(random);
                    (0.25 * wild).clamp(-3.0, 3.0).exp()
                }
                Chance::FewOrders => {
                    let orders: f64 = Poisson::new((1.5 * level).max(1e-6)).expect("valid").sample(random);
                    let worth = Gamma::new(2.0, 0.5).expect("valid");
                    (0..orders as usize).map(|_| worth.sample(random)).sum::<f64>() / 1.5 / level
                }
            };
            if time < death { size * level * chance } else { 0.0 }
        };
        (size, season.iter().enumerate().map(&mut month).collect())
    }
}
