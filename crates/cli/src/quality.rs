//! `takar quality` and `takar aliases`: what looks wrong in the data, and which ids mean the same.

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use takar_app::{Member, Push, Quality, Takar, Written};
use takar_import::FactKind;
use takar_lake::{FactFilter, OddLines};
use takar_model::{Lang, Money, SourceName};

use crate::{args::ReportFormat, output};

/// Findings of a kind that are shown; JSON has more.
const SHOWN: usize = 10;

/// `takar quality`.
#[derive(Debug, Args)]
pub struct QualityAsked {
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// `takar aliases`.
#[derive(Debug, Args)]
pub struct Aliases {
    /// What is decided; without it, list what was
    #[command(subcommand)]
    pub verb: Option<AliasesVerb>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    pub format: ReportFormat,
}

/// A decision on two ids.
#[derive(Debug, Subcommand)]
pub enum AliasesVerb {
    /// Two ids mean the same: rows of the first are read as of the second
    Same {
        /// What they are ids of
        of: Of,
        /// The id that is read as the other
        alias: String,
        /// The id that counts
        id: String,
    },
    /// Two ids do not mean the same, however alike they look
    Apart {
        /// What they are ids of
        of: Of,
        /// One id
        alias: String,
        /// The other
        id: String,
    },
}

/// A thing that has ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Of {
    /// Customer accounts.
    Account,
    /// Products.
    Product,
    /// Account managers.
    Manager,
}

/// Keeps a decision, or lists those there are.
pub fn aliases(takar: &Takar, asked: Aliases, lang: Lang) -> Result<()> {
    let (of, alias, id, verdict) = match asked.verb {
        None => {
            let filter = FactFilter::of(FactKind::Aliases, 10_000);
            return crate::facts::show(takar, &filter, asked.format, lang);
        }
        Some(AliasesVerb::Same { of, alias, id }) => (of, alias, id, "same"),
        Some(AliasesVerb::Apart { of, alias, id }) => (of, alias, id, "apart"),
    };
    let of = match of {
        Of::Account => "account",
        Of::Product => "product",
        Of::Manager => "manager",
    };
    let row = serde_json::json!([{ "of": of, "alias": alias, "id": id, "verdict": verdict }]).to_string();
    let rows = takar_import::rows_of_json(row.as_bytes(), "aliases").map_err(takar_app::AppError::from)?;
    let push = Push {
        kind: FactKind::Aliases,
        source: SourceName::from("default"),
        rows,
        key: None,
        all_or_none: false,
        written: Written::default(),
    };
    let pushed = takar.push(push)?;
    match asked.format {
        ReportFormat::Json => output::line(&serde_json::to_string(&pushed)?),
        ReportFormat::Text => {
            let import = pushed.import;
            output::line(&match (lang, verdict) {
                (Lang::Id, "same") => {
                    format!("{alias} kini dibaca sebagai {id}. Batalkan dengan: takar imports undo {import}")
                }
                (Lang::Id, _) => {
                    format!("{alias} dan {id} tetap terpisah. Batalkan dengan: takar imports undo {import}")
                }
                (Lang::En, "same") => {
                    format!("{alias} is read as {id} now. Take it back with: takar imports undo {import}")
                }
                (Lang::En, _) => format!("{alias} and {id} stay apart. Take it back with: takar imports undo {import}"),
            })
        }
    }
}

/// Prints what looks wrong.
pub fn run(takar: &Takar, asked: &QualityAsked, lang: Lang) -> Result<()> {
    let quality = takar.quality()?;
    match asked.format {
        ReportFormat::Json => output::line(&serde_json::to_string(&quality)?),
        ReportFormat::Text => output::line(&told(&quality, lang)),
    }
}

