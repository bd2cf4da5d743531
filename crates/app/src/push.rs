//! Rows that programs push, or that a form gives: few at a time, often, and each exactly once.
//!
//! Pushes that arrive while another is being committed wait and are committed together, so that many small ones cost
//! little more than one large one. A push that names a row another waiting one names too is left for the next commit: it is
//! a correction, and comes after.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use arrow::{
    array::{Array, RecordBatch, StringArray, new_null_array},
    datatypes::{DataType, Field as ArrowField, Schema},
};
use jiff::Span;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use takar_import::{
    CostKind, DateOrder, DiscountKind, FactKind, Field, Input, NumberStyle, Options, Reading, SetAside,
};
use takar_lake::ImportReport;
use takar_model::{ImportId, Right, SourceName, Text};
use takar_state::{Message, PushRow};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::{AppError, ImportRequest, Result, Takar};

/// The most rows that are committed at once.
const MOST_ROWS: usize = 500_000;
/// The most letters of a key.
const LONGEST_KEY: usize = 200;
/// What keys of decisions begin with, and none that a program gives.
const OWN_KEYS: &str = "takar:";
/// How long a key is remembered.
const DAYS_KEPT: i64 = 30;
/// What stands in the `file` column of pushed rows.
const LABEL: &str = "api";

/// Rows to be brought in.
#[derive(Debug, Clone)]
pub struct Push {
    /// What they are.
    pub kind: FactKind,
    /// The stream they belong to.
    pub source: SourceName,
    /// Columns of text named by fields, as [`takar_import::rows_of_json`] makes them.
    pub rows: RecordBatch,
    /// The same key with the same rows again changes nothing and gets the same answer.
    pub key: Option<String>,
    /// Where one of the rows is bad, none of them is kept: rows that belong together, such as the lines of an invoice.
    pub all_or_none: bool,
    /// What is said about the values.
    pub written: Written,
}

/// What is said about the values of a push; the rest has to follow from the values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Day or month first.
    pub date_order: Option<DateOrder>,
    /// What the discounts are.
    pub discount: Option<DiscountKind>,
    /// What the costs are.
    pub cost: Option<CostKind>,
}

/// What came of a push.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pushed {
    /// The import that the rows are part of; several pushes may share one. 0 where none was kept.
    pub import: ImportId,
    /// Rows that were given.
    pub rows: u64,
    /// Rows that count now: new, corrected, or there already.
    pub accepted: u64,
    /// Rows that were set aside, each with its place among the rows given, counted from 1.
    pub set_aside: Vec<SetAside>,
    /// It was answered before.
    #[serde(default)]
    pub repeated: bool,
}

/// Those that wait to be committed, and who commits.
#[derive(Default)]
pub(crate) struct Pushes {
    line: Mutex<Line>,
    moved: Condvar,
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<Arc<Ticket>>,
    is_busy: bool,
}

/// One push in the line.
struct Ticket {
    push: Push,
    digest: String,
    /// How its rows are read by themselves; without it they are committed alone.
    reading: Option<Reading>,
    /// The identity of each row, as far as two pushes could mean the same one.
    identities: Vec<u64>,
    answer: Mutex<Option<Result<Pushed>>>,
}

impl Takar {
    /// Brings rows in, together with what others push meanwhile. Who may not bring in everything may bring in the own
    /// activities and offers.
    ///
    /// # Errors
    /// Where the rows as a whole cannot be read; where the key was used for other rows. Single bad rows are set aside.
    pub fn push(&self, push: Push) -> Result<Pushed> {
        if let Some(key) = &push.key {
            check_key(key)?;
        }
        if self.may(Right::Collect).is_err() {
            return self.push_own(push);
        }
        // What waits is committed together, whoever's thread does it.
        self.as_keeper().push_as_keeper(push)
    }

