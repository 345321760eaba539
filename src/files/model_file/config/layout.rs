//! Summing up a model from its parts: each part adds its parameters, its cache per token and its state to the shape.
//!
//! The counts equal those of the published implementations, to the last parameter. A method is called once per layer
//! that contains the part. Numbers are `f64` like all quantities of the model, exact up to 2^53.

use super::super::Shape;
use super::super::class::Class;
use super::super::shape::Part;
use super::fields::{Fields, Read};
use super::part_names::{
    DOWN, EMBEDDING, EXPERTS_BESIDE_DOWN, EXPERTS_BESIDE_UP, EXPERTS_DOWN, EXPERTS_UP, GATE_AND_UP, GATES, HEAD, KEYS,
    MIXER_IN, MIXER_OUT, OUTPUT, QUERIES, ROUTER, ROUTER_BESIDE, SHARED, VALUES,
};
use crate::model::facts::MlaShape;

/// The norms of queries and keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QkNorm {
    /// No norms.
    None,
    /// A weight per dimension of a head, shared by all heads.
    PerHead,
    /// A weight and a bias per dimension of a head, shared by all heads.
    PerHeadBiased,
    /// One norm over all heads together.
    Whole,
    /// A weight per dimension of each head.
    EachHead,
}

/// Attention with keys and values per head.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a layer")]
pub struct Attention {
    /// Query heads.
    pub heads: f64,
    /// Key and value heads.
    pub kv_heads: f64,
    /// Dimension of a head's queries and keys.
    pub head_dim: f64,
    /// Dimension of a head's values.
    pub value_dim: f64,
    /// True if queries, keys and values have biases.
    pub bias: bool,
    /// True if the output has a bias.
    pub out_bias: bool,
    /// Norms of queries and keys.
    pub qk_norm: QkNorm,
    /// True if the query projection also computes a gate.
    pub gated: bool,
    /// True if there is one learnt sink per head.
    pub sinks: bool,
    /// True if the keys serve as values.
    pub values_are_keys: bool,
    /// Window in tokens; `None` if the layer attends to the whole context.
    pub window: Option<f64>,
}

/// Latent attention (MLA): one compressed vector per token from which keys and values are computed.
#[derive(Clone, Copy, Debug)]
pub struct Latent {
    /// Number of heads.
    pub heads: f64,
    /// Rank of the queries, if they are compressed.
    pub q_rank: Option<f64>,
    /// Rank of keys and values.
    pub kv_rank: f64,
    /// Dimension of the part of a head without position (`NoPE`).
    pub nope: f64,
    /// Dimension of the part with position (`RoPE`); all heads share that of the keys.
    pub rope: f64,
    /// Dimension of a head's values.
    pub value_dim: f64,
    /// True if the projections to the latents and the output projection have biases.
    pub bias: bool,
    /// Heads of the indexer that selects tokens, and their dimension.
    pub indexer: Option<(f64, f64)>,
    /// The most tokens whose cache a layer with an indexer reads; 0 if the configuration does not state it.
    pub read_tokens: f64,
}

/// A gated delta rule (Gated `DeltaNet`) with one state per value head.
#[derive(Clone, Copy, Debug)]
pub struct DeltaNet {
    /// Number of key heads and their dimension.
    pub keys: (f64, f64),
    /// Number of value heads and their dimension.
    pub values: (f64, f64),
    /// Taps of the convolution.
    pub kernel: f64,
}

/// A second-generation Mamba mixer.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a mixer")]
pub struct Mamba2 {
    /// Number of heads and their dimension.
    pub heads: (f64, f64),
    /// Groups that share the inputs of the state.
    pub groups: f64,
    /// Elements of the state per channel.
    pub state: f64,
    /// Taps of the convolution.
    pub kernel: f64,
    /// True if the convolution has a bias.
    pub conv_bias: bool,
    /// True if the input projection has a bias.
    pub bias: bool,
    /// True if the output projection has a bias.
    pub out_bias: bool,
    /// True if there is a norm before the output.
    pub norm: bool,
}

