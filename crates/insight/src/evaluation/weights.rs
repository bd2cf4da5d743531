//! How much each KPI counts in the scores of a scorecard.
//!
//! Three groups (quantity, process, communication) weigh together 100 %, and so do the KPIs of each group. Weights have a
//! version, so that a score says by which it was made.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use takar_model::{Lang, Text};

use crate::{kpis::TargetFigure, metrics::Direction};

/// A weight in hundredths of a per cent; 10,000 is the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Weight(u32);

impl Weight {
    /// All of it.
    pub const WHOLE: Self = Self(10_000);
    /// None of it.
    pub const NONE: Self = Self(0);

    /// From hundredths of a per cent; `None` above the whole.
    pub const fn from_hundredths(hundredths: u32) -> Option<Self> {
        if hundredths <= Self::WHOLE.0 { Some(Self(hundredths)) } else { None }
    }

    /// In hundredths of a per cent.
    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// As a part of one, for scores.
    pub fn share(self) -> f64 {
        f64::from(self.0) / f64::from(Self::WHOLE.0)
    }

    /// `12,5 %` or `12.5%`.
    pub fn text(self, lang: Lang) -> String {
        crate::metrics::format_percent(self.share(), lang)
    }
}

impl Serialize for Weight {
    /// In per cent: 40 or 12.5.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 % 100 {
            0 => serializer.serialize_u32(self.0 / 100),
            _ => serializer.serialize_f64(f64::from(self.0) / 100.0),
        }
    }
}

impl<'de> Deserialize<'de> for Weight {
    /// From per cent with at most two decimals, 0 to 100.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = f64::deserialize(deserializer)?;
        let hundredths = percent * 100.0;
        let rounded = hundredths.round();
        if !(0.0..=10_000.0).contains(&hundredths) || (hundredths - rounded).abs() > 1e-6 {
            return Err(D::Error::custom("a weight is a per cent from 0 to 100 with at most two decimals"));
        }
        Ok(Self(rounded as u32))
    }
}

/// The groups of KPIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// How much was sold.
    Quantity,
    /// How it was gone about.
    Process,
    /// How accounts were spoken with.
    Communication,
}

impl Kind {
    /// Every group.
    pub const ALL: [Self; 3] = [Self::Quantity, Self::Process, Self::Communication];

    /// Its name in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Quantity => "quantity",
            Self::Process => "process",
            Self::Communication => "communication",
        }
    }

    /// What people call it.
    pub const fn name(self) -> Text {
        match self {
            Self::Quantity => Text::new("Hasil", "Quantity"),
            Self::Process => Text::new("Proses", "Process"),
            Self::Communication => Text::new("Komunikasi", "Communication"),
        }
    }
}

/// The weights of a scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Their version, from 1.
    pub version: u32,
    /// How much was sold.
    pub quantity: Group,
    /// How it was gone about.
    pub process: Group,
    /// How accounts were spoken with.
    pub communication: Group,
}

/// A group of KPIs and how much it counts in the whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// How much of the whole.
    pub weight: Weight,
    /// Its KPIs.
    pub kpis: Vec<Weighted>,
}

/// A KPI and how much it counts in its group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighted {
    /// The id of the KPI, built in or own.
    pub kpi: String,
    /// How much of the group.
    pub weight: Weight,
}

/// What weights have to know of a KPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weighable {
    /// Which way is better.
    pub direction: Direction,
    /// It can be told manager by manager.
    pub by_manager: bool,
}

impl From<Direction> for Weighable {
    fn from(direction: Direction) -> Self {
        Self { direction, by_manager: true }
    }
}

/// What is wrong with weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WeightProblem {
    /// The groups do not weigh 100 % together.
    GroupsSum(u32),
    /// The KPIs of a group do not weigh 100 % together.
    KpisSum(Kind, u32),
    /// A group has no KPI but weighs something.
    EmptyGroup(Kind),
    /// A KPI stands twice.
    Twice(String),
    /// There is no such KPI.
    Unknown(Kind, String),
    /// It is not said which way of a KPI is better, so it cannot be scored.
    NoDirection(Kind, String),
    /// It reads what knows no manager, so nobody has a figure of it.
    NoManager(Kind, String),
    /// A KPI weighs nothing.
    Nothing(Kind, String),
}

