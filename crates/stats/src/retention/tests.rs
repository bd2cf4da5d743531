use proptest::prelude::*;
use rand::{RngExt, SeedableRng};

use super::*;
use crate::{Amount, Error, LIMIT, Level};

fn account(base: i128, current: i128, first_order: FirstOrder) -> Account {
    Account { base: Amount(base), current: Amount(current), first_order }
}

/// METHODS §2: five accounts.
fn five() -> [Account; 5] {
    [
        account(100, 120, FirstOrder::Before),
        account(100, 70, FirstOrder::Before),
        account(50, 0, FirstOrder::Before),
        account(0, 40, FirstOrder::Within),
        account(0, 25, FirstOrder::Before),
    ]
}

#[test]
fn five_accounts() {
    let why = account_bridge(&five()).expect("a bridge");
    assert_eq!(why.difference(), Amount(5));
    let changes: Vec<(Status, usize, i128)> =
        why.statuses.iter().map(|total| (total.status, total.accounts, total.change().0)).collect();
    assert_eq!(
        changes,
        [
            (Status::New, 1, 40),
            (Status::Reactivated, 1, 25),
            (Status::Expansion, 1, 20),
            (Status::Contraction, 1, -30),
            (Status::Unchanged, 0, 0),
            (Status::Lost, 1, -50),
            (Status::Inactive, 0, 0),
        ]
    );
    let kept = retention(&five(), Level::P95, None).expect("rates");
    assert!((kept.gross.expect("a base").value - 0.68).abs() < 1e-12);
    assert!((kept.net.expect("a base").value - 0.76).abs() < 1e-12);
    let logo = kept.logo.expect("a base");
    assert!((logo.value - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(logo.interval, crate::proportion::wilson(2, 3, Level::P95).expect("a share").interval);
    assert_eq!((kept.base_accounts, kept.retained_accounts, kept.base), (3, 2, Amount(250)));
}

#[test]
fn statuses_at_their_edges() {
    let status = |base, current| account(base, current, FirstOrder::Before).status();
    assert_eq!(status(1, 1), Status::Unchanged);
    assert_eq!(status(1, -1), Status::Lost);
    assert_eq!(status(-5, 1), Status::Reactivated);
    assert_eq!(status(-5, -1), Status::Inactive);
    assert_eq!(account(-5, 1, FirstOrder::Within).status(), Status::New);
    assert!(Status::Unchanged.is_retained() && !Status::Lost.is_retained() && !Status::New.is_retained());
}

#[test]
fn without_a_base_there_is_no_rate() {
    let accounts = [account(0, 10, FirstOrder::Within), account(-3, 5, FirstOrder::Before)];
    let kept = retention(&accounts, Level::P95, Some(Resampling { draws: 100, seed: 1 })).expect("an answer");
    assert_eq!((kept.gross, kept.net, kept.logo, kept.base_accounts), (None, None, None, 0));
    assert_eq!(repeat_rate(&[0, 0], Level::P95), Ok(None));
}

#[test]
fn intervals_need_two_accounts_and_enough_draws() {
    let one = [account(10, 5, FirstOrder::Before)];
    let kept = retention(&one, Level::P95, Some(Resampling { draws: 100, seed: 1 })).expect("an answer");
    assert_eq!(kept.gross.expect("a base").interval, None);
    let few = retention(&five(), Level::P95, Some(Resampling { draws: 39, seed: 1 }));
    assert!(matches!(few, Err(Error::NotEnough { needed: 40, got: 39, .. })), "{few:?}");
}

#[test]
fn the_seed_decides_the_interval() {
    let net = |seed| {
        let kept = retention(&five(), Level::P80, Some(Resampling { draws: 200, seed })).expect("rates");
        kept.net.expect("a base").interval.expect("an interval")
    };
    assert_eq!(net(4), net(4));
    let interval = net(4);
    // Every draw mixes 1.2, 0.7 and 0 in some proportion.
    assert!((0.0..0.76).contains(&interval.low) && (0.76..=1.2).contains(&interval.high), "{interval:?}");
}

/// Of 200 companies drawn from one population, the 80 % intervals of about 80 % hold the true net retention; both
/// where accounts are drawn one by one and where they are dealt into groups.
#[test]
fn intervals_cover_what_they_say() {
    // Four in five accounts stay and buy 0.5 to 1.5 of what they bought; the size of an account tells nothing of it.
    let truth = 0.8;
    for (accounts, companies) in [(60, 200), (5_200, 60)] {
        let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(accounts as u64);
        let covering = (0..companies).filter(|seed| {
            let company: Vec<Account> = (0..accounts)
                .map(|_| {
                    let base = 10_000.0 * (-2.0 * (1.0 - random.random::<f64>()).ln()).exp().min(20.0);
                    let stays = random.random::<f64>() < 0.8;
                    let current = if stays { base * (0.5 + random.random::<f64>()) } else { 0.0 };
                    account(base as i128, current as i128, FirstOrder::Before)
                })
                .collect();
            let resampling = Resampling { draws: 200, seed: *seed };
            let kept = retention(&company, Level::P80, Some(resampling)).expect("rates");
            kept.net.expect("a base").interval.expect("an interval").holds(truth)
        });
        let share = covering.count() as f64 / companies as f64;
        assert!((0.70..=0.90).contains(&share), "{share} of {companies} companies of {accounts} accounts");
    }
}

#[test]
fn cohorts_are_a_triangle_and_lose_nothing() {
    let month = |index| Some(MonthIndex(index));
    let first_orders = [month(24), month(24), month(25), None, month(30)];
    let bought = |account, month, net| AccountMonth { account, month: MonthIndex(month), net: Amount(net) };
    let activity = [
        bought(0, 24, 10),
        bought(0, 26, 5),
        bought(0, 26, -5), // nothing net: not active
        bought(1, 24, 3),
        bought(1, 25, 8),
        bought(1, 23, 100), // before its first order
        bought(2, 26, 2),
        bought(3, 26, 1_000),  // never ordered
        bought(4, 30, 10_000), // after the last month
    ];
    let table = cohorts(&first_orders, &activity, MonthIndex(26)).expect("a table");
    let cells = |cohort: usize| -> Vec<(usize, i128)> {
        table.cohorts[cohort].cells.iter().map(|cell| (cell.active, cell.net.0)).collect()
    };
    assert_eq!(cells(0), [(2, 13), (1, 8), (0, 0)]);
    assert_eq!(cells(1), [(0, 0), (1, 2)]);
    assert_eq!((table.cohorts.len(), table.n, table.outside), (2, 3, Amount(11_100)));
    let share = table.cohorts[0].active_share(1, Level::P95).expect("a month of the table");
    assert_eq!((share.value, share.n), (0.5, 2));
    assert_eq!(table.cohorts[1].active_share(2, Level::P95), None);
}

#[test]
fn cohorts_refuse_what_no_calendar_has() {
    let activity = [AccountMonth { account: 1, month: MonthIndex(0), net: Amount(1) }];
    assert!(matches!(cohorts(&[None], &activity, MonthIndex(0)), Err(Error::OutOfRange { index: 0, .. })));
    let extremes = cohorts(&[Some(MonthIndex(i32::MIN))], &[], MonthIndex(i32::MAX));
    assert!(matches!(extremes, Err(Error::OutOfRange { .. })));
}

#[test]
fn concentration_at_its_ends() {
    let alike = pareto(&[Amount(7); 10]).expect("a curve");
    assert!(alike.gini.abs() < 1e-12 && (alike.herfindahl - 0.1).abs() < 1e-12);
    assert_eq!((alike.share_of_top(0.2), alike.accounts_reaching(0.8)), (0.2, 8));
    assert_eq!((alike.share_of_top(0.0), alike.share_of_top(2.0)), (0.0, 1.0));
    assert_eq!((alike.accounts_reaching(0.0), alike.accounts_reaching(1.0)), (1, 10));
    let one = pareto(&[Amount(0), Amount(3), Amount(0)]).expect("a curve");
    assert_eq!((one.gini, one.herfindahl, one.n, one.left_out), (0.0, 1.0, 1, 2));
    assert!(matches!(pareto(&[Amount(0)]), Err(Error::NotEnough { got: 0, .. })));
    // The top 20 % of 15 are 3, of 16 they are 4.
    let steps = |count: i128| pareto(&(1..=count).map(Amount).collect::<Vec<_>>()).expect("a curve").share_of_top(0.2);
    assert_eq!(steps(15), (15.0 + 14.0 + 13.0) / 120.0);
    assert_eq!(steps(16), (16.0 + 15.0 + 14.0 + 13.0) / 136.0);
}

#[test]
fn a_whale_that_only_sinks() {
    let curve = whale_curve(&[Amount(-1), Amount(-2)]).expect("a curve");
    assert_eq!((curve.peak, curve.accounts_to_peak, curve.total, curve.peak_share), (Amount(0), 0, Amount(-3), None));
    assert!(whale_curve(&[]).is_err());
}

fn amount() -> impl Strategy<Value = i128> {
    prop_oneof![3 => Just(0), 6 => 1..1_000_i128, 2 => -300..0_i128, 1 => -LIMIT..=LIMIT]
}

fn any_account() -> impl Strategy<Value = Account> {
    (amount(), amount(), any::<bool>()).prop_map(|(base, current, before)| {
        account(base, current, if before { FirstOrder::Before } else { FirstOrder::Within })
    })
}

proptest! {
    #[test]
    fn account_bridges_close_and_rates_stay_in_range(
        accounts in prop::collection::vec(any_account(), 0..30),
        level in 0.01..0.97_f64,
    ) {
        let why = account_bridge(&accounts).expect("a bridge");
        prop_assert_eq!(why.statuses.iter().map(|total| total.change().0).sum::<i128>(), why.difference().0);
        prop_assert_eq!(why.statuses.iter().map(|total| total.accounts).sum::<usize>(), accounts.len());

        let resampling = Resampling { draws: 80, seed: 3 };
        let kept = retention(&accounts, Level::new(level).expect("a level"), Some(resampling)).expect("rates");
        prop_assert_eq!(kept.gross.is_some(), kept.base_accounts > 0);
        if let (Some(gross), Some(net), Some(logo)) = (kept.gross, kept.net, kept.logo) {
            prop_assert!((0.0..=1.0).contains(&gross.value) && (0.0..=1.0).contains(&logo.value));
            prop_assert!(net.value.is_finite());
            for interval in [gross.interval, net.interval].into_iter().flatten() {
                prop_assert!(interval.low <= interval.high && interval.low.is_finite() && interval.high.is_finite());
            }
            let retained: usize = why.statuses.iter().filter(|total| total.status.is_retained()).map(|total| total.accounts).sum();
            prop_assert_eq!(kept.retained_accounts, retained);
        }
    }

    #[test]
    fn curves_rise_to_the_total(amounts in prop::collection::vec(amount().prop_map(Amount), 0..40)) {
        if let Ok(sales) = pareto(&amounts) {
            let total: i128 = amounts.iter().map(|amount| amount.0).sum();
            prop_assert_eq!(sales.total.0 + sales.left_out_amount.0, total);
            prop_assert_eq!(sales.cumulative.last(), Some(&sales.total));
            prop_assert!((0.0..1.0).contains(&sales.gini));
            prop_assert!(sales.herfindahl <= 1.0 + 1e-12 && sales.herfindahl >= 1.0 / sales.n as f64 - 1e-12);
            prop_assert!(sales.share_of_top(0.2) >= 0.2 - 1e-9); // the largest have at least their part
            let enough = sales.accounts_reaching(0.8);
            prop_assert!(sales.cumulative[enough - 1].0 as f64 >= 0.8 * sales.total.0 as f64);
        } else {
            prop_assert!(amounts.iter().all(|amount| amount.0 <= 0));
        }
        if let Ok(curve) = whale_curve(&amounts) {
            prop_assert!(curve.cumulative.iter().all(|point| *point <= curve.peak.max(curve.cumulative[0])));
            prop_assert!(curve.peak >= curve.total);
            prop_assert!(curve.accounts_to_peak <= curve.accounts_to_fall);
        } else {
            prop_assert!(amounts.is_empty());
        }
    }

    #[test]
    fn cohort_tables_add_up(
        first_orders in prop::collection::vec(prop::option::of((0..20).prop_map(MonthIndex)), 1..12),
        activity in prop::collection::vec((0..12_u32, -3..25_i32, amount()), 0..60),
        last in 0..22_i32,
    ) {
        let activity: Vec<AccountMonth> = activity
            .into_iter()
            .map(|(account, month, net)| {
                let account = account % first_orders.len() as u32;
                AccountMonth { account, month: MonthIndex(month), net: Amount(net) }
            })
            .collect();
        let table = cohorts(&first_orders, &activity, MonthIndex(last)).expect("a table");
        let inside: i128 = table.cohorts.iter().flat_map(|cohort| &cohort.cells).map(|cell| cell.net.0).sum();
        prop_assert_eq!(inside + table.outside.0, activity.iter().map(|entry| entry.net.0).sum::<i128>());
        for cohort in &table.cohorts {
            prop_assert_eq!(cohort.cells.len() as i32, last - cohort.month.0 + 1);
            prop_assert!(cohort.cells.iter().all(|cell| cell.active <= cohort.accounts));
        }
        let reversed: Vec<AccountMonth> = activity.iter().rev().copied().collect();
        prop_assert_eq!(cohorts(&first_orders, &reversed, MonthIndex(last)).expect("a table"), table);
    }
}
