//! The command line: one file per command and one table of exit codes; standard output contains only answers.

mod accuracy;
mod ask;
mod catalog;
mod check;
mod diff;
mod estimate;
mod explain;
mod explore;
mod export;
pub mod exporters;
mod fit;
mod import;
mod inspect;
mod keys;
mod limits;
mod list;
mod list_prices;
mod list_setups;
mod manual;
mod measure;
mod model_files;
mod notes;
mod output;
mod plain;
mod present;
pub mod probe;
mod rank;
mod search;
mod setup_flags;
mod tree;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::model::catalog::{Catalog, parse_measurements_ahead};
use crate::model::facts::Date;
use crate::model::ron_file::{visible, visible_lines};
use crate::system;

pub use output::Output;

/// Exit code: the command succeeded.
pub const DONE: u8 = 0;
/// Exit code: the result is negative. The model fits nowhere, nothing can run it, or an expectation fails.
pub const NO: u8 = 1;
/// Exit code: bad input, an unknown id, or invalid arguments.
pub const BAD_INPUT: u8 = 2;
/// Exit code: a file could not be written.
pub const NOT_WRITTEN: u8 = 74;

/// The command line.
#[derive(Parser)]
#[command(name = "whichbox", version, max_term_width = 100)]
#[command(about = "Which box for which job: compares machines that run large language models on a desk")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    explore: explore::ExploreArgs,
    #[command(flatten)]
    global: Global,
}

/// Flags that every command takes.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// Directory with RON files that add catalog entries or replace them by id
    #[arg(long, global = true, value_name = "DIR")]
    catalog: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Estimates a scenario on each of its machines
    Estimate(estimate::EstimateArgs),
    /// Shows the tree of formulas behind one figure, with live values and sources
    Explain(explain::ExplainArgs),
    /// Says which box it is: who owns which job, who passes your limits, and what others miss
    Rank(rank::RankArgs),
    /// Searches for the best combinations of machine, format, runtime and streams, for a model or for all
    Search(search::SearchArgs),
    /// Lists what the catalog holds
    List(list::ListArgs),
    /// Lays files of facts over the catalog, lists them, or removes them
    Catalog(catalog::CatalogArgs),
    /// Checks scenario and catalog files and what they expect
    Check(check::CheckArgs),
    /// Shows what differs between two scenarios, in knobs and in results
    Diff(diff::DiffArgs),
    /// Replays the catalog's measurements and prints the error of the estimates
    Accuracy(accuracy::AccuracyArgs),
    /// Refits the efficiency data from the measurements and shows the error before and after
    Fit(fit::FitArgs),
    /// Reads the result file of a benchmark as measurements of a machine and a model
    Import(import::ImportArgs),
    /// Measures this machine's memory bandwidth and memory, and prints its catalog entry
    Measure(measure::MeasureArgs),
    /// Presents decks and scenarios live
    Present(present::PresentArgs),
    /// The speaker's view of the presentation that runs in another terminal
    Notes(notes::NotesArgs),
    /// Writes a deck or a scenario as a handout, table or picture
    Export(export::ExportArgs),
    /// Says what is in a model file: parameters, bytes, cache, and the catalog entry it makes
    Inspect(inspect::InspectArgs),
    /// Prints the keys of the explorer
    Keys(keys::KeysArgs),
    /// Prints the manual page
    Man,
    /// Prints a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// An error that ends a command without an answer: a sentence for standard error and the exit code.
#[derive(Debug, thiserror::Error)]
#[error("{sentence}")]
pub struct Failure {
    code: u8,
    sentence: String,
}

impl Failure {
    /// Returns the failure for bad input or an unknown name.
    fn input(sentence: impl std::fmt::Display) -> Self {
        Self { code: BAD_INPUT, sentence: sentence.to_string() }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self { code: NOT_WRITTEN, sentence: format!("the answer could not be written: {error}") }
    }
}

/// Runs the program with its arguments and returns the exit code.
///
/// If the reader of its output ends (`whichbox list | head`), the program ends without an error message.
#[must_use]
pub fn main() -> u8 {
    crate::ui::terminal::report_defects();
    start_thread_pool();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return told(&error),
    };
    match run(cli) {
        Ok(code) => code,
        Err(failure) => report(&failure),
    }
}

/// Prints the help, the version or the error in the arguments, and returns the exit code.
fn told(error: &clap::Error) -> u8 {
    if let Some(failure) = not_utf8(error) {
        return report(&failure);
    }
    let code = if error.use_stderr() { BAD_INPUT } else { DONE };
    // The error quotes arguments, which may be file names with control characters.
    let shown = std::env::args_os().map(|argument| visible(&argument.to_string_lossy()));
    let printed = match Cli::try_parse_from(shown) {
        Err(shown) => shown.print(),
        Ok(_) => error.print(),
    };
    match printed.and_then(|()| std::io::stdout().flush()) {
        Err(failure) if failure.kind() != std::io::ErrorKind::BrokenPipe => report(&failure.into()),
        _ => code,
    }
}

/// Returns a failure that names the argument which is not UTF-8; `None` for any other error.
///
/// Names of scenarios and decks must be text, since they are written into other files.
fn not_utf8(error: &clap::Error) -> Option<Failure> {
    let argument = std::env::args_os().find(|argument| argument.to_str().is_none());
    let argument = argument.filter(|_| error.kind() == clap::error::ErrorKind::InvalidUtf8)?;
    let name = visible(&argument.to_string_lossy());
    Some(Failure::input(format!(
        "{name}: this argument is not UTF-8; rename the file, or give a link to it another name"
    )))
}

