//! Bringing files in: checking them, importing them, taking imports back, repairing what was set aside.

use std::{path::PathBuf, sync::Arc};

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use serde::Serialize;
use takar_import::{FactKind, Input, Options, Plan, Ppn, Profile, Warning, WarningKind};
use takar_lake::{CompactReport, Fate, ImportReport, LakeError, Progress, SalesImport, SetAsideRows, UndoReport};
use takar_model::{ImportId, Lang, Right, SourceName, Text};
use takar_state::{ImportRow, ImportState, Message};

use crate::{AppError, Result, Takar, home::row_of_report};

/// What is to be imported, and how.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// The rows.
    pub input: Input,
    /// What they are.
    pub kind: FactKind,
    /// What the user said about them.
    pub options: Options,
    /// The name of a profile to read them by.
    pub profile: Option<String>,
    /// The name under which to keep how they were read.
    pub save_profile: Option<String>,
}

/// A file, looked at: how it would be read and what would come of it.
#[derive(Debug, Serialize)]
pub struct FileCheck {
    /// How it would be read; small tables have no plan of their own.
    pub plan: Option<Plan>,
    /// What an import would do.
    pub report: ImportReport,
}

/// An import and what became of its rows.
#[derive(Debug, Serialize)]
pub struct ImportDetail {
    /// As the log has it.
    #[serde(flatten)]
    pub row: ImportRow,
    /// How many of its rows count, and which later imports corrected how many of the others.
    pub fate: Fate,
}

impl ImportRequest {
    /// A file with nothing said about it.
    pub fn file(path: PathBuf, kind: FactKind) -> Self {
        Self { input: Input::File(path), kind, options: Options::default(), profile: None, save_profile: None }
    }
}

impl Takar {
    /// The rows of a query over files, ready to be imported.
    pub fn rows_of_sql(&self, sql: &str) -> Result<Input> {
        self.may(Right::Collect)?;
        let batches = takar_lake::rows_of_sql(&self.lake, sql)?;
        Ok(Input::Rows { label: "sql".to_owned(), batches })
    }

    /// How a file of sales would be read, without reading it whole.
    pub fn inspect(&self, request: &ImportRequest) -> Result<Plan> {
        self.may(Right::Collect)?;
        let options = self.options_of(request)?;
        Ok(takar_import::inspect(&request.input, request.kind, &options)?)
    }

    /// Reads a whole file and says what an import would do; writes nothing.
    pub fn check(&self, request: &ImportRequest, progress: Progress<'_>) -> Result<FileCheck> {
        self.may(Right::Collect)?;
        let options = self.options_of(request)?;
        let (plan, report) = self.run(ImportId(0), request, &options, true, "", progress)?;
        Ok(FileCheck { plan, report })
    }

    /// Imports a file.
    pub fn import(&self, request: &ImportRequest, progress: Progress<'_>) -> Result<(Option<Plan>, ImportReport)> {
        self.may(Right::Collect)?;
        let options = self.options_of(request)?;
        request.save_profile.as_deref().map_or(Ok(()), check_profile_name)?;
        let _lock = self.lock_imports()?;
        let started = self.now();
        let id =
            self.state.begin_import(request.kind.name(), options.source.as_str(), &request.input.label(), &started)?;
        match self.run(id, request, &options, false, &started, progress) {
            Ok((plan, report)) => {
                self.state.record_import(&row_of_report(&report, &started))?;
                self.state.set_setting("lake_version", &self.lake.version_mark())?;
                self.keep_choices(request, &options, plan.as_ref())?;
                Ok((plan, report))
            }
            Err(error) => {
                let why = Message { id: error.message(Lang::Id), en: error.message(Lang::En) };
                self.state.mark_import(id, ImportState::Failed, Some(&why))?;
                Err(error)
            }
        }
    }

    /// All imports, newest first.
    pub fn imports(&self) -> Result<Vec<ImportRow>> {
        self.may_see_everybody()?;
        Ok(self.state.imports()?)
    }

