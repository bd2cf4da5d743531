//! Satisfaction as JSON.

use serde::Serialize;
use takar_model::{Credit, Lang, Money};
use takar_stats::lead::{AtLag, LEAST_CHANGES, LEAST_UNITS, Lead};

use super::{FirstMoves, LastAnswer, OneAccount, Point, Satisfaction, SatisfactionRow, account::Course, table::nobody};
use crate::{
    InsightError,
    process::{MeasureJson, ProcessKpiJson, VOICES},
};

#[derive(Serialize)]
struct SatisfactionJson<'a> {
    period: String,
    base: Option<String>,
    as_of: String,
    by: &'static str,
    kpis: Vec<ProcessKpiJson>,
    rows: Vec<RowJson<'a>>,
    total_rows: usize,
    nobody: Option<RowJson<'a>>,
    total: RowJson<'a>,
    by_mood: Vec<MoodJson>,
    first: FirstJson<'a>,
    summary: Vec<String>,
    notes: Vec<String>,
    definitions: Vec<DefinitionJson>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct RowJson<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    net_sales: Money,
    base_sales: Option<Money>,
    growth: Option<f64>,
    share: Option<f64>,
    measures: Vec<MeasureJson>,
    answers: u64,
    complaints: u64,
    open: u64,
    last: Option<LastJson<'a>>,
}

#[derive(Serialize)]
struct LastJson<'a> {
    date: String,
    kind: &'a str,
    score: f64,
    part: f64,
}

#[derive(Serialize)]
struct MoodJson {
    mood: &'static str,
    name: &'static str,
    accounts: usize,
    net_sales: Money,
    share: Option<f64>,
    base_sales: Option<Money>,
    growth: Option<f64>,
}

#[derive(Serialize)]
struct FirstJson<'a> {
    months: String,
    accounts: usize,
    asked: Option<&'a str>,
    least_changes: usize,
    least_units: usize,
    signals: Vec<SignalJson<'a>>,
    stories: Vec<StoryJson<'a>>,
    total_stories: usize,
    steps: usize,
    near: usize,
    near_by_chance: f64,
    chance: String,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct SignalJson<'a> {
    watched: &'static str,
    name: &'static str,
    verdict: String,
    #[serde(flatten)]
    lead: &'a Lead,
    called: Option<&'a AtLag>,
}

#[derive(Serialize)]
struct StoryJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
    words: String,
    when: String,
    step: String,
    before: Money,
    after: Money,
    luck: f64,
}

#[derive(Serialize)]
struct DefinitionJson {
    figure: &'static str,
    name: &'static str,
    text: &'static str,
}

#[derive(Serialize)]
struct AccountJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
    manager: Option<ManagerJson<'a>>,
    period: String,
    window: String,
    by_quarter: bool,
    points: Vec<PointJson>,
    net_sales: Money,
    kpis: Vec<ProcessKpiJson>,
    measures: Vec<MeasureJson>,
    complaints: u64,
    open: u64,
    last: Option<LastJson<'a>>,
    said: Vec<SaidJson<'a>>,
    total_said: usize,
    sales_trend: Option<CourseJson>,
    satisfaction_trend: Option<CourseJson>,
    stories: Vec<StoryJson<'a>>,
    summary: Vec<String>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct ManagerJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct PointJson {
    period: String,
    net_sales: Money,
    satisfaction: Option<f64>,
    answers: u64,
    response_hours: Option<f64>,
    responses: u64,
    complaints: u64,
}

#[derive(Serialize)]
struct SaidJson<'a> {
    date: String,
    kind: &'a str,
    score: Option<f64>,
    part: Option<f64>,
    is_resolved: bool,
    resolved: Option<String>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct CourseJson {
    slope: f64,
    low: f64,
    high: f64,
    level: f64,
    p: f64,
    is_chance: bool,
    n: usize,
}

impl CourseJson {
    fn of(course: &Course) -> Self {
        let slope = course.slope;
        Self {
            slope: slope.value,
            low: slope.interval.low,
            high: slope.interval.high,
            level: course.level,
            p: course.test.p,
            is_chance: course.is_chance(),
            n: slope.n,
        }
    }
}

impl<'a> LastJson<'a> {
    fn of(last: &'a LastAnswer) -> Self {
        Self { date: last.date.to_string(), kind: &last.kind, score: last.score, part: last.part }
    }
}

impl<'a> RowJson<'a> {
    fn of(row: &'a SatisfactionRow, all: Money, lang: Lang) -> Self {
        Self {
            id: row.id.as_deref(),
            name: row.name.as_deref(),
            net_sales: row.net_sales,
            base_sales: row.base_sales,
            growth: row.growth(),
            share: row.share(all),
            measures: row.measures.iter().map(|measure| measure.json(lang)).collect(),
            answers: row.answers,
            complaints: row.complaints,
            open: row.open,
            last: row.last.as_ref().map(LastJson::of),
        }
    }
}

