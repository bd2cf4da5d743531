//! Managers told apart by accounts that changed hands: the account stays, the manager changes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{Shrunken, shrink};
use crate::{
    Error, Estimate, Interval, Level, Result,
    error::{at_least, finite},
    standing::Measured,
};

const METHOD: &str = "skill from hand-overs";

/// The least number of hand-overs beyond those that tie the managers together.
const LEAST_FREEDOM: usize = 3;

/// An account that went from one manager to another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HandOver {
    /// The number of the manager before.
    pub from: usize,
    /// The number of the manager after.
    pub to: usize,
    /// ln(sales after / sales before), less the same of accounts that stayed with their manager meanwhile.
    pub change: f64,
    /// What it counts, above 0: the inverse of its variance, but for a factor.
    pub weight: f64,
    /// The number of the period and place whose stayed accounts it is held against: hand-overs of one number share what
    /// chance did to these. They have the same weight.
    pub period: usize,
    /// How many accounts stayed there.
    pub stayed: usize,
}

/// What a manager adds to accounts, on the log scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HandOverEffect {
    /// The effect against the mean of the managers in the same set; n counts hand-overs to or from this manager.
    pub effect: Estimate,
    /// Its standard error.
    pub error: f64,
    /// The effect drawn towards the mean of its set; none with fewer than 4 managers in all.
    pub shrunken: Option<Shrunken>,
    /// The number of the set. Managers of different sets cannot be compared.
    pub set: usize,
}

/// The effects of managers, where hand-overs tie them together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HandOverEffects {
    /// By manager; none where no hand-over ties the manager to anybody.
    pub managers: Vec<Option<HandOverEffect>>,
    /// By set: how many managers it has, 2 and more.
    pub sets: Vec<usize>,
    /// The variance of a hand-over of weight 1.
    pub residual: f64,
    /// Hand-overs.
    pub n: usize,
}

