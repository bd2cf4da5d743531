//! Panels: monthly cells derived from the facts, so that an everyday question touches no line.
//!
//! A panel says which versions of the facts it was made from. A reader refuses an older one, and it is
//! then made anew; it can always be.

pub(crate) mod blocks;
pub(crate) mod build;
pub(crate) mod draft;
pub(crate) mod interner;
pub(crate) mod layout;
pub(crate) mod measures;
pub(crate) mod products;
pub(crate) mod seal;
pub(crate) mod stale;
pub(crate) mod store;

use std::collections::BTreeMap;

use arrow::{
    array::UInt32Array,
    compute::{concat_batches, take_record_batch},
    record_batch::RecordBatch,
};
use takar_import::FactKind;
use takar_model::Credit;

use self::{
    build::{Builders, Built, COLUMNS},
    draft::Draft,
    seal::{SmallTables, seal},
    stale::{PLACE_COLUMNS, Stale, lines_in},
    store::{Made, Store},
};
use crate::{
    Lake,
    error::{LakeError, Result},
    facts::{
        columns::whole,
        delta::DataFile,
        files::month_of,
        load::Fresh,
        scan::{Columns, find_rows, open, scan, scan_rows},
        schema::{Status, stored_schema},
    },
    restate::Restatement,
};

/// With more places to be counted again than this, all is counted anew.
const MOST_STALE: usize = 500_000;

impl Lake {
    /// The newest version of each table of facts, read off the names in the logs.
    pub(crate) fn versions(&self) -> BTreeMap<String, u64> {
        self.versions_of(|_| true)
    }

    /// Those of the tables that panels are made from.
    pub(crate) fn panel_versions(&self) -> BTreeMap<String, u64> {
        self.versions_of(FactKind::shapes_panels)
    }

    fn versions_of(&self, is_asked: impl Fn(FactKind) -> bool) -> BTreeMap<String, u64> {
        FactKind::ALL
            .into_iter()
            .filter(|kind| is_asked(*kind))
            .filter_map(|kind| {
                let version = self.table(kind).latest_version()?;
                Some((kind.name().to_owned(), version))
            })
            .collect()
    }

    /// Makes all panels anew from the lines.
    pub fn rebuild(&self) -> Result<()> {
        let _lock = self.lock_for_writing()?;
        self.rebuild_locked()
    }

    /// The current panel of a rule of credit; made anew where it is older than the facts. `None` where there are no facts.
    pub(crate) fn current_panel(&self, credit: Credit) -> Result<Option<Made>> {
        let store = self.store(credit);
        let is_current = |made: &Made| made.versions == self.panel_versions();
        if let Some(made) = store.current().filter(is_current) {
            return Ok(Some(made));
        }
        if self.panel_versions().is_empty() {
            return Ok(None);
        }
        loop {
            // The restatement may itself need a panel, so it is made before the lock and holds while the facts do.
            let versions = self.panel_versions();
            let restatement = self.restatement(credit)?;
            let _lock = self.lock_panels()?;
            if store.current().filter(is_current).is_some() {
                return Ok(store.current());
            }
            if self.panel_versions() == versions {
                return self.make(&store, &restatement).map(Some);
            }
        }
    }

    /// Brings the recorded panel up to the facts just committed; the other rules' are made anew when they are next asked
    /// for. The caller holds the lock.
    ///
    /// Only a panel that lacks nothing but this commit is built upon: whoever was killed between its commit and its panel
    /// left one that lacks more, and that is made anew.
    pub(crate) fn refresh_panels(&self, fresh: Fresh) -> Result<()> {
        let store = self.store(Credit::Recorded);
        let restatement = self.restatement(Credit::Recorded)?;
        let committed = match &fresh {
            Fresh::All(_) | Fresh::Lines { .. } => FactKind::Sales,
            Fresh::SmallTable(kind) => *kind,
        };
        let before = store.current().filter(|made| is_one_commit_behind(made, &self.panel_versions(), committed));
        let draft = match (fresh, before) {
            (Fresh::All(built), _) => Draft::from_built(*built),
            (_, None) => return self.rebuild_locked(),
            (Fresh::SmallTable(kind), Some(made)) => {
                // Ids and names of accounts and managers decide how ownership reads.
                let restates = matches!(
                    kind,
                    FactKind::Ownership | FactKind::Credits | FactKind::Rates | FactKind::Aliases | FactKind::Units
                );
                if restates || restatement.moves() {
                    return self.rebuild_locked();
                }
                Draft::from_sealed(store.load(&made)?)
            }
            (Fresh::Lines { stale, .. }, _) if stale.len() > MOST_STALE => return self.rebuild_locked(),
            (Fresh::Lines { added, stale }, Some(made)) => {
                let kept = Draft::from_sealed(store.load(&made)?);
                let added = Draft::from_built(*added);
                let mut stale = stale.counted(restatement.aliases());
                while kept.close(&mut stale) | added.close(&mut stale) {}
                let counted_again = Draft::from_built(self.count_again(&stale, &restatement)?).cells_in(&stale);
                kept.cells_outside(&stale).merge(added.cells_outside(&stale))?.merge(counted_again)?
            }
        };
        let sealed = seal(draft, &self.small_tables()?)?;
        store.save(&sealed, self.panel_versions()).map(drop)
    }

    /// Tells the panels that were made from `before` that the facts are the same at their newest versions. The caller holds the
    /// lock.
    pub(crate) fn renew_panels(&self, before: &BTreeMap<String, u64>) -> Result<()> {
        for credit in Credit::ALL {
            let store = self.store(credit);
            if let Some(made) = store.current().filter(|made| made.versions == *before) {
                store.renew(made, self.panel_versions())?;
            }
        }
        Ok(())
    }

