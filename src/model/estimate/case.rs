//! The inputs of one estimate, resolved to numbers with their origins: one machine, one model in one format on one
//! runtime, and one load. Building a case looks facts up; estimating from a case does not.

mod lookup;

use lookup::{EfficiencyLookup, model_number, unit_rate, weights};

use super::setup::{Constants, Offload, OffloadInputs, Setup, SetupInputs};
use super::trace::{Cited, Origin, Sourced};
use crate::model::facts::{
    Assumption, Batching, Class, ComputeUnit, DraftMethod, Efficiency, Fact, Format, HostSystem, KvFormat, Level,
    Machine, Model, Parameter, Runtime, SetupConstant, SetupParameter, Split, Task,
};
use crate::model::units::{GB, GIB};

/// The machine, the model and the software of an estimate.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The machine.
    pub machine: &'a Machine,
    /// The model.
    pub model: &'a Model,
    /// Bytes read per token, if the user gave them; they replace the model's weights.
    pub read_bytes: Option<f64>,
    /// The weight format.
    pub format: &'a Format,
    /// The runtime.
    pub runtime: &'a Runtime,
    /// The cache format.
    pub kv_format: &'a KvFormat,
    /// The set-up of devices that the machine is made of, and its split; `None` for a single machine.
    pub setup: Option<(&'a Setup, Split)>,
    /// The host whose memory may take weights.
    pub offload: Option<Offload<'a>>,
    /// The draft method of speculative decoding; `None` if no method is named.
    pub draft: Option<&'a DraftMethod>,
    /// The name under which constants of set-ups are looked up, if it differs from the runtime's id, as for a fork.
    pub engine: Option<&'a str>,
    /// The computer that the machine is, if its processor does all the work.
    pub processor: Option<&'a HostSystem>,
    /// The name of the kernels, if a measurement states them. They replace the kernels that the format and the machine
    /// imply.
    pub kernel: Option<&'a str>,
}

/// The load on the machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Streams at once, at least 1.
    pub concurrency: f64,
    /// Tokens in each stream's cache while it decodes; the cache reserves memory for as many.
    pub context: f64,
    /// Tokens of a request's prompt that the machine computes.
    pub prompt: f64,
    /// Tokens before the prompt that are already in the cache.
    pub cached: f64,
    /// Output tokens of a request.
    pub generate: f64,
    /// Tokens drafted per step, 0 without speculative decoding.
    pub drafted: f64,
    /// Share of the drafted tokens that are accepted, if the scenario sets it.
    pub acceptance: Option<f64>,
    /// The kind of text that is written; it decides the typical acceptance of drafts.
    pub task: Task,
    /// Tokens of a micro-batch of prefill, if the scenario sets them.
    pub micro_batch: Option<f64>,
}

/// A number of the computer around a bare card. The figures of the machine include it only if the user stated it; the
/// figures of the working computer always include it.
#[derive(Clone, Copy, Debug)]
pub struct HostPart<'a> {
    /// The user's number if stated, else the catalog's assumption.
    pub known: Sourced<'a>,
    /// True if the user stated it.
    pub stated: bool,
}

/// The computer around a bare card.
#[derive(Clone, Copy, Debug)]
pub struct HostParts<'a> {
    /// Price, USD.
    pub usd: HostPart<'a>,
    /// Power at idle, watts.
    pub idle_watts: HostPart<'a>,
    /// Power while the card generates, watts.
    pub load_watts: HostPart<'a>,
}

/// The inputs of money and power.
#[derive(Clone, Copy, Debug)]
pub struct Economics<'a> {
    /// Price in USD, if known.
    pub price: Option<Sourced<'a>>,
    /// The computer around the machine, if the machine is a bare card.
    pub host: Option<HostParts<'a>>,
    /// Years of use.
    pub years: Sourced<'a>,
    /// Share of the hours in which the machine generates, 0..=1.
    pub utilisation: Sourced<'a>,
    /// Price of electricity, USD per kWh.
    pub tariff: Sourced<'a>,
    /// Rent of another machine, USD per hour, and its expected speed of all streams, tokens per second; `None` if none
    /// is compared.
    pub rent: Option<(Sourced<'a>, Sourced<'a>)>,
    /// Price of an API per million output tokens of the model, USD.
    pub api: Option<Sourced<'a>>,
}

