//! What target is realistic, and how likely one is.

use serde::{Deserialize, Serialize};
use takar_insight::{
    month_name,
    targets::{self, Level, Offer, Suggestion, Suggestions, Unjudged, Whom},
};
use takar_model::{Credit, Lang, Money, Period, Text};
use takar_stats::forecast::Reliability;

use super::{TargetScope, Told, chance_told, reconcile::figure, reliability_said};
use crate::{AppError, Result, Takar};

/// What is to be suggested.
#[derive(Debug, Clone, Deserialize)]
pub struct SuggestAsked {
    /// Which targets.
    #[serde(flatten)]
    pub scope: TargetScope,
    /// For when.
    pub period: String,
    /// The chance that the suggested target is to have, 0.7 unless told.
    pub ambition: Option<f64>,
}

/// A chance as JSON has it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ChanceTold {
    /// From 0 to 1.
    pub value: f64,
    /// What sampling alone makes of it, to 80 %.
    pub low: f64,
    /// The same.
    pub high: f64,
    /// Errors of the past that it rests on.
    pub n: usize,
}

/// A figure with its chance.
#[derive(Debug, Clone, Serialize)]
pub struct OfferTold {
    /// The chance that was asked for.
    pub ambition: f64,
    /// The figure.
    pub amount: Money,
    /// The chance of that figure.
    pub chance: ChanceTold,
}

/// What is suggested for one member, with its working.
#[derive(Debug, Clone, Serialize)]
pub struct SuggestedTarget {
    /// The member's id; none for the company.
    pub id: Option<String>,
    /// The member's name.
    pub name: Option<String>,
    /// Whom the target is for.
    pub whom: Whom,
    /// The same months a year ago; none before the data.
    pub year_ago: Option<Money>,
    /// And two years ago.
    pub two_years_ago: Option<Money>,
    /// What complete months of the window brought already.
    pub done: Option<f64>,
    /// What is expected of it.
    pub expected: Option<f64>,
    /// The interval of that, to 80 %: from.
    pub low: Option<f64>,
    /// To.
    pub high: Option<f64>,
    /// What is suggested, or why nothing is.
    pub suggested: Told<OfferTold>,
    /// The same for other chances.
    pub offers: Vec<OfferTold>,
    /// What its accounts that still buy bought in the better of the same months of two years.
    pub potential: Option<Money>,
    /// The suggestion lies above that.
    pub is_above_potential: bool,
    /// The target that counts now.
    pub held: Option<Money>,
    /// The chance of that.
    pub held_chance: Option<ChanceTold>,
    /// The suggestion by month.
    pub months: Vec<MonthTold>,
}

/// A month's part.
#[derive(Debug, Clone, Serialize)]
pub struct MonthTold {
    /// The month.
    pub month: String,
    /// Its part.
    pub value: Money,
}

/// What is suggested for a level.
#[derive(Debug, Clone, Serialize)]
pub struct SuggestedTargets {
    /// The figure.
    pub kpi: serde_json::Value,
    /// For whom.
    pub level: Level,
    /// Only of this manager.
    pub manager: Option<String>,
    /// For when.
    pub period: String,
    /// The chance that was asked for.
    pub ambition: f64,
    /// The largest first.
    pub rows: Vec<SuggestedTarget>,
    /// The sum of what is suggested; none of shares and means.
    pub total: Option<Money>,
    /// How such chances came true on the past.
    pub reliability: Told<Reliability>,
    /// What the reader should know.
    pub notes: Vec<String>,
    /// The one currency of the data.
    pub currency: Option<String>,
    /// The version of the data.
    pub data_version: u64,
}

/// How likely one figure is.
#[derive(Debug, Clone, Serialize)]
pub struct OddsTold {
    /// The figure.
    pub kpi: serde_json::Value,
    /// Whom it is for.
    pub whom: Whom,
    /// For when.
    pub period: String,
    /// How much.
    pub value: Money,
    /// The chance to reach it, or why it is not known.
    pub chance: Told<ChanceTold>,
    /// What is expected.
    pub expected: Option<f64>,
    /// How such chances came true on the past.
    pub reliability: Told<Reliability>,
    /// What is questioned about it.
    pub doubts: Vec<String>,
    /// What the reader should know.
    pub notes: Vec<String>,
}

impl Takar {
    /// Suggests a target for each member of a level, with its working.
    pub fn suggest_targets(&self, asked: &SuggestAsked, (credit, lang): (Credit, Lang)) -> Result<SuggestedTargets> {
        let (understood, period) = (self.understood(&asked.scope)?, asked.period.parse::<Period>()?);
        self.may_plan(&understood)?;
        let ambition = asked.ambition.unwrap_or(0.7);
        if !(0.01..=0.99).contains(&ambition) {
            return Err(AppError::Asked(Text::new(
                "kemungkinan yang diinginkan harus 1 sampai 99 persen: tulis misalnya 70",
                "the chance that is wanted must be 1 to 99 per cent: write 70, say",
            )));
        }
        let source = self.lake_source(credit)?;
        let judge = self.judge(&source, &understood, period)?;
        let ask = targets::Ask {
            kpi: self.analysed_kpi(&understood.kpi)?,
            level: understood.level,
            manager: understood.manager.clone(),
            period,
            ambition,
        };
        let mut found = targets::suggest((source.as_ref(), source.as_ref()), &judge, &ask)?;
        if self.reach().is_some() {
            found.rows.retain(|row| self.is_in_reach(&row.whom));
            found.total = targets::total(&found.rows, &found.kpi);
        }
        let currencies = &takar_insight::metrics::CellSource::names(source.as_ref()).currencies;
        Ok(SuggestedTargets {
            kpi: self.kpi(ask.kpi.id())?.to_json(lang),
            level: found.level,
            manager: understood.manager,
            period: period.to_string(),
            ambition,
            total: found.total,
            notes: notes(&found, lang),
            rows: found.rows.into_iter().map(|row| told(row, lang)).collect(),
            reliability: Told::of(found.reliability, lang),
            currency: currencies.first().filter(|_| currencies.len() == 1).cloned(),
            data_version: takar_insight::metrics::CellSource::data_version(source.as_ref()),
        })
    }

