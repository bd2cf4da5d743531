//! Finding the header among titles and blank lines, and making its names usable.

use crate::{
    FactKind, ImportError, Options, dates,
    grid::{Grid, Kind},
    numbers,
    synonyms::{self, normal},
    workbook::COLUMNS,
};

/// Rows above the header, at most.
const SEARCHED: usize = 30;

/// A header that was found.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    /// The number of its row.
    pub row: u64,
    /// The names of the columns, each different.
    pub names: Vec<String>,
}

/// Finds the header of a sheet or file: the row among the first thirty in which most cells are known names.
pub(crate) fn find(grid: &Grid, kind: FactKind, options: &Options, file: &str) -> Result<Header, ImportError> {
    if grid.rows.is_empty() {
        return Err(ImportError::Empty { file: file.to_owned() });
    }
    if grid.width() > COLUMNS {
        return Err(ImportError::TooManyColumns { file: file.to_owned(), columns: grid.width() });
    }
    let rows = 0..grid.rows.len().min(SEARCHED);
    let best = rows.clone().rev().max_by_key(|&row| known_names(&grid.cells(row, 0), kind, options));
    let best = best.filter(|&row| known_names(&grid.cells(row, 0), kind, options) >= 2);
    // A header of unknown names is still a header: the refusal that follows can list it.
    let row = best.or_else(|| rows.into_iter().find(|&row| looks_like_names(grid, row)));
    let Some(row) = row else {
        return Err(ImportError::NoHeader { file: file.to_owned(), first: grid.cells(0, 0) });
    };
    Ok(Header { row: grid.rows[row].number, names: different(grid.cells(row, 0)) })
}

fn known_names(cells: &[String], kind: FactKind, options: &Options) -> usize {
    let mapped = |cell: &str| options.map.iter().any(|(_, column)| normal(column) == normal(cell));
    let in_profile =
        |cell: &str| options.profile.as_ref().is_some_and(|profile| profile.headers.iter().any(|name| name == cell));
    let known = |cell: &str| !synonyms::meanings(cell, kind).is_empty() || mapped(cell) || in_profile(cell);
    cells.iter().filter(|cell| !cell.is_empty() && known(cell)).count()
}

/// Nothing but words: no number, no date, few blanks.
fn looks_like_names(grid: &Grid, row: usize) -> bool {
    let width = grid.rows[row].width as usize;
    let words = (0..width).filter(|&column| {
        let (text, kind) = grid.cell(row, column);
        kind == Kind::Text && !text.is_empty() && numbers::marks(text).is_none() && dates::read(text, kind).is_none()
    });
    let words = words.count();
    words > 0 && words * 4 >= width * 3 && (words > 1 || grid.width() == 1)
}

/// Names for blank headers, and `name (2)` for one that comes again.
pub(crate) fn different(cells: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(cells.len());
    let mut seen = rustc_hash::FxHashSet::default();
    for (index, cell) in cells.into_iter().enumerate() {
        let base = if cell.is_empty() { format!("#{}", index + 1) } else { cell.replace(['\n', '\r'], " ") };
        let mut name = base.clone();
        let mut count = 2;
        while !seen.insert(name.clone()) {
            name = format!("{base} ({count})");
            count += 1;
        }
        names.push(name);
    }
    // Trailing blank headers are the empty right side of a sheet.
    while names.len() > 1
        && names.last().is_some_and(|name| name.starts_with('#') && name[1..] == names.len().to_string())
    {
        names.pop();
    }
    names
}

/// The known name that is nearest to a misspelt one, if any is near.
pub(crate) fn nearest(name: &str, headers: &[String]) -> Option<String> {
    let wanted = normal(name);
    headers
        .iter()
        .map(|header| (distance(&wanted, &normal(header)), header))
        .filter(|(distance, _)| *distance <= wanted.chars().count().max(3) / 2)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, header)| header.clone())
}

/// Levenshtein's edit distance.
pub(crate) fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut costs: Vec<usize> = (0..=right.len()).collect();
    for (row, character) in left.chars().enumerate() {
        let mut diagonal = costs[0];
        costs[0] = row + 1;
        for column in 0..right.len() {
            let replaced = diagonal + usize::from(right[column] != character);
            diagonal = costs[column + 1];
            costs[column + 1] = replaced.min(diagonal + 1).min(costs[column] + 1);
        }
    }
    costs[right.len()]
}
