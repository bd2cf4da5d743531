//! Events for the KPIs of the work: counted where the figures need no more, rows where they do.

use arrow::{
    array::{Array, AsArray, Date32Array, Decimal128Array, RecordBatch, StringArray},
    compute::cast,
    datatypes::{DataType, Date32Type, Decimal128Type},
};
use datafusion::prelude::{SessionContext, ident, lit};
use rustc_hash::FxHashMap;
use takar_import::FactKind;
use takar_insight::{
    metrics::{CellSource, SourceError},
    process::{Contacts, EventSource, Events, Feedback, Offer, OfferState, Owned, Recorded, Response},
};
use takar_model::{Credit, Day, Lang, Money, Period};

use super::{LakeSource, session::wrong};
use crate::{
    Lake,
    error::{LakeError, Result},
    facts::columns::{text_at, whole},
    restate::{Restatement, aliases::Aliases, owners::WHOLE},
};

/// The tables that events are read from.
const KINDS: [FactKind; 3] = [FactKind::Activities, FactKind::Offers, FactKind::Feedback];

/// Which activities are contacts: those that the account began are not.
const CONTACT: &str = "(direction IS NULL OR direction <> 'in')";

/// A query and the aliases under which its rows are read.
pub(super) struct Reader {
    pub context: SessionContext,
    pub aliases: Aliases,
}

impl Reader {
    pub(super) async fn rows(&self, sql: &str) -> Result<RecordBatch> {
        let frame = self.context.sql(sql).await.map_err(wrong)?;
        let schema = std::sync::Arc::new(frame.schema().as_arrow().clone());
        let batches = frame.collect().await.map_err(wrong)?;
        let rows = arrow::compute::concat_batches(&schema, &batches).map_err(LakeError::data("cannot read events"))?;
        self.aliases.apply(&rows)
    }
}

fn told(error: LakeError) -> SourceError {
    SourceError { id: error.message(Lang::Id), en: error.message(Lang::En) }
}

impl EventSource for LakeSource {
    fn event_days(&self) -> std::result::Result<Option<Period>, SourceError> {
        self.lake.event_days().map_err(told)
    }

    fn events(&self, window: Period) -> std::result::Result<Events, SourceError> {
        // Whose accounts were whose is told by the record, whatever rule of credit is asked for.
        let restatement = match self.credit() {
            Credit::Recorded => self.restatement(),
            _ => self.lake.restatement(Credit::Recorded).map(std::sync::Arc::new),
        };
        restatement.and_then(|restatement| self.lake.events(window, &restatement)).map_err(told)
    }
}

impl Lake {
    async fn event_tables(&self) -> Result<SessionContext> {
        let context = super::session::bare();
        for kind in KINDS {
            let frame = self.live_frame(&context, kind).await?;
            context.register_table(kind.name(), frame.into_view()).map_err(wrong)?;
        }
        Ok(context)
    }

