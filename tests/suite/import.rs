//! Tests of `import`: results of tools become measurements, names find their entries, and a sentence asks for anything
//! unknown.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use whichbox::model::ron_file::LARGEST_FILE;

use super::program::{Ran, json, number, run, run_in};

const FIXTURES: &str = "tests/fixtures/bench";

/// Runs `import` on a file with this name and text.
fn import(name: &str, text: &[u8], flags: &str) -> Ran {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join(name), text).expect("a file");
    let words: Vec<&str> = ["import", name].into_iter().chain(flags.split_whitespace()).collect();
    run_in(directory.path(), &words)
}

fn fixture(name: &str, flags: &str) -> Value {
    json(&format!("import {FIXTURES}/{name} {flags}"))
}

fn word<'v>(value: &'v Value, path: &str) -> &'v str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("there is no {path} in {value}"))
}

fn refused(ran: &Ran, parts: &[&str]) {
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(!ran.err.contains('\x1b') && !ran.err.contains("panicked"), "{ran:?}");
    for part in parts {
        assert!(ran.err.contains(part), "\"{part}\" is missing in: {}", ran.err);
    }
}

/// Test, prompt, context, generated tokens, streams and speed of a row.
type Figures<'a> = (&'a str, Option<f64>, Option<f64>, Option<f64>, f64, f64);

fn figures(found: &Value) -> Vec<Figures<'_>> {
    let rows = found["measurements"].as_array().expect("an array");
    let optional = |row: &Value, name: &str| row[name].as_f64();
    rows.iter()
        .map(|row| {
            let (prompt, context, generate) =
                (optional(row, "prompt"), optional(row, "context"), optional(row, "generate"));
            (word(row, "/test"), prompt, context, generate, number(row, "/concurrency"), number(row, "/tok_s"))
        })
        .collect()
}

#[test]
fn llama_bench_is_read_from_json() {
    let found = fixture("llama-bench.json", "");
    let first = &found["measurements"][0];
    let names = ["machine", "model", "format", "runtime", "kv_format", "date", "tier"]
        .map(|name| word(first, &format!("/{name}")));
    assert_eq!(names, ["dgx-spark", "gpt-oss-120b", "mxfp4-gguf", "llama.cpp", "kv-f16", "2026-05-17", "A"]);
    assert_eq!(
        figures(&found),
        [
            ("Prefill", Some(2048.0), Some(0.0), None, 1.0, 1689.47),
            ("Decode", None, Some(0.0), Some(32.0), 1.0, 52.87),
            ("Prefill", Some(2048.0), Some(4096.0), None, 1.0, 1546.3),
            ("Decode", None, Some(4096.0), Some(32.0), 1.0, 48.1),
        ]
    );
    assert_eq!(number(&found, "/left_out/0/rows"), 1.0);
    assert!(word(&found, "/left_out/0/why").contains("pg"), "{found}");
    assert_eq!(number(&found, "/measurements/0/micro_batch"), 2048.0);
}

#[test]
fn every_shape_finds_its_names() {
    for (name, flags, machine, model, format, runtime, cache, rows) in [
        ("llama-bench.jsonl", "", "rtx-5090", "llama-3.3-70b", "q2_k", "llama.cpp", "kv-q8_0", 3),
        ("llama-bench.csv", "", "dgx-spark", "llama-3.3-70b", "q4_k_m", "llama.cpp", "kv-f16", 2),
        ("llama-bench.md", "", "dgx-spark", "qwen3-30b-a3b", "q8_0", "llama.cpp", "kv-f16", 4),
        (
            "llama-bench.md",
            "--machine strix-halo-395",
            "strix-halo-395",
            "qwen3-30b-a3b",
            "q8_0",
            "llama.cpp",
            "kv-f16",
            4,
        ),
        ("vllm-bench-serve.json", "--machine dgx-spark", "dgx-spark", "gpt-oss-120b", "mxfp4", "vllm", "kv-f16", 1),
        ("plain.csv", "", "macbook-pro-m5-max-40", "qwen3-30b-a3b", "mlx-4bit", "mlx", "kv-f16", 3),
    ] {
        let found = fixture(name, flags);
        let all = found["measurements"].as_array().expect("an array");
        assert_eq!(all.len(), rows, "{name}");
        for row in all {
            let names =
                ["machine", "model", "format", "runtime", "kv_format"].map(|field| word(row, &format!("/{field}")));
            assert_eq!(names, [machine, model, format, runtime, cache], "{name}");
        }
    }
}

