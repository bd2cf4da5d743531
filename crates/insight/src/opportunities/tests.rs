use std::{collections::BTreeMap, sync::Arc};

use takar_model::{Day, Lang, ManagerId, Money, Period};
use takar_stats::{Estimate, Interval, Level, learning};

use super::*;
use crate::{
    fixtures::{Company, Line},
    metrics::{Cells, Grain, MarketSize, Names, OrderDays, Reach, SourceError, Target},
    stock::Told,
};

/// A company with tables beside its lines.
struct World {
    company: Company,
    happenings: Happenings,
}

impl OpportunitySource for World {
    fn purchases(&self, year: Period, before: Period) -> Result<Purchases, SourceError> {
        Ok(self.company.purchases([year, before]))
    }

    fn happenings(&self, _: Period) -> Result<Happenings, SourceError> {
        Ok(self.happenings.clone())
    }
}

impl CellSource for World {
    fn cells(&self, range: Period, grain: Grain) -> Result<Arc<Cells>, SourceError> {
        self.company.cells(range, grain)
    }
    fn order_days(&self) -> Result<Arc<OrderDays>, SourceError> {
        self.company.order_days()
    }
    fn extent(&self) -> Option<Period> {
        self.company.extent()
    }
    fn first_orders(&self) -> &[i32] {
        self.company.first_orders()
    }
    fn names(&self) -> &Names {
        self.company.names()
    }
    fn data_version(&self) -> u64 {
        1
    }
    fn targets(&self) -> &[Target] {
        &[]
    }
    fn market(&self) -> &[MarketSize] {
        &[]
    }
}

fn day(text: &str) -> Day {
    text.parse::<Period>().expect("a day").from()
}

fn rupiah(whole: i128) -> Money {
    Money::from_units(whole * 10_000)
}

/// 60 accounts over two years to the end of 2025, each ordering every 20 days or so through one of three managers: product 0 for a million (three
/// quarters of it cost), half of them product 1 too, which is what cross-sell is for; and, made to be found:
/// account 1 stopped in October 2025; account 2 went from every 4 to every 20 days in July 2025; account 3 has been gone since June 2024;
/// account 5 pays four fifths of the price; account 6 buys twenty times as much as others.
fn world() -> World {
    let start = day("2024-01-01");
    let mut lines = Vec::new();
    for account in 0..60_u32 {
        let mut at = (account as i32 * 7) % 20;
        while at < 731 {
            let date = start.plus_days(at);
            let is_gone = (account == 1 && date > day("2025-10-05")) || (account == 3 && date > day("2024-06-10"));
            if is_gone {
                break;
            }
            let many = if account == 6 { 20 } else { 1 };
            let price = if account == 5 { 800_000 } else { 1_000_000 };
            let mut sell = |product: u32, price: i64| {
                let mut line = Line::sale("2024-01-01", account, account % 3, price * many);
                (line.date, line.product, line.quantity) = (date, product, Some(many * 1_000_000));
                line.cost = Some(price * many * 7_500);
                lines.push(line);
            };
            sell(0, price);
            if account % 2 == 0 && account != 8 && account > 6 {
                sell(1, 500_000);
                sell(2, 250_000);
            }
            if account == 8 {
                sell(1, 500_000);
            }
            if account % 5 == 0 {
                sell(3 + account / 5 % 3, 100_000);
            }
            let is_often = account == 2 && date < day("2025-07-01");
            at += if is_often { 4 } else { 18 + (account as i32 + at) % 5 };
        }
    }
    // Two stores tell 73 days, partly the same; what was out before the year does not count.
    let out = |from: &str, until: &str| Told {
        product: "P2".to_owned(),
        branch: None,
        day: day(from),
        until: Some(day(until)),
        quantity: None,
        unit: None,
        is_out: true,
        days_out: None,
    };
    let stock = vec![out("2025-03-01", "2025-04-30"), out("2025-03-15", "2025-05-12"), out("2024-06-01", "2024-07-01")];
    let offer = |id: &str, account: &str, opened: &str, is_followed_up| OpenOffer {
        id: id.to_owned(),
        account: Some(account.to_owned()),
        account_name: None,
        manager: Some("1".to_owned()),
        opened: day(opened),
        is_followed_up,
        amount: Some(rupiah(40_000_000)),
    };
    let prospect = |id: &str, stage: Option<&str>| Prospect {
        id: id.to_owned(),
        name: Some(format!("Toko {id}")),
        manager: Some("2".to_owned()),
        stage: stage.map(str::to_owned),
        opened: Some(day("2025-11-01")),
        amount: (id != "L2").then(|| rupiah(100_000_000)),
        account: None,
    };
    let happenings = Happenings {
        prospects: Some(vec![
            prospect("L1", None),
            prospect("L2", None),
            prospect("L3", Some("Kalah")),
            prospect("L4", None),
        ]),
        offers: Some(Offers {
            open: vec![
                offer("O1", "A12", "2025-12-01", false),
                offer("O2", "A12", "2025-12-28", false),
                offer("O3", "A13", "2025-12-01", true),
            ],
            won: 30,
            lost: 10,
        }),
        stock: Some(stock),
        costs: Some(vec![Cost { account: "A10".to_owned(), amount: rupiah(50_000_000), hours: 10.0, rows: 4 }]),
        last_touch: [("L4".to_owned(), day("2025-11-10"))].into_iter().collect(),
        hour_cost: Some(10_000.0),
        contact_hours: Some(2.0),
    };
    World { company: Company::new(lines), happenings }
}