    /// One import, and what became of its rows.
    pub fn import_of(&self, id: ImportId) -> Result<ImportDetail> {
        self.may_see_everybody()?;
        let row = self.state.import(id)?;
        let kind: FactKind = row.kind.parse().unwrap_or(FactKind::Sales);
        Ok(ImportDetail { fate: self.lake.fate_of(id, kind)?, row })
    }

    /// What taking an import back would do: how many rows, and the first of them. Nothing is changed.
    pub fn would_undo(&self, id: ImportId) -> Result<UndoReport> {
        self.may(Right::Collect)?;
        match self.undoable(id)? {
            row if has_changed_nothing(&row) => Ok(UndoReport::nothing(id)),
            _ => Ok(self.lake.undo(id, true)?),
        }
    }

    /// Takes an import back.
    pub fn undo(&self, id: ImportId) -> Result<UndoReport> {
        self.may(Right::Collect)?;
        let _lock = self.lock_imports()?;
        if has_changed_nothing(&self.undoable(id)?) {
            self.state.mark_import(id, ImportState::Undone, None)?;
            return Ok(UndoReport::nothing(id));
        }
        let report = self.lake.undo(id, false)?;
        self.state.mark_import(id, ImportState::Undone, None)?;
        self.note("undo", &format!("import {id}"))?;
        self.state.set_setting("lake_version", &self.lake.version_mark())?;
        Ok(report)
    }

    fn undoable(&self, id: ImportId) -> Result<ImportRow> {
        let row = self.state.import(id)?;
        if row.state == ImportState::Done {
            return Ok(row);
        }
        Err(AppError::Asked(Text::new(
            "impor itu tidak sedang berlaku (gagal atau sudah dibatalkan): lihat `takar imports`",
            "that import does not count (it failed or was undone already): see `takar imports`",
        )))
    }

    /// Brings an import back that was taken back, as a new import of the same rows.
    pub fn redo(&self, undone: ImportId) -> Result<ImportReport> {
        self.may(Right::Collect)?;
        let _lock = self.lock_imports()?;
        let row = self.state.import(undone)?;
        if row.state != ImportState::Undone || row.added == 0 {
            return Err(AppError::Lake(LakeError::NotUndone(undone)));
        }
        let started = self.now();
        let id = self.state.begin_import(&row.kind, &row.source, &row.label, &started)?;
        match self.lake.redo(id, undone, false, &started) {
            Ok(report) => {
                self.state.record_import(&row_of_report(&report, &started))?;
                self.note("redo", &format!("import {undone} as {id}"))?;
                self.state.set_setting("lake_version", &self.lake.version_mark())?;
                Ok(report)
            }
            Err(error) => {
                let error = AppError::from(error);
                let why = Message { id: error.message(Lang::Id), en: error.message(Lang::En) };
                self.state.mark_import(id, ImportState::Failed, Some(&why))?;
                Err(error)
            }
        }
    }

    /// The rows an import set aside.
    pub fn set_aside(&self, id: ImportId) -> Result<SetAsideRows> {
        self.may(Right::Collect)?;
        self.state.import(id)?;
        Ok(self.lake.set_aside_rows(id)?)
    }

    /// The rows an import set aside as a CSV file to correct and import again, in the reader's language.
    pub fn repair_file(&self, id: ImportId, lang: Lang) -> Result<Vec<u8>> {
        self.may(Right::Collect)?;
        let kept = self.set_aside(id)?;
        let mut file = Vec::new();
        takar_import::write_repair_file(&kept.rows, &kept.headers, id, lang, &mut file)
            .map_err(|source| self.wrong(source))?;
        Ok(file)
    }