fn told(quality: &Quality, lang: Lang) -> String {
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    let count = |number: u64| lang.group(i128::from(number));
    let mut parts = vec![completeness(quality, lang)];
    let mut section = |title: String, header: &[&str], right: &[bool], rows: Vec<Vec<String>>, all: usize| {
        if rows.is_empty() {
            return;
        }
        let mut text = format!("{title}\n{}", output::table(header, right, &rows));
        if all > rows.len() {
            text.push_str(&format!("\n… {} {}", count((all - rows.len()) as u64), say("lagi", "more")));
        }
        parts.push(text);
    };
    let streams = quality.streams.iter().map(|stream| {
        let day = stream.last_day.map(|day| day.to_string()).unwrap_or_default();
        let since = stream.days_since.map(|days| lang.group(i128::from(days))).unwrap_or_default();
        vec![stream.source.clone(), count(stream.lines), day, since]
    });
    section(
        say("Kebaruan", "Freshness").to_owned(),
        &[say("sumber", "source"), say("baris", "lines"), say("sampai", "until"), say("hari lalu", "days ago")],
        &[false, true, false, true],
        streams.collect(),
        0,
    );
    let aside = quality
        .set_aside
        .iter()
        .take(SHOWN)
        .map(|one| vec![one.import.to_string(), one.label.clone(), count(one.rows)]);
    section(
        say("Baris yang disisihkan (takar imports set-aside N)", "Rows set aside (takar imports set-aside N)")
            .to_owned(),
        &[say("impor", "import"), say("berkas", "file"), say("baris", "rows")],
        &[true, false, true],
        aside.collect(),
        quality.set_aside.len(),
    );
    let money = |net: Option<Money>| net.map(|net| net.format(lang, 0)).unwrap_or_default();
    let side = |member: &Member| match &member.name {
        Some(name) if *name != member.id => format!("{} ({name})", member.id),
        _ => member.id.clone(),
    };
    let pairs = quality.duplicates.iter().take(SHOWN).map(|pair| {
        let percent = format!("{:.0} %", pair.score * 100.0);
        vec![pair.of.to_owned(), side(&pair.alias), side(&pair.member), percent, money(pair.alias.net_sales)]
    });
    section(
        say("Mungkin sama (takar aliases same|apart …)", "Likely the same (takar aliases same|apart …)").to_owned(),
        &["", say("ini", "this"), say("dan ini", "and this"), say("mirip", "alike"), say("penjualan", "sales")],
        &[false, false, false, true, true],
        pairs.collect(),
        quality.duplicates.len(),
    );
    let unknown = quality.unknown.iter().take(SHOWN).map(|one| {
        let nearest = one.nearest.as_ref().map(side).unwrap_or_default();
        vec![one.of.to_owned(), one.id.clone(), count(one.rows), one.kinds.join(", "), money(one.net_sales), nearest]
    });
    section(
        say("Tidak ada di tabelnya", "Not in their table").to_owned(),
        &[
            "",
            say("kode", "id"),
            say("baris", "rows"),
            say("di", "in"),
            say("penjualan", "sales"),
            say("mungkin", "likely"),
        ],
        &[false, false, true, false, true, false],
        unknown.collect(),
        quality.unknown.len(),
    );
    let lacking = quality
        .lacking
        .iter()
        .map(|one| vec![one.kind.to_owned(), one.column.to_owned(), count(one.lacking), count(one.rows)]);
    section(
        say("Kosong di jenis data lain", "Blank in other kinds").to_owned(),
        &[say("jenis", "kind"), say("kolom", "column"), say("kosong", "blank"), say("dari", "of")],
        &[false, false, true, true],
        lacking.collect(),
        0,
    );
    for (title, odd) in [
        (say("Harga 100 kali dari biasanya", "Prices 100 times off"), &quality.prices),
        (say("Harga pokok janggal", "Odd costs"), &quality.costs),
        (say("Tanggal di masa depan", "Days to come"), &quality.future),
    ] {
        section(
            format!("{title}: {}", count(odd.count)),
            &[
                say("tanggal", "date"),
                say("akun", "account"),
                say("produk", "product"),
                say("nilai", "value"),
                say("biasanya", "usual"),
                say("asal", "from"),
            ],
            &[false, false, false, true, true, false],
            odd_lines(odd),
            usize::try_from(odd.count).unwrap_or(usize::MAX),
        );
    }
    let targets = quality.targets.iter().take(SHOWN).map(|target| {
        let place = format!("{}:{}", target.file, target.row);
        vec![
            target.scope.clone(),
            target.kpi.clone(),
            target.from.to_string(),
            target.value.format(lang, 0),
            target.usual.format(lang, 0),
            place,
        ]
    });
    section(
        say("Target yang jauh dari tetangganya", "Targets far from their neighbours").to_owned(),
        &[
            say("untuk", "for"),
            say("ukuran", "measure"),
            say("mulai", "from"),
            say("nilai", "value"),
            say("biasanya", "usual"),
            say("asal", "from"),
        ],
        &[false, false, false, true, true, false],
        targets.collect(),
        quality.targets.len(),
    );
    let twice = quality.targets_twice.iter().take(SHOWN).map(|target| {
        vec![
            target.scope.clone(),
            target.kpi.clone(),
            format!("{}..{}", target.from, target.to),
            target.value.format(lang, 0),
            format!("{}:{}", target.file, target.row),
            target.first.format(lang, 0),
            format!("{}:{}", target.first_file, target.first_row),
        ]
    });
    section(
        say(
            "Target yang ditulis dua kali, dari sumber yang berbeda; keduanya dihitung: batalkan salah satu impornya",
            "Targets told twice, by different streams; both count: undo one of the imports",
        )
        .to_owned(),
        &[
            say("untuk", "for"),
            say("ukuran", "measure"),
            say("masa", "days"),
            say("nilai", "value"),
            say("asal", "from"),
            say("sudah ditulis", "told before"),
            say("asal", "from"),
        ],
        &[false, false, false, true, false, true, false],
        twice.collect(),
        quality.targets_twice.len(),
    );
    let shares = quality.shares.iter().take(SHOWN).map(|one| {
        let from = one.from.map(|day| day.to_string()).unwrap_or_default();
        vec![one.account.clone(), from, format!("{:.2} %", one.percent)]
    });
    section(
        say("Bagian kepemilikan lebih dari 100 %", "Ownership shares above 100 %").to_owned(),
        &[say("akun", "account"), say("mulai", "from"), say("jumlah", "sum")],
        &[false, false, true],
        shares.collect(),
        quality.shares.len(),
    );
    if !quality.rate_currencies.is_empty() {
        let all = quality.rate_currencies.join(", ");
        parts.push(match lang {
            Lang::Id => format!("Kurs ditulis dalam beberapa mata uang ({all}); yang dipakai hanya yang terbanyak."),
            Lang::En => {
                format!("Rates are told in several currencies ({all}); only those in the most frequent one are used.")
            }
        });
    }
    parts.join("\n\n")
}

