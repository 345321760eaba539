//! The families of transformers by the `model_type` of their configuration: one row says how their layers are built.
//!
//! A row holds what the published implementation fixes and the configuration does not say: where biases and norms are,
//! what is taken where a field is missing. A family that is in no row is named and not guessed at.

use super::layout::QkNorm;

/// Where a bias is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bias {
    /// Nowhere.
    Never,
    /// Everywhere.
    Always,
    /// Where this field says so; not where it is missing.
    Field(&'static str),
    /// Unless this field says no.
    Unless(&'static str),
}

/// Which layers see a window of the context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// None, unless `layer_types` says so.
    Never,
    /// All, where the field `sliding_window` holds a number.
    All,
    /// All, where `use_sliding_window` is true.
    Flagged,
    /// Those that `layer_types` names, which has to be there.
    Stated,
    /// From `max_window_layers` on, where `use_sliding_window` is true.
    Late,
    /// All but every so manieth, which `sliding_window_pattern` may say.
    But(usize),
}

/// How the feed-forward parts are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ffn {
    /// One per layer.
    Dense,
    /// Experts in every layer, each of `intermediate_size`.
    Everywhere,
    /// Experts by `decoder_sparse_step` and `mlp_only_layers`; a shared expert where the configuration has one.
    Sparse,
    /// The first layers dense, then experts and shared experts of their size.
    AfterFirst,
}

/// Which mixer the layers have besides attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mixer {
    /// Attention in every layer.
    Attention,
    /// Attention over a latent.
    Latent,
    /// The same, over the tokens that an indexer chooses.
    SparseLatent,
    /// A gated delta rule in three of four layers.
    DeltaNet,
}

/// A family of models.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a row of independent facts")]
pub struct Family {
    /// The values of `model_type`.
    pub types: &'static [&'static str],
    /// Biases of queries, keys and values.
    pub bias: Bias,
    /// Bias of attention's output.
    pub out_bias: Bias,
    /// Norms of queries and keys.
    pub qk_norm: QkNorm,
    /// The flag that turns them on, where there is one.
    pub qk_flag: Option<&'static str>,
    /// Whether there are as many heads of keys and values as of queries where nothing is said.
    pub heads_alike: bool,
    /// Norms per layer; 0 where no norm has parameters.
    pub norms: f64,
    /// Whether norms have biases.
    pub norm_bias: bool,
    /// Matrices of a feed-forward part: three with a gate, two without.
    pub matrices: f64,
    /// Biases of the feed-forward part.
    pub mlp_bias: Bias,
    /// Whether the output matrix is the embedding where nothing is said.
    pub tied: bool,
    /// Bias of the output matrix.
    pub head_bias: Bias,
    /// Flags that turn on what is not known here.
    pub unknown: &'static [&'static str],
    /// Windows.
    pub window: Window,
    /// Feed-forward parts.
    pub ffn: Ffn,
    /// Whether a router has a learnt correction.
    pub correction: bool,
    /// Whether a router and its experts have biases, and attention has sinks.
    pub sinks: bool,
    /// Mixers.
    pub mixer: Mixer,
    /// What is taken where the configuration has no such field.
    pub defaults: &'static [(&'static str, f64)],
}

/// The common case: biases nowhere, two norms, a gate, an output matrix of its own.
const PLAIN: Family = Family {
    types: &[],
    bias: Bias::Never,
    out_bias: Bias::Never,
    qk_norm: QkNorm::None,
    qk_flag: None,
    heads_alike: false,
    norms: 2.0,
    norm_bias: false,
    matrices: 3.0,
    mlp_bias: Bias::Never,
    tied: false,
    head_bias: Bias::Never,
    unknown: &[],
    window: Window::Never,
    ffn: Ffn::Dense,
    correction: false,
    sinks: false,
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
    defaults: &[
        ("head_dim", 256.0),
        ("linear_conv_kernel_dim", 4.0),
        ("linear_key_head_dim", 128.0),
        ("linear_value_head_dim", 128.0),
        ("linear_num_key_heads", 16.0),
        ("linear_num_value_heads", 32.0),
        ("full_attention_interval", 4.0),
        ("shared_expert_intermediate_size", 512.0),
    ],
    ..BY_FIELD
};