    /// The same for rows that follow from a decision, under a key of [`own_key`]. Only who may do everything does so.
    pub(crate) fn push_as_keeper(&self, push: Push) -> Result<Pushed> {
        let digest = digest(&push);
        if let Some(key) = &push.key
            && let Some(known) = self.answered(key, &digest)?
        {
            return Ok(known);
        }
        if push.all_or_none {
            let set_aside = self.check(&request_of(&push, vec![push.rows.clone()]), &|_, _| {})?.report.check.set_aside;
            if !set_aside.is_empty() {
                let rows = push.rows.num_rows() as u64;
                let set_aside = set_aside.into_iter().map(|row| SetAside { row: row.row - 1, ..row }).collect();
                return Ok(Pushed { import: ImportId(0), rows, accepted: 0, set_aside, repeated: false });
            }
        }
        // What cannot be read is told when it is committed, which it then is alone.
        let ImportRequest { input, kind, options, .. } = request_of(&push, vec![push.rows.clone()]);
        let reading = takar_import::reading(&input, kind, &options).ok().flatten();
        let identities = reading.as_ref().map(|reading| identities(&push, reading)).unwrap_or_default();
        let ticket = Arc::new(Ticket { push, digest, reading, identities, answer: Mutex::default() });
        self.pushes.lock().waiting.push_back(ticket.clone());
        loop {
            let mut line = self.pushes.lock();
            if let Some(answer) = lock(&ticket.answer).take() {
                return answer;
            }
            if line.is_busy {
                drop(self.pushes.moved.wait(line).unwrap_or_else(PoisonError::into_inner));
                continue;
            }
            let together = line.next();
            line.is_busy = true;
            drop(line);
            let _turn = Turn(&self.pushes);
            self.commit(&together);
        }
    }

    /// The answer to a key that was used before.
    fn answered(&self, key: &str, digest: &str) -> Result<Option<Pushed>> {
        let Some(known) = self.state.push(key)? else { return Ok(None) };
        if known.digest != digest {
            return Err(AppError::Asked(Text::new(
                "kunci idempotensi itu sudah dipakai untuk baris lain: pakai kunci baru",
                "that idempotency key was used for other rows: use a new key",
            )));
        }
        let answer: Option<Pushed> = serde_json::from_str(&known.answer).ok();
        Ok(answer.map(|answer| Pushed { repeated: true, ..answer }))
    }

    /// Commits pushes of one kind, source and shape as one import, or each alone where they are refused together.
    fn commit(&self, together: &[Arc<Ticket>]) {
        let mut fresh = Vec::with_capacity(together.len());
        for ticket in together {
            // Of two pushes of one key that came at the same time, the later finds the answer of the earlier.
            match ticket.push.key.as_ref().map(|key| self.answered(key, &ticket.digest)).transpose() {
                Ok(known) => match known.flatten() {
                    Some(known) => ticket.answer(Ok(known)),
                    None => fresh.push(ticket),
                },
                Err(error) => ticket.answer(Err(error)),
            }
        }
        match self.commit_all(&fresh) {
            Ok(answers) => {
                for (ticket, answer) in fresh.iter().zip(answers) {
                    ticket.answer(Ok(answer));
                }
            }
            Err(error) => match fresh.as_slice() {
                [one] => one.answer(Err(error)),
                several => {
                    for ticket in several {
                        let alone = self.commit_all(&[ticket]);
                        ticket.answer(alone.and_then(|answers| answers.into_iter().next().ok_or_else(lost)));
                    }
                }
            },
        }
    }

    fn commit_all(&self, tickets: &[&Arc<Ticket>]) -> Result<Vec<Pushed>> {
        let Some(first) = tickets.first() else { return Ok(Vec::new()) };
        let batches = in_one_shape(tickets)?;
        let mut request = request_of(&first.push, batches);
        if let (Some(reading), [_, _, ..]) = (&first.reading, tickets) {
            request.options = reading.options(request.kind, request.options);
        }
        let (_, report) = self.import(&request, &|_, _| {})?;
        let answers = shared_out(tickets, &report);
        let keyed = tickets.iter().zip(&answers).filter_map(|(ticket, answer)| {
            let answer = serde_json::to_string(answer).ok()?;
            Some((ticket.push.key.as_deref()?, PushRow { digest: ticket.digest.clone(), answer }))
        });
        let oldest = (self.clock)().checked_sub(Span::new().hours(24 * DAYS_KEPT)).unwrap_or_default();
        self.state.note_pushes(&self.now(), &crate::home::told(oldest), keyed)?;
        Ok(answers)
    }
}

