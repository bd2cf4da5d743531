//! Why did sales (or a contribution) move from the base to the current window? Price, quantity, mix, new, lost, returns …
//! from a table of cells, exact to the last digit.
//!
//! ```text
//! cargo run --release -p takar-stats --example bridge -- cells.csv
//!     [--market-base M --market-current M]   the whole market, in the unit of the quantities: splits quantity
//!     [--top N]                              so many items per bar in the text, 5 unless told
//!     [--format json]                        all bars and the parts of all items, as numbers without rounding
//! ```
//!
//! One row is one cell at the level at which price and mix are judged; rows of the same item (and account) are added up.
//! Columns are found by name, in any order, upper or lower case; others are ignored. 0 is the base (or budget), 1 the
//! current window; `_base`/`_budget` and `_current`/`_actual` may stand for 0 and 1, and may stand in front.
//!
//! | column | also | |
//! |---|---|---|
//! | `item` | `product`, `sku`, `product_id` | needed |
//! | `account` | `customer`, `customer_id` | the cell is then account × item |
//! | `q0`, `q1` | `quantity`, `qty` with 0, 1, … | needed; all in one unit of measure |
//! | `amount0`, `amount1` | `sales`, `net`, `revenue`, `r` | net sales without returns |
//! | `p0`, `p1` | `price` | per unit, where there are no amounts: amount = price × quantity |
//! | `returns0`, `returns1` | | amounts of returns, usually negative |
//! | `budget_margin` | `margin` | per unit: adds the bridge of the contribution at that margin |
//! | `status` | `account_status` | empty, `kept`, `new`, `lost` or `reactivated` account |
//! | `currency`, `moved_in`, `moved_out` | | as documented at `takar_stats::bridge::Item` |
//!
//! Numbers are plain decimals with a point (`1250.5`, `-3`, `1e6`), read exactly; empty is 0. Amounts are kept to 4 to 8
//! decimals, as many as the file has, quantities to 6 to 8. Fields are parted by comma, semicolon or tab.

use std::{collections::HashMap, fmt::Write as _, process::ExitCode};

use serde::Serialize;
use serde_json::value::RawValue;
use takar_stats::{
    Amount, LIMIT, Units,
    bridge::{AccountStatus, Bar, Bridge, Coverage, Item, Market, Side, bridge},
};

fn main() -> ExitCode {
    let answer = Arguments::parse(std::env::args().skip(1)).and_then(|arguments| {
        let cells = Cells::read(&arguments.file)?;
        report(&cells, &arguments)
    });
    match answer {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

type Result<T> = std::result::Result<T, String>;

struct Arguments {
    file: String,
    json: bool,
    top: usize,
    market: Option<(Decimal, Decimal)>,
}

impl Arguments {
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let (mut file, mut json, mut top, mut market_base, mut market_current) = (None, false, 5, None, None);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--format" => match value()?.as_str() {
                    "json" => json = true,
                    "text" => json = false,
                    other => return Err(format!("--format {other}: text or json")),
                },
                "--top" => {
                    let text = value()?;
                    top = text.parse().map_err(|_| format!("--top {text}: not a count"))?;
                }
                "--market-base" => market_base = Some(market_size(&word, &value()?)?),
                "--market-current" => market_current = Some(market_size(&word, &value()?)?),
                _ if word.starts_with("--") => return Err(format!("{word}: no such option")),
                _ if file.is_none() => file = Some(word),
                _ => return Err(format!("{word}: one file at a time")),
            }
        }
        let file =
            file.ok_or("usage: bridge cells.csv [--market-base M --market-current M] [--top N] [--format json]")?;
        let market = match (market_base, market_current) {
            (None, None) => None,
            (Some(base), Some(current)) => Some((base, current)),
            _ => return Err("--market-base and --market-current belong together".to_owned()),
        };
        Ok(Self { file, json, top, market })
    }
}

fn market_size(option: &str, text: &str) -> Result<Decimal> {
    Decimal::parse(text).ok_or_else(|| format!("{option} {text}: not a plain decimal number"))
}

/// A decimal number as it is written: digits / 10^places.
#[derive(Clone, Copy, Default)]
struct Decimal {
    digits: i128,
    places: u32,
}