fn of_kind(found: &Found, kind: Kind) -> &[Finding] {
    let (_, told) = found.kinds.iter().find(|(known, _)| *known == kind).expect("every kind");
    told.as_deref().unwrap_or_default()
}

fn ids(found: &Found, kind: Kind) -> Vec<&str> {
    of_kind(found, kind).iter().filter_map(|one| Some(one.account.as_ref()?.id.as_str())).collect()
}

const QUESTION: Question = Question { follow_up_days: 7, hour_cost: None };

/// Accounts that bought nothing in the year are no chance that somebody else buys two things together.
#[test]
fn what_goes_together_is_told_by_those_who_buy() {
    let world = world();
    let lines = world.company.lines.clone();
    let long_ago = (60..160).map(|account| Line::sale("2024-02-01", account, 0, 1_000_000));
    let other = World { company: Company::new(lines.into_iter().chain(long_ago).collect()), ..self::world() };
    let cross = |world: &World| -> Vec<(String, Vec<Why>)> {
        let found = find(world, QUESTION).expect("found");
        of_kind(&found, Kind::CrossSell).iter().map(|one| (one.key(), one.why.clone())).collect()
    };
    assert!(!cross(&world).is_empty());
    assert_eq!(cross(&world), cross(&other));
}

#[test]
fn finds_what_was_made_to_be_found() {
    let world = world();
    let found = find(&world, QUESTION).expect("found");
    assert_eq!(found.measure, Measure::Margin);
    // Codes are from 0, ids from A1.
    assert_eq!(ids(&found, Kind::Overdue), ["A2"]);
    assert_eq!(ids(&found, Kind::Fading), ["A3"]);
    assert_eq!(ids(&found, Kind::WinBack), ["A4"]);
    assert_eq!(ids(&found, Kind::Price), ["A6"]);
    assert_eq!(ids(&found, Kind::Lead), ["L1", "L2"], "L3 is lost, L4 was contacted");
    let offers: Vec<String> = of_kind(&found, Kind::Offer).iter().map(Finding::key).collect();
    assert_eq!(offers, ["offer:A12:O1"], "O2 has time until its seventh day, O3 was followed up");
    // 40 million at a margin of a quarter.
    assert!((of_kind(&found, Kind::Offer)[0].amount - 10_000_000.0).abs() < 1e-6);

    // A6's price is 800,000 where the others' is a million: its gap is a fifth of what it would have paid.
    let price = &of_kind(&found, Kind::Price)[0];
    let bought: i64 = world
        .company
        .lines
        .iter()
        .filter(|line| line.account == 5 && line.product == 0 && line.date >= day("2025-01-01"))
        .map(|line| line.quantity.unwrap_or(0) / 1_000_000)
        .sum();
    assert!((price.amount - bought as f64 * 200_000.0).abs() < 1e-3, "{price:?}");

    // 73 of 365 days without: what 292 days brought, by 73/292 = a quarter, at a margin of a quarter.
    let stock = of_kind(&found, Kind::StockOut).iter().find(|one| one.account.as_ref().expect("one").id == "A9");
    let sold: i64 = world
        .company
        .lines
        .iter()
        .filter(|line| line.account == 8 && line.product == 1 && line.date >= day("2025-01-01"))
        .filter_map(|line| line.net)
        .sum();
    let lost = sold as f64 / 1e4 / 4.0 * 0.25;
    assert!((stock.expect("A9 buys P2").amount - lost).abs() < 1e-3);
    assert!(!Kind::StockOut.is_managers());

    // Those with product 1 buy product 2 with it, A9 does not.
    let cross: Vec<String> = of_kind(&found, Kind::CrossSell).iter().map(Finding::key).collect();
    assert_eq!(cross, ["cross_sell:A9:P3"]);
    // Served for 50 million and ten hours at 10,000.
    let cost = &of_kind(&found, Kind::Cost)[0];
    assert!(matches!(cost.why[0], Why::Costs { cost, .. } if cost == rupiah(50_100_000)), "{cost:?}");
    // A7 alone is more than a third of its manager's sales, and P1 of the company's.
    assert!(ids(&found, Kind::Concentration).contains(&"A7"));
    assert!(of_kind(&found, Kind::Concentration).iter().any(|one| one.key() == "concentration::P1"));
    for (kind, told) in &found.kinds {
        for finding in told.as_deref().unwrap_or_default() {
            for lang in [Lang::Id, Lang::En] {
                assert!(finding.why.iter().all(|why| !why.words(Some("IDR"), lang).is_empty()), "{kind:?}");
            }
        }
    }
}

