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
pub(crate) mod store;

use std::collections::BTreeMap;

use arrow::{array::AsArray, datatypes::Date32Type, record_batch::RecordBatch};
use rustc_hash::FxHashSet;
use takar_import::FactKind;
use takar_model::Credit;

use self::{
    build::{Builders, Built, COLUMNS},
    draft::Draft,
    seal::{SmallTables, seal},
    store::{Made, Store},
};
use crate::{
    Lake,
    error::{LakeError, Result},
    facts::{
        delta::{DataFile, Table},
        files::{Columns, MonthOf, month_of, open, scan, select},
        load::Fresh,
        schema::{Status, stored_schema},
    },
    restate::Restatement,
};

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
                let version = Table::new(self.folder(), kind).latest_version()?;
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
        let store = Store::new(self.folder(), credit);
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
            let _lock = self.lock_for_writing()?;
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
        let store = Store::new(self.folder(), Credit::Recorded);
        let restatement = self.restatement(Credit::Recorded)?;
        let committed = match &fresh {
            Fresh::All(_) | Fresh::Months(_) => FactKind::Sales,
            Fresh::SmallTable(kind) => *kind,
        };
        let before = store.current().filter(|made| is_one_commit_behind(made, &self.panel_versions(), committed));
        let draft = match (fresh, before) {
            (Fresh::All(built), _) => Draft::from_built(*built),
            (_, None) => return self.rebuild_locked(),
            (Fresh::SmallTable(kind), Some(made)) => {
                // Ids and names of accounts and managers decide how ownership reads.
                let restates =
                    matches!(kind, FactKind::Ownership | FactKind::Rates | FactKind::Aliases | FactKind::Units);
                if restates || restatement.moves() {
                    return self.rebuild_locked();
                }
                Draft::from_sealed(store.load(&made)?)
            }
            (Fresh::Months(months), Some(made)) => {
                let kept = Draft::from_sealed(store.load(&made)?);
                let months = kept.closed_months(months);
                let built = self.build_months(Some(&months), &restatement)?;
                kept.without(&months).join(Draft::from_built(built))
            }
        };
        let sealed = seal(draft, &self.small_tables()?)?;
        store.save(&sealed, self.panel_versions()).map(drop)
    }

    /// The panel on disk, and one made anew from the lines: a test holds them against each other.
    #[cfg(test)]
    pub(crate) fn stored_and_rebuilt(&self) -> Result<(seal::Sealed, seal::Sealed)> {
        let store = Store::new(self.folder(), Credit::Recorded);
        let made = store.current().ok_or(LakeError::Query("there is no panel".to_owned()))?;
        let restatement = self.restatement(Credit::Recorded)?;
        let rebuilt = seal(Draft::from_built(self.build_months(None, &restatement)?), &self.small_tables()?)?;
        Ok((store.load(&made)?, rebuilt))
    }

    fn rebuild_locked(&self) -> Result<()> {
        self.make(&Store::new(self.folder(), Credit::Recorded), &self.restatement(Credit::Recorded)?).map(drop)
    }

    fn make(&self, store: &Store, restatement: &Restatement) -> Result<Made> {
        let sealed = seal(Draft::from_built(self.build_months(None, restatement)?), &self.small_tables()?)?;
        store.save(&sealed, self.panel_versions())
    }

    /// Counts the live lines of some months, or of all.
    fn build_months(&self, months: Option<&FxHashSet<i32>>, restatement: &Restatement) -> Result<Built> {
        let table = Table::new(self.folder(), FactKind::Sales);
        let Some(snapshot) = table.snapshot(self.runtime(), None)? else {
            return Ok(Built::default());
        };
        let is_wanted = |file: &DataFile| match (months, file.days) {
            (Some(months), Some(days)) => {
                let (first, last) = (month_of(days.from().epoch_days()), month_of(days.to().epoch_days()));
                (first..=last).any(|month| months.contains(&month))
            }
            _ => true,
        };
        let files: Vec<DataFile> = snapshot.with_status(Status::Live).filter(|file| is_wanted(file)).cloned().collect();
        let builders = Builders::default();
        let parts = scan(
            table.folder(),
            &files,
            Columns::only(&COLUMNS),
            |_| builders.builder(),
            |built, batch| {
                let batch = match months {
                    Some(months) => lines_of_months(&batch, months)?,
                    None => batch,
                };
                built.add(0, "", &restatement.apply(&batch)?)
            },
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
        let version = Table::new(self.folder(), kind).latest_version();
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
        let table = Table::new(self.folder(), kind);
        let mut batches = Vec::new();
        if let Some(snapshot) = table.snapshot(self.runtime(), None)? {
            let mut files: Vec<&DataFile> = snapshot.with_status(Status::Live).collect();
            files.sort_by_key(|file| (file.import, file.name.clone()));
            for file in files {
                for batch in open(&table.folder().join(&file.name), Columns::ALL)? {
                    batches.push(batch?);
                }
            }
        }
        arrow::compute::concat_batches(&stored_schema(kind), &batches).map_err(LakeError::data("cannot read a table"))
    }
}

/// The panel lacks one commit to this table, and nothing else. A new table has a version 0 without rows before its first.
fn is_one_commit_behind(made: &Made, now: &BTreeMap<String, u64>, committed: FactKind) -> bool {
    let mut known = made.versions.clone();
    let Some(newest) = now.get(committed.name()) else { return false };
    let was = known.insert(committed.name().to_owned(), *newest).unwrap_or(0);
    was + 1 == *newest && known == *now
}

fn lines_of_months(batch: &RecordBatch, months: &FxHashSet<i32>) -> Result<RecordBatch> {
    let Some(dates) = batch.column_by_name("date") else {
        return Ok(batch.clone());
    };
    let mut month_of_day = MonthOf::default();
    let in_months: Vec<bool> =
        dates.as_primitive::<Date32Type>().values().iter().map(|day| months.contains(&month_of_day.of(*day))).collect();
    select(batch, |row| in_months[row])
}
