//! Data files: Parquet written by us, laid out by month.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
};

use arrow::{
    array::{AsArray, UInt32Array},
    compute::take_record_batch,
    datatypes::{Date32Type, SchemaRef},
    record_batch::RecordBatch,
};
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, Encoding},
    file::properties::{EnabledStatistics, WriterProperties},
    schema::types::ColumnPath,
};
use takar_model::{Day, Month, Period};

use super::{
    delta::{Imports, NewFile},
    schema::Status,
};
use crate::error::{LakeError, Result};

/// Rows in a row group: large enough to compress well, small enough that many open files fit in memory.
const ROWS_PER_GROUP: usize = 256 * 1024;

/// Writes rows of one source with one status: a file for each month, or one for all.
pub(crate) struct FileWriter {
    folder: PathBuf,
    schema: SchemaRef,
    source: String,
    status: Status,
    by_month: bool,
    open: BTreeMap<i32, OpenFile>,
    closed: Vec<NewFile>,
    /// How many batches were written.
    batches: u64,
}

/// A month's file to which this many batches brought nothing is closed: lines mostly come in order of date, and an
/// open file holds memory.
const IDLE_BATCHES: u64 = 24;

struct OpenFile {
    last_batch: u64,
    name: String,
    writer: ArrowWriter<BufWriter<File>>,
    rows: u64,
    first: i32,
    last: i32,
    imports: Imports,
}

impl FileWriter {
    /// `folder` is where the files wait until they are committed; `by_month` is for imports so large that
    /// a later correction should not have to rewrite all of them.
    pub(crate) fn new(folder: &Path, schema: SchemaRef, source: &str, status: Status, by_month: bool) -> Self {
        let (folder, source) = (folder.to_owned(), source.to_owned());
        Self { folder, schema, source, status, by_month, open: BTreeMap::new(), closed: Vec::new(), batches: 0 }
    }

    /// Writes the rows of a batch, each to its month's file.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let Some(dates) = batch.column_by_name("date") else {
            return self.write_to(0, batch, 0, 0);
        };
        self.batches += 1;
        self.close_idle()?;
        let days = dates.as_primitive::<Date32Type>().values().to_vec();
        let (first, last) = days.iter().fold((i32::MAX, i32::MIN), |(low, high), day| (low.min(*day), high.max(*day)));
        if !self.by_month || month_of(first) == month_of(last) {
            let bucket = if self.by_month { month_of(first) } else { 0 };
            return self.write_to(bucket, batch, first, last);
        }
        let mut rows_by_month: BTreeMap<i32, Vec<u32>> = BTreeMap::new();
        let mut months = MonthOf::default();
        for (row, day) in (0_u32..).zip(&days) {
            rows_by_month.entry(months.of(*day)).or_default().push(row);
        }
        for (month, rows) in rows_by_month {
            let in_month = |row: &u32| days[*row as usize];
            let first = rows.iter().map(in_month).min().unwrap_or_default();
            let last = rows.iter().map(in_month).max().unwrap_or_default();
            let part = take_record_batch(batch, &UInt32Array::from(rows))
                .map_err(LakeError::data("cannot sort lines by month"))?;
            self.write_to(month, &part, first, last)?;
        }
        Ok(())
    }

    /// Closes the files; they are complete when this returns, and on the disk once they are published.
    pub(crate) fn finish(mut self) -> Result<Vec<NewFile>> {
        for (_, open) in std::mem::take(&mut self.open) {
            self.close(open)?;
        }
        Ok(self.closed)
    }

    fn close_idle(&mut self) -> Result<()> {
        let now = self.batches;
        let idle: Vec<i32> = self
            .open
            .iter()
            .filter(|(_, open)| now - open.last_batch > IDLE_BATCHES)
            .map(|(month, _)| *month)
            .collect();
        for month in idle {
            if let Some(open) = self.open.remove(&month) {
                self.close(open)?;
            }
        }
        Ok(())
    }

    fn close(&mut self, open: OpenFile) -> Result<()> {
        let path = self.folder.join(&open.name);
        let writer = open.writer.into_inner().map_err(LakeError::data("cannot finish a data file"))?;
        writer.into_inner().map_err(|error| LakeError::file("cannot write", &path)(error.into_error()))?;
        let bytes = fs::metadata(&path).map_err(LakeError::file("cannot read", &path))?.len();
        let days = Day::from_epoch_days(open.first)
            .zip(Day::from_epoch_days(open.last))
            .and_then(|(first, last)| Period::new(first, last));
        let (source, status) = (self.source.clone(), self.status);
        let OpenFile { name, rows, imports, .. } = open;
        self.closed.push(NewFile { name, status, imports, source, rows, bytes, days });
        Ok(())
    }

    fn write_to(&mut self, bucket: i32, batch: &RecordBatch, first: i32, last: i32) -> Result<()> {
        let Some(imports) = Imports::of(batch)? else { return Ok(()) };
        if !self.open.contains_key(&bucket) {
            let label = if self.by_month { Month::from_index(bucket).to_string() } else { "all".to_owned() };
            let name = format!("{label}-import-{:06}-{}.parquet", imports.first.0, uuid::Uuid::new_v4().simple());
            let path = self.folder.join(&name);
            let file = File::create(&path).map_err(LakeError::file("cannot create", &path))?;
            let writer =
                ArrowWriter::try_new(BufWriter::with_capacity(1 << 20, file), self.schema.clone(), Some(properties()))
                    .map_err(LakeError::data("cannot start a data file"))?;
            let last_batch = self.batches;
            self.open.insert(bucket, OpenFile { last_batch, name, writer, rows: 0, first, last, imports });
        }
        let Some(open) = self.open.get_mut(&bucket) else {
            return Ok(());
        };
        open.writer.write(batch).map_err(LakeError::data("cannot write lines"))?;
        open.last_batch = self.batches;
        open.rows += batch.num_rows() as u64;
        open.first = open.first.min(first);
        open.last = open.last.max(last);
        open.imports = open.imports.and(imports);
        Ok(())
    }
}

/// Light compression, dictionaries where values recur, statistics only where a reader prunes by them.
fn properties() -> WriterProperties {
    let column = |name: &str| ColumnPath::from(name);
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled(column("date"), EnabledStatistics::Chunk)
        .set_column_dictionary_enabled(column("row"), false)
        .set_column_encoding(column("row"), Encoding::DELTA_BINARY_PACKED);
    for name in ["net", "discount", "cost", "invoice_no"] {
        builder = builder.set_column_dictionary_enabled(column(name), false);
    }
    builder.build()
}

/// The month of an epoch day.
pub(crate) fn month_of(day: i32) -> i32 {
    Day::from_epoch_days(day).map_or(i32::MIN, |day| day.month().index())
}

/// [`month_of`], remembering the last month: days come in runs.
#[derive(Default)]
pub(crate) struct MonthOf {
    known: Option<(i32, i32, i32)>,
}

impl MonthOf {
    pub(crate) fn of(&mut self, day: i32) -> i32 {
        match self.known {
            Some((first, last, month)) if first <= day && day <= last => month,
            _ => {
                let month = month_of(day);
                let whole = Period::month(Month::from_index(month));
                self.known = Some((whole.from().epoch_days(), whole.to().epoch_days(), month));
                month
            }
        }
    }
}
