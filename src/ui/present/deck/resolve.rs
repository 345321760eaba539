//! The resolution of a deck's file into steps that can be shown, with complete scenarios and known names.

use std::path::{Component, Path};

use super::file::{DeckFile, StepFile};
use super::{DECKS, Deck, MOST_PANELS, OpenedDeck, Step, place};
use crate::model::answer::{FIGURES, Figure, Listing};
use crate::model::catalog::Catalog;
use crate::model::ron_file::{self, FileError, Place, nearest, place_of, visible};
use crate::model::scenario::knob::{KNOBS, knob};
use crate::model::scenario::{self, Origin, Scenario};

/// The headline figure of a step that names none.
const HEADLINE: &str = "decode.expected";
/// The panels of a first step that names none.
const PANELS: [&str; 2] = ["decode", "memory"];

/// The names that a deck may use.
#[derive(Clone, Copy)]
pub struct Known<'k> {
    /// The catalog, for machines, models and all other entries.
    pub catalog: &'k Catalog,
    /// Ids of all panels.
    pub panels: &'k [&'static str],
}

/// A deck's text, in which errors are placed.
pub(super) struct Source<'s> {
    pub name: &'s str,
    pub text: &'s str,
    /// The directory of the deck's file; `None` for built-in decks, which can name only built-in scenarios.
    pub directory: Option<&'s Path>,
}

impl Source<'_> {
    /// Returns an error about the text `needle` in the `field` of a step, or anywhere in the step if the field has no
    /// such text.
    pub fn fault<'f>(
        &self,
        step: usize,
        field: impl Into<Option<&'f str>>,
        needle: &str,
        sentence: impl std::fmt::Display,
    ) -> FileError {
        let sentence = format!("step {}: {sentence}", step + 1);
        match place::find(self.text, step, field.into(), needle) {
            Some(at) => {
                let length = self.text[at.clone()].chars().count();
                FileError::at_byte(self.name, self.text, at.start, length, sentence)
            }
            None => FileError::whole(self.name, sentence),
        }
    }

    /// Returns the place of a step's expected winner.
    fn expectation(&self, step: usize, winner: &str) -> Option<Place> {
        place::find(self.text, step, Some("expect"), winner).map(|at| place_of(self.text, at.start))
    }
}

/// Returns true if the text of a file is that of a deck: it begins with `Deck`.
#[must_use]
pub fn is_deck(text: &str) -> bool {
    ron_file::begins_with(text, "Deck")
}

/// Opens a built-in deck or scenario by its name, or a file with either. A scenario is a deck of one step.
///
/// # Errors
/// [`FileError`] if nothing has that name or it cannot be used.
pub fn find(name: &str, known: Known<'_>) -> Result<OpenedDeck, FileError> {
    if let Some((id, text)) = DECKS.iter().find(|(id, _)| *id == name) {
        return Ok(OpenedDeck { deck: from_str(id, text, None, known)?, origin: Origin::BuiltIn(id) });
    }
    let is_name = !name.contains(['/', '.']);
    if is_name && scenario::SCENARIOS.iter().all(|(id, _)| *id != name) && !Path::new(name).exists() {
        let names = DECKS.iter().chain(scenario::SCENARIOS).map(|(id, _)| *id);
        let meant = nearest(name, names).map_or_else(
            || format!("built-in decks are {}", DECKS.iter().map(|(id, _)| *id).collect::<Vec<_>>().join(", ")),
            |meant| format!("did you mean {meant}?"),
        );
        return Err(FileError::whole(name, format!("there is no deck, scenario or file of this name; {meant}")));
    }
    open(name, known)
}

/// Opens a deck or scenario other than a built-in deck.
///
/// # Errors
/// [`FileError`] if it cannot be read or used.
pub fn open(name: &str, known: Known<'_>) -> Result<OpenedDeck, FileError> {
    if scenario::SCENARIOS.iter().any(|(id, _)| *id == name) {
        return scenario_deck(scenario::find(name)?, known);
    }
    let path = Path::new(name);
    let file = ron_file::read(path)?;
    if !is_deck(&file.text) {
        return scenario_deck(scenario::open(path)?, known);
    }
    let directory = path.parent().unwrap_or(Path::new(""));
    let deck = from_str(&file.name, &file.text, Some(directory), known)?;
    Ok(OpenedDeck { deck, origin: Origin::File { path: file.path, fingerprint: file.fingerprint } })
}

