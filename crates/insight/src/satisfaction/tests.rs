//! Hand-made companies whose figures are worked out in comments, and sums that always close.

use proptest::prelude::*;
use takar_model::{Lang, Month};
use takar_stats::lead::Order;

use super::{first::Happened, *};
use crate::{
    analysis::is,
    fixtures::{Company, Line},
    metrics::{Reach, SourceError},
    process::{EventSource, Events, Recorded, Response},
};

struct Told(Events);

impl EventSource for Told {
    fn event_days(&self) -> Result<Option<Period>, SourceError> {
        Ok(Some("2023-01-01..2025-12-31".parse().expect("a period")))
    }

    fn events(&self, window: Period) -> Result<Events, SourceError> {
        let mut events = self.0.clone();
        events.feedback.retain(|said| window.contains(said.date));
        events.responses.retain(|response| window.contains(response.date));
        Ok(events)
    }
}

fn day(text: &str) -> Day {
    text.parse::<Period>().expect("a day").from()
}

fn said(account: &str, manager: &str, date: &str, kind: &str, score: Option<f64>) -> Feedback {
    Feedback {
        account: Some(account.to_owned()).filter(|id| !id.is_empty()),
        manager: Some(manager.to_owned()).filter(|id| !id.is_empty()),
        date: day(date),
        kind: kind.to_owned(),
        score,
        scale: None,
        is_resolved: false,
        resolved: None,
        note: None,
    }
}

fn answered(account: &str, manager: &str, date: &str, hours: f64, count: u64) -> Response {
    let (account, manager) = (Some(account.to_owned()), Some(manager.to_owned()));
    Response { account, manager, date: day(date), hours, count }
}

fn events(feedback: Vec<Feedback>, responses: Vec<Response>) -> Events {
    let kinds = [("nps", Some(10.0)), ("csat", Some(5.0)), ("communication", Some(5.0)), ("complaint", None)];
    let recorded = Recorded {
        activities: true,
        response_hours: true,
        feedback: kinds.into_iter().map(|(kind, most)| (kind.to_owned(), most)).collect(),
        resolved: true,
        ..Recorded::default()
    };
    Events { feedback, responses, recorded, ..Events::default() }
}

fn work(company: &Company, events: Events) -> Work {
    let all = "2023-01-01..2025-12-31".parse().expect("a period");
    Work::of(company, &Told(events), Some(all), None).expect("read")
}

/// Accounts A1 to A4: A1 and A2 with manager "1", A3 and A4 with "2"; A2 buys in region R2. 2025 beside 2024.
fn company() -> Company {
    let mut lines = vec![
        Line::sale("2024-03-01", 0, 0, 800),
        Line::sale("2024-04-01", 1, 0, 400),
        Line::sale("2024-05-01", 2, 1, 1000),
        Line::sale("2024-01-01", 3, 1, 100),
        Line::sale("2025-03-01", 0, 0, 1000),
        Line::sale("2025-04-01", 1, 0, 200),
        Line::sale("2025-05-01", 2, 1, 1500),
        Line::sale("2025-12-31", 3, 1, 300),
    ];
    lines.iter_mut().filter(|line| line.account == 1).for_each(|line| line.region = 1);
    Company::new(lines)
}

fn asked(by: Dimension) -> Question {
    Question { by, period: Some("2025".parse().expect("a period")), ..Question::default() }
}

fn rupiah(whole: i128) -> Money {
    Money::from_units(whole * 10_000)
}

fn heard() -> Events {
    let mut feedback = vec![
        // A1: 9, then 6: by its last answer a detractor. Of the same day the least content counts.
        said("A1", "1", "2025-02-01", "nps", Some(9.0)),
        said("A1", "1", "2025-06-01", "nps", Some(6.0)),
        said("A1", "1", "2025-06-01", "nps", Some(10.0)),
        // A2: 10, before the window; 8 of it.
        said("A2", "1", "2024-06-01", "nps", Some(10.0)),
        said("A2", "1", "2025-06-01", "nps", Some(8.0)),
        // A3: 9; beyond the scale is no answer.
        said("A3", "2", "2025-06-01", "nps", Some(9.0)),
        said("A3", "2", "2025-07-01", "nps", Some(11.0)),
        said("A3", "2", "2025-08-01", "csat", Some(3.0)),
        // Nobody's account, but manager 2's.
        said("", "2", "2025-06-01", "complaint", None),
        said("A4", "2", "2025-06-01", "complaint", None),
    ];
    feedback.push(Feedback { is_resolved: true, ..said("A1", "1", "2025-06-02", "complaint", None) });
    let responses = vec![
        answered("A1", "1", "2025-02-02", 3.0, 4),
        answered("A1", "1", "2025-02-03", 30.0, 1),
        answered("A3", "2", "2025-02-03", 30.0, 5),
        answered("A1", "1", "2024-02-03", 99.0, 7),
    ];
    events(feedback, responses)
}

