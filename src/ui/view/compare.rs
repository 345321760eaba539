//! The line about the pinned scenario: the knobs that differ from it, and the change of the winner.

use crate::ui::state::State;

/// Returns the comparison in one line, in variants from the longest to the shortest; empty if no scenario is pinned.
pub(super) fn lines(state: &State<'_>) -> Vec<String> {
    let Some(pinned) = &state.pinned else { return Vec::new() };
    let name = if pinned.pin.document.name == state.document.name {
        "A".to_owned()
    } else {
        format!("A = {}", pinned.pin.document.name)
    };
    let (knobs, comparison) = (&pinned.knobs, &pinned.comparison);
    if knobs.is_empty() {
        return vec![format!("{name}: the same so far"), name];
    }
    let mut differences: Vec<String> =
        knobs.iter().map(|knob| format!("{} {} → {}", knob.what, knob.from, knob.to)).collect();
    let machines = |what: &str, machines: &[crate::model::answer::Named]| {
        let names: Vec<&str> = machines.iter().map(|machine| machine.short.as_str()).collect();
        (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
    };
    differences.extend(machines("new", &comparison.new));
    differences.extend(machines("gone", &comparison.gone));
    let verdict = comparison.verdict();
    let count = differences.len();
    let mut lines = Vec::new();
    for shown in (1..=count).rev() {
        let more = if shown < count { format!(" and {} more", count - shown) } else { String::new() };
        let told = format!("{name}: {}{more}", differences[..shown].join(" · "));
        lines.push(format!("{told} · {verdict}"));
        // That the winner is the same can be left out, but not that it changed.
        if shown == 1 && !comparison.winner_changed() {
            lines.push(told);
        }
    }
    lines.push(format!("{name}: {count} differ · {verdict}"));
    if comparison.winner_changed() {
        lines.push(format!("A: {verdict}"));
        lines.push("A: another box wins".to_owned());
    }
    lines.push(format!("A: {count} differ"));
    lines
}
