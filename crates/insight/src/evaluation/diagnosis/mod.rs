//! Results below expectation: what is missing, where, why it is likely so, what speaks against that, and what to do.
//!
//! The money comes from the bridge, whose bars add up to the gap exactly. Beside each bar stand the measures of the work that could
//! have led to it: those worse than the middle of the peers speak for it, those as good or better against it, and those that rest on
//! too few cases to tell speak for neither. Nothing here proves a cause; it says what to look at first, and what is not recorded.

mod json;
mod table;
#[cfg(test)]
mod tests;
mod words;

use takar_model::{Money, Period};

use super::{
    fair::FairManager,
    scorecard::{KpiOfCard, Scorecards},
};
use crate::{
    analysis::{
        explain::{Bar, Explanation, Part},
        miss::Miss,
    },
    metrics::{Basis, Direction},
};

/// A bar below this share of the shortfall is not called a cause.
const LEAST_SHARE: f64 = 0.05;
/// Members shown with a cause.
const MEMBERS: usize = 3;

/// What a diagnosis is made of.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// The bridge of the manager, from the target where there is one.
    pub explanation: &'a Explanation,
    /// It begins at the target.
    pub against_target: bool,
    /// The few accounts, products and regions behind the gap; none where that is not known.
    pub miss: Option<&'a Miss>,
    /// The scorecards of the same window.
    pub cards: &'a Scorecards,
    /// The measures of [`unweighed`] in the same window: no score counts them, and a cause may well lie there.
    pub beside: Option<&'a Scorecards>,
    /// The manager's fair comparison, where there is one.
    pub fair: Option<&'a FairManager>,
}

impl<'a> Input<'a> {
    fn all_cards(&self) -> impl Iterator<Item = &'a Scorecards> {
        std::iter::once(self.cards).chain(self.beside)
    }
}

/// What is behind a result below expectation.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnosis {
    /// The manager's id and name.
    pub manager: (String, Option<String>),
    /// The window.
    pub period: Period,
    /// The window it is held against.
    pub base: Period,
    /// It is held against the target; else against the base window.
    pub against_target: bool,
    /// What was expected.
    pub expected: Money,
    /// What was sold.
    pub actual: Money,
    /// The few parts that pull down: what they share, their gap, and its share of the whole.
    pub parts: Vec<(String, Money, f64)>,
    /// Likely causes, the largest first. Their amounts with `made_up` and `small` add up to the gap exactly.
    pub causes: Vec<Cause>,
    /// Bars that narrow the gap, together.
    pub made_up: Money,
    /// Bars too small to be called a cause, together.
    pub small: Money,
    /// What is not recorded, so that it speaks neither for nor against anything.
    pub unknown: Vec<(String, String)>,
    /// The currency, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// A likely cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// The bar of the bridge.
    pub bar: Bar,
    /// What it costs; negative.
    pub amount: Money,
    /// Its share of all that pulls down, 0 to 1.
    pub share: f64,
    /// The accounts or products that weigh most in it.
    pub members: Vec<Part>,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// What speaks against it, or for another cause.
    pub against: Vec<Evidence>,
    /// What rests on too few cases to speak for either.
    pub unclear: Vec<Evidence>,
}

/// Figures by what they speak for.
#[derive(Default)]
struct Weighed {
    evidence: Vec<Evidence>,
    against: Vec<Evidence>,
    unclear: Vec<Evidence>,
}

/// A figure that speaks for or against a cause.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// A measure beside the middle of the peers.
    Measure {
        /// Its id.
        kpi: String,
        /// Its name.
        name: (String, String),
        /// What it is told in.
        unit: String,
        /// The manager's.
        value: f64,
        /// The median of the managers.
        median: f64,
        /// It is better than the median, or as good; none where the median lies within its interval.
        is_good: Option<bool>,
    },
    /// The result against what the portfolio lets expect: ratio with its interval.
    Portfolio {
        /// Observed / expected.
        index: f64,
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
}

/// The measures that could have led to a bar. None is the money of the bar told once more.
const fn related(bar: Bar) -> &'static [&'static str] {
    match bar {
        Bar::Asked => &["growth_year"],
        Bar::Lost => &["coverage", "coverage_plan", "response_in_time", "complaints_resolved", "nps", "communication"],
        Bar::Quantity | Bar::MarketShare => &["coverage", "coverage_plan", "follow_up_in_time", "offer_to_order"],
        Bar::New | Bar::Reactivated => &["offer_to_order", "follow_up_in_time"],
        Bar::Price | Bar::Mix => &["offer_to_order", "communication"],
        Bar::Returns => &["complaints_resolved", "nps"],
        Bar::HandOver | Bar::MarketSize | Bar::Currency | Bar::Adjustments => &[],
    }
}

/// The measures that could have led to a bar that pulls down, and that these cards do not weigh.
pub fn unweighed(explanation: &Explanation, cards: &Scorecards) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    let pulling = explanation.bars.iter().filter(|bar| bar.amount.is_negative());
    for id in pulling.flat_map(|bar| related(bar.bar)) {
        if !found.contains(id) && !cards.input.kpis.iter().any(|kpi| kpi.id == *id) {
            found.push(id);
        }
    }
    found
}

