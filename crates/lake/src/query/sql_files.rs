//! `--sql`: files as tables, on the command line only.

use std::{path::Path, sync::Arc};

use arrow::{
    array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray},
    datatypes::{Field, Schema},
};
use datafusion::{
    datasource::MemTable,
    prelude::{SessionConfig, SessionContext},
};

use super::session::{threads, wrong};
use crate::{
    Lake,
    error::{LakeError, Result},
};

/// The rows of a query in which a quoted file name stands for a table:
/// `SELECT … FROM 'orders.csv' o JOIN 'order-details.csv' d USING (orderID)`.
///
/// Column names are written as in the files, large and small letters alike.
///
/// # Errors
/// A file that cannot be read, a query that cannot be understood.
pub fn rows_of_sql(lake: &Lake, sql: &str) -> Result<Vec<RecordBatch>> {
    lake.runtime().block_on(async {
        let config = SessionConfig::new()
            .with_target_partitions(threads())
            .set_bool("datafusion.sql_parser.enable_ident_normalization", false)
            .set_bool("datafusion.sql_parser.map_string_types_to_utf8view", false)
            .set_bool("datafusion.execution.parquet.schema_force_view_types", false);
        let context = SessionContext::new_with_config(config);
        let state = context.state();
        let statement = state.sql_to_statement(sql, &state.config_options().sql_parser.dialect).map_err(wrong)?;
        for reference in state.resolve_table_references(&statement).map_err(wrong)? {
            let name = reference.table().to_owned();
            let table = table_of_file(Path::new(&name))?;
            context.register_table(reference, Arc::new(table)).map_err(wrong)?;
        }
        let options = datafusion::execution::context::SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        let frame = context.sql_with_options(sql, options).await.map_err(wrong)?;
        frame.collect().await.map_err(wrong)
    })
}

fn table_of_file(path: &Path) -> Result<MemTable> {
    let raw = takar_import::read_raw(path)?;
    let columns: Vec<ArrayRef> = raw.columns().iter().map(typed).collect();
    let fields: Vec<Field> = raw
        .schema()
        .fields()
        .iter()
        .zip(&columns)
        .map(|(field, array)| Field::new(field.name(), array.data_type().clone(), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let batch =
        RecordBatch::try_new(schema.clone(), columns).map_err(LakeError::data("cannot read a file as table"))?;
    MemTable::try_new(schema, vec![vec![batch]]).map_err(wrong)
}

/// Text columns become numbers only where every value is written as one and nothing is lost: `007` and
/// numbers of more than 15 digits stay text.
fn typed(array: &ArrayRef) -> ArrayRef {
    let Some(texts) = array.as_string_opt::<i32>() else {
        return array.clone();
    };
    let all = |is: fn(&str) -> bool| texts.iter().flatten().all(is) && texts.null_count() < texts.len();
    if all(is_whole) {
        return Arc::new(texts.iter().map(|text| text.and_then(|text| text.parse().ok())).collect::<Int64Array>());
    }
    if all(is_decimal) {
        return Arc::new(texts.iter().map(|text| text.and_then(|text| text.parse().ok())).collect::<Float64Array>());
    }
    Arc::new(texts.iter().collect::<StringArray>())
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let starts_well = digits == "0" || !digits.starts_with('0');
    (1..=15).contains(&digits.len()) && starts_well && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_decimal(text: &str) -> bool {
    match text.split_once('.') {
        None => is_whole(text),
        Some((whole, fraction)) => {
            let whole = if matches!(whole, "" | "-") { "0" } else { whole };
            let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
            let digits = whole.trim_start_matches(['-', '0']).len() + fraction.len();
            (whole == "-0" || is_whole(whole)) && is_fraction && digits <= 15
        }
    }
}
