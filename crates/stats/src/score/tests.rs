use proptest::prelude::*;

use super::*;
use crate::{
    Error, Level,
    standing::{Draws, Measured},
};

fn score(card: &Scorecard, values: &[Option<f64>]) -> Option<Score> {
    match card.score(values).expect("usable values") {
        Scored::Score(score) => Some(score),
        Scored::TooLittleKnown(_) => None,
    }
}

/// A card as a sales head may make it: ends of any unit, either direction, any weights.
fn any_kpis() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    let end = || prop_oneof![Just(0.0), -1e3..1e3_f64, 0.0..1e10_f64];
    prop::collection::vec((end(), end(), 0.01..100.0_f64).prop_filter("two ends", |(none, full, _)| none != full), 1..7)
}

fn card(kpis: &[(f64, f64, f64)], aggregation: Aggregation, least: f64) -> Scorecard {
    let kpis: Vec<_> =
        kpis.iter().map(|&(none, full, weight)| (Yardstick::new(none, full).expect("two ends"), weight)).collect();
    Scorecard::new(&kpis, aggregation, least).expect("a card")
}

fn either() -> impl Strategy<Value = Aggregation> {
    prop_oneof![Just(Aggregation::Arithmetic), Just(Aggregation::Geometric)]
}

proptest! {
    /// Better in one KPI and no worse in the others never lowers the score; every point has its KPI.
    #[test]
    fn monotone_dominant_and_attributable(
        kpis in any_kpis(),
        shares in prop::collection::vec((-0.5..1.5_f64, 0.0..1.0_f64, any::<bool>()), 7),
        aggregation in either(),
    ) {
        let card = card(&kpis, aggregation, 0.0);
        let at = |better: bool| -> Vec<Option<f64>> {
            kpis.iter().zip(&shares).map(|(&(none, full, _), &(share, more, known))| {
                known.then_some(none + (share + if better { more } else { 0.0 }) * (full - none))
            }).collect()
        };
        let (worse, better) = (score(&card, &at(false)), score(&card, &at(true)));
        prop_assert_eq!(worse.is_some(), shares[..kpis.len()].iter().any(|(.., known)| *known));
        if let (Some(worse), Some(better)) = (worse, better) {
            prop_assert!(worse.score <= better.score + 1e-9, "{} {}", worse.score, better.score);
            prop_assert!((0.0..=100.0).contains(&worse.score));
            let sum = |part: fn(&Part) -> f64| worse.parts.iter().flatten().map(part).sum::<f64>();
            prop_assert!((sum(|part| part.gained) - worse.score).abs() < 1e-9);
            prop_assert!((sum(|part| part.lost) - (100.0 - worse.score)).abs() < 1e-9);
            prop_assert!((sum(|part| part.weight) - 1.0).abs() < 1e-9);
            if aggregation == Aggregation::Arithmetic {
                prop_assert!(worse.parts.iter().flatten().all(|part| (part.gained - part.weight * part.points).abs() < 1e-9));
            }
        }
    }

    /// Rupiah or millions, hours or minutes: the score is the same. So it is where all weights are doubled.
    #[test]
    fn units_do_not_matter(kpis in any_kpis(), shares in prop::collection::vec(-0.5..1.5_f64, 7), units in prop::collection::vec(1e-6..1e6_f64, 7), aggregation in either()) {
        let other: Vec<_> = kpis.iter().zip(&units).map(|(&(none, full, weight), unit)| (none * unit, full * unit, 2.0 * weight)).collect();
        let values: Vec<Option<f64>> = kpis.iter().zip(&shares).map(|(&(none, full, _), share)| Some(none + share * (full - none))).collect();
        let scaled: Vec<Option<f64>> = values.iter().zip(&units).map(|(value, unit)| value.map(|value| value * unit)).collect();
        let one = score(&card(&kpis, aggregation, 1.0), &values).expect("all known");
        let same = score(&card(&other, aggregation, 1.0), &scaled).expect("all known");
        prop_assert!((one.score - same.score).abs() < 1e-6, "{} {}", one.score, same.score);
    }

    #[test]
    fn too_little_known_is_no_score(kpis in any_kpis(), known in prop::collection::vec(any::<bool>(), 7), least in 0.0..=1.0_f64) {
        let values: Vec<Option<f64>> = kpis.iter().zip(&known).map(|(&(none, ..), known)| known.then_some(none)).collect();
        let weight = |all: bool| kpis.iter().zip(&known).filter(|(_, known)| all || **known).map(|((.., weight), _)| weight).sum::<f64>();
        let share = weight(false) / weight(true);
        prop_assume!((share - least).abs() > 1e-9);
        prop_assert_eq!(score(&card(&kpis, Aggregation::Arithmetic, least), &values).is_some(), share > least);
    }

    #[test]
    fn yardsticks_answer_or_refuse(peers in prop::collection::vec(prop_oneof![Just(1.0), any::<f64>(), -10.0..10.0_f64], 0..30), cut in -0.1..0.6_f64, value in any::<f64>(), lower in any::<bool>()) {
        let direction = if lower { Direction::Lower } else { Direction::Higher };
        if let Ok(yardstick) = Yardstick::of_peers(&peers, direction, cut) {
            prop_assert!((0.0..=100.0).contains(&yardstick.points(value)));
        }
    }
}

