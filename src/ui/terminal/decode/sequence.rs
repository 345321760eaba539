//! Where does one piece of input end, and what is it?
//!
//! `text | control byte | ESC text | ESC O x | ESC [ parameters final | ESC ] string terminator`, as ECMA-48 frames
//! them. What a complete `ESC [` sequence means is decided in `keys` and `mouse`.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::environment::Background;
use super::super::screen::Event;
use super::{keys, mouse, plain};

const ESC: u8 = 0x1B;
const BEL: u8 = 0x07;
/// No key or mouse report is longer; what is, is noise.
const LONGEST_SEQUENCE: usize = 64;
/// The longest answer of a terminal that is swallowed whole.
const LONGEST_STRING: usize = 4096;

/// One piece of input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Input {
    Event(Event),
    PasteBegins,
}

/// What is at the start of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// The beginning of something.
    Unfinished,
    /// This many bytes mean nothing.
    Dropped(usize),
    /// All bytes mean nothing, and so do those that come until the string ends that they are of.
    Endless,
    /// This many bytes are this input.
    Found(usize, Input),
}

/// Looks at the start of `bytes`, which are not empty.
pub(super) fn scan(bytes: &[u8]) -> Scan {
    match *bytes {
        [] | [ESC] | [ESC, b'O'] => Scan::Unfinished,
        [ESC, ESC, ..] => found(1, plain(KeyCode::Esc)),
        [ESC, b'O', key, ..] => keys::application(key).map_or(Scan::Dropped(2), |key| found(3, key)),
        [ESC, b'[', ..] => control_sequence(bytes),
        [ESC, b']' | b'P' | b'X' | b'^' | b'_', ..] => string(bytes),
        [ESC, ref rest @ ..] => text(rest, KeyModifiers::ALT),
        _ => text(bytes, KeyModifiers::NONE),
    }
}

/// The key that `bytes` are if nothing follows them: Esc, or Alt with a key that otherwise opens a sequence.
pub(super) fn alone(bytes: &[u8]) -> Option<KeyEvent> {
    match *bytes {
        [ESC] => Some(plain(KeyCode::Esc)),
        [ESC, key @ (b'O' | b']' | b'P' | b'X' | b'^' | b'_')] => {
            keys::control(key).map(|found| KeyEvent { modifiers: found.modifiers | KeyModifiers::ALT, ..found })
        }
        _ => None,
    }
}

fn found(used: usize, key: KeyEvent) -> Scan {
    Scan::Found(used, Input::Event(Event::Key(key)))
}

