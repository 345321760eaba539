//! Values that are computed from a catalog on first use and then stored.

use std::sync::OnceLock;

/// A value that is computed once. A copy of the catalog may be changed, so a copy computes its own value.
pub(super) struct Once<T>(OnceLock<T>);

impl<T> Once<T> {
    pub fn of(&self, work_out: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(work_out)
    }
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> Clone for Once<T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<T> std::fmt::Debug for Once<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Once")
    }
}
