//! What is bought together: which pairs of items more often than chance, and what a basket lacks.
//!
//! A basket is the set of items that one account bought; how much of each does not matter here.

mod ease;
mod fisher;
mod neighbours;
mod rules;
#[cfg(test)]
mod tests;
mod together;

pub use self::{
    ease::Ease,
    fisher::{LogFactorials, fisher_greater},
    neighbours::Neighbours,
    rules::{LEAST_BOTH, Pair, pairs},
    together::{Baskets, Together},
};
