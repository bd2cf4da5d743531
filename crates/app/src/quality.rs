//! What the data lack, what in them looks wrong, and what was decided about it.

use std::collections::{BTreeMap, HashMap, HashSet};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{Date32Type, Decimal128Type},
};
use serde::Serialize;
use takar_import::FactKind;
use takar_insight::{
    metrics::{self, CellSource, Dimension, Kpi, Labels, Query, Value},
    quality::{self, Named, TargetRow, Why},
};
use takar_lake::{LakeSource, MonthOfLines, OddLines};
use takar_model::{Credit, Day, ImportId, Money};
use takar_state::ImportState;

use crate::{Result, Takar};

/// Suggestions of one thing, at most.
const MOST: usize = 200;
/// Known names among which the nearest is looked for, at most.
const MOST_KNOWN: usize = 20_000;

/// What the data are worth as a base for decisions.
#[derive(Debug, Serialize)]
pub struct Quality {
    /// The day it was looked at.
    pub today: Day,
    /// How many lines count.
    pub lines: u64,
    /// What the lines may lack, in the order of `months`.
    pub fields: &'static [&'static str],
    /// How complete the lines of each month are.
    pub months: Vec<MonthOfLines>,
    /// How fresh each stream of lines is.
    pub streams: Vec<FreshStream>,
    /// Imports with rows that were set aside.
    pub set_aside: Vec<SetAsideOf>,
    /// Accounts, products and managers that are likely one under two ids.
    pub duplicates: Vec<Duplicate>,
    /// Ids that rows name and no table knows.
    pub unknown: Vec<Unknown>,
    /// What rows of other kinds lack.
    pub lacking: Vec<Lacks>,
    /// Unit prices that are a hundred times off.
    pub prices: OddLines,
    /// Costs below zero or ten times the net.
    pub costs: OddLines,
    /// Days that have not come yet.
    pub future: OddLines,
    /// Targets that are far from their neighbours.
    pub targets: Vec<TargetOff>,
    /// Targets that are told a second time, by another stream: both count.
    pub targets_twice: Vec<TargetTwice>,
    /// Accounts whose owners' shares come to more than the whole.
    pub shares: Vec<SharesOff>,
    /// Currencies in which rates are told, where that is more than one.
    pub rate_currencies: Vec<String>,
}

/// How fresh a stream of lines is.
#[derive(Debug, Serialize)]
pub struct FreshStream {
    /// The stream.
    pub source: String,
    /// How many of its lines count.
    pub lines: u64,
    /// Its last day.
    pub last_day: Option<Day>,
    /// Days since then.
    pub days_since: Option<i32>,
    /// When it was last imported, UTC.
    pub imported: Option<String>,
}

/// Rows that an import set aside.
#[derive(Debug, Serialize)]
pub struct SetAsideOf {
    /// The import.
    pub import: ImportId,
    /// What was imported.
    pub label: String,
    /// Its kind.
    pub kind: String,
    /// How many rows.
    pub rows: u64,
}

/// One side of a pair that may be one.
#[derive(Debug, Serialize)]
pub struct Member {
    /// The id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// Where it belongs.
    pub place: Option<String>,
    /// What it sold in all.
    pub net_sales: Option<Money>,
}

/// Two ids that are likely one.
#[derive(Debug, Serialize)]
pub struct Duplicate {
    /// `account`, `product` or `manager`.
    pub of: &'static str,
    /// The one with less sales: it would be read as the other.
    pub alias: Member,
    /// The one with more sales.
    pub member: Member,
    /// How likely, from 0.8 to 1.
    pub score: f64,
    /// `same_name`, `same_id` or `near_name`.
    pub why: &'static str,
}

/// An id that rows name and the table does not know.
#[derive(Debug, Serialize)]
pub struct Unknown {
    /// `account`, `product` or `manager`.
    pub of: &'static str,
    /// The id.
    pub id: String,
    /// What was sold under it.
    pub net_sales: Option<Money>,
    /// How many rows of other kinds name it.
    pub rows: u64,
    /// Those kinds.
    pub kinds: Vec<&'static str>,
    /// The known id that it most likely is.
    pub nearest: Option<Member>,
}

/// What the rows of a kind lack.
#[derive(Debug, Serialize)]
pub struct Lacks {
    /// The kind.
    pub kind: &'static str,
    /// How many rows count.
    pub rows: u64,
    /// The column that is blank.
    pub column: &'static str,
    /// In how many rows.
    pub lacking: u64,
}