impl WeightProblem {
    /// What is wrong and what is missing, for a reader of `lang`.
    pub fn message(&self, lang: Lang) -> String {
        let percent = |hundredths: u32| f64::from(hundredths) / 100.0;
        let (id, en) = match self {
            Self::GroupsSum(sum) => (
                format!("bobot ketiga kelompok berjumlah {} %, seharusnya 100 %", percent(*sum)),
                format!("the weights of the three groups come to {} %, not 100 %", percent(*sum)),
            ),
            Self::KpisSum(kind, sum) => (
                format!("bobot KPI kelompok {} berjumlah {} %, seharusnya 100 %", kind.name().id, percent(*sum)),
                format!("the weights of the KPIs of {} come to {} %, not 100 %", kind.name().en, percent(*sum)),
            ),
            Self::EmptyGroup(kind) => (
                format!("kelompok {} berbobot tetapi tidak punya KPI", kind.name().id),
                format!("the group {} has a weight but no KPI", kind.name().en),
            ),
            Self::Twice(kpi) => (format!("KPI {kpi} disebut dua kali"), format!("the KPI {kpi} stands twice")),
            Self::Unknown(kind, kpi) => (
                format!("kelompok {} menyebut KPI {kpi}, yang tidak ada", kind.name().id),
                format!("the group {} names the KPI {kpi}, which there is not", kind.name().en),
            ),
            Self::NoDirection(kind, kpi) => (
                format!(
                    "KPI {kpi} di kelompok {} tidak punya arah (higher atau lower), jadi tidak bisa dinilai",
                    kind.name().id
                ),
                format!(
                    "the KPI {kpi} of {} has no direction (higher or lower), so it cannot be scored",
                    kind.name().en
                ),
            ),
            Self::NoManager(kind, kpi) => (
                format!(
                    "KPI {kpi} di kelompok {} membaca data tanpa manajer, jadi tidak ada angkanya per manajer; pakai KPI lain",
                    kind.name().id
                ),
                format!(
                    "the KPI {kpi} of {} reads data that know no manager, so no manager has a figure of it; weigh another",
                    kind.name().en
                ),
            ),
            Self::Nothing(kind, kpi) => (
                format!("KPI {kpi} di kelompok {} berbobot nol; hapus saja", kind.name().id),
                format!("the KPI {kpi} of {} weighs nothing; leave it out", kind.name().en),
            ),
        };
        if lang == Lang::Id { id } else { en }
    }
}

impl Weights {
    /// A group.
    pub const fn group(&self, kind: Kind) -> &Group {
        match kind {
            Kind::Quantity => &self.quantity,
            Kind::Process => &self.process,
            Kind::Communication => &self.communication,
        }
    }

    /// The group in which a KPI counts, as it is or held against its targets; none where it does not.
    pub fn group_of(&self, kpi: &str) -> Option<Kind> {
        let is_of = |one: &Weighted| {
            let id = one.kpi.trim().to_lowercase();
            id == kpi || TargetFigure::split(&id).is_some_and(|(of, _)| of == kpi)
        };
        Kind::ALL.into_iter().find(|kind| self.group(*kind).kpis.iter().any(is_of))
    }

