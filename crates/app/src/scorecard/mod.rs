//! Scorecards: the figures of sales and of the work put together by the weights that hold.

mod chosen;
mod figures;
mod weights;

use takar_insight::{
    evaluation::{
        scorecard::{self, Input, Scorecards},
        weights::{Kind, Weights},
    },
    metrics::{CellSource, Reach},
    process::{Promises, Rating},
};
use takar_lake::LakeSource;
use takar_model::{Credit, Day, Period};

pub use self::weights::WeightsInUse;
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
    today: Option<Day>,
}

impl Takar {
    /// The scorecards of a window, the last complete month of the data unless given; of one manager or all.
    ///
    /// # Errors
    /// Without data, for an unknown manager, or where a KPI of the weights cannot be asked for.
    pub fn scorecards(&self, credit: Credit, period: Option<Period>, manager: Option<&str>) -> Result<Scorecards> {
        let decided = self.decided_with(self.weights()?.weights)?;
        let cards = decided.cards(self.lake_source(credit)?.as_ref(), period, self.reach())?;
        Ok(match manager {
            Some(id) => cards.of(id)?,
            None => cards,
        })
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
            today: Some(self.today()),
        })
    }
}

impl Decided {
    /// The cards of everybody, shown as far as the reader may see.
    fn cards(self, source: &LakeSource, period: Option<Period>, reach: Option<&Reach>) -> Result<Scorecards> {
        let usual = source.last_complete_month().map(Period::month);
        let period = period.or(usual).ok_or(takar_insight::InsightError::NoData)?;
        let figures = Figures::read(source, period, &self)?;
        let managers = figures.managers();
        let kpis = self.kpis.iter().map(|kpi| figures.column(kpi, &managers)).collect();
        let currencies = &source.names().currencies;
        let input = Input {
            period,
            managers,
            kpis,
            weights: self.weights,
            basis: source.basis(),
            currency: currencies.first().filter(|_| currencies.len() == 1).cloned(),
            seed: SEED,
        };
        Ok(scorecard::scorecards(input)?.within(reach))
    }
}
