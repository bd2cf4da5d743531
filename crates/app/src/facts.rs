//! The tables of facts: what each kind holds, its rows, and rows given one by one or by a program.

use arrow::datatypes::DataType;
use serde::Serialize;
use takar_import::{Column, FactKind, Field, Holds};
use takar_lake::{FactFilter, FactPage, FactReach, LineFilter};
use takar_model::Lang;

use crate::{Result, Takar, forms::FormOfKind};

/// A kind of fact and how much there is of it.
#[derive(Debug, Serialize)]
pub struct KindOfFact {
    /// Its name in commands, addresses and JSON.
    pub kind: &'static str,
    /// What a reader calls it.
    pub label: &'static str,
    /// How many rows count.
    pub rows: u64,
    /// What a form for it asks; nothing of kinds that have pages of their own.
    pub form: FormOfKind,
    /// The column by whose words its rows are summed up.
    pub by: Option<&'static str>,
    /// Who asks may bring in rows of it.
    pub may_add: bool,
    /// Where only the own rows may be brought in: the source that these lie in.
    pub own_source: Option<String>,
    /// The columns of its rows.
    pub columns: Vec<ColumnOfFact>,
}

/// A column of the rows of a kind.
#[derive(Debug, Serialize)]
pub struct ColumnOfFact {
    /// Its name in the table and in JSON.
    pub name: String,
    /// What a reader calls it.
    pub label: String,
    /// `text`, `day`, `money`, `number` or `word`.
    pub holds: &'static str,
    /// The words to choose from; others may be written too.
    pub words: Vec<WordOfFact>,
    /// It has to be filled.
    pub needed: bool,
}

/// A word and what a reader calls it.
#[derive(Debug, Serialize)]
pub struct WordOfFact {
    /// How it is kept.
    pub word: &'static str,
    /// What a reader calls it.
    pub label: &'static str,
}

impl ColumnOfFact {
    fn described(column: &Column, lang: Lang) -> Self {
        let (holds, words) = match column.holds {
            Holds::Text => ("text", &[][..]),
            Holds::Day => ("day", &[][..]),
            Holds::Money => ("money", &[][..]),
            Holds::Number | Holds::Share => ("number", &[][..]),
            Holds::Word(words) => ("word", words),
        };
        let words = words.iter().map(|word| WordOfFact { word: word.name, label: word.label(lang) }).collect();
        let label = column.fields.first().map_or(column.name, |field| field.label().get(lang));
        Self { name: column.name.to_owned(), label: label.to_owned(), holds, words, needed: column.is_needed }
    }

    fn stored(column: &arrow::datatypes::Field, lang: Lang) -> Self {
        let holds = match column.data_type() {
            DataType::Date32 => "day",
            DataType::Decimal128(_, 4) => "money",
            DataType::Decimal128(..) | DataType::Int64 => "number",
            _ => "text",
        };
        let name = column.name();
        let field = match name.as_str() {
            "net" => Some(Field::NetAmount),
            "rate" => Some(Field::Value),
            name => name.parse().ok(),
        };
        let label = field.map_or(name.as_str(), |field| field.label().get(lang)).to_owned();
        Self { name: name.clone(), label, holds, words: Vec::new(), needed: !column.is_nullable() }
    }
}

/// The columns that say where a row came from.
const PLACE: [&str; 5] = ["file", "sheet", "row", "extra", "repair_of"];

impl Takar {
    /// Every kind of fact and how many rows it has.
    pub fn kinds(&self, lang: Lang) -> Result<Vec<KindOfFact>> {
        FactKind::ALL
            .into_iter()
            .map(|kind| {
                let columns = match kind.shape() {
                    Some(shape) => shape.columns.iter().map(|column| ColumnOfFact::described(column, lang)).collect(),
                    None => takar_import::table_schema(kind)
                        .fields()
                        .iter()
                        .filter(|column| !PLACE.contains(&column.name().as_str()))
                        .map(|column| ColumnOfFact::stored(column, lang))
                        .collect(),
                };
                Ok(KindOfFact {
                    kind: kind.name(),
                    label: kind.label().get(lang),
                    rows: self.rows_in_sight(kind)?,
                    form: FormOfKind::of(kind, lang),
                    by: kind.summed_by(),
                    may_add: self.may_add(kind),
                    own_source: self.own_source(kind).map(|source| source.0),
                    columns,
                })
            })
            .collect()
    }

    /// How many rows of a kind there are, as far as one sees them. Which ids mean the same is told to who sees everybody.
    fn rows_in_sight(&self, kind: FactKind) -> Result<u64> {
        match kind {
            _ if self.reach().is_none() => Ok(self.lake.rows_of_kind(kind)?),
            FactKind::Aliases => Ok(0),
            FactKind::Sales => {
                Ok(self.lines(&LineFilter { limit: 1, ..LineFilter::default() })?.total.try_into().unwrap_or(u64::MAX))
            }
            _ => Ok(self.facts(&FactFilter::of(kind, 1))?.total),
        }
    }

    /// A page of the rows of one kind, and what they come to.
    pub fn facts(&self, filter: &FactFilter) -> Result<FactPage> {
        // Which ids mean the same account or manager tells of all of them.
        if filter.kind == FactKind::Aliases {
            self.may_see_everybody()?;
        }
        let reach = self.reach().map(|reach| -> Result<_> {
            Ok(FactReach {
                managers: self.reach_ids().unwrap_or_default(),
                accounts: self.accounts_within(reach)?.into_iter().collect(),
            })
        });
        Ok(self.lake.facts(&FactFilter { reach: reach.transpose()?, ..filter.clone() })?)
    }
}
