//! Use cases of Takar, one file for each verb, shared by the command line and the server.

mod access;
mod accounts;
mod actions;
mod actor;
mod alerts;
mod as_of;
mod ask;
mod assign;
mod contact;
mod credit;
mod cycles;
mod decisions;
mod diagnose;
mod dossier;
mod error;
mod facts;
mod fair;
mod forms;
mod handovers;
mod home;
mod import;
mod jobs;
mod kept;
mod kpis;
mod names;
mod opportunities;
mod outbox;
mod own_rows;
mod packs;
mod password;
mod process;
mod products;
mod profit;
mod push;
mod quality;
mod reconcile;
mod rubric;
mod satisfaction;
mod scheduled;
mod scorecard;
mod source;
mod sources;
mod spool;
mod stock;
mod sync;
mod targets;
mod template;
mod users;
mod waiting;
mod warm;

pub use self::{
    access::{Inside, Session},
    actions::{
        ActionChange, ActionForm, ActionSaid, ActionShown, ActionTold, ActionsAsked, EffectAsked, EffectShown,
        FrozenEffect, LedgerAsked, NewAction, PlannedAction,
    },
    actor::{Actor, Person},
    alerts::{AlertTold, AlertsAsked, Checked, Digested, RuleTold, RuleTrial, StepAsked, alert_rule_from_json},
    as_of::{Definitions, Pin},
    ask::Status,
    assign::{Assignment, Assignments},
    contact::{ContactAsked, ContactTold},
    credit::{CreditAsked, CreditDecided, CreditPart},
    cycles::{
        Answers, AssessAsked, AssessmentTold, Awaited, Change, CloseAsked, CommentAsked, CreditMoved, CreditedTo,
        CycleAsked, CycleTold, DecisionAsked, DecisionTold, Differs, DisputeAsked, DisputeTold, EvaluationTold,
        FreezeAsked, FrozenTold, HistoryAsked, HistoryTold, ImportSince, Late, Progress, Remedy, Reproduced, SignAsked,
        Stage, TalkAsked, side_of,
    },
    decisions::{DecidedAsked, DecidedTold, PersonNamed},
    dossier::{Dossier, DossierAsked, Held, HeldKind, LookedAt},
    error::{AppError, Fault, Result},
    facts::{ColumnOfFact, KindOfFact, WordOfFact},
    forms::{FieldOfForm, FormHolds, FormOfKind},
    handovers::{HandoverFilter, HandoverRow, Handovers, NamedOwner, Side},
    home::{Clock, Takar},
    import::{FileCheck, ImportDetail, ImportRequest},
    jobs::run_jobs,
    kpis::{AnyKpi, KpiOfTarget, KpiTrial, KpiVersion, definition_from_json, word_of},
    names::KnownName,
    opportunities::{DismissAsked, OpportunitiesAsked},
    outbox::{ChannelAsked, ChannelStatus, OutboxMessage, Sent},
    packs::{PackInUse, PackUsed},
    password::Password,
    process::ProcessAsked,
    push::{Push, Pushed, Written},
    quality::{Duplicate, Lacks, Member, Quality, Unknown},
    reconcile::{MonthOfSource, Reconciliation},
    rubric::{CriterionOfRubric, ManagerOfRubric, RatingAsked, RatingTold, Rubric, RubricAsked},
    scheduled::{ReportAsked, ReportTold},
    scorecard::{KpiToWeigh, WeightsInUse},
    source::Source,
    sources::{Choices, PasswordFrom, SourceDefinition, SourceStatus, TableOfSource},
    stock::StockAsked,
    sync::{CopiedRows, SyncProgress, SyncRunning, SyncStep, Synced},
    targets::{
        CellOfGrid, ChanceTold, Closed, Decided, DraftAsked, DraftStory, GridAsked, GridCell, NewTarget, OddsTold,
        OfferTold, Questioned, ReconcileAsked, Reconciled, ReconciledLine, RowOfGrid, SetAsked, SetTargets,
        SuggestAsked, SuggestedTarget, SuggestedTargets, TargetGrid, TargetScope, Told, Typed,
    },
    template::kind_template,
    users::{Done, NewToken, NewUser, Token, User, UserChange},
};
