//! The rubric: how a manager approaches accounts and speaks with them, as the lead sees it, 1 to 5 on a few criteria.

use takar_model::{Day, Period, Text};
use takar_stats::{
    Estimate, Level,
    rating::{Scale, mean_rating},
};

use super::{Measure, Missing, ProcessKpi, measure::Record};

/// The version of the criteria below; each rating keeps the one it was given by.
pub const RUBRIC_VERSION: u32 = 1;

/// A criterion of the rubric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Criterion {
    /// Its name in commands, addresses and JSON.
    pub id: &'static str,
    /// Its name for people.
    pub name: Text,
    /// What a 1, a 3 and a 5 look like; 2 and 4 lie between.
    pub marks: [Text; 3],
}

/// The criteria.
pub const CRITERIA: [Criterion; 5] = [
    Criterion {
        id: "needs",
        name: Text::new("Memahami kebutuhan akun", "Understands what the account needs"),
        marks: [
            Text::new("menawarkan tanpa bertanya", "offers without asking"),
            Text::new("bertanya, tetapi penawarannya umum", "asks, but the offer is a general one"),
            Text::new("penawarannya menjawab kebutuhan yang disebut akun", "the offer answers what the account named"),
        ],
    },
    Criterion {
        id: "preparation",
        name: Text::new("Persiapan", "Preparation"),
        marks: [
            Text::new("datang tanpa tahu riwayat akun", "comes without knowing the account's history"),
            Text::new("tahu riwayatnya, tanpa tujuan kunjungan", "knows the history, has no aim for the visit"),
            Text::new(
                "tahu riwayatnya dan mencapai tujuan yang ditetapkan",
                "knows the history and reaches the aim set before",
            ),
        ],
    },
    Criterion {
        id: "clarity",
        name: Text::new("Kejelasan", "Clarity"),
        marks: [
            Text::new(
                "akun salah paham soal harga, waktu atau syarat",
                "the account misunderstood price, time or terms",
            ),
            Text::new("jelas setelah ditanya lagi", "clear after being asked again"),
            Text::new("jelas sejak awal dan tertulis", "clear from the start, and in writing"),
        ],
    },
    Criterion {
        id: "promises",
        name: Text::new("Menepati janji", "Keeps promises"),
        marks: [
            Text::new("janji dilupakan", "promises are forgotten"),
            Text::new("ditepati terlambat atau setelah diingatkan", "kept late or when reminded"),
            Text::new("ditepati, atau dikabarkan sebelum lewat", "kept, or told before they were missed"),
        ],
    },
    Criterion {
        id: "complaints",
        name: Text::new("Menanggapi keluhan dan keberatan", "Handles complaints and objections"),
        marks: [
            Text::new("membantah atau menghindar", "argues or evades"),
            Text::new("mendengar, penyelesaiannya ditunggu akun", "listens, the account waits for the solution"),
            Text::new(
                "mendengar, menyelesaikan dan memastikan hasilnya",
                "listens, solves, and makes sure of the outcome",
            ),
        ],
    },
];

/// A rating that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// The manager's id.
    pub manager: String,
    /// The day that was observed.
    pub day: Day,
    /// The criterion's id.
    pub criterion: String,
    /// 1 to 5.
    pub score: u8,
}

/// The mean of ratings on the scale 1 to 5, with its interval.
///
/// # Errors
/// Without a rating.
pub fn mean_of(scores: &[u8]) -> takar_stats::Result<Estimate> {
    let scores: Vec<f64> = scores.iter().map(|score| f64::from(*score)).collect();
    mean_rating(&scores, Scale::new(1.0, 5.0)?, Level::P95)
}

/// The measure of the ratings of some managers in a window, of all that count.
pub(super) fn measure(ratings: &[Rating], window: Period, is_of: impl Fn(&str) -> bool) -> Measure {
    let kpi = ProcessKpi::Rubric;
    if ratings.is_empty() {
        return Measure::missing(kpi, 0, Missing::NotRecorded(Record::Ratings));
    }
    let own = ratings.iter().filter(|rating| window.contains(rating.day) && is_of(&rating.manager));
    let scores: Vec<u8> = own.map(|rating| rating.score).collect();
    Measure::of(kpi, mean_of(&scores), scores.len() as u64)
}
