//! A panel being put together: cells of months that were kept and of months that were built anew.

use rustc_hash::{FxHashMap, FxHashSet};
use takar_insight::metrics::NONE;

use super::{
    build::{AccountKey, Built, ProductKey, Run, Texts},
    interner::Interner,
    measures::{MIXED, Measures},
};

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

    /// The months that must be built anew when `touched` are: those, and every month that shares an order
    /// with one of them.
    pub(crate) fn closed_months(&self, mut touched: FxHashSet<i32>) -> FxHashSet<i32> {
        loop {
            let before = touched.len();
            for order in &self.shared {
                let months = order.cells.iter().map(|cell| self.account_keys[*cell as usize].month);
                if months.clone().any(|month| touched.contains(&month)) {
                    touched.extend(months);
                }
            }
            if touched.len() == before {
                return touched;
            }
        }
    }

    /// Forgets the cells of these months.
    pub(crate) fn without(mut self, months: &FxHashSet<i32>) -> Self {
        let mut kept_as: Vec<u32> = Vec::with_capacity(self.account_keys.len());
        let mut next = 0;
        for key in &self.account_keys {
            let kept = !months.contains(&key.month);
            kept_as.push(if kept { next } else { NONE });
            next += u32::from(kept);
        }
        let is_kept = |row: usize| kept_as[row] != NONE;
        self.account_sums = keep(self.account_sums, is_kept);
        self.orders = keep(self.orders, is_kept);
        self.account_keys = keep(self.account_keys, is_kept);
        self.shared.retain_mut(|order| {
            order.cells.iter_mut().for_each(|cell| *cell = kept_as[*cell as usize]);
            order.cells.iter().all(|cell| *cell != NONE)
        });
        let product_kept: Vec<bool> = self.product_keys.iter().map(|key| !months.contains(&key.month)).collect();
        self.product_sums = keep(self.product_sums, |row| product_kept[row]);
        self.product_keys = keep(self.product_keys, |row| product_kept[row]);
        self
    }

    /// Adds the cells of another draft; the two have no month in common.
    pub(crate) fn join(mut self, other: Self) -> Self {
        let offset = u32::try_from(self.account_keys.len()).unwrap_or(NONE);
        let codes = self.texts.absorb(&other.texts);
        self.account_keys.extend(other.account_keys.into_iter().map(|key| codes.account_key(key)));
        self.account_sums.extend(other.account_sums.into_iter().map(|sums| codes.sums(sums)));
        self.orders.extend(other.orders);
        self.shared.extend(
            other.shared.into_iter().map(|order| SharedOrder {
                cells: order.cells.into_iter().map(|cell| cell + offset).collect(),
                ..order
            }),
        );
        self.product_keys.extend(other.product_keys.into_iter().map(|key| codes.product_key(key)));
        self.product_sums.extend(other.product_sums.into_iter().map(|sums| codes.sums(sums)));
        self
    }
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

fn keep<T>(values: Vec<T>, is_kept: impl Fn(usize) -> bool) -> Vec<T> {
    values.into_iter().enumerate().filter(|(row, _)| is_kept(*row)).map(|(_, value)| value).collect()
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
