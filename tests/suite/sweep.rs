//! Random questions on the command line: rows can be reproduced, winners pass and are the cheapest, and JSON is
//! complete.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use super::program::{Ran, json, number, run};

/// Number of questions per run. Each starts the program about five times.
const QUESTIONS: u32 = 10;

const MODELS: &[&str] = &[
    "llama-3.1-8b",
    "qwen3-32b",
    "llama-3.3-70b",
    "gpt-oss-20b",
    "gpt-oss-120b",
    "qwen3-30b-a3b",
    "qwen3-coder-480b-a35b",
];
const MACHINES: &[&str] = &[
    "dgx-spark",
    "rtx-3090",
    "2xrtx-3090",
    "2xrtx-3090:tensor",
    "rtx-5090",
    "4xrtx-4090",
    "rtx-pro-6000",
    "2xdgx-spark",
    "mac-studio-m3-ultra-512",
    "macbook-pro-m5-max-40",
    "rtx-5090+rtx-3090",
    "epyc-12ch-384",
];

/// Returns a strategy for a flag with one of `values`, or for no flag.
fn flag(name: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::option::weighted(0.4, select(values))
        .prop_map(move |value| value.map_or(String::new(), |value| format!(" {name} {value}")))
}

/// Returns a strategy for two parts of a question: its model, machines and load, and its limits.
fn questions() -> impl Strategy<Value = (String, String)> {
    let machines = prop::option::weighted(0.6, subsequence(MACHINES, 1..5));
    let machines = machines.prop_map(|ids| ids.map_or(String::new(), |ids| format!(" --machine {}", ids.join(","))));
    let load = (
        select(MODELS),
        machines,
        flag("--concurrency", &["1", "4", "16", "64"]),
        flag("--context", &["0", "2k", "16k", "128k"]),
        flag("--offload", &["auto", "experts"]),
        flag("--format", &["q4_k_m", "q8_0", "fp8"]),
        flag("--price", &["low", "high"]),
    );
    let load = load.prop_map(|(model, machines, a, b, c, d, e)| format!("--model {model}{machines}{a}{b}{c}{d}{e}"));
    let limits = (
        flag("--budget", &["2000", "5000", "9000", "25000"]),
        flag("--min-tok-s", &["3", "15", "60"]),
        flag("--max-ttft", &["0.5", "5", "60"]),
        flag("--max-watts", &["150", "800"]),
    );
    (load, limits.prop_map(|(a, b, c, d)| format!("{a}{b}{c}{d}")))
}

/// Returns the value of a flag on a command line, if it is there and a number.
fn given(line: &str, name: &str) -> Option<f64> {
    line.split_once(name).and_then(|(_, rest)| rest.split_whitespace().next()).and_then(|value| value.parse().ok())
}

fn answered(line: &str) -> (Ran, Value) {
    let ran = run(&format!("{line} --output json"));
    assert!(ran.code < 2, "{line}: {ran:?}");
    let value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{line}: {error}"));
    (ran, value)
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
}

/// Checks a row of a search: the `estimate` command that is printed with it gives the same figures, which pass the
/// limits.
fn row_holds(line: &str, limits: &str, row: &Value) {
    let command = row["command"].as_str().unwrap_or_else(|| panic!("{line}: no command in {row}"));
    let there = json(command.strip_prefix("whichbox ").expect("the program's name"));
    let there = &there[0];
    for (field, path) in [
        ("expected_tok_s", "/decode/expected_tok_s"),
        ("aggregate_expected_tok_s", "/decode/aggregate_expected_tok_s"),
        ("price_usd", "/cost/price_usd"),
        ("total_usd", "/cost/total_usd"),
        ("usd_per_mtok", "/cost/usd_per_mtok"),
    ] {
        let (found, again) = (row[field].as_f64(), there.pointer(path).and_then(Value::as_f64));
        let holds = match found.zip(again) {
            Some((found, again)) => same(found, again),
            None => found == again,
        };
        assert!(holds, "{line}: {field} is {found:?}, {command} gives {again:?}");
    }
    assert_eq!(there["memory"]["fits"], true, "{line}: {command}");
    assert_eq!(there["load"]["waiting_streams"].as_f64().unwrap_or(0.0), 0.0, "{line}: {command}");
    assert_ne!(there["availability"], "withdrawn", "{line}: {command}");
    if let Some(streams) = given(line, "--concurrency ") {
        assert_eq!(number(row, "/concurrency"), streams, "{line}: {command}");
    }
    let least = given(limits, "--min-tok-s ").unwrap_or(10.0);
    assert!(number(row, "/expected_tok_s") >= least, "{line}: {command} is too slow");
    assert!(
        given(limits, "--budget ").is_none_or(|most| number(row, "/total_usd") <= most),
        "{line}: {command} is too dear"
    );
    let watts = given(limits, "--max-watts ");
    assert!(
        watts.is_none_or(|most| number(there, "/power/total_load_watts") <= most),
        "{line}: {command} draws too much"
    );
    let ttft = if number(row, "/concurrency") > 1.0 { "/load/ttft_p95_s" } else { "/prefill/ttft_expected_s" };
    assert!(
        given(limits, "--max-ttft ").is_none_or(|most| number(there, ttft) <= most),
        "{line}: {command} waits too long"
    );
}

