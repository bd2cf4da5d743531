//! The rubric: a manager's lead rates approach and communication, with evidence; kept for good, corrected by a new rating.

use serde::Serialize;
use takar_import::FactKind;
use takar_insight::{
    metrics::CellSource,
    process::{CRITERIA, RUBRIC_VERSION, Rating, mean_of},
};
use takar_model::{Credit, Day, Lang, Period, Right, Text, id_order};
use takar_state::{Message, NewRating, RatingRow};

use crate::{Actor, AppError, Result, Takar};

/// The kinds of rows that can show what was seen.
const SHOWN_BY: [FactKind; 3] = [FactKind::Activities, FactKind::Offers, FactKind::Feedback];

/// The longest evidence.
const LONGEST: usize = 4_000;

/// A rating that is to be kept.
#[derive(Debug, Clone, Default)]
pub struct RatingAsked {
    /// Who rates.
    pub rater: String,
    /// The manager's id.
    pub manager: String,
    /// The criterion's id.
    pub criterion: String,
    /// 1 to 5.
    pub score: u8,
    /// What was seen.
    pub evidence: String,
    /// The day that was observed; today unless given.
    pub day: Option<Day>,
    /// The row that shows it, as `offers:PNW-1`.
    pub fact: Option<String>,
    /// The rating that this one takes the place of.
    pub corrects: Option<i64>,
}

/// Which ratings.
#[derive(Debug, Clone, Default)]
pub struct RubricAsked {
    /// Of days in this window; of all unless given.
    pub period: Option<Period>,
    /// Of this manager.
    pub manager: Option<String>,
    /// Only of these managers; of all unless given.
    pub managers: Option<Vec<String>>,
}

/// A rating as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RatingTold {
    /// Its number.
    pub id: i64,
    /// When it was written down.
    pub at: String,
    /// Who rated.
    pub rater: String,
    /// The manager's id.
    pub manager: String,
    /// The manager's name.
    pub manager_name: Option<String>,
    /// The day that was observed.
    pub day: String,
    /// The version of the rubric.
    pub rubric: u32,
    /// The criterion's id.
    pub criterion: String,
    /// 1 to 5.
    pub score: u8,
    /// What was seen.
    pub evidence: String,
    /// The kind of the row that shows it.
    pub kind: Option<String>,
    /// Its id.
    pub fact: Option<String>,
    /// The rating it took the place of.
    pub corrects: Option<i64>,
    /// The rating that took its place; it counts no more then.
    pub corrected_by: Option<i64>,
}

/// A criterion, and the ratings of one manager or of all by it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriterionOfRubric {
    /// Its name in commands and JSON.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What a 1, a 3 and a 5 look like.
    pub marks: [&'static str; 3],
    /// The mean; none without a rating.
    pub mean: Option<f64>,
    /// The lower end of its 95 % interval.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// How many ratings count.
    pub n: usize,
}

/// The ratings of one manager together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ManagerOfRubric {
    /// The manager's id.
    pub id: String,
    /// The manager's name.
    pub name: Option<String>,
    /// The mean.
    pub mean: Option<f64>,
    /// The lower end of its 95 % interval.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// How many ratings count.
    pub n: usize,
}

/// The rubric and its ratings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rubric {
    /// The version of the criteria.
    pub version: u32,
    /// The criteria, with the ratings asked for.
    pub criteria: Vec<CriterionOfRubric>,
    /// Each manager with ratings.
    pub managers: Vec<ManagerOfRubric>,
    /// The ratings, newest first, corrected ones among them.
    pub ratings: Vec<RatingTold>,
}

fn asked_wrongly<T>(id: &'static str, en: &'static str) -> Result<T> {
    Err(AppError::Asked(Text::new(id, en)))
}

fn told_wrongly<T>(id: String, en: String) -> Result<T> {
    Err(AppError::Told(Message { id, en }))
}

