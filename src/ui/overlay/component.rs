//! The interface of an overlay, and what all overlays do alike: scrolling, typing, erasing, closing.

use ratatui::layout::Rect;

use super::{Chooser, Overlay};
use crate::ui::input::{Action, Context};
use crate::ui::state::{Effect, State, is_shown};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// Longest text of an input line, in characters.
const LONGEST: usize = 200;

/// The result of an action for the overlay that handled it.
#[derive(Debug)]
pub enum Outcome {
    /// The action is not one of the overlay's own.
    Unhandled,
    /// The overlay stays in front.
    Stays,
    /// The overlay closes, unless it has put another one in front, and asks for an effect.
    Closes(Option<Effect>),
}

/// An overlay. While it handles an action it is taken out of the state, so that it may put another one in front.
pub trait Component {
    /// Returns the context whose keys work in it.
    fn context(&self) -> Context;

    /// Handles an action at a time in milliseconds.
    fn handle(&mut self, state: &mut State<'_>, action: Action, at: u64) -> Outcome;

    /// Draws it in front of the screen of size `area` and registers its targets for the mouse.
    fn draw(&self, canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits);

    /// Returns its list, where it is one.
    fn list(&self) -> Option<&Chooser> {
        None
    }

    /// Returns its list, where it is one.
    fn list_mut(&mut self) -> Option<&mut Chooser> {
        None
    }

    /// Returns its input line, where it has one.
    fn line_mut(&mut self) -> Option<&mut String> {
        None
    }

    /// Moves its choice, or scrolls it, by `rows`: negative is up.
    fn scroll(&mut self, rows: isize) {
        self.list_mut().into_iter().for_each(|list| list.step(rows));
    }

    /// Takes a click on the row in `place` among the visible ones.
    fn choose(&mut self, state: &mut State<'_>, place: usize) -> Outcome {
        let Some(list) = self.list_mut() else { return Outcome::Stays };
        list.chosen = place;
        list.step(0);
        self.handle(state, Action::Accept, 0)
    }

    /// Builds the rows that depend on the typed text, after that has changed.
    fn text_changed(&mut self, _state: &State<'_>) {}

    /// Builds the rows that depend on the scenario, after that has changed.
    fn refresh(&mut self, _state: &State<'_>) {}

    /// Returns whether it shows complaints itself, so that no other place has to.
    fn shows_complaints(&self) -> bool {
        false
    }
}

impl Overlay {
    /// Returns the context whose keys work in the overlay.
    #[must_use]
    pub fn context(&self) -> Context {
        self.component().context()
    }

    /// Returns the overlay's list, where it is one.
    #[must_use]
    pub fn list(&self) -> Option<&Chooser> {
        self.component().list()
    }

    /// Returns whether the overlay shows complaints itself.
    #[must_use]
    pub fn shows_complaints(&self) -> bool {
        self.component().shows_complaints()
    }

    /// Builds the rows that depend on the scenario.
    pub(super) fn refresh(&mut self, state: &State<'_>) {
        self.component_mut().refresh(state);
    }

    fn erase(&mut self, all: bool) {
        let component = self.component_mut();
        if let Some(line) = component.line_mut() {
            let kept = if all { 0 } else { line.char_indices().last().map_or(0, |(at, _)| at) };
            line.truncate(kept);
        } else if let Some(list) = component.list_mut() {
            list.widen(all);
        }
    }

    /// Handles what every overlay handles alike.
    fn common(&mut self, state: &State<'_>, action: Action) -> Outcome {
        match action {
            Action::ListUp => self.component_mut().scroll(-1),
            Action::ListDown => self.component_mut().scroll(1),
            Action::PageUp => self.component_mut().scroll(-10),
            Action::PageDown => self.component_mut().scroll(10),
            Action::EraseBack | Action::EraseAll => {
                self.erase(action == Action::EraseAll);
                self.component_mut().text_changed(state);
            }
            Action::Cancel => return Outcome::Closes(None),
            _ => return Outcome::Unhandled,
        }
        Outcome::Stays
    }
}

/// Runs `change` on the overlay in front and puts it back, unless it closes. Returns `None` where there is no overlay or
/// it does not handle what happened, and otherwise the effect it asks for.
#[expect(clippy::option_option, reason = "unhandled, handled, and handled with an effect are three outcomes")]
fn with_front<'c>(
    state: &mut State<'c>,
    change: impl FnOnce(&mut Overlay, &mut State<'c>) -> Outcome,
) -> Option<Option<Effect>> {
    let mut overlay = state.overlay.take()?;
    let (stays, handled) = match change(&mut overlay, state) {
        Outcome::Unhandled => (true, None),
        Outcome::Stays => (true, Some(None)),
        Outcome::Closes(effect) => (false, Some(effect)),
    };
    if stays {
        state.overlay = Some(overlay);
    }
    handled
}

/// Lets the overlay in front handle an action; returns `None` where there is none or the action is not its own.
#[expect(clippy::option_option, reason = "unhandled, handled, and handled with an effect are three outcomes")]
pub(in crate::ui) fn run_action(state: &mut State<'_>, action: Action, at: u64) -> Option<Option<Effect>> {
    with_front(state, |overlay, state| match overlay.component_mut().handle(state, action, at) {
        Outcome::Unhandled => overlay.common(state, action),
        outcome => outcome,
    })
}

/// Takes a click on a row of the overlay in front.
pub(in crate::ui) fn accept_choice(state: &mut State<'_>, place: usize) -> Option<Effect> {
    with_front(state, |overlay, state| overlay.component_mut().choose(state, place)).flatten()
}

/// Scrolls the overlay in front by `rows`: negative is up.
pub(in crate::ui) fn scroll(state: &mut State<'_>, rows: isize) {
    state.overlay.iter_mut().for_each(|overlay| overlay.component_mut().scroll(rows));
}

/// Closes the overlay in front.
pub(in crate::ui) fn close(state: &mut State<'_>) {
    state.overlay = None;
}

/// Types a character into the input line or filter in front.
pub(in crate::ui) fn type_character(state: &mut State<'_>, c: char) {
    with_front(state, |overlay, state| {
        let component = overlay.component_mut();
        if let Some(line) = component.line_mut() {
            if is_shown(c) && line.chars().count() < LONGEST {
                line.push(c);
            }
        } else if let Some(list) = component.list_mut() {
            list.narrow(c);
        }
        component.text_changed(state);
        Outcome::Stays
    });
}

/// Types the first line of a pasted text into the input line or filter in front.
pub(in crate::ui) fn paste(state: &mut State<'_>, text: &str) {
    let first = text.lines().next().unwrap_or_default().chars().take(LONGEST);
    first.for_each(|c| type_character(state, c));
}
