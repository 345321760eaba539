//! What did the mouse do?
//!
//! SGR reports: `ESC [ < code ; column ; row` and `M` (pressed, moved) or `m` (released), counted from 1.

use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

const SHIFT: u16 = 4;
const ALT: u16 = 8;
const CONTROL: u16 = 16;
const MOTION: u16 = 32;
const WHEEL: u16 = 64;
const FURTHER_BUTTONS: u16 = 128;

/// Reads `code;column;row`.
pub(super) fn report(parameters: &[u8], released: bool) -> Option<MouseEvent> {
    let mut numbers = std::str::from_utf8(parameters).ok()?.split(';').map(str::parse::<u16>);
    let (code, column, row) = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
    let (column, row) = (column.checked_sub(1)?, row.checked_sub(1)?);
    Some(MouseEvent { kind: kind(code, released)?, column, row, modifiers: held(code) })
}

fn kind(code: u16, released: bool) -> Option<MouseEventKind> {
    if code & FURTHER_BUTTONS != 0 {
        return None;
    }
    if code & WHEEL != 0 {
        return Some(match code & 3 {
            0 => MouseEventKind::ScrollUp,
            1 => MouseEventKind::ScrollDown,
            2 => MouseEventKind::ScrollLeft,
            _ => MouseEventKind::ScrollRight,
        });
    }
    let button = match code & 3 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        2 => MouseButton::Right,
        _ => return (code & MOTION != 0).then_some(MouseEventKind::Moved),
    };
    Some(match (released, code & MOTION != 0) {
        (true, _) => MouseEventKind::Up(button),
        (false, true) => MouseEventKind::Drag(button),
        (false, false) => MouseEventKind::Down(button),
    })
}

fn held(code: u16) -> KeyModifiers {
    let pairs = [(SHIFT, KeyModifiers::SHIFT), (ALT, KeyModifiers::ALT), (CONTROL, KeyModifiers::CONTROL)];
    pairs.into_iter().filter(|(bit, _)| code & bit != 0).fold(KeyModifiers::NONE, |all, (_, one)| all | one)
}
