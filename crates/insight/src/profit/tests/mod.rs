//! Hand-made companies whose profit is worked out in comments, and sums that always close.

mod hours;
mod what_if;

use takar_model::{Day, Lang};

use super::*;
use crate::{
    fixtures::{Company, Line},
    kpis::{Aggregate, ColumnName, FactAmount, FactRow, FactSource, Function},
    metrics::{Operator, Reach, SourceError},
};

/// A row of costs or activities.
#[derive(Debug, Clone, Default)]
struct Fact {
    table: &'static str,
    day: &'static str,
    account: Option<&'static str>,
    manager: Option<&'static str>,
    kind: &'static str,
    amount: Option<i128>,
    hours: Option<i128>,
    days: Option<i128>,
    currency: Option<&'static str>,
    branch: Option<&'static str>,
}

struct Facts(Vec<Fact>);

impl Fact {
    fn number(&self, column: &str) -> Option<i128> {
        match column {
            "amount" => self.amount,
            "hours" => self.hours,
            "days" => self.days,
            other => panic!("no number {other}"),
        }
    }

    fn holds(&self, condition: &Filter<ColumnName>) -> bool {
        match condition {
            Filter::And(parts) => parts.iter().all(|part| self.holds(part)),
            Filter::Not(part) => !self.holds(part) && self.is_told(part),
            Filter::IsNull(column) => self.number(column.0.name).is_none(),
            Filter::Compare { field, operator: Operator::Equal, value } => {
                assert!(matches!(field.0.name, "type" | "activity"));
                self.kind == value
            }
            Filter::Like(column, pattern) => {
                assert_eq!(column.0.name, "currency");
                self.currency == Some(pattern.as_str())
            }
            other => panic!("not asked: {other:?}"),
        }
    }

    /// An unknown currency is neither one nor the other.
    fn is_told(&self, condition: &Filter<ColumnName>) -> bool {
        !matches!(condition, Filter::Like(..)) || self.currency.is_some()
    }

    fn day(&self) -> Day {
        self.day.parse::<Period>().expect("a day").from()
    }
}

impl FactSource for Facts {
    fn measure(
        &self,
        aggregates: &[Aggregate],
        windows: &[Period],
        by: &[Dimension],
        filter: Option<&Filter>,
    ) -> Result<Vec<FactRow>, SourceError> {
        let mut rows: Vec<FactRow> = Vec::new();
        for fact in &self.0 {
            let is_theirs =
                |managers: &Vec<String>| fact.manager.is_some_and(|id| managers.iter().any(|one| one == id));
            if matches!(filter, Some(Filter::In(_, managers)) if !is_theirs(managers)) {
                continue;
            }
            let Some(window) = windows.iter().position(|window| window.contains(fact.day())) else { continue };
            let keys: Vec<Option<String>> = by
                .iter()
                .map(|dimension| match dimension {
                    Dimension::Account => fact.account.map(str::to_owned),
                    Dimension::Manager => fact.manager.map(str::to_owned),
                    Dimension::Branch => fact.branch.map(str::to_owned),
                    _ => None,
                })
                .collect();
            let amounts = aggregates
                .iter()
                .map(|aggregate| {
                    if aggregate.table.name != fact.table
                        || !aggregate.condition.as_ref().is_none_or(|one| fact.holds(one))
                    {
                        return None;
                    }
                    let units = match aggregate.function {
                        Function::Count => 1,
                        _ => fact.number(aggregate.column.expect("a column").name)? * 1_000_000,
                    };
                    Some(FactAmount::Units { units, places: 6, values: 1 })
                })
                .collect();
            rows.push(FactRow { window, keys, amounts });
        }
        Ok(rows)
    }
}

fn with_cost(date: &str, account: u32, manager: u32, net: i64, cost: i64) -> Line {
    let mut line = Line::sale(date, account, manager, net);
    line.cost = Some(cost * 10_000);
    line
}

/// Four accounts; managers are "1" and "2". One line of A1 has no cost, and none of A4 has one.
fn company() -> Company {
    Company::new(vec![
        with_cost("2025-01-05", 0, 0, 1000, 700),
        Line::sale("2025-01-20", 0, 0, 500),
        with_cost("2025-02-05", 1, 0, 400, 350),
        with_cost("2025-02-10", 2, 1, 2000, 1200),
        Line::sale("2025-02-12", 3, 1, 900),
    ])
}

