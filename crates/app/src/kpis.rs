//! KPIs: the built-in ones and the company's own, asked for, tried and saved.

use std::time::Instant;

use serde::Serialize;
use serde_json::Value as Json;
use takar_insight::{
    InsightError,
    analysis::trends,
    kpis::{self, AnalysedKpi, Asked, Definition, OwnKpi, TargetFigure, Targeted, Trial},
    metrics::{CellSource, Direction, KPIS, Kpi, KpiDefinition, MetricsTable, Query, Unit},
    quality::nearest,
};
use takar_lake::RowsBehind;
use takar_model::{Credit, Lang, Period, Right};
use takar_state::{KpiRow, Message};

use crate::{AppError, Result, Takar, scorecard::refuse_without_manager};

/// A KPI by its id.
#[derive(Debug, Clone)]
pub enum AnyKpi {
    /// It is built in.
    BuiltIn(&'static KpiDefinition),
    /// It is the company's own.
    Own(Box<OwnKpi>),
    /// How a KPI stands to its targets.
    OfTarget(Box<KpiOfTarget>),
}

/// How a KPI, built in or one's own, stands to its targets: `units_attainment`.
#[derive(Debug, Clone)]
pub struct KpiOfTarget {
    /// The KPI that the targets are for.
    pub kpi: AnyKpi,
    /// What is told of them.
    pub figure: TargetFigure,
}

impl KpiOfTarget {
    /// Its own id.
    pub fn id(&self) -> String {
        format!("{}{}", self.kpi.id(), self.figure.suffix())
    }

    fn targeted(&self) -> Targeted<'_> {
        match &self.kpi {
            AnyKpi::BuiltIn(kpi) => Targeted::BuiltIn(kpi),
            AnyKpi::Own(kpi) => Targeted::Own(kpi),
            AnyKpi::OfTarget(other) => other.targeted(),
        }
    }

    /// What it is called.
    pub fn name(&self, lang: Lang) -> String {
        self.targeted().figure_name(self.figure, lang)
    }

    /// Which way is better: a KPI of which less is better stays below its target.
    pub fn direction(&self) -> Direction {
        match (self.figure, &self.kpi) {
            (TargetFigure::Attainment, AnyKpi::BuiltIn(kpi)) => kpi.direction,
            (TargetFigure::Attainment, AnyKpi::Own(kpi)) => kpi.direction,
            _ => Direction::Neutral,
        }
    }

    /// What it is measured in.
    pub fn unit(&self) -> Unit {
        self.targeted().figure_unit(self.figure)
    }
}

impl AnyKpi {
    /// Its name in commands, addresses and JSON.
    pub fn id(&self) -> String {
        match self {
            Self::BuiltIn(kpi) => kpi.id.to_owned(),
            Self::Own(kpi) => kpi.id.clone(),
            Self::OfTarget(kpi) => kpi.id(),
        }
    }

    /// As JSON for a reader of `lang`.
    pub fn to_json(&self, lang: Lang) -> Json {
        match self {
            Self::BuiltIn(kpi) => kpi.to_json(lang),
            Self::Own(kpi) => kpi.to_json(lang),
            Self::OfTarget(of) => serde_json::json!({
                "id": of.id(),
                "name": of.name(lang),
                "definition": of.figure.definition().get(lang),
                "unit": of.unit(),
                "direction": of.direction(),
                "nature": Targeted::figure_nature(of.figure),
                "of": of.kpi.id(),
            }),
        }
    }

    /// The company's own KPI that it is, or that it holds against targets.
    pub(crate) fn own(&self) -> Option<&OwnKpi> {
        match self {
            Self::BuiltIn(_) => None,
            Self::Own(kpi) => Some(kpi),
            Self::OfTarget(of) => of.kpi.own(),
        }
    }

    /// As it is asked for.
    pub(crate) fn asked(&self) -> Asked<'_> {
        match self {
            Self::BuiltIn(kpi) => Asked::BuiltIn(kpi),
            Self::Own(kpi) => Asked::Own(kpi),
            Self::OfTarget(of) => Asked::OfTarget(of.targeted(), of.figure),
        }
    }
}

