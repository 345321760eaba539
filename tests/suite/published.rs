//! Tests of published configurations against the counts of the transformers library's classes or of the published
//! files.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::program::run_in;

fn inspect_in(directory: &Path, file: &str) -> Value {
    let ran = run_in(directory, &["inspect", file, "--output", "json"]);
    assert_eq!(ran.code, 0, "{file}: {ran:?}");
    serde_json::from_str(&ran.out).expect("JSON")
}

/// Returns the facts of a configuration among the cases.
fn inspect(file: &str) -> Value {
    inspect_in(Path::new("tests/fixtures/cases/configs"), file)
}

/// Returns the facts of a configuration with this text.
fn inspect_text(config: &Value) -> Value {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("config.json"), config.to_string()).expect("a file");
    inspect_in(directory.path(), "config.json")
}

#[test]
fn architectures_with_lists_of_layers_have_the_library_s_counts() {
    for (file, params, cache) in [
        // The number that the hub publishes, which equals the sum of the blocks' sizes.
        ("nemotron-super-49b.json", 49_867_145_216_u64, 100_352.0),
        ("mimo-v2-flash.json", 308_778_780_864, 9.0 * 4.0 * 320.0 + 39.0 * 8.0 * 320.0),
        ("mimo-7b.json", 7_622_619_136, 73_728.0),
        ("minimax-m3.json", 426_174_572_928, 60.0 * 1024.0 + 57.0 * 128.0),
        ("glm-5.2.json", 743_377_019_904, 78.0 * 576.0 + 21.0 * 128.0),
        ("deepseek-v4-pro.json", 1_572_997_201_763, 61.0 * 512.0 + 30.0 * 160.0 + 31.0 * 4.0),
        ("kimi-k2.5.json", 1_026_408_232_448, 35_136.0),
        ("gemma-4-26b-nvfp4.json", 25_233_141_790, 112_640.0),
    ] {
        let facts = inspect(file);
        assert_eq!(facts["params_total"].as_u64(), Some(params), "{file}: {}", facts["notes"]);
        assert_eq!(facts["kv_elems_per_token"].as_f64(), Some(cache), "{file}");
    }
}

#[test]
fn rules_of_a_quantization_meet_the_modules_that_the_architecture_has() {
    // Only experts are stored in four bits; the rule for feed-forward parts does not apply to them.
    let kimi = inspect("kimi-k2.5.json");
    let bytes = kimi["tensor_bytes"].as_f64().expect("bytes");
    assert!((bytes / 594.2e9 - 1.0).abs() < 0.01, "{bytes}: {}", kimi["notes"]);
    // Gemma's experts run beside the dense feed-forward part and are no module within it.
    let gemma = inspect("gemma-4-26b-nvfp4.json");
    assert!(gemma["notes"].to_string().contains("stored as NVFP4 of 4.5 bits (22,800,000,000"), "{}", gemma["notes"]);
    // Experts in four bits, everything else in eight bits.
    let deepseek = inspect("deepseek-v4-pro.json");
    let notes = deepseek["notes"].to_string();
    assert!(notes.contains("MXFP4 of 4.25 bits") && notes.contains("FP8 of 8.002 bits"), "{notes}");
    // The compressors, and the keys and weights of the indexers, are published in BF16. They have 4 x 7168 x (512 +
    // 128) + 7168 x 64 parameters in each of 30 layers, and 2 x 7168 x 512 in each of 31 layers.
    assert!(notes.contains("in BF16 stay: attention (792,000,000)"), "{notes}");
}

/// Returns a configuration as published for Ling 2.0, with this hidden size, heads, layers, and channels of dense parts
/// and of experts.
fn ling(model_type: &str, (hidden, heads, layers, dense, expert): (u32, u32, u32, u32, u32)) -> Value {
    json!({"model_type": model_type, "hidden_size": hidden, "intermediate_size": dense, "num_hidden_layers": layers,
        "num_attention_heads": heads, "num_key_value_heads": 4, "head_dim": 128, "moe_intermediate_size": expert,
        "moe_shared_expert_intermediate_size": expert, "num_experts": 256, "num_experts_per_tok": 8,
        "num_shared_experts": 1, "first_k_dense_replace": 1, "use_bias": false, "use_qkv_bias": false,
        "use_qk_norm": true, "moe_router_enable_expert_bias": true, "n_group": 8, "topk_group": 4,
        "score_function": "sigmoid", "num_nextn_predict_layers": 0, "vocab_size": 157_184,
        "max_position_embeddings": 32768, "tie_word_embeddings": false, "torch_dtype": "bfloat16"})
}

