//! Retention of hand-made and random companies.

use proptest::prelude::*;
use takar_model::{Lang, Period};

use super::*;
use crate::{
    fixtures::{Company, Line},
    metrics::{Kpi, NONE, Query, Value, run},
};

fn windows() -> Windows {
    let period = |text: &str| text.parse::<Period>().expect("a period");
    Windows { base: period("2018"), current: period("2019") }
}

fn ask(company: &Company, manager: Option<&str>) -> Kept {
    let question = Question { windows: windows(), manager: manager.map(str::to_owned), filter: None };
    retention(company, &question).expect("an answer")
}

/// METHODS §2: 100→120, 100→70, 50→0, 0→40 new, 0→25 reactivated.
#[test]
fn the_published_account_bridge() {
    let sale = |date: &str, account: u32, net: i64| Line::sale(date, account, 0, net);
    let company = Company::new(vec![
        sale("2017-05-01", 4, 5),
        sale("2018-05-01", 0, 100),
        sale("2018-05-01", 1, 100),
        sale("2018-05-01", 2, 50),
        sale("2019-05-01", 0, 120),
        sale("2019-05-01", 1, 70),
        sale("2019-05-01", 3, 40),
        sale("2019-05-01", 4, 25),
    ]);
    let kept = ask(&company, None);
    assert_eq!((kept.current - kept.base).units(), 5 * Money::ONE);
    let [logo, gross, net] = kept.ratios().map(|(_, ratio)| ratio.map(|ratio| ratio.value));
    assert_eq!((logo, gross, net), (Some(2.0 / 3.0), Some(0.68), Some(0.76)));
    let rows: Vec<(String, Vec<usize>)> = kept
        .cohorts
        .cohorts
        .iter()
        .map(|cohort| {
            let active = cohort.cells.iter().step_by(12).map(|cell| cell.active).collect();
            (Kept::month(cohort.month).to_string(), active)
        })
        .collect();
    assert_eq!(rows[0], ("2017-05".to_owned(), vec![1, 0]));
    insta::assert_snapshot!(kept.table(Lang::En, true));
}

fn line() -> impl Strategy<Value = Line> {
    let who = (0_u32..7, prop_oneof![9 => 0_u32..3, 1 => Just(NONE)]);
    (0_u16..3, 1_u8..28, who, -900_i64..9_000).prop_map(|(year, day, (account, manager), net)| {
        Line::sale(&format!("{}-04-{day:02}", 2017 + year,), account, manager, net)
    })
}

proptest! {
    /// The rates are the KPIs', for the company and for each manager.
    #[test]
    fn agrees_with_the_kpis(lines in prop::collection::vec(line(), 1..60)) {
        let mut lines = lines;
        lines.push(Line::sale("2016-01-01", 0, 0, 1));
        let company = Company::new(lines);
        let kpis: Vec<_> = ["logo_retention", "gross_retention", "net_retention", "new_accounts", "lost_accounts"]
            .iter().map(|id| Kpi::parse(id).expect("a KPI")).collect();
        let ids = (0..company.names.manager.len() as u32).filter_map(|code| company.names.manager.id(code));
        for manager in std::iter::once(None).chain(ids.map(Some)) {
            let kept = ask(&company, manager);
            let filter = manager.map(|id| format!("manager = '{id}'").parse().expect("a filter"));
            let query = Query { period: Some(windows().current), kpis: kpis.clone(), filter, ..Query::default() };
            let table = run(&company, &query).expect("an answer");
            let row = &table.rows[0];
            for ((kpi, ratio), value) in kept.ratios().iter().zip(&row.values) {
                let own = ratio.map(|ratio| ratio.value);
                let told = if let Value::Rate(rate) = value { Some(*rate) } else { None };
                match (own, told) {
                    (Some(own), Some(told)) => prop_assert!((own - told).abs() < 1e-12, "{}: {} or {}", kpi, own, told),
                    other => prop_assert_eq!(other.0, other.1, "{}", kpi),
                }
            }
            for (status, value) in [(Status::New, row.values[3]), (Status::Lost, row.values[4])] {
                let own = kept.bars.iter().find(|bar| bar.status == status).map_or(0, |bar| bar.accounts);
                prop_assert_eq!(value, Value::Count(own as i64));
            }
        }
    }
}
