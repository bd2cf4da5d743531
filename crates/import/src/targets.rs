//! Targets and market sizes: one a row with its period, or a row with a column for each month.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Date32Array, RecordBatch, StringArray},
    error::ArrowError,
};
use takar_model::{Day, Month, Period};

use crate::{
    DateOrder, FactKind, Field, ImportError, Input, NumberStyle, Plan, Reason, SetAside,
    assemble::value,
    columns::NumberColumn,
    dates,
    grid::{Grid, Kind},
    money::{self, MONEY_PLACES},
    numbers,
    periods::{period, year, year_and_month},
    table::{self, Fault},
};

/// What a target may name: whom and what it is for.
pub(crate) const SCOPE: [&str; 7] =
    ["manager_id", "account_id", "product_id", "category", "region", "segment", "branch"];
/// What a market size may name.
pub(crate) const MARKET_SCOPE: [&str; 3] = ["category", "region", "segment"];

/// How a table of targets or of market sizes is laid out.
pub(crate) struct Layout {
    kind: FactKind,
    /// The measure of values that name none.
    usual_kpi: &'static str,
    /// The columns of values, each with the month it is for where there is one per month.
    values: Vec<(usize, Option<MonthColumn>)>,
    style: Option<NumberStyle>,
    /// The columns of the first and the last day, where no period is named.
    days: Option<Days>,
}

/// A period and the units of its value.
type Target = (Period, i128);

/// A first and a last day, and how they are written.
struct Days {
    from: usize,
    to: usize,
    order: Option<DateOrder>,
}

/// The month that a column is for: in a year of its own, or in the year of the row.
#[derive(Debug, Clone, Copy)]
enum MonthColumn {
    InYear(Month),
    OfRow(i8),
}

impl Layout {
    /// Finds the columns of values and the style of their numbers.
    ///
    /// # Errors
    /// [`ImportError::Missing`] without values or period, or where the style cannot be decided.
    pub(crate) fn find(plan: &Plan, kind: FactKind, input: &Input) -> Result<Self, ImportError> {
        let missing = |fields: &[Field]| ImportError::Missing {
            file: plan.label.clone(),
            kind,
            fields: fields.to_vec(),
            headers: plan.headers.clone(),
        };
        let months: Vec<(usize, Option<MonthColumn>)> = plan
            .extras()
            .into_iter()
            .filter_map(|column| Some((column, Some(month_column(&plan.headers[column])?))))
            .collect();
        let values = match plan.index_of(Field::Value) {
            Some(column) => vec![(column, None)],
            None if months.is_empty() => return Err(missing(&[Field::Value])),
            None => months,
        };
        let needs_year = values.iter().any(|(_, month)| matches!(month, Some(MonthColumn::OfRow(_))));
        let has_period = plan.index_of(Field::Period).is_some() || plan.index_of(Field::Year).is_some();
        let is_long = values.iter().any(|(_, month)| month.is_none());
        let days = match plan.index_of(Field::From).zip(plan.index_of(Field::To)) {
            Some((from, to)) if is_long && !has_period => {
                let order = table::decisions(plan, &table::evidence(plan, input)?)?.date_order;
                Some(Days { from, to, order })
            }
            _ => None,
        };
        if (needs_year || is_long) && !has_period && days.is_none() {
            return Err(missing(&[Field::Period, Field::Year]));
        }
        let columns: Vec<usize> = values.iter().map(|(column, _)| *column).collect();
        let style = table::number_style(plan, input, &columns)?;
        let header = plan.index_of(Field::Value).map_or("", |column| plan.headers[column].as_str());
        let usual_kpi = if kind == FactKind::Market && counts_goods(header) { "units" } else { "net_sales" };
        Ok(Self { kind, usual_kpi, values, style, days })
    }

    /// The targets of a grid.
    pub(crate) fn batch(
        &self,
        plan: &Plan,
        grid: &Grid,
        set_aside: &mut Vec<SetAside>,
    ) -> Result<RecordBatch, ArrowError> {
        let read = table::read_rows(plan, grid, set_aside, |row| self.targets(plan, grid, row));
        let rows: Vec<(usize, Period, i128)> = read
            .into_iter()
            .flat_map(|(row, targets)| targets.into_iter().map(move |(period, units)| (row, period, units)))
            .collect();
        let text = |id: Option<Field>, name: Option<Field>| -> ArrayRef {
            let of = |field: Option<Field>, row: usize| {
                value(grid, &grid.rows[row], plan.index_of(field?)?).map(str::to_owned)
            };
            Arc::new(rows.iter().map(|(row, ..)| of(id, *row).or_else(|| of(name, *row))).collect::<StringArray>())
        };
        let days = |end: fn(Period) -> Day| -> ArrayRef {
            Arc::new(Date32Array::from_iter_values(rows.iter().map(|(_, period, _)| end(*period).epoch_days())))
        };
        let kpis = rows.iter().map(|(row, ..)| {
            let named = plan.index_of(Field::Kpi).and_then(|column| value(grid, &grid.rows[*row], column));
            named.map_or_else(|| self.usual_kpi.to_owned(), kpi)
        });
        let mut values = NumberColumn::with_capacity(rows.len());
        rows.iter().for_each(|(.., units)| values.push(Some(*units)));
        let scope = match self.kind {
            FactKind::Market => {
                vec![
                    text(Some(Field::Category), None),
                    text(Some(Field::Region), None),
                    text(Some(Field::Segment), None),
                ]
            }
            _ => vec![
                text(Some(Field::ManagerId), Some(Field::ManagerName)),
                text(Some(Field::AccountId), Some(Field::AccountName)),
                text(Some(Field::ProductId), Some(Field::ProductName)),
                text(Some(Field::Category), None),
                text(Some(Field::Region), None),
                text(Some(Field::Segment), None),
                text(Some(Field::Branch), None),
            ],
        };
        let when_and_what: Vec<ArrayRef> = vec![
            days(Period::from),
            days(Period::to),
            Arc::new(StringArray::from_iter_values(kpis)),
            values.finish(rows.len(), 4)?,
        ];
        let at: Vec<usize> = rows.iter().map(|(row, ..)| *row).collect();
        let places = table::places_of(plan, grid, &at)?;
        RecordBatch::try_new(crate::table_schema(self.kind), [scope, when_and_what, places].concat())
    }

