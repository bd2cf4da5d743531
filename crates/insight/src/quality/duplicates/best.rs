//! The best pairs so far, in bounded memory.

use std::cmp::Ordering;

use super::Why;

/// A pair of items by their places in the order of ids, the lower first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) one: u32,
    pub(super) other: u32,
    pub(super) score: f64,
    pub(super) why: Why,
}

impl Found {
    fn places(&self) -> (u32, u32) {
        (self.one, self.other)
    }

    /// The better first.
    fn order(&self, other: &Self) -> Ordering {
        let better = other.score.total_cmp(&self.score).then_with(|| self.why.cmp(&other.why));
        better.then_with(|| self.places().cmp(&other.places()))
    }
}

/// Keeps at most `most` pairs, each once and with its best score.
pub(super) struct Best {
    most: usize,
    held: Vec<Found>,
}

impl Best {
    pub(super) fn new(most: usize) -> Self {
        Self { most, held: Vec::new() }
    }

    pub(super) fn push(&mut self, found: Found) {
        /// Room beside the kept ones, so that it is seldom sorted.
        const ROOM: usize = 100_000;
        self.held.push(found);
        if self.held.len() >= self.most.saturating_mul(2).saturating_add(ROOM) {
            self.prune();
        }
    }

    /// What is cut off has `most` better pairs before it, so it cannot come back.
    fn prune(&mut self) {
        self.held.sort_by(|one, other| one.places().cmp(&other.places()).then_with(|| one.order(other)));
        self.held.dedup_by_key(|found| found.places());
        self.held.sort_by(Found::order);
        self.held.truncate(self.most);
    }

    /// The best first.
    pub(super) fn into_sorted(mut self) -> Vec<Found> {
        self.prune();
        self.held
    }
}
