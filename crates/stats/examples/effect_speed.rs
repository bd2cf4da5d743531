//! How long one measured effect takes, with its placebos: accounts × months made up at random.
//!
//! `cargo run --release -p takar-stats --example effect_speed -- [--controls 1000] [--months 36] [--treated 12] [--placebos 200]`

#[expect(dead_code, reason = "shared with examples that read tables")]
mod support;

use std::{process::ExitCode, time::Instant};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use support::Arguments;
use takar_stats::effect::{Design, Draws, How, Measured, Method, Panel, Unit};

const USAGE: &str = "usage: effect_speed [--controls 1000] [--months 36] [--treated 12] [--placebos 200] [--after 6]";

fn main() -> ExitCode {
    support::report(run())
}

fn run() -> support::Result<()> {
    let arguments = Arguments::take(USAGE, &["--controls", "--months", "--treated", "--placebos", "--after"], &[])?;
    let (controls, months) = (arguments.number("--controls", 1_000)?, arguments.number("--months", 36)?);
    let (treated, after) = (arguments.number("--treated", 12)?, arguments.number("--after", 6)?);
    let draws = Draws { count: arguments.number("--placebos", 200)?, seed: 1 };
    let mut random = Pcg64Mcg::seed_from_u64(1);
    let units: Vec<Unit> = (0..controls + treated)
        .map(|unit| {
            let size: f64 = 1_000.0 * 400.0_f64.powf(random.random());
            let outcomes = (0..months)
                .map(|month: usize| {
                    let season = 1.0 + 0.3 * (std::f64::consts::TAU * month as f64 / 12.0).sin();
                    Some(size * season * random.random_range(0.5..1.5))
                })
                .collect();
            Unit { outcomes, from: (unit < treated).then(|| months.saturating_sub(after)) }
        })
        .collect();
    let panel = Panel::new(&units)?.relative(0);
    let design = Design::of(&panel, 0)?;
    for method in Method::ALL {
        let begun = Instant::now();
        let found = Measured::of(&panel, &design, How { method, draws, ..How::usual(1) })?;
        println!(
            "{method:?}: {:.4} ± {:.4}, {} placebos, {:.2} s",
            found.estimate.value,
            found.error,
            found.placebos,
            begun.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
