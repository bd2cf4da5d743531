//! Whether intervals hold the truth and chance is not taken for an effect, on accounts that were made up.
//!
//! `TAKAR_SEEDS=500 cargo test -p takar-stats effect::tests::simulated -- --nocapture` prints what stands in docs/proof/effect.md.

use rayon::prelude::*;

use super::{
    world::{Chance, Choice, World},
    *,
};

/// What was said of one company.
struct Said {
    /// Measured less true effect.
    off: f64,
    error: f64,
    holds: bool,
    verdict: Verdict,
    /// Two-sided at 5 %, by rank.
    significant: bool,
    harmed: bool,
}

/// What was said of all of them, as shares.
#[derive(Debug)]
struct Record {
    n: usize,
    bias: f64,
    error: f64,
    holds: f64,
    worked: f64,
    not: f64,
    harmed: f64,
    significant: f64,
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|given| given.parse().ok()).unwrap_or(usual)
}

/// How many companies.
fn seeds() -> u64 {
    number("TAKAR_SEEDS", 20)
}

/// The first of them; `TAKAR_SEED` chooses others.
fn first() -> u64 {
    number("TAKAR_SEED", 70_000)
}

/// Fewer placebos than usual, so that many companies can be looked at.
fn how(seed: u64) -> How {
    let count = if seeds() >= 500 { 100 } else { 40 };
    How { draws: Draws { count, seed }, ..How::usual(seed) }
}

fn said(world: &World, seed: u64) -> Said {
    let panel = world.make(seed).relative(world.selection);
    let design = Design::of(&panel, world.selection).expect("a design");
    let picked: Vec<usize> = (world.before..world.before + world.selection).collect();
    let measured = Measured::of_picked(&panel, &design, &picked, how(seed)).expect("enough");
    // The known effect is a share of what was to be expected.
    let share = measured.relative().expect("something was to be expected");
    let judged = Judgement::of(&share.interval, Wanted::new(Direction::Up, 0.1).expect("above 0"));
    Said {
        off: share.value - world.effect,
        error: share.interval.width() / 2.0,
        holds: share.interval.holds(world.effect),
        verdict: judged.verdict,
        significant: measured.p <= 0.05,
        harmed: judged.harmed,
    }
}

fn record(world: &World) -> Record {
    let all: Vec<Said> = (0..seeds()).into_par_iter().map(|seed| said(world, first() + seed)).collect();
    let n = all.len() as f64;
    let share = |wanted: &dyn Fn(&Said) -> bool| all.iter().filter(|said| wanted(said)).count() as f64 / n;
    Record {
        n: all.len(),
        bias: all.iter().map(|said| said.off).sum::<f64>() / n,
        error: all.iter().map(|said| said.error).sum::<f64>() / n,
        holds: share(&|said| said.holds),
        worked: share(&|said| said.verdict == Verdict::Worked),
        not: share(&|said| said.verdict == Verdict::DidNotWork),
        harmed: share(&|said| said.harmed),
        significant: share(&|said| said.significant),
    }
}

/// Worlds in which the promise has to be kept.
fn usual() -> Vec<(&'static str, World)> {
    let plain = World::PLAIN;
    vec![
        ("plain", plain),
        ("season of ±40 %", World { season: 0.4, ..plain }),
        ("150 controls, 25 treated", World { controls: 150, treated: 25, ..plain }),
        ("one treated", World { treated: 1, ..plain }),
        ("ups and downs that last", World { memory: 0.9, swing: 0.3, ..plain }),
        ("own trends of ±30 % a year", World { trends: 0.3, ..plain }),
        ("15 % of accounts die", World { dying: 0.15, ..plain }),
        ("heavy tails", World { chance: Chance::HeavyTails, ..plain }),
        ("two starts", World { stagger: 3, after: 9, ..plain }),
        ("12 treated by lot, 12 waiting", World { treated: 12, controls: 12, ..plain }),
        ("ten controls, three treated", World { treated: 3, controls: 10, ..plain }),
    ]
}

/// Worlds that break what the method rests on; docs/proof/effect.md tells what comes of it.
fn hard() -> Vec<(&'static str, World)> {
    let plain = World::PLAIN;
    vec![
        ("few orders, months without", World { chance: Chance::FewOrders, ..plain }),
        ("treated accounts order seldom", World { treated_chance: Some(Chance::FewOrders), ..plain }),
        ("controls order seldom", World { treated_chance: Some(Chance::Mild), chance: Chance::FewOrders, ..plain }),
        ("20 treated, 15 controls", World { treated: 20, controls: 15, ..plain }),
        ("six controls, two treated", World { treated: 2, controls: 6, ..plain }),
        (
            "picked for falling below their own past",
            World { choice: Choice::FallenMost, selection: 3, trends: 0.0, ..plain },
        ),
        ("nine months before", World { before: 9, ..plain }),
    ]
}

fn line(name: &str, none: &Record, some: &Record) {
    eprintln!(
        "| {name} | {} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {:+.3} | {:.3} |",
        none.n,
        100.0 * none.worked,
        100.0 * none.harmed,
        100.0 * none.significant,
        100.0 * none.holds,
        100.0 * some.holds,
        100.0 * some.worked,
        some.bias,
        some.error
    );
}

/// Shares over few seeds scatter: three standard deviations are allowed there; from 500 seeds on none.
fn slack(share: f64) -> f64 {
    if seeds() >= 500 { 0.0 } else { 3.0 * (share * (1.0 - share) / seeds() as f64).sqrt() }
}