    /// The first and last day of any activity, offer or feedback.
    fn event_days(&self) -> Result<Option<Period>> {
        let aliases = Aliases::default();
        self.runtime().block_on(async {
            let reader = Reader { context: self.event_tables().await?, aliases };
            let rows = reader
                .rows(
                    "SELECT min(first_day) AS first_day, max(last_day) AS last_day FROM (
                         SELECT min(date) AS first_day, max(date) AS last_day FROM activities
                         UNION ALL SELECT min(date), max(date) FROM feedback
                         UNION ALL SELECT min(opened), max(opened) FROM offers
                         UNION ALL SELECT min(closed), max(closed) FROM offers)",
                )
                .await?;
            let (first, last) = (days(&rows, "first_day")?, days(&rows, "last_day")?);
            Ok(day_at(&first, 0).zip(day_at(&last, 0)).and_then(|(first, last)| Period::new(first, last)))
        })
    }

    /// The managers' ids that count for these, in their order.
    pub fn managers_that_count(&self, ids: &[&str]) -> Result<Vec<String>> {
        let column: arrow::array::ArrayRef = std::sync::Arc::new(StringArray::from_iter_values(ids));
        let batch =
            RecordBatch::try_from_iter([("manager_id", column)]).map_err(LakeError::data("cannot read aliases"))?;
        let counted = self.aliases()?.apply(&batch)?;
        let counted = texts(&counted, "manager_id")?;
        Ok((0..ids.len()).map(|row| owned(&counted, row).unwrap_or_default()).collect())
    }

    /// Whether a table has a live row with this id, of one of these managers where they are given.
    pub fn has_fact(&self, kind: FactKind, id: &str, managers: Option<&[String]>) -> Result<bool> {
        let Some(key) = kind.shape().and_then(|shape| shape.key.first()) else { return Ok(false) };
        self.runtime().block_on(async {
            let frame = self.live_frame(&super::session::bare(), kind).await?;
            let mut condition = ident(*key).eq(lit(id));
            if let Some(managers) = managers {
                let seen = managers.iter().map(|manager| lit(manager.as_str())).collect();
                condition = condition.and(ident("manager_id").in_list(seen, false));
            }
            let found = frame.filter(condition).and_then(|frame| frame.limit(0, Some(1))).map_err(wrong)?;
            Ok(found.count().await.map_err(wrong)? > 0)
        })
    }

    /// The events of a window, under the ids that count.
    fn events(&self, window: Period, restatement: &Restatement) -> Result<Events> {
        let aliases = restatement.aliases().clone();
        let mut events = self.runtime().block_on(async {
            let reader = Reader { context: self.event_tables().await?, aliases };
            let mut events = Events { recorded: recorded(&reader, window).await?, ..Events::default() };
            contacts(&reader, window, &mut events).await?;
            offers(&reader, window, &mut events).await?;
            feedback(&reader, window, &mut events).await?;
            Result::Ok(events)
        })?;
        for (account, spans) in restatement.owners().unordered() {
            let owned = spans.iter().map(|span| Owned {
                first: span.first,
                last: span.last,
                by: span
                    .parts
                    .iter()
                    .filter_map(|part| Some((part.manager.clone()?, (part.to - part.from) as f64 / WHOLE as f64)))
                    .collect(),
            });
            events.owners.insert(account.to_owned(), owned.collect());
        }
        Ok(events)
    }
}

fn within(column: &str, window: Period) -> String {
    format!("{column} >= DATE '{}' AND {column} <= DATE '{}'", window.from(), window.to())
}

/// What was ever recorded; a plain count of each, so that no row is read.
async fn recorded(reader: &Reader, window: Period) -> Result<Recorded> {
    let in_window = within("date", window);
    let sql = format!(
        "SELECT (SELECT count(*) FROM activities WHERE {in_window}) AS activities,
                (SELECT count(response_hours) FROM activities) AS response_hours,
                (SELECT count(*) FROM offers) AS offers,
                (SELECT count(opened) FROM offers) AS offer_days,
                (SELECT count(followed_up) FROM offers) + (SELECT count(offer_id) FROM activities) AS follow_ups,
                (SELECT count(resolved) FROM feedback WHERE type = 'complaint') AS resolved"
    );
    let rows = reader.rows(&sql).await?;
    let some = |name: &str| -> Result<bool> { Ok(whole(&rows, name)?.value(0) > 0) };
    let kinds = reader
        .rows("SELECT type, max(CASE WHEN scale IS NULL THEN score END) AS greatest FROM feedback GROUP BY type")
        .await?;
    let (types, greatest) = (texts(&kinds, "type")?, numbers(&kinds, "greatest")?);
    let feedback = (0..kinds.num_rows())
        .filter_map(|row| Some((text_at(&types, row)?.to_owned(), number_at(&greatest, row))))
        .collect();
    Ok(Recorded {
        activities: some("activities")?,
        response_hours: some("response_hours")?,
        offers: some("offers")?,
        offer_days: some("offer_days")?,
        follow_ups: some("follow_ups")?,
        feedback,
        resolved: some("resolved")?,
    })
}

