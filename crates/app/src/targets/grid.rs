//! Targets as a grid: members by months, with what is typed in it, the sums, the chances and the gap to what is handed down.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use takar_insight::{
    metrics::{CellSource, NONE, Unit},
    targets::{Held, Judge, Level, Proposed, Whom, doubts},
};
use takar_lake::LakeSource;
use takar_model::{Credit, Lang, Money, Month, Period};
use takar_state::DraftState;

use super::{ChanceTold, TargetScope, Understood, chance_told, months, read_figures, set::whom_of, sum_of};
use crate::{Result, Takar};

/// The most members of a grid.
const MOST: usize = 500;

/// Which grid, and what is typed in it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GridAsked {
    /// The figure; `net_sales` unless told.
    pub kpi: String,
    /// `manager` (unless told), `account`, `product`, `category`, `region`, `segment`, `branch` or `company`.
    pub level: String,
    /// Only of this manager.
    pub manager: Option<String>,
    /// The months that are its columns; the coming year unless told.
    pub period: String,
    /// What is typed and not kept yet.
    pub typed: Vec<Typed>,
}

/// A cell as it is typed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    /// The member's id.
    pub id: Option<String>,
    /// The month.
    pub period: String,
    /// The text.
    pub text: String,
}

/// The grid.
#[derive(Debug, Clone, Serialize)]
pub struct TargetGrid {
    /// The figure.
    pub kpi: serde_json::Value,
    /// For whom.
    pub level: Level,
    /// Only of this manager.
    pub manager: Option<String>,
    /// All of its months.
    pub period: String,
    /// Its columns.
    pub months: Vec<String>,
    /// Its rows.
    pub rows: Vec<RowOfGrid>,
    /// The sums of its columns.
    pub sums: Vec<Option<Money>>,
    /// The sum of all.
    pub total: Option<Money>,
    /// What is handed down, by month; none where there is no target above.
    pub top: Option<Vec<Money>>,
    /// The sum of that.
    pub top_total: Option<Money>,
    /// How much more is handed down than stands in the grid, by month.
    pub gap: Option<Vec<Money>>,
    /// The sum of that.
    pub gap_total: Option<Money>,
    /// How many members are not shown.
    pub left_out: usize,
    /// Cells with something that cannot be read.
    pub faults: usize,
    /// Cells that are questioned.
    pub questioned: usize,
    /// The one currency of the data.
    pub currency: Option<String>,
}

/// One member.
#[derive(Debug, Clone, Serialize)]
pub struct RowOfGrid {
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// By month.
    pub cells: Vec<GridCell>,
    /// The target for the whole window, where it has one and none by month.
    pub whole: Option<Money>,
    /// The sum of its months.
    pub total: Option<Money>,
    /// The chance to reach that sum.
    pub chance: Option<ChanceTold>,
    /// What is expected of it.
    pub expected: Option<f64>,
    /// Why the chance is not known.
    pub why: Option<String>,
}

/// One cell.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GridCell {
    /// What stands in it: typed, else wanted, else what counts.
    pub value: Option<Money>,
    /// The text as it was typed.
    pub text: Option<String>,
    /// What counts now.
    pub held: Option<Money>,
    /// What is wanted and waits.
    pub draft: Option<Money>,
    /// The draft's number.
    pub draft_id: Option<i64>,
    /// The chance to reach it.
    pub chance: Option<f64>,
    /// What is wrong with what is typed.
    pub fault: Option<String>,
    /// What is questioned about what is typed.
    pub doubts: Vec<String>,
}

/// A cell by its row and month.
pub type CellOfGrid = (Option<String>, Month);

