//! Giving accounts to managers where the sales file does not say who has them.

use std::{collections::BTreeSet, sync::Arc};

use arrow::{
    array::{ArrayRef, Int64Array, RecordBatch, StringArray},
    datatypes::DataType,
};
use serde::{Deserialize, Serialize};
use takar_import::FactKind;
use takar_insight::metrics::{self, CellSource, Dimension, Kpi, NONE, Query, Value};
use takar_model::{Credit, Money, Text};
use takar_state::Message;

use crate::{AppError, Result, Takar, home::row_of_report};

/// An account given to a manager.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Assignment {
    /// The account's id.
    pub account: String,
    /// The manager's id; a new one is taken as a new manager of that name.
    pub manager: String,
}

/// Accounts that sell but have nobody, and who could have them.
#[derive(Debug, Serialize)]
pub struct Assignments {
    /// How many accounts have nobody.
    pub total: usize,
    /// The accounts, largest first.
    pub accounts: Vec<FreeAccount>,
    /// The managers there are.
    pub managers: Vec<Person>,
}

/// An account without a manager.
#[derive(Debug, Serialize)]
pub struct FreeAccount {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What it bought in all.
    pub net_sales: Option<Money>,
    /// Its branch.
    pub branch: Option<String>,
}

/// A manager to choose.
#[derive(Debug, Serialize)]
pub struct Person {
    /// The manager's id.
    pub id: String,
    /// The manager's name.
    pub name: Option<String>,
}

impl Takar {
    /// Accounts with sales that no manager has, and the managers there are.
    pub fn assignments(&self, search: Option<&str>, limit: usize) -> Result<Assignments> {
        self.may_assign()?;
        let source = self.lake_source(Credit::Recorded)?;
        let names = source.names();
        let query = Query {
            by: vec![Dimension::Account, Dimension::Manager],
            period: None,
            kpis: vec![Kpi::parse("net_sales")?],
            compare: None,
            filter: None,
        };
        let table = metrics::run(source.as_ref(), &query)?;
        let wanted = search.map(str::to_lowercase);
        let mut accounts: Vec<FreeAccount> = table
            .rows
            .iter()
            .filter(|row| row.keys.get(1).is_some_and(|manager| manager.id.is_none()))
            .filter_map(|row| {
                let account = row.keys.first()?;
                let id = account.id.clone()?;
                let code = names.account.code(&id).unwrap_or(NONE);
                let branch = source.branch_of_account(code).map(str::to_owned);
                let net_sales = match row.values.first()? {
                    Value::Money(net) => Some(*net),
                    _ => None,
                };
                Some(FreeAccount { name: account.name.clone(), id, net_sales, branch })
            })
            .filter(|account| {
                wanted.as_ref().is_none_or(|wanted| {
                    let has = |text: &str| text.to_lowercase().contains(wanted.as_str());
                    has(&account.id) || account.name.as_deref().is_some_and(has)
                })
            })
            .collect();
        accounts.sort_by(|one, other| other.net_sales.cmp(&one.net_sales).then_with(|| one.id.cmp(&other.id)));
        let total = accounts.len();
        accounts.truncate(limit);
        let managers = (0_u32..)
            .map_while(|code| names.manager.id(code).map(|id| (id, names.manager.name(code))))
            .map(|(id, name)| Person { id: id.to_owned(), name: name.map(str::to_owned) })
            .collect();
        Ok(Assignments { total, accounts, managers })
    }

    /// Gives accounts to managers; what else is known of the accounts stays.
    pub fn assign(&self, assignments: &[Assignment]) -> Result<usize> {
        self.may_assign()?;
        if assignments.iter().any(|one| one.account.trim().is_empty() || one.manager.trim().is_empty()) {
            return Err(AppError::Asked(Text::new(
                "setiap penugasan perlu akun dan manajer akun",
                "every assignment needs an account and an account manager",
            )));
        }
        let _lock = self.lock_imports()?;
        let started = self.now();
        let label = "assignments";
        let known = self.lake.small_rows(FactKind::Accounts)?;
        let rows = with_managers(&known, assignments, label)?;
        let id = self.state.begin_import("accounts", "default", label, &started)?;
        let report = self.lake.store_table(id, FactKind::Accounts, label, &rows, &started)?;
        self.state.record_import(&row_of_report(&report, &started))?;
        let about: BTreeSet<&str> = assignments.iter().map(|one| one.manager.trim()).collect();
        let about: Vec<&str> = about.into_iter().collect();
        self.note_decision(
            "assign",
            &Message::new(
                format!("{} akun, impor {id}", assignments.len()),
                format!("{} accounts, import {id}", assignments.len()),
            ),
            &about,
        )?;
        self.state.set_setting("lake_version", &self.lake.version_mark())?;
        Ok(assignments.len())
    }
}

/// Rows of the accounts table for the assigned accounts: as known, with another manager.
fn with_managers(known: &RecordBatch, assignments: &[Assignment], label: &str) -> Result<RecordBatch> {
    let schema = takar_import::table_schema(FactKind::Accounts);
    let broken = |_| AppError::Asked(Text::new("penugasan tidak bisa disimpan", "the assignments cannot be kept"));
    let texts_of = |name: &str| -> Option<StringArray> {
        known.column_by_name(name)?.as_any().downcast_ref::<StringArray>().cloned()
    };
    let ids = texts_of("account_id");
    let row_of = |account: &str| {
        ids.as_ref()
            .and_then(|ids| ids.iter().enumerate().filter(|(_, id)| *id == Some(account)).map(|(row, _)| row).last())
    };
    let rows: Vec<Option<usize>> = assignments.iter().map(|one| row_of(one.account.trim())).collect();
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .map(|field| -> ArrayRef {
            let old = texts_of(field.name());
            let as_known = |row: &Option<usize>| {
                let old = old.as_ref()?;
                row.filter(|row| arrow::array::Array::is_valid(old, *row)).map(|row| old.value(row).to_owned())
            };
            match (field.name().as_str(), field.data_type()) {
                (_, DataType::Int64) => Arc::new(Int64Array::from_iter_values((1_i64..).take(assignments.len()))),
                ("account_id", _) => {
                    Arc::new(StringArray::from_iter_values(assignments.iter().map(|one| one.account.trim())))
                }
                ("manager_id", _) => {
                    Arc::new(StringArray::from_iter_values(assignments.iter().map(|one| one.manager.trim())))
                }
                ("manager_name" | "sheet", _) => Arc::new(StringArray::from(vec![None::<&str>; assignments.len()])),
                ("file", _) => Arc::new(StringArray::from_iter_values(assignments.iter().map(|_| label))),
                _ => Arc::new(rows.iter().map(as_known).collect::<StringArray>()),
            }
        })
        .collect();
    RecordBatch::try_new(schema, columns).map_err(broken)
}
