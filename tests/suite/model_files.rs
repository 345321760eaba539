//! Tests of model files against the facts that the formats' own readers and the catalog state about them.

use std::path::{Path, PathBuf};

use serde_json::Value;
use whichbox::files::model_file::{Facts, Source, inspect, inspect_source};
use whichbox::model::catalog::Catalog;
use whichbox::model::facts::Model;

use super::program::{json, number, run, run_in};

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models")
}

fn facts(name: &str) -> Facts {
    inspect(&fixtures().join(name)).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn sizes_are_those_of_the_reference_readers() {
    let expected = std::fs::read_to_string(fixtures().join("expected.json")).unwrap();
    let expected: serde_json::Map<String, Value> = serde_json::from_str(&expected).unwrap();
    assert!(expected.len() >= 9);
    for (name, sizes) in &expected {
        let facts = facts(name);
        let params = facts.params.unwrap().total() + facts.extra_params;
        assert_eq!(facts.tensor_bytes(), sizes["tensor_bytes"].as_f64(), "{name}");
        assert_eq!(Some(params), sizes["params_total"].as_f64(), "{name}");
    }
}

#[test]
fn version_two_says_the_same() {
    let mut bytes = std::fs::read(fixtures().join("llama-q4_k.gguf")).unwrap();
    bytes[4] = 2;
    let (old, new) = (inspect_source(Source::memory("x", bytes)).unwrap(), facts("llama-q4_k.gguf"));
    assert_eq!((old.shape, old.weights), (new.shape, new.weights));
}

#[test]
fn every_type_of_tensor_is_read() {
    let weights = facts("types.gguf").weights.unwrap();
    assert_eq!(weights.types.len(), 32);
    for (name, bytes) in
        [("TQ1_0", 54.0), ("TQ2_0", 66.0), ("MXFP4", 136.0), ("NVFP4", 144.0), ("IQ1_S", 50.0), ("BF16", 512.0)]
    {
        assert!(weights.types.contains(&(name.to_owned(), bytes)), "{name}");
    }
}

#[test]
fn parts_of_a_model_are_read_together() {
    let (first, second) = (facts("split-00001-of-00002.gguf"), facts("split-00002-of-00002.gguf"));
    assert_eq!(first.tensor_bytes(), second.tensor_bytes());
    assert_eq!(facts("hub-parts").tensor_bytes(), facts("hub-parts/model-00002-of-00002.safetensors").tensor_bytes());
    let alone = tempfile::tempdir().unwrap();
    let copy = alone.path().join("split-00001-of-00002.gguf");
    std::fs::copy(fixtures().join("split-00001-of-00002.gguf"), &copy).unwrap();
    let error = inspect(&copy).unwrap_err().to_string();
    assert!(error.contains("split-00002-of-00002.gguf is not beside it"), "{error}");
}

#[test]
fn windows_latents_states_and_drafts_are_told_apart() {
    let moe = facts("moe-window.gguf").shape.unwrap();
    assert_eq!((moe.kv.full_elems, moe.kv.window_elems, moe.kv.window), (128.0, 128.0, 128.0));
    assert_eq!((moe.moe.experts, moe.moe.per_token, moe.moe.layers), (8.0, 2.0, 4.0));
    let latent = facts("latent.gguf");
    let shape = latent.shape.unwrap();
    assert_eq!((shape.layers, shape.kv.full_elems, shape.moe.layers), (2.0, 96.0, 1.0));
    assert_eq!(latent.extra_params, 71_076.0);
    let hybrid = facts("hybrid.gguf").shape.unwrap();
    assert_eq!((hybrid.kv.full_elems, hybrid.kv.full_layers), (64.0, 1.0));
    assert_eq!((hybrid.state.layers, hybrid.state.state_elems, hybrid.state.conv_elems), (3.0, 768.0, 576.0));
    assert_eq!(hybrid.params.linear_attention, 26_928.0);
}

/// Returns sentences on the differences between a configuration and the catalog.
fn differences(facts: &Facts, model: &Model) -> Vec<String> {
    let Some(shape) = &facts.shape else { return facts.notes.clone() };
    let mut found = Vec::new();
    let mut same = |what: &str, own: f64, other: f64| {
        if (own - other).abs() > 0.5 {
            found.push(format!("{what}: {own}, in the catalog {other}"));
        }
    };
    for (own, other) in shape.params.values().iter().zip(model.params.values()) {
        same("a class of parameters", *own, other);
    }
    same("active", shape.active_params(), model.active_params);
    same("full cache", shape.kv.full_elems, model.kv.full_elems);
    same("window cache", shape.kv.window_elems, model.kv.window_elems);
    same("window", shape.kv.window, model.kv.window);
    same("layers", shape.layers, model.layers);
    same("heads", shape.heads, model.heads);
    same("head dimension", shape.head_dim, model.head_dim);
    let (own, other) = (shape.moe, model.moe.unwrap_or_default());
    same("experts", own.experts, other.experts);
    same("experts per token", own.per_token, other.per_token);
    same("layers with experts", own.layers, other.layers);
    let (own, other) = (shape.state, model.state.unwrap_or_default());
    same("state", own.state_elems, other.state_elems);
    same("convolution", own.conv_elems, other.conv_elems);
    same("kind", f64::from(u8::from(shape.kind() == model.kind)), 1.0);
    found
}

#[test]
fn configurations_lead_to_the_catalogs_counts() {
    let catalog = Catalog::builtin().unwrap();
    let mut found = Vec::new();
    let mut read = 0;
    for entry in std::fs::read_dir(fixtures().join("configs")).unwrap() {
        let path = entry.unwrap().path();
        let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let facts = inspect(&path).unwrap_or_else(|error| panic!("{error}"));
        let model = catalog.model(&id).unwrap();
        found.extend(differences(&facts, model).into_iter().map(|difference| format!("{id}: {difference}")));
        read += 1;
    }
    assert!(read >= 30);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_formats_of_configurations_are_named() {
    let format = |extra: &str| {
        let text = format!("{{\"model_type\": \"llama\", {extra}}}");
        whichbox::files::model_file::parse_config("config.json", &text).unwrap().format().unwrap_or_default()
    };
    let quantized = |inner: &str| format(&format!("\"quantization_config\": {{{inner}}}"));
    assert_eq!(format("\"torch_dtype\": \"bfloat16\""), "BF16");
    assert_eq!(format("\"quantization\": {\"group_size\": 64, \"bits\": 4}"), "MLX 4-bit");
    assert_eq!(quantized("\"quant_method\": \"fp8\""), "FP8");
    assert_eq!(quantized("\"quant_method\": \"awq\", \"bits\": 4"), "AWQ 4-bit");
    assert_eq!(quantized("\"quant_method\": \"gptq\", \"bits\": 8"), "GPTQ 8-bit");
    assert_eq!(quantized("\"quant_method\": \"mxfp4\""), "MXFP4");
    assert_eq!(quantized("\"quant_method\": \"modelopt\", \"quant_algo\": \"NVFP4\""), "NVFP4");
    assert_eq!(
        quantized("\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true, \"bnb_4bit_quant_type\": \"nf4\""),
        "BNB NF4"
    );
    let group = |format: &str, weights: &str| {
        quantized(&format!(
            "\"quant_method\": \"compressed-tensors\", \"format\": \"{format}\", \
             \"config_groups\": {{\"group_0\": {{\"weights\": {{{weights}}}}}}}"
        ))
    };
    assert_eq!(group("nvfp4-pack-quantized", "\"num_bits\": 4, \"type\": \"float\""), "NVFP4");
    assert_eq!(group("pack-quantized", "\"num_bits\": 4, \"type\": \"int\""), "INT4");
    assert_eq!(group("float-quantized", "\"num_bits\": 8, \"type\": \"float\""), "FP8");
    assert_eq!(group("int-quantized", "\"num_bits\": 8, \"type\": \"int\""), "INT8");
}

#[test]
fn the_answer_has_the_fields_of_the_contract() {
    let fields = [
        "kind",
        "architecture",
        "format",
        "params_total",
        "params_active",
        "tensor_bytes",
        "bits_per_weight",
        "layers",
        "kv_elems_per_token",
        "experts",
        "experts_per_token",
        "context_max",
        "catalog_entry",
    ];
    for file in ["llama-q4_k.gguf", "hub-fp8", "configs/gpt-oss-120b.json", "types.gguf"] {
        let answer = json(&format!("inspect tests/fixtures/models/{file}"));
        let missing: Vec<&str> = fields.into_iter().filter(|field| answer.get(field).is_none()).collect();
        assert!(missing.is_empty(), "{file}: {missing:?}");
    }
    let answer = json("inspect tests/fixtures/models/configs/gpt-oss-120b.json");
    assert_eq!(answer["kind"], "hf-config");
    assert_eq!(answer["format"], "mxfp4");
    assert_eq!(number(&answer, "/params_total"), 116_829_156_672.0);
    assert_eq!(number(&answer, "/kv_elems_per_token"), 36_864.0);
    assert_eq!(number(&answer, "/tensor_bytes"), 65_248_815_744.0);
    let answer = json("inspect tests/fixtures/models/types.gguf");
    assert_eq!(answer["kv_elems_per_token"], Value::Null);
    assert_eq!(answer["catalog_entry"], Value::Null);
    for output in ["table", "csv", "markdown"] {
        let ran = run(&format!("inspect tests/fixtures/models/hybrid.gguf --output {output}"));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{output}");
        assert!(ran.out.contains("qwen35"), "{output}: {}", ran.out);
    }
}

#[test]
fn the_entry_is_a_catalog_that_answers() {
    let directory = tempfile::tempdir().unwrap();
    for (file, format) in [
        ("llama-q4_k.gguf", "q4_k_m"),
        ("split-00001-of-00002.gguf", "tq1_0"),
        ("moe-window.gguf", "mxfp4-gguf"),
        ("latent.gguf", "bf16-gguf"),
        ("hybrid.gguf", "q8_0"),
        ("hub-fp8", "fp8"),
        ("configs/nemotron-3-nano-30b-a3b.json", "bf16"),
        ("configs/gemma-3-27b.json", "q4_k_m"),
    ] {
        let answer = json(&format!("inspect tests/fixtures/models/{file}"));
        let entry = answer["catalog_entry"].as_str().unwrap_or_else(|| panic!("{file}: {answer}"));
        let path = directory.path().join("own.ron");
        std::fs::write(&path, entry).unwrap();
        let checked = run_in(directory.path(), &["check", "own.ron"]);
        assert_eq!(checked.code, 0, "{file}: {checked:?}");
        let id = entry.rsplit_once("models: [").unwrap().1.split('"').nth(1).unwrap();
        let arguments = ["estimate", "--catalog", ".", "--model", id, "--format", format, "--machine", "rtx-pro-6000"];
        let ran = run_in(directory.path(), &[&arguments[..], &["--output", "json"]].concat());
        assert_eq!(ran.code, 0, "{file}: {ran:?}");
        let estimate: Value = serde_json::from_str(&ran.out).unwrap();
        if let (Some(bytes), Value::Object(classes)) = (answer["tensor_bytes"].as_f64(), &answer["classes"]) {
            let text = bytes - classes["other"].as_f64().unwrap();
            assert_eq!(number(&estimate, "/0/memory/weights_bytes"), text, "{file}");
        }
    }
}

#[test]
fn models_are_found_where_programs_keep_them() {
    let home = tempfile::tempdir().unwrap();
    let put = |to: &str, from: &str| {
        let to = home.path().join(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(fixtures().join(from), to).unwrap();
    };
    let hub = ".cache/huggingface/hub/models--maker--tiny--one/snapshots/abc";
    put(&format!("{hub}/model.safetensors"), "hub-one/model.safetensors");
    put(&format!("{hub}/config.json"), "hub-one/config.json");
    put(".lmstudio/models/maker/tiny/split-00001-of-00002.gguf", "split-00001-of-00002.gguf");
    put(".lmstudio/models/maker/tiny/split-00002-of-00002.gguf", "split-00002-of-00002.gguf");
    put(".ollama/models/blobs/sha256-0abc", "llama-q4_k.gguf");
    let manifest = home.path().join(".ollama/models/manifests/registry.ollama.ai/library/tiny/8b");
    std::fs::create_dir_all(manifest.parent().unwrap()).unwrap();
    let layer = "{\"mediaType\": \"application/vnd.ollama.image.model\", \"digest\": \"sha256:0abc\", \"size\": 1}";
    std::fs::write(manifest, format!("{{\"layers\": [{layer}]}}")).unwrap();
    let mut command = super::program::whichbox();
    for name in ["HF_HOME", "HF_HUB_CACHE", "OLLAMA_MODELS"] {
        command.env_remove(name);
    }
    let output = command.env("HOME", home.path()).args(["inspect", "--list", "--output", "json"]).output().unwrap();
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<&str> = listed.as_array().unwrap().iter().map(|model| model["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["maker/tiny--one", "tiny:8b", "split"]);
    let whole = ["split-00001-of-00002.gguf", "split-00002-of-00002.gguf"];
    let whole: u64 = whole.iter().map(|part| std::fs::metadata(fixtures().join(part)).unwrap().len()).sum();
    assert_eq!(listed[2]["bytes"].as_u64(), Some(whole));
    for model in listed.as_array().unwrap() {
        inspect(Path::new(model["path"].as_str().unwrap())).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn a_scenario_and_a_flag_take_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let below = directory.path().join("below");
    std::fs::create_dir(&below).unwrap();
    for part in ["split-00001-of-00002.gguf", "split-00002-of-00002.gguf"] {
        std::fs::copy(fixtures().join(part), below.join(part)).unwrap();
    }
    let scenario = "(schema: 1, model: File(\"split-00001-of-00002.gguf\"), machines: [\"rtx-pro-6000\"])";
    std::fs::write(below.join("own.ron"), scenario).unwrap();
    // The name is relative to the scenario's file, not to the working directory.
    let questions: [&[&str]; 2] = [
        &["estimate", "below/own.ron", "--output", "json"],
        &["estimate", "--model", "below/split-00001-of-00002.gguf", "--machine", "rtx-pro-6000", "--output", "json"],
    ];
    for question in questions {
        let ran = run_in(directory.path(), question);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        let answer: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(answer[0]["format"], "tq1_0");
        assert_eq!(number(&answer, "/0/memory/weights_bytes"), 257_536.0);
    }
    let other: [&[&str]; 4] = [
        &["check", "below/own.ron"],
        &["below/own.ron", "--plain"],
        &["rank", "below/own.ron"],
        &["diff", "below/own.ron", "default"],
    ];
    for command in other {
        let ran = run_in(directory.path(), command);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{command:?}: {ran:?}");
    }
    std::fs::remove_file(below.join("split-00002-of-00002.gguf")).unwrap();
    let commands: [&[&str]; 3] =
        [&["estimate", "below/own.ron"], &["check", "below/own.ron"], &["estimate", "--model", "none.gguf"]];
    for command in commands {
        let ran = run_in(directory.path(), command);
        assert_eq!(ran.code, 2, "{command:?}: {ran:?}");
        assert!(ran.err.contains("is not beside it") || ran.err.contains("no such file"), "{ran:?}");
    }
}

#[test]
fn a_search_keeps_the_format_of_a_file() {
    let found = |words: &str| -> Vec<String> {
        let found = json(&format!("search --model tests/fixtures/models/llama-q4_k.gguf {words}"));
        let results = found["results"].as_array().unwrap_or_else(|| panic!("{found}")).clone();
        results.iter().map(|found| found["format"].as_str().unwrap().to_owned()).collect()
    };
    let own = found("");
    assert!(!own.is_empty() && own.iter().all(|format| format == "q4_k_m"), "{own:?}");
    let asked = found("--format q8_0");
    assert!(!asked.is_empty() && asked.iter().all(|format| format == "q8_0"), "{asked:?}");
}

#[test]
fn a_scenario_with_a_file_is_written_as_it_was_read() {
    let text = "(schema: 1, model: File(\"x.gguf\"))";
    let scenario = whichbox::model::scenario::from_str("own.ron", text).unwrap();
    let written = scenario.to_ron().unwrap();
    assert_eq!(whichbox::model::scenario::from_str("own.ron", &written).unwrap(), scenario);
    let unread =
        whichbox::model::answer::answer_scenario(&Catalog::builtin().unwrap(), &scenario).unwrap_err().to_string();
    assert!(unread.contains("\"x.gguf\" has not been read"), "{unread}");
}

#[test]
fn a_quantization_in_a_file_of_its_own_is_found() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::copy(fixtures().join("configs/llama-3.1-8b.json"), directory.path().join("config.json")).unwrap();
    let quantized =
        "{\"producer\": {\"name\": \"modelopt\"}, \"quantization\": {\"quant_algo\": \"NVFP4\", \"group_size\": 16}}";
    std::fs::write(directory.path().join("hf_quant_config.json"), quantized).unwrap();
    assert_eq!(inspect(directory.path()).unwrap().format.as_deref(), Some("NVFP4"));
}

#[test]
fn a_model_on_this_machine_is_picked_in_the_explorer_and_undone() {
    let home = tempfile::tempdir().expect("a directory");
    let models = home.path().join(".lmstudio/models/somebody/small");
    std::fs::create_dir_all(&models).expect("made");
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/models/");
    std::fs::copy(format!("{fixtures}llama-q4_k.gguf"), models.join("mine-q4.gguf")).expect("copied");
    std::fs::write(models.join("broken.gguf"), b"GGUF\x03\0\0\0").expect("written");
    let mut session =
        super::session::Session::explorer(home.path(), &[], &[("HF_HOME", ""), ("OLLAMA_MODELS", "")], (120, 40));
    session.wait_for("Model size");
    session.send("pmine-q4");
    session.wait_for("your file");
    session.send("\r");
    session.wait_for("llama q4_k");
    session.send("u");
    session.wait_for("Llama 3.3 70B  70.6B dense");
    session.send("pbroken.gguf");
    session.wait_for("your file");
    session.send("\r");
    // The list is closed, the error names the file, and the previous model is still selected.
    session.wait_until("a complaint", |seen| {
        let screen = seen.terminal.screen().contents();
        screen.contains("broken.gguf") && !screen.contains("your file") && screen.contains("Llama 3.3 70B  70.6B dense")
    });
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}
