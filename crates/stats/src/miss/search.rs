//! Take the element that explains most, remove its cells, go on.

use super::{
    Attribute, Element, Options, Rest, Stop,
    cells::Cells,
    cuboids::{self, Cuboid, Sums},
    scatter::variances,
};
use crate::{Amount, amount::ratio};

pub(super) struct Search<'a> {
    table: &'a Cells,
    options: &'a Options,
    /// A − F of everything, not 0.
    gap: i128,
    cells: Vec<Sums>,
    taken: Vec<bool>,
    cuboids: Vec<Cuboid>,
    /// Whether excess is counted from a general level: once the whole table explains more than any element.
    is_general: bool,
    elements: Vec<Element>,
}

/// An element that could be taken next.
struct Candidate {
    mask: usize,
    element: usize,
    gain: f64,
}

/// The gain to beat.
fn gain_of(best: Option<&Candidate>) -> f64 {
    best.map_or(0.0, |best| best.gain)
}

impl<'a> Search<'a> {
    pub(super) fn new(table: &'a Cells, options: &'a Options, gap: i128) -> Self {
        let cells = table.sums();
        let cuboids = cuboids::all(&table.columns, &cells);
        let taken = vec![false; cells.len()];
        Self { table, options, gap, cells, taken, cuboids, is_general: false, elements: Vec::new() }
    }

    /// The elements, the rest, what of the gap neither explains, and why the search ended.
    pub(super) fn run(mut self) -> (Vec<Element>, Rest, f64, Stop) {
        let gap = (self.gap as f64).abs();
        let may_be_left = (1.0 - self.options.enough) * gap;
        loop {
            let rest = self.rest();
            let left = if self.is_general { 0.0 } else { (rest.contribution().0 as f64).abs() };
            let next = self.best();
            let weight_of_next = next.as_ref().map(|next| self.cuboids[next.mask].sums[next.element].excess.abs());
            let stop = match weight_of_next {
                None => Some(Stop::Alike),
                Some(weight) if left <= may_be_left && weight < may_be_left => Some(Stop::Explained),
                Some(weight) if weight < self.options.smallest * gap => Some(Stop::Alike),
                Some(_) if self.elements.len() >= self.options.most => Some(Stop::Most),
                Some(_) => None,
            };
            match (stop, next) {
                (None, Some(next)) if next.mask == 0 => self.find_general_level(),
                (None, Some(next)) => self.take(&next),
                (stop, _) => return (self.elements, rest, left, stop.unwrap_or(Stop::Alike)),
            }
        }
    }

    /// The element with the largest gain of those that stand out, else of the others; of equal gains the one with fewer
    /// dimensions.
    fn best(&self) -> Option<Candidate> {
        // The general level is taken once; from then on the whole table has no excess but rounding errors.
        let mut by_layer: Vec<&Cuboid> = self.cuboids.iter().skip(usize::from(self.is_general)).collect();
        by_layer.sort_by_key(|cuboid| cuboid.dimensions());
        let (mut outstanding, mut other): (Option<Candidate>, Option<Candidate>) = (None, None);
        for cuboid in by_layer {
            let wanted_gain = |outstanding: &Option<Candidate>, other: &Option<Candidate>| match other {
                _ if self.options.only_outstanding => gain_of(outstanding.as_ref()),
                other => gain_of(outstanding.as_ref()).min(gain_of(other.as_ref())),
            };
            // No element can gain more than its whole excess.
            let wanted = wanted_gain(&outstanding, &other);
            if !cuboid.sums.iter().any(|sums| sums.excess.abs() > wanted) {
                continue;
            }
            let by_chance = largest_by_chance(cuboid);
            for (element, gain) in self.gains(cuboid).into_iter().enumerate() {
                if gain <= wanted_gain(&outstanding, &other) {
                    continue;
                }
                let stands_out = exceeds(score(cuboid, element), by_chance);
                let best = if stands_out { &mut outstanding } else { &mut other };
                if gain > gain_of(best.as_ref()) {
                    *best = Some(Candidate { mask: cuboid.mask, element, gain });
                }
            }
        }
        outstanding.or(if self.options.only_outstanding { None } else { other })
    }

