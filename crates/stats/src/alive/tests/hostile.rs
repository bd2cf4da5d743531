//! Short, constant, silent, absurd and random input: an answer or a clear refusal, never a NaN, never a panic.

use proptest::prelude::*;

use super::*;
use crate::{Error, Level, multiple::ErrorRate};

/// Accounts as they may come: many alike, extreme rates, ages of days to centuries.
fn any_purchases() -> impl Strategy<Value = Purchases> {
    let age = prop_oneof![Just(0.0), 0.0..10.0_f64, 0.0..5_000.0_f64, Just(1e10)];
    let repeats = prop_oneof![Just(0_u32), Just(1), 0..5_u32, 0..400_u32];
    (repeats, 0.0..=1.0_f64, age).prop_map(|(repeats, share, age)| {
        let recency = if repeats == 0 { 0.0 } else { age * share };
        Purchases::new(repeats, recency, age).unwrap_or_else(|_| Purchases::new(0, 0.0, age).expect("a silent account"))
    })
}

fn any_days() -> impl Strategy<Value = Vec<i32>> {
    let scattered = prop::collection::vec(-400..400_i32, 0..30);
    let regular = (1..60_i32, 1..40_i32, -500..0_i32)
        .prop_map(|(gap, count, first)| (0..count).map(|i| first + i * gap).collect());
    let extreme = Just(vec![i32::MIN, 0, i32::MAX]);
    prop_oneof![4 => scattered, 4 => regular, 1 => extreme].prop_map(|mut days: Vec<i32>| {
        days.sort_unstable();
        days
    })
}

fn assert_share(what: &str, share: f64) -> Result<(), TestCaseError> {
    prop_assert!((0.0..=1.0).contains(&share), "{} is {}", what, share);
    Ok(())
}

