//! Lines restated: under the ids and in the units that count, credited to managers under a rule, and in the company's own currency.
//!
//! Panels and answers are made from lines as this module hands them on, so that every figure follows the same rule. Where
//! there is nothing to restate, lines pass untouched.

pub(crate) mod aliases;
mod credits;
pub(crate) mod owners;
mod rates;
#[cfg(test)]
mod tests;
mod units;

use std::sync::Arc;

use arrow::{
    array::{Array, ArrayRef, Date32Array, Decimal128Array, StringArray, UInt32Array},
    compute::{cast, take_record_batch},
    datatypes::DataType,
    record_batch::RecordBatch,
};
use takar_import::FactKind;
use takar_insight::metrics::NONE;
use takar_model::{Credit, Period};

use self::{
    aliases::Aliases,
    credits::Credits,
    owners::{IdOfName, Part, Timelines},
    rates::{Rates, converted},
    units::Units,
};
use crate::{
    Lake,
    error::{LakeError, Result},
    facts::{
        columns::{dates, decimal, text_at},
        schema::Status,
    },
    panels::{
        layout::{ACCOUNTS, code_column, column_file, day_column, read_accounts, read_managers},
        store::{Made, Store},
    },
};

/// The amounts of a line in its currency.
const AMOUNTS: [&str; 4] = ["net", "discount", "cost", "ppn"];
/// What a line's parts are cut from.
const DIVIDED: [&str; 5] = ["quantity", "net", "discount", "cost", "ppn"];

/// How lines are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Restatement {
    credit: Credit,
    aliases: Aliases,
    units: Units,
    owners: Timelines,
    credits: Credits,
    rates: Rates,
    /// Id and name of every manager: a line that goes to another manager does not tell his name.
    names: Vec<(String, Option<String>)>,
}

/// One row to come: the row it is made from, whom it goes to, and which part of it.
struct Share<'a> {
    row: u32,
    manager: Option<&'a str>,
    part: Option<&'a Part>,
}

impl Lake {
    /// How lines are read under a rule of credit. It rests on the recorded panel where the rule is another.
    pub(crate) fn restatement(&self, credit: Credit) -> Result<Restatement> {
        let aliases = self.aliases()?;
        let units = Units::of(&aliases.apply(&self.live_rows(FactKind::Units)?)?)?;
        let rates = Rates::of(&self.live_rows(FactKind::Rates)?)?;
        let accounts = aliases.apply_to_attributes(&self.live_rows(FactKind::Accounts)?, "account_id")?;
        let managers = aliases.apply_to_attributes(&self.live_rows(FactKind::Managers)?, "manager_id")?;
        let id_of_manager = IdOfName::of(&managers, "manager_id", "manager_name")?;
        let owners = Timelines::of(
            &aliases.apply(&self.live_rows(FactKind::Ownership)?)?,
            &IdOfName::of(&accounts, "account_id", "account_name")?,
            &id_of_manager,
        )?;
        // Credit as owned now tells what the portfolios of today sold before, whoever earned it.
        let credits = match credit {
            Credit::Now => Credits::default(),
            _ => Credits::of(&aliases.apply(&self.live_rows(FactKind::Credits)?)?, &id_of_manager)?,
        };
        if credit == Credit::Recorded {
            return Ok(Restatement { credit, aliases, units, owners, credits, rates, names: Vec::new() });
        }
        let store = self.store(Credit::Recorded);
        let Some(recorded) = self.current_panel(Credit::Recorded)? else {
            return Ok(Restatement { credit, aliases, units, owners, credits, rates, names: Vec::new() });
        };
        let known = read_managers(&store.read_whole(&recorded, "manager_attributes.arrow")?)?;
        let names = known.into_iter().map(|(id, known)| (id, known.name)).collect();
        let owners = match credit {
            Credit::Now => owners_now(&owners, &store, &recorded)?,
            Credit::Recorded | Credit::Then => owners,
        };
        Ok(Restatement { credit, aliases, units, owners, credits, rates, names })
    }
}