#[test]
fn batches_are_read_and_prompts_of_several_streams_are_no_prefill() {
    let flags = "--machine dgx-spark --model gpt-oss-20b --format mxfp4-gguf";
    let expected = [
        ("Prefill", Some(512.0), Some(0.0), None, 1.0, 1895.57),
        ("Decode", Some(512.0), Some(512.0), Some(32.0), 1.0, 80.13),
        ("Aggregate", Some(512.0), Some(512.0), Some(32.0), 2.0, 109.71),
        ("Aggregate", Some(512.0), Some(512.0), Some(32.0), 8.0, 271.79),
    ];
    let table = fixture("llama-batched-bench.md", flags);
    assert_eq!(figures(&table), expected);
    assert_eq!(word(&table, "/measurements/2/aggregate"), "DecodePhase");
    assert_eq!(number(&table, "/measurements/2/per_stream_tok_s"), 109.71 / 2.0);
    assert_eq!(number(&table, "/left_out/0/rows"), 3.0);
    let lines = fixture("llama-batched-bench.jsonl", flags);
    assert_eq!(figures(&lines)[..2], expected[..2]);
    assert_eq!(number(&lines, "/measurements/2/tok_s"), 156.03);
    // The header of the table states the micro-batch, and so does each line of JSON.
    for found in [&table, &lines] {
        assert_eq!(number(found, "/measurements/0/micro_batch"), 2048.0);
    }
}

#[test]
fn a_server_is_read_with_the_tokens_of_a_request() {
    let found = fixture("vllm-bench-serve.json", "--machine dgx-spark");
    assert_eq!(figures(&found), [("Aggregate", Some(1023.0), Some(1023.0), Some(256.0), 8.0, 125.0)]);
    assert_eq!(word(&found, "/measurements/0/aggregate"), "EndToEnd");
    assert_eq!(word(&found, "/measurements/0/date"), "2026-06-12");
    assert_eq!(number(&found, "/measurements/0/ttft_s"), 0.7425);
    let text = fs::read_to_string(Path::new(FIXTURES).join("vllm-bench-serve.json")).expect("a text");
    let alone = text.replace("\"max_concurrency\": 8", "\"max_concurrency\": 1");
    let ran = import("one.json", alone.as_bytes(), "--machine dgx-spark --output json");
    let found: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(word(&found, "/measurements/0/test"), "Decode");
    assert!((number(&found, "/measurements/0/tok_s") - 1000.0 / 60.5).abs() < 1e-9);
    let unlimited = text.replace("\"max_concurrency\": 8", "\"max_concurrency\": null");
    refused(&import("all.json", unlimited.as_bytes(), "--machine dgx-spark"), &["all.json", "--max-concurrency"]);
    let slow = text.replace("\"inf\"", "2.0");
    refused(&import("slow.json", slow.as_bytes(), "--machine dgx-spark"), &["fixed rate"]);
}

#[test]
fn what_the_file_does_not_say_is_asked_for() {
    let batched = format!("import {FIXTURES}/llama-batched-bench.md");
    refused(
        &run(&batched),
        &["llama-batched-bench.md: llama-batched-bench: the file does not say which machine", "--machine ID"],
    );
    refused(&run(&format!("{batched} --machine dgx-spark")), &["which model", "--model ID"]);
    refused(&run(&format!("{batched} --machine dgx-spark --model gpt-oss-20b")), &["which format", "--format ID"]);
    refused(&run(&format!("{batched} --machine dgx-sparc")), &["did you mean \"dgx-spark\"?"]);
    let text = fs::read_to_string(Path::new(FIXTURES).join("llama-bench.json")).expect("a text");
    let with = |from: &str, to: &str| import("x.json", text.replace(from, to).as_bytes(), "");
    refused(&with("NVIDIA GB10", "Apple M5 Max"), &["\"Apple M5 Max\" can be macbook-pro-m5-max-32", "--machine ID"]);
    refused(&with("NVIDIA GB10", "Abacus 9000"), &["\"Abacus 9000\" is not in the catalog", "--machine ID"]);
    refused(&with("NVIDIA GB10", "NVIDIA GeForce RTX 5090 Laptop GPU"), &["is not in the catalog", "--machine ID"]);
    refused(&with("NVIDIA GB10", "\\u001b[31mGB99"), &["\u{fffd}[31mGB99"]);
    refused(&with("\"type_v\": \"f16\"", "\"type_v\": \"q4_0\""), &["f16/q4_0"]);
    let other = text.replace("gpt-oss-120b", "x").replace("gpt-oss 120B MXFP4 MoE", "foobar 70B Q4_K - Medium");
    refused(&import("x.json", other.as_bytes(), ""), &["is not in the catalog", "--model ID"]);
}

