//! Identity: ids as the company writes them, one type for each kind of thing.

use std::{cmp::Ordering, fmt};

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as it is written in the company's own data.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

text_id! {
    /// A customer account, by the company's own id (or its name, where the data has no id).
    AccountId
}
text_id! {
    /// An account manager, by the company's own id or name.
    ManagerId
}
text_id! {
    /// A product, by the company's own id or name.
    ProductId
}
text_id! {
    /// A named stream of sales lines (`default` unless the user says otherwise); never a file's name.
    SourceName
}

/// The number of one import: 1, 2, 3 … in the order in which they were begun in this home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ImportId(pub i64);

impl fmt::Display for ImportId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

/// The number of one user of this home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub i64);

/// The order of ids, in which "the lower id" of two is decided: whole numbers first and by their value, then
/// all others as text. So `9` stands before `10`, and both before `A1`.
pub fn id_order(one: &str, other: &str) -> Ordering {
    let is_number = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    match (is_number(one), is_number(other)) {
        (true, true) => {
            let (short, long) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
            short.len().cmp(&long.len()).then_with(|| short.cmp(long)).then_with(|| one.cmp(other))
        }
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => one.cmp(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_by_value_and_before_texts() {
        let mut ids = ["A1", "10", "9", "1a", "009", "", "2"];
        ids.sort_by(|one, other| id_order(one, other));
        assert_eq!(ids, ["2", "009", "9", "10", "", "1a", "A1"]);
    }
}