fn scenario_deck(mut opened: scenario::Opened, known: Known<'_>) -> Result<OpenedDeck, FileError> {
    opened.resolve(known.catalog)?;
    let deck = of_scenario(opened.scenario, &opened.origin.name());
    Ok(OpenedDeck { deck, origin: opened.origin })
}

/// Returns a deck of one step that shows a scenario, with the scenario's title or else `name`.
#[must_use]
pub fn of_scenario(scenario: Scenario, name: &str) -> Deck {
    let title = if scenario.title.is_empty() { name.to_owned() } else { scenario.title.clone() };
    let step = Step {
        title: title.clone(),
        notes: scenario.note.clone(),
        changes: Vec::new(),
        panels: PANELS.map(str::to_owned).to_vec(),
        headline: default_headline(),
        highlight: Vec::new(),
        minutes: None,
        expect: scenario.expect.clone(),
        expect_at: None,
        scenario,
    };
    Deck { title, steps: vec![step] }
}

/// Returns the headline figure of a step that names none.
fn default_headline() -> &'static Figure {
    Figure::named(HEADLINE).unwrap_or(&FIGURES[0])
}

/// Reads a deck from `text`; errors call it `name`. `directory` is that of its scenario files.
///
/// # Errors
/// [`FileError`] with its place.
pub(super) fn from_str(name: &str, text: &str, directory: Option<&Path>, known: Known<'_>) -> Result<Deck, FileError> {
    let file: DeckFile = ron_file::from_str(name, text)?;
    let source = Source { name, text, directory };
    let mut steps: Vec<Step> = Vec::with_capacity(file.steps.len());
    for (at, step) in file.steps.into_iter().enumerate() {
        let step = resolve(&source, at, step, steps.last(), known)?;
        steps.push(step);
    }
    Ok(Deck { title: file.title, steps })
}

fn resolve(
    source: &Source<'_>,
    at: usize,
    file: StepFile,
    before: Option<&Step>,
    known: Known<'_>,
) -> Result<Step, FileError> {
    let catalog = known.catalog;
    let mut scenario = match (&file.scenario, before) {
        (Some(name), _) => named(source, at, name, catalog)?,
        (None, Some(before)) => before.scenario.clone(),
        (None, None) => Scenario::default(),
    };
    set(source, at, &file, &mut scenario, catalog)?;
    scenario.check(catalog).map_err(|error| source.fault(at, None, &error.name, &error.sentence))?;
    let machine = |id: &String| {
        let place = scenario.machines.iter().position(|machine| machine == id);
        place.ok_or_else(|| source.fault(at, "highlight", id, format!("\"{}\" is not among its machines", visible(id))))
    };
    let highlight = file.highlight.iter().map(machine).collect::<Result<Vec<_>, _>>()?;
    if let Some(id) = file.expect.as_ref().and_then(|expect| expect.winner.as_ref()) {
        scenario.machine(catalog, id).map_err(|error| source.fault(at, "expect", id, error))?;
    }
    let headline = match &file.headline {
        Some(id) => headline(id).map_err(|sentence| source.fault(at, "headline", id, sentence))?,
        None => before.map_or_else(default_headline, |before| before.headline),
    };
    let panels = panels(source, at, &file.panels, before, known.panels)?;
    let changes = before.map(|before| before.scenario.diff(&scenario, catalog)).unwrap_or_default();
    let title = if file.title.is_empty() { scenario.title.clone() } else { file.title };
    let (notes, minutes, expect) = (file.notes, file.minutes, file.expect);
    let winner = expect.as_ref().and_then(|expect| expect.winner.as_ref());
    let expect_at = winner.and_then(|id| source.expectation(at, id));
    Ok(Step { title, notes, scenario, changes, panels, headline, highlight, minutes, expect, expect_at })
}

