//! Keys: what a chord is, what actions there are and which keys start them.
//!
//! Help, hints, the README's table and the dispatcher all read [`ACTIONS`]: a key is one entry in one row.

mod action;
mod chord;

pub use action::{ACTIONS, Action, Binding, Context, action_for, keys_of};
pub use chord::{Chord, Key, NotAChord};
