//! What the other rows of an invoice say about a row that lacks its account or its date.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    Field, ImportError, Input, Plan, Reason, SetAside,
    assemble::value,
    dates,
    grid::{Grid, Kind},
};

/// What the rows of one invoice say, as far as they agree.
#[derive(Debug, Clone, Default)]
struct Said {
    account: Answer,
    date: Answer,
}

/// One column of an invoice.
#[derive(Debug, Clone, Default)]
enum Answer {
    #[default]
    Nothing,
    One(String),
    Several,
}

impl Answer {
    fn meet(&mut self, other: &str) {
        match self {
            Self::Nothing => *self = Self::One(other.to_owned()),
            Self::One(known) if known == other => {}
            Self::One(_) | Self::Several => *self = Self::Several,
        }
    }

    fn merge(&mut self, other: Self) {
        match other {
            Self::Nothing => {}
            Self::One(text) => self.meet(&text),
            Self::Several => *self = Self::Several,
        }
    }

    fn agreed(&self) -> Option<&str> {
        match self {
            Self::One(text) => Some(text),
            Self::Nothing | Self::Several => None,
        }
    }
}

/// Suggests the account or date of its invoice to each row that lacks it. The file is read once more, and only where
/// there is such a row.
pub(crate) fn suggest(plan: &Plan, input: &Input, rows: &mut [SetAside]) -> Result<(), ImportError> {
    let lacks = |row: &SetAside| matches!(row.reason, Reason::NoAccount | Reason::NoDate);
    let Some(invoice) = plan.index_of(Field::InvoiceNo) else { return Ok(()) };
    let invoice_of = |row: &SetAside| row.cells.get(invoice).filter(|text| !text.is_empty()).cloned();
    let asked: FxHashSet<String> = rows.iter().filter(|row| lacks(row)).filter_map(invoice_of).collect();
    if asked.is_empty() {
        return Ok(());
    }
    let look = |said: &mut FxHashMap<String, Said>, grid: &Grid| look_at(plan, invoice, &asked, said, grid);
    let merge = |all: &mut FxHashMap<String, Said>, part: FxHashMap<String, Said>| {
        for (invoice, said) in part {
            let known = all.entry(invoice).or_default();
            known.account.merge(said.account);
            known.date.merge(said.date);
        }
    };
    let said = plan.scan(input, FxHashMap::default, look, merge)?;
    for row in rows.iter_mut().filter(|row| lacks(row)) {
        let of_invoice = invoice_of(row).and_then(|invoice| said.get(&invoice));
        let answer = of_invoice.map(|said| if row.reason == Reason::NoDate { &said.date } else { &said.account });
        row.suggestion = answer.and_then(Answer::agreed).map(str::to_owned);
    }
    Ok(())
}

fn look_at(plan: &Plan, invoice: usize, asked: &FxHashSet<String>, said: &mut FxHashMap<String, Said>, grid: &Grid) {
    let columns = |fields: &[Field]| fields.iter().filter_map(|field| plan.index_of(*field)).collect::<Vec<_>>();
    let (accounts, days) = (columns(&[Field::AccountId, Field::AccountName]), columns(&[Field::Date]));
    for row in &grid.rows {
        let Some(invoice) = value(grid, row, invoice).filter(|invoice| asked.contains(*invoice)) else { continue };
        let of_row = |columns: &[usize]| columns.iter().find_map(|column| value(grid, row, *column));
        let known = match said.get_mut(invoice) {
            Some(known) => known,
            None => said.entry(invoice.to_owned()).or_default(),
        };
        if let Some(account) = of_row(&accounts) {
            known.account.meet(account);
        }
        if let Some(date) = of_row(&days).filter(|date| dates::read(date, Kind::Text).is_some()) {
            known.date.meet(date);
        }
    }
}
