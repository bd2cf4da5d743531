//! Who gets an action now, who later, and whom to compare with.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use serde::Serialize;

use super::Panel;
use crate::{
    Error, Result,
    error::{at_least, finite},
};

/// Candidates dealt into two groups by lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingList {
    /// By size: the places of those who have the action at once.
    pub now: Vec<usize>,
    /// By size: the places of those who have it later, and are compared with until then.
    pub later: Vec<usize>,
}

/// Deals candidates by lot into `now` that have the action at once and all others that wait. What luck or judgement would mix up with the
/// effect is then alike in both but for chance. They are first put in the order of `sizes` (the sales of a year, say) and cut into
/// blocks of neighbours with one drawn from each, so that both groups have small and large ones (blocked randomisation: Imbens & Rubin 2015,
/// *Causal Inference*, ch. 9). The lot depends on seed, sizes and ids, not on the order in which candidates are given.
///
/// # Errors
/// [`Error::Unequal`], [`Error::NotFinite`], [`Error::NotEnough`] where not at least one is left to each group, [`Error::OutOfRange`] for an id given twice.
///
/// ```
/// use takar_stats::effect::waiting_list;
/// let list = waiting_list(&[5.0, 80.0, 6.0, 70.0], &["a", "b", "c", "d"], 2, 7)?;
/// assert_eq!((list.now.len(), list.later.len()), (2, 2));
/// assert!(list.now[0] % 2 == 0 && list.now[1] % 2 == 1); // a small and a large one
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn waiting_list<Id: Ord>(sizes: &[f64], ids: &[Id], now: usize, seed: u64) -> Result<WaitingList> {
    if sizes.len() != ids.len() {
        return Err(Error::Unequal { what: "candidates", left: sizes.len(), right: ids.len() });
    }
    finite("size", sizes)?;
    at_least("a lot", "who has the action now", 1, now)?;
    at_least("a lot", "candidates", now + 1, sizes.len())?;
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|one, other| sizes[*one].total_cmp(&sizes[*other]).then_with(|| ids[*one].cmp(&ids[*other])));
    let mut by_id: Vec<usize> = order.clone();
    by_id.sort_by(|one, other| ids[*one].cmp(&ids[*other]));
    if let Some(pair) = by_id.windows(2).find(|pair| ids[pair[0]] == ids[pair[1]]) {
        return Err(Error::OutOfRange {
            what: "id of candidate",
            index: pair[1],
            value: pair[1] as f64,
            range: "one not given before",
        });
    }
    // One is drawn from each block for the smaller group.
    let (n, blocks) = (order.len(), now.min(order.len() - now));
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let (mut drawn, mut others) = (Vec::with_capacity(blocks), Vec::with_capacity(n - blocks));
    for block in 0..blocks {
        let of_block = &order[block * n / blocks..(block + 1) * n / blocks];
        let chosen = random.random_range(0..of_block.len());
        drawn.push(of_block[chosen]);
        others.extend(of_block.iter().enumerate().filter(|(place, _)| *place != chosen).map(|(_, unit)| *unit));
    }
    Ok(if blocks == now {
        WaitingList { now: drawn, later: others }
    } else {
        WaitingList { now: others, later: drawn }
    })
}

/// Units of the pool that moved most like the planned ones: for each planned unit in turn its nearest that is not taken yet, until
/// `wanted` are found, in rising order. Near is a small mean squared difference over the times known of both, each unit against its own
/// mean there (differences of level do not count). Units of the pool with less than three times in common are passed over.
///
/// # Errors
/// [`Error::NotEnough`] without planned units, [`Error::OutOfRange`] for a place outside the panel.
pub fn matched(panel: &Panel, planned: &[usize], pool: &[usize], wanted: usize) -> Result<Vec<usize>> {
    at_least("a matched group", "planned units", 1, planned.len())?;
    for (index, unit) in planned.iter().chain(pool).enumerate() {
        if *unit >= panel.units() {
            return Err(Error::OutOfRange {
                what: "unit",
                index,
                value: *unit as f64,
                range: "one of the panel's units",
            });
        }
    }
    let mut is_planned = vec![false; panel.units()];
    planned.iter().for_each(|unit| is_planned[*unit] = true);
    let mut candidates: Vec<usize> = pool.iter().copied().filter(|unit| !is_planned[*unit]).collect();
    candidates.sort_unstable();
    candidates.dedup();
    let nearest = |one: &usize| {
        let apart = |other: usize| Some((apart(panel.row(*one), panel.row(other))?, other));
        let mut distances: Vec<(f64, usize)> = candidates.iter().filter_map(|other| apart(*other)).collect();
        let order = |one: &(f64, usize), other: &(f64, usize)| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1));
        // Of the nearest `wanted` at least one is free as long as not all are found: what is farther is let go.
        if (1..distances.len()).contains(&wanted) {
            distances.select_nth_unstable_by(wanted, order);
            distances.truncate(wanted);
            distances.shrink_to_fit();
        }
        distances.sort_unstable_by(order);
        distances.into_iter()
    };
    let mut near: Vec<std::vec::IntoIter<(f64, usize)>> = planned.par_iter().map(nearest).collect();
    let mut taken = std::collections::BTreeSet::new();
    loop {
        let before = taken.len();
        for distances in &mut near {
            if taken.len() == wanted {
                return Ok(taken.into_iter().collect());
            }
            if let Some((_, unit)) = distances.find(|(_, unit)| !taken.contains(unit)) {
                taken.insert(unit);
            }
        }
        if taken.len() == before {
            return Ok(taken.into_iter().collect());
        }
    }
}

/// The variance of the differences over the times known of both.
fn apart(one: &[f64], other: &[f64]) -> Option<f64> {
    let differences = || one.iter().zip(other).map(|(a, b)| a - b).filter(|apart| !apart.is_nan());
    let (known, sum) = differences().fold((0_u32, 0.0), |(known, sum), apart| (known + 1, sum + apart));
    let n = f64::from(known);
    let mean = sum / n;
    (known >= 3).then(|| differences().map(|apart| (apart - mean).powi(2)).sum::<f64>() / n)
}