fn costs() -> Facts {
    let cost = Fact { table: "costs", day: "2025-01-10", kind: "delivery", ..Fact::default() };
    let visit = Fact { table: "activities", day: "2025-01-11", kind: "visit", hours: Some(2), ..Fact::default() };
    Facts(vec![
        // Money, whatever hours are beside it: 60.
        Fact { account: Some("A1"), manager: Some("1"), amount: Some(60), hours: Some(9), ..cost.clone() },
        // Three hours and a day of visits for A2 in February.
        Fact {
            account: Some("A2"),
            manager: Some("1"),
            day: "2025-02-03",
            kind: "visit",
            hours: Some(3),
            ..cost.clone()
        },
        Fact {
            account: Some("A2"),
            manager: Some("1"),
            day: "2025-02-04",
            kind: "visit",
            days: Some(1),
            ..cost.clone()
        },
        // No account: a fair that manager 2 went to.
        Fact { manager: Some("2"), amount: Some(100), ..cost },
        // A cost tells hours of A1 in January and of A2 in February, so these count not; in February A1 has none.
        Fact { account: Some("A1"), manager: Some("1"), ..visit.clone() },
        Fact { account: Some("A2"), manager: Some("2"), day: "2025-02-20", ..visit.clone() },
        Fact { account: Some("A1"), manager: Some("1"), day: "2025-02-20", ..visit.clone() },
        Fact { account: Some("A3"), manager: Some("2"), kind: "call", ..visit },
    ])
}

fn asked(by: Dimension) -> Question {
    Question { by, period: Some("2025-01..2025-02".parse().expect("a period")), ..Question::default() }
}

fn rupiah(whole: i128) -> Money {
    Money::from_units(whole * 10_000)
}

const RATES: Rates = Rates { hourly: Some(10.0), hours_a_day: 8.0, per_order: Some(20.0) };

#[test]
fn profit_is_margin_less_what_serving_cost() {
    let answer = profit(&company(), &costs(), RATES, &asked(Dimension::Account)).expect("profit");
    let told: Vec<_> = answer
        .rows
        .iter()
        .map(|row| (row.id.as_deref(), row.figures.margin, row.figures.cost(), row.figures.profit()))
        .collect();
    assert_eq!(
        told,
        [
            // 2000 − 1200 = 800; two hours of calls at 10.
            (Some("A3"), rupiah(800), rupiah(20), Some(rupiah(780))),
            // 1000 − 700 = 300; 60 in money and the two hours of February.
            (Some("A1"), rupiah(300), rupiah(80), Some(rupiah(220))),
            // 400 − 350 = 50; 3 + 8 hours at 10.
            (Some("A2"), rupiah(50), rupiah(110), Some(rupiah(-60))),
            // No line with a cost: not known, and not 0 − nothing either.
            (Some("A4"), rupiah(0), rupiah(0), None),
        ]
    );
    let untied = answer.untied.as_ref().expect("the fair");
    assert_eq!((untied.figures.cost(), untied.figures.profit()), (rupiah(100), Some(rupiah(-100))));
    // Covered are 1000 + 400 + 2000 of 4800.
    assert_eq!(answer.total.figures.coverage(), Some(3400.0 / 4800.0));
    assert_eq!((answer.total.figures.margin, answer.total.figures.cost()), (rupiah(1150), rupiah(310)));
    assert_eq!((answer.unknown, answer.losing.len(), answer.losing[0].id.as_deref()), (1, 1, Some("A2")));
    // 780, 1000, 940: the peak is after two accounts, at 1000 / 940.
    let whale = answer.whale.as_ref().expect("a curve");
    assert_eq!(whale.points, [(0, rupiah(0)), (1, rupiah(780)), (2, rupiah(1000)), (3, rupiah(940))]);
    assert_eq!((whale.accounts_to_peak, whale.peak_share), (2, Some(1000.0 / 940.0)));
    // Three accounts are too few to say what is usual.
    assert!(answer.costly.is_empty() && !answer.has_peers());
}

