//! What the managers came to in a window, in sales and in the work.

use std::collections::HashMap;

use takar_insight::{
    evaluation::scorecard::{KpiOfCard, NoValue, ValueOfCard, number_of},
    kpis::{self, Asked, Cases, TargetFigure},
    metrics::{CellSource, Dimension, Kpi, MetricsTable, Query, Row},
    process::{FEW, Missing, Process, ProcessKpi, Question},
};
use takar_lake::LakeSource;
use takar_model::{Period, id_order};
use takar_stats::{Level, proportion::wilson};

use super::{
    Decided,
    chosen::{ChosenKpi, Measured, Told},
};
use crate::{AnyKpi, Result, Takar};

/// The figures of a window, by manager.
pub(super) struct Figures {
    sales: MetricsTable,
    /// None where no KPI asks for it.
    work: Option<Process>,
    /// Where a manager stands in the figures of sales.
    row_of: HashMap<String, usize>,
    /// … and of the work.
    work_of: HashMap<String, usize>,
    /// In which column of the figures of sales a KPI stands.
    column_of: HashMap<String, usize>,
    /// What counts the cases of an own KPI, by its id.
    cases_of: HashMap<String, Cases>,
}

impl Figures {
    pub(super) fn read(takar: &Takar, source: &LakeSource, period: Period, decided: &Decided) -> Result<Self> {
        let of_sales = || decided.kpis.iter().filter_map(|kpi| Some((&kpi.id, kpi.asked()?)));
        let beside = [Kpi::parse("net_sales")?, Kpi::parse("target")?].map(Asked::BuiltIn);
        // Of net sales attainment is a KPI of its own.
        let has_targets = |id: &str| id != "net_sales" && source.targets().iter().any(|target| target.kpi == id);
        let aims: Vec<AnyKpi> = decided
            .kpis
            .iter()
            .filter(|kpi| has_targets(&kpi.id))
            .flat_map(|kpi| [TargetFigure::Target, TargetFigure::Attainment].map(|figure| kpi.of_target(figure)))
            .flatten()
            .collect();
        let aims = aims.iter().map(AnyKpi::asked);
        let cases = |kpi: &ChosenKpi| {
            let cases = kpi.own()?.cases()?;
            // What of a target was reached rests on the same cases, and is no share of them.
            let is_share = cases.is_share && matches!(kpi.measured, Measured::Sales(AnyKpi::Own(_)));
            Some((kpi.id.clone(), Cases { is_share, ..cases }))
        };
        let cases_of: HashMap<String, Cases> = decided.kpis.iter().filter_map(cases).collect();
        let cases = cases_of.values().flat_map(|cases| &cases.counted).map(Asked::Own);
        let asked: Vec<Asked<'_>> = of_sales().map(|(_, asked)| asked).chain(beside).chain(aims).chain(cases).collect();
        let column_of = of_sales().enumerate().map(|(place, (id, _))| (id.clone(), place)).collect();
        let query = Query { by: vec![Dimension::Manager], period: Some(period), ..Query::default() };
        let sales = kpis::answer(source, source, &query, &asked)?;
        let row = |(place, row): (usize, &Row)| Some((row.keys.first()?.id.clone()?, place));
        let row_of = sales.rows.iter().enumerate().filter_map(row).collect();

        let is_of_work = |kpi: &ChosenKpi| matches!(kpi.measured, Measured::Work(_));
        let question = Question {
            period: Some(period),
            promises: decided.promises.clone(),
            ratings: decided.ratings.clone(),
            today: Some(decided.today),
            ..Question::default()
        };
        let work = match decided.kpis.iter().any(is_of_work) {
            true => Some(takar.work(source.credit(), Some(period))?.measured(source, &question)?),
            false => None,
        };
        let managers = work.iter().flat_map(|work| work.managers.iter().enumerate());
        let work_of = managers.filter_map(|(place, one)| Some((one.id.clone()?, place))).collect();
        Ok(Self { sales, work, row_of, work_of, column_of, cases_of })
    }

