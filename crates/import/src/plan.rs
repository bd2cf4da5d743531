//! Looking at an input and saying how it will be read.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    Decisions, Encoding, Example, FactKind, Field, Format, ImportError, Input, Mapped, Options,
    arrow_rows::{self, ParquetReader, RowsReader},
    decide,
    encoding::Utf8Reader,
    evidence::Evidence,
    grid::{Block, Grid},
    header::{self, Header},
    lost_digits, mapping,
    relations::Relations,
    repair,
    repeats::{self, Repeats},
    separator,
    source::{self, SAMPLE, Sniffed, Source},
    text_reader::{self, TextFormat, TextReader},
    workbook::Workbook,
};

/// How an input will be read: everything that was found out and decided.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// The file's name without its folder, as in the `file` column.
    pub label: String,
    /// How the file is built.
    pub format: Format,
    /// The sheet that is read.
    pub sheet: Option<String>,
    /// The row of the header; the rows below it are data.
    pub header_row: u64,
    /// The names of the columns, each different.
    pub headers: Vec<String>,
    /// The columns that hold a field.
    pub mapping: Vec<Mapped>,
    /// How the values are written.
    pub decisions: Decisions,
    /// The first ten rows.
    pub sample: Vec<Vec<String>>,
    /// The decisions rest on every row; otherwise on the first 4 MB, and reading verifies them.
    pub whole: bool,
    /// What the user said.
    pub options: Options,
    /// Rows (by their numbers) that a look at what is there already found to name another account than their
    /// invoice has: they are set aside.
    #[serde(skip)]
    pub conflicts: Arc<BTreeSet<u64>>,
    /// Rows that contradict an earlier one about a line of an invoice; `None` until someone looked.
    #[serde(skip)]
    pub(crate) repeats: Option<Arc<Repeats>>,
    /// Columns of ids that lost digits, with the first row that shows it.
    #[serde(skip)]
    pub(crate) lost_digits: Vec<(String, Example)>,
    #[serde(skip)]
    pub(crate) returns_are_line_ends: bool,
    #[serde(skip)]
    pub(crate) held: Option<Arc<Vec<Grid>>>,
}

/// The choices of one file, saved to read the next one with the same headers alike.
///
/// For a file with the same headers the mapping is taken as it is, also what it leaves out; of the decisions, those
/// that the values of the new file leave open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The headers that the profile is for.
    pub headers: Vec<String>,
    /// The columns that hold a field.
    pub mapping: Vec<Mapped>,
    /// How the values are written.
    pub decisions: Decisions,
}

impl Profile {
    /// The file has the headers that the profile is for, perhaps with those that a repair file adds.
    pub(crate) fn is_for(&self, headers: &[String]) -> bool {
        let own = headers.iter().filter(|header| !repair::is_mark(header));
        self.headers.iter().eq(own)
    }
}

/// Looks at the beginning of an input, and at whole columns where that cannot decide.
///
/// # Errors
/// Refuses what [`ImportError`] lists: no such file, no header, a required column that is missing or
/// ambiguous, values that can be read two ways.
pub fn inspect(input: &Input, kind: FactKind, options: &Options) -> Result<Plan, ImportError> {
    let Looked { mut plan, sample, whole } = look(input, kind, options)?;
    let data_rows = sample.iter().map(|grid| grid.rows.len()).sum::<usize>();
    if data_rows == 0 && whole {
        return Err(ImportError::HeaderOnly { file: plan.label });
    }
    plan.whole = whole;
    if kind != FactKind::Sales {
        return Ok(plan);
    }
    plan.lost_digits = lost_digits::find(&plan.mapping, &sample);
    let mut evidence = Evidence::new(&plan.mapping);
    let mut relations = Relations::new(&plan.mapping);
    sample.iter().for_each(|grid| evidence.look_at(grid));
    let decided = decide::writing(&evidence, options, &plan.label).and_then(|decisions| {
        sample.iter().for_each(|grid| relations.look_at(grid, &decisions));
        related(decisions, &evidence, &relations, options, &plan.label)
    });
    match decided {
        Ok(decisions) => Ok(Plan { decisions, ..plan }),
        Err(error) if error.is_undecidable() && !whole => plan.widen(input),
        Err(error) => Err(error),
    }
}