/// The owners on the last day of the data; else who the table of accounts says; else who sold last.
fn owners_now(owners: &Timelines, store: &Store, recorded: &Made) -> Result<Timelines> {
    let mut now = recorded.last_day.map_or_else(Timelines::default, |day| owners.on_day(day));
    let accounts = read_accounts(&store.read_whole(recorded, "account_attributes.arrow")?)?;
    let managers = read_managers(&store.read_whole(recorded, "manager_attributes.arrow")?)?;
    let column = |name: &str| store.read_whole(recorded, &column_file(ACCOUNTS, name));
    let (account, manager) =
        (code_column(&column("account")?, "account")?, code_column(&column("manager")?, "manager")?);
    let last_day = day_column(&column("last_day")?, "last_day")?;
    let mut sold_last: Vec<Option<(i32, u32)>> = vec![None; accounts.len()];
    for ((account, manager), day) in account.iter().zip(manager).zip(last_day) {
        let Some(last) = sold_last.get_mut(*account as usize).filter(|_| manager != NONE) else { continue };
        // Of two on one day the lower id counts.
        if last.is_none_or(|(known, by)| (known, std::cmp::Reverse(by)) < (day, std::cmp::Reverse(manager))) {
            *last = Some((day, manager));
        }
    }
    for ((id, known), last) in accounts.iter().zip(sold_last) {
        let manager = if known.manager == NONE { last.map(|(_, manager)| manager) } else { Some(known.manager) };
        if let Some((manager, _)) = manager.and_then(|code| managers.get(code as usize)) {
            now.give(id, manager);
        }
    }
    Ok(now)
}

impl Restatement {
    /// Lines pass untouched.
    pub(crate) fn is_trivial(&self) -> bool {
        self.aliases.is_empty() && self.units.is_empty() && !self.converts() && !self.moves()
    }

    /// Who owned which account when.
    pub(crate) const fn owners(&self) -> &Timelines {
        &self.owners
    }

    /// Which units are told in others.
    pub(crate) const fn units(&self) -> &Units {
        &self.units
    }

    /// Which ids are read as others.
    pub(crate) const fn aliases(&self) -> &Aliases {
        &self.aliases
    }

    /// Amounts are converted.
    pub(crate) fn converts(&self) -> bool {
        !self.rates.is_empty()
    }

    /// Lines may go to another manager.
    pub(crate) fn moves(&self) -> bool {
        !self.owners.is_empty() || !self.credits.is_empty()
    }

    /// Single invoices are credited to whom it was decided.
    pub(crate) fn has_credits(&self) -> bool {
        !self.credits.is_empty()
    }

    /// The same with every rate fixed at its mean of a window; `None` where nothing is converted.
    pub(crate) fn at_rates_of(&self, window: Period) -> Option<Self> {
        self.converts().then(|| Self { rates: self.rates.fixed_at(window), ..self.clone() })
    }

    /// The lines of a batch restated. Columns that it lacks are no matter; with `manager_id` it needs `account_id` and
    /// `date`, where single invoices are credited `source` and `invoice_no` too; with `currency` the date.
    pub(crate) fn apply(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        self.apply_to(None, batch)
    }

    /// The same for lines of one source, whose column they may lack.
    pub(crate) fn apply_to(&self, source: Option<&str>, batch: &RecordBatch) -> Result<RecordBatch> {
        if self.is_trivial() || batch.num_rows() == 0 {
            return Ok(batch.clone());
        }
        let batch = if self.aliases.is_empty() { batch.clone() } else { self.aliases.apply(batch)? };
        let batch = if self.units.is_empty() { batch } else { self.units.apply(&batch)? };
        let batch = if self.converts() { self.convert(&batch)? } else { batch };
        if self.moves() && batch.column_by_name("manager_id").is_some() {
            self.credit(source, &batch)
        } else {
            Ok(batch)
        }
    }

    /// Foreign amounts in the company's own currency; lines without a rate stay as they are.
    fn convert(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let Some(currencies) = plain_text(batch, "currency")? else {
            return Ok(batch.clone());
        };
        let days = dates(batch, "date")?;
        let rates: Vec<Option<i128>> = (0..batch.num_rows())
            .map(|row| text_at(&currencies, row).and_then(|currency| self.rates.rate(currency, days.value(row))))
            .collect();
        if rates.iter().all(Option::is_none) {
            return Ok(batch.clone());
        }
        let mut changed = batch.clone();
        for name in AMOUNTS.into_iter().filter(|name| batch.column_by_name(name).is_some()) {
            let amounts = decimal(batch, name)?;
            let values = amounts
                .iter()
                .zip(&rates)
                .map(|(amount, rate)| match (amount, rate) {
                    (Some(amount), Some(rate)) => converted(amount, *rate).map(Some),
                    (amount, _) => Ok(amount),
                })
                .collect::<Result<Vec<_>>>()?;
            changed = with_column(&changed, name, like(amounts, values)?)?;
        }
        let own = self.rates.own.as_deref();
        let told: StringArray = (0..batch.num_rows())
            .map(|row| if rates[row].is_some() { own } else { text_at(&currencies, row) })
            .collect();
        with_column(&changed, "currency", Arc::new(told))
    }

