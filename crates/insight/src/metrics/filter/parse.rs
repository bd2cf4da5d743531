//! Reads a filter's text. The expressions of own KPIs are read by the same [`Parser`], with other columns.

use super::{Field, Filter, Operator};
use crate::InsightError;

/// How deep brackets and `not` may nest: far above any real filter, far below the stack.
const DEEPEST: usize = 64;

/// A piece of the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Word(String),
    Text(String),
    Number(String),
    Operator(Operator),
    Open,
    Close,
    Comma,
    /// One of `+ - * / .`
    Sign(char),
    End,
}

/// What the conditions of a text may look at, and how its errors are said.
pub(crate) trait Columns {
    /// A column.
    type Column: Clone;

    /// The column of that name.
    fn find(&self, word: &str) -> Option<Self::Column>;

    /// The names there are, for the message.
    fn known(&self) -> Vec<String>;

    /// What a value of this column has to be, in Indonesian and English, where this one is not.
    fn refuses(&self, column: &Self::Column, value: &str) -> Option<(&'static str, &'static str)>;

    /// The column can be matched against a pattern.
    fn is_text(&self, column: &Self::Column) -> bool;

    /// The error at a character, counted from 1.
    fn error(text: &str, position: usize, id: &str, en: &str) -> InsightError;
}

/// The fields of lines.
struct Fields;

impl Columns for Fields {
    type Column = Field;

    fn find(&self, word: &str) -> Option<Field> {
        Field::all().find(|field| field.id().eq_ignore_ascii_case(word))
    }

    fn known(&self) -> Vec<String> {
        Field::all().map(Field::id).collect()
    }

    fn refuses(&self, field: &Field, value: &str) -> Option<(&'static str, &'static str)> {
        let is_no_time = field.dimension().is_time() && super::mask::time_index(field.dimension(), value).is_none();
        is_no_time.then_some((
            "diharapkan bulan '2019-01', triwulan '2019-Q1' atau tahun 2019 sesuai kolomnya",
            "expected a month '2019-01', a quarter '2019-Q1' or a year 2019 to suit the column",
        ))
    }

    fn is_text(&self, _: &Field) -> bool {
        true
    }

    fn error(text: &str, position: usize, id: &str, en: &str) -> InsightError {
        InsightError::Filter { text: text.to_owned(), position, id: id.to_owned(), en: en.to_owned() }
    }
}

/// Reads conditions out of the tokens of a text.
pub(crate) struct Parser<'text, C: Columns> {
    text: &'text str,
    tokens: Vec<(Token, usize)>,
    place: usize,
    depth: usize,
    columns: C,
}

/// Reads the whole text as one filter.
pub(super) fn parse(text: &str) -> Result<Filter, InsightError> {
    let mut parser = Parser::new(text, Fields)?;
    let filter = parser.any()?;
    match parser.peek() {
        Token::End => Ok(filter),
        _ => parser.wrong("diharapkan \"and\", \"or\" atau akhir saringan", "expected \"and\", \"or\" or the end"),
    }
}

/// Cuts the text into tokens, each with the character (from 1) it starts at.
fn tokens<C: Columns>(text: &str) -> Result<Vec<(Token, usize)>, InsightError> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let start = at;
        let next = letters.get(at + 1);
        let token = match letter {
            _ if letter.is_whitespace() => {
                at += 1;
                continue;
            }
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '=' => Token::Operator(Operator::Equal),
            '!' if next == Some(&'=') => Token::Operator(Operator::NotEqual),
            '<' if next == Some(&'>') => Token::Operator(Operator::NotEqual),
            '<' if next == Some(&'=') => Token::Operator(Operator::LessOrEqual),
            '>' if next == Some(&'=') => Token::Operator(Operator::GreaterOrEqual),
            '<' => Token::Operator(Operator::Less),
            '>' => Token::Operator(Operator::Greater),
            '\'' | '"' => {
                let (value, end) = quoted::<C>(text, &letters, at)?;
                at = end;
                found.push((Token::Text(value), start + 1));
                continue;
            }
            '+' | '*' | '/' | '-' | '.' => Token::Sign(letter),
            '−' => Token::Sign('-'),
            '×' => Token::Sign('*'),
            '÷' => Token::Sign('/'),
            _ if letter.is_ascii_digit() => {
                at += 1;
                while letters.get(at).is_some_and(|next| next.is_ascii_digit() || *next == '.') {
                    at += 1;
                }
                found.push((Token::Number(letters[start..at].iter().collect()), start + 1));
                continue;
            }
            _ if letter.is_alphabetic() || letter == '_' => {
                while letters.get(at).is_some_and(|next| next.is_alphanumeric() || *next == '_') {
                    at += 1;
                }
                found.push((Token::Word(letters[start..at].iter().collect()), start + 1));
                continue;
            }
            _ => {
                return Err(C::error(
                    text,
                    start + 1,
                    "karakter ini tidak dikenal",
                    "this character means nothing here",
                ));
            }
        };
        let two =
            matches!(token, Token::Operator(Operator::NotEqual | Operator::LessOrEqual | Operator::GreaterOrEqual));
        at += if two { 2 } else { 1 };
        found.push((token, start + 1));
    }
    found.push((Token::End, letters.len() + 1));
    Ok(found)
}

