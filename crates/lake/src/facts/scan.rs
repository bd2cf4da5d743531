//! Data files read back in parallel: whole, some columns of them, or some rows.

use std::{fs::File, path::Path, sync::Arc};

use arrow::{
    array::{BooleanArray, new_null_array},
    compute::filter_record_batch,
    datatypes::{DataType, Schema, SchemaRef},
    record_batch::RecordBatch,
};
use parquet::arrow::{
    ProjectionMask,
    arrow_reader::{
        ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
    },
};
use rayon::prelude::*;
use takar_import::FactKind;
use takar_model::ImportId;

use super::{columns::whole, delta::DataFile, schema::stored_schema};
use crate::error::{LakeError, Result};

/// Which columns of a data file are read, and how.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Columns<'a> {
    /// Only these; all where there are none.
    pub only: Option<&'a [&'a str]>,
    /// Text columns that are read as codes of the file's dictionary: a text that recurs is looked at once.
    pub coded: &'a [&'a str],
    /// All that the table of this kind has: a column that came to it after the file was written is blank in its rows.
    pub whole: Option<FactKind>,
}

impl<'a> Columns<'a> {
    /// All columns of a table, texts as texts.
    pub(crate) const fn all(kind: FactKind) -> Self {
        Self { only: None, coded: &[], whole: Some(kind) }
    }

    /// These columns, texts as texts.
    pub(crate) const fn only(names: &'a [&'a str]) -> Self {
        Self { only: Some(names), coded: &[], whole: None }
    }
}

/// Reads data files, two or more at a time, and folds every batch.
///
/// `start` makes the state of each file; `fold` takes its batches in order; the states come back in the
/// order of the files.
pub(crate) fn scan<S: Send>(
    folder: &Path,
    files: &[DataFile],
    columns: Columns<'_>,
    start: impl Fn(&DataFile) -> S + Sync,
    fold: impl Fn(&mut S, RecordBatch) -> Result<()> + Sync,
) -> Result<Vec<S>> {
    files
        .par_iter()
        .map(|file| {
            let mut state = start(file);
            for batch in open(&folder.join(&file.name), columns)? {
                fold(&mut state, batch?)?;
            }
            Ok(state)
        })
        .collect()
}

/// Some rows of a data file, by their places in it, in order.
#[derive(Debug, Clone)]
pub(crate) struct RowsOfFile {
    pub file: DataFile,
    pub rows: Vec<u32>,
}

/// Finds rows: `is_asked` tells which rows of a batch of the given columns are. Files without any are left out.
pub(crate) fn find_rows(
    folder: &Path,
    files: &[DataFile],
    columns: Columns<'_>,
    is_asked: impl Fn(&RecordBatch) -> Result<Vec<bool>> + Sync,
) -> Result<Vec<RowsOfFile>> {
    let found = scan(
        folder,
        files,
        columns,
        |file| (0_u32, RowsOfFile { file: file.clone(), rows: Vec::new() }),
        |(first, found), batch| {
            let asked = is_asked(&batch)?;
            found.rows.extend((*first..).zip(asked).filter(|(_, asked)| *asked).map(|(row, _)| row));
            *first +=
                u32::try_from(batch.num_rows()).map_err(LakeError::data("cannot count the rows of a data file"))?;
            Ok(())
        },
    )?;
    Ok(found.into_iter().map(|(_, found)| found).filter(|found| !found.rows.is_empty()).collect())
}

/// As [`scan`], of some rows of some files.
pub(crate) fn scan_rows<S: Send>(
    folder: &Path,
    files: &[RowsOfFile],
    columns: Columns<'_>,
    start: impl Fn() -> S + Sync,
    fold: impl Fn(&mut S, RecordBatch) -> Result<()> + Sync,
) -> Result<Vec<S>> {
    files
        .par_iter()
        .map(|of_file| {
            let mut state = start();
            let selection = selection_of(&of_file.rows);
            for batch in open_selected(&folder.join(&of_file.file.name), columns, Some(selection))? {
                fold(&mut state, batch?)?;
            }
            Ok(state)
        })
        .collect()
}

