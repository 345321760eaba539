//! The figures that benchmarks report, without a trace, for comparing estimates with measurements.

use super::case::EstimateInputs;
use super::formula::{PREFILL_SPEED, SERVED, WINDOW_SPEED};
use super::prefill::{self, Times};
use super::trace::{Plain, Tape};
use super::{answering_step, decode_figures, memory_fit, weights};

/// Returns the expected tokens per second of one stream and of all streams; `None` if the case does not fit or run.
#[must_use]
pub fn decode_speeds(case: &EstimateInputs<'_>) -> Option<(f64, f64)> {
    let tape = &mut Plain;
    let weights = weights::resident(tape, case);
    let memory = memory_fit::memory(tape, case, &weights);
    let speeds = decode_figures(tape, case, &weights, &memory).speeds?;
    Some((speeds.each.expected, speeds.aggregate.expected))
}

/// Returns the prefill tokens per second of one prompt; `None` if the machine's compute rate is not known.
#[must_use]
pub fn prefill_speed(case: &EstimateInputs<'_>) -> Option<f64> {
    let tape = &mut Plain;
    let weights = weights::resident(tape, case);
    let times = prefill::time(tape, case, &weights, 1.0)?;
    Some(tape.step(&PREFILL_SPEED, [case.prompt.value, times.whole]))
}

/// Returns the steady output tokens per second when prefill runs on the same device; `None` if the machine's compute
/// rate is not known.
#[must_use]
pub fn served_speed(case: &EstimateInputs<'_>) -> Option<f64> {
    let (times, streams, step) = batched(case)?;
    Some(Plain.step(&SERVED, [case.generate.value, times.busy, step, streams]))
}

/// Returns the output tokens per second from the first token of any stream to the last token of all streams, as
/// llama-benchy counts them; `None` if the machine's compute rate is not known.
#[must_use]
pub fn window_speed(case: &EstimateInputs<'_>) -> Option<f64> {
    let (times, streams, step) = batched(case)?;
    let inputs = [case.generate.value, times.busy, times.micro_batch, streams, case.prompt.value, step];
    Some(Plain.step(&WINDOW_SPEED, inputs))
}

/// Returns the prefill of one of the streams that share a batch, the number of those streams, and the time of their
/// step.
fn batched(case: &EstimateInputs<'_>) -> Option<(Times<f64>, f64, f64)> {
    let tape = &mut Plain;
    let weights = weights::resident(tape, case);
    let (streams, step) = answering_step(tape, case, &weights);
    Some((prefill::time(tape, case, &weights, streams)?, streams, step))
}
