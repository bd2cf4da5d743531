//! The rows behind a figure: where every drill-down ends.

use arrow::{
    array::{Array, ArrayRef, AsArray},
    datatypes::{DataType, Date32Type, Decimal128Type, Int64Type},
    record_batch::RecordBatch,
};
use datafusion::{
    functions_aggregate::count::count_all,
    prelude::{DataFrame, Expr, cast, col, ident, lit},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};
use takar_model::{Amount, Credit, Day, Period};

use super::session::wrong;
use crate::{
    Lake,
    error::Result,
    facts::columns::{dates, whole},
};

/// What a row may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lacking {
    /// Nobody is credited.
    Manager,
    /// It is unassigned.
    Account,
    /// It names no product.
    Product,
}

/// Which rows to show.
#[derive(Debug, Clone, Default)]
pub struct LineFilter {
    /// Credited under this rule.
    pub credit: Credit,
    /// Of one invoice, by its number.
    pub invoice: Option<String>,
    /// Of one account.
    pub account: Option<String>,
    /// Credited to one manager.
    pub manager: Option<String>,
    /// Credited to one of these managers: the reach of who asks; everybody's without.
    pub reach: Option<Vec<String>>,
    /// Of one product.
    pub product: Option<String>,
    /// In one region.
    pub region: Option<String>,
    /// Without a manager, an account or a product.
    pub without: Option<Lacking>,
    /// Dated in this window.
    pub period: Option<Period>,
    /// Brought by one import.
    pub import: Option<i64>,
    /// How many rows at most.
    pub limit: usize,
    /// How many to pass over.
    pub offset: usize,
}

/// A page of rows.
#[derive(Debug, Serialize)]
pub struct LinePage {
    /// How many rows there are in all.
    pub total: usize,
    /// The rows, newest first; amounts are exact.
    pub rows: Vec<Map<String, Value>>,
}

/// The columns of a row, in the order in which they are shown.
const COLUMNS: [&str; 24] = [
    "date",
    "invoice_no",
    "line_no",
    "account_id",
    "account_name",
    "manager",
    "manager_name",
    "product",
    "product_name",
    "category",
    "region",
    "branch",
    "quantity",
    "unit",
    "unit_price",
    "discount",
    "net",
    "cost",
    "currency",
    "source",
    "import_id",
    "file",
    "sheet",
    "row",
];

impl Lake {
    /// The live rows that a filter lets through.
    ///
    /// Rows are shown newest first, so the days of a page are found by counting rows by day, and only lines of those
    /// days are read whole and sorted.
    pub fn lines(&self, filter: &LineFilter) -> Result<LinePage> {
        let restating = self.restating(filter.credit)?;
        self.runtime().block_on(async {
            let context = self.session(restating).await?;
            let mut frame: DataFrame = context.table("lines").await.map_err(wrong)?;
            for condition in conditions(filter) {
                frame = frame.filter(condition).map_err(wrong)?;
            }
            let counted = frame.clone().aggregate(vec![ident("date")], vec![count_all().alias("lines")]);
            let counted = counted.map_err(wrong)?.collect().await.map_err(wrong)?;
            let by_day = ByDay::of(&counted)?;
            let Some(days) = by_day.page(filter.offset, filter.limit) else {
                return Ok(LinePage { total: by_day.total(), rows: Vec::new() });
            };
            let order = vec![
                ident("date").sort(false, true),
                ident("invoice_no").sort(true, true),
                ident("file").sort(true, true),
                ident("row").sort(true, true),
            ];
            let page = frame
                .filter(ident("date").gt_eq(day(days.first)).and(ident("date").lt_eq(day(days.last))))
                .and_then(|frame| frame.sort(order))
                .and_then(|frame| frame.limit(days.offset, Some(filter.limit)))
                .and_then(|frame| frame.select(COLUMNS.iter().map(|name| ident(*name)).collect::<Vec<_>>()))
                .map_err(wrong)?;
            let batches = page.collect().await.map_err(wrong)?;
            Ok(LinePage { total: by_day.total(), rows: batches.iter().flat_map(rows_of).collect() })
        })
    }
}

/// How many rows each day has, newest day first.
struct ByDay(Vec<(Day, usize)>);

/// The days that hold a page, and how many rows of theirs come before it.
struct DaysOfPage {
    first: Day,
    last: Day,
    offset: usize,
}

