//! The flags for the limits of a machine: each sets a knob of the scenario.

use clap::Args;

use super::Failure;
use super::ask::set;
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;

/// The limits that a machine must hold to pass.
#[derive(Args, Clone, Debug)]
pub struct LimitArgs {
    /// Most that a working computer may cost, US dollars
    #[arg(long, value_name = "USD", allow_negative_numbers = true)]
    budget: Option<String>,
    /// Most power it may take while generating, watts
    #[arg(long, value_name = "W", allow_negative_numbers = true)]
    max_watts: Option<String>,
    /// Least speed of one stream, tokens per second
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    min_tok_s: Option<String>,
    /// Longest wait for the first token, seconds
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    max_ttft: Option<String>,
    /// It must be a laptop
    #[arg(long)]
    portable: bool,
    /// Machines that are no longer sold may win
    #[arg(long)]
    any_availability: bool,
    /// Software that is experimental or contested on a machine may win
    #[arg(long)]
    experimental: bool,
    /// A capability that its software must have, such as lora or continuous-batching
    #[arg(long, value_name = "CAP", value_delimiter = ',')]
    needs: Vec<String>,
}

impl LimitArgs {
    /// Sets the limits that were given in a scenario.
    ///
    /// # Errors
    /// A sentence if a value cannot be used.
    pub fn apply(&self, scenario: &mut Scenario, catalog: &Catalog) -> Result<(), Failure> {
        let needs = (!self.needs.is_empty()).then(|| self.needs.join(","));
        let yes = |given: bool| given.then(|| "yes".to_owned());
        let (portable, any, experimental) = (yes(self.portable), yes(self.any_availability), yes(self.experimental));
        let limits = [
            ("budget", &self.budget),
            ("max-watts", &self.max_watts),
            ("min-tok-s", &self.min_tok_s),
            ("max-ttft", &self.max_ttft),
            ("portable", &portable),
            ("any-availability", &any),
            ("experimental", &experimental),
            ("needs", &needs),
        ];
        for (knob, value) in limits {
            if let Some(value) = value {
                set(scenario, catalog, knob, value)?;
            }
        }
        Ok(())
    }
}
