//! Cells straight from the lines, for questions that no panel answers exactly: odd days, products.

use arrow::{
    array::{Array, Decimal128Array, StringArray},
    record_batch::RecordBatch,
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use takar_import::FactKind;
use takar_insight::metrics::{Cells, Dimension, Grain, Labels, NONE, OrderDays, SharedOrders};
use takar_model::Period;

use super::source::LakeSource;
use crate::{
    error::{LakeError, Result},
    facts::{
        columns::{coded, dates, decimal, text, text_at},
        delta::DataFile,
        files::MonthOf,
        keys::GroupKey,
        scan::{Columns, scan},
        schema::Status,
    },
    panels::{
        build::{Group, order_key},
        measures::{LineAmounts, Measures},
        seal::sorted_positions,
    },
    restate::Restatement,
};

/// The key of a cell: the month and a code (or [`NONE`]) for each dimension of the grain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    month: i32,
    pub(super) account: u32,
    pub(super) manager: u32,
    pub(super) product: u32,
    category: u32,
    pub(super) region: u32,
    pub(super) segment: u32,
    pub(super) branch: u32,
}

/// An order and a cell it is in.
type OrderInCell = (GroupKey, u32);

/// What one file adds: its cells, and its orders by cell.
#[derive(Default)]
struct Part {
    cells: Group<Key>,
    orders: Vec<OrderInCell>,
    codes: KnownCodes,
}

/// Counts the live lines of `range`, grouped by `grain`.
pub(super) fn cells_from_lines(
    source: &LakeSource,
    restatement: &Restatement,
    range: Period,
    grain: Grain,
) -> Result<Cells> {
    let table = source.lake.table(FactKind::Sales);
    let Some(snapshot) = table.snapshot(source.lake.runtime(), None)? else {
        return Ok(Cells::default());
    };
    let overlaps =
        |file: &DataFile| file.days.is_none_or(|days| days.from() <= range.to() && range.from() <= days.to());
    let files: Vec<DataFile> = snapshot.with_status(Status::Live).filter(|file| overlaps(file)).cloned().collect();
    let coder = Coder::new(source, grain);
    let names = coder.columns_with(restatement);
    let columns = Columns { only: Some(&names), coded: &CODED, whole: None };
    let parts = scan(
        table.folder(),
        &files,
        columns,
        |_| Part::default(),
        |part, batch| part.add(&coder, &restatement.apply(&batch)?, range),
    )?;

    let mut cells: Group<Key> = Group::default();
    let mut orders: Vec<OrderInCell> = Vec::with_capacity(parts.iter().map(|part| part.orders.len()).sum());
    for part in parts {
        let mut cell_of = Vec::with_capacity(part.cells.keys.len());
        for (key, sums) in part.cells.keys.into_iter().zip(part.cells.sums) {
            let cell = cells.cell(key);
            cells.sums_of(cell).merge(&sums)?;
            cell_of.push(cell);
        }
        orders.extend(part.orders.into_iter().map(|(order, cell)| (order, cell_of[cell as usize])));
    }
    let (keys, sums) = (cells.keys.into_vec(), cells.sums.into_vec());
    let position = sorted_positions(&keys);
    let mut row_of = vec![0_u32; position.len()];
    for (row, cell) in (0_u32..).zip(&position) {
        row_of[*cell as usize] = row;
    }
    orders.par_iter_mut().for_each(|(_, cell)| *cell = row_of[*cell as usize]);
    let sorted: Vec<(Key, Measures)> =
        position.iter().map(|cell| (keys[*cell as usize], sums[*cell as usize])).collect();
    let mut cells = to_cells(&sorted, grain);
    count_orders(&mut cells, orders);
    Ok(cells)
}

/// The days on which each account ordered.
pub(super) fn order_days(source: &LakeSource) -> Result<OrderDays> {
    let table = source.lake.table(FactKind::Sales);
    let Some(snapshot) = table.snapshot(source.lake.runtime(), None)? else {
        return Ok(OrderDays::default());
    };
    let files: Vec<DataFile> = snapshot.with_status(Status::Live).cloned().collect();
    let coder = Coder::new(source, Grain::MONTHS.with(Dimension::Account));
    let restatement = source.restatement()?;
    let columns = ["date", "account_id", "quantity", "net", "currency"];
    let columns = if restatement.converts() { &columns[..] } else { &columns[..4] };
    let columns = Columns { only: Some(columns), coded: &CODED, whole: None };
    let start = |_: &DataFile| (KnownCodes::default(), Vec::new());
    let parts = scan(table.folder(), &files, columns, start, |(known, rows), batch| {
        let batch = restatement.apply(&batch)?;
        let days = dates(&batch, "date")?;
        let [accounts, ..] = known.of(&coder, &batch)?;
        let (net, quantity) = (decimal(&batch, "net")?, decimal(&batch, "quantity")?);
        for (row, account) in accounts.into_iter().enumerate().filter(|(_, account)| *account != NONE) {
            let day = days.value(row);
            let line =
                LineAmounts { net: amount(net, row)?, quantity: amount(quantity, row)?, day, ..LineAmounts::default() };
            if !line.is_ordered() {
                continue;
            }
            let net = line.net.unwrap_or_default();
            match rows.last_mut() {
                Some((last, last_day, sum)) if (*last, *last_day) == (account, day) => {
                    *sum = i64::checked_add(*sum, net).ok_or(LakeError::TooLarge)?;
                }
                _ => rows.push((account, day, net)),
            }
        }
        Ok(())
    })?;
    let rows = parts.into_iter().flat_map(|(_, rows)| rows).collect();
    Ok(OrderDays::of(source.names.account.len(), rows))
}

