//! Simulates a company and prints how long it took: `simulate_speed LINES FOLDER [SEED] [lean]`.

use std::{env, error::Error, path::Path, time::Instant};

use takar_testkit::{Simulation, simulate};

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = env::args().skip(1).collect();
    let [lines, folder, rest @ ..] = given.as_slice() else {
        return Err("write: simulate_speed LINES FOLDER [SEED] [lean]".into());
    };
    let lines = lines.parse::<f64>()? as u64;
    let seed = rest.first().map_or(Ok(7), |seed| seed.parse())?;
    let names_on_lines = !rest.iter().any(|word| word == "lean");
    let begun = Instant::now();
    let truth =
        simulate(&Simulation { lines, seed, names_on_lines, ..Simulation::default() }, Path::new(folder), &|_, _| {})?;
    let seconds = begun.elapsed().as_secs_f64();
    let megabytes = std::fs::metadata(Path::new(folder).join("penjualan.csv"))?.len() as f64 / 1e6;
    println!("{} lines, {megabytes:.0} MB, {seconds:.2} s", truth.totals.lines);
    println!("{:#?}", truth.totals);
    println!("{} managers, {} accounts", truth.managers.len(), truth.accounts.len());
    Ok(())
}
