//! The time of one decode step.
//!
//! step = √(weights² + compute²) + attention + overhead. A step reads the weights once for all streams and the cache of
//! each stream once. Bandwidth plus a fixed overhead per layer fits the measurements; one efficiency percentage does
//! not.

use super::case::EstimateInputs;
use super::figures::{Bound, StepTimes};
use super::formula::{
    ACCEPTED_TOKENS, ATTENTION_FLOP, ATTENTION_STEP, ATTENTION_TIME, BATCH_REACH, COMPUTE_TIME, IN_TURN, KV_READ,
    KV_STATE_READ, KV_TIME, LINEAR_FLOP, OVERHEAD, PARAMS, REACH, SOFT_ROOFLINE, SPECULATED_STEP, STATE_OVERHEAD,
    STEP_TIME, STREAM_OVERHEAD, TOKENS_SEEN, VERIFIED_TOKENS, WEIGHT_TIME,
};
use super::setup::{offload, split};
use super::trace::{Sourced, Tape};
use super::weights::WeightBytes;
use super::{kv_cache, labels, prefill, weights};

/// One decode step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<N> {
    /// Weights read, bytes.
    pub weights_read: N,
    /// Caches and states read by all streams, bytes.
    pub cache_read: N,
    /// Bytes of the weights that the host reads, out of `weights_read`; `None` if it reads nothing.
    pub host_read: Option<N>,
    /// Times of the parts of the step.
    pub times: StepTimes<N>,
}

/// Computes a step of `streams` streams with `context` tokens in each cache.
pub(super) fn step<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    (streams, context): (T::Num, T::Num),
) -> Step<T::Num> {
    let bandwidth = tape.leaf(&labels::BANDWIDTH, case.bandwidth);
    let tokens = tokens(tape, case, streams);
    let weights_read = weights::read(tape, case, weights, tokens);
    let kv = kv_cache::cache(tape, case, context);
    let cache_read = match kv_cache::state(tape, case) {
        Some(state) => tape.step(&KV_STATE_READ, [streams, kv, state]),
        None => tape.step(&KV_READ, [streams, kv]),
    };
    let reached = reach(tape, case, tokens);
    let host = offload::host_part(tape, case, weights, (weights_read, tokens));
    let read_here = host.as_ref().map_or(weights_read, |host| host.left);
    let weight_time = tape.step(&WEIGHT_TIME, [read_here, reached, bandwidth]);
    let reached = tape.leaf(&labels::KV_EFFICIENCY, case.kv_efficiency);
    let kv_time = tape.step(&KV_TIME, [cache_read, reached, bandwidth]);
    let (matrices, compute, attention) = match case.fp16_rate {
        None => (weight_time, None, kv_time),
        Some(rate) => {
            let rate = tape.leaf(&labels::FP16_RATE, rate);
            let compute = compute_time(tape, case, tokens);
            let attention = attention_compute_time(tape, case, (tokens, context), rate);
            let matrices = compute.map_or(weight_time, |compute| tape.step(&SOFT_ROOFLINE, [weight_time, compute]));
            (matrices, compute, tape.step(&ATTENTION_STEP, [kv_time, attention]))
        }
    };
    let (matrices, weight_time) = match &host {
        None => (matrices, weight_time),
        Some(host) => (tape.step(&IN_TURN, [matrices, host.time]), tape.step(&IN_TURN, [weight_time, host.time])),
    };
    let overhead = overhead(tape, case, streams);
    let overhead = split::crossed(tape, case, overhead, tokens);
    let step = tape.step(&STEP_TIME, [matrices, attention, overhead]);
    let step = speculated(tape, case, step);
    let times = StepTimes { weights: weight_time, compute, attention, overhead, step };
    Step { weights_read, cache_read, host_read: host.map(|host| host.read), times }
}

/// Returns the tokens that a step works on: one per stream, plus its drafted tokens.
pub(super) fn tokens<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, streams: T::Num) -> T::Num {
    let Some(speculation) = &case.speculation else { return streams };
    let drafted = tape.leaf(&labels::DRAFTED, speculation.drafted);
    tape.step(&VERIFIED_TOKENS, [streams, drafted])
}

/// Returns the tokens that a stream gains per step; `None` without speculative decoding.
pub(super) fn gained<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>) -> Option<T::Num> {
    let speculation = case.speculation.as_ref()?;
    let drafted = tape.leaf(&labels::DRAFTED, speculation.drafted);
    let acceptance = tape.leaf(&labels::ACCEPTANCE, speculation.acceptance);
    Some(tape.step(&ACCEPTED_TOKENS, [acceptance, drafted]))
}

/// Returns the time per token: that of the step, or with drafts that of the step and its drafts over the tokens gained.
fn speculated<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, step: T::Num) -> T::Num {
    let Some((speculation, gained)) = case.speculation.as_ref().zip(gained(tape, case)) else { return step };
    let drafted = tape.leaf(&labels::DRAFTED, speculation.drafted);
    let share = tape.leaf(&labels::DRAFT_SHARE, speculation.draft_share);
    let start = tape.leaf(&labels::DRAFT_START, speculation.start);
    tape.step(&SPECULATED_STEP, [step, drafted, share, gained, start])
}