async fn contacts(reader: &Reader, window: Period, events: &mut Events) -> Result<()> {
    let in_window = within("date", window);
    // Only those that name no manager are told day by day.
    let sql = format!(
        "SELECT account_id, manager_id, CASE WHEN manager_id IS NULL THEN date END AS day,
                max(manager_name) AS manager_name, count(*) AS times
         FROM activities WHERE {CONTACT} AND {in_window}
         GROUP BY account_id, manager_id, CASE WHEN manager_id IS NULL THEN date END"
    );
    let rows = reader.rows(&sql).await?;
    let (accounts, managers) = (texts(&rows, "account_id")?, texts(&rows, "manager_id")?);
    let (dates, times) = (days(&rows, "day")?, whole(&rows, "times")?);
    events.contacts = (0..rows.num_rows())
        .map(|row| Contacts {
            account: owned(&accounts, row),
            manager: owned(&managers, row),
            date: day_at(&dates, row),
            count: u64::try_from(times.value(row)).unwrap_or_default(),
        })
        .collect();
    remember_names(&rows, &mut events.manager_names)?;

    let sql = format!(
        "SELECT account_id, max(date) AS last_day FROM activities
         WHERE {CONTACT} AND account_id IS NOT NULL AND date <= DATE '{}' GROUP BY account_id",
        window.to()
    );
    let rows = reader.rows(&sql).await?;
    let (accounts, last) = (texts(&rows, "account_id")?, days(&rows, "last_day")?);
    for row in 0..rows.num_rows() {
        if let Some((account, day)) = text_at(&accounts, row).zip(day_at(&last, row)) {
            let known = events.last_contacts.entry(account.to_owned()).or_insert(day);
            *known = day.max(*known);
        }
    }

    let sql = format!(
        "SELECT account_id, manager_id, date, response_hours, count(*) AS times FROM activities
         WHERE response_hours >= 0 AND {in_window} GROUP BY account_id, manager_id, date, response_hours"
    );
    let rows = reader.rows(&sql).await?;
    let (accounts, managers) = (texts(&rows, "account_id")?, texts(&rows, "manager_id")?);
    let (hours, times) = (numbers(&rows, "response_hours")?, whole(&rows, "times")?);
    let dates = days(&rows, "date")?;
    events.responses = (0..rows.num_rows())
        .filter_map(|row| {
            Some(Response {
                account: owned(&accounts, row),
                manager: owned(&managers, row),
                date: day_at(&dates, row)?,
                hours: number_at(&hours, row)?,
                count: u64::try_from(times.value(row)).unwrap_or_default(),
            })
        })
        .collect();
    // Groups come in no order; figures are the same in any, JSON should be too.
    events.responses.sort_by(|one, other| {
        let key = |row: &Response| (row.manager.clone(), row.account.clone(), row.date);
        key(one).cmp(&key(other)).then(one.hours.total_cmp(&other.hours))
    });
    events.contacts.sort_by(|one, other| {
        (&one.manager, &one.account, one.date).cmp(&(&other.manager, &other.account, other.date))
    });
    Ok(())
}

async fn offers(reader: &Reader, window: Period, events: &mut Events) -> Result<()> {
    let chosen = format!("(({}) OR ({}))", within("opened", window), within("coalesce(closed, opened)", window));
    // An offer is followed up on the day it says, else by the first later activity that names it.
    let sql = format!(
        "SELECT o.offer_id, o.opened, o.closed, o.account_id, o.manager_id, max(o.manager_name) AS manager_name, o.state,
                o.amount, o.currency, o.reason, coalesce(o.followed_up, min(a.date)) AS followed_up
         FROM (SELECT * FROM offers WHERE {chosen}) o
         LEFT JOIN (SELECT offer_id, date FROM activities WHERE offer_id IS NOT NULL) a
                ON a.offer_id = o.offer_id AND a.date > o.opened
         GROUP BY o.source, o.offer_id, o.opened, o.closed, o.account_id, o.manager_id, o.state, o.amount, o.currency,
                  o.reason, o.followed_up"
    );
    let rows = reader.rows(&sql).await?;
    let (ids, states) = (texts(&rows, "offer_id")?, texts(&rows, "state")?);
    let (accounts, managers) = (texts(&rows, "account_id")?, texts(&rows, "manager_id")?);
    let (currencies, reasons) = (texts(&rows, "currency")?, texts(&rows, "reason")?);
    let (opened, closed, followed) = (days(&rows, "opened")?, days(&rows, "closed")?, days(&rows, "followed_up")?);
    let amounts = numbers(&rows, "amount")?;
    events.offers = (0..rows.num_rows())
        .map(|row| Offer {
            id: owned(&ids, row).unwrap_or_default(),
            account: owned(&accounts, row),
            manager: owned(&managers, row),
            opened: day_at(&opened, row),
            closed: day_at(&closed, row),
            followed_up: day_at(&followed, row),
            state: match text_at(&states, row) {
                Some("won") => OfferState::Won,
                Some("lost") => OfferState::Lost,
                _ => OfferState::Open,
            },
            amount: amounts.is_valid(row).then(|| Money::from_units(amounts.value(row))),
            currency: owned(&currencies, row),
            reason: owned(&reasons, row),
        })
        .collect();
    events.offers.sort_by(|one, other| one.id.cmp(&other.id));
    remember_names(&rows, &mut events.manager_names)
}

