//! Reading an input by its plan: workers take blocks, make lines and hand them to their sinks.

use std::{
    error::Error,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use arrow::array::RecordBatch;

use crate::{
    Check, ImportError, Input, Plan,
    line::LineMaker,
    siblings,
    source::{self, Source},
    tally::{self, Tally},
};

/// Whatever kept a sink from taking its lines.
pub type SinkError = Box<dyn Error + Send + Sync>;

/// Takes the lines of one worker.
pub trait LineSink: Send {
    /// Takes one chunk. Chunks of one sink come in file order, those of all sinks together do not.
    ///
    /// # Errors
    /// Any error ends the reading.
    fn chunk(&mut self, chunk: Chunk) -> Result<(), SinkError>;
}

/// Some thousand consecutive lines.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// The place of the chunk in the file, from 0. A chunk without lines leaves a gap.
    pub index: usize,
    /// The lines, by [`crate::line_schema`].
    pub lines: RecordBatch,
}

/// Reads every row, hands the good ones to the sinks and reports on all.
///
/// One worker thread runs for each sink; the sinks come back in the order in which they were given. The
/// progress function hears of bytes read and bytes in all (0 where that is not known), from any thread.
///
/// # Errors
/// [`ImportError::Replan`] where the rest of the file contradicts the sample that the plan rests on: what the
/// sinks took is void then; widen the plan and read again with fresh sinks. [`ImportError::Sink`] where a
/// sink failed.
pub fn read<S: LineSink>(
    plan: &Plan,
    input: &Input,
    sinks: Vec<S>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<(Check, Vec<S>), ImportError> {
    let dropped = if plan.options.drop_duplicates { repeated_rows(plan, input)? } else { Vec::new() };
    let set_aside = AtomicU64::new(0);
    let shared = Shared {
        source: Mutex::new((plan.open(input)?, 0)),
        stop: AtomicBool::new(false),
        size: source::size(input),
        progress,
    };
    let maker = LineMaker::new(plan, &set_aside, &dropped);
    let ends: Vec<(S, Result<Tally, ImportError>)> = std::thread::scope(|scope| {
        let spawn = |sink| scope.spawn(|| work(&shared, plan, &maker, sink));
        let handles: Vec<_> = sinks.into_iter().map(spawn).collect();
        let joined = handles.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined.map(|end| end.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let mut tallies = Vec::new();
    let mut sinks = Vec::new();
    for (sink, end) in ends {
        sinks.push(sink);
        tallies.push(end?);
    }
    let mut check = tally::check(plan, tallies)?;
    siblings::suggest(plan, input, &mut check.set_aside)?;
    Ok((check, sinks))
}

/// What the workers share.
struct Shared<'a> {
    /// The blocks, and the index of the next.
    source: Mutex<(Box<dyn Source>, usize)>,
    /// One worker failed: the others need not go on.
    stop: AtomicBool,
    size: u64,
    progress: &'a (dyn Fn(u64, u64) + Sync),
}

fn work<S: LineSink>(
    shared: &Shared<'_>,
    plan: &Plan,
    maker: &LineMaker<'_>,
    mut sink: S,
) -> (S, Result<Tally, ImportError>) {
    let mut tally = Tally::default();
    let mut run = || -> Result<(), ImportError> {
        while !shared.stop.load(Ordering::Relaxed) {
            let (block, index, done) = {
                let mut next = locked(&shared.source);
                let Some(block) = next.0.next()? else { break };
                next.1 += 1;
                (block, next.1 - 1, next.0.done())
            };
            let mut grid = plan.grid_of(block)?;
            let lines = maker.lines(&mut grid, &mut tally)?;
            if lines.num_rows() > 0 {
                sink.chunk(Chunk { index, lines }).map_err(|source| ImportError::Sink { source })?;
            }
            (shared.progress)(done, shared.size);
        }
        Ok(())
    };
    let end = run();
    if end.is_err() {
        shared.stop.store(true, Ordering::Relaxed);
    }
    (sink, end.map(|()| tally))
}

/// The numbers of the rows that are identical to an earlier one, sorted.
fn repeated_rows(plan: &Plan, input: &Input) -> Result<Vec<u64>, ImportError> {
    let mut rows: Vec<(u64, u64)> = plan.scan(
        input,
        Vec::new,
        |seen, grid| seen.extend(grid.rows.iter().map(|row| (grid.row_hash(row), row.number))),
        |all: &mut Vec<(u64, u64)>, part| all.extend(part),
    )?;
    rows.sort_unstable();
    let mut repeated: Vec<u64> = rows.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).collect();
    repeated.sort_unstable();
    Ok(repeated)
}

/// Locks; a worker that panicked ends the whole reading anyway.
pub(crate) fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
