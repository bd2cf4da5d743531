//! What stock is worked out from: lines by product, branch and block of days, and the rows of stock.

use arrow::array::Array;
use rayon::prelude::*;
use takar_import::FactKind;
use takar_insight::{
    metrics::{Dimension, Grain, MIXED, NONE, SourceError},
    stock::{Blocks, Demand, Shelf, Sold, StockSource, Told},
};
use takar_model::{Credit, Lang, Period};

use super::{
    LakeSource,
    lines::{CODED, Coder, KnownCodes, amount, columns_of},
    process::{Reader, day_at, days, number_at, numbers, owned, texts},
};
use crate::{
    Lake,
    error::{LakeError, Result},
    facts::{
        columns::{dates, decimal, text_at},
        delta::DataFile,
        scan::{Columns, scan},
        schema::Status,
    },
};

/// Sums of one file are put together from so many on, so that memory stays small.
const MOST_LOOSE: usize = 1 << 20;

/// What lines of one product, branch and block come to.
#[derive(Clone, Copy)]
struct Sum {
    /// Product and branch in one number, so that a sort puts all in their order.
    shelf: u64,
    unit: u32,
    last: i32,
    sold: Sold,
}

fn told(error: LakeError) -> SourceError {
    SourceError { id: error.message(Lang::Id), en: error.message(Lang::En) }
}

impl StockSource for LakeSource {
    fn sold(&self, blocks: Blocks) -> std::result::Result<Demand, SourceError> {
        read_sold(self, blocks).map_err(told)
    }

    fn told(&self, window: Period) -> std::result::Result<Option<Vec<Told>>, SourceError> {
        self.lake.stock_told(window, "TRUE").map_err(told)
    }
}

/// Reads the lines of all blocks once.
fn read_sold(source: &LakeSource, blocks: Blocks) -> Result<Demand> {
    let table = source.lake.table(FactKind::Sales);
    let (Some(snapshot), Some(window)) = (table.snapshot(source.lake.runtime(), None)?, blocks.window()) else {
        return Ok(Demand::default());
    };
    let overlaps =
        |file: &DataFile| file.days.is_none_or(|days| days.from() <= window.to() && window.from() <= days.to());
    let files: Vec<DataFile> = snapshot.with_status(Status::Live).filter(|file| overlaps(file)).cloned().collect();
    let grain = Grain::MONTHS.with(Dimension::Product).with(Dimension::Branch);
    let coder = Coder::new(source, grain);
    let restatement = source.restatement()?;
    let mut names = columns_of(grain);
    names.retain(|name| !matches!(*name, "discount" | "cost"));
    // Single invoices may be credited by themselves.
    if restatement.has_credits() {
        names.extend(["source", "invoice_no"]);
    }
    let columns = Columns { only: Some(&names), coded: &CODED, whole: None };
    let start = |_: &DataFile| (KnownCodes::default(), Vec::<Sum>::new());
    let parts = scan(table.folder(), &files, columns, start, |(known, sums), batch| {
        let batch = restatement.apply(&batch)?;
        let of_day = dates(&batch, "date")?;
        let codes = known.of(&coder, &batch)?;
        let (net, quantity) = (decimal(&batch, "net")?, decimal(&batch, "quantity")?);
        for row in 0..batch.num_rows() {
            let day = of_day.value(row);
            let Some(block) = blocks.place(day) else { continue };
            let Some(quantity) = amount(quantity, row)?.filter(|quantity| *quantity > 0) else { continue };
            let key = coder.key(&codes, row, 0);
            if key.product == NONE {
                continue;
            }
            let net = amount(net, row)?.filter(|net| *net > 0);
            let sold = Sold {
                block: block as u16,
                quantity,
                priced: if net.is_some() { quantity } else { 0 },
                net: net.unwrap_or_default(),
            };
            let shelf = u64::from(key.product) << 32 | u64::from(key.branch);
            sums.push(Sum { shelf, unit: codes[7].get(row).copied().unwrap_or(NONE), last: day, sold });
        }
        if sums.len() > MOST_LOOSE {
            add_up(sums)?;
        }
        Ok(())
    })?;
    let mut all: Vec<Sum> = Vec::with_capacity(parts.iter().map(|(_, sums)| sums.len()).sum());
    parts.into_iter().for_each(|(_, sums)| all.extend(sums));
    add_up(&mut all)?;
    let mut demand = Demand { shelves: Vec::new(), sold: Vec::with_capacity(all.len()) };
    for of in all.chunk_by(|one, other| one.shelf == other.shelf) {
        demand.sold.extend(of.iter().map(|sum| sum.sold));
        let first = of[0];
        demand.shelves.push(Shelf {
            product: (first.shelf >> 32) as u32,
            branch: first.shelf as u32,
            unit: of.iter().fold(first.unit, |unit, sum| if unit == sum.unit { unit } else { MIXED }),
            last_sold: of.iter().fold(first.last, |last, sum| last.max(sum.last)),
            end: u32::try_from(demand.sold.len()).map_err(|_| LakeError::TooLarge)?,
        });
    }
    Ok(demand)
}

