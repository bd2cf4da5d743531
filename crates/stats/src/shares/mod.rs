//! Sharing a whole amount out by weights, so that the parts add up to it exactly.

use crate::{
    Error, Result,
    error::{at_least, finite},
};

/// Shares `total` smallest units out by weights: whole parts that add up to it exactly, each within one unit of its share
/// (weights count to 12 digits). What rounding leaves goes to the parts that lost most by it, of equal ones to the first. Where all weights are 0
/// they count alike.
///
/// Source: the method of largest remainders (Hamilton 1792); see Balinski & Young (2001), *Fair Representation*, ch. 3.
///
/// # Errors
/// [`Error::NotEnough`] without weights, [`Error::NotFinite`], [`Error::OutOfRange`] for a weight below 0.
///
/// ```
/// use takar_stats::shares::shared_out;
/// assert_eq!(shared_out(100, &[1.0, 1.0, 1.0])?, [34, 33, 33]);
/// assert_eq!(shared_out(-7, &[3.0, 0.0, 1.0])?, [-5, 0, -2]);
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn shared_out(total: i128, weights: &[f64]) -> Result<Vec<i128>> {
    at_least("sharing out", "parts", 1, weights.len())?;
    finite("weight", weights)?;
    if let Some(index) = weights.iter().position(|weight| *weight < 0.0) {
        return Err(Error::OutOfRange { what: "weight", index, value: weights[index], range: "0 or more" });
    }
    let largest = weights.iter().fold(0.0_f64, |largest, weight| largest.max(*weight));
    // As whole numbers, so that no digit of a large total is lost in floating point.
    let whole: Vec<u128> = match largest > 0.0 {
        true => weights.iter().map(|weight| (weight / largest * FINENESS).round() as u128).collect(),
        false => vec![1; weights.len()],
    };
    let sum: u128 = whole.iter().sum();
    let amount = total.unsigned_abs();
    // amount · weight / sum without overflow: the quotient of the whole parts, then of the rest.
    let (each, left) = (amount / sum, amount % sum);
    let mut parts: Vec<u128> = Vec::with_capacity(whole.len());
    let mut rests: Vec<(u128, usize)> = Vec::with_capacity(whole.len());
    for (place, weight) in whole.iter().enumerate() {
        parts.push(each * weight + left * weight / sum);
        rests.push((left * weight % sum, place));
    }
    let given: u128 = parts.iter().sum();
    rests.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    let missing = usize::try_from(amount - given).unwrap_or(rests.len());
    for (_, place) in rests.iter().take(missing) {
        parts[*place] += 1;
    }
    let sign = if total < 0 { -1 } else { 1 };
    Ok(parts.into_iter().map(|part| sign * i128::try_from(part).unwrap_or(i128::MAX)).collect())
}

/// Steps between a weight of nothing and the largest: with a million parts, products still fit 128 bits.
const FINENESS: f64 = 1e12;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_year_is_shared_out_to_months() {
        // 1,000 over the weights 1 to 12 (78 in all): 12.82, 25.64 … 153.85.
        let weights: Vec<f64> = (1..=12).map(f64::from).collect();
        let parts = shared_out(1_000, &weights).expect("shares");
        assert_eq!(parts, [13, 26, 38, 51, 64, 77, 90, 103, 115, 128, 141, 154]);
        assert_eq!(shared_out(5, &[0.0, 0.0]).expect("alike"), [3, 2]);
        assert!(shared_out(5, &[]).is_err() && shared_out(5, &[-1.0]).is_err() && shared_out(5, &[f64::NAN]).is_err());
    }

    proptest! {
        #[test]
        fn parts_add_up_whatever_the_remainder(
            total in -10_i128.pow(30)..10_i128.pow(30),
            weights in prop::collection::vec(prop_oneof![Just(0.0), 0.0..1e12_f64], 1..60),
        ) {
            let parts = shared_out(total, &weights).expect("shares");
            prop_assert_eq!(parts.iter().sum::<i128>(), total);
            let sum: f64 = weights.iter().sum();
            for (part, weight) in parts.iter().zip(&weights) {
                prop_assert!(*part == 0 || part.signum() == total.signum());
                prop_assert!(*weight > 0.0 || sum == 0.0 || *part == 0);
            }
        }

        #[test]
        fn small_parts_are_within_one_of_their_share(
            total in 0_i128..1_000_000, weights in prop::collection::vec(0.0..100.0_f64, 1..40),
        ) {
            let parts = shared_out(total, &weights).expect("shares");
            let sum: f64 = weights.iter().sum();
            prop_assume!(sum > 0.0);
            for (part, weight) in parts.iter().zip(&weights) {
                prop_assert!((*part as f64 - total as f64 * weight / sum).abs() < 1.01);
            }
        }
    }
}