/// A character or control byte, behind an Esc if `held` is Alt.
fn text(bytes: &[u8], held: KeyModifiers) -> Scan {
    let before = usize::from(held == KeyModifiers::ALT);
    let first = bytes.first().copied().unwrap_or_default();
    let with_held = |key: KeyEvent| KeyEvent { modifiers: key.modifiers | held, ..key };
    if let Some(key) = keys::control(first) {
        return found(before + 1, with_held(key));
    }
    let longest = bytes.get(..4).unwrap_or(bytes);
    let valid = match std::str::from_utf8(longest) {
        Ok(text) => text,
        Err(error) if error.valid_up_to() > 0 => {
            std::str::from_utf8(longest.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
        Err(error) if error.error_len().is_none() => return Scan::Unfinished,
        Err(_) => return Scan::Dropped(before + 1),
    };
    match valid.chars().next() {
        Some(c) if !c.is_control() => found(before + c.len_utf8(), with_held(keys::character(c))),
        Some(c) => Scan::Dropped(before + c.len_utf8()),
        None => Scan::Dropped(before + 1),
    }
}

/// `ESC [`, parameters, final byte.
fn control_sequence(bytes: &[u8]) -> Scan {
    let body = bytes.get(2..).unwrap_or_default();
    let Some(end) = body.iter().position(|byte| !(0x20..=0x3F).contains(byte)) else {
        return if body.len() > LONGEST_SEQUENCE { Scan::Dropped(bytes.len()) } else { Scan::Unfinished };
    };
    let parameters = body.get(..end).unwrap_or_default();
    let last = body.get(end).copied().unwrap_or_default();
    let used = end + 3;
    match (last, parameters) {
        // Not part of a sequence: it was broken off, and something else begins here.
        (0..=0x1F | 0x7F.., _) => Scan::Dropped(used - 1),
        (b'~', b"200") => Scan::Found(used, Input::PasteBegins),
        (b'I', b"") => Scan::Found(used, Input::Event(Event::Focus(true))),
        (b'O', b"") => Scan::Found(used, Input::Event(Event::Focus(false))),
        // The Linux console's F1 to F5 have a second bracket, an old mouse report three raw bytes behind the M.
        (b'[', b"") => match body.get(1) {
            None => Scan::Unfinished,
            Some(key @ b'A'..=b'E') => found(4, plain(KeyCode::F(key - b'A' + 1))),
            Some(_) => Scan::Dropped(3),
        },
        (b'M', b"") => {
            if bytes.len() < 6 {
                Scan::Unfinished
            } else {
                Scan::Dropped(6)
            }
        }
        (b'M' | b'm', [b'<', report @ ..]) => mouse::report(report, last == b'm')
            .map_or(Scan::Dropped(used), |event| Scan::Found(used, Input::Event(Event::Mouse(event)))),
        _ => keys::sequence(parameters, last).map_or(Scan::Dropped(used), |key| found(used, key)),
    }
}

/// A string from the terminal: its background colour, or an answer to a question nobody asked, which is dropped. It ends
/// in BEL, `ESC \`, or anything that cannot be part of it.
fn string(bytes: &[u8]) -> Scan {
    let Some(end) = bytes.iter().skip(2).position(|byte| *byte < 0x20).map(|at| at + 2) else {
        return if bytes.len() > LONGEST_STRING { Scan::Endless } else { Scan::Unfinished };
    };
    let used = match bytes.get(end..) {
        Some([BEL, ..]) => end + 1,
        Some([ESC, b'\\', ..]) => end + 2,
        Some([ESC]) => return Scan::Unfinished,
        _ => return Scan::Dropped(end),
    };
    match bytes.get(..end).and_then(background) {
        Some(background) => Scan::Found(used, Input::Event(Event::Background(background))),
        None => Scan::Dropped(used),
    }
}

/// How the answer about the background begins.
const ANSWER: &[u8] = b"\x1b]11;";

/// Whether `bytes` are, or may become, the answer about the background: more than a key that opens a sequence.
pub(super) fn is_answer(bytes: &[u8]) -> bool {
    bytes.starts_with(ANSWER) || (bytes.len() > 2 && ANSWER.starts_with(bytes))
}

/// Whether `bytes` go on with the answer about the background after `before`, which was taken for a key.
pub(super) fn continues_answer(before: &[u8], bytes: &[u8]) -> bool {
    ANSWER.strip_prefix(before).is_some_and(|rest| bytes.starts_with(rest))
}

/// The background of `ESC ] 11 ; rgb : RRRR / GGGG / BBBB`, one to four digits each.
fn background(bytes: &[u8]) -> Option<Background> {
    let text = std::str::from_utf8(bytes).ok()?;
    let colour = text.strip_prefix("\x1b]11;")?;
    let colour = colour.strip_prefix("rgb:").or_else(|| colour.strip_prefix("rgba:"))?;
    let mut channels = colour.split('/').map(|channel| {
        let most = 16f64.powi(i32::try_from(channel.len()).ok().filter(|digits| (1..=4).contains(digits))?) - 1.0;
        u32::from_str_radix(channel, 16).ok().map(|value| f64::from(value) / most)
    });
    let (red, green, blue) = (channels.next()??, channels.next()??, channels.next()??);
    // How bright it looks (ITU-R BT.709).
    let light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    Some(if light > 0.5 { Background::Light } else { Background::Dark })
}
