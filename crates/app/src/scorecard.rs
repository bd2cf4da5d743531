//! Scorecards: the figures of sales and of the work put together by the weights that hold.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use takar_insight::{
    evaluation::{
        scorecard::{self, Input, KpiOfCard, NoValue, Scorecards, ValueOfCard, number_of, usual_weights},
        weights::{Kind, Weights},
    },
    kpis::{self, Asked, OwnKpi},
    metrics::{CellSource, Dimension, Direction, Kpi, Query, Unit},
    process::{PROCESS_KPIS, Question},
};
use takar_model::{Credit, Lang, Period, Right, id_order};
use takar_state::{Message, WeightsRow};

use crate::{AnyKpi, AppError, Result, Takar};

/// What the KPIs of the cards come to is drawn from this seed: the same data give the same ranges.
const SEED: u64 = 2008;

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

impl Takar {
    /// The scorecards of a window, the last complete month of the data unless given; of one manager or all.
    ///
    /// # Errors
    /// Without data, for an unknown manager, or where a KPI of the weights cannot be asked for.
    pub fn scorecards(&self, credit: Credit, period: Option<Period>, manager: Option<&str>) -> Result<Scorecards> {
        let source = self.lake_source(credit)?;
        let usual = source.last_complete_month().map(Period::month);
        let period = period.or(usual).ok_or(takar_insight::InsightError::NoData)?;
        let all = self.kept.scorecards.get((self.stand()?, credit, period), || self.all_scorecards(credit, period))?;
        let cards = all.as_ref().clone().within(self.reach());
        Ok(match manager {
            Some(id) => cards.of(id)?,
            None => cards,
        })
    }

    /// Everybody's cards, whoever asks.
    fn all_scorecards(&self, credit: Credit, period: Period) -> Result<Scorecards> {
        let source = self.lake_source(credit)?;
        let weights = self.weights()?.weights;
        let wanted: Vec<(Kind, String)> = Kind::ALL
            .into_iter()
            .flat_map(|kind| weights.group(kind).kpis.iter().map(move |one| (kind, one.kpi.clone())))
            .collect();
        let own = self.own_kpis()?;
        let (of_work, of_sales): (Vec<_>, Vec<_>) =
            wanted.iter().map(|(_, id)| id.as_str()).partition(|id| is_of_work(id, &own));
        let found: Vec<AnyKpi> = of_sales.iter().map(|id| self.kpi(id)).collect::<Result<_>>()?;
        let asked: Vec<Asked<'_>> = found
            .iter()
            .map(|kpi| match kpi {
                AnyKpi::BuiltIn(kpi) => Asked::BuiltIn(kpi),
                AnyKpi::Own(kpi) => Asked::Own(kpi),
            })
            .chain([Asked::BuiltIn(Kpi::parse("net_sales")?), Asked::BuiltIn(Kpi::parse("target")?)])
            .collect();
        let query = Query { by: vec![Dimension::Manager], period: Some(period), ..Query::default() };
        let table = kpis::answer(source.as_ref(), source.as_ref(), &query, &asked)?;
        let work = if of_work.is_empty() {
            None
        } else {
            let question = Question {
                period: Some(period),
                promises: self.promises()?,
                today: Some(self.today()),
                ..Question::default()
            };
            Some(self.work(&source, Some(period))?.measured(source.as_ref(), &question)?)
        };

        // Who sold something in the window, or whose work is recorded.
        let mut managers: HashMap<String, Option<String>> = HashMap::new();
        for key in table.rows.iter().filter_map(|row| row.keys.first()) {
            if let Some(id) = &key.id {
                managers.insert(id.clone(), key.name.clone());
            }
        }
        for one in work.iter().flat_map(|work| &work.managers) {
            if let Some(id) = &one.id {
                managers.entry(id.clone()).or_insert_with(|| one.name.clone());
            }
        }
        let mut managers: Vec<(String, Option<String>)> = managers.into_iter().collect();
        managers.sort_by(|one, other| id_order(&one.0, &other.0));

        let weight_of = |kind: Kind, id: &str| {
            let group = weights.group(kind);
            group.kpis.iter().find(|one| one.kpi == id).map(|one| one.weight).unwrap_or_default()
        };
        let row_of: HashMap<&str, usize> = table
            .rows
            .iter()
            .enumerate()
            .filter_map(|(place, row)| Some((row.keys.first()?.id.as_deref()?, place)))
            .collect();
        let work_of: HashMap<&str, usize> = work
            .iter()
            .flat_map(|work| work.managers.iter().enumerate())
            .filter_map(|(place, one)| Some((one.id.as_deref()?, place)))
            .collect();
        let mut columns = Vec::with_capacity(wanted.len());
        for (kind, id) in &wanted {
            let weight = weight_of(*kind, id);
            if let Some(definition) =
                PROCESS_KPIS.iter().find(|kpi| kpi.id == id).filter(|_| of_work.contains(&id.as_str()))
            {
                let value = |manager: &str| -> ValueOfCard {
                    let one = work.as_ref().zip(work_of.get(manager)).map(|(work, place)| &work.managers[*place]);
                    let Some(measure) = one.map(|one| one.measure(definition.kpi)) else { return nothing() };
                    ValueOfCard {
                        value: measure.value.ok_or_else(|| measure.suppressed.map_or(NoValue::Nothing, NoValue::Work)),
                        interval: measure.interval.as_ref().map(|interval| (interval.low, interval.high)),
                        n: Some(measure.n),
                        target: measure.promise,
                    }
                };
                columns.push(KpiOfCard {
                    id: id.clone(),
                    name: (definition.name.id.to_owned(), definition.name.en.to_owned()),
                    definition: (definition.definition.id.to_owned(), definition.definition.en.to_owned()),
                    kind: *kind,
                    weight,
                    direction: definition.direction,
                    unit: word_of(&definition.unit),
                    values: managers.iter().map(|(manager, _)| value(manager)).collect(),
                });
                continue;
            }
            let Some(place) = of_sales.iter().position(|known| known == id) else { continue };
            let value = |manager: &str| -> ValueOfCard {
                let Some(row) = row_of.get(manager).map(|row| &table.rows[*row]) else { return nothing() };
                let value = row.values.get(place).map_or(Err(NoValue::Nothing), |value| number_of(*value));
                let target = (id == "attainment").then(|| table.value(row, "target")).flatten();
                ValueOfCard { value, interval: None, n: None, target: target.and_then(|target| number_of(target).ok()) }
            };
            let (name, definition, direction, unit) = told(&found[place]);
            columns.push(KpiOfCard {
                id: id.clone(),
                name,
                definition,
                kind: *kind,
                weight,
                direction,
                unit,
                values: managers.iter().map(|(manager, _)| value(manager)).collect(),
            });
        }
        let currencies = &source.names().currencies;
        let input = Input {
            period,
            managers,
            kpis: columns,
            weights,
            basis: source.basis(),
            currency: currencies.first().filter(|_| currencies.len() == 1).cloned(),
            seed: SEED,
        };
        Ok(scorecard::scorecards(input)?)
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
        let own = self.own_kpis()?;
        let direction = |id: &str| self.direction_of(id, &own);
        let problems = weights.problems(&direction);
        if !problems.is_empty() {
            let said = |lang: Lang| problems.iter().map(|problem| problem.message(lang)).collect::<Vec<_>>().join("; ");
            return Err(AppError::Told(Message { id: said(Lang::Id), en: said(Lang::En) }));
        }
        let text = serde_json::to_string(weights)
            .map_err(|error| takar_insight::InsightError::Unwritable(error.to_string()))?;
        let version = self.state.add_weights(&self.now(), &self.by(by), &text)?;
        self.note("set weights", &format!("version {version}"))?;
        self.weights()
    }

