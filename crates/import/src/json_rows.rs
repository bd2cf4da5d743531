//! Rows as JSON objects: what a program pushes.

use std::{fmt, mem};

use arrow::{
    array::{ArrayRef, RecordBatch},
    error::ArrowError,
};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::{ImportError, columns::TextColumn, workbook::COLUMNS};

/// Reads an array of objects into columns of text named by their keys, a missing key and `null` alike a blank. Numbers keep
/// the digits they were written with.
///
/// # Errors
/// [`ImportError::Json`] for anything but an array of objects of plain values, naming the row; [`ImportError::Empty`] for an
/// array without rows; [`ImportError::TooManyColumns`].
pub fn rows_of_json(body: &[u8], label: &str) -> Result<RecordBatch, ImportError> {
    let mut rows = Rows::default();
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = (&mut rows).deserialize(&mut reader).and_then(|()| reader.end());
    if rows.headers.len() > COLUMNS {
        return Err(ImportError::TooManyColumns { file: label.to_owned(), columns: rows.headers.len() });
    }
    if let Err(error) = read {
        return Err(ImportError::Json { file: label.to_owned(), row: rows.count + 1, detail: error.to_string() });
    }
    if rows.count == 0 || rows.headers.is_empty() {
        return Err(ImportError::Empty { file: label.to_owned() });
    }
    rows.finish().map_err(|error| ImportError::Damaged { file: label.to_owned(), detail: error.to_string() })
}

/// The columns so far.
#[derive(Default)]
struct Rows {
    headers: Vec<String>,
    columns: Vec<TextColumn>,
    /// How many rows each column has.
    filled: Vec<u64>,
    /// Whole rows.
    count: u64,
}

impl Rows {
    /// The column of a key; objects of a list mostly have their keys in the same order, so the expected one is tried first.
    fn column(&mut self, key: &str, expected: usize) -> usize {
        if self.headers.get(expected).is_some_and(|header| header == key) {
            return expected;
        }
        self.headers.iter().position(|header| header == key).unwrap_or_else(|| {
            self.headers.push(key.to_owned());
            self.columns.push(TextColumn::with_capacity(0));
            self.filled.push(0);
            self.headers.len() - 1
        })
    }

    fn pad(&mut self, column: usize, rows: u64) {
        for _ in self.filled[column]..rows {
            self.columns[column].push_null();
        }
        self.filled[column] = rows;
    }

    fn put(&mut self, column: usize, raw: &RawValue) -> Result<(), String> {
        let key = || self.headers[column].clone();
        if self.filled[column] > self.count {
            return Err(format!("the key {:?} comes twice", key()));
        }
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'{' | b'[') => return Err(format!("{:?} holds a list or an object; write a plain value", key())),
            Some(b'n') => return Ok(()),
            _ => {}
        }
        self.pad(column, self.count);
        match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(plain) if !plain.contains('\\') => self.columns[column].push(plain),
            Some(_) => {
                let text: String = serde_json::from_str(text).map_err(|error| error.to_string())?;
                self.columns[column].push(&text);
            }
            None => self.columns[column].push(text),
        }
        self.filled[column] += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        for column in 0..self.columns.len() {
            self.pad(column, self.count);
        }
        let names = mem::take(&mut self.headers);
        let columns = self.columns.into_iter().map(TextColumn::finish).collect::<Result<Vec<ArrayRef>, _>>()?;
        RecordBatch::try_from_iter_with_nullable(
            names.into_iter().zip(columns).map(|(name, array)| (name, array, true)),
        )
    }
}

impl<'de> DeserializeSeed<'de> for &mut Rows {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, list: D) -> Result<(), D::Error> {
        list.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for &mut Rows {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Row(self))?.is_some() {
            self.count += 1;
        }
        Ok(())
    }
}

/// One object.
struct Row<'a>(&'a mut Rows);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, object: D) -> Result<(), D::Error> {
        object.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut expected = 0;
        while let Some(column) = object.next_key_seed(Key { rows: self.0, expected })? {
            if self.0.headers.len() > COLUMNS {
                return Err(A::Error::custom("too many columns"));
            }
            let value: &RawValue = object.next_value()?;
            self.0.put(column, value).map_err(A::Error::custom)?;
            expected = column + 1;
        }
        Ok(())
    }
}

/// A key; its value is the column.
struct Key<'a> {
    rows: &'a mut Rows,
    expected: usize,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<usize, D::Error> {
        key.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = usize;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<usize, E> {
        Ok(self.rows.column(key.trim(), self.expected))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray};

    use super::*;

    fn texts(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
        let column = batch.column_by_name(name).expect("a column").as_string::<i32>();
        (0..column.len()).map(|row| column.is_valid(row).then(|| column.value(row).to_owned())).collect()
    }

    #[test]
    fn objects_become_columns_with_their_digits() {
        let body = r#"[{"id":"A","net":12345678901234567.1234,"ok":true},
            {"net":"1\u00e9\n","id":null}, {}, {"later":-0.50,"id":"B"}]"#;
        let batch = rows_of_json(body.as_bytes(), "api").expect("rows");
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(texts(&batch, "id"), [some("A"), None, None, some("B")]);
        assert_eq!(texts(&batch, "net"), [some("12345678901234567.1234"), some("1é\n"), None, None]);
        assert_eq!(texts(&batch, "later"), [None, None, None, some("-0.50")]);
        assert_eq!(texts(&batch, "ok")[0], some("true"));
    }

    #[test]
    fn anything_else_is_refused_with_its_row() {
        for (body, row, said) in [
            (r#"[{"a":1},{"a":[1]}]"#, 2, "plain value"),
            (r#"[{"a":1},{"a":1,"a":2}]"#, 2, "twice"),
            (r#"[{"a":1},3]"#, 2, "an object"),
            (r#"{"a":1}"#, 1, "a list of objects"),
            (r#"[{"a":1}"#, 2, "EOF"),
            (r#"[{"a":1}] x"#, 2, "trailing"),
            ("\u{feff}", 1, "expected value"),
        ] {
            let error = rows_of_json(body.as_bytes(), "api").expect_err(body);
            assert!(matches!(error, ImportError::Json { row: at, .. } if at == row), "{body}: {error:?}");
            assert!(error.to_string().contains(said), "{error}");
        }
        assert!(matches!(rows_of_json(b"[]", "api"), Err(ImportError::Empty { .. })));
        assert!(matches!(rows_of_json(b"[{}]", "api"), Err(ImportError::Empty { .. })));
        let wide: Vec<String> = (0..=COLUMNS).map(|column| format!(r#""c{column}":1"#)).collect();
        let wide = format!("[{{{}}}]", wide.join(","));
        assert!(matches!(rows_of_json(wide.as_bytes(), "api"), Err(ImportError::TooManyColumns { .. })));
        let deep = format!("[{{\"a\":{}1{}}}]", "[".repeat(100_000), "]".repeat(100_000));
        assert!(rows_of_json(deep.as_bytes(), "api").is_err());
    }
}
