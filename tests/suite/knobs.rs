//! The knobs: every stop reads back what was written, steps reach both ends and come back, typed texts mean what they say.

use whichbox::model::catalog::Catalog;
use whichbox::model::scenario::knob::{KNOBS, Knob, Stop, knob, sliders};
use whichbox::model::scenario::{FormatChoice, ModelChoice, Scenario, from_str};

fn turn(id: &str) -> &'static Knob {
    knob(id).expect(id)
}

/// A few scenarios to turn knobs from.
fn starts() -> Vec<Scenario> {
    let models = [
        "Catalog(\"llama-3.3-70b\")",
        "Catalog(\"gpt-oss-120b\")",
        "Catalog(\"qwen3-coder-30b-a3b\")",
        "Catalog(\"smollm2-135m\")",
        "Custom(params: 93123456789.5, active: 20e9)",
        "Custom(params: 1e14, active: 1e10)",
        "ReadGb(40)",
    ];
    let rest = [
        "format: Auto",
        "format: Best, concurrency: 5, context: 100",
        "format: PerMachine({\"dgx-spark\": \"nvfp4\"}), runtime: Same(\"vllm\"), context: 16777216, concurrency: 4096",
    ];
    let text = |model: &str, rest: &str| format!("(schema: 1, model: {model}, {rest})");
    models
        .iter()
        .flat_map(|model| rest.iter().map(move |rest| from_str("x", &text(model, rest)).expect("right")))
        .collect()
}

#[test]
fn every_stop_of_every_knob_reads_back() {
    let catalog = catalog();
    for knob in KNOBS {
        for start in starts() {
            let stops = knob.stops(&start, &catalog);
            for stop in &stops {
                let mut scenario = start.clone();
                knob.write(&mut scenario, &catalog, &stop.typed).expect(&stop.typed);
                assert_eq!(knob.read(&scenario, &catalog).typed, stop.typed, "{}", knob.id);
                let at = knob.position(&scenario, &catalog);
                assert!((at - stop.at).abs() < 1e-9, "{} {}: {at}", knob.id, stop.typed);
                assert_eq!(from_str("again", &scenario.to_ron().expect("text")).as_ref(), Ok(&scenario));
                scenario.check(&catalog).expect("known names");
            }
            assert!(!knob.slider || stops.len() >= 15, "{} is a slider with {} stops", knob.id, stops.len());
        }
    }
}

#[test]
fn what_is_read_can_be_typed() {
    let catalog = catalog();
    for knob in KNOBS {
        for start in starts() {
            let setting = knob.read(&start, &catalog);
            let mut scenario = start.clone();
            knob.write(&mut scenario, &catalog, &setting.typed).expect(&setting.typed);
            assert_eq!(knob.read(&scenario, &catalog), setting, "{}", knob.id);
            // A share is written with four digits, so only there may the number behind it move.
            assert!(knob.id == "sparsity" || scenario == start, "{}", knob.id);
        }
    }
}

fn rising(stops: &[Stop]) -> bool {
    stops.windows(2).all(|pair| pair[0].at < pair[1].at)
}

#[test]
fn stops_fill_the_slider_from_end_to_end() {
    let catalog = catalog();
    for knob in KNOBS {
        for start in starts() {
            let stops = knob.stops(&start, &catalog);
            let Some((first, last)) = stops.first().zip(stops.last()) else { continue };
            assert!(rising(&stops), "{}", knob.id);
            assert!(first.at.abs() < 1e-12 && (last.at - 1.0).abs() < 1e-12, "{} {} {}", knob.id, first.at, last.at);
        }
    }
}

#[test]
fn steps_reach_both_ends_and_come_back() {
    let catalog = catalog();
    for knob in KNOBS {
        for start in starts() {
            let count = i32::try_from(knob.stops(&start, &catalog).len()).expect("few");
            if count == 0 {
                let mut same = start.clone();
                assert!(!knob.step(&mut same, &catalog, 1) && same == start, "{}", knob.id);
                continue;
            }
            let mut scenario = start.clone();
            knob.step(&mut scenario, &catalog, -(count + 5));
            assert!(knob.position(&scenario, &catalog).abs() < 1e-9, "{}: left end", knob.id);
            assert!(!knob.step(&mut scenario, &catalog, -1), "{}: beyond the left end", knob.id);
            if knob.read(&scenario, &catalog).typed != knob.stops(&scenario, &catalog)[0].typed {
                // A model below the slider's left end: one step right is the end itself.
                assert!(knob.step(&mut scenario, &catalog, 1) && knob.position(&scenario, &catalog) == 0.0);
            }
            let mut before = scenario.clone();
            while knob.step(&mut scenario, &catalog, 1) {
                let mut back = scenario.clone();
                assert!(
                    knob.step(&mut back, &catalog, -1),
                    "{}: left of {}",
                    knob.id,
                    knob.read(&scenario, &catalog).typed
                );
                let (was, is) = (knob.read(&before, &catalog), knob.read(&back, &catalog));
                assert_eq!(was.typed, is.typed, "{}: right and left of {}", knob.id, was.typed);
                assert!(knob.position(&scenario, &catalog) > knob.position(&before, &catalog), "{}", knob.id);
                before = scenario.clone();
            }
            assert!((knob.position(&scenario, &catalog) - 1.0).abs() < 1e-9, "{}: right end", knob.id);
        }
    }
}

