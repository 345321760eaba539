//! Messages to the explorer, and effects that it asks for outside.

use std::path::PathBuf;

use super::copy::Copied;
use super::state::{Document, Focus};
use crate::model::answer::Figure;
use crate::model::scenario::Scenario;
use crate::ui::input::{Action, Chord};
use crate::ui::overlay::Chooser;

/// A message. Times are milliseconds after the start.
#[derive(Clone, Debug)]
pub enum Message {
    /// A key.
    Key {
        /// The key.
        chord: Chord,
        /// The time.
        at: u64,
    },
    /// A click on a hint: its action.
    Act {
        /// The action.
        action: Action,
        /// The time.
        at: u64,
    },
    /// A click on a slider or a panel's row.
    Focus(Focus),
    /// A slider dragged to a place on its track, 0..=1.
    Drag {
        /// The slider's place.
        slider: usize,
        /// The place on the track.
        to: f64,
        /// The time.
        at: u64,
    },
    /// A click on the map, at a place of both axes, 0..=1 from left to right and from bottom to top.
    Go {
        /// The place from left to right.
        x: f64,
        /// The place from bottom to top.
        y: f64,
    },
    /// The wheel over a slider.
    Wheel {
        /// The slider's place.
        slider: usize,
        /// Steps, negative for less.
        steps: i32,
        /// The time.
        at: u64,
    },
    /// The wheel elsewhere: rows of the overlay in front, negative for up.
    Scroll(i32),
    /// A click on a row of the list in front, by its place among the visible ones.
    Choose(usize),
    /// A click beside the overlay in front.
    Close,
    /// Scenarios that can be opened.
    Listed(Chooser),
    /// Model files on this machine: name, path and bytes.
    ModelFiles(Vec<(String, PathBuf, u64)>),
    /// A model file was read and is a model of this name now.
    ModelRead(String),
    /// A scenario was read.
    Loaded(Box<(Scenario, Document)>),
    /// The scenario was saved.
    Saved(Box<Document>),
    /// The scenario was not saved.
    NotSaved {
        /// A name that it could be saved under.
        instead: String,
        /// The reason, in a sentence.
        sentence: String,
    },
    /// Text pasted into a line.
    Pasted(String),
    /// There is time for a long computation, such as a search.
    Idle,
    /// A command of the speaker's view.
    Remote {
        /// The command.
        wish: Remote,
        /// The time.
        at: u64,
    },
    /// A frame of a transition may be due.
    Frame {
        /// The time.
        at: u64,
    },
    /// A confirmation of an effect, in a sentence.
    Done(String),
    /// The figure in focus: its formulas are shown.
    Trace {
        /// The figure.
        figure: &'static Figure,
        /// The machine's place.
        machine: usize,
    },
    /// A failure of an effect, in a sentence.
    Failed(String),
}

/// A command of another terminal for a presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remote {
    /// An action of a presentation.
    Act(Action),
    /// To go to the step at a place.
    Go(usize),
}

/// An effect: something to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// To the shell.
    Suspend,
    /// Say which figure is in focus: [`Message::Trace`].
    Trace,
    /// Draw the whole screen again.
    Redraw,
    /// The next theme.
    NextTheme,
    /// Take or give back the mouse.
    Mouse(bool),
    /// List the scenarios that can be opened.
    List,
    /// List the model files on this machine: [`Message::ModelFiles`].
    ModelFiles,
    /// Read a model file: [`Message::ModelRead`].
    ReadModel(PathBuf),
    /// Read a scenario by name or path.
    Load(String),
    /// Bring back unsaved work that was kept.
    TakeBack,
    /// Remove the unsaved work that is offered.
    DiscardKept,
    /// Put something on the clipboard.
    Copy(Copied),
    /// Write the scenario to its file, or to `to`.
    Save {
        /// The file; `None` for where it came from.
        to: Option<PathBuf>,
    },
}