async fn feedback(reader: &Reader, window: Period, events: &mut Events) -> Result<()> {
    let sql = format!(
        "SELECT account_id, manager_id, manager_name, date, type, score, scale, state, resolved, note FROM feedback WHERE {}",
        within("date", window)
    );
    let rows = reader.rows(&sql).await?;
    let (accounts, managers) = (texts(&rows, "account_id")?, texts(&rows, "manager_id")?);
    let (kinds, states) = (texts(&rows, "type")?, texts(&rows, "state")?);
    let notes = texts(&rows, "note")?;
    let (dates, resolved) = (days(&rows, "date")?, days(&rows, "resolved")?);
    let (scores, scales) = (numbers(&rows, "score")?, numbers(&rows, "scale")?);
    events.feedback = (0..rows.num_rows())
        .filter_map(|row| {
            Some(Feedback {
                account: owned(&accounts, row),
                manager: owned(&managers, row),
                date: day_at(&dates, row)?,
                kind: owned(&kinds, row)?,
                score: number_at(&scores, row),
                scale: number_at(&scales, row),
                is_resolved: text_at(&states, row) == Some("resolved"),
                resolved: day_at(&resolved, row),
                note: owned(&notes, row),
            })
        })
        .collect();
    remember_names(&rows, &mut events.manager_names)
}

/// What events call their managers, for managers that no table names.
fn remember_names(rows: &RecordBatch, names: &mut FxHashMap<String, String>) -> Result<()> {
    let (ids, called) = (texts(rows, "manager_id")?, texts(rows, "manager_name")?);
    for row in 0..rows.num_rows() {
        if let Some((id, name)) = text_at(&ids, row).zip(text_at(&called, row)) {
            // Of several names the first in order, whatever the order of the rows.
            let known = names.entry(id.to_owned()).or_insert_with(|| name.to_owned());
            if name < known.as_str() {
                name.clone_into(known);
            }
        }
    }
    Ok(())
}

fn column<'a>(rows: &'a RecordBatch, name: &str) -> Result<&'a arrow::array::ArrayRef> {
    rows.column_by_name(name)
        .ok_or_else(|| LakeError::Data { doing: "cannot read events", reason: format!("no column {name}") })
}

pub(super) fn texts(rows: &RecordBatch, name: &str) -> Result<StringArray> {
    let plain = cast(column(rows, name)?, &DataType::Utf8).map_err(LakeError::data("cannot read events"))?;
    Ok(plain.as_string::<i32>().clone())
}

pub(super) fn days(rows: &RecordBatch, name: &str) -> Result<Date32Array> {
    let plain = cast(column(rows, name)?, &DataType::Date32).map_err(LakeError::data("cannot read events"))?;
    Ok(plain.as_primitive::<Date32Type>().clone())
}

/// Numbers with the decimals that they are kept with.
pub(super) fn numbers(rows: &RecordBatch, name: &str) -> Result<Decimal128Array> {
    let array = column(rows, name)?;
    array.as_primitive_opt::<Decimal128Type>().cloned().ok_or_else(|| LakeError::Data {
        doing: "cannot read events",
        reason: format!("{name} is {}", array.data_type()),
    })
}

pub(super) fn owned(texts: &StringArray, row: usize) -> Option<String> {
    text_at(texts, row).map(str::to_owned)
}

pub(super) fn day_at(days: &Date32Array, row: usize) -> Option<Day> {
    days.is_valid(row).then(|| Day::from_epoch_days(days.value(row)))?
}

pub(super) fn number_at(numbers: &Decimal128Array, row: usize) -> Option<f64> {
    let scale = f64::from(10_i32.pow(u32::try_from(numbers.scale()).unwrap_or(0).min(9)));
    numbers.is_valid(row).then(|| numbers.value(row) as f64 / scale)
}