fn related(
    mut decisions: Decisions,
    evidence: &Evidence,
    relations: &Relations,
    options: &Options,
    file: &str,
) -> Result<Decisions, ImportError> {
    (decisions.discount, decisions.discount_how) = decide::discount(evidence, relations, options, file)?;
    decisions.discount_negated = relations.discounts.are_negated();
    (decisions.cost, decisions.cost_how) = decide::cost(evidence, relations, options, file)?;
    Ok(decisions)
}

impl Plan {
    /// The choices to save for the next file with the same headers.
    pub fn profile(&self) -> Profile {
        Profile { headers: self.headers.clone(), mapping: self.mapping.clone(), decisions: self.decisions.clone() }
    }

    /// The header of the column that holds a field.
    pub fn column_of(&self, field: Field) -> Option<&str> {
        self.mapping.iter().find(|mapped| mapped.field == field).map(|mapped| mapped.header.as_str())
    }

    /// The headers of the columns that are kept as extras.
    pub fn extra_columns(&self) -> Vec<&str> {
        self.extras().into_iter().map(|column| self.headers[column].as_str()).collect()
    }

    /// Decides again from every row, after [`ImportError::Replan`] or where the sample leaves something open.
    ///
    /// # Errors
    /// As [`inspect`]; now also where rows far below contradict each other.
    pub fn widen(mut self, input: &Input) -> Result<Self, ImportError> {
        let seen = self.scan(input, || Evidence::new(&self.mapping), Evidence::look_at, Evidence::merge);
        let evidence = match seen {
            Err(ImportError::Replan { .. }) => {
                // Bytes that are not UTF-8 came late.
                if let Format::Text { separator, .. } = self.format {
                    self.format = Format::Text { separator, encoding: Encoding::Windows1252 };
                }
                self.scan(input, || Evidence::new(&self.mapping), Evidence::look_at, Evidence::merge)?
            }
            seen => seen?,
        };
        let decisions = decide::writing(&evidence, &self.options, &self.label)?;
        let relations = self.scan(
            input,
            || Relations::new(&self.mapping),
            |relations, grid| relations.look_at(grid, &decisions),
            Relations::merge,
        )?;
        self.decisions = related(decisions, &evidence, &relations, &self.options, &self.label)?;
        self.repeats = Some(Arc::new(repeats::find(&self, input)?));
        self.whole = true;
        Ok(self)
    }

    /// The index of a field's column.
    pub(crate) fn index_of(&self, field: Field) -> Option<usize> {
        self.mapping.iter().find(|mapped| mapped.field == field).map(|mapped| mapped.column)
    }

    /// The columns without a field, in order.
    pub(crate) fn extras(&self) -> Vec<usize> {
        let is_extra = |column: &usize| {
            !self.mapping.iter().any(|mapped| mapped.column == *column) && !repair::is_mark(&self.headers[*column])
        };
        (0..self.headers.len()).filter(is_extra).collect()
    }

    /// The columns that lead a repaired row back to its import and row.
    pub(crate) fn repair_columns(&self) -> Option<(usize, usize)> {
        repair::origin(&self.headers)
    }

    /// The rows of a block below the header.
    pub(crate) fn grid_of(&self, block: Block) -> Result<Grid, ImportError> {
        let mut grid = block.into_grid(&self.label)?;
        grid.drop_through(self.header_row);
        if self.repair_columns().is_some() {
            grid.unguard();
        }
        grid.fix(&self.headers, &self.options.fixes);
        Ok(grid)
    }

