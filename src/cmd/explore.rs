//! `whichbox`: the explorer, or the same content as lines if there is no terminal.

use std::io::Write;

use clap::Args;

use super::output::Stdout;
use super::{Failure, ask, plain};
use crate::model::catalog::Catalog;
use crate::model::catalog::names::{NameError, NameOf, Resolved};
use crate::model::scenario::{self, ModelChoice, Opened, Scenario};
use crate::system;
use crate::ui::explorer::{Explorer, document_of};
use crate::ui::input::Keymap;
use crate::ui::settings::{GlyphChoice, Held, Settings};
use crate::ui::state::{Notice, State};
use crate::ui::terminal::{self, Background, Colours, Environment, TerminalKind};
use crate::ui::view::Look;
use crate::ui::view::glyphs::{ASCII, UNICODE};
use crate::ui::view::theme::{self, THEMES, Theme};

/// The scenario that opens if the command names none.
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

impl ExploreArgs {
    /// Returns the error for flags of the explorer before a command that does not take them; `None` if there are none.
    pub(super) fn misplaced(&self) -> Option<String> {
        if let Some(name) = &self.scenario {
            let name = crate::model::ron_file::visible(name);
            return Some(format!("\"{name}\" stands before the command; a command takes its scenario behind its name"));
        }
        self.plain.then(|| "--plain is for the explorer; commands write lines already".to_owned())
    }

    /// Returns the flags for appearance and motion, which `present` accepts too.
    pub(super) fn face(&self) -> &Face {
        &self.face
    }
}

/// Looks and motion in a terminal.
#[derive(Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Face {
    #[arg(
        long,
        value_name = "NAME",
        env = "WHICHBOX_THEME",
        help = format!("Colours: {}; dark or light is found out by default", theme::names())
    )]
    pub theme: Option<String>,
    /// Seven-bit characters only
    #[arg(long)]
    pub ascii: bool,
    /// Blocks and shapes even where the locale is not UTF-8
    #[arg(long, conflicts_with = "ascii")]
    pub unicode: bool,
    /// Leave the mouse to the terminal
    #[arg(long)]
    pub no_mouse: bool,
    /// No transitions while presenting
    #[arg(long)]
    pub no_motion: bool,
}

/// The flags completed by the user's settings, the key map, and the fault of the settings file.
pub(super) struct Settled {
    pub face: Face,
    pub keymap: Keymap,
    /// True if a flag or the settings choose a theme; otherwise it follows the terminal's background.
    pub has_theme: bool,
    pub complaint: Option<String>,
}

impl Face {
    /// Returns these flags, completed by those of `before`.
    pub(super) fn or(&self, before: &Face) -> Face {
        Face {
            theme: self.theme.clone().or_else(|| before.theme.clone()),
            ascii: self.ascii || before.ascii,
            unicode: self.unicode || before.unicode,
            no_mouse: self.no_mouse || before.no_mouse,
            no_motion: self.no_motion || before.no_motion,
        }
    }

    /// Reads the user's settings; faulty parts are reported and ignored.
    pub(super) fn settled(&self) -> Settled {
        let themes: Vec<&str> = THEMES.iter().map(|(name, _)| *name).collect();
        let held = super::settings_file().map_or_else(Held::default, |path| Settings::load(&path, &themes));
        let complaint = held.complaint();
        let Held { settings, keymap, .. } = held;
        let face = Face {
            theme: self.theme.clone().or(settings.theme),
            ascii: self.ascii || settings.glyphs == GlyphChoice::Ascii,
            unicode: self.unicode || settings.glyphs == GlyphChoice::Unicode,
            no_mouse: self.no_mouse || !settings.mouse,
            no_motion: self.no_motion || !settings.motion,
        };
        Settled { has_theme: face.theme.is_some(), face, keymap, complaint }
    }
}

impl ExploreArgs {
    /// Returns the names of the scenarios that were given.
    pub(super) fn scenarios(&self) -> Vec<&str> {
        [&self.scenario, &self.other].into_iter().flatten().map(String::as_str).collect()
    }
}

