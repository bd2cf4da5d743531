//! `takar actions`, `takar effect` and `takar learning`: what is done, what it added, what that teaches.

use anyhow::Result;
use clap::{Args, Subcommand};
use takar_app::{
    ActionChange, ActionSaid, ActionShown, ActionTold, ActionsAsked, EffectAsked, LedgerAsked, NewAction, Takar,
};
use takar_insight::{
    effect::{EffectTold, Outcome, percent},
    learning::Ledger,
};
use takar_model::{Lang, Text};

use crate::{args::ReportFormat, output};

/// `takar actions`.
#[derive(Debug, Args)]
pub struct Actions {
    /// What to do; without it, list all
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    format: ReportFormat,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// The actions, newest first
    List {
        /// planned, running, measured or stopped
        #[arg(long)]
        state: Option<String>,
        /// marketing, training, stock, relationship, sales_tool, price or other
        #[arg(long)]
        kind: Option<String>,
        /// Of one account manager
        #[arg(long)]
        manager: Option<String>,
        /// With one account
        #[arg(long)]
        account: Option<String>,
        /// With a text in title or hypothesis
        #[arg(long)]
        search: Option<String>,
    },
    /// Plan an action: its comparison is decided here
    Add(Box<Add>),
    /// What a new action can be: kinds, KPIs, templates, with what such actions came to so far
    Offer,
    /// One action: accounts, steps, history
    Show {
        /// Its number
        id: i64,
    },
    /// Change words, days and cost of an action that is not over
    Edit {
        /// Its number
        id: i64,
        /// What it is called
        #[arg(long)]
        title: Option<String>,
        /// Why it should work
        #[arg(long)]
        hypothesis: Option<String>,
        /// The month by which it is to show
        #[arg(long)]
        due: Option<String>,
        /// The day it ends
        #[arg(long)]
        ends: Option<String>,
        /// What it costs
        #[arg(long)]
        cost: Option<String>,
        /// Who changes it, where the home has no users
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        by: Option<String>,
    },
    /// Begin an action
    Start {
        #[command(flatten)]
        said: Said,
        /// Let those begin who waited
        #[arg(long)]
        later: bool,
    },
    /// Note how it goes
    Review(Said),
    /// Note a change of course
    Change(Said),
    /// Mark a step as done
    Step {
        /// The action's number
        id: i64,
        /// The step's number, from 1
        step: usize,
        /// Not done after all
        #[arg(long)]
        undo: bool,
        /// Who says so, where the home has no users
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        by: Option<String>,
    },
    /// Close an action: what it added is measured and kept
    Done(Said),
    /// Give an action up, with a reason
    Cancel(Said),
}

/// Something said of an action.
#[derive(Debug, Args)]
struct Said {
    /// The action's number
    id: i64,
    /// In words
    #[arg(default_value = "")]
    text: String,
    /// The day; today unless given
    #[arg(long, value_name = "DAY")]
    on: Option<String>,
    /// Who says so, where the home has no users
    #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
    by: Option<String>,
}

#[derive(Debug, Args)]
struct Add {
    /// What it is called
    #[arg(default_value = "")]
    title: String,
    /// marketing, training, stock, relationship, sales_tool, price or other
    #[arg(long, default_value = "")]
    kind: String,
    /// The account manager who has it; oneself unless given
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    /// An account, as often as needed
    #[arg(long = "account", value_name = "ID")]
    accounts: Vec<String>,
    /// The KPI that is to move: net_sales, units, gross_margin or orders
    #[arg(long)]
    kpi: Option<String>,
    /// The expected effect in per cent of the KPI
    #[arg(long)]
    expected: Option<f64>,
    /// Why it should work
    #[arg(long, default_value = "")]
    hypothesis: String,
    /// The month by which it is to show
    #[arg(long)]
    due: Option<String>,
    /// The day it is to begin
    #[arg(long)]
    starts: Option<String>,
    /// The day it ends
    #[arg(long)]
    ends: Option<String>,
    /// The months that decided which accounts were picked; the last three complete ones before it begins unless given
    #[arg(long, value_name = "PERIOD")]
    selection: Option<String>,
    /// What it costs
    #[arg(long)]
    cost: Option<String>,
    /// Something to do, as often as needed
    #[arg(long = "step", value_name = "TEXT")]
    steps: Vec<String>,
    /// A template for what is left open: see takar actions offer
    #[arg(long)]
    template: Option<String>,
    /// What it comes from: opportunity, alert, diagnosis or none
    #[arg(long)]
    origin: Option<String>,
    /// Its key there
    #[arg(long, default_value = "")]
    key: String,
    /// A lot decides which half comes first; the others wait and are compared with
    #[arg(long)]
    lot: bool,
    /// The seed of the lot; the same accounts have the same unless given
    #[arg(long)]
    seed: Option<u32>,
    /// Only say what it would be compared with and what could be seen
    #[arg(long)]
    dry_run: bool,
    /// Who plans it, where the home has no users
    #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
    by: Option<String>,
}

