//! Tests with published files that were misread once, each with its correct value.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use super::program::{Ran, number, run_in};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/cases");

/// Returns a copy of a directory of cases in which each pair `NAME.head` and `NAME.size` is replaced by a file of that
/// size with that beginning.
pub fn unpacked(name: &str) -> TempDir {
    let out = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(Path::new(CASES).join(name)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".size") {
            continue;
        }
        let to = out.path().join(name.trim_end_matches(".head"));
        fs::copy(&path, &to).unwrap();
        if name.ends_with(".head") {
            let size = fs::read_to_string(path.with_extension("size")).unwrap().trim().parse().unwrap();
            fs::OpenOptions::new().write(true).open(&to).unwrap().set_len(size).unwrap();
        }
    }
    out
}

/// Returns the first answer of `estimate` for a model file, and the notes on standard error.
fn estimate(directory: &Path, file: &str, machine: &str) -> (Value, String) {
    let ran = run_in(directory, &["estimate", "--model", file, "--machine", machine, "--output", "json"]);
    assert!(ran.code < 2, "{file}: {ran:?}");
    let answers: Value = serde_json::from_str(&ran.out).unwrap();
    (answers[0].clone(), ran.err)
}

fn inspect(directory: &Path, file: &str) -> Value {
    let ran = run_in(directory, &["inspect", file, "--output", "json"]);
    assert_eq!(ran.code, 0, "{file}: {ran:?}");
    serde_json::from_str(&ran.out).unwrap()
}

fn refused(ran: &Ran, parts: &[&str]) {
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    for part in parts {
        assert!(ran.err.contains(part), "\"{part}\" is missing in: {}", ran.err);
    }
}

fn near(found: f64, expected: f64, share: f64) {
    assert!((found / expected - 1.0).abs() <= share, "{found} is not within {share} of {expected}");
}

fn weights(answer: &Value) -> f64 {
    number(answer, "/memory/weights_bytes")
}

#[test]
fn blocks_of_mlx_that_are_written_twice_are_mlx() {
    let directory = PathBuf::from(CASES).join("quantization");
    let (answer, notes) = estimate(&directory, "mlx-4bit.config.json", "macbook-pro-m5-max-40");
    assert_eq!((answer["format"].as_str(), answer["runtime"].as_str()), (Some("mlx-4bit"), Some("mlx")));
    near(weights(&answer), 8.31e9, 0.005);
    assert!(notes.contains("MLX 4-bit of 4.5 bits"), "{notes}");
    let directory = unpacked("directories/mlx-4bit-dir");
    let (answer, _) = estimate(directory.path(), ".", "macbook-pro-m5-max-40");
    assert_eq!((answer["format"].as_str(), weights(&answer)), (Some("mlx-4bit"), 335_372_288.0));
    let facts = inspect(directory.path(), ".");
    near(number(&facts, "/bits_per_weight"), 4.501, 1e-3);
}

#[test]
fn every_method_of_quantization_has_its_bytes_or_is_refused_by_name() {
    let directory = PathBuf::from(CASES).join("quantization");
    // Qwen3-8B: 6.946e9 parameters in linear layers, 0.622e9 each in the embedding and the output matrix.
    for (name, format, bytes) in [
        ("auto-round-8", "autoround-8-bit", 6.946e9 * 8.1875 / 8.0 + 2.489e9),
        ("bnb-nf4", "bnb-nf4", 6.946e9 * 4.127 / 8.0 + 2.489e9),
        ("ct-mixed", "nvfp4", 5.436e9 * 4.5 / 8.0 + 1.51e9 * 1.0002 + 2.489e9),
        ("ct-w8a16", "int8", 6.946e9 + 2.489e9),
        ("finegrained_fp8", "fp8", 6.946e9 * 1.0002 + 2.489e9),
        ("gptq-8", "gptq-8-bit", 6.946e9 * 8.75 / 8.0 + 2.489e9),
        ("mlx-mxfp4", "mlx-mxfp4", 8.191e9 * 4.25 / 8.0),
        ("modelopt-mixed", "nvfp4", 8.090e9 * 2.0 + 0.1007e9 * 4.5 / 8.0),
        ("mxfp4", "mxfp4", 5.436e9 * 4.25 / 8.0 + 2.0 * (1.51e9 + 1.2446e9)),
        ("quark-fp8", "fp8", 6.946e9 + 2.489e9),
        ("torchao-int4", "torchao-int4", 6.946e9 * 4.25 / 8.0 + 2.489e9),
    ] {
        let (answer, notes) = estimate(&directory, &format!("{name}.config.json"), "rtx-pro-6000");
        assert_eq!(answer["format"].as_str(), Some(format), "{name}");
        near(weights(&answer), bytes, 0.002);
        assert!(notes.contains("stored as"), "{name}: {notes}");
    }
    let ran = run_in(&directory, &["estimate", "--model", "exl2.config.json", "--machine", "rtx-pro-6000"]);
    refused(&ran, &["EXL2 4-bit runs on ExLlamaV2", "--format"]);
    let copy = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(directory.join("exl2.config.json")).unwrap();
    fs::write(copy.path().join("config.json"), text.replace("exl2", "exl3")).unwrap();
    let (answer, _) = estimate(copy.path(), "config.json", "rtx-5090");
    assert_eq!(answer["runtime"].as_str(), Some("exllamav3"));
}