/// The data behind the expected figures.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// Fitted efficiencies.
    pub efficiency: &'a Efficiency,
    /// Stated assumptions.
    pub assumptions: &'a [Assumption],
    /// Constants of set-ups.
    pub setups: &'a [SetupConstant],
}

/// Bytes of one tensor class.
#[derive(Clone, Copy, Debug)]
pub enum ClassBytes<'a> {
    /// Known to the byte.
    Exact(Sourced<'a>),
    /// Computed by the format's rule from the number of parameters and the bits per weight.
    Rule(Sourced<'a>, Sourced<'a>),
    /// The model has no such tensors.
    None,
}

/// The weights of the case.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::large_enum_variant, reason = "an estimate allocates nothing, and a case is built once for each")]
pub enum Weights<'a> {
    /// By tensor class, in the order of [`PerClass::values`](crate::model::facts::PerClass::values).
    Classes([ClassBytes<'a>; 9]),
    /// Bytes read per token, given by the user; all of them are in memory too.
    Given(Sourced<'a>),
}

/// The experts of the case's model.
#[derive(Clone, Copy, Debug)]
pub struct Experts<'a> {
    /// Routed experts per layer.
    pub experts: Sourced<'a>,
    /// Experts per token.
    pub per_token: Sourced<'a>,
    /// Layers with experts.
    pub layers: Sourced<'a>,
    /// Parameters of the experts that work on one token.
    pub active_params: Sourced<'a>,
    /// Share of the prefill rate that the grouped matrices of experts reach.
    pub efficiency: Sourced<'a>,
    /// Tokens per expert at which grouped matrices reach half their rate.
    pub half: Sourced<'a>,
    /// Exponent of the number of tokens in the formula of the experts that a step touches.
    pub coverage: Sourced<'a>,
    /// Overhead per `MoE` layer, seconds.
    pub overhead: Sourced<'a>,
}

/// The linear-attention layers of the case's model.
#[derive(Clone, Copy, Debug)]
pub struct Linear<'a> {
    /// Number of linear-attention layers.
    pub layers: Sourced<'a>,
    /// Elements of the recurrent state, and bytes per element.
    pub state: (Sourced<'a>, Sourced<'a>),
    /// Elements of the convolution state, and bytes per element.
    pub conv: (Sourced<'a>, Sourced<'a>),
    /// Overhead per layer, seconds.
    pub overhead: Sourced<'a>,
    /// Share of the dense FP16 rate that the scans of a prefill reach.
    pub efficiency: Sourced<'a>,
    /// Extra copies of its state that a step moves for each further stream.
    pub state_copies: Sourced<'a>,
}

/// The sliding-window layers of the case's model.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// Cache elements per token.
    pub elems: Sourced<'a>,
    /// Window in tokens.
    pub tokens: Sourced<'a>,
    /// Number of sliding-window layers.
    pub layers: Sourced<'a>,
}

/// Speculative decoding of the case.
#[derive(Clone, Copy, Debug)]
pub struct Speculation<'a> {
    /// Tokens drafted per step.
    pub drafted: Sourced<'a>,
    /// Share of the drafted tokens that are accepted, below 1.
    pub acceptance: Sourced<'a>,
    /// Time to draft one token over the time of a step.
    pub draft_share: Sourced<'a>,
    /// Fixed time of drafting, as a share of a step: it does not depend on the number of drafted tokens.
    pub start: Sourced<'a>,
    /// Bytes of the draft's weights over the bytes read per token; `None` if no draft method is named.
    pub weights: Option<Sourced<'a>>,
    /// The band of the expected speed with drafts.
    pub band: Edges<'a>,
}