/// The text columns that recur, so that they are read as codes of the file's own dictionary.
pub(super) const CODED: [&str; 9] =
    ["account_id", "manager_id", "product_id", "category", "region", "segment", "branch", "unit", "currency"];

/// From the texts of lines to the codes of the source's names.
pub(super) struct Coder<'a> {
    source: &'a LakeSource,
    grain: Grain,
    /// The columns that the grain asks for.
    columns: Vec<&'static str>,
    /// A book of codes for each of [`CODED`].
    books: [FxHashMap<&'a str, u32>; CODED.len()],
}

impl<'a> Coder<'a> {
    pub(super) fn new(source: &'a LakeSource, grain: Grain) -> Self {
        let names = &source.names;
        let book = |labels: &'a Labels| -> FxHashMap<&'a str, u32> {
            (0_u32..).map_while(|code| labels.id(code).map(|id| (id, code))).collect()
        };
        let list = |texts: &'a [String]| texts.iter().map(String::as_str).zip(0_u32..).collect();
        Self {
            source,
            grain,
            columns: columns_of(grain),
            books: [
                book(&names.account),
                book(&names.manager),
                book(&names.product),
                book(&names.category),
                book(&names.region),
                book(&names.segment),
                book(&names.branch),
                list(&names.units),
                list(&names.currencies),
            ],
        }
    }

    /// The columns that the grain asks for, and those that restating them needs.
    pub(super) fn columns_with(&self, restatement: &Restatement) -> Vec<&'static str> {
        let mut names = self.columns.clone();
        // Products have conversions of their own.
        if !restatement.units().is_empty() && !names.contains(&"product_id") {
            names.push("product_id");
        }
        // Single invoices may be credited by themselves.
        if restatement.has_credits() && names.contains(&"manager_id") && !names.contains(&"invoice_no") {
            names.extend(["source", "invoice_no"]);
        }
        names
    }

    /// The key of a line, with what its account, manager and product say where it says nothing itself.
    pub(super) fn key(&self, codes: &[Vec<u32>; CODED.len()], row: usize, month: i32) -> Key {
        let own = |place: usize| codes[place].get(row).copied().unwrap_or(NONE);
        let or = |code: u32, other: u32| if code == NONE { other } else { code };
        let account = own(0);
        let known = self.source.accounts.get(account as usize).map(|(_, known)| known);
        let manager = or(own(1), known.map_or(NONE, |known| known.manager));
        let of_manager = self.source.managers.get(manager as usize).map_or(NONE, |(_, known)| known.branch);
        let product = own(2);
        let of_product = self.source.products.get(product as usize).map_or(NONE, |(_, known)| known.category);
        let keep = |dimension: Dimension, code: u32| if self.grain.has(dimension) { code } else { NONE };
        Key {
            month,
            account: keep(Dimension::Account, account),
            manager: keep(Dimension::Manager, manager),
            product: keep(Dimension::Product, product),
            category: keep(Dimension::Category, or(own(3), of_product)),
            region: keep(Dimension::Region, or(own(4), known.map_or(NONE, |known| known.region))),
            segment: keep(Dimension::Segment, or(own(5), known.map_or(NONE, |known| known.segment))),
            branch: keep(Dimension::Branch, or(or(own(6), known.map_or(NONE, |known| known.branch)), of_manager)),
        }
    }
}

