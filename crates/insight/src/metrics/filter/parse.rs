//! Reads a filter's text.

use super::{Field, Filter, Operator};
use crate::InsightError;

/// How deep brackets and `not` may nest: far above any real filter, far below the stack.
const DEEPEST: usize = 64;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Number(String),
    Operator(Operator),
    Open,
    Close,
    Comma,
    End,
}

struct Parser<'text> {
    text: &'text str,
    tokens: Vec<(Token, usize)>,
    place: usize,
    depth: usize,
}

/// Reads the whole text as one filter.
pub(super) fn parse(text: &str) -> Result<Filter, InsightError> {
    let mut parser = Parser { text, tokens: tokens(text)?, place: 0, depth: 0 };
    let filter = parser.any()?;
    match parser.peek() {
        Token::End => Ok(filter),
        _ => parser.wrong("diharapkan \"and\", \"or\" atau akhir saringan", "expected \"and\", \"or\" or the end"),
    }
}

fn problem<T>(text: &str, position: usize, id: &str, en: &str) -> Result<T, InsightError> {
    Err(InsightError::Filter { text: text.to_owned(), position, id: id.to_owned(), en: en.to_owned() })
}

/// Cuts the text into tokens, each with the character (from 1) it starts at.
fn tokens(text: &str) -> Result<Vec<(Token, usize)>, InsightError> {
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
                let (value, end) = quoted(text, &letters, at)?;
                at = end;
                found.push((Token::Text(value), start + 1));
                continue;
            }
            _ if letter.is_ascii_digit() || (letter == '-' && next.is_some_and(char::is_ascii_digit)) => {
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
            _ => return problem(text, start + 1, "karakter ini tidak dikenal", "this character means nothing here"),
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
fn quoted(text: &str, letters: &[char], start: usize) -> Result<(String, usize), InsightError> {
    let quote = letters[start];
    let mut value = String::new();
    let mut at = start + 1;
    loop {
        match letters.get(at) {
            None => return problem(text, start + 1, "tanda kutip tidak ditutup", "the quote is never closed"),
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

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens.get(self.place).map_or(&Token::End, |(token, _)| token)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.place += 1;
        token
    }

    fn wrong<T>(&self, id: &str, en: &str) -> Result<T, InsightError> {
        let last = self.tokens.len().saturating_sub(1);
        let position = self.tokens.get(self.place.min(last)).map_or(1, |&(_, position)| position);
        problem(self.text, position, id, en)
    }

    /// Takes the word if it comes next, in whatever case.
    fn word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(wanted));
        self.place += usize::from(found);
        found
    }

    fn take(&mut self, wanted: &Token, sign: &str) -> Result<(), InsightError> {
        if self.peek() == wanted {
            self.place += 1;
            return Ok(());
        }
        self.wrong(&format!("diharapkan {sign}"), &format!("expected {sign}"))
    }

    fn any(&mut self) -> Result<Filter, InsightError> {
        let mut parts = vec![self.all()?];
        while self.word("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::Or(parts) })
    }

    fn all(&mut self) -> Result<Filter, InsightError> {
        let mut parts = vec![self.one()?];
        while self.word("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::And(parts) })
    }

    fn one(&mut self) -> Result<Filter, InsightError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.wrong("terlalu banyak kurung bersarang", "too many nested brackets");
        }
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
        self.depth -= 1;
        Ok(filter)
    }

    fn condition(&mut self) -> Result<Filter, InsightError> {
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
            let mut values = vec![self.value(field)?];
            while *self.peek() == Token::Comma {
                self.place += 1;
                values.push(self.value(field)?);
            }
            self.take(&Token::Close, "\",\" / \")\"")?;
            return Ok(negate(Filter::In(field, values), negated));
        }
        if self.word("like") {
            let Token::Text(pattern) = self.peek().clone() else {
                return self.wrong("diharapkan teks dalam tanda kutip", "expected a text in quotes");
            };
            self.place += 1;
            return Ok(negate(Filter::Like(field, pattern), negated));
        }
        if self.word("between") {
            let low = self.value(field)?;
            if !self.word("and") {
                return self.wrong("diharapkan \"and\"", "expected \"and\"");
            }
            let high = self.value(field)?;
            let from = Filter::Compare { field, operator: Operator::GreaterOrEqual, value: low };
            let to = Filter::Compare { field, operator: Operator::LessOrEqual, value: high };
            return Ok(negate(Filter::And(vec![from, to]), negated));
        }
        if let (false, Token::Operator(operator)) = (negated, self.peek().clone()) {
            self.place += 1;
            let value = self.value(field)?;
            return Ok(Filter::Compare { field, operator, value });
        }
        self.wrong(
            "diharapkan =, !=, <, <=, >, >=, in, like, between atau is null",
            "expected =, !=, <, <=, >, >=, in, like, between or is null",
        )
    }

    fn field(&mut self) -> Result<Field, InsightError> {
        let known: Vec<String> = Field::all().map(Field::id).collect();
        let known = known.join(", ");
        let Token::Word(word) = self.peek().clone() else {
            return self.wrong(&format!("diharapkan nama kolom: {known}"), &format!("expected a column: {known}"));
        };
        let found = Field::all().find(|field| field.id().eq_ignore_ascii_case(&word));
        let Some(field) = found else {
            return self.wrong(
                &format!("kolom \"{word}\" tidak dikenal; yang ada: {known}"),
                &format!("there is no column \"{word}\"; there are: {known}"),
            );
        };
        self.place += 1;
        Ok(field)
    }

    /// A text or number; for a month, quarter or year it must read as one.
    fn value(&mut self, field: Field) -> Result<String, InsightError> {
        let value = match self.peek().clone() {
            Token::Text(value) | Token::Number(value) => value,
            _ => {
                return self
                    .wrong("diharapkan angka atau teks dalam tanda kutip", "expected a number or a text in quotes");
            }
        };
        if field.dimension().is_time() && super::mask::time_index(field.dimension(), &value).is_none() {
            return self.wrong(
                "diharapkan bulan '2019-01', triwulan '2019-Q1' atau tahun 2019 sesuai kolomnya",
                "expected a month '2019-01', a quarter '2019-Q1' or a year 2019 to suit the column",
            );
        }
        self.next();
        Ok(value)
    }
}

fn negate(filter: Filter, negated: bool) -> Filter {
    if negated { Filter::Not(Box::new(filter)) } else { filter }
}
