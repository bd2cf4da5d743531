//! Units of measure told in one another: quantities of cartons and dozens as pieces, so that they add up.

use std::sync::Arc;

use arrow::{
    array::{Array, ArrayRef, Decimal128Array, RecordBatch, StringArray},
    datatypes::DataType,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{like, owners::round, plain_text, with_column};
use crate::{
    error::{LakeError, Result},
    facts::columns::{decimal, text, text_at},
};

/// One, in the smallest part of a factor that is told apart: six decimals, as the table has.
const ONE: i128 = 1_000_000;
/// More steps than any chain of packings has.
const LONGEST_CHAIN: usize = 8;

/// How many of which unit one of a unit is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Conversion {
    factor: i128,
    base: String,
}

/// The conversions there are, followed to their end: of single products, and of all others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Units {
    of_product: FxHashMap<String, FxHashMap<String, Conversion>>,
    of_all: FxHashMap<String, Conversion>,
}

/// How units are compared: without case and spaces around.
fn key(unit: &str) -> String {
    unit.trim().to_lowercase()
}

impl Units {
    /// From the live rows of the table, in the order of their imports: of two for one unit the later counts.
    pub(crate) fn of(table: &RecordBatch) -> Result<Self> {
        let (products, units, bases) = (text(table, "product_id")?, text(table, "unit")?, text(table, "in_unit")?);
        let factors = decimal(table, "factor")?;
        let mut steps: FxHashMap<Option<&str>, FxHashMap<String, (i128, &str)>> = FxHashMap::default();
        for row in 0..table.num_rows() {
            let (Some(unit), Some(base)) = (text_at(units, row), text_at(bases, row)) else { continue };
            if key(unit) != key(base) && factors.is_valid(row) && factors.value(row) > 0 {
                let of_product = steps.entry(text_at(products, row)).or_default();
                of_product.insert(key(unit), (factors.value(row), base.trim()));
            }
        }
        let empty = FxHashMap::default();
        let of_all = steps.get(&None).unwrap_or(&empty);
        let mut found = Self { of_product: FxHashMap::default(), of_all: resolved(&empty, of_all)? };
        for (product, own) in steps.iter().filter_map(|(product, own)| Some(((*product)?, own))) {
            found.of_product.insert(product.to_owned(), resolved(own, of_all)?);
        }
        Ok(found)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.of_all.is_empty() && self.of_product.is_empty()
    }

    fn conversion(&self, product: Option<&str>, unit: &str) -> Option<&Conversion> {
        let unit = key(unit);
        let own = product.and_then(|product| self.of_product.get(product)?.get(&unit));
        own.or_else(|| self.of_all.get(&unit))
    }