impl Takar {
    /// Keeps a rating.
    pub fn rate(&self, asked: &RatingAsked) -> Result<RatingTold> {
        self.may(Right::Decide)?;
        // Who is known by login rates under the own name, whatever was written.
        let person = if let Actor::Person(person) = self.actor() { Some(person) } else { None };
        let rater = person.map_or_else(|| asked.rater.trim(), |person| person.name.as_str());
        let evidence = asked.evidence.trim();
        let manager = asked.manager.trim();
        if rater.is_empty() {
            return asked_wrongly("siapa yang menilai? tulis namanya", "who rates? write the name");
        }
        let own = person.and_then(|person| person.manager.as_ref()).map(|own| own.0.as_str());
        if rater == manager || own == Some(manager) {
            return asked_wrongly(
                "yang menilai adalah atasan, bukan manajer itu sendiri",
                "the lead rates, not the manager himself or herself",
            );
        }
        let source = self.lake_source(Credit::Recorded)?;
        let is_seen = self.reach().is_none_or(|reach| reach.holds(manager));
        let is_known = source.names().manager.code(manager).is_some()
            || self.lake.ids_named(FactKind::Managers, "manager_id")?.iter().any(|named| named.id == manager);
        if !is_known || !is_seen {
            return told_wrongly(
                format!("tidak ada manajer akun dengan id \"{manager}\"; lihat takar metrics --by manager"),
                format!("there is no account manager with the id \"{manager}\"; see takar metrics --by manager"),
            );
        }
        if CRITERIA.iter().all(|known| known.id != asked.criterion) {
            let known = CRITERIA.map(|known| known.id).join(", ");
            return told_wrongly(
                format!("tidak ada kriteria \"{}\"; pilih dari: {known}", asked.criterion),
                format!("there is no criterion \"{}\"; choose from: {known}", asked.criterion),
            );
        }
        if !(1..=5).contains(&asked.score) {
            return asked_wrongly("nilainya dari 1 sampai 5", "a score is from 1 to 5");
        }
        if evidence.is_empty() {
            return asked_wrongly(
                "tulis buktinya: apa yang dilihat atau didengar, kapan, di akun mana",
                "write the evidence: what was seen or heard, when, with which account",
            );
        }
        if evidence.chars().count() > LONGEST {
            return asked_wrongly("buktinya paling panjang 4.000 huruf", "evidence has at most 4,000 characters");
        }
        let today = self.today();
        let day = asked.day.unwrap_or(today);
        if day > today {
            return asked_wrongly("hari yang dinilai belum tiba", "the day that is rated has not come yet");
        }
        let fact = asked.fact.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let fact = fact.map(|text| self.row_shown(text)).transpose()?;
        if let Some(earlier) = asked.corrects {
            let kept = self.state.ratings()?;
            let Some(of) = kept.iter().find(|row| row.id == earlier) else {
                return Err(AppError::NotFound(Text::new(
                    "penilaian yang hendak dikoreksi tidak ada",
                    "the rating that is to be corrected is not there",
                )));
            };
            if of.said.manager != manager || of.said.criterion != asked.criterion {
                return asked_wrongly(
                    "koreksi menyangkut manajer dan kriteria yang sama; untuk yang lain buat penilaian baru",
                    "a correction is of the same manager and criterion; rate anew for another",
                );
            }
            if let Some(later) = of.corrected_by {
                return told_wrongly(
                    format!("penilaian {earlier} sudah dikoreksi oleh {later}; koreksi yang itu"),
                    format!("rating {earlier} was corrected by {later}; correct that one"),
                );
            }
        }
        let rating = NewRating {
            at: self.now(),
            rater: rater.to_owned(),
            manager: manager.to_owned(),
            day: day.to_string(),
            rubric: RUBRIC_VERSION,
            criterion: asked.criterion.clone(),
            score: asked.score,
            evidence: evidence.to_owned(),
            fact,
            corrects: asked.corrects,
        };
        let id = self.state.add_rating(&rating, self.who(), &self.lake.version_mark())?;
        let code = source.names().manager.code(manager);
        let name = code.and_then(|code| source.names().manager.name(code)).map(str::to_owned);
        Ok(RatingTold::of(RatingRow { id, said: rating, corrected_by: None }, name))
    }

