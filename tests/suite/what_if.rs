//! Tests of changed machines: assumed values, and machines that do not exist yet.

use whichbox::model::answer::FIGURES;
use whichbox::model::scenario::knob::knob;
use whichbox::model::scenario::what_if::PARTS;
use whichbox::model::scenario::{Scenario, from_str, open};

use super::ask::{ask, catalog, scenario};

const PAIR: &str = "machines: [\"dgx-spark\", \"two-sparks\"], model: Catalog(\"gpt-oss-120b\"),
    what_if: {\"two-sparks\": (like: \"dgx-spark\", count: 2)}";

/// Returns every figure of every machine, and for each machine whether it fits.
fn figures(scenario: &Scenario) -> Vec<Option<f64>> {
    let answers = ask(scenario);
    let of = |answer: &whichbox::model::answer::Answer<'_>| {
        let estimate = answer.estimate.expect("an estimate");
        FIGURES.iter().map(move |figure| figure.of(&estimate)).collect::<Vec<_>>()
    };
    answers.machines.iter().flat_map(of).collect()
}

#[test]
fn every_part_moves_a_figure() {
    let base = format!("{PAIR}, economics: (cloud: \"h100-sxm\")");
    for part in PARTS {
        let mut changed = scenario(&base);
        let machine = match part.id {
            "rent_usd_per_hour" => "h100-sxm",
            _ if part.of_copies => "two-sparks",
            _ => "dgx-spark",
        };
        let before = figures(&changed);
        let typed = format!("{machine}.{}=3", part.id);
        knob("what-if").expect("a knob").write(&mut changed, catalog(), &typed).expect(part.id);
        assert_ne!(figures(&changed), before, "{typed}");
    }
}

#[test]
fn of_two_linked_boxes_all_adds_but_speed() {
    let answers = ask(&scenario(PAIR));
    let [one, two] = &answers.machines[..] else { panic!("two machines") };
    let twice =
        |part: fn(&whichbox::model::facts::Machine) -> f64| assert_eq!(part(&two.machine), 2.0 * part(&one.machine));
    twice(|m| m.memory_gb.value);
    twice(|m| m.usable_gib.value);
    twice(|m| m.price.as_ref().expect("a price").usd.value);
    twice(|m| m.load_w.as_ref().expect("watts").value);
    let speed = |answer: &whichbox::model::answer::Answer<'_>| {
        answer.estimate.expect("an estimate").decode.speeds.expect("speeds").each.expected
    };
    assert_eq!(speed(one), speed(two), "linking alone makes nothing faster");
    assert!(two.warnings.iter().any(|w| w.contains("does not exist") && w.contains("no measured scaling")));
    assert!(two.machine.short.ends_with('*') && !one.machine.short.ends_with('*'));

    let mut scaled = scenario(PAIR);
    knob("what-if").expect("a knob").write(&mut scaled, catalog(), "two-sparks.scaling=1.5").expect("a scaling");
    let answers = ask(&scaled);
    let gain = speed(&answers.machines[1]) / speed(one);
    assert!(gain > 1.3 && gain <= 1.5, "overheads do not scale: {gain}");
    assert!(answers.machines[1].warnings.iter().any(|w| w.contains("1.5x of one, as you set")));
}

#[test]
fn a_pair_costs_twice_what_one_did_at_a_date() {
    let answers = ask(&scenario(&format!("{PAIR}, price: (as_of: Some(\"2026-06\"))")));
    let usd = |at: usize| answers.machines[at].price.as_ref().expect("a price").fact.value;
    assert_eq!(usd(1), 2.0 * usd(0));
}

#[test]
fn copies_are_read_back_and_typed_alike() {
    let pair = scenario(&PAIR.replace("count: 2", "count: 2, price_usd: 9000.5, scaling: 1.25"));
    assert_eq!(from_str("again", &pair.to_ron().expect("text")).as_ref(), Ok(&pair));
    let knob = knob("what-if").expect("a knob");
    let mut typed = Scenario::default();
    knob.write(&mut typed, catalog(), &knob.read(&pair, catalog()).typed).expect("what is read can be typed");
    assert_eq!(typed.what_if, pair.what_if);
    knob.write(&mut typed, catalog(), "two-sparks=none").expect("taken back");
    assert!(typed.what_if.is_empty());
}

#[test]
fn a_copy_that_is_forgotten_leaves_the_screen() {
    let mut pair = scenario(PAIR);
    knob("what-if").expect("a knob").write(&mut pair, catalog(), "none").expect("taken back");
    assert_eq!(*pair.machines, ["dgx-spark"]);
}

#[test]
fn bad_copies_have_their_place() {
    let directory = tempfile::tempdir().expect("a directory");
    for (what_if, name, part) in [
        ("\"rtx-5090\": (like: \"dgx-spark\")", "rtx-5090", "an id of its own"),
        ("\"pair\": (like: \"dgx-sparc\")", "dgx-sparc", "dgx-spark"),
        ("\"Pair One\": (like: \"dgx-spark\")", "Pair One", "lower-case"),
        ("\"dgx-spark\": (count: 2)", "dgx-spark", "for copies"),
    ] {
        let path = directory.path().join("s.ron");
        let text = format!("(schema: 1,\n machines: [\"rtx-pro-6000\"],\n what_if: {{{what_if}}})");
        std::fs::write(&path, &text).expect("a file");
        let error = open(&path).expect("right shape").check(catalog()).expect_err(what_if);
        let column = text.lines().nth(2).and_then(|line| line.find(&format!("\"{name}\""))).expect("the name") + 1;
        assert_eq!(error.place().map(|place| (place.line, place.column)), Some((3, column)), "{error}");
        assert!(error.sentence().contains(part), "{error}");
    }
    for (what_if, part) in [("count: 0", "out of range"), ("count: 1.5", "whole"), ("scaling: 1e9", "out of range")] {
        let text = format!("(schema: 1, what_if: {{\"pair\": (like: \"dgx-spark\", {what_if})}})");
        let error = from_str("x", &text).expect_err(what_if);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn typed_assumptions_that_are_none_say_why() {
    for (typed, part) in [
        ("dgx-spark", "machine.part=value"),
        ("dgx-spark.bandwith_gbs=5", "did you mean `bandwidth_gbs`?"),
        ("toaster.price_usd=5", "toaster"),
        ("dgx-spark.price_usd=cheap", "not a number"),
        ("dgx-spark.price_usd=1e12", "out of range"),
        ("pair.like=dgx-sparc", "dgx-spark"),
    ] {
        let mut scenario = Scenario::default();
        let error = knob("what-if").expect("a knob").write(&mut scenario, catalog(), typed).expect_err(typed);
        assert!(error.sentence.contains(part), "{error}");
        assert_eq!(scenario, Scenario::default(), "{typed}");
    }
}
