//! Tests with faulty files: each gives its place and a sentence with advice, without delay and without a panic.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde::Deserialize;
use whichbox::model::ron_file::{FileError, LARGEST_FILE, begins_with, from_str, is_hostile, load};

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Plan {
    title: String,
    watts: Option<f64>,
    streams: u32,
    kind: Kind,
    prices: BTreeMap<String, f64>,
    list: Vec<String>,
    nested: Option<Box<Plan>>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
enum Kind {
    #[default]
    Best,
    Same(String),
    Custom {
        params: f64,
    },
}

#[test]
fn the_kind_of_a_file_is_its_first_word_outside_of_comments() {
    for text in ["Deck(", "\n\n  Deck(title: \"a\")", "// Settings\n\n// more\nDeck("] {
        assert!(begins_with(text, "Deck") && !begins_with(text, "Settings"), "{text}");
    }
    assert!(!begins_with("", "Deck") && !begins_with("// Deck(", "Deck"));
}

/// Faulty texts, each with the line and column of its fault and a part of the message.
const BAD: &[(&str, usize, usize, &str)] = &[
    ("(titel: \"a\")", 1, 2, "no field `titel` in Plan; did you mean `title`? allowed: title, watts,"),
    ("(Title: \"a\")", 1, 2, "did you mean `title`?"),
    ("(title: 5)", 1, 9, "a text in double quotes is expected here"),
    ("(title: 'a')", 1, 9, "a text in double quotes"),
    ("(watts: \"much\")", 1, 9, "a number is expected here"),
    ("(watts: NaN)", 1, 9, "write a finite one"),
    ("(watts: -inf)", 1, 9, "write a finite one"),
    ("(\n  watts: 1e999,\n)", 2, 10, "write a finite one"),
    ("(watts: Some(inf))", 1, 14, "write a finite one"),
    ("(prices: {\"a\": 1, \"b\": NaN})", 1, 24, "write a finite one"),
    ("(kind: Custom(params: -1e999))", 1, 23, "write a finite one"),
    ("(nested: (nested: (watts: NaN)))", 1, 27, "write a finite one"),
    ("(watts: 12abc)", 1, 9, "not a number here"),
    ("(streams: 1.5)", 1, 11, "not a number here"),
    ("(streams: 70b)", 1, 11, "not a number here"),
    ("(streams: -1)", 1, 11, "out of range"),
    ("(streams: 99999999999999999999999999999999999999999999)", 1, 11, "out of range"),
    ("(title: \"a\"", 1, 12, "ends too early"),
    ("(title: \"a\",\n\n", 1, 13, "ends too early"),
    ("(title: \"a", 1, 10, "no closing double quote"),
    ("/* never ends", 1, 14, "ends too early"),
    ("(title: \"a\" watts: 3)", 1, 13, "a comma or the closing bracket is missing"),
    ("(list: [\"a\", \"b\")", 1, 17, "a comma or the closing bracket"),
    ("(watts: 5,,)", 1, 11, "a name is expected here"),
    ("(prices: {\"a\": 1, \"a\": 2})", 1, 19, "the key \"a\" is here a second time"),
    ("(title: \"a\", title: \"b\")", 1, 14, "`title` is here a second time"),
    ("(prices: {\"a\" 1})", 1, 15, "a colon and a value"),
    ("(kind: Bets)", 1, 8, "no value `Bets` in Kind; did you mean `Best`? allowed: Best, Same, Custom"),
    ("(kind: Same)", 1, 12, "an opening ( is expected"),
    ("(kind: Custom(parms: 3))", 1, 15, "did you mean `params`?"),
    ("(kind: Custom())", 1, 15, "the field `params` is missing"),
    ("(title: \"\u{1b}[31mred\")", 1, 9, "control character U+001B"),
    ("(title: \"\\u{1b}]0;evil\\u{7}\")", 1, 9, "control character U+001B"),
    ("(title: \"a\\x00b\")", 1, 9, "control character U+0000"),
    ("(title: \"\u{9b}\")", 1, 9, "control character U+009B"),
    ("(title: \"\u{202e}live\")", 1, 9, "direction or separator character U+202E"),
    ("(list: [\"a\", \"\\u{2066}\"])", 1, 14, "U+2066"),
    ("(prices: {\"\u{1b}\": 1})", 1, 11, "control character U+001B"),
    ("(kind: Same(\"\u{200f}\"))", 1, 13, "U+200F"),
    ("(title: \"\\q\")", 1, 10, "no such escape"),
    ("(\u{1b})", 1, 2, "a name is expected"),
    ("(title: \"a\") x", 1, 14, "a file holds one value"),
    ("(title: \"a\")\n(title: \"b\")", 2, 1, "a file holds one value"),
    ("Plam(title: \"x\")", 1, 1, "this is a `Plam`, a `Plan` is expected"),
    ("{\"title\": \"x\"}", 1, 1, "an opening ( is expected"),
    ("(\"title\": \"x\")", 1, 2, "a name is expected here, without quotes"),
    ("\u{feff}(bogus: 1)", 1, 2, "no field `bogus`"),
    ("(\r\n  title: \"a\",\r\n  bogus: 1,\r\n)\r\n", 3, 3, "no field `bogus`"),
];

fn read(text: &str) -> Result<Plan, FileError> {
    from_str("plan.ron", text)
}

#[test]
fn every_fault_has_its_place_and_sentence() {
    for &(text, line, column, sentence) in BAD {
        let error = read(text).expect_err(text);
        let shown = error.to_string();
        let place = error.place().map(|place| (place.line, place.column));
        assert_eq!(place, Some((line, column)), "{text:?} gave\n{shown}");
        assert!(error.sentence().contains(sentence), "{text:?} gave\n{shown}");
        assert!(shown.starts_with(&format!("plan.ron:{line}:{column}: ")), "{shown}");
        assert!(shown.chars().all(|c| c == '\n' || !is_hostile(c)), "{shown:?}");
        assert_eq!(shown.lines().count(), 3, "{shown}");
    }
}

#[test]
fn odd_but_right_files_are_read() {
    let plan = Plan { title: "a\nb".to_owned(), watts: Some(1000.0), streams: 8, ..Plan::default() };
    for text in [
        "(title: \"a\\nb\", watts: 1e3, streams: 8)",
        "Plan(title: \"a\nb\", watts: Some(1_000), streams: 8,)",
        "\u{feff}// a comment with \u{1b}\n(\r\n title: \"a\r\nb\", /* x */ watts: 1000.0,\r\n streams: 0x8,\r\n)\r\n",
    ] {
        assert_eq!(read(text).as_ref(), Ok(&plan), "{text:?}");
    }
}

#[test]
fn nothing_and_white_space_are_empty() {
    for text in ["", " \n\t\r\n ", "\u{feff}"] {
        assert_eq!(read(text).expect_err("empty").to_string(), "plan.ron: the file is empty");
    }
}

#[test]
fn large_and_deep_texts_end_at_once() {
    let start = Instant::now();
    let big = 3 << 20;
    for unit in
        ["(", "[", "{", "(nested:", "(list:[", "(kind:Same(", "/*", "\"", "9", "\u{202e}", "(title:\"a\",", "//\n"]
    {
        let error = read(&unit.repeat(big / unit.len())).expect_err(unit);
        assert!(error.sentence().contains("larger than 1024 KiB"), "{unit}: {error}");
        let error = read(&unit.repeat(LARGEST_FILE as usize / unit.len())).expect_err(unit);
        assert!(error.to_string().len() < 1000, "{unit}: {error}");
    }
    let deep = "(nested: ".repeat(1000) + &")".repeat(1000);
    assert!(read(&deep).expect_err("deep").sentence().contains("nested too deeply"));
    assert!(start.elapsed() < Duration::from_secs(20), "generous, against a hang");
}

#[test]
fn every_truncation_and_every_changed_byte_is_survived() {
    let text = "// hi\n(title: \"größer\", watts: 1.5e3, kind: Custom(params: 7e9), prices: {\"a\": 1, \"b\": 2}, \
                list: [\"x\", r#\"y\"#], nested: (streams: 3))";
    for (at, old) in text.char_indices() {
        assert!(read(&text[..at]).is_err(), "cut at {at}");
        for c in ["(", ")", "\"", "\\", "{", "\u{0}", "é", "9", "#", ":", "'"] {
            let mut changed = text.to_owned();
            changed.replace_range(at..at + old.len_utf8(), c);
            if let Err(error) = read(&changed) {
                assert!(!error.to_string().is_empty());
            }
        }
    }
}

fn written(directory: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = directory.join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}

#[test]
fn what_is_no_readable_text_file_is_refused_without_waiting() {
    let directory = tempfile::tempdir().expect("a directory");
    let fifo = directory.path().join("pipe.ron");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).expect("a pipe");
    let socket = directory.path().join("socket.ron");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    let link = directory.path().join("link.ron");
    std::os::unix::fs::symlink(&link, &link).expect("a link");
    let large = written(directory.path(), "large.ron", &vec![b'['; 3 << 20]);
    for (path, sentence) in [
        (directory.path(), "it is a directory; name a file in it"),
        (fifo.as_path(), "not a regular file but a pipe, socket or device"),
        (socket.as_path(), "not a regular file"),
        (Path::new("/dev/zero"), "not a regular file"),
        (Path::new("/dev/tty"), "not a regular file"),
        (link.as_path(), "it cannot be read"),
        (large.as_path(), "larger than 1024 KiB"),
        (Path::new(""), "there is no such file"),
        (&directory.path().join("no.ron"), "there is no such file"),
        (&directory.path().join("no\u{1b}\n.ron"), "there is no such file"),
        (&large.join("below"), "it cannot be read"),
    ] {
        let error = load::<Plan>(path).expect_err("not a file");
        assert!(error.sentence().contains(sentence), "{error}");
        assert!(error.place().is_none() && !error.to_string().chars().any(|c| is_hostile(c) || c == '\n'), "{error:?}");
    }
}

