//! The work of hand-made teams.

use takar_model::Lang;
use takar_stats::{Level, proportion::wilson};

use super::*;
use crate::{
    fixtures::{Company, Line},
    metrics::SourceError,
};

struct Told(Events);

impl EventSource for Told {
    fn event_days(&self) -> Result<Option<Period>, SourceError> {
        Ok(Some("2025-01-01..2025-12-31".parse().expect("a period")))
    }

    fn events(&self, _: Period) -> Result<Events, SourceError> {
        Ok(self.0.clone())
    }
}

/// Ten accounts that buy every month of 2024 and 2025, the first five from manager 0, the others from manager 1.
fn company() -> Company {
    let mut lines = Vec::new();
    for month in 0..24 {
        for account in 0..10 {
            let mut line = Line::sale("2024-01-15", account, account / 5, 1_000_000 * (10 - i64::from(account)));
            line.date = line.date.plus_months(month);
            lines.push(line);
        }
    }
    let mut last = Line::sale("2025-12-31", 0, 0, 1_000);
    last.product = 0;
    lines.push(last);
    Company::new(lines)
}

fn day(text: &str) -> Day {
    text.parse::<Period>().expect("a day").from()
}

fn account(company: &Company, code: u32) -> Option<String> {
    company.names.account.id(code).map(str::to_owned)
}

fn manager(company: &Company, code: u32) -> Option<String> {
    company.names.manager.id(code).map(str::to_owned)
}

fn offer(id: u32, manager: &Option<String>, opened: &str, closed: &str, state: OfferState) -> Offer {
    let closed = if closed.is_empty() { None } else { Some(day(closed)) };
    Offer {
        id: format!("P{id:03}"),
        account: None,
        manager: manager.clone(),
        opened: Some(day(opened)),
        closed,
        followed_up: None,
        state,
        amount: None,
        currency: None,
        reason: None,
    }
}

fn said(manager: &Option<String>, kind: &str, score: Option<f64>) -> Feedback {
    Feedback {
        account: None,
        manager: manager.clone(),
        date: day("2025-05-05"),
        kind: kind.to_owned(),
        score,
        scale: None,
        is_resolved: false,
        resolved: None,
        note: None,
    }
}

fn all_recorded() -> Recorded {
    let kinds = [("nps", Some(10.0)), ("csat", Some(5.0)), ("communication", Some(5.0)), ("complaint", None)];
    Recorded {
        activities: true,
        response_hours: true,
        offers: true,
        offer_days: true,
        follow_ups: true,
        feedback: kinds.into_iter().map(|(kind, most)| (kind.to_owned(), most)).collect(),
        resolved: true,
    }
}

fn ask(company: &Company, events: Events, period: &str) -> Process {
    let question = Question { period: Some(period.parse().expect("a period")), ..Question::default() };
    process(company, &Told(events), &question).expect("an answer")
}

#[test]
fn every_kpi_stands_at_its_place() {
    for (place, kpi) in PROCESS_KPIS.iter().enumerate() {
        assert_eq!(kpi.kpi as usize, place, "{}", kpi.id);
        assert_eq!(PROCESS_KPIS.iter().filter(|other| other.id == kpi.id).count(), 1);
        assert!(crate::metrics::KPIS.iter().all(|other| other.id != kpi.id), "{} is taken", kpi.id);
    }
    let company = company();
    for events in [Events::default(), Events { recorded: all_recorded(), ..Events::default() }] {
        let found = ask(&company, events, "2025");
        for of in found.managers.iter().chain([&found.total]) {
            let ids: Vec<&str> = of.measures.iter().map(|measure| measure.kpi.id).collect();
            assert_eq!(ids, PROCESS_KPIS.iter().map(|kpi| kpi.id).collect::<Vec<_>>());
        }
    }
}

