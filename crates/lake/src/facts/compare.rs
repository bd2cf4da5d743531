//! What an import brings, held against what is there: new, unchanged, corrected or in conflict.

use std::sync::atomic::{AtomicU32, Ordering};

use arrow::{
    array::{Array, StringArray},
    record_batch::RecordBatch,
};
use rustc_hash::{FxHashMap, FxHashSet};
use takar_import::FactKind;
use takar_model::ImportId;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    columns::{dates, text, text_at, whole},
    delta::{DataFile, Table},
    files::MonthOf,
    keys::{GroupKey, KeyMode, content_hashes, group_keys, invoice_keys},
    scan::{Columns, RowsOfFile, find_rows, scan_rows},
};
use crate::{
    error::{LakeError, Result},
    panels::stale::Places,
};

/// The lines of one group, as far as comparing needs them: their count, the sum of their content hashes
/// (so order does not matter), and the account they name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Content {
    count: u32,
    sum: u128,
    /// Hash of the account of the first line that names one, and that line's place in its file.
    account: Option<(u64, u64)>,
    many_accounts: bool,
}

impl Content {
    fn add(&mut self, hash: u128, account: Option<u64>, place: u64) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(hash);
        self.meet(account.map(|account| (place, account)));
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.sum = self.sum.wrapping_add(other.sum);
        self.many_accounts |= other.many_accounts;
        self.meet(other.account);
    }

    fn meet(&mut self, other: Option<(u64, u64)>) {
        match (self.account, other) {
            (Some(known), Some(met)) => {
                self.many_accounts |= known.1 != met.1;
                self.account = Some(known.min(met));
            }
            (None, met) => self.account = met,
            (Some(_), None) => {}
        }
    }
}

/// How the groups of one import (or of what is there) read.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    by_key: FxHashMap<GroupKey, Content>,
    /// Rows identified by content alone: how often each content occurs.
    by_content: FxHashMap<u128, u32>,
    /// Every invoice that occurs: its orders have to be counted again where it occurs already.
    invoices: FxHashSet<GroupKey>,
}

/// What identifies the lines being compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity<'a> {
    pub kind: FactKind,
    pub mode: KeyMode,
    pub source: &'a str,
}

impl Identity<'_> {
    pub(crate) fn keys(&self, batch: &RecordBatch) -> Result<Vec<Option<GroupKey>>> {
        group_keys(self.kind, self.mode, self.source, batch)
    }

    /// The invoice of each row; rows of small tables have none.
    pub(crate) fn invoices(&self, batch: &RecordBatch) -> Result<Vec<Option<GroupKey>>> {
        match self.kind {
            FactKind::Sales => invoice_keys(self.source, batch),
            _ => Ok(vec![None; batch.num_rows()]),
        }
    }
}

impl Groups {
    /// Adds the rows of a batch that is the `chunk`-th of its file.
    pub(crate) fn add(&mut self, identity: Identity<'_>, chunk: u32, batch: &RecordBatch) -> Result<()> {
        let (keys, hashes) = (identity.keys(batch)?, content_hashes(batch)?);
        let accounts = account_hashes(identity.kind, batch)?;
        for (row, (key, hash)) in keys.into_iter().zip(hashes).enumerate() {
            match key {
                Some(key) => {
                    let place = u64::from(chunk) << 32 | row as u64;
                    self.by_key.entry(key).or_default().add(hash, accounts[row], place);
                }
                None => *self.by_content.entry(hash).or_default() += 1,
            }
        }
        self.invoices.extend(identity.invoices(batch)?.into_iter().flatten());
        Ok(())
    }

    pub(crate) fn merge(mut self, other: Self) -> Self {
        for (key, content) in other.by_key {
            self.by_key.entry(key).or_default().merge(content);
        }
        for (hash, count) in other.by_content {
            *self.by_content.entry(hash).or_default() += count;
        }
        self.invoices.extend(other.invoices);
        self
    }
}

/// What is to be done with the rows of an import.
#[derive(Debug, Default)]
pub(crate) struct Decisions {
    /// Groups that are there already, the same: their rows are not written again.
    unchanged: FxHashSet<GroupKey>,
    /// Contents that are there already, and how many of each have still to be left out.
    known_contents: FxHashMap<u128, AtomicU32>,
    /// Groups whose rows take the place of earlier ones.
    replaced: FxHashSet<GroupKey>,
    /// Groups that name an account other than this one (a hash); the rows that do are set aside.
    account_of: FxHashMap<GroupKey, u64>,
    /// Contents that are gone, and how many of each.
    surplus: FxHashMap<u128, AtomicU32>,
    /// Lines that count no more without others in their place.
    pub(crate) gone: u64,
    /// Rows that were there and have to do with the import: those of its groups and of its invoices.
    met: Vec<RowsOfFile>,
}