/// Sorts, and makes one of all sums of the same product, branch and block.
fn add_up(sums: &mut Vec<Sum>) -> Result<()> {
    let key = |sum: &Sum| (sum.shelf, sum.sold.block);
    sums.par_sort_unstable_by_key(key);
    let plus = |one: i64, other: i64| one.checked_add(other).ok_or(LakeError::TooLarge);
    let mut kept: usize = 0;
    for place in 0..sums.len() {
        let more = sums[place];
        let last = kept.checked_sub(1).filter(|last| key(&sums[*last]) == key(&more));
        let Some(last) = last else {
            sums[kept] = more;
            kept += 1;
            continue;
        };
        let sum = &mut sums[last];
        sum.unit = if sum.unit == more.unit { sum.unit } else { MIXED };
        sum.last = sum.last.max(more.last);
        sum.sold.quantity = plus(sum.sold.quantity, more.sold.quantity)?;
        sum.sold.priced = plus(sum.sold.priced, more.sold.priced)?;
        sum.sold.net = plus(sum.sold.net, more.sold.net)?;
    }
    sums.truncate(kept);
    Ok(())
}

impl Lake {
    /// The rows of stock of a window that a condition holds for, in the unit that lines are told in; none where there never were any.
    pub(super) fn stock_told(&self, window: Period, condition: &str) -> Result<Option<Vec<Told>>> {
        if self.rows_of_kind(FactKind::Stock)? == 0 {
            return Ok(None);
        }
        let restatement = self.restatement(Credit::Recorded)?;
        let rows = self.runtime().block_on(async {
            let context = super::session::bare();
            let frame = self.live_frame(&context, FactKind::Stock).await?;
            context.register_table("stock", frame.into_view()).map_err(super::session::wrong)?;
            let reader = Reader { context, aliases: restatement.aliases().clone() };
            let sql = format!(
                "SELECT product_id, branch, date, until, quantity, unit, state, days_out FROM stock
                 WHERE date <= DATE '{}' AND coalesce(until, date) >= DATE '{}' AND ({condition})
                 ORDER BY product_id, branch, date, until, quantity, unit, state, days_out",
                window.to(),
                window.from()
            );
            reader.rows(&sql).await
        })?;
        let rows = restatement.units().apply(&rows)?;
        let (products, branches) = (texts(&rows, "product_id")?, texts(&rows, "branch")?);
        let (units, states) = (texts(&rows, "unit")?, texts(&rows, "state")?);
        let (first, last) = (days(&rows, "date")?, days(&rows, "until")?);
        let (quantities, out) = (numbers(&rows, "quantity")?, numbers(&rows, "days_out")?);
        let quantity = |row: usize| -> Result<Option<i64>> {
            match quantities.is_valid(row) {
                true => i64::try_from(quantities.value(row)).map(Some).map_err(|_| LakeError::TooLarge),
                false => Ok(None),
            }
        };
        let mut found = Vec::with_capacity(rows.num_rows());
        for row in 0..rows.num_rows() {
            let Some((product, day)) = owned(&products, row).zip(day_at(&first, row)) else { continue };
            found.push(Told {
                product,
                branch: owned(&branches, row),
                day,
                until: day_at(&last, row),
                quantity: quantity(row)?,
                unit: owned(&units, row),
                is_out: text_at(&states, row) == Some("out"),
                // More days than a month has say that the product was given up.
                days_out: number_at(&out, row).map(|days| days.clamp(0.0, f64::from(u16::MAX)) as u16),
            });
        }
        Ok(Some(found))
    }
}
