//! Numbers as fractions of whole numbers, so that nothing is rounded before the end.

use takar_model::Amount;

/// An exact number: `top / bottom`, in lowest terms, the bottom above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact {
    top: i128,
    bottom: i128,
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self { top: 0, bottom: 1 };

    /// A whole number.
    pub const fn whole(number: i128) -> Self {
        Self { top: number, bottom: 1 }
    }

    /// `top / bottom`; `None` where the bottom is zero or the terms are too large.
    pub fn new(top: i128, bottom: i128) -> Option<Self> {
        let divisor = greatest_divisor(top, bottom)?;
        let (top, bottom) = (top / divisor, bottom / divisor);
        if bottom < 0 {
            Some(Self { top: top.checked_neg()?, bottom: bottom.checked_neg()? })
        } else {
            Some(Self { top, bottom })
        }
    }

    /// A number as it is written: at most 12 digits before the point and 6 after.
    pub fn parse(text: &str) -> Option<Self> {
        let whole = text.trim_start_matches('-').split('.').next()?;
        let amount: Amount<6> = text.parse().ok().filter(|_| whole.len() <= 12)?;
        Self::new(amount.units(), Amount::<6>::ONE)
    }

    /// From a count of units of 10⁻ᵖˡᵃᶜᵉˢ.
    pub fn scaled(units: i128, places: u32) -> Option<Self> {
        Self::new(units, 10_i128.checked_pow(places)?)
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Option<Self> {
        // By the least common bottom, so that sums of one scale never grow.
        let divisor = greatest_divisor(self.bottom, other.bottom)?;
        let (one, two) = (other.bottom / divisor, self.bottom / divisor);
        let top = self.top.checked_mul(one)?.checked_add(other.top.checked_mul(two)?)?;
        Self::new(top, self.bottom.checked_mul(one)?)
    }

    /// The opposite.
    pub fn minus(self) -> Option<Self> {
        Some(Self { top: self.top.checked_neg()?, bottom: self.bottom })
    }

    /// The product, shortened crosswise first.
    pub fn times(self, other: Self) -> Option<Self> {
        let one = greatest_divisor(self.top, other.bottom)?;
        let two = greatest_divisor(other.top, self.bottom)?;
        let top = (self.top / one).checked_mul(other.top / two)?;
        Self::new(top, (self.bottom / two).checked_mul(other.bottom / one)?)
    }

    /// The quotient; `None` where the other is zero.
    pub fn over(self, other: Self) -> Option<Self> {
        if other.top == 0 {
            return None;
        }
        self.times(Self::new(other.bottom, other.top)?)
    }

    /// It is zero.
    pub const fn is_zero(self) -> bool {
        self.top == 0
    }

    /// In units of 10⁻ᵖˡᵃᶜᵉˢ, rounded once, half away from zero.
    pub fn rounded(self, places: u32) -> Option<i128> {
        let scale = 10_i128.checked_pow(places)?;
        let divisor = greatest_divisor(scale, self.bottom)?;
        let (scale, bottom) = (scale / divisor, self.bottom / divisor);
        let top = self.top.checked_mul(scale)?;
        let (quotient, rest) = (top / bottom, (top % bottom).unsigned_abs());
        let is_half = rest >= bottom.unsigned_abs() - rest && rest > 0;
        Some(if is_half { quotient + top.signum() } else { quotient })
    }

    /// The nearest floating-point number.
    pub fn to_f64(self) -> f64 {
        self.top as f64 / self.bottom as f64
    }
}

/// The greatest common divisor, above zero; `None` where both are zero or it does not fit.
fn greatest_divisor(one: i128, other: i128) -> Option<i128> {
    let (mut one, mut other) = (one.unsigned_abs(), other.unsigned_abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    i128::try_from(one).ok().filter(|divisor| *divisor > 0)
}