/// Prints a failure on standard error and returns its exit code.
fn report(failure: &Failure) -> u8 {
    // An error here means that the stream is closed, so it cannot be reported.
    let _ = writeln!(std::io::stderr(), "whichbox: {}", visible_lines(&failure.sentence));
    failure.code
}

/// Starts the threads on which answers are computed. The calling thread is one of them, so that a little work after a
/// key press wakes no other thread.
///
/// If no thread can be started (a limit of the user or of a container), the calling thread computes alone.
fn start_thread_pool() {
    if rayon::ThreadPoolBuilder::new().use_current_thread().build_global().is_err() {
        // This fails if a pool exists already, and that pool is then used.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
    }
}

fn run(cli: Cli) -> Result<u8, Failure> {
    if let Some(sentence) = cli.command.as_ref().and_then(|_| cli.explore.misplaced()) {
        return Err(Failure::input(sentence));
    }
    if let Some(Command::Catalog(args)) = &cli.command {
        // This command runs before the catalog is read, so that it can remove a faulty file.
        let directory = catalog_directory(&cli.global)?;
        return catalog::run(directory.as_deref(), today(), args);
    }
    if matches!(cli.command, None | Some(Command::Present(_))) {
        parse_measurements_ahead();
    }
    let mut catalog = load_catalog(&cli.global)?;
    catalog.set_today(today());
    read_model_files(&cli, &mut catalog)?;
    let mut out = output::Stdout::new();
    let code = match cli.command {
        None => return explore::run(&catalog, &cli.explore),
        Some(Command::Present(args)) => return present::run(&catalog, &args.with_face(cli.explore.face())),
        Some(Command::Export(args)) => return export::run(&catalog, &args),
        Some(Command::Notes(args)) => return notes::run(&catalog, &args),
        // The command ran above.
        Some(Command::Catalog(_)) => Ok(DONE),
        Some(Command::Estimate(args)) => estimate::run(&catalog, &args, &mut out),
        Some(Command::Explain(args)) => explain::run(&catalog, &args, &mut out),
        Some(Command::Rank(args)) => rank::run(&catalog, &args, &mut out),
        Some(Command::Search(args)) => search::run(&catalog, &args, &mut out),
        Some(Command::List(args)) => list::run(&catalog, &args, &mut out),
        Some(Command::Check(args)) => check::run(&catalog, &args, &mut out),
        Some(Command::Diff(args)) => diff::run(&catalog, &args, &mut out),
        Some(Command::Accuracy(args)) => accuracy::run(&catalog, &args, &mut out),
        Some(Command::Fit(args)) => fit::run(catalog, &args, &mut out),
        Some(Command::Inspect(args)) => inspect::run(&catalog, &args, &mut out),
        Some(Command::Import(args)) => import::run(catalog, &args, &mut out),
        Some(Command::Measure(args)) => measure::run(&args, &mut out),
        Some(Command::Keys(args)) => keys::run(&args, &mut out),
        Some(Command::Man) => {
            manual::write_page(Cli::command(), &mut out)?;
            Ok(DONE)
        }
        Some(Command::Completions { shell }) => {
            out.write_all(&manual::completions(Cli::command(), shell, &catalog))?;
            Ok(DONE)
        }
    }?;
    out.finish()?;
    Ok(code)
}

/// Returns the date from which ages are counted: that of `SOURCE_DATE_EPOCH` if it is set, for reproducible output,
/// else today.
fn today() -> Option<Date> {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.trim().parse::<i64>().ok());
    fixed.map_or_else(Date::today, |seconds| Date::from_days_since_epoch(seconds / 86_400))
}

/// Reads the model files that the command names.
fn read_model_files(cli: &Cli, catalog: &mut Catalog) -> Result<(), Failure> {
    let scenarios: Vec<&str> = match &cli.command {
        Some(Command::Estimate(args)) => return args.ask.read_files(catalog),
        Some(Command::Explain(args)) => return args.ask.read_files(catalog),
        Some(Command::Rank(args)) => return args.ask.read_files(catalog),
        Some(Command::Search(args)) => return args.ask.read_files(catalog),
        Some(Command::Diff(args)) => args.scenarios(),
        None => cli.explore.scenarios(),
        Some(_) => Vec::new(),
    };
    scenarios.into_iter().try_for_each(|name| model_files::of_scenario(catalog, name))
}

/// Returns the built-in catalog overlaid with the user's files.
fn load_catalog(global: &Global) -> Result<Catalog, Failure> {
    let directory = catalog_directory(global)?.filter(|directory| directory.is_dir());
    Catalog::load(directory.as_deref()).map_err(Failure::input)
}

/// Returns the directory of the user's catalog files.
///
/// It is that of `--catalog`, which must exist, or that in the configuration directory, which may be missing. `None` if
/// there is no home directory.
fn catalog_directory(global: &Global) -> Result<Option<PathBuf>, Failure> {
    match &global.catalog {
        Some(directory) if !directory.is_dir() => {
            let name = visible(&directory.to_string_lossy());
            Err(Failure::input(format!("{name}: there is no such directory of catalog files")))
        }
        Some(directory) => Ok(Some(directory.clone())),
        None => Ok(system::config_directory().map(|config| config.join("catalog"))),
    }
}

/// Returns the path of the user's settings: `$WHICHBOX_CONFIG`, or the file in the configuration directory.
fn settings_file() -> Option<PathBuf> {
    let own = std::env::var_os("WHICHBOX_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
    own.or_else(|| system::config_directory().map(|config| config.join("settings.ron")))
}