/// Whoever is better in everything is first by any weights; with chance in the KPIs the range widens.
#[test]
fn ranges_of_ranks() {
    let card = card(&[(0.0, 10.0, 3.0), (0.0, 10.0, 1.0), (10.0, 0.0, 1.0)], Aggregation::Geometric, 0.5);
    let member = |values: [f64; 3], error: f64| values.map(|value| Some(Measured { value, error }));
    let spread = Spread::new(0.5).expect("a spread");
    let ranges = |error: f64| {
        let members = [
            member([8.0, 8.0, 2.0], error),
            member([7.0, 2.0, 3.0], error),
            member([2.0, 7.0, 3.0], error),
            [None, Some(Measured { value: 9.0, error }), None],
        ];
        score_ranges(&card, &members, spread, Level::P90, Draws::usual(3)).expect("ranges")
    };
    let exact: Vec<_> = ranges(0.0).iter().map(|one| one.map(|one| (one.best, one.worst))).collect();
    assert_eq!(exact, [Some((1, 1)), Some((2, 2)), Some((3, 3)), None]);
    let uncertain = ranges(4.0);
    assert!(uncertain[0].is_some_and(|one| one.worst == 3 && one.top_quarter > 0.5), "{uncertain:?}");
    assert_eq!(uncertain, ranges(4.0));
}

#[test]
fn unusable_cards_and_values_are_refused() {
    let yardstick = Yardstick::new(0.0, 1.0).expect("two ends");
    for weight in [0.0, -1.0, f64::NAN] {
        assert!(Scorecard::new(&[(yardstick, weight)], Aggregation::Arithmetic, 0.5).is_err());
    }
    assert!(matches!(Scorecard::new(&[], Aggregation::Arithmetic, 0.5), Err(Error::NotEnough { .. })));
    assert!(Scorecard::new(&[(yardstick, 1.0)], Aggregation::Arithmetic, 1.5).is_err());
    let card =
        Scorecard::new(&[(yardstick, f64::MAX), (yardstick, f64::MAX)], Aggregation::Arithmetic, 0.5).expect("a card");
    assert!(matches!(card.score(&[Some(1.0)]), Err(Error::Unequal { left: 2, right: 1, .. })));
    assert!(matches!(card.score(&[None, Some(f64::NAN)]), Err(Error::NotFinite { index: 1, .. })));
    assert_eq!(card.score(&[None, None]), Ok(Scored::TooLittleKnown(0.0)));
    assert!(matches!(Yardstick::new(3.0, 3.0), Err(Error::Constant { .. })));
    assert!(matches!(Yardstick::of_peers(&[3.0; 9], Direction::Lower, 0.05), Err(Error::Constant { .. })));
    let spread = Spread::new(0.2).expect("a spread");
    let ranges = |error| {
        score_ranges(&card, &[[Some(Measured { value: 1.0, error }); 2]; 3], spread, Level::P90, Draws::usual(1))
    };
    assert!(matches!(ranges(-1.0), Err(Error::OutOfRange { .. })));
    assert!(matches!(ranges(f64::NAN), Err(Error::NotFinite { .. })));
    assert!(Spread::new(f64::NAN).is_err());
}
