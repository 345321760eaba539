//! The interface of overlays, and the behaviour that all share: scrolling, typing, erasing and closing.

use ratatui::layout::Rect;

use super::{Chooser, Overlay};
use crate::ui::input::{Action, Context};
use crate::ui::state::{Effect, State, is_shown};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// Longest text of an input line, in characters.
const LONGEST: usize = 200;

/// The outcome of an action that an overlay handled.
#[derive(Debug)]
pub enum Outcome {
    /// The overlay does not handle the action.
    Unhandled,
    /// The overlay stays in front.
    Stays,
    /// The overlay closes, unless it has opened another one, and may request an effect.
    Closes(Option<Effect>),
}

/// An overlay. While it handles an action it is removed from the state, so that it can open another one.
pub trait Component {
    /// Returns the context whose keys apply.
    fn context(&self) -> Context;

    /// Handles an action; the last argument is the time in milliseconds.
    fn handle(&mut self, state: &mut State<'_>, action: Action, at: u64) -> Outcome;

    /// Draws the overlay on a screen of size `area`, and registers its mouse targets.
    fn draw(&self, canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits);

    /// Returns the overlay's list, if it has one.
    fn list(&self) -> Option<&Chooser> {
        None
    }

    /// Returns the overlay's list, if it has one, for changes.
    fn list_mut(&mut self) -> Option<&mut Chooser> {
        None
    }

    /// Returns the input line, if there is one.
    fn line_mut(&mut self) -> Option<&mut String> {
        None
    }

    /// Moves the choice or scrolls by `rows`; negative is up.
    fn scroll(&mut self, rows: isize) {
        self.list_mut().into_iter().for_each(|list| list.step(rows));
    }

    /// Handles a click on the row at index `place` among the visible ones.
    fn choose(&mut self, state: &mut State<'_>, place: usize) -> Outcome {
        let Some(list) = self.list_mut() else { return Outcome::Stays };
        list.chosen = place;
        list.step(0);
        self.handle(state, Action::Accept, 0)
    }

    /// Rebuilds the rows that depend on the typed text, after it has changed.
    fn text_changed(&mut self, _state: &State<'_>) {}

    /// Rebuilds the rows that depend on the scenario, after it has changed.
    fn refresh(&mut self, _state: &State<'_>) {}

    /// Returns true if the overlay shows error messages itself, so that no other place must.
    fn shows_complaints(&self) -> bool {
        false
    }
}

impl Overlay {
    /// Returns the context whose keys apply in the overlay.
    #[must_use]
    pub fn context(&self) -> Context {
        self.component().context()
    }

    /// Returns the overlay's list, if it has one.
    #[must_use]
    pub fn list(&self) -> Option<&Chooser> {
        self.component().list()
    }

    /// Returns true if the overlay shows error messages itself.
    #[must_use]
    pub fn shows_complaints(&self) -> bool {
        self.component().shows_complaints()
    }

    /// Rebuilds the rows that depend on the scenario.
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

    /// Handles the actions that all overlays handle in the same way.
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

/// Runs `change` on the open overlay, which then stays open unless it closes. Returns `None` if no overlay is open or
/// it does not handle the action, else the effect that it requests.
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

/// Lets the open overlay handle an action. Returns `None` if no overlay is open or it does not handle the action.
#[expect(clippy::option_option, reason = "unhandled, handled, and handled with an effect are three outcomes")]
pub(in crate::ui) fn run_action(state: &mut State<'_>, action: Action, at: u64) -> Option<Option<Effect>> {
    with_front(state, |overlay, state| match overlay.component_mut().handle(state, action, at) {
        Outcome::Unhandled => overlay.common(state, action),
        outcome => outcome,
    })
}

/// Handles a click on a row of the open overlay.
pub(in crate::ui) fn accept_choice(state: &mut State<'_>, place: usize) -> Option<Effect> {
    with_front(state, |overlay, state| overlay.component_mut().choose(state, place)).flatten()
}

/// Scrolls the open overlay by `rows`; negative is up.
pub(in crate::ui) fn scroll(state: &mut State<'_>, rows: isize) {
    state.overlay.iter_mut().for_each(|overlay| overlay.component_mut().scroll(rows));
}

/// Closes the open overlay.
pub(in crate::ui) fn close(state: &mut State<'_>) {
    state.overlay = None;
}

/// Types a character into the input line or filter of the open overlay.
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

/// Types the first line of a pasted text into the input line or filter of the open overlay.
pub(in crate::ui) fn paste(state: &mut State<'_>, text: &str) {
    let first = text.lines().next().unwrap_or_default().chars().take(LONGEST);
    first.for_each(|c| type_character(state, c));
}
