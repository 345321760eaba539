//! The sheets that views show, a file each.

mod software;
mod sources;
mod table;
mod verdict;

pub use software::software;
pub use sources::sources;
pub use table::table;
pub use verdict::verdict;
