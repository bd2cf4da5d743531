//! What was worked out for everybody, kept for as long as all that it rests on stays the same.
//!
//! A scorecard or a fair comparison of one manager is made of all managers, so it is worked out for all once and then shown as far as it is
//! asked for and may be seen. What is kept is therefore nobody's in particular: whoever takes it filters it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use takar_insight::{
    InsightError,
    analysis::Scope,
    evaluation::{
        Evaluation, evaluate,
        fair::{Fair, Question as FairQuestion},
        presence::AbsenceSource,
        scorecard::Scorecards,
    },
    metrics::{CellSource, known_manager},
    opportunities::{Found, Opportunities},
    process::{Rating, Work},
    satisfaction::FirstMoves,
    stock::Stock,
};
use takar_model::{Credit, Day, Period};

use crate::{Result, Takar};

/// The results of one home. Where only data matter they are named by the version of each table.
#[derive(Default)]
pub(crate) struct KeptResults {
    pub scorecards: Kept<(Stand, Credit, Period), Scorecards, 4>,
    pub fair: Kept<(String, Credit, FairQuestion), Fair, 4>,
    /// By the rule of credit too: without a table of owners an account is whose it bought from most.
    pub work: Kept<(String, Credit, Day, Option<Period>), Work, 3>,
    /// By the ids of the reach and the scope: what moved first is told of what one may see.
    pub first_moves: Kept<FirstMovesKey, FirstMoves, 4>,
    /// By the ids of the reach too: a company's total is the sum of what one may see.
    pub evaluations: Kept<EvaluationKey, Evaluation, 4>,
    /// What was found for everybody, and the same weighed by what was dismissed.
    pub found: Kept<FoundKey, Found, 1>,
    pub opportunities: Kept<(FoundKey, String), Opportunities, 1>,
    /// By version of the data, lead time, time between orders, share and months.
    pub stock: Kept<(String, u16, u16, u64, u16), Stock, 2>,
}

/// Version of the data, rule of credit, within how many days offers are to be followed up, and the bits of what an hour costs.
pub(crate) type FoundKey = (String, Credit, u32, Option<u64>);

/// Version of the data, rule of credit, the day, the ids of the reach and whose.
type FirstMovesKey = (String, Credit, Day, Option<Vec<String>>, Scope);

/// Version of the data, rule of credit, window and the ids of the reach.
type EvaluationKey = (String, Credit, Option<Period>, Option<Vec<String>>);

/// How the home stands: whatever changes a figure changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stand {
    /// The version of each table.
    data: String,
    /// KPIs, weights and promises.
    definitions: String,
    /// What leads rated.
    ratings: Vec<Rating>,
    today: Day,
}

/// A few results, each by what it rests on. Who asks for what somebody else is working out waits for it.
pub(crate) struct Kept<K, V, const MOST: usize> {
    slots: Mutex<VecDeque<(K, Slot<V>)>>,
}

type Slot<V> = Arc<Mutex<Option<Arc<V>>>>;

impl<K, V, const MOST: usize> Default for Kept<K, V, MOST> {
    fn default() -> Self {
        Self { slots: Mutex::default() }
    }
}

impl<K: PartialEq, V, const MOST: usize> Kept<K, V, MOST> {
    /// The result for a key, worked out where it is not kept. What fails is not kept.
    pub fn get(&self, key: K, work: impl FnOnce() -> Result<V>) -> Result<Arc<V>> {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            let known = slots.iter().position(|(known, _)| *known == key);
            let slot = match known.and_then(|place| slots.remove(place)) {
                Some((_, slot)) => slot,
                None => Slot::default(),
            };
            slots.push_back((key, slot.clone()));
            if slots.len() > MOST {
                slots.pop_front();
            }
            slot
        };
        let mut result = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = result.as_ref() {
            return Ok(known.clone());
        }
        let fresh = Arc::new(work()?);
        *result = Some(fresh.clone());
        Ok(fresh)
    }
}

impl Takar {
    /// How the home stands now.
    pub(crate) fn stand(&self) -> Result<Stand> {
        Ok(Stand {
            data: self.lake.version_mark(),
            definitions: self.definitions_mark()?,
            ratings: self.ratings_that_count()?,
            today: self.today(),
        })
    }

    /// A mark that changes with all that figures of the work and scorecards rest on: data of every kind, definitions, ratings and the day.
    pub fn figures_mark(&self) -> Result<String> {
        Ok(format!("{:032x}", xxhash_rust::xxh3::xxh3_128(format!("{:?}", self.stand()?).as_bytes())))
    }

    /// What happened in a window, the last complete month unless given, and whose accounts were whose under a rule of credit.
    pub(crate) fn work(&self, credit: Credit, period: Option<Period>) -> Result<Arc<Work>> {
        // What is kept may be newer than its mark, never older: data that come in between are read, and asked for under the next mark.
        let mark = self.lake.version_mark();
        let source = self.lake_source(credit)?;
        // The usual window is that of scorecards, which say which it is: one is enough for both.
        let usual = || source.extent().and_then(|_| source.last_complete_month()).map(Period::month);
        let (today, period) = (self.today(), period.or_else(usual));
        self.kept
            .work
            .get((mark, credit, today, period), || Ok(Work::of(source.as_ref(), source.as_ref(), period, Some(today))?))
    }

    /// The evaluation of a window under a rule of credit, of one manager or all, as far as the one who acts may see.
    ///
    /// # Errors
    /// Without data, or for a manager that is not known or not of the own line.
    pub fn evaluation(&self, credit: Credit, period: Option<Period>, manager: Option<&str>) -> Result<Evaluation> {
        let key = (self.lake.version_mark(), credit, period, self.reach_ids());
        let source = self.source(credit)?;
        if let Some(id) = manager {
            source.extent().ok_or(InsightError::NoData)?;
            known_manager(source.as_ref(), id)?;
        }
        let all = self.kept.evaluations.get(key, || {
            let absences = self.lake_source(credit)?.absences().map_err(InsightError::from)?;
            Ok(evaluate(source.as_ref(), period, None)?.with_absences(&absences))
        })?;
        Ok(match manager {
            Some(id) => all.of(id),
            None => all.as_ref().clone(),
        })
    }
}
