//! Keys: chords, actions, and the keys that start them.
//!
//! [`ACTIONS`] is the only table: a key is an entry in one of its rows. Help, hints, the README's table and the
//! dispatcher read a [`Keymap`], which has the keys in force for each row.

mod action;
mod chord;
mod keymap;

pub use action::{ACTIONS, Action, Binding, Context};
pub use chord::{Chord, Key, NotAChord};
pub use keymap::{Bound, KeyFault, Keymap};
