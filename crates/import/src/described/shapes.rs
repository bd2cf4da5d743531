//! What each described kind looks like.

use super::{Column, Holds, Shape, words};
use crate::{FactKind, Field};

const fn column(name: &'static str, fields: &'static [Field], holds: Holds) -> Column {
    Column { name, fields, holds, is_needed: false }
}

const fn needed(name: &'static str, fields: &'static [Field], holds: Holds) -> Column {
    Column { name, fields, holds, is_needed: true }
}

const ACCOUNT: Column = column("account_id", &[Field::AccountId, Field::AccountName], Holds::Text);
const ACCOUNT_NAME: Column = column("account_name", &[Field::AccountName], Holds::Text);
const MANAGER: Column = column("manager_id", &[Field::ManagerId, Field::ManagerName], Holds::Text);
const MANAGER_NAME: Column = column("manager_name", &[Field::ManagerName], Holds::Text);
const PRODUCT: Column = column("product_id", &[Field::ProductId, Field::ProductName], Holds::Text);
const PRODUCT_NAME: Column = column("product_name", &[Field::ProductName], Holds::Text);
const DATE: Column = needed("date", &[Field::Date], Holds::Day);
const CURRENCY: Column = column("currency", &[Field::Currency], Holds::Text);
const NOTE: Column = column("note", &[Field::Note], Holds::Text);

/// One contact with an account.
const ACTIVITIES: Shape = Shape {
    columns: &[
        column("activity_id", &[Field::ActivityId], Holds::Text),
        DATE,
        ACCOUNT,
        ACCOUNT_NAME,
        MANAGER,
        MANAGER_NAME,
        needed("activity", &[Field::Activity, Field::Topic], Holds::Word(words::ACTIVITIES)),
        column("direction", &[Field::Direction], Holds::Word(words::DIRECTIONS)),
        column("outcome", &[Field::Outcome], Holds::Text),
        column("response_hours", &[Field::ResponseHours], Holds::Number),
        column("hours", &[Field::Hours], Holds::Number),
        column("offer_id", &[Field::OfferId], Holds::Text),
        NOTE,
    ],
    key: &["activity_id"],
    is_group: false,
    any_of: &["account_id", "manager_id"],
    by: "activity",
    sum: Some("hours"),
    day: Some("date"),
};

/// An offer as it stands.
const OFFERS: Shape = Shape {
    columns: &[
        needed("offer_id", &[Field::OfferId], Holds::Text),
        column("opened", &[Field::Opened, Field::Date], Holds::Day),
        column("closed", &[Field::Closed], Holds::Day),
        column("followed_up", &[Field::FollowedUp], Holds::Day),
        ACCOUNT,
        ACCOUNT_NAME,
        MANAGER,
        MANAGER_NAME,
        PRODUCT,
        PRODUCT_NAME,
        column("stage", &[Field::Stage, Field::State], Holds::Text),
        // Filled from the stage where the file has none.
        column("state", &[Field::State], Holds::Word(words::STATES)),
        column("amount", &[Field::Amount, Field::NetAmount, Field::GrossAmount], Holds::Money),
        CURRENCY,
        column("reason", &[Field::Cause], Holds::Text),
        NOTE,
    ],
    key: &["offer_id"],
    is_group: false,
    any_of: &["stage", "state"],
    by: "state",
    sum: Some("amount"),
    day: Some("opened"),
};

/// The day on which an offer entered a stage.
const STAGES: Shape = Shape {
    columns: &[
        needed("offer_id", &[Field::OfferId], Holds::Text),
        DATE,
        needed("stage", &[Field::Stage, Field::State], Holds::Text),
        MANAGER,
        MANAGER_NAME,
        NOTE,
    ],
    key: &["offer_id", "stage", "date"],
    is_group: false,
    any_of: &[],
    by: "stage",
    sum: None,
    day: Some("date"),
};

/// What an account said.
const FEEDBACK: Shape = Shape {
    columns: &[
        column("feedback_id", &[Field::FeedbackId], Holds::Text),
        DATE,
        ACCOUNT,
        ACCOUNT_NAME,
        MANAGER,
        MANAGER_NAME,
        PRODUCT,
        PRODUCT_NAME,
        needed("type", &[Field::Topic], Holds::Word(words::FEEDBACK)),
        column("score", &[Field::Score], Holds::Number),
        column("scale", &[Field::Scale], Holds::Number),
        column("state", &[Field::State], Holds::Word(words::RESOLVED)),
        column("resolved", &[Field::Closed], Holds::Day),
        NOTE,
    ],
    key: &["feedback_id"],
    is_group: false,
    any_of: &["account_id", "manager_id"],
    by: "type",
    sum: None,
    day: Some("date"),
};

