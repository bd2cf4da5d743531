//! From lines to monthly cells: one builder for each worker, merged at the end.
//!
//! Sums commute, so the workers need no order between them; orders do not add up, so each run of lines of
//! one invoice in one cell is kept and the distinct ones are counted when all is there.

use std::sync::Arc;

use arrow::{
    array::{Array, Decimal128Array, StringArray},
    record_batch::RecordBatch,
};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use takar_insight::metrics::NONE;

use super::{
    blocks::Blocks,
    interner::Interner,
    measures::{LineAmounts, Measures},
    products::{Products, Shared},
    stale::Places,
};
use crate::{
    error::{LakeError, Result},
    facts::{
        columns::{dates, decimal, text, text_at},
        files::MonthOf,
        keys::{GroupKey, invoice_key},
    },
};

/// The columns that the builder reads.
pub(crate) const COLUMNS: [&str; 19] = [
    "source",
    "date",
    "invoice_no",
    "account_id",
    "account_name",
    "manager_id",
    "manager_name",
    "product_id",
    "product_name",
    "category",
    "quantity",
    "unit",
    "discount",
    "net",
    "cost",
    "region",
    "segment",
    "branch",
    "currency",
];

/// The texts that cells name by code, one interner for each kind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    pub accounts: Interner,
    pub account_names: Interner,
    pub managers: Interner,
    pub manager_names: Interner,
    pub products: Interner,
    pub product_names: Interner,
    pub categories: Interner,
    pub regions: Interner,
    pub segments: Interner,
    pub branches: Interner,
    pub units: Interner,
    pub currencies: Interner,
}

/// What makes an account cell: who bought from whom, where, in which month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct AccountKey {
    pub month: i32,
    pub account: u32,
    pub manager: u32,
    pub region: u32,
    pub segment: u32,
    pub branch: u32,
    pub account_name: u32,
    pub manager_name: u32,
}

/// What makes a product cell: which product was sold by whom in which month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ProductKey {
    pub month: i32,
    pub product: u32,
    pub manager: u32,
    pub category: u32,
    pub product_name: u32,
}

/// Consecutive lines of one invoice in one cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub invoice: GroupKey,
    /// Where the run begins in its file: the chunk and the row in it.
    pub place: u64,
    pub cell: u32,
    /// One of its lines makes it an order.
    pub ordered: bool,
    /// The invoice has a number; without one an order is known by its account and day.
    pub numbered: bool,
}

/// Cells keyed by `K`, in order of first appearance.
#[derive(Debug)]
pub(crate) struct Group<K> {
    index: FxHashMap<K, u32>,
    pub keys: Blocks<K>,
    pub sums: Blocks<Measures>,
}

/// The cells of all lines.
#[derive(Debug, Default)]
pub(crate) struct Built {
    pub texts: Texts,
    pub accounts: Group<AccountKey>,
    pub product_keys: Vec<ProductKey>,
    pub product_sums: Vec<Measures>,
    pub runs: Vec<Run>,
}

/// The builders of one panel.
#[derive(Debug, Default)]
pub(crate) struct Builders {
    products: Arc<Shared>,
}

/// The cells of one worker.
#[derive(Debug)]
pub(crate) struct Builder {
    texts: Texts,
    accounts: Group<AccountKey>,
    products: Products,
    runs: Vec<Run>,
    /// The category and name that the product of a code last had.
    of_product: Vec<(u32, u32)>,
}

impl Builders {
    /// One more.
    pub(crate) fn builder(&self) -> Builder {
        Builder {
            texts: Texts::default(),
            accounts: Group::default(),
            products: Products::new(self.products.clone()),
            runs: Vec::new(),
            of_product: Vec::new(),
        }
    }

    /// What all of them built; their order changes nothing but codes.
    pub(crate) fn finish(self, builders: Vec<Builder>) -> Result<Built> {
        let mut built = Built::default();
        for builder in builders {
            built.merge(builder)?;
        }
        (built.product_keys, built.product_sums) = self.products.into_cells(&mut built.texts);
        Ok(built)
    }
}

