//! Forecasts every series of a folder, compares with what came, and prints how far off each method was.
//!
//! `cargo run --release -p takar-stats --example m3 -- DIR [--format json]`
//!
//! DIR holds `series.csv` with the columns series, part (`train` or `test`), t, value: monthly, and the test part follows the
//! training part. Printed for each method: sMAPE and MASE (means over series), OWA (mean of both over those of Naive2), the
//! share of test values within the 80 % interval, and seconds. Intervals are calibrated on the training part only: each
//! method forecasts earlier ends of it.

#[expect(dead_code, reason = "shared with examples that read days")]
mod support;

use std::{collections::BTreeMap, path::Path, process::ExitCode, time::Instant};

use rayon::prelude::*;
use serde::Serialize;
use support::{Arguments, Fault, Table};
use takar_stats::{
    Level,
    forecast::{Calibration, Method, Plan, Series, accuracy, backtest},
};

const USAGE: &str = "usage: m3 DIR [--format text|json] [--period 12]";

/// Ends of the training part that are forecast to calibrate intervals, at most.
const ORIGINS: usize = 24;

const METHODS: [Method; 5] = [Method::Naive2, Method::SeasonalNaive, Method::Theta, Method::Damped, Method::Combined];

/// The training and the test part of every series.
type Parts = (Vec<Vec<f64>>, Vec<Vec<f64>>);

/// One series: what is known and what came.
#[derive(Default)]
struct Pair {
    train: Vec<(f64, f64)>,
    test: Vec<(f64, f64)>,
}

#[derive(Serialize)]
struct Line {
    method: &'static str,
    n: usize,
    smape: f64,
    mase: f64,
    owa: f64,
    /// Share of test values within the 80 % interval.
    coverage: f64,
    /// Test values that had an interval.
    coverage_n: usize,
    seconds: f64,
}

fn main() -> ExitCode {
    support::report(run())
}

fn run() -> support::Result<()> {
    let arguments = Arguments::take(USAGE, &["--format", "--period"], &[])?;
    let folder = Path::new(arguments.only("folder")?);
    let format = arguments.choice("--format", &["text", "json"])?;
    let period = match arguments.option("--period") {
        None => 12,
        Some(text) => text.parse().map_err(|_| arguments.fault("--period takes a whole number"))?,
    };
    let (train, test) = read(&folder.join("series.csv"))?;
    let horizon = test.iter().map(Vec::len).max().unwrap_or_default();
    if horizon == 0 {
        return Err(Fault(format!("{}: no series has a test part", folder.display())));
    }
    let mut lines: Vec<Line> = Vec::new();
    for method in METHODS {
        let mut line = measure(method, &train, &test, period, horizon)?;
        let naive = lines.first().map_or((line.smape, line.mase), |naive| (naive.smape, naive.mase));
        line.owa = f64::midpoint(line.smape / naive.0, line.mase / naive.1);
        lines.push(line);
    }
    if format == "json" {
        let text = serde_json::to_string_pretty(&lines).map_err(|error| Fault(error.to_string()))?;
        println!("{text}");
        return Ok(());
    }
    println!(
        "{:<16}{:>7}{:>10}{:>10}{:>10}{:>12}{:>10}",
        "method", "n", "sMAPE", "MASE", "OWA", "80 % holds", "seconds"
    );
    for line in &lines {
        let Line { method, n, smape, mase, owa, coverage, seconds, .. } = line;
        println!("{method:<16}{n:>7}{smape:>10.4}{mase:>10.4}{owa:>10.4}{:>10.2} %{seconds:>10.2}", coverage * 100.0);
    }
    Ok(())
}

/// Training and test parts, series by series.
fn read(path: &Path) -> support::Result<Parts> {
    let table = Table::read(path)?;
    let name = table.need("the series", &["series", "id", "unique_id"])?;
    let part = table.need("the part", &["part"])?;
    let time = table.need("the time", &["t", "time"])?;
    let value = table.need("the value", &["value", "y"])?;
    let mut pairs: BTreeMap<String, Pair> = BTreeMap::new();
    for row in table.rows() {
        let pair = pairs.entry(row.text(name)?.to_owned()).or_default();
        let observation = (row.number(time)?, row.number(value)?);
        match row.text(part)? {
            "train" => pair.train.push(observation),
            "test" => pair.test.push(observation),
            _ => return Err(row.fault(part, "is neither train nor test")),
        }
    }
    let in_order = |mut observations: Vec<(f64, f64)>| -> Vec<f64> {
        observations.sort_by(|one, other| one.0.total_cmp(&other.0));
        observations.into_iter().map(|(_, value)| value).collect()
    };
    Ok(pairs.into_values().map(|pair| (in_order(pair.train), in_order(pair.test))).unzip())
}

fn measure(
    method: Method,
    train: &[Vec<f64>],
    test: &[Vec<f64>],
    period: usize,
    horizon: usize,
) -> support::Result<Line> {
    let started = Instant::now();
    let series: Vec<Series<'_>> = train.iter().map(|values| Series::of(values)).collect();
    let plan = Plan { method, period, horizon, shortest: 2 * period, origins: ORIGINS };
    let calibration = Calibration::of(&backtest(&series, &plan)?)?;
    let judged: takar_stats::Result<Vec<(f64, f64, usize, usize)>> = train
        .par_iter()
        .zip(test)
        .map(|(train, test)| {
            let fitted = method.fit(train, period)?;
            let forecast = fitted.path(test.len());
            let held = calibration.forecast(&fitted, Level::P80).map(|forecast| {
                let steps = forecast.steps.iter().zip(test);
                (steps.clone().filter(|(step, actual)| step.interval.holds(**actual)).count(), steps.count())
            });
            let (held, of) = held.unwrap_or_default();
            let mase = accuracy::mase(test, &forecast, train, period)?;
            Ok((accuracy::smape(test, &forecast)?, mase, held, of))
        })
        .collect();
    let judged = judged?;
    let n = judged.len();
    let (held, of) = judged.iter().fold((0, 0), |sum, (.., held, of)| (sum.0 + held, sum.1 + of));
    Ok(Line {
        method: method.name(),
        n,
        smape: judged.iter().map(|one| one.0).sum::<f64>() / n as f64,
        mase: judged.iter().map(|one| one.1).sum::<f64>() / n as f64,
        owa: 1.0,
        coverage: held as f64 / of.max(1) as f64,
        coverage_n: of,
        seconds: started.elapsed().as_secs_f64(),
    })
}