#[test]
fn what_is_not_imported_is_said() {
    let mut world = world();
    world.happenings = Happenings::default();
    world.company.lines.iter_mut().for_each(|line| (line.cost, line.quantity) = (None, None));
    let found = find(&world, QUESTION).expect("found");
    assert_eq!(found.measure, Measure::Sales);
    for kind in [Kind::Lead, Kind::Offer, Kind::StockOut, Kind::Cost, Kind::Price] {
        let (_, told) = found.kinds.iter().find(|(known, _)| *known == kind).expect("every kind");
        assert!(told.as_ref().is_err_and(|why| why.en.contains("not looked at, because")), "{kind:?} {told:?}");
    }
    let all = weigh(&Arc::new(found), &Records::default(), &[], 1).expect("weighed");
    let told = all.shown(None, Asked { hours: 10.0, limit: 5, ..Asked::default() }).to_json(Lang::En);
    let offers = told["kinds"].as_array().expect("kinds").iter().find(|kind| kind["id"] == "offer").expect("there");
    assert!(
        offers["looked"] == false && offers["why_not"].as_str().is_some_and(|why| why.contains("takar import offers"))
    );
}

fn weighed(world: &World, records: &Records, dismissed: &[Dismissal]) -> Opportunities {
    weigh(&Arc::new(find(world, QUESTION).expect("found")), records, dismissed, 1).expect("weighed")
}

fn shown(all: &Opportunities) -> String {
    let asked = Asked { hours: 10.0, limit: 1_000, ..Asked::default() };
    format!("{}", all.shown(None, asked).to_json(Lang::En))
}

