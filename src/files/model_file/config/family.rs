//! Families of transformers by the `model_type` of their configuration; one row describes how their layers are built.
//!
//! A row holds what the published implementation fixes and the configuration does not state: the places of biases and
//! norms, and the values of missing fields. A `model_type` without a row is refused by name.

use super::layout::QkNorm;

/// The condition on which a bias exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bias {
    /// No bias.
    Never,
    /// A bias in every model of the family.
    Always,
    /// A bias if this field is true; none if the field is missing.
    Field(&'static str),
    /// A bias unless this field is false.
    Unless(&'static str),
}

/// The layers that attend to a window, if `layer_types` does not list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// No layer.
    Never,
    /// All layers, if the field `sliding_window` holds a number.
    All,
    /// The layers from `max_window_layers` on, if `use_sliding_window` is true.
    Late,
    /// All layers except every n-th; `sliding_window_pattern` may state another n.
    But(usize),
    /// All layers except the first of every n.
    ButFirst(usize),
    /// All layers, if `use_sliding_window` is true.
    Flagged,
}

/// The kind of feed-forward part in each layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ffn {
    /// A dense feed-forward part in every layer.
    Dense,
    /// Experts of `intermediate_size` channels in every layer.
    Everywhere,
    /// Experts of `intermediate_size` channels in every layer, and one shared expert of `shared_intermediate_size`.
    EverywhereShared,
    /// Experts and shared experts, all of `intermediate_size` channels, in every layer.
    EverywhereAnd(Shared),
    /// Experts in the layers that `decoder_sparse_step` and `mlp_only_layers` select; a shared expert if the
    /// configuration has one.
    Sparse,
    /// Dense parts in the first layers, then experts, and shared experts as large as the routed ones.
    AfterFirst,
    /// Experts and shared experts in every `moe_layer_interval`-th layer from `moe_layer_start_index` to
    /// `moe_layer_end_index`.
    Between,
}

/// The number of shared experts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// One shared expert.
    One,
    /// As many shared experts as this field states.
    Field(&'static str),
}

/// Parameters of a layer that only a few families have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extra {
    /// No further parameters.
    None,
    /// Learnt parameters of the activation function, this number per layer.
    Activation(f64),
    /// One norm within attention and one within the feed-forward part.
    Within,
    /// A gate on attention's output that has its own matrix.
    Gate,
    /// An output matrix of attention that is as wide as the hidden size for any number of heads.
    SquareOutput,
    /// Two more norms if this field is true.
    Norms(&'static str),
}

/// The mixer of the layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mixer {
    /// Attention with keys and values in every layer.
    Attention,
    /// Latent attention in every layer.
    Latent,
    /// A gated delta rule in most layers, attention in the others.
    DeltaNet,
}

/// A family of models.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a row of independent facts")]
pub struct Family {
    /// Values of `model_type` that belong to the family.
    pub types: &'static [&'static str],
    /// Biases of queries, keys and values.
    pub bias: Bias,
    /// Bias of attention's output.
    pub out_bias: Bias,
    /// Norms of queries and keys.
    pub qk_norm: QkNorm,
    /// Field that switches the norms of queries and keys, with its value if the field is missing.
    pub qk_flag: Option<(&'static str, bool)>,
    /// Norms per layer; if it is 0, there is no norm after the last layer either.
    pub norms: f64,
    /// Field that, if true, removes one norm per layer.
    pub parallel: Option<&'static str>,
    /// Further parameters of a layer.
    pub extra: Extra,
    /// True if norms have biases.
    pub norm_bias: bool,
    /// Matrices of a feed-forward part: three with a gate, two without.
    pub matrices: f64,
    /// Biases of the feed-forward part.
    pub mlp_bias: Bias,
    /// True if the output matrix is the embedding matrix unless the configuration says otherwise.
    pub tied: bool,
    /// Layers that attend to a window.
    pub window: Window,
    /// Feed-forward parts.
    pub ffn: Ffn,
    /// True if the routers have a learnt correction.
    pub correction: bool,
    /// True if the routers and the experts have biases.
    pub expert_bias: bool,
    /// True if attention has learnt sinks.
    pub sinks: bool,
    /// True if the query projection also computes a gate.
    pub gated: bool,
    /// True if an indexer selects the tokens that attention reads.
    pub indexer: bool,
    /// Bias of the output matrix.
    pub head_bias: Bias,
    /// Fields whose effect is not known; a value above 0 makes the model refused.
    pub unknown: &'static [&'static str],
    /// Mixer of the layers.
    pub mixer: Mixer,
    /// Values of fields that are absent in the configuration and in `assets/config_defaults.json`.
    pub defaults: &'static [(&'static str, f64)],
}

