//! Tests against faults that other tools have: each compares a figure with the same figure computed here from a model's
//! config.

use whichbox::model::answer::Figure;
use whichbox::model::answer::answer_scenario;
use whichbox::model::estimate::explain;
use whichbox::model::estimate::figures::{Bound, Estimate};
use whichbox::model::facts::{Class, Parameter};

use super::ask::{catalog, first, scenario, speeds, with_case};

/// Bytes of a 16-bit number.
const F16: f64 = 2.0;
const GIB: f64 = 1_073_741_824.0;

fn near(ours: f64, by_hand: f64) {
    assert!((ours - by_hand).abs() <= 1e-9 * by_hand.abs(), "{ours} instead of {by_hand}");
}

fn llama_70b(rest: &str) -> Estimate<f64> {
    first(&format!("machines: [\"dgx-spark\"], model: Catalog(\"llama-3.3-70b\"){rest}"))
}

/// Returns the value of a step in the computation of a figure, by its label.
fn inside(fields: &str, figure: &str, label: &str) -> f64 {
    let scenario = scenario(fields);
    let answers = answer_scenario(catalog(), &scenario).expect(fields);
    let case = answers.machines[0].case(catalog(), &scenario).expect("a case");
    let (numbers, trace) = explain(&case);
    let mut open = vec![Figure::named(figure).and_then(|figure| figure.of(&numbers)).expect(figure)];
    while let Some(id) = open.pop() {
        let node = trace.node(id).expect("a node");
        if node.label == label {
            return node.value;
        }
        if let whichbox::model::estimate::trace::How::Step { inputs, .. } = &node.how {
            open.extend(inputs);
        }
    }
    panic!("{figure} does not rest on {label}");
}

#[test]
fn a_cache_has_the_key_value_heads_only_and_counts_once() {
    // 80 layers with 8 key-value heads (of 64 heads) of dimension 128, for K and V.
    let token = 80.0 * 2.0 * 8.0 * 128.0 * F16;
    let estimate = llama_70b(", context: 8192");
    near(estimate.memory.kv, 8192.0 * token);
    near(estimate.decode.cache_read, 8192.0 * token);
    let speeds = estimate.decode.speeds.expect("it fits");
    near(speeds.ceiling, 273e9 / (estimate.decode.weights_read + 8192.0 * token));
    // Each stream has its own cache.
    let eight = llama_70b(", context: 8192, concurrency: 8");
    near(eight.memory.kv, 8.0 * 8192.0 * token);
    near(eight.decode.cache_read, 8.0 * 8192.0 * token);
    near(eight.decode.weights_read, estimate.decode.weights_read);
}

#[test]
fn a_feed_forward_block_has_three_matrices_and_the_embedding_is_not_read() {
    let (hidden, layers, wide, vocab) = (4096.0, 32.0, 14_336.0, 128_256.0);
    let attention = hidden * 128.0 * (32.0 + 2.0 * 8.0) + 32.0 * 128.0 * hidden;
    let body = layers * (attention + 3.0 * hidden * wide) + (2.0 * layers + 1.0) * hidden;
    let estimate = first("machines: [\"dgx-spark\"], model: Catalog(\"llama-3.1-8b\"), format: Same(\"bf16\")");
    near(estimate.decode.weights_read, F16 * (body + vocab * hidden));
    near(estimate.memory.weights, F16 * (body + 2.0 * vocab * hidden));
}

#[test]
fn a_tied_output_matrix_is_read_and_kept_once() {
    let (hidden, layers, wide, vocab) = (3072.0, 28.0, 8192.0, 128_256.0);
    let attention = hidden * 128.0 * (24.0 + 2.0 * 8.0) + 24.0 * 128.0 * hidden;
    let body = layers * (attention + 3.0 * hidden * wide) + (2.0 * layers + 1.0) * hidden;
    let estimate = first("machines: [\"dgx-spark\"], model: Catalog(\"llama-3.2-3b\"), format: Same(\"bf16\")");
    near(estimate.decode.weights_read, F16 * (body + vocab * hidden));
    near(estimate.memory.weights, F16 * (body + vocab * hidden));
}

