//! The two languages of Takar: Indonesian first, English complete.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that Takar speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Bahasa Indonesia, the default.
    #[default]
    Id,
    /// English.
    En,
}

/// The text named no language that Takar speaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown language \"{0}\": write id (Indonesian) or en (English)")]
pub struct LangError(pub String);

impl Lang {
    /// The first language of an `Accept-Language` header, or a locale such as `en_US.UTF-8`, that Takar
    /// speaks; Indonesian when there is none.
    ///
    /// Quality values are honoured by order only: browsers list the preferred language first.
    pub fn negotiate(preferences: &str) -> Self {
        preferences
            .split(',')
            .find_map(|tag| match tag.trim().get(..2).map(str::to_ascii_lowercase).as_deref() {
                Some("id" | "in") => Some(Self::Id),
                Some("en") => Some(Self::En),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// The language's code, `id` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    /// Writes a whole number with the language's thousands mark: `1.234.567` or `1,234,567`.
    pub fn group(self, value: i128) -> String {
        let digits = value.unsigned_abs().to_string();
        let mark = match self {
            Self::Id => '.',
            Self::En => ',',
        };
        let mut grouped = String::with_capacity(digits.len() * 4 / 3 + 1);
        if value < 0 {
            grouped.push('-');
        }
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                grouped.push(mark);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// The decimal mark: `,` or `.`.
    pub const fn decimal_mark(self) -> char {
        match self {
            Self::Id => ',',
            Self::En => '.',
        }
    }
}

impl FromStr for Lang {
    type Err = LangError;

    fn from_str(text: &str) -> Result<Self, LangError> {
        match text.to_ascii_lowercase().as_str() {
            "id" => Ok(Self::Id),
            "en" => Ok(Self::En),
            _ => Err(LangError(text.to_owned())),
        }
    }
}

/// One fixed text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Text {
    /// The Indonesian text.
    pub id: &'static str,
    /// The English text.
    pub en: &'static str,
}

impl Text {
    /// A text from its Indonesian and English forms.
    pub const fn new(id: &'static str, en: &'static str) -> Self {
        Self { id, en }
    }

    /// The text in one language.
    pub const fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Id => self.id,
            Lang::En => self.en,
        }
    }
}
