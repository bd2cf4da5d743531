//! One thing that was found.

use serde::Serialize;

use super::{Kind, Why};

/// An account, a product, a manager: id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// The id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
}

impl Member {
    /// The name, else the id.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

/// Where the rows behind it are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// The sales lines of the account, and of the item where it is a product.
    Lines,
    /// A table of facts, of the account where the table tells accounts.
    Facts(&'static str),
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind of thing.
    pub kind: Kind,
    /// The account or prospect it is about; none where it is about all.
    pub account: Option<Member>,
    /// The product or offer it is about.
    pub item: Option<Member>,
    /// Who has the account now.
    pub manager: Option<Member>,
    /// What is at stake in a year, before the chance of success: margin, or sales where costs are not known.
    pub amount: f64,
    /// Why it is told.
    pub why: Vec<Why>,
    /// Says of which situation it is: where it is another one, what was dismissed is told again.
    pub mark: String,
    /// The rows behind it.
    pub rows: Rows,
}

impl Finding {
    /// `kind:account` or `kind:account:item`: the same as long as it is the same thing.
    pub fn key(&self) -> String {
        let account = self.account.as_ref().map_or("", |account| account.id.as_str());
        match &self.item {
            Some(item) => format!("{}:{account}:{}", self.kind.word(), item.id),
            None => format!("{}:{account}", self.kind.word()),
        }
    }
}
