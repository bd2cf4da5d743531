//! What a form asks for each kind of fact: the fields of a row, and for what comes in several rows (the owners of an account,
//! the lines of an invoice) those that every row has of its own.

use serde::Serialize;
use takar_import::{Column, FactKind, Field, Holds, Shape};
use takar_insight::{
    metrics::{KPIS, Kpi},
    process::PROCESS_KPIS,
};
use takar_model::{Lang, Text};

use crate::WordOfFact;

/// What a form for rows of a kind asks.
#[derive(Debug, Serialize)]
pub struct FormOfKind {
    /// Asked once.
    pub once: Vec<FieldOfForm>,
    /// Asked for each row; without any, one form is one row.
    pub many: Vec<FieldOfForm>,
    /// The columns that make a row the same row: a row with these replaces the one there is. They stay as they are when a row is
    /// corrected. None where rows cannot be corrected one by one.
    pub key: Vec<&'static str>,
}

/// A field of a form.
#[derive(Debug, Serialize)]
pub struct FieldOfForm {
    /// Its name where rows are pushed.
    pub name: &'static str,
    /// The column of the table that it fills, where a row is corrected.
    pub column: &'static str,
    /// What a reader calls it.
    pub label: String,
    /// What may stand in it.
    pub holds: FormHolds,
    /// The words to choose from.
    pub words: Vec<WordOfFact>,
    /// It has to be filled.
    pub needed: bool,
    /// Whose ids are offered while it is typed: `account`, `manager`, `product`, `category`, `region`, `segment`, `branch`.
    pub offers: Option<&'static str>,
    /// How it is written.
    pub help: Option<&'static str>,
}

/// What may stand in a field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FormHolds {
    /// Any text.
    Text,
    /// A day.
    Day,
    /// An amount of money.
    Money,
    /// Any other number.
    Number,
    /// A share of a whole, in percent.
    Share,
    /// A month, quarter, year or range of days.
    Period,
    /// One of the words, or another.
    Word,
    /// One of the words.
    Choice,
}

/// How a share is written.
const IN_PERCENT: Text = Text::new("dalam persen", "in percent");

/// A field as it is written down below.
struct Asked {
    field: Field,
    column: &'static str,
    holds: FormHolds,
    needed: bool,
}

const fn asked(field: Field, column: &'static str, holds: FormHolds) -> Asked {
    Asked { field, column, holds, needed: false }
}

const fn needed(field: Field, column: &'static str, holds: FormHolds) -> Asked {
    Asked { field, column, holds, needed: true }
}

impl FormOfKind {
    /// The form of a kind.
    pub(crate) fn of(kind: FactKind, lang: Lang) -> Self {
        if let Some(shape) = kind.shape() {
            return Self::described(shape, lang);
        }
        let (once, many, key) = written(kind);
        let told = |asked: Vec<Asked>| asked.into_iter().map(|field| field.told(kind, lang)).collect();
        Self { once: told(once), many: told(many), key }
    }

    fn described(shape: &'static Shape, lang: Lang) -> Self {
        let field = |column: &Column| {
            let (holds, words) = match column.holds {
                Holds::Text => (FormHolds::Text, &[][..]),
                Holds::Day => (FormHolds::Day, &[][..]),
                Holds::Money => (FormHolds::Money, &[][..]),
                Holds::Number => (FormHolds::Number, &[][..]),
                Holds::Share => (FormHolds::Share, &[][..]),
                Holds::Word(words) => (FormHolds::Word, words),
            };
            FieldOfForm {
                name: column.name,
                column: column.name,
                label: column.fields.first().map_or(column.name, |field| field.label().get(lang)).to_owned(),
                holds,
                words: words.iter().map(|word| WordOfFact { word: word.name, label: word.label(lang) }).collect(),
                needed: column.is_needed,
                offers: offers(column.name),
                help: (holds == FormHolds::Share).then(|| IN_PERCENT.get(lang)),
            }
        };
        // Of what is one thing together the key is told once.
        let (once, many): (Vec<_>, Vec<_>) =
            shape.columns.iter().partition(|column| !shape.is_group || shape.key.contains(&column.name));
        let told = |columns: Vec<&Column>| columns.into_iter().map(field).collect();
        Self { once: told(once), many: told(many), key: shape.key.to_vec() }
    }
}