impl Takar {
    /// The grid with what is typed in it; nothing is kept.
    pub fn target_grid(&self, asked: &GridAsked, (credit, lang): (Credit, Lang)) -> Result<TargetGrid> {
        let scope = TargetScope { kpi: asked.kpi.clone(), level: asked.level.clone(), manager: asked.manager.clone() };
        let understood = self.understood(&scope)?;
        self.may_plan(&understood)?;
        let source = self.lake_source(credit)?;
        let period = match asked.period.trim() {
            "" => coming_year(&source)?,
            text => text.parse::<Period>()?,
        };
        let columns = months(period)?;
        let judge = self.judge(&source, &understood, period)?;
        let held = Self::held(&source, &understood.kpi);
        let drafts = self.waiting_drafts(&understood.kpi)?;
        let mut members = members(&source, &understood, &judge, &held);
        // What is out of reach takes nobody's place.
        members.retain(|(id, _)| self.is_in_reach(&understood.whom(id.as_deref())));
        let left_out = members.len().saturating_sub(MOST);
        members.truncate(MOST);
        let typed = read(asked, (judge.kpi().unit(), lang));
        let mut wanted = self.held_with_drafts(&source, &understood.kpi)?;

        let mut rows: Vec<RowOfGrid> = Vec::with_capacity(members.len());
        let mut proposed: Vec<(usize, usize, Proposed)> = Vec::new();
        for (id, name) in members {
            let whom = understood.whom(id.as_deref());
            let mut cells = Vec::with_capacity(columns.len());
            for (place, month) in columns.iter().enumerate() {
                let own = Period::month(*month);
                let mut cell = GridCell { held: held.exact(&whom, own), ..GridCell::default() };
                if let Some((number, value)) = drafts.get(&(whom.clone(), own)) {
                    (cell.draft, cell.draft_id) = (Some(*value), Some(*number));
                }
                cell.value = cell.draft.or(cell.held);
                if let Some((text, read)) = typed.get(&(id.clone(), *month)) {
                    cell.text = Some(text.clone());
                    match read {
                        Ok(Some(value)) => {
                            cell.value = Some(*value);
                            wanted.put(whom.clone(), own, *value);
                            proposed.push((
                                rows.len(),
                                place,
                                Proposed { whom: whom.clone(), period: own, value: *value },
                            ));
                        }
                        Ok(None) => {}
                        Err(fault) => cell.fault = Some(fault.clone()),
                    }
                }
                cells.push(cell);
            }
            rows.push(RowOfGrid {
                whole: held.exact(&whom, period).filter(|_| columns.len() > 1),
                ..told_row(&judge, id, name, cells, &columns, period, lang)
            });
        }
        let asked_about: Vec<Proposed> = proposed.iter().map(|(.., one)| one.clone()).collect();
        let questions =
            doubts((source.as_ref(), source.as_ref()), &judge, understood.manager.as_deref(), &asked_about, &wanted)?;
        for ((row, place, _), doubts) in proposed.iter().zip(&questions) {
            rows[*row].cells[*place].doubts =
                doubts.iter().map(|doubt| doubt.message(judge.kpi().unit(), lang)).collect();
        }
        // Shares and means of members are no sum.
        let of_column = |place: usize| sum_of(rows.iter().map(|row| row.cells[place].value));
        let adds_up = !judge.kpi().is_quotient();
        let sums: Vec<Option<Money>> =
            (0..columns.len()).map(|place| adds_up.then(|| of_column(place)).flatten()).collect();
        let total = sum_of(sums.iter().copied());
        let top = self.handed_down(&understood, period, &wanted, &source)?;
        let gap: Option<Vec<Money>> = top
            .as_ref()
            .filter(|_| adds_up)
            .map(|top| top.iter().zip(&sums).map(|(down, up)| *down - up.unwrap_or(Money::ZERO)).collect());
        let currencies = &source.names().currencies;
        let cells = || rows.iter().flat_map(|row| &row.cells);
        Ok(TargetGrid {
            kpi: self.kpi(&understood.kpi)?.to_json(lang),
            level: understood.level,
            manager: understood.manager.clone(),
            period: period.to_string(),
            months: columns.iter().map(ToString::to_string).collect(),
            faults: cells().filter(|cell| cell.fault.is_some()).count(),
            questioned: cells().filter(|cell| !cell.doubts.is_empty()).count(),
            top_total: top.as_ref().filter(|_| adds_up).map(|top| top.iter().copied().sum()),
            gap_total: gap.as_ref().map(|gap| gap.iter().copied().sum()),
            currency: currencies.first().filter(|_| currencies.len() == 1).cloned(),
            rows,
            sums,
            total,
            top,
            gap,
            left_out,
        })
    }

    /// What the level above hands down, by month; none where it has no target.
    fn handed_down(
        &self,
        understood: &Understood,
        period: Period,
        held: &Held,
        source: &LakeSource,
    ) -> Result<Option<Vec<Money>>> {
        // The company's target is not for who sees the own line.
        let of_company = understood.level == Level::Manager || understood.manager.is_none();
        if understood.level == Level::Company || of_company && self.reach().is_some() {
            return Ok(None);
        }
        let (above, whom) = understood.above();
        let span = takar_insight::analysis::forecast::span_of(period)?;
        let weights = match held.exact(&whom, period) {
            None => Vec::new(),
            Some(_) => {
                let whole = self.judge(source, &above, period)?;
                whole
                    .by_month(whom.level().1, period)
                    .unwrap_or_else(|_| vec![1.0; months(period).map_or(0, |all| all.len())])
            }
        };
        Ok(held.by_month(&whom, span, &weights).into_iter().collect())
    }

