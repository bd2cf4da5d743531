//! What was found, for people and for programs.

use std::fmt::Write;

use serde_json::json;

use super::{Chance, Found, file::Read, support};
use takar_stats::effect::{Design, Effect, Method, Weight};

const fn name(method: Method) -> &'static str {
    match method {
        Method::SyntheticDid => "SDID",
        Method::SyntheticControl => "SC",
        Method::Did => "DID",
    }
}

pub fn text(read: &Read, design: &Design, found: &[Found]) {
    println!(
        "{} treated in {} cohort{}, {} controls, {} times",
        design.treated(),
        design.cohorts.len(),
        if design.cohorts.len() == 1 { "" } else { "s" },
        design.controls.len(),
        read.times.len()
    );
    print!("{}", left_out_of(read, design));
    println!("{:<6}{:>14}{:>10}{:>14}{:>12}{:>10}", "", "effect", "percent", "placebo sd", "placebo p", "placebos");
    for Found { effect, relative, chance } in found {
        let percent = relative.map_or_else(|| "–".to_owned(), |share| format!("{:.1}", 100.0 * share));
        let chance = match chance {
            Chance::Told { placebo_sd, placebo_p, placebos } => {
                format!("{placebo_sd:>14.3}{placebo_p:>12.3}{placebos:>10}")
            }
            Chance::Not { untold } => format!("  {untold}"),
        };
        println!("{:<6}{:>14.3}{percent:>10}{chance}", name(effect.method), effect.value);
    }
    for Found { effect, .. } in found.iter().filter(|found| found.effect.method != Method::Did) {
        for cohort in &effect.cohorts {
            println!("\n{}, from {}: {:.3}", name(effect.method), read.times[cohort.from], cohort.value);
            weights("unit weights", &read.units, &cohort.units);
            weights("time weights", &read.times, &cohort.times);
        }
    }
}

/// The largest first, those below 0.001 only counted.
fn weights(title: &str, names: &[String], weights: &[Weight]) {
    let mut sorted: Vec<&Weight> = weights.iter().collect();
    sorted.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    let (shown, small): (Vec<&Weight>, Vec<&Weight>) = sorted.into_iter().partition(|one| one.weight >= 5e-4);
    let mut line =
        shown.iter().map(|one| format!("{} {:.3}", names[one.of], one.weight)).collect::<Vec<_>>().join(", ");
    if !small.is_empty() {
        let _ = write!(line, ", {} below 0.0005", small.len());
    }
    println!("  {title}: {}", if line.is_empty() { "none" } else { &line });
}

/// What is missing, before it is known what of it matters.
pub fn left_out(read: &Read) -> String {
    let cells = read.units.len() * read.times.len();
    format!("{} of {cells} cells (units × times) have no outcome", read.missing)
}

fn left_out_of(read: &Read, design: &Design) -> String {
    let mut told = String::new();
    for out in &design.units_left_out {
        let kind = if out.treated { "treated" } else { "control" };
        let _ = writeln!(told, "left out: {kind} {}, {} cells missing", read.units[out.unit], out.missing);
    }
    for cohort in &design.cohorts {
        let of_cohort = design.times_left_out.iter().filter(|(from, _)| *from == cohort.from);
        let times: Vec<&str> = of_cohort.map(|(_, time)| read.times[*time].as_str()).collect();
        if !times.is_empty() {
            let (times, from) = (times.join(", "), &read.times[cohort.from]);
            let _ = writeln!(told, "left out, missing of a unit treated from {from}: {times}");
        }
    }
    told
}

pub fn json(read: &Read, design: &Design, found: &[Found]) -> support::Result<()> {
    let named = |names: &[String], weights: &[Weight]| {
        weights.iter().map(|one| json!({ "of": names[one.of], "weight": one.weight })).collect::<Vec<_>>()
    };
    let cohorts = |effect: &Effect| {
        let cohort = effect.cohorts.iter().map(|cohort| {
            let path = cohort.path.iter().map(|moment| {
                json!({ "time": read.times[moment.time], "treated": moment.treated, "expected": moment.expected })
            });
            json!({
                "from": read.times[cohort.from],
                "treated": cohort.treated,
                "value": cohort.value,
                "units": named(&read.units, &cohort.units),
                "times": named(&read.times, &cohort.times),
                "path": path.collect::<Vec<_>>(),
            })
        });
        cohort.collect::<Vec<_>>()
    };
    let methods = found.iter().map(|found| {
        json!({
            "method": found.effect.method,
            "effect": found.effect.value,
            "expected": found.effect.expected,
            "relative": found.relative,
            "chance": found.chance,
            "cohorts": cohorts(&found.effect),
        })
    });
    let out = design
        .units_left_out
        .iter()
        .map(|out| json!({ "unit": read.units[out.unit], "missing": out.missing, "treated": out.treated }));
    let times_out = design
        .times_left_out
        .iter()
        .map(|(from, time)| json!({ "from": read.times[*from], "time": read.times[*time] }));
    let all = json!({
        "treated": design.treated(),
        "controls": design.controls.len(),
        "methods": methods.collect::<Vec<_>>(),
        "units_left_out": out.collect::<Vec<_>>(),
        "times_left_out": times_out.collect::<Vec<_>>(),
    });
    let text = serde_json::to_string_pretty(&all).map_err(|error| support::Fault(error.to_string()))?;
    println!("{text}");
    Ok(())
}
