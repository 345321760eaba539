//! The event loop: the order of drawing, waiting, input, signals and ticks.
//!
//! The loop draws if something changed, waits, then handles all queued events and their effects. Frames are at least 16
//! ms apart, so a burst of input or resizes gives few frames, but the first change after a pause is drawn at once. No
//! frame is made while the previous one is still being written to the terminal. Breaking out of the loop carries the
//! exit code.

use std::ops::ControlFlow::{self, Break, Continue};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEventKind};
use ratatui::Terminal;
use ratatui::buffer::CellDiffOption;
use ratatui::layout::{Rect, Size};

use super::backend::{FrameBackend, clean};
use super::environment::{Background, Colours};
use super::input::Input;
use super::screen::{Effect, Event, Screen};
use super::session::{self, Session};
use super::{clipboard, links};
use crate::system::{self, HANGUP, Signal};

/// Least time between two frames, as screens show no more.
const FRAME: Duration = Duration::from_millis(16);

/// One run of a screen.
#[expect(clippy::struct_excessive_bools, reason = "each is a matter of its own")]
pub(super) struct EventLoop<'a, S> {
    screen: &'a mut S,
    session: &'a Session,
    inputs: Receiver<Input>,
    terminal: Terminal<FrameBackend>,
    size: Size,
    /// True if the picture may differ from the one that is shown.
    changed: bool,
    /// True if the terminal's size may differ from that of the picture.
    resized: bool,
    /// True while the shell has the terminal.
    suspended: bool,
    /// True until the last frame is written.
    frame_is_under_way: bool,
    /// The time at which the last frame was handed over to be written.
    last_frame: Option<Instant>,
    /// The time of the last tick.
    last_tick: Instant,
}

impl<'a, S: Screen> EventLoop<'a, S> {
    pub fn new(screen: &'a mut S, session: &'a Session, inputs: Receiver<Input>, colours: Colours) -> Self {
        let size = session::size();
        let Ok(terminal) = Terminal::new(FrameBackend::new(size, colours));
        let mut created = Self {
            screen,
            session,
            inputs,
            terminal,
            size,
            changed: true,
            resized: false,
            suspended: false,
            frame_is_under_way: false,
            last_frame: None,
            last_tick: Instant::now(),
        };
        created.forget_picture();
        created
    }

    /// Runs until the end and returns the exit code. If the background is known, the screen gets it as its first event.
    pub fn run(&mut self, background: Option<Background>) -> u8 {
        if let Some(background) = background
            && let Break(code) = self.deliver(Event::Background(background))
        {
            return code;
        }
        loop {
            if let Break(code) = self.turn() {
                return code;
            }
        }
    }

    /// Draws a frame if it is due, waits for input, and ticks if that is due. A break carries the exit code.
    fn turn(&mut self) -> ControlFlow<u8> {
        self.draw_if_due()?;
        self.wait()?;
        self.tick_if_due()
    }

    /// Waits for input and handles the queue, for no longer than a frame if input keeps arriving.
    fn wait(&mut self) -> ControlFlow<u8> {
        let first = match self.patience() {
            None => self.inputs.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(time) => self.inputs.recv_timeout(time),
        };
        let mut next = match first {
            Ok(input) => Some(input),
            Err(RecvTimeoutError::Timeout) => return Continue(()),
            Err(RecvTimeoutError::Disconnected) => return Break(HANGUP),
        };
        let start = Instant::now();
        while let Some(input) = next.take() {
            next = self.inputs.try_recv().ok();
            if !is_overtaken(&input, next.as_ref()) {
                self.act_on(input)?;
            }
            if start.elapsed() > FRAME {
                break;
            }
        }
        next.map_or(Continue(()), |input| self.act_on(input))
    }

    fn act_on(&mut self, input: Input) -> ControlFlow<u8> {
        match input {
            // The size is read when the next frame is due, so only the last of many is drawn.
            Input::Event(Event::Resize(_)) | Input::Signal(Signal::Resized) => {
                self.resized = true;
                Continue(())
            }
            Input::Event(event) => self.deliver(event),
            Input::Signal(Signal::End(code)) => Break(code),
            Input::Signal(Signal::Stop) if !self.suspended && system::is_job() => {
                self.suspend(false);
                Continue(())
            }
            Input::Signal(Signal::Stop) => Continue(()),
            Input::Signal(Signal::Resumed) => self.resume(),
            Input::Written(Ok(())) => {
                self.frame_is_under_way = false;
                Continue(())
            }
            Input::Written(Err(_)) | Input::TerminalClosed => Break(HANGUP),
        }
    }

    /// Returns the time until a frame or a tick is due; `None` if only input can wake the loop.
    fn patience(&self) -> Option<Duration> {
        let frame = (self.wants_frame() && !self.frame_is_under_way).then(|| self.until_next_frame());
        let tick = self.tick_every().map(|every| every.saturating_sub(self.last_tick.elapsed()));
        frame.into_iter().chain(tick).min()
    }

    /// Returns the interval of ticks, at least that of frames.
    fn tick_every(&self) -> Option<Duration> {
        self.screen.tick_every().map(|every| every.max(FRAME))
    }

    fn wants_frame(&self) -> bool {
        (self.changed || self.resized) && !self.suspended
    }

