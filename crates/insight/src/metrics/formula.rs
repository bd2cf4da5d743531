//! From sums to figures: one formula per KPI.

use takar_model::{Money, Quantity};

use super::{
    Kpi, Value, Why,
    accounts::Statuses,
    attainment::Attained,
    market::{Counts, Marketed},
    sums::{One, Sums},
};

/// All that is known of one group in one window.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts {
    pub sums: Sums,
    pub statuses: Statuses,
    /// The base window has lines of this group.
    pub in_base: bool,
    /// Sums over the preceding window.
    pub prior: Sums,
    /// Sums over the window a year earlier.
    pub year: Sums,
    pub attained: Attained,
    pub marketed: Marketed,
}

/// What is the same for all groups of a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    pub has_base: bool,
    pub has_prior: bool,
    pub has_year: bool,
    /// Net sales of the whole answer.
    pub total: Sums,
}

impl Facts {
    /// The figure of a KPI.
    pub fn value(&self, kpi: Kpi, context: &Context) -> Value {
        if kpi.needs_base() && !context.has_base {
            return Value::Null(Why::BaseBeforeData);
        }
        let (sums, statuses) = (&self.sums, &self.statuses);
        let retained_from_mixed = statuses.currency == One::Mixed;
        match kpi {
            Kpi::NetSales => money(sums),
            Kpi::Units if sums.unit == One::Mixed => Value::Null(Why::MixedUnits),
            Kpi::Units if sums.lines > 0 && sums.quantity_lines == 0 => Value::Null(Why::NoQuantities),
            Kpi::Units => Value::Quantity(Quantity::from_units(sums.quantity)),
            Kpi::Orders => Value::Count(sums.orders),
            Kpi::OrderValue => match money(sums) {
                Value::Money(net) if sums.orders > 0 => Value::Money(divide(net, i128::from(sums.orders))),
                Value::Money(_) => Value::Null(Why::NothingToDivideBy),
                missing => missing,
            },
            Kpi::GrossMargin if sums.lines > 0 && sums.cost_lines == 0 => Value::Null(Why::NoCosts),
            Kpi::GrossMargin => one_currency(sums, Value::Money(Money::from_units(sums.net_with_cost - sums.cost))),
            Kpi::MarginRate if sums.cost_lines == 0 => Value::Null(Why::NoCosts),
            Kpi::MarginRate => one_currency(sums, Value::ratio(sums.net_with_cost - sums.cost, sums.net_with_cost)),
            Kpi::DiscountRate => one_currency(sums, Value::ratio(sums.discount, sums.gross)),
            Kpi::ReturnRate => one_currency(sums, Value::ratio(sums.returns, sums.net_before_returns)),
            Kpi::ActiveAccounts => Value::Count(statuses.active),
            Kpi::NewAccounts => Value::Count(statuses.new),
            Kpi::RetainedAccounts => Value::Count(statuses.retained),
            Kpi::ReactivatedAccounts => Value::Count(statuses.reactivated),
            Kpi::LostAccounts => Value::Count(statuses.lost),
            Kpi::LogoRetention => {
                let (kept, all) = (statuses.retained, statuses.retained + statuses.lost);
                Value::ratio(i128::from(kept), i128::from(all))
            }
            Kpi::GrossRetention | Kpi::NetRetention if retained_from_mixed => Value::Null(Why::MixedCurrencies),
            Kpi::GrossRetention => Value::ratio(statuses.kept_net, statuses.base_net),
            Kpi::NetRetention => Value::ratio(statuses.carried_net, statuses.base_net),
            Kpi::RepeatRate => Value::ratio(i128::from(statuses.repeat_buyers), i128::from(statuses.buyers)),
            Kpi::GrowthPrior => growth(sums, &self.prior, context.has_prior),
            Kpi::GrowthYear => growth(sums, &self.year, context.has_year),
            Kpi::Target if self.attained.targets == 0 => Value::Null(Why::NoTarget),
            Kpi::Target => Value::Money(Money::from_units(self.attained.target)),
            Kpi::Attainment if self.attained.targets == 0 => Value::Null(Why::NoTarget),
            Kpi::Attainment => one_currency(sums, Value::ratio(self.attained.actual, self.attained.target)),
            Kpi::Share if context.total.currency == One::Mixed => Value::Null(Why::MixedCurrencies),
            Kpi::Share => Value::ratio(sums.net, context.total.net),
            Kpi::MarketShare | Kpi::MarketPlan if self.marketed.cells == 0 => Value::Null(Why::NoMarket),
            Kpi::MarketShare if self.marketed.counts == Counts::Units && sums.unit == One::Mixed => {
                Value::Null(Why::MixedUnits)
            }
            Kpi::MarketShare if self.marketed.counts == Counts::Units => {
                Value::ratio(self.marketed.sold, self.marketed.size)
            }
            Kpi::MarketShare => one_currency(sums, Value::ratio(self.marketed.sold, self.marketed.size)),
            Kpi::MarketPlan => match self.marketed.planned {
                Some(planned) => Value::ratio(planned, self.marketed.size * Money::ONE),
                None => Value::Null(Why::NoTarget),
            },
        }
    }

    /// Which part of net sales the margin speaks for.
    pub fn cost_coverage(&self) -> Value {
        Value::ratio(self.sums.net_with_cost, self.sums.net)
    }

    /// Which part of net sales the attainment speaks for.
    pub fn target_coverage(&self) -> Value {
        Value::ratio(self.attained.actual, self.sums.net)
    }
}

/// Net sales, where they add up.
fn money(sums: &Sums) -> Value {
    if sums.lines > 0 && sums.net_lines == 0 {
        return Value::Null(Why::NoAmounts);
    }
    one_currency(sums, Value::Money(Money::from_units(sums.net)))
}

fn one_currency(sums: &Sums, value: Value) -> Value {
    if sums.currency == One::Mixed { Value::Null(Why::MixedCurrencies) } else { value }
}

fn growth(now: &Sums, before: &Sums, is_known: bool) -> Value {
    if !is_known {
        return Value::Null(Why::BaseBeforeData);
    }
    if now.currency.merge_currency(before.currency) == One::Mixed {
        return Value::Null(Why::MixedCurrencies);
    }
    money(now).growth_over(money(before))
}

/// Rounded once, half away from zero.
fn divide(amount: Money, by: i128) -> Money {
    let (units, half) = (amount.units(), by / 2);
    let away = if units < 0 { -half } else { half };
    // An odd divisor has no exact half: the plain half rounds right.
    Money::from_units((units + away) / by)
}
