//! Tests of the explorer in a pseudo-terminal: it restores the terminal, writes only changes, and saves what it shows.

use std::path::Path;

use rustix::process::Signal;
use tempfile::TempDir;
use whichbox::model::ron_file::MARKER;
use whichbox::model::scenario::{ModelChoice, Scenario, open};

use super::session::{Seen, Session};

const RIGHT: &str = "\x1b[C";
const DOWN: &str = "\x1b[B";
const ENTER: &str = "\r";
const ERASE_LINE: &str = "\x15";

fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

/// Returns the explorer on its first screen, after the measurements have appeared.
fn started(directory: &Path, arguments: &[&str]) -> Session {
    let session = Session::explorer(directory, arguments, &[], (80, 24));
    session.wait_for("whichbox");
    session.wait_for("Context");
    // Measurements and flips are computed after the first frame.
    session.wait_until("a flip", |seen| {
        ["would change", "would do"].iter().any(|told| seen.terminal.screen().contents().contains(told))
    });
    session.settle();
    session
}

fn screen(session: &Session) -> String {
    let mut lines = Vec::new();
    session.look(|seen| lines.extend(seen.terminal.screen().contents().lines().map(|line| line.trim_end().to_owned())));
    lines.join("\n")
}

#[test]
fn the_first_screen_answers_without_a_key() {
    let home = directory();
    let session = started(home.path(), &[]);
    for part in
        ["DGX Spark", "M5 Max 40c", "RTX PRO 6000", "Llama 3.3 70B", "Model size", "Streams", "Context", "tok/s"]
    {
        session.wait_for(part);
    }
}

#[test]
fn every_signal_restores_the_terminal_and_gives_its_code() {
    let home = directory();
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131)] {
        for before in ["", "o", "m", "?", "S", ENTER, "\x1b[200~"] {
            let mut session = started(home.path(), &[]);
            session.send(before);
            session.settle();
            session.signal(signal);
            assert_eq!(session.exit_code(), code, "{signal:?} after {before:?}");
            session.wait_until_restored();
        }
    }
}

#[test]
fn keys_that_leave_restore_the_terminal() {
    let home = directory();
    for keys in ["q", "\x03", "\x11", "?\x03", "o\x03", "m\x11", "S\x03", "=\x03"] {
        let mut session = started(home.path(), &[]);
        session.send(keys);
        assert_eq!(session.exit_code(), 0, "{keys:?}");
        session.wait_until_restored();
    }
}

#[test]
fn ctrl_z_stops_the_job_and_fg_brings_it_back_as_it_was() {
    let home = directory();
    let script = r#""$0"; echo "[stopped $?]"; read line; fg; echo "[ended $?]""#;
    let mut session = Session::explorer_script(home.path(), &["-m"], script);
    session.wait_for("DGX Spark");
    session.send(RIGHT);
    session.wait_for("(changed)");
    session.settle();
    let before = screen(&session);
    session.send("\x1a");
    session.wait_for("[stopped ");
    session.wait_until_restored();
    session.send("\n");
    session.wait_for("(changed)");
    session.settle();
    assert_eq!(screen(&session), before);
    session.send("q");
    session.wait_for("[ended 0]");
    session.wait_until_restored();
}

#[test]
fn a_terminal_that_vanishes_without_a_hangup_ends_the_program() {
    let home = directory();
    let session = Session::explorer_script(home.path(), &[], r#"trap "" HUP; "$0"; exit $?"#);
    session.wait_for("DGX Spark");
    session.settle();
    assert_eq!(session.vanish().exit_code(), 129);
}

#[test]
fn nothing_is_written_while_nothing_changes() {
    let home = directory();
    let mut session = started(home.path(), &[]);
    let before = session.settle();
    std::thread::sleep(std::time::Duration::from_secs(1));
    // Keys without an action, mouse movement, focus changes, and a resize to the same size.
    for nothing in ["", "%", "\x1b[<35;5;5M", "\x1b[I", "\x1b[O", "\x1b", "\x1b[97;1:3u"] {
        session.send(nothing);
        assert_eq!(session.settle(), before, "{nothing:?}");
    }
    session.resize(80, 24);
    session.signal(Signal::WINCH);
    assert_eq!(session.settle(), before, "a resize to the same size");
}

#[cfg(target_os = "linux")]
#[test]
fn an_idle_explorer_does_not_wake() {
    let home = directory();
    let session = started(home.path(), &[]);
    let wakeups = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", session.pid().as_raw_nonzero())).unwrap();
        let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u32>().unwrap()
    };
    let before = wakeups();
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(wakeups(), before);
}

