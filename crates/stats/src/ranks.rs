//! Ranks of numbers.

/// Ranks from 1, equal numbers sharing their mean rank.
pub(crate) struct Ranks {
    /// The rank of each number, in the order given.
    pub values: Vec<f64>,
    /// Σ (t³ − t) over groups of t equal numbers.
    pub ties: f64,
}

pub(crate) fn ranks(numbers: &[f64]) -> Ranks {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|one, other| numbers[*one].total_cmp(&numbers[*other]));
    let mut values = vec![0.0; numbers.len()];
    let (mut ties, mut before) = (0.0, 0);
    for equal in order.chunk_by(|one, other| numbers[*one] == numbers[*other]) {
        let count = equal.len() as f64;
        let rank = before as f64 + (count + 1.0) / 2.0;
        equal.iter().for_each(|place| values[*place] = rank);
        ties += count * count * count - count;
        before += equal.len();
    }
    Ranks { values, ties }
}
