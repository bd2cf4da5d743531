//! Rows that are Arrow already: Parquet files and the results of queries.

use std::{fs::File, path::Path};

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch},
    compute::{CastOptions, cast_with_options},
    datatypes::{DataType, Float32Type, Float64Type, SchemaRef},
    util::display::{ArrayFormatter, FormatOptions},
};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::{
    ImportError,
    grid::{Block, Grid, GridBuilder, Kind},
    numbers,
    source::Source,
};

const ROWS: usize = 8192;
/// Column names stand in for a header in row 1.
const FIRST_ROW: u64 = 2;

/// The batches of a Parquet file.
pub(crate) struct ParquetReader {
    label: String,
    batches: ParquetRecordBatchReader,
    schema: SchemaRef,
    bytes: u64,
    rows: u64,
    read: u64,
}

impl ParquetReader {
    pub(crate) fn open(path: &Path, label: &str) -> Result<Self, ImportError> {
        let damaged =
            |error: &dyn std::fmt::Display| ImportError::Damaged { file: label.to_owned(), detail: error.to_string() };
        let file = File::open(path).map_err(|source| ImportError::Unreadable { file: label.to_owned(), source })?;
        let bytes = file.metadata().map_or(0, |metadata| metadata.len());
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| damaged(&error))?;
        let schema = builder.schema().clone();
        let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
        let batches = builder.with_batch_size(ROWS).build().map_err(|error| damaged(&error))?;
        Ok(Self { label: label.to_owned(), batches, schema, bytes, rows, read: 0 })
    }

    pub(crate) fn headers(&self) -> Vec<String> {
        headers(&self.schema)
    }
}

impl Source for ParquetReader {
    fn next(&mut self) -> Result<Option<Block>, ImportError> {
        let Some(batch) = self.batches.next() else { return Ok(None) };
        let batch =
            batch.map_err(|error| ImportError::Damaged { file: self.label.clone(), detail: error.to_string() })?;
        let first_row = FIRST_ROW + self.read;
        self.read += batch.num_rows() as u64;
        Ok(Some(Block::Rows { batch, first_row }))
    }

    fn done(&self) -> u64 {
        (self.bytes * self.read).checked_div(self.rows).unwrap_or(self.bytes)
    }
}

/// The batches of a query's result.
pub(crate) struct RowsReader {
    batches: std::vec::IntoIter<RecordBatch>,
    next_row: u64,
}

impl RowsReader {
    pub(crate) fn new(batches: Vec<RecordBatch>) -> Self {
        Self { batches: batches.into_iter(), next_row: FIRST_ROW }
    }
}

impl Source for RowsReader {
    fn next(&mut self) -> Result<Option<Block>, ImportError> {
        let Some(batch) = self.batches.next() else { return Ok(None) };
        let first_row = self.next_row;
        self.next_row += batch.num_rows() as u64;
        Ok(Some(Block::Rows { batch, first_row }))
    }

    fn done(&self) -> u64 {
        0
    }
}

/// The names of the columns.
pub(crate) fn headers(schema: &SchemaRef) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().trim().to_owned()).collect()
}

/// Turns a batch into cells, each with the kind that its column's type says.
pub(crate) fn grid(batch: &RecordBatch, first_row: u64, file: &str) -> Result<Grid, ImportError> {
    let columns: Vec<Column> = batch
        .columns()
        .iter()
        .map(Column::new)
        .collect::<Result<_, _>>()
        .map_err(|error| ImportError::Damaged { file: file.to_owned(), detail: error.to_string() })?;
    let options = FormatOptions::default();
    let formatters: Vec<_> = columns
        .iter()
        .map(|column| ArrayFormatter::try_new(column.array.as_ref(), &options))
        .collect::<Result<_, _>>()
        .map_err(|error| ImportError::Damaged { file: file.to_owned(), detail: error.to_string() })?;
    let mut builder = GridBuilder::default();
    for row in 0..batch.num_rows() {
        for (column, formatter) in columns.iter().zip(&formatters) {
            if column.array.is_null(row) {
                builder.push("", Kind::Text);
            } else if let Some(value) = column.float(row) {
                builder.push(&if value.is_finite() { numbers::write_float(value) } else { String::new() }, column.kind);
            } else {
                builder.push(&formatter.value(row).try_to_string().unwrap_or_default(), column.kind);
            }
        }
        builder.end_row(first_row + row as u64);
    }
    Ok(builder.take())
}

/// One column in a type that is written plainly.
struct Column {
    array: ArrayRef,
    kind: Kind,
}

impl Column {
    fn new(array: &ArrayRef) -> Result<Self, arrow::error::ArrowError> {
        let as_type = |data_type: &DataType| cast_with_options(array, data_type, &CastOptions::default());
        let values = match array.data_type() {
            DataType::Dictionary(_, values) => Some(values.as_ref().clone()),
            _ => None,
        };
        if let Some(values) = values {
            return Self::new(&as_type(&values)?);
        }
        let (array, kind) = match array.data_type() {
            DataType::Timestamp(..) | DataType::Date64 => (as_type(&DataType::Date32)?, Kind::Day),
            DataType::Date32 => (array.clone(), Kind::Day),
            DataType::Float16 => (as_type(&DataType::Float32)?, Kind::Number),
            data_type if data_type.is_numeric() => (array.clone(), Kind::Number),
            _ => (array.clone(), Kind::Text),
        };
        Ok(Self { array, kind })
    }

    fn float(&self, row: usize) -> Option<f64> {
        match self.array.data_type() {
            DataType::Float64 => Some(self.array.as_primitive::<Float64Type>().value(row)),
            // A float of 32 bits has seven digits; its shortest text says what was meant.
            DataType::Float32 => format!("{}", self.array.as_primitive::<Float32Type>().value(row)).parse().ok(),
            _ => None,
        }
    }
}
