//! What was found, for people and for programs.

use std::fmt::Write;

use serde_json::json;

use super::{Found, file::Read, support};
use takar_stats::effect::{Design, Effect, Judgement, Method, Size, Verdict, Weight};

const fn name(method: Method) -> &'static str {
    match method {
        Method::SyntheticDid => "SDID",
        Method::SyntheticControl => "SC",
        Method::Did => "DID",
    }
}

fn none() -> String {
    "–".to_owned()
}

fn verdict(judged: Judgement) -> String {
    let said = match (judged.verdict, judged.size) {
        (Verdict::Worked, Size::Surely) => "worked, and by as much as matters",
        (Verdict::Worked, Size::Perhaps) => "worked",
        (Verdict::Worked, Size::No) => "worked, but by less than matters",
        (Verdict::DidNotWork, _) if judged.harmed => "did not work: it did harm",
        (Verdict::DidNotWork, _) => "did not work",
        (Verdict::NotEnoughEvidence, _) => "not enough evidence",
    };
    format!(": {said}")
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
    println!(
        "{:<6}{:>14}{:>10}{:>14}{:>12}{:>10}{:>12}",
        "", "effect", "percent", "placebo sd", "placebo p", "placebos", "jackknife"
    );
    for found in found {
        let percent = found.effect.relative().map_or_else(none, |share| format!("{:.1}", 100.0 * share));
        let (sd, p, n) = found.placebos.map_or_else(
            || (none(), none(), none()),
            |(sd, p, n)| (format!("{sd:.3}"), format!("{p:.3}"), n.to_string()),
        );
        let jackknife = found.jackknife.map_or_else(none, |error| format!("{error:.3}"));
        let (name, value) = (name(found.effect.method), found.effect.value);
        println!("{name:<6}{value:>14.3}{percent:>10}{sd:>14}{p:>12}{n:>10}{jackknife:>12}");
    }
    for found in found {
        let name = name(found.effect.method);
        match &found.measured {
            Ok(measured) => {
                let (interval, said) = (measured.estimate.interval, found.judged.map(verdict).unwrap_or_default());
                let (level, n) = (100.0 * interval.level.share(), measured.estimate.n);
                println!("{name:<6}{level:.0} % interval {:.3} to {:.3}, n = {n}{said}", interval.low, interval.high);
            }
            Err(why) => println!("{name:<6}no interval: {why}"),
        }
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
pub fn missing(read: &Read) -> String {
    let cells = read.units.len() * read.times.len();
    format!("{} of {cells} cells (units × times) have no outcome", read.missing)
}

fn left_out_of(read: &Read, design: &Design) -> String {
    let mut told = String::new();
    for out in &design.units_left_out {
        let kind = if out.treated { "treated" } else { "control" };
        let _ = writeln!(told, "left out: {kind} {}, missing cells: {}", read.units[out.unit], out.missing);
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
            "relative": found.effect.relative(),
            "placebo_sd": found.placebos.map(|(sd, _, _)| sd),
            "placebo_p": found.placebos.map(|(_, p, _)| p),
            "placebos": found.placebos.map(|(_, _, n)| n),
            "jackknife": found.jackknife,
            "estimate": found.measured.as_ref().ok().map(|measured| measured.estimate),
            "error": found.measured.as_ref().ok().map(|measured| measured.error),
            "basis": found.measured.as_ref().ok().map(|measured| measured.basis),
            "untold": found.measured.as_ref().err(),
            "judgement": found.judged,
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
