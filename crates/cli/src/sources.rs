//! `takar sources` and `takar sync`: databases that are read again and again.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
};

use anyhow::Result;
use clap::{Args, Subcommand};
use takar_app::{Choices, PasswordFrom, Reconciliation, SourceDefinition, SourceStatus, Synced, TableOfSource, Takar};
use takar_database::{Address, Secret, Table, Wanted};
use takar_import::{CostKind, DateOrder, DiscountKind, FactKind, Field, NumberStyle, Ppn};
use takar_model::{Lang, Schedule};

use crate::{
    args::{self, ReportFormat},
    import::{self, Bar},
    output,
};

/// `takar sources`.
#[derive(Debug, Args)]
pub struct Sources {
    /// What to do; without it, list all
    #[command(subcommand)]
    pub verb: Option<SourcesVerb>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    pub format: ReportFormat,
}

/// What can be done with sources.
#[derive(Debug, Subcommand)]
pub enum SourcesVerb {
    /// Add a table or query of a database, after trying that its rows can be read
    Add(Box<Add>),
    /// The tables of a database with their columns
    Tables(Tables),
    /// Compare a source with what was brought in from it, month by month
    Reconcile(Reconcile),
    /// Sync a source by itself while the server runs: 15m, 2h, 1d, 02:30, or off
    Schedule {
        /// Its name
        name: String,
        /// How often, or at what time of the day; off = never
        when: String,
    },
    /// Forget a source; its lines stay
    Remove(Named),
}

/// A source by its name.
#[derive(Debug, Args)]
pub struct Named {
    /// Its name
    pub name: String,
    /// Ask for the password
    #[arg(long)]
    pub password_prompt: bool,
}

/// Where a password is found.
#[derive(Debug, Args)]
pub struct Password {
    /// The variable of the environment that holds the password
    #[arg(long, value_name = "NAME")]
    pub password_env: Option<String>,
    /// The file that holds the password
    #[arg(long, value_name = "FILE", conflicts_with = "password_env")]
    pub password_file: Option<PathBuf>,
    /// Ask for the password
    #[arg(long, conflicts_with_all = ["password_env", "password_file"])]
    pub password_prompt: bool,
}

/// A table or query of a database, read once.
#[derive(Debug, Args)]
pub struct OneOff {
    /// A database instead: postgres://user@host/database, mysql://user@host/database or sqlite:file.db, without a password
    #[arg(long)]
    pub url: Option<String>,
    /// Its table or view
    #[arg(long, requires = "url", required_unless_present_any = ["files", "sql", "query"], conflicts_with = "query")]
    pub table: Option<String>,
    /// Or a query to it: SELECT …
    #[arg(long, requires = "url")]
    pub query: Option<String>,
    /// The password
    #[command(flatten)]
    pub password: Password,
}

impl OneOff {
    /// What is to be read, and the password that was typed; `None` where no database was named.
    pub fn definition(&self, kind: FactKind, lang: Lang) -> Result<Option<(SourceDefinition, Option<Secret>)>> {
        let Some(url) = &self.url else { return Ok(None) };
        let typed = typed(self.password.password_prompt, lang)?;
        let wanted = match (&self.table, &self.query) {
            (Some(table), _) => Wanted::Table(table.clone()),
            (None, query) => Wanted::Query(query.clone().unwrap_or_default()),
        };
        let definition = of_address(url, &self.password)?;
        Ok(Some((SourceDefinition { wanted, kind: kind.name().to_owned(), ..definition }, typed)))
    }
}

