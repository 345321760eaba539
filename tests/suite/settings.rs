//! Tests of settings and keys in one file, and of the background colour that the terminal reports.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use whichbox::model::ron_file::FileError;
use whichbox::ui::input::{ACTIONS, Action, Context, Keymap};
use whichbox::ui::overlay::{Overlay, Page};
use whichbox::ui::settings::{GlyphChoice, Settings, commented};
use whichbox::ui::view::theme::THEMES;

use super::program::{run, run_in};
use super::screen::{self, Explorer};
use super::session::Session;

fn themes() -> Vec<&'static str> {
    THEMES.iter().map(|(name, _)| *name).collect()
}

#[test]
fn what_is_printed_loads_and_is_what_holds_without_it() {
    let text = run("keys --settings").out;
    assert_eq!(text, commented(&Keymap::default(), &themes()));
    let (settings, keymap) = Settings::from_str("printed", &text, &themes()).expect("right");
    assert_eq!(keymap, Keymap::default());
    assert_eq!(Settings { keys: BTreeMap::new(), ..settings.clone() }, Settings::default());
    assert_eq!(settings.keys.len(), ACTIONS.len(), "every action by an id of its own");
    assert!(ACTIONS.iter().all(|row| text.contains(row.help)), "each with what it does");
}

#[test]
fn keys_replace_those_of_an_action_everywhere_they_are_read() {
    let text = "Settings(theme: \"light\", keys: {\"undo\": [\"C-t\"], \"models\": []})";
    let (settings, keymap) = Settings::from_str("mine", text, &themes()).expect("right");
    assert_eq!(settings.theme.as_deref(), Some("light"));
    assert_eq!(keymap.first_key(Action::Undo, Context::Explore), "C-t");
    assert_eq!(keymap.action_for("u".parse().expect("a chord"), Context::Explore), None);
    assert_eq!(keymap.first_key(Action::Models, Context::Explore), "");
}