/// Opens the scenarios before the screen changes, so that errors in files are readable, and runs the explorer.
pub(super) fn run(catalog: &Catalog, args: &ExploreArgs) -> Result<u8, Failure> {
    let first = open(catalog, args.scenario.as_deref().unwrap_or(FIRST))?;
    let second = args.other.as_deref().map(|name| open(catalog, name)).transpose()?;
    let (opened, pinned) = match second {
        Some(second) => (second, Some(first)),
        None => (first, None),
    };
    let environment = Environment::read();
    let settled = args.face.settled();
    let face = &settled.face;
    let look = look(face, environment, None)?;
    let kind = terminal::terminal_kind();
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
    let asks = !settled.has_theme && environment.asks_background();
    let (mouse, colours) = (!face.no_mouse, environment.colours);
    let options = terminal::Options { mouse, colours, asks_background: asks, ..terminal::Options::default() };
    state.tell_since();
    if let Some(text) = settled.complaint {
        state.notice = Some(Notice { text, bad: true });
    }
    let motion = !face.no_motion && !environment.accessible;
    let mut explorer = Explorer::new(State { mouse, motion, keymap: settled.keymap, ..state }, look);
    explorer.follow_background(asks);
    explorer.link(!environment.is_console);
    explorer.remember(&opened);
    if let Some(first) = &pinned {
        explorer.remember(first);
    }
    explorer.keep_in(system::state_directory());
    explorer.meet_in(system::runtime_directory());
    explorer.open_models(super::inspect::usual_places());
    let code = terminal::run(&mut explorer, &options).map_err(Failure::input)?;
    if let Some(sentence) = explorer.last_words() {
        // An error here means that standard error is closed, so it cannot be reported.
        let _ = writeln!(std::io::stderr(), "whichbox: {sentence}");
    }
    Ok(code)
}

/// Opens a scenario by name, or the default scenario with the model of this name.
fn open(catalog: &Catalog, name: &str) -> Result<Opened, Failure> {
    let mut opened = match scenario::find(name) {
        Ok(opened) => opened,
        Err(error) => match catalog.resolve(NameOf::Model, name) {
            Ok(found) => about_model(catalog, &found)?,
            Err(several @ (NameError::Several { .. } | NameError::NotSized { .. })) => {
                return Err(Failure::input(several));
            }
            Err(NameError::Unknown { .. } | NameError::NotASetup(_)) => return Err(Failure::input(error)),
        },
    };
    opened.resolve(catalog).map_err(Failure::input)?.iter().for_each(ask::say_taken);
    Ok(opened)
}

/// Returns the default scenario with a model of the catalog.
fn about_model(catalog: &Catalog, found: &Resolved) -> Result<Opened, Failure> {
    ask::say_taken(found);
    let model = catalog.model(&found.id).map_err(Failure::input)?;
    let opened = scenario::find(FIRST).map_err(Failure::input)?;
    let title = format!("Which box runs {}?", model.name);
    let scenario = Scenario { model: ModelChoice::Catalog(model.id.clone()), title, ..Scenario::default() };
    Ok(Opened { scenario, ..opened })
}

/// Returns the theme and glyphs by flag, by `usual`, or by the terminal's background. A terminal of 16 colours gets the
/// theme for them.
pub(super) fn look(face: &Face, environment: Environment, usual: Option<&str>) -> Result<Look, Failure> {
    let found = match (environment.colours, environment.background) {
        (Colours::Named, _) => "ansi",
        (_, Some(Background::Light)) => "light",
        _ => "dark",
    };
    // With sixteen colours, machines can only be distinguished in the theme for sixteen colours.
    let usual = usual.filter(|_| environment.colours != Colours::Named);
    let name = face.theme.as_deref().or(usual).unwrap_or(found);
    let theme = Theme::named(name).map_err(Failure::input)?;
    let theme = if environment.colours == Colours::None { theme.without_colour() } else { theme };
    let ascii = face.ascii || (environment.seven_bit && !face.unicode);
    Ok(Look { theme, glyphs: if ascii { &ASCII } else { &UNICODE } })
}

/// Opens a scenario by name for a command.
pub(super) fn named(catalog: &Catalog, name: &str) -> Result<crate::model::scenario::Scenario, Failure> {
    ask::open(catalog, name)
}
