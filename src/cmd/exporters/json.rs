//! The JSON export: the steps with the machine-readable answer of every machine.

use serde_json::{Value, json};

use super::page::{Page, PageStep};

pub(super) fn write(page: &Page<'_>) -> String {
    let steps: Vec<Value> = page.steps.iter().map(step).collect();
    let source = |source: &&crate::model::facts::Source| json!({"id": source.id, "title": source.title, "date": source.date.to_string(), "url": source.url});
    let sources: Vec<Value> = page.sources.iter().map(source).collect();
    let whole = json!({"title": page.title, "catalog": page.version, "steps": steps, "sources": sources});
    // The conversion of a JSON value to text cannot fail.
    serde_json::to_string_pretty(&whole).map(|text| format!("{text}\n")).unwrap_or_default()
}

fn step(page: &PageStep<'_>) -> Value {
    let step = page.step;
    let changes: Vec<Value> =
        step.changes.iter().map(|change| json!({"what": change.what, "from": change.from, "to": change.to})).collect();
    let machines: Vec<Value> = (0..page.answers.machines.len()).map(|at| page.answers.record(at)).collect();
    let winner = page.answers.verdict.winner.and_then(|at| page.answers.machines.get(at));
    json!({
        "title": step.title,
        "notes": page.notes,
        "changes": changes,
        "headline": step.headline.id,
        "verdict": page.verdict,
        "reasons": page.reasons,
        "winner": winner.map(|answer| &answer.machine.id),
        "machines": machines,
    })
}
