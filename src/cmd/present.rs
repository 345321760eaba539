//! `whichbox present`: decks and scenarios on a screen for an audience.

use clap::Args;

use super::explore::{Face, look};
use super::{Failure, model_files};
use crate::model::catalog::Catalog;
use crate::system;
use crate::ui::explorer::Explorer;
use crate::ui::present::PresenterSession;
use crate::ui::present::deck::{self, DECKS, Deck, Known};
use crate::ui::state::{Document, Notice, State};
use crate::ui::terminal::{self, Environment, TerminalKind};
use crate::ui::view::panels::panel_ids;

/// The default theme of presentations, legible from a distance.
const THEME: &str = "projector";

/// Arguments of `present`.
#[derive(Args, Clone, Debug)]
pub struct PresentArgs {
    /// Decks and scenarios: built-in names or files, shown one after the other
    #[arg(value_name = "DECK|SCENARIO", required_unless_present = "resume")]
    pub(super) files: Vec<String>,
    /// Go on where a presentation was cut off
    #[arg(long, conflicts_with = "files")]
    resume: bool,
    #[command(flatten)]
    face: Face,
}

impl PresentArgs {
    /// Returns the arguments, completed by the appearance flags before the command's name.
    pub(super) fn with_face(self, before: &Face) -> Self {
        Self { face: self.face.or(before), ..self }
    }
}

/// Opens all files before the screen changes, then presents.
pub(super) fn run(catalog: &Catalog, args: &PresentArgs) -> Result<u8, Failure> {
    let session = PresenterSession::in_directory(system::runtime_directory());
    let cut_off = args.resume.then(|| session.left_behind()).flatten();
    let (files, position) = match (&cut_off, session.trouble()) {
        (Some(cut_off), _) => (cut_off.files.clone(), Some(cut_off.position.clone())),
        (None, Some(trouble)) if args.resume => return Err(Failure::input(trouble)),
        (None, _) if args.resume => {
            return Err(Failure::input("no presentation was cut off; name a deck to begin one"));
        }
        (None, _) => (absolute(&args.files), None),
    };
    let (catalog, deck) = open(catalog, &files)?;
    match terminal::terminal_kind() {
        TerminalKind::Full => {}
        TerminalKind::Absent(stream) => return Err(Failure::input(terminal::Error::NotATerminal(stream))),
        TerminalKind::Dumb => {
            return Err(Failure::input("this terminal cannot present; `whichbox export` writes a handout"));
        }
    }
    let environment = Environment::read();
    let settled = args.face.settled();
    let face = &settled.face;
    let look = look(face, environment, Some(THEME))?;
    let first = deck.steps.first().map(|step| step.scenario.clone()).unwrap_or_default();
    let document = Document { name: deck.title.clone(), path: None, saved: first.clone() };
    let motion = !face.no_motion && !environment.accessible;
    let mut state = State::new(&catalog, first, document).map_err(Failure::input)?;
    let no_notes = session.trouble().map(|trouble| format!("the speaker's view cannot follow: {trouble}"));
    if let Some(text) = settled.complaint.or(no_notes) {
        state.notice = Some(Notice { text, bad: true });
    }
    let mouse = !face.no_mouse;
    let mut explorer = Explorer::new(State { mouse, motion, keymap: settled.keymap, ..state }, look);
    explorer.present(deck, files, session, position);
    if let Some(cut_off) = &cut_off {
        // The position of the resumed presentation is stored in the file of the new one from now on.
        PresenterSession::in_directory(system::runtime_directory()).forget(cut_off);
    }
    let options = terminal::Options { mouse, colours: environment.colours, ..terminal::Options::default() };
    terminal::run(&mut explorer, &options).map_err(Failure::input)
}

/// Returns the deck of all files in sequence, and the catalog with the model files that they name.
pub(super) fn open(catalog: &Catalog, files: &[String]) -> Result<(Catalog, Deck), Failure> {
    let mut catalog = catalog.clone();
    for name in files {
        model_files::of_deck(&mut catalog, name)?;
    }
    let known = Known { catalog: &catalog, panels: &panel_ids() };
    let mut whole: Option<Deck> = None;
    for name in files {
        let deck = deck::find(name, known).map_err(Failure::input)?.deck;
        whole = Some(match whole {
            Some(before) => before.followed_by(deck),
            None => deck,
        });
    }
    let whole = whole.ok_or_else(|| Failure::input("name a deck or scenario to present"))?;
    Ok((catalog, whole))
}

/// Returns absolute file names, so that they are valid in any directory; built-in names are unchanged.
fn absolute(files: &[String]) -> Vec<String> {
    let known = |name: &str| DECKS.iter().chain(crate::model::scenario::SCENARIOS).any(|(id, _)| *id == name);
    let absolute = |name: &String| match std::path::absolute(name) {
        Ok(path) if !known(name) => path.to_string_lossy().into_owned(),
        _ => name.clone(),
    };
    files.iter().map(absolute).collect()
}
