//! A view of each table of facts as own KPIs read it: under the ids that count, with the members that its rows are counted
//! under, foreign amounts in the company's own currency.
//!
//! The SQL is made of the constants of [`FactTable`] alone.

use datafusion::prelude::SessionContext;
use takar_insight::{
    kpis::{Credited, FactTable, From, Holds, Kind},
    metrics::Dimension,
};
use takar_model::{Credit, Day};

use super::session::wrong;
use crate::error::Result;

/// Makes the view of a table in a session, and gives its name.
pub(super) async fn fact_view(
    context: &SessionContext,
    table: &'static FactTable,
    credit: Credit,
    last_day: i32,
) -> Result<String> {
    let name = format!("facts_of_{}", table.name);
    if context.table_exist(name.as_str()).map_err(wrong)? {
        return Ok(name);
    }
    let has = |table: &str| context.table_exist(table).map_err(wrong);
    let joined = Joined {
        aliases: has("account_aliases")?,
        owners: has("owners")?,
        rates: has("daily_rates")?,
        credit,
        last_day: Day::from_epoch_days(last_day).map(|day| day.to_string()).unwrap_or_default(),
    };
    let sql = if table.credited == Credited::AsSales { of_sales(table) } else { joined.of_facts(table) };
    let frame = context.sql(&sql).await.map_err(wrong)?;
    context.register_table(name.as_str(), frame.into_view()).map_err(wrong)?;
    Ok(name)
}

/// Lines of sales are restated already.
fn of_sales(table: &FactTable) -> String {
    let columns = table.columns.iter().map(|column| match column.from {
        From::Column(from) => format!("l.{from} AS \"{}\"", column.name),
        From::Member(Dimension::Account) => "l.account_id AS account".to_owned(),
        From::Member(dimension) => format!("l.{0} AS \"{0}\"", dimension.id()),
        From::MemberName(_) => format!("l.{}", column.name),
        From::DaysBetween(first, last) => days_between("l", first, last, column.name),
    });
    format!(
        "SELECT {}, l.supervisor AS supervisor, {} FROM lines l",
        columns.collect::<Vec<_>>().join(", "),
        place("l")
    )
}

/// Where a row comes from.
fn place(of: &str) -> String {
    format!("{of}.import_id, {of}.file, {of}.sheet, {of}.row")
}

/// What a session has to join with.
struct Joined {
    aliases: bool,
    owners: bool,
    rates: bool,
    credit: Credit,
    last_day: String,
}

