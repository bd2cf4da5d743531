mod exact;
mod published;
mod simulated;
mod world;

use super::*;

/// Asserts that two numbers agree within `tolerance`.
macro_rules! assert_close {
    ($got:expr, $expected:expr, $tolerance:expr) => {{
        let (got, expected): (f64, f64) = ($got, $expected);
        assert!((got - expected).abs() <= $tolerance, "{} is {got}, not {expected} ± {}", stringify!($got), $tolerance);
    }};
}
use assert_close;
