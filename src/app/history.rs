//! Undo and redo over whole scenarios.
//!
//! A drag or a held key is one step: changes of the same kind that follow each other closely join the step before.

use std::collections::VecDeque;

/// Steps that can be undone.
const LONGEST: usize = 500;
/// Changes of one kind closer together than this are one step, milliseconds.
const SAME_GESTURE_MS: u64 = 400;

/// Past and future of a value.
#[derive(Clone, Debug)]
pub struct History<T> {
    past: VecDeque<T>,
    future: Vec<T>,
    last: Option<(&'static str, u64)>,
}

impl<T> Default for History<T> {
    fn default() -> Self {
        Self { past: VecDeque::new(), future: Vec::new(), last: None }
    }
}

impl<T: Clone + PartialEq> History<T> {
    /// Remembers `before`, the value that a change of `kind` at `now` (milliseconds) replaces.
    pub fn record(&mut self, before: &T, kind: &'static str, now: u64) {
        let joins = self.last.is_some_and(|(last, at)| last == kind && now.saturating_sub(at) < SAME_GESTURE_MS);
        self.last = Some((kind, now));
        self.future.clear();
        if joins && !self.past.is_empty() {
            return;
        }
        if self.past.len() == LONGEST {
            self.past.pop_front();
        }
        self.past.push_back(before.clone());
    }

    /// Goes back: gives the value before the last step, given the present one.
    pub fn undo(&mut self, present: &T) -> Option<T> {
        let before = self.past.pop_back()?;
        self.future.push(present.clone());
        self.last = None;
        Some(before)
    }

    /// Goes forward again.
    pub fn redo(&mut self, present: &T) -> Option<T> {
        let after = self.future.pop()?;
        self.past.push_back(present.clone());
        self.last = None;
        Some(after)
    }

    /// How many steps can be undone and redone.
    #[must_use]
    pub fn depth(&self) -> (usize, usize) {
        (self.past.len(), self.future.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gesture_is_one_step_and_a_pause_starts_another() {
        let mut history = History::default();
        for (value, now) in [(0, 0), (1, 100), (2, 200), (3, 2000)] {
            history.record(&value, "concurrency", now);
        }
        assert_eq!(history.undo(&4), Some(3));
        assert_eq!(history.undo(&3), Some(0));
        assert_eq!(history.undo(&0), None);
        assert_eq!((history.redo(&0), history.redo(&3), history.redo(&4)), (Some(3), Some(4), None));
    }

    #[test]
    fn a_new_change_forgets_what_was_undone_and_old_steps_fall_off() {
        let mut history = History::default();
        for step in 0..600_u64 {
            history.record(&step, "context", step * 1000);
        }
        assert_eq!(history.depth(), (500, 0));
        assert_eq!(history.undo(&600), Some(599));
        history.record(&599, "format", 1_000_000);
        assert_eq!(history.redo(&0), None);
    }
}
