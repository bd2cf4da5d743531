//! Managers compared fairly: what each sold against what the portfolio lets expect, with how much of it may be chance.
//!
//! An account's sales in the window are held against what such accounts bring: by segment, by branch or region, and by what
//! the account bought *before* this manager took it. Nothing measured later goes in, since that would hide what the manager
//! did. The result is "adjusted for portfolio"; only hand-overs of accounts tell skill from portfolio.

mod compared;
mod hand_overs;
mod histories;
mod json;
mod portfolio;
mod table;
#[cfg(test)]
mod tests;
mod words;

use rayon::prelude::*;
use takar_model::{Money, Period};
use takar_stats::{
    Estimate, Level,
    fair::{AdjustedIndices, FunnelPlace, PortfolioPart, Resampling, adjusted_indices, hand_over_effects},
    standing::Standing,
};

use self::{
    compared::Compared,
    hand_overs::hand_overs,
    histories::Histories,
    portfolio::{Part, Place, Portfolio},
};
use crate::{
    InsightError,
    analysis::Months,
    metrics::{Basis, CellSource, Dimension, Filter, Grain, Mask, Names, known_manager},
};

/// With fewer accounts a manager is not compared.
pub const LEAST_ACCOUNTS: usize = 5;
/// With fewer hand-overs a manager's skill is not told.
pub const LEAST_HAND_OVERS: usize = 3;
/// Months of the window where none is asked for.
const USUAL_MONTHS: i32 = 12;
/// Accounts that stand out, on each side.
const STANDING_OUT: usize = 3;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The window, of which whole months count; the last twelve complete months of the data unless given.
    pub window: Option<Period>,
    /// Only this manager is shown; all are compared.
    pub manager: Option<String>,
    /// Only lines for which the condition holds.
    pub filter: Option<Filter>,
    /// The seed of the draws.
    pub seed: u64,
}

impl Default for Question {
    /// All managers, all lines, the last twelve months.
    fn default() -> Self {
        Self { window: None, manager: None, filter: None, seed: 2_005 }
    }
}

/// The managers beside each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Fair {
    /// The window: whole months.
    pub period: Period,
    /// Every manager with accounts in the window, in the order of ids.
    pub managers: Vec<FairManager>,
    /// How many are compared.
    pub compared: usize,
    /// Accounts in the portfolios; one that two managers had counts for both.
    pub accounts: usize,
    /// How many of them have sales from before their manager took them.
    pub with_baseline: usize,
    /// The branches and regions within which managers are compared; empty where all are compared with all.
    pub places: Vec<String>,
    /// The funnel of the log indices; none with fewer than two managers compared.
    pub funnel: Option<Limits>,
    /// How far managers differ beyond chance: the standard deviation of ln(index); none with fewer than four compared.
    pub spread: Option<f64>,
    /// Hand-overs that tell skill.
    pub hand_overs: usize,
    /// By set of managers that hand-overs connect: how many they are.
    pub sets: Vec<usize>,
    /// Why hand-overs tell nothing of anybody's skill.
    pub no_skill: Option<takar_stats::Error>,
    /// The currency of the amounts, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// The limits of the funnel: ± so many standard errors of ln(index).
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Limits {
    /// Of the 95 % limit.
    pub inner: f64,
    /// Of the 99.8 % limit.
    pub outer: f64,
    /// How much further managers scatter than chance explains, as a ratio of variances.
    pub dispersion: f64,
}

/// One manager.
#[derive(Debug, Clone, PartialEq)]
pub struct FairManager {
    /// The id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// Accounts in the portfolio during the window.
    pub accounts: usize,
    /// What they brought.
    pub observed: Money,
    /// What such accounts bring with the managers of the same places.
    pub expected: Option<Money>,
    /// The comparison, or why there is none.
    pub adjusted: Result<Adjusted, NotCompared>,
    /// What accounts did that went to or from this manager; none where hand-overs do not tell.
    pub skill: Option<Skill>,
    /// Accounts furthest above what they let expect, the furthest first.
    pub above: Vec<AccountGap>,
    /// Accounts furthest below.
    pub below: Vec<AccountGap>,
}

/// A manager's result, adjusted for portfolio. All ratios: 1.10 is 10 % above expectation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adjusted {
    /// Observed / expected; n counts accounts.
    pub index: Estimate,
    /// The standard error of ln(index).
    pub error: f64,
    /// As many accounts of equal size would leave as much to chance.
    pub worth_accounts: f64,
    /// The index drawn towards the middle of all by how little is known; none with fewer than four managers.
    pub shrunken: Option<Estimate>,
    /// The share of the index's own distance that is kept, 0 to 1.
    pub kept: Option<f64>,
    /// The best single estimate, where 1 is the middle manager: index and skill, each by its certainty, drawn towards the
    /// middle; the index alone where hand-overs tell nothing. None with fewer than four managers.
    pub best: Option<Estimate>,
    /// Where it lies in the funnel.
    pub place: FunnelPlace,
    /// The range of ranks by the best estimate; none with fewer than four managers.
    pub standing: Option<Standing>,
}

/// Why a manager is not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCompared {
    /// Fewer accounts than [`LEAST_ACCOUNTS`].
    TooFewAccounts,
    /// Nothing was sold on balance.
    NothingSold,
    /// There is nobody to compare with.
    Alone,
}

/// What the manager adds to accounts, known from hand-overs, against the mean of the set of managers they connect. Ratios.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Skill {
    /// The effect; n counts hand-overs.
    pub effect: Estimate,
    /// The effect drawn towards the mean of the set.
    pub shrunken: Option<Estimate>,
    /// The number of the set; managers of different sets cannot be compared.
    pub set: usize,
    /// How many managers the set has.
    pub members: usize,
}