#[test]
fn what_nobody_recorded_is_no_zero() {
    let company = company();
    let found = ask(&company, Events::default(), "2025");
    assert_eq!(found.managers.len(), 2, "who has accounts is there");
    for measure in found.managers.iter().chain([&found.total]).flat_map(|of| &of.measures) {
        assert_eq!(measure.value, None, "{}", measure.kpi.id);
        assert!(matches!(measure.suppressed, Some(Missing::NotRecorded(_))), "{measure:?}");
        assert!(!measure.suppressed.expect("a reason").text(Lang::Id).is_empty());
    }
    // Recorded, and nothing in the window: a zero only where it is a count of what is known to be complete.
    let found = ask(&company, Events { recorded: all_recorded(), ..Events::default() }, "2025");
    let of = &found.managers[0];
    assert_eq!(of.measure(ProcessKpi::Coverage).value, Some(0.0));
    assert_eq!(of.measure(ProcessKpi::UntouchedAccounts).value, Some(5.0));
    assert_eq!(of.measure(ProcessKpi::OffersSent).value, Some(0.0));
    for kpi in [ProcessKpi::ResponseInTime, ProcessKpi::OfferToOrder, ProcessKpi::CycleDays, ProcessKpi::Nps] {
        assert_eq!((of.measure(kpi).value, of.measure(kpi).suppressed), (None, Some(Missing::NothingToJudge)));
    }
    let json: serde_json::Value = serde_json::from_str(&found.to_json(Lang::En).expect("JSON")).expect("valid");
    assert_eq!(json["managers"][0]["measures"][13]["reason"], "nothing in this window to judge");
    assert!(json["managers"][0]["measures"][13]["value"].is_null());
}

#[test]
fn contacts_cover_accounts_by_class() {
    let company = company();
    let contacts = |code: u32, by: u32, count: u64| Contacts {
        account: account(&company, code),
        manager: manager(&company, by),
        date: None,
        count,
    };
    // Account 1 is contacted by the colleague; account 9 by nobody.
    let mut rows =
        vec![contacts(0, 0, 24), contacts(1, 1, 3), contacts(2, 0, 23), contacts(3, 0, 24), contacts(4, 0, 1)];
    rows.extend((5..9).map(|code| contacts(code, 1, 12)));
    let events = Events { contacts: rows, recorded: all_recorded(), ..Events::default() };
    let found = ask(&company, events, "2025");
    let [first, second] = found.managers.as_slice() else { panic!("two managers") };
    let covered = first.measure(ProcessKpi::Coverage);
    assert_eq!((covered.value, covered.cases, covered.n), (Some(1.0), Some(5), 5));
    let published = wilson(4, 5, Level::P95).expect("a share");
    assert_eq!(second.measure(ProcessKpi::Coverage).interval, Some(published.interval));
    // By sales of the year before 10, 9, 8 … of 55 in all: A up to and with the one that passes 80 %, which are 10+9+8+7+6+5 = 45.
    let sizes: Vec<u64> = found.total.classes.iter().map(|class| class.accounts).collect();
    assert_eq!(sizes, [6, 3, 1]);
    assert_eq!(found.total.classes.iter().map(|class| class.planned).collect::<Vec<_>>(), [24, 12, 6]);
    // Of manager 0's five A accounts two had the 24 contacts.
    let planned = first.measure(ProcessKpi::CoveragePlan);
    assert_eq!((planned.cases, planned.n), (Some(2), 5));
    // The manager's own contacts: 72 with 5 accounts in 12 months.
    assert_eq!(first.measure(ProcessKpi::Contacts).value, Some(72.0 / 60.0));
    let accounts = found.accounts_of(second);
    assert_eq!((Some(accounts[0].holding.id.clone()), accounts[0].contacts), (account(&company, 9), 0));
    // In a week no contact is planned for any class: nobody can have missed it.
    let week = Events { recorded: all_recorded(), ..Events::default() };
    let found = ask(&company, week, "2025-05-05..2025-05-11");
    assert_eq!(found.total.measure(ProcessKpi::CoveragePlan).suppressed, Some(Missing::NothingToJudge));
}

