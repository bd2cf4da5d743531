//! From which score on a month is told.

/// From where on a month is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limit {
    /// A score of so much or more is told: the lowest that the allowance lets pass.
    pub told: f64,
    /// The highest score that it does not let pass: whatever is above it would be told.
    pub passed: f64,
}

/// The limit of each month from the scores up to it, its own included: the lowest score that is passed by no more situations than the allowance lets
/// expect in so many months. Months in a row of one member are one situation.
///
/// With `n` members scored in the month and `m` scores in all so far, `k = ⌊a_year / 12 · m / n⌋` situations are let pass; each is as
/// likely to begin in any month, so this month's share is `k · n / m ≤ a_year / 12`. No limit where `k` is 0.
pub(super) fn limits(members: &[Vec<Option<f64>>], a_year: f64) -> Vec<Option<Limit>> {
    let months = members.first().map_or(0, Vec::len);
    // Highest first; ties by place, so that the order of members changes nothing but their places.
    let mut all: Vec<(f64, usize, usize)> = Vec::new();
    for (member, scores) in members.iter().enumerate() {
        all.extend(scores.iter().enumerate().filter_map(|(month, score)| Some(((*score)?, member, month))));
    }
    all.sort_by(|one, other| other.0.total_cmp(&one.0));
    let now = |month: usize| members.iter().filter(|scores| scores[month].is_some()).count();
    let mut scored = 0;
    (0..months)
        .map(|month| {
            let here = now(month);
            scored += here;
            if here == 0 {
                return None;
            }
            let allowed = (a_year / 12.0 * scored as f64 / here as f64 + 1e-9).floor() as usize;
            if allowed == 0 { None } else { lowest(&all, month, allowed, (members.len(), months)) }
        })
        .collect()
}

/// The lowest score up to a month that leaves at most `allowed` runs at or above it.
fn lowest(
    all: &[(f64, usize, usize)],
    last: usize,
    allowed: usize,
    (members, months): (usize, usize),
) -> Option<Limit> {
    let mut is_above = vec![false; members * months];
    let mut runs = 0_usize;
    let mut told = None;
    let upto: Vec<&(f64, usize, usize)> = all.iter().filter(|(_, _, month)| *month <= last).collect();
    for same in upto.chunk_by(|one, other| one.0 == other.0) {
        for (_, member, month) in same {
            let place = member * months + month;
            let before = *month > 0 && is_above[place - 1];
            let after = *month < last && is_above[place + 1];
            is_above[place] = true;
            match (before, after) {
                (false, false) => runs += 1,
                (true, true) => runs -= 1,
                _ => {}
            }
        }
        if runs > allowed {
            return told.map(|told| Limit { told, passed: same[0].0 });
        }
        told = Some(same[0].0);
    }
    told.map(|told| Limit { told, passed: told })
}

/// How many months of scores there are for each member that has one in the last month.
pub(super) fn months_scored(members: &[Vec<Option<f64>>]) -> f64 {
    let now = members.iter().filter(|scores| scores.last().is_some_and(Option::is_some)).count();
    let all: usize = members.iter().map(|scores| scores.iter().flatten().count()).sum();
    if now == 0 { 0.0 } else { all as f64 / now as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twelve months, one allowed a year: only the highest score of all is told.
    #[test]
    fn the_limit_lets_pass_what_was_allowed() {
        let scores = |list: &[f64]| list.iter().copied().map(Some).collect::<Vec<_>>();
        // Runs at or above 2: {5} and {3, 2}; at or above 3: {5} and {3}; at or above 5: {5}.
        let one = vec![scores(&[0.0, 5.0, 1.0, 0.5, 3.0, 2.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7])];
        let found = limits(&one, 1.0);
        assert!(found[..11].iter().all(Option::is_none));
        assert_eq!(found[11], Some(Limit { told: 5.0, passed: 3.0 }));
        // Two allowed: 3 and 2 stand in a row and are one; 1 stands between 5 and 0.5, and joins the run of 5; 0.7 is a third.
        assert_eq!(limits(&one, 2.0)[11], Some(Limit { told: 1.0, passed: 0.7 }));
        // The same scores of two members: twice the months are not twice the time.
        let two = vec![one[0].clone(), scores(&[0.0; 12])];
        assert_eq!(limits(&two, 1.0)[11], Some(Limit { told: 5.0, passed: 3.0 }));
    }
}
