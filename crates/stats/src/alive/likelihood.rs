//! The likelihood of all accounts at once, with exact first and second derivatives.
//!
//! What depends on the number of repeat orders alone (ratios of Γ and B) is a running sum over x and computed once for
//! each x; equal accounts are one row with a weight; a row is then left with two logarithms and one logaddexp.

#![expect(clippy::needless_range_loop, reason = "curvatures are matrices, read by their indices")]

use super::{newton::Slope, process::Variant, purchases::Purchases};

/// Accounts that are alike.
#[derive(Debug, Clone, Copy)]
struct Row {
    repeats: u32,
    recency: f64,
    age: f64,
    accounts: f64,
}

/// All accounts, ordered by repeats, in a unit of time of its own.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    rows: Vec<Row>,
    /// Length of the inner unit of time in the caller's.
    pub unit: f64,
    /// Orders per account and inner unit of time.
    pub rate: f64,
    /// Repeat orders of all accounts.
    pub repeats: f64,
}

impl Rows {
    /// Groups accounts. Times are divided by the mean age, so that bounds and steps fit days and weeks alike.
    pub fn new(accounts: &[Purchases]) -> Self {
        let mut sorted: Vec<Row> = accounts
            .iter()
            .map(|a| Row { repeats: a.repeats(), recency: a.recency(), age: a.age(), accounts: 1.0 })
            .collect();
        sorted.sort_unstable_by(|left, right| {
            // Times are not negative, so that their bits sort as they do.
            let key = |row: &Row| (row.repeats, row.recency.to_bits(), row.age.to_bits());
            key(left).cmp(&key(right))
        });
        sorted.dedup_by(|next, kept| {
            let alike = next.repeats == kept.repeats && next.recency == kept.recency && next.age == kept.age;
            if alike {
                kept.accounts += next.accounts;
            }
            alike
        });
        let weighted = |of: fn(&Row) -> f64| sorted.iter().map(|row| row.accounts * of(row)).sum::<f64>();
        let repeats = weighted(|row| f64::from(row.repeats));
        let mean_age = weighted(|row| row.age) / weighted(|_| 1.0);
        let unit = if mean_age > 0.0 && mean_age.is_finite() { mean_age } else { 1.0 };
        for row in &mut sorted {
            row.recency /= unit;
            row.age /= unit;
        }
        let rate = repeats / accounts.len().max(1) as f64;
        Self { rows: sorted, unit, rate, repeats }
    }

    /// Distinct rows.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// About `most` rows, evenly chosen: for a first search.
    pub fn thinned(&self, most: usize) -> Self {
        let step = self.rows.len().div_ceil(most).max(1);
        Self { rows: self.rows.iter().copied().step_by(step).collect(), ..*self }
    }

    /// The log-likelihood at ln (r, α, a, b), α in the inner unit of time, and its slopes on log scale.
    pub fn log_likelihood(&self, variant: Variant, log_parameters: &[f64; 4]) -> Slope<4> {
        let parameters = log_parameters.map(f64::exp);
        let slope = match variant.shape() {
            1 => self.sum(variant, &parameters, exponential_silence),
            shape => self.sum(variant, &parameters, |scale, order, row| erlang_silence(scale, order, row, shape)),
        };
        slope.on_log_scale(&parameters)
    }

    #[inline]
    fn sum(&self, variant: Variant, parameters: &[f64; 4], silence: impl Fn(f64, f64, &Row) -> Silence) -> Slope<4> {
        let scale = parameters[1];
        let mut table = Table::new(variant, parameters);
        let mut total = Slope::ZERO;
        for group in self.rows.chunk_by(|left, right| left.repeats == right.repeats) {
            let repeats = group[0].repeats;
            table.advance_to(repeats);
            let order = table.order;
            let ln_odds = variant.may_die(repeats).then(|| table.ln_odds());
            let mut sums = Sums::default();
            for row in group {
                let alive = silence(scale, order, row);
                sums.add(&alive, row, order, scale, ln_odds);
            }
            table.add_group(&sums, &mut total);
        }
        total
    }
}

/// ln P(silent since the last order | alive), but for what depends on x alone, with its slopes in r and α.
#[derive(Debug, Clone, Copy)]
struct Silence {
    value: f64,
    r: f64,
    alpha: f64,
    rr: f64,
    r_alpha: f64,
    alpha_alpha: f64,
}

