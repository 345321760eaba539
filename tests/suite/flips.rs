//! Tests of strips and flips against the verdict: they state true changes of the winner, and none nearer exists.

use whichbox::model::answer::{Neighborhood, StopWinner, answer_scenario};
use whichbox::model::scenario::knob::{self, knob};
use whichbox::model::scenario::{ModelChoice, SCENARIOS, Scenario, from_str};

use super::ask::catalog;

fn scenarios() -> Vec<Scenario> {
    SCENARIOS.iter().map(|(name, text)| from_str(name, text).expect(name)).collect()
}

fn moe(concurrency: u64) -> Scenario {
    Scenario { model: ModelChoice::Catalog("gpt-oss-120b".into()), concurrency, ..Scenario::default() }
}

fn strips(here: &Neighborhood<'_, '_>) -> Vec<Vec<StopWinner>> {
    knob::sliders().map(|slider| here.strip(slider)).collect()
}

fn winner(scenario: &Scenario) -> Option<usize> {
    answer_scenario(catalog(), scenario).expect("answered").verdict.winner
}

#[test]
fn a_strip_holds_the_winner_of_every_stop() {
    for scenario in scenarios() {
        let answered = answer_scenario(catalog(), &scenario).expect("answered");
        for slider in knob::sliders() {
            let strip = Neighborhood::of(catalog(), &scenario, &answered).strip(slider);
            assert_eq!(strip.len(), slider.stops(&scenario, catalog()).len());
            for stretch in strip.iter().step_by(3) {
                let mut there = scenario.clone();
                slider.write(&mut there, catalog(), &stretch.typed).expect("a stop can be written");
                assert_eq!(stretch.winner, winner(&there), "{} at {}", slider.id, stretch.typed);
            }
        }
    }
}

#[test]
fn a_count_flips_at_the_exact_number() {
    let scenario = moe(1);
    let streams = knob("concurrency").expect("a knob");
    let answered = answer_scenario(catalog(), &scenario).expect("answered");
    let here = Neighborhood::of(catalog(), &scenario, &answered);
    let found = here.flips(&strips(&here));
    let flip = found.iter().find(|flip| flip.when.ends_with("streams")).expect("a flip by streams");
    let number: u64 = flip.when.split(' ').nth(1).and_then(|number| number.parse().ok()).expect(&flip.when);
    let at = |number: u64| {
        let mut there = scenario.clone();
        streams.write(&mut there, catalog(), &number.to_string()).expect("written");
        winner(&there)
    };
    assert_eq!(at(number), flip.winner);
    assert!((1..number).all(|fewer| at(fewer) == answered.verdict.winner), "{}", flip.when);
}

#[test]
fn a_flip_by_speed_or_price_is_what_the_verdict_says_there() {
    for scenario in scenarios().into_iter().chain([moe(8)]) {
        let answered = answer_scenario(catalog(), &scenario).expect("answered");
        let here = Neighborhood::of(catalog(), &scenario, &answered);
        for flip in here.flips(&strips(&here)) {
            assert_ne!(flip.winner, answered.verdict.winner, "{}", flip.when);
            let mut there = scenario.clone();
            if let Some(speed) = flip.when.strip_suffix(" tok/s per stream").and_then(|when| when.rsplit(' ').next()) {
                there.limits.min_tok_s = speed.replace(',', "").parse().ok();
            } else if let Some((_, usd)) = flip.when.split_once(" above $") {
                let at = answered.verdict.winner.expect("a winner has a price");
                let usd: f64 = usd.replace(',', "").parse().expect(&flip.when);
                let answer = &answered.machines[at];
                let host =
                    answer.computer_price().expect("a price").usd - answer.price.as_ref().expect("a price").fact.value;
                there.price.own.insert(answer.machine.id.clone(), usd - host + 1.0);
            } else {
                continue;
            }
            assert_eq!(winner(&there), flip.winner, "{}", flip.when);
        }
    }
}

#[test]
fn flips_come_the_nearest_first_and_name_who_wins() {
    let scenario = moe(1);
    let answered = answer_scenario(catalog(), &scenario).expect("answered");
    let here = Neighborhood::of(catalog(), &scenario, &answered);
    let found = here.flips(&strips(&here));
    assert!(found.len() > 3 && found.is_sorted_by_key(|flip| flip.distance));
    let words: Vec<String> = found.iter().map(|flip| flip.sentence(&answered)).collect();
    assert!(words.iter().any(|words| words.ends_with(": M5 Max 40c")), "{words:?}");
    assert!(words.iter().any(|words| words.ends_with(": none")), "{words:?}");
}
