//! Ranks counted over draws.

use rand::RngExt;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::{Draws, Standing};
use crate::{Level, Result, error::at_least, ranks::ranks};

/// Draws that one worker makes at a time.
const BLOCK: usize = 256;

/// The standings of `values` when each draw fills in values anew; they must be finite.
pub(crate) fn standings(
    values: &[f64],
    level: Level,
    draws: Draws,
    draw: impl Fn(&mut Pcg64Mcg, &mut Vec<f64>) + Sync,
) -> Result<Vec<Standing>> {
    let n = values.len();
    at_least("a range of ranks", "values", 2, n)?;
    draws.check(level)?;
    let blocks: Vec<usize> = (0..draws.count.div_ceil(BLOCK)).collect();
    // By value, how often it had each rank. Workers add to one table each: there are few workers, and n² may be large.
    let workers = rayon::current_num_threads().clamp(1, blocks.len());
    let tables: Vec<Vec<u32>> = blocks
        .par_chunks(blocks.len().div_ceil(workers))
        .map(|blocks| {
            let mut table = vec![0_u32; n * n];
            let (mut drawn, mut order) = (Vec::with_capacity(n), Vec::with_capacity(n));
            for at in blocks.iter().flat_map(|block| block * BLOCK..((block + 1) * BLOCK).min(draws.count)) {
                let mut random = draws.stream(at);
                drawn.clear();
                draw(&mut random, &mut drawn);
                order.clear();
                order.extend(drawn.iter().enumerate().map(|(place, value)| (*value, random.random::<u32>(), place)));
                order.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
                order.iter().enumerate().for_each(|(rank, &(.., place))| table[place * n + rank] += 1);
            }
            table
        })
        .collect();
    let of_values = ranks(&values.iter().map(|value| -value).collect::<Vec<_>>()).values;
    let quarter = n.div_ceil(4);
    let standing = |place: usize| {
        let counts: Vec<u64> =
            (0..n).map(|rank| tables.iter().map(|table| u64::from(table[place * n + rank])).sum()).collect();
        let total = draws.count as f64;
        let quantile = |share: f64| {
            let mut passed = 0;
            let found = counts.iter().position(|count| {
                passed += count;
                passed as f64 >= share * total
            });
            found.unwrap_or(n - 1) + 1
        };
        Standing {
            rank: of_values[place],
            median: quantile(0.5),
            // Rounding must not ask for less than the smallest or more than the largest.
            best: quantile(level.tail().max(f64::MIN_POSITIVE)),
            worst: quantile(1.0 - level.tail()),
            level,
            top_quarter: counts[..quarter].iter().sum::<u64>() as f64 / total,
            n,
        }
    };
    Ok((0..n).map(standing).collect())
}
