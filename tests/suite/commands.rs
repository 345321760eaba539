//! Tests of commands without a terminal: exit codes, output streams, typed numbers, and messages about mistakes.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use whichbox::model::answer::FIGURES;
use whichbox::model::scenario::SCENARIOS;
use whichbox::model::scenario::knob::KNOBS;
use whichbox::ui::input::ACTIONS;

use super::ask::{catalog, scenario};
use super::program::{Ran, json, number, run, run_in};

const KINDS: [&str; 8] = ["machines", "models", "formats", "runtimes", "scenarios", "decks", "measurements", "sources"];

/// Returns the commands that answer in all four output formats.
fn answering() -> Vec<String> {
    let mut lines: Vec<String> = KINDS.iter().map(|kind| format!("list {kind}")).collect();
    let rest =
        ["estimate", "explain decode.expected", "check default", "diff default gpt-oss-120b", "keys", "keys --knobs"];
    lines.extend(rest.map(str::to_owned));
    lines
}

/// Asserts that a run was refused: exit code 2, a sentence on standard error, nothing on standard output.
pub fn refused(ran: &Ran, parts: &[&str]) {
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(!ran.err.contains('\x1b') && !ran.err.contains("panicked"), "{ran:?}");
    for part in parts {
        assert!(ran.err.contains(part), "\"{part}\" is missing in: {}", ran.err);
    }
}

#[test]
fn every_answer_comes_in_four_ways_and_alone_on_standard_output() {
    for line in answering() {
        for output in ["table", "json", "csv", "markdown"] {
            let ran = run(&format!("{line} --output {output}"));
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
            assert!(!ran.out.contains('\x1b') && ran.out.ends_with('\n'), "{line} {output}");
            match output {
                "json" => {
                    let value: Value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{line}: {e}"));
                    let is_whole = line.starts_with("diff") && value["knobs"].is_array() && value["results"].is_array();
                    assert!(is_whole || value.as_array().is_some_and(|rows| !rows.is_empty()), "{line}");
                }
                "csv" => {
                    let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
                    let columns = reader.headers().expect("a header").len();
                    let rows = reader.records().map(|row| row.expect("a row").len()).filter(|len| *len == columns);
                    assert!(columns > 1 && rows.count() > 0, "{line}: {}", ran.out);
                }
                "markdown" => {
                    let table: Vec<&str> = ran.out.lines().take_while(|line| line.starts_with('|')).collect();
                    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
                    assert!(
                        table.len() > 2 && table.iter().all(|row| bars(row) == bars(table[0])),
                        "{line}: {}",
                        ran.out
                    );
                }
                _ => assert!(ran.out.lines().all(|line| line == line.trim_end()), "{line}"),
            }
        }
    }
}

