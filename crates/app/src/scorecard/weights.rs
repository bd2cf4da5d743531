//! The weights of scorecards: read, checked and set.

use serde::{Deserialize, Serialize};
use takar_insight::{
    evaluation::{
        scorecard::usual_weights,
        weights::{Kind, Weighable, WeightProblem, Weights},
    },
    kpis::OwnKpi,
    metrics::{Dimension, Direction},
    process::{PROCESS_KPIS, Side},
};
use takar_model::{Lang, Right};
use takar_state::{Message, WeightsRow};

use super::chosen::{is_of_work, told, told_of_work};
use crate::{AppError, Result, Takar};

/// The weights that hold, and where they come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightsInUse {
    /// The weights.
    pub weights: Weights,
    /// `own`, a pack's id, or `usual`.
    pub from: String,
    /// When they were set, UTC; none for the usual ones.
    pub since: Option<String>,
    /// Who set them.
    pub by: Option<String>,
}

/// A KPI that weights may name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KpiToWeigh {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it means.
    pub definition: String,
    /// The group it belongs to by its nature; it may be weighed in another.
    pub group: Kind,
}

impl Takar {
    /// Every KPI that weights may name: those with a better and a worse, of sales, own, and of the work.
    pub fn kpis_to_weigh(&self, lang: Lang) -> Result<Vec<KpiToWeigh>> {
        let said = |both: (String, String)| if lang == Lang::Id { both.0 } else { both.1 };
        let own = self.own_kpis()?;
        let of_sales = self.kpis()?.into_iter().map(|kpi| (kpi.id().to_owned(), told(&kpi), Kind::Quantity));
        let of_work = PROCESS_KPIS.iter().filter(|kpi| is_of_work(kpi.id, &own)).map(|kpi| {
            let group = if kpi.side == Side::Process { Kind::Process } else { Kind::Communication };
            (kpi.id.to_owned(), told_of_work(kpi), group)
        });
        let weighed = of_sales.chain(of_work).filter(|(_, told, _)| told.direction != Direction::Neutral);
        Ok(weighed
            .map(|(id, told, group)| KpiToWeigh { id, name: said(told.name), definition: said(told.definition), group })
            .collect())
    }

    /// The weights that hold: the company's own, else those of the pack in use, else the usual ones.
    pub fn weights(&self) -> Result<WeightsInUse> {
        if let Some(pin) = &self.pin {
            return Ok(pin.definitions.weights.clone());
        }
        if let Some(row) = self.state.weights()?.into_iter().next()
            && let Ok(weights) = serde_json::from_str::<Weights>(&row.weights)
        {
            let weights = Weights { version: row.version, ..weights };
            return Ok(WeightsInUse { weights, from: "own".to_owned(), since: Some(row.at), by: Some(row.by) });
        }
        if let Some(pack) = self.pack_in_use()?
            && let Some(weights) = pack.weights
        {
            return Ok(WeightsInUse { weights, from: pack.id, since: Some(pack.since), by: None });
        }
        Ok(WeightsInUse { weights: usual_weights(), from: "usual".to_owned(), since: None, by: None })
    }

    /// Sets other weights, as the next version; earlier ones are kept.
    ///
    /// # Errors
    /// Where the role does not let one, or they do not hold: everything that is wrong is said.
    pub fn set_weights(&self, weights: &Weights, by: Option<&str>) -> Result<WeightsInUse> {
        self.may(Right::Define)?;
        self.hold(weights)?;
        let text = serde_json::to_string(weights)
            .map_err(|error| takar_insight::InsightError::Unwritable(error.to_string()))?;
        let version = self.state.add_weights(&self.now(), &self.by(by), &text)?;
        self.note_decision(
            "set weights",
            &Message::new(format!("versi {version}"), format!("version {version}")),
            &[],
        )?;
        self.weights()
    }

    /// Every version of the company's own weights, the last first.
    pub fn weights_history(&self) -> Result<Vec<WeightsRow>> {
        Ok(self.state.weights()?)
    }

    /// A mark that changes with what is measured and how it is weighed: own KPIs, weights, promises.
    pub(crate) fn definitions_mark(&self) -> Result<String> {
        let all = format!("{:?} {:?} {:?}", self.weights()?.weights, self.promises()?, self.own_kpis()?);
        Ok(format!("{:016x}", xxhash_rust::xxh3::xxh3_64(all.as_bytes())))
    }

    /// Refuses weights that do not hold, with all that is wrong.
    pub(super) fn hold(&self, weights: &Weights) -> Result<()> {
        let own = self.own_kpis()?;
        let problems = weights.problems(&|id| self.weighable(id, &own));
        if problems.is_empty() {
            return Ok(());
        }
        let said = |lang: Lang| problems.iter().map(|problem| problem.message(lang)).collect::<Vec<_>>().join("; ");
        Err(AppError::Told(Message { id: said(Lang::Id), en: said(Lang::En) }))
    }

    fn weighable(&self, id: &str, own: &[OwnKpi]) -> Option<Weighable> {
        if is_of_work(id, own) {
            return PROCESS_KPIS.iter().find(|kpi| kpi.id == id).map(|kpi| kpi.direction.into());
        }
        let kpi = self.kpi(id).ok()?;
        let by_manager = kpi.own().is_none_or(|own| own.knows(Dimension::Manager));
        Some(Weighable { direction: told(&kpi).direction, by_manager })
    }

    /// Refuses to take away what the weights in use weigh: no card could be made any more.
    pub(crate) fn refuse_if_weighed(&self, kpi: &str) -> Result<()> {
        let in_use = self.weights()?;
        let Some(group) = in_use.weights.group_of(kpi) else { return Ok(()) };
        let (which, version) = (&in_use.from, in_use.weights.version);
        let group = group.name();
        Err(AppError::Told(Message {
            id: format!(
                "KPI \"{kpi}\" dinilai dalam kartu skor: bobot {which} versi {version}, kelompok {}. Tetapkan bobot tanpa KPI itu dulu (halaman Kartu skor, atau takar scorecard weights --set)",
                group.id
            ),
            en: format!(
                "the KPI \"{kpi}\" counts in the scorecards: weights {which} version {version}, group {}. Set weights without it first (page Scorecards, or takar scorecard weights --set)",
                group.en
            ),
        }))
    }
}

/// Refuses own KPIs that weights name and that cannot be told by manager: no card could be made any more.
pub(crate) fn refuse_without_manager<'a>(weights: &Weights, own: impl IntoIterator<Item = &'a OwnKpi>) -> Result<()> {
    let mut unknowing = own.into_iter().filter(|kpi| !kpi.knows(Dimension::Manager));
    let Some((kpi, group)) = unknowing.find_map(|kpi| Some((kpi.id.clone(), weights.group_of(&kpi.id)?))) else {
        return Ok(());
    };
    let problem = WeightProblem::NoManager(group, kpi);
    Err(AppError::Told(Message { id: problem.message(Lang::Id), en: problem.message(Lang::En) }))
}