    /// Who sold something in the window, or whose work is recorded, and `others` by id and code: id and name, in the order of ids.
    pub(super) fn managers<'a>(
        &self,
        others: impl Iterator<Item = (&'a str, u32)>,
        source: &LakeSource,
    ) -> Vec<(String, Option<String>)> {
        let mut managers: HashMap<String, Option<String>> = HashMap::new();
        for key in self.sales.rows.iter().filter_map(|row| row.keys.first()) {
            if let Some(id) = &key.id {
                managers.insert(id.clone(), key.name.clone());
            }
        }
        for one in self.work.iter().flat_map(|work| &work.managers) {
            if let Some(id) = &one.id {
                managers.entry(id.clone()).or_insert_with(|| one.name.clone());
            }
        }
        for (id, code) in others {
            let name = || source.names().manager.name(code).map(str::to_owned);
            managers.entry(id.to_owned()).or_insert_with(name);
        }
        let mut managers: Vec<(String, Option<String>)> = managers.into_iter().collect();
        managers.sort_by(|one, other| id_order(&one.0, &other.0));
        managers
    }

    /// What each of the managers came to in a KPI.
    pub(super) fn column(&self, kpi: &ChosenKpi, managers: &[(String, Option<String>)]) -> KpiOfCard {
        let Told { name, definition, direction, unit } = kpi.told();
        let value = |manager: &str| match kpi.measured {
            Measured::Work(definition) => self.of_work(definition.kpi, manager),
            Measured::Sales(_) => self.of_sales(&kpi.id, manager),
        };
        KpiOfCard {
            id: kpi.id.clone(),
            name,
            definition,
            kind: kpi.kind,
            weight: kpi.weight,
            direction,
            unit,
            scales: kpi.scales(),
            values: managers.iter().map(|(manager, _)| value(manager).unwrap_or(NOTHING)).collect(),
        }
    }

    /// A figure of sales; none where the manager sold nothing.
    fn of_sales(&self, id: &str, manager: &str) -> Option<ValueOfCard> {
        let row = &self.sales.rows[*self.row_of.get(manager)?];
        let value = row.values.get(*self.column_of.get(id)?);
        let of_target = |figure: TargetFigure| {
            let value = self.sales.value(row, &format!("{id}{}", figure.suffix()));
            value.and_then(|value| number_of(value).ok())
        };
        let target = (id == "attainment").then(|| self.sales.value(row, "target")).flatten();
        let value = value.map_or(Err(NoValue::Nothing), |value| number_of(*value));
        let n = self.cases(row, id);
        let target = target.and_then(|target| number_of(target).ok()).or_else(|| of_target(TargetFigure::Target));
        if value.is_ok() && n.is_some_and(|n| n < FEW) {
            let value = Err(NoValue::Work(Missing::TooFew { needed: FEW }));
            return Some(ValueOfCard { value, interval: None, n, target, attained: None });
        }
        let is_share = self.cases_of.get(id).is_some_and(|cases| cases.is_share);
        let interval = value.ok().filter(|_| is_share).zip(n).and_then(|(share, n)| interval_of(share, n));
        Some(ValueOfCard { value, interval, n, target, attained: of_target(TargetFigure::Attainment) })
    }

    /// How many cases a figure of sales rests on, where they are counted: the fewest of the things it is divided by.
    fn cases(&self, row: &Row, id: &str) -> Option<u64> {
        let counted = self.cases_of.get(id)?.counted.iter().filter_map(|kpi| self.sales.value(row, &kpi.id));
        let counted = counted.filter_map(|value| number_of(value).ok());
        // Counts are whole, far below what a float holds exactly.
        counted.min_by(f64::total_cmp).map(|least| least.max(0.0) as u64)
    }

    /// A figure of the work; none where nothing is recorded of the manager.
    fn of_work(&self, kpi: ProcessKpi, manager: &str) -> Option<ValueOfCard> {
        let measure = self.work.as_ref()?.managers[*self.work_of.get(manager)?].measure(kpi);
        Some(ValueOfCard {
            value: measure.value.ok_or_else(|| measure.suppressed.map_or(NoValue::Nothing, NoValue::Work)),
            interval: measure.interval.as_ref().map(|interval| (interval.low, interval.high)),
            n: Some(measure.n),
            target: measure.target.or(measure.promise),
            attained: measure.attained(),
        })
    }
}

/// Wilson's interval around a share of `n` cases; none around what is no share.
fn interval_of(share: f64, n: u64) -> Option<(f64, f64)> {
    if !(0.0..=1.0).contains(&share) {
        return None;
    }
    let found = wilson((share * n as f64).round() as u64, n, Level::P95).ok()?.interval;
    Some((found.low, found.high))
}

const NOTHING: ValueOfCard =
    ValueOfCard { value: Err(NoValue::Nothing), interval: None, n: None, target: None, attained: None };
