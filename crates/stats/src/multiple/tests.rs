#![expect(clippy::needless_range_loop, reason = "two lists are read at one place")]

use proptest::prelude::*;

use super::*;

/// The fifteen p-values of the example in section 3.2 of Benjamini & Hochberg (1995).
const PAPER: [f64; 15] = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
];

#[test]
fn the_paper_rejects_four_where_bonferroni_rejects_three() {
    let discoveries = benjamini_hochberg(&PAPER, ErrorRate::P05).expect("valid");
    assert_eq!(discoveries.count(), 4);
    assert_eq!(&discoveries.rejected[..5], &[true, true, true, true, false]);
    assert_eq!(bonferroni(&PAPER, ErrorRate::P05).expect("valid").count(), 3);
    // 0.0095 · 15 / 4
    assert!((discoveries.adjusted[3] - 0.035_625).abs() < 1e-12);
}

#[test]
fn a_p_value_beyond_its_range_is_named() {
    let error = benjamini_hochberg(&[0.5, 1.5], ErrorRate::P05).expect_err("refused");
    assert_eq!(error.to_string(), "p-value 1 is 1.5, outside 0 to 1");
    assert_eq!(
        bonferroni(&[f64::NAN], ErrorRate::P05).expect_err("refused"),
        Error::NotFinite { what: "p-value", index: 0 }
    );
    assert_eq!(benjamini_hochberg(&[], ErrorRate::P05).expect("valid").count(), 0);
}

proptest! {
    #[test]
    fn rejections_follow_the_step_up_rule_and_the_order_given(
        mut p_values in prop::collection::vec(0.0..=1.0_f64, 0..40), rate in 0.001..0.999_f64
    ) {
        let rate = ErrorRate::new(rate).expect("valid");
        let judged = benjamini_hochberg(&p_values, rate).expect("valid");
        let strict = bonferroni(&p_values, rate).expect("valid");
        for at in 0..p_values.len() {
            prop_assert!(judged.adjusted[at] >= p_values[at] - 1e-15 && judged.adjusted[at] <= 1.0);
            prop_assert!(judged.rejected[at] || !strict.rejected[at]);
        }
        let count = judged.count();
        p_values.sort_by(f64::total_cmp);
        let by_definition = (1..=p_values.len())
            .rev()
            .find(|&rank| p_values[rank - 1] * p_values.len() as f64 / rank as f64 <= rate.share())
            .unwrap_or(0);
        prop_assert_eq!(count, by_definition);
    }
}
