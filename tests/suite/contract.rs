//! Tests of the command line's contract: the fields of machine-readable answers, and figures known from other sources.

use serde_json::Value;
use whichbox::model::answer::{FIGURES, Figure};

use super::ask::catalog;
use super::program::{json, number, run};

/// The fields of `estimate` with their types: `n` number, `b` boolean, `s` text, `l` list; `?` may be null.
const FIELDS: &[(&str, &str)] = &[
    ("machine", "s"),
    ("model", "s"),
    ("format", "s"),
    ("runtime", "s"),
    ("kv_format", "s"),
    ("context", "n"),
    ("prompt", "n"),
    ("generate", "n"),
    ("concurrency", "n"),
    ("availability", "s"),
    ("setup/units", "a"),
    ("setup/split", "s?"),
    ("setup/link", "s?"),
    ("setup/host", "s?"),
    ("setup/offload/kind", "s"),
    ("setup/offload/layers", "n"),
    ("setup/offload/device_bytes", "n"),
    ("setup/offload/host_bytes", "n"),
    ("setup/offload/host_usable_bytes", "n?"),
    ("draft/method", "s?"),
    ("draft/drafted", "n"),
    ("draft/accepted_per_step", "n"),
    ("load/running_streams", "n?"),
    ("load/waiting_streams", "n?"),
    ("load/ttft_p50_s", "n?"),
    ("load/ttft_p95_s", "n?"),
    ("load/stream_mean_tok_s", "n?"),
    ("load/users_at_least_speed", "n?"),
    ("setup/layers", "l?"),
    ("bandwidth/gbs", "n"),
    ("bandwidth/basis", "s"),
    ("memory/weights_bytes", "n"),
    ("memory/kv_bytes", "n"),
    ("memory/state_bytes", "n"),
    ("memory/overhead_bytes", "n"),
    ("memory/total_bytes", "n"),
    ("memory/usable_bytes", "n"),
    ("memory/fits", "b"),
    ("memory/max_concurrency", "n?"),
    ("memory/max_context", "n"),
    ("decode/weight_bytes_read", "n"),
    ("decode/kv_bytes_read", "n"),
    ("decode/bound", "s"),
    ("decode/ceiling_tok_s", "n?"),
    ("decode/low_tok_s", "n?"),
    ("decode/expected_tok_s", "n?"),
    ("decode/high_tok_s", "n?"),
    ("decode/aggregate_ceiling_tok_s", "n?"),
    ("decode/aggregate_low_tok_s", "n?"),
    ("decode/aggregate_expected_tok_s", "n?"),
    ("decode/aggregate_high_tok_s", "n?"),
    ("prefill/low_tok_s", "n?"),
    ("prefill/expected_tok_s", "n?"),
    ("prefill/high_tok_s", "n?"),
    ("prefill/ttft_low_s", "n?"),
    ("prefill/ttft_expected_s", "n?"),
    ("prefill/ttft_high_s", "n?"),
    ("prefill/bound", "s?"),
    ("answer_time/low_s", "n?"),
    ("answer_time/expected_s", "n?"),
    ("answer_time/high_s", "n?"),
    ("roofline/balance_flop_per_byte", "n?"),
    ("roofline/intensity_flop_per_byte", "n?"),
    ("roofline/crossover_streams", "n?"),
    ("served/aggregate_low_tok_s", "n?"),
    ("served/aggregate_expected_tok_s", "n?"),
    ("served/aggregate_high_tok_s", "n?"),
    ("power/load_watts", "n?"),
    ("power/idle_watts", "n?"),
    ("power/total_load_watts", "n?"),
    ("power/host_load_watts", "n?"),
    ("power/card_only", "b"),
    ("power/joules_per_token", "n?"),
    ("power/kwh_per_mtok", "n?"),
    ("power/bill_load_usd_per_year", "n?"),
    ("power/bill_idle_usd_per_year", "n?"),
    ("power/bill_usd_per_year", "n?"),
    ("cost/price_usd", "n?"),
    ("cost/price_low_usd", "n?"),
    ("cost/price_high_usd", "n?"),
    ("cost/price_date", "s?"),
    ("cost/price_basis", "s?"),
    ("cost/price_age_days", "n?"),
    ("cost/price_outdated", "b"),
    ("cost/elsewhere", "s?"),
    ("cost/card_only", "b"),
    ("cost/host_usd", "n?"),
    ("cost/total_usd", "n?"),
    ("cost/usd_per_gb", "n?"),
    ("cost/usd_per_gb_usable", "n?"),
    ("cost/usd_per_gbs", "n?"),
    ("cost/usd_per_mtok", "n?"),
    ("break_even/energy_usd_per_mtok", "n?"),
    ("break_even/rented", "s?"),
    ("break_even/rented_usd_per_hour", "n?"),
    ("break_even/rented_tok_s", "n?"),
    ("break_even/rent_usd_per_mtok", "n?"),
    ("break_even/rent_mtok", "n?"),
    ("break_even/rent_months", "n?"),
    ("break_even/rent_hours", "n?"),
    ("break_even/rent_text", "s"),
    ("break_even/api_usd_per_mtok", "n?"),
    ("break_even/api_mtok", "n?"),
    ("break_even/api_months", "n?"),
    ("break_even/api_hours", "n?"),
    ("break_even/api_text", "s"),
    ("measured", "l"),
    ("evidence/rows", "n"),
    ("basis", "s"),
    ("warnings", "l"),
];

