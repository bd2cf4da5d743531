//! `takar import`: bring a file in and say what came of it.

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use takar_app::{ImportRequest, SyncStep, Takar};
use takar_import::{Found, Input, NumberStyle, Options, Plan};
use takar_lake::ImportReport;
use takar_model::{Lang, SourceName};

use crate::{
    args::{Import, ReportFormat},
    output,
};

/// How many set-aside rows are shown; all are kept.
const ROWS_SHOWN: usize = 20;

/// Imports each file in turn, or what a query or a database gives; the first that is refused ends it.
pub fn run(takar: &Takar, asked: &Import, lang: Lang) -> Result<()> {
    if let Some((definition, typed)) = asked.database.definition(asked.kind, lang)? {
        let bar = Bar::new(lang);
        // A database writes decimals with a point.
        let options = Options { number_style: asked.number_style.or(Some(NumberStyle::En)), ..options(asked) };
        let rows = takar.rows_of(&definition, typed.as_ref(), &|step| bar.step(step))?;
        let (plan, report) = imported(takar, asked, rows.input.clone(), options, &bar)?;
        bar.clear();
        return said(asked, plan.as_ref(), &report, lang);
    }
    let inputs: Vec<Input> = match &asked.sql {
        Some(sql) => vec![takar.rows_of_sql(sql)?],
        None => asked.files.iter().cloned().map(Input::File).collect(),
    };
    for input in inputs {
        let bar = Bar::new(lang);
        let (plan, report) = imported(takar, asked, input, options(asked), &bar)?;
        bar.clear();
        said(asked, plan.as_ref(), &report, lang)?;
    }
    Ok(())
}

fn imported(
    takar: &Takar,
    asked: &Import,
    input: Input,
    options: Options,
    bar: &Bar,
) -> Result<(Option<Plan>, ImportReport)> {
    let request = ImportRequest {
        input,
        kind: asked.kind,
        options,
        profile: asked.profile.clone(),
        save_profile: asked.save_profile.clone(),
    };
    if asked.dry_run {
        let check = takar.check(&request, &|done, all| bar.show(done, all))?;
        return Ok((check.plan, check.report));
    }
    Ok(takar.import(&request, &|done, all| bar.show(done, all))?)
}

fn said(asked: &Import, plan: Option<&Plan>, report: &ImportReport, lang: Lang) -> Result<()> {
    match asked.format {
        ReportFormat::Json => output::line(&serde_json::to_string(report)?),
        ReportFormat::Text => output::line(&tell(plan, report, asked.dry_run, lang)),
    }
}

fn options(asked: &Import) -> Options {
    Options {
        map: asked.map.clone(),
        sheet: asked.sheet.clone(),
        source: SourceName(asked.source.clone()),
        strict: asked.strict,
        whole: false,
        unassigned: asked.unassigned,
        drop_duplicates: asked.drop_duplicates,
        date_order: asked.date_order,
        number_style: asked.number_style,
        discount_kind: asked.discount,
        cost_kind: asked.cost,
        ppn: asked.ppn,
        fixes: asked.fixes.clone(),
        ..Options::default()
    }
}

/// A progress bar on standard error that shows only for what takes longer than a second.
pub struct Bar {
    bar: ProgressBar,
    begun: std::time::Instant,
    lang: Lang,
}

impl Bar {
    pub fn new(lang: Lang) -> Self {
        let bar = ProgressBar::hidden();
        Self { bar, begun: std::time::Instant::now(), lang }
    }

    pub fn show(&self, done: u64, all: u64) {
        if !self.is_shown() {
            return;
        }
        self.bar.set_style(Self::style(self.lang));
        self.bar.set_length(all);
        self.bar.set_position(done);
    }

    /// What a sync is at.
    pub fn step(&self, step: SyncStep) {
        match step {
            SyncStep::Reading { rows, kept, about } if self.is_shown() => {
                self.bar.set_style(ProgressStyle::default_spinner());
                self.bar.set_message(rows_said(rows, kept, about, self.begun.elapsed().as_secs_f64(), self.lang));
                self.bar.tick();
            }
            SyncStep::Reading { .. } => {}
            SyncStep::Importing { done, all } => self.show(done, all),
        }
    }

    fn is_shown(&self) -> bool {
        if self.begun.elapsed().as_secs() < 1 {
            return false;
        }
        if self.bar.is_hidden() {
            self.bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
        }
        true
    }

