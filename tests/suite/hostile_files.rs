//! Tests with faulty files of every kind in `check`: each is refused with its place and a sentence.

use std::fmt::Write as _;

use serde_json::Value;

use super::program::run_in;

fn many(text: &str, times: usize) -> Vec<u8> {
    text.repeat(times).into_bytes()
}

/// A file's content, the place of its fault (empty if it concerns the whole file), and a part of the sentence.
type Case = (Vec<u8>, &'static str, &'static str);

#[rustfmt::skip]
fn wrong() -> Vec<Case> {
    vec![
        ([b"(schema: 1, machines: ", &many("[", 65)[..], &many("]", 65)].concat(), "1:24", "a text in double quotes is expected here"),
        (many("(", 100_000), "1:2", "a name is expected here, without quotes"),
        ([b"(schema: 1, extra: ", &many("[", 200)[..]].concat(), "1:13", "there is no field `extra`"),
        ([b"(schema: 1, title: ", &many("Some(", 200)[..]].concat(), "1:20", "a text in double quotes is expected here"),
        ([b"(schema: 1, concurrency: ", &many("9", 200)[..], b")"].concat(), "1:26", "this whole number is out of range"),
        (b"(schema: 1, context: 4294967296)".to_vec(), "1:22", "4,294,967,296 tokens is out of range; allowed is 0 tokens to 16,777,216"),
        (b"(schema: 1, concurrency: -1)".to_vec(), "1:26", "this whole number is out of range"),
        (b"(schema: 1, concurrency: 0)".to_vec(), "1:26", "0 is out of range; allowed is 1 to 4,096"),
        (b"(schema: 1, concurrency: 1.5)".to_vec(), "1:26", "this is not a number here; write 256, or 40.5 and 1.5e3 where a fraction"),
        (b"(schema: 1, model: ReadGb(NaN))".to_vec(), "1:27", "this is not a number that can be computed with; write a finite one"),
        (b"(schema: 1, model: ReadGb(inf))".to_vec(), "1:27", "this is not a number that can be computed with; write a finite one"),
        (b"(schema: 1, model: Custom(params: 1e999, active: 1))".to_vec(), "1:35", "this is not a number that can be computed with; write a finite one"),
        ([b"(schema: 1, model: ReadGb(", &many("9", 400)[..], b"))"].concat(), "1:27", "this is not a number that can be computed with; write a finite one"),
        (b"(schema: 1, model: Custom(params: 1e9, active: 2e9))".to_vec(), "1:51", "2B active is more than 1B in all"),
        (b"(schema: 1, model: ReadGb(1.5f32))".to_vec(), "1:27", "a 64-bit floating point number is expected, not 1.5f32"),
        (b"(schema: 1, context: 5..7)".to_vec(), "1:22", "this is not a number here; write 256, or 40.5 and 1.5e3 where a fraction"),
        (b"(schema: 1, context: 1, context: 2)".to_vec(), "1:25", "the field `context` is here a second time"),
        (b"(schema: 1, prices: {\"dgx-spark\": 1, \"dgx-spark\": 2})".to_vec(), "1:13", "there is no field `prices` in Scenario; did you mean `price`? allowed:"),
        (b"(schema: 1,\n contxt: 5)".to_vec(), "2:2", "there is no field `contxt` in Scenario; did you mean `context`? allowed:"),
        (b"(context: 5)".to_vec(), "", "the field `schema` is missing; a scenario begins with (schema: 1,"),
        (b"(schema: 2)".to_vec(), "1:10", "schema 2 is not known to this version, which reads schema 1"),
        (b"(schema: 1 /* a /* b */".to_vec(), "1:24", "the file ends too early: a comment that begins with /* has no closing */"),
        (b"// nothing\n".to_vec(), "1:11", "the file ends too early: an opening ( is expected here"),
        (b"(schema: 1, title: \"a".to_vec(), "1:21", "the text that begins here has no closing double quote"),
        (b"(schema: 1, title: r##\"a\"#)".to_vec(), "1:24", "the text that begins here has no closing double quote"),
        ([b"(schema: 1, title: r", &many("#", 100_000)[..], b"\"a\"", &many("#", 100_000), b", x: 1)"].concat(), "1:200026", "there is no field `x`"),
        ([&many("/*", 5000)[..], &many("*/", 5000), b"(schema: 1, x: 1)"].concat(), "1:20013", "there is no field `x`"),
        (b"(schema: 1, title: \"\x1b]0;x\x07\")".to_vec(), "1:20", "the control character U+001B is not allowed in a text; remove it"),
        (b"(schema: 1, title: \"\\u{1b}[2J\")".to_vec(), "1:20", "the control character U+001B is not allowed in a text; remove it"),
        (b"(schema: 1, title: \"a\0b\")".to_vec(), "1:20", "the control character U+0000 is not allowed in a text; remove it"),
        (b"(schema: 1,\0 title: \"a\")".to_vec(), "1:12", "a name is expected here, without quotes"),
        (b"(schema: 1, title: \"\xc2\x9b31m\")".to_vec(), "1:20", "the control character U+009B is not allowed in a text; remove it"),
        (b"(schema: 1, title: \"\xe2\x80\xaeevil\")".to_vec(), "1:20", "the direction or separator character U+202E is not allowed in a text;"),
        (b"(schema: 1,\n note: \"\n\xe2\x81\xa7\")".to_vec(), "2:8", "the direction or separator character U+2067 is not allowed in a text;"),
        (b"(schema: 1, title: \"a\xe2\x80\xa8b\")".to_vec(), "1:20", "the direction or separator character U+2028 is not allowed in a text;"),
        (b"\xef\xbb\xbf(schema: 1, x: 1)".to_vec(), "1:13", "there is no field `x`"),
        (b"\xef\xbb\xbf\xef\xbb\xbf(schema: 1)".to_vec(), "1:1", "an opening ( is expected here"),
        (b"(\r\n  schema: 1,\r\n  x: 1,\r\n)\r\n".to_vec(), "3:3", "there is no field `x`"),
        (b"(schema: 1,\r x: 1)".to_vec(), "1:14", "there is no field `x`"),
        (b"(schema: 1)\n(schema: 1)".to_vec(), "2:1", "the value ended before this; a file holds one value and nothing after it"),
        (b"(schema: 1) and more".to_vec(), "1:13", "the value ended before this; a file holds one value and nothing after it"),
        (b"{\"schema\": 1}".to_vec(), "1:1", "an opening ( is expected here"),
        (b"(schema: 1, title: \"\\ud800\")".to_vec(), "1:21", "there is no such escape; write \\n, \\\", \\\\ or \\u{1F600}"),
        ([b"(schema: 1, title: \"", &many("a", 201)[..], b"\")"].concat(), "1:20", "this is too long; at most 200 characters are allowed"),
        ([b"(schema: 1, machines: [", &many("\"dgx-spark\",", 65)[..], b"])"].concat(), "1:804", "\"dgx-spark\" is in this list twice"),
        (b"(schema: 1, machines: [\"dgx-sprak\"])".to_vec(), "1:24", "there is no machine \"dgx-sprak\"; did you mean \"dgx-spark\"?"),
        (b"(schema: 1, machines: [\"\\u{9b}\"])".to_vec(), "1:24", "the control character U+009B is not allowed in a text; remove it"),
        (b"(schema: 1, title: \"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\", x: 1)".to_vec(), "1:27", "there is no field `x`"),
        (b"(schema: 1, title: \"\xff\xfe\")".to_vec(), "1:21", "this is not UTF-8 text; save the file as UTF-8"),
        (b"\xff\xfe(\0s\0c\0h\0e\0m\0a\0".to_vec(), "1:1", "this is not UTF-8 text; save the file as UTF-8"),
        (b"(schema: 1, title: \"\xc0\x9b\")".to_vec(), "1:21", "this is not UTF-8 text; save the file as UTF-8"),
        ([b"(", &many(" ", 10 << 20)[..], b")"].concat(), "", "it is larger than 1024 KiB, the most that is read"),
        (many(" ", (1 << 20) + 1), "", "it is larger than 1024 KiB, the most that is read"),
        (b"".to_vec(), "", "the file is empty"),
        (b" \n\t\r\n".to_vec(), "", "the file is empty"),
        (b"\x1f\x8b\x08\0\0\0\0\0".to_vec(), "1:2", "this is not UTF-8 text; save the file as UTF-8"),
        (b"#![enable(unwrap_newtypes)]\n(schema: 1, x: 1)".to_vec(), "2:13", "there is no field `x`"),
        (b"#![enable(everything)]\n(schema: 1)".to_vec(), "1:21", "no RON extension named `everything`"),
        (b"(schema: 1, title: 'a')".to_vec(), "1:20", "a text in double quotes is expected here"),
        (b"(schema: 1, context: true)".to_vec(), "1:22", "a whole number is expected here, as in 256"),
        (b"Catalog(machine: [])".to_vec(), "1:9", "there is no field `machine` in Catalog; did you mean `machines`? allowed:"),
        (b"Catalog(machines: [(id: \"x\")])".to_vec(), "1:28", "the field `name` is missing before this"),
        (b"Catalog(sources: [(id: \"\\u{1b}\", title: \"t\", date: \"2026-01-01\")])".to_vec(), "1:24", "the control character U+001B is not allowed in a text; remove it"),
        (b"Catalog(sources: [(id: \"a\", title: \"t\", date: \"2026-02-30\")])".to_vec(), "1:47", "\"2026-02-30\" is not a date from 1970 to 2999; write 2026, 2026-09 or 2026-09-03"),
        (b"Catalog(cloud: [(id: \"h100-sxm\", usd_per_hour: (value: inf, basis: Measured, source: [\"a\"], date: \"2026-01-01\"))])".to_vec(), "1:56", "this is not a number that can be computed with; write a finite one"),
        (b"Catalog(cloud: [(id: \"h100-sxm\", usd_per_hour: (value: -1, basis: Measured, source: [\"getdeploying\"], date: \"2026-01-01\"))])".to_vec(), "1:22", "cloud \"h100-sxm\": usd_per_hour: -1 is below zero"),
        (b"Catalog(cloud: [(id: \"h100-sxm\", usd_per_hour: (value: 1, basis: Guess, source: [\"getdeploying\"], date: \"2026-01-01\"))])".to_vec(), "1:66", "there is no value `Guess` in Basis; allowed: Setting, Vendor, Measured,"),
        (b"Catalog(cloud: [(id: \"h100-sxm\", usd_per_hour: (value: 1, basis: Measured, source: [\"nobody\"], date: \"2026-01-01\"))])".to_vec(), "1:85", "cloud \"h100-sxm\": usd_per_hour: \"nobody\" is not in the catalog"),
        (b"Catalog(sources: [\n(id: \"a\", title: \"t\", date: \"2026-01-01\"),\n(id: \"a\", title: \"t\", date: \"2026-01-01\")])".to_vec(), "2:6", "sources \"a\": id: this id stands here twice"),
        ([b"Catalog(machines: ", &many("[", 1000)[..]].concat(), "1:20", "an opening ( is expected here"),
        (b"Catalog(sources: [], sources: [])".to_vec(), "1:22", "the field `sources` is here a second time"),
        (b"Catalog(sources: [(id: \"a\", title: \"t\", date: \"2026-01-01\", url: \"javascript:alert(1)\")])".to_vec(), "1:24", "sources \"a\": url: begins with neither https:// nor http://"),
        (b"Deck(schema: 1, steps: [])".to_vec(), "1:25", "a deck needs at least one step"),
        ([b"Deck(schema: 1, steps: [", &many("(),", 65)[..], b"])"].concat(), "1:220", "a deck has at most 64 steps"),
        (b"Deck(schema: 9, steps: [()])".to_vec(), "1:14", "schema 9 is not known; a deck begins with Deck(schema: 1,"),
        (b"Deck(schema: 1, steps: [(scenario: \"../../etc/passwd\")])".to_vec(), "1:36", "step 1: a deck takes scenarios from its own directory and below only"),
        (b"Deck(schema: 1, steps: [(scenario: \"/etc/passwd\")])".to_vec(), "1:36", "step 1: a deck takes scenarios from its own directory and below only"),
        (b"Deck(schema: 1, steps: [(set: {\"strems\": 8})])".to_vec(), "1:32", "step 1: there is no knob `strems`; allowed: model, format, sparsity,"),
        (b"Deck(schema: 1, steps: [(set: {\"context\": 8, \"context\": 9})])".to_vec(), "1:46", "the key \"context\" is here a second time"),
        (b"Deck(schema: 1, steps: [(set: {\"context\": NaN})])".to_vec(), "1:43", "this is not a number that can be computed with; write a finite one"),
        (b"Deck(schema: 1, steps: [(panels: [\"decod\"])])".to_vec(), "1:35", "step 1: there is no panel \"decod\"; did you mean \"decode\"?"),
        (b"Deck(schema: 1, steps: [(panels: [\"decode\", \"memory\", \"prefill\", \"cost\"])])".to_vec(), "1:66", "step 1: a step shows at most 3 panels"),
        (b"Deck(schema: 1, steps: [(minutes: -1)])".to_vec(), "1:35", "-1 is out of range; allowed is 0 to 600"),
        (b"Deck(schema: 1, steps: [(notes: \"\x1b]52;c;eA==\x07\")])".to_vec(), "1:33", "the control character U+001B is not allowed in a text; remove it"),
        (b"Deck(schema: 1, steps: [(set: {\"context\": [1]})])".to_vec(), "1:43", "what the knob is set to: a text, a number, true or false is expected, not"),
        (b"Settings(colour: \"dark\")".to_vec(), "1:10", "there is no field `colour` in Settings; allowed: theme, glyphs, mouse,"),
        (b"Settings(theme: \"drak\")".to_vec(), "1:17", "there is no theme \"drak\"; did you mean \"dark\"? there are: dark, light,"),
        (b"Settings(keys: {\"udno\": [\"u\"]})".to_vec(), "1:17", "there is no action \"udno\"; did you mean \"undo\"?"),
        (b"Settings(keys: {\"undo\": [\"F13\"]})".to_vec(), "1:26", "\"F13\" is not a key; write q, C-r, A-x, S-Right, F1, Tab, Enter, Esc, PgUp"),
        (b"Settings(keys: {\"undo\": [\"U\"]})".to_vec(), "1:26", "U is the key of \"undo\" and of \"redo\"; give one of them another key"),
        (b"Settings(keys: {\"undo\": [\"C-c\"]})".to_vec(), "1:26", "C-c always quits; give this another key"),
        (b"Settings(keys: {\"undo\": [\"\\u{1b}\"]})".to_vec(), "1:26", "the control character U+001B is not allowed in a text; remove it"),
        (b"Settings(glyphs: \"Ascii\")".to_vec(), "1:18", "a name is expected here, without quotes"),
        (b"Settings(mouse: true,".to_vec(), "1:22", "the file ends too early: a value or a closing bracket is missing"),
    ]
}

