//! How fast a prompt is read: one request into an empty cache.
//!
//! prefill = √(compute² + chunk reads²) + causal attention + start. The compute rate depends on the kernels of the
//! format on that machine and runtime; it is every tool's worst figure, so its band is wide.

use super::case::Case;
use super::figures::Bound;
use super::formula::{
    ATTENTION_TIME, CAUSAL_PAIRS, CHUNK_READ_TIME, CHUNKS, PAIRS, PREFILL_ATTENTION_FLOP, PREFILL_COMPUTE_TIME,
    PREFILL_FLOP, PREFILL_RATE, PREFILL_TIME, SOFT_ROOFLINE, WINDOW_PAIRS,
};
use super::inputs;
use super::trace::{Known, Tape};
use super::weights::WeightBytes;

/// Time of a prefill in seconds and what it waits for; `None` where the machine's compute rate is not known.
pub(super) fn time<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &Case<'a>,
    weights: &WeightBytes<T::Num>,
) -> Option<(T::Num, Bound)> {
    let rate = tape.leaf(&inputs::FP16_RATE, case.fp16_rate?);
    let prompt = tape.leaf(&inputs::PROMPT, case.prompt);
    let compute = compute_time(tape, case, prompt, rate);
    let read = read_time(tape, case, weights, prompt);
    let matrices = tape.step(&SOFT_ROOFLINE, [read, compute]);
    let attention = attention_time(tape, case, prompt, rate);
    let start = tape.leaf(&inputs::PREFILL_START_TIME, case.prefill_start);
    let bound = bound(tape.value(compute) + tape.value(attention), tape.value(read), tape.value(start));
    Some((tape.step(&PREFILL_TIME, [matrices, attention, start]), bound))
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

fn compute_time<'a, T: Tape<'a>>(tape: &mut T, case: &Case<'a>, prompt: T::Num, rate: T::Num) -> T::Num {
    let one = Known { value: 1.0, ..case.prefill_efficiency };
    let body = tape.leaf(&inputs::BODY_PARAMS, case.body_params);
    let head = tape.leaf(&inputs::HEAD_PARAMS, case.head_params);
    let flop = tape.step(&PREFILL_FLOP, [prompt, body, head]);
    let factors = [
        rate,
        tape.leaf(&inputs::PREFILL_EFFICIENCY, case.prefill_efficiency),
        tape.leaf(&inputs::PREFILL_MOE_FACTOR, case.experts.as_ref().map_or(one, |e| e.prefill_factor)),
        tape.leaf(&inputs::PREFILL_HYBRID_FACTOR, case.linear.as_ref().map_or(one, |l| l.prefill_factor)),
        tape.leaf(&inputs::PREFILL_PATH_FACTOR, case.prefill_path_factor),
    ];
    let reached = tape.step(&PREFILL_RATE, factors);
    tape.step(&PREFILL_COMPUTE_TIME, [flop, reached])
}

fn read_time<'a, T: Tape<'a>>(tape: &mut T, case: &Case<'a>, weights: &WeightBytes<T::Num>, prompt: T::Num) -> T::Num {
    let chunk = tape.leaf(&inputs::CHUNK, case.chunk);
    let chunks = tape.step(&CHUNKS, [prompt, chunk]);
    let reached = tape.leaf(&inputs::WEIGHT_EFFICIENCY, case.weight_efficiency);
    let bandwidth = tape.leaf(&inputs::BANDWIDTH, case.bandwidth);
    tape.step(&CHUNK_READ_TIME, [chunks, weights.all_read, reached, bandwidth])
}

fn attention_time<'a, T: Tape<'a>>(tape: &mut T, case: &Case<'a>, prompt: T::Num, rate: T::Num) -> T::Num {
    let zero = Known { value: 0.0, ..case.layers };
    let layers = tape.leaf(&inputs::FULL_LAYERS, case.full_layers);
    let pairs = tape.step(&CAUSAL_PAIRS, [prompt]);
    let (window_layers, window) = case.window.as_ref().map_or((zero, zero), |w| (w.layers, w.tokens));
    let window_layers = tape.leaf(&inputs::WINDOW_LAYERS, window_layers);
    let window = tape.leaf(&inputs::WINDOW, window);
    let window_pairs = tape.step(&WINDOW_PAIRS, [prompt, window]);
    let pairs = tape.step(&PAIRS, [layers, pairs, window_layers, window_pairs]);
    let heads = tape.leaf(&inputs::HEADS, case.heads);
    let dim = tape.leaf(&inputs::HEAD_DIM, case.head_dim);
    let flop = tape.step(&PREFILL_ATTENTION_FLOP, [heads, dim, pairs]);
    let reached = tape.leaf(&inputs::ATTENTION_EFFICIENCY, case.attention_efficiency);
    tape.step(&ATTENTION_TIME, [flop, reached, rate])
}