impl Decimal {
    /// Plain decimals, also `1e6`; at most 30 digits.
    fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.find(['e', 'E']) {
            Some(place) => (&text[..place], text[place + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let unsigned = number.strip_prefix(['-', '+']).unwrap_or(number);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = format!("{whole}{}", fraction.trim_end_matches('0'));
        let is_number = !(whole.is_empty() && fraction.is_empty())
            && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
        if !is_number || digits.len() > 30 {
            return None;
        }
        let magnitude: i128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
        let digits = if number.starts_with('-') { -magnitude } else { magnitude };
        let places = fraction.trim_end_matches('0').len() as i32 - exponent;
        if places >= 0 {
            return Some(Self { digits, places: places.try_into().ok().filter(|places| *places <= 60)? });
        }
        let factor = 10_i128.checked_pow(places.unsigned_abs())?;
        Some(Self { digits: digits.checked_mul(factor)?, places: 0 })
    }

    /// As a whole number of 1 / 10^places, rounded half away from zero; none beyond what a bridge takes.
    fn scaled(self, places: u32) -> Option<i128> {
        let scaled = if places >= self.places {
            self.digits.checked_mul(10_i128.checked_pow(places - self.places)?)?
        } else {
            let Some(step) = 10_i128.checked_pow(self.places - places) else { return Some(0) };
            let away_from_zero = step / 2 * self.digits.signum();
            (self.digits + away_from_zero) / step
        };
        (scaled.abs() <= LIMIT).then_some(scaled)
    }
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Field {
    Item,
    Account,
    Status,
    Quantity(usize),
    Amount(usize),
    Price(usize),
    Returns(usize),
    Margin,
    Currency,
    MovedIn,
    MovedOut,
}

impl Field {
    fn of_header(header: &str) -> Option<Self> {
        let name = header.trim().to_lowercase().replace([' ', '-', '.'], "_");
        let plain = match name.as_str() {
            "item" | "product" | "sku" | "product_id" | "product_name" | "item_id" => Some(Self::Item),
            "account" | "customer" | "account_id" | "customer_id" => Some(Self::Account),
            "status" | "account_status" => Some(Self::Status),
            "budget_margin" | "margin" | "margin_per_unit" => Some(Self::Margin),
            "currency" => Some(Self::Currency),
            "moved_in" => Some(Self::MovedIn),
            "moved_out" => Some(Self::MovedOut),
            _ => None,
        };
        plain.or_else(|| {
            let (what, window) = Self::split_window(&name)?;
            match what {
                "q" | "qty" | "quantity" | "units" | "volume" => Some(Self::Quantity(window)),
                "amount" | "r" | "sales" | "net" | "net_sales" | "revenue" => Some(Self::Amount(window)),
                "p" | "price" | "unit_price" => Some(Self::Price(window)),
                "returns" | "return" => Some(Self::Returns(window)),
                _ => None,
            }
        })
    }

    /// `q0`, `quantity_base`, `base_quantity`, `quantity_actual` … : what it is, and in which window.
    fn split_window(name: &str) -> Option<(&str, usize)> {
        let windows = [("0", 0), ("base", 0), ("budget", 0), ("1", 1), ("current", 1), ("actual", 1)];
        windows.iter().find_map(|(word, window)| {
            let what = name.strip_suffix(word).or_else(|| name.strip_prefix(word))?;
            Some((what.trim_matches('_'), *window))
        })
    }
}

/// A row of the file: what it names and its numbers as written.
struct Row {
    item: String,
    account: Option<String>,
    status: AccountStatus,
    line: u64,
    numbers: HashMap<Field, Decimal>,
}

impl Row {
    fn number(&self, field: Field) -> Decimal {
        self.numbers.get(&field).copied().unwrap_or_default()
    }
}

struct Cells {
    file: String,
    rows: Vec<Row>,
    fields: Vec<Option<Field>>,
    headers: Vec<String>,
}

impl Cells {
    fn read(file: &str) -> Result<Self> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        let text = text.trim_start_matches('\u{feff}');
        let first_line = text.lines().next().unwrap_or_default();
        let count = |mark: &u8| first_line.bytes().filter(|byte| byte == mark).count();
        let delimiter = [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let headers: Vec<String> =
            reader.headers().map_err(|error| format!("{file}: {error}"))?.iter().map(str::to_owned).collect();
        let fields: Vec<Option<Field>> = headers.iter().map(|header| Field::of_header(header)).collect();
        let mut cells = Self { file: file.to_owned(), rows: Vec::new(), fields, headers };
        cells.check_columns()?;
        for record in reader.records() {
            let record = record.map_err(|error| format!("{file}: {error}"))?;
            let row = cells.row(&record)?;
            cells.rows.push(row);
        }
        Ok(cells)
    }

    fn has(&self, field: Field) -> bool {
        self.fields.contains(&Some(field))
    }

    fn check_columns(&self) -> Result<()> {
        let both = |field: fn(usize) -> Field| self.has(field(0)) && self.has(field(1));
        let missing = if !self.has(Field::Item) {
            "item (or product)"
        } else if !both(Field::Quantity) {
            "q0 and q1"
        } else if !both(Field::Amount) && !both(Field::Price) && !self.has(Field::Margin) {
            "amount0 and amount1 (or p0 and p1, or budget_margin)"
        } else {
            return self.check_twice();
        };
        Err(format!("{}: no column {missing} among: {}", self.file, self.headers.join(", ")))
    }

    fn check_twice(&self) -> Result<()> {
        for (place, field) in self.fields.iter().enumerate() {
            if let Some(first) = self.fields[..place].iter().position(|other| field.is_some() && other == field) {
                let (first, second) = (&self.headers[first], &self.headers[place]);
                return Err(format!("{}: columns {first} and {second} mean the same", self.file));
            }
        }
        Ok(())
    }

    fn row(&self, record: &csv::StringRecord) -> Result<Row> {
        let line = record.position().map_or(0, csv::Position::line);
        let mut row =
            Row { item: String::new(), account: None, status: AccountStatus::Kept, line, numbers: HashMap::new() };
        for ((field, header), text) in self.fields.iter().zip(&self.headers).zip(record) {
            let (Some(field), text) = (field, text.trim()) else { continue };
            let wrong = |what: &str| format!("{}: row {line}, column {header}: \"{text}\" is {what}", self.file);
            match field {
                Field::Item => row.item = text.to_owned(),
                Field::Account => row.account = Some(text.to_owned()),
                Field::Status => {
                    row.status = match text.to_lowercase().as_str() {
                        "" | "kept" | "retained" | "active" => AccountStatus::Kept,
                        "new" => AccountStatus::New,
                        "lost" => AccountStatus::Lost,
                        "reactivated" => AccountStatus::Reactivated,
                        _ => return Err(wrong("none of kept, new, lost, reactivated")),
                    }
                }
                number => {
                    let read = if text.is_empty() { Some(Decimal::default()) } else { Decimal::parse(text) };
                    row.numbers.insert(*number, read.ok_or_else(|| wrong("not a plain decimal number"))?);
                }
            }
        }
        Ok(row)
    }

    /// As many decimals as the columns have, within bounds.
    fn places(&self, wanted: fn(&Field) -> bool, least: u32) -> u32 {
        let numbers = self.rows.iter().flat_map(|row| &row.numbers).filter(|(field, _)| wanted(field));
        numbers.map(|(_, number)| number.places).max().unwrap_or(0).clamp(least, 8)
    }
}

/// How many decimals the whole numbers of a bridge stand for.
#[derive(Clone, Copy)]
struct Places {
    money: u32,
    quantity: u32,
}

/// The cells of a bridge by name, rows of the same cell added up.
struct Named {
    names: Vec<(Option<String>, String)>,
    items: Vec<Item>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Sales,
    Contribution,
}

fn named_items(cells: &Cells, measure: Measure, places: Places) -> Result<Named> {
    let by_amount = cells.has(Field::Amount(0)) && cells.has(Field::Amount(1));
    let mut named = Named { names: Vec::new(), items: Vec::new() };
    let mut known: HashMap<(Option<String>, String), usize> = HashMap::new();
    for row in &cells.rows {
        let wrong = |what: String| format!("{}: row {}: {what}", cells.file, row.line);
        let money = |field| {
            let scaled = row.number(field).scaled(places.money);
            scaled.map(Amount).ok_or_else(|| wrong("an amount is too large".to_owned()))
        };
        let side = |window: usize| -> Result<Side> {
            let quantity = row.number(Field::Quantity(window)).scaled(places.quantity);
            let quantity = Units(quantity.ok_or_else(|| wrong("a quantity is too large".to_owned()))?);
            let per_unit = if measure == Measure::Contribution { Field::Margin } else { Field::Price(window) };
            if measure == Measure::Sales && by_amount {
                let returns = money(Field::Returns(window))?;
                return Ok(Side { quantity, amount: money(Field::Amount(window))?, returns });
            }
            // A price may have more decimals than the amounts: 1 of its own smallest units, so that it is not rounded.
            let price = row.number(per_unit);
            let too_large = || wrong("an amount is too large".to_owned());
            let (finer, one) = (price.places.saturating_sub(places.money), 10_i128.pow(places.quantity));
            let one = 10_i128.checked_pow(finer).and_then(|finer| one.checked_mul(finer)).ok_or_else(too_large)?;
            let price = Amount(price.scaled(places.money + finer).ok_or_else(too_large)?);
            let side = Side::priced(quantity, price, Units(one)).map_err(|error| wrong(error.to_string()))?;
            let returns = if measure == Measure::Sales { money(Field::Returns(window))? } else { Amount(0) };
            Ok(Side { returns, ..side })
        };
        let mut item = Item { account: row.status, ..Item::new(side(0)?, side(1)?) };
        if measure == Measure::Sales {
            item.currency = money(Field::Currency)?;
            item.moved_in = money(Field::MovedIn)?;
            item.moved_out = money(Field::MovedOut)?;
        }
        let name = (row.account.clone(), row.item.clone());
        match known.get(&name) {
            Some(place) if named.items[*place].account != item.account => {
                return Err(wrong(format!("{} has two statuses", row.item)));
            }
            Some(place) => add(&mut named.items[*place], &item),
            None => {
                known.insert(name.clone(), named.items.len());
                named.names.push(name);
                named.items.push(item);
            }
        }
    }
    Ok(named)
}

fn add(total: &mut Item, item: &Item) {
    for (total, side) in [(&mut total.base, &item.base), (&mut total.current, &item.current)] {
        total.quantity.0 += side.quantity.0;
        total.amount.0 += side.amount.0;
        total.returns.0 += side.returns.0;
    }
    total.currency.0 += item.currency.0;
    total.moved_in.0 += item.moved_in.0;
    total.moved_out.0 += item.moved_out.0;
}

fn report(cells: &Cells, arguments: &Arguments) -> Result<String> {
    let is_money = |field: &Field| matches!(field, Field::Amount(_) | Field::Returns(_) | Field::Currency);
    let places = Places {
        money: cells.places(is_money, 4),
        quantity: cells.places(|field| matches!(field, Field::Quantity(_)), 6),
    };
    let market = match arguments.market {
        None => None,
        Some((base, current)) => {
            let scaled = |size: Decimal| size.scaled(places.quantity).ok_or("the market is too large");
            Some(Market { base: Units(scaled(base)?), current: Units(scaled(current)?) })
        }
    };
    let has_sales = [Field::Amount, Field::Price].iter().any(|field| cells.has(field(0)) && cells.has(field(1)));
    let wanted = [(Measure::Sales, has_sales), (Measure::Contribution, cells.has(Field::Margin))];
    let mut reports = Vec::new();
    for (measure, _) in wanted.into_iter().filter(|(_, wanted)| *wanted) {
        let named = named_items(cells, measure, places)?;
        let why = bridge(named.items.iter().copied(), market).map_err(|error| format!("{}: {error}", cells.file))?;
        reports.push(Report { measure, level: cells.has(Field::Account), places, named, why });
    }
    if arguments.json {
        let written: Vec<Written> = reports.iter().map(Report::written).collect();
        return serde_json::to_string_pretty(&Answer { bridges: written }).map_err(|error| error.to_string());
    }
    Ok(reports.iter().map(|report| report.text(arguments.top)).collect::<Vec<_>>().join("\n"))
}

struct Report {
    measure: Measure,
    level: bool,
    places: Places,
    named: Named,
    why: Bridge,
}

impl Report {
    fn measure(&self) -> &'static str {
        match self.measure {
            Measure::Sales => "sales",
            Measure::Contribution => "contribution at the budgeted margin",
        }
    }

    fn level(&self) -> &'static str {
        if self.level { "account × item" } else { "item" }
    }

    fn name(&self, item: usize) -> String {
        match &self.named.names[item] {
            (Some(account), item) => format!("{account} · {item}"),
            (None, item) => item.clone(),
        }
    }

    fn text(&self, top: usize) -> String {
        let money = |amount: Amount| grouped(&plain(amount.0, self.places.money));
        let why = &self.why;
        let mut out = format!("Bridge of {} (price and mix judged by {})\n\n", self.measure(), self.level());
        let mut line = |name: &str, amount: Amount, note: String| {
            let _ = writeln!(out, "{name:<22}{:>24}  {note}", money(amount));
        };
        line("base", why.base, String::new());
        for total in &why.bars {
            let items = if total.items == 1 { "item" } else { "items" };
            line(&words(total.bar), total.amount, format!("{} {items}", total.items));
        }
        line("current", why.current, String::new());
        line("difference", why.difference(), "= the sum of the bars".to_owned());
        line("quantity", why.amount(Bar::Quantity), String::new());
        line("volume", why.volume(), "= quantity + mix".to_owned());
        let coverage = &why.coverage;
        let share = |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{:.1} %", 100.0 * share));
        let _ = writeln!(
            out,
            "\n{} of {} items compared like for like: {} of the base, {} of the current sales.",
            coverage.compared,
            coverage.items,
            share(coverage.base_share()),
            share(coverage.current_share())
        );
        for total in why.bars.iter().filter(|total| total.items > 0 && top > 0) {
            let _ = writeln!(out, "\n{}", words(total.bar));
            for part in why.leading(total.bar, top) {
                let _ = writeln!(out, "  {:<40}{:>24}", self.name(part.item), money(part.amount));
            }
        }
        out
    }

    fn written(&self) -> Written<'_> {
        let why = &self.why;
        let money = |amount: Amount| number(amount.0, self.places.money);
        let bars = why
            .bars
            .iter()
            .map(|total| WrittenBar { bar: total.bar, amount: money(total.amount), items: total.items })
            .collect();
        let parts = |item: usize| {
            let of_item = why.bars.iter().map(|total| (total.bar, why.part(total.bar, item)));
            Parts(of_item.filter(|(_, part)| part.0 != 0).map(|(bar, part)| (bar, money(part))).collect())
        };
        let items = self
            .named
            .names
            .iter()
            .enumerate()
            .map(|(place, (account, item))| WrittenItem { item, account: account.as_deref(), parts: parts(place) })
            .collect();
        Written {
            model: why.model,
            measure: self.measure(),
            level: self.level(),
            n: why.coverage.items,
            base: money(why.base),
            current: money(why.current),
            difference: money(why.difference()),
            quantity: money(why.amount(Bar::Quantity)),
            volume: money(why.volume()),
            bars,
            coverage: WrittenCoverage::of(&why.coverage, self.places),
            items,
        }
    }
}

