//! A figure of the work with its interval, or why there is none.

use serde::Serialize;
use takar_model::{Lang, Text};
use takar_stats::{Estimate, Interval};

use super::{MeasureUnit, ProcessKpi, ProcessKpiDefinition};

/// Why a figure is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// What it is counted from was never recorded.
    NotRecorded(Record),
    /// There is nothing in the window to judge.
    NothingToJudge,
    /// There are too few cases to say anything.
    TooFew {
        /// How many are needed.
        needed: u64,
    },
    /// None was watched for so long.
    NotWatched {
        /// So many days.
        days: u32,
    },
    /// More than half have not ended.
    NotReached,
    /// It is not known which accounts the manager has.
    NoAccounts,
}

/// What has to be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    /// Activities in the window.
    Activities,
    /// Their response times.
    ResponseHours,
    /// Offers.
    Offers,
    /// When offers were sent.
    OfferDays,
    /// When they were followed up.
    FollowUps,
    /// Answers of the kind, in feedback.
    Answers,
    /// Complaints.
    Complaints,
    /// When they were resolved.
    Resolved,
    /// Ratings by the rubric.
    Ratings,
}

impl Missing {
    /// A short fixed name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotRecorded(_) => "not_recorded",
            Self::NothingToJudge => "nothing_to_judge",
            Self::TooFew { .. } => "too_few",
            Self::NotWatched { .. } => "not_watched",
            Self::NotReached => "not_reached",
            Self::NoAccounts => "no_accounts",
        }
    }

    /// The reason for a reader of `lang`.
    pub fn text(self, lang: Lang) -> String {
        let fixed = |id: &'static str, en: &'static str| Text::new(id, en).get(lang).to_owned();
        match self {
            Self::NotRecorded(record) => {
                let (id, en) = match record {
                    Record::Activities => ("aktivitas pada periode ini", "no activities in this window are"),
                    Record::ResponseHours => ("jam respons pada aktivitas", "no response times of activities are"),
                    Record::Offers => ("penawaran", "no offers are"),
                    Record::OfferDays => ("tanggal penawaran dibuka", "no days on which offers were opened are"),
                    Record::FollowUps => ("tindak lanjut penawaran", "no follow-ups of offers are"),
                    Record::Answers => {
                        ("jawaban jenis ini pada umpan balik", "no answers of this kind in feedback are")
                    }
                    Record::Complaints => ("keluhan pada umpan balik", "no complaints in feedback are"),
                    Record::Ratings => ("penilaian rubrik", "no ratings by the rubric are"),
                    Record::Resolved => ("hari selesainya keluhan", "no days on which complaints were resolved are"),
                };
                if lang == Lang::Id { format!("belum ada {id} yang tercatat") } else { format!("{en} recorded") }
            }
            Self::NothingToJudge => {
                fixed("tidak ada yang dapat dinilai pada periode ini", "nothing in this window to judge")
            }
            Self::TooFew { needed } => match lang {
                Lang::Id => format!("terlalu sedikit untuk dinilai; perlu sedikitnya {needed}"),
                Lang::En => format!("too few to judge; at least {needed} are needed"),
            },
            Self::NotWatched { days } => match lang {
                Lang::Id => format!("belum ada penawaran yang diamati selama {days} hari"),
                Lang::En => format!("no offer has been watched for {days} days yet"),
            },
            Self::NotReached => fixed("lebih dari separuhnya belum selesai", "more than half have not ended yet"),
            Self::NoAccounts => fixed("akun manajer ini tidak diketahui", "the manager's accounts are not known"),
        }
    }
}

