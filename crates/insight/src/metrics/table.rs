//! The answer to a query.

use std::borrow::Cow;

use serde_json::value::RawValue;
use takar_model::{Lang, Period};

use super::{Basis, Dimension, KpiDefinition, Query, Unit, Value, Why};

/// KPIs by key: the answer to a [`Query`].
#[derive(Debug, Clone, PartialEq)]
pub struct MetricsTable {
    /// The window.
    pub period: Period,
    /// The base window of `--compare`, where the answer has one window and the base lies in the data.
    pub base: Option<Period>,
    /// What it rests on.
    pub basis: Basis,
    /// The dimensions of the keys.
    pub by: Vec<Dimension>,
    /// What each value of a row is.
    pub columns: Vec<Column>,
    /// Sorted by keys: ids in the order of [`takar_model::id_order`], months ascending, nobody last.
    pub rows: Vec<Row>,
    /// A margin was asked for, so that each row's cost coverage matters.
    pub has_cost_coverage: bool,
    /// A target was asked for, so that each row's target coverage matters.
    pub has_target_coverage: bool,
}

/// One column of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// `net_sales`, `net_sales_base` or `net_sales_growth`.
    pub id: String,
    /// What the KPI is called, in Indonesian and English.
    name: (Cow<'static, str>, Cow<'static, str>),
    /// What the KPI is measured in.
    unit: Unit,
    /// The figure itself, its base or its growth.
    pub role: Role,
}

/// What a column tells of its KPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The figure.
    Now,
    /// The figure of the base window.
    Base,
    /// The figure divided by its base, less one.
    Growth,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// A key for each dimension of `by`.
    pub keys: Vec<Key>,
    /// A value for each column.
    pub values: Vec<Value>,
    /// Which part of net sales has a cost.
    pub cost_coverage: Option<f64>,
    /// Which part of net sales has a target.
    pub target_coverage: Option<f64>,
    /// The code of the one unit of measure, where there is one.
    pub unit: Option<u32>,
    /// The code of the one currency, where there is one.
    pub currency: Option<u32>,
}

/// A member of a dimension; without id: nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The id, or the month, quarter or year as it is written.
    pub id: Option<String>,
    /// The name, where it has one.
    pub name: Option<String>,
}

impl Key {
    /// The name, else the id, else "nobody" in the reader's language.
    pub fn label(&self, lang: Lang) -> &str {
        let nobody = match lang {
            Lang::Id => "(tanpa)",
            Lang::En => "(none)",
        };
        self.name.as_deref().or(self.id.as_deref()).unwrap_or(nobody)
    }
}

/// The columns of a query's answer.
pub(super) fn columns(query: &Query) -> Vec<Column> {
    let roles: &[Role] = if query.compare.is_some() { &[Role::Now, Role::Base, Role::Growth] } else { &[Role::Now] };
    let of_kpi = |&kpi: &&'static KpiDefinition| roles.iter().map(move |&role| Column::of(kpi, role));
    query.kpis.iter().flat_map(of_kpi).collect()
}

/// A column of a KPI that is not built in.
pub(crate) fn own_column(id: &str, (indonesian, english): (String, String), unit: Unit, role: Role) -> Column {
    Column { id: format!("{id}{}", role.suffix()), name: (indonesian.into(), english.into()), unit, role }
}

impl Role {
    const fn suffix(self) -> &'static str {
        match self {
            Self::Now => "",
            Self::Base => "_base",
            Self::Growth => "_growth",
        }
    }
}

impl Column {
    /// A column of a built-in KPI.
    pub(crate) fn of(kpi: &'static KpiDefinition, role: Role) -> Self {
        let name = (Cow::Borrowed(kpi.name.id), Cow::Borrowed(kpi.name.en));
        Self { id: format!("{}{}", kpi.id, role.suffix()), name, unit: kpi.unit, role }
    }

    /// What the KPI is called.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.name.0,
            Lang::En => &self.name.1,
        }
    }

    /// What it is measured in: a growth is a rate.
    pub fn unit(&self) -> Unit {
        if self.role == Role::Growth { Unit::Rate } else { self.unit }
    }
}

impl MetricsTable {
    /// The value of a column in a row.
    pub fn value(&self, row: &Row, column: &str) -> Option<Value> {
        let place = self.columns.iter().position(|other| other.id == column)?;
        row.values.get(place).copied()
    }

    /// The reasons why figures are missing, by column: each once, with how many rows it concerns.
    pub fn notes(&self) -> Vec<(&Column, Why, usize)> {
        let mut notes = Vec::new();
        for (place, column) in self.columns.iter().enumerate() {
            let mut reasons: Vec<Why> = self.rows.iter().filter_map(|row| row.values[place].why()).collect();
            reasons.sort_unstable();
            for same in reasons.chunk_by(|left, right| left == right) {
                notes.push((column, same[0], same.len()));
            }
        }
        notes
    }

    /// `{"period", "base"?, "data_version", "credit", "rows": [{"manager", "manager_name", "net_sales", …}], "notes"}`.
    ///
    /// Numbers are exact; a missing figure is `null` and `notes` says why.
    pub fn to_json(&self, lang: Lang) -> String {
        let notes: Vec<serde_json::Value> = self
            .notes()
            .into_iter()
            .map(|(column, why, rows)| {
                serde_json::json!({"column": column.id, "rows": rows, "reason": why.text().get(lang)})
            })
            .collect();
        let rows: Vec<String> = self.rows.iter().map(|row| self.row_json(row)).collect();
        let base = self.base.map(|base| format!("\"base\":\"{base}\",")).unwrap_or_default();
        format!(
            "{{\"period\":\"{}\",{base}\"data_version\":{},\"credit\":\"{}\",\"rows\":[{}],\"notes\":{}}}",
            self.period,
            self.basis.data_version,
            self.basis.credit,
            rows.join(","),
            serde_json::Value::Array(notes),
        )
    }

    /// One row as a JSON object.
    pub fn row_json(&self, row: &Row) -> String {
        let text = |text: Option<&str>| serde_json::Value::from(text).to_string();
        let mut fields = Vec::with_capacity(self.by.len() * 2 + self.columns.len() + 2);
        for (dimension, key) in self.by.iter().zip(&row.keys) {
            fields.push(format!("\"{}\":{}", dimension.id(), text(key.id.as_deref())));
            if dimension.has_names() {
                fields.push(format!("\"{}_name\":{}", dimension.id(), text(key.name.as_deref())));
            }
        }
        for (column, value) in self.columns.iter().zip(&row.values) {
            fields.push(format!("\"{}\":{}", column.id, json_number(*value)));
        }
        if self.has_cost_coverage {
            fields.push(format!("\"cost_coverage\":{}", serde_json::Value::from(row.cost_coverage)));
        }
        if self.has_target_coverage {
            fields.push(format!("\"target_coverage\":{}", serde_json::Value::from(row.target_coverage)));
        }
        format!("{{{}}}", fields.join(","))
    }

    /// The rows as raw JSON values, for an answer that is put together elsewhere.
    pub fn rows_json(&self) -> Vec<Box<RawValue>> {
        let raw = |row| RawValue::from_string(self.row_json(row));
        self.rows.iter().filter_map(|row| raw(row).ok()).collect()
    }
}

fn json_number(value: Value) -> String {
    match value {
        Value::Null(_) => "null".to_owned(),
        Value::Rate(rate) => serde_json::Value::from(rate).to_string(),
        exact => exact.plain(),
    }
}
