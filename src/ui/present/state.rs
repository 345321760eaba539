//! The state of a presentation: a deck's steps on the explorer's screen, with transitions and detours.
//!
//! A step replaces the current scenario. Any change after that is a detour: the step's scenario is pinned, so that
//! every figure shows the old and the new value, and one key returns to the step. The history records none of this, and
//! the explorer's scenario returns at the end of the presentation.

use super::clock::Clock;
use super::deck::{Deck, Step, of_scenario};
use super::transition::{Tween, finish, go, reverse};
use super::view::{Winner, number_of};
use crate::model::answer::answer_scenario;
use crate::model::catalog::Catalog;
use crate::model::scenario::{Scenario, knob};
use crate::ui::input::Action;
use crate::ui::overlay::{Outcome, Overlay};
use crate::ui::state::{Document, Effect, Notice, Remote, State, compare, complain};
use crate::ui::view::canvas::width;

/// Most digits of a step's number that can be typed.
const MOST_DIGITS: usize = 3;

/// A presentation.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a matter of its own")]
pub struct Present {
    /// The deck.
    pub deck: Deck,
    /// Index of the current step.
    pub at: usize,
    /// The transition in progress.
    pub tween: Option<Tween>,
    /// True while the scenario on the screen differs from the step's.
    pub off_script: bool,
    /// Index of the machine in the spotlight; the others are dimmed.
    pub spotlight: Option<usize>,
    /// True while the screen is blank.
    pub blank: bool,
    /// True while this screen shows the speaker's view.
    pub speaker: bool,
    /// The clock of the presentation.
    pub clock: Clock,
    /// The typed digits of the number of a step to go to.
    pub digits: String,
    /// The winner of the step before.
    pub(super) before: Option<Winner>,
    /// The headline numbers of each step, which determine a size of digits at which all of them fit.
    pub(super) numbers: Vec<Vec<String>>,
    /// The speeds and names of all steps, for a common axis in the whole deck.
    pub extent: DeckExtent,
    /// The fingerprint of the deck, see [`Deck::fingerprint`].
    fingerprint: u64,
    /// True after the first of the two key presses that end the presentation.
    ending: bool,
    /// True if the program was started to present, so that it ends with the presentation.
    pub ends_program: bool,
    /// The explorer's scenario before the presentation.
    explored: Scenario,
    /// The scenario that the explorer compared with before the presentation.
    compared: Option<(Scenario, Document)>,
}

impl Present {
    /// Returns the current step.
    #[must_use]
    pub fn step(&self) -> &Step {
        &self.deck.steps[self.at.min(self.deck.steps.len() - 1)]
    }

    /// Returns the next step.
    #[must_use]
    pub fn next(&self) -> Option<&Step> {
        self.deck.steps.get(self.at + 1)
    }
}

/// The speeds and names of all steps of a deck, for axes and columns that are the same in each step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeckExtent {
    /// Expected speeds per stream and the limits of that speed, tok/s.
    pub each: Vec<f64>,
    /// Expected aggregate speeds, tok/s.
    pub together: Vec<f64>,
    /// Width of the longest name of a machine, in columns.
    pub name: u16,
}

/// A position in a deck, from which another program or a later start can continue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SlidePosition {
    /// The fingerprint of the deck, see [`Deck::fingerprint`].
    pub deck: u64,
    /// Index of the step.
    pub at: usize,
    /// The scenario on the screen, if it differs from the step's.
    pub detour: Option<Scenario>,
    /// Index of the machine in the spotlight.
    pub spotlight: Option<usize>,
    /// True while the screen is blank.
    pub blank: bool,
    /// The clock of the presentation.
    pub clock: Clock,
}

/// Returns the headline numbers of each step, and the speeds and names of all steps.
fn figures_of(catalog: &Catalog, deck: &Deck) -> (Vec<Vec<String>>, DeckExtent) {
    let mut all = DeckExtent::default();
    let numbers = deck.steps.iter().map(|step| {
        let Ok(answers) = answer_scenario(catalog, &step.scenario) else { return Vec::new() };
        for speeds in answers.machines.iter().filter_map(|it| it.estimate?.decode.speeds) {
            all.each.push(speeds.each.expected);
            all.together.push(speeds.aggregate.expected);
        }
        all.each.extend(answers.verdict.min_tok_s);
        let longest = answers.machines.iter().map(|answer| width(&answer.machine.short)).max();
        all.name = all.name.max(longest.unwrap_or(0));
        answers.machines.iter().filter_map(|answer| number_of(answer, step.headline)).collect()
    });
    (numbers.collect(), all)
}