fn ask(company: &Company, events: Events, question: &Question) -> Satisfaction {
    satisfaction(company, &work(company, events), &Promises::default(), question).expect("an answer")
}

#[test]
fn sales_are_told_by_how_accounts_answered_last() {
    let found = ask(&company(), heard(), &asked(Dimension::Account));
    let moods: Vec<_> = found.by_mood.iter().map(|of| (of.mood, of.accounts, of.net_sales, of.base_sales)).collect();
    let wanted = [
        (Mood::Promoter, 1, rupiah(1500), Some(rupiah(1000))),
        (Mood::Passive, 1, rupiah(200), Some(rupiah(400))),
        (Mood::Detractor, 1, rupiah(1000), Some(rupiah(800))),
        (Mood::NotAsked, 1, rupiah(300), Some(rupiah(100))),
    ];
    assert_eq!(moods, wanted);
    assert_eq!(found.by_mood[1].growth(), Some(-0.5));
    assert_eq!((found.total.net_sales, found.total.base_sales), (rupiah(3000), Some(rupiah(2300))));
}

#[test]
fn rows_tell_measures_beside_sales() {
    let found = ask(&company(), heard(), &asked(Dimension::Manager));
    let ids: Vec<_> = found.rows.iter().map(|row| (row.id.as_deref(), row.net_sales)).collect();
    assert_eq!(ids, [(Some("2"), rupiah(1800)), (Some("1"), rupiah(1200))]);
    let (second, first) = (&found.rows[0], &found.rows[1]);
    // Manager 1: answers of 3 hours four times in five within a day; too few answers to the NPS question.
    let in_time = first.measure(ProcessKpi::ResponseInTime).expect("measured");
    assert_eq!((in_time.value, in_time.cases, in_time.n), (Some(0.8), Some(4), 5));
    let nps = first.measure(ProcessKpi::Nps).expect("measured");
    assert_eq!((nps.value, nps.n), (None, 4));
    assert_eq!((first.answers, first.complaints, first.open), (4, 1, 0));
    assert_eq!((second.answers, second.complaints, second.open), (2, 2, 2));
    // 4 + 2 answers; 1500 of 3000 …; the NPS question was answered five times: 9, 10, 9 against a 6, and an 8.
    let nps = found.total.measure(ProcessKpi::Nps).expect("measured");
    let counted = takar_stats::proportion::nps(3, 1, 1, takar_stats::Level::P95).expect("counted").adjusted;
    assert_eq!((nps.value, nps.n), (Some(100.0 * counted.value), 5));
    assert!((second.growth().expect("a growth") - 700.0 / 1100.0).abs() < 1e-12);
    assert_eq!(second.share(found.total.net_sales), Some(0.6));
    assert_eq!(found.nobody, None);
    // By account what names none is nobody's; a last answer is told, the least content of its day.
    let found = ask(&company(), heard(), &asked(Dimension::Account));
    assert_eq!(found.nobody.as_ref().map(|row| (row.complaints, row.net_sales)), Some((1, Money::ZERO)));
    let a1 = found.rows.iter().find(|row| row.id.as_deref() == Some("A1")).expect("A1");
    assert_eq!(a1.last.as_ref().map(|last| (last.date, last.score)), Some((day("2025-06-01"), 6.0)));
    // By region A2 is R2's.
    let found = ask(&company(), heard(), &asked(Dimension::Region));
    let r2 = found.rows.iter().find(|row| row.id.as_deref() == Some("R2")).expect("R2");
    assert_eq!((r2.net_sales, r2.answers), (rupiah(200), 1));
}

