//! Presenting: a deck's steps on the explorer's own scenario, with transitions and detours.
//!
//! A step puts its scenario in place of the present one, by way of a transition. Whatever a person turns after that is a
//! detour: the step is pinned, so that every figure tells old and new, and one key goes back to it. Nothing of this
//! enters the history; what the explorer showed before comes back when the presentation ends.

use super::deck::tween::{self, FRAME_MS, FRAMES};
use super::deck::{Deck, Step, of_scenario};
use crate::model::scenario::{Scenario, knob};
use crate::ui::input::Action;
use crate::ui::overlay::Overlay;
use crate::ui::state::{Document, Remote, State, compare, complain};

/// Digits of a step's number that are typed to go there.
const MOST_DIGITS: usize = 3;

/// A presentation.
#[derive(Clone, Debug, PartialEq)]
pub struct Present {
    /// What is presented.
    pub deck: Deck,
    /// The place of the step.
    pub at: usize,
    /// The transition that is under way.
    pub tween: Option<Tween>,
    /// Whether what is shown is not what the step says.
    pub off_script: bool,
    /// The machine that is looked at, by place: the others are dimmed.
    pub spotlight: Option<usize>,
    /// Whether the screen is empty.
    pub blank: bool,
    /// Whether this screen shows the speaker's view.
    pub speaker: bool,
    /// Time spent.
    pub clock: Clock,
    /// Digits typed of a step to go to.
    pub digits: String,
    /// What the explorer showed before.
    before: Scenario,
    /// What was compared with before.
    compared: Option<(Scenario, Document)>,
}

/// A transition.
#[derive(Clone, Debug, PartialEq)]
pub struct Tween {
    /// The place of the step that it leads away from.
    origin: usize,
    from: Scenario,
    to: Scenario,
    started: u64,
    frame: u32,
}

/// Time spent, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// Spent until it was last stopped.
    pub spent: u64,
    /// Since when it runs; `None` while it is stopped.
    pub since: Option<u64>,
}

impl Clock {
    /// Time spent until `now`.
    #[must_use]
    pub fn elapsed(self, now: u64) -> u64 {
        self.spent + self.since.map_or(0, |since| now.saturating_sub(since))
    }

    /// Stops it or lets it run on.
    fn toggle(&mut self, now: u64) {
        *self = match self.since {
            Some(_) => Self { spent: self.elapsed(now), since: None },
            None => Self { since: Some(now), ..*self },
        };
    }
}

impl Present {
    /// The step that is shown.
    #[must_use]
    pub fn step(&self) -> &Step {
        &self.deck.steps[self.at.min(self.deck.steps.len() - 1)]
    }

    /// The step after it.
    #[must_use]
    pub fn next(&self) -> Option<&Step> {
        self.deck.steps.get(self.at + 1)
    }
}

/// Where a presentation stands, as another program or a later start takes it up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// The place of the step.
    pub at: usize,
    /// What is shown, where it is not what the step says.
    pub detour: Option<Scenario>,
    /// The machine that is looked at.
    pub spotlight: Option<usize>,
    /// Whether the screen is empty.
    pub blank: bool,
    /// Time spent.
    pub clock: Clock,
}

impl State<'_> {
    /// Begins to present a deck, at its first step or where it stood.
    pub fn present(&mut self, deck: Deck, now: u64, standing: Option<Standing>) {
        if deck.steps.is_empty() {
            return;
        }
        let standing =
            standing.unwrap_or(Standing { clock: Clock { spent: 0, since: Some(now) }, ..Standing::default() });
        let at = standing.at.min(deck.steps.len() - 1);
        let compared = self.pinned.take().map(|pinned| (pinned.pin.scenario.clone(), pinned.pin.document.clone()));
        let shown = standing.detour.unwrap_or_else(|| deck.steps[at].scenario.clone());
        self.present = Some(Box::new(Present {
            deck,
            at,
            tween: None,
            off_script: false,
            spotlight: standing.spotlight,
            blank: standing.blank,
            speaker: false,
            clock: standing.clock,
            digits: String::new(),
            before: self.scenario.clone(),
            compared,
        }));
        self.overlay = None;
        put(self, shown);
        settle(self);
    }

    /// Where the presentation stands; `None` where there is none, or while it moves.
    #[must_use]
    pub fn standing(&self) -> Option<Standing> {
        let present = self.present.as_ref().filter(|present| present.tween.is_none())?;
        Some(Standing {
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

    /// Whether a transition is under way.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.present.as_ref().is_some_and(|present| present.tween.is_some())
    }
}

/// Presents what the explorer shows.
pub(in crate::ui) fn begin(state: &mut State<'_>, at: u64) {
    let mut deck = of_scenario(state.scenario.clone(), &state.document.name);
    if let Some(step) = deck.steps.first_mut()
        && !state.view().panels.is_empty()
    {
        let shown = state.view().panels.iter().take(2).map(|id| (*id).to_owned());
        step.panels = if state.view == 0 { step.panels.clone() } else { shown.collect() };
    }
    state.present(deck, at, None);
}

/// Ends the presentation: the explorer shows what it showed before.
pub(in crate::ui) fn end(state: &mut State<'_>) {
    let Some(present) = state.present.take() else { return };
    state.pinned = None;
    put(state, present.before);
    if let Some((scenario, document)) = present.compared {
        compare::pin(state, scenario, document);
    }
    state.recompare();
}

/// What a key does while presenting; says whether it was one of these.
pub(in crate::ui) fn run_action(state: &mut State<'_>, action: Action, at: u64) -> bool {
    let Some(present) = state.present.as_mut() else { return false };
    let digits = std::mem::take(&mut present.digits);
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
        Action::Spotlight => spotlight(state),
        Action::Pause => present.clock.toggle(at),
        Action::Speaker => present.speaker = !present.speaker,
        Action::AskKnob(id) => {
            // The arrow keys turn the knob that was asked for last.
            state.turning = knob::sliders().position(|knob| knob.id == id).unwrap_or(state.turning);
            state.overlay = Some(Overlay::value(id));
        }
        Action::Cancel => end(state),
        _ => return false,
    }
    true
}

