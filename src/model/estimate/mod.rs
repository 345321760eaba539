//! The estimate: pure functions, and the only place where a speed, a size or a cost is computed.
//!
//! Three kinds of figure are never confused. A *ceiling* is specified bandwidth over bytes. An *expected* figure is a
//! band that comes from efficiencies fitted to measurements. A *measurement* is a published observation; none is made
//! here.
//!
//! [`run`] works on any [`trace::Tape`]: on [`trace::Plain`] it gives numbers and allocates nothing; on
//! [`trace::Recorder`] the same code also records the tree of formulas behind every number.
#![warn(clippy::disallowed_methods)]

mod break_even;
pub mod case;
pub mod custom;
mod decode;
pub mod figures;
pub mod formula;
mod kv_cache;
pub mod labels;
pub mod lanes;
mod memory_fit;
mod money;
pub mod observed;
mod prefill;
mod roofline;
pub mod setup;
pub mod trace;
pub mod verdict;
mod weights;
mod words;

use case::{Edges, EstimateInputs};
use decode::Step;
use figures::{Band, Bound, Decode, Estimate, Memory, Prefill, Speeds};
use formula::{
    AGGREGATE, ANSWER_TIME, BAND_EDGE, CEILING, DRAFT_CEILING, EXPECTED, FILLED_TOKENS, MEAN_CONTEXT, PREFILL_SPEED,
    QUEUED, SERVED, STEP_BYTES, TIME_EDGE, TTFT,
};
use setup::{offload, split, users};
use trace::{NodeId, Plain, Recorder, Tape, Trace};

use crate::model::facts::Batching;
use crate::model::units::Unit;
use weights::WeightBytes;

/// Estimates a case: numbers only, no allocation.
#[must_use]
pub fn estimate(case: &EstimateInputs<'_>) -> Estimate<f64> {
    run(&mut Plain, case)
}

/// Returns the memory and decode figures of [`estimate`] alone; a search over many cases asks for them first.
#[must_use]
pub fn fit_and_decode(case: &EstimateInputs<'_>) -> (Memory<f64>, Decode<f64>) {
    decode_of(&mut Plain, case)
}

/// Returns the memory and decode figures of a case on any tape, for the streams that run at once.
fn decode_of<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>) -> (Memory<T::Num>, Decode<T::Num>) {
    let weights = weights::resident(tape, case);
    let fewer = running(tape, case, &weights);
    let case = fewer.as_ref().unwrap_or(case);
    let memory = memory_fit::memory(tape, case, &weights);
    let decode = decode_figures(tape, case, &weights, &memory);
    (memory, decode)
}

/// Returns the times of a prefill that shares its micro-batches with those of other streams; `None` for a single
/// stream.
fn together<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    streams: T::Num,
) -> Option<prefill::Times<T::Num>> {
    if tape.value(streams) > 1.0 { prefill::time(tape, case, weights, streams) } else { None }
}

/// Estimates a case and records every step.
#[must_use]
pub fn explain<'a>(case: &EstimateInputs<'a>) -> (Estimate<NodeId>, Trace<'a>) {
    let mut tape = Recorder::default();
    let estimate = run(&mut tape, case);
    (estimate, tape.finish())
}

/// Estimates a case on any tape.
pub fn run<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>) -> Estimate<T::Num> {
    let weights = weights::resident(tape, case);
    let fewer = running(tape, case, &weights);
    let case = fewer.as_ref().unwrap_or(case);
    let memory = memory_fit::memory(tape, case, &weights);
    let decode = decode_figures(tape, case, &weights, &memory);
    let one = tape.leaf(&labels::STREAMS, trace::Sourced { value: 1.0, ..case.streams });
    let prefill = decode.speeds.and_then(|_| prefill::time(tape, case, &weights, one));
    let step = prefill.map(|_| answering_step(tape, case, &weights));
    let together =
        prefill.zip(step).map(|(alone, step)| (together(tape, case, &weights, step.0).unwrap_or(alone), step));
    let served = together.map(|(times, step)| served(tape, case, times.busy, step));
    let prefill = prefill.map(|times| prefill_figures(tape, case, &weights, (times.whole, times.bound)));
    let answer_time = prefill.zip(step).map(|(prefill, (_, step))| answer_time(tape, case, &prefill.ttft, step));
    let roofline = roofline::roofline(tape, case, &weights, (decode.weights_read, decode.cache_read));
    let speed = decode.speeds.map(|speeds| speeds.aggregate.expected);
    let money = money::money(tape, case, speed);
    let users = users::users(tape, case);
    let bandwidth = tape.leaf(&labels::BANDWIDTH, case.bandwidth);
    Estimate {
        bandwidth,
        memory,
        decode,
        prefill,
        answer_time,
        roofline,
        served,
        users,
        load_watts: money.load_watts,
        idle_watts: money.idle_watts,
        joules_per_token: money.joules_per_token,
        kwh_per_mtok: money.kwh_per_mtok,
        cost: money.cost,
        computer: money.computer,
        bill: money.bill,
        rent: money.rent,
        api: money.api,
    }
}

