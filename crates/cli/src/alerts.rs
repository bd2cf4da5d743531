//! `takar alerts`: rules that watch KPIs, the alerts they raised, and what became of them.

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use takar_app::{AlertTold, AlertsAsked, StepAsked, Takar};
use takar_insight::alerts::{Reference, Rule, Scope, Side};
use takar_model::{Lang, Text};

use crate::{args::ReportFormat, output};

/// `takar alerts`.
#[derive(Debug, Args)]
pub struct Alerts {
    /// What to do; without it, list the alerts that are not over
    #[command(subcommand)]
    pub verb: Option<AlertsVerb>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    pub format: ReportFormat,
}

impl Alerts {
    /// It does by hand what the server does by itself, and tells no figure.
    pub const fn is_checking(&self) -> bool {
        matches!(self.verb, Some(AlertsVerb::Check | AlertsVerb::Digest))
    }
}

/// What can be done with alerts.
#[derive(Debug, Subcommand)]
pub enum AlertsVerb {
    /// The alerts that are not over
    List {
        /// In this state: open, acknowledged, snoozed, action, passed, closed, or all
        #[arg(long)]
        state: Option<String>,
        /// About this member only: the id of a manager, an account, a region …
        #[arg(long)]
        member: Option<String>,
    },
    /// One alert and what was done about it
    Show {
        /// Its number
        id: i64,
    },
    /// The rules that hold
    Rules,
    /// Make a rule
    AddRule(RuleAsked),
    /// Try a rule on the last twelve months; nothing is kept
    Try(RuleAsked),
    /// Take a rule away; its alerts are closed with it
    RemoveRule {
        /// Its number
        id: i64,
    },
    /// Look at all rules now; a running server does so by itself
    Check,
    /// Say that an alert is known
    Acknowledge {
        /// Its number
        id: i64,
        /// A note
        #[arg(long)]
        note: Option<String>,
        /// Who does it
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        who: Option<String>,
    },
    /// Let an alert rest until a day
    Snooze {
        /// Its number
        id: i64,
        /// Until this day: 2026-01-31
        #[arg(long, value_name = "DAY")]
        until: String,
        /// A note
        #[arg(long)]
        note: Option<String>,
        /// Who does it
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        who: Option<String>,
    },
    /// Note the action that was made of an alert
    Action {
        /// Its number
        id: i64,
        /// The action's number
        action: String,
        /// A note
        #[arg(long)]
        note: Option<String>,
        /// Who does it
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        who: Option<String>,
    },
    /// Close an alert
    Close {
        /// Its number
        id: i64,
        /// Why it is closed
        #[arg(long)]
        note: Option<String>,
        /// Who does it
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        who: Option<String>,
    },
    /// Write a digest to each person now; a running server does so in the morning
    Digest,
}

/// A rule as it is typed.
#[derive(Debug, Args)]
pub struct RuleAsked {
    /// The KPI: net_sales, orders, margin_rate, or one of your own
    #[arg(long)]
    pub kpi: String,
    /// Of whom or what: company, region, branch, segment, category, manager or account
    #[arg(long)]
    pub by: Scope,
    /// Only of this member, by id
    #[arg(long)]
    pub member: Option<String>,
    /// Only of these lines: region = 'West'
    #[arg(long = "where", value_name = "CONDITION")]
    pub filter: Option<String>,
    /// What it is held against: history (its own), target, forecast or peers
    #[arg(long, value_enum, default_value_t = Against::History)]
    pub against: Against,
    /// Which side is told: low, high or both
    #[arg(long, value_enum, default_value_t = Sides::Low)]
    pub side: Sides,
    /// False alarms allowed a year, over all that this rule watches
    #[arg(long, default_value_t = 1.0)]
    pub a_year: f64,
    /// So many months in a row
    #[arg(long, default_value_t = 1)]
    pub confirm: usize,
    /// At least so far from what was expected: 0.1 is 10 %
    #[arg(long, default_value_t = 0.0)]
    pub at_least: f64,
    /// Who makes it
    #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
    pub who: Option<String>,
}

/// What months are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Against {
    /// The own history.
    History,
    /// The target.
    Target,
    /// The forecast.
    Forecast,
    /// The others.
    Peers,
}