#[test]
fn a_method_that_is_not_known_is_refused_and_another_format_can_be_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(Path::new(CASES).join("quantization/exl2.config.json")).unwrap();
    fs::write(directory.path().join("config.json"), text.replace("exl2", "novel-quant")).unwrap();
    let words = ["estimate", "--model", "config.json", "--machine", "rtx-pro-6000", "--output", "json"];
    refused(&run_in(directory.path(), &words), &["\"novel-quant\" is not known", "gptq"]);
    let ran = run_in(directory.path(), &[&words[..], &["--format", "q8_0"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let facts = inspect(directory.path(), "config.json");
    assert_eq!(facts["format"], Value::Null);
}

#[test]
fn modules_left_out_of_a_quantization_keep_their_type() {
    let directory = PathBuf::from(CASES).join("directories/nvfp4-ignore");
    let (answer, notes) = estimate(&directory, "config.json", "rtx-pro-6000");
    assert_eq!(answer["format"].as_str(), Some("nvfp4"));
    near(weights(&answer), 31_481_766_520.0, 1e-6);
    assert!(notes.contains("in BF16 stay: attention"), "{notes}");
}

#[test]
fn caches_that_layers_share_are_counted_once_whatever_tensors_there_are() {
    let directory = unpacked("directories/gemma4-e4b-dir");
    let facts = inspect(directory.path(), ".");
    assert_eq!(number(&facts, "/kv_elems_per_token"), 28_672.0);
    let (answer, _) = estimate(directory.path(), ".", "rtx-pro-6000");
    let all = number(&facts, "/tensor_bytes") - number(&facts, "/classes/other");
    assert_eq!(weights(&answer), all);
    let file = "gemma-4-E4B-it-Q8_0.gguf";
    let directory = unpacked("directories/gemma4-e4b-gguf");
    let facts = inspect(directory.path(), file);
    assert_eq!(number(&facts, "/kv_elems_per_token"), 28_672.0);
    let (answer, _) = estimate(directory.path(), file, "rtx-pro-6000");
    // The table of per-layer vectors takes memory and is not read by a step.
    near(number(&answer, "/decode/weight_bytes_read"), 4.94e9, 0.02);
    near(weights(&answer), 8.067e9, 0.01);
}

#[test]
fn an_architecture_without_a_rule_is_refused_by_name_or_is_the_catalogs() {
    let directory = unpacked("directories/dsv4-gguf");
    for file in ["DeepSeek-V4-Flash-MXFP4.gguf", "config.json"] {
        let facts = inspect(directory.path(), file);
        let notes = facts["notes"].to_string();
        let is_catalogs = notes.contains("deepseek-v4-flash, whose build is taken from the catalog");
        assert_eq!(is_catalogs, file.ends_with(".gguf"), "{file}: {notes}");
        // 21 layers store a quarter of the tokens with their index keys, 20 layers one token in 128; all store the last
        // 128 tokens.
        let catalogs = 21.0 * (512.0 + 128.0) / 4.0 + 20.0 * 512.0 / 128.0;
        assert_eq!(number(&facts, "/kv/full_elems"), catalogs, "{file}");
    }
    let (answer, _) = estimate(directory.path(), "DeepSeek-V4-Flash-MXFP4.gguf", "mac-studio-m3-ultra-256");
    near(weights(&answer), 155.17e9, 0.01);
    let other = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(directory.path().join("config.json")).unwrap();
    fs::write(other.path().join("config.json"), text.replace("\"deepseek_v4\"", "\"deepseek_v9\"")).unwrap();
    let ran = run_in(other.path(), &["estimate", "--model", "config.json", "--machine", "rtx-5090"]);
    refused(&ran, &["the architecture \"deepseek_v9\" is not known"]);
}

#[test]
fn fields_that_change_the_build_are_not_passed_over() {
    let facts = inspect(Path::new(CASES), "configs/kimi-k3.json");
    match facts["params_total"].as_f64() {
        Some(params) => near(params, 2_779_931_837_184.0, 0.01),
        None => assert!(facts["notes"].to_string().contains("is not known"), "{facts}"),
    }
}

#[test]
fn indexers_and_windows_of_gguf_files_count() {
    let directory = unpacked("directories/dsv32-gguf");
    let facts = inspect(directory.path(), "DeepSeek-V3.2-Q4_0.gguf");
    assert_eq!(number(&facts, "/kv_elems_per_token"), 35_136.0 + 61.0 * 128.0);
    let directory = unpacked("directories/trinity-gguf");
    let facts = inspect(directory.path(), "trinity-mini-Q8_0.gguf");
    assert_eq!((number(&facts, "/kv/full_layers"), number(&facts, "/kv/window")), (8.0, 2048.0));
}

#[test]
fn json_as_python_and_windows_write_it_is_read() {
    let facts = inspect(Path::new(CASES), "configs/infinity-config.json");
    assert_eq!(number(&facts, "/params_total"), 120_668_707_840.0);
    assert!(number(&inspect(Path::new(CASES), "configs/bom-config.json"), "/params_total") > 1e8);
    // The lists have one number per layer, and all numbers are equal.
    near(number(&inspect(Path::new(CASES), "configs/hunyuan-a13b.json"), "/params_total"), 80.4e9, 0.01);
}

#[test]
fn directories_without_the_weights_are_read_by_their_configuration() {
    let directory = PathBuf::from(CASES).join("directories/index-only-dir");
    let facts = inspect(&directory, ".");
    assert_eq!(number(&facts, "/tensor_bytes"), 50_182_743_296.0);
    assert!(number(&facts, "/kv_elems_per_token") > 0.0);
    let directory = PathBuf::from(CASES).join("directories/lfs-pointer-dir");
    let facts = inspect(&directory, ".");
    assert!(facts["notes"].to_string().contains("a git-LFS pointer, not the weights (1503300328 bytes)"), "{facts}");
    assert!(number(&facts, "/params_total") > 1e8);
    let ran = run_in(&directory, &["inspect", "model.safetensors"]);
    refused(&ran, &["a git-LFS pointer", "git lfs pull"]);
}

#[test]
fn a_repository_of_the_hubs_cache_is_its_main_snapshot() {
    let cache = tempfile::tempdir().unwrap();
    let repository = cache.path().join("models--Qwen--Qwen3-8B");
    for revision in ["aaaa", "bbbb"] {
        fs::create_dir_all(repository.join("snapshots").join(revision)).unwrap();
    }
    fs::create_dir_all(repository.join("refs")).unwrap();
    fs::write(repository.join("refs/main"), "bbbb\n").unwrap();
    let from = Path::new(CASES).join("quantization/gptq-8.config.json");
    fs::copy(from, repository.join("snapshots/bbbb/config.json")).unwrap();
    let facts = inspect(cache.path(), "models--Qwen--Qwen3-8B");
    assert_eq!((facts["name"].as_str(), facts["layers"].as_f64()), (Some("Qwen3-8B"), Some(36.0)));
    // A folder with a subdirectory `snapshots` but another name is no repository of the cache.
    let folder = cache.path().join("my-model");
    fs::create_dir_all(folder.join("snapshots/aaaa")).unwrap();
    fs::copy(Path::new(CASES).join("quantization/gptq-8.config.json"), folder.join("config.json")).unwrap();
    let facts = inspect(cache.path(), "my-model");
    assert_eq!((facts["name"].as_str(), facts["layers"].as_f64()), (Some("my-model"), Some(36.0)));
    let named_alone = cache.path().join("models--Qwen--empty");
    fs::create_dir_all(named_alone.join("snapshots/aaaa")).unwrap();
    refused(&run_in(cache.path(), &["inspect", "models--Qwen--empty"]), &["there is no GGUF"]);
}

#[test]
fn a_model_is_found_beside_its_projector_and_its_adapter_is_none() {
    let directory = unpacked("directories/trinity-gguf");
    fs::write(directory.path().join("mmproj-F16.gguf"), b"GGUF").unwrap();
    assert_eq!(inspect(directory.path(), ".")["name"].as_str(), Some("Trinity Mini"));
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("adapter_model.safetensors"), b"x").unwrap();
    refused(&run_in(directory.path(), &["inspect", "."]), &["an adapter is in it"]);
}

fn import_in(directory: &Path, file: &str, flags: &[&str]) -> Ran {
    run_in(directory, &[&["import", file, "--output", "json"], flags].concat())
}

fn imported(file: &str, flags: &[&str]) -> Value {
    let ran = import_in(&PathBuf::from(CASES).join("bench"), file, flags);
    assert_eq!(ran.code, 0, "{file}: {ran:?}");
    serde_json::from_str(&ran.out).unwrap()
}

fn not_imported(file: &str, flags: &[&str], parts: &[&str]) {
    refused(&import_in(&PathBuf::from(CASES).join("bench"), file, flags), parts);
}

/// Returns test, context, streams and speed of every row.
fn rates(found: &Value) -> Vec<(&str, f64, f64, f64)> {
    let of = |row: &Value, name: &str| row[name].as_f64().unwrap_or(-1.0);
    let rows = found["measurements"].as_array().unwrap();
    rows.iter()
        .map(|row| (row["test"].as_str().unwrap(), of(row, "context"), of(row, "concurrency"), of(row, "tok_s")))
        .collect()
}

#[test]
fn tables_are_read_as_people_paste_them() {
    for (file, prefill, decode) in
        [("bold.md", 1918.35, 58.72), ("comma.md", 1918.35, 58.72), ("thousands.md", 1918.35, 58.72)]
    {
        let found = imported(file, &["--machine", "dgx-spark"]);
        assert_eq!(rates(&found), [("Prefill", 0.0, 1.0, prefill), ("Decode", 0.0, 1.0, decode)], "{file}");
    }
    let found = imported("pm_ascii.md", &["--machine", "dgx-spark"]);
    assert_eq!(rates(&found), [("Decode", 0.0, 1.0, 58.72), ("Prefill", 1024.0, 1.0, 1500.0)]);
    assert_eq!(rates(&imported("mojibake.md", &["--machine", "dgx-spark"])), [("Decode", 0.0, 1.0, 58.72)]);
    let found = imported("wrapped.md", &[]);
    assert_eq!(rates(&found), [("Prefill", 0.0, 1.0, 2000.0), ("Decode", 0.0, 1.0, 80.0)]);
    assert_eq!(found["measurements"][0]["machine"], "rtx-pro-6000");
    assert_eq!(found["measurements"][0]["model"], "glm-4.5-air");
    // A table without outer bars; the catalog has no format for this NVFP4 file, so the program asks for it.
    not_imported("pipeless.md", &["--machine", "rtx-5090"], &["llama-bench", "NVFP4", "--format"]);
}

#[test]
fn other_tables_of_a_report_are_told_by_line() {
    let found = imported("report.md", &[]);
    assert_eq!(rates(&found), [("Prefill", 0.0, 1.0, 1003.34), ("Decode", 0.0, 1.0, 7.14)]);
    let unread: Vec<f64> = found["unread"].as_array().unwrap().iter().map(|row| number(row, "/line")).collect();
    assert_eq!(unread, [5.0, 15.0]);
    // Rows of an unknown model are refused, the others are imported.
    let directory = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(Path::new(CASES).join("bench/twomodels.md")).unwrap();
    fs::write(directory.path().join("x.md"), text.replace("qwen35moe 35B.A3B", "warp 36B")).unwrap();
    let ran = import_in(directory.path(), "x.md", &[]);
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(found["measurements"][0]["model"], "gpt-oss-120b");
    assert!(found["refused"][0]["why"].to_string().contains("warp 36B"), "{found}");
    let models = imported("twomodels.md", &[]);
    assert_eq!(models["measurements"][1]["model"], "qwen3.6-35b-a3b");
}

#[test]
fn devices_and_models_are_found_by_the_names_that_tools_print() {
    for (file, machine, model, format) in [
        ("vulkan.md", "rtx-5090", "llama-3.1-8b", "q4_0"),
        ("a.log", "strix-halo-395", "qwen3.6-27b", "q8_0"),
        ("b.log", "strix-halo-395", "qwen3.5-122b-a10b", "q5_k_m"),
        ("c.log", "strix-halo-395", "minimax-m2", "q3_k_s"),
        ("mixedlog.txt", "dgx-spark", "gpt-oss-120b", "mxfp4-gguf"),
        ("llama-bench.sql", "rtx-4090", "qwen2.5-7b", "q4_k_m"),
    ] {
        let found = imported(file, &[]);
        let row = &found["measurements"][0];
        let names = [&row["machine"], &row["model"], &row["format"]].map(|name| name.as_str().unwrap());
        assert_eq!(names, [machine, model, format], "{file}");
    }
    // The driver's number of a device is not a name.
    not_imported("metal0.md", &[], &["does not say which machine"]);
    not_imported("metal_name.md", &[], &["\"Apple M3 Ultra\" can be mac-studio-m3-ultra-"]);
}

#[test]
fn sizes_and_parameters_are_held_against_the_catalog() {
    let found = imported("a.log", &[]);
    let notes = found["notes"].to_string();
    assert!(notes.contains("33.31 GiB") && notes.contains("q8_0 of qwen3.6-27b takes"), "{notes}");
    assert!(found["measurements"][0]["suspect"].to_string().contains("33.31 GiB"), "{found}");
    let notes = imported("b.log", &[])["notes"].to_string();
    assert!(notes.contains("85.60 GiB"), "{notes}");
    // Llama 2 70B has 68.98e9 parameters, so it is not Llama 3.3 70B.
    not_imported("llama2.md", &[], &["llama 70B", "not in the catalog"]);
    not_imported("llama2.md", &["--model", "llama-3.3-70b"], &["40 of 80 layers"]);
}

#[test]
fn runs_that_one_machine_did_not_do_are_left_out_with_the_reason() {
    let found = imported("cpu_ngl0.md", &[]);
    assert_eq!(rates(&found), [("Decode", 0.0, 1.0, 159.2)]);
    assert!(found["left_out"].to_string().contains("ngl 0"), "{found}");
    not_imported("cpu_moe.md", &[], &["experts of 20 layers lay in system memory"]);
    not_imported("two_devices_columns.md", &["--machine", "rtx-3090"], &["several devices", "CUDA0/CUDA1"]);
    not_imported("impossible.md", &[], &["120 tok/s is above the ceiling of dgx-spark"]);
    let found = imported("vulkan.md", &["--machine", "rtx-4090"]);
    assert!(found["notes"].to_string().contains("rtx-5090"), "{found}");
}

#[test]
fn a_run_of_tomorrow_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(Path::new(CASES).join("bench/llama-bench.sql")).unwrap();
    for date in ["2127-04-24", "1970-01-01"] {
        fs::write(directory.path().join("x.sql"), text.replace("2025-04-24", date)).unwrap();
        refused(&import_in(directory.path(), "x.sql", &[]), &[&format!("dated {date}")]);
    }
}

