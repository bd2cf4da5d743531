//! What profit would be with other prices, a minimum order, fewer visits. Only arithmetic: how accounts would answer is said by who asks,
//! nothing unless said.

mod change;
mod json;
mod lines;
mod words;

use std::collections::BTreeMap;

use takar_model::{Money, Period, id_order};

pub use self::change::{Change, SmallOrders};
use self::lines::{Lines, Touched};
use super::{ProfitRow, Question, Rates, SoldSource, profit, read};
use crate::{
    InsightError,
    kpis::FactSource,
    metrics::{Basis, CellSource, Dimension},
    opportunities::OpportunitySource,
};

/// What a change comes to, for an account or for all. Every sum is exact: those of the accounts and of what is tied to none make the total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effect {
    /// Profit now: margin less cost to serve.
    pub now: Money,
    /// Lines below the floor of prices.
    pub raised_lines: u64,
    /// What they bring more at the floor, at unchanged quantity.
    pub price_gain: Money,
    /// Orders, counted where a minimum is asked for.
    pub orders: u64,
    /// Of these, below the minimum, at the prices after the floor.
    pub small_orders: u64,
    /// What small orders come to.
    pub small_net: Money,
    /// Their margin, of lines that have a cost.
    pub small_margin: Money,
    /// Orders that are not made.
    pub orders_away: u64,
    /// Margin that goes with orders that are refused.
    pub refused_margin: Money,
    /// What is charged for small orders.
    pub fees: Money,
    /// What falls away with orders that are not made, at the rate of an order.
    pub order_saving: Money,
    /// Hours of visits that fall away, in millionths.
    pub micro_hours: i128,
    /// Cost to serve that falls away with them, at the hourly rate. Travel told in money is left as it is.
    pub visit_saving: Money,
    /// The margin, after all that, of what the change touches: all of it where visits change, else raised lines and small orders that are made.
    pub touched_margin: Money,
    /// The share of it that the asker assumes is lost.
    pub lost: Money,
}

impl Effect {
    /// What the change brings before anything is lost.
    pub fn gain(&self) -> Money {
        self.price_gain + self.from_orders() + self.visit_saving
    }

    /// What the minimum order brings: fees and savings less what is refused.
    pub fn from_orders(&self) -> Money {
        self.fees + self.order_saving - self.refused_margin
    }

    /// Profit as it would be.
    pub fn then(&self) -> Money {
        self.now + self.gain() - self.lost
    }

    /// The share of the margin of what is touched whose loss would use up the gain; none where nothing is gained or nothing touched.
    pub fn break_even(&self) -> Option<f64> {
        let (gain, touched) = (self.gain(), self.touched_margin);
        (gain > Money::ZERO && touched > Money::ZERO).then(|| gain.to_f64() / touched.to_f64())
    }

    /// Hours that fall away.
    pub fn hours(&self) -> f64 {
        self.micro_hours as f64 / 1e6
    }

    fn add(&mut self, other: &Self) {
        self.now += other.now;
        self.raised_lines += other.raised_lines;
        self.price_gain += other.price_gain;
        self.orders += other.orders;
        self.small_orders += other.small_orders;
        self.small_net += other.small_net;
        self.small_margin += other.small_margin;
        self.orders_away += other.orders_away;
        self.refused_margin += other.refused_margin;
        self.fees += other.fees;
        self.order_saving += other.order_saving;
        self.micro_hours += other.micro_hours;
        self.visit_saving += other.visit_saving;
        self.touched_margin += other.touched_margin;
        self.lost += other.lost;
    }
}

/// What an account would earn.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectRow {
    /// Its id; none for what is tied to no account.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it comes to.
    pub effect: Effect,
}

/// Profit as it is and as it would be.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIf {
    /// What was asked.
    pub change: Change,
    /// The window.
    pub period: Period,
    /// Accounts for which something changes, those that gain most first, such as lose most last; equal ones in the order of ids.
    pub rows: Vec<EffectRow>,
    /// All accounts, and what is tied to none.
    pub total: Effect,
    /// Lines below the floor that have no cost: their margin is not known, so they are left out.
    pub uncosted_lines: u64,
    /// What they would bring more.
    pub uncosted_gain: Money,
    /// Cost to serve now, told in money.
    pub told_cost: Money,
    /// The part of net sales whose lines have a cost.
    pub coverage: Option<f64>,
    /// What hours and orders cost.
    pub rates: Rates,
    /// The currency, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// Works out what a change comes to for each account.
