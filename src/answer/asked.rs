//! The model that is asked about: the catalog's own, or one that was made for the question.

use std::ops::Deref;
use std::sync::Arc;

use crate::spec::Model;

/// A model that all machines of an answer share: a copy costs nothing.
#[derive(Clone, Debug)]
pub enum AskedModel<'c> {
    /// An entry of the catalog.
    Entry(&'c Model),
    /// A custom model, or one of given bytes.
    Made(Arc<Model>),
}

impl Deref for AskedModel<'_> {
    type Target = Model;

    fn deref(&self) -> &Model {
        match self {
            Self::Entry(model) => model,
            Self::Made(model) => model,
        }
    }
}