/// Returns a configuration of RWKV-7 with this hidden size, layers, and ranks of decay, in-context learning rate, value
/// residual and gate.
fn goose((hidden, layers, [decay, rate, values, gate]): (u32, u32, [u32; 4])) -> Value {
    json!({"model_type": "rwkv7", "hidden_size": hidden, "num_hidden_layers": layers, "head_dim": 64,
        "hidden_ratio": 4.0, "intermediate_size": null, "decay_low_rank_dim": decay, "a_low_rank_dim": rate,
        "v_low_rank_dim": values, "gate_low_rank_dim": gate, "norm_first": true, "norm_bias": true, "attn": null,
        "value_dim": vec![hidden; layers as usize], "vocab_size": 65536, "tie_word_embeddings": false,
        "max_position_embeddings": 2048, "torch_dtype": "bfloat16"})
}

#[test]
fn published_forms_have_the_published_counts() {
    let one_of_four_is_full: Vec<&str> =
        (0..48).map(|layer| if layer % 4 == 0 { "full_attention" } else { "sliding_attention" }).collect();
    let every_layer_from_3 = (3..45).map(|layer: u32| layer.to_string()).collect::<Vec<_>>().join(",");
    let seven_of_eight = [0, 0, 0, 0, 0, 0, 0, 1].repeat(10);
    for (config, params, cache) in [
        (
            json!({"model_type": "qwen", "hidden_size": 4096, "num_attention_heads": 32, "kv_channels": 128,
                "num_hidden_layers": 32, "intermediate_size": 22016, "vocab_size": 151_936, "seq_length": 8192,
                "no_bias": true, "tie_word_embeddings": false, "torch_dtype": "bfloat16"}),
            7_721_324_544_u64,
            32 * 8192,
        ),
        (
            json!({"model_type": "internlm2", "hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 8,
                "num_hidden_layers": 32, "intermediate_size": 14336, "vocab_size": 92544, "bias": false,
                "max_position_embeddings": 32768, "tie_word_embeddings": false, "torch_dtype": "bfloat16"}),
            7_737_708_544,
            32 * 2048,
        ),
        (
            json!({"model_type": "chatglm", "hidden_size": 4096, "num_attention_heads": 32, "kv_channels": 128,
                "multi_query_attention": true, "multi_query_group_num": 2, "num_layers": 40, "ffn_hidden_size": 13696,
                "padded_vocab_size": 151_552, "seq_length": 131_072, "add_bias_linear": false, "add_qkv_bias": true,
                "rmsnorm": true, "post_layer_norm": true, "tie_word_embeddings": false, "torch_dtype": "bfloat16"}),
            9_399_951_360,
            40 * 512,
        ),
        (
            json!({"model_type": "minimax_m1", "attn_type_list": seven_of_eight, "head_dim": 128,
                "hidden_size": 6144, "intermediate_size": 9216, "num_attention_heads": 64, "num_experts_per_tok": 2,
                "num_hidden_layers": 80, "num_key_value_heads": 8, "num_local_experts": 32, "vocab_size": 200_064,
                "max_position_embeddings": 1_000_000, "tie_word_embeddings": false, "torch_dtype": "bfloat16"}),
            456_089_655_296,
            10 * 2048,
        ),
        (
            json!({"model_type": "kimi_linear", "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 27,
                "num_attention_heads": 32, "num_key_value_heads": 32, "kv_lora_rank": 512, "q_lora_rank": null,
                "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "num_experts": 256,
                "num_experts_per_token": 8, "num_shared_experts": 1, "moe_intermediate_size": 1024,
                "first_k_dense_replace": 1, "vocab_size": 163_840, "model_max_length": 1_048_576, "dtype": "bfloat16",
                "linear_attn_config": {"full_attn_layers": [4, 8, 12, 16, 20, 24, 27], "head_dim": 128, "num_heads": 32,
                    "short_conv_kernel_size": 4}}),
            49_122_681_728,
            7 * 576,
        ),
        // Ling-lite has 16.8 billion parameters, Ling-mini-2.0 16.26 billion, and Ling-flash-2.0 103 billion.
        (
            json!({"model_type": "bailing_moe", "hidden_size": 2048, "intermediate_size": 5632, "num_hidden_layers": 28,
                "num_attention_heads": 16, "num_key_value_heads": 4, "head_dim": 128, "moe_intermediate_size": 1408,
                "num_experts": 64, "num_experts_per_tok": 6, "num_shared_experts": 2, "first_k_dense_replace": 0,
                "use_bias": false, "use_qkv_bias": false, "norm_head": true, "norm_topk_prob": true,
                "vocab_size": 126_464, "max_position_embeddings": 16384, "tie_word_embeddings": false,
                "torch_dtype": "bfloat16"}),
            16_801_974_272,
            28 * 1024,
        ),
        (ling("bailing_moe", (2048, 16, 20, 5120, 512)), 16_255_643_392, 20 * 1024),
        (ling("bailing_moe_v2", (4096, 32, 32, 9216, 1024)), 102_889_705_216, 32 * 1024),
        // The numbers of parameters of RWKV-7 World are those of the table in the paper.
        (goose((768, 12, [64, 64, 32, 128])), 191_034_624, 0),
        (goose((1024, 24, [64, 64, 32, 128])), 450_767_872, 0),
        (goose((2048, 24, [96, 96, 64, 256])), 1_527_404_544, 0),
        (goose((2560, 32, [96, 96, 64, 320])), 2_947_735_040, 0),
        // The numbers of parameters are those of the text models that the transformers library builds from these
        // configurations.
        (
            json!({"model_type": "step3p5", "hidden_size": 4096, "intermediate_size": 11264, "num_hidden_layers": 45,
                "num_attention_heads": 64, "num_attention_groups": 8, "head_dim": 128, "vocab_size": 128_896,
                "moe_layers_enum": every_layer_from_3.as_str(), "moe_num_experts": 288, "moe_top_k": 8,
                "moe_intermediate_size": 1280, "share_expert_dim": 1280, "sliding_window": 512,
                "layer_types": one_of_four_is_full, "max_position_embeddings": 262_144, "torch_dtype": "bfloat16",
                "attention_other_setting": {"attention_type": "sliding_attention", "num_attention_heads": 96,
                    "num_attention_groups": 8, "head_dim": 128}}),
            196_956_130_368,
            45 * 2048,
        ),
        (
            json!({"model_type": "mllama", "vision_config": {}, "text_config": {"model_type": "mllama_text_model",
                "hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32, "num_key_value_heads": 8,
                "num_hidden_layers": 40, "cross_attention_layers": [3, 8, 13, 18, 23, 28, 33, 38],
                "vocab_size": 128_256, "max_position_embeddings": 131_072, "tie_word_embeddings": false,
                "torch_dtype": "bfloat16"}}),
            9_775_192_080,
            32 * 2048,
        ),
        (
            json!({"model_type": "glm4v", "vision_config": {}, "text_config": {"model_type": "glm4v_text", "hidden_size": 4096,
                "intermediate_size": 13696, "num_attention_heads": 32, "num_key_value_heads": 2, "num_hidden_layers": 40,
                "vocab_size": 151_552, "max_position_embeddings": 65536, "dtype": "bfloat16"}}),
            9_400_279_040,
            40 * 512,
        ),
    ] {
        let facts = inspect_text(&config);
        assert_eq!(facts["params_total"].as_u64(), Some(params), "{config}: {}", facts["notes"]);
        assert_eq!(facts["kv_elems_per_token"].as_u64(), Some(cache), "{config}");
    }
}

