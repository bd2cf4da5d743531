//! What the values of the mapped columns tell about how they are written.

use crate::{
    Example, Field, Mapped, NumberStyle, dates,
    grid::{Grid, Kind},
    mapping::is_blank,
    numbers::{self, Marks},
};

/// The first row that shows something.
type First = Option<Example>;

/// What a column of dates shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct DateEvidence {
    /// A date that only reads day first.
    pub dmy: First,
    /// A date that only reads month first.
    pub mdy: First,
    /// A date that reads both ways and differs.
    pub either: First,
}

/// What a column of numbers shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct NumberEvidence {
    /// A number that only reads with a decimal comma.
    pub id: First,
    /// A number that only reads with a decimal point.
    pub en: First,
    /// A number that reads both ways and differs.
    pub either: First,
    /// Numbers with a percent sign.
    pub percent: u64,
}

/// What one mapped column shows.
#[derive(Debug, Clone)]
pub(crate) struct ColumnEvidence {
    pub field: Field,
    pub column: usize,
    pub header: String,
    pub dates: DateEvidence,
    pub numbers: NumberEvidence,
}

/// What all date and number columns show; parts of a file are merged.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    pub columns: Vec<ColumnEvidence>,
    /// Rows looked at.
    pub rows: u64,
}

impl Evidence {
    /// Nothing seen yet.
    pub(crate) fn new(mapping: &[Mapped]) -> Self {
        let columns = mapping.iter().filter(|mapped| mapped.field.is_number() || mapped.field.is_date());
        let columns = columns.map(|mapped| ColumnEvidence {
            field: mapped.field,
            column: mapped.column,
            header: mapped.header.clone(),
            dates: DateEvidence::default(),
            numbers: NumberEvidence::default(),
        });
        Self { columns: columns.collect(), rows: 0 }
    }

    /// Looks at the rows of one grid.
    pub(crate) fn look_at(&mut self, grid: &Grid) {
        self.rows += grid.rows.len() as u64;
        for evidence in &mut self.columns {
            for row in &grid.rows {
                let (text, kind) = grid.cell_of(row, evidence.column);
                if text.is_empty() || kind != Kind::Text || is_blank(text) {
                    continue;
                }
                if evidence.field.is_date() {
                    evidence.dates.look_at(text, row.number);
                } else {
                    evidence.numbers.look_at(text, row.number);
                }
            }
        }
    }

    /// Adds what another part of the file shows.
    pub(crate) fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        for (mine, theirs) in self.columns.iter_mut().zip(other.columns) {
            earlier(&mut mine.dates.dmy, theirs.dates.dmy);
            earlier(&mut mine.dates.mdy, theirs.dates.mdy);
            earlier(&mut mine.dates.either, theirs.dates.either);
            earlier(&mut mine.numbers.id, theirs.numbers.id);
            earlier(&mut mine.numbers.en, theirs.numbers.en);
            earlier(&mut mine.numbers.either, theirs.numbers.either);
            mine.numbers.percent += theirs.numbers.percent;
        }
    }
}

impl DateEvidence {
    fn look_at(&mut self, text: &str, row: u64) {
        if dates::iso(text.as_bytes()).is_some() {
            return;
        }
        let Some(written @ dates::Written::Short { first, second, .. }) = dates::read(text, Kind::Text) else { return };
        match written.orders() {
            (true, true) if first != second => note(&mut self.either, text, row),
            (true, false) => note(&mut self.dmy, text, row),
            (false, true) => note(&mut self.mdy, text, row),
            _ => {}
        }
    }
}

impl NumberEvidence {
    /// Looks at one cell of text.
    pub(crate) fn look_at(&mut self, text: &str, row: u64) {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return;
        }
        let Some((marks, percent)) = numbers::marks(text) else { return };
        self.percent += u64::from(percent);
        match marks {
            Marks::None => {}
            Marks::Only(NumberStyle::Id) => note(&mut self.id, text, row),
            Marks::Only(NumberStyle::En) => note(&mut self.en, text, row),
            Marks::Either => note(&mut self.either, text, row),
        }
    }
}

fn note(first: &mut First, text: &str, row: u64) {
    if first.is_none() {
        *first = Some(Example { row, value: text.to_owned() });
    }
}

fn earlier(mine: &mut First, theirs: First) {
    if let Some(theirs) = theirs
        && mine.as_ref().is_none_or(|mine| theirs.row < mine.row)
    {
        *mine = Some(theirs);
    }
}