#[test]
fn what_is_wrong_has_its_place() {
    for (text, place, part) in [
        ("Settings(\n  keys: {\"udno\": [\"z\"]})", (2, 10), "did you mean \"undo\"?"),
        ("Settings(\n  keys: {\"undo\": [\"C-\"]})", (2, 19), "C-"),
        ("Settings(\n  keys: {\"undo\": [\"z\"]})", (2, 19), "\"zoom\""),
        // The same key in a comment or in another action is not the place of the fault.
        ("Settings(keys: {\"close\": [\"q\"],\n // \"q\"\n\"undo\": [\"v\", \"q\"]})", (3, 15), "\"quit\""),
        ("Settings(keys: {\"undo\": [\"C-c\"], \"quit\": [\"q\"]})", (1, 26), "C-c always quits"),
        ("Settings(keys: {\"undo\": [\"S-a\"]})", (1, 26), "write A"),
        ("Settings(keys: {\"undo\": [\"v\"],\n\"undo\": [\"b\"]})", (2, 1), "a second time"),
        ("Settings(\n  theme: \"drak\")", (2, 10), "did you mean \"dark\"?"),
        ("Settings(\n  moues: false)", (2, 3), "mouse"),
        ("\u{feff}Settings(\r\n  glyphs: Asci)", (2, 11), "Ascii"),
    ] {
        let error = Settings::from_str("mine", text, &themes()).expect_err(text);
        let found = error.place().map(|place| (place.line, place.column));
        assert_eq!(found, Some(place), "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn what_is_wrong_is_left_aside_and_the_rest_holds() {
    let text = "Settings(\n  theme: \"light\", moues: false,\n  mouse: 3,\n  glyphs: Asci,\n  motion: false,\n  keys: {\n    \
                \"undo\": [\"v\"], \"zoom\": \"y\",\n    \"udno\": [\"z\"],\n    \"redo\": [\"q\"],\n    \"help\": [\"C-\"] },\n)";
    let held = Settings::what_holds("mine", text, &themes());
    let lines: Vec<usize> = held.faults.iter().filter_map(FileError::place).map(|place| place.line).collect();
    let mut sorted = lines.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [2, 3, 4, 7, 8, 9, 10], "{:?}", held.faults);
    assert_eq!(held.settings.theme.as_deref(), Some("light"));
    assert_eq!((held.settings.glyphs, held.settings.mouse, held.settings.motion), (GlyphChoice::Auto, true, false));
    assert_eq!(held.keymap.first_key(Action::Undo, Context::Explore), "v");
    assert_eq!(held.keymap.first_key(Action::Redo, Context::Explore), "C-r", "the default for what is bad");
    let complaint = held.complaint().expect("a complaint");
    assert!(complaint.contains("and 6 more"), "{complaint}");
}

#[test]
fn a_file_of_noise_ends_at_the_defaults() {
    let many = (0..200).map(|at| format!("\"no-{at}\": [\"v\"]")).collect::<Vec<_>>().join(", ");
    for text in
        ["", "Settings(", "Settings(keys: {\"undo\": [\"v\"", "]]]", "(\"", &format!("Settings(keys: {{{many}}})")]
    {
        let held = Settings::what_holds("mine", text, &themes());
        assert_eq!((held.settings, held.keymap), (Settings::default(), Keymap::default()), "{text}");
        assert!((1..=20).contains(&held.faults.len()), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_file_says_there_are_settings(at in 0_usize..9000, cut in 0_usize..40, with in "[\\[\\](){}\",:/*#ruC\\\\é-]{0,6}") {
        let whole = commented(&Keymap::default(), &themes());
        let (from, to) = (whole.floor_char_boundary(at), whole.floor_char_boundary(at + cut));
        let text = format!("{}{with}{}", &whole[..from], &whole[to..]);
        let held = Settings::what_holds("mine", &text, &themes());
        prop_assert_eq!(held.faults.is_empty(), held.complaint().is_none());
        prop_assert_eq!(held.keymap.rows().len(), ACTIONS.len());
    }
}

#[test]
fn two_keys_may_swap() {
    let text = "Settings(keys: {\"undo\": [\"z\"], \"zoom\": [\"u\"]})";
    let (_, keymap) = Settings::from_str("mine", text, &themes()).expect("no conflict");
    assert_eq!(keymap.action_for("z".parse().expect("a chord"), Context::Explore), Some(Action::Undo));
}

#[test]
fn check_tells_settings_from_other_files() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("settings.ron"), run("keys --settings").out).expect("written");
    let right = run_in(directory.path(), &["check", "settings.ron"]);
    assert!(right.code == 0 && right.out.contains("settings"), "{right:?}");
    std::fs::write(directory.path().join("settings.ron"), "Settings(keys: {\"undo\": [\"q\"]})").expect("written");
    let wrong = run_in(directory.path(), &["check", "settings.ron"]);
    assert!(wrong.code == 2 && wrong.err.contains("settings.ron:1:26:"), "{wrong:?}");
    std::fs::write(directory.path().join("settings.ron"), "Settings(mouse: 3,\nkeys: {\"undo\": [\"q\"]})")
        .expect("written");
    let both = run_in(directory.path(), &["check", "settings.ron"]);
    let places = ["settings.ron:1:", "settings.ron:2:17:"];
    assert!(both.code == 2 && places.iter().all(|place| both.err.contains(place)), "{both:?}");
}

#[test]
fn sources_are_links_in_a_terminal_and_not_on_a_console() {
    for (term, links) in [("xterm-256color", true), ("linux", false)] {
        let home = tempfile::tempdir().expect("a directory");
        // High enough for the list of sources below the figures.
        let mut session = Session::explorer(home.path(), &[], &[("TERM", term)], (160, 250));
        session.wait_for("? help");
        session.send("8");
        session.wait_for("http");
        session.settle();
        session.look(|seen| {
            let text = String::from_utf8_lossy(&seen.bytes);
            let opened = text.matches("\x1b]8;;http").count();
            let closed = text.matches("\x1b]8;;\x1b\\").count();
            assert_eq!(opened > 0, links, "{term}");
            assert!(closed > 0 || !links, "closed again");
            let asked = text.contains("\x1b]11;?");
            assert_eq!(asked, links, "{term} is asked for its background");
            // No link is open at the end of a frame.
            for frame in text.split("\x1b[?2026l") {
                let last = frame.rsplit("\x1b]8;;").next().filter(|_| frame.contains("\x1b]8;;"));
                assert!(last.is_none_or(|last| last.starts_with("\x1b\\")), "{frame:?}");
            }
        });
        session.send("q");
        assert_eq!(session.exit_code(), 0);
    }
}

fn with_settings(home: &Path, text: &str, variables: &[(&str, &str)]) -> Session {
    let path = home.join("mine.ron");
    std::fs::write(&path, text).expect("written");
    let path = path.to_str().expect("a name").to_owned();
    let mut all = vec![("WHICHBOX_CONFIG", path.as_str()), ("COLORTERM", "truecolor")];
    all.extend(variables);
    Session::explorer(home, &[], &all, (100, 30))
}

#[test]
fn a_bad_file_is_told_and_locks_nobody_out() {
    let home = tempfile::tempdir().expect("a directory");
    let text = "Settings(keys: {\"quit\": [\"u\"], \"help\": [\"v\"]})";
    let mut session = with_settings(home.path(), text, &[]);
    session.wait_for("settings left aside: 1:26:");
    session.wait_for("v help");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn ctrl_c_leaves_without_any_key_that_quits() {
    let home = tempfile::tempdir().expect("a directory");
    let mut session =
        with_settings(home.path(), "Settings(keys: {\"quit\": [], \"quit-here\": [], \"help\": [\"v\"]})", &[]);
    session.wait_for("v help");
    session.send("q\x11");
    session.settle();
    session.send("\x03");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn ctrl_z_is_a_key_like_another_where_it_is_given_away() {
    let home = tempfile::tempdir().expect("a directory");
    let text = "Settings(keys: {\"suspend\": [], \"undo\": [\"u\", \"C-z\"], \"help\": [\"v\"]})";
    let mut session = with_settings(home.path(), text, &[]);
    session.wait_for("v help");
    session.send("\x1b[C");
    session.wait_for("(changed)");
    session.send("\x1a");
    session.wait_until("undone", |seen| !seen.terminal.screen().contents().contains("(changed)"));
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn own_keys_and_looks_are_in_force() {
    let home = tempfile::tempdir().expect("a directory");
    let text = "Settings(theme: \"light\", glyphs: Ascii, mouse: false, keys: {\"help\": [\"e\"], \"what-if\": [\"v\"], \"quit\": [\"x\"], \"swap\": []})";
    let mut session = with_settings(home.path(), text, &[]);
    session.wait_for("e help");
    session.look(|seen| {
        assert!(!String::from_utf8_lossy(&seen.bytes).contains("\x1b[?1002h"), "the mouse is left alone");
        assert!(seen.terminal.screen().contents().is_ascii(), "seven bits");
        assert!(!String::from_utf8_lossy(&seen.bytes).contains("\x1b]11;?"), "a chosen theme asks nothing");
    });
    session.send("x");
    assert_eq!(session.exit_code(), 0);
}

/// Returns true for a light colour.
fn is_light(colour: vt100::Color) -> bool {
    matches!(colour, vt100::Color::Rgb(128.., 128.., 128..))
}

#[test]
fn the_background_that_the_terminal_tells_wins_over_the_guess_and_not_over_a_choice() {
    for (theme, follows) in [("", true), ("dark", false)] {
        let home = tempfile::tempdir().expect("a directory");
        let variables = [("COLORFGBG", "15;0"), ("WHICHBOX_THEME", theme)];
        let used = if follows { &variables[..1] } else { &variables[..] };
        let mut session = with_settings(home.path(), "Settings(keys: {\"help\": [\"v\"]})", used);
        let ground = |seen: &super::session::Seen| seen.terminal.screen().cell(0, 0).map(vt100::Cell::bgcolor);
        if follows {
            session.wait_until("the question", |seen| String::from_utf8_lossy(&seen.bytes).contains("\x1b]11;?"));
            // The reply comes at once, or late as from a busy machine.
            session.send("\x1b]11;rgb:ffff/ffff/ffff\x07\x1b[?62c");
            session.wait_for("v help");
            session.wait_until("a light ground", |seen| ground(seen).is_some_and(is_light));
        } else {
            session.wait_for("v help");
            let mut before = None;
            session.look(|seen| before = ground(seen));
            session.settle();
            session.look(|seen| {
                assert_eq!(ground(seen), before);
                assert!(!String::from_utf8_lossy(&seen.bytes).contains("\x1b]11;?"), "not asked");
            });
        }
        session.send("q");
        assert_eq!(session.exit_code(), 0);
    }
}

#[test]
fn a_terminal_gets_the_colours_that_it_says_it_has() {
    let home = tempfile::tempdir().expect("a directory");
    // GNU screen passes on COLORTERM of the outer terminal; Apple's Terminal sets none.
    for (term, colorterm, full, indexed) in [
        ("xterm-256color", "truecolor", true, false),
        ("xterm-256color", "", false, true),
        ("screen-256color", "truecolor", false, true),
        ("xterm", "", false, false),
    ] {
        let variables = [("TERM", term), ("COLORTERM", colorterm), ("WHICHBOX_THEME", "light")];
        let mut session = with_settings(home.path(), "Settings()", &variables);
        session.wait_for("? help");
        session.look(|seen| {
            let text = String::from_utf8_lossy(&seen.bytes);
            let high = (16..=255)
                .any(|index| text.contains(&format!("8;5;{index};")) || text.contains(&format!("8;5;{index}m")));
            assert_eq!((text.contains("8;2;"), high), (full, indexed), "{term} {colorterm}");
        });
        session.send("q");
        assert_eq!(session.exit_code(), 0);
    }
}

#[test]
fn a_late_answer_sets_the_theme_until_one_is_chosen() {
    for is_chosen in [false, true] {
        let home = tempfile::tempdir().expect("a directory");
        let mut session = with_settings(home.path(), "Settings()", &[]);
        session.wait_until("the question", |seen| String::from_utf8_lossy(&seen.bytes).contains("\x1b]11;?"));
        session.wait_for("? help");
        if is_chosen {
            session.send("T");
            session.wait_for("theme:");
        }
        let ground = |seen: &super::session::Seen| seen.terminal.screen().cell(0, 0).map(vt100::Cell::bgcolor);
        let mut before = None;
        session.look(|seen| before = ground(seen));
        // The reply comes in pieces, as on a slow connection; its rest must not be taken for keys that quit, zoom or
        // undo.
        session.send("\x1b");
        std::thread::sleep(Duration::from_millis(5));
        session.send("]11;rgb:ffff/ff");
        std::thread::sleep(Duration::from_millis(300));
        session.send("ff/ffff\x1b\\");
        if is_chosen {
            session.settle();
            session.look(|seen| assert_eq!(ground(seen), before, "a chosen theme stays"));
        } else {
            session.wait_until("a light ground", |seen| ground(seen) != before && ground(seen).is_some_and(is_light));
        }
        session.send("q");
        assert_eq!(session.exit_code(), 0);
    }
}

#[test]
fn texts_and_lists_show_the_keys_in_force() {
    let keys =
        "\"swap\": [\"C-t\"], \"compare\": [\"C-x\"], \"close\": [\"F2\"], \"undo\": [\"F3\"], \"erase\": [\"F4\"]";
    let (_, keymap) = Settings::from_str("mine", &format!("Settings(keys: {{{keys}}})"), &themes()).expect("right");
    let mut explorer = Explorer::built_in("default");
    explorer.state.keymap = keymap;
    explorer.press("C-x");
    let notice = explorer.state.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
    assert!(notice.contains("C-t swaps, C-x clears"), "{notice}");
    let shown = |explorer: &Explorer| screen::lines(&explorer.draw(120, 60).0).join("\n");
    explorer.press(":").type_in("swap");
    assert!(shown(&explorer).contains("C-t"), "the palette");
    explorer.press("Esc ?").type_in("undo");
    assert!(shown(&explorer).contains("F3"), "help");
    explorer.type_in("qqq");
    assert!(shown(&explorer).contains("F4 widens"), "help without a line");
}

#[test]
fn addresses_on_a_page_are_links_and_what_it_covers_is_none() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("8");
    assert!(!explorer.draw(160, 250).1.links.is_empty(), "sources of the sheet");
    let lines = vec!["maker: Data sheet, 2026-01-02, https://example.org/a".to_owned(), "http is a word".to_owned()];
    explorer.state.overlay = Some(Overlay::Page(Page { title: "maker".to_owned(), lines, scroll: 0 }));
    let (buffer, hits) = explorer.draw(160, 250);
    let [(area, url)] = hits.links.as_slice() else { panic!("{:?}", hits.links) };
    let text: String = (area.x..area.right()).map(|x| buffer[(x, area.y)].symbol()).collect();
    assert_eq!((text.as_str(), url.as_str()), ("https://example.org/a", "https://example.org/a"));
}

#[test]
fn help_finds_words_with_letters_left_out_and_keys() {
    let mut explorer = Explorer::built_in("default");
    let shown = |explorer: &Explorer| screen::lines(&explorer.draw(120, 60).0).join("\n");
    explorer.press("?").type_in("tkback");
    assert!(shown(&explorer).contains("take back unsaved work"));
    explorer.press("C-u").type_in("c-r");
    assert!(shown(&explorer).contains("redo"));
}
