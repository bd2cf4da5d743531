//! The data as the one who acts sees it.

use std::sync::Arc;

use takar_insight::metrics::{CellSource, Cells, Grain, MarketSize, Names, OrderDays, Reach, SourceError, Target};
use takar_lake::LakeSource;
use takar_model::{Credit, Period};

/// The lake's figures within a reach.
pub struct Source {
    lake: Arc<LakeSource>,
    reach: Option<Arc<Reach>>,
}

impl Source {
    pub(crate) const fn new(lake: Arc<LakeSource>, reach: Option<Arc<Reach>>) -> Self {
        Self { lake, reach }
    }
}

impl CellSource for Source {
    fn cells(&self, range: Period, grain: Grain) -> Result<Arc<Cells>, SourceError> {
        self.lake.cells(range, grain)
    }

    fn cells_at_rates_of(
        &self,
        window: Period,
        range: Period,
        grain: Grain,
    ) -> Result<Option<Arc<Cells>>, SourceError> {
        self.lake.cells_at_rates_of(window, range, grain)
    }

    fn order_days(&self) -> Result<Arc<OrderDays>, SourceError> {
        self.lake.order_days()
    }

    fn extent(&self) -> Option<Period> {
        self.lake.extent()
    }

    fn first_orders(&self) -> &[i32] {
        self.lake.first_orders()
    }

    fn names(&self) -> &Names {
        self.lake.names()
    }

    fn data_version(&self) -> u64 {
        self.lake.data_version()
    }

    fn credit(&self) -> Credit {
        self.lake.credit()
    }

    fn reach(&self) -> Option<&Reach> {
        self.reach.as_deref()
    }

    fn peers(&self) -> Option<&dyn CellSource> {
        self.reach.as_ref().map(|_| self.lake.as_ref() as &dyn CellSource)
    }

    fn targets(&self) -> &[Target] {
        self.lake.targets()
    }

    fn market(&self) -> &[MarketSize] {
        self.lake.market()
    }
}
