//! The state of the explorer.

use std::path::PathBuf;

use super::around::Around;
use super::compare::Pinned;
use super::edit::Step;
use super::history::History;
use super::map::{self, MapState};
use super::views::{VIEWS, View};
use crate::model::answer::{AnswerError, Answers, Sheet, answer_scenario};
use crate::model::catalog::Catalog;
use crate::model::scenario::{Scenario, knob};
use crate::ui::input::{Context, Keymap};
use crate::ui::overlay::Overlay;
use crate::ui::present::Present;

/// The part of the screen that keys act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// A slider, by its index.
    Slider(usize),
    /// A machine's row in a panel.
    Panel {
        /// Index of the panel in the view.
        panel: usize,
        /// Index of the machine.
        machine: usize,
    },
    /// A cell of the view's sheet.
    Cell {
        /// Index of the row.
        row: usize,
        /// Index of the column; column 0 names the rows.
        column: usize,
    },
}

/// A message that the screen shows until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// True for an error.
    pub bad: bool,
}

/// The name and file of a scenario, and its saved content.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its name.
    pub name: String,
    /// Its file; `None` for built-in scenarios.
    pub path: Option<PathBuf>,
    /// The scenario as it was opened or last saved.
    pub saved: Scenario,
}

/// The state of the explorer.
#[expect(clippy::struct_excessive_bools, reason = "each is a matter of its own")]
pub struct State<'c> {
    /// The catalog.
    pub catalog: &'c Catalog,
    /// The scenario.
    pub scenario: Scenario,
    /// The answers to the scenario.
    pub answers: Answers<'c>,
    /// The answers before the last change, which the panels mark by faint ticks; `None` before any change and after an
    /// undo.
    pub before: Option<Answers<'c>>,
    /// The focus.
    pub focus: Focus,
    /// Index of the slider that the arrow keys change: the focused one, or the one that was focused last.
    pub turning: usize,
    /// The open overlay.
    pub overlay: Option<Overlay>,
    /// The notice that is shown until the next key.
    pub notice: Option<Notice>,
    /// The scenario's document.
    pub document: Document,
    /// Undo and redo.
    pub history: History<Step>,
    /// The keys in force.
    pub keymap: Keymap,
    /// True while the program has the mouse.
    pub mouse: bool,
    /// True while only the focused panel is shown.
    pub zoomed: bool,
    /// Index of the view in [`VIEWS`].
    pub view: usize,
    /// The view's sheet, if the view has one.
    pub sheet: Option<Sheet>,
    /// The pinned scenario that the current one is compared with.
    pub pinned: Option<Box<Pinned<'c>>>,
    /// The presentation in progress.
    pub present: Option<Box<Present>>,
    /// The time of the last message, in milliseconds.
    pub now: u64,
    /// True if transitions are shown.
    pub motion: bool,
    /// True while the sheet must still be computed.
    pub due: bool,
    /// The map of winners.
    pub map: MapState,
    /// The sensitivity of the answer, computed by [`State::look_around`].
    pub around: Around,
}

impl<'c> State<'c> {
    /// Returns the headline of the current scenario.
    #[must_use]
    pub fn headline(&self) -> crate::model::answer::Headline<'_, 'c> {
        crate::model::answer::Headline::of(&self.scenario, &self.answers)
    }

    /// Returns the state of an explorer on a scenario.
    ///
    /// # Errors
    /// [`AnswerError`] if the scenario names something that the catalog lacks.
    pub fn new(catalog: &'c Catalog, scenario: Scenario, document: Document) -> Result<Self, AnswerError> {
        let mut answers = answer_scenario(catalog, &scenario)?;
        answers.mark(catalog);
        Ok(Self {
            catalog,
            scenario,
            answers,
            before: None,
            focus: Focus::Slider(0),
            turning: 0,
            overlay: None,
            notice: None,
            document,
            history: History::default(),
            keymap: Keymap::default(),
            mouse: true,
            zoomed: false,
            view: 0,
            sheet: None,
            pinned: None,
            present: None,
            now: 0,
            motion: true,
            due: false,
            map: MapState::default(),
            around: Around::default(),
        })
    }

