//! Kinds of facts that are described by their columns alone: activities, offers, feedback, costs to serve, prospects,
//! stock, receivables, units of measure, teams.
//!
//! A [`Shape`] says which columns a table has, from which fields of a file each is filled, what may stand in it and what
//! must. Everything else follows from it: the Arrow schema, how a file is checked, what a form asks, what makes two rows the
//! same row.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Date32Array, RecordBatch},
    datatypes::{DataType, Field as ArrowField, Schema, SchemaRef},
    error::ArrowError,
};
use rustc_hash::FxHashMap;
use takar_model::Lang;

use crate::{
    Decisions, FactKind, Field, ImportError, Input, Plan, Reason, SetAside,
    assemble::{extra_column, value},
    columns::{NumberColumn, TextColumn},
    dates,
    grid::Grid,
    money::MONEY_PLACES,
    numbers,
    periods::period,
    schema::{MONEY, QUANTITY},
    table::{self, Fault},
};

mod shapes;
mod words;

/// What may stand in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Any text.
    Text,
    /// A day.
    Day,
    /// An amount of money.
    Money,
    /// Any other number.
    Number,
    /// A part of a whole: `60 %`, 60 and 0.6 are the same.
    Share,
    /// One of some words, each known by others too; words that are not known stay as they are.
    Word(&'static [Word]),
}

/// A word of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// How it is kept, which is English.
    pub name: &'static str,
    /// How it is called in Indonesian.
    pub id: &'static str,
    /// What else it is called, split by `|`, compared as the names of columns are.
    others: &'static str,
}

impl Word {
    /// What a reader calls it.
    pub const fn label(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Id => self.id,
            Lang::En => self.name,
        }
    }
}

/// A column of a table of facts.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the table, in JSON and in forms.
    pub name: &'static str,
    /// The fields it is filled from: the first that a row has.
    pub fields: &'static [Field],
    /// What may stand in it.
    pub holds: Holds,
    /// Every row has it.
    pub is_needed: bool,
}

/// What a described kind looks like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The columns, in order.
    pub columns: &'static [Column],
    /// The columns that make two rows the same row; where the first of them is blank the whole row does.
    pub key: &'static [&'static str],
    /// All rows of a key are one thing, and replaced together; else a key comes once.
    pub is_group: bool,
    /// One of these must be there too.
    pub any_of: &'static [&'static str],
    /// The column by whose words a table is summed up.
    pub by: &'static str,
    /// The column of numbers that is summed up.
    pub sum: Option<&'static str>,
    /// The column of days that says when it was.
    pub day: Option<&'static str>,
}

impl FactKind {
    /// The columns of a kind that is described by them alone; `None` for those that have a reader of their own.
    pub const fn shape(self) -> Option<&'static Shape> {
        shapes::of(self)
    }
}

impl Shape {
    /// The fields that a file of this kind may have, each once.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        for field in self.columns.iter().flat_map(|column| column.fields) {
            if !fields.contains(field) {
                fields.push(*field);
            }
        }
        fields
    }

    /// The fields of which each row has one, a list for each thing that is needed.
    pub(crate) fn needed(&self) -> Vec<Vec<Field>> {
        let mut any: Vec<Field> = Vec::new();
        let named = self.columns.iter().filter(|column| self.any_of.contains(&column.name));
        for field in named.flat_map(|column| column.fields) {
            // Two columns may be filled from one field; a reader is asked for it once.
            if !any.contains(field) {
                any.push(*field);
            }
        }
        let needed = self.columns.iter().filter(|column| column.is_needed).map(|column| column.fields.to_vec());
        needed.chain((!any.is_empty()).then_some(any)).collect()
    }

    /// The columns of the table: those of the shape, `extra` (a JSON object of a file's other columns) and the row's place.
    pub(crate) fn schema(&self) -> SchemaRef {
        let own = self.columns.iter().map(|column| {
            let holds = match column.holds {
                Holds::Text | Holds::Word(_) => DataType::Utf8,
                Holds::Day => DataType::Date32,
                Holds::Money => MONEY,
                Holds::Number | Holds::Share => QUANTITY,
            };
            ArrowField::new(column.name, holds, !column.is_needed)
        });
        let extra = [ArrowField::new("extra", DataType::Utf8, true)];
        Arc::new(Schema::new(own.chain(extra).chain(table::place()).collect::<Vec<_>>()))
    }
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Cell {
    Blank,
    Text(String),
    Day(i32),
    Number(i128),
}

