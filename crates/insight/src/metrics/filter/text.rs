//! A filter as it is written; reading it gives the same filter again.

use std::fmt;

use super::{Field, Filter, Operator};

impl fmt::Display for Operator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.id())
    }
}

impl<F: fmt::Display> fmt::Display for Filter<F> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |parts: &[Self], word: &str| {
            let texts: Vec<String> = parts.iter().map(|part| format!("({part})")).collect();
            texts.join(word)
        };
        match self {
            Self::And(parts) => out.write_str(&joined(parts, " and ")),
            Self::Or(parts) => out.write_str(&joined(parts, " or ")),
            Self::Not(part) => write!(out, "not ({part})"),
            Self::Compare { field, operator, value } => write!(out, "{field} {operator} {}", quoted(value)),
            Self::In(field, values) => {
                let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
                write!(out, "{field} in ({})", values.join(", "))
            }
            Self::Like(field, pattern) => write!(out, "{field} like {}", quoted(pattern)),
            Self::IsNull(field) => write!(out, "{field} is null"),
        }
    }
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}
