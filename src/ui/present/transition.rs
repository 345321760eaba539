//! Going from one step of a deck to another, by a transition or at once.

use super::deck::tween::{self, FRAME_MS, FRAMES};
use super::state::try_set_scenario;
use crate::model::scenario::Scenario;
use crate::ui::state::State;

/// A transition in progress.
#[derive(Clone, Debug, PartialEq)]
pub struct Tween {
    /// Index of the step that it started from.
    pub(super) origin: usize,
    /// The scenario of the first frame.
    from: Scenario,
    /// The scenario of the last frame.
    to: Scenario,
    /// The time of the first frame, in milliseconds.
    started: u64,
    /// Number of the frame that is shown.
    frame: u32,
}

/// Goes to a step by a transition, or at once if motion is off.
pub(in crate::ui) fn go(state: &mut State<'_>, step: usize, at: u64) {
    let motion = state.motion;
    let from = state.scenario.clone();
    let Some(present) = state.present.as_mut() else { return };
    let Some(to) = present.deck.steps.get(step).map(|step| step.scenario.clone()) else { return };
    let origin = std::mem::replace(&mut present.at, step);
    present.spotlight = None;
    state.pinned = None;
    state.find_answer_before();
    let Some(present) = state.present.as_mut() else { return };
    if motion && from != to {
        present.tween = Some(Tween { origin, from, to, started: at, frame: 0 });
    } else {
        try_set_scenario(state, to);
    }
}

/// Reverses the transition in progress, from its current frame.
pub(super) fn reverse(state: &mut State<'_>, at: u64) {
    let Some(present) = state.present.as_mut() else { return };
    if let Some(tween) = &mut present.tween {
        std::mem::swap(&mut present.at, &mut tween.origin);
        std::mem::swap(&mut tween.from, &mut tween.to);
        let frame = FRAMES.saturating_sub(tween.frame);
        tween.started = at.saturating_sub(u64::from(frame) * FRAME_MS);
        tween.frame = frame;
    }
    state.find_answer_before();
}

/// Shows the end of the transition in progress at once.
pub(super) fn finish(state: &mut State<'_>) {
    let tween = state.present.as_mut().and_then(|present| present.tween.take());
    if let Some(tween) = tween {
        try_set_scenario(state, tween.to);
    }
}

/// Shows the frame that is due; frames that a slow terminal missed are skipped.
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
        try_set_scenario(state, scenario);
    }
}