    fn style(lang: Lang) -> ProgressStyle {
        let words = match lang {
            Lang::Id => "membaca {bar:30} {percent:>3} %  {bytes}/{total_bytes}  sisa {eta}",
            Lang::En => "reading {bar:30} {percent:>3} %  {bytes}/{total_bytes}  {eta} left",
        };
        ProgressStyle::with_template(words).unwrap_or_else(|_| ProgressStyle::default_bar())
    }

    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// `1,234,567 rows · 310,000 a second · 45 % of about 2,700,000`.
fn rows_said(rows: u64, kept: u64, about: Option<u64>, seconds: f64, lang: Lang) -> String {
    let count = |number: u64| lang.group(i128::from(number));
    let per_second = (rows.saturating_sub(kept) as f64 / seconds.max(0.001)) as u64;
    let mut said = match lang {
        Lang::Id => format!("{} baris · {} per detik", count(rows), count(per_second)),
        Lang::En => format!("{} rows · {} a second", count(rows), count(per_second)),
    };
    if let Some(about) = about.filter(|about| *about > 0) {
        // An estimate may be too low.
        let percent = (rows * 100 / about).min(99);
        said.push_str(&match lang {
            Lang::Id => format!(" · {percent} % dari kira-kira {}", count(about)),
            Lang::En => format!(" · {percent} % of about {}", count(about)),
        });
    }
    if kept > 0 {
        said.push_str(&match lang {
            Lang::Id => format!(" · {} sudah terbaca sebelumnya", count(kept)),
            Lang::En => format!(" · {} had been read before", count(kept)),
        });
    }
    said
}

/// What came of an import, for people.
pub fn tell(plan: Option<&Plan>, report: &ImportReport, is_trial: bool, lang: Lang) -> String {
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    let count = |number: u64| lang.group(i128::from(number));
    let mut lines = plan.map(|plan| columns_said(plan, &report.label, lang)).unwrap_or_default();
    let head = match (is_trial, report.added + report.replaced + report.gone) {
        (true, _) => say("Pemeriksaan saja, tidak ada yang ditulis:", "Checked only, nothing was written:").to_owned(),
        (false, 0) => say("Tidak ada yang berubah:", "Nothing changed:").to_owned(),
        (false, _) => format!("{} {}:", say("Impor", "Import"), report.id),
    };
    lines.push(head);
    lines.push(format!("  {:<22} {:>14}", say("baris dibaca", "rows read"), count(report.rows)));
    lines.push(format!("  {:<22} {:>14}", say("baris masuk", "lines added"), count(report.added)));
    for (number, text) in [
        (report.replaced, say("menggantikan", "lines replaced")),
        (report.gone, say("hilang di sumber", "gone in the source")),
        (report.unchanged, say("sudah ada, sama", "there already, the same")),
        (report.set_aside, say("disisihkan", "set aside")),
        (report.check.duplicates, say("kembar dalam berkas", "identical in the file")),
        (report.check.duplicates_dropped, say("kembar dibuang", "identical, left out")),
    ] {
        if number > 0 {
            lines.push(format!("  {text:<22} {:>14}", count(number)));
        }
    }
    if let Some(net) = report.net {
        lines.push(format!("  {:<22} {:>14}", say("jumlah netto", "net in all"), net.format(lang, 2)));
    }
    if let (Some(first), Some(last)) = (report.first_day, report.last_day) {
        lines.push(format!("  {:<22} {first} – {last}", say("tanggal", "dates")));
    }
    for warning in &report.check.warnings {
        lines.push(format!("! {}", warning.message(lang)));
    }
    if report.set_aside > 0 {
        lines.push(set_aside(report, lang));
        if !is_trial {
            let command = format!("takar imports set-aside {} -o perbaikan.csv", report.id);
            lines.push(format!(
                "{} {command}",
                say("Perbaiki lalu impor lagi baris-baris itu:", "Correct those rows and import them again:")
            ));
        }
    }
    lines.join("\n")
}

/// Which column is what, a line each.
pub fn columns_said(plan: &Plan, label: &str, lang: Lang) -> Vec<String> {
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    let mut lines = vec![format!("{} {label}", say("Kolom yang dipakai dari", "Columns used of"))];
    for mapped in &plan.mapping {
        let how = match mapped.found {
            Found::User => say("pilihan Anda", "your choice"),
            Found::Profile => say("profil", "profile"),
            Found::Header => say("judul kolom", "header"),
            Found::Values => say("isi kolom", "values"),
        };
        lines.push(format!("  {:<14} ← {} ({how})", mapped.field.name(), mapped.header));
    }
    let extra = plan.extra_columns();
    if !extra.is_empty() {
        lines.push(format!("  {:<14} ← {}", say("(disimpan)", "(kept)"), extra.join(", ")));
    }
    lines
}

fn set_aside(report: &ImportReport, lang: Lang) -> String {
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    let shown = &report.check.set_aside[..report.check.set_aside.len().min(ROWS_SHOWN)];
    let cell = |text: &str| -> String { text.chars().filter(|letter| !letter.is_control()).take(40).collect() };
    let rows: Vec<Vec<String>> = shown
        .iter()
        .map(|row| {
            let mut place = row.row.to_string();
            if let Some(sheet) = &row.sheet {
                place = format!("{sheet}!{place}");
            }
            let suggestion = cell(row.suggestion.as_deref().unwrap_or_default());
            vec![place, row.column.clone().unwrap_or_default(), cell(&row.value), suggestion, row.message(lang)]
        })
        .collect();
    let header = [
        say("baris", "row"),
        say("kolom", "column"),
        say("isi", "value"),
        say("saran", "suggestion"),
        say("sebab", "reason"),
    ];
    let mut text = output::table(&header, &[true, false, false, false, false], &rows);
    let more = report.set_aside.saturating_sub(rows.len() as u64);
    if more > 0 {
        text.push_str(&format!("\n… {} {}", lang.group(i128::from(more)), say("lagi", "more")));
    }
    text
}