#[test]
fn a_step_changes_the_screen_and_undo_takes_it_back() {
    let home = directory();
    let mut session = started(home.path(), &[]);
    let before = screen(&session);
    session.send(RIGHT);
    session.wait_for("(changed)");
    session.settle();
    let after = screen(&session);
    assert_ne!(before, after);
    session.send("u");
    session.settle();
    assert_eq!(screen(&session), before);
    session.send("\x12");
    session.settle();
    assert_eq!(screen(&session), after);
}

#[test]
fn a_key_costs_few_bytes() {
    for (size, most) in [((120, 40), 3000), ((200, 60), 6000)] {
        // Unsaved work of one run would be offered to the next.
        let home = directory();
        let mut session = Session::explorer(home.path(), &[], &[], size);
        session.wait_for("Context");
        let before = session.settle();
        let steps = 10;
        for _ in 0..steps {
            session.send(RIGHT);
            session.wait_for("(changed)");
            session.settle();
        }
        let mean = (session.settle() - before) / steps;
        assert!(mean <= most, "{mean} bytes for a step at {size:?}");
    }
}

#[test]
fn a_burst_of_keys_gives_few_frames() {
    let home = directory();
    let mut session = started(home.path(), &[]);
    let before = session.frames();
    session.send([DOWN, DOWN, DOWN, &RIGHT.repeat(200)].concat());
    session.wait_for("1,024 streams");
    session.settle();
    let frames = session.frames() - before;
    assert!(frames <= 30, "{frames} frames for one burst");
}

#[test]
fn what_is_saved_is_what_is_opened_again() {
    let home = directory();
    let path = home.path().join("mine.ron");
    let mut session = started(home.path(), &["gpt-oss-120b"]);
    session.send(["=", ERASE_LINE, "42b", ENTER].concat());
    session.wait_for("42.0B");
    session.send("S");
    session.settle();
    session.send([ERASE_LINE, "mine.ron", ENTER].concat());
    session.wait_for("saved to mine.ron");
    let text = std::fs::read_to_string(&path).expect("the file");
    assert!(text.starts_with(MARKER), "{text}");
    let saved = open(&path).expect("a scenario").scenario;
    assert!(matches!(saved.model, ModelChoice::Custom { params, .. } if params == 42e9), "{saved:?}");
    // The second save asks nothing, since the file has not changed in between.
    session.send([DOWN, DOWN, DOWN, RIGHT, "s"].concat());
    session.wait_until("the second save", |_| open(&path).is_ok_and(|opened| opened.scenario != saved));
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    let again = started(home.path(), &["mine.ron"]);
    again.wait_for("mine.ron");
    again.wait_for("42.0B");
    assert!(!screen(&again).contains("(changed)"));
    let names: Vec<_> =
        std::fs::read_dir(home.path()).expect("a directory").map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["mine.ron"], "nothing else is left");
}

#[test]
fn a_hand_written_file_is_not_rewritten_silently() {
    let home = directory();
    let path = home.path().join("hand.ron");
    let text = "// my own words\n(schema: 1, concurrency: 3)";
    std::fs::write(&path, text).expect("a file");
    let mut session = started(home.path(), &["hand.ron"]);
    session.send([RIGHT, "s"].concat());
    session.settle();
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), text);
    assert!(screen(&session).contains("another name"), "{}", screen(&session));
}

#[test]
fn a_file_that_somebody_else_changed_is_not_overwritten() {
    let home = directory();
    let path = home.path().join("mine.ron");
    let first = Scenario { concurrency: 3, ..Scenario::default() }.to_ron().expect("text");
    let theirs = Scenario { concurrency: 7, ..Scenario::default() }.to_ron().expect("text");
    std::fs::write(&path, first).expect("a file");
    let mut session = started(home.path(), &["mine.ron"]);
    std::fs::write(&path, &theirs).expect("a file");
    session.send([RIGHT, "s"].concat());
    session.settle();
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), theirs);
}

#[test]
fn a_bad_file_is_said_before_the_screen_changes() {
    let home = directory();
    std::fs::write(home.path().join("bad.ron"), "(schema: 1,\n  contxt: 5,\n)").expect("a file");
    let mut session = Session::explorer(home.path(), &["bad.ron"], &[], (80, 24));
    session.wait_for("bad.ron:2:3: ");
    session.wait_for("did you mean `context`?");
    assert_eq!(session.exit_code(), 2);
    session.look(|seen| assert!(!seen.bytes.contains(&0x1B), "an escape sequence was written"));
}