/// A target that is far from its neighbours.
#[derive(Debug, Serialize)]
pub struct TargetOff {
    /// Whom or what it is for.
    pub scope: String,
    /// Its measure.
    pub kpi: String,
    /// Its first day.
    pub from: Day,
    /// What it says.
    pub value: Money,
    /// What is usual.
    pub usual: Money,
    /// Where it stands.
    pub import: i64,
    /// Its file.
    pub file: String,
    /// Its row.
    pub row: i64,
}

/// A target for the same, of the same days and measure, as one that another stream told before. Both count, since nothing says which replaces which.
#[derive(Debug, Serialize)]
pub struct TargetTwice {
    /// Whom or what it is for.
    pub scope: String,
    /// Its measure.
    pub kpi: String,
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// What it says.
    pub value: Money,
    /// Where it stands.
    pub import: i64,
    /// Its file.
    pub file: String,
    /// Its row.
    pub row: i64,
    /// What was told before.
    pub first: Money,
    /// The file of that.
    pub first_file: String,
    /// Its row there.
    pub first_row: i64,
}

/// Owners whose shares come to more than the whole.
#[derive(Debug, Serialize)]
pub struct SharesOff {
    /// The account.
    pub account: String,
    /// From when on; none = always.
    pub from: Option<Day>,
    /// What the shares come to, in hundredths.
    pub percent: f64,
}

/// A thing with ids: its word, its table, and the names of its columns.
struct Thing {
    word: &'static str,
    kind: FactKind,
    dimension: Dimension,
    id: &'static str,
}

const THINGS: [Thing; 3] = [
    Thing { word: "account", kind: FactKind::Accounts, dimension: Dimension::Account, id: "account_id" },
    Thing { word: "product", kind: FactKind::Products, dimension: Dimension::Product, id: "product_id" },
    Thing { word: "manager", kind: FactKind::Managers, dimension: Dimension::Manager, id: "manager_id" },
];

impl Takar {
    /// Looks at everything there is. Takes seconds on millions of lines: keep the answer for a version of the data.
    pub fn quality(&self) -> Result<Quality> {
        self.may_see_everybody()?;
        let today = self.today();
        let source = self.lake_source(Credit::Recorded)?;
        let of_lines = self.lake.quality_of_lines(today)?;
        let decided = self.decided()?;
        let targets = self.lake.small_rows(FactKind::Targets)?;
        let (mut duplicates, mut unknown) = (Vec::new(), Vec::new());
        for thing in &THINGS {
            let sold = sold_by(&source, thing.dimension)?;
            let members = members_of(&source, thing, &sold);
            duplicates.extend(duplicates_of(thing, &members, &decided));
            unknown.extend(self.unknown_of(thing, &members, &sold)?);
        }
        Ok(Quality {
            today,
            lines: source.lines(),
            fields: &takar_lake::LACKING,
            months: of_lines.months,
            streams: self.streams(today)?,
            set_aside: self.with_rows_set_aside()?,
            duplicates,
            unknown,
            lacking: self.lacking()?,
            prices: of_lines.prices,
            costs: of_lines.costs,
            future: of_lines.future,
            targets: targets_off(&targets),
            targets_twice: targets_twice(&targets),
            shares: shares_off(&self.lake.small_rows(FactKind::Ownership)?),
            rate_currencies: rate_currencies(&self.lake.small_rows(FactKind::Rates)?),
        })
    }

    /// A mark that changes with every change of the data.
    pub fn version_mark(&self) -> String {
        self.lake.version_mark()
    }

    /// The pairs of ids that somebody decided on, the same or apart, in both directions.
    fn decided(&self) -> Result<HashSet<(String, String, String)>> {
        let table = self.lake.small_rows(FactKind::Aliases)?;
        let text = |name: &str, row: usize| text_at(&table, name, row).unwrap_or_default().to_owned();
        let pairs = (0..table.num_rows()).flat_map(|row| {
            let (of, alias, id) = (text("of", row), text("alias", row), text("id", row));
            [(of.clone(), alias.clone(), id.clone()), (of, id, alias)]
        });
        Ok(pairs.collect())
    }

