//! What must hold whatever a file holds.
//!
//! Each function takes bytes, makes a file of them, reads it and panics where a promise of the reader is broken. The
//! fuzzed targets and the tests of the import crate share this file; both name the crate `takar_import` one module up.

use std::{
    collections::BTreeSet,
    io::{Cursor, Write},
    path::PathBuf,
};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::concat_batches,
    datatypes::{Date32Type, Decimal128Type, Int64Type},
};
use takar_model::{Day, ImportId, Lang, Money, Quantity, guarded};

use super::takar_import::{
    Check, Chunk, CostKind, DateOrder, DiscountKind, FactKind, ImportError, Input, LineSink, NumberStyle, Options,
    Plan, SinkError, inspect, line_schema, read, read_raw, read_table, rows_of_json, table_schema, write_repair_file,
};

/// A target's name, which is that of its folders, and its check.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 5] =
    [("text", text), ("blocks", blocks), ("values", values), ("workbook", workbook), ("json", json)];

/// A file of separated text, read as the kind that the first byte names (`A` is sales) with the options of the second.
pub fn text(bytes: &[u8]) {
    let [kind, choice, content @ ..] = bytes else { return };
    let kind = FactKind::ALL[usize::from(kind.wrapping_sub(b'A')) % FactKind::ALL.len()];
    let file = TestFile::new(content);
    let options = options(*choice);
    if kind == FactKind::Sales {
        sales(&file.input(), &options);
    } else {
        table(&file.input(), kind, &options);
    }
}

/// A file that is longer than a block, or than what is looked at first: the line before `~~~` is repeated, each `#` in it
/// a running number. The first byte says which; the second has the options.
pub fn blocks(bytes: &[u8]) {
    const BLOCK: usize = 1 << 20;
    const SAMPLE: usize = 4 << 20;
    let [size, choice, content @ ..] = bytes else { return };
    let size = if size % 2 == 0 { BLOCK } else { SAMPLE } + BLOCK / 5;
    let Some(mark) = find(content, b"\n~~~\n") else { return };
    let (head, tail) = (&content[..mark], &content[mark + 5..]);
    let line = &head[head.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)..];
    // Shorter ones would be more rows: slow, and no more than many are.
    if line.len() < 100 {
        return;
    }
    let mut long = head.to_vec();
    for number in 0_u32.. {
        if long.len() >= size {
            break;
        }
        long.push(b'\n');
        for byte in line {
            match byte {
                b'#' => long.extend(number.to_string().bytes()),
                byte => long.push(*byte),
            }
        }
    }
    long.push(b'\n');
    long.extend_from_slice(tail);
    sales(&TestFile::new(&long).input(), &options(*choice));
}

/// Dates and numbers, a line for each pair with `|` between them. What was read is written plainly, as an Indonesian and as
/// an American writes it, and must read as the same each time.
pub fn values(bytes: &[u8]) {
    const ROWS: usize = 20;
    let [choice, content @ ..] = bytes else { return };
    let content = String::from_utf8_lossy(content);
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let mut written = "tanggal;pelanggan;jumlah;total\n".to_owned();
    for line in content.split('\n').take(ROWS) {
        let (date, number) = line.split_once('|').unwrap_or((line, "1"));
        let number = quoted(number);
        written.push_str(&format!("{};A;{number};{number}\n", quoted(date)));
    }
    let Ok((_, _, lines)) = lines(&TestFile::new(written.as_bytes()).input(), &options(*choice), 1) else { return };
    if lines.num_rows() == 0 {
        return;
    }
    let facts = facts(&lines);
    for (order, style) in
        [(None, None), (Some(DateOrder::Dmy), Some(NumberStyle::Id)), (Some(DateOrder::Mdy), Some(NumberStyle::En))]
    {
        let mut written = "tanggal;pelanggan;jumlah;total\n".to_owned();
        for (day, quantity, net) in &facts {
            let (year, month, of_month) = (day.date().year(), day.date().month(), day.date().day());
            let day = match order {
                None => day.to_string(),
                Some(DateOrder::Dmy) => format!("{of_month:02}/{month:02}/{year}"),
                Some(DateOrder::Mdy) => format!("{month}/{of_month}/{year}"),
            };
            let number = |plain: String, formatted: fn(Lang, i128) -> String, units: i128| match style {
                None => plain,
                Some(NumberStyle::Id) => formatted(Lang::Id, units),
                Some(NumberStyle::En) => formatted(Lang::En, units),
            };
            let quantity = quantity.map_or_else(String::new, |quantity| {
                number(
                    quantity.to_string(),
                    |lang, units| Quantity::from_units(units).format(lang, 6),
                    quantity.units(),
                )
            });
            let net = net.map_or_else(String::new, |net| {
                number(net.to_string(), |lang, units| Money::from_units(units).format(lang, 4), net.units())
            });
            written.push_str(&format!("{day};A;{quantity};{net}\n"));
        }
        // A plain `1.234` is a number of either style until someone says which.
        let number_style = Some(style.unwrap_or(NumberStyle::En));
        let options = Options { date_order: order, number_style, ..Options::default() };
        let (_, _, again) = self::lines(&TestFile::new(written.as_bytes()).input(), &options, 1)
            .unwrap_or_else(|error| panic!("what was read and written plainly is refused: {error}\n{written}"));
        assert_eq!(self::facts(&again), facts, "{written}");
    }
}