/// The name of a bar in words.
fn words(bar: Bar) -> String {
    serde_json::to_value(bar).ok().and_then(|name| Some(name.as_str()?.replace('_', " "))).unwrap_or_default()
}

/// A whole number of 1 / 10^places, written exactly.
fn plain(value: i128, places: u32) -> String {
    let one = 10_u128.pow(places);
    let magnitude = value.unsigned_abs();
    let fraction = format!("{:0width$}", magnitude % one, width = places as usize);
    let sign = if value < 0 { "-" } else { "" };
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{}", magnitude / one),
        fraction => format!("{sign}{}.{fraction}", magnitude / one),
    }
}

/// With a comma between thousands.
fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let groups: Vec<&str> =
        whole.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    format!("{sign}{}{fraction}", groups.join(","))
}

/// A JSON number of any length.
fn number(value: i128, places: u32) -> Option<Box<RawValue>> {
    RawValue::from_string(plain(value, places)).ok()
}

#[derive(Serialize)]
struct Answer<'a> {
    bridges: Vec<Written<'a>>,
}

#[derive(Serialize)]
struct Written<'a> {
    model: &'static str,
    measure: &'static str,
    level: &'static str,
    n: usize,
    base: Option<Box<RawValue>>,
    current: Option<Box<RawValue>>,
    difference: Option<Box<RawValue>>,
    quantity: Option<Box<RawValue>>,
    volume: Option<Box<RawValue>>,
    bars: Vec<WrittenBar>,
    coverage: WrittenCoverage,
    items: Vec<WrittenItem<'a>>,
}

#[derive(Serialize)]
struct WrittenBar {
    bar: Bar,
    amount: Option<Box<RawValue>>,
    items: usize,
}

#[derive(Serialize)]
struct WrittenItem<'a> {
    item: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    parts: Parts,
}

struct Parts(Vec<(Bar, Option<Box<RawValue>>)>);

impl Serialize for Parts {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(bar, amount)| (bar, amount)))
    }
}

#[derive(Serialize)]
struct WrittenCoverage {
    items: usize,
    compared: usize,
    base_share: Option<f64>,
    current_share: Option<f64>,
    base_quantity: Option<Box<RawValue>>,
    current_quantity: Option<Box<RawValue>>,
}

impl WrittenCoverage {
    fn of(coverage: &Coverage, places: Places) -> Self {
        Self {
            items: coverage.items,
            compared: coverage.compared,
            base_share: coverage.base_share(),
            current_share: coverage.current_share(),
            base_quantity: number(coverage.base_quantity.0, places.quantity),
            current_quantity: number(coverage.current_quantity.0, places.quantity),
        }
    }
}
