//! What opportunities are found in: account by product sums of the lines, and the tables beside them.

use arrow::array::{Array, RecordBatch};
use datafusion::prelude::SessionContext;
use rayon::prelude::*;
use takar_import::FactKind;
use takar_insight::{
    metrics::{CellSource, Dimension, Grain, MIXED, NONE, SourceError},
    opportunities::{Bought, Cost, Happenings, Offers, OpenOffer, OpportunitySource, Prospect, Purchases},
};
use takar_model::{Day, Lang, Money, Period};

use super::{
    LakeSource,
    lines::{CODED, Coder, KnownCodes, amount},
    process::{Reader, day_at, days, number_at, numbers, owned, texts},
    session::wrong,
};
use crate::{
    Lake,
    error::{LakeError, Result},
    facts::{
        columns::{dates, decimal, text_at, whole},
        delta::DataFile,
        scan::{Columns, scan},
        schema::Status,
    },
    panels::measures::LineAmounts,
};

/// The tables beside the lines.
const KINDS: [FactKind; 4] = [FactKind::Activities, FactKind::Offers, FactKind::Prospects, FactKind::Costs];

/// The fewest rows that say what an hour costs.
const LEAST_HOURS: usize = 5;

/// Sums of one file: account and product in one number, so that a sort puts all in their order.
struct Sum {
    key: u64,
    unit: u32,
    window: u8,
    bought: Bought,
}

fn told(error: LakeError) -> SourceError {
    SourceError { id: error.message(Lang::Id), en: error.message(Lang::En) }
}

impl OpportunitySource for LakeSource {
    fn purchases(&self, year: Period, before: Period) -> std::result::Result<Purchases, SourceError> {
        read_purchases(self, [year, before]).map_err(told)
    }

    fn happenings(&self, year: Period) -> std::result::Result<Happenings, SourceError> {
        let last = self.extent().map_or(year.to(), |extent| extent.to());
        let currencies = &self.names.currencies;
        let own = currencies.first().filter(|_| currencies.len() == 1);
        self.lake.happenings(year, last, own.map(String::as_str)).map_err(told)
    }
}

/// Reads the lines of both windows once.
fn read_purchases(source: &LakeSource, windows: [Period; 2]) -> Result<Purchases> {
    let accounts = source.names.account.len();
    let table = source.lake.table(FactKind::Sales);
    let Some(snapshot) = table.snapshot(source.lake.runtime(), None)? else {
        return Ok(Purchases { ends: vec![0; accounts], ..Purchases::default() });
    };
    let overlaps = |file: &DataFile| {
        file.days
            .is_none_or(|days| windows.iter().any(|window| days.from() <= window.to() && window.from() <= days.to()))
    };
    let files: Vec<DataFile> = snapshot.with_status(Status::Live).filter(|file| overlaps(file)).cloned().collect();
    let coder = Coder::new(source, Grain::MONTHS.with(Dimension::Account).with(Dimension::Product));
    let restatement = source.restatement()?;
    let columns = ["date", "account_id", "product_id", "quantity", "unit", "net", "currency"];
    let columns = Columns { only: Some(&columns), coded: &CODED, whole: None };
    let ranges = windows.map(|window| window.from().epoch_days()..=window.to().epoch_days());
    let start = |_: &DataFile| (KnownCodes::default(), Vec::<Sum>::new());
    let parts = scan(table.folder(), &files, columns, start, |(known, sums), batch| {
        let batch = restatement.apply(&batch)?;
        let days = dates(&batch, "date")?;
        let codes = known.of(&coder, &batch)?;
        let (net, quantity) = (decimal(&batch, "net")?, decimal(&batch, "quantity")?);
        for row in 0..batch.num_rows() {
            let day = days.value(row);
            let Some(window) = ranges.iter().position(|range| range.contains(&day)) else { continue };
            let (account, product) = (codes[0][row], codes[2][row]);
            if account == NONE || product == NONE {
                continue;
            }
            let line =
                LineAmounts { net: amount(net, row)?, quantity: amount(quantity, row)?, day, ..LineAmounts::default() };
            let own = line.net.unwrap_or_default();
            let mut bought = Bought { net: own, ..Bought::default() };
            if let Some(quantity) = line.quantity.filter(|quantity| *quantity > 0 && own > 0) {
                (bought.priced, bought.quantity) = (own, quantity);
            }
            let unit = codes[7].get(row).copied().unwrap_or(NONE);
            sums.push(Sum { key: u64::from(account) << 32 | u64::from(product), unit, window: window as u8, bought });
        }
        // Kept small while the file is read.
        if sums.len() > 1 << 20 {
            add_up(sums)?;
        }
        Ok(())
    })?;
    let mut all: Vec<Sum> = Vec::with_capacity(parts.iter().map(|(_, sums)| sums.len()).sum());
    parts.into_iter().for_each(|(_, sums)| all.extend(sums));
    add_up(&mut all)?;
    let mut found = Purchases { ends: vec![0; accounts], ..Purchases::default() };
    for of in all.chunk_by(|one, other| one.key == other.key) {
        let mut bought = [Bought::default(); 2];
        let mut unit = None;
        for sum in of {
            bought[usize::from(sum.window)] = sum.bought;
            if sum.bought.quantity > 0 {
                unit = Some(unit.map_or(sum.unit, |known| if known == sum.unit { known } else { MIXED }));
            }
        }
        found.product.push(of[0].key as u32);
        found.unit.push(unit.unwrap_or(NONE));
        found.bought.push(bought);
        found.ends[(of[0].key >> 32) as usize] = u32::try_from(found.product.len()).map_err(|_| LakeError::TooLarge)?;
    }
    let mut before = 0;
    for end in &mut found.ends {
        *end = before.max(*end);
        before = *end;
    }
    Ok(found)
}