/// An account beside what it lets expect.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountGap {
    /// The account's id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What this manager was credited with.
    pub observed: Money,
    /// What such accounts bring.
    pub expected: Money,
    /// The expectation knows what the account bought before this manager took it.
    pub from_own_past: bool,
}

/// Compares the managers of a window.
///
/// # Errors
/// [`InsightError::NoData`] without a complete month in the window, [`InsightError::UnknownManager`],
/// [`InsightError::TimeCondition`], [`InsightError::SeveralCurrencies`], and what the source says.
pub fn fair(source: &dyn CellSource, question: &Question) -> Result<Fair, InsightError> {
    if let Some(id) = &question.manager {
        known_manager(source, id)?;
    }
    compare(source, question)?.shown(source, question.manager.as_deref())
}

impl Fair {
    /// The same comparison with only those managers in it whom the reader of `source` may see; only one where one is asked for.
    ///
    /// # Errors
    /// [`InsightError::UnknownManager`].
    pub fn shown(mut self, source: &dyn CellSource, manager: Option<&str>) -> Result<Self, InsightError> {
        if let Some(id) = manager {
            known_manager(source, id)?;
            self.managers.retain(|one| one.id == id);
        }
        if let Some(reach) = source.reach() {
            self.managers.retain(|one| reach.holds(&one.id));
        }
        Ok(self)
    }
}

/// Compares the managers of a window and shows all of them, whoever asks and for whom.
///
/// # Errors
/// As [`fair`], but for unknown managers.
pub fn compare(source: &dyn CellSource, question: &Question) -> Result<Fair, InsightError> {
    let names = source.names();
    let months = Months::of(source, question.window)?;
    let last = months.last;
    let first = if question.window.is_some() { months.first } else { months.first.max(last.plus(1 - USUAL_MONTHS)) };
    let period = Period::months(first, last).ok_or(InsightError::NoData)?;
    let histories = histories(source, question.filter.as_ref(), last)?;
    let start = usize::try_from(first.index() - histories.first.index()).unwrap_or_default();
    let portfolio = Portfolio::of(&histories, start..histories.months, names.manager.len());
    let moves = hand_overs(&histories, &portfolio.place_of);
    let (effects, no_skill) = match hand_over_effects(&moves, names.manager.len(), Level::P95) {
        Ok(effects) => (Some(effects), None),
        Err(error) => (None, Some(error)),
    };
    let indices = indices(&portfolio, question.seed);
    let compared = Compared::of(&portfolio, indices.as_ref(), effects.as_ref(), names, question.seed)?;
    let mut shown: Vec<u32> =
        (0..names.manager.len() as u32).filter(|code| compared.accounts[*code as usize] > 0).collect();
    shown.sort_by_key(|code| names.manager.rank(*code));
    let managers = shown.par_iter().map(|code| compared.manager(*code, effects.as_ref(), names)).collect();
    Ok(Fair {
        period,
        managers,
        compared: compared.codes.len(),
        accounts: portfolio.parts.len(),
        with_baseline: portfolio.parts.iter().filter(|part| part.baseline.is_some()).count(),
        places: portfolio.places.iter().filter_map(|place| place_name(place, names)).collect(),
        funnel: compared.funnel.as_ref().map(|funnel| Limits {
            inner: funnel.inner,
            outer: funnel.outer,
            dispersion: funnel.dispersion,
        }),
        spread: compared.best.as_ref().map(|all| all.between.sqrt()),
        hand_overs: moves.len(),
        sets: effects.map(|effects| effects.sets).unwrap_or_default(),
        no_skill,
        currency: names.currencies.first().filter(|_| names.currencies.len() == 1).cloned(),
        basis: source.basis(),
    })
}

fn histories(
    source: &dyn CellSource,
    filter: Option<&Filter>,
    last: takar_model::Month,
) -> Result<Histories, InsightError> {
    let filtered = filter.map(Filter::dimensions).unwrap_or_default();
    if filtered.iter().any(|dimension| dimension.is_time()) {
        return Err(InsightError::TimeCondition);
    }
    let own = [Dimension::Account, Dimension::Manager, Dimension::Region, Dimension::Segment, Dimension::Branch];
    let grain = own.into_iter().chain(filtered).fold(Grain::MONTHS, Grain::with);
    let first = source.extent().ok_or(InsightError::NoData)?.from().month();
    let range = Period::months(first, last).ok_or(InsightError::NoData)?;
    let cells = source.cells(range, grain)?;
    cells.check(grain)?;
    let months = usize::try_from(last.index() - first.index() + 1).unwrap_or_default();
    let mask = filter.map(|filter| Mask::new(filter, source.names()));
    Histories::of(&cells, source.names(), mask.as_ref(), first, months)
}

fn place_name(place: &Place, names: &Names) -> Option<String> {
    match place {
        Place::Branch(code) => names.branch.label(*code).map(str::to_owned),
        Place::Region(code) => names.region.label(*code).map(str::to_owned),
    }
}

/// The indices; none where nothing can be compared.
fn indices(portfolio: &Portfolio, seed: u64) -> Option<AdjustedIndices> {
    let part = |part: &Part| PortfolioPart {
        manager: part.manager as usize,
        observed: part.net as f64 / 1e4,
        expected: part.expected,
        kind: part.kind,
        place: part.place,
    };
    let parts: Vec<PortfolioPart> = portfolio.parts.iter().map(part).collect();
    let Portfolio { effects, fitted, .. } = portfolio;
    adjusted_indices(&parts, effects, fitted, Level::P95, Resampling { draws: 1_000, seed }).ok()
}