#[test]
fn memory_is_counted_in_gib_and_bandwidth_in_gb() {
    let estimate = llama_70b("");
    near(estimate.bandwidth, 273e9);
    near(estimate.memory.usable, 119.7 * GIB);
    // The card's 96 "GB" of DRAM have 95.6 usable GiB, which is 102.6 GB: a model of 100 GB fits, one of 103 GB does
    // not.
    let on_card = |gb| first(&format!("machines: [\"rtx-pro-6000\"], model: ReadGb({gb}), context: 0"));
    assert!(on_card("100").memory.fits && !on_card("103").memory.fits);
    // The price per GB refers to marketed GB.
    let cost = first("machines: [\"dgx-spark\"], price: (own: {\"dgx-spark\": 4699})").cost.expect("a price");
    near(cost.usd_per_gb, 4699.0 / 128.0);
}

/// Qwen3 30B-A3B in 16 bits.
const QWEN: &str = "machines: [\"dgx-spark\"], model: Catalog(\"qwen3-30b-a3b\"), format: Same(\"bf16\"), context: 0";

fn qwen_parts() -> (f64, f64) {
    let (hidden, layers, vocab) = (2048.0, 48.0, 151_936.0);
    let attention = hidden * 128.0 * (32.0 + 2.0 * 4.0) + 32.0 * 128.0 * hidden;
    // Two norms per layer, one per dimension of a query and a key head, and the last norm.
    let norms = layers * (2.0 * hidden + 2.0 * 128.0) + hidden;
    let shared = layers * (attention + hidden * 128.0) + norms + vocab * hidden;
    (F16 * shared, F16 * layers * 3.0 * hidden * 768.0)
}

#[test]
fn one_stream_reads_k_experts_and_all_are_kept() {
    let (shared, expert) = qwen_parts();
    let estimate = first(QWEN);
    near(estimate.decode.weights_read, shared + 8.0 * expert);
    near(estimate.memory.weights, shared + 128.0 * expert + F16 * 2048.0 * 151_936.0);
}

#[test]
fn many_streams_read_more_experts_but_not_all_nor_k_each() {
    let (shared, expert) = qwen_parts();
    let coverage = catalog()
        .efficiency
        .on(("gb10", "vllm"))
        .find(Parameter::CoverageExponent, Class::default())
        .expect("a row")
        .0
        .typical;
    let mut before = 8.0;
    for streams in [2.0, 8.0, 32.0_f64] {
        let estimate = first(&format!("{QWEN}, concurrency: {streams}"));
        let touched = (estimate.decode.weights_read - shared) / expert;
        let by_hand = 128.0 * (1.0 - (1.0 - 8.0 / 128.0_f64).powf(streams.powf(coverage)));
        near(touched, by_hand.max(8.0));
        let uniform = 128.0 * (1.0 - (1.0 - 8.0 / 128.0_f64).powf(streams));
        assert!(touched > before && touched <= uniform && uniform < 128.0_f64.min(8.0 * streams), "{touched}");
        before = touched;
    }
}

#[test]
fn a_prompt_touches_every_expert() {
    let (_, expert) = qwen_parts();
    // A micro-batch of 512 tokens with eight experts each reads nearly all of the 128 experts, and never more.
    let read = inside(&format!("{QWEN}, prompt: 2048"), "prefill", "experts read");
    assert!((0.9..=1.0 + 1e-9).contains(&(read / (128.0 * expert))), "{read}");
}

#[test]
fn a_windowed_layer_keeps_its_window() {
    // Gemma 3 27B: of 62 layers every sixth attends to everything, the others to 1,024 tokens; 16 key-value heads of
    // dimension 128.
    let layer = 2.0 * 16.0 * 128.0 * F16;
    let cache = |tokens: f64| {
        first(&format!("machines: [\"dgx-spark\"], model: Catalog(\"gemma-3-27b\"), context: {tokens}"))
            .decode
            .cache_read
    };
    near(cache(512.0), 62.0 * 512.0 * layer);
    near(cache(65_536.0), (10.0 * 65_536.0 + 52.0 * 1024.0) * layer);
    // gpt-oss-120b: every other of 36 layers attends to 128 tokens; 8 key-value heads of dimension 64.
    let gpt = |tokens: f64| {
        first(&format!("machines: [\"dgx-spark\"], model: Catalog(\"gpt-oss-120b\"), context: {tokens}")).memory.kv
    };
    near(gpt(5120.0) - gpt(4096.0), 18.0 * 2.0 * 8.0 * 64.0 * F16 * 1024.0);
}