fn is(value: &Value, kind: &str) -> bool {
    match kind.trim_end_matches('?') {
        _ if value.is_null() => kind.ends_with('?'),
        "n" => value.as_f64().is_some_and(|number| number.is_finite() && number >= 0.0),
        "b" => value.is_boolean(),
        "s" => value.as_str().is_some_and(|text| !text.is_empty()),
        _ => value.is_array(),
    }
}

#[test]
fn every_field_is_there_with_its_type_on_every_machine() {
    /// The most machines that one command compares.
    const MOST_COMPARED: usize = 64;
    let machines: Vec<&str> = catalog().machines.iter().map(|machine| machine.id.as_str()).collect();
    for rest in ["", "--model gpt-oss-120b --concurrency 8", "--model llama-3.1-405b", "--read-gb 40", "--format nvfp4"]
    {
        let records: Vec<Value> = machines
            .chunks(MOST_COMPARED)
            .flat_map(|some| {
                json(&format!("estimate --machine {} {rest}", some.join(","))).as_array().expect("an array").clone()
            })
            .collect();
        let order: Vec<&str> = records.iter().filter_map(|record| record["machine"].as_str()).collect();
        assert_eq!(order, machines, "in the order asked for");
        for record in &records {
            for (path, kind) in FIELDS {
                let value =
                    record.pointer(&format!("/{path}")).unwrap_or_else(|| panic!("{rest}: no {path} in {record}"));
                assert!(is(value, kind), "{rest}: {path} is {value} on {}", record["machine"]);
            }
            let speed = record["decode"]["expected_tok_s"].as_f64();
            let may_run = record["memory"]["fits"] == true;
            assert!(speed.is_none() || may_run, "a speed without a fit: {record}");
            if speed.is_none() {
                assert!(record["warnings"].as_array().is_some_and(|warnings| !warnings.is_empty()), "{record}");
                for path in [
                    "/prefill/expected_tok_s",
                    "/served/aggregate_expected_tok_s",
                    "/power/joules_per_token",
                    "/cost/usd_per_mtok",
                ] {
                    assert!(record.pointer(path).is_some_and(Value::is_null), "{path} without a speed: {record}");
                }
            }
        }
    }
}

