//! Bytes in, events out, whatever the borders of the reads.

use proptest::prelude::*;
use ratatui::crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent};

use super::*;

fn events(bytes: &[u8]) -> Vec<Event> {
    let mut decoder = Decoder::default();
    decoder.feed(bytes);
    decoder.at_rest();
    decoder.take()
}

fn key(code: KeyCode, held: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, held))
}

fn typed(text: &str) -> Vec<Event> {
    text.chars().map(|c| key(KeyCode::Char(c), KeyModifiers::NONE)).collect()
}

#[test]
fn keys_of_all_three_dialects() {
    const NONE: KeyModifiers = KeyModifiers::NONE;
    const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
    const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
    const ALT: KeyModifiers = KeyModifiers::ALT;
    let table: [(&[u8], KeyCode, KeyModifiers); 36] = [
        (b"a", KeyCode::Char('a'), NONE),
        (b"A", KeyCode::Char('A'), SHIFT),
        ("é".as_bytes(), KeyCode::Char('é'), NONE),
        ("😀".as_bytes(), KeyCode::Char('😀'), NONE),
        (b"\r", KeyCode::Enter, NONE),
        (b"\t", KeyCode::Tab, NONE),
        (b"\x7f", KeyCode::Backspace, NONE),
        (b"\x03", KeyCode::Char('c'), CONTROL),
        (b"\x12", KeyCode::Char('r'), CONTROL),
        (b"\x00", KeyCode::Char(' '), CONTROL),
        (b"\x1b", KeyCode::Esc, NONE),
        (b"\x1bx", KeyCode::Char('x'), ALT),
        (b"\x1bO", KeyCode::Char('O'), ALT.union(SHIFT)),
        (b"\x1b]", KeyCode::Char(']'), ALT),
        (b"\x1b\r", KeyCode::Enter, ALT),
        (b"\x1b[A", KeyCode::Up, NONE),
        (b"\x1bOB", KeyCode::Down, NONE),
        (b"\x1b[1;2C", KeyCode::Right, SHIFT),
        (b"\x1b[1;5D", KeyCode::Left, CONTROL),
        (b"\x1b[1;7D", KeyCode::Left, CONTROL.union(ALT)),
        (b"\x1b[1;69D", KeyCode::Left, CONTROL),
        (b"\x1b[Z", KeyCode::BackTab, SHIFT),
        (b"\x1b[H", KeyCode::Home, NONE),
        (b"\x1b[4~", KeyCode::End, NONE),
        (b"\x1b[5~", KeyCode::PageUp, NONE),
        (b"\x1b[3;5~", KeyCode::Delete, CONTROL),
        (b"\x1bOP", KeyCode::F(1), NONE),
        (b"\x1b[[B", KeyCode::F(2), NONE),
        (b"\x1b[15~", KeyCode::F(5), NONE),
        (b"\x1b[24;2~", KeyCode::F(12), SHIFT),
        (b"\x1b[99;5u", KeyCode::Char('c'), CONTROL),
        (b"\x1b[27u", KeyCode::Esc, NONE),
        (b"\x1b[9;2u", KeyCode::BackTab, SHIFT),
        (b"\x1b[97;6u", KeyCode::Char('A'), CONTROL.union(SHIFT)),
        (b"\x1b[57404u", KeyCode::Char('5'), NONE),
        (b"\x1b[57419;1:2u", KeyCode::Up, NONE),
    ];
    for (bytes, code, held) in table {
        assert_eq!(events(bytes), [key(code, held)], "{}", bytes.escape_ascii());
    }
}

#[test]
fn releases_answers_and_noise_are_no_events() {
    let nothing: [&[u8]; 16] = [
        b"\x1b[97;1:3u",
        b"\x1b[1;1R",
        b"\x1b[?62;22c",
        b"\x1b[999;999;999~",
        b"\x1b[97;;;\x1b[201~",
        b"\x1b[-1;5u",
        b"\x1b[<0;99999;99999M",
        b"\x1b[<0;0;0M",
        b"\x1b[<128;1;1M",
        b"\x1b[M\xff\xff\xff",
        b"\x1b]10;rgb:0000/0000/0000\x1b\\",
        b"\x1b]0;title\x07",
        b"\x1bP1$r0m\x1b\\",
        b"\xff\xc3\xc0\x80",
        "\u{9b}\u{85}".as_bytes(),
        b"\x1b[99999999999999999999u",
    ];
    for bytes in nothing {
        assert_eq!(events(bytes), [], "{}", bytes.escape_ascii());
        assert_eq!(events(&[bytes, b"k"].concat()), typed("k"), "{} and a key", bytes.escape_ascii());
    }
}