fn assert_sound(fit: &PurchaseFit, accounts: &[Purchases]) -> Result<(), TestCaseError> {
    prop_assert!(fit.log_likelihood.is_finite());
    for parameter in [fit.r, fit.alpha, fit.a, fit.b] {
        prop_assert!(parameter.value > 0.0 && parameter.value.is_finite());
        if let Some(interval) = parameter.interval {
            prop_assert!(interval.low > 0.0 && interval.holds(parameter.value) && interval.high.is_finite());
        }
    }
    for account in accounts {
        assert_share("P(alive)", fit.p_alive(account))?;
        if let Some(interval) = fit.p_alive_interval(account) {
            prop_assert!(interval.low <= fit.p_alive(account) + 1e-12 && fit.p_alive(account) <= interval.high + 1e-12);
        }
        if let Ok(ahead) = fit.orders_ahead(account, 30.0) {
            prop_assert!(ahead.mean() >= 0.0 && ahead.mean().is_finite() && ahead.variance().is_finite());
            let range = ahead.interval(Level::P80);
            prop_assert!(0.0 <= range.low && range.low <= range.high && range.high.is_finite());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn purchase_models_answer_or_refuse(accounts in prop::collection::vec(any_purchases(), 0..40)) {
        for model in [PurchaseModel::bg_nbd(), PurchaseModel::mbg_nbd()] {
            match model.fit(&accounts) {
                Ok(fit) => assert_sound(&fit, &accounts)?,
                Err(error) => prop_assert!(matches!(error, Error::NotEnough { .. }), "{}", error),
            }
        }
    }

    #[test]
    fn regular_models_answer_or_refuse(days in prop::collection::vec(any_days(), 0..30), stages in 2..=Stages::MOST) {
        let accounts: Vec<Purchases> =
            days.iter().filter_map(|days| Purchases::from_days(days, 100, Unit::Days).expect("ascending")).collect();
        match PurchaseModel::mbg_cnbd(Stages::new(stages).expect("in range")).fit(&accounts) {
            Ok(fit) => assert_sound(&fit, &accounts)?,
            Err(error) => prop_assert!(matches!(error, Error::NotEnough { .. }), "{}", error),
        }
    }

    #[test]
    fn known_processes_answer(
        r in 1e-9..1e9_f64, alpha in 1e-30..1e30_f64, a in 1e-9..1e9_f64, b in 1e-9..1e9_f64,
        account in any_purchases(), horizon in prop_oneof![Just(0.0), 0.0..1e3_f64, Just(1e300)],
    ) {
        for variant in [Variant::BgNbd, Variant::MbgNbd, Variant::MbgCnbd(Stages::new(3).expect("in range"))] {
            let process = PurchaseProcess::new(variant, r, alpha, a, b).expect("in range");
            assert_share("P(alive)", process.p_alive(&account))?;
            if let Ok(log_likelihood) = process.log_likelihood(&[account]) {
                prop_assert!(log_likelihood.is_finite());
            }
            for ahead in [process.orders_ahead(&account, horizon).map(|ahead| ahead.mean()), process.expected_since_first(horizon)] {
                prop_assert!(ahead.is_err() || ahead.is_ok_and(|mean| mean >= 0.0 && mean.is_finite()));
            }
        }
    }

    #[test]
    fn the_value_model_answers_or_refuses(
        accounts in prop::collection::vec((1..50_u32, prop_oneof![Just(100.0), 0.01..1e3_f64, 1e6..1e12_f64]), 0..40)
    ) {
        let accounts: Vec<Spending> =
            accounts.into_iter().map(|(orders, mean)| Spending::new(orders, mean).expect("positive")).collect();
        match ValueModel::new().fit(&accounts) {
            Ok(fit) => {
                prop_assert!(fit.log_likelihood.is_finite());
                for account in &accounts {
                    prop_assert!(fit.expected_value(account).is_none_or(|value| value > 0.0 && value.is_finite()));
                }
                if let Some(correlation) = fit.correlation {
                    prop_assert!(correlation.value.abs() <= 1.0 && correlation.interval.holds(correlation.value));
                }
            }
            Err(error) => prop_assert!(matches!(error, Error::NotEnough { .. } | Error::Constant { .. }), "{}", error),
        }
    }

    #[test]
    fn rhythms_answer(accounts in prop::collection::vec(any_days(), 0..30), today in prop_oneof![Just(i32::MIN), Just(i32::MAX), -100..500_i32]) {
        let days: Vec<&[i32]> = accounts.iter().map(Vec::as_slice).collect();
        let judged = overdue(&days, today, ErrorRate::P05).expect("ascending");
        prop_assert_eq!(judged.len(), accounts.len());
        for rhythm in judged.iter().flatten() {
            prop_assert!(rhythm.mean_gap.is_none_or(f64::is_finite) && rhythm.spread.is_none_or(f64::is_finite));
            prop_assert_eq!(rhythm.overdue.is_some(), rhythm.orders > 1);
            for share in [rhythm.gap_chance, rhythm.adjusted].into_iter().flatten() {
                assert_share("a chance", share)?;
            }
        }
    }

    #[test]
    fn a_longer_silence_is_never_more_likely(days in any_days(), others in prop::collection::vec(any_days(), 0..10)) {
        let gaps = |days: &[i32], today| Gaps::of(days, today).expect("ascending");
        let known: Vec<Gaps> = others.iter().filter_map(|days| gaps(days, 400)).collect();
        let model = GapModel::of(&known);
        let last = days.last().copied().unwrap_or(0);
        prop_assume!(last < i32::MAX);
        let chances: Vec<f64> =
            (0..60).filter_map(|late| model.chance(&gaps(&days, last + late * 3)?).probability).collect();
        prop_assert!(chances.is_sorted_by(|sooner, later| *later <= sooner + 1e-12), "{:?}", chances);
    }

    #[test]
    fn an_assessment_answers_for_everyone(
        accounts in prop::collection::vec((any_days(), prop_oneof![Just(-5.0), Just(0.0), 1.0..1e9_f64]), 0..25),
        today in -100..500_i32,
    ) {
        let amounts: Vec<Vec<f64>> = accounts.iter().map(|(days, amount)| vec![*amount; days.len()]).collect();
        let histories: Vec<OrderHistory> = accounts.iter().zip(&amounts).map(|((days, _), amounts)| OrderHistory { days, amounts }).collect();
        let assessment = Assess::on(today).all(&histories).expect("ascending");
        let mut places = assessment.by_risk.clone();
        places.sort_unstable();
        prop_assert!(places.into_iter().eq(0..accounts.len()));
        for outlook in &assessment.accounts {
            for share in [outlook.p_alive, outlook.p_alive_bg, outlook.risk].into_iter().flatten() {
                assert_share("a probability", share)?;
            }
            prop_assert!(outlook.expected_value.is_none_or(|value| value >= 0.0 && value.is_finite()));
        }
        let risks: Vec<f64> = assessment.by_risk.iter().filter_map(|&place| assessment.accounts[place].risk).collect();
        prop_assert!(risks.is_sorted_by(|left, right| left >= right));
        // Written and read again it is the same: nothing in it is not a number.
        let written = serde_json::to_string(&assessment).expect("json");
        prop_assert!(!written.contains("NaN"));
    }

    #[test]
    fn the_order_of_accounts_does_not_matter(mut accounts in prop::collection::vec(any_purchases(), 12..30)) {
        let forwards = PurchaseModel::mbg_nbd().fit(&accounts);
        accounts.reverse();
        prop_assert_eq!(forwards, PurchaseModel::mbg_nbd().fit(&accounts));
    }

    #[test]
    fn auc_is_the_share_of_pairs_in_order(scored in prop::collection::vec((0..6_i32, any::<bool>()), 0..40)) {
        let scores: Vec<f64> = scored.iter().map(|&(score, _)| f64::from(score)).collect();
        let kinds: Vec<bool> = scored.iter().map(|&(_, dead)| dead).collect();
        let pairs = || (0..scored.len()).flat_map(|i| (0..scored.len()).map(move |j| (i, j))).filter(|&(i, j)| kinds[i] && !kinds[j]);
        let in_order: f64 = pairs().map(|(i, j)| if scores[i] > scores[j] { 1.0 } else if scores[i] == scores[j] { 0.5 } else { 0.0 }).sum();
        match auc(&scores, &kinds) {
            Ok(area) => prop_assert!((area - in_order / pairs().count() as f64).abs() < 1e-12),
            Err(_) => prop_assert_eq!(pairs().count(), 0),
        }
    }
}

#[test]
fn refusals_say_what_is_needed() {
    let silent = vec![Purchases::new(0, 0.0, 50.0).expect("an account"); 30];
    assert_eq!(
        PurchaseModel::mbg_nbd().fit(&silent).expect_err("nobody came back").to_string(),
        "not enough data: MBG/NBD needs at least 3 accounts with a repeat order, there are 0"
    );
    let unknown_gaps = vec![Purchases::new(2, 20.0, 50.0).expect("an account"); 30];
    assert_eq!(
        PurchaseModel::mbg_cnbd(Stages::new(2).expect("in range")).fit(&unknown_gaps).expect_err("gaps").to_string(),
        "not enough data: MBG/CNBD-k needs at least 30 accounts with known gaps, there are 0"
    );
    let alike = vec![Spending::new(3, 20.0).expect("positive"); 30];
    assert_eq!(
        ValueModel::new().fit(&alike).expect_err("constant").to_string(),
        "Gamma-Gamma cannot judge an amount that never changes"
    );
    let backwards = OrderHistory { days: &[5, 3], amounts: &[] };
    let fine = OrderHistory { days: &[3, 5], amounts: &[] };
    assert_eq!(
        Assess::on(9).all(&[fine, backwards]).expect_err("backwards").to_string(),
        "order day of account 1 is 3, outside ascending order"
    );
    let uneven = OrderHistory { days: &[3, 5], amounts: &[1.0] };
    assert!(matches!(Assess::on(9).all(&[uneven]), Err(Error::Unequal { left: 2, right: 1, .. })));
    let not_a_number = OrderHistory { days: &[3, 5], amounts: &[1.0, f64::NAN] };
    assert!(matches!(Assess::on(9).all(&[fine, not_a_number]), Err(Error::NotFinite { index: 1, .. })));
}

#[test]
fn accounts_that_are_all_alike_hold_parameters_at_a_bound() {
    // Everyone orders once a week and did so last week: neither rates nor deaths differ.
    let accounts = vec![Purchases::new(10, 70.0, 75.0).expect("an account"); 20];
    let fit = PurchaseModel::mbg_nbd().fit(&accounts).expect("enough");
    assert!(fit.at_bound() && fit.r.at_bound && fit.r.interval.is_none());
    assert!(fit.p_alive(&accounts[0]) > 0.99);
    let ahead = fit.orders_ahead(&accounts[0], 30.0).expect("short").mean();
    assert!((ahead - 4.0).abs() < 0.1, "{ahead}");
}
