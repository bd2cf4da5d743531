//! What the lines lack and what in them looks wrong, in two passes over the columns concerned.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, AsArray, RecordBatch, StringArray},
    compute::cast,
    datatypes::DataType,
};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use takar_import::FactKind;
use takar_insight::quality::{PriceMedians, PriceScale, is_odd_cost};
use takar_model::{Credit, Day, Money, Month};

use crate::{
    Lake,
    error::{LakeError, Result},
    facts::{
        columns::{dates, decimal, text, text_at, whole},
        delta::DataFile,
        files::MonthOf,
        scan::{Columns, scan},
        schema::Status,
    },
    restate::Restatement,
};

/// Examples kept of each thing that looks wrong.
const EXAMPLES: usize = 20;
/// What is read of a line.
const COLUMNS: [&str; 17] = [
    "import_id",
    "file",
    "sheet",
    "row",
    "date",
    "account_id",
    "account_name",
    "manager_id",
    "manager_name",
    "product_id",
    "category",
    "quantity",
    "net",
    "cost",
    "currency",
    "region",
    "segment",
];
/// The columns of amounts that a restatement may change.
const AMOUNT: u32 = 4;

/// What a line may lack.
pub const LACKING: [&str; 8] = ["account", "manager", "product", "category", "region", "segment", "quantity", "cost"];

/// How complete the lines of one month are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthOfLines {
    /// The month.
    pub month: Month,
    /// How many lines count.
    pub lines: u64,
    /// How many of them lack each of [`LACKING`], in its order. What the tables of accounts, products or owners say is not lacking.
    pub lacking: [u64; LACKING.len()],
}

/// A line that looks wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OddLine {
    /// The import that brought it.
    pub import: i64,
    /// Its file.
    pub file: String,
    /// Its row in it.
    pub row: i64,
    /// Its sheet.
    pub sheet: Option<String>,
    /// Its day.
    pub date: String,
    /// Its account.
    pub account: Option<String>,
    /// Its product.
    pub product: Option<String>,
    /// What looks wrong.
    pub value: String,
    /// What is usual.
    pub usual: Option<String>,
}

/// Lines that look wrong in one way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OddLines {
    /// How many there are.
    pub count: u64,
    /// The first twenty, by import, file and row.
    pub examples: Vec<OddLine>,
}

/// What the lines lack and what in them looks wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct QualityOfLines {
    /// Each month's completeness, in order.
    pub months: Vec<MonthOfLines>,
    /// A unit price of a hundred times its product's median, or a hundredth.
    pub prices: OddLines,
    /// A cost below zero, or ten times the net.
    pub costs: OddLines,
    /// A day that has not come yet.
    pub future: OddLines,
}

impl OddLines {
    fn add(&mut self, line: OddLine) {
        self.count += 1;
        self.examples.push(line);
        if self.examples.len() >= EXAMPLES * 8 {
            self.keep_first();
        }
    }

    fn keep_first(&mut self) {
        self.examples.sort_unstable();
        self.examples.truncate(EXAMPLES);
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.examples.extend(other.examples);
        self.keep_first();
    }
}

/// What the small tables say, so that it does not have to stand in the lines.
struct Known {
    managed: FxHashSet<String>,
    placed: FxHashSet<String>,
    segmented: FxHashSet<String>,
    categorised: FxHashSet<String>,
}

/// What the first pass found.
#[derive(Default)]
struct Seen {
    months: BTreeMap<i32, (u64, [u64; LACKING.len()])>,
    prices: PriceScale,
    costs: OddLines,
    future: OddLines,
}

impl Lake {
    /// What the live lines lack and what in them looks wrong, held against `today`.
    pub fn quality_of_lines(&self, today: Day) -> Result<QualityOfLines> {
        let table = self.table(FactKind::Sales);
        let Some(snapshot) = table.snapshot(self.runtime(), None)? else { return Ok(QualityOfLines::default()) };
        let files: Vec<DataFile> = snapshot.with_status(Status::Live).cloned().collect();
        let restatement = self.restatement(Credit::Recorded)?;
        let known = self.known()?;
        let today = today.epoch_days();
        let columns = Columns::only(&COLUMNS);
        let parts = scan(
            table.folder(),
            &files,
            columns,
            |_| Seen::default(),
            |seen, batch| seen.look_at(&restated(&restatement, &batch)?, &known, today),
        )?;
        let mut seen = Seen::default();
        for part in parts {
            seen.merge(part);
        }
        let medians = seen.prices.medians();
        let found = scan(
            table.folder(),
            &files,
            columns,
            |_| OddLines::default(),
            |odd, batch| odd_prices(odd, &restated(&restatement, &batch)?, &medians),
        )?;
        let mut prices = OddLines::default();
        found.into_iter().for_each(|part| prices.merge(part));
        let month = |(index, (lines, lacking))| MonthOfLines { month: Month::from_index(index), lines, lacking };
        Ok(QualityOfLines {
            months: seen.months.into_iter().map(month).collect(),
            prices,
            costs: seen.costs,
            future: seen.future,
        })
    }