impl Asked {
    fn told(self, kind: FactKind, lang: Lang) -> FieldOfForm {
        let words = match self.field {
            Field::Kpi => {
                let figures = KPIS.iter().filter(|kpi| can_be_told(kind, kpi.kpi)).map(|kpi| (kpi.id, kpi.name));
                // What somebody is to reach in the own work.
                let work = PROCESS_KPIS.iter().filter(|_| kind == FactKind::Targets).map(|kpi| (kpi.id, kpi.name));
                figures.chain(work).map(|(word, name)| WordOfFact { word, label: name.get(lang) }).collect()
            }
            _ => Vec::new(),
        };
        let help = match self.holds {
            FormHolds::Period => Some(Text::new(
                "2025-10, 2025-Q4, 2025 atau 2025-10-01..2025-12-31",
                "2025-10, 2025-Q4, 2025 or 2025-10-01..2025-12-31",
            )),
            FormHolds::Share => Some(IN_PERCENT),
            _ => None,
        };
        FieldOfForm {
            name: self.field.name(),
            column: self.column,
            label: self.field.label_in(kind).get(lang).to_owned(),
            holds: self.holds,
            words,
            needed: self.needed,
            offers: offers(self.field.name()),
            help: help.map(|help| help.get(lang)),
        }
    }
}

/// Whether a target, or the size of a market, can be told in a KPI.
fn can_be_told(kind: FactKind, kpi: Kpi) -> bool {
    match kind {
        FactKind::Market => matches!(kpi, Kpi::NetSales | Kpi::Units),
        _ => !matches!(kpi, Kpi::Target | Kpi::Attainment),
    }
}

fn offers(name: &str) -> Option<&'static str> {
    Some(match name {
        "account_id" => "account",
        "manager_id" | "supervisor" | "lead" => "manager",
        "product_id" => "product",
        "category" => "category",
        "region" => "region",
        "segment" => "segment",
        "branch" => "branch",
        _ => return None,
    })
}

/// The forms of kinds that have readers of their own: what is asked once, what for each row, and the key.
fn written(kind: FactKind) -> (Vec<Asked>, Vec<Asked>, Vec<&'static str>) {
    use FormHolds::{Choice, Day, Money, Number, Period, Share, Text};
    let text = |field: Field| asked(field, field.name(), Text);
    let id = |field: Field| needed(field, field.name(), Text);
    let period = || needed(Field::Period, "period", Period);
    let kpi = || needed(Field::Kpi, "kpi", Choice);
    match kind {
        FactKind::Sales => (
            vec![
                id(Field::InvoiceNo),
                needed(Field::Date, "date", Day),
                id(Field::AccountId),
                text(Field::AccountName),
                text(Field::ManagerId),
                text(Field::Region),
                text(Field::Branch),
                text(Field::Currency),
            ],
            vec![
                id(Field::ProductId),
                text(Field::ProductName),
                needed(Field::Quantity, "quantity", Number),
                text(Field::Unit),
                asked(Field::UnitPrice, "unit_price", Money),
                asked(Field::Discount, "discount", Money),
                needed(Field::NetAmount, "net", Money),
                asked(Field::Cost, "cost", Money),
            ],
            vec!["invoice_no"],
        ),
        FactKind::Accounts => (
            vec![
                id(Field::AccountId),
                text(Field::AccountName),
                text(Field::ManagerId),
                text(Field::ManagerName),
                text(Field::Region),
                text(Field::Segment),
                text(Field::Branch),
            ],
            Vec::new(),
            vec!["account_id"],
        ),
        FactKind::Products => (
            vec![id(Field::ProductId), text(Field::ProductName), text(Field::Category), text(Field::Unit)],
            Vec::new(),
            vec!["product_id"],
        ),
        FactKind::Managers => (
            vec![id(Field::ManagerId), text(Field::ManagerName), text(Field::Supervisor), text(Field::Branch)],
            Vec::new(),
            vec!["manager_id"],
        ),
        FactKind::Targets => (
            vec![
                period(),
                kpi(),
                needed(Field::Value, "value", Number),
                text(Field::ManagerId),
                text(Field::AccountId),
                text(Field::ProductId),
                text(Field::Category),
                text(Field::Region),
                text(Field::Segment),
                text(Field::Branch),
            ],
            Vec::new(),
            vec!["period", "kpi", "manager_id", "account_id", "product_id", "category", "region", "segment", "branch"],
        ),
        FactKind::Market => (
            vec![
                period(),
                kpi(),
                needed(Field::Value, "value", Number),
                text(Field::Category),
                text(Field::Region),
                text(Field::Segment),
            ],
            Vec::new(),
            vec!["period", "kpi", "category", "region", "segment"],
        ),
        FactKind::Ownership => (
            vec![id(Field::AccountId), asked(Field::From, "from", Day), asked(Field::To, "to", Day)],
            vec![id(Field::ManagerId), needed(Field::Share, "share", Share)],
            vec!["account_id", "from"],
        ),
        FactKind::Rates => (
            vec![
                id(Field::Currency),
                needed(Field::From, "from", Day),
                asked(Field::To, "to", Day),
                needed(Field::Value, "rate", Number),
                text(Field::InCurrency),
            ],
            Vec::new(),
            vec!["currency", "from", "to", "in_currency"],
        ),
        _ => (Vec::new(), Vec::new(), Vec::new()),
    }
}