/// A version of an own KPI, for people.
#[derive(Debug, Serialize)]
pub struct KpiVersion {
    /// Its version, from 1.
    pub version: u32,
    /// When it was saved, UTC.
    pub at: String,
    /// What it said; none where the KPI was removed then.
    pub definition: Option<Definition>,
}

/// A definition tried on the data.
#[derive(Debug)]
pub struct KpiTrial {
    /// The KPI as it would be saved.
    pub kpi: OwnKpi,
    /// The window that it was tried on.
    pub window: Period,
    /// What it came to.
    pub trial: Trial,
    /// Some of the rows of each fact that it reads.
    pub rows: Vec<RowsBehind>,
    /// How long the figures took, in milliseconds.
    pub took_ms: u128,
}

/// How many rows of each fact a trial shows.
const ROWS_SHOWN: usize = 10;

impl Takar {
    /// The company's own KPIs as they count now, by id.
    pub fn own_kpis(&self) -> Result<Vec<OwnKpi>> {
        Ok(self.kept_kpis()?.iter().filter_map(|row| checked(row).ok()).collect())
    }

    /// The definitions of own KPIs; those of the pin where one is read.
    pub(crate) fn kept_kpis(&self) -> Result<Vec<KpiRow>> {
        match &self.pin {
            Some(pin) => Ok(pin.definitions.kpis.clone()),
            None => Ok(self.state.kpis()?),
        }
    }

    /// Every KPI: the built-in ones, the company's own, then how those that have targets stand to them.
    pub fn kpis(&self) -> Result<Vec<AnyKpi>> {
        let built_in = KPIS.iter().map(AnyKpi::BuiltIn);
        let mut all: Vec<AnyKpi> =
            built_in.chain(self.own_kpis()?.into_iter().map(|kpi| AnyKpi::Own(Box::new(kpi)))).collect();
        let source = self.lake_source(Credit::Recorded)?;
        // Net sales have theirs built in.
        let has_targets = |kpi: &&AnyKpi| {
            let id = kpi.id();
            id != Kpi::NetSales.definition().id && source.targets().iter().any(|target| target.kpi == id)
        };
        let targeted: Vec<AnyKpi> = all.iter().filter(has_targets).cloned().collect();
        for kpi in targeted {
            let of = |figure| KpiOfTarget { kpi: kpi.clone(), figure };
            let of = TargetFigure::ALL.into_iter().map(of).filter(|of| of.targeted().can_have_targets());
            all.extend(of.map(|of| AnyKpi::OfTarget(Box::new(of))));
        }
        Ok(all)
    }

    /// The KPI of that id.
    pub fn kpi(&self, id: &str) -> Result<AnyKpi> {
        let id = id.trim().to_lowercase();
        if let Ok(kpi) = Kpi::parse(&id) {
            return Ok(AnyKpi::BuiltIn(kpi));
        }
        let rows = self.kept_kpis()?;
        if let Some(row) = rows.iter().find(|row| row.id == id) {
            return Ok(AnyKpi::Own(Box::new(checked(row)?)));
        }
        if let Some((of, figure)) = TargetFigure::split(&id)
            && let Ok(kpi @ (AnyKpi::BuiltIn(_) | AnyKpi::Own(_))) = self.kpi(of)
        {
            let of = KpiOfTarget { kpi, figure };
            if of.targeted().can_have_targets() {
                return Ok(AnyKpi::OfTarget(Box::new(of)));
            }
        }
        let known: Vec<&str> = KPIS.iter().map(|kpi| kpi.id).chain(rows.iter().map(|row| row.id.as_str())).collect();
        let (hint_id, hint_en) = match nearest(&id, &known) {
            Some((near, _)) => (format!(", maksudnya \"{near}\"?"), format!(", did you mean \"{near}\"?")),
            None => <(String, String)>::default(),
        };
        let (shown, known): (String, String) = (id.chars().take(60).collect(), known.join(", "));
        Err(AppError::Told(Message {
            id: format!("tidak ada KPI bernama \"{shown}\"{hint_id}; yang ada: {known}"),
            en: format!("there is no KPI named \"{shown}\"{hint_en}; there are: {known}"),
        }))
    }

