//! Tests of the knobs' texts: typed values, refusals, differences between two scenarios, and names in files.

use whichbox::model::scenario::knob::{KNOBS, knob};
use whichbox::model::scenario::{ModelChoice, Scenario, from_str};

use super::knobs::{catalog, starts, turn};

/// A knob, a typed text, and the text of the knob afterwards.
const TYPED: &[(&str, &str, &str)] = &[
    ("model", "gpt-oss-120b", "gpt-oss-120b"),
    ("model", "70b", "70b/70b"),
    ("model", "70B", "70b/70b"),
    ("model", "1.5e11", "150b/150b"),
    ("model", "120b/12b", "120b/12b"),
    ("model", "40 GB", "40 GB"),
    ("model", "scout", "llama-4-scout"),
    ("model", "Scout", "llama-4-scout"),
    ("format", "nvfp4", "nvfp4"),
    ("format", "best", "best"),
    ("format", "same", "auto"),
    ("format", "dgx-spark=nvfp4, rtx-pro-6000=mxfp4", "dgx-spark=nvfp4,rtx-pro-6000=mxfp4"),
    ("sparsity", "5%", "0.05"),
    ("sparsity", "5 %", "0.05"),
    ("sparsity", "12.5", "0.125"),
    ("sparsity", ".3", "0.3"),
    ("concurrency", "256", "256"),
    ("concurrency", "1k", "1,000"),
    ("context", "32k", "32K"),
    ("context", "32K", "32K"),
    ("context", "131072", "128K"),
    ("context", "0", "0"),
    ("prompt", "30000", "30,000"),
    ("kv-format", "q8_0", "kv-q8_0"),
    ("kv-format", "kv-fp8", "kv-fp8"),
    ("runtime", "vllm", "vllm"),
    ("runtime", "dgx-spark=vllm", "dgx-spark=vllm"),
    ("machines", "rtx-5090, dgx-spark ,rtx-5090", "rtx-5090,dgx-spark"),
    ("price-level", "High", "high"),
    ("price-as-of", "2026-06", "2026-06"),
    ("price-as-of", "now", "none"),
    ("price", "rtx-pro-6000=13250,dgx-spark=$4k", "dgx-spark=4000,rtx-pro-6000=13250"),
    ("budget", "$6,000", "6000"),
    ("budget", "6k", "6000"),
    ("budget", "none", "none"),
    ("portable", "yes", "yes"),
    ("needs", "lora,continuous-batching", "lora,continuous-batching"),
    ("utilisation", "25%", "0.25"),
    ("cloud", "h100-sxm", "h100-sxm"),
];

/// A knob, a typed text, and a part of the error.
const REFUSED: &[(&str, &str, &str)] = &[
    ("model", "lamma-3.3-70b", "did you mean"),
    ("model", "gpt-oss", "can be gpt-oss-20b (20.9B, 4.19B active), gpt-oss-120b"),
    ("model", "", "write a model's name, a size such as 70b"),
    ("model", "1k", "out of range; allowed is 1M to 100T"),
    ("model", "7b/8b", "8B active is more than 7B"),
    ("model", "0 GB", "0 is out of range"),
    ("format", "q4_kn", "nearest are q4_k_m"),
    ("format", "dgx-sparc=nvfp4", "did you mean"),
    ("sparsity", "0", "allowed is 0.01 % to 100 %"),
    ("sparsity", "500", "allowed is 0.01 % to 100 %"),
    ("sparsity", "much", "write 5% or 0.05"),
    ("concurrency", "0", "0 is out of range; allowed is 1 to 4,096"),
    ("concurrency", "1.5", "not a whole number"),
    ("context", "99M", "out of range"),
    ("kv-format", "f17", "f1"),
    ("runtime", "vlm", "did you mean"),
    ("machines", "", "1 to 64 machines"),
    ("machines", "dgx-spark,toaster", "toaster"),
    ("price-level", "medium", "low, typical or high"),
    ("price-as-of", "June", "write 2026, 2026-09 or 2026-09-03, or none for now"),
    ("price", "13250", "write machine=usd"),
    ("price", "rtx-pro-6000=1,toaster=2", "toaster"),
    ("needs", "lora,continous-batching", "did you mean \"continuous-batching\"?"),
    ("budget", "lots", "is not a number"),
    ("budget", "-5", "is below 0"),
    ("portable", "maybe", "neither yes nor no"),
    ("utilisation", "0", "out of range"),
    ("model", "\u{1b}[31m", "\u{fffd}[31m"),
];

