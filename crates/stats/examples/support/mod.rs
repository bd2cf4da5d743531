//! Reading tables and reporting faults, shared by the examples.

use std::{fmt, path::Path, process::ExitCode};

use jiff::civil::Date;

/// What is wrong with the input or the arguments, said so that it can be mended.
#[derive(Debug)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<takar_stats::Error> for Fault {
    fn from(error: takar_stats::Error) -> Self {
        Self(error.to_string())
    }
}

pub type Result<T> = std::result::Result<T, Fault>;

/// Runs an example: prints a fault and ends with 2.
pub fn report(outcome: Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::from(2)
        }
    }
}

/// A table with a header.
pub struct Table {
    file: String,
    headers: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    /// Reads a CSV file; comma, semicolon or tab, whichever stands in its first line most often.
    pub fn read(path: &Path) -> Result<Self> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| Fault(format!("{file}: {error}")))?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let first_line = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let count = |separator: u8| first_line.iter().filter(|&&byte| byte == separator).count();
        let separator = [b'\t', b';', b','].into_iter().max_by_key(|&separator| count(separator)).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).trim(csv::Trim::All).from_reader(bytes);
        let said = |error: csv::Error| Fault(format!("{file}: {error}"));
        let headers =
            reader.headers().map_err(said)?.iter().map(|name| name.to_lowercase().replace(' ', "_")).collect();
        let rows = reader.records().collect::<std::result::Result<Vec<_>, _>>().map_err(said)?;
        Ok(Self { file, headers, rows })
    }

    /// The first column that has one of these names (lower case).
    pub fn find(&self, names: &[&str]) -> Option<Column> {
        let index = names.iter().find_map(|name| self.headers.iter().position(|header| header == name))?;
        Some(Column { index })
    }

    /// The same, or a fault that names what is there.
    pub fn need(&self, what: &str, names: &[&str]) -> Result<Column> {
        self.find(names).ok_or_else(|| {
            Fault(format!(
                "{}: no column for {what} (one of: {}); the columns are: {}",
                self.file,
                names.join(", "),
                self.headers.join(", ")
            ))
        })
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().enumerate().map(|(index, cells)| Row { table: self, index, cells })
    }
}

/// The place of a column.
#[derive(Clone, Copy)]
pub struct Column {
    index: usize,
}

/// One row of a table.
pub struct Row<'a> {
    table: &'a Table,
    index: usize,
    cells: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    /// The cell's text, which may not be empty.
    pub fn text(&self, column: Column) -> Result<&'a str> {
        match self.cells.get(column.index) {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(self.fault(column, "is empty")),
        }
    }

    /// The cell's text; none where it is empty.
    pub fn given(&self, column: Column) -> Option<&'a str> {
        self.cells.get(column.index).filter(|text| !text.is_empty())
    }

    /// The cell as a finite number with a decimal point.
    pub fn number(&self, column: Column) -> Result<f64> {
        let number = self.text(column)?.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| self.fault(column, "is not a number such as 1234.50"))
    }

    /// The cell as a day.
    pub fn day(&self, column: Column) -> Result<Date> {
        day(self.text(column)?).ok_or_else(|| self.fault(column, "is not a date such as 2025-12-31 or 20251231"))
    }

    /// A fault of this cell: file, row (the header is row 1), column, value.
    pub fn fault(&self, column: Column, what: &str) -> Fault {
        Fault(format!(
            "{}, row {}, column {}: {:?} {what}",
            self.table.file,
            self.index + 2,
            self.table.headers[column.index],
            self.cells.get(column.index).unwrap_or_default()
        ))
    }
}

/// A day as 2025-12-31 or 20251231; a time of day after it is left out.
pub fn day(text: &str) -> Option<Date> {
    let date = text.split(['T', ' ']).next()?;
    let digits = |range: std::ops::Range<usize>| date.get(range)?.parse::<i16>().ok();
    let (year, month, day) = match (date.len(), date.matches('-').count()) {
        (10, 2) => (digits(0..4)?, digits(5..7)?, digits(8..10)?),
        (8, 0) => (digits(0..4)?, digits(4..6)?, digits(6..8)?),
        _ => return None,
    };
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// Arguments: what stands alone, and what follows an option.
pub struct Arguments {
    usage: &'static str,
    plain: Vec<String>,
    options: Vec<(String, String)>,
}

impl Arguments {
    /// Takes the program's arguments: `options` take a value, `switches` do not.
    pub fn take(usage: &'static str, options: &[&str], switches: &[&str]) -> Result<Self> {
        let mut taken = Self { usage, plain: Vec::new(), options: Vec::new() };
        let mut given = std::env::args().skip(1);
        while let Some(argument) = given.next() {
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
                _ => (argument, None),
            };
            if !name.starts_with("--") {
                taken.plain.push(name);
            } else if options.contains(&name.as_str()) {
                let value =
                    value.or_else(|| given.next()).ok_or_else(|| taken.fault(&format!("{name} needs a value")))?;
                taken.options.push((name, value));
            } else if switches.contains(&name.as_str()) {
                taken.options.push((name, String::new()));
            } else {
                return Err(taken.fault(&format!("{name} is not known")));
            }
        }
        Ok(taken)
    }

    /// The one argument that stands alone.
    pub fn only(&self, what: &str) -> Result<&str> {
        match self.plain.as_slice() {
            [one] => Ok(one),
            _ => Err(self.fault(&format!("exactly one {what} is needed"))),
        }
    }

    /// The value of an option.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The values of an option that may be given several times.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.options.iter().filter(|(given, _)| given == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The value of an option that is a number.
    pub fn number<T: std::str::FromStr>(&self, name: &str, otherwise: T) -> Result<T> {
        let parse =
            |text: &str| text.parse().map_err(|_| self.fault(&format!("{name}: {text:?} is not such a number")));
        self.option(name).map_or(Ok(otherwise), parse)
    }

    /// The value of an option that is a day.
    pub fn day(&self, name: &str) -> Result<Option<Date>> {
        let parse =
            |text| day(text).ok_or_else(|| self.fault(&format!("{name}: {text:?} is not a date such as 2025-12-31")));
        self.option(name).map(parse).transpose()
    }

    /// The value of an option that is one of `choices`; the first where it is not given.
    pub fn choice<'a>(&'a self, name: &str, choices: &[&'a str]) -> Result<&'a str> {
        match self.option(name) {
            None => Ok(choices[0]),
            Some(given) if choices.contains(&given) => Ok(given),
            Some(given) => Err(self.fault(&format!("{name}: {given:?} is not one of {}", choices.join(", ")))),
        }
    }

    /// A fault of the arguments, with the usage.
    pub fn fault(&self, what: &str) -> Fault {
        Fault(format!("{what}\n\n{}", self.usage))
    }
}
