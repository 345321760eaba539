//! The subject of a question: an entry of the catalog, or one that was made for the question.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

/// An entry that answers share: a copy costs nothing, however large it is.
#[derive(Clone, Debug)]
pub enum Shared<'c, T> {
    /// The catalog's own.
    Known(&'c T),
    /// Made for the question: a custom model or one of given bytes, a machine with what-ifs.
    Made(Arc<T>),
}

impl<T> Deref for Shared<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Known(entry) => entry,
            Self::Made(entry) => entry,
        }
    }
}

impl<'c, T: Clone> From<Cow<'c, T>> for Shared<'c, T> {
    fn from(entry: Cow<'c, T>) -> Self {
        match entry {
            Cow::Borrowed(entry) => Self::Known(entry),
            Cow::Owned(entry) => Self::Made(Arc::new(entry)),
        }
    }
}