#[test]
fn typed_texts_mean_what_they_say() {
    let catalog = catalog();
    for &(id, typed, read) in TYPED {
        let mut scenario = Scenario::default();
        turn(id).write(&mut scenario, &catalog, typed).expect(typed);
        assert_eq!(turn(id).read(&scenario, &catalog).typed, read, "{id} {typed}");
    }
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let catalog = catalog();
    for &(id, typed, part) in REFUSED {
        let mut scenario = Scenario::default();
        let error = turn(id).write(&mut scenario, &catalog, typed).expect_err(typed).to_string();
        assert!(error.starts_with(&format!("{id}: ")) && error.contains(part), "{id} {typed}: {error}");
        assert!(!error.contains('\u{1b}'));
        assert_eq!(scenario, Scenario::default());
    }
    let error = knob("concurency").err().expect("no such knob");
    assert!(
        error
            .to_string()
            .starts_with("there is no knob `concurency`; did you mean `concurrency`? allowed: model, format,"),
        "{error}"
    );
}

#[test]
fn differences_are_told_in_the_knobs_words() {
    let catalog = catalog();
    let from = Scenario::default();
    assert_eq!(from.diff(&from, &catalog), []);
    let to = from_str(
        "b",
        "(schema: 1, title: \"other\", concurrency: 8, limits: (budget_usd: 6000), price: (own: {\"dgx-spark\": 4000}))",
    )
    .expect("right");
    let rows: Vec<_> =
        from.diff(&to, &catalog).into_iter().map(|row| format!("{}: {} -> {}", row.what, row.from, row.to)).collect();
    assert_eq!(
        rows,
        ["Streams: 1 stream -> 8 streams", "Own prices: as found -> dgx-spark $4,000", "Budget: no limit -> $6,000"]
    );
}

#[test]
fn a_difference_too_small_for_the_text_is_told_as_typed() {
    let catalog = catalog();
    let scenarios = ["4.889%", "4.9%"].map(|share| {
        let mut scenario = Scenario { model: ModelChoice::Catalog("llama-3.3-70b".into()), ..Scenario::default() };
        turn("sparsity").write(&mut scenario, &catalog, share).expect("right");
        scenario
    });
    let rows = scenarios[0].diff(&scenarios[1], &catalog);
    assert!(rows.iter().all(|row| row.from != row.to), "{rows:?}");
    assert!(rows.iter().any(|row| (row.from.as_str(), row.to.as_str()) == ("0.04889", "0.049")), "{rows:?}");
}

#[test]
fn an_unknown_name_in_a_file_has_its_place() {
    let catalog = catalog();
    let directory = tempfile::tempdir().expect("a directory");
    for (field, name, part) in [
        ("machines: [\"dgx-sparc\"]", "dgx-sparc", "dgx-spark"),
        ("model: Catalog(\"llama-3-70b\")", "llama-3-70b", "llama-3"),
        ("format: PerMachine({\"dgx-spark\": \"q4\"})", "q4", "q4"),
        ("runtime: Same(\"vlm\")", "vlm", "vllm"),
        ("kv_format: \"kv-f17\"", "kv-f17", "kv-f16"),
        ("what_if: {\"toaster\": ()}", "toaster", "toaster"),
        ("price: (own: {\"dgx-sparc\": 5})", "dgx-sparc", "dgx-spark"),
        ("expect: (winner: \"dgx-sparc\")", "dgx-sparc", "dgx-spark"),
        ("limits: (needs: [\"lor\"])", "lor", "lora"),
        ("economics: (cloud: \"h100\")", "h100", "h100-sxm"),
    ] {
        let path = directory.path().join("s.ron");
        let text = format!("// \"{name}\" in a comment\n(schema: 1, {field})");
        std::fs::write(&path, &text).expect("a file");
        let error = whichbox::model::scenario::open(&path).expect("right shape").check(&catalog).expect_err(field);
        let column = text.lines().nth(1).and_then(|line| line.find(&format!("\"{name}\""))).expect("the name") + 1;
        assert_eq!(error.place().map(|place| (place.line, place.column)), Some((2, column)), "{error}");
        assert!(error.sentence().contains(part), "{error}");
    }
}

#[test]
fn a_part_of_a_models_name_will_do_where_only_one_has_it() {
    let catalog = catalog();
    let mut scenario = Scenario::default();
    let model = catalog.models.iter().find(|model| model.id == "gpt-oss-120b").expect("a model");
    assert!(!model.id.contains("OSS"), "the part stands in the name alone");
    turn("model").write(&mut scenario, &catalog, "OSS-120").expect("found by its name");
    assert_eq!(scenario.model, ModelChoice::Catalog(model.id.clone()));
    let unknown = turn("model").write(&mut scenario, &catalog, "no such thing").expect_err("no model").to_string();
    assert!(unknown.contains("no such thing"), "{unknown}");
}

#[test]
fn nothing_asked_of_the_software_says_so() {
    let catalog = catalog();
    let mut scenario = Scenario::default();
    assert_eq!(turn("needs").read(&scenario, &catalog).text, "nothing in particular");
    turn("needs").write(&mut scenario, &catalog, "lora").expect("a capability");
    assert_eq!(turn("needs").read(&scenario, &catalog).text, "lora");
}