/// A first-generation Mamba mixer.
#[derive(Clone, Copy, Debug)]
pub struct Mamba1 {
    /// Channels.
    pub inner: f64,
    /// Elements of the state per channel.
    pub state: f64,
    /// Taps of the convolution.
    pub kernel: f64,
    /// Rank of the time step.
    pub rank: f64,
    /// True if the convolution has a bias.
    pub conv_bias: bool,
    /// True if the projections have biases.
    pub bias: bool,
    /// True if the time step and the inputs of the state have learnt norms.
    pub norms: bool,
}

impl Attention {
    /// Returns attention of `heads` query heads without norms, gates, sinks and window; `attention_bias` states its
    /// biases.
    pub fn plain(fields: Fields<'_>, heads: f64, head_dim: f64) -> Read<Self> {
        let bias = fields.flag("attention_bias", false)?;
        Ok(Self {
            heads,
            kv_heads: fields.or("num_key_value_heads", heads)?,
            head_dim,
            value_dim: head_dim,
            bias,
            out_bias: bias,
            qk_norm: QkNorm::None,
            gated: false,
            sinks: false,
            values_are_keys: false,
            window: None,
        })
    }
}

/// Routed and shared experts of a layer.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a layer")]
pub struct Moe {
    /// Number of routed experts.
    pub experts: f64,
    /// Routed experts per token.
    pub per_token: f64,
    /// Channels per expert.
    pub inner: f64,
    /// Size of the experts' input, if it differs from the hidden size.
    pub latent: Option<f64>,
    /// Channels of all shared experts together; 0 without shared experts.
    pub shared: f64,
    /// True if the shared expert has a gate.
    pub shared_gate: bool,
    /// Matrices of an expert: three with a gate, two without.
    pub matrices: f64,
    /// True if the experts and the router have biases.
    pub bias: bool,
    /// True if the router has a learnt correction per expert.
    pub correction: bool,
    /// True if the experts run in parallel to a dense feed-forward part of the layer, instead of replacing it.
    pub beside: bool,
}

impl Moe {
    /// Returns routed experts with a gate each, without shared experts and without biases.
    pub fn plain(experts: f64, per_token: f64, inner: f64) -> Self {
        Self {
            experts,
            per_token,
            inner,
            latent: None,
            shared: 0.0,
            shared_gate: false,
            matrices: 3.0,
            bias: false,
            correction: false,
            beside: false,
        }
    }
}

