//! The cells in one order, whatever the order they came in.

use super::{Table, cuboids::Sums, result::deviation_of, scatter::variances};

/// Places sorted by their values, each once: rows with the same values are added up. The result of a search then does not
/// depend on the order of rows, to the last bit.
pub(super) struct Cells {
    pub(super) columns: Vec<Vec<u32>>,
    actual: Vec<i128>,
    forecast: Vec<i128>,
    /// Rows behind each place.
    rows: Vec<usize>,
}

impl Cells {
    pub(super) fn of(table: &Table<'_>) -> Self {
        let values = |row: usize| table.dimensions.iter().map(move |column| column[row]);
        let mut order: Vec<usize> = (0..table.actual.len()).collect();
        order.sort_unstable_by(|left, right| values(*left).cmp(values(*right)));
        let mut cells = Self {
            columns: vec![Vec::with_capacity(order.len()); table.dimensions.len()],
            actual: Vec::with_capacity(order.len()),
            forecast: Vec::with_capacity(order.len()),
            rows: Vec::with_capacity(order.len()),
        };
        for place in order.chunk_by(|left, right| values(*left).eq(values(*right))) {
            for (column, value) in cells.columns.iter_mut().zip(values(place[0])) {
                column.push(value);
            }
            cells.actual.push(place.iter().map(|row| table.actual[*row].0).sum());
            cells.forecast.push(place.iter().map(|row| table.forecast[*row].0).sum());
            cells.rows.push(place.len());
        }
        cells
    }

    /// What guides the search: every cell on its own.
    pub(super) fn sums(&self) -> Vec<Sums> {
        let amounts = || self.actual.iter().zip(&self.forecast);
        let excess: Vec<f64> = amounts().map(|(actual, forecast)| (actual - forecast) as f64).collect();
        let weight: Vec<f64> = amounts().map(|(actual, forecast)| (actual.abs() + forecast.abs()) as f64).collect();
        let variance = variances(&excess, &weight);
        (0..excess.len())
            .map(|cell| Sums { excess: excess[cell], weight: weight[cell], variance: variance[cell], cells: 1 })
            .collect()
    }

    /// The exact sums of some cells.
    pub(super) fn total(&self, cells: impl Iterator<Item = usize>) -> Total {
        let mut total = Total::default();
        for cell in cells {
            let (actual, forecast) = (self.actual[cell], self.forecast[cell]);
            total.actual += actual;
            total.forecast += forecast;
            total.magnitude += actual.abs() + forecast.abs();
            total.rows += self.rows[cell];
        }
        total
    }
}

/// Exact sums of some cells.
#[derive(Default)]
pub(super) struct Total {
    pub(super) actual: i128,
    pub(super) forecast: i128,
    /// Σ (|A| + |F|).
    magnitude: i128,
    /// Rows of the table behind them.
    pub(super) rows: usize,
}

impl Total {
    pub(super) fn contribution(&self) -> i128 {
        self.actual - self.forecast
    }

    pub(super) fn deviation(&self) -> f64 {
        deviation_of(self.contribution(), self.magnitude)
    }
}
