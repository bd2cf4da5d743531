//! What one worker counts, and how the counts of all become the check.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use rayon::slice::ParallelSliceMut;
use takar_model::{Day, Money, Quantity};

use crate::{Check, Example, Field, ImportError, Plan, Reason, SetAside, Warning, WarningKind, grid::Grid, suggest};

/// Set-aside rows that are kept with their cells.
const KEPT: u64 = 1_000_000;
/// Examples of a warning.
const EXAMPLES: usize = 5;

/// A row's first fault.
pub(crate) struct Fault<'a> {
    pub reason: Reason,
    pub field: Option<Field>,
    pub column: Option<usize>,
    pub value: &'a str,
}

/// The counts of one worker.
#[derive(Default)]
pub(crate) struct Tally {
    pub rows: u64,
    pub lines: u64,
    pub set_aside: Vec<SetAside>,
    pub set_aside_total: u64,
    pub dropped: u64,
    /// Of every row.
    pub hashes: Vec<u64>,
    /// Of the line that every row names, where contradictions are looked for.
    pub line_keys: Vec<u64>,
    pub days: Option<(i32, i32)>,
    pub net: Option<i128>,
    pub quantity: Option<i128>,
    warnings: BTreeMap<(WarningKind, String), (u64, Vec<Example>)>,
}

impl Tally {
    /// Puts a row aside.
    pub(crate) fn put_aside(&mut self, plan: &Plan, grid: &Grid, row: usize, fault: &Fault<'_>, all: &AtomicU64) {
        self.set_aside_total += 1;
        if all.fetch_add(1, Ordering::Relaxed) >= KEPT {
            return;
        }
        let repeats = plan.repeats.as_ref().filter(|_| fault.reason == Reason::LineRepeated);
        let first_row = repeats.and_then(|repeats| repeats.get(&grid.rows[row].number));
        self.set_aside.push(SetAside {
            file: plan.label.clone(),
            sheet: plan.sheet.clone(),
            row: grid.rows[row].number,
            field: fault.field,
            column: fault.column.and_then(|column| plan.headers.get(column).cloned()),
            value: fault.value.to_owned(),
            reason: fault.reason,
            first_row: first_row.copied(),
            suggestion: suggest::suggestion(plan, grid, row, fault.column, fault.reason),
            cells: grid.cells(row, plan.headers.len()),
        });
    }

    /// Counts something odd.
    pub(crate) fn warn(&mut self, kind: WarningKind, columns: &str, row: u64, value: impl FnOnce() -> String) {
        let (count, examples) = match self.warnings.get_mut(&(kind, columns.to_owned())) {
            Some(known) => known,
            None => self.warnings.entry((kind, columns.to_owned())).or_default(),
        };
        *count += 1;
        if examples.len() < EXAMPLES {
            examples.push(Example { row, value: value() });
        }
    }

    /// Counts a line that is handed out.
    #[inline]
    pub(crate) fn line(&mut self, day: i32, net: Option<i128>, quantity: Option<i128>) {
        self.lines += 1;
        self.days = Some(self.days.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
        if let Some(net) = net {
            self.net = Some(self.net.unwrap_or(0) + net);
        }
        if let Some(quantity) = quantity {
            self.quantity = Some(self.quantity.unwrap_or(0) + quantity);
        }
    }

    fn merge(&mut self, mut other: Self) {
        let sum = |mine: Option<i128>, theirs: Option<i128>| match (mine, theirs) {
            (Some(mine), Some(theirs)) => Some(mine + theirs),
            (mine, theirs) => mine.or(theirs),
        };
        self.rows += other.rows;
        self.lines += other.lines;
        self.set_aside.append(&mut other.set_aside);
        self.set_aside_total += other.set_aside_total;
        self.dropped += other.dropped;
        self.hashes.append(&mut other.hashes);
        self.line_keys.append(&mut other.line_keys);
        self.days = match (self.days, other.days) {
            (Some(mine), Some(theirs)) => Some((mine.0.min(theirs.0), mine.1.max(theirs.1))),
            (mine, theirs) => mine.or(theirs),
        };
        self.net = sum(self.net, other.net);
        self.quantity = sum(self.quantity, other.quantity);
        for (key, (count, examples)) in other.warnings {
            let (all, kept) = self.warnings.entry(key).or_default();
            *all += count;
            kept.extend(examples);
        }
    }
}

/// How many of some numbers are equal to another one before.
fn repeated(numbers: &mut [u64]) -> usize {
    numbers.par_sort_unstable();
    numbers.windows(2).filter(|pair| pair[0] == pair[1]).count()
}

/// The check of a file from the counts of all workers.
///
/// # Errors
/// [`ImportError::Replan`] where rows contradict each other about a line of an invoice, and the plan does not know.
pub(crate) fn check(plan: &Plan, tallies: Vec<Tally>) -> Result<Check, ImportError> {
    let mut all = Tally::default();
    tallies.into_iter().for_each(|tally| all.merge(tally));
    all.set_aside.sort_by_key(|row| row.row);
    let contents = all.hashes.len();
    let duplicates = repeated(&mut all.hashes);
    let lines = all.line_keys.len();
    if lines > 0 && lines - repeated(&mut all.line_keys) < contents - duplicates {
        let (column, value) = (plan.column_of(Field::LineNo).unwrap_or_default().to_owned(), String::new());
        return Err(ImportError::Replan { file: plan.label.clone(), column, row: plan.header_row, value });
    }
    let duplicates = duplicates as u64;

    let mut warnings: Vec<Warning> = Vec::new();
    for ((kind, columns), (count, mut examples)) in all.warnings {
        examples.sort_by_key(|example| example.row);
        examples.truncate(EXAMPLES);
        warnings.push(Warning { kind, columns: vec![columns], count, examples });
    }
    for (column, example) in &plan.lost_digits {
        let (columns, examples) = (vec![column.clone()], vec![example.clone()]);
        warnings.push(Warning { kind: WarningKind::LostDigits, columns, count: 0, examples });
    }
    let of_file = |kind, columns, count| Warning { kind, columns, count, examples: Vec::new() };
    if plan.decisions.discount_negated {
        let columns = plan.column_of(Field::Discount).map(str::to_owned).into_iter().collect();
        warnings.push(of_file(WarningKind::NegativeDiscounts, columns, 0));
    }
    if duplicates > 0 && !plan.options.drop_duplicates {
        warnings.push(of_file(WarningKind::Duplicates, Vec::new(), duplicates));
    }
    if plan.options.profile.as_ref().is_some_and(|profile| !profile.is_for(&plan.headers)) {
        warnings.push(of_file(WarningKind::OtherProfile, Vec::new(), 0));
    }
    let extras: Vec<String> = plan.extra_columns().into_iter().map(str::to_owned).collect();
    if !extras.is_empty() {
        warnings.push(of_file(WarningKind::ExtraColumns, extras, 0));
    }
    Ok(Check {
        rows: all.rows,
        lines: all.lines,
        set_aside: all.set_aside,
        set_aside_total: all.set_aside_total,
        duplicates,
        duplicates_dropped: all.dropped,
        warnings,
        first_day: all.days.and_then(|(first, _)| Day::from_epoch_days(first)),
        last_day: all.days.and_then(|(_, last)| Day::from_epoch_days(last)),
        net: all.net.map(Money::from_units),
        quantity: all.quantity.map(Quantity::from_units),
    })
}
