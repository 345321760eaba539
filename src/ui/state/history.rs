//! Undo and redo.
//!
//! A drag or a held key is one step: changes of the same kind that follow each other closely join the step before.

use std::collections::VecDeque;

/// Most steps that can be undone.
const LONGEST: usize = 500;
/// Changes of one kind closer together than this are one gesture, milliseconds: a held key repeats after a pause of up
/// to 660 ms.
const SAME_GESTURE_MS: u64 = 700;

/// A change of one thing at one time, which the next change may continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gesture {
    /// The id of the changed thing.
    pub kind: &'static str,
    /// The time in milliseconds.
    pub at: u64,
}

impl Gesture {
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
    /// Remembers `before`, the state that a step replaces. A step without a gesture joins no other.
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

    /// Returns whether there is a step to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Returns whether there is a step to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Undoes a step: `swap` puts a state in place and returns the one it replaces. Returns whether there was a step.
    pub fn undo(&mut self, swap: impl FnOnce(T) -> T) -> bool {
        self.last = None;
        let Some(before) = self.past.pop_back() else { return false };
        self.future.push(swap(before));
        true
    }

    /// Redoes a step, in the same way.
    pub fn redo(&mut self, swap: impl FnOnce(T) -> T) -> bool {
        self.last = None;
        let Some(after) = self.future.pop() else { return false };
        self.past.push_back(swap(after));
        true
    }

    /// Returns the numbers of steps that can be undone and redone.
    #[must_use]
    pub fn depth(&self) -> (usize, usize) {
        (self.past.len(), self.future.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes `steps` of a value: what it becomes, at what time.
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
