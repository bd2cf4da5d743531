//! The kernel against SQL by another route, against a naive reference, and its invariants, on random companies.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use takar_model::{Compare, Day, Month, Period};

use super::{
    tests::{answer, query},
    *,
};
use crate::fixtures::{Company, Line};

fn random_line() -> impl Strategy<Value = Line> {
    let day = (0_i32..150).prop_map(|offset| Day::new(2024, 11, 3).expect("a day").plus_days(offset));
    let who = (prop_oneof![9 => 0_u32..6, 1 => Just(NONE)], prop_oneof![9 => 0_u32..12, 1 => Just(NONE)]);
    let what = (0_u32..4, 0_u32..3, prop_oneof![Just(NONE), 0_u32..25]);
    let amounts = (
        prop::option::weighted(0.9, -3_i64..9),
        prop::option::weighted(0.9, -50_000_i64..200_000),
        prop::option::of(0_i64..9_000),
        prop::option::of(0_i64..90_000),
    );
    (day, who, what, amounts).prop_map(|(date, (account, manager), (product, region, invoice), amounts)| Line {
        date,
        invoice: (invoice != NONE).then_some(invoice),
        account,
        manager,
        product,
        region,
        quantity: amounts.0.map(|quantity| quantity * 1_000_000),
        unit: NONE,
        net: amounts.1,
        discount: amounts.2,
        cost: amounts.3,
    })
}

fn random_company() -> impl Strategy<Value = Company> {
    (prop::collection::vec(random_line(), 1..90), 0_i128..50).prop_map(|(lines, target)| {
        let company = Company::new(lines);
        if company.names.manager.is_empty() { company } else { company.target(0, "2025-02", target) }
    })
}

fn in_sqlite(company: &Company) -> rusqlite::Connection {
    let database = rusqlite::Connection::open_in_memory().expect("a database");
    database
        .execute_batch(
            "create table lines(source text, invoice_no text, date text, account_id text, manager text, quantity, unit text, net, \
             discount, cost); create table targets(manager_id text, kpi text, value, first_day text, last_day text); \
             create table market(category text, region text, segment text, kpi text, value, \"from\" text, \"to\" text)",
        )
        .expect("tables");
    for line in &company.lines {
        let id = |labels: &Labels, code| labels.id(code).map(str::to_owned);
        let row = rusqlite::params![
            "default",
            line.invoice.map(|invoice| invoice.to_string()),
            line.date.to_string(),
            id(&company.names.account, line.account),
            id(&company.names.manager, line.manager),
            line.quantity,
            Option::<String>::None,
            line.net,
            line.discount,
            line.cost,
        ];
        database.execute("insert into lines values (?,?,?,?,?,?,?,?,?,?)", row).expect("a row");
    }
    for target in &company.targets {
        let row = rusqlite::params![
            company.names.manager.id(target.manager.expect("of a manager")),
            target.kpi,
            target.value.units() as i64,
            target.period.from().to_string(),
            target.period.to().to_string(),
        ];
        database.execute("insert into targets values (?,?,?,?,?)", row).expect("a row");
    }
    database
}

