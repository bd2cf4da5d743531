//! How much of each product each branch should have: what is expected to be wanted until the next order arrives, what has to be there
//! so that it lasts as often as is asked, and what to order.
//!
//! Stock has to last from one order to the arrival of the next: the lead time and the time between two orders. Demand is therefore told
//! in blocks of as many days, so that one block is what stock is for, and the errors of past blocks say how far it may be off
//! ([`takar_stats::forecast::Cover`], docs/adr/0032-stock.md).

mod foresee;
mod json;
mod rhythm;
mod shown;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod told;
mod words;

use takar_model::{Day, Money, Quantity, id_order};
use takar_stats::{Error, Level};

pub(crate) use self::told::Shelves;
use self::{foresee::Foresight, rhythm::Rhythm};
pub use self::{
    foresee::{Class, Expected, Held},
    shown::{Asked, Shown},
    source::{Blocks, Demand, Shelf, Sold, StockSource, Told},
    told::OnHand,
};
use crate::{
    InsightError,
    analysis::currency_of,
    format::money_of,
    metrics::{Basis, CellSource, MIXED, NONE},
    opportunities::Member,
};

/// Days of a month, on average.
const MONTH: f64 = 365.25 / 12.0;
/// What is called lately, in days.
const LATELY: i32 = 91;
/// Days over which a price is a mean.
const YEAR: i32 = 365;
/// Days without a sale after which what lies there is dead.
const DEAD: i32 = 182;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// Days from an order to its arrival, 1 to 365.
    pub lead: u16,
    /// Days from one order to the next, 1 to 365.
    pub review: u16,
    /// How often stock is to last until the next order arrives.
    pub service: Level,
    /// More months of what is expected than this are slow stock.
    pub slow: u16,
}

impl Default for Question {
    /// Two weeks to arrive, an order a week, 95 %, six months.
    fn default() -> Self {
        Self { lead: 14, review: 7, service: Level::P95, slow: 6 }
    }
}

impl Question {
    /// How long stock has to last, in days.
    pub const fn days(self) -> u16 {
        self.lead + self.review
    }
}

/// How the stock of a product in a branch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// There is none, and it is wanted.
    Out,
    /// There is less than has to be there.
    Short,
    /// How much there is, is not known.
    Unknown,
    /// There is enough.
    Enough,
    /// There is more than for some months.
    Slow,
    /// There is some, and nobody has bought it for half a year.
    Dead,
    /// It cannot be told: too new, sold in several units, or a past too short.
    Untold,
}

impl State {
    /// All, in their order.
    pub const ALL: [Self; 7] =
        [Self::Out, Self::Short, Self::Unknown, Self::Enough, Self::Slow, Self::Dead, Self::Untold];

    /// Its word in commands and addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::Short => "short",
            Self::Unknown => "unknown",
            Self::Enough => "enough",
            Self::Slow => "slow",
            Self::Dead => "dead",
            Self::Untold => "untold",
        }
    }

    /// The state of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// A product in a branch.
#[derive(Debug, Clone, PartialEq)]
pub struct StockRow {
    /// The product.
    pub product: Member,
    /// The branch; none where lines tell none.
    pub branch: Option<Member>,
    /// In what its quantities are.
    pub unit: Option<String>,
    /// Its quantities are in several units, so that nothing can be told.
    pub is_mixed: bool,
    /// What was sold a month lately: over the blocks of the last three months.
    pub monthly: f64,
    /// The day of its last sale among the blocks.
    pub last_sold: Option<Day>,
    /// On how many of the last 91 days it was out.
    pub days_out: i32,
    /// What is expected to be wanted.
    pub expected: Result<Expected, Error>,
    /// How much there is.
    pub on_hand: OnHand,
    /// What to order: what has to be there less what is there, 0 or more.
    pub order: Option<f64>,
    /// How many days it lasts, if as much is wanted a day as expected.
    pub lasts: Option<f64>,
    /// How much is expected to be missing until an order made now is followed by the next.
    pub missing: Option<f64>,
    /// The same in money.
    pub loss: Option<Money>,
    /// What a unit brought in the last year.
    pub price: Option<f64>,
    /// What lies there, at that price.
    pub value: Option<Money>,
    /// How it is.
    pub state: State,
}

