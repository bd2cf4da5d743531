//! Small tables: accounts, products, managers, targets and market sizes.

use std::sync::{Arc, LazyLock};

use arrow::{
    array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, new_null_array},
    compute::{concat_batches, filter_record_batch},
    datatypes::{DataType, Field as Column, Schema, SchemaRef},
    error::ArrowError,
};
use serde::Serialize;

use crate::{
    FactKind, Field, ImportError, Input, Mapped, Options, Plan, Reason, SetAside,
    assemble::{extra_column, text_column, value},
    columns::TextColumn,
    grid::Grid,
    plan::{self, Looked},
    schema::MONEY,
    suggest, targets,
};

/// The report on one small table.
#[derive(Debug, Clone, Serialize)]
pub struct TableCheck {
    /// Rows below the header that were not blank.
    pub rows: u64,
    /// Rows of the batch. A row of twelve months of targets gives as many.
    pub lines: u64,
    /// Rows set aside, in the file's order.
    pub set_aside: Vec<SetAside>,
    /// The names of the columns.
    pub headers: Vec<String>,
    /// The columns that hold a field.
    pub mapping: Vec<Mapped>,
    /// The sheet that was read.
    pub sheet: Option<String>,
}

/// The columns that [`read_table`] gives for a kind of fact; [`crate::line_schema`] for sales.
///
/// Each ends with where the row stands: `file`, `sheet`, `row`. Attributes: the id, what is known of it, and
/// `extra`, a JSON object of the other columns. Targets and market sizes: whom or what they are for, the first and last
/// day, the measure and its value.
pub fn table_schema(kind: FactKind) -> SchemaRef {
    static SCHEMAS: LazyLock<[SchemaRef; 5]> = LazyLock::new(|| {
        let text = |name: &&str| Column::new(*name, DataType::Utf8, true);
        let attributes = |id: &str, names: &[&str]| -> SchemaRef {
            let id = Column::new(id, DataType::Utf8, false);
            Arc::new(Schema::new([vec![id], names.iter().map(text).collect(), place()].concat()))
        };
        let targets: Vec<Column> = targets::SCOPE.iter().map(text).collect();
        let market: Vec<Column> = targets::MARKET_SCOPE.iter().map(text).collect();
        let when_and_what = vec![
            Column::new("from", DataType::Date32, false),
            Column::new("to", DataType::Date32, false),
            Column::new("kpi", DataType::Utf8, false),
            Column::new("value", MONEY, false),
        ];
        [
            attributes(
                "account_id",
                &["account_name", "manager_id", "manager_name", "region", "segment", "branch", "extra"],
            ),
            attributes("product_id", &["product_name", "category", "unit", "extra"]),
            attributes("manager_id", &["manager_name", "supervisor", "branch", "extra"]),
            Arc::new(Schema::new([targets, when_and_what.clone(), place()].concat())),
            Arc::new(Schema::new([market, when_and_what, place()].concat())),
        ]
    });
    let [accounts, products, managers, targets, market] = &*SCHEMAS;
    match kind {
        FactKind::Sales => crate::line_schema(),
        FactKind::Accounts => accounts.clone(),
        FactKind::Products => products.clone(),
        FactKind::Managers => managers.clone(),
        FactKind::Targets => targets.clone(),
        FactKind::Market => market.clone(),
    }
}

fn place() -> Vec<Column> {
    vec![
        Column::new("file", DataType::Utf8, false),
        Column::new("sheet", DataType::Utf8, true),
        Column::new("row", DataType::Int64, false),
    ]
}

/// Reads a small table whole, with [`table_schema`].
///
/// # Errors
/// As [`crate::inspect`]; [`ImportError::WrongKind`] for sales, which [`crate::read`] reads.
pub fn read_table(input: &Input, kind: FactKind, options: &Options) -> Result<(TableCheck, RecordBatch), ImportError> {
    if kind == FactKind::Sales {
        return Err(ImportError::WrongKind { file: input.label() });
    }
    let Looked { plan, .. } = plan::look(input, kind, options)?;
    let mut check = TableCheck {
        rows: 0,
        lines: 0,
        set_aside: Vec::new(),
        headers: plan.headers.clone(),
        mapping: plan.mapping.clone(),
        sheet: plan.sheet.clone(),
    };
    let damaged = |error: ArrowError| ImportError::Damaged { file: plan.label.clone(), detail: error.to_string() };
    let targets = match kind {
        FactKind::Targets | FactKind::Market => Some(targets::Layout::find(&plan, kind, input)?),
        _ => None,
    };
    let mut batches = Vec::new();
    let mut source = plan.open(input)?;
    while let Some(block) = source.next()? {
        let mut grid = block.into_grid(&plan.label)?;
        grid.drop_through(plan.header_row);
        check.rows += grid.rows.len() as u64;
        let batch = match &targets {
            Some(layout) => layout.batch(&plan, &grid, &mut check.set_aside),
            None => attributes(&plan, kind, &grid, &mut check.set_aside),
        };
        batches.push(batch.map_err(damaged)?);
    }
    if check.rows == 0 {
        return Err(ImportError::HeaderOnly { file: plan.label });
    }
    let batch = concat_batches(&table_schema(kind), &batches).map_err(damaged)?;
    check.lines = batch.num_rows() as u64;
    Ok((check, batch))
}