/// The common case: no biases, two norms per layer, feed-forward parts with a gate, an untied output matrix.
const PLAIN: Family = Family {
    types: &[],
    bias: Bias::Never,
    out_bias: Bias::Never,
    qk_norm: QkNorm::None,
    qk_flag: None,
    norms: 2.0,
    parallel: None,
    extra: Extra::None,
    norm_bias: false,
    matrices: 3.0,
    mlp_bias: Bias::Never,
    tied: false,
    window: Window::Never,
    ffn: Ffn::Dense,
    correction: false,
    expert_bias: false,
    sinks: false,
    gated: false,
    indexer: false,
    head_bias: Bias::Never,
    unknown: &[],
    mixer: Mixer::Attention,
    defaults: &[],
};

const BY_FIELD: Family = Family {
    bias: Bias::Field("attention_bias"),
    out_bias: Bias::Field("attention_bias"),
    mlp_bias: Bias::Field("mlp_bias"),
    ..PLAIN
};

const GEMMA: Family = Family { tied: true, norms: 4.0, ..BY_FIELD };

const FIRST_DENSE: Family = Family {
    bias: Bias::Field("attention_bias"),
    out_bias: Bias::Never,
    ffn: Ffn::AfterFirst,
    correction: true,
    ..PLAIN
};

const DEEPSEEK: Family = Family { mixer: Mixer::Latent, ..FIRST_DENSE };

const QWEN_NEXT: Family = Family {
    qk_norm: QkNorm::PerHead,
    ffn: Ffn::Sparse,
    mixer: Mixer::DeltaNet,
    gated: true,
    defaults: &[
        ("head_dim", 256.0),
        ("linear_conv_kernel_dim", 4.0),
        ("linear_key_head_dim", 128.0),
        ("linear_value_head_dim", 128.0),
        ("linear_num_key_heads", 16.0),
        ("linear_num_value_heads", 32.0),
        ("full_attention_interval", 4.0),
    ],
    ..BY_FIELD
};

