//! Tables of all kinds but sales.

use std::sync::{Arc, LazyLock};

use arrow::{
    array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, new_null_array},
    compute::{concat_batches, filter_record_batch},
    datatypes::{DataType, Field as Column, Schema, SchemaRef},
    error::ArrowError,
};
use serde::Serialize;

use crate::{
    Decisions, Example, FactKind, Field, ImportError, Input, Mapped, NumberStyle, Options, Plan, Reason, SetAside,
    Shape,
    assemble::{extra_column, text_column, value},
    columns::TextColumn,
    decide, described,
    evidence::{Evidence, NumberEvidence},
    grid::{Grid, Kind},
    leftovers, ownership,
    plan::{self, Looked},
    rates,
    schema::{MONEY, QUANTITY, RATE},
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
/// day, the measure and its value. Ownership: account, manager, first and last day (null = open), the share of the credit in
/// millionths of the whole. Rates: the currency, the one that it is told in, first and last day (null = until the next), the
/// worth of one unit. The other kinds: as their [`crate::Shape`] says, and `extra`.
pub fn table_schema(kind: FactKind) -> SchemaRef {
    static SCHEMAS: LazyLock<[SchemaRef; 7]> = LazyLock::new(|| {
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
        let ownership = vec![
            Column::new("account_id", DataType::Utf8, false),
            Column::new("manager_id", DataType::Utf8, false),
            Column::new("from", DataType::Date32, true),
            Column::new("to", DataType::Date32, true),
            Column::new("share", QUANTITY, false),
        ];
        let rates = vec![
            Column::new("currency", DataType::Utf8, false),
            Column::new("in_currency", DataType::Utf8, true),
            Column::new("from", DataType::Date32, false),
            Column::new("to", DataType::Date32, true),
            Column::new("rate", RATE, false),
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
            Arc::new(Schema::new([ownership, place()].concat())),
            Arc::new(Schema::new([rates, place()].concat())),
        ]
    });
    let [accounts, products, managers, targets, market, ownership, rates] = &*SCHEMAS;
    match kind {
        FactKind::Sales => crate::line_schema(),
        FactKind::Accounts => accounts.clone(),
        FactKind::Products => products.clone(),
        FactKind::Managers => managers.clone(),
        FactKind::Targets => targets.clone(),
        FactKind::Market => market.clone(),
        FactKind::Ownership => ownership.clone(),
        FactKind::Rates => rates.clone(),
        FactKind::Activities
        | FactKind::Offers
        | FactKind::Stages
        | FactKind::Feedback
        | FactKind::Costs
        | FactKind::Prospects
        | FactKind::Stock
        | FactKind::Receivables
        | FactKind::Units
        | FactKind::Teams
        | FactKind::Absences
        | FactKind::Aliases
        | FactKind::Credits => kind.shape().map_or_else(crate::line_schema, Shape::schema),
    }
}

pub(crate) fn place() -> Vec<Column> {
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
    let mut layout = Layout::find(&plan, kind, input)?;
    let mut batches = Vec::new();
    let mut source = plan.open(input)?;
    while let Some(block) = source.next()? {
        let grid = plan.grid_of(block)?;
        check.rows += grid.rows.len() as u64;
        let batch = match &mut layout {
            Layout::Attributes => attributes(&plan, kind, &grid, &mut check.set_aside),
            Layout::Targets(layout) => layout.batch(&plan, &grid, &mut check.set_aside),
            Layout::Ownership(layout) => layout.batch(&plan, &grid, &mut check.set_aside),
            Layout::Rates(layout) => layout.batch(&plan, &grid, &mut check.set_aside),
            Layout::Described(layout) => layout.batch(&plan, &grid, &mut check.set_aside),
        };
        batches.push(batch.map_err(damaged)?);
    }
    if check.rows == 0 {
        return Err(ImportError::HeaderOnly { file: plan.label });
    }
    check.set_aside.sort_by_key(|row| row.row);
    let batch = concat_batches(&table_schema(kind), &batches).map_err(damaged)?;
    check.lines = batch.num_rows() as u64;
    Ok((check, batch))
}

/// How the rows of a kind are read.
enum Layout {
    Attributes,
    Targets(targets::Layout),
    Ownership(ownership::Layout),
    Rates(rates::Layout),
    Described(described::Layout),
}

impl Layout {
    fn find(plan: &Plan, kind: FactKind, input: &Input) -> Result<Self, ImportError> {
        if let Some(shape) = kind.shape() {
            return Ok(Self::Described(described::Layout::find(plan, kind, shape, input)?));
        }
        Ok(match kind {
            FactKind::Targets | FactKind::Market => Self::Targets(targets::Layout::find(plan, kind, input)?),
            FactKind::Ownership => Self::Ownership(ownership::Layout::find(plan, input)?),
            FactKind::Rates => Self::Rates(rates::Layout::find(plan, input)?),
            _ => Self::Attributes,
        })
    }
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
    let named = |id: Field, name: Field| text_column(grid, index(id), index(name));
    let extras = || extra_column(plan, &plan.extras(), grid);
    let mut columns: Vec<ArrayRef> = match kind {
        FactKind::Products => vec![
            named(Field::ProductId, Field::ProductName)?,
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
            named(Field::AccountId, Field::AccountName)?,
            text(Field::AccountName)?,
            named(Field::ManagerId, Field::ManagerName)?,
            text(Field::ManagerName)?,
            text(Field::Region)?,
            text(Field::Segment)?,
            text(Field::Branch)?,
            extras()?,
        ],
    };
    let all: Vec<usize> = (0..grid.rows.len()).collect();
    columns.extend(places_of(plan, grid, &all)?);
    let good: Vec<bool> = (0..grid.rows.len()).map(|row| columns[0].is_valid(row)).collect();
    let id = match kind {
        FactKind::Products => index(Field::ProductId).or(index(Field::ProductName)),
        FactKind::Managers => index(Field::ManagerId).or(index(Field::ManagerName)),
        _ => index(Field::AccountId).or(index(Field::AccountName)),
    };
    for row in (0..grid.rows.len()).filter(|&row| !good[row]) {
        set_aside.push(put_aside(plan, grid, row, id, Reason::NoId));
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

/// The column at fault, where it is one, and why.
pub(crate) type Fault = (Option<usize>, Reason);

/// What the rows of a grid say, each with its place; those at fault are put aside.
pub(crate) fn read_rows<T>(
    plan: &Plan,
    grid: &Grid,
    set_aside: &mut Vec<SetAside>,
    read: impl Fn(usize) -> Result<T, Fault>,
) -> Vec<(usize, T)> {
    let mut rows = Vec::with_capacity(grid.rows.len());
    for row in 0..grid.rows.len() {
        let said = if leftovers::is_total_row(grid, row) { Err((None, Reason::TotalRow)) } else { read(row) };
        match said {
            Ok(said) => rows.push((row, said)),
            Err((column, reason)) => set_aside.push(put_aside(plan, grid, row, column, reason)),
        }
    }
    rows
}

/// File, sheet and row of some rows, which may come more than once.
pub(crate) fn places_of(plan: &Plan, grid: &Grid, rows: &[usize]) -> Result<Vec<ArrayRef>, ArrowError> {
    let numbers = rows.iter().map(|row| i64::try_from(grid.rows[*row].number).unwrap_or(i64::MAX));
    Ok(vec![
        TextColumn::repeated(&plan.label, rows.len())?,
        match &plan.sheet {
            Some(sheet) => TextColumn::repeated(sheet, rows.len())?,
            None => new_null_array(&DataType::Utf8, rows.len()),
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

/// What the mapped columns of all rows show.
pub(crate) fn evidence(plan: &Plan, input: &Input) -> Result<Evidence, ImportError> {
    plan.scan(input, || Evidence::new(&plan.mapping), Evidence::look_at, Evidence::merge)
}

/// The order of days and the style of numbers that they show.
pub(crate) fn decisions(plan: &Plan, evidence: &Evidence) -> Result<Decisions, ImportError> {
    decide::writing(evidence, &plan.options, &plan.label)
}

/// The style of a cell: a sheet's own numbers have a decimal point whatever the column's texts have.
pub(crate) fn style_of(kind: Kind, column: Option<NumberStyle>) -> Option<NumberStyle> {
    if kind == Kind::Number { Some(NumberStyle::En) } else { column }
}

/// The one style that the numbers of some columns allow.
pub(crate) fn number_style(plan: &Plan, input: &Input, columns: &[usize]) -> Result<Option<NumberStyle>, ImportError> {
    if plan.options.number_style.is_some() {
        return Ok(plan.options.number_style);
    }
    let mut evidence = NumberEvidence::default();
    let mut source = plan.open(input)?;
    while let Some(block) = source.next()? {
        let grid = plan.grid_of(block)?;
        for row in &grid.rows {
            for column in columns {
                let (text, kind) = grid.cell_of(row, *column);
                if kind == Kind::Text {
                    evidence.look_at(text, row.number);
                }
            }
        }
    }
    let column = plan.headers[columns[0]].clone();
    let file = plan.label.clone();
    match (evidence.id, evidence.en, evidence.either) {
        (Some(id), Some(en), _) => {
            Err(ImportError::MixedNumbers { file, column, id_row: id.row, id: id.value, en_row: en.row, en: en.value })
        }
        (Some(_), None, _) => Ok(Some(NumberStyle::Id)),
        (None, Some(_), _) => Ok(Some(NumberStyle::En)),
        (None, None, None) => Ok(None),
        (None, None, Some(Example { row, value })) => Err(ImportError::UndecidableNumbers { file, column, row, value }),
    }
}