/// `takar effect`.
#[derive(Debug, Args)]
pub struct EffectOf {
    /// The action's number
    id: i64,
    /// How: synthetic_did, synthetic_control or did
    #[arg(long)]
    method: Option<String>,
    /// Another KPI than the action's: net_sales, units, gross_margin or orders
    #[arg(long)]
    kpi: Option<String>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
}

/// `takar learning`.
#[derive(Debug, Args)]
pub struct Learning {
    /// Of one kind
    #[arg(long)]
    kind: Option<String>,
    /// In one segment
    #[arg(long)]
    segment: Option<String>,
    /// Of one account manager
    #[arg(long)]
    manager: Option<String>,
    /// With a text in title, origin or manager
    #[arg(long)]
    search: Option<String>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
}

/// Does it, and prints what came of it.
pub fn run(takar: &Takar, asked: Actions, lang: Lang) -> Result<()> {
    let is_json = asked.format == ReportFormat::Json;
    let all = Verb::List { state: None, kind: None, manager: None, account: None, search: None };
    let say = |one: Said, what: &str| -> Result<ActionShown> {
        let said = ActionSaid { what: what.to_owned(), text: one.text, day: one.on, by: one.by, step: None };
        Ok(takar.say_of_action(one.id, &said, lang)?)
    };
    let shown = match asked.verb.unwrap_or(all) {
        Verb::List { state, kind, manager, account, search } => {
            let found = takar.improvements(&ActionsAsked { state, kind, manager, account, search }, lang)?;
            return if is_json { output::line(&serde_json::to_string(&found)?) } else { print_list(&found, lang) };
        }
        Verb::Offer => {
            let form = takar.action_form(lang)?;
            if is_json {
                return output::line(&serde_json::to_string(&form)?);
            }
            for one in form.kinds.iter().chain(&form.kpis) {
                let record = one.record.as_deref().map_or_else(String::new, |record| format!(": {record}"));
                output::line(&format!("{} ({}){record}", one.id, one.label))?;
            }
            for one in &form.templates {
                output::line(&format!("--template {}: {} ({})", one.id, one.title, one.steps.join("; ")))?;
            }
            return Ok(());
        }
        Verb::Add(add) => {
            let dry_run = add.dry_run;
            let wanted = wanted(*add);
            if dry_run {
                let planned = takar.plan_action(&wanted, lang)?;
                return if is_json {
                    output::line(&serde_json::to_string(&planned)?)
                } else {
                    output::line(&[planned.words, planned.record.into_iter().collect()].concat().join("\n"))
                };
            }
            takar.add_action(&wanted, lang)?
        }
        Verb::Show { id } => takar.action(id, lang)?,
        Verb::Edit { id, title, hypothesis, due, ends, cost, by } => {
            takar.edit_action(id, &ActionChange { title, hypothesis, due, ends, cost, by }, lang)?
        }
        Verb::Start { said, later } => say(said, if later { "start_later" } else { "start" })?,
        Verb::Review(said) => say(said, "review")?,
        Verb::Change(said) => say(said, "change")?,
        Verb::Done(said) => say(said, "done")?,
        Verb::Cancel(said) => say(said, "cancel")?,
        Verb::Step { id, step, undo, by } => {
            let what = if undo { "undo_step" } else { "step" }.to_owned();
            takar.say_of_action(id, &ActionSaid { what, step: Some(step), by, ..ActionSaid::default() }, lang)?
        }
    };
    if is_json {
        return output::line(&serde_json::to_string(&shown)?);
    }
    print_one(&shown, lang)
}