#[test]
fn a_row_with_an_unknown_cache_or_format_is_refused_alone() {
    let text = fs::read_to_string(Path::new(FIXTURES).join("llama-bench.csv")).expect("a text");
    // The header is line 1; the second row is changed.
    let second = text.lines().nth(2).expect("a row");
    let odd = second.replace("\"f16\",\"f16\"", "\"q4_0\",\"f16\"");
    assert_ne!(odd, second);
    let one = text.replace(second, &odd);
    let ran = import("x.csv", one.as_bytes(), "--output json");
    assert_eq!(ran.code, 0, "{ran:?}");
    let found: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(figures(&found).iter().map(|row| row.0).collect::<Vec<_>>(), ["Prefill"]);
    assert_eq!(found["refused"].as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(number(&found, "/refused/0/line"), 3.0);
    assert!(word(&found, "/refused/0/why").contains("\"q4_0/f16\" is not in the catalog"), "{found}");
    let table = import("x.csv", one.as_bytes(), "");
    assert!(table.out.contains("x.csv:3: this row is left out: the cache type \"q4_0/f16\""), "{table:?}");

    let text = fs::read_to_string(Path::new(FIXTURES).join("plain.csv")).expect("a text");
    let ran = import("x.csv", text.replacen("mlx-4bit", "mlx-4bits", 1).as_bytes(), "");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("x.csv:2: this row is left out: the format \"mlx-4bits\" is not in"), "{ran:?}");
    assert!(ran.out.contains("2 rows of plain CSV"), "{ran:?}");
    let ran = import("x.csv", text.replacen("142.5", "1e-320", 1).as_bytes(), "");
    assert!(ran.out.contains("x.csv:2: this row is left out: tok_s: 1e-320 is not between"), "{ran:?}");
    // It is an error if no row is left.
    refused(&import("x.csv", text.replace("mlx-4bit", "nothing").as_bytes(), ""), &["the format \"nothing\""]);
    // If the file has several models, an unknown model concerns its rows only; an unknown machine concerns the whole
    // file.
    let ran = import("x.csv", text.replacen("qwen3-30b-a3b", "foobar", 1).as_bytes(), "");
    assert!(
        ran.code == 0 && ran.out.contains("x.csv:2: this row is left out: the model \"foobar\" is not in"),
        "{ran:?}"
    );
    let other = text.replacen("macbook-pro-m5-max-40", "foobar", 1);
    refused(&import("x.csv", other.as_bytes(), ""), &["\"foobar\" is not in"]);
}

#[test]
fn a_name_with_the_wrong_size_is_not_believed() {
    let text = fs::read_to_string(Path::new(FIXTURES).join("llama-bench.csv")).expect("a text");
    refused(&import("x.csv", text.replace("70553706560", "13015864320").as_bytes(), ""), &["--model ID"]);
}

#[test]
fn one_flag_is_not_for_two_models() {
    let text = fs::read_to_string(Path::new(FIXTURES).join("llama-bench.md")).expect("a text");
    let two = text.replacen("qwen3moe 30B.A3B Q8_0", "qwen3 8B Q8_0        ", 1);
    refused(&import("x.md", two.as_bytes(), "--model qwen3-8b"), &["2 different models"]);
    assert_eq!(import("x.md", two.as_bytes(), "").code, 0);
}