/// A text in quotes from `start`; a doubled quote is one quote. Gives the text and the place after it.
fn quoted<C: Columns>(text: &str, letters: &[char], start: usize) -> Result<(String, usize), InsightError> {
    let quote = letters[start];
    let mut value = String::new();
    let mut at = start + 1;
    loop {
        match letters.get(at) {
            None => return Err(C::error(text, start + 1, "tanda kutip tidak ditutup", "the quote is never closed")),
            Some(&letter) if letter == quote => {
                if letters.get(at + 1) != Some(&quote) {
                    return Ok((value, at + 1));
                }
                value.push(quote);
                at += 2;
            }
            Some(&letter) => {
                value.push(letter);
                at += 1;
            }
        }
    }
}

impl<'text, C: Columns> Parser<'text, C> {
    /// A parser at the beginning of a text.
    pub(crate) fn new(text: &'text str, columns: C) -> Result<Self, InsightError> {
        Ok(Self { text, tokens: tokens::<C>(text)?, place: 0, depth: 0, columns })
    }

    /// From here on conditions look at other columns.
    pub(crate) fn set_columns(&mut self, columns: C) {
        self.columns = columns;
    }

    /// The character (from 1) of what comes next.
    pub(crate) fn position(&self) -> usize {
        let last = self.tokens.len().saturating_sub(1);
        self.tokens.get(self.place.min(last)).map_or(1, |&(_, position)| position)
    }

