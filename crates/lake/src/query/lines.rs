//! Cells straight from the lines, for questions that no panel answers exactly: odd days, products.

use arrow::{
    array::{Array, Decimal128Array, StringArray},
    record_batch::RecordBatch,
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use takar_import::FactKind;
use takar_insight::metrics::{Cells, Dimension, Grain, Labels, NONE, SharedOrders};
use takar_model::Period;

use super::source::LakeSource;
use crate::{
    error::{LakeError, Result},
    facts::{
        columns::{dates, decimal, text, text_at},
        delta::{DataFile, Table},
        files::{MonthOf, scan},
        keys::GroupKey,
        schema::Status,
    },
    panels::{
        build::{COLUMNS, order_key},
        measures::{LineAmounts, Measures},
    },
};

/// The key of a cell: the month and a code (or [`NONE`]) for each dimension of the grain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Key {
    month: i32,
    account: u32,
    manager: u32,
    product: u32,
    category: u32,
    region: u32,
    segment: u32,
    branch: u32,
}

#[derive(Default)]
struct Part {
    cells: FxHashMap<Key, Measures>,
    orders: Vec<(GroupKey, Key)>,
}

/// Counts the live lines of `range`, grouped by `grain`.
pub(super) fn cells_from_lines(source: &LakeSource, range: Period, grain: Grain) -> Result<Cells> {
    let table = Table::new(source.lake.folder(), FactKind::Sales);
    let Some(snapshot) = table.snapshot(source.lake.runtime(), None)? else {
        return Ok(Cells::default());
    };
    let overlaps =
        |file: &DataFile| file.days.is_none_or(|days| days.from() <= range.to() && range.from() <= days.to());
    let files: Vec<DataFile> = snapshot.with_status(Status::Live).filter(|file| overlaps(file)).cloned().collect();
    let coder = Coder::new(source);
    let parts = scan(
        table.folder(),
        &files,
        Some(&COLUMNS),
        |_| Part::default(),
        |part, batch| part.add(&coder, &batch, range, grain),
    )?;
    let mut all: FxHashMap<Key, Measures> = FxHashMap::default();
    let mut orders = Vec::new();
    for part in parts {
        for (key, sums) in part.cells {
            all.entry(key).or_default().merge(&sums)?;
        }
        orders.extend(part.orders);
    }
    let mut sorted: Vec<(Key, Measures)> = all.into_iter().collect();
    sorted.sort_unstable_by_key(|(key, _)| *key);
    let mut cells = to_cells(&sorted, grain);
    count_orders(&mut cells, &sorted, orders);
    Ok(cells)
}

/// From the texts of lines to the codes of the source's names.
struct Coder<'a> {
    source: &'a LakeSource,
    accounts: FxHashMap<&'a str, u32>,
    managers: FxHashMap<&'a str, u32>,
    products: FxHashMap<&'a str, u32>,
    categories: FxHashMap<&'a str, u32>,
    regions: FxHashMap<&'a str, u32>,
    segments: FxHashMap<&'a str, u32>,
    branches: FxHashMap<&'a str, u32>,
    units: FxHashMap<&'a str, u32>,
    currencies: FxHashMap<&'a str, u32>,
}

impl<'a> Coder<'a> {
    fn new(source: &'a LakeSource) -> Self {
        let names = &source.names;
        let book = |labels: &'a Labels| -> FxHashMap<&'a str, u32> {
            (0_u32..).map_while(|code| labels.id(code).map(|id| (id, code))).collect()
        };
        let list = |texts: &'a [String]| texts.iter().map(String::as_str).zip(0_u32..).collect();
        Self {
            source,
            accounts: book(&names.account),
            managers: book(&names.manager),
            products: book(&names.product),
            categories: book(&names.category),
            regions: book(&names.region),
            segments: book(&names.segment),
            branches: book(&names.branch),
            units: list(&names.units),
            currencies: list(&names.currencies),
        }
    }

    /// The key of a line at the finest grain, with what its account, manager and product say of it.
    fn key(&self, line: &LineTexts<'_>, row: usize, month: i32) -> Key {
        let find = |book: &FxHashMap<&str, u32>, array: &StringArray| {
            text_at(array, row).and_then(|text| book.get(text).copied()).unwrap_or(NONE)
        };
        let or = |code: u32, other: u32| if code == NONE { other } else { code };
        let account = find(&self.accounts, line.accounts);
        let known = self.source.accounts.get(account as usize).map(|(_, known)| known);
        let manager = or(find(&self.managers, line.managers), known.map_or(NONE, |known| known.manager));
        let of_manager = self.source.managers.get(manager as usize).map_or(NONE, |(_, known)| known.branch);
        let product = find(&self.products, line.products);
        let of_product = self.source.products.get(product as usize).map_or(NONE, |(_, known)| known.category);
        Key {
            month,
            account,
            manager,
            product,
            category: or(find(&self.categories, line.categories), of_product),
            region: or(find(&self.regions, line.regions), known.map_or(NONE, |known| known.region)),
            segment: or(find(&self.segments, line.segments), known.map_or(NONE, |known| known.segment)),
            branch: or(or(find(&self.branches, line.branches), known.map_or(NONE, |known| known.branch)), of_manager),
        }
    }
}

struct LineTexts<'a> {
    accounts: &'a StringArray,
    managers: &'a StringArray,
    products: &'a StringArray,
    categories: &'a StringArray,
    regions: &'a StringArray,
    segments: &'a StringArray,
    branches: &'a StringArray,
}