/// Returns the parameters of every "select graphic rendition" sequence.
fn renditions(seen: &Seen) -> Vec<Vec<String>> {
    let text = String::from_utf8_lossy(&seen.bytes).into_owned();
    let sequences = text.split("\x1b[").skip(1).filter_map(|part| part.split_once('m'));
    let parameters = sequences.map(|(parameters, _)| parameters.to_owned());
    parameters
        .filter(|parameters| parameters.chars().all(|c| c.is_ascii_digit() || c == ';' || c == ':'))
        .map(|parameters| parameters.split([';', ':']).map(str::to_owned).collect())
        .collect()
}

/// Returns true for a sequence that sets a colour; 39 and 49 restore the terminal's colours.
fn colours(parameters: &[String]) -> bool {
    let number = parameters.first().and_then(|first| first.parse::<u32>().ok()).unwrap_or(0);
    matches!(number, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107)
}

#[test]
fn without_colour_no_colour_is_written_and_nothing_is_lost() {
    let home = directory();
    let words = |variables: &[(&str, &str)], coloured: bool| {
        let session = Session::explorer(home.path(), &[], variables, (120, 40));
        // Measurements, strips and flips are computed after the first frame.
        session.wait_for("would change");
        session.settle();
        session.look(|seen| {
            let any = renditions(seen).iter().any(|parameters| colours(parameters));
            assert_eq!(any, coloured, "{variables:?}");
        });
        // Without colours shades are drawn as patterns; the words and numbers are the same.
        screen(&session).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<String>>().join(" ")
    };
    let plain = words(&[("NO_COLOR", "1")], false);
    assert_eq!(plain, words(&[], true));
    assert_eq!(plain, words(&[("NO_COLOR", ""), ("COLORTERM", "truecolor")], true), "an empty NO_COLOR is none");
}

#[test]
fn ascii_is_seven_bit() {
    let home = directory();
    let mut session = Session::explorer(home.path(), &["--ascii"], &[], (120, 40));
    session.wait_for("Context");
    session.send("?");
    session.settle();
    session.look(|seen| {
        let text = seen.terminal.screen().contents();
        let other: String = text.chars().filter(|c| !c.is_ascii()).collect();
        assert!(other.is_empty(), "{other:?} in\n{text}");
    });
    // A character without a seven-bit equivalent is a question mark; bars have an equivalent.
    session.send("\x1b");
    session.settle();
    session.look(|seen| {
        let text = seen.terminal.screen().contents();
        assert!(!text.contains("??"), "{text}");
    });
}

#[test]
fn the_mouse_is_left_alone_where_asked() {
    let home = directory();
    let mode = |session: &Session| {
        let mut mode = vt100::MouseProtocolMode::None;
        session.look(|seen| mode = seen.terminal.screen().mouse_protocol_mode());
        mode
    };
    assert_ne!(mode(&started(home.path(), &[])), vt100::MouseProtocolMode::None);
    assert_eq!(mode(&started(home.path(), &["--no-mouse"])), vt100::MouseProtocolMode::None);
}

#[test]
fn every_small_and_large_window_is_drawn() {
    let home = directory();
    let mut session = started(home.path(), &[]);
    for keys in ["", "?", "\x1bo", "\x1bm", "\x1b="] {
        session.send(keys);
        for (columns, rows) in [(1, 1), (2, 1), (1, 3), (30, 8), (40, 10), (79, 23), (500, 200), (80, 24)] {
            session.resize(columns, rows);
            session.settle();
        }
    }
    session.send("\x1b");
    session.wait_for("Context");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn a_dumb_terminal_gets_the_same_content_in_lines() {
    let home = directory();
    for script in [r#"TERM=dumb "$0""#, r#""$0" --plain"#, r#"WHICHBOX_A11Y=1 "$0""#] {
        let mut session = Session::explorer_script(home.path(), &[], &format!("{script}; echo \"[code $?]\""));
        session.wait_for("[code 0]");
        session.exit_code();
        session.look(|seen| {
            assert!(!seen.bytes.contains(&0x1B), "{script} writes an escape sequence");
            let text = String::from_utf8_lossy(&seen.bytes).into_owned();
            assert!(text.contains("Cheapest") && text.contains("decode ceiling = "), "{script}: {text}");
        });
    }
}
