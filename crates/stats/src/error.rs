//! What an estimator cannot answer, and what it would need.

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// Too few observations for the method.
    #[error("not enough data: {method} needs at least {needed} {what}, there are {got}")]
    NotEnough {
        /// The estimator, in words a reader knows.
        method: &'static str,
        /// What is counted: "months", "orders", "accounts".
        what: &'static str,
        /// How many the method needs.
        needed: usize,
        /// How many there are.
        got: usize,
    },
    /// All observations are alike where the method needs them to differ.
    #[error("{method} cannot judge {what} that never changes")]
    Constant {
        /// The estimator.
        method: &'static str,
        /// What does not vary.
        what: &'static str,
    },
    /// A number is not finite.
    #[error("{what} {index} is not a finite number")]
    NotFinite {
        /// Which input.
        what: &'static str,
        /// Its place, from 0.
        index: usize,
    },
    /// A number lies outside what the method is defined for.
    #[error("{what} {index} is {value}, outside {range}")]
    OutOfRange {
        /// Which input.
        what: &'static str,
        /// Its place, from 0.
        index: usize,
        /// The value.
        value: f64,
        /// The range in words: "0 or more".
        range: &'static str,
    },
    /// Two inputs that belong together differ in length.
    #[error("{what}: {left} and {right} observations do not match")]
    Unequal {
        /// Which inputs.
        what: &'static str,
        /// Length of the first.
        left: usize,
        /// Length of the second.
        right: usize,
    },
    /// The search for parameters did not settle.
    #[error("{method} found no stable parameters in {steps} steps")]
    NoConvergence {
        /// The estimator.
        method: &'static str,
        /// Steps tried.
        steps: usize,
    },
}

/// A result or what it would need.
pub type Result<T> = std::result::Result<T, Error>;

/// Refuses the first number that is not finite.
pub(crate) fn finite(what: &'static str, values: &[f64]) -> Result<()> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(Error::NotFinite { what, index }),
        None => Ok(()),
    }
}

/// Refuses fewer than `needed` observations.
pub(crate) fn at_least(method: &'static str, what: &'static str, needed: usize, got: usize) -> Result<()> {
    if got < needed { Err(Error::NotEnough { method, what, needed, got }) } else { Ok(()) }
}