#[test]
fn chance_is_no_effect_and_intervals_hold() {
    for (name, world) in usual() {
        let none = record(&world);
        let some = record(&World { effect: 0.25, ..world });
        line(name, &none, &some);
        assert!(none.worked <= 0.07 + slack(0.07), "{name}: {none:?}");
        let (low, high) = (0.86 - slack(0.86), 0.94 + slack(0.94));
        assert!((low..=high).contains(&some.holds), "{name}: {some:?}");
    }
}

#[test]
fn hard_worlds_are_told() {
    for (name, world) in hard() {
        let none = record(&world);
        let some = record(&World { effect: 0.25, ..world });
        line(name, &none, &some);
        // Far from the promise, but not absurd.
        assert!(none.worked <= 0.16 + slack(0.16) && some.holds >= 0.8 - slack(0.8), "{name}: {none:?} {some:?}");
    }
}

/// Accounts whose sales come back to a level of their own are picked while they are low; nothing is done.
const LOW: World =
    World { choice: Choice::Lowest, selection: 3, trends: 0.0, memory: 0.6, swing: 0.25, ..World::PLAIN };

/// The mean rise of the treated accounts from the months that decided to those after.
fn rise(world: &World, seed: u64) -> f64 {
    let panel = world.make(seed).relative(world.selection);
    let start = world.before + world.selection;
    let treated: Vec<usize> = (0..panel.units()).filter(|unit| panel.start(*unit).is_some()).collect();
    let mean = |times: std::ops::Range<usize>| {
        let n = (times.len() * treated.len()) as f64;
        treated.iter().map(|unit| panel.row(*unit)[times.clone()].iter().sum::<f64>()).sum::<f64>() / n
    };
    mean(start..start + world.after) / mean(world.before..start) - 1.0
}

#[test]
fn accounts_picked_because_they_were_low_do_not_fool_it() {
    let picked = record(&LOW);
    let some = record(&World { effect: 0.25, ..LOW });
    line("picked because they were low", &picked, &some);
    let rises: Vec<f64> = (0..seeds()).map(|seed| rise(&LOW, first() + seed)).collect();
    let before_after = rises.iter().sum::<f64>() / rises.len() as f64;
    let rose = rises.iter().filter(|rise| **rise > 0.1).count() as f64 / rises.len() as f64;
    // The same comparison with the months that decided counted as base.
    let naive: Vec<bool> = (0..seeds())
        .into_par_iter()
        .map(|seed| {
            let seed = first() + seed;
            let panel = LOW.make(seed).relative(LOW.selection);
            let design = Design::of(&panel, 0).expect("a design");
            let measured = Measured::of(&panel, &design, how(seed)).expect("enough");
            measured.relative().expect("something was to be expected").interval.low > 0.0
        })
        .collect();
    let naive = naive.iter().filter(|fooled| **fooled).count() as f64 / naive.len() as f64;
    eprintln!(
        "before/after: mean rise {:.1} %, above 10 % in {:.1} %; selection not left out: worked in {:.1} %; harmed {:.1} %; did not work {:.1} %",
        100.0 * before_after,
        100.0 * rose,
        100.0 * naive,
        100.0 * picked.harmed,
        100.0 * picked.not
    );
    assert!(picked.worked <= 0.07 + slack(0.07), "{picked:?}");
    assert!((0.86 - slack(0.86)..=0.94 + slack(0.94)).contains(&some.holds), "{some:?}");
    assert!(rose >= 0.8, "{before_after} {rose}");
}

/// The smallest effect that is told to be seen with 80 %, on average, and how often it is then seen; all that is known is what came before the first time with the action.
fn power(world: World) -> (f64, f64) {
    let found: Vec<(f64, bool)> = (0..seeds())
        .into_par_iter()
        .map(|seed| {
            let seed = first() + seed;
            let past = world.make(seed);
            let plan = Plan { draws: how(seed).draws, ..Plan::usual(world.after, world.selection, seed) };
            let planned: Vec<usize> = (0..past.units()).filter(|unit| past.start(*unit).is_some()).collect();
            let known = world.before + world.selection;
            let history: Vec<Unit> = (0..past.units())
                .map(|unit| Unit { outcomes: (0..known).map(|time| past.outcome(unit, time)).collect(), from: None })
                .collect();
            let power = Power::of(&Panel::new(&history).expect("a panel"), &plan, &planned).expect("enough");
            assert_eq!((power.treated, power.controls), (12, 40));
            let seen = said(&World { effect: power.detectable, ..world }, seed + 100_000);
            (power.detectable, seen.verdict == Verdict::Worked)
        })
        .collect();
    let n = found.len() as f64;
    let seen = found.iter().filter(|(_, seen)| *seen).count() as f64 / n;
    let detectable = found.iter().map(|(detectable, _)| detectable).sum::<f64>() / n;
    eprintln!("detectable with 80 %: {:.1} % on average; seen in {:.1} % of {n}", 100.0 * detectable, 100.0 * seen);
    (detectable, seen)
}

#[test]
fn the_power_told_before_is_the_power_found_after() {
    let (any, seen) = power(World { treated: 12, controls: 40, ..World::PLAIN });
    assert!((0.72 - slack(0.75)..=0.9 + slack(0.85)).contains(&seen), "{seen}");
    // Accounts that are picked because they are low take a larger effect, and it is told so.
    let (low, seen) = power(World { treated: 12, controls: 40, ..LOW });
    assert!((0.72 - slack(0.75)..=0.9 + slack(0.85)).contains(&seen) && low > any, "{seen} {low} {any}");
}
