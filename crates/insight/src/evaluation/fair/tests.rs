//! The comparison on hand-made companies.

use takar_model::{Lang, Month};
use takar_stats::fair::FunnelPlace;

use super::*;
use crate::{
    fixtures::{Company, Line},
    metrics::Labels,
};

/// Sixteen months; the last twelve, 2025, are the window.
const MONTHS: i32 = 16;

fn first() -> Month {
    Month::new(2024, 9).expect("a month")
}

/// An account buys each month for about `size`, all through the same manager.
fn buys(lines: &mut Vec<Line>, account: u32, manager: u32, size: i64, months: std::ops::Range<i32>) {
    for month in months {
        // Up and down by a fifth, differently for each account.
        let noise = 100 + (i64::from(account) * 7 + i64::from(month) * 13) % 41 - 20;
        let mut line = Line::sale("2024-01-01", account, manager, size * noise / 100);
        line.date = first().plus(month).last_day();
        lines.push(line);
    }
}

/// Four managers with eight accounts each, all alike but for manager 0, who sells half as much again.
fn four() -> Vec<Line> {
    let mut lines = Vec::new();
    for account in 0..32_u32 {
        let size = 1_000_000 + 50_000 * i64::from(account / 4);
        let size = if account % 4 == 0 { size * 3 / 2 } else { size };
        buys(&mut lines, account, account % 4, size, 0..MONTHS);
    }
    lines
}

fn compare(company: &Company) -> Fair {
    let window = "2025".parse().expect("a year");
    fair(company, &Question { window: Some(window), ..Question::default() }).expect("a comparison")
}

/// The parts of a window of the last twelve months.
fn portfolio_of(company: &Company) -> Portfolio {
    let last = first().plus(MONTHS - 1);
    let histories = histories(company, None, last).expect("histories");
    Portfolio::of(&histories, 4..16, company.names.manager.len())
}

fn part(portfolio: &Portfolio, account: u32, manager: u32) -> Part {
    *portfolio.parts.iter().find(|part| (part.account, part.manager) == (account, manager)).expect("a part")
}

fn index(found: &Fair, manager: usize) -> &Adjusted {
    found.managers[manager].adjusted.as_ref().expect("compared")
}

#[test]
fn who_sells_more_to_like_accounts_stands_above() {
    let found = compare(&Company::new(four()));
    assert_eq!((found.compared, found.accounts, found.period.to_string().as_str()), (4, 32, "2025"));
    // 1.5 against a mean of (1.5 + 3)/4.
    assert!((index(&found, 0).index.value - 1.5 / 1.125).abs() < 0.02, "{:?}", index(&found, 0));
    assert!(index(&found, 0).index.interval.low > 1.0 && index(&found, 1).index.interval.high < 1.1);
    // Of four managers one far out is overdispersion itself: the funnel widens rather than point at him.
    let limits = found.funnel.expect("a funnel");
    assert!(limits.dispersion > 10.0 && index(&found, 0).place == FunnelPlace::Within, "{limits:?}");
    let standing = index(&found, 0).standing.expect("ranks");
    assert!((standing.best, standing.worst) == (1, 1) && standing.top_quarter > 0.95, "{standing:?}");
    assert_eq!(found.managers.iter().map(|one| one.skill).filter(Option::is_some).count(), 0, "nothing changed hands");
    assert!(found.summary(Lang::En).join(" ").contains("not skill"));
    assert!(found.summary(Lang::Id).join(" ").contains("bukan keterampilan"));
    // All that was sold is somebody's, and expected in all.
    let observed: Money = found.managers.iter().map(|one| one.observed).sum();
    let expected: Money = found.managers.iter().filter_map(|one| one.expected).sum();
    assert!((observed - expected).to_f64().abs() < 1.0);
    // One manager can be shown; the comparison stays that of all.
    let one = Question { window: Some(found.period), manager: Some("1".to_owned()), ..Question::default() };
    let one = fair(&Company::new(four()), &one).expect("a comparison");
    assert_eq!((one.managers.len(), &one.managers[0]), (1, &found.managers[0]));
}

