//! Where the next hours go.

use std::{cmp::Ordering, collections::BinaryHeap};

/// Something that may be done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// What it is about. Of several choices about the same only the one worth most counts.
    pub about: usize,
    /// What it is expected to bring.
    pub worth: f64,
    /// How long it takes, above 0.
    pub hours: f64,
}

/// What is to be done with the hours.
#[derive(Debug, Clone, PartialEq)]
pub struct Spent {
    /// Places of the choices, in the order in which they are to be done.
    pub chosen: Vec<usize>,
    /// What they bring together, each thing counted once.
    pub worth: f64,
    /// How long they take together.
    pub hours: f64,
}

/// Chooses what brings most within `hours`, the most worth an hour first; ties in the order of places.
///
/// Greedy on the marginal gain per hour (Lodish 1971, "CALLPLAN", *Manage. Sci.* 18, P25–P40): of what is about the same, the next choice brings only
/// what it is worth more. Where a single choice brings more than all so chosen, it alone is taken, so that at least half of what is possible is
/// reached (the bound of the greedy knapsack); with hours that are alike it is the best there is. Choices that are not above 0, or take no time,
/// are passed over.
///
/// ```
/// use takar_stats::worth::{Choice, spend};
/// let choice = |about, worth, hours| Choice { about, worth, hours };
/// let spent = spend(&[choice(0, 50.0, 1.0), choice(0, 60.0, 2.0), choice(1, 20.0, 1.0)], 2.0);
/// assert_eq!((spent.chosen, spent.worth), (vec![0, 2], 70.0));
/// ```
pub fn spend(choices: &[Choice], hours: f64) -> Spent {
    let usable = |choice: &Choice| choice.worth > 0.0 && choice.hours > 0.0 && choice.hours <= hours + 1e-9;
    let mut waiting: BinaryHeap<Next> = choices
        .iter()
        .enumerate()
        .filter(|(_, choice)| usable(choice))
        .map(|(place, choice)| Next { per_hour: choice.worth / choice.hours, place })
        .collect();
    let mut chosen: Vec<usize> = Vec::new();
    let mut left = hours;
    while let Some(next) = waiting.pop() {
        let choice = &choices[next.place];
        let before = chosen.iter().position(|place| choices[*place].about == choice.about);
        let had = before.map_or(0.0, |before| choices[chosen[before]].worth);
        let gain = choice.worth - had;
        if gain <= 0.0 {
            continue;
        }
        // The other about the same need not be done then.
        let freed = before.map_or(0.0, |before| choices[chosen[before]].hours);
        let per_hour = gain / (choice.hours - freed).max(1e-9);
        if before.is_some() && per_hour < next.per_hour {
            waiting.push(Next { per_hour, place: next.place });
            continue;
        }
        if choice.hours - freed > left + 1e-9 {
            continue;
        }
        left -= choice.hours - freed;
        match before {
            Some(before) => chosen[before] = next.place,
            None => chosen.push(next.place),
        }
    }
    let worth = |places: &[usize]| places.iter().map(|place| choices[*place].worth).sum::<f64>();
    let single = choices.iter().enumerate().filter(|(_, choice)| usable(choice));
    if let Some((place, best)) = single.max_by(|a, b| a.1.worth.total_cmp(&b.1.worth).then(b.0.cmp(&a.0)))
        && best.worth > worth(&chosen)
    {
        chosen = vec![place];
    }
    let hours = chosen.iter().map(|place| choices[*place].hours).sum();
    Spent { worth: worth(&chosen), chosen, hours }
}

struct Next {
    per_hour: f64,
    place: usize,
}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> Ordering {
        self.per_hour.total_cmp(&other.per_hour).then(other.place.cmp(&self.place))
    }
}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Next {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Next {}
