//! Accounts that changed hands, from the timelines of owners.

use serde::Serialize;
use takar_model::{Credit, Day};

use crate::{
    Lake,
    error::Result,
    restate::owners::{Part, WHOLE},
};

/// An owner of an account and the part of the credit, from 0 to 1; nobody's part has no manager.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Owner {
    /// The manager's id.
    pub manager: Option<String>,
    /// The part.
    pub share: f64,
}

/// An account that changed hands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Handover {
    /// The account's id.
    pub account: String,
    /// The first day of the new owners.
    pub day: Day,
    /// Who had it until then; nobody where it had no owner.
    pub before: Vec<Owner>,
    /// Who has it from then on; nobody where it has none.
    pub after: Vec<Owner>,
}

impl Lake {
    /// Every change of owners that the table of ownership tells, newest first. The first owners of an account are no change.
    pub fn handovers(&self) -> Result<Vec<Handover>> {
        let restatement = self.restatement(Credit::Recorded)?;
        let mut all = Vec::new();
        for (account, spans) in restatement.owners().iter() {
            for pair in spans.windows(2) {
                let [earlier, later] = pair else { continue };
                let is_gap = earlier.last.checked_add(1).is_some_and(|next| next < later.first);
                let mut change = |day: i32, before: &[Part], after: &[Part]| {
                    if before != after
                        && let Some(day) = Day::from_epoch_days(day)
                    {
                        all.push(Handover {
                            account: account.to_owned(),
                            day,
                            before: owners(before),
                            after: owners(after),
                        });
                    }
                };
                if is_gap {
                    change(earlier.last + 1, &earlier.parts, &[]);
                    change(later.first, &[], &later.parts);
                } else {
                    change(later.first, &earlier.parts, &later.parts);
                }
            }
        }
        all.sort_by(|one, other| {
            other.day.cmp(&one.day).then_with(|| takar_model::id_order(&one.account, &other.account))
        });
        Ok(all)
    }
}

fn owners(parts: &[Part]) -> Vec<Owner> {
    let share = |part: &Part| (part.to - part.from) as f64 / WHOLE as f64;
    parts.iter().map(|part| Owner { manager: part.manager.clone(), share: share(part) }).collect()
}