/// How much of its source an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What it lacks stays.
    Part,
    /// What it lacks is gone.
    Whole,
}

/// Holds the incoming groups against the live rows of the same source.
pub(crate) fn compare(
    identity: Identity<'_>,
    incoming: &Groups,
    extent: Extent,
    table: &Table,
    files: &[DataFile],
) -> Result<Decisions> {
    #[derive(Default)]
    struct Seen {
        groups: Groups,
        rows: u64,
        invoices_of_repairs: Vec<GroupKey>,
    }
    let is_sales = identity.kind == FactKind::Sales;
    let is_whole = extent == Extent::Whole;
    let met = rows_in_question(identity, incoming, extent, table, files)?;
    let seen = scan_rows(table.folder(), &met, Columns::all(table.kind()), Seen::default, |seen, batch| {
        let (keys, hashes) = (identity.keys(&batch)?, content_hashes(&batch)?);
        let (accounts, invoices) = (account_hashes(identity.kind, &batch)?, identity.invoices(&batch)?);
        let repairs = if is_sales { Some(text(&batch, "repair_of")?) } else { None };
        for row in 0..batch.num_rows() {
            let is_repair = repairs.is_some_and(|repairs| !repairs.is_null(row));
            let known = invoices[row].filter(|invoice| is_repair && incoming.invoices.contains(invoice));
            seen.invoices_of_repairs.extend(known);
            match keys[row] {
                Some(key) if is_whole || incoming.by_key.contains_key(&key) => {
                    let place = seen.rows + row as u64;
                    seen.groups.by_key.entry(key).or_default().add(hashes[row], accounts[row], place);
                }
                None if is_whole || incoming.by_content.contains_key(&hashes[row]) => {
                    *seen.groups.by_content.entry(hashes[row]).or_default() += 1;
                }
                _ => {}
            }
        }
        seen.rows += batch.num_rows() as u64;
        Ok(())
    })?;
    let mut decisions = Decisions::default();
    let mut existing = Groups::default();
    let mut repaired: FxHashSet<GroupKey> = FxHashSet::default();
    for part in seen {
        repaired.extend(part.invoices_of_repairs);
        existing = existing.merge(part.groups);
    }
    for (key, old) in &existing.by_key {
        let Some(new) = incoming.by_key.get(key) else {
            if is_whole {
                decisions.replaced.insert(*key);
                decisions.gone += u64::from(old.count);
            }
            continue;
        };
        let account = |content: &Content| content.account.map(|(_, account)| account);
        match (account(old), account(new)) {
            (Some(one), Some(other)) if one != other || new.many_accounts => {
                decisions.account_of.insert(*key, one);
            }
            _ => {}
        }
        if (old.count, old.sum) == (new.count, new.sum) {
            decisions.unchanged.insert(*key);
        } else if account(old).zip(account(new)).is_none_or(|(one, other)| one == other) {
            decisions.replaced.insert(*key);
        }
    }
    // A corrected invoice takes the place of its repaired rows too: it brings them whole.
    decisions.replaced.extend(
        repaired
            .into_iter()
            .filter(|invoice| incoming.by_key.contains_key(invoice) && !decisions.unchanged.contains(invoice)),
    );
    decisions.known_contents =
        existing.by_content.iter().map(|(hash, count)| (*hash, AtomicU32::new(*count))).collect();
    if is_whole {
        for (hash, count) in &existing.by_content {
            let surplus = count.saturating_sub(incoming.by_content.get(hash).copied().unwrap_or_default());
            if surplus > 0 {
                decisions.surplus.insert(*hash, AtomicU32::new(surplus));
                decisions.gone += u64::from(surplus);
            }
        }
    }
    decisions.met = met;
    decisions.find_inner_conflicts(incoming);
    Ok(decisions)
}

