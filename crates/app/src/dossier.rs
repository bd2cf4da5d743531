//! All that is held about a person, for that person: rows of data, decisions, assessments, and who looked at it.

use std::io::{Cursor, Write};

use arrow::{
    array::{Array, AsArray},
    compute::cast,
    datatypes::DataType,
};
use serde::Serialize;
use serde_json::Value;
use takar_import::FactKind;
use takar_insight::metrics::CellSource;
use takar_model::{Credit, Lang, Right, Text, guarded};
use takar_state::{Message, Person as PersonHeld, RowsAbout, UserRow};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{Actor, AppError, Result, Takar};

/// Whose: the own unless said.
#[derive(Debug, Clone, Default)]
pub struct DossierAsked {
    /// Of this account manager.
    pub manager: Option<String>,
    /// Of this user.
    pub login: Option<String>,
}

/// All that is held about a person, in one file.
pub struct Dossier {
    /// A name for the file.
    pub name: String,
    /// A ZIP archive of CSV files and an explanation of each.
    pub zip: Vec<u8>,
}

/// What is held about a person, without the rows of data.
#[derive(Debug, Serialize)]
pub struct Held {
    /// The account manager's id.
    pub manager: Option<String>,
    /// The login.
    pub login: Option<String>,
    /// How many rows of which kind.
    pub kinds: Vec<HeldKind>,
    /// Who looked at it, newest first.
    pub looked_at: Vec<LookedAt>,
}

/// Rows of one kind.
#[derive(Debug, Serialize)]
pub struct HeldKind {
    /// The name of its file.
    pub of: &'static str,
    /// What a reader calls it.
    pub label: &'static str,
    /// How many.
    pub rows: usize,
}

/// Somebody looked at what is held.
#[derive(Debug, Serialize)]
pub struct LookedAt {
    /// The login.
    pub who: String,
    /// The day, UTC.
    pub day: String,
    /// At how many different answers.
    pub answers: usize,
}

/// Looks that are told, at most.
const MOST_LOOKS: usize = 100;

/// Who it is about.
struct About {
    manager: Option<String>,
    manager_name: Option<String>,
    user: Option<UserRow>,
}

impl Takar {
    /// What is held about a person, in numbers, and who looked at it.
    ///
    /// # Errors
    /// For who asks about somebody else without the right to govern; where there is no such person.
    pub fn held_about(&self, asked: &DossierAsked, lang: Lang) -> Result<Held> {
        let about = self.about(asked)?;
        let rows = self.rows_held(&about)?;
        let mut looks: Vec<LookedAt> = Vec::new();
        for look in rows.iter().filter(|rows| rows.of == "looked_at_by_others").flat_map(|rows| &rows.rows) {
            let text = |place: usize| look.get(place).and_then(Value::as_str).unwrap_or_default();
            let own = about.user.as_ref().is_some_and(|user| user.login.eq_ignore_ascii_case(text(1)));
            match looks.iter_mut().find(|one| one.who == text(1) && one.day == text(0)) {
                _ if own => {}
                Some(one) => one.answers += 1,
                None => looks.push(LookedAt { day: text(0).to_owned(), who: text(1).to_owned(), answers: 1 }),
            }
        }
        looks.sort_by(|one, other| (&other.day, &one.who).cmp(&(&one.day, &other.who)));
        looks.truncate(MOST_LOOKS);
        let kinds =
            rows.iter().map(|one| HeldKind { of: one.of, label: label(one.of).get(lang), rows: one.rows.len() });
        Ok(Held {
            kinds: kinds.collect(),
            looked_at: looks,
            manager: about.manager,
            login: about.user.map(|user| user.login),
        })
    }

    /// All that is held about a person, as one file.
    ///
    /// # Errors
    /// As [`Takar::held_about`]; where the data cannot be read.
    pub fn dossier(&self, asked: &DossierAsked) -> Result<Dossier> {
        let about = self.about(asked)?;
        let whose =
            about.manager.as_deref().or(about.user.as_ref().map(|user| user.login.as_str())).unwrap_or_default();
        let mut archive = Archive::new();
        let mut files: Vec<(String, Text, u64)> = Vec::new();
        for rows in self.rows_held(&about)?.iter().filter(|rows| !rows.rows.is_empty()) {
            let name = format!("here/{}.csv", rows.of);
            archive.table(&name, &rows.columns, rows.rows.iter().map(|row| row.iter().map(plain)))?;
            files.push((name, label(rows.of), rows.rows.len() as u64));
        }
        let names: Vec<&str> = about.manager.iter().chain(&about.manager_name).map(String::as_str).collect();
        for kind in FactKind::ALL.into_iter().filter(|_| !names.is_empty()) {
            let name = format!("data/{}.csv", kind.name());
            let rows = self.table_about(kind, &names, &mut archive, &name)?;
            if rows > 0 {
                files.push((name, kind.label(), rows));
            }
        }
        archive.file("README.txt", explained(whose, &self.now(), &files).as_bytes())?;
        self.note("dossier", whose)?;
        let letters = whose.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' });
        Ok(Dossier { name: format!("takar-{}.zip", letters.collect::<String>()), zip: archive.finish()? })
    }