/// One KPI of the work of one manager, or of all.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Which.
    pub kpi: &'static ProcessKpiDefinition,
    /// The figure, in the KPI's unit.
    pub value: Option<f64>,
    /// Its interval; none where it is plain counting of all there is.
    pub interval: Option<Interval>,
    /// How many of `n` cases, for shares.
    pub cases: Option<u64>,
    /// How many cases it rests on.
    pub n: u64,
    /// What was promised or planned, in the KPI's unit or in what the promise is told in.
    pub promise: Option<f64>,
    /// The manager's own target of it, in the KPI's unit: it holds in place of what holds for all.
    pub target: Option<f64>,
    /// Why there is no figure.
    pub suppressed: Option<Missing>,
}

impl Measure {
    /// A figure that is not there.
    pub(super) fn missing(kpi: ProcessKpi, n: u64, why: Missing) -> Self {
        let kpi = kpi.definition();
        Self { kpi, value: None, interval: None, cases: None, n, promise: None, target: None, suppressed: Some(why) }
    }

    /// A figure, unless it rests on too few.
    pub(super) fn of(kpi: ProcessKpi, estimate: takar_stats::Result<Estimate>, n: u64) -> Self {
        let needed = kpi.definition().least;
        match estimate {
            _ if n == 0 && needed > 0 => Self::missing(kpi, 0, Missing::NothingToJudge),
            _ if n < needed => Self::missing(kpi, n, Missing::TooFew { needed }),
            Ok(estimate) if estimate.value.is_finite() => Self {
                kpi: kpi.definition(),
                value: Some(estimate.value),
                interval: Some(estimate.interval),
                cases: None,
                n,
                promise: None,
                target: None,
                suppressed: None,
            },
            _ => Self::missing(kpi, n, Missing::NothingToJudge),
        }
    }

    /// With how many of the cases.
    pub(super) fn with_cases(mut self, cases: u64) -> Self {
        self.cases = self.value.map(|_| cases);
        self
    }

    /// With what was promised.
    pub(super) fn promised(mut self, promise: f64) -> Self {
        self.promise = Some(promise);
        self
    }

    /// How much of its target was reached; none without one, or where it is not above 0.
    pub fn attained(&self) -> Option<f64> {
        let target = self.target.filter(|target| *target > 0.0)?;
        Some(self.value? / target)
    }

    /// The figure for people, such as `62,5 %`; a dash where there is none.
    pub fn format(&self, lang: Lang) -> String {
        self.value.map_or_else(|| "–".to_owned(), |value| self.kpi.unit.format(value, lang))
    }

    /// As JSON for a reader of `lang`.
    pub(crate) fn json(&self, lang: Lang) -> MeasureJson {
        MeasureJson {
            kpi: self.kpi.id,
            value: self.value,
            low: self.interval.map(|interval| interval.low),
            high: self.interval.map(|interval| interval.high),
            level: self.interval.map(|interval| interval.level.share()),
            cases: self.cases,
            n: self.n,
            promise: self.promise,
            target: self.target,
            attainment: self.attained(),
            suppressed: self.suppressed.map(Missing::code),
            reason: self.suppressed.map(|why| why.text(lang)),
        }
    }
}

impl MeasureUnit {
    /// A number of this unit for people.
    pub fn format(self, value: f64, lang: Lang) -> String {
        let number = |value: f64, places: usize| {
            format!("{value:.places$}").replace('.', &lang.decimal_mark().to_string()).replace('-', "−")
        };
        match self {
            Self::Rate => format!("{} %", number(value * 100.0, 1)),
            Self::Count => number(value, 0),
            Self::AMonth | Self::AMonthPerHundred | Self::Rating => number(value, 2),
            Self::Hours => format!("{} {}", number(value, 1), if lang == Lang::Id { "jam" } else { "h" }),
            Self::Days => format!("{} {}", number(value, 0), if lang == Lang::Id { "hari" } else { "days" }),
            Self::Nps => number(value, 0),
        }
    }
}

/// The `Measure` of the HTTP interface.
#[derive(Debug, Serialize)]
pub(crate) struct MeasureJson {
    kpi: &'static str,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    level: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cases: Option<u64>,
    n: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    promise: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attainment: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}