/// The families.
pub const FAMILIES: &[Family] = &[
    Family { types: &["llama"], heads_alike: true, ..BY_FIELD },
    Family { types: &["smollm3"], tied: true, ..BY_FIELD },
    Family {
        types: &["seed_oss"],
        bias: Bias::Unless("attention_bias"),
        out_bias: Bias::Field("attention_out_bias"),
        defaults: &[("head_dim", 128.0)],
        ..BY_FIELD
    },
    Family { types: &["mistral"], window: Window::All, defaults: &[("sliding_window", 4096.0)], ..PLAIN },
    Family { types: &["ministral"], window: Window::Stated, defaults: &[("sliding_window", 4096.0)], ..PLAIN },
    Family { types: &["ministral3"], window: Window::All, ..PLAIN },
    Family { types: &["granite"], heads_alike: true, ..BY_FIELD },
    Family { types: &["internlm3"], defaults: &[("head_dim", 128.0)], ..BY_FIELD },
    Family { types: &["arcee"], heads_alike: true, matrices: 2.0, ..BY_FIELD },
    Family { types: &["nemotron"], matrices: 2.0, norm_bias: true, ..BY_FIELD },
    Family { types: &["helium"], out_bias: Bias::Never, defaults: &[("head_dim", 128.0)], ..BY_FIELD },
    Family {
        types: &["cwm"],
        mlp_bias: Bias::Field("mlp_bias"),
        window: Window::Stated,
        defaults: &[("head_dim", 128.0), ("sliding_window", 8192.0)],
        ..PLAIN
    },
    Family { types: &["phi3"], heads_alike: true, window: Window::All, ..PLAIN },
    Family {
        types: &["phi"],
        bias: Bias::Always,
        out_bias: Bias::Always,
        mlp_bias: Bias::Always,
        head_bias: Bias::Always,
        heads_alike: true,
        norms: 1.0,
        norm_bias: true,
        matrices: 2.0,
        unknown: &["qk_layernorm"],
        ..PLAIN
    },
    Family {
        types: &["phimoe"],
        bias: Bias::Field("attention_bias"),
        out_bias: Bias::Field("attention_bias"),
        head_bias: Bias::Field("lm_head_bias"),
        norm_bias: true,
        ffn: Ffn::Everywhere,
        window: Window::All,
        ..PLAIN
    },
    Family {
        types: &["gpt_neox"],
        bias: Bias::Unless("attention_bias"),
        out_bias: Bias::Unless("attention_bias"),
        mlp_bias: Bias::Always,
        heads_alike: true,
        norm_bias: true,
        matrices: 2.0,
        ..PLAIN
    },
    Family {
        types: &["stablelm"],
        bias: Bias::Field("use_qkv_bias"),
        norm_bias: true,
        unknown: &["qk_layernorm", "use_parallel_residual"],
        ..PLAIN
    },
    Family { types: &["qwen2", "qwen2_5_vl_text", "qwen2_vl_text"], bias: Bias::Always, window: Window::Late, ..PLAIN },
    Family {
        types: &["qwen3", "qwen3_vl_text"],
        qk_norm: QkNorm::PerHead,
        window: Window::Late,
        defaults: &[("head_dim", 128.0)],
        ..BY_FIELD
    },
    Family { types: &["gemma"], norms: 2.0, defaults: &[("head_dim", 256.0)], ..GEMMA },
    Family {
        types: &["gemma2"],
        window: Window::But(2),
        defaults: &[("head_dim", 256.0), ("sliding_window", 4096.0)],
        ..GEMMA
    },
    Family {
        types: &["vaultgemma"],
        norms: 2.0,
        window: Window::But(2),
        defaults: &[("head_dim", 256.0), ("sliding_window", 4096.0)],
        ..GEMMA
    },
    Family {
        types: &["gemma3_text"],
        qk_norm: QkNorm::PerHead,
        window: Window::But(6),
        defaults: &[
            ("head_dim", 256.0),
            ("num_attention_heads", 8.0),
            ("num_key_value_heads", 4.0),
            ("vocab_size", 262_208.0),
            ("sliding_window", 4096.0),
            ("max_position_embeddings", 131_072.0),
        ],
        ..GEMMA
    },
    Family { types: &["olmo"], heads_alike: true, norms: 0.0, mlp_bias: Bias::Never, ..BY_FIELD },
    Family { types: &["olmo2"], heads_alike: true, qk_norm: QkNorm::Whole, ..BY_FIELD },
    Family {
        types: &["olmo3"],
        heads_alike: true,
        qk_norm: QkNorm::Whole,
        window: Window::But(4),
        defaults: &[("sliding_window", 4096.0)],
        ..BY_FIELD
    },
    Family { types: &["olmoe"], heads_alike: true, qk_norm: QkNorm::Whole, ffn: Ffn::Everywhere, ..BY_FIELD },
    Family { types: &["flex_olmo"], heads_alike: true, qk_norm: QkNorm::Whole, ffn: Ffn::Everywhere, ..BY_FIELD },
    Family {
        types: &["glm"],
        bias: Bias::Unless("attention_bias"),
        out_bias: Bias::Never,
        defaults: &[("head_dim", 128.0)],
        ..PLAIN
    },
    Family {
        types: &["glm4"],
        norms: 4.0,
        bias: Bias::Unless("attention_bias"),
        out_bias: Bias::Never,
        defaults: &[("head_dim", 128.0)],
        ..BY_FIELD
    },
    Family {
        types: &["cohere"],
        heads_alike: true,
        qk_norm: QkNorm::EachHead,
        qk_flag: Some("use_qk_norm"),
        norms: 1.0,
        tied: true,
        ..BY_FIELD
    },
    Family {
        types: &["cohere2"],
        heads_alike: true,
        norms: 1.0,
        tied: true,
        window: Window::But(4),
        defaults: &[("sliding_window", 4096.0)],
        ..BY_FIELD
    },
    Family {
        types: &["starcoder2"],
        bias: Bias::Unless("use_bias"),
        out_bias: Bias::Unless("use_bias"),
        mlp_bias: Bias::Unless("use_bias"),
        norm_bias: true,
        matrices: 2.0,
        tied: true,
        window: Window::All,
        ..PLAIN
    },
    Family {
        types: &["exaone4"],
        qk_norm: QkNorm::PerHead,
        window: Window::But(4),
        defaults: &[("sliding_window", 4096.0)],
        ..PLAIN
    },
    Family { types: &["hunyuan_v1_dense"], qk_norm: QkNorm::PerHead, ..BY_FIELD },
    Family {
        types: &["ernie4_5"],
        bias: Bias::Field("use_bias"),
        out_bias: Bias::Field("use_bias"),
        mlp_bias: Bias::Field("use_bias"),
        tied: true,
        defaults: &[("head_dim", 128.0)],
        ..PLAIN
    },
    Family { types: &["mixtral"], ffn: Ffn::Everywhere, window: Window::All, ..PLAIN },
    Family {
        types: &["granitemoe", "granitemoeshared"],
        heads_alike: true,
        ffn: Ffn::Everywhere,
        bias: Bias::Field("attention_bias"),
        out_bias: Bias::Field("attention_bias"),
        ..PLAIN
    },
    Family {
        types: &["qwen2_moe"],
        bias: Bias::Unless("qkv_bias"),
        ffn: Ffn::Sparse,
        window: Window::Late,
        defaults: &[("shared_expert_intermediate_size", 5632.0)],
        ..PLAIN
    },
    Family {
        types: &["qwen3_moe", "qwen3_vl_moe_text"],
        qk_norm: QkNorm::PerHead,
        ffn: Ffn::Sparse,
        window: Window::Flagged,
        ..BY_FIELD
    },
    Family {
        types: &["minimax_m2"],
        qk_norm: QkNorm::Whole,
        ffn: Ffn::Everywhere,
        correction: true,
        defaults: &[("head_dim", 128.0)],
        ..PLAIN
    },
    Family {
        types: &["glm4_moe", "glm4v_moe_text"],
        qk_norm: QkNorm::PerHead,
        qk_flag: Some("use_qk_norm"),
        ..FIRST_DENSE
    },
    Family { types: &["dots1"], qk_norm: QkNorm::PerHead, out_bias: Bias::Field("attention_bias"), ..FIRST_DENSE },
    Family { types: &["deepseek_v2"], correction: false, unknown: &["mlp_bias"], ..DEEPSEEK },
    Family { types: &["deepseek_v3", "kimi_k2", "glm4_moe_lite"], ..DEEPSEEK },
    Family { types: &["mistral4"], correction: false, ..DEEPSEEK },
    Family { types: &["deepseek_v32", "glm_moe_dsa"], mixer: Mixer::SparseLatent, ..DEEPSEEK },
    Family {
        types: &["minicpm3", "youtu"],
        ffn: Ffn::Dense,
        mlp_bias: Bias::Field("mlp_bias"),
        tied: true,
        ..DEEPSEEK
    },
    Family {
        types: &["gpt_oss"],
        bias: Bias::Unless("attention_bias"),
        out_bias: Bias::Unless("attention_bias"),
        ffn: Ffn::Everywhere,
        sinks: true,
        window: Window::But(2),
        defaults: &[("head_dim", 64.0), ("sliding_window", 128.0)],
        ..PLAIN
    },
    Family { types: &["qwen3_next", "qwen3_5_moe_text"], ..QWEN_NEXT },
    Family { types: &["qwen3_5_text"], ffn: Ffn::Dense, ..QWEN_NEXT },
];

/// The family of a `model_type`.
pub fn find(model_type: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| family.types.contains(&model_type))
}