#[test]
fn a_build_that_only_a_name_promises_is_refused() {
    let without = |config: &Value, name: &str| {
        let mut config = config.clone();
        config.as_object_mut().expect("fields").remove(name);
        config
    };
    let second = ling("bailing_moe_v2", (2048, 16, 20, 5120, 512));
    for (config, told) in [
        (without(&second, "use_qk_norm"), "the field `use_qk_norm` is missing"),
        (without(&second, "first_k_dense_replace"), "the field `first_k_dense_replace` is missing"),
        (ling("llada2_moe", (2048, 16, 20, 5120, 512)), "by diffusion"),
        // Ling 2.5 has lightning attention and the same `model_type`.
        (ling("bailing_hybrid", (2048, 16, 20, 5120, 512)), "without delta attention is not known"),
        (
            without(&goose((768, 12, [64, 64, 32, 128])), "gate_low_rank_dim"),
            "the field `gate_low_rank_dim` is missing",
        ),
    ] {
        let facts = inspect_text(&config);
        assert_eq!(facts["params_total"], Value::Null, "{facts}");
        assert!(facts["notes"].to_string().contains(told), "{told}: {}", facts["notes"]);
    }
}

#[test]
fn what_a_configuration_does_not_say_is_said() {
    let llama = json!({"model_type": "llama", "hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 8,
        "num_hidden_layers": 32, "vocab_size": 128_256, "tie_word_embeddings": false, "torch_dtype": "bfloat16"});
    let with = |name: &str, value: Value| {
        let mut config = llama.clone();
        config[name] = value;
        inspect_text(&config)
    };
    let notes = with("intermediate_size", json!(14336))["notes"].to_string();
    assert!(notes.contains("taken from its class in transformers: `max_position_embeddings` 2,048"), "{notes}");
    let notes = with("max_position_embeddings", json!(8192))["notes"].to_string();
    assert!(notes.contains("`intermediate_size` 11,008"), "{notes}");
    // A draft head has the architecture of a Llama with one layer.
    let draft = with("draft_vocab_size", json!(32000));
    assert_eq!(draft["params_total"], Value::Null, "{draft}");
    let named = with("torch_dtype", json!("float4_e2m1fn_x2"))["notes"].to_string();
    assert!(named.contains("float4_e2m1fn_x2") && named.contains("is not known"), "{named}");
    let eight = with("torch_dtype", json!("float8_e4m3fn"));
    assert_eq!(eight["tensor_bytes"].as_f64(), eight["params_total"].as_f64());
    let neither = json!({"quant_method": "bitsandbytes", "load_in_4bit": false, "load_in_8bit": false});
    let notes = with("quantization_config", neither)["notes"].to_string();
    assert!(notes.contains("neither 4 nor 8 bits"), "{notes}");
}

