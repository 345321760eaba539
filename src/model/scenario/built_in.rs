//! The built-in scenarios, each a question that buyers ask. A new one is a file in `scenarios/` and a row here.

/// Builds a row for each file: its name and its text.
macro_rules! scenarios {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../scenarios/", $name, ".ron")))),*]
    };
}

/// Name and text of all built-in scenarios; the explorer starts with the first.
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
