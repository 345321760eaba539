//! `whichbox catalog`: files of facts that overlay the catalog, with a check and a report of their changes.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::measure::save_own;
use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure, NO, NOT_WRITTEN};
use crate::files::fact_table;
use crate::model::answer::answer_scenario;
use crate::model::catalog::{Catalog, Change, changes, own_files};
use crate::model::facts::Date;
use crate::model::ron_file::{self, MARKER, TextFile, visible};
use crate::model::scenario::{self, SCENARIOS};

/// Arguments of `catalog`.
#[derive(Args, Clone, Debug)]
pub struct CatalogArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Clone, Debug)]
enum Action {
    /// Checks a file of facts (RON or CSV), shows what it changes, and puts it into the catalog directory
    Add(ChangeArgs),
    /// Lists the files in the catalog directory
    List {
        /// The form of the answer
        #[arg(long, value_enum, default_value_t)]
        output: Output,
    },
    /// Shows what the catalog is without a file, and removes the file from the catalog directory
    Remove(ChangeArgs),
}

/// Arguments of a change.
#[derive(Args, Clone, Debug)]
struct ChangeArgs {
    /// The file: catalog entries in RON, or a table of machines, models, prices, rents or electricity in CSV
    file: PathBuf,
    /// Asks nothing
    #[arg(long)]
    yes: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command on the catalog directory.
pub(super) fn run(directory: Option<&Path>, today: Option<Date>, args: &CatalogArgs) -> Result<u8, Failure> {
    let Some(directory) = directory else {
        return Err(Failure::input("there is no home directory; name a directory with --catalog DIR"));
    };
    let overlays = Overlays { directory, today };
    let mut out = Stdout::new();
    let code = match &args.action {
        Action::Add(args) => overlays.add(args, &mut out)?,
        Action::Remove(args) => overlays.remove(args, &mut out)?,
        Action::List { output } => overlays.list(*output, &mut out)?,
    };
    out.finish()?;
    Ok(code)
}

/// The catalog directory and today's date.
struct Overlays<'d> {
    directory: &'d Path,
    today: Option<Date>,
}

