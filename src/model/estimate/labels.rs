//! Names and units of the estimate's inputs, as the leaves of a trace show them.

use super::trace::Input;
use crate::model::units::Unit;

macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident = $label:literal in $unit:ident;)*) => {
        $($(#[$doc])* pub static $name: Input = Input { label: $label, unit: Unit::$unit };)*
    };
}

inputs! {
    /// Specified memory bandwidth.
    BANDWIDTH = "bandwidth" in BytesPerSecond;
    /// Memory that model, cache and runtime can use.
    USABLE = "usable memory" in MemoryBytes;
    /// Marketed memory, in "GB".
    MARKETED_GB = "marketed GB" in Count;
    /// Dense 16-bit rate.
    FP16_RATE = "dense FP16 rate" in FlopPerSecond;
    /// Bytes read per token, given by the scenario.
    READ_BYTES = "bytes read per token" in Bytes;
    /// Parameters that work on a token, without the embedding table.
    ACTIVE_PARAMS = "active parameters" in Parameters;
    /// Rate of the compute unit that multiplies.
    UNIT_RATE = "rate of the unit" in FlopPerSecond;
    /// Multiple of that rate which the format's kernels run at.
    UNIT_MULTIPLE = "multiple in these kernels" in Factor;
    /// Parameters of dense matrices that work on a token, without the embedding table and `lm_head`.
    DENSE_PARAMS = "dense parameters" in Parameters;
    /// Parameters of the experts that work on a token.
    EXPERT_PARAMS = "expert parameters per token" in Parameters;
    /// Parameters of `lm_head`.
    HEAD_PARAMS = "lm_head parameters" in Parameters;
    /// Routed experts per layer.
    EXPERTS = "experts" in Count;
    /// Experts that work on a token.
    PER_TOKEN = "experts per token" in Count;
    /// Number of layers.
    LAYERS = "layers" in Count;
    /// Number of `MoE` layers.
    MOE_LAYERS = "MoE layers" in Count;
    /// Number of linear-attention layers.
    LINEAR_LAYERS = "linear-attention layers" in Count;
    /// Number of layers with full attention.
    FULL_LAYERS = "full-attention layers" in Count;
    /// Number of layers with a sliding window.
    WINDOW_LAYERS = "windowed layers" in Count;
    /// Query heads.
    HEADS = "query heads" in Count;
    /// Elements per query head and pair of tokens: the head dimension, or for MLA half of the sum of the dimensions of
    /// its two products.
    ATTENTION_DIM = "attention dimension" in Count;
    /// Hidden size.
    HIDDEN = "hidden size" in Count;
    /// Cache elements per token, sum over the full layers.
    KV_ELEMS = "KV elements per token" in Count;
    /// Cache elements per token, sum over the windowed layers.
    WINDOW_ELEMS = "windowed KV elements per token" in Count;
    /// Width of the sliding window.
    WINDOW = "window" in Tokens;
    /// Bits per cache element.
    KV_BITS = "KV bits" in Bits;
    /// Longest context of the model.
    LONGEST = "longest context of the model" in Tokens;
    /// Elements of the recurrent state.
    STATE_ELEMS = "state elements" in Count;
    /// Elements of the convolution state.
    CONV_ELEMS = "convolution elements" in Count;
    /// Bytes per state element.
    STATE_WIDTH = "bytes per state element" in Count;
    /// Bytes per convolution element.
    CONV_WIDTH = "bytes per convolution element" in Count;
    /// Streams at once.
    STREAMS = "streams" in Count;
    /// Speed that each user gets at least.
    LEAST_SPEED = "least speed" in TokensPerSecond;
    /// Tokens in each stream's cache.
    CONTEXT = "context" in Tokens;
    /// Tokens of a prompt.
    PROMPT = "prompt" in Tokens;
    /// Tokens of an answer.
    GENERATE = "answer" in Tokens;
    /// Tokens per cache page.
    PAGE = "tokens per page" in Tokens;
    /// Memory of the runtime.
    RUNTIME_BYTES = "runtime memory" in Bytes;
    /// Tokens of one activation batch.
    ACTIVATION_TOKENS = "tokens in a batch" in Tokens;
    /// Activation bytes per token and hidden unit.
    ACTIVATION_WIDTH = "activation bytes per hidden unit" in Count;
    /// Tokens of a micro-batch.
    MICRO_BATCH = "micro-batch" in Tokens;
    /// Zero, for a part that the model does not have.
    NOTHING = "nothing" in Seconds;
    /// Share of the bandwidth reached by weights.
    WEIGHT_EFFICIENCY = "bandwidth reached by weights" in Share;
    /// Share of the bandwidth reached by caches.
    KV_EFFICIENCY = "bandwidth reached by attention" in Share;
    /// Share of the compute rate reached by batched decode.
    BATCH_EFFICIENCY = "prefill rate reached in batches" in Share;
    /// Exponent of the number of tokens in the formula of the experts that a step touches.
    COVERAGE = "coverage exponent" in Count;
    /// Overhead per layer.
    LAYER_TIME = "overhead per layer" in Seconds;
    /// Extra overhead per `MoE` layer.
    MOE_LAYER_TIME = "overhead per MoE layer" in Seconds;
    /// Extra overhead per linear-attention layer.
    LINEAR_LAYER_TIME = "overhead per linear-attention layer" in Seconds;
    /// Overhead per layer that each further stream adds.
    STREAM_TIME = "overhead per layer and further stream" in Seconds;
    /// Extra copies of its state that a step moves for each further stream.
    STATE_COPIES = "copies of the state per further stream" in Count;
    /// Share of the compute rate reached by prefill.
    PREFILL_EFFICIENCY = "compute reached in prefill" in Share;
    /// Factor on the prefill rate for the kernels.
    PREFILL_PATH = "factor for the kernels" in Factor;
    /// Factor on the prefill rate for the runtime and the format.
    PREFILL_FORMAT = "factor for runtime and format" in Factor;
    /// Tokens of a micro-batch at which dense matrices reach half their rate.
    DENSE_HALF = "tokens at half the dense rate" in Tokens;
    /// Tokens per expert at which grouped matrices reach half their rate.
    EXPERT_HALF = "tokens per expert at half the rate" in Tokens;
    /// Share of the prefill rate that grouped matrices reach.
    EXPERT_EFFICIENCY = "share reached by experts" in Share;
    /// Share of the compute rate that scans of linear attention reach.
    SCAN_EFFICIENCY = "compute reached by linear attention" in Share;
    /// Factor on the rate of attention for its kind.
    ATTENTION_KIND = "factor for the kind of attention" in Factor;
    /// Factor on the bandwidth reached, for the format's kernels.
    WEIGHT_PATH = "factor for the format's kernels" in Factor;
    /// Share of the bandwidth reached that batched kernels keep.
    BATCH_BANDWIDTH = "share kept in batches" in Share;
    /// Tokens drafted per step.
    DRAFTED = "drafted tokens" in Count;
    /// Share of drafted tokens that are accepted.
    ACCEPTANCE = "acceptance" in Share;
    /// Time to draft one token over the time of a step.
    DRAFT_SHARE = "time of a draft over a step" in Share;
    /// Tokens of the prompt that are cached already.
    CACHED = "cached prefix" in Tokens;
    /// Share of the compute rate reached by attention.
    ATTENTION_EFFICIENCY = "compute reached by attention" in Share;
    /// Time before a prefill starts.
    PREFILL_START_TIME = "start of a prefill" in Seconds;
    /// Lower edge of a band.
    BAND_LOW = "lower edge, measured over predicted" in Factor;
    /// Upper edge of a band.
    BAND_HIGH = "upper edge, measured over predicted" in Factor;
    /// Power while generating.
    LOAD_WATTS = "power under load" in Watts;
    /// Power at idle.
    IDLE_WATTS = "power at idle" in Watts;
    /// Power of the computer around a bare card while the card generates.
    HOST_LOAD_WATTS = "host's power under load" in Watts;
    /// Power of the computer around a bare card at idle.
    HOST_IDLE_WATTS = "host's power at idle" in Watts;
    /// Price of the machine.
    PRICE = "price" in Usd;
    /// Price of the computer around a bare card.
    HOST_PRICE = "host's price" in Usd;
    /// Rent of a machine.
    RENT = "rent" in UsdPerHour;
    /// Expected speed of all streams on the rented machine.
    RENTED_SPEED = "speed of the rented machine" in TokensPerSecond;
    /// Price of an API for a million output tokens.
    API_PRICE = "API price of output" in UsdPerMtok;
    /// Years of use.
    YEARS = "years of use" in Years;
    /// Share of the hours in which the machine generates.
    UTILISATION = "share of hours in use" in Share;
    /// Number of devices of a set-up.
    DEVICES = "devices" in Count;
    /// Time of one message between devices.
    MESSAGE_TIME = "time of a message" in Seconds;
    /// Rate of the link between devices.
    LINK_RATE = "rate of the link" in BytesPerSecond;
    /// Share of the link's rate that large messages reach.
    LINK_REACH = "link rate reached" in Share;
    /// Exponent of the number of devices in the time of a prefill by layers.
    PREFILL_EXPONENT = "exponent of the devices in prefill" in Count;
    /// Number of devices that keep a copy of each stream's cache.
    CACHE_COPIES = "copies of each cache" in Count;
    /// Memory of the host that weights can use.
    HOST_MEMORY = "host memory" in MemoryBytes;
    /// Layers whose weights lie on the host.
    HOST_LAYERS = "layers in RAM" in Count;
    /// Specified bandwidth of the host's memory.
    HOST_RATE = "bandwidth of the host's memory" in BytesPerSecond;
    /// Share of the host's memory bandwidth that weights reach.
    RAM_REACH = "bandwidth reached in the host's memory" in Share;
    /// Cores of the host.
    CORES = "cores" in Count;
    /// Bytes per second that one core reads and multiplies.
    CORE_RATE = "rate of a core" in BytesPerSecond;
    /// Compute rate of one core.
    CORE_COMPUTE = "compute rate of a core" in FlopPerSecond;
    /// Time that each layer on the host adds to a step.
    HOST_LAYER_TIME = "time to the host and back per layer" in Seconds;
    /// Specified rate of the card's slot.
    SLOT_RATE = "rate of the slot" in BytesPerSecond;
    /// Share of the slot's rate that streamed weights reach.
    STREAM_REACH = "slot rate reached" in Share;
    /// Fixed time of drafting over the time of a step.
    DRAFT_START = "start of a draft over a step" in Share;
    /// Bytes of the draft's weights over the bytes read per token.
    DRAFT_WEIGHTS = "draft weights over weights read" in Share;
    /// Electricity price.
    TARIFF = "electricity" in UsdPerKwh;
}

macro_rules! per_class {
    ($($(#[$doc:meta])* $name:ident = $suffix:literal in $unit:ident;)*) => {
        $($(#[$doc])* pub static $name: [Input; 9] = [
            Input { label: concat!("attention", $suffix), unit: Unit::$unit },
            Input { label: concat!("linear attention", $suffix), unit: Unit::$unit },
            Input { label: concat!("dense FFN", $suffix), unit: Unit::$unit },
            Input { label: concat!("shared experts", $suffix), unit: Unit::$unit },
            Input { label: concat!("experts", $suffix), unit: Unit::$unit },
            Input { label: concat!("routers", $suffix), unit: Unit::$unit },
            Input { label: concat!("norms", $suffix), unit: Unit::$unit },
            Input { label: concat!("lm_head", $suffix), unit: Unit::$unit },
            Input { label: concat!("embedding", $suffix), unit: Unit::$unit },
        ];)*
    };
}

// In the order of `PerClass::values`.
per_class! {
    /// Bytes of a tensor class, exact.
    CLASS_BYTES = " bytes" in Bytes;
    /// Parameters of a tensor class.
    CLASS_PARAMS = " parameters" in Parameters;
    /// Bits per weight of a tensor class, scales included.
    CLASS_BITS = " bits per weight" in Bits;
}
