//! In which order do drawing, waiting, input, signals and ticks happen?
//!
//! Draw if something changed, wait, read everything that is queued, handle each event and its effect, again. Frames are
//! at least 16 ms apart, so a burst of input or resizes gives few frames; the first change after a quiet moment is drawn
//! at once. Breaking out of the loop carries the exit code.

use std::ops::ControlFlow::{self, Break, Continue};
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::decode::Decoder;
use super::frame::Frame;
use super::guard::Guard;
use super::screen::{Effect, Event, Screen};
use super::signals::{Asked, Signals};
use super::tty::{self, Gone};
use super::{clipboard, job};

/// The least time between two frames; no screen shows more.
const FRAME: Duration = Duration::from_millis(16);
/// What a shell reports for a program ended by signal n is 128 + n.
const SIGNALLED: u8 = 128;
/// The terminal vanished: the same as the hangup signal.
const HANGUP: u8 = SIGNALLED + 1;
/// A terminal hands out at most 4 KiB at once.
const READ_SIZE: usize = 4096;
/// What comes in one go and is longer than this is no single key.
const LONGEST_KEY: usize = 64;
/// Asks for the colour of the background (OSC 11).
const ASK_BACKGROUND: &[u8] = b"\x1b]11;?\x1b\\";
/// How long the rest of a sequence that was cut apart, in a flood or at the start of an answer, may take to arrive.
const FLOOD_PAUSE: Duration = Duration::from_millis(20);

/// One run of a screen.
pub(super) struct EventLoop<'a, S> {
    screen: &'a mut S,
    guard: &'a Guard,
    signals: Signals,
    decoder: Decoder,
    frame: Frame,
    /// Whether the terminal is still to be asked for its background.
    asks_background: bool,
    /// Whether the picture may differ from what is shown.
    changed: bool,
    /// Whether the size may differ from that of the picture.
    resized: bool,
    last_frame: Option<Instant>,
    last_input: Instant,
    last_tick: Instant,
}

impl<'a, S: Screen> EventLoop<'a, S> {
    pub fn new(screen: &'a mut S, guard: &'a Guard, signals: Signals, asks_background: bool) -> Self {
        let now = Instant::now();
        Self {
            screen,
            guard,
            signals,
            decoder: Decoder::default(),
            frame: Frame::new(tty::size()),
            asks_background,
            changed: true,
            resized: false,
            last_frame: None,
            last_input: now,
            last_tick: now,
        }
    }

    /// Runs to the end and returns the exit code.
    pub fn run(mut self) -> u8 {
        loop {
            if let Break(code) = self.turn() {
                return code;
            }
        }
    }

    fn turn(&mut self) -> ControlFlow<u8> {
        self.draw_if_due()?;
        let ready = or_hangup(tty::wait(self.signals.wake(), self.patience()))?;
        if ready.signal {
            let asked = self.signals.take();
            self.heed(asked)?;
        }
        if ready.input {
            self.read_queued()?;
        }
        self.tick_if_due()
    }

    /// How long nothing needs doing unless something arrives.
    fn patience(&self) -> Option<Duration> {
        let frame = (self.changed || self.resized).then(|| self.until_next_frame());
        let tick = self.tick_every().map(|every| every.saturating_sub(self.last_tick.elapsed()));
        frame.into_iter().chain(tick).min()
    }

    /// No screen shows ticks that are closer than frames.
    fn tick_every(&self) -> Option<Duration> {
        self.screen.tick_every().map(|every| every.max(FRAME))
    }

    fn until_next_frame(&self) -> Duration {
        self.last_frame.map_or(Duration::ZERO, |last| FRAME.saturating_sub(last.elapsed()))
    }

    fn draw_if_due(&mut self) -> ControlFlow<u8> {
        if !(self.changed || self.resized) || self.until_next_frame() > Duration::ZERO {
            return Continue(());
        }
        if std::mem::take(&mut self.resized) {
            let size = tty::size();
            if size != self.frame.area().as_size() {
                self.frame = Frame::new(size);
                self.changed = true;
                self.deliver(Event::Resize(size))?;
            }
        }
        if std::mem::take(&mut self.changed) {
            let area = self.frame.area();
            let caret = self.screen.draw(self.frame.blank(), area);
            let bytes = self.frame.finish(caret, self.screen.links());
            if !bytes.is_empty() {
                or_hangup(self.guard.write(bytes))?;
                self.last_frame = Some(Instant::now());
            }
            if std::mem::take(&mut self.asks_background) {
                // Nobody waits for the answer: it is an event like any other, or never comes.
                or_hangup(self.guard.write(ASK_BACKGROUND))?;
                self.decoder.await_background();
            }
        }
        Continue(())
    }

