//! What leads and account managers bring in themselves: their own activities and offers, and nothing else.
//!
//! Such rows lie in a source of the manager's own, so that none of them can take the place of a row that came from elsewhere or
//! is a colleague's, and each push is one import that operations can take back.

use std::sync::Arc;

use arrow::{
    array::{Array, ArrayRef, RecordBatch, StringArray},
    datatypes::{DataType, Field, Schema},
};
use takar_import::FactKind;
use takar_model::{ManagerId, Right, Role, SourceName};
use takar_state::Message;

use crate::{Actor, AppError, Push, Pushed, Result, Takar};

/// Kinds of which one may bring in what one did. What accounts said is not among them: nobody writes the answers one is rated by.
const OWN_KINDS: [FactKind; 2] = [FactKind::Activities, FactKind::Offers];
/// The column that says whose a row is, and its name beside it.
const WHOSE: [&str; 2] = ["manager_id", "manager_name"];
const ACCOUNT: &str = "account_id";

impl Takar {
    /// The source that what one brings in oneself lies in; none for who may bring in everything or nothing of the kind.
    pub(crate) fn own_source(&self, kind: FactKind) -> Option<SourceName> {
        let manager = self.own_manager().filter(|_| OWN_KINDS.contains(&kind) && self.may(Right::Collect).is_err())?;
        Some(SourceName(format!("own-{manager}")))
    }

    /// The actor may bring in rows of this kind: all of them, or what is the actor's own.
    pub(crate) fn may_add(&self, kind: FactKind) -> bool {
        self.may(Right::Collect).is_ok() || self.own_source(kind).is_some()
    }

    /// The account manager who acts, where that is somebody of a line.
    fn own_manager(&self) -> Option<&ManagerId> {
        match self.actor() {
            Actor::Person(person) if person.role.is_of_a_line() => person.manager.as_ref(),
            _ => None,
        }
    }

    /// Brings in what the actor did: every row under the own id, of accounts within reach, all or none.
    pub(crate) fn push_own(&self, push: Push) -> Result<Pushed> {
        let (Some(manager), Some(source)) = (self.own_manager().cloned(), self.own_source(push.kind)) else {
            let role = if let Actor::Person(person) = self.actor() { person.role } else { Role::Reader };
            return Err(AppError::Forbidden { role, right: Right::Collect });
        };
        if push.source.as_str() != "default" && push.source != source {
            return Err(refused(
                format!(
                    "baris sumber \"{}\" hanya diperbaiki oleh operasional; baris sendiri tersimpan di \"{}\"",
                    push.source, source
                ),
                format!(
                    "rows of the source \"{}\" are corrected by operations; your own are kept in \"{source}\"",
                    push.source
                ),
            ));
        }
        let rows = self.owned(&push, &manager)?;
        let kind = push.kind;
        let pushed = self.as_keeper().push(Push { source, rows, all_or_none: true, ..push })?;
        if pushed.accepted > 0 && !pushed.repeated {
            let (rows, import) = (pushed.accepted, pushed.import);
            self.note("own facts", &format!("{rows} {} of {manager} as import {import}", kind.name()))?;
        }
        Ok(pushed)
    }

    /// The rows under the manager's id. Columns have their own names, so that none can mean another one.
    fn owned(&self, push: &Push, manager: &ManagerId) -> Result<RecordBatch> {
        let known: Vec<&str> =
            push.kind.shape().map(|shape| shape.columns.iter().map(|column| column.name).collect()).unwrap_or_default();
        let schema = push.rows.schema();
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        if let Some(unknown) = names.iter().find(|name| !known.contains(*name)) {
            let (unknown, known) = (short(unknown), known.join(", "));
            return Err(told(
                format!("kolom \"{unknown}\" tidak dikenal di sini; yang ada: {known}"),
                format!("the column \"{unknown}\" is not known here; there are: {known}"),
            ));
        }
        let column = |name: &str| push.rows.column_by_name(name)?.as_any().downcast_ref::<StringArray>();
        let said = |name: &str, row: usize| {
            column(name)
                .filter(|column| column.is_valid(row))
                .map(|column| column.value(row).trim())
                .filter(|text| !text.is_empty())
        };
        let accounts = match self.reach() {
            Some(reach) => self.accounts_within(reach)?,
            None => std::collections::BTreeSet::new(),
        };
        for row in 0..push.rows.num_rows() {
            let other = said(WHOSE[0], row).filter(|id| *id != manager.0);
            if let Some(other) = other {
                return Err(refused(
                    format!(
                        "baris {}, manager_id=\"{}\": hanya milik Anda sendiri ({manager}) yang dapat dimasukkan; kosongkan kolom itu",
                        row + 1,
                        short(other)
                    ),
                    format!(
                        "row {}, manager_id=\"{}\": only your own ({manager}) can be brought in; leave that column out",
                        row + 1,
                        short(other)
                    ),
                ));
            }
            let account = said(ACCOUNT, row).unwrap_or_default();
            if !accounts.contains(account) {
                return Err(refused(
                    format!(
                        "baris {}, account_id=\"{}\": bukan akun Anda; tulis kode akun yang Anda atau tim Anda tangani",
                        row + 1,
                        short(account)
                    ),
                    format!(
                        "row {}, account_id=\"{}\": no account of yours; write the id of one that you or your team serve",
                        row + 1,
                        short(account)
                    ),
                ));
            }
        }
        let mut fields: Vec<Field> = Vec::new();
        let mut columns: Vec<ArrayRef> = Vec::new();
        for (field, column) in
            schema.fields().iter().zip(push.rows.columns()).filter(|(field, _)| !WHOSE.contains(&field.name().as_str()))
        {
            fields.push(field.as_ref().clone());
            columns.push(column.clone());
        }
        fields.push(Field::new(WHOSE[0], DataType::Utf8, true));
        columns.push(Arc::new(StringArray::from_iter_values((0..push.rows.num_rows()).map(|_| manager.0.as_str()))));
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
            .map_err(|error| told(format!("baris tidak terbaca: {error}"), format!("the rows cannot be read: {error}")))
    }
}

/// What a user wrote, short enough for a message.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// It is somebody else's.
fn refused(id: String, en: String) -> AppError {
    AppError::Own(Message { id, en })
}

fn told(id: String, en: String) -> AppError {
    AppError::Told(Message { id, en })
}