/// The rows of groups and invoices that come again: a look at the columns that identify them tells, and only these rows are
/// read whole. A row that has no identity but its content is in question where such rows come. Where the import is all there is,
/// every row is.
fn rows_in_question(
    identity: Identity<'_>,
    incoming: &Groups,
    extent: Extent,
    table: &Table,
    files: &[DataFile],
) -> Result<Vec<RowsOfFile>> {
    let whole = |file: &DataFile| -> Result<RowsOfFile> {
        let rows = u32::try_from(file.rows).map_err(LakeError::data("cannot count the rows of a data file"))?;
        Ok(RowsOfFile { file: file.clone(), rows: (0..rows).collect() })
    };
    if identity.kind != FactKind::Sales || extent == Extent::Whole {
        return files.iter().map(whole).collect();
    }
    let comes_by_content = !incoming.by_content.is_empty();
    find_rows(table.folder(), files, Columns::only(&["invoice_no", "line_no", "repair_of"]), |batch| {
        let (keys, invoices) = (identity.keys(batch)?, identity.invoices(batch)?);
        let is_asked = |(key, invoice): (Option<GroupKey>, Option<GroupKey>)| {
            key.map_or(comes_by_content, |key| incoming.by_key.contains_key(&key))
                || invoice.is_some_and(|invoice| incoming.invoices.contains(&invoice))
        };
        Ok(keys.into_iter().zip(invoices).map(is_asked).collect())
    })
}

fn counts_off(counts: &FxHashMap<u128, AtomicU32>, hash: u128) -> bool {
    counts
        .get(&hash)
        .is_some_and(|left| left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok())
}

/// What is there already of the invoices that an import wrote lines of.
#[derive(Debug, Default)]
pub(crate) struct EarlierLines {
    /// Where they are counted, under the ids that they name themselves.
    pub accounts: Places,
    pub invoices: FxHashSet<GroupKey>,
}

impl Decisions {
    /// Groups that name two accounts inside one file: the first stands.
    pub(crate) fn find_inner_conflicts(&mut self, incoming: &Groups) {
        for (key, content) in incoming.by_key.iter().filter(|(_, content)| content.many_accounts) {
            if let Some((_, account)) = content.account {
                self.account_of.entry(*key).or_insert(account);
            }
        }
    }

    /// No row of the import needs a second look.
    pub(crate) fn is_trivial(&self) -> bool {
        self.unchanged.is_empty() && self.known_contents.is_empty() && self.account_of.is_empty()
    }

    pub(crate) fn has_conflicts(&self) -> bool {
        !self.account_of.is_empty()
    }

    /// The groups that are replaced.
    pub(crate) fn replaces(&self, key: GroupKey) -> bool {
        self.replaced.contains(&key)
    }

    /// The rows of which some are superseded; empty where none are.
    pub(crate) fn rows_to_look_at(&self) -> &[RowsOfFile] {
        if self.replaced.is_empty() && self.surplus.is_empty() { &[] } else { &self.met }
    }

    /// What is there already of these invoices.
    pub(crate) fn earlier_lines(
        &self,
        identity: Identity<'_>,
        table: &Table,
        written: &FxHashSet<GroupKey>,
    ) -> Result<EarlierLines> {
        if written.is_empty() {
            return Ok(EarlierLines::default());
        }
        lines_of_invoices(identity, table, &self.met, written)
    }

    /// The rows (by their number in the file) that name another account than their group has.
    pub(crate) fn conflicting_rows(&self, identity: Identity<'_>, batch: &RecordBatch) -> Result<Vec<u64>> {
        let keys = identity.keys(batch)?;
        let accounts = account_hashes(identity.kind, batch)?;
        let rows = whole(batch, "row")?;
        Ok((0..batch.num_rows())
            .filter(|row| {
                let own = keys[*row].and_then(|key| self.account_of.get(&key));
                own.zip(accounts[*row].as_ref()).is_some_and(|(own, named)| own != named)
            })
            .filter_map(|row| u64::try_from(rows.value(row)).ok())
            .collect())
    }

    /// Which rows of a batch are to be written.
    pub(crate) fn wanted(&self, identity: Identity<'_>, batch: &RecordBatch) -> Result<Vec<bool>> {
        let keys = identity.keys(batch)?;
        let hashes = if self.known_contents.is_empty() { Vec::new() } else { content_hashes(batch)? };
        Ok(keys
            .into_iter()
            .enumerate()
            .map(|(row, key)| match key {
                Some(key) => !self.unchanged.contains(&key),
                None => hashes.get(row).is_none_or(|hash| !self.takes_known(*hash)),
            })
            .collect())
    }

    /// Counts off one of the rows of this content that are there already.
    fn takes_known(&self, hash: u128) -> bool {
        counts_off(&self.known_contents, hash)
    }
}