    /// The rubric with its ratings.
    pub fn rubric(&self, asked: &RubricAsked, lang: Lang) -> Result<Rubric> {
        let source = self.lake_source(Credit::Recorded)?;
        let names = source.names();
        let name = |id: &str| names.manager.code(id).and_then(|code| names.manager.name(code)).map(str::to_owned);
        let mut rows = self.kept_ratings()?;
        let given: Vec<&str> = rows.iter().map(|row| row.said.manager.as_str()).collect();
        let counted = self.lake.managers_that_count(&given)?;
        rows.iter_mut().zip(counted).for_each(|(row, manager)| row.said.manager = manager);
        rows.retain(|row| {
            let is_in = |period: Period| day_of(row).is_some_and(|day| period.contains(day));
            asked.period.is_none_or(is_in)
                && asked.manager.as_ref().is_none_or(|id| row.said.manager == *id)
                && asked.managers.as_ref().is_none_or(|all| all.contains(&row.said.manager))
                && self.reach().is_none_or(|reach| reach.holds(&row.said.manager))
        });
        let scores = |keep: &dyn Fn(&RatingRow) -> bool| -> Vec<u8> {
            rows.iter().filter(|row| row.corrected_by.is_none() && keep(row)).map(|row| row.said.score).collect()
        };
        let criteria = CRITERIA
            .iter()
            .map(|criterion| {
                let scores = scores(&|row| row.said.criterion == criterion.id);
                let (mean, low, high) = told(&scores);
                CriterionOfRubric {
                    id: criterion.id,
                    name: criterion.name.get(lang),
                    marks: criterion.marks.map(|mark| mark.get(lang)),
                    mean,
                    low,
                    high,
                    n: scores.len(),
                }
            })
            .collect();
        let mut ids: Vec<&str> = rows.iter().map(|row| row.said.manager.as_str()).collect();
        ids.sort_by(|one, other| id_order(one, other));
        ids.dedup();
        let managers = ids
            .into_iter()
            .map(|id| {
                let scores = scores(&|row| row.said.manager == id);
                let (mean, low, high) = told(&scores);
                ManagerOfRubric { id: id.to_owned(), name: name(id), mean, low, high, n: scores.len() }
            })
            .collect();
        let ratings = rows.iter().rev().map(|row| RatingTold::of(row.clone(), name(&row.said.manager))).collect();
        Ok(Rubric { version: RUBRIC_VERSION, criteria, managers, ratings })
    }

    /// The ratings that count, under the ids that count.
    pub(crate) fn ratings_that_count(&self) -> Result<Vec<Rating>> {
        let rows = self.kept_ratings()?;
        let rows: Vec<&RatingRow> = rows.iter().filter(|row| row.corrected_by.is_none()).collect();
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let given: Vec<&str> = rows.iter().map(|row| row.said.manager.as_str()).collect();
        let counted = self.lake.managers_that_count(&given)?;
        let rating = |(row, manager): (&&RatingRow, String)| {
            Some(Rating { manager, day: day_of(row)?, criterion: row.said.criterion.clone(), score: row.said.score })
        };
        Ok(rows.iter().zip(counted).filter_map(rating).collect())
    }

    /// The ratings that were kept; up to the pin where one is read.
    fn kept_ratings(&self) -> Result<Vec<RatingRow>> {
        let mut rows = self.state.ratings()?;
        if let Some(pin) = &self.pin {
            let is_later = |rating: i64| rating > pin.definitions.last_rating;
            rows.retain(|row| !is_later(row.id));
            rows.iter_mut().for_each(|row| row.corrected_by = row.corrected_by.filter(|by| !is_later(*by)));
        }
        Ok(rows)
    }

    /// The kind and the id of a row that is written as `offers:PNW-1`.
    fn row_shown(&self, text: &str) -> Result<(String, String)> {
        let split = text.split_once(':').map(|(kind, id)| (kind.trim(), id.trim()));
        let kind = split.and_then(|(kind, _)| SHOWN_BY.into_iter().find(|known| known.name() == kind));
        let (Some((_, id)), Some(kind)) = (split, kind) else {
            return told_wrongly(
                format!("\"{text}\" bukan baris data: tulis jenis dan kodenya, misalnya offers:PNW-1"),
                format!("\"{text}\" is no row: write its kind and its id, such as offers:PNW-1"),
            );
        };
        if !self.lake.has_fact(kind, id, self.reach_ids().as_deref())? {
            return told_wrongly(
                format!("tidak ada {} dengan kode \"{id}\"; lihat takar facts {}", kind.label().id, kind.name()),
                format!("there is no row of {} with the id \"{id}\"; see takar facts {}", kind.name(), kind.name()),
            );
        }
        Ok((kind.name().to_owned(), id.to_owned()))
    }
}

impl RatingTold {
    fn of(row: RatingRow, manager_name: Option<String>) -> Self {
        let RatingRow { id, said, corrected_by } = row;
        let (kind, fact) = said.fact.unzip();
        Self {
            id,
            at: said.at,
            rater: said.rater,
            manager: said.manager,
            manager_name,
            day: said.day,
            rubric: said.rubric,
            criterion: said.criterion,
            score: said.score,
            evidence: said.evidence,
            kind,
            fact,
            corrects: said.corrects,
            corrected_by,
        }
    }
}

fn day_of(row: &RatingRow) -> Option<Day> {
    row.said.day.parse::<Period>().ok().map(Period::from)
}

/// A mean with the ends of its interval; nothing without a rating.
fn told(scores: &[u8]) -> (Option<f64>, Option<f64>, Option<f64>) {
    match mean_of(scores) {
        Ok(mean) => (Some(mean.value), Some(mean.interval.low), Some(mean.interval.high)),
        Err(_) => (None, None, None),
    }
}