fn wanted(add: Add) -> NewAction {
    NewAction {
        title: add.title,
        kind: add.kind,
        owner: add.owner,
        accounts: add.accounts,
        kpi: add.kpi,
        expected: add.expected,
        hypothesis: add.hypothesis,
        due: add.due,
        starts: add.starts,
        ends: add.ends,
        selection: add.selection,
        cost: add.cost,
        steps: add.steps,
        template: add.template,
        origin: add.origin,
        origin_key: add.key,
        by_lot: add.lot,
        seed: add.seed,
        by: add.by,
    }
}

/// What an action added.
pub fn effect(takar: &Takar, asked: EffectOf, lang: Lang) -> Result<()> {
    // What was frozen is told as it was; by another method or KPI it is worked out on the data of today.
    let is_usual = asked.method.is_none() && asked.kpi.is_none();
    let found = takar.effect(asked.id, &EffectAsked { method: asked.method, kpi: asked.kpi }, lang)?;
    if asked.format == ReportFormat::Json {
        return output::line(&serde_json::to_string(&found)?);
    }
    output::line(&format!("{} {}: {}", Text::new("Tindakan", "Action").get(lang), found.action, found.title))?;
    match found.frozen.as_ref().filter(|_| is_usual) {
        Some(frozen) => {
            let kept = Text::new("Seperti dibekukan", "As it was frozen").get(lang);
            output::line(&format!("{kept} {}, {}:", frozen.said.at, frozen.said.by))?;
            print_effect(&frozen.effect, lang)?;
            frozen.differs.as_ref().map_or(Ok(()), |differs| output::line(differs))
        }
        None => print_effect(&found.effect, lang),
    }
}

fn print_effect(told: &EffectTold, lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    output::line(&told.label.to_uppercase())?;
    told.words.iter().try_for_each(|line| output::line(line))?;
    if let Outcome::Measured(found) = &told.outcome {
        let header = [say("bulan", "month"), say("dengan tindakan", "with the action"), say("diharapkan", "expected")];
        let share = |share: f64| takar_insight::metrics::Value::Rate(share).format(lang);
        let row = |point: &takar_insight::effect::PathPoint| {
            vec![point.month.clone(), share(point.treated), share(point.expected)]
        };
        let rows: Vec<Vec<String>> = found.path.iter().map(row).collect();
        output::line(&format!("\n{}", output::table(&header, &[false, true, true], &rows)))?;
        output::line(say("100% = biasa bagi akun itu sendiri.", "100% = as usual for the account itself."))?;
    }
    for (title, lines) in [(say("Anggapan", "Assumed"), &told.assumed), (say("Batas", "Limits"), &told.limits)] {
        if !lines.is_empty() {
            output::line(&format!("\n{title}: {}", lines.join(" ")))?;
        }
    }
    Ok(())
}

/// The ledger.
pub fn learning(takar: &Takar, asked: Learning, lang: Lang) -> Result<()> {
    let Learning { kind, segment, manager, search, format } = asked;
    let ledger = takar.ledger(&LedgerAsked { kind, segment, manager, search }, lang)?;
    match format {
        ReportFormat::Json => output::line(&serde_json::to_string(&ledger)?),
        ReportFormat::Text => print_ledger(&ledger, lang),
    }
}