    /// Answers the scenario again.
    ///
    /// # Errors
    /// [`AnswerError`] if the scenario names something that the catalog lacks; the old answers are kept.
    pub fn refresh(&mut self) -> Result<(), AnswerError> {
        let answers = answer_scenario(self.catalog, &self.scenario)?;
        self.before = Some(std::mem::replace(&mut self.answers, answers));
        self.answers.mark(self.catalog);
        self.recompare();
        self.stay_inside();
        Ok(())
    }

    /// Compares the current scenario with the pinned one, and writes the changes into the sheet.
    pub(in crate::ui) fn recompare(&mut self) {
        if let Some(pinned) = &mut self.pinned {
            pinned.follow(self.catalog, &self.scenario, &self.answers);
        }
        self.fill_sheet();
    }

    /// Pins a scenario as A, for example the first of two files.
    ///
    /// # Errors
    /// [`AnswerError`] if the scenario names something that the catalog lacks.
    pub fn pin(&mut self, scenario: Scenario, document: Document) -> Result<(), AnswerError> {
        self.pinned = Some(Box::new(Pinned::new(self.catalog, scenario, document)?));
        self.recompare();
        Ok(())
    }

    /// Computes the map and the sensitivity of the answer, which only the next frame needs.
    pub fn look_around(&mut self) {
        if map::is_shown(self) {
            self.map.follow(self.catalog, &self.scenario);
        }
        // A presentation has no sliders whose tracks need colours.
        if self.present.is_none() {
            self.around.follow(self.catalog, &self.scenario, &self.answers);
        }
    }

    /// Returns the current view.
    #[must_use]
    pub fn view(&self) -> &'static View {
        VIEWS.get(self.view).unwrap_or(&VIEWS[0])
    }

    /// Shows the view at index `at` of [`VIEWS`] and focuses the sliders.
    pub(in crate::ui) fn show(&mut self, at: usize) {
        if at < VIEWS.len() && at != self.view {
            self.view = at;
            self.zoomed = false;
            self.sheet = None;
            self.fill_sheet();
            self.set_focus(Focus::Slider(self.turning));
        }
    }

    /// Computes the view's sheet. One that takes long keeps its content, or is empty, until [`State::catch_up`].
    fn fill_sheet(&mut self) {
        self.due = self.view().later;
        if self.due {
            self.sheet.get_or_insert_default();
        } else {
            self.build_sheet();
        }
    }

    /// Returns true if a computation is waiting until no key is pressed.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.due || self.map.is_coarse()
    }

    /// Refines the map and computes the sheet that takes too long for a single key press.
    pub(super) fn catch_up(&mut self) {
        self.map.refine(self.catalog, &self.scenario);
        if std::mem::take(&mut self.due) {
            self.build_sheet();
            self.stay_inside();
        }
    }

    fn build_sheet(&mut self) {
        self.sheet = self.view().sheet.map(|sheet| sheet(self.catalog, &self.scenario, &self.answers));
        if let Some((sheet, pinned)) = self.sheet.as_mut().zip(self.pinned.as_ref()) {
            pinned.tell_in(sheet, &self.answers);
        }
    }

    /// Returns the context that receives keys.
    #[must_use]
    pub fn context(&self) -> Context {
        match &self.overlay {
            Some(overlay) => overlay.context(),
            None if self.present.is_some() => Context::Present,
            None => Context::Explore,
        }
    }

    /// Returns true if the scenario differs from its document.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        !self.scenario.asks_the_same(&self.document.saved)
    }

    /// Returns the slider that the arrow keys change.
    #[must_use]
    pub fn slider(&self) -> Option<&'static knob::Knob> {
        knob::sliders().nth(self.turning)
    }

    /// Focuses a slider, a panel's row or a cell.
    pub(in crate::ui) fn set_focus(&mut self, focus: Focus) {
        self.focus = focus;
        if let Focus::Slider(at) = focus {
            self.turning = at;
        }
        self.stay_inside();
    }

    /// Moves the focus to a machine or cell that exists, if its own no longer does.
    fn stay_inside(&mut self) {
        match &mut self.focus {
            Focus::Panel { machine, .. } => {
                *machine = (*machine).min(self.answers.machines.len().saturating_sub(1));
            }
            Focus::Cell { row, column } => {
                let (rows, columns) =
                    self.sheet.as_ref().map_or((0, 0), |sheet| (sheet.rows.len(), sheet.columns.len()));
                *row = (*row).min(rows.saturating_sub(1));
                *column = (*column).min(columns.saturating_sub(1));
            }
            Focus::Slider(_) => {}
        }
    }
}
