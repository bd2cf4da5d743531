//! Which column holds what: by the user's word, the saved profile, the header's name, and the values.

use serde::{Deserialize, Serialize};

use crate::{
    FactKind, Field, ImportError, Options, dates,
    grid::{Grid, Kind},
    header, numbers,
    synonyms::{self, Fit, normal},
};

/// How the column of a field was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Found {
    /// The user named it.
    User,
    /// The saved profile named it.
    Profile,
    /// Its header is a known name.
    Header,
    /// Its values are of the kind that was missing.
    Values,
}

/// A field and its column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapped {
    /// What the column holds.
    pub field: Field,
    /// The column, counted from 0.
    pub column: usize,
    /// Its header.
    pub header: String,
    /// How it was found.
    pub found: Found,
}

/// What the values of a column look like.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    filled: usize,
    numbers: usize,
    dates: usize,
}

impl Look {
    const fn mostly(self, count: usize) -> bool {
        self.filled == 0 || count * 2 >= self.filled
    }

    /// The values may be what the field says.
    const fn suits(self, field: Field) -> bool {
        match field {
            Field::Date | Field::Opened | Field::Closed | Field::FollowedUp | Field::Due | Field::AsOf => {
                self.mostly(self.dates)
            }
            Field::ManagerName | Field::Unit | Field::Currency => self.filled == 0 || self.numbers * 2 < self.filled,
            _ if field.is_number() || matches!(field, Field::LineNo) => self.mostly(self.numbers),
            _ => true,
        }
    }
}

/// Finds the column of every field.
pub(crate) fn map(
    headers: &[String],
    sample: &Grid,
    kind: FactKind,
    options: &Options,
    file: &str,
) -> Result<Vec<Mapped>, ImportError> {
    let mut mapping = by_the_user(headers, options, file)?;
    let profile = options.profile.as_ref().filter(|profile| profile.is_for(headers));
    if let Some(profile) = profile {
        for mapped in &profile.mapping {
            let taken = mapping.iter().any(|other| other.field == mapped.field || other.column == mapped.column);
            if !taken && mapped.column < headers.len() {
                mapping.push(Mapped { found: Found::Profile, ..mapped.clone() });
            }
        }
    }
    let is_unused = |field: Field| options.map.iter().any(|(unused, name)| *unused == field && name.is_empty());
    // The same headers were looked at when the profile was made: what it leaves out is left out by choice.
    if profile.is_none() {
        let looks: Vec<Look> = (0..headers.len()).map(|column| look(sample, column)).collect();
        by_header(headers, &looks, kind, is_unused, file, &mut mapping)?;
        if kind == FactKind::Sales && !mapping.iter().any(|mapped| mapped.field == Field::Date) {
            mapping.extend(date_by_values(headers, &looks, &mapping));
        }
    }
    let has = |field: Field| mapping.iter().any(|mapped| mapped.field == field);
    if matches!(kind, FactKind::Targets | FactKind::Market) && !has(Field::Period) && !has(Field::Year) {
        // A month without a year column names its year itself: `2025-10`, `Okt 2025`.
        mapping.iter_mut().filter(|mapped| mapped.field == Field::Month).for_each(|month| month.field = Field::Period);
    }
    mapping.retain(|mapped| !is_unused(mapped.field));
    mapping.sort_by_key(|mapped| mapped.field);
    Ok(mapping)
}

fn by_the_user(headers: &[String], options: &Options, file: &str) -> Result<Vec<Mapped>, ImportError> {
    let mut mapping: Vec<Mapped> = Vec::new();
    for (field, name) in options.map.iter().filter(|(_, name)| !name.is_empty()) {
        let exact = headers.iter().position(|header| header == name);
        let alike = || headers.iter().position(|header| normal(header) == normal(name) && !normal(name).is_empty());
        let Some(column) = exact.or_else(alike) else {
            return Err(ImportError::UnknownColumn {
                file: file.to_owned(),
                column: name.clone(),
                headers: headers.to_vec(),
                nearest: header::nearest(name, headers),
            });
        };
        mapping.retain(|mapped| mapped.field != *field);
        mapping.push(Mapped { field: *field, column, header: headers[column].clone(), found: Found::User });
    }
    Ok(mapping)
}

