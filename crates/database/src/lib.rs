//! Databases as sources: the tables of PostgreSQL, MySQL, MariaDB and SQLite, and their rows as CSV text.
//!
//! Rows go the way of a file from here on, so that a value means the same wherever it came from. Nothing is ever written to
//! a source: every question is one `SELECT` in a transaction that may only read, and ends after a set time.

mod address;
mod connection;
mod error;
mod mysql;
mod postgres;
mod question;
mod sqlite;

#[cfg(test)]
mod tests;

pub use self::{
    address::{Address, Engine, Secret},
    connection::{Column, Database, Rows, Sort, Table},
    error::{DatabaseError, Result},
    question::{Asked, Ordered, Since, Wanted},
};