    /// Imports set-aside rows after correction: each with its row number in the file it came from, and its cells
    /// in the order of that file's columns. They rejoin their invoices.
    pub fn repair(&self, id: ImportId, rows: &[(u64, Vec<String>)]) -> Result<ImportReport> {
        self.may(Right::Collect)?;
        let row = self.state.import(id)?;
        let kept = self.lake.set_aside_rows(id)?;
        let is_known = |number: &u64| kept.rows.iter().any(|known| known.row == *number);
        let has_width = |cells: &Vec<String>| cells.len() == kept.headers.len();
        if rows.is_empty() || !rows.iter().all(|(number, cells)| is_known(number) && has_width(cells)) {
            return Err(AppError::Asked(Text::new(
                "baris perbaikan harus baris yang disisihkan impor itu, dengan semua kolomnya",
                "corrected rows must be rows that this import set aside, with all their columns",
            )));
        }
        let input = Input::Rows { label: row.label.clone(), batches: vec![repair_batch(id, &kept.headers, rows)?] };
        let mut request = ImportRequest {
            input,
            kind: FactKind::Sales,
            options: Options { source: SourceName(row.source), ..Options::default() },
            profile: None,
            save_profile: None,
        };
        let own_profile = profile_of_import(id);
        request.profile = self.state.profile(&own_profile)?.map(|_| own_profile);
        self.import(&request, &|_, _| {}).map(|(_, report)| report)
    }

    /// Makes the panels anew from the lines.
    pub fn rebuild(&self) -> Result<()> {
        self.may(Right::Collect)?;
        Ok(self.lake.rebuild()?)
    }

    /// Writes small files of the lake together, or tells what that would do; no figure changes.
    pub fn compact(&self, trial: bool) -> Result<Vec<CompactReport>> {
        self.may(Right::Collect)?;
        Ok(self.lake.compact(trial)?)
    }

    /// The names of the profiles there are.
    pub fn profiles(&self) -> Result<Vec<String>> {
        self.may(Right::Collect)?;
        Ok(self.state.profile_names()?.into_iter().filter(|name| !name.starts_with(OF_IMPORT)).collect())
    }

    /// Keeps how a file is read under a name, in place of an earlier profile of that name.
    pub fn save_profile(&self, name: &str, request: &ImportRequest) -> Result<()> {
        self.may(Right::Collect)?;
        check_profile_name(name)?;
        let content = content_of(&self.inspect(request)?)?;
        Ok(self.state.save_profile(name, &content)?)
    }

    /// Whether amounts contain PPN, as was said for a source.
    pub fn ppn_of(&self, source: &str) -> Result<Option<Ppn>> {
        let known = self.state.setting(&format!("ppn:{source}"))?;
        Ok(known.and_then(|text| serde_json::from_value(serde_json::Value::String(text)).ok()))
    }

    fn run(
        &self,
        id: ImportId,
        request: &ImportRequest,
        options: &Options,
        trial: bool,
        started: &str,
        progress: Progress<'_>,
    ) -> Result<(Option<Plan>, ImportReport)> {
        if request.kind != FactKind::Sales {
            let report = self.lake.import_table(id, request.kind, (&request.input, options), trial, started)?;
            return Ok((None, report));
        }
        let plan = takar_import::inspect(&request.input, request.kind, options)?;
        if !trial {
            // Before its rows count: a repair of those it sets aside is read the same way, even if this is cut off after
            // its commit.
            self.state.save_profile(&profile_of_import(id), &content_of(&plan)?)?;
        }
        let started = started.to_owned();
        let import =
            SalesImport { id, input: &request.input, plan: plan.clone(), strict: options.strict, trial, started };
        let mut report = self.lake.import_sales(import, progress)?;
        // Tomorrow is not told: somewhere it has begun.
        if let Some(last) = report.last_day.filter(|last| *last > self.today().plus_days(1)) {
            let columns = vec![last.to_string()];
            let warning = Warning { kind: WarningKind::DaysToCome, columns, count: 0, examples: Vec::new() };
            report.check.warnings.push(warning);
        }
        Ok((Some(plan), report))
    }

