//! A generator of misses whose causes are known, after the description of the synthetic data in Kalander (2022), §5.1:
//! cells of all combinations of values with Weibull amounts, some empty, forecasts that are off by chance in either
//! direction, and one to a few causes, each of one or more elements of the same dimensions, that lose a share of their
//! amounts.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::{
    Amount,
    miss::{Attribute, Miss, Options, Table, explain},
};

/// What is drawn; ranges are from low to high.
pub(super) struct Recipe {
    /// Values of each dimension.
    pub(super) sizes: &'static [u32],
    /// Standard deviation of the relative error of the forecast of a normal cell.
    pub(super) noise: (f64, f64),
    /// Share of the amount that a cause takes away, on top of the noise.
    pub(super) severity: (f64, f64),
    /// Causes, and elements of each.
    pub(super) causes: (u32, u32),
    pub(super) elements_per_cause: (u32, u32),
    /// Whether every cause is a set of single cells.
    pub(super) only_single_cells: bool,
}

/// The small synthetic set of the paper ("S"): 48,000 cells.
pub(super) const PAPER_SMALL: Recipe = Recipe {
    sizes: &[10, 12, 10, 8, 5],
    noise: (0.0, 0.25),
    severity: (0.2, 1.0),
    causes: (1, 3),
    elements_per_cause: (1, 3),
    only_single_cells: false,
};

/// The large synthetic set of the paper ("L"): 36,000 cells, single cells fail.
pub(super) const PAPER_SINGLE_CELLS: Recipe = Recipe {
    sizes: &[10, 24, 10, 15],
    noise: (0.0, 0.1),
    severity: (0.5, 1.0),
    causes: (1, 5),
    elements_per_cause: (1, 1),
    only_single_cells: true,
};

/// The same, small enough to run many of them in every test.
pub(super) const QUICK: Recipe = Recipe { sizes: &[8, 10, 6, 4], ..PAPER_SMALL };

pub(super) struct Case {
    pub(super) columns: Vec<Vec<u32>>,
    pub(super) actual: Vec<Amount>,
    pub(super) forecast: Vec<Amount>,
    /// The elements that fail.
    pub(super) causes: Vec<Vec<Attribute>>,
}

impl Case {
    pub(super) fn explain(&self, options: &Options) -> Miss {
        let columns: Vec<&[u32]> = self.columns.iter().map(Vec::as_slice).collect();
        explain(&Table { dimensions: &columns, actual: &self.actual, forecast: &self.forecast }, options)
            .expect("a usable table")
    }
}

/// True and false positives and false negatives; an element counts only if it is exactly the one that failed.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) hits: usize,
    pub(super) false_alarms: usize,
    pub(super) overlooked: usize,
}

impl Tally {
    pub(super) fn add(&mut self, case: &Case, miss: &Miss) {
        let hits = miss.elements.iter().filter(|element| case.causes.contains(&element.attributes)).count();
        self.hits += hits;
        self.false_alarms += miss.elements.len() - hits;
        self.overlooked += case.causes.len() - hits;
    }

    pub(super) fn f1(&self) -> f64 {
        2.0 * self.hits as f64 / (2 * self.hits + self.false_alarms + self.overlooked) as f64
    }
}

struct Dice(Pcg64Mcg);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0.random()
    }

    fn between(&mut self, range: (f64, f64)) -> f64 {
        range.0 + (range.1 - range.0) * self.unit()
    }

    fn count(&mut self, range: (u32, u32)) -> u32 {
        self.0.random_range(range.0..=range.1)
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}