/// Edges of the band around an expected figure, as factors of that figure.
#[derive(Clone, Copy, Debug)]
pub struct Edges<'a> {
    /// Lower factor.
    pub low: Sourced<'a>,
    /// Upper factor.
    pub high: Sourced<'a>,
}

/// The inputs of one estimate, in base units. A field without a comment is documented by its namesake in
/// [`super::labels`].
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each field is the input of the same name")]
pub struct EstimateInputs<'a> {
    pub bandwidth: Sourced<'a>,
    pub usable: Sourced<'a>,
    pub marketed_gb: Sourced<'a>,
    pub fp16_rate: Option<Sourced<'a>>,
    pub unit_rate: Option<Sourced<'a>>,
    pub unit_multiple: Sourced<'a>,
    pub weights: Weights<'a>,
    pub active_params: Sourced<'a>,
    pub dense_params: Sourced<'a>,
    pub head_params: Sourced<'a>,
    pub layers: Sourced<'a>,
    pub full_layers: Sourced<'a>,
    pub heads: Sourced<'a>,
    pub attention_dim: Sourced<'a>,
    pub hidden: Sourced<'a>,
    pub kv_elems: Sourced<'a>,
    pub kv_bits: Sourced<'a>,
    pub longest: Sourced<'a>,
    pub window: Option<Window<'a>>,
    pub experts: Option<Experts<'a>>,
    pub linear: Option<Linear<'a>>,
    pub streams: Sourced<'a>,
    pub context: Sourced<'a>,
    pub prompt: Sourced<'a>,
    pub cached: Sourced<'a>,
    pub generate: Sourced<'a>,
    /// The least speed of a user who is counted, tokens per second; `None` if users are not counted.
    pub least_speed: Option<Sourced<'a>>,
    pub batching: Batching,
    pub speculation: Option<Speculation<'a>>,
    pub setup: Option<SetupInputs<'a>>,
    pub offload: Option<OffloadInputs<'a>>,
    pub page: Sourced<'a>,
    pub runtime_bytes: Sourced<'a>,
    pub activation_tokens: Sourced<'a>,
    pub activation_width: Sourced<'a>,
    pub micro_batch: Sourced<'a>,
    pub weight_efficiency: Sourced<'a>,
    pub weight_path: Sourced<'a>,
    pub batch_bandwidth: Sourced<'a>,
    pub kv_efficiency: Sourced<'a>,
    pub batch_efficiency: Sourced<'a>,
    pub layer_time: Sourced<'a>,
    pub stream_time: Sourced<'a>,
    pub prefill_efficiency: Sourced<'a>,
    pub prefill_path: Sourced<'a>,
    pub prefill_format: Sourced<'a>,
    pub dense_half: Sourced<'a>,
    pub attention_efficiency: Sourced<'a>,
    pub attention_kind: Sourced<'a>,
    pub prefill_start: Sourced<'a>,
    pub decode_band: Edges<'a>,
    pub aggregate_band: Edges<'a>,
    pub prefill_band: Edges<'a>,
    pub load_watts: Option<Sourced<'a>>,
    pub idle_watts: Option<Sourced<'a>>,
    pub economics: Economics<'a>,
    /// True if the machine and the runtime can run the format.
    pub runs: bool,
    /// Number of measurements behind the bandwidth efficiency, and how closely they match this machine and runtime.
    pub evidence: (u32, Level),
}

/// A part of the catalog that every estimate needs and this catalog lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// An assumption by id.
    #[error("the catalog has no assumption \"{0}\"")]
    Assumption(&'static str),
    /// An efficiency, by parameter.
    #[error("the catalog has no efficiency {0:?} for any machine")]
    Efficiency(Parameter),
    /// A constant of set-ups, by parameter.
    #[error("the catalog has no constant {} for any set-up", .0.word())]
    Setup(SetupParameter),
}

