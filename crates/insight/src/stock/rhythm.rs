//! What season and feasts do to the trade of a block of days: read from the sales of the whole company, since one product has too few.

use std::collections::BTreeMap;

use takar_model::{Month, Period};
use takar_stats::{
    Level,
    season::{Kind, Season},
    trend::{Exposure, calendar_effects},
};

use super::Blocks;
use crate::{
    InsightError,
    analysis::{Months, exposures, exposures_of, factors},
    metrics::{CellSource, Grain},
};

/// By count of blocks known: what multiplies the trade of each of these and of the coming one.
pub(super) struct Rhythm {
    by_known: Vec<Vec<f64>>,
    knows_feasts: bool,
    knows_season: bool,
}

impl Rhythm {
    pub(super) fn of(source: &dyn CellSource, blocks: Blocks) -> Result<Self, InsightError> {
        let Ok(months) = Months::of(source, None) else { return Ok(Self::none(blocks)) };
        let sold = monthly(source, months)?;
        let spans: Vec<Period> = (0..=blocks.count()).map(|place| blocks.span(place)).collect();
        let of_months = exposures(months.first, sold.len());
        let of_blocks = exposures_of(&spans);
        let mut learned: BTreeMap<usize, (Vec<f64>, [bool; 2])> = BTreeMap::new();
        let mut by_known = Vec::with_capacity(spans.len());
        for known in 0..=blocks.count() {
            // The months before the one that the next block begins in.
            let complete = blocks.span(known).from().month().index() - months.first.index();
            let complete = usize::try_from(complete).unwrap_or(0).min(sold.len());
            let (all, _) = learned
                .entry(complete)
                .or_insert_with(|| learn(&sold[..complete], months.first, &of_months, (&spans, &of_blocks)));
            by_known.push(all[..=known].to_vec());
        }
        let [knows_feasts, knows_season] = learned.into_values().next_back().map_or([false; 2], |(_, knows)| knows);
        Ok(Self { by_known, knows_feasts, knows_season })
    }

    fn none(blocks: Blocks) -> Self {
        let by_known = (0..=blocks.count()).map(|known| vec![1.0; known + 1]).collect();
        Self { by_known, knows_feasts: false, knows_season: false }
    }

    /// The factors of the first `known` blocks and of the one after them, by what was known then.
    pub(super) fn known(&self, known: usize) -> &[f64] {
        self.by_known.get(known).map_or(&[], Vec::as_slice)
    }

    /// The place of the coming block.
    pub(super) fn coming(&self) -> usize {
        self.by_known.len().saturating_sub(1)
    }

    pub(super) const fn knows_feasts(&self) -> bool {
        self.knows_feasts
    }

    pub(super) const fn knows_season(&self) -> bool {
        self.knows_season
    }
}

/// Net sales of each complete month.
fn monthly(source: &dyn CellSource, months: Months) -> Result<Vec<f64>, InsightError> {
    let mut sums = vec![0_i128; months.count()];
    let Some(window) = Period::months(months.first, months.last) else { return Ok(Vec::new()) };
    let cells = source.cells(window, Grain::MONTHS)?;
    cells.check(Grain::MONTHS)?;
    for row in cells.rows(window) {
        let place = usize::try_from(cells.month[row] - months.first.index()).unwrap_or(usize::MAX);
        if let Some(sum) = sums.get_mut(place) {
            *sum += i128::from(cells.net[row]);
        }
    }
    Ok(sums.into_iter().map(|sum| sum as f64).collect())
}

/// The factors of all blocks, by the months that are known; whether feasts and season were found.
fn learn(
    sold: &[f64],
    first: Month,
    of_months: &[Exposure],
    (spans, of_blocks): (&[Period], &[Exposure]),
) -> (Vec<f64>, [bool; 2]) {
    let until: Vec<Exposure> = of_months
        .iter()
        .map(|exposure| Exposure { name: exposure.name, values: exposure.values[..sold.len()].to_vec() })
        .collect();
    let feasts = calendar_effects(sold, 12, &until, Level::P95).ok();
    let plain: Vec<f64> = match &feasts {
        Some(found) => {
            sold.iter().zip(factors(found, &until, sold.len())).map(|(sold, factor)| sold / factor).collect()
        }
        None => sold.to_vec(),
    };
    let mut found = match &feasts {
        Some(found) => factors(found, of_blocks, spans.len()),
        None => vec![1.0; spans.len()],
    };
    let knows_feasts = found.iter().any(|factor| *factor != 1.0);
    // Indices that are added are in the money of the company: they fit no product.
    let season = Season::of(&plain, 12).ok().filter(|season| season.kind() == Kind::Multiplicative);
    if let Some(season) = &season {
        for (factor, span) in found.iter_mut().zip(spans) {
            *factor *= mean_index(season, first, *span);
        }
    }
    (found, [knows_feasts, season.is_some()])
}

/// The season's index of a block: the mean over its days.
fn mean_index(season: &Season, first: Month, span: Period) -> f64 {
    let of_day = |ahead: i32| {
        let month = span.from().plus_days(ahead).month();
        let phase = (month.index() - first.index()).rem_euclid(12);
        season.restored(1.0, usize::try_from(phase).unwrap_or_default())
    };
    (0..span.days()).map(of_day).sum::<f64>() / f64::from(span.days())
}