/// Puts together what is behind a result; nothing is behind one that was reached.
pub fn diagnose(input: &Input<'_>) -> Diagnosis {
    let Input { explanation, .. } = input;
    let manager = explanation.manager.clone().unwrap_or_default();
    let down: Money = explanation.bars.iter().map(|bar| bar.amount).filter(|amount| amount.is_negative()).sum();
    let share = |amount: Money| if down.is_negative() { amount.to_f64() / down.to_f64() } else { 0.0 };
    let (mut made_up, mut small) = (Money::ZERO, Money::ZERO);
    let mut causes = Vec::new();
    for bar in &explanation.bars {
        if !bar.amount.is_negative() {
            made_up += bar.amount;
        } else if share(bar.amount) < LEAST_SHARE {
            small += bar.amount;
        } else {
            let mut members: Vec<Part> = bar.items.iter().filter(|part| part.amount.is_negative()).cloned().collect();
            members.sort_by_key(|part| part.amount);
            members.truncate(MEMBERS);
            let Weighed { evidence, against, unclear } = weighed(bar.bar, &manager.0, input);
            causes.push(Cause {
                unclear,
                bar: bar.bar,
                amount: bar.amount,
                share: share(bar.amount),
                members,
                evidence,
                against,
            });
        }
    }
    causes.sort_by(|one, other| one.amount.cmp(&other.amount).then(one.bar.cmp(&other.bar)));
    Diagnosis {
        period: explanation.current,
        base: explanation.base,
        against_target: input.against_target,
        expected: explanation.from,
        actual: explanation.to,
        parts: input.miss.map(parts_of).unwrap_or_default(),
        causes,
        made_up,
        small,
        unknown: unknown(&manager.0, input),
        currency: explanation.currency.clone(),
        basis: explanation.basis,
        manager,
    }
}

impl Diagnosis {
    /// What was sold less what was expected.
    pub fn gap(&self) -> Money {
        self.actual - self.expected
    }

    /// Nothing was expected and nothing sold, so that nothing can be judged.
    pub fn is_nothing(&self) -> bool {
        !self.against_target && self.actual == Money::ZERO && self.expected == Money::ZERO
    }
}

fn weighed(bar: Bar, manager: &str, input: &Input<'_>) -> Weighed {
    let mut found = Weighed::default();
    for id in related(bar) {
        let Some(measure) = input.all_cards().find_map(|cards| {
            let kpi = cards.input.kpis.iter().position(|kpi| kpi.id == *id)?;
            measure_of(&cards.input.kpis[kpi], cards.medians[kpi], place_of(manager, cards)?)
        }) else {
            continue;
        };
        let Evidence::Measure { is_good, .. } = measure else { continue };
        match is_good {
            // A target that asks much is not the fault of who grew as others did: what is good speaks for it.
            Some(is_good) if is_good == (bar == Bar::Asked) => found.evidence.push(measure),
            Some(_) => found.against.push(measure),
            None => found.unclear.push(measure),
        }
    }
    let adjusted = input.fair.and_then(|fair| fair.adjusted.as_ref().ok());
    if let Some(adjusted) = adjusted.filter(|_| matches!(bar, Bar::Asked | Bar::Quantity)) {
        let (index, interval) = (adjusted.index.value, adjusted.index.interval);
        let portfolio = Evidence::Portfolio { index, low: interval.low, high: interval.high };
        let (is_below, is_above) = (interval.high < 1.0, interval.low > 1.0);
        match bar {
            _ if !is_below && !is_above => found.unclear.push(portfolio),
            // Above what such a portfolio brings and the target still missed: it asked much. Below: others did more with the like.
            Bar::Asked if is_above => found.evidence.push(portfolio),
            Bar::Quantity if is_below => found.evidence.push(portfolio),
            _ => found.against.push(portfolio),
        }
    }
    found
}

/// Where a manager stands in the cards.
fn place_of(manager: &str, cards: &Scorecards) -> Option<usize> {
    cards.input.managers.iter().position(|(id, _)| id == manager)
}

fn measure_of(kpi: &KpiOfCard, median: Option<f64>, place: usize) -> Option<Evidence> {
    let known = kpi.values.get(place)?;
    let (value, median) = (known.value.ok()?, median?);
    let is_unsure = known.interval.is_some_and(|(low, high)| low <= median && median <= high);
    let is_good = match kpi.direction {
        Direction::HigherIsBetter => value >= median,
        Direction::LowerIsBetter => value <= median,
        Direction::Neutral => return None,
    };
    let (id, name, unit) = (kpi.id.clone(), kpi.name.clone(), kpi.unit.clone());
    Some(Evidence::Measure { kpi: id, name, unit, value, median, is_good: (!is_unsure).then_some(is_good) })
}

fn parts_of(miss: &Miss) -> Vec<(String, Money, f64)> {
    let label = |value: &crate::analysis::miss::Value| {
        value.name.clone().or_else(|| value.id.clone()).unwrap_or_else(|| "–".to_owned())
    };
    let of = |part: &crate::analysis::miss::Part| part.values.iter().map(label).collect::<Vec<_>>().join(" · ");
    let down = miss.parts.iter().filter(|part| part.gap().is_negative());
    down.map(|part| (of(part), part.gap(), part.share)).collect()
}

/// What is not recorded of the manager: of the KPIs of the card and of the measures beside it.
fn unknown(manager: &str, input: &Input<'_>) -> Vec<(String, String)> {
    let missing = |cards: &Scorecards| -> Vec<(String, String)> {
        let place = place_of(manager, cards);
        let is_missing =
            |kpi: &&KpiOfCard| place.is_none_or(|place| kpi.values.get(place).is_none_or(|value| value.value.is_err()));
        cards.input.kpis.iter().filter(is_missing).map(|kpi| kpi.name.clone()).collect()
    };
    input.all_cards().flat_map(missing).collect()
}