impl State<'_> {
    /// Starts to present a deck, at its first step or at a position.
    pub fn present(&mut self, deck: Deck, now: u64, position: Option<SlidePosition>) {
        if deck.steps.is_empty() {
            return;
        }
        let position = position
            .unwrap_or(SlidePosition { clock: Clock { spent: 0, since: Some(now) }, ..SlidePosition::default() });
        let at = position.at.min(deck.steps.len() - 1);
        let compared = self.pinned.take().map(|pinned| (pinned.pin.scenario.clone(), pinned.pin.document.clone()));
        let shown = position.detour.unwrap_or_else(|| deck.steps[at].scenario.clone());
        let (numbers, extent) = figures_of(self.catalog, &deck);
        let fingerprint = deck.fingerprint();
        self.present = Some(Box::new(Present {
            deck,
            fingerprint,
            at,
            tween: None,
            off_script: false,
            spotlight: position.spotlight,
            blank: position.blank,
            speaker: false,
            clock: position.clock,
            digits: String::new(),
            before: None,
            numbers,
            extent,
            ending: false,
            ends_program: false,
            explored: self.scenario.clone(),
            compared,
        }));
        self.overlay = None;
        self.find_answer_before();
        try_set_scenario(self, shown);
        settle(self);
    }

    /// Answers the step before the current one.
    pub(super) fn find_answer_before(&mut self) {
        let catalog = self.catalog;
        let Some(present) = self.present.as_mut() else { return };
        let before = present.at.checked_sub(1).and_then(|at| present.deck.steps.get(at));
        let answers = before.and_then(|step| answer_scenario(catalog, &step.scenario).ok());
        present.before = answers.map(|answers| Winner::of(&answers));
    }

    /// Returns the position in the deck; `None` without a presentation or during a transition.
    #[must_use]
    pub fn slide_position(&self) -> Option<SlidePosition> {
        let present = self.present.as_ref().filter(|present| present.tween.is_none())?;
        Some(SlidePosition {
            deck: present.fingerprint,
            at: present.at,
            detour: present.off_script.then(|| self.scenario.clone()),
            spotlight: present.spotlight,
            blank: present.blank,
            clock: present.clock,
        })
    }

    /// Shows a step without a transition.
    pub fn show_step(&mut self, step: usize) {
        let motion = std::mem::replace(&mut self.motion, false);
        go(self, step, 0);
        self.motion = motion;
        settle(self);
    }

    /// Returns true during a transition.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.present.as_ref().is_some_and(|present| present.tween.is_some())
    }
}

/// Presents the explorer's scenario with the panels of the current view.
pub(in crate::ui) fn begin(state: &mut State<'_>, at: u64) {
    let mut deck = of_scenario(state.scenario.clone(), &state.document.name);
    if let Some(step) = deck.steps.first_mut()
        && !state.view().panels.is_empty()
    {
        step.panels = state.view().panels.iter().take(2).map(|id| (*id).to_owned()).collect();
    }
    state.present(deck, at, None);
}

/// Ends the presentation and brings the explorer's scenario back, or ends a program that was started to present.
fn end(state: &mut State<'_>) -> Outcome {
    if state.present.as_ref().is_some_and(|present| present.ends_program) {
        return Outcome::Closes(Some(Effect::Quit));
    }
    let Some(present) = state.present.take() else { return Outcome::Stays };
    state.pinned = None;
    try_set_scenario(state, present.explored);
    if let Some((scenario, document)) = present.compared {
        compare::pin(state, scenario, document);
    }
    state.recompare();
    Outcome::Stays
}

/// Turns the spotlight off; if it is off, ends the presentation after a second key press.
fn cancel(state: &mut State<'_>, was_ending: bool) -> Outcome {
    if state.present.as_mut().is_some_and(|present| present.spotlight.take().is_some()) {
        return Outcome::Stays;
    }
    if was_ending { end(state) } else { ask_to_end(state, "{end-present} again ends the presentation") }
}

/// Ends the presentation; in a detour, which would be lost, only after a second key press.
fn end_talk(state: &mut State<'_>, was_ending: bool) -> Outcome {
    if was_ending || state.present.as_ref().is_none_or(|present| !present.off_script) {
        return end(state);
    }
    ask_to_end(state, "{end-talk} again ends the presentation; the detour is not kept")
}

