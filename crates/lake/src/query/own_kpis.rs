//! The facts of own KPIs, measured by DataFusion.
//!
//! An expression arrives as a tree of allow-listed tables and columns. Every condition and value of it becomes an expression
//! of DataFusion's; no text of a user is ever part of a query.

use std::collections::HashMap;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{DataType, Decimal128Type},
};
use datafusion::{
    functions_aggregate::{
        count::count,
        min_max::{max, min},
        sum::sum,
    },
    prelude::{DataFrame, Expr, SessionContext, cast, ident, lit, when},
};
use serde::Serialize;
use serde_json::{Map, Value};
use takar_insight::{
    kpis::{Aggregate, FactAmount, FactRow, FactSource, FactTable, Function, Holds, Kind},
    metrics::{CellSource, Dimension, Filter, SourceError},
};
use takar_model::{Lang, Period};

use super::{
    fact_views::fact_view,
    own_conditions::{condition_on_columns, condition_on_members},
    rows::{day, rows_of},
    session::wrong,
    source::LakeSource,
};
use crate::{
    error::{LakeError, Result},
    facts::columns::whole,
};

/// How many decimal places a measured number has.
const PLACES: u32 = 6;

impl FactSource for LakeSource {
    fn measure(
        &self,
        aggregates: &[Aggregate],
        windows: &[Period],
        by: &[Dimension],
        filter: Option<&Filter>,
    ) -> std::result::Result<Vec<FactRow>, SourceError> {
        self.measured(aggregates, windows, by, filter)
            .map_err(|error| SourceError { id: error.message(Lang::Id), en: error.message(Lang::En) })
    }
}

/// A question to one table: the aggregates that count the rows of a window by the same day.
struct Batch<'a> {
    table: &'static FactTable,
    day: Option<&'static str>,
    /// Aggregates with their places.
    aggregates: Vec<(usize, &'a Aggregate)>,
}

type Found = HashMap<(usize, Vec<Option<String>>), Vec<Option<FactAmount>>>;

impl LakeSource {
    fn measured(
        &self,
        aggregates: &[Aggregate],
        windows: &[Period],
        by: &[Dimension],
        filter: Option<&Filter>,
    ) -> Result<Vec<FactRow>> {
        let mut batches: Vec<Batch<'_>> = Vec::new();
        for (place, aggregate) in aggregates.iter().enumerate() {
            // What is counted each once is a question of its own: several of them in one are slow.
            let is_alone = aggregate.function == Function::CountDistinct;
            let day = aggregate.day_column();
            let fits = |batch: &&mut Batch<'_>| {
                batch.table == aggregate.table
                    && batch.day == day
                    && batch.aggregates.iter().all(|(_, other)| other.function != Function::CountDistinct)
            };
            match batches.iter_mut().find(fits).filter(|_| !is_alone) {
                Some(batch) => batch.aggregates.push((place, aggregate)),
                None => batches.push(Batch { table: aggregate.table, day, aggregates: vec![(place, aggregate)] }),
            }
        }
        let restating = self.lake.restating(self.credit())?;
        let last_day = self.lake.last_day()?.unwrap_or_default();
        let mut found = Found::new();
        self.lake.runtime().block_on(async {
            let context = self.lake.session(restating).await?;
            for batch in &batches {
                let name = fact_view(&context, batch.table, self.credit(), last_day).await?;
                let question = Question { source: self, context: &context, view: &name, windows, by, filter };
                question.ask(batch, aggregates.len(), &mut found).await?;
            }
            Ok::<(), LakeError>(())
        })?;
        Ok(found.into_iter().map(|((window, keys), amounts)| FactRow { window, keys, amounts }).collect())
    }
}

/// Some of the rows that an aggregate counts.
#[derive(Debug, Serialize)]
pub struct RowsBehind {
    /// The table.
    pub table: &'static str,
    /// How many rows there are in all.
    pub total: usize,
    /// The first of them, newest first, with the import, file and row that they come from.
    pub rows: Vec<Map<String, Value>>,
}

impl LakeSource {
    /// The rows that an aggregate counts in a window.
    pub fn rows_behind(&self, aggregate: &Aggregate, window: Period, limit: usize) -> Result<RowsBehind> {
        let restating = self.lake.restating(self.credit())?;
        let last_day = self.lake.last_day()?.unwrap_or_default();
        self.lake.runtime().block_on(async {
            let context = self.lake.session(restating).await?;
            let view = fact_view(&context, aggregate.table, self.credit(), last_day).await?;
            let mut frame = context.table(view.as_str()).await.map_err(wrong)?;
            if let Some(column) = aggregate.day_column() {
                let column = ident(column);
                let inside = column.clone().gt_eq(day(window.from())).and(column.lt_eq(day(window.to())));
                frame = frame.filter(inside).map_err(wrong)?;
            }
            if let Some(condition) = &aggregate.condition {
                frame = frame.filter(condition_on_columns(condition)?).map_err(wrong)?;
            }
            if let Some(column) = aggregate.column {
                frame = frame.filter(ident(column.name).is_not_null()).map_err(wrong)?;
            }
            let total = frame.clone().count().await.map_err(wrong)?;
            let order = aggregate.day_column().map(|day| ident(day).sort(false, false)).into_iter();
            let order = order.chain(["import_id", "file", "row"].map(|name| ident(name).sort(true, true))).collect();
            let page = frame.sort(order).and_then(|frame| frame.limit(0, Some(limit))).map_err(wrong)?;
            let batches = page.collect().await.map_err(wrong)?;
            Ok(RowsBehind { table: aggregate.table.name, total, rows: batches.iter().flat_map(rows_of).collect() })
        })
    }
}

