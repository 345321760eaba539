//! Tests of decks: steps are applied in sequence, names are checked at their places, expectations are compared.

use std::path::Path;

use whichbox::model::ron_file::FileError;
use whichbox::model::scenario::knob::knob;
use whichbox::ui::present::deck::{DECKS, Deck, Known, check, find};
use whichbox::ui::view::panels::PANELS;

use super::ask::catalog;
use super::model_files::fixtures;
use super::program::run_in;

fn panels() -> Vec<&'static str> {
    PANELS.iter().map(|panel| panel.id).collect()
}

fn opened(name: &str) -> Result<Deck, FileError> {
    find(name, Known { catalog: catalog(), panels: &panels() }).map(|opened| opened.deck)
}

fn in_file(directory: &Path, text: &str) -> Result<Deck, FileError> {
    let path = directory.join("deck.ron");
    std::fs::write(&path, text).expect("a file");
    opened(path.to_str().expect("a name"))
}

#[test]
fn built_in_decks_hold_what_they_expect() {
    assert!(DECKS.len() >= 3);
    for (name, _) in DECKS {
        let deck = opened(name).unwrap_or_else(|error| panic!("{error}"));
        assert!((6..=10).contains(&deck.steps.len()), "{name} has {} steps", deck.steps.len());
        let found = check(catalog(), &deck);
        assert_eq!((found.unmet, found.remarks), (vec![], vec![]), "{name}");
        assert!(found.met >= 3, "{name} expects too little");
        assert!(deck.steps.iter().all(|step| step.minutes.is_some()), "{name}");
        assert!(deck.steps.iter().all(|step| step.title.chars().count() <= 40), "{name}");
    }
}

