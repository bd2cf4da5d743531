//! The effect of an action on the units of a panel: synthetic difference-in-differences, synthetic control and
//! difference-in-differences, how far each could be chance, and what weighs.
//!
//! `cargo run --release -p takar-stats --example panel_effect -- panel.csv --unit state --time year --outcome cigsale
//! --treated California --from 1989`
//!
//! The file has a row for each unit and time. Who had the action is said by `--treated` (several by commas, or the option again)
//! and `--from`, or by `--treated-column`: a column with the time from which the unit had it (empty: never), or with 0 and 1.

mod file;
mod print;
#[expect(dead_code, reason = "shared with examples that read days")]
#[path = "../support/mod.rs"]
mod support;

use std::{path::Path, process::ExitCode};

use serde::Serialize;
use support::{Arguments, Fault};
use takar_stats::effect::{Design, Draws, Effect, Method, Placebos};

const USAGE: &str = "usage: panel_effect panel.csv --unit COLUMN --time COLUMN --outcome COLUMN
       (--treated UNIT[,UNIT…] --from TIME | --treated-column COLUMN)
       [--selection 0: times right before the start that decided who gets the action]
       [--placebos 400] [--seed 1] [--format text|json]";

/// What one method says.
struct Found {
    effect: Effect,
    relative: Option<f64>,
    chance: Chance,
}

/// How far it could be chance, or why that cannot be told.
#[derive(Serialize)]
#[serde(untagged)]
enum Chance {
    Told { placebo_sd: f64, placebo_p: f64, placebos: usize },
    Not { untold: String },
}

fn main() -> ExitCode {
    support::report(run())
}

fn run() -> support::Result<()> {
    let options = [
        "--unit",
        "--time",
        "--outcome",
        "--treated",
        "--from",
        "--treated-column",
        "--selection",
        "--placebos",
        "--seed",
        "--format",
    ];
    let arguments = Arguments::take(USAGE, &options, &[])?;
    let format = arguments.choice("--format", &["text", "json"])?;
    let selection = arguments.number("--selection", 0_usize)?;
    let draws = Draws { count: arguments.number("--placebos", 400)?, seed: arguments.number("--seed", 1)? };
    let read = file::read(Path::new(arguments.only("file")?), &arguments)?;
    let design = Design::of(&read.panel, selection).map_err(|error| {
        let advice = "leave out times or units with missing cells, or name others with --treated and --from";
        Fault(format!("{error}\n{}\n{advice}", print::left_out(&read)))
    })?;
    let found = Method::ALL
        .into_iter()
        .map(|method| {
            let effect = Effect::of(&read.panel, &design, method)?;
            let chance = match Placebos::of(&read.panel, &design, method, draws) {
                Ok(placebos) => Chance::Told {
                    placebo_sd: placebos.sd,
                    placebo_p: placebos.p(effect.value),
                    placebos: placebos.effects.len(),
                },
                Err(error) => Chance::Not { untold: error.to_string() },
            };
            Ok(Found { relative: effect.relative(), effect, chance })
        })
        .collect::<support::Result<Vec<Found>>>()?;
    match format {
        "json" => print::json(&read, &design, &found),
        _ => {
            print::text(&read, &design, &found);
            Ok(())
        }
    }
}
