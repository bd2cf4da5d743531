//! From the gathered sums to the bars.

use std::collections::BTreeMap;

use takar_model::{Money, Quantity};
use takar_stats::{
    Amount, Units,
    bridge::{self, AccountStatus, Bar as StatsBar, Item, Market},
};

use super::{
    Bar, BarOf, Contribution, Explanation, Member, Note, Part, Question,
    gather::{Gathered, Pair, Status, gather},
};
use crate::{
    InsightError,
    analysis::{market::market_units, target_of},
    metrics::{CellSource, Dimension, MIXED, NONE, Names, within},
};

/// The bridge that a question asks for.
///
/// # Errors
/// [`InsightError::NoData`] without lines, [`InsightError::UnknownManager`], [`InsightError::TimeCondition`] where the filter
/// looks at months, [`InsightError::SeveralCurrencies`], [`InsightError::NoTarget`] where the bridge is to begin at a target and
/// there is none.
pub fn explain(source: &dyn CellSource, question: &Question) -> Result<Explanation, InsightError> {
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let names = source.names();
    // Of one manager the accounts that came from others are told apart, which needs the lines of both.
    let filter =
        if question.manager.is_some() { question.filter.clone() } else { within(source, question.filter.clone()) };
    let question = &Question { filter, ..question.clone() };
    let gathered = gather(source, question)?;
    let currency = one_currency(names, &gathered)?;
    let mut bars = Bars::default();
    let mut notes = Vec::new();
    compare_kept(&gathered, market(source, question), &mut bars, &mut notes)?;
    compare_moved(&gathered, &mut bars)?;
    for (account, amount) in &gathered.hand_over {
        bars.add(Bar::HandOver, Member { dimension: Dimension::Account, code: *account }, *amount);
    }
    let to = gathered.base + bars.sum();
    let mut from = gathered.base;
    if question.against_target {
        let target = target_of(source, question.current, question.manager.as_deref(), question.filter.as_ref())?;
        bars.asked = Some(gathered.base - target.value.units());
        from = target.value.units();
        notes.extend((target.coverage < 1.0).then_some(Note::TargetCoverage(target.coverage)));
    }
    notes.extend((question.base.from() < extent.from()).then_some(Note::BaseBeforeData));
    let label = |id: &String| {
        let name = names.manager.code(id).and_then(|code| names.manager.name(code));
        (id.clone(), name.map(str::to_owned))
    };
    Ok(Explanation {
        base: question.base,
        current: question.current,
        manager: question.manager.as_ref().map(label),
        filter: question.filter.as_ref().map(ToString::to_string),
        level: if gathered.by_account { Dimension::Account } else { Dimension::Product },
        from: Money::from_units(from),
        to: Money::from_units(to),
        contribution: contribution(&gathered)?,
        bars: bars.shown(question, &gathered, names),
        notes,
        currency,
        basis: source.basis(),
    })
}

/// The market in both windows, in smallest units of goods; none for one manager, who has no market of his own.
fn market(source: &dyn CellSource, question: &Question) -> Option<Market> {
    let filter = question.filter.as_ref();
    let units = |window| market_units(source, window, filter).map(|units| Units(units * 100));
    let known = (question.manager.is_none()).then(|| Some((units(question.base)?, units(question.current)?)))??;
    let (base, current) = known;
    (base.0 > 0).then_some(Market { base, current })
}

fn one_currency(names: &Names, gathered: &Gathered) -> Result<Option<String>, InsightError> {
    let mut named = gathered.currencies.iter().filter(|code| **code != NONE);
    match (named.next(), named.next()) {
        (Some(&MIXED), _) | (Some(_), Some(_)) => Err(InsightError::SeveralCurrencies),
        (Some(code), None) => Ok(names.currencies.get(*code as usize).cloned()),
        // Lines that name no currency are in the company's own, which only one named anywhere can tell.
        (None, _) => Ok(names.currencies.first().filter(|_| names.currencies.len() == 1).cloned()),
    }
}

/// The parts of every bar, member by member.
#[derive(Default)]
struct Bars {
    parts: BTreeMap<Bar, BTreeMap<Member, i128>>,
    asked: Option<i128>,
}

impl Bars {
    fn add(&mut self, bar: Bar, member: Member, amount: i128) {
        if amount != 0 {
            *self.parts.entry(bar).or_default().entry(member).or_default() += amount;
        }
    }