    pub(crate) fn open(&self, input: &Input) -> Result<Box<dyn Source>, ImportError> {
        source::open(input, self.format, self.returns_are_line_ends, self.held.as_ref())
    }

    /// Runs over every row with several threads and merges what they saw.
    pub(crate) fn scan<T: Send>(
        &self,
        input: &Input,
        new: impl Fn() -> T + Sync,
        look_at: impl Fn(&mut T, &Grid) + Sync,
        merge: impl Fn(&mut T, T),
    ) -> Result<T, ImportError> {
        let source = std::sync::Mutex::new(self.open(input)?);
        let worker = || -> Result<T, ImportError> {
            let mut seen = new();
            loop {
                let next = crate::read::locked(&source).next()?;
                let Some(block) = next else { return Ok(seen) };
                look_at(&mut seen, &self.grid_of(block)?);
            }
        };
        let parts: Vec<Result<T, ImportError>> = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..self.options.threads.max(1)).map(|_| scope.spawn(worker)).collect();
            let joined = handles.into_iter().map(std::thread::ScopedJoinHandle::join);
            joined.map(|end| end.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
        });
        let mut all = new();
        for part in parts {
            merge(&mut all, part?);
        }
        Ok(all)
    }
}

/// An input at which someone looked.
pub(crate) struct Looked {
    pub plan: Plan,
    /// Rows below the header.
    pub sample: Arc<Vec<Grid>>,
    /// They are all of them.
    pub whole: bool,
}

/// Finds format, sheet, header and mapping.
pub(crate) fn look(input: &Input, kind: FactKind, options: &Options) -> Result<Looked, ImportError> {
    let label = input.label();
    match input {
        Input::File(path) => match source::sniff(path, &label)? {
            Sniffed::Text { encoding, returns_are_line_ends } => {
                look_at_text(path, &label, encoding, returns_are_line_ends, kind, options)
            }
            Sniffed::Workbook => look_at_workbook(path, &label, kind, options),
            Sniffed::Parquet => {
                let mut reader = ParquetReader::open(path, &label)?;
                let headers = reader.headers();
                look_at_rows(&mut reader, headers, Format::Parquet, &label, kind, options)
            }
        },
        Input::Rows { batches, .. } => {
            let headers = batches.first().map(|batch| arrow_rows::headers(&batch.schema()));
            let headers = headers.ok_or_else(|| ImportError::Empty { file: label.clone() })?;
            let mut reader = RowsReader::new(batches.clone());
            look_at_rows(&mut reader, headers, Format::Rows, &label, kind, options)
        }
    }
}

fn look_at_text(
    path: &Path,
    label: &str,
    encoding: Encoding,
    returns_are_line_ends: bool,
    kind: FactKind,
    options: &Options,
) -> Result<Looked, ImportError> {
    const HEAD: usize = 1 << 18;
    let unreadable = |source| ImportError::Unreadable { file: label.to_owned(), source };
    let head = text_reader::head(path, label, HEAD)?;
    let text = Utf8Reader::new(head.as_slice(), encoding, returns_are_line_ends).read_all().map_err(unreadable)?;
    let separator = separator::detect(&String::from_utf8_lossy(&text));

    let format = TextFormat { encoding, separator: separator.byte(), returns_are_line_ends };
    let mut reader = TextReader::open_with_block(path, label, format, SAMPLE)?;
    let block = reader.next()?.ok_or_else(|| ImportError::Empty { file: label.to_owned() })?;
    let mut grid = match block.into_grid(label) {
        // The bytes that are not UTF-8 lie at the very end of the sample.
        Err(ImportError::Replan { .. }) if encoding == Encoding::Utf8 => {
            return look_at_text(path, label, Encoding::Windows1252, returns_are_line_ends, kind, options);
        }
        grid => grid?,
    };
    let whole = reader.is_at_end();
    let header = header::find(&grid, kind, options, label)?;
    grid.drop_through(header.row);
    grid.fix(&header.names, &options.fixes);
    let format = Format::Text { separator, encoding };
    let mut plan = plan(label, format, header, &grid, kind, options)?;
    plan.returns_are_line_ends = returns_are_line_ends;
    Ok(Looked { plan, sample: Arc::new(vec![grid]), whole })
}

