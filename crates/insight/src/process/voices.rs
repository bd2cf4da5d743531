//! What accounts said and how soon they were answered, for whoever puts it together otherwise than by manager.

use takar_model::{Day, Period};

use super::{Context, Feedback, Measure, ProcessKpi, Promises, Response, Work, targets::WorkTargets};
use crate::metrics::CellSource;

/// What `Work::voices` measures, in this order.
pub const VOICES: [ProcessKpi; 7] = [
    ProcessKpi::Nps,
    ProcessKpi::Csat,
    ProcessKpi::Communication,
    ProcessKpi::ResponseInTime,
    ProcessKpi::ResponseHours,
    ProcessKpi::ComplaintsResolved,
    ProcessKpi::ResolveDays,
];

/// What was promised to whom: the time to answer, for all and for a manager who has a target of it.
pub struct Promised<'a> {
    promises: &'a Promises,
    own: WorkTargets,
}

impl<'a> Promised<'a> {
    /// What was promised to all, and the targets of managers in the data.
    pub fn of(source: &dyn CellSource, promises: &'a Promises) -> Self {
        Self { promises, own: WorkTargets::of(source) }
    }

    /// The hours within which a manager's accounts are to have their answer, all accounts without a manager.
    pub fn hours(&self, manager: Option<&str>, window: Period) -> f64 {
        let own = manager.and_then(|id| self.own.get(id, ProcessKpi::ResponseHours, window));
        own.unwrap_or(self.promises.response_hours)
    }
}

impl Work {
    /// What accounts said, each with the manager who answers for it, in the order of events.
    pub(crate) fn said(&self) -> Vec<(&Feedback, Option<&str>)> {
        let mut whose: Vec<Option<&str>> = vec![None; self.events.feedback.len()];
        for (manager, group) in &self.groups {
            for place in &group.feedback {
                whose[*place as usize] = Some(manager);
            }
        }
        self.events.feedback.iter().zip(whose).collect()
    }

    /// How soon accounts were answered.
    pub(crate) fn answered(&self) -> &[Response] {
        &self.events.responses
    }

    /// The last day of the data: complaints are followed to it.
    pub(crate) const fn as_of(&self) -> Day {
        self.as_of
    }

    /// The score of an answer as a part of its scale, 0 to 1; none of what is no answer with a score.
    pub(crate) fn part_of_scale(&self, said: &Feedback) -> Option<f64> {
        self.context(&Promises::default()).part_of_scale(said)
    }

    /// The measures of [`VOICES`] of what is given, whomever it is put together for; `hours` is how long answers took and how many took so
    /// long, `promise` within how many hours they were to come. They are the measures of the work of a manager, by the same definitions.
    pub(crate) fn voices(&self, feedback: &[&Feedback], hours: &[(f64, u64)], promise: f64) -> Vec<Measure> {
        let promises = Promises::default();
        let context = self.context(&promises);
        let mut measures = context.responses(hours, promise);
        measures.extend(context.communication(feedback, 0.0));
        let of = |kpi: ProcessKpi| measures.iter().find(|measure| measure.kpi.kpi == kpi).cloned();
        VOICES.into_iter().filter_map(of).collect()
    }

    fn context<'a>(&'a self, promises: &'a Promises) -> Context<'a> {
        Context {
            window: self.window,
            as_of: self.as_of,
            months: super::months_of(self.known_days),
            known_days: self.known_days.days(),
            promises,
            events: &self.events,
            ratings: &[],
            targets: WorkTargets::default(),
        }
    }
}
