//! What is done by itself while the server runs: syncs and reports on their schedule, alerts after new data, reminders once a day, digests,
//! messages on their way out, and figures worked out before somebody looks.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use takar_model::Day;

use crate::{AppError, Result, Takar, warm::Warmth};

/// How often it is looked what is due.
const TICK: Duration = Duration::from_millis(500);
/// How often it is looked whether there are new data, and reports to be made.
const LOOK_SECONDS: i64 = 3;
/// Syncs at one time; each has a thread, and imports wait for each other anyway.
const MOST_SYNCS: usize = 2;

/// What runs now.
#[derive(Default)]
struct Running {
    sources: Mutex<BTreeSet<String>>,
    is_sending: Mutex<bool>,
    /// The last day on which it was looked who is late in an evaluation cycle.
    reminded: Mutex<Option<Day>>,
    warmth: Mutex<Warmth>,
    /// The day and the version of the data for which the rules of alerts were looked at last.
    checked: Mutex<Option<(Day, String)>>,
    /// When it was last looked whether the data are new, in steps of [`LOOK_SECONDS`].
    looked: Mutex<Option<i64>>,
    is_checking: Mutex<bool>,
    is_reporting: Mutex<bool>,
    /// The hour in which digests were last thought of.
    digested: Mutex<Option<i64>>,
}

/// Does what is due, until `is_stopped` says so. A job that fails is tried again later and never ends the others; one that is cut
/// off by the end of the process leaves nothing half done.
pub fn run_jobs(takar: &Arc<Takar>, is_stopped: impl Fn() -> bool) {
    let running = Arc::new(Running::default());
    while !is_stopped() {
        // What is wrong with the state itself is told to whoever asks for something.
        let _ = start_due(takar, &running);
        thread::sleep(TICK);
    }
}

fn start_due(takar: &Arc<Takar>, running: &Arc<Running>) -> Result<()> {
    for name in takar.due_sources()? {
        {
            let mut sources = running.sources.lock().unwrap_or_else(PoisonError::into_inner);
            if sources.len() >= MOST_SYNCS || !sources.insert(name.clone()) {
                continue;
            }
        }
        let (takar, running) = (takar.clone(), running.clone());
        thread::spawn(move || {
            let _done = Done(&running, &name);
            takar.sync_on_schedule(&name)
        });
    }
    let today = takar.today();
    if running.reminded.lock().unwrap_or_else(PoisonError::into_inner).replace(today) != Some(today) {
        // Where that fails it is told the next day; nothing else waits for it.
        let _ = takar.remind(None);
    }
    look_for_news(takar, running)?;
    let mut is_sending = running.is_sending.lock().unwrap_or_else(PoisonError::into_inner);
    if !*is_sending && takar.has_due_messages()? {
        *is_sending = true;
        let (takar, running) = (takar.clone(), running.clone());
        thread::spawn(move || {
            // The fate of each message is kept with it.
            let _ = takar.send_due();
            *running.is_sending.lock().unwrap_or_else(PoisonError::into_inner) = false;
        });
    }
    Ok(())
}

/// Works out ahead what most will look at, once after each change.
fn warm_up(takar: &Arc<Takar>, running: &Arc<Running>) -> Result<()> {
    let mark = takar.figures_mark()?;
    let begun = Instant::now();
    if running.warmth.lock().unwrap_or_else(PoisonError::into_inner).begin(mark, begun) {
        let (takar, running) = (takar.clone(), running.clone());
        thread::spawn(move || {
            let _done = Warmed(&running.warmth, begun);
            let _ = takar.warm_up();
        });
    }
    Ok(())
}

/// Figures ahead and alerts after new data, alerts once a day too, digests once an hour, reports when their time has come; each beside all the rest.
fn look_for_news(takar: &Arc<Takar>, running: &Arc<Running>) -> Result<()> {
    fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
    let seconds = takar.clock().as_second();
    // The versions are read off a folder for each table: not twice a second.
    if lock(&running.looked).replace(seconds / LOOK_SECONDS) == Some(seconds / LOOK_SECONDS) {
        return Ok(());
    }
    warm_up(takar, running)?;
    let mark = (takar.today(), takar.version_mark());
    let hour = seconds / 3_600;
    let is_new = lock(&running.checked).as_ref() != Some(&mark);
    let is_hour = *lock(&running.digested) != Some(hour);
    if (is_new || is_hour) && !std::mem::replace(&mut *lock(&running.is_checking), true) {
        *lock(&running.checked) = Some(mark);
        *lock(&running.digested) = Some(hour);
        let (takar, running) = (takar.clone(), running.clone());
        thread::spawn(move || {
            let _done = Free(&running.is_checking);
            // Where that fails it is looked at again with the next data or the next day, and rules say why.
            if is_new {
                let _ = takar.check_alerts();
            }
            let _ = takar.write_digests(false);
        });
    }
    if takar.has_due_reports()? && !std::mem::replace(&mut *lock(&running.is_reporting), true) {
        let (takar, running) = (takar.clone(), running.clone());
        thread::spawn(move || {
            let _done = Free(&running.is_reporting);
            let _ = takar.make_due_reports();
        });
    }
    Ok(())
}

/// Says that a job is over, however it ends.
struct Free<'a>(&'a Mutex<bool>);

impl Drop for Free<'_> {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = false;
    }
}

/// Says when figures are worked out, or could not be, and how long that took.
struct Warmed<'a>(&'a Mutex<Warmth>, Instant);

impl Drop for Warmed<'_> {
    fn drop(&mut self) {
        let ended = Instant::now();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).end(ended, ended - self.1);
    }
}

/// Takes a source off the list when its sync ends, however it does.
struct Done<'a>(&'a Running, &'a str);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.sources.lock().unwrap_or_else(PoisonError::into_inner).remove(self.1);
    }
}

impl Takar {
    /// The sources whose time has come.
    fn due_sources(&self) -> Result<Vec<String>> {
        let now = self.now();
        let is_due = |source: &crate::SourceStatus| {
            source.schedule.is_some() && source.next.as_ref().is_none_or(|next| *next <= now)
        };
        Ok(self.sources()?.into_iter().filter(is_due).map(|source| source.name).collect())
    }

    fn has_due_messages(&self) -> Result<bool> {
        Ok(!self.state.due_messages(&self.now(), 1)?.is_empty())
    }

    /// Syncs a source because its time has come, and says when that is next: by its schedule, or soon where it failed.
    fn sync_on_schedule(&self, name: &str) -> Result<()> {
        // The next time is set before: where the process is killed in the middle, it is not tried at once again and again.
        let schedule = self.saved_source(name)?.schedule;
        let Some(schedule) = schedule else { return Ok(()) };
        let told = crate::home::told;
        self.state.set_next_sync(name, Some(&told(schedule.next_after(&self.zoned_now()))))?;
        let done = self.sync(name, false, None, &|_| {});
        let source = self.saved_source(name)?;
        // Another schedule may have been set meanwhile.
        let Some(schedule) = source.schedule else { return Ok(()) };
        let now = self.zoned_now();
        let next = match &done {
            Ok(_) => schedule.next_after(&now),
            // Another process syncs it: that one's result counts.
            Err(AppError::Asked(_)) if source.failures == 0 => schedule.next_after(&now),
            Err(_) => schedule.retry_after(&now, source.failures),
        };
        self.state.set_next_sync(name, Some(&told(next)))?;
        done.map(drop)
    }
}
