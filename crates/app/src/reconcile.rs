//! Holding a source against what was brought in from it: late corrections, deleted rows, rows that were passed over.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Decimal128Type};
use serde::Serialize;
use takar_database::Secret;
use takar_import::{Chunk, FactKind, LineSink, SinkError};
use takar_lake::{ImportReport, Progress};
use takar_model::{Day, ImportId, Money, Month, Text};
use takar_state::Message;

use crate::{AppError, ImportRequest, Result, SyncProgress, SyncStep, Takar};

/// A month of a source beside the same month here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MonthOfSource {
    /// The month.
    pub month: Month,
    /// Lines in the source that can be read.
    pub source_lines: u64,
    /// Lines that count here.
    pub lines: u64,
    /// Net of the source's lines.
    pub source_net: Money,
    /// Net of the lines here.
    pub net: Money,
}

impl MonthOfSource {
    /// Both sides say the same.
    pub fn agrees(&self) -> bool {
        self.source_lines == self.lines && self.source_net == self.net
    }
}

/// A source held against the lines that came from it.
#[derive(Debug, Serialize)]
pub struct Reconciliation {
    /// The source.
    pub source: String,
    /// Every month that either side has.
    pub months: Vec<MonthOfSource>,
    /// What a whole sync would do: lines that are missing here, and lines that were corrected there.
    pub check: ImportReport,
    /// Lines here that the source has no more.
    pub gone: u64,
    /// What was done about it, where that was asked for and there was anything to do.
    pub applied: Option<Applied>,
}

/// Lines brought into agreement with their source.
#[derive(Debug, Serialize)]
pub struct Applied {
    /// The import that brought what was missing or corrected, and took out what is gone; it can be undone.
    pub import: ImportReport,
    /// Every month that either side has, since then.
    pub months: Vec<MonthOfSource>,
}

impl Reconciliation {
    /// Lines of the source that are not here.
    pub fn missing(&self) -> u64 {
        self.check.added.saturating_sub(self.check.replaced)
    }
}

/// Counts and sums by month.
#[derive(Default)]
struct Months(BTreeMap<Month, (u64, i128)>);

impl LineSink for Months {
    fn chunk(&mut self, chunk: Chunk) -> std::result::Result<(), SinkError> {
        let column = |name: &str| chunk.lines.column_by_name(name).ok_or("a line has a date and a net");
        let dates = column("date")?.as_primitive::<Date32Type>();
        let nets = column("net")?.as_primitive::<Decimal128Type>();
        for row in 0..chunk.lines.num_rows() {
            let Some(day) = Day::from_epoch_days(dates.value(row)) else { continue };
            let (lines, net) = self.0.entry(day.month()).or_default();
            *lines += 1;
            *net += if nets.is_valid(row) { nets.value(row) } else { 0 };
        }
        Ok(())
    }
}

impl Takar {
    /// Reads a source of sales whole and compares it with what was brought in from it, month by month. To `apply` is to bring
    /// in what is missing or was corrected there and to take out what is gone, as one import; else nothing is written.
    pub fn reconcile_source(
        &self,
        name: &str,
        apply: bool,
        password: Option<&Secret>,
        progress: SyncProgress<'_>,
    ) -> Result<Reconciliation> {
        let status = self.saved_source(name)?;
        let _lock = self.lock_source(name)?;
        let definition = &status.definition;
        if definition.fact_kind()? != FactKind::Sales {
            return Err(AppError::Asked(Text::new(
                "hanya sumber penjualan yang bisa dicocokkan per bulan",
                "only a source of sales can be compared month by month",
            )));
        }
        let mut database = definition.open(password)?;
        // Apart from the rows that a sync which was cut off left.
        let mut spool = self.spool(&format!("{name}.compared"))?;
        let copied = self.copy(&mut database, definition, None, None, &mut spool, progress)?;
        drop(database);
        let mut request = self.request_of(name, definition, &spool)?;
        let progress: Progress<'_> = &|done, all| progress(SyncStep::Importing { done, all });

        if copied.rows == 0 {
            return Err(AppError::Told(empty(name)));
        }
        let (plan, check) = self.trial(&request, progress)?;
        let sinks = vec![Months::default(), Months::default()];
        let (_, sinks) = takar_import::read(&plan, &request.input, sinks, progress)?;
        let mut there = Months::default();
        for (month, (lines, net)) in sinks.into_iter().flat_map(|months| months.0) {
            let sum = there.0.entry(month).or_default();
            *sum = (sum.0 + lines, sum.1 + net);
        }
        let months = self.beside(name, &there)?;
        // What is here is unchanged, corrected there, or gone there.
        let here: u64 = months.iter().map(|month| month.lines).sum();
        let gone = here.saturating_sub(check.unchanged + check.replaced);
        let mut found = Reconciliation { source: name.to_owned(), months, check, gone, applied: None };
        if apply && (found.check.added > 0 || found.gone > 0) {
            if there.0.is_empty() {
                return Err(AppError::Told(empty(name)));
            }
            request.options.complete = true;
            let (_, import) = self.import(&request, progress)?;
            found.applied = Some(Applied { import, months: self.beside(name, &there)? });
        }
        Ok(found)
    }

    /// The months of a source beside those of its lines here.
    fn beside(&self, name: &str, there: &Months) -> Result<Vec<MonthOfSource>> {
        let empty =
            |month| MonthOfSource { month, source_lines: 0, lines: 0, source_net: Money::ZERO, net: Money::ZERO };
        let mut months: BTreeMap<Month, MonthOfSource> = BTreeMap::new();
        for (month, (lines, net)) in &there.0 {
            let here = months.entry(*month).or_insert_with(|| empty(*month));
            here.source_lines += lines;
            here.source_net += Money::from_units(*net);
        }
        for day in self.lake.days_of_stream(name)? {
            let here = months.entry(day.day.month()).or_insert_with(|| empty(day.day.month()));
            here.lines += day.lines;
            here.net += day.net;
        }
        Ok(months.into_values().collect())
    }

    fn trial(&self, request: &ImportRequest, progress: Progress<'_>) -> Result<(takar_import::Plan, ImportReport)> {
        let found = self.check(request, progress)?;
        debug_assert_eq!(found.report.id, ImportId(0));
        let plan = match found.plan {
            Some(plan) => plan,
            None => self.inspect(request)?,
        };
        Ok((plan, found.report))
    }
}

/// A source without rows is more likely a mistake than a company that sold nothing.
fn empty(name: &str) -> Message {
    Message {
        id: format!(
            "sumber \"{name}\" tidak punya baris yang terbaca: tidak ada yang dicocokkan atau dikeluarkan. Periksa tabelnya dengan `takar sources tables {name}`; impornya bisa dibatalkan satu per satu dengan `takar imports undo`"
        ),
        en: format!(
            "the source \"{name}\" has no rows that can be read: nothing was compared or taken out. Look at its table with `takar sources tables {name}`; its imports can be taken back one by one with `takar imports undo`"
        ),
    }
}
