//! Holding a source against what was brought in from it: late corrections, deleted rows, rows that were passed over.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Decimal128Type};
use serde::Serialize;
use takar_database::Secret;
use takar_import::{Chunk, FactKind, Input, LineSink, SinkError};
use takar_lake::{ImportReport, Progress};
use takar_model::{Day, ImportId, Money, Month, Text};

use crate::{AppError, Result, SyncProgress, SyncStep, Takar};

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
    /// Reads a source of sales whole and compares it with what was brought in from it, month by month. Writes nothing.
    pub fn reconcile_source(
        &self,
        name: &str,
        password: Option<&Secret>,
        progress: SyncProgress<'_>,
    ) -> Result<Reconciliation> {
        let status = self.saved_source(name)?;
        let _lock = self.lock_source(name)?;
        let (definition, kind) = (&status.definition, status.definition.fact_kind()?);
        if kind != FactKind::Sales {
            return Err(AppError::Asked(Text::new(
                "hanya sumber penjualan yang bisa dicocokkan per bulan",
                "only a source of sales can be compared month by month",
            )));
        }
        let mut database = definition.open(password)?;
        // Apart from the rows that a sync which was cut off left.
        let mut spool = self.spool(&format!("{name}.compared"))?;
        self.copy(&mut database, definition, None, None, &mut spool, progress)?;
        drop(database);
        let path = spool.rows(&definition.label());
        let progress: Progress<'_> = &|done, all| progress(SyncStep::Importing { done, all });

        let (plan, check) = self.trial(name, definition, Input::File(path.clone()), progress)?;
        let (_, sinks) =
            takar_import::read(&plan, &Input::File(path), vec![Months::default(), Months::default()], progress)?;
        let mut months: BTreeMap<Month, MonthOfSource> = BTreeMap::new();
        let empty =
            |month| MonthOfSource { month, source_lines: 0, lines: 0, source_net: Money::ZERO, net: Money::ZERO };
        for (month, (lines, net)) in sinks.into_iter().flat_map(|months| months.0) {
            let here = months.entry(month).or_insert_with(|| empty(month));
            here.source_lines += lines;
            here.source_net += Money::from_units(net);
        }
        for day in self.lake.days_of_stream(name)? {
            let here = months.entry(day.day.month()).or_insert_with(|| empty(day.day.month()));
            here.lines += day.lines;
            here.net += day.net;
        }
        let months: Vec<MonthOfSource> = months.into_values().collect();
        // What is here is unchanged, corrected there, or gone there.
        let here: u64 = months.iter().map(|month| month.lines).sum();
        let gone = here.saturating_sub(check.unchanged + check.replaced);
        Ok(Reconciliation { source: name.to_owned(), months, check, gone })
    }

    fn trial(
        &self,
        name: &str,
        definition: &crate::SourceDefinition,
        input: Input,
        progress: Progress<'_>,
    ) -> Result<(takar_import::Plan, ImportReport)> {
        let request = crate::ImportRequest {
            input,
            kind: FactKind::Sales,
            options: definition.options(name)?,
            profile: None,
            save_profile: None,
        };
        let found = self.check(&request, progress)?;
        debug_assert_eq!(found.report.id, ImportId(0));
        let plan = match found.plan {
            Some(plan) => plan,
            None => self.inspect(&request)?,
        };
        Ok((plan, found.report))
    }
}