/// Returns true if a name leads to a file in the deck's directory or below, which is all that a deck may read. Symbolic
/// links are followed.
pub(super) fn is_inside(directory: &Path, name: &Path) -> bool {
    let own = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let is_below = name.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    match (own.canonicalize(), directory.join(name).canonicalize()) {
        (Ok(own), Ok(there)) => is_below && there.starts_with(own),
        // A file that does not exist has no target; opening it fails.
        _ => is_below,
    }
}

/// Returns the scenario that a step starts from: a built-in one, or a file in the deck's directory.
fn named(source: &Source<'_>, at: usize, name: &str, catalog: &Catalog) -> Result<Scenario, FileError> {
    let built_in = scenario::SCENARIOS.iter().any(|(id, _)| *id == name);
    let opened = match source.directory {
        _ if built_in => scenario::find(name),
        Some(directory) if is_inside(directory, Path::new(name)) => scenario::open(&directory.join(name)),
        Some(_) => {
            return Err(source.fault(
                at,
                "scenario",
                name,
                "a deck takes scenarios from its own directory and below only",
            ));
        }
        None => scenario::find(name),
    };
    let mut opened = match opened {
        Err(error) if error.is_missing() || error.place().is_none() => {
            let names = scenario::SCENARIOS.iter().map(|(id, _)| *id);
            let meant = nearest(name, names).map_or(String::new(), |name| format!("; did you mean \"{name}\"?"));
            return Err(source.fault(
                at,
                "scenario",
                name,
                format!("\"{}\": {}{meant}", visible(name), error.sentence()),
            ));
        }
        other => other?,
    };
    opened.resolve(catalog)?;
    Ok(opened.scenario)
}

/// Sets the step's knobs in the order of their table, because a share applies to the model that is set before it.
fn set(
    source: &Source<'_>,
    at: usize,
    file: &StepFile,
    scenario: &mut Scenario,
    catalog: &Catalog,
) -> Result<(), FileError> {
    for id in file.set.keys() {
        knob(id).map_err(|sentence| source.fault(at, "set", id, sentence))?;
    }
    for knob in KNOBS {
        let Some(typed) = file.set.get(knob.id) else { continue };
        knob.write(scenario, catalog, &typed.0).map_err(|error| source.fault(at, "set", knob.id, error))?;
    }
    Ok(())
}

/// Returns the figure with the id `id`, if it can be a headline.
fn headline(id: &str) -> Result<&'static Figure, String> {
    let known = || Figure::listed(Listing::Comparison).map(|figure| figure.id);
    known().find(|known| *known == id).and_then(Figure::named).ok_or_else(|| {
        let meant = nearest(id, known());
        let all = || format!("; figures are {}", known().collect::<Vec<_>>().join(", "));
        let hint = meant.map_or_else(all, |id| format!("; did you mean \"{id}\"?"));
        format!("there is no headline figure \"{}\"{hint}", visible(id))
    })
}

fn panels(
    source: &Source<'_>,
    at: usize,
    ids: &[String],
    before: Option<&Step>,
    known: &[&'static str],
) -> Result<Vec<String>, FileError> {
    if ids.len() > MOST_PANELS {
        let last = ids.last().map_or("", String::as_str);
        return Err(source.fault(at, "panels", last, format!("a step shows at most {MOST_PANELS} panels")));
    }
    if let Some(id) = ids.iter().find(|id| !known.contains(&id.as_str())) {
        let meant = nearest(id, known.iter().copied());
        let all = || format!("; panels are {}", known.join(", "));
        let hint = meant.map_or_else(all, |id| format!("; did you mean \"{id}\"?"));
        return Err(source.fault(at, "panels", id, format!("there is no panel \"{}\"{hint}", visible(id))));
    }
    Ok(match (ids, before) {
        ([], Some(before)) => before.panels.clone(),
        ([], None) => PANELS.map(str::to_owned).to_vec(),
        (ids, _) => ids.to_vec(),
    })
}