#[test]
fn a_list_is_an_array_of_objects_with_ids() {
    for kind in KINDS {
        let list = json(&format!("list {kind}"));
        let rows = list.as_array().expect("an array");
        assert!(rows.len() >= if kind == "decks" { 3 } else { 8 }, "{kind}: {}", rows.len());
        for row in rows {
            assert!(row["id"].as_str().is_some_and(|id| !id.is_empty()), "{kind}: {row}");
        }
    }
    let names = json("list scenarios");
    let names: Vec<&str> = names.as_array().expect("an array").iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(names, SCENARIOS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}

#[test]
fn keys_come_from_the_tables() {
    let keys = json("keys");
    assert_eq!(keys.as_array().map(Vec::len), Some(ACTIONS.len()));
    let knobs = json("keys --knobs");
    let ids: Vec<&str> = knobs.as_array().expect("an array").iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(ids, KNOBS.iter().map(|knob| knob.id).collect::<Vec<_>>());
}

#[test]
fn every_built_in_scenario_is_answered() {
    for (name, _) in SCENARIOS {
        let ran = run(&format!("estimate {name}"));
        assert!(ran.code == 0 && ran.err.is_empty(), "{name}: {ran:?}");
        let ran = run(&format!("check {name}"));
        assert!(ran.code == 0 && ran.err.is_empty(), "{name}: {ran:?}");
        let ran = run(&format!("{name} --plain"));
        assert!(ran.code == 0 && ran.err.is_empty() && !ran.out.contains('\x1b'), "{name}: {ran:?}");
    }
}

#[test]
fn numbers_are_typed_as_people_type_them() {
    let bytes = |line: &str, path: &str| number(&json(&format!("estimate --machine dgx-spark {line}")), path);
    for (typed, tokens) in [("32k", 32_768.0), ("32K", 32_768.0), ("1.5e3", 1500.0), ("256", 256.0), ("1_000", 1000.0)]
    {
        assert_eq!(bytes(&format!("--context {typed}"), "/0/context"), tokens, "{typed}");
        assert_eq!(bytes(&format!("--set context={typed}"), "/0/context"), tokens, "{typed}");
    }
    for (typed, params) in [("70b", 70e9), ("70B", 70e9), ("70e9", 70e9), ("0.5b", 0.5e9), ("1.5t", 1.5e12)] {
        let read = bytes(&format!("--params {typed} --format bf16 --context 0"), "/0/memory/weights_bytes");
        assert!((read / (2.0 * params) - 1.0).abs() < 1e-6, "{typed}: {read}");
    }
    let custom = bytes("--params 120b --active 12b --format bf16", "/0/decode/weight_bytes_read");
    assert!((18e9..24e9).contains(&custom), "{custom}");
    assert_eq!(bytes("--read-gb 40.5", "/0/memory/weights_bytes"), 40.5e9);
}

#[test]
fn flags_and_knobs_say_the_same() {
    for (flag, knob) in [
        ("--model gpt-oss-120b", "model=gpt-oss-120b"),
        ("--params 120b --active 12b", "model=120b/12b"),
        ("--read-gb 40", "model=40GB"),
        ("--format q8_0", "format=q8_0"),
        ("--format best", "format=best"),
        ("--runtime ollama", "runtime=ollama"),
        ("--kv-format kv-q8_0", "kv-format=kv-q8_0"),
        ("--concurrency 8", "concurrency=8"),
        ("--prompt 9k", "prompt=9216"),
        ("--generate 99", "generate=99"),
        ("--price high", "price-level=high"),
        ("--price dgx-spark=3999", "price=dgx-spark=3999"),
        ("--price-as-of 2026-06", "price-as-of=2026-06"),
        ("--machine rtx-5090,dgx-spark", "machines=rtx-5090,dgx-spark"),
    ] {
        let (flag, set) =
            (run(&format!("estimate {flag} --output json")), run(&format!("estimate --set {knob} --output json")));
        assert_eq!((flag.code, flag.out), (set.code, set.out), "{knob}: {} {}", flag.err, set.err);
    }
    let price = |line: &str| number(&json(&format!("estimate --machine rtx-pro-6000 {line}")), "/0/cost/price_usd");
    assert!(price("--price low") < price("") && price("") < price("--price high"));
    assert_eq!(price("--price high --price rtx-pro-6000=$13,250"), 13_250.0);
    assert!(price("--price-as-of 2025-12") < price(""), "it was cheaper before the squeeze");
}

#[test]
fn same_is_one_format_and_best_is_each_machines_own() {
    let formats = |line: &str| -> Vec<String> {
        let answer = json(&format!("estimate {line}"));
        let records = answer.as_array().expect("an array");
        records.iter().filter_map(|record| record["format"].as_str().map(str::to_owned)).collect()
    };
    let same = formats("--format same --model gpt-oss-20b");
    assert_eq!(same, ["mxfp4-gguf"; 3]);
    assert_eq!(formats("--format same"), ["q4_k_m"; 3]);
    let best = formats("--format best");
    assert!(best.iter().any(|format| *format != best[0]), "{best:?}");
}

#[test]
fn an_unknown_id_is_refused_with_what_was_meant() {
    for (line, meant) in [
        ("--machine dgx-sparc", "did you mean \"dgx-spark\"?"),
        ("--machine dgx-spark,rtx5009", "nearest are rtx-5090 (32 GB, 1,792 GB/s)"),
        ("--machine toaster", "`whichbox list machines` shows them"),
        ("--model llama-3.3-70bb", "did you mean \"llama-3.3-70b\"?"),
        ("--model xyzzy", "`whichbox list models` shows them"),
        ("--format q4_k", "can be q4_k_m (4.5 bit), q4_k_s (4.5 bit), "),
        ("--runtime vlm", "did you mean \"vllm\"?"),
        ("--kv-format kv-f17", "did you mean \"kv-f16\"?"),
        ("--kv-format x", "`whichbox list formats` shows them"),
        ("--set contxt=5", "did you mean `context`?"),
        ("--price dgx-sparc=5", "did you mean \"dgx-spark\"?"),
        ("gpt-oss-120", "did you mean gpt-oss-120b?"),
    ] {
        refused(&run(&format!("estimate {line}")), &[meant]);
        refused(&run(&format!("explain decode.ceiling {line}")), &[meant]);
    }
    refused(&run("explain decode.ceilng"), &["did you mean decode.ceiling?", "memory.total"]);
    refused(&run("list machine"), &["machines"]);
    refused(&run("diff default defualt"), &["did you mean default?"]);
    refused(&run("defualt --plain"), &["did you mean default?"]);
}

#[test]
fn names_as_people_type_them_are_taken_and_said() {
    for (flags, note, field, id) in [
        (vec!["--machine", "rtx 3090"], "\"rtx 3090\" taken as rtx-3090", "machine", "rtx-3090"),
        (vec!["--machine", "2x3090"], "\"2x3090\" taken as 2xrtx-3090", "machine", "2xrtx-3090"),
        (vec!["--model", "Qwen/Qwen3.6-27B"], "\"Qwen/Qwen3.6-27B\" taken as qwen3.6-27b", "model", "qwen3.6-27b"),
        (vec!["--runtime", "lmstudio"], "\"lmstudio\" taken as llama.cpp", "runtime", "llama.cpp"),
        (vec!["--kv-format", "q8_0"], "\"q8_0\" taken as kv-q8_0", "kv_format", "kv-q8_0"),
    ] {
        let mut line = vec!["estimate"];
        line.extend(&flags);
        line.extend(["--output", "json"]);
        let ran = super::program::run_in(std::path::Path::new("."), &line);
        let answer: Value = serde_json::from_str(&ran.out).expect(&ran.err);
        assert_eq!((ran.err.trim_end(), &answer[0][field]), (format!("whichbox: {note}").as_str(), &Value::from(id)));
    }
    let sized = |line: &str| run(&format!("estimate {line} --output json")).out;
    assert_eq!(sized("--model 70b"), sized("--params 70b"));
    assert!(run("qwen3.6-27b --plain").out.contains("Qwen3"));
}

#[test]
fn empty_doubled_and_absurd_values_are_refused() {
    for (line, part) in [
        (&["rank", "--budget", ""][..], "budget: the value is empty"),
        (&["rank", "--min-tok-s", ""], "the value is empty"),
        (&["estimate", "--machine", ""], "a name is empty"),
        (&["estimate", "--machine", "rtx-5090,rtx 5090"], "rtx-5090 is named twice"),
        (&["estimate", "--price", "dgx-spark=1e38"], "out of range"),
        (&["rank", "--budget", "1,,5"], "is not a number"),
    ] {
        refused(&super::program::run_in(std::path::Path::new("."), line), &[part]);
    }
    let price = |usd: &str| run(&format!("estimate --machine dgx-spark --price dgx-spark={usd} --output json")).out;
    assert_eq!(price("4699"), price("4.699,00"));
    assert_eq!(price("4699"), price("4,699"));
}

#[test]
fn a_wrong_value_is_refused_with_what_is_allowed() {
    for (line, part) in [
        ("--context=-5", "\"-5\" is below 0"),
        ("--context -5", "\"-5\" is below 0"),
        ("--price-as-of 9999-12-31", "is not a date from 1970 to 2999"),
        ("--context 1e999", "is not a number"),
        ("--context nan", "is not a number"),
        ("--concurrency 0", "allowed is 1 to 4,096"),
        ("--concurrency 1e9", "allowed is 1 to 4,096"),
        ("--prompt 0", "allowed is 1 to"),
        ("--params 70b --active 80b", "80B active is more than 70B in all"),
        ("--params many", "is not a number"),
        ("--read-gb 0", "allowed is 0.001 to"),
        ("--price cheap", "low, typical, high or MACHINE=USD"),
        ("--price dgx-spark=much", "is not a number"),
        ("--price-as-of 2026-13", "is not a date"),
        ("--set concurrency", "KNOB=VALUE"),
        ("--set utilisation=300", "allowed is"),
        ("--output xml", "possible values: table, json, csv, markdown"),
        ("--model llama-3.3-70b --params 70b", "cannot be used with"),
        ("--model llama-3.3-70b --read-gb 40", "cannot be used with"),
        ("--params 70b --read-gb 40", "cannot be used with"),
        ("--active 5b", "--params"),
        ("--bogus", "unexpected argument"),
    ] {
        refused(&run(&format!("estimate {line}")), &[part]);
    }
    refused(&run("explain"), &["<FIGURE>"]);
    refused(&run("check"), &["<FILES>"]);
    refused(&run("estimate --catalog /no/such/place"), &["/no/such/place", "no such directory"]);
    refused(&run_in(Path::new("."), &["estimate", "--model", "\x1b[31mred"]), &["there is no model"]);
}

#[test]
fn the_nearest_of_a_search_says_what_must_be_named() {
    let line = "search --model qwen3-coder-480b-a35b --output json";
    // No machine passes, so the exit code is 1.
    let answer: Value = serde_json::from_str(&run(line).out).expect("JSON");
    let nearest = &answer["nearest"];
    for field in ["failed", "change"] {
        assert!(nearest[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {nearest}");
    }
    let any = run(&format!("{line} --any-availability")).out;
    assert!(!any.contains("no longer sold") && !any.contains("pre-order"), "{any}");
}

#[test]
fn the_answer_no_is_printed_and_is_exit_code_1() {
    for line in [
        "estimate --model llama-3.1-405b",
        "estimate --format fp8 --machine macbook-pro-m5-max-40",
        "estimate --runtime mlx --machine dgx-spark",
        "estimate --kv-format kv-nvfp4 --runtime llama.cpp",
        "explain decode.expected --model llama-3.1-405b",
    ] {
        let ran = run(line);
        assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{line}: {ran:?}");
        assert!(!ran.out.is_empty(), "{line}");
    }
    assert_eq!(
        run("estimate --model llama-3.1-405b --machine dgx-spark,mac-studio-m3-ultra-512").code,
        0,
        "one is enough"
    );
    assert_eq!(run("explain memory.total --model llama-3.1-405b").code, 0, "it is known what it would need");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for line in ["list measurements", "list models --output json", "explain decode.expected", "estimate --output csv"] {
        // Standard error of the program with its exit code, while its reader ends after one line.
        let script = format!("{{ {{ \"$0\" {line}; echo \"code $?\" >&2; }} | head -n 1 >/dev/null; }} 2>&1");
        let output =
            Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_whichbox")]).output().expect("a shell");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "code 0\n", "{line}");
    }
}

#[test]
fn an_answer_that_cannot_be_written_is_exit_code_74() {
    for line in ["list models", "completions bash", "man", "--help", "estimate --help", "--version"] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
        let child =
            Command::new(env!("CARGO_BIN_EXE_whichbox")).args(line.split(' ')).stdout(full).output().expect("a run");
        assert_eq!(child.status.code(), Some(74), "{line}");
        assert!(String::from_utf8_lossy(&child.stderr).contains("could not be written"), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_utf8_is_named_with_what_to_do() {
    use std::os::unix::ffi::OsStrExt;
    let name = std::ffi::OsStr::from_bytes(b"b\xff.ron");
    for before in [&[][..], &["check"], &["estimate"], &["estimate", "--model"], &["present"]] {
        let output = super::program::whichbox().args(before).arg(name).output().expect("a run");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{before:?}: {told}");
        assert_eq!(told.lines().count(), 1, "{before:?}: {told}");
        assert!(told.contains("b\u{fffd}.ron: this argument is not UTF-8; rename the file"), "{before:?}: {told}");
    }
}

#[test]
fn a_deck_that_is_not_there_is_told_before_the_missing_terminal() {
    let ran = run("present no-such-deck");
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("whichbox: ") && ran.err.contains("no-such-deck"), "{}", ran.err);
    assert!(!ran.err.contains("terminal"), "{}", ran.err);
}

#[test]
fn every_figure_is_explained_in_lines() {
    for figure in FIGURES.iter().filter(|figure| figure.id != "memory.state") {
        let ran = run(&format!("explain {} --model gpt-oss-120b", figure.id));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", figure.id);
        assert!(ran.out.matches(" · ").count() >= 3, "{}: {}", figure.id, ran.out);
        let words: Vec<&str> = ran.out.split_whitespace().collect();
        assert!(!ran.out.contains("no source") && !words.contains(&"NaN") && !words.contains(&"inf"), "{}", ran.out);
    }
    let ran = run("explain decode.ceiling --machine dgx-spark");
    assert!(ran.out.contains("= 273 GB/s ÷ 43.3 GB/token"), "{}", ran.out);
}

#[test]
fn completions_are_printed_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = run(&format!("completions {shell}"));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell}");
        assert!(ran.out.contains("whichbox") && ran.out.contains("kv-format"), "{shell}");
    }
    refused(&run("completions ksh93"), &["bash"]);
}

#[test]
fn without_a_terminal_the_explorer_says_what_to_do() {
    let output = Command::new(env!("CARGO_BIN_EXE_whichbox"))
        .env("TERM", "xterm-256color")
        .stdin(Stdio::null())
        .output()
        .expect("a run");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("--plain") && !said.contains('\x1b'), "{said}");
}