#[test]
fn a_broken_off_sequence_does_not_take_the_next_with_it() {
    assert_eq!(events(b"\x1b[12\x1b[A"), [key(KeyCode::Up, KeyModifiers::NONE)]);
    assert_eq!(events(b"\x1b]0;never ended\x1b[A"), [key(KeyCode::Up, KeyModifiers::NONE)]);
    assert_eq!(events(b"\xe2\x82a"), typed("a"));
    assert_eq!(events(b"\x1b[12\x03"), [key(KeyCode::Char('c'), KeyModifiers::CONTROL)]);
}

#[test]
fn what_was_left_unfinished_is_forgotten_after_a_pause() {
    let mut decoder = Decoder::default();
    for open in [&b"\x1b["[..], b"\x1b[1;", b"\xf0\x9f", b"\x1b]0;title", b"\x1b[M!"] {
        decoder.feed(open);
        decoder.at_rest();
        decoder.after_pause(SEQUENCE_PAUSE);
        decoder.feed(b"j");
        assert_eq!(decoder.take(), typed("j"), "{}", open.escape_ascii());
    }
    decoder.feed(b"\x1b[200~text");
    decoder.after_pause(SEQUENCE_PAUSE);
    decoder.feed(b"\x1b[");
    decoder.after_pause(PASTE_PAUSE);
    decoder.feed(b"j");
    assert_eq!(decoder.take(), [vec![Event::Paste("text\x1b[".into())], typed("j")].concat());
}

#[test]
fn pastes_are_one_event_of_bounded_size() {
    assert_eq!(
        events(b"a\x1b[200~q\x1b[A\xff\n\x1b[201~b"),
        [typed("a"), vec![Event::Paste("q\x1b[A\u{FFFD}\n".into())], typed("b")].concat()
    );
    let huge = [b"\x1b[200~".as_slice(), &vec![b'x'; 3 * MOST_PASTED], b"\x1b[201~"].concat();
    let mut decoder = Decoder::default();
    for part in huge.chunks(4096) {
        decoder.feed(part);
    }
    assert_eq!(decoder.take(), [Event::Paste("x".repeat(MOST_PASTED))]);
}

#[test]
fn drags_are_thinned_out_and_steps_are_not() {
    let at = |kind, column| Event::Mouse(MouseEvent { kind, column, row: 4, modifiers: KeyModifiers::NONE });
    let left = MouseButton::Left;
    assert_eq!(
        events(b"\x1b[<0;3;5M\x1b[<32;4;5M\x1b[<32;5;5M\x1b[<32;9;5M\x1b[<0;9;5m\x1b[<64;9;5M\x1b[<64;9;5M"),
        [
            at(MouseEventKind::Down(left), 2),
            at(MouseEventKind::Drag(left), 8),
            at(MouseEventKind::Up(left), 8),
            at(MouseEventKind::ScrollUp, 8),
            at(MouseEventKind::ScrollUp, 8),
        ]
    );
    assert_eq!(
        events(b"\x1b[<20;1;1M\x1b[I\x1b[O"),
        [
            Event::Mouse(MouseEvent {
                kind: MouseEventKind::Down(left),
                column: 0,
                row: 0,
                modifiers: KeyModifiers::SHIFT | KeyModifiers::CONTROL
            }),
            Event::Focus(true),
            Event::Focus(false)
        ]
    );
}