#[test]
fn an_account_handed_over_in_the_middle_counts_for_both() {
    let mut lines: Vec<Line> = four().into_iter().filter(|line| line.account != 4).collect();
    buys(&mut lines, 4, 0, 1_200_000, 0..10);
    buys(&mut lines, 4, 1, 1_200_000, 10..MONTHS);
    let company = Company::new(lines);
    let portfolio = portfolio_of(&company);
    let (before, after) = (part(&portfolio, 4, 0), part(&portfolio, 4, 1));
    assert_eq!((before.months, after.months), (6.0, 6.0));
    assert_eq!(before.baseline, None, "nobody had it before");
    // The mean account brings about 1.3 million a month: what this one bought before the hand-over is about 0.9 of it.
    assert!(after.baseline.is_some_and(|baseline| (baseline - 0.9).abs() < 0.05), "{:?}", after.baseline);
    let found = compare(&company);
    let total: i128 = company
        .lines
        .iter()
        .filter(|line| found.period.contains(line.date))
        .filter_map(|line| line.net)
        .map(i128::from)
        .sum();
    assert_eq!(found.managers.iter().map(|one| one.observed.units()).sum::<i128>(), total);
    assert_eq!((found.managers[0].accounts, found.managers[1].accounts), (8, 9));
}

#[test]
fn two_managers_on_one_account_share_what_is_expected() {
    let mut lines: Vec<Line> = four().into_iter().filter(|line| line.account != 5).collect();
    buys(&mut lines, 5, 1, 600_000, 0..MONTHS);
    buys(&mut lines, 5, 2, 400_000, 0..MONTHS);
    let company = Company::new(lines);
    let portfolio = portfolio_of(&company);
    let (more, less) = (part(&portfolio, 5, 1), part(&portfolio, 5, 2));
    assert!((more.months - 7.2).abs() < 1e-9 && (less.months - 4.8).abs() < 1e-9);
    assert!((more.exposure / less.exposure - 1.5).abs() < 1e-9 && (more.expected / less.expected - 1.5).abs() < 1e-9);
    // Who sells together hands nothing over.
    assert_eq!(compare(&company).hand_overs, 0);
}

#[test]
fn an_account_that_joins_late_is_expected_to_bring_less() {
    let mut lines = four();
    buys(&mut lines, 32, 2, 1_000_000, 10..MONTHS);
    let portfolio = portfolio_of(&Company::new(lines));
    let (late, whole) = (part(&portfolio, 32, 2), part(&portfolio, 30, 2));
    assert_eq!((late.months, whole.months), (6.0, 12.0));
    assert!((late.expected / whole.expected - 0.5).abs() < 0.05, "{} {}", late.expected, whole.expected);
}

#[test]
fn who_has_no_or_few_accounts_or_sold_nothing_is_not_compared() {
    let mut lines = four();
    // Manager 4: six accounts that stopped buying before the window, but not long before; manager 5: four accounts.
    for account in 32..38 {
        buys(&mut lines, account, 4, 1_000_000, 0..4);
    }
    for account in 38..42 {
        buys(&mut lines, account, 5, 1_000_000, 0..MONTHS);
    }
    let mut company = Company::new(lines);
    // Manager 6 is known, but has no accounts.
    let ids = (1..=7).map(|id| id.to_string()).collect();
    company.names.manager = Labels::from_ids(ids);
    let found = compare(&company);
    assert_eq!(found.managers.len(), 6, "who has no accounts is not listed");
    assert_eq!(found.managers[4].adjusted, Err(NotCompared::NothingSold));
    // Eleven months of the window lie within twelve of the last purchase.
    assert_eq!(part(&portfolio_of(&company), 32, 4).months, 11.0);
    assert_eq!((found.managers[5].accounts, &found.managers[5].adjusted), (4, &Err(NotCompared::TooFewAccounts)));
    assert_eq!(found.compared, 4);
    // Accounts lost at the start of the window are expected to bring something all the same: lost sales weigh.
    assert!(found.managers[0].adjusted.as_ref().is_ok_and(|one| one.index.value > 1.4));
}

