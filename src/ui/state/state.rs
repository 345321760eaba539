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

/// The focus of the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// A slider, by its place.
    Slider(usize),
    /// A machine's row in a panel.
    Panel {
        /// The panel's place in the view.
        panel: usize,
        /// The machine's place.
        machine: usize,
    },
    /// A cell of the view's sheet.
    Cell {
        /// The row's place.
        row: usize,
        /// The column's place; the first one names the rows.
        column: usize,
    },
}

/// A message on the screen until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Set for a complaint.
    pub bad: bool,
}

/// The origin of a scenario and the place to save it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its name.
    pub name: String,
    /// Its file; built-in scenarios have none.
    pub path: Option<PathBuf>,
    /// The scenario as it was opened or last saved.
    pub saved: Scenario,
}

/// The explorer.
#[expect(clippy::struct_excessive_bools, reason = "each is a matter of its own")]
pub struct State<'c> {
    /// The facts.
    pub catalog: &'c Catalog,
    /// The scenario.
    pub scenario: Scenario,
    /// Its answers.
    pub answers: Answers<'c>,
    /// The answers before the last change, once there was one: faint ticks show them.
    pub before: Option<Answers<'c>>,
    /// The focus of the keys.
    pub focus: Focus,
    /// The slider that the arrow keys turn: the one in focus, or the last that was.
    pub turning: usize,
    /// The overlay in front.
    pub overlay: Option<Overlay>,
    /// A message until the next key.
    pub notice: Option<Notice>,
    /// The origin of the scenario.
    pub document: Document,
    /// Undo and redo.
    pub history: History<Step>,
    /// The keys in force.
    pub keymap: Keymap,
    /// Set while the program has the mouse.
    pub mouse: bool,
    /// Set while the panel in focus is shown alone.
    pub zoomed: bool,
    /// The view's place in [`VIEWS`].
    pub view: usize,
    /// The view's sheet, where it is one.
    pub sheet: Option<Sheet>,
    /// The pinned scenario that the present one is compared with.
    pub pinned: Option<Box<Pinned<'c>>>,
    /// The presentation under way.
    pub present: Option<Box<Present>>,
    /// The time, milliseconds on the scale of messages, as of the last one.
    pub now: u64,
    /// Set where transitions are shown.
    pub motion: bool,
    /// Set while the sheet is still to be worked out.
    pub due: bool,
    /// The map of winners.
    pub map: MapState,
    /// The sensitivity of the answer, as of the last [`State::look_around`].
    pub around: Around,
}

impl<'c> State<'c> {
    /// Returns the headline of the scenario on the screen.
    #[must_use]
    pub fn headline(&self) -> crate::model::answer::Headline<'_, 'c> {
        crate::model::answer::Headline::of(&self.scenario, &self.answers)
    }

    /// Builds an explorer on a scenario.
    ///
    /// # Errors
    /// [`AnswerError`] where the scenario names what the catalog does not have.
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
    /// [`AnswerError`] where it names what the catalog does not have; the answers stay as they were.
    pub fn refresh(&mut self) -> Result<(), AnswerError> {
        let answers = answer_scenario(self.catalog, &self.scenario)?;
        self.before = Some(std::mem::replace(&mut self.answers, answers));
        self.answers.mark(self.catalog);
        self.recompare();
        self.stay_inside();
        Ok(())
    }

    /// Compares the present state with the pinned one and writes the changes into the sheet.
    pub(in crate::ui) fn recompare(&mut self) {
        if let Some(pinned) = &mut self.pinned {
            pinned.follow(self.catalog, &self.scenario, &self.answers);
        }
        self.fill_sheet();
    }

    /// Pins a scenario as A, as the second of two files is opened against the first.
    ///
    /// # Errors
    /// [`AnswerError`] where it names what the catalog does not have.
    pub fn pin(&mut self, scenario: Scenario, document: Document) -> Result<(), AnswerError> {
        self.pinned = Some(Box::new(Pinned::new(self.catalog, scenario, document)?));
        self.recompare();
        Ok(())
    }

    /// Works out the sensitivity of the answer, which only the next frame needs.
    pub fn look_around(&mut self) {
        if map::is_shown(self) {
            self.map.follow(self.catalog, &self.scenario);
        }
        // While presenting there are no sliders to paint.
        if self.present.is_none() {
            self.around.follow(self.catalog, &self.scenario, &self.answers);
        }
    }

    /// Returns the view that is shown.
    #[must_use]
    pub fn view(&self) -> &'static View {
        VIEWS.get(self.view).unwrap_or(&VIEWS[0])
    }

    /// Shows the view in place `at` of [`VIEWS`]; the sliders keep the focus or get it.
    pub(in crate::ui) fn show(&mut self, at: usize) {
        if at < VIEWS.len() && at != self.view {
            self.view = at;
            self.zoomed = false;
            self.sheet = None;
            self.fill_sheet();
            self.set_focus(Focus::Slider(self.turning));
        }
    }

    /// Works out the view's sheet; one that takes long stays as it was, or empty, until [`State::catch_up`].
    fn fill_sheet(&mut self) {
        self.due = self.view().later;
        if self.due {
            self.sheet.get_or_insert_default();
        } else {
            self.build_sheet();
        }
    }

    /// Returns true if work is left for the moment when the hand rests.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.due || self.map.is_coarse()
    }

    /// Works out the sheet that takes too long for a single key.
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

    /// Returns the context that keys go to.
    #[must_use]
    pub fn context(&self) -> Context {
        match &self.overlay {
            Some(overlay) => overlay.context(),
            None if self.present.is_some() => Context::Present,
            None => Context::Explore,
        }
    }

    /// Returns whether the scenario differs from the one that was opened or saved.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        !self.scenario.asks_the_same(&self.document.saved)
    }

    /// Returns the slider that the arrow keys turn.
    #[must_use]
    pub fn slider(&self) -> Option<&'static knob::Knob> {
        knob::sliders().nth(self.turning)
    }

    /// Gives the focus to a slider or a panel's row.
    pub(in crate::ui) fn set_focus(&mut self, focus: Focus) {
        self.focus = focus;
        if let Focus::Slider(at) = focus {
            self.turning = at;
        }
        self.stay_inside();
    }

    /// Keeps the focus on a machine or cell that is there.
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
