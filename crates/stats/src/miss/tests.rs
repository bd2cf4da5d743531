mod faults;

use proptest::prelude::*;

use super::*;
use crate::{Amount, Error, LIMIT};
use faults::{Case, PAPER_SINGLE_CELLS, PAPER_SMALL, QUICK, Recipe, Tally, draw};

/// Two dimensions of `rows` × `columns` values, each cell planned at 1,000 and reached at what `actual` says.
fn grid(rows: u32, columns: u32, actual: impl Fn(u32, u32) -> i128) -> Case {
    let cells = || (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    Case {
        columns: vec![cells().map(|cell| cell.0).collect(), cells().map(|cell| cell.1).collect()],
        actual: cells().map(|(row, column)| Amount(actual(row, column))).collect(),
        forecast: cells().map(|_| Amount(1_000)).collect(),
        causes: Vec::new(),
    }
}

fn named(miss: &Miss) -> Vec<Vec<(usize, u32)>> {
    let of_element =
        |element: &Element| element.attributes.iter().map(|attribute| (attribute.dimension, attribute.value)).collect();
    miss.elements.iter().map(of_element).collect()
}

/// Off by −2 to 2, by a fixed rule.
fn wobble(row: u32, column: u32) -> i128 {
    i128::from((row * 7 + column * 3) % 5) - 2
}

#[test]
fn one_value_of_one_dimension() {
    let why =
        grid(6, 8, |row, column| if row == 2 { 700 } else { 1_000 } + wobble(row, column)).explain(&Options::default());
    assert_eq!(named(&why), [[(0, 2)]]);
    let cause = &why.elements[0];
    assert_eq!(cause.contribution().0 + why.rest.contribution().0, why.gap().0);
    assert_eq!((cause.cells, why.rest.cells, why.n), (8, 40, 48));
    assert!(cause.stands_out && (cause.deviation + 0.3 / 1.7).abs() < 0.001 && cause.share > 0.95, "{cause:?}");
    assert_eq!((why.stop, why.rest.is_general), (Stop::Explained, false));
    assert_eq!((why.element_of(&[2, 5]), why.element_of(&[3, 5]), why.element_of(&[])), (Some(0), None, None));
}

#[test]
fn losses_and_the_gain_that_hides_them() {
    let why = grid(6, 8, |row, column| match (row, column) {
        (1, _) => 400,
        (_, 4) => 1_500,
        _ => 1_000,
    })
    .explain(&Options::default());
    assert_eq!(named(&why), [[(0, 1)], [(1, 4)]]);
    assert_eq!(why.gap(), Amount(-8 * 600 + 5 * 500));
    assert_eq!(why.elements[1].contribution(), Amount(5 * 500));
    assert!(why.elements[1].share < 0.0 && why.elements[0].share > 1.0);
    assert_eq!((why.explained, why.rest.contribution()), (Some(1.0), Amount(0)));
}

/// Where everything falls short alike there is no culprit; where one falls short of that too, it is named.
#[test]
fn a_general_miss_names_nobody() {
    let alike = grid(6, 8, |row, column| 900 + wobble(row, column)).explain(&Options::default());
    assert_eq!((alike.elements.len(), alike.rest.is_general), (0, true));
    assert_eq!((alike.rest.contribution(), alike.rest.share), (alike.gap(), Some(1.0)));
    assert_eq!((alike.stop, alike.explained), (Stop::Explained, Some(1.0)));

    let one_more = grid(6, 8, |row, column| if column == 3 { 500 } else { 900 } + wobble(row, column))
        .explain(&Options::default());
    assert_eq!((named(&one_more), one_more.rest.is_general), (vec![vec![(1, 3)]], true));
    assert!((one_more.rest.deviation + 0.1 / 1.9).abs() < 0.001);
}

/// An account lies in one region: its name says all, the region adds nothing.
#[test]
fn dependent_dimensions_are_named_once() {
    let case = Case {
        columns: vec![vec![0, 0, 0, 1, 1, 1], vec![10, 11, 12, 13, 14, 15]],
        actual: [100, 101, 99, 100, 0, 100].map(Amount).to_vec(),
        forecast: vec![Amount(100); 6],
        causes: Vec::new(),
    };
    assert_eq!(named(&case.explain(&Options::default())), [[(1, 14)]]);
}

#[test]
fn sales_nobody_planned_and_plans_nobody_met() {
    let case = Case {
        columns: vec![vec![1, 2, 3, 4]],
        actual: [0, 50, 30, 0].map(Amount).to_vec(),
        forecast: [500, 50, 0, 0].map(Amount).to_vec(),
        causes: Vec::new(),
    };
    let why = case.explain(&Options { enough: 1.0, ..Options::default() });
    assert_eq!(named(&why), [[(0, 1)], [(0, 3)]]);
    let deviations: Vec<f64> = why.elements.iter().map(|element| element.deviation).collect();
    assert_eq!(deviations, [-1.0, 1.0]);
}

#[test]
fn options_are_kept() {
    let case = grid(6, 8, |row, column| if (row + column) % 3 == 0 { 600 } else { 1_000 });
    let few = case.explain(&Options { enough: 1.0, most: 2, ..Options::default() });
    assert_eq!((few.elements.len(), few.stop), (2, Stop::Most));
    let none = case.explain(&Options { most: 0, ..Options::default() });
    assert_eq!((none.elements.len(), none.rest.contribution()), (0, none.gap()));
    let small = grid(6, 8, |row, column| {
        if row == 0 {
            500
        } else if (row, column) == (3, 3) {
            960
        } else {
            1_000
        }
    });
    let unworthy = small.explain(&Options { enough: 1.0, ..Options::default() });
    assert_eq!((named(&unworthy), unworthy.stop), (vec![vec![(0, 0)]], Stop::Alike));
    let worthy = small.explain(&Options { enough: 1.0, smallest: 0.005, ..Options::default() });
    assert_eq!(named(&worthy), [vec![(0, 0)], vec![(0, 3), (1, 3)]]);
}

#[test]
fn nothing_to_explain() {
    let met = grid(2, 2, |row, _| if row == 0 { 900 } else { 1_100 }).explain(&Options::default());
    assert_eq!((met.stop, met.explained, met.elements.len(), met.rest.share), (Stop::NoGap, None, 0, None));
    let empty = Table { dimensions: &[&[]], actual: &[], forecast: &[] };
    assert_eq!(explain(&empty, &Options::default()).expect("an answer").rest.cells, 0);
}

#[test]
fn unusable_tables_are_refused() {
    let one = [Amount(1)];
    let refused = |dimensions: &[&[u32]], actual: &[Amount], options: &Options| {
        explain(&Table { dimensions, actual, forecast: &one }, options).expect_err("unusable")
    };
    let usual = Options::default();
    assert!(matches!(refused(&[], &one, &usual), Error::NotEnough { needed: 1, got: 0, .. }));
    assert!(matches!(refused(&[&[1]], &[], &usual), Error::Unequal { left: 0, right: 1, .. }));
    assert!(matches!(refused(&[&[1, 2]], &one, &usual), Error::Unequal { left: 1, right: 2, .. }));
    assert!(matches!(refused(&[&[1][..]; 9], &one, &usual), Error::OutOfRange { .. }));
    assert!(matches!(refused(&[&[1]], &[Amount(LIMIT + 1)], &usual), Error::OutOfRange { what: "actual", .. }));
    for enough in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let options = Options { enough, ..usual };
        assert!(
            matches!(refused(&[&[1]], &one, &options), Error::OutOfRange { what: "enough", value, .. } if value.is_finite())
        );
    }
}

