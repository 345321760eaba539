//! Tests of the knobs: every stop reads back the written value, steps reach both ends and return, typed texts set the
//! right values.

use whichbox::model::answer::answer_scenario;
use whichbox::model::catalog::Catalog;
use whichbox::model::estimate::estimate;
use whichbox::model::scenario::knob::{KNOBS, Knob, Stop, knob, sliders};
use whichbox::model::scenario::{FormatChoice, ModelChoice, Scenario, from_str};

pub fn turn(id: &str) -> &'static Knob {
    knob(id).expect(id)
}

/// Returns scenarios from which knobs are changed.
pub fn starts() -> Vec<Scenario> {
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
            // A share is written with four digits, so only its number may change.
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
                // The model is below the slider's left end, so one step right sets that end.
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
fn built_in_scenarios_name_what_the_catalog_knows() {
    let catalog = catalog();
    for (name, _) in whichbox::model::scenario::SCENARIOS {
        let opened = whichbox::model::scenario::find(name).expect(name);
        assert_eq!(opened.check(&catalog), Ok(()), "{name}");
    }
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
    // In other formats each class of tensors has its own bits.
    let model = catalog.custom_model(70e9, 70e9).expect("a model");
    let format = catalog.format("q4_k_m").expect("a format");
    let classes = model.params.values().into_iter().zip(format.bits.values());
    let by_hand = classes.map(|(params, bits)| params * bits).sum::<f64>() / model.params.values().iter().sum::<f64>();
    assert!((model.bits_in(format) / by_hand - 1.0).abs() < 1e-12 && (4.0..5.5).contains(&by_hand), "{by_hand}");
}

pub fn catalog() -> Catalog {
    Catalog::builtin().expect("the built-in catalog")
}

#[test]
fn a_longer_micro_batch_reads_experts_less_often_and_none_is_the_runtime_s_default() {
    let catalog = catalog();
    let prefill = |written: &str| {
        let mut scenario =
            Scenario { model: ModelChoice::Catalog("gpt-oss-120b".into()), prompt: Some(8192), ..Scenario::default() };
        turn("micro-batch").write(&mut scenario, &catalog, written).expect("a micro-batch");
        let answers = answer_scenario(&catalog, &scenario).expect("answers");
        let spark = answers.machines.first().expect("the Spark");
        estimate(&spark.case(&catalog, &scenario).expect("a case")).prefill.expect("a prefill").speed.expected
    };
    let (usual, short, long) = (prefill("none"), prefill("512"), prefill("2048"));
    assert!((usual - short).abs() < 1e-9 * usual, "llama.cpp's default is 512: {usual} {short}");
    assert!(long > 1.2 * short, "gpt-oss-120b gained 1.4 by 2,048 on a Spark: {short} {long}");
    assert!(turn("micro-batch").write(&mut Scenario::default(), &catalog, "0").is_err());
}
