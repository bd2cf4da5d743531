//! Offers: sent, followed up, won or lost, how long it took and why.

use std::collections::BTreeMap;

use takar_model::{Day, Money};
use takar_stats::{
    Estimate, Interval, Level,
    duration::{Duration, Ending, Incidence, KaplanMeier, Median},
    proportion::wilson,
    rate::rate,
};

use super::{Context, Measure, Missing, Offer, OfferState, ProcessKpi, measure::Record};

const WON: u8 = 0;
const LOST: u8 = 1;

/// What became of the offers opened in the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Funnel {
    /// Opened.
    pub sent: u64,
    /// Of these followed up, whenever.
    pub followed_up: u64,
    /// Won, whenever.
    pub won: u64,
    /// Lost.
    pub lost: u64,
    /// Not decided.
    pub open: u64,
    /// What the sent ones are worth, where they say so and in one currency.
    pub amount: Option<Money>,
    /// What the won ones are worth.
    pub won_amount: Option<Money>,
}

/// Why offers of the window were won or lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonRow {
    /// Won or lost.
    pub state: OfferState,
    /// The reason; none where none was written.
    pub reason: Option<String>,
    /// How many offers.
    pub count: u64,
    /// What they are worth, in one currency.
    pub amount: Option<Money>,
}

impl Offer {
    /// The day it was decided; of one that does not say, the day it was opened.
    pub(super) fn decided(&self) -> Option<Day> {
        if self.state == OfferState::Open { None } else { self.closed.or(self.opened) }
    }
}