#[test]
fn there_are_no_other_fields_than_the_contract_names() {
    fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    paths(value, &format!("{path}/{name}"), found);
                }
            }
            _ => found.push(path.trim_start_matches('/').to_owned()),
        }
    }
    let mut found = Vec::new();
    paths(&json("estimate")[0], "", &mut found);
    found.sort_unstable();
    let mut fields: Vec<&str> = FIELDS.iter().map(|(path, _)| *path).collect();
    fields.sort_unstable();
    assert_eq!(found, fields);
}

#[test]
fn measured_rows_are_cited() {
    let answer = json("estimate --model gpt-oss-120b --machine dgx-spark");
    let rows = answer[0]["measured"].as_array().expect("a list");
    assert!(!rows.is_empty(), "the catalog has measurements of it");
    for row in rows {
        for (field, kind) in [("tok_s", "n"), ("test", "s"), ("source", "s"), ("date", "s"), ("conditions", "s")] {
            assert!(is(&row[field], kind), "{field} in {row}");
        }
        assert!(catalog().source(row["source"].as_str().expect("a source")).is_some(), "{row}");
    }
}

/// Returns a figure for the three machines of the default scenario.
fn on_three(line: &str, path: &str) -> [f64; 3] {
    let answer = json(line);
    [0, 1, 2].map(|at| number(&answer, &format!("/{at}/{path}")))
}

fn close(ours: [f64; 3], known: [f64; 3], within: f64) {
    for (ours, known) in ours.into_iter().zip(known) {
        assert!((ours / known - 1.0).abs() <= within, "{ours} instead of {known}");
    }
}

#[test]
fn ceilings_are_those_that_are_known() {
    close(on_three("estimate --context 0", "decode/ceiling_tok_s"), [6.51, 14.65, 42.75], 0.01);
    close(on_three("estimate --context 0 --read-gb 40", "decode/ceiling_tok_s"), [6.825, 15.35, 44.8], 0.001);
    close(on_three("estimate", "decode/ceiling_tok_s"), [6.31, 14.2, 41.4], 0.005);
    close(on_three("estimate", "bandwidth/gbs"), [273.0, 614.0, 1792.0], 1e-12);
}

#[test]
fn bytes_are_those_that_are_known() {
    let answer = json("estimate --model llama-3.1-8b --format bf16 --machine dgx-spark --context 0");
    assert_eq!(number(&answer, "/0/decode/weight_bytes_read"), 15_009_849_344.0);
    let cache = |context: u32| {
        let answer = json(&format!("estimate --model gpt-oss-120b --machine dgx-spark --context {context}"));
        (number(&answer, "/0/memory/kv_bytes"), number(&answer, "/0/decode/kv_bytes_read"))
    };
    let (short, long) = (cache(2048), cache(3072));
    assert_eq!((long.0 - short.0, long.1 - short.1), (37_748_736.0, 37_748_736.0));
    let nvfp4 = json("estimate --machine dgx-spark --format nvfp4 --context 0");
    close([number(&nvfp4, "/0/decode/weight_bytes_read"); 3], [40.61e9; 3], 0.002);
}

#[test]
fn costs_are_those_that_are_known() {
    let costs = on_three("estimate --price-as-of 2026-06", "cost/usd_per_gb");
    assert!((costs[0] - 36.7).abs() < 0.05 && (costs[2] - 138.0).abs() < 0.05, "{costs:?}");
    assert!((costs[2] / costs[0] - 3.76).abs() < 0.01, "{costs:?}");
}