impl<K> Default for Group<K> {
    fn default() -> Self {
        Self { index: FxHashMap::default(), keys: Blocks::default(), sums: Blocks::default() }
    }
}

impl<K: Copy + Eq + std::hash::Hash> Group<K> {
    /// The cell of a key, a new one where it has none yet.
    pub(crate) fn cell(&mut self, key: K) -> u32 {
        *self.index.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.sums.push(Measures::default());
            u32::try_from(self.keys.len() - 1).unwrap_or(NONE)
        })
    }

    /// What a cell adds up.
    pub(crate) fn sums_of(&mut self, cell: u32) -> &mut Measures {
        self.sums.get_mut(cell as usize)
    }
}

impl Builder {
    /// Adds the lines of a batch that is the `chunk`-th of its file. `source` is for batches that do not
    /// carry the column yet.
    pub(crate) fn add(&mut self, chunk: u32, source: &str, batch: &RecordBatch) -> Result<()> {
        let days = dates(batch, "date")?;
        let invoices = text(batch, "invoice_no")?;
        let sources = text(batch, "source").ok();
        let (accounts, account_names) = (text(batch, "account_id")?, text(batch, "account_name")?);
        let (managers, manager_names) = (text(batch, "manager_id")?, text(batch, "manager_name")?);
        let (products, product_names) = (text(batch, "product_id")?, text(batch, "product_name")?);
        let categories = text(batch, "category")?;
        let (regions, segments, branches) = (text(batch, "region")?, text(batch, "segment")?, text(batch, "branch")?);
        let (units, currencies) = (text(batch, "unit")?, text(batch, "currency")?);
        let (net, quantity) = (decimal(batch, "net")?, decimal(batch, "quantity")?);
        let (discount, cost) = (decimal(batch, "discount")?, decimal(batch, "cost")?);

        let mut months = MonthOf::default();
        let mut buffer = Vec::with_capacity(64);
        let mut previous: Option<(AccountKey, u32)> = None;
        let mut run: Option<(usize, Run)> = None;
        for row in 0..batch.num_rows() {
            let day = days.value(row);
            let month = months.of(day);
            let texts = &mut self.texts;
            let key = AccountKey {
                month,
                account: texts.accounts.code(text_at(accounts, row)),
                manager: texts.managers.code(text_at(managers, row)),
                region: texts.regions.code(text_at(regions, row)),
                segment: texts.segments.code(text_at(segments, row)),
                branch: texts.branches.code(text_at(branches, row)),
                account_name: texts.account_names.code(text_at(account_names, row)),
                manager_name: texts.manager_names.code(text_at(manager_names, row)),
            };
            let cell = match previous {
                Some((last, cell)) if last == key => cell,
                _ => self.accounts.cell(key),
            };
            previous = Some((key, cell));
            let amounts = LineAmounts {
                net: amount(net, row)?,
                quantity: amount(quantity, row)?,
                discount: amount(discount, row)?,
                cost: amount(cost, row)?,
                day,
                unit: texts.units.code(text_at(units, row)),
                currency: texts.currencies.code(text_at(currencies, row)),
            };
            self.accounts.sums_of(cell).add(&amounts)?;

            let product = texts.products.code(text_at(products, row));
            let (near_category, near_name) = self.of_product.get(product as usize).copied().unwrap_or((NONE, NONE));
            let product = ProductKey {
                month,
                product,
                manager: key.manager,
                category: texts.categories.code_near(text_at(categories, row), near_category),
                product_name: texts.product_names.code_near(text_at(product_names, row), near_name),
            };
            if product.product != NONE && (near_category, near_name) != (product.category, product.product_name) {
                let place = product.product as usize;
                self.of_product.resize(self.of_product.len().max(place + 1), (NONE, NONE));
                self.of_product[place] = (product.category, product.product_name);
            }
            self.products.take(product, amounts);

            let begins_run = match run {
                Some((first, open)) => open.cell != cell || !same_invoice(invoices, days, first, row),
                None => true,
            };
            if begins_run {
                self.runs.extend(run.map(|(_, closed)| closed));
                let source = sources.map_or(source, |sources| sources.value(row));
                let named = (source, text_at(invoices, row));
                let invoice = order_key(named, text_at(accounts, row), day, &mut buffer);
                let place = u64::from(chunk) << 32 | row as u64;
                run = Some((row, Run { invoice, place, cell, ordered: false, numbered: named.1.is_some() }));
            }
            if let Some((_, open)) = &mut run {
                open.ordered |= amounts.is_ordered();
            }
        }
        self.runs.extend(run.map(|(_, closed)| closed));
        self.products.settle(&self.texts, chunk)
    }
}

