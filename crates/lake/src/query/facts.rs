//! The rows of a table of facts other than sales: a page of them, and what they come to.

use arrow::array::{Array, AsArray};
use datafusion::{
    functions_aggregate::{count::count_all, sum::sum},
    prelude::{Expr, ident, lit},
};
use serde::Serialize;
use serde_json::{Map, Value};
use takar_import::FactKind;
use takar_model::Period;

use super::{
    rows::{day, rows_of},
    session::wrong,
};
use crate::{
    Lake,
    error::Result,
    facts::{
        columns::whole,
        schema::{Status, stored_schema},
    },
};

/// Which rows of a table to show.
#[derive(Debug, Clone)]
pub struct FactFilter {
    /// The table.
    pub kind: FactKind,
    /// Of one account.
    pub account: Option<String>,
    /// Of one manager.
    pub manager: Option<String>,
    /// What who asks may see; everything without.
    pub reach: Option<FactReach>,
    /// With this word in the column that the kind is summed up by; empty = with none.
    pub word: Option<String>,
    /// With this invoice number.
    pub invoice: Option<String>,
    /// For a day of this window.
    pub period: Option<Period>,
    /// Brought by one import.
    pub import: Option<i64>,
    /// How many rows at most.
    pub limit: usize,
    /// How many to pass over.
    pub offset: usize,
}

/// Whose rows may be seen: those of these managers, and those that name no manager of these accounts. Rows that are about
/// neither, such as products or rates, are everybody's.
#[derive(Debug, Clone, Default)]
pub struct FactReach {
    /// The managers.
    pub managers: Vec<String>,
    /// The accounts.
    pub accounts: Vec<String>,
}

impl FactReach {
    fn condition(&self, has: &dyn Fn(&str) -> bool) -> Option<Expr> {
        let among =
            |name: &str, ids: &[String]| ident(name).in_list(ids.iter().map(|id| lit(id.as_str())).collect(), false);
        let of_account = has("account_id").then(|| among("account_id", &self.accounts));
        let Some(of_manager) = has("manager_id").then(|| among("manager_id", &self.managers)) else {
            return of_account;
        };
        let unmanaged = ident("manager_id").is_null();
        Some(match of_account {
            Some(of_account) => of_manager.or(unmanaged.and(of_account)),
            None => of_manager,
        })
    }
}

impl FactFilter {
    /// The first rows of a kind.
    pub fn of(kind: FactKind, limit: usize) -> Self {
        Self {
            kind,
            account: None,
            manager: None,
            reach: None,
            word: None,
            invoice: None,
            period: None,
            import: None,
            limit,
            offset: 0,
        }
    }
}

/// The rows of one word, such as the offers that were won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactGroup {
    /// The word; none for rows that have none.
    pub word: Option<String>,
    /// The currency of the sum, where the rows name one.
    pub currency: Option<String>,
    /// How many rows.
    pub rows: u64,
    /// What their numbers come to, exact.
    pub sum: Option<String>,
}

/// A page of rows.
#[derive(Debug, Serialize)]
pub struct FactPage {
    /// How many rows there are in all.
    pub total: u64,
    /// The rows by word, most first; a group for each currency.
    pub groups: Vec<FactGroup>,
    /// The rows, newest first; amounts are exact.
    pub rows: Vec<Map<String, Value>>,
}

impl Lake {
    /// How many live rows a table has.
    pub fn rows_of_kind(&self, kind: FactKind) -> Result<u64> {
        let snapshot = self.table(kind).snapshot(self.runtime(), None)?;
        Ok(snapshot.iter().flat_map(|snapshot| snapshot.with_status(Status::Live)).map(|file| file.rows).sum())
    }