impl Shape {
    /// Adds matrices to the list of parts; the caller counts their parameters in `class`.
    fn part(&mut self, class: Class, names: &'static [&'static str], params: f64) {
        let layer = (!matches!(class, Class::Embedding | Class::Head)).then_some(self.layer);
        if params > 0.0 {
            self.parts.push(Part { class, layer, names, params, is_left: false });
        }
    }

    /// Starts the layer with this number.
    pub fn begin_layer(&mut self, layer: usize) {
        self.layer = u32::try_from(layer).unwrap_or(u32::MAX);
    }

    /// Adds an attention layer.
    pub fn attention(&mut self, a: &Attention) {
        let (h, q, kv) = (self.hidden, a.heads * a.head_dim, a.kv_heads * a.head_dim);
        let values = if a.values_are_keys { 0.0 } else { a.kv_heads * a.value_dim };
        let queries = if a.gated { 2.0 * q } else { q };
        let mut params = h * (queries + kv + values) + a.heads * a.value_dim * h;
        params += if a.bias { queries + kv + values } else { 0.0 };
        params += if a.out_bias { h } else { 0.0 };
        params += if a.sinks { a.heads } else { 0.0 };
        params += match a.qk_norm {
            QkNorm::None => 0.0,
            QkNorm::PerHead => 2.0 * a.head_dim,
            QkNorm::PerHeadBiased => 4.0 * a.head_dim,
            QkNorm::Whole | QkNorm::EachHead => q + kv,
        };
        self.params.attention += params;
        self.part(Class::Attention, QUERIES, h * queries);
        self.part(Class::Attention, KEYS, h * kv);
        self.part(Class::Attention, VALUES, h * values);
        self.part(Class::Attention, OUTPUT, a.heads * a.value_dim * h);
        self.cache(a.kv_heads * (a.head_dim + a.value_dim), a.window);
    }

    /// Adds a projection of attention; `params` is the sum over all matrices that share the names.
    pub fn project(&mut self, names: &'static [&'static str], params: f64) {
        self.params.attention += params;
        self.part(Class::Attention, names, params);
    }

    /// Adds a gate on attention's output that has its own matrix.
    pub fn output_gate(&mut self, channels: f64) {
        self.project(&["self_attn.g_proj"], self.hidden * channels);
    }

    /// Adds an indexer that selects blocks of tokens; attention reads `read_tokens` tokens of them per step.
    pub fn block_indexer(&mut self, heads: f64, dim: f64, read_tokens: f64) {
        self.project(&["self_attn.indexer.q_proj", "self_attn.index_q_proj"], self.hidden * heads * dim);
        self.project(&["self_attn.indexer.k_proj", "self_attn.index_k_proj"], self.hidden * dim);
        self.params.attention += 2.0 * dim;
        self.kv.full_elems += dim;
        self.sparse(dim, read_tokens);
    }

    /// Adds an attention layer that uses the keys and values of an earlier layer: queries, their norm and the output.
    pub fn queries_alone(&mut self, a: &Attention) {
        let q = a.heads * a.head_dim;
        let norm = if a.qk_norm == QkNorm::PerHead { a.head_dim } else { 0.0 };
        self.params.attention += self.hidden * q + a.heads * a.value_dim * self.hidden + norm;
        self.params.attention += if a.bias { q } else { 0.0 } + if a.out_bias { self.hidden } else { 0.0 };
        self.part(Class::Attention, QUERIES, self.hidden * q);
        self.part(Class::Attention, OUTPUT, a.heads * a.value_dim * self.hidden);
    }

    /// Adds a layer's cache of `elems` elements per token, for the whole context or for `window` tokens.
    pub fn cache(&mut self, elems: f64, window: Option<f64>) {
        match window {
            None => {
                self.kv.full_elems += elems;
                self.kv.full_layers += 1.0;
            }
            Some(window) => {
                self.kv.window_elems += elems;
                self.kv.window_layers += 1.0;
                self.kv.window = window;
            }
        }
    }

    /// Adds a layer that reads the cache of at most `read_tokens` tokens; the index takes `keys` elements per token.
    pub fn sparse(&mut self, keys: f64, read_tokens: f64) {
        let sparse = self.kv.sparse.get_or_insert_default();
        sparse.layers += 1.0;
        sparse.index_elems += keys;
        sparse.read_tokens = read_tokens;
    }

    /// Adds a layer with latent attention.
    pub fn latent(&mut self, a: &Latent) {
        let (h, per_head) = (self.hidden, a.nope + a.rope);
        let queries = match a.q_rank {
            Some(rank) => h * rank + rank + rank * a.heads * per_head + if a.bias { rank } else { 0.0 },
            None => h * a.heads * per_head,
        };
        let down = h * (a.kv_rank + a.rope) + a.kv_rank + if a.bias { a.kv_rank + a.rope } else { 0.0 };
        let up = a.kv_rank * a.heads * (a.nope + a.value_dim);
        let out = a.heads * a.value_dim * h + if a.bias { h } else { 0.0 };
        let indexer = a.indexer.map_or(0.0, |(heads, dim)| {
            // Queries from the compressed queries, one key per token with a norm, and a weight per head.
            heads * dim * a.q_rank.unwrap_or(h) + h * dim + 2.0 * dim + h * heads
        });
        self.params.attention += queries + down + up + out + indexer;
        let rank = a.q_rank.unwrap_or(0.0);
        let wide = a.heads * per_head;
        self.part(Class::Attention, &["self_attn.q_a_proj", "self_attn.fused_qkv_a_proj"], h * rank);
        let last = if rank > 0.0 { rank } else { h };
        self.part(Class::Attention, &["self_attn.q_b_proj", "self_attn.q_proj"], last * wide);
        self.part(Class::Attention, &["self_attn.kv_a_proj_with_mqa", "self_attn.kv_a_proj"], h * (a.kv_rank + a.rope));
        self.part(Class::Attention, &["self_attn.kv_b_proj"], up);
        self.part(Class::Attention, OUTPUT, a.heads * a.value_dim * h);
        if let Some((heads, dim)) = a.indexer {
            let indexer = heads * dim * a.q_rank.unwrap_or(h) + h * dim;
            self.part(Class::Attention, &["self_attn.indexer.wq_b", "self_attn.indexer.wk"], indexer);
        }
        let keys = a.indexer.map_or(0.0, |(_, dim)| dim);
        self.cache(a.kv_rank + a.rope + keys, None);
        self.kv.mla = Some(MlaShape { latent: a.kv_rank, rope: a.rope });
        // A layer without its own indexer reads the tokens that the indexer of an earlier layer selected.
        if a.read_tokens > 0.0 {
            self.sparse(keys, a.read_tokens);
        }
    }

    /// Adds a layer with a recurrent state: parameters, elements of the state and elements of the convolution's memory.
    fn add_recurrent(&mut self, params: f64, state: f64, conv: f64) {
        self.params.linear_attention += params;
        self.state.layers += 1.0;
        self.state.state_elems += state;
        self.state.conv_elems += conv;
    }

    /// Adds a layer with a gated delta rule.
    pub fn delta_net(&mut self, d: &DeltaNet) {
        let (keys, values, heads) = (d.keys.0 * d.keys.1, d.values.0 * d.values.1, d.values.0);
        let conv = 2.0 * keys + values;
        let inputs = self.hidden * (2.0 * keys + 2.0 * values + 2.0 * heads);
        let params = inputs + conv * d.kernel + 2.0 * heads + d.values.1 + values * self.hidden;
        self.part(Class::Linear, MIXER_IN, self.hidden * (2.0 * keys + 2.0 * values));
        self.part(Class::Linear, GATES, self.hidden * 2.0 * heads);
        self.part(Class::Linear, MIXER_OUT, values * self.hidden);
        self.add_recurrent(params, values * d.keys.1, (d.kernel - 1.0).max(0.0) * conv);
    }

    /// Adds a layer with Kimi's delta attention of `heads` heads of dimension `dim`.
    ///
    /// Each of its two gates is one matrix if `has_full_rank`, otherwise the product of two matrices of rank `dim`.
    pub fn kimi_delta(&mut self, heads: f64, dim: f64, kernel: f64, has_full_rank: bool) {
        let (h, inner) = (self.hidden, heads * dim);
        let gate = if has_full_rank { h * inner } else { h * dim + dim * inner };
        let gates = 2.0 * gate + h * heads;
        let params = 4.0 * h * inner + 3.0 * inner * kernel + gates + inner + heads + dim;
        self.part(Class::Linear, MIXER_IN, 3.0 * h * inner);
        self.part(Class::Linear, GATES, gates);
        self.part(Class::Linear, MIXER_OUT, h * inner);
        self.add_recurrent(params, inner * dim, (kernel - 1.0).max(0.0) * 3.0 * inner);
    }

    /// Adds a Mamba-2 mixer.
    pub fn mamba2(&mut self, m: &Mamba2) {
        let (h, inner, heads) = (self.hidden, m.heads.0 * m.heads.1, m.heads.0);
        let conv = inner + 2.0 * m.groups * m.state;
        let projected = inner + conv + heads;
        let mut params = h * projected + conv * m.kernel + 3.0 * heads + inner * h;
        params += if m.conv_bias { conv } else { 0.0 };
        params += if m.bias { projected } else { 0.0 } + if m.out_bias { h } else { 0.0 };
        params += if m.norm { inner } else { 0.0 };
        self.part(Class::Linear, MIXER_IN, h * projected);
        self.part(Class::Linear, MIXER_OUT, inner * h);
        self.add_recurrent(params, inner * m.state, (m.kernel - 1.0).max(0.0) * conv);
    }

    /// Adds a Mamba mixer of the first generation.
    pub fn mamba1(&mut self, m: &Mamba1) {
        let (h, inner) = (self.hidden, m.inner);
        let mut params = 2.0 * h * inner + inner * m.kernel + inner * (m.rank + 2.0 * m.state);
        params += m.rank * inner + inner + inner * m.state + inner + inner * h;
        params += if m.conv_bias { inner } else { 0.0 };
        params += if m.bias { 2.0 * inner + h } else { 0.0 };
        params += if m.norms { m.rank + 2.0 * m.state } else { 0.0 };
        self.part(Class::Linear, MIXER_IN, 2.0 * h * inner);
        self.part(Class::Linear, MIXER_OUT, inner * h);
        self.add_recurrent(params, inner * m.state, (m.kernel - 1.0).max(0.0) * inner);
    }

    /// Adds a short convolution that is the only mixer of its layer.
    pub fn short_conv(&mut self, kernel: f64, bias: bool) {
        let h = self.hidden;
        let params = 4.0 * h * h + h * kernel + if bias { 5.0 * h } else { 0.0 };
        self.part(Class::Linear, MIXER_IN, 3.0 * h * h);
        self.part(Class::Linear, MIXER_OUT, h * h);
        self.add_recurrent(params, 0.0, (kernel - 1.0).max(0.0) * h);
    }

    /// Adds a layer with lightning attention of `heads` heads of dimension `dim`, with a norm and a gate.
    pub fn lightning(&mut self, heads: f64, dim: f64) {
        let inner = heads * dim;
        self.part(Class::Linear, MIXER_IN, 4.0 * self.hidden * inner);
        self.part(Class::Linear, MIXER_OUT, self.hidden * inner);
        self.add_recurrent(5.0 * self.hidden * inner + inner, inner * dim, 0.0);
    }

    /// Adds a gated linear recurrent unit of `width` channels whose gates are block-diagonal, one block per head.
    pub fn recurrent_unit(&mut self, heads: f64, width: f64, kernel: f64) {
        let h = self.hidden;
        let block = (width / heads).floor();
        let gates = 2.0 * heads * (block * block + block) + width;
        let params = 2.0 * (h * width + width) + width * h + h + width * kernel + width + gates;
        self.add_recurrent(params, width, (kernel - 1.0).max(0.0) * width);
    }

    /// Adds the time mix of RWKV with `width` channels.
    pub fn rwkv(&mut self, width: f64) {
        let h = self.hidden;
        // The state: numerator, denominator and maximum of the time mix, and the previous token of the time and the
        // channel mix.
        self.add_recurrent(4.0 * h * width + 2.0 * width + 3.0 * h, 3.0 * width, 2.0 * h);
    }

    /// Adds the time mix of RWKV-7. `ranks` are those of decay, in-context learning rate, value residual and gate; that
    /// of the value residual is 0 in the first layer, which has none.
    pub fn rwkv7(&mut self, head_dim: f64, ranks: [f64; 4]) {
        let h = self.hidden;
        let [decay, rate, value, gate] = ranks;
        let values = if value > 0.0 { 2.0 * h * value + h } else { 0.0 };
        // Receptance, keys, values and output; the low-rank parts; six mixes, two key scales, bonus, norm, two biases.
        let params = 4.0 * h * h + 2.0 * h * (decay + rate + gate) + values + 13.0 * h;
        self.part(Class::Linear, &["attn.r_proj", "attn.k_proj", "attn.v_proj"], 3.0 * h * h);
        self.part(Class::Linear, &["attn.o_proj"], h * h);
        // The time mix and the channel mix each keep the previous token, which is counted as the memory of a
        // convolution.
        self.add_recurrent(params, h * head_dim, 2.0 * h);
    }

    /// Adds a dense feed-forward part with `inner` channels and `matrices` matrices.
    pub fn dense(&mut self, inner: f64, matrices: f64, bias: bool) {
        let biases = if bias { (matrices - 1.0) * inner + self.hidden } else { 0.0 };
        self.params.dense_ffn += matrices * self.hidden * inner + biases;
        self.part(Class::DenseFfn, GATE_AND_UP, (matrices - 1.0) * self.hidden * inner);
        self.part(Class::DenseFfn, DOWN, self.hidden * inner);
    }

    /// Adds the routed and shared experts of a layer and their router.
    pub fn routed(&mut self, m: &Moe) {
        let (h, seen) = (self.hidden, m.latent.unwrap_or(self.hidden));
        let bias = if m.bias { (m.matrices - 1.0) * m.inner + seen } else { 0.0 };
        self.params.experts += m.experts * (m.matrices * seen * m.inner + bias);
        let correction = f64::from(u8::from(m.correction)) + f64::from(u8::from(m.bias));
        self.params.router += h * m.experts + correction * m.experts;
        self.params.shared_experts += m.matrices * h * m.shared;
        self.params.shared_experts += if m.shared_gate && m.shared > 0.0 { h } else { 0.0 };
        self.params.shared_experts += if m.latent.is_some() { 2.0 * h * seen } else { 0.0 };
        let (up, down) = if m.beside { (EXPERTS_BESIDE_UP, EXPERTS_BESIDE_DOWN) } else { (EXPERTS_UP, EXPERTS_DOWN) };
        self.part(Class::Experts, up, m.experts * (m.matrices - 1.0) * seen * m.inner);
        self.part(Class::Experts, down, m.experts * seen * m.inner);
        self.part(Class::Router, if m.beside { ROUTER_BESIDE } else { ROUTER }, h * m.experts);
        self.part(Class::Shared, SHARED, m.matrices * h * m.shared);
        self.moe.experts = m.experts;
        self.moe.per_token = m.per_token;
        self.moe.layers += 1.0;
    }

    /// Adds `count` norms over the hidden size.
    pub fn norms(&mut self, count: f64, bias: bool) {
        self.params.norm += count * self.hidden * if bias { 2.0 } else { 1.0 };
    }

    /// Ties the output matrix to the embedding matrix, or gives the output its own matrix.
    pub fn set_tied(&mut self, tied: bool) {
        self.tied = tied;
        self.parts.retain(|part| part.class != Class::Head);
        self.params.head = if tied { 0.0 } else { self.vocab * self.hidden };
        self.part(Class::Head, HEAD, self.params.head);
    }

    /// Adds a table of `table` parameters to the embedding; a token reads one row of it.
    ///
    /// The token embeddings become the head if they serve as the output matrix, since each step then reads all of them.
    pub fn lookup_table(&mut self, table: f64) {
        if self.tied {
            self.tied = false;
            self.params.head = self.params.embedding;
            self.params.embedding = 0.0;
            for part in self.parts.iter_mut().filter(|part| part.class == Class::Embedding) {
                part.class = Class::Head;
            }
        }
        self.params.embedding += table;
        self.part(Class::Embedding, &["embed_tokens_per_layer"], table);
    }

    /// Adds the embedding matrix and, unless it is tied, the output matrix.
    pub fn matrices(&mut self, tied: bool) {
        self.tied = tied;
        self.params.embedding += self.vocab * self.hidden;
        self.params.head += if tied { 0.0 } else { self.vocab * self.hidden };
        self.part(Class::Embedding, EMBEDDING, self.vocab * self.hidden);
        self.part(Class::Head, HEAD, if tied { 0.0 } else { self.vocab * self.hidden });
    }
}