    /// How much of the deviation each element of a cuboid explains as a whole: the least over the ways to cut it further.
    fn gains(&self, cuboid: &Cuboid) -> Vec<f64> {
        let mut gains: Vec<f64> = cuboid.sums.iter().map(|sums| sums.excess.abs()).collect();
        let mut of_cut = vec![0.0; gains.len()];
        for dimension in (0..self.table.columns.len()).filter(|dimension| cuboid.mask & (1 << dimension) == 0) {
            let cut = &self.cuboids[cuboid.mask | (1 << dimension)];
            let Some((_, parent_of)) = cut.parents.iter().find(|(removed, _)| *removed == dimension) else { continue };
            of_cut.fill(0.0);
            for (child, parent) in cut.sums.iter().zip(parent_of) {
                let of_parent = &cuboid.sums[*parent as usize];
                if of_parent.weight > 0.0 {
                    let inherited = of_parent.excess / of_parent.weight * child.weight;
                    of_cut[*parent as usize] += child.excess.abs() - (child.excess - inherited).abs();
                }
            }
            for (gain, of_cut) in gains.iter_mut().zip(&of_cut) {
                *gain = gain.min(*of_cut);
            }
        }
        gains
    }

    fn take(&mut self, next: &Candidate) {
        let cuboid = &self.cuboids[next.mask];
        let sample = cuboid.sample[next.element] as usize;
        let attributes = (0..self.table.columns.len())
            .filter(|dimension| next.mask & (1 << dimension) != 0)
            .map(|dimension| Attribute { dimension, value: self.table.columns[dimension][sample] })
            .collect();
        let score = score(cuboid, next.element);
        let members: Vec<usize> = (0..self.cells.len())
            .filter(|cell| !self.taken[*cell] && cuboid.element_of[*cell] as usize == next.element)
            .collect();
        let total = self.table.total(members.iter().copied());
        self.elements.push(Element {
            attributes,
            actual: Amount(total.actual),
            forecast: Amount(total.forecast),
            cells: total.rows,
            share: ratio(total.contribution(), self.gap).unwrap_or(0.0),
            deviation: total.deviation(),
            excess: cuboid.sums[next.element].excess,
            score,
            stands_out: exceeds(score, largest_by_chance(cuboid)),
        });
        for cell in members {
            self.taken[cell] = true;
            for cuboid in &mut self.cuboids {
                cuboid.sums[cuboid.element_of[cell] as usize].remove(&self.cells[cell]);
            }
        }
        if self.is_general {
            self.centre();
        }
    }

    /// From now on deviations, and their scatter, are counted from the level common to the cells that are left.
    fn find_general_level(&mut self) {
        self.is_general = true;
        self.centre();
        let left = || (0..self.cells.len()).filter(|cell| !self.taken[*cell]);
        let excess: Vec<f64> = left().map(|cell| self.cells[cell].excess).collect();
        let weight: Vec<f64> = left().map(|cell| self.cells[cell].weight).collect();
        let of_left: Vec<(usize, f64)> = left().zip(variances(&excess, &weight)).collect();
        for (cell, variance) in of_left {
            self.cells[cell].variance = variance;
        }
        for cuboid in &mut self.cuboids {
            cuboid.sums = cuboid.sums_of(&self.cells, &self.taken);
        }
    }

    /// Moves the general level to where the cells left deviate by nothing on the whole.
    fn centre(&mut self) {
        let whole = self.cuboids[0].sums[0];
        if whole.weight <= 0.0 {
            return;
        }
        let shift = whole.excess / whole.weight;
        for cell in &mut self.cells {
            cell.excess -= shift * cell.weight;
        }
        for sums in self.cuboids.iter_mut().flat_map(|cuboid| &mut cuboid.sums) {
            sums.excess -= shift * sums.weight;
        }
    }

    fn rest(&self) -> Rest {
        let total = self.table.total((0..self.cells.len()).filter(|cell| !self.taken[*cell]));
        Rest {
            actual: Amount(total.actual),
            forecast: Amount(total.forecast),
            cells: total.rows,
            share: ratio(total.contribution(), self.gap),
            deviation: total.deviation(),
            is_general: self.is_general,
        }
    }
}

/// The excess of an element in standard deviations of scatter; none where its cells do not scatter at all.
fn score(cuboid: &Cuboid, element: usize) -> Option<f64> {
    let sums = &cuboid.sums[element];
    let deviation = sums.variance.max(0.0).sqrt();
    (deviation > 0.0).then(|| sums.excess / deviation).filter(|score| score.is_finite())
}

/// The largest of m normal scores is about √(2·ln m). An element has to exceed that by two standard deviations, because
/// cells scatter more wildly than a normal variable.
fn largest_by_chance(cuboid: &Cuboid) -> f64 {
    (2.0 * (cuboid.sums.len() as f64).ln()).sqrt() + 2.0
}

/// Cells that do not scatter at all leave nothing to chance.
fn exceeds(score: Option<f64>, by_chance: f64) -> bool {
    score.is_none_or(|score| score.abs() > by_chance)
}
