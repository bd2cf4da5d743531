//! Accounts whose parameters, death days and future orders are known because they were made up.

use super::*;
use crate::{Level, multiple::ErrorRate};

/// Times are in ten-thousandths of a period, so that whole days cut nothing off.
const PERIOD: f64 = 10_000.0;

/// α in periods.
fn process(variant: Variant, r: f64, alpha: f64, a: f64, b: f64) -> PurchaseProcess {
    PurchaseProcess::new(variant, r, alpha * PERIOD, a, b).expect("in range")
}

/// With their gaps, which [`Simulated::purchases`] does not know.
fn with_gaps(account: &Simulated) -> Purchases {
    let days: Vec<i32> = account.times.iter().map(|&time| time as i32).collect();
    Purchases::from_days(&days, account.age as i32, Unit::Days).expect("ascending").expect("an order")
}

#[test]
fn known_parameters_lie_in_their_intervals_and_the_holdout_in_its_own() {
    let regular = Variant::MbgCnbd(Stages::new(3).expect("in range"));
    for (truth, seed) in [
        (process(Variant::BgNbd, 0.8, 9.0, 0.7, 2.5), 11),
        (process(Variant::MbgNbd, 0.8, 9.0, 0.7, 2.5), 12),
        (process(Variant::MbgNbd, 4.0, 20.0, 0.4, 12.0), 13),
        (process(regular, 2.0, 4.0, 0.5, 4.0), 14),
    ] {
        let simulated = simulate(&truth, 4_000, 60.0 * PERIOD, seed);
        let accounts: Vec<Purchases> = simulated.iter().map(with_gaps).collect();
        let fit = PurchaseModel::new(truth.variant()).level(Level::P998).fit(&accounts).expect("enough");
        for (found, truth) in [(fit.r, truth.r()), (fit.alpha, truth.alpha()), (fit.a, truth.a()), (fit.b, truth.b())] {
            let interval = found.interval.expect("curved");
            assert!(
                interval.holds(truth) && interval.high < 3.0 * truth,
                "{}: {truth} {found:?}",
                fit.process.variant()
            );
        }

        let horizon = 20.0 * PERIOD;
        let expected = fit.total_ahead(&accounts, horizon).expect("short");
        let actual: usize = simulated
            .iter()
            .map(|account| account.orders_until(account.age + horizon) - account.orders_until(account.age))
            .sum();
        assert!(expected.interval.holds(actual as f64), "{}: {actual} {expected:?}", fit.process.variant());

        // P(alive) is calibrated: of those said to live with the chance p, the share p lives.
        let p_alive: Vec<f64> = accounts.iter().map(|account| fit.p_alive(account)).collect();
        for band in 0..5 {
            let (low, high) = (f64::from(band) / 5.0, f64::from(band + 1) / 5.0);
            let inside: Vec<usize> = (0..accounts.len()).filter(|&i| low <= p_alive[i] && p_alive[i] < high).collect();
            let said: f64 = inside.iter().map(|&i| p_alive[i]).sum();
            let doubt: f64 = inside.iter().map(|&i| p_alive[i] * (1.0 - p_alive[i])).sum();
            let lives = inside.iter().filter(|&&i| simulated[i].alive_at_age()).count() as f64;
            assert!((lives - said).abs() <= 4.0 * doubt.sqrt() + 0.02 * inside.len() as f64, "{band}: {lives} {said}");
        }
    }
}

#[test]
fn ranges_of_single_accounts_cover_what_comes() {
    let truth = process(Variant::MbgNbd, 3.0, 15.0, 0.4, 8.0);
    let simulated = simulate(&truth, 3_000, 60.0 * PERIOD, 21);
    let (mut inside, mut mean, mut actual) = (0, 0.0, 0.0);
    for account in &simulated {
        let ahead = truth.orders_ahead(&account.purchases(), 15.0 * PERIOD).expect("short");
        let came = (account.orders_until(account.age + 15.0 * PERIOD) - account.orders_until(account.age)) as f64;
        inside += usize::from(ahead.interval(Level::P80).holds(came));
        mean += ahead.mean();
        actual += came;
    }
    // Whole orders make a range cover more than its level, never less.
    assert!(inside as f64 > 0.8 * 3_000.0, "{inside}");
    assert!((mean / actual - 1.0).abs() < 0.03, "{mean} {actual}");
}

