//! Whole files in, lines and checks out.

mod corpus;
mod decisions;
mod described;
mod formats;
mod refusals;
mod rows;
mod shared_data;
mod tables;

use std::path::PathBuf;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::concat_batches,
    datatypes::{Date32Type, Decimal128Type, Int64Type},
};
use takar_model::{Day, Money};

use crate::{
    Check, Chunk, FactKind, ImportError, Input, LineSink, Options, Plan, SinkError, inspect, line_schema, read,
};

/// Keeps what it is given.
#[derive(Default)]
struct Keeper(Vec<(usize, RecordBatch)>);

impl LineSink for Keeper {
    fn chunk(&mut self, chunk: Chunk) -> Result<(), SinkError> {
        self.0.push((chunk.index, chunk.lines));
        Ok(())
    }
}

/// A file in a folder that goes away with it.
struct TestFile {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl TestFile {
    fn new(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        Self { _folder: folder, path }
    }

    fn input(&self) -> Input {
        Input::File(self.path.clone())
    }
}

/// Reads with so many workers and puts the lines in file order.
fn read_with(input: &Input, options: &Options, workers: usize) -> Result<(Plan, Check, RecordBatch), ImportError> {
    let mut plan = inspect(input, FactKind::Sales, options)?;
    loop {
        let sinks = (0..workers).map(|_| Keeper::default()).collect();
        match read(&plan, input, sinks, &|_, _| {}) {
            Err(error) if error.is_replan() => plan = plan.widen(input)?,
            Err(error) => return Err(error),
            Ok((check, sinks)) => {
                let mut chunks: Vec<_> = sinks.into_iter().flat_map(|sink| sink.0).collect();
                chunks.sort_by_key(|(index, _)| *index);
                let batches: Vec<RecordBatch> = chunks.into_iter().map(|(_, batch)| batch).collect();
                let lines = concat_batches(&line_schema(), &batches).expect("one schema");
                return Ok((plan, check, lines));
            }
        }
    }
}

fn read_text(text: &str, options: &Options) -> Result<(Plan, Check, RecordBatch), ImportError> {
    let file = TestFile::new("jual.csv", text);
    read_with(&file.input(), options, 2)
}

/// A column as text: amounts plain, days ISO, nulls as `∅`.
fn column(lines: &RecordBatch, name: &str) -> Vec<String> {
    let array = lines.column_by_name(name).expect("a column of the schema");
    let text = |row: usize| -> String {
        if array.is_null(row) {
            return "∅".to_owned();
        }
        match array.data_type() {
            arrow::datatypes::DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
            arrow::datatypes::DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
            arrow::datatypes::DataType::Date32 => {
                Day::from_epoch_days(array.as_primitive::<Date32Type>().value(row)).expect("a day").to_string()
            }
            _ => {
                let decimals = array.as_primitive::<Decimal128Type>();
                let units = decimals.value(row) * 10_i128.pow(6 - decimals.scale() as u32);
                takar_model::Quantity::from_units(units).to_string()
            }
        }
    };
    (0..lines.num_rows()).map(text).collect()
}

fn money(text: &str) -> Option<Money> {
    Some(text.parse().expect("plain"))
}