    /// Adds the parts of a bridge whose items are these members.
    fn add_all(&mut self, why: &bridge::Bridge, members: &[Member]) {
        for total in &why.bars {
            let bar = match total.bar {
                StatsBar::Price => Bar::Price,
                StatsBar::Quantity => Bar::Quantity,
                StatsBar::Size => Bar::MarketSize,
                StatsBar::Share => Bar::MarketShare,
                StatsBar::Mix => Bar::Mix,
                StatsBar::New | StatsBar::NewAccount => Bar::New,
                StatsBar::ReactivatedAccount => Bar::Reactivated,
                StatsBar::Lost | StatsBar::LostAccount => Bar::Lost,
                StatsBar::Returns => Bar::Returns,
                StatsBar::MovedIn | StatsBar::MovedOut => Bar::HandOver,
                StatsBar::Currency => Bar::Currency,
                StatsBar::Adjustments => Bar::Adjustments,
            };
            for (member, amount) in members.iter().zip(why.parts(total.bar)) {
                self.add(bar, *member, amount.0);
            }
        }
    }

    fn sum(&self) -> i128 {
        self.parts.values().flat_map(BTreeMap::values).sum()
    }

    /// Price, quantity and mix always, the others where they are not zero; the largest parts of each.
    fn shown(mut self, question: &Question, gathered: &Gathered, names: &Names) -> Vec<BarOf> {
        let has_market = self.parts.contains_key(&Bar::MarketSize) || self.parts.contains_key(&Bar::MarketShare);
        let of_quantity: &[Bar] = if has_market { &[Bar::MarketSize, Bar::MarketShare] } else { &[Bar::Quantity] };
        for bar in [Bar::Price, Bar::Mix].iter().chain(of_quantity) {
            self.parts.entry(*bar).or_default();
        }
        let asked = self.asked.map(|amount| BarOf {
            bar: Bar::Asked,
            amount: Money::from_units(amount),
            count: 0,
            items: Vec::new(),
            rest: Money::from_units(amount),
        });
        let bars = self.parts.into_iter().map(|(bar, parts)| {
            let amount: i128 = parts.values().sum();
            let mut parts: Vec<(Member, i128)> = parts.into_iter().filter(|(_, amount)| *amount != 0).collect();
            let count = parts.len();
            parts.sort_by_key(|(member, amount)| (std::cmp::Reverse(amount.unsigned_abs()), *member));
            let items: Vec<Part> = parts
                .into_iter()
                .take(question.items)
                .map(|(member, amount)| part(member, amount, gathered, names))
                .collect();
            let shown: Money = items.iter().map(|part| part.amount).sum();
            BarOf { bar, amount: Money::from_units(amount), count, items, rest: Money::from_units(amount) - shown }
        });
        asked.into_iter().chain(bars).filter(|bar| bar.count > 0 || bar.bar.is_always_shown()).collect()
    }
}

impl Bar {
    const fn is_always_shown(self) -> bool {
        matches!(self, Self::Asked | Self::Price | Self::Quantity | Self::MarketSize | Self::MarketShare | Self::Mix)
    }
}

fn part(member: Member, amount: i128, gathered: &Gathered, names: &Names) -> Part {
    let kept_by = if gathered.by_account { Dimension::Account } else { Dimension::Product };
    let pair = match gathered.moved.get(&member.code) {
        Some((_, pair)) if member.dimension == Dimension::Account => *pair,
        _ if member.dimension == kept_by => gathered.kept.get(&member.code).copied().unwrap_or_default(),
        _ => Pair::default(),
    };
    let labels = names.labels(member.dimension);
    let quantity = |units: i128| {
        let is_known = pair.is_priced() && pair.unit().is_some_and(|unit| unit != MIXED);
        is_known.then(|| Quantity::from_units(units))
    };
    Part {
        member,
        id: labels.and_then(|labels| labels.id(member.code)).map(str::to_owned),
        name: labels.and_then(|labels| labels.name(member.code)).map(str::to_owned),
        amount: Money::from_units(amount),
        base: Money::from_units(pair.base.net()),
        current: Money::from_units(pair.net()),
        quantity_base: quantity(pair.base.quantity),
        quantity_current: quantity(pair.current.quantity),
    }
}