#[inline]
fn exponential_silence(scale: f64, order: f64, row: &Row) -> Silence {
    let inverse = 1.0 / (scale + row.age);
    let ln = (scale + row.age).ln();
    Silence {
        value: -order * ln,
        r: -ln,
        alpha: -order * inverse,
        rr: 0.0,
        r_alpha: -inverse,
        alpha_alpha: order * inverse * inverse,
    }
}

/// Gaps of `shape` exponential stages: up to shape − 1 stages may have passed unseen since the last order.
fn erlang_silence(scale: f64, order: f64, row: &Row, shape: u32) -> Silence {
    let none = exponential_silence(scale, order, row);
    let inverse = 1.0 / (scale + row.age);
    let share = (row.age - row.recency) * inverse;
    let (mut stages, mut harmonic, mut squares) = (1.0, 0.0, 0.0);
    let (mut sum, mut r, mut alpha, mut rr, mut r_alpha, mut alpha_alpha) = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for stage in 1..shape {
        let j = f64::from(stage);
        let before = order + j - 1.0;
        stages *= before / j * share;
        harmonic += 1.0 / before;
        squares += 1.0 / (before * before);
        sum += stages;
        r += stages * harmonic;
        rr += stages * (harmonic * harmonic - squares);
        alpha -= stages * j * inverse;
        r_alpha -= stages * harmonic * j * inverse;
        alpha_alpha += stages * j * (j + 1.0) * inverse * inverse;
    }
    let (r, alpha) = (r / sum, alpha / sum);
    Silence {
        value: none.value + sum.ln(),
        r: none.r + r,
        alpha: none.alpha + alpha,
        rr: rr / sum - r * r,
        r_alpha: none.r_alpha + r_alpha / sum - r * alpha,
        alpha_alpha: none.alpha_alpha + alpha_alpha / sum - alpha * alpha,
    }
}

/// Sums over the accounts of one x.
#[derive(Debug, Default)]
struct Sums {
    accounts: f64,
    value: f64,
    /// Slopes in r, α, rr, rα, αα of the part that depends on times.
    times: [f64; 5],
    /// P(dead).
    dead: f64,
    /// P(dead)·P(alive), and times the slopes of ln odds(dead) in r, α and their products.
    doubt: f64,
    doubt_r: f64,
    doubt_alpha: f64,
    doubt_rr: f64,
    doubt_r_alpha: f64,
    doubt_alpha_alpha: f64,
}

impl Sums {
    #[inline]
    fn add(&mut self, alive: &Silence, row: &Row, order: f64, scale: f64, ln_odds: Option<f64>) {
        let n = row.accounts;
        self.accounts += n;
        self.value += n * alive.value;
        let mut slopes = [alive.r, alive.alpha, alive.rr, alive.r_alpha, alive.alpha_alpha];
        if let Some(ln_odds) = ln_odds {
            // The other branch: dead since the last order, so that silence since then is certain.
            let ln = (scale + row.recency).ln();
            let inverse = 1.0 / (scale + row.recency);
            let dead_slopes = [-ln, -order * inverse, 0.0, -inverse, order * inverse * inverse];
            let log_odds_dead = ln_odds - order * ln - alive.value;
            let (dead, softplus) = logistic(log_odds_dead);
            self.value += n * softplus;
            let d: [f64; 5] = std::array::from_fn(|i| dead_slopes[i] - slopes[i]);
            for i in 0..5 {
                slopes[i] += dead * d[i];
            }
            let doubt = n * dead * (1.0 - dead);
            self.dead += n * dead;
            self.doubt += doubt;
            self.doubt_r += doubt * d[0];
            self.doubt_alpha += doubt * d[1];
            self.doubt_rr += doubt * d[0] * d[0];
            self.doubt_r_alpha += doubt * d[0] * d[1];
            self.doubt_alpha_alpha += doubt * d[1] * d[1];
        }
        for i in 0..5 {
            self.times[i] += n * slopes[i];
        }
    }
}

/// 1/(1+e⁻ᵈ) and ln(1+eᵈ).
#[inline]
fn logistic(d: f64) -> (f64, f64) {
    let small = (-d.abs()).exp();
    let (share, softplus) = if d > 0.0 { (1.0, d) } else { (small, 0.0) };
    (share / (1.0 + small), softplus + small.ln_1p())
}

