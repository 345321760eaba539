//! `whichbox notes`: the speaker's view while the audience sees another screen.

use clap::Args;

use super::explore::{Face, look};
use super::{Failure, present};
use crate::model::catalog::Catalog;
use crate::system;
use crate::ui::present::{NotOpened, Notes, PresenterSession};
use crate::ui::terminal::{self, Environment, TerminalKind};

/// Arguments of `notes`.
#[derive(Args, Clone, Debug)]
pub struct NotesArgs {
    #[command(flatten)]
    face: Face,
}

/// Follows the presentation of this user that started last, and the next one after its end.
pub(super) fn run(catalog: &Catalog, args: &NotesArgs) -> Result<u8, Failure> {
    let settled = args.face.settled();
    let environment = Environment::read();
    let look = look(&settled.face, environment, None)?;
    match terminal::terminal_kind() {
        TerminalKind::Full => {}
        TerminalKind::Absent(stream) => return Err(Failure::input(terminal::Error::NotATerminal(stream))),
        TerminalKind::Dumb => return Err(Failure::input("this terminal cannot show the speaker's view")),
    }
    let session = PresenterSession::in_directory(system::runtime_directory());
    let open = |files: &[String]| present::open(catalog, files).map_err(|failure| NotOpened(failure.to_string()));
    let mut notes = Notes::new(session, (look, settled.keymap), &open);
    let options = terminal::Options { mouse: false, colours: environment.colours, ..terminal::Options::default() };
    terminal::run(&mut notes, &options).map_err(Failure::input)
}
