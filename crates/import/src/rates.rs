//! Currency rates: one a row, or a row a day with a column for each currency.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray},
    error::ArrowError,
};
use takar_model::Period;

use crate::{
    Decisions, FactKind, Field, ImportError, Input, NumberStyle, Plan, Reason, SetAside,
    assemble::value,
    dates,
    grid::Grid,
    numbers,
    periods::{period, year_and_month},
    schema::RATE_PLACES,
    table::{self, Fault},
};

/// How a table of rates is laid out.
pub(crate) struct Layout {
    decisions: Decisions,
    style: Option<NumberStyle>,
    /// The columns of rates, each with its currency where every currency has a column.
    rates: Vec<(usize, Option<String>)>,
}

/// What one unit of a currency is worth from a day to a day; `None` = until the next rate.
struct Rate {
    currency: String,
    from: i32,
    to: Option<i32>,
    units: i128,
}

impl Layout {
    /// Finds the columns of rates and how days and numbers are written.
    ///
    /// # Errors
    /// [`ImportError::Missing`] without rates or currencies; where days or numbers cannot be decided.
    pub(crate) fn find(plan: &Plan, input: &Input) -> Result<Self, ImportError> {
        let missing = |field: Field| ImportError::Missing {
            file: plan.label.clone(),
            kind: FactKind::Rates,
            fields: vec![field],
            headers: plan.headers.clone(),
        };
        let named: Vec<(usize, Option<String>)> = plan
            .extras()
            .into_iter()
            .filter_map(|column| Some((column, Some(currency_code(&plan.headers[column])?))))
            .collect();
        let rates = match (plan.index_of(Field::Value), plan.index_of(Field::Currency)) {
            (Some(column), Some(_)) => vec![(column, None)],
            (Some(_), None) => return Err(missing(Field::Currency)),
            (None, _) if named.is_empty() => return Err(missing(Field::Value)),
            (None, _) => named,
        };
        let evidence = table::evidence(plan, input)?;
        let columns: Vec<usize> = rates.iter().map(|(column, _)| *column).collect();
        let style = table::number_style(plan, input, &columns)?;
        Ok(Self { decisions: table::decisions(plan, &evidence)?, style, rates })
    }

    /// The rates of a grid.
    pub(crate) fn batch(
        &self,
        plan: &Plan,
        grid: &Grid,
        set_aside: &mut Vec<SetAside>,
    ) -> Result<RecordBatch, ArrowError> {
        let read = table::read_rows(plan, grid, set_aside, |row| self.rates(plan, grid, row));
        let rows: Vec<(usize, Rate)> =
            read.into_iter().flat_map(|(row, rates)| rates.into_iter().map(move |rate| (row, rate))).collect();
        let in_currency = |row: usize| {
            value(grid, &grid.rows[row], plan.index_of(Field::InCurrency)?).map(|text| text.trim().to_uppercase())
        };
        let worth = Decimal128Array::from_iter_values(rows.iter().map(|(_, rate)| rate.units));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(rows.iter().map(|(_, rate)| rate.currency.as_str()))),
            Arc::new(rows.iter().map(|(row, _)| in_currency(*row)).collect::<StringArray>()),
            Arc::new(Date32Array::from_iter_values(rows.iter().map(|(_, rate)| rate.from))),
            Arc::new(rows.iter().map(|(_, rate)| rate.to).collect::<Date32Array>()),
            Arc::new(worth.with_precision_and_scale(38, RATE_PLACES as i8)?),
        ];
        let at: Vec<usize> = rows.iter().map(|(row, _)| *row).collect();
        RecordBatch::try_new(
            crate::table_schema(FactKind::Rates),
            [columns, table::places_of(plan, grid, &at)?].concat(),
        )
    }

    fn rates(&self, plan: &Plan, grid: &Grid, row: usize) -> Result<Vec<Rate>, Fault> {
        let (from, to) = self.days(plan, grid, row)?;
        let mut rates = Vec::new();
        for (column, named) in &self.rates {
            let Some(text) = value(grid, &grid.rows[row], *column) else { continue };
            let style = table::style_of(grid.cell(row, *column).1, self.style);
            let number = numbers::read(text, style, RATE_PLACES).map_err(|_| (Some(*column), Reason::BadNumber))?;
            if number.percent {
                return Err((Some(*column), Reason::PercentSign));
            }
            if !(1..10_i128.pow(9 + RATE_PLACES)).contains(&number.units) {
                return Err((Some(*column), Reason::OutOfRange));
            }
            let currency = match named {
                Some(currency) => currency.clone(),
                None => {
                    let at = plan.index_of(Field::Currency);
                    let text = at.and_then(|column| value(grid, &grid.rows[row], column));
                    text.ok_or((at, Reason::NoCurrency))?.trim().to_uppercase()
                }
            };
            rates.push(Rate { currency, from, to, units: number.units });
        }
        let first = self.rates.first().map(|(column, _)| *column);
        if rates.is_empty() { Err((first, Reason::NoAmount)) } else { Ok(rates) }
    }

    /// The days that a row is for: one day, from a day on, or a period.
    fn days(&self, plan: &Plan, grid: &Grid, row: usize) -> Result<(i32, Option<i32>), Fault> {
        let cell = |field: Field| plan.index_of(field).and_then(|column| value(grid, &grid.rows[row], column));
        let read = |field: Field| -> Result<Option<i32>, Fault> {
            let Some(column) = plan.index_of(field).filter(|_| cell(field).is_some()) else { return Ok(None) };
            let (text, kind) = grid.cell(row, column);
            dates::day(text, kind, self.decisions.date_order).map(Some).map_err(|reason| (Some(column), reason))
        };
        let whole = |period: Period| (period.from().epoch_days(), Some(period.to().epoch_days()));
        if let Some(from) = read(Field::From)? {
            let to = match read(Field::To) {
                Err((_, Reason::DateOutOfRange)) => None,
                to => to?,
            };
            return match to {
                Some(to) if to < from => Err((plan.index_of(Field::To), Reason::EndBeforeStart)),
                to => Ok((from, to)),
            };
        }
        if let Some(text) = cell(Field::Date) {
            // A month under a header that says "date" is the whole month.
            return match read(Field::Date) {
                Ok(Some(day)) => Ok((day, Some(day))),
                Ok(None) => Err((plan.index_of(Field::Date), Reason::NoDate)),
                Err(fault) => period(text).map(whole).ok_or(fault),
            };
        }
        let named = match cell(Field::Period) {
            Some(text) => period(text),
            None => year_and_month(cell(Field::Year), cell(Field::Month)),
        };
        let column = [Field::Period, Field::Year, Field::Date, Field::From];
        let column = column.into_iter().find_map(|field| plan.index_of(field));
        named.map(whole).ok_or((column, Reason::BadPeriod))
    }
}

/// A header that is the code of a currency, such as `USD` or `Kurs USD`.
fn currency_code(header: &str) -> Option<String> {
    let word = header.split_whitespace().last()?;
    let is_code = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    is_code.then(|| word.to_owned())
}