    /// The panel on disk, and one made anew from the lines: a test holds them against each other.
    #[cfg(test)]
    pub(crate) fn stored_and_rebuilt(&self) -> Result<(seal::Sealed, seal::Sealed)> {
        let store = self.store(Credit::Recorded);
        let made = store.current().ok_or(LakeError::Query("there is no panel".to_owned()))?;
        let restatement = self.restatement(Credit::Recorded)?;
        let rebuilt = seal(Draft::from_built(self.build_all(&restatement)?), &self.small_tables()?)?;
        Ok((store.load(&made)?, rebuilt))
    }

    fn rebuild_locked(&self) -> Result<()> {
        self.make(&self.store(Credit::Recorded), &self.restatement(Credit::Recorded)?).map(drop)
    }

    fn make(&self, store: &Store, restatement: &Restatement) -> Result<Made> {
        let sealed = seal(Draft::from_built(self.build_all(restatement)?), &self.small_tables()?)?;
        store.save(&sealed, self.panel_versions())
    }

    /// Counts all live lines.
    fn build_all(&self, restatement: &Restatement) -> Result<Built> {
        let table = self.table(FactKind::Sales);
        let Some(snapshot) = table.snapshot(self.runtime(), None)? else {
            return Ok(Built::default());
        };
        let files: Vec<DataFile> = snapshot.with_status(Status::Live).cloned().collect();
        let builders = Builders::default();
        let parts = scan(
            table.folder(),
            &files,
            Columns::only(&COLUMNS),
            |_| builders.builder(),
            |built, batch| built.add(0, "", &restatement.apply(&batch)?),
        )?;
        builders.finish(parts)
    }

    /// Counts the live lines that lie in some places; what they add elsewhere is not whole.
    fn count_again(&self, stale: &Stale, restatement: &Restatement) -> Result<Built> {
        let table = self.table(FactKind::Sales);
        let Some(snapshot) = table.snapshot(self.runtime(), None)? else {
            return Ok(Built::default());
        };
        let has_stale_months = |file: &&DataFile| {
            file.days.is_none_or(|days| {
                let (first, last) = (month_of(days.from().epoch_days()), month_of(days.to().epoch_days()));
                stale.has_month_in(first..=last)
            })
        };
        let files: Vec<DataFile> = snapshot.with_status(Status::Live).filter(has_stale_months).cloned().collect();
        let is_asked = |lines: &RecordBatch| lines_in(stale, restatement.aliases(), lines);
        let lines = find_rows(table.folder(), &files, PLACE_COLUMNS, is_asked)?;
        let builders = Builders::default();
        let parts = scan_rows(
            table.folder(),
            &lines,
            Columns::only(&COLUMNS),
            || builders.builder(),
            |built, batch| built.add(0, "", &restatement.apply(&batch)?),
        )?;
        builders.finish(parts)
    }

    /// The live rows of the small tables.
    pub(crate) fn small_tables(&self) -> Result<SmallTables> {
        let aliases = self.aliases()?;
        let attributes = |kind: FactKind, id: &str| aliases.apply_to_attributes(&self.live_rows(kind)?, id);
        Ok(SmallTables {
            accounts: attributes(FactKind::Accounts, "account_id")?,
            products: attributes(FactKind::Products, "product_id")?,
            managers: attributes(FactKind::Managers, "manager_id")?,
            targets: aliases.apply(&self.live_rows(FactKind::Targets)?)?,
            market: self.live_rows(FactKind::Market)?,
            ownership: aliases.apply(&self.live_rows(FactKind::Ownership)?)?,
        })
    }

    /// The live rows of one small table, in the order of their imports: of two rows for one id from two
    /// sources, the later import's comes last.
    ///
    /// Every commit asks for all of them, so they are kept for the version they were read at.
    pub(crate) fn live_rows(&self, kind: FactKind) -> Result<RecordBatch> {
        let version = self.table(kind).latest_version();
        if let Some(rows) = self.kept_rows(kind, version) {
            return Ok(rows);
        }
        let rows = self.read_live_rows(kind)?;
        if kind.shapes_panels() {
            self.keep_rows(kind, version, &rows);
        }
        Ok(rows)
    }

    fn read_live_rows(&self, kind: FactKind) -> Result<RecordBatch> {
        let table = self.table(kind);
        let mut batches = Vec::new();
        if let Some(snapshot) = table.snapshot(self.runtime(), None)? {
            let mut files: Vec<&DataFile> = snapshot.with_status(Status::Live).collect();
            files.sort_by_key(|file| (file.imports.first, file.name.clone()));
            for file in files {
                for batch in open(&table.folder().join(&file.name), Columns::all(kind))? {
                    batches.push(batch?);
                }
            }
        }
        let rows = concat_batches(&stored_schema(kind), &batches).map_err(LakeError::data("cannot read a table"))?;
        let imports = whole(&rows, "import_id")?;
        if imports.values().is_sorted() {
            return Ok(rows);
        }
        // Files that several imports were written together into overlap. Rows of one import keep their order.
        let mut order: Vec<u32> = (0_u32..).take(rows.num_rows()).collect();
        order.sort_by_key(|row| imports.value(*row as usize));
        take_record_batch(&rows, &UInt32Array::from(order)).map_err(LakeError::data("cannot read a table"))
    }
}

/// The panel lacks one commit to this table, and nothing else. A new table has a version 0 without rows before its first.
fn is_one_commit_behind(made: &Made, now: &BTreeMap<String, u64>, committed: FactKind) -> bool {
    let mut known = made.versions.clone();
    let Some(newest) = now.get(committed.name()) else { return false };
    let was = known.insert(committed.name().to_owned(), *newest).unwrap_or(0);
    was + 1 == *newest && known == *now
}
