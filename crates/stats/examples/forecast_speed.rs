//! How fast Theta forecasts with intervals are made: for a benchmark against others on the same series.
//!
//! `cargo run --release -p takar-stats --example forecast_speed -- FILE --length 60 [--horizon 12]`
//!
//! FILE holds series of equal length as 64-bit floats (little endian), one after the other. Intervals are calibrated on the
//! past of 2,000 of them. Printed: JSON with the seconds for all of that (reading left out), n, and the sum of all forecasts.

#[expect(dead_code, reason = "shared with examples that read tables")]
mod support;

use std::{path::Path, process::ExitCode, time::Instant};

use rayon::prelude::*;
use support::{Arguments, Fault};
use takar_stats::{
    Level,
    forecast::{Calibration, Method, Plan, Series, backtest},
};

const USAGE: &str = "usage: forecast_speed FILE --length 60 [--horizon 12]";
/// Series whose past is forecast.
const TAUGHT_BY: usize = 2_000;

fn main() -> ExitCode {
    support::report(run())
}

fn run() -> support::Result<()> {
    let arguments = Arguments::take(USAGE, &["--length", "--horizon"], &[])?;
    let file = Path::new(arguments.only("file")?);
    let whole = |name: &str, usual: usize| match arguments.option(name) {
        None => Ok(usual),
        Some(text) => text.parse().map_err(|_| arguments.fault(&format!("{name} takes a whole number"))),
    };
    let (length, horizon) = (whole("--length", 60)?.max(1), whole("--horizon", 12)?);
    let bytes = std::fs::read(file).map_err(|error| Fault(format!("{}: {error}", file.display())))?;
    let (numbers, _) = bytes.as_chunks::<8>();
    let values: Vec<f64> = numbers.iter().map(|number| f64::from_le_bytes(*number)).collect();

    let started = Instant::now();
    let series: Vec<&[f64]> = values.chunks_exact(length).collect();
    let plan = Plan { method: Method::Theta, period: 12, horizon, shortest: 24, origins: 24 };
    let every = series.len().div_ceil(TAUGHT_BY).max(1);
    let sample: Vec<Series<'_>> = series.iter().step_by(every).map(|values| Series::of(values)).collect();
    let calibration = Calibration::of(&backtest(&sample, &plan)?)?;
    let sums: takar_stats::Result<Vec<f64>> = series
        .par_iter()
        .map(|values| {
            let forecast = calibration.forecast(&Method::Theta.fit(values, 12)?, Level::P80)?;
            Ok(forecast.steps.iter().map(|step| step.value).sum())
        })
        .collect();
    let sums = sums?;
    let seconds = started.elapsed().as_secs_f64();
    let sum: f64 = sums.iter().sum();
    println!("{}", serde_json::json!({ "seconds": seconds, "n": sums.len(), "sum": sum }));
    Ok(())
}