    /// Reads what is queued (a flood for no longer than a frame) and delivers it.
    fn read_queued(&mut self) -> ControlFlow<u8> {
        self.decoder.after_pause(self.last_input.elapsed());
        self.last_input = Instant::now();
        let mut bytes = [0; READ_SIZE];
        let mut total = 0;
        loop {
            let count = or_hangup(tty::read(&mut bytes))?;
            self.decoder.feed(bytes.get(..count).unwrap_or_default());
            total += count;
            // An Esc byte that ends a flood is rather the beginning of a sequence than the key.
            let is_flood = total > LONGEST_KEY && self.decoder.is_unfinished();
            let is_cut = is_flood || self.decoder.may_be_answer();
            if !tty::has_input(if is_cut { FLOOD_PAUSE } else { Duration::ZERO }) {
                self.decoder.at_rest();
                break;
            }
            if self.last_input.elapsed() > FRAME {
                break;
            }
        }
        for event in self.decoder.take() {
            self.deliver(event)?;
        }
        Continue(())
    }

    fn tick_if_due(&mut self) -> ControlFlow<u8> {
        match self.tick_every() {
            Some(every) if self.last_tick.elapsed() >= every => {
                self.last_tick = Instant::now();
                self.deliver(Event::Tick)
            }
            Some(_) => Continue(()),
            None => {
                // A tick that is asked for later counts from then.
                self.last_tick = Instant::now();
                Continue(())
            }
        }
    }

    fn deliver(&mut self, mut event: Event) -> ControlFlow<u8> {
        match reserved(&event) {
            Some(Effect::Suspend) if self.screen.takes_suspend_key() => {}
            Some(effect) => return self.perform(effect),
            None => {}
        }
        if let Event::Mouse(mouse) = &mut event {
            let area = self.frame.area();
            mouse.column = mouse.column.min(area.width - 1);
            mouse.row = mouse.row.min(area.height - 1);
        }
        let handled = self.screen.handle(event);
        self.changed |= handled.redraw;
        handled.effect.map_or(Continue(()), |effect| self.perform(effect))
    }

    fn perform(&mut self, effect: Effect) -> ControlFlow<u8> {
        match effect {
            Effect::Quit(code) => Break(code),
            Effect::Suspend if job::is_controlled() => self.suspend(true),
            Effect::Suspend => self.note("no job control here: no shell would bring the program back".to_owned()),
            Effect::Copy(text) => self.copy(&text),
            Effect::SetMouse(on) => or_hangup(self.guard.set_mouse(on)),
            Effect::Repaint => {
                self.frame.forget();
                self.changed = true;
                Continue(())
            }
        }
    }

    fn note(&mut self, text: String) -> ControlFlow<u8> {
        let handled = self.screen.handle(Event::Note(text));
        self.changed |= handled.redraw;
        // What answers an effect cannot ask for another, or the two could go on for ever; leaving is always possible.
        if let Some(Effect::Quit(code)) = handled.effect { Break(code) } else { Continue(()) }
    }

    fn copy(&mut self, text: &str) -> ControlFlow<u8> {
        let inside_tmux = std::env::var_os("TMUX").is_some_and(|value| !value.is_empty());
        let Some(sequence) = clipboard::sequence(text, inside_tmux) else {
            let (has, most) = (text.len(), clipboard::MOST_BYTES);
            return self.note(format!("not copied: {has} bytes, a terminal's clipboard takes {most}"));
        };
        or_hangup(self.guard.write(&sequence))?;
        self.note(format!("{} bytes by OSC 52", text.len()))
    }

    fn heed(&mut self, asked: Asked) -> ControlFlow<u8> {
        if let Some(signal) = asked.end {
            return Break(SIGNALLED.saturating_add(signal));
        }
        self.resized |= asked.resized;
        if asked.stop && job::is_controlled() {
            self.suspend(false)
        } else if asked.resumed {
            self.resume()
        } else {
            Continue(())
        }
    }

    /// Hands the terminal back, stops, and takes it again when continued.
    fn suspend(&mut self, whole_job: bool) -> ControlFlow<u8> {
        self.guard.suspend();
        job::stop(whole_job);
        // The stop and continue that have just been lived through are in here too, and done with.
        let missed = self.signals.take();
        self.heed(Asked { stop: false, resumed: true, ..missed })
    }

    fn resume(&mut self) -> ControlFlow<u8> {
        if self.guard.resume().is_err() {
            return Break(HANGUP);
        }
        self.frame.forget();
        self.changed = true;
        self.resized = true;
        Continue(())
    }
}

/// The keys that work whatever is on the screen: Ctrl-C leaves, Ctrl-Z suspends unless the screen takes it.
fn reserved(event: &Event) -> Option<Effect> {
    match event {
        Event::Key(KeyEvent { code: KeyCode::Char('c'), modifiers: KeyModifiers::CONTROL, .. }) => {
            Some(Effect::Quit(0))
        }
        Event::Key(KeyEvent { code: KeyCode::Char('z'), modifiers: KeyModifiers::CONTROL, .. }) => {
            Some(Effect::Suspend)
        }
        _ => None,
    }
}

fn or_hangup<T>(result: Result<T, Gone>) -> ControlFlow<u8, T> {
    match result {
        Ok(value) => Continue(value),
        Err(Gone) => Break(HANGUP),
    }
}