/// Unusual valid files, and files with a failing expectation, with the exit code of each.
const RIGHT: &[(&str, i32)] = &[
    ("\u{feff}(schema: 1)", 0),
    ("// saved by\r\n(\r\n  schema: 1,\r\n)\r\n", 0),
    ("/* /* */ */ Scenario(schema: 0x1, context: 1_000,)", 0),
    ("(schema: 1, model: ReadGb(1.5f64))", 0),
    ("(schema: 1, title: r##\"a \"# b\"##)", 0),
    ("(schema: 1, expect: (winner: \"rtx-5090\"))", 1),
    ("Catalog()", 0),
    ("Settings()", 0),
    ("Deck(schema: 1, steps: [(expect: (winner: \"rtx-5090\"))])", 1),
];

#[test]
fn every_wrong_file_has_its_place_and_sentence() {
    let directory = tempfile::tempdir().expect("a directory");
    let cases = wrong();
    let names: Vec<String> = (0..cases.len()).map(|at| format!("{at}.ron")).collect();
    for (name, (bytes, ..)) in names.iter().zip(&cases) {
        std::fs::write(directory.path().join(name), bytes).expect("a file");
    }
    let words: Vec<&str> = ["check", "--output", "json"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let ran = run_in(directory.path(), &words);
    assert_eq!(ran.code, 2, "{ran:?}");
    let answer: Value = serde_json::from_str(&ran.out).expect("JSON");
    let mut different = String::new();
    for ((name, (_, place, sentence)), found) in names.iter().zip(&cases).zip(answer.as_array().expect("an array")) {
        let told = found["what"].as_str().expect("a text");
        let start = if place.is_empty() { format!("{name}: ") } else { format!("{name}:{place}: ") };
        if found["result"] != "wrong" || !told.starts_with(&start) || !told.contains(sentence) {
            writeln!(different, "{start}{sentence}\n  was {found}").expect("a string grows");
        }
    }
    assert!(different.is_empty() && cases.len() >= 60, "{different}");
}

#[test]
fn each_file_alone_gives_its_exit_code() {
    let directory = tempfile::tempdir().expect("a directory");
    let wrong = wrong();
    // Every seventh faulty file, which covers each kind; the others use the same code.
    let few = wrong.into_iter().step_by(7).map(|(bytes, ..)| (bytes, 2));
    let all = RIGHT.iter().map(|(text, code)| (text.as_bytes().to_vec(), *code)).chain(few);
    for (bytes, code) in all {
        std::fs::write(directory.path().join("x.ron"), &bytes).expect("a file");
        let ran = run_in(directory.path(), &["check", "x.ron"]);
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
        assert_eq!(ran.code, code, "{start}: {ran:?}");
        assert_eq!(ran.err.is_empty(), code < 2, "{start}: {ran:?}");
    }
}
