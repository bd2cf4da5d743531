//! A target for each member of a level, with its working.

use rustc_hash::FxHashMap;
use takar_model::{Money, Month, Period};
use takar_stats::forecast::{Chance, Reliability};

use super::{
    Held, Judge, Level, Unjudged, Whom, phased,
    potential::{exact, potential},
};
use crate::{
    InsightError,
    analysis::{
        Scope,
        forecast::{Ahead, months_of, span_of},
    },
    kpis::{AnalysedKpi, FactSource},
    metrics::{CellSource, Query, Unit},
};

/// The chances that are offered to choose from: what is reached in nine, seven, six and five of ten such cases.
pub const AMBITIONS: [f64; 4] = [0.9, 0.7, 0.6, 0.5];

/// What is asked.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Which figure.
    pub kpi: AnalysedKpi,
    /// For whom.
    pub level: Level,
    /// Only of one manager.
    pub manager: Option<String>,
    /// For when.
    pub period: Period,
    /// The chance that the suggested target is to have.
    pub ambition: f64,
}

/// A figure with its chance.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The chance that was asked for.
    pub ambition: f64,
    /// The figure, rounded to three digits where that keeps its chance.
    pub amount: Money,
    /// The chance of that figure.
    pub chance: Chance,
}

/// What is suggested for one member, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Whom it is for.
    pub whom: Whom,
    /// The member's name.
    pub name: Option<String>,
    /// The same months one and two years ago; none before the data.
    pub before: [Option<Money>; 2],
    /// What is expected.
    pub ahead: Result<Ahead, Unjudged>,
    /// What is reached with the ambition that was asked for; or why nothing can be suggested.
    pub suggested: Result<Offer, Unjudged>,
    /// The same for [`AMBITIONS`].
    pub offers: Vec<Offer>,
    /// What its accounts have shown they can buy.
    pub potential: Option<Money>,
    /// The target that counts now.
    pub held: Option<Money>,
    /// The chance of that.
    pub held_chance: Option<Chance>,
    /// The suggestion by month, adding up to it exactly; of what does not add up a suggestion for each month.
    pub phased: Vec<(Month, Money)>,
}

/// What is suggested for a level.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestions {
    /// Which figure.
    pub kpi: AnalysedKpi,
    /// For whom.
    pub level: Level,
    /// For when.
    pub period: Period,
    /// The chance that was asked for.
    pub ambition: f64,
    /// The largest first.
    pub rows: Vec<Suggestion>,
    /// The sum of what is suggested; none of shares and means.
    pub total: Option<Money>,
    /// How such chances came true on the past.
    pub reliability: Result<Reliability, Unjudged>,
    /// Whether feasts and trading days were taken into account.
    pub knows_feasts: bool,
    /// The first and the last month of the data.
    pub known: (Month, Month),
}

/// Suggests a target for each member.
///
/// # Errors
/// [`InsightError::NotMonths`] for a window that is not made of months, and as [`run`](crate::metrics::run).
pub fn suggest(
    (source, facts): (&dyn CellSource, &dyn FactSource),
    judge: &Judge,
    ask: &Ask,
) -> Result<Suggestions, InsightError> {
    let span = span_of(ask.period)?;
    let prospect = judge.prospect();
    let known = (prospect.first(), prospect.last());
    let manager = ask.manager.as_deref();
    let years = [12, 24].map(|back| (span.0.plus(-back), span.1.plus(-back)));
    let mut before: Vec<FxHashMap<Option<String>, Money>> = Vec::new();
    for (from, to) in years {
        let is_known = known.0 <= from && to <= known.1;
        before.push(if is_known { figures((source, facts), ask, (from, to))? } else { FxHashMap::default() });
    }
    let is_known = years.map(|(from, to)| known.0 <= from && to <= known.1);
    let potential = potential((source, facts), &ask.kpi, (ask.level, manager), span, known)?;
    let held = Held::of(source, ask.kpi.id());
    let rows: Vec<Suggestion> = prospect
        .members()
        // Nobody is given no target.
        .filter(|(id, _)| ask.level == Level::Company || id.is_some())
        .map(|(id, name)| {
            let whom = Whom::of(ask.level, id, manager);
            let key = id.map(str::to_owned);
            let figure = |year: usize| is_known[year].then(|| before[year].get(&key).copied().unwrap_or(Money::ZERO));
            let suggested = offer(judge, id, ask.period, ask.ambition);
            let offers = AMBITIONS.iter().filter_map(|wanted| offer(judge, id, ask.period, *wanted).ok()).collect();
            let phased: Option<Vec<(Month, Money)>> = match &suggested {
                Ok(offer) => judge
                    .by_month(id, ask.period)
                    .ok()
                    .and_then(|weights| Some(months_of(span).zip(phased(offer.amount, &weights).ok()?).collect())),
                // What does not add up is suggested month by month.
                Err(Unjudged::Asked(InsightError::NotAdditive { .. })) => {
                    let of_month =
                        |month: Month| Some((month, offer(judge, id, Period::month(month), ask.ambition).ok()?.amount));
                    Some(months_of(span).filter_map(of_month).collect())
                }
                Err(_) => None,
            };
            let own = held.whole(&whom, ask.period);
            Suggestion {
                ahead: judge.ahead(id, ask.period),
                held_chance: own.and_then(|value| judge.chance(id, ask.period, value.to_f64()).ok()),
                held: own,
                before: [figure(0), figure(1)],
                name: name.map(str::to_owned),
                potential: potential.as_ref().map(|all| all.get(&key).copied().unwrap_or(Money::ZERO)),
                phased: phased.unwrap_or_default(),
                suggested,
                offers,
                whom,
            }
        })
        .collect();
    let total = total(&rows, &ask.kpi);
    Ok(Suggestions {
        kpi: ask.kpi.clone(),
        level: ask.level,
        period: ask.period,
        ambition: ask.ambition,
        rows,
        total,
        reliability: judge.reliability(ask.period),
        knows_feasts: prospect.knows_feasts(),
        known,
    })
}