fn look_at_rows(
    source: &mut dyn Source,
    headers: Vec<String>,
    format: Format,
    label: &str,
    kind: FactKind,
    options: &Options,
) -> Result<Looked, ImportError> {
    const ROWS: usize = 10_000;
    if headers.len() > crate::workbook::COLUMNS {
        return Err(ImportError::TooManyColumns { file: label.to_owned(), columns: headers.len() });
    }
    let mut sample = Vec::new();
    let mut rows = 0;
    let whole = loop {
        let Some(block) = source.next()? else { break true };
        let mut grid = block.into_grid(label)?;
        grid.fix(&headers, &options.fixes);
        rows += grid.rows.len();
        sample.push(grid);
        if rows >= ROWS {
            break false;
        }
    };
    let header = Header { row: 1, names: header::different(headers) };
    let empty = Grid::default();
    let plan = plan(label, format, header, sample.first().unwrap_or(&empty), kind, options)?;
    Ok(Looked { plan, sample: Arc::new(sample), whole })
}

fn look_at_workbook(path: &Path, label: &str, kind: FactKind, options: &Options) -> Result<Looked, ImportError> {
    let mut workbook = Workbook::open(path, label)?;
    let names = workbook.names();
    let wanted = match &options.sheet {
        Some(sheet) => match names.iter().find(|name| name.trim().eq_ignore_ascii_case(sheet.trim())) {
            Some(name) => vec![name.clone()],
            None => {
                return Err(ImportError::UnknownSheet { file: label.to_owned(), sheet: sheet.clone(), sheets: names });
            }
        },
        // What is hidden was put away; who wants it names it.
        None => workbook.visible(),
    };
    let mut fitting = Vec::new();
    let mut refused = Vec::new();
    for name in &wanted {
        match look_at_sheet(&mut workbook, name, label, kind, options) {
            Ok(looked) => fitting.push(looked),
            Err(ImportError::Empty { .. }) => {}
            Err(error) => refused.push(error),
        }
    }
    match (fitting.len(), refused.len()) {
        (0, 0) => Err(ImportError::Empty { file: label.to_owned() }),
        (1, _) => Ok(fitting.remove(0)),
        (0, 1) => Err(refused.remove(0)),
        (0, _) => Err(ImportError::WhichSheet { file: label.to_owned(), sheets: wanted }),
        _ => {
            let sheets = fitting.into_iter().filter_map(|looked| looked.plan.sheet).collect();
            Err(ImportError::WhichSheet { file: label.to_owned(), sheets })
        }
    }
}

fn look_at_sheet(
    workbook: &mut Workbook,
    name: &str,
    label: &str,
    kind: FactKind,
    options: &Options,
) -> Result<Looked, ImportError> {
    let mut grids = workbook.read(name)?;
    let first = grids.first_mut().ok_or_else(|| ImportError::Empty { file: label.to_owned() })?;
    let header = header::find(first, kind, options, label)?;
    first.drop_through(header.row);
    grids.iter_mut().for_each(|grid| grid.fix(&header.names, &options.fixes));
    let first = grids.first().ok_or_else(|| ImportError::Empty { file: label.to_owned() })?;
    let mut plan = plan(label, Format::Workbook, header, first, kind, options)?;
    plan.sheet = Some(name.to_owned());
    let sample = Arc::new(grids);
    plan.held = Some(Arc::clone(&sample));
    Ok(Looked { plan, sample, whole: true })
}

