//! The one integration test binary: drives the real `takar` as a user does.

mod analysis;
mod bad_input;
mod cases;
mod credit;
mod cycles;
mod facts;
mod fair;
mod governance;
mod imports;
mod kills;
mod kpis;
mod outbox;
mod own_kpis;
mod process;
mod pushes;
mod quality;
mod reconcile;
mod rights;
mod scorecard;
mod security;
mod serve;
mod shared_data;
mod source_faults;
mod sources;
mod support;
mod targets;