#[test]
fn managers_and_accounts_come_to_the_same_total() {
    let by_account = profit(&company(), &costs(), RATES, &asked(Dimension::Account)).expect("profit");
    let by_manager = profit(&company(), &costs(), RATES, &asked(Dimension::Manager)).expect("profit");
    // Manager 1: 350 of margin, 80 + 110; manager 2: 800, of 20 + 100. The fair is tied to a manager, if to no account.
    let told: Vec<_> = by_manager.rows.iter().map(|row| (row.id.as_deref(), row.figures.profit())).collect();
    assert_eq!(told, [(Some("2"), Some(rupiah(680))), (Some("1"), Some(rupiah(160)))]);
    assert_eq!(by_manager.untied, None);
    assert_eq!(by_manager.total.figures, by_account.total.figures);
    assert_eq!(by_manager.whale, by_account.whale);
}

#[test]
fn branches_take_the_costs_of_their_accounts() {
    // Both managers' lines are sold in branch C1; a cost is of C2, and the fair of none.
    let mut facts = costs().0;
    facts[0].branch = Some("C2");
    facts.iter_mut().skip(1).filter(|fact| fact.account.is_some()).for_each(|fact| fact.branch = Some("C1"));
    let answer = profit(&company(), &Facts(facts), RATES, &asked(Dimension::Branch)).expect("profit");
    let told: Vec<_> = answer.rows.iter().map(|row| (row.id.as_deref(), row.figures.profit())).collect();
    // C1: 1150 − (11 + 2 + 2) hours at 10; C2: −60; nobody's: −100. Together 840, as by account.
    assert_eq!(told, [(Some("C1"), Some(rupiah(1000))), (Some("C2"), Some(rupiah(-60)))]);
    assert_eq!(answer.untied.as_ref().and_then(|row| row.figures.profit()), Some(rupiah(-100)));
    assert!(answer.notes(Lang::En).iter().any(|note| note.contains("Costs name no branch")));
}

#[test]
fn without_a_rate_hours_cost_nothing_and_that_is_said() {
    let answer = profit(&company(), &costs(), Rates::default(), &asked(Dimension::Account)).expect("profit");
    // 60 and 100 in money; 3 + 8 + 2 + 2 hours.
    assert_eq!((answer.total.figures.cost(), answer.total.figures.hours()), (rupiah(160), 15.0));
    assert!(answer.notes(Lang::En).iter().any(|note| note.contains("15.0 hours have no cost yet")));
}

/// A company seen by who may see one manager.
struct Limited(Company, Reach);

impl CellSource for Limited {
    fn cells(
        &self,
        range: Period,
        grain: crate::metrics::Grain,
    ) -> Result<std::sync::Arc<crate::metrics::Cells>, SourceError> {
        self.0.cells(range, grain)
    }
    fn order_days(&self) -> Result<std::sync::Arc<crate::metrics::OrderDays>, SourceError> {
        self.0.order_days()
    }
    fn extent(&self) -> Option<Period> {
        self.0.extent()
    }
    fn first_orders(&self) -> &[i32] {
        self.0.first_orders()
    }
    fn names(&self) -> &crate::metrics::Names {
        self.0.names()
    }
    fn data_version(&self) -> u64 {
        1
    }
    fn targets(&self) -> &[crate::metrics::Target] {
        self.0.targets()
    }
    fn reach(&self) -> Option<&Reach> {
        Some(&self.1)
    }
}

#[test]
fn a_manager_sees_only_the_own_accounts_and_costs() {
    let limited = Limited(company(), Reach::of([takar_model::ManagerId::from("1")]));
    let answer = profit(&limited, &costs(), RATES, &asked(Dimension::Account)).expect("profit");
    let ids: Vec<_> = answer.rows.iter().map(|row| row.id.as_deref()).collect();
    assert_eq!((ids, answer.untied), (vec![Some("A1"), Some("A2")], None));
    // 80 of A1 and 110 of A2, as everybody's answer has them.
    assert_eq!(answer.total.figures.cost(), rupiah(190));
}

#[test]
fn what_costs_cannot_tell_is_refused() {
    let by_product = profit(&company(), &costs(), RATES, &asked(Dimension::Product));
    assert_eq!(by_product, Err(InsightError::NotOfCosts("product")));
    let filter = Some("product = 'P1'".parse().expect("a filter"));
    let of_product = profit(&company(), &costs(), RATES, &Question { filter, ..asked(Dimension::Account) });
    assert_eq!(of_product, Err(InsightError::NotOfCosts("product")));
    let foreign = Fact { table: "costs", day: "2025-01-10", amount: Some(5), currency: Some("USD"), ..Fact::default() };
    let mixed = profit(&company(), &Facts(vec![foreign]), RATES, &asked(Dimension::Account));
    assert_eq!(mixed, Err(InsightError::SeveralCurrencies));
    assert!(Rates { hourly: Some(-1.0), ..RATES }.checked().is_err());
    assert!(Rates { hours_a_day: 0.0, ..RATES }.checked().is_err());
    assert!(Rates { per_order: Some(f64::NAN), ..RATES }.checked().is_err());
}