    /// A value in 1/10,000. What has a percent sign is a share: 12 % are 0.12, and no amount of goods or money.
    fn units(&self, text: &str, style: Option<NumberStyle>, named: Option<&str>) -> Result<i128, Reason> {
        let bad = |_| Reason::BadNumber;
        let number = numbers::read(text, style, MONEY_PLACES).map_err(bad)?;
        if !number.percent {
            return Ok(number.units);
        }
        let kpi = named.map_or_else(|| self.usual_kpi.to_owned(), kpi);
        if self.kind == FactKind::Market || AMOUNTS.contains(&kpi.as_str()) {
            return Err(Reason::PercentSign);
        }
        // Two more places are read, so that dividing by a hundred loses none.
        numbers::read(text, style, MONEY_PLACES + 2).map(|number| money::divide(number.units, 10_000)).map_err(bad)
    }

    /// The periods and values of one row; the column at fault and why where it is bad.
    fn targets(&self, plan: &Plan, grid: &Grid, row: usize) -> Result<Vec<Target>, Fault> {
        let cell = |field: Field| plan.index_of(field).and_then(|column| value(grid, &grid.rows[row], column));
        let period_column = plan.index_of(Field::Period).or(plan.index_of(Field::Year));
        let bad_period = (period_column, Reason::BadPeriod);
        let mut targets = Vec::new();
        for (column, month) in &self.values {
            let Some(text) = value(grid, &grid.rows[row], *column) else { continue };
            let kind = grid.cell(row, *column).1;
            let style = if kind == Kind::Number { Some(NumberStyle::En) } else { self.style };
            let units = self.units(text, style, cell(Field::Kpi)).map_err(|reason| (Some(*column), reason))?;
            if units.abs() >= 10_i128.pow(14 + MONEY_PLACES) {
                return Err((Some(*column), Reason::OutOfRange));
            }
            let period = match month {
                Some(MonthColumn::InYear(month)) => Some(Period::month(*month)),
                Some(MonthColumn::OfRow(month)) => cell(Field::Year)
                    .or(cell(Field::Period))
                    .and_then(year)
                    .and_then(|year| Month::new(year, *month))
                    .map(Period::month),
                None => match (&self.days, cell(Field::Period)) {
                    (Some(days), _) => Some(days.of(grid, row)?),
                    (None, Some(text)) => period(text),
                    (None, None) => year_and_month(cell(Field::Year), cell(Field::Month)),
                },
            };
            targets.push((period.ok_or(bad_period)?, units));
        }
        if targets.is_empty() {
            return Err((self.values.first().map(|(column, _)| *column), Reason::NoAmount));
        }
        Ok(targets)
    }
}

impl Days {
    /// What lies between the two days of a row.
    fn of(&self, grid: &Grid, row: usize) -> Result<Period, Fault> {
        let read = |column: usize| -> Result<Day, Fault> {
            let (text, kind) = grid.cell(row, column);
            let day = dates::day(text, kind, self.order).map_err(|reason| (Some(column), reason))?;
            Day::from_epoch_days(day).ok_or((Some(column), Reason::DateOutOfRange))
        };
        Period::new(read(self.from)?, read(self.to)?).ok_or((Some(self.to), Reason::EndBeforeStart))
    }
}

/// KPIs that are amounts, never shares.
const AMOUNTS: [&str; 7] =
    ["net_sales", "units", "orders", "order_value", "gross_margin", "active_accounts", "new_accounts"];

/// The month that a header names: `Jan`, `Januari`, `2025-10`, `Okt 2025`.
fn month_column(header: &str) -> Option<MonthColumn> {
    let words = header.trim();
    if let Some(number) = dates::month(words) {
        return i8::try_from(number).ok().map(MonthColumn::OfRow);
    }
    period(words)?.whole_months().and_then(|(first, last)| (first == last).then_some(MonthColumn::InYear(first)))
}

/// A header that says that goods are counted, not money.
fn counts_goods(header: &str) -> bool {
    let words = crate::synonyms::normal(header);
    ["volume", "unit", "qty", "quantity", "kuantitas", "jumlah", "pcs"].iter().any(|word| words.contains(word))
}

/// The measure of a target; unknown names as they are.
fn kpi(text: &str) -> String {
    let known = match crate::synonyms::normal(text).as_str() {
        "netsales" | "omset" | "omzet" | "penjualan" | "penjualanbersih" | "sales" | "nilai" | "value" | "revenue" => {
            "net_sales"
        }
        "units" | "unit" | "qty" | "quantity" | "jumlah" | "jumlahbarang" | "kuantitas" | "volume" | "pcs" => "units",
        "orders" | "order" | "pesanan" | "faktur" | "invoices" => "orders",
        "grossmargin" | "labakotor" | "marginkotor" | "grossprofit" => "gross_margin",
        "activeaccounts" | "akunaktif" | "pelangganaktif" | "tokoaktif" | "activeoutlets" => "active_accounts",
        "newaccounts" | "akunbaru" | "pelangganbaru" | "tokobaru" | "noo" | "newoutlets" | "newcustomers" => {
            "new_accounts"
        }
        _ => return text.trim().to_lowercase().replace(' ', "_"),
    };
    known.to_owned()
}
