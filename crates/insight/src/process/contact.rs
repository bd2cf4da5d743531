//! Contacts and answers: coverage by class of account, answers within the promise, accounts nobody touched.

use takar_model::{Day, Money};
use takar_stats::{Level, middle::median, proportion::wilson, rate::rate};

use super::{Class, Context, Holding, Measure, Missing, ProcessKpi, measure::Record};

/// Coverage of the accounts of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassCoverage {
    /// The class.
    pub class: Class,
    /// How many accounts.
    pub accounts: u64,
    /// What they bought in the year before.
    pub worth: Money,
    /// How many contacts in the window are planned for each; none where the window is too short for one.
    pub planned: u64,
    /// Contacted at least once.
    pub contacted: Measure,
    /// Contacted as often as planned.
    pub as_planned: Measure,
}

/// Answers that took up to so long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResponseBin {
    /// More than so many hours.
    pub over: f64,
    /// Up to so many; none for the last.
    pub up_to: Option<f64>,
    /// How many.
    pub count: u64,
}

/// An account and how it was looked after.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountContact<'a> {
    /// The account.
    pub holding: &'a Holding,
    /// Contacts in the window, by whomever.
    pub contacts: u64,
    /// How many are planned.
    pub planned: u64,
    /// The last contact up to the window's end; none in all the data.
    pub last: Option<Day>,
}

/// Where the bins of response times end, in hours.
const ENDS: [f64; 6] = [1.0, 4.0, 8.0, 24.0, 48.0, 72.0];

impl Context<'_> {
    /// How many contacts the plan asks of a class in the window: whole ones only.
    pub(super) fn planned(&self, class: Class) -> u64 {
        (self.promises.contacts_a_month[class as usize] * self.months + 1e-9).floor().max(0.0) as u64
    }

    /// The measures of contact of accounts, and of a manager's own contacts.
    pub(super) fn contact(&self, holdings: &[&Holding], own_contacts: u64, account_months: f64) -> Vec<Measure> {
        let all = [ProcessKpi::Coverage, ProcessKpi::CoveragePlan, ProcessKpi::Contacts, ProcessKpi::UntouchedAccounts];
        if !self.events.recorded.activities {
            return all.map(|kpi| Measure::missing(kpi, 0, Missing::NotRecorded(Record::Activities))).into();
        }
        if holdings.is_empty() {
            return all.map(|kpi| Measure::missing(kpi, 0, Missing::NoAccounts)).into();
        }
        let n = holdings.len() as u64;
        let (contacted, as_planned) = self.coverage(holdings);
        let untouched = holdings.iter().filter(|holding| holding.contacts == 0).count();
        vec![
            contacted,
            as_planned,
            Measure::of(ProcessKpi::Contacts, rate(own_contacts, account_months, Level::P95), own_contacts),
            Measure {
                kpi: ProcessKpi::UntouchedAccounts.definition(),
                value: Some(untouched as f64),
                interval: None,
                cases: None,
                n,
                promise: None,
                target: None,
                suppressed: None,
            },
        ]
    }

    fn coverage(&self, holdings: &[&Holding]) -> (Measure, Measure) {
        let n = holdings.len() as u64;
        let contacted = holdings.iter().filter(|holding| holding.contacts > 0).count() as u64;
        let due: Vec<&&Holding> = holdings.iter().filter(|holding| self.planned(holding.class) > 0).collect();
        let kept = due.iter().filter(|holding| holding.contacts >= self.planned(holding.class)).count();
        let (kept, of) = (kept as u64, due.len() as u64);
        (
            Measure::of(ProcessKpi::Coverage, wilson(contacted, n, Level::P95), n).with_cases(contacted),
            Measure::of(ProcessKpi::CoveragePlan, wilson(kept, of, Level::P95), of).with_cases(kept),
        )
    }

    /// Coverage class by class; nothing where no activities are recorded.
    pub(super) fn classes(&self, holdings: &[&Holding]) -> Vec<ClassCoverage> {
        if !self.events.recorded.activities {
            return Vec::new();
        }
        let one = |class: Class| {
            let of: Vec<&Holding> = holdings.iter().copied().filter(|holding| holding.class == class).collect();
            let (contacted, as_planned) = self.coverage(&of);
            ClassCoverage {
                class,
                accounts: of.len() as u64,
                worth: of.iter().filter_map(|holding| holding.worth).sum(),
                planned: self.planned(class),
                contacted,
                as_planned,
            }
        };
        Class::ALL.into_iter().map(one).collect()
    }

    /// The accounts: those nobody touched first, by worth.
    pub(super) fn accounts<'a>(&self, holdings: &[&'a Holding]) -> Vec<AccountContact<'a>> {
        if !self.events.recorded.activities {
            return Vec::new();
        }
        let mut accounts: Vec<AccountContact<'a>> = holdings
            .iter()
            .map(|holding| AccountContact {
                holding,
                contacts: holding.contacts,
                planned: self.planned(holding.class),
                last: holding.last_contact,
            })
            .collect();
        // The order of ids stays among equals.
        accounts.sort_by_key(|account| (account.contacts > 0, std::cmp::Reverse(account.holding.worth)));
        accounts
    }

    /// The measures of answers, from how long each took and how many took so long; `promise` is in hours.
    pub(super) fn responses(&self, hours: &[(f64, u64)], promise: f64) -> Vec<Measure> {
        let all = [ProcessKpi::ResponseInTime, ProcessKpi::ResponseHours];
        if !self.events.recorded.response_hours {
            return all.map(|kpi| Measure::missing(kpi, 0, Missing::NotRecorded(Record::ResponseHours))).into();
        }
        let n: u64 = hours.iter().map(|(_, count)| count).sum();
        let kept: u64 = hours.iter().filter(|(hours, _)| *hours <= promise).map(|(_, count)| count).sum();
        let each: Vec<f64> =
            hours.iter().flat_map(|(hours, count)| std::iter::repeat_n(*hours, *count as usize)).collect();
        vec![
            Measure::of(ProcessKpi::ResponseInTime, wilson(kept, n, Level::P95), n).with_cases(kept).promised(promise),
            Measure::of(ProcessKpi::ResponseHours, median(&each, Level::P95), n).promised(promise),
        ]
    }

    /// How many answers took how long.
    pub(super) fn response_bins(hours: &[(f64, u64)]) -> Vec<ResponseBin> {
        if hours.is_empty() {
            return Vec::new();
        }
        let starts = std::iter::once(0.0).chain(ENDS);
        let ends = ENDS.into_iter().map(Some).chain([None]);
        let bin = |(place, (over, up_to)): (usize, (f64, Option<f64>))| {
            let is_in = |hours: f64| (place == 0 || hours > over) && up_to.is_none_or(|end| hours <= end);
            let count = hours.iter().filter(|(hours, _)| is_in(*hours)).map(|(_, count)| count).sum();
            ResponseBin { over, up_to, count }
        };
        starts.zip(ends).enumerate().map(bin).collect()
    }
}