impl Overlays<'_> {
    /// Reads the files of the directory; empty if there is no such directory yet.
    fn files(&self) -> Result<Vec<TextFile>, Failure> {
        if self.directory.is_dir() { own_files(self.directory).map_err(Failure::input) } else { Ok(Vec::new()) }
    }

    fn catalog(&self, files: &[TextFile]) -> Result<Catalog, Failure> {
        let mut catalog = Catalog::with_files(files).map_err(Failure::input)?;
        catalog.set_today(self.today);
        Ok(catalog)
    }

    /// Returns the path of a file in the directory: its name with the extension of catalog files.
    fn place(&self, file: &Path) -> Result<PathBuf, Failure> {
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if stem.is_empty() || stem.starts_with('.') {
            let name = visible(&file.to_string_lossy());
            return Err(Failure::input(format!("{name}: this is no name for a catalog file; rename it")));
        }
        Ok(self.directory.join(stem).with_extension("ron"))
    }

    fn add(&self, args: &ChangeArgs, out: &mut Stdout) -> Result<u8, Failure> {
        let file = ron_file::read(&args.file).map_err(Failure::input)?;
        let place = self.place(&args.file)?;
        let mut files = self.files()?;
        let before = self.catalog(&files)?;
        let (text, left_out) = self.entries(&file, &before)?;
        // Errors in a table's entries refer to lines of the generated text.
        let name = if text == file.text { file.name.clone() } else { format!("{} as entries", file.name) };
        let new = TextFile { path: place.clone(), name, text: text.clone(), ..file };
        // The file replaces one of the same name, and files are overlaid in the order of their names.
        files.retain(|there| there.path != place);
        let at = files.partition_point(|there| there.path < place);
        files.insert(at, new);
        let after = self.catalog(&files)?;
        let mut report = Report::of(&before, &after);
        report.notes = left_out.into_iter().map(|row| format!("left out: {row}")).collect();
        let question = format!("put it into {}?", visible(&self.directory.to_string_lossy()));
        report.settle(out, args, &question, || {
            std::fs::create_dir_all(self.directory).map_err(|error| not_written(self.directory, &error))?;
            save_own(&place, &text)
        })
    }

    /// Returns a file's content as catalog entries, and the rows of a table that were left out.
    fn entries(&self, file: &TextFile, catalog: &Catalog) -> Result<(String, Vec<String>), Failure> {
        let is_table = file.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        if !is_table {
            return Ok((ron_file::normalised(&file.text).into_owned(), Vec::new()));
        }
        let today =
            self.today.ok_or_else(|| Failure::input("the clock of this machine is off; set it and try again"))?;
        let table = fact_table::read(file, catalog, today).map_err(Failure::input)?;
        Ok((table.text, table.left_out))
    }

    fn remove(&self, args: &ChangeArgs, out: &mut Stdout) -> Result<u8, Failure> {
        let place = self.place(&args.file)?;
        let files = self.files()?;
        let Some(file) = files.iter().find(|there| there.path == place) else {
            let known: Vec<String> = files.iter().map(|file| file_name(&file.path)).collect();
            let known = if known.is_empty() { "no file".to_owned() } else { known.join(", ") };
            let (name, directory) = (file_name(&place), visible(&self.directory.to_string_lossy()));
            return Err(Failure::input(format!("{directory} has no file {name}; it has {known}")));
        };
        if !file.text.starts_with(MARKER) {
            let sentence = "this file was written by hand; delete it yourself, nothing here has a copy of it";
            return Err(Failure::input(format!("{}: {sentence}", file.name)));
        }
        let rest: Vec<TextFile> = files.iter().filter(|there| there.path != place).cloned().collect();
        let after = self.catalog(&rest)?;
        let mut report = match self.catalog(&files) {
            Ok(before) => Report::of(&before, &after),
            Err(fault) => {
                Report { notes: vec![format!("the catalog cannot be used with it:\n{fault}")], ..Report::default() }
            }
        };
        report.removes = true;
        let question = format!("remove {}?", file.name);
        report
            .settle(out, args, &question, || std::fs::remove_file(&place).map_err(|error| not_written(&place, &error)))
    }

    fn list(&self, output: Output, out: &mut Stdout) -> Result<u8, Failure> {
        let files = self.files()?;
        let mut table = Table::of(["file", "adds", "replaces", "state"]);
        let mut json = Vec::new();
        let catalog = self.catalog(&files);
        for file in &files {
            let own = catalog.as_ref().map_or(&[][..], |catalog| &catalog.own);
            let count = |replaces: bool| own.iter().filter(|e| e.file == file.name && e.replaces == replaces).count();
            // If the whole catalog is faulty, each file is loaded alone to find the faulty one.
            let state = if catalog.is_ok() || Catalog::with_files(std::slice::from_ref(file)).is_ok() {
                "ok"
            } else {
                "faulty"
            };
            let by_hand = !file.text.starts_with(MARKER);
            let (adds, replaces) = (count(false), count(true));
            json.push(json!({
                "id": file_name(&file.path), "path": file.name, "adds": adds, "replaces": replaces, "state": state,
                "by_hand": by_hand,
            }));
            let state = if by_hand { format!("{state}, by hand") } else { state.to_owned() };
            table.push([file_name(&file.path), adds.to_string(), replaces.to_string(), state]);
        }
        table.notes.push(format!("{} files in {}", files.len(), visible(&self.directory.to_string_lossy())));
        if let Err(fault) = &catalog {
            table.notes.push(fault.to_string());
        }
        write(out, output, &Value::Array(json), &table)?;
        Ok(if catalog.is_ok() { DONE } else { NO })
    }
}

fn file_name(path: &Path) -> String {
    visible(&path.file_name().unwrap_or_default().to_string_lossy())
}

fn not_written(path: &Path, error: &std::io::Error) -> Failure {
    let sentence = format!("{}: it cannot be changed: {error}", visible(&path.to_string_lossy()));
    Failure { code: NOT_WRITTEN, sentence }
}

