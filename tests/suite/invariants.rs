//! Tests of properties that hold for all models, machines, formats and loads: bounds, directions and sums.

use proptest::prelude::*;
use whichbox::model::answer::FIGURES;
use whichbox::model::estimate::case::{ClassBytes, EstimateInputs, Weights};
use whichbox::model::estimate::estimate;
use whichbox::model::estimate::figures::{Band, Estimate, Speeds};
use whichbox::model::estimate::formula::EXPERTS_TOUCHED;
use whichbox::model::facts::{Model, ModelKind};
use whichbox::model::scenario::knob::{KNOBS, sliders};
use whichbox::model::scenario::{FormatChoice, ModelChoice, Scenario};

use super::ask::{ask, catalog, scenario, with_case};

/// The relative rounding error of sums and products in different orders.
const ROUNDING: f64 = 1e-9;

/// Returns a scenario for one machine with any model of the catalog or of any size, any format and any load.
fn any_question() -> impl Strategy<Value = Scenario> {
    let model = prop_oneof![
        3 => any::<prop::sample::Index>().prop_map(|index| {
            ModelChoice::Catalog(index.get(&catalog().models).id.clone())
        }),
        1 => (8.0..12.5_f64).prop_map(|size| ModelChoice::Custom { params: 10f64.powf(size), active: 10f64.powf(size) }),
        1 => (9.0..12.5_f64, -2.0..0.0_f64).prop_map(|(size, share)| {
            ModelChoice::Custom { params: 10f64.powf(size), active: 10f64.powf(size + share) }
        }),
        1 => (0.5..500.0_f64).prop_map(ModelChoice::ReadGb),
    ];
    let places = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let load = (1..2000_u64, 0..300_000_u64, 1..100_000_u64, 1..10_000_u64);
    (model, places, load).prop_map(|(model, (machine, format, kv), (concurrency, context, prompt, generate))| {
        Scenario {
            model,
            machines: vec![machine.get(&catalog().machines).id.clone()].into(),
            format: FormatChoice::Same(format.get(&catalog().formats).id.as_str().into()),
            kv_format: kv.get(&catalog().kv_formats).id.as_str().into(),
            concurrency,
            context,
            prompt: Some(prompt),
            generate,
            ..Scenario::default()
        }
    })
}

/// Changes a case so that everything fits and runs, and there is a speed.
fn let_run(case: &mut EstimateInputs<'_>) {
    case.usable.value = 1e18;
    case.runs = true;
}

