//! Reads an expression's text.

use takar_model::{Day, Period};

use super::{Aggregate, ColumnName, Exact, Expression, Function, LONGEST, Node, What};
use crate::{
    InsightError,
    kpis::{FACT_TABLES, FactColumn, FactTable, Holds},
    metrics::{Columns, Filter, KPIS, Parser, Token, meant},
};

/// The columns of the table that a condition is about; before any is known there is none.
pub(super) struct Of(Option<&'static FactTable>);

impl Columns for Of {
    type Column = ColumnName;

    fn find(&self, word: &str) -> Option<ColumnName> {
        self.0.and_then(|table| table.column(word)).map(ColumnName)
    }

    fn known(&self) -> Vec<String> {
        self.0.map(|table| names(table, |_| true)).unwrap_or_default()
    }

    fn refuses(&self, column: &ColumnName, value: &str) -> Option<(&'static str, &'static str)> {
        match column.0.holds {
            Holds::Text => None,
            Holds::Day => day_of(value)
                .is_none()
                .then_some(("diharapkan hari seperti '2025-10-31'", "expected a day such as '2025-10-31'")),
            Holds::Number(_) => Exact::parse(value).is_none().then_some(("diharapkan angka", "expected a number")),
        }
    }

    fn is_text(&self, column: &ColumnName) -> bool {
        column.0.holds == Holds::Text
    }

    fn error(text: &str, position: usize, id: &str, en: &str) -> InsightError {
        InsightError::Expression { text: text.to_owned(), position, id: id.to_owned(), en: en.to_owned() }
    }
}

/// A day as it is written in a condition.
pub fn day_of(text: &str) -> Option<Day> {
    let period: Period = text.parse().ok().filter(|_| text.len() == 10)?;
    (period.from() == period.to()).then(|| period.from())
}

type Reader<'text> = Parser<'text, Of>;

impl Expression {
    /// Reads and checks a text.
    ///
    /// # Errors
    /// [`InsightError::Expression`] with the character at which it went wrong and what is possible there.
    pub fn parse(text: &str) -> Result<Self, InsightError> {
        let text = text.trim();
        let length = text.chars().count();
        if length > LONGEST {
            return Err(Of::error(
                &text.chars().take(40).collect::<String>(),
                LONGEST + 1,
                &format!("rumus terlalu panjang: {length} huruf, paling banyak {LONGEST}"),
                &format!("the expression is too long: {length} characters, at most {LONGEST}"),
            ));
        }
        let mut reader = Reader::new(text, Of(None))?;
        let root = sum(&mut reader)?;
        if *reader.peek() != Token::End {
            return reader.wrong("diharapkan + - * / atau akhir rumus", "expected + - * / or the end");
        }
        let kind = super::check::kind_of(text, &root)?;
        Ok(Self { text: text.to_owned(), root, kind })
    }
}

fn sum(reader: &mut Reader<'_>) -> Result<Node, InsightError> {
    let at = reader.position();
    let mut parts = vec![(true, product(reader)?)];
    while let Token::Sign(sign @ ('+' | '-')) = *reader.peek() {
        reader.advance();
        parts.push((sign == '+', product(reader)?));
    }
    Ok(joined(at, parts, What::Sum))
}

fn product(reader: &mut Reader<'_>) -> Result<Node, InsightError> {
    let at = reader.position();
    let mut parts = vec![(true, one(reader)?)];
    while let Token::Sign(sign @ ('*' | '/')) = *reader.peek() {
        reader.advance();
        parts.push((sign == '*', one(reader)?));
    }
    Ok(joined(at, parts, What::Product))
}

/// One part stands for itself.
fn joined(at: usize, mut parts: Vec<(bool, Node)>, many: fn(Vec<(bool, Node)>) -> What) -> Node {
    if parts.len() == 1 { parts.swap_remove(0).1 } else { Node { at, what: many(parts) } }
}

fn one(reader: &mut Reader<'_>) -> Result<Node, InsightError> {
    reader.deeper()?;
    let at = reader.position();
    let node = match reader.peek().clone() {
        Token::Sign('-') => {
            reader.advance();
            Node { at, what: What::Minus(Box::new(one(reader)?)) }
        }
        Token::Open => {
            reader.advance();
            let inner = sum(reader)?;
            reader.take(&Token::Close, "\")\"")?;
            inner
        }
        Token::Number(written) => match Exact::parse(&written) {
            Some(number) => {
                reader.advance();
                Node { at, what: What::Number(number) }
            }
            None => {
                return reader.wrong(
                    "angka ini tidak terbaca; tulis seperti 1200 atau 0.5, paling banyak 12 angka di depan titik dan 6 di belakangnya",
                    "this number cannot be read; write it as 1200 or 0.5, at most 12 digits before the point and 6 after",
                );
            }
        },
        Token::Word(word) if *reader.second() == Token::Open => call(reader, &word)?,
        Token::Word(word) => built_in(reader, &word)?,
        _ => return reader.wrong(EXPECTED.0, EXPECTED.1),
    };
    reader.higher();
    Ok(node)
}

const EXPECTED: (&str, &str) = (
    "diharapkan sum(…), count(…), avg(…), min(…), max(…), angka, KPI bawaan, atau \"(\"",
    "expected sum(…), count(…), avg(…), min(…), max(…), a number, a built-in KPI, or \"(\"",
);

fn built_in(reader: &mut Reader<'_>, word: &str) -> Result<Node, InsightError> {
    let at = reader.position();
    let Some(kpi) = KPIS.iter().find(|kpi| kpi.id.eq_ignore_ascii_case(word)) else {
        let known: Vec<String> = KPIS.iter().map(|kpi| kpi.id.to_owned()).collect();
        let (id, en) = meant(word, &known);
        let known = known.join(", ");
        return reader.wrong(
            &format!("tidak ada KPI bawaan \"{word}\"{id}; yang ada: {known}. Fakta ditulis seperti sum(sales.net_amount)"),
            &format!("there is no built-in KPI \"{word}\"{en}; there are: {known}. Facts are written as sum(sales.net_amount)"),
        );
    };
    reader.advance();
    if *reader.peek() == Token::Sign('.') {
        return reader.wrong_at(
            at,
            &format!("tulis apa yang dihitung dari {word}: sum({word}.…), avg({word}.…), count({word})"),
            &format!("say what is made of {word}: sum({word}.…), avg({word}.…), count({word})"),
        );
    }
    Ok(Node { at, what: What::BuiltIn(kpi) })
}

fn call(reader: &mut Reader<'_>, word: &str) -> Result<Node, InsightError> {
    let at = reader.position();
    let function = match word.to_ascii_lowercase().as_str() {
        "sum" => Function::Sum,
        "count" => Function::Count,
        "avg" => Function::Average,
        "min" => Function::Least,
        "max" => Function::Greatest,
        _ => {
            let known = ["sum", "count", "avg", "min", "max"].map(str::to_owned);
            let (id, en) = meant(word, &known);
            return reader.wrong(
                &format!("fungsi \"{word}\" tidak dikenal{id}; yang ada: sum, count, count(distinct …), avg, min, max"),
                &format!(
                    "there is no function \"{word}\"{en}; there are: sum, count, count(distinct …), avg, min, max"
                ),
            );
        }
    };
    reader.advance();
    reader.take(&Token::Open, "\"(\"")?;
    let aggregate = match function {
        Function::Count if reader.word("distinct") => {
            let (table, column) = column(reader, |_| true)?;
            Aggregate { table, function: Function::CountDistinct, column: Some(column), condition: None, day: None }
        }
        Function::Count => {
            let table = table(reader)?;
            if *reader.peek() == Token::Sign('.') {
                let name = table.name;
                return reader.wrong(
                    &format!("count menghitung baris: count({name}), atau yang berbeda: count(distinct {name}.…)"),
                    &format!("count counts rows: count({name}), or different ones: count(distinct {name}.…)"),
                );
            }
            Aggregate { table, function, column: None, condition: None, day: None }
        }
        _ => {
            let (table, column) = column(reader, |holds| matches!(holds, Holds::Number(_)))?;
            Aggregate { table, function, column: Some(column), condition: None, day: None }
        }
    };
    reader.set_columns(Of(Some(aggregate.table)));
    let condition: Option<Filter<ColumnName>> = if reader.word("where") { Some(reader.any()?) } else { None };
    let day = if reader.word("on") { Some(day(reader, aggregate.table)?) } else { None };
    if *reader.peek() != Token::Close {
        return match condition.is_some() {
            true => reader
                .wrong("diharapkan \"and\", \"or\", \"on\" atau \")\"", "expected \"and\", \"or\", \"on\" or \")\""),
            false => reader.wrong("diharapkan \"where\", \"on\" atau \")\"", "expected \"where\", \"on\" or \")\""),
        };
    }
    reader.advance();
    Ok(Node { at, what: What::Aggregate(Aggregate { condition, day, ..aggregate }) })
}

fn table(reader: &mut Reader<'_>) -> Result<&'static FactTable, InsightError> {
    let known: Vec<String> = FACT_TABLES.iter().map(|table| table.name.to_owned()).collect();
    let listed = known.join(", ");
    let Token::Word(word) = reader.peek().clone() else {
        return reader
            .wrong(&format!("diharapkan jenis fakta: {listed}"), &format!("expected a kind of fact: {listed}"));
    };
    let Some(table) = FactTable::find(&word) else {
        let (id, en) = meant(&word, &known);
        return reader.wrong(
            &format!("tidak ada jenis fakta \"{word}\"{id}; yang ada: {listed}"),
            &format!("there is no kind of fact \"{word}\"{en}; there are: {listed}"),
        );
    };
    reader.advance();
    Ok(table)
}

fn column(
    reader: &mut Reader<'_>,
    suits: fn(Holds) -> bool,
) -> Result<(&'static FactTable, &'static FactColumn), InsightError> {
    let table = table(reader)?;
    let known = names(table, suits);
    let (name, listed) = (table.name, known.join(", "));
    if *reader.peek() != Token::Sign('.') {
        return reader.wrong(
            &format!("diharapkan titik dan kolom {name}: {listed}"),
            &format!("expected a point and a column of {name}: {listed}"),
        );
    }
    reader.advance();
    let Token::Word(word) = reader.peek().clone() else {
        return reader
            .wrong(&format!("diharapkan kolom {name}: {listed}"), &format!("expected a column of {name}: {listed}"));
    };
    match table.column(&word) {
        Some(column) if suits(column.holds) => {
            reader.advance();
            Ok((table, column))
        }
        Some(_) => reader.wrong(
            &format!("kolom \"{word}\" tidak berisi angka; kolom angka {name}: {listed}"),
            &format!("the column \"{word}\" holds no numbers; those of {name} that do: {listed}"),
        ),
        None => {
            let (id, en) = meant(&word, &known);
            reader.wrong(
                &format!("{name} tidak punya kolom \"{word}\"{id}; yang ada: {listed}"),
                &format!("{name} has no column \"{word}\"{en}; there are: {listed}"),
            )
        }
    }
}

/// A column of days, after `on`.
fn day(reader: &mut Reader<'_>, table: &'static FactTable) -> Result<&'static FactColumn, InsightError> {
    let listed = names(table, |holds| holds == Holds::Day).join(", ");
    let found = match reader.peek() {
        Token::Word(word) => table.column(word).filter(|column| column.holds == Holds::Day),
        _ => None,
    };
    let Some(column) = found else {
        return reader
            .wrong(&format!("diharapkan kolom hari: {listed}"), &format!("expected a column of days: {listed}"));
    };
    reader.advance();
    Ok(column)
}

fn names(table: &'static FactTable, suits: impl Fn(Holds) -> bool) -> Vec<String> {
    table.columns.iter().filter(|column| suits(column.holds)).map(|column| column.name.to_owned()).collect()
}
