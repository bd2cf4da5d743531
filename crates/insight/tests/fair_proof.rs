//! The fair comparison on simulated companies whose truth is known: is the order of skill recovered, and do the intervals
//! hold the truth as often as they say?
//!
//! `TAKAR_FAIR_SEEDS` says how many companies (12 unless given; `make prove` takes 70), `TAKAR_FAIR_LINES` of how many
//! lines each. What the long run came to is in docs/proof/fair.md.

use std::{collections::HashMap, fs, path::Path, sync::Arc};

use rayon::prelude::*;
use takar_insight::{
    evaluation::fair::{Fair, FairManager, Question, fair},
    metrics::{CellSource, Cells, Grain, Labels, NO_ORDER, NONE, Names, OrderDays, SourceError, Target},
};
use takar_model::{Day, Money, Period};
use takar_testkit::{Simulation, Truth, simulate};

/// A company read from its files: account × manager × month.
struct Company {
    cells: Arc<Cells>,
    names: Names,
    extent: Period,
}

impl CellSource for Company {
    fn cells(&self, _: Period, _: Grain) -> Result<Arc<Cells>, SourceError> {
        Ok(self.cells.clone())
    }

    fn order_days(&self) -> Result<Arc<OrderDays>, SourceError> {
        Ok(Arc::default())
    }

    fn extent(&self) -> Option<Period> {
        Some(self.extent)
    }

    fn first_orders(&self) -> &[i32] {
        &[]
    }

    fn names(&self) -> &Names {
        &self.names
    }

    fn data_version(&self) -> u64 {
        1
    }

    fn targets(&self) -> &[Target] {
        &[]
    }
}