#[test]
fn a_latent_is_kept_once_and_not_per_head() {
    // DeepSeek V3: 61 layers with one latent of 512 elements and a rotary key of 64.
    let fields = "machines: [\"mac-studio-m3-ultra-512\"], model: Catalog(\"deepseek-v3-r1-671b\"), context: 16384";
    near(first(fields).memory.kv, 61.0 * (512.0 + 64.0) * F16 * 16_384.0);
    let flash = "machines: [\"dgx-spark\"], model: Catalog(\"glm-4.7-flash\"), context: 16384";
    near(first(flash).memory.kv, 47.0 * (512.0 + 64.0) * F16 * 16_384.0);
}

#[test]
fn linear_attention_keeps_a_state_of_constant_size() {
    // Qwen3.6 27B: 16 of 64 layers have a cache (4 heads of 256), 48 have a state: 48 value heads of 128 × 128 in 32
    // bits, and a convolution over 3 tokens of 2 × 16 × 128 + 48 × 128 channels in 16 bits.
    let state = 48.0 * (48.0 * 128.0 * 128.0 * 4.0 + (2.0 * 16.0 + 48.0) * 128.0 * 3.0 * 2.0);
    for tokens in [0.0, 4096.0, 131_072.0] {
        let cache = 16.0 * 2.0 * 4.0 * 256.0 * F16 * tokens;
        let estimate = first(&format!("machines: [\"dgx-spark\"], model: Catalog(\"qwen3.6-27b\"), context: {tokens}"));
        near(estimate.memory.state.expect("a state"), state);
        assert!((estimate.memory.kv - cache).abs() <= 1.0);
        // A step reads the state and writes it back.
        near(estimate.decode.cache_read, cache + 2.0 * state);
    }
}

#[test]
fn context_slows_decode() {
    let at = |context| {
        let estimate = llama_70b(&format!(", context: {context}"));
        let speeds = estimate.decode.speeds.expect("it fits");
        (speeds.ceiling, speeds.each.expected)
    };
    let (short, long) = (at(0), at(131_072));
    // The cache takes 42.9 GB beside 41.9 GB of weights.
    assert!((short.0 / long.0 - 2.0).abs() < 0.1, "the ceiling falls from {} to {}", short.0, long.0);
    assert!(short.1 / long.1 > 1.8, "{} falls to {}", short.1, long.1);
}

#[test]
fn energy_is_power_over_speed_and_money_over_tokens() {
    let economics = "economics: (years: 2, utilisation: 0.5, tariff_usd_kwh: 0.3), price: (own: {\"dgx-spark\": 4000})";
    let estimate = llama_70b(&format!(", concurrency: 4, what_if: {{\"dgx-spark\": (load_w: 150)}}, {economics}"));
    let speed = estimate.decode.speeds.expect("it fits").aggregate.expected;
    near(estimate.joules_per_token.expect("known"), 150.0 / speed);
    let tokens = 2.0 * 365.0 * 24.0 * 3600.0 * 0.5 * speed;
    let energy = 150.0 / speed / 3.6e6 * 0.3;
    near(estimate.cost.and_then(|cost| cost.usd_per_mtok).expect("known"), (4000.0 / tokens + energy) * 1e6);
}

#[test]
fn a_causal_prompt_sees_half_the_pairs_and_one_output_row() {
    // Llama 3.3 70B: 64 query heads of dimension 128 in 80 layers; the output matrix is used for the last token only.
    let fields = "machines: [\"dgx-spark\"], prompt: 8192";
    let attention = inside(fields, "prefill.ttft", "arithmetic of the prompt's attention");
    near(attention, 4.0 * 64.0 * 128.0 * 80.0 * 8192.0 * 8192.0 / 2.0);
    let head = 8192.0 * 128_256.0;
    let body = 70_553_706_496.0 - 2.0 * head;
    near(inside(fields, "prefill.ttft", "dense parameters"), body);
    near(inside(fields, "prefill.ttft", "lm_head parameters"), head);
}

#[test]
fn what_does_not_fit_has_no_speed_and_says_what_would() {
    let scenario = scenario("machines: [\"rtx-5090\"], model: Catalog(\"llama-3.3-70b\")");
    let answers = answer_scenario(catalog(), &scenario).expect("an answer");
    let answer = &answers.machines[0];
    let estimate = answer.estimate.expect("an estimate");
    assert!(!estimate.memory.fits && estimate.decode.speeds.is_none() && estimate.prefill.is_none());
    let sentence = answer.warnings.first().expect("a warning");
    assert!(sentence.starts_with("does not fit: needs ") && sentence.contains("would fit"), "{sentence}");
}