/// Returns a GGUF header without tensors and with these texts as its metadata.
fn gguf_of(entries: &[(&str, &str)]) -> Vec<u8> {
    let text = |text: &str| [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat();
    let mut bytes = [b"GGUF".as_slice(), &3_u32.to_le_bytes(), &0_u64.to_le_bytes()].concat();
    bytes.extend((entries.len() as u64).to_le_bytes());
    for (key, value) in entries {
        bytes.extend([text(key), 8_u32.to_le_bytes().to_vec(), text(value)].concat());
    }
    bytes
}

#[test]
fn files_that_belong_to_a_model_are_named() {
    let directory = tempfile::tempdir().expect("a directory");
    for (kind, architecture) in [("adapter", "llama"), ("mmproj", "clip"), ("imatrix", "llama")] {
        let bytes = gguf_of(&[("general.architecture", architecture), ("general.type", kind)]);
        fs::write(directory.path().join("x.gguf"), bytes).expect("a file");
        let ran = run_in(directory.path(), &["estimate", "--model", "x.gguf", "--machine", "rtx-5090"]);
        let told = format!("its general.type is \"{kind}\": it belongs to a model and is none");
        assert!(ran.code == 2 && ran.err.contains(&told), "{ran:?}");
    }
}

#[test]
fn a_model_with_the_sizes_of_another_is_not_taken_for_it() {
    // Layers, hidden size and vocabulary of Llama 3.3 70B, in an architecture without a rule.
    let config = json!({"model_type": "pruned_llama", "hidden_size": 8192, "num_hidden_layers": 80,
        "num_attention_heads": 64, "vocab_size": 128_256, "torch_dtype": "bfloat16"});
    let facts = inspect_text(&config);
    assert_eq!(facts["params_total"], Value::Null, "{}", facts["notes"]);
    assert!(facts["notes"].to_string().contains("\\\"pruned_llama\\\" is not known"), "{}", facts["notes"]);
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("config.json"), config.to_string()).expect("a file");
    let ran = run_in(directory.path(), &["estimate", "--model", "config.json", "--machine", "rtx-5090"]);
    assert!(ran.code == 2 && ran.err.contains("is not known"), "{ran:?}");
}