fn print_ledger(ledger: &Ledger, lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    if ledger.entries.is_empty() {
        return output::line(say("Belum ada tindakan yang selesai.", "No action is over yet."));
    }
    for group in &ledger.groups {
        let segment = group.segment.as_deref().map_or_else(String::new, |segment| format!(", {segment}"));
        output::line(&format!("{}{segment}: {}", group.kind_label, group.words))?;
    }
    let header = [
        say("no", "no"),
        say("tindakan", "action"),
        say("jenis", "kind"),
        say("segmen", "segment"),
        say("manajer", "manager"),
        say("selesai", "ended"),
        say("diharapkan", "expected"),
        say("diukur", "measured"),
        say("kisaran 90%", "90% interval"),
        say("putusan", "verdict"),
    ];
    let row = |told: &takar_insight::learning::EntryTold| {
        let entry = &told.entry;
        let measured = entry.measured.map(|found| percent(found.value, lang)).unwrap_or_default();
        let interval = entry
            .measured
            .map(|found| format!("{} … {}", percent(found.interval.low, lang), percent(found.interval.high, lang)));
        vec![
            entry.action.to_string(),
            entry.title.clone(),
            told.kind_label.to_owned(),
            entry.segment.clone().unwrap_or_else(|| "–".to_owned()),
            entry.manager_name.clone().unwrap_or_else(|| entry.manager.clone()),
            entry.ended.clone(),
            percent(entry.expected, lang),
            measured,
            interval.unwrap_or_default(),
            told.verdict_label.to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = ledger.entries.iter().map(row).collect();
    let right = [true, false, false, false, false, false, true, true, true, false];
    output::line(&format!("\n{}", output::table(&header, &right, &rows)))
}

fn print_list(all: &[ActionTold], lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    if all.is_empty() {
        return output::line(say(
            "Belum ada tindakan. Merencanakan: takar actions add JUDUL --kind relationship --owner S1 --account P1 --expected 10",
            "No actions yet. To plan one: takar actions add TITLE --kind relationship --owner S1 --account P1 --expected 10",
        ));
    }
    let header = [
        say("no", "no"),
        say("tindakan", "action"),
        say("jenis", "kind"),
        say("manajer", "manager"),
        say("keadaan", "state"),
        say("mulai", "starts"),
        say("akun", "accounts"),
        say("langkah", "steps"),
        say("putusan", "verdict"),
    ];
    let row = |one: &ActionTold| {
        vec![
            one.row.id.to_string(),
            one.row.plan.title.clone(),
            one.kind_label.to_owned(),
            one.owner_name.clone().unwrap_or_else(|| one.row.plan.owner.clone()),
            one.state_label.to_owned(),
            one.row.plan.starts.clone().unwrap_or_default(),
            one.accounts.to_string(),
            format!("{}/{}", one.steps_done.0, one.steps_done.1),
            one.verdict_label.unwrap_or_default().to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    output::line(&output::table(&header, &[true, false, false, false, false, false, true, true, false], &rows))
}

fn print_one(shown: &ActionShown, lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    let (told, plan) = (&shown.told, &shown.told.row.plan);
    output::line(&format!("{} {}: {}", say("Tindakan", "Action"), told.row.id, plan.title))?;
    let owner = told.owner_name.clone().unwrap_or_else(|| plan.owner.clone());
    output::line(&format!("{} · {} · {owner}", told.kind_label, told.state_label))?;
    let until = plan.due.as_deref().map_or_else(String::new, |due| format!(", {} {due}", say("sampai", "by")));
    output::line(&format!("{} {}{until}. {}", plan.kpi, percent(plan.expected, lang), plan.hypothesis))?;
    for (name, value) in [
        (say("Mulai", "Starts"), &plan.starts),
        (say("Berakhir", "Ends"), &plan.ends),
        (say("Bulan pemilihan", "Months of the selection"), &plan.selection),
        (say("Biaya", "Cost"), &plan.cost),
    ] {
        if let Some(value) = value {
            output::line(&format!("{name}: {value}"))?;
        }
    }
    for (name, accounts) in [(say("Akun", "Accounts"), &shown.now), (say("Menunggu", "Waiting"), &shown.later)] {
        if !accounts.is_empty() {
            let ids: Vec<&str> = accounts.iter().map(|one| one.id.as_str()).collect();
            output::line(&format!("{name}: {}", ids.join(", ")))?;
        }
    }
    if shown.controls > 0 {
        output::line(&format!("{}: {}", say("Akun pembanding", "Accounts compared with"), shown.controls))?;
    }
    shown.power.iter().try_for_each(|line| output::line(line))?;
    for (place, step) in shown.steps.iter().enumerate() {
        let mark = if step.done_at.is_some() { "✓" } else { " " };
        output::line(&format!("[{mark}] {} {}", place + 1, step.text))?;
    }
    for event in &shown.history {
        let text = if event.text.is_empty() { String::new() } else { format!(": {}", event.text) };
        let by = if event.said.by == "–" { String::new() } else { format!(" ({})", event.said.by) };
        output::line(&format!("{} {}{text}{by}", event.day, event_label(&event.what, lang)))?;
    }
    Ok(())
}

/// What happened to an action, for people.
fn event_label(what: &str, lang: Lang) -> &str {
    let label = match what {
        "planned" => Text::new("direncanakan", "planned"),
        "started" => Text::new("dimulai", "begun"),
        "review" => Text::new("tinjauan", "review"),
        "change" => Text::new("perubahan arah", "change of course"),
        "edited" => Text::new("diubah", "edited"),
        "step" => Text::new("langkah", "step"),
        "measured" => Text::new("ditutup dan diukur", "closed and measured"),
        "stopped" => Text::new("dihentikan", "stopped"),
        other => return other,
    };
    label.get(lang)
}