/// Name everything that stands out, however little of the gap it is.
const ALL_CAUSES: Options = Options { enough: 1.0, smallest: 0.005, most: 30, only_outstanding: true };

fn f1(recipe: &Recipe, seeds: std::ops::Range<u64>) -> (f64, Tally) {
    let mut tally = Tally::default();
    for seed in seeds {
        let case = draw(recipe, seed);
        tally.add(&case, &case.explain(&ALL_CAUSES));
    }
    (tally.f1(), tally)
}

/// METHODS §8 names .565 for RiskLoc. The seeds differ from those (0 to 59) the search was written with.
#[test]
fn finds_the_causes_of_generated_misses() {
    let (f1, tally) = f1(&QUICK, 1_000..1_060);
    assert!(f1 > 0.78, "F1 {f1:.3}: {tally:?}");
}

/// The sets of the paper at their full size; prints the figures.
#[test]
#[ignore = "takes a minute or two: cargo test --release -p takar-stats -- --ignored causes_of_the_paper --nocapture"]
fn finds_the_causes_of_the_paper() {
    for (name, recipe, least) in [("S", PAPER_SMALL, 0.8), ("L", PAPER_SINGLE_CELLS, 0.8)] {
        let (f1, tally) = f1(&recipe, 1_000..1_100);
        println!("{name}: F1 {f1:.3}, {tally:?}");
        assert!(f1 > least, "{name}: F1 {f1:.3}, {tally:?}");
    }
}