#[test]
fn beside_the_window_before_every_row_has_its_base() {
    let question = Question {
        period: Some("2025-02".parse().expect("a month")),
        compare: Some(Compare::Prior),
        ..asked(Dimension::Account)
    };
    // The data end on 12 February, so January is taken up to its 12th; they begin before it.
    let mut lines = company().lines;
    lines.push(Line::sale("2024-12-01", 0, 0, 5));
    let answer = profit(&Company::new(lines), &costs(), RATES, &question).expect("profit");
    let base: Money = answer.rows.iter().chain(&answer.untied).filter_map(|row| row.base).map(|base| base.cost()).sum();
    assert_eq!(Some(base), answer.total.base.map(|base| base.cost()));
    let of = |id: &str| answer.rows.iter().find(|row| row.id.as_deref() == Some(id)).expect("a row");
    // A1 in January: 300 − 60.
    assert_eq!(of("A1").base.and_then(|base| base.profit()), Some(rupiah(240)));
    assert_eq!(of("A1").figures.profit(), Some(rupiah(-20)));
}

proptest::proptest! {
    /// Rows of every kind come to the same total, to the last unit, whatever the order of lines and facts.
    #[test]
    fn sums_close_exactly(
        lines in proptest::collection::vec((0_u32..6, 0_u32..3, -9_999_i64..99_999, proptest::option::of(0_i64..50_000)), 1..40),
        facts in proptest::collection::vec((0_usize..7, 0_usize..4, proptest::option::of(0_i128..999), proptest::option::of(0_i128..9), proptest::bool::ANY), 0..40),
        hourly in 0.0_f64..99_999.0,
    ) {
        const ACCOUNTS: [Option<&str>; 7] = [Some("A1"), Some("A2"), Some("A3"), Some("A4"), Some("A5"), Some("A6"), None];
        const MANAGERS: [Option<&str>; 4] = [Some("1"), Some("2"), Some("3"), None];
        let made: Vec<Line> = lines.iter().map(|(account, manager, net, cost)| {
            let mut line = Line::sale("2025-01-05", *account, *manager, *net);
            line.cost = cost.map(|cost| cost * 10_000 + 1);
            line
        }).collect();
        let told: Vec<Fact> = facts.iter().map(|(account, manager, amount, hours, is_cost)| Fact {
            table: if *is_cost { "costs" } else { "activities" },
            day: "2025-01-10",
            account: ACCOUNTS[*account],
            manager: MANAGERS[*manager],
            branch: [Some("C1"), None, Some("C2"), None][*manager],
            kind: "visit",
            amount: amount.filter(|_| *is_cost),
            hours: *hours,
            ..Fact::default()
        }).collect();
        let rates = Rates { hourly: Some(hourly), hours_a_day: 8.0, per_order: None };
        let question = |by| Question { by, period: Some("2025-01".parse().expect("a month")), ..Question::default() };
        let first = profit(&Company::new(made.clone()), &Facts(told.clone()), rates, &question(Dimension::Account)).expect("profit");
        for by in [Dimension::Account, Dimension::Manager, Dimension::Segment, Dimension::Region, Dimension::Branch] {
            let answer = profit(&Company::new(made.clone()), &Facts(told.clone()), rates, &question(by)).expect("profit");
            let rows = answer.rows.iter().chain(&answer.untied);
            let (margin, cost) = rows.fold((Money::ZERO, Money::ZERO), |(margin, cost), row| {
                (margin + row.figures.margin, cost + row.figures.cost())
            });
            proptest::prop_assert_eq!((margin, cost), (first.total.figures.margin, first.total.figures.cost()));
        }
        let turned = Facts(told.into_iter().rev().collect());
        let again = profit(&Company::new(made.into_iter().rev().collect()), &turned, rates, &question(Dimension::Account)).expect("profit");
        proptest::prop_assert_eq!(again.to_json(Lang::En, 0, 99), first.to_json(Lang::En, 0, 99));
    }
}