#[test]
fn a_runtime_that_queues_serves_one_at_a_time() {
    let of =
        |streams: u32| speeds(&format!("machines: [\"dgx-spark\"], runtime: Same(\"ollama\"), concurrency: {streams}"));
    let (one, four) = (of(1), of(4));
    near(four.aggregate.expected, one.each.expected);
    near(four.each.expected, one.each.expected / 4.0);
}

#[test]
fn the_ceiling_knows_no_efficiency() {
    let scenario = scenario("machines: [\"dgx-spark\"]");
    let at = |efficiency: f64| {
        let estimate = with_case(&scenario, |case| {
            case.weight_efficiency.value = efficiency;
            case.layer_time.value = 1.0;
        });
        estimate.decode.speeds.expect("it fits")
    };
    near(at(0.5).ceiling, at(1.0).ceiling);
    assert!(at(0.5).each.expected < at(1.0).each.expected);
}

#[test]
fn a_queue_gives_out_as_much_as_one_stream_alone() {
    let served = |streams: u32| {
        let asked = format!("machines: [\"dgx-spark\"], runtime: Same(\"ollama\"), concurrency: {streams}");
        first(&asked).served.expect("it runs").expected
    };
    near(served(6), served(1));
}

#[test]
fn a_band_is_that_of_the_closest_evidence() {
    let rows = catalog().efficiency.rows();
    let edge = |class: &str| {
        let row = rows.iter().find(|row| row.parameter == Parameter::DecodeBand && row.class == class);
        row.expect(class).low
    };
    // Several sources have measurements of this family with this runtime.
    for (model, class) in [("llama-3.3-70b", "2/dense"), ("gpt-oss-120b", "2/moe")] {
        let asked = format!("machines: [\"dgx-spark\"], runtime: Same(\"llama.cpp\"), model: Catalog(\"{model}\")");
        let each = speeds(&asked).each;
        near(each.low / each.expected, edge(class));
    }
    assert!((edge("2/dense") - edge("2/moe")).abs() > 0.01, "two classes that differ show which one was taken");
}

#[test]
fn a_custom_model_keeps_as_many_heads_as_models_of_its_size() {
    // Llama 3.3 70B and Qwen2.5 72B: 80 layers with 8 key-value heads of dimension 128.
    let published = 80.0 * 8.0 * 128.0 * 2.0;
    let custom = catalog().custom_model(70e9, 70e9).expect("a model");
    assert!((0.7..1.4).contains(&(custom.kv.full_elems / published)), "{}", custom.kv.full_elems);
    assert_eq!(custom.kv.window_elems, 0.0);
    // The published models have 80 layers, those of 8B have 32.
    assert!((60.0..100.0).contains(&custom.layers), "{}", custom.layers);
    let small = catalog().custom_model(8e9, 8e9).expect("a model");
    assert!((26.0..40.0).contains(&small.layers), "{}", small.layers);
}

#[test]
fn the_spread_of_an_answer_is_that_of_its_streams() {
    let rows = catalog().efficiency.rows();
    let spread = |parameter: Parameter| {
        let row = rows.iter().find(|row| row.parameter == parameter && row.class == "2/dense");
        row.expect("a band").high
    };
    for (streams, parameter) in [(1, Parameter::DecodeBand), (8, Parameter::AggregateBand)] {
        let asked = format!("machines: [\"dgx-spark\"], runtime: Same(\"llama.cpp\"), concurrency: {streams}");
        let estimate = first(&asked);
        let (answer, ttft) = (estimate.answer_time.expect("it runs"), estimate.prefill.expect("it runs").ttft);
        near((answer.expected - ttft.expected) / (answer.low - ttft.low), spread(parameter));
    }
}

#[test]
fn a_custom_model_of_few_active_parameters_has_at_least_one_expert_at_work() {
    for (total, active) in [(1e12, 1.5e9), (120e9, 1e9), (30e9, 3e9)] {
        let model = catalog().custom_model(total, active).expect("a model");
        let moe = model.moe.expect("experts");
        assert!(moe.per_token >= 1.0 - 1e-9 && moe.per_token < moe.experts, "{total} {active}: {moe:?}");
    }
    for (total, active) in [(1e9, 0.0), (1e9, -1.0), (1e9, 2e9), (f64::INFINITY, 1e9), (f64::NAN, 1e9), (1e9, f64::NAN)]
    {
        assert!(catalog().custom_model(total, active).is_none(), "{total} {active}");
    }
}

