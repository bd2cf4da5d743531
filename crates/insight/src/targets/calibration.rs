//! What is said to be reached seven times of ten: is it? Over many simulated companies whose last year is held back.
//!
//! Sixty companies by default, `TAKAR_SEEDS` of them in `make prove`; what that came to stands in docs/proof/targets.md.

use std::{collections::BTreeMap, path::Path};

use takar_model::{Month, Period};

use super::*;
use crate::{
    fixtures::{Company, Line},
    metrics::Kpi,
};

const KNOWN: i32 = 48;
const HELD_BACK: i32 = 12;
/// Windows by their first and last month after the data.
const WINDOWS: [(&str, i32, i32); 4] =
    [("next month", 1, 1), ("third month", 3, 3), ("next quarter", 1, 3), ("nine months from the fourth on", 4, 12)];
/// What people set: the same months a year ago, times so much.
const TIMES: [f64; 4] = [0.9, 1.0, 1.1, 1.2];

/// Net sales of a simulated company by manager and month.
fn sales(folder: &Path, seed: u64) -> (BTreeMap<(u32, Month), i64>, Month) {
    let first_month = Month::from_index(2020 * 12 + 10);
    let months = u32::try_from(KNOWN + HELD_BACK).expect("few");
    let usual = takar_testkit::Simulation::default();
    let simulation =
        takar_testkit::Simulation { lines: 12_000, seed, months, first_month, names_on_lines: false, ..usual };
    takar_testkit::simulate(&simulation, folder, &|_, _| {}).expect("a company");
    let text = std::fs::read_to_string(folder.join("penjualan.csv")).expect("its sales");
    let mut rows = text.lines();
    let header: Vec<&str> = rows.next().expect("a header").split(',').collect();
    let place =
        |name: &str| header.iter().position(|column| *column == name).unwrap_or_else(|| panic!("{name} {header:?}"));
    let (date, manager, net) = (place("tanggal"), place("kode_sales"), place("netto"));
    let mut found = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split(',').collect();
        let month = cells[date].parse::<Period>().expect("a day").from().month();
        let Some(code) = cells[manager].rsplit('-').next().and_then(|code| code.parse::<u32>().ok()) else { continue };
        let value: f64 = cells[net].parse().expect("a number");
        *found.entry((code, month)).or_default() += value.round() as i64;
    }
    (found, first_month)
}

/// How often something came true, by what it was called.
#[derive(Default)]
struct Tally(BTreeMap<String, (f64, usize, usize)>);

impl Tally {
    fn count(&mut self, name: String, told: f64, came: bool) {
        let (sum, hits, all) = self.0.entry(name).or_default();
        *sum += told;
        *hits += usize::from(came);
        *all += 1;
    }

    fn of(&self, name: &str) -> (f64, f64, usize) {
        let (sum, hits, all) = self.0.get(name).copied().unwrap_or_default();
        (sum / all as f64, hits as f64 / all as f64, all)
    }
}

#[test]
fn seven_of_ten_is_seven_of_ten() {
    let seeds: u64 = std::env::var("TAKAR_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let folder = tempfile::tempdir().expect("a folder");
    let mut tally = Tally::default();
    for seed in 0..seeds {
        let (sales, first) = sales(folder.path(), 1_000 + seed);
        let last = first.plus(KNOWN - 1);
        let mut lines = Vec::new();
        for ((manager, month), net) in sales.iter().filter(|((_, month), _)| *month <= last) {
            let mut line = Line::sale("2020-01-01", *manager, *manager, *net);
            line.date = month.last_day();
            lines.push(line);
        }
        let company = Company::new(lines);
        let until = last.plus(HELD_BACK);
        let judge = Judge::of((&company, &company), Kpi::NetSales.definition().into(), Level::Manager, None, until)
            .expect("a judge");
        let members: Vec<String> = judge.prospect().members().filter_map(|(id, _)| id).map(str::to_owned).collect();
        for id in &members {
            let code = id.parse::<u32>().expect("a code") - 1;
            let sum = |from: i32, to: i32| -> f64 {
                (from..=to).filter_map(|step| sales.get(&(code, last.plus(step)))).map(|net| *net as f64).sum()
            };
            for (name, from, to) in WINDOWS {
                let period = Period::months(last.plus(from), last.plus(to)).expect("in order");
                let came = sum(from, to);
                for ambition in [0.5, 0.6, 0.7, 0.8, 0.9] {
                    if let Ok(amount) = judge.amount(Some(id), period, ambition) {
                        tally.count(format!("{name} | {:.0} %", ambition * 100.0), ambition, came >= amount);
                        tally.count(format!("all | {:.0} %", ambition * 100.0), ambition, came >= amount);
                    }
                }
                let before = sum(from - 12, to - 12);
                for times in TIMES {
                    let target = before * times;
                    if let Ok(chance) = judge.chance(Some(id), period, target).map(|chance| chance.value)
                        && target > 0.0
                    {
                        let tenth = (chance * 10.0).floor().min(9.0);
                        tally.count(
                            format!("proposed | {:.0}-{:.0} %", tenth * 10.0, tenth * 10.0 + 10.0),
                            chance,
                            came >= target,
                        );
                    }
                }
            }
        }
    }
    for (name, (sum, hits, all)) in &tally.0 {
        let (told, came) = (100.0 * sum / *all as f64, 100.0 * *hits as f64 / *all as f64);
        eprintln!("{name} | told {told:.1} % | came {came:.1} % | n {all}");
    }
    for (name, wanted) in [("all | 50 %", 0.5), ("all | 60 %", 0.6), ("all | 70 %", 0.7), ("all | 80 %", 0.8)] {
        let (_, came, n) = tally.of(name);
        assert!((came - wanted).abs() <= 0.05 && n > 100, "{name}: {came} of {n}");
    }
}

#[test]
fn the_simulated_sales_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (found, first) = sales(folder.path(), 7);
    let total: i64 = found.values().sum();
    assert!(total > 0 && found.keys().all(|(_, month)| *month >= first));
}
