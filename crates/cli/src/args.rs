//! The command line: what can be asked, and how.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use takar_import::{CostKind, DateOrder, DiscountKind, FactKind, Field, Fix, NumberStyle, Ppn};
use takar_insight::metrics::{Dimension, Filter};
use takar_model::{Compare, Credit, Lang, Period, Text};

use crate::sources::{Sources, Sync};

/// How much accounts and their managers really sell, and why
#[derive(Debug, Parser)]
#[command(name = "takar", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// Folder of the data
    #[arg(long, env = "TAKAR_HOME", default_value = ".takar", global = true)]
    pub home: PathBuf,
    /// Language: id or en
    #[arg(long, env = "TAKAR_LANG", default_value = "id", global = true)]
    pub lang: Lang,
    /// Who is credited where an account changed hands: recorded (the invoice's manager), then (its owner that day), now
    #[arg(long, env = "TAKAR_CREDIT", default_value = "recorded", global = true)]
    pub credit: Credit,
    /// Who gives the command
    #[command(flatten)]
    pub identity: crate::users::Identity,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring in sales, accounts, products, managers, targets, ownership … from a file
    Import(Import),
    /// List imports, take one back, or get the rows it set aside
    Imports(Imports),
    /// Databases that are read again and again
    Sources(Sources),
    /// Bring in what changed in the sources
    Sync(Sync),
    /// Mail and webhooks that tell what happened, and the messages on their way
    Outbox(crate::outbox::Outbox),
    /// Rules that watch KPIs, and the alerts that they raised
    Alerts(crate::alerts::Alerts),
    /// Reports made by themselves, by mail or into a folder
    Reports(crate::reports::Reports),
    /// Figures by manager, account, product, month …
    Metrics(Metrics),
    /// What every figure means, and KPIs of your own: try, save, history
    Kpis(crate::kpis::Kpis),
    /// Industry packs: KPIs, weights and trade words to begin with
    Packs(crate::packs::Packs),
    /// Evaluate account managers
    Evaluate(Evaluate),
    /// What is behind a manager's result below expectation, and what to do
    Diagnose(crate::diagnose::DiagnoseAsked),
    /// Every manager's points: quantity, process, communication and the whole; and their weights
    Scorecard(crate::scorecard::ScorecardAsked),
    /// Account managers compared fairly: adjusted for portfolio, with how much may be chance
    Fair(crate::fair::FairAsked),
    /// Why sales moved: price, quantity, mix, new, lost, returns …
    Explain(Explain),
    /// Trend and pattern: rising or falling, season, breaks, feasts, what moves together
    Trends(Trends),
    /// What comes next, with intervals, and the chance to reach the target
    Forecast(Forecast),
    /// What became of the accounts: kept, lost, new, by cohort
    Retention(Retention),
    /// The accounts, those that are slipping first
    Accounts(Accounts),
    /// What could be done: worth, hours, reasons; and where the next hours go
    Opportunities(crate::opportunities::Opportunities),
    /// What each kind of data holds: offers, activities, feedback, costs … and their rows
    Facts(crate::facts::Facts),
    /// What the data lack and what in them looks wrong
    Quality(crate::quality::QualityAsked),
    /// Ids that mean the same account, product or manager
    Aliases(crate::quality::Aliases),
    /// How managers work and what accounts say of it: coverage, response, offers, follow-up, complaints
    Process(crate::process::ProcessAsked),
    /// What accounts say beside what they buy, per account or manager, and what moved first
    Satisfaction(crate::satisfaction::SatisfactionAsked),
    /// What accounts and managers earn after what it costs to serve them; which accounts cost more than they earn
    Profit(crate::profit::ProfitAsked),
    /// What becomes of products: trend, who began and stopped, complaints and requests, what moves together
    Products(crate::products::ProductsAsked),
    /// How much of each product each branch should have, and what to order
    Stock(crate::stock::Stock),
    /// What leads say of how managers work, from 1 to 5 with evidence
    Rubric(crate::rubric::Rubric),
    /// What was promised to accounts: response time, follow-up, contacts
    Promises(crate::process::PromisesAsked),
    /// Accounts that changed hands, with what they bought before and since
    Handovers(crate::handovers::HandoversAsked),
    /// Targets: what is realistic and how likely, drafts and their approval, handed down and handed up
    Targets(crate::targets::Targets),
    /// What was decided, by whom, about whom, on which data
    Decisions(crate::decisions::Decisions),
    /// All that is held about a person, as one file
    Dossier(crate::dossier::Dossier),
    /// Credit an invoice to other managers than it was recorded with
    Credit(crate::credit::Credited),
    /// Evaluation cycles: figures frozen, both sides heard, days by which each stage is due
    Cycles(crate::cycles::Cycles),
    /// One evaluation: assess, talk, comment, dispute a number, decide, sign; its history
    Evaluations(crate::evaluations::Evaluations),
    /// Actions of improvement: plan with a comparison, begin, review, steer, close
    Actions(crate::actions::Actions),
    /// What an action added, against accounts that moved alike
    Effect(crate::actions::EffectOf),
    /// What past actions teach: expected beside measured, failures too
    Learning(crate::actions::Learning),
    /// The source rows behind a figure
    Lines(Lines),
    /// Serve the page and the API
    Serve(Serve),
    /// Who may come in, and what everybody did
    Users(crate::users::Users),
    /// Make a simulated company with known truth
    Simulate(Simulate),
    /// Make the panels anew from the lines
    Rebuild,
    /// Write small files of the data together; no figure changes
    Compact(crate::compact::Compact),
    /// Write an Excel template to fill in
    Template(Template),
}

