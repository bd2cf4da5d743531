//! What is asked.

use takar_model::{Compare, Period};

use super::{Dimension, Filter, KpiDefinition};

/// A question: which KPIs, broken down how, over which window, compared with what, of which lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// The keys of each row, in this order; none = one row for all.
    pub by: Vec<Dimension>,
    /// The window; none = all the data.
    pub period: Option<Period>,
    /// The KPIs, in this order.
    pub kpis: Vec<&'static KpiDefinition>,
    /// Adds the base window's figure and the growth of each KPI; also the base of new, lost, … accounts
    /// (the prior window when none).
    pub compare: Option<Compare>,
    /// Only these lines.
    pub filter: Option<Filter>,
}
