//! One account, product or manager under several ids: decisions that two of them are the same.
//!
//! A decision is a row of the table of aliases, brought in like any other, so that it can be taken back, and nothing of the
//! lines themselves is changed: they are read under the id that was decided for.

use std::sync::Arc;

use arrow::{
    array::{Array, ArrayRef, BooleanArray, RecordBatch, StringArray},
    compute::filter_record_batch,
};
use rustc_hash::FxHashMap;

use super::{plain_text, with_column};
use crate::{
    error::{LakeError, Result},
    facts::columns::{text, text_at},
};

/// The id that counts, by the id that is read so, for each thing that has ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Aliases {
    of: [FxHashMap<String, String>; 3],
}

/// A thing that has ids: its word in the table of aliases, its id and its name in lines, and its table in SQL.
struct Thing {
    word: &'static str,
    id: &'static str,
    name: &'static str,
    pub table: &'static str,
}

const THINGS: [Thing; 3] = [
    Thing { word: "account", id: "account_id", name: "account_name", table: "account_aliases" },
    Thing { word: "product", id: "product_id", name: "product_name", table: "product_aliases" },
    Thing { word: "manager", id: "manager_id", name: "manager_name", table: "manager_aliases" },
];

impl Aliases {
    /// From the live rows of the table, in the order of their imports: of two that contradict each other the later counts.
    /// An alias of an alias leads to the end of the chain; a decision that would close a circle is left out.
    pub(crate) fn of(table: &RecordBatch) -> Result<Self> {
        let (things, verdicts) = (text(table, "of")?, text(table, "verdict")?);
        let (aliases, ids) = (text(table, "alias")?, text(table, "id")?);
        let mut all = Self::default();
        for (place, thing) in THINGS.iter().enumerate() {
            let mut direct: FxHashMap<&str, &str> = FxHashMap::default();
            for row in 0..table.num_rows() {
                let (Some(alias), Some(id)) = (text_at(aliases, row), text_at(ids, row)) else { continue };
                if text_at(things, row) != Some(thing.word) {
                    continue;
                }
                let is_same = text_at(verdicts, row) == Some("same");
                if is_same && alias != id && end_of(&direct, id) != alias {
                    direct.insert(alias, id);
                } else if !is_same && direct.get(alias) == Some(&id) {
                    direct.remove(alias);
                }
            }
            let found = direct.keys().map(|alias| ((*alias).to_owned(), end_of(&direct, alias).to_owned()));
            all.of[place] = found.collect();
        }
        Ok(all)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.of.iter().all(FxHashMap::is_empty)
    }

    /// The rows of a batch under the ids that count, whatever of the ids it has. A name that stood beside an alias is the
    /// alias's and goes.
    pub(crate) fn apply(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let mut changed = batch.clone();
        for (thing, known) in THINGS.iter().zip(&self.of) {
            if known.is_empty() {
                continue;
            }
            let Some(ids) = plain_text(batch, thing.id)? else { continue };
            let counted = |row: usize| text_at(&ids, row).and_then(|id| known.get(id));
            if (0..ids.len()).all(|row| counted(row).is_none()) {
                continue;
            }
            let new: StringArray =
                (0..ids.len()).map(|row| counted(row).map(String::as_str).or_else(|| text_at(&ids, row))).collect();
            changed = with_column(&changed, thing.id, Arc::new(new))?;
            if let Some(names) = plain_text(batch, thing.name)? {
                let kept: StringArray =
                    (0..ids.len()).map(|row| text_at(&names, row).filter(|_| counted(row).is_none())).collect();
                changed = with_column(&changed, thing.name, Arc::new(kept))?;
            }
        }
        Ok(changed)
    }

    /// The id that counts for an account.
    pub(crate) fn account<'a>(&'a self, id: &'a str) -> &'a str {
        self.of[0].get(id).map_or(id, String::as_str)
    }

    /// The id that counts for a product.
    pub(crate) fn product<'a>(&'a self, id: &'a str) -> &'a str {
        self.of[1].get(id).map_or(id, String::as_str)
    }

    /// Ids that are read as a manager's, each with the id that counts.
    pub(crate) fn of_manager(&self) -> impl Iterator<Item = (&str, &str)> {
        self.of[2].iter().map(|(alias, id)| (alias.as_str(), id.as_str()))
    }

