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

use support::{Arguments, Fault};
use takar_stats::{
    Level,
    effect::{Design, Direction, Draws, Effect, How, Judgement, Measured, Method, Placebos, Search, Wanted, jackknife},
};

const USAGE: &str = "usage: panel_effect panel.csv --unit COLUMN --time COLUMN --outcome COLUMN
       (--treated UNIT[,UNIT…] --from TIME | --treated-column COLUMN)
       [--selection 0: times right before the start that decided who gets the action; no base to compare with]
       [--relative: each unit against its own mean before]
       [--matters EFFECT: the smallest that is worth having, below 0 where less is better; gives a verdict]
       [--level 0.9] [--placebos 400] [--seed 1] [--search published|optimum] [--format text|json]";

/// What one method says.
pub struct Found {
    effect: Effect,
    /// Or why how sure it is cannot be told.
    measured: Result<Measured, String>,
    /// The standard deviation of effects on controls, their p and how many; none where controls are too few.
    placebos: Option<(f64, f64, usize)>,
    /// The jackknife's standard error; none where it has nothing to go by.
    jackknife: Option<f64>,
    judged: Option<Judgement>,
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
        "--matters",
        "--level",
        "--placebos",
        "--seed",
        "--search",
        "--format",
    ];
    let arguments = Arguments::take(USAGE, &options, &["--relative"])?;
    let format = arguments.choice("--format", &["text", "json"])?;
    let selection = arguments.number("--selection", 0_usize)?;
    let how = How {
        method: Method::SyntheticDid,
        search: match arguments.choice("--search", &["published", "optimum"])? {
            "optimum" => Search::Optimum,
            _ => Search::Published,
        },
        level: Level::new(arguments.number("--level", 0.9)?)?,
        draws: Draws { count: arguments.number("--placebos", 400)?, seed: arguments.number("--seed", 1)? },
    };
    let wanted = match arguments.option("--matters") {
        None => None,
        Some(_) => {
            let matters = arguments.number("--matters", 0.0_f64)?;
            let direction = if matters < 0.0 { Direction::Down } else { Direction::Up };
            Some(Wanted::new(direction, matters.abs())?)
        }
    };
    let mut read = file::read(Path::new(arguments.only("file")?), &arguments)?;
    if arguments.option("--relative").is_some() {
        read.panel = read.panel.relative(selection);
    }
    let design = Design::of(&read.panel, selection).map_err(|error| {
        let advice = "leave out times or units with missing cells, or name others with --treated and --from";
        Fault(format!("{error}\n{}\n{advice}", print::missing(&read)))
    })?;
    let found: Vec<Found> =
        Method::ALL.into_iter().map(|method| measure(&read, &design, How { method, ..how }, wanted)).collect();
    match format {
        "json" => print::json(&read, &design, &found),
        _ => {
            print::text(&read, &design, &found);
            Ok(())
        }
    }
}

fn measure(read: &file::Read, design: &Design, how: How, wanted: Option<Wanted>) -> Found {
    let measured = Measured::of(&read.panel, design, how).map_err(|error| error.to_string());
    let effect = match &measured {
        Ok(measured) => measured.effect.clone(),
        Err(_) => Effect::of(&read.panel, design, how.method, how.search),
    };
    let placebos = Placebos::of(&read.panel, design, how.method, how.draws).ok();
    let judged = measured.as_ref().ok().zip(wanted);
    Found {
        placebos: placebos.map(|placebos| (placebos.sd, placebos.p(effect.value), placebos.effects.len())),
        jackknife: jackknife(&read.panel, design, how.method),
        judged: judged.map(|(measured, wanted)| Judgement::of(&measured.estimate.interval, wanted)),
        effect,
        measured,
    }
}