#[test]
fn a_managers_own_promise_holds_as_in_the_measures_of_the_work() {
    let company = company().target_of("response_hours", 0, "2025", 2);
    let question = crate::process::Question { period: Some("2025".parse().expect("a period")), ..Default::default() };
    let of_work = crate::process::process(&company, &Told(heard()), &question).expect("an answer");
    let found = ask(&company, heard(), &asked(Dimension::Manager));
    for row in &found.rows {
        let of = of_work.managers.iter().find(|of| of.id == row.id).expect("the manager");
        for kpi in [ProcessKpi::Nps, ProcessKpi::Csat, ProcessKpi::ResponseInTime, ProcessKpi::ComplaintsResolved] {
            let (one, other) = (row.measure(kpi).expect("measured"), of.measure(kpi));
            assert_eq!((one.value, one.interval, one.n), (other.value, other.interval, other.n), "{}", one.kpi.id);
        }
    }
}

#[test]
fn what_cannot_be_told_is_refused_and_reach_holds() {
    let company = company();
    let work = work(&company, heard());
    let told = |question: &Question| satisfaction(&company, &work, &Promises::default(), question);
    assert!(matches!(told(&asked(Dimension::Product)), Err(InsightError::NotOfSatisfaction("product"))));
    assert!(matches!(told(&asked(Dimension::Month)), Err(InsightError::NotOfSatisfaction("month"))));
    let of_product = Scope { filter: Some(is(Dimension::Product, "P1")), ..Scope::default() };
    assert!(matches!(
        told(&Question { scope: of_product, ..asked(Dimension::Account) }),
        Err(InsightError::NotOfSatisfaction("product"))
    ));
    let nobody = Scope { manager: Some("9".to_owned()), ..Scope::default() };
    assert!(matches!(
        told(&Question { scope: nobody, ..asked(Dimension::Account) }),
        Err(InsightError::UnknownManager(_))
    ));
    let none = one_account(&company, &work, &Promises::default(), ("A9", None));
    assert!(matches!(none, Err(InsightError::UnknownAccount)));
    // Manager 1 sees A1 and A2, what was said of them, and of A3 not even that there is one.
    let limited = Limited { company: &company, reach: Reach::of([takar_model::ManagerId::from("1")]) };
    let found = satisfaction(&limited, &work, &Promises::default(), &asked(Dimension::Account)).expect("an answer");
    let ids: Vec<_> = found.rows.iter().map(|row| row.id.as_deref()).collect();
    assert_eq!((ids, found.nobody), (vec![Some("A1"), Some("A2")], None));
    assert_eq!((found.total.net_sales, found.total.answers), (rupiah(1200), 4));
    let hidden = one_account(&limited, &work, &Promises::default(), ("A3", None));
    assert!(matches!(hidden, Err(InsightError::UnknownAccount)));
    let own = one_account(&limited, &work, &Promises::default(), ("A1", None)).expect("an answer");
    assert_eq!((own.said.len(), own.manager), (4, None));
}

/// A company of which only some managers are seen.
struct Limited<'a> {
    company: &'a Company,
    reach: Reach,
}

impl CellSource for Limited<'_> {
    fn cells(
        &self,
        range: Period,
        grain: crate::metrics::Grain,
    ) -> Result<std::sync::Arc<crate::metrics::Cells>, SourceError> {
        self.company.cells(range, grain)
    }

    fn order_days(&self) -> Result<std::sync::Arc<crate::metrics::OrderDays>, SourceError> {
        self.company.order_days()
    }

    fn extent(&self) -> Option<Period> {
        self.company.extent()
    }

    fn first_orders(&self) -> &[i32] {
        self.company.first_orders()
    }

    fn names(&self) -> &crate::metrics::Names {
        self.company.names()
    }

    fn data_version(&self) -> u64 {
        1
    }

    fn targets(&self) -> &[crate::metrics::Target] {
        &[]
    }

    fn market(&self) -> &[crate::metrics::MarketSize] {
        &[]
    }

    fn reach(&self) -> Option<&Reach> {
        Some(&self.reach)
    }
}

/// `accounts` that buy every month of three years: 1000 a month and a little up and down, until `falls` says from when on half of it.
fn steady(accounts: u32, falls: impl Fn(u32) -> Option<i32>) -> Company {
    let first: Month = "2023-01".parse::<Period>().expect("a month").from().month();
    let mut lines = Vec::new();
    for account in 0..accounts {
        for month in 0..36 {
            let level = if falls(account).is_some_and(|from| month >= from) { 500 } else { 1000 };
            let noise = i64::from((account * 37 + month as u32 * 53) % 41) - 20;
            let mut line = Line::sale("2023-01-01", account, account % 2, level + noise);
            line.date = first.plus(month).last_day();
            lines.push(line);
        }
    }
    Company::new(lines)
}

