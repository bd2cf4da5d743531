//! From a table to the elements behind its gap.

use super::{
    Miss, Options, Rest, Stop, Table,
    cells::{Cells, Total},
    search::Search,
};
use crate::{Amount, Result};

/// The elements behind the gap between actual and forecast, and the rest; see the [module](super) for the method.
///
/// Memory and time grow with cells × 2^dimensions: memory is up to 50 bytes of each, less where few combinations of values
/// occur. Rows may come in any order. No cells, or no gap, give no elements.
///
/// # Errors
/// [`crate::Error::Unequal`] where columns differ in length, [`crate::Error::NotEnough`] without a dimension,
/// [`crate::Error::OutOfRange`] for more than 8 dimensions, amounts beyond ±10²⁷ smallest units, or shares outside 0 to
/// 1.
///
/// ```
/// use takar_stats::{Amount, miss::{Attribute, Options, Table, explain}};
/// // Two regions × three products; product 2 failed in region 1.
/// let region = [0, 0, 0, 1, 1, 1];
/// let product = [0, 1, 2, 0, 1, 2];
/// let actual = [99, 101, 100, 102, 98, 20].map(Amount);
/// let forecast = [100; 6].map(Amount);
/// let why = explain(
///     &Table { dimensions: &[&region, &product], actual: &actual, forecast: &forecast },
///     &Options::default(),
/// )?;
/// assert_eq!(why.gap(), Amount(-80));
/// let cause = &why.elements[0];
/// assert_eq!(
///     cause.attributes,
///     [Attribute { dimension: 0, value: 1 }, Attribute { dimension: 1, value: 2 }]
/// );
/// assert_eq!((cause.contribution(), cause.share), (Amount(-80), 1.0));
/// assert_eq!(why.rest.contribution(), Amount(0));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn explain(table: &Table<'_>, options: &Options) -> Result<Miss> {
    table.check()?;
    options.check()?;
    let cells = Cells::of(table);
    let all = cells.total(0..cells.columns[0].len());
    let gap = all.contribution();
    let (elements, rest, left, stop) = if gap == 0 {
        (Vec::new(), everything(&all), 0.0, Stop::NoGap)
    } else {
        Search::new(&cells, options, gap).run()
    };
    Ok(Miss {
        model: "additive drill-down",
        actual: Amount(all.actual),
        forecast: Amount(all.forecast),
        elements,
        rest,
        explained: (gap != 0).then(|| 1.0 - left / (gap as f64).abs()),
        stop,
        n: table.actual.len(),
    })
}

/// The rest where no element is named.
fn everything(all: &Total) -> Rest {
    Rest {
        actual: Amount(all.actual),
        forecast: Amount(all.forecast),
        cells: all.rows,
        share: None,
        deviation: all.deviation(),
        is_general: false,
    }
}