#[test]
fn right_means_more() {
    let catalog = catalog();
    for slider in sliders() {
        for start in starts() {
            let value = |stop: &Stop| {
                let mut scenario = start.clone();
                slider.write(&mut scenario, &catalog, &stop.typed).expect("a stop");
                slider.read(&scenario, &catalog).value
            };
            let values: Vec<f64> = slider.stops(&start, &catalog).iter().filter_map(value).collect();
            assert!(values.windows(2).all(|pair| pair[0] <= pair[1]), "{}: {values:?}", slider.id);
            assert!(values.first() < values.last());
        }
    }
}

#[test]
fn a_drag_goes_where_it_points_and_a_click_takes_the_tick() {
    let catalog = catalog();
    for slider in sliders() {
        let mut scenario = Scenario::default();
        for step in 0..=200 {
            let wanted = f64::from(step) / 200.0;
            assert!(slider.set_position(&mut scenario, &catalog, wanted), "{}", slider.id);
            let at = slider.position(&scenario, &catalog);
            assert!((at - wanted).abs() < 0.06, "{}: {at} for {wanted}", slider.id);
        }
        for tick in slider.ticks(&scenario, &catalog) {
            assert!((0.0..=1.0).contains(&tick.at) && !tick.label.is_empty());
            assert!(slider.pick(&mut scenario, &catalog, tick.at + 0.0001));
            let at = slider.position(&scenario, &catalog);
            assert!((at - tick.at).abs() < 0.001, "{} {}: {at}", slider.id, tick.typed);
        }
    }
}

#[test]
fn snapping_visits_every_model_of_the_catalog() {
    let catalog = catalog();
    let mut scenario = Scenario::default();
    let model = turn("model");
    while model.snap(&mut scenario, &catalog, false) {}
    let mut seen = vec![scenario.model.clone()];
    while model.snap(&mut scenario, &catalog, true) {
        seen.push(scenario.model.clone());
    }
    assert_eq!(seen.len(), catalog.models.len());
    assert!(catalog.models.iter().all(|m| seen.contains(&ModelChoice::Catalog(m.id.clone()))));
    scenario.model = ModelChoice::Custom { params: 69e9, active: 69e9 };
    model.snap(&mut scenario, &catalog, true);
    assert_eq!(scenario.model, ModelChoice::Catalog("llama-3.3-70b".into()));
}

#[test]
fn a_step_off_a_model_keeps_its_share_and_a_step_back_finds_it_again() {
    let catalog = catalog();
    let (model, sparsity) = (turn("model"), turn("sparsity"));
    let mut scenario = Scenario { model: ModelChoice::Catalog("gpt-oss-120b".into()), ..Scenario::default() };
    assert!(model.step(&mut scenario, &catalog, 3));
    let ModelChoice::Custom { params, active } = scenario.model else { panic!("custom: {:?}", scenario.model) };
    assert!(params > 116.83e9 && (active / params - 0.04889).abs() < 1e-9, "{params} {active}");
    model.step(&mut scenario, &catalog, -3);
    assert_eq!(scenario.model, ModelChoice::Catalog("gpt-oss-120b".into()));

    let own = sparsity.read(&scenario, &catalog);
    assert_eq!((own.text.as_str(), own.note.as_str()), ("4.9 %", "its own"));
    sparsity.step(&mut scenario, &catalog, 1);
    assert!(matches!(scenario.model, ModelChoice::Custom { params, .. } if params == 116_829_156_672.0));
    sparsity.step(&mut scenario, &catalog, -1);
    assert_eq!(scenario.model, ModelChoice::Catalog("gpt-oss-120b".into()));
}

/// Knob, what is typed, and what it then reads.
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

#[test]
fn typed_texts_mean_what_they_say() {
    let catalog = catalog();
    for &(id, typed, read) in TYPED {
        let mut scenario = Scenario::default();
        turn(id).write(&mut scenario, &catalog, typed).expect(typed);
        assert_eq!(turn(id).read(&scenario, &catalog).typed, read, "{id} {typed}");
    }
}