impl Joined {
    fn of_facts(&self, table: &'static FactTable) -> String {
        let knows = |dimension: Dimension| table.knows(dimension);
        let is_list = table.credited == Credited::OwnerNow;
        // Of what is there by itself, and what has to be found through account, manager or product.
        let own =
            |name: &str| OWN_MEMBERS.iter().any(|(table_name, column)| *table_name == table.name && *column == name);
        let account = if !knows(Dimension::Account) {
            None
        } else if self.aliases && !is_list {
            Some("coalesce(aa.id, f.account_id)")
        } else {
            Some("f.account_id")
        };
        let named = if self.aliases { "coalesce(ma.id, f.manager_id)" } else { "f.manager_id" };
        let owner = if self.owners && account.is_some() { "o.manager_id" } else { "NULL" };
        let of_account = if account.is_some() { "a.manager_id" } else { "NULL" };
        let goes_along = self.credit != Credit::Recorded;
        let manager = match table.credited {
            Credited::WithAccount if goes_along => format!("coalesce({owner}, {named}, {of_account})"),
            Credited::OwnerNow => format!("coalesce({owner}, {of_account})"),
            _ => format!("coalesce({named}, {owner}, {of_account})"),
        };
        let manager = knows(Dimension::Manager).then_some(manager);
        let product = if self.aliases { "coalesce(pa.id, f.product_id)" } else { "f.product_id" };
        let through = |name: &str, of_manager: bool| {
            let mut found: Vec<String> = Vec::new();
            if own(name) {
                found.push(format!("f.{name}"));
            }
            if account.is_some() {
                found.push(format!("a.{name}"));
            }
            if of_manager && manager.is_some() {
                found.push(format!("m.{name}"));
            }
            match found.len() {
                1 => found.swap_remove(0),
                _ => format!("coalesce({})", found.join(", ")),
            }
        };
        let member = |dimension: Dimension| match dimension {
            Dimension::Account => account.unwrap_or("NULL").to_owned(),
            Dimension::Manager => manager.clone().unwrap_or_else(|| "NULL".to_owned()),
            Dimension::Product => product.to_owned(),
            Dimension::Category => "p.category".to_owned(),
            Dimension::Supervisor => "m.supervisor".to_owned(),
            Dimension::Branch => through("branch", true),
            other => through(other.id(), false),
        };
        let day = table.day.unwrap_or_default();
        let has_currency = self.rates && table.column("currency").is_some();
        let mut columns: Vec<String> = Vec::new();
        for column in table.columns {
            let name = column.name;
            match column.from {
                From::Column("currency") if has_currency => {
                    columns.push("CASE WHEN r.rate IS NULL THEN f.currency ELSE r.own END AS currency".to_owned());
                }
                From::Column(from) if has_currency && column.holds == Holds::Number(Kind::Money) => columns.push(format!(
                    "CASE WHEN r.rate IS NULL THEN f.\"{from}\" ELSE CAST(f.\"{from}\" * r.rate AS decimal(18, 4)) END AS \"{name}\""
                )),
                From::Column(from) => columns.push(format!("f.\"{from}\" AS \"{name}\"")),
                From::DaysBetween(first, last) => columns.push(days_between("f", first, last, name)),
                From::MemberName(Dimension::Account) => columns.push(match is_list {
                    true => "f.account_name AS account_name".to_owned(),
                    false => "coalesce(a.account_name, f.account_name) AS account_name".to_owned(),
                }),
                From::MemberName(Dimension::Product) => {
                    columns.push("coalesce(p.product_name, f.product_name) AS product_name".to_owned());
                }
                From::MemberName(_) | From::Member(_) => {}
            }
        }
        columns.extend(
            table.dimensions.iter().map(|dimension| format!("{} AS \"{}\"", member(*dimension), dimension.id())),
        );
        columns.push(place("f"));
        let mut sql = format!("SELECT {} FROM \"{}\" f", columns.join(", "), table.name);
        if self.aliases && !is_list {
            if account.is_some() {
                sql.push_str(" LEFT JOIN account_aliases aa ON f.account_id = aa.alias");
            }
            if manager.is_some() {
                sql.push_str(" LEFT JOIN manager_aliases ma ON f.manager_id = ma.alias");
            }
            if knows(Dimension::Product) {
                sql.push_str(" LEFT JOIN product_aliases pa ON f.product_id = pa.alias");
            }
        }
        if let Some(account) = account {
            sql.push_str(&format!(" LEFT JOIN accounts a ON {account} = a.account_id"));
            if self.owners {
                // Of several owners who has the greatest part; the rows of facts are not divided.
                let when = if is_list { format!("CAST('{}' AS date)", self.last_day) } else { format!("f.\"{day}\"") };
                sql.push_str(&format!(
                    " LEFT JOIN ({MAIN_OWNERS}) o ON {account} = o.account_id AND {when} >= o.first_day AND {when} <= o.last_day"
                ));
            }
        }
        if let Some(manager) = &manager {
            sql.push_str(&format!(" LEFT JOIN managers m ON {manager} = m.manager_id"));
        }
        if knows(Dimension::Product) {
            sql.push_str(&format!(" LEFT JOIN products p ON {product} = p.product_id"));
        }
        if has_currency {
            sql.push_str(&format!(
                " LEFT JOIN daily_rates r ON upper(trim(f.currency)) = r.currency AND f.\"{day}\" = r.date"
            ));
        }
        sql
    }
}

/// The members that rows say themselves, beside account, manager and product.
const OWN_MEMBERS: [(&str, &str); 4] =
    [("prospects", "region"), ("prospects", "segment"), ("prospects", "branch"), ("stock", "branch")];

/// Each account's main owner in each span.
const MAIN_OWNERS: &str = "SELECT account_id, first_day, last_day, manager_id FROM (
    SELECT account_id, first_day, last_day, manager_id, row_number() OVER (
        PARTITION BY account_id, first_day, last_day ORDER BY ends - begins DESC, manager_id) AS place
    FROM owners) WHERE place = 1";

fn days_between(of: &str, first: &str, last: &str, name: &str) -> String {
    format!("CAST(CAST({of}.\"{last}\" AS int) - CAST({of}.\"{first}\" AS int) AS decimal(18, 6)) AS \"{name}\"")
}
