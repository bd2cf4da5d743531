//! How the rows of a kind are listed: by which words and numbers they are summed up, and which days they are for.

use crate::FactKind;

impl FactKind {
    /// The column by whose words its rows are summed up.
    pub const fn summed_by(self) -> Option<&'static str> {
        match (self.shape(), self) {
            (Some(shape), _) => Some(shape.by),
            (None, Self::Accounts) => Some("segment"),
            (None, Self::Products) => Some("category"),
            (None, Self::Managers) => Some("supervisor"),
            (None, Self::Targets | Self::Market) => Some("kpi"),
            (None, Self::Rates) => Some("currency"),
            (None, _) => None,
        }
    }

    /// The column of numbers that is summed up; a rate adds up to nothing.
    pub const fn sum(self) -> Option<&'static str> {
        match (self.shape(), self) {
            (Some(shape), _) => shape.sum,
            (None, Self::Sales) => Some("net"),
            (None, Self::Targets | Self::Market) => Some("value"),
            (None, _) => None,
        }
    }

    /// The columns of the first and the last day that a row is for, the same where it is one day.
    pub const fn days(self) -> Option<(&'static str, &'static str)> {
        match (self.shape(), self) {
            (Some(shape), _) => match shape.day {
                Some(day) => Some((day, day)),
                None => None,
            },
            (None, Self::Sales) => Some(("date", "date")),
            (None, Self::Targets | Self::Market | Self::Ownership | Self::Rates) => Some(("from", "to")),
            (None, _) => None,
        }
    }
}
