//! `takar metrics`.

use std::sync::Arc;

use anyhow::Result;
use arrow::array::{ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray};
use takar_app::Takar;
use takar_insight::metrics::{MetricsTable, Query, Unit, Value};
use takar_model::{Amount, Credit, Lang, Money, Quantity};

use crate::{
    args::{Metrics, TableFormat},
    output,
};

/// Answers a question about figures.
pub fn run(takar: &Takar, asked: Metrics, (credit, lang): (Credit, Lang)) -> Result<()> {
    let query =
        Query { by: asked.by, period: asked.period, kpis: Vec::new(), compare: asked.compare, filter: asked.filter };
    let table = takar.metrics(credit, &query, &asked.kpi)?;
    let bytes = match asked.format {
        TableFormat::Table => format!("{}\n", table.table(lang)).into_bytes(),
        TableFormat::Json => format!("{}\n", table.to_json(lang)).into_bytes(),
        TableFormat::Csv => table.to_csv().into_bytes(),
        TableFormat::Parquet => to_parquet(&table)?,
    };
    output::write(asked.output.as_deref(), &bytes)
}

/// The table as Parquet: money and quantities as decimals, rates as doubles, a missing figure as null.
fn to_parquet(table: &MetricsTable) -> Result<Vec<u8>> {
    let mut columns: Vec<(String, ArrayRef)> = Vec::new();
    for (place, dimension) in table.by.iter().enumerate() {
        let ids: StringArray = table.rows.iter().map(|row| row.keys[place].id.as_deref()).collect();
        columns.push((dimension.id().to_owned(), Arc::new(ids)));
        if dimension.has_names() {
            let names: StringArray = table.rows.iter().map(|row| row.keys[place].name.as_deref()).collect();
            columns.push((format!("{}_name", dimension.id()), Arc::new(names)));
        }
    }
    for (place, column) in table.columns.iter().enumerate() {
        let values = table.rows.iter().map(|row| row.values[place]);
        columns.push((column.id.clone(), to_array(column.unit(), values)?));
    }
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))?;
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None)?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(bytes)
}

fn to_array(unit: Unit, values: impl Iterator<Item = Value>) -> Result<ArrayRef> {
    let decimals = |numbers: Vec<Option<i128>>, places: u32| -> Result<ArrayRef> {
        let scale = i8::try_from(places)?;
        Ok(Arc::new(Decimal128Array::from(numbers).with_precision_and_scale(38, scale)?))
    };
    match unit {
        Unit::Money => {
            let units = |value| if let Value::Money(money) = value { Some(Money::units(money)) } else { None };
            decimals(values.map(units).collect(), Amount::<4>::PLACES)
        }
        Unit::Quantity => {
            let units = |value| if let Value::Quantity(amount) = value { Some(Quantity::units(amount)) } else { None };
            decimals(values.map(units).collect(), Amount::<6>::PLACES)
        }
        Unit::Count => {
            let count = |value| if let Value::Count(count) = value { Some(count) } else { None };
            Ok(Arc::new(values.map(count).collect::<Int64Array>()))
        }
        Unit::Rate => {
            let rate = |value| if let Value::Rate(rate) = value { Some(rate) } else { None };
            Ok(Arc::new(values.map(rate).collect::<Float64Array>()))
        }
    }
}
