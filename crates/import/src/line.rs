//! The rows of a grid into checked lines.

use std::sync::atomic::AtomicU64;

use arrow::{
    array::{BooleanArray, RecordBatch},
    compute::filter_record_batch,
};

use crate::{
    CostKind, DiscountKind, Field, ImportError, NumberStyle, Plan, Reason, WarningKind, assemble,
    columns::NumberColumn,
    dates,
    decide::How,
    grid::{Grid, Kind},
    leftovers,
    mapping::is_blank,
    money::{self, DISCOUNT_PLACES, Given, MONEY_PLACES, Meaning, QUANTITY_PLACES},
    numbers::{self, NumberError},
    repeats::LineColumns,
    tally::{Fault, Tally},
};

/// Quantities and unit prices stay below this, in their units.
const QUANTITY_LIMIT: i128 = 10_i128.pow(12 + QUANTITY_PLACES);
/// Amounts stay below this, in their units.
const MONEY_LIMIT: i128 = 10_i128.pow(14 + MONEY_PLACES);
/// Discounts before their kind is applied.
const DISCOUNT_LIMIT: i128 = 10_i128.pow(14 + DISCOUNT_PLACES);
const DISCOUNT_ONE: i128 = 10_i128.pow(DISCOUNT_PLACES);

/// Turns grids into batches by one plan.
pub(crate) struct LineMaker<'a> {
    plan: &'a Plan,
    extras: Vec<usize>,
    numbers: Vec<NumberRule>,
    date: Option<usize>,
    meaning: Meaning,
    /// Where the lines of invoices are numbered and no one looked for contradictions yet.
    line_columns: Option<LineColumns>,
    set_aside: &'a AtomicU64,
    /// Numbers of the rows to drop as duplicates, sorted.
    dropped: &'a [u64],
}

/// How one number column is read.
#[derive(Debug, Clone, Copy)]
struct NumberRule {
    field: Field,
    column: usize,
    style: Option<NumberStyle>,
    places: u32,
    limit: i128,
    /// Another style far below the sample means to plan again.
    may_replan: bool,
}

/// A fault of a row, by its index; the first of a row counts.
struct Found {
    row: usize,
    reason: Reason,
    field: Option<Field>,
    column: Option<usize>,
}

impl<'a> LineMaker<'a> {
    pub(crate) fn new(plan: &'a Plan, set_aside: &'a AtomicU64, dropped: &'a [u64]) -> Self {
        let rule = |mapped: &crate::Mapped| {
            let (places, limit) = match mapped.field {
                Field::Quantity | Field::UnitPrice => (QUANTITY_PLACES, QUANTITY_LIMIT),
                Field::Discount => (DISCOUNT_PLACES, DISCOUNT_LIMIT),
                // A unit cost is multiplied by a quantity, which brings its own decimals.
                _ => (MONEY_PLACES, MONEY_LIMIT),
            };
            let may_replan = !plan.whole && !plan.decisions.style_is_given(mapped.field);
            let style = plan.decisions.style(mapped.field);
            NumberRule { field: mapped.field, column: mapped.column, style, places, limit, may_replan }
        };
        let is_number = |mapped: &&crate::Mapped| mapped.field.is_number();
        Self {
            plan,
            extras: plan.extras(),
            numbers: plan.mapping.iter().filter(is_number).map(rule).collect(),
            date: plan.index_of(Field::Date),
            meaning: Meaning {
                discount: plan.decisions.discount.unwrap_or(DiscountKind::Amount),
                cost: plan.decisions.cost.unwrap_or(CostKind::Line),
            },
            line_columns: LineColumns::of(plan).filter(|_| plan.repeats.is_none()),
            set_aside,
            dropped,
        }
    }

    /// Checks the rows of a grid and returns the good ones.
    ///
    /// # Errors
    /// [`ImportError::Replan`] where a row contradicts what the sample decided.
    pub(crate) fn lines(&self, grid: &mut Grid, tally: &mut Tally) -> Result<RecordBatch, ImportError> {
        grid.drop_through(self.plan.header_row);
        tally.rows += grid.rows.len() as u64;
        self.count_duplicates(grid, tally);
        if let Some(columns) = self.line_columns {
            tally.line_keys.extend(columns.keys(grid));
        }
        let rows = grid.rows.len();
        let mut faults = Vec::new();
        self.check_shape(grid, &mut faults);
        let days = self.days(grid, &mut faults)?;
        let mut numbers = Numbers::default();
        for rule in &self.numbers {
            numbers.set(rule.field, self.numbers(grid, *rule, &mut faults, tally)?);
        }
        if !self.plan.options.unassigned {
            self.check_accounts(grid, &mut faults);
        }
        self.check_conflicts(grid, &mut faults);
        self.check_repeats(grid, &mut faults);
        let settled = self.settle(grid, &numbers, &mut faults, tally);

        let mut good = vec![true; rows];
        // The sort is stable: of the faults of a row the first that was found counts.
        faults.sort_by_key(|fault| fault.row);
        for fault in &faults {
            if std::mem::replace(&mut good[fault.row], false) {
                tally.put_aside(self.plan, grid, fault.row, &self.told(grid, fault), self.set_aside);
            }
        }
        for row in (0..rows).filter(|&row| good[row]) {
            tally.line(days[row], settled.net.get(row), numbers.quantity.get(row));
        }
        let batch = assemble::batch(self.plan, &self.extras, grid, days, numbers, settled);
        let batch = batch.and_then(|batch| match faults.is_empty() {
            true => Ok(batch),
            false => filter_record_batch(&batch, &BooleanArray::from(good)),
        });
        batch.map_err(|error| ImportError::Damaged { file: self.plan.label.clone(), detail: error.to_string() })
    }

