//! Users at a speed: the most streams that fit and reach a given speed each.

use crate::model::estimate::case::EstimateInputs;
use crate::model::estimate::fit_and_decode;
use crate::model::estimate::trace::Sourced;

/// Most streams that are tried.
const MOST: u32 = 1 << 12;

/// Returns the most streams that fit at the context of a case and that are each expected to reach `least` tokens per
/// second; 0 if a single stream does not, `None` if the case has no speed at all.
#[must_use]
pub fn users_at(case: &EstimateInputs<'_>, least: f64) -> Option<f64> {
    let with =
        |streams: u32| EstimateInputs { streams: Sourced { value: f64::from(streams), ..case.streams }, ..*case };
    let (memory, decode) = fit_and_decode(&with(1));
    let one = decode.speeds?.each.expected;
    if one < least {
        return Some(0.0);
    }
    let fitting = memory.max_streams.map_or(f64::from(MOST), |most| most.clamp(1.0, f64::from(MOST)));
    let is_fast =
        |streams: u32| fit_and_decode(&with(streams)).1.speeds.is_some_and(|speeds| speeds.each.expected >= least);
    // The speed of each stream falls as streams are added, so the last number that is fast enough is found by
    // bisection.
    let (mut fast, mut slow) = (1, fitting as u32 + 1);
    while slow - fast > 1 {
        let middle = fast + (slow - fast) / 2;
        if is_fast(middle) { fast = middle } else { slow = middle }
    }
    Some(f64::from(fast))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::answer::answer_scenario;
    use crate::model::catalog::Catalog;
    use crate::model::scenario::from_str;

    #[test]
    fn one_more_user_is_too_slow_or_does_not_fit() {
        let catalog = Catalog::builtin().unwrap_or_else(|error| panic!("{error}"));
        let fields = "(schema: 1, model: Catalog(\"llama-3.3-70b\"))";
        let scenario = from_str("test", fields).unwrap_or_else(|error| panic!("{error}"));
        let answers = answer_scenario(&catalog, &scenario).unwrap_or_else(|error| panic!("{error}"));
        for answer in answers.machines.iter().filter(|answer| answer.estimate.is_some_and(|it| it.memory.fits)) {
            let case = answer.case(&catalog, &scenario).unwrap_or_else(|error| panic!("{error}"));
            for least in [1.0, 5.0, 10.0, 20.0] {
                let users = users_at(&case, least).unwrap_or_else(|| panic!("no speed on {}", answer.machine.id));
                let each = |streams: f64| {
                    let there = EstimateInputs { streams: Sourced { value: streams, ..case.streams }, ..case };
                    let (memory, decode) = fit_and_decode(&there);
                    let fits = memory.max_streams.is_none_or(|most| streams <= most);
                    decode.speeds.filter(|_| fits).map_or(0.0, |speeds| speeds.each.expected)
                };
                assert!(users < 1.0 || each(users) >= least, "{} {least}: {users}", answer.machine.id);
                assert!(each(users + 1.0) < least, "{} {least}: {users}", answer.machine.id);
            }
        }
    }
}