impl Context<'_> {
    fn is_sent(&self, offer: &Offer) -> bool {
        offer.opened.is_some_and(|day| self.window.contains(day))
    }

    fn is_decided(&self, offer: &Offer) -> bool {
        offer.decided().is_some_and(|day| self.window.contains(day))
    }

    /// The measures of offers.
    pub(super) fn offers(&self, offers: &[&Offer]) -> Vec<Measure> {
        let recorded = &self.events.recorded;
        let promise = f64::from(self.promises.follow_up_days);
        if !recorded.offers {
            return [
                ProcessKpi::OffersSent,
                ProcessKpi::FollowUp,
                ProcessKpi::OfferToOrder,
                ProcessKpi::Won30,
                ProcessKpi::Won60,
                ProcessKpi::Won90,
                ProcessKpi::CycleDays,
            ]
            .map(|kpi| Measure::missing(kpi, 0, Missing::NotRecorded(Record::Offers)))
            .into();
        }
        let sent: Vec<&Offer> = offers.iter().copied().filter(|offer| self.is_sent(offer)).collect();
        let decided: Vec<&&Offer> = offers.iter().filter(|offer| self.is_decided(offer)).collect();
        let won = decided.iter().filter(|offer| offer.state == OfferState::Won).count() as u64;
        let of = decided.len() as u64;
        let count = sent.len() as u64;
        let undated = |kpi| Measure::missing(kpi, 0, Missing::NotRecorded(Record::OfferDays));
        let mut measures = vec![
            if recorded.offer_days {
                Measure::of(ProcessKpi::OffersSent, rate(count, 1.0, Level::P95), count)
            } else {
                undated(ProcessKpi::OffersSent)
            },
            if recorded.offer_days { self.follow_up(&sent).promised(promise) } else { undated(ProcessKpi::FollowUp) },
            Measure::of(ProcessKpi::OfferToOrder, wilson(won, of, Level::P95), of).with_cases(won),
        ];
        let cycle = [ProcessKpi::Won30, ProcessKpi::Won60, ProcessKpi::Won90, ProcessKpi::CycleDays];
        if recorded.offer_days {
            measures.extend(self.cycle(&sent));
        } else {
            measures.extend(cycle.map(undated));
        }
        measures
    }

    /// Followed up within the days promised, of the offers that are due.
    fn follow_up(&self, sent: &[&Offer]) -> Measure {
        if !self.events.recorded.follow_ups {
            return Measure::missing(ProcessKpi::FollowUp, 0, Missing::NotRecorded(Record::FollowUps));
        }
        let days = self.promises.follow_up_days.min(10_000) as i32;
        let (mut kept, mut of) = (0_u64, 0_u64);
        for offer in sent {
            let Some(opened) = offer.opened else { continue };
            let due = opened.plus_days(days);
            // Counting those followed up already, of offers that are not due, would count successes only.
            if due >= self.as_of {
                continue;
            }
            let was_kept = offer.followed_up.is_some_and(|day| day <= due);
            let was_decided = offer.decided().is_some_and(|day| day <= due);
            kept += u64::from(was_kept);
            of += u64::from(was_kept || !was_decided);
        }
        Measure::of(ProcessKpi::FollowUp, wilson(kept, of, Level::P95), of).with_cases(kept)
    }

    /// How long offers take: those of the window, followed to the last day of the data.
    fn cycle(&self, sent: &[&Offer]) -> Vec<Measure> {
        let mut longest = 0;
        let durations: Vec<Duration> = sent
            .iter()
            .filter_map(|offer| {
                let opened = offer.opened?.epoch_days();
                let (end, ending) = match offer.state {
                    OfferState::Open => (self.as_of.epoch_days(), Ending::Open),
                    OfferState::Won => (offer.closed?.epoch_days(), Ending::Ended(WON)),
                    OfferState::Lost => (offer.closed?.epoch_days(), Ending::Ended(LOST)),
                };
                // One decided before it was opened says nothing of how long it took.
                let time = f64::from(end - opened);
                (time >= 0.0).then(|| {
                    longest = longest.max(self.as_of.epoch_days() - opened);
                    Duration { time, ending }
                })
            })
            .collect();
        let n = durations.len() as u64;
        let incidence = Incidence::of(&durations, 2);
        let won = |kpi: ProcessKpi, days: u32| match &incidence {
            Ok(_) if i64::from(longest) < i64::from(days) => Measure::missing(kpi, n, Missing::NotWatched { days }),
            Ok(incidence) => Measure::of(kpi, incidence.ended_by(WON, f64::from(days), Level::P95), n),
            Err(_) => Measure::missing(kpi, n, Missing::NothingToJudge),
        };
        vec![
            won(ProcessKpi::Won30, 30),
            won(ProcessKpi::Won60, 60),
            won(ProcessKpi::Won90, 90),
            median_of(ProcessKpi::CycleDays, &durations),
        ]
    }

    /// What became of the offers opened in the window.
    pub(super) fn funnel(&self, offers: &[&Offer]) -> Funnel {
        let sent: Vec<&Offer> = offers.iter().copied().filter(|offer| self.is_sent(offer)).collect();
        let with = |state| sent.iter().copied().filter(|offer| offer.state == state).collect::<Vec<_>>();
        let (won, lost, open) = (with(OfferState::Won), with(OfferState::Lost), with(OfferState::Open));
        Funnel {
            sent: sent.len() as u64,
            followed_up: sent.iter().filter(|offer| offer.followed_up.is_some()).count() as u64,
            won: won.len() as u64,
            lost: lost.len() as u64,
            open: open.len() as u64,
            amount: worth(&sent),
            won_amount: worth(&won),
        }
    }

    /// Why offers decided in the window were won or lost; the most frequent first.
    pub(super) fn reasons(&self, offers: &[&Offer]) -> Vec<ReasonRow> {
        let mut by: BTreeMap<(OfferState, Option<&str>), Vec<&Offer>> = BTreeMap::new();
        for offer in offers.iter().copied().filter(|offer| self.is_decided(offer)) {
            by.entry((offer.state, offer.reason.as_deref())).or_default().push(offer);
        }
        let mut rows: Vec<ReasonRow> = by
            .into_iter()
            .map(|((state, reason), offers)| ReasonRow {
                state,
                reason: reason.map(str::to_owned),
                count: offers.len() as u64,
                amount: worth(&offers),
            })
            .collect();
        rows.sort_by_key(|row| (row.state, std::cmp::Reverse(row.count)));
        rows
    }
}

/// The sum of what offers say they are worth; none where none says so or they name several currencies.
fn worth(offers: &[&Offer]) -> Option<Money> {
    let told: Vec<&&Offer> = offers.iter().filter(|offer| offer.amount.is_some()).collect();
    let first = told.first()?;
    if told.iter().any(|offer| offer.currency != first.currency) {
        return None;
    }
    Some(told.iter().filter_map(|offer| offer.amount).sum())
}

/// The median of durations of which some have not ended.
pub(super) fn median_of(kpi: ProcessKpi, durations: &[Duration]) -> Measure {
    let n = durations.len() as u64;
    let Ok(curve) = KaplanMeier::of(durations) else { return Measure::missing(kpi, n, Missing::NothingToJudge) };
    let Median { time, low, high, level, .. } = curve.median(Level::P95);
    let Some(value) = time else { return Measure::missing(kpi, n, Missing::NotReached) };
    // An end that was not reached lies beyond all that was watched.
    let interval = Interval { low: low.unwrap_or(0.0), high: high.unwrap_or(f64::INFINITY), level };
    Measure::of(kpi, Ok(Estimate { value, interval, n: durations.len() }), n)
}
