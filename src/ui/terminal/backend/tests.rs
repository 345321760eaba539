//! Tests that a terminal shows what was drawn after it has read the bytes of each frame.

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::buffer::CellDiffOption;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::links::mark;
use super::super::screen::Link;
use super::*;

const COLUMNS: u16 = 12;
const ROWS: u16 = 4;

/// A backend, and a terminal that has read all its bytes.
struct Watched {
    terminal: Terminal<FrameBackend>,
    seen: vt100::Parser,
    shown: Buffer,
}

impl Watched {
    fn new() -> Self {
        let Ok(mut terminal) = Terminal::new(FrameBackend::new(Size::new(COLUMNS, ROWS), Colours::True));
        let Ok(()) = terminal.clear();
        Self { terminal, seen: vt100::Parser::new(ROWS, COLUMNS, 0), shown: Buffer::default() }
    }

    fn show(&mut self, draw: impl FnOnce(&mut Buffer), caret: Option<Position>, links: &[Link]) -> String {
        let buffer = self.terminal.current_buffer_mut();
        draw(buffer);
        clean(buffer);
        self.shown = buffer.clone();
        let changed = self.terminal.backend_mut().links().replace(links);
        mark(self.terminal.current_buffer_mut(), &changed, CellDiffOption::AlwaysUpdate);
        let Ok(()) = self.terminal.flush();
        mark(self.terminal.current_buffer_mut(), &changed, CellDiffOption::None);
        self.terminal.swap_buffers();
        self.terminal.backend_mut().set_caret(caret);
        let bytes = self.terminal.backend_mut().take_frame().unwrap_or_default();
        self.seen.process(&bytes);
        String::from_utf8_lossy(&bytes).replace('\x1b', "E")
    }
}

/// One styled text at a position.
#[derive(Clone, Debug)]
struct Mark {
    at: (u16, u16),
    text: &'static str,
    style: Style,
}

fn marks() -> impl Strategy<Value = Vec<Mark>> {
    let colour =
        prop::sample::select(vec![Color::Reset, Color::Red, Color::White, Color::Indexed(99), Color::Rgb(1, 2, 3)]);
    // Bold and dim are not combined, because the terminal of this test takes them for one setting.
    let attributes = prop::sample::select(vec![
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::DIM | Modifier::ITALIC,
        Modifier::UNDERLINED | Modifier::REVERSED,
    ]);
    let text = prop::sample::select(vec![
        " ",
        "7",
        "x",
        "█",
        "│",
        "e\u{301}",
        "e\u{301}\u{302}\u{303}\u{304}\u{305}",
        "界",
        "\u{7}\u{1b}",
        "\u{200b}",
        "\u{9b}",
        "\u{202e}",
        "a\u{2028}",
        "     ",
    ]);
    let mark =
        (0..COLUMNS, 0..ROWS, text, colour.clone(), colour, attributes).prop_map(|(x, y, text, fg, bg, attributes)| {
            Mark { at: (x, y), text, style: Style::reset().fg(fg).bg(bg).add_modifier(attributes) }
        });
    prop::collection::vec(mark, 0..30)
}

fn draw(marks: &[Mark], buffer: &mut Buffer) {
    for Mark { at, text, style } in marks {
        if text.len() > 1 && !text.starts_with(' ') {
            // `set_string` drops control characters, and wide characters in the last column, so these are set directly.
            buffer[*at].set_symbol(text).set_style(*style);
        } else {
            buffer.set_string(at.0, at.1, text, *style);
        }
    }
}

fn colour(color: Color) -> vt100::Color {
    match color {
        Color::Red => vt100::Color::Idx(1),
        Color::White => vt100::Color::Idx(15),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        _ => vt100::Color::Default,
    }
}