struct Question<'a> {
    source: &'a LakeSource,
    context: &'a SessionContext,
    view: &'a str,
    windows: &'a [Period],
    by: &'a [Dimension],
    filter: Option<&'a Filter>,
}

impl Question<'_> {
    async fn ask(&self, batch: &Batch<'_>, places: usize, found: &mut Found) -> Result<()> {
        let day_column = batch.day.map(ident);
        let mut frame: DataFrame = self.context.table(self.view).await.map_err(wrong)?;
        if let Some(filter) = self.filter {
            let day = day_column.as_ref();
            frame = frame.filter(condition_on_members(filter, &self.source.names, day)).map_err(wrong)?;
        }
        match &day_column {
            None => {
                // What holds at all times holds in every window.
                let measured = self.measure(frame, batch, lit(0_i64)).await?;
                for window in 0..self.windows.len() {
                    note(&measured, batch, (Some(window), self.by.len(), places), found)?;
                }
            }
            Some(column) => {
                let Some((first, last)) = self.windows.first().zip(self.windows.last()) else { return Ok(()) };
                let between = column.clone().gt_eq(day(first.from())).and(column.clone().lt_eq(day(last.to())));
                let window = self.window_of(column)?;
                let frame = frame
                    .filter(between)
                    .and_then(|frame| frame.filter(window.clone().gt_eq(lit(0_i64))))
                    .map_err(wrong)?;
                let measured = self.measure(frame, batch, window).await?;
                note(&measured, batch, (None, self.by.len(), places), found)?;
            }
        }
        Ok(())
    }

    /// The place of the window that a day lies in; -1 between windows.
    fn window_of(&self, column: &Expr) -> Result<Expr> {
        let mut windows = self.windows.iter().zip(0_i64..);
        let Some((first, _)) = windows.next() else { return Ok(lit(-1_i64)) };
        let inside =
            |window: &Period| column.clone().gt_eq(day(window.from())).and(column.clone().lt_eq(day(window.to())));
        let mut place = when(inside(first), lit(0_i64));
        for (window, number) in windows {
            place = place.when(inside(window), lit(number));
        }
        place.otherwise(lit(-1_i64)).map_err(wrong)
    }

    async fn measure(&self, frame: DataFrame, batch: &Batch<'_>, window: Expr) -> Result<Vec<RecordBatch>> {
        let mut keys = vec![window.alias("window")];
        keys.extend(self.by.iter().zip(0..).map(|(dimension, n)| ident(dimension.id()).alias(format!("k{n}"))));
        let names: Vec<String> =
            std::iter::once("window".to_owned()).chain((0..self.by.len()).map(|n| format!("k{n}"))).collect();
        let grouped: Vec<Expr> = names.iter().map(|name| ident(name.as_str())).collect();
        let mut columns = keys;
        let mut sums = Vec::new();
        for (n, (_, aggregate)) in batch.aggregates.iter().enumerate() {
            let value = value_of(aggregate)?;
            columns.push(value.alias(format!("v{n}")));
            if let Some(told) = told_in(aggregate)? {
                columns.push(told.alias(format!("t{n}")));
                sums.push(min(ident(format!("t{n}"))).alias(format!("t{n}_least")));
                sums.push(max(ident(format!("t{n}"))).alias(format!("t{n}_greatest")));
            }
            let value = ident(format!("v{n}"));
            sums.push(count(value.clone()).alias(format!("v{n}_values")));
            match aggregate.function {
                Function::Sum | Function::Average => sums.push(sum(value).alias(format!("v{n}_units"))),
                Function::Least => sums.push(min(value).alias(format!("v{n}_units"))),
                Function::Greatest => sums.push(max(value).alias(format!("v{n}_units"))),
                Function::Count | Function::CountDistinct => {}
            }
        }
        let frame = frame.select(columns).map_err(wrong)?;
        // Counting each once is grouping twice, which is far quicker than a count of distinct values.
        let is_distinct = batch.aggregates.iter().any(|(_, one)| one.function == Function::CountDistinct);
        let frame = if is_distinct { frame.distinct().map_err(wrong)? } else { frame };
        frame.aggregate(grouped, sums).map_err(wrong)?.collect().await.map_err(wrong)
    }
}

