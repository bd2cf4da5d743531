//! Formulas against independent ways to the same number.

use statrs::function::{
    beta::{beta_reg, ln_beta},
    gamma::ln_gamma,
};

use super::*;
use crate::{
    Level,
    alive::{
        likelihood::Rows,
        newton::maximise,
        special::{incomplete_beta, normal_upper, trigamma},
    },
    multiple::ErrorRate,
};

fn variants() -> [Variant; 4] {
    let regular = |stages| Variant::MbgCnbd(Stages::new(stages).expect("in range"));
    [Variant::BgNbd, Variant::MbgNbd, regular(2), regular(5)]
}

/// Accounts of every kind, some of them equal, made from days.
fn accounts() -> Vec<Purchases> {
    let days: [&[i32]; 8] =
        [&[0], &[0], &[30], &[0, 1], &[0, 14, 30, 44], &[5, 60], &[0, 7, 14, 21, 28, 35, 42, 49], &[100]];
    days.iter()
        .map(|days| Purchases::from_days(days, 100, Unit::Weeks).expect("ascending").expect("an order"))
        .collect()
}

/// ₂F₁ as its defining series, for 0 ≤ z < 1.
fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 0..200_000 {
        let n = f64::from(n);
        term *= (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
        sum += term;
        if term.abs() < 1e-17 * sum.abs() {
            break;
        }
    }
    sum
}

#[test]
fn the_fast_likelihood_is_the_published_one_in_any_unit() {
    let accounts = accounts();
    for variant in variants() {
        for parameters in [[0.3, 4.0, 0.8, 2.5], [7.0, 90.0, 0.01, 30.0], [0.02, 0.5, 40.0, 3.0]] {
            let [r, alpha, a, b] = parameters;
            let published = PurchaseProcess::new(variant, r, alpha, a, b)
                .expect("in range")
                .log_likelihood(&accounts)
                .expect("gaps");
            let rows = Rows::new(&accounts);
            assert!(rows.len() < accounts.len());
            let inner = [r, alpha / rows.unit, a, b].map(f64::ln);
            let k = f64::from(variant.shape());
            let gaps = process::gaps_term(variant, &accounts).expect("gaps");
            let fast = gaps + rows.log_likelihood(variant, &inner).value - k * rows.repeats * rows.unit.ln();
            assert_close!(fast, published, 1e-9 * published.abs());
        }
    }
}

#[test]
fn slopes_are_what_differences_say() {
    const STEP: f64 = 1e-5;
    let rows = Rows::new(&accounts());
    for variant in variants() {
        let at = [0.7, 0.4, 0.9, 2.1].map(f64::ln);
        let here = rows.log_likelihood(variant, &at);
        for i in 0..4 {
            let moved = |by: f64| {
                let mut there = at;
                there[i] += by;
                rows.log_likelihood(variant, &there)
            };
            let (up, down) = (moved(STEP), moved(-STEP));
            assert_close!(here.gradient[i], (up.value - down.value) / (2.0 * STEP), 1e-6);
            for j in 0..4 {
                assert_close!(here.curvature[i][j], (up.gradient[j] - down.gradient[j]) / (2.0 * STEP), 1e-6);
            }
        }
    }
}

/// The likelihood of one account, integrated over its rate and its chance to die instead of in closed form.
#[test]
fn the_likelihood_is_the_integral_over_accounts() {
    let account = Purchases::from_days(&[0, 10, 30], 50, Unit::Days).expect("ascending").expect("an order");
    let (r, alpha, a, b) = (1.5, 12.0_f64, 1.2, 2.5);
    for variant in variants() {
        let k = variant.shape();
        let one = |rate: f64, p: f64| {
            let density = |gap: f64| {
                ((f64::from(k)) * rate.ln() + (f64::from(k) - 1.0) * gap.ln() - rate * gap - ln_gamma(f64::from(k)))
                    .exp()
            };
            let mut silent = 0.0;
            let mut term = (-rate * 20.0).exp();
            for stage in 0..k {
                silent += term;
                term *= rate * 20.0 / f64::from(stage + 1);
            }
            let lives = |orders: i32| (1.0 - p).powi(orders);
            // Chances to die: after each of three orders, or after the two repeat orders alone.
            let chances = if variant.dies_at_first_order() { 3 } else { 2 };
            density(10.0) * density(20.0) * (lives(chances) * silent + lives(chances - 1) * p)
        };
        // Midpoints; rate to 3 holds all but 1e-14 of Gamma(1.5, 12).
        const CELLS: u32 = 1_500;
        let mut integral = 0.0;
        for i in 0..CELLS {
            let root = (f64::from(i) + 0.5) / f64::from(CELLS) * 3.0_f64.sqrt();
            let rate = root * root;
            let weight = (r * alpha.ln() - ln_gamma(r) + (r - 1.0) * rate.ln() - alpha * rate).exp()
                * 2.0
                * root
                * 3.0_f64.sqrt()
                / f64::from(CELLS);
            for j in 0..100_u32 {
                // p = s² takes the root out of the Beta density at 0.
                let s = (f64::from(j) + 0.5) / 100.0;
                let p = s * s;
                let beta = ((a - 1.0) * p.ln() + (b - 1.0) * (-p).ln_1p() - ln_beta(a, b)).exp();
                integral += weight * beta * 2.0 * s / 100.0 * one(rate, p);
            }
        }
        let process = PurchaseProcess::new(variant, r, alpha, a, b).expect("in range");
        assert_close!(process.log_likelihood(&[account]).expect("gaps"), integral.ln(), 1e-4);
    }
}