/// Price, quantity and mix of what accounts that stayed bought: within each unit of measure, since quantities of
/// different units do not add up.
fn compare_kept(
    gathered: &Gathered,
    market: Option<Market>,
    bars: &mut Bars,
    notes: &mut Vec<Note>,
) -> Result<(), InsightError> {
    let (mut mixed, mut unpriced) = (0, 0);
    let mut by_unit: BTreeMap<Option<u32>, Vec<(u32, Pair)>> = BTreeMap::new();
    for (code, pair) in &gathered.kept {
        let unit = pair.unit();
        let is_comparable = pair.is_priced() && unit != Some(MIXED) && *code != NONE;
        if !is_comparable {
            mixed += usize::from(unit == Some(MIXED));
            unpriced += pair.base.net().abs() + pair.net().abs();
        }
        // What has no price goes with what has no unit: there it is an adjustment.
        let group = unit.filter(|_| is_comparable);
        by_unit.entry(group).or_default().push((*code, *pair));
    }
    let dimension = if gathered.by_account { Dimension::Account } else { Dimension::Product };
    // The market counts goods in one unit of measure: among several nobody knows which.
    let market = market.filter(|_| by_unit.keys().flatten().count() == 1);
    for (unit, pairs) in &mut by_unit {
        pairs.sort_unstable_by_key(|(code, _)| *code);
        let item = |(_, pair): &(u32, Pair)| {
            let (base, current) = pair.sides(unit.is_some());
            Item { currency: Amount(pair.currency), ..Item::new(base, current) }
        };
        let market = market.filter(|_| unit.is_some());
        let why = bridge::bridge(pairs.iter().map(item), market)?;
        if let Some(market) = market {
            let share = |sold: Units, of: Units| if of.0 > 0 { sold.0 as f64 / of.0 as f64 } else { 0.0 };
            let sold = &why.coverage;
            notes.push(Note::MarketShares(
                share(sold.base_quantity, market.base),
                share(sold.current_quantity, market.current),
            ));
        }
        let members: Vec<Member> = pairs.iter().map(|(code, _)| Member { dimension, code: *code }).collect();
        bars.add_all(&why, &members);
    }
    let units = by_unit.keys().flatten().count();
    notes.extend((units > 1).then_some(Note::SeveralUnits(units)));
    notes.extend((mixed > 0).then_some(Note::MixedUnits(mixed)));
    notes.extend((unpriced > 0).then(|| Note::Unpriced(Money::from_units(unpriced))));
    notes.extend((gathered.by_account && !gathered.kept.is_empty()).then_some(Note::NoProducts));
    Ok(())
}

/// What new, reactivated and lost accounts brought or took: a bar of their own, whatever they bought.
fn compare_moved(gathered: &Gathered, bars: &mut Bars) -> Result<(), InsightError> {
    let mut accounts: Vec<(u32, Status, Pair)> =
        gathered.moved.iter().map(|(code, (status, pair))| (*code, *status, *pair)).collect();
    accounts.sort_unstable_by_key(|(code, ..)| *code);
    let item = |(_, status, pair): &(u32, Status, Pair)| {
        let (mut base, mut current) = pair.sides(false);
        // Quantities of many products do not add up, and are not needed: the account is one whole.
        (base.quantity.0, current.quantity.0) = (1, 1);
        let account = match status {
            Status::Kept => AccountStatus::Kept,
            Status::New => AccountStatus::New,
            Status::Reactivated => AccountStatus::Reactivated,
            Status::Lost => AccountStatus::Lost,
        };
        Item { account, currency: Amount(pair.currency), ..Item::new(base, current) }
    };
    let why = bridge::bridge(accounts.iter().map(item), None)?;
    let members: Vec<Member> =
        accounts.iter().map(|(code, ..)| Member { dimension: Dimension::Account, code: *code }).collect();
    bars.add_all(&why, &members);
    Ok(())
}

/// Quantity and mix valued at the margin per unit of the base window, for products whose every line has a cost.
fn contribution(gathered: &Gathered) -> Result<Option<Contribution>, InsightError> {
    let mut found =
        Contribution { quantity: Money::ZERO, mix: Money::ZERO, covered: Money::ZERO, compared: Money::ZERO };
    let mut by_unit: BTreeMap<u32, Vec<(u32, Item)>> = BTreeMap::new();
    for (code, pair) in &gathered.kept {
        let Some(unit) = pair.unit().filter(|unit| pair.is_priced() && *unit != MIXED && *code != NONE) else {
            continue;
        };
        if pair.base.quantity <= 0 || pair.current.quantity <= 0 {
            continue;
        }
        let sold = Money::from_units(pair.base.sold);
        found.compared += sold;
        // Returns have their cost too: only products without returns in the base have an exact margin per unit.
        if pair.base.cost_lines == pair.base.net_lines && pair.base.returns == 0 {
            found.covered += sold;
            let margin = pair.base.net_with_cost - pair.base.cost;
            let (mut base, mut current) = pair.sides(true);
            base.amount.0 = margin;
            current.amount.0 = scaled(margin, pair.current.quantity, pair.base.quantity);
            (base.returns.0, current.returns.0) = (0, 0);
            by_unit.entry(unit).or_default().push((*code, Item::new(base, current)));
        }
    }
    if found.covered == Money::ZERO {
        return Ok(None);
    }
    for items in by_unit.values() {
        let why = bridge::bridge(items.iter().map(|(_, item)| *item), None)?;
        found.quantity += Money::from_units(why.amount(StatsBar::Quantity).0);
        found.mix += Money::from_units(why.amount(StatsBar::Mix).0);
    }
    Ok(Some(found))
}

/// `amount` × `now` ∕ `then`, rounded to the nearest; `then` is above zero.
fn scaled(amount: i128, now: i128, then: i128) -> i128 {
    match amount.checked_mul(now) {
        Some(product) => (2 * (product / then) + (2 * (product % then)) / then + product.signum()) / 2,
        None => (amount as f64 * (now as f64 / then as f64)).round() as i128,
    }
}