    /// The rows of a batch with their quantities and prices in the unit that theirs is told in. Needs `unit` and `quantity`; products
    /// have conversions of their own where the batch has `product_id`.
    pub(crate) fn apply(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let Some(units) = plain_text(batch, "unit")? else { return Ok(batch.clone()) };
        let products = plain_text(batch, "product_id")?;
        let conversions: Vec<Option<&Conversion>> = (0..batch.num_rows())
            .map(|row| {
                let product = products.as_ref().and_then(|products| text_at(products, row));
                text_at(&units, row).and_then(|unit| self.conversion(product, unit))
            })
            .collect();
        if conversions.iter().all(Option::is_none) {
            return Ok(batch.clone());
        }
        let told: StringArray = (0..batch.num_rows())
            .map(|row| conversions[row].map(|conversion| conversion.base.as_str()).or_else(|| text_at(&units, row)))
            .collect();
        let mut changed = with_column(batch, "unit", Arc::new(told))?;
        let quantity = |value: i128, factor: i128| value.checked_mul(factor).map(|product| round(product, ONE));
        let price = |value: i128, factor: i128| value.checked_mul(ONE).map(|product| round(product, factor));
        type InUnit<'a> = &'a dyn Fn(i128, i128) -> Option<i128>;
        for (name, in_unit) in [("quantity", &quantity as InUnit<'_>), ("unit_price", &price)] {
            if batch.column_by_name(name).is_none() {
                continue;
            }
            let values = decimal(batch, name)?;
            let converted = values
                .iter()
                .zip(&conversions)
                .map(|(value, conversion)| match (value, conversion) {
                    (Some(value), Some(conversion)) => {
                        in_unit(value, conversion.factor).filter(|value| value.abs() < 10_i128.pow(18)).map(Some)
                    }
                    (value, _) => Some(value),
                })
                .collect::<Option<Vec<_>>>()
                .ok_or(LakeError::TooLarge)?;
            changed = with_column(&changed, name, like(values, converted)?)?;
        }
        Ok(changed)
    }

    /// The tables that the SQL over lines converts with.
    pub(crate) fn tables(&self) -> Result<[(&'static str, RecordBatch); 2]> {
        let own = self.of_product.iter().flat_map(|(product, of_product)| {
            of_product.iter().map(move |(unit, conversion)| (product.as_str(), unit.as_str(), conversion))
        });
        let all = self.of_all.iter().map(|(unit, conversion)| ("", unit.as_str(), conversion));
        Ok([("product_units", table(own.collect())?), ("common_units", table(all.collect())?)])
    }
}

fn table(mut rows: Vec<(&str, &str, &Conversion)>) -> Result<RecordBatch> {
    rows.sort_unstable_by_key(|(product, unit, _)| (*product, *unit));
    let factors = Decimal128Array::from_iter_values(rows.iter().map(|(.., conversion)| conversion.factor));
    let columns: [(&str, ArrayRef); 4] = [
        ("product_id", Arc::new(StringArray::from_iter_values(rows.iter().map(|(product, ..)| product)))),
        ("unit", Arc::new(StringArray::from_iter_values(rows.iter().map(|(_, unit, _)| unit)))),
        ("factor", Arc::new(factors.with_data_type(DataType::Decimal128(18, 6)))),
        ("base", Arc::new(StringArray::from_iter_values(rows.iter().map(|(.., conversion)| &conversion.base)))),
    ];
    RecordBatch::try_from_iter(columns).map_err(LakeError::data("cannot convert units"))
}

/// Every unit that can be told in another, told in the last of its chain. A circle is not followed: its units stay.
fn resolved(
    own: &FxHashMap<String, (i128, &str)>,
    common: &FxHashMap<String, (i128, &str)>,
) -> Result<FxHashMap<String, Conversion>> {
    let step = |unit: &str| own.get(unit).or_else(|| common.get(unit));
    let mut found = FxHashMap::default();
    for unit in own.keys().chain(common.keys()) {
        let (mut factor, mut at, mut base) = (ONE, unit.clone(), None);
        let mut passed: FxHashSet<String> = FxHashSet::from_iter([unit.clone()]);
        while let Some((times, next)) = step(&at) {
            at = key(next);
            if !passed.insert(at.clone()) || passed.len() > LONGEST_CHAIN {
                base = None;
                break;
            }
            factor = round(factor.checked_mul(*times).ok_or(LakeError::TooLarge)?, ONE);
            base = Some(*next);
        }
        if let Some(base) = base.filter(|_| factor > 0) {
            // However it is written elsewhere, the last unit is written as here.
            found.entry(key(base)).or_insert_with(|| Conversion { factor: ONE, base: base.to_owned() });
            found.insert(unit.clone(), Conversion { factor, base: base.to_owned() });
        }
    }
    // Of two ways to write the last unit one is taken, the same for all.
    let bases: Vec<String> = found.values().map(|conversion| conversion.base.clone()).collect();
    for conversion in found.values_mut() {
        let alike = bases.iter().filter(|base| key(base) == key(&conversion.base)).min();
        conversion.base = alike.cloned().unwrap_or_else(|| conversion.base.clone());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;

    use super::*;

    fn decimals(values: &[i128]) -> ArrayRef {
        let array = Decimal128Array::from_iter_values(values.iter().map(|value| value * ONE));
        Arc::new(array.with_data_type(DataType::Decimal128(18, 6)))
    }

    fn texts(values: &[Option<&str>]) -> ArrayRef {
        Arc::new(values.iter().copied().collect::<StringArray>())
    }

    fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
            .expect("a batch")
    }

    fn units(rows: &[(Option<&str>, &str, &str, i128)]) -> Units {
        Units::of(&batch(vec![
            ("product_id", texts(&rows.iter().map(|row| row.0).collect::<Vec<_>>())),
            ("unit", texts(&rows.iter().map(|row| Some(row.1)).collect::<Vec<_>>())),
            ("in_unit", texts(&rows.iter().map(|row| Some(row.2)).collect::<Vec<_>>())),
            ("factor", decimals(&rows.iter().map(|row| row.3).collect::<Vec<_>>())),
        ]))
        .expect("units")
    }

    fn converted(units: &Units, rows: &[(&str, Option<&str>, i128)]) -> Vec<(Option<String>, i128)> {
        let lines = batch(vec![
            ("product_id", texts(&rows.iter().map(|row| Some(row.0)).collect::<Vec<_>>())),
            ("unit", texts(&rows.iter().map(|row| row.1).collect::<Vec<_>>())),
            ("quantity", decimals(&rows.iter().map(|row| row.2).collect::<Vec<_>>())),
        ]);
        let lines = units.apply(&lines).expect("converted");
        let (units, quantities) =
            (lines.column(1).as_string::<i32>(), decimal(&lines, "quantity").expect("quantities"));
        units
            .iter()
            .map(|unit| unit.map(str::to_owned))
            .zip(quantities.values().iter().map(|value| value / ONE))
            .collect()
    }

    #[test]
    fn chains_of_packings_lead_to_pieces() {
        let units = units(&[
            (Some("B1"), "karton", "lusin", 2),
            (None, "Lusin", "pcs", 12),
            (Some("B2"), "karton", "pcs", 40),
            (None, "a", "b", 2),
            (None, "b", "a", 2),
        ]);
        let pcs = |count: i128| (Some("pcs".to_owned()), count);
        let rows = [
            ("B1", Some("KARTON "), 3),
            ("B2", Some("karton"), 3),
            ("B2", Some("lusin"), 1),
            ("B9", Some("PCS"), 5),
            ("B9", Some("karton"), 1),
            ("B9", Some("a"), 1),
            ("B9", None, 7),
        ];
        let expected =
            [pcs(72), pcs(120), pcs(12), pcs(5), (Some("karton".to_owned()), 1), (Some("a".to_owned()), 1), (None, 7)];
        assert_eq!(converted(&units, &rows), expected);
    }

    #[test]
    fn the_later_of_two_counts_and_nothing_is_no_conversion() {
        let units = units(&[(None, "karton", "pcs", 24), (None, "karton", "pcs", 20), (None, "dus", "dus", 3)]);
        assert_eq!(converted(&units, &[("B", Some("karton"), 1)]), [(Some("pcs".to_owned()), 20)]);
        assert_eq!(converted(&units, &[("B", Some("dus"), 1)]), [(Some("dus".to_owned()), 1)]);
    }
}