/// Sorts, and makes one of all sums of the same account, product and window.
fn add_up(sums: &mut Vec<Sum>) -> Result<()> {
    sums.par_sort_unstable_by_key(|sum| (sum.key, sum.window));
    let plus = |one: i64, other: i64| one.checked_add(other).ok_or(LakeError::TooLarge);
    let mut kept = 0;
    for place in 0..sums.len() {
        if kept > 0 && (sums[kept - 1].key, sums[kept - 1].window) == (sums[place].key, sums[place].window) {
            let (more, unit) = (sums[place].bought, sums[place].unit);
            let sum = &mut sums[kept - 1];
            if more.quantity > 0 {
                let is_first = sum.bought.quantity == 0;
                sum.unit = if is_first || sum.unit == unit { unit } else { MIXED };
            }
            sum.bought = Bought {
                net: plus(sum.bought.net, more.net)?,
                priced: plus(sum.bought.priced, more.priced)?,
                quantity: plus(sum.bought.quantity, more.quantity)?,
            };
        } else {
            sums.swap(kept, place);
            kept += 1;
        }
    }
    sums.truncate(kept);
    Ok(())
}

impl Lake {
    fn happenings(&self, year: Period, last: Day, currency: Option<&str>) -> Result<Happenings> {
        let aliases = self.aliases()?;
        let stock = self.stock_told(year, "state = 'out' OR days_out > 0")?;
        self.runtime().block_on(async {
            let context = super::session::bare();
            for kind in KINDS {
                let frame = self.live_frame(&context, kind).await?;
                context.register_table(kind.name(), frame.into_view()).map_err(wrong)?;
            }
            let reader = Reader { context: context.clone(), aliases };
            let mut found = Happenings { stock, ..Happenings::default() };
            if has_rows(&context, "prospects").await? {
                found.prospects = Some(prospects(&reader, last).await?);
            }
            if has_rows(&context, "offers").await? {
                found.offers = Some(offers(&reader, last, currency).await?);
            }
            if has_rows(&context, "costs").await? {
                (found.costs, found.hour_cost) = costs(&reader, year, currency).await?;
            }
            touches(&reader, last, &mut found).await?;
            found.contact_hours = contact_hours(&reader, last).await?;
            Ok(found)
        })
    }
}

async fn has_rows(context: &SessionContext, table: &str) -> Result<bool> {
    let frame = context.table(table).await.and_then(|frame| frame.limit(0, Some(1))).map_err(wrong)?;
    Ok(frame.count().await.map_err(wrong)? > 0)
}

