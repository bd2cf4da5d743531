//! An alert in words, for both languages.

use takar_model::{Lang, Text};
use takar_stats::alarm::{Reference, Side};

use super::{Finding, Rule, Scope, Watched};
use crate::format::{Currency, month_name};

/// What months are held against, in words.
pub const fn against(reference: Reference) -> Text {
    match reference {
        Reference::History => Text::new("riwayat sendiri", "its own history"),
        Reference::Forecast => Text::new("prakiraan", "the forecast"),
        Reference::Peers => Text::new("sesama", "the others"),
        Reference::Target => Text::new("target", "the target"),
    }
}

/// The rule in one sentence.
pub fn rule(rule: &Rule, kpi: &str, lang: Lang) -> String {
    let of = rule.by.label().get(lang).to_lowercase();
    let member = rule.member.as_deref();
    let below = match (rule.side, lang) {
        (Side::Low, Lang::Id) => "di bawah",
        (Side::High, Lang::Id) => "di atas",
        (Side::Both, Lang::Id) => "di luar",
        (Side::Low, Lang::En) => "below",
        (Side::High, Lang::En) => "above",
        (Side::Both, Lang::En) => "outside",
    };
    let against = against(rule.against).get(lang);
    let who = match (rule.by, member, lang) {
        (Scope::Company, ..) => of,
        (_, Some(id), _) => format!("{of} {id}"),
        (_, None, Lang::Id) => format!("tiap {of}"),
        (_, None, Lang::En) => format!("each {of}"),
    };
    let filter = rule.filter.as_deref().map(|text| format!(" ({text})")).unwrap_or_default();
    let confirm = match (rule.confirm, lang) {
        (0 | 1, _) => String::new(),
        (months, Lang::Id) => format!(", {months} bulan berturut-turut"),
        (months, Lang::En) => format!(", {months} months in a row"),
    };
    let least = match (rule.at_least > 0.0, lang) {
        (false, _) => String::new(),
        (true, Lang::Id) => format!(", sedikitnya {}", percent(rule.at_least, lang)),
        (true, Lang::En) => format!(", by {} at least", percent(rule.at_least, lang)),
    };
    format!("{kpi}, {who}{filter}: {below} {against}{confirm}{least}")
}

/// What happened, in one line.
pub fn title(watched: &Watched, found: &Finding, lang: Lang) -> String {
    let kpi = kpi_of(watched, lang);
    let is_low = found.value < found.expected;
    let low = match (is_low, lang) {
        (true, Lang::Id) => "di bawah perkiraan",
        (false, Lang::Id) => "di atas perkiraan",
        (true, Lang::En) => "lower than expected",
        (false, Lang::En) => "higher than expected",
    };
    format!("{kpi} {low}: {}", member(watched, found, lang))
}

/// Why it is told, in plain words: the figure, what was expected and by what, since when, and how seldom that is chance.
pub fn why(watched: &Watched, found: &Finding, lang: Lang) -> String {
    let currency = Currency(watched.currency.clone());
    let number = |value: f64| currency.number(value, watched.unit, lang);
    let (kpi, month) = (kpi_of(watched, lang), month_name(found.month, lang));
    let (value, expected) = (number(found.value), number(found.expected));
    let limit = if found.value < found.expected { found.low } else { found.high };
    let away = if found.expected.abs() > 0.0 && watched.unit != crate::metrics::Unit::Rate {
        format!(" ({})", signed_percent(found.value / found.expected - 1.0, lang))
    } else {
        String::new()
    };
    let basis = match (watched.rule.against, lang) {
        (Reference::History, Lang::Id) => {
            "menurut dua belas bulan sebelumnya, musim dan hari raya sudah dikeluarkan bila riwayatnya cukup panjang"
        }
        (Reference::History, Lang::En) => {
            "by the twelve months before, season and feasts taken out where the history is long enough"
        }
        (Reference::Forecast, Lang::Id) => "menurut prakiraan dari bulan-bulan sebelumnya",
        (Reference::Forecast, Lang::En) => "by the forecast from the months before",
        (Reference::Peers, Lang::Id) => "bila bergerak seperti yang lain pada bulan itu",
        (Reference::Peers, Lang::En) => "had it moved as the others did in that month",
        (Reference::Target, Lang::Id) => "menurut targetnya",
        (Reference::Target, Lang::En) => "by its target",
    };
    let limit = limit.map(|limit| match lang {
        Lang::Id => format!("; diberitahukan mulai {}", number(limit)),
        Lang::En => format!("; told from {} on", number(limit)),
    });
    let limit = limit.unwrap_or_default();
    let since = match (found.since == found.month, lang) {
        (true, _) => String::new(),
        (false, Lang::Id) => format!(" Sudah begitu sejak {}.", month_name(found.since, lang)),
        (false, Lang::En) => format!(" It has been so since {}.", month_name(found.since, lang)),
    };
    let (rate, count) = (rate(watched.rule.a_year, lang), watched.members.len());
    let alarms = if rate == "1" { "alarm" } else { "alarms" };
    match lang {
        Lang::Id => format!(
            "{kpi} {month}: {value}. Yang diperkirakan {expected}{away}, {basis}{limit}.{since} Aturan ini disetel agar data yang tenang menimbulkan paling banyak {rate} alarm setahun dari {count} yang dipantau."
        ),
        Lang::En => format!(
            "{kpi} in {month}: {value}. Expected was {expected}{away}, {basis}{limit}.{since} This rule is set so that quiet data raise at most {rate} {alarms} a year from the {count} that are watched."
        ),
    }
}

/// Whom or what it is about.
pub fn member(watched: &Watched, found: &Finding, lang: Lang) -> String {
    match (&found.member, &found.name) {
        (Some(id), Some(name)) if id != name => format!("{name} ({id})"),
        (Some(id), _) => id.clone(),
        (None, _) => watched.rule.by.label().get(lang).to_owned(),
    }
}

fn kpi_of(watched: &Watched, lang: Lang) -> &str {
    match lang {
        Lang::Id => &watched.kpi.0,
        Lang::En => &watched.kpi.1,
    }
}

fn percent(share: f64, lang: Lang) -> String {
    crate::metrics::format_percent(share, lang)
}

fn signed_percent(share: f64, lang: Lang) -> String {
    let sign = if share > 0.0 { "+" } else { "" };
    format!("{sign}{}", percent(share, lang))
}

fn rate(a_year: f64, lang: Lang) -> String {
    let text = format!("{a_year}");
    if lang == Lang::Id { text.replace('.', ",") } else { text }
}
