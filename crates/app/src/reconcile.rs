//! Holding a source against what was brought in from it: late corrections, deleted rows, rows that were passed over.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Decimal128Type};
use serde::Serialize;
use takar_database::Secret;
use takar_import::{Chunk, FactKind, Input, LineSink, Options, Plan, SinkError};
use takar_lake::{ImportReport, Progress};
use takar_model::{Day, Money, Month, Right, Text};

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
    /// What bringing all into agreement would do: lines that are missing here, corrected there, or gone there.
    pub check: ImportReport,
    /// Lines here that the source has no more.
    pub gone: u64,
    /// What was done to bring all into agreement; none where that was not asked for, or nothing differed.
    pub applied: Option<ImportReport>,
}

impl Reconciliation {
    /// Lines of the source that are not here.
    pub const fn missing(&self) -> u64 {
        self.check.added.saturating_sub(self.check.replaced)
    }

    /// The source and what is here are not the same.
    pub const fn differs(&self) -> bool {
        self.check.added + self.check.replaced + self.gone > 0
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
    /// Reads a source whole and compares it with what was brought in from it, sales month by month. Writes nothing, unless
    /// `apply` asks for it: then what is missing and what was corrected is brought in, and what is gone counts no more, as one
    /// import that can be taken back.
    ///
    /// # Errors
    /// Besides those of a sync: the source is empty; `apply` is refused where it has rows that cannot be read: what they were would
    /// count as gone.
    pub fn reconcile_source(
        &self,
        name: &str,
        apply: bool,
        password: Option<&Secret>,
        progress: SyncProgress<'_>,
    ) -> Result<Reconciliation> {
        self.may(Right::Collect)?;
        let status = self.saved_source(name)?;
        let _lock = self.lock_source(name)?;
        let definition = &status.definition;
        let mut database = definition.open(password)?;
        // Apart from the rows that a sync which was cut off left.
        let spool = self.spool(&format!("{name}.compared"))?;
        let copied = self.copy(&mut database, definition, None, None, &spool, progress)?;
        drop(database);
        if copied.rows == 0 {
            return Err(AppError::Asked(Text::new(
                "sumber itu kosong, sehingga semua barisnya akan dianggap hilang. Bila memang begitu, batalkan impornya dengan `takar imports undo`. Tidak ada yang diubah",
                "the source is empty, so that all its lines would count as gone. If that is meant, take its imports back with `takar imports undo`. Nothing was changed",
            )));
        }
        let path = spool.rows(&definition.label());
        let progress: Progress<'_> = &|done, all| progress(SyncStep::Importing { done, all });

        let mut request = crate::ImportRequest {
            input: Input::File(path),
            kind: definition.fact_kind()?,
            options: Options { whole: true, ..definition.options(name)? },
            profile: None,
            save_profile: None,
        };
        let found = self.check(&request, progress)?;
        let months = match found.plan.filter(|_| request.kind == FactKind::Sales) {
            Some(plan) => self.months_of(name, &plan, &request.input, progress)?,
            None => Vec::new(),
        };
        let mut compared = Reconciliation {
            source: name.to_owned(),
            months,
            gone: found.report.gone,
            check: found.report,
            applied: None,
        };
        if apply {
            refuse_what_would_lose(&compared)?;
            if compared.differs() {
                request.options.strict = true;
                compared.applied = Some(self.import(&request, progress)?.1);
                self.note("reconcile source", name)?;
            }
        }
        Ok(compared)
    }

    /// The months of a source as the rows read say, and as they count here.
    fn months_of(&self, name: &str, plan: &Plan, input: &Input, progress: Progress<'_>) -> Result<Vec<MonthOfSource>> {
        let (_, sinks) = takar_import::read(plan, input, vec![Months::default(), Months::default()], progress)?;
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
        Ok(months.into_values().collect())
    }
}

/// Lines that cannot be seen in the source must not be taken for gone.
fn refuse_what_would_lose(compared: &Reconciliation) -> Result<()> {
    if compared.check.set_aside > 0 {
        return Err(AppError::Asked(Text::new(
            "ada baris sumber yang tidak terbaca, sehingga baris lamanya akan dianggap hilang: perbaiki dulu di sumber, lalu ulangi. Tidak ada yang diubah",
            "the source has rows that cannot be read, and what they were would count as gone: correct them in the source first, then do it again. Nothing was changed",
        )));
    }
    Ok(())
}
