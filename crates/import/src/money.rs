//! The arithmetic of one line: what is missing is derived and rounded once, what is given stands.

use crate::{CostKind, DiscountKind};

/// Decimals of a quantity or unit price.
pub(crate) const QUANTITY_PLACES: u32 = 6;
/// Decimals of an amount.
pub(crate) const MONEY_PLACES: u32 = 4;
/// Decimals of a discount before it is known what it is: rates have many.
pub(crate) const DISCOUNT_PLACES: u32 = 10;

const MONEY_ONE: i128 = 10_i128.pow(MONEY_PLACES);
const DISCOUNT_ONE: i128 = 10_i128.pow(DISCOUNT_PLACES);
/// From quantity × unit price to an amount.
const PRODUCT_STEP: i128 = 10_i128.pow(2 * QUANTITY_PLACES - MONEY_PLACES);

/// The numbers of a line as given, in units of their decimals.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Given {
    pub quantity: Option<i128>,
    pub unit_price: Option<i128>,
    pub discount: Option<i128>,
    pub gross: Option<i128>,
    pub net: Option<i128>,
    pub cost: Option<i128>,
    pub profit: Option<i128>,
}

/// What the line comes to, in units of [`MONEY_PLACES`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Settled {
    pub net: Option<i128>,
    pub discount: Option<i128>,
    pub cost: Option<i128>,
    /// Given and derived net differ by more than a cent and 0.5 %.
    pub net_differs: bool,
    /// Given cost and net − profit differ likewise.
    pub cost_differs: bool,
}

/// The amounts cannot be held: a product of the line has more than 38 digits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Overflow;

/// How discount and cost are meant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meaning {
    pub discount: DiscountKind,
    pub cost: CostKind,
}

/// Settles one line.
#[inline]
pub(crate) fn settle(given: &Given, meaning: Meaning) -> Result<Settled, Overflow> {
    let product = match (given.quantity, given.unit_price) {
        (Some(quantity), Some(price)) => Some(quantity.checked_mul(price).ok_or(Overflow)?),
        _ => None,
    };
    let gross = given.gross.or_else(|| product.map(|product| divide(product, PRODUCT_STEP)));
    let rate = given.discount.and_then(|discount| match meaning.discount {
        DiscountKind::Rate => Some(discount),
        DiscountKind::Percent => Some(divide(discount, 100)),
        DiscountKind::Amount => None,
    });
    let amount = match meaning.discount {
        DiscountKind::Amount => given.discount.map(|discount| divide(discount, DISCOUNT_ONE / MONEY_ONE)),
        DiscountKind::Rate | DiscountKind::Percent => None,
    };
    let derived = match (given.gross, product, rate) {
        (Some(gross), _, Some(rate)) => Some(less(gross, rate, 1)?),
        (None, Some(product), Some(rate)) => Some(less(product, rate, PRODUCT_STEP)?),
        _ => gross.map(|gross| gross - amount.unwrap_or(0)),
    };
    let has_given_net = given.net.is_some();
    let net = given.net.or(derived);
    let net_differs = match (given.net, derived) {
        (Some(given), Some(derived)) => differs(given, derived),
        _ => false,
    };
    let discount = match (rate, amount, gross, net) {
        (_, Some(amount), ..) => Some(amount),
        (Some(_), None, Some(gross), Some(net)) if !has_given_net => Some(gross - net),
        (Some(rate), None, Some(gross), _) => Some(gross - less(gross, rate, 1)?),
        (Some(rate), None, None, Some(net)) if rate < DISCOUNT_ONE => {
            // The gross that this rate leaves net of.
            let scaled = net.checked_mul(rate).ok_or(Overflow)?;
            Some(divide(scaled, DISCOUNT_ONE - rate))
        }
        (None, None, ..) => given.gross.zip(given.net).map(|(gross, net)| gross - net),
        _ => None,
    };
    let given_cost = match (given.cost, meaning.cost, given.quantity) {
        (Some(cost), CostKind::Unit, Some(quantity)) => {
            let product = cost.checked_mul(quantity).ok_or(Overflow)?;
            Some(divide(product, 10_i128.pow(QUANTITY_PLACES)))
        }
        (cost, CostKind::Line, _) => cost,
        _ => None,
    };
    let derived_cost = net.zip(given.profit).map(|(net, profit)| net - profit);
    let cost_differs = given_cost.zip(derived_cost).is_some_and(|(given, derived)| differs(given, derived));
    Ok(Settled { net, discount, cost: given_cost.or(derived_cost), net_differs, cost_differs })
}

