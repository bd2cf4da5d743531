//! Fisher's exact test that two things go together more often than chance.

/// ln n! for 0 ≤ n ≤ a bound, so that many tests cost a few additions each.
#[derive(Debug, Clone)]
pub struct LogFactorials(Vec<f64>);

impl LogFactorials {
    /// Up to and with `most`.
    pub fn up_to(most: usize) -> Self {
        let mut sum = 0.0;
        Self(
            (0..=most)
                .map(|n| {
                    sum += if n > 1 { (n as f64).ln() } else { 0.0 };
                    sum
                })
                .collect(),
        )
    }

    fn of(&self, n: u32) -> f64 {
        self.0[n as usize]
    }

    /// P(at least `both` of `all` have both), were having the one (`one` of them) and the other (`other`) unrelated. Between 0 and 1; 1 where the
    /// counts cannot be.
    pub(super) fn greater(&self, both: u32, one: u32, other: u32, all: u32) -> f64 {
        let most = one.min(other);
        let least = (u64::from(one) + u64::from(other)).saturating_sub(u64::from(all));
        if u64::from(both) <= least || one > all || other > all {
            return 1.0;
        }
        if both > most {
            return 0.0;
        }
        let log = self.of(one) + self.of(all - one) + self.of(other) + self.of(all - other)
            - self.of(all)
            - self.of(both)
            - self.of(one - both)
            - self.of(other - both)
            - self.of((all - one) - (other - both));
        let (mut term, mut sum) = (1.0, 1.0);
        for next in both..most {
            let rest = f64::from((all - one) - (other - next)) + 1.0;
            term *= f64::from(one - next) * f64::from(other - next) / (f64::from(next + 1) * rest);
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        (log.exp() * sum).min(1.0)
    }
}

/// Fisher's exact test, one-sided, of [[both, only the one], [only the other, neither]]: the chance of so many or more with both.
///
/// Source: Fisher (1935), "The logic of inductive inference", *J. R. Statist. Soc.* 98, 39–54: the hypergeometric tail.
///
/// ```
/// let p = takar_stats::basket::fisher_greater([[8, 2], [1, 5]]);
/// assert!((p - 0.024476).abs() < 5e-7);
/// ```
pub fn fisher_greater([[both, one], [other, neither]]: [[u32; 2]; 2]) -> f64 {
    let all = both + one + other + neither;
    LogFactorials::up_to(all as usize).greater(both, both + one, both + other, all)
}