#[test]
fn a_step_goes_on_from_the_one_before() {
    let directory = tempfile::tempdir().expect("a directory");
    let deck = in_file(
        directory.path(),
        "Deck(schema: 1, steps: [
            (scenario: \"dense-70b-4bit\", panels: [\"memory\"], headline: \"decode.ceiling\"),
            (set: {\"concurrency\": 8, \"portable\": true, \"draft\": 2.0}),
            (scenario: \"default\", set: {\"context\": \"8K\"}, headline: \"decode.expected\"),
        ])",
    )
    .expect("right");
    let [first, second, third] = &deck.steps[..] else { panic!("three steps") };
    assert_eq!((second.scenario.concurrency, second.scenario.limits.portable), (8, true));
    assert_eq!(second.scenario.context, first.scenario.context);
    assert_eq!((&second.panels, second.headline.id), (&first.panels, "decode.ceiling"));
    let told: Vec<&str> = second.changes.iter().map(|change| change.what).collect();
    let label = |id| knob(id).expect("a knob").label;
    assert_eq!(told, [label("concurrency"), label("draft"), label("portable")]);
    assert_eq!((third.scenario.concurrency, third.scenario.context), (1, 8192));
    assert_eq!(third.headline.id, "decode.expected");
}

#[test]
fn a_scenario_is_a_deck_of_one_step() {
    let deck = opened("gpt-oss-120b").expect("a scenario");
    assert_eq!(deck.steps.len(), 1);
    assert_eq!(deck.title, deck.steps[0].scenario.title);
}

#[test]
fn a_link_does_not_lead_out_of_the_deck_s_directory_and_a_dot_stays_in_it() {
    let (directory, outside) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let scenario = "(schema: 1, concurrency: 3)";
    std::fs::write(outside.path().join("x.ron"), scenario).expect("a file");
    std::fs::write(directory.path().join("mine.ron"), scenario).expect("a file");
    std::os::unix::fs::symlink(outside.path().join("x.ron"), directory.path().join("link.ron")).expect("a link");
    std::os::unix::fs::symlink(outside.path(), directory.path().join("linkdir")).expect("a link");
    let deck = |name: &str| in_file(directory.path(), &format!("Deck(schema: 1, steps: [(scenario: \"{name}\")])"));
    for name in ["mine.ron", "./mine.ron"] {
        assert_eq!(deck(name).expect(name).steps[0].scenario.concurrency, 3);
    }
    for name in ["link.ron", "linkdir/x.ron", "../mine.ron"] {
        let shown = deck(name).expect_err(name).to_string();
        assert!(shown.contains("its own directory"), "{shown}");
    }
}

#[test]
fn what_is_wrong_has_its_place_and_says_what_would_do() {
    let directory = tempfile::tempdir().expect("a directory");
    let many = "(),".repeat(65);
    let long = "x".repeat(5000);
    for (steps, line, parts) in [
        ("(set: {\"concurency\": 8})", 2, &["step 1", "did you mean `concurrency`?"][..]),
        ("(set: {\"concurrency\": 0})", 2, &["step 1", "out of range"]),
        ("(set: {\"model\": \"llama-3.3-7b\"})", 2, &["step 1", "model"]),
        ("(),\n(panels: [\"decod\"])", 3, &["step 2", "did you mean \"decode\"?"]),
        ("(panels: [\"decode\", \"memory\", \"cost\", \"power\"])", 2, &["at most 3 panels"]),
        ("(headline: \"decode.expectd\")", 2, &["did you mean \"decode.expected\"?"]),
        ("(highlight: [\"rtx-5090\"])", 2, &["not among its machines"]),
        ("(expect: (winner: \"toaster\"))", 2, &["toaster"]),
        ("(scenario: \"gpt-oss-12b\")", 2, &["did you mean \"gpt-oss-120b\"?"]),
        ("(scenario: \"../secret.ron\")", 2, &["its own directory"]),
        ("(scenario: \"/etc/passwd\")", 2, &["its own directory"]),
        ("(scenario: \"deck.ron\")", 0, &["Deck"]),
        ("(minutes: -1)", 2, &["out of range"]),
        ("(run: \"ls\")", 2, &["run"]),
        ("(title: \"\u{1b}[31m\")", 2, &["control"]),
        ("(notes: \"\u{202e}\")", 2, &[]),
        (&format!("(notes: \"{long}\")"), 2, &["too long"]),
        ("(set: {\"concurrency\": 8, \"concurrency\": 9})", 2, &["second time"]),
        ("(set: {\"concurrency\": [1]})", 2, &["what the knob is set to"]),
        (&many, 2, &["at most 64 steps"]),
        ("", 2, &["at least one step"]),
    ] {
        let error = in_file(directory.path(), &format!("Deck(schema: 1, steps: [\n{steps}\n])")).expect_err(steps);
        let found = error.place().map_or(0, |place| place.line);
        let shown = &error.to_string();
        assert!(line == 0 || found.abs_diff(line) <= 1, "{shown}");
        assert!(parts.iter().all(|part| shown.contains(part)), "{shown}");
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
    }
    for text in ["Deck(steps: [()])", "Deck(schema: 2, steps: [()])", "Deck(", "Deck(schema: 1)"] {
        in_file(directory.path(), text).expect_err(text);
    }
}

#[test]
fn a_fault_has_the_place_of_its_own_step_though_others_say_the_same() {
    let directory = tempfile::tempdir().expect("a directory");
    for (first, second, needle) in [
        ("(set: {\"concurrency\": 8})", "(set: {\"concurrency\": 0})", "concurrency"),
        ("(notes: \"decod\")", "(title: \"decod\", panels: [\"decod\"])", "decod"),
        ("(notes: \"rtx-5090\")", "(notes: \"rtx-5090\", highlight: [\"rtx-5090\"])", "rtx-5090"),
        ("(title: \"nope.ron\")", "(scenario: \"nope.ron\")", "nope.ron"),
        ("(headline: \"served\")", "(title: \"serve\", headline: \"serve\")", "serve"),
    ] {
        let text = format!("Deck(schema: 1, steps: [\n{first}, // {second}\n{second},\n])");
        let error = in_file(directory.path(), &text).expect_err(second);
        let place = error.place().map(|place| (place.line, place.column));
        let column = second.rfind(&format!("\"{needle}\"")).map(|byte| byte + 1).expect("in the second step");
        assert_eq!(place, Some((3, column)), "{error}");
        assert!(error.sentence().starts_with("step 2: "), "{error}");
    }
    let unmet = "Deck(schema: 1, steps: [\n(),\n(expect: (winner: \"dgx-spark\")),\n])";
    let found = check(catalog(), &in_file(directory.path(), unmet).expect("right"));
    assert!(found.unmet[0].starts_with("step 2 at 3:19: dgx-spark was expected to win"), "{found:?}");
}

#[test]
fn a_step_names_a_model_file_of_the_decks_directory() {
    let directory = tempfile::tempdir().expect("a directory");
    let (deck, below) = (directory.path().join("deck"), directory.path().join("deck/below"));
    std::fs::create_dir_all(&below).expect("a directory");
    let copy = |name: &str, to: &Path| std::fs::copy(fixtures().join(name), to.join(name)).expect("a copy");
    copy("moe-window.gguf", &deck);
    copy("hybrid.gguf", &below);
    copy("llama-q4_k.gguf", directory.path());
    std::fs::write(below.join("own.ron"), "(schema: 1, model: File(\"hybrid.gguf\"))").expect("a file");
    std::fs::write(deck.join("odd.ron"), "(schema: 1, model: File(\"../llama-q4_k.gguf\"))").expect("a file");
    let path = deck.join("deck.ron");
    let write = |steps: &str| {
        std::fs::write(&path, format!("Deck(schema: 1, steps: [\n{steps}\n])")).expect("a file");
    };
    let whichbox = |arguments: &[&str]| run_in(directory.path(), arguments);

    write(
        "(title: \"one\", set: {\"model\": \"moe-window.gguf\"}),\n(title: \"two\", scenario: \"below/own.ron\"),\n\
         (title: \"three\", set: {\"model\": \"8b\"}),",
    );
    let ran = whichbox(&["check", "deck/deck.ron"]);
    assert!(ran.code == 0 && ran.out.contains("a deck of 3 steps"), "{ran:?}");
    let ran = whichbox(&["export", "deck/deck.ron", "--to", "out.json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let written = std::fs::read_to_string(directory.path().join("out.json")).expect("a file");
    for model in ["moe-window", "hybrid", "custom"] {
        assert!(written.contains(&format!("\"model\": \"{model}\"")), "{model} is not in it");
    }

    for (step, needle, sentence) in [
        ("(set: {\"model\": \"../llama-q4_k.gguf\"})", "../llama-q4_k.gguf", "from its own directory and below only"),
        ("(set: {\"model\": \"/etc/x.gguf\"})", "/etc/x.gguf", "from its own directory and below only"),
        ("(scenario: \"odd.ron\")", "odd.ron", "\"../llama-q4_k.gguf\": a deck takes model files from its own"),
        ("(set: {\"model\": \"none.gguf\"})", "none.gguf", "there is no such file"),
        ("(set: {\"model\": \"deck.json\"})", "deck.json", "there is no such file"),
        ("(set: {\"model\": \"\"})", "model", "model"),
    ] {
        write(&format!("(title: \"{needle}\"),\n{step},"));
        let column = step.rfind(&format!("\"{needle}\"")).map(|byte| byte + 1).expect("in the step");
        for arguments in [&["check", "deck/deck.ron"][..], &["export", "deck/deck.ron", "--to", "no.json"]] {
            let ran = whichbox(arguments);
            assert_eq!(ran.code, 2, "{step}: {ran:?}");
            assert!(ran.err.contains(&format!("deck/deck.ron:3:{column}: step 2: ")), "{step}: {ran:?}");
            assert!(ran.err.contains(sentence), "{step}: {ran:?}");
        }
    }
}

#[test]
fn an_unknown_name_says_which_one_was_meant() {
    let error = opened("botleneck").expect_err("unknown");
    assert!(error.to_string().contains("did you mean bottleneck?"), "{error}");
}

#[test]
fn every_deck_has_a_row() {
    let directory =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/decks")).expect("scenarios/decks/");
    for entry in directory {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let known = DECKS.iter().any(|(known, _)| format!("{known}.ron") == name);
        assert!(known, "scenarios/decks/{name} has no row in DECKS");
    }
}
