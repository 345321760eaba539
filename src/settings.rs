//! What a person has settled once: looks, motion, the mouse and keys, in one commented RON file.
//!
//! Flags and the environment go before it. A file that is wrong is told with its place and left aside whole: nobody is
//! locked out by a key, and Ctrl-C leaves whatever the file says.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use serde::Deserialize;

use crate::input::{ACTIONS, Keymap};
use crate::ron_file::{self, FileError, visible};

/// Which characters may be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum GlyphChoice {
    /// As the locale allows.
    #[default]
    Auto,
    /// Blocks and geometric shapes.
    Unicode,
    /// Seven-bit characters only.
    Ascii,
}

/// A person's settings. What the file leaves out keeps its default.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The theme, by name; found out where it is missing.
    pub theme: Option<String>,
    /// Which characters may be shown.
    pub glyphs: GlyphChoice,
    /// Whether the program takes the mouse.
    pub mouse: bool,
    /// Whether transitions are shown while presenting.
    pub motion: bool,
    /// Keys by action, in place of those that it has.
    pub keys: BTreeMap<String, Vec<String>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { theme: None, glyphs: GlyphChoice::Auto, mouse: true, motion: true, keys: BTreeMap::new() }
    }
}

impl Settings {
    /// Reads settings from `text`, which errors call `name`, with the keys that follow; `themes` are the names of themes.
    ///
    /// # Errors
    /// [`FileError`] with the place: an unknown field, theme or action, a chord that is none, a key that means two things.
    pub fn from_str(name: &str, text: &str, themes: &[&str]) -> Result<(Self, Keymap), FileError> {
        let settings: Self = ron_file::from_str(name, text)?;
        if let Some(theme) = settings.theme.as_ref().filter(|theme| !themes.contains(&theme.as_str())) {
            let sentence = format!("there is no theme \"{}\"; there are: {}", visible(theme), themes.join(", "));
            return Err(FileError::about(name, text, theme, sentence));
        }
        let keymap = Keymap::default().with(&settings.keys);
        let keymap = keymap.map_err(|fault| FileError::about(name, text, &fault.word, fault.sentence))?;
        Ok((settings, keymap))
    }

    /// Reads the file at `path`; the defaults where there is none.
    ///
    /// # Errors
    /// [`FileError`] as [`Settings::from_str`], or where the file cannot be read.
    pub fn load(path: &Path, themes: &[&str]) -> Result<(Self, Keymap), FileError> {
        match ron_file::read(path) {
            Ok(file) => Self::from_str(&file.name, &file.text, themes),
            Err(error) if error.is_missing() => Ok((Self::default(), Keymap::default())),
            Err(error) => Err(error),
        }
    }
}

/// Whether a file's text is that of settings: it begins with `Settings`.
#[must_use]
pub fn is_settings(text: &str) -> bool {
    let code = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("//"));
    code.is_some_and(|line| line.starts_with("Settings"))
}

/// The whole file with every setting at its default and every key, each with what it does.
#[must_use]
pub fn commented(keymap: &Keymap, themes: &[&str]) -> String {
    let mut out = String::from(
        "// Settings of whichbox, read at the start from ~/.config/whichbox/settings.ron. What is left out keeps its\n\
         // default; `whichbox check` says what is wrong.\nSettings(\n",
    );
    let _ = write!(
        out,
        "    // Colours: {}. Left out: dark or light, as the terminal is.\n    // theme: \"dark\",\n\n\
         \x20   // Auto (as the locale allows), Unicode or Ascii.\n    glyphs: Auto,\n\n\
         \x20   // Whether the program takes the mouse; M gives it back.\n    mouse: true,\n\n\
         \x20   // Whether sliders move from step to step while presenting.\n    motion: true,\n\n\
         \x20   // Keys by action, in place of all that it has: q, C-r (control), A-x (alt), S-Left (shift), F5, Enter, Esc, Tab,\n\
         \x20   // Space, Bksp, Del, PgUp, PgDn, Home, End. An empty list leaves it to the palette. Ctrl-C always leaves.\n\
         \x20   keys: {{\n",
        themes.join(", ")
    );
    for bound in keymap.rows() {
        let contexts: Vec<String> =
            bound.row.contexts.iter().map(|context| format!("{context:?}").to_lowercase()).collect();
        let keys: Vec<String> = bound.keys.iter().map(|key| format!("\"{}\"", escaped(key))).collect();
        let _ = writeln!(
            out,
            "        // {} ({})\n        \"{}\": [{}],",
            bound.row.help,
            contexts.join(", "),
            bound.row.id,
            keys.join(", ")
        );
    }
    debug_assert_eq!(keymap.rows().len(), ACTIONS.len());
    out.push_str("    },\n)\n");
    out
}

/// A key inside of a string.
fn escaped(key: &str) -> String {
    key.replace('\\', "\\\\").replace('"', "\\\"")
}
