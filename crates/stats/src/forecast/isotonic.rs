//! A rising function through points that may not rise: pooled adjacent violators.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    error::{at_least, finite},
};

/// A function that never falls: straight between its knots, level beyond them.
///
/// ```
/// use takar_stats::forecast::isotonic;
/// let rising = isotonic(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0])?;
/// assert_eq!(rising.at(2.5), 2.5);
/// assert_eq!((rising.at(0.0), rising.at(9.0)), (1.0, 4.0));
/// # Ok::<(), takar_stats::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Isotonic {
    knots: Vec<(f64, f64)>,
}

impl Isotonic {
    /// The function's value.
    pub fn at(&self, x: f64) -> f64 {
        let right = self.knots.partition_point(|(knot, _)| *knot < x);
        match (right.checked_sub(1).map(|left| self.knots[left]), self.knots.get(right)) {
            (None, Some((_, y))) => *y,
            (Some((_, y)), None) => y,
            (Some((x0, y0)), Some((x1, y1))) if *x1 > x0 => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
            (_, Some((_, y))) => *y,
            (None, None) => x,
        }
    }
}

/// The rising function with the least squared distance to the points; points of the same x are averaged first.
///
/// Source: Ayer et al. (1955), *Ann. Math. Statist.* 26, 641–647.
///
/// # Errors
/// [`Error::Unequal`], [`Error::NotEnough`] without points, [`Error::NotFinite`].
pub fn isotonic(x: &[f64], y: &[f64]) -> Result<Isotonic> {
    if x.len() != y.len() {
        return Err(Error::Unequal { what: "x and y", left: x.len(), right: y.len() });
    }
    at_least("a rising function", "points", 1, x.len())?;
    finite("x", x)?;
    finite("y", y)?;
    let mut points: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    let same = points.chunk_by(|one, other| one.0 == other.0).map(|same| {
        let weight = same.len() as f64;
        Block {
            from: same[0].0,
            to: same[0].0,
            x: same[0].0,
            y: same.iter().map(|(_, y)| y).sum::<f64>() / weight,
            weight,
        }
    });
    let blocks = pooled(same);
    let ends = blocks.iter().flat_map(|block| [(block.from, block.y), (block.to, block.y)]);
    let mut knots: Vec<(f64, f64)> = ends.collect();
    knots.dedup();
    Ok(Isotonic { knots })
}

impl Isotonic {
    /// The rising function through weighted points in rising order of x: straight between the centres of the blocks, so that
    /// it rises between them, level beyond the outermost.
    ///
    /// Source: Oron & Flournoy (2017), "Centered isotonic regression", *Statistics in Biopharmaceutical Research* 9,
    /// 258–267.
    pub(super) fn centred(points: impl Iterator<Item = (f64, f64, f64)>) -> Self {
        let blocks = pooled(points.map(|(x, y, weight)| Block { from: x, to: x, x, y, weight }));
        Self { knots: blocks.iter().map(|block| (block.x, block.y)).collect() }
    }
}

/// Blocks that rise: neighbours that do not are joined.
fn pooled(points: impl Iterator<Item = Block>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for point in points {
        blocks.push(point);
        while let [.., before, last] = blocks.as_slice()
            && before.y >= last.y
        {
            let joined = before.with(last);
            blocks.truncate(blocks.len() - 2);
            blocks.push(joined);
        }
    }
    blocks
}

/// Points that share one value.
struct Block {
    from: f64,
    to: f64,
    /// Their mean place.
    x: f64,
    y: f64,
    weight: f64,
}

impl Block {
    fn with(&self, after: &Self) -> Self {
        let weight = self.weight + after.weight;
        let mean = |one: f64, other: f64| (one * self.weight + other * after.weight) / weight;
        Self { from: self.from, to: after.to, x: mean(self.x, after.x), y: mean(self.y, after.y), weight }
    }
}
