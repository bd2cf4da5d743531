//! Scorecards: the figures of sales and of the work put together by the weights that hold.

mod chosen;
mod figures;
mod weights;

use takar_insight::{
    InsightError,
    evaluation::{
        presence::{AbsenceSource, Presences},
        scorecard::{self, Input, Scorecards},
        weights::{Group, Kind, Weight, Weighted, Weights},
    },
    metrics::CellSource,
    process::{Promises, Rating},
};
use takar_lake::LakeSource;
use takar_model::{Credit, Day, Period, Right};

pub(crate) use self::weights::refuse_without_manager;
pub use self::weights::{KpiToWeigh, WeightsInUse};
use self::{
    chosen::{ChosenKpi, Measured, work_kpi},
    figures::Figures,
};
use crate::{Result, Takar};

/// What the KPIs of the cards come to is drawn from this seed: the same data give the same ranges.
const SEED: u64 = 2008;

/// All that people decided about scorecards, read before the first figure.
struct Decided {
    weights: Weights,
    kpis: Vec<ChosenKpi>,
    promises: Promises,
    ratings: Vec<Rating>,
    today: Day,
}

impl Takar {
    /// The scorecards of a window, the last complete month of the data unless given; of one manager or all.
    ///
    /// # Errors
    /// Without data, for an unknown manager, or where a KPI of the weights cannot be asked for.
    pub fn scorecards(&self, credit: Credit, period: Option<Period>, manager: Option<&str>) -> Result<Scorecards> {
        // Read before the data: cards may be newer than what they are kept under, never older.
        let stand = self.stand()?;
        let source = self.lake_source(credit)?;
        let period = window(&source, period)?;
        let made = |asked| self.decided_with(self.weights()?.weights)?.cards(self, &source, period, asked);
        // Made for everybody once, and shown as far as one may see.
        let all = self.kept.scorecards.get((stand, credit, period), || made(None))?;
        match manager {
            None => Ok(all.as_ref().clone().within(self.reach())),
            Some(id) if all.has(id) => Ok(all.as_ref().clone().within(self.reach()).of(id)?),
            // Of whom nothing is known there is a card only when it is asked for.
            Some(id) => Ok(made(Some(id))?.within(self.reach()).of(id)?),
        }
    }

    /// The scorecards that other weights would make; nothing is kept.
    ///
    /// # Errors
    /// As [`Takar::set_weights`] and [`Takar::scorecards`].
    pub fn try_weights(&self, credit: Credit, period: Option<Period>, weights: &Weights) -> Result<Scorecards> {
        self.may(Right::Define)?;
        self.hold(weights)?;
        let source = self.lake_source(credit)?;
        let period = window(&source, period)?;
        Ok(self.decided_with(weights.clone())?.cards(self, &source, period, None)?.within(self.reach()))
    }

    /// Measures that no score counts, beside the middle of the managers; of everybody, whoever asks.
    pub(crate) fn measures(&self, credit: Credit, period: Period, kpis: &[&str]) -> Result<Scorecards> {
        let source = self.lake_source(credit)?;
        let weightless = |kpi: &&str| Weighted { kpi: (*kpi).to_owned(), weight: Weight::default() };
        let process = Group { kpis: kpis.iter().map(weightless).collect(), ..Group::default() };
        let (quantity, communication) = (Group::default(), Group::default());
        let weights = Weights { version: 1, quantity, process, communication };
        self.decided_with(weights)?.cards(self, &source, period, None)
    }

    /// What holds beside these weights.
    fn decided_with(&self, weights: Weights) -> Result<Decided> {
        let own = self.own_kpis()?;
        let mut kpis = Vec::new();
        for kind in Kind::ALL {
            for weighted in &weights.group(kind).kpis {
                let measured = match work_kpi(&weighted.kpi, &own) {
                    Some(kpi) => Measured::Work(kpi),
                    None => Measured::Sales(self.kpi(&weighted.kpi)?),
                };
                kpis.push(ChosenKpi { id: weighted.kpi.clone(), kind, weight: weighted.weight, measured });
            }
        }
        Ok(Decided {
            weights,
            kpis,
            promises: self.promises()?,
            ratings: self.ratings_that_count()?,
            today: self.today(),
        })
    }
}

/// The window that is asked for, else the last complete month of the data.
fn window(source: &LakeSource, period: Option<Period>) -> Result<Period> {
    Ok(period.or_else(|| source.last_complete_month().map(Period::month)).ok_or(InsightError::NoData)?)
}

impl Decided {
    /// The cards of everybody, and of `asked` also where nothing is known of that manager.
    fn cards(self, takar: &Takar, source: &LakeSource, period: Period, asked: Option<&str>) -> Result<Scorecards> {
        let figures = Figures::read(takar, source, period, &self)?;
        let absences = source.absences().map_err(InsightError::from)?;
        let presences = Presences::of(&absences, period);
        let others = presences.managers().chain(asked);
        let managers = figures.managers(others.filter_map(|id| Some((id, source.names().manager.code(id)?))), source);
        let kpis = self.kpis.iter().map(|kpi| figures.column(kpi, &managers)).collect();
        let currencies = &source.names().currencies;
        let input = Input {
            period,
            managers,
            kpis,
            presences,
            weights: self.weights,
            basis: source.basis(),
            currency: currencies.first().filter(|_| currencies.len() == 1).cloned(),
            seed: SEED,
        };
        Ok(scorecard::scorecards(input)?)
    }
}