impl<'a> EstimateInputs<'a> {
    /// Resolves a case; `runs` says if the machine and the runtime can run the format.
    ///
    /// # Errors
    /// [`Missing`] if the catalog lacks an assumption or an efficiency that every estimate needs.
    pub fn new(
        subject: &Subject<'a>,
        load: &Load,
        economics: Economics<'a>,
        evidence: &Evidence<'a>,
        runs: bool,
    ) -> Result<Self, Missing> {
        let Subject { machine, model, format, runtime, kv_format, .. } = *subject;
        let of_machine = |fact: &'a Fact, scale: f64| Sourced::fact(fact, &machine.id, scale);
        let of_model = |value: f64| model_number(model, value);
        let efficiency = evidence.efficiency.on((&machine.family, &runtime.id));
        let lookup = EfficiencyLookup { subject, evidence, efficiency, class: model.kind.class() };
        let (efficiency_row, level) = lookup.row(Parameter::WeightBandwidth, Class::default())?;
        let named = subject.kernel.and_then(|name| evidence.efficiency.kernel_named(name));
        let kernel = named.or_else(|| evidence.efficiency.kernel(&machine.family, format));
        let (unit, path) = kernel.map_or((ComputeUnit::Fp16, ""), |kernel| (kernel.unit, kernel.path.as_str()));
        let head = if model.tied { model.params.embedding } else { model.params.head };
        let unread = if model.tied { 0.0 } else { model.params.embedding };
        let read = model.active_params - unread;
        let kv = model.kv;
        let [streams, context, prompt, cached, generate] = asked(load);
        let constants = Constants { entries: evidence.setups, runtime: subject.engine.unwrap_or(&runtime.id) };
        let setup = subject.setup.map(|setup| SetupInputs::new(subject, setup, &constants)).transpose()?;
        let offload = subject.offload.as_ref().map(|offload| OffloadInputs::new(offload, &constants)).transpose()?;
        let inputs = EstimateInputs {
            bandwidth: of_machine(&machine.bandwidth_gbs, GB),
            usable: of_machine(&machine.usable_gib, GIB),
            marketed_gb: of_machine(&machine.memory_gb, 1.0),
            fp16_rate: machine.inference_tflops.as_ref().or(machine.fp16_tflops.as_ref()).map(|f| of_machine(f, 1e12)),
            unit_rate: unit_rate(machine, unit).map(|fact| of_machine(fact, 1e12)),
            unit_multiple: lookup.unit_multiple(unit)?,
            weights: weights(subject),
            active_params: of_model(read),
            dense_params: of_model((read - head - model.active_expert_params()).max(0.0)),
            head_params: of_model(head),
            layers: of_model(model.layers),
            full_layers: of_model(kv.full_layers),
            heads: of_model(model.heads),
            attention_dim: of_model(model.attention_dim()),
            hidden: of_model(model.hidden),
            kv_elems: of_model(kv.full_elems),
            kv_bits: Sourced::fact(&kv_format.bits, &kv_format.id, 1.0),
            longest: of_model(model.max_context),
            window: (kv.window > 0.0 && kv.window_elems > 0.0).then(|| Window {
                elems: of_model(kv.window_elems),
                tokens: of_model(kv.window),
                layers: of_model(kv.window_layers),
            }),
            experts: lookup.experts()?,
            linear: lookup.linear()?,
            streams,
            context,
            prompt,
            cached,
            generate,
            least_speed: None,
            batching: runtime.batching,
            speculation: lookup.speculation(load, &constants)?,
            setup,
            offload,
            page: lookup.assumption("kv_page_tokens", 1.0)?,
            runtime_bytes: lookup.assumption("runtime_overhead_gib", GIB)?,
            activation_tokens: lookup.assumption("activation_tokens", 1.0)?,
            activation_width: lookup.assumption("activation_bytes_per_hidden", 1.0)?,
            micro_batch: lookup.micro_batch(load)?,
            weight_efficiency: lookup.known(efficiency_row.typical),
            weight_path: lookup.typical(Parameter::WeightPath, Class(&format.class, lookup.class))?,
            batch_bandwidth: lookup.typical(Parameter::BatchBandwidth, Class(lookup.class, ""))?,
            kv_efficiency: lookup.typical(Parameter::KvBandwidth, Class::default())?,
            batch_efficiency: lookup.typical(Parameter::BatchCompute, Class::default())?,
            layer_time: lookup.typical(Parameter::LayerOverhead, Class::default())?,
            stream_time: lookup.typical(Parameter::StreamOverhead, Class::default())?,
            prefill_efficiency: lookup.typical(Parameter::PrefillCompute, Class::default())?,
            prefill_path: lookup.typical(Parameter::PrefillPath, Class(path, ""))?,
            prefill_format: lookup.typical(Parameter::PrefillFormat, Class(&format.class, ""))?,
            dense_half: lookup.typical(Parameter::PrefillDenseHalf, Class::default())?,
            attention_efficiency: lookup.typical(Parameter::PrefillAttention, Class::default())?,
            attention_kind: lookup.typical(Parameter::PrefillAttentionKind, Class(model.attention_class(), ""))?,
            prefill_start: lookup.typical(Parameter::PrefillStart, Class::default())?,
            decode_band: lookup.edges(Parameter::DecodeBand, Parameter::WeightBandwidth)?,
            aggregate_band: lookup.edges(Parameter::AggregateBand, Parameter::BatchCompute)?,
            prefill_band: lookup.edges(Parameter::PrefillBand, Parameter::PrefillCompute)?,
            load_watts: machine.load_w.as_ref().map(|f| of_machine(f, 1.0)),
            idle_watts: machine.idle_w.as_ref().map(|f| of_machine(f, 1.0)),
            economics,
            runs,
            evidence: (if level >= Level::Vendor { 0 } else { efficiency_row.rows }, level),
        };
        match subject.processor {
            Some(host) => inputs.on_processor(host, &constants),
            None => Ok(inputs),
        }
    }