/// `takar sources add`.
#[derive(Debug, Args)]
pub struct Add {
    /// Its name: letters, digits, - and _
    pub name: String,
    /// postgres://user@host/database, mysql://user@host/database or sqlite:file.db, without a password
    #[arg(long)]
    pub url: String,
    /// The table or view, with its schema before a dot where it needs one
    #[arg(long, required_unless_present = "query", conflicts_with = "query")]
    pub table: Option<String>,
    /// Or a query: SELECT …
    #[arg(long)]
    pub query: Option<String>,
    /// What the rows are: sales, accounts, offers, activities … as with `takar import`
    #[arg(long, default_value = "sales", value_parser = args::kind)]
    pub kind: FactKind,
    /// The column that grows with every change: then only what changed is read
    #[arg(long, value_name = "COLUMN")]
    pub watermark: Option<String>,
    /// The password
    #[command(flatten)]
    pub password: Password,
    /// Seconds after which a question to the database is ended
    #[arg(long, default_value_t = 3600)]
    pub timeout: u64,
    /// A column by your word: field=column, as often as needed
    #[arg(long, value_parser = args::mapped, value_name = "FIELD=COLUMN")]
    pub map: Vec<(Field, String)>,
    /// Day or month first, where the column cannot tell: dmy or mdy
    #[arg(long, value_parser = args::date_order)]
    pub date_order: Option<DateOrder>,
    /// How numbers are written, where the column cannot tell: en (1,234.56), as databases do, or id (1.234,56)
    #[arg(long, value_parser = args::number_style)]
    pub number_style: Option<NumberStyle>,
    /// What the discount column holds: rate, percent or amount
    #[arg(long, value_parser = args::discount)]
    pub discount: Option<DiscountKind>,
    /// What the cost column holds: unit or line
    #[arg(long, value_parser = args::cost)]
    pub cost: Option<CostKind>,
    /// Amounts with or without PPN: included or excluded; one choice for a source
    #[arg(long, value_parser = args::ppn)]
    pub ppn: Option<Ppn>,
    /// Keep rows without an account under one unassigned account
    #[arg(long)]
    pub unassigned: bool,
    /// In place of the source of that name; it is read from its beginning then
    #[arg(long)]
    pub replace: bool,
}

/// `takar sources reconcile`.
#[derive(Debug, Args)]
pub struct Reconcile {
    /// Which source
    #[command(flatten)]
    pub source: Named,
    /// Bring all into agreement: what is missing comes in, what was corrected is replaced, what is gone counts no more
    #[arg(long)]
    pub apply: bool,
}

/// `takar sources tables`.
#[derive(Debug, Args)]
pub struct Tables {
    /// A source by its name
    #[arg(required_unless_present = "url", conflicts_with = "url")]
    pub name: Option<String>,
    /// Or the address of a database
    #[arg(long)]
    pub url: Option<String>,
    /// The password
    #[command(flatten)]
    pub password: Password,
}