fn ask_to_end(state: &mut State<'_>, text: &str) -> Outcome {
    state.present.iter_mut().for_each(|present| present.ending = true);
    state.notice = Some(Notice { text: state.keymap.told(text), bad: false });
    Outcome::Stays
}

/// Runs an action of a presentation; any other action is left unhandled.
pub(in crate::ui) fn run_action(state: &mut State<'_>, action: Action, at: u64) -> Outcome {
    let Some(present) = state.present.as_mut() else { return Outcome::Unhandled };
    let digits = std::mem::take(&mut present.digits);
    let was_ending = std::mem::replace(&mut present.ending, false);
    let last = present.deck.steps.len() - 1;
    let here = present.at;
    match action {
        Action::PreviousStep if present.tween.as_ref().is_some_and(|tween| tween.origin < here) => reverse(state, at),
        _ if present.tween.is_some() && is_move(action) => finish(state),
        Action::NextStep => match digits.parse::<usize>() {
            Ok(number) => go(state, number.saturating_sub(1).min(last), at),
            Err(_) if here < last => go(state, here + 1, at),
            Err(_) => {}
        },
        Action::PreviousStep => go(state, here.saturating_sub(1), at),
        Action::FirstStep => go(state, 0, at),
        Action::LastStep => go(state, last, at),
        Action::ToScript => go(state, here, at),
        Action::Blank => present.blank = !present.blank,
        Action::Spotlight => next_spotlight(state),
        Action::Pause => present.clock.toggle(at),
        Action::Speaker => present.speaker = !present.speaker,
        Action::AskKnob(id) => {
            // The arrow keys change the knob that was asked for last.
            state.turning = knob::sliders().position(|knob| knob.id == id).unwrap_or(state.turning);
            state.overlay = Some(Overlay::value(id));
        }
        Action::Cancel => return cancel(state, was_ending),
        Action::EndTalk => return end_talk(state, was_ending),
        _ => return Outcome::Unhandled,
    }
    Outcome::Stays
}

/// Runs a command of the speaker's view, whatever overlay is open. A transition in progress is finished first, so that
/// every command counts, however quickly they follow each other.
pub(in crate::ui) fn run_remote(state: &mut State<'_>, command: Remote, at: u64) {
    finish(state);
    match command {
        Remote::Act(action) => _ = run_action(state, action, at),
        Remote::Go(step) => {
            let last = state.present.as_ref().map_or(0, |present| present.deck.steps.len() - 1);
            go(state, step.min(last), at);
        }
    }
}

/// Returns true if the action goes to a step; during a transition it only finishes the transition.
fn is_move(action: Action) -> bool {
    matches!(action, Action::NextStep | Action::PreviousStep | Action::FirstStep | Action::LastStep | Action::ToScript)
}

/// Types a digit of a step's number; returns true if the character is a digit.
pub(in crate::ui) fn digit(state: &mut State<'_>, c: char) -> bool {
    let Some(present) = state.present.as_mut().filter(|_| state.overlay.is_none()) else { return false };
    if c.is_ascii_digit() && present.digits.len() < MOST_DIGITS {
        present.digits.push(c);
    }
    c.is_ascii_digit()
}

/// Moves the spotlight to the next machine; after the last one it is off.
fn next_spotlight(state: &mut State<'_>) {
    let machines = state.answers.machines.len();
    let Some(present) = state.present.as_mut() else { return };
    present.spotlight = match present.spotlight {
        None => Some(0),
        Some(at) => Some(at + 1).filter(|at| *at < machines),
    };
}

/// Pins the step's scenario when a detour begins, and clears the pin when it ends. Runs after every message.
pub(in crate::ui) fn settle(state: &mut State<'_>) {
    let Some(present) = state.present.as_mut().filter(|present| present.tween.is_none()) else { return };
    let step = present.step().scenario.clone();
    present.off_script = !state.scenario.asks_the_same(&step);
    match (present.off_script, state.pinned.is_some()) {
        (true, false) => {
            let document = Document { name: "script".to_owned(), path: None, saved: step.clone() };
            compare::pin(state, step, document);
            state.recompare();
        }
        (false, true) => {
            state.pinned = None;
            state.recompare();
        }
        _ => {}
    }
}

/// Shows a scenario; if it cannot be answered, the screen keeps the current one.
pub(super) fn try_set_scenario(state: &mut State<'_>, scenario: Scenario) {
    let before = std::mem::replace(&mut state.scenario, scenario);
    if let Err(error) = state.refresh() {
        state.scenario = before;
        complain(state, error.to_string());
    }
}
