//! The columns of each table of facts.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use takar_import::FactKind;

/// The column that says whether a file's rows count; Delta keeps it in the log, not in the files.
pub(crate) const STATUS: &str = "status";

/// Whether the rows of a data file count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// They count.
    Live,
    /// A later import brought the same lines again, changed.
    Superseded,
    /// Their import was undone.
    Undone,
}

impl Status {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Superseded => "superseded",
            Self::Undone => "undone",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Live, Self::Superseded, Self::Undone].into_iter().find(|status| status.name() == name)
    }
}

/// The columns a data file of `kind` holds: what the import gives, and which import brought and which
/// superseded each row.
pub(crate) fn stored_schema(kind: FactKind) -> SchemaRef {
    let imported = match kind {
        FactKind::Sales => takar_import::line_schema(),
        other => takar_import::table_schema(other),
    };
    let mut fields: Vec<Arc<Field>> = vec![
        Arc::new(Field::new("source", DataType::Utf8, false)),
        Arc::new(Field::new("import_id", DataType::Int64, false)),
    ];
    fields.extend(imported.fields().iter().cloned());
    fields.push(Arc::new(Field::new("superseded_by", DataType::Int64, true)));
    Arc::new(Schema::new(fields))
}

/// The columns of the Delta table: those of its files, and the partition.
pub(crate) fn table_schema(kind: FactKind) -> Schema {
    let mut fields: Vec<Arc<Field>> = stored_schema(kind).fields().iter().cloned().collect();
    fields.push(Arc::new(Field::new(STATUS, DataType::Utf8, false)));
    Schema::new(fields)
}