#[test]
fn the_unconditional_expectation_is_the_mean_of_new_accounts() {
    let regular = Variant::MbgCnbd(Stages::new(3).expect("in range"));
    for truth in [
        process(Variant::BgNbd, 1.0, 6.0, 0.8, 3.0),
        process(Variant::MbgNbd, 1.0, 6.0, 0.8, 3.0),
        process(regular, 2.0, 4.0, 0.8, 3.0),
    ] {
        let simulated = simulate(&truth, 20_000, 60.0 * PERIOD, 5);
        let repeats: usize = simulated.iter().map(|account| account.orders_until(25.0 * PERIOD) - 1).sum();
        let expected = truth.expected_since_first(25.0 * PERIOD).expect("short");
        assert_close!(repeats as f64 / 20_000.0, expected, 0.03 * expected);
    }
}

#[test]
fn the_most_likely_regularity_is_found() {
    let truth = process(Variant::MbgCnbd(Stages::new(4).expect("in range")), 2.0, 3.0, 0.5, 5.0);
    let accounts: Vec<Purchases> = simulate(&truth, 1_500, 60.0 * PERIOD, 31).iter().map(with_gaps).collect();
    let fit = PurchaseModel::most_likely(&accounts, Level::P95).expect("enough");
    assert_eq!(fit.process.variant().to_string(), "MBG/CNBD-4");
}

/// A company with known deaths: accounts order by a rhythm of their own, some die.
struct Company {
    days: Vec<Vec<i32>>,
    /// Dead for at least three of its usual gaps.
    long_dead: Vec<bool>,
    living: Vec<bool>,
    today: i32,
}

/// `stages` 1: exponential gaps; 8: regular.
fn company(accounts: usize, stages: u32, seed: u64) -> Company {
    let mut random = seeded(seed);
    let today = 730;
    let mut company = Company { days: Vec::new(), long_dead: Vec::new(), living: Vec::new(), today };
    for _ in 0..accounts {
        let usual: f64 = 5.0 * 8.0_f64.powf(random.random_range(0.0..1.0));
        let first = random.random_range(0..365);
        let death = if random.random_bool(0.35) { random.random_range(first..today) } else { i32::MAX };
        let mut time = f64::from(first);
        let mut days = Vec::new();
        while time <= f64::from(today.min(death)) {
            days.push(time as i32);
            let gap: f64 = (0..stages).map(|_| -> f64 { Exp1.sample(&mut random) }).sum::<f64>() / f64::from(stages);
            time += (usual * gap).max(1.0);
        }
        let dead_for = f64::from(today.saturating_sub(death));
        company.days.push(days);
        company.long_dead.push(death < today && dead_for >= 3.0 * usual);
        company.living.push(death == i32::MAX);
    }
    company
}

#[test]
fn the_dead_are_ranked_above_the_living() {
    for (accounts, stages) in [(20, 8), (60, 1), (2_000, 1), (2_000, 3), (2_000, 8)] {
        let company = company(accounts, stages, 41);
        let histories: Vec<OrderHistory> =
            company.days.iter().map(|days| OrderHistory { days, amounts: &[] }).collect();
        let assessment = Assess::on(company.today).all(&histories).expect("ascending");
        let judged: Vec<usize> = (0..accounts).filter(|&i| company.long_dead[i] || company.living[i]).collect();
        let dead: Vec<bool> = judged.iter().map(|&i| company.long_dead[i]).collect();
        let area = |score: &dyn Fn(&Outlook) -> Option<f64>| {
            let scores: Vec<f64> = judged.iter().map(|&i| score(&assessment.accounts[i]).unwrap_or(0.5)).collect();
            auc(&scores, &dead).expect("both kinds")
        };
        let by_risk = area(&|outlook| outlook.risk);
        let by_gap = area(&|outlook| Some(1.0 - outlook.rhythm?.gap_chance?));
        let by_model = area(&|outlook| Some(1.0 - outlook.p_alive?));
        eprintln!("{accounts} accounts, {stages} stages: risk {by_risk:.3}, gap {by_gap:.3}, P(alive) {by_model:.3}");
        assert!(by_risk >= 0.9 && by_gap >= 0.9 && by_model >= 0.9, "{by_risk} {by_gap} {by_model}");
    }
}

