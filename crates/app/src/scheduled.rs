//! Scheduled reports: an evaluation for a person, of what that person may see and in that person's language, by mail or into a folder.

use std::{
    fs,
    io::Write,
    path::{Component, Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::json;
use takar_insight::{InsightError, metrics::CellSource};
use takar_model::{Credit, Lang, Month, Period, Right, Schedule, Text};
use takar_state::{Attachment, Message, ReportRow};

use crate::{Actor, AppError, Person, Result, Takar, home::told, outbox::Event};

/// The event of a report by mail.
pub(crate) const REPORT: &str = "report";
/// The setting that names the folders outside the home that reports may be written to.
const FOLDERS: &str = "report_folders";
/// The windows that can be asked for by a word.
const WORDS: [&str; 4] = ["last-month", "last-quarter", "this-quarter", "this-year"];
/// The largest file that goes with a mail: servers take few that are larger.
const LARGEST_MAIL: usize = 15 * 1024 * 1024;
/// The most reports of one person: everybody may want some, and each is made and sent by the server.
const MOST_OF_ONE: usize = 20;
/// The seconds of a day: a report is made once in it at most.
const A_DAY: u32 = 86_400;

/// A report that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportAsked {
    /// The login of whom it is for.
    pub to: String,
    /// What it tells: `evaluation`.
    #[serde(default = "evaluation")]
    pub what: String,
    /// Of which window: `last-month` (the last that is complete in the data), `last-quarter`, `this-quarter`, `this-year`, or a
    /// period.
    #[serde(default = "last_month")]
    pub period: String,
    /// `html` or `xlsx`.
    pub format: String,
    /// `mail` or `folder`.
    pub by: String,
    /// The folder: below `reports` of the home, or an absolute one that an owner allowed; the login unless given.
    #[serde(default)]
    pub folder: Option<String>,
    /// When: `monthly@08:00`, `weekly@08:00`, `08:00`, `1d`.
    pub every: String,
}

fn evaluation() -> String {
    "evaluation".to_owned()
}

fn last_month() -> String {
    WORDS[0].to_owned()
}

/// A report for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportTold {
    /// As kept.
    #[serde(flatten)]
    pub row: ReportRow,
    /// Why the last try failed.
    pub error: Option<String>,
}

impl Takar {
    /// The reports there are: all for who defines them, else those for oneself.
    pub fn scheduled_reports(&self, lang: Lang) -> Result<Vec<ReportTold>> {
        let own = self.own_login();
        let sees_all = self.may(Right::Define).is_ok();
        let rows = self.state.reports()?.into_iter();
        let rows = rows.filter(|row| sees_all || own.as_deref().is_some_and(|own| row.login.eq_ignore_ascii_case(own)));
        Ok(rows.map(|row| of_row(row, lang)).collect())
    }