#[test]
fn accounts_that_are_shared_or_change_hands() {
    let company = company();
    let (one, other) = (manager(&company, 0), manager(&company, 1));
    let owned = |from: &str, to: &str, by: &[(&Option<String>, f64)]| Owned {
        first: day(from).epoch_days(),
        last: day(to).epoch_days(),
        by: by.iter().map(|(id, part)| ((*id).clone().expect("an id"), *part)).collect(),
    };
    let mut events = Events { recorded: all_recorded(), ..Events::default() };
    let shared = account(&company, 0).expect("an account");
    let moved = account(&company, 5).expect("an account");
    events.owners.insert(shared.clone(), vec![owned("2024-01-01", "2025-12-31", &[(&one, 0.4), (&other, 0.6)])]);
    events.owners.insert(
        moved.clone(),
        vec![owned("2024-01-01", "2025-05-20", &[(&other, 1.0)]), owned("2025-05-21", "2025-12-31", &[(&one, 1.0)])],
    );
    // Events that name no manager are the main owner's of their day.
    let mut late = said(&None, "nps", Some(9.0));
    (late.account, late.date) = (Some(moved.clone()), day("2025-05-25"));
    events.feedback = vec![Feedback { account: Some(shared.clone()), ..said(&None, "nps", Some(3.0)) }, late];
    let met = |account: &str, date: &str, count: u64| Contacts {
        account: Some(account.to_owned()),
        manager: None,
        date: Some(day(date)),
        count,
    };
    let usual = account(&company, 9).expect("an account");
    events.contacts = vec![
        met(&shared, "2025-05-05", 1),
        met(&moved, "2025-05-20", 2),
        met(&moved, "2025-05-21", 4),
        met(&usual, "2025-05-05", 8),
        met("unknown", "2025-05-05", 16),
    ];
    let answered = |account: &str, date: &str, hours: f64| Response {
        account: Some(account.to_owned()),
        manager: None,
        date: day(date),
        hours,
        count: 1,
    };
    events.responses = vec![answered(&moved, "2025-05-20", 3.0), answered(&moved, "2025-05-21", 5.0)];
    let found = ask(&company, events, "2025-05");
    let accounts = |place: usize| found.managers[place].measure(ProcessKpi::Coverage).n;
    // Manager 0: five, the shared one among them; account 5 only for 11 of 31 days. Manager 1: five and the shared one.
    assert_eq!((accounts(0), accounts(1), found.total.measure(ProcessKpi::Coverage).n), (5, 6, 10));
    let answers = |place: usize| found.managers[place].measure(ProcessKpi::Nps).n;
    assert_eq!((answers(0), answers(1)), (1, 1));
    let cases = |of: &ManagerProcess, kpi| of.measure(kpi).n;
    let [first, second] = found.managers.as_slice() else { panic!("two managers") };
    let contacts = [first, second, &found.total].map(|of| cases(of, ProcessKpi::Contacts));
    assert_eq!(contacts, [4, 1 + 2 + 8, 31]);
    let answers = [first, second, &found.total].map(|of| cases(of, ProcessKpi::ResponseHours));
    assert_eq!(answers, [1, 1, 2]);
}

#[test]
fn offers_are_followed_to_the_last_day() {
    let company = company();
    let own = manager(&company, 0);
    // One open offer: nothing is decided, and a share by a day rests on too few.
    let open = offer(1, &own, "2025-03-01", "", OfferState::Open);
    let events = Events { offers: vec![open.clone()], recorded: all_recorded(), ..Events::default() };
    let found = ask(&company, events, "2025");
    let of = &found.managers[0];
    assert_eq!(of.measure(ProcessKpi::OffersSent).value, Some(1.0));
    assert_eq!(of.measure(ProcessKpi::OfferToOrder).suppressed, Some(Missing::NothingToJudge));
    assert_eq!(of.measure(ProcessKpi::Won30).suppressed, Some(Missing::TooFew { needed: 10 }));
    assert_eq!(of.measure(ProcessKpi::CycleDays).suppressed, Some(Missing::NotReached));
    assert_eq!(of.funnel, Funnel { sent: 1, open: 1, ..Funnel::default() });

    // Ten offers: four won after 20 days, four lost after 10, two open for a long time. 1 − KM would call 1 − (1 − 4/6) = 2/3 won.
    let mut offers: Vec<Offer> = Vec::new();
    offers.extend((0..4).map(|id| offer(id, &own, "2025-03-01", "2025-03-21", OfferState::Won)));
    offers.extend((4..8).map(|id| offer(id, &own, "2025-03-01", "2025-03-11", OfferState::Lost)));
    offers.extend((8..10).map(|id| Offer { id: format!("P{id}"), ..open.clone() }));
    // Followed up: three in time, one late, the lost ones after 10 days never.
    offers.iter_mut().take(3).for_each(|offer| offer.followed_up = Some(day("2025-03-08")));
    offers[3].followed_up = Some(day("2025-03-09"));
    // Decided before its follow-up was due, and not due yet: neither was missed.
    offers.push(offer(20, &own, "2025-03-01", "2025-03-04", OfferState::Lost));
    offers.push(offer(21, &own, "2025-12-28", "", OfferState::Open));
    for place in [4, 5] {
        offers[place].reason = Some("harga".to_owned());
    }
    let events = Events { offers, recorded: all_recorded(), ..Events::default() };
    let found = ask(&company, events, "2025");
    let of = &found.managers[0];
    let close = |measure: &Measure, wanted: f64| {
        let value = measure.value.expect("a figure");
        assert!((value - wanted).abs() < 1e-12, "{}: {value} for {wanted}", measure.kpi.id);
        assert!(measure.interval.is_some_and(|interval| interval.low < value && value < interval.high));
    };
    close(of.measure(ProcessKpi::OfferToOrder), 4.0 / 9.0);
    // Twelve at first; the one of December is watched for 3 days, at which the first is lost while it still counts: 11/12 stay,
    // 7/11 of them after day 10, of whom 4 of 6 are won on day 20 … with 11 at risk on day 10 and 6 + 1 on day 20 less the censored.
    let (after_3, at_10, at_20) = (11.0 / 12.0, 10.0, 6.0);
    close(of.measure(ProcessKpi::Won30), after_3 * (1.0 - 4.0 / at_10) * 4.0 / at_20);
    close(of.measure(ProcessKpi::FollowUp), 3.0 / 10.0);
    assert_eq!(of.measure(ProcessKpi::CycleDays).value, Some(20.0));
    assert_eq!((of.reasons[0].state, of.reasons[0].count), (OfferState::Won, 4));
    assert!(of.reasons.iter().any(|row| row.reason.as_deref() == Some("harga") && row.count == 2));
    // A month after which nothing was watched says nothing of 30 days.
    let late: Vec<Offer> = (0..12).map(|id| offer(id, &own, "2025-12-20", "2025-12-25", OfferState::Won)).collect();
    let found = ask(&company, Events { offers: late, recorded: all_recorded(), ..Events::default() }, "2025-12");
    assert_eq!(found.total.measure(ProcessKpi::Won30).suppressed, Some(Missing::NotWatched { days: 30 }));
}