#[test]
fn the_share_of_false_alarms_is_kept_and_the_long_dead_are_found() {
    for stages in [1, 3, 8] {
        let company = company(3_000, stages, 43);
        let days: Vec<&[i32]> = company.days.iter().map(Vec::as_slice).collect();
        let rate = ErrorRate::P05;
        let judged = overdue(&days, company.today, rate).expect("ascending");
        let flagged = |i: usize| judged[i].is_some_and(|rhythm| rhythm.overdue == Some(true));
        let alarms = (0..3_000).filter(|&i| flagged(i)).count();
        let false_alarms = (0..3_000).filter(|&i| flagged(i) && company.living[i]).count();
        let long_dead = (0..3_000).filter(|&i| company.long_dead[i]).count();
        let found = (0..3_000).filter(|&i| flagged(i) && company.long_dead[i]).count();
        eprintln!("{stages} stages: {alarms} alarms, {false_alarms} false, {found} of {long_dead} long dead");
        assert!(false_alarms as f64 <= rate.share() * alarms as f64 + 3.0, "{false_alarms} of {alarms}");
        assert!(found as f64 >= 0.8 * long_dead as f64, "{found} of {long_dead}");
    }
}

#[test]
fn regularity_is_seen_where_there_is_one() {
    for (stages, low, high) in [(1, 0.75, 1.35), (8, 6.0, 10.0)] {
        let company = company(1_500, stages, 47);
        let gaps: Vec<Gaps> =
            company.days.iter().filter_map(|days| Gaps::of(days, company.today).expect("ascending")).collect();
        let usual = super::super::regularity::Regularity::of(&gaps).usual();
        assert!((low..high).contains(&usual), "{stages} stages: {usual}");
    }
}

#[test]
fn the_value_of_an_order_is_found() {
    let mut random = seeded(51);
    let (p, q, scale) = (4.0, 5.0, 80_000.0);
    let rates = Gamma::new(q, 1.0 / scale).expect("positive");
    let accounts: Vec<(Spending, f64)> = (0..4_000)
        .map(|i| {
            let rate: f64 = rates.sample(&mut random);
            let amounts = Gamma::new(p, 1.0 / rate).expect("positive");
            let orders = 1 + i % 6;
            let mean = (0..orders).map(|_| amounts.sample(&mut random)).sum::<f64>() / f64::from(orders);
            (Spending::new(orders, mean).expect("positive"), p / rate)
        })
        .collect();
    let spending: Vec<Spending> = accounts.iter().map(|&(spending, _)| spending).collect();
    let fit = ValueModel::new().level(Level::P998).fit(&spending).expect("enough");
    for (found, truth) in [(fit.p, p), (fit.q, q), (fit.gamma, scale)] {
        assert!(found.interval.expect("curved").holds(truth), "{truth} {found:?}");
    }
    assert!(!fit.is_contradicted() && fit.correlation.expect("varies").interval.holds(0.0));
    let published = value_log_likelihood(&spending, fit.p.value, fit.q.value, fit.gamma.value).expect("in range");
    assert_close!(fit.log_likelihood, published, 1e-9 * published.abs());
    // Expected values are unbiased and closer to the truth than what was seen.
    let (mut bias, mut own, mut expected) = (0.0, 0.0, 0.0);
    for (spending, truth) in &accounts {
        let value = fit.expected_value(spending).expect("finite");
        bias += (value - truth) / 4_000.0;
        expected += (value - truth).powi(2);
        own += (spending.mean() - truth).powi(2);
    }
    assert!(
        bias.abs() < 0.02 * fit.population_mean().expect("q above 1") && expected < 0.8 * own,
        "{bias} {expected} {own}"
    );
}
