//! Trend and pattern as JSON.

use serde::Serialize;
use takar_model::{Credit, Lang};
use takar_stats::{Estimate, Interval, trend::MannKendall};

use super::{Judged, LevelBreak, MemberTrend, Trend, Trends};
use crate::{
    InsightError,
    analysis::{feasts, told::Told},
    metrics::Unit,
};

#[derive(Serialize)]
struct TrendsJson<'a> {
    kpi: &'a str,
    name: &'a str,
    unit: Unit,
    manager: Option<MemberJson<'a>>,
    first: String,
    last: String,
    months: Vec<MonthJson>,
    trend: Told<TrendJson>,
    season: Told<SeasonJson>,
    calendar: Told<CalendarJson>,
    breaks: Told<Vec<BreakJson>>,
    outliers: Told<Vec<OutlierJson>>,
    relations: Vec<RelationJson>,
    by: Option<&'static str>,
    members: Vec<MemberTrendJson<'a>>,
    summary: Vec<String>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct MemberJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct MonthJson {
    month: String,
    value: f64,
    adjusted: f64,
    /// What slope and steps make of it.
    level: Option<f64>,
}

#[derive(Serialize)]
struct TrendJson {
    model: &'static str,
    test: MannKendall,
    /// A month, in the unit of the figure.
    slope: Estimate,
    yearly_rate: Option<f64>,
    is_chance: bool,
    n: usize,
}

#[derive(Serialize)]
struct SeasonJson {
    model: &'static str,
    kind: takar_stats::season::Kind,
    /// By calendar month from January; empty without a season.
    indices: Vec<SeasonIndexJson>,
    n: usize,
}

#[derive(Serialize)]
struct SeasonIndexJson {
    month: i32,
    index: f64,
}

#[derive(Serialize)]
struct CalendarJson {
    model: &'static str,
    effects: Vec<EffectJson>,
    autocorrelation: f64,
    n: usize,
}

#[derive(Serialize)]
struct EffectJson {
    effect: &'static str,
    label: &'static str,
    /// Trade on such a day over a usual day, less 1; of trading days: the growth of the month for each of its growth.
    value: f64,
    interval: Interval,
    p: f64,
}

#[derive(Serialize)]
struct BreakJson {
    month: String,
    before: f64,
    after: f64,
    same_accounts: bool,
    words: String,
    short: String,
}

#[derive(Serialize)]
struct OutlierJson {
    month: String,
    value: f64,
    usual: f64,
    score: f64,
}

#[derive(Serialize)]
struct RelationJson {
    one: &'static str,
    one_name: &'static str,
    other: &'static str,
    other_name: &'static str,
    rho: Estimate,
    p: f64,
    adjusted: f64,
    moves_together: bool,
}

#[derive(Serialize)]
struct MemberTrendJson<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    level: f64,
    trend: Told<TrendJson>,
    adjusted: Option<f64>,
    stands_out: bool,
    breaks: Vec<BreakJson>,
}

fn trend_json(trend: &Judged<Trend>, lang: Lang) -> Told<TrendJson> {
    let found = trend.as_ref().map(|trend| TrendJson {
        model: "Mann-Kendall with Hamed-Rao variance, Theil-Sen slope",
        test: trend.test,
        slope: trend.slope,
        yearly_rate: trend.yearly_rate(),
        is_chance: trend.is_chance(),
        n: trend.test.n,
    });
    Told::of(found, lang)
}

