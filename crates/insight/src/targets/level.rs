//! Whom targets are for.

use std::str::FromStr;

use serde::{Serialize, Serializer};
use takar_model::Text;

use crate::{
    InsightError,
    metrics::{CellSource, Dimension, NONE, Target},
};

/// What a list of targets tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Nothing: one target for all.
    Company,
    /// Account managers.
    Manager,
    /// Accounts.
    Account,
    /// Products.
    Product,
    /// Categories of products.
    Category,
    /// Regions.
    Region,
    /// Segments of accounts.
    Segment,
    /// Branches.
    Branch,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 8] = [
        Self::Company,
        Self::Manager,
        Self::Account,
        Self::Product,
        Self::Category,
        Self::Region,
        Self::Segment,
        Self::Branch,
    ];

    /// The dimension of its members; none for the company.
    pub const fn dimension(self) -> Option<Dimension> {
        match self {
            Self::Company => None,
            Self::Manager => Some(Dimension::Manager),
            Self::Account => Some(Dimension::Account),
            Self::Product => Some(Dimension::Product),
            Self::Category => Some(Dimension::Category),
            Self::Region => Some(Dimension::Region),
            Self::Segment => Some(Dimension::Segment),
            Self::Branch => Some(Dimension::Branch),
        }
    }

    /// Its name in commands, addresses and JSON.
    pub const fn id(self) -> &'static str {
        match self.dimension() {
            None => "company",
            Some(dimension) => dimension.id(),
        }
    }

    /// Its name for people.
    pub const fn name(self) -> Text {
        match self.dimension() {
            None => Text::new("Perusahaan", "Company"),
            Some(dimension) => dimension.name(),
        }
    }
}

impl FromStr for Level {
    type Err = InsightError;

    fn from_str(text: &str) -> Result<Self, InsightError> {
        let wanted = text.trim().to_ascii_lowercase();
        let known = Self::ALL.into_iter().find(|level| level.id() == wanted);
        known.ok_or_else(|| InsightError::UnknownLevel(text.trim().to_owned()))
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// Whom one target is for; without any it is for the company.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Whom {
    /// An account manager.
    pub manager: Option<String>,
    /// An account.
    pub account: Option<String>,
    /// A product.
    pub product: Option<String>,
    /// A category.
    pub category: Option<String>,
    /// A region.
    pub region: Option<String>,
    /// A segment.
    pub segment: Option<String>,
    /// A branch.
    pub branch: Option<String>,
}

impl Whom {
    /// A member of a level, of one manager where that is said.
    pub fn of(level: Level, member: Option<&str>, manager: Option<&str>) -> Self {
        let mut whom = Self { manager: manager.map(str::to_owned), ..Self::default() };
        let member = member.map(str::to_owned);
        match level {
            Level::Company => {}
            Level::Manager => whom.manager = member,
            Level::Account => whom.account = member,
            Level::Product => whom.product = member,
            Level::Category => whom.category = member,
            Level::Region => whom.region = member,
            Level::Segment => whom.segment = member,
            Level::Branch => whom.branch = member,
        }
        whom
    }

    /// Whom a target in the data is for.
    pub(super) fn of_target(target: &Target, source: &dyn CellSource) -> Self {
        let names = source.names();
        let id = |labels: &crate::metrics::Labels, code: Option<u32>| {
            code.filter(|code| *code != NONE).and_then(|code| labels.id(code)).map(str::to_owned)
        };
        Self {
            manager: id(&names.manager, target.manager),
            account: id(&names.account, target.account),
            product: id(&names.product, target.product),
            category: id(&names.category, target.category),
            region: id(&names.region, target.region),
            segment: id(&names.segment, target.segment),
            branch: id(&names.branch, target.branch),
        }
    }

    /// The level that tells it apart, and its member there: the finest that it names.
    pub fn level(&self) -> (Level, Option<&str>) {
        let finest = [
            (Level::Account, &self.account),
            (Level::Product, &self.product),
            (Level::Category, &self.category),
            (Level::Segment, &self.segment),
            (Level::Region, &self.region),
            (Level::Branch, &self.branch),
            (Level::Manager, &self.manager),
        ];
        let named = finest.into_iter().find_map(|(level, id)| id.as_deref().map(|id| (level, Some(id))));
        named.unwrap_or((Level::Company, None))
    }

    /// The manager that its members are of, where it names another member too.
    pub fn within(&self) -> Option<&str> {
        self.manager.as_deref().filter(|_| self.level().0 != Level::Manager)
    }
}