/// The answer, for everybody.
#[derive(Debug, Clone, PartialEq)]
pub struct Stock {
    /// What was asked.
    pub question: Question,
    /// The blocks of days.
    pub blocks: Blocks,
    /// The most urgent first: by what is expected to be lost, then what is not known by the money it should come to, then the rest by what lies
    /// there; equal ones by the ids of product and branch.
    pub rows: Vec<StockRow>,
    /// How often levels like these lasted on the past: of all, then of each class.
    pub held: Vec<Held>,
    /// Stock was told at all.
    pub is_told: bool,
    /// Rows of stock whose product or branch no line has.
    pub unknown: usize,
    /// Rows of stock that name no branch, where lines do.
    pub without_branch: usize,
    /// Whether feasts, and whether a season, were taken into account.
    pub knows: (bool, bool),
    /// The currency, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// Works out what each branch should have of each product.
///
/// # Errors
/// [`InsightError::NoData`]; [`InsightError::Stats`] where the data are shorter than stock has to last; where the data cannot be read.
pub fn stock<S: CellSource + StockSource>(source: &S, question: Question) -> Result<Stock, InsightError> {
    let extent = source.extent().ok_or(InsightError::NoData)?;
    let blocks = Blocks::of(extent, question.days());
    let window = blocks.window().ok_or(Error::NotEnough {
        method: "stock",
        what: "days",
        needed: question.days().into(),
        got: usize::try_from(extent.days()).unwrap_or_default(),
    })?;
    let told = source.told(window)?;
    let demand = source.sold(blocks)?;
    let shelves = Shelves::of(told.as_deref().unwrap_or_default(), source.names());
    let rhythm = Rhythm::of(source, blocks)?;
    let foresight = Foresight::of(&demand, &shelves, &rhythm, blocks, question.service);
    let maker = Maker {
        source,
        question,
        blocks,
        demand: &demand,
        shelves: &shelves,
        foresight: &foresight,
        is_one_currency: currency_of(source).is_some() || source.names().currencies.is_empty(),
    };
    let mut rows: Vec<StockRow> = (0..demand.shelves.len()).filter_map(|place| maker.sold(place)).collect();
    rows.extend(maker.never_sold());
    rows.sort_by(|one, other| {
        let (first, second) = (urgency(one), urgency(other));
        let branch = |row: &StockRow| row.branch.as_ref().map_or(String::new(), |branch| branch.id.clone());
        (first.0.cmp(&second.0))
            .then(second.1.cmp(&first.1))
            .then_with(|| id_order(&one.product.id, &other.product.id))
            .then_with(|| id_order(&branch(one), &branch(other)))
    });
    Ok(Stock {
        question,
        blocks,
        rows,
        held: foresight.held,
        is_told: told.is_some(),
        unknown: shelves.unknown,
        without_branch: shelves.without_branch,
        knows: (rhythm.knows_feasts(), rhythm.knows_season()),
        currency: currency_of(source),
        basis: source.basis(),
    })
}

/// What comes first, and by how much within that.
fn urgency(row: &StockRow) -> (u8, Money) {
    if let Some(loss) = row.loss.filter(|loss| *loss > Money::ZERO) {
        return (0, loss);
    }
    let level = row.expected.as_ref().ok().and_then(|expected| expected.level.as_ref().ok());
    match (row.state, level.zip(row.price)) {
        (State::Unknown, Some((level, price))) => (1, money_of(level * price)),
        _ => (2, row.value.unwrap_or_default()),
    }
}

/// What rows are made from.
struct Maker<'a> {
    source: &'a dyn CellSource,
    question: Question,
    blocks: Blocks,
    demand: &'a Demand,
    shelves: &'a Shelves<'a>,
    foresight: &'a Foresight,
    is_one_currency: bool,
}

