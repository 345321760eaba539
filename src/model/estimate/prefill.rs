//! How fast a prompt is read: one request into an empty cache.
//!
//! prefill = √(compute² + chunk reads²) + causal attention + start. The compute rate depends on the kernels of the
//! format on that machine and runtime; it is every tool's worst figure, so its band is wide.

use super::case::EstimateInputs;
use super::figures::Bound;
use super::formula::{
    ATTENTION_TIME, CAUSAL_PAIRS, CHUNK_READ_TIME, CHUNKS, PAIRS, PREFILL_ATTENTION_FLOP, PREFILL_BUSY,
    PREFILL_COMPUTE_TIME, PREFILL_FLOP, PREFILL_RATE, PREFILL_TIME, ROLLOFF, SOFT_ROOFLINE, WINDOW_PAIRS,
};
use super::setup::{offload, split};
use super::trace::{Sourced, Tape};
use super::weights::WeightBytes;
use super::{decode, inputs};

/// One prefill.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times<N> {
    /// Until the prompt is read, seconds.
    pub whole: N,
    /// Of it the time that the device is busy, seconds: the start is waiting, not work.
    pub busy: N,
    /// What it waits for.
    pub bound: Bound,
}

/// Times of a prefill; `None` where the machine's compute rate is not known.
pub(super) fn time<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
) -> Option<Times<T::Num>> {
    let rate = tape.leaf(&inputs::FP16_RATE, case.fp16_rate?);
    let prompt = tape.leaf(&inputs::PROMPT, case.prompt);
    let compute = compute_time(tape, case, prompt, rate);
    let read = read_time(tape, case, weights, prompt);
    let matrices = tape.step(&SOFT_ROOFLINE, [read, compute]);
    let attention = attention_time(tape, case, prompt, rate);
    let start = tape.leaf(&inputs::PREFILL_START_TIME, case.prefill_start);
    let bound = bound(tape.value(compute) + tape.value(attention), tape.value(read), tape.value(start));
    let busy = tape.step(&PREFILL_BUSY, [matrices, attention]);
    let busy = split::prefill(tape, case, busy, prompt);
    let busy = offload::prefill(tape, case, weights, (busy, prompt));
    Some(Times { whole: tape.step(&PREFILL_TIME, [busy, start]), busy, bound })
}

fn bound(compute: f64, read: f64, start: f64) -> Bound {
    if compute >= read && compute >= start {
        Bound::Compute
    } else if read >= start {
        Bound::Bandwidth
    } else {
        Bound::Overhead
    }
}

fn compute_time<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, prompt: T::Num, rate: T::Num) -> T::Num {
    let body = tape.leaf(&inputs::BODY_PARAMS, case.body_params);
    let head = tape.leaf(&inputs::HEAD_PARAMS, case.head_params);
    let flop = tape.step(&PREFILL_FLOP, [prompt, body, head]);
    let half = tape.leaf(&inputs::ROLLOFF_TOKENS, case.prefill_rolloff);
    let factors = [
        rate,
        tape.leaf(&inputs::PREFILL_EFFICIENCY, case.prefill_efficiency),
        tape.leaf(&inputs::PREFILL_KIND_FACTOR, case.prefill_kind_factor),
        tape.leaf(&inputs::PREFILL_PATH_FACTOR, case.prefill_path_factor),
        tape.step(&ROLLOFF, [prompt, half]),
    ];
    let reached = tape.step(&PREFILL_RATE, factors);
    tape.step(&PREFILL_COMPUTE_TIME, [flop, reached])
}

fn read_time<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    prompt: T::Num,
) -> T::Num {
    let chunk = tape.leaf(&inputs::CHUNK, case.chunk);
    let chunks = tape.step(&CHUNKS, [prompt, chunk]);
    let one = tape.leaf(&inputs::STREAMS, Sourced { value: 1.0, ..case.streams });
    let reached = decode::reach(tape, case, one);
    let bandwidth = tape.leaf(&inputs::BANDWIDTH, case.bandwidth);
    tape.step(&CHUNK_READ_TIME, [chunks, weights.all_read, reached, bandwidth])
}

fn attention_time<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, prompt: T::Num, rate: T::Num) -> T::Num {
    let zero = Sourced { value: 0.0, ..case.layers };
    let layers = tape.leaf(&inputs::FULL_LAYERS, case.full_layers);
    let cached = tape.leaf(&inputs::CACHED, case.cached);
    let pairs = tape.step(&CAUSAL_PAIRS, [prompt, cached]);
    let (window_layers, window) = case.window.as_ref().map_or((zero, zero), |w| (w.layers, w.tokens));
    let window_layers = tape.leaf(&inputs::WINDOW_LAYERS, window_layers);
    let window = tape.leaf(&inputs::WINDOW, window);
    let window_pairs = tape.step(&WINDOW_PAIRS, [prompt, cached, window]);
    let pairs = tape.step(&PAIRS, [layers, pairs, window_layers, window_pairs]);
    let heads = tape.leaf(&inputs::HEADS, case.heads);
    let dim = tape.leaf(&inputs::HEAD_DIM, case.head_dim);
    let flop = tape.step(&PREFILL_ATTENTION_FLOP, [heads, dim, pairs]);
    let reached = tape.leaf(&inputs::ATTENTION_EFFICIENCY, case.attention_efficiency);
    tape.step(&ATTENTION_TIME, [flop, reached, rate])
}