    /// The options, with what is remembered: the named profile, and the source's choice about PPN.
    fn options_of(&self, request: &ImportRequest) -> Result<Options> {
        let mut options = request.options.clone();
        if let Some(name) = &request.profile {
            let content = self.state.profile(name)?.ok_or(AppError::NotFound(Text::new(
                "tidak ada profil dengan nama itu: simpan dulu dengan --save-profile",
                "there is no profile of that name: keep one first with --save-profile",
            )))?;
            let profile: Profile = serde_json::from_str(&content).map_err(|_| {
                AppError::Asked(Text::new(
                    "profil itu tidak terbaca: simpan lagi dengan --save-profile",
                    "that profile cannot be read: keep it again with --save-profile",
                ))
            })?;
            options.profile = Some(profile);
        }
        let known = self.ppn_of(options.source.as_str())?;
        if options.ppn.is_some() && known.is_some() && options.ppn != known {
            return Err(AppError::Asked(Text::new(
                "sumber ini sudah diimpor dengan pilihan PPN yang lain: pakai pilihan yang sama, atau --source lain",
                "this source was imported with the other choice about PPN: use the same, or another --source",
            )));
        }
        options.ppn = options.ppn.or(known);
        Ok(options)
    }

    fn keep_choices(&self, request: &ImportRequest, options: &Options, plan: Option<&Plan>) -> Result<()> {
        if let Some(ppn) = options.ppn {
            let value = serde_json::to_value(ppn).ok().and_then(|value| value.as_str().map(str::to_owned));
            self.state.set_setting(&format!("ppn:{}", options.source), &value.unwrap_or_default())?;
        }
        if let Some(name) = &request.save_profile {
            match plan {
                Some(plan) => self.state.save_profile(name, &content_of(plan)?)?,
                None => self.save_profile(name, request)?,
            }
        }
        Ok(())
    }
}

/// What the profiles begin with that are kept for repairs: how each import was read.
const OF_IMPORT: &str = "import:";

/// The most letters that the name of a profile has.
const LONGEST_NAME: usize = 80;

fn profile_of_import(id: ImportId) -> String {
    format!("{OF_IMPORT}{id}")
}

/// Refuses a name that says nothing, or that is one of ours.
fn check_profile_name(name: &str) -> Result<()> {
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME || name.starts_with(OF_IMPORT) {
        return Err(AppError::Asked(Text::new(
            "nama profil harus 1 sampai 80 huruf dan tidak diawali \"import:\"",
            "the name of a profile has 1 to 80 letters and does not begin with \"import:\"",
        )));
    }
    Ok(())
}

fn content_of(plan: &Plan) -> Result<String> {
    serde_json::to_string(&plan.profile())
        .map_err(|_| AppError::Asked(Text::new("profil tidak bisa disimpan", "the profile cannot be kept")))
}

/// The corrected rows with the columns that say which row of which import each one repairs.
fn repair_batch(id: ImportId, headers: &[String], rows: &[(u64, Vec<String>)]) -> Result<RecordBatch> {
    let column = |place: usize| -> ArrayRef {
        Arc::new(rows.iter().map(|(_, cells)| cells.get(place).map(String::as_str)).collect::<StringArray>())
    };
    let mut columns: Vec<(&str, ArrayRef)> =
        headers.iter().enumerate().map(|(place, header)| (header.as_str(), column(place))).collect();
    columns.push(("takar_import", Arc::new(StringArray::from_iter_values(rows.iter().map(|_| id.to_string())))));
    columns.push(("takar_row", Arc::new(StringArray::from_iter_values(rows.iter().map(|(row, _)| row.to_string())))));
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns)
        .map_err(|_| AppError::Asked(Text::new("baris perbaikan tidak terbaca", "the corrected rows cannot be read")))
}

fn has_changed_nothing(row: &ImportRow) -> bool {
    row.added + row.gone == 0
}