#[test]
fn expected_orders_are_the_published_hypergeometric_form() {
    for variant in [Variant::BgNbd, Variant::MbgNbd] {
        let first = f64::from(u8::from(variant.dies_at_first_order()));
        for (r, alpha, a, b) in
            [(0.2426, 4.4135, 0.7929, 2.4258), (0.5248, 6.183, 0.8914, 1.614), (3.0, 20.0, 2.5, 9.0)]
        {
            let process = PurchaseProcess::new(variant, r, alpha, a, b).expect("in range");
            for (x, recency, age, t) in
                [(2, 30.43, 38.86, 39.0), (0, 0.0, 5.0, 100.0), (26, 30.0, 31.0, 13.0), (1, 0.2, 38.0, 0.5)]
            {
                let account = Purchases::new(x, recency, age).expect("an account");
                let x = f64::from(x);
                let chances = x + first;
                let z = t / (alpha + age + t);
                let published = process.p_alive(&account) * (a + b + chances - 1.0) / (a - 1.0)
                    * (1.0
                        - ((alpha + age) / (alpha + age + t)).powf(r + x)
                            * hypergeometric(r + x, b + chances, a + b + chances - 1.0, z));
                assert_close!(process.orders_ahead(&account, t).expect("short").mean(), published, 1e-9 * published);
            }
            let t = 39.0;
            let lives = if first == 1.0 { b / (a + b) } else { 1.0 };
            let z = t / (alpha + t);
            let published = lives * (a + b + first - 1.0) / (a - 1.0)
                * (1.0 - (alpha / (alpha + t)).powf(r) * hypergeometric(r, b + first, a + b + first - 1.0, z));
            assert_close!(process.expected_since_first(t).expect("short"), published, 1e-9 * published);
        }
    }
}

#[test]
fn there_is_no_pole_at_a_of_1() {
    let account = Purchases::new(4, 20.0, 30.0).expect("an account");
    let expected = |a: f64| {
        PurchaseProcess::new(Variant::BgNbd, 0.5, 5.0, a, 2.0)
            .expect("in range")
            .orders_ahead(&account, 52.0)
            .expect("short")
            .mean()
    };
    assert_close!(expected(1.0), (expected(1.0 - 1e-5) + expected(1.0 + 1e-5)) / 2.0, 1e-9);
}

#[test]
fn the_distribution_ahead_of_a_poisson_account_is_negative_binomial() {
    // Nobody dies, and the rate is known: 30 ± a little orders in the time ahead.
    let process = PurchaseProcess::new(Variant::MbgNbd, 1e8, 1e8, 1e-9, 1.0).expect("in range");
    let ahead = process.orders_ahead(&Purchases::new(0, 0.0, 0.0).expect("an account"), 30.0).expect("short");
    assert_close!(ahead.mean(), 30.0, 1e-4);
    assert_close!(ahead.variance(), 30.0, 1e-3);
    let range = ahead.interval(Level::P95);
    // The quantiles of Poisson(30).
    assert_eq!((range.low, range.high), (20.0, 41.0));
    // So many orders that e^-mean has no number.
    let many = process.orders_ahead(&Purchases::new(0, 0.0, 0.0).expect("an account"), 2_000.0).expect("short");
    assert_close!(many.mean(), 2_000.0, 1e-2);
}

