//! How many baskets have both of two items.

use rayon::prelude::*;

use crate::{Error, Result};

/// Baskets, one behind the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baskets {
    ends: Vec<usize>,
    items: Vec<u32>,
}

impl Baskets {
    /// Adds a basket; an item that is in it twice counts once.
    pub fn push(&mut self, items: impl IntoIterator<Item = u32>) {
        let start = self.items.len();
        self.items.extend(items);
        self.items[start..].sort_unstable();
        let mut kept = start;
        for place in start..self.items.len() {
            if kept == start || self.items[kept - 1] != self.items[place] {
                self.items[kept] = self.items[place];
                kept += 1;
            }
        }
        self.items.truncate(kept);
        self.ends.push(kept);
    }

    /// How many baskets, empty ones too.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// There are no baskets.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The items of a basket, ascending.
    pub fn of(&self, basket: usize) -> &[u32] {
        let start = if basket == 0 { 0 } else { self.ends[basket - 1] };
        &self.items[start..self.ends[basket]]
    }
}

/// XᵀX of the matrix of baskets by items: how many baskets have both items, and each item with itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    pub(super) items: usize,
    pub(super) baskets: usize,
    /// Row by row, symmetric.
    pub(super) counts: Vec<u32>,
}

impl Together {
    /// Counts. Time grows with the square of a basket, memory with the square of the items.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for an item that is not below `items`.
    pub fn of(baskets: &Baskets, items: usize) -> Result<Self> {
        if let Some(index) = baskets.items.iter().position(|item| *item as usize >= items) {
            let value = f64::from(baskets.items[index]);
            return Err(Error::OutOfRange { what: "item", index, value, range: "below the number of items" });
        }
        let parts = rayon::current_num_threads().max(1);
        let size = baskets.len().div_ceil(parts).max(1);
        let mut counts = (0..baskets.len().div_ceil(size))
            .into_par_iter()
            .map(|part| {
                let mut counts = vec![0_u32; items * items];
                for basket in part * size..((part + 1) * size).min(baskets.len()) {
                    let held = baskets.of(basket);
                    for one in held {
                        let row = &mut counts[*one as usize * items..(*one as usize + 1) * items];
                        held.iter().for_each(|other| row[*other as usize] += 1);
                    }
                }
                counts
            })
            .reduce(Vec::new, |mut one, other| {
                if one.is_empty() {
                    return other;
                }
                one.iter_mut().zip(other).for_each(|(one, other)| *one += other);
                one
            });
        counts.resize(items * items, 0);
        Ok(Self { items, baskets: baskets.len(), counts })
    }

    /// How many items.
    pub const fn items(&self) -> usize {
        self.items
    }

    /// How many baskets were counted.
    pub const fn baskets(&self) -> usize {
        self.baskets
    }

    /// How many baskets have both; of an item with itself, how many have it.
    pub fn both(&self, one: usize, other: usize) -> u32 {
        self.counts[one * self.items + other]
    }
}