/// `takar sync`.
#[derive(Debug, Args)]
pub struct Sync {
    /// Sources by name; all without any
    pub names: Vec<String>,
    /// Read every row, not only what changed
    #[arg(long)]
    pub whole: bool,
    /// Ask for the password
    #[arg(long)]
    pub password_prompt: bool,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// Lists sources, or does what is asked with one.
pub fn run(takar: &Takar, asked: Sources, lang: Lang) -> Result<()> {
    let format = asked.format;
    match asked.verb {
        None => list(&takar.sources()?, format, lang),
        Some(SourcesVerb::Add(add)) => {
            let (name, replace) = (add.name.clone(), add.replace);
            let typed = typed(add.password.password_prompt, lang)?;
            let definition = definition(*add)?;
            let found = takar.add_source(&name, &definition, typed.as_ref(), replace)?;
            match format {
                ReportFormat::Json => output::line(&serde_json::to_string(&found)?),
                ReportFormat::Text => output::line(&added(&name, &found, lang)),
            }
        }
        Some(SourcesVerb::Tables(asked)) => {
            let typed = typed(asked.password.password_prompt, lang)?;
            let definition = match (&asked.name, asked.url) {
                (Some(name), _) => takar.saved_source(name)?.definition,
                (None, url) => of_address(&url.unwrap_or_default(), &asked.password)?,
            };
            let tables = takar.tables_of(&definition, typed.as_ref())?;
            match format {
                ReportFormat::Json => output::line(&serde_json::to_string(&tables)?),
                ReportFormat::Text => output::line(&tables_said(&tables, lang)),
            }
        }
        Some(SourcesVerb::Reconcile(asked)) => {
            let typed = typed(asked.source.password_prompt, lang)?;
            let bar = Bar::new(lang);
            let show = |step| bar.step(step);
            let found = takar.reconcile_source(&asked.source.name, asked.apply, typed.as_ref(), &show)?;
            bar.clear();
            match format {
                ReportFormat::Json => output::line(&serde_json::to_string(&found)?),
                ReportFormat::Text => output::line(&reconciled(&found, lang)),
            }
        }
        Some(SourcesVerb::Schedule { name, when }) => {
            let schedule = match when.trim() {
                "off" => None,
                when => Some(when.parse::<Schedule>().map_err(|error| schedule_refused(&error.0))?),
            };
            let source = takar.schedule_source(&name, schedule)?;
            match format {
                ReportFormat::Json => output::line(&serde_json::to_string(&source)?),
                ReportFormat::Text => output::line(&scheduled(&source, lang)),
            }
        }
        Some(SourcesVerb::Remove(asked)) => {
            takar.remove_source(&asked.name)?;
            output::line(match lang {
                Lang::Id => "Sumber dilupakan; baris yang sudah masuk tetap ada.",
                Lang::En => "The source is forgotten; lines that were brought in stay.",
            })
        }
    }
}

fn schedule_refused(text: &str) -> takar_app::AppError {
    takar_app::AppError::Told(takar_state::Message {
        id: format!("\"{text}\" bukan jadwal: tulis 15m, 2h, 1d, waktu seperti 02:30, atau off"),
        en: format!("\"{text}\" is no schedule: write 15m, 2h, 1d, a time such as 02:30, or off"),
    })
}

fn scheduled(source: &SourceStatus, lang: Lang) -> String {
    let next = source.next.clone().unwrap_or_default();
    match (source.schedule, lang) {
        (None, Lang::Id) => format!("{} tidak lagi disinkronkan sendiri.", source.name),
        (None, Lang::En) => format!("{} is not synced by itself any more.", source.name),
        (Some(when), Lang::Id) => {
            format!("{}: {when}, berikutnya {next} (UTC), selama `takar serve` berjalan.", source.name)
        }
        (Some(when), Lang::En) => format!("{}: {when}, next at {next} (UTC), while `takar serve` runs.", source.name),
    }
}

/// Syncs the named sources, or all; a failing one does not keep the others from their turn.
pub fn sync(takar: &Takar, asked: &Sync, lang: Lang) -> Result<()> {
    let names: Vec<String> = if asked.names.is_empty() {
        takar.sources()?.into_iter().map(|source| source.name).collect()
    } else {
        asked.names.clone()
    };
    if names.is_empty() {
        return output::line(match lang {
            Lang::Id => "Belum ada sumber. Tambahkan dengan: takar sources add NAMA --url … --table …",
            Lang::En => "No sources yet. Add one with: takar sources add NAME --url … --table …",
        });
    }
    let typed = typed(asked.password_prompt, lang)?;
    let mut failed = None;
    for name in &names {
        let bar = Bar::new(lang);
        let result = takar.sync(name, asked.whole, typed.as_ref(), &|step| bar.step(step));
        bar.clear();
        match result {
            Ok(synced) => match asked.format {
                ReportFormat::Json => output::line(&serde_json::to_string(&synced)?)?,
                ReportFormat::Text => output::line(&synced_said(&synced, lang))?,
            },
            Err(error) => {
                if let Some(kept) = takar.saved_source(name)?.kept {
                    eprintln!("{}", kept_said(kept, lang));
                }
                if names.len() == 1 {
                    return Err(error.into());
                }
                eprintln!("{name}: {}", error.message(lang));
                failed = Some(error);
            }
        }
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}

fn definition(asked: Add) -> Result<SourceDefinition> {
    let Add { url, table, query, kind, watermark, password, timeout, .. } = asked;
    let wanted = match (table, query) {
        (Some(table), _) => Wanted::Table(table),
        (None, query) => Wanted::Query(query.unwrap_or_default()),
    };
    let choices = Choices {
        map: asked.map.into_iter().map(|(field, header)| (field.name().to_owned(), header)).collect(),
        date_order: asked.date_order,
        number_style: asked.number_style,
        discount: asked.discount,
        cost: asked.cost,
        ppn: asked.ppn,
        unassigned: asked.unassigned,
    };
    let kind = kind.name().to_owned();
    let mut definition = of_address(&url, &password)?;
    definition = SourceDefinition { wanted, kind, watermark, timeout, choices, ..definition };
    Ok(definition)
}

fn of_address(url: &str, password: &Password) -> Result<SourceDefinition> {
    let url: Address = url.parse().map_err(takar_app::AppError::from)?;
    let password = match (&password.password_env, &password.password_file) {
        (Some(name), _) => PasswordFrom::Env(name.clone()),
        (None, Some(file)) => PasswordFrom::File(file.clone()),
        (None, None) => PasswordFrom::Nowhere,
    };
    Ok(SourceDefinition {
        url,
        wanted: Wanted::Table(String::new()),
        kind: FactKind::Sales.name().to_owned(),
        watermark: None,
        password,
        timeout: 3600,
        choices: Choices::default(),
    })
}

/// The password as it is typed, unseen.
fn typed(is_wanted: bool, lang: Lang) -> Result<Option<Secret>> {
    if !is_wanted {
        return Ok(None);
    }
    let words = if lang == Lang::Id { "Kata sandi: " } else { "Password: " };
    if std::io::stdin().is_terminal() {
        return Ok(Some(Secret::new(rpassword::prompt_password(words)?)));
    }
    std::io::stderr().flush()?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(Some(Secret::new(line.trim_end_matches(['\r', '\n']).to_owned())))
}

fn list(sources: &[SourceStatus], format: ReportFormat, lang: Lang) -> Result<()> {
    if format == ReportFormat::Json {
        let mut value = serde_json::to_value(sources)?;
        for (written, source) in value.as_array_mut().into_iter().flatten().zip(sources) {
            written["error"] = source.error.as_ref().map(|error| error.get(lang)).into();
        }
        return output::line(&value.to_string());
    }
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    if sources.is_empty() {
        return output::line(say(
            "Belum ada sumber. Tambahkan dengan: takar sources add NAMA --url … --table …",
            "No sources yet. Add one with: takar sources add NAME --url … --table …",
        ));
    }
    let header = [
        say("nama", "name"),
        say("jenis", "kind"),
        say("basis data", "database"),
        say("tabel", "table"),
        say("jadwal", "schedule"),
        say("terakhir", "last"),
        say("keadaan", "state"),
    ];
    let row = |source: &SourceStatus| {
        let table = match &source.definition.wanted {
            Wanted::Table(name) => name.clone(),
            Wanted::Query(query) => query.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(30).collect(),
        };
        let state = match (&source.error, &source.synced) {
            _ if source.running.is_some() => running_said(source, lang),
            (Some(error), _) => error.get(lang).to_owned(),
            (None, Some(_)) => say("baik", "good").to_owned(),
            (None, None) => say("belum pernah", "never yet").to_owned(),
        };
        let last = source.synced.clone().unwrap_or_default();
        let definition = &source.definition;
        let schedule = source.schedule.map(|schedule| schedule.to_string()).unwrap_or_default();
        vec![source.name.clone(), definition.kind.clone(), definition.url.to_string(), table, schedule, last, state]
    };
    output::line(&output::table(&header, &[false; 7], &sources.iter().map(row).collect::<Vec<_>>()))
}

/// `reading: 1,234 rows, 45 %`.
fn running_said(source: &SourceStatus, lang: Lang) -> String {
    let Some(running) = &source.running else { return String::new() };
    let percent = running.share.map(|share| format!(", {} %", (share * 100.0) as u64)).unwrap_or_default();
    let rows = lang.group(i128::from(running.rows));
    match (running.step.as_str(), lang) {
        ("importing", Lang::Id) => format!("sedang mengimpor {rows} baris{percent}"),
        ("importing", Lang::En) => format!("importing {rows} rows{percent}"),
        (_, Lang::Id) => format!("sedang membaca: {rows} baris{percent}"),
        (_, Lang::En) => format!("reading: {rows} rows{percent}"),
    }
}

fn added(name: &str, found: &TableOfSource, lang: Lang) -> String {
    let mut lines = Vec::new();
    if let Some(plan) = &found.plan {
        lines.extend(import::columns_said(plan, name, lang));
    }
    let key = found.resumes_by.join(", ");
    lines.push(match (key.is_empty(), lang) {
        (false, Lang::Id) => format!("Muat pertama yang terputus dilanjutkan dari baris terakhir, menurut kunci {key}."),
        (false, Lang::En) => format!("A first load that is cut off goes on from its last row, by the key {key}."),
        (true, Lang::Id) => "Muat pertama yang terputus diulang dari awal: untuk melanjutkan perlu tabel dengan kunci utama, dan --watermark.".to_owned(),
        (true, Lang::En) => "A first load that is cut off begins anew: going on needs a table with a primary key, and --watermark.".to_owned(),
    });
    lines.push(match lang {
        Lang::Id => format!("Sumber \"{name}\" disimpan. Masukkan isinya dengan: takar sync {name}"),
        Lang::En => format!("The source \"{name}\" is kept. Bring its rows in with: takar sync {name}"),
    });
    lines.join("\n")
}

fn kept_said(rows: u64, lang: Lang) -> String {
    let rows = lang.group(i128::from(rows));
    match lang {
        Lang::Id => format!("{rows} baris yang sudah terbaca disimpan: sinkron berikutnya melanjutkan dari sana"),
        Lang::En => format!("{rows} rows that were read are kept: the next sync goes on from there"),
    }
}

fn tables_said(tables: &[Table], lang: Lang) -> String {
    if tables.is_empty() {
        return match lang {
            Lang::Id => "Tidak ada tabel yang boleh dibaca pengguna itu.".to_owned(),
            Lang::En => "There is no table that this user may read.".to_owned(),
        };
    }
    let said = |table: &Table| {
        let about = table.rows.map_or_else(String::new, |rows| match lang {
            Lang::Id => format!("  (kira-kira {} baris)", lang.group(i128::from(rows))),
            Lang::En => format!("  (about {} rows)", lang.group(i128::from(rows))),
        });
        let columns = table.columns.iter().map(|column| format!("\n  {:<28} {}", column.name, column.kind));
        format!("{}{about}{}", table.name, columns.collect::<String>())
    };
    tables.iter().map(said).collect::<Vec<_>>().join("\n")
}

fn synced_said(synced: &Synced, lang: Lang) -> String {
    let head = match (&synced.import, lang) {
        (Some(_), _) => format!("{}:", synced.source),
        (None, Lang::Id) => format!("{}: tidak ada yang baru", synced.source),
        (None, Lang::En) => format!("{}: nothing new", synced.source),
    };
    let mut lines = vec![head];
    if synced.kept > 0 {
        let kept = lang.group(i128::from(synced.kept));
        lines.push(match lang {
            Lang::Id => format!("  melanjutkan muat yang terputus: {kept} baris sudah terbaca sebelumnya"),
            Lang::En => format!("  went on with a load that was cut off: {kept} rows had been read before"),
        });
    }
    if !synced.new_columns.is_empty() {
        let new = synced.new_columns.join(", ");
        lines.push(match lang {
            Lang::Id => format!(
                "  kolom baru di sumber: {new} (dipakai bila namanya dikenal; lihat `takar sources tables {}`)",
                synced.source
            ),
            Lang::En => format!(
                "  new columns in the source: {new} (used where the name is known; see `takar sources tables {}`)",
                synced.source
            ),
        });
    }
    for report in synced.import.iter().chain(&synced.caught_up) {
        lines.push(import::tell(None, report, false, lang));
    }
    lines.join("\n")
}

fn reconciled(found: &Reconciliation, lang: Lang) -> String {
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    let count = |number: u64| lang.group(i128::from(number));
    let differing: Vec<Vec<String>> = found
        .months
        .iter()
        .filter(|month| !month.agrees())
        .map(|month| {
            vec![
                month.month.to_string(),
                count(month.source_lines),
                count(month.lines),
                month.source_net.format(lang, 2),
                month.net.format(lang, 2),
            ]
        })
        .collect();
    let mut lines = vec![match (differing.len(), lang) {
        (0, Lang::Id) if found.months.is_empty() && !found.differs() => format!("{}: semua baris cocok.", found.source),
        (0, Lang::En) if found.months.is_empty() && !found.differs() => format!("{}: all rows agree.", found.source),
        (0, Lang::Id) if found.months.is_empty() => format!("{}: ada baris yang berbeda.", found.source),
        (0, Lang::En) if found.months.is_empty() => format!("{}: some rows differ.", found.source),
        (0, Lang::Id) => format!("{}: cocok di semua {} bulan.", found.source, found.months.len()),
        (0, Lang::En) => format!("{}: all {} months agree.", found.source, found.months.len()),
        (some, Lang::Id) => format!("{}: {some} dari {} bulan berbeda.", found.source, found.months.len()),
        (some, Lang::En) => format!("{}: {some} of {} months differ.", found.source, found.months.len()),
    }];
    if !differing.is_empty() {
        let header = [
            say("bulan", "month"),
            say("baris di sumber", "lines in the source"),
            say("baris di sini", "lines here"),
            say("netto di sumber", "net in the source"),
            say("netto di sini", "net here"),
        ];
        lines.push(output::table(&header, &[false, true, true, true, true], &differing));
    }
    for (number, text) in [
        (found.missing(), say("baris belum ada di sini", "lines are missing here")),
        (found.check.replaced, say("baris dikoreksi di sumber", "lines were corrected in the source")),
        (found.gone, say("baris di sini sudah tidak ada di sumber", "lines here are gone in the source")),
        (found.check.set_aside, say("baris sumber tidak terbaca", "rows of the source cannot be read")),
    ] {
        if number > 0 {
            lines.push(format!("  {:>12} {text}", count(number)));
        }
    }
    match (&found.applied, lang) {
        (Some(report), Lang::Id) => lines.push(format!(
            "Disamakan dengan sumber sebagai impor {0}; kembalikan dengan: takar imports undo {0}",
            report.id
        )),
        (Some(report), Lang::En) => lines.push(format!(
            "Brought into agreement with the source as import {0}; take it back with: takar imports undo {0}",
            report.id
        )),
        (None, Lang::Id) if found.differs() => {
            lines.push(format!("Samakan dengan sumber: takar sources reconcile {} --apply", found.source));
        }
        (None, Lang::En) if found.differs() => lines.push(format!(
            "Bring all into agreement with the source: takar sources reconcile {} --apply",
            found.source
        )),
        (None, _) => {}
    }
    lines.join("\n")
}
