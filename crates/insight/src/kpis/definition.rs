//! What a definition of an own KPI says, and what of it cannot stand.

use serde::{Deserialize, Serialize};
use takar_model::Lang;

use super::{Expression, Kind, Measure, TargetFigure};
use crate::{
    InsightError,
    metrics::{Dimension, Direction, KPIS},
};

/// A text of a user in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Words {
    /// In Indonesian.
    #[serde(default)]
    pub id: String,
    /// In English.
    #[serde(default)]
    pub en: String,
}

impl Words {
    /// From both.
    pub fn new(id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { id: id.into(), en: en.into() }
    }

    /// The text in one language; in the other where it has none.
    pub fn get(&self, lang: Lang) -> &str {
        let (first, second) = match lang {
            Lang::Id => (&self.id, &self.en),
            Lang::En => (&self.en, &self.id),
        };
        if first.is_empty() { second } else { first }
    }

    fn is_empty(&self) -> bool {
        self.id.is_empty() && self.en.is_empty()
    }
}

/// How months make the figure of a longer period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PeriodRule {
    /// The facts of the whole period are added up.
    Sum,
    /// Tops and bottoms of the whole period are added up, then divided.
    Ratio,
    /// The figure of the period's last month.
    Last,
    /// The mean of the months' figures.
    Average,
}

/// What a period without facts comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingRule {
    /// Zero.
    Zero,
    /// It is left out: no row, and no part of a mean.
    LeaveOut,
    /// Nothing, with the reason.
    Null,
}

impl PeriodRule {
    /// Every rule.
    pub const ALL: [Self; 4] = [Self::Sum, Self::Ratio, Self::Last, Self::Average];

    /// Its name in commands and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Ratio => "ratio",
            Self::Last => "last",
            Self::Average => "average",
        }
    }
}

impl MissingRule {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Zero, Self::LeaveOut, Self::Null];

    /// Its name in commands and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::LeaveOut => "leave_out",
            Self::Null => "null",
        }
    }
}

/// A definition as it is written down; what is left out follows from the expression.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its name in commands, addresses and JSON: small letters, digits and `_`.
    pub id: String,
    /// Its name for people.
    #[serde(default)]
    pub name: Words,
    /// What it means.
    #[serde(default)]
    pub description: Words,
    /// How it is computed.
    pub expression: String,
    /// What it is shown in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Measure>,
    /// Which way is better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// How months make a longer period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<PeriodRule>,
    /// What a period without facts comes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingRule>,
    /// Another expression that must come to the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
}

/// An own KPI, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnKpi {
    /// Its name in commands, addresses and JSON.
    pub id: String,
    /// The version of its definition, from 1.
    pub version: u32,
    /// Its name for people.
    pub name: Words,
    /// What it means.
    pub description: Words,
    /// How it is computed.
    pub expression: Expression,
    /// What it is shown in.
    pub unit: Measure,
    /// Which way is better.
    pub direction: Direction,
    /// How months make a longer period.
    pub period: PeriodRule,
    /// What a period without facts comes to.
    pub missing: MissingRule,
    /// Another expression that must come to the same.
    pub check: Option<Expression>,
}

/// The longest id.
const LONGEST_ID: usize = 40;
/// The longest name.
const LONGEST_NAME: usize = 80;
/// The longest description.
const LONGEST_DESCRIPTION: usize = 500;

