//! Lines that an import took out because their source had them no more, and that a later import brought again: where the first
//! is taken back, they must not count twice.

use rustc_hash::{FxHashMap, FxHashSet};
use takar_import::FactKind;
use takar_model::ImportId;

use super::{
    columns::whole,
    compare::{Identity, Successors},
    delta::{DataFile, Snapshot, Table},
    keys::{GroupKey, content_hashes},
    scan::{Columns, find_rows, scan_rows},
    schema::Status,
};
use crate::error::Result;

/// By content, the later imports that brought a line of it again, one for each line.
pub(crate) type ContentsAgain = FxHashMap<u128, Vec<ImportId>>;

/// Finds them, and tells `successors` of those that have a group.
pub(crate) fn find_brought_again(
    table: &Table,
    snapshot: &Snapshot,
    identity: Identity<'_>,
    undone: ImportId,
    successors: &mut Successors,
) -> Result<ContentsAgain> {
    let mut again = ContentsAgain::default();
    if identity.kind != FactKind::Sales {
        return Ok(again);
    }
    let files = |status: Status| -> Vec<DataFile> { snapshot.with_status(status).cloned().collect() };
    let old = find_rows(table.folder(), &files(Status::Superseded), Columns::only(&["superseded_by"]), |batch| {
        Ok(whole(batch, "superseded_by")?.iter().map(|by| by == Some(undone.0)).collect())
    })?;
    #[derive(Default)]
    struct Restored {
        keys: FxHashSet<GroupKey>,
        contents: FxHashSet<u128>,
    }
    let known = &*successors;
    let parts = scan_rows(table.folder(), &old, Columns::all(table.kind()), Restored::default, |restored, batch| {
        let (keys, hashes) = (identity.keys(&batch)?, content_hashes(&batch)?);
        for (row, successor) in known.of_rows(identity, &batch)?.into_iter().enumerate() {
            match keys[row] {
                Some(key) if successor.is_none() => drop(restored.keys.insert(key)),
                None => drop(restored.contents.insert(hashes[row])),
                Some(_) => {}
            }
        }
        Ok(())
    })?;
    let mut restored = Restored::default();
    for part in parts {
        restored.keys.extend(part.keys);
        restored.contents.extend(part.contents);
    }
    if restored.keys.is_empty() && restored.contents.is_empty() {
        return Ok(again);
    }
    let columns = Columns::only(&["import_id", "invoice_no", "line_no", "repair_of"]);
    let later = find_rows(table.folder(), &files(Status::Live), columns, |batch| {
        let (imports, keys) = (whole(batch, "import_id")?, identity.keys(batch)?);
        let may_be = |key: &Option<GroupKey>| match key {
            Some(key) => restored.keys.contains(key),
            None => !restored.contents.is_empty(),
        };
        Ok(keys.iter().enumerate().map(|(row, key)| imports.value(row) > undone.0 && may_be(key)).collect())
    })?;
    let found = scan_rows(table.folder(), &later, Columns::all(table.kind()), Vec::new, |found, batch| {
        let (imports, keys, hashes) = (whole(&batch, "import_id")?, identity.keys(&batch)?, content_hashes(&batch)?);
        found.extend((0..batch.num_rows()).map(|row| (keys[row], hashes[row], ImportId(imports.value(row)))));
        Ok(())
    })?;
    for (key, hash, import) in found.into_iter().flatten() {
        match key {
            Some(key) => successors.brought_again(key, import),
            None if restored.contents.contains(&hash) => again.entry(hash).or_default().push(import),
            None => {}
        }
    }
    Ok(again)
}
