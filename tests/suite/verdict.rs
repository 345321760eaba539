//! The verdict: lanes from rules, limits in sentences, close calls, and `rank` to its contract.

use std::collections::BTreeMap;

use serde_json::Value;
use whichbox::answer::lanes;
use whichbox::catalog::Catalog;
use whichbox::scenario::Scenario;

use super::ask::{ask, catalog, scenario};
use super::program::{json, run, run_in};

const FOUR: &str = "machines: [\"dgx-spark\", \"macbook-pro-m5-max-40\", \"rtx-pro-6000\", \"rtx-5090\"]";

/// Who owns each lane, by id.
fn owners(asked: &Scenario) -> BTreeMap<&'static str, String> {
    let answers = ask(asked);
    let lanes = lanes(catalog(), asked, &answers).expect("lanes");
    let id = |at: Option<usize>| at.map_or("none".to_owned(), |at| answers.machines[at].machine.id.clone());
    lanes.iter().map(|lane| (lane.id, id(lane.machine))).collect()
}

fn of(owners: [&str; 4]) -> BTreeMap<&'static str, String> {
    ["portable", "server", "density", "value"].into_iter().zip(owners.map(str::to_owned)).collect()
}

#[test]
fn june_gives_the_four_lanes() {
    let june = scenario(&format!("{FOUR}, price: (as_of: \"2026-06\")"));
    assert_eq!(owners(&june), of(["macbook-pro-m5-max-40", "dgx-spark", "rtx-pro-6000", "rtx-5090"]));
    let prices: Vec<f64> = ask(&june).machines.iter().map(|a| a.price.as_ref().expect("known").fact.value).collect();
    assert_eq!(prices, [4699.0, 4850.0, 13_250.0, 2699.0]);
}

#[test]
fn november_moves_the_lanes_that_newer_facts_move() {
    let sold = catalog().machines.iter().filter(|m| m.price.is_some() && m.discontinued.is_empty());
    let sold: Vec<String> = sold.map(|machine| machine.id.clone()).collect();
    let november = Scenario { machines: sold.into(), ..Scenario::default() };
    // A GB300 station is denser than any card, and a used card gives more per dollar than a 5090 at $5,000.
    assert_eq!(owners(&november), of(["macbook-pro-m5-max-40", "dgx-spark", "dgx-station-gb300", "rtx-3090"]));
}

#[test]
fn lanes_swap_with_price_and_bandwidth() {
    let swapped = scenario(&format!(
        "{FOUR}, what_if: {{\"dgx-spark\": (price_usd: 13250, bandwidth_gbs: 1792),
                            \"rtx-pro-6000\": (price_usd: 4699, bandwidth_gbs: 273)}}, price: (as_of: \"2026-06\")"
    ));
    assert_eq!(owners(&swapped), of(["macbook-pro-m5-max-40", "rtx-pro-6000", "dgx-spark", "rtx-5090"]));
}

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
    assert_eq!(winner("--budget 4700"), "dgx-spark", "any speed where only money is asked");
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
        (Some(4699.0), &"costs $4,699, the budget is $4,000".into())
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
fn a_contested_price_makes_it_close_and_moves_no_winner() {
    // The Mac's $4,850 is contested up to $7,349; at $5,000 for certain, the card's own price would win within that.
    let asked = "machines: [\"macbook-pro-m5-max-40\", \"rtx-pro-6000\"], host: (usd: 0)";
    let with = |usd: u32| ask(&scenario(&format!("{asked}, price: (own: {{\"rtx-pro-6000\": {usd}}})"))).verdict;
    assert_eq!((with(5000).winner, with(5000).close), (Some(0), vec![1]));
    assert_eq!((with(7400).winner, with(7400).close), (Some(0), vec![]));
    assert_eq!((with(4800).winner, with(4800).close), (Some(1), vec![]), "a sure price below the lowest is not close");
}

#[test]
fn an_old_price_makes_it_close() {
    // $999 of January 2025, a year and a half before June 2026, may be off by 15 %: to $1,148.85.
    let price = "price: (as_of: \"2025-12\", own: {\"rtx-3090\": 1100})";
    let asked = format!(
        "machines: [\"rtx-5080\", \"rtx-3090\"], model: Catalog(\"qwen3-8b\"), host: (usd: 0), limits: (min_tok_s: 10), {price}"
    );
    let answers = ask(&scenario(&asked));
    let age = answers.machines[0].price.as_ref().and_then(|price| price.age).expect("dated");
    assert_eq!(age.words(), "335 days old");
    assert!(age.outdated.is_some());
    assert_eq!((answers.verdict.winner, answers.verdict.close), (Some(0), vec![1]));
}

#[test]
fn a_cheaper_box_or_a_smaller_model_is_named() {
    let cheaper = json("rank --machine rtx-pro-6000");
    assert!(
        cheaper["instead"][0].as_str().is_some_and(|text| text.starts_with("a cheaper box would do: ")),
        "{cheaper}"
    );
    let smaller = json("rank --machine rtx-5090 --budget 8000 --min-tok-s 50");
    let texts = smaller["instead"].as_array().expect("a list");
    assert!(
        texts.iter().any(|text| text.as_str().is_some_and(|t| t.starts_with("a smaller model would do: "))),
        "{smaller}"
    );
}