#[test]
fn the_same_data_give_the_same_list() {
    let first = shown(&weighed(&world(), &Records::default(), &[]));
    assert_eq!(first, shown(&weighed(&world(), &Records::default(), &[])));
    let mut shuffled = world();
    shuffled.company.lines.reverse();
    shuffled.happenings.prospects.iter_mut().for_each(|all| all.reverse());
    shuffled.happenings.offers.iter_mut().for_each(|all| all.open.reverse());
    assert_eq!(first, shown(&weighed(&shuffled, &Records::default(), &[])));
    // Under other ids the same accounts have the same worth.
    let worth = |world: &World, id: &dyn Fn(u32) -> String| -> Vec<(String, i64)> {
        let all = weighed(world, &Records::default(), &[]);
        let of = |code: u32| {
            let place = all.list.iter().find(|one| one.key == format!("wallet:{}", id(code)));
            place.map_or(0, |one| one.worth.value.round() as i64)
        };
        (0..60).map(|code| (code.to_string(), of(code))).collect()
    };
    let plain = world();
    let mut renamed = self::world();
    let names = (0..60).map(|code| format!("X{}", 99 - code)).collect();
    renamed.company.names.account = crate::metrics::Labels::from_ids(names);
    renamed.happenings = Happenings::default();
    let mut plain = plain;
    plain.happenings = Happenings::default();
    assert_eq!(worth(&plain, &|code| format!("A{}", code + 1)), worth(&renamed, &|code| format!("X{}", 99 - code)));
}

#[test]
fn an_account_counts_once_and_the_order_is_by_the_hour() {
    let all = weighed(&world(), &Records::default(), &[]);
    let per_hour: Vec<f64> = all.list.iter().map(Opportunity::per_hour).collect();
    assert!(per_hour.is_sorted_by(|one, other| one >= other), "{per_hour:?}");
    assert!(all.list.iter().all(|one| one.worth.interval.holds(one.worth.value) && one.hours > 0.0));
    let mut of: BTreeMap<&str, (usize, f64, f64)> = BTreeMap::new();
    for one in all.list.iter().filter(|one| one.finding.account.is_some()) {
        let account = one.finding.account.as_ref().expect("an account");
        let known = of.entry(&account.id).or_default();
        known.0 += usize::from(one.counted);
        known.1 = known.1.max(one.worth.value);
        known.2 += if one.counted { one.worth.value } else { 0.0 };
    }
    assert!(of.values().all(|(counted, most, sum)| *counted == 1 && most == sum), "{of:?}");
    // A9 has several: each names the others.
    let several: Vec<&Opportunity> =
        all.list.iter().filter(|one| one.finding.account.as_ref().is_some_and(|account| account.id == "A9")).collect();
    assert!(several.len() > 1 && several.iter().all(|one| one.others.len() == several.len()));

    let asked = Asked { hours: 10.0, limit: 1_000, ..Asked::default() };
    let seen = all.shown(None, asked.clone());
    let worth: f64 = of.values().map(|(.., sum)| sum).sum::<f64>()
        + all.list.iter().filter(|one| one.finding.account.is_none()).map(|one| one.worth.value).sum::<f64>();
    assert!((seen.worth.to_f64() - worth).abs() < 0.01);
    // Two hours a contact: at most five contacts in ten hours, each account once, none of stock.
    assert_eq!(seen.hours.len(), 3);
    for hours in &seen.hours {
        let chosen: Vec<&Opportunity> = hours.spent.chosen.iter().map(|place| &all.list[*place]).collect();
        assert!(
            hours.spent.hours <= 10.0 && !chosen.is_empty() && chosen.iter().all(|one| one.finding.kind.is_managers())
        );
        let mut accounts: Vec<_> =
            chosen.iter().map(|one| one.finding.account.as_ref().map(|account| &account.id)).collect();
        accounts.sort();
        assert!(accounts.windows(2).all(|two| two[0] != two[1]));
    }
    // Who sees one manager's line sees that manager's only.
    let reach = Reach::of([ManagerId::from("2")]);
    let own = all.shown(Some(&reach), asked);
    assert!(own.places.len() < seen.places.len() && !own.places.is_empty());
    assert!(own.places.iter().all(|place| all.list[*place].finding.manager.as_ref().is_some_and(|one| one.id == "2")));
    assert_eq!(own.hours.len(), 1);
    assert!(all.of_key(Some(&reach), "offer:A12:O1").is_none() && all.of_key(None, "offer:A12:O1").is_some());
}