impl Maker<'_> {
    /// The row of a shelf; none of lines without a product.
    fn sold(&self, place: usize) -> Option<StockRow> {
        let shelf = self.demand.shelves[place];
        let expected = self.foresight.expected(place);
        let blocks_of = |days: i32| {
            let blocks = usize::try_from(days).unwrap_or_default().div_ceil(usize::from(self.blocks.days()));
            blocks.min(self.blocks.count())
        };
        let lately = blocks_of(LATELY);
        let (lately_from, year_from) = (self.blocks.count() - lately, self.blocks.count() - blocks_of(YEAR));
        let (mut sum, mut priced, mut net) = (0_i128, 0_i128, 0_i128);
        for sold in self.demand.of(place) {
            if usize::from(sold.block) >= lately_from {
                sum += i128::from(sold.quantity);
            }
            if usize::from(sold.block) >= year_from {
                priced += i128::from(sold.priced);
                net += i128::from(sold.net);
            }
        }
        let days = lately as f64 * f64::from(self.blocks.days());
        let row = StockRow {
            monthly: Quantity::from_units(sum).to_f64() * MONTH / days,
            last_sold: Day::from_epoch_days(shelf.last_sold),
            price: (priced > 0 && self.is_one_currency)
                .then(|| Money::from_units(net).to_f64() / Quantity::from_units(priced).to_f64()),
            is_mixed: shelf.unit == MIXED,
            ..self.empty((shelf.product, shelf.branch), shelf.unit)?
        };
        Some(match expected {
            Some(expected) => self.judged(StockRow { expected: expected.clone(), ..row }),
            None => StockRow { state: State::Untold, on_hand: OnHand::Untold, monthly: 0.0, price: None, ..row },
        })
    }

    /// What lies somewhere and was not sold there in any block.
    fn never_sold(&self) -> impl Iterator<Item = StockRow> + '_ {
        let known = |place: &(u32, u32)| {
            self.demand.shelves.binary_search_by_key(place, |shelf| (shelf.product, shelf.branch)).is_ok()
        };
        let everywhere = !self.source.names().branch.is_empty();
        let places = self.shelves.places().filter(move |place| !(known(place) || everywhere && place.1 == NONE));
        places.filter_map(|place| {
            let row = self.empty(place, NONE)?;
            // In whatever unit it was counted: nothing is held against it.
            let on_hand = self.shelves.on_hand_as_told(place, self.blocks)?;
            let OnHand::Counted(quantity, _) = on_hand.0 else { return None };
            (quantity > Quantity::ZERO).then_some(StockRow {
                on_hand: on_hand.0,
                unit: on_hand.1,
                state: State::Dead,
                ..row
            })
        })
    }

    fn empty(&self, (product, branch): (u32, u32), unit: u32) -> Option<StockRow> {
        let names = self.source.names();
        let member = |labels: &crate::metrics::Labels, code: u32| {
            Some(Member { id: labels.id(code)?.to_owned(), name: labels.name(code).map(str::to_owned) })
        };
        let today = self.blocks.last();
        let unit = names.units.get(unit as usize).cloned();
        let nothing = Error::NotEnough { method: "a forecast", what: "blocks", needed: 4, got: 0 };
        Some(StockRow {
            product: member(&names.product, product)?,
            branch: member(&names.branch, branch),
            on_hand: self.shelves.on_hand((product, branch), unit.as_deref(), self.blocks),
            unit,
            is_mixed: false,
            monthly: 0.0,
            last_sold: None,
            days_out: self.shelves.days_out((product, branch), (today.epoch_days() - LATELY + 1, today.epoch_days())),
            expected: Err(nothing),
            order: None,
            lasts: None,
            missing: None,
            loss: None,
            price: None,
            value: None,
            state: State::Untold,
        })
    }

    /// The row with what follows from what is expected and what is there.
    fn judged(&self, mut row: StockRow) -> StockRow {
        let there = row.on_hand.quantity();
        row.value = there.zip(row.price).map(|(there, price)| money_of(there * price));
        let today = self.blocks.last().epoch_days();
        let is_dead = row.last_sold.is_none_or(|day| today - day.epoch_days() >= DEAD);
        let Ok(expected) = &row.expected else {
            row.state = if is_dead && there.is_some_and(|there| there > 0.0) { State::Dead } else { State::Untold };
            return row;
        };
        let a_day = expected.forecast / f64::from(self.question.days());
        if let Some(there) = there {
            row.lasts = (a_day > 0.0).then(|| there / a_day);
            row.missing = self.foresight.missing(expected, there);
            row.loss = row.missing.zip(row.price).map(|(missing, price)| money_of(missing * price));
        }
        let level = expected.level.as_ref().ok().copied();
        row.order = level.zip(there).map(|(level, there)| (level - there).max(0.0));
        let is_slow = |there: f64| there > a_day * MONTH * f64::from(self.question.slow);
        row.state = match (there, level) {
            (Some(there), _) if there > 0.0 && is_dead => State::Dead,
            (Some(there), Some(level)) if there < level => {
                if there > 0.0 {
                    State::Short
                } else {
                    State::Out
                }
            }
            (Some(there), _) if there > 0.0 && is_slow(there) => State::Slow,
            (Some(_), Some(_)) => State::Enough,
            (None, Some(_)) => State::Unknown,
            (_, None) => State::Untold,
        };
        row
    }
}
