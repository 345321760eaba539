//! The built-in decks. A new one is a file in `scenarios/decks/` and a row here.

/// Builds a row for each file: its name and its text.
macro_rules! decks {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../../scenarios/decks/", $name, ".ron")))),*]
    };
}

/// Name and text of all built-in decks.
pub const DECKS: &[(&str, &str)] = decks! {
    "bottleneck"
    "levers"
    "which-box"
};
