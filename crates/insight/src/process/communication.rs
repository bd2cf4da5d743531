//! What accounts say: recommendation, satisfaction, communication, complaints and how fast they are resolved.

use rustc_hash::FxHashMap;
use takar_stats::{
    Estimate, Interval, Level,
    duration::{Duration, Ending},
    proportion::{nps, wilson},
    rate::rate,
    rating::{Scale, mean_rating},
};

use super::{Context, Feedback, Measure, Missing, ProcessKpi, measure::Record, offers::median_of};

/// Answers on a scale that is not told are on one of these: the first that holds the greatest score there is.
const SCALES: [f64; 3] = [5.0, 10.0, 100.0];

impl Context<'_> {
    /// The measures of communication; `account_months` is for how long the manager had how many accounts.
    pub(super) fn communication(&self, feedback: &[&Feedback], account_months: f64) -> Vec<Measure> {
        let mut measures = vec![self.nps(feedback), self.csat(feedback), self.ratings(feedback)];
        measures.extend(self.complaints(feedback, account_months));
        measures
    }

    /// The answers of a kind, each with its scale.
    fn answers(&self, feedback: &[&Feedback], kind: &str) -> Option<Vec<(f64, f64)>> {
        let greatest = *self.events.recorded.feedback.get(kind)?;
        let usual = SCALES.into_iter().find(|scale| greatest.is_none_or(|score| score <= *scale));
        let answers = feedback.iter().filter(|said| said.kind == kind).filter_map(|said| {
            let (score, scale) = (said.score?, said.scale.or(usual)?);
            (scale > 0.0 && (0.0..=scale).contains(&score)).then_some((score, scale))
        });
        Some(answers.collect())
    }

    /// By account, the sum of its scores as parts of their scales, and how many there are. Answers to questions from 0 to 10 count
    /// from 0, those from 1 to 5 from 1.
    pub(super) fn satisfaction(&self) -> FxHashMap<String, (f64, u64)> {
        let mut found: FxHashMap<String, (f64, u64)> = FxHashMap::default();
        for said in &self.events.feedback {
            let Some((account, part)) = said.account.as_ref().zip(self.part_of_scale(said)) else { continue };
            let (sum, count) = found.entry(account.clone()).or_default();
            *sum += part;
            *count += 1;
        }
        found
    }

    /// The score of an answer as a part of its scale, 0 to 1; none of what is no answer with a score.
    pub(super) fn part_of_scale(&self, said: &Feedback) -> Option<f64> {
        if !matches!(said.kind.as_str(), "nps" | "csat" | "communication") {
            return None;
        }
        let (score, scale) = self.answers(&[said], &said.kind)?.first().copied()?;
        let least = if scale == 5.0 { 1.0 } else { 0.0 };
        Some(((score - least) / (scale - least)).max(0.0))
    }

    fn nps(&self, feedback: &[&Feedback]) -> Measure {
        let kpi = ProcessKpi::Nps;
        if !self.events.recorded.feedback.contains_key("nps") {
            return Measure::missing(kpi, 0, Missing::NotRecorded(Record::Answers));
        }
        // The question is asked from 0 to 10 and from nothing else.
        let scores = feedback.iter().filter(|said| said.kind == "nps" && said.scale.is_none_or(|scale| scale == 10.0));
        let scores: Vec<f64> =
            scores.filter_map(|said| said.score).filter(|score| (0.0..=10.0).contains(score)).collect();
        let n = scores.len() as u64;
        let promoters = scores.iter().filter(|score| **score >= 9.0).count() as u64;
        let detractors = scores.iter().filter(|score| **score <= 6.0).count() as u64;
        let score = nps(promoters, n - promoters - detractors, detractors, Level::P95);
        let hundred = |score: takar_stats::proportion::Nps| {
            let Estimate { value, interval, n } = score.adjusted;
            let interval = Interval { low: interval.low * 100.0, high: interval.high * 100.0, ..interval };
            Estimate { value: value * 100.0, interval, n }
        };
        Measure::of(kpi, score.map(hundred), n)
    }

    fn csat(&self, feedback: &[&Feedback]) -> Measure {
        let kpi = ProcessKpi::Csat;
        let Some(answers) = self.answers(feedback, "csat") else {
            return Measure::missing(kpi, 0, Missing::NotRecorded(Record::Answers));
        };
        let n = answers.len() as u64;
        let satisfied = answers.iter().filter(|(score, scale)| *score >= 0.8 * scale).count() as u64;
        Measure::of(kpi, wilson(satisfied, n, Level::P95), n).with_cases(satisfied)
    }

    fn ratings(&self, feedback: &[&Feedback]) -> Measure {
        let kpi = ProcessKpi::Communication;
        let Some(answers) = self.answers(feedback, "communication") else {
            return Measure::missing(kpi, 0, Missing::NotRecorded(Record::Answers));
        };
        // A scale up to 5 begins at 1, longer ones at 0; all are told from 1 to 5.
        let ratings: Vec<f64> = answers
            .iter()
            .map(|(score, scale)| {
                let lowest = if *scale <= 5.0 { 1.0_f64.min(*scale / 2.0) } else { 0.0 };
                1.0 + 4.0 * ((score - lowest) / (scale - lowest)).clamp(0.0, 1.0)
            })
            .collect();
        let n = ratings.len() as u64;
        let mean = Scale::new(1.0, 5.0).and_then(|scale| mean_rating(&ratings, scale, Level::P95));
        Measure::of(kpi, mean, n)
    }

    fn complaints(&self, feedback: &[&Feedback], account_months: f64) -> Vec<Measure> {
        let all = [ProcessKpi::Complaints, ProcessKpi::ComplaintsResolved, ProcessKpi::ResolveDays];
        let recorded = &self.events.recorded;
        if !recorded.feedback.contains_key("complaint") {
            return all.map(|kpi| Measure::missing(kpi, 0, Missing::NotRecorded(Record::Complaints))).into();
        }
        let complaints: Vec<&&Feedback> = feedback.iter().filter(|said| said.kind == "complaint").collect();
        let n = complaints.len() as u64;
        let resolved = complaints.iter().filter(|said| said.is_resolved).count() as u64;
        let raised = if account_months <= 0.0 {
            Measure::missing(ProcessKpi::Complaints, n, Missing::NoAccounts)
        } else {
            Measure::of(ProcessKpi::Complaints, rate(n, account_months / 100.0, Level::P95), n)
        };
        let durations: Vec<Duration> = complaints
            .iter()
            .filter_map(|said| {
                let (end, ending) = match (said.is_resolved, said.resolved) {
                    (true, Some(day)) => (day, Ending::Ended(0)),
                    // Resolved on a day that nobody wrote down.
                    (true, None) => return None,
                    (false, _) => (self.as_of, Ending::Open),
                };
                let time = f64::from(end.epoch_days() - said.date.epoch_days());
                (time >= 0.0).then_some(Duration { time, ending })
            })
            .collect();
        let resolve_days = if recorded.resolved {
            median_of(ProcessKpi::ResolveDays, &durations)
        } else {
            Measure::missing(ProcessKpi::ResolveDays, 0, Missing::NotRecorded(Record::Resolved))
        };
        vec![
            raised,
            Measure::of(ProcessKpi::ComplaintsResolved, wilson(resolved, n, Level::P95), n).with_cases(resolved),
            resolve_days,
        ]
    }
}
