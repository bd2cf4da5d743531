//! Unit prices that are a hundred times off the usual one of their product, found in two passes over the lines.

use rustc_hash::FxHashMap;

/// Buckets to a doubling of the price.
const TO_DOUBLE: f64 = 4.0;
/// Fewer prices say nothing.
const LEAST: u64 = 5;
/// So many times the median, or so small a part of it, is odd.
const TIMES: f64 = 100.0;

/// How often each product had which unit price, to a factor of 2^(1/4).
///
/// Collects lines in one pass; parts that were collected apart are merged and give the same, in whatever order. A
/// product takes 16 bytes for each different bucket, which are seldom more than ten.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceScale {
    /// By product, the buckets in order with their counts.
    products: FxHashMap<u32, Vec<(i16, u64)>>,
}

/// The median unit price of each product that has five prices or more.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PriceMedians {
    products: FxHashMap<u32, f64>,
}

impl PriceScale {
    /// Counts the unit price of one line; what is no price (0 and less, not a number, infinite) is left out.
    pub fn add(&mut self, product: u32, price: f64) {
        if price > 0.0 && price.is_finite() {
            self.count(product, bucket(price), 1);
        }
    }

    /// Counts all that `other` has counted.
    pub fn merge(&mut self, other: &Self) {
        for (product, buckets) in &other.products {
            buckets.iter().for_each(|(bucket, times)| self.count(*product, *bucket, *times));
        }
    }

    fn count(&mut self, product: u32, bucket: i16, times: u64) {
        let buckets = self.products.entry(product).or_default();
        match buckets.binary_search_by_key(&bucket, |(bucket, _)| *bucket) {
            Ok(place) => buckets[place].1 = buckets[place].1.saturating_add(times),
            Err(place) => buckets.insert(place, (bucket, times)),
        }
    }

    /// The median of each product, known to ±9 %: the middle of its bucket, of the lower where it lies between two.
    /// Products with fewer than five prices have none.
    pub fn medians(&self) -> PriceMedians {
        let medians = self.products.iter().filter_map(|(product, buckets)| Some((*product, median(buckets)?)));
        PriceMedians { products: medians.collect() }
    }
}

impl PriceMedians {
    /// The median unit price of the product (±9 %); `None` where there are fewer than five prices.
    pub fn of(&self, product: u32) -> Option<f64> {
        self.products.get(&product).copied()
    }

    /// The median of the product where `price` is a hundred times it or more, or a hundredth or less; else `None`.
    ///
    /// The limit gives way by the 9 % that the median may be off, so that exactly a hundred times, the usual slip of a
    /// decimal mark, is always found. From 84 times on a price may be found, from 100 times on it is. What is no price
    /// (0 and less, not a number, infinite) is not odd.
    pub fn is_odd(&self, product: u32, price: f64) -> Option<f64> {
        let median = self.of(product)?;
        let limit = TIMES / half_bucket();
        let is_price = price > 0.0 && price.is_finite();
        (is_price && (price / median >= limit || median / price >= limit)).then_some(median)
    }
}

/// The factor between the middle of a bucket and its end.
fn half_bucket() -> f64 {
    (0.5 / TO_DOUBLE).exp2()
}

/// The bucket of a finite price above 0: from −4,296 to 4,095, so that it fits.
fn bucket(price: f64) -> i16 {
    (price.log2() * TO_DOUBLE).floor() as i16
}

fn median(buckets: &[(i16, u64)]) -> Option<f64> {
    let all = buckets.iter().fold(0_u64, |all, (_, times)| all.saturating_add(*times));
    if all < LEAST {
        return None;
    }
    let mut passed = 0_u64;
    let holds_middle = |(_, times): &&(i16, u64)| {
        passed = passed.saturating_add(*times);
        passed >= all.div_ceil(2)
    };
    let (bucket, _) = buckets.iter().find(holds_middle)?;
    Some(((f64::from(*bucket) + 0.5) / TO_DOUBLE).exp2())
}

#[cfg(test)]
mod tests;
