//! The size of the market in a window: of everything, or of what a condition names.

use std::collections::BTreeMap;

use takar_model::Period;

use crate::metrics::{CellSource, Dimension, Filter, MarketSize, Mask, NONE};

/// Goods sold by everyone in a window, in 1/10,000; none where it is not known for every day of the window, or where the
/// condition asks for what market sizes do not tell apart.
///
/// Sizes may be given several times, say in total and by region: the coarsest list that the condition can be read from is
/// used, so that nothing counts twice.
pub(super) fn market_units(source: &dyn CellSource, window: Period, filter: Option<&Filter>) -> Option<i128> {
    const TOLD: [Dimension; 3] = [Dimension::Category, Dimension::Region, Dimension::Segment];
    let asked = filter.map(Filter::dimensions).unwrap_or_default();
    if asked.iter().any(|dimension| !TOLD.contains(dimension)) {
        return None;
    }
    let mask = filter.map(|filter| Mask::new(filter, source.names()));
    let inside = |size: &&MarketSize| {
        size.kpi == "units" && window.from() <= size.period.from() && size.period.to() <= window.to()
    };
    // By the dimensions that a size names; fewer come first.
    let mut lists: BTreeMap<(usize, Vec<Dimension>), Vec<&MarketSize>> = BTreeMap::new();
    for size in source.market().iter().filter(inside) {
        let named: Vec<Dimension> = TOLD.into_iter().filter(|dimension| code(size, *dimension) != NONE).collect();
        lists.entry((named.len(), named)).or_default().push(size);
    }
    lists.into_iter().find_map(|((_, named), sizes)| {
        let tells = asked.iter().all(|dimension| named.contains(dimension));
        if !tells || !fills(window, &sizes) {
            return None;
        }
        let month = |size: &MarketSize| size.period.from().month().index();
        let passes = |size: &&&MarketSize| {
            mask.as_ref().is_none_or(|mask| mask.holds(&|dimension| code(size, dimension), month(size)) == Some(true))
        };
        Some(sizes.iter().filter(passes).map(|size| size.value.units()).sum())
    })
}

fn code(size: &MarketSize, dimension: Dimension) -> u32 {
    let code = match dimension {
        Dimension::Category => size.category,
        Dimension::Region => size.region,
        Dimension::Segment => size.segment,
        _ => None,
    };
    code.unwrap_or(NONE)
}

/// The periods of the sizes fill the window without gap or overlap.
fn fills(window: Period, sizes: &[&MarketSize]) -> bool {
    let mut periods: Vec<(i32, i32)> =
        sizes.iter().map(|size| (size.period.from().epoch_days(), size.period.to().epoch_days())).collect();
    periods.sort_unstable();
    periods.dedup();
    let mut next = window.from().epoch_days();
    periods.iter().all(|(from, to)| {
        let follows = *from == next;
        next = to + 1;
        follows
    }) && next == window.to().epoch_days() + 1
}
