//! Trend, season, breaks and outliers of the series in a file.
//!
//! `cargo run --release -p takar-stats --example trend -- series.csv [--period 12] [--format json]`
//!
//! The file has a column `value` and, where it holds several series, a column `series`; rows are in the order of time, or
//! have a column `t`, `time`, `year` or `date` to be put in order by. Trend, breaks and outliers are judged on the series
//! without its season, if it has one.

#[expect(dead_code, reason = "shared with examples that read days")]
mod support;

use std::{collections::BTreeMap, path::Path, process::ExitCode};

use serde::Serialize;
use support::{Arguments, Fault, Table};
use takar_stats::{
    Estimate, Level,
    season::Season,
    trend::{Autocorrelation, Breaks, MannKendall, Outlier, breaks, mann_kendall, outliers, theil_sen},
};

const USAGE: &str = "usage: trend series.csv [--period 12] [--shortest 6] [--format text|json]";

/// What was found in one series; what it is too short for is told instead.
#[derive(Serialize)]
struct Found {
    series: String,
    n: usize,
    season: Option<Vec<f64>>,
    trend: Told<MannKendall>,
    trend_autocorrelated: Told<MannKendall>,
    slope: Told<Estimate>,
    breaks: Told<Breaks>,
    outliers: Told<Vec<Outlier>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Told<T> {
    Found(T),
    Not { error: String },
}

impl<T> Told<T> {
    fn of(result: takar_stats::Result<T>) -> Self {
        result.map_or_else(|error| Self::Not { error: error.to_string() }, Self::Found)
    }

    fn text(&self, found: impl FnOnce(&T) -> String) -> String {
        match self {
            Self::Found(value) => found(value),
            Self::Not { error } => error.clone(),
        }
    }
}

fn main() -> ExitCode {
    support::report(run())
}

fn run() -> support::Result<()> {
    let arguments = Arguments::take(USAGE, &["--format", "--period", "--shortest"], &[])?;
    let path = Path::new(arguments.only("file")?);
    let format = arguments.choice("--format", &["text", "json"])?;
    let whole = |name: &str, usual: usize| match arguments.option(name) {
        None => Ok(usual),
        Some(text) => text.parse().map_err(|_| arguments.fault(&format!("{name} takes a whole number"))),
    };
    let (period, shortest) = (whole("--period", 12)?, whole("--shortest", 6)?);
    let found: Vec<Found> = read(path)?
        .into_iter()
        .map(|(name, values)| judge(name, &values, period, shortest))
        .collect::<Result<_, _>>()?;
    if format == "json" {
        println!("{}", serde_json::to_string_pretty(&found).map_err(|error| Fault(error.to_string()))?);
        return Ok(());
    }
    for one in &found {
        print(one);
    }
    Ok(())
}

fn judge(series: String, values: &[f64], period: usize, shortest: usize) -> support::Result<Found> {
    let season = Season::of(values, period)?;
    let level = season.adjusted(values);
    let indices = season.indices();
    Ok(Found {
        series,
        n: values.len(),
        season: (!indices.is_empty()).then(|| indices.to_vec()),
        trend: Told::of(mann_kendall(&level, Autocorrelation::None)),
        trend_autocorrelated: Told::of(mann_kendall(&level, Autocorrelation::HamedRao)),
        slope: Told::of(theil_sen(&level, Level::P95)),
        breaks: Told::of(breaks(&level, shortest, 3.0)),
        outliers: Told::of(outliers(&level, 3.5)),
    })
}

fn print(found: &Found) {
    println!("series {}, n = {}", found.series, found.n);
    let season = found.season.as_ref().map_or_else(
        || "none".to_owned(),
        |indices| indices.iter().map(|index| format!("{index:.3}")).collect::<Vec<_>>().join(" "),
    );
    println!("  season            {season}");
    let test = |test: &MannKendall| format!("S {}, z {:.4}, p {:.3e}", test.s, test.z, test.p);
    println!("  Mann-Kendall      {}", found.trend.text(test));
    println!("  Hamed-Rao         {}", found.trend_autocorrelated.text(test));
    let slope = |slope: &Estimate| {
        format!("{:.4} a step, 95 % {:.4} to {:.4}", slope.value, slope.interval.low, slope.interval.high)
    };
    println!("  Theil-Sen         {}", found.slope.text(slope));
    let steps = |breaks: &Breaks| {
        let told = |pair: &[takar_stats::trend::Segment]| {
            format!("after {} from {:.4} to {:.4}", pair[1].from, pair[0].level, pair[1].level)
        };
        let steps: Vec<String> = breaks.segments.windows(2).map(told).collect();
        if steps.is_empty() { "none".to_owned() } else { steps.join("; ") }
    };
    println!("  breaks            {}", found.breaks.text(steps));
    let wild = |outliers: &Vec<Outlier>| {
        let told = |one: &Outlier| format!("{} ({} against {:.4})", one.at + 1, one.value, one.usual);
        if outliers.is_empty() { "none".to_owned() } else { outliers.iter().map(told).collect::<Vec<_>>().join("; ") }
    };
    println!("  outliers          {}", found.outliers.text(wild));
}

/// The values of each series, in the order of time.
fn read(path: &Path) -> support::Result<BTreeMap<String, Vec<f64>>> {
    let table = Table::read(path)?;
    let value = table.need("the value", &["value", "y", "flow", "sales", "volume"])?;
    let name = table.find(&["series", "id", "unique_id"]);
    let time = table.find(&["t", "time", "year", "date", "month"]);
    let mut series: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
    for row in table.rows() {
        let name = name.map_or(Ok("all"), |name| row.text(name))?;
        let time = time.map_or(Ok(""), |time| row.text(time))?;
        series.entry(name.to_owned()).or_default().push((time.to_owned(), row.number(value)?));
    }
    let in_order = |mut rows: Vec<(String, f64)>| {
        // Numbers by size, dates as they are written.
        rows.sort_by(|(one, _), (other, _)| match (one.parse::<f64>(), other.parse::<f64>()) {
            (Ok(one), Ok(other)) => one.total_cmp(&other),
            _ => one.cmp(other),
        });
        rows.into_iter().map(|(_, value)| value).collect()
    };
    Ok(series.into_iter().map(|(name, rows)| (name, in_order(rows))).collect())
}
