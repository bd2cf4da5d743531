//! The figures of every manager, from the estimators' answers.

use takar_model::Money;
use takar_stats::{
    Estimate, Interval, Level,
    fair::{AdjustedIndices, Funnel, FunnelPlace, HandOverEffect, HandOverEffects, ShrunkenAll, funnel, shrink},
    standing::{Draws, Measured, Standing, rank_ranges},
};

use super::{
    AccountGap, Adjusted, FairManager, LEAST_ACCOUNTS, LEAST_HAND_OVERS, NotCompared, STANDING_OUT, Skill,
    portfolio::Portfolio,
};
use crate::{InsightError, format::money_of, metrics::Names};

/// The figures of all managers that can be compared.
pub(super) struct Compared<'a> {
    portfolio: &'a Portfolio,
    indices: Option<&'a AdjustedIndices>,
    /// By manager code: accounts, and net in 1/10,000.
    pub accounts: Vec<usize>,
    net: Vec<i128>,
    /// By manager code: the places of the parts.
    parts: Vec<Vec<usize>>,
    /// The codes of those compared; what follows is in this order.
    pub codes: Vec<u32>,
    pub funnel: Option<Funnel>,
    shrunken: Option<ShrunkenAll>,
    pub best: Option<ShrunkenAll>,
    standings: Option<Vec<Standing>>,
}

impl<'a> Compared<'a> {
    pub fn of(
        portfolio: &'a Portfolio,
        indices: Option<&'a AdjustedIndices>,
        effects: Option<&HandOverEffects>,
        names: &Names,
        seed: u64,
    ) -> Result<Self, InsightError> {
        let mut accounts = vec![0; names.manager.len()];
        let mut net = vec![0_i128; names.manager.len()];
        let mut parts = vec![Vec::new(); names.manager.len()];
        for (place, part) in portfolio.parts.iter().enumerate() {
            parts[part.manager as usize].push(place);
            accounts[part.manager as usize] += 1;
            net[part.manager as usize] += i128::from(part.net);
        }
        let alone = accounts.iter().filter(|count| **count > 0).count() < 2;
        let known = |code: &u32| {
            let index = indices?.managers[*code as usize].filter(|index| index.n >= LEAST_ACCOUNTS)?;
            let value = index.log_ratio?.value;
            // A manager who has a place to himself is compared with himself only: nothing is left to chance or to him.
            (!alone && index.error > 1e-9).then_some(Measured { value, error: index.error })
        };
        let mut codes: Vec<u32> = (0..names.manager.len() as u32).filter(|code| known(code).is_some()).collect();
        // By what they did, not by their ids: who is called what changes no draw.
        codes.sort_by(|one, other| {
            let index = |code| known(code).map_or(0.0, |index| index.value);
            index(one).total_cmp(&index(other))
        });
        if codes.len() < 2 {
            codes.clear();
        }
        let measured: Vec<Measured> = codes.iter().filter_map(known).collect();
        let funnel = if codes.is_empty() { None } else { Some(funnel(&measured, 0.0)?) };
        let shrunken = shrink(&measured, Level::P95).ok();
        // The index is about what accounts are worth on average, hand-overs about what changed in those that moved: two
        // readings of one thing with nearly unrelated errors.
        let both = |(code, index): (&u32, &Measured)| {
            let skill = effects.and_then(|effects| effects.managers[*code as usize]);
            skill.filter(|skill| skill.effect.n >= LEAST_HAND_OVERS).map_or(*index, |skill| together(*index, skill))
        };
        let best = shrink(&codes.iter().zip(&measured).map(both).collect::<Vec<_>>(), Level::P95).ok();
        let standings = match &best {
            Some(all) => {
                let posterior: Vec<Measured> =
                    all.values.iter().map(|one| Measured { value: one.value, error: one.error }).collect();
                Some(rank_ranges(&posterior, Level::P95, Draws::usual(seed))?)
            }
            None => None,
        };
        Ok(Self { portfolio, indices, accounts, net, parts, codes, funnel, shrunken, best, standings })
    }

