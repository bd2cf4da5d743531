//! Cells of products, which all workers fill together.
//!
//! A product is sold by many managers every month, so these cells are many and each adds up few lines. One copy for each
//! worker would double them; and cells scattered over so much memory would be slow to find. So the workers share them, cut
//! into shards by product: a worker adds a batch shard by shard, with what it needs of a shard near the processor.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rustc_hash::FxHashMap;

use super::{
    build::{Group, ProductKey, Texts},
    draft::Recoding,
    interner::Interner,
    measures::{LineAmounts, Measures},
};
use crate::error::Result;

/// Shards: enough that workers seldom wait for each other.
const SHARDS: u32 = 16;

/// The cells of all workers.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// The texts that the cells' codes mean.
    texts: Mutex<Texts>,
    shards: [Mutex<Shard>; SHARDS as usize],
}

/// The cells of some products, month by month: lines mostly come in order of date.
type Shard = FxHashMap<i32, Group<ProductKey>>;

/// One worker's way to the cells.
#[derive(Debug, Default)]
pub(crate) struct Products {
    shared: Arc<Shared>,
    /// How the worker's own codes read in the shared texts.
    codes: Recoding,
    /// Lines that wait for the end of their batch.
    waiting: Vec<(ProductKey, LineAmounts)>,
}

impl Products {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, ..Self::default() }
    }

    /// Takes a line, its key and amounts in the worker's codes.
    pub(crate) fn take(&mut self, key: ProductKey, amounts: LineAmounts) {
        self.waiting.push((key, amounts));
    }

    /// Adds the lines that wait. `turn` differs between batches, so that workers begin with different shards.
    pub(crate) fn settle(&mut self, texts: &Texts, turn: u32) -> Result<()> {
        self.learn(texts);
        for (key, amounts) in &mut self.waiting {
            *key = self.codes.product_key(*key);
            (amounts.unit, amounts.currency) = self.codes.unit_and_currency(amounts.unit, amounts.currency);
        }
        for shard in (0..SHARDS).map(|place| (place + turn) % SHARDS) {
            let mut cells = locked(&self.shared.shards[shard as usize]);
            for (key, amounts) in self.waiting.iter().filter(|(key, _)| key.product % SHARDS == shard) {
                let month = cells.entry(key.month).or_default();
                let cell = month.cell(*key);
                month.sums_of(cell).add(amounts)?;
            }
        }
        self.waiting.clear();
        Ok(())
    }

    /// Gives the texts that are new here their shared codes.
    fn learn(&mut self, texts: &Texts) {
        let mut shared = locked(&self.shared.texts);
        let learn = |codes: &mut Vec<u32>, own: &Interner, shared: &mut Interner| {
            let fresh = own.texts().iter().skip(codes.len());
            codes.extend(fresh.map(|text| shared.code(Some(text))).collect::<Vec<_>>());
        };
        learn(&mut self.codes.products, &texts.products, &mut shared.products);
        learn(&mut self.codes.product_names, &texts.product_names, &mut shared.product_names);
        learn(&mut self.codes.categories, &texts.categories, &mut shared.categories);
        learn(&mut self.codes.managers, &texts.managers, &mut shared.managers);
        learn(&mut self.codes.units, &texts.units, &mut shared.units);
        learn(&mut self.codes.currencies, &texts.currencies, &mut shared.currencies);
    }
}

impl Shared {
    /// All cells in order of months, their codes in `texts`, which learn what they lack. What is shared is empty then.
    pub(crate) fn into_cells(self: &Arc<Self>, texts: &mut Texts) -> (Vec<ProductKey>, Vec<Measures>) {
        let codes = texts.absorb(&locked(&self.texts));
        let mut months: BTreeMap<i32, Vec<Group<ProductKey>>> = BTreeMap::new();
        for shard in &self.shards {
            for (month, cells) in std::mem::take(&mut *locked(shard)) {
                months.entry(month).or_default().push(cells);
            }
        }
        let count = months.values().flatten().map(|cells| cells.keys.len()).sum();
        let (mut keys, mut sums) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for cells in months.into_values().flatten() {
            keys.extend(cells.keys.into_iter().map(|key| codes.product_key(key)));
            sums.extend(cells.sums.into_iter().map(|sums| codes.sums(sums)));
        }
        (keys, sums)
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
