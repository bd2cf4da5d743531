//! Figures of everybody worked out as soon as data or definitions changed, so that the first who looks does not wait for them.

use std::{
    thread::available_parallelism,
    time::{Duration, Instant},
};

use takar_insight::evaluation::{fair, overview};
use takar_model::Credit;

use crate::{Result, Takar};

/// Of the time at most one part in so many goes into it: where rows come in all the time, who looks works out what one looks at.
const SPARING: u32 = 10;

/// What was last worked out ahead, and when that may be done again.
#[derive(Default)]
pub(crate) struct Warmth {
    mark: Option<String>,
    not_before: Option<Instant>,
    is_warming: bool,
}

impl Warmth {
    /// Whether figures under this mark are to be worked out now; if so it is taken as begun.
    pub fn begin(&mut self, mark: String, now: Instant) -> bool {
        let is_early = self.not_before.is_some_and(|then| now < then);
        if self.is_warming || is_early || self.mark.as_ref() == Some(&mark) {
            return false;
        }
        self.mark = Some(mark);
        self.is_warming = true;
        true
    }

    /// They are worked out, which took so long.
    pub fn end(&mut self, now: Instant, took: Duration) {
        self.is_warming = false;
        self.not_before = now.checked_add(took * (SPARING - 1));
    }
}

impl Takar {
    /// Works out what the usual pages show: the last complete month, credit as recorded. One processor is left to those who look at something meanwhile.
    ///
    /// # Errors
    /// Those of the figures. Nobody has to be told: whoever asks for a figure is.
    pub(crate) fn warm_up(&self) -> Result<()> {
        let others = available_parallelism().map_or(1, |all| all.get().saturating_sub(1).max(1));
        match rayon::ThreadPoolBuilder::new().num_threads(others).build() {
            Ok(pool) => pool.install(|| self.usual_figures()),
            Err(_) => self.usual_figures(),
        }
    }

    fn usual_figures(&self) -> Result<()> {
        let credit = Credit::Recorded;
        overview(self.source(credit)?.as_ref(), None)?;
        self.evaluation(credit, None, None)?;
        // With the work of everybody, which the cards look at.
        self.scorecards(credit, None, None)?;
        self.fair(credit, &fair::Question::default())?;
        self.all_opportunities(credit)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_for_each_change_and_a_tenth_of_the_time_at_most() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        let mut warmth = Warmth::default();
        assert!(warmth.begin("a".into(), begun));
        assert!(!warmth.begin("b".into(), after(1)), "the first is not done");
        warmth.end(after(2), Duration::from_secs(2));
        assert!(!warmth.begin("a".into(), after(60)), "nothing changed");
        assert!(!warmth.begin("b".into(), after(19)), "2 of 19 seconds would be more than a tenth");
        assert!(warmth.begin("b".into(), after(20)));
    }
}
