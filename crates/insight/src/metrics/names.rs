//! The names behind the codes of cells.

use rustc_hash::FxHashMap;
use takar_model::id_order;

use super::{Dimension, NONE};

/// The members of one dimension; a code is a place in `ids`.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    ids: Vec<String>,
    names: Vec<Option<String>>,
    ranks: Vec<u32>,
    by_rank: Vec<u32>,
}

impl Labels {
    /// From ids and their names; missing names at the end are `None`.
    pub fn new(ids: Vec<String>, mut names: Vec<Option<String>>) -> Self {
        names.resize(ids.len(), None);
        let mut by_rank: Vec<u32> = (0..ids.len()).map(|code| u32::try_from(code).unwrap_or(NONE)).collect();
        by_rank.sort_by(|&left, &right| id_order(&ids[left as usize], &ids[right as usize]));
        let mut ranks = vec![0; ids.len()];
        for (rank, &code) in by_rank.iter().enumerate() {
            ranks[code as usize] = u32::try_from(rank).unwrap_or(NONE);
        }
        Self { ids, names, ranks, by_rank }
    }

    /// From ids alone.
    pub fn from_ids(ids: Vec<String>) -> Self {
        Self::new(ids, Vec::new())
    }

    /// How many members.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// No members.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id of a code; `None` for [`NONE`].
    pub fn id(&self, code: u32) -> Option<&str> {
        self.ids.get(code as usize).map(String::as_str)
    }

    /// The name of a code, where it has one.
    pub fn name(&self, code: u32) -> Option<&str> {
        self.names.get(code as usize)?.as_deref()
    }

    /// The name, else the id.
    pub fn label(&self, code: u32) -> Option<&str> {
        self.name(code).or_else(|| self.id(code))
    }

    /// The code of an id.
    pub fn code(&self, id: &str) -> Option<u32> {
        let place = self.by_rank.binary_search_by(|&code| id_order(&self.ids[code as usize], id)).ok()?;
        self.by_rank.get(place).copied()
    }

    /// The code of each id, for whoever looks for many.
    pub fn codes(&self) -> FxHashMap<&str, u32> {
        self.ids.iter().map(String::as_str).zip(0..).collect()
    }

    /// The place of a code in the order of ids; "no value" comes after all.
    pub(crate) fn rank(&self, code: u32) -> u32 {
        self.ranks.get(code as usize).copied().unwrap_or(self.len() as u32)
    }

    /// The code at a place in the order of ids, else [`NONE`].
    pub(crate) fn at_rank(&self, rank: u32) -> u32 {
        self.by_rank.get(rank as usize).copied().unwrap_or(NONE)
    }
}

/// Ids and names of everything that a cell's codes can mean.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Accounts.
    pub account: Labels,
    /// Account managers.
    pub manager: Labels,
    /// Products.
    pub product: Labels,
    /// Categories.
    pub category: Labels,
    /// Regions.
    pub region: Labels,
    /// Segments.
    pub segment: Labels,
    /// Branches.
    pub branch: Labels,
    /// Supervisors.
    pub supervisor: Labels,
    /// By manager code: the supervisor's code, [`NONE`] without one. May be shorter than the managers.
    pub manager_supervisor: Vec<u32>,
    /// By manager code: the branch's code, [`NONE`] without one. May be shorter than the managers.
    pub manager_branch: Vec<u32>,
    /// By account code: the code of the manager who has it now, [`NONE`] without one. May be shorter.
    pub account_manager: Vec<u32>,
    /// Units of measure, by code.
    pub units: Vec<String>,
    /// Currencies, by code (`IDR`).
    pub currencies: Vec<String>,
}

impl Names {
    /// The members of a dimension; none for months, quarters and years.
    pub fn labels(&self, dimension: Dimension) -> Option<&Labels> {
        match dimension {
            Dimension::Account => Some(&self.account),
            Dimension::Manager => Some(&self.manager),
            Dimension::Product => Some(&self.product),
            Dimension::Category => Some(&self.category),
            Dimension::Region => Some(&self.region),
            Dimension::Segment => Some(&self.segment),
            Dimension::Branch => Some(&self.branch),
            Dimension::Supervisor => Some(&self.supervisor),
            Dimension::Month | Dimension::Quarter | Dimension::Year => None,
        }
    }

    /// The supervisor of a manager, else [`NONE`].
    pub fn supervisor_of(&self, manager: u32) -> u32 {
        self.manager_supervisor.get(manager as usize).copied().unwrap_or(NONE)
    }

    /// The branch of a manager, else [`NONE`].
    pub fn branch_of(&self, manager: u32) -> u32 {
        self.manager_branch.get(manager as usize).copied().unwrap_or(NONE)
    }

    /// The manager who has an account now, else [`NONE`].
    pub fn manager_of(&self, account: u32) -> u32 {
        self.account_manager.get(account as usize).copied().unwrap_or(NONE)
    }
}