/// Those of some lines that belong to these invoices.
pub(crate) fn lines_of_invoices(
    identity: Identity<'_>,
    table: &Table,
    lines: &[RowsOfFile],
    asked: &FxHashSet<GroupKey>,
) -> Result<EarlierLines> {
    let columns = Columns::only(&["date", "invoice_no", "account_id"]);
    let parts = scan_rows(table.folder(), lines, columns, EarlierLines::default, |found, batch| {
        let (days, accounts) = (dates(&batch, "date")?, text(&batch, "account_id")?);
        let mut months = MonthOf::default();
        for (row, invoice) in identity.invoices(&batch)?.into_iter().enumerate() {
            if let Some(invoice) = invoice.filter(|invoice| asked.contains(invoice)) {
                found.invoices.insert(invoice);
                found.accounts.insert(months.of(days.value(row)), text_at(accounts, row));
            }
        }
        Ok(())
    })?;
    Ok(parts.into_iter().fold(EarlierLines::default(), |mut all, part| {
        all.accounts.extend(part.accounts);
        all.invoices.extend(part.invoices);
        all
    }))
}

/// As [`lines_of_invoices`], of all lines of some files.
pub(crate) fn lines_of_invoices_in(
    identity: Identity<'_>,
    table: &Table,
    files: &[DataFile],
    asked: &FxHashSet<GroupKey>,
) -> Result<EarlierLines> {
    if asked.is_empty() {
        return Ok(EarlierLines::default());
    }
    let lines = find_rows(table.folder(), files, Columns::only(&["invoice_no"]), |batch| {
        let invoices = identity.invoices(batch)?;
        Ok(invoices.into_iter().map(|invoice| invoice.is_some_and(|invoice| asked.contains(&invoice))).collect())
    })?;
    lines_of_invoices(identity, table, &lines, asked)
}

/// Which rows of a batch of live lines an import supersedes.
pub(crate) fn superseded_rows(identity: Identity<'_>, decisions: &Decisions, batch: &RecordBatch) -> Result<Vec<bool>> {
    let (keys, invoices) = (identity.keys(batch)?, identity.invoices(batch)?);
    let hashes = if decisions.surplus.is_empty() { Vec::new() } else { content_hashes(batch)? };
    let is_surplus =
        |row: usize| keys[row].is_none() && hashes.get(row).is_some_and(|hash| counts_off(&decisions.surplus, *hash));
    let replaces = |key: &Option<GroupKey>| key.is_some_and(|key| decisions.replaces(key));
    let repairs = if identity.kind == FactKind::Sales { Some(text(batch, "repair_of")?) } else { None };
    let is_repair = |row: usize| repairs.is_some_and(|repairs| !repairs.is_null(row));
    Ok((0..batch.num_rows())
        .map(|row| replaces(&keys[row]) || (is_repair(row) && replaces(&invoices[row])) || is_surplus(row))
        .collect())
}

/// The chain by which an undo finds what a line goes back to: for each group of the undone import, the
/// later import that superseded it.
#[derive(Debug, Default)]
pub(crate) struct Successors {
    by_key: FxHashMap<GroupKey, ImportId>,
}

impl Successors {
    /// Remembers who superseded the rows of a batch of the undone import.
    pub(crate) fn add(&mut self, identity: Identity<'_>, batch: &RecordBatch) -> Result<()> {
        let later = whole(batch, "superseded_by")?;
        for (row, (key, invoice)) in identity.keys(batch)?.into_iter().zip(identity.invoices(batch)?).enumerate() {
            if !later.is_null(row) {
                let import = ImportId(later.value(row));
                self.by_key.extend([key, invoice].into_iter().flatten().map(|key| (key, import)));
            }
        }
        Ok(())
    }

    /// Remembers which import brought a group again after the undone one had taken it out.
    pub(crate) fn brought_again(&mut self, key: GroupKey, by: ImportId) {
        self.by_key.insert(key, by);
    }

    /// For each row that the undone import had superseded: who supersedes it now, if anyone.
    pub(crate) fn of_rows(&self, identity: Identity<'_>, batch: &RecordBatch) -> Result<Vec<Option<ImportId>>> {
        let find = |key: Option<GroupKey>| key.and_then(|key| self.by_key.get(&key).copied());
        Ok(identity
            .keys(batch)?
            .into_iter()
            .zip(identity.invoices(batch)?)
            .map(|(key, invoice)| find(key).or_else(|| find(invoice)))
            .collect())
    }
}

fn account_hashes(kind: FactKind, batch: &RecordBatch) -> Result<Vec<Option<u64>>> {
    if kind != FactKind::Sales {
        return Ok(vec![None; batch.num_rows()]);
    }
    let accounts: &StringArray = text(batch, "account_id")?;
    Ok((0..batch.num_rows()).map(|row| text_at(accounts, row).map(|id| xxh3_64(id.as_bytes()))).collect())
}