#[test]
fn a_copy_is_taken_back_and_a_machine_is_no_assumption() {
    let catalog = catalog();
    let mut scenario = Scenario::default();
    let what_if = turn("what-if");
    what_if.write(&mut scenario, &catalog, "dgx-spark.bandwidth_gbs=546").expect("an assumption");
    let assumed = scenario.clone();
    assert!(what_if.write(&mut scenario, &catalog, "dgx-spark=5").is_err());
    assert_eq!(scenario, assumed, "what was assumed is still there");
    what_if.write(&mut scenario, &catalog, "dgx-spark=none").expect("taken back");
    assert!(scenario.what_if.is_empty());
}

#[test]
fn a_copy_has_an_id_as_machines_have() {
    let catalog = catalog();
    let copied = |id: &str| {
        let text = format!("(schema: 1, machines: [\"{id}\"], what_if: {{\"{id}\": (like: \"dgx-spark\")}})");
        from_str("test", &text).expect("a scenario").check(&catalog).map_err(|error| error.to_string())
    };
    assert_eq!(copied("pair-1"), Ok(()));
    for id in ["Pair One", "pair one", ""] {
        assert!(copied(id).is_err(), "{id:?}");
    }
}

#[test]
fn what_a_scenario_expects_does_not_keep_it_from_being_a_command() {
    let catalog = catalog();
    let text = "(schema: 1, concurrency: 8, expect: (winner: \"rtx-pro-6000\"))";
    let scenario = from_str("test", text).expect("a scenario");
    let command = scenario.command(&catalog).expect("flags say it");
    assert!(command.contains("--concurrency 8"), "{command}");
}

#[test]
fn every_word_that_is_offered_is_taken() {
    let catalog = catalog();
    let mut offered = 0;
    for knob in KNOBS {
        for start in starts() {
            let words = knob.words(&start, &catalog);
            offered += words.len();
            for (word, _) in words.iter().filter(|(word, _)| knob.id != "price" && !word.ends_with('=')) {
                let taken = knob.write(&mut start.clone(), &catalog, word);
                assert_eq!(taken, Ok(()), "{} {word}", knob.id);
            }
        }
    }
    assert!(offered > 1000, "{offered}");
    let kv = turn("kv-format").stops(&Scenario::default(), &catalog);
    assert_eq!(kv.len(), catalog.kv_formats.len());
}

#[test]
fn what_only_copies_have_is_offered_for_copies_alone() {
    let catalog = catalog();
    let mut scenario = Scenario::default();
    let offered = |scenario: &Scenario| -> Vec<String> {
        turn("what-if").words(scenario, &catalog).into_iter().map(|(word, _)| word).collect()
    };
    assert!(offered(&scenario).contains(&"dgx-spark.price_usd=".to_owned()));
    assert!(!offered(&scenario).iter().any(|word| word.ends_with(".count=")));
    turn("what-if").write(&mut scenario, &catalog, "pair.like=dgx-spark,pair.count=2").expect("a copy");
    turn("machines").write(&mut scenario, &catalog, "dgx-spark,pair").expect("both");
    let words = offered(&scenario);
    let counts: Vec<&str> = words.iter().map(String::as_str).filter(|word| word.ends_with(".count=")).collect();
    assert_eq!(counts, ["pair.count="]);
}

#[test]
fn an_expectation_that_only_one_has_is_a_difference() {
    let plain = Scenario::default();
    let expecting = from_str("e", "(schema: 1, expect: (winner: \"dgx-spark\"))").expect("right");
    let rows = plain.diff(&expecting, &catalog());
    let row = rows.iter().find(|row| row.what == "Expected").expect("the expectation");
    assert_eq!(row.from, "none");
    assert!(row.to.contains("dgx-spark"), "{}", row.to);
    assert!(plain.diff(&plain, &catalog()).is_empty());
}

#[test]
fn a_model_says_its_size_and_whether_it_is_dense() {
    let catalog = catalog();
    let read = |id: &str, model: &str| {
        let scenario = from_str("s", &format!("(schema: 1, model: {model})")).expect(model);
        knob(id).expect("a knob").read(&scenario, &catalog)
    };
    let [dense, sparse] = ["Custom(params: 70e9, active: 70e9)", "Custom(params: 70e9, active: 7e9)"];
    assert_eq!((read("model", dense).text.as_str(), read("model", dense).note.as_str()), ("70.0B dense", "custom"));
    assert_eq!(
        (read("model", sparse).text.as_str(), read("model", sparse).note.as_str()),
        ("70.0B, 7.00B active", "custom MoE")
    );
    for (model, note) in [
        (dense, "custom dense"),
        (sparse, "custom MoE"),
        ("Catalog(\"llama-3.3-70b\")", "dense; less"),
        ("Catalog(\"gpt-oss-120b\")", "its own"),
    ] {
        assert!(read("sparsity", model).note.starts_with(note), "{model}: {}", read("sparsity", model).note);
    }
    // 40 GB at 4.5 bits per parameter is a dense model of 71 billion parameters.
    let size = read("model", "ReadGb(40)").value.expect("a size");
    assert!((71e9..71.2e9).contains(&size), "{size}");
}
