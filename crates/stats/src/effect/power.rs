//! What an action could show, before it is begun.

use serde::Serialize;

use super::{Draws, Method, Panel, Placebos, design::Design, inference::quantile};
use crate::{Level, Result};

/// How large an effect has to be to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Power {
    /// Units that would have the action.
    pub treated: usize,
    /// Units they would be compared with.
    pub controls: usize,
    /// Times with the action.
    pub after: usize,
    /// The standard error to be expected, in the unit of the panel.
    pub error: f64,
    /// An effect of this size is told from none with the chance of `power`.
    pub detectable: f64,
    /// The level of the interval that has to lie beside 0.
    pub level: Level,
    /// The chance, usually 80 %.
    pub power: Level,
    /// How many placebos this rests on.
    pub placebos: usize,
}

impl Power {
    /// What `planned` units could show within `after` times: the last `after` times of the panel are taken for times with an action that
    /// nobody had, and controls for treated units. Where the last times decided who is planned, it is not known for sure how much of that stays ([`Panel::as_low`]), which adds to the error
    /// the more the further they are from the others. (t of the level + t of the power) · error: Bloom (1995), *Eval. Rev.* 19, 547–556.
    /// Whatever action the panel knows is passed over with the units that had it.
    ///
    /// # Errors
    /// Those of [`Panel::planned`], [`Design::of`] and [`Placebos::of`].
    pub fn of(panel: &Panel, plan: &Plan, planned: &[usize]) -> Result<Self> {
        let panel = panel.planned(planned, plan.after)?;
        let panel = if plan.relative { panel.relative(plan.selection) } else { panel };
        let design = Design::of(&panel, plan.selection)?;
        let (panel, more, usual) = Self::of_picked(panel, &design, plan, planned);
        let placebos = Placebos::of(&panel, &design, plan.method, plan.draws)?;
        let error = placebos.sd.hypot(more) / usual;
        let freedom = placebos.freedom;
        let reach = quantile(plan.level.share() + plan.level.tail(), freedom) + quantile(plan.power.share(), freedom);
        Ok(Self {
            treated: design.treated(),
            controls: design.controls.len(),
            after: plan.after,
            error,
            detectable: reach * error,
            level: plan.level,
            power: plan.power,
            placebos: placebos.effects.len(),
        })
    }

    /// The panel with what lasts of a selection taken out, what not knowing that better adds to the error, and what is to be expected of the planned units as a share of their
    /// usual. The slope is that of earlier times, how low the units are and how far their controls are apart is that of the last ones.
    fn of_picked(panel: Panel, design: &Design, plan: &Plan, planned: &[usize]) -> (Panel, f64, f64) {
        let span = |end: usize| (end.saturating_sub(plan.selection)..end).collect::<Vec<usize>>();
        let (start, end) = (panel.times() - plan.after, panel.times());
        let (earlier, now) = (span(start), span(end));
        let before = |picked: &[usize]| (0..picked.first().copied().unwrap_or_default()).collect::<Vec<usize>>();
        let signs = |units: &[usize], picked: &[usize]| panel.signs(units, picked, &before(picked));
        let controls = (signs(&design.controls, &earlier), signs(&design.controls, &now));
        // One planned unit has no deviation, and a mean all the same.
        let own = signs(&[planned, planned].concat(), &now);
        let (Some(((_, earlier_spread), (middle, spread))), Some((low, _)), Ok((as_low, lasting))) =
            (controls.0.zip(controls.1), own, panel.as_low(design, &earlier))
        else {
            return (panel, 0.0, 1.0);
        };
        let apart = low - middle;
        let wider = if spread > 0.0 { earlier_spread / spread } else { 1.0 };
        // What lasts makes what is to be expected of them less, and the same effect a larger share of it.
        let usual = if plan.relative { (1.0 + lasting.slope * apart).clamp(0.2, 1.0) } else { 1.0 };
        (as_low, lasting.slope_error * wider * apart.abs(), usual)
    }
}

/// How an action is going to be measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// By which method.
    pub method: Method,
    /// How many times it is going to be watched, at least 1.
    pub after: usize,
    /// How many times right before it decide who gets it.
    pub selection: usize,
    /// Whether units are held against their own usual ([`Panel::relative`]).
    pub relative: bool,
    /// The level of the interval.
    pub level: Level,
    /// The chance to see an effect of the size told.
    pub power: Level,
    /// Placebos.
    pub draws: Draws,
}

impl Plan {
    /// Synthetic difference-in-differences on outcomes against the own usual, 90 % interval, power 80 %.
    pub const fn usual(after: usize, selection: usize, seed: u64) -> Self {
        let (method, draws) = (Method::SyntheticDid, Draws::usual(seed));
        Self { method, after, selection, relative: true, level: Level::P90, power: Level::P80, draws }
    }
}
