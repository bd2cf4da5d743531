//! Every row of the facts that names an account manager, whatever became of it: for who asks what is held about a person.

use arrow::{
    array::{Array, BooleanArray, RecordBatch},
    compute::filter_record_batch,
};
use rustc_hash::FxHashSet;
use takar_import::FactKind;

use crate::{
    Lake,
    error::{LakeError, Result},
    facts::{
        columns::{text, text_at},
        scan::{Columns, open},
    },
};

/// The columns that may name a manager.
const NAMED_IN: [&str; 5] = ["manager_id", "supervisor", "lead", "alias", "id"];

impl Lake {
    /// Gives the rows of a kind that name a manager to `visit`, file by file, with what became of them: `live`, `superseded` or
    /// `undone`. `names` are how the manager is written: ids that are read as his or hers come by themselves.
    ///
    /// # Errors
    /// Where a file cannot be read, or what `visit` says.
    pub fn rows_about<E: From<LakeError>>(
        &self,
        kind: FactKind,
        names: &[&str],
        visit: &mut dyn FnMut(&'static str, &RecordBatch) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let aliases = self.aliases()?;
        let mut known: FxHashSet<&str> = names.iter().copied().collect();
        known.extend(aliases.of_manager().filter(|(_, id)| names.contains(id)).map(|(alias, _)| alias));
        let table = self.table(kind);
        let Some(snapshot) = table.snapshot(self.runtime(), None)? else { return Ok(()) };
        for file in &snapshot.files {
            for batch in open(&table.folder().join(&file.name), Columns::all(kind))? {
                let named = naming(&batch?, kind, &known)?;
                if named.num_rows() > 0 {
                    visit(file.status.name(), &named)?;
                }
            }
        }
        Ok(())
    }
}

/// The rows of a batch that name one of the known.
fn naming(batch: &RecordBatch, kind: FactKind, known: &FxHashSet<&str>) -> Result<RecordBatch> {
    let mut is_named = vec![false; batch.num_rows()];
    // The ids of other things may be written alike.
    let of = if kind == FactKind::Aliases { Some(text(batch, "of")?) } else { None };
    let is_own = |name: &str| matches!(name, "alias" | "id") == (kind == FactKind::Aliases);
    for name in NAMED_IN.into_iter().filter(|name| is_own(name) && batch.column_by_name(name).is_some()) {
        let column = text(batch, name)?;
        for (row, is_named) in is_named.iter_mut().enumerate().filter(|(row, _)| column.is_valid(*row)) {
            let is_of_manager = of.is_none_or(|of| text_at(of, row) == Some("manager"));
            *is_named |= is_of_manager && known.contains(column.value(row));
        }
    }
    filter_record_batch(batch, &BooleanArray::from(is_named))
        .map_err(LakeError::data("cannot find the rows of a manager"))
}