fn amount() -> impl Strategy<Value = i128> {
    prop_oneof![3 => Just(0), 6 => 0..1_000_i128, 1 => -300..0_i128, 1 => -LIMIT..=LIMIT]
}

proptest! {
    /// Exact, disjoint, in range, and the same for any order of rows.
    #[test]
    fn contributions_and_rest_are_the_gap(
        rows in prop::collection::vec((0..4_u32, 0..3_u32, 0..3_u32, amount(), amount()), 0..40),
        enough in 0.0..=1.0_f64,
        smallest in prop_oneof![Just(0.0), 0.0..0.2_f64],
        only_outstanding in any::<bool>(),
    ) {
        let case = |rows: &[(u32, u32, u32, i128, i128)]| Case {
            columns: vec![
                rows.iter().map(|row| row.0).collect(),
                rows.iter().map(|row| row.1).collect(),
                rows.iter().map(|row| row.2).collect(),
            ],
            actual: rows.iter().map(|row| Amount(row.3)).collect(),
            forecast: rows.iter().map(|row| Amount(row.4)).collect(),
            causes: Vec::new(),
        };
        let options = Options { enough, smallest, most: 7, only_outstanding };
        let why = case(&rows).explain(&options);

        prop_assert_eq!(why.gap().0, rows.iter().map(|row| row.3 - row.4).sum::<i128>());
        let mut contributions = vec![0; why.elements.len() + 1];
        let mut counts = vec![0; why.elements.len() + 1];
        for row in &rows {
            let place = why.element_of(&[row.0, row.1, row.2]).unwrap_or(why.elements.len());
            contributions[place] += row.3 - row.4;
            counts[place] += 1;
        }
        let rest = (why.rest.contribution().0, why.rest.cells);
        let elements = why.elements.iter().map(|element| (element.contribution().0, element.cells));
        prop_assert_eq!(
            elements.chain([rest]).collect::<Vec<_>>(),
            contributions.into_iter().zip(counts).collect::<Vec<_>>()
        );
        for element in &why.elements {
            prop_assert!((-1.0..=1.0).contains(&element.deviation) && element.share.is_finite());
            prop_assert!(element.excess.is_finite() && element.score.is_none_or(f64::is_finite));
            prop_assert!(element.stands_out || !only_outstanding);
        }
        prop_assert!(why.elements.len() <= 7 && why.explained.is_none_or(f64::is_finite));

        let reversed: Vec<_> = rows.iter().rev().copied().collect();
        prop_assert_eq!(case(&reversed).explain(&options), why);
    }
}