/// The columns of lines that cells of a grain are made from: a manager, region, segment or branch may be known
/// through the account only, a branch through the manager, a category through the product.
pub(super) fn columns_of(grain: Grain) -> Vec<&'static str> {
    let asks = |dimensions: &[Dimension]| dimensions.iter().any(|dimension| grain.has(*dimension));
    let through_account =
        [Dimension::Account, Dimension::Manager, Dimension::Region, Dimension::Segment, Dimension::Branch];
    let mut columns = vec!["date", "quantity", "unit", "discount", "net", "cost", "currency"];
    let optional = [
        (grain.has_orders(), "source"),
        (grain.has_orders(), "invoice_no"),
        (grain.has_orders() || asks(&through_account), "account_id"),
        (asks(&[Dimension::Manager, Dimension::Branch]), "manager_id"),
        (asks(&[Dimension::Product, Dimension::Category]), "product_id"),
        (grain.has(Dimension::Category), "category"),
        (grain.has(Dimension::Region), "region"),
        (grain.has(Dimension::Segment), "segment"),
        (grain.has(Dimension::Branch), "branch"),
    ];
    columns.extend(optional.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, name)| name));
    columns
}

impl Part {
    fn add(&mut self, coder: &Coder<'_>, batch: &RecordBatch, range: Period) -> Result<()> {
        let days = dates(batch, "date")?;
        let codes = self.codes.of(coder, batch)?;
        let orders = if coder.grain.has_orders() {
            Some((text(batch, "source")?, text(batch, "invoice_no")?, coded(batch, "account_id")?))
        } else {
            None
        };
        let (net, quantity) = (decimal(batch, "net")?, decimal(batch, "quantity")?);
        let (discount, cost) = (decimal(batch, "discount")?, decimal(batch, "cost")?);
        let mut months = MonthOf::default();
        let mut buffer = Vec::with_capacity(64);
        let mut previous: Option<(Key, u32)> = None;
        let (first, last) = (range.from().epoch_days(), range.to().epoch_days());
        let (months_together, first_month) = (coder.grain.has_months_together(), range.from().month().index());
        for row in (0..batch.num_rows()).filter(|row| (first..=last).contains(&days.value(*row))) {
            let day = days.value(row);
            let amounts = LineAmounts {
                net: amount(net, row)?,
                quantity: amount(quantity, row)?,
                discount: amount(discount, row)?,
                cost: amount(cost, row)?,
                day,
                unit: codes[7][row],
                currency: codes[8][row],
            };
            let month = if months_together { first_month } else { months.of(day) };
            let key = coder.key(&codes, row, month);
            let cell = match previous {
                Some((last, cell)) if last == key => cell,
                _ => self.cells.cell(key),
            };
            previous = Some((key, cell));
            self.cells.sums_of(cell).add(&amounts)?;
            if let Some((sources, invoices, accounts)) = orders
                && amounts.is_ordered()
            {
                let named = (sources.value(row), text_at(invoices, row));
                let order = (order_key(named, accounts.text(row), day, &mut buffer), cell);
                if self.orders.last() != Some(&order) {
                    self.orders.push(order);
                }
            }
        }
        Ok(())
    }
}

/// How the dictionaries of a file read in the books; they change only from row group to row group.
#[derive(Default)]
pub(super) struct KnownCodes {
    known: [Option<(StringArray, Vec<u32>)>; CODED.len()],
}

impl KnownCodes {
    /// The code of each row for each of [`CODED`]; empty for a column that was not read.
    pub(super) fn of(&mut self, coder: &Coder<'_>, batch: &RecordBatch) -> Result<[Vec<u32>; CODED.len()]> {
        let mut codes: [Vec<u32>; CODED.len()] = Default::default();
        for (place, name) in CODED.into_iter().enumerate() {
            if batch.column_by_name(name).is_none() {
                continue;
            }
            let column = coded(batch, name)?;
            let is_same = |known: &(StringArray, Vec<u32>)| {
                std::ptr::eq(known.0.value_data().as_ptr(), column.texts.value_data().as_ptr())
                    && known.0.len() == column.texts.len()
            };
            let in_book = match self.known[place].take().filter(is_same) {
                Some(known) => known,
                None => {
                    let find = |text: Option<&str>| text.and_then(|text| coder.books[place].get(text).copied());
                    let codes = column.texts.iter().map(|text| find(text).unwrap_or(NONE)).collect();
                    (column.texts.clone(), codes)
                }
            };
            codes[place] = column.rows().map(|text| text.map_or(NONE, |text| in_book.1[text])).collect();
            self.known[place] = Some(in_book);
        }
        Ok(codes)
    }
}

pub(super) fn amount(array: &Decimal128Array, row: usize) -> Result<Option<i64>> {
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
        quantity_before_returns: amounts(|sums| sums.quantity_before_returns),
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
fn count_orders(cells: &mut Cells, mut orders: Vec<OrderInCell>) {
    orders.par_sort_unstable();
    orders.dedup();
    let mut rows = Vec::new();
    for order in orders.chunk_by(|one, other| one.0 == other.0) {
        rows.clear();
        rows.extend(order.iter().map(|(_, row)| *row));
        rows.iter().for_each(|row| cells.orders[*row as usize] += 1);
        if rows.len() > 1 {
            cells.shared_orders.push(&rows);
        }
    }
}
