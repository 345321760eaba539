//! `whichbox`: the explorer, or the same content in lines where there is no terminal for it.

use std::io::Write;

use clap::Args;

use super::output::Stdout;
use super::{Failure, ask, plain};
use crate::app::State;
use crate::catalog::Catalog;
use crate::explorer::{Explorer, document_of};
use crate::scenario::{self, Opened};
use crate::tui::{self, Background, Colours, Environment, TerminalKind};
use crate::view::Look;
use crate::view::glyphs::{ASCII, UNICODE};
use crate::view::theme::Theme;

/// The scenario that opens where none is named.
const FIRST: &str = "default";

/// Arguments of the explorer.
#[derive(Args, Clone, Debug)]
pub struct ExploreArgs {
    /// A built-in scenario's name or a file
    scenario: Option<String>,
    /// Another one, which is shown and compared with the first
    #[arg(value_name = "SCENARIO")]
    other: Option<String>,
    /// The same content in lines, without escape sequences
    #[arg(long)]
    plain: bool,
    #[command(flatten)]
    face: Face,
}

/// How anything looks and moves in a terminal.
#[derive(Args, Clone, Debug)]
pub(super) struct Face {
    /// Colours: dark, light, high-contrast, projector, ansi or mono; dark or light is found out by default
    #[arg(long, value_name = "NAME", env = "WHICHBOX_THEME")]
    pub theme: Option<String>,
    /// Seven-bit characters only
    #[arg(long)]
    pub ascii: bool,
    /// Leave the mouse to the terminal
    #[arg(long)]
    pub no_mouse: bool,
    /// No transitions while presenting
    #[arg(long)]
    pub no_motion: bool,
}

/// Opens the scenario, then the screen: what is wrong with a file is said before the screen changes.
pub(super) fn run(catalog: &Catalog, args: &ExploreArgs) -> Result<u8, Failure> {
    let first = open(catalog, args.scenario.as_deref().unwrap_or(FIRST))?;
    let second = args.other.as_deref().map(|name| open(catalog, name)).transpose()?;
    let (opened, pinned) = match second {
        Some(second) => (second, Some(first)),
        None => (first, None),
    };
    let environment = Environment::read();
    let look = look(&args.face, environment, None)?;
    let kind = tui::terminal_kind();
    if args.plain || environment.accessible || kind == TerminalKind::Dumb {
        let mut out = Stdout::new();
        let code = match &pinned {
            Some(first) => plain::both(catalog, (first, &opened), &mut out)?,
            None => plain::run(catalog, &opened.scenario, &mut out)?,
        };
        out.finish()?;
        return Ok(code);
    }
    let state = State::new(catalog, opened.scenario.clone(), document_of(&opened));
    let mut state = state.map_err(Failure::input)?;
    if let Some(first) = &pinned {
        state.pin(first.scenario.clone(), document_of(first)).map_err(Failure::input)?;
    }
    let options = tui::Options { mouse: !args.face.no_mouse, ..tui::Options::default() };
    state.tell_since();
    let mut explorer = Explorer::new(State { mouse: !args.face.no_mouse, motion: !args.face.no_motion, ..state }, look);
    explorer.remember(&opened);
    if let Some(first) = &pinned {
        explorer.remember(first);
    }
    explorer.keep_in(super::state_directory());
    let code = tui::run(&mut explorer, &options).map_err(Failure::input)?;
    if explorer.has_kept() {
        // Nobody is left to be told where standard error is closed.
        let _ = writeln!(std::io::stderr(), "whichbox: unsaved changes are kept and offered at the next start");
    }
    Ok(code)
}

/// Opens a scenario whose names the catalog knows.
fn open(catalog: &Catalog, name: &str) -> Result<Opened, Failure> {
    let opened = scenario::find(name).map_err(Failure::input)?;
    opened.check(catalog).map_err(Failure::input)?;
    Ok(opened)
}

/// The look that is asked for; without one `usual`, or what the terminal's background asks for.
pub(super) fn look(face: &Face, environment: Environment, usual: Option<&str>) -> Result<Look, Failure> {
    let found = match environment.background {
        Some(Background::Light) => "light",
        _ => "dark",
    };
    let name = face.theme.as_deref().or(usual).unwrap_or(found);
    let theme = Theme::named(name).map_err(Failure::input)?;
    let theme = if environment.colours == Colours::None { theme.without_colour() } else { theme };
    Ok(Look { theme, glyphs: if face.ascii { &ASCII } else { &UNICODE } })
}

/// Opens a scenario for a command that takes a name.
pub(super) fn named(catalog: &Catalog, name: &str) -> Result<crate::scenario::Scenario, Failure> {
    ask::open(catalog, name)
}