    fn until_next_frame(&self) -> Duration {
        self.last_frame.map_or(Duration::ZERO, |last| FRAME.saturating_sub(last.elapsed()))
    }

    fn draw_if_due(&mut self) -> ControlFlow<u8> {
        if !self.wants_frame() || self.frame_is_under_way || self.until_next_frame() > Duration::ZERO {
            return Continue(());
        }
        if std::mem::take(&mut self.resized) {
            let size = session::size();
            if size != self.size {
                self.size = size;
                self.terminal.backend_mut().resize(size);
                self.changed = true;
                self.deliver(Event::Resize(size))?;
            }
        }
        if std::mem::take(&mut self.changed)
            && let Some(frame) = self.frame()
        {
            self.frame_is_under_way = true;
            self.session.write_frame(frame);
            self.last_frame = Some(Instant::now());
        }
        Continue(())
    }

    /// Returns the bytes that turn the shown picture into the next one; `None` if they are equal.
    fn frame(&mut self) -> Option<Vec<u8>> {
        let Ok(()) = self.terminal.autoresize();
        let area = Rect::from((ratatui::layout::Position::ORIGIN, self.size));
        let buffer = self.terminal.current_buffer_mut();
        let caret = self.screen.draw(buffer, area);
        clean(buffer);
        let changed_links = self.terminal.backend_mut().links().replace(self.screen.links());
        links::mark(self.terminal.current_buffer_mut(), &changed_links, CellDiffOption::AlwaysUpdate);
        let Ok(()) = self.terminal.flush();
        links::mark(self.terminal.current_buffer_mut(), &changed_links, CellDiffOption::None);
        self.terminal.swap_buffers();
        self.terminal.backend_mut().set_caret(caret);
        self.terminal.backend_mut().take_frame()
    }

    fn tick_if_due(&mut self) -> ControlFlow<u8> {
        match self.tick_every() {
            Some(every) if self.last_tick.elapsed() >= every => {
                self.last_tick = Instant::now();
                self.deliver(Event::Tick)
            }
            Some(_) => Continue(()),
            None => {
                // The interval of ticks that are asked for later begins now.
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
            mouse.column = mouse.column.min(self.size.width.saturating_sub(1));
            mouse.row = mouse.row.min(self.size.height.saturating_sub(1));
        }
        let handled = self.screen.handle(event);
        self.changed |= handled.redraw;
        handled.effect.map_or(Continue(()), |effect| self.perform(effect))
    }

    fn perform(&mut self, effect: Effect) -> ControlFlow<u8> {
        match effect {
            Effect::Quit(code) => Break(code),
            Effect::Suspend if system::is_job() => {
                self.suspend(true);
                Continue(())
            }
            Effect::Suspend => self.note("no job control here: no shell would bring the program back".to_owned()),
            Effect::Copy(text) => self.copy(&text),
            Effect::SetMouse(on) => match self.session.set_mouse(on) {
                Ok(()) => Continue(()),
                Err(error) => self.note(format!("not done: the mouse cannot be switched: {error}")),
            },
            Effect::Repaint => {
                self.forget_picture();
                Continue(())
            }
        }
    }

    /// Gives the screen the outcome of an effect as text. Of the effects that it causes, only leaving happens.
    fn note(&mut self, text: String) -> ControlFlow<u8> {
        let handled = self.screen.handle(Event::Note(text));
        self.changed |= handled.redraw;
        // The answer to an effect cannot cause another effect, which could go on forever; only leaving is possible.
        if let Some(Effect::Quit(code)) = handled.effect { Break(code) } else { Continue(()) }
    }

    fn copy(&mut self, text: &str) -> ControlFlow<u8> {
        let inside_tmux = std::env::var_os("TMUX").is_some_and(|value| !value.is_empty());
        let Some(sequence) = clipboard::sequence(text, inside_tmux) else {
            let (has, most) = (text.len(), clipboard::MOST_BYTES);
            return self.note(format!("not copied: {has} bytes, a terminal's clipboard takes {most}"));
        };
        self.session.write(sequence);
        self.note(format!("{} bytes by OSC 52", text.len()))
    }

    /// Gives the terminal back and stops the process. The signal that continues it takes the terminal again, see
    /// `resume`.
    fn suspend(&mut self, whole_job: bool) {
        self.session.leave();
        self.suspended = true;
        system::stop_job(whole_job);
    }

    fn resume(&mut self) -> ControlFlow<u8> {
        if self.session.resume().is_err() {
            return Break(HANGUP);
        }
        self.suspended = false;
        self.resized = true;
        self.forget_picture();
        Continue(())
    }

    /// Makes the next frame draw all cells, because the content of the terminal is not known.
    fn forget_picture(&mut self) {
        self.terminal.backend_mut().forget();
        let Ok(()) = self.terminal.clear();
        self.changed = true;
    }
}

/// Returns true for a movement of the mouse that the next input continues: only the last position matters.
fn is_overtaken(input: &Input, next: Option<&Input>) -> bool {
    let (Input::Event(Event::Mouse(mouse)), Some(Input::Event(Event::Mouse(after)))) = (input, next) else {
        return false;
    };
    matches!(mouse.kind, MouseEventKind::Drag(_) | MouseEventKind::Moved) && mouse.kind == after.kind
}

/// Returns the effect of the keys that work on any screen: Ctrl-C quits, Ctrl-Z suspends unless the screen takes it.
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