/// Returns the case with only as many streams as memory holds at once; `None` for one stream or if all fit.
fn running<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
) -> Option<EstimateInputs<'a>> {
    if case.streams.value <= 1.0 {
        return None;
    }
    let memory = memory_fit::memory(tape, case, weights);
    if memory.fits {
        return None;
    }
    let most = memory.max_streams.map_or(1.0, |most| tape.value(most)).clamp(1.0, case.streams.value);
    Some(EstimateInputs { streams: trace::Sourced { value: most, ..case.streams }, ..*case })
}

fn decode_figures<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    memory: &Memory<T::Num>,
) -> Decode<T::Num> {
    let streams = tape.leaf(&labels::STREAMS, case.streams);
    let context = tape.leaf(&labels::CONTEXT, case.context);
    let batch = split::batch(tape, case, streams);
    let together = decode::step(tape, case, weights, (batch, context));
    let speeds = (memory.fits && case.runs).then(|| speeds(tape, case, weights, &together));
    let bound = if memory.fits { decode::bound(tape, &together.times) } else { Bound::Memory };
    let Step { weights_read, cache_read, times, .. } = together;
    Decode { weights_read, cache_read, bound, times, speeds }
}

fn speeds<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    together: &Step<T::Num>,
) -> Speeds<T::Num> {
    let streams = tape.leaf(&labels::STREAMS, case.streams);
    let bandwidth = tape.leaf(&labels::BANDWIDTH, case.bandwidth);
    let several = tape.value(streams) > 1.0;
    let unit = if several { Unit::BytesPerStep } else { Unit::BytesPerToken };
    let bytes = tape.step_in(&STEP_BYTES, unit, [together.weights_read, together.cache_read]);
    let host = offload::ceiling(tape, case, together.host_read, (bandwidth, bytes));
    let ceiling = host.unwrap_or_else(|| tape.step(&CEILING, [bandwidth, bytes]));
    let ceiling = match decode::gained(tape, case) {
        Some(gained) => tape.step(&DRAFT_CEILING, [ceiling, gained]),
        None => ceiling,
    };
    let aggregate_ceiling = if several { tape.step(&AGGREGATE, [streams, ceiling]) } else { ceiling };
    let (expected, all) = expected(tape, case, weights, together);
    let edges = case.edges(several, together.host_read.is_some());
    let mut each = band(tape, (expected, ceiling), &edges);
    if several {
        // The band of several streams is wider, but no stream is faster than it would be alone.
        let alone = alone_at_best(tape, case, weights);
        each.high = tape.smaller(each.high, alone);
    }
    let aggregate = if several { band(tape, (all, aggregate_ceiling), &edges) } else { each };
    Speeds { ceiling, each, aggregate_ceiling, aggregate }
}

/// Returns the upper edge of the speed of one stream that has the machine to itself.
fn alone_at_best<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, weights: &WeightBytes<T::Num>) -> T::Num {
    let alone = single_step(tape, case, weights);
    let high = tape.leaf(&labels::BAND_HIGH, case.edges(false, alone.host_read.is_some()).high);
    let alone = tape.step(&EXPECTED, [alone.times.step]);
    tape.step(&BAND_EDGE, [alone, high])
}

/// Returns a decode step of one stream.
fn single_step<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
) -> Step<T::Num> {
    let single = tape.leaf(&labels::STREAMS, trace::Sourced { value: 1.0, ..case.streams });
    let context = tape.leaf(&labels::CONTEXT, case.context);
    decode::step(tape, case, weights, (single, context))
}

/// Returns the expected speeds of one stream and of all streams.
fn expected<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    together: &Step<T::Num>,
) -> (T::Num, T::Num) {
    let streams = tape.leaf(&labels::STREAMS, case.streams);
    if tape.value(streams) <= 1.0 {
        let one = tape.step(&EXPECTED, [together.times.step]);
        return (one, one);
    }
    if case.batching == Batching::Queue {
        // One stream runs at a time, so all streams together are as fast as one stream alone.
        let alone = single_step(tape, case, weights);
        let one = tape.step(&EXPECTED, [alone.times.step]);
        let all = split::of_all(tape, case, one);
        return (tape.step(&QUEUED, [all, streams]), all);
    }
    let each = tape.step(&EXPECTED, [together.times.step]);
    (each, tape.step(&AGGREGATE, [streams, each]))
}