    /// Goes one level deeper; an error where that is too deep.
    pub(crate) fn deeper(&mut self) -> Result<(), InsightError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.wrong("terlalu banyak kurung bersarang", "too many nested brackets");
        }
        Ok(())
    }

    /// Comes back from one level deeper.
    pub(crate) fn higher(&mut self) {
        self.depth -= 1;
    }

    /// What comes after the next token.
    pub(crate) fn second(&self) -> &Token {
        self.tokens.get(self.place + 1).map_or(&Token::End, |(token, _)| token)
    }

    /// Passes the next token over.
    pub(crate) fn advance(&mut self) {
        self.place += 1;
    }

    /// What comes next.
    pub(crate) fn peek(&self) -> &Token {
        self.tokens.get(self.place).map_or(&Token::End, |(token, _)| token)
    }

    /// An error at what comes next.
    pub(crate) fn wrong<T>(&self, id: &str, en: &str) -> Result<T, InsightError> {
        self.wrong_at(self.position(), id, en)
    }

    /// An error at a character.
    pub(crate) fn wrong_at<T>(&self, position: usize, id: &str, en: &str) -> Result<T, InsightError> {
        Err(C::error(self.text, position, id, en))
    }

    /// Takes the word if it comes next, in whatever case.
    pub(crate) fn word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(wanted));
        self.place += usize::from(found);
        found
    }

    /// Takes a sign that has to come next.
    pub(crate) fn take(&mut self, wanted: &Token, sign: &str) -> Result<(), InsightError> {
        if self.peek() == wanted {
            self.place += 1;
            return Ok(());
        }
        self.wrong(&format!("diharapkan {sign}"), &format!("expected {sign}"))
    }

    /// Conditions, of which any holds.
    pub(crate) fn any(&mut self) -> Result<Filter<C::Column>, InsightError> {
        let mut parts = vec![self.all()?];
        while self.word("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::Or(parts) })
    }

    fn all(&mut self) -> Result<Filter<C::Column>, InsightError> {
        let mut parts = vec![self.one()?];
        while self.word("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::And(parts) })
    }

    fn one(&mut self) -> Result<Filter<C::Column>, InsightError> {
        self.deeper()?;
        let filter = if self.word("not") {
            Filter::Not(Box::new(self.one()?))
        } else if *self.peek() == Token::Open {
            self.place += 1;
            let inner = self.any()?;
            self.take(&Token::Close, "\")\"")?;
            inner
        } else {
            self.condition()?
        };
        self.higher();
        Ok(filter)
    }

    fn condition(&mut self) -> Result<Filter<C::Column>, InsightError> {
        let field = self.field()?;
        if self.word("is") {
            let negated = self.word("not");
            if !self.word("null") {
                return self.wrong("diharapkan \"null\"", "expected \"null\"");
            }
            return Ok(negate(Filter::IsNull(field), negated));
        }
        let negated = self.word("not");
        if self.word("in") {
            self.take(&Token::Open, "\"(\"")?;
            let mut values = vec![self.value(&field)?];
            while *self.peek() == Token::Comma {
                self.place += 1;
                values.push(self.value(&field)?);
            }
            self.take(&Token::Close, "\",\" / \")\"")?;
            return Ok(negate(Filter::In(field, values), negated));
        }
        if self.word("like") {
            if !self.columns.is_text(&field) {
                return self.wrong("\"like\" hanya untuk kolom teks", "\"like\" is for columns of text only");
            }
            let Token::Text(pattern) = self.peek().clone() else {
                return self.wrong("diharapkan teks dalam tanda kutip", "expected a text in quotes");
            };
            self.place += 1;
            return Ok(negate(Filter::Like(field, pattern), negated));
        }
        if self.word("between") {
            let low = self.value(&field)?;
            if !self.word("and") {
                return self.wrong("diharapkan \"and\"", "expected \"and\"");
            }
            let high = self.value(&field)?;
            let from = Filter::Compare { field: field.clone(), operator: Operator::GreaterOrEqual, value: low };
            let to = Filter::Compare { field, operator: Operator::LessOrEqual, value: high };
            return Ok(negate(Filter::And(vec![from, to]), negated));
        }
        if let (false, Token::Operator(operator)) = (negated, self.peek().clone()) {
            self.place += 1;
            let value = self.value(&field)?;
            return Ok(Filter::Compare { field, operator, value });
        }
        self.wrong(
            "diharapkan =, !=, <, <=, >, >=, in, like, between atau is null",
            "expected =, !=, <, <=, >, >=, in, like, between or is null",
        )
    }

    fn field(&mut self) -> Result<C::Column, InsightError> {
        let Token::Word(word) = self.peek().clone() else {
            let known = self.columns.known().join(", ");
            return self.wrong(&format!("diharapkan nama kolom: {known}"), &format!("expected a column: {known}"));
        };
        let Some(field) = self.columns.find(&word) else {
            let known = self.columns.known();
            let (id, en) = super::meant(&word, &known);
            let known = known.join(", ");
            return self.wrong(
                &format!("kolom \"{word}\" tidak dikenal{id}; yang ada: {known}"),
                &format!("there is no column \"{word}\"{en}; there are: {known}"),
            );
        };
        self.place += 1;
        Ok(field)
    }

    /// A text or number that suits the column.
    fn value(&mut self, field: &C::Column) -> Result<String, InsightError> {
        let position = self.position();
        let is_negative = *self.peek() == Token::Sign('-') && matches!(self.second(), Token::Number(_));
        self.place += usize::from(is_negative);
        let value = match self.peek().clone() {
            Token::Text(value) => value,
            Token::Number(value) if is_negative => format!("-{value}"),
            Token::Number(value) => value,
            _ => {
                return self
                    .wrong("diharapkan angka atau teks dalam tanda kutip", "expected a number or a text in quotes");
            }
        };
        if let Some((id, en)) = self.columns.refuses(field, &value) {
            return self.wrong_at(position, id, en);
        }
        self.place += 1;
        Ok(value)
    }
}

fn negate<F>(filter: Filter<F>, negated: bool) -> Filter<F> {
    if negated { Filter::Not(Box::new(filter)) } else { filter }
}