    fn known(&self) -> Result<Known> {
        let tables = self.small_tables()?;
        let with = |table: &RecordBatch, id: &str, name: &str| -> Result<FxHashSet<String>> {
            let (ids, filled) = (text(table, id)?, text(table, name)?);
            let rows = (0..table.num_rows()).filter(|row| filled.is_valid(*row));
            Ok(rows.filter_map(|row| text_at(ids, row).map(str::to_owned)).collect())
        };
        Ok(Known {
            managed: with(&tables.accounts, "account_id", "manager_id")?,
            placed: with(&tables.accounts, "account_id", "region")?,
            segmented: with(&tables.accounts, "account_id", "segment")?,
            categorised: with(&tables.products, "product_id", "category")?,
        })
    }
}

/// The lines under the ids and managers that count, but not divided: a line is looked at once.
fn restated(restatement: &Restatement, batch: &RecordBatch) -> Result<RecordBatch> {
    let read = restatement.apply(batch)?;
    // A line with several owners becomes several; its rows have one place.
    let rows = whole(&read, "row")?;
    let files = text_of(&read, "file")?;
    let imports = whole(&read, "import_id")?;
    let place = |row: usize| (imports.value(row), text_at(&files, row), rows.value(row));
    crate::facts::scan::select(&read, |row| row == 0 || place(row) != place(row - 1))
}

fn text_of(batch: &RecordBatch, name: &str) -> Result<StringArray> {
    let array = batch
        .column_by_name(name)
        .ok_or_else(|| LakeError::Data { doing: "cannot look at the lines", reason: format!("no column {name}") })?;
    let plain = cast(array, &DataType::Utf8).map_err(LakeError::data("cannot read a text"))?;
    Ok(plain.as_string::<i32>().clone())
}

/// The columns of a batch by which a line is told to the reader.
struct Places<'a> {
    batch: &'a RecordBatch,
    files: StringArray,
    sheets: StringArray,
    accounts: StringArray,
    products: StringArray,
}

impl<'a> Places<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Self> {
        let text = |name: &str| text_of(batch, name);
        let (files, sheets) = (text("file")?, text("sheet")?);
        Ok(Self { batch, files, sheets, accounts: text("account_id")?, products: text("product_id")? })
    }

    fn line(&self, row: usize, value: String, usual: Option<String>) -> Result<OddLine> {
        let owned = |texts: &StringArray| text_at(texts, row).map(str::to_owned);
        let day = Day::from_epoch_days(dates(self.batch, "date")?.value(row));
        Ok(OddLine {
            import: whole(self.batch, "import_id")?.value(row),
            file: owned(&self.files).unwrap_or_default(),
            row: whole(self.batch, "row")?.value(row),
            sheet: owned(&self.sheets),
            date: day.map(|day| day.to_string()).unwrap_or_default(),
            account: owned(&self.accounts),
            product: owned(&self.products),
            value,
            usual,
        })
    }
}

impl Seen {
    fn look_at(&mut self, batch: &RecordBatch, known: &Known, today: i32) -> Result<()> {
        let places = Places::of(batch)?;
        let text = |name: &str| text_of(batch, name);
        let (managers, categories) = (text("manager_id")?, text("category")?);
        let (regions, segments) = (text("region")?, text("segment")?);
        let (days, quantities) = (dates(batch, "date")?, decimal(batch, "quantity")?);
        let (nets, costs) = (decimal(batch, "net")?, decimal(batch, "cost")?);
        let mut months = MonthOf::default();
        for row in 0..batch.num_rows() {
            let (account, product) = (text_at(&places.accounts, row), text_at(&places.products, row));
            let says = |id: Option<&str>, set: &FxHashSet<String>| id.is_some_and(|id| set.contains(id));
            let month = self.months.entry(months.of(days.value(row))).or_default();
            month.0 += 1;
            let lacks = [
                account.is_none(),
                managers.is_null(row) && !says(account, &known.managed),
                product.is_none(),
                categories.is_null(row) && !says(product, &known.categorised),
                regions.is_null(row) && !says(account, &known.placed),
                segments.is_null(row) && !says(account, &known.segmented),
                quantities.is_null(row),
                costs.is_null(row),
            ];
            month.1.iter_mut().zip(lacks).for_each(|(count, lacks)| *count += u64::from(lacks));
            if days.value(row) > today {
                self.future.add(places.line(row, String::new(), None)?);
            }
            let money = |units: i128| Money::from_units(units);
            if costs.is_valid(row) && nets.is_valid(row) && is_odd_cost(money(costs.value(row)), money(nets.value(row)))
            {
                let usual = money(nets.value(row)).to_string();
                self.costs.add(places.line(row, money(costs.value(row)).to_string(), Some(usual))?);
            }
            if let Some((product, price)) = product.zip(unit_price(nets, quantities, row)) {
                self.prices.add(code_of(product), price);
            }
        }
        Ok(())
    }

