//! Accounts month by month: what they bought, and who had them.

use takar_model::Month;

use crate::{
    InsightError,
    metrics::{Cells, Dimension, Mask, NONE, Names, differs},
};

/// An account counts in a portfolio up to so many months after its last purchase.
pub(super) const REMEMBERED: usize = 12;

/// The share of a month's credit that makes it one manager's month.
const CLEAN: f64 = 0.9;

/// What one manager was credited with for an account in a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Credited {
    pub account: u32,
    /// Months from the first one.
    pub month: u16,
    /// [`NONE`] = nobody.
    pub manager: u32,
    /// 1/10,000 of the currency.
    pub net: i64,
}

/// What an account is, by its latest lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attributes {
    pub segment: u32,
    pub region: u32,
    pub branch: u32,
}

/// All accounts over all months up to the end of the window.
pub(super) struct Histories {
    pub first: Month,
    /// How many months.
    pub months: usize,
    /// How many accounts, those without lines too.
    pub accounts: usize,
    /// In order of account, month and manager, each combination once.
    pub credited: Vec<Credited>,
    /// By account: where its rows end.
    ends: Vec<usize>,
    pub attributes: Vec<Attributes>,
    /// By account and month: Σ net of the months before it, in currency.
    before: Vec<f64>,
    /// By account: its first month with a purchase; `months` without one.
    pub born: Vec<u16>,
    /// By account and month: who has it. [`NONE`] before the first purchase and where nobody is credited.
    holder: Vec<u32>,
    /// By account and month: it is in a portfolio.
    alive: Vec<bool>,
    /// By account and month: several managers were credited.
    shared: Vec<bool>,
}

impl Histories {
    /// From the cells of some lines, by account and manager, from `first` on.
    ///
    /// # Errors
    /// [`InsightError::SeveralCurrencies`].
    pub fn of(
        cells: &Cells,
        names: &Names,
        mask: Option<&Mask>,
        first: Month,
        months: usize,
    ) -> Result<Self, InsightError> {
        let accounts = names.account.len();
        let (credited, attributes) = gather(cells, names, mask, first, months)?;
        let mut credited = in_order(credited, accounts);
        credited.dedup_by(|later, earlier| {
            let same = (later.account, later.month, later.manager) == (earlier.account, earlier.month, earlier.manager);
            if same {
                earlier.net = earlier.net.saturating_add(later.net);
            }
            same
        });
        let mut ends = vec![0; accounts];
        credited.iter().enumerate().for_each(|(row, one)| ends[one.account as usize] = row + 1);
        let mut end = 0;
        for own in &mut ends {
            end = end.max(*own);
            *own = end;
        }
        let mut found = Self {
            first,
            months,
            accounts,
            credited,
            ends,
            attributes,
            before: vec![0.0; accounts * (months + 1)],
            born: vec![u16::try_from(months).unwrap_or(u16::MAX); accounts],
            holder: vec![NONE; accounts * months],
            alive: vec![false; accounts * months],
            shared: vec![false; accounts * months],
        };
        for account in 0..accounts {
            found.follow(account);
        }
        Ok(found)
    }

    /// The rows of an account.
    pub fn rows(&self, account: usize) -> &[Credited] {
        let start = if account == 0 { 0 } else { self.ends[account - 1] };
        &self.credited[start..self.ends[account]]
    }

    /// Net of an account in the months from `from` up to before `to`, in currency.
    pub fn net(&self, account: usize, from: usize, to: usize) -> f64 {
        let at = account * (self.months + 1);
        self.before[at + to] - self.before[at + from]
    }

    pub fn holder(&self, account: usize, month: usize) -> u32 {
        self.holder[account * self.months + month]
    }

    pub fn alive(&self, account: usize, month: usize) -> bool {
        self.alive[account * self.months + month]
    }

    /// Several managers were credited in this month, none of them with nearly all.
    pub fn shared(&self, account: usize, month: usize) -> bool {
        self.shared[account * self.months + month]
    }

