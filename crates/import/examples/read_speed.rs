//! Prints how fast a file is read with two workers whose lines go nowhere: `read_speed FILE`.

use std::{path::PathBuf, time::Instant};

use takar_import::{Chunk, FactKind, ImportError, Input, LineSink, Options, SinkError, inspect, read};

/// Counts lines and lets them go.
struct Counter(u64);

impl LineSink for Counter {
    fn chunk(&mut self, chunk: Chunk) -> Result<(), SinkError> {
        self.0 += chunk.lines.num_rows() as u64;
        Ok(())
    }
}

fn main() -> Result<(), ImportError> {
    let Some(path) = std::env::args_os().nth(1).map(PathBuf::from) else {
        println!("usage: read_speed FILE");
        return Ok(());
    };
    let input = Input::File(path);
    let begin = Instant::now();
    let plan = inspect(&input, FactKind::Sales, &Options::default())?;
    println!("inspected in {:.3} s: {:?}", begin.elapsed().as_secs_f64(), plan.decisions);
    for mapped in &plan.mapping {
        println!("  {} <- {}", mapped.field, mapped.header);
    }
    let begin = Instant::now();
    let (check, sinks) = match read(&plan, &input, vec![Counter(0), Counter(0)], &|_, _| {}) {
        Err(error) if error.is_replan() => {
            println!("{error}");
            let plan = plan.widen(&input)?;
            read(&plan, &input, vec![Counter(0), Counter(0)], &|_, _| {})?
        }
        done => done?,
    };
    let seconds = begin.elapsed().as_secs_f64();
    let lines: u64 = sinks.iter().map(|sink| sink.0).sum();
    println!("{lines} lines in {seconds:.3} s, {:.0} lines/s", lines as f64 / seconds);
    println!(
        "net {:?}, quantity {:?}, {} set aside, {} duplicates, {:?} to {:?}",
        check.net, check.quantity, check.set_aside_total, check.duplicates, check.first_day, check.last_day
    );
    for warning in &check.warnings {
        println!("  {}", warning.message(takar_model::Lang::En));
    }
    Ok(())
}
