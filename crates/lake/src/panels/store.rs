//! Panels on disk: Arrow IPC files in a folder of their own, and one small file that names the current one.
//!
//! A panel is never changed in place: a new folder is written whole, then the name is swapped by a rename.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use arrow::{
    ipc::{reader::FileReader, writer::FileWriter},
    record_batch::RecordBatch,
};
use serde::{Deserialize, Serialize};
use takar_model::Credit;

use super::{
    layout::{each_file, from_files},
    measures::Measures,
    seal::Sealed,
};
use crate::error::{LakeError, Result};

/// Bumped when the layout of the files changes: an older panel is then made anew.
const LAYOUT: u32 = 7;

/// Rows in a batch, so that a file is written piece by piece.
const ROWS_PER_BATCH: usize = 512 * 1024;

/// What a panel was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Made {
    layout: u32,
    /// The folder below that of all panels.
    folder: String,
    /// The version of each table of facts.
    pub versions: BTreeMap<String, u64>,
    pub first_day: Option<i32>,
    pub last_day: Option<i32>,
    pub lines: u64,
}

/// The folder of all panels of one rule of credit.
pub(crate) struct Store {
    folder: PathBuf,
}

impl Store {
    /// Every rule of credit has panels of its own.
    pub(crate) fn new(lake: &Path, credit: Credit) -> Self {
        let folder = match credit {
            Credit::Recorded => "panels",
            Credit::Then => "panels_then",
            Credit::Now => "panels_now",
        };
        Self { folder: lake.join(folder) }
    }

    /// What the current panel was made from; `None` where there is none that this program can read.
    pub(crate) fn current(&self) -> Option<Made> {
        let text = fs::read_to_string(self.folder.join("CURRENT.json")).ok()?;
        serde_json::from_str(&text).ok().filter(|made: &Made| made.layout == LAYOUT)
    }

    /// Writes a panel and makes it the current one. The one before stays for its readers; older ones are removed.
    pub(crate) fn save(&self, sealed: &Sealed, versions: BTreeMap<String, u64>) -> Result<Made> {
        let name = uuid::Uuid::new_v4().simple().to_string();
        let before = self.current().map(|made| made.folder);
        let folder = self.folder.join(&name);
        fs::create_dir_all(&folder).map_err(LakeError::file("cannot create", &folder))?;
        each_file(sealed, &|file, batch| write(&folder.join(file), batch))?;
        let days = |day: fn(&Measures) -> i32| sealed.account_sums.iter().map(day);
        let made = Made {
            layout: LAYOUT,
            folder: name,
            versions,
            first_day: days(|sums| sums.first_day).min(),
            last_day: days(|sums| sums.last_day).max(),
            lines: sealed.account_sums.iter().map(|sums| u64::from(sums.lines)).sum(),
        };
        self.name(&made)?;
        self.remove_others(&[Some(made.folder.as_str()), before.as_deref()]);
        Ok(made)
    }

    /// Has the files of another store's panel as its own current one: panels are never changed in place, so both can have them.
    pub(crate) fn link(&self, other: &Self, made: &Made) -> Result<()> {
        let (from, to) = (other.folder.join(&made.folder), self.folder.join(&made.folder));
        fs::create_dir_all(&to).map_err(LakeError::file("cannot create", &to))?;
        let entries = fs::read_dir(&from).map_err(LakeError::file("cannot read", &from))?;
        for entry in entries {
            let entry = entry.map_err(LakeError::file("cannot read", &from))?;
            let target = to.join(entry.file_name());
            fs::hard_link(entry.path(), &target).map_err(LakeError::file("cannot create", &target))?;
        }
        self.name(made)
    }

    /// Says of the current panel that it is made from these versions.
    pub(crate) fn renew(&self, made: Made, versions: BTreeMap<String, u64>) -> Result<()> {
        self.name(&Made { versions, ..made })
    }

    fn name(&self, made: &Made) -> Result<()> {
        let text = serde_json::to_vec_pretty(made).map_err(LakeError::data("cannot describe the panel"))?;
        replace_file(&self.folder.join("CURRENT.json"), &text)
    }

    /// The batches of a file of a panel.
    pub(crate) fn read(&self, made: &Made, file: &str) -> Result<Vec<RecordBatch>> {
        let path = self.folder.join(&made.folder).join(file);
        let opened = File::open(&path).map_err(LakeError::file("cannot read", &path))?;
        FileReader::try_new(opened, None).and_then(Iterator::collect).map_err(LakeError::data("cannot read a panel"))
    }

    /// A file of a panel as one batch.
    pub(crate) fn read_whole(&self, made: &Made, file: &str) -> Result<RecordBatch> {
        let batches = self.read(made, file)?;
        let schema = batches
            .first()
            .map(RecordBatch::schema)
            .ok_or_else(|| LakeError::Data { doing: "cannot read a panel", reason: format!("{file} is empty") })?;
        arrow::compute::concat_batches(&schema, &batches).map_err(LakeError::data("cannot read a panel"))
    }

    /// The whole current panel.
    pub(crate) fn load(&self, made: &Made) -> Result<Sealed> {
        from_files(&|file| self.read_whole(made, file))
    }

    /// Removes the panels that are not kept. A reader that is two imports behind is refused, and finds the current one
    /// when it asks again.
    fn remove_others(&self, kept: &[Option<&str>]) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        for entry in entries.flatten() {
            if entry.path().is_dir() && !kept.contains(&entry.file_name().to_str()) {
                // A folder that cannot be removed now is removed next time.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

/// Puts a whole file in the place of another; a reader sees the one or the other.
pub(crate) fn replace_file(path: &Path, content: &[u8]) -> Result<()> {
    let fresh = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&fresh)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&fresh, path)
    };
    write().map_err(LakeError::file("cannot write", path))
}

fn write(path: &Path, batch: &RecordBatch) -> Result<()> {
    let file = File::create(path).map_err(LakeError::file("cannot create", path))?;
    let mut writer = FileWriter::try_new(BufWriter::with_capacity(1 << 20, file), &batch.schema())
        .map_err(LakeError::data("cannot write a panel"))?;
    let mut row = 0;
    loop {
        let rows = ROWS_PER_BATCH.min(batch.num_rows() - row);
        writer.write(&batch.slice(row, rows)).map_err(LakeError::data("cannot write a panel"))?;
        row += rows;
        if row == batch.num_rows() {
            break;
        }
    }
    writer.finish().map_err(LakeError::data("cannot write a panel"))
}