/// Faulty files, with the beginning of the sentence and a part of it.
const WRONG: &[(&str, &str, &str)] = &[
    ("", "x", "no result of a benchmark is in it"),
    ("[]", "x", "no result of a benchmark is in it"),
    ("{\"a\": 1}", "x:1:1", "no tool that is known (fields a)"),
    ("\n\n{\"a\": 1}", "x:3:1", "no tool that is known"),
    ("[1, 2]", "x:1:1", "an object in braces"),
    ("{\"avg_ts\": 1", "x:1:", "this is not JSON"),
    ("{\"avg_ts\": NaN, \"n_prompt\": 1, \"n_gen\": 0}", "x:1:1", "avg_ts is missing or 0"),
    ("{\"avg_ts\": 1e999, \"n_prompt\": 1, \"n_gen\": 0}", "x:1:", "this is not JSON"),
    ("{\"avg_ts\": 5, \"n_prompt\": -1, \"n_gen\": 0}", "x:1:1", "n_prompt is \"-1\""),
    ("{\"avg_ts\": 0, \"n_prompt\": 1, \"n_gen\": 0}", "x:1:1", "avg_ts is missing or 0"),
    ("{\"avg_ts\": \"fast\", \"n_prompt\": 1, \"n_gen\": 0}", "x:1:1", "avg_ts is \"fast\""),
    ("{\"avg_ts\": 5, \"n_prompt\": 0, \"n_gen\": 0}", "x", "a test without tokens"),
    ("{\"avg_ts\": 5, \"n_prompt\": 512, \"n_gen\": 0, \"n_depth\": 512}", "x", "cannot be told"),
    ("| model | test | t/s |\n|---|---|---|\n| a | pp0.5 | 3 |", "x:3:1", "the test is \"pp0.5\""),
    ("| model | test | t/s |\n|---|---|---|\n| a | tg5 | \u{1b}[2J |", "x:3:1", "a number of at least 0"),
    ("test,tok_s\nfly,5\n", "x:2:1", "\"fly\" is no test"),
    ("test,tok_s\ndecode,nan\n", "x:2:1", "tok_s is \"nan\""),
    ("test,tok_s\ndecode,inf\n", "x:2:1", "tok_s is \"inf\""),
    ("test,tok_s,concurrency\ndecode,5,0\n", "x:2:1", "below one stream"),
    ("test,tok_s,date\ndecode,5,yesterday\n", "x:2:1", "is not a date"),
    ("test,tok_s,watt\ndecode,5,9\n", "x:2:1", "no column \"watt\""),
    ("test,tok_s\ndecode,5,7\n", "x:2:1", "3 cells, the header 2"),
    ("fast,slow\n1,2\n", "x:2:1", "no tool that is known"),
    ("hello", "x", "no result of a benchmark"),
];

#[test]
fn what_is_wrong_has_its_place_and_sentence() {
    for (text, place, sentence) in WRONG {
        let ran = import("x", text.as_bytes(), "");
        refused(&ran, &[&format!("whichbox: {place}"), sentence]);
    }
}

#[test]
fn a_card_s_name_is_told_harmless() {
    let text = fs::read_to_string(Path::new(FIXTURES).join("llama-bench.md")).expect("a text");
    let evil = text.replacen("NVIDIA GB10", "NVIDIA\0GB10", 1);
    assert_ne!(evil, text);
    let ran = import("x.md", evil.as_bytes(), "");
    assert!(ran.out.contains("\"NVIDIA\u{fffd}GB10\" is taken for dgx-spark"), "{ran:?}");
}

#[test]
fn large_deep_and_binary_files_are_refused() {
    let deep = format!("{{\"avg_ts\": {}", "[".repeat(100_000));
    refused(&import("x.json", deep.as_bytes(), ""), &["x.json:1:", "recursion limit"]);
    refused(&import("x.json", b"\xff\xfe{}", ""), &["not UTF-8"]);
    let large = vec![b' '; usize::try_from(LARGEST_FILE).expect("a size") + 1];
    refused(&import("x.json", &large, ""), &["larger than 1024 KiB"]);
    refused(&run("import no-such-file.json"), &["there is no such file"]);
    refused(&run("import src"), &["it is a directory"]);
    refused(&run("import"), &["<FILE>"]);
    let many = format!("test,tok_s\n{}", "decode,5\n".repeat(10_001));
    refused(&import("x.csv", many.as_bytes(), ""), &["x.csv:10002:1", "more rows than are read"]);
}

proptest! {
    #![proptest_config(super::invariants::cases(300))]
    #[test]
    fn no_text_is_too_odd(text in "([|{}\\[\\],:\"\n -]|avg_ts|n_prompt|n_gen|test|t/s|model|tok_s|pp5|tg|±|1e9|\\PC){0,40}") {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("x");
        fs::write(&path, &text).expect("a file");
        if let Ok(file) = whichbox::model::ron_file::read(&path) {
            // The result is rows or a sentence, and never a panic.
            match whichbox::files::bench_file::read(&file) {
                Ok(reading) => prop_assert!(reading.rows.iter().all(|row| row.tok_s > 0.0 && row.tok_s.is_finite())),
                Err(error) => prop_assert!(!error.sentence().is_empty()),
            }
        }
    }
}

