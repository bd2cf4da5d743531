//! A KPI by account and month, exact: what effects are measured on.

use takar_model::Month;

use super::EffectKpi;
use crate::{
    InsightError,
    metrics::{CellSource, Dimension, Grain, NONE, differs},
};

/// What every account came to in every month of the data.
#[derive(Debug)]
pub struct AccountMonths {
    kpi: EffectKpi,
    first: Month,
    months: usize,
    /// By account and month: money in 1/10,000, quantities in 1/1,000,000, orders as they are.
    cells: Vec<i64>,
    /// By account: the place of its first month with a line; `months` without one.
    born: Vec<usize>,
    /// By account: the place of its last month with a line.
    last_line: Vec<usize>,
    /// By account: its segment by its latest line.
    segment: Vec<u32>,
}

impl AccountMonths {
    /// Adds up the cells of all complete months: everybody's, or what the source hands over.
    ///
    /// # Errors
    /// [`InsightError::NoData`], [`InsightError::SeveralCurrencies`], and where quantities have several units or lines no cost.
    pub fn of(source: &dyn CellSource, kpi: EffectKpi) -> Result<Self, InsightError> {
        let (extent, last) = source.extent().zip(source.last_complete_month()).ok_or(InsightError::NoData)?;
        let mut first = extent.from().month();
        // A month of which more than its first week is missing is not complete.
        if extent.from() > first.first_day().plus_days(6) {
            first = first.plus(1);
        }
        let months = usize::try_from(last.index() - first.index() + 1).unwrap_or_default();
        if months == 0 {
            return Err(InsightError::NoData);
        }
        let grain = Grain::MONTHS.with(Dimension::Account).with(Dimension::Segment);
        let grain = if kpi == EffectKpi::Orders { grain.with_orders() } else { grain };
        let cells = source.cells(extent, grain)?;
        let accounts = source.names().account.len();
        let mut made = Self {
            kpi,
            first,
            months,
            cells: vec![0; accounts * months],
            born: vec![months; accounts],
            last_line: vec![0; accounts],
            segment: vec![NONE; accounts],
        };
        let (mut currency, mut unit, mut with_cost) = (None, None, 0_u64);
        for row in 0..cells.len() {
            let account = cells.account[row] as usize;
            let Some(place) = usize::try_from(cells.month[row] - first.index()).ok().filter(|at| *at < months) else {
                continue;
            };
            if account >= accounts {
                continue;
            }
            let is_money = matches!(kpi, EffectKpi::NetSales | EffectKpi::GrossMargin);
            if is_money && cells.net_lines[row] > 0 && differs(&mut currency, cells.currency[row], true) {
                return Err(InsightError::SeveralCurrencies);
            }
            if kpi == EffectKpi::Units && cells.quantity_lines[row] > 0 && differs(&mut unit, cells.unit[row], false) {
                return Err(InsightError::OwnKpi {
                    id: "jumlah barang memakai beberapa satuan yang tidak dapat dijumlahkan: ukur net_sales, atau impor konversinya dengan takar import units".to_owned(),
                    en: "quantities are in several units, which do not add up: measure net_sales, or bring in conversions with takar import units".to_owned(),
                });
            }
            with_cost += u64::from(cells.cost_lines[row]);
            let value = match kpi {
                EffectKpi::NetSales => cells.net[row],
                EffectKpi::Units => cells.quantity[row],
                EffectKpi::GrossMargin => cells.net_with_cost[row].saturating_sub(cells.cost[row]),
                EffectKpi::Orders => i64::from(cells.orders[row]),
            };
            let cell = &mut made.cells[account * months + place];
            *cell = cell.saturating_add(value);
            made.born[account] = made.born[account].min(place);
            if place >= made.last_line[account] && cells.lines[row] > 0 {
                made.last_line[account] = place;
                made.segment[account] = cells.segment.get(row).copied().unwrap_or(NONE);
            }
        }
        if kpi == EffectKpi::GrossMargin && with_cost == 0 {
            return Err(InsightError::OwnKpi {
                id: "tidak ada baris yang punya biaya, jadi laba kotor tidak diketahui: ukur net_sales".to_owned(),
                en: "no line has a cost, so gross margin is not known: measure net_sales".to_owned(),
            });
        }
        if kpi == EffectKpi::Orders {
            made.count_shared_once(&cells);
        }
        Ok(made)
    }

    /// An order that lies in several cells of one account and month is one order.
    fn count_shared_once(&mut self, cells: &crate::metrics::Cells) {
        for rows in cells.shared_orders.iter() {
            let mut of_order: Vec<(usize, usize)> = rows
                .iter()
                .filter_map(|row| {
                    let row = *row as usize;
                    let place = usize::try_from(cells.month[row] - self.first.index()).ok()?;
                    let account = cells.account[row] as usize;
                    (place < self.months && account < self.born.len()).then_some((account, place))
                })
                .collect();
            of_order.sort_unstable();
            for same in of_order.chunk_by(|one, other| one == other) {
                let (account, place) = same[0];
                self.cells[account * self.months + place] -= same.len() as i64 - 1;
            }
        }
    }

    /// Which KPI.
    pub const fn kpi(&self) -> EffectKpi {
        self.kpi
    }

    /// The first complete month.
    pub const fn first(&self) -> Month {
        self.first
    }

    /// The last complete month.
    pub const fn last(&self) -> Month {
        self.first.plus(self.months as i32 - 1)
    }

    /// How many accounts there are.
    pub fn accounts(&self) -> usize {
        self.born.len()
    }

    /// The segment of an account by its latest line, else `NONE`.
    pub fn segment(&self, account: u32) -> u32 {
        self.segment.get(account as usize).copied().unwrap_or(NONE)
    }

    /// The last month with a line of an account; none without one.
    pub fn last_line(&self, account: u32) -> Option<Month> {
        let account = account as usize;
        (*self.born.get(account)? < self.months).then(|| self.first.plus(self.last_line[account] as i32))
    }

    /// An account from one month to another: not known before its first line, 0 in months without one.
    pub(crate) fn row(&self, account: u32, from: Month, to: Month) -> Vec<Option<f64>> {
        let scale = match self.kpi {
            EffectKpi::NetSales | EffectKpi::GrossMargin => 1e4,
            EffectKpi::Units => 1e6,
            EffectKpi::Orders => 1.0,
        };
        let account = account as usize;
        (from.index()..=to.index())
            .map(|month| {
                let place = usize::try_from(month - self.first.index()).ok().filter(|place| *place < self.months)?;
                let is_known = self.born.get(account).is_some_and(|born| *born <= place);
                is_known.then(|| self.cells[account * self.months + place] as f64 / scale)
            })
            .collect()
    }
}
