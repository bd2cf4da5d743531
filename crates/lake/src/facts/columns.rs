//! Typed access to the columns of a batch by name.

use arrow::{
    array::{Array, ArrayRef, AsArray, Date32Array, Decimal128Array, Int32Array, Int64Array, StringArray},
    datatypes::{DataType, Date32Type, Decimal128Type, Int32Type, Int64Type},
    record_batch::RecordBatch,
};

use crate::error::{LakeError, Result};

/// A column of one of the types that facts are stored in.
#[derive(Clone, Copy)]
pub(crate) enum Column<'a> {
    Text(&'a StringArray),
    Decimal(&'a Decimal128Array),
    Whole(&'a Int64Array),
    Date(&'a Date32Array),
}

impl<'a> Column<'a> {
    pub(crate) fn new(array: &'a ArrayRef) -> Result<Self> {
        match array.data_type() {
            DataType::Utf8 => Ok(Self::Text(array.as_string::<i32>())),
            DataType::Decimal128(..) => Ok(Self::Decimal(array.as_primitive::<Decimal128Type>())),
            DataType::Int64 => Ok(Self::Whole(array.as_primitive::<Int64Type>())),
            DataType::Date32 => Ok(Self::Date(array.as_primitive::<Date32Type>())),
            other => Err(LakeError::Data { doing: "cannot read a column", reason: format!("type {other}") }),
        }
    }

    /// Appends the value of one row, so that different values (and no value) give different bytes.
    pub(crate) fn write_key(self, row: usize, key: &mut Vec<u8>) {
        let is_null = match self {
            Self::Text(array) => array.is_null(row),
            Self::Decimal(array) => array.is_null(row),
            Self::Whole(array) => array.is_null(row),
            Self::Date(array) => array.is_null(row),
        };
        if is_null {
            key.push(0);
            return;
        }
        key.push(1);
        match self {
            Self::Text(array) => {
                let text = array.value(row).as_bytes();
                key.extend_from_slice(&(text.len() as u64).to_le_bytes());
                key.extend_from_slice(text);
            }
            Self::Decimal(array) => key.extend_from_slice(&array.value(row).to_le_bytes()),
            Self::Whole(array) => key.extend_from_slice(&array.value(row).to_le_bytes()),
            Self::Date(array) => key.extend_from_slice(&array.value(row).to_le_bytes()),
        }
    }
}

/// The column of that name.
pub(crate) fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<Column<'a>> {
    let array = batch
        .column_by_name(name)
        .ok_or_else(|| LakeError::Data { doing: "cannot read a batch", reason: format!("no column {name}") })?;
    Column::new(array)
}

/// The text column of that name.
pub(crate) fn text<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a StringArray> {
    match column(batch, name)? {
        Column::Text(array) => Ok(array),
        _ => Err(wrong_type(name)),
    }
}

/// The decimal column of that name.
pub(crate) fn decimal<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a Decimal128Array> {
    match column(batch, name)? {
        Column::Decimal(array) => Ok(array),
        _ => Err(wrong_type(name)),
    }
}

/// The date column of that name.
pub(crate) fn dates<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a Date32Array> {
    match column(batch, name)? {
        Column::Date(array) => Ok(array),
        _ => Err(wrong_type(name)),
    }
}

/// The whole-number column of that name.
pub(crate) fn whole<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a Int64Array> {
    match column(batch, name)? {
        Column::Whole(array) => Ok(array),
        _ => Err(wrong_type(name)),
    }
}

/// A text column read as the codes of its own dictionary.
#[derive(Clone, Copy)]
pub(crate) struct Coded<'a> {
    keys: &'a Int32Array,
    pub texts: &'a StringArray,
}

impl<'a> Coded<'a> {
    /// The place of each row's text in the dictionary.
    pub(crate) fn rows(self) -> impl Iterator<Item = Option<usize>> {
        self.keys.iter().map(|key| key.map(|key| key as usize))
    }

    /// The text of one row, where there is any.
    pub(crate) fn text(self, row: usize) -> Option<&'a str> {
        (!self.keys.is_null(row)).then(|| self.texts.value(self.keys.value(row) as usize))
    }
}

/// The text column of that name, read as codes.
pub(crate) fn coded<'a>(batch: &'a RecordBatch, name: &str) -> Result<Coded<'a>> {
    let array = batch.column_by_name(name).and_then(|array| array.as_dictionary_opt::<Int32Type>());
    let array = array.ok_or_else(|| wrong_type(name))?;
    let texts = array.values().as_string_opt::<i32>().ok_or_else(|| wrong_type(name))?;
    Ok(Coded { keys: array.keys(), texts })
}

/// The text of one row, where there is any.
pub(crate) fn text_at(array: &StringArray, row: usize) -> Option<&str> {
    (!array.is_null(row)).then(|| array.value(row))
}

fn wrong_type(name: &str) -> LakeError {
    LakeError::Data { doing: "cannot read a batch", reason: format!("column {name} has another type") }
}