#[test]
fn llama_benchy_is_known_by_name_and_its_prompts_at_a_depth_are_no_prefill() {
    not_imported("benchy_spark.md", &["--machine", "dgx-spark"], &["llama-benchy", "--runtime"]);
    let flags = ["--machine", "dgx-spark", "--runtime", "vllm", "--format", "fp8"];
    let found = imported("benchy_spark.md", &[&flags[..], &["--model", "qwen3.6-35b-a3b"]].concat());
    let contexts: Vec<(&str, f64)> = rates(&found).iter().map(|(test, context, ..)| (*test, *context)).collect();
    assert_eq!(contexts, [("Prefill", 0.0), ("Decode", 0.0), ("Decode", 512.0), ("Decode", 1024.0)]);
    assert_eq!(found["measurements"][1]["speculative"], true);
    assert!(found["notes"].to_string().contains("drafts were used"), "{found}");
    // The checkpoint with attention in BF16 could not be read at this speed, so attention was quantized too.
    let flags = ["--machine", "dgx-spark", "--runtime", "vllm", "--format", "mxfp4-full"];
    let found = imported("benchy.csv", &flags);
    assert_eq!(rates(&found), [("Prefill", 0.0, 1.0, 8521.08), ("Decode", 0.0, 1.0, 73.18)]);
    let flags = ["--machine", "rtx-pro-6000", "--runtime", "vllm", "--format", "nvfp4"];
    let found = imported("benchy_gemma_c.md", &flags);
    let decode: Vec<_> = rates(&found).into_iter().filter(|(test, ..)| *test != "Prefill").collect();
    assert_eq!(decode, [("Decode", 0.0, 1.0, 30.42), ("Aggregate", 0.0, 2.0, 24.91)]);
}