/// The amounts of rows in the currency of the lines, where it is one; those that name none are in it.
fn in_currency(currency: Option<&str>) -> String {
    match currency {
        Some(own) => {
            format!("(currency IS NULL OR upper(trim(currency)) = '{}')", own.to_uppercase().replace('\'', "''"))
        }
        None => "currency IS NULL".to_owned(),
    }
}

async fn prospects(reader: &Reader, last: Day) -> Result<Vec<Prospect>> {
    let sql = format!(
        "SELECT prospect_id, prospect_name, manager_id, stage, opened, amount, account_id FROM prospects
         WHERE became_account IS NULL AND (opened IS NULL OR opened <= DATE '{last}') ORDER BY prospect_id, opened"
    );
    let rows = reader.rows(&sql).await?;
    let [ids, names, managers] = three(&rows, ["prospect_id", "prospect_name", "manager_id"])?;
    let (stages, accounts) = (texts(&rows, "stage")?, texts(&rows, "account_id")?);
    let (opened, amounts) = (days(&rows, "opened")?, numbers(&rows, "amount")?);
    let mut all: Vec<Prospect> = (0..rows.num_rows())
        .filter_map(|row| {
            Some(Prospect {
                id: owned(&ids, row)?,
                name: owned(&names, row),
                manager: owned(&managers, row),
                stage: owned(&stages, row),
                opened: day_at(&opened, row),
                amount: amounts.is_valid(row).then(|| Money::from_units(amounts.value(row))),
                account: owned(&accounts, row),
            })
        })
        .collect();
    // Several sources may tell the same one.
    all.dedup_by(|later, first| later.id == first.id);
    Ok(all)
}

async fn offers(reader: &Reader, last: Day, currency: Option<&str>) -> Result<Offers> {
    let from = last.plus_days(-730);
    let amount = in_currency(currency);
    let sql = format!(
        "SELECT o.offer_id, o.account_id, max(o.account_name) AS account_name, o.manager_id, o.opened, o.state,
                max(CASE WHEN {amount} THEN o.amount END) AS amount,
                max(CASE WHEN o.followed_up IS NOT NULL OR a.date IS NOT NULL THEN 1 ELSE 0 END) AS followed
         FROM offers o
         LEFT JOIN (SELECT offer_id AS of_offer, date FROM activities WHERE offer_id IS NOT NULL) a
                ON a.of_offer = o.offer_id AND a.date > o.opened
         WHERE o.opened >= DATE '{from}' AND o.opened <= DATE '{last}'
         GROUP BY o.source, o.offer_id, o.account_id, o.manager_id, o.opened, o.state
         ORDER BY o.offer_id, o.opened"
    );
    let rows = reader.rows(&sql).await?;
    let [ids, accounts, managers] = three(&rows, ["offer_id", "account_id", "manager_id"])?;
    let (names, states) = (texts(&rows, "account_name")?, texts(&rows, "state")?);
    let (opened, amounts, followed) = (days(&rows, "opened")?, numbers(&rows, "amount")?, whole(&rows, "followed")?);
    let mut found = Offers::default();
    for row in 0..rows.num_rows() {
        match text_at(&states, row) {
            Some("won") => found.won += 1,
            Some("lost") => found.lost += 1,
            _ => {
                let Some((id, opened)) = owned(&ids, row).zip(day_at(&opened, row)) else { continue };
                found.open.push(OpenOffer {
                    id,
                    account: owned(&accounts, row),
                    account_name: owned(&names, row),
                    manager: owned(&managers, row),
                    opened,
                    is_followed_up: followed.value(row) > 0,
                    amount: amounts.is_valid(row).then(|| Money::from_units(amounts.value(row))),
                });
            }
        }
    }
    found.open.dedup_by(|later, first| later.id == first.id && later.account == first.account);
    Ok(found)
}

