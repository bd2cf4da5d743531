//! Sales files in, checked lines out.
//!
//! A file arrives as people keep it: comma or semicolon, `Rp 1.234.567,50` or `$1,234.50`, dates in three
//! orders, titles above the header. [`inspect`] looks at it and says in a [`Plan`] how it will be read;
//! [`read`] reads it by that plan in parallel, hands Arrow batches of [`line_schema`] to sinks and returns a
//! [`Check`] of every row that was set aside and everything odd that was seen. Nothing is guessed silently:
//! what the values cannot decide is refused with the option that decides it.
//!
//! The way of a file: `source` (bytes or rows) → `grid` (cells) → `header`, `mapping` (what the columns are)
//! → `evidence`, `decide` (how they are written) → `line` (Arrow) → `read` (workers and sinks).

mod arrow_rows;
mod assemble;
mod cells;
mod check;
mod columns;
mod dates;
mod decide;
mod described;
mod encoding;
mod error;
mod evidence;
mod field;
mod format;
mod grid;
mod header;
mod json_rows;
mod leftovers;
mod line;
mod listing;
mod lost_digits;
mod mapping;
mod money;
mod numbers;
mod options;
mod other_kinds;
mod ownership;
mod periods;
mod plan;
mod rates;
mod raw;
mod read;
mod reading;
mod records;
mod relations;
mod repair;
mod repeats;
mod schema;
mod separator;
mod set_aside;
mod siblings;
mod source;
mod suggest;
mod synonyms;
mod table;
mod tally;
mod targets;
mod text_reader;
mod typography;
mod workbook;
mod zip_guard;

#[cfg(test)]
mod tests;

pub use cells::{CellFault, read_cells, read_shares};
pub use check::{Check, Example, Warning, WarningKind};
pub use decide::{Decisions, How, NumberChoice};
pub use described::{Column, Holds, Shape, Word};
pub use error::ImportError;
pub use field::{FactKind, FactKindError, Field, FieldError};
pub use format::{Encoding, Format, Separator};
pub use json_rows::rows_of_json;
pub use mapping::{Found, Mapped};
pub use options::{CostKind, DateOrder, DiscountKind, Fix, Input, NumberStyle, Options, Ppn};
pub use plan::{Plan, Profile, inspect};
pub use raw::read_raw;
pub use read::{Chunk, LineSink, SinkError, read};
pub use reading::{Reading, reading};
pub use repair::{write_repair_file, write_set_aside};
pub use schema::line_schema;
pub use set_aside::{Reason, SetAside};
pub use table::{TableCheck, read_table, table_schema};