/// Bytes that often are, or nearly are, sequences.
fn input() -> impl Strategy<Value = Vec<u8>> {
    let pieces: [&[u8]; 14] = [
        b"\x1b",
        b"\x1b[",
        b"\x1b]",
        b"\x1bP",
        b"\x1bO",
        b"\x1b[200~",
        b"\x1b[201~",
        b"1;",
        b"<0;5;5M",
        b"~",
        b"A",
        b"u",
        b"\xe2\x82\xac",
        b"\\",
    ];
    let piece = prop_oneof![
        3 => prop::sample::select(pieces.to_vec()).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn borders_between_reads_do_not_matter(bytes in input(), size in 1_usize..9) {
        let (mut whole, mut parts) = (Decoder::default(), Decoder::default());
        whole.feed(&bytes);
        for part in bytes.chunks(size) {
            parts.feed(part);
        }
        prop_assert_eq!(whole.take(), parts.take());
    }

    #[test]
    fn after_any_noise_and_a_pause_a_key_is_answered(bytes in input()) {
        let mut decoder = Decoder::default();
        decoder.feed(&bytes);
        decoder.at_rest();
        decoder.after_pause(PASTE_PAUSE);
        decoder.take();
        decoder.feed(b"\x1b[B");
        prop_assert_eq!(decoder.take(), [key(KeyCode::Down, KeyModifiers::NONE)]);
    }
}

#[test]
fn the_background_is_told_and_nothing_of_it_is_a_key() {
    use crate::ui::terminal::Background::{Dark, Light};
    let found = |pieces: &[&str]| {
        let mut decoder = Decoder::default();
        for piece in pieces {
            decoder.feed(piece.as_bytes());
        }
        decoder.at_rest();
        decoder.take()
    };
    for (answer, background) in [
        ("\x1b]11;rgb:ffff/ffff/ffff\x1b\\", Light),
        ("\x1b]11;rgb:11/14/18\x07", Dark),
        ("\x1b]11;rgba:f/f/e/8\x07", Light),
        ("\x1b]11;rgb:0000/2b2b/3636\x1b\\", Dark),
    ] {
        assert_eq!(found(&[answer]), [Event::Background(background)], "{answer:?}");
        for at in 1..answer.len() {
            let (first, rest) = answer.split_at(at);
            // A lone Esc is a key only where nothing follows it.
            assert_eq!(found(&[first, rest]), [Event::Background(background)], "{answer:?} cut at {at}");
        }
    }
    for answer in [
        "\x1b]11;rgb:\x07",
        "\x1b]11;rgb:zz/00/00\x07",
        "\x1b]11;rgb:fffff/0/0\x07",
        "\x1b]11;red\x07",
        "\x1b]10;rgb:0/0/0\x07",
    ] {
        assert_eq!(found(&[answer]), [], "{answer:?}");
    }
}

#[test]
fn a_late_answer_in_pieces_is_no_key() {
    use crate::ui::terminal::Background::Light;
    let answer = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\";
    for at in 3..answer.len() {
        let mut decoder = Decoder::default();
        let (first, rest) = answer.split_at(at);
        for piece in [first, rest] {
            decoder.after_pause(SEQUENCE_PAUSE);
            decoder.feed(piece.as_bytes());
            decoder.at_rest();
        }
        assert_eq!(decoder.take(), [Event::Background(Light)], "cut at {at}");
    }
    let mut decoder = Decoder::default();
    decoder.feed(b"\x1b]11;rgb:ffff/ff");
    decoder.after_pause(ANSWER_PAUSE);
    decoder.feed(b"j");
    assert_eq!(decoder.take(), typed("j"), "an answer that never ends does not lock the keyboard");
}

#[test]
fn an_answer_cut_after_its_esc_is_told_from_a_key_that_follows_esc() {
    use crate::ui::terminal::Background::Dark;
    for (first, rest) in [("\x1b", "]11;rgb:0/0/0\x07"), ("\x1b]", "11;rgb:0/0/0\x07")] {
        let mut decoder = Decoder::default();
        decoder.await_background();
        decoder.feed(first.as_bytes());
        assert!(decoder.may_be_answer());
        decoder.at_rest();
        assert_eq!(decoder.take().len(), 1, "a key does not wait for ever");
        decoder.after_pause(PASTE_PAUSE);
        decoder.feed(rest.as_bytes());
        decoder.at_rest();
        assert_eq!(decoder.take(), [Event::Background(Dark)]);
        decoder.feed(b"\x1b");
        assert!(!decoder.may_be_answer(), "it is known now");
    }
    let mut decoder = Decoder::default();
    decoder.await_background();
    decoder.feed(b"\x1b");
    decoder.at_rest();
    decoder.feed(b"]1");
    assert_eq!(decoder.take(), [vec![key(KeyCode::Esc, KeyModifiers::NONE)], typed("]1")].concat());
}

#[test]
fn an_overlong_answer_is_dropped_to_its_end() {
    let long = [b"\x1b]11;rgb:".as_slice(), &vec![b'f'; 20_000]].concat();
    for end in [&b"\x07"[..], b"\x1b\\"] {
        for size in [1, 7, 4096, 30_000] {
            let mut decoder = Decoder::default();
            for part in [&long, end, b"j"].concat().chunks(size) {
                decoder.feed(part);
            }
            assert_eq!(decoder.take(), typed("j"), "{} in pieces of {size}", end.escape_ascii());
        }
    }
    let mut decoder = Decoder::default();
    decoder.feed(&long);
    decoder.after_pause(ANSWER_PAUSE);
    decoder.feed(b"j");
    assert_eq!(decoder.take(), typed("j"));
}