/// Which side is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sides {
    /// Below.
    Low,
    /// Above.
    High,
    /// Either.
    Both,
}

impl RuleAsked {
    fn rule(&self) -> Rule {
        Rule {
            kpi: self.kpi.trim().to_owned(),
            by: self.by,
            member: self.member.clone(),
            filter: self.filter.clone(),
            against: match self.against {
                Against::History => Reference::History,
                Against::Target => Reference::Target,
                Against::Forecast => Reference::Forecast,
                Against::Peers => Reference::Peers,
            },
            side: match self.side {
                Sides::Low => Side::Low,
                Sides::High => Side::High,
                Sides::Both => Side::Both,
            },
            a_year: self.a_year,
            confirm: self.confirm,
            at_least: self.at_least,
        }
    }
}

/// Does it, and prints what came of it.
pub fn run(takar: &Takar, asked: Alerts, lang: Lang) -> Result<()> {
    let is_json = asked.format == ReportFormat::Json;
    let list = AlertsVerb::List { state: None, member: None };
    let (id, step, asked) = match asked.verb.unwrap_or(list) {
        AlertsVerb::List { state, member } => {
            let all = takar.alerts(&AlertsAsked { state, member, rule: None }, lang)?;
            return if is_json { output::line(&serde_json::to_string(&all)?) } else { print_list(&all, lang) };
        }
        AlertsVerb::Show { id } => return print_one(&takar.alert(id, lang)?, is_json, lang),
        AlertsVerb::Rules => return rules(takar, is_json, lang),
        AlertsVerb::AddRule(rule) => {
            let id = takar.add_alert_rule(&rule.rule(), rule.who.as_deref())?;
            return output::line(&match (is_json, lang) {
                (true, _) => serde_json::json!({ "id": id }).to_string(),
                (false, Lang::Id) => format!("Aturan {id} disimpan. Periksa sekarang: takar alerts check"),
                (false, Lang::En) => format!("Rule {id} is kept. Look now: takar alerts check"),
            });
        }
        AlertsVerb::Try(rule) => return try_out(takar, &rule.rule(), is_json, lang),
        AlertsVerb::RemoveRule { id } => {
            takar.remove_alert_rule(id, None)?;
            return output::line(Text::new("Aturan dihapus.", "The rule is gone.").get(lang));
        }
        AlertsVerb::Check => return check(takar, is_json, lang),
        AlertsVerb::Digest => {
            let done = takar.write_digests(true)?;
            return output::line(&match (is_json, lang) {
                (true, _) => serde_json::to_string(&done)?,
                (false, Lang::Id) => format!(
                    "{} ringkasan ditulis, {} orang tanpa hal baru, {} tanpa saluran surel",
                    done.written, done.nothing, done.no_way
                ),
                (false, Lang::En) => format!(
                    "{} digests written, {} people with nothing new, {} without a mail way out",
                    done.written, done.nothing, done.no_way
                ),
            });
        }
        AlertsVerb::Acknowledge { id, note, who } => {
            (id, "acknowledge", StepAsked { note, by: who, ..StepAsked::default() })
        }
        AlertsVerb::Snooze { id, until, note, who } => {
            (id, "snooze", StepAsked { note, until: Some(until), by: who, ..StepAsked::default() })
        }
        AlertsVerb::Action { id, action, note, who } => {
            (id, "action", StepAsked { note, action: Some(action), by: who, ..StepAsked::default() })
        }
        AlertsVerb::Close { id, note, who } => (id, "close", StepAsked { note, by: who, ..StepAsked::default() }),
    };
    print_one(&takar.step_alert(id, step, &asked, lang)?, is_json, lang)
}

fn state(name: &str, lang: Lang) -> &'static str {
    let text = match name {
        "open" => Text::new("terbuka", "open"),
        "acknowledged" => Text::new("diketahui", "acknowledged"),
        "snoozed" => Text::new("ditunda", "snoozed"),
        "action" => Text::new("menjadi tindakan", "an action"),
        "passed" => Text::new("sudah lewat", "passed"),
        _ => Text::new("ditutup", "closed"),
    };
    text.get(lang)
}

