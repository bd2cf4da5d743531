//! A simulated Indonesian distributor whose truth is known.
//!
//! [`simulate`] writes the files such a company would export (sales lines, accounts, goods, managers,
//! targets, ownership, stock and stock-outs, offers, activities, feedback, costs to serve) and `truth.json`, which tells what no
//! company knows about itself: how skilled each manager really is, when an account was really lost, what
//! an improvement action really did. The noise is that of trade, not of a test: see [`Truth`].
//!
//! The same [`Simulation`] gives the same bytes on any count of threads: every account draws from a
//! stream of its own. [`build`] has small files for tests, made by hand.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use takar_model::Month;

mod account;
pub mod build;
mod calendar;
mod company;
mod costs;
mod error;
mod ledger;
mod masters;
mod orders;
mod random;
mod stock;
mod truth;
mod words;
mod work;

#[cfg(test)]
mod tests;

pub use error::SimulateError;
pub use ledger::{LEAN_SALES_HEADER, SALES_HEADER};
pub use orders::FADE;
pub use truth::{
    AccountTruth, ActionTruth, HandOver, Lebaran, LevelBreak, ManagerTruth, MonthTruth, PriceErosion, Totals, Truth,
};

use company::Company;
use ledger::{Ledger, Phrases};
use orders::Trade;

/// The fewest lines that can be simulated.
pub const MIN_LINES: u64 = 100;

/// The most lines that can be simulated.
pub const MAX_LINES: u64 = 500_000_000;

/// The fewest accounts that can be asked for.
pub const MIN_ACCOUNTS: u32 = 60;

/// The most accounts that can be asked for: their codes have six digits.
pub const MAX_ACCOUNTS: u32 = 999_999;

/// The fewest managers that can be asked for.
pub const MIN_MANAGERS: u32 = 2;

/// The count of lines is met to this share, or better, where there are orders enough.
const CLOSE_ENOUGH: f64 = 0.002;

/// Trials of the order rate before the real run.
const TRIALS: u32 = 8;

/// What to simulate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulation {
    /// About how many sales lines, [`MIN_LINES`] to [`MAX_LINES`]; the truth has the exact count.
    pub lines: u64,
    /// Another seed, another company.
    pub seed: u64,
    /// How many months, at least 1.
    pub months: u32,
    /// The first month; all lie inside 2015-01..2030-12.
    pub first_month: Month,
    /// How many accounts; about one for 12.5 lines a month unless given.
    pub accounts: Option<u32>,
    /// How many account managers, at most as many as accounts; by the square root of the accounts unless given.
    pub managers: Option<u32>,
    /// Names and attributes stand on every sales line (as small companies export them), or only in the
    /// master files (a star schema: half the bytes).
    pub names_on_lines: bool,
}

impl Default for Simulation {
    /// A hundred thousand lines in the four years that end with October 2025.
    fn default() -> Self {
        let first_month = Month::from_index(2021 * 12 + 10);
        Self { lines: 100_000, seed: 7, months: 48, first_month, accounts: None, managers: None, names_on_lines: true }
    }
}

impl Simulation {
    fn check(&self) -> Result<(), SimulateError> {
        if !(MIN_LINES..=MAX_LINES).contains(&self.lines) {
            return Err(SimulateError::Lines(self.lines));
        }
        let inside = calendar::supported().is_some_and(|(first, last)| {
            let begins_inside = (first..=last).contains(&self.first_month);
            begins_inside && (1..=i64::from(last.index() - self.first_month.index()) + 1).contains(&self.months.into())
        });
        let accounts = company::account_count(self);
        if self.accounts.is_some_and(|asked| !(MIN_ACCOUNTS..=MAX_ACCOUNTS).contains(&asked))
            || self.managers.is_some_and(|asked| !(MIN_MANAGERS as usize..=accounts).contains(&(asked as usize)))
        {
            return Err(SimulateError::People { accounts, managers: self.managers });
        }
        let outside = || SimulateError::Months { first: self.first_month.to_string(), months: self.months };
        inside.then_some(()).ok_or_else(outside)
    }
}

/// Simulates a company and writes its files and `truth.json` into a folder, which is made when missing;
/// files of the same names are replaced. `truth.json` comes last: where it is, the rest is complete.
///
/// `progress` is told the lines written and the lines asked for: at the beginning, and after each month.
///
/// # Errors
/// [`SimulateError::Lines`], [`SimulateError::People`] and [`SimulateError::Months`] before anything is written,
/// [`SimulateError::Write`] when a file cannot be.
pub fn simulate(simulation: &Simulation, out_dir: &Path, progress: &dyn Fn(u64, u64)) -> Result<Truth, SimulateError> {
    simulation.check()?;
    let truth_file = out_dir.join("truth.json");
    let cannot = |path: &Path| {
        let path = path.to_owned();
        move |source: io::Error| SimulateError::Write { path, source }
    };
    fs::create_dir_all(out_dir).map_err(cannot(out_dir))?;
    match fs::remove_file(&truth_file) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(cannot(&truth_file)(source)),
        _ => {}
    }
    progress(0, simulation.lines);
    let company = Company::found(simulation);
    let base_rate = find_rate(&company, simulation.lines);

    let sales_file = out_dir.join("penjualan.csv");
    let ledger = write_sales(&company, base_rate, simulation, &sales_file, progress).map_err(cannot(&sales_file))?;
    let truth = masters::truth(&company, &ledger);
    let files = masters::files(&company).into_iter().chain(work::files(&company, &ledger));
    for (name, text) in files.chain([costs::file(&company, &ledger)]) {
        let path: PathBuf = out_dir.join(name);
        fs::write(&path, text).map_err(cannot(&path))?;
    }
    let told = serde_json::to_vec_pretty(&truth).map_err(io::Error::other).map_err(cannot(&truth_file))?;
    fs::write(&truth_file, told).map_err(cannot(&truth_file))?;
    Ok(truth)
}

fn write_sales(
    company: &Company,
    base_rate: f64,
    simulation: &Simulation,
    path: &Path,
    progress: &dyn Fn(u64, u64),
) -> io::Result<Ledger> {
    let mut out = BufWriter::new(File::create(path)?);
    let header = if simulation.names_on_lines { SALES_HEADER } else { LEAN_SALES_HEADER };
    writeln!(out, "{header}")?;
    let phrases = Phrases::new(company, simulation.names_on_lines);
    let mut ledger = Ledger::new(company);
    let mut trade = Trade::new(company, base_rate);
    for month in 0..company.calendar.months.len() {
        let batches = trade.month(month);
        ledger.write_month(company, &phrases, month, &batches, &mut out)?;
        progress(ledger.lines(), simulation.lines);
    }
    out.flush()?;
    Ok(ledger)
}

/// The base rate that gives the count of lines, found by trading without writing.
///
/// Only the rate of the whole company is fitted, so nothing of one account leaks into another.
fn find_rate(company: &Company, lines: u64) -> f64 {
    let count = |rate: f64| -> f64 {
        let mut trade = Trade::new(company, rate);
        let months = 0..company.calendar.months.len();
        months.flat_map(|month| trade.month(month)).map(|batch| batch.lines.len() as f64).sum()
    };
    let wanted = lines as f64;
    let mut rate = orders::first_guess(company, lines);
    let mut best = (f64::INFINITY, rate);
    for _ in 0..TRIALS {
        let made = count(rate);
        let miss = (made / wanted - 1.0).abs();
        if miss < best.0 {
            best = (miss, rate);
        }
        if miss <= CLOSE_ENOUGH {
            break;
        }
        rate *= wanted / made.max(1.0);
    }
    best.1
}