#[test]
fn serving_results_are_read_from_the_console_and_from_json() {
    let flags = ["--machine", "rtx-pro-6000", "--model", "qwen3-8b", "--format", "fp8"];
    let found = imported("vllm_console.txt", &flags);
    // 106,026 and 144,000 tokens of 480 requests: prompts of 221 tokens and answers of 300.
    assert_eq!(rates(&found), [("Aggregate", 221.0, 8.0, 719.03)]);
    assert_eq!(number(&found, "/measurements/0/generate"), 300.0);
    let found = imported("aiperf.json", &["--machine", "rtx-5090", "--model", "gpt-oss-20b", "--format", "mxfp4"]);
    assert_eq!((found["tool"].as_str(), rates(&found)[0].2), (Some("aiperf"), 4.0));
    not_imported("vllm_job.log", &[], &["vllm bench serve", "--max-concurrency"]);
}

#[test]
fn served_runs_with_drafts_are_marked_and_tools_keep_their_names() {
    let directory = tempfile::tempdir().unwrap();
    let line = "{\"backend\": \"sglang\", \"max_concurrency\": 4, \"request_rate\": \"inf\", \"completed\": 10, \
                \"total_input_tokens\": 10240, \"total_output_tokens\": 5120, \"output_throughput\": 300.0, \
                \"mean_tpot_ms\": 12.0, \"median_ttft_ms\": 90.0, \"accept_length\": 3.1}\n";
    let flags = ["--machine", "rtx-pro-6000", "--model", "qwen3-8b", "--format", "fp8"];
    for (text, drafted) in [(line.to_owned(), true), (line.replace("3.1", "null"), false)] {
        fs::write(directory.path().join("x.jsonl"), text).unwrap();
        let ran = import_in(directory.path(), "x.jsonl", &flags);
        assert_eq!(ran.code, 0, "{ran:?}");
        let found: Value = serde_json::from_str(&ran.out).unwrap();
        let row = &found["measurements"][0];
        assert_eq!((row["runtime"].as_str(), row["speculative"].as_bool()), (Some("sglang"), Some(drafted)));
        assert_eq!((found["tool"].as_str(), number(row, "/context")), (Some("sglang.bench_serving"), 1024.0));
    }
}