/// The value of a row, nothing where the condition does not hold.
fn value_of(aggregate: &Aggregate) -> Result<Expr> {
    let value = match (aggregate.function, aggregate.column) {
        (Function::CountDistinct, Some(column)) => cast(ident(column.name), DataType::Utf8),
        (Function::Count, Some(column)) => when(ident(column.name).is_not_null(), lit(1_i64)).end().map_err(wrong)?,
        (_, None) => lit(1_i64),
        (_, Some(column)) => cast(ident(column.name), DataType::Decimal128(38, 6)),
    };
    only_where(aggregate, value)
}

/// What the value of a row is told in: its currency or unit of measure, where it has one.
fn told_in(aggregate: &Aggregate) -> Result<Option<Expr>> {
    let has = |name: &str| aggregate.table.column(name).is_some();
    let is_added = !matches!(aggregate.function, Function::Count | Function::CountDistinct);
    let Some(column) = aggregate.column.filter(|_| is_added) else { return Ok(None) };
    let told = match column.holds {
        // Rows that name none are in the company's own and mix with any one.
        Holds::Number(Kind::Money) if has("currency") => ident("currency"),
        // Rows without a unit do not add up with such as have one.
        Holds::Number(Kind::Goods) if has("unit") => {
            datafusion::functions::expr_fn::coalesce(vec![ident("unit"), lit("")])
        }
        _ => return Ok(None),
    };
    let has_value = ident(column.name).is_not_null();
    only_where(aggregate, when(has_value, told).end().map_err(wrong)?).map(Some)
}

fn only_where(aggregate: &Aggregate, value: Expr) -> Result<Expr> {
    match &aggregate.condition {
        None => Ok(value),
        Some(condition) => when(condition_on_columns(condition)?, value).end().map_err(wrong),
    }
}

/// Puts what was measured where it belongs.
fn note(
    measured: &[RecordBatch],
    batch: &Batch<'_>,
    (fixed, by, places): (Option<usize>, usize, usize),
    found: &mut Found,
) -> Result<()> {
    let refused = |reason: &str| LakeError::Data { doing: "cannot read what was measured", reason: reason.to_owned() };
    for rows in measured {
        let windows = whole(rows, "window")?;
        let keys: Vec<arrow::array::StringArray> =
            (0..by).map(|n| text_column(rows, &format!("k{n}"))).collect::<Result<_>>()?;
        for (n, (place, aggregate)) in batch.aggregates.iter().enumerate() {
            let values = whole(rows, &format!("v{n}_values"))?;
            let units = rows.column_by_name(&format!("v{n}_units"));
            let told = (text_of(rows, &format!("t{n}_least"))?, text_of(rows, &format!("t{n}_greatest"))?);
            for row in 0..rows.num_rows() {
                let window = fixed.or_else(|| usize::try_from(windows.value(row)).ok());
                let window = window.ok_or_else(|| refused("no window"))?;
                let ids: Vec<Option<String>> =
                    keys.iter().map(|key| key.is_valid(row).then(|| key.value(row).to_owned())).collect();
                let is_mixed = match &told {
                    (Some(least), Some(greatest)) => {
                        least.is_valid(row) && greatest.is_valid(row) && least.value(row) != greatest.value(row)
                    }
                    _ => false,
                };
                let counted = values.value(row);
                let amount = match aggregate.function {
                    Function::Count | Function::CountDistinct => {
                        FactAmount::Units { units: i128::from(counted), places: 0, values: counted }
                    }
                    _ if is_mixed => match aggregate.kind() {
                        Kind::Goods => FactAmount::SeveralUnits,
                        _ => FactAmount::SeveralCurrencies,
                    },
                    _ => {
                        let units = units.ok_or_else(|| refused("no sum"))?;
                        let units = units
                            .as_primitive_opt::<Decimal128Type>()
                            .ok_or_else(|| refused("the sum is no decimal"))?;
                        match units.is_valid(row) {
                            true => FactAmount::Units { units: units.value(row), places: PLACES, values: counted },
                            false => FactAmount::Nothing,
                        }
                    }
                };
                let amounts = found.entry((window, ids)).or_insert_with(|| vec![None; places]);
                amounts[*place] = Some(amount);
            }
        }
    }
    Ok(())
}

fn text_column(rows: &RecordBatch, name: &str) -> Result<arrow::array::StringArray> {
    text_of(rows, name)?
        .ok_or_else(|| LakeError::Data { doing: "cannot read what was measured", reason: format!("no column {name}") })
}

fn text_of(rows: &RecordBatch, name: &str) -> Result<Option<arrow::array::StringArray>> {
    let Some(array) = rows.column_by_name(name) else { return Ok(None) };
    let array = arrow::compute::cast(array, &DataType::Utf8).map_err(LakeError::data("cannot read a text"))?;
    Ok(Some(array.as_string::<i32>().clone()))
}