/// The sum of what is suggested; shares and means do not add up.
pub fn total(rows: &[Suggestion], kpi: &AnalysedKpi) -> Option<Money> {
    let offers = rows.iter().filter_map(|row| row.suggested.as_ref().ok());
    (!kpi.is_quotient()).then(|| offers.map(|offer| offer.amount).sum())
}

/// The figure of each member over some months.
pub(super) fn figures(
    (source, facts): (&dyn CellSource, &dyn FactSource),
    ask: &Ask,
    (from, to): (Month, Month),
) -> Result<FxHashMap<Option<String>, Money>, InsightError> {
    let scope = Scope { manager: ask.manager.clone(), filter: None };
    let query = Query {
        by: ask.level.dimension().into_iter().collect(),
        period: Period::months(from, to),
        filter: scope.condition(source)?,
        ..Query::default()
    };
    let rows = ask.kpi.table(source, facts, &query)?.rows;
    let pair = |row: &crate::metrics::Row| {
        let id = row.keys.first().and_then(|key| key.id.clone());
        Some((id, exact(*row.values.first()?)?))
    };
    Ok(rows.iter().filter_map(pair).collect())
}

fn offer(judge: &Judge, member: Option<&str>, period: Period, ambition: f64) -> Result<Offer, Unjudged> {
    let exact = judge.amount(member, period, ambition)?;
    let wanted = judge.chance(member, period, exact)?.value;
    // A share is told in tenths of a per cent, anything else in whole numbers.
    let finest = if judge.kpi().unit() == Unit::Rate { -3 } else { 0 };
    let rounded = |digits: i32, how: fn(f64) -> f64| rounded(exact, (digits, finest), how);
    // Where little varies, three digits may be too coarse to keep the chance; where it falls in steps, the figure just below one.
    let near: fn(f64) -> f64 = if judge.kpi().is_less_better() { f64::ceil } else { f64::floor };
    for digits in 3..9 {
        for amount in [rounded(digits, f64::round), rounded(digits, near)] {
            let chance = judge.chance(member, period, amount.to_f64())?;
            if (chance.value - wanted).abs() <= 0.02 {
                return Ok(Offer { ambition, amount, chance });
            }
        }
    }
    let amount = rounded(9, near);
    Ok(Offer { ambition, amount, chance: judge.chance(member, period, amount.to_f64())? })
}

/// To so many digits, and never finer than ten to the power of `finest` (-4 or more): a target of 1,284,317.26 promises more than anybody knows.
fn rounded(amount: f64, (digits, finest): (i32, i32), how: fn(f64) -> f64) -> Money {
    let places = amount.abs().max(1.0).log10().floor() as i32 + 1;
    let power = (places - digits).max(finest);
    // Whole steps, each a whole number of the smallest units: no digit is lost.
    let units = 10_i128.pow(u32::try_from(power + 4).unwrap_or_default());
    Money::from_units((how(amount / 10.0_f64.powi(power)) as i128) * units)
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn figures_are_told_no_finer_than_they_are_known() {
        let told = |amount: f64, finest: i32| rounded(amount, (3, finest), f64::round).to_string();
        assert_eq!(told(1_284_317.26, 0), "1280000");
        assert_eq!(told(12.6, 0), "13");
        assert_eq!(told(0.853_71, -3), "0.85");
        assert_eq!(rounded(0.853_71, (4, -3), f64::round).to_string(), "0.854");
        assert_eq!(rounded(0.853_71, (9, -3), f64::floor).to_string(), "0.853");
    }
}
