//! The level of a member among the accounts that it has before and after: what comes with accounts that come or go is no
//! step of the others.

use rustc_hash::FxHashMap;
use takar_model::Period;

use super::members::{MANY, medians};
use crate::{
    InsightError,
    analysis::series::Months,
    metrics::{CellSource, Dimension, Filter, Kpi, KpiDefinition, Query, run},
};

/// So many accounts times months are looked at one by one; beyond that, coming and going is small beside the rest.
const MOST: usize = 5_000_000;

/// Sales of the same accounts in each month and in the month before it, by member.
pub(super) struct SameAccounts {
    members: FxHashMap<Option<String>, Links>,
    total: Links,
    /// By month, what moves all members alike, as a logarithm; none where members are few.
    common: Option<Vec<f64>>,
}

/// By month: the figure of the accounts that were there in it and in the month before, and their figure then.
#[derive(Clone)]
struct Links {
    now: Vec<f64>,
    before: Vec<f64>,
}

/// One account of one member: its months with a figure, in order.
type Figures = Vec<(usize, f64)>;

impl SameAccounts {
    /// `None` where accounts do not make up the members or the figure, or are too many.
    pub(super) fn of(
        source: &dyn CellSource,
        months: Months,
        kpi: &'static KpiDefinition,
        by: Dimension,
        filter: Option<&Filter>,
    ) -> Result<Option<Self>, InsightError> {
        let adds_up = matches!(kpi.kpi, Kpi::NetSales | Kpi::Units | Kpi::Orders | Kpi::GrossMargin);
        let of_accounts = matches!(
            by,
            Dimension::Manager | Dimension::Supervisor | Dimension::Branch | Dimension::Region | Dimension::Segment
        );
        if !adds_up || !of_accounts || source.first_orders().len().saturating_mul(months.count()) > MOST {
            return Ok(None);
        }
        let mut accounts: FxHashMap<(Option<String>, Option<String>), Figures> = FxHashMap::default();
        // Month by month, so that never more than a month's table is held.
        for place in 0..months.count() {
            let month = months.at(place);
            let query = Query {
                by: vec![by, Dimension::Account],
                period: Period::months(month, month),
                kpis: vec![kpi],
                compare: None,
                filter: filter.cloned(),
            };
            for row in run(source, &query)?.rows {
                let value = row.values.first().and_then(|value| value.to_f64()).filter(|value| *value != 0.0);
                let mut ids = row.keys.into_iter().map(|key| key.id);
                let (Some(member), Some(account), Some(value)) = (ids.next(), ids.next(), value) else { continue };
                accounts.entry((member, account)).or_default().push((place, value));
            }
        }
        Ok(Some(Self::linked(accounts, months.count())))
    }

    fn linked(accounts: FxHashMap<(Option<String>, Option<String>), Figures>, months: usize) -> Self {
        let empty = Links { now: vec![0.0; months], before: vec![0.0; months] };
        let (mut members, mut total) = (FxHashMap::<Option<String>, Links>::default(), empty.clone());
        // In a fixed order, so that sums are the same to the last bit.
        let mut accounts: Vec<_> = accounts.into_iter().collect();
        accounts.sort_by(|one, other| one.0.cmp(&other.0));
        for ((member, _), figures) in accounts {
            let links = members.entry(member).or_insert_with(|| empty.clone());
            let (Some((first, _)), Some((last, _))) = (figures.first(), figures.last()) else { continue };
            // Its first and last month are in part before it came or after it went; at the ends of the data it stays.
            let from = if *first == 0 { 0 } else { first + 1 };
            let to = if last + 1 == months { months } else { *last };
            for (place, value) in figures {
                for each in [&mut *links, &mut total] {
                    if place > from && place < to {
                        each.now[place] += value;
                    }
                    if place >= from && place + 1 < to {
                        each.before[place + 1] += value;
                    }
                }
            }
        }
        let common = (members.len() >= MANY).then(|| common(members.values(), months)).flatten();
        Self { members, total, common }
    }

    /// The logarithm of a member's level among its same accounts, from its second month `begins` + 1 on, without what moves
    /// all members alike; none where a month has no such accounts, or there is nobody to compare with.
    pub(super) fn left(&self, id: Option<&str>, begins: usize) -> Option<Vec<f64>> {
        let links = self.members.get(&id.map(str::to_owned))?;
        let own = links.level(begins)?;
        let common = match &self.common {
            Some(common) => common[begins..].to_vec(),
            None if self.members.len() > 1 => self.total.without(links).level(begins)?,
            None => return None,
        };
        Some(own.iter().zip(common).map(|(own, common)| own - common).collect())
    }
}

impl Links {
    /// The chained logarithm from the month `begins` on, which is 0.
    fn level(&self, begins: usize) -> Option<Vec<f64>> {
        let mut level = vec![0.0];
        for (now, before) in self.now.iter().zip(&self.before).skip(begins + 1) {
            if *now <= 0.0 || *before <= 0.0 {
                return None;
            }
            level.push(level.last().copied().unwrap_or_default() + (now / before).ln());
        }
        Some(level)
    }

    fn without(&self, other: &Self) -> Self {
        let less = |all: &[f64], part: &[f64]| all.iter().zip(part).map(|(all, part)| all - part).collect();
        Self { now: less(&self.now, &other.now), before: less(&self.before, &other.before) }
    }
}

/// The median over members of how far each month is from the member's own mean.
fn common<'links>(members: impl Iterator<Item = &'links Links>, months: usize) -> Option<Vec<f64>> {
    let centred = |links: &Links| {
        let level = links.level(0)?;
        let mean = level.iter().sum::<f64>() / level.len().max(1) as f64;
        Some(level.into_iter().map(|value| value - mean).collect::<Vec<f64>>())
    };
    let levels: Vec<Vec<f64>> = members.filter_map(centred).collect();
    (levels.len() >= MANY).then(|| medians(&levels, months))
}
