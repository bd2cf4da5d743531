//! How much single cells scatter around the general level, by their size.

/// The variance of every cell's deviation from what it was to reach, given `excess` and `weight` of all cells.
///
/// Cells are put into groups of like weight, because small cells scatter relatively more. In each group the spread of
/// excess / weight is 1.4826 times the median magnitude, which a minority of abnormal cells does not move.
pub(super) fn variances(excess: &[f64], weight: &[f64]) -> Vec<f64> {
    let mut by_weight: Vec<u32> = (0..weight.len() as u32).filter(|cell| weight[*cell as usize] > 0.0).collect();
    by_weight.sort_unstable_by(|left, right| weight[*left as usize].total_cmp(&weight[*right as usize]));
    let mut variances = vec![0.0; weight.len()];
    let group = (by_weight.len() / GROUPS).max(SMALLEST_GROUP);
    let mut magnitudes = Vec::with_capacity(group);
    for cells in by_weight.chunks(group) {
        magnitudes.clear();
        magnitudes.extend(cells.iter().map(|cell| (excess[*cell as usize] / weight[*cell as usize]).abs()));
        let middle = magnitudes.len() / 2;
        let (_, median, _) = magnitudes.select_nth_unstable_by(middle, f64::total_cmp);
        let spread = CONSISTENT_WITH_NORMAL * *median;
        for cell in cells {
            variances[*cell as usize] = (spread * weight[*cell as usize]).powi(2);
        }
    }
    variances
}

const GROUPS: usize = 20;
const SMALLEST_GROUP: usize = 50;
/// 1 / Φ⁻¹(3/4): makes the median of magnitudes a standard deviation, for normal scatter.
const CONSISTENT_WITH_NORMAL: f64 = 1.482_602_218_505_602;