/// Returns the share of the bandwidth that reading weights reaches when `streams` tokens share a step.
pub(super) fn reach<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, streams: T::Num) -> T::Num {
    let machine = tape.leaf(&labels::WEIGHT_EFFICIENCY, case.weight_efficiency);
    let path = tape.leaf(&labels::WEIGHT_PATH, case.weight_path);
    let reach = tape.step(&REACH, [machine, path]);
    if tape.value(streams) <= 1.0 {
        return reach;
    }
    let kept = tape.leaf(&labels::BATCH_BANDWIDTH, case.batch_bandwidth);
    tape.step(&BATCH_REACH, [reach, kept, streams])
}

/// Returns the time to compute the matrices for the tokens of a step; `None` if the machine's compute rate is not
/// known.
fn compute_time<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, tokens: T::Num) -> Option<T::Num> {
    let (zero, one) = (Sourced { value: 0.0, ..case.layers }, Sourced { value: 1.0, ..case.layers });
    let rate = prefill::rate(tape, case)?;
    let (params, share) =
        case.experts.as_ref().map_or((zero, one), |experts| (experts.active_params, experts.efficiency));
    let dense = tape.leaf(&labels::DENSE_PARAMS, case.dense_params);
    let head = tape.leaf(&labels::HEAD_PARAMS, case.head_params);
    let inputs = [
        tokens,
        tape.step(&PARAMS, [dense, head]),
        tape.leaf(&labels::EXPERT_PARAMS, params),
        tape.leaf(&labels::EXPERT_EFFICIENCY, share),
        tape.leaf(&labels::BATCH_EFFICIENCY, case.batch_efficiency),
        rate,
    ];
    Some(tape.step(&COMPUTE_TIME, inputs))
}

/// Returns the FLOP of the matrices for `tokens` tokens.
pub(super) fn linear_flop<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, tokens: T::Num) -> T::Num {
    let params = tape.leaf(&labels::ACTIVE_PARAMS, case.active_params);
    tape.step(&LINEAR_FLOP, [tokens, params])
}

fn attention_compute_time<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    load: (T::Num, T::Num),
    rate: T::Num,
) -> T::Num {
    let flop = attention_flop(tape, case, load);
    let reached = prefill::attention_reach(tape, case);
    tape.step(&ATTENTION_TIME, [flop, reached, rate])
}

/// Returns the FLOP of attention for one token of each of `streams` streams with `context` tokens in each cache.
pub(super) fn attention_flop<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    (streams, context): (T::Num, T::Num),
) -> T::Num {
    let zero = Sourced { value: 0.0, ..case.layers };
    let layers = tape.leaf(&labels::FULL_LAYERS, case.full_layers);
    let window_layers = tape.leaf(&labels::WINDOW_LAYERS, case.window.as_ref().map_or(zero, |w| w.layers));
    let windowed = kv_cache::window_tokens(tape, case, context);
    let seen = tape.step(&TOKENS_SEEN, [layers, context, window_layers, windowed]);
    let heads = tape.leaf(&labels::HEADS, case.heads);
    let dim = tape.leaf(&labels::ATTENTION_DIM, case.attention_dim);
    tape.step(&ATTENTION_FLOP, [streams, heads, dim, seen])
}

fn overhead<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, streams: T::Num) -> T::Num {
    let zero = Sourced { value: 0.0, ..case.layers };
    let (moe, moe_each) = case.experts.as_ref().map_or((zero, zero), |e| (e.layers, e.overhead));
    let (linear, linear_each) = case.linear.as_ref().map_or((zero, zero), |l| (l.layers, l.overhead));
    let inputs = [
        tape.leaf(&labels::LAYERS, case.layers),
        tape.leaf(&labels::LAYER_TIME, case.layer_time),
        tape.leaf(&labels::MOE_LAYERS, moe),
        tape.leaf(&labels::MOE_LAYER_TIME, moe_each),
        tape.leaf(&labels::LINEAR_LAYERS, linear),
        tape.leaf(&labels::LINEAR_LAYER_TIME, linear_each),
    ];
    let fixed = tape.step(&OVERHEAD, inputs);
    if tape.value(streams) <= 1.0 {
        return fixed;
    }
    let [layers, ..] = inputs;
    let each = tape.leaf(&labels::STREAM_TIME, case.stream_time);
    let fixed = tape.step(&STREAM_OVERHEAD, [fixed, streams, layers, each]);
    let (Some(linear), Some(state)) = (&case.linear, kv_cache::state(tape, case)) else { return fixed };
    let copies = tape.leaf(&labels::STATE_COPIES, linear.state_copies);
    let bandwidth = tape.leaf(&labels::BANDWIDTH, case.bandwidth);
    tape.step(&STATE_OVERHEAD, [fixed, streams, copies, state, bandwidth])
}

/// Returns the resource that takes the largest part of a step: bandwidth, compute or overhead.
pub(super) fn bound<'a, T: Tape<'a>>(tape: &T, times: &StepTimes<T::Num>) -> Bound {
    let reading = tape.value(times.weights) + tape.value(times.attention);
    let compute = times.compute.map_or(0.0, |compute| tape.value(compute));
    let overhead = tape.value(times.overhead);
    if reading >= compute && reading >= overhead {
        Bound::Bandwidth
    } else if compute >= overhead {
        Bound::Compute
    } else {
        Bound::Overhead
    }
}