#[test]
fn plain_lines_hold_the_answer_and_the_figures_of_the_panels() {
    let ran = run("--plain");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let text = ran.out;
    for part in [
        "Cheapest of these 3 at ≥ 10 tok/s",
        "Llama 3.3 70B",
        "q4_k_m",
        "llama.cpp",
        "273 GB/s ÷ 43.3 GB/token = 6.31 tok/s",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    for part in ["bandwidth", "memory needed", "decode ceiling", "expected decode", "cost per GB", "contested"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    let drawn = ['─', '█', '▒', '░', '│', '◆', '●'];
    assert!(text.chars().all(|c| (c == '\n' || !c.is_control()) && !drawn.contains(&c)), "{text}");
}

#[test]
fn help_and_version_are_answers() {
    for line in ["--help", "-h", "estimate --help", "--version"] {
        let ran = run(line);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
        assert!(ran.out.contains("whichbox") || ran.out.contains("Estimates"), "{line}: {}", ran.out);
    }
}

#[test]
fn diff_shows_knobs_and_results() {
    let answer = json("diff default gpt-oss-120b");
    let knobs: Vec<&str> =
        answer["knobs"].as_array().expect("a list").iter().filter_map(|row| row["knob"].as_str()).collect();
    assert!(knobs.iter().any(|knob| knob.to_lowercase().contains("model")), "{knobs:?}");
    for row in answer["results"].as_array().expect("a list") {
        let (before, after) = (row["before"].as_f64(), row["after"].as_f64());
        assert!(before != after, "{row}");
        if let (Some(before), Some(after), Some(ratio)) = (before, after, row["ratio"].as_f64()) {
            assert!((after / before / ratio - 1.0).abs() < 1e-9, "{row}");
        }
    }
    let same = json("diff default default");
    assert_eq!((same["knobs"].as_array().map(Vec::len), same["results"].as_array().map(Vec::len)), (Some(0), Some(0)));
}

#[test]
fn a_command_estimates_a_copy() {
    let pair = "machines: [\"dgx-spark\", \"two-sparks\"], what_if: {\"two-sparks\": (like: \"dgx-spark\", count: 2)}";
    let pair = scenario(pair);
    let command = pair.command(catalog()).expect("flags say it");
    assert!(command.contains("what-if="), "{command}");
    let line = command.strip_prefix("whichbox ").expect("the program's name");
    let ran = run(&format!("{line} --output json"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("\"two-sparks\""), "{ran:?}");
}
