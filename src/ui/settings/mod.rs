//! The user's settings: appearance, motion, mouse and keys, in one commented RON file.
//!
//! Flags and environment variables take precedence over it. A setting with a fault is reported with its place and
//! ignored, and the others apply. So no setting can lock the user out, and Ctrl-C always quits.

mod pieces;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::model::ron_file::{self, FileError, nearest, visible};
use crate::ui::input::{KeyFault, Keymap};

/// Most faults that are reported one by one; a file with more is ignored as a whole.
const MOST_FAULTS: usize = 20;

/// The characters that the screen may show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum GlyphChoice {
    /// As the locale allows.
    #[default]
    Auto,
    /// Blocks and geometric shapes.
    Unicode,
    /// ASCII characters only.
    Ascii,
}

/// A setting as the printed file shows it.
struct Field {
    about: &'static str,
    /// Name and default, or a commented example if the default is to leave it out.
    written: &'static str,
}

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident: $kind:ty = $default:expr, $written:literal, $about:literal;)*) => {
        /// The user's settings. A setting that the file leaves out has its default.
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Settings {
            $($(#[$doc])* pub $name: $kind,)*
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $default),* }
            }
        }

        /// All settings, in the order of the printed file.
        const FIELDS: &[Field] = &[$(Field { about: $about, written: $written }),*];
    };
}

settings! {
    /// The name of the theme; if missing, the terminal's background decides.
    theme: Option<String> = None, "// theme: \"dark\"",
        "Colours: <themes>. Left out: dark or light, as the terminal is.";
    /// The characters that the screen may show.
    glyphs: GlyphChoice = GlyphChoice::Auto, "glyphs: Auto",
        "Auto (as the locale allows), Unicode or Ascii.";
    /// True if the program takes the mouse.
    mouse: bool = true, "mouse: true",
        "Whether the program takes the mouse; the key of \"mouse\" gives it back.";
    /// True to show transitions while presenting.
    motion: bool = true, "motion: true",
        "Whether sliders move from step to step while presenting.";
    /// Keys by action, in place of those that it has.
    keys: BTreeMap<String, Vec<String>> = BTreeMap::new(), "keys: {<keys>\n    }",
        "Keys by action, in place of all that it has: q, C-r (control), A-x (alt), S-Left (shift), F5, Enter, Esc, Tab,\n    \
         // Space, Bksp, Del, PgUp, PgDn, Home, End. An empty list leaves it to the palette. C-c always leaves.";
}

/// The settings that apply, and the faults in their file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held {
    /// The settings.
    pub settings: Settings,
    /// The keys in force.
    pub keymap: Keymap,
    /// The faults whose settings are ignored, each with its place.
    pub faults: Vec<FileError>,
}

impl Settings {
    /// Reads settings from `text`, with the keymap that follows. Errors call the text `name`; `themes` are the names of
    /// themes.
    ///
    /// # Errors
    /// [`FileError`] with its place: an unknown field, theme or action, a text that is not a chord, or a key of two
    /// actions.
    pub fn from_str(name: &str, text: &str, themes: &[&str]) -> Result<(Self, Keymap), FileError> {
        let text = &ron_file::normalised(text);
        let settings: Self = ron_file::from_str(name, text)?;
        if let Some(theme) = settings.theme.as_ref().filter(|theme| !themes.contains(&theme.as_str())) {
            return Err(FileError::about(name, text, theme, no_theme(theme, themes)));
        }
        match Keymap::default().with(&settings.keys) {
            Ok(keymap) => Ok((settings, keymap)),
            Err(fault) => Err(key_error(name, text, &fault)),
        }
    }

