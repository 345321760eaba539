//! The inputs of the event loop in one channel: events, signals, written output, and the end of the terminal.

use std::io;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use crossterm::event::{self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Size;

use super::environment::Background;
use super::screen::Event;
use super::session::Session;
use crate::system::{self, Signal};

/// Time after a terminating signal in which the program may end by itself; then the signal's thread ends it.
const GRACE: Duration = Duration::from_secs(1);
/// Most bytes that are taken from a paste.
const MOST_PASTED: usize = 1 << 20;
/// Number of failed reads in a row after which the terminal counts as closed.
const MOST_FAILURES: u32 = 10;
/// Pause after a failed read.
const PAUSE: Duration = Duration::from_millis(50);
/// Time in which a late answer to the background query is expected.
const LATE: Duration = Duration::from_secs(5);

/// An input of the event loop.
#[derive(Debug)]
pub(super) enum Input {
    /// An event of the keyboard, the mouse or the window.
    Event(Event),
    /// A signal from the operating system.
    Signal(Signal),
    /// The result of writing a frame, or the error of writing other bytes.
    Written(io::Result<()>),
    /// The terminal can no longer be read.
    TerminalClosed,
}

/// Starts the threads that read the terminal, listen for signals and notice the end of the terminal.
///
/// # Errors
/// [`io::Error`] if the operating system cannot start a thread.
pub(super) fn listen(inputs: &Sender<Input>, session: &Session, answer_is_late: bool) -> io::Result<()> {
    listen_for_signals(inputs.clone(), session.clone())?;
    let (sender, held) = (inputs.clone(), session.clone());
    spawn("terminal watchdog", move || {
        if system::wait_for_hangup() {
            let _ = sender.send(Input::TerminalClosed);
            end_after_grace(&held, system::HANGUP);
        }
    })?;
    let sender = inputs.clone();
    spawn("terminal input", move || read(&sender, answer_is_late))
}

fn listen_for_signals(inputs: Sender<Input>, session: Session) -> io::Result<()> {
    system::listen_for_signals(move |signal| {
        // The receiver is gone only if the process is about to end.
        let _ = inputs.send(Input::Signal(signal));
        if let Signal::End(code) = signal {
            // Without the thread, only the loop can end the program.
            let _ = end_soon(&session, code);
        }
    })
}

/// Starts a thread that ends the process if it has not ended by itself in time.
///
/// # Errors
/// [`io::Error`] if the operating system cannot start a thread.
pub(super) fn end_soon(session: &Session, code: u8) -> io::Result<()> {
    let session = session.clone();
    spawn("end after grace", move || end_after_grace(&session, code))
}

/// Ends the process after [`GRACE`], in case the loop is busy or stuck.
fn end_after_grace(session: &Session, code: u8) {
    std::thread::sleep(GRACE);
    session.leave();
    std::process::exit(i32::from(code));
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map(drop)
}

/// Sends events until the terminal can no longer be read.
fn read(inputs: &Sender<Input>, answer_is_late: bool) {
    let mut late_answer = LateAnswer::new(answer_is_late.then(Instant::now));
    let mut failures = 0;
    while failures < MOST_FAILURES {
        if let Ok(event) = event::read() {
            failures = 0;
            let event = late_answer.translate(event);
            if event.is_some_and(|event| inputs.send(Input::Event(event)).is_err()) {
                return;
            }
        } else {
            failures += 1;
            std::thread::sleep(PAUSE);
        }
    }
    let _ = inputs.send(Input::TerminalClosed);
}

/// Returns an event as screens know it; `None` for events that no screen needs, such as the release of a key.
fn translate(event: event::Event) -> Option<Event> {
    Some(match event {
        event::Event::Key(key) if key.kind == KeyEventKind::Release => return None,
        event::Event::Key(key) => Event::Key(key),
        event::Event::Mouse(mouse) => Event::Mouse(mouse),
        event::Event::Paste(mut text) => {
            let end = (0..=MOST_PASTED.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
            text.truncate(end.unwrap_or(0));
            Event::Paste(text)
        }
        event::Event::Resize(columns, rows) => Event::Resize(Size::new(columns, rows)),
        event::Event::FocusGained => Event::Focus(true),
        event::Event::FocusLost => Event::Focus(false),
    })
}

/// Recognises an answer to the background query that arrives late. crossterm reads it as keys: `ESC ]` as Alt-] (on a
/// slow line as Esc and ]), then each character, then its end as Alt-\ or Ctrl-G.
struct LateAnswer {
    /// Time of the query, while an answer may still arrive.
    asked: Option<Instant>,
    /// The answer so far, once it has begun.
    text: Option<String>,
    /// True if the key before was Esc.
    after_escape: bool,
}

impl LateAnswer {
    fn new(asked: Option<Instant>) -> Self {
        Self { asked, text: None, after_escape: false }
    }

    /// Returns the event, or the background once an answer is complete; `None` within an answer.
    fn translate(&mut self, event: event::Event) -> Option<Event> {
        if self.asked.is_none_or(|asked| asked.elapsed() > LATE) {
            return translate(event);
        }
        let event::Event::Key(KeyEvent { code, modifiers, .. }) = event else { return translate(event) };
        let after_escape = std::mem::replace(&mut self.after_escape, code == KeyCode::Esc);
        let is_escaped = |wanted| code == KeyCode::Char(wanted) && (after_escape || modifiers == KeyModifiers::ALT);
        let is_bell = code == KeyCode::Char('g') && modifiers == KeyModifiers::CONTROL;
        match &mut self.text {
            None if is_escaped(']') => self.text = Some(String::new()),
            None => return translate(event),
            Some(text) if is_escaped('\\') || is_bell => {
                let background = background_in(text);
                *self = Self::new(None);
                return background.map(Event::Background);
            }
            Some(text) => text.extend(code.as_char()),
        }
        None
    }
}

/// Reads `11;rgb:RRRR/GGGG/BBBB`, with one to four hexadecimal digits for each colour.
fn background_in(answer: &str) -> Option<Background> {
    let parts = answer.strip_prefix("11;rgb:")?.split('/').map(|part| {
        let most = f64::from(16_u32.checked_pow(u32::try_from(part.len()).ok()?)?) - 1.0;
        Some(f64::from(u16::from_str_radix(part, 16).ok()?) / most)
    });
    let [red, green, blue] = parts.collect::<Option<Vec<f64>>>()?.try_into().ok()?;
    // The weights of red, green and blue in lightness by ITU-R BT.709.
    let is_light = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5;
    Some(if is_light { Background::Light } else { Background::Dark })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(c: char, modifiers: KeyModifiers) -> event::Event {
        event::Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers))
    }

    /// Returns the keys of an answer, followed by the key q.
    fn answer_and_q() -> Vec<event::Event> {
        let mut keys = vec![key(']', KeyModifiers::ALT)];
        keys.extend("11;rgb:ffff/ffff/ffff".chars().map(|c| key(c, KeyModifiers::NONE)));
        keys.extend([key('\\', KeyModifiers::ALT), key('q', KeyModifiers::NONE)]);
        keys
    }

    #[test]
    fn a_late_answer_types_nothing_and_is_heard() {
        let q = translate(key('q', KeyModifiers::NONE)).expect("a key");
        let mut awaited = LateAnswer::new(Some(Instant::now()));
        let passed: Vec<_> = answer_and_q().into_iter().filter_map(|event| awaited.translate(event)).collect();
        assert_eq!(passed, [Event::Background(Background::Light), q]);
        let mut other = LateAnswer::new(None);
        let passed: Vec<_> = answer_and_q().into_iter().filter_map(|event| other.translate(event)).collect();
        assert_eq!(passed.len(), answer_and_q().len(), "nothing was asked");
    }

    #[test]
    fn answers_of_all_lengths_are_read() {
        for (answer, background) in [
            ("11;rgb:0000/0000/0000", Some(Background::Dark)),
            ("11;rgb:f/f/f", Some(Background::Light)),
            ("11;rgb:fdfd/f6f6/e3e3", Some(Background::Light)),
            ("11;rgb:00/2b/36", Some(Background::Dark)),
            ("11;rgb:00/2b", None),
            ("11;rgb:fffff/0/0", None),
            ("10;rgb:0/0/0", None),
            ("11;rgb:/0/0", None),
        ] {
            assert_eq!(background_in(answer), background, "{answer}");
        }
    }

    #[test]
    fn releases_are_no_events_and_pastes_have_a_limit() {
        let release = KeyEvent::new_with_kind(KeyCode::Char('a'), KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(translate(event::Event::Key(release)), None);
        let Some(Event::Paste(text)) = translate(event::Event::Paste("é".repeat(MOST_PASTED))) else {
            panic!("no paste")
        };
        assert_eq!(text.len(), MOST_PASTED);
    }
}