    /// A KPI as an analysis of its months asks for it.
    ///
    /// # Errors
    /// Where there is none of that id, or it is how another stands to its targets.
    pub fn analysed_kpi(&self, id: &str) -> Result<AnalysedKpi> {
        match self.kpi(id)? {
            AnyKpi::BuiltIn(kpi) => Ok(AnalysedKpi::BuiltIn(kpi)),
            AnyKpi::Own(kpi) => Ok(AnalysedKpi::Own(kpi)),
            AnyKpi::OfTarget(of) => Err(AppError::Told(Message {
                id: format!(
                    "\"{}\" bergantung pada target, yang tidak ada di tiap bulan; pilih KPI {}",
                    of.id(),
                    of.kpi.id()
                ),
                en: format!(
                    "\"{}\" depends on targets, which not every month has; choose the KPI {}",
                    of.id(),
                    of.kpi.id()
                ),
            })),
        }
    }

    /// Trend and pattern of a KPI, built in or own.
    pub fn trends(&self, credit: Credit, question: &trends::Question) -> Result<trends::Trends> {
        let source = self.source(credit)?;
        Ok(trends::trends(source.as_ref(), self.lake_source(credit)?.as_ref(), question)?)
    }

    /// Answers a question about KPIs of whatever kind, by their ids.
    pub fn metrics(&self, credit: Credit, query: &Query, kpis: &[String]) -> Result<MetricsTable> {
        let mut found: Vec<AnyKpi> = kpis.iter().map(|id| self.kpi(id)).collect::<Result<_>>()?;
        with_coverage(&mut found);
        let asked: Vec<Asked<'_>> = found.iter().map(AnyKpi::asked).collect();
        let source = self.source(credit)?;
        Ok(kpis::answer(source.as_ref(), self.lake_source(credit)?.as_ref(), query, &asked)?)
    }

    /// Tries a definition on one window, the last complete month unless another is given. Nothing is saved.
    pub fn try_kpi(&self, credit: Credit, definition: &Definition, window: Option<Period>) -> Result<KpiTrial> {
        self.may(Right::Define)?;
        let kpi = definition.chosen(self.next_version(&definition.id)?)?;
        let source = self.lake_source(credit)?;
        let last = source.last_complete_month().ok_or(InsightError::NoData)?;
        let window = window.unwrap_or_else(|| Period::month(last));
        let begun = Instant::now();
        let trial = kpis::try_out(source.as_ref(), source.as_ref(), &kpi, window)?;
        let took_ms = begun.elapsed().as_millis();
        let aggregates = kpi.expression.aggregates();
        let rows = aggregates.iter().map(|aggregate| source.rows_behind(aggregate, window, ROWS_SHOWN));
        Ok(KpiTrial { rows: rows.collect::<std::result::Result<_, _>>()?, kpi, window, trial, took_ms })
    }

    /// Tries a definition and, where its check agrees, saves it as the next version of its KPI.
    pub fn save_kpi(&self, credit: Credit, definition: &Definition) -> Result<OwnKpi> {
        self.may(Right::Define)?;
        let kpi = match self.try_kpi(credit, definition, None) {
            Ok(tried) if tried.trial.disagreements > 0 => return Err(disagreement(&tried)),
            Ok(tried) => tried.kpi,
            // Before there are data a definition can be written down all the same.
            Err(AppError::Insight(InsightError::NoData)) => definition.chosen(self.next_version(&definition.id)?)?,
            Err(error) => return Err(error),
        };
        refuse_without_manager(&self.weights()?.weights, [&kpi])?;
        let versions = self.save_definitions(std::slice::from_ref(&kpi))?;
        let version = versions.first().copied().unwrap_or(kpi.version);
        self.note_decision(
            "save kpi",
            &Message::new(format!("{} versi {version}", kpi.id), format!("{} version {version}", kpi.id)),
            &[],
        )?;
        Ok(OwnKpi { version, ..kpi })
    }