/// How many lines lack what, over all months and in the last one.
fn completeness(quality: &Quality, lang: Lang) -> String {
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    let share = |lacking: u64, lines: u64| match lines {
        0 => String::new(),
        lines => format!("{:.1} %", 100.0 * (lines - lacking) as f64 / lines as f64),
    };
    let last = quality.months.last();
    let rows: Vec<Vec<String>> = quality
        .fields
        .iter()
        .enumerate()
        .map(|(place, field)| {
            let lacking: u64 = quality.months.iter().map(|month| month.lacking[place]).sum();
            let lines: u64 = quality.months.iter().map(|month| month.lines).sum();
            let of_last = last.map_or_else(String::new, |month| share(month.lacking[place], month.lines));
            vec![(*field).to_owned(), lang.group(i128::from(lacking)), share(lacking, lines), of_last]
        })
        .collect();
    let month = last.map(|month| month.month.to_string()).unwrap_or_default();
    let title = match lang {
        Lang::Id => format!("Kelengkapan {} baris penjualan", lang.group(i128::from(quality.lines))),
        Lang::En => format!("Completeness of {} sales lines", lang.group(i128::from(quality.lines))),
    };
    let header = [say("isi", "what"), say("kosong", "blank"), say("terisi", "filled"), month.as_str()];
    format!("{title}\n{}", output::table(&header, &[false, true, true, true], &rows))
}

fn odd_lines(odd: &OddLines) -> Vec<Vec<String>> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    odd.examples
        .iter()
        .take(SHOWN)
        .map(|line| {
            let place = format!("{}:{}", line.file, line.row);
            vec![
                line.date.clone(),
                text(&line.account),
                text(&line.product),
                line.value.clone(),
                text(&line.usual),
                place,
            ]
        })
        .collect()
}