#[test]
fn one_accounts_order_is_told_where_its_own_data_carry_it() {
    // A1 complains in October 2024, its sales halve from December on. A2 halves with nothing near; A3 complains and buys on.
    let company = steady(3, |account| (account < 2).then_some(23));
    let feedback = vec![
        said("A1", "1", "2024-10-05", "complaint", None),
        said("A2", "2", "2024-02-05", "complaint", None),
        said("A3", "1", "2024-10-05", "complaint", None),
    ];
    let work = work(&company, events(feedback, Vec::new()));
    let found = first_moves(&company, &work, &Scope::default()).expect("an answer");
    assert_eq!((found.accounts, found.steps, found.near), (3, 2, 1));
    let [story] = found.stories.as_slice() else { panic!("one story: {:?}", found.stories) };
    assert_eq!((story.id.as_str(), story.happened), ("A1", Happened::Complaint));
    assert_eq!((story.when.to_string().as_str(), story.step.to_string().as_str()), ("2024-10", "2024-12"));
    let words = story.words(Some("IDR"), Lang::En);
    assert!(
        words.starts_with("In October 2024 a complaint; sales fell by ") && words.contains("from December 2024 on"),
        "{words}"
    );
    assert!(
        story.words(Some("IDR"), Lang::Id).starts_with("Pada Oktober 2024 ada keluhan; penjualan turun"),
        "{words}"
    );
    // The page of the account says the same, others nothing.
    let of =
        |id: &str| one_account(&company, &work, &Promises::default(), (id, None)).expect("an answer").stories.len();
    assert_eq!((of("A1"), of("A2"), of("A3")), (1, 0, 0));
    // Too few accounts to say anything of all.
    assert!(found.signals.iter().all(|signal| signal.lead.order == Order::NotEnough && signal.lead.lags.is_empty()));
    assert!(found.summary(Lang::En).iter().all(|line| line.contains("not enough to say")));
    // An account that complains all the time has a complaint near any step: that is told of nobody.
    let often = (0..24).map(|month| {
        let date = day("2024-01-05").plus_months(month);
        Feedback { date, ..said("A1", "1", "2024-01-05", "complaint", None) }
    });
    let work = super::tests::work(&company, events(often.collect(), Vec::new()));
    let found = first_moves(&company, &work, &Scope::default()).expect("an answer");
    assert_eq!((found.near, found.stories.len()), (1, 0));
}

#[test]
fn complaints_before_sales_fall_are_found_over_all() {
    // Sixty of eighty accounts complain, each in a month of its own, and buy half from two months later on.
    let month_of = |account: u32| (account < 60).then(|| 6 + i32::try_from(account % 12).expect("small"));
    let company = steady(80, |account| month_of(account).map(|month| month + 2));
    let complaints = (0..60).filter_map(|account| {
        let date = day("2023-01-05").plus_months(month_of(account)?);
        Some(Feedback { date, ..said(&format!("A{}", account + 1), "", "2024-01-05", "complaint", None) })
    });
    let work = work(&company, events(complaints.collect(), Vec::new()));
    let found = first_moves(&company, &work, &Scope::default()).expect("an answer");
    let signal = found.signals.iter().find(|signal| signal.watched == Watched::Complaint).expect("complaints");
    assert_eq!(signal.lead.order, Order::Before { months: 2 }, "{:?}", signal.lead);
    assert!(signal.lead.called().is_some_and(|at| at.strength.value < -0.9));
    let words = signal.verdict(Lang::En);
    assert!(words.starts_with("Complaints move before sales, by 2 months, sales fall beside complaints"), "{words}");
    assert!(!words.contains("cause"));
    assert_eq!(found.summary(Lang::En).len(), 3);
}

