//! When to kill: after some time, or as soon as something happens to a file of the home.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// This long after it was begun.
    After(Duration),
    /// This long after a file told of something.
    Event(Event, Duration),
}

/// What files tell of the way of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A file waits for its commit.
    Staged,
    /// A file was moved to where the commit will name it.
    Published,
    /// The commit was made; the panels do not know it yet.
    Committed,
    /// The log of the table is being written down whole.
    Checkpoint,
    /// A panel is being written.
    PanelBegun,
    /// The panel is the current one; the log of imports does not know it yet.
    PanelDone,
    /// The state changed for the so-manyeth time.
    StateChanged(u32),
}

/// Looks for one moment.
pub struct Watch {
    moment: Moment,
    begun: Instant,
    seen: Option<Instant>,
    home: PathBuf,
    table: PathBuf,
    before: u64,
    state: (u64, Option<SystemTime>),
    changes: u32,
}

impl Watch {
    pub fn new(moment: Moment, home: &Path, table: &str) -> Self {
        let table = home.join("lake").join(table);
        let mut watch = Self {
            moment,
            begun: Instant::now(),
            seen: None,
            home: home.to_owned(),
            table,
            before: 0,
            state: (0, None),
            changes: 0,
        };
        if let Moment::Event(event, _) = moment {
            watch.before = watch.mark(event);
        }
        watch.state = watch.state_now();
        watch
    }

    /// The moment has come.
    pub fn is_over(&mut self) -> bool {
        match self.moment {
            Moment::After(time) => self.begun.elapsed() >= time,
            Moment::Event(event, time) => {
                if self.seen.is_none() && self.has_happened(event) {
                    self.seen = Some(Instant::now());
                }
                self.seen.is_some_and(|seen| seen.elapsed() >= time)
            }
        }
    }

    fn has_happened(&mut self, event: Event) -> bool {
        if let Event::StateChanged(wanted) = event {
            let now = self.state_now();
            self.changes += u32::from(now != self.state);
            self.state = now;
            return self.changes >= wanted;
        }
        self.mark(event) != self.before
    }

    /// A number that is another once the event happened.
    fn mark(&self, event: Event) -> u64 {
        let (panels, log) = (self.home.join("lake/panels"), self.table.join("_delta_log"));
        match event {
            Event::Staged => count(&self.table.join("_staging"), |name| name.ends_with(".parquet")),
            Event::Published => count(&self.table, |name| name.ends_with(".parquet")),
            Event::Committed => count(&log, |name| name.ends_with(".json")),
            Event::Checkpoint => count(&log, |name| name.contains("checkpoint")),
            Event::PanelBegun => names(&panels),
            Event::PanelDone => fs::metadata(panels.join("CURRENT.json")).map_or(0, |meta| nanos(meta.modified().ok())),
            Event::StateChanged(_) => 0,
        }
    }

    fn state_now(&self) -> (u64, Option<SystemTime>) {
        fs::metadata(self.home.join("state.db-wal")).map_or((0, None), |meta| (meta.len(), meta.modified().ok()))
    }
}

fn count(folder: &Path, is_counted: impl Fn(&str) -> bool) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| is_counted(&entry.file_name().to_string_lossy())).count() as u64
}

/// A hash of the names of the folders in a folder.
fn names(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut names: Vec<_> = folders.map(|entry| entry.file_name()).collect();
    names.sort();
    let mut hash = DefaultHasher::new();
    names.hash(&mut hash);
    hash.finish()
}

fn nanos(time: Option<SystemTime>) -> u64 {
    let since = time.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok()).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
