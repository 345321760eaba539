//! The clock of a presentation.

/// The time spent on a presentation, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// Time until the clock was last stopped.
    pub spent: u64,
    /// Time at which it was last started; `None` while it is stopped.
    pub since: Option<u64>,
}

impl Clock {
    /// Returns the time spent until `now`.
    #[must_use]
    pub fn elapsed(self, now: u64) -> u64 {
        self.spent + self.since.map_or(0, |since| now.saturating_sub(since))
    }

    /// Stops the clock, or starts it again.
    pub(super) fn toggle(&mut self, now: u64) {
        *self = match self.since {
            Some(_) => Self { spent: self.elapsed(now), since: None },
            None => Self { since: Some(now), ..*self },
        };
    }
}