/// What it cost to serve an account.
const COSTS: Shape = Shape {
    columns: &[
        column("cost_id", &[Field::CostId], Holds::Text),
        DATE,
        ACCOUNT,
        ACCOUNT_NAME,
        MANAGER,
        MANAGER_NAME,
        needed("type", &[Field::Topic], Holds::Word(words::COSTS)),
        column("amount", &[Field::Amount, Field::Cost, Field::NetAmount], Holds::Money),
        CURRENCY,
        column("hours", &[Field::Hours], Holds::Number),
        column("days", &[Field::Days], Holds::Number),
        NOTE,
    ],
    key: &["cost_id"],
    is_group: false,
    any_of: &["amount", "hours", "days"],
    by: "type",
    sum: Some("amount"),
    day: Some("date"),
};

/// Someone who may become an account.
const PROSPECTS: Shape = Shape {
    columns: &[
        needed("prospect_id", &[Field::ProspectId, Field::ProspectName], Holds::Text),
        column("prospect_name", &[Field::ProspectName], Holds::Text),
        MANAGER,
        MANAGER_NAME,
        column("region", &[Field::Region], Holds::Text),
        column("segment", &[Field::Segment], Holds::Text),
        column("branch", &[Field::Branch], Holds::Text),
        column("origin", &[Field::Origin], Holds::Text),
        column("stage", &[Field::Stage, Field::State], Holds::Text),
        column("opened", &[Field::Opened, Field::Date], Holds::Day),
        column("amount", &[Field::Amount], Holds::Money),
        column("account_id", &[Field::AccountId], Holds::Text),
        column("became_account", &[Field::Closed], Holds::Day),
        NOTE,
    ],
    key: &["prospect_id"],
    is_group: false,
    any_of: &[],
    by: "stage",
    sum: Some("amount"),
    day: Some("opened"),
};

/// How much of a product lay where on a day, or from which day to which it was out.
const STOCK: Shape = Shape {
    columns: &[
        needed("date", &[Field::Date, Field::From], Holds::Day),
        // The last day of what began on `date`: a row without it is a look at one day.
        column("until", &[Field::To], Holds::Day),
        needed("product_id", &[Field::ProductId, Field::ProductName], Holds::Text),
        PRODUCT_NAME,
        column("branch", &[Field::Branch], Holds::Text),
        column("quantity", &[Field::Quantity], Holds::Number),
        column("unit", &[Field::Unit], Holds::Text),
        // In stock, or out of it: from the quantity where the file does not say; days that are told from … to are days out.
        column("state", &[Field::State], Holds::Word(words::STOCK)),
        // From the first to the last day, where it is out and the file does not say.
        column("days_out", &[Field::Days], Holds::Number),
        NOTE,
    ],
    key: &["product_id", "branch", "date"],
    is_group: false,
    any_of: &["quantity", "state", "days_out", "until"],
    by: "state",
    sum: None,
    day: Some("date"),
};

/// An invoice and how much of it is paid.
const RECEIVABLES: Shape = Shape {
    columns: &[
        needed("invoice_no", &[Field::InvoiceNo], Holds::Text),
        ACCOUNT,
        ACCOUNT_NAME,
        MANAGER,
        MANAGER_NAME,
        column("date", &[Field::Date], Holds::Day),
        column("due", &[Field::Due], Holds::Day),
        column("amount", &[Field::Amount, Field::NetAmount, Field::GrossAmount], Holds::Money),
        column("paid", &[Field::Paid], Holds::Money),
        // The amount less what was paid, where the file does not say.
        column("balance", &[Field::Balance], Holds::Money),
        CURRENCY,
        column("as_of", &[Field::AsOf], Holds::Day),
        NOTE,
    ],
    key: &["invoice_no", "as_of"],
    is_group: false,
    any_of: &["amount", "balance"],
    by: "currency",
    sum: Some("balance"),
    day: Some("due"),
};

