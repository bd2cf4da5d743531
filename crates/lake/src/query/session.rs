//! SQL over the facts with DataFusion: the independent check of every KPI, and the drill-down to rows.

use std::sync::Arc;

use arrow::{array::RecordBatch, datatypes::DataType};
use datafusion::{
    common::DataFusionError,
    datasource::MemTable,
    prelude::{DataFrame, ParquetReadOptions, SessionConfig, SessionContext},
};
use takar_import::FactKind;

use crate::{
    Lake,
    error::{LakeError, Result},
    facts::{
        delta::Table,
        schema::{Status, stored_schema},
    },
};

/// The lines with what their account, manager and product say where they themselves say nothing.
const LINES: &str = "
    SELECT s.source, s.import_id, s.file, s.sheet, s.row, s.date, s.invoice_no, s.line_no,
           s.account_id, coalesce(a.account_name, s.account_name) AS account_name,
           coalesce(s.manager_id, a.manager_id) AS manager,
           coalesce(m.manager_name, s.manager_name) AS manager_name, m.supervisor,
           s.product_id AS product, coalesce(p.product_name, s.product_name) AS product_name,
           coalesce(s.category, p.category) AS category,
           coalesce(s.region, a.region) AS region, coalesce(s.segment, a.segment) AS segment,
           coalesce(s.branch, a.branch, m.branch) AS branch, s.currency,
           s.quantity, s.unit, s.unit_price, s.discount, s.net, s.cost, s.ppn, s.extra, s.repair_of
    FROM sales s
    LEFT JOIN accounts a ON s.account_id = a.account_id
    LEFT JOIN managers m ON coalesce(s.manager_id, a.manager_id) = m.manager_id
    LEFT JOIN products p ON s.product_id = p.product_id";

/// Targets by the names that check queries use.
const TARGETS: &str = "
    SELECT manager_id, account_id, category, region, kpi, value, \"from\" AS first_day, \"to\" AS last_day
    FROM imported_targets";

pub(crate) fn wrong(error: DataFusionError) -> LakeError {
    LakeError::Query(error.strip_backtrace())
}

impl Lake {
    /// A session that knows the tables `lines`, `targets`, `sales`, `accounts`, `managers`, `products`, `market`.
    pub(crate) async fn session(&self) -> Result<SessionContext> {
        let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(threads()));
        for kind in FactKind::ALL {
            let name = if kind == FactKind::Targets { "imported_targets" } else { kind.name() };
            let frame = self.live_frame(&context, kind).await?;
            context.register_table(name, frame.into_view()).map_err(wrong)?;
        }
        for (name, sql) in [("lines", LINES), ("targets", TARGETS)] {
            let frame = context.sql(sql).await.map_err(wrong)?;
            context.register_table(name, frame.into_view()).map_err(wrong)?;
        }
        Ok(context)
    }

    async fn live_frame(&self, context: &SessionContext, kind: FactKind) -> Result<DataFrame> {
        let table = Table::new(self.folder(), kind);
        let schema = stored_schema(kind);
        let files: Vec<String> = match table.snapshot_async().await? {
            Some(snapshot) => snapshot
                .with_status(Status::Live)
                .map(|file| table.folder().join(&file.name).to_string_lossy().into_owned())
                .collect(),
            None => Vec::new(),
        };
        if files.is_empty() {
            let empty = MemTable::try_new(schema.clone(), vec![vec![RecordBatch::new_empty(schema)]]).map_err(wrong)?;
            return context.read_table(Arc::new(empty)).map_err(wrong);
        }
        let options = ParquetReadOptions::default().schema(&schema);
        context.read_parquet(files, options).await.map_err(wrong)
    }

    /// The one number that a query over `lines` and `targets` yields, as text; `None` for null. The check
    /// queries of the KPIs are run so.
    pub fn check_value(&self, sql: &str) -> Result<Option<String>> {
        self.runtime().block_on(async {
            let context = self.session().await?;
            let batches = context.sql(sql).await.map_err(wrong)?.collect().await.map_err(wrong)?;
            let Some(batch) = batches.iter().find(|batch| batch.num_rows() > 0) else {
                return Ok(None);
            };
            let array = arrow::compute::cast(batch.column(0), &DataType::Utf8)
                .map_err(LakeError::data("cannot read the check"))?;
            let text = arrow::array::AsArray::as_string::<i32>(&array);
            Ok(arrow::array::Array::is_valid(text, 0).then(|| text.value(0).to_owned()))
        })
    }
}

pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}
