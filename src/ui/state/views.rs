//! The views of a scenario, one row each. The explorer's keys 1 to 9 and 0 show them in this order.
//!
//! A view is a set of panels, which are named by their ids, or a sheet. A new view is a new row.

use crate::model::answer::SheetOf;
use crate::model::answer::sheets;

/// A view.
pub struct View {
    /// Identifier, for the palette and for decks.
    pub id: &'static str,
    /// Title in the line of views, one short word.
    pub title: &'static str,
    /// Description of the content, in one line.
    pub help: &'static str,
    /// Ids of the panels, most important first; empty for a sheet.
    pub panels: &'static [&'static str],
    /// The function that builds its sheet, if it has one.
    pub sheet: Option<SheetOf>,
    /// True if the sheet takes so long that it is computed only when nothing else is to be done.
    pub later: bool,
}

macro_rules! views {
    ($($id:literal $title:literal $help:literal $body:tt;)*) => {
        &[$(views!(@ $id $title $help $body)),*]
    };
    (@ $id:literal $title:literal $help:literal [$($panel:literal)*]) => {
        View { id: $id, title: $title, help: $help, panels: &[$($panel),*], sheet: None, later: false }
    };
    (@ $id:literal $title:literal $help:literal ($sheet:path)) => {
        View { id: $id, title: $title, help: $help, panels: &[], sheet: Some($sheet), later: false }
    };
    (@ $id:literal $title:literal $help:literal {later $sheet:path}) => {
        View { id: $id, title: $title, help: $help, panels: &[], sheet: Some($sheet), later: true }
    };
}

/// All views, in the order of their keys.
pub static VIEWS: &[View] = views! {
    "overview" "overview" "which box where, speed, bandwidth, memory and price at a glance"
        ["map" "decode" "bandwidth" "memory" "cost" "prefill" "streams" "context"];
    "speed" "speed" "decode, the wait, the roofline and speed by context" ["decode" "prefill" "roofline" "context"];
    "memory" "memory" "what fills the memory, where it lies and how much more would fit" ["memory" "room" "setup"];
    "streams" "streams" "throughput by the number of streams, and what each user gets of it" ["streams" "per-user"];
    "money" "money" "prices, what tokens cost, break-even and power" ["money" "timeline" "cost" "power" "break-even"];
    "software" "software" "what runs where, with dates" (sheets::software);
    "table" "table" "all specifications side by side" (sheets::table);
    "sources" "sources" "every figure with formula, basis, source and date" (sheets::sources);
    "verdict" "verdict" "who owns which job, who passes, and what the others miss" (sheets::verdict);
    "frontier" "frontier" "what no other box and format beats in speed, price and quality" {later sheets::frontier};
};
