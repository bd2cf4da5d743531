//! Trends of hand-made companies.

use takar_model::{Lang, Month};

use super::*;
use crate::{
    InsightError,
    fixtures::{Company, Line},
    metrics::Kpi,
};

/// Between −50 and 50, the same for the same seed (the mixing of SplitMix64).
fn noise(seed: u64) -> i64 {
    let mut mixed = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    i64::try_from((mixed ^ (mixed >> 31)) % 101).expect("below 101") - 50
}

/// The answer of a company that has no facts beside its lines.
fn trends(company: &Company, question: &Question) -> Result<Trends, InsightError> {
    super::trends(company, company, question)
}

fn question() -> Question {
    Question { kpi: Kpi::NetSales.definition().into(), window: None, scope: Scope::default(), by: None }
}

/// Six managers over five years: the first grows, the second sells alike until he loses a third in month 36, the others
/// sell alike.
fn company() -> Company {
    let first = Month::new(2019, 1).expect("a month");
    let mut lines = Vec::new();
    for month in 0..60_i32 {
        for manager in 0..6_u32 {
            let level = match (manager, month) {
                (0, _) => 1_000 + i64::from(month) * 20,
                (1, 36..) => 2_000,
                (1, _) => 3_000,
                _ => 2_500,
            };
            let noise = noise(month as u64 * 31 + u64::from(manager));
            let mut line = Line::sale("2019-01-01", manager, manager, level + level * noise / 1_000);
            line.date = first.plus(month).last_day();
            lines.push(line);
        }
    }
    Company::new(lines)
}

#[test]
fn growth_and_a_step_are_told_apart() {
    let company = company();
    let found = trends(&company, &Question { by: Some(Dimension::Manager), ..question() }).expect("an answer");
    assert_eq!(found.months.len(), 60);
    let of = |id: &str| found.members.iter().find(|member| member.id.as_deref() == Some(id)).expect("a member");
    let (first, second) = (of("1"), of("2"));
    assert!(["3", "4", "5", "6"].iter().all(|id| of(id).breaks.is_empty() && !of(id).stands_out));
    let trend = first.trend.as_ref().expect("five years");
    assert!((trend.slope.value - 20.0).abs() < 2.0 && first.stands_out, "{trend:?}");
    let [step] = second.breaks[..] else { panic!("{:?}", second.breaks) };
    assert_eq!(step.month, Month::new(2022, 1).expect("a month"));
    assert!((step.before - 3_000.0).abs() < 100.0 && (step.after - 2_000.0).abs() < 200.0, "{step:?}");
    let json: serde_json::Value = serde_json::from_str(&found.to_json(Lang::Id).expect("JSON")).expect("valid");
    assert_eq!(json["trend"]["n"], 60);
    for lang in [Lang::Id, Lang::En] {
        assert!(!found.table(lang).contains("NaN"));
    }
}

#[test]
fn accounts_that_buy_less_are_told_from_accounts_that_left() {
    // Seven managers with eight accounts each. The accounts of the first buy a fifth less from month 24 on; of the second's
    // three leave in month 30; the third wins one every half year.
    let first = Month::new(2020, 1).expect("a month");
    let mut lines = Vec::new();
    for month in 0..48_i32 {
        for manager in 0..7_u32 {
            for number in 0..16_u32 {
                let level = match (manager, number, month) {
                    (0, 0..8, 24..) => 800,
                    (1, 0..3, 30..) => continue,
                    (2, 8.., _) if month >= 6 * (number as i32 - 7) => 1_000,
                    (_, 0..8, _) => 1_000,
                    _ => continue,
                };
                let noise = noise(u64::from(manager * 16 + number) * 64 + month as u64);
                let mut line = Line::sale("2020-01-01", manager * 16 + number, manager, level + level * noise / 500);
                line.date = first.plus(month).last_day();
                lines.push(line);
            }
        }
    }
    let found =
        trends(&Company::new(lines), &Question { by: Some(Dimension::Manager), ..question() }).expect("an answer");
    let steps = |id: &str| {
        let member = found.members.iter().find(|member| member.id.as_deref() == Some(id)).expect("a member");
        member.breaks.iter().map(|step| (step.month.index() - first.index(), step.same_accounts)).collect::<Vec<_>>()
    };
    assert_eq!((steps("1"), steps("2")), (vec![(24, true)], vec![(30, false)]));
    assert!(["3", "4", "5", "6", "7"].iter().all(|id| steps(id).iter().all(|(_, same)| !same)), "{:?}", steps("3"));
    assert!(["4", "5", "6", "7"].iter().all(|id| steps(id).is_empty()));
    let text = found.table(Lang::Id) + &found.table(Lang::En);
    assert!(text.contains("(akun sama)") && text.contains("(same accounts)"));
}