impl Trends {
    /// As JSON for a reader of `lang`.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang) -> Result<String, InsightError> {
        let month = |place: Option<&super::MonthOf>| place.map(|month| month.month.to_string()).unwrap_or_default();
        let name = |place: usize| self.related.get(place).map_or(("", ""), |kpi| (kpi.id, kpi.name.get(lang)));
        let answer = TrendsJson {
            kpi: self.kpi.id(),
            name: self.kpi.name(lang),
            unit: self.kpi.unit(),
            manager: self.manager.as_ref().map(|(id, name)| MemberJson { id, name: name.as_deref() }),
            first: month(self.months.first()),
            last: month(self.months.last()),
            months: self.months_json(),
            trend: trend_json(&self.trend, lang),
            season: Told::of(self.season.as_ref().map(|season| self.season_json(season)), lang),
            calendar: Told::of(self.calendar.as_ref().map(|found| calendar_json(found, lang)), lang),
            breaks: Told::of(
                self.breaks.as_ref().map(|found| found.iter().map(|step| self.break_json(step, lang)).collect()),
                lang,
            ),
            outliers: Told::of(
                self.outliers.as_ref().map(|found| {
                    let told = |(month, outlier): &(takar_model::Month, takar_stats::trend::Outlier)| OutlierJson {
                        month: month.to_string(),
                        value: outlier.value,
                        usual: outlier.usual,
                        score: outlier.score,
                    };
                    found.iter().map(told).collect()
                }),
                lang,
            ),
            relations: self
                .relations
                .iter()
                .map(|relation| {
                    let ((one, one_name), (other, other_name)) = (name(relation.one), name(relation.other));
                    RelationJson {
                        one,
                        one_name,
                        other,
                        other_name,
                        rho: relation.spearman.rho,
                        p: relation.spearman.p,
                        adjusted: relation.adjusted,
                        moves_together: relation.moves_together,
                    }
                })
                .collect(),
            by: self.by.map(crate::metrics::Dimension::id),
            members: self.members.iter().map(|member| self.member_json(member, lang)).collect(),
            summary: self.summary(lang),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        };
        serde_json::to_string(&answer).map_err(|error| InsightError::Unwritable(error.to_string()))
    }

    fn months_json(&self) -> Vec<MonthJson> {
        let level = |place: usize| self.segments.as_ref().map(|segments| segments.fitted(place));
        let of = |(place, month): (usize, &super::MonthOf)| MonthJson {
            month: month.month.to_string(),
            value: month.value,
            adjusted: month.adjusted,
            level: level(place),
        };
        self.months.iter().enumerate().map(of).collect()
    }

    fn season_json(&self, season: &takar_stats::season::Season) -> SeasonJson {
        let number = |place: usize| self.months.get(place).map_or(0, |month| month.month.number());
        let index = |(place, index): (usize, &f64)| SeasonIndexJson { month: number(place), index: *index };
        let mut indices: Vec<SeasonIndexJson> = season.indices().iter().enumerate().map(index).collect();
        indices.sort_by_key(|index| index.month);
        SeasonJson { model: "classical decomposition", kind: season.kind(), indices, n: self.months.len() }
    }

    fn break_json(&self, step: &LevelBreak, lang: Lang) -> BreakJson {
        BreakJson {
            month: step.month.to_string(),
            before: step.before,
            after: step.after,
            same_accounts: step.same_accounts,
            words: self.break_said(step, lang),
            short: self.break_short(step, lang),
        }
    }

    fn member_json<'a>(&self, member: &'a MemberTrend, lang: Lang) -> MemberTrendJson<'a> {
        MemberTrendJson {
            id: member.id.as_deref(),
            name: member.name.as_deref(),
            level: member.level,
            trend: trend_json(&member.trend, lang),
            adjusted: member.adjusted,
            stands_out: member.stands_out,
            breaks: member.breaks.iter().map(|step| self.break_json(step, lang)).collect(),
        }
    }
}

fn calendar_json(found: &takar_stats::trend::CalendarEffects, lang: Lang) -> CalendarJson {
    let effect = |one: &takar_stats::trend::CalendarEffect| EffectJson {
        effect: one.name,
        label: feasts::name(one.name).get(lang),
        value: one.effect.value,
        interval: one.effect.interval,
        p: one.p,
    };
    CalendarJson {
        model: found.model,
        effects: found.effects.iter().map(effect).collect(),
        autocorrelation: found.autocorrelation,
        n: found.n,
    }
}