#[test]
fn regular_gaps_leave_no_room_for_early_orders() {
    let exponential = PurchaseProcess::new(Variant::MbgNbd, 1e6, 7e6, 1e-9, 1.0).expect("in range");
    let regular = Variant::MbgCnbd(Stages::new(12).expect("in range"));
    let regular = PurchaseProcess::new(regular, 1e6, 7e6 / 12.0, 1e-9, 1.0).expect("in range");
    let just_ordered = Purchases::new(3, 21.0, 21.0).expect("an account");
    let due = Purchases::new(3, 21.0, 28.0).expect("an account");
    let within_two_days =
        |process: &PurchaseProcess, account| process.orders_ahead(account, 2.0).expect("short").more_than(0);
    assert!(within_two_days(&regular, &just_ordered) < 0.001);
    assert!(within_two_days(&regular, &due) > 0.5);
    assert_close!(within_two_days(&exponential, &due), 1.0 - (-2.0_f64 / 7.0).exp(), 1e-5);
    // In the long run both order once in seven days; the regular one is half an interval ahead of its next order.
    assert_close!(exponential.expected_since_first(700.0).expect("short"), 100.0, 1e-3);
    assert_close!(regular.expected_since_first(700.0).expect("short"), 100.0 - 0.5 + 0.5 / 12.0, 1e-3);
}

#[test]
fn bg_lets_nobody_die_before_a_repeat_order_and_mbg_does() {
    let once = Purchases::new(0, 0.0, 100.0).expect("an account");
    assert_eq!(PurchaseProcess::new(Variant::BgNbd, 0.24, 4.4, 0.8, 2.4).expect("in range").p_alive(&once), 1.0);
    let mbg = PurchaseProcess::new(Variant::MbgNbd, 1.0, 10.0, 1.0, 2.0).expect("in range");
    // g = 1/2 and ((10+100)/10)^1 = 11.
    assert_close!(mbg.p_alive(&once), 1.0 / 6.5, 1e-12);
}

#[test]
fn special_functions() {
    assert_close!(trigamma(1.0), std::f64::consts::PI.powi(2) / 6.0, 1e-14);
    assert_close!(trigamma(0.5), std::f64::consts::PI.powi(2) / 2.0, 1e-13);
    assert_close!(trigamma(1e-3), 1e6 + 1.642_533_2, 1e-4);
    assert_close!(normal_upper(0.025), 1.959_963_984_540_054, 1e-12);
    for (p, q, w) in [(2.0, 3.0, 0.1), (0.3, 0.7, 0.9), (12.5, 4.0, 0.6), (50.0, 50.0, 0.5)] {
        assert_close!(incomplete_beta(p, q, w, 1.0 - w), beta_reg(p, q, w), 1e-12);
    }
    // I_w(p, 1) = w^p, far into the tail and for large parameters.
    let (p, w) = (3_000.0, 0.9_f64);
    assert_close!(incomplete_beta(p, 1.0, w, 1.0 - w) / w.powf(p), 1.0, 1e-10);
    // Symmetric about the middle.
    assert_close!(incomplete_beta(40_000.0, 40_000.0, 0.5, 0.5), 0.5, 1e-9);
}

#[test]
fn the_climb_finds_a_top_and_holds_at_bounds() {
    // −(x−1)² − (y−x)², top at (1, 1).
    let hill = |&[x, y]: &[f64; 2]| newton::Slope {
        value: -(x - 1.0).powi(2) - (y - x).powi(2),
        gradient: [-2.0 * (x - 1.0) + 2.0 * (y - x), -2.0 * (y - x)],
        curvature: [[-4.0, 2.0], [2.0, -2.0]],
    };
    let top = maximise("hill", [-3.0, 4.0], &[(-5.0, 5.0); 2], hill).expect("a top");
    assert_close!(top.point[0], 1.0, 1e-9);
    assert_close!(top.point[1], 1.0, 1e-9);
    // −H⁻¹ by hand.
    let covariance = top.covariance().expect("curved");
    assert_close!(covariance[0][0], 0.5, 1e-12);
    assert_close!(covariance[1][1], 1.0, 1e-12);

    let edge = maximise("hill", [-3.0, -4.0], &[(-5.0, 0.0), (-5.0, 5.0)], hill).expect("a top");
    assert_eq!(edge.held, [true, false]);
    assert_close!(edge.point[1], 0.0, 1e-9);
}

#[test]
fn own_gaps_by_hand() {
    let gaps = Gaps::of(&[3, 3, 13, 27, 39, 90], 80).expect("ascending").expect("orders");
    assert_eq!((gaps.orders(), gaps.count(), gaps.span(), gaps.longest()), (4, 3, 36.0, 14.0));
    assert_eq!((gaps.mean(), gaps.spread(), gaps.since_last()), (Some(12.0), Some(2.0), 41.0));
    let once = Gaps::of(&[5, 5], 9).expect("ascending").expect("an order");
    assert_eq!((once.orders(), once.mean(), once.spread()), (1, None, None));
    assert_eq!(Gaps::of(&[50], 9).expect("ascending"), None);
    assert!(Gaps::of(&[5, 3], 9).is_err());
}