    fn merge(&mut self, other: Self) {
        for (month, (lines, lacking)) in other.months {
            let own = self.months.entry(month).or_default();
            own.0 += lines;
            own.1.iter_mut().zip(lacking).for_each(|(count, more)| *count += more);
        }
        self.prices.merge(&other.prices);
        self.costs.merge(other.costs);
        self.future.merge(other.future);
    }
}

fn odd_prices(odd: &mut OddLines, batch: &RecordBatch, medians: &PriceMedians) -> Result<()> {
    let places = Places::of(batch)?;
    let (quantities, nets) = (decimal(batch, "quantity")?, decimal(batch, "net")?);
    for row in 0..batch.num_rows() {
        let Some(product) = text_at(&places.products, row) else { continue };
        let Some(price) = unit_price(nets, quantities, row) else { continue };
        if let Some(usual) = medians.is_odd(code_of(product), price) {
            odd.add(places.line(row, rounded(price), Some(rounded(usual)))?);
        }
    }
    Ok(())
}

/// A product's place in the scale of prices: a hash, since workers meet products in different orders. Two products that share one
/// share a median, which among a million products befalls a hundred.
fn code_of(product: &str) -> u32 {
    xxhash_rust::xxh3::xxh3_64(product.as_bytes()) as u32
}

/// What one unit came to; a share of it is no money that is shown as exact.
fn unit_price(
    nets: &arrow::array::Decimal128Array,
    quantities: &arrow::array::Decimal128Array,
    row: usize,
) -> Option<f64> {
    let (net, quantity) =
        (nets.is_valid(row).then(|| nets.value(row))?, quantities.is_valid(row).then(|| quantities.value(row))?);
    (quantity != 0).then(|| net as f64 / quantity as f64 * 10_f64.powi(6 - AMOUNT as i32))
}

/// Four figures tell enough of a price that is a hundred times off.
fn rounded(price: f64) -> String {
    let digits = (3 - price.abs().log10().floor() as i32).clamp(0, 9);
    format!("{price:.*}", usize::try_from(digits).unwrap_or_default())
}

/// Ids that the rows of some kinds name, with how many rows name each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedId {
    /// The id.
    pub id: String,
    /// How many rows name it.
    pub rows: u64,
}

impl Lake {
    /// The ids in a column of the live rows of a table, under the ids that count.
    pub fn ids_named(&self, kind: FactKind, column: &str) -> Result<Vec<NamedId>> {
        let rows = self.aliases()?.apply(&self.live_rows(kind)?)?;
        let Some(_) = rows.column_by_name(column) else { return Ok(Vec::new()) };
        let ids = text_of(&rows, column)?;
        let mut counts: FxHashMap<&str, u64> = FxHashMap::default();
        ids.iter().flatten().for_each(|id| *counts.entry(id).or_default() += 1);
        let mut named: Vec<NamedId> =
            counts.into_iter().map(|(id, rows)| NamedId { id: id.to_owned(), rows }).collect();
        named.sort_by(|one, other| other.rows.cmp(&one.rows).then_with(|| one.id.cmp(&other.id)));
        Ok(named)
    }

    /// Every stream of lines with how many count and its last day.
    pub fn streams(&self) -> Result<Vec<(String, u64, Option<Day>)>> {
        let snapshot = self.table(FactKind::Sales).snapshot(self.runtime(), None)?;
        let mut streams: BTreeMap<String, (u64, Option<Day>)> = BTreeMap::new();
        for file in snapshot.iter().flat_map(|snapshot| snapshot.with_status(Status::Live)) {
            let of_stream = streams.entry(file.source.clone()).or_default();
            of_stream.0 += file.rows;
            of_stream.1 = of_stream.1.max(file.days.map(|days| days.to()));
        }
        Ok(streams.into_iter().map(|(source, (lines, last))| (source, lines, last)).collect())
    }
}
