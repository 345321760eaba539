//! Tests of `rank`: the verdict as a command, limits in sentences, and its contract.

use serde_json::Value;
use whichbox::model::catalog::Catalog;

use super::ask::catalog;
use super::program::{json, run, run_in};

#[test]
fn lanes_swap_in_a_catalog_file_as_well() {
    let directory = tempfile::tempdir().expect("a directory");
    let (mut spark, mut card) = (
        catalog().machine("dgx-spark").expect("known").clone(),
        catalog().machine("rtx-pro-6000").expect("known").clone(),
    );
    std::mem::swap(&mut spark.price, &mut card.price);
    std::mem::swap(&mut spark.bandwidth_gbs, &mut card.bandwidth_gbs);
    let entries = ron::to_string(&vec![spark, card]).expect("RON");
    std::fs::write(directory.path().join("swapped.ron"), format!("Catalog(machines: {entries})")).expect("written");
    let swapped = Catalog::load(Some(directory.path()));
    assert!(swapped.is_ok(), "{swapped:?}");
    let ran = run_in(directory.path(), &["rank", "--catalog", ".", "--output", "json"]);
    let answer: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(lane(&answer, "server")["machine"], "rtx-pro-6000");
    assert_eq!(lane(&answer, "density")["machine"], "dgx-spark");
}

fn lane<'v>(answer: &'v Value, id: &str) -> &'v Value {
    answer["lanes"].as_array().expect("lanes").iter().find(|lane| lane["id"] == id).expect("all four lanes")
}

#[test]
fn rank_has_the_fields_of_its_contract() {
    for line in ["rank", "rank --budget 1", "rank budget-6000", "rank --read-gb 40", "rank --model llama-3.1-405b"] {
        let answer = json(line);
        for id in ["portable", "server", "density", "value"] {
            let lane = lane(&answer, id);
            assert!(lane["machine"].is_string() || lane["machine"].is_null(), "{line}: {lane}");
            assert!(lane["why"].as_array().is_some_and(|why| !why.is_empty()), "{line}: {lane}");
        }
        for machine in answer["machines"].as_array().expect("machines") {
            let failed = machine["failed"].as_array().expect("a list");
            assert_eq!(machine["passes"], failed.is_empty(), "{line}: {machine}");
            for failed in failed {
                assert!(failed["limit"].is_string() && failed["text"].is_string(), "{line}: {failed}");
                assert!(failed.get("need").is_some() && failed.get("have").is_some(), "{line}: {failed}");
            }
            assert!(machine.get("expected_tok_s").is_some() && machine.get("price_usd").is_some(), "{line}");
        }
        assert_eq!(answer["winner"].is_null(), answer["nearest"].is_string(), "{line}: one of the two");
        assert!(answer["close"].is_array() && answer["flips"].is_array() && !answer["why"][0].is_null(), "{line}");
    }
}

#[test]
fn flags_are_limits() {
    let winner = |line: &str| json(&format!("rank {line}"))["winner"].clone();
    assert_eq!(winner(""), "macbook-pro-m5-max-40", "the cheapest at 10 tok/s");
    assert_eq!(winner("--min-tok-s 20"), "rtx-pro-6000");
    assert_eq!(winner("--budget 6960"), "dgx-spark", "any speed where only money is asked");
    assert_eq!(winner("--portable"), "macbook-pro-m5-max-40");
    assert_eq!(winner("--needs full-fine-tuning --min-tok-s 10"), "rtx-pro-6000");
    assert_eq!(winner("--max-watts 200 --min-tok-s 5"), "macbook-pro-m5-max-40");
    assert_eq!(winner("--min-tok-s 20 --max-watts 600"), Value::Null, "with its host the card draws 680 W");
}

#[test]
fn where_nothing_passes_the_nearest_says_by_how_much() {
    let ran = run("rank --budget 4000 --output json");
    let answer: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((ran.code, &answer["winner"], &answer["nearest"]), (1, &Value::Null, &Value::from("dgx-spark")));
    let failed = &answer["machines"][0]["failed"][0];
    assert_eq!((failed["limit"].as_str(), failed["need"].as_f64()), (Some("budget"), Some(4000.0)));
    assert_eq!(
        (failed["have"].as_f64(), &failed["text"]),
        (Some(6950.0), &"costs $6,950, the budget is $4,000".into())
    );
    let unknown = json("rank --machine rtx-pro-6000-max-q --budget 100000");
    assert_eq!(unknown["machines"][0]["failed"][0]["have"], Value::Null, "an unknown price fails a budget");
}

#[test]
fn absurd_limits_are_answered_or_refused_in_a_sentence() {
    assert_eq!(run("rank --budget 0").code, 1);
    assert_eq!(run("rank --min-tok-s 1e9").code, 1);
    assert_eq!(run("rank --min-tok-s 0").code, 0);
    for line in ["rank --budget -5", "rank --budget nan", "rank --max-watts 1e30", "rank --needs flying"] {
        let ran = run(line);
        assert!(ran.code == 2 && ran.out.is_empty() && ran.err.lines().count() == 1, "{line}: {ran:?}");
    }
}

#[test]
fn every_form_of_rank_names_every_machine() {
    for (output, name) in [("table", "DGX Spark"), ("csv", "dgx-spark"), ("markdown", "DGX Spark")] {
        let ran = run(&format!("rank --output {output}"));
        assert!(ran.code == 0 && ran.out.contains(name), "{output}: {ran:?}");
    }
}

#[test]
fn a_cheaper_box_or_a_smaller_model_is_named() {
    let cheaper = json("rank --machine rtx-pro-6000");
    assert!(
        cheaper["instead"][0].as_str().is_some_and(|text| text.starts_with("a cheaper box would do: ")),
        "{cheaper}"
    );
    let smaller = json("rank --machine rtx-5090 --budget 11000 --min-tok-s 50");
    let texts = smaller["instead"].as_array().expect("a list");
    assert!(
        texts.iter().any(|text| text.as_str().is_some_and(|t| t.starts_with("a smaller model would do: "))),
        "{smaller}"
    );
}