    /// All that is wrong; nothing = they hold. `known` tells of a KPI, `None` for an unknown one.
    pub fn problems(&self, known: &dyn Fn(&str) -> Option<Weighable>) -> Vec<WeightProblem> {
        let mut problems = Vec::new();
        let sum = |weights: &mut dyn Iterator<Item = Weight>| -> u32 {
            weights.fold(0, |sum: u32, weight| sum.saturating_add(weight.0))
        };
        let all = sum(&mut Kind::ALL.into_iter().map(|kind| self.group(kind).weight));
        if all != Weight::WHOLE.0 {
            problems.push(WeightProblem::GroupsSum(all));
        }
        let mut seen: Vec<&str> = Vec::new();
        for kind in Kind::ALL {
            let group = self.group(kind);
            let of_kpis = sum(&mut group.kpis.iter().map(|one| one.weight));
            if group.kpis.is_empty() && group.weight != Weight::NONE {
                problems.push(WeightProblem::EmptyGroup(kind));
            } else if !group.kpis.is_empty() && of_kpis != Weight::WHOLE.0 {
                problems.push(WeightProblem::KpisSum(kind, of_kpis));
            }
            for one in &group.kpis {
                if seen.contains(&one.kpi.as_str()) {
                    problems.push(WeightProblem::Twice(one.kpi.clone()));
                }
                seen.push(&one.kpi);
                match known(&one.kpi) {
                    None => problems.push(WeightProblem::Unknown(kind, one.kpi.clone())),
                    Some(Weighable { direction: Direction::Neutral, .. }) => {
                        problems.push(WeightProblem::NoDirection(kind, one.kpi.clone()));
                    }
                    Some(Weighable { by_manager: false, .. }) => {
                        problems.push(WeightProblem::NoManager(kind, one.kpi.clone()));
                    }
                    Some(_) => {}
                }
                if one.weight == Weight::NONE {
                    problems.push(WeightProblem::Nothing(kind, one.kpi.clone()));
                }
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(json: &str) -> Result<Weights, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn says_everything_that_is_wrong() {
        let given = weights(
            r#"{"version":1,
                "quantity":{"weight":50,"kpis":[{"kpi":"net_sales","weight":60},{"kpi":"orders","weight":30}]},
                "process":{"weight":30,"kpis":[]},
                "communication":{"weight":12.5,"kpis":[{"kpi":"orders","weight":100},{"kpi":"gone","weight":0},{"kpi":"flat","weight":0},
                    {"kpi":"on_hand","weight":0}]}}"#,
        )
        .expect("reads");
        let known = |id: &str| match id {
            "net_sales" | "orders" => Some(Direction::HigherIsBetter.into()),
            "flat" => Some(Direction::Neutral.into()),
            "on_hand" => Some(Weighable { direction: Direction::LowerIsBetter, by_manager: false }),
            _ => None,
        };
        use Kind::{Communication, Process, Quantity};
        assert_eq!(
            given.problems(&known),
            [
                WeightProblem::GroupsSum(9_250),
                WeightProblem::KpisSum(Quantity, 9_000),
                WeightProblem::EmptyGroup(Process),
                WeightProblem::Twice("orders".to_owned()),
                WeightProblem::Unknown(Communication, "gone".to_owned()),
                WeightProblem::Nothing(Communication, "gone".to_owned()),
                WeightProblem::NoDirection(Communication, "flat".to_owned()),
                WeightProblem::Nothing(Communication, "flat".to_owned()),
                WeightProblem::NoManager(Communication, "on_hand".to_owned()),
                WeightProblem::Nothing(Communication, "on_hand".to_owned()),
            ]
        );
        assert_eq!(given.group_of("gone"), Some(Communication));
        assert_eq!(given.group_of("units"), None);
        assert!(WeightProblem::GroupsSum(9_250).message(Lang::En).contains("92.5 %, not 100 %"));
        assert_eq!(serde_json::to_value(&given).expect("writes")["communication"]["weight"], 12.5);
        for wrong in ["-1", "100.5", "33.333", "\"40\"", "1e99"] {
            let json = format!(
                r#"{{"version":1,"quantity":{{"weight":{wrong},"kpis":[]}},"process":{{"weight":0,"kpis":[]}},"communication":{{"weight":0,"kpis":[]}}}}"#
            );
            assert!(weights(&json).is_err(), "{wrong}");
        }
    }
}