    fn streams(&self, today: Day) -> Result<Vec<FreshStream>> {
        let imports = self.state.imports()?;
        let streams = self.lake.streams()?.into_iter().map(|(source, lines, last_day)| {
            let of_stream = |row: &&takar_state::ImportRow| {
                row.source == source && row.kind == "sales" && row.state == ImportState::Done
            };
            let imported = imports.iter().filter(of_stream).map(|row| row.started.clone()).max();
            let days_since = last_day.map(|day| today.epoch_days() - day.epoch_days());
            FreshStream { source, lines, last_day, days_since, imported }
        });
        Ok(streams.collect())
    }

    fn with_rows_set_aside(&self) -> Result<Vec<SetAsideOf>> {
        let rows = self.state.imports()?.into_iter();
        let done = rows.filter(|row| row.state == ImportState::Done && row.set_aside > 0);
        Ok(done
            .map(|row| SetAsideOf { import: row.id, label: row.label, kind: row.kind, rows: row.set_aside })
            .collect())
    }

    /// Ids that lines or rows of other kinds name, though the table of their kind has rows and knows them not. Without a table,
    /// the ids of the lines are what is known.
    fn unknown_of(&self, thing: &Thing, members: &[Member], sold: &HashMap<String, Money>) -> Result<Vec<Unknown>> {
        let table = self.lake.ids_named(thing.kind, thing.id)?;
        let has_table = !table.is_empty();
        let known: HashSet<String> = match has_table {
            true => table.into_iter().map(|named| named.id).collect(),
            false => sold.keys().cloned().collect(),
        };
        let mut found: BTreeMap<String, (u64, Vec<&'static str>)> = BTreeMap::new();
        for kind in FactKind::ALL {
            let is_of_kind =
                kind.shape().is_some_and(|shape| shape.columns.iter().any(|column| column.name == thing.id));
            if !is_of_kind {
                continue;
            }
            for named in self.lake.ids_named(kind, thing.id)? {
                let of_id = found.entry(named.id).or_default();
                of_id.0 += named.rows;
                of_id.1.push(kind.name());
            }
        }
        if has_table {
            for id in sold.keys() {
                found.entry(id.clone()).or_default();
            }
        }
        found.retain(|id, _| !known.is_empty() && !known.contains(id));
        let mut unknown: Vec<Unknown> = found
            .into_iter()
            .map(|(id, (rows, kinds))| {
                let net_sales = sold.get(&id).copied();
                Unknown { of: thing.word, id, net_sales, rows, kinds, nearest: None }
            })
            .collect();
        unknown.sort_by(|one, other| {
            (other.net_sales, other.rows).cmp(&(one.net_sales, one.rows)).then_with(|| one.id.cmp(&other.id))
        });
        unknown.truncate(MOST);
        // A known member by its id and by its name.
        let labels: Vec<(String, String)> = known
            .iter()
            .map(|id| (id.clone(), id.clone()))
            .chain(
                members
                    .iter()
                    .filter(|member| known.contains(&member.id))
                    .filter_map(|member| Some((member.name.clone()?, member.id.clone()))),
            )
            .collect();
        if labels.len() <= MOST_KNOWN {
            let (names, ids): (Vec<&str>, Vec<&str>) =
                labels.iter().map(|(name, id)| (name.as_str(), id.as_str())).unzip();
            for one in &mut unknown {
                let nearest = quality::nearest(&one.id, &names).map(|(name, _)| name);
                let place = nearest.and_then(|nearest| names.iter().position(|name| *name == nearest));
                one.nearest = place.map(|place| {
                    let id = ids[place].to_owned();
                    let net_sales = sold.get(&id).copied();
                    let name = members.iter().find(|member| member.id == id).and_then(|member| member.name.clone());
                    Member { id, name, place: None, net_sales }
                });
            }
        }
        Ok(unknown)
    }

    /// Which ids the rows of described kinds lack.
    fn lacking(&self) -> Result<Vec<Lacks>> {
        let mut all = Vec::new();
        for kind in FactKind::ALL {
            let Some(shape) = kind.shape() else { continue };
            let table = self.lake.small_rows(kind)?;
            for column in shape.columns.iter().filter(|column| THINGS.iter().any(|thing| thing.id == column.name)) {
                let lacking = table.column_by_name(column.name).map_or(0, |array| array.null_count() as u64);
                let rows = table.num_rows() as u64;
                // A column that no row has was never told: that is no lack of single rows.
                if (1..rows).contains(&lacking) {
                    all.push(Lacks { kind: kind.name(), rows, column: column.name, lacking });
                }
            }
        }
        Ok(all)
    }
}

/// What was sold by each member that has lines.
fn sold_by(source: &LakeSource, dimension: Dimension) -> Result<HashMap<String, Money>> {
    if source.lines() == 0 {
        return Ok(HashMap::new());
    }
    let query =
        Query { by: vec![dimension], period: None, kpis: vec![Kpi::parse("net_sales")?], compare: None, filter: None };
    let table = metrics::run(source, &query)?;
    let sold = table.rows.into_iter().filter_map(|row| {
        let id = row.keys.into_iter().next()?.id?;
        match row.values.first()? {
            Value::Money(net) => Some((id, *net)),
            _ => Some((id, Money::ZERO)),
        }
    });
    Ok(sold.collect())
}

fn members_of(source: &LakeSource, thing: &Thing, sold: &HashMap<String, Money>) -> Vec<Member> {
    let names = source.names();
    let labels: &Labels = match thing.dimension {
        Dimension::Account => &names.account,
        Dimension::Product => &names.product,
        _ => &names.manager,
    };
    (0_u32..)
        .map_while(|code| labels.id(code).map(|id| (code, id)))
        .map(|(code, id)| Member {
            id: id.to_owned(),
            name: labels.name(code).map(str::to_owned),
            place: match thing.dimension {
                Dimension::Account => source.branch_of_account(code).map(str::to_owned),
                _ => None,
            },
            net_sales: sold.get(id).copied(),
        })
        .collect()
}

fn duplicates_of(thing: &Thing, members: &[Member], decided: &HashSet<(String, String, String)>) -> Vec<Duplicate> {
    let named: Vec<Named<'_>> = members
        .iter()
        .map(|member| Named {
            id: &member.id,
            // Where nobody gave a code, the name is the id.
            name: member.name.as_deref().or(Some(member.id.as_str())),
            place: member.place.as_deref(),
        })
        .collect();
    let is_decided = |one: usize, other: usize| {
        decided.contains(&(thing.word.to_owned(), members[one].id.clone(), members[other].id.clone()))
    };
    let pairs = quality::duplicates(&named, is_decided, MOST);
    let copy = |place: usize| {
        let Member { id, name, place, net_sales } = &members[place];
        Member { id: id.clone(), name: name.clone(), place: place.clone(), net_sales: *net_sales }
    };
    pairs
        .into_iter()
        .map(|pair| {
            let is_larger = members[pair.one].net_sales < members[pair.other].net_sales;
            let (alias, member) = if is_larger { (pair.one, pair.other) } else { (pair.other, pair.one) };
            let why = match pair.why {
                Why::SameName => "same_name",
                Why::SameId => "same_id",
                Why::NearName => "near_name",
            };
            Duplicate { of: thing.word, alias: copy(alias), member: copy(member), score: pair.score, why }
        })
        .collect()
}

pub(crate) fn text_at<'a>(table: &'a RecordBatch, name: &str, row: usize) -> Option<&'a str> {
    let column = table.column_by_name(name)?.as_string_opt::<i32>()?;
    column.is_valid(row).then(|| column.value(row))
}