/// One of a unit is so many of another, of one product or of all.
const UNITS: Shape = Shape {
    columns: &[
        column("product_id", &[Field::ProductId, Field::ProductName], Holds::Text),
        PRODUCT_NAME,
        needed("unit", &[Field::Unit], Holds::Text),
        needed("in_unit", &[Field::InUnit], Holds::Text),
        needed("factor", &[Field::Factor, Field::Quantity], Holds::Number),
    ],
    key: &["unit", "in_unit", "product_id"],
    is_group: false,
    any_of: &[],
    by: "in_unit",
    sum: None,
    day: None,
};

/// A manager's membership of a team.
const TEAMS: Shape = Shape {
    columns: &[
        // A team without a name is its leader's.
        needed("team_id", &[Field::TeamId, Field::TeamName, Field::Lead], Holds::Text),
        column("team_name", &[Field::TeamName], Holds::Text),
        needed("manager_id", &[Field::ManagerId, Field::ManagerName], Holds::Text),
        MANAGER_NAME,
        column("lead", &[Field::Lead], Holds::Text),
        column("parent", &[Field::Parent], Holds::Text),
        column("from", &[Field::From], Holds::Day),
        column("to", &[Field::To], Holds::Day),
    ],
    key: &["team_id", "manager_id", "from"],
    is_group: false,
    any_of: &[],
    by: "team_id",
    sum: None,
    day: Some("from"),
};

/// Days on which a manager was away. Without a first day he or she was not there before, without a last day not any more.
const ABSENCES: Shape = Shape {
    columns: &[
        needed("manager_id", &[Field::ManagerId, Field::ManagerName], Holds::Text),
        MANAGER_NAME,
        column("from", &[Field::From, Field::Date], Holds::Day),
        column("to", &[Field::To], Holds::Day),
        column("reason", &[Field::Cause, Field::Topic], Holds::Word(words::ABSENCES)),
        // No, unless the row says so: targets are lowered for the days away.
        column("in_target", &[Field::InTarget], Holds::Word(words::YES_NO)),
        NOTE,
    ],
    key: &["manager_id", "from"],
    is_group: false,
    any_of: &["from", "to"],
    by: "reason",
    sum: None,
    day: Some("from"),
};

/// A decision that two ids mean the same, or do not.
const ALIASES: Shape = Shape {
    columns: &[
        needed("of", &[Field::Of], Holds::Word(words::THINGS)),
        needed("alias", &[Field::Alias], Holds::Text),
        needed("id", &[Field::SameAs], Holds::Text),
        // The same, unless the row says that they are apart.
        column("verdict", &[Field::Verdict], Holds::Word(words::VERDICTS)),
        NOTE,
    ],
    key: &["alias", "id", "of"],
    is_group: false,
    any_of: &[],
    by: "verdict",
    sum: None,
    day: None,
};

/// A manager's part of the credit for an invoice.
const CREDITS: Shape = Shape {
    columns: &[
        needed("invoice_no", &[Field::InvoiceNo], Holds::Text),
        needed("manager_id", &[Field::ManagerId, Field::ManagerName], Holds::Text),
        MANAGER_NAME,
        // The whole where the file does not say.
        column("share", &[Field::Share], Holds::Share),
        column("decided", &[Field::Date], Holds::Day),
        NOTE,
    ],
    key: &["invoice_no"],
    is_group: true,
    any_of: &[],
    by: "manager_id",
    sum: None,
    day: Some("decided"),
};

pub(super) const fn of(kind: FactKind) -> Option<&'static Shape> {
    Some(match kind {
        FactKind::Activities => &ACTIVITIES,
        FactKind::Offers => &OFFERS,
        FactKind::Stages => &STAGES,
        FactKind::Feedback => &FEEDBACK,
        FactKind::Costs => &COSTS,
        FactKind::Prospects => &PROSPECTS,
        FactKind::Stock => &STOCK,
        FactKind::Receivables => &RECEIVABLES,
        FactKind::Units => &UNITS,
        FactKind::Teams => &TEAMS,
        FactKind::Absences => &ABSENCES,
        FactKind::Aliases => &ALIASES,
        FactKind::Credits => &CREDITS,
        FactKind::Sales
        | FactKind::Accounts
        | FactKind::Products
        | FactKind::Managers
        | FactKind::Targets
        | FactKind::Market
        | FactKind::Ownership
        | FactKind::Rates => return None,
    })
}
