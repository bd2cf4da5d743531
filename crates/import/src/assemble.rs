//! The batch of lines of one grid, column by column.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Date32Array, Int64Array, RecordBatch, new_null_array},
    datatypes::DataType,
    error::ArrowError,
};

use crate::{
    Field, Plan,
    columns::{NumberColumn, TextColumn, push_json},
    grid::{Grid, Kind, Row},
    line::{Numbers, SettledColumns},
    line_schema,
    mapping::is_blank,
};

/// Puts the columns of [`line_schema`] together. Rows at fault are still in it.
pub(crate) fn batch(
    plan: &Plan,
    extras: &[usize],
    grid: &Grid,
    days: Vec<i32>,
    numbers: Numbers,
    settled: SettledColumns,
) -> Result<RecordBatch, ArrowError> {
    let rows = grid.rows.len();
    let text = |field: Field| text_column(grid, plan.index_of(field), None);
    // An id that is missing is the name.
    let id = |id: Field, name: Field| text_column(grid, plan.index_of(id), plan.index_of(name));
    let sheet = match &plan.sheet {
        Some(sheet) => TextColumn::repeated(sheet, rows)?,
        None => new_null_array(&DataType::Utf8, rows),
    };
    let row_numbers = grid.rows.iter().map(|row| i64::try_from(row.number).unwrap_or(i64::MAX));
    let quantity = |column: NumberColumn| column.finish(rows, 6);
    let money = |column: NumberColumn| column.finish(rows, 4);
    let columns: Vec<ArrayRef> = vec![
        TextColumn::repeated(&plan.label, rows)?,
        sheet,
        Arc::new(Int64Array::from_iter_values(row_numbers)),
        Arc::new(Date32Array::from(days)),
        text(Field::InvoiceNo)?,
        text(Field::LineNo)?,
        id(Field::AccountId, Field::AccountName)?,
        text(Field::AccountName)?,
        id(Field::ManagerId, Field::ManagerName)?,
        text(Field::ManagerName)?,
        id(Field::ProductId, Field::ProductName)?,
        text(Field::ProductName)?,
        text(Field::Category)?,
        quantity(numbers.quantity)?,
        text(Field::Unit)?,
        quantity(numbers.unit_price)?,
        money(settled.discount)?,
        money(settled.net)?,
        money(settled.cost)?,
        money(numbers.ppn)?,
        text(Field::Region)?,
        text(Field::Segment)?,
        text(Field::Branch)?,
        text(Field::Currency)?,
        extra_column(plan, extras, grid)?,
        repair_column(plan, grid)?,
    ];
    RecordBatch::try_new(line_schema(), columns)
}

/// The text of a column, or of another where it is blank; null where both are.
pub(crate) fn text_column(
    grid: &Grid,
    column: Option<usize>,
    otherwise: Option<usize>,
) -> Result<ArrayRef, ArrowError> {
    let Some(first) = column.or(otherwise) else { return Ok(new_null_array(&DataType::Utf8, grid.rows.len())) };
    let mut texts = TextColumn::with_capacity(grid.rows.len());
    for row in &grid.rows {
        match value(grid, row, first).or_else(|| otherwise.and_then(|column| value(grid, row, column))) {
            Some(text) => texts.push(text),
            None => texts.push_null(),
        }
    }
    texts.finish()
}

/// A cell that holds something.
#[inline]
pub(crate) fn value<'a>(grid: &'a Grid, row: &Row, column: usize) -> Option<&'a str> {
    let (text, kind) = grid.cell_of(row, column);
    (!is_blank(text) && kind != Kind::Error).then_some(text)
}

/// A JSON object of the columns without a field, blanks left out.
pub(crate) fn extra_column(plan: &Plan, extras: &[usize], grid: &Grid) -> Result<ArrayRef, ArrowError> {
    if extras.is_empty() {
        return Ok(new_null_array(&DataType::Utf8, grid.rows.len()));
    }
    let mut objects = TextColumn::with_capacity(grid.rows.len());
    let mut object = String::new();
    for row in &grid.rows {
        object.clear();
        for &column in extras {
            if let Some(text) = value(grid, row, column) {
                push_json(&mut object, &plan.headers[column], text);
            }
        }
        if object.is_empty() {
            objects.push_null();
        } else {
            object.push('}');
            objects.push(&object);
        }
    }
    objects.finish()
}

/// `import:row` of the set-aside row that a line repairs.
fn repair_column(plan: &Plan, grid: &Grid) -> Result<ArrayRef, ArrowError> {
    let Some((import, number)) = plan.repair_columns() else {
        return Ok(new_null_array(&DataType::Utf8, grid.rows.len()));
    };
    let mut repairs = TextColumn::with_capacity(grid.rows.len());
    for row in &grid.rows {
        match (value(grid, row, import), value(grid, row, number)) {
            (Some(import), Some(number)) => repairs.push(&format!("{import}:{number}")),
            _ => repairs.push_null(),
        }
    }
    repairs.finish()
}