/// By account, and what an hour costs: the median of the rows that tell an amount and hours.
async fn costs(reader: &Reader, year: Period, currency: Option<&str>) -> Result<(Option<Vec<Cost>>, Option<f64>)> {
    let window =
        format!("date >= DATE '{}' AND date <= DATE '{}' AND {}", year.from(), year.to(), in_currency(currency));
    let sql = format!(
        "SELECT account_id, sum(amount) AS amount, sum(CASE WHEN amount IS NULL THEN hours END) AS hours, count(*) AS times
         FROM costs WHERE {window} AND account_id IS NOT NULL GROUP BY account_id ORDER BY account_id"
    );
    let rows = reader.rows(&sql).await?;
    let accounts = texts(&rows, "account_id")?;
    let (amounts, hours, times) = (numbers(&rows, "amount")?, numbers(&rows, "hours")?, whole(&rows, "times")?);
    let mut found: Vec<Cost> = (0..rows.num_rows())
        .filter_map(|row| {
            Some(Cost {
                account: owned(&accounts, row)?,
                amount: Money::from_units(if amounts.is_valid(row) { amounts.value(row) } else { 0 }),
                hours: number_at(&hours, row).unwrap_or(0.0),
                rows: usize::try_from(times.value(row)).unwrap_or_default(),
            })
        })
        .collect();
    // Under the ids that count two accounts may have become one.
    found.sort_by(|one, other| one.account.cmp(&other.account));
    found.dedup_by(|later, first| {
        let is_same = later.account == first.account;
        if is_same {
            first.amount = [first.amount, later.amount].into_iter().sum();
            (first.hours, first.rows) = (first.hours + later.hours, first.rows + later.rows);
        }
        is_same
    });
    let sql = format!("SELECT amount, hours FROM costs WHERE {window} AND amount > 0 AND hours > 0");
    let rows = reader.rows(&sql).await?;
    let (amounts, hours) = (numbers(&rows, "amount")?, numbers(&rows, "hours")?);
    let an_hour = |row: usize| Some(number_at(&amounts, row)? / number_at(&hours, row)?);
    let mut all: Vec<f64> = (0..rows.num_rows()).filter_map(an_hour).collect();
    all.sort_unstable_by(f64::total_cmp);
    let middle = all.get(all.len() / 2).copied().filter(|_| all.len() >= LEAST_HOURS);
    Ok((Some(found), middle))
}

/// The last activity or offer of each account and prospect.
async fn touches(reader: &Reader, last: Day, found: &mut Happenings) -> Result<()> {
    if found.prospects.is_none() {
        return Ok(());
    }
    let sql = format!(
        "SELECT account_id, max(day) AS last_day FROM (
             SELECT account_id, date AS day FROM activities UNION ALL SELECT account_id, opened FROM offers)
         WHERE account_id IS NOT NULL AND day <= DATE '{last}' GROUP BY account_id"
    );
    let rows = reader.rows(&sql).await?;
    let (accounts, touched) = (texts(&rows, "account_id")?, days(&rows, "last_day")?);
    for row in 0..rows.num_rows() {
        if let Some((account, day)) = owned(&accounts, row).zip(day_at(&touched, row)) {
            let known = found.last_touch.entry(account).or_insert(day);
            *known = day.max(*known);
        }
    }
    Ok(())
}

/// The median of the hours that activities tell.
async fn contact_hours(reader: &Reader, last: Day) -> Result<Option<f64>> {
    let sql = format!(
        "SELECT hours, count(*) AS times FROM activities WHERE hours > 0 AND date <= DATE '{last}' AND date > DATE '{}'
         GROUP BY hours ORDER BY hours",
        last.plus_days(-730)
    );
    let rows = reader.rows(&sql).await?;
    let (hours, times) = (numbers(&rows, "hours")?, whole(&rows, "times")?);
    let all: i64 = (0..rows.num_rows()).map(|row| times.value(row)).sum();
    let mut counted = 0;
    for row in 0..rows.num_rows() {
        counted += times.value(row);
        if counted * 2 >= all {
            return Ok(number_at(&hours, row));
        }
    }
    Ok(None)
}

fn three(rows: &RecordBatch, names: [&str; 3]) -> Result<[arrow::array::StringArray; 3]> {
    let [one, two, three] = names;
    Ok([texts(rows, one)?, texts(rows, two)?, texts(rows, three)?])
}
