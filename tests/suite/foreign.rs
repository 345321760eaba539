//! Tests that nothing from outside can control a terminal: names of files, their contents, arguments and variables are
//! sent through all outputs, and none of their control characters, direction marks or sequences comes out.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use fastrand::Rng;
use tempfile::TempDir;
use whichbox::cmd::exporters::EXPORTERS;
use whichbox::model::ron_file::{self, is_hostile};
use whichbox::model::scenario::knob::KNOBS;
use whichbox::model::scenario::{self, Scenario};
use whichbox::ui::present::deck::of_scenario;
use whichbox::ui::settings::Settings;
use whichbox::ui::state::{Message, update};

use super::ask::catalog;
use super::model_files::fixtures;
use super::program::whichbox;
use super::screen::{Explorer, lines};
use super::session::Session;

/// Sequences for a title, colours, the clipboard, C1, directions, a line feed and a link.
const EVIL: &str =
    "\u{1b}]0;evil\u{7}\u{1b}[31m\u{1b}]52;c;ZXZpbA==\u{7}\u{9b}7;7H\u{202e}\u{2066}\u{200f}\u{7f}\n\u{1b}]8;;x\u{7}z";

/// Returns the same text with the escapes of RON or JSON.
fn escaped(json: bool) -> String {
    let one = |c: char| match c {
        '\n' => "\\n".to_owned(),
        c if is_hostile(c) && json => format!("\\u{:04x}", u32::from(c)),
        c if is_hostile(c) => format!("\\u{{{:x}}}", u32::from(c)),
        c => c.into(),
    };
    format!("\"{}\"", EVIL.chars().map(one).collect::<String>())
}

/// Returns a directory with files of every kind, with hostile names.
fn directory() -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).expect("a file");
    for (start, text) in [
        ("scenario", "(schema: 1, model: Catalog(\"gpt-oss-120b\"))"),
        ("wrong", "(schema: 1,\n titel: 1)"),
        ("deck", "Deck(schema: 1, steps: [(scenario: \"default\")])"),
        ("settings", "Settings(colour: 1)"),
        ("catalog", "Catalog(machines: [(id: \"x\")])"),
    ] {
        write(&named(start), text);
    }
    write(
        &named("bench"),
        "machine,model,format,runtime,test,tok_s\ndgx-spark,llama-3.3-70b,q4_k_m,llama.cpp,decode,5\n",
    );
    for at in ["models", "own"] {
        fs::create_dir(directory.path().join(at)).expect("a directory");
    }
    write(&format!("own/{}.ron", named("own")), "Catalog(machines: [(id: \"x\")])");
    fs::copy(fixtures().join("hybrid.gguf"), directory.path().join(format!("models/{}.gguf", named("m"))))
        .expect("a copy");
    directory
}

fn named(start: &str) -> String {
    format!("{start}{EVIL}")
}

/// Asserts that a text is safe to display.
fn safe(text: &[u8], what: &str) {
    let text = String::from_utf8_lossy(text);
    let at = text.find(is_hostile);
    let around = at.map(|at| text[at..].chars().take(40).collect::<String>());
    assert!(at.is_none(), "{what}: {around:?}");
    assert!(!text.contains("panicked"), "{what}: {text}");
}

/// Runs the program, checks both output streams, and returns the exit code.
fn run(directory: &Path, arguments: &[&str], variable: Option<&str>) -> Option<i32> {
    let mut command = whichbox();
    command.current_dir(directory).args(arguments);
    if let Some(name) = variable {
        command.env(name, EVIL);
    }
    let output = command.output().expect("a run");
    let what = format!("{arguments:?} {variable:?}");
    safe(&output.stdout, &what);
    safe(&output.stderr, &what);
    output.status.code()
}

#[test]
fn names_of_files_come_out_of_no_command() {
    let home = directory();
    let (scenario, wrong, deck, bench) = (named("scenario"), named("wrong"), named("deck"), named("bench"));
    let model = format!("./models/{}.gguf", named("m"));
    let (settings, catalog) = (named("settings"), named("catalog"));
    for output in ["table", "json", "csv", "markdown"] {
        for (words, code) in [
            (vec!["inspect", "--list", "models"], 0),
            (vec!["inspect", model.as_str()], 0),
            (vec!["check", &scenario, &wrong, &deck, &settings, &catalog, EVIL], 2),
            (vec!["import", &bench], 0),
            (vec!["import", &wrong], 2),
            (vec!["estimate", &scenario], 0),
            (vec!["estimate", &wrong], 2),
            (vec!["estimate", "--model", model.as_str()], 0),
            (vec!["diff", &scenario, "default"], 0),
        ] {
            let words = [words, vec!["--output", output]].concat();
            assert_eq!(run(home.path(), &words, None), Some(code), "{words:?}");
        }
    }
    for words in [
        vec!["--plain", scenario.as_str()],
        vec!["--plain", scenario.as_str(), "default"],
        vec!["list", "machines", "--catalog", "own"],
        vec!["list", "machines", "--catalog", EVIL],
        vec!["export", "default", "--to", "no/such\u{1b}[31m/x.md"],
        vec!["measure", "--to", "no/such\u{1b}[31m/x.ron"],
    ] {
        run(home.path(), &words, None);
    }
}

