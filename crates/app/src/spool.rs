//! Rows of a database on their way into the home, and a journal of how far they are: where a reading is cut off, what was read
//! need not be read again.
//!
//! The rows lie in a file of CSV text; beside it the journal has a line for every mebibyte or second of them: how many bytes and
//! rows there are, a hash of all of them, and the key of the last row. A journal is believed as far as its hashes are found
//! again in the file, so that nothing has to be forced onto the disk, and what a power cut left half written is not taken.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, Read, Seek, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use takar_database::{Column, Ordered, Rows};
use xxhash_rust::xxh3::Xxh3;

use crate::{Result, SourceDefinition, Takar};

/// Bytes between two entries of a journal.
const PART: usize = 1 << 20;
/// Time between two, where rows come slowly.
const PAUSE: Duration = Duration::from_millis(500);

/// What a journal is about; rows of another question are of no use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub definition: SourceDefinition,
    pub columns: Vec<Column>,
    /// The columns that the rows are in the order of.
    pub key: Vec<String>,
}

/// The first line: the rows are as of this moment, at which the highest mark was this one.
#[derive(Serialize, Deserialize)]
struct Begin {
    #[serde(flatten)]
    head: Head,
    mark: String,
}

/// How far the rows are.
#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    bytes: u64,
    rows: u64,
    hash: u64,
    key: Vec<String>,
}

/// Rows of an earlier reading that was cut off.
pub(crate) struct Kept {
    mark: String,
    entries: Vec<(Entry, Xxh3)>,
}

/// A folder for the rows of one reading, with a journal beside it.
pub(crate) struct Spool {
    folder: PathBuf,
    journal: PathBuf,
    keeps: bool,
}

impl Takar {
    /// A folder in the home that is gone when it is let go; what another reading left in it is removed.
    pub(crate) fn spool(&self, name: &str) -> Result<Spool> {
        let mut spool = self.spool_as_left(name)?;
        spool.let_go();
        spool.clear().map_err(|source| self.wrong(source))?;
        Ok(spool)
    }

    /// As [`Self::spool`], with what an earlier reading left in it. Whatever goes wrong, what there is to go on from stays, until
    /// [`Spool::let_go`] says that it has served.
    pub(crate) fn spool_as_left(&self, name: &str) -> Result<Spool> {
        let folder = self.folder.join("spool").join(name);
        fs::create_dir_all(&folder).map_err(|source| self.wrong(source))?;
        Ok(Spool { journal: journal_of(&self.folder, name), folder, keeps: true })
    }

    /// How many rows an earlier reading left for the next one to go on from.
    pub(crate) fn kept_rows(&self, name: &str) -> Option<u64> {
        last_entry(&journal_of(&self.folder, name)).map(|entry| entry.rows)
    }

    /// Removes what an earlier reading left.
    pub(crate) fn forget_rows(&self, name: &str) {
        let folder = self.folder.join("spool").join(name);
        if folder.exists() {
            drop(Spool { journal: journal_of(&self.folder, name), folder, keeps: false });
        }
    }
}

fn journal_of(home: &Path, name: &str) -> PathBuf {
    home.join("spool").join(format!("{name}.journal"))
}

fn last_entry(journal: &Path) -> Option<Entry> {
    let mut file = File::open(journal).ok()?;
    let length = file.metadata().ok()?.len();
    // The last lines are enough.
    file.seek(std::io::SeekFrom::Start(length.saturating_sub(8192))).ok()?;
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.lines().rev().find_map(|line| serde_json::from_str(line).ok())
}

impl Spool {
    /// The file of the rows.
    pub fn rows(&self, label: &str) -> PathBuf {
        self.folder.join(label)
    }

    /// What is in it is needed no more.
    pub fn let_go(&mut self) {
        self.keeps = false;
    }