impl Definition {
    /// An expression alone, with all else as it follows from it.
    pub fn of(id: &str, expression: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: Words::default(),
            description: Words::default(),
            expression: expression.to_owned(),
            unit: None,
            direction: None,
            period: None,
            missing: None,
            check: None,
        }
    }

    /// Checks a definition that is to be saved now: also that its id does not look like another KPI's target.
    ///
    /// # Errors
    /// As [`Definition::checked`].
    pub fn chosen(&self, version: u32) -> Result<OwnKpi, InsightError> {
        // The longest ending first, so that the whole of it is named.
        if let Some((of, figure)) = TargetFigure::split(self.id.trim()) {
            let (id, of, ending) = (shown(self.id.trim()), shown(of), figure.suffix());
            return Err(wrong(
                format!(
                    "id \"{id}\" berakhiran {ending}, yang berarti KPI \"{of}\" dibanding targetnya; pilih id lain"
                ),
                format!(
                    "the id \"{id}\" ends in {ending}, which means the KPI \"{of}\" held against its targets; choose another id"
                ),
            ));
        }
        self.checked(version)
    }

    /// Checks a definition as it is, or was, kept.
    ///
    /// # Errors
    /// [`InsightError::Expression`] where an expression cannot be read, [`InsightError::OwnKpi`] where the definition
    /// contradicts itself.
    pub fn checked(&self, version: u32) -> Result<OwnKpi, InsightError> {
        let id = self.id.trim();
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        let begins = id.starts_with(|first: char| first.is_ascii_lowercase());
        if !begins || id.len() > LONGEST_ID || !id.chars().all(fits) {
            return Err(wrong(
                format!(
                    "id \"{}\" harus huruf kecil, angka, dan _, diawali huruf, paling banyak {LONGEST_ID}",
                    shown(id)
                ),
                format!(
                    "the id \"{}\" has to be small letters, digits and _, a letter first, at most {LONGEST_ID}",
                    shown(id)
                ),
            ));
        }
        if KPIS.iter().any(|kpi| kpi.id == id) {
            return Err(wrong(
                format!("\"{id}\" adalah KPI bawaan; pilih id lain"),
                format!("\"{id}\" is a built-in KPI; choose another id"),
            ));
        }
        let reserved = ["_base", "_growth", "_name"].into_iter().find(|ending| id.ends_with(ending));
        if let Some(ending) = reserved.or_else(|| is_taken(id).then_some(id)) {
            return Err(wrong(
                format!("id \"{id}\" berbentrok dengan kolom hasil ({ending}); pilih id lain"),
                format!("the id \"{id}\" collides with a column of results ({ending}); choose another id"),
            ));
        }
        for (text, most) in [
            (&self.name.id, LONGEST_NAME),
            (&self.name.en, LONGEST_NAME),
            (&self.description.id, LONGEST_DESCRIPTION),
            (&self.description.en, LONGEST_DESCRIPTION),
        ] {
            if text.chars().count() > most || text.chars().any(char::is_control) {
                return Err(wrong(
                    format!("nama paling banyak {LONGEST_NAME} huruf dan keterangan {LONGEST_DESCRIPTION}, satu baris"),
                    format!(
                        "a name has at most {LONGEST_NAME} characters, a description {LONGEST_DESCRIPTION}, on one line"
                    ),
                ));
            }
        }
        let expression = Expression::parse(&self.expression)?;
        if expression.aggregates().is_empty() && expression.built_ins().is_empty() {
            return Err(wrong(
                "rumus ini tidak membaca data apa pun".to_owned(),
                "this expression reads no data at all".to_owned(),
            ));
        }
        let kind = expression.kind();
        let unit = self.unit.unwrap_or_else(|| match expression.is_rows_over_others() {
            true => Measure::Number,
            false => Measure::of(kind),
        });
        if !unit.suits(kind) {
            let suiting: Vec<&str> =
                Measure::ALL.into_iter().filter(|unit| unit.suits(kind)).map(Measure::id).collect();
            let suiting = suiting.join(", ");
            return Err(wrong(
                format!("rumus ini menghasilkan {}, bukan {}; satuannya bisa: {suiting}", kind.text().id, unit.id()),
                format!("this expression gives {}, not {}; its unit can be: {suiting}", kind.text().en, unit.id()),
            ));
        }
        let is_ratio = expression.is_ratio() || does_not_add_up(&expression);
        let period = self.period.unwrap_or(if is_ratio { PeriodRule::Ratio } else { PeriodRule::Sum });
        if period == PeriodRule::Sum && is_ratio {
            return Err(wrong(
                "pembagian, rata-rata, terkecil, terbesar, dan yang berbeda tidak dapat dijumlahkan antarbulan; aturan periodenya ratio, last, atau average".to_owned(),
                "quotients, means, least, greatest and different ones do not add up over months; the period rule is ratio, last or average".to_owned(),
            ));
        }
        let missing = self.missing.unwrap_or(if is_ratio { MissingRule::Null } else { MissingRule::Zero });
        let check = self.check.as_deref().map(str::trim).filter(|check| !check.is_empty());
        let check = check.map(Expression::parse).transpose()?;
        if let Some(check) = &check
            && !unit.suits(check.kind())
            && check.kind() != kind
        {
            return Err(wrong(
                format!("rumus pemeriksa menghasilkan {}, bukan {}", check.kind().text().id, kind.text().id),
                format!("the check gives {}, not {}", check.kind().text().en, kind.text().en),
            ));
        }
        let name = if self.name.is_empty() { Words::new(id, id) } else { self.name.clone() };
        Ok(OwnKpi {
            id: id.to_owned(),
            version,
            name,
            description: self.description.clone(),
            expression,
            unit,
            direction: self.direction.unwrap_or(Direction::Neutral),
            period,
            missing,
            check,
        })
    }
}

/// It counts things once however many months they are in, or is no sum at all.
pub(super) fn does_not_add_up(expression: &Expression) -> bool {
    use super::Function::{Count, Sum};
    let of_facts = expression.aggregates().iter().any(|aggregate| !matches!(aggregate.function, Sum | Count));
    let timeless = expression.aggregates().iter().any(|aggregate| aggregate.day_column().is_none());
    let of_kpis = expression.built_ins().iter().any(|kpi| kpi.nature != crate::metrics::Nature::Additive);
    of_facts || of_kpis || timeless || expression.kind() == Kind::Share
}

/// A column of every result has this name.
fn is_taken(id: &str) -> bool {
    Dimension::ALL.iter().any(|dimension| dimension.id() == id) || matches!(id, "cost_coverage" | "target_coverage")
}

/// What a user wrote, short enough for a message.
fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

fn wrong(id: String, en: String) -> InsightError {
    InsightError::OwnKpi { id, en }
}

impl OwnKpi {
    /// Everything that it reads can be told apart by this dimension.
    pub fn knows(&self, dimension: Dimension) -> bool {
        self.expression.aggregates().iter().all(|aggregate| aggregate.table.knows(dimension))
    }

    /// The definition that it was read from, with all that followed said.
    pub fn definition(&self) -> Definition {
        Definition {
            id: self.id.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            expression: self.expression.text().to_owned(),
            unit: Some(self.unit),
            direction: Some(self.direction),
            period: Some(self.period),
            missing: Some(self.missing),
            check: self.check.as_ref().map(|check| check.text().to_owned()),
        }
    }

    /// As JSON for a reader of `lang`, beside those of built-in KPIs: also expression, rules, version, both languages.
    pub fn to_json(&self, lang: Lang) -> serde_json::Value {
        serde_json::json!({
            "id": self.id,
            "name": self.name.get(lang),
            "definition": self.description.get(lang),
            "unit": self.unit.unit(),
            "measure": self.unit,
            "direction": self.direction,
            "nature": if self.period == PeriodRule::Sum { "additive" } else { "ratio" },
            "own": true,
            "version": self.version,
            "expression": self.expression.text(),
            "period_rule": self.period,
            "missing_rule": self.missing,
            "check": self.check.as_ref().map(Expression::text),
            "names": self.name,
            "descriptions": self.description,
        })
    }
}