/// The effects of managers 0 to `managers` − 1 from hand-overs: change = effect(to) − effect(from) + chance, by weighted least
/// squares. What is lasting in an account cancels out, since it is there before and after. The mean change of the accounts that
/// stayed is uncertain too and common to all hand-overs held against it, as if they were in the equations themselves.
///
/// Effects are known only inside sets of managers that hand-overs connect, each against the mean of its set. The intervals
/// are t-intervals with as many degrees of freedom as hand-overs exceed what ties the managers together.
/// Sources: Abowd, Kramarz & Margolis (1999), *Econometrica* 67, 251–333; Abowd, Creecy & Kramarz (2002), "Computing person
/// and firm effects using linked longitudinal employer-employee data", Cornell University, on connected sets.
/// The time is the cube of the largest set.
///
/// # Errors
/// [`Error::NotEnough`] where hand-overs hardly do more than connect the managers, [`Error::NotFinite`],
/// [`Error::OutOfRange`] for a weight of 0 or less, a hand-over to oneself or a manager beyond `managers`.
///
/// ```
/// use takar_stats::{Level, fair::{HandOver, hand_over_effects}};
/// let moved = |from, to, change| HandOver { from, to, change, weight: 1.0, period: 0, stayed: 1_000_000 };
/// let moves = [moved(0, 1, 0.21), moved(1, 0, -0.19), moved(0, 1, 0.2), moved(0, 1, 0.18), moved(1, 0, -0.22), moved(3, 4, 0.5)];
/// let found = hand_over_effects(&moves, 5, Level::P95)?;
/// assert!((found.managers[1].unwrap().effect.value - 0.1).abs() < 1e-4); // 0.2 apart, so 0.1 above the mean of both
/// assert_ne!(found.managers[1].unwrap().set, found.managers[4].unwrap().set);
/// assert!(found.managers[2].is_none()); // nothing ties this one to the others
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn hand_over_effects(hand_overs: &[HandOver], managers: usize, level: Level) -> Result<HandOverEffects> {
    check(hand_overs, managers)?;
    let mut hand_overs = hand_overs.to_vec();
    hand_overs.sort_by_key(|one| one.period);
    let hand_overs = hand_overs.as_slice();
    let (set_of, sets) = sets(hand_overs, managers);
    let tied: usize = sets.iter().map(|members| members.len() - 1).sum();
    at_least(METHOD, "accounts", tied + LEAST_FREEDOM, hand_overs.len())?;
    let freedom = (hand_overs.len() - tied) as f64;
    let mut effects = vec![0.0; managers];
    let mut variances = vec![0.0; managers];
    for (set, members) in sets.iter().enumerate() {
        let own: Vec<HandOver> = hand_overs.iter().filter(|one| set_of[one.from] == Some(set)).copied().collect();
        for (&manager, (effect, variance)) in members.iter().zip(solve(&own, members, managers)?) {
            (effects[manager], variances[manager]) = (effect, variance);
        }
    }
    let left = |one: &HandOver| one.change - effects[one.to] + effects[one.from];
    let squares = hand_overs.chunk_by(|one, other| one.period == other.period).map(|same| {
        let (sum, squares) = same.iter().map(left).fold((0.0, 0.0), |sum, left| (sum.0 + left, sum.1 + left * left));
        same[0].weight * (squares - sum * sum / (same[0].stayed + same.len()) as f64)
    });
    let residual = squares.sum::<f64>() / freedom;
    let reach = StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |t| t.inverse_cdf(1.0 - level.tail()));
    let mut counts = vec![0; managers];
    hand_overs.iter().for_each(|one| {
        counts[one.from] += 1;
        counts[one.to] += 1;
    });
    let tied: Vec<usize> = (0..managers).filter(|manager| set_of[*manager].is_some()).collect();
    let error = |manager: usize| (residual * variances[manager]).sqrt();
    let measured: Vec<Measured> =
        tied.iter().map(|&manager| Measured { value: effects[manager], error: error(manager) }).collect();
    // Errors of managers of one set hang together a little, which shrinkage leaves out of account.
    let shrunken = shrink(&measured, level).ok();
    let mut found = vec![None; managers];
    for (place, &manager) in tied.iter().enumerate() {
        let (value, error) = (effects[manager], error(manager));
        let interval = Interval { low: value - reach * error, high: value + reach * error, level };
        found[manager] = set_of[manager].map(|set| HandOverEffect {
            effect: Estimate { value, interval, n: counts[manager] },
            error,
            shrunken: shrunken.as_ref().map(|all| all.values[place]),
            set,
        });
    }
    Ok(HandOverEffects { managers: found, sets: sets.iter().map(Vec::len).collect(), residual, n: hand_overs.len() })
}

fn check(hand_overs: &[HandOver], managers: usize) -> Result<()> {
    finite("change", &hand_overs.iter().map(|one| one.change).collect::<Vec<_>>())?;
    finite("weight", &hand_overs.iter().map(|one| one.weight).collect::<Vec<_>>())?;
    for (index, one) in hand_overs.iter().enumerate() {
        if one.weight <= 0.0 {
            return Err(Error::OutOfRange { what: "weight", index, value: one.weight, range: "above 0" });
        }
        if one.from == one.to || one.from.max(one.to) >= managers {
            let (value, range) = (one.to as f64, "two managers");
            return Err(Error::OutOfRange { what: "hand-over to manager", index, value, range });
        }
    }
    at_least(METHOD, "accounts", 1, hand_overs.len())
}

/// By manager the number of the set, and the members of each set; sets by their first manager.
fn sets(hand_overs: &[HandOver], managers: usize) -> (Vec<Option<usize>>, Vec<Vec<usize>>) {
    let mut parent: Vec<usize> = (0..managers).collect();
    fn root(parent: &mut [usize], mut of: usize) -> usize {
        while parent[of] != of {
            parent[of] = parent[parent[of]];
            of = parent[of];
        }
        of
    }
    for one in hand_overs {
        let (from, to) = (root(&mut parent, one.from), root(&mut parent, one.to));
        parent[from.max(to)] = from.min(to);
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); managers];
    for manager in 0..managers {
        members[root(&mut parent, manager)].push(manager);
    }
    members.retain(|members| members.len() > 1);
    let mut set_of = vec![None; managers];
    for (set, members) in members.iter().enumerate() {
        members.iter().for_each(|member| set_of[*member] = Some(set));
    }
    (set_of, members)
}