    pub fn clear(&self) -> std::io::Result<()> {
        remove(&self.journal)?;
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)?;
        }
        fs::create_dir_all(&self.folder)
    }

    /// The rows of an earlier reading of the same question, as far as they can be believed.
    pub fn kept(&self, head: &Head, label: &str) -> Option<Kept> {
        let mut lines = BufReader::new(File::open(&self.journal).ok()?).lines();
        let begin: Begin = serde_json::from_str(&lines.next()?.ok()?).ok()?;
        if begin.head != *head {
            return None;
        }
        let mut rows = File::open(self.rows(label)).ok()?;
        let (mut hasher, mut bytes, mut entries) = (Xxh3::new(), 0_u64, Vec::new());
        let mut part = Vec::new();
        for line in lines {
            let Ok(entry) = serde_json::from_str::<Entry>(&line.ok()?) else { break };
            part.clear();
            let Some(length) = entry.bytes.checked_sub(bytes) else { break };
            std::io::Read::by_ref(&mut rows).take(length).read_to_end(&mut part).ok()?;
            hasher.update(&part);
            if part.len() as u64 != length || hasher.digest() != entry.hash {
                break;
            }
            bytes = entry.bytes;
            entries.push((entry, hasher.clone()));
        }
        (!entries.is_empty()).then_some(Kept { mark: begin.mark, entries })
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if !self.keeps || last_entry(&self.journal).is_none() {
            // What stays is removed by the next reading.
            let _ = remove(&self.journal);
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn remove(file: &Path) -> std::io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl Kept {
    /// Leaves out the last rows until `holds` says of the key and number of the others that they are still what is there.
    pub fn hold<E>(
        mut self,
        mut holds: impl FnMut(Vec<String>, u64) -> std::result::Result<bool, E>,
    ) -> std::result::Result<Option<Self>, E> {
        // Mostly all of them are; else the first entry that does not hold is looked for by halves.
        let (mut good, mut bad) = (0, self.entries.len());
        let mut next = self.entries.len();
        while good < bad {
            let (entry, _) = &self.entries[next - 1];
            if holds(entry.key.clone(), entry.rows)? {
                good = next;
            } else {
                bad = next - 1;
            }
            next = (good + bad).div_ceil(2);
        }
        self.entries.truncate(good);
        Ok((good > 0).then_some(self))
    }
}

/// Writes the rows of a reading into a file, tells how many there are, and keeps the journal.
pub(crate) struct Copy<'a> {
    file: File,
    pending: Vec<u8>,
    bytes: u64,
    rows: u64,
    kept: u64,
    told: Instant,
    tell: &'a (dyn Fn(u64, u64) + Sync),
    journal: Option<Journal>,
    mark: Option<String>,
}

struct Journal {
    file: File,
    head: Head,
    /// Where the columns of the key stand in a row.
    places: Vec<usize>,
    hasher: Xxh3,
}

impl<'a> Copy<'a> {
    /// For rows from their beginning; with a journal where `head` says what it is about. `tell` hears the rows that are there,
    /// and how many of them an earlier reading had brought.
    pub fn begin(
        spool: &Spool,
        label: &str,
        head: Option<Head>,
        tell: &'a (dyn Fn(u64, u64) + Sync),
    ) -> std::io::Result<Self> {
        spool.clear()?;
        let journal = match head {
            Some(head) => {
                Some(Journal { file: File::create(&spool.journal)?, places: head.places(), head, hasher: Xxh3::new() })
            }
            None => None,
        };
        let file = File::create(spool.rows(label))?;
        Ok(Self::new(file, journal, tell))
    }

    /// For the rows behind those that are kept.
    pub fn go_on(
        spool: &Spool,
        label: &str,
        head: Head,
        kept: Kept,
        tell: &'a (dyn Fn(u64, u64) + Sync),
    ) -> std::io::Result<Self> {
        let Some((last, hasher)) = kept.entries.last().cloned() else {
            return Self::begin(spool, label, Some(head), tell);
        };
        let mut file = OpenOptions::new().write(true).open(spool.rows(label))?;
        file.set_len(last.bytes)?;
        file.seek(std::io::SeekFrom::End(0))?;
        // Written anew beside the old one: a cut in the middle of this leaves the old.
        let fresh = spool.journal.with_extension("fresh");
        let mut journal = File::create(&fresh)?;
        let begin = Begin { head: head.clone(), mark: kept.mark.clone() };
        let mut text = line_of(&begin);
        kept.entries.iter().for_each(|(entry, _)| text.extend(line_of(entry)));
        journal.write_all(&text)?;
        fs::rename(&fresh, &spool.journal)?;
        let journal = Journal { file: journal, places: head.places(), head, hasher };
        let mut copy = Self::new(file, Some(journal), tell);
        (copy.bytes, copy.rows, copy.kept, copy.mark) = (last.bytes, last.rows, last.rows, Some(kept.mark));
        Ok(copy)
    }

    fn new(file: File, journal: Option<Journal>, tell: &'a (dyn Fn(u64, u64) + Sync)) -> Self {
        let pending = Vec::with_capacity(PART + PART / 4);
        Self { file, pending, bytes: 0, rows: 0, kept: 0, told: Instant::now(), tell, journal, mark: None }
    }

    /// The question for what is still to be read.
    pub fn ordered(kept: Option<&Kept>, head: &Head) -> Ordered {
        let after = kept.and_then(|kept| kept.entries.last()).map(|(entry, _)| entry.key.clone());
        Ordered { key: head.key.clone(), after: after.unwrap_or_default() }
    }

    /// Writes what is left; how many rows there are, how many of them an earlier reading had brought, and the mark from
    /// before the first row was read.
    pub fn end(mut self) -> std::io::Result<(u64, u64, Option<String>)> {
        self.file.write_all(&self.pending)?;
        (self.tell)(self.rows, self.kept);
        Ok((self.rows, self.kept, self.mark))
    }

    /// Writes what is pending, whose last row is this one.
    fn part(&mut self, last: &[u8]) -> std::io::Result<()> {
        self.told = Instant::now();
        self.file.write_all(&self.pending)?;
        self.bytes += self.pending.len() as u64;
        if let Some(journal) = &mut self.journal {
            journal.hasher.update(&self.pending);
            if let Some(key) = journal.key_of(last) {
                let hash = journal.hasher.digest();
                journal.file.write_all(&line_of(&Entry { bytes: self.bytes, rows: self.rows, hash, key }))?;
            }
        }
        self.pending.clear();
        (self.tell)(self.rows, self.kept);
        Ok(())
    }
}

impl Rows for Copy<'_> {
    fn begin(&mut self, header: &[u8], mark: Option<&str>) -> std::io::Result<()> {
        if self.kept > 0 {
            // It is there already, and the mark is that of the first reading: what changed since then is still to come.
            return Ok(());
        }
        self.mark = mark.map(str::to_owned);
        self.pending.extend_from_slice(header);
        match (&mut self.journal, mark) {
            (Some(journal), Some(mark)) => {
                let begin = Begin { head: journal.head.clone(), mark: mark.to_owned() };
                journal.file.write_all(&line_of(&begin))
            }
            // Without a mark nothing would tell what changed while it was interrupted.
            _ => {
                self.journal = None;
                Ok(())
            }
        }
    }

    fn row(&mut self, text: &[u8]) -> std::io::Result<()> {
        self.pending.extend_from_slice(text);
        self.rows += 1;
        if self.pending.len() >= PART || (self.rows.is_multiple_of(16) && self.told.elapsed() >= PAUSE) {
            return self.part(text);
        }
        Ok(())
    }
}

impl Head {
    fn places(&self) -> Vec<usize> {
        let place = |name: &String| self.columns.iter().position(|column| column.name == *name);
        self.key.iter().filter_map(place).collect()
    }
}

impl Journal {
    /// The key of a row, where a question can hold it.
    fn key_of(&self, row: &[u8]) -> Option<Vec<String>> {
        let values = values_of(row);
        let key: Vec<String> = self.places.iter().map(|place| values.get(*place).cloned()).collect::<Option<_>>()?;
        Ordered::can_hold(&key).then_some(key)
    }
}

/// The values of one row of CSV text.
fn values_of(row: &[u8]) -> Vec<String> {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    let (mut values, mut value, mut is_quoted) = (Vec::new(), Vec::new(), false);
    let mut bytes = row.strip_suffix(b"\r").unwrap_or(row).iter().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if is_quoted && bytes.next_if_eq(&&b'"').is_some() => value.push(b'"'),
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => values.push(std::mem::take(&mut value)),
            other => value.push(*other),
        }
    }
    values.push(value);
    values.into_iter().map(|value| String::from_utf8_lossy(&value).into_owned()).collect()
}

fn line_of(value: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(value).unwrap_or_default();
    line.push(b'\n');
    line
}
