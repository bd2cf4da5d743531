//! Opportunities as JSON.

use serde_json::{Value, json};
use takar_model::Lang;

use super::{Finding, Measure, Opportunity, Reason, Rows, Shown, words};
use crate::format::money_of;

impl Shown<'_> {
    /// For a reader of `lang`: how each kind is weighed, where the next hours go, and the page that was asked for.
    pub fn to_json(&self, lang: Lang) -> Value {
        let found = &self.all.found;
        let kinds: Vec<Value> = self
            .all
            .weights
            .iter()
            .map(|weight| {
                let dismissed: Vec<Value> = weight
                    .dismissed
                    .iter()
                    .map(|(reason, count)| json!({ "reason": reason, "name": reason.name().get(lang), "count": count }))
                    .collect();
                json!({
                    "id": weight.kind.word(),
                    "name": weight.kind.name().get(lang),
                    "looked": weight.not_looked.is_none(),
                    "why_not": weight.not_looked.map(|why| why.get(lang)),
                    "count": self.of_kind.get(&weight.kind).copied().unwrap_or(0),
                    "chance": weight.chance,
                    "worked": weight.record.0,
                    "tried": weight.record.1,
                    "usual": weight.kind.usual().chance,
                    "lowered": weight.lowered,
                    "dismissed": dismissed,
                    "hours": weight.hours,
                    "words": words::weighed(weight, lang),
                })
            })
            .collect();
        let is_one = self.hours.len() == 1;
        let hours: Vec<Value> = self
            .hours
            .iter()
            .map(|hours| {
                let rows: Vec<Value> = match is_one || self.asked.manager.is_some() {
                    true => hours.spent.chosen.iter().map(|place| self.row(&self.all.list[*place], lang)).collect(),
                    false => Vec::new(),
                };
                json!({
                    "manager": hours.manager,
                    "count": hours.spent.chosen.len(),
                    "hours": hours.spent.hours,
                    "worth": money_of(hours.spent.worth),
                    "rows": rows,
                    "words": self.hours_said(hours, lang),
                })
            })
            .collect();
        let reasons: Vec<Value> =
            Reason::ALL.iter().map(|reason| json!({ "id": reason, "name": reason.name().get(lang) })).collect();
        json!({
            "today": found.today.to_string(),
            "measure": match found.measure { Measure::Margin => "margin", Measure::Sales => "sales" },
            "summary": self.summary(lang),
            "total": self.places.len(),
            "worth": self.worth,
            "dismissed": self.dismissed,
            "not_worth": self.not_worth,
            "hours_asked": self.asked.hours,
            "contact_hours": { "hours": found.contact_hours.unwrap_or(super::HOURS_OF_CONTACT), "own": found.contact_hours.is_some() },
            "hour_cost": found.hour_cost,
            "kinds": kinds,
            "hours": hours,
            "rows": self.page().map(|one| self.row(one, lang)).collect::<Vec<_>>(),
            "reasons": reasons,
            "currency": found.currency,
            "data_version": found.basis.data_version,
            "credit": found.basis.credit,
        })
    }

    fn row(&self, one: &Opportunity, lang: Lang) -> Value {
        let finding = &one.finding;
        let currency = self.all.found.currency.as_deref();
        let weight = self.all.weights.iter().find(|weight| weight.kind == finding.kind);
        let others: Vec<&str> = one
            .others
            .iter()
            .map(|place| &self.all.list[*place])
            .filter(|other| other.key != one.key)
            .map(|other| other.key.as_str())
            .collect();
        let counted = one.others.iter().map(|place| &self.all.list[*place]).find(|other| other.counted).unwrap_or(one);
        let dismissed = one.dismissed.as_ref().map(|by| {
            json!({ "reason": by.reason, "name": by.reason.name().get(lang), "note": by.note, "by": by.by, "at": by.day.to_string() })
        });
        json!({
            "key": one.key,
            "kind": finding.kind,
            "kind_name": words::name(finding.kind, lang),
            "title": finding.title(lang),
            "account": finding.account,
            "item": finding.item,
            "manager": finding.manager,
            "amount": money_of(finding.amount),
            "chance": weight.map(|weight| weight.chance),
            "worth": money_of(one.worth.value),
            "worth_low": money_of(one.worth.interval.low),
            "worth_high": money_of(one.worth.interval.high),
            "level": one.worth.interval.level,
            "hours": one.hours,
            "per_hour": money_of(one.per_hour()),
            "of_manager": finding.kind.is_managers(),
            "reasons": one.reasons(currency, lang),
            "evidence": evidence(finding),
            "counted": one.counted,
            "account_worth": money_of(counted.worth.value),
            "overlaps": others,
            "dismissed": dismissed,
        })
    }
}

/// How to see the rows behind: the command, the API, the page.
fn evidence(finding: &Finding) -> Value {
    let escaped = |text: &str| {
        let mut safe = String::new();
        for byte in text.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => safe.push(byte as char),
                _ => safe.push_str(&format!("%{byte:02X}")),
            }
        }
        safe
    };
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let account = finding.account.as_ref().map(|account| account.id.as_str());
    let is_told = |kind: &str| !matches!(kind, "stock" | "prospects");
    let (command, path, asked) = match finding.rows {
        Rows::Lines => {
            // What an account does not buy yet has no lines: those of the account are what speaks for it.
            let product = finding.item.as_ref().filter(|_| account.is_none()).map(|item| item.id.as_str());
            ("lines".to_owned(), "lines".to_owned(), [("account", account), ("product", product)])
        }
        Rows::Facts(kind) => {
            let account = account.filter(|_| is_told(kind));
            (format!("facts {kind}"), format!("facts/{kind}"), [("account", account), ("", None)])
        }
    };
    let asked: Vec<(&str, &str)> = asked.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let options: String = asked.iter().map(|(name, value)| format!(" --{name} {}", quoted(value))).collect();
    let query = asked.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&");
    let query = if query.is_empty() { query } else { format!("?{query}") };
    json!({
        "command": format!("takar {command}{options}"),
        "api": format!("/api/{path}{query}"),
        "page": format!("/{path}{query}"),
    })
}