impl Built {
    fn merge(&mut self, part: Builder) -> Result<()> {
        if self.accounts.keys.len() == 0 {
            (self.texts, self.accounts, self.runs) = (part.texts, part.accounts, part.runs);
            return Ok(());
        }
        let codes = self.texts.absorb(&part.texts);
        let mut cells = Vec::with_capacity(part.accounts.keys.len());
        for (key, sums) in part.accounts.keys.into_iter().zip(part.accounts.sums) {
            let cell = self.accounts.cell(codes.account_key(key));
            self.accounts.sums_of(cell).merge(&codes.sums(sums))?;
            cells.push(cell);
        }
        self.runs.extend(part.runs.into_iter().map(|run| Run { cell: cells[run.cell as usize], ..run }));
        Ok(())
    }

    /// The invoices that have a number.
    pub(crate) fn numbered_invoices(&self) -> FxHashSet<GroupKey> {
        self.runs.iter().filter(|run| run.numbered).map(|run| run.invoice).collect()
    }

    /// Where lines were counted whose order may have others elsewhere: those of the invoices `met`, and all without a number.
    pub(crate) fn places_of_orders(&self, met: &FxHashSet<GroupKey>) -> Places {
        let keys: Vec<AccountKey> = self.accounts.keys.iter().copied().collect();
        let mut places = Places::default();
        for run in self.runs.iter().filter(|run| !run.numbered || met.contains(&run.invoice)) {
            let key = keys[run.cell as usize];
            places.insert(key.month, self.texts.accounts.text(key.account));
        }
        places
    }

    /// Sorts the runs by invoice and gives each invoice's runs to `visit`, in file order.
    pub(crate) fn each_invoice(&mut self, mut visit: impl FnMut(&[Run])) {
        self.runs.par_sort_unstable_by_key(|run| (run.invoice, run.place, run.cell));
        self.runs.chunk_by(|one, other| one.invoice == other.invoice).for_each(&mut visit);
    }
}

/// The line continues the invoice of the run's first line: same number, or (without one) same day; the
/// caller has seen that the cell, so the account, is the same.
fn same_invoice(invoices: &StringArray, days: &arrow::array::Date32Array, first: usize, row: usize) -> bool {
    match (text_at(invoices, first), text_at(invoices, row)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => days.value(first) == days.value(row),
        _ => false,
    }
}

/// The identity of an order: its source and invoice number, else its account and date.
pub(crate) fn order_key(
    (source, invoice): (&str, Option<&str>),
    account: Option<&str>,
    day: i32,
    buffer: &mut Vec<u8>,
) -> GroupKey {
    if let Some(invoice) = invoice {
        return invoice_key(source, invoice, buffer);
    }
    let date = day.to_le_bytes();
    buffer.clear();
    buffer.extend_from_slice(&[0, 0, 0]);
    buffer.extend_from_slice(&date);
    buffer.push(u8::from(account.is_some()));
    buffer.extend_from_slice(account.unwrap_or_default().as_bytes());
    GroupKey(xxhash_rust::xxh3::xxh3_128(buffer))
}

fn amount(array: &Decimal128Array, row: usize) -> Result<Option<i64>> {
    if array.is_null(row) {
        return Ok(None);
    }
    i64::try_from(array.value(row)).map(Some).map_err(|_| LakeError::TooLarge)
}
