//! SQL over the facts with DataFusion: the independent check of every KPI, and the drill-down to rows.

use std::sync::Arc;

use arrow::{array::RecordBatch, datatypes::DataType};
use datafusion::{
    common::DataFusionError,
    datasource::MemTable,
    prelude::{DataFrame, ParquetReadOptions, SessionConfig, SessionContext},
};
use takar_import::FactKind;
use takar_model::Credit;

use crate::{
    Lake,
    error::{LakeError, Result},
    facts::schema::{Status, stored_schema},
    restate::aliases::Aliases,
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
    FROM restated s
    LEFT JOIN accounts a ON s.account_id = a.account_id
    LEFT JOIN managers m ON coalesce(s.manager_id, a.manager_id) = m.manager_id
    LEFT JOIN products p ON s.product_id = p.product_id";

/// The lines in the units that theirs are told in: those of their product, else those of all.
const COUNTED: &str = "
    SELECT s.source, s.import_id, s.file, s.sheet, s.row, s.date, s.invoice_no, s.line_no, s.account_id, s.account_name,
           s.manager_id, s.manager_name, s.product_id, s.product_name, s.category, s.region, s.segment, s.branch,
           CASE WHEN coalesce(p.factor, c.factor) IS NULL THEN s.quantity
                ELSE CAST(s.quantity * coalesce(p.factor, c.factor) AS decimal(18, 6)) END AS quantity,
           coalesce(p.base, c.base, s.unit) AS unit, s.extra, s.repair_of,
           CASE WHEN coalesce(p.factor, c.factor) IS NULL THEN s.unit_price
                ELSE TRY_CAST(s.unit_price / coalesce(p.factor, c.factor) AS decimal(18, 6)) END AS unit_price,
           s.currency, s.net, s.discount, s.cost, s.ppn
    FROM identified s
    LEFT JOIN product_units p ON s.product_id = p.product_id AND lower(trim(s.unit)) = p.unit
    LEFT JOIN common_units c ON lower(trim(s.unit)) = c.unit";

/// The lines under the ids that count; a name that stood beside an alias is the alias's.
const IDENTIFIED: &str = "
    SELECT s.source, s.import_id, s.file, s.sheet, s.row, s.date, s.invoice_no, s.line_no,
           coalesce(a.id, s.account_id) AS account_id, CASE WHEN a.id IS NULL THEN s.account_name END AS account_name,
           coalesce(m.id, s.manager_id) AS manager_id, CASE WHEN m.id IS NULL THEN s.manager_name END AS manager_name,
           coalesce(p.id, s.product_id) AS product_id, CASE WHEN p.id IS NULL THEN s.product_name END AS product_name,
           s.category, s.region, s.segment, s.branch, s.quantity, s.unit, s.extra, s.repair_of, s.unit_price, s.currency,
           s.net, s.discount, s.cost, s.ppn
    FROM sales s
    LEFT JOIN account_aliases a ON s.account_id = a.alias
    LEFT JOIN manager_aliases m ON s.manager_id = m.alias
    LEFT JOIN product_aliases p ON s.product_id = p.alias";

/// The lines in the company's own currency and with whom they are credited to: `converted`, then divided among owners.
const CONVERTED: &str = "
    SELECT s.source, s.import_id, s.file, s.sheet, s.row, s.date, s.invoice_no, s.line_no, s.account_id, s.account_name,
           s.manager_id, s.manager_name, s.product_id, s.product_name, s.category, s.region, s.segment, s.branch,
           s.quantity, s.unit, s.extra, s.repair_of,
           CASE WHEN r.rate IS NULL THEN s.unit_price
                ELSE TRY_CAST(s.unit_price * r.rate AS decimal(18, 6)) END AS unit_price,
           CASE WHEN r.rate IS NULL THEN s.currency ELSE r.own END AS currency,
           CASE WHEN r.rate IS NULL THEN s.net ELSE CAST(s.net * r.rate AS decimal(18, 4)) END AS net,
           CASE WHEN r.rate IS NULL THEN s.discount ELSE CAST(s.discount * r.rate AS decimal(18, 4)) END AS discount,
           CASE WHEN r.rate IS NULL THEN s.cost ELSE CAST(s.cost * r.rate AS decimal(18, 4)) END AS cost,
           CASE WHEN r.rate IS NULL THEN s.ppn ELSE CAST(s.ppn * r.rate AS decimal(18, 4)) END AS ppn
    FROM counted s
    LEFT JOIN daily_rates r ON upper(trim(s.currency)) = r.currency AND s.date = r.date";
/// The lines once for each part of their credit: as it was decided for the invoice, else as its owners have it.
const PARTED: &str = "
    SELECT c.*, coalesce(d.begins, o.begins) AS begins, coalesce(d.ends, o.ends) AS ends,
           CASE WHEN d.ends IS NULL THEN o.manager_id ELSE d.manager_id END AS owner
    FROM converted c
    LEFT JOIN decided d ON c.source = d.source AND c.invoice_no = d.invoice_no
    LEFT JOIN owners o ON d.ends IS NULL AND c.account_id = o.account_id AND c.date >= o.first_day AND c.date <= o.last_day";
const CREDITED: &str = "
    SELECT c.source, c.import_id, c.file, c.sheet, c.row, c.date, c.invoice_no, c.line_no, c.account_id, c.account_name,
           CASE WHEN c.ends IS NULL THEN c.manager_id ELSE c.owner END AS manager_id,
           CASE WHEN c.ends IS NULL OR c.owner = c.manager_id THEN c.manager_name END AS manager_name,
           c.product_id, c.product_name, c.category, c.region, c.segment, c.branch, c.unit, c.unit_price, c.extra,
           c.repair_of, c.currency,
           CASE WHEN c.ends IS NULL THEN c.quantity
                ELSE CAST(CAST(c.quantity * c.ends AS decimal(18, 6)) - CAST(c.quantity * c.begins AS decimal(18, 6)) AS decimal(18, 6)) END AS quantity,
           CASE WHEN c.ends IS NULL THEN c.net
                ELSE CAST(CAST(c.net * c.ends AS decimal(18, 4)) - CAST(c.net * c.begins AS decimal(18, 4)) AS decimal(18, 4)) END AS net,
           CASE WHEN c.ends IS NULL THEN c.discount
                ELSE CAST(CAST(c.discount * c.ends AS decimal(18, 4)) - CAST(c.discount * c.begins AS decimal(18, 4)) AS decimal(18, 4)) END AS discount,
           CASE WHEN c.ends IS NULL THEN c.cost
                ELSE CAST(CAST(c.cost * c.ends AS decimal(18, 4)) - CAST(c.cost * c.begins AS decimal(18, 4)) AS decimal(18, 4)) END AS cost,
           CASE WHEN c.ends IS NULL THEN c.ppn
                ELSE CAST(CAST(c.ppn * c.ends AS decimal(18, 4)) - CAST(c.ppn * c.begins AS decimal(18, 4)) AS decimal(18, 4)) END AS ppn
    FROM parted c";
/// The line's own manager stands before its owners.
const ONLY_WITHOUT_MANAGER: &str = " AND c.manager_id IS NULL";

/// Targets by the names that check queries use.
const TARGETS: &str = "
    SELECT manager_id, account_id, category, region, kpi, value, \"from\" AS first_day, \"to\" AS last_day
    FROM imported_targets";

pub(crate) fn wrong(error: DataFusionError) -> LakeError {
    LakeError::Query(error.strip_backtrace())
}

/// What a session needs to restate lines.
pub(crate) struct Restating {
    /// `None` = every id counts as it is written.
    identified: Option<Vec<(&'static str, RecordBatch)>>,
    /// `None` = every quantity counts in its own unit.
    counted: Option<[(&'static str, RecordBatch); 2]>,
    /// `None` = lines keep their manager and currency.
    credited: Option<[(&'static str, RecordBatch); 3]>,
    prefers_recorded: bool,
}

impl Lake {
    /// How a session under a rule of credit restates the lines; found before the session, which runs asynchronously.
    pub(crate) fn restating(&self, credit: Credit) -> Result<Restating> {
        let restatement = self.restatement(credit)?;
        let last_day = self.last_day()?.unwrap_or_default();
        let changes = restatement.converts() || restatement.moves();
        let credited = if changes { Some(restatement.tables(last_day)?) } else { None };
        let aliases = restatement.aliases();
        let identified = if aliases.is_empty() { None } else { Some(self.identified(aliases)?) };
        let units = restatement.units();
        let counted = if units.is_empty() { None } else { Some(units.tables()?) };
        Ok(Restating { identified, counted, credited, prefers_recorded: restatement.prefers_recorded() })
    }

    /// A session that knows `lines`, `targets`, `sales` and every small table.
    pub(crate) async fn session(&self, restating: Restating) -> Result<SessionContext> {
        let context = bare();
        let identified = restating.identified.unwrap_or_default();
        let is_identified = !identified.is_empty();
        for kind in FactKind::ALL {
            let name = if kind == FactKind::Targets { "imported_targets" } else { kind.name() };
            if identified.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let frame = self.live_frame(&context, kind).await?;
            context.register_table(name, frame.into_view()).map_err(wrong)?;
        }
        let is_counted = restating.counted.is_some();
        let counted = restating.counted.into_iter().flatten();
        let own = counted.chain(restating.credited.iter().flatten().cloned());
        for (name, batch) in identified.into_iter().chain(own) {
            context.register_batch(name, batch).map_err(wrong)?;
        }
        let mut views = vec![
            ("identified", if is_identified { IDENTIFIED } else { "SELECT * FROM sales" }.to_owned()),
            ("counted", if is_counted { COUNTED } else { "SELECT * FROM identified" }.to_owned()),
        ];
        match restating.credited {
            None => views.push(("restated", "SELECT * FROM counted".to_owned())),
            Some(_) => {
                let only = if restating.prefers_recorded { ONLY_WITHOUT_MANAGER } else { "" };
                views.extend([
                    ("converted", CONVERTED.to_owned()),
                    ("parted", format!("{PARTED}{only}")),
                    ("restated", CREDITED.to_owned()),
                ]);
            }
        }
        views.extend([("lines", LINES.to_owned()), ("targets", TARGETS.to_owned())]);
        for (name, sql) in views {
            let frame = context.sql(&sql).await.map_err(wrong)?;
            context.register_table(name, frame.into_view()).map_err(wrong)?;
        }
        Ok(context)
    }

    /// The tables of aliases, and the small tables under the ids that count.
    fn identified(&self, aliases: &Aliases) -> Result<Vec<(&'static str, RecordBatch)>> {
        let small = self.small_tables()?;
        let mut tables = aliases.tables()?;
        tables.extend([
            ("accounts", small.accounts),
            ("products", small.products),
            ("managers", small.managers),
            ("imported_targets", small.targets),
            ("ownership", small.ownership),
        ]);
        Ok(tables)
    }

    /// The live rows of a table.
    pub(super) async fn live_frame(&self, context: &SessionContext, kind: FactKind) -> Result<DataFrame> {
        let table = self.table(kind);
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
    pub fn check_value(&self, sql: &str, credit: Credit) -> Result<Option<String>> {
        let restating = self.restating(credit)?;
        self.runtime().block_on(async {
            let context = self.session(restating).await?;
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

/// A session that knows no table.
pub(super) fn bare() -> SessionContext {
    SessionContext::new_with_config(SessionConfig::new().with_target_partitions(threads()))
}

pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}