    /// Every version of the company's own weights, the last first.
    pub fn weights_history(&self) -> Result<Vec<WeightsRow>> {
        Ok(self.state.weights()?)
    }

    /// A mark that changes with every change of what is measured and how it is weighed.
    pub fn definitions_mark(&self) -> Result<String> {
        let all = format!("{:?} {:?} {:?}", self.weights()?.weights, self.promises()?, self.own_kpis()?);
        Ok(format!("{:016x}", xxhash_rust::xxh3::xxh3_64(all.as_bytes())))
    }

    fn direction_of(&self, id: &str, own: &[OwnKpi]) -> Option<Direction> {
        if is_of_work(id, own) {
            return PROCESS_KPIS.iter().find(|kpi| kpi.id == id).map(|kpi| kpi.direction);
        }
        self.kpi(id).ok().map(|kpi| told(&kpi).2)
    }
}

/// It is a figure of the work. An own KPI of the same id goes before.
fn is_of_work(id: &str, own: &[OwnKpi]) -> bool {
    PROCESS_KPIS.iter().any(|kpi| kpi.id == id) && !own.iter().any(|kpi| kpi.id == id)
}

fn nothing() -> ValueOfCard {
    ValueOfCard { value: Err(NoValue::Nothing), interval: None, n: None, target: None }
}

/// Name, definition, direction and unit of a KPI of sales.
fn told(kpi: &AnyKpi) -> ((String, String), (String, String), Direction, String) {
    match kpi {
        AnyKpi::BuiltIn(kpi) => (
            (kpi.name.id.to_owned(), kpi.name.en.to_owned()),
            (kpi.definition.id.to_owned(), kpi.definition.en.to_owned()),
            kpi.direction,
            match kpi.unit {
                Unit::Money => "money",
                Unit::Quantity => "quantity",
                Unit::Count => "count",
                Unit::Rate => "rate",
            }
            .to_owned(),
        ),
        AnyKpi::Own(kpi) => {
            let said = |lang: Lang, what: &str| kpi.to_json(lang)[what].as_str().unwrap_or_default().to_owned();
            let both = |what: &str| (said(Lang::Id, what), said(Lang::En, what));
            (both("name"), both("definition"), kpi.direction, said(Lang::En, "unit"))
        }
    }
}

/// A word of a type as it stands in JSON.
fn word_of<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
