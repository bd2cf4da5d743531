//! What every cell was expected to sell.

use rustc_hash::FxHashMap;
use takar_model::Money;

/// Spreads a target over amounts in proportion, exact to the last unit: parts are rounded down, and what is left goes, a unit
/// each, to the largest remainders. `None` where the amounts add up to nothing.
pub(super) fn spread(target: i128, amounts: &[i128]) -> Option<Vec<i128>> {
    let total: i128 = amounts.iter().sum();
    if total <= 0 {
        return None;
    }
    let mut parts = Vec::with_capacity(amounts.len());
    let mut remainders = Vec::with_capacity(amounts.len());
    for (place, amount) in amounts.iter().enumerate() {
        let product = amount.checked_mul(target)?;
        parts.push(product.div_euclid(total));
        remainders.push((product.rem_euclid(total), place));
    }
    let left = usize::try_from(target - parts.iter().sum::<i128>()).ok()?;
    remainders.sort_unstable_by_key(|(remainder, place)| (std::cmp::Reverse(*remainder), *place));
    for (_, place) in remainders.into_iter().take(left) {
        parts[place] += 1;
    }
    Some(parts)
}

/// Spreads the target of each group over its own amounts. Groups without base sales keep their target apart.
pub(super) fn spread_by(
    targets: &FxHashMap<u32, Money>,
    groups: &[u32],
    amounts: &[i128],
) -> (Vec<i128>, Vec<(u32, i128)>) {
    let mut places: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    for (place, group) in groups.iter().enumerate() {
        places.entry(*group).or_default().push(place);
    }
    let mut parts = vec![0; amounts.len()];
    let mut apart = Vec::new();
    let mut targets: Vec<(u32, i128)> = targets.iter().map(|(group, target)| (*group, target.units())).collect();
    targets.sort_unstable();
    for (group, target) in targets {
        let own = places.get(&group).map_or(&[][..], Vec::as_slice);
        let base: Vec<i128> = own.iter().map(|place| amounts[*place]).collect();
        match spread(target, &base) {
            Some(spread) => own.iter().zip(spread).for_each(|(place, part)| parts[*place] = part),
            None => apart.push((group, target)),
        }
    }
    (parts, apart)
}
