//! What is asked of a database, as one `SELECT`.

use crate::{Column, DatabaseError, Engine, Result};

/// The rows that are wanted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wanted {
    /// All rows of a table or view, by its name, with its schema before a dot where it needs one.
    Table(String),
    /// The rows of a query.
    Query(String),
}

/// Only rows that changed since the last time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// A column that grows with every change: a time of change, or a number.
    pub column: String,
    /// Where the last reading ended; `None` reads all.
    pub after: Option<String>,
    /// A column whose rows belong together: where one of them changed all are read, since they are replaced together.
    pub together: Option<String>,
}

/// How many minutes before the last mark are read again: what was written earlier may be committed later.
const OVERLAP_MINUTES: u32 = 60;

impl Wanted {
    /// The rows as a `SELECT` of one statement.
    pub(crate) fn select(&self, engine: Engine) -> Result<String> {
        match self {
            Self::Table(name) => Ok(format!("SELECT * FROM {}", quoted_table(name, engine)?)),
            Self::Query(query) => {
                let query = query.trim().trim_end_matches(|letter: char| letter == ';' || letter.is_whitespace());
                let first: String = query.chars().take_while(char::is_ascii_alphabetic).collect();
                if !matches!(first.to_ascii_lowercase().as_str(), "select" | "with") {
                    return Err(DatabaseError::NotASelect);
                }
                // Inside a FROM nothing but a query stands; the line end closes a comment that the query may end with.
                Ok(format!("SELECT * FROM (\n{query}\n) AS wanted"))
            }
        }
    }

    /// The rows since a mark.
    pub(crate) fn select_since(&self, engine: Engine, since: Option<&Since>, columns: &[Column]) -> Result<String> {
        let select = self.select(engine)?;
        let Some(Since { column, after, together }) = since else { return Ok(select) };
        let column = known(column, columns)?;
        let Some(after) = after else { return Ok(select) };
        let name = quoted(&column.name, engine);
        let from = from_mark(after, column, engine)?;
        let has_changed = format!("{name} >= {from} OR {name} IS NULL");
        let Some(together) = together else {
            return Ok(format!("SELECT * FROM ({select}) AS since WHERE {has_changed}"));
        };
        let group = quoted(&known(together, columns)?.name, engine);
        Ok(format!(
            "SELECT * FROM ({select}) AS since WHERE {has_changed} OR {group} IN \
             (SELECT {group} FROM ({select}) AS changed WHERE ({has_changed}) AND {group} IS NOT NULL)"
        ))
    }

    /// The highest mark there is, as text; times that lie ahead of the database's clock are passed over.
    pub(crate) fn highest(&self, engine: Engine, since: &Since, columns: &[Column]) -> Result<String> {
        let column = known(&since.column, columns)?;
        let (name, select) = (quoted(&column.name, engine), self.select(engine)?);
        let until_now = if column.is_time() { format!(" WHERE {name} <= CURRENT_TIMESTAMP") } else { String::new() };
        let text = match engine {
            Engine::Postgres | Engine::Sqlite => format!("CAST(max({name}) AS TEXT)"),
            Engine::Mysql => format!("CAST(max({name}) AS CHAR)"),
        };
        Ok(format!("SELECT {text} FROM ({select}) AS marks{until_now}"))
    }
}

/// The column of that name: SQLite would take an unknown one for a text.
fn known<'columns>(name: &str, columns: &'columns [Column]) -> Result<&'columns Column> {
    let found = columns.iter().find(|column| column.name == name);
    let found = found.or_else(|| columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)));
    found.ok_or_else(|| DatabaseError::NoSuchColumn {
        column: name.to_owned(),
        columns: columns.iter().map(|column| column.name.clone()).collect(),
    })
}

/// A mark as a value of its column's type, an hour earlier where it is a time.
fn from_mark(mark: &str, column: &Column, engine: Engine) -> Result<String> {
    // Marks come from the database, but what goes into a statement is looked at all the same.
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || " -:.+/".contains(letter);
    if mark.is_empty() || mark.len() > 64 || !mark.chars().all(is_plain) {
        return Err(DatabaseError::Mark { column: column.name.clone() });
    }
    Ok(match engine {
        Engine::Postgres if column.is_time() => {
            format!("CAST('{mark}' AS {}) - INTERVAL '{OVERLAP_MINUTES} minutes'", column.kind)
        }
        Engine::Mysql if column.is_time() => {
            format!("CAST('{mark}' AS DATETIME(6)) - INTERVAL {OVERLAP_MINUTES} MINUTE")
        }
        // SQLite compares by the kind of the value: a number must not become a text.
        Engine::Sqlite if mark.parse::<f64>().is_ok_and(f64::is_finite) && !column.is_text() => mark.to_owned(),
        _ => format!("'{mark}'"),
    })
}

/// A name that stands for itself, whatever letters it has.
pub(crate) fn quoted(name: &str, engine: Engine) -> String {
    let mark = if engine == Engine::Mysql { '`' } else { '"' };
    format!("{mark}{}{mark}", name.replace(mark, &format!("{mark}{mark}")))
}

fn quoted_table(name: &str, engine: Engine) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.contains('\0') {
        return Err(DatabaseError::NoTableName);
    }
    Ok(name.splitn(2, '.').map(|part| quoted(part, engine)).collect::<Vec<_>>().join("."))
}
