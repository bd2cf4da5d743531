//! What of a panel has to be counted again after a commit, and the lines that it is counted from.
//!
//! Sums can be added to, but not taken from: a first day, a unit or a count of orders does not tell what it would be without
//! a line. So the cells that lost a line, or whose invoices go on elsewhere, are counted again, and only those.

use arrow::{array::Array, record_batch::RecordBatch};
use rustc_hash::{FxHashMap, FxHashSet};
use takar_insight::metrics::NONE;

use super::interner::Interner;
use crate::{
    error::Result,
    facts::{
        columns::{coded, dates, text, text_at},
        files::MonthOf,
        scan::Columns,
    },
    restate::aliases::Aliases,
};

/// Months of accounts, or of products: all cells of an id in a month are one place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    months: FxHashMap<i32, OfMonth>,
}

#[derive(Debug, Clone, Default)]
struct OfMonth {
    ids: FxHashSet<Box<str>>,
    /// The lines that name no id.
    nameless: bool,
}

impl Places {
    /// Adds a place; whether it was new.
    pub(crate) fn insert(&mut self, month: i32, id: Option<&str>) -> bool {
        let of_month = self.months.entry(month).or_default();
        match id {
            Some(id) if of_month.ids.contains(id) => false,
            Some(id) => of_month.ids.insert(id.into()),
            None => !std::mem::replace(&mut of_month.nameless, true),
        }
    }

    pub(crate) fn extend(&mut self, other: Self) {
        for (month, theirs) in other.months {
            let ours = self.months.entry(month).or_default();
            ours.ids.extend(theirs.ids);
            ours.nameless |= theirs.nameless;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.months.values().map(|of_month| of_month.ids.len() + usize::from(of_month.nameless)).sum()
    }

    fn has_month(&self, month: i32) -> bool {
        self.months.contains_key(&month)
    }

    fn contains(&self, month: i32, id: Option<&str>) -> bool {
        self.months.get(&month).is_some_and(|of_month| match id {
            Some(id) => of_month.ids.contains(id),
            None => of_month.nameless,
        })
    }

    /// The places under the ids that count.
    fn counted(&self, counts: impl Fn(&str) -> String) -> Self {
        let of_month = |of_month: &OfMonth| OfMonth {
            ids: of_month.ids.iter().map(|id| counts(id).into()).collect(),
            nameless: of_month.nameless,
        };
        Self { months: self.months.iter().map(|(month, all)| (*month, of_month(all))).collect() }
    }

    /// The places in the codes of a panel; of ids that it does not know it has no cells.
    pub(crate) fn in_codes(&self, texts: &Interner) -> CodedPlaces {
        let mut coded = CodedPlaces::default();
        for (month, of_month) in &self.months {
            let known = of_month.ids.iter().filter_map(|id| texts.find(id));
            coded.0.extend(known.chain(of_month.nameless.then_some(NONE)).map(|code| (*month, code)));
        }
        coded
    }
}

/// Months and codes.
#[derive(Debug, Default)]
pub(crate) struct CodedPlaces(FxHashSet<(i32, u32)>);

impl CodedPlaces {
    pub(crate) fn contains(&self, month: i32, code: u32) -> bool {
        self.0.contains(&(month, code))
    }

    pub(crate) fn insert(&mut self, month: i32, code: u32) {
        self.0.insert((month, code));
    }
}

/// The places to be counted again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stale {
    pub accounts: Places,
    pub products: Places,
}

impl Stale {
    /// Adds where the lines of a batch are counted, under the ids that they name themselves.
    pub(crate) fn add_lines(&mut self, lines: &RecordBatch) -> Result<()> {
        let (days, accounts) = (dates(lines, "date")?, text(lines, "account_id")?);
        let products = text(lines, "product_id")?;
        let mut months = MonthOf::default();
        for row in 0..lines.num_rows() {
            let month = months.of(days.value(row));
            self.accounts.insert(month, text_at(accounts, row));
            self.products.insert(month, text_at(products, row));
        }
        Ok(())
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.accounts.extend(other.accounts);
        self.products.extend(other.products);
    }

    pub(crate) fn len(&self) -> usize {
        self.accounts.len() + self.products.len()
    }

    /// The places under the ids that count.
    pub(crate) fn counted(&self, aliases: &Aliases) -> Self {
        Self {
            accounts: self.accounts.counted(|id| aliases.account(id).to_owned()),
            products: self.products.counted(|id| aliases.product(id).to_owned()),
        }
    }

    /// Whether lines of some months lie in any of the places.
    pub(crate) fn has_month_in(&self, mut months: impl Iterator<Item = i32>) -> bool {
        months.any(|month| self.accounts.has_month(month) || self.products.has_month(month))
    }
}

/// The columns that tell where a line is counted.
pub(crate) const PLACE_COLUMNS: Columns<'_> =
    Columns { only: Some(&["date", "account_id", "product_id"]), coded: &["account_id", "product_id"], whole: None };

/// Which lines of a batch of [`PLACE_COLUMNS`] lie in places to be counted again.
pub(crate) fn lines_in(stale: &Stale, aliases: &Aliases, lines: &RecordBatch) -> Result<Vec<bool>> {
    let days = dates(lines, "date")?;
    let (accounts, products) = (coded(lines, "account_id")?, coded(lines, "product_id")?);
    let account_is_stale = |month: i32, account: Option<usize>| {
        let id = account.map(|place| aliases.account(accounts.texts.value(place)));
        stale.accounts.contains(month, id)
    };
    let product_is_stale = |month: i32, product: Option<usize>| {
        let id = product.map(|place| aliases.product(products.texts.value(place)));
        stale.products.contains(month, id)
    };
    let mut of_accounts = Remembered::new(accounts.texts.len(), account_is_stale);
    let mut of_products = Remembered::new(products.texts.len(), product_is_stale);
    let mut months = MonthOf::default();
    let rows = days.values().iter().zip(accounts.rows()).zip(products.rows());
    Ok(rows
        .map(|((day, account), product)| {
            let month = months.of(*day);
            of_accounts.answer(month, account) | of_products.answer(month, product)
        })
        .collect())
}

/// Answers remembered for the codes of a dictionary, one month at a time.
struct Remembered<F> {
    month: Option<i32>,
    known: Vec<Option<bool>>,
    answer: F,
}

impl<F: Fn(i32, Option<usize>) -> bool> Remembered<F> {
    fn new(codes: usize, answer: F) -> Self {
        // The last place is for no code.
        Self { month: None, known: vec![None; codes + 1], answer }
    }

    fn answer(&mut self, month: i32, code: Option<usize>) -> bool {
        if self.month != Some(month) {
            self.month = Some(month);
            self.known.fill(None);
        }
        let place = code.unwrap_or(self.known.len() - 1);
        *self.known[place].get_or_insert_with(|| (self.answer)(month, code))
    }
}