/// `takar import`.
#[derive(Debug, Args)]
pub struct Import {
    /// What the rows are: sales, accounts, products, managers, targets, market, ownership, rates, activities, offers, stages,
    /// feedback, costs, prospects, stock, receivables, units, teams, absences, aliases, credits
    #[arg(value_parser = kind)]
    pub kind: FactKind,
    /// Files: CSV, TSV, XLSX, ODS, Parquet
    #[arg(required_unless_present_any = ["sql", "url"], conflicts_with_all = ["sql", "url"])]
    pub files: Vec<PathBuf>,
    /// A query over files instead: SELECT … FROM 'orders.csv' o JOIN …
    #[arg(long, conflicts_with = "url")]
    pub sql: Option<String>,
    /// Or a database
    #[command(flatten)]
    pub database: crate::sources::OneOff,
    /// A column by your word: field=column, as often as needed
    #[arg(long, value_parser = mapped, value_name = "FIELD=COLUMN")]
    pub map: Vec<(Field, String)>,
    /// The sheet of a workbook
    #[arg(long)]
    pub sheet: Option<String>,
    /// The stream these rows belong to
    #[arg(long, default_value = "default")]
    pub source: String,
    /// Read as kept under this name
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Keep how it was read under this name
    #[arg(long, value_name = "NAME")]
    pub save_profile: Option<String>,
    /// Day or month first, where the column cannot tell: dmy or mdy
    #[arg(long, value_parser = date_order)]
    pub date_order: Option<DateOrder>,
    /// How numbers are written, where the column cannot tell: id (1.234,56) or en (1,234.56)
    #[arg(long, value_parser = number_style)]
    pub number_style: Option<NumberStyle>,
    /// What the discount column holds: rate, percent or amount
    #[arg(long, value_parser = discount)]
    pub discount: Option<DiscountKind>,
    /// What the cost column holds: unit or line
    #[arg(long, value_parser = cost)]
    pub cost: Option<CostKind>,
    /// Amounts with or without PPN: included or excluded; one choice for a source
    #[arg(long, value_parser = ppn)]
    pub ppn: Option<Ppn>,
    /// A cell corrected by hand: row:column=value, as often as needed
    #[arg(long = "fix", value_parser = fix, value_name = "ROW:COLUMN=VALUE")]
    pub fixes: Vec<Fix>,
    /// Keep rows without an account under one unassigned account
    #[arg(long)]
    pub unassigned: bool,
    /// Leave out rows that are identical to an earlier row of the file
    #[arg(long)]
    pub drop_duplicates: bool,
    /// Refuse the file if any row is bad
    #[arg(long)]
    pub strict: bool,
    /// Only check the file; write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// Text for people or JSON for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// `takar imports`.
#[derive(Debug, Args)]
pub struct Imports {
    /// What to do; without it, list all
    #[command(subcommand)]
    pub verb: Option<ImportsVerb>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    pub format: ReportFormat,
}

/// What to do with an import.
#[derive(Debug, Subcommand)]
pub enum ImportsVerb {
    /// One import: what it brought, and what became of its rows
    Show {
        /// Its number
        id: i64,
    },
    /// Take one back: its lines count no more, those it replaced count again
    Undo {
        /// Its number
        id: i64,
        /// Only show the rows it would touch; change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Bring one back that was taken back, as a new import of the same rows
    Redo {
        /// Its number
        id: i64,
    },
    /// Write the rows it set aside as a CSV file to correct and import
    SetAside {
        /// Its number
        id: i64,
        /// Where to write; standard output unless given
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
}

/// `takar metrics`.
#[derive(Debug, Args)]
pub struct Metrics {
    /// By what: manager, account, product, category, region, segment, branch, supervisor, month, quarter, year
    #[arg(long, value_delimiter = ',', value_parser = dimension)]
    pub by: Vec<Dimension>,
    /// 2025, 2025-Q3, 2025-10, 2025-10-03 or A..B; all the data unless given
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,
    /// Which figures
    #[arg(long, value_delimiter = ',', default_value = "net_sales")]
    pub kpi: Vec<String>,
    /// Beside it: prior (the window before) or year (a year earlier)
    #[arg(long, value_parser = compare)]
    pub compare: Option<Compare>,
    /// Only some: region = 'West' and not segment in ('A', 'B')
    #[arg(long = "where", value_parser = filter, value_name = "CONDITION")]
    pub filter: Option<Filter>,
    /// table, json, csv or parquet
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    pub format: TableFormat,
    /// Where to write; standard output unless given
    #[arg(short, long)]
    pub output: Option<PathBuf>,
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// For people.
    Table,
    /// JSON.
    Json,
    /// CSV.
    Csv,
    /// Parquet.
    Parquet,
}

/// `takar evaluate`.
#[derive(Debug, Args)]
pub struct Evaluate {
    /// The window; the last complete month of the data unless given
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,
    /// One manager's id
    #[arg(long)]
    pub manager: Option<String>,
    /// table, json, html or xlsx
    #[arg(long, value_enum)]
    pub format: Option<EvaluationFormat>,
    /// Where to write; standard output unless given
    #[arg(short, long)]
    pub output: Option<PathBuf>,
}

/// How an evaluation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EvaluationFormat {
    /// For the terminal.
    Table,
    /// For programs.
    Json,
    /// One file that prints well.
    Html,
    /// A workbook.
    Xlsx,
}

/// `takar explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// Which figure is explained
    #[arg(long, value_enum, default_value_t = Of::NetSales)]
    pub of: Of,
    /// Compared with; the window before --to unless given
    #[arg(long, value_parser = period)]
    pub from: Option<Period>,
    /// The window; the last complete month of the data unless given
    #[arg(long, value_parser = period)]
    pub to: Option<Period>,
    /// Without --from: prior (the window before, the usual one) or year (a year earlier, the usual one with --miss)
    #[arg(long, value_parser = compare)]
    pub compare: Option<Compare>,
    /// Of one manager
    #[arg(long)]
    pub manager: Option<String>,
    /// Only some: region = 'West' and not segment in ('A', 'B')
    #[arg(long = "where", value_parser = filter, value_name = "CONDITION")]
    pub filter: Option<Filter>,
    /// What it is held against: the base window's sales (the usual one), or the target (the usual one with --miss)
    #[arg(long, value_enum)]
    pub against: Option<Against>,
    /// Instead of a bridge: the few accounts, products, regions and managers behind the gap
    #[arg(long)]
    pub miss: bool,
    /// Members behind each bar, at most
    #[arg(long, default_value_t = 20)]
    pub items: usize,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// A figure that can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Of {
    /// Net sales.
    #[value(name = "net_sales")]
    NetSales,
}

/// What a bridge begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Against {
    /// The base window.
    #[value(alias = "prior")]
    Base,
    /// The target.
    Target,
}