    /// Every line with whom it is credited to; a line with several owners becomes several.
    fn credit(&self, source: Option<&str>, batch: &RecordBatch) -> Result<RecordBatch> {
        let (Some(accounts), Some(managers)) = (plain_text(batch, "account_id")?, plain_text(batch, "manager_id")?)
        else {
            return Ok(batch.clone());
        };
        let days = dates(batch, "date")?;
        let decided = self.credits.of_lines(source, batch)?;
        let mut shares: Vec<Share<'_>> = Vec::with_capacity(batch.num_rows());
        for (row, place) in (0..batch.num_rows()).zip(0_u32..) {
            let recorded = text_at(&managers, row);
            let owners = match (decided.parts(row), self.credit, recorded) {
                (Some(decided), ..) => Some(decided),
                (None, Credit::Recorded, Some(_)) => None,
                _ => text_at(&accounts, row).and_then(|account| self.owners.owners(account, days.value(row))),
            };
            match owners {
                None => shares.push(Share { row: place, manager: recorded, part: None }),
                Some([one]) => shares.push(Share { row: place, manager: one.manager.as_deref(), part: None }),
                Some(several) => shares.extend(several.iter().map(|part| Share {
                    row: place,
                    manager: part.manager.as_deref(),
                    part: Some(part),
                })),
            }
        }
        let mut changed = batch.clone();
        if shares.iter().any(|share| share.part.is_some()) {
            let rows = UInt32Array::from_iter_values(shares.iter().map(|share| share.row));
            changed = take_record_batch(batch, &rows).map_err(LakeError::data("cannot divide lines"))?;
            for name in DIVIDED.into_iter().filter(|name| batch.column_by_name(name).is_some()) {
                let amounts = decimal(&changed, name)?;
                let values = amounts.iter().zip(&shares);
                let values = values.map(|(amount, share)| match share.part {
                    Some(part) => amount.map(|amount| part.of(amount)),
                    None => amount,
                });
                let divided = like(amounts, values.collect())?;
                changed = with_column(&changed, name, divided)?;
            }
        }
        if let Some(names) = plain_text(batch, "manager_name")? {
            let named = shares.iter().map(|share| match share.manager == text_at(&managers, share.row as usize) {
                true => text_at(&names, share.row as usize),
                false => self.name(share.manager?),
            });
            changed = with_column(&changed, "manager_name", Arc::new(named.collect::<StringArray>()))?;
        }
        let credited: StringArray = shares.iter().map(|share| share.manager).collect();
        with_column(&changed, "manager_id", Arc::new(credited))
    }

    fn name(&self, manager: &str) -> Option<&str> {
        let place = self.names.binary_search_by(|(id, _)| takar_model::id_order(id, manager)).ok()?;
        self.names[place].1.as_deref()
    }

