//! Settings and keys in one file, and the background that the terminal tells.

use std::collections::BTreeMap;
use std::path::Path;

use whichbox::input::{ACTIONS, Action, Context, Keymap};
use whichbox::settings::{Settings, commented};
use whichbox::view::theme::THEMES;

use super::program::{run, run_in};
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
    for (text, line, column, part) in [
        ("Settings(\n  keys: {\"udno\": [\"z\"]})", 2, 10, "did you mean \"undo\"?"),
        ("Settings(\n  keys: {\"undo\": [\"C-\"]})", 2, 19, "C-"),
        ("Settings(\n  keys: {\"undo\": [\"z\"]})", 2, 19, "\"zoom\""),
        ("Settings(\n  theme: \"drak\")", 2, 10, "dark"),
        ("Settings(\n  moues: false)", 2, 3, "mouse"),
        ("Settings(\n  glyphs: Asci)", 2, 11, "Ascii"),
    ] {
        let error = Settings::from_str("mine", text, &themes()).expect_err(text);
        let place = error.place().expect("a place");
        assert_eq!(place.line, line, "{error}");
        assert!(place.column.abs_diff(column) <= 6, "{error}");
        assert!(error.to_string().contains(part), "{error}");
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
    assert!(wrong.code == 2 && wrong.err.contains("settings.ron:1:"), "{wrong:?}");
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
    let mut session = with_settings(home.path(), "Settings(keys: {\"quit\": [\"u\"]})", &[]);
    session.wait_for("settings left aside: 1:");
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

#[test]
fn the_theme_follows_the_background_until_one_is_chosen() {
    let home = tempfile::tempdir().expect("a directory");
    let mut session = with_settings(home.path(), "Settings()", &[]);
    session.wait_until("the question", |seen| String::from_utf8_lossy(&seen.bytes).contains("\x1b]11;?\x1b\\"));
    let ground = |seen: &super::session::Seen| seen.terminal.screen().cell(0, 0).map(vt100::Cell::bgcolor);
    let mut dark = None;
    session.look(|seen| dark = ground(seen));
    // In two pieces, as a slow line delivers it.
    session.send("\x1b]11;rgb:ffff/ff");
    session.send("ff/ffff\x1b\\");
    session.wait_until("a light ground", |seen| ground(seen) != dark);
    session.send("T");
    session.wait_for("theme:");
    let mut chosen = None;
    session.look(|seen| chosen = ground(seen));
    session.send("\x1b]11;rgb:0000/0000/0000\x07");
    session.settle();
    session.look(|seen| assert_eq!(ground(seen), chosen, "what a person chose stays"));
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}