    /// Who is asked about, where one may.
    fn about(&self, asked: &DossierAsked) -> Result<About> {
        let users = self.state.users()?;
        let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
        let of_login = |login: &str| users.iter().find(|user| same(&user.login, login)).cloned();
        let of_manager = |manager: &str| users.iter().find(|user| managed(user) == Some(manager)).cloned();
        let own = if let Actor::Person(person) = self.actor() { Some(person) } else { None };
        let own_manager = own.and_then(|own| own.manager.as_ref().filter(|_| own.role.may(Right::Answer)));
        let own_manager = own_manager.map(|manager| manager.0.as_str());
        let (manager, user) = match (&asked.manager, &asked.login, own) {
            (None, None, None) => {
                return Err(AppError::Asked(Text::new(
                    "tentang siapa? sebutkan manajer akun atau pengguna",
                    "about whom? name an account manager or a user",
                )));
            }
            (None, None, Some(own)) => (own_manager.map(str::to_owned), of_login(&own.login)),
            (Some(manager), None, _) => (Some(manager.clone()), of_manager(manager)),
            (manager, Some(login), _) => {
                let user = of_login(login).ok_or_else(nobody)?;
                (manager.clone().or_else(|| managed(&user).map(str::to_owned)), Some(user))
            }
        };
        if let Some(own) = own {
            let is_own_manager = manager.is_none() || manager.as_deref() == own_manager;
            let is_own_login = user.as_ref().is_none_or(|user| user.id == own.id);
            if !(is_own_manager && is_own_login) {
                self.may(Right::Govern)?;
            }
        }
        let source = self.lake_source(Credit::Recorded)?;
        let names = &source.names().manager;
        let code = manager.as_deref().and_then(|manager| names.code(manager));
        let is_known = code.is_some() || user.is_some();
        if !is_known && !self.is_named(manager.as_deref())? {
            return Err(nobody());
        }
        Ok(About { manager_name: code.and_then(|code| names.name(code)).map(str::to_owned), manager, user })
    }

    /// The manager is in the table of managers, though without sales.
    fn is_named(&self, manager: Option<&str>) -> Result<bool> {
        let known = self.lake.ids_named(FactKind::Managers, "manager_id")?;
        Ok(manager.is_some_and(|manager| known.iter().any(|named| named.id == manager)))
    }

    fn rows_held(&self, about: &About) -> Result<Vec<RowsAbout>> {
        let user = about.user.as_ref();
        Ok(self.state.about(&PersonHeld {
            manager: about.manager.as_deref(),
            login: user.map(|user| user.login.as_str()),
            name: user.map(|user| user.name.as_str()),
        })?)
    }

    /// Writes the rows of a kind that name the person; how many there were. Without one there is no file.
    fn table_about(&self, kind: FactKind, names: &[&str], archive: &mut Archive, name: &str) -> Result<u64> {
        let mut rows = 0;
        self.lake.rows_about::<AppError>(kind, names, &mut |status, batch| {
            if rows == 0 {
                let schema = batch.schema();
                let columns: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
                archive.begin(name)?;
                archive.row(std::iter::once("state").chain(columns.iter().map(String::as_str)))?;
            }
            let texts = batch
                .columns()
                .iter()
                .map(|column| cast(column, &DataType::Utf8))
                .collect::<std::result::Result<Vec<_>, _>>();
            let texts = texts.map_err(|error| unwritable(&error))?;
            for row in 0..batch.num_rows() {
                let cell = |column: &arrow::array::ArrayRef| {
                    let column = column.as_string::<i32>();
                    if column.is_valid(row) { column.value(row).to_owned() } else { String::new() }
                };
                archive.row(std::iter::once(status.to_owned()).chain(texts.iter().map(cell)))?;
            }
            rows += batch.num_rows() as u64;
            Ok(())
        })?;
        Ok(rows)
    }
}

/// The account manager that a user is. Who only reads has a place in a line, and is nobody in it.
fn managed(user: &UserRow) -> Option<&str> {
    user.manager.as_deref().filter(|_| user.role.may(Right::Answer))
}

/// A ZIP archive of CSV files in the making.
struct Archive(ZipWriter<Cursor<Vec<u8>>>);