impl PointJson {
    fn of(point: &Point) -> Self {
        Self {
            period: point.period.to_string(),
            net_sales: point.net_sales,
            satisfaction: point.satisfaction,
            answers: point.answers,
            response_hours: point.response_hours,
            responses: point.responses,
            complaints: point.complaints,
        }
    }
}

fn kpis(lang: Lang) -> Vec<ProcessKpiJson> {
    VOICES.into_iter().map(|kpi| kpi.definition().json(lang)).collect()
}

fn stories<'a>(stories: &'a [super::Story], currency: Option<&str>, limit: usize, lang: Lang) -> Vec<StoryJson<'a>> {
    let told = stories.iter().take(limit).map(|story| StoryJson {
        id: &story.id,
        name: story.name.as_deref(),
        words: story.words(currency, lang),
        when: story.when.to_string(),
        step: story.step.to_string(),
        before: story.before,
        after: story.after,
        luck: story.luck,
    });
    told.collect()
}

impl Satisfaction {
    /// As JSON for a reader of `lang`: `limit` rows from `offset` on, with what moved first.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(
        &self,
        first: &FirstMoves,
        lang: Lang,
        (offset, limit): (usize, usize),
    ) -> Result<String, InsightError> {
        let net = self.total.net_sales;
        let row = |row| RowJson::of(row, net, lang);
        let by_mood = self.by_mood.iter().map(|of| MoodJson {
            mood: of.mood.id(),
            name: of.mood.name().get(lang),
            accounts: of.accounts,
            net_sales: of.net_sales,
            share: (net > Money::ZERO).then(|| of.net_sales.to_f64() / net.to_f64()),
            base_sales: of.base_sales,
            growth: of.growth(),
        });
        let signals = first.signals.iter().map(|signal| SignalJson {
            watched: signal.watched.id(),
            name: signal.watched.name().get(lang),
            verdict: signal.verdict(lang),
            lead: &signal.lead,
            called: signal.lead.called(),
        });
        written(&SatisfactionJson {
            period: self.period.to_string(),
            base: self.base.map(|base| base.to_string()),
            as_of: self.as_of.to_string(),
            by: self.by.id(),
            kpis: kpis(lang),
            rows: self.rows.iter().skip(offset).take(limit).map(row).collect(),
            total_rows: self.rows.len(),
            nobody: self.nobody.as_ref().map(|of| RowJson { name: Some(nobody(self.by).get(lang)), ..row(of) }),
            total: row(&self.total),
            by_mood: by_mood.collect(),
            first: FirstJson {
                months: first.months.to_string(),
                accounts: first.accounts,
                asked: first.asked.as_deref(),
                least_changes: LEAST_CHANGES,
                least_units: LEAST_UNITS,
                signals: signals.collect(),
                stories: stories(&first.stories, self.currency.as_deref(), limit, lang),
                total_stories: first.stories.len(),
                steps: first.steps,
                near: first.near,
                near_by_chance: first.near_by_chance,
                chance: first.chance(lang),
                notes: first.notes(lang),
            },
            summary: self.summary(lang).into_iter().chain(first.called(lang)).collect(),
            notes: self.notes(lang),
            definitions: Self::definitions(lang)
                .into_iter()
                .map(|(figure, name, text)| DefinitionJson { figure, name, text })
                .collect(),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        })
    }
}

impl OneAccount {
    /// As JSON for a reader of `lang`; of what was said the newest `limit`.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang, limit: usize) -> Result<String, InsightError> {
        let said = self.said.iter().take(limit).map(|(said, part)| SaidJson {
            date: said.date.to_string(),
            kind: &said.kind,
            score: said.score,
            part: *part,
            is_resolved: said.is_resolved,
            resolved: said.resolved.map(|day| day.to_string()),
            note: said.note.as_deref(),
        });
        written(&AccountJson {
            id: &self.id,
            name: self.name.as_deref(),
            manager: self.manager.as_ref().map(|(id, name)| ManagerJson { id, name: name.as_deref() }),
            period: self.period.to_string(),
            window: self.window.to_string(),
            by_quarter: self.by_quarter,
            points: self.points.iter().map(PointJson::of).collect(),
            net_sales: self.net_sales,
            kpis: kpis(lang),
            measures: self.measures.iter().map(|measure| measure.json(lang)).collect(),
            complaints: self.complaints.0,
            open: self.complaints.1,
            last: self.last.as_ref().map(LastJson::of),
            said: said.collect(),
            total_said: self.said.len(),
            sales_trend: self.sales_trend.as_ref().ok().map(CourseJson::of),
            satisfaction_trend: self.satisfaction_trend.as_ref().ok().map(CourseJson::of),
            stories: stories(&self.stories, self.currency.as_deref(), limit, lang),
            summary: self.summary(lang),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        })
    }
}

fn written(answer: &impl Serialize) -> Result<String, InsightError> {
    serde_json::to_string(answer).map_err(|error| InsightError::Unwritable(error.to_string()))
}
