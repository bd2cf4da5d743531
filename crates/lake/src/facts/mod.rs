//! Facts: what came from outside, in Delta tables, every row with the import, file, sheet and row it came from.

pub(crate) mod again;
pub(crate) mod columns;
pub(crate) mod compact;
pub(crate) mod compare;
pub(crate) mod delta;
pub(crate) mod files;
pub(crate) mod keys;
pub(crate) mod load;
pub(crate) mod redo;
pub(crate) mod scan;
pub(crate) mod schema;
pub(crate) mod set_aside;
pub(crate) mod small;
pub(crate) mod staging;
pub(crate) mod undo;
