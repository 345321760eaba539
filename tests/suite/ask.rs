//! Answering scenarios without a terminal, with one shared catalog.

use std::sync::OnceLock;

use whichbox::model::answer::{Answers, answer_scenario};
use whichbox::model::catalog::Catalog;
use whichbox::model::estimate::case::EstimateInputs;
use whichbox::model::estimate::estimate;
use whichbox::model::estimate::figures::{Estimate, Speeds};
use whichbox::model::scenario::{Scenario, from_str};

/// Returns the built-in catalog.
pub fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::builtin().expect("the built-in catalog"))
}

/// Returns the scenario with these fields.
pub fn scenario(fields: &str) -> Scenario {
    from_str("test", &format!("(schema: 1, {fields})")).unwrap_or_else(|error| panic!("{fields}: {error}"))
}

/// Answers a scenario.
pub fn ask(scenario: &Scenario) -> Answers<'static> {
    answer_scenario(catalog(), scenario).unwrap_or_else(|error| panic!("{scenario:?}: {error}"))
}

/// Returns the first machine's estimate for a scenario with these fields.
pub fn first(fields: &str) -> Estimate<f64> {
    ask(&scenario(fields)).machines[0].estimate.expect("an estimate")
}

/// Returns the speeds of the first machine; the scenario must fit and run on it.
pub fn speeds(fields: &str) -> Speeds<f64> {
    first(fields).decode.speeds.unwrap_or_else(|| panic!("{fields}: no speeds"))
}

/// Returns the first machine's estimate after `change` of the case, for inputs that no knob sets.
pub fn with_case(scenario: &Scenario, change: impl FnOnce(&mut EstimateInputs<'_>)) -> Estimate<f64> {
    let answers = ask(scenario);
    let mut case = answers.machines[0].case(catalog(), scenario).expect("a case");
    change(&mut case);
    estimate(&case)
}