    pub fn manager(&self, code: u32, effects: Option<&HandOverEffects>, names: &Names) -> FairManager {
        let at = code as usize;
        let index = self.indices.and_then(|indices| indices.managers[at]);
        let (above, below) = self.standing_out(code, names);
        FairManager {
            id: names.manager.id(code).unwrap_or_default().to_owned(),
            name: names.manager.name(code).map(str::to_owned),
            accounts: self.accounts[at],
            observed: Money::from_units(self.net[at]),
            expected: index.map(|index| money_of(index.expected)).filter(|_| self.codes.contains(&code)),
            adjusted: self.adjusted(code),
            skill: effects.and_then(|effects| {
                skill(effects.managers[at].filter(|own| own.effect.n >= LEAST_HAND_OVERS)?, effects)
            }),
            above,
            below,
        }
    }

    fn adjusted(&self, code: u32) -> Result<Adjusted, NotCompared> {
        let at = code as usize;
        if self.accounts[at] < LEAST_ACCOUNTS {
            return Err(NotCompared::TooFewAccounts);
        }
        if self.net[at] <= 0 {
            return Err(NotCompared::NothingSold);
        }
        let place = self.codes.iter().position(|own| *own == code).ok_or(NotCompared::Alone)?;
        let index = self.indices.and_then(|indices| indices.managers[at]).ok_or(NotCompared::Alone)?;
        let shrunken = self.shrunken.as_ref().map(|all| all.values[place]);
        Ok(Adjusted {
            index: ratio(index.log_ratio.ok_or(NotCompared::NothingSold)?),
            error: index.error,
            worth_accounts: index.worth_accounts,
            shrunken: shrunken.map(|one| ratio(Estimate { value: one.value, interval: one.interval, n: index.n })),
            kept: shrunken.map(|one| one.kept),
            best: self.best.as_ref().map(|all| {
                // Against the middle manager: logarithms of skewed sums lie below that of their mean.
                let (one, middle) = (all.values[place], all.middle);
                let Interval { low, high, level } = one.interval;
                let interval = Interval { low: low - middle, high: high - middle, level };
                ratio(Estimate { value: one.value - middle, interval, n: index.n })
            }),
            place: self.funnel.as_ref().map_or(FunnelPlace::Within, |funnel| funnel.places[place]),
            standing: self.standings.as_ref().map(|all| all[place]),
        })
    }

    /// The accounts furthest above and below what they let expect, in money; those with a past of their own first of all.
    fn standing_out(&self, code: u32, names: &Names) -> (Vec<AccountGap>, Vec<AccountGap>) {
        let Some(indices) = self.indices else { return Default::default() };
        let own = self.parts[code as usize].iter();
        let own = own.map(|place| (&self.portfolio.parts[*place], &indices.expected[*place]));
        let mut gaps: Vec<(f64, AccountGap)> = own
            .filter_map(|(part, expected)| {
                let gap = AccountGap {
                    id: names.account.id(part.account)?.to_owned(),
                    name: names.account.name(part.account).map(str::to_owned),
                    observed: Money::from_units(i128::from(part.net)),
                    expected: money_of(*expected),
                    from_own_past: part.baseline.is_some(),
                };
                Some((part.net as f64 / 1e4 - expected, gap))
            })
            .collect();
        gaps.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.id.cmp(&other.1.id)));
        let above = gaps.iter().filter(|(gap, _)| *gap > 0.0).take(STANDING_OUT).map(|(_, gap)| gap.clone()).collect();
        let below = gaps.iter().rev().filter(|(gap, _)| *gap < 0.0).take(STANDING_OUT).map(|(_, gap)| gap.clone());
        (above, below.collect())
    }
}

fn skill(own: HandOverEffect, effects: &HandOverEffects) -> Option<Skill> {
    let shrunken =
        own.shrunken.map(|one| ratio(Estimate { value: one.value, interval: one.interval, n: own.effect.n }));
    Some(Skill { effect: ratio(own.effect), shrunken, set: own.set, members: *effects.sets.get(own.set)? })
}

/// The mean of index and skill, each weighted by the inverse of its variance.
fn together(index: Measured, skill: HandOverEffect) -> Measured {
    let (of_index, of_skill) = (index.error.powi(-2), skill.error.powi(-2));
    let all = of_index + of_skill;
    if !all.is_finite() {
        return index;
    }
    Measured { value: (index.value * of_index + skill.effect.value * of_skill) / all, error: all.recip().sqrt() }
}

/// From the log scale.
fn ratio(log: Estimate) -> Estimate {
    let Interval { low, high, level } = log.interval;
    Estimate { value: log.value.exp(), interval: Interval { low: low.exp(), high: high.exp(), level }, n: log.n }
}