/// Returns the estimate in a case where everything fits and runs, after another change of the case.
fn running(scenario: &Scenario, change: impl FnOnce(&mut EstimateInputs<'_>)) -> Estimate<f64> {
    with_case(scenario, |case| {
        let_run(case);
        change(case);
    })
}

fn speeds(estimate: &Estimate<f64>) -> Speeds<f64> {
    estimate.decode.speeds.expect("it fits and runs")
}

fn ordered(band: &Band<f64>) -> bool {
    0.0 <= band.low && band.low <= band.expected && band.expected <= band.high
}

/// Returns all figures of merit of an estimate, for which more is better.
fn merits(estimate: &Estimate<f64>) -> Vec<(&'static str, f64)> {
    let speeds = speeds(estimate);
    let mut merits = vec![
        ("ceiling", speeds.ceiling),
        ("expected", speeds.each.expected),
        ("aggregate ceiling", speeds.aggregate_ceiling),
        ("aggregate", speeds.aggregate.expected),
    ];
    merits.extend(estimate.prefill.map(|prefill| ("prefill", prefill.speed.expected)));
    merits.extend(estimate.served.map(|served| ("served", served.expected)));
    merits.extend(estimate.prefill.map(|prefill| ("ttft", -prefill.ttft.expected)));
    merits
}

/// Asserts that no figure of merit is better in `worse` than in `better`.
fn assert_no_better(worse: &Estimate<f64>, better: &Estimate<f64>) {
    assert_no_better_but(worse, better, |_| 0.0);
}

/// Asserts that no figure of merit is better in `worse` than in `better` by more than its relative tolerance.
fn assert_no_better_but(worse: &Estimate<f64>, better: &Estimate<f64>, tolerance: impl Fn(&str) -> f64) {
    for ((name, worse), (_, better)) in merits(worse).into_iter().zip(merits(better)) {
        let most = better + (ROUNDING + tolerance(name)) * better.abs();
        assert!(worse <= most, "{name} rises from {better} to {worse}");
    }
}

/// Scales the bits of one tensor class, or the bytes if they are known.
fn scale_weights(case: &mut EstimateInputs<'_>, class: usize, factor: f64) {
    match &mut case.weights {
        Weights::Given(bytes) => bytes.value *= factor,
        Weights::Classes(classes) => match &mut classes[class] {
            ClassBytes::Exact(known) | ClassBytes::Rule(_, known) => known.value *= factor,
            ClassBytes::None => {}
        },
    }
}

/// Returns a configuration with this number of cases, or with that of `PROPTEST_CASES`.
///
/// `PROPTEST_CASES=1000 cargo test --locked --test main -- invariants any_steps` runs it for longer.
pub fn cases(usual: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").map_or(usual, |count| count.parse().expect("a number"));
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn what_is_expected_never_passes_the_ceiling(question in any_question()) {
        let estimate = running(&question, |_| {});
        let speeds = speeds(&estimate);
        for (band, ceiling) in [(speeds.each, speeds.ceiling), (speeds.aggregate, speeds.aggregate_ceiling)] {
            prop_assert!(ordered(&band) && band.high <= ceiling, "{band:?} against {ceiling}");
        }
        let rest = [estimate.prefill.map(|p| p.speed), estimate.prefill.map(|p| p.ttft), estimate.served];
        for band in rest.into_iter().flatten() {
            prop_assert!(ordered(&band), "{band:?}");
        }
        let streams = question.concurrency as f64;
        prop_assert!(speeds.aggregate_ceiling <= streams * speeds.ceiling * (1.0 + ROUNDING));
        prop_assert!(speeds.aggregate.expected <= streams * speeds.each.expected * (1.0 + ROUNDING));
    }

    #[test]
    fn more_bandwidth_is_never_worse(question in any_question(), factor in 1.0..10.0_f64) {
        let fast = running(&question, |case| case.bandwidth.value *= factor);
        assert_no_better(&running(&question, |_| {}), &fast);
    }

    #[test]
    fn more_bits_are_never_better(question in any_question(), class in 0..9_usize, factor in 1.0..4.0_f64) {
        let light = running(&question, |_| {});
        let heavy = running(&question, |case| scale_weights(case, class, factor));
        assert_no_better(&heavy, &light);
        prop_assert!(heavy.memory.total >= light.memory.total);
        let heavy = running(&question, |case| case.kv_bits.value *= factor);
        assert_no_better(&heavy, &light);
        prop_assert!(heavy.memory.total >= light.memory.total && heavy.memory.max_context <= light.memory.max_context);
    }

    #[test]
    fn more_context_is_never_faster_nor_smaller(question in any_question(), more in 1..200_000_u64) {
        let long = Scenario { context: question.context + more, ..question.clone() };
        let (short, long) = (running(&question, |_| {}), running(&long, |_| {}));
        assert_no_better(&long, &short);
        prop_assert!(long.memory.total >= short.memory.total);
        prop_assert!(long.memory.max_streams.unwrap_or(f64::INFINITY) <= short.memory.max_streams.unwrap_or(f64::INFINITY));
    }

    #[test]
    fn more_parameters_are_never_faster_nor_smaller(
        question in any_question(), size in 8.0..13.0_f64, more in 0.001..1.0_f64, share in prop_oneof![Just(1.0), 0.01..0.99_f64],
    ) {
        let of = |size: f64| {
            let params = 10f64.powf(size);
            Scenario { model: ModelChoice::Custom { params, active: params * share }, ..question.clone() }
        };
        let (small, large) = (running(&of(size), |_| {}), running(&of(size + more), |_| {}));
        // The number of experts of a custom model is interpolated by its size, which changes its prefill by some
        // percent.
        assert_no_better_but(&large, &small, |name| if share < 1.0 && ["prefill", "served", "ttft"].contains(&name) { 0.1 } else { 0.0 });
        prop_assert!(large.memory.total >= small.memory.total);
    }

    #[test]
    fn more_streams_share_what_there_is(question in any_question(), more in 1..2000_u64) {
        let many = Scenario { concurrency: question.concurrency + more, ..question.clone() };
        let (few, many) = (running(&question, |_| {}), running(&many, |_| {}));
        let (one, all) = (speeds(&few), speeds(&many));
        prop_assert!(all.ceiling <= one.ceiling * (1.0 + ROUNDING));
        prop_assert!(all.each.expected <= one.each.expected * (1.0 + ROUNDING));
        prop_assert!(all.aggregate_ceiling >= one.aggregate_ceiling * (1.0 - ROUNDING));
        // The cost of a further stream is fitted, so the total speed of a full machine may stay level. The state of
        // linear attention can cost more than its stream gains in some runtimes.
        let is_hybrid = many.memory.state.is_some();
        prop_assert!(is_hybrid || all.aggregate.expected >= one.aggregate.expected * 0.99);
        prop_assert!(many.memory.total >= few.memory.total);
    }

    #[test]
    fn energy_and_cost_follow_from_the_speed(question in any_question()) {
        let estimate = running(&question, |_| {});
        let speed = speeds(&estimate).aggregate.expected;
        if let (Some(watts), Some(joules)) = (estimate.load_watts, estimate.joules_per_token) {
            prop_assert!((joules * speed - watts).abs() <= ROUNDING * watts, "{joules} J × {speed} is not {watts} W");
        }
        prop_assert_eq!(estimate.load_watts.is_some(), estimate.joules_per_token.is_some());
    }

    #[test]
    fn serving_is_no_faster_than_decoding_and_obeys_little(question in any_question()) {
        let estimate = running(&question, |_| {});
        let (Some(served), Some(prefill)) = (estimate.served, estimate.prefill) else { return Ok(()) };
        let mean = question.prompt_tokens() as f64 + question.generate as f64 / 2.0;
        let decoding = running(&question, |case| case.context.value = mean);
        let aggregate = speeds(&decoding).aggregate.expected;
        prop_assert!(served.expected <= aggregate * (1.0 + ROUNDING), "served {} of {aggregate}", served.expected);
        // Little's law: streams = rate × time in the system, which is the prefill of every stream and the steps of its
        // answer.
        let answer = question.generate as f64;
        let batch = if speeds(&decoding).aggregate.expected < 1.5 / decoding.decode.times.step { 1.0 } else { question.concurrency as f64 };
        let time = batch * question.prompt_tokens() as f64 / prefill.speed.expected + answer * batch / aggregate;
        let in_system = served.expected / answer * time;
        // Batched prompts share micro-batches and the start, so serving takes no longer than this.
        prop_assert!(in_system >= batch * (1.0 - 1e-6), "{in_system} of {batch} streams");
    }

    #[test]
    fn memory_is_the_sum_of_its_parts_and_decides_the_fit(question in any_question()) {
        let answers = ask(&question);
        let estimate = answers.machines[0].estimate.expect("an estimate");
        let memory = estimate.memory;
        let parts = memory.weights + memory.kv + memory.state.unwrap_or(0.0) + memory.overhead;
        prop_assert!((parts - memory.total).abs() <= ROUNDING * memory.total);
        prop_assert!((memory.usable - memory.total - memory.free).abs() <= ROUNDING * memory.usable);
        prop_assert_eq!(memory.fits, memory.total <= memory.usable);
        let runs = memory.fits && answers.machines[0].refused.is_none();
        prop_assert_eq!(estimate.decode.speeds.is_some(), runs);
        prop_assert!(runs || (estimate.prefill.is_none() && estimate.served.is_none() && estimate.joules_per_token.is_none()));
        prop_assert!(runs || estimate.cost.and_then(|cost| cost.usd_per_mtok).is_none());
        prop_assert!(runs || !answers.machines[0].warnings.is_empty(), "no word about why it does not run");
    }

    #[test]
    fn as_many_streams_and_tokens_fit_as_it_says(question in any_question()) {
        let memory = ask(&question).machines[0].estimate.expect("an estimate").memory;
        let streams = memory.max_streams.unwrap_or(question.concurrency as f64);
        let fits = |concurrency: f64, context: f64| with_case(&question, |case| {
            (case.streams.value, case.context.value) = (concurrency, context);
        }).memory.fits;
        if streams >= 1.0 {
            prop_assert!(fits(streams, question.context as f64), "{streams} streams do not fit");
            // A further stream waits, so the cache in use does not grow.
            let held = |concurrency: f64| with_case(&question, |case| case.streams.value = concurrency).memory.kv;
            prop_assert!(memory.max_streams.is_none() || held(streams + 1.0) <= held(streams));
        }
        if memory.max_context > 0.0 {
            prop_assert!(fits(question.concurrency as f64, memory.max_context), "{} tokens do not", memory.max_context);
        }
    }

    #[test]
    fn one_token_has_k_experts_and_more_tokens_more(
        experts in 2.0..512_f64, k in 1.0..16_f64, tokens in 1.0..4096_f64, more in 1.0..4096_f64, gamma in 0.3..1.0_f64,
    ) {
        let (experts, k) = (experts.round(), k.round().min(experts.round()));
        let touched = |tokens: f64| (EXPERTS_TOUCHED.eval)([experts, k, tokens, gamma]);
        prop_assert!((touched(1.0) - k).abs() <= 1e-9 * k);
        prop_assert!(touched(tokens) >= k * (1.0 - ROUNDING) && touched(tokens) <= experts.min(k * tokens) * (1.0 + ROUNDING));
        prop_assert!(touched(tokens + more) >= touched(tokens) * (1.0 - ROUNDING));
    }

    #[test]
    fn a_custom_model_is_continuous_in_size_and_share(question in any_question(), size in 8.0..13.0_f64, share in 0.01..0.98_f64) {
        let of = |params: f64, share: f64| {
            let model = ModelChoice::Custom { params, active: params * share };
            running(&Scenario { model, ..question.clone() }, |_| {})
        };
        let params = 10f64.powf(size);
        let here = of(params, share);
        for near in [of(params * 1.000_01, share), of(params, share * 1.000_01)] {
            let (here, near) = (numbers(&here), numbers(&near));
            for ((name, here), (_, near)) in here.iter().zip(&near) {
                prop_assert!((near - here).abs() <= 0.001 * here.abs(), "{name} jumps from {here} to {near}");
            }
        }
    }
}

/// Returns the smooth figures of an estimate by name, without counts of whole streams and pages, which change in steps.
fn numbers(estimate: &Estimate<f64>) -> Vec<(&'static str, f64)> {
    let smooth = FIGURES.iter().filter(|figure| !figure.id.starts_with("memory.max"));
    smooth.filter_map(|figure| Some((figure.id, figure.of(estimate)?))).collect()
}

#[test]
fn every_stop_of_every_slider_gives_numbers_on_every_machine() {
    let machines: Vec<String> = catalog().machines.iter().map(|machine| machine.id.clone()).collect();
    let starts = [
        "",
        "model: Catalog(\"gpt-oss-120b\"), concurrency: 64",
        "model: Catalog(\"qwen3-next-80b-a3b\"), context: 1048576, concurrency: 1024",
        "model: ReadGb(40), runtime: Same(\"ollama\"), concurrency: 4",
    ];
    let mut stops_seen = 0;
    let everywhere = starts.map(|start| Scenario { machines: machines.clone().into(), ..scenario(start) });
    // The search for each machine's best format is slow, so it is tested once.
    let best = scenario("model: Custom(params: 30e9, active: 3e9), context: 131072, format: Best");
    for start in everywhere.into_iter().chain([best]) {
        for knob in sliders() {
            for stop in knob.stops(&start, catalog()) {
                let mut there = start.clone();
                knob.write(&mut there, catalog(), &stop.typed).expect(&stop.typed);
                for answer in &ask(&there).machines {
                    let estimate = answer.estimate.expect("an estimate");
                    for figure in FIGURES {
                        let Some(value) = figure.of(&estimate) else { continue };
                        let sane = value.is_finite() && value >= 0.0;
                        assert!(sane, "{} at {} on {}: {value}", figure.id, stop.typed, answer.machine.id);
                    }
                    let runs = estimate.memory.fits && answer.refused.is_none();
                    assert_eq!(estimate.decode.speeds.is_some(), runs, "{} on {}", stop.typed, answer.machine.id);
                }
                stops_seen += 1;
            }
        }
    }
    assert!(stops_seen > 500, "only {stops_seen} stops");
}

/// Returns the relative differences between a catalog model and a custom one of its size and share, in bytes read and
/// in memory of one stream.
fn custom_error(model: &Model, format: &str) -> f64 {
    let ask =
        |model| Scenario { model, format: FormatChoice::Same(format.into()), ..scenario("machines: [\"b200-sxm\"]") };
    let own = running(&ask(ModelChoice::Catalog(model.id.clone())), |_| {});
    let custom = ModelChoice::Custom { params: model.total_params, active: model.active_params };
    let custom = running(&ask(custom), |_| {});
    custom.decode.weights_read / own.decode.weights_read - 1.0
}

#[test]
fn a_custom_model_reads_what_its_like_in_the_catalog_reads() {
    // Rows of 29,568 and 576 elements are no multiples of 256: their files use wider blocks, which a custom model
    // cannot know.
    let odd_rows = ["qwen2.5-72b", "smollm2-135m"];
    for (format, worst, median) in [("bf16", 0.02, 0.002), ("q8_0", 0.02, 0.01), ("q4_k_m", 0.06, 0.02)] {
        for kind in [ModelKind::Dense, ModelKind::Moe] {
            let alike = catalog().models.iter().filter(|m| m.kind == kind && m.kv.window_elems == 0.0);
            let alike = alike.filter(|m| format == "bf16" || !odd_rows.contains(&m.id.as_str()));
            let mut errors: Vec<(f64, &str)> = alike.map(|m| (custom_error(m, format).abs(), m.id.as_str())).collect();
            errors.sort_by(|a, b| a.0.total_cmp(&b.0));
            let (last, middle) = (errors[errors.len() - 1], errors[errors.len() / 2]);
            assert!(errors.len() >= 10 && last.0 <= worst, "{format}: {} is {:.1} % off", last.1, 100.0 * last.0);
            assert!(middle.0 <= median, "{format} {kind:?}: the median is {:.2} % off", 100.0 * middle.0);
        }
    }
}

/// Returns the visible answer to a scenario: every figure of every machine, and the verdict.
fn seen(scenario: &Scenario) -> String {
    let answers = ask(scenario);
    let of = |answer: &whichbox::model::answer::Answer<'_>| {
        let case = answer.case(catalog(), scenario).expect("a case");
        (numbers(&estimate(&case)), answer.machine.id.clone())
    };
    format!("{:?} {:?}", answers.machines.iter().map(of).collect::<Vec<_>>(), answers.verdict)
}

