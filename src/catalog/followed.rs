//! The catalog's models as curves that custom models follow, worked out when the first of them is asked for.

use std::sync::OnceLock;

use crate::estimate::custom::Custom;
use crate::spec::Model;

/// The curves, once they were asked for.
#[derive(Default)]
pub(super) struct Followed(OnceLock<Custom>);

impl Followed {
    pub fn of(&self, models: &[Model]) -> &Custom {
        self.0.get_or_init(|| Custom::of(models))
    }
}

/// A copy follows its own models, which may become others.
impl Clone for Followed {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl std::fmt::Debug for Followed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Followed")
    }
}