#[test]
fn a_70b_at_4_bit_fits_no_32_gb_card() {
    let ran = run("estimate --format q4_k_m --machine rtx-5090,radeon-ai-pro-r9700,arc-pro-b70 --output json");
    assert_eq!(ran.code, 1, "{}", ran.err);
    let answer: Value = serde_json::from_str(&ran.out).expect("JSON");
    for record in answer.as_array().expect("an array") {
        assert_eq!(record["memory"]["fits"], false);
        assert!(
            record["decode"]["ceiling_tok_s"].is_null() && record["decode"]["expected_tok_s"].is_null(),
            "{record}"
        );
        assert!(record["warnings"][0].as_str().is_some_and(|text| text.contains("would fit")), "{record}");
    }
    let small = catalog().machines.iter().filter(|machine| machine.memory_gb.value <= 32.0);
    let small: Vec<&str> = small.map(|machine| machine.id.as_str()).collect();
    assert!(small.len() >= 4, "{small:?}");
    assert_eq!(run(&format!("estimate --machine {}", small.join(","))).code, 1);
}

#[test]
fn gpt_oss_120b_fits_the_spark_in_its_own_format() {
    let answer = json("estimate --model gpt-oss-120b --machine dgx-spark");
    assert_eq!((&answer[0]["memory"]["fits"], &answer[0]["format"]), (&Value::from(true), &Value::from("mxfp4-gguf")));
    assert!(number(&answer, "/0/decode/expected_tok_s") > 20.0);
}

#[test]
fn a_dense_30b_at_4_bit_on_an_rtx_5090_is_as_fast_as_stated() {
    for line in ["--model qwen3-32b", "--params 30b"] {
        let answer = json(&format!("estimate --machine rtx-5090 {line} --format q4_k_m"));
        let expected = number(&answer, "/0/decode/expected_tok_s");
        assert!((60.0..=90.0).contains(&expected), "{line}: {expected} tok/s");
    }
}

#[test]
fn every_figure_can_be_explained_for_every_kind_of_model() {
    for model in ["llama-3.3-70b", "gpt-oss-120b", "qwen3.6-27b", "glm-4.7-flash", "gemma-3-27b"] {
        let estimate = json(&format!("estimate --model {model} --machine dgx-spark --concurrency 2"));
        for figure in FIGURES {
            let line = format!("explain {} --model {model} --machine dgx-spark --concurrency 2", figure.id);
            let answer = json(&line);
            let tree = &answer[0]["tree"];
            let field = field_of(figure, &estimate[0]);
            let is_state = figure.id == "memory.state" && model != "qwen3.6-27b";
            // An API price may be below the cost of electricity, or unknown for the model.
            let may_be_absent = is_state || figure.id.starts_with("break-even.api");
            assert!(field.is_some() || may_be_absent, "{line}");
            assert_eq!(tree.is_null(), is_state || field.is_none(), "{line}");
            if !is_state && let Some(field) = field {
                // Bytes are written as whole numbers.
                assert!((number(tree, "/value") - field).abs() <= f64::max(0.5, 1e-12 * field), "{line}: not {field}");
                check_tree(tree, &line);
            }
        }
    }
}

/// Returns the field of `estimate` that contains a figure, in base units.
fn field_of(figure: &Figure, record: &Value) -> Option<f64> {
    let scale = if figure.id == "bandwidth" { 1e9 } else { 1.0 };
    let field =
        record.pointer(&format!("/{}", figure.json.replace('.', "/"))).unwrap_or_else(|| panic!("{}", figure.json));
    field.as_f64().map(|value| value * scale)
}

/// Asserts that every node has a value and a basis, and that every leaf is a knob or has sources.
fn check_tree(tree: &Value, line: &str) {
    assert!(is(&tree["label"], "s") && is(&tree["text"], "s") && is(&tree["basis"], "s"), "{line}: {tree}");
    assert!(tree["value"].is_number(), "{line}: {tree}");
    if let Some(inputs) = tree["inputs"].as_array() {
        assert!(is(&tree["formula"], "s") && is(&tree["live"], "s") && !inputs.is_empty(), "{line}: {tree}");
        for input in inputs {
            check_tree(input, line);
        }
    } else {
        let cited = tree["sources"].as_array().is_some_and(|sources| !sources.is_empty());
        assert!(cited || is(&tree["knob"], "s"), "{line}: {tree}");
    }
}