/// What depends on x alone, carried from one x to the next larger.
struct Table {
    variant: Variant,
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
    repeats: u32,
    /// r + k·x.
    order: f64,
    /// ln Γ(r+kx)/Γ(r) and its slopes in r.
    rising: [f64; 3],
    /// Chances to die that were survived: x for BG, x+1 for MBG.
    chances: f64,
    /// ln B(a, b+chances)/B(a, b), and its slopes in a, b, aa (also ab), bb.
    survived: [f64; 5],
}

impl Table {
    fn new(variant: Variant, &[r, alpha, a, b]: &[f64; 4]) -> Self {
        let mut table =
            Self { variant, r, alpha, a, b, repeats: 0, order: r, rising: [0.0; 3], chances: 0.0, survived: [0.0; 5] };
        if variant.dies_at_first_order() {
            table.survive();
        }
        table
    }

    fn survive(&mut self) {
        let others = 1.0 / (self.a + self.b + self.chances);
        let own = 1.0 / (self.b + self.chances);
        self.survived[0] -= (self.a * own).ln_1p();
        self.survived[1] -= others;
        self.survived[2] += own - others;
        self.survived[3] += others * others;
        self.survived[4] += others * others - own * own;
        self.chances += 1.0;
    }

    fn advance_to(&mut self, repeats: u32) {
        while self.repeats < repeats {
            for _ in 0..self.variant.shape() {
                let inverse = 1.0 / self.order;
                self.rising[0] += self.order.ln();
                self.rising[1] += inverse;
                self.rising[2] -= inverse * inverse;
                self.order += 1.0;
            }
            self.repeats += 1;
            self.survive();
            self.order = self.r + f64::from(self.variant.shape()) * f64::from(self.repeats);
        }
    }

    /// ln of the odds of having died at the last order, before silence is seen: ln a/(b + chances − 1).
    fn ln_odds(&self) -> f64 {
        (self.a / (self.b + self.chances - 1.0)).ln()
    }

    fn add_group(&self, sums: &Sums, total: &mut Slope<4>) {
        let (n, alpha) = (sums.accounts, self.alpha);
        total.value += sums.value + n * (self.rising[0] + self.r * alpha.ln() + self.survived[0]);

        // ln odds(dead) has the slopes 1/a and −1/(b + chances − 1).
        let odds_a = 1.0 / self.a;
        let odds_b = -1.0 / (self.b + self.chances - 1.0);
        // Without a chance to have died there is no such term.
        let (odds_a, odds_b) = if self.chances > 0.0 { (odds_a, odds_b) } else { (0.0, 0.0) };

        let gradient = [
            sums.times[0] + n * (self.rising[1] + alpha.ln()),
            sums.times[1] + n * self.r / alpha,
            n * self.survived[1] + sums.dead * odds_a,
            n * self.survived[2] + sums.dead * odds_b,
        ];
        let rr = sums.times[2] + n * self.rising[2] + sums.doubt_rr;
        let r_alpha = sums.times[3] + n / alpha + sums.doubt_r_alpha;
        let alpha_alpha = sums.times[4] - n * self.r / (alpha * alpha) + sums.doubt_alpha_alpha;
        let aa = n * self.survived[3] + (sums.doubt - sums.dead) * odds_a * odds_a;
        let ab = n * self.survived[3] + sums.doubt * odds_a * odds_b;
        let bb = n * self.survived[4] + (sums.doubt + sums.dead) * odds_b * odds_b;
        let (r_a, r_b) = (sums.doubt_r * odds_a, sums.doubt_r * odds_b);
        let (alpha_a, alpha_b) = (sums.doubt_alpha * odds_a, sums.doubt_alpha * odds_b);
        let curvature = [
            [rr, r_alpha, r_a, r_b],
            [r_alpha, alpha_alpha, alpha_a, alpha_b],
            [r_a, alpha_a, aa, ab],
            [r_b, alpha_b, ab, bb],
        ];
        for i in 0..4 {
            total.gradient[i] += gradient[i];
            for j in 0..4 {
                total.curvature[i][j] += curvature[i][j];
            }
        }
    }
}