/// The rows of a grid as attributes of accounts, products or managers.
fn attributes(
    plan: &Plan,
    kind: FactKind,
    grid: &Grid,
    set_aside: &mut Vec<SetAside>,
) -> Result<RecordBatch, ArrowError> {
    let index = |field: Field| plan.index_of(field);
    let text = |field: Field| text_column(grid, index(field), None);
    let id = |id: Field, name: Field| text_column(grid, index(id), index(name));
    let extras = || extra_column(plan, &plan.extras(), grid);
    let mut columns: Vec<ArrayRef> = match kind {
        FactKind::Products => vec![
            id(Field::ProductId, Field::ProductName)?,
            text(Field::ProductName)?,
            text(Field::Category)?,
            text(Field::Unit)?,
            extras()?,
        ],
        FactKind::Managers => {
            let names = manager_names(plan, grid)?;
            let id = if index(Field::ManagerId).is_some() { text(Field::ManagerId)? } else { names.clone() };
            vec![id, names, text(Field::Supervisor)?, text(Field::Branch)?, extras()?]
        }
        _ => vec![
            id(Field::AccountId, Field::AccountName)?,
            text(Field::AccountName)?,
            id(Field::ManagerId, Field::ManagerName)?,
            text(Field::ManagerName)?,
            text(Field::Region)?,
            text(Field::Segment)?,
            text(Field::Branch)?,
            extras()?,
        ],
    };
    columns.extend(places(plan, grid)?);
    let good: Vec<bool> = (0..grid.rows.len()).map(|row| columns[0].is_valid(row)).collect();
    for row in (0..grid.rows.len()).filter(|&row| !good[row]) {
        set_aside.push(put_aside(plan, grid, row, None, Reason::NoId));
    }
    // Rows without an id may not enter a batch whose id is never null: they are filtered out before.
    let loose: Vec<Column> =
        table_schema(kind).fields().iter().map(|column| column.as_ref().clone().with_nullable(true)).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(loose)), columns)?;
    filter_record_batch(&batch, &BooleanArray::from(good))?.with_schema_of(&table_schema(kind))
}

/// Makes a batch with the columns of this one and another schema.
trait WithSchema: Sized {
    fn with_schema_of(self, schema: &SchemaRef) -> Result<Self, ArrowError>;
}

impl WithSchema for RecordBatch {
    fn with_schema_of(self, schema: &SchemaRef) -> Result<Self, ArrowError> {
        Self::try_new(schema.clone(), self.columns().to_vec())
    }
}

/// File, sheet and row of every row.
pub(crate) fn places(plan: &Plan, grid: &Grid) -> Result<Vec<ArrayRef>, ArrowError> {
    let rows = grid.rows.len();
    let numbers = grid.rows.iter().map(|row| i64::try_from(row.number).unwrap_or(i64::MAX));
    Ok(vec![
        TextColumn::repeated(&plan.label, rows)?,
        match &plan.sheet {
            Some(sheet) => TextColumn::repeated(sheet, rows)?,
            None => new_null_array(&DataType::Utf8, rows),
        },
        Arc::new(Int64Array::from_iter_values(numbers)),
    ])
}

/// A row put aside for one of its fields.
pub(crate) fn put_aside(plan: &Plan, grid: &Grid, row: usize, column: Option<usize>, reason: Reason) -> SetAside {
    SetAside {
        file: plan.label.clone(),
        sheet: plan.sheet.clone(),
        row: grid.rows[row].number,
        field: column.and_then(|column| plan.mapping.iter().find(|mapped| mapped.column == column)).map(|at| at.field),
        column: column.and_then(|column| plan.headers.get(column).cloned()),
        value: column.map_or_else(String::new, |column| grid.cell(row, column).0.to_owned()),
        reason,
        first_row: None,
        suggestion: suggest::suggestion(plan, grid, row, column, reason),
        cells: grid.cells(row, plan.headers.len()),
    }
}

/// The name, or first and last name together.
fn manager_names(plan: &Plan, grid: &Grid) -> Result<ArrayRef, ArrowError> {
    if plan.index_of(Field::ManagerName).is_some() {
        return text_column(grid, plan.index_of(Field::ManagerName), None);
    }
    let parts = [plan.index_of(Field::FirstName), plan.index_of(Field::LastName)];
    let mut names = TextColumn::with_capacity(grid.rows.len());
    for row in &grid.rows {
        let parts: Vec<&str> = parts.into_iter().flatten().filter_map(|column| value(grid, row, column)).collect();
        match parts.as_slice() {
            [] => names.push_null(),
            parts => names.push(&parts.join(" ")),
        }
    }
    names.finish()
}