pub(super) fn draw(recipe: &Recipe, seed: u64) -> Case {
    let mut dice = Dice(Pcg64Mcg::seed_from_u64(seed));
    let columns = all_combinations(recipe.sizes);
    let cells = columns[0].len();
    let shape = dice.between((0.5, 1.0));
    let empty = dice.between((0.0, 0.25));
    let noise = dice.between(recipe.noise);
    let mut actual = Vec::with_capacity(cells);
    let mut forecast = Vec::with_capacity(cells);
    for _ in 0..cells {
        let amount = 100.0 * (-(1.0 - dice.unit()).ln()).powf(1.0 / shape);
        let amount = if dice.unit() < empty { 0.0 } else { amount };
        let off = (amount * (1.0 + noise * dice.normal())).max(0.0);
        let (reached, planned) = if dice.unit() < 0.5 { (amount, off) } else { (off, amount) };
        actual.push(reached);
        forecast.push(planned);
    }
    let causes = draw_causes(recipe, &mut dice, &columns, &actual);
    // The causes work in the direction in which the noise happens to point, as in the paper.
    let noise_falls_short = actual.iter().sum::<f64>() < forecast.iter().sum::<f64>();
    for (elements, severity, spread) in &causes {
        let severity = severity + noise;
        for cell in 0..cells {
            if elements.iter().any(|element| covers(element, &columns, cell)) {
                let left = (1.0 - severity - spread * dice.normal()).max(0.0);
                if noise_falls_short {
                    actual[cell] = forecast[cell] * left;
                } else {
                    forecast[cell] = actual[cell] * left;
                }
            }
        }
    }
    let whole = |amounts: Vec<f64>| amounts.into_iter().map(|amount| Amount((amount * 1e4) as i128)).collect();
    Case {
        columns,
        actual: whole(actual),
        forecast: whole(forecast),
        causes: causes.into_iter().flat_map(|(elements, ..)| elements).collect(),
    }
}

fn all_combinations(sizes: &[u32]) -> Vec<Vec<u32>> {
    let cells: u32 = sizes.iter().product();
    let mut repeats = cells;
    sizes
        .iter()
        .map(|size| {
            repeats /= size;
            (0..cells).map(|cell| cell / repeats % size).collect()
        })
        .collect()
}

fn covers(element: &[Attribute], columns: &[Vec<u32>], cell: usize) -> bool {
    element.iter().all(|attribute| columns[attribute.dimension][cell] == attribute.value)
}

type Cause = (Vec<Vec<Attribute>>, f64, f64);

/// Causes share neither their dimensions nor a value in a dimension, as in the paper.
fn draw_causes(recipe: &Recipe, dice: &mut Dice, columns: &[Vec<u32>], actual: &[f64]) -> Vec<Cause> {
    let all = recipe.sizes.len();
    let mut causes: Vec<Cause> = Vec::new();
    for _ in 0..dice.count(recipe.causes) {
        let layer = if recipe.only_single_cells { all } else { dice.count((1, all as u32)) as usize };
        let count = dice.count(recipe.elements_per_cause) as usize;
        let severity = dice.between(recipe.severity);
        let spread = if recipe.only_single_cells { 0.0 } else { dice.between((0.0, 0.1)) };
        let elements = (0..1_000).find_map(|_| {
            let elements = draw_elements(recipe, dice, layer, count, &causes)?;
            let can_fail = |element: &Vec<Attribute>| {
                layer < all || (0..actual.len()).any(|cell| covers(element, columns, cell) && actual[cell] > 0.0)
            };
            elements.iter().all(can_fail).then_some(elements)
        });
        causes.extend(elements.map(|elements| (elements, severity, spread)));
    }
    causes
}

fn draw_elements(
    recipe: &Recipe,
    dice: &mut Dice,
    layer: usize,
    count: usize,
    earlier: &[Cause],
) -> Option<Vec<Vec<Attribute>>> {
    let mut dimensions: Vec<usize> = (0..recipe.sizes.len()).collect();
    while dimensions.len() > layer {
        let place = dice.0.random_range(0..dimensions.len());
        dimensions.remove(place);
    }
    let used: Vec<&Attribute> = earlier.iter().flat_map(|(elements, ..)| elements).flatten().collect();
    let same_dimensions =
        |(elements, ..): &Cause| elements[0].iter().map(|attribute| attribute.dimension).eq(dimensions.iter().copied());
    if layer < recipe.sizes.len() && earlier.iter().any(same_dimensions) {
        return None;
    }
    let mut elements = Vec::new();
    for _ in 0..count {
        let mut element = Vec::new();
        for dimension in &dimensions {
            let free: Vec<u32> = (0..recipe.sizes[*dimension])
                .filter(|value| !used.iter().any(|used| used.dimension == *dimension && used.value == *value))
                .collect();
            let place = (!free.is_empty()).then(|| dice.0.random_range(0..free.len()))?;
            element.push(Attribute { dimension: *dimension, value: free[place] });
        }
        if elements.contains(&element) {
            return None;
        }
        elements.push(element);
    }
    Some(elements)
}