impl Key {
    /// The same key at a coarser grain.
    fn at(self, grain: Grain) -> Self {
        let keep = |dimension: Dimension, code: u32| if grain.has(dimension) { code } else { NONE };
        Self {
            month: self.month,
            account: keep(Dimension::Account, self.account),
            manager: keep(Dimension::Manager, self.manager),
            product: keep(Dimension::Product, self.product),
            category: keep(Dimension::Category, self.category),
            region: keep(Dimension::Region, self.region),
            segment: keep(Dimension::Segment, self.segment),
            branch: keep(Dimension::Branch, self.branch),
        }
    }
}

impl Part {
    fn add(&mut self, coder: &Coder<'_>, batch: &RecordBatch, range: Period, grain: Grain) -> Result<()> {
        let days = dates(batch, "date")?;
        let line = LineTexts {
            accounts: text(batch, "account_id")?,
            managers: text(batch, "manager_id")?,
            products: text(batch, "product_id")?,
            categories: text(batch, "category")?,
            regions: text(batch, "region")?,
            segments: text(batch, "segment")?,
            branches: text(batch, "branch")?,
        };
        let (sources, invoices) = (text(batch, "source")?, text(batch, "invoice_no")?);
        let (units, currencies) = (text(batch, "unit")?, text(batch, "currency")?);
        let (net, quantity) = (decimal(batch, "net")?, decimal(batch, "quantity")?);
        let (discount, cost) = (decimal(batch, "discount")?, decimal(batch, "cost")?);
        let mut months = MonthOf::default();
        let mut buffer = Vec::with_capacity(64);
        let (first, last) = (range.from().epoch_days(), range.to().epoch_days());
        for row in (0..batch.num_rows()).filter(|row| (first..=last).contains(&days.value(*row))) {
            let day = days.value(row);
            let code = |book: &FxHashMap<&str, u32>, array: &StringArray| {
                text_at(array, row).and_then(|text| book.get(text).copied()).unwrap_or(NONE)
            };
            let amounts = LineAmounts {
                net: amount(net, row)?,
                quantity: amount(quantity, row)?,
                discount: amount(discount, row)?,
                cost: amount(cost, row)?,
                day,
                unit: code(&coder.units, units),
                currency: code(&coder.currencies, currencies),
            };
            let key = coder.key(&line, row, months.of(day)).at(grain);
            self.cells.entry(key).or_default().add(&amounts)?;
            if amounts.is_ordered() {
                let invoice = (sources.value(row), text_at(invoices, row));
                let order = (order_key(invoice, text_at(line.accounts, row), day, &mut buffer), key);
                if self.orders.last() != Some(&order) {
                    self.orders.push(order);
                }
            }
        }
        Ok(())
    }
}

fn amount(array: &Decimal128Array, row: usize) -> Result<Option<i64>> {
    match array.is_null(row) {
        true => Ok(None),
        false => i64::try_from(array.value(row)).map(Some).map_err(|_| LakeError::TooLarge),
    }
}

fn to_cells(sorted: &[(Key, Measures)], grain: Grain) -> Cells {
    let codes = |dimension: Dimension, code: fn(&Key) -> u32| -> Vec<u32> {
        if grain.has(dimension) { sorted.iter().map(|(key, _)| code(key)).collect() } else { Vec::new() }
    };
    let counts = |count: fn(&Measures) -> u32| sorted.iter().map(|(_, sums)| count(sums)).collect::<Vec<_>>();
    let amounts = |amount: fn(&Measures) -> i64| sorted.iter().map(|(_, sums)| amount(sums)).collect::<Vec<_>>();
    Cells {
        account: codes(Dimension::Account, |key| key.account),
        manager: codes(Dimension::Manager, |key| key.manager),
        product: codes(Dimension::Product, |key| key.product),
        category: codes(Dimension::Category, |key| key.category),
        region: codes(Dimension::Region, |key| key.region),
        segment: codes(Dimension::Segment, |key| key.segment),
        branch: codes(Dimension::Branch, |key| key.branch),
        month: sorted.iter().map(|(key, _)| key.month).collect(),
        lines: counts(|sums| sums.lines),
        net_lines: counts(|sums| sums.net_lines),
        quantity_lines: counts(|sums| sums.quantity_lines),
        cost_lines: counts(|sums| sums.cost_lines),
        unit: counts(|sums| sums.unit),
        currency: counts(|sums| sums.currency),
        net: amounts(|sums| sums.net),
        quantity: amounts(|sums| sums.quantity),
        gross: amounts(|sums| sums.gross),
        discount: amounts(|sums| sums.discount),
        cost: amounts(|sums| sums.cost),
        net_with_cost: amounts(|sums| sums.net_with_cost),
        returns: amounts(|sums| sums.returns),
        net_before_returns: amounts(|sums| sums.net_before_returns),
        orders: vec![0; sorted.len()],
        first_order: sorted.iter().map(|(_, sums)| sums.first_order).collect(),
        shared_orders: SharedOrders::default(),
    }
}

/// Counts each order once in every cell it is in, and lists those that are in several.
fn count_orders(cells: &mut Cells, sorted: &[(Key, Measures)], mut orders: Vec<(GroupKey, Key)>) {
    let row_of: FxHashMap<Key, u32> = sorted.iter().map(|(key, _)| *key).zip(0_u32..).collect();
    orders.par_sort_unstable();
    orders.dedup();
    for order in orders.chunk_by(|one, other| one.0 == other.0) {
        let rows: Vec<u32> = order.iter().filter_map(|(_, key)| row_of.get(key).copied()).collect();
        rows.iter().for_each(|row| cells.orders[*row as usize] += 1);
        if rows.len() > 1 {
            cells.shared_orders.push(&rows);
        }
    }
}