fn plan(
    label: &str,
    format: Format,
    header: Header,
    grid: &Grid,
    kind: FactKind,
    options: &Options,
) -> Result<Plan, ImportError> {
    const SHOWN: usize = 10;
    let unknown = options.fixes.iter().find(|fix| !header.names.contains(&fix.column));
    if let Some(fix) = unknown {
        return Err(ImportError::UnknownColumn {
            file: label.to_owned(),
            column: fix.column.clone(),
            nearest: header::nearest(&fix.column, &header.names),
            headers: header.names,
        });
    }
    let mapping = mapping::map(&header.names, grid, kind, options, label)?;
    require(&mapping, &header.names, kind, options, label)?;
    let rows = 0..grid.rows.len().min(SHOWN);
    Ok(Plan {
        label: label.to_owned(),
        format,
        sheet: None,
        header_row: header.row,
        sample: rows.map(|row| grid.cells(row, header.names.len())).collect(),
        headers: header.names,
        mapping,
        decisions: Decisions::default(),
        whole: false,
        options: options.clone(),
        conflicts: Arc::default(),
        repeats: None,
        lost_digits: Vec::new(),
        returns_are_line_ends: false,
        held: None,
    })
}

impl FactKind {
    /// The fields that a file of this kind may have.
    pub fn fields(self) -> Vec<Field> {
        crate::synonyms::fields(self).into_owned()
    }

    /// The fields that a file to be filled in by hand asks for: each thing once, and nothing that follows from others.
    pub fn template(self) -> Vec<Field> {
        match self.shape() {
            Some(shape) => {
                let first = |field: &Field| shape.columns.iter().any(|column| column.fields.first() == Some(field));
                shape.fields().into_iter().filter(first).collect()
            }
            None => {
                // The parts of what another column says whole, and what follows from others.
                let is_part = |field: &Field| match self {
                    Self::Rates => {
                        matches!(field, Field::Period | Field::Year | Field::Month | Field::From | Field::To)
                    }
                    Self::Targets | Self::Market if matches!(field, Field::From | Field::To) => true,
                    _ => matches!(
                        field,
                        Field::FirstName
                            | Field::LastName
                            | Field::Year
                            | Field::Month
                            | Field::GrossAmount
                            | Field::Profit
                    ),
                };
                let is_asked = |field: &Field| !is_part(field);
                self.fields().into_iter().filter(is_asked).collect()
            }
        }
    }

    /// What a file of this kind cannot do without: one field of each list.
    pub fn needed(self) -> Vec<Vec<Field>> {
        if let Some(shape) = self.shape() {
            return shape.needed();
        }
        let account = vec![Field::AccountId, Field::AccountName];
        match self {
            Self::Sales => {
                vec![vec![Field::Date], account, vec![Field::Quantity, Field::NetAmount, Field::GrossAmount]]
            }
            Self::Accounts => vec![account],
            Self::Products => vec![vec![Field::ProductId, Field::ProductName]],
            Self::Managers => vec![vec![Field::ManagerId, Field::ManagerName, Field::FirstName, Field::LastName]],
            Self::Ownership => vec![account, vec![Field::ManagerId, Field::ManagerName]],
            Self::Rates => vec![vec![Field::Date, Field::From, Field::Period, Field::Year]],
            _ => Vec::new(),
        }
    }
}

/// Refuses a table without a column for each thing that its kind cannot do without.
fn require(
    mapping: &[Mapped],
    headers: &[String],
    kind: FactKind,
    options: &Options,
    file: &str,
) -> Result<(), ImportError> {
    let is_there = |fields: &[Field]| mapping.iter().any(|mapped| fields.contains(&mapped.field));
    let may_lack =
        |fields: &[Field]| kind == FactKind::Sales && options.unassigned && fields.contains(&Field::AccountId);
    match kind.needed().into_iter().find(|fields| !is_there(fields) && !may_lack(fields)) {
        None => Ok(()),
        Some(fields) => Err(ImportError::Missing { file: file.to_owned(), kind, fields, headers: headers.to_vec() }),
    }
}