    /// A table of attributes without the rows of aliases: what counts is said of the id that counts.
    pub(crate) fn apply_to_attributes(&self, batch: &RecordBatch, id: &str) -> Result<RecordBatch> {
        let Some(known) = THINGS.iter().zip(&self.of).find(|(thing, _)| thing.id == id).map(|(_, known)| known) else {
            return Ok(batch.clone());
        };
        let ids = text(batch, id)?;
        let counts: BooleanArray =
            (0..ids.len()).map(|row| Some(text_at(ids, row).is_none_or(|id| !known.contains_key(id)))).collect();
        let kept = filter_record_batch(batch, &counts).map_err(LakeError::data("cannot leave aliases out"))?;
        self.apply(&kept)
    }

    /// The tables that the SQL over lines reads ids with.
    pub(crate) fn tables(&self) -> Result<Vec<(&'static str, RecordBatch)>> {
        let table = |(thing, known): (&Thing, &FxHashMap<String, String>)| {
            let mut pairs: Vec<(&String, &String)> = known.iter().collect();
            pairs.sort_unstable();
            let columns: [(&str, ArrayRef); 2] = [
                ("alias", Arc::new(StringArray::from_iter_values(pairs.iter().map(|(alias, _)| alias)))),
                ("id", Arc::new(StringArray::from_iter_values(pairs.iter().map(|(_, id)| id)))),
            ];
            let batch = RecordBatch::try_from_iter(columns).map_err(LakeError::data("cannot read aliases"))?;
            Ok((thing.table, batch))
        };
        THINGS.iter().zip(&self.of).map(table).collect()
    }
}

/// Where a chain of aliases ends. There are no circles: none was let in.
fn end_of<'a>(direct: &FxHashMap<&'a str, &'a str>, alias: &'a str) -> &'a str {
    let mut id = alias;
    while let Some(next) = direct.get(id) {
        id = next;
    }
    id
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;

    use super::*;

    fn texts(values: &[&str]) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(values.iter().copied()))
    }

    fn decided(rows: &[[&str; 4]]) -> Aliases {
        let column = |place: usize| texts(&rows.iter().map(|row| row[place]).collect::<Vec<_>>());
        let columns = [("of", column(0)), ("alias", column(1)), ("id", column(2)), ("verdict", column(3))];
        Aliases::of(&RecordBatch::try_from_iter(columns).expect("a table")).expect("aliases")
    }

    fn read(aliases: &Aliases, ids: &[&str]) -> (Vec<String>, Vec<bool>) {
        let lines = RecordBatch::try_from_iter_with_nullable([
            ("account_id", texts(ids), true),
            ("account_name", texts(&vec!["N"; ids.len()]), true),
        ]);
        let read = aliases.apply(&lines.expect("lines")).expect("read");
        let names = read.column(1).as_string::<i32>().iter().map(|name| name.is_some()).collect();
        (read.column(0).as_string::<i32>().iter().flatten().map(str::to_owned).collect(), names)
    }

    #[test]
    fn chains_lead_to_their_end_and_circles_are_not_closed() {
        let aliases = decided(&[
            ["account", "A", "B", "same"],
            ["account", "B", "C", "same"],
            ["account", "C", "A", "same"],
            ["account", "D", "D", "same"],
            ["product", "C", "X", "same"],
        ]);
        let (ids, names) = read(&aliases, &["A", "B", "C", "D", "E"]);
        assert_eq!(ids, ["C", "C", "C", "D", "E"]);
        assert_eq!(names, [false, false, true, true, true]);
    }

    #[test]
    fn the_later_decision_counts() {
        let same = ["account", "A", "B", "same"];
        assert!(decided(&[same, ["account", "A", "B", "apart"]]).is_empty());
        let (ids, _) = read(&decided(&[same, ["account", "A", "C", "same"], ["account", "A", "B", "apart"]]), &["A"]);
        assert_eq!(ids, ["C"]);
    }

    #[test]
    fn attributes_are_those_of_the_id_that_counts() {
        let aliases = decided(&[["account", "A", "B", "same"], ["manager", "S1", "S2", "same"]]);
        let table =
            RecordBatch::try_from_iter([("account_id", texts(&["A", "B"])), ("manager_id", texts(&["S0", "S1"]))]);
        let kept = aliases.apply_to_attributes(&table.expect("a table"), "account_id").expect("kept");
        assert_eq!(kept.num_rows(), 1);
        assert_eq!(kept.column(1).as_string::<i32>().value(0), "S2");
    }
}