/// Returns the band around an expected speed; no part of it exceeds the ceiling.
fn band<'a, T: Tape<'a>>(tape: &mut T, (expected, ceiling): (T::Num, T::Num), edges: &Edges<'a>) -> Band<T::Num> {
    let low = tape.leaf(&labels::BAND_LOW, edges.low);
    let high = tape.leaf(&labels::BAND_HIGH, edges.high);
    let low = tape.step(&BAND_EDGE, [expected, low]);
    let high = tape.step(&BAND_EDGE, [expected, high]);
    Band {
        low: tape.smaller(low, ceiling),
        expected: tape.smaller(expected, ceiling),
        high: tape.smaller(high, ceiling),
    }
}

/// Returns the streams that share a step half-way through their answers, and the time of that step.
fn answering_step<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
) -> (T::Num, T::Num) {
    let streams =
        if case.batching == Batching::Queue { trace::Sourced { value: 1.0, ..case.streams } } else { case.streams };
    let batch = tape.leaf(&labels::STREAMS, streams);
    let batch = split::batch(tape, case, batch);
    let filled = filled(tape, case);
    let generate = tape.leaf(&labels::GENERATE, case.generate);
    let context = tape.step(&MEAN_CONTEXT, [filled, generate]);
    (batch, decode::step(tape, case, weights, (batch, context)).times.step)
}

/// Returns the tokens in a stream's cache when its answer begins.
fn filled<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>) -> T::Num {
    let prompt = tape.leaf(&labels::PROMPT, case.prompt);
    let cached = tape.leaf(&labels::CACHED, case.cached);
    if tape.value(cached) > 0.0 { tape.step(&FILLED_TOKENS, [cached, prompt]) } else { prompt }
}

fn served<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    prefill: T::Num,
    (batch, step): (T::Num, T::Num),
) -> Band<T::Num> {
    let streams = tape.leaf(&labels::STREAMS, case.streams);
    let generate = tape.leaf(&labels::GENERATE, case.generate);
    let one = tape.step(&SERVED, [generate, prefill, step, batch]);
    let expected = split::of_all(tape, case, one);
    let edges = if tape.value(streams) > 1.0 { &case.aggregate_band } else { &case.decode_band };
    let low = tape.leaf(&labels::BAND_LOW, edges.low);
    let high = tape.leaf(&labels::BAND_HIGH, edges.high);
    Band { low: tape.step(&BAND_EDGE, [expected, low]), expected, high: tape.step(&BAND_EDGE, [expected, high]) }
}

fn prefill_figures<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    weights: &WeightBytes<T::Num>,
    (time, bound): (T::Num, Bound),
) -> Prefill<T::Num> {
    let prompt = tape.leaf(&labels::PROMPT, case.prompt);
    let streams = tape.leaf(&labels::STREAMS, case.streams);
    let low = tape.leaf(&labels::BAND_LOW, case.prefill_band.low);
    let high = tape.leaf(&labels::BAND_HIGH, case.prefill_band.high);
    let expected = tape.step(&PREFILL_SPEED, [prompt, time]);
    let speed =
        Band { low: tape.step(&BAND_EDGE, [expected, low]), expected, high: tape.step(&BAND_EDGE, [expected, high]) };
    let filled = filled(tape, case);
    let batch = split::batch(tape, case, streams);
    let first = decode::step(tape, case, weights, (batch, filled));
    let ttft = tape.step(&TTFT, [time, first.times.step]);
    let fast = tape.step(&TIME_EDGE, [ttft, high]);
    let slow = tape.step(&TIME_EDGE, [ttft, low]);
    Prefill { speed, ttft: Band { low: fast, expected: ttft, high: slow }, bound }
}

/// Returns the time to the whole answer; each edge adds that edge of the time to first token to that of decode.
fn answer_time<'a, T: Tape<'a>>(
    tape: &mut T,
    case: &EstimateInputs<'a>,
    ttft: &Band<T::Num>,
    step: T::Num,
) -> Band<T::Num> {
    let generate = tape.leaf(&labels::GENERATE, case.generate);
    let edges = if case.streams.value > 1.0 { &case.aggregate_band } else { &case.decode_band };
    let low = tape.leaf(&labels::BAND_LOW, edges.low);
    let high = tape.leaf(&labels::BAND_HIGH, edges.high);
    let fast = tape.step(&TIME_EDGE, [step, high]);
    let slow = tape.step(&TIME_EDGE, [step, low]);
    let mut whole = |ttft, step| tape.step(&ANSWER_TIME, [ttft, generate, step]);
    Band { low: whole(ttft.low, fast), expected: whole(ttft.expected, step), high: whole(ttft.high, slow) }
}
