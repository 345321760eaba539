//! Undo and redo.
//!
//! A drag or a held key is one step: a change of the same kind that quickly follows another one joins its step.

use std::collections::VecDeque;

/// Most steps that can be undone.
const LONGEST: usize = 500;
/// Time within which two changes of the same kind are one gesture, in milliseconds: a held key starts to repeat after
/// at most 660 ms.
const SAME_GESTURE_MS: u64 = 700;

/// The kind and time of a change, by which the next change may join it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gesture {
    /// The id of what was changed.
    pub kind: &'static str,
    /// The time in milliseconds.
    pub at: u64,
}

impl Gesture {
    /// Returns true if the edit continues the same gesture as the edit `last`.
    fn goes_on(self, last: Self) -> bool {
        self.kind == last.kind && self.at.saturating_sub(last.at) < SAME_GESTURE_MS
    }
}

/// The states before each step, and the states that were undone.
#[derive(Clone, Debug)]
pub struct History<T> {
    past: VecDeque<T>,
    future: Vec<T>,
    last: Option<Gesture>,
}

impl<T> Default for History<T> {
    fn default() -> Self {
        Self { past: VecDeque::new(), future: Vec::new(), last: None }
    }
}

impl<T> History<T> {
    /// Records `before`, the state that a step replaces. A step without a gesture joins no other step.
    pub fn record(&mut self, before: T, gesture: Option<Gesture>) {
        let joins = self.last.zip(gesture).is_some_and(|(last, now)| now.goes_on(last));
        self.last = gesture;
        self.future.clear();
        if joins && !self.past.is_empty() {
            return;
        }
        if self.past.len() == LONGEST {
            self.past.pop_front();
        }
        self.past.push_back(before);
    }

    /// Returns true if there is a step to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Returns true if there is a step to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Undoes a step: `swap` sets a state and returns the one that it replaces. Returns false if there is no step.
    pub fn undo(&mut self, swap: impl FnOnce(T) -> T) -> bool {
        self.last = None;
        let Some(before) = self.past.pop_back() else { return false };
        self.future.push(swap(before));
        true
    }

    /// Redoes a step, with `swap` as for [`History::undo`]. Returns false if there is no step.
    pub fn redo(&mut self, swap: impl FnOnce(T) -> T) -> bool {
        self.last = None;
        let Some(after) = self.future.pop() else { return false };
        self.past.push_back(swap(after));
        true
    }

    /// Returns the number of steps that can be undone, and of those that can be redone.
    #[must_use]
    pub fn depth(&self) -> (usize, usize) {
        (self.past.len(), self.future.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records a series of changes of a value, each with the new value and its time.
    fn after(history: &mut History<u64>, steps: &[(u64, u64)]) -> u64 {
        let mut value = 0;
        for (next, at) in steps {
            history.record(value, Some(Gesture { kind: "concurrency", at: *at }));
            value = *next;
        }
        value
    }

    fn back(history: &mut History<u64>, value: &mut u64) -> bool {
        history.undo(|before| std::mem::replace(value, before))
    }

    #[test]
    fn a_held_key_is_one_step_and_a_pause_starts_another() {
        let mut history = History::default();
        let mut value = after(&mut history, &[(1, 0), (2, 660), (3, 700), (4, 2000)]);
        assert!(back(&mut history, &mut value));
        assert_eq!(value, 3);
        assert!(back(&mut history, &mut value));
        assert_eq!(value, 0);
        assert!(!back(&mut history, &mut value));
        for wanted in [3, 4] {
            assert!(history.redo(|after| std::mem::replace(&mut value, after)));
            assert_eq!(value, wanted);
        }
        assert!(!history.redo(|_| unreachable!()));
    }

    #[test]
    fn steps_without_a_gesture_never_join() {
        let mut history = History::default();
        history.record(0, None);
        history.record(1, None);
        assert_eq!(history.depth(), (2, 0));
    }

    #[test]
    fn a_new_change_forgets_what_was_undone_and_old_steps_fall_off() {
        let mut history = History::default();
        let steps: Vec<(u64, u64)> = (1..=600).map(|step| (step, step * 1000)).collect();
        let mut value = after(&mut history, &steps);
        assert_eq!(history.depth(), (500, 0));
        assert!(back(&mut history, &mut value));
        history.record(value, Some(Gesture { kind: "format", at: 1_000_000 }));
        assert!(!history.redo(|_| unreachable!()));
    }
}