    /// A fault as it is told: a row that is no data at all lacks nothing.
    fn told<'g>(&self, grid: &'g Grid, fault: &Found) -> Fault<'g> {
        let may_be_no_data = matches!(fault.reason, Reason::NoDate | Reason::BadDate | Reason::NoAccount);
        if let Some(reason) = may_be_no_data.then(|| leftovers::reason(self.plan, grid, fault.row)).flatten() {
            return Fault { reason, field: None, column: None, value: "" };
        }
        let value = fault.column.map_or("", |column| grid.cell(fault.row, column).0);
        Fault { reason: fault.reason, field: fault.field, column: fault.column, value }
    }

    fn count_duplicates(&self, grid: &mut Grid, tally: &mut Tally) {
        tally.hashes.extend(grid.rows.iter().map(|row| grid.row_hash(row)));
        if !self.dropped.is_empty() {
            let before = grid.rows.len();
            grid.rows.retain(|row| self.dropped.binary_search(&row.number).is_err());
            tally.dropped += (before - grid.rows.len()) as u64;
        }
    }

    /// More cells than headers, and control bytes.
    fn check_shape(&self, grid: &Grid, faults: &mut Vec<Found>) {
        let headers = self.plan.headers.len();
        let fault = |row, reason, column| Found { row, reason, field: None, column };
        for (index, row) in grid.rows.iter().enumerate() {
            if row.width as usize > headers {
                let beyond = (headers..row.width as usize).find(|&column| !grid.cell_of(row, column).0.is_empty());
                faults.extend(beyond.map(|column| fault(index, Reason::TooManyCells, Some(column))));
            }
        }
        // A grid marks the ends of its cells with a unit separator.
        let is_control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1f);
        let bytes = grid.text.as_bytes();
        if bytes.iter().fold(false, |any, &byte| any | is_control(byte)) {
            for (index, row) in grid.rows.iter().enumerate() {
                if bytes[row.start as usize..row.end as usize].iter().any(|&byte| is_control(byte)) {
                    faults.push(fault(index, Reason::ControlBytes, None));
                }
            }
        }
    }

    /// The day of every row; 0 where it is at fault.
    fn days(&self, grid: &Grid, faults: &mut Vec<Found>) -> Result<Vec<i32>, ImportError> {
        let mut days = Vec::with_capacity(grid.rows.len());
        let column = self.date.unwrap_or(usize::MAX);
        for (index, row) in grid.rows.iter().enumerate() {
            let (text, kind) = grid.cell_of(row, column);
            if let Some(day) = dates::iso(text.as_bytes()) {
                days.push(day);
                continue;
            }
            let day = self.day(text, kind, row.number)?;
            days.push(day.unwrap_or(0));
            faults.extend(day.err().map(|reason| Found {
                row: index,
                reason,
                field: Some(Field::Date),
                column: self.date,
            }));
        }
        Ok(days)
    }

    fn day(&self, text: &str, kind: Kind, row: u64) -> Result<Result<i32, Reason>, ImportError> {
        let decisions = &self.plan.decisions;
        match dates::day(text, kind, decisions.date_order) {
            // A date, but not in the order that the sample showed.
            Err(Reason::BadDate)
                if !self.plan.whole && decisions.date_how != How::User && dates::read(text, kind).is_some() =>
            {
                Err(self.replan(Field::Date, row, text))
            }
            day => Ok(day),
        }
    }

    /// The numbers of one column.
    fn numbers(
        &self,
        grid: &Grid,
        rule: NumberRule,
        faults: &mut Vec<Found>,
        tally: &mut Tally,
    ) -> Result<NumberColumn, ImportError> {
        let mut column = NumberColumn::with_capacity(grid.rows.len());
        let text_mark = match rule.style {
            Some(NumberStyle::Id) => b',',
            Some(NumberStyle::En) => b'.',
            // No byte of text: only digits are plain.
            None => 0xFF,
        };
        for (index, row) in grid.rows.iter().enumerate() {
            let (text, kind) = grid.cell_of(row, rule.column);
            let mark = if kind == Kind::Number { b'.' } else { text_mark };
            if let Some(units) = numbers::plain(text.as_bytes(), mark, rule.places) {
                let units = i128::from(units);
                let fits = if rule.field == Field::Discount {
                    !self.plan.decisions.discount_negated && self.discount_fits(units)
                } else {
                    units.abs() < rule.limit
                };
                if fits {
                    column.push(Some(units));
                    continue;
                }
            }
            let units = self.number(text, kind, rule, row.number, tally)?;
            column.push(units.unwrap_or(None));
            faults.extend(units.err().map(|reason| Found {
                row: index,
                reason,
                field: Some(rule.field),
                column: Some(rule.column),
            }));
        }
        Ok(column)
    }

    fn number(
        &self,
        text: &str,
        kind: Kind,
        rule: NumberRule,
        row: u64,
        tally: &mut Tally,
    ) -> Result<Result<Option<i128>, Reason>, ImportError> {
        if is_blank(text) || numbers::is_dash(text) {
            return Ok(Ok(None));
        }
        let style = if kind == Kind::Number { Some(NumberStyle::En) } else { rule.style };
        let number = match numbers::read(text, style, rule.places) {
            Ok(number) => number,
            Err(NumberError::OtherStyle) if rule.may_replan => return Err(self.replan(rule.field, row, text)),
            Err(NumberError::TooBig) => return Ok(Err(Reason::OutOfRange)),
            Err(_) if kind == Kind::Error || text.starts_with('#') => return Ok(Err(Reason::FormulaError)),
            Err(_) => return Ok(Err(Reason::BadNumber)),
        };
        let is_discount = rule.field == Field::Discount;
        // A percent sign says what a discount is, whatever the others of its column are.
        let units = match (number.percent, is_discount, self.meaning.discount) {
            (false, ..) | (true, true, DiscountKind::Percent) => number.units,
            (true, true, DiscountKind::Rate) => money::divide(number.units, 100),
            (true, ..) => return Ok(Err(Reason::BadNumber)),
        };
        let is_negated = is_discount && self.plan.decisions.discount_negated;
        if is_negated && units > 0 && !self.plan.whole {
            // A return, or a discount without a minus: only the whole column tells.
            return Err(self.replan(rule.field, row, text));
        }
        let units = if is_negated { -units } else { units };
        if units.abs() >= rule.limit {
            return Ok(Err(Reason::OutOfRange));
        }
        if is_discount && !self.discount_fits(units) {
            let may_replan = !self.plan.whole && self.plan.decisions.discount_how != How::User;
            return if may_replan { Err(self.replan(rule.field, row, text)) } else { Ok(Err(Reason::OutOfRange)) };
        }
        if number.rounded {
            let column = &self.plan.headers[rule.column];
            tally.warn(WarningKind::Rounded, column, row, || text.to_owned());
        }
        Ok(Ok(Some(units)))
    }

    /// Whether a discount lies where its kind allows.
    fn discount_fits(&self, units: i128) -> bool {
        match self.meaning.discount {
            DiscountKind::Rate => (0..=DISCOUNT_ONE).contains(&units),
            DiscountKind::Percent => (0..=100 * DISCOUNT_ONE).contains(&units),
            DiscountKind::Amount => units.abs() < DISCOUNT_LIMIT,
        }
    }

    fn check_accounts(&self, grid: &Grid, faults: &mut Vec<Found>) {
        let (id, name) = (self.plan.index_of(Field::AccountId), self.plan.index_of(Field::AccountName));
        for (index, row) in grid.rows.iter().enumerate() {
            let is_missing = |column: Option<usize>| {
                column.is_none_or(|column| {
                    let (text, kind) = grid.cell_of(row, column);
                    is_blank(text) || kind == Kind::Error
                })
            };
            if is_missing(id) && is_missing(name) {
                let (field, column) = if id.is_some() { (Field::AccountId, id) } else { (Field::AccountName, name) };
                faults.push(Found { row: index, reason: Reason::NoAccount, field: Some(field), column });
            }
        }
    }

    /// Rows that were found to belong to another account's invoice.
    fn check_conflicts(&self, grid: &Grid, faults: &mut Vec<Found>) {
        if self.plan.conflicts.is_empty() {
            return;
        }
        let (field, column) = match self.plan.index_of(Field::AccountId) {
            Some(column) => (Field::AccountId, Some(column)),
            None => (Field::AccountName, self.plan.index_of(Field::AccountName)),
        };
        for (index, row) in grid.rows.iter().enumerate() {
            if self.plan.conflicts.contains(&row.number) {
                faults.push(Found { row: index, reason: Reason::AccountConflict, field: Some(field), column });
            }
        }
    }

    /// Rows that contradict an earlier one about a line of an invoice.
    fn check_repeats(&self, grid: &Grid, faults: &mut Vec<Found>) {
        let Some(repeats) = self.plan.repeats.as_ref().filter(|repeats| !repeats.is_empty()) else { return };
        let column = self.plan.index_of(Field::LineNo);
        for (index, row) in grid.rows.iter().enumerate() {
            if repeats.contains_key(&row.number) {
                faults.push(Found { row: index, reason: Reason::LineRepeated, field: Some(Field::LineNo), column });
            }
        }
    }

    /// Derives what each row lacks.
    fn settle(&self, grid: &Grid, numbers: &Numbers, faults: &mut Vec<Found>, tally: &mut Tally) -> SettledColumns {
        let rows = grid.rows.len();
        let mut columns = SettledColumns::with_capacity(rows);
        for (index, row) in grid.rows.iter().enumerate() {
            let given = numbers.given(index);
            let fault =
                |reason, field| Found { row: index, reason, field: Some(field), column: self.plan.index_of(field) };
            let settled = money::settle(&given, self.meaning).unwrap_or_else(|money::Overflow| {
                faults.push(fault(Reason::OutOfRange, Field::UnitPrice));
                money::Settled::default()
            });
            let amounts = [settled.net, settled.discount, settled.cost];
            if amounts.iter().flatten().any(|units| units.abs() >= MONEY_LIMIT) {
                faults.push(fault(Reason::OutOfRange, Field::NetAmount));
            }
            if settled.net.is_none() && given.quantity.is_none() {
                let field = if numbers.quantity.is_filled() { Field::Quantity } else { Field::NetAmount };
                faults.push(fault(Reason::NoAmount, field));
            }
            if settled.net_differs {
                let column = self.plan.column_of(Field::NetAmount).unwrap_or_default();
                tally.warn(WarningKind::NetDiffers, column, row.number, || self.raw(grid, index, Field::NetAmount));
            }
            if settled.cost_differs {
                let column = self.plan.column_of(Field::Cost).unwrap_or_default();
                tally.warn(WarningKind::CostDiffers, column, row.number, || self.raw(grid, index, Field::Cost));
            }
            columns.push(&settled);
        }
        columns
    }

    fn raw(&self, grid: &Grid, row: usize, field: Field) -> String {
        self.plan.index_of(field).map_or_else(String::new, |column| grid.cell(row, column).0.to_owned())
    }

    fn replan(&self, field: Field, row: u64, value: &str) -> ImportError {
        ImportError::Replan {
            file: self.plan.label.clone(),
            column: self.plan.column_of(field).unwrap_or_default().to_owned(),
            row,
            value: value.to_owned(),
        }
    }
}