impl Ticket {
    /// Leaves the answer for who waits.
    fn answer(&self, answer: Result<Pushed>) {
        *lock(&self.answer) = Some(answer);
    }
}

impl Pushes {
    fn lock(&self) -> MutexGuard<'_, Line> {
        lock(&self.line)
    }
}

impl Line {
    /// Takes the first push and those behind it that can be committed with it.
    fn next(&mut self) -> Vec<Arc<Ticket>> {
        let Some(first) = self.waiting.pop_front() else { return Vec::new() };
        let mut named: FxHashSet<u64> = first.identities.iter().copied().collect();
        let mut rows = first.push.rows.num_rows();
        let mut together = vec![first];
        let mut left = VecDeque::with_capacity(self.waiting.len());
        // Which rows a push names that is committed alone is not known: none of its kind may overtake it.
        let mut is_barred = together[0].reading.is_none();
        for ticket in self.waiting.drain(..) {
            let (push, lead) = (&ticket.push, &together[0]);
            let is_kin = push.kind == lead.push.kind && push.source == lead.push.source;
            // Read together, rows must mean what they mean alone.
            let is_alike = is_kin && ticket.reading == lead.reading && push.written == lead.push.written;
            is_barred |= is_kin && ticket.reading.is_none();
            // What is left waiting goes first the next time: its rows must not be overtaken.
            let is_free = is_alike && !is_barred && !ticket.identities.iter().any(|identity| named.contains(identity));
            named.extend(ticket.identities.iter().filter(|_| is_kin));
            if is_free && rows + push.rows.num_rows() <= MOST_ROWS {
                rows += push.rows.num_rows();
                together.push(ticket);
            } else {
                left.push_back(ticket);
            }
        }
        self.waiting = left;
        together
    }
}

/// Ends a turn of committing, whatever happens in it.
struct Turn<'a>(&'a Pushes);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.lock().is_busy = false;
        self.0.moved.notify_all();
    }
}

