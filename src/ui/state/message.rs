//! The messages to the explorer, and the effects that it requests.

use std::path::PathBuf;

use super::copy::Copied;
use super::state::{Document, Focus};
use crate::model::answer::Figure;
use crate::model::scenario::Scenario;
use crate::ui::input::{Action, Chord};
use crate::ui::overlay::Chooser;

/// A message. Times are in milliseconds on a common scale.
#[derive(Clone, Debug)]
pub enum Message {
    /// A key.
    Key {
        /// The key.
        chord: Chord,
        /// The time.
        at: u64,
    },
    /// A click on a hint for an action.
    Act {
        /// The action.
        action: Action,
        /// The time.
        at: u64,
    },
    /// A click on a slider or on a panel's row.
    Focus(Focus),
    /// A slider was dragged to a position on its track, 0..=1.
    Drag {
        /// Index of the slider.
        slider: usize,
        /// The position on the track.
        to: f64,
        /// The time.
        at: u64,
    },
    /// A click on the map, with the position on both axes, 0..=1.
    Go {
        /// The position from left to right.
        x: f64,
        /// The position from bottom to top.
        y: f64,
    },
    /// A turn of the wheel over a slider.
    Wheel {
        /// Index of the slider.
        slider: usize,
        /// Steps, negative for less.
        steps: i32,
        /// The time.
        at: u64,
    },
    /// A turn of the wheel elsewhere: rows of the open overlay, negative for up.
    Scroll(i32),
    /// A click on a row of the open list, by its index among the visible rows.
    Choose(usize),
    /// A click beside the open overlay.
    Close,
    /// The scenarios that can be opened, for [`Effect::List`].
    Listed(Chooser),
    /// The model files on this computer: name, path and bytes.
    ModelFiles(Vec<(String, PathBuf, u64)>),
    /// A model file was read; its model has this name in the catalog.
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
    /// A text was pasted.
    Pasted(String),
    /// There is time for a long computation, such as a search.
    Idle,
    /// A command of a speaker's view.
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
    /// Shows the formulas of a figure, in answer to [`Effect::Trace`].
    Trace {
        /// The figure.
        figure: &'static Figure,
        /// Index of the machine.
        machine: usize,
    },
    /// A failure of an effect, in a sentence.
    Failed(String),
}

/// A command of a speaker's view to the presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remote {
    /// An action of a presentation.
    Act(Action),
    /// Goes to the step at an index.
    Go(usize),
}

/// An effect outside of the state, which the caller carries out.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ends the program.
    Quit,
    /// Suspends the program and returns to the shell.
    Suspend,
    /// Determines the figure in focus, for [`Message::Trace`].
    Trace,
    /// Draws the whole screen again.
    Redraw,
    /// Selects the next theme.
    NextTheme,
    /// Takes the mouse, or gives it back to the terminal.
    Mouse(bool),
    /// Lists the scenarios that can be opened, for [`Message::Listed`].
    List,
    /// Lists the model files on this computer, for [`Message::ModelFiles`].
    ModelFiles,
    /// Reads a model file, for [`Message::ModelRead`].
    ReadModel(PathBuf),
    /// Reads a scenario by name or path.
    Load(String),
    /// Takes back unsaved work that was kept.
    TakeBack,
    /// Removes the unsaved work that is offered.
    DiscardKept,
    /// Copies a text to the clipboard.
    Copy(Copied),
    /// Writes the scenario to its file, or to `to`.
    Save {
        /// The file; `None` for the file of the document.
        to: Option<PathBuf>,
    },
}