///
/// # Errors
/// As [`profit`]; where the lines cannot be read.
pub fn what_if<S: OpportunitySource + SoldSource>(
    source: &dyn CellSource,
    (facts, lines): (&dyn FactSource, &S),
    rates: Rates,
    question: &Question,
    change: Change,
) -> Result<WhatIf, InsightError> {
    let question = Question { by: Dimension::Account, compare: None, ..question.clone() };
    let found = profit(source, facts, rates, &question)?;
    let touched = match change.reads_lines() {
        true => {
            let condition = read::condition_of(source, &question)?;
            lines::read(source, lines, condition.as_ref(), found.period, change)?
        }
        false => Lines::default(),
    };
    let labels = &source.names().account;
    let mut of: BTreeMap<Option<String>, Touched> = BTreeMap::new();
    for (code, touched) in touched.of {
        of.insert(labels.id(code).map(str::to_owned), touched);
    }
    let mut rows: Vec<EffectRow> = Vec::new();
    let mut total = Effect::default();
    // Lines of an account make a row of profit, so that nothing touched is left.
    for ProfitRow { id, name, figures, .. } in found.rows.iter().chain(&found.untied) {
        let effect = effect_of(figures, of.get(id).copied().unwrap_or_default(), (change, rates));
        total.add(&effect);
        if effect.gain() != Money::ZERO || effect.lost != Money::ZERO || effect.small_orders > 0 {
            rows.push(EffectRow { id: id.clone(), name: name.clone(), effect });
        }
    }
    rows.sort_by(|one, other| {
        let by = |row: &EffectRow| row.effect.then() - row.effect.now;
        let id = |row: &EffectRow| row.id.clone().unwrap_or_default();
        by(other).cmp(&by(one)).then_with(|| id_order(&id(one), &id(other)))
    });
    Ok(WhatIf {
        change,
        period: found.period,
        rows,
        total,
        uncosted_lines: touched.uncosted.0,
        uncosted_gain: Money::from_units(touched.uncosted.1),
        told_cost: found.total.figures.told_cost,
        coverage: found.total.figures.coverage(),
        rates,
        currency: found.currency,
        basis: found.basis,
    })
}

fn effect_of(figures: &super::Figures, touched: Touched, (change, rates): (Change, Rates)) -> Effect {
    let money = Money::from_units;
    let micro_hours = part_of(figures.visit_hours, change.fewer_visits);
    let fees = match change.small_orders {
        SmallOrders::Fee(fee) => money(fee.units().saturating_mul(i128::from(touched.small_orders))),
        SmallOrders::Refuse | SmallOrders::Merge => Money::ZERO,
    };
    let is_refused = change.least_order.is_some() && change.small_orders == SmallOrders::Refuse;
    let mut effect = Effect {
        now: figures.margin - figures.cost(),
        raised_lines: touched.raised_lines,
        price_gain: money(touched.gain),
        orders: touched.orders,
        small_orders: touched.small_orders,
        small_net: money(touched.small_net),
        small_margin: money(touched.small_margin),
        orders_away: touched.orders_away,
        refused_margin: if is_refused { money(touched.small_margin) } else { Money::ZERO },
        fees,
        order_saving: rates.cost_of_orders(touched.orders_away),
        micro_hours,
        visit_saving: rates.cost_of(micro_hours),
        touched_margin: money(touched.margin) + fees,
        lost: Money::ZERO,
    };
    if change.fewer_visits > 0.0 {
        effect.touched_margin = figures.margin + effect.price_gain + fees - effect.refused_margin;
    }
    effect.lost = money(part_of(effect.touched_margin.units(), change.margin_lost));
    effect
}

/// A share of a whole number, to a millionth of the share.
fn part_of(whole: i128, share: f64) -> i128 {
    whole.saturating_mul((share * 1e6).round() as i128) / 1_000_000
}