impl ByDay {
    fn of(batches: &[RecordBatch]) -> Result<Self> {
        let mut days = Vec::new();
        for batch in batches {
            let (dates, lines) = (dates(batch, "date")?, whole(batch, "lines")?);
            days.extend(
                dates
                    .values()
                    .iter()
                    .zip(lines.values())
                    .filter_map(|(day, lines)| Some((Day::from_epoch_days(*day)?, usize::try_from(*lines).ok()?))),
            );
        }
        days.sort_unstable_by(|one, other| other.cmp(one));
        Ok(Self(days))
    }

    fn total(&self) -> usize {
        self.0.iter().map(|(_, lines)| lines).sum()
    }

    /// Where the rows from `offset` on, `limit` of them, are; `None` where there are none.
    fn page(&self, offset: usize, limit: usize) -> Option<DaysOfPage> {
        let mut days = self.0.iter();
        let mut offset = offset;
        let (last, mut left) = loop {
            let (day, lines) = days.next()?;
            if offset < *lines {
                break (*day, limit.saturating_sub(lines - offset));
            }
            offset -= lines;
        };
        let mut first = last;
        while left > 0
            && let Some((day, lines)) = days.next()
        {
            first = *day;
            left = left.saturating_sub(*lines);
        }
        Some(DaysOfPage { first, last, offset })
    }
}

pub(super) fn day(day: Day) -> Expr {
    cast(lit(day.to_string()), DataType::Date32)
}

fn conditions(filter: &LineFilter) -> Vec<Expr> {
    let is = |name: &str, value: &Option<String>| value.as_ref().map(|text| col(name).eq(lit(text.as_str())));
    let mut all: Vec<Expr> = [
        is("invoice_no", &filter.invoice),
        is("account_id", &filter.account),
        is("manager", &filter.manager),
        is("product", &filter.product),
        is("region", &filter.region),
        filter.without.map(|lacking| {
            let name = match lacking {
                Lacking::Manager => "manager",
                Lacking::Account => "account_id",
                Lacking::Product => "product",
            };
            col(name).is_null()
        }),
        filter.import.map(|import| col("import_id").eq(lit(import))),
    ]
    .into_iter()
    .flatten()
    .collect();
    if let Some(reach) = &filter.reach {
        all.push(col("manager").in_list(reach.iter().map(|id| lit(id.as_str())).collect(), false));
    }
    if let Some(period) = filter.period {
        all.push(ident("date").gt_eq(day(period.from())));
        all.push(ident("date").lt_eq(day(period.to())));
    }
    all
}

pub(crate) fn rows_of(batch: &RecordBatch) -> Vec<Map<String, Value>> {
    let schema = batch.schema();
    (0..batch.num_rows())
        .map(|row| {
            let cell = |(field, array): (&std::sync::Arc<arrow::datatypes::Field>, &ArrayRef)| {
                let name = match field.name().as_str() {
                    "manager" => "manager_id",
                    "product" => "product_id",
                    other => other,
                };
                (name.to_owned(), value_of(array, row))
            };
            schema.fields().iter().zip(batch.columns()).map(cell).collect()
        })
        .collect()
}

fn value_of(array: &ArrayRef, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Utf8 => Value::from(array.as_string::<i32>().value(row)),
        DataType::Utf8View => Value::from(array.as_string_view().value(row)),
        DataType::Int64 => Value::from(array.as_primitive::<Int64Type>().value(row)),
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(row);
            Value::from(Day::from_epoch_days(days).map(|day| day.to_string()))
        }
        DataType::Decimal128(_, 4) => exact(Amount::<4>::from_units(array.as_primitive::<Decimal128Type>().value(row))),
        DataType::Decimal128(_, 12) => {
            exact(Amount::<12>::from_units(array.as_primitive::<Decimal128Type>().value(row)))
        }
        DataType::Decimal128(_, 6) => exact(Amount::<6>::from_units(array.as_primitive::<Decimal128Type>().value(row))),
        _ => Value::Null,
    }
}

/// An amount in a JSON value. A value holds doubles only, so digits beyond those go as text: nothing is lost.
fn exact<const PLACES: u32>(amount: Amount<PLACES>) -> Value {
    let text = amount.to_string();
    let fits = text.bytes().filter(u8::is_ascii_digit).count() <= 15;
    let number = RawValue::from_string(text.clone()).ok().and_then(|raw| serde_json::from_str(raw.get()).ok());
    number.filter(|_| fits).unwrap_or(Value::String(text))
}
