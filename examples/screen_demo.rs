//! A screen with nothing behind it, to drive the terminal layer by hand and from tests.
//!
//! Arrows change the two values, `q` leaves, `e` leaves with code 1, `z` suspends, `y` copies, `Y` copies too much,
//! `m` turns the mouse on and off, `c` shows a text cursor, `r` repaints, `s` starts and stops ticking. `p`, `t`, `d` and
//! `k` panic: on a key, in a thread, while drawing and in a tick.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Style};
use whichbox::ui::terminal::{Effect, Event, Handled, Options, Screen, TerminalKind, run, terminal_kind};

const COLOURS: [Color; 3] = [Color::Rgb(118, 185, 0), Color::Rgb(230, 159, 0), Color::Rgb(86, 180, 233)];
const HEADER: Color = Color::Rgb(150, 150, 150);

#[derive(Default)]
struct Demo {
    across: i32,
    down: i32,
    ticks: Option<u32>,
    mouse: bool,
    caret: bool,
    note: String,
    panic: Option<Panic>,
}

#[derive(Clone, Copy, PartialEq)]
enum Panic {
    Drawing,
    Tick,
}

impl Demo {
    fn key(&mut self, code: KeyCode) -> Handled {
        match code {
            KeyCode::Right => self.across += 1,
            KeyCode::Left => self.across -= 1,
            KeyCode::Down => self.down += 1,
            KeyCode::Up => self.down -= 1,
            KeyCode::Char('q') => return Effect::Quit(0).into(),
            KeyCode::Char('e') => return Effect::Quit(1).into(),
            KeyCode::Char('z') => return Effect::Suspend.into(),
            KeyCode::Char('r') => return Effect::Repaint.into(),
            KeyCode::Char('y') => return Effect::Copy(format!("{} {}", self.across, self.down)).into(),
            KeyCode::Char('Y') => return Effect::Copy("x".repeat(100_000)).into(),
            KeyCode::Char('m') => {
                self.mouse = !self.mouse;
                return Effect::SetMouse(self.mouse).into();
            }
            KeyCode::Char('c') => self.caret = !self.caret,
            KeyCode::Char('s') => self.ticks = if self.ticks.is_some() { None } else { Some(0) },
            KeyCode::Char('p') => panic!("a key went \u{1b}[31mwrong"),
            KeyCode::Char('t') => drop(std::thread::spawn(|| panic!("a thread went wrong"))),
            KeyCode::Char('d') => self.panic = Some(Panic::Drawing),
            KeyCode::Char('k') => (self.panic, self.ticks) = (Some(Panic::Tick), Some(0)),
            _ => return Handled::NOTHING,
        }
        Handled::REDRAW
    }

    /// Three panels of a bar and twenty rows of numbers, all of which follow the two values.
    fn panel(&self, index: u16, buffer: &mut Buffer, area: Rect) {
        let left = area.x + index * area.width / 3;
        let width = usize::from(area.width / 3).saturating_sub(1);
        let colour = COLOURS[usize::from(index)];
        let speed = 400.0 / (f64::from(self.across.abs()) + 10.0) * f64::from(index + 1);
        let filled = (speed * 2.0) as usize % (width + 1);
        buffer.set_stringn(left, area.y, format!("machine {index}"), width, Style::new().fg(HEADER));
        if area.height > 1 {
            buffer.set_stringn(left, area.y + 1, "█".repeat(filled), width, Style::new().fg(colour));
        }
        for row in 2..area.height.min(22) {
            let value = speed * f64::from(row) + f64::from(self.down);
            buffer.set_stringn(left, area.y + row, format!("row {row:>2}"), width, Style::new().fg(HEADER));
            let number = format!("{value:>9.2} tok/s");
            buffer.set_stringn(left + 7, area.y + row, number, width.saturating_sub(7), Style::new().fg(colour));
        }
    }
}

impl Screen for Demo {
    fn handle(&mut self, event: Event) -> Handled {
        match event {
            Event::Key(key) if !key.modifiers.contains(KeyModifiers::CONTROL) => return self.key(key.code),
            Event::Note(text) => self.note = text,
            Event::Paste(text) => self.note = format!("pasted {} bytes", text.len()),
            Event::Tick if self.panic == Some(Panic::Tick) => panic!("a tick went wrong"),
            Event::Tick => self.ticks = self.ticks.map(|ticks| ticks + 1),
            Event::Mouse(mouse) if matches!(mouse.kind, ratatui::crossterm::event::MouseEventKind::Down(_)) => {
                self.note = format!("clicked {},{}", mouse.column, mouse.row);
            }
            _ => return Handled::NOTHING,
        }
        Handled::REDRAW
    }

    fn draw(&mut self, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        assert!(self.panic != Some(Panic::Drawing), "drawing went wrong");
        let state =
            format!("[{} {}] {}x{} {:?} {}", self.across, self.down, area.width, area.height, self.ticks, self.note);
        buffer.set_stringn(area.x, area.y, state, usize::from(area.width), Style::new().bold());
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        for index in 0..3 {
            if body.height > 0 {
                self.panel(index, buffer, body);
            }
        }
        self.caret.then_some(Position::new(1, 0))
    }

    fn tick_every(&self) -> Option<Duration> {
        self.ticks.map(|_| Duration::from_millis(50))
    }

    fn close(&mut self) {
        let _ = writeln!(std::io::stdout(), "closed at {} {}", self.across, self.down);
    }
}

fn main() -> ExitCode {
    if terminal_kind() == TerminalKind::Dumb {
        let _ = writeln!(std::io::stdout(), "the plain report");
        return ExitCode::SUCCESS;
    }
    let options = Options { panic_hint: Some("the hint".to_owned()), ..Options::default() };
    match run(&mut Demo { mouse: true, ..Demo::default() }, &options) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "whichbox: {error}");
            ExitCode::from(2)
        }
    }
}