/// A workbook: its own bytes, or the parts of one as text, each after a line `=== NAME`, which are packed first.
pub fn workbook(bytes: &[u8]) {
    let file = if bytes.starts_with(b"=== ") { TestFile::new(&packed(bytes)) } else { TestFile::new(bytes) };
    sales(&file.input(), &Options::default());
    // Only for what it must not do: panic, or take all memory.
    let _ = read_raw(&file.path);
}

/// Rows as JSON, beside what a plain reader makes of them; then the rows as sales.
pub fn json(bytes: &[u8]) {
    use serde_json::{Map, Value};
    let Ok(batch) = rows_of_json(bytes, "rows") else { return };
    // A number beyond every float is text to us and an error to the other.
    if let Ok(rows) = serde_json::from_slice::<Vec<Map<String, Value>>>(bytes) {
        assert_eq!(batch.num_rows(), rows.len());
        let schema = batch.schema();
        for (column, header) in batch.columns().iter().zip(schema.fields()) {
            let texts = column.as_string::<i32>();
            for (row, object) in rows.iter().enumerate() {
                let said = object.iter().find(|(key, value)| key.trim() == header.name() && !value.is_null());
                let found = texts.is_valid(row).then(|| texts.value(row));
                match said.map(|(_, value)| value) {
                    Some(Value::String(text)) => assert_eq!(found, Some(text.as_str())),
                    Some(value) => {
                        let found = found.and_then(|text| serde_json::from_str::<Value>(text).ok());
                        assert_eq!(found.as_ref(), Some(value));
                    }
                    None => assert_eq!(found, None),
                }
            }
        }
    }
    sales(&Input::Rows { label: "rows".to_owned(), batches: vec![batch] }, &Options::default());
}

/// Reads as sales, with one worker and with three; both must find the same, and every row must be accounted for.
fn sales(input: &Input, options: &Options) {
    let one = lines(input, options, 1);
    let three = lines(input, options, 3);
    let (one, three) = match (one, three) {
        (Ok(one), Ok(three)) => (one, three),
        (Err(one), Err(three)) => {
            for lang in [Lang::Id, Lang::En] {
                assert_eq!(one.message(lang), three.message(lang));
            }
            return;
        }
        (one, three) => panic!("one worker: {:?}; three: {:?}", one.err(), three.err()),
    };
    let told = |check: &Check| {
        let check = check.clone();
        let days = (check.first_day, check.last_day);
        let counts = (check.rows, check.lines, check.set_aside_total, check.duplicates, check.duplicates_dropped);
        (counts, check.set_aside, check.warnings, days, check.net, check.quantity)
    };
    assert_eq!(told(&one.1), told(&three.1));
    assert_eq!(one.2, three.2);
    let (plan, check, _) = one;
    repair(&plan, &check);
    for warning in &check.warnings {
        assert!(!warning.message(Lang::Id).is_empty() && !warning.message(Lang::En).is_empty());
    }
}

/// Keeps what it is given.
#[derive(Default)]
struct Keeper(Vec<(usize, RecordBatch)>);

impl LineSink for Keeper {
    fn chunk(&mut self, chunk: Chunk) -> Result<(), SinkError> {
        self.0.push((chunk.index, chunk.lines));
        Ok(())
    }
}

