//! Reading and writing RON files: the value in a file from outside, or one sentence on why it cannot be used.
//!
//! For any file (missing, a directory, a pipe, 3 MB of brackets, not UTF-8, cut off) the result comes without waiting.
//! An error is a [`FileError`] with file, line, column, the line and a caret, and says what is allowed. Values of all
//! types are free of non-finite numbers and control characters (see `checked`).

mod checked;
mod error;
mod excerpt;
mod explain;
mod open;
mod save;

mod suggest;
mod text;
mod tokens;

use std::borrow::Cow;
use std::path::Path;

use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

#[cfg(feature = "tui")]
pub(crate) use error::place_of;
pub use error::{FileError, Place};
pub use open::{Fingerprint, LARGEST_FILE, TextFile, read};

pub use save::{MARKER, Overwrite, SaveError, save_atomic, save_private};
pub use suggest::{likeness, nearest};
pub use text::{is_hostile, visible, visible_lines};
#[cfg(feature = "tui")]
pub(crate) use tokens::{Kind, Token, tokens};

/// Reads a value of `T` from `text`; errors call the text `name`, normally its path.
///
/// # Errors
/// [`FileError`] with the place if the text is not RON, has fields that `T` does not know, or contains a number that is
/// not finite, a control character in a string, or the same key twice in a map.
pub fn from_str<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, FileError> {
    let text = normalised(text);
    if text.len() as u64 > LARGEST_FILE {
        return Err(FileError::whole(name, open::too_large()));
    }
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    options
        .from_str_seed(&text, checked::Checked::new(std::marker::PhantomData))
        .map_err(|fault| explain::file_error(name, &text, &fault))
}

/// Reads a value of `T` from the file at `path`.
///
/// # Errors
/// [`FileError`] if the file cannot be read (see [`read`]) or does not contain a `T` (see [`from_str`]).
pub fn load<T: DeserializeOwned>(path: &Path) -> Result<T, FileError> {
    let file = read(path)?;
    from_str(&file.name, &file.text)
}

/// Returns true if the first line that is not a comment begins with `name`, the type name that marks a kind of file.
#[must_use]
pub fn begins_with(text: &str, name: &str) -> bool {
    let code = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("//"));
    code.is_some_and(|line| line.starts_with(name))
}

/// Returns the RON text of a value, with optional fields written without `Some`, as [`from_str`] reads them.
///
/// # Errors
/// [`ron::Error`] if `value` has no RON form.
pub fn to_string<T: serde::Serialize>(value: &T) -> Result<String, ron::Error> {
    let layout = ron::ser::PrettyConfig::new().struct_names(false).compact_arrays(true).new_line("\n");
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME).to_string_pretty(value, layout)
}

/// Returns `text` without a byte order mark and with line feeds as line ends; places of errors refer to this form.
#[must_use]
pub fn normalised(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}
