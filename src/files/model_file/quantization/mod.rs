//! Quantizations: the storage form of each module as the configuration states it, and the bytes that follow.
//!
//! The table of storage forms is an asset. This module turns the blocks that tools write into `config.json` into rules;
//! [`bytes`] applies the rules to the matrices of the architecture.

mod bytes;
mod compressed;
mod pattern;
mod read;
mod table;

use crate::model::facts::Container;

pub use bytes::bytes;
pub use pattern::Pattern;
pub use read::{read, read_nvidia};
pub use table::{Stored, like};

/// The most module names that are read of one block; published blocks have some tens of thousands, one per expert.
const MOST_RULES: usize = 1 << 18;
/// The most module names with wildcards or regular expressions that are read of one block.
const MOST_EXPRESSIONS: usize = 1 << 12;

/// The storage of a group of modules.
#[derive(Clone, Debug, PartialEq)]
pub enum Storage {
    /// Unquantized, in the model's own type.
    Unquantized,
    /// Quantized in this form.
    Quantized(Stored),
}

/// The storage of the weights of a model.
#[derive(Clone, Debug)]
pub struct Quantization {
    /// Container of the weights.
    pub container: Container,
    /// Name of the form of most weights.
    pub name: String,
    /// Rules for single modules; the first that matches applies.
    pub rules: Vec<(Pattern, Storage)>,
    /// Storage of linear layers without a rule.
    pub linear: Storage,
    /// Storage of the output matrix, if it is not the embedding matrix.
    pub head: Storage,
    /// Storage of the embedding.
    pub embedding: Storage,
    /// Storage of routers.
    pub router: Storage,
    /// Storage of routed experts, if it differs from that of linear layers.
    pub experts: Option<Storage>,
    /// True if only routed experts are quantized where the model has any, and linear layers are not.
    pub experts_alone: bool,
}

impl Quantization {
    /// Returns a quantization with one form for all linear layers; embedding, output and routers are not quantized.
    fn uniform(container: Container, stored: Stored) -> Self {
        Self {
            container,
            name: stored.name.clone(),
            rules: Vec::new(),
            linear: Storage::Quantized(stored),
            head: Storage::Unquantized,
            embedding: Storage::Unquantized,
            router: Storage::Unquantized,
            experts: None,
            experts_alone: false,
        }
    }

    /// Adds a rule for the modules that `name` matches.
    ///
    /// # Errors
    /// A sentence if the name cannot be parsed or there are too many rules.
    fn rule(&mut self, name: &str, as_regex: bool, storage: Storage) -> Result<(), String> {
        let pattern = Pattern::new(name, as_regex)?;
        let expressions = self.rules.iter().filter(|(own, _)| !matches!(own, Pattern::Plain(_))).count();
        let is_expression = !matches!(pattern, Pattern::Plain(_));
        if self.rules.len() >= MOST_RULES || (is_expression && expressions >= MOST_EXPRESSIONS) {
            return Err("the quantization names more modules than are read".to_owned());
        }
        self.rules.push((pattern, storage));
        Ok(())
    }
}
