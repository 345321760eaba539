//! Quantizations: which modules of a model are stored how, as its configuration says, and the bytes that follow.
//!
//! The table of stored forms is an asset; this module reads the blocks that tools write into `config.json` into rules, and
//! [`bytes`] holds the rules against the matrices that the architecture builds.

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

/// The most names of modules in one block; published ones have some tens of thousands, one per expert.
const MOST_RULES: usize = 1 << 18;
/// The most names that are expressions or have stars.
const MOST_EXPRESSIONS: usize = 1 << 12;

/// The storage of a group of modules.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// In the model's own type.
    Whole,
    /// Quantized.
    As(Stored),
}

/// The storage of the weights of a model.
#[derive(Clone, Debug)]
pub struct Quantization {
    /// The kind of file.
    pub container: Container,
    /// The name of the form of most weights.
    pub name: String,
    /// Modules with a rule of their own, the first that matches counts.
    pub rules: Vec<(Pattern, Kept)>,
    /// Linear layers without a rule.
    pub linear: Kept,
    /// The output matrix, where it is no embedding.
    pub head: Kept,
    /// The embedding.
    pub embedding: Kept,
    /// Routers.
    pub router: Kept,
    /// Routed experts, where they are stored otherwise than linear layers.
    pub experts: Option<Kept>,
    /// Routed experts alone are stored so, whatever the rules say of the rest.
    pub experts_alone: bool,
}

impl Quantization {
    /// One form for all linear layers; embedding, output and routers as they are.
    fn uniform(container: Container, stored: Stored) -> Self {
        Self {
            container,
            name: stored.name.clone(),
            rules: Vec::new(),
            linear: Kept::As(stored),
            head: Kept::Whole,
            embedding: Kept::Whole,
            router: Kept::Whole,
            experts: None,
            experts_alone: false,
        }
    }

    /// Adds a rule.
    ///
    /// # Errors
    /// A sentence where the name cannot be read or there are too many.
    fn rule(&mut self, name: &str, as_regex: bool, kept: Kept) -> Result<(), String> {
        let pattern = Pattern::new(name, as_regex)?;
        let expressions = self.rules.iter().filter(|(own, _)| !matches!(own, Pattern::Plain(_))).count();
        let is_expression = !matches!(pattern, Pattern::Plain(_));
        if self.rules.len() >= MOST_RULES || (is_expression && expressions >= MOST_EXPRESSIONS) {
            return Err("the quantization names more modules than are read".to_owned());
        }
        self.rules.push((pattern, kept));
        Ok(())
    }
}