/// The kernel's figure in the smallest units that the database counts in.
fn in_units(value: Value) -> Option<f64> {
    match value {
        Value::Money(money) => Some(money.units() as f64),
        Value::Quantity(quantity) => Some(quantity.units() as f64),
        other => other.to_f64(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn kernel_equals_the_check_queries(
        company in random_company(),
        period in prop::sample::select(vec!["2024-12", "2025-02", "2025-03", "2025-01..2025-02", "2025-01-10..2025-02-03"]),
    ) {
        let database = in_sqlite(&company);
        let window: Period = period.parse().expect("a period");
        let extent = company.extent().expect("lines");
        for definition in KPIS {
            let compare = if definition.kpi == Kpi::GrowthYear { Compare::Year } else { Compare::Prior };
            let sql = definition.check_sql_for(window, window.base_to_date(compare, extent.to()));
            let expected: Option<f64> = database.query_row(&sql, [], |row| row.get("value")).expect(definition.id);
            let table = answer(&company, &query(&[], period, &[definition.id]));
            let found = in_units(table.rows[0].values[0]);
            let close = match (found, expected) {
                (Some(found), Some(expected)) => (found - expected).abs() <= 1e-9 * expected.abs().max(1.0) + if definition.kpi == Kpi::OrderValue { 0.5 } else { 0.0 },
                // An empty sum is zero to us and nothing to SQL.
                (Some(found), None) => found == 0.0,
                (None, expected) => expected.is_none(),
            };
            prop_assert!(close, "{}: {found:?} {expected:?}\n{sql}", definition.id);
        }
    }

    #[test]
    fn kernel_equals_the_naive_reference(
        company in random_company(),
        dimension in prop::sample::select(vec![Dimension::Manager, Dimension::Region, Dimension::Product, Dimension::Account]),
        compare in prop::sample::select(vec![None, Some(Compare::Year)]),
    ) {
        let kpis = ["net_sales", "orders", "active_accounts", "new_accounts", "retained_accounts", "reactivated_accounts", "lost_accounts"];
        let mut asked = query(&[dimension, Dimension::Month], "2024-12..2025-04", &kpis);
        asked.compare = compare;
        let step = if compare.is_some() { 3 } else { 1 };
        let found: BTreeMap<(u32, String), Vec<Option<i128>>> = answer(&company, &asked).rows.iter().map(|row| {
            let labels = company.names.labels(dimension).expect("members");
            let code = row.keys[0].id.as_deref().map_or(NONE, |id| labels.code(id).expect("known"));
            let values = row.values.iter().step_by(step).map(|value| in_units(*value).map(|number| number as i128)).collect();
            ((code, row.keys[1].id.clone().expect("a month")), values)
        }).collect();
        let expected = naive(&company, dimension, compare.unwrap_or(Compare::Prior));
        for (key, values) in &expected {
            prop_assert_eq!(found.get(key), Some(values), "{:?}", key);
        }
        for (key, values) in &found {
            let is_empty = values.iter().all(|value| matches!(value, None | Some(0)));
            prop_assert!(expected.contains_key(key) || is_empty, "{:?} {:?}", key, values);
        }
    }

    #[test]
    fn parts_make_the_whole(company in random_company(), filtered in any::<bool>()) {
        let kpis = ["net_sales", "new_accounts", "retained_accounts", "reactivated_accounts", "lost_accounts", "share", "gross_margin"];
        let mut asked = query(&[], "2025-02", &kpis);
        asked.filter = filtered.then(|| "region = 'R1' or manager is null".parse().expect("a filter"));
        let whole = answer(&company, &asked);
        for dimension in [Dimension::Manager, Dimension::Account, Dimension::Region, Dimension::Supervisor] {
            asked.by = vec![dimension];
            let parts = answer(&company, &asked);
            // With a filter an account is attributed to the pair of key and filter: other pairs, another manager.
            let counted = if filtered { 1 } else { 5 };
            for (column, kpi) in kpis.into_iter().enumerate().take(counted) {
                let sum: f64 = parts.rows.iter().filter_map(|row| in_units(row.values[column])).sum();
                let total = in_units(whole.rows[0].values[column]).unwrap_or(0.0);
                prop_assert_eq!(sum, total, "{:?} {}", dimension, kpi);
            }
            let shares: Vec<f64> = parts.rows.iter().filter_map(|row| row.values[5].to_f64()).collect();
            prop_assert!(shares.is_empty() || (shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn the_order_of_lines_does_not_matter(company in random_company()) {
        let asked = query(&[Dimension::Manager, Dimension::Quarter], "2024-10..2025-03", &["net_sales", "orders", "new_accounts", "repeat_rate"]);
        let forwards = answer(&company, &asked);
        let mut lines = company.lines.clone();
        lines.reverse();
        let targets = company.targets.clone();
        let backwards = Company { targets, ..Company::new(lines) };
        prop_assert_eq!(forwards.to_json(Default::default()), answer(&backwards, &asked).to_json(Default::default()));
    }
}

/// Net sales, orders and statuses by key and month, line by line and account by account.
fn naive(company: &Company, dimension: Dimension, compare: Compare) -> BTreeMap<(u32, String), Vec<Option<i128>>> {
    let extent = company.extent().expect("lines");
    let labels = company.names.labels(dimension).expect("members");
    let first = extent.from().month().max(Month::new(2024, 12).expect("a month"));
    let last = extent.to().month();
    let months = (first.index()..=last.index()).map(|month| Period::month(Month::from_index(month)));
    let mut answer = BTreeMap::new();
    for month in months {
        let base = base_window(month, compare, extent);
        let within = |period: Period| company.lines.iter().filter(move |line| period.contains(line.date));
        let net =
            |lines: &mut dyn Iterator<Item = &Line>| lines.filter_map(|line| line.net).map(i128::from).sum::<i128>();
        let mut counts: BTreeMap<u32, [i128; 5]> = BTreeMap::new();
        for account in 0..company.names.account.len() as u32 {
            let mine = |period: Period| within(period).filter(move |line| line.account == account);
            let now = net(&mut mine(month));
            let keys = |period: Period| {
                mine(period)
                    .map(|line| (labels.rank(line.code(dimension)), line.code(dimension)))
                    .collect::<BTreeSet<_>>()
            };
            for (_, key) in keys(month) {
                let here = net(&mut mine(month).filter(|line| line.code(dimension) == key));
                counts.entry(key).or_default()[0] += i128::from(now > 0 && here > 0);
            }
            let Some(base) = base else { continue };
            let was = net(&mut mine(base));
            let by_sales = |period: Period| {
                let sales = |key| net(&mut mine(period).filter(|line| line.code(dimension) == key));
                keys(period)
                    .into_iter()
                    .max_by_key(|&(rank, key)| (sales(key), std::cmp::Reverse(rank)))
                    .map(|(_, key)| key)
            };
            if was > 0 {
                let key = by_sales(base).expect("base sales");
                counts.entry(key).or_default()[if now > 0 { 2 } else { 4 }] += 1;
            } else if now > 0 {
                let first = mine(month)
                    .filter(|line| line.is_order())
                    .min_by_key(|line| (line.date, labels.rank(line.code(dimension))));
                let key = first.map(|line| line.code(dimension)).or_else(|| by_sales(month)).expect("sales");
                let ever = company
                    .lines
                    .iter()
                    .filter(|line| line.account == account && line.is_order())
                    .map(|line| line.date)
                    .min();
                let count = counts.entry(key).or_default();
                count[1] += i128::from(ever.is_some_and(|day| month.contains(day)));
                count[3] += i128::from(ever.is_some_and(|day| day < month.from()));
            }
        }
        let present: BTreeSet<u32> =
            within(month).map(|line| line.code(dimension)).chain(counts.keys().copied()).collect();
        for key in present {
            let here = || within(month).filter(move |line| line.code(dimension) == key);
            let orders: BTreeSet<_> = here().filter(|line| line.is_order()).map(Line::order_key).collect();
            let unpriced = here().next().is_some() && here().all(|line| line.net.is_none());
            let [active, new, retained, reactivated, lost] = counts.get(&key).copied().unwrap_or_default();
            let sales = (!unpriced).then(|| net(&mut here()));
            let known = |count| base.map(|_| count);
            let values = vec![
                sales,
                Some(orders.len() as i128),
                Some(active),
                known(new),
                known(retained),
                known(reactivated),
                known(lost),
            ];
            answer.insert((key, month.to_string()), values);
        }
    }
    answer
}