    /// A target of a KPI as it is typed.
    ///
    /// # Errors
    /// For what is no number.
    pub fn target_figure(&self, scope: &TargetScope, text: &str, lang: Lang) -> Result<Money> {
        figure(text, self.analysed_kpi(&self.understood(scope)?.kpi)?.unit(), lang)
    }

    /// How likely a proposed target is, before it is set.
    pub fn odds_of_target(
        &self,
        scope: &TargetScope,
        member: Option<&str>,
        (period, value): (Period, Money),
        (credit, lang): (Credit, Lang),
    ) -> Result<OddsTold> {
        let understood = self.understood(scope)?;
        let source = self.lake_source(credit)?;
        let judge = self.judge(&source, &understood, period)?;
        let whom = understood.whom(member);
        self.may_plan_for(&whom)?;
        let proposed = targets::Proposed { whom: whom.clone(), period, value };
        Self::check_members(&source, &understood, std::slice::from_ref(&proposed))?;
        let held = self.held_with_drafts(&source, &understood.kpi)?;
        let doubts = targets::doubts(
            (source.as_ref(), source.as_ref()),
            &judge,
            understood.manager.as_deref(),
            &[proposed],
            &held,
        )?;
        let chance = judge.chance(member, period, value.to_f64());
        let reliability = judge.reliability(period);
        let said = match (&chance, &reliability) {
            (Ok(chance), Ok(reliability)) => reliability_said(reliability, chance.value, lang),
            _ => None,
        };
        Ok(OddsTold {
            kpi: self.kpi(&understood.kpi)?.to_json(lang),
            whom,
            period: period.to_string(),
            value,
            expected: judge.ahead(member, period).ok().map(|ahead| ahead.expected),
            chance: Told::of(chance.map(|chance| chance_told(&chance)), lang),
            reliability: Told::of(reliability, lang),
            doubts: doubts.iter().flatten().map(|doubt| doubt.message(judge.kpi().unit(), lang)).collect(),
            notes: said.into_iter().collect(),
        })
    }
}

fn told(row: Suggestion, lang: Lang) -> SuggestedTarget {
    let offer = |offer: &Offer| OfferTold {
        ambition: offer.ambition,
        amount: offer.amount,
        chance: chance_told(&offer.chance),
    };
    let ahead = row.ahead.as_ref().ok();
    let interval = ahead.and_then(|ahead| ahead.interval.as_ref().ok());
    let suggested: std::result::Result<OfferTold, Unjudged> = row.suggested.as_ref().map(offer).map_err(Clone::clone);
    let is_above = row.suggested.as_ref().ok().zip(row.potential);
    SuggestedTarget {
        id: row.whom.level().1.map(str::to_owned),
        name: row.name,
        year_ago: row.before[0],
        two_years_ago: row.before[1],
        done: ahead.map(|ahead| ahead.done).filter(|done| *done != 0.0),
        expected: ahead.map(|ahead| ahead.expected),
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
        suggested: Told::of(suggested, lang),
        offers: row.offers.iter().map(offer).collect(),
        potential: row.potential,
        is_above_potential: is_above.is_some_and(|(offer, potential)| offer.amount > potential),
        held: row.held,
        held_chance: row.held_chance.as_ref().map(chance_told),
        months: row.phased.into_iter().map(|(month, value)| MonthTold { month: month.to_string(), value }).collect(),
        whom: row.whom,
    }
}

fn notes(found: &Suggestions, lang: Lang) -> Vec<String> {
    let say = |id: String, en: String| if lang == Lang::Id { id } else { en };
    let mut notes = Vec::new();
    if let Ok(reliability) = &found.reliability {
        notes.extend(reliability_said(reliability, found.ambition, lang));
    }
    let (first, last) = (month_name(found.known.0, lang), month_name(found.known.1, lang));
    notes.push(say(
        format!("Dihitung dari bulan lengkap {first} sampai {last}."),
        format!("Computed from the complete months {first} to {last}."),
    ));
    if found.kpi.is_quotient() {
        notes.push(say(
            "Rasio atau rata-rata diperkirakan dari bulan-bulannya sendiri, tanpa musim; bulan tanpa angka dianggap seperti bulan sebelumnya.".to_owned(),
            "A ratio or mean is forecast from its own months, without a season; a month without one counts as the month before.".to_owned(),
        ));
        return notes;
    }
    notes.push(match found.knows_feasts {
        true => say(
            "Ramadan, Lebaran, dan hari dagang ikut diperhitungkan.".to_owned(),
            "Ramadan, Lebaran and trading days are taken into account.".to_owned(),
        ),
        false => say(
            "Pengaruh Ramadan dan Lebaran belum tampak pasti dalam data.".to_owned(),
            "An effect of Ramadan and Lebaran is not certain in the data.".to_owned(),
        ),
    });
    if found.rows.len() > 1 {
        notes.push(say(
            "Jumlah usulan tidak sama mungkin tercapainya dengan tiap usulan: yang satu menutup yang lain.".to_owned(),
            "The sum of suggestions has another chance than each of them: one makes up for another.".to_owned(),
        ));
    }
    notes
}
