//! A panel being put together: cells that were kept, cells of new lines, and cells that were counted again.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use takar_insight::metrics::NONE;

use super::{
    build::{AccountKey, Built, ProductKey, Run, Texts},
    interner::Interner,
    measures::{MIXED, Measures},
    stale::{CodedPlaces, Stale},
};
use crate::error::Result;

/// An order whose lines lie in several account cells, so that it would be counted twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SharedOrder {
    pub invoice: u128,
    pub cells: Vec<u32>,
}

/// Cells with their orders counted; sorted and coded only when sealed.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub texts: Texts,
    pub account_keys: Vec<AccountKey>,
    pub account_sums: Vec<Measures>,
    /// Distinct orders in each account cell.
    pub orders: Vec<u32>,
    pub shared: Vec<SharedOrder>,
    pub product_keys: Vec<ProductKey>,
    pub product_sums: Vec<Measures>,
}

impl Draft {
    /// Counts the orders of what was built.
    pub(crate) fn from_built(mut built: Built) -> Self {
        let mut orders = vec![0_u32; built.accounts.keys.len()];
        let mut shared = Vec::new();
        built.each_invoice(|runs| {
            let mut cells = ordered_cells(runs);
            cells.sort_unstable();
            cells.dedup();
            cells.iter().for_each(|cell| orders[*cell as usize] += 1);
            if let [first, _, ..] = runs
                && cells.len() > 1
            {
                shared.push(SharedOrder { invoice: first.invoice.0, cells });
            }
        });
        Self {
            texts: built.texts,
            account_keys: built.accounts.keys.into_vec(),
            account_sums: built.accounts.sums.into_vec(),
            orders,
            shared,
            product_keys: built.product_keys,
            product_sums: built.product_sums,
        }
    }

    /// Adds to the stale places those that share an order with one of them; whether there were any.
    pub(crate) fn close(&self, stale: &mut Stale) -> bool {
        let mut accounts = stale.accounts.in_codes(&self.texts.accounts);
        let mut has_grown = false;
        loop {
            let before = stale.accounts.len();
            for order in &self.shared {
                let keys = order.cells.iter().map(|cell| self.account_keys[*cell as usize]);
                if keys.clone().any(|key| accounts.contains(key.month, key.account)) {
                    for key in keys {
                        accounts.insert(key.month, key.account);
                        stale.accounts.insert(key.month, self.texts.accounts.text(key.account));
                    }
                }
            }
            if stale.accounts.len() == before {
                return has_grown;
            }
            has_grown = true;
        }
    }

    /// Only the cells in these places, which are closed.
    pub(crate) fn cells_in(self, stale: &Stale) -> Self {
        let (accounts, products) = self.codes_of(stale);
        self.keep(|key| accounts.contains(key.month, key.account), |key| products.contains(key.month, key.product))
    }

    /// All cells but those in these places, which are closed.
    pub(crate) fn cells_outside(self, stale: &Stale) -> Self {
        let (accounts, products) = self.codes_of(stale);
        self.keep(|key| !accounts.contains(key.month, key.account), |key| !products.contains(key.month, key.product))
    }

    fn codes_of(&self, stale: &Stale) -> (CodedPlaces, CodedPlaces) {
        (stale.accounts.in_codes(&self.texts.accounts), stale.products.in_codes(&self.texts.products))
    }

    /// Forgets cells. Of the cells of an order all are kept, or none.
    fn keep(
        mut self,
        is_account_kept: impl Fn(&AccountKey) -> bool + Send + Sync,
        is_product_kept: impl Fn(&ProductKey) -> bool + Send + Sync,
    ) -> Self {
        let kept: Vec<bool> = self.account_keys.par_iter().map(is_account_kept).collect();
        let mut kept_as: Vec<u32> = Vec::with_capacity(kept.len());
        let mut next = 0;
        for is_kept in &kept {
            kept_as.push(if *is_kept { next } else { NONE });
            next += u32::from(*is_kept);
        }
        self.account_sums = keep(self.account_sums, &kept);
        self.orders = keep(self.orders, &kept);
        self.account_keys = keep(self.account_keys, &kept);
        self.shared.retain_mut(|order| {
            order.cells.iter_mut().for_each(|cell| *cell = kept_as[*cell as usize]);
            order.cells.iter().all(|cell| *cell != NONE)
        });
        let kept: Vec<bool> = self.product_keys.par_iter().map(is_product_kept).collect();
        self.product_sums = keep(self.product_sums, &kept);
        self.product_keys = keep(self.product_keys, &kept);
        self
    }

    /// Adds another draft, cell to cell. The two have no order in common.
    pub(crate) fn merge(mut self, other: Self) -> Result<Self> {
        let codes = self.texts.absorb(&other.texts);
        let theirs: Vec<AccountKey> = other.account_keys.into_iter().map(|key| codes.account_key(key)).collect();
        let cells = cells_of(&mut self.account_keys, theirs);
        self.account_sums.resize(self.account_keys.len(), Measures::default());
        self.orders.resize(self.account_keys.len(), 0);
        for ((cell, sums), orders) in cells.iter().zip(other.account_sums).zip(other.orders) {
            self.account_sums[*cell as usize].merge(&codes.sums(sums))?;
            self.orders[*cell as usize] += orders;
        }
        self.shared.extend(other.shared.into_iter().map(|order| SharedOrder {
            cells: order.cells.into_iter().map(|cell| cells[cell as usize]).collect(),
            ..order
        }));
        let theirs: Vec<ProductKey> = other.product_keys.into_iter().map(|key| codes.product_key(key)).collect();
        let cells = cells_of(&mut self.product_keys, theirs);
        self.product_sums.resize(self.product_keys.len(), Measures::default());
        for (cell, sums) in cells.iter().zip(other.product_sums) {
            self.product_sums[*cell as usize].merge(&codes.sums(sums))?;
        }
        Ok(self)
    }
}