/// The number columns of a grid.
#[derive(Default)]
pub(crate) struct Numbers {
    pub quantity: NumberColumn,
    pub unit_price: NumberColumn,
    pub ppn: NumberColumn,
    discount: NumberColumn,
    gross: NumberColumn,
    net: NumberColumn,
    cost: NumberColumn,
    profit: NumberColumn,
}

impl Numbers {
    fn set(&mut self, field: Field, column: NumberColumn) {
        match field {
            Field::Quantity => self.quantity = column,
            Field::UnitPrice => self.unit_price = column,
            Field::Ppn => self.ppn = column,
            Field::Discount => self.discount = column,
            Field::GrossAmount => self.gross = column,
            Field::NetAmount => self.net = column,
            Field::Cost => self.cost = column,
            Field::Profit => self.profit = column,
            _ => {}
        }
    }

    #[inline]
    fn given(&self, row: usize) -> Given {
        Given {
            quantity: self.quantity.get(row),
            unit_price: self.unit_price.get(row),
            discount: self.discount.get(row),
            gross: self.gross.get(row),
            net: self.net.get(row),
            cost: self.cost.get(row),
            profit: self.profit.get(row),
        }
    }
}

/// The derived columns of a grid.
pub(crate) struct SettledColumns {
    pub net: NumberColumn,
    pub discount: NumberColumn,
    pub cost: NumberColumn,
}

impl SettledColumns {
    fn with_capacity(rows: usize) -> Self {
        let column = || NumberColumn::with_capacity(rows);
        Self { net: column(), discount: column(), cost: column() }
    }

    #[inline]
    fn push(&mut self, settled: &money::Settled) {
        self.net.push(settled.net);
        self.discount.push(settled.discount);
        self.cost.push(settled.cost);
    }
}
