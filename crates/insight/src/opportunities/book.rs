//! The accounts as every kind looks at them: whose they are, what they buy in a year, what is left of it.

use rustc_hash::FxHashMap;
use takar_model::{Day, Money, Period};

use super::Member;
use crate::{
    InsightError,
    analysis::risk::{AccountRisk, Question as RiskQuestion, Risk, risk},
    metrics::{CellSource, Cells, Dimension, Grain, NONE, Names, differs},
};

/// The share of a year's sales whose cost has to be known for amounts to be margins.
const COVERED: f64 = 0.8;

/// In what amounts are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// What is left after the cost of goods.
    Margin,
    /// Net sales: too few lines tell a cost.
    Sales,
}

/// One account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    pub manager: u32,
    pub segment: u32,
    pub region: u32,
    pub branch: u32,
    /// Net sales of the year and of the year before, in 1/10,000.
    pub net: [i64; 2],
    /// What a rupiah of its sales leaves, 0 where it is sold below cost, 1 where amounts are sales.
    pub rate: f64,
    /// The same, below 0 where it is sold below cost.
    pub margin_rate: f64,
}

/// All of them, by code.
pub(super) struct Book<'a> {
    pub names: &'a Names,
    pub today: Day,
    /// The twelve months that end with the last complete one; the twelve before.
    pub windows: [Period; 2],
    /// What makes a year of the months of the window that there are data of.
    pub annual: f64,
    pub measure: Measure,
    /// What a rupiah of sales leaves where the account's own is not known.
    pub rate: f64,
    pub accounts: Vec<Account>,
    /// By code: the day of the first order ever.
    pub first_orders: &'a [i32],
    risks: FxHashMap<&'a str, &'a AccountRisk>,
    /// The ids of managers.
    managers: FxHashMap<&'a str, u32>,
}

/// How every account stands: learned from all of them.
pub(super) fn risks(source: &dyn CellSource) -> Result<Risk, InsightError> {
    risk(source, &RiskQuestion::default())
}

impl<'a> Book<'a> {
    pub(super) fn of(
        source: &'a dyn CellSource,
        (windows, annual): ([Period; 2], f64),
        risks: &'a Risk,
    ) -> Result<Self, InsightError> {
        let names = source.names();
        let extent = source.extent().ok_or(InsightError::NoData)?;
        let grain = [Dimension::Account, Dimension::Manager, Dimension::Region, Dimension::Segment, Dimension::Branch]
            .into_iter()
            .fold(Grain::MONTHS, Grain::with);
        let both = Period::new(windows[1].from(), windows[0].to()).unwrap_or(windows[0]);
        let cells = source.cells(both, grain)?;
        cells.check(grain)?;
        let mut accounts = vec![
            Account {
                manager: NONE,
                segment: NONE,
                region: NONE,
                branch: NONE,
                net: [0; 2],
                rate: 1.0,
                margin_rate: 1.0
            };
            names.account.len()
        ];
        let (measure, rate) = sum_up(&cells, windows, &mut accounts)?;
        let managers = names.manager.codes();
        let risks: FxHashMap<&str, &AccountRisk> =
            risks.accounts.iter().map(|account| (account.id.as_str(), account)).collect();
        for (account, code) in accounts.iter_mut().zip(0_u32..) {
            let of_sales = || {
                let risk = names.account.id(code).and_then(|id| risks.get(id))?;
                managers.get(risk.manager.as_deref()?).copied()
            };
            account.manager = match names.manager_of(code) {
                NONE => of_sales().unwrap_or(NONE),
                manager => manager,
            };
        }
        Ok(Self {
            names,
            today: extent.to(),
            windows,
            annual,
            measure,
            rate,
            accounts,
            first_orders: source.first_orders(),
            risks,
            managers,
        })
    }

