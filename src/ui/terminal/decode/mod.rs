//! Which events do the bytes from the terminal stand for?
//!
//! A terminal sends text, control bytes and escape sequences without a mark where one ends and the next begins. Unknown
//! and broken sequences are dropped, nothing is waited for with a timer: an Esc byte with nothing behind it is the Esc
//! key ([`Decoder::at_rest`]), and what was left unfinished long ago does not swallow new input
//! ([`Decoder::after_pause`]).

mod keys;
mod mouse;
mod sequence;

use std::time::Duration;

use ratatui::crossterm::event::{KeyEvent, MouseEventKind};

use super::screen::Event;
use sequence::{Input, Scan, scan};

const PASTE_END: &[u8] = b"\x1b[201~";
/// More of a paste than this is dropped; the largest thing worth pasting is a scenario.
const MOST_PASTED: usize = 1024 * 1024;
/// The rest of a sequence may come in another packet; a person's next key does not come as fast.
const SEQUENCE_PAUSE: Duration = Duration::from_millis(100);
/// A paste may stall on a slow line, but not for ever.
const PASTE_PAUSE: Duration = Duration::from_secs(1);
/// Nor may the answer about the background; nobody types what it begins with.
const ANSWER_PAUSE: Duration = Duration::from_secs(1);
/// Stands for the beginning of a string that is too long: it ends as any other and says nothing.
const ENDLESS: &[u8] = b"\x1b]x";

/// Turns bytes into events, across the borders of reads.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The beginning of a sequence whose end has not come yet.
    unfinished: Vec<u8>,
    /// What has been pasted so far, while a paste is under way.
    paste: Option<Vec<u8>>,
    /// Whether the terminal was asked for its background and has not said it.
    awaits: bool,
    /// What was taken for a key at rest while the answer was awaited, and may have been its beginning.
    taken: Vec<u8>,
    /// Whether the bytes so far end within a string that is too long.
    endless: bool,
    events: Vec<Event>,
}

impl Decoder {
    /// Says that the terminal has been asked for its background.
    pub fn await_background(&mut self) {
        self.awaits = true;
    }

    /// Whether the bytes so far may be the beginning of the answer about the background, though they are a key as well.
    pub fn may_be_answer(&self) -> bool {
        self.awaits && self.paste.is_none() && sequence::alone(&self.unfinished).is_some()
    }

    /// Takes in the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        let taken = std::mem::take(&mut self.taken);
        let mut all = std::mem::take(&mut self.unfinished);
        if all.is_empty() && sequence::continues_answer(&taken, bytes) {
            // The line was slower than a key is: no more of the answer becomes one.
            all = taken;
        }
        all.extend_from_slice(bytes);
        let mut rest = all.as_slice();
        while !rest.is_empty() {
            let used = if self.paste.is_some() { self.paste_on(rest) } else { self.step(rest) };
            if used == 0 {
                break;
            }
            rest = rest.get(used..).unwrap_or_default();
        }
        self.unfinished = if std::mem::take(&mut self.endless) { ENDLESS.to_vec() } else { rest.to_vec() };
    }

    /// Whether the bytes so far end within something.
    pub fn is_unfinished(&self) -> bool {
        !self.unfinished.is_empty()
    }

    /// Says that nothing more is queued: what could be a key by itself is one.
    pub fn at_rest(&mut self) {
        if self.paste.is_none()
            && let Some(key) = sequence::alone(&self.unfinished)
        {
            let bytes = std::mem::take(&mut self.unfinished);
            self.taken = if self.awaits { bytes } else { Vec::new() };
            self.events.push(Event::Key(key));
        }
    }

    /// Says that nothing came for `pause`: gives up on what was left unfinished before.
    pub fn after_pause(&mut self, pause: Duration) {
        if self.paste.is_some() {
            if pause >= PASTE_PAUSE {
                let rest = std::mem::take(&mut self.unfinished);
                self.paste_on(&[rest.as_slice(), PASTE_END].concat());
            }
        } else {
            let is_answer = sequence::is_answer(&self.unfinished);
            if pause >= if is_answer { ANSWER_PAUSE } else { SEQUENCE_PAUSE } {
                self.unfinished.clear();
            }
        }
    }

    /// Takes the events found so far.
    pub fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Decodes one thing at the start of `bytes`; returns how many bytes that were, 0 where more are needed.
    fn step(&mut self, bytes: &[u8]) -> usize {
        match scan(bytes) {
            Scan::Unfinished => 0,
            Scan::Dropped(used) => used,
            Scan::Endless => {
                self.endless = true;
                bytes.len()
            }
            Scan::Found(used, input) => {
                match input {
                    Input::Event(event) => self.push(event),
                    Input::PasteBegins => self.paste = Some(Vec::new()),
                }
                used
            }
        }
    }

    /// Adds pasted bytes up to the end mark; keeps back what may be the beginning of the mark.
    fn paste_on(&mut self, bytes: &[u8]) -> usize {
        let Some(paste) = &mut self.paste else { return 0 };
        let end = bytes.windows(PASTE_END.len()).position(|window| window == PASTE_END);
        let pasted = end.unwrap_or_else(|| bytes.len().saturating_sub(PASTE_END.len() - 1));
        let room = MOST_PASTED.saturating_sub(paste.len());
        paste.extend_from_slice(bytes.get(..pasted.min(room)).unwrap_or_default());
        match end {
            Some(end) => {
                self.end_paste();
                end + PASTE_END.len()
            }
            None => pasted,
        }
    }

    fn end_paste(&mut self) {
        if let Some(paste) = self.paste.take() {
            self.push(Event::Paste(String::from_utf8_lossy(&paste).into_owned()));
        }
    }

    /// Of a run of drags only the last position matters.
    fn push(&mut self, event: Event) {
        self.awaits &= !matches!(event, Event::Background(_));
        if let Event::Mouse(new) = &event
            && let Some(Event::Mouse(last)) = self.events.last_mut()
            && matches!(new.kind, MouseEventKind::Drag(_) | MouseEventKind::Moved)
            && new.kind == last.kind
        {
            *last = *new;
        } else {
            self.events.push(event);
        }
    }
}

/// A key press without modifiers.
fn plain(code: ratatui::crossterm::event::KeyCode) -> KeyEvent {
    KeyEvent::from(code)
}

#[cfg(test)]
mod tests;
