//! Names of modules within a layer, as published checkpoints and their quantizations write them.

/// Attention's query projection.
pub const QUERIES: &[&str] = &[
    "self_attn.q_proj",
    "self_attn.qkv_proj",
    "attention.wq",
    "mixer.q_proj",
    "attn.c_attn",
    "attention.query_key_value",
];
/// Attention's key projection.
pub const KEYS: &[&str] = &[
    "self_attn.k_proj",
    "self_attn.qkv_proj",
    "attention.wk",
    "mixer.k_proj",
    "attn.c_attn",
    "attention.query_key_value",
];
/// Attention's value projection.
pub const VALUES: &[&str] = &[
    "self_attn.v_proj",
    "self_attn.qkv_proj",
    "attention.wv",
    "mixer.v_proj",
    "attn.c_attn",
    "attention.query_key_value",
];
/// Attention's output projection.
pub const OUTPUT: &[&str] =
    &["self_attn.o_proj", "attention.wo", "mixer.o_proj", "self_attn.out_proj", "attn.c_proj", "attention.dense"];
/// Input projection of linear mixers.
pub const MIXER_IN: &[&str] = &[
    "linear_attn.in_proj_qkvz",
    "linear_attn.in_proj_qkv",
    "mamba.in_proj",
    "mixer.in_proj",
    "conv.in_proj",
    "self_attn.q_proj",
];
/// Output projection of linear mixers.
pub const MIXER_OUT: &[&str] =
    &["linear_attn.out_proj", "mamba.out_proj", "mixer.out_proj", "conv.out_proj", "self_attn.o_proj"];
/// Projections that compute the gates of linear mixers.
pub const GATES: &[&str] =
    &["linear_attn.in_proj_ba", "linear_attn.in_proj_b", "linear_attn.in_proj_a", "self_attn.f_a_proj"];
/// Gate and up projections of a dense feed-forward part.
pub const GATE_AND_UP: &[&str] = &[
    "mlp.up_proj",
    "mlp.gate_up_proj",
    "mlp.gate_proj",
    "feed_forward.w1",
    "mixer.up_proj",
    "mlp.c_fc",
    "mlp.fc1",
    "ffn.key",
];
/// Down projection of a dense feed-forward part.
pub const DOWN: &[&str] =
    &["mlp.down_proj", "feed_forward.w2", "mixer.down_proj", "mlp.c_proj", "mlp.fc2", "ffn.value"];
/// Gate and up projections of the routed experts.
pub const EXPERTS_UP: &[&str] = &[
    "mlp.experts.0.up_proj",
    "mlp.experts.0.gate_proj",
    "mlp.experts.gate_up_proj",
    "mlp.switch_mlp.up_proj",
    "block_sparse_moe.experts.0.w1",
    "block_sparse_moe.switch_mlp.up_proj",
    "mixer.experts.0.up_proj",
    "feed_forward.experts.gate_up_proj",
    "experts.gate_up_proj",
    "ffn.experts.0.w1",
];
/// Down projections of the routed experts.
pub const EXPERTS_DOWN: &[&str] = &[
    "mlp.experts.0.down_proj",
    "mlp.experts.down_proj",
    "mlp.switch_mlp.down_proj",
    "block_sparse_moe.experts.0.w2",
    "block_sparse_moe.switch_mlp.down_proj",
    "mixer.experts.0.down_proj",
    "feed_forward.experts.down_proj",
    "experts.down_proj",
    "ffn.experts.0.w2",
];
/// Gate and up projections of experts that run in parallel to a dense feed-forward part.
pub const EXPERTS_BESIDE_UP: &[&str] = &["experts.gate_up_proj", "experts.0.up_proj", "moe.gate_up_proj"];
/// Down projections of experts that run in parallel to a dense feed-forward part.
pub const EXPERTS_BESIDE_DOWN: &[&str] = &["experts.down_proj", "experts.0.down_proj", "moe.down_proj"];
/// Router of experts that run in parallel to a dense feed-forward part.
pub const ROUTER_BESIDE: &[&str] = &["router.proj"];
/// Shared experts; their up projection stands for all their matrices.
pub const SHARED: &[&str] = &[
    "mlp.shared_experts.up_proj",
    "mlp.shared_expert.up_proj",
    "mlp.shared_mlp.up_proj",
    "mixer.shared_experts.up_proj",
    "feed_forward.shared_expert.up_proj",
    "block_sparse_moe.shared_experts.up_proj",
    "ffn.shared_experts.w1",
];
/// Router of the experts.
pub const ROUTER: &[&str] = &[
    "mlp.gate",
    "mlp.router",
    "block_sparse_moe.gate",
    "mixer.gate",
    "feed_forward.router",
    "router.proj",
    "ffn.gate",
];
/// Input embedding.
pub const EMBEDDING: &[&str] = &["embed_tokens", "embeddings", "wte", "word_embeddings"];
/// Output matrix.
pub const HEAD: &[&str] = &["lm_head", "embed_out", "output"];
