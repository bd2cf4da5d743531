//! Who is credited with a sale where an account changed hands.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Text;

/// The rule that credits sales to account managers. Under every rule the credited amounts add up to the invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Credit {
    /// To the manager that the invoice names, and only where it names none to the owner on its day.
    #[default]
    Recorded,
    /// To who owned the account on the day of the invoice.
    Then,
    /// To who owns the account on the last day of the data, whoever sold.
    Now,
}

impl Credit {
    /// Every rule; the default first.
    pub const ALL: [Self; 3] = [Self::Recorded, Self::Then, Self::Now];

    /// Its name in commands, addresses and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Then => "then",
            Self::Now => "now",
        }
    }

    /// What it is called on a page.
    pub const fn label(self) -> Text {
        match self {
            Self::Recorded => Text::new("menurut faktur", "as recorded"),
            Self::Then => Text::new("pemilik saat itu", "as owned then"),
            Self::Now => Text::new("pemilik sekarang", "as owned now"),
        }
    }
}

impl fmt::Display for Credit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// The text names no rule of credit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown credit \"{0}\": write recorded, then or now")]
pub struct CreditError(pub String);

impl FromStr for Credit {
    type Err = CreditError;

    fn from_str(text: &str) -> Result<Self, CreditError> {
        Self::ALL.into_iter().find(|credit| credit.name() == text).ok_or_else(|| CreditError(text.to_owned()))
    }
}