    /// Holder, life and sums of one account, month by month.
    fn follow(&mut self, account: usize) {
        let start = if account == 0 { 0 } else { self.ends[account - 1] };
        let rows = &self.credited[start..self.ends[account]];
        let (mut at, mut holder, mut bought) = (0, NONE, None);
        let mut sum = 0.0;
        for month in 0..self.months {
            let end = at + rows[at..].iter().take_while(|row| usize::from(row.month) == month).count();
            let of_month = &rows[at..end];
            at = end;
            let total: i64 = of_month.iter().fold(0, |sum: i64, row| sum.saturating_add(row.net));
            sum += total as f64 / 1e4;
            self.before[account * (self.months + 1) + month + 1] = sum;
            let positive: f64 = of_month.iter().map(|row| row.net.max(0) as f64).sum();
            if positive > 0.0 {
                bought = Some(month);
                self.born[account] = self.born[account].min(month as u16);
                // Most credit; of equals the one who had it, else the first.
                let most = of_month.iter().map(|row| row.net).max().unwrap_or_default();
                let best = |row: &&Credited| row.net == most;
                let keeps = of_month.iter().filter(best).any(|row| row.manager == holder);
                if let Some(row) = of_month.iter().find(best).filter(|_| !keeps) {
                    holder = row.manager;
                }
                self.shared[account * self.months + month] = (most as f64) < CLEAN * positive;
            }
            self.holder[account * self.months + month] = holder;
            self.alive[account * self.months + month] = bought.is_some_and(|last| month - last < REMEMBERED);
        }
    }
}

/// Rows by account, month and manager. They come in order of months nearly always, so that giving each its place by the account leaves
/// little to sort.
fn in_order(rows: Vec<Credited>, accounts: usize) -> Vec<Credited> {
    let Some(&any) = rows.first() else { return rows };
    let mut next = vec![0_usize; accounts + 1];
    rows.iter().for_each(|row| next[row.account as usize + 1] += 1);
    for account in 0..accounts {
        next[account + 1] += next[account];
    }
    let mut ordered = vec![any; rows.len()];
    for row in rows {
        let place = &mut next[row.account as usize];
        ordered[*place] = row;
        *place += 1;
    }
    for own in ordered.chunk_by_mut(|one, other| one.account == other.account) {
        own.sort_unstable_by_key(|one| (one.month, one.manager));
    }
    ordered
}

/// The rows of accounts, and what each account is by its latest cell.
fn gather(
    cells: &Cells,
    names: &Names,
    mask: Option<&Mask>,
    first: Month,
    months: usize,
) -> Result<(Vec<Credited>, Vec<Attributes>), InsightError> {
    let accounts = names.account.len();
    let mut credited = Vec::with_capacity(cells.len());
    let mut latest: Vec<Option<(i32, i64, usize)>> = vec![None; accounts];
    let mut currency: Option<u32> = None;
    for row in 0..cells.len() {
        let account = cells.account[row];
        let Some(month) = usize::try_from(cells.month[row] - first.index()).ok().filter(|month| *month < months) else {
            continue;
        };
        if account as usize >= accounts {
            continue;
        }
        let code = |dimension| match dimension {
            Dimension::Supervisor => names.supervisor_of(cells.manager[row]),
            other => cells.codes(other).get(row).copied().unwrap_or(NONE),
        };
        if mask.is_some_and(|mask| mask.holds(&code, cells.month[row]) != Some(true)) {
            continue;
        }
        if cells.net_lines[row] > 0 && differs(&mut currency, cells.currency[row], true) {
            return Err(InsightError::SeveralCurrencies);
        }
        let weight = (cells.month[row], cells.net[row], row);
        let known = &mut latest[account as usize];
        if known.is_none_or(|before| (before.0, before.1) < (weight.0, weight.1)) {
            *known = Some(weight);
        }
        credited.push(Credited { account, month: month as u16, manager: cells.manager[row], net: cells.net[row] });
    }
    let attributes = latest.iter().map(|row| {
        let code = |dimension| row.map_or(NONE, |(.., row)| cells.codes(dimension).get(row).copied().unwrap_or(NONE));
        Attributes {
            segment: code(Dimension::Segment),
            region: code(Dimension::Region),
            branch: code(Dimension::Branch),
        }
    });
    Ok((credited, attributes.collect()))
}