/// Asserts that a cell of the terminal looks like the drawn one.
fn assert_alike(drawn: &Cell, seen: &vt100::Cell) {
    let text = if seen.contents().is_empty() { " " } else { seen.contents() };
    assert_eq!(text, drawn.symbol());
    assert_eq!(seen.bgcolor(), colour(drawn.bg));
    let has = |modifier| drawn.modifier.contains(modifier);
    assert_eq!((seen.underline(), seen.inverse()), (has(Modifier::UNDERLINED), has(Modifier::REVERSED)));
    if drawn.symbol() != " " || drawn.modifier.intersects(SEEN_ON_BLANK) {
        assert_eq!(seen.fgcolor(), colour(drawn.fg));
        assert_eq!((seen.bold(), seen.italic()), (has(Modifier::BOLD), has(Modifier::ITALIC)));
        assert_eq!(seen.dim(), has(Modifier::DIM));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_terminal_shows_what_was_drawn(pictures in prop::collection::vec(marks(), 1..6)) {
        let mut watched = Watched::new();
        for picture in pictures {
            watched.show(|buffer| draw(&picture, buffer), None, &[]);
            let mut covered = 0;
            for (index, drawn) in watched.shown.content.iter().enumerate() {
                let (x, y) = watched.shown.pos_of(index);
                let seen = watched.seen.screen().cell(y, x).expect("a cell");
                prop_assert!(!drawn.symbol().chars().any(is_hostile));
                if covered > 0 {
                    covered -= 1;
                } else {
                    assert_alike(drawn, seen);
                    covered = drawn.symbol().cell_width().saturating_sub(1);
                }
            }
        }
    }
}

#[test]
fn an_equal_picture_writes_nothing() {
    let mut watched = Watched::new();
    let text = |buffer: &mut Buffer| {
        buffer.set_string(0, 1, "界 42 tok/s", Style::new().red());
    };
    assert!(!watched.show(text, None, &[]).is_empty());
    assert_eq!(watched.show(text, None, &[]), "");
    watched.show(text, Some(Position::new(3, 1)), &[]);
    assert_eq!(watched.show(text, Some(Position::new(3, 1)), &[]), "");
}

#[test]
fn a_changed_number_costs_little_more_than_its_digits() {
    let mut watched = Watched::new();
    let mut number = |text: &str| {
        let style = Style::new().fg(Color::Rgb(230, 159, 0));
        watched.show(|buffer| buffer.set_string(2, 1, text, style), None, &[])
    };
    assert_eq!(number("1,234"), "E[?2026hE[0mE[2JE[2;3HE[38;2;230;159;0m1,234E[?2026l");
    assert_eq!(number("2,236"), "E[?2026hE[3G2E[7G6E[?2026l");
    // Blank cells need no foreground and no reset.
    assert_eq!(number("2"), "E[?2026hE[4G    E[?2026l");
}

#[test]
fn the_caret_shows_where_it_should_and_nowhere_else() {
    let mut watched = Watched::new();
    assert!(watched.show(|_| (), Some(Position::new(5, 2)), &[]).ends_with("E[3;6HE[?25hE[?2026l"));
    assert_eq!(watched.seen.screen().cursor_position(), (2, 5));
    assert_eq!(watched.show(|_| (), Some(Position::new(7, 2)), &[]), "E[?2026hE[8GE[?2026l");
    assert_eq!(watched.show(|_| (), None, &[]), "E[?2026hE[?25lE[?2026l");
    assert_eq!(watched.show(|_| (), Some(Position::new(COLUMNS, 0)), &[]), "");
}

#[test]
fn links_are_opened_around_their_cells_and_closed() {
    let mut watched = Watched::new();
    let link = |x, width, url: &str| Link { area: Rect::new(x, 0, width, 1), url: url.to_owned() };
    let mut show =
        |links: &[Link]| watched.show(|buffer| buffer.set_string(0, 0, "read me now", Style::new()), None, links);
    let first = show(&[link(5, 2, "https://example.org/a")]);
    assert!(first.contains("E]8;;https://example.org/aE\\me"), "{first}");
    assert!(first.contains("E]8;;E\\"), "{first}");
    assert_eq!(show(&[link(5, 2, "https://example.org/a")]), "", "nothing changed");
    let moved = show(&[link(0, 4, "http://example.org/b")]);
    assert!(moved.contains("E]8;;http://example.org/bE\\read"), "{moved}");
    assert!(moved.contains("me"), "the old link is taken away: {moved}");
    let none = show(&[]);
    assert!(none.contains("read") && !none.contains("http"), "{none}");
    assert_eq!(show(&[]), "", "nothing changed");
    for hostile in ["javascript:alert(1)", "https://a\x1b\\x", "https://a b", "file:///etc/passwd", "https://ü"] {
        assert!(!show(&[link(0, 4, hostile)]).contains("]8;"), "{hostile:?}");
    }
}
