//! Tests of buyers' questions: given values are used, a machine that is not sold does not win, and omissions are
//! stated.

use serde_json::Value;
use whichbox::model::answer::answer_scenario;
use whichbox::model::scenario::Scenario;

use super::ask::catalog;
use super::program::{json, number, run, run_in, whichbox};

fn texts(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_prompt_that_is_not_given_is_half_of_the_context() {
    let asked = |line: &str| number(&json(&format!("estimate --machine dgx-spark {line}")), "/0/prompt");
    assert_eq!(asked(""), 2048.0);
    assert_eq!(asked("--context 64k"), 32_768.0);
    assert_eq!(asked("--context 0"), 512.0, "at least");
    assert_eq!(asked("--context 64k --prompt 2048"), 2048.0, "a given one holds");
    assert_eq!(asked("--prompt 9000 --set prompt=auto"), 2048.0);
    let wait = |context: &str| {
        number(&json(&format!("estimate --machine dgx-spark --context {context}")), "/0/prefill/ttft_expected_s")
    };
    assert!(wait("64k") > 8.0 * wait("4k"), "a long context never shows the wait of a short prompt");
}

#[test]
fn a_context_of_128k_is_128k() {
    assert_eq!(number(&json("estimate --machine dgx-spark --context 128k"), "/0/context"), 131_072.0);
    let table = run("estimate --machine dgx-spark --context 128k").out;
    assert!(table.contains("128K, 64K"), "context and prompt stand together: {table}");
}

#[test]
fn a_search_holds_what_is_given_and_says_what_it_varies() {
    for streams in [1, 16] {
        let found = json(&format!("search --model gpt-oss-120b --budget 12000 --concurrency {streams}"));
        let results = found["results"].as_array().expect("results");
        assert!(!results.is_empty());
        assert!(results.iter().all(|row| row["concurrency"] == streams), "{streams} streams are given");
        assert_eq!(texts(&found["varied"]), ["machine", "format", "runtime"]);
        assert_eq!(found["ranked_by"], "aggregate_tok_s_per_usd");
        let left_out = found["left_out"].as_array().expect("a list");
        assert!(left_out.iter().any(|row| row["reason"].as_str().is_some_and(|text| text.contains("bits per weight"))));
        assert!(left_out.iter().all(|row| row["count"].as_u64() > Some(0)), "{left_out:?}");
        let merit = |row: &Value| number(row, "/aggregate_expected_tok_s") / number(row, "/total_usd");
        let merits: Vec<f64> = results.iter().map(merit).collect();
        assert!(merits.is_sorted_by(|a, b| a >= b), "ranked as it says: {merits:?}");
    }
    assert!(texts(&json("search --model gpt-oss-120b")["varied"]).contains(&"concurrency".to_owned()));
}

#[test]
fn the_command_of_a_result_gives_the_same_numbers() {
    let found = json("search --model gpt-oss-120b --budget 16000 --context 8192 --limit 5");
    let rows =
        found["results"].as_array().expect("results").iter().chain(found["frontier"].as_array().expect("a list"));
    for row in rows {
        let command = row["command"].as_str().expect("a command");
        let again = json(command.strip_prefix("whichbox ").expect("the program"));
        for (field, path) in [
            ("expected_tok_s", "/0/decode/expected_tok_s"),
            ("aggregate_expected_tok_s", "/0/decode/aggregate_expected_tok_s"),
            ("price_usd", "/0/cost/price_usd"),
            ("total_usd", "/0/cost/total_usd"),
            ("usd_per_mtok", "/0/cost/usd_per_mtok"),
            ("concurrency", "/0/concurrency"),
        ] {
            assert_eq!(Some(&row[field]), again.pointer(path), "{field} of {command}");
        }
    }
}

#[test]
fn nearest_is_the_smallest_change_and_names_the_limit() {
    let nearest = |line: &str| {
        let ran = run(&format!("search {line} --output json"));
        assert_eq!(ran.code, 1, "{line}");
        serde_json::from_str::<Value>(&ran.out).expect("JSON")["nearest"].clone()
    };
    let budget = nearest("--model gpt-oss-120b --machine dgx-spark,rtx-pro-6000 --budget 2000");
    assert_eq!((&budget["machine"], &budget["failed"]), (&Value::from("dgx-spark"), &Value::from("budget")));
    assert!(budget["change"].as_str().is_some_and(|text| text.starts_with("a budget of $")), "{budget}");
    let wait =
        nearest("--model llama-3.3-70b --machine dgx-spark --min-tok-s 1 --prompt 60k --context 64k --max-ttft 5");
    assert_eq!(wait["failed"], "ttft", "{wait}");
    let large = nearest("--model llama-3.1-405b --machine mac-studio-m3-ultra-256 --min-tok-s 0.1");
    assert!(large["failed"] != "memory" || large["format"] != "bf16", "a smaller format is nearer: {large}");
}

#[test]
fn a_machine_that_is_no_longer_sold_wins_only_where_asked() {
    let line = "rank --machine mac-studio-m3-ultra-512 --model qwen3-coder-480b-a35b --format q4_k_m --min-tok-s 1";
    let ran = run(&format!("{line} --output json"));
    let answer: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((ran.code, &answer["winner"]), (1, &Value::Null));
    let machine = &answer["machines"][0];
    assert_eq!((&machine["availability"], &machine["passes"]), (&Value::from("withdrawn"), &Value::from(false)));
    assert_eq!(machine["failed"][0]["limit"], "availability");
    let asked = json(&format!("{line} --any-availability"));
    assert_eq!(asked["winner"], "mac-studio-m3-ultra-512");
    for lane in answer["lanes"].as_array().expect("lanes") {
        assert!(lane["machine"].is_null(), "{lane}");
    }
    let estimate = json("estimate --machine mac-studio-m3-ultra-512");
    assert_eq!(estimate[0]["availability"], "withdrawn");
    assert!(texts(&estimate[0]["warnings"]).iter().any(|text| text.contains("withdrawn")), "{estimate}");
}

#[test]
fn experimental_software_wins_only_where_asked() {
    let line = "rank --machine rtx-5090 --model qwen3-8b --format mlx-4bit --runtime mlx --min-tok-s 1";
    let answer: Value = serde_json::from_str(&run(&format!("{line} --output json")).out).expect("JSON");
    assert_eq!(
        (&answer["winner"], &answer["machines"][0]["failed"][0]["limit"]),
        (&Value::Null, &"experimental".into())
    );
    assert_eq!(json(&format!("{line} --experimental"))["winner"], "rtx-5090");
    let found = json("search --model qwen3-8b --machine rtx-5090");
    let runtimes: Vec<&Value> =
        found["results"].as_array().expect("results").iter().map(|row| &row["runtime"]).collect();
    assert!(!runtimes.is_empty() && !runtimes.contains(&&Value::from("mlx")), "{runtimes:?}");
}

#[test]
fn a_cheaper_machine_that_is_not_shown_is_named() {
    let answer = json("rank --machine rtx-pro-6000");
    let other = &answer["cheaper_not_shown"];
    assert!(other["machine"].is_string() && number(other, "/total_usd") > 0.0, "{other}");
    assert!(number(other, "/total_usd") < number(&answer, "/machines/0/total_usd"), "{other}");
    assert!(number(other, "/expected_tok_s") >= 10.0, "it passes: {other}");
    let plain = run("--plain budget-6000").out;
    assert!(plain.starts_with("Cheapest of these ") || plain.starts_with("No box here"), "{plain}");
}

#[test]
fn with_drafts_the_ceiling_counts_accepted_tokens() {
    for model in ["llama-3.3-70b", "gpt-oss-120b", "qwen3.6-27b"] {
        for acceptance in ["0.2", "0.8", "0.99"] {
            let answer = json(&format!(
                "estimate --machine dgx-spark,rtx-pro-6000 --model {model} --set draft=4 --set acceptance={acceptance}"
            ));
            for record in answer.as_array().expect("a list") {
                let [ceiling, high] = ["ceiling", "high"].map(|name| number(record, &format!("/decode/{name}_tok_s")));
                assert!(high <= ceiling * (1.0 + 1e-12), "{model} at {acceptance}: {high} above {ceiling}");
            }
        }
    }
}

#[test]
fn what_does_not_fit_is_told_the_smallest_changes_in_the_order_people_make_them() {
    let answer = json("estimate --machine rtx-5090 --model qwen3-32b --format q4_k_m --context 128k");
    let warning = answer[0]["warnings"][0].as_str().expect("a warning").to_owned();
    let at = |words: &str| warning.find(words).unwrap_or_else(|| panic!("no \"{words}\" in {warning}"));
    assert!(at("caches would fit") < at("a context of"), "{warning}");
    let answer = json("estimate --machine rtx-5090 --model qwen3-32b --format q4_k_m --context 32k --concurrency 3");
    let warning = answer[0]["warnings"][0].as_str().expect("a warning");
    assert!(warning.contains("1 stream runs at once and 2 wait"), "{warning}");
}

#[test]
fn a_custom_model_is_not_told_what_it_was_made_for() {
    let answer = json("estimate --machine dgx-station-gb300 --params 20468461708 --active 597984434 --context 1434713");
    let warnings = texts(&answer[0]["warnings"]);
    assert!(warnings.iter().all(|text| !text.contains("made for")), "{warnings:?}");
}

#[test]
fn an_empty_value_is_no_wish_for_no_limit() {
    let here = std::path::Path::new(".");
    for line in [["rank", "--budget", ""], ["rank", "--min-tok-s", " "], ["estimate", "--set", "budget="]] {
        let ran = run_in(here, &line);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{line:?}");
        assert!(ran.err.contains("empty"), "{}", ran.err);
    }
}

#[test]
fn options_stand_before_a_command_as_well() {
    let directory = tempfile::tempdir().expect("a directory");
    let ran = run_in(directory.path(), &["--catalog", ".", "estimate", "--machine", "dgx-spark"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = run_in(directory.path(), &["--theme", "none-such", "present", "bottleneck"]);
    assert!(ran.code == 2 && !ran.err.contains("no built-in scenario"), "{}", ran.err);
    let ran = run_in(directory.path(), &["--plain", "keys"]);
    assert!(ran.code == 2 && ran.err.contains("--plain is for the explorer"), "{}", ran.err);
    let ran = run_in(directory.path(), &["default", "estimate"]);
    assert!(ran.code == 2 && ran.err.contains("behind its name"), "{}", ran.err);
}

#[test]
fn columns_have_headers_and_every_section() {
    let none = run("search --model gpt-oss-120b --budget 100 --output csv");
    assert!(none.out.starts_with("machine,model,format,runtime,concurrency,context"), "{}", none.out);
    let diff = run("diff default agents-256 --output csv").out;
    assert!(diff.starts_with("what,machine,before,after,ratio"), "{diff}");
    assert!(diff.contains("\nStreams,,") && diff.contains("\nwinner,,") && diff.contains("decode.expected,"), "{diff}");
}

#[test]
fn the_manual_and_the_completions_are_whole() {
    let page = run("man").out;
    for words in ["SH COMMANDS", "SS search", "EXIT STATUS", "FILES", "ENVIRONMENT", "KEYS", "\\-\\-any\\-availability"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("whichbox\\-estimate(1)"), "no page that does not exist");
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&format!("completions {shell}")).out;
        for word in ["dgx-spark", "llama-3.3-70b", "q4_k_m", "projector", "budget-6000", "decode.expected"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn a_price_ages_against_the_present_day() {
    let age = |seconds: &str| {
        let mut command = whichbox();
        command.env("SOURCE_DATE_EPOCH", seconds).args(["estimate", "--machine", "dgx-spark", "--output", "json"]);
        let out = command.output().expect("a run").stdout;
        let answer: Value = serde_json::from_slice(&out).expect("JSON");
        (number(&answer, "/0/cost/price_age_days"), answer[0]["cost"]["price_outdated"].clone())
    };
    // The two dates are half a year apart.
    let (first, second) = (age("1796083200"), age("1811635200"));
    assert_eq!(second.0 - first.0, 180.0);
    assert_eq!(second.1, true);
}

#[test]
fn a_flip_by_size_names_the_model_that_stands_there() {
    let line = "rank --machine macbook-pro-m5-max-32,rtx-5090 --params 13315582157 --format mlx-mxfp4-q8 --context 127 \
                --prompt 106 --generate 5 --budget 26833 --min-tok-s 4.37 --max-ttft 0.68";
    let answer: Value = serde_json::from_str(&run(&format!("{line} --output json")).out).expect("JSON");
    for flip in texts(&answer["flips"]) {
        assert!(!flip.starts_with("from 14.66B"), "a catalog's model is called by its name: {flip}");
        assert!(!flip.starts_with("with auto"), "a change names its knob: {flip}");
    }
}

#[test]
fn what_software_does_everywhere_holds_on_every_machine_it_runs_on() {
    let line = "rank --model llama-3.1-8b --machine rtx-3090,rtx-4090,h100-sxm,l40s --format fp8 --runtime vllm";
    let answer: Value =
        serde_json::from_str(&run(&format!("{line} --concurrency 16 --output json")).out).expect("JSON");
    let lanes = answer["lanes"].as_array().expect("lanes");
    let server = lanes.iter().find(|lane| lane["id"] == "server").expect("the server lane");
    assert!(server["machine"].is_string(), "vLLM batches continuously: {server}");
}

#[test]
fn the_library_writes_the_answers_that_the_command_writes() {
    let scenario = Scenario { concurrency: 2, ..Scenario::default() };
    let mut answers = answer_scenario(catalog(), &scenario).expect("answered");
    answers.mark(catalog());
    // Parsed from text like the command's answer, since the parser rounds the last digit.
    let text = serde_json::to_string(&answers).expect("JSON");
    let library: Value = serde_json::from_str(&text).expect("JSON");
    let command = json("estimate --concurrency 2");
    for (ours, theirs) in library.as_array().expect("a list").iter().zip(command.as_array().expect("a list")) {
        for group in ["memory", "decode", "prefill", "served", "power", "break_even", "evidence"] {
            assert_eq!(ours[group], theirs[group], "{group}");
        }
    }
    assert!(serde_json::to_value(&answers.verdict).expect("JSON")["winner"].is_u64());
}

#[test]
fn prices_are_listed_with_their_history_and_age() {
    let all = super::program::json("list prices");
    let all = all.as_array().expect("an array");
    let of = |machine: &str| -> Vec<&Value> { all.iter().filter(|row| row["machine"] == machine).collect() };
    let spark = of("dgx-spark");
    let dates: Vec<&str> = spark.iter().filter_map(|row| row["date"].as_str()).collect();
    assert!(dates.contains(&"2025-10-15") && dates.contains(&"2026-02-23"), "the history: {dates:?}");
    let in_use = spark.iter().find(|row| row["in_use"] == true).expect("a price in use");
    // From 2026-10-02 to 2026-11-29, the date of the runs.
    assert_eq!((in_use["amount"].as_f64(), in_use["age_days"].as_i64()), (Some(6950.0), Some(58)));
    assert_eq!(in_use["outdated"], false);
    for row in all.iter().filter(|row| !row["age_days"].is_null()) {
        let days = row["age_days"].as_i64().expect("days");
        assert_eq!(row["outdated"], days > 60, "{row}");
    }
    let euro = spark.iter().find(|row| row["currency"] == "Eur").expect("a price in EUR");
    assert_eq!(euro["in_use"], false);
    let table = run("list prices");
    assert!(table.out.contains("in use, outdated") && table.out.contains("EUR 6,600 incl. VAT"), "{}", table.out);
}