/// The rows of a CSV file without quotes, header left out.
fn rows(folder: &Path, file: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(folder.join(file)).expect("a file of the simulation");
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// Numbers texts in the order in which they come.
#[derive(Default)]
struct Numbers(HashMap<String, u32>, Vec<String>);

impl Numbers {
    fn of(&mut self, text: &str) -> u32 {
        if let Some(known) = self.0.get(text) {
            return *known;
        }
        let code = self.1.len() as u32;
        self.0.insert(text.to_owned(), code);
        self.1.push(text.to_owned());
        code
    }

    fn labels(self) -> Labels {
        Labels::from_ids(self.1)
    }
}

fn company(folder: &Path) -> Company {
    let (mut accounts, mut managers, mut segments, mut regions, mut branches) =
        (Numbers::default(), Numbers::default(), Numbers::default(), Numbers::default(), Numbers::default());
    let mut attributes = Vec::new();
    for row in rows(folder, "pelanggan.csv") {
        accounts.of(&row[0]);
        attributes.push((segments.of(&row[2]), regions.of(&row[3]), branches.of(&row[4])));
    }
    for row in rows(folder, "sales.csv") {
        managers.of(&row[0]);
    }
    let mut sums: HashMap<(i32, u32, u32), i64> = HashMap::new();
    let mut days = Vec::new();
    for row in rows(folder, "penjualan.csv") {
        let day = row[2].parse::<Period>().expect("a day").from();
        days.push(day.epoch_days());
        let key = (day.month().index(), accounts.of(&row[3]), managers.of(&row[4]));
        *sums.entry(key).or_default() += i64::try_from(row[9].parse::<Money>().expect("money").units()).expect("small");
    }
    let mut sorted: Vec<_> = sums.into_iter().collect();
    sorted.sort_unstable();
    let n = sorted.len();
    let of_account = |place: usize| attributes[sorted[place].0.1 as usize];
    let cells = Cells {
        account: sorted.iter().map(|(key, _)| key.1).collect(),
        manager: sorted.iter().map(|(key, _)| key.2).collect(),
        segment: (0..n).map(|place| of_account(place).0).collect(),
        region: (0..n).map(|place| of_account(place).1).collect(),
        branch: (0..n).map(|place| of_account(place).2).collect(),
        month: sorted.iter().map(|(key, _)| key.0).collect(),
        net: sorted.iter().map(|(_, net)| *net).collect(),
        lines: vec![1; n],
        net_lines: vec![1; n],
        quantity_lines: vec![0; n],
        quantity: vec![0; n],
        quantity_before_returns: vec![0; n],
        unit: vec![NONE; n],
        currency: vec![NONE; n],
        gross: vec![0; n],
        discount: vec![0; n],
        cost_lines: vec![0; n],
        cost: vec![0; n],
        net_with_cost: vec![0; n],
        returns: vec![0; n],
        net_before_returns: vec![0; n],
        orders: vec![0; n],
        first_order: vec![NO_ORDER; n],
        ..Cells::default()
    };
    let extent = |day: Option<&i32>| Day::from_epoch_days(*day.expect("lines")).expect("a day");
    Company {
        extent: Period::new(extent(days.iter().min()), extent(days.iter().max())).expect("a period"),
        cells: Arc::new(cells),
        names: Names {
            account: accounts.labels(),
            manager: managers.labels(),
            segment: segments.labels(),
            region: regions.labels(),
            branch: branches.labels(),
            currencies: vec!["IDR".to_owned()],
            ..Names::default()
        },
    }
}

/// What one company says.
#[derive(Default)]
struct Found {
    managers: usize,
    /// Spearman against true skill: raw sales, raw attainment, index, shrunken index, skill from hand-overs, best estimate.
    orders: [Option<f64>; 6],
    /// Truth held by the interval of the index, the shrunken index, skill, shrunken skill, the best estimate; and of how many.
    held: [(usize, usize); 5],
    /// Σ of interval widths on the log scale, in the same order.
    widths: [f64; 5],
    /// Managers in the top quarter by P(top quarter) summed, and truly.
    top: (f64, f64),
}

fn look(seed: u64, lines: u64) -> Found {
    let folder = tempfile::tempdir().expect("a folder");
    let simulation = Simulation { lines, seed, names_on_lines: false, ..Simulation::default() };
    let truth = simulate(&simulation, folder.path(), &|_, _| {}).expect("a company");
    let company = company(folder.path());
    let found = fair(&company, &Question::default()).expect("a comparison");
    assess(&truth, &found, folder.path())
}

fn assess(truth: &Truth, found: &Fair, folder: &Path) -> Found {
    let skill: HashMap<&str, f64> = truth.managers.iter().map(|one| (one.manager.as_str(), one.skill.ln())).collect();
    let branch: HashMap<String, String> =
        rows(folder, "sales.csv").into_iter().map(|row| (row[0].clone(), row[3].clone())).collect();
    let mut targets: HashMap<String, f64> = HashMap::new();
    for row in rows(folder, "target.csv") {
        if found.period.contains(row[1].parse::<Period>().expect("a month").from()) {
            *targets.entry(row[0].clone()).or_default() += row[2].parse::<f64>().expect("a target");
        }
    }
    let managers: Vec<&FairManager> = found.managers.iter().filter(|one| one.adjusted.is_ok()).collect();
    let own = |one: &FairManager| skill[one.id.as_str()];
    let expected = |one: &FairManager| one.expected.map_or(0.0, Money::to_f64);
    // Managers are compared within a branch, so that the truth is against the branch's mean, weighted as the expectation is.
    let of_branch = |one: &FairManager| {
        let same = managers.iter().filter(|other| branch[&other.id] == branch[&one.id]);
        let sums =
            same.fold((0.0, 0.0), |sum, other| (sum.0 + expected(other) * own(other).exp(), sum.1 + expected(other)));
        own(one) - (sums.0 / sums.1).ln()
    };
    let mut all = Found { managers: managers.len(), ..Found::default() };
    let mut count = |place: usize, low: f64, high: f64, truth: f64| {
        let (held, of) = &mut all.held[place];
        *held += usize::from(low.ln() <= truth && truth <= high.ln());
        *of += 1;
        all.widths[place] += (high / low).ln();
    };
    for one in &managers {
        let adjusted = one.adjusted.as_ref().expect("compared");
        count(0, adjusted.index.interval.low, adjusted.index.interval.high, of_branch(one));
        if let Some(shrunken) = adjusted.shrunken {
            count(1, shrunken.interval.low, shrunken.interval.high, of_branch(one));
        }
        if let Some(best) = adjusted.best {
            count(4, best.interval.low, best.interval.high, of_branch(one));
        }
        let Some(skill) = one.skill else { continue };
        // All of the set, those with too few hand-overs to be shown too: here sets are whole branches.
        let set: Vec<f64> =
            found.managers.iter().filter(|other| branch[&other.id] == branch[&one.id]).map(own).collect();
        if set.len() != skill.members {
            continue;
        }
        let truth = own(one) - set.iter().sum::<f64>() / set.len() as f64;
        count(2, skill.effect.interval.low, skill.effect.interval.high, truth);
        if let Some(shrunken) = skill.shrunken {
            count(3, shrunken.interval.low, shrunken.interval.high, truth);
        }
    }
    let truths: Vec<f64> = managers.iter().map(|one| own(one)).collect();
    let of = |figure: &dyn Fn(&FairManager) -> Option<f64>| {
        let figures: Option<Vec<f64>> = managers.iter().map(|one| figure(one)).collect();
        // Where all are told to be alike, nothing of the order is told.
        figures.map(|figures| spearman(&figures, &truths).unwrap_or_default())
    };
    let net = |one: &FairManager| one.observed.to_f64();
    all.orders = [
        of(&|one| Some(net(one))),
        of(&|one| Some(net(one) / targets.get(&one.id)?)),
        of(&|one| Some(one.adjusted.as_ref().ok()?.index.value)),
        of(&|one| Some(one.adjusted.as_ref().ok()?.shrunken?.value)),
        of(&|one| Some(one.skill?.effect.value)),
        of(&|one| Some(one.adjusted.as_ref().ok()?.best?.value)),
    ];
    let quarter = truths.len().div_ceil(4);
    for one in &managers {
        let above = truths.iter().filter(|other| **other > own(one)).count();
        if let Some(standing) = one.adjusted.as_ref().ok().and_then(|adjusted| adjusted.standing) {
            let is_top = f64::from(u8::from(above < quarter));
            all.top.0 += (standing.top_quarter - is_top).powi(2);
            all.top.1 += (0.25 - is_top).powi(2);
        }
    }
    all
}

fn spearman(one: &[f64], other: &[f64]) -> Option<f64> {
    let ranks = |values: &[f64]| -> Vec<f64> {
        let rank = |value: &f64| {
            let below = values.iter().filter(|other| *other < value).count();
            let equal = values.iter().filter(|other| *other == value).count();
            below as f64 + (equal as f64 + 1.0) / 2.0
        };
        values.iter().map(rank).collect()
    };
    let (one, other) = (ranks(one), ranks(other));
    let mean = (one.len() as f64 + 1.0) / 2.0;
    let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    let spread = (sum(&one, &one) * sum(&other, &other)).sqrt();
    (spread > 0.0).then(|| sum(&one, &other) / spread)
}

fn asked(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn the_order_of_skill_is_recovered_and_intervals_hold_the_truth() {
    let (seeds, lines) = (asked("TAKAR_FAIR_SEEDS", 12), asked("TAKAR_FAIR_LINES", 300_000));
    let found: Vec<Found> = (0..seeds).into_par_iter().map(|seed| look(1_000 + seed, lines)).collect();
    let managers: usize = found.iter().map(|one| one.managers).sum();
    println!("{seeds} companies of {lines} lines, {managers} managers");
    let mut means = Vec::new();
    for (place, name) in
        ["raw sales", "raw attainment", "index", "shrunken index", "skill", "best estimate"].iter().enumerate()
    {
        let values: Vec<f64> = found.iter().filter_map(|one| one.orders[place]).collect();
        let n = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / n;
        let error = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n / n).sqrt();
        println!("Spearman {name}: {mean:.3} ± {error:.3} over {} companies", values.len());
        means.push(mean);
    }
    let mut coverage = Vec::new();
    for (place, name) in ["index", "shrunken index", "skill", "shrunken skill", "best estimate"].iter().enumerate() {
        let (held, of) = found.iter().fold((0, 0), |sum, one| (sum.0 + one.held[place].0, sum.1 + one.held[place].1));
        let width = found.iter().map(|one| one.widths[place]).sum::<f64>() / of.max(1) as f64;
        let share = held as f64 / of.max(1) as f64;
        println!(
            "coverage of the 95 % interval, {name}: {:.1} % of {of} (mean width {width:.3} on the log scale)",
            share * 100.0
        );
        coverage.push((share, of));
    }
    let (brier, plain) = found.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.top.0, sum.1 + one.top.1));
    println!(
        "Brier score of P(top quarter): {:.4}, of always a quarter: {:.4}",
        brier / managers as f64,
        plain / managers as f64
    );
    let [sales, attainment, .., best] = means.as_slice() else { panic!("six orders") };
    assert!(best > sales && best > attainment, "the order of skill is recovered no better than by raw figures");
    // 93 to 97 % over 2,000 managers and more; fewer leave more to chance.
    let many = managers >= 2_000;
    let bounds = if many { 0.93..=0.97 } else { 0.90..=0.995 };
    for place in [0, 2, 4] {
        let (share, of) = coverage[place];
        assert!(bounds.contains(&share), "{share} of {of} intervals {place} hold the truth");
    }
}