#[test]
fn one_account_shows_months_or_quarters() {
    let company = steady(2, |_| None);
    let mut feedback = vec![Feedback {
        note: Some("kiriman sering terlambat".to_owned()),
        ..said("A1", "1", "2025-05-05", "complaint", None)
    }];
    let few = work(&company, events(feedback.clone(), vec![answered("A1", "1", "2025-05-06", 4.0, 2)]));
    let found = one_account(&company, &few, &Promises::default(), ("A1", None)).expect("an answer");
    assert!(found.by_quarter && found.points.len() == 8);
    let point = &found.points[5];
    assert_eq!((point.period.to_string().as_str(), point.complaints, point.response_hours), ("2025-Q2", 1, Some(4.0)));
    assert_eq!(
        found.points.iter().map(|point| point.net_sales).sum::<Money>(),
        found.points.iter().map(|point| point.net_sales).sum()
    );
    let table = found.table(Lang::Id, 20);
    assert!(table.contains("kiriman sering terlambat") && table.contains("terbuka"), "{table}");
    // With something said in each of nine months it is months.
    feedback.extend((0..9).map(|month| {
        let date = day("2025-01-09").plus_months(month);
        Feedback { date, ..said("A1", "1", "2025-01-09", "nps", Some(10.0 - f64::from(month))) }
    }));
    let many = work(&company, events(feedback, Vec::new()));
    let found = one_account(&company, &many, &Promises::default(), ("A1", None)).expect("an answer");
    assert!(!found.by_quarter && found.points.len() == 24);
    assert_eq!(found.points[12].satisfaction, Some(1.0));
    // 10, 9, … 2: satisfaction falls beyond chance.
    let trend = found.satisfaction_trend.as_ref().expect("a trend");
    assert!(!trend.is_chance() && (trend.slope.value + 0.1).abs() < 1e-12);
    assert!(found.summary(Lang::En).iter().any(|line| line.starts_with("Satisfaction falls")));
    // What was said at a time is of that time.
    assert_eq!(found.net_sales, found.points[12..].iter().map(|point| point.net_sales).sum());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn sums_close(
        sales in proptest::collection::vec((0_u32..6, 0_u32..3, 0_u32..3, -500_i64..2000, 0_i32..24), 1..60),
        voices in proptest::collection::vec((0_u32..8, 0_u32..4, 0_i32..24, 0_u8..4, 0_u8..12), 0..40),
        turned in any::<bool>(),
    ) {
        let mut lines: Vec<Line> = sales.iter().map(|(account, manager, region, net, month)| {
            let mut line = Line::sale("2024-01-15", *account, *manager, *net);
            (line.date, line.region) = (line.date.plus_months(*month), *region);
            line
        }).collect();
        lines.push(Line::sale("2025-12-31", 0, 0, 1));
        lines.push(Line::sale("2024-01-01", 5, 2, 1));
        let mut feedback: Vec<Feedback> = voices.iter().map(|(account, manager, month, kind, score)| {
            let kind = ["nps", "csat", "complaint", "request"][usize::from(*kind)];
            let mut one = said(&format!("A{}", account + 1), &format!("{}", manager + 1), "2024-01-20", kind, Some(f64::from(*score)));
            one.date = one.date.plus_months(*month);
            one
        }).collect();
        if turned {
            lines.reverse();
            feedback.reverse();
        }
        let net = |window: Period| lines.iter().filter(|line| window.contains(line.date)).filter_map(|line| line.net).map(i128::from).sum::<i128>();
        let window: Period = "2025".parse().expect("a period");
        let complaints = feedback.iter().filter(|said| said.kind == "complaint" && window.contains(said.date)).count() as u64;
        let (now, before) = (net(window), net("2024".parse().expect("a period")));
        let company = Company::new(lines.clone());
        let work = work(&company, events(feedback, Vec::new()));
        for by in MEMBERS {
            let found = satisfaction(&company, &work, &Promises::default(), &asked(by)).expect("an answer");
            let rows = || found.rows.iter().chain(&found.nobody);
            let base = |row: &SatisfactionRow| row.base_sales.expect("a base").units();
            prop_assert_eq!(rows().map(|row| row.net_sales.units()).sum::<i128>(), now);
            prop_assert_eq!(rows().map(base).sum::<i128>(), before);
            prop_assert_eq!(found.by_mood.iter().map(|of| of.net_sales.units()).sum::<i128>(), now);
            prop_assert_eq!(found.by_mood.iter().map(|of| of.base_sales.expect("a base").units()).sum::<i128>(), before);
            prop_assert_eq!(rows().map(|row| row.complaints).sum::<u64>(), complaints);
            prop_assert_eq!(found.total.complaints, complaints);
            prop_assert_eq!(rows().map(|row| row.answers).sum::<u64>(), found.total.answers);
        }
    }
}
