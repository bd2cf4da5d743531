//! What became of every account, and the change of the total by it.

use serde::{Deserialize, Serialize};

use crate::{Amount, Result, amount::within_limit, bridge::AccountStatus};

/// Where the first order ever of an account lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstOrder {
    /// Before the current window.
    Before,
    /// Inside the current window (or there is none).
    Within,
}

/// Net sales of one account in both windows.
///
/// ```
/// use takar_stats::{Amount, retention::{Account, FirstOrder, Status}};
/// let back = Account { base: Amount(0), current: Amount(25), first_order: FirstOrder::Before };
/// assert_eq!(back.status(), Status::Reactivated);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// B, net sales in the base window.
    pub base: Amount,
    /// C, net sales in the current window.
    pub current: Amount,
    /// Tells new from reactivated.
    pub first_order: FirstOrder,
}

/// What became of an account between two windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// B ≤ 0, C > 0, first order ever in the current window.
    New,
    /// B ≤ 0, C > 0, first order ever before the current window.
    Reactivated,
    /// B > 0 and C > B.
    Expansion,
    /// B > 0 and 0 < C < B.
    Contraction,
    /// B > 0 and C = B.
    Unchanged,
    /// B > 0 and C ≤ 0.
    Lost,
    /// B ≤ 0 and C ≤ 0: no customer in either window, though returns may move its net sales.
    Inactive,
}

impl Status {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::New, Self::Reactivated, Self::Expansion, Self::Contraction, Self::Unchanged, Self::Lost, Self::Inactive];

    /// Bought in both windows.
    pub const fn is_retained(self) -> bool {
        matches!(self, Self::Expansion | Self::Contraction | Self::Unchanged)
    }
}

impl From<Status> for AccountStatus {
    /// What a [`crate::bridge`] wants to know of an account.
    fn from(status: Status) -> Self {
        match status {
            Status::New => Self::New,
            Status::Reactivated => Self::Reactivated,
            Status::Lost => Self::Lost,
            Status::Expansion | Status::Contraction | Status::Unchanged | Status::Inactive => Self::Kept,
        }
    }
}

impl Account {
    /// What became of it.
    pub const fn status(&self) -> Status {
        let (base, current) = (self.base.0, self.current.0);
        match (base > 0, current > 0) {
            (false, false) => Status::Inactive,
            (true, false) => Status::Lost,
            (false, true) => match self.first_order {
                FirstOrder::Within => Status::New,
                FirstOrder::Before => Status::Reactivated,
            },
            (true, true) if current > base => Status::Expansion,
            (true, true) if current < base => Status::Contraction,
            (true, true) => Status::Unchanged,
        }
    }

    pub(super) fn within_limits(&self, index: usize) -> Result<()> {
        within_limit("base sales of account", index, self.base.0)?;
        within_limit("current sales of account", index, self.current.0)
    }
}

/// The accounts of one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusTotal {
    /// What became of them.
    pub status: Status,
    /// How many they are.
    pub accounts: usize,
    /// Their sales in the base window.
    pub base: Amount,
    /// Their sales in the current window.
    pub current: Amount,
}

impl StatusTotal {
    /// What they add to the change of the total.
    pub const fn change(&self) -> Amount {
        Amount(self.current.0 - self.base.0)
    }
}

/// The change of the total by what became of the accounts: the changes add up to it exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountBridge {
    /// `account bridge`.
    pub model: &'static str,
    /// Total of the base window.
    pub base: Amount,
    /// Total of the current window.
    pub current: Amount,
    /// One entry for each of [`Status::ALL`], in that order, also where there is no such account.
    pub statuses: Vec<StatusTotal>,
    /// How many accounts went in.
    pub n: usize,
}

impl AccountBridge {
    /// `current` − `base`.
    pub const fn difference(&self) -> Amount {
        Amount(self.current.0 - self.base.0)
    }

    /// The accounts of one status.
    pub fn of(&self, status: Status) -> StatusTotal {
        self.statuses[status as usize]
    }
}

/// Splits the change of the total by what became of the accounts. No accounts give zeros.
///
/// # Errors
/// [`crate::Error::OutOfRange`] where an amount leaves ±10²⁷ smallest units.
///
/// ```
/// use takar_stats::{Amount, retention::{Account, FirstOrder, Status, account_bridge}};
/// let account = |base, current, first_order| Account { base: Amount(base), current: Amount(current), first_order };
/// let why = account_bridge(&[
///     account(100, 120, FirstOrder::Before),
///     account(100, 70, FirstOrder::Before),
///     account(50, 0, FirstOrder::Before),
///     account(0, 40, FirstOrder::Within),
///     account(0, 25, FirstOrder::Before),
/// ])?;
/// assert_eq!(why.difference(), Amount(5));
/// assert_eq!(why.of(Status::Reactivated).change(), Amount(25));
/// assert_eq!(why.of(Status::Lost).change(), Amount(-50));
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn account_bridge(accounts: &[Account]) -> Result<AccountBridge> {
    let none = |status| StatusTotal { status, accounts: 0, base: Amount(0), current: Amount(0) };
    let mut statuses = Status::ALL.map(none);
    for (index, account) in accounts.iter().enumerate() {
        account.within_limits(index)?;
        let total = &mut statuses[account.status() as usize];
        total.accounts += 1;
        total.base.0 += account.base.0;
        total.current.0 += account.current.0;
    }
    let sum = |part: fn(&StatusTotal) -> Amount| Amount(statuses.iter().map(|total| part(total).0).sum());
    Ok(AccountBridge {
        model: "account bridge",
        base: sum(|total| total.base),
        current: sum(|total| total.current),
        statuses: statuses.to_vec(),
        n: accounts.len(),
    })
}