#[test]
fn runs_of_one_prompt_are_read() {
    let flags = ["--machine", "macbook-pro-m5-max-40"];
    let found = imported("mlx_bench.txt", &flags);
    assert_eq!(rates(&found), [("Prefill", 0.0, 1.0, 358.377), ("Decode", 1024.0, 1.0, 38.813)]);
    assert_eq!(found["measurements"][1]["format"], "mlx-4bit");
    let found = imported("ollama.txt", &[&flags[..], &["--model", "qwen3-14b", "--format", "q4_k_m"]].concat());
    // A prompt of eleven tokens is too short to measure prefill.
    assert_eq!(rates(&found), [("Decode", 11.0, 1.0, 24.61)]);
    assert_eq!(found["measurements"][0]["runtime"], "ollama");
    assert!(found["left_out"].to_string().contains("fewer than 64 tokens"), "{found}");
    assert!(found["notes"].to_string().contains("does not say the day"), "{found}");
    let found = imported("sweep.md", &["--model", "qwen3-32b", "--format", "q4_k_m"]);
    let decode: Vec<_> = rates(&found).into_iter().filter(|(test, ..)| *test == "Decode").collect();
    assert_eq!(decode, [("Decode", 0.0, 1.0, 50.04), ("Decode", 512.0, 1.0, 47.8), ("Decode", 1024.0, 1.0, 46.23)]);
}
