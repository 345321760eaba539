//! `whichbox check`: checks files and compares answers with their expectations.

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use super::model_files;
use super::output::{Output, Stdout, Table, write};
use super::{BAD_INPUT, DONE, Failure, NO};
use crate::model::answer::{answer_scenario, changes_since_save};
use crate::model::catalog::Catalog;
use crate::model::ron_file::{self, TextFile, visible};
use crate::model::scenario::{self, Opened, Origin};
use crate::model::units::{Amount, Unit, counted};
use crate::ui::present::deck::{self, DECKS, Known, is_deck};
use crate::ui::present::view::overflows;
use crate::ui::settings::{Settings, is_settings};
use crate::ui::view::panels::panel_ids;
use crate::ui::view::theme::THEMES;

/// Arguments of `check`.
#[derive(Args, Clone, Debug)]
pub struct CheckArgs {
    /// Scenario, deck, catalog and settings files, or names of built-in scenarios and decks
    #[arg(required = true)]
    files: Vec<String>,
    /// The format of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// The result of checking a file.
enum Outcome {
    /// The file is valid.
    Right(String),
    /// The file is valid, but an answer differs from its expectation.
    Unmet(String),
    /// The file cannot be used.
    Wrong(String),
}

/// Runs the command on every file, even after an earlier one has faults.
pub(super) fn run(catalog: &Catalog, args: &CheckArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let mut table = Table::of(["file", "result", "what"]);
    let mut json = Vec::new();
    let mut code = DONE;
    for file in &args.files {
        let (word, text) = match check(catalog, file) {
            Outcome::Right(text) => ("ok", text),
            Outcome::Unmet(text) => {
                code = code.max(NO);
                ("expectation fails", text)
            }
            Outcome::Wrong(text) => {
                code = BAD_INPUT;
                ("wrong", text)
            }
        };
        let name = visible(file);
        json.push(json!({"file": name, "result": word, "what": text}));
        if word == "wrong" {
            eprint_line(&text);
            table.push([name, word.to_owned(), "see the message".to_owned()]);
        } else {
            table.push([name, word.to_owned(), text]);
        }
    }
    write(out, args.output, &Value::Array(json), &table)?;
    Ok(code)
}

fn eprint_line(text: &str) {
    use std::io::Write;
    // An error here means that standard error is closed, so it cannot be reported.
    let _ = writeln!(std::io::stderr(), "whichbox: {text}");
}

fn check(catalog: &Catalog, name: &str) -> Outcome {
    if scenario::SCENARIOS.iter().any(|(id, _)| *id == name) {
        return match scenario::find(name) {
            Ok(opened) => expectations(catalog, &opened),
            Err(error) => Outcome::Wrong(error.to_string()),
        };
    }
    if DECKS.iter().any(|(id, _)| *id == name) {
        return check_deck(catalog, name);
    }
    let file = match ron_file::read(Path::new(name)) {
        Ok(file) => file,
        Err(error) => return Outcome::Wrong(error.to_string()),
    };
    if is_deck(&file.text) {
        return check_deck(catalog, name);
    }
    if is_settings(&file.text) {
        return check_settings(&file);
    }
    if is_catalog(&file.text) { check_catalog(&file) } else { check_scenario(catalog, file) }
}

/// Returns the faults of a settings file, the first with its line.
fn check_settings(file: &TextFile) -> Outcome {
    let themes: Vec<&str> = THEMES.iter().map(|(name, _)| *name).collect();
    let held = Settings::what_holds(&file.name, &file.text, &themes);
    let Some((first, more)) = held.faults.split_first() else {
        return Outcome::Right(format!("settings with keys of {} actions", held.settings.keys.len()));
    };
    let more = more.iter().map(|fault| {
        let place = fault.place().map_or(String::new(), |place| format!("{}:{}:", place.line, place.column));
        format!("\n{}:{place} {}", fault.name(), fault.sentence())
    });
    Outcome::Wrong(format!("{first}{}", more.collect::<String>()))
}

/// Returns true if a file begins with `Catalog(`; a scenario may leave out its type name.
fn is_catalog(text: &str) -> bool {
    ron_file::begins_with(text, "Catalog")
}

fn check_catalog(file: &TextFile) -> Outcome {
    match Catalog::with_files(std::slice::from_ref(file)) {
        Ok(catalog) => Outcome::Right(format!("a catalog of {} entries", catalog.own.len())),
        Err(error) => Outcome::Wrong(error.to_string()),
    }
}

/// Answers every step of a deck, compares winners with their expectations, and draws each step at the usual screen
/// sizes.
fn check_deck(catalog: &Catalog, name: &str) -> Outcome {
    let mut catalog = catalog.clone();
    let read = deck::read_models(&mut catalog, name);
    let opened = read.and_then(|()| deck::find(name, Known { catalog: &catalog, panels: &panel_ids() }));
    let deck = match opened {
        Ok(opened) => opened.deck,
        Err(error) => return Outcome::Wrong(error.to_string()),
    };
    let mut found = deck::check(&catalog, &deck);
    found.unmet.extend(overflows(&catalog, &deck));
    let minutes =
        deck.minutes().map_or(String::new(), |minutes| format!(", {}", Amount::exact(minutes, Unit::Minutes)));
    let told = format!("a deck of {}{minutes}", counted(deck.steps.len() as u64, "step"));
    let remarks: Vec<String> = found.remarks.into_iter().map(|remark| format!("; {remark}")).collect();
    let remarks = remarks.concat();
    if found.unmet.is_empty() {
        return Outcome::Right(format!("{told}; expectations that hold: {}{remarks}", found.met));
    }
    Outcome::Unmet(format!("{told}; {}{remarks}", found.unmet.join("; ")))
}

fn check_scenario(catalog: &Catalog, file: TextFile) -> Outcome {
    match scenario::from_str(&file.name, &file.text) {
        Ok(scenario) => {
            let origin = Origin::File { path: file.path, fingerprint: file.fingerprint };
            let opened = Opened { scenario, origin, text: file.text };
            let mut own = catalog.clone();
            match model_files::of_opened(&mut own, &opened) {
                Ok(()) => expectations(&own, &opened),
                Err(failure) => Outcome::Wrong(failure.to_string()),
            }
        }
        Err(error) => Outcome::Wrong(error.to_string()),
    }
}

/// Answers the scenario and compares the winner with the scenario's expectation.
fn expectations(catalog: &Catalog, opened: &Opened) -> Outcome {
    let mut opened = opened.clone();
    if let Err(error) = opened.resolve(catalog) {
        return Outcome::Wrong(error.to_string());
    }
    let answers = match answer_scenario(catalog, &opened.scenario) {
        Ok(answers) => answers,
        Err(error) => return Outcome::Wrong(format!("{}: {error}", opened.origin.name())),
    };
    let since = opened.scenario.saved.as_ref().map(|saved| changes_since_save(catalog, saved, &answers));
    let since = since.map_or_else(String::new, |since| {
        let what = if since.is_quiet() { "no change".to_owned() } else { since.sentences().join("; ") };
        format!("; {}: {what}", since.when())
    });
    let winner = answers.verdict.winner.and_then(|at| answers.machines.get(at)).map(|answer| &answer.machine);
    let found = winner.map_or("no machine passes".to_owned(), |machine| format!("{} wins", machine.id));
    let expected = opened.scenario.expect.as_ref().and_then(|expect| expect.winner.as_ref());
    match expected {
        None => Outcome::Right(format!("a scenario; {found}{since}")),
        Some(id) if winner.is_some_and(|machine| machine.id == *id) => {
            Outcome::Right(format!("a scenario; {found}, as expected{since}"))
        }
        Some(id) => Outcome::Unmet(format!("{} was expected to win; {found}{since}", visible(id))),
    }
}
