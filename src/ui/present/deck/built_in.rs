//! The decks that come with the program. To add one: a file and a row.

/// A row per file of `scenarios/decks/`: the name and the text.
macro_rules! decks {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../../scenarios/decks/", $name, ".ron")))),*]
    };
}

/// Name and text of every built-in deck.
pub const DECKS: &[(&str, &str)] = decks! {
    "bottleneck"
    "levers"
    "which-box"
};