/// An account of 20 gaps of 7 and 9 days in turn, silent for `silence` days.
fn long_known(silence: i32) -> Gaps {
    let days: Vec<i32> = (0..21).map(|order| order / 2 * 16 + order % 2 * 7).collect();
    Gaps::of(&days, 160 + silence).expect("ascending").expect("orders")
}

#[test]
fn nineteen_gaps_speak_for_themselves() {
    let model = GapModel::of(&[]);
    let judged = model.chance(&long_known(8));
    assert_eq!((judged.probability, judged.method), (Some(11.0 / 21.0), GapMethod::Empirical));
    assert_eq!(judged.probability, empirical_chance(&[7.0, 9.0].repeat(10), 8.0).ok());

    // Past the longest gap it goes on falling, from 1/(n+1) on.
    let beyond = [10, 12, 20].map(|silence| model.chance(&long_known(silence)));
    assert!(beyond.iter().all(|judged| matches!(judged.method, GapMethod::BeyondEmpirical { .. })));
    let probabilities = beyond.map(|judged| judged.probability.expect("judged"));
    assert!(
        probabilities[0] < 1.0 / 21.0 && probabilities.is_sorted_by(|left, right| left > right),
        "{probabilities:?}"
    );
}

#[test]
fn exponential_gaps_have_the_published_form() {
    // Two gaps say too little to leave the exponential; alone, nothing is borrowed: (t_x/(t_x+u))^x.
    let gaps = Gaps::of(&[0, 4, 20], 70).expect("ascending").expect("orders");
    let judged = GapModel::of(&[gaps]).chance(&gaps);
    assert_eq!(judged.method, GapMethod::Exponential);
    assert_close!(judged.probability.expect("judged"), (20.0_f64 / 70.0).powi(2), 1e-12);
}

#[test]
fn who_ordered_once_has_no_rhythm() {
    let alone = overdue(&[&[0]], 100, ErrorRate::P05).expect("ascending")[0].expect("an order");
    assert_eq!((alone.method, alone.gap_chance, alone.overdue), (GapMethod::NotEnough, None, None));

    let others: Vec<Vec<i32>> = (0..8).map(|i| (0..10).map(|order| order * (6 + i)).collect()).collect();
    let mut days: Vec<&[i32]> = others.iter().map(Vec::as_slice).collect();
    days.push(&[0]);
    let judged = overdue(&days, 100, ErrorRate::P05).expect("ascending")[8].expect("an order");
    assert!(matches!(judged.method, GapMethod::Population { .. }));
    assert!(judged.gap_chance < Some(0.01) && judged.overdue.is_none());
}

#[test]
fn equal_risks_stay_in_the_order_of_the_input() {
    let days: Vec<i32> = (0..6).map(|order| order * 10).collect();
    let accounts = vec![OrderHistory { days: &days, amounts: &[] }; 12];
    let assessment = Assess::on(200).all(&accounts).expect("ascending");
    assert_eq!(assessment.by_risk, (0..12).collect::<Vec<_>>());
}

#[test]
fn amounts_of_one_day_add_up_and_the_first_order_is_left_out() {
    // Sixteen accounts: first order of 500, then two repeat orders of 10 + i, one of them entered in two parts.
    let amounts: Vec<[f64; 5]> =
        (0..16).map(|i| f64::from(10 + i)).map(|m| [500.0, m, m / 4.0, m * 3.0 / 4.0, 9e9]).collect();
    let accounts: Vec<OrderHistory> =
        amounts.iter().map(|amounts| OrderHistory { days: &[0, 7, 14, 14, 90], amounts }).collect();
    let assessment = Assess::on(20).all(&accounts).expect("ascending");
    let value = assessment.value.expect("enough");
    let expected: Vec<Spending> = (0..16).map(|i| Spending::new(2, f64::from(10 + i)).expect("positive")).collect();
    let by_hand = ValueModel::new().level(Level::P80).fit(&expected).expect("enough");
    assert_close!(value.log_likelihood, by_hand.log_likelihood, 1e-9);
    assert_eq!(value.n, 16);
}

#[test]
fn a_fit_is_written_with_model_parameters_likelihood_and_n() {
    let accounts: Vec<Purchases> =
        simulate(&PurchaseProcess::new(Variant::MbgNbd, 1.0, 8.0, 0.8, 3.0).expect("in range"), 200, 50.0, 3)
            .iter()
            .map(Simulated::purchases)
            .collect();
    let fit = serde_json::to_value(PurchaseModel::mbg_nbd().fit(&accounts).expect("enough")).expect("json");
    assert_eq!((&fit["model"], &fit["n"], &fit["level"]), (&"MBG/NBD".into(), &200.into(), &0.95.into()));
    assert!(fit["r"]["value"].is_f64() && fit["alpha"]["interval"]["low"].is_f64() && fit["log_likelihood"].is_f64());
}
