//! The time of a prefill: a prompt is computed in micro-batches.
//!
//! Each micro-batch multiplies by the dense matrices and by the matrices of the experts that its tokens are routed to;
//! both overlap with reading their weights. It also scans the layers of linear attention. The time of attention grows
//! with the square of the prompt. The rate is that of the compute unit which multiplies in this format on this machine.

use super::case::EstimateInputs;
use super::figures::Bound;
use super::formula::{
    ATTENTION_REACH, ATTENTION_TIME, BATCHED_TOKENS, CAUSAL_PAIRS, DENSE_TIME, EXPERT_TIME, EXPERTS_READ,
    EXPERTS_TOUCHED, HEAD_TIME, MICRO_BATCH_TIME, MICRO_BATCH_TOKENS, MICRO_BATCHES, PAIRS, PREFILL_ATTENTION_FLOP,
    PREFILL_BUSY, PREFILL_RATE, PREFILL_TIME, SCAN_TIME, SOFT_ROOFLINE, UNIT_RATE, WEIGHT_TIME, WINDOW_PAIRS,
};
use super::setup::{offload, split};
use super::trace::{Sourced, Tape};
use super::weights::WeightBytes;
use super::{decode, labels};

/// One prefill.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times<N> {
    /// Time until the prompt is computed, seconds.
    pub whole: N,
    /// The part of that time in which the device works, seconds: without the wait before the start.
    pub busy: N,
    /// Tokens of a micro-batch.
    pub micro_batch: N,
    /// The resource that takes the most time: compute, bandwidth or overhead.
    pub bound: Bound,
}

/// Times of one multiplication, seconds: reading its weights, computing it, and both overlapped.
#[derive(Clone, Copy)]
struct Overlapped<N> {
    read: N,
    compute: N,
    both: N,
}

/// Returns the times of the prefill of one request while `together` requests are batched; `None` if the machine's
/// compute rate is not known.
pub(super) fn time<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    together: T::Num,
) -> Option<Times<T::Num>> {
    let (rate, half_rate) = (rate(tape, case)?, tape.leaf(&labels::FP16_RATE, case.fp16_rate?));
    let prompt = tape.leaf(&labels::PROMPT, case.prompt);
    let most = tape.leaf(&labels::MICRO_BATCH, case.micro_batch);
    let waiting = if tape.value(together) > 1.0 { tape.step(&BATCHED_TOKENS, [together, prompt]) } else { prompt };
    let tokens = tape.step(&MICRO_BATCH_TOKENS, [most, waiting]);
    let count = tape.step(&MICRO_BATCHES, [prompt, tokens]);
    let zero = Sourced { value: 0.0, ..case.layers };
    let none = tape.leaf(&labels::NOTHING, zero);
    let dense = dense(tape, case, weights, (tokens, rate));
    let experts = experts(tape, case, weights, (tokens, rate));
    let scan = scan_time(tape, case, (tokens, half_rate));
    let parts = [dense.both, experts.map_or(none, |experts| experts.both), scan.unwrap_or(none)];
    let each = tape.step(&MICRO_BATCH_TIME, parts);
    let attention = attention_time(tape, case, prompt, half_rate);
    let head = head(tape, case, weights, rate);
    let start = tape.leaf(&labels::PREFILL_START_TIME, case.prefill_start);
    let sum = |part: fn(&Overlapped<T::Num>) -> T::Num, tape: &T| {
        tape.value(part(&dense)) + experts.as_ref().map_or(0.0, |experts| tape.value(part(experts)))
    };
    let times = tape.value(count);
    let compute = times * (sum(|part| part.compute, tape) + scan.map_or(0.0, |scan| tape.value(scan)));
    let bound = bound(compute + tape.value(attention), times * sum(|part| part.read, tape), tape.value(start));
    let busy = tape.step(&PREFILL_BUSY, [count, each, attention, head]);
    let busy = split::prefill(tape, case, busy, prompt);
    let busy = offload::prefill(tape, case, weights, (busy, prompt, count));
    Some(Times { whole: tape.step(&PREFILL_TIME, [busy, start]), busy, micro_batch: tokens, bound })
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

/// Returns the rate that large dense matrices reach, FLOP/s; `None` if the machine's compute rate is not known.
pub(super) fn rate<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>) -> Option<T::Num> {
    let unit = tape.leaf(&labels::UNIT_RATE, case.unit_rate?);
    let multiple = tape.leaf(&labels::UNIT_MULTIPLE, case.unit_multiple);
    let factors = [
        tape.step(&UNIT_RATE, [unit, multiple]),
        tape.leaf(&labels::PREFILL_EFFICIENCY, case.prefill_efficiency),
        tape.leaf(&labels::PREFILL_PATH, case.prefill_path),
        tape.leaf(&labels::PREFILL_FORMAT, case.prefill_format),
    ];
    Some(tape.step(&PREFILL_RATE, factors))
}

