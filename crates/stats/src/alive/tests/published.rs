//! Figures that were published, on the data they were published for.

use std::path::PathBuf;

use super::*;

/// The CDNOW sample of Fader & Hardie; none where the data sets are not at hand.
fn cdnow() -> Option<(Vec<Purchases>, Vec<Spending>)> {
    let shared = std::env::var_os("TAKAR_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let file = shared.join("data/cdnow/cdnow_customers_summary_with_transactions.csv");
    if !file.exists() {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", file.display());
        eprintln!("skipped: {} is missing", file.display());
        return None;
    }
    let mut purchases = Vec::new();
    let mut spending = Vec::new();
    for row in csv::Reader::from_path(file).expect("readable").deserialize() {
        let (_id, repeats, recency, age, mean): (String, u32, f64, f64, f64) = row.expect("five columns");
        purchases.push(Purchases::new(repeats, recency, age).expect("an account"));
        spending.extend(Spending::new(repeats, mean).ok());
    }
    assert_eq!(purchases.len(), 2357);
    Some((purchases, spending))
}

/// Three significant digits.
fn assert_parameters(fit: &PurchaseFit, expected: [f64; 4]) {
    let found = [fit.r, fit.alpha, fit.a, fit.b];
    for (parameter, expected) in found.iter().zip(expected) {
        assert_close!(parameter.value, expected, 5e-4 * expected);
        assert!(!parameter.at_bound && parameter.interval.is_some_and(|interval| interval.holds(expected)));
    }
}

#[test]
fn bg_nbd_on_cdnow() {
    let Some((accounts, _)) = cdnow() else { return };
    let fit = PurchaseModel::bg_nbd().fit(&accounts).expect("enough");
    assert_parameters(&fit, [0.2426, 4.4135, 0.7929, 2.4258]);
    assert_close!(fit.log_likelihood, -9582.43, 0.01);
    let account = Purchases::new(2, 30.43, 38.86).expect("an account");
    assert_close!(fit.p_alive(&account), 0.7266, 5e-5);
    assert_close!(fit.orders_ahead(&account, 39.0).expect("short").mean(), 1.226, 5e-4);
}

#[test]
fn mbg_nbd_on_cdnow() {
    let Some((accounts, _)) = cdnow() else { return };
    let fit = PurchaseModel::mbg_nbd().fit(&accounts).expect("enough");
    assert_parameters(&fit, [0.5248, 6.183, 0.8914, 1.614]);
    assert_close!(fit.log_likelihood, -9582.13, 0.01);
}

#[test]
fn days_instead_of_weeks_change_alpha_and_the_density_alone() {
    let Some((accounts, _)) = cdnow() else { return };
    let in_days: Vec<Purchases> = accounts
        .iter()
        .map(|a| Purchases::new(a.repeats(), 7.0 * a.recency(), 7.0 * a.age()).expect("an account"))
        .collect();
    let repeats: f64 = accounts.iter().map(|account| f64::from(account.repeats())).sum();
    let weeks = PurchaseModel::mbg_nbd().fit(&accounts).expect("enough");
    let days = PurchaseModel::mbg_nbd().fit(&in_days).expect("enough");
    assert_close!(days.log_likelihood, weeks.log_likelihood - repeats * 7.0_f64.ln(), 1e-6);
    assert_close!(days.alpha.value / weeks.alpha.value, 7.0, 1e-4);
    assert_close!(days.r.value, weeks.r.value, 1e-5);
}

#[test]
fn gamma_gamma_on_cdnow() {
    let Some((_, spending)) = cdnow() else { return };
    assert_eq!(spending.len(), 946);
    let fit = ValueModel::new().fit(&spending).expect("enough");
    for (parameter, expected) in [(fit.p, 6.249), (fit.q, 3.745), (fit.gamma, 15.448)] {
        assert_close!(parameter.value, expected, 5e-4 * expected);
        assert!(parameter.interval.is_some_and(|interval| interval.holds(expected)));
    }
    assert_close!(fit.log_likelihood, -4055.92, 0.01);
    assert!(!fit.is_contradicted());
    // Fader & Hardie (2013) weight the population's mean, about 35 dollars, against the account's own.
    let population = fit.population_mean().expect("q above 1");
    assert_close!(population, 6.249 * 15.448 / 2.745, 0.05);
}
