//! What earns points: the target, or what the managers themselves come to.

use takar_model::Text;
use takar_stats::score::{Direction as Better, Yardstick};

use super::KpiOfCard;
use crate::metrics::Direction;

/// So many managers with a value are needed to hold one against the others.
pub const LEAST_PEERS: usize = 5;
/// The share of the peers on each side beyond what earns nothing or all.
pub(crate) const CUT: f64 = 0.05;
/// Attainment that earns nothing, and all.
const ATTAINMENT: (f64, f64) = (0.6, 1.1);

/// What earns nothing, and what earns all 100 points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Yard {
    /// Earns nothing.
    pub none: f64,
    /// Earns all.
    pub full: f64,
    /// From the managers themselves, and not fixed.
    pub of_peers: bool,
    pub(super) stick: Yardstick,
}

/// Why a KPI cannot be scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoYardstick {
    /// Too few managers have a value.
    TooFewPeers,
    /// All managers have the same value.
    AllAlike,
    /// It is not said which way is better.
    NoDirection,
}

impl NoYardstick {
    /// The reason for people.
    pub const fn text(self) -> Text {
        match self {
            Self::TooFewPeers => Text::new(
                "kurang dari lima manajer punya angkanya, jadi tidak ada pembanding",
                "fewer than five managers have the figure, so there is nothing to hold it against",
            ),
            Self::AllAlike => Text::new("semua manajer sama", "all managers are alike"),
            Self::NoDirection => {
                Text::new("tidak ditentukan arah mana yang lebih baik", "it is not said which way is better")
            }
        }
    }
}

/// Attainment is held against the target, everything else against the managers themselves. Where too few of them have a figure,
/// those that have a target of it are held against that.
pub(super) fn yardstick(kpi: &KpiOfCard) -> Result<Yard, NoYardstick> {
    let better = match kpi.direction {
        Direction::HigherIsBetter => Better::Higher,
        Direction::LowerIsBetter => Better::Lower,
        Direction::Neutral => return Err(NoYardstick::NoDirection),
    };
    let fixed = |none: f64, full: f64| {
        Yardstick::new(none, full)
            .map(|stick| Yard { none, full, of_peers: false, stick })
            .map_err(|_| NoYardstick::AllAlike)
    };
    let (none, full) = attainment(kpi);
    let of_targets = || fixed(none, full);
    if is_attainment(kpi) {
        return of_targets();
    }
    let has_targets = kpi.values.iter().any(|value| value.attained.is_some());
    let mut known: Vec<f64> = kpi.values.iter().filter_map(|value| value.value.ok()).collect();
    if known.len() < LEAST_PEERS {
        return if has_targets { of_targets() } else { Err(NoYardstick::TooFewPeers) };
    }
    let stick = match Yardstick::of_peers(&known, better, CUT) {
        Ok(stick) => stick,
        Err(_) if has_targets => return of_targets(),
        Err(_) => return Err(NoYardstick::AllAlike),
    };
    known.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * (known.len() - 1) as f64;
        let below = place as usize;
        let above = (below + 1).min(known.len() - 1);
        known[below] + (known[above] - known[below]) * (place - below as f64)
    };
    let (low, high) = (at(CUT), at(1.0 - CUT));
    let (none, full) = if better == Better::Higher { (low, high) } else { (high, low) };
    Ok(Yard { none, full, of_peers: true, stick })
}

/// The KPI is itself how much of a target was reached.
pub(super) fn is_attainment(kpi: &KpiOfCard) -> bool {
    kpi.id == "attainment" || kpi.id.ends_with("_attainment")
}

/// Attainment that earns nothing, and all; of what should be little, the same distances beyond and below the target.
pub(super) fn attainment(kpi: &KpiOfCard) -> (f64, f64) {
    match kpi.direction {
        Direction::LowerIsBetter => (2.0 - ATTAINMENT.0, 2.0 - ATTAINMENT.1),
        _ => ATTAINMENT,
    }
}
