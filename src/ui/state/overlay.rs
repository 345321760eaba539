//! What lies over the explorer: pages, lists and lines.

use super::ask::Ask;
use super::chooser::Chooser;
use super::palette::Deed;
use super::trace::Trace;

/// What lies over the explorer.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// Keys and what the marks mean.
    Help(Help),
    /// Sentences to read.
    Page(Page),
    /// What can be copied.
    Copy(Chooser),
    /// Scenarios to open.
    Open(Chooser),
    /// Steps of the deck.
    Steps(Chooser),
    /// Machines, on or off.
    Machines(Chooser),
    /// Models, with what they need and where they fit.
    Models(Chooser),
    /// Everything that can be done, turned, shown or taken, with what each row does.
    Palette(Chooser, Vec<Deed>),
    /// Every knob with its value.
    Knobs(Chooser),
    /// What is assumed of a machine, part by part.
    WhatIf {
        /// The machine's id.
        machine: String,
        /// The parts.
        list: Chooser,
    },
    /// A value for a knob.
    Value {
        /// The knob's id.
        knob: &'static str,
        /// What is typed.
        text: String,
        /// The list that it was chosen from, which comes back.
        from: Option<Box<Overlay>>,
    },
    /// A file name to save under.
    SaveAs(String),
    /// The three questions.
    Ask(Box<Ask>),
    /// The formulas behind a figure.
    Trace(Box<Trace>),
}

/// Keys and what the marks mean: lines that hold what is typed, scrolled by so many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// What is typed.
    pub filter: String,
    /// Lines above the first one shown.
    pub scroll: usize,
}

/// Sentences to read, scrolled by so many lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// What they are about.
    pub title: String,
    /// The sentences.
    pub lines: Vec<String>,
    /// Lines above the first one shown.
    pub scroll: usize,
}

impl Overlay {
    /// A line for a value of the knob of that id.
    #[must_use]
    pub fn value(knob: &'static str) -> Self {
        Self::Value { knob, text: String::new(), from: None }
    }

    /// The list, where it is one.
    #[must_use]
    pub fn list(&self) -> Option<&Chooser> {
        match self {
            Self::Open(list)
            | Self::Steps(list)
            | Self::Copy(list)
            | Self::Models(list)
            | Self::Machines(list)
            | Self::Palette(list, _)
            | Self::WhatIf { list, .. }
            | Self::Knobs(list) => Some(list),
            Self::Ask(ask) => Some(&ask.list),
            Self::Help(_) | Self::Page(_) | Self::Trace(_) | Self::Value { .. } | Self::SaveAs(_) => None,
        }
    }

    pub(super) fn list_mut(&mut self) -> Option<&mut Chooser> {
        match self {
            Self::Open(list)
            | Self::Steps(list)
            | Self::Copy(list)
            | Self::Models(list)
            | Self::Machines(list)
            | Self::Palette(list, _)
            | Self::WhatIf { list, .. }
            | Self::Knobs(list) => Some(list),
            Self::Ask(ask) => Some(&mut ask.list),
            Self::Help(_) | Self::Page(_) | Self::Trace(_) | Self::Value { .. } | Self::SaveAs(_) => None,
        }
    }

    /// The line that is typed into, where it is one.
    pub(super) fn line_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Value { text, .. } | Self::SaveAs(text) => Some(text),
            Self::Help(help) => Some(&mut help.filter),
            _ => None,
        }
    }
}
