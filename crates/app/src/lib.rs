//! Use cases of Takar, one file for each verb, shared by the command line and the server.

mod ask;
mod assign;
mod error;
mod facts;
mod forms;
mod handovers;
mod home;
mod import;
mod jobs;
mod names;
mod outbox;
mod process;
mod push;
mod quality;
mod reconcile;
mod rubric;
mod sources;
mod spool;
mod sync;
mod template;

pub use self::{
    ask::Status,
    assign::{Assignment, Assignments},
    error::{AppError, Fault, Result},
    facts::{ColumnOfFact, KindOfFact, WordOfFact},
    forms::{FieldOfForm, FormHolds, FormOfKind},
    handovers::{HandoverFilter, HandoverRow, Handovers, NamedOwner, Side},
    home::{Clock, Takar},
    import::{FileCheck, ImportDetail, ImportRequest},
    jobs::run_jobs,
    names::KnownName,
    outbox::{ChannelAsked, ChannelStatus, OutboxMessage, Sent},
    process::ProcessAsked,
    push::{Push, Pushed, Written},
    quality::{Duplicate, Lacks, Member, Quality, Unknown},
    reconcile::{MonthOfSource, Reconciliation},
    rubric::{CriterionOfRubric, ManagerOfRubric, RatingAsked, RatingTold, Rubric, RubricAsked},
    sources::{Choices, PasswordFrom, SourceDefinition, SourceStatus, TableOfSource},
    sync::{CopiedRows, SyncProgress, SyncRunning, SyncStep, Synced},
    template::kind_template,
};
