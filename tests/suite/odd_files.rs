//! Tests of odd and damaged files: every assumption behind a number is reported.

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};

use super::program::{Ran, run_in};

/// Runs the program on a file with this name and text; `before` and `after` are the arguments around its name.
fn on(name: &str, text: &str, before: &str, after: &str) -> Ran {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join(name), text).expect("a file");
    let words: Vec<&str> = before.split_whitespace().chain([name]).chain(after.split_whitespace()).collect();
    run_in(directory.path(), &words)
}

/// Returns the facts of Qwen3 8B with these fields changed; null removes a field.
fn inspect(change: &Value) -> Value {
    let text = fs::read_to_string("tests/fixtures/models/configs/qwen3-8b.json").expect("a text");
    let mut config: Value = serde_json::from_str(&text).expect("JSON");
    let fields = config.as_object_mut().expect("fields");
    fields.extend(change.as_object().expect("fields").clone());
    fields.retain(|_, value| !value.is_null());
    let ran = on("config.json", &config.to_string(), "inspect", "--output json");
    serde_json::from_str(&ran.out).expect("JSON")
}

#[test]
fn quantization_blocks_that_say_nothing_certain_are_refused_by_name() {
    let sparse = json!({"format": "sparse-24-bitmask", "sparsity_structure": "2:4"});
    let group =
        json!({"group_0": {"targets": ["Linear"], "weights": {"num_bits": 8, "type": "int", "strategy": "channel"}}});
    for (change, told) in [
        (json!({"quantization_config": "fp8"}), "`quantization_config` is no object"),
        (json!({"quantization_config": ["awq"]}), "`quantization_config` is no object"),
        (
            json!({"quantization": {"bits": 4, "group_size": 64}, "quantization_config": {"bits": 8, "group_size": 64}}),
            "two different things",
        ),
        (
            json!({"quantization": {"bits": 4, "group_size": 64}, "quantization_config": {"quant_method": "awq", "bits": 4, "group_size": 128}}),
            "two different things",
        ),
        (
            json!({"quantization_config": {"quant_method": "compressed-tensors", "sparsity_config": sparse, "config_groups": group}}),
            "sparse weights",
        ),
        (
            json!({"quantization_config": {"quant_method": "compressed-tensors", "format": "marlin-24", "config_groups": group}}),
            "sparse weights",
        ),
        (json!({"quantization_config": {"quant_method": "gptq", "bits": 4.5, "group_size": 128}}), "4.5 bits"),
        (json!({"quantization_config": {"quant_method": "vptq", "bits": 2}}), "\\\"vptq\\\" is not known"),
    ] {
        let facts = inspect(&change);
        assert_eq!((&facts["tensor_bytes"], &facts["format"]), (&Value::Null, &Value::Null), "{change}");
        assert!(facts["notes"].to_string().contains(told), "{told}: {}", facts["notes"]);
    }
}

#[test]
fn defaults_of_the_tools_are_told() {
    for (change, told) in [
        (json!({"quantization_config": {"quant_method": "awq", "bits": 4}}), "in groups of 128 by the tool's default"),
        (json!({"quantization": {"bits": 3}}), "in groups of 64 by the tool's default"),
        (
            json!({"torch_dtype": null, "dtype": null, "quantization_config": {"quant_method": "fp8"}}),
            "the type of weights that are not quantized: 16 bits are taken",
        ),
    ] {
        let notes = inspect(&change)["notes"].to_string();
        assert!(notes.contains(told), "{told}: {notes}");
    }
    let stated = json!({"quantization_config": {"quant_method": "awq", "bits": 4, "group_size": 128}});
    assert!(!inspect(&stated)["notes"].to_string().contains("default"));
    // MLX writes the same quantization block under both names.
    let block = json!({"bits": 4, "group_size": 64});
    let twice = inspect(&json!({"quantization": block, "quantization_config": block}));
    assert_eq!(twice["format"], "mlx-4bit", "{twice}");
    assert_eq!(inspect(&json!({"num_loops": 2}))["params_total"], Value::Null);
    // `compression_config` is an older name of the quantization block.
    let weights = json!({"num_bits": 8, "type": "int", "strategy": "channel"});
    let block = json!({"quant_method": "compressed-tensors", "config_groups": {"a": {"targets": ["Linear"], "weights": weights}}});
    let older = inspect(&json!({"compression_config": block}));
    assert!(older["tensor_bytes"].as_f64().is_some_and(|bytes| (9.3e9..9.5e9).contains(&bytes)), "{older}");
}

/// Runs `import` on a text as a result of an RTX 3090.
fn import(name: &str, text: &str) -> Ran {
    on(name, text, "import", "--machine rtx-3090 --output json")
}

fn imported(name: &str, text: &str) -> Value {
    let ran = import(name, text);
    assert_eq!(ran.code, 0, "{name}: {ran:?}");
    serde_json::from_str(&ran.out).expect("JSON")
}

/// Returns a table of llama-bench with one row per backend and number of layers on the device.
fn table(rows: &[(&str, u32)]) -> String {
    let mut text = "| model | size | params | backend | ngl | test | t/s |\n|---|---|---|---|---|---|---|\n".to_owned();
    for (backend, layers) in rows {
        writeln!(text, "| qwen3 8B Q4_K - Medium | 4.68 GiB | 8.19 B | {backend} | {layers} | tg128 | 120.00 |")
            .expect("a string grows");
    }
    text
}