    /// Keeps a report.
    ///
    /// # Errors
    /// Where the role does not let one (by mail everybody may for oneself); where there is no such person, window, format, way, folder or
    /// schedule.
    pub fn add_report(&self, asked: &ReportAsked, lang: Lang) -> Result<ReportTold> {
        let is_own = self.own_login().is_some_and(|own| own.eq_ignore_ascii_case(&asked.to));
        if !(is_own && asked.by == "mail") {
            self.may(Right::Define)?;
        }
        let user = self.state.user(&asked.to)?.filter(|user| user.closed.is_none());
        let user = user.ok_or(AppError::NotFound(Text::new(
            "tidak ada pengguna itu: lihat `takar users`",
            "there is no such user: see `takar users`",
        )))?;
        one_of("what", &asked.what, &["evaluation"])?;
        one_of("format", &asked.format, &["html", "xlsx"])?;
        one_of("by", &asked.by, &["mail", "folder"])?;
        if !WORDS.contains(&asked.period.as_str()) && asked.period.parse::<Period>().is_err() {
            return Err(AppError::Told(Message {
                id: format!(
                    "periode \"{}\" tidak dikenal: {}, atau misalnya 2025-Q3",
                    short(&asked.period),
                    WORDS.join(", ")
                ),
                en: format!(
                    "the period \"{}\" is not known: {}, or 2025-Q3, say",
                    short(&asked.period),
                    WORDS.join(", ")
                ),
            }));
        }
        let schedule = schedule(&asked.every)?;
        let is_same = |row: &&ReportRow| row.login.eq_ignore_ascii_case(&user.login);
        if self.state.reports()?.iter().filter(is_same).count() >= MOST_OF_ONE {
            return Err(AppError::Asked(Text::new(
                "seorang punya paling banyak 20 laporan: hapus dulu yang tidak dipakai",
                "one person has 20 reports at most: remove one that is not needed first",
            )));
        }
        let folder = match asked.by.as_str() {
            "folder" => {
                let folder = asked.folder.as_deref().map(str::trim).filter(|folder| !folder.is_empty());
                let folder = folder.unwrap_or(&user.login).to_owned();
                self.report_folder(&folder)?;
                Some(folder)
            }
            _ => {
                if self.state.contact(user.id)?.email.is_none() {
                    return Err(AppError::Told(no_address(&user.login)));
                }
                None
            }
        };
        let row = ReportRow {
            id: 0,
            login: user.login,
            what: asked.what.clone(),
            period: asked.period.clone(),
            format: asked.format.clone(),
            way: asked.by.clone(),
            folder,
            every: schedule.to_string(),
            made_by: self.by(None),
            made_at: self.now(),
            next: told(schedule.next_after(&self.zoned_now())),
            failures: 0,
            done: None,
            made: None,
            error: None,
        };
        let id = self.state.add_report(&row)?;
        self.note("add report", &format!("{id}: {} {} {} {}", row.login, row.period, row.format, row.way))?;
        Ok(of_row(ReportRow { id, ..row }, lang))
    }

    /// Makes a report no more.
    pub fn remove_report(&self, id: i64) -> Result<()> {
        self.report_in_sight(id)?;
        self.state.remove_report(id)?;
        self.note("remove report", &id.to_string())
    }

    /// Makes a report now; when it is made next stays.
    ///
    /// # Errors
    /// What kept it from being made.
    pub fn run_report(&self, id: i64, lang: Lang) -> Result<ReportTold> {
        let row = self.report_in_sight(id)?;
        let all = self.as_keeper();
        let made = all.make_report(&row, &format!("now-{}", all.now()))?;
        all.state.note_report(&ReportRow {
            done: Some(all.now()),
            made: Some(made),
            failures: 0,
            error: None,
            ..row
        })?;
        self.report_in_sight(id).map(|row| of_row(row, lang))
    }

    /// Lets reports be written to a folder outside the home too.
    ///
    /// # Errors
    /// Where the role does not let one; where it is no folder, or not named from the root on.
    pub fn allow_report_folder(&self, folder: &Path) -> Result<Vec<String>> {
        self.may(Right::Govern)?;
        let found = folder.is_absolute().then(|| folder.canonicalize().ok()).flatten().filter(|found| found.is_dir());
        let found = found.ok_or_else(|| {
            AppError::Told(Message {
                id: format!("{} bukan folder yang ada; tulis lengkap dari akarnya", folder.display()),
                en: format!("{} is no folder that is there; name it in full, from the root on", folder.display()),
            })
        })?;
        let mut all = self.report_folders()?;
        let found = found.to_string_lossy().into_owned();
        if !all.contains(&found) {
            all.push(found.clone());
        }
        self.state.set_setting(FOLDERS, &serde_json::to_string(&all).unwrap_or_default())?;
        self.note("allow report folder", &found)?;
        Ok(all)
    }