#[test]
fn what_accounts_say() {
    let company = company();
    let own = manager(&company, 0);
    let mut feedback: Vec<Feedback> = Vec::new();
    // METHODS §10: 10, 5 and 5 → .217 [−.117, .552].
    feedback.extend((0..10).map(|_| said(&own, "nps", Some(9.0))));
    feedback.extend((0..5).map(|_| said(&own, "nps", Some(8.0))));
    feedback.extend((0..5).map(|_| said(&own, "nps", Some(6.0))));
    feedback.extend([5.0, 4.0, 4.0, 3.0, 1.0].map(|score| said(&own, "csat", Some(score))));
    feedback.extend([5.0, 4.0, 3.0, 4.0, 4.0].map(|score| said(&own, "communication", Some(score))));
    // Five complaints of which one was resolved, after four days.
    feedback.extend((0..4).map(|_| said(&own, "complaint", None)));
    feedback.push(Feedback { is_resolved: true, resolved: Some(day("2025-05-09")), ..said(&own, "complaint", None) });
    let events = Events { feedback, recorded: all_recorded(), ..Events::default() };
    let found = ask(&company, events, "2025-05");
    let of = &found.managers[0];
    let nps = of.measure(ProcessKpi::Nps);
    let interval = nps.interval.expect("an interval");
    assert_eq!((nps.n, nps.format(Lang::En).as_str()), (20, "22"));
    assert!((interval.low + 11.7).abs() < 0.05 && (interval.high - 55.2).abs() < 0.05, "{interval:?}");
    assert_eq!((of.measure(ProcessKpi::Csat).value, of.measure(ProcessKpi::Csat).cases), (Some(0.6), Some(3)));
    assert_eq!(of.measure(ProcessKpi::Communication).value, Some(4.0));
    assert_eq!(of.measure(ProcessKpi::ComplaintsResolved).value, Some(0.2));
    assert_eq!(of.measure(ProcessKpi::ResolveDays).suppressed, Some(Missing::NotReached));
    // Five with five accounts in one month.
    assert_eq!(of.measure(ProcessKpi::Complaints).value, Some(100.0));
    assert_eq!(found.complaints_of(of).len(), 5);
}

#[test]
fn another_persons_name_changes_nothing() {
    let company = company();
    let own = manager(&company, 0);
    let events = |other: &str| {
        let other = Some(other.to_owned());
        let mut offers: Vec<Offer> =
            (0..6).map(|id| offer(id, &own, "2025-03-01", "2025-03-21", OfferState::Won)).collect();
        offers.extend((6..20).map(|id| offer(id, &other, "2025-03-01", "2025-04-21", OfferState::Lost)));
        let hours = |manager: &Option<String>, hours: f64| Response {
            account: None,
            manager: manager.clone(),
            date: day("2025-05-05"),
            hours,
            count: 6,
        };
        Events {
            offers,
            responses: vec![hours(&own, 3.0), hours(&other, 90.0)],
            recorded: all_recorded(),
            ..Events::default()
        }
    };
    let figures = |other: &str| {
        let found = ask(&company, events(other), "2025");
        found.managers.into_iter().find(|of| of.id == own).expect("the manager").measures
    };
    assert_eq!(figures("AAA"), figures("zzz"));
    let shown = figures("AAA");
    assert_eq!(shown[ProcessKpi::ResponseHours as usize].value, Some(3.0));
}

