//! Actions of improvement: their kinds, where they come from, and whom they are to be compared with (docs/adr/0028).

mod kind;
mod plan;
mod template;
#[cfg(test)]
mod tests;

pub use kind::{ActionKind, ActionState, Origin};
pub use plan::{Design, MOST_CONTROLS, PlanAsked, Planned, Seen, plan};
pub use template::{TEMPLATES, Template};
