//! The formula table: the only definition of each formula, with its text, its arithmetic and a worked example.
//!
//! A new formula is one entry; `explain`, the table in the documentation and the test of the example follow from it.

use super::trace::{Formula, Rule};
use crate::model::units::Unit;

/// Declares the formulas and the table of all of them.
macro_rules! formulas {
    ($($(#[$doc:meta])* $name:ident: $inputs:literal = $label:literal in $unit:ident,
        $text:literal, $source:literal, $eval:expr, $example:expr => $result:expr;)*) => {
        $($(#[$doc])* pub static $name: Formula<$inputs> = Formula {
            label: $label, unit: Unit::$unit, text: $text, source: $source, eval: $eval, example: ($example, $result),
        };)*

        /// Every formula of the program.
        pub static FORMULAS: &[&dyn Rule] = &[$(&$name),*];
    };
}

formulas! {
    // Weights
    /// Bytes of a tensor class from its parameters and the format's bits per weight.
    CLASS_BYTES: 2 = "bytes of a tensor class" in Bytes, "{0} × {1} ÷ 8", "block layouts: bits per weight include scales",
        |[params, bits]| params * bits / 8.0, [1_050_673_152.0, 6.5625] => 861_880_320.0;
    /// Weights in memory: all experts and the embedding table included.
    RESIDENT_WEIGHTS: 9 = "weights in memory" in MemoryBytes, "{0} + {1} + {2} + {3} + {4} + {5} + {6} + {7} + {8}",
        "sum over the tensor classes", |classes| classes.iter().sum(),
        [1e9, 0.0, 2e9, 0.0, 0.0, 0.0, 1e6, 0.5e9, 0.4e9] => 3.901e9;
    /// Distinct experts of a layer that one step reads; exactly k for one token.
    EXPERTS_TOUCHED: 4 = "experts touched per layer" in Count, "clamp({0} × (1 − (1 − {1} ÷ {0})^({2}^{3})), {1}, min({0}, {1} × {2}))",
        "expected distinct experts under uniform routing; the exponent carries the skew of real routers",
        |[experts, per_token, tokens, gamma]| {
            let uniform = experts * (1.0 - libm::pow(1.0 - per_token / experts, libm::pow(tokens, gamma)));
            // Fewer than one token has no share of experts: the upper limit holds.
            uniform.max(per_token.min(experts)).min(experts.min(per_token * tokens))
        }, [128.0, 4.0, 32.0, 1.0] => 81.656_923;
    /// Bytes of the experts that a step reads.
    EXPERTS_READ: 3 = "experts read" in Bytes, "{0} × {1} ÷ {2}", "experts are read once per step, whoever asked for them",
        |[bytes, touched, experts]| bytes * touched / experts, [60.9e9, 4.0, 128.0] => 1.903_125e9;
    /// Weights read per step: all but the embedding table, of which a step reads a few rows.
    WEIGHTS_READ: 8 = "weights read" in Bytes, "{0} + {1} + {2} + {3} + {4} + {5} + {6} + {7}",
        "each tensor that works on a token is read once per step; lm_head also when tied", |classes| classes.iter().sum(),
        [1e9, 0.0, 2e9, 0.0, 0.0, 0.0, 1e6, 0.5e9] => 3.501e9;

    // Set-ups: several devices, weights in system memory
    /// Weights in the layers.
    IN_LAYERS: 3 = "weights in layers" in MemoryBytes, "{0} − {1} − {2}", "all but lm_head and embedding",
        |[all, head, embedding]| all - head - embedding, [4e10, 6e8, 4e8] => 3.9e10;
    /// Streams of one device of a set-up, or of one stage of a pipeline.
    PER_DEVICE: 2 = "streams of a device" in Count, "ceil({0} ÷ {1})", "each device or stage works on its own streams",
        |[streams, devices]| libm::ceil(streams / devices), [9.0, 2.0] => 5.0;
    /// A number of one device or replica, added up over all devices.
    OF_DEVICES: 2 = "of all devices" in Count, "{0} × {1}", "devices or stages that work at the same time",
        |[one, devices]| one * devices, [120.0, 2.0] => 240.0;
    /// Runtime and activations of all devices.
    DEVICES_OVERHEAD: 2 = "runtime and activations of all devices" in MemoryBytes, "{0} × {1}", "each device has its own",
        |[one, devices]| one * devices, [6e8, 2.0] => 1.2e9;
    /// Cache of one stream on all devices, if each device keeps a whole copy.
    TENSOR_CACHE: 2 = "cache of one stream on all devices" in Bytes, "{0} × {1}", "a latent has no heads to share out: each device keeps it",
        |[each, copies]| each * copies, [3e8, 2.0] => 6e8;
    /// Weights of one layer.
    LAYER_WEIGHTS: 2 = "weights of a layer" in MemoryBytes, "{0} ÷ {1}", "layers are alike", |[all, layers]| all / layers,
        [4e10, 80.0] => 5e8;
    /// Memory of devices that hold whole layers each.
    DEVICE_ROOM: 4 = "memory for whole layers" in MemoryBytes, "{0} × (max(0, {1} − {2} − {3} ÷ 2) + {2})",
        "half a layer per device stays free on average, as layers are whole",
        |[count, usable, overhead, layer]| count * ((usable - overhead - layer / 2.0).max(0.0) + overhead),
        [2.0, 2.4e10, 6e8, 5e8] => 4.75e10;
    /// Sum of the memory of two kinds of device.
    ROOM_SUM: 2 = "memory for whole layers" in MemoryBytes, "{0} + {1}", "over the devices", |[a, b]| a + b, [4.75e10, 3e10] => 7.75e10;
    /// Time of one message.
    MESSAGE_TIME: 5 = "time of a message" in Seconds, "{0} + {1} × {2} × 2 ÷ ({3} × {4})",
        "a fixed time and 16-bit activations over the link", |[fixed, tokens, hidden, reach, rate]| fixed + tokens * hidden * 2.0 / (reach * rate),
        [3e-5, 1.0, 8192.0, 0.5, 32e9] => 3.1024e-5;
    /// Time of the messages of one step that sum activations over all devices.
    SUM_MESSAGES: 2 = "sums over the devices" in Seconds, "2 × {0} × {1}", "two sums per layer, after attention and after the FFN",
        |[layers, message]| 2.0 * layers * message, [80.0, 3e-5] => 4.8e-3;
    /// Time of the messages of one step that pass activations from device to device.
    BOUNDARY_MESSAGES: 2 = "steps between devices" in Seconds, "({0} − 1) × {1}", "a token crosses each boundary once",
        |[devices, message]| (devices - 1.0) * message, [4.0, 2e-4] => 6e-4;
    /// Overhead of a step with the messages between devices.
    CROSSED_STEP: 2 = "overhead with messages" in Seconds, "{0} + {1}", "launches on each device, and the link",
        |[overhead, messages]| overhead + messages, [4e-3, 5e-3] => 9e-3;
    /// Work on a prompt if the model is split by layers.
    DEVICES_PREFILL: 3 = "work on the prompt over the devices" in Seconds, "{0} ÷ min({1}, 4)^{2}",
        "micro-batches follow each other from device to device; more than four gain nothing",
        |[busy, devices, exponent]| busy / libm::pow(devices.min(4.0), exponent), [6.0, 2.0, 0.2] => 5.223_303_38;
    /// Work on a prompt if the model is split by tensors.
    TENSOR_PREFILL: 6 = "work on the prompt with sums over the devices" in Seconds, "{0} + 2 × {1} × {2} × {3} × 2 ÷ ({4} × {5})",
        "two sums of 16-bit activations per layer", |[busy, layers, tokens, hidden, reach, rate]| {
            busy + 2.0 * layers * tokens * hidden * 2.0 / (reach * rate)
        }, [1.0, 80.0, 2048.0, 8192.0, 0.5, 32e9] => 1.335_544_32;
    /// Memory needed beyond what the device offers.
    MEMORY_MISSING: 2 = "memory missing on the device" in MemoryBytes, "{0} − {1}", "needed less usable", |[needed, usable]| needed - usable,
        [6e10, 2.4e10] => 3.6e10;
    /// Experts of one layer.
    EXPERT_LAYER: 2 = "experts of a layer" in MemoryBytes, "{0} ÷ {1}", "layers are alike", |[all, layers]| all / layers, [5.76e10, 36.0] => 1.6e9;
    /// Layers whose experts go to the host's memory.
    EXPERTS_OFF: 3 = "layers with experts in RAM" in Count, "min(ceil({0} ÷ {1}), {2})", "as few as suffice",
        |[missing, each, layers]| libm::ceil(missing / each).min(layers), [3.6e10, 1.6e9, 36.0] => 23.0;
    /// One layer and its caches.
    LAYER_BYTES: 3 = "a layer with its caches" in MemoryBytes, "({0} + {1}) ÷ {2}", "a layer's cache goes with it",
        |[weights, caches, layers]| (weights + caches) / layers, [3.9e10, 1e9, 80.0] => 5e8;
    /// Layers that go to the host's memory as a whole.
    LAYERS_OFF: 3 = "layers in RAM" in Count, "min(ceil({0} ÷ {1}), {2})", "as few as suffice",
        |[missing, each, layers]| libm::ceil(missing / each).min(layers), [1.8e10, 5e8, 80.0] => 36.0;
    /// Bytes in the host's memory.
    HOST_BYTES: 2 = "bytes in RAM" in MemoryBytes, "{0} × {1}", "whole layers", |[layers, each]| layers * each, [23.0, 1.6e9] => 3.68e10;
    /// Usable memory of device and host together.
    TOGETHER: 2 = "usable on device and host" in MemoryBytes, "{0} + {1}", "weights may lie in either", |[device, host]| device + host,
        [2.4e10, 6e10] => 8.4e10;
    /// Bytes that the host reads in a step.
    HOST_READ: 3 = "read in RAM" in Bytes, "{0} × {1} ÷ {2}", "its share of the layers",
        |[bytes, off, layers]| bytes * off / layers, [1.8e9, 23.0, 36.0] => 1.15e9;
    /// Bytes that the device reads in a step.
    LEFT_ON_DEVICE: 2 = "read on the device" in Bytes, "{0} − {1}", "what the host does not read", |[all, host]| (all - host).max(0.0), [3e9, 1.15e9] => 1.85e9;
    /// Share of a step's bytes that the host reads.
    HOST_SHARE: 2 = "share of the host" in Share, "{0} ÷ {1}", "of the bytes", |[host, all]| host / all, [1.15e9, 3e9] => 0.383_333_333;
    /// FLOP of the host in a step.
    HOST_FLOP: 2 = "FLOP of the host" in Flop, "{0} × {1}", "as its share of the bytes", |[flop, share]| flop * share, [1e10, 0.4] => 4e9;
    /// Time that the host computes in a step.
    HOST_COMPUTE: 3 = "computing on the host" in Seconds, "{0} ÷ ({1} × {2})", "all cores", |[flop, cores, each]| flop / (cores * each),
        [4e9, 16.0, 2e11] => 1.25e-3;
    /// Bandwidth that weights reach in the host's memory.
    RAM_RATE: 2 = "rate in RAM" in BytesPerSecond, "{0} × {1}", "what such hosts reach of channels × transfers × 8 bytes",
        |[reach, rate]| reach * rate, [0.6, 8.96e10] => 5.376e10;
    /// Rate at which the host's cores read and multiply weights.
    CORES_RATE: 2 = "rate of all cores" in BytesPerSecond, "{0} × {1}", "bytes of weights per core", |[cores, each]| cores * each, [16.0, 5.5e9] => 8.8e10;
    /// Time that the host reads weights in a step.
    STREAM_TIME: 2 = "reading on the host" in Seconds, "{0} ÷ {1}", "bytes over rate", |[bytes, rate]| bytes / rate, [1.15e9, 5e10] => 0.023;
    /// Time of the host's part of a step.
    HOST_STEP: 3 = "on the host" in Seconds, "{0} + {1} × {2}", "its work, and the way there and back per layer",
        |[work, layers, each]| work + layers * each, [0.023, 23.0, 5e-5] => 0.024_15;
    /// Time of the device's and the host's parts of a step, one after the other.
    IN_TURN: 2 = "device and host in turn" in Seconds, "{0} + {1}", "a layer waits for the one before it", |[device, host]| device + host, [0.002, 0.024] => 0.026;
    /// The bandwidth ceiling of one stream if the host reads a part of the weights.
    OFFLOAD_CEILING: 4 = "decode ceiling" in TokensPerSecond, "1 ÷ (({0} − {1}) ÷ {2} + {1} ÷ {3})",
        "both memories at their specified bandwidth, one after the other",
        |[bytes, host, bandwidth, rate]| 1.0 / ((bytes - host) / bandwidth + host / rate), [3e9, 1e9, 1e12, 1e11] => 83.333_333_3;
    /// Work on a prompt if the host's weights are streamed to the device.
    HOST_PREFILL: 5 = "work on the prompt with streamed weights" in Seconds, "{4} + {0} × {1} ÷ ({2} × {3})",
        "the host's weights cross the slot once per micro-batch", |[chunks, bytes, reach, slot, busy]| busy + chunks * bytes / (reach * slot),
        [1.0, 3.6e10, 0.75, 6.3e10, 1.0] => 1.761_904_76;

    // KV cache and state
    /// Tokens of the context that a sliding window sees.
    WINDOW_TOKENS: 2 = "tokens in the window" in Tokens, "min({0}, {1})", "sliding-window attention sees the last w tokens",
        |[context, window]| context.min(window), [4096.0, 128.0] => 128.0;
    /// KV cache of one stream over layers that see the same tokens.
    KV_BYTES: 3 = "KV cache of one stream" in Bytes, "{0} × {1} × {2} ÷ 8",
        "K and V (or one latent) per token, KV heads only", |[elems, tokens, bits]| elems * tokens * bits / 8.0,
        [163_840.0, 4096.0, 16.0] => 1_342_177_280.0;
    /// KV cache of one stream, full and windowed layers together.
    KV_SUM: 2 = "KV cache of one stream" in Bytes, "{0} + {1}", "full layers and windowed layers",
        |[full, window]| full + window, [150_994_944.0, 4_718_592.0] => 155_713_536.0;
    /// Recurrent state of one stream.
    STATE_BYTES: 4 = "state of one stream" in Bytes, "{0} × {1} + {2} × {3}",
        "linear attention keeps a state of constant size", |[state, width, conv, conv_width]| state * width + conv * conv_width,
        [18_874_368.0, 4.0, 884_736.0, 2.0] => 77_266_944.0;
    /// Cache read in a step by all streams; streams share no cache.
    KV_READ: 2 = "KV cache read" in Bytes, "{0} × {1}", "each stream reads its own cache",
        |[streams, kv]| streams * kv, [8.0, 1e9] => 8e9;
    /// Cache and state moved in a step by all streams.
    KV_STATE_READ: 3 = "KV cache and state read" in Bytes, "{0} × ({1} + 2 × {2})", "a state is read and written back",
        |[streams, kv, state]| streams * (kv + 2.0 * state), [2.0, 1e9, 1e8] => 2.4e9;
    /// Context rounded up to whole cache pages.
    PAGED_TOKENS: 2 = "reserved tokens" in Tokens, "ceil({0} ÷ {1}) × {1}", "paged KV cache",
        |[tokens, page]| (tokens / page).ceil() * page, [4097.0, 16.0] => 4112.0;

    // Memory
    /// Cache in memory for all streams.
    KV_RESIDENT: 2 = "KV cache in memory" in MemoryBytes, "{0} × {1}", "one cache per stream",
        |[streams, kv]| streams * kv, [256.0, 3e8] => 7.68e10;
    /// State in memory for all streams.
    STATE_RESIDENT: 2 = "state in memory" in MemoryBytes, "{0} × {1}", "one state per stream",
        |[streams, state]| streams * state, [4.0, 5e7] => 2e8;
    /// Memory that the runtime and its activations take.
    MEMORY_OVERHEAD: 4 = "runtime and activations" in MemoryBytes, "{0} + {1} × {2} × {3}", "buffers for one batch of tokens",
        |[runtime, tokens, hidden, width]| runtime + tokens * hidden * width, [5e8, 512.0, 8192.0, 32.0] => 634_217_728.0;
    /// Memory needed.
    MEMORY_NEEDED: 4 = "memory needed" in MemoryBytes, "{0} + {1} + {2} + {3}", "weights, cache, state, runtime",
        |parts| parts.iter().sum(), [4e10, 1e9, 0.0, 6e8] => 4.16e10;
    /// Memory left.
    MEMORY_FREE: 2 = "memory left" in MemoryBytes, "{0} − {1}", "usable less needed",
        |[usable, needed]| usable - needed, [1e11, 4e10] => 6e10;
    /// Memory for caches and states.
    CACHE_ROOM: 3 = "room for caches" in MemoryBytes, "max(0, {0} − {1} − {2})", "usable less weights less runtime",
        |[usable, weights, overhead]| (usable - weights - overhead).max(0.0), [1e11, 4e10, 1e9] => 5.9e10;
    /// Users at a speed.
    USERS_AT_SPEED: 3 = "users who each get the least speed" in Count, "{0} if {1} ≥ {2}, else 0",
        "the most streams that fit and that are each fast enough; one more is too slow or finds no memory",
        |[streams, speed, least]| if speed >= least { streams } else { 0.0 }, [12.0, 10.4, 10.0] => 12.0;
    /// Streams whose caches fit.
    MAX_STREAMS: 3 = "streams that fit" in Count, "floor({0} ÷ ({1} + {2}))", "each stream keeps its cache and state",
        |[room, kv, state]| (room / (kv + state)).floor(), [5.9e10, 1.3e9, 0.0] => 45.0;
    /// Tokens of context that fit for each stream, beyond the window.
    MAX_CONTEXT: 8 = "context that fits" in Tokens,
        "min({6}, floor over pages of {7} of S with ({2} × S + {3} × min(S, {4})) × {5} ÷ 8 ≤ {0} ÷ {1})",
        "the cache of each stream fills its share of the room",
        |[room, streams, full, window_elems, window, bits, longest, page]| {
            let elems = (room / streams).max(0.0) * 8.0 / bits;
            let inside = elems / (full + window_elems);
            let tokens = if inside <= window { inside } else { (elems - window_elems * window).max(0.0) / full };
            ((tokens / page).floor() * page).min(longest).floor()
        }, [5.9e10, 1.0, 163_840.0, 0.0, 0.0, 16.0, 131_072.0, 16.0] => 131_072.0;

    // Decode
    /// Bytes that a step reads.
    STEP_BYTES: 2 = "bytes read" in Bytes, "{0} + {1}", "weights once for all streams, caches once each",
        |[weights, cache]| weights + cache, [41.93e9, 1.34e9] => 43.27e9;
    /// The bandwidth ceiling of one stream.
    CEILING: 2 = "decode ceiling" in TokensPerSecond, "{0} ÷ {1}", "roofline at the specified bandwidth, nothing lost",
        |[bandwidth, bytes]| bandwidth / bytes, [273e9, 40e9] => 6.825;
    /// The bandwidth ceiling of one stream with speculative decoding.
    DRAFT_CEILING: 2 = "decode ceiling with drafts" in TokensPerSecond, "{0} × {1}",
        "one read serves every drafted token that is accepted",
        |[ceiling, gained]| ceiling * gained, [6.825, 2.533] => 17.287_725;
    /// Speed of all streams together.
    AGGREGATE: 2 = "all streams" in TokensPerSecond, "{0} × {1}", "every stream gets one token per step",
        |[streams, each]| streams * each, [8.0, 25.0] => 200.0;
    /// Share of the bandwidth that weights reach.
    REACH: 2 = "bandwidth reached" in Share, "{0} × {1}", "machine and runtime, times the kernels of the format",
        |[machine, path]| machine * path, [0.8, 0.9] => 0.72;
    /// Share of the bandwidth that weights reach when several streams share a step, which is less than for one stream.
    BATCH_REACH: 3 = "bandwidth reached" in Share, "{0} × ({1} + (1 − {1}) ÷ {2})",
        "one stream reaches all of it, many streams the share that batched kernels keep",
        |[reach, kept, streams]| reach * (kept + (1.0 - kept) / streams), [0.8, 0.5, 4.0] => 0.5;
    /// Time to read the weights.
    WEIGHT_TIME: 3 = "time to read the weights" in Seconds, "{0} ÷ ({1} × {2})", "bytes over the bandwidth reached",
        |[bytes, reached, bandwidth]| bytes / (reached * bandwidth), [40e9, 0.8, 273e9] => 0.183_150_183;
    /// Time to read the caches.
    KV_TIME: 3 = "time to read the caches" in Seconds, "{0} ÷ ({1} × {2})", "bytes over the bandwidth reached by attention",
        |[bytes, reached, bandwidth]| bytes / (reached * bandwidth), [1.34e9, 0.5, 273e9] => 0.009_816_85;
    /// FLOP of the matrices in a step.
    LINEAR_FLOP: 2 = "arithmetic of the matrices" in Flop, "2 × {0} × {1}", "a multiply and an add per active parameter",
        |[tokens, params]| 2.0 * tokens * params, [8.0, 7e10] => 1.12e12;
    /// Parameters outside the experts, which every token is multiplied with.
    PARAMS: 2 = "parameters outside experts" in Parameters, "{0} + {1}", "dense matrices and lm_head",
        |[dense, head]| dense + head, [7e9, 5e8] => 7.5e9;
    /// Time to compute the matrices in a step.
    COMPUTE_TIME: 6 = "time to compute the matrices" in Seconds, "2 × {0} × ({1} + {2} ÷ {3}) ÷ ({4} × {5})",
        "tokens of the step times active parameters, those of experts at their own share of the rate",
        |[tokens, params, experts, share, reached, rate]| 2.0 * tokens * (params + experts / share) / (reached * rate),
        [8.0, 6e10, 1e10, 0.5, 0.4, 125e12] => 0.0256;
    /// Time to read the weights and compute the matrices, which overlap in part.
    SOFT_ROOFLINE: 2 = "time for the weights" in Seconds, "√({0}² + {1}²)",
        "2-norm of both times: fits measured kernels at the knee better than the larger of the two",
        |[memory, compute]| libm::hypot(memory, compute), [3.0, 4.0] => 5.0;
    /// FLOP of attention in a decode step.
    ATTENTION_FLOP: 4 = "arithmetic of attention" in Flop, "4 × {0} × {1} × {2} × {3}",
        "scores and values, two FLOP each, per query head, its dimension (of the latent where it has one) and cached token",
        |[tokens, heads, dim, seen]| 4.0 * tokens * heads * dim * seen, [1.0, 64.0, 128.0, 327_680.0] => 10_737_418_240.0;
    /// Cached tokens that one new token sees, over all layers.
    TOKENS_SEEN: 4 = "cached tokens seen over all layers" in Count, "{0} × {1} + {2} × {3}", "full layers and windowed layers",
        |[layers, context, window_layers, window]| layers * context + window_layers * window, [18.0, 4096.0, 18.0, 128.0] => 76_032.0;
    /// Time to compute attention in a decode step.
    ATTENTION_TIME: 3 = "time to compute attention" in Seconds, "{0} ÷ ({1} × {2})", "FLOP over the rate reached",
        |[flop, reached, rate]| flop / (reached * rate), [1.074e10, 0.5, 125e12] => 0.000_171_84;
    /// Time of attention in a decode step: reading the caches, then computing.
    ATTENTION_STEP: 2 = "time of attention" in Seconds, "{0} + {1}", "caches are read, then multiplied: one query leaves nothing to overlap",
        |[read, compute]| read + compute, [0.009_8, 0.000_2] => 0.01;
    /// Fixed overhead of a step.
    OVERHEAD: 6 = "overhead" in Seconds, "{0} × {1} + {2} × {3} + {4} × {5}",
        "launches and synchronisation per layer; MoE and linear-attention layers cost extra",
        |[layers, each, moe, moe_each, linear, linear_each]| layers * each + moe * moe_each + linear * linear_each,
        [36.0, 34e-6, 36.0, 47e-6, 0.0, 19e-6] => 0.002_916;
    /// Overhead of a step with the part that each further stream adds.
    STREAM_OVERHEAD: 4 = "overhead" in Seconds, "{0} + ({1} − 1) × {2} × {3}",
        "each further stream has caches to find and a token to sample",
        |[fixed, streams, layers, each]| fixed + (streams - 1.0) * layers * each, [0.003, 9.0, 40.0, 1e-5] => 0.0062;
    /// Overhead of a step with the time to gather and scatter the states of further streams.
    STATE_OVERHEAD: 5 = "overhead" in Seconds, "{0} + ({1} − 1) × {2} × {3} ÷ {4}",
        "states of several streams are gathered and scattered at the speed of memory",
        |[fixed, streams, copies, state, bandwidth]| fixed + (streams - 1.0) * copies * state / bandwidth,
        [0.003, 9.0, 2.0, 1e8, 273e9] => 0.008_860_806;
    /// Time of a decode step.
    STEP_TIME: 3 = "time per step" in Seconds, "{0} + {1} + {2}", "matrices, attention, overhead",
        |[matrices, attention, overhead]| matrices + attention + overhead, [0.19, 0.005, 0.003] => 0.198;
    /// Tokens that a step works on with speculative decoding.
    VERIFIED_TOKENS: 2 = "tokens in a step" in Count, "{0} × ({1} + 1)", "each stream verifies its drafts and adds a token",
        |[streams, drafted]| streams * (drafted + 1.0), [2.0, 3.0] => 8.0;
    /// Tokens that a stream gains per step with speculative decoding.
    ACCEPTED_TOKENS: 2 = "tokens gained per step" in Count, "(1 − {0}^({1} + 1)) ÷ (1 − {0})",
        "drafts are accepted up to the first refusal; the model's own token is a bonus",
        |[acceptance, drafted]| (1.0 - libm::pow(acceptance, drafted + 1.0)) / (1.0 - acceptance), [0.7, 3.0] => 2.533;
    /// Time per token with speculative decoding.
    SPECULATED_STEP: 5 = "time per token" in Seconds, "{0} × (1 + {4} + {1} × {2}) ÷ {3}",
        "a step and its drafts, shared by the tokens gained",
        |[step, drafted, share, gained, start]| step * (1.0 + start + drafted * share) / gained,
        [0.2, 3.0, 0.1, 2.533, 0.2] => 0.118_436_63;
    /// Weights of the draft.
    DRAFT_BYTES: 2 = "draft weights" in MemoryBytes, "{0} × {1}", "a head or a small model beside the weights",
        |[read, share]| read * share, [4e10, 0.04] => 1.6e9;
    /// Runtime and activations with the draft's weights.
    WITH_DRAFT: 2 = "runtime, activations and draft" in MemoryBytes, "{0} + {1}", "the draft lies in the same memory",
        |[overhead, draft]| overhead + draft, [6e8, 1.6e9] => 2.2e9;
    /// Expected speed of one stream.
    EXPECTED: 1 = "expected decode" in TokensPerSecond, "1 ÷ {0}", "one token per stream and step",
        |[time]| 1.0 / time, [0.2] => 5.0;
    /// Expected speed of one stream if the runtime serves one stream at a time.
    QUEUED: 2 = "expected decode" in TokensPerSecond, "{0} ÷ {1}", "streams wait for their turn",
        |[speed, streams]| speed / streams, [40.0, 8.0] => 5.0;
    /// An edge of the band around an expected speed.
    BAND_EDGE: 2 = "edge of the band" in TokensPerSecond, "{0} × {1}",
        "measured over predicted on like machines, 5th or 95th percentile", |[expected, factor]| expected * factor, [50.0, 0.84] => 42.0;

    // Prefill
    /// Rate of the compute unit in the kernels of this format.
    UNIT_RATE: 2 = "rate of the unit" in FlopPerSecond, "{0} × {1}",
        "8-bit integers run at twice the dense FP16 rate; all else at the rate of its own unit",
        |[rate, multiple]| rate * multiple, [125e12, 2.0] => 250e12;
    /// Rate that the large dense matrices of a prefill reach.
    PREFILL_RATE: 4 = "prefill rate" in FlopPerSecond, "{0} × {1} × {2} × {3}",
        "rate of the unit, share reached by family and runtime, factors for the kernels and for runtime and format",
        |[rate, reached, path, format]| rate * reached * path * format, [250e12, 0.48, 0.5, 1.0] => 60e12;
    /// Tokens of the prompts that are batched.
    BATCHED_TOKENS: 2 = "tokens waiting" in Tokens, "{0} × {1}", "runtimes fill a micro-batch from all waiting prompts",
        |[requests, prompt]| requests * prompt, [8.0, 512.0] => 4096.0;
    /// Tokens of one micro-batch.
    MICRO_BATCH_TOKENS: 2 = "tokens of a micro-batch" in Tokens, "min({0}, {1})", "runtimes feed prompts in micro-batches",
        |[most, tokens]| most.min(tokens), [512.0, 2048.0] => 512.0;
    /// Micro-batches of a prompt; a fraction if prompts share a micro-batch.
    MICRO_BATCHES: 2 = "micro-batches" in Count, "{0} ÷ {1}", "prompts share micro-batches, so parts of one count",
        |[prompt, tokens]| prompt / tokens, [2048.0, 512.0] => 4.0;
    /// Time to compute the dense matrices of a micro-batch.
    DENSE_TIME: 4 = "time to compute dense matrices" in Seconds, "2 × {0} × ({1} + {2}) ÷ {3}",
        "a multiply and an add per parameter and token; few tokens do not fill the machine",
        |[params, tokens, half, rate]| 2.0 * params * (tokens + half) / rate, [7e9, 462.0, 50.0, 60e12] => 0.119_466_667;
    /// Time to compute the experts of a micro-batch.
    EXPERT_TIME: 7 = "time to compute experts" in Seconds, "2 × {0} × ({1} + {2} × {3} ÷ {4}) ÷ ({5} × {6})",
        "each expert multiplies only the tokens routed to it; few of them do not fill the machine",
        |[params, tokens, half, experts, per_token, reached, rate]| {
            2.0 * params * (tokens + half * experts / per_token) / (reached * rate)
        }, [2e9, 480.0, 2.0, 128.0, 8.0, 0.5, 60e12] => 0.068_266_667;
    /// Time to scan the layers of linear attention in a micro-batch.
    SCAN_TIME: 4 = "time for linear attention" in Seconds, "8 × {0} × {1} ÷ ({2} × {3})",
        "chunked scans: four multiply-adds per state element and token, at a rate of their own",
        |[tokens, state, reached, rate]| 8.0 * tokens * state / (reached * rate), [512.0, 2e7, 0.016, 125e12] => 0.040_96;
    /// Time of a micro-batch.
    MICRO_BATCH_TIME: 3 = "time of a micro-batch" in Seconds, "{0} + {1} + {2}", "dense matrices, experts, linear attention",
        |[dense, experts, scan]| dense + experts + scan, [0.12, 0.07, 0.04] => 0.23;
    /// Time to compute `lm_head`.
    HEAD_TIME: 2 = "time to compute lm_head" in Seconds, "2 × {0} ÷ {1}", "for the last token of the prompt only",
        |[params, rate]| 2.0 * params / rate, [1e9, 50e12] => 4e-5;
    /// Share of the rate that attention reaches.
    ATTENTION_REACH: 2 = "compute reached by attention" in Share, "{0} × {1}", "family and runtime, times the kind of attention",
        |[reached, kind]| reached * kind, [0.2, 1.5] => 0.3;
    /// Pairs of tokens in causal attention, per layer.
    CAUSAL_PAIRS: 2 = "token pairs per full layer" in Count, "(({0} + {1})² − {1}²) ÷ 2",
        "causal: each new token sees the ones before it, cached ones among them",
        |[tokens, cached]| ((tokens + cached).powi(2) - cached.powi(2)) / 2.0, [2048.0, 0.0] => 2_097_152.0;
    /// Pairs of tokens in windowed causal attention, per layer.
    WINDOW_PAIRS: 3 = "token pairs per windowed layer" in Count,
        "(min({0} + {1}, {2})² − min({1}, {2})²) ÷ 2 + {2} × (max({0} + {1}, {2}) − max({1}, {2}))",
        "causal, within the window",
        |[tokens, cached, window]| {
            let all = tokens + cached;
            (all.min(window).powi(2) - cached.min(window).powi(2)) / 2.0 + window * (all.max(window) - cached.max(window))
        }, [2048.0, 0.0, 128.0] => 253_952.0;
    /// Pairs of tokens over all layers.
    PAIRS: 4 = "token pairs over all layers" in Count, "{0} × {1} + {2} × {3}", "full layers and windowed layers",
        |[layers, pairs, window_layers, window_pairs]| layers * pairs + window_layers * window_pairs, [18.0, 2e6, 18.0, 2.5e5] => 40.5e6;
    /// FLOP of attention in a prefill.
    PREFILL_ATTENTION_FLOP: 3 = "arithmetic of the prompt's attention" in Flop, "4 × {0} × {1} × {2}",
        "scores and values per query head, head dimension and pair", |[heads, dim, pairs]| 4.0 * heads * dim * pairs,
        [64.0, 64.0, 40.5e6] => 663_552_000_000.0;
    /// Time that a prefill keeps the device busy.
    PREFILL_BUSY: 4 = "work on the prompt" in Seconds, "{0} × {1} + {2} + {3}", "micro-batches, attention, lm_head",
        |[count, each, attention, head]| count * each + attention + head, [4.0, 0.23, 0.1, 0.01] => 1.03;
    /// Time of a prefill with its start.
    PREFILL_TIME: 2 = "prefill time" in Seconds, "{0} + {1}", "the work, and the start before it",
        |[busy, start]| busy + start, [6.5, 0.03] => 6.53;
    /// Prefill speed.
    PREFILL_SPEED: 2 = "expected prefill" in TokensPerSecond, "{0} ÷ {1}", "prompt tokens over prefill time",
        |[tokens, time]| tokens / time, [2048.0, 6.4] => 320.0;
    /// Tokens in the cache when the first answer token is made.
    FILLED_TOKENS: 2 = "tokens in the cache" in Tokens, "{0} + {1}", "the cached prefix and the prompt",
        |[cached, prompt]| cached + prompt, [4096.0, 512.0] => 4608.0;
    /// Time to first token.
    TTFT: 2 = "time to first token" in Seconds, "{0} + {1}", "the prompt, then one step; no queue",
        |[prefill, step]| prefill + step, [6.4, 0.2] => 6.6;
    /// An edge of the band around an expected time; the slow edge comes from the low edge of the speed.
    TIME_EDGE: 2 = "edge of the band" in Seconds, "{0} ÷ {1}",
        "predicted over measured on like machines, 5th or 95th percentile", |[time, factor]| time / factor, [6.6, 0.55] => 12.0;

    /// Time until the answer is complete.
    ANSWER_TIME: 3 = "time to the whole answer" in Seconds, "{0} + {1} × {2}", "the first token, then a step per token",
        |[ttft, generate, step]| ttft + generate * step, [6.6, 512.0, 0.2] => 109.0;

    // Served: prefill and decode share the device
    /// Mean number of tokens in the cache while an answer is generated.
    MEAN_CONTEXT: 2 = "mean context while answering" in Tokens, "{0} + {1} ÷ 2", "the cache grows with the answer",
        |[prompt, generate]| prompt + generate / 2.0, [2048.0, 512.0] => 2304.0;
    /// Steady output tokens per second when prefill runs on the same device.
    SERVED: 4 = "served output" in TokensPerSecond, "{0} ÷ ({1} + {0} × {2} ÷ {3})",
        "each request costs its prefill and its share of the steps",
        |[generate, prefill, step, streams]| generate / (prefill + generate * step / streams), [512.0, 1.0, 0.05, 8.0] => 121.904_761_9;

    /// Output tokens per second from the first token of any stream to the last token of all streams.
    WINDOW_SPEED: 6 = "output in the window" in TokensPerSecond, "{0} ÷ ({1} × max(0, 1 − {2} ÷ ({3} × {4})) + {0} × {5} ÷ {3})",
        "a request's prefill and its share of the steps, without the first micro-batch, which ends before the window begins",
        |[generate, busy, micro, streams, prompt, step]| {
            generate / (busy * (1.0 - micro / (streams * prompt)).max(0.0) + generate * step / streams)
        }, [128.0, 1.0, 2048.0, 8.0, 1024.0, 0.05] => 82.580_645_2;

    // Roofline
    /// FLOP that the machine can do in the time of reading one byte.
    BALANCE: 2 = "balance of the machine" in FlopPerByte, "{0} ÷ {1}", "dense FP16 rate over bandwidth, both as specified",
        |[rate, bandwidth]| rate / bandwidth, [125e12, 273e9] => 457.875_457_9;
    /// FLOP per byte of a decode step.
    INTENSITY: 3 = "intensity of a decode step" in FlopPerByte, "({0} + {1}) ÷ {2}",
        "matrices and attention over the bytes of weights and caches",
        |[matrices, attention, bytes]| (matrices + attention) / bytes, [1.12e12, 1.1e10, 41e9] => 27.585_365_9;
    /// Streams at which computing a step takes as long as reading its weights.
    CROSSOVER: 6 = "streams where compute takes over" in Count, "({0} ÷ ({1} × {2})) ÷ (2 × {3} ÷ ({4} × {5}))",
        "time to read all weights once over the time to compute one token, at what both reach in large batches",
        |[bytes, read_reached, bandwidth, params, reached, rate]| {
            (bytes / (read_reached * bandwidth)) / (2.0 * params / (reached * rate))
        }, [40e9, 0.8, 273e9, 70e9, 0.5, 125e12] => 81.763_474_6;
    /// Share of the bandwidth that weights reach in large batches.
    LARGE_BATCH_REACH: 2 = "bandwidth reached" in Share, "{0} × {1}", "what one stream reaches, times the share that batched kernels keep",
        |[reach, kept]| reach * kept, [0.8, 0.5] => 0.4;

    // Power and money
    /// Price of a card and the computer around it.
    PRICE_WITH_HOST: 2 = "price with host" in Usd, "{0} + {1}", "a bare card needs a computer around it",
        |[card, host]| card + host, [13_250.0, 2500.0] => 15_750.0;
    /// Power of a card and the computer around it while generating.
    LOAD_WITH_HOST: 2 = "power under load with host" in Watts, "{0} + {1}", "the card's and the host's",
        |[card, host]| card + host, [560.0, 120.0] => 680.0;
    /// Power of a card and the computer around it at idle.
    IDLE_WITH_HOST: 2 = "power at idle with host" in Watts, "{0} + {1}", "the card's and the host's",
        |[card, host]| card + host, [40.0, 60.0] => 100.0;
    /// Energy per token.
    ENERGY: 2 = "energy per token" in JoulesPerToken, "{0} ÷ {1}", "watts over tokens per second of all streams",
        |[watts, speed]| watts / speed, [130.0, 65.0] => 2.0;
    /// Price per marketed GB.
    USD_PER_GB: 2 = "cost per GB" in UsdPerGb, "{0} ÷ {1}", "price over marketed memory",
        |[price, memory]| price / memory, [4699.0, 128.0] => 36.710_937_5;
    /// Price per GiB that model, cache and runtime can use.
    USD_PER_USABLE_GIB: 2 = "cost per usable GiB" in UsdPerGib, "{0} ÷ {1}", "price over usable memory",
        |[price, usable]| price / (usable / crate::model::units::GIB), [4699.0, 128_849_018_880.0] => 39.158_333_3;
    /// Price per GB/s of bandwidth.
    USD_PER_GBS: 2 = "cost per GB/s" in UsdPerGbs, "{0} ÷ {1}", "price over specified bandwidth",
        |[price, bandwidth]| price / (bandwidth / crate::model::units::GB), [4699.0, 273e9] => 17.212_454_2;
    /// Energy of a million tokens.
    KWH_PER_MTOK: 1 = "energy per million tokens" in KwhPerMtok, "{0} ÷ 3.6", "joules per token, a million tokens, 3.6e6 joules per kWh",
        |[joules]| joules / 3.6, [36.0] => 10.0;
    /// Yearly electricity while generating.
    BILL_LOAD: 3 = "yearly electricity while generating" in UsdPerYear, "8.76 × {0} × {1} × {2}",
        "8,760 hours, a thousand watts per kW", |[watts, used, tariff]| 8.76 * watts * used * tariff, [130.0, 0.25, 0.2] => 56.94;
    /// Yearly electricity while idle.
    BILL_IDLE: 3 = "yearly electricity at idle" in UsdPerYear, "8.76 × {0} × (1 − {1}) × {2}",
        "the machine stays on between its hours of use", |[watts, used, tariff]| 8.76 * watts * (1.0 - used) * tariff,
        [25.0, 0.25, 0.2] => 32.85;
    /// Yearly electricity.
    BILL: 2 = "yearly electricity" in UsdPerYear, "{0} + {1}", "generating and at idle",
        |[load, idle]| load + idle, [56.94, 32.85] => 89.79;
    /// Electricity of a million tokens.
    ENERGY_USD_PER_MTOK: 3 = "electricity per million tokens" in UsdPerMtok, "{0} ÷ 1000 × {1} ÷ 3600 × 1e6 ÷ {2}",
        "while generating; what is paid whether or not the machine is paid off",
        |[watts, tariff, speed]| watts / 1000.0 * tariff / 3600.0 * 1e6 / speed, [130.0, 0.18, 5.0] => 1.3;
    /// Cost of a million tokens on a rented machine.
    RENT_PER_MTOK: 2 = "rent per million tokens" in UsdPerMtok, "{0} ÷ 3600 × 1e6 ÷ {1}",
        "rent over the rented machine's own expected speed of all streams", |[rent, speed]| rent / 3600.0 * 1e6 / speed,
        [3.6, 50.0] => 20.0;
    /// Output tokens after which owning has paid for itself.
    BREAK_EVEN: 3 = "break-even" in Mtok, "{0} ÷ ({1} − {2})", "price over what each million tokens spares",
        |[price, theirs, energy]| price / (theirs - energy), [4699.0, 20.0, 1.2] => 249.946_808_5;
    /// Months until owning has paid for itself.
    BREAK_EVEN_MONTHS: 3 = "months to break-even" in Months, "{0} × 1e6 ÷ ({1} × {2} × 2.628e6 s)",
        "at this speed for this share of the hours; a twelfth of a year",
        |[mtok, speed, used]| mtok * 1e6 / (speed * used * 2.628e6), [262.8, 50.0, 0.25] => 8.0;
    /// Hours of use a day with which owning pays for itself within the years of use.
    BREAK_EVEN_HOURS: 3 = "hours a day to break even" in HoursPerDay, "{0} × 1e6 ÷ ({1} × 3600 s × {2} × 365)",
        "so that it has paid at the end of its years of use",
        |[mtok, speed, years]| mtok * 1e6 / (speed * 3600.0 * years * 365.0), [394.2, 50.0, 3.0] => 2.0;
    /// Cost of a million output tokens.
    USD_PER_MTOK: 6 = "cost per million tokens" in UsdPerMtok,
        "({0} ÷ ({1} × 31.536e6 s × {2}) + {3} ÷ 1000 × {4} ÷ 3600) × 1e6 ÷ {5}",
        "the price spread over the hours in use, and electricity while generating",
        |[price, years, used, watts, tariff, speed]| {
            (price / (years * 31.536e6 * used) + watts / 1000.0 * tariff / 3600.0) * 1e6 / speed
        }, [4699.0, 3.0, 0.25, 130.0, 0.17, 50.0] => 4.096_226;
    /// Ratio of two figures.
    RATIO: 2 = "ratio" in Factor, "{0} ÷ {1}", "one over the other", |[a, b]| a / b, [614.0, 273.0] => 2.249_084_25;
}

#[cfg(test)]
mod tests;
