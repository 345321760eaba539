//! The sheets of the views, one file each.

mod frontier;
mod software;
mod sources;
mod table;
mod verdict;

pub use frontier::frontier;
pub use software::software;
pub use sources::sources;
pub use table::table;
pub use verdict::verdict;