fn by_header(
    headers: &[String],
    looks: &[Look],
    kind: FactKind,
    is_unused: impl Fn(Field) -> bool,
    file: &str,
    mapping: &mut Vec<Mapped>,
) -> Result<(), ImportError> {
    let meanings: Vec<Vec<(Field, Fit)>> = headers
        .iter()
        .zip(looks)
        .map(|(header, look)| {
            let all = synonyms::meanings(header, kind);
            // One plain meaning stands even where the values are bad: the rows say so one by one. But an `item no` may
            // be a product's code as well as a line's number.
            let sure = match all.as_slice() {
                [(Field::LineNo, fit)] => *fit == Fit::Plain,
                [(_, fit)] => *fit > Fit::Weak,
                _ => false,
            };
            all.into_iter().filter(|(field, _)| sure || look.suits(*field)).collect()
        })
        .collect();
    for fit in [Fit::Plain, Fit::Good, Fit::Weak] {
        for &field in &*synonyms::fields(kind) {
            if mapping.iter().any(|mapped| mapped.field == field) {
                continue;
            }
            let is_free = |column: usize| !mapping.iter().any(|mapped| mapped.column == column);
            let columns: Vec<usize> = (0..headers.len())
                .filter(|&column| is_free(column) && meanings[column].contains(&(field, fit)))
                .collect();
            let must_not_be_guessed =
                field.is_number() || matches!(field, Field::Date | Field::AccountId | Field::AccountName);
            let mapped = |column: &usize| Mapped {
                field,
                column: *column,
                header: headers[*column].clone(),
                found: Found::Header,
            };
            match columns.as_slice() {
                [] => {}
                // Taken here, so that none of them is used for something else, and left out in the end.
                columns if is_unused(field) => mapping.extend(columns.iter().map(mapped)),
                [_, _, ..] if must_not_be_guessed && kind == FactKind::Sales => {
                    let columns = columns.iter().map(|&column| headers[column].clone()).collect();
                    return Err(ImportError::Ambiguous {
                        file: file.to_owned(),
                        field,
                        columns,
                        headers: headers.to_vec(),
                    });
                }
                [column, ..] => mapping.push(mapped(column)),
            }
        }
    }
    Ok(())
}

/// The only column of dates, where no header says it.
fn date_by_values(headers: &[String], looks: &[Look], mapping: &[Mapped]) -> Option<Mapped> {
    const OTHER_DAYS: [&str; 9] = ["ship", "kirim", "tempo", "due", "birth", "lahir", "required", "bayar", "paid"];
    let mut columns = (0..headers.len()).filter(|&column| {
        let name = normal(&headers[column]);
        looks[column].filled > 0
            && looks[column].dates * 10 >= looks[column].filled * 9
            && !mapping.iter().any(|mapped| mapped.column == column)
            && !OTHER_DAYS.iter().any(|other| name.contains(other))
    });
    let column = columns.next()?;
    columns.next().is_none().then(|| Mapped {
        field: Field::Date,
        column,
        header: headers[column].clone(),
        found: Found::Values,
    })
}

fn look(sample: &Grid, column: usize) -> Look {
    const ROWS: usize = 1_000;
    let mut look = Look::default();
    for row in 0..sample.rows.len().min(ROWS) {
        let (text, kind) = sample.cell(row, column);
        if text.is_empty() || is_blank(text) {
            continue;
        }
        look.filled += 1;
        let is_number = kind == Kind::Number || numbers::marks(text).is_some();
        look.numbers += usize::from(is_number);
        // A bare number is a date only where the whole column cannot be anything else, which a header says.
        look.dates += usize::from(dates::read(text, kind).is_some());
    }
    look
}

/// Text that stands for nothing: `NULL`, `N/A`, `-` and the like.
#[inline]
pub(crate) fn is_blank(text: &str) -> bool {
    match text.len() {
        0 => true,
        1 => text == "-",
        2 => text == "--" || text.eq_ignore_ascii_case("na"),
        3 => text.eq_ignore_ascii_case("n/a") || text.eq_ignore_ascii_case("nan") || matches!(text, "–" | "—" | "−"),
        4 => text.eq_ignore_ascii_case("null") || text.eq_ignore_ascii_case("#n/a"),
        _ => false,
    }
}
