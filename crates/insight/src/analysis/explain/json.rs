//! The bridge as JSON: exact numbers, `null` where missing.

use serde::Serialize;
use takar_model::{Credit, Lang, Money, Period, Quantity};

use super::{BarOf, Explanation, Part};
use crate::{InsightError, metrics::Dimension};

#[derive(Serialize)]
struct ExplanationJson<'a> {
    of: &'static str,
    period: Period,
    base: BaseJson,
    current: WindowJson,
    manager: Option<MemberJson<'a>>,
    r#where: Option<&'a str>,
    level: &'static str,
    base_total: Money,
    current_total: Money,
    difference: Money,
    bars: Vec<BarJson<'a>>,
    contribution: Option<ContributionJson>,
    notes: Vec<String>,
    summary: Vec<String>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct WindowJson {
    from: String,
    to: String,
    label: String,
}

#[derive(Serialize)]
struct BaseJson {
    #[serde(flatten)]
    window: WindowJson,
    kind: &'static str,
}

#[derive(Serialize)]
struct MemberJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct BarJson<'a> {
    bar: &'static str,
    label: &'static str,
    definition: &'static str,
    amount: Money,
    /// Where the bar begins and ends in the waterfall.
    start: Money,
    end: Money,
    count: usize,
    items: Vec<PartJson<'a>>,
    more: usize,
    rest: Money,
}

#[derive(Serialize)]
struct PartJson<'a> {
    kind: &'static str,
    id: Option<&'a str>,
    name: Option<&'a str>,
    amount: Money,
    base: Money,
    current: Money,
    quantity_base: Option<Quantity>,
    quantity_current: Option<Quantity>,
}

#[derive(Serialize)]
struct ContributionJson {
    quantity: Money,
    mix: Money,
    volume: Money,
    covered: Money,
    compared: Money,
}

fn window(period: Period) -> WindowJson {
    WindowJson { from: period.from().to_string(), to: period.to().to_string(), label: period.to_string() }
}

impl<'a> BarJson<'a> {
    fn of(bar: &'a BarOf, start: Money, lang: Lang) -> Self {
        Self {
            start,
            end: start + bar.amount,
            bar: bar.bar.id(),
            label: bar.bar.name().get(lang),
            definition: bar.bar.definition().get(lang),
            amount: bar.amount,
            count: bar.count,
            items: bar.items.iter().map(PartJson::of).collect(),
            more: bar.count - bar.items.len(),
            rest: bar.rest,
        }
    }
}

impl<'a> PartJson<'a> {
    fn of(part: &'a Part) -> Self {
        Self {
            kind: if part.member.dimension == Dimension::Account { "account" } else { "product" },
            id: part.id.as_deref(),
            name: part.name.as_deref(),
            amount: part.amount,
            base: part.base,
            current: part.current,
            quantity_base: part.quantity_base,
            quantity_current: part.quantity_current,
        }
    }
}

impl Explanation {
    /// As JSON for a reader of `lang`.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang) -> Result<String, InsightError> {
        let is_target = self.bars.iter().any(|bar| bar.bar == super::Bar::Asked);
        let mut reached = self.from;
        let bars = self.bars.iter().map(|bar| {
            let start = reached;
            reached += bar.amount;
            BarJson::of(bar, start, lang)
        });
        let bars = bars.collect();
        let answer = ExplanationJson {
            of: "net_sales",
            period: self.current,
            base: BaseJson { window: window(self.base), kind: if is_target { "target" } else { "window" } },
            current: window(self.current),
            manager: self.manager.as_ref().map(|(id, name)| MemberJson { id, name: name.as_deref() }),
            r#where: self.filter.as_deref(),
            level: self.level.id(),
            base_total: self.from,
            current_total: self.to,
            difference: self.difference(),
            bars,
            contribution: self.contribution.map(|value| ContributionJson {
                quantity: value.quantity,
                mix: value.mix,
                volume: value.quantity + value.mix,
                covered: value.covered,
                compared: value.compared,
            }),
            notes: self.notes_told(lang),
            summary: self.summary(lang),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        };
        serde_json::to_string(&answer).map_err(|error| InsightError::Unwritable(error.to_string()))
    }
}