    /// The drafts that wait, by cell.
    fn waiting_drafts(&self, kpi: &str) -> Result<FxHashMap<(Whom, Period), (i64, Money)>> {
        let rows = self.state.drafts_in(DraftState::Draft)?;
        let cell = |row: takar_state::DraftRow| {
            let (period, value) = (row.wanted.period.parse().ok()?, row.wanted.value.parse().ok()?);
            (row.wanted.kpi == kpi).then(|| ((whom_of(&row.wanted), period), (row.id, value)))
        };
        Ok(rows.into_iter().filter_map(cell).collect())
    }
}

/// The row but for the target of its whole window.
fn told_row(
    judge: &Judge,
    id: Option<String>,
    name: Option<String>,
    mut cells: Vec<GridCell>,
    columns: &[Month],
    period: Period,
    lang: Lang,
) -> RowOfGrid {
    let member = id.as_deref();
    for (cell, month) in cells.iter_mut().zip(columns) {
        let value = cell.value.filter(|_| cell.fault.is_none());
        let chance = value.and_then(|value| judge.chance(member, Period::month(*month), value.to_f64()).ok());
        cell.chance = chance.map(|chance| chance.value);
    }
    let is_sum = columns.len() == 1 || !judge.kpi().is_quotient();
    let total = sum_of(cells.iter().map(|cell| cell.value)).filter(|_| is_sum);
    // Of a row with gaps the sum is no target for all of its months.
    let is_whole = cells.iter().all(|cell| cell.value.is_some());
    let chance = total.filter(|_| is_whole).map(|total| judge.chance(member, period, total.to_f64()));
    let ahead = judge.ahead(member, period);
    let why = match (&chance, &ahead) {
        (Some(Err(why)), _) | (_, Err(why)) => Some(why.message(lang)),
        _ => None,
    };
    RowOfGrid {
        chance: chance.and_then(|chance| Some(chance_told(&chance.ok()?))),
        expected: ahead.ok().map(|ahead| ahead.expected),
        whole: None,
        total,
        why,
        id,
        name,
        cells,
    }
}

type Member = (Option<String>, Option<String>);

/// The members of a grid, the largest first, then those that have a target or are known and sold nothing yet.
fn members(source: &LakeSource, asked: &Understood, judge: &Judge, held: &Held) -> Vec<Member> {
    if asked.level == Level::Company {
        return vec![(None, None)];
    }
    let names = source.names();
    let labels = asked.level.dimension().and_then(|dimension| names.labels(dimension));
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut all: Vec<Member> = Vec::new();
    let mut add = |id: &str| {
        if seen.insert(id.to_owned()) {
            let name = labels.and_then(|labels| labels.name(labels.code(id)?)).map(str::to_owned);
            all.push((Some(id.to_owned()), name));
        }
    };
    judge.prospect().members().filter_map(|(id, _)| id).for_each(&mut add);
    for (whom, ..) in held.iter() {
        let (level, member) = whom.level();
        if level == asked.level && whom.within() == asked.manager.as_deref() {
            member.into_iter().for_each(&mut add);
        }
    }
    if let (Level::Manager, Some(labels)) = (asked.level, labels) {
        (0_u32..).map_while(|code| labels.id(code)).for_each(&mut add);
    }
    if let (Level::Account, Some(manager)) =
        (asked.level, asked.manager.as_deref().and_then(|id| names.manager.code(id)))
    {
        let own = names.account_manager.iter().enumerate().filter(|(_, code)| **code == manager && manager != NONE);
        let codes = own.filter_map(|(account, _)| u32::try_from(account).ok());
        codes.filter_map(|code| names.account.id(code)).for_each(&mut add);
    }
    all
}

type ReadCell = (String, std::result::Result<Option<Money>, String>);

/// What is typed, by cell, read together: what one cell tells of how numbers are written holds for all.
fn read(asked: &GridAsked, (unit, lang): (Unit, Lang)) -> FxHashMap<CellOfGrid, ReadCell> {
    let texts: Vec<&str> = asked.typed.iter().map(|typed| typed.text.as_str()).collect();
    let cell = |(typed, read): (&Typed, std::result::Result<Option<Money>, takar_import::CellFault>)| {
        let month = typed.period.parse::<Period>().ok()?.from().month();
        let read = read.map_err(|fault| fault.message(&typed.text, lang));
        Some(((typed.id.clone().filter(|id| !id.is_empty()), month), (typed.text.clone(), read)))
    };
    asked.typed.iter().zip(read_figures(&texts, unit, lang)).filter_map(cell).collect()
}

/// The year after the last complete month's; that of its next month where a year has just ended.
fn coming_year(source: &LakeSource) -> Result<Period> {
    let last = source.last_complete_month().ok_or(takar_insight::InsightError::NoData)?;
    let next = last.plus(1);
    let january = next.plus(1 - next.number());
    // From its second half on, the year that is planned is the next.
    let first = if next.number() > 6 { january.plus(12) } else { january };
    Ok(Period::months(first, first.plus(11)).ok_or(takar_insight::InsightError::NoData)?)
}
