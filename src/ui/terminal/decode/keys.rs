//! Which key is meant by a byte or a sequence?
//!
//! Three dialects of the same keyboard: xterm's (`ESC [ 1 ; modifiers A`), the numbered keys (`ESC [ 5 ~`) and kitty's
//! (`ESC [ code ; modifiers : kind u`). The outcome follows crossterm's conventions: a capital letter carries SHIFT,
//! a control byte is its lower case letter with CONTROL.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::plain;

/// An ASCII byte that is a key by itself; Esc opens sequences and is none.
pub(super) fn control(byte: u8) -> Option<KeyEvent> {
    let control = |c: u8| KeyEvent::new(KeyCode::Char(char::from(c)), KeyModifiers::CONTROL);
    Some(match byte {
        0 => control(b' '),
        b'\t' => plain(KeyCode::Tab),
        b'\r' => plain(KeyCode::Enter),
        1..=0x1A => control(byte - 1 + b'a'),
        0x1C..=0x1F => control(byte - 0x1C + b'4'),
        0x20..=0x7E => character(char::from(byte)),
        0x7F => plain(KeyCode::Backspace),
        0x1B | 0x80.. => return None,
    })
}

/// A typed character.
pub(super) fn character(c: char) -> KeyEvent {
    let held = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    KeyEvent::new(KeyCode::Char(c), held)
}

/// The key of `ESC O` and `key`.
pub(super) fn application(key: u8) -> Option<KeyEvent> {
    // The number pad in application mode sends its keys shifted by 64.
    let pad = |key: u8| character(char::from(key - 0x40));
    Some(match key {
        b'M' => plain(KeyCode::Enter),
        b'j'..=b'y' => pad(key),
        _ => plain(letter(key)?),
    })
}

/// The key of `ESC [`, `parameters` and the byte `last`; none for what is no key or a key's release.
pub(super) fn sequence(parameters: &[u8], last: u8) -> Option<KeyEvent> {
    let text = std::str::from_utf8(parameters).ok()?;
    let mut fields = text.split(';');
    let (number, shifted) = pair(fields.next().unwrap_or_default())?;
    let (modifiers, kind) = pair(fields.next().unwrap_or_default())?;
    if kind == Some(3) {
        return None;
    }
    let held = held(modifiers.unwrap_or(1));
    let code = match last {
        b'Z' => return Some(KeyEvent::new(KeyCode::BackTab, held | KeyModifiers::SHIFT)),
        b'~' => numbered(number?)?,
        b'u' => return kitty(number?, shifted, held),
        // With parameters this is the answer to a question about the cursor's place, which nobody asked.
        b'R' if !parameters.is_empty() => return None,
        _ => letter(last)?,
    };
    Some(KeyEvent::new(code, held))
}

/// `a` or `a:b`; a part may be empty. Anything else is no number.
fn pair(field: &str) -> Option<(Option<u32>, Option<u32>)> {
    let mut parts = field.split(':').map(|part| if part.is_empty() { Ok(None) } else { part.parse().map(Some) });
    Some((parts.next()?.ok()?, parts.next().transpose().ok()?.flatten()))
}

/// The modifiers of a sequence, given as 1 + their bits; the lock keys are not told apart.
fn held(code: u32) -> KeyModifiers {
    let bits = u8::try_from(code.saturating_sub(1) & 0x3F).unwrap_or_default();
    let order = [
        KeyModifiers::SHIFT,
        KeyModifiers::ALT,
        KeyModifiers::CONTROL,
        KeyModifiers::SUPER,
        KeyModifiers::HYPER,
        KeyModifiers::META,
    ];
    let set = order.into_iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1);
    set.fold(KeyModifiers::NONE, |all, (_, one)| all | one)
}

fn letter(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'E' => KeyCode::KeypadBegin,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        _ => return None,
    })
}

fn numbered(number: u32) -> Option<KeyCode> {
    let function = |first: u32, key: u8| u8::try_from(number - first).ok().map(|offset| KeyCode::F(key + offset));
    match number {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(11, 1),
        17..=21 => function(17, 6),
        23..=26 => function(23, 11),
        28..=29 => function(28, 15),
        31..=34 => function(31, 17),
        _ => None,
    }
}

/// Kitty sends a key's Unicode code, and numbers from a private area for the number pad.
fn kitty(number: u32, shifted: Option<u32>, held: KeyModifiers) -> Option<KeyEvent> {
    const PAD: [KeyCode; 11] = [
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::Insert,
        KeyCode::Delete,
        KeyCode::KeypadBegin,
    ];
    let pad_text = |index: u32| "0123456789./*-+\r=,".chars().nth(index as usize);
    let code = match number {
        9 if held.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        9 => KeyCode::Tab,
        13 | 57414 => KeyCode::Enter,
        27 => KeyCode::Esc,
        127 => KeyCode::Backspace,
        57376..=57398 => KeyCode::F(u8::try_from(number - 57376 + 13).ok()?),
        57399..=57416 => KeyCode::Char(pad_text(number - 57399)?),
        57417..=57427 => *PAD.get((number - 57417) as usize)?,
        0..=31 | 57344..=63743 => return None,
        _ => KeyCode::Char(typed(number, shifted, held)?),
    };
    Some(KeyEvent::new(code, held))
}

fn typed(number: u32, shifted: Option<u32>, held: KeyModifiers) -> Option<char> {
    let c = char::from_u32(number).filter(|c| !c.is_control())?;
    if !held.contains(KeyModifiers::SHIFT) {
        return Some(c);
    }
    Some(shifted.and_then(char::from_u32).filter(|c| !c.is_control()).unwrap_or_else(|| c.to_ascii_uppercase()))
}