#[test]
fn names_of_files_are_not_exported() {
    let home = directory();
    for exporter in EXPORTERS {
        for (start, to) in [("scenario", "s"), ("deck", "d")] {
            let to = format!("{to}{EVIL}.{}", exporter.ending);
            assert_eq!(run(home.path(), &["export", &named(start), "--to", &to], None), Some(0));
            safe(&fs::read(home.path().join(&to)).expect("written"), &to);
        }
    }
}

#[test]
fn arguments_come_out_of_no_error() {
    let home = tempfile::tempdir().expect("a directory");
    let flags = [
        "--machine",
        "--model",
        "--params",
        "--read-gb",
        "--format",
        "--runtime",
        "--kv-format",
        "--context",
        "--prompt",
        "--generate",
        "--concurrency",
        "--price",
        "--price-as-of",
        "--set",
        "--output",
        "--nonsense",
        "--catalog",
    ];
    for flag in flags {
        assert_eq!(run(home.path(), &["estimate", flag, EVIL], None), Some(2), "{flag}");
    }
    for flag in ["--budget", "--needs", "--max-watts", "--min-tok-s", "--max-ttft"] {
        assert_eq!(run(home.path(), &["rank", flag, EVIL], None), Some(2), "{flag}");
    }
    for knob in ["context", "model", "machines", "what-if", "price", "format", "needs", EVIL] {
        assert_eq!(run(home.path(), &["estimate", "--set", &format!("{knob}={EVIL}")], None), Some(2), "{knob}");
    }
    for command in
        ["explain", "list", "present", "import", "inspect", "check", "notes", "keys", "completions", "diff", EVIL]
    {
        assert_eq!(run(home.path(), &[command, EVIL], None), Some(2), "{command}");
    }
    // Bytes that are no text.
    let bytes = OsStr::from_bytes(b"\xff\x1b[31m");
    for words in [&[bytes][..], &[OsStr::new("estimate"), OsStr::new("--model"), bytes]] {
        let output = whichbox().current_dir(home.path()).args(words).output().expect("a run");
        safe(&output.stderr, "bytes");
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn the_environment_comes_out_of_no_error() {
    let home = tempfile::tempdir().expect("a directory");
    for variable in [
        "WHICHBOX_THEME",
        "WHICHBOX_CONFIG",
        "WHICHBOX_A11Y",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "COLORFGBG",
        "LANG",
        "TERM",
        "HF_HOME",
        "OLLAMA_MODELS",
        "HOME",
    ] {
        for words in [&["--plain"][..], &[], &["present", "default"], &["inspect", "--list"], &["list", "formats"]] {
            run(home.path(), words, Some(variable));
        }
    }
}

#[test]
fn contents_come_out_of_no_error() {
    let home = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: String| fs::write(home.path().join(name), text).expect("a file");
    for text in [escaped(false), format!("\"{EVIL}\"")] {
        let mut names = Vec::new();
        for (at, shape) in [
            "(schema: 1, title: #)",
            "(schema: 1, note: #)",
            "(schema: 1, machines: [#])",
            "(schema: 1, model: File(#))",
            "(#: 1)",
            "#",
            "// #\n(schema: 1, x: 1)",
            "Deck(schema: 1, steps: [(notes: #)])",
            "Deck(schema: 1, steps: [(set: {#: 1})])",
            "Deck(schema: 1, steps: [(set: {\"model\": #})])",
            "Settings(theme: #)",
            "Settings(keys: {#: []})",
            "Settings(keys: {\"undo\": [#]})",
            "Catalog(sources: [(id: #, title: \"t\", date: \"2026\")])",
            "Catalog(sources: [(id: \"a\", title: #, date: \"2026\")])",
            "Catalog(sources: [(id: \"a\", title: \"t\", date: #)])",
        ]
        .iter()
        .enumerate()
        {
            names.push(format!("{at}.ron"));
            write(&names[at], shape.replace('#', &text));
        }
        let words: Vec<&str> = std::iter::once("check").chain(names.iter().map(String::as_str)).collect();
        assert_eq!(run(home.path(), &words, None), Some(2));
    }
    let json = escaped(true);
    for (at, shape) in [
        "[{\"avg_ts\": 5, \"n_prompt\": 0, \"n_gen\": 5, \"model_type\": #, \"gpu_info\": #, \"model_filename\": #, \"test_time\": #}]",
        "[{\"output_throughput\": 5, \"completed\": 3, \"model_id\": #, \"backend\": #, \"date\": #}]",
        "{#: 1}",
        "{\"model_type\": #, \"num_hidden_layers\": #}",
        "{\"model_type\": \"llama\", \"architectures\": [#], \"quantization_config\": {\"quant_method\": #}, \"torch_dtype\": #}",
    ]
    .iter()
    .enumerate()
    {
        let name = format!("{at}.json");
        write(&name, shape.replace('#', &json));
        let told = "--machine dgx-spark --model gpt-oss-120b --format mxfp4-gguf --runtime llama.cpp";
        for output in ["table", "json", "csv", "markdown"] {
            run(home.path(), &["inspect", &name, "--output", output], None);
            run(home.path(), &["import", &name, "--output", output], None);
            let words: Vec<&str> = ["import", &name, "--output", output].into_iter().chain(told.split(' ')).collect();
            run(home.path(), &words, None);
        }
    }
    let text = |text: &str| [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat();
    let entry = |key: &str, value: &str| [text(key), 8_u32.to_le_bytes().to_vec(), text(value)].concat();
    let mut gguf = b"GGUF\x03\0\0\0\x01\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0".to_vec();
    for part in [entry("general.architecture", EVIL), entry("general.name", EVIL), entry(EVIL, EVIL), text(EVIL)] {
        gguf.extend(part);
    }
    gguf.extend(b"\x01\0\0\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    gguf.extend([0; 4096]);
    fs::write(home.path().join("x.gguf"), gguf).expect("a file");
    for output in ["table", "json", "csv", "markdown"] {
        assert_eq!(run(home.path(), &["inspect", "x.gguf", "--output", output], None), Some(0));
    }
    run(home.path(), &["estimate", "--model", "./x.gguf"], None);
}

/// The byte sequences that would control a terminal and that the program itself never writes.
const STEERS: [&[u8]; 6] =
    [b"\x1b]0;", b"\x1b]2;", b"\x1b]52;c;ZXZpbA", "\u{9b}".as_bytes(), "\u{202e}".as_bytes(), b"\x1b]8;;x"];

fn unsteered(session: &Session) {
    session.settle();
    session.look(|seen| {
        for sequence in STEERS {
            let found = seen.bytes.windows(sequence.len()).any(|window| window == sequence);
            assert!(!found, "{:?}", String::from_utf8_lossy(sequence));
        }
    });
}

#[test]
fn no_screen_shows_them_and_the_clipboard_is_the_program_s() {
    let home = directory();
    fs::create_dir_all(home.path().join(".cache/huggingface/hub")).expect("a directory");
    fs::rename(home.path().join("models"), home.path().join(".lmstudio")).expect("moved");
    fs::create_dir(home.path().join("lm")).expect("a directory");
    fs::rename(home.path().join(".lmstudio"), home.path().join("lm/models")).expect("moved");
    fs::rename(home.path().join("lm"), home.path().join(".lmstudio")).expect("moved");
    for file in ["scenario", "deck"] {
        let name = named(file);
        let (words, keys): (Vec<&str>, &[&str]) = match file {
            "scenario" => (
                vec![&name],
                &["o", "\x1b", "p", "\x1b", "S", "\x1b", "y", "\r", "=\u{1b}[200~", EVIL, "\u{1b}[201~\r", "\x1b", "s"],
            ),
            _ => (vec!["present", &name], &["\x1b[C", "n", "n"]),
        };
        let mut session = Session::explorer(home.path(), &words, &[], (120, 40));
        session.wait_until("a screen", |seen| seen.terminal.screen().contents().contains("DGX Spark"));
        for key in keys {
            session.send(key);
            unsteered(&session);
        }
    }
}

#[test]
fn no_error_on_a_terminal_shows_them() {
    let home = directory();
    let wrong = named("wrong");
    // Into a pipe, a library removes sequences by itself; on a terminal it does not.
    for words in [
        vec![wrong.as_str()],
        vec![EVIL],
        vec!["list", EVIL],
        vec!["keys", EVIL],
        vec!["estimate", "--params", EVIL],
        vec!["check", wrong.as_str()],
        vec!["--theme", EVIL],
        vec!["inspect", "--list", "models"],
    ] {
        let mut session = Session::explorer(home.path(), &words, &[], (120, 40));
        session.exit_code();
        unsteered(&session);
        session.look(|seen| assert!(seen.bytes.len() > 20, "{words:?}: it says something"));
    }
}

/// Returns a text of a few dozen characters of all kinds.
fn any_text(rng: &mut Rng) -> String {
    let evil: Vec<char> = EVIL.chars().collect();
    let kinds: [&[char]; 5] = [
        &evil,
        &['a', 'Z', '7', ' ', '.', '-', '_', '/', ':', '=', ','],
        &['"', '\'', '<', '>', '&', '|', '`', '\\', '(', ')', '[', ']', '{', '}', '#', '$', '%'],
        &['é', '東', '🧪', 'ß', '\u{301}', '\u{200d}', '\u{fe0f}', 'ش', '\u{feff}', '\u{10ffff}', '\u{ad}'],
        &[
            '\0', '\t', '\r', '\n', '\u{7}', '\u{8}', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}', '\u{9d}', '\u{2028}',
            '\u{202e}',
        ],
    ];
    let length = rng.usize(..40);
    let one = |_| {
        let kind = kinds[rng.usize(..kinds.len())];
        kind[rng.usize(..kind.len())]
    };
    (0..length).map(one).collect()
}

/// Returns the output of every path on which a text can come out; `at` selects one where there are several.
fn ways_out(text: &str, at: usize) -> Vec<(&'static str, String)> {
    let quoted = format!("{text:?}");
    let mut out = vec![
        ("the name of a file", ron_file::from_str::<Scenario>(text, "(x: 1)").expect_err("a field").to_string()),
        ("a file", told(scenario::from_str("a", &format!("(schema: 1, title: {text})")))),
        ("a text in a file", told(scenario::from_str("a", &format!("(schema: 1, machines: [{quoted}])")))),
        ("settings", told(Settings::from_str("a", &format!("Settings(theme: {quoted})"), &["dark"]))),
        ("a machine", told(catalog().machine(text))),
        ("a model", told(catalog().model(text))),
        ("a format", told(catalog().format(text))),
        ("a runtime", told(catalog().runtime(text))),
        ("a theme", told(whichbox::ui::view::theme::Theme::named(text))),
        ("a key", told(text.parse::<whichbox::ui::input::Chord>())),
    ];
    let knob = &KNOBS[at % KNOBS.len()];
    out.push((knob.id, told(knob.write(&mut Scenario::default(), catalog(), text))));
    // A text that a file may contain can be exported and displayed.
    if let Ok(titled) = scenario::from_str("a", &format!("(schema: 1, title: {quoted}, note: {quoted})")) {
        let deck = of_scenario(titled, "a");
        let exporter = &EXPORTERS[at % EXPORTERS.len()];
        out.push((exporter.ending, exporter.export(catalog(), &deck, true).expect("an export")));
    }
    out
}

fn told<T, E: std::fmt::Display>(result: Result<T, E>) -> String {
    result.err().map_or_else(String::new, |error| error.to_string())
}

/// `WHICHBOX_TEXTS=10000 cargo test --locked --test main -- any_text` tries 10,000 texts.
#[test]
fn any_text_comes_out_harmless_everywhere() {
    let count = std::env::var("WHICHBOX_TEXTS").map_or(100, |count| count.parse().expect("a number"));
    let mut rng = Rng::with_seed(20_261_126);
    let mut refused = 0;
    for at in 0..count {
        let text = any_text(&mut rng);
        for (way, out) in ways_out(&text, at) {
            refused += usize::from(!out.is_empty());
            // Exports contain line feeds.
            safe(out.replace('\n', " ").as_bytes(), &format!("{way}: {text:?}"));
        }
    }
    assert!(refused > count, "most texts are refused somewhere, with a sentence");
}

/// Uses the number of texts of the test above, typed and pasted at every input of the explorer.
#[test]
fn any_text_is_shown_harmless_on_the_screen() {
    let count: usize = std::env::var("WHICHBOX_TEXTS").map_or(60, |count| count.parse().expect("a number"));
    let mut rng = Rng::with_seed(4711);
    // The palette, a value, a file name, a choice of models, a what-if.
    let places = ["C-p", "Enter", "C-s", "m", "w"];
    for at in 0..count {
        let text = any_text(&mut rng);
        let mut explorer = Explorer::of("");
        explorer.press(places[at % places.len()]);
        update(&mut explorer.state, Message::Pasted(text.clone()));
        for key in ["Enter", "Esc"] {
            let (buffer, _) = explorer.draw(80, 24);
            for line in lines(&buffer) {
                safe(line.as_bytes(), &format!("{} {text:?}", places[at % places.len()]));
            }
            explorer.press(key);
        }
    }
}