/// Reads with so many workers, puts the lines in file order and accounts for every row.
fn lines(input: &Input, options: &Options, workers: usize) -> Result<(Plan, Check, RecordBatch), ImportError> {
    let options = Options { threads: workers, ..options.clone() };
    let mut plan = inspect(input, FactKind::Sales, &options)?;
    let mut widened = false;
    loop {
        let sinks = (0..workers).map(|_| Keeper::default()).collect();
        match read(&plan, input, sinks, &|_, _| {}) {
            Err(error) if error.is_replan() => {
                assert!(!widened, "a plan that rests on every row is contradicted: {error}");
                widened = true;
                plan = plan.widen(input)?;
            }
            Err(error) => return Err(error),
            Ok((check, sinks)) => {
                let mut chunks: Vec<_> = sinks.into_iter().flat_map(|sink| sink.0).collect();
                chunks.sort_by_key(|(index, _)| *index);
                let batches: Vec<RecordBatch> = chunks.into_iter().map(|(_, batch)| batch).collect();
                let lines = concat_batches(&line_schema(), &batches).expect("one schema");
                account_for(&plan, &check, &lines);
                return Ok((plan, check, lines));
            }
        }
    }
}

/// Every row is a line, set aside or dropped, none twice, and the sums are those of the lines.
fn account_for(plan: &Plan, check: &Check, lines: &RecordBatch) {
    const YEARS: std::ops::RangeInclusive<i32> = 1950..=2100;
    assert_eq!(check.rows, check.lines + check.set_aside_total + check.duplicates_dropped, "{check:?}");
    assert_eq!((check.lines, check.set_aside_total), (lines.num_rows() as u64, check.set_aside.len() as u64));
    assert!(check.duplicates_dropped <= check.duplicates);
    let rows = numbers(lines, "row");
    assert!(rows.is_sorted_by(|one, other| one < other), "rows in file order");
    assert!(check.set_aside.is_sorted_by(|one, other| one.row < other.row), "set-aside rows in file order");
    let mut seen: BTreeSet<u64> = rows.iter().copied().collect();
    assert!(check.set_aside.iter().all(|row| seen.insert(row.row)), "a row is a line and set aside");
    assert!(seen.first().is_none_or(|first| *first > plan.header_row));

    let facts = facts(lines);
    let sum = |units: &mut dyn Iterator<Item = i128>| units.reduce(|one, other| one + other);
    assert_eq!(check.net.map(Money::units), sum(&mut facts.iter().filter_map(|fact| Some(fact.2?.units()))));
    assert_eq!(check.quantity.map(Quantity::units), sum(&mut facts.iter().filter_map(|fact| Some(fact.1?.units()))));
    let days = facts.iter().map(|(day, ..)| *day);
    assert_eq!((check.first_day, check.last_day), (days.clone().min(), days.clone().max()));
    assert!(days.into_iter().all(|day| YEARS.contains(&i32::from(day.date().year()))));
    assert!(facts.iter().all(|(_, quantity, net)| quantity.is_some() || net.is_some()));
    let accounts = lines.column_by_name("account_id").expect("a column of the schema");
    assert!(plan.options.unassigned || accounts.null_count() == 0);
}

/// The set-aside rows as a file read back with the cells they had.
fn repair(plan: &Plan, check: &Check) {
    const ROWS: usize = 50;
    let rows = &check.set_aside[..check.set_aside.len().min(ROWS)];
    for row in rows {
        assert!(!row.message(Lang::Id).is_empty() && !row.message(Lang::En).is_empty());
    }
    // A repaired file has its own marks already; control characters may make the file no text.
    let is_mark = |header: &String| header.trim().to_lowercase().starts_with("takar_");
    let has_control =
        |text: &str| text.chars().any(|character| character.is_control() && !"\n\r\t".contains(character));
    let cells = rows.iter().flat_map(|row| &row.cells).chain(&plan.headers);
    if rows.is_empty() || plan.headers.iter().any(is_mark) || cells.into_iter().any(|cell| has_control(cell)) {
        return;
    }
    let mut written = Vec::new();
    write_repair_file(rows, &plan.headers, ImportId(7), Lang::Id, &mut written).expect("written");
    let batch = match read_raw(&TestFile::new(&written).path) {
        Ok(batch) => batch,
        // A header such as `[{` makes any file look like one of another kind.
        Err(ImportError::OtherKind { .. }) => return,
        Err(error) => panic!("{error}:\n{}", String::from_utf8_lossy(&written)),
    };
    assert_eq!(batch.num_rows(), rows.len(), "{}", String::from_utf8_lossy(&written));
    for (column, texts) in batch.columns().iter().take(plan.headers.len()).enumerate() {
        let texts = texts.as_string::<i32>();
        for (at, row) in rows.iter().enumerate() {
            let found = if texts.is_valid(at) { texts.value(at) } else { "" };
            // What a spreadsheet would run has a guard before it.
            let cell = row.cells.get(column).map_or("", |cell| cell.trim());
            assert_eq!(found.trim(), guarded(cell));
        }
    }
}