    /// The tables that the SQL over lines restates them with: `owners`, `decided` and `daily_rates`.
    pub(crate) fn tables(&self, last_day: i32) -> Result<[(&'static str, RecordBatch); 3]> {
        // Days that SQL can write.
        let (earliest, latest) = (-25_000, 60_000);
        let parts: Vec<(&str, i32, i32, &Part)> = self
            .owners
            .iter()
            .flat_map(|(account, spans)| spans.iter().map(move |span| (account, span)))
            .flat_map(|(account, span)| {
                let (first, last) = (span.first.max(earliest), span.last.min(latest));
                span.parts.iter().map(move |part| (account, first, last, part))
            })
            .collect();
        let decided: Vec<(&str, &str, &Part)> = self.credits.iter().collect();
        fn shares<'p>(parts: impl Iterator<Item = &'p Part>, end: fn(&Part) -> i128) -> ArrayRef {
            let values = parts.map(end);
            Arc::new(Decimal128Array::from_iter_values(values).with_data_type(DataType::Decimal128(8, 6)))
        }
        let share = |end: fn(&Part) -> i128| shares(parts.iter().map(|(.., part)| *part), end);
        let part = |end: fn(&Part) -> i128| shares(decided.iter().map(|(.., part)| *part), end);
        let owners: Vec<(&str, ArrayRef)> = vec![
            ("account_id", Arc::new(StringArray::from_iter_values(parts.iter().map(|(account, ..)| *account)))),
            ("first_day", Arc::new(Date32Array::from_iter_values(parts.iter().map(|(_, first, ..)| *first)))),
            ("last_day", Arc::new(Date32Array::from_iter_values(parts.iter().map(|(_, _, last, _)| *last)))),
            ("manager_id", Arc::new(parts.iter().map(|(.., part)| part.manager.as_deref()).collect::<StringArray>())),
            ("begins", share(|part| part.from)),
            ("ends", share(|part| part.to)),
        ];
        let decided: Vec<(&str, ArrayRef)> = vec![
            ("source", Arc::new(StringArray::from_iter_values(decided.iter().map(|(source, ..)| *source)))),
            ("invoice_no", Arc::new(StringArray::from_iter_values(decided.iter().map(|(_, invoice, _)| *invoice)))),
            ("manager_id", Arc::new(decided.iter().map(|(.., part)| part.manager.as_deref()).collect::<StringArray>())),
            ("begins", part(|part| part.from)),
            ("ends", part(|part| part.to)),
        ];
        let days: Vec<(&str, i32, i128)> = self.rates.days_until(last_day).collect();
        let own = self.rates.own.as_deref();
        let rates: Vec<(&str, ArrayRef)> = vec![
            ("currency", Arc::new(StringArray::from_iter_values(days.iter().map(|(currency, ..)| *currency)))),
            ("date", Arc::new(Date32Array::from_iter_values(days.iter().map(|(_, day, _)| *day)))),
            (
                "rate",
                Arc::new(
                    Decimal128Array::from_iter_values(days.iter().map(|(.., rate)| *rate))
                        .with_data_type(DataType::Decimal128(22, 12)),
                ),
            ),
            ("own", Arc::new(days.iter().map(|_| own).collect::<StringArray>())),
        ];
        let batch = |columns: Vec<(&str, ArrayRef)>| {
            RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
                .map_err(LakeError::data("cannot restate lines"))
        };
        Ok([("owners", batch(owners)?), ("decided", batch(decided)?), ("daily_rates", batch(rates)?)])
    }

    /// Whether the line's own manager stands before its owners.
    pub(crate) fn prefers_recorded(&self) -> bool {
        self.credit == Credit::Recorded
    }
}

impl Lake {
    /// The decisions that some ids are others.
    pub(crate) fn aliases(&self) -> Result<Aliases> {
        Aliases::of(&self.live_rows(FactKind::Aliases)?)
    }

    /// Puts in place of each id of an account the one that counts for it today.
    pub fn count_accounts<'a>(&self, ids: impl Iterator<Item = &'a mut String>) -> Result<()> {
        let aliases = self.aliases()?;
        for id in ids {
            let counted = aliases.account(id);
            if counted != id.as_str() {
                *id = counted.to_owned();
            }
        }
        Ok(())
    }

    /// The last day of the live lines.
    pub(crate) fn last_day(&self) -> Result<Option<i32>> {
        let snapshot = self.table(FactKind::Sales).snapshot(self.runtime(), None)?;
        let files = snapshot.iter().flat_map(|snapshot| snapshot.with_status(Status::Live));
        Ok(files.filter_map(|file| file.days).map(|days| days.to().epoch_days()).max())
    }
}

/// A text column, read plainly whether it is coded or not; `None` where the batch lacks it.
fn plain_text(batch: &RecordBatch, name: &str) -> Result<Option<StringArray>> {
    let Some(array) = batch.column_by_name(name) else {
        return Ok(None);
    };
    let plain = cast(array, &DataType::Utf8).map_err(LakeError::data("cannot read a text"))?;
    Ok(plain.as_any().downcast_ref::<StringArray>().cloned())
}

/// Values in the type of another column.
fn like(column: &Decimal128Array, values: Vec<Option<i128>>) -> Result<ArrayRef> {
    let array = Decimal128Array::from(values).with_data_type(column.data_type().clone());
    Ok(Arc::new(array))
}

/// The batch with one column replaced, in the type that it had.
fn with_column(batch: &RecordBatch, name: &str, array: ArrayRef) -> Result<RecordBatch> {
    let wrong = |reason: String| LakeError::Data { doing: "cannot restate lines", reason };
    let mut columns = batch.columns().to_vec();
    let schema = batch.schema();
    let (place, field) = schema.column_with_name(name).ok_or_else(|| wrong(format!("no column {name}")))?;
    columns[place] = match field.data_type() == array.data_type() {
        true => array,
        false => cast(&array, field.data_type()).map_err(|error| wrong(error.to_string()))?,
    };
    RecordBatch::try_new(schema.clone(), columns).map_err(|error| wrong(error.to_string()))
}
