//! Tests of the verdict: the owners of lanes by rules, and close decisions.

use std::collections::BTreeMap;

use whichbox::model::answer::lanes;
use whichbox::model::estimate::verdict::Limits;
use whichbox::model::scenario::Scenario;

use super::ask::{ask, catalog, scenario};

const FOUR: &str = "machines: [\"dgx-spark\", \"macbook-pro-m5-max-40\", \"rtx-pro-6000\", \"rtx-5090\"]";

/// Returns the owner of each lane, by lane id.
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
    let sold = catalog().machines.iter().filter(|m| m.price.is_some() && m.is_on_the_market());
    let sold: Vec<String> = sold.map(|machine| machine.id.clone()).collect();
    let november = Scenario { machines: sold.into(), ..Scenario::default() };
    // A GB300 station is denser than any card, and a used Mac Studio gives more per dollar than a card with its
    // computer.
    assert_eq!(
        owners(&november),
        of(["macbook-pro-m5-max-40", "dgx-spark-64", "dgx-station-gb300", "mac-studio-m1-max-64"])
    );
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
fn where_nothing_passes_the_nearest_misses_least() {
    // All three machines only exceed the budget; the Spark exceeds it the least, in any order of the machines.
    for machines in ["\"rtx-pro-6000\", \"macbook-pro-m5-max-40\", \"dgx-spark\"", "\"dgx-spark\", \"rtx-pro-6000\""] {
        let answers = ask(&scenario(&format!("machines: [{machines}], limits: (budget_usd: 4000)")));
        let nearest = answers.verdict.nearest.expect("one is nearest");
        assert_eq!((answers.verdict.winner, &*answers.machines[nearest].machine.id), (None, "dgx-spark"));
    }
}

#[test]
fn the_value_lane_says_the_speed_that_a_thousand_dollars_buy() {
    let june = scenario(&format!("{FOUR}, price: (as_of: \"2026-06\")"));
    let lanes = lanes(catalog(), &june, &ask(&june)).expect("lanes");
    let value = lanes.iter().find(|lane| lane.id == "value").expect("a lane");
    // The numbers of "RTX 5090: 63 tok/s expected for … = $5,199: 12 tok/s per $1,000", with the digits shown.
    let numbers = |text: &str| -> Vec<f64> {
        text.split([' ', ':']).filter_map(|word| word.trim_start_matches('$').replace(',', "").parse().ok()).collect()
    };
    let text = value.why.iter().find(|text| text.contains("per $1,000")).expect("its numbers");
    let [_, speed, .., price, each, thousand] = numbers(text)[..] else { panic!("{text}") };
    assert!((each / (speed / price * thousand) - 1.0).abs() < 0.1, "{text}");
}

#[test]
fn where_nothing_is_asked_a_speed_is() {
    let well = Limits::default().with_default_speed(10.0);
    assert_eq!(well, Limits { min_tok_s: Some(10.0), ..Limits::default() });
    let budget = Limits { budget_usd: Some(5000.0), ..Limits::default() };
    assert_eq!(budget.clone().with_default_speed(10.0), budget);
}

#[test]
fn a_contested_price_makes_it_close_and_moves_no_winner() {
    // The Mac's price of $7,000 is contested, $4,850 to $7,349; a card at a certain $7,200 could win within that range.
    let asked = "machines: [\"macbook-pro-m5-max-40\", \"rtx-pro-6000\"], host: (usd: 0)";
    let with = |usd: u32| ask(&scenario(&format!("{asked}, price: (own: {{\"rtx-pro-6000\": {usd}}})"))).verdict;
    assert_eq!((with(7200).winner, with(7200).close), (Some(0), vec![1]));
    assert_eq!((with(7400).winner, with(7400).close), (Some(0), vec![]));
    assert_eq!((with(4800).winner, with(4800).close), (Some(1), vec![]), "a sure price below the lowest is not close");
}

#[test]
fn an_old_price_makes_it_close() {
    // A price of $999 from January 2025 may be off by 15 % a year and a half later, in June 2026: up to $1,148.85.
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