    /// The live rows of a table that a filter lets through, newest first.
    pub fn facts(&self, filter: &FactFilter) -> Result<FactPage> {
        let schema = stored_schema(filter.kind);
        let has = |name: &str| schema.column_with_name(name).is_some();
        self.runtime().block_on(async {
            let context = super::session::bare();
            let mut frame = self.live_frame(&context, filter.kind).await?;
            for condition in conditions(filter, &has) {
                frame = frame.filter(condition).map_err(wrong)?;
            }
            let by = filter.kind.summed_by();
            let currency = has("currency").then_some("currency");
            let keys: Vec<Expr> = by.into_iter().chain(currency.filter(|name| by != Some(name))).map(ident).collect();
            let mut told = vec![count_all().alias("rows")];
            told.extend(filter.kind.sum().map(|name| sum(ident(name)).alias("sum")));
            let counted = frame.clone().aggregate(keys, told).map_err(wrong)?.collect().await.map_err(wrong)?;
            let mut groups = Vec::new();
            for batch in &counted {
                let rows = whole(batch, "rows")?;
                let text = |name: &str, row: usize| -> Option<String> {
                    let array = batch.column_by_name(name)?;
                    let array = arrow::compute::cast(array, &arrow::datatypes::DataType::Utf8).ok()?;
                    array.is_valid(row).then(|| array.as_string::<i32>().value(row).to_owned())
                };
                groups.extend((0..batch.num_rows()).map(|row| FactGroup {
                    word: by.and_then(|by| text(by, row)),
                    currency: text("currency", row),
                    rows: u64::try_from(rows.value(row)).unwrap_or_default(),
                    sum: text("sum", row),
                }));
            }
            groups.sort_by(|one, other| {
                let names = (&one.word, &one.currency).cmp(&(&other.word, &other.currency));
                other.rows.cmp(&one.rows).then(names)
            });
            let total = groups.iter().map(|group| group.rows).sum();
            let order = filter
                .kind
                .days()
                .map(|(first, _)| ident(first).sort(false, false))
                .into_iter()
                .chain([
                    ident("import_id").sort(false, true),
                    ident("file").sort(true, true),
                    ident("row").sort(true, true),
                ])
                .collect();
            let shown = schema.fields().iter().map(|field| field.name().as_str());
            let shown: Vec<Expr> = shown.filter(|name| *name != "superseded_by").map(ident).collect();
            let page = frame
                .sort(order)
                .and_then(|frame| frame.limit(filter.offset, Some(filter.limit)))
                .and_then(|frame| frame.select(shown))
                .map_err(wrong)?;
            let batches = page.collect().await.map_err(wrong)?;
            Ok(FactPage { total, groups, rows: batches.iter().flat_map(rows_of).collect() })
        })
    }
}

fn conditions(filter: &FactFilter, has: &dyn Fn(&str) -> bool) -> Vec<Expr> {
    let is = |name: &'static str, value: &Option<String>| {
        value.as_ref().map(|text| if has(name) { ident(name).eq(lit(text.as_str())) } else { lit(false) })
    };
    let word = filter.word.as_ref().and_then(|word| {
        let by = ident(filter.kind.summed_by()?);
        Some(if word.is_empty() { by.is_null() } else { by.eq(lit(word.as_str())) })
    });
    let mut all: Vec<Expr> = [
        is("account_id", &filter.account),
        is("manager_id", &filter.manager),
        is("invoice_no", &filter.invoice),
        word,
        filter.import.map(|import| ident("import_id").eq(lit(import))),
    ]
    .into_iter()
    .flatten()
    .collect();
    all.extend(filter.reach.as_ref().and_then(|reach| reach.condition(has)));
    if let Some((period, (first, last))) = filter.period.zip(filter.kind.days()) {
        let (begins, ends) = (ident(first).lt_eq(day(period.to())), ident(last).gt_eq(day(period.from())));
        if first == last {
            all.extend([begins, ends]);
        } else {
            // What has no first day was always so, and what has no last day lasts.
            all.extend([ident(first).is_null().or(begins), ident(last).is_null().or(ends)]);
        }
    }
    all
}
