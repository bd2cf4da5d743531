//! Records of actions made by hand.

use takar_stats::Interval;

use super::*;

fn entry(action: i64, (kind, segment, effect): (ActionKind, &str, f64), verdict: Verdict) -> Entry {
    let interval = Interval { low: effect - 0.05, high: effect + 0.05, level: Level::P90 };
    Entry {
        action,
        title: format!("Tindakan {action}"),
        kind,
        segment: Some(segment.to_owned()),
        manager: "S1".to_owned(),
        manager_name: Some("Sari".to_owned()),
        origin: Origin::Opportunity,
        origin_key: format!("cross_sell:P{action}"),
        kpi: "net_sales".to_owned(),
        expected: 0.1,
        measured: Some(Estimate { value: effect, interval, n: 20 }),
        verdict: Some(verdict),
        state: "measured".to_owned(),
        ended: "2025-10-01".to_owned(),
    }
}

#[test]
fn failures_are_kept_and_small_numbers_are_drawn_in() {
    let often = (0..11).map(|i| {
        let (effect, verdict) = if i < 7 { (0.06, Verdict::Worked) } else { (0.0, Verdict::DidNotWork) };
        entry(i, (ActionKind::Relationship, "Ritel", effect), verdict)
    });
    let once = entry(20, (ActionKind::Training, "Grosir", 0.30), Verdict::Worked);
    let mut untold = entry(21, (ActionKind::Training, "Grosir", 0.0), Verdict::Worked);
    (untold.measured, untold.verdict, untold.state) = (None, None, "stopped".to_owned());
    let entries: Vec<Entry> = often.chain([once, untold]).collect();

    let records = Records::of(&entries);
    let visits = records.action(ActionKind::Relationship).expect("a record");
    assert_eq!((visits.worked, visits.tried, visits.did_not), (7, 11, 4));
    let words = record_words(visits, Lang::En);
    assert!(words.starts_with("worked 7 of 11 times, median +6"), "{words}");
    let training = records.action(ActionKind::Training).expect("a record");
    assert_eq!(training.tried, 1, "what was not measured is not counted");
    assert!(training.effect.value < 0.30 && training.chance.value < 0.9, "{training:?}");
    assert_eq!(records.opportunity("cross_sell").expect("a record").tried, 12);
    assert_eq!(Records::of(&[]), Records::default());

    let ledger = |which: Which| Ledger::of(&entries, &which, Lang::En);
    let all = ledger(Which::default());
    assert_eq!(all.entries.len(), 13, "failures and what was stopped are kept");
    assert_eq!(all.groups.len(), 4, "two kinds, and each in its segment");
    let found = ledger(Which { search: Some("tindakan 20".to_owned()), ..Which::default() });
    assert_eq!((found.entries.len(), found.entries[0].verdict_label), (1, "worked"));
    let kind =
        ledger(Which { kind: Some(ActionKind::Training), segment: Some("Grosir".to_owned()), ..Which::default() });
    assert_eq!((kind.entries.len(), kind.groups.len()), (2, 1));
}

#[test]
fn nothing_falls_by_more_than_all_of_it() {
    let wild = [-0.9, 0.8, -0.7, 0.6].into_iter().enumerate().map(|(i, effect)| {
        let mut one = entry(i as i64, (ActionKind::Price, "Ritel", effect), Verdict::NotEnoughEvidence);
        let interval = Interval { low: effect - 0.9, high: effect + 0.9, level: Level::P90 };
        one.measured = Some(Estimate { value: effect, interval, n: 20 });
        one
    });
    let records = Records::of(&wild.collect::<Vec<_>>());
    let record = records.action(ActionKind::Price).expect("a record");
    assert!(record.next.low >= -1.0 && record.effect.interval.low >= -1.0 && record.next.high > 0.0, "{record:?}");
}