#[test]
fn layers_and_backends_that_are_not_one_device_are_left_out() {
    let found =
        imported("a.md", &table(&[("CUDA", 99), ("CUDA,Vulkan", 99), ("CUDA,BLAS", 40), ("CUDA", 36), ("CUDA", 37)]));
    assert_eq!(found["measurements"].as_array().map(Vec::len), Some(3), "{found}");
    assert!(found["left_out"].to_string().contains("several backends (CUDA,Vulkan)"), "{found}");
    // Qwen3 8B has 36 layers, and llama.cpp counts its output as one more.
    assert!(
        found["refused"].to_string().contains("36 layers lay on the device, and the output counts as another"),
        "{found}"
    );
}

/// Returns vLLM's console output for a run with these numbers of streams and of failed requests.
fn console(streams: u32, failed: u32) -> String {
    format!(
        "vllm bench serve --model Qwen/Qwen3-8B\n============ Serving Benchmark Result ============\nBackend: vllm\n\
         Successful requests: 100\nFailed requests: {failed}\nMaximum request concurrency: {streams}\n\
         Total input tokens: 102400\nTotal generated tokens: 12800\nOutput token throughput (tok/s): 256.00\n\
         Mean TTFT (ms): 200.00\nMean TPOT (ms): 25.00\n"
    )
}

#[test]
fn console_blocks_that_are_cut_or_of_several_devices_give_no_row() {
    let whole = imported("a.txt", &console(8, 0));
    assert!(whole["notes"].to_string().contains("the type of the cache: kv-f16 is taken"), "{whole}");
    let before_speed = console(8, 0).split("Output token").next().unwrap_or_default().to_owned();
    let without_tokens = console(8, 0).replace("Total input tokens: 102400\n", "");
    let split = console(8, 0).replace("--model", "--tensor-parallel-size 2 --model");
    for (text, told) in [
        (before_speed.as_str(), "output_throughput is missing"),
        (without_tokens.as_str(), "the tokens of a request are not stated"),
        (split.as_str(), "several devices served"),
        (console(8, 40).as_str(), "more than one request in twenty failed"),
    ] {
        let ran = import("b.txt", text);
        assert!(ran.code == 2 && ran.err.contains(told), "{told}: {ran:?}");
    }
    let two = imported("c.txt", &format!("{}{before_speed}", console(8, 0)));
    assert_eq!(two["measurements"].as_array().map(Vec::len), Some(1));
    assert!(two["unread"].to_string().contains("output_throughput is missing"), "{two}");
}

#[test]
fn a_broken_line_does_not_refuse_the_lines_around_it() {
    let line = |streams: u32, more: &str| {
        format!(
            "{{\"backend\": \"sglang\", \"request_rate\": Infinity, \"max_concurrency\": {streams}, \"completed\": 100, \
             \"total_input_tokens\": 102400, \"total_output_tokens\": 12800, \"total_output_tokens_retokenized\": 12800, \
             \"output_throughput\": 200.0, \"mean_tpot_ms\": 25.0, \"model_id\": \"Qwen/Qwen3-8B\"{more}}}\n"
        )
    };
    let whole = line(8, "");
    let text = format!("{}{}\n{}{}", line(1, ""), &whole[..90], whole, line(8, ", \"tp_size\": 2"));
    let found = imported("a.jsonl", &text);
    assert_eq!(found["measurements"].as_array().map(Vec::len), Some(2), "{found}");
    assert_eq!(found["unread"][0]["line"], 2, "{found}");
    assert!(found["left_out"].to_string().contains("several devices"), "{found}");
}

#[test]
fn a_run_that_does_not_state_its_prompt_gives_no_row() {
    let run = "$ ollama run qwen3:8b-q4_K_M --verbose\nprompt eval count: 900 token(s)\nprompt eval rate: 2560.00 tokens/s\n\
               eval count: 298 token(s)\neval rate: 100.00 tokens/s\n";
    let flags = "--machine rtx-3090 --output json";
    let ran = on("two.txt", &format!("{run}{}", run.replace("qwen3:8b", "qwen3:14b")), "import", flags);
    let found: Value = serde_json::from_str(&ran.out).expect("JSON");
    let models: Vec<&str> =
        found["measurements"].as_array().expect("rows").iter().filter_map(|row| row["model"].as_str()).collect();
    assert_eq!(models, ["qwen3-8b", "qwen3-8b", "qwen3-14b", "qwen3-14b"], "{found}");
    let without = run.replace("prompt eval count: 900 token(s)\nprompt eval rate: 2560.00 tokens/s\n", "");
    let ran = on("one.txt", &without, "import", flags);
    assert!(ran.code == 2 && ran.err.contains("the tokens of the prompt are not stated"), "{ran:?}");
    let cut = run.split("eval rate: 100").next().unwrap_or_default();
    let ran = on("cut.txt", cut, "import", flags);
    assert!(ran.code == 0 && ran.out.contains("Prefill") && !ran.out.contains("Decode"), "{ran:?}");
}