/// Rows as an import like that of a file.
fn request_of(push: &Push, batches: Vec<RecordBatch>) -> ImportRequest {
    let options = Options {
        source: push.source.clone(),
        // What a program writes has a decimal point.
        number_style: Some(NumberStyle::En),
        date_order: push.written.date_order,
        discount_kind: push.written.discount,
        cost_kind: push.written.cost,
        ..Options::default()
    };
    let input = Input::Rows { label: LABEL.to_owned(), batches };
    ImportRequest { input, kind: push.kind, options, profile: None, save_profile: None }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn lost() -> AppError {
    AppError::Asked(Text::new("kiriman itu tidak terjawab: kirim lagi", "that push was not answered: send it again"))
}

/// The key under which a decision arrives once, whatever keys programs give.
pub(crate) fn own_key(decision: &str) -> String {
    format!("{OWN_KEYS}{decision}")
}

fn check_key(key: &str) -> Result<()> {
    if key.trim_start().starts_with(OWN_KEYS) {
        return Err(AppError::Told(Message {
            id: format!("kunci idempotensi yang diawali \"{OWN_KEYS}\" dipakai Takar sendiri: pakai kunci lain"),
            en: format!("idempotency keys that begin with \"{OWN_KEYS}\" are those of Takar itself: use another key"),
        }));
    }
    if key.trim().is_empty() || key.len() > LONGEST_KEY {
        return Err(AppError::Told(Message {
            id: format!("kunci idempotensi harus 1 sampai {LONGEST_KEY} karakter"),
            en: format!("an idempotency key has 1 to {LONGEST_KEY} characters"),
        }));
    }
    Ok(())
}

fn texts(rows: &RecordBatch) -> Vec<&StringArray> {
    rows.columns().iter().filter_map(|column| column.as_any().downcast_ref()).collect()
}

/// A hash of what is pushed: kind, source, names and values.
fn digest(push: &Push) -> String {
    let mut hash = Xxh3::new();
    let mut add = |text: &str| {
        hash.update(&(text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    add(push.kind.name());
    add(push.source.as_str());
    if push.written != Written::default() {
        add(&format!("{:?}", push.written));
    }
    let schema = push.rows.schema();
    for (field, column) in schema.fields().iter().zip(texts(&push.rows)) {
        add(field.name());
        column.iter().for_each(|text| add(text.unwrap_or("\0")));
    }
    format!("{:032x}", hash.digest128())
}

/// The fields that say which row of its kind a row is: the first that it has. None where several say it together, which only their
/// reader can tell: such rows are taken for the same.
fn identifying(kind: FactKind) -> &'static [Field] {
    if let Some(shape) = kind.shape() {
        let first = shape.columns.iter().find(|column| shape.key.first() == Some(&column.name));
        return first.map_or(&[], |column| column.fields);
    }
    match kind {
        FactKind::Sales => &[Field::InvoiceNo],
        FactKind::Accounts | FactKind::Ownership => &[Field::AccountId, Field::AccountName],
        FactKind::Products => &[Field::ProductId, Field::ProductName],
        FactKind::Managers => &[Field::ManagerId, Field::ManagerName, Field::FirstName],
        _ => &[],
    }
}

/// For each row a hash of what makes it the same row as another: what identifies rows of the kind, else all of it.
fn identities(push: &Push, reading: &Reading) -> Vec<u64> {
    let fields = identifying(push.kind);
    if fields.is_empty() {
        return vec![0; push.rows.num_rows()];
    }
    let keys: Vec<&StringArray> = fields
        .iter()
        .filter_map(|field| push.rows.column_by_name(reading.column_of(*field)?)?.as_any().downcast_ref())
        .collect();
    let said = |row: usize| {
        let texts = keys.iter().filter(|key| key.is_valid(row)).map(|key| key.value(row).trim());
        texts.into_iter().find(|text| !text.is_empty())
    };
    let columns = texts(&push.rows);
    let mut whole = Vec::new();
    (0..push.rows.num_rows())
        .map(|row| match said(row) {
            Some(key) => xxh3_64(key.as_bytes()),
            None => {
                whole.clear();
                for column in &columns {
                    if column.is_valid(row) {
                        whole.extend_from_slice(column.value(row).as_bytes());
                    }
                    whole.push(0);
                }
                xxh3_64(&whole)
            }
        })
        .collect()
}

/// The rows of several pushes under the names of all of them.
fn in_one_shape(tickets: &[&Arc<Ticket>]) -> Result<Vec<RecordBatch>> {
    let mut names: Vec<String> = Vec::new();
    for ticket in tickets {
        for field in ticket.push.rows.schema().fields() {
            if !names.contains(field.name()) {
                names.push(field.name().clone());
            }
        }
    }
    let schema =
        Arc::new(Schema::new(names.iter().map(|name| ArrowField::new(name, DataType::Utf8, true)).collect::<Vec<_>>()));
    let shaped = |rows: &RecordBatch| {
        let columns = names.iter().map(|name| {
            let column = rows.column_by_name(name).cloned();
            column.unwrap_or_else(|| new_null_array(&DataType::Utf8, rows.num_rows()))
        });
        RecordBatch::try_new(schema.clone(), columns.collect()).map_err(|_| lost())
    };
    tickets.iter().map(|ticket| shaped(&ticket.push.rows)).collect()
}

/// The part of an import's report that belongs to each push. Rows are numbered from 2, after the names.
fn shared_out(tickets: &[&Arc<Ticket>], report: &ImportReport) -> Vec<Pushed> {
    let mut before = 1_u64;
    let part = |ticket: &&Arc<Ticket>| {
        let rows = ticket.push.rows.num_rows() as u64;
        let own = before + 1..=before + rows;
        let set_aside: Vec<SetAside> = report
            .check
            .set_aside
            .iter()
            .filter(|row| own.contains(&row.row))
            .map(|row| SetAside { row: row.row - before, ..row.clone() })
            .collect();
        before += rows;
        Pushed { import: report.id, rows, accepted: rows - set_aside.len() as u64, set_aside, repeated: false }
    };
    tickets.iter().map(part).collect()
}
