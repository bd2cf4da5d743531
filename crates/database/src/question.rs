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
    /// A column whose rows belong together: where one of them changed, all of its value are read.
    pub together: Option<String>,
}

/// Rows in the order of their primary key, so that a reading that is cut off can go on where it stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered {
    /// The columns of the key.
    pub key: Vec<String>,
    /// The key of the last row that is there already; empty reads from the beginning.
    pub after: Vec<String>,
}

/// Which of the rows are asked for; all where nothing is said.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Only those that changed; also asks for the highest mark.
    pub since: Option<&'a Since>,
    /// In the order of a key, from one of its values on.
    pub ordered: Option<&'a Ordered>,
    /// At most so many.
    pub limit: Option<u32>,
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

    /// The rows that are asked for.
    pub(crate) fn select_asked(&self, engine: Engine, asked: Asked<'_>, columns: &[Column]) -> Result<String> {
        let mut select = self.select_since(engine, asked.since, columns)?;
        if let Some(ordered) = asked.ordered {
            let names = ordered.names(engine, columns)?.join(", ");
            let after = ordered.compared(">", engine, columns)?;
            let after = after.map(|after| format!(" WHERE {after}")).unwrap_or_default();
            select = format!("SELECT * FROM ({select}) AS keyed{after} ORDER BY {names}");
        }
        Ok(match asked.limit {
            Some(limit) => format!("SELECT * FROM ({select}) AS sample LIMIT {limit}"),
            None => select,
        })
    }

    fn select_since(&self, engine: Engine, since: Option<&Since>, columns: &[Column]) -> Result<String> {
        let select = self.select(engine)?;
        let Some(Since { column, after, together }) = since else { return Ok(select) };
        let column = known(column, columns)?;
        let Some(after) = after else { return Ok(select) };
        let name = quoted(&column.name, engine);
        let from = from_mark(after, column, engine)?;
        let changed = format!("{name} >= {from} OR {name} IS NULL");
        let Some(together) = together else {
            return Ok(format!("SELECT * FROM ({select}) AS since WHERE {changed}"));
        };
        // Two questions in one: a server joins by the column where nothing else is said beside it, and else compares row by row.
        let group = quoted(&known(together, columns)?.name, engine);
        Ok(format!(
            "SELECT * FROM ({select}) AS since \
             WHERE {group} IN (SELECT {group} FROM ({select}) AS changed WHERE {changed}) \
             UNION ALL SELECT * FROM ({select}) AS alone WHERE {group} IS NULL AND ({changed})"
        ))
    }

    /// How many rows there are up to a key, that one included.
    pub(crate) fn count_until(&self, engine: Engine, ordered: &Ordered, columns: &[Column]) -> Result<String> {
        let until = ordered.compared("<=", engine, columns)?;
        let until = until.map(|until| format!(" WHERE {until}")).unwrap_or_default();
        Ok(format!("SELECT count(*) FROM ({}) AS keyed{until}", self.select(engine)?))
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

impl Ordered {
    /// The key of a row can be written into a question and means there what it meant in the answer.
    pub fn can_hold(values: &[String]) -> bool {
        values.iter().all(|value| is_plain(value))
    }

    fn names(&self, engine: Engine, columns: &[Column]) -> Result<Vec<String>> {
        self.key.iter().map(|name| Ok(quoted(&known(name, columns)?.name, engine))).collect()
    }

    /// That the key of a row compares so to the one that is there already; none where there is none.
    fn compared(&self, sign: &str, engine: Engine, columns: &[Column]) -> Result<Option<String>> {
        let names = self.names(engine, columns)?;
        let value = |(name, value): (&String, &String)| -> Result<String> {
            let column = known(name, columns)?;
            if !is_plain(value) {
                return Err(DatabaseError::Mark { column: name.clone() });
            }
            // A server compares a text with a number in its own way, and not with an index.
            let is_number = column.is_number() && value.parse::<f64>().is_ok_and(f64::is_finite);
            Ok(if is_number { value.clone() } else { format!("'{value}'") })
        };
        let values = self.key.iter().zip(&self.after).map(value).collect::<Result<Vec<_>>>()?;
        Ok(match (names.as_slice(), values.as_slice()) {
            (_, []) => None,
            ([name], [value]) => Some(format!("{name} {sign} {value}")),
            // The first column alone lets every server use the index.
            ([first, ..], [least, ..]) => {
                let (first_sign, names, values) = (format!("{}=", &sign[..1]), names.join(", "), values.join(", "));
                Some(format!("{first} {first_sign} {least} AND ({names}) {sign} ({values})"))
            }
            ([], _) => None,
        })
    }
}

/// It is short and has only letters that mean nothing in a statement.
fn is_plain(value: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || " -_:.+/".contains(letter);
    !value.is_empty() && value.len() <= 64 && value.chars().all(is_plain)
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
    if !is_plain(mark) {
        return Err(DatabaseError::Mark { column: column.name.clone() });
    }
    Ok(match engine {
        Engine::Postgres if column.is_time() => {
            format!("CAST('{mark}' AS {}) - INTERVAL '{OVERLAP_MINUTES} minutes'", column.kind)
        }
        Engine::Mysql if column.is_time() => {
            format!("CAST('{mark}' AS DATETIME(6)) - INTERVAL {OVERLAP_MINUTES} MINUTE")
        }
        // What is no time for SQLite is none: then the mark itself.
        Engine::Sqlite if looks_like_time(mark) => {
            format!("coalesce(datetime('{mark}', '-{OVERLAP_MINUTES} minutes'), '{mark}')")
        }
        // SQLite compares by the kind of the value: a number must not become a text.
        Engine::Sqlite if mark.parse::<f64>().is_ok_and(f64::is_finite) && !column.is_text() => mark.to_owned(),
        _ => format!("'{mark}'"),
    })
}

/// `2025-01-31 08:00`, as SQLite keeps times: as texts.
fn looks_like_time(mark: &str) -> bool {
    let bytes = mark.as_bytes();
    bytes.len() > 10 && bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-') && mark.contains(':')
}

/// A name that stands for itself, whatever letters it has.
pub(crate) fn quoted(name: &str, engine: Engine) -> String {
    let mark = if engine == Engine::Mysql { '`' } else { '"' };
    format!("{mark}{}{mark}", name.replace(mark, &format!("{mark}{mark}")))
}

pub(crate) fn quoted_table(name: &str, engine: Engine) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.contains('\0') {
        return Err(DatabaseError::NoTableName);
    }
    Ok(name.splitn(2, '.').map(|part| quoted(part, engine)).collect::<Vec<_>>().join("."))
}