pub(crate) fn day_at(table: &RecordBatch, name: &str, row: usize) -> Option<Day> {
    let column = table.column_by_name(name)?.as_primitive_opt::<Date32Type>()?;
    column.is_valid(row).then(|| column.value(row)).and_then(Day::from_epoch_days)
}

fn units_at(table: &RecordBatch, name: &str, row: usize) -> Option<i128> {
    let column = table.column_by_name(name)?.as_primitive_opt::<Decimal128Type>()?;
    column.is_valid(row).then(|| column.value(row))
}

fn whole_at(table: &RecordBatch, name: &str, row: usize) -> i64 {
    let column = table.column_by_name(name).and_then(|column| column.as_primitive_opt::<arrow::datatypes::Int64Type>());
    column.map_or(0, |column| column.value(row))
}

/// What a target may name.
const TARGET_NAMES: [&str; 7] = ["manager_id", "account_id", "product_id", "category", "region", "segment", "branch"];

/// Whom or what a target is for, in one text.
fn scope_of(table: &RecordBatch, row: usize) -> String {
    TARGET_NAMES.into_iter().filter_map(|name| text_at(table, name, row)).collect::<Vec<_>>().join(" · ")
}

fn targets_twice(table: &RecordBatch) -> Vec<TargetTwice> {
    let place = |row: usize| (whole_at(table, "import_id", row), whole_at(table, "row", row));
    let mut rows: Vec<usize> = (0..table.num_rows()).collect();
    rows.sort_by_key(|row| place(*row));
    let mut first = HashMap::new();
    let file = |row: usize| text_at(table, "file", row).unwrap_or_default().to_owned();
    let told = rows.into_iter().filter_map(|row| {
        let names = TARGET_NAMES.map(|name| text_at(table, name, row));
        let kpi = text_at(table, "kpi", row).unwrap_or_default();
        let (from, to) = day_at(table, "from", row).zip(day_at(table, "to", row))?;
        let value = Money::from_units(units_at(table, "value", row)?);
        let (first_row, first) = *first.entry((names, kpi, from, to)).or_insert((row, value));
        (first_row != row).then(|| TargetTwice {
            scope: scope_of(table, row),
            kpi: kpi.to_owned(),
            from,
            to,
            value,
            import: whole_at(table, "import_id", row),
            file: file(row),
            row: whole_at(table, "row", row),
            first,
            first_file: file(first_row),
            first_row: whole_at(table, "row", first_row),
        })
    });
    told.take(MOST).collect()
}