/// Does what the speaker's view asks for, whatever lies in front.
pub(in crate::ui) fn run_remote(state: &mut State<'_>, wish: Remote, at: u64) {
    match wish {
        Remote::Act(action) => _ = run_action(state, action, at),
        Remote::Go(step) => {
            let last = state.present.as_ref().map_or(0, |present| present.deck.steps.len() - 1);
            go(state, step.min(last), at);
        }
    }
}

/// Whether the action goes somewhere: during a transition it only finishes that.
fn is_move(action: Action) -> bool {
    matches!(action, Action::NextStep | Action::PreviousStep | Action::FirstStep | Action::LastStep | Action::ToScript)
}

/// Takes a digit of a step's number; says whether it was one.
pub(in crate::ui) fn digit(state: &mut State<'_>, c: char) -> bool {
    let Some(present) = state.present.as_mut().filter(|_| state.overlay.is_none()) else { return false };
    if c.is_ascii_digit() && present.digits.len() < MOST_DIGITS {
        present.digits.push(c);
    }
    c.is_ascii_digit()
}

/// Looks at the machines that the step points at first, then at one after the other, then at all.
fn spotlight(state: &mut State<'_>) {
    let machines = state.answers.machines.len();
    let Some(present) = state.present.as_mut() else { return };
    present.spotlight = match present.spotlight {
        None => Some(0),
        Some(at) => Some(at + 1).filter(|at| *at < machines),
    };
}

/// Goes to a step by way of a transition, or straight where nothing may move.
pub(in crate::ui) fn go(state: &mut State<'_>, step: usize, at: u64) {
    let motion = state.motion;
    let from = state.scenario.clone();
    let Some(present) = state.present.as_mut() else { return };
    let Some(to) = present.deck.steps.get(step).map(|step| step.scenario.clone()) else { return };
    let origin = std::mem::replace(&mut present.at, step);
    present.spotlight = None;
    state.pinned = None;
    if motion && from != to {
        present.tween = Some(Tween { origin, from, to, started: at, frame: 0 });
    } else {
        put(state, to);
    }
}

/// Goes back to where the transition came from, from where it is now.
fn reverse(state: &mut State<'_>, at: u64) {
    let Some(present) = state.present.as_mut() else { return };
    if let Some(tween) = &mut present.tween {
        std::mem::swap(&mut present.at, &mut tween.origin);
        std::mem::swap(&mut tween.from, &mut tween.to);
        let frame = FRAMES.saturating_sub(tween.frame);
        tween.started = at.saturating_sub(u64::from(frame) * FRAME_MS);
        tween.frame = frame;
    }
}

/// Puts the end of the transition in place.
fn finish(state: &mut State<'_>) {
    let tween = state.present.as_mut().and_then(|present| present.tween.take());
    if let Some(tween) = tween {
        put(state, tween.to);
    }
}

/// Shows the frame that is due; those that a slow terminal had no time for are left out.
pub(in crate::ui) fn advance(state: &mut State<'_>, now: u64) {
    let catalog = state.catalog;
    let Some(tween) = state.present.as_mut().and_then(|present| present.tween.as_mut()) else { return };
    let due = u32::try_from(now.saturating_sub(tween.started) / FRAME_MS).unwrap_or(FRAMES);
    if due >= FRAMES {
        return finish(state);
    }
    if due > tween.frame {
        tween.frame = due;
        let scenario = tween::frame(catalog, &tween.from, &tween.to, due);
        put(state, scenario);
    }
}

/// After whatever happened: pins the step where a detour has begun, and lets it go where it is over.
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

/// Shows a scenario; one that cannot be answered leaves what is there.
fn put(state: &mut State<'_>, scenario: Scenario) {
    let before = std::mem::replace(&mut state.scenario, scenario);
    if let Err(error) = state.refresh() {
        state.scenario = before;
        complain(state, error.to_string());
    }
}