/// All families.
pub const FAMILIES: &[Family] = &[
    Family { types: &["llama", "smollm3"], ..BY_FIELD },
    Family { types: &["seed_oss"], out_bias: Bias::Field("attention_out_bias"), ..BY_FIELD },
    Family { types: &["mistral", "ministral"], window: Window::All, ..PLAIN },
    Family { types: &["ministral3"], window: Window::All, ..PLAIN },
    Family { types: &["granite"], ..BY_FIELD },
    Family { types: &["phi3", "phi3_v"], window: Window::All, ..PLAIN },
    Family { types: &["internlm2"], bias: Bias::Field("bias"), out_bias: Bias::Field("bias"), ..PLAIN },
    Family {
        types: &["qwen2", "qwen2_5_vl_text", "qwen2_vl_text", "mimo"],
        bias: Bias::Always,
        window: Window::Late,
        ..PLAIN
    },
    Family { types: &["qwen3", "qwen3_vl_text"], qk_norm: QkNorm::PerHead, window: Window::Late, ..BY_FIELD },
    Family { types: &["gemma"], norms: 2.0, ..GEMMA },
    Family { types: &["gemma2"], window: Window::But(2), ..GEMMA },
    Family {
        types: &["gemma3_text"],
        qk_norm: QkNorm::PerHead,
        window: Window::But(6),
        defaults: &[("num_attention_heads", 8.0), ("vocab_size", 262_208.0)],
        ..GEMMA
    },
    Family { types: &["olmo2"], qk_norm: QkNorm::Whole, ..BY_FIELD },
    Family { types: &["olmo3"], qk_norm: QkNorm::Whole, window: Window::But(4), ..BY_FIELD },
    Family { types: &["olmoe"], qk_norm: QkNorm::Whole, ffn: Ffn::Everywhere, ..BY_FIELD },
    Family { types: &["glm4"], norms: 4.0, out_bias: Bias::Never, ..BY_FIELD },
    Family { types: &["glm4v_text"], norms: 4.0, bias: Bias::Always, ..PLAIN },
    Family {
        types: &["cohere"],
        qk_norm: QkNorm::EachHead,
        qk_flag: Some(("use_qk_norm", false)),
        norms: 1.0,
        tied: true,
        ..BY_FIELD
    },
    Family { types: &["cohere2"], norms: 1.0, tied: true, window: Window::But(4), ..BY_FIELD },
    Family {
        types: &["starcoder2"],
        bias: Bias::Field("use_bias"),
        out_bias: Bias::Field("use_bias"),
        mlp_bias: Bias::Field("use_bias"),
        norm_bias: true,
        matrices: 2.0,
        tied: true,
        window: Window::All,
        ..PLAIN
    },
    Family { types: &["exaone4"], qk_norm: QkNorm::PerHead, window: Window::But(4), ..PLAIN },
    Family { types: &["hunyuan_v1_dense"], qk_norm: QkNorm::PerHead, ..BY_FIELD },
    Family {
        types: &["ernie4_5"],
        bias: Bias::Field("use_bias"),
        out_bias: Bias::Field("use_bias"),
        mlp_bias: Bias::Field("use_bias"),
        tied: true,
        ..PLAIN
    },
    Family { types: &["mixtral"], ffn: Ffn::Everywhere, window: Window::All, ..PLAIN },
    Family { types: &["granitemoe"], ffn: Ffn::Everywhere, ..BY_FIELD },
    Family { types: &["qwen2_moe"], bias: Bias::Unless("qkv_bias"), ffn: Ffn::Sparse, window: Window::Late, ..PLAIN },
    Family {
        types: &["qwen3_moe", "qwen3_vl_moe_text"],
        qk_norm: QkNorm::PerHead,
        ffn: Ffn::Sparse,
        window: Window::Flagged,
        ..BY_FIELD
    },
    Family { types: &["minimax_m2"], qk_norm: QkNorm::Whole, ffn: Ffn::Everywhere, correction: true, ..PLAIN },
    Family {
        types: &["glm4_moe", "glm4v_moe_text"],
        qk_norm: QkNorm::PerHead,
        qk_flag: Some(("use_qk_norm", false)),
        ..FIRST_DENSE
    },
    Family { types: &["dots1"], qk_norm: QkNorm::PerHead, out_bias: Bias::Field("attention_bias"), ..FIRST_DENSE },
    Family { types: &["deepseek_v2"], mlp_bias: Bias::Field("mlp_bias"), correction: false, ..DEEPSEEK },
    Family { types: &["deepseek_v3", "kimi_k2"], ..DEEPSEEK },
    Family { types: &["glm4_moe_lite"], defaults: &[("first_k_dense_replace", 1.0)], ..DEEPSEEK },
    Family { types: &["mistral4"], correction: false, ..DEEPSEEK },
    Family {
        types: &["gpt_oss"],
        bias: Bias::Unless("attention_bias"),
        out_bias: Bias::Unless("attention_bias"),
        ffn: Ffn::Everywhere,
        expert_bias: true,
        sinks: true,
        window: Window::But(2),
        ..PLAIN
    },
    Family { types: &["glm"], bias: Bias::Unless("attention_bias"), ..PLAIN },
    Family { types: &["olmo"], norms: 0.0, mlp_bias: Bias::Never, ..BY_FIELD },
    Family { types: &["arcee"], matrices: 2.0, ..BY_FIELD },
    Family { types: &["helium"], extra: Extra::SquareOutput, out_bias: Bias::Never, ..BY_FIELD },
    Family { types: &["internlm3", "exaone", "iquestcoder", "emu3_text_model"], ..BY_FIELD },
    Family { types: &["nemotron"], norm_bias: true, matrices: 2.0, ..BY_FIELD },
    Family {
        types: &["jais2"],
        bias: Bias::Unless("attention_bias"),
        out_bias: Bias::Unless("attention_bias"),
        mlp_bias: Bias::Unless("mlp_bias"),
        norm_bias: true,
        matrices: 2.0,
        ..PLAIN
    },
    Family {
        types: &["stablelm"],
        bias: Bias::Field("use_qkv_bias"),
        qk_norm: QkNorm::EachHead,
        qk_flag: Some(("qk_layernorm", false)),
        parallel: Some("use_parallel_residual"),
        norm_bias: true,
        ..PLAIN
    },
    Family { types: &["cwm"], window: Window::ButFirst(4), mlp_bias: Bias::Field("mlp_bias"), ..PLAIN },
    Family {
        types: &["apertus", "apertus1p5_text"],
        unknown: &["output_vocab_size"],
        qk_norm: QkNorm::PerHead,
        matrices: 2.0,
        extra: Extra::Activation(2.0),
        mlp_bias: Bias::Never,
        ..BY_FIELD
    },
    Family { types: &["bitnet"], extra: Extra::Within, mlp_bias: Bias::Never, ..BY_FIELD },
    Family { types: &["hyperclovax"], extra: Extra::Norms("use_post_norm"), ..BY_FIELD },
    Family { types: &["nanochat"], norms: 0.0, matrices: 2.0, mlp_bias: Bias::Never, ..BY_FIELD },
    Family { types: &["vaultgemma"], norms: 2.0, window: Window::But(2), mlp_bias: Bias::Never, ..GEMMA },
    Family { types: &["minicpm3"], mixer: Mixer::Latent, tied: true, ..BY_FIELD },
    Family { types: &["youtu"], mixer: Mixer::Latent, tied: true, mlp_bias: Bias::Never, ..BY_FIELD },
    Family { types: &["granite_swa"], sinks: true, tied: true, window: Window::ButFirst(4), ..BY_FIELD },
    Family {
        types: &["granitemoe_swa"],
        sinks: true,
        ffn: Ffn::EverywhereShared,
        window: Window::ButFirst(4),
        ..BY_FIELD
    },
    Family { types: &["granitemoeshared"], ffn: Ffn::EverywhereShared, ..BY_FIELD },
    Family {
        types: &["phimoe"],
        ffn: Ffn::Everywhere,
        norm_bias: true,
        head_bias: Bias::Field("lm_head_bias"),
        window: Window::All,
        ..BY_FIELD
    },
    Family {
        types: &["ernie4_5_moe"],
        bias: Bias::Field("use_bias"),
        out_bias: Bias::Field("use_bias"),
        mlp_bias: Bias::Field("use_bias"),
        ffn: Ffn::Between,
        correction: true,
        tied: true,
        ..PLAIN
    },
    Family {
        types: &["hunyuan_v1_moe"],
        qk_norm: QkNorm::PerHead,
        ffn: Ffn::EverywhereAnd(Shared::One),
        mlp_bias: Bias::Never,
        ..BY_FIELD
    },
    Family { types: &["aria_text"], ffn: Ffn::EverywhereAnd(Shared::Field("moe_num_shared_experts")), ..BY_FIELD },
    Family {
        types: &["cohere2_moe"],
        norms: 1.0,
        tied: true,
        ffn: Ffn::Everywhere,
        window: Window::But(4),
        mlp_bias: Bias::Never,
        unknown: &["num_shared_experts", "prefix_dense_intermediate_size"],
        ..BY_FIELD
    },
    Family { types: &["flex_olmo"], qk_norm: QkNorm::Whole, ffn: Ffn::Everywhere, ..BY_FIELD },
    Family { types: &["mellum"], qk_norm: QkNorm::PerHead, ffn: Ffn::Sparse, ..BY_FIELD },
    Family {
        types: &["hy_v3"],
        qk_norm: QkNorm::PerHead,
        out_bias: Bias::Field("attention_bias"),
        mlp_bias: Bias::Field("mlp_bias"),
        defaults: &[("first_k_dense_replace", 1.0)],
        ..FIRST_DENSE
    },
    Family {
        types: &["exaone_moe"],
        qk_norm: QkNorm::PerHead,
        bias: Bias::Never,
        window: Window::But(4),
        ..FIRST_DENSE
    },
    Family {
        types: &["afmoe"],
        qk_norm: QkNorm::PerHead,
        out_bias: Bias::Field("attention_bias"),
        norms: 4.0,
        extra: Extra::Gate,
        window: Window::But(4),
        defaults: &[("first_k_dense_replace", 1.0)],
        ..FIRST_DENSE
    },
    Family { types: &["solar_open"], ..FIRST_DENSE },
    Family { types: &["sarvam_moe"], qk_norm: QkNorm::PerHead, qk_flag: Some(("use_qk_norm", true)), ..FIRST_DENSE },
    Family { types: &["sarvam_mla"], ..DEEPSEEK },
    Family { types: &["deepseek_v32", "glm_moe_dsa"], indexer: true, ..DEEPSEEK },
    Family {
        types: &["olmo_hybrid"],
        qk_norm: QkNorm::Whole,
        ffn: Ffn::Dense,
        gated: false,
        mlp_bias: Bias::Never,
        defaults: &[],
        ..QWEN_NEXT
    },
    Family { types: &["qwen3_next", "qwen3_5_moe_text"], ..QWEN_NEXT },
    Family { types: &["qwen3_5_text"], ffn: Ffn::Dense, ..QWEN_NEXT },
];

/// Returns the family of a `model_type`.
pub fn find(model_type: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| family.types.contains(&model_type))
}