    pub(super) fn risk_of(&self, code: u32) -> Option<&'a AccountRisk> {
        self.risks.get(self.names.account.id(code)?).copied()
    }

    pub(super) fn codes(&self) -> impl Iterator<Item = (u32, &Account)> {
        (0_u32..).zip(&self.accounts)
    }

    pub(super) fn account(&self, code: u32) -> Option<Member> {
        member(names_of(&self.names.account, code)?)
    }

    pub(super) fn product(&self, code: u32) -> Option<Member> {
        member(names_of(&self.names.product, code)?)
    }

    pub(super) fn manager(&self, code: u32) -> Option<Member> {
        member(names_of(&self.names.manager, code)?)
    }

    /// A manager by an id that need not be known from sales.
    pub(super) fn manager_named(&self, id: Option<&str>) -> Option<Member> {
        let id = id?;
        let known = self.managers.get(id).and_then(|code| self.manager(*code));
        Some(known.unwrap_or_else(|| Member { id: id.to_owned(), name: None }))
    }

    /// Net sales of a year, from those of the window.
    pub(super) fn year_net(&self, code: u32) -> f64 {
        to_money(self.accounts[code as usize].net[0]).to_f64() * self.annual
    }

    /// What sales of an account leave or, sold below cost, take.
    pub(super) fn margin(&self, code: u32, net: f64) -> f64 {
        net * self.accounts[code as usize].margin_rate
    }

    /// What more sales of an account would leave.
    pub(super) fn amount(&self, code: u32, net: f64) -> f64 {
        net * self.accounts[code as usize].rate
    }
}

pub(super) fn to_money(units: i64) -> Money {
    Money::from_units(i128::from(units))
}

fn names_of(labels: &crate::metrics::Labels, code: u32) -> Option<(&str, Option<&str>)> {
    Some((labels.id(code)?, labels.name(code)))
}

fn member((id, name): (&str, Option<&str>)) -> Option<Member> {
    Some(Member { id: id.to_owned(), name: name.map(str::to_owned) })
}

/// The year and the year before, and what makes a year of the months that there are.
pub(super) fn windows(source: &dyn CellSource) -> Result<([Period; 2], f64), InsightError> {
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let first = extent.from().month();
    // Data of less than a month are taken as they are.
    let last = source.last_complete_month().filter(|last| *last >= first).unwrap_or_else(|| extent.to().month());
    let year = |last: takar_model::Month| Period::months(last.plus(-11), last).unwrap_or_else(|| Period::month(last));
    let months = (last.index() - first.index() + 1).clamp(1, 12);
    Ok(([year(last), year(last.plus(-12))], 12.0 / f64::from(months)))
}

/// Adds the cells up by account, and finds what a rupiah of sales leaves. Amounts in several currencies do not add up.
fn sum_up(cells: &Cells, windows: [Period; 2], accounts: &mut [Account]) -> Result<(Measure, f64), InsightError> {
    let months = windows.map(|window| (window.from().month().index(), window.to().month().index()));
    let (mut with_cost, mut cost) = (vec![0_i64; accounts.len()], vec![0_i64; accounts.len()]);
    let (mut all_net, mut all_with_cost, mut all_cost) = (0_i128, 0_i128, 0_i128);
    let mut currency = None;
    for row in 0..cells.len() {
        let month = cells.month[row];
        let Some(window) = months.iter().position(|(first, last)| (*first..=*last).contains(&month)) else { continue };
        if cells.net_lines[row] > 0 && differs(&mut currency, cells.currency[row], true) {
            return Err(InsightError::SeveralCurrencies);
        }
        let code = cells.account[row] as usize;
        let Some(account) = accounts.get_mut(code) else { continue };
        account.net[window] = account.net[window].saturating_add(cells.net[row]);
        // Cells come by month: the last one of an account says what it is now.
        (account.segment, account.region, account.branch) = (cells.segment[row], cells.region[row], cells.branch[row]);
        if window == 0 {
            with_cost[code] = with_cost[code].saturating_add(cells.net_with_cost[row]);
            cost[code] = cost[code].saturating_add(cells.cost[row]);
            all_net += i128::from(cells.net[row]);
            all_with_cost += i128::from(cells.net_with_cost[row]);
            all_cost += i128::from(cells.cost[row]);
        }
    }
    if all_with_cost <= 0 || (all_with_cost as f64) < COVERED * all_net as f64 {
        return Ok((Measure::Sales, 1.0));
    }
    let share = |net: f64, cost: f64| 1.0 - cost / net;
    let all = share(all_with_cost as f64, all_cost as f64);
    for ((account, net), cost) in accounts.iter_mut().zip(with_cost).zip(cost) {
        account.margin_rate = if net > 0 { share(net as f64, cost as f64) } else { all };
        account.rate = account.margin_rate.clamp(0.0, 1.0);
    }
    Ok((Measure::Margin, all.clamp(0.0, 1.0)))
}