    /// Returns the same case under another load, which must draft as many tokens as the case.
    #[must_use]
    pub fn under(&self, load: &Load) -> Self {
        let [streams, context, prompt, cached, generate] = asked(load);
        Self { streams, context, prompt, cached, generate, ..*self }
    }
}

/// Returns the streams, context, prompt, cached tokens and output tokens of a load as inputs.
fn asked(load: &Load) -> [Sourced<'static>; 5] {
    // The ignored fields were already used by the look-ups, so two loads of the same case must agree in them.
    let Load { concurrency, context, prompt, cached, generate, drafted: _, acceptance: _, task: _, micro_batch: _ } =
        *load;
    [
        Sourced::setting(concurrency, "concurrency"),
        Sourced::setting(context, "context"),
        Sourced::setting(prompt, "prompt"),
        Sourced::setting(cached, "cached"),
        Sourced::setting(generate, "generate"),
    ]
}

impl Cited for Model {
    fn origin(&self) -> Origin<'_> {
        Origin::Cited { entry: &self.id, source: &self.source, date: Some(self.date), note: &self.note }
    }
}

/// A format is cited for its rule of bits per tensor class.
impl Cited for Format {
    fn origin(&self) -> Origin<'_> {
        Origin::Cited { entry: &self.id, source: &self.source, date: Some(self.date), note: &self.rule }
    }
}

impl Cited for Runtime {
    fn origin(&self) -> Origin<'_> {
        Origin::Cited { entry: &self.id, source: &self.source, date: Some(self.date), note: &self.note }
    }
}

impl Cited for Efficiency {
    fn origin(&self) -> Origin<'_> {
        Origin::Cited { entry: "efficiency", source: &self.source, date: self.date, note: "" }
    }
}
