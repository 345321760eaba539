//! Subjects of a question: entries of the catalog, or entries made for the question.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

/// An entry that several answers share; a clone does not copy it.
#[derive(Clone, Debug)]
pub enum Shared<'c, T> {
    /// An entry of the catalog.
    Known(&'c T),
    /// An entry made for the question: a custom model, one of given bytes, or a machine with what-ifs.
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