/// Reads a small table; every row is in the batch or set aside.
fn table(input: &Input, kind: FactKind, options: &Options) {
    let (check, batch) = match read_table(input, kind, options) {
        Ok(read) => read,
        Err(error) => {
            assert!(!error.is_replan(), "nobody can plan a table again: {error}");
            assert!(!error.message(Lang::Id).is_empty() && !error.message(Lang::En).is_empty());
            return;
        }
    };
    assert_eq!(batch.schema(), table_schema(kind));
    assert_eq!(check.lines, batch.num_rows() as u64);
    let lines = numbers(&batch, "row");
    assert!(lines.is_sorted(), "rows in file order");
    let mut rows: BTreeSet<u64> = lines.iter().copied().collect();
    assert!(check.set_aside.iter().all(|row| rows.insert(row.row)), "a row is a line and set aside");
    let accounted = rows.len() as u64;
    match kind.shape() {
        None => assert_eq!(accounted, check.rows),
        // A row that says again what an earlier one with its id says is left out.
        Some(_) => assert!(accounted <= check.rows),
    }
    // Only these may say several things in a row.
    let is_wide = matches!(kind, FactKind::Targets | FactKind::Market | FactKind::Rates);
    assert!(is_wide || lines.is_sorted_by(|one, other| one < other));
}

/// The options that a byte stands for; `0` has none.
fn options(choice: u8) -> Options {
    let choice = choice.wrapping_sub(b'0');
    Options {
        drop_duplicates: choice & 1 != 0,
        unassigned: choice & 2 != 0,
        date_order: [None, Some(DateOrder::Dmy), Some(DateOrder::Mdy), None][usize::from(choice >> 2 & 3)],
        number_style: [None, Some(NumberStyle::Id), Some(NumberStyle::En), None][usize::from(choice >> 4 & 3)],
        discount_kind: [None, Some(DiscountKind::Percent), Some(DiscountKind::Amount), Some(DiscountKind::Rate)]
            [usize::from(choice >> 6)],
        cost_kind: [None, Some(CostKind::Unit), Some(CostKind::Line), None][usize::from(choice >> 6)],
        ..Options::default()
    }
}

/// Day, quantity and net of each line.
fn facts(lines: &RecordBatch) -> Vec<(Day, Option<Quantity>, Option<Money>)> {
    let column = |name: &str| lines.column_by_name(name).expect("a column of the schema");
    let (days, quantities, nets) = (column("date"), column("quantity"), column("net"));
    let days = days.as_primitive::<Date32Type>();
    let (quantities, nets) = (quantities.as_primitive::<Decimal128Type>(), nets.as_primitive::<Decimal128Type>());
    (0..lines.num_rows())
        .map(|row| {
            let day = Day::from_epoch_days(days.value(row)).expect("a day");
            let quantity = quantities.is_valid(row).then(|| Quantity::from_units(quantities.value(row)));
            (day, quantity, nets.is_valid(row).then(|| Money::from_units(nets.value(row))))
        })
        .collect()
}

/// A column of row numbers.
fn numbers(batch: &RecordBatch, name: &str) -> Vec<u64> {
    let column = batch.column_by_name(name).expect("a column of the schema").as_primitive::<Int64Type>();
    column.values().iter().map(|number| u64::try_from(*number).expect("not negative")).collect()
}

/// The parts of a workbook as the file that they are.
fn packed(parts: &[u8]) -> Vec<u8> {
    const MARK: &[u8] = b"\n=== ";
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut rest = &parts[MARK.len() - 1..];
    loop {
        let end = find(rest, MARK).unwrap_or(rest.len());
        let part = &rest[..end];
        let line = part.iter().position(|byte| *byte == b'\n').unwrap_or(part.len());
        let content = part.get(line + 1..).unwrap_or_default();
        // A name that comes twice is not taken.
        if archive.start_file(String::from_utf8_lossy(&part[..line]).trim(), stored).is_ok() {
            archive.write_all(content).expect("written to memory");
        }
        match rest.get(end + MARK.len()..) {
            Some(more) => rest = more,
            None => return archive.finish().expect("written to memory").into_inner(),
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// A file in a folder that goes away with it. Its name is always the same: it is part of what is read.
struct TestFile {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl TestFile {
    fn new(content: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("berkas");
        std::fs::write(&path, content).expect("written");
        Self { _folder: folder, path }
    }

    fn input(&self) -> Input {
        Input::File(self.path.clone())
    }
}
