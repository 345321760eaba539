//! The terminal's keys as chords.

use crate::ui::terminal::events::{KeyCode, KeyEvent, KeyModifiers};

use crate::ui::input::{Chord, Key};

/// Returns the chord of a key event; `None` for keys without a name in the program.
#[must_use]
pub fn chord(event: &KeyEvent) -> Option<Chord> {
    let key = match event.code {
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::F(n) if (1..=12).contains(&n) => Key::F(n),
        _ => return None,
    };
    let modifiers = event.modifiers;
    // Characters and BackTab already include shift.
    let shift = modifiers.contains(KeyModifiers::SHIFT) && !matches!(key, Key::Char(_) | Key::BackTab);
    let ctrl = modifiers.contains(KeyModifiers::CONTROL);
    let alt = modifiers.contains(KeyModifiers::ALT);
    Some(Chord { key, ctrl, alt, shift })
}
