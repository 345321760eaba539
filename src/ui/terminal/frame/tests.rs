//! What a terminal shows after the bytes is what was drawn.

use proptest::prelude::*;
use ratatui::style::{Color, Modifier, Style};

use super::*;

const COLUMNS: u16 = 12;
const ROWS: u16 = 4;

/// A frame and a terminal that has seen all its bytes.
struct Watched {
    frame: Frame,
    terminal: vt100::Parser,
    bytes: String,
}

impl Watched {
    fn new() -> Self {
        let frame = Frame::new(Size::new(COLUMNS, ROWS));
        Self { frame, terminal: vt100::Parser::new(ROWS, COLUMNS, 0), bytes: String::new() }
    }

    fn show(&mut self, draw: impl FnOnce(&mut Buffer), caret: Option<Position>) -> &str {
        draw(self.frame.blank());
        let bytes = self.frame.finish(caret, &[]);
        self.terminal.process(bytes);
        self.bytes = String::from_utf8_lossy(bytes).replace('\x1b', "E");
        &self.bytes
    }
}

/// One styled character somewhere.
#[derive(Clone, Debug)]
struct Mark {
    at: (u16, u16),
    text: &'static str,
    style: Style,
}

fn marks() -> impl Strategy<Value = Vec<Mark>> {
    let colour =
        prop::sample::select(vec![Color::Reset, Color::Red, Color::White, Color::Indexed(99), Color::Rgb(1, 2, 3)]);
    // Not bold and dim at once: the terminal of this test takes the two for one setting.
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
            // Only this way can a control character, or a wide one in the last column, get into a cell at all.
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

/// Whether the terminal's cell looks like the drawn one.
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
            watched.show(|buffer| draw(&picture, buffer), None);
            let shown = &watched.frame.next;
            for (index, drawn) in shown.content.iter().enumerate() {
                let (x, y) = shown.pos_of(index);
                let Some(seen) = watched.terminal.screen().cell(y, x) else { panic!("no cell at {x},{y}") };
                prop_assert_eq!(seen.is_wide_continuation(), drawn.symbol() == COVERED);
                if drawn.symbol() != COVERED {
                    assert_alike(drawn, seen);
                }
                prop_assert!(!drawn.symbol().chars().any(is_hostile));
            }
        }
    }
}

#[test]
fn an_equal_picture_writes_nothing() {
    let mut watched = Watched::new();
    let text = |buffer: &mut Buffer| buffer.set_string(0, 1, "界 42 tok/s", Style::new().red());
    assert!(!watched.show(text, None).is_empty());
    assert_eq!(watched.show(text, None), "");
    // A character of more bytes than are kept as they are.
    let marked = |marks: &str| format!("e\u{301}\u{302}\u{303}\u{304}{marks}");
    let show = |watched: &mut Watched, text: &str| {
        watched.show(|buffer| buffer.set_string(0, 1, text, Style::new()), None).to_owned()
    };
    assert!(!show(&mut watched, &marked("")).is_empty());
    assert_eq!(show(&mut watched, &marked("")), "");
    assert!(show(&mut watched, &marked("\u{305}")).contains(&marked("\u{305}")));
    watched.show(text, Some(Position::new(3, 1)));
    assert_eq!(watched.show(text, Some(Position::new(3, 1))), "");
}

#[test]
fn a_changed_number_costs_little_more_than_its_digits() {
    let mut watched = Watched::new();
    let mut number = |text: &str| {
        let style = Style::new().fg(Color::Rgb(230, 159, 0));
        watched.show(|buffer| buffer.set_string(2, 1, text, style), None).to_owned()
    };
    assert_eq!(number("1,234"), "E[?2026hE[mE[2JE[2;3HE[38;2;230;159;0m1,234E[?2026l");
    // The style is still set, the unchanged comma and digit are cheaper than a jump.
    assert_eq!(number("2,235"), "E[?2026hE[3G2,235E[?2026l");
    assert_eq!(number("2,236"), "E[?2026hE[7G6E[?2026l");
    // Blanks need no foreground and no reset.
    assert_eq!(number("2"), "E[?2026hE[4G    E[?2026l");
}

#[test]
fn the_caret_shows_where_it_should_and_nowhere_else() {
    let mut watched = Watched::new();
    assert!(watched.show(|_| (), Some(Position::new(5, 2))).ends_with("E[3;6HE[?25hE[?2026l"));
    assert_eq!(watched.terminal.screen().cursor_position(), (2, 5));
    assert_eq!(watched.show(|_| (), Some(Position::new(7, 2))), "E[?2026hE[2CE[?2026l");
    assert_eq!(watched.show(|_| (), None), "E[?2026hE[?25lE[?2026l");
    assert_eq!(watched.show(|_| (), Some(Position::new(COLUMNS, 0))), "");
}

#[test]
fn links_are_opened_around_their_cells_and_closed() {
    let mut frame = Frame::new(Size::new(COLUMNS, ROWS));
    let link = |x, width, url: &str| Link { area: Rect::new(x, 0, width, 1), url: url.to_owned() };
    let mut show = |links: &[Link]| {
        frame.blank().set_string(0, 0, "read me now", Style::new());
        String::from_utf8_lossy(frame.finish(None, links)).replace('\x1b', "E")
    };
    let first = show(&[link(5, 2, "https://example.org/a")]);
    assert!(first.contains("E]8;;https://example.org/aE\\me"), "{first}");
    assert!(first.contains("E]8;;E\\now"), "{first}");
    assert_eq!(show(&[link(5, 2, "https://example.org/a")]), "", "nothing changed");
    let moved = show(&[link(0, 4, "http://example.org/b")]);
    assert!(moved.contains("E]8;;http://example.org/bE\\read"), "{moved}");
    assert!(moved.contains("E]8;;E\\me"), "the old link is taken away: {moved}");
    let none = show(&[]);
    assert!(none.contains("read") && !none.contains("http"), "{none}");
    for hostile in ["javascript:alert(1)", "https://a\x1b\\x", "https://a b", "file:///etc/passwd", "https://ü"] {
        assert!(!show(&[link(0, 4, hostile)]).contains("]8;"), "{hostile:?}");
    }
}