/// `takar retention`.
#[derive(Debug, Args)]
pub struct Retention {
    /// The window; the last complete month of the data unless given
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,
    /// Compared with; by --compare unless given
    #[arg(long, value_parser = period)]
    pub base: Option<Period>,
    /// Without --base: prior (the window before) or year (a year earlier)
    #[arg(long, value_parser = compare, default_value = "prior")]
    pub compare: Compare,
    /// Of one manager
    #[arg(long)]
    pub manager: Option<String>,
    /// Only some: region = 'West' and not segment in ('A', 'B')
    #[arg(long = "where", value_parser = filter, value_name = "CONDITION")]
    pub filter: Option<Filter>,
    /// Also the table by month of the first order
    #[arg(long)]
    pub cohorts: bool,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// `takar trends`.
#[derive(Debug, Args)]
pub struct Trends {
    /// Which figure, built in or your own
    #[arg(long, default_value = "net_sales")]
    pub kpi: String,
    /// Only months within this window; all complete months unless given
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,
    /// Also the trend of each: manager, account, product, category, region, segment, branch, supervisor
    #[arg(long, value_parser = dimension)]
    pub by: Option<Dimension>,
    /// Of one manager
    #[arg(long)]
    pub manager: Option<String>,
    /// Only some: region = 'West' and not segment in ('A', 'B')
    #[arg(long = "where", value_parser = filter, value_name = "CONDITION")]
    pub filter: Option<Filter>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// `takar forecast`.
#[derive(Debug, Args)]
pub struct Forecast {
    /// For each: manager, account, product, category, region, segment, branch, supervisor; for all together unless given
    #[arg(long, value_parser = dimension)]
    pub by: Option<Dimension>,
    /// Months ahead, up to 24
    #[arg(long, default_value_t = 6)]
    pub horizon: usize,
    /// Of one manager
    #[arg(long)]
    pub manager: Option<String>,
    /// Only some: region = 'West' and not segment in ('A', 'B')
    #[arg(long = "where", value_parser = filter, value_name = "CONDITION")]
    pub filter: Option<Filter>,
    /// Also how such forecasts did on the past: chances told beside what came
    #[arg(long)]
    pub backtest: bool,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// `takar accounts`.
#[derive(Debug, Args)]
pub struct Accounts {
    /// Those at risk first: overdue by their own rhythm, and P(alive)
    #[arg(long, required_unless_present = "plane")]
    pub risk: bool,
    /// How much each buys and how the relation stands, the largest first
    #[arg(long, conflicts_with_all = ["risk", "sort", "filter", "fdr", "horizon"])]
    pub plane: bool,
    /// With --plane, the window; the last twelve complete months unless given
    #[arg(long, value_parser = period, requires = "plane")]
    pub period: Option<Period>,
    /// What comes first: risk (most likely lost) or worth (most sales at risk)
    #[arg(long, value_enum, default_value_t = RiskOrder::Risk)]
    pub sort: RiskOrder,
    /// Of one manager
    #[arg(long)]
    pub manager: Option<String>,
    /// Only some: region = 'West' and not segment in ('A', 'B')
    #[arg(long = "where", value_parser = filter, value_name = "CONDITION")]
    pub filter: Option<Filter>,
    /// The share of false alarms accepted among those called overdue
    #[arg(long, default_value_t = 0.05)]
    pub fdr: f64,
    /// Days ahead for expected orders and their value
    #[arg(long, default_value_t = 30)]
    pub horizon: u16,
    /// How many at most
    #[arg(long, default_value_t = 30)]
    pub limit: usize,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// What comes first in a list of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RiskOrder {
    /// The account most likely lost.
    Risk,
    /// The account with most sales at risk.
    Worth,
}

/// `takar lines`.
#[derive(Debug, Args)]
pub struct Lines {
    /// Of one invoice, by its number
    #[arg(long)]
    pub invoice: Option<String>,
    /// Of one account
    #[arg(long)]
    pub account: Option<String>,
    /// Of one manager
    #[arg(long)]
    pub manager: Option<String>,
    /// Of one product
    #[arg(long)]
    pub product: Option<String>,
    /// Of one region
    #[arg(long)]
    pub region: Option<String>,
    /// Dated in this window
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,
    /// Brought by one import
    #[arg(long)]
    pub import: Option<i64>,
    /// How many at most
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
}

/// `takar serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// The port; 0 lets the system choose one
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// The address to listen on; one that other machines reach needs an owner among the users: 0.0.0.0
    #[arg(long, default_value = "127.0.0.1")]
    pub address: std::net::IpAddr,
    /// What people type where something stands in front of the server that encrypts, such as `https://takar.example.com`
    #[arg(long, value_name = "URL", value_parser = public_url)]
    pub public_url: Option<String>,
}

/// `takar simulate`.
#[derive(Debug, Args)]
pub struct Simulate {
    /// How many sales lines, about (1e6 is fine)
    #[arg(long, value_parser = count, default_value = "100000")]
    pub lines: u64,
    /// How many months, up to October 2025
    #[arg(long, default_value_t = 48)]
    pub months: u32,
    /// How many accounts; as many as go with the lines unless given
    #[arg(long, value_parser = count)]
    pub accounts: Option<u64>,
    /// How many account managers; as many as go with the accounts unless given
    #[arg(long, value_parser = count)]
    pub managers: Option<u64>,
    /// The same seed makes the same company
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// The folder to write to
    #[arg(long)]
    pub out: PathBuf,
    /// Leave names and attributes to the other files
    #[arg(long)]
    pub lean: bool,
}

/// `takar template`.
#[derive(Debug, Args)]
pub struct Template {
    /// For which kind: sales, targets, accounts, offers, activities …
    #[arg(value_parser = kind, default_value = "sales")]
    pub kind: FactKind,
    /// Where to write
    #[arg(short, long)]
    pub output: PathBuf,
}

/// Reads a word that is one of an enum's serde names.
fn word<T: serde::de::DeserializeOwned>(text: &str, words: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(text.to_ascii_lowercase())).map_err(|_| words.to_owned())
}

pub fn kind(text: &str) -> Result<FactKind, String> {
    text.parse().map_err(|error: takar_import::FactKindError| {
        // The file alone, as one would write it first.
        if text.contains(['.', '/', '\\']) {
            let lang = crate::help::lang_of_arguments(std::env::args());
            let next = Text::new(
                "sebutkan dulu isinya, misalnya: takar import sales",
                "say first what its rows are, for example: takar import sales",
            );
            return format!("{} {text}", next.get(lang));
        }
        error.to_string()
    })
}

/// `17:jumlah=12`.
fn fix(text: &str) -> Result<Fix, String> {
    let parts = text.split_once(':').and_then(|(row, rest)| Some((row.trim().parse().ok()?, rest.split_once('=')?)));
    let (row, (column, value)) = parts.ok_or("write it as ROW:COLUMN=VALUE, such as 17:quantity=12")?;
    Ok(Fix { row, column: column.trim().to_owned(), value: value.to_owned() })
}

pub fn date_order(text: &str) -> Result<DateOrder, String> {
    word(text, "dmy | mdy")
}

/// The command whose options take numbers below zero: what is wrong with them is told of the number, not that there is no such option.
pub fn with_negative_numbers(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|argument| match argument.get_action().takes_values() {
        true => argument.allow_negative_numbers(true),
        false => argument,
    });
    command.mut_subcommands(with_negative_numbers)
}