#[test]
fn micro_batches_wait_for_every_expert_and_dense_prompts_for_the_arithmetic() {
    let bound = |model: &str, prompt: u32| {
        let asked = format!("machines: [\"dgx-spark\"], model: Catalog(\"{model}\"), prompt: {prompt}");
        first(&asked).prefill.expect("it runs").bound
    };
    assert_eq!(bound("gpt-oss-120b", 16), Bound::Bandwidth);
    // A micro-batch of 512 tokens reads 60 GB of experts for 5 GFLOP per token, for a prompt of any length.
    assert_eq!(bound("gpt-oss-120b", 16_384), Bound::Bandwidth);
    assert_eq!(bound("llama-3.3-70b", 16_384), Bound::Compute);
}

#[test]
fn a_step_waits_for_what_takes_longest() {
    let asked = super::ask::scenario("machines: [\"dgx-spark\"], model: Catalog(\"llama-3.3-70b\"), concurrency: 4");
    let bound =
        |change: fn(&mut whichbox::model::estimate::case::EstimateInputs<'_>)| with_case(&asked, change).decode.bound;
    assert_eq!(bound(|_| ()), Bound::Bandwidth, "40 GB at 273 GB/s");
    assert_eq!(bound(|case| case.layer_time.value = 1.0), Bound::Overhead, "a second for each of 80 layers");
    let slow = |case: &mut whichbox::model::estimate::case::EstimateInputs<'_>| {
        case.unit_rate.as_mut().expect("a rate").value = 1e9;
    };
    assert_eq!(bound(slow), Bound::Compute, "560 GFLOP at 1 GFLOPS");
}

#[test]
fn arithmetic_of_matrices_and_of_attention_are_one_wait() {
    // For 2,048 tokens, 2 × 70e9 FLOP per token take over 2 s at a Spark's 125 TFLOPS; reading the weights four times
    // takes 0.6 s.
    let dense = first("machines: [\"dgx-spark\"], model: Catalog(\"llama-3.3-70b\"), prompt: 2048");
    assert_eq!(dense.prefill.expect("it runs").bound, Bound::Compute);
}

/// Returns a custom model of the catalog.
fn custom(total: f64, active: f64) -> whichbox::model::facts::Model {
    super::ask::catalog().custom_model(total, active).expect("a model")
}

#[test]
fn beyond_the_models_that_are_known_a_custom_one_reads_in_proportion() {
    let read_share = |size: f64| {
        let model = custom(size, size);
        (model.total_params - model.params.embedding) / model.total_params
    };
    let sizes = super::ask::catalog().models.iter().map(|model| model.active_params);
    let (least, most) = sizes.fold((f64::MAX, 0.0_f64), |(least, most), size| (least.min(size), most.max(size)));
    // The largest models do not read their embedding table; the smallest use one matrix for input and output.
    assert!((0.5..0.999).contains(&read_share(most * 2.0)), "{}", read_share(most * 2.0));
    for (near, far) in [(most * 2.0, most * 8.0), (least / 2.0, least / 8.0)] {
        let (one, other) = (read_share(near), read_share(far));
        assert!((one - other).abs() < 1e-9, "{near}: {one}, {far}: {other}");
    }
}

#[test]
fn a_custom_mixture_has_about_as_many_experts_at_work_as_those_of_its_size() {
    let share = |model: &whichbox::model::facts::Model| model.moe.map_or(0.0, |moe| moe.per_token / moe.experts);
    let catalog = super::ask::catalog();
    let ratios: Vec<f64> =
        catalog.models.iter().filter(|m| m.moe.is_some()).map(|m| share(m) / m.active_share()).collect();
    let (low, high) = ratios.iter().fold((f64::MAX, 0.0_f64), |(low, high), r| (low.min(*r), high.max(*r)));
    for (total, active) in [(30e9, 3e9), (120e9, 6e9), (400e9, 20e9)] {
        let model = custom(total, active);
        let ratio = share(&model) / model.active_share();
        assert!((low..=high).contains(&ratio), "{total}: {ratio}, known are {low} to {high}");
    }
}