/// An amount less a rate of it, divided by `step` and rounded once.
fn less(amount: i128, rate: i128, step: i128) -> Result<i128, Overflow> {
    if rate == 0 {
        return Ok(divide(amount, step));
    }
    let product = amount.checked_mul(DISCOUNT_ONE - rate).ok_or(Overflow)?;
    Ok(divide(product, DISCOUNT_ONE * step))
}

/// More than a cent and more than 0.5 % apart.
fn differs(given: i128, derived: i128) -> bool {
    let apart = (given - derived).abs();
    apart > MONEY_ONE / 100 && apart.saturating_mul(200) > given.abs().max(derived.abs())
}

/// Divides by a positive step, rounding half away from zero.
#[inline]
pub(crate) fn divide(value: i128, step: i128) -> i128 {
    // 64-bit division is several times faster, and enough for nearly every line.
    if let (Ok(value), Ok(step)) = (i64::try_from(value), i64::try_from(step)) {
        let (whole, rest) = (value / step, value % step);
        let up = i64::from(rest.unsigned_abs() >= step.unsigned_abs().div_ceil(2));
        return i128::from(whole + up * value.signum());
    }
    let (whole, rest) = (value / step, value % step);
    whole + if rest.unsigned_abs() >= step.unsigned_abs().div_ceil(2) { value.signum() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(discount: DiscountKind, cost: CostKind) -> Meaning {
        Meaning { discount, cost }
    }

    #[test]
    fn net_is_derived_and_rounded_once() {
        // 3 × 10.50 less 15 % = 26.775
        let given = Given {
            quantity: Some(3_000_000),
            unit_price: Some(10_500_000),
            discount: Some(1_500_000_000),
            ..Given::default()
        };
        let settled = settle(&given, meaning(DiscountKind::Rate, CostKind::Line)).expect("small");
        assert_eq!((settled.net, settled.discount), (Some(267_750), Some(47_250)));
        // A return: the sign of the quantity carries through.
        let settled =
            settle(&Given { quantity: Some(-3_000_000), ..given }, meaning(DiscountKind::Rate, CostKind::Line));
        assert_eq!(settled.expect("small").net, Some(-267_750));
        // As a percentage and as an amount of 1.5.
        let given = Given { discount: Some(15 * DISCOUNT_ONE), ..given };
        assert_eq!(settle(&given, meaning(DiscountKind::Percent, CostKind::Line)).expect("small").net, Some(267_750));
        let given = Given { discount: Some(DISCOUNT_ONE * 3 / 2), ..given };
        assert_eq!(settle(&given, meaning(DiscountKind::Amount, CostKind::Line)).expect("small").net, Some(300_000));
    }

    #[test]
    fn given_stands_and_contradiction_shows() {
        let given = Given {
            quantity: Some(2_000_000),
            unit_price: Some(50_000_000),
            net: Some(900_000),
            cost: Some(300_000),
            profit: Some(100_000),
            ..Given::default()
        };
        let settled = settle(&given, meaning(DiscountKind::Rate, CostKind::Unit)).expect("small");
        assert!(settled.net_differs && settled.cost_differs);
        assert_eq!((settled.net, settled.cost), (Some(900_000), Some(600_000)));
    }

    #[test]
    fn discount_from_net_and_rate() {
        // Net 80 at 20 % off was 100.
        let given =
            Given { net: Some(800_000), discount: Some(DISCOUNT_ONE / 5), profit: Some(100_000), ..Given::default() };
        let settled = settle(&given, meaning(DiscountKind::Rate, CostKind::Line)).expect("small");
        assert_eq!((settled.discount, settled.cost), (Some(200_000), Some(700_000)));
    }

    #[test]
    fn half_rounds_away_from_zero() {
        for (value, expected) in [(5, 1), (-5, -1), (4, 0), (-4, 0), (15, 2), (-15, -2)] {
            assert_eq!(divide(value, 10), expected);
            assert_eq!(divide(value * 10_i128.pow(30), 10_i128.pow(31)), expected);
        }
    }
}
