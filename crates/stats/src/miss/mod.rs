//! Why was the target missed: the few elements (account, product = region, …) behind a gap, exact to the smallest unit.
//!
//! Every cell e has an actual A and a target F and contributes c = A − F; contributions of cells add up, so those of
//! disjoint elements and of the rest add up to the gap exactly. [`explain`] searches all combinations of the dimensions
//! for the elements whose parts deviate alike, takes the heaviest, removes its cells and goes on until the rest is small
//! or alike.
//!
//! # The search
//! The deviation score of an element is d = (A − F) / (|A| + |F|), −1 (nothing sold) to 1 (nothing planned). If an element
//! is the cause, it is inherited by all its parts ("ripple effect"), however they are cut: cut by any further dimension k,
//! its children have about the same d. So with c_j and w_j = |A_j| + |F_j| of the children, the part of the deviation
//! that the element explains as a whole is
//!
//! gain_k = Σ |c_j| − Σ |c_j − d·w_j|, and gain = min over k.
//!
//! It is |c| for an element whose children all deviate alike, and is used up where only some do: with a share p of the
//! element affected it is p·(2p − 1) of it, against p for the affected part alone. So the element with the largest gain is
//! neither too wide nor too narrow, without a threshold. The whole table competes too: where it wins, the gap is a general
//! one, and elements are searched for that deviate from the general level.
//!
//! An element `stands_out` where its deviation is larger than the scatter of single cells explains, given how many
//! elements were looked at. The idea to part normal from abnormal cells by the deviation score and then to search elements
//! by layers is from Kalander (2022), "RiskLoc: localization of multi-dimensional root causes by weighted risk",
//! arXiv:2205.10004; the measure of the gain is Takar's own.

mod cells;
mod cuboids;
mod explain;
mod result;
mod scatter;
mod search;
mod table;
#[cfg(test)]
mod tests;

pub use explain::explain;
pub use result::{Attribute, Element, Miss, Rest, Stop};
pub use table::{Options, Table};