    fn report_folders(&self) -> Result<Vec<String>> {
        let kept = self.state.setting(FOLDERS)?;
        Ok(kept.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
    }

    pub(crate) fn has_due_reports(&self) -> Result<bool> {
        let now = self.now();
        Ok(self.state.reports()?.iter().any(|row| row.next <= now))
    }

    /// Makes every report whose time has come, one process at a time. One that cannot be made is told, and tried again: soon at first,
    /// and at its next time at the latest.
    pub fn make_due_reports(&self) -> Result<u32> {
        self.may(Right::Define)?;
        let all = self.as_keeper();
        let lock = fs::File::create(all.folder.join("reports.lock")).map_err(|source| all.wrong(source))?;
        if lock.try_lock().is_err() {
            return Ok(0);
        }
        let mut made = 0;
        let now = all.now();
        for mut row in all.state.reports()?.into_iter().filter(|row| row.next <= now) {
            let zoned = all.zoned_now();
            // Written by an older Takar in a way that is not understood or not allowed any more: looked at again tomorrow.
            let schedule = row.every.parse().ok().filter(|schedule| !is_too_often(*schedule));
            let schedule = schedule.unwrap_or(Schedule::Every(A_DAY));
            match all.make_report(&row, &row.next) {
                Ok(what) => {
                    made += 1;
                    row.failures = 0;
                    row.error = None;
                    row.done = Some(all.now());
                    row.made = Some(what);
                    row.next = told(schedule.next_after(&zoned));
                }
                Err(error @ AppError::State(_)) => return Err(error),
                Err(error) => {
                    let why = Message { id: error.message(Lang::Id), en: error.message(Lang::En) };
                    row.failures += 1;
                    row.next = told(schedule.retry_after(&zoned, row.failures));
                    if row.failures == 1 {
                        all.tell(&Event::report_failed(&row, &why))?;
                    }
                    row.error = Some(why);
                }
            }
            all.state.note_report(&row)?;
        }
        Ok(made)
    }

    /// Makes one report for the time that it was due at; where it went.
    fn make_report(&self, row: &ReportRow, due: &str) -> Result<String> {
        let user = self.state.user(&row.login)?.filter(|user| user.closed.is_none());
        let user = user.ok_or_else(|| {
            AppError::Told(Message {
                id: format!("pengguna {} tidak boleh masuk lagi", row.login),
                en: format!("the user {} may come in no more", row.login),
            })
        })?;
        let contact = self.state.contact(user.id)?;
        let lang = contact.lang;
        let seen = self.acting_as(Person::from(&user))?;
        let period = seen.period_of_word(&row.period)?;
        let evaluation = seen.evaluation(Credit::Recorded, Some(period), None)?;
        let (bytes, kind) = match row.format.as_str() {
            "xlsx" => (evaluation.xlsx(lang)?, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            _ => (evaluation.html(lang).into_bytes(), "text/html; charset=utf-8"),
        };
        let name = file_name(&user.login, period, &row.format, lang);
        if row.way == "folder" {
            let folder = self.report_folder(row.folder.as_deref().unwrap_or(&user.login))?;
            let path = folder.join(&name);
            write_whole(&folder, &path, &bytes).map_err(|source| unwritable(&path, &source))?;
            return Ok(path.to_string_lossy().into_owned());
        }
        let email = contact.email.ok_or_else(|| AppError::Told(no_address(&user.login)))?;
        if bytes.len() > LARGEST_MAIL {
            return Err(AppError::Asked(Text::new(
                "laporan ini terlalu besar untuk surel: kirim ke folder",
                "this report is too large for mail: send it to a folder",
            )));
        }
        let subject = Text::new("Evaluasi penjualan", "Sales evaluation").get(lang);
        let text = Text::new(
            "Laporan yang Anda minta dari Takar terlampir.\n\nIsinya hanya yang boleh Anda lihat.\n",
            "The report that you wanted from Takar is attached.\n\nIt holds only what you may see.\n",
        );
        let id = format!("report-{}-{}", row.id, due.replace(':', "-"));
        let data = json!({ "report": row.id, "login": user.login, "period": period.to_string(), "file": name });
        let file = Attachment { name, kind: kind.to_owned(), bytes };
        let letter = (format!("{subject} {period}"), text.get(lang).to_owned(), data);
        if !self.write_to(&email, (id, REPORT), letter, Some(file))? {
            return Err(AppError::Asked(Text::new(
                "belum ada saluran surel: mintalah kepada pemilik atau operasi penjualan menambahkannya di halaman Pemberitahuan, atau dengan `takar outbox mail`",
                "there is no mail among the ways out: ask an owner or sales operations to add it on the page Notices, or by `takar outbox mail`",
            )));
        }
        Ok(email)
    }

    /// The window that a word means, by what is complete in the data.
    fn period_of_word(&self, word: &str) -> Result<Period> {
        let source = self.source(Credit::Recorded)?;
        source.extent().ok_or(InsightError::NoData)?;
        let last: Month = source.last_complete_month().ok_or(InsightError::NoData)?;
        let quarter_begin = |month: Month| month.plus(-((month.number() - 1) % 3));
        let months = |first: Month, last: Month| Period::months(first, last).ok_or(InsightError::NoData);
        Ok(match word {
            "last-month" => Period::month(last),
            "this-quarter" => months(quarter_begin(last), last)?,
            "last-quarter" => {
                // The last that is complete.
                let begin = quarter_begin(last.plus(1)).plus(-3);
                months(begin, begin.plus(2))?
            }
            "this-year" => months(last.plus(1 - last.number()), last)?,
            other => other.parse()?,
        })
    }

    /// A folder that reports may be written to, made where it is not there.
    fn report_folder(&self, folder: &str) -> Result<PathBuf> {
        let refused = || {
            AppError::Told(Message {
                id: format!(
                    "laporan tidak boleh ditulis ke \"{}\": pilih folder di dalam reports, atau mintalah pemilik mengizinkannya dengan `takar reports allow-folder`",
                    short(folder)
                ),
                en: format!(
                    "reports may not be written to \"{}\": choose a folder within reports, or ask an owner to allow it by `takar reports allow-folder`",
                    short(folder)
                ),
            })
        };
        let path = Path::new(folder);
        if path.is_absolute() {
            let found = path.canonicalize().map_err(|_| refused())?;
            let is_allowed = self.report_folders()?.iter().any(|allowed| found.starts_with(allowed));
            return if is_allowed && found.is_dir() { Ok(found) } else { Err(refused()) };
        }
        let is_below =
            path.components().all(|part| matches!(part, Component::Normal(_))) && path.components().next().is_some();
        if !is_below || folder.chars().any(char::is_control) {
            return Err(refused());
        }
        let root = self.folder.join("reports");
        fs::create_dir_all(&root).map_err(|source| self.wrong(source))?;
        let root = root.canonicalize().map_err(|source| self.wrong(source))?;
        let wanted = root.join(path);
        // A link may lead elsewhere: nothing is made before that is known.
        let there = wanted.ancestors().find_map(|folder| folder.canonicalize().ok());
        if there.is_none_or(|there| !there.starts_with(&root)) {
            return Err(refused());
        }
        fs::create_dir_all(&wanted).map_err(|source| unwritable(&wanted, &source))?;
        let found = wanted.canonicalize().map_err(|source| unwritable(&wanted, &source))?;
        if found.starts_with(&root) { Ok(found) } else { Err(refused()) }
    }

    fn report_in_sight(&self, id: i64) -> Result<ReportRow> {
        let row = self.state.report(id)?;
        let is_own = |row: &ReportRow| self.own_login().is_some_and(|own| own.eq_ignore_ascii_case(&row.login));
        row.filter(|row| is_own(row) || self.may(Right::Define).is_ok()).ok_or(AppError::NotFound(Text::new(
            "tidak ada laporan itu: lihat `takar reports`",
            "there is no such report: see `takar reports`",
        )))
    }

    fn own_login(&self) -> Option<String> {
        match &self.actor {
            Actor::Person(person) => Some(person.login.clone()),
            Actor::Keeper => None,
        }
    }
}

impl Event {
    /// A scheduled report could not be made.
    pub(crate) const REPORT_FAILED: &'static str = "report.failed";

    fn report_failed(row: &ReportRow, why: &Message) -> Self {
        let (id, login) = (row.id, &row.login);
        Self::new(
            Self::REPORT_FAILED,
            Message {
                id: format!("Laporan {id} untuk {login} tidak bisa dibuat"),
                en: format!("The report {id} for {login} could not be made"),
            },
            Message {
                id: format!(
                    "{}\n\nTakar mencoba lagi dengan sendirinya. Mencoba sekarang: takar reports run {id}",
                    why.id
                ),
                en: format!("{}\n\nTakar tries again by itself. To try now: takar reports run {id}", why.en),
            },
            json!({ "report": id, "login": login, "reason": { "id": why.id, "en": why.en } }),
        )
    }
}

/// Writes a file whole or not at all: beside its place, then over it.
fn write_whole(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = folder.join(format!(".{}.part", uuid::Uuid::new_v4().simple()));
    let written = (|| {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        // What is left half written is nobody's.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// `evaluasi-2025-10-siti.xlsx`, of letters that every system takes.
fn file_name(login: &str, period: Period, format: &str, lang: Lang) -> String {
    let what = Text::new("evaluasi", "evaluation").get(lang);
    let period = period.to_string().replace("..", "_");
    let plain = |text: &str| -> String {
        text.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' }).collect()
    };
    format!("{what}-{}-{}.{format}", plain(&period), plain(login))
}

fn schedule(text: &str) -> Result<Schedule> {
    let schedule: Schedule = text.parse().map_err(|_| {
        AppError::Told(Message {
            id: format!("\"{}\" bukan jadwal: tulis monthly@08:00, weekly@08:00, 08:00, atau 1d", short(text)),
            en: format!("\"{}\" is no schedule: write monthly@08:00, weekly@08:00, 08:00 or 1d", short(text)),
        })
    })?;
    if is_too_often(schedule) {
        return Err(AppError::Told(Message {
            id: format!("laporan dibuat paling sering sekali sehari, bukan setiap {schedule}: tulis 1d atau 08:00"),
            en: format!("a report is made once a day at most, not every {schedule}: write 1d or 08:00"),
        }));
    }
    Ok(schedule)
}

const fn is_too_often(schedule: Schedule) -> bool {
    matches!(schedule, Schedule::Every(seconds) if seconds < A_DAY)
}

fn one_of(what: &str, word: &str, known: &[&str]) -> Result<()> {
    if known.contains(&word) {
        return Ok(());
    }
    let (word, known) = (short(word), known.join(", "));
    Err(AppError::Told(Message {
        id: format!("{what} \"{word}\" tidak dikenal: {known}"),
        en: format!("{what} \"{word}\" is not known: {known}"),
    }))
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

fn no_address(login: &str) -> Message {
    Message {
        id: format!(
            "{login} belum punya alamat surel: isi di halaman Akun saya, atau dengan `takar users change {login} --email …`"
        ),
        en: format!(
            "{login} has no mail address yet: set it on the page My account, or by `takar users change {login} --email …`"
        ),
    }
}

fn unwritable(path: &Path, source: &std::io::Error) -> AppError {
    AppError::Told(Message {
        id: format!("{} tidak bisa ditulis: {source}", path.display()),
        en: format!("{} cannot be written: {source}", path.display()),
    })
}

fn of_row(row: ReportRow, lang: Lang) -> ReportTold {
    ReportTold { error: row.error.as_ref().map(|error| error.get(lang).to_owned()), row }
}
