//! Ownership: which manager had which account from when to when, alone or in part.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Date32Array, RecordBatch, StringArray},
    error::ArrowError,
};

use crate::{
    Decisions, FactKind, Field, ImportError, Input, Plan, Reason, SetAside,
    assemble::value,
    columns::NumberColumn,
    dates,
    evidence::Evidence,
    grid::Grid,
    numbers,
    table::{self, Fault},
};

/// Decimals of a share.
const PLACES: u32 = 6;
/// The whole credit.
const WHOLE: i128 = 10_i128.pow(PLACES);

/// How a table of ownership is written.
pub(crate) struct Layout {
    decisions: Decisions,
    /// Shares without a percent sign are percentages.
    percent: bool,
}

/// Whether shares without a percent sign are percentages: one of them is above the whole, or the header says so.
pub(crate) fn are_percentages(plan: &Plan, input: &Input, decisions: &Decisions) -> Result<bool, ImportError> {
    let Some(column) = plan.index_of(Field::Share) else { return Ok(false) };
    if plan.headers[column].contains('%') {
        return Ok(true);
    }
    let above_one = |found: &mut bool, grid: &Grid| {
        *found |= grid.rows.iter().any(|row| {
            let (text, kind) = grid.cell_of(row, column);
            let style = table::style_of(kind, decisions.style(Field::Share));
            numbers::read(text, style, PLACES).is_ok_and(|share| share.units > WHOLE)
        });
    };
    plan.scan(input, || false, above_one, |all, part| *all |= part)
}

/// One row: whose, and for which days. `None` = without beginning, without end.
struct Owned {
    from: Option<i32>,
    to: Option<i32>,
    share: i128,
}

impl Layout {
    /// Finds how days and shares are written.
    ///
    /// # Errors
    /// Where the order of day and month or the style of numbers cannot be decided.
    pub(crate) fn find(plan: &Plan, input: &Input) -> Result<Self, ImportError> {
        let evidence: Evidence = table::evidence(plan, input)?;
        let decisions = table::decisions(plan, &evidence)?;
        let percent = are_percentages(plan, input, &decisions)?;
        Ok(Self { decisions, percent })
    }

    /// The rows of a grid.
    pub(crate) fn batch(
        &self,
        plan: &Plan,
        grid: &Grid,
        set_aside: &mut Vec<SetAside>,
    ) -> Result<RecordBatch, ArrowError> {
        let rows = table::read_rows(plan, grid, set_aside, |row| self.owned(plan, grid, row));
        let id = |id: Field, name: Field| -> ArrayRef {
            Arc::new(rows.iter().map(|(row, _)| named(plan, grid, *row, id, name)).collect::<StringArray>())
        };
        let mut shares = NumberColumn::with_capacity(rows.len());
        rows.iter().for_each(|(_, owned)| shares.push(Some(owned.share)));
        let columns: Vec<ArrayRef> = vec![
            id(Field::AccountId, Field::AccountName),
            id(Field::ManagerId, Field::ManagerName),
            Arc::new(rows.iter().map(|(_, owned)| owned.from).collect::<Date32Array>()),
            Arc::new(rows.iter().map(|(_, owned)| owned.to).collect::<Date32Array>()),
            shares.finish(rows.len(), PLACES as i8)?,
        ];
        let at: Vec<usize> = rows.iter().map(|(row, _)| *row).collect();
        RecordBatch::try_new(
            crate::table_schema(FactKind::Ownership),
            [columns, table::places_of(plan, grid, &at)?].concat(),
        )
    }

    fn owned(&self, plan: &Plan, grid: &Grid, row: usize) -> Result<Owned, Fault> {
        for (id, name, reason) in [
            (Field::AccountId, Field::AccountName, Reason::NoId),
            (Field::ManagerId, Field::ManagerName, Reason::NoManager),
        ] {
            if named(plan, grid, row, id, name).is_none() {
                return Err((plan.index_of(id).or(plan.index_of(name)), reason));
            }
        }
        let day_of = |field: Field| -> Result<Option<i32>, Fault> {
            let Some(column) = plan.index_of(field) else { return Ok(None) };
            let (text, kind) = grid.cell(row, column);
            match dates::day(text, kind, self.decisions.date_order) {
                Ok(day) => Ok(Some(day)),
                Err(Reason::NoDate) => Ok(None),
                // Programs write the far end of time where there is none.
                Err(Reason::DateOutOfRange) if field == Field::To => Ok(None),
                Err(_) if field == Field::To && is_open(text) => Ok(None),
                Err(reason) => Err((Some(column), reason)),
            }
        };
        let (from, to) = (day_of(Field::From)?, day_of(Field::To)?);
        if to.is_some_and(|to| from.is_some_and(|from| to < from)) {
            return Err((plan.index_of(Field::To), Reason::EndBeforeStart));
        }
        Ok(Owned { from, to, share: self.share(plan, grid, row)? })
    }

    /// The share in millionths; the whole where none is written.
    fn share(&self, plan: &Plan, grid: &Grid, row: usize) -> Result<i128, Fault> {
        let Some(column) = plan.index_of(Field::Share) else { return Ok(WHOLE) };
        let Some(text) = value(grid, &grid.rows[row], column) else { return Ok(WHOLE) };
        let style = table::style_of(grid.cell(row, column).1, self.decisions.style(Field::Share));
        let number = numbers::read(text, style, PLACES).map_err(|_| (Some(column), Reason::BadNumber))?;
        let share = if self.percent || number.percent { number.units / 100 } else { number.units };
        if (1..=WHOLE).contains(&share) { Ok(share) } else { Err((Some(column), Reason::BadShare)) }
    }
}

fn named<'g>(plan: &Plan, grid: &'g Grid, row: usize, id: Field, name: Field) -> Option<&'g str> {
    let of = |field: Field| value(grid, &grid.rows[row], plan.index_of(field)?);
    of(id).or_else(|| of(name))
}

/// Words that say that something lasts.
pub(crate) fn is_open(text: &str) -> bool {
    matches!(crate::synonyms::normal(text).as_str(), "sekarang" | "kini" | "now" | "present" | "current" | "seterusnya")
}
