//! The system's directories for settings, for state and for files that last until the user logs out.
//!
//! On Linux and macOS these are the XDG directories, as for most terminal programs; on Windows those for application
//! data.

use std::path::PathBuf;

use etcetera::{BaseStrategy, choose_base_strategy};

/// The name of this program's directory within the system's.
const OWN: &str = "whichbox";

/// Returns the directory for settings: `$XDG_CONFIG_HOME/whichbox` or `~/.config/whichbox`, on Windows
/// `%APPDATA%\whichbox`; `None` if there is no home directory.
#[must_use]
pub fn config_directory() -> Option<PathBuf> {
    choose_base_strategy().ok().map(|strategy| strategy.config_dir().join(OWN))
}

/// Returns the directory for unsaved work: `$XDG_STATE_HOME/whichbox` or `~/.local/state/whichbox`, on Windows
/// `%LOCALAPPDATA%\whichbox`, which is not copied to other machines; `None` if there is no home directory.
#[must_use]
pub fn state_directory() -> Option<PathBuf> {
    let strategy = choose_base_strategy().ok()?;
    Some(strategy.state_dir().unwrap_or_else(|| strategy.cache_dir()).join(OWN))
}

/// Returns the directory through which running instances of this user find each other.
///
/// It is in `$XDG_RUNTIME_DIR`, which is emptied when the user logs out, or else in the directory for state.
#[must_use]
pub fn runtime_directory() -> Option<PathBuf> {
    let runtime = choose_base_strategy().ok().and_then(|strategy| strategy.runtime_dir());
    let own = runtime.filter(|path| path.is_dir()).map(|path| path.join(OWN));
    own.or_else(|| state_directory().map(|state| state.join("present")))
}
