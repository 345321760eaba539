//! Overlays: the pages, lists and input lines on top of the explorer, one file each.
//!
//! An overlay is a [`Component`]: it handles actions, draws itself and names the context whose keys apply. A new
//! overlay is a file and a row in the table below, which also lists the actions that open it.

mod ask;
mod chooser;
mod component;
mod copy_menu;
mod field;
mod fuzzy;
mod help;
mod knobs;
mod list;
mod machines;
mod models;
mod open_list;
mod page;
mod palette;
mod save_as;
mod since;
mod steps;
mod trace;
mod trace_view;
mod tree;
mod value;
mod what_if;

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::ui::input::Action;
use crate::ui::state::{Effect, State};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::{Hits, Target};

pub use ask::Question;
pub use chooser::{Choice, Chooser, Column};
pub use component::{Component, Outcome};
pub(in crate::ui) use component::{accept_choice, close, paste, run_action, scroll, type_character};
pub(in crate::ui) use machines::show as show_machine;
pub(in crate::ui) use models::{MODEL, add_files};
pub use palette::PaletteCommand;
pub(in crate::ui) use save_as::open as open_save_as;
pub(in crate::ui) use trace::show as show_trace;
pub use tree::Tree;
pub(in crate::ui) use value::open_for_slider as open_value;

/// A function that opens an overlay for an action, and returns the effect that its rows need.
type Opener = fn(&mut State<'_>) -> Option<Effect>;

macro_rules! overlays {
    ($($(#[$doc:meta])* $kind:ident in $module:ident [$($action:ident => $open:path)*];)*) => {
        $(pub use $module::$kind;)*

        /// The open overlay.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Overlay {
            $($(#[$doc])* $kind($kind),)*
        }

        impl Overlay {
            fn component(&self) -> &dyn Component {
                match self {
                    $(Self::$kind(component) => component,)*
                }
            }

            fn component_mut(&mut self) -> &mut dyn Component {
                match self {
                    $(Self::$kind(component) => component,)*
                }
            }
        }

        $(impl From<$kind> for Overlay {
            fn from(component: $kind) -> Self {
                Self::$kind(component)
            }
        })*

        /// The actions that open an overlay.
        const OPENERS: &[(Action, Opener)] = &[$($((Action::$action, $open),)*)*];
    };
}

overlays! {
    /// The keys and the meaning of the marks.
    Help in help [Help => help::open];
    /// Sentences to read.
    Page in page [Since => since::open];
    /// The texts that can be copied.
    CopyMenu in copy_menu [Copy => copy_menu::open];
    /// The scenarios that can be opened.
    OpenList in open_list [];
    /// The steps of the deck that is presented.
    Steps in steps [Outline => steps::open];
    /// The machines, on or off.
    Machines in machines [Machines => machines::open];
    /// The models, with their memory and speeds.
    Models in models [Models => models::open];
    /// All commands, knobs, models, machines and scenarios.
    Palette in palette [Palette => palette::open];
    /// All knobs with their values.
    Knobs in knobs [Knobs => knobs::open];
    /// The assumptions about one machine.
    WhatIf in what_if [Assume => what_if::open CopyMachine => what_if::open_copy];
    /// An input line for a knob's value.
    Value in value [];
    /// An input line for a file name.
    SaveAs in save_as [SaveAs => save_as::open];
    /// Three questions that lead to an answer.
    Ask in ask [Ask => ask::open];
    /// The formulas behind a figure.
    Trace in trace [];
}

/// Returns the function that opens the overlay of an action; `None` if the action opens none.
pub(in crate::ui) fn opener(action: Action) -> Option<Opener> {
    OPENERS.iter().find(|(opens, _)| *opens == action).map(|(_, open)| *open)
}

/// Draws the open overlay, and makes the mouse targets behind it unreachable.
pub(in crate::ui) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
    let Some(overlay) = &state.overlay else { return };
    hits.links.clear();
    // The line of hints stays reachable.
    let behind = Rect { height: area.height.saturating_sub(1), ..area };
    hits.add(behind, Target::Beside);
    if overlay.list().is_some() {
        // The screen behind a list is dimmed, so that the list is read alone.
        canvas.buffer.set_style(behind, Style::new().remove_modifier(Modifier::all()));
        canvas.buffer.set_style(behind, canvas.theme.rule());
    }
    overlay.component().draw(canvas, state, area, hits);
}

/// Draws a box of at most `columns` × `rows` in the middle of `area`, above the line of hints, and returns its inside.
fn window(
    canvas: &mut Canvas<'_>,
    area: Rect,
    (columns, rows): (u16, u16),
    (title, remark): (&str, &str),
    hits: &mut Hits,
) -> Rect {
    let height = area.height.saturating_sub(1).max(1).min(area.height);
    let (columns, rows) = (columns.min(area.width), rows.min(height));
    let outer =
        Rect { x: area.x + (area.width - columns) / 2, y: area.y + (height - rows) / 2, width: columns, height: rows };
    hits.add(outer, Target::Overlay);
    canvas.window(outer, title, remark)
}
