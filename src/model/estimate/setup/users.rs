//! Users at a speed: the most streams that fit and that each get the least speed.

use super::super::case::EstimateInputs;
use super::super::formula::USERS_AT_SPEED;
use super::super::trace::{Plain, Sourced, Tape};
use super::super::{decode_of, labels};

/// Streams at most.
const MOST: u32 = 1 << 12;

/// Returns the most users, at the context of a case, whose streams fit and who each get its least speed as expected; 0
/// where a single one does not, `None` where no least speed is asked or the case gives no speed at all.
pub(in super::super) fn users<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>) -> Option<T::Num> {
    let least = case.least_speed?;
    let most = most(case, least.value)?;
    let streams = Sourced { value: f64::from(most), ..case.streams };
    let (_, decode) = decode_of(tape, &EstimateInputs { streams, ..*case });
    let inputs =
        [tape.leaf(&labels::STREAMS, streams), decode.speeds?.each.expected, tape.leaf(&labels::LEAST_SPEED, least)];
    Some(tape.step(&USERS_AT_SPEED, inputs))
}

/// Returns the most streams that are each fast enough, at least one; `None` where one has no speed.
fn most(case: &EstimateInputs<'_>, least: f64) -> Option<u32> {
    let with = |streams: u32| {
        let streams = Sourced { value: f64::from(streams), ..case.streams };
        decode_of(&mut Plain, &EstimateInputs { streams, ..*case })
    };
    let (memory, decode) = with(1);
    decode.speeds?;
    let fitting = memory.max_streams.map_or(f64::from(MOST), |most| most.clamp(1.0, f64::from(MOST)));
    let is_fast = |streams: u32| with(streams).1.speeds.is_some_and(|speeds| speeds.each.expected >= least);
    // The speed of each falls with the streams: the last that is fast enough lies between a fast and a slow number.
    let (mut fast, mut slow) = (1, fitting as u32 + 1);
    while slow - fast > 1 {
        let middle = fast + (slow - fast) / 2;
        if is_fast(middle) { fast = middle } else { slow = middle }
    }
    Some(fast)
}
