//! The scenarios that come with the program, each a question that buyers ask. To add one: a file and a row.

/// A row per file of `scenarios/`: the name and the text.
macro_rules! scenarios {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../scenarios/", $name, ".ron")))),*]
    };
}

/// Name and text of every built-in scenario, the first being the one the explorer starts with.
pub const SCENARIOS: &[(&str, &str)] = scenarios! {
    "default"
    "dense-70b-4bit"
    "gpt-oss-120b"
    "agents-256"
    "laptop-30b-vs-rtx-5090"
    "long-context"
    "documents-in-short-answers"
    "memory-price-squeeze"
    "coding-agent-qwen"
    "small-model-many-users"
    "custom-120b-moe"
    "budget-6000"
};