#[test]
fn saved_rows_are_a_catalog_file_that_counts() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = fs::canonicalize(Path::new(FIXTURES).join("llama-bench.json")).expect("a path");
    let file = file.to_string_lossy().into_owned();
    for _ in 0..2 {
        let ran = run_in(directory.path(), &["import", &file, "--to", "own.ron"]);
        assert!(ran.code == 0 && ran.err.contains("written to own.ron"), "{ran:?}");
    }
    let ran = run_in(directory.path(), &["check", "own.ron"]);
    assert!(ran.code == 0 && ran.out.contains("a catalog of 5 entries"), "{ran:?}");
    let count = |words: &[&str]| {
        let ran = run_in(directory.path(), words);
        let list: Value = serde_json::from_str(&ran.out).expect("JSON");
        list.as_array().map_or(0, Vec::len)
    };
    let built_in = count(&["list", "measurements", "--output", "json"]);
    assert_eq!(count(&["list", "measurements", "--output", "json", "--catalog", "."]), built_in + 4);
    let words = ["estimate", "--machine", "dgx-spark", "--model", "gpt-oss-120b", "--output", "json", "--catalog", "."];
    let shown = run_in(directory.path(), &words);
    assert!(shown.out.contains("own-llama-bench-"), "{shown:?}");
    fs::write(directory.path().join("mine.ron"), "// mine\nCatalog()\n").expect("a file");
    assert_eq!(run_in(directory.path(), &["import", &file, "--to", "mine.ron"]).code, 74);
    assert_eq!(run_in(directory.path(), &["import", &file, "--to", "no/such/x.ron"]).code, 74);
}

#[test]
fn calibrating_brings_the_estimate_nearer_and_is_saved() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = fs::canonicalize(Path::new(FIXTURES).join("llama-bench.json")).expect("a path");
    let file = file.to_string_lossy().into_owned();
    let ran = run_in(directory.path(), &["import", &file, "--calibrate", "--to", "own.ron", "--output", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let found: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(word(&found, "/calibration/family"), "gb10");
    // An error below the noise between sources (decode 8 %, prefill 14 %) need not fall.
    for (at, noise) in [8.0, 14.0].into_iter().enumerate() {
        let error = |when: &str| number(&found, &format!("/calibration/own/{when}/{at}/median_abs_pct"));
        assert!(error("after") < error("before").max(noise), "{found}");
    }
    assert!(number(&found, "/calibration/all/after/0/rows") >= 4.0);
    let ran = run_in(directory.path(), &["check", "own.ron"]);
    assert!(ran.code == 0, "{ran:?}");
    let speed = |words: &[&str]| {
        let shared = ["estimate", "--machine", "dgx-spark", "--model", "gpt-oss-120b", "--output", "json"];
        let ran = run_in(directory.path(), &[&shared, words].concat());
        number(&serde_json::from_str(&ran.out).expect("JSON"), "/0/decode/expected_tok_s")
    };
    assert!(speed(&["--catalog", "."]) < speed(&[]));
}

#[test]
fn the_answer_comes_in_every_form() {
    for output in ["table", "json", "csv", "markdown"] {
        let ran = run(&format!("import {FIXTURES}/llama-bench.md --output {output}"));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{output}");
        assert!(ran.out.contains("52.7") && !ran.out.contains('\u{1b}'), "{output}: {}", ran.out);
    }
}

#[test]
fn names_are_taken_as_people_type_them() {
    let csv = "machine,model,format,runtime,test,tok_s,context,date\n\
               rtx 3090,Qwen/Qwen3.6-27B,Q4_K_M,llama cpp,decode,30,512,2026-11-20\n";
    let ran = import("own.csv", csv.as_bytes(), "--output json");
    let found: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    let row = &found["measurements"][0];
    let ids =
        [&row["machine"], &row["model"], &row["format"], &row["runtime"]].map(|id| id.as_str().unwrap_or_default());
    assert_eq!(ids, ["rtx-3090", "qwen3.6-27b", "q4_k_m", "llama.cpp"], "{found}");
    let flags = "machine,model,format,runtime,test,tok_s,context,date\n,,,,decode,30,512,2026-11-20\n";
    let ran =
        import("own.csv", flags.as_bytes(), "--machine 3090 --model qwen3.6-27b --format q4_k_m --runtime llamacpp");
    assert!(ran.code == 0 && ran.err.contains("\"3090\" taken as rtx-3090"), "{ran:?}");
    let several =
        import("own.csv", flags.as_bytes(), "--machine 6000 --model qwen3.6-27b --format q4_k_m --runtime vllm");
    assert!(several.code == 2 && several.err.contains("say which"), "{several:?}");
}