impl Archive {
    fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    fn begin(&mut self, name: &str) -> Result<()> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
        self.0.start_file(name, options).map_err(|error| unwritable(&error))
    }

    fn file(&mut self, name: &str, content: &[u8]) -> Result<()> {
        self.begin(name)?;
        self.0.write_all(content).map_err(|error| unwritable(&error))
    }

    /// A row of the file that was begun last; what a spreadsheet would run is guarded.
    fn row(&mut self, cells: impl Iterator<Item = impl AsRef<str>>) -> Result<()> {
        let mut line = csv::WriterBuilder::new().from_writer(Vec::new());
        let cells: Vec<String> = cells.map(|cell| guarded(cell.as_ref()).into_owned()).collect();
        line.write_record(&cells).map_err(|error| unwritable(&error))?;
        let line = line.into_inner().map_err(|error| unwritable(&error))?;
        self.0.write_all(&line).map_err(|error| unwritable(&error))
    }

    fn table<C: Iterator<Item = String>>(
        &mut self,
        name: &str,
        columns: &[String],
        rows: impl Iterator<Item = C>,
    ) -> Result<()> {
        self.begin(name)?;
        self.row(columns.iter())?;
        for row in rows {
            self.row(row)?;
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<u8>> {
        Ok(self.0.finish().map_err(|error| unwritable(&error))?.into_inner())
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn unwritable(error: &dyn std::fmt::Display) -> AppError {
    AppError::Told(Message {
        id: format!("berkas tidak bisa dibuat: {error}"),
        en: format!("the file cannot be made: {error}"),
    })
}

fn nobody() -> AppError {
    AppError::NotFound(Text::new(
        "tidak ada orang itu: lihat `takar metrics --by manager` dan `takar users`",
        "there is no such person: see `takar metrics --by manager` and `takar users`",
    ))
}

/// What the rows of a kind are, for people.
fn label(of: &str) -> Text {
    match of {
        "user" => {
            Text::new("pengguna: nama, peran, sejak kapan, alamat surel", "user: name, role, since when, mail address")
        }
        "sessions" => Text::new("masuk ke halaman sekarang", "being in on the page now"),
        "tokens" => Text::new("token program, tanpa isinya", "tokens for programs, without what is in them"),
        "failed_logins" => Text::new("login yang gagal", "failed logins"),
        "done" => Text::new("yang dilakukan orang ini", "what the person did"),
        "decided" => Text::new("keputusan tentang orang ini", "decisions about the person"),
        "looked_at" => Text::new("yang dilihat orang ini", "what the person looked at"),
        "looked_at_by_others" => Text::new("siapa melihat angka orang ini", "who looked at the person's figures"),
        "messages" => Text::new(
            "pesan kepada orang ini, dan yang menyebutnya (tanpa isinya)",
            "messages to the person, and that name the person (without their text)",
        ),
        "targets" => Text::new("usulan target dan keputusannya", "proposed targets and what was decided"),
        "weights_set" => Text::new("bobot yang ditetapkan orang ini", "weights that the person set"),
        "ratings" => Text::new("penilaian rubrik", "ratings by the rubric"),
        "cycles" => Text::new("siklus evaluasi", "evaluation cycles"),
        "evaluations" => Text::new("evaluasi", "evaluations"),
        "figures" => Text::new("angka yang dibekukan", "frozen figures"),
        "assessments" => Text::new("penilaian diri dan atasan", "assessments by the person and the lead"),
        "conversations" => Text::new("percakapan", "conversations"),
        "signatures" => Text::new("tanda tangan", "signatures"),
        "comments" => Text::new("komentar", "comments"),
        "disputes" => Text::new("sanggahan", "disputes"),
        "decided_disputes" => Text::new("putusan atas sanggahan", "decisions on disputes"),
        "dismissed" => Text::new("peluang yang dikesampingkan", "opportunities dismissed"),
        "alert_rules" => Text::new("aturan peringatan", "alert rules"),
        "alerts" => Text::new("peringatan tentang orang ini", "alerts about the person"),
        "alert_steps" => Text::new("yang dilakukan atas peringatan", "what was done about alerts"),
        "reports" => Text::new("laporan terjadwal", "scheduled reports"),
        "reminders" => Text::new("pengingat", "reminders"),
        "improvement_actions" => Text::new("tindakan perbaikan", "actions of improvement"),
        "action_accounts" => Text::new("akun dalam tindakan", "accounts in actions"),
        "action_steps" => Text::new("langkah tindakan", "steps of actions"),
        "action_history" => Text::new("jalannya tindakan", "what happened to actions"),
        "action_results" => Text::new("hasil tindakan yang diukur", "measured results of actions"),
        _ => Text::new("lainnya", "other"),
    }
}

/// What the files are, in both languages.
fn explained(whose: &str, at: &str, files: &[(String, Text, u64)]) -> String {
    let list = |lang: Lang| -> String {
        files
            .iter()
            .map(|(name, label, rows)| format!("  {name}: {} ({})\n", label.get(lang), lang.group((*rows).into())))
            .collect()
    };
    format!(
        "Semua yang disimpan Takar tentang {whose}, {at} (UTC)\n\n\
         data/  baris data yang menyebut orang ini, termasuk yang sudah dikoreksi (superseded) atau dibatalkan (undone).\n\
         here/  yang diputuskan, dikatakan dan dilihat di Takar.\n\n{}\n\
         Keliru? Sanggah angkanya pada evaluasi, atau minta pengurus data memperbaiki barisnya.\n\n\
         ----\n\n\
         All that Takar holds about {whose}, {at} (UTC)\n\n\
         data/  rows of data that name the person, also those that were corrected (superseded) or taken back (undone).\n\
         here/  what was decided, said and looked at in Takar.\n\n{}\n\
         Something wrong? Dispute the figure in the evaluation, or ask who looks after the data to correct the row.\n",
        list(Lang::Id),
        list(Lang::En)
    )
}
