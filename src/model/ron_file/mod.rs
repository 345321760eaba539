//! Reading and writing RON files: what a file from outside says, or one sentence why it cannot be used.
//!
//! Whatever the file is (missing, a directory, a pipe, 3 MB of brackets, not UTF-8, cut in half), the answer comes at
//! once, is a [`FileError`] with file, line, column, the line and a caret, and says what is allowed. No number that is
//! not finite and no control character gets through, whatever type is read (see `checked`).

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

/// Reads a value of `T` from `text`; `name` is what errors call the text, normally its path.
///
/// # Errors
/// [`FileError`] with the place, where the text is not RON, has fields that `T` does not know, or holds a number that
/// is not finite, a control character in a string or the same key twice in a map.
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
/// [`FileError`] where the file cannot be read (see [`read`]) or does not hold a `T` (see [`from_str`]).
pub fn load<T: DeserializeOwned>(path: &Path) -> Result<T, FileError> {
    let file = read(path)?;
    from_str(&file.name, &file.text)
}

/// Returns true where a text's first word outside of comments is `name`: kinds of files begin with theirs.
#[must_use]
pub fn begins_with(text: &str, name: &str) -> bool {
    let code = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("//"));
    code.is_some_and(|line| line.starts_with(name))
}

/// The options every RON text is written with: optional fields without `Some`, as they are read.
///
/// # Errors
/// [`ron::Error`] where `value` has no RON form.
pub fn to_string<T: serde::Serialize>(value: &T) -> Result<String, ron::Error> {
    let layout = ron::ser::PrettyConfig::new().struct_names(false).compact_arrays(true).new_line("\n");
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME).to_string_pretty(value, layout)
}

/// `text` without a byte order mark, lines ending in a line feed alone: what places in it are counted in.
#[must_use]
pub fn normalised(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}
