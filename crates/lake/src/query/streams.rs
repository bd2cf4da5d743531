//! What a stream of lines has brought, day by day, to hold against its source.

use arrow::array::Array;
use datafusion::{
    functions_aggregate::{count::count_all, sum::sum},
    prelude::{cast, col, ident, lit},
};
use takar_model::{Credit, Day, Money};

use super::session::wrong;
use crate::{
    Lake,
    error::Result,
    facts::columns::{dates, decimal, whole},
};

/// The lines of a stream on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayOfStream {
    /// The day.
    pub day: Day,
    /// How many lines count.
    pub lines: u64,
    /// Their net; lines without one add nothing.
    pub net: Money,
}

impl Lake {
    /// The live lines of a stream as they were imported, by day, in order.
    pub fn days_of_stream(&self, stream: &str) -> Result<Vec<DayOfStream>> {
        let restating = self.restating(Credit::Recorded)?;
        let batches = self.runtime().block_on(async {
            let context = self.session(restating).await?;
            let net = cast(col("net"), arrow::datatypes::DataType::Decimal128(38, 4));
            let frame = context.table("sales").await.map_err(wrong)?;
            let frame = frame
                .filter(ident("source").eq(lit(stream)))
                .and_then(|frame| {
                    frame.aggregate(vec![ident("date")], vec![count_all().alias("lines"), sum(net).alias("sum")])
                })
                .and_then(|frame| frame.sort(vec![ident("date").sort(true, true)]));
            frame.map_err(wrong)?.collect().await.map_err(wrong)
        })?;
        let mut days = Vec::new();
        for batch in &batches {
            let (dates, lines, nets) = (dates(batch, "date")?, whole(batch, "lines")?, decimal(batch, "sum")?);
            for row in 0..batch.num_rows() {
                let Some(day) = Day::from_epoch_days(dates.value(row)) else { continue };
                let net = if nets.is_valid(row) { nets.value(row) } else { 0 };
                let lines = u64::try_from(lines.value(row)).unwrap_or_default();
                days.push(DayOfStream { day, lines, net: Money::from_units(net) });
            }
        }
        Ok(days)
    }
}