    /// Reads the settings in `text` that are valid. The smallest part around each fault is ignored, or the whole file
    /// if there is no such part.
    #[must_use]
    pub fn what_holds(name: &str, text: &str, themes: &[&str]) -> Held {
        let mut text = ron_file::normalised(text).into_owned();
        let mut faults = Vec::new();
        loop {
            let fault = match Self::from_str(name, &text, themes) {
                Ok((settings, keymap)) => return Held { settings, keymap, faults },
                Err(fault) => fault,
            };
            let part = fault.place().and_then(|place| pieces::part_around(&text, place.byte_in(&text)));
            faults.push(fault);
            match part.filter(|_| faults.len() < MOST_FAULTS) {
                Some(part) => text = pieces::without(&text, &part),
                None => return Held { faults, ..Held::default() },
            }
        }
    }

    /// Reads the valid settings of the file at `path`; returns the defaults if there is none or it cannot be read.
    #[must_use]
    pub fn load(path: &Path, themes: &[&str]) -> Held {
        match ron_file::read(path) {
            Ok(file) => Self::what_holds(&file.name, &file.text, themes),
            Err(error) if error.is_missing() => Held::default(),
            Err(error) => Held { faults: vec![error], ..Held::default() },
        }
    }
}

impl Held {
    /// Returns a sentence about the faults; `None` if there are none.
    #[must_use]
    pub fn complaint(&self) -> Option<String> {
        let first = self.faults.first()?;
        let place = first.place().map_or(String::new(), |place| format!("{}:{}: ", place.line, place.column));
        let more = match self.faults.len() {
            1 => String::new(),
            count => format!(" (and {} more: `whichbox check` tells)", count - 1),
        };
        Some(format!("settings left aside: {place}{}{more}", first.sentence()))
    }
}

fn no_theme(theme: &str, themes: &[&str]) -> String {
    let meant = nearest(theme, themes.iter().copied());
    let meant = meant.map(|theme| format!("did you mean \"{theme}\"? ")).unwrap_or_default();
    format!("there is no theme \"{}\"; {meant}there are: {}", visible(theme), themes.join(", "))
}

fn key_error(name: &str, text: &str, fault: &KeyFault) -> FileError {
    match pieces::place_of(text, &fault.action, fault.key.as_deref()) {
        Some(place) => {
            let length = text.get(place.clone()).map_or(1, |literal| literal.chars().count());
            FileError::at_byte(name, text, place.start, length, fault.sentence.clone())
        }
        None => FileError::whole(name, fault.sentence.clone()),
    }
}

/// Returns true if the text of a file is that of settings: it begins with `Settings`.
#[must_use]
pub fn is_settings(text: &str) -> bool {
    ron_file::begins_with(text, "Settings")
}

/// Returns the text of a file with all settings at their defaults and all keys, each with its description.
#[must_use]
pub fn commented(keymap: &Keymap, themes: &[&str]) -> String {
    let fields = FIELDS.iter().map(|field| {
        let about = field.about.replace("<themes>", &themes.join(", "));
        format!("    // {about}\n    {},\n", field.written.replace("<keys>", &keys(keymap)))
    });
    format!(
        "// Settings of whichbox, read at the start from ~/.config/whichbox/settings.ron. What is left out keeps its\n\
         // default; `whichbox check` says what is wrong.\nSettings(\n{})\n",
        fields.collect::<Vec<_>>().join("\n")
    )
}

/// Returns all actions with their descriptions and keys.
fn keys(keymap: &Keymap) -> String {
    let row = |bound: &crate::ui::input::Bound| {
        let contexts: Vec<String> =
            bound.row.contexts.iter().map(|context| format!("{context:?}").to_lowercase()).collect();
        let keys: Vec<String> = bound.keys.iter().map(|key| format!("\"{}\"", escaped(key))).collect();
        let (help, id) = (bound.row.help, bound.row.id);
        format!("\n        // {help} ({})\n        \"{id}\": [{}],", contexts.join(", "), keys.join(", "))
    };
    keymap.rows().iter().map(row).collect()
}

/// Returns a key escaped for a string.
fn escaped(key: &str) -> String {
    key.replace('\\', "\\\\").replace('"', "\\\"")
}
