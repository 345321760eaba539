//! Everything that the loop waits for, in one channel: input, signals, written output, the end of the terminal.

use std::io;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use crossterm::event::{self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Size;

use super::environment::Background;
use super::screen::Event;
use super::session::Session;
use crate::system::{self, Signal};

/// A program that has not ended this long after a signal asked it to is ended by the signal's thread.
const GRACE: Duration = Duration::from_secs(1);
/// The most bytes of a paste that are taken.
const MOST_PASTED: usize = 1 << 20;
/// Failed reads in a row after which the terminal counts as closed.
const MOST_FAILURES: u32 = 10;
/// The pause after a failed read.
const PAUSE: Duration = Duration::from_millis(50);
/// The time for which a late answer about the background may still arrive.
const LATE: Duration = Duration::from_secs(5);

/// Something that the loop has to act on.
#[derive(Debug)]
pub(super) enum Input {
    /// The keyboard, the mouse or the window.
    Event(Event),
    /// A signal.
    Signal(Signal),
    /// The frame is written, or the terminal did not take some bytes.
    Written(io::Result<()>),
    /// The terminal has vanished.
    TerminalClosed,
}

/// Starts the threads that read the terminal, listen for signals and notice the end of the terminal.
///
/// # Errors
/// Fails where the system starts no thread.
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
        // The receiver is gone only where the process is about to end.
        let _ = inputs.send(Input::Signal(signal));
        if let Signal::End(code) = signal {
            // Where no thread starts, the loop alone has to end the program.
            let _ = end_soon(&session, code);
        }
    })
}

/// Starts the thread that ends the process where it does not end by itself in time.
///
/// # Errors
/// Fails where the system starts no thread.
pub(super) fn end_soon(session: &Session, code: u8) -> io::Result<()> {
    let session = session.clone();
    spawn("end after grace", move || end_after_grace(&session, code))
}

/// Ends the process where its loop has not done so in time, as it may be busy or stuck.
fn end_after_grace(session: &Session, code: u8) {
    std::thread::sleep(GRACE);
    session.leave();
    std::process::exit(i32::from(code));
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map(drop)
}

/// Sends events until the terminal cannot be read any more.
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

/// Returns the event as screens know it; `None` for what no screen wants, such as the release of a key.
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

/// Recognizes an answer about the background that came too late. crossterm reads it as keys: `ESC ]` as Alt-] (on a slow
/// line as Esc and ]), then each character, then the end of the sequence as Alt-\ or Ctrl-G.
struct LateAnswer {
    /// When the question was asked, while an answer may still come.
    asked: Option<Instant>,
    /// The answer so far, once it has begun.
    text: Option<String>,
    after_escape: bool,
}

impl LateAnswer {
    fn new(asked: Option<Instant>) -> Self {
        Self { asked, text: None, after_escape: false }
    }

    /// Returns the event, or what the answer tells once it is complete.
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

/// Reads `11;rgb:RRRR/GGGG/BBBB`, with one to four hexadecimal digits each.
fn background_in(answer: &str) -> Option<Background> {
    let parts = answer.strip_prefix("11;rgb:")?.split('/').map(|part| {
        let most = f64::from(16_u32.checked_pow(u32::try_from(part.len()).ok()?)?) - 1.0;
        Some(f64::from(u16::from_str_radix(part, 16).ok()?) / most)
    });
    let [red, green, blue] = parts.collect::<Option<Vec<f64>>>()?.try_into().ok()?;
    // The weights of ITU-R BT.709.
    let is_light = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5;
    Some(if is_light { Background::Light } else { Background::Dark })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(c: char, modifiers: KeyModifiers) -> event::Event {
        event::Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers))
    }

    /// The keys of an answer, and the key q after them.
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
