use proptest::prelude::*;

use super::*;

/// Yield of dyestuff by batch: Davies (1947), *Statistical Methods in Research and Production*, table 6.3.
const DYESTUFF: [[f64; 5]; 6] = [
    [1545.0, 1440.0, 1440.0, 1520.0, 1580.0],
    [1540.0, 1555.0, 1490.0, 1560.0, 1495.0],
    [1595.0, 1550.0, 1605.0, 1510.0, 1560.0],
    [1445.0, 1440.0, 1595.0, 1465.0, 1545.0],
    [1595.0, 1630.0, 1515.0, 1635.0, 1625.0],
    [1520.0, 1455.0, 1450.0, 1480.0, 1445.0],
];

#[test]
fn dyestuff_as_published() {
    let y: Vec<f64> = DYESTUFF.iter().flatten().copied().collect();
    let group: Vec<usize> = (0..30).map(|place| place / 5).collect();
    let model = mixed(&y, &[], &group, 6, Level::P95).expect("a fit");
    assert!((model.between - 1764.05).abs() < 0.005, "{}", model.between);
    assert!((model.residual - 2451.25).abs() < 0.005, "{}", model.residual);
    assert!((model.intercept.value - 1527.5).abs() < 1e-9);
    let published = [-17.607, 0.391, 28.562, -23.085, 56.733, -44.995];
    for (effect, published) in model.groups.iter().zip(published) {
        assert!((effect.value - published).abs() < 5e-4, "{effect:?} {published}");
    }
}

/// With a covariate and groups of unequal size, against the textbook equations solved outright: V as a full matrix.
#[test]
fn unequal_groups_against_the_full_matrix() {
    let group = [0, 0, 0, 1, 1, 2, 2, 2, 2, 3];
    let x: Vec<f64> = vec![1.0, 2.0, 4.0, 0.5, 3.0, 2.5, 1.0, 0.0, 5.0, 2.0];
    let y = [3.1, 4.2, 5.0, 6.9, 9.8, 2.2, 1.9, 0.2, 5.6, 4.0];
    let model = mixed(&y, std::slice::from_ref(&x), &group, 4, Level::P95).expect("a fit");
    let restricted = |between: f64, residual: f64| {
        let n = y.len();
        let v: Vec<Vec<f64>> = (0..n)
            .map(|i| {
                (0..n)
                    .map(|j| {
                        f64::from(u8::from(i == j)) * residual + f64::from(u8::from(group[i] == group[j])) * between
                    })
                    .collect()
            })
            .collect();
        let columns = [vec![1.0; n], x.clone()];
        let (log_v, inverse) = inverted(v);
        let times = |vector: &[f64]| -> Vec<f64> {
            inverse.iter().map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum()).collect()
        };
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let gram: Vec<Vec<f64>> =
            columns.iter().map(|one| columns.iter().map(|other| dot(one, &times(other))).collect()).collect();
        let moment: Vec<f64> = columns.iter().map(|one| dot(one, &times(&y))).collect();
        let (log_gram, inverse_gram) = inverted(gram);
        let beta: Vec<f64> = inverse_gram.iter().map(|row| dot(row, &moment)).collect();
        let left: Vec<f64> = (0..n).map(|i| y[i] - beta[0] - beta[1] * x[i]).collect();
        (log_v + log_gram + dot(&left, &times(&left)), beta)
    };
    let (best, beta) = restricted(model.between, model.residual);
    assert!((beta[1] - model.influences[0].expect("a slope").value).abs() < 1e-8);
    for (between, residual) in [(1.01, 1.0), (0.99, 1.0), (1.0, 1.01), (1.0, 0.99)] {
        assert!(restricted(model.between * between, model.residual * residual).0 > best - 1e-9);
    }
}

/// log |M| and M⁻¹, by Gauss and Jordan.
fn inverted(mut m: Vec<Vec<f64>>) -> (f64, Vec<Vec<f64>>) {
    let n = m.len();
    let mut inverse: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    let mut log = 0.0;
    for i in 0..n {
        let pivot = m[i][i];
        log += pivot.ln();
        for j in 0..n {
            m[i][j] /= pivot;
            inverse[i][j] /= pivot;
        }
        for k in (0..n).filter(|&k| k != i) {
            let factor = m[k][i];
            for j in 0..n {
                m[k][j] -= factor * m[i][j];
                inverse[k][j] -= factor * inverse[i][j];
            }
        }
    }
    (log, inverse)
}

#[test]
fn unusable_input_is_refused() {
    let fit = |y: &[f64], group: &[usize]| mixed(y, &[], group, 2, Level::P95);
    assert!(matches!(fit(&[1.0, 2.0, 3.0], &[0, 0, 0]), Err(Error::NotEnough { what: "groups", .. })));
    assert!(matches!(fit(&[1.0, 2.0], &[0, 1]), Err(Error::NotEnough { what: "observations", .. })));
    assert!(matches!(fit(&[1.0; 4], &[0, 0, 1, 1]), Err(Error::Constant { .. })));
    assert!(matches!(fit(&[1.0, f64::NAN, 2.0, 3.0], &[0, 0, 1, 1]), Err(Error::NotFinite { .. })));
    assert!(matches!(fit(&[1.0, 2.0, 3.0, 5.0], &[0, 0, 1, 2]), Err(Error::OutOfRange { .. })));
    assert!(matches!(fit(&[1.0, 2.0, 3.0], &[0, 0]), Err(Error::Unequal { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A column that repeats others gets no coefficient and changes nothing; units of influences do not matter.
    #[test]
    fn aliased_columns_and_units_do_not_matter(
        rows in prop::collection::vec((-5.0..5.0_f64, -3.0..3.0_f64, 0..4_usize), 12..40), unit in 1e-4..1e6_f64,
    ) {
        let y: Vec<f64> = rows.iter().map(|row| row.0 + row.2 as f64).collect();
        let x: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let group: Vec<usize> = rows.iter().map(|row| row.2).collect();
        prop_assume!(group.iter().any(|one| *one != group[0]));
        let plain = mixed(&y, std::slice::from_ref(&x), &group, 5, Level::P95).expect("a fit");
        let scaled: Vec<f64> = x.iter().map(|x| x * unit).collect();
        let other = mixed(&y, &[scaled.clone(), scaled], &group, 5, Level::P95).expect("a fit");
        prop_assert!(other.influences[1].is_none());
        let slope = |model: &Mixed| model.influences[0].expect("a slope").value;
        prop_assert!((slope(&plain) - slope(&other) * unit).abs() < 1e-6 * (1.0 + slope(&plain).abs()));
        prop_assert!((plain.between - other.between).abs() < 1e-4 * (1.0 + plain.between));
        prop_assert_eq!(plain.groups[4].n, 0);
        prop_assert!(plain.groups.iter().all(|group| group.value.is_finite() && group.error >= 0.0));
    }
}
