//! The mouse: what a click, a drag or the wheel does depends on the target under it.

use crate::ui::terminal::events::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

use crate::ui::input::Action;
use crate::ui::state::{Focus, Message};
use crate::ui::view::hit::{Hits, Target};

/// The state of the mouse.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pointer {
    /// The slider's index and track during a drag that began on it.
    dragged: Option<(usize, Rect)>,
}

impl Pointer {
    /// Returns the message of a mouse event, by the target under it and the focus.
    pub fn message(&mut self, event: MouseEvent, hits: &Hits, focus: Focus, at: u64) -> Option<Message> {
        let hit = hits.at(event.column, event.row);
        match event.kind {
            MouseEventKind::Down(MouseButton::Left) => self.click((event.column, event.row), hit?, focus, at),
            MouseEventKind::Drag(MouseButton::Left) => {
                let (slider, track) = self.dragged?;
                Some(Message::Drag { slider, to: place(track, event.column), at })
            }
            MouseEventKind::Up(_) => {
                self.dragged = None;
                None
            }
            MouseEventKind::ScrollUp | MouseEventKind::ScrollDown => {
                let steps = if event.kind == MouseEventKind::ScrollUp { 1 } else { -1 };
                match hit {
                    Some((Target::Slider(slider) | Target::Track(slider), _)) => {
                        Some(Message::Wheel { slider, steps, at })
                    }
                    _ => Some(Message::Scroll(-steps)),
                }
            }
            _ => None,
        }
    }

    fn click(&mut self, (x, y): (u16, u16), (target, area): (Target, Rect), focus: Focus, at: u64) -> Option<Message> {
        // The first click gives the focus; a click on the focused panel opens the formulas.
        let focus_or_trace = |wanted: Focus| {
            if focus == wanted { Message::Act { action: Action::Trace, at } } else { Message::Focus(wanted) }
        };
        Some(match target {
            Target::Track(slider) => {
                self.dragged = Some((slider, area));
                Message::Drag { slider, to: place(area, x), at }
            }
            Target::Map(_) => {
                let up = area.bottom().saturating_sub(1).saturating_sub(y);
                Message::Go { x: middle(x - area.x, area.width), y: middle(up, area.height) }
            }
            Target::Slider(slider) => Message::Focus(Focus::Slider(slider)),
            Target::Row { panel, machine } => focus_or_trace(Focus::Panel { panel, machine }),
            Target::Panel(panel) => Message::Focus(Focus::Panel { panel, machine: 0 }),
            Target::Cell { row, column } => focus_or_trace(Focus::Cell { row, column }),
            Target::View(view) => Message::Act { action: Action::View(view), at },
            Target::Choice(row) => Message::Choose(row),
            Target::Hint(action) => Message::Act { action, at },
            Target::Beside => Message::Close,
            Target::Overlay => return None,
        })
    }
}

/// Returns the position of the middle of a cell, 0..=1 over `count` cells.
fn middle(at: u16, count: u16) -> f64 {
    (f64::from(at) + 0.5) / f64::from(count.max(1))
}

/// Returns the position of a column on a track, 0..=1.
fn place(track: Rect, x: u16) -> f64 {
    let offset = x.saturating_sub(track.x).min(track.width.saturating_sub(1));
    f64::from(offset) / f64::from(track.width.max(2) - 1)
}