/// Runs of rows to read and to pass over.
fn selection_of(rows: &[u32]) -> RowSelection {
    let mut selectors: Vec<RowSelector> = Vec::new();
    let mut next = 0;
    for run in rows.chunk_by(|one, other| one + 1 == *other) {
        let first = run[0] as usize;
        if first > next {
            selectors.push(RowSelector::skip(first - next));
        }
        selectors.push(RowSelector::select(run.len()));
        next = first + run.len();
    }
    RowSelection::from(selectors)
}

/// The batches of one data file.
pub(crate) fn open(path: &Path, columns: Columns<'_>) -> Result<impl Iterator<Item = Result<RecordBatch>> + use<>> {
    open_selected(path, columns, None)
}

fn open_selected(
    path: &Path,
    columns: Columns<'_>,
    rows: Option<RowSelection>,
) -> Result<impl Iterator<Item = Result<RecordBatch>> + use<>> {
    let unreadable = || LakeError::data("cannot read a data file");
    let file = File::open(path).map_err(LakeError::file("cannot read", path))?;
    let mut metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::default()).map_err(unreadable())?;
    if !columns.coded.is_empty() {
        let schema = with_coded(metadata.schema(), columns.coded);
        let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
        metadata = ArrowReaderMetadata::try_new(metadata.metadata().clone(), options).map_err(unreadable())?;
    }
    let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
    if let Some(names) = columns.only {
        let mask = ProjectionMask::columns(builder.parquet_schema(), names.iter().copied());
        builder = builder.with_projection(mask);
    }
    if let Some(rows) = rows {
        builder = builder.with_row_selection(rows);
    }
    let reader = builder.with_batch_size(32 * 1024).build().map_err(unreadable())?;
    let whole = columns.whole.map(stored_schema);
    Ok(reader.map(move |batch| {
        let batch = batch.map_err(LakeError::data("cannot read a data file"))?;
        match &whole {
            Some(schema) if batch.schema().fields() != schema.fields() => project(&batch, schema),
            _ => Ok(batch),
        }
    }))
}

fn with_coded(schema: &Schema, coded: &[&str]) -> Schema {
    let codes = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let fields = schema.fields().iter().map(|field| match coded.contains(&field.name().as_str()) {
        true => Arc::new(field.as_ref().clone().with_data_type(codes.clone())),
        false => field.clone(),
    });
    Schema::new_with_metadata(fields.collect::<Vec<_>>(), schema.metadata().clone())
}

/// Selects the rows of a batch for which `keep` holds.
pub(crate) fn select(batch: &RecordBatch, keep: impl Fn(usize) -> bool) -> Result<RecordBatch> {
    let kept: BooleanArray = (0..batch.num_rows()).map(|row| Some(keep(row))).collect();
    if kept.true_count() == batch.num_rows() {
        return Ok(batch.clone());
    }
    filter_record_batch(batch, &kept).map_err(LakeError::data("cannot select rows"))
}

/// The rows of a batch that an import brought.
pub(crate) fn of_import(batch: &RecordBatch, import: ImportId) -> Result<RecordBatch> {
    let ids = whole(batch, "import_id")?;
    select(batch, |row| ids.value(row) == import.0)
}

/// The rows of a batch that other imports brought.
pub(crate) fn of_others(batch: &RecordBatch, import: ImportId) -> Result<RecordBatch> {
    let ids = whole(batch, "import_id")?;
    select(batch, |row| ids.value(row) != import.0)
}

/// A batch of the given schema from the columns of another, taken by name; one that may be blank and is not there is blank.
pub(crate) fn project(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let columns = schema
        .fields()
        .iter()
        .map(|field| {
            let blank = || field.is_nullable().then(|| new_null_array(field.data_type(), batch.num_rows()));
            batch.column_by_name(field.name()).map(Arc::clone).or_else(blank).ok_or_else(|| LakeError::Data {
                doing: "cannot store a batch",
                reason: format!("no column {}", field.name()),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    RecordBatch::try_new(schema.clone(), columns).map_err(LakeError::data("cannot store a batch"))
}