#[test]
fn ratings_count_in_their_window() {
    let company = company();
    let own = manager(&company, 0).expect("an id");
    let rating = |day_of: &str, score: u8| Rating {
        manager: own.clone(),
        day: day(day_of),
        criterion: CRITERIA[0].id.to_owned(),
        score,
    };
    let asked = |ratings: Vec<Rating>| {
        let period = Some("2025-05".parse().expect("a period"));
        process(&company, &Told(Events::default()), &Question { period, ratings, ..Question::default() })
            .expect("an answer")
    };
    let few = asked(vec![rating("2025-05-02", 4), rating("2025-05-03", 5), rating("2025-06-01", 1)]);
    assert_eq!(few.managers[0].measure(ProcessKpi::Rubric).suppressed, Some(Missing::TooFew { needed: 3 }));
    let found = asked(vec![rating("2025-05-02", 4), rating("2025-05-03", 5), rating("2025-05-31", 3)]);
    let measure = found.managers[0].measure(ProcessKpi::Rubric);
    let interval = measure.interval.expect("an interval");
    assert_eq!((measure.value, measure.n), (Some(4.0), 3));
    assert!(interval.low >= 1.0 && interval.high <= 5.0 && interval.low < 4.0 && 4.0 < interval.high);
    assert_eq!(found.managers[1].measure(ProcessKpi::Rubric).suppressed, Some(Missing::NothingToJudge));
    assert_eq!(found.total.measure(ProcessKpi::Rubric).value, Some(4.0));
}

/// A manager's own target holds in place of what holds for all: for that manager, for the days of its period, for nobody else.
#[test]
fn a_managers_own_target_replaces_the_promise() {
    let mut company = company()
        .target_of("response_hours", 0, "2025-Q3", 4)
        .target_of("coverage", 0, "2025-08", 1)
        .target_of("offers_sent", 0, "2025-07", 3)
        .target_of("offers_sent", 0, "2025-08", 5);
    let answers = |company: &Company, by: u32, hours: f64| Response {
        account: None,
        manager: manager(company, by),
        date: day("2025-08-05"),
        hours,
        count: 5,
    };
    let responses = vec![answers(&company, 0, 3.0), answers(&company, 0, 8.0), answers(&company, 1, 8.0)];
    let events = Events { responses, recorded: all_recorded(), ..Events::default() };
    let of = |company: &Company, period: &str| ask(company, events.clone(), period);
    let found = of(&company, "2025-08");
    let (own, other) = (&found.managers[0], &found.managers[1]);
    // Four hours for the one, a day for the other and for all together.
    let in_time = |of: &ManagerProcess| of.measure(ProcessKpi::ResponseInTime).clone();
    assert_eq!((in_time(own).value, in_time(own).promise), (Some(0.5), Some(4.0)));
    assert_eq!((in_time(other).value, in_time(other).promise), (Some(1.0), Some(24.0)));
    assert_eq!(in_time(&found.total).value, Some(1.0));
    assert_eq!(
        (own.measure(ProcessKpi::ResponseHours).target, other.measure(ProcessKpi::ResponseHours).target),
        (Some(4.0), None)
    );
    let coverage = own.measure(ProcessKpi::Coverage);
    assert_eq!((coverage.target, coverage.value, coverage.attained()), (Some(1.0), Some(0.0), Some(0.0)));
    // Counts are for exactly their days, and months add up; what holds for a quarter does not hold for a year.
    let offers = |found: &Process| found.managers[0].measure(ProcessKpi::OffersSent).target;
    assert_eq!(
        (offers(&found), offers(&of(&company, "2025-07..2025-08")), offers(&of(&company, "2025-Q3"))),
        (Some(5.0), Some(8.0), None)
    );
    assert_eq!(in_time(&of(&company, "2025").managers[0]).promise, Some(24.0));
    // A target for one account of the manager is none for the manager.
    company.targets.iter_mut().for_each(|target| target.account = Some(0));
    assert_eq!(in_time(&of(&company, "2025-08").managers[0]).promise, Some(24.0));
}
