//! What an effort is worth: a chance, an amount, and the hours it takes.

mod chance;
mod hours;
#[cfg(test)]
mod tests;

pub use self::{
    chance::{Chance, Draws},
    hours::{Choice, Spent, spend},
};
