//! Arrow columns built straight from the bytes of cells.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, BooleanBufferBuilder, Decimal128Array, StringArray},
    buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer},
    error::ArrowError,
};

/// A column of text under construction.
pub(crate) struct TextColumn {
    values: Vec<u8>,
    offsets: Vec<i32>,
    valid: BooleanBufferBuilder,
    nulls: usize,
}

impl TextColumn {
    pub(crate) fn with_capacity(rows: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self { values: Vec::with_capacity(rows * 12), offsets, valid: BooleanBufferBuilder::new(rows), nulls: 0 }
    }

    #[inline]
    pub(crate) fn push(&mut self, text: &str) {
        // `finish` validates all bytes at once.
        self.values.extend_from_slice(text.as_bytes());
        self.offsets.push(self.values.len() as i32);
        self.valid.append(true);
    }

    #[inline]
    pub(crate) fn push_null(&mut self) {
        self.offsets.push(self.values.len() as i32);
        self.valid.append(false);
        self.nulls += 1;
    }

    pub(crate) fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        let valid = (self.nulls > 0).then(|| NullBuffer::new(self.valid.finish()));
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.offsets));
        Ok(Arc::new(StringArray::try_new(offsets, Buffer::from_vec(self.values), valid)?))
    }

    /// The same text in every row.
    pub(crate) fn repeated(text: &str, rows: usize) -> Result<ArrayRef, ArrowError> {
        let values = text.as_bytes().repeat(rows);
        let offsets = OffsetBuffer::from_repeated_length(text.len(), rows);
        Ok(Arc::new(StringArray::try_new(offsets, Buffer::from_vec(values), None)?))
    }
}

/// A column of exact numbers under construction, in units of its decimals.
#[derive(Default)]
pub(crate) struct NumberColumn {
    values: Vec<i128>,
    valid: Vec<bool>,
}

impl NumberColumn {
    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self { values: Vec::with_capacity(rows), valid: Vec::with_capacity(rows) }
    }

    #[inline]
    pub(crate) fn push(&mut self, units: Option<i128>) {
        self.values.push(units.unwrap_or(0));
        self.valid.push(units.is_some());
    }

    /// Whether the file has the column.
    pub(crate) const fn is_filled(&self) -> bool {
        !self.values.is_empty()
    }

    /// The number of a row; `None` where it has none or the column was not filled.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<i128> {
        (*self.valid.get(row)?).then(|| self.values[row])
    }

    /// With `rows` rows, blank where the column was not filled.
    pub(crate) fn finish(mut self, rows: usize, scale: i8) -> Result<ArrayRef, ArrowError> {
        self.values.resize(rows, 0);
        self.valid.resize(rows, false);
        let valid = NullBuffer::from(self.valid);
        let array = Decimal128Array::new(ScalarBuffer::from(self.values), Some(valid));
        Ok(Arc::new(array.with_precision_and_scale(18, scale)?))
    }
}

/// Appends `"key":"value"` to a JSON object, opening it where it is empty.
pub(crate) fn push_json(object: &mut String, key: &str, value: &str) {
    object.push(if object.is_empty() { '{' } else { ',' });
    push_json_text(object, key);
    object.push(':');
    push_json_text(object, value);
}

fn push_json_text(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push_str(text);
    } else {
        for character in text.chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                control if control < ' ' => out.push_str(&format!("\\u{:04x}", control as u32)),
                other => out.push(other),
            }
        }
    }
    out.push('"');
}
