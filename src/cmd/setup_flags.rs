//! The flags for set-ups: weights in the host's memory, the host, and drafting. Each sets a knob of the scenario.

use clap::Args;

use super::Failure;
use super::ask::set;
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;

/// Arguments about the host's memory, the host and drafts.
#[derive(Args, Clone, Debug, Default)]
pub struct SetupArgs {
    /// Weights in the host's memory where the device is too small: none, auto, experts or layers
    #[arg(long, value_name = "KIND")]
    offload: Option<String>,
    /// The computer around cards, by id or as ram=64,gbs=89.6[,cores=16][,pcie=5] (GB, GB/s)
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Drafts: none, mtp, eagle, dflash, small or another method of `whichbox list drafts`
    #[arg(long, value_name = "METHOD")]
    draft: Option<String>,
    /// Tokens drafted per step, in place of the method's usual number
    #[arg(long, value_name = "N")]
    drafted: Option<String>,
    /// Share of drafted tokens that are accepted, in place of the method's
    #[arg(long, value_name = "SHARE")]
    accept: Option<String>,
    /// The text that is written: code, prose or mixed
    #[arg(long, value_name = "TASK")]
    task: Option<String>,
}

impl SetupArgs {
    /// Sets the values that were given in a scenario.
    ///
    /// # Errors
    /// A sentence if a value cannot be used.
    pub(super) fn apply(&self, scenario: &mut Scenario, catalog: &Catalog) -> Result<(), Failure> {
        let knobs = [
            ("offload", &self.offload),
            ("host", &self.host),
            ("draft-method", &self.draft),
            ("draft", &self.drafted),
            ("acceptance", &self.accept),
            ("task", &self.task),
        ];
        for (knob, value) in knobs {
            if let Some(value) = value {
                set(scenario, catalog, knob, value)?;
            }
        }
        Ok(())
    }
}