/// The changes that a file makes to the catalog and to the winners of the built-in scenarios.
#[derive(Default)]
struct Report {
    changes: Vec<Change>,
    /// Scenarios whose winner changes, each with the winner before and after.
    winners: Vec<(&'static str, String, String)>,
    notes: Vec<String>,
    removes: bool,
}

impl Report {
    fn of(before: &Catalog, after: &Catalog) -> Self {
        let winner = |catalog: &Catalog, text: &str, id: &str| {
            let scenario = scenario::from_str(id, text).ok()?;
            let answers = answer_scenario(catalog, &scenario).ok()?;
            let winner = answers.verdict.winner.and_then(|at| answers.machines.get(at));
            Some(winner.map_or("none".to_owned(), |answer| answer.machine.id.clone()))
        };
        let changed = |(id, text): &(&'static str, &str)| {
            let (before, after) = (winner(before, text, id)?, winner(after, text, id)?);
            (before != after).then_some((*id, before, after))
        };
        let winners = SCENARIOS.iter().filter_map(changed).collect();
        Self { changes: changes(before, after), winners, ..Self::default() }
    }

    /// Writes the report and makes the change if the user agrees to it.
    fn settle(
        self,
        out: &mut Stdout,
        args: &ChangeArgs,
        question: &str,
        change: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<u8, Failure> {
        if args.output == Output::Table || args.output == Output::Markdown {
            write(out, args.output, &Value::Null, &self.table())?;
            out.finish()?;
        }
        let agreed = args.yes || agrees(question);
        if agreed {
            change()?;
        } else {
            say("nothing was changed; --yes does it without a question");
        }
        match args.output {
            Output::Json => write(out, args.output, &self.json(agreed), &self.table())?,
            Output::Csv => write(out, args.output, &json!(self.changes), &self.table())?,
            Output::Table | Output::Markdown => {}
        }
        Ok(if agreed { DONE } else { NO })
    }

    fn table(&self) -> Table {
        let mut table = Table::of(["list", "id", "field", "before", "after"]);
        for change in &self.changes {
            let whole = change.field.is_empty();
            let shown = |value: &Option<String>| match value {
                Some(_) if whole => "an entry".to_owned(),
                Some(text) => visible(text),
                None => "none".to_owned(),
            };
            table.push([
                change.list.to_owned(),
                visible(&change.id),
                change.field.clone(),
                shown(&change.before),
                shown(&change.after),
            ]);
        }
        table.notes.extend(self.notes.iter().cloned());
        if self.changes.is_empty() {
            table.notes.push("no fact changes".to_owned());
        }
        let winner =
            |(id, before, after): &(&str, String, String)| format!("{id}: {before} wins before, {after} after");
        table.notes.extend(self.winners.iter().map(winner));
        if self.winners.is_empty() {
            table.notes.push("no built-in scenario has another winner".to_owned());
        }
        table
    }

    fn json(&self, agreed: bool) -> Value {
        let winner =
            |(id, before, after): &(&str, String, String)| json!({"scenario": id, "before": before, "after": after});
        json!({
            "done": agreed, "removes": self.removes, "changes": self.changes, "notes": self.notes,
            "winners": self.winners.iter().map(winner).collect::<Vec<_>>(),
        })
    }
}

/// Asks a yes-or-no question on the terminal; returns false without a terminal.
fn agrees(question: &str) -> bool {
    let (input, mut error) = (std::io::stdin(), std::io::stderr());
    if !input.is_terminal() || !error.is_terminal() {
        return false;
    }
    let mut answer = String::new();
    let asked = write!(error, "whichbox: {question} [y/N] ").and_then(|()| error.flush());
    asked.and_then(|()| input.read_line(&mut answer)).is_ok_and(|_| answer.trim().eq_ignore_ascii_case("y"))
}

fn say(sentence: &str) {
    // An error here means that standard error is closed, so it cannot be reported.
    let _ = writeln!(std::io::stderr(), "whichbox: {sentence}");
}