/// Knob, what is typed, and a part of what it answers.
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
    ("budget", "-5", "is not a number"),
    ("portable", "maybe", "neither yes nor no"),
    ("utilisation", "0", "out of range"),
    ("model", "\u{1b}[31m", "\u{fffd}[31m"),
];

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
fn a_dense_model_takes_the_place_of_the_sizes_next_to_it() {
    let catalog = catalog();
    let stops = turn("model").stops(&Scenario::default(), &catalog);
    let (models, sizes): (Vec<&Stop>, Vec<&Stop>) = stops.iter().partition(|stop| catalog.model(&stop.typed).is_ok());
    assert!(models.iter().any(|stop| stop.typed == "llama-3.3-70b") && sizes.len() > 40);
    let half_step = 0.49 / 24.0 / (2e12f64 / 0.5e9).log10();
    for size in &sizes[1..sizes.len() - 1] {
        assert!(models.iter().all(|model| (model.at - size.at).abs() > half_step), "{}", size.typed);
    }
}

#[test]
fn ids_are_unique_and_the_sliders_come_first() {
    for (at, knob) in KNOBS.iter().enumerate() {
        assert!(KNOBS[..at].iter().all(|other| other.id != knob.id && other.label != knob.label), "{}", knob.id);
        assert!(!knob.help.is_empty() && knob.label.chars().count() <= 14, "{}", knob.id);
    }
    let ids: Vec<&str> = sliders().map(|knob| knob.id).collect();
    assert_eq!(ids, ["model", "format", "sparsity", "concurrency", "context"]);
}

#[test]
fn the_default_format_follows_the_model() {
    let catalog = catalog();
    let mut scenario = Scenario::default();
    assert_eq!(scenario.auto_format(&catalog), "q4_k_m");
    scenario.model = ModelChoice::Catalog("gpt-oss-120b".into());
    assert_eq!(scenario.auto_format(&catalog), "mxfp4-gguf");
    assert_eq!(scenario.format, FormatChoice::Auto);
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
fn built_in_scenarios_name_what_the_catalog_knows() {
    let catalog = catalog();
    for (name, _) in whichbox::model::scenario::SCENARIOS {
        let opened = whichbox::model::scenario::find(name).expect(name);
        assert_eq!(opened.check(&catalog), Ok(()), "{name}");
    }
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
fn formats_have_a_tick_where_their_bits_begin() {
    let catalog = catalog();
    let stops = turn("format").stops(&Scenario::default(), &catalog);
    let ticks: Vec<&str> = stops.iter().map(|stop| stop.label.as_str()).filter(|label| !label.is_empty()).collect();
    let bits: Vec<f64> = ticks.iter().map(|tick| tick.trim_end_matches(" bit").parse().expect(tick)).collect();
    assert!(bits.len() > 4 && bits.is_sorted_by(|a, b| a < b), "{ticks:?}");
    for pair in stops.windows(2).filter(|pair| !pair[1].label.is_empty()) {
        let of = |typed: &str| catalog.format(typed).map_or(0.0, |format| format.block_bits.value.floor());
        assert!(of(&pair[0].typed) < of(&pair[1].typed), "{} and {}", pair[0].typed, pair[1].typed);
    }
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
fn formats_rise_in_bits_and_then_in_the_bits_of_their_classes() {
    let catalog = catalog();
    let stops = turn("format").stops(&Scenario::default(), &catalog);
    let bits = |stop: &Stop| {
        let format = catalog.format(&stop.typed).expect("a format");
        (format.block_bits.value, format.bits.experts + format.bits.dense_ffn + format.bits.attention)
    };
    assert!(stops.len() > 15);
    for pair in stops[1..].windows(2) {
        assert!(bits(&pair[0]) <= bits(&pair[1]), "{} {}", pair[0].typed, pair[1].typed);
    }
}

#[test]
fn bits_of_a_published_file_are_its_bytes_over_its_parameters() {
    let catalog = catalog();
    let mut published = 0;
    for model in &catalog.models {
        for (id, bytes) in &model.exact_bytes {
            let format = catalog.format(id).expect("a format");
            let by_hand = bytes.values().iter().sum::<f64>() * 8.0 / model.params.values().iter().sum::<f64>();
            assert!((model.bits_in(format) / by_hand - 1.0).abs() < 1e-12, "{} {id}", model.id);
            published += 1;
        }
    }
    assert!(published > 0);
    // Elsewhere each class of tensors has its own bits.
    let model = catalog.custom_model(70e9, 70e9).expect("a model");
    let format = catalog.format("q4_k_m").expect("a format");
    let classes = model.params.values().into_iter().zip(format.bits.values());
    let by_hand = classes.map(|(params, bits)| params * bits).sum::<f64>() / model.params.values().iter().sum::<f64>();
    assert!((model.bits_in(format) / by_hand - 1.0).abs() < 1e-12 && (4.0..5.5).contains(&by_hand), "{by_hand}");
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
    // 40 GB at 4.5 bits a parameter: a dense model of 71 billion.
    let size = read("model", "ReadGb(40)").value.expect("a size");
    assert!((71e9..71.2e9).contains(&size), "{size}");
}

fn catalog() -> Catalog {
    Catalog::builtin().expect("the built-in catalog")
}
