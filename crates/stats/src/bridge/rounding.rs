//! Products and quotients of whole numbers, rounded once, half away from zero.

/// Below this an `f64` still tells neighbouring whole numbers apart with room to spare.
const SURELY_EXACT: f64 = 1e15;

/// `a`·`b` / `c`, rounded half away from zero; `c` must be above 0.
///
/// Exact while `a`·`b` fits 128 bits. Beyond that the result has the 15 digits of floating point: nothing that closes
/// by subtraction (as a bridge does) is any less exact for it. `None` where the result itself does not fit.
pub(crate) fn scaled(a: i128, b: i128, c: i128) -> Option<i128> {
    debug_assert!(c > 0);
    if let (Ok(a), Ok(b), Ok(c)) = (i64::try_from(a), i64::try_from(b), i64::try_from(c)) {
        let guess = a as f64 * b as f64 / c as f64;
        if guess.abs() < SURELY_EXACT {
            // Rounded, not cut off: then nearly every guess is right, and the processor foresees that none is mended.
            let rounded = (guess + 0.5_f64.copysign(guess)) as i64;
            return Some(corrected(i128::from(a) * i128::from(b), rounded, c));
        }
    }
    match a.checked_mul(b) {
        Some(product) => Some(divided(product, c)),
        None => to_whole(a as f64 / c as f64 * b as f64),
    }
}

/// `product` / `divisor` rounded, from a guess that is off by a few at most: multiplication instead of division.
fn corrected(product: i128, guess: i64, divisor: i64) -> i128 {
    let divisor = i128::from(divisor);
    let mut quotient = i128::from(guess);
    let mut twice_rest = 2 * (product - quotient * divisor);
    // The rest is kept between −divisor/2 and divisor/2; on the half itself the larger magnitude wins.
    let (low, high) = if product >= 0 { (-divisor, divisor - 1) } else { (1 - divisor, divisor) };
    while twice_rest > high {
        quotient += 1;
        twice_rest -= 2 * divisor;
    }
    while twice_rest < low {
        quotient -= 1;
        twice_rest += 2 * divisor;
    }
    quotient
}

/// `product` / `divisor` rounded half away from zero.
pub(crate) fn divided(product: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (product / divisor, product % divisor);
    let away_from_zero = rest.unsigned_abs() >= divisor.unsigned_abs() - rest.unsigned_abs();
    quotient + if away_from_zero { product.signum() } else { 0 }
}

/// The nearest whole number; `None` where it does not fit 128 bits or is no number.
pub(crate) fn to_whole(value: f64) -> Option<i128> {
    if value.abs() < SURELY_EXACT {
        return Some(i128::from((value + 0.5_f64.copysign(value)) as i64));
    }
    (value.abs() < 1.7e38).then_some(value as i128)
}