/// Where the cells of some keys are among `ours`, which learn the keys that they lack.
fn cells_of<K: Copy + Eq + std::hash::Hash>(ours: &mut Vec<K>, theirs: Vec<K>) -> Vec<u32> {
    let place_of: FxHashMap<K, usize> = theirs.iter().enumerate().map(|(place, key)| (*key, place)).collect();
    let mut cells = vec![NONE; theirs.len()];
    if !place_of.is_empty() {
        for (cell, key) in (0_u32..).zip(&*ours) {
            if let Some(place) = place_of.get(key) {
                cells[*place] = cell;
            }
        }
    }
    for (cell, key) in cells.iter_mut().zip(theirs).filter(|(cell, _)| **cell == NONE) {
        *cell = u32::try_from(ours.len()).unwrap_or(NONE);
        ours.push(key);
    }
    cells
}

/// How the codes of one set of texts read in another.
#[derive(Debug, Default)]
pub(crate) struct Recoding {
    pub accounts: Vec<u32>,
    pub account_names: Vec<u32>,
    pub managers: Vec<u32>,
    pub manager_names: Vec<u32>,
    pub products: Vec<u32>,
    pub product_names: Vec<u32>,
    pub categories: Vec<u32>,
    pub regions: Vec<u32>,
    pub segments: Vec<u32>,
    pub branches: Vec<u32>,
    pub units: Vec<u32>,
    pub currencies: Vec<u32>,
}

impl Recoding {
    pub(crate) fn account_key(&self, key: AccountKey) -> AccountKey {
        AccountKey {
            month: key.month,
            account: new_code(&self.accounts, key.account),
            manager: new_code(&self.managers, key.manager),
            region: new_code(&self.regions, key.region),
            segment: new_code(&self.segments, key.segment),
            branch: new_code(&self.branches, key.branch),
            account_name: new_code(&self.account_names, key.account_name),
            manager_name: new_code(&self.manager_names, key.manager_name),
        }
    }

    pub(crate) fn product_key(&self, key: ProductKey) -> ProductKey {
        ProductKey {
            month: key.month,
            product: new_code(&self.products, key.product),
            manager: new_code(&self.managers, key.manager),
            category: new_code(&self.categories, key.category),
            product_name: new_code(&self.product_names, key.product_name),
        }
    }

    pub(crate) fn unit_and_currency(&self, unit: u32, currency: u32) -> (u32, u32) {
        (new_code(&self.units, unit), new_code(&self.currencies, currency))
    }

    pub(crate) fn sums(&self, sums: Measures) -> Measures {
        Measures { unit: new_code(&self.units, sums.unit), currency: new_code(&self.currencies, sums.currency), ..sums }
    }
}

impl Texts {
    /// Takes in another's texts and tells how its codes read here.
    pub(crate) fn absorb(&mut self, other: &Self) -> Recoding {
        Recoding {
            accounts: absorb(&mut self.accounts, &other.accounts),
            account_names: absorb(&mut self.account_names, &other.account_names),
            managers: absorb(&mut self.managers, &other.managers),
            manager_names: absorb(&mut self.manager_names, &other.manager_names),
            products: absorb(&mut self.products, &other.products),
            product_names: absorb(&mut self.product_names, &other.product_names),
            categories: absorb(&mut self.categories, &other.categories),
            regions: absorb(&mut self.regions, &other.regions),
            segments: absorb(&mut self.segments, &other.segments),
            branches: absorb(&mut self.branches, &other.branches),
            units: absorb(&mut self.units, &other.units),
            currencies: absorb(&mut self.currencies, &other.currencies),
        }
    }
}

fn absorb(ours: &mut Interner, theirs: &Interner) -> Vec<u32> {
    theirs.texts().iter().map(|text| ours.code(Some(text))).collect()
}

fn new_code(codes: &[u32], old: u32) -> u32 {
    match old {
        NONE | MIXED => old,
        known => codes[known as usize],
    }
}

/// The cells in which the invoice has an ordered line.
fn ordered_cells(runs: &[Run]) -> Vec<u32> {
    runs.iter().filter(|run| run.ordered).map(|run| run.cell).collect()
}

fn keep<T>(values: Vec<T>, kept: &[bool]) -> Vec<T> {
    values.into_iter().zip(kept).filter(|(_, kept)| **kept).map(|(value, _)| value).collect()
}

/// The invoices whose lines, in one file, name more than one account, with their runs in file order.
pub(crate) fn invoices_of_many_accounts(built: &mut Built) -> FxHashMap<u128, Vec<Run>> {
    let accounts: Vec<u32> = built.accounts.keys.iter().map(|key| key.account).collect();
    let mut found = FxHashMap::default();
    built.each_invoice(|runs| {
        let mut named = runs.iter().map(|run| accounts[run.cell as usize]).filter(|account| *account != NONE);
        let first = named.next();
        if named.any(|account| Some(account) != first)
            && let Some(run) = runs.first()
        {
            found.insert(run.invoice.0, runs.to_vec());
        }
    });
    found
}