fn targets_off(table: &RecordBatch) -> Vec<TargetOff> {
    let scopes: Vec<String> = (0..table.num_rows()).map(|row| scope_of(table, row)).collect();
    // Targets of a month and of a year are no neighbours, nor those of an account and of a manager.
    let kinds: Vec<String> = (0..table.num_rows())
        .map(|row| {
            let days = day_at(table, "from", row).zip(day_at(table, "to", row));
            let length = days.map_or(0, |(from, to)| (to.epoch_days() - from.epoch_days() + 5) / 30);
            let filled = TARGET_NAMES.map(|name| text_at(table, name, row).is_some());
            format!("{} {length} {filled:?}", text_at(table, "kpi", row).unwrap_or_default())
        })
        .collect();
    let rows: Vec<(usize, TargetRow<'_>)> = (0..table.num_rows())
        .filter_map(|row| {
            let first_month = day_at(table, "from", row)?.month();
            let value = units_at(table, "value", row)?;
            Some((row, TargetRow { scope: &scopes[row], kpi: &kinds[row], first_month, value }))
        })
        .collect();
    let targets: Vec<TargetRow<'_>> = rows.iter().map(|(_, target)| *target).collect();
    quality::odd_targets(&targets)
        .into_iter()
        .filter_map(|odd| {
            let row = rows.get(odd.row)?.0;
            Some(TargetOff {
                scope: scopes[row].clone(),
                kpi: text_at(table, "kpi", row).unwrap_or_default().to_owned(),
                from: day_at(table, "from", row)?,
                value: Money::from_units(units_at(table, "value", row)?),
                usual: Money::from_units(odd.median),
                import: whole_at(table, "import_id", row),
                file: text_at(table, "file", row).unwrap_or_default().to_owned(),
                row: whole_at(table, "row", row),
            })
        })
        .take(MOST)
        .collect()
}

/// Shares of one account from one day on that come to more than the whole and a rounding.
fn shares_off(table: &RecordBatch) -> Vec<SharesOff> {
    const WHOLE: i128 = 1_000_000;
    let mut sums: BTreeMap<(&str, Option<i32>), i128> = BTreeMap::new();
    for row in 0..table.num_rows() {
        let from = day_at(table, "from", row).map(Day::epoch_days);
        let Some(account) = text_at(table, "account_id", row) else { continue };
        *sums.entry((account, from)).or_default() += units_at(table, "share", row).unwrap_or(WHOLE);
    }
    sums.into_iter()
        .filter(|(_, sum)| *sum > WHOLE + WHOLE / 100)
        .map(|((account, from), sum)| SharesOff {
            account: account.to_owned(),
            from: from.and_then(Day::from_epoch_days),
            percent: sum as f64 * 100.0 / WHOLE as f64,
        })
        .take(MOST)
        .collect()
}

/// The currencies in which rates are told, where they are several: only those in the most frequent one are used.
fn rate_currencies(table: &RecordBatch) -> Vec<String> {
    let mut named: Vec<String> =
        (0..table.num_rows()).filter_map(|row| text_at(table, "in_currency", row).map(str::to_owned)).collect();
    named.sort_unstable();
    named.dedup();
    if named.len() > 1 { named } else { Vec::new() }
}
