//! All combinations of dimensions, and the sums of every element of each.

use rustc_hash::FxHashMap;

/// What is summed up over cells. Floating point: it guides the search, the amounts that are shown are added up exactly.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    /// Σ (A − F), less the general level.
    pub(super) excess: f64,
    /// Σ (|A| + |F|).
    pub(super) weight: f64,
    /// Variance of `excess` if every cell scatters on its own.
    pub(super) variance: f64,
    /// Cells not yet taken.
    pub(super) cells: u32,
}

impl Sums {
    pub(super) fn add(&mut self, other: &Self) {
        self.excess += other.excess;
        self.weight += other.weight;
        self.variance += other.variance;
        self.cells += other.cells;
    }

    /// Takes off what was once added; nothing is left of an emptied sum, not even a rounding error.
    pub(super) fn remove(&mut self, other: &Self) {
        self.cells -= other.cells.min(self.cells);
        if self.cells == 0 {
            *self = Self::default();
            return;
        }
        self.excess -= other.excess;
        self.weight -= other.weight;
        self.variance -= other.variance;
    }
}

/// One combination of dimensions: its elements are the combinations of values that occur.
pub(super) struct Cuboid {
    /// Bit k is set where dimension k is part of it.
    pub(super) mask: usize,
    /// The element of every cell.
    pub(super) element_of: Vec<u32>,
    /// For every dimension of the mask, the element of the cuboid without it that each element lies in.
    pub(super) parents: Vec<(usize, Vec<u32>)>,
    /// Some cell of every element, to read its values from.
    pub(super) sample: Vec<u32>,
    pub(super) sums: Vec<Sums>,
}

impl Cuboid {
    pub(super) fn dimensions(&self) -> u32 {
        self.mask.count_ones()
    }

    /// The sums of the cells that are not taken.
    pub(super) fn sums_of(&self, cells: &[Sums], taken: &[bool]) -> Vec<Sums> {
        let mut sums = vec![Sums::default(); self.sums.len()];
        for ((element, cell), taken) in self.element_of.iter().zip(cells).zip(taken) {
            if !taken {
                sums[*element as usize].add(cell);
            }
        }
        sums
    }
}

/// All cuboids, placed by their mask: the whole table at 0, the single cells at the end.
pub(super) fn all(columns: &[Vec<u32>], cells: &[Sums]) -> Vec<Cuboid> {
    let mut cuboids: Vec<Cuboid> = Vec::with_capacity(1 << columns.len());
    cuboids.push(Cuboid {
        mask: 0,
        element_of: vec![0; cells.len()],
        parents: Vec::new(),
        sample: vec![0],
        sums: sums_by(&vec![0; cells.len()], 1, cells),
    });
    for mask in 1..1_usize << columns.len() {
        let newest = mask.ilog2() as usize;
        let narrower = &cuboids[mask ^ (1 << newest)];
        let (element_of, sample) = combine(&narrower.element_of, &columns[newest]);
        let parents = (0..columns.len())
            .filter(|dimension| mask & (1 << dimension) != 0)
            .map(|dimension| {
                let wider = &cuboids[mask ^ (1 << dimension)];
                (dimension, sample.iter().map(|cell| wider.element_of[*cell as usize]).collect())
            })
            .collect();
        let sums = sums_by(&element_of, sample.len(), cells);
        cuboids.push(Cuboid { mask, element_of, parents, sample, sums });
    }
    cuboids
}

/// Numbers the pairs of element and value in the order in which they first occur.
fn combine(element_of: &[u32], column: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut numbers: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    let mut sample = Vec::new();
    let combined = element_of
        .iter()
        .zip(column)
        .enumerate()
        .map(|(cell, (element, value))| {
            *numbers.entry((*element, *value)).or_insert_with(|| {
                sample.push(cell as u32);
                sample.len() as u32 - 1
            })
        })
        .collect();
    (combined, sample)
}

fn sums_by(element_of: &[u32], elements: usize, cells: &[Sums]) -> Vec<Sums> {
    let mut sums = vec![Sums::default(); elements];
    for (element, cell) in element_of.iter().zip(cells) {
        sums[*element as usize].add(cell);
    }
    sums
}