/// How a table of a described kind is written.
pub(crate) struct Layout {
    shape: &'static Shape,
    kind: FactKind,
    decisions: Decisions,
    /// The rows that had a key, for a key that comes again.
    seen: FxHashMap<Vec<Cell>, Vec<Cell>>,
}

impl Layout {
    /// Finds how days and numbers are written.
    ///
    /// # Errors
    /// Where the order of day and month or the style of numbers cannot be decided.
    pub(crate) fn find(plan: &Plan, kind: FactKind, shape: &'static Shape, input: &Input) -> Result<Self, ImportError> {
        let evidence = table::evidence(plan, input)?;
        Ok(Self { shape, kind, decisions: table::decisions(plan, &evidence)?, seen: FxHashMap::default() })
    }

    /// The rows of a grid.
    pub(crate) fn batch(
        &mut self,
        plan: &Plan,
        grid: &Grid,
        set_aside: &mut Vec<SetAside>,
    ) -> Result<RecordBatch, ArrowError> {
        let read = table::read_rows(plan, grid, set_aside, |row| self.row(plan, grid, row));
        let mut rows = Vec::with_capacity(read.len());
        for (row, cells) in read {
            match self.comes_again(&cells) {
                None => rows.push((row, cells)),
                Some(true) => {}
                Some(false) => {
                    let column = self.column_of(plan, self.shape.key[0]);
                    set_aside.push(table::put_aside(plan, grid, row, column, Reason::IdRepeated));
                }
            }
        }
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.shape.columns.len() + 4);
        for (place, column) in self.shape.columns.iter().enumerate() {
            columns.push(array(column.holds, rows.iter().map(|(_, cells)| &cells[place]), rows.len())?);
        }
        let at: Vec<usize> = rows.iter().map(|(row, _)| *row).collect();
        let extras = extra_column(plan, &plan.extras(), grid)?;
        let places = arrow::array::UInt32Array::from_iter_values(at.iter().map(|row| *row as u32));
        columns.push(arrow::compute::take(&extras, &places, None)?);
        columns.extend(table::places_of(plan, grid, &at)?);
        RecordBatch::try_new(crate::table_schema(self.kind), columns)
    }

    /// Whether a row with the same key was there, and if so whether it said the same.
    fn comes_again(&mut self, cells: &[Cell]) -> Option<bool> {
        if self.shape.is_group {
            return None;
        }
        let place = |name: &&str| self.shape.columns.iter().position(|column| column.name == *name);
        let key: Vec<Cell> = self.shape.key.iter().filter_map(place).map(|place| cells[place].clone()).collect();
        if key.first().is_none_or(|first| *first == Cell::Blank) {
            return None;
        }
        match self.seen.get(&key) {
            Some(earlier) => Some(earlier == cells),
            None => {
                self.seen.insert(key, cells.to_vec());
                None
            }
        }
    }

    fn column_of(&self, plan: &Plan, name: &str) -> Option<usize> {
        let column = self.shape.columns.iter().find(|column| column.name == name)?;
        column.fields.iter().find_map(|field| plan.index_of(*field))
    }

    fn row(&self, plan: &Plan, grid: &Grid, row: usize) -> Result<Vec<Cell>, Fault> {
        let mut cells = Vec::with_capacity(self.shape.columns.len());
        for column in self.shape.columns {
            let cell = self.cell(plan, grid, row, column)?;
            if column.is_needed && cell == Cell::Blank {
                let at = column.fields.iter().find_map(|field| plan.index_of(*field));
                return Err((at, if column.holds == Holds::Day { Reason::NoDate } else { Reason::Needed }));
            }
            cells.push(cell);
        }
        let day = |name: &str| {
            let place = self.shape.columns.iter().position(|column| column.name == name)?;
            if let Cell::Day(day) = cells[place] { Some(day) } else { None }
        };
        for (first, last) in [("from", "to"), ("date", "until")] {
            if day(first).zip(day(last)).is_some_and(|(first, last)| last < first) {
                return Err((self.column_of(plan, last), Reason::EndBeforeStart));
            }
        }
        let is_there = |name: &&str| {
            self.shape.columns.iter().zip(&cells).any(|(column, cell)| column.name == *name && *cell != Cell::Blank)
        };
        if !self.shape.any_of.is_empty() && !self.shape.any_of.iter().any(is_there) {
            return Err((self.column_of(plan, self.shape.any_of[0]), Reason::NothingSaid));
        }
        words::complete(self.kind, self.shape, &mut cells);
        Ok(cells)
    }

    fn cell(&self, plan: &Plan, grid: &Grid, row: usize, column: &Column) -> Result<Cell, Fault> {
        for field in column.fields {
            let Some(at) = plan.index_of(*field) else { continue };
            let Some(text) = value(grid, &grid.rows[row], at) else {
                if grid.cell(row, at).1 == crate::grid::Kind::Error {
                    return Err((Some(at), Reason::FormulaError));
                }
                continue;
            };
            let kind = grid.cell(row, at).1;
            let number = |places: u32, least: i128| -> Result<Cell, Fault> {
                let style = table::style_of(kind, self.decisions.style(*field));
                let number = numbers::read(text, style, places).map_err(|_| (Some(at), Reason::BadNumber))?;
                if number.percent && matches!(column.holds, Holds::Money) {
                    return Err((Some(at), Reason::PercentSign));
                }
                let is_within = number.units.abs() < 10_i128.pow(18);
                let units = if number.percent { number.units / 100 } else { number.units };
                if is_within && units >= least { Ok(Cell::Number(units)) } else { Err((Some(at), Reason::OutOfRange)) }
            };
            return match column.holds {
                Holds::Text => Ok(Cell::Text(text.trim().to_owned())),
                Holds::Word(words) => Ok(Cell::Text(words::known(text, words))),
                Holds::Money => number(MONEY_PLACES, i128::MIN),
                // One unit holds something of the other.
                Holds::Number => number(NUMBER_PLACES, if *field == Field::Factor { 1 } else { i128::MIN }),
                Holds::Share => {
                    let style = table::style_of(kind, self.decisions.style(*field));
                    let number =
                        numbers::read(text, style, NUMBER_PLACES).map_err(|_| (Some(at), Reason::BadNumber))?;
                    // Nobody means a hundredth of a per cent: a number up to 1 is a part, above it a per cent.
                    let is_percent = number.percent || number.units > WHOLE;
                    let share = if is_percent { number.units / 100 } else { number.units };
                    if (1..=WHOLE).contains(&share) {
                        Ok(Cell::Number(share))
                    } else {
                        Err((Some(at), Reason::BadShare))
                    }
                }
                Holds::Day => match dates::day(text, kind, self.decisions.date_order) {
                    Ok(day) => Ok(Cell::Day(day)),
                    // What lasts has no last day.
                    Err(_) if *field == Field::To && crate::ownership::is_open(text) => Ok(Cell::Blank),
                    // What is told of a month happened in it.
                    Err(Reason::BadDate) if *field == Field::Date && period(text).is_some() => {
                        Ok(period(text).map_or(Cell::Blank, |month| Cell::Day(month.from().epoch_days())))
                    }
                    Err(reason) => Err((Some(at), reason)),
                },
            };
        }
        Ok(Cell::Blank)
    }
}

/// Decimals of numbers that are no money.
const NUMBER_PLACES: u32 = 6;
/// The whole, of which a share is a part.
const WHOLE: i128 = 10_i128.pow(NUMBER_PLACES);

fn array<'a>(holds: Holds, cells: impl Iterator<Item = &'a Cell>, rows: usize) -> Result<ArrayRef, ArrowError> {
    match holds {
        Holds::Text | Holds::Word(_) => {
            let mut texts = TextColumn::with_capacity(rows);
            for cell in cells {
                match cell {
                    Cell::Text(text) => texts.push(text),
                    _ => texts.push_null(),
                }
            }
            texts.finish()
        }
        Holds::Day => {
            let day = |cell: &Cell| if let Cell::Day(day) = cell { Some(*day) } else { None };
            Ok(Arc::new(cells.map(day).collect::<Date32Array>()))
        }
        Holds::Money | Holds::Number | Holds::Share => {
            let mut numbers = NumberColumn::with_capacity(rows);
            cells.for_each(|cell| numbers.push(if let Cell::Number(units) = cell { Some(*units) } else { None }));
            numbers.finish(rows, if holds == Holds::Money { MONEY_PLACES as i8 } else { NUMBER_PLACES as i8 })
        }
    }
}