#[test]
fn a_file_that_is_not_utf8_says_where() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = written(directory.path(), "latin1.ron", b"(\n  title: \"gr\xf6\xdfer\",\n)");
    let error = load::<Plan>(&path).expect_err("not UTF-8");
    assert_eq!(error.place().map(|p| (p.line, p.column)), Some((2, 13)), "{error}");
    assert!(error.sentence().contains("not UTF-8"), "{error}");
    let binary = written(directory.path(), "binary.ron", &[0xff, 0xfe, 0x00, 0x1b, 0x9b]);
    let shown = load::<Plan>(&binary).expect_err("not UTF-8").to_string();
    assert!(shown.chars().all(|c| c == '\n' || !is_hostile(c)), "{shown:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused_in_plain_words(text in r#"(\PC|[\x00-\x1f(){}\[\]:,\"\\/*0-9eE.]|schema|title|model|Custom|\u{202e}){0,60}"#) {
        for text in [text.clone(), format!("(schema: 1, title: \"{text}"), format!("(schema: 1, {text})")] {
            if let Err(error) = whichbox::model::scenario::from_str("any.ron", &text) {
                let shown = error.to_string();
                prop_assert!(shown.chars().all(|c| c == '\n' || !is_hostile(c)), "{:?}", shown);
                prop_assert!(shown.lines().count() <= 3 && shown.len() < 2000, "{}", shown);
            }
        }
    }
}

#[test]
fn a_file_that_is_not_there_is_told_from_one_that_cannot_be_read() {
    let directory = tempfile::tempdir().expect("a directory");
    let missing = load::<Plan>(&directory.path().join("none.ron")).expect_err("not there");
    assert!(missing.is_missing(), "{missing}");
    let unreadable = load::<Plan>(directory.path()).expect_err("a directory");
    assert!(!unreadable.is_missing(), "{unreadable}");
}

#[test]
fn a_map_takes_as_many_entries_as_it_may_hold_and_no_more() {
    let prices = |count: usize| {
        let entries: Vec<String> = (0..count).map(|at| format!("\"m{at}\": 1")).collect();
        whichbox::model::scenario::from_str("test", &format!("(schema: 1, price: (own: {{{}}}))", entries.join(", ")))
    };
    let refused = |count| prices(count).expect_err("refused").to_string();
    assert!(!refused(257).is_empty() && refused(257).contains("256"), "{}", refused(257));
    assert!(prices(256).is_ok());
}

#[test]
fn texts_are_as_long_as_they_may_be_and_no_longer() {
    let read = |field: &str, length: usize| {
        whichbox::model::scenario::from_str("test", &format!("(schema: 1, {field}: \"{}\")", "x".repeat(length)))
    };
    for (field, most) in [("title", 200), ("note", 4096)] {
        assert!(read(field, most).is_ok(), "{field} of {most}");
        for longer in [most + 1, most + 2, 2 * most] {
            let fault = read(field, longer).expect_err("too long").to_string();
            assert!(fault.contains(&most.to_string()), "{fault}");
        }
    }
}