#[test]
fn one_manager_alone() {
    let company = company();
    let id = company.names.manager.id(0).map(str::to_owned);
    let scope = Scope { manager: id, filter: None };
    let found = trends(&company, &Question { scope, ..question() }).expect("an answer");
    assert!(found.summary(Lang::En)[0].starts_with("Net sales Nama 1 rises by Rp "), "{:?}", found.summary(Lang::En));
    assert!(found.summary(Lang::Id)[0].contains("naik"), "{:?}", found.summary(Lang::Id));
    let nobody = Scope { manager: Some("nobody".to_owned()), filter: None };
    assert!(matches!(
        trends(&company, &Question { scope: nobody, ..question() }),
        Err(InsightError::UnknownManager(_))
    ));
}

#[test]
fn little_data_says_what_it_needs() {
    let line = |day: &str| Line::sale(day, 0, 0, 100);
    let found = trends(&Company::new(vec![line("2025-01-31")]), &question()).expect("one month is an answer");
    assert!(found.trend.is_err() && found.breaks.is_err() && found.calendar.is_err());
    assert!(found.summary(Lang::Id)[0].contains("perlu sedikitnya 4 "), "{:?}", found.summary(Lang::Id));
    assert!(matches!(trends(&Company::new(Vec::new()), &question()), Err(InsightError::NoData)));
    // Two months with a hole of a year between them: months without sales are 0.
    let found = trends(&Company::new(vec![line("2024-01-15"), line("2025-01-31")]), &question()).expect("an answer");
    assert_eq!((found.months.len(), found.months[5].value), (13, 0.0));
    let returns: Vec<Line> = (1..=9).map(|month| Line::sale(&format!("2025-0{month}-28"), 0, 0, -5)).collect();
    let found = trends(&Company::new(returns), &question()).expect("an answer");
    assert!(!found.to_json(Lang::En).expect("JSON").contains("null,null"));
}

/// An own KPI has the trend of what it measures; one that says nothing in some months has none, and says how many there are.
#[test]
fn own_kpis_have_trends_too() {
    use crate::kpis::{AnalysedKpi, Definition, MissingRule, PeriodRule};
    let company = company();
    let own = |expression: &str, missing: MissingRule| {
        let definition = Definition { missing: Some(missing), ..Definition::of("milik", expression) };
        AnalysedKpi::Own(Box::new(definition.checked(1).expect("a definition")))
    };
    let asked = |kpi: AnalysedKpi| Question { kpi, by: Some(Dimension::Manager), ..question() };
    // What is nothing but net sales has the trend of net sales, by manager too.
    let built_in = trends(&company, &asked(Kpi::NetSales.definition().into())).expect("an answer");
    let same = trends(&company, &asked(own("net_sales", MissingRule::Zero))).expect("an answer");
    assert_eq!((&same.months, &same.trend), (&built_in.months, &built_in.trend));
    assert_eq!(same.members.len(), built_in.members.len());
    assert_eq!(same.members[0].trend, built_in.members[0].trend);
    // One line of each manager every month: six, without a trend.
    let lines = trends(&company, &asked(own("count(sales)", MissingRule::Zero))).expect("an answer");
    assert!(lines.months.iter().all(|month| month.value == 6.0), "{:?}", lines.months);
    let json: serde_json::Value = serde_json::from_str(&lines.to_json(Lang::Id).expect("JSON")).expect("valid");
    assert_eq!((&json["kpi"], &json["unit"]), (&"milik".into(), &"count".into()));
    // Before the data there is no base, so that no month has a figure.
    let definition = Definition { period: Some(PeriodRule::Ratio), ..Definition::of("milik", "growth_year") };
    let rate = AnalysedKpi::Own(Box::new(definition.checked(1).expect("a definition")));
    let refused = trends(&company, &asked(rate)).expect_err("twelve months have no figure");
    assert!(refused.message(Lang::En).contains("60"), "{refused}");
}