fn read_time<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, bytes: T::Num) -> T::Num {
    let one = tape.leaf(&labels::STREAMS, Sourced { value: 1.0, ..case.streams });
    let reached = decode::reach(tape, case, one);
    let bandwidth = tape.leaf(&labels::BANDWIDTH, case.bandwidth);
    tape.step(&WEIGHT_TIME, [bytes, reached, bandwidth])
}

fn dense<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    (tokens, rate): (T::Num, T::Num),
) -> Overlapped<T::Num> {
    let params = tape.leaf(&labels::DENSE_PARAMS, case.dense_params);
    let half = tape.leaf(&labels::DENSE_HALF, case.dense_half);
    let compute = tape.step(&DENSE_TIME, [params, tokens, half, rate]);
    let read = read_time(tape, case, weights.dense_read);
    Overlapped { read, compute, both: tape.step(&SOFT_ROOFLINE, [read, compute]) }
}

fn experts<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    (tokens, rate): (T::Num, T::Num),
) -> Option<Overlapped<T::Num>> {
    let (experts, bytes) = (case.experts.as_ref()?, weights.experts?);
    let total = tape.leaf(&labels::EXPERTS, experts.experts);
    let per_token = tape.leaf(&labels::PER_TOKEN, experts.per_token);
    let coverage = tape.leaf(&labels::COVERAGE, experts.coverage);
    let touched = tape.step(&EXPERTS_TOUCHED, [total, per_token, tokens, coverage]);
    let bytes = tape.step(&EXPERTS_READ, [bytes, touched, total]);
    let read = read_time(tape, case, bytes);
    let params = tape.leaf(&labels::EXPERT_PARAMS, experts.active_params);
    let half = tape.leaf(&labels::EXPERT_HALF, experts.half);
    let reached = tape.leaf(&labels::EXPERT_EFFICIENCY, experts.efficiency);
    let compute = tape.step(&EXPERT_TIME, [params, tokens, half, total, per_token, reached, rate]);
    Some(Overlapped { read, compute, both: tape.step(&SOFT_ROOFLINE, [read, compute]) })
}

/// Returns the time of the scans of linear attention; `None` if the model has none.
fn scan_time<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    (tokens, rate): (T::Num, T::Num),
) -> Option<T::Num> {
    let linear = case.linear.as_ref()?;
    let state = tape.leaf(&labels::STATE_ELEMS, linear.state.0);
    let reached = tape.leaf(&labels::SCAN_EFFICIENCY, linear.efficiency);
    Some(tape.step(&SCAN_TIME, [tokens, state, reached, rate]))
}

/// Returns the time of `lm_head`, which is computed once per prompt.
fn head<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    rate: T::Num,
) -> T::Num {
    let params = tape.leaf(&labels::HEAD_PARAMS, case.head_params);
    let compute = tape.step(&HEAD_TIME, [params, rate]);
    let Some(bytes) = weights.head else { return compute };
    let read = read_time(tape, case, bytes);
    tape.step(&SOFT_ROOFLINE, [read, compute])
}

/// Returns the share of the dense FP16 rate that attention reaches.
pub(super) fn attention_reach<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>) -> T::Num {
    let reached = tape.leaf(&labels::ATTENTION_EFFICIENCY, case.attention_efficiency);
    let kind = tape.leaf(&labels::ATTENTION_KIND, case.attention_kind);
    tape.step(&ATTENTION_REACH, [reached, kind])
}

fn attention_time<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, prompt: T::Num, rate: T::Num) -> T::Num {
    let zero = Sourced { value: 0.0, ..case.layers };
    let layers = tape.leaf(&labels::FULL_LAYERS, case.full_layers);
    let cached = tape.leaf(&labels::CACHED, case.cached);
    let pairs = tape.step(&CAUSAL_PAIRS, [prompt, cached]);
    let (window_layers, window) = case.window.as_ref().map_or((zero, zero), |w| (w.layers, w.tokens));
    let window_layers = tape.leaf(&labels::WINDOW_LAYERS, window_layers);
    let window = tape.leaf(&labels::WINDOW, window);
    let window_pairs = tape.step(&WINDOW_PAIRS, [prompt, cached, window]);
    let pairs = tape.step(&PAIRS, [layers, pairs, window_layers, window_pairs]);
    let heads = tape.leaf(&labels::HEADS, case.heads);
    let dim = tape.leaf(&labels::ATTENTION_DIM, case.attention_dim);
    let flop = tape.step(&PREFILL_ATTENTION_FLOP, [heads, dim, pairs]);
    let reached = attention_reach(tape, case);
    tape.step(&ATTENTION_TIME, [flop, reached, rate])
}