fn print_list(all: &[AlertTold], lang: Lang) -> Result<()> {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    if all.is_empty() {
        return output::line(say(
            "Tidak ada peringatan. Aturan: takar alerts rules",
            "No alerts. The rules: takar alerts rules",
        ));
    }
    let row = |one: &AlertTold| {
        vec![
            one.row.id.to_string(),
            one.title.clone(),
            one.row.since.clone(),
            one.month.clone(),
            state(one.row.state.name(), lang).to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let header = [
        say("no", "no"),
        say("peringatan", "alert"),
        say("sejak", "since"),
        say("bulan", "month"),
        say("keadaan", "state"),
    ];
    output::line(&output::table(&header, &[true, false, false, false, false], &rows))
}

fn print_one(one: &AlertTold, is_json: bool, lang: Lang) -> Result<()> {
    if is_json {
        return output::line(&serde_json::to_string(one)?);
    }
    let mut text = format!("{}: {}\n{}\n", one.row.id, one.title, one.why);
    for step in &one.steps {
        let by = step.by.as_deref().map(|by| format!(", {by}")).unwrap_or_default();
        let note = step.note.as_deref().map(|note| format!(": {note}")).unwrap_or_default();
        text.push_str(&format!("{}  {}{by}{note}\n", step.at, state(&step.state, lang)));
    }
    output::line(text.trim_end())
}

fn rules(takar: &Takar, is_json: bool, lang: Lang) -> Result<()> {
    let all = takar.alert_rules(lang)?;
    if is_json {
        return output::line(&serde_json::to_string(&all)?);
    }
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    if all.is_empty() {
        return output::line(say(
            "Belum ada aturan. Membuat: takar alerts add-rule --kpi net_sales --by manager",
            "No rules yet. To make one: takar alerts add-rule --kpi net_sales --by manager",
        ));
    }
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|one| {
            vec![
                one.row.id.to_string(),
                one.sentence.clone(),
                one.rule.a_year.to_string(),
                one.lasting.to_string(),
                one.error.clone().or_else(|| one.row.checked.clone()).unwrap_or_else(|| "–".to_owned()),
            ]
        })
        .collect();
    let header = [
        say("no", "no"),
        say("aturan", "rule"),
        say("keliru setahun", "false a year"),
        say("berlangsung", "lasting"),
        say("diperiksa", "looked at"),
    ];
    output::line(&output::table(&header, &[true, false, true, true, false], &rows))
}

fn try_out(takar: &Takar, rule: &Rule, is_json: bool, lang: Lang) -> Result<()> {
    let tried = takar.try_alert_rule(rule, lang)?;
    if is_json {
        return output::line(&tried.to_json(lang).to_string());
    }
    output::line(&tried.sentence)?;
    let count = tried.past.len();
    output::line(&match lang {
        Lang::Id => format!("Aturan ini akan menimbulkan {count} peringatan dalam dua belas bulan terakhir:"),
        Lang::En => format!("This rule would have raised {count} alerts in the last twelve months:"),
    })?;
    for (found, why) in &tried.past {
        let title = takar_insight::alerts::words::title(&tried.watched, found, lang);
        output::line(&format!("• {title}\n  {why}"))?;
    }
    if let Some(missing) = tried.watched.months_missing() {
        output::line(&match lang {
            Lang::Id => format!(
                "Riwayatnya belum cukup untuk janji itu: kurang {missing} bulan lagi; sebelum itu tidak ada yang diberitahukan."
            ),
            Lang::En => format!(
                "The history is too short for that promise: {missing} more months are needed; before that nothing is told."
            ),
        })?;
    }
    Ok(())
}

fn check(takar: &Takar, is_json: bool, lang: Lang) -> Result<()> {
    let done = takar.check_alerts()?;
    if is_json {
        return output::line(&serde_json::to_string(&done)?);
    }
    if done.is_busy {
        return output::line(
            Text::new("Aturan sedang diperiksa proses lain.", "Another process looks at the rules now.").get(lang),
        );
    }
    output::line(&match lang {
        Lang::Id => format!(
            "{} aturan diperiksa, {} tidak bisa: {} peringatan baru, {} lewat, {} berlangsung",
            done.rules, done.failed, done.raised, done.passed, done.lasting
        ),
        Lang::En => format!(
            "{} rules looked at, {} could not be: {} new alerts, {} passed, {} lasting",
            done.rules, done.failed, done.raised, done.passed, done.lasting
        ),
    })
}