fn dismissal(all: &Opportunities, key: &str, reason: Reason) -> Dismissal {
    let found = all.of_key(None, key).expect("there");
    Dismissal {
        key: key.to_owned(),
        kind: found.finding.kind,
        reason,
        amount: found.finding.amount,
        mark: found.finding.mark.clone(),
        day: all.found.today,
        note: None,
        by: "Siti".to_owned(),
    }
}

#[test]
fn dismissed_until_the_situation_changes() {
    let world = world();
    let all = weighed(&world, &Records::default(), &[]);
    let is_hidden = |dismissed: &Dismissal| {
        let all = weighed(&world, &Records::default(), std::slice::from_ref(dismissed));
        all.list.iter().any(|one| one.key == dismissed.key && one.dismissed.is_some())
    };
    let wrong = dismissal(&all, "overdue:A2", Reason::Wrong);
    assert!(is_hidden(&wrong));
    // It ordered since then; more is at stake.
    assert!(!is_hidden(&Dismissal { mark: "2025-09-01".to_owned(), ..wrong.clone() }));
    assert!(!is_hidden(&Dismissal { amount: wrong.amount / 1.6, ..wrong.clone() }));
    let later = Dismissal { reason: Reason::Later, ..wrong.clone() };
    assert!(is_hidden(&later) && !is_hidden(&Dismissal { day: later.day.plus_days(-30), ..later.clone() }));

    // One of the kind called wrong: 10/11 of the chance; what is done already says nothing.
    let chance = |dismissed: &[Dismissal]| {
        let all = weighed(&world, &Records::default(), dismissed);
        all.weights
            .iter()
            .find(|weight| weight.kind == Kind::Overdue)
            .map(|weight| (weight.lowered, weight.chance.value))
    };
    let (_, before) = chance(&[]).expect("a kind");
    let (lowered, after) = chance(std::slice::from_ref(&wrong)).expect("a kind");
    assert!((lowered - 10.0 / 11.0).abs() < 1e-12 && (after - before * 10.0 / 11.0).abs() < 1e-9);
    assert_eq!(chance(&[Dismissal { reason: Reason::Done, ..wrong.clone() }]).expect("a kind").0, 1.0);
    let all = weighed(&world, &Records::default(), &[wrong]);
    let seen = all.shown(None, Asked { limit: 3, hours: 10.0, ..Asked::default() });
    assert!(seen.table(Lang::En).contains("lowered to") && seen.dismissed == 1);
}

#[test]
fn the_own_record_moves_the_chance() {
    let world = world();
    let interval = Interval { low: 0.0, high: 1.0, level: Level::P80 };
    let estimate = Estimate { value: 0.5, interval, n: 12 };
    let record = learning::Record {
        tried: 12,
        worked: 9,
        did_not: 3,
        untold: 0,
        chance: estimate,
        median: None,
        effect: estimate,
        next: interval,
    };
    let mut records = Records::default();
    records.add(Kind::Fading, &record);
    let worth = |records: &Records| {
        let all = weighed(&world, records, &[]);
        all.of_key(None, "fading:A3").map(|one| one.worth.value).expect("there")
    };
    // (0.25 · 8 + 9)/(8 + 12) = 0.55 instead of 0.25; both less the cost of two contacts of two hours.
    let cost = 40_000.0;
    let ratio = (worth(&records) + cost) / (worth(&Records::default()) + cost);
    assert!((ratio - 0.55 / 0.25).abs() < 1e-9, "{ratio}");
    // Offers bring their own: 30 of 40 won, (0.3 · 8 + 30)/(8 + 40).
    let all = weighed(&world, &Records::default(), &[]);
    let offers = all.weights.iter().find(|weight| weight.kind == Kind::Offer).expect("a kind");
    assert!((offers.chance.value - 32.4 / 48.0).abs() < 1e-9 && offers.record == (30, 40));
}
