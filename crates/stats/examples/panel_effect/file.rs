//! The panel in a file.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use super::support::{Arguments, Column, Fault, Result, Row, Table};
use takar_stats::effect::{Panel, Unit};

/// A panel with the names of its units and times.
pub struct Read {
    pub panel: Panel,
    pub units: Vec<String>,
    pub times: Vec<String>,
    /// Cells without an outcome.
    pub missing: usize,
}

/// Units and times as they are numbered, and what stands where.
struct Cells<'a> {
    units: Vec<String>,
    times: Vec<String>,
    /// By unit and time: the row and its outcome.
    rows: HashMap<(usize, usize), (Row<'a>, Option<f64>)>,
}

pub fn read(path: &Path, arguments: &Arguments) -> Result<Read> {
    let table = Table::read(path)?;
    let column = |option: &'static str, what: &str| {
        let name = arguments
            .option(option)
            .ok_or_else(|| arguments.fault(&format!("{option} is needed: the column with {what}")))?;
        table.need(what, &[&name.to_lowercase().replace(' ', "_")])
    };
    let unit = column("--unit", "the unit")?;
    let time = column("--time", "the time")?;
    let outcome = column("--outcome", "the outcome")?;
    let cells = cells(&table, unit, time, outcome)?;
    if cells.times.is_empty() {
        return Err(Fault(format!("{}: there is no row below the header; export the panel anew", path.display())));
    }
    let starts = match (arguments.all("--treated"), arguments.option("--treated-column")) {
        (named, None) if !named.is_empty() => by_name(&cells, &named, arguments)?,
        (named, Some(_)) if named.is_empty() => {
            let treated = column("--treated-column", "who had the action")?;
            if arguments.option("--from").is_some() {
                return Err(arguments.fault("--treated-column says from when, so leave out --from"));
            }
            by_column(&cells, treated)?
        }
        _ => return Err(arguments.fault("who had the action? give either --treated with --from, or --treated-column")),
    };
    if starts.iter().all(Option::is_none) {
        return Err(arguments.fault("no unit had the action; name one with --treated, or mark it in --treated-column"));
    }
    let outcomes = |unit| {
        (0..cells.times.len()).map(|time| cells.rows.get(&(unit, time)).and_then(|(_, outcome)| *outcome)).collect()
    };
    let units: Vec<Unit> =
        starts.into_iter().enumerate().map(|(unit, from)| Unit { outcomes: outcomes(unit), from }).collect();
    let missing = units.iter().flat_map(|unit| &unit.outcomes).filter(|outcome| outcome.is_none()).count();
    Ok(Read { panel: Panel::new(&units)?, units: cells.units, times: cells.times, missing })
}

fn cells<'a>(table: &'a Table, unit: Column, time: Column, outcome: Column) -> Result<Cells<'a>> {
    let mut units: BTreeMap<&str, usize> = BTreeMap::new();
    let mut times: Vec<&str> = Vec::new();
    for row in table.rows() {
        units.insert(row.text(unit)?, 0);
        times.push(row.text(time)?);
    }
    times.sort_unstable_by(|one, other| order(one, other));
    times.dedup();
    units.values_mut().enumerate().for_each(|(place, number)| *number = place);
    let numbers: HashMap<&str, usize> = times.iter().enumerate().map(|(place, time)| (*time, place)).collect();
    let mut rows = HashMap::new();
    for row in table.rows() {
        let key = (units[row.text(unit)?], numbers[row.text(time)?]);
        let measured = row.given(outcome).map(|_| row.number(outcome)).transpose()?;
        let clash =
            row.fault(time, &format!("comes twice for {:?}; keep one row for each unit and time", row.text(unit)?));
        if rows.insert(key, (row, measured)).is_some() {
            return Err(clash);
        }
    }
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
    Ok(Cells { units: owned(units.into_keys().collect()), times: owned(times), rows })
}

/// Numbers by size, dates and all else as written.
fn order(one: &str, other: &str) -> std::cmp::Ordering {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one.total_cmp(&other),
        _ => one.cmp(other),
    }
}

/// The first time that is not before `from`.
fn first_from(times: &[String], from: &str) -> Option<usize> {
    times.iter().position(|time| order(time, from).is_ge())
}

fn by_name(cells: &Cells, named: &[&str], arguments: &Arguments) -> Result<Vec<Option<usize>>> {
    let from = arguments
        .option("--from")
        .ok_or_else(|| arguments.fault("--from is needed: the first time with the action"))?;
    let (first, last) = (&cells.times[0], &cells.times[cells.times.len() - 1]);
    let start = first_from(&cells.times, from).filter(|_| order(from, first).is_ge()).ok_or_else(|| {
        arguments.fault(&format!("--from {from}: the times of the file are {first} to {last}; choose one of them"))
    })?;
    let mut starts = vec![None; cells.units.len()];
    // A name may itself have a comma.
    let known = |name: &str| cells.units.iter().position(|unit| unit == name);
    let names = named.iter().flat_map(|one| if known(one).is_some() { vec![*one] } else { one.split(',').collect() });
    for name in names.map(str::trim).filter(|name| !name.is_empty()) {
        let unit = known(name).ok_or_else(|| {
            let some = cells.units.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
            arguments.fault(&format!("--treated {name:?}: there is no such unit; the first are {some}"))
        })?;
        starts[unit] = Some(start);
    }
    Ok(starts)
}

fn by_column(cells: &Cells, treated: Column) -> Result<Vec<Option<usize>>> {
    let yes_or_no = cells.rows.values().filter_map(|(row, _)| row.given(treated)).all(|text| matches!(text, "0" | "1"));
    let mut starts = vec![None; cells.units.len()];
    for (unit, start) in starts.iter_mut().enumerate() {
        let mut said: Option<&str> = None;
        for (time, row) in (0..cells.times.len()).filter_map(|time| Some((time, &cells.rows.get(&(unit, time))?.0))) {
            match (yes_or_no, row.given(treated), *start) {
                (true, Some("1"), None) => *start = Some(time),
                (true, given, Some(_)) if given != Some("1") => {
                    return Err(row.fault(treated, "ends the action of this unit; cut the file where it ends"));
                }
                (false, Some(from), _) if from.parse::<f64>().is_ok() != cells.times[0].parse::<f64>().is_ok() => {
                    let like = &cells.times[0];
                    return Err(row.fault(treated, &format!("is neither a time such as {like} nor 0 or 1")));
                }
                (false, Some(from), _) if said.is_none_or(|said| said == from) => {
                    said = Some(from);
                    // An action that begins after the last time has not begun: such a unit can be compared with.
                    *start = first_from(&cells.times, from);
                }
                (false, given, _) if said.is_some() || given.is_some() => {
                    return Err(row.fault(treated, "is not what other rows of this unit say; one start for each unit"));
                }
                _ => {}
            }
        }
    }
    Ok(starts)
}