#[test]
fn one_manager_is_compared_with_nobody() {
    let mut lines = Vec::new();
    for account in 0..8 {
        buys(&mut lines, account, 0, 1_000_000, 0..MONTHS);
    }
    let found = compare(&Company::new(lines));
    assert_eq!((found.compared, &found.managers[0].adjusted), (0, &Err(NotCompared::Alone)));
    assert!(found.managers[0].expected.is_none() && found.funnel.is_none());
    assert!(found.summary(Lang::Id)[0].contains("belum ada yang dapat dibandingkan"));
    assert!(found.to_json(Lang::En).is_ok_and(|text| text.contains("no other manager")));
}

/// Every account goes round the four managers, four months each; manager 0 adds a half to each: skill shows, and is what
/// it is against the mean of the set.
#[test]
fn hand_overs_tell_skill_from_portfolio() {
    let mut lines = Vec::new();
    for account in 0..40_u32 {
        let size = 1_000_000 * i64::from(1 + account % 5);
        for turn in 0..4 {
            let manager = (account + turn) % 4;
            let size = if manager == 0 { size * 3 / 2 } else { size };
            let turn = i32::try_from(turn).expect("small");
            buys(&mut lines, account, manager, size, turn * 5..turn * 5 + 5);
        }
    }
    // Accounts that stay, to hold the others against.
    for account in 40..60 {
        buys(&mut lines, account, account % 4, 2_000_000, 0..20);
    }
    let company = Company::new(lines);
    let question = Question { window: Some("2025-05..2026-04".parse().expect("a period")), ..Question::default() };
    let found = fair(&company, &question).expect("a comparison");
    assert_eq!((found.hand_overs, found.sets.as_slice()), (120, [4].as_slice()));
    let skill = found.managers[0].skill.expect("skill");
    // ln 1.5 above the others; against the mean of the four: three quarters of that.
    assert!((skill.effect.value.ln() - 0.75 * 1.5_f64.ln()).abs() < 0.05, "{skill:?}");
    assert!(skill.effect.interval.low > 1.0 && skill.effect.interval.holds(1.5_f64.powf(0.75)));
    assert!(found.managers[0].skill_note(Lang::En).starts_with("skill, from "));
    assert!(found.managers[0].strengths(&crate::format::Currency::default(), Lang::Id)[0].contains("berpindah tangan"));
}

/// Nobody's figures depend on what another is called.
#[test]
fn renaming_another_manager_changes_nothing() {
    let company = Company::new(four());
    let found = compare(&company);
    // The second manager is now called what comes last; the codes turn round with the names.
    let turned = |code: u32| 3 - code;
    let lines = four().into_iter().map(|line| Line { manager: turned(line.manager), ..line }).collect();
    let mut renamed = Company::new(lines);
    renamed.names.manager = Labels::from_ids(["4", "3", "zz", "1"].map(str::to_owned).to_vec());
    let other = compare(&renamed);
    for id in ["1", "3", "4"] {
        let of =
            |found: &Fair| found.managers.iter().find(|one| one.id == id).map(|one| one.adjusted).expect("a manager");
        let (one, other) = (of(&found).expect("compared"), of(&other).expect("compared"));
        assert!((one.index.interval.low - other.index.interval.low).abs() < 1e-9);
        assert_eq!(one.standing, other.standing);
    }
}

#[test]
fn unanswerable_questions_are_refused() {
    let company = Company::new(four());
    let ask = |question: Question| fair(&company, &question);
    let unknown = Question { manager: Some("nobody".to_owned()), ..Question::default() };
    assert!(matches!(ask(unknown), Err(InsightError::UnknownManager(_))));
    let early = Question { window: Some("2019".parse().expect("a year")), ..Question::default() };
    assert!(matches!(ask(early), Err(InsightError::NoData)));
    let timed = Question { filter: Some("month = '2025-01'".parse().expect("a filter")), ..Question::default() };
    assert!(matches!(ask(timed), Err(InsightError::TimeCondition)));
}
