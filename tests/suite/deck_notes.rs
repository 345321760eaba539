//! Tests that the numbers in the built-in decks' notes equal the computed figures, so that a changed fact must change
//! the notes.

use whichbox::model::answer::Figure;
use whichbox::model::answer::{Answers, answer_scenario};
use whichbox::model::estimate::figures::Bound;
use whichbox::ui::present::deck::{Deck, Known, find};
use whichbox::ui::view::panels::panel_ids;

use super::ask::catalog;

fn deck(name: &str) -> Deck {
    find(name, Known { catalog: catalog(), panels: &panel_ids() }).expect(name).deck
}

/// Returns a step's answers, and asserts that the step's note contains `said`.
fn step(deck: &Deck, number: usize, said: &str) -> Answers<'static> {
    let step = &deck.steps[number - 1];
    assert!(step.notes.contains(said), "step {number} no longer says \"{said}\": {}", step.notes);
    answer_scenario(catalog(), &step.scenario).expect("answers")
}

/// Returns a figure for all machines that have it.
fn all(answers: &Answers<'_>, figure: &str) -> Vec<(String, f64)> {
    let figure = Figure::named(figure).expect("a figure");
    let of = |answer: &whichbox::model::answer::Answer<'_>| {
        Some((answer.machine.id.clone(), figure.of(answer.estimate.as_ref()?)?))
    };
    answers.machines.iter().filter_map(of).collect()
}

/// Returns the ratios of the machines' figures.
fn times(of: &[(String, f64)], to: &[(String, f64)]) -> Vec<f64> {
    assert_eq!(of.len(), to.len());
    of.iter().zip(to).map(|(a, b)| a.1 / b.1).collect()
}

#[track_caller]
fn within(values: &[f64], low: f64, high: f64) {
    assert!(!values.is_empty() && values.iter().all(|value| (low..=high).contains(value)), "{values:?}");
}

fn numbers(values: &[(String, f64)]) -> Vec<f64> {
    values.iter().map(|value| value.1).collect()
}

fn least(values: &[(String, f64)]) -> &str {
    &values.iter().min_by(|a, b| a.1.total_cmp(&b.1)).expect("a value").0
}

#[test]
fn the_bottleneck_is_told_in_the_program_s_numbers() {
    let deck = deck("bottleneck");
    let first = step(&deck, 2, "about a quarter less than the ceiling");
    let (expected, ceiling) = (all(&first, "decode.expected"), all(&first, "decode.ceiling"));
    within(&times(&expected, &ceiling), 0.70, 0.80);
    step(&deck, 7, "about three quarters of it");
    let eight_bit = step(&deck, 3, "Three quarters more bytes per token: all three lose a good third");
    let bytes = times(&all(&eight_bit, "decode.weights-read"), &all(&first, "decode.weights-read"));
    within(&bytes, 1.7, 1.85);
    within(&times(&all(&eight_bit, "decode.expected"), &expected), 0.60, 0.66);
    let long = step(&deck, 4, "four to five tenths of the speed remain");
    within(&times(&all(&long, "decode.expected"), &expected), 0.37, 0.55);
    let wait = all(
        &step(&deck, 5, "two to two and a half minutes on Spark and laptop, less than half a minute"),
        "prefill.ttft",
    );
    let (card, others): (Vec<_>, Vec<_>) = wait.into_iter().partition(|(id, _)| id == "rtx-pro-6000");
    within(&numbers(&card), 15.0, 30.0);
    within(&numbers(&others), 110.0, 160.0);
    let none = step(&deck, 6, "fits none of the three");
    assert_eq!(all(&none, "decode.expected"), vec![]);
}

#[test]
fn the_levers_are_told_in_the_program_s_numbers() {
    let deck = deck("levers");
    let dense = all(&step(&deck, 1, "about 5, 12 and 32"), "decode.expected");
    assert_eq!(numbers(&dense).iter().map(|speed| speed.round()).collect::<Vec<_>>(), [5.0, 12.0, 32.0]);
    let best = all(&step(&deck, 2, "about a sixth faster"), "decode.expected");
    within(&times(&best, &dense), 1.14, 1.21);
    let alone = step(&deck, 3, "six to eleven times the speed");
    within(&times(&all(&alone, "decode.expected"), &best), 6.0, 11.0);
    let eight = step(&deck, 5, "about three times the sum, not eight");
    within(&times(&all(&eight, "decode.aggregate"), &all(&alone, "decode.aggregate")), 2.5, 3.5);
}

#[test]
fn the_agents_are_told_in_the_program_s_numbers() {
    let deck = deck("levers");
    let agents = step(&deck, 6, "About 600, 800, 3,100 and 1,500");
    let sums = all(&agents, "decode.aggregate");
    let hundreds: Vec<f64> = numbers(&sums).iter().map(|sum| (sum / 100.0).round()).collect();
    assert_eq!(hundreds, [6.0, 8.0, 31.0, 15.0]);
    step(&deck, 6, "Memory still decides");
    let bounds = agents.machines.iter().filter_map(|answer| Some(answer.estimate.as_ref()?.decode.bound));
    assert!(bounds.filter(|bound| *bound == Bound::Bandwidth).count() >= 2, "most wait for memory");
    step(&deck, 6, "a half to three quarters of that");
    within(&times(&all(&agents, "served"), &sums), 0.49, 0.78);
    let under_load =
        all(&step(&deck, 7, "a quarter to half a dollar, and the dearest box is the cheapest"), "cost.usd-per-mtok");
    within(&numbers(&under_load), 0.22, 0.52);
    let price = all(&agents, "cost.total");
    let dearest = price.iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("a price");
    assert_eq!(least(&under_load), dearest.0);
    step(&deck, 7, "three to six dollars");
    let alone = all(&step(&deck, 3, ""), "cost.usd-per-mtok");
    within(&numbers(&alone), 2.5, 6.0);
}

#[test]
fn the_boxes_are_told_in_the_program_s_numbers() {
    let deck = deck("which-box");
    let small = all(&step(&deck, 7, "nearly three times the speed of the 40-core laptop"), "decode.expected");
    let speed = |id: &str| small.iter().find(|(machine, _)| machine == id).expect(id).1;
    within(&[speed("rtx-5090") / speed("macbook-pro-m5-max-40")], 2.6, 3.0);
    let june = step(&deck, 8, "$2,699 in June and is about $8,400 now");
    let mut scenario = deck.steps[7].scenario.clone();
    scenario.price.as_of = None;
    let now = answer_scenario(catalog(), &scenario).expect("answers");
    let price = |answers: &Answers<'_>, id: &str| {
        all(answers, "cost.price").into_iter().find(|(machine, _)| machine == id).expect("a price").1
    };
    assert!((price(&june, "rtx-5090") - 2699.0).abs() < 0.5);
    within(&[price(&now, "rtx-5090")], 8300.0, 8500.0);
    step(&deck, 8, "A Strix Halo went the other way");
    assert!(price(&now, "strix-halo-395") < price(&june, "strix-halo-395"));
}