/// Knobs that a file may contain and that no computation uses yet.
const WAITING: &[&str] = &[];

#[test]
fn every_knob_moves_a_figure() {
    let typed = [
        ("model", "gpt-oss-20b"),
        ("format", "q8_0"),
        ("sparsity", "5%"),
        ("concurrency", "8"),
        ("context", "32k"),
        ("prompt", "9000"),
        ("cached", "4096"),
        ("micro-batch", "4096"),
        ("generate", "100"),
        ("kv-format", "kv-q8_0"),
        ("runtime", "ollama"),
        ("what-if", "dgx-spark.bandwidth_gbs=400"),
        ("machines", "dgx-spark"),
        ("price-level", "high"),
        ("price-as-of", "2026-06"),
        ("price", "dgx-spark=9000"),
        ("offload", "auto"),
        ("host", "ram=96,gbs=60"),
        ("draft-method", "mtp"),
        ("task", "code"),
        ("draft", "3"),
        ("acceptance", "0.9"),
        ("budget", "100"),
        ("max-watts", "10"),
        ("min-tok-s", "1000"),
        ("max-ttft", "0.001"),
        ("portable", "yes"),
        ("needs", "full-fine-tuning"),
        ("tariff", "0.9"),
        ("years", "1"),
        ("utilisation", "0.9"),
        ("host-price", "2500"),
        ("host-idle-watts", "60"),
        ("host-load-watts", "120"),
        ("cloud", "h100-sxm"),
        ("any-availability", "yes"),
        ("experimental", "yes"),
    ];
    let start = Scenario::default();
    for knob in KNOBS {
        let (_, value) = typed.iter().find(|(id, _)| *id == knob.id).expect(knob.id);
        // Some knobs matter only after another change: drafting for its acceptance, a card that is too small for the
        // host's memory.
        let first: &[(&str, &str)] = match knob.id {
            "acceptance" => &[("draft", "3")],
            "task" => &[("draft-method", "small")],
            "offload" => &[("machines", "rtx-3090")],
            "host" => &[("machines", "rtx-3090"), ("offload", "auto")],
            "any-availability" => &[("machines", "mac-studio-m3-ultra-512")],
            "experimental" => &[("machines", "dgx-spark"), ("format", "mlx-4bit"), ("runtime", "mlx")],
            _ => &[],
        };
        let mut start = start.clone();
        for (id, value) in first {
            whichbox::model::scenario::knob::knob(id).unwrap().write(&mut start, catalog(), value).expect(id);
        }
        let before = seen(&start);
        let mut turned = start.clone();
        knob.write(&mut turned, catalog(), value).expect(knob.id);
        assert_eq!(seen(&turned) != before, !WAITING.contains(&knob.id), "{} = {value}", knob.id);
    }
}
