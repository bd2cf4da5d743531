//! Stock as JSON.

use serde_json::{Value, json};
use takar_model::Lang;

use super::{OnHand, Shown, State, StockRow};

impl Shown<'_> {
    /// For a reader of `lang`: what it comes to, the page that was asked for, and how such levels did on the past.
    pub fn to_json(&self, lang: Lang) -> Value {
        let all = self.all;
        let states: Vec<Value> = State::ALL
            .iter()
            .map(|state| json!({ "id": state.word(), "name": state.name().get(lang), "count": self.count(*state) }))
            .collect();
        let held: Vec<Value> = all
            .held
            .iter()
            .map(|held| {
                json!({
                    "class": held.class.map(|class| class.name()),
                    "name": held.class.map(|class| class.label().get(lang)),
                    "share": held.share.as_ref().ok(),
                })
            })
            .collect();
        json!({
            "today": all.blocks.last().to_string(),
            "coming": all.blocks.span(all.blocks.count()).to_string(),
            "lead": all.question.lead,
            "review": all.question.review,
            "days": all.question.days(),
            "service": all.question.service.share(),
            "slow": all.question.slow,
            "blocks": all.blocks.count(),
            "summary": self.summary(lang),
            "notes": self.notes(lang),
            "total": self.rows.len(),
            "states": states,
            "branches": all.branches(),
            "loss": self.loss,
            "orders": self.orders,
            "idle": self.idle,
            "held": held,
            "is_told": all.is_told,
            "rows": self.page().map(|row| self.row(row, lang)).collect::<Vec<_>>(),
            "currency": all.currency,
            "data_version": all.basis.data_version,
            "credit": all.basis.credit,
        })
    }

    fn row(&self, row: &StockRow, lang: Lang) -> Value {
        let expected = row.expected.as_ref().ok();
        let interval = expected.and_then(|expected| expected.interval.as_ref().ok());
        let day = match row.on_hand {
            OnHand::Counted(_, day) | OnHand::CameBack(day) | OnHand::There(day) | OnHand::OtherUnit(day) => Some(day),
            OnHand::Untold => None,
        };
        json!({
            "product": row.product,
            "branch": row.branch,
            "unit": row.unit,
            "state": row.state.word(),
            "state_name": row.state.name().get(lang),
            "monthly": rounded(row.monthly),
            "last_sold": row.last_sold.map(|day| day.to_string()),
            "days_out": row.days_out,
            "forecast": expected.map(|expected| rounded(expected.forecast)),
            "low": interval.map(|interval| rounded(interval.low)),
            "high": interval.map(|interval| rounded(interval.high)),
            "method": expected.map(|expected| expected.method),
            "class": expected.map(|expected| expected.class.name()),
            "blocks": expected.map(|expected| expected.blocks),
            "errors": expected.map(|expected| expected.errors),
            "on_hand": row.on_hand.quantity(),
            "on_hand_day": day.map(|day| day.to_string()),
            "level": expected.and_then(|expected| expected.level.as_ref().ok().copied().map(rounded)),
            "order": row.order.map(rounded),
            "lasts": row.lasts.map(rounded),
            "missing": row.missing.map(rounded),
            "loss": row.loss,
            "value": row.value,
            "reasons": self.all.reasons(row, lang),
            "action": self.all.deed(row, lang),
        })
    }
}

/// To two decimals: more would be told of goods than is known.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