pub fn number_style(text: &str) -> Result<NumberStyle, String> {
    word(text, "id (1.234,56) | en (1,234.56)")
}

pub fn discount(text: &str) -> Result<DiscountKind, String> {
    word(text, "rate | percent | amount")
}

pub fn cost(text: &str) -> Result<CostKind, String> {
    word(text, "unit | line")
}

pub fn ppn(text: &str) -> Result<Ppn, String> {
    word(text, "included | excluded")
}

pub fn compare(text: &str) -> Result<Compare, String> {
    word(text, "prior | year")
}

pub fn mapped(text: &str) -> Result<(Field, String), String> {
    let (field, column) = text.split_once('=').ok_or("field=column")?;
    let field = field.trim().parse::<Field>().map_err(|error| error.to_string())?;
    Ok((field, column.trim().to_owned()))
}

pub fn dimension(text: &str) -> Result<Dimension, String> {
    text.trim().parse().map_err(|error: takar_insight::InsightError| error.to_string())
}

pub fn filter(text: &str) -> Result<Filter, String> {
    text.parse().map_err(|error: takar_insight::InsightError| error.to_string())
}

pub fn period(text: &str) -> Result<Period, String> {
    text.parse().map_err(|error: takar_model::PeriodError| error.to_string())
}

/// A count, also written as `1e6`.
fn count(text: &str) -> Result<u64, String> {
    let plain = text.replace(['_', ' '], "");
    if let Ok(count) = plain.parse::<u64>() {
        return Ok(count);
    }
    let (digits, zeros) = plain.split_once(['e', 'E']).ok_or("a count such as 100000 or 1e5")?;
    let digits: u64 = digits.parse().map_err(|_| "a count such as 100000 or 1e5")?;
    let zeros: u32 = zeros.parse().map_err(|_| "a count such as 100000 or 1e5")?;
    10_u64.checked_pow(zeros).and_then(|power| digits.checked_mul(power)).ok_or_else(|| "too many".to_owned())
}

fn public_url(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', ' ', '@']) => Ok(text.to_owned()),
        _ => Err("write https:// and a name, such as https://takar.example.com".to_owned()),
    }
}