/// Checks the fields and the ranking of a search, and the first row of its results and the last of its frontier.
fn search_holds(load: &str, limits: &str) {
    let line = format!("search {load}{limits}");
    let (ran, found) = answered(&line);
    let rows = found["results"].as_array().expect("results");
    assert_eq!(ran.code == 0, !rows.is_empty(), "{line}");
    assert!(found["evaluated"].is_u64() && found["seconds"].is_number() && found["ranked_by"].is_string(), "{line}");
    assert!(found["varied"].is_array() && found["frontier"].is_array() && found["left_out"].is_array(), "{line}");
    assert!(rows.is_empty() || found["nearest"].is_null(), "{line}: {}", found["nearest"]);
    if let Some(nearest) = found["nearest"].as_object() {
        assert!(
            nearest["failed"].is_string() && nearest["change"].as_str().is_some_and(|text| !text.is_empty()),
            "{line}"
        );
    }
    let merit =
        |row: &Value| number(row, "/aggregate_expected_tok_s") / row["total_usd"].as_f64().unwrap_or(f64::INFINITY);
    assert!(rows.iter().map(merit).is_sorted_by(|a, b| a >= b || same(*a, *b)), "{line} is not ranked as it says");
    let frontier = found["frontier"].as_array().expect("a list");
    for row in rows.first().into_iter().chain(frontier.last()) {
        row_holds(&line, limits, row);
    }
}

/// Checks the winner of a ranking: it passes every limit, and no machine that passes is cheaper.
fn winner_holds(load: &str, limits: &str) {
    let line = format!("rank {load}{limits}");
    let (ran, ranked) = answered(&line);
    let machines = ranked["machines"].as_array().expect("machines");
    assert_eq!(ran.code == 0, ranked["winner"].is_string(), "{line}");
    assert_eq!(ranked["winner"].is_null(), ranked["nearest"].is_string(), "{line}");
    assert_eq!(ranked["lanes"].as_array().map(Vec::len), Some(4), "{line}");
    let passing = || machines.iter().filter(|machine| machine["passes"] == true);
    let Some(winner) = ranked["winner"].as_str() else { return assert_eq!(passing().count(), 0, "{line}") };
    let winner = machines.iter().find(|machine| machine["machine"] == winner).expect("one of the machines");
    assert_eq!(winner["failed"].as_array().map(Vec::len), Some(0), "{line}");
    let usd = |machine: &Value| machine["total_usd"].as_f64().unwrap_or(f64::INFINITY);
    assert!(passing().all(|other| usd(winner) <= usd(other)), "{line}: a cheaper one passes");
    assert!(given(limits, "--budget ").is_none_or(|most| usd(winner) <= most), "{line}");
    assert!(given(limits, "--min-tok-s ").is_none_or(|least| number(winner, "/expected_tok_s") >= least), "{line}");
}

#[test]
fn random_questions_are_answered_as_the_contract_says() {
    let config = Config { cases: QUESTIONS, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(&questions(), |(load, limits)| {
        search_holds(&load, &limits);
        winner_holds(&load, &limits);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
