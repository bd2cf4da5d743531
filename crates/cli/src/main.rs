//! The `takar` binary: reads the command line, calls a use case, prints what came of it.

mod actions;
mod alerts;
mod analysis;
mod args;
mod compact;
mod credit;
mod cycles;
mod decisions;
mod diagnose;
mod dossier;
mod evaluate;
mod evaluation_text;
mod evaluations;
mod facts;
mod fair;
mod handovers;
mod help;
mod import;
mod imports;
mod kpis;
mod lines;
mod metrics;
mod opportunities;
mod outbox;
mod output;
mod packs;
mod process;
mod products;
mod profit;
mod quality;
mod reports;
mod rubric;
mod satisfaction;
mod scorecard;
mod serve;
mod simulate;
mod sources;
mod stock;
mod target_text;
mod targets;
mod users;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use takar_app::{AppError, Takar};
use takar_model::Lang;

use self::args::{Cli, Command};

/// Blocks of a few megabytes come and go with every chunk of a file; this allocator keeps them at hand where the
/// system's would map and unmap their pages each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let matches =
        help::localise(args::with_negative_numbers(Cli::command()), help::lang_of_arguments(std::env::args()))
            .get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let lang = cli.lang;
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !output::is_broken_pipe(&error) {
                eprintln!("{}: {}", if lang == Lang::Id { "galat" } else { "error" }, message(&error, lang));
            }
            ExitCode::FAILURE
        }
    }
}

fn run(mut cli: Cli) -> anyhow::Result<()> {
    let lang = cli.lang;
    match cli.command {
        Command::Simulate(asked) => return simulate::run(&asked, lang),
        Command::Template(asked) => {
            let bytes = takar_app::kind_template(asked.kind, lang)?;
            return output::write(Some(&asked.output), &bytes);
        }
        Command::Kpis(asked) if asked.is_list() && !cli.home.exists() => return kpis::print_built_in(&asked, lang),
        command => cli.command = command,
    }
    let reader = (cli.credit, lang);
    let takar = Takar::open(&cli.home, jiff::Timestamp::now)?;
    // Who has the folder may govern its users, and what runs by itself acts for nobody. None of these tells a figure.
    let is_keepers = match &cli.command {
        Command::Serve(_) | Command::Users(_) | Command::Sync(_) | Command::Rebuild | Command::Compact(_) => true,
        Command::Outbox(asked) => asked.is_sending(),
        Command::Alerts(asked) => asked.is_checking(),
        Command::Reports(asked) => asked.is_making(),
        _ => false,
    };
    let is_named = cli.identity.user.is_some() || std::env::var_os("TAKAR_TOKEN").is_some();
    let takar = if is_keepers && (matches!(cli.command, Command::Serve(_)) || !is_named) {
        takar
    } else {
        cli.identity.act(takar, lang)?
    };
    match cli.command {
        Command::Import(asked) => import::run(&takar, &asked, lang),
        Command::Imports(asked) => imports::run(&takar, &asked, lang),
        Command::Sources(asked) => sources::run(&takar, asked, lang),
        Command::Sync(asked) => sources::sync(&takar, &asked, lang),
        Command::Outbox(asked) => outbox::run(&takar, asked, lang),
        Command::Alerts(asked) => alerts::run(&takar, asked, lang),
        Command::Reports(asked) => reports::run(&takar, asked, lang),
        Command::Kpis(asked) => kpis::run(&takar, asked, reader),
        Command::Packs(asked) => packs::run(&takar, asked, lang),
        Command::Metrics(asked) => metrics::run(&takar, asked, reader),
        Command::Evaluate(asked) => evaluate::run(&takar, &asked, reader),
        Command::Fair(asked) => fair::run(&takar, asked, reader),
        Command::Explain(asked) => analysis::explain(&takar, asked, reader),
        Command::Trends(asked) => analysis::trends(&takar, asked, reader),
        Command::Forecast(asked) => analysis::forecast(&takar, asked, reader),
        Command::Retention(asked) => analysis::retention(&takar, asked, reader),
        Command::Accounts(asked) => analysis::accounts(&takar, asked, reader),
        Command::Facts(asked) => facts::run(&takar, asked, lang),
        Command::Quality(asked) => quality::run(&takar, &asked, lang),
        Command::Aliases(asked) => quality::aliases(&takar, asked, lang),
        Command::Process(asked) => process::run(&takar, asked, lang),
        Command::Opportunities(asked) => opportunities::run(&takar, asked, reader),
        Command::Products(asked) => products::run(&takar, asked, reader),
        Command::Stock(asked) => stock::run(&takar, asked, lang),
        Command::Satisfaction(asked) => satisfaction::run(&takar, asked, reader),
        Command::Profit(asked) => profit::run(&takar, asked, reader),
        Command::Rubric(asked) => rubric::run(&takar, asked, lang),
        Command::Promises(asked) => process::promises(&takar, &asked, lang),
        Command::Credit(asked) => credit::run(&takar, asked, lang),
        Command::Decisions(asked) => decisions::run(&takar, asked, lang),
        Command::Dossier(asked) => dossier::run(&takar, asked, lang),
        Command::Handovers(asked) => handovers::run(&takar, asked, lang),
        Command::Targets(asked) => targets::run(&takar, asked, reader),
        Command::Lines(asked) => lines::run(&takar, asked, reader),
        Command::Diagnose(asked) => diagnose::run(&takar, &asked, reader),
        Command::Scorecard(asked) => scorecard::run(&takar, asked, reader),
        Command::Cycles(asked) => cycles::run(&takar, asked, reader),
        Command::Evaluations(asked) => evaluations::run(&takar, asked, lang),
        Command::Actions(asked) => actions::run(&takar, asked, lang),
        Command::Effect(asked) => actions::effect(&takar, asked, lang),
        Command::Learning(asked) => actions::learning(&takar, asked, lang),
        Command::Users(asked) => users::run(&takar, asked, lang),
        Command::Serve(asked) => serve::run(takar, &asked, lang),
        Command::Rebuild => Ok(takar.rebuild()?),
        Command::Compact(asked) => compact::run(&takar, &asked, lang),
        Command::Simulate(_) | Command::Template(_) => Ok(()),
    }
}

/// The error in the reader's language, where it is one of ours.
fn message(error: &anyhow::Error, lang: Lang) -> String {
    if let Some(error) = error.downcast_ref::<AppError>() {
        return error.message(lang);
    }
    if let Some(error) = error.downcast_ref::<takar_testkit::SimulateError>() {
        return error.message(lang);
    }
    format!("{error:#}")
}
