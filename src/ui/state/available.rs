//! The actions that are available now; the help greys out the others, and the palette marks them.

use super::state::{Focus, State};
use crate::ui::input::Action;

impl State<'_> {
    /// Returns true if an action has an effect now.
    #[must_use]
    pub fn can(&self, action: Action) -> bool {
        let on_slider = matches!(self.focus, Focus::Slider(_));
        match action {
            Action::ShowCheaper => self.around.cheaper.is_some(),
            Action::Undo => self.history.can_undo(),
            Action::Redo => self.history.can_redo(),
            Action::Reset => self.is_changed(),
            Action::Swap => self.pinned.is_some(),
            Action::Reload => self.document.path.is_some(),
            Action::Since => self.scenario.saved.is_some(),
            Action::Zoom => self.sheet.is_none(),
            Action::Least | Action::Most | Action::PreviousKnown | Action::NextKnown => on_slider,
            Action::ToScript => self.present.as_ref().is_some_and(|present| present.off_script),
            _ => true,
        }
    }
}