/// The effects of one set with mean 0, and their variances in units of the residual one.
///
/// With L the Laplacian of the hand-overs, less what those of a period have in common, and J all ones, (L + c·J/m)⁻¹ = L⁺ + J/(c·m).
fn solve(hand_overs: &[HandOver], members: &[usize], managers: usize) -> Result<Vec<(f64, f64)>> {
    let m = members.len();
    let mut place = vec![0; managers];
    members.iter().enumerate().for_each(|(at, member)| place[*member] = at);
    let mut matrix = vec![vec![0.0; m]; m];
    let mut right = vec![0.0; m];
    let mut together = vec![0.0; m];
    for same in hand_overs.chunk_by(|one, other| one.period == other.period) {
        let weight = same[0].weight;
        for one in same {
            let (from, to) = (place[one.from], place[one.to]);
            matrix[from][from] += weight;
            matrix[to][to] += weight;
            matrix[from][to] -= weight;
            matrix[to][from] -= weight;
            right[to] += weight * one.change;
            right[from] -= weight * one.change;
            together[to] += 1.0;
            together[from] -= 1.0;
        }
        // What is common to them is taken out, as far as those who stayed leave it open.
        let common = weight / (same[0].stayed + same.len()) as f64;
        let sum: f64 = same.iter().map(|one| one.change).sum();
        let touched: Vec<usize> = same.iter().flat_map(|one| [place[one.from], place[one.to]]).collect();
        let touched: BTreeSet<usize> = touched.into_iter().collect();
        for &i in &touched {
            for &j in &touched {
                matrix[i][j] -= common * together[i] * together[j];
            }
            right[i] -= common * together[i] * sum;
        }
        touched.iter().for_each(|i| together[*i] = 0.0);
    }
    let scale = (0..m).map(|i| matrix[i][i]).sum::<f64>() / m as f64;
    matrix.iter_mut().flatten().for_each(|one| *one += scale / m as f64);
    // The lower triangular root, in place; rows are contiguous.
    for i in 0..m {
        let (above, own) = matrix.split_at_mut(i);
        let own = &mut own[0];
        for (j, row) in above.iter().enumerate() {
            let rest = own[j] - own[..j].iter().zip(&row[..j]).map(|(a, b)| a * b).sum::<f64>();
            own[j] = rest / row[j];
        }
        let rest = own[i] - own[..i].iter().map(|a| a * a).sum::<f64>();
        if rest <= 0.0 {
            return Err(Error::NoConvergence { method: METHOD, steps: i });
        }
        own[i] = rest.sqrt();
    }
    let mut effects = right;
    for i in 0..m {
        effects[i] = (effects[i] - (0..i).map(|k| matrix[i][k] * effects[k]).sum::<f64>()) / matrix[i][i];
    }
    for i in (0..m).rev() {
        effects[i] = (effects[i] - (i + 1..m).map(|k| matrix[k][i] * effects[k]).sum::<f64>()) / matrix[i][i];
    }
    // A diagonal element of the inverse is the squared length of a column of the root's inverse.
    let variance = |j: usize| {
        let mut column = vec![0.0; m];
        column[j] = 1.0 / matrix[j][j];
        for i in j + 1..m {
            column[i] = -matrix[i][j..i].iter().zip(&column[j..i]).map(|(a, b)| a * b).sum::<f64>() / matrix[i][i];
        }
        let length: f64 = column[j..].iter().map(|x| x * x).sum();
        (length - 1.0 / (scale * m as f64)).max(0.0)
    };
    Ok(effects.iter().enumerate().map(|(j, effect)| (*effect, variance(j))).collect())
}
