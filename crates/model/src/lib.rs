//! The words of the domain as types.
//!
//! Every other crate speaks in these: [`Day`], [`Month`] and [`Period`] for time, [`Money`] and
//! [`Quantity`] for exact amounts, [`AccountId`] and its siblings for identity, [`Lang`] and [`Text`]
//! for the two languages that everything is said in.

mod amount;
mod credit;
mod id;
mod lang;
mod period;
mod role;
mod schedule;
mod spreadsheet;

pub use amount::{Amount, AmountError, Money, Quantity};
pub use credit::{Credit, CreditError};
pub use id::{AccountId, ImportId, ManagerId, ProductId, SourceName, UserId, id_order};
pub use lang::{Lang, LangError, Text};
pub use period::{Compare, Day, Month, Period, PeriodError};
pub use role::{Right, Role, RoleError};
pub use schedule::{Schedule, ScheduleError};
pub use spreadsheet::{guarded, unguarded};