    /// Keeps definitions that were checked, all or none.
    pub(crate) fn save_definitions(&self, kpis: &[OwnKpi]) -> Result<Vec<u32>> {
        let written: Vec<(String, String)> =
            kpis.iter().map(|kpi| (kpi.id.clone(), json_of(&kpi.definition()))).collect();
        let written: Vec<(&str, &str)> = written.iter().map(|(id, json)| (id.as_str(), json.as_str())).collect();
        Ok(self.state.save_kpis(&self.now(), &written)?)
    }

    /// Every version of an own KPI, the last first.
    pub fn kpi_history(&self, id: &str) -> Result<Vec<KpiVersion>> {
        let rows = self.state.kpi_versions(id)?;
        if rows.is_empty() {
            return Err(no_own_kpi(id));
        }
        let version = |row: KpiRow| KpiVersion {
            version: row.version,
            at: row.at,
            definition: row.definition.and_then(|json| serde_json::from_str(&json).ok()),
        };
        Ok(rows.into_iter().map(version).collect())
    }

    /// Removes an own KPI; what it said in each version stays readable.
    pub fn remove_kpi(&self, id: &str) -> Result<()> {
        self.may(Right::Define)?;
        if self.state.kpis()?.iter().any(|row| row.id == id) {
            self.refuse_if_weighed(id)?;
        }
        if !self.state.remove_kpi(&self.now(), id)? {
            return Err(no_own_kpi(id));
        }
        self.note_decision("remove kpi", &Message::same(id), &[])
    }

    fn next_version(&self, id: &str) -> Result<u32> {
        Ok(self.state.kpi_versions(id.trim())?.first().map_or(1, |last| last.version + 1))
    }
}

/// A definition as a file or a body has it.
pub fn definition_from_json(json: &str) -> Result<Definition> {
    serde_json::from_str(json).map_err(|error| {
        AppError::Told(Message {
            id: format!("definisi KPI tidak terbaca: {error}"),
            en: format!("the definition of a KPI cannot be read: {error}"),
        })
    })
}

/// A word of a definition (`money`, `higher`, `sum`, `zero`) as it stands in JSON.
pub fn word_of<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Json::from(word)).ok()
}

/// An attainment is never told without which part of sales it speaks for.
fn with_coverage(kpis: &mut Vec<AnyKpi>) {
    let mut place = 0;
    while place < kpis.len() {
        if let AnyKpi::OfTarget(of) = &kpis[place]
            && of.figure == TargetFigure::Attainment
        {
            let coverage = KpiOfTarget { kpi: of.kpi.clone(), figure: TargetFigure::Coverage };
            let id = coverage.id();
            if !kpis.iter().any(|kpi| kpi.id() == id) {
                place += 1;
                kpis.insert(place, AnyKpi::OfTarget(Box::new(coverage)));
            }
        }
        place += 1;
    }
}

fn checked(row: &KpiRow) -> Result<OwnKpi> {
    let json = row.definition.as_deref().unwrap_or_default();
    Ok(definition_from_json(json)?.checked(row.version)?)
}

fn json_of(definition: &Definition) -> String {
    serde_json::to_string(definition).unwrap_or_default()
}

fn no_own_kpi(id: &str) -> AppError {
    let id: String = id.chars().take(60).collect();
    if KPIS.iter().any(|kpi| kpi.id == id) {
        return AppError::Told(Message {
            id: format!("\"{id}\" adalah KPI bawaan; tidak bisa diubah atau dihapus"),
            en: format!("\"{id}\" is a built-in KPI; it cannot be changed or removed"),
        });
    }
    AppError::Missing(Message {
        id: format!("tidak ada KPI sendiri bernama \"{id}\"; lihat takar kpis"),
        en: format!("there is no own KPI named \"{id}\"; see takar kpis"),
    })
}

fn disagreement(tried: &KpiTrial) -> AppError {
    let (count, window) = (tried.trial.disagreements, tried.window);
    AppError::Told(Message {
        id: format!(
            "rumus pemeriksa memberi angka lain pada {count} baris di {window}; KPI tidak disimpan. Lihat dengan takar kpis try"
        ),
        en: format!(
            "the check comes to other figures in {count} rows of {window}; the KPI was not saved. Look with takar kpis try"
        ),
    })
}
