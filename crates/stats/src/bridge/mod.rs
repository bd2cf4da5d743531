//! Why sales moved: a bridge from a base window (or a budget) to the current one that closes exactly.
//!
//! The variances are those of Horngren, Datar and Rajan, *Cost Accounting*, ch. 14: for an item of quantity q and price
//! p, with Q = Σq, s = q/Q and P̄₀ = Σs₀p₀ (0 is the base, 1 the current window):
//!
//! - price = Σ (p₁ − p₀)·q₁, and volume = Σ (q₁ − q₀)·p₀ = quantity + mix,
//! - quantity = (Q₁ − Q₀)·P̄₀, and mix = Σ (q₁ − Q₁·s₀)·(p₀ − P̄₀): the centred form, whose sign is meaningful per item,
//! - with a market M: size = (M₁ − M₀)·(Q₀/M₀)·P̄₀, and share = M₁·(Q₁/M₁ − Q₀/M₀)·P̄₀; quantity = size + share.
//!
//! Only items sold in both windows (q₀ > 0 and q₁ > 0) by accounts that stayed are compared like that. Everything else is
//! a bar of its own: new, lost, returns, adjustments, currency, hand-overs. Mix depends on the level of the items, so
//! name the level beside the figure.
//!
//! # Exactness
//! Everything is whole numbers. Per item, R₀·q₁/q₀ is rounded once and mix once (half away from zero, mix from its
//! 15-digit value); price and quantity are what is left to R₁ and to the volume. Each bar is the sum of its parts, so
//! the bars add up to the difference with a rest of 0 at any size, and the order of the items changes no part.

mod build;
mod item;
mod result;
mod rounding;
#[cfg(test)]
mod tests;

pub use build::bridge;
pub use item::{AccountStatus, Item, Market, Side};
pub use result::{Bar, BarTotal, Bridge, Coverage, Part};
